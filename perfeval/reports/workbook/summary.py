"""The first sheet of a result: all projects with their grades, departments, counts, the receipt."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from perfeval.messages import N_, render
from perfeval.reports.receipt import receipt_lines
from perfeval.reports.terminal.look import Look as Terminal
from perfeval.reports.terminal.verdict import verdict
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
from perfeval.reports.workbook.expression import (
    Cells,
    Expression,
    If,
    call,
    count,
    part,
    whole_part,
)
from perfeval.reports.workbook.fields import NONE, Row
from perfeval.reports.workbook.form_sheet import Links
from perfeval.reports.workbook.grades import grade_range
from perfeval.reports.workbook.grid import Grid, at, down
from perfeval.reports.workbook.working import SCORE, comparison

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from perfeval.scoring import ScoreResult

_COLUMNS = (
    (N_("No."), 5),
    (N_("Code"), 24),
    (N_("Project"), 46),
    (N_("Indicator points"), 11),
    (N_("Execution points"), 11),
    (N_("Total"), 9),
    (N_("At most"), 9),
    (N_("Grade"), 9),
    (N_("Comparison"), 9),
)
NUMBER, CODE, NAME, INDICATORS, EXECUTION, TOTAL, MOST, GRADE, CHECK = range(len(_COLUMNS))


def write_summary(
    book: Book, sheet: Worksheet, result: ScoreResult, projects: list[tuple[Row, Links]], lang: str
) -> None:
    """Fill the summary sheet; `projects` are in the order of the forms, departments together."""
    _Summary(book, sheet, result, projects, lang).write()


class _Summary:
    def __init__(
        self,
        book: Book,
        sheet: Worksheet,
        result: ScoreResult,
        projects: list[tuple[Row, Links]],
        lang: str,
    ) -> None:
        self.grid = Grid(book, sheet)
        self.result, self.policy, self.lang = result, result.policy, lang
        self.departments = [
            (name, list(own)) for name, own in groupby(projects, lambda pair: pair[0]["department"])
        ]
        for _, links in projects:
            self.grid.values.update(links.values)

    def _said(self, template: str, **values: object) -> str:
        return render(template, values, self.lang)

    def write(self) -> None:
        """The sheet, from top to bottom."""
        for column, (_, width) in enumerate(_COLUMNS):
            self.grid.sheet.set_column(column, column, width)
        self.grid.sheet.set_column(len(_COLUMNS), len(_COLUMNS) + 4, 9)
        self.grid.text(
            0, 0, self._said(N_("Summary of the self-evaluation")), {**TITLE, "text_wrap": False}
        )
        self.grid.sheet.set_row(0, 28)
        policy = self.policy.name if self.lang == "zh" else self.policy.name_en
        text = self._said(N_("Scoring policy: {name} ({id})"), name=policy, id=self.policy.id)
        self.grid.text(1, 0, text, {**PLAIN, "text_wrap": False})
        top = 3
        line = top + len(self.departments) + 2
        line, ranges = self._projects(line)
        self._departments(top, ranges)
        self._receipt(line + 1)
        printed(self.grid.sheet, landscape=True)
        self.grid.sheet.repeat_rows(top + len(self.departments) + 2)

    def _projects(self, line: int) -> tuple[int, list[tuple[int, int]]]:
        """The list of projects; the row behind it, and the rows of each department."""
        grid = self.grid
        for column, (template, _) in enumerate(_COLUMNS):
            grid.text(line, column, self._said(template), HEADING)
        grid.sheet.set_row(line, height((self._said(text), width) for text, width in _COLUMNS))
        line += 1
        ranges = []
        number = 0
        for name, own in self.departments:
            look = {**BODY, "bold": True, "bg_color": "#F2F2F2"}
            grid.merge(line, 0, 1, len(_COLUMNS), look)
            grid.text(line, 0, name or NONE, look)
            ranges.append((line + 1, line + len(own)))
            for row, links in own:
                line += 1
                number += 1
                self._project(line, number, row, links)
            line += 1
        return line, ranges

    def _project(self, line: int, number: int, row: Row, links: Links) -> None:
        grid = self.grid
        grid.number(line, NUMBER, number, CENTRED)
        grid.text(line, CODE, row["project"], CENTRED)
        grid.book.link(grid.sheet, line, NAME, links.sheet, row["name"], BODY)
        total, most = at(line, TOTAL), at(line, MOST)
        execution: Expression = part(NONE)
        if links.execution:
            execution = links.execution
        executed = at(line, EXECUTION)
        grid.formula(line, EXECUTION, execution, SCORE)
        grid.formula(line, TOTAL, links.total, {**SCORE, "bold": True})
        of_indicators = total - executed if links.execution else total
        grid.formula(line, INDICATORS, call("ROUND", of_indicators, 2), SCORE)
        grid.formula(line, MOST, links.highest, SCORE)
        grade = part(NONE)
        if row["grade"] is not None:
            grade = grade_range(total, most, self.policy)
        grid.formula(line, GRADE, grade, SCORE)
        grid.formula(line, CHECK, comparison(total, most, links.own), CENTRED)
        texts = [(row["project"], _COLUMNS[CODE][1]), (row["name"], _COLUMNS[NAME][1])]
        grid.sheet.set_row(line, max(18.0, height(texts)))

    def _departments(self, line: int, ranges: list[tuple[int, int]]) -> None:
        """Each department's number of projects, of each grade, and its average."""
        names = [grade.name for grade in self.policy.grades]
        heads = (
            self._said(N_("Projects")), *names, self._said(N_("Open")),
            self._said(N_("Average")), self._said(N_("At most")),
        )  # fmt: skip
        self.grid.merge(line, 0, 1, 3, HEADING)
        self.grid.text(line, 0, self._said(N_("Department")), HEADING)
        for column, text in enumerate(heads, 3):
            self.grid.text(line, column, text, HEADING)
        for (name, own), (first, last) in zip(self.departments, ranges, strict=True):
            line += 1
            self.grid.merge(line, 0, 1, 3, BODY)
            self.grid.text(line, 0, name or NONE, BODY)
            self.grid.sheet.set_row(line, 18)
            grades = down(GRADE, first, last)
            ungraded = count(grades, NONE)
            counts = [count(grades, each) for each in names]
            rest: Expression = part(len(own)) - ungraded
            for each in counts:
                rest = rest - each
            formulas = [part(len(own)), *counts, rest]
            for column, formula in enumerate(formulas, 3):
                self.grid.formula(line, column, formula, CENTRED)
            for offset, column in enumerate((TOTAL, MOST)):
                formula = _average(down(column, first, last), grades, len(own))
                self.grid.formula(line, 3 + len(formulas) + offset, formula, SCORE)

    def _receipt(self, line: int) -> None:
        """What the result was computed from, its counts, and what is left to do."""
        lines = [self._said(N_("Receipt")), *receipt_lines(self.result.receipt, self.lang)]
        told = verdict(self.result, Terminal(self.lang, width=1000))
        lines += ["".join(text for text, _ in each) for each in told]
        across = sum(width for _, width in _COLUMNS)
        for number, text in enumerate(lines):
            look = {**PLAIN, "bold": not number}
            self.grid.merge(line, 0, 1, len(_COLUMNS), look)
            self.grid.text(line, 0, text, look)
            self.grid.sheet.set_row(line, height([(text, across)]))
            line += 1


def _average(totals: Cells, grades: Cells, projects: int) -> Expression:
    """The mean of the projects that have a grade, in whole hundredths, rounded half up."""
    graded = part(projects) - count(grades, NONE)
    sums = call("SUM", totals) - call("SUMIF", grades, NONE, totals)
    cents = call("ROUND", sums * 100, 0)
    mean = whole_part(cents * 2 + graded, graded * 2) / 100
    return If(graded > 0, mean, NONE)
