"""The reader of disclosure texts, on tables of the form that are set at random."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.sources.disclosure.lines import width
from perfeval.sources.disclosure.rows import OPERATORS
from tests.disclosures import BREAKS, HEADINGS, ROW, header, indicators, messages, read, read_rows


@dataclass(frozen=True)
class Indicator:
    """One indicator, with its operator as the table prints it."""

    level1: str
    level2: str
    name: str
    operator: str
    value: str
    weight: str

    @property
    def read(self) -> str:
        """As `indicators` shows it."""
        target = f"{OPERATORS[self.operator]} {self.value}"
        return f"{self.level1} {self.level2} {self.name} {target} {self.weight}"


PARTS = [
    *"新建改扩农村镇义教育职业技能培训补助资金发放困难众基本生活障区养老设施维护道路绿化",
    *("“三支一扶”", "（含线上）", "《办法》", "2024年", "12", "Wifi", "、"),
]
# Not at either end of a name: nobody begins or ends one with a comma.
words = st.lists(st.sampled_from(PARTS), min_size=1, max_size=14).map(
    lambda parts: "全" + "".join(parts) + "项"
)
values = st.sampled_from(
    ["9000 人", "1,000.5 万元", "95 %", "3", "12 月", "0.35 元/人*月", "2024年12月 前"]
)
LEVELS = {
    "产出指标": ["数量指标", "质量指标", "时效指标", "成本指标"],
    "效益指标": ["经济效益指标", "社会效益", "生态效益指标", "可持续影响指标"],
    "满意度指标": ["服务对象满意度指标"],
}


@st.composite
def contents(draw: st.DrawFn) -> list[Indicator]:
    """The indicators of a table, in the order of its levels."""
    found = []
    for level1, choices in LEVELS.items():
        chosen = draw(st.lists(st.sampled_from(choices), unique=True, max_size=3))
        for level2 in sorted(chosen, key=choices.index):
            for _ in range(draw(st.integers(1, 4))):
                operator, value = draw(st.sampled_from(sorted(OPERATORS))), draw(values)
                if operator == "定性":
                    value = draw(st.sampled_from(["高", "优良中低差 级"]))
                weight = draw(st.sampled_from(["5", "20", "7.5", "12.50"]))
                found.append(Indicator(level1, level2, draw(words), operator, value, weight))
    return found or [Indicator("产出指标", "数量指标", "全项", "≥", "1 个", "5")]


def wrap(name: str, column: int) -> list[str]:
    """A name broken where its column is full; numbers and Latin words stay whole."""
    lines = [""]
    for part in _unbreakable(name):
        if width(lines[-1] + part) > column:
            lines.append("")
        lines[-1] += part
    return lines


def _unbreakable(name: str) -> list[str]:
    parts: list[str] = []
    for character in name:
        joined = parts and parts[-1][-1].isascii() and character.isascii()
        # No line begins with a closing sign or ends with an opening one.
        closing = parts and (character in "”）》、" or parts[-1][-1] in "“（《")
        if joined or closing:
            parts[-1] += character
        else:
            parts.append(character)
    return parts


def placed(lines: list[str], tail: str, way: str) -> list[str]:
    """The lines of a row whose name is set in this way."""
    if len(lines) == 1:
        return [f"{lines[0]} {tail}"]
    half = len(lines) // 2
    if way == "before":
        return [*lines, tail]
    if way == "after":
        return [tail, *lines]
    if len(lines) % 2:
        return [*lines[:half], f"{lines[half]} {tail}", *lines[half + 1 :]]
    return [*lines[:half], tail, *lines[half:]]


def heading(draw: st.DrawFn, one: Indicator, new: bool) -> list[str]:
    """The lines that print the levels above a row; one ending in a blank leads the row's line."""
    level2 = [one.level2]
    if one.level2 == "服务对象满意度指标":
        level2 = draw(
            st.sampled_from([[one.level2], ["服务对象满意", "度指标"], ["服务对象", "满意度指标"]])
        )
    if not new:
        return level2
    if len(level2) == 1 and draw(st.booleans()):
        return [f"{one.level1} {one.level2}"]
    return [one.level1, *level2]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Indicator], str]:
    """Indicators and the text of a table that holds them."""
    content = draw(contents())
    column = draw(st.integers(9, 17)) * 2
    way = draw(st.sampled_from(["centred", "before", "after"]))
    spacing = draw(st.sampled_from(["rows", "cells", "dense"]))
    # Where blank lines set the rows of a page apart, every row may be set its own way.
    mixed = spacing == "rows" and draw(st.booleans())
    lines: list[str] = []
    now = ("", "")
    wrapped = False
    final = []
    for one in content:
        levels = one.level1, one.level2
        broken = wrap(one.name, column)
        # Without blank lines, what a line between two wrapped names belongs to is a guess.
        if len(broken) > 1 and spacing != "rows" and wrapped and levels == now:
            one = Indicator(*levels, "全项", one.operator, one.value, one.weight)
            broken = wrap(one.name, column)
        if levels != now:
            lines += heading(draw, one, one.level1 != now[0])
            lines += [""] * draw(st.integers(0, 1))
        elif not mixed and draw(st.integers(0, 5)) == 0:
            lines += (
                draw(st.sampled_from(sorted(BREAKS.values())))
                .replace("产出指标\n\n数量指标", f"{one.level1}\n\n{one.level2}")
                .split("\n")
            )
        now, wrapped = levels, len(broken) > 1
        tail = f"{one.operator} {one.value} {one.weight}"
        if mixed:
            way = draw(st.sampled_from(["centred", "before", "after"]))
        for line in placed(broken, tail, way):
            own = line.endswith(tail) and wrapped and spacing == "cells"
            lines += ["", line, ""] if own else [line]
        lines += [] if spacing == "dense" else [""]
        final.append(one)
    return final, "\n".join(lines) + "\n"


