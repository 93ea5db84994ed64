"""The reader of disclosure texts, on the form as other programs and other counties set it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfeval.sources.disclosure.rows import OPERATORS
from tests.disclosures import (
    BREAKS,
    HEADINGS,
    ROW,
    header,
    indicators,
    messages,
    read,
    read_rows,
)

REST = """
效益指标 社会效益指标

受益学生 ≥ 100 人 20

满意度指标
服务对象满意

度指标
家长满意度 ≥ 90 % 10
"""
WRAPPED = "农村义务教育学校营养改善计划受益学生数"


def names(rows: str) -> list[str]:
    """The names in a table with these rows, which must all be read without a doubt."""
    found = read_rows("产出指标 数量指标\n\n" + rows + REST)
    assert messages(found) == []
    assert indicators(found.specs[0])[-2:] == [
        "效益指标 社会效益指标 受益学生 ≥ 100 人 20",
        "满意度指标 服务对象满意度指标 家长满意度 ≥ 90 % 10",
    ]
    return [one["name"] for one in found.specs[0]["indicators"][:-2]]


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["dense", "blank lines"])
@pytest.mark.parametrize(
    "lines",
    [
        ["农村义务教育学校营养改善计", "划受益学生数", "≥ 12000 人 20"],
        ["农村义务教育学校营养改善计", "≥ 12000 人 20", "划受益学生数"],
        ["≥ 12000 人 20", "农村义务教育学校营养改善计", "划受益学生数"],
        ["农村义务教育学校营养改善计 ≥ 12000 人 20", "划受益学生数"],
        ["农村义务教育学校营养改善计", "划受益学生数 ≥ 12000 人 20"],
        ["农村义务教育", "学校营养改善 ≥ 12000 人 20", "计划受益学生数"],
        ["农村义务教", "育学校营养", "≥ 12000 人 20", "改善计划受", "益学生数"],
    ],
    ids=["before", "around", "after", "first line", "last line", "middle line", "two and two"],
)
def test_a_wrapped_name(lines: list[str], between: str) -> None:
    rows = ["新建校舍面积 ≥ 100 平方米 10", *lines, "维修运动场 = 3 个 10"]
    assert names(between.join(rows) + "\n") == ["新建校舍面积", WRAPPED, "维修运动场"]


def test_names_wrapped_in_every_way_in_one_table() -> None:
    rows = """农村义务教育学校营养改善计
划受益学生数

≥ 12000 人 20

贫困家庭学生资助政策知晓

≥ 90 % 20

率调查覆盖

≥ 7 个 5

中小学教师信息技术应用能力提
升工程

城镇新增公办幼儿园及附属设
施设备采购数量和维护维修项 ≥ 12 项 5
目验收
维修运动场 = 3 个 10
"""
    assert names(rows) == [
        WRAPPED,
        "贫困家庭学生资助政策知晓率调查覆盖",
        "中小学教师信息技术应用能力提升工程",
        "城镇新增公办幼儿园及附属设施设备采购数量和维护维修项目验收",
        "维修运动场",
    ]


def test_wrapped_names_one_below_another() -> None:
    rows = """农村义务教育学校营养改善计
