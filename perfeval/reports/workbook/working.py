"""The working beside a form: every step from an actual to a score, as a live formula.

It stands to the right of the printed form. What the form shows itself (its points, its
coefficients) is not repeated: the formulas refer to it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from perfeval.messages import N_, render
from perfeval.reports.workbook import computation
from perfeval.reports.workbook.book import CENTRED, HEADING, INPUT, PLAIN, Look
from perfeval.reports.workbook.computation import GIVEN, Names, Task
from perfeval.reports.workbook.expression import EXACT, Cell, Cells, Expression, If, call, part
from perfeval.reports.workbook.fields import NONE
from perfeval.reports.workbook.grid import Grid, at, down
from perfeval.reports.workbook.layout import Layout

WORK: Look = {**CENTRED, "text_wrap": False, "font_color": "#595959"}
SCORE: Look = {**CENTRED, "text_wrap": False, "shrink": True, "num_format": "0.00"}
SHARE: Look = {**CENTRED, "num_format": "0.##%"}
ENTRY: Look = {**CENTRED, "bg_color": INPUT["bg_color"]}

# Heading and width of each step.
_STEPS = {
    "rule": (N_("Rule"), 34),
    "applies": (N_("Applies"), 8),
    "weight": (N_("Weight"), 8),
    "points": (N_("Full marks"), 8),
    "deduction": (N_("Deduction"), 7),
    "whole_actual": (N_("Actual, whole"), 12),
    "whole_target": (N_("Target, whole"), 12),
    "upper": (N_("Coefficient, upper"), 12),
    "lower": (N_("Coefficient, lower"), 12),
    "coefficient": (N_("Coefficient"), 10),
    "marks": (N_("Marks, upper"), 10),
    "parts": (N_("Marks, lower"), 10),
    "above": (N_("Score, upper"), 17),
    "below": (N_("Score, lower"), 17),
    "highest": (N_("At most"), 9),
    "perfeval": (N_("By perfeval"), 9),
    "check": (N_("Comparison"), 9),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of working starts from.

    entry: the cell of which the number is scored; actual: what it holds now, None where that is no
    number; settled: the coefficient where something else than a number has decided it. target: what
    is to be reached. marks: full marks in hundredths as a quotient of whole numbers, None where
    these are too large; points: what they come to.
    """

    task: Task
    entry: Cell
    actual: Fraction | None
    settled: Fraction | None
    target: Expression
    marks: tuple[Expression, Expression] | None
    points: Fraction


