"""The reader of disclosure texts: the upper half of tables, as other counties may set it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.disclosures import HEADINGS, ROW, SIDE, header, messages, read


def test_a_header_whose_cells_wrap() -> None:
    text = """\
某县二〇二四年项目支出绩效目标申报表（续）
单位：万元
申报单位：305001-某县教育委员会直属单位会计核 项目编码：50022224T0000
算中心（本级） 00000001
项目名称
公务员和事业单位工作人员奖励（年度
考核）专项
项目类型 一般性项目（城乡
社区）
当年预算(万元） 10.00 上级资金 5 本级资金5.00 其他资金 无
项目概况
共计100
2.于2023
年完成 Windows
Server 升级（〔2003〕47\u0020
号）。
立项依据 依据
当年实施进度
计划 按计划
实施
当年整体绩效
目标 1.完成；
2.验收。
年度绩效指标
"""
    found = read(text + HEADINGS + ROW)
    assert messages(found) == []
    one = found.specs[0]
    assert one["code"] == "50022224T000000000001"
    assert one["name"] == "公务员和事业单位工作人员奖励（年度考核）专项"
    assert one["department"] == "305001-某县教育委员会直属单位会计核算中心（本级）"
    assert one["year"] == 2024
    assert one["type"] == "一般性项目（城乡社区）"
    assert one["budget"] == {"total": Decimal("10.00"), "superior": 5, "local": Decimal("5.00")}
    assert one["narrative"] == {
        "overview": "共计100 2.于2023年完成 Windows Server 升级（〔2003〕47 号）。",
        "basis": "依据",
        "schedule": "按计划实施",
        "goal": "1.完成；2.验收。",
    }


def test_a_narrative_that_begins_above_its_label_is_reported() -> None:
    above = "全区共有退休人员8914人，按标准计算共需开支经费221.4万元，"
    found = read(header().replace("项目概况 改善", above + "\n\n项目概况 改善") + HEADINGS + ROW)
    assert found.specs[0]["narrative"]["overview"] == above + "改善办学条件。"
    assert found.specs[0]["budget"]["local"] == Decimal("120.50")
    assert "text stands above the label of its cell" in messages(found)[0]


def overall(funds: str, goal: str = "1.目标一。\n2.目标二。") -> str:
    return f"""\
附件4-10

2024年部门（单位）整体支出绩效目标表

预算部门 305001-某县教育委
员会

总体资金情况（元）
预算支出总额

基本支出 项目支出

合计 财政拨款 专户资金 单位资金 合计 财政拨款 专户资金 单位资金

{funds}

{SIDE}

整体绩效目标

{goal}

年度绩效指标
{HEADINGS}{ROW}其他说明 无
"""


@pytest.mark.parametrize(
    ("funds", "budget"),
    [
        (
            "1,000,000.00 400,000.50 300,000.50 100,000.00 599,999.50\n599,999.50",
            {"total": "100.000000", "basic": "40.000050", "project": "59.999950"},
        ),
        ("30000 10000 10000 20000 20000", {"total": "3", "basic": "1", "project": "2"}),
        ("30000 10000 20000", {"total": "3", "basic": "1", "project": "2"}),
    ],
)
def test_the_funds_of_a_department(funds: str, budget: dict[str, str]) -> None:
    found = read(overall(funds))
    assert messages(found) == []
    one = found.specs[0]
    assert {key: Decimal(amount) for key, amount in one["budget"].items()} == {
        key: Decimal(amount) for key, amount in budget.items()
    }
    assert one["code"] == "305001"
    assert one["name"] == "某县教育委员会整体支出"
    assert one["narrative"] == {"goal": "1.目标一。2.目标二。"}


def test_funds_that_do_not_add_up_are_reported() -> None:
    found = read(overall("30000 30000 30000"))
    assert found.specs[0]["budget"] == {"total": Decimal("3.0000")}
    assert "does not follow from their sums; only the total is kept" in messages(found)[0]


def test_remarks_of_a_department_are_reported() -> None:
    found = read(overall("30000 10000 20000").replace("其他说明 无", "其他说明\n略作说明"))
    assert "the line 略作说明 has no place" in messages(found)[0]


@pytest.mark.parametrize(
    ("department", "code"),
    [("305001-某县教委", "305001"), ("305001—某县教委", "305001"), ("305001某县教委", "305001")],
)
def test_the_code_of_a_department(department: str, code: str) -> None:
    text = overall("3 1 2").replace("305001-某县教育委\n员会", department)
    one = read(text).specs[0]
    assert (one["code"], one["name"]) == (code, "某县教委整体支出")


def test_tables_without_titles() -> None:
    """Without a title a table begins at its first label; only its year is missing."""
    text = header() + HEADINGS + ROW
    text += header(code="2").replace("附件4-11\n\n2024年财政资金项目支出绩效目标表", "") + ROW
    text += overall("3 1 2").replace("附件4-10\n\n2024年部门（单位）整体支出绩效目标表", "")
    found = read(text)
    assert [one["code"] for one in found.specs] == ["50022224T000000000001", "2", "305001"]
    assert [one.get("year") for one in found.specs] == [2024, None, None]
    assert [len(one["indicators"]) for one in found.specs] == [1, 1, 1]


def test_the_year_on_a_line_of_its_own() -> None:
    text = header().replace("2024年财政", "财政").replace("单位：万元", "（2025年度）\n单位：万元")
    assert read(text + HEADINGS + ROW).specs[0]["year"] == 2025


def test_a_narrative_may_name_the_form_and_its_parts() -> None:
    overview = (
        "按要求填报\n项目支出绩效目标表\n，见\n附件2\n和\n一、二级项目清单，含\n项目名称 和\n"
        "立项依据充分的项目；\n联系人制度健全，\n12\n项全部完成。"
    )
    found = read(header(overview=overview) + HEADINGS + ROW)
    assert messages(found) == []
    assert found.specs[0]["narrative"]["overview"] == (
        "按要求填报项目支出绩效目标表，见附件2和一、二级项目清单，含项目名称 和"
        "立项依据充分的项目；联系人制度健全，12项全部完成。"
    )


@pytest.mark.parametrize(
    "cell",
    [
        "农村公路养护及县道乡道改造\n项目名称\n工程（第二批）",
        "农村公路养护及县道乡道改造\n项目名称 工程（第二批）",
        "农村公路养护及县道乡道改造\n工程（第二批）\n项目名称",
    ],
)
def test_a_project_name_set_around_its_label_is_whole_and_told(cell: str) -> None:
    """The department above it does not swallow the name's upper part."""
    text = (
        "附件4-11\n\n2024年财政资金项目支出绩效目标表\n\n单位：万元\n\n"
        "申报单位 305001-某县交通局 项目编码 50011024T000001\n\n"
        f"{cell}\n\n项目类型 专项业务 联系人 联系电话\n\n当年预算（万元) 12.00\n本级资金 12.00\n\n"
        "当年绩效指标\n\n一级指标 二级指标 三级指标 指标性质 指标值 度量单位 权重\n\n"
        "产出指标 数量指标\n\n养护里程 ≥ 100 公里 100\n"
    )
    disclosure = read(text)
    assert disclosure.specs[0]["name"] == "农村公路养护及县道乡道改造工程（第二批）"
    assert disclosure.specs[0]["department"] == "305001-某县交通局"
    assert any("above the label" in message for message in messages(disclosure))


def test_the_unit_of_the_total_is_that_of_its_parts() -> None:
    text = (
        "附件4-11\n\n2024年财政资金项目支出绩效目标表\n\n单位：万元\n\n"
        "申报单位 305001-某县交通局 项目编码 50011024T000001\n\n项目名称 养护\n\n"
        "当年预算（元） 1,234,500.00\n上级资金 1,234,500.00\n\n"
        "当年绩效指标\n\n一级指标 二级指标 三级指标 指标性质 指标值 度量单位 权重\n\n"
        "产出指标 数量指标\n\n养护里程 ≥ 100 公里 100\n"
    )
    budget = read(text).specs[0]["budget"]
    assert (budget["total"], budget["superior"]) == (Decimal("123.45"), Decimal("123.45"))
