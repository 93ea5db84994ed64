"""A project's self-evaluation form, its points worked out by live formulas.

The form is what is printed and submitted; the working stands beside it. What a person still has to
decide is marked and shows its range; the formulas take it up once it is entered.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from perfeval.exact import IN_PROPORTION, fraction
from perfeval.forms import Form
from perfeval.messages import N_, render
from perfeval.policy import Policy
from perfeval.reports.workbook import fields
from perfeval.reports.workbook.book import Book, printed, quoted
from perfeval.reports.workbook.computation import Task
from perfeval.reports.workbook.expression import (
    Cell,
    Expression,
    If,
    Value,
    call,
    part,
)
from perfeval.reports.workbook.fields import Row
from perfeval.reports.workbook.grades import grade_range
from perfeval.reports.workbook.grid import Grid, at
from perfeval.reports.workbook.indicator_lines import IndicatorLines
from perfeval.reports.workbook.layout import Layout
from perfeval.reports.workbook.working import SCORE, WORK, Line, Working


@dataclass(frozen=True, slots=True)
class Links:
    """Where the summary finds a project's figures.

    Cells of the project's sheet, and `values`, what these come to; execution is None where it is
    not scored.
    """

    sheet: str
    total: Cell
    highest: Cell
    own: Cell
    execution: Cell | None
    values: dict[str, Value]


class FormSheet:
    """A form being written to a new sheet called `name`.

    project: its row of `ScoreResult.projects` joined to that of the specs; indicators and
    execution: its rows of the result.
    """

    def __init__(
        self,
        book: Book,
        name: str,
        form: Form,
        project: Row,
        indicators: list[Row],
        execution: Row | None,
        policy: Policy,
        lang: str,
    ) -> None:
        self.grid = Grid(book, book.sheet(name))
        self.name, self.form, self.policy, self.lang = name, form, policy, lang
        self.project, self.indicators, self.execution = project, indicators, execution
        self.layout = Layout(self.grid, form, indicators)

    def write(self) -> Links:
        """Write the sheet."""
        year = self.project["year"]
        subtitle = self.form.subtitle.format(year=year if year else " " * 6)
        self.layout.write(subtitle, self._shown)
        self.working = Working(self.grid, self.layout)
        self.working.headings(self.lang)
        carried = Fraction(1)
        if self.execution and self.policy.execution:
            carried = self.policy.execution.indicators / self.policy.total
        if self.indicators:
            IndicatorLines(self.working, self.layout, carried, self.policy, self.lang).write()
        self._execution()
        links = self._totals()
        self._print()
        return links

    def _shown(self, field: str, indicator: int | None) -> fields.Shown:
        if indicator is None:
            return fields.of_project(field, self.project, self.execution)
        return fields.of_indicator(field, self.indicators[indicator])

    def _execution(self) -> None:
        """Budget execution, scored like every other line."""
        if self.execution is None or self.policy.execution is None:
            return
        working, row = self.working, self.execution
        weight = self.policy.execution.weight
        spent, budget = (at(*self.layout.places[key, None]) for key in ("spent", "budget"))
        is_known = call(
            "AND", call("ISNUMBER", spent), call("ISNUMBER", budget), budget > 0, spent >= 0
        )
        look = {**SCORE, "num_format": "General"}
        self._put("execution_points", part(float(weight)), look)
        self._put(
            "execution_rate", If(is_known, spent / budget, ""), {**SCORE, "num_format": "0.00%"}
        )
        known = row["status"] == "scored"
        task = Task(
            "actual/target", "≥", IN_PROPORTION, fraction(row["budget"]) if known else Fraction(1)
        )
        marks = 100 * weight
        line = Line(
            task,
            spent,
            fraction(row["spent"]) if known else None,
            None,
            budget,
            (part(marks.numerator), part(marks.denominator)),
            marks,
        )
        score = working.score(None, line)
        low, high = row["low"] / 100, row["high"] / 100
        lowest, highest = part(low), part(high)
        own = working.cell("execution_score", None)
        if score is not None:
            lowest, highest = If(is_known, score / 100, low), If(is_known, own, high)
        self._put("execution_score", lowest, SCORE)
        working.formula("highest", None, highest, {**WORK, **SCORE})
        working.compare(None, own, low)

    def _put(self, field: str, formula: Expression, look: dict[str, object]) -> None:
        """A formula in a field of the project, where the form shows it."""
        if (field, None) in self.layout.places:
            self.grid.formula(*self.layout.places[field, None], formula, look)

    def _totals(self) -> Links:
        """The total, what it can become, the grade."""
        grid, working, line = self.grid, self.working, self.layout.last + 1
        scores, highest, full = part(0), part(0), part(0)
        if self.indicators:
            scores, highest, full = (
                call("SUM", working.all(key)) for key in ("score", "highest", "points")
            )
        executed = self.execution is not None
        if executed:
            scores += working.cell("execution_score", None)
            highest += working.cell("highest", None)
            if ("execution_points", None) in self.layout.places:
                full += at(*self.layout.places["execution_points", None])
        total = at(*self.layout.places["total", None])
        most = at(line, working.columns["highest"])
        own = at(line, working.columns["perfeval"])
        strong = {**SCORE, "bold": True}
        self._put("total", call("ROUND", scores, 2), strong)
        self._put("total_points", call("ROUND", full, 6), {**strong, "num_format": "General"})
        title = render(N_("Total"), {}, self.lang)
        grid.text(line, working.columns["below"], title, WORK)
        grid.formula(line, working.columns["highest"], call("ROUND", highest, 2), {**WORK, **SCORE})
        grid.number(
            line, working.columns["perfeval"], self.project["score"] / 100, {**WORK, **SCORE}
        )
        if self.project["grade"] is not None:
            grades = grade_range(total, most, self.policy)
            open_ = (
                grades
                & "（"
                & call("TEXT", total, "0.00")
                & "–"
                & call("TEXT", most, "0.00")
                & "）"
            )
            self._put("grade", If(most > total, open_, grades), {**strong, "text_wrap": True})
        cells = [total, most, own, *([working.cell("execution_score", None)] if executed else [])]
        abroad = [self._abroad(cell) for cell in cells]
        return Links(
            sheet=self.name,
            total=abroad[0],
            highest=abroad[1],
            own=abroad[2],
            execution=abroad[3] if executed else None,
            values={str(self._abroad(cell)): cell.value(grid.values) for cell in cells},
        )

    def _abroad(self, cell: Cell) -> Cell:
        """A cell as formulas of other sheets name it."""
        return Cell(f"{quoted(self.name)}!{cell}")

    def _print(self) -> None:
        """Print the form alone, its headings on every page."""
        sheet = self.grid.sheet
        printed(sheet, landscape=self.form.landscape, footer=self.project["name"])
        sheet.print_area(0, 0, self.layout.bottom, len(self.form.widths) - 1)
        sheet.repeat_rows(self.layout.first - 1)
