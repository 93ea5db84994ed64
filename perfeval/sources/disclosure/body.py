"""The lower half of a table, where the indicators are: lines become names, rows and levels.

Merged level cells are printed once, alone on a line or leading one, whole or in pieces above,
beside and below their rows; a page break prints them again. They are taken off the lines first;
what is left of a line is a row (it ends in operator, value, unit, weight) or a part of a name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from perfeval.sources.disclosure import levels
from perfeval.sources.disclosure.items import Item, Mark, Row, Words
from perfeval.sources.disclosure.lines import Line, is_number
from perfeval.sources.disclosure.rows import NO_WEIGHT, Tail, read_open_tail, read_tail

_REACH = 8  # lines over which the pieces of one wrapped level cell may lie apart
_MOST_MARKS = 2  # level cells that may lead one line


@dataclass(slots=True)
class _Parsed:
    """A line with its row end; `taken` of the words before that have been taken as levels."""

    line: Line
    tail: Tail | None
    words: list[str] = field(default_factory=list)
    taken: int = 0

    @property
    def next(self) -> str:
        """The first word that is left, "" if none is."""
        return self.words[self.taken] if self.taken < len(self.words) else ""

    @property
    def left(self) -> int:
        return len(self.words) - self.taken


@dataclass(frozen=True, slots=True)
class _Level:
    """A level word, the lines below with its other parts, and if a level 1 stands between them."""

    word: str
    pieces: tuple[_Parsed, ...] = ()
    across: bool = False


def read_body(lines: list[Line]) -> list[Item]:
    """The level headings, names and rows of a table's lower half, in the order of the text."""
    parsed: list[_Parsed] = []
    for line in lines:
        if parsed and not line.gap and _ends_row(parsed[-1], line):
            continue
        if is_number(line.text):
            continue  # of a page
        parsed.append(_parse(line))
    return _Reader(parsed).items


def _parse(line: Line) -> _Parsed:
    tail = read_tail(line.text) or read_open_tail(line.text)
    own = line.text[: tail.start] if tail else line.text
    return _Parsed(line, tail, own.split())


def _ends_row(above: _Parsed, line: Line) -> bool:
    """Give the row above the weight, with or without a unit, that has slipped to a line below."""
    if not above.tail or above.tail.problem != NO_WEIGHT or len(line.text.split()) > 2:
        return False
    whole = _parse(replace(above.line, text=f"{above.line.text} {line.text}"))
    if whole.tail is None or whole.tail.problem or whole.words != above.words:
        return False
    above.tail = whole.tail
    return True


