"""Findings with what they are about: the row of the table, and what of it they concern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from perfeval.messages import N_, render
from perfeval.reports.findings import message, place, severity
from perfeval.reports.terminal.attention import SEVERITY_STYLES
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.text import clean, shorten, width, wrap
from perfeval.reports.values import decimal
from perfeval.tables import SEVERITIES

INDENT = 2
GAP = 2
LEAST_NAME = 8
LONGEST_VALUE = 40
"""Cells of a value that is still shown in bold: a sentence in bold is no mark."""
LONGEST_MESSAGE = 400

Row = Mapping[str, Any]


def counted(counts: Mapping[str, int], lang: str) -> list[tuple[str, str]]:
    """How many findings of which severity, worst first, each with its style."""
    return [
        (f"{severity(name, lang)} {counts[name]}", SEVERITY_STYLES[name])
        for name in SEVERITIES
        if counts.get(name)
    ]


def heading(name: str, code: str, counts: Mapping[str, int], look: Look) -> Line:
    """Whose findings follow, and how many there are."""
    total = counted(counts, look.lang)
    cells = sum(width(text) for text, _ in total) + 3 * (len(total) - 1)
    code = shorten(clean(code), 24)
    room = look.width - cells - width(code) - 2 * GAP
    name = shorten(clean(name), room)
    line: Line = [(name, "bold"), (f"  {code}" if code else "", "dim")]
    line.append((" " * (look.width - cells - sum(width(text) for text, _ in line)), ""))
    for number, (text, style) in enumerate(total):
        line += [(" · " if number else "", "dim"), (text, style)]
    return line


def block(found: Sequence[Row], target: Row | None, look: Look) -> Iterator[Line]:
    """Findings at one place: the place, the row of the table if there is one, then each of them.

    The place is their cell; where these are several of a row, the row, and each tells its own.
    """
    several = len({each["cell"] for each in found}) > 1
    shared = {**found[0], "cell": None} if several else found[0]
    where = shorten(clean(place(shared)), look.width - INDENT)
    row, carets = _quoted(found, target, look)
    room = look.width - sum(width(text) for text, _ in row) - width(where)
    if where and row and room >= GAP:
        yield [*row, (" " * room, ""), (where, "dim")]
    else:
        yield from [[(" " * INDENT, ""), (where, "dim")]] if where else []
        yield from [row] if row else []
    yield from carets
    for each in found:
        yield from finding(each, look, (each["cell"] or "") if several else "")


def finding(row: Row, look: Look, cell: str = "") -> Iterator[Line]:
    """Severity, code, perhaps the cell, and message, the values in the message marked."""
    style = SEVERITY_STYLES[row["severity"]]
    head = f"{' ' * 2 * INDENT}{severity(row['severity'], look.lang)} {row['code']}  "
    head += f"{cell}  " if cell else ""
    parts = [(clean(text), bool(name)) for text, name in message(row, look.lang)]
    said = shorten("".join(text for text, _ in parts), LONGEST_MESSAGE)
    marks = list(_marks(parts))
    position = 0
    for number, text in enumerate(wrap(said, look.width - width(head))):
        position = said.find(text, position)
        lead = (head, style) if number == 0 else (" " * width(head), "")
        yield [lead, *_marked(text, position, marks)]
        position += len(text)


def _marks(parts: Iterable[tuple[str, bool]]) -> Iterator[range]:
    """Where in the message its values stand."""
    position = 0
    for text, is_value in parts:
        if is_value and width(text) <= LONGEST_VALUE:
            yield range(position, position + len(text))
        position += len(text)


def _marked(text: str, start: int, marks: Iterable[range]) -> Line:
    """A line of a message that begins at `start` of it."""
    line: Line = []
    done = 0
    for mark in marks:
        low, high = (min(max(end - start, done), len(text)) for end in (mark.start, mark.stop))
        line += [(text[done:low], ""), (text[low:high], "bold")]
        done = high
    return [*line, (text[done:], "")]


def _quoted(found: Sequence[Row], target: Row | None, look: Look) -> tuple[Line, list[Line]]:
    """The row of the table that findings are about, and below it a line of carets.

    What they concern is marked by colour, or by the carets where there is none.
    """
    if target is None:
        name = shorten(clean(found[0]["indicator"] or ""), look.width - INDENT)
        return [(" " * INDENT, ""), (name, "bold")] if name else [], []
    cells = _cells(target, look)
    named = {name for name, _, _ in cells}
    concerned: dict[str, str] = {}
    for each in sorted(found, key=lambda row: -SEVERITIES.index(row["severity"])):
        about = each["about"] if each["about"] in named else _HOME.get(each["about"], "")
        concerned[about] = SEVERITY_STYLES[each["severity"]]
    row: Line = [(" " * INDENT, "")]
    carets = " " * INDENT
    for name, text, gap in cells:
        style = f"bold {concerned[name]}" if name in concerned else ""
        row += [(" " * gap, ""), (text, style)]
        sign = "^" if name in concerned and name != "indicator" else " "
        carets += " " * gap + sign * width(text)
    return row, [[(carets.rstrip(), "")]] if carets.strip() and not look.colour else []


_HOME = {"operator": "target", "unit": "target"}
"""Where a part of a target is shown that has no cell of its own."""


def _cells(target: Row, look: Look) -> list[tuple[str, str, int]]:
    """Column, text and blanks before it: level 2, name, target as written, weight."""
    asked = clean(target["target"] or "")
    operator = clean(target["own_operator"] or "")
    unit = clean(target["unit"] or "")
    template = N_("weight {weight}")
    weight = render(template, {"weight": decimal(target["weight"]) or "—"}, look.lang)
    texts = {
        "level2": clean(target["level2"] or "") or "—",
        "operator": "" if operator in asked else operator,
        "target": asked or ("" if operator == "定性" else "—"),
        "unit": "" if unit in asked else unit,
        "weight": weight,
    }
    for most in (_ROOMY, _TIGHT):
        short = {name: shorten(text, most[name]) for name, text in texts.items() if text}
        room = look.width - INDENT - GAP - sum(width(text) + GAP for text in short.values())
        if room >= LEAST_NAME:
            break
    name = shorten(clean(target["indicator"] or "") or "—", max(LEAST_NAME, room))
    cells = [("level2", short.pop("level2"), 0), ("indicator", name, GAP)]
    gap = GAP
    for column, text in short.items():
        cells.append((column, text, GAP if column == "weight" else gap))
        gap = 1
    return cells


_ROOMY = {"level2": 24, "operator": 12, "target": 36, "unit": 16, "weight": 20}
_TIGHT = {"level2": 12, "operator": 4, "target": 14, "unit": 6, "weight": 14}
"""Most cells of each column, where there is room for them and where there is not."""
