"""The form: its titles, headings and labels, and where in a text its tables begin and end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from perfeval.sources.disclosure import contacts, levels
from perfeval.sources.disclosure.lines import Line
from perfeval.sources.disclosure.rows import NO_OPERATOR, read_tail

TITLES = ("…项目支出绩效目标表", "…整体支出绩效目标表")
FIRST_LABELS = ("申报单位", "项目编码", "预算部门")


def _spaced(*words: str) -> str:
    """A pattern for any of `words`, whose characters may stand apart (联 系 人)."""
    return "|".join(r"[ \t\u3000]?".join(map(re.escape, word)) for word in words)


LABELS = {
    "department": ("申报单位", "申报部门", "预算部门", "预算单位"),
    "code": ("项目编码", "项目代码"),
    "name": ("项目名称",),
    "type": ("项目类型", "项目类别"),
    "contact": (*contacts.PERSONS, *contacts.PHONES),
    "total": ("当年预算",),
    "superior": ("上级资金",),
    "local": ("本级资金",),
    "other": ("其他资金",),
    "funds": ("总体资金情况",),
    "overview": ("项目概况",),
    "basis": ("立项依据",),
    "schedule": ("当年实施进度计划", "实施进度计划"),
    "goal": ("当年整体绩效目标", "年度整体绩效目标", "整体绩效目标", "当年绩效目标"),
    "indicators": ("当年绩效指标", "年度绩效指标"),
    "remarks": ("其他说明",),
}
"""What the form calls its cells, by field."""

_LABELS = {field: _spaced(*words) for field, words in LABELS.items()}
NARRATIVE = ("overview", "basis", "schedule", "goal")
AMOUNTS = ("total", "superior", "local", "other")
_FIRST = {"department", "code"}

# An amount or a code may follow its label without a blank.
LABEL = re.compile(
    r"(?:^|(?<=\s))(?:"
    + "|".join(f"(?P<{field}>{pattern})" for field, pattern in _LABELS.items())
    + r")(?P<unit>\s*[（(]\s*(?:单位\s*[:：]\s*)?(?:万元|元)\s*[）)])?"
    + r"\s*(?:[:：]|(?=\s|$|[\dA-Z]))"
)
CONTACT = re.compile(rf"(?:^|(?<=\s))(?:{_LABELS['contact']})")
# Whole labels, for those that a narrow cell breaks over lines.
WHOLE_LABELS = tuple(word for words in LABELS.values() for word in words)
LABEL_BEGINNINGS = frozenset(
    label[:length] for label in WHOLE_LABELS for length in range(1, len(label))
)

_TITLE = re.compile(
    r"[^，。、；：“”《》,;:]{0,60}(?:支出|整体|项目)绩效目标(?:申报|批复)?表"
    r"\s*(?:[（(][^（()）]{1,12}[)）])?$"
)
_YEAR = re.compile(r"([12]\d{3}|[一二][零〇○一二三四五六七八九]{3})\s*年")
_CHINESE_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_YEAR_ALONE = re.compile(r"[（(]?\s*[12]\d{3}\s*年度?\s*[）)]?$")
_FIRST_YEAR, _LAST_YEAR = 1949, 2100
_UNIT = re.compile(r"[（(]?\s*(?:金额)?单位\s*[:：]\s*(万元|元)\s*[）)]?$")
_ANNEX = re.compile(
    r"附\s*[件表]\s*[\d一二三四五六七八九十]+(?:\s*[-－—–.．]\s*\d+)*(?:\s*[:：]?\s*\S*表)?$"
)
_ANNEX_NUMBER = re.compile(r"附\s*[件表]\s*[\d一二三四五六七八九十]+(?:\s*[-－—–.．]\s*\d+)*")
_OTHER_PART = re.compile(
    r"第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、|[12]\d{3}\s*年\S{4,}表$"
)
_COLUMNS = frozenset(
    (
        *("一级指标", "二级指标", "三级指标", "指标名称", "绩效指标"),
        *("指标性质", "绩效指标性质", "指标值", "绩效指标值", "目标值"),
        *("度量单位", "绩效度量单位", "计量单位"),
        *("权重", "指标权重", "分值", "权重（分）", "权重(分)"),
    )
)
_LOOK_AHEAD = 12


@dataclass(slots=True)
class Table:
    """The lines of one table of the form: `overall` for the department's, `unit` of its amounts."""

    overall: bool
    year: int | None
    line: int
    lines: list[Line] = field(default_factory=list)
    unit: str = ""


