"""A page of projects with totals: the list, and sheets with how the points came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from perfeval.explaining import explain
from perfeval.reports.html import charts, overview
from perfeval.reports.html.derived import with_derivations
from perfeval.reports.html.packing import CHUNK, chunks, packed
from perfeval.reports.html.page import Column, write_page
from perfeval.reports.receipt import receipt_lines

if TYPE_CHECKING:
    import polars as pl

    from perfeval.policy import Policy
    from perfeval.reviewing import ReviewResult
    from perfeval.scoring import ScoreResult


class Shown(NamedTuple):
    """The columns of the list, of a sheet's head and of its indicators."""

    projects: Sequence[Column]
    facts: Sequence[Column]
    indicators: Sequence[Column]


def write_totals(
    template: str,
    file: BinaryIO,
    lang: str,
    result: ScoreResult | ReviewResult,
    projects: pl.DataFrame,
    rows: dict[str, pl.DataFrame],
    shown: Shown,
    config: Mapping[str, Any],
    **content: Any,
) -> None:
    """Write the page of `template`: `projects` in their order, `rows` of their sheets.

    `config` and `content` are what only this page has.
    """
    write_page(
        template,
        file,
        lang,
        {
            "chunk": CHUNK,
            "grades": [grade.name for grade in result.policy.grades],
            "columns": [column.told(lang) for column in shown.projects],
            "list": packed(projects),
            "facts": [column.told(lang) for column in shown.facts],
            "indicators": [column.told(lang) for column in shown.indicators],
            **config,
        },
        with_derivations(
            chunks(len(projects), rows),
            explain(result),
            {code: place for place, code in enumerate(projects["project"].to_list())},
            lang,
        ),
        policy=overview.policy_note(result.policy, lang),
        receipt=list(receipt_lines(result.receipt, lang)),
        **content,
    )


def drawn(
    grades: Mapping[str, pl.Series],
    totals: Mapping[str, pl.Series],
    departments: tuple[pl.DataFrame, Mapping[str, str]],
    budget: pl.Series,
    policy: Policy,
    lang: str,
) -> list[charts.Chart]:
    """The charts of graded projects, none without any; money stands against the last of `grades`.

    `departments`: a row for each, and the columns of their means, by what the series are named.
    """
    if budget.is_empty():
        return []
    last = list(grades.values())[-1]
    found = (
        overview.grades(grades, policy, lang),
        overview.scores(totals, grades, policy, lang),
        overview.departments(*departments, lang),
        overview.money(budget, last, policy, lang),
    )
    return [chart for chart in found if chart is not None]
