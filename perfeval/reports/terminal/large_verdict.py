"""The end of a run over large tables: counts that add up, and what each rule found how often."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from perfeval.messages import N_
from perfeval.reports.terminal.attention import finding_lines
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.terminal.verdict import MOST_ERRORS, said, sums

if TYPE_CHECKING:
    from perfeval.reports.tabular import Told


def large_verdict(told: Told, look: Look) -> Iterator[Line]:
    """The first errors, the counts of all findings by rule, and the counts of the receipt as sums.

    Messages of further findings are not at hand: of each rule the first ones are kept.
    """
    import polars as pl

    errors = told.findings.filter(pl.col("severity") == "error")
    shown = errors if look.everything else errors.head(MOST_ERRORS)
    yield from finding_lines(shown, look, MOST_ERRORS)
    template = N_("Findings: errors {error}, warnings {warning}, notes {info}")
    yield from said(template, told.receipt["counts"]["findings"], look, "")
    names = dict(told.findings.select("code", "name").unique().iter_rows())
    for code, n in sorted(told.by_rule.items(), key=lambda each: (-each[1], each[0])):
        yield [(f"  {n:>13,}  {code} {names.get(code, '')}".rstrip(), "")]
    yield from sums(told.receipt["counts"], look)