class Working:
    """The columns of working beside a form that is laid out."""

    def __init__(self, grid: Grid, layout: Layout) -> None:
        self.grid = grid
        self._layout = layout
        self.start = len(layout.form.widths) + 1
        own = [key for key in _STEPS if key not in layout.form.fields]
        self.columns = {key: self.start + number for number, key in enumerate(own)}

    def headings(self, lang: str) -> None:
        """Name the columns, above the first indicator."""
        sheet = self.grid.sheet
        sheet.set_column(self.start - 1, self.start - 1, 3)
        for key, column in self.columns.items():
            template, width = _STEPS[key]
            sheet.set_column(column, column, width, None, {"level": 1})
            text = render(template, {}, lang)
            self.grid.text(self._layout.first - 1, column, text, HEADING)
        title = render(N_("Working (not printed)"), {}, lang)
        self.grid.text(0, self.start, title, {**PLAIN, "bold": True, "text_wrap": False})

    def place(self, key: str, indicator: int | None) -> tuple[int, int]:
        """Where a step of an indicator (None: of budget execution) stands."""
        if (key, indicator) in self._layout.places:
            return self._layout.places[key, indicator]
        if indicator is None:
            return self._layout.places["execution_score", None][0], self.columns[key]
        return self._layout.first + indicator, self.columns[key]

    def cell(self, key: str, indicator: int | None) -> Cell:
        """The same, as formulas name it."""
        return at(*self.place(key, indicator))

    def all(self, key: str) -> Cells:
        """The cells of a step of all indicators."""
        return down(self.place(key, 0)[1], self._layout.first, self._layout.last)

    def formula(self, key: str, indicator: int | None, formula: Expression, look: Look) -> None:
        """Write a step."""
        self.grid.formula(*self.place(key, indicator), formula, look)

    def score(self, indicator: int | None, line: Line) -> Expression | None:
        """Write a line's steps; its score in hundredths, for where the entry is a number.

        Numbers of many digits are left to the spreadsheet's floats where these are certain to find
        the score; None where they are not.
        """
        names = Names(*(self.cell(key, indicator) for key in Names.__dataclass_fields__))
        places = None
        if line.marks and is_exact(self.grid, *line.marks):
            places = computation.places(line.task, line.actual, line.points)
        if places is not None:
            assert line.marks
            steps = self._exact_steps(names, line, line.marks, places)
            score = computation.score(names)
        elif line.actual is None or computation.is_clear(line.task, line.actual, line.points):
            steps = self._steps(names, line, line.entry, line.target, 1)
            score = call(
                "ROUND", self.cell("points", indicator) * 100 * names.upper / names.lower, 0
            )
        else:
            return None
        if line.task.ratio != GIVEN and indicator is not None:  # execution shows its rate
            steps["coefficient"] = names.upper / names.lower
        known, otherwise = call("ISNUMBER", line.entry), dict[str, Expression]()
        if line.settled is not None:
            otherwise = {
                **steps,
                "upper": part(line.settled.numerator),
                "lower": part(line.settled.denominator),
                "whole_actual": part(NONE),
            }
        for key, formula in steps.items():
            look = SHARE if key == "coefficient" else WORK
            self.formula(key, indicator, either(known, formula, otherwise.get(key, NONE)), look)
        return score

    def _exact_steps(
        self, names: Names, line: Line, marks: tuple[Expression, Expression], places: int
    ) -> dict[str, Expression]:
        """The steps in whole numbers, by the key of their column."""
        upper, lower = marks
        common = call("GCD", upper, lower)
        actual, target = (computation.whole(each, places) for each in (line.entry, line.target))
        return {
            **self._steps(names, line, actual, target, 10**places),
            "marks": upper / common,
            "parts": lower / common,
            "above": computation.above(names),
            "below": computation.below(names),
        }

    def _steps(
        self, names: Names, line: Line, actual: Expression, target: Expression, unit: int
    ) -> dict[str, Expression]:
        """The steps to the coefficient."""
        upper, lower = computation.coefficient(
            line.task, names.whole_actual, names.whole_target, unit
        )
        steps = {"whole_actual": actual, "upper": upper, "lower": lower}
        return steps if line.task.target is None else {"whole_target": target, **steps}

    def compare(self, indicator: int | None, score: Cell, own: float | str) -> None:
        """The score by perfeval beside the formula's, and whether they agree."""
        highest = self.cell("highest", indicator)
        row, column = self.place("perfeval", indicator)
        if isinstance(own, str):
            self.grid.text(row, column, own, WORK)
        else:
            self.grid.number(row, column, own, {**WORK, "num_format": "0.00"})
        self.formula("check", indicator, comparison(score, highest, at(row, column)), WORK)


def either(
    known: Expression, formula: Expression, otherwise: Expression | float | str
) -> Expression:
    """`formula` where the entry is a number, else `otherwise`."""
    return formula if otherwise is formula else If(known, formula, otherwise)


def is_exact(grid: Grid, *formulas: Expression) -> bool:
    """Whether no whole number on the way to these is too large for a spreadsheet."""
    return max(each.largest(grid.values) for each in formulas) < EXACT


AGREES, CHANGED, OPEN = "一致", "已改动", "待定"


def comparison(score: Cell, highest: Cell, own: Cell) -> Expression:
    """Whether a score is open, equal to perfeval's, or changed since."""
    same = If(score.equals(own), AGREES, CHANGED)
    return If(highest > score, OPEN, same)
