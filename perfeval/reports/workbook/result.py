"""A result as a workbook: summary, findings, a form per project, and how it was scored."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from perfeval.forms import load_form
from perfeval.messages import N_, render
from perfeval.problems import place_of
from perfeval.reports.findings import records, severity
from perfeval.reports.pages.policy import describe
from perfeval.reports.workbook.book import (
    BODY,
    CENTRED,
    HEADING,
    PLAIN,
    TITLE,
    Book,
    height,
    printed,
)
from perfeval.reports.workbook.fields import Row
from perfeval.reports.workbook.form_sheet import FormSheet
from perfeval.reports.workbook.summary import write_summary
from perfeval.tables import PLACE

if TYPE_CHECKING:
    from perfeval.scoring import ScoreResult

_FINDINGS = (
    (N_("Severity"), 9),
    (N_("Code"), 8),
    (N_("Finding"), 22),
    (N_("Place"), 34),
    (N_("Project"), 24),
    (N_("Indicator"), 26),
    (N_("Message"), 70),
)
_COLOURS = {"error": "#F8CBAD", "warning": "#FFE699", "info": "#DDEBF7"}


def write_workbook(result: ScoreResult, file: BinaryIO, lang: str) -> None:
    """The result of `score` in the form that its policy names.

    Raises `InputError` where it has more projects than a workbook should have sheets, or the
    policy's form is faulty.
    """
    form = load_form(result.policy.form)
    book = Book(render(N_("Summary of the self-evaluation"), {}, lang))
    summary = book.sheet(book.name(render(N_("Summary"), {}, lang)))
    _findings(book, result, lang)
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


def _findings(book: Book, result: ScoreResult, lang: str) -> None:
    """The findings with their places, worst first as they come."""
    sheet = book.sheet(book.name(render(N_("Findings"), {}, lang)))
    for column, (template, width) in enumerate(_FINDINGS):
        sheet.set_column(column, column, width)
        book.text(sheet, 0, column, render(template, {}, lang), HEADING)
    line = 0
    for line, found in enumerate(records(result.findings, lang), 1):
        texts = (
            severity(found["severity"], lang),
            found["code"],
            found["name"],
            place_of(found["file"], found["line"], found["sheet"]),
            found["project"] or "",
            found["indicator"] or "",
            found["message"],
        )
        for column, text in enumerate(texts):
            look = CENTRED if column < 2 else BODY
            if column == 0:
                look = {**look, "bg_color": _COLOURS[found["severity"]]}
            book.text(sheet, line, column, text, look)
        widths = (width for _, width in _FINDINGS)
        sheet.set_row(line, height(zip(texts, widths, strict=True)))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(line, 1), len(_FINDINGS) - 1)
    sheet.repeat_rows(0)
    printed(sheet, landscape=True)


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
