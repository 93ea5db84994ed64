"""Where in a text the tables of amounts stand: pages with their title, department and unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from perfeval.budget_form import TableForm, table_forms
from perfeval.sources.disclosure import contacts, form
from perfeval.sources.disclosure.budget import EMPTY, UNITS, number
from perfeval.sources.disclosure.lines import Line

_QUOTES = str.maketrans("", "", "“”‘’\"'「」『』")
_BRACKETS = str.maketrans("()", "（）")
_REMARK = re.compile(r"（[^（）]*）$")
_LEAD = re.compile(
    r"(?:附\s*[件表]|(?:部门|单位|预算)?(?:公开)?表)[\d一二三四五六七八九十]+(?:[-－—–.．][\d]+)*[:：、.．]?"
)
_YEAR = re.compile(r"(?:[12]\d{3}年度?)?(?:(?:部门|单位)(?:预算)?)?$|^[12]\d{3}年度?")
# What stands before the end of a title where it is that of another table, or a sentence.
_OTHER_TITLE = re.compile(r"(?:拨款|预算|基金|经费|专户|资金|决算|支出|收入)$|[，。；：、,;:？！]")
_LONGEST_TITLE, _TITLE_LINES = 70, 3
_UNIT = re.compile(rf"单位\s*[:：]\s*({'|'.join(sorted(UNITS, key=len, reverse=True))})(?!\w)")
_DEPARTMENT = re.compile(
    r"(?:编制部门|公开部门|预算部门|部门名称|编制单位|单位名称|预算单位|部门)\s*[:：]\s*([^\s:：]+)"
)
_ANY_TITLE = re.compile(r"\S{2,60}表(?:[（(][^（）()]*[)）])?")
_ANNEX = re.compile(r"附\s*[件表]\s*[\d一二三四五六七八九十]")
_PART = re.compile(r"第[一二三四五六七八九十]+部分")
_NOTE = re.compile(r"(?:备注|注|说明|填表说明)\s*[:：\d]|[※*]")
_NAME = re.compile("[\u4e00-\u9fff（(]{2}")
_HEAD_LINES = 4  # below the title, in which unit and department may stand


@dataclass(slots=True)
class Page:
    """A table as far as one title leads it: `lines` are its headings and rows.

    `department` is as printed, "" where neither title nor head names one; `unit` that of the
    amounts, "" where none is stated; `line` that of the title.
    """

    form: TableForm
    department: str
    unit: str
    line: int
    lines: list[Line] = field(default_factory=list)


def find_pages(lines: Sequence[Line]) -> tuple[list[Page], list[Line]]:
    """The pages of a text, and rows of amounts (code, name, amounts) that stand on none of them.

    A page ends at the title of any table, at an annex number, at a note and at a sentence.
    """
    pages: list[Page] = []
    stray: list[Line] = []
    page: Page | None = None
    in_targets = False
    index = 0
    while index < len(lines):
        line = lines[index]
        found = _title(lines, index)
        if found:
            known, department, count = found
            stated = _UNIT.search(line.text)
            page = Page(known, department, stated[1] if stated else "", line.number)
            pages.append(page)
            in_targets = False
            index += count
            continue
        index += 1
        if form.is_title(line.text):
            page, in_targets = None, True
        elif _ends(line.text):
            page = None
        elif page is not None:
            if not _head(page, line.text) and not _signed(line.text):
                page.lines.append(line)
        elif not in_targets and is_coded_row(line.text):
            stray.append(line)
    return pages, stray


def cells(text: str) -> tuple[list[str], list[str]]:
    """The words of a line, and the cells of amounts (or what stands for none) at its end.

    >>> cells("208 社会保障和就业支出 3,649.83 - 2,900.82")
    (['208', '社会保障和就业支出'], ['3,649.83', '-', '2,900.82'])
    """
    words = text.split()
    start = len(words)
    while start and is_cell(words[start - 1]):
        start -= 1
    return words[:start], words[start:]


def is_cell(word: str) -> bool:
    """Whether a word can be what a cell of amounts holds: an amount, or a sign for none."""
    return word in EMPTY or number(word) is not None


_CODED = re.compile(r"(\d{7}|\d{5}|\d{3})(?![\d.,，])\s*(.*)")


def code(text: str) -> tuple[str, str]:
    """The code of a classification that leads a row, and the rest of it; "" and all of it if none.

    >>> code("2080101 行政运行 589.13"), code("2023年预算数"), code("208社会保障")
    (('2080101', '行政运行 589.13'), ('', '2023年预算数'), ('208', '社会保障'))
    """
    match = _CODED.match(text)
    return (match[1], match[2]) if match else ("", text)


def is_coded_row(text: str) -> bool:
    """Whether a line is a row with code, name and amounts."""
    found, rest = code(text)
    words, amounts = cells(rest)
    return bool(found and amounts and any(_NAME.match(word) for word in words))


def _title(lines: Sequence[Line], index: int) -> tuple[TableForm, str, int] | None:
    """The table whose title begins in a line, its department, and how many lines the title takes.

    A title may be broken over lines; the last of them must not be one of its own.
    """
    text = ""
    for count, line in enumerate(lines[index : index + _TITLE_LINES], 1):
        if count > 1 and (_known(line.text) or line.page or form.is_title(line.text)):
            return None
        text += line.text
        known = _known(text)
        if known:
            return *known, count
        if len(text) > _LONGEST_TITLE or any(map(is_cell, line.text.split())):
            return None
    return None


def _known(text: str) -> tuple[TableForm, str] | None:
    """The table that a title names, and the department before it."""
    plain = unicodedata.normalize("NFKC", _UNIT.sub("", text)).translate(_QUOTES)
    plain = "".join(plain.split()).translate(_BRACKETS)
    if len(plain) > _LONGEST_TITLE:
        return None
    for title in (plain, _REMARK.sub("", plain)):
        for known in table_forms().values():
            for end in known.titles:
                if not title.endswith(end):
                    continue
                department = _YEAR.sub("", _LEAD.sub("", title.removesuffix(end), count=1))
                if not _OTHER_TITLE.search(department):
                    return known, department
    return None


def _ends(text: str) -> bool:
    return bool(
        _ANNEX.match(text)
        or _PART.match(text)
        or _NOTE.match(text)
        or _ANY_TITLE.fullmatch(text)
        or "。" in text
    )


def _head(page: Page, text: str) -> bool:
    """Take what a line below the title says of unit and department."""
    unit, department = _UNIT.search(text), _DEPARTMENT.search(_UNIT.sub("", text))
    if not (unit or department) or len(page.lines) > _HEAD_LINES:
        return False
    page.unit = unit[1] if unit else page.unit
    page.department = page.department or (department[1] if department else "")
    return True


def _signed(text: str) -> bool:
    """Whether a line names who signs; such lines are never kept."""
    return contacts.LED.search(text) is not None or contacts.PHONE.search(text) is not None
