"""What is wrong with an input, and where: the one kind of error a user ever sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType

from perfeval.messages import N_, render


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    `template` is the English message with named fields, marked with `N_` where it is written so
    that the catalogue holds its translation; `values` fills the fields. A good message says what is
    wrong, what was found, what was expected and what to do; `file` and `line` say where: in a
    workbook with its `sheet` (`line` is a row of it) and, for a cell, the letters of its `column`.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    file: str | None = None
    line: int | None = None
    sheet: str | None = None
    column: str | None = None

    def text(self, lang: str = "en") -> str:
        """The message in `lang`, led by its place (`file:line: …`)."""
        place = place_of(self.file, self.line, self.sheet, self.column)
        message = render(self.template, self.values, lang)
        return f"{place}: {message}" if place else message


def place_of(
    file: str | None,
    line: int | None,
    sheet: str | None = None,
    column: str | None = None,
    cell: str | None = None,
) -> str:
    """Where something is, in the form that editors and terminals follow.

    In a workbook a cell is told by its `column` in the row, or by its address, `cell`.

    >>> place_of("specs/a.toml", 12), place_of("specs/a.toml", None), place_of(None, None)
    ('specs/a.toml:12', 'specs/a.toml', '')
    >>> place_of("自评表.xlsx", 12, "目标表", "E"), place_of("自评表.xlsx", 12, "目标表")
    ('自评表.xlsx:目标表!E12', '自评表.xlsx:目标表!12')
    >>> place_of("自评表.xlsx", 12, "目标表", cell="E11")
    '自评表.xlsx:目标表!E11'
    """
    if not file:
        return ""
    if sheet is None:
        return f"{file}:{line}" if line is not None else file
    if cell:
        return f"{file}:{sheet}!{cell}"
    return f"{file}:{sheet}!{column or ''}{line}" if line is not None else f"{file}:{sheet}"


def once(problems: Iterable[Problem], *, anywhere: bool = False) -> list[Problem]:
    """The problems, each told once; with `anywhere` at the first of its places only."""
    told: list[Problem] = []
    for problem in problems:
        same = (p for p in told if (p.template, p.values) == (problem.template, problem.values))
        if not any(anywhere or p == problem for p in same):
            told.append(problem)
    return told


def did_you_mean(near: Sequence[str]) -> dict[str, object]:
    """The values `near` and `remark` for a template that ends in {remark}: the nearest, if any."""
    return {"near": near[0], "remark": N_(" (did you mean {near}?)")} if near else {"remark": ""}


class InputError(Exception):
    """An input that cannot be read or used; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text() for problem in self.problems))

    @classmethod
    def of(
        cls, template: str, *, file: str | None = None, line: int | None = None, **values: object
    ) -> InputError:
        """An error with a single problem."""
        return cls([Problem(template, values, file, line)])


class Collector:
    """Gathers the problems of several inputs, so that they are all told at once.

    >>> problems = Collector()
    >>> with problems:
    ...     raise InputError.of("no such file", file="a.csv")
    >>> len(problems.found)
    1
    """

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def __enter__(self) -> Collector:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, InputError):
            self.found += error.problems
            return True
        return False

    def raise_any(self) -> None:
        """Raise `InputError` with everything gathered, if there is anything."""
        if self.found:
            raise InputError(self.found)
