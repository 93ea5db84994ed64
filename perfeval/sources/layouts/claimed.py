"""Self-evaluations in forms and lists: what each row claims, and what is said of whole projects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from perfeval.sources import headings
from perfeval.sources.disclosure.budget import EMPTY
from perfeval.sources.layouts import Contents
from perfeval.sources.layouts.form import EVALUATION, Form
from perfeval.sources.layouts.frames import claims_of, execution_of
from perfeval.sources.layouts.labels import words
from perfeval.sources.layouts.lists import ACTUAL_ROWS, EXECUTION_ROWS, TABLES, List, by_name
from perfeval.sources.table import CLAIMS, MALFORMED, OF_PROJECTS, Sheet, Source, rows_of
from perfeval.tables import PLACE

ROWS = pl.Schema(
    dict.fromkeys((*CLAIMS.columns, "part"), pl.String)
    | {"asks_reason": pl.Boolean, "file": pl.String, "sheet": pl.String, "line": pl.Int64}
)
"""`CLAIMS` with places.

`part` tells the forms of one file apart, and is "" in a list; asks_reason: whether the table has a
column for reasons (a plain list: whether any reason stands in it).
"""

SUMS = ("total_weight", "parts_total")
"""The weight beside the total; the sum below the indicators where the total stands elsewhere."""

SAID = pl.Schema(
    dict.fromkeys(("project", "part", *OF_PROJECTS, *SUMS, "file", "sheet"), pl.String)
    | {"line": pl.Int64}
)
"""What is said of a project as a whole, with `SUMS`."""

LEADS = ("project", "project_name", "level1", "level2", "indicator")
"""The columns in which a row of sums says that it is one."""
_AS_IT_STANDS = ("indicator", "level1", "level2", "operator", "target", "actual", "reason")
_MAY_BE_EMPTY = ("target_adjusted", "unit", "weight", "score", "deduction", "coefficient")


@dataclass(frozen=True)
class Claimed:
    """The self-evaluations of a file, everything as written: text, "" where blank.

    `rows` (`ROWS`) are indicators; `said` (`SAID`) what stands apart from them of their projects,
    in the order in which it counts; `sums` (`ROWS`) the rows of sums of its lists, of which nobody
    knows yet whose they are; `malformed` as in `Sheet`.
    """

    rows: pl.DataFrame
    said: pl.DataFrame
    sums: pl.DataFrame
    malformed: pl.DataFrame


def of_sheet(sheet: Sheet) -> Claimed:
    """The self-evaluations of a plain list (with the columns of `CLAIMS`, or of `EXECUTION`)."""
    if "indicator" not in sheet.frame.columns:
        none = pl.DataFrame(schema=ROWS)
        return Claimed(none, _paid(sheet.frame), none, sheet.malformed)
    frame = sheet.frame.with_columns(
        part=pl.lit(""), asks_reason=(pl.col("reason") != "").any()
    ).select(*ROWS)
    named = {name: found for name in LEADS if (found := _sums(frame[name]))}
    if not named:
        return Claimed(frame, pl.DataFrame(schema=SAID), pl.DataFrame(schema=ROWS), sheet.malformed)
    is_sum = pl.any_horizontal(pl.col(name).is_in(found) for name, found in named.items())
    return Claimed(
        frame.filter(~is_sum), pl.DataFrame(schema=SAID), frame.filter(is_sum), sheet.malformed
    )


def _sums(texts: pl.Series) -> list[str]:
    """Those of the distinct texts that name a sum; what has not a letter of one is passed over."""
    letters = "".join(sorted({word[0] for word in words().sums}))
    known = (
        texts.unique()
        .to_frame("text")
        .filter(
            (pl.col("text").str.len_chars() <= 12) & pl.col("text").str.contains(f"[{letters}]")
        )
    )
    return [text for text in known["text"].to_list() if headings.compared(text) in words().sums]


def of_contents(contents: Contents) -> Claimed:
    """The self-evaluations of forms and lists."""
    forms = [form for form in contents.forms if form.kind == EVALUATION]
    parts = [
        Claimed(
            pl.DataFrame([row for form in forms for row in _rows(form)], schema=ROWS),
            pl.DataFrame([row for form in forms for row in _said(form)], schema=SAID),
            pl.DataFrame(schema=ROWS),
            pl.DataFrame(schema=MALFORMED),
        ),
        *map(_of_list, contents.lists),
    ]
    return Claimed(
        *(
            pl.concat([getattr(each, name) for each in parts])
            for name in ("rows", "said", "sums", "malformed")
        )
    )


def _part(form: Form) -> str:
    return f"{form.grid.sheet_at(form.first) or ''}!{form.grid.lines[form.first]}"


def _place(form: Form, row: int) -> dict[str, Any]:
    return {"file": form.grid.file, "sheet": form.grid.sheet_at(row), "line": form.grid.lines[row]}


def _rows(form: Form) -> Iterator[dict[str, Any]]:
    for row, cells in zip(form.body.places, form.body.rows, strict=True):
        yield {
            **dict.fromkeys(CLAIMS.columns, ""),
            **{name: cells.get(name, "") for name in (*_AS_IT_STANDS, "applicable")},
            **{name: _filled(cells, name) for name in _MAY_BE_EMPTY},
            "project": form.project,
            "part": _part(form),
            "asks_reason": "reason" in form.header.columns,
            **_place(form, row),
        }


def _said(form: Form) -> Iterator[dict[str, Any]]:
    """The block of funds with what names the project, and the total with its grade."""
    spec = form.spec
    blank = dict.fromkeys(SAID, "") | {"project": form.project, "part": _part(form)}
    claim = claims_of(form)
    funds = next(execution_of(form), None) or _place(form, form.first)
    yield {
        **blank,
        "project_name": spec["name"],
        "department": spec.get("department", ""),
        "year": str(spec.get("year") or ""),
        **{name: funds.get(name, "") for name in ("budget_initial", "budget", "spent")},
        **{name: claim[name] for name in ("execution_weight", "execution_rate", "execution_score")},
        **{name: funds[name] for name in PLACE},
    }
    below, labelled = _filled(form.body.total, "score"), form.labels.cells.get("total_score")
    apart = bool(below and labelled and form.labels.text("total_score"))
    place = _place(form, labelled.row) if apart and labelled else claim
    yield {
        **blank,
        "total": form.labels.text("total_score") if apart else claim["score"],
        "total_weight": "" if apart else claim["weight"],
        "parts_total": below if apart else "",
        "grade": claim["grade"],
        **{name: place[name] for name in PLACE},
    }


def _filled(cells: Mapping[str, str], name: str) -> str:
    text = cells.get(name, "")
    return "" if text in EMPTY else text


def _of_list(table: List) -> Claimed:
    none = pl.DataFrame(schema=ROWS)
    rows, sums, said = none, none, pl.DataFrame(schema=SAID)
    if ACTUAL_ROWS in table.sources:
        source = table.sources[ACTUAL_ROWS]
        match = by_name(headings.match(table.header.names, CLAIMS), table.header)
        source = replace(source, match=match)
        rows = _filled_in(source)
        sums = _filled_in(replace(source, cells=table.sums))
    elif EXECUTION_ROWS in table.sources:
        said = _paid(rows_of(table.sources[EXECUTION_ROWS], TABLES[EXECUTION_ROWS]))
    return Claimed(rows, said, sums, pl.DataFrame(schema=MALFORMED))


def _paid(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of budget execution as what is said of projects."""
    said = rows.rename({"score": "execution_score"})
    return said.with_columns(
        pl.lit("").alias(name) for name in SAID if name not in said.columns
    ).select(pl.col(name).cast(kind) for name, kind in SAID.items())


def _filled_in(source: Source) -> pl.DataFrame:
    frame = rows_of(source, CLAIMS).with_columns(
        part=pl.lit(""), asks_reason=pl.lit("reason" in source.match.positions)
    )
    return frame.select(pl.col(name).cast(kind) for name, kind in ROWS.items())
