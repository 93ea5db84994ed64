"""The sheet of `check`: findings with their places, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from perfeval.messages import N_, render
from perfeval.reports.terminal.attention import finding_lines
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.text import clean, wrap

if TYPE_CHECKING:
    from perfeval.checking import CheckResult

MOST_FINDINGS = 100


def findings_sheet(result: CheckResult, look: Look) -> Iterator[Line]:
    """The findings one by one (the worst where there are too many), then the counts."""
    yield from finding_lines(result.findings, look, MOST_FINDINGS)
    if len(result.findings):
        yield []
    counts = result.receipt["counts"]
    values = {
        "projects": counts["projects"],
        "indicators": counts["indicators"],
        "policy": result.receipt["policy"]["id"],
        **counts["findings"],
    }
    template = N_(
        "Checked {projects} projects with {indicators} indicators by policy {policy}:"
        " errors {error}, warnings {warning}, notes {info}"
    )
    style = "red" if values["error"] else "yellow" if values["warning"] else "green"
    for text in wrap(clean(render(template, values, look.lang)), look.width):
        yield [(text, style)]
