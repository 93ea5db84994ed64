"""What it costs to read lines as one name: the ways in which a program sets a wrapped cell.

The numbers were chosen on generated tables, so that names set in any one way, with any use of blank
lines, come back whole, and mixed ways as often as possible. Only their proportions matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from perfeval.sources.disclosure.items import Item, Mark, Row, Words
from perfeval.sources.disclosure.lines import Line, join, width

WAYS = {"centred": 0.0, "bottom": 0.2, "top": 0.2, "before": 0.5, "after": 0.5}
"""The ways, and what each costs where nothing is known yet.

Wrapped names lie around their row (cells are centred), end or begin on it, or all their lines stand
above or below it.
"""

CHANGE = 2.0  # another way than for the name before

_MOST = 6  # lines of a name above, and below, its row
_NAMELESS = 10.0
_UNPLACED = 6.0
_SPARE = 2.0  # a level heading taken as the name
_LEVEL_IN_NAME = 1.5  # a level word without its ending taken as part of a name
_ASTRIDE = 6.0  # a heading on a line of its own inside a name
_ASTRIDE_REPEATED = 1.0  # ... that only a page break repeats
_BESIDE = 1.0  # a heading that leads a line inside a name
_BLANK = 1.5  # a blank line inside a name
_NEW_PAGE = 0.5  # a page break inside a name
_NO_BLANK = 2.5  # no blank line between two rows
_UNLIKE = 3.0  # each line that lies otherwise than the way has it
_OWN = 0.7  # a row that has words of its own, and takes more
_SHORT, _FILLED = 2.5, 0.95  # a line that goes on although it does not fill its column
_UNBALANCED = 4.0
_PUNCTUATED = 4.0
_SENTENCE = 2.0
_LONG, _LONGEST = 3.0, 120

_PAIRS = {"（": "）", "《": "》", "〈": "〉", "“": "”", "‘": "’", "「": "」", "[": "]", "【": "】"}
_UNIFIED = str.maketrans("()［］", "（）[]")
_NOT_FIRST = "）》〉”’」]】、，。；：,;%％率的者们与或"
_NOT_LAST = "（《〈“‘「[【、，—的和与及或在按将"
_NOTE = re.compile(r"(?:备?注|说明|填表说明|资料来源|编制说明)\s*[:：\d]|[※*★]")

INFINITE = float("inf")


@dataclass(slots=True)
class Gap:
    """The words between two rows: their indices, and the cost of what lies between neighbours.

    `joins[i]` is the cost of a name that reaches across the place before words i (the last: after
    the last words), `parts[i]` that of two rows that meet there. The end of a table is a wall that
    no name reaches across: `walled` counts the words before it.
    """

    words: list[int] = field(default_factory=list)
    texts: list[Words] = field(default_factory=list)
    joins: list[float] = field(default_factory=list)
    parts: list[float] = field(default_factory=list)
    walled: int | None = None
    _left: list[float] = field(default_factory=list)

    @property
    def most_above(self) -> int:
        """How many of the words the row above can take."""
        count = len(self.words) if self.walled is None else self.walled
        return _up_to_note(self.texts[: min(count, _MOST)])

    @property
    def most_below(self) -> int:
        """How many of the words the row below can take."""
        count = min(len(self.words) - (self.walled or 0), _MOST)
        return _up_to_note(self.texts[len(self.texts) - count :][::-1])

    def cost(self, above: int, below: int) -> float:
        """The cost of `above` words going to the row above and `below` to the row below."""
        count = len(self.words)
        if not count:
            return self.parts[0] if self.parts and self.walled is None else 0.0
        if above + below > count:
            return INFINITE
        cost = sum(self.joins[:above])
        if below:
            cost += sum(self.joins[count - below + 1 :])
        if above + below < count:
            cost += self._cost_left(above, count - below)
        elif self.walled is None:
            cost += self.parts[above]
        taken = self.texts[:above] + self.texts[count - below :] if above or below else []
        return cost + _LEVEL_IN_NAME * sum(words.level for words in taken)

    def _cost_left(self, start: int, end: int) -> float:
        if not self._left:
            costs = (0.0 if words.level else _UNPLACED for words in self.texts)
            self._left = list(accumulate(costs, initial=0.0))
        return self._left[end] - self._left[start]


def _up_to_note(texts: list[Words]) -> int:
    """How many texts come before one that is a note below the table, not a part of a name."""
    notes = (place for place, words in enumerate(texts) if _NOTE.match(words.text))
    return next(notes, len(texts))


def gaps(items: list[Item]) -> tuple[list[int], list[Gap]]:
    """The indices of a table's rows, and the gaps before, between and after them."""
    rows: list[int] = []
    found = [Gap()]
    before: Line | None = None
    across = 0.0
    for index, item in enumerate(items):
        if isinstance(item, Mark):
            repeated = _ASTRIDE_REPEATED if item.repeated else _ASTRIDE
            across += repeated if item.alone else _BESIDE
            continue
        line, gap = item.line, found[-1]
        if before is None:
            gap.joins.append(0.0)
            gap.parts.append(0.0)
        else:
            apart = _NEW_PAGE if line.page else _BLANK if line.gap else 0.0
            gap.joins.append(across + apart)
            gap.parts.append(0.0 if across or apart else _NO_BLANK)
        across = 0.0
        if isinstance(item, Row):
            rows.append(index)
            found.append(Gap())
            before = line
        else:
            gap.words.append(index)
            gap.texts.append(item)
            before = item.last
    found[-1].joins.append(0.0)
    found[-1].parts.append(0.0)
    return rows, found


