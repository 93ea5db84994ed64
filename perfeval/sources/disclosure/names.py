"""Which lines make up which indicator's name.

A name that is too long for its column is broken over lines, while operator, value, unit and weight
stand on one: on the first line of the name, on the last, in the middle, or on a line of their own
before, after or between. What a text shows is a sequence of rows and of lines of words between
them; an assignment gives each row some of the lines above and below it. Of all assignments the one
with the least cost is taken (what costs is told in `setting`: a row without a name, a line without
a row, a blank line or a heading inside a name, a line that goes on without filling its column, a
bracket left open …). It is found by dynamic programming over all rows (Viterbi), with one state per
way of setting: one program sets a document, so a way that has been seen is likely to be kept.

A second best assignment of nearly the same cost makes the lines in question doubtful.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

from perfeval.sources.disclosure import setting
from perfeval.sources.disclosure.items import Item, Row
from perfeval.sources.disclosure.lines import Line, join
from perfeval.sources.disclosure.setting import CHANGE, INFINITE, WAYS, Gap

_DOUBT = 0.6  # less cost than this between the best and another assignment
_EACH = range(len(WAYS))
_START = {0: list(WAYS.values())}
_END = {0: [0.0] * len(WAYS)}

_Costs = dict[int, list[float]]  # by number of lines, one cost per way of setting


@dataclass(frozen=True, slots=True)
class Name:
    """What a row is called; `used` are the indices of the items whose words it holds.

    That is the row itself where the level heading that leads it had to be its name.
    """

    text: str
    used: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line that went to the name `taken` and might as well belong to `other` ("" to none)."""

    line: Line
    text: str
    taken: str
    other: str


@dataclass(slots=True)
class Assignment:
    """The names of one table's rows by index, the words that no name takes, and the doubts."""

    names: dict[int, Name] = field(default_factory=dict)
    unplaced: list[int] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


@dataclass(slots=True)
class _Node:
    """A row in the sequence of all rows.

    `reached` is the least cost up to here, the row's own included, by lines taken below; `entered`
    the same without its own, by lines taken above; `ahead` the least cost of this row and all
    below, by lines taken above. `chosen` are the lines taken above and below.
    """

    table: int
    index: int
    row: Row
    above: Gap
    below: Gap
    column: int
    entered: _Costs = field(default_factory=dict)
    reached: _Costs = field(default_factory=dict)
    ahead: _Costs = field(default_factory=dict)
    chosen: tuple[int, int] = (0, 0)
    came: dict[tuple[int, int], tuple[int, int, int]] = field(default_factory=dict)
    _own: dict[tuple[int, int], list[float]] = field(default_factory=dict)

    def parts(self, before: int, after: int) -> list[str]:
        """The lines of the name if it takes so many words above and below its row."""
        above = self.above.texts
        texts = [words.text for words in above[len(above) - before :]]
        own = [self.row.own] if self.row.own else []
        return texts + own + [words.text for words in self.below.texts[:after]]

    def cost(self, before: int, after: int) -> list[float]:
        """The cost of that name, by way of setting."""
        key = before, after
        if key not in self._own:
            text = setting.cost_of_name(self.parts(before, after), self.row, self.column)
            shape = setting.cost_of_shape(before, bool(self.row.own), after)
            self._own[key] = [text + unlike for unlike in shape]
        return self._own[key]


def assign(tables: Sequence[list[Item]], kinds: Sequence[int]) -> list[Assignment]:
    """Give the words between the rows of all tables of a document to the rows' names.

    Tables of one kind have columns of one width.
    """
    assignments = [Assignment() for _ in tables]
    columns: dict[int, int] = {}
    for items, kind in zip(tables, kinds, strict=True):
        columns[kind] = max(columns.get(kind, 0), setting.widest(items))
    nodes: list[_Node] = []
    loose: Gap | None = None
    for number, (items, kind) in enumerate(zip(tables, kinds, strict=True)):
        rows, gaps = setting.gaps(items)
        if not rows:
            assignments[number].unplaced += gaps[0].words
            continue
        gaps[0] = setting.walled(loose, gaps[0])
        if nodes:
            nodes[-1].below = gaps[0]
        for place, index in enumerate(rows):
            row = items[index]
            assert isinstance(row, Row)
            node = _Node(number, index, row, gaps[place], gaps[place + 1], columns[kind])
            nodes.append(node)
        loose = gaps[-1]
    if nodes:
        nodes[-1].below = setting.walled(loose, None)
        _forward(nodes)
        _backward(nodes)
        _take(nodes, assignments)
    return assignments