@settings(deadline=None)
@given(tables())
def test_any_table_of_the_form_comes_back(table: tuple[list[Indicator], str]) -> None:
    content, rows = table
    found = read_rows(rows)
    assert indicators(found.specs[0]) == [one.read for one in content]
    assert messages(found) == []
    assert len(found.specs) == 1


KINDS = [
    *(
        "杂项{n}",
        "杂项{n} 其他",
        "事项{n} ≥ 9 个 5",
        "≥ 9 个 5",
        "事项{n} ≥ 9 个",
        "事项{n} 33 万人 20",
    ),
    *(
        "数量指标 事项{n} = 1 个 5",
        "质量指标",
        "效益指标",
        "社会效益",
        "服务对象满意",
        "注：事项{n}",
    ),
    *("“杂项{n}", "杂项{n}）", "", "", "- 3 -", "\f", "合计 100"),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(KINDS), max_size=12), st.booleans())
def test_no_line_vanishes(kinds: list[str], again: bool) -> None:
    """Each line is in an indicator or in a problem."""
    lines = [kind.replace("{n}", f"〇{number}〇") for number, kind in enumerate(kinds)]
    lines += [*BREAKS["headings and levels"].split("\n"), "会议 ≥ 1 次 5"] if again else []
    text = header() + HEADINGS + ROW + "\n".join(lines) + "\n"
    found = read(text)
    (one,) = found.specs
    told = messages(found)
    read_in = [indicator["name"] for indicator in one["indicators"]]
    for number, line in enumerate(lines):
        if "〇" in line:
            assert any(f"〇{number}〇" in text for text in (*read_in, *told)), line
    rows = sum(line.endswith("个 5") for line in lines) + again + 1
    nameless = sum("has no name" in message for message in told)
    assert len(one["indicators"]) + nameless == rows


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_is_read(text: str) -> None:
    found = read_rows(ROW + text)
    assert indicators(found.specs[0])[0].endswith(" ≥ 100 平方米 10")
