"""A result as a workbook: summary, findings, a form per project, and how it was scored."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from perfeval.forms import load_form
from perfeval.messages import N_, render
from perfeval.reports.findings import records
from perfeval.reports.pages.policy import describe
from perfeval.reports.workbook.book import PLAIN, TITLE, Book, height, printed
from perfeval.reports.workbook.fields import Row
from perfeval.reports.workbook.findings import write_findings
from perfeval.reports.workbook.form_sheet import FormSheet
from perfeval.reports.workbook.summary import write_summary
from perfeval.tables import PLACE

if TYPE_CHECKING:
    from perfeval.scoring import ScoreResult


def write_workbook(result: ScoreResult, file: BinaryIO, lang: str) -> None:
    """The result of `score` in the form that its policy names.

    Raises `InputError` where it has more projects than a workbook should have sheets, or the
    policy's form is faulty.
    """
    form = load_form(result.policy.form)
    book = Book(render(N_("Summary of the self-evaluation"), {}, lang))
    summary = book.sheet(book.name(render(N_("Summary"), {}, lang)))
    write_findings(book, records(result.findings, lang), lang)
    indicators: dict[str, list[Row]] = {}
    for row in result.indicators.iter_rows(named=True):
        indicators.setdefault(row["project"], []).append(row)
    execution = {row["project"]: row for row in result.execution.iter_rows(named=True)}
    written = []
    for project in _projects(result):
        code = project["project"]
        sheet = FormSheet(
            book,
            book.name(project["name"] or code),
            form,
            project,
            indicators.get(code, []),
            execution.get(code),
            result.policy,
            lang,
        )
        written.append((project, sheet.write()))
    write_summary(book, summary, result, written, lang)
    _explanation(book, result, lang)
    file.write(book.content())


def _projects(result: ScoreResult) -> list[Row]:
    """The projects with what their specs say, departments together, else in their order."""
    specs = result.specs.projects.drop("name", "department", *PLACE)
    rows = list(result.projects.join(specs, on="project", how="left").iter_rows(named=True))
    order: dict[str, int] = {}
    for row in rows:
        order.setdefault(row["department"], len(order))
    return sorted(rows, key=lambda row: order[row["department"]])


def _explanation(book: Book, result: ScoreResult, lang: str) -> None:
    """How the formulas work, and the policy in plain words."""
    sheet = book.sheet(book.name(render(N_("How it is scored"), {}, lang)))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 92)
    book.text(sheet, 0, 0, render(N_("How to check the points"), {}, lang), TITLE)
    sheet.set_row(0, 28)
    texts = [render(template, {}, lang) for template in _HOW]
    texts += ["", *describe(result.policy, lang).splitlines()]
    for line, text in enumerate(texts, 1):
        book.text(sheet, line, 0, text, PLAIN)
        sheet.set_row(line, height([(text, 90)]))
    printed(sheet, landscape=False)


_HOW = (
    N_(
        "The printed form stands on the left of each project's sheet. To its right, outside the"
        " printed area, stands the working: every step as a live formula."
    ),
    N_(
        "Change an actual, a deduction or whether an indicator applies, and its score, the total"
        " and the grade follow. “Comparison” says where they differ from what perfeval computed."
    ),
    N_(
        "A marked score is still open: it counts at its lowest, and shows how high it can become."
        " Enter the number: the actual itself, or for what a person judges the coefficient."
    ),
    N_(
        "Spreadsheets reckon in binary fractions, in which a half-cent can fall to either side."
        " So everything is brought to whole numbers first: actual and target in their smallest"
        " decimal, the coefficient as a quotient (upper ÷ lower), full marks in hundredths"
        " (upper ÷ lower)."
    ),
    N_(
        "Score, upper ÷ score, lower = marks (in hundredths) × coefficient + 0.5; the whole part of"
        " the quotient is the score in hundredths, rounded half up."
    ),
)
