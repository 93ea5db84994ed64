"""The reader of disclosure texts: persons and numbers wherever a clerk may write them."""

from __future__ import annotations

import pytest

from tests.disclosures import HEADINGS, ROW, header, messages, read

PERSON, PHONE = "欧阳修", "48671234"


def shown(text: str) -> str:
    """Everything that a user may see of what was read; the one name is right."""
    found = read(text)
    assert [one["name"] for one in found.specs[0]["indicators"]] == ["新建校舍面积"]
    assert found.specs[0]["name"] == "义务教育薄弱环节改善"
    assert found.specs[0]["type"] == "一般性项目"
    return repr(found.specs) + repr(found.unplaced) + "".join(messages(found))


@pytest.mark.parametrize("gap", ["", "\n"])
@pytest.mark.parametrize(
    "line",
    [
        f"填报人 {PERSON}",
        f"单位负责人（签字）：{PERSON}",
        f"经办：{PERSON} 电话 {PHONE}",
        f"联系人{PERSON} 电话{PHONE}",
        f"审核：{PERSON}",
        f"审核 {PERSON}",
        f"制表人 {PERSON}",
        "审核人 欧阳修 2024年1月5日",
        f"{PERSON} {PHONE}",
        f"（联系人：{PERSON}，{PHONE}）",
        f"编制人 {PERSON}",
        f"部门负责人签字 {PERSON}",
        f"其他说明 联系人{PERSON} {PHONE}",
        f"其他说明 {PERSON} {PHONE}",
    ],
)
def test_below_the_last_row(line: str, gap: str) -> None:
    text = shown(
        header(contact="项目类型 一般性项目") + HEADINGS + ROW.strip() + f"\n{gap}{line}\n"
    )
    assert PERSON not in text
    assert PHONE not in text


@pytest.mark.parametrize(
    "contact",
    [
        f"项目类型 一般性项目 项目负责人 {PERSON} 联系电话 {PHONE}",
        f"项目类型 一般性项目 经办人 {PERSON} 联系电话 {PHONE}",
        f"项目类型 一般性项目 填报人 {PERSON} 电话 {PHONE}",
        f"项目类型 一般性项目 单位负责人 {PERSON} 手机号码 {PHONE}",
        f"项目类型 一般性项目 项目负责人及联系电话 {PERSON} {PHONE}",
        f"{PERSON}、\n项目类型 一般性项目 联系人 联系电话 {PHONE}\n司马光",
        f"{PERSON} {PHONE}\n项目类型 一般性项目 联系人 联系电话",
        f"项目类型 一般性项目\n联系\n人\n{PERSON}\n联系电话 {PHONE}",
    ],
)
def test_above_the_indicators(contact: str) -> None:
    text = shown(header(contact=contact) + HEADINGS + ROW)
    assert PERSON not in text
    assert PHONE not in text


def test_a_number_in_a_narrative() -> None:
    text = header(
        overview=f"由教育科（电话{PHONE}）负责，手机号码：13812345678。",
        contact="项目类型 一般性项目",
    )
    assert PHONE not in shown(text + HEADINGS + ROW)
    assert "13812345678" not in shown(text + HEADINGS + ROW)


@pytest.mark.parametrize(
    "below", ["某县交通局\n2024年1月5日", "名词解释 绩效目标", "特此说明。", "备查：另存"]
)
def test_lines_below_the_last_row_that_are_no_name(below: str) -> None:
    text = header(contact="项目类型 一般性项目") + HEADINGS + ROW.strip() + f"\n{below}\n"
    told = shown(text)
    for line in below.split("\n"):
        assert f"line {line} has no place" in told


def test_another_annex_ends_the_table() -> None:
    text = header(contact="项目类型 一般性项目") + HEADINGS + ROW
    text += "附件5\n收支明细表\n产出指标 数量指标\n会议 ≥ 5 次 10\n"
    assert "会议" not in shown(text)


@pytest.mark.parametrize(
    ("line", "name", "target"),
    [
        ("受益面 95%以上 10", "受益面", "95%以上"),
        ("工作质量 优良 10", "工作质量", "优良"),
        ("完成时间 9月底前 完成 10", "完成时间", "9月底前 完成"),
        ("质量指标 工程质量 合格 10", "工程质量", "合格"),
    ],
)
def test_a_row_without_an_operator_column(line: str, name: str, target: str) -> None:
    one = read(header() + HEADINGS + ROW.strip() + f"\n{line}\n").specs[0]["indicators"]
    assert [(row["name"], row["target"], row["weight"]) for row in one[1:]] == [(name, target, 10)]


def test_an_open_row_that_cannot_be_read_is_reported() -> None:
    found = read(header() + HEADINGS + ROW.strip() + "\n工作成效 大家认可 10\n")
    assert [one["name"] for one in found.specs[0]["indicators"]] == ["新建校舍面积"]
    assert "has numbers but no operator" in messages(found)[0]


@pytest.mark.parametrize("line", ["年度预算 12.00", "市级资金 2.00", "实施单位 某局"])
def test_an_unknown_label_below_the_contacts_is_reported(line: str) -> None:
    contact = f"项目类型 一般性项目 联系人 某某 联系电话 00000000\n{line}"
    found = read(header(contact=contact) + HEADINGS + ROW)
    assert "left out with the contact person" in messages(found)[0]


def test_an_annex_named_in_a_narrative_stays_there() -> None:
    found = read(header(overview="改善条件，见\n附件1\n所列学校。") + HEADINGS + ROW)
    assert found.specs[0]["narrative"]["overview"] == "改善条件，见附件1所列学校。"
