"""The lines of a form's indicators: what they are scored from, and their points as formulas."""

from __future__ import annotations

from fractions import Fraction

from perfeval.exact import fraction
from perfeval.messages import N_, render
from perfeval.policy import Policy
from perfeval.reports.pages.policy_examples import RATIO, title_of
from perfeval.reports.values import points
from perfeval.reports.workbook import computation
from perfeval.reports.workbook.computation import GIVEN, Task
from perfeval.reports.workbook.expression import Expression, If, call, part
from perfeval.reports.workbook.fields import NONE, Row
from perfeval.reports.workbook.grid import at, fixed
from perfeval.reports.workbook.layout import Layout
from perfeval.reports.workbook.working import ENTRY, SCORE, SHARE, WORK, Line, Working, is_exact

NOT_APPLICABLE = "否"
OUT = "not_applicable"
_MARKED = {"bg_color": "#FCE4D6"}


class IndicatorLines:
    """The indicators of a form that is laid out; there is at least one.

    carried: what the points of the indicators are scaled by because execution is scored too.
    """

    def __init__(
        self, working: Working, layout: Layout, carried: Fraction, policy: Policy, lang: str
    ) -> None:
        self.working, self.layout, self.grid = working, layout, working.grid
        self.carried, self.policy, self.lang = carried, policy, lang
        # In whole numbers a weight is so many tenths, hundredths … of a point.
        weights = [fraction(row["weight"]) for row in layout.indicators]
        self.weight_unit = 10 ** max(map(computation.decimals, weights))
        self.is_exact = True

    def write(self) -> None:
        """Write the lines."""
        self._inputs()
        scale = self._scale()
        for number, row in enumerate(self.layout.indicators):
            self._indicator(number, row, scale)

    def _inputs(self) -> None:
        """What the working starts from, beside what the form shows."""
        for number, row in enumerate(self.layout.indicators):
            place = self.working.place
            self.grid.number(*place("weight", number), row["weight"], WORK)
            applies = NOT_APPLICABLE if row["status"] == OUT else ""
            self.grid.text(*place("applies", number), applies, ENTRY)
            self.grid.number(*place("deduction", number), row["deduction"] or None, ENTRY)

    def _scale(self) -> tuple[Expression, Expression]:
        """What a weight is multiplied with: points that do not apply go to the others."""
        grid, column = self.grid, self.working.columns["whole_actual"]
        titles = (N_("All weights"), N_("That apply"), N_("Scale, upper"), N_("Scale, lower"))
        for number, template in enumerate(titles):
            grid.text(0, column + number, render(template, {}, self.lang), WORK)
        everything, applying, upper, lower = (fixed(1, column + number) for number in range(4))
        weights, applies = self.working.all("weight"), self.working.all("applies")
        unused = call("SUMIF", applies, NOT_APPLICABLE, weights)
        unit = self.weight_unit
        total, left = everything * self.carried.numerator, applying * self.carried.denominator
        common = call("GCD", total, left)
        for number, formula in enumerate(
            (
                call("ROUND", call("SUM", weights) * unit, 0),
                everything - call("ROUND", unused * unit, 0),
                If(applying > 0, total / common, self.carried.numerator),
                If(applying > 0, left / common, self.carried.denominator),
            )
        ):
            grid.formula(1, column + number, formula, WORK)
        self.is_exact = is_exact(grid, total, left)
        return upper, lower

    def _indicator(self, number: int, row: Row, scale: tuple[Expression, Expression]) -> None:
        """An indicator, from its actual to its score."""
        working, task = self.working, Task.of(row, self.policy)
        entry = working.cell("coefficient" if task.ratio == GIVEN else "actual", number)
        entered = self._entered(number, row, task)
        settled = None
        if entered is None and row["status"] == "scored" and row["coefficient"] is not None:
            settled = fraction(row["coefficient"])
        weight, (upper, lower) = working.cell("weight", number), scale
        counts = working.cell("applies", number).equals(NOT_APPLICABLE)
        full = weight * upper / lower
        is_short = abs(row["points"] * 100 - round(row["points"] * 100)) < 1e-9
        look = {**SCORE, "num_format": "General" if is_short else "0.00"}
        working.formula("points", number, If(counts, 0, full), look)
        whole_weight = call("ROUND", weight * self.weight_unit, 0)
        scaled = Fraction(*(int(each.value(self.grid.values)) for each in scale))
        marks = whole_weight * upper * 100, lower * self.weight_unit
        score = working.score(
            number,
            Line(
                task,
                entry,
                entered,
                settled,
                self._target(number, task),
                marks if self.is_exact else None,
                100 * fraction(row["weight"]) * scaled,
            ),
        )
        low, high = ((row[name] or 0) / 100 for name in ("low", "high"))
        lowest, highest = (self._open(number, row, each) for each in (low, high))
        if score is not None:
            deduction = call("ROUND", working.cell("deduction", number) * 100, 0)
            taken = call("MAX", 0, score - deduction) / 100
            is_known = call("ISNUMBER", entry)
            lowest = taken if settled is not None else If(is_known, taken, lowest)
            own = working.cell("score", number)
            highest = own if settled is not None else If(is_known, own, highest)
        working.formula("score", number, If(counts, NONE, lowest), SCORE)
        working.formula("highest", number, If(counts, NONE, highest), {**WORK, **SCORE})
        told = NONE if row["status"] == OUT else low
        working.compare(number, working.cell("score", number), told)
        self._mark(number, row)
        text = self._rule(row, task)
        if score is None:
            template = N_("{rule}; too many digits for a formula, perfeval's own score")
            text = render(template, {"rule": text}, self.lang)
        self.grid.text(*working.place("rule", number), text, {**WORK, "align": "left"})

    def _open(self, number: int, row: Row, points: float) -> Expression:
        """An end of an open score's range, in proportion should the full marks change."""
        if not points or not row["points"]:
            return part(points)
        full = self.working.cell("points", number)
        return call("ROUND", full * points / row["points"], 2)

    def _entered(self, number: int, row: Row, task: Task) -> Fraction | None:
        """The number that is scored, where there is one; a given coefficient is written here."""
        if task.ratio != GIVEN:
            actual = row["actual_number"]
            return None if actual is None else fraction(actual)
        is_known = row["status"] == "scored" and row["coefficient"] is not None
        known = row["coefficient"] if is_known else None
        place = self.working.place("coefficient", number)
        self.grid.number(*place, known, {**SHARE, **ENTRY})
        self.grid.validate(
            *place,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": 1,
                "input_title": render(N_("What to enter"), {}, self.lang),
                "input_message": render(
                    N_("The coefficient that a person gives, from 0% to 100%."), {}, self.lang
                ),
            },
        )
        return None if known is None else fraction(known)

    def _target(self, number: int, task: Task) -> Expression:
        """The number to reach: the form's own cells where it shows it as a number."""
        if task.target is None:
            return part(0)
        target: Expression = part(float(task.target))
        if ("target_value", number) in self.layout.places:
            target = self.working.cell("target_value", number)
        if ("adjusted", number) in self.layout.places and task.has_ratio:
            place = self.layout.places["adjusted", number]
            self.grid.validate(
                *place,
                {
                    "validate": "decimal",
                    "criteria": ">",
                    "value": 0,
                    "error_message": render(
                        N_("An adjusted target is a number above zero."), {}, self.lang
                    ),
                },
            )
            target = If(call("ISNUMBER", at(*place)), at(*place), target)
        return target

    def _mark(self, number: int, row: Row) -> None:
        """Mark a score that is open, and show its range as long as it is."""
        if row["status"] == OUT:
            return
        score, highest = (self.working.cell(key, number) for key in ("score", "highest"))
        look = dict(_MARKED)
        if row["low"] != row["high"]:
            look["num_format"] = f'0.00"–{points(row["high"])}"'
        line, column = self.working.place("score", number)
        options = {"type": "formula", "criteria": f"={highest > score}"}
        options["format"] = self.grid.book.style(look)
        self.grid.sheet.conditional_format(line, column, line, column, options)

    def _rule(self, row: Row, task: Task) -> str:
        """How an indicator is scored, in words."""
        rule = self.policy.rules[row["rule"]]
        if task.ratio == GIVEN:
            text = render(N_("by a person's judgement"), {}, self.lang)
        else:
            text = render(RATIO[task.ratio], {"unit": rule.unit or ""}, self.lang)
        template = N_("{title}: {ratio}")
        return render(template, {"title": title_of(rule, self.lang), "ratio": text}, self.lang)
