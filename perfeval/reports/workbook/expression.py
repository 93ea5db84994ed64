"""Formulas of a spreadsheet as values: each can be written down, and worked out here.

A workbook holds a formula and the value it has now, for readers that compute nothing. Both come
from one expression, so they cannot say different things. Only what our formulas need is here.

>>> reached = If(Cell("F9") >= Cell("K9"), 1, Cell("F9") / Cell("K9"))
>>> str(reached), reached.value({"F9": 3, "K9": 4})
('IF(F9>=K9,1,F9/K9)', 0.75)
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import floor, gcd
from typing import Any, TypeAlias

Value: TypeAlias = "float | str | bool | None"
Values: TypeAlias = "Mapping[str, Value]"
Part: TypeAlias = "Expression | float | str"

EXACT = 2.0**48
"""Whole numbers below it are added, multiplied and compared exactly by every spreadsheet.

Floats hold more, but LibreOffice takes numbers for equal that are nearer than 2**-48 of their
size, and Excel looks at 15 digits.
"""

_BINDING = {"=": 0, ">=": 0, ">": 0, "<=": 0, "<": 0, "&": 1, "+": 2, "-": 2, "*": 3, "/": 3}
_FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt,
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip
_ATOM = 9


class Expression:
    """A part of a formula; `str` writes it, `value` works it out."""

    binding = _ATOM

    def value(self, cells: Values) -> Any:
        """What it comes to where the cells hold these values."""
        raise NotImplementedError

    def largest(self, cells: Values) -> float:
        """The largest size of a number that is met on the way."""
        found = self.value(cells)
        is_number = isinstance(found, int | float) and not isinstance(found, bool)
        return abs(found) if is_number else 0.0

    def __add__(self, other: Part) -> Expression:
        return _Operation("+", self, part(other))

    def __sub__(self, other: Part) -> Expression:
        return _Operation("-", self, part(other))

    def __mul__(self, other: Part) -> Expression:
        return _Operation("*", self, part(other))

    def __truediv__(self, other: Part) -> Expression:
        return _Operation("/", self, part(other))

    def __and__(self, other: Part) -> Expression:
        return _Operation("&", self, part(other))

    def __ge__(self, other: Part) -> Expression:
        return _Operation(">=", self, part(other))

    def __gt__(self, other: Part) -> Expression:
        return _Operation(">", self, part(other))

    def __le__(self, other: Part) -> Expression:
        return _Operation("<=", self, part(other))

    def __lt__(self, other: Part) -> Expression:
        return _Operation("<", self, part(other))

    def equals(self, other: Part) -> Expression:
        """Whether both are the same number or text."""
        return _Operation("=", self, part(other))


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """A number, or a text in quotes."""

    content: float | str

    def __str__(self) -> str:
        if isinstance(self.content, str):
            return '"' + self.content.replace('"', '""') + '"'
        return repr(self.content)

    def value(self, cells: Values) -> Any:
        """The constant itself."""
        return self.content


@dataclass(frozen=True, slots=True)
class Cell(Expression):
    """What a cell of the sheet holds, None for a blank one, which counts as 0."""

    at: str

    def __str__(self) -> str:
        return self.at

    def value(self, cells: Values) -> Any:
        """The value of the cell."""
        return cells.get(self.at.replace("$", ""))


@dataclass(frozen=True, slots=True)
class Cells(Expression):
    """The cells of a column from one to another, both included."""

    column: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.column}{self.first}:{self.column}{self.last}"

    def value(self, cells: Values) -> list[Value]:
        """The values of the cells, None for blank ones."""
        column = self.column.replace("$", "")
        return [cells.get(f"{column}{row}") for row in range(self.first, self.last + 1)]


@dataclass(frozen=True, slots=True, eq=False)
class _Operation(Expression):
    sign: str
    left: Expression
    right: Expression

    @property
    def binding(self) -> int:  # type: ignore[override]
        return _BINDING[self.sign]

    def __str__(self) -> str:
        left = f"({self.left})" if self.left.binding < self.binding else str(self.left)
        strict = self.sign in "-/" or self.binding == 0
        loose = self.right.binding < self.binding + strict
        return left + self.sign + (f"({self.right})" if loose else str(self.right))

    def value(self, cells: Values) -> Any:
        left, right = (_filled(each.value(cells)) for each in (self.left, self.right))
        if self.sign == "&":
            return f"{left}{right}"
        return _FUNCTIONS[self.sign](left, right)

    def largest(self, cells: Values) -> float:
        own = Expression.largest(self, cells)
        return max(own, self.left.largest(cells), self.right.largest(cells))


@dataclass(frozen=True, slots=True, eq=False)
class _Call(Expression):
    name: str
    arguments: tuple[Expression, ...]
    function: Callable[..., Any]

    def __str__(self) -> str:
        return f"{self.name}({','.join(map(str, self.arguments))})"

    def value(self, cells: Values) -> Any:
        values = [each.value(cells) for each in self.arguments]
        if self.name != "ISNUMBER":
            values = [_filled(value) for value in values]
        return self.function(*values)

    def largest(self, cells: Values) -> float:
        own = Expression.largest(self, cells)
        return max([own, *(each.largest(cells) for each in self.arguments)])


@dataclass(frozen=True, slots=True, eq=False)
class _If(Expression):
    condition: Expression
    then: Expression
    otherwise: Expression

    def __str__(self) -> str:
        return f"IF({self.condition},{self.then},{self.otherwise})"

    def _chosen(self, cells: Values) -> Expression:
        return self.then if self.condition.value(cells) else self.otherwise

    def value(self, cells: Values) -> Any:
        return self._chosen(cells).value(cells)

    def largest(self, cells: Values) -> float:
        return max(self.condition.largest(cells), self._chosen(cells).largest(cells))


def part(content: Part) -> Expression:
    """A constant as an expression; an expression as it is."""
    return content if isinstance(content, Expression) else Constant(content)


def If(condition: Expression, then: Part, otherwise: Part) -> Expression:  # noqa: N802
    """`then` where the condition holds, else `otherwise`, which is not looked at before."""
    return _If(condition, part(then), part(otherwise))


def call(name: str, *arguments: Part) -> Expression:
    """A function of the spreadsheet.

    >>> str(call("ROUND", Cell("A1") * 100, 0)), call("ROUND", 2.5, 0).value({})
    ('ROUND(A1*100,0)', 3.0)
    """
    return _Call(name, tuple(map(part, arguments)), _KNOWN[name])


def count(cells: Cells, text: str) -> Expression:
    """How many of some cells hold a text, to the letter (COUNTIF has wildcards).

    >>> count(Cells("I", 5, 6), "优").value({"I5": "优", "I6": "优秀"})
    1
    """
    return _Count(cells, text)


@dataclass(frozen=True, slots=True, eq=False)
class _Count(Expression):
    cells: Cells
    text: str

    def __str__(self) -> str:
        return f"SUMPRODUCT(--({self.cells}={Constant(self.text)}))"

    def value(self, cells: Values) -> int:
        """How many there are."""
        return self.cells.value(cells).count(self.text)


def whole_part(above: Expression, below: Expression) -> Expression:
    """The whole part of a quotient of whole numbers, exact where both are below `EXACT`.

    INT alone is not: a spreadsheet takes a quotient just below a whole number for that number. The
    product with the divisor, which is exact, tells.
    """
    quotient = call("INT", above / below)
    return quotient - (quotient * below > above)


def _filled(value: Any) -> Any:
    return 0 if value is None else value


def _numbers(values: list[Value]) -> list[float]:
    return [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]


def _round(number: float, places: int) -> float:
    return float(floor(number * 10**places + 0.5) / 10**places)


_KNOWN: dict[str, Callable[..., Any]] = {
    "AND": lambda *all_: all(all_),
    "GCD": lambda one, other: gcd(int(one), int(other)),
    "INT": floor,
    "ISNUMBER": lambda value: bool(_numbers([value])),
    "MAX": max,
    "MIN": min,
    "ROUND": _round,
    "SUM": lambda values: sum(_numbers(values)),
    "SUMIF": lambda tested, wanted, values: sum(
        _numbers([value for test, value in zip(tested, values, strict=True) if test == wanted])
    ),
    "TEXT": lambda number, _: f"{number:.2f}",
}
