"""The end of a sheet: counts that add up to the rows read, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_, render
from perfeval.reports.terminal import Line, Look
from perfeval.reports.text import HELD, clean, wrap

if TYPE_CHECKING:
    from perfeval.scoring import ScoreResult

MOST_LINES = 8


def verdict(result: ScoreResult, look: Look) -> Iterator[Line]:
    """The counts of the receipt as sums, then the next steps."""
    counts = result.receipt["counts"]
    template = N_(
        "Rows of actuals read {read} = scored {scored} + undecided {undecided}"
        " + rejected {rejected} + not applicable {not_applicable}"
    )
    yield from _sum(template, counts["rows"], look)
    if "execution_rows" in counts:
        template = N_(
            "Rows of budget execution read {read} = scored {scored} + undecided {undecided}"
            " + rejected {rejected} + not applicable {not_applicable}"
        )
        yield from _sum(template, counts["execution_rows"], look)
    template = N_(
        "Indicators {total} = scored {scored} + undecided {undecided}"
        " + rejected {rejected} + not applicable {not_applicable}"
    )
    yield from _sum(template, counts["indicators"], look)
    for template, values, style in _next_steps(result):
        yield from _said(template, values, look, style)


def _said(template: str, values: dict[str, Any], look: Look, style: str) -> Iterator[Line]:
    for text in wrap(clean(render(template, values, look.lang)), look.width):
        yield [(text, style)]


def _sum(template: str, values: dict[str, Any], look: Look) -> Iterator[Line]:
    """A sum, broken only after a plus sign."""
    text = render(template, values, look.lang).replace(" ", HELD).replace(f"+{HELD}", "+ ")
    for line in wrap(text, look.width):
        yield [(line, "bold")]


def _next_steps(result: ScoreResult) -> Iterator[tuple[str, dict[str, Any], str]]:
    import polars as pl

    counts = result.receipt["counts"]
    todo = False
    rejected = result.findings.filter(pl.col("severity") == "error").drop_nulls(["file", "line"])
    inputs = {each["path"] for each in result.receipt["inputs"]}
    for (file,), own in rejected.group_by("file", maintain_order=True):
        lines = own["line"].unique().sort().to_list()
        if file not in inputs or not lines:
            continue
        todo = True
        values = {"file": file, "lines": lines[:MOST_LINES], "n": len(lines)}
        template = N_("Next: correct {file}, line {lines}")
        if len(lines) > MOST_LINES:
            template = N_("Next: correct {file}, line {lines} and more: {n} lines in all")
        yield template, values, "red"
    if counts["indicators"]["without_actual"]:
        todo = True
        values = {"n": counts["indicators"]["without_actual"]}
        yield N_("Next: give an actual for the indicators that have none: {n}"), values, "magenta"
    elif counts["indicators"]["undecided"]:
        todo = True
        values = {"n": counts["indicators"]["undecided"]}
        yield N_("Next: settle the undecided indicators: {n}"), values, "magenta"
    if not todo and counts["findings"]["error"]:
        yield N_("Next: settle the errors listed above"), {}, "red"
    elif not todo:
        yield N_("Nothing is left to settle"), {}, "green"