def _settle(costs: list[float]) -> tuple[list[float], list[int]]:
    """The costs once the way of setting may have changed, and the way that each came from."""
    best = min(_EACH, key=costs.__getitem__)
    changed = costs[best] + CHANGE
    return (
        [min(cost, changed) for cost in costs],
        [way if costs[way] <= changed else best for way in _EACH],
    )


def _forward(nodes: list[_Node]) -> None:
    """Find the cheapest assignment."""
    reached = _START
    for node in nodes:
        settled = [(above, *_settle(costs)) for above, costs in reached.items()]
        origin: dict[tuple[int, int], tuple[int, int]] = {}
        for before in range(node.above.most_below + 1):
            entered = [INFINITE] * len(WAYS)
            for above, costs, ways in settled:
                gap = node.above.cost(above, before)
                for way in _EACH:
                    if costs[way] + gap < entered[way]:
                        entered[way] = costs[way] + gap
                        origin[before, way] = above, ways[way]
            node.entered[before] = entered
        for after in range(node.below.most_above + 1):
            best = [INFINITE] * len(WAYS)
            for before, entered in node.entered.items():
                own = node.cost(before, after)
                for way in _EACH:
                    if entered[way] + own[way] < best[way]:
                        best[way] = entered[way] + own[way]
                        node.came[after, way] = (before, *origin[before, way])
            node.reached[after] = best
        reached = node.reached
    last = nodes[-1]
    after, way = min(
        product(last.reached, _EACH),
        key=lambda state: last.reached[state[0]][state[1]] + last.below.cost(state[0], 0),
    )
    for node in reversed(nodes):
        before, above, came = node.came[after, way]
        node.chosen = before, after
        after, way = above, came


def _backward(nodes: list[_Node]) -> None:
    """Find, for each row, the least cost of everything from it on."""
    ahead = _END
    for node in reversed(nodes):
        onward = {
            after: [
                min(costs[way] + node.below.cost(after, before) for before, costs in ahead.items())
                for way in _EACH
            ]
            for after in node.reached
        }
        for before in node.entered:
            best = [INFINITE] * len(WAYS)
            for after, costs in onward.items():
                own = node.cost(before, after)
                best = [min(best[way], costs[way] + own[way]) for way in _EACH]
            node.ahead[before], _ = _settle(best)
        ahead = node.ahead


def _take(nodes: list[_Node], assignments: list[Assignment]) -> None:
    """Read the names, the words left over and the doubts off the cheapest assignment."""
    for node in nodes:
        before, after = node.chosen
        parts = node.parts(before, after)
        used = node.above.words[len(node.above.words) - before :] + node.below.words[:after]
        text = join(parts)
        if not parts and node.row.spare:
            text, used = node.row.spare.text, [node.index]
        assignments[node.table].names[node.index] = Name(text, tuple(used))
    above: _Node | None = None
    for below in (*nodes, None):
        gap = below.above if below else nodes[-1].below
        if gap.words:
            _look_at(gap, above, below, assignments)
        above = below


def _look_at(
    gap: Gap, above: _Node | None, below: _Node | None, assignments: list[Assignment]
) -> None:
    """Note the words of a gap that no name takes, and those that might go elsewhere."""
    taken = above.chosen[1] if above else 0, below.chosen[0] if below else 0
    other = _second_best(gap, above, below, taken)
    for place, words in enumerate(gap.texts):
        upper = place < (len(gap.words) if gap.walled is None else gap.walled)
        home = above if (upper and above) or not below else below
        assert home
        owner = _owner(gap, place, taken, above, below)
        if owner is None and not words.level:
            assignments[home.table].unplaced.append(gap.words[place])
        then = _owner(gap, place, other, above, below) if other else owner
        if then is not owner:
            names = [
                assignments[node.table].names[node.index].text if node else ""
                for node in (owner, then)
            ]
            assignments[home.table].doubts.append(Doubt(words.line, words.text, *names))


def _owner(
    gap: Gap, place: int, choice: tuple[int, int], above: _Node | None, below: _Node | None
) -> _Node | None:
    """The row that the words at a place go to."""
    if place < choice[0]:
        return above
    return below if place >= len(gap.words) - choice[1] else None


def _second_best(
    gap: Gap, above: _Node | None, below: _Node | None, taken: tuple[int, int]
) -> tuple[int, int] | None:
    """Another division of a gap between its rows that costs hardly more; None if there is none."""
    reached = above.reached if above else _START
    ahead = below.ahead if below else _END
    costs = {
        choice: gap.cost(*choice)
        + min(reached[choice[0]][way] + ahead[choice[1]][way] for way in _EACH)
        for choice in product(reached, ahead)
    }
    least = costs.pop(taken)
    other = min(costs, key=costs.__getitem__, default=None)
    return other if other and costs[other] - least < _DOUBT else None
