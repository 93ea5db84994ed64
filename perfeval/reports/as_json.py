"""JSON of a result: the keys of the contract, one indicator a line, the same bytes every time.

Scores are written from whole hundredths and never pass through a float. Text is assembled from
columns in slices, so that a million indicators need neither a million objects nor one big string.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, BinaryIO

from perfeval.reports import review_overview
from perfeval.reports.findings import records
from perfeval.reports.values import DECIMALS, decimal, short_points

if TYPE_CHECKING:
    import polars as pl

    from perfeval.checking import CheckResult
    from perfeval.reports.tabular import Told
    from perfeval.reviewing import ReviewResult
    from perfeval.scoring import ScoreResult

SLICE = 20_000
_BOOLEAN = {True: "true", False: "false", None: "null"}
_encode = json.JSONEncoder(ensure_ascii=False).encode

Texts = Callable[["pl.DataFrame", str], list[str]]


def write_score(result: ScoreResult, file: BinaryIO, lang: str) -> None:
    """The result of `score` as one JSON object, ending with a line break."""
    _write(file, _score(result, lang))


def write_check(result: CheckResult, file: BinaryIO, lang: str) -> None:
    """The result of `check` as one JSON object, ending with a line break."""
    _write(file, _check(result, lang))


def write_review(result: ReviewResult, file: BinaryIO, lang: str) -> None:
    """The result of `review` as one JSON object, ending with a line break."""
    _write(file, _review(result, lang))


def receipt_text(
    result: ScoreResult | CheckResult | ReviewResult | Told, lang: str, indent: int | None = 2
) -> bytes:
    """The receipt with all findings, for results whose format has no place for them."""
    content = {
        **result.receipt,
        "findings": list(records(result.findings, lang)),
        "suppressed": list(records(result.suppressed, lang)),
    }
    # Escaped where it is one line for a terminal.
    text = json.dumps(content, ensure_ascii=indent is None, indent=indent)
    return f"{text}\n".encode(errors="backslashreplace")


def _write(file: BinaryIO, pieces: Iterable[str]) -> None:
    for piece in pieces:
        # A path's undecodable bytes are lone surrogates: as \udcxx they are sound JSON.
        file.write(piece.encode(errors="backslashreplace"))


def _score(result: ScoreResult, lang: str) -> Iterator[str]:
    yield '{"receipt": ' + _encode(result.receipt)
    yield ',\n"projects": ['
    yield from _separated(_projects(result))
    yield "],\n"
    yield from _told(result, lang)


def _check(result: CheckResult, lang: str) -> Iterator[str]:
    yield '{"receipt": ' + _encode(result.receipt)
    yield ",\n"
    yield from _told(result, lang)


def _told(result: ScoreResult | CheckResult | ReviewResult, lang: str) -> Iterator[str]:
    """The findings that are told and those that are not, to the end of the object."""
    yield '"findings": ['
    yield from _separated(_findings(result.findings, lang))
    yield '],\n"suppressed": ['
    yield from _separated(_findings(result.suppressed, lang))
    yield "]}\n"


def _review(result: ReviewResult, lang: str) -> Iterator[str]:
    import polars as pl

    yield '{"receipt": ' + _encode(result.receipt)
    yield ',\n"projects": ['
    # In the order of risk, as a reviewer reads them.
    projects = result.risk.join(result.projects, on="project", how="left", maintain_order="left")
    order = projects.select("project").with_row_index("position")
    claims = (
        result.claims.drop("target", "actual")
        .rename({"asked": "target", "written_actual": "actual"})
        .join(order, on="project", maintain_order="left")
        .sort("position", maintain_order=True)
    )
    lengths = dict(claims.group_by("position").len().iter_rows())
    texts = _objects(claims, _CLAIM)
    reasons = [_encode(each) for each in projects["reasons"].to_list()]
    heads = projects.with_columns(pl.col("partial").fill_null(False))

    def objects() -> Iterator[str]:
        for position, head in enumerate(_objects(heads, _REVIEWED)):
            own = "".join(_separated(islice(texts, lengths.get(position, 0))))
            yield f'{head[:-1]}, "reasons": {reasons[position]}, "claims": [{own}]}}'

    yield from _separated(objects())
    yield '],\n"departments": ['
    departments = review_overview.departments(result).rename(_MEANS)
    yield from _separated(_objects(departments, _DEPARTMENT))
    yield '],\n"distribution": ' + _encode(review_overview.distributions(result))
    for name, frame, keys in (
        ("sample", result.sample, _DRAWN),
        ("changes", result.changes, _CHANGE),
    ):
        yield f',\n"{name}": '
        if frame is None:
            yield "null"
        else:
            yield "["
            yield from _separated(_objects(frame, keys))
            yield "]"
    yield ",\n"
    yield from _told(result, lang)


def _separated(items: Iterable[str]) -> Iterator[str]:
    before = "\n"
    for item in items:
        yield before + item
        before = ",\n"
    if before != "\n":
        yield "\n"


def _findings(findings: pl.DataFrame, lang: str) -> Iterator[str]:
    for record in records(findings, lang):
        yield _encode(record)


def _projects(result: ScoreResult) -> Iterator[str]:
    import polars as pl

    order = result.projects.select("project").with_row_index("position")
    indicators = result.indicators.join(order, on="project", maintain_order="left").sort(
        "position", maintain_order=True
    )
    lengths = dict(indicators.group_by("position").len().iter_rows())
    execution = order.join(
        result.execution.with_columns(known=pl.lit(True)),
        on="project",
        how="left",
        maintain_order="left",
    )
    indicator_texts = _objects(indicators, _INDICATOR)
    for position, (head, known, spent) in enumerate(
        zip(
            _objects(result.projects, _PROJECT),
            execution["known"],
            _objects(execution, _EXECUTION),
            strict=True,
        )
    ):
        own = islice(indicator_texts, lengths.get(position, 0))
        listed = "".join(_separated(own))
        yield f'{head[:-1]}, "indicators": [{listed}], "execution": {spent if known else "null"}}}'


def _objects(frame: pl.DataFrame, keys: Mapping[str, Texts]) -> Iterator[str]:
    """One JSON object per row of `frame`."""
    template = "{" + ", ".join(f'"{key}": %s' for key in keys) + "}"
    for part in frame.iter_slices(SLICE):
        columns = [texts(part, key) for key, texts in keys.items()]
        yield from map(template.__mod__, zip(*columns, strict=True))


def _text(frame: pl.DataFrame, column: str) -> list[str]:
    return ["null" if text is None else encode_basestring(text) for text in frame[column].to_list()]


def _number(frame: pl.DataFrame, column: str) -> list[str]:
    return [decimal(value) or "null" for value in frame[column].to_list()]


def _whole(frame: pl.DataFrame, column: str) -> list[str]:
    return ["null" if value is None else str(value) for value in frame[column].to_list()]


def _rounded(frame: pl.DataFrame, column: str) -> list[str]:
    return [decimal(value, DECIMALS) or "null" for value in frame[column].to_list()]


def _points(frame: pl.DataFrame, column: str) -> list[str]:
    return ["null" if cents is None else short_points(cents) for cents in frame[column].to_list()]


def _boolean(frame: pl.DataFrame, column: str) -> list[str]:
    return [_BOOLEAN[value] for value in frame[column].to_list()]


def _texts(frame: pl.DataFrame, column: str) -> list[str]:
    return [_encode(texts) if texts else "[]" for texts in frame[column].to_list()]


def _as_read(frame: pl.DataFrame, column: str) -> list[str]:
    """The number that was read, else the text as it was written."""
    numbers = map(decimal, frame[f"{column}_number"].to_list())
    return [n or text for n, text in zip(numbers, _text(frame, column), strict=True)]


_PROJECT: dict[str, Texts] = {
    "project": _text,
    "name": _text,
    "department": _text,
    "score": _points,
    "low": _points,
    "high": _points,
    "grade": _text,
    "met": _boolean,
}
_INDICATOR: dict[str, Texts] = {
    "level1": _text,
    "level2": _text,
    "indicator": _text,
    "operator": _text,
    "target": _as_read,
    "unit": _text,
    "weight": _number,
    "points": _number,
    "actual": _as_read,
    "met": _boolean,
    "ratio": _rounded,
    "coefficient": _rounded,
    "score": _points,
    "low": _points,
    "high": _points,
    "status": _text,
    "flags": _texts,
    "reason": _text,
}
_EXECUTION: dict[str, Texts] = {
    "weight": _number,
    "budget": _number,
    "spent": _number,
    "rate": _rounded,
    "score": _points,
    "low": _points,
    "high": _points,
    "status": _text,
}

_REVIEWED: dict[str, Texts] = {
    "project": _text,
    "name": _text,
    "department": _text,
    "file": _text,
    "sheet": _text,
    "line": _whole,
    "at_stake": _number,
    "settled": _number,
    "claimed_total": _points,
    "decided_total": _points,
    "total_claimed": _points,
    "low_sum": _points,
    "high_sum": _points,
    "execution_scale": _number,
    "execution_claimed": _points,
    "execution_low": _points,
    "recomputed_low": _points,
    "recomputed_high": _points,
    "grade": _text,
    "claimed_grade": _text,
    "recomputed_grade": _text,
    "decided_grade": _text,
    "partial": _boolean,
    "budget": _number,
    "spent": _number,
}
_CLAIM: dict[str, Texts] = {
    "level1": _text,
    "level2": _text,
    "indicator": _text,
    "operator": _text,
    "operator_from": _text,
    "target": _text,
    "weight": _number,
    "actual": _text,
    "met": _boolean,
    "ratio": _rounded,
    "coefficient": _rounded,
    "low": _points,
    "high": _points,
    "claimed": _points,
    "fits": _text,
    "status": _text,
    "sheet": _text,
    "line": _whole,
}
_MEANS = {"claimed": "mean_claimed", "low": "mean_recomputed", "lower": "grades_lower"}
_DEPARTMENT: dict[str, Texts] = {
    "department": _text,
    "projects": _whole,
    "budget": _number,
    "mean_claimed": _points,
    "mean_recomputed": _points,
    "grades_lower": _whole,
    "at_stake": _number,
    "errors": _whole,
    "warnings": _whole,
}
_DRAWN: dict[str, Texts] = {
    "draw": _whole,
    "project": _text,
    "department": _text,
    "risk_band": _text,
    "money_band": _text,
    "stratum_size": _whole,
    "drawn": _whole,
}
_CHANGE: dict[str, Texts] = {
    "project": _text,
    "indicator": _text,
    "decision": _text,
    "claimed": _points,
    "low": _points,
    "high": _points,
    "decided": _points,
    "stale": _boolean,
    "role": _text,
    "date": _text,
    "reason": _text,
    "evidence": _text,
    "now": _text,
    "file": _text,
    "line": _whole,
}