def walled(above: Gap | None, below: Gap | None) -> Gap:
    """The gap between the last row of a table and the first row of the next."""
    above, below = above or Gap(), below or Gap()
    count = len(above.words)
    return Gap(
        above.words + below.words,
        above.texts + below.texts,
        above.joins[:count] + (below.joins or [0.0]),
        above.parts[:count] + (below.parts or [0.0]),
        count,
    )


def widest(items: Iterable[Item]) -> int:
    """The columns of the widest line of a name: about what the names' column holds."""
    texts = (
        item.own if isinstance(item, Row) else item.text
        for item in items
        if not isinstance(item, Mark)
    )
    return max((width(text) for text in texts if len(text) <= _LONGEST), default=0)


def cost_of_name(parts: list[str], row: Row, column: int) -> float:
    """What speaks against `parts` being the lines of the row's name, whatever the way of setting.

    `column` is the width of the names' column.
    """
    if not parts:
        return _SPARE if row.spare else _NAMELESS
    filled = (width(part) / max(column, 1) for part in parts[:-1])
    cost = sum(_SHORT * max(0.0, _FILLED - share) for share in filled)
    if row.own and len(parts) > 1:
        cost += _OWN
    return cost + cost_of_text(join(parts))


def cost_of_text(text: str) -> float:
    """What speaks against `text` being a whole name.

    >>> cost_of_text("招聘活动（含网络招聘）"), cost_of_text("招聘活动（含网络")
    (0.0, 4.0)
    """
    cost = _PUNCTUATED * (text[0] in _NOT_FIRST) + _PUNCTUATED * (text[-1] in _NOT_LAST)
    if "。" in text or "；" in text:
        cost += _SENTENCE
    if len(text) > _LONGEST:
        cost += _LONG
    unified = text.translate(_UNIFIED)
    open_pairs = sum(
        unified.count(opening) != unified.count(closing) for opening, closing in _PAIRS.items()
    )
    return cost + _UNBALANCED * open_pairs


def cost_of_shape(before: int, own: bool, after: int) -> list[float]:
    """How unlike each of the `WAYS` it is to have so many lines above and below the row."""
    if not before and not after:
        return [0.0] * len(WAYS)
    return [
        _UNLIKE * abs(before - after),
        _UNLIKE * (after + (not own)),
        _UNLIKE * (before + (not own)),
        _UNLIKE * (after + own),
        _UNLIKE * (before + own),
    ]
