"""How the points came about, step by step, as the sheets of a page show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from perfeval.explaining import clause
from perfeval.messages import N_, render
from perfeval.reports.html.packing import CHUNK
from perfeval.reports.text import escaped
from perfeval.reports.values import point_range

if TYPE_CHECKING:
    from perfeval.explaining import Derivation, ExplainedProject, Explanation
    from perfeval.policy import Policy

_NUMBER = re.compile(r"[0-9][0-9.]*")
HOLE = "\x01"
"""Where a number belongs in a text; no text holds it itself, as it is escaped."""

_SAID_FIRST = ("product", "total")
"""The kinds of step that stand for a derivation while it is folded up."""


def with_derivations(
    pieces: Iterable[dict[str, Any]],
    explanation: Explanation,
    position: Mapping[str, int],
    lang: str,
) -> Iterator[dict[str, Any]]:
    """`pieces` (of `packing.chunks`) with the derivations of their projects, each text once.

    `of` names for each project of a piece the trees of its total and its indicators. A tree is a
    list of `nodes`, first the one that stands for it; a node is depth, clause (−1: none), the text
    without its numbers, and these, in one string: ten thousand projects say few different things.
    """
    parts: dict[int, _Part] = {}
    for project in explanation.projects():
        place = position[project.project]
        if place // CHUNK not in parts:
            parts[place // CHUNK] = _Part(explanation.policy, lang)
        parts[place // CHUNK].add(place % CHUNK, project)
    for number, piece in enumerate(pieces):
        yield {**piece, "derivations": parts[number].content}


class _Part:
    """The derivations of a piece's projects."""

    def __init__(self, policy: Policy, lang: str) -> None:
        self._policy, self._lang = policy, lang
        self._nodes: dict[tuple[int, int, str], int] = {}
        self._texts: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._known: dict[int, int] = {}
        self.content: dict[str, Any] = {
            "nodes": [],
            "texts": [],
            "clauses": [],
            "trees": [],
            "of": {},
        }

    def add(self, place: int, project: ExplainedProject) -> None:
        """The derivations of a project, of which equal ones are one object."""
        whole = self._tree(project.derivation, self._total(project))
        own = [self._of(each.derivation) for each in project.indicators]
        self.content["of"][place] = [whole, *own]

    def _of(self, derivation: Derivation) -> int:
        known = self._known.get(id(derivation))
        if known is None:
            known = self._known[id(derivation)] = self._tree(derivation)
        return known

    def _total(self, project: ExplainedProject) -> str | None:
        """What stands for a total that no one step tells, being open or unknown."""
        low, high = project.derivation.low, project.derivation.high
        if project.known and low == high:
            return None
        shown = point_range(low, high) if project.known else "—"
        return render(N_("total: {points}"), {"points": shown}, self._lang)

    def _tree(self, derivation: Derivation, summary: str | None = None) -> int:
        tree = []
        first = None if summary is None else self._node(0, -1, summary)
        for depth, step in derivation.walk():
            text = render(step.template, step.values, self._lang)
            tree.append(self._node(depth, self._clause(step.key), text))
            if step.kind in _SAID_FIRST and not depth and summary is None:
                first = tree[-1]
        self.content["trees"].append([tree[-1] if first is None else first, *tree])
        return len(self.content["trees"]) - 1

    def _node(self, depth: int, clause: int, text: str) -> int:
        number = self._nodes.setdefault((depth, clause, text), len(self._nodes))
        if number == len(self.content["nodes"]):
            shown = escaped(text, keep="\n\t")
            bare = _NUMBER.sub(HOLE, shown)
            kind = self._texts.setdefault(bare, len(self._texts))
            if kind == len(self.content["texts"]):
                self.content["texts"].append(bare)
            numbers = " ".join(_NUMBER.findall(shown))
            self.content["nodes"].append([depth, clause, kind, numbers])
        return number

    def _clause(self, key: str) -> int:
        known = self._keys.get(key)
        if known is None:
            found = clause(key, self._policy)
            known = -1
            if found is not None:
                known = len(self.content["clauses"])
                said = (self._said(found.text), self._said(found.source))
                self.content["clauses"].append([escaped(text) for text in said])
            self._keys[key] = known
        return known

    def _said(self, named: Any) -> str:
        return str(named.zh if self._lang == "zh" else named.en)