def tables(lines: Sequence[Line]) -> list[Table]:
    """Divide a text into the tables of the form.

    Titles, unit lines and annex numbers that a page break repeats inside a table are left out, and
    the line after them is marked as the first of a page. Everything outside the tables is left out.
    """
    found: list[Table] = []
    current: Table | None = None
    page = in_body = False
    last = own = ""  # the annex number read last, and the one above the table
    for index, line in enumerate(lines):
        title = is_title(line.text)
        begins = _begins(lines, index, title, current is None or in_body)
        if begins is not None:
            year = year_in(line.text) if title else None
            current = Table(begins, year, line.number)
            found.append(current)
            page = in_body = False
            own = last
        number = _ANNEX_NUMBER.match(line.text) if _ANNEX.match(line.text) else None
        last = "".join(number[0].split()) if number else last
        if current is None or (title and begins is not None):
            continue
        # A page repeats the whole title; without its year it may be a line of a narrative text.
        title = title and (in_body or _YEAR.search(line.text) is not None)
        unit = _UNIT.match(line.text)
        if unit:
            current.unit = unit[1]
        if current.year is None and not current.lines and _YEAR_ALONE.match(line.text):
            current.year = year_in(line.text)
            continue
        annex = not title and _ANNEX.match(line.text) is not None
        if annex and not in_body and current.lines and last != own and not _repeats(lines, index):
            annex = False  # a line of a narrative text
        if annex or (in_body and not title and _is_other_part(line.text)):
            other = annex and in_body and own and last != own and not _repeats(lines, index)
            if not other and _goes_on(lines, index):
                page = page or annex
            elif in_body:
                current = None
                continue
            else:
                annex = False
        if unit or title or annex:
            page = True
            continue
        current.lines.append(replace(line, gap=True, page=True) if page else line)
        page = False
        in_body = in_body or _is_in_body(line.text)
    return found


def _is_in_body(text: str) -> bool:
    first = text.split(None, 1)[0]
    heading = levels.is_level(first) and levels.is_level1(first)
    return heading or is_column_heading(text) or begins_indicators(text)


def _is_other_part(text: str) -> bool:
    return _OTHER_PART.match(text) is not None and read_tail(text) is None


def _begins(lines: Sequence[Line], index: int, title: bool, free: bool) -> bool | None:
    """Whether a table begins here, and if so whether it is the department's; None if none does.

    A table begins at its title, or where the title is missing and no table is being read (`free`)
    at its first label.
    """
    text = lines[index].text
    if not title:
        match = LABEL.match(text) if free else None
        if match is None or not match["department"]:
            return None
    named: set[str] = set()
    for line in lines[index + title : index + 1 + _LOOK_AHEAD]:
        if is_title(line.text) or is_column_heading(line.text):
            break
        named.update(field_of(match) for match in labels(line.text))
        if title and named:
            return "整体" in text if named & _FIRST else None
    if "funds" in named:
        return True
    return False if named & {"code", "name"} else None


def is_title(text: str) -> bool:
    """Whether a line is the title of a table of the form."""
    return "绩效目标" in text and len(text) < 100 and _TITLE.match(text) is not None


def is_column_heading(text: str) -> bool:
    """Whether a line holds column headings (一级指标 二级指标 …) and nothing else."""
    if "指标" not in text:
        return False
    words = text.split()
    return words[:2] == ["一级指标", "二级指标"] or (
        len(words) > 2 and all(word in _COLUMNS for word in words)
    )


def is_heading_piece(text: str) -> bool:
    """Whether a line can be the rest of column headings that are broken over lines."""
    return all(
        len(word) <= 4 and any(word in column for column in _COLUMNS) for word in text.split()
    )


def begins_indicators(text: str) -> bool:
    """Whether a line is the label above the indicators."""
    match = LABEL.match(text) if "标" in text else None
    return match is not None and match["indicators"] is not None


def _goes_on(lines: Sequence[Line], index: int) -> bool:
    """Whether the table continues below an annex number or the heading of another part."""
    for place in range(index + 1, min(index + 1 + _LOOK_AHEAD, len(lines))):
        text = lines[place].text
        if is_title(text):
            return _begins(lines, place, True, True) is None
        tail = read_tail(text)
        row = tail is not None and tail.problem != NO_OPERATOR
        if row or is_column_heading(text) or levels.is_level(text.split()[0]):
            return True
    return False


def _repeats(lines: Sequence[Line], index: int) -> bool:
    """Whether a title of the form follows an annex number."""
    return any(is_title(line.text) for line in lines[index + 1 : index + 3])


def year_in(title: str) -> int | None:
    """The year that a title or heading names, "2023年…" or in Chinese numerals."""
    match = _YEAR.search(unicodedata.normalize("NFKC", title))
    year = int(match[1].translate(_CHINESE_DIGITS)) if match else 0
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else None


def field_of(match: re.Match[str]) -> str:
    """The field (a key of a header's cells) that a matched label stands for."""
    return next(name for name, found in match.groupdict().items() if found)


def labels(text: str) -> Iterator[re.Match[str]]:
    """The labels of cells in a line."""
    return LABEL.finditer(text)