≥ 12000 人 20
划受益学生数
贫困家庭学生资助政策知晓率
≥ 90 % 20
调查覆盖
中小学教师信息技术应用能力
≥ 7 个 5
提升工程
"""
    assert names(rows) == [
        WRAPPED,
        "贫困家庭学生资助政策知晓率调查覆盖",
        "中小学教师信息技术应用能力提升工程",
    ]


def test_an_open_bracket_holds_a_name_together() -> None:
    rows = "培训（含线上\n≥ 9 期 5\n和线下）\n≥ 7 期 5\n会议\n"
    assert names(rows) == ["培训（含线上和线下）", "会议"]


def test_what_is_ambiguous_is_reported() -> None:
    """A B C between two rows without a name of their own: A BC or AB C."""
    found = read_rows("产出指标 数量指标\n\n≥ 1 个 5\n甲乙丙丁\n戊己庚辛\n子丑寅卯\n≥ 2 个 5\n")
    assert len(found.specs[0]["indicators"]) == 2
    (problem,) = found.unplaced
    assert "the line 戊己庚辛 was taken as part of the indicator" in problem.text()
    assert problem.line == len((header() + HEADINGS).split("\n")) + 4


@pytest.mark.parametrize(
    ("row", "name", "target", "weight"),
    [
        ("服务对象满意度（%） ≧ 90 % 20", "服务对象满意度（%）", "≥ 90 %", 20),
        ("苗木成活率(≥85%) ≥ 85 % 5", "苗木成活率(≥85%)", "≥ 85 %", 5),
        ("完成率=100% = 100 % 5", "完成率=100%", "= 100 %", 5),
        ("响应时间<30分钟占比 > 95 % 5", "响应时间<30分钟占比", "> 95 %", 5),
        ("工资不低于标准 不低于 2,000.50 元 5", "工资不低于标准", "≥ 2,000.50 元", 5),
        ("服务 群众 人数 ≥ 10 人 5", "服务 群众 人数", "≥ 10 人", 5),
        ("2024 年培训 5 期 ≥ 10 人 5", "2024 年培训 5 期", "≥ 10 人", 5),
        ("机制健全 定性 优良中低差 级 7.5", "机制健全", "定性 优良中低差 级", Decimal("7.5")),
        ("保障水平 定性 高 12.50", "保障水平", "定性 高", Decimal("12.50")),
        ("人均成本 ＜＝ 530 元/人*月 5", "人均成本", "≤ 530 元/人*月", 5),
        ("完成率≥90 % 5", "完成率", "≥ 90 %", 5),
        ("验收时间 ≤ 2024年12月 5", "验收时间", "≤ 2024年12月", 5),
        ("发放次数 ═ １２ 次 ２０", "发放次数", "= １２ 次", 20),
        ("次数 ≥ 12 5", "次数", "≥ 12", 5),
        ("补助标准 ≥ 5 元 / 人 5 分", "补助标准", "≥ 5 元 / 人", 5),
    ],
)
def test_a_row(row: str, name: str, target: str, weight: int | Decimal) -> None:
    row = row.removesuffix(" 分") + "分" * row.endswith(" 分")
    found = read_rows("产出指标 数量指标\n\n" + row + "\n")
    assert messages(found) == []
    assert found.specs[0]["indicators"] == [
        {
            "level1": "产出指标",
            "level2": "数量指标",
            "name": name,
            "target": target,
            "weight": weight,
        }
    ]
    assert str(found.specs[0]["indicators"][0]["weight"]) == str(weight)


@pytest.mark.parametrize("spelling", OPERATORS)
def test_every_spelling_of_an_operator(spelling: str) -> None:
    found = read_rows(f"产出指标 数量指标\n\n工程 {spelling} 9 个 5\n")
    assert found.specs[0]["indicators"][0]["target"] == f"{OPERATORS[spelling]} 9 个"


def test_a_weight_on_the_line_below() -> None:
    assert names("合格率 ≧ 95 %\n3\n批次 ≥ 5\n期 4\n会议 ≥ 5 次 3\n") == ["合格率", "批次", "会议"]


@pytest.mark.parametrize(
    "rows",
    [
        "满意度指标\n服务对象满意\n\n度指标\n家长满意度 ≥ 90 % 10\n",
        "满意度指标\n服务对象\n\n满意度指标\n家长满意度 ≥ 90 % 10\n",
        "满意度指标 服务对象满意\n家长满意度 ≥ 90 % 10\n度指标\n",
        "满意度指标 服务对象满意 家长满意度 ≥ 90 % 10\n度指标\n",
        "服务对象满意\n满意度指标 家长满意度 ≥ 90 % 10\n度指标\n",
        "满意度指 服务对象满\n家长满意度 ≥ 90 % 10\n标 意度指标\n",
        "满意度\n指标\n服务对象\n满意度\n指标\n家长满意度 ≥ 90 % 10\n",
        "满意度指标 服务对象满意度指标 家长满意度 ≥ 90 % 10\n",
        "满意度指标 服务对象满意度指标\n家长\n≥ 90 % 10\n满意度\n",
        "满\n意\n度\n指\n标\n服务对象满意度指标\n家长满意度 ≥ 90 % 10\n",
    ],
)
def test_a_wrapped_level(rows: str) -> None:
    found = read_rows(ROW + rows)
    assert messages(found) == []
    assert indicators(found.specs[0]) == [
        "产出指标 数量指标 新建校舍面积 ≥ 100 平方米 10",
        "满意度指标 服务对象满意度指标 家长满意度 ≥ 90 % 10",
    ]


def test_levels_without_their_ending() -> None:
    found = read_rows(
        "产出指标\n数量指标\n服务群众 ≥ 1 人 5\n\n效益指标\n经济\n效益\n带动增收 ≥ 5 万元 5\n\n"
        "社会效益\n受益学生 ≥ 9 人 5\n\n可持续影响 持续年限 ≥ 3 年 5\n\n"
        "满意度指标\n服务对象满\n意度\n家长满意度 ≥ 90 % 5\n"
    )
    assert messages(found) == []
    assert [
        f"{one['level1']} {one['level2']} {one['name']}" for one in found.specs[0]["indicators"]
    ] == [
        "产出指标 数量指标 服务群众",
        "效益指标 经济效益 带动增收",
        "效益指标 社会效益 受益学生",
        "效益指标 可持续影响 持续年限",
        "满意度指标 服务对象满意度 家长满意度",
    ]


def test_levels_that_may_be_either() -> None:
    """成本指标 is a level 1 of its own, or a level 2 under 产出; 满意度指标 likewise."""
    found = read_rows(
        "成本指标 经济成本指标 单位成本 ≤ 530 元 5\n产出指标\n数量指标\n新建 ≥ 1 所 5\n"
        "成本指标\n人均成本 ≤ 300 元 5\n满意度指标\n满意度指标\n群众 ≥ 90 % 5\n"
    )
    assert messages(found) == []
    assert [
        f"{one['level1']} {one['level2']} {one['name']}" for one in found.specs[0]["indicators"]
    ] == [
        "成本指标 经济成本指标 单位成本",
        "产出指标 数量指标 新建",
        "产出指标 成本指标 人均成本",
        "满意度指标 满意度指标 群众",
    ]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ("满意度指标 服务对象满意度指标 服务对象满意度指标 ≥ 90 % 5", "服务对象满意度指标"),
        ("满意度指标\n服务对象满意度指标\n服务对象满意度指标 ≥ 90 % 5", "服务对象满意度指标"),
        ("满意度指标 服务对象满意度指标\n服务对象满意度 ≥ 90 % 5", "服务对象满意度"),
        ("满意度指标 服务对象满意度指标\n服务对象\n≥ 90 % 5\n满意度", "服务对象满意度"),
        ("满意度指标\n服务对象满意\n度指标\n服务对象满意度\n≥ 90 % 5", "服务对象满意度"),
    ],
)
def test_a_name_that_reads_like_a_level(rows: str, name: str) -> None:
    found = read_rows(ROW + rows + "\n")
    assert messages(found) == []
    assert indicators(found.specs[0])[1:] == [f"满意度指标 服务对象满意度指标 {name} ≥ 90 % 5"]


def test_a_level_that_is_not_known() -> None:
    found = read_rows(
        "产出指标 数量指标\n甲项 ≥ 1 个 5\n效益指标 民生效应指标\n乙项 ≥ 1 个 5\n满意度指标\n"
        "社区居民满\n意指标\n丙项 ≥ 1 个 5\n"
    )
    assert [one["level2"] for one in found.specs[0]["indicators"]] == [
        *("数量指标", "民生效应指标", "社区居民满意指标")
    ]


def test_levels_printed_beside_their_rows_are_reported() -> None:
    found = read_rows("甲项 ≥ 1 个 5\n产出指标 数量指标 乙项 ≥ 1 个 5\n丙项 ≥ 1 个 5\n")
    assert {one["level1"] for one in found.specs[0]["indicators"]} == {"产出指标"}
    assert "stand beside or below their rows" in messages(found)[0]


@pytest.mark.parametrize("page_break", BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("place", [1, 2, 3, 4])
def test_a_page_break(page_break: str, place: int) -> None:
    lines = [
        "新建校舍面积 ≥ 100 平方米 10\n\n",
        "农村义务教育学校营养改善计\n",
        "划受益学生数及其他人\n\n",
        "≥ 12000 人 20\n\n",
        "维修运动场 = 3 个 10\n\n",
    ]
    lines.insert(place, page_break)
    assert names("".join(lines)) == [
        "新建校舍面积",
        "农村义务教育学校营养改善计划受益学生数及其他人",
        "维修运动场",
    ]


def test_the_end_of_the_tables() -> None:
    text = header() + HEADINGS + ROW + "合计 100\n\n附件4-12\n\n国有资产占用情况表\n\n合计 900.00\n"
    assert messages(read(text)) == []
    assert len(read(text).specs[0]["indicators"]) == 1


def test_a_numbered_name_is_not_the_next_part_of_the_document() -> None:
    text = header() + HEADINGS + ROW + "一、二级公路养护 ≥ 5 公里 10\n"
    assert [one["name"] for one in read(text).specs[0]["indicators"]] == [
        "新建校舍面积",
        "一、二级公路养护",
    ]


@pytest.mark.parametrize(
    "label", ["当年绩效指标", "当年绩效\n指标", "当年\n绩效\n指标", "\n".join("当年绩效指标")]
)
def test_the_label_beside_the_indicators(label: str) -> None:
    """It stands above them, or beside any of them, in one line or broken."""
    above = header().replace("当年绩效指标", label) + HEADINGS + ROW
    beside = header().replace("当年绩效指标", "") + HEADINGS + ROW + label + "\n会议 ≥ 5 次 3\n"
    for text, count in ((above, 1), (beside, 2)):
        found = read(text)
        assert messages(found) == []
        assert len(found.specs[0]["indicators"]) == count
        assert found.specs[0]["narrative"]["goal"] == "完成建设。"
