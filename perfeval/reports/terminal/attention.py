"""What deserves a look: indicators that lost points or were flagged, and findings beside them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_, render
from perfeval.reports.findings import place, records, severity
from perfeval.reports.table import EXECUTION_LEVEL1, rows
from perfeval.reports.terminal.indicator_lines import Columns
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.text import HELD, clean, shorten, width, wrap
from perfeval.tables import SEVERITIES

if TYPE_CHECKING:
    import polars as pl

    from perfeval.scoring import ScoreResult

MOST_INDICATORS = 60
MOST_FINDINGS = 30
LONGEST_REASON = 160
SEVERITY_STYLES = {"error": "red", "warning": "yellow", "info": "cyan"}
KINDS = {
    "lost": N_("lost points {n}"),
    "undecided": N_("undecided {n}"),
    "rejected": N_("rejected {n}"),
    "flagged": N_("flagged {n}"),
    "not_applicable": N_("not applicable {n}"),
}
_WHY = {
    "lost": N_("below full marks"),
    "undecided": N_("cannot be decided yet; the range is what is still possible"),
    "rejected": N_("its row cannot be used; the range is what is still possible"),
    "flagged": N_("flagged"),
    "not_applicable": N_("not applicable: its points are shared among the project's others"),
    "alone": N_("not applicable, like all of the project's others: its points go to none"),
}


def attention(result: ScoreResult, look: Look) -> Iterator[Line]:
    """The indicators to look at, by project, then the findings that belong to none of them."""
    candidates = _candidates(result)
    shown = candidates
    if len(candidates) > MOST_INDICATORS and not look.everything:
        shown = candidates.sort("lost", descending=True, maintain_order=True)
        shown = shown.head(MOST_INDICATORS).sort("position", maintain_order=True)
    if len(candidates):
        yield []
        template = N_("Indicators to look at: {kinds}")
        kinds = {"kinds": _kinds(candidates, look.lang)}
        for text in wrap(render(template, kinds, look.lang), look.width):
            yield [(text, "bold")]
        yield from _indicators(shown, result, look)
        hidden = candidates.join(shown, on="position", how="anti")
        if len(hidden):
            template = N_("… another {n} indicators: {kinds}. --all shows them")
            values = {"n": len(hidden), "kinds": _kinds(hidden, look.lang)}
            for text in wrap(render(template, values, look.lang), look.width):
                yield [(text, "dim")]
    others = result.findings.join(
        candidates.select("project", "indicator").unique(),
        on=["project", "indicator"],
        how="anti",
        maintain_order="left",
    )
    if len(others):
        yield []
        yield [(render(N_("Other findings"), {}, look.lang), "bold")]
        yield from finding_lines(others, look, MOST_FINDINGS)


def finding_lines(findings: pl.DataFrame, look: Look, most: int) -> Iterator[Line]:
    """Findings, one after the other: place, severity, code, message; the worst ones where not all.

    At most `most` of them (unless everything is asked for), then exact counts of the rest.
    """
    import polars as pl

    shown = findings.with_row_index("position")
    if len(findings) > most and not look.everything:
        rank = pl.col("severity").replace_strict({"error": 0, "warning": 1}, default=2)
        shown = shown.sort(rank, "position").head(most).sort("position")
    for record in records(shown, look.lang):
        where = [place(record), record["project"], record["indicator"]]
        said = clean(" ".join(part for part in where if part))
        word = severity(record["severity"], look.lang)
        style = SEVERITY_STYLES[record["severity"]]
        head = f"{word} {record['code']}"
        yield [
            (head, style),
            (f" {shorten(said, look.width - width(head) - 1)}", "bold" if said else ""),
        ]
        for text in wrap(clean(record["message"]), look.width - 4):
            yield [("    " + text, "")]
    if len(shown) < len(findings):
        rest = findings.with_row_index("position").join(shown, on="position", how="anti")
        counts = dict(rest.group_by("severity").len().iter_rows())
        kinds = [f"{severity(n, look.lang)} {counts[n]}" for n in SEVERITIES if n in counts]
        template = N_("… another {n} findings: {kinds}. --all shows them")
        yield [(render(template, {"n": len(rest), "kinds": kinds}, look.lang), "dim")]


def _candidates(result: ScoreResult) -> pl.DataFrame:
    """Rows of the result that lost points, are open or flagged: with position, kind, lost."""
    import polars as pl

    # A full score is the points rounded half up to hundredths: at most half a hundredth below.
    lost = pl.col("points") * 100 - pl.col("low")
    flagged = pl.col("flags").list.len() > 0
    kind = (
        pl.when(pl.col("status") != "scored")
        .then("status")
        .when(lost > 0.5 + 1e-6)
        .then(pl.lit("lost"))
        .when(flagged)
        .then(pl.lit("flagged"))
    )
    return (
        rows(result)
        .with_row_index("position")
        .with_columns(
            kind=kind,
            lost=lost,
            # Whether other indicators of the project take over the points of one that is not
            # applicable.
            shared=((pl.col("points") > 0) & (pl.col("level1") != EXECUTION_LEVEL1))
            .any()
            .over("project"),
        )
        .filter(pl.col("kind").is_not_null())
    )


def _kinds(candidates: pl.DataFrame, lang: str) -> str:
    counts = dict(candidates.group_by("kind").len().iter_rows())
    return " · ".join(
        render(template, {"n": counts[kind]}, lang).replace(" ", HELD)
        for kind, template in KINDS.items()
        if kind in counts
    )


def _indicators(shown: pl.DataFrame, result: ScoreResult, look: Look) -> Iterator[Line]:
    known = list(shown.iter_rows(named=True))
    messages = _messages(shown, result, look.lang)
    columns = Columns(known, look)
    yield columns.head()
    for _, group in groupby(known, lambda row: row["project"]):
        own = list(group)
        yield columns.project(own[0])
        for row in own:
            yield from columns.lines(row)
            why = messages.get((row["project"], row["indicator"]), [])
            yield from _why(row, why, look)


def _messages(
    shown: pl.DataFrame, result: ScoreResult, lang: str
) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """By project and indicator: code and message of each finding, led by its cell."""
    findings = result.findings.join(
        shown.select("project", "indicator").unique(),
        on=["project", "indicator"],
        how="semi",
        maintain_order="left",
    )
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for record in records(findings, lang):
        key = record["project"], record["indicator"]
        cell = f"{record['sheet']}!{record['cell']} " if record["cell"] else ""
        found.setdefault(key, []).append((record["code"], cell + record["message"]))
    return found


def _why(row: dict[str, Any], messages: list[tuple[str, str]], look: Look) -> Iterator[Line]:
    # Of two indicators of one name, each tells the findings that it carries. Several rows may be at
    # fault in the same words.
    own = dict.fromkeys((code, message) for code, message in messages if code in row["flags"])
    said = [f"{code} {shorten(clean(message), LONGEST_REASON)}" for code, message in own]
    spent = row["kind"] == "lost" and row["level1"] == EXECUTION_LEVEL1
    if not said and not row["reason"] and not spent:
        missed = row["kind"] == "lost" and row["met"] is False
        kind = "alone" if row["kind"] == "not_applicable" and not row["shared"] else row["kind"]
        template = N_("the target was missed") if missed else _WHY[kind]
        said = [render(template, {}, look.lang)]
    if row["reason"]:
        reason = shorten(clean(row["reason"]), LONGEST_REASON)
        said.append(render(N_("reason given: {reason}"), {"reason": reason}, look.lang))
    for message in said:
        for text in wrap(message, look.width - 4):
            yield [("    " + text, "")]
