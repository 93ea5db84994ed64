"""What an explanation is made of: steps, each with its words, its arithmetic and its clause.

Recorded once and shown many ways: nothing here knows a language, a terminal or a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from perfeval.messages import Named


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a derivation.

    kind: what sort of step, a stable English word (see docs/explain.md). template, values: what it
    says, for `perfeval.messages.render`. expression: the arithmetic of the step, "" where there is
    none, with + − × ÷ and brackets over decimal numbers; value: what it comes to, exactly. key: the
    entry of the policy, or of the rules common to all, that the step follows; "" for none.
    """

    kind: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    expression: str = ""
    exact: tuple[int, int] | None = None
    key: str = ""
    children: tuple[Step, ...] = ()

    @property
    def value(self) -> Fraction | None:
        """What the step comes to, exactly; None where it is no number."""
        return None if self.exact is None else Fraction(*self.exact)

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Step]]:
        """The step and all below it, in order, each with its depth."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)


@dataclass(frozen=True, slots=True)
class Derivation:
    """How one score came about: its steps, and what they lead to (hundredths of a point)."""

    steps: tuple[Step, ...]
    low: int
    high: int

    def walk(self) -> Iterator[tuple[int, Step]]:
        """Every step in order, each with its depth."""
        for step in self.steps:
            yield from step.walk()


@dataclass(frozen=True, slots=True)
class Clause:
    """What a key rests on: its words ("" where only the source is known), source and certainty.

    policy: the id of the policy that states it, "" for what holds under every policy. certainty:
    one of `perfeval.policy.model.CERTAINTIES`.
    """

    key: str
    text: Named
    source: Named
    policy: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file, sheet of a workbook, line (or row)."""

    file: str | None
    sheet: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Explained:
    """One indicator of a project, with how its score came about.

    row: its position in the result's table. status: one of `perfeval.tables.STATUSES`. deducted:
    whether points were taken off by hand. claim: where a self-evaluation is reviewed, the claimed
    score beside the recomputed one, and the decision. findings: rows of `perfeval.tables.FINDINGS`
    about it. The derivations of indicators that agree in everything that decides are one object.
    """

    row: int
    level1: str
    level2: str
    indicator: str
    core: bool
    met: bool | None
    status: str
    deducted: bool
    target_place: Place
    actual_place: Place
    derivation: Derivation
    claim: tuple[Step, ...] = ()
    findings: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedProject:
    """One project: how its total and grade came about, and its indicators.

    known: whether it has a total; of a review that lacks weights or amounts it has none, and its
    derivation's ends are sums of what could be scored.
    """

    project: str
    name: str
    department: str
    grade: str | None
    derivation: Derivation
    indicators: tuple[Explained, ...]
    findings: tuple[Mapping[str, Any], ...] = ()
    known: bool = True