class _Reader:
    """One pass over the lines that keeps the levels that hold, to tell headings from names."""

    def __init__(self, lines: list[_Parsed]) -> None:
        self.items: list[Item] = []
        self._lines = lines
        self._level1 = self._level2 = ""
        self._wanted = False  # a level-1 heading has come, its level 2 has not
        self._page = False  # a page break has come since the last row or level 2
        self._ahead: Mark | None = None  # a level 2 whose level 1 is printed between its parts
        words = [word for line in lines for word in line.words[:3]]
        self._suffixed1 = any(levels.is_level(word) and levels.is_level1(word) for word in words)
        self._families = {
            levels.family(word)
            for word in words
            if levels.is_level(word) and not levels.is_level1(word)
        }
        for index, line in enumerate(lines):
            self._page = self._page or line.line.page
            self._read(index, line)

    def _read(self, index: int, line: _Parsed) -> None:
        spare: Mark | None = None
        marks = 0
        while marks < _MOST_MARKS and line.next:
            last = bool(line.tail) and line.left == 1
            found = self._level_at(index, line, marks, last)
            if not found:
                break
            level = self._level_of(index, line, found.word, marks)
            if last and self._says_again(found.word, level, marks):
                break
            line.taken += 1
            for piece in found.pieces:
                piece.taken += 1
            alone = not line.left and not line.tail
            mark = Mark(level, found.word, alone, line.line, self._repeats(level, found.word))
            if last:
                spare = mark
            marks = _MOST_MARKS if level == 2 else marks + 1
            if level == 2 and found.across:
                self._ahead = mark
                continue
            self._set(mark)
            if level == 1 and self._ahead:
                self._set(replace(self._ahead, alone=False, line=line.line))
                self._ahead, marks = None, _MOST_MARKS
        self._rest(index, line, spare)

    def _rest(self, index: int, line: _Parsed, spare: Mark | None) -> None:
        """What is left of a line once the levels are off it."""
        text = " ".join(line.words[line.taken :])
        if line.tail:
            self.items.append(Row(text, line.tail, line.line, spare))
            self._page = False
            return
        if not text:
            return
        last = line
        level = (
            line.left == 1
            and line.taken == 0
            and self._may_be_level2(text)
            and self._row_follows(index)
        )
        if line.left == 1 and not level and self._wanted and line.taken == 0:
            word, pieces = self._bare_pieces(index, text)
            if word:
                text, level, last = word, True, pieces[-1]
                for piece in pieces:
                    piece.taken += 1
        self.items.append(Words(text, line.line, last.line, level))
        if level:
            self._level2, self._wanted = text, False

    def _row_follows(self, index: int) -> bool:
        """Whether a row comes below before another heading, so that one here has a row to head."""
        for line in self._lines[index + 1 : index + 1 + _REACH]:
            if levels.is_level(line.next):
                return False
            if line.tail:
                return True
        return False

    def _level_at(self, index: int, line: _Parsed, marks: int, last: bool) -> _Level | None:
        """The level that the next word of a line is or begins, if any.

        `last` says that the word is all that a row has for a name.
        """
        word = line.next
        if levels.is_level(word):
            return _Level(word)
        if last:
            return None
        broken = self._pieces(index, word) or self._unknown_pieces(index, word)
        if broken:
            return broken
        if levels.is_unknown_level(word):
            return _Level(word) if self._wanted or line.left > 1 else None
        return (
            _Level(word) if levels.is_bare(word) and self._bare_holds(line, word, marks) else None
        )

    def _bare_holds(self, line: _Parsed, word: str, marks: int) -> bool:
        """Whether a level word without its ending is a cell here, not a part of a name."""
        if levels.is_level1(word) and not self._suffixed1 and marks == 0:
            following = line.words[line.taken + 1] if line.left > 1 else ""
            if not following or levels.is_level2(following):
                return not (levels.is_level2(word) and self._wanted)
        return (line.left > 1 or marks > 0) and self._may_be_level2(word)

    def _may_be_level2(self, word: str) -> bool:
        """Whether a word without 指标 can be the level-2 cell at this place."""
        if levels.is_unknown_level(word):
            return True
        if not levels.is_bare(word) or not levels.is_level2(word):
            return False
        if not levels.belongs(word, self._level1):
            return False
        # A line of a name may well be 数量 or 满意度, but hardly 社会效益 and nothing else.
        again = levels.stem(self._level2) == levels.stem(word) and not self._page
        long = levels.family(word) == "效益" and not again
        return self._wanted or long or levels.family(word) not in self._families

    def _pieces(self, index: int, word: str) -> _Level | None:
        """The level with its ending that `word` begins, put together from the lines below.

        Of names and rows that stand between the parts, or beside them, nothing is taken.
        """
        spelled, used, across = word, list[_Parsed](), False
        if not levels.begins_level(word):
            return None
        for line in self._lines[index + 1 : index + 1 + _REACH]:
            piece = line.next
            if not piece:
                continue
            whole, heading = spelled + piece, levels.is_level(piece)
            if levels.is_level(whole) and (self._wanted or not heading):
                return _Level(whole, (*used, line), across)
            if heading:
                if across or not levels.is_level1(piece):
                    break
                across = True
            elif levels.begins_level(whole) and not (line.tail and line.left == 1):
                spelled = whole
                used.append(line)
        return None

    def _unknown_pieces(self, index: int, word: str) -> _Level | None:
        """A level-2 word that is not known, broken before or inside its ending."""
        here, below = self._lines[index], self._lines[index + 1 : index + 2]
        alone = here.left == 1 and not here.tail
        if not (self._wanted and alone and below and below[0].left == 1 and not below[0].tail):
            return None
        whole = word + below[0].next
        fits = levels.is_unknown_level(whole) and len(below[0].next) <= len(levels.SUFFIX) + 2
        return _Level(whole, tuple(below)) if fits else None

    def _bare_pieces(self, index: int, word: str) -> tuple[str, list[_Parsed]]:
        """A wrapped level-2 word without its ending, on lines of its own below one another."""
        spelled, used = word, list[_Parsed]()
        for line in self._lines[index + 1 : index + 1 + _REACH]:
            if line.left != 1 or line.tail:
                break
            spelled += line.next
            used.append(line)
            if levels.is_bare(spelled) and levels.belongs(spelled, self._level1):
                return spelled, used
            if not levels.begins_level(spelled):
                break
        return "", []

    def _level_of(self, index: int, line: _Parsed, word: str, marks: int) -> int:
        """1 or 2: which column a heading fills that could fill either."""
        if not levels.is_level1(word):
            return 2
        if not levels.is_level2(word):
            return 1
        if marks:
            return 2
        above, core = levels.stem(self._level1), levels.stem(word)
        if above == core:
            return 2 if self._wanted and not self._page else 1
        if core != "成本" or above != "产出":
            return 1
        below = self._lines[index + 1].next if index + 1 < len(self._lines) else ""
        following = line.words[line.taken + 1] if line.left > 1 else below
        return 1 if levels.family(following) == "成本" else 2

    def _says_again(self, word: str, level: int, marks: int) -> bool:
        """Whether a level word that is all a row has for a name has been said as a level already.

        It then is the name: 服务对象满意度指标 is also what some call their indicator.
        """
        same = levels.stem(word) == levels.stem(self._level2)
        return level == 2 and same and not self._wanted and not self._page and not marks

    def _repeats(self, level: int, word: str) -> bool:
        now = self._level1 if level == 1 else self._level2
        return self._page and levels.stem(now) == levels.stem(word)

    def _set(self, mark: Mark) -> None:
        self.items.append(mark)
        if mark.level == 1:
            # A new page repeats the heading; what stood under it before goes on.
            if levels.stem(mark.text) != levels.stem(self._level1):
                self._level2, self._wanted = "", True
            self._level1 = mark.text
        else:
            self._level2, self._wanted = mark.text, False
            self._page = False
            if levels.has_suffix(mark.text):
                self._families.add(levels.family(mark.text))
