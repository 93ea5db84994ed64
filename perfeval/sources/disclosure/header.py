"""The upper half of a table: who, which project, how much money, and the narrative texts.

Contact persons and telephone numbers are left out here, before anything else sees them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from perfeval.sources.disclosure import contacts, form, levels
from perfeval.sources.disclosure.lines import Line, join
from perfeval.sources.disclosure.rows import NO_OPERATOR, read_tail

_TOTAL_ROW = re.compile(r"(?:合计|总计|总分|小计)\s*[:：]?\s*\d+(?:\.\d+)?\s*分?$")
_CODE_LIKE = re.compile(r"[\w.\-]+", re.ASCII)
_MOST_LABEL_LINES = 10

# Four characters are rather a label that is not known than a name; a sum has a point.
_LIKE_LABEL = re.compile(r"[\u4e00-\u9fff]{4}|[\d,，]+\.\d+$")
# What the name of a public body ends with.
_ORGANISATION = re.compile(r"(?:局|委|办|部|厅|院|所|站|校|处|会|中心|馆|队|政府|[)）])$")
_MOST_CONTACTS = 100
_LONGEST_CONTACT = 20
_LONGEST_AMOUNT = 24
_DATE = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$")
_NO_NAME = re.compile(rf"{_DATE.pattern}|[:：。]|^名词解释")
_LIKE_CONTACT = re.compile(r"[\u4e00-\u9fff·]{2,4}|[\d\-－—\s/、()（）]{5,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a cell's text, with the blanks it had at its ends, and its line number."""

    text: str
    line: int


