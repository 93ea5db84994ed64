"""The end of a sheet: counts that add up to the rows read, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_, render
from perfeval.problems import place_of
from perfeval.reports.terminal.attention import finding_lines
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.text import HELD, clean, wrap

if TYPE_CHECKING:
    import polars as pl

    from perfeval.scoring import ScoreResult

MOST_LINES = 8
MOST_FILES = 5
MOST_ERRORS = 20
NO_ACTUAL, NO_EXECUTION = "A201", "A401"
OPEN = ("A202", "A205", "A401")
"""Findings that leave points open and are no errors; a blank actual is counted by itself."""
REASON = ("A301", "A303")
"""Findings that ask for a written reason, where they are warnings."""

CORRECT = (
    N_("Next: correct {file}, line {lines}"),
    N_("Next: correct {file}, line {lines} and more: {n} lines in all"),
)
_DECIDE = (
    N_("Next: settle what leaves points open in {file}, line {lines}"),
    N_("Next: settle what leaves points open in {file}, line {lines} and more: {n} lines in all"),
)
_EXPLAIN = (
    N_("Next: give the missing reasons (偏差原因) in {file}, line {lines}"),
    N_(
        "Next: give the missing reasons (偏差原因) in {file}, line {lines} and more: {n} lines in"
        " all"
    ),
)


def verdict(result: ScoreResult, look: Look) -> Iterator[Line]:
    """The counts of the receipt as sums, then the next steps."""
    yield from sums(result.receipt["counts"], look)
    for template, values, style in _next_steps(result):
        yield from said(template, values, look, style)


def sums(counts: Mapping[str, Any], look: Look) -> Iterator[Line]:
    """The counts of a receipt as sums."""
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
    if n := counts.get("suppressed"):
        template = N_("Findings that perfeval.toml suppresses: {n}")
        yield from said(template, {"n": n}, look, "")


def said(template: str, values: Mapping[str, Any], look: Look, style: str) -> Iterator[Line]:
    """A message on as many lines as it needs."""
    for text in wrap(clean(render(template, values, look.lang)), look.width):
        yield [(text, style)]


def _sum(template: str, values: dict[str, Any], look: Look) -> Iterator[Line]:
    """A sum, broken only after a plus sign."""
    text = render(template, values, look.lang).replace(" ", HELD).replace(f"+{HELD}", "+ ")
    for line in wrap(text, look.width):
        yield [(line, "bold")]


def error_lines(result: ScoreResult, look: Look) -> Iterator[Line]:
    """The findings in a line of counts, and those of severity error one by one, bounded.

    For results that go to a file: what was wrong with a row is told even where the file cannot.
    """
    import polars as pl

    errors = result.findings.filter(pl.col("severity") == "error")
    yield from finding_lines(errors, look, MOST_ERRORS)
    template = N_("Findings: errors {error}, warnings {warning}, notes {info}")
    yield from said(template, result.receipt["counts"]["findings"], look, "")


Step = tuple[str, dict[str, Any], str]


def _next_steps(result: ScoreResult) -> Iterator[Step]:
    """What is left to do, each finding and open indicator in one step; or that nothing is."""
    import polars as pl

    found = result.findings.with_row_index("finding")
    inputs = [each["path"] for each in result.receipt["inputs"]]
    placed = pl.col("line").is_not_null() & pl.col("file").is_in(inputs)
    code, severity = pl.col("code"), pl.col("severity")
    steps: list[Step] = []
    for these, one, many, style in (
        (severity == "error", *CORRECT, "red"),
        (code.is_in(OPEN), *_DECIDE, "magenta"),
        (code.is_in(REASON) & (severity == "warning"), *_EXPLAIN, "yellow"),
    ):
        own = found.filter(these & placed)
        steps += at_lines(own, one, many, style)
        found = found.join(own, on="finding", how="anti", maintain_order="left")
        if style == "red":
            steps += _blank(result)
    rest = {
        N_("Next: settle the other errors: {n}"): (severity == "error", "red"),
        N_("Next: give the budget execution of the projects that lack it: {n}"): (
            code == NO_EXECUTION,
            "magenta",
        ),
        N_("Next: look at the other warnings: {n}"): (
            (severity == "warning") & ~code.is_in([NO_ACTUAL, NO_EXECUTION]),
            "yellow",
        ),
    }
    for template, (these, style) in rest.items():
        n = len(found.filter(these))
        if n:
            steps.append((template, {"n": n}, style))
    open_projects = len(result.projects.filter(pl.col("low") != pl.col("high")))
    if not steps and open_projects:
        template = N_("Next: settle the projects whose score is still open: {n}")
        steps.append((template, {"n": open_projects}, "magenta"))
    yield from steps or [(N_("Nothing is left to settle"), {}, "green")]


def _blank(result: ScoreResult) -> Iterator[Step]:
    import polars as pl

    blank = pl.col("actual").fill_null("") == ""
    n = len(result.indicators.filter((pl.col("status") == "undecided") & blank))
    if n:
        template = N_("Next: give an actual for the indicators that have none: {n}")
        yield template, {"n": n}, "magenta"


def at_lines(findings: pl.DataFrame, one: str, many: str, style: str) -> Iterator[Step]:
    """A step per file or sheet with the lines to go to, bounded in lines and files."""
    files = findings.partition_by("file", "sheet", maintain_order=True)
    for own in files[:MOST_FILES]:
        lines = own["line"].unique().sort().to_list()
        file = place_of(own["file"][0], None, own["sheet"][0])
        values = {"file": file, "lines": lines[:MOST_LINES], "n": len(lines)}
        yield many if len(lines) > MOST_LINES else one, values, style
    if len(files) > MOST_FILES:
        n = sum(map(len, files[MOST_FILES:]))
        template = N_("Next: the same in another {files} files: {n} places")
        yield template, {"files": len(files) - MOST_FILES, "n": n}, style