@dataclass(slots=True)
class Header:
    """The cells of a table's upper half, by field (see `form`), and what lies outside them.

    `units` holds the unit that stands in an amount's label; `body` the lines of the lower half;
    `remarks` what comes after it; `loose` what stands before the first label. `contacts` holds the
    words of the contact cells, so that no message repeats them; `withheld` the numbers of the lines
    that went with them although they may be something else; `early` that of a narrative text that
    begins above its label.
    """

    cells: dict[str, list[Piece]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    body: list[Line] = field(default_factory=list)
    remarks: list[Piece] = field(default_factory=list)
    loose: list[Piece] = field(default_factory=list)
    contacts: set[str] = field(default_factory=set)
    withheld: list[int] = field(default_factory=list)
    early: int | None = None

    def text(self, name: str) -> str:
        """The whole text of a cell; "" for one that is blank or missing."""
        return join(piece.text for piece in self.cells.get(name, ()))

    def line(self, name: str) -> int | None:
        """Where the cell's text begins."""
        pieces = self.cells.get(name)
        return pieces[0].line if pieces else None

    def scrub(self, text: str) -> str:
        """`text` without the words of the contact cells and without telephone numbers."""
        if len(self.contacts) > _MOST_CONTACTS:
            return "…"
        for word in sorted(self.contacts, key=lambda word: (-len(word), word)):
            text = text.replace(word, "…")
        return contacts.without(text, "…")

    def go_on(self, header: Header) -> None:
        """Take in what stands below the header that a new page repeats."""
        if header.body:
            self.body += [replace(header.body[0], gap=True, page=True), *header.body[1:]]
        self.remarks += header.remarks
        self.loose += header.loose
        self.withheld += header.withheld
        self.contacts |= header.contacts

    @property
    def continues(self) -> bool:
        """Whether there is nothing but what a new page repeats of a table."""
        return not any(name in self.cells for name in form.NARRATIVE)


def read_header(table: form.Table) -> Header:
    """Read the cells of a table down to its indicators, and set the rest of its lines apart."""
    header = Header()
    rest = _Cells(table, header).read()
    _split_body(rest, header)
    for name in (*form.NARRATIVE, "type", "name", "department"):
        pieces = header.cells.get(name)
        if pieces:
            text = contacts.without(header.text(name))
            header.cells[name] = [Piece(text, pieces[0].line)]
    return header


class _Cells:
    """One pass over the upper half of a table."""

    def __init__(self, table: form.Table, header: Header) -> None:
        self._lines = table.lines
        self._header = header
        self._current = ""
        self._narrative = False
        self._contact_waits = False  # a contact label has come without its value
        self._below_code: list[Piece] = []  # text between the department's row and the next label
        self._early: list[Piece] = []  # text below the amounts, above any narrative's label

    def read(self) -> list[Line]:
        """Fill the header; returns the lines of the lower half."""
        index = 0
        while index < len(self._lines) and not self._ends_at(self._lines[index].text):
            used = self._broken_label(index)
            if not used:
                self._line(self._lines[index])
            index += used or 1
        self._header.loose += self._early
        return self._lines[index:]

    def _ends_at(self, text: str) -> bool:
        return (
            form.is_column_heading(text)
            or form.begins_indicators(text)
            or self._begins_levels(text)
        )

    def _begins_levels(self, text: str) -> bool:
        """Whether the indicators begin without any heading."""
        words = text.split()
        return (
            self._current in form.NARRATIVE
            and levels.is_level(words[0])
            and levels.is_level1(words[0])
            and (len(words) == 1 or levels.is_level(words[1]))
        )

    def _broken_label(self, index: int) -> int:
        """How many lines a label takes that is broken over lines, each perhaps with text beside."""
        if self._lines[index].text.split(None, 1)[0] not in form.LABEL_BEGINNINGS:
            return 0
        words = [
            line.text.split(None, 1) for line in self._lines[index : index + _MOST_LABEL_LINES]
        ]
        spelled = ""
        for count, parts in enumerate(words, 1):
            spelled += parts[0]
            match = form.LABEL.match(spelled)
            if count > 1 and match and match.end() == len(spelled):
                name = self._field(match)
                if not name:
                    return 0
                self._open(name, match)
                for number, beside in enumerate(words[:count]):
                    if len(beside) > 1:
                        self._add(beside[1], self._lines[index + number].number)
                return count
            if spelled not in form.LABEL_BEGINNINGS:
                break
        return 0

    def _field(self, match: re.Match[str]) -> str:
        """The cell that a label opens here; "" where it is but a word of the text."""
        name = form.field_of(match)
        if name == "contact":
            return name
        if name in self._header.cells or name in ("remarks", "indicators"):
            return ""
        if self._narrative and name not in form.NARRATIVE:
            rest = match.string[match.end() :].strip()
            return name if name in form.AMOUNTS and (not rest or rest[0].isdigit()) else ""
        return name

    def _labels(self, text: str) -> Iterator[tuple[re.Match[str], str]]:
        for match in form.labels(text):
            inside = match.start() > 0
            name = self._field(match)
            if not name:
                continue
            if self._narrative and inside and not (name == "contact" and match[0][-1:] in ":："):
                continue
            yield match, name
            if name in form.NARRATIVE:
                self._narrative = True

    def _line(self, line: Line) -> None:
        text = line.raw
        if not self._narrative and self._is_beside_contact(text):
            # Here a person's name may follow its label without a blank.
            text = form.CONTACT.sub(lambda match: f"{match[0]} ", text)
        start = 0
        found = False
        before = self._current
        for match, name in self._labels(text.lstrip()):
            offset = len(text) - len(text.lstrip())
            between = text[start : match.start() + offset]
            if name == "contact" and self._current == "contact" and not between.strip():
                self._withhold_above(line.number)
            self._add(between, line.number)
            self._open(name, match)
            if name == "name":
                self._look_above()
            start, found = match.end() + offset, True
        if not found and self._contact_waits and self._narrative:
            self._contact_waits = False
            if _LIKE_CONTACT.fullmatch(line.text):
                self._header.contacts.update(_long_words(line.text))
                return
        self._add(text[start:], line.number)
        if self._current == "contact" and self._narrative:
            self._contact_waits = not text[start:].strip()
            self._current = before

    def _look_above(self) -> None:
        """Decide whose the text is between the department's row and the project name's label.

        It is the rest of the department's name, unless that is complete: then it is the upper part
        of a project name that is set around its label, and told.
        """
        header = self._header
        above = [piece for piece in self._below_code if piece in header.cells.get("department", [])]
        kept = [piece for piece in header.cells.get("department", []) if piece not in above]
        complete = bool(kept) and bool(_ORGANISATION.search(kept[-1].text.strip()))
        if above and complete:
            header.early = above[0].line
            header.cells["department"] = kept
            header.cells["name"] = above + header.cells["name"]

    def _withhold_above(self, number: int) -> None:
        """Take away what a blank contact cell may have on the line above its label."""
        for name in ("name", "type", "department", "code"):
            pieces = self._header.cells.get(name, [])
            last = pieces[-1] if pieces else None
            if last is None or len(pieces) < 2 or last.line >= number:
                continue
            words = last.text.strip("、，, \u3000").split()
            short = all(_LIKE_CONTACT.fullmatch(word) for word in words)
            if short or _is_number_of_person(last.text):
                pieces.pop()
                self._header.contacts.update(_long_words(last.text))
                self._header.contacts.update(words)
                self._header.withheld.append(last.line)

    def _is_beside_contact(self, text: str) -> bool:
        return self._current in ("type", "contact") or any(
            match["type"] for match in form.labels(text)
        )

    def _open(self, name: str, match: re.Match[str]) -> None:
        self._current = name
        if name in form.NARRATIVE:
            self._narrative = True
        if name == "contact":
            return
        if name in form.NARRATIVE and self._early:
            self._header.early = self._early[0].line
            self._header.cells[name], self._early = self._early, []
        self._header.cells.setdefault(name, [])
        if match["unit"]:
            self._header.units[name] = "万元" if "万" in match["unit"] else "元"

    def _add(self, text: str, number: int) -> None:
        """Add text to the cell that is open."""
        if not text.strip():
            return
        header, current = self._header, self._current
        if current == "contact":
            header.contacts.update(_long_words(text))
            words = text.split()
            long = len(text.strip()) > _LONGEST_CONTACT or len(words) > 2 or "万元" in text
            if long or any(_LIKE_LABEL.match(word) for word in words):
                header.withheld.append(number)
        elif current in form.AMOUNTS and len(text.strip()) > _LONGEST_AMOUNT:
            self._early.append(Piece(text, number))
        elif not current:
            header.loose.append(Piece(text, number))
        elif current == "code" and header.cells["code"]:
            # Of a line below, what is no code is the rest of the department's name beside it.
            for word in text.split():
                owner = "code" if _CODE_LIKE.fullmatch(word) else "department"
                piece = Piece(word, number)
                header.cells.setdefault(owner, []).append(piece)
                if owner == "department":
                    self._below_code.append(piece)
        else:
            header.cells[current].append(Piece(text, number))


def _long_words(text: str) -> set[str]:
    return {word for word in (text.strip(), *text.split()) if len(word) > 1}


def _split_body(lines: list[Line], header: Header) -> None:
    """Set apart the indicators' lines, without headings, from the remarks below them."""
    page = heading = waits = False
    for index, line in enumerate(lines):
        match = form.LABEL.match(line.text)
        if match and match["remarks"]:
            rest = [replace(line, text=line.text[match.end() :].strip()), *lines[index + 1 :]]
            for remark in rest:
                text, _ = _without_signature(remark.text, remark.number, header)
                if _is_number_of_person(text):
                    header.contacts.update(_long_words(text))
                    header.withheld.append(remark.number)
                elif text:
                    header.remarks.append(Piece(text, remark.number))
            _split_end(header)
            return
        text = line.text
        if match and match["indicators"]:
            text = text[match.end() :].strip()
            page = page or not text
            if not text:
                continue
        if form.is_column_heading(text) or (heading and _rest_of_heading(text)):
            page = heading = True
            continue
        heading = False
        if waits and _LIKE_CONTACT.fullmatch(text):
            header.contacts.update(_long_words(text))
            waits = False
            continue
        text, waits = _without_signature(text, line.number, header)
        if _is_number_of_person(text):
            header.contacts.update(_long_words(text))
            header.withheld.append(line.number)
            continue
        if not text or _TOTAL_ROW.match(text):
            continue
        kept = replace(line, text=text)
        header.body.append(replace(kept, gap=True, page=True) if page and header.body else kept)
        page = False
    _split_end(header)


def _split_end(header: Header) -> None:
    """Set apart what stands below the last row and cannot be a part of its name."""
    body = header.body
    last = max((place for place, line in enumerate(body) if read_tail(line.text)), default=-1)
    if last < 0:
        return
    for place in range(last + 1, len(body)):
        if not _NO_NAME.search(body[place].text):
            continue
        # Above a date stands who signs.
        signs = _DATE.search(body[place].text) and place - 1 > last
        first = place - 1 if signs else place
        header.remarks = [Piece(line.text, line.number) for line in body[first:]] + header.remarks
        del body[first:]
        return


def _is_number_of_person(text: str) -> bool:
    """Whether a line holds a telephone number and is no row."""
    if not contacts.PHONE.search(text) and not contacts.LANDLINE.search(text):
        return False
    tail = read_tail(text)
    return tail is None or tail.problem == NO_OPERATOR


def _rest_of_heading(text: str) -> bool:
    return form.is_heading_piece(text) and not levels.is_level(text.split()[0])


def _without_signature(text: str, number: int, header: Header) -> tuple[str, bool]:
    """`text` up to where it names a person or telephone number, and whether that is to follow."""
    signed = contacts.LED.search(text)
    contact = next((match for match in form.labels(text) if match["contact"]), None)
    if read_tail(text):
        contact = None  # an indicator of that name
        signed = signed if signed and signed[0].rstrip()[-1] in ":：" else None
    found = [match for match in (signed, contact) if match]
    if not found:
        return text, False
    first = min(found, key=lambda match: match.start())
    cut = text[first.end() :]
    header.contacts.update(_long_words(cut))
    if first[0].rstrip()[-1:] not in (":", "：") and cut.strip():
        header.withheld.append(number)
    return text[: first.start()].strip(), not cut.strip()
