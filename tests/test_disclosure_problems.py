"""The reader of disclosure texts: what it keeps to itself, and what it reports."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from perfeval.problems import InputError
from perfeval.sources.disclosure import read_disclosure
from tests.disclosures import HEADINGS, ROW, header, indicators, messages, read

PERSON, PHONES = "张三丰", ("023-48661234", "13812345678", "48661234")


@pytest.mark.parametrize(
    "contact",
    [
        f"项目类型 一般性项目 联系人 {PERSON} 联系电话 {PHONES[1]}",
        f"项目类型 一般性项目 联系人{PERSON} 联系电话{PHONES[1]}",
        f"项目类型 一般性项目\n联系人\n{PERSON}\n联系电话\n{PHONES[0]}\n{PHONES[1]}",
        f"项目类型 一般性项目 联 系 人：{PERSON} 联系电\n话 {PHONES[0]}",
        f"项目类型 一般性项目 联系人 联系电话\n{PERSON} {PHONES[2]}",
        f"项目类型 一般性项目\n联系\n人 {PERSON}\n联系电话 {PHONES[0]}\n转 8801",
    ],
)
def test_contacts_are_in_no_output(contact: str) -> None:
    signed = f"注：由{PERSON}填报\n填表人：{PERSON} 电话：{PHONES[0]}\n联系电话\n{PHONES[2]}\n"
    text = header(contact=contact) + HEADINGS + ROW + signed
    found = read(text)
    assert found.specs[0]["type"] == "一般性项目"
    assert found.specs[0]["budget"]["total"] == Decimal("1120.50")
    shown = repr(found.specs) + "".join(map(repr, found.unplaced)) + "".join(messages(found))
    for secret in (PERSON, *PHONES):
        assert secret not in shown
    assert "注：由…填报" in messages(found)[-1]


def test_contacts_in_a_narrative_are_left_out() -> None:
    found = read(
        header(
            overview=f"改善条件。\n联系人 {PERSON} 联系电话 {PHONES[1]}\n完善联系人制度。",
            goal=f"按期完成（联系人：{PERSON}，联系电话：{PHONES[0]}）。",
        )
        + HEADINGS
        + ROW
    )
    assert found.specs[0]["narrative"]["overview"] == "改善条件。完善联系人制度。"
    assert found.specs[0]["narrative"]["goal"] == "按期完成（）。"


def test_a_telephone_number_without_a_label_is_left_out() -> None:
    found = read(header() + HEADINGS + ROW + f"{PERSON} {PHONES[1]}\n")
    (problem,) = found.unplaced
    assert "left out with the contact person and telephone number" in problem.text()
    assert PERSON not in repr(found)
    assert PHONES[1] not in repr(found)


def bad(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value


def test_a_text_without_such_tables() -> None:
    message = str(bad("附件4-1\n财政拨款收支总表\n单位：万元\n收入 支出\n"))
    assert "no performance target table was found" in message
    assert "项目支出绩效目标表" in message
    assert "申报单位" in message


def test_a_table_of_contents_is_no_table() -> None:
    assert "no performance target table" in str(bad("附件4-11 2023年项目支出绩效目标表\n"))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_disclosure(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("新建校舍 ≥ 10 个", "has an operator but no weight"),
        ("新建校舍 33 万人 20", "has numbers but no operator"),
        ("新建校舍 ≥ 10 个 1234567890123456789", "has more than 15 digits"),
        ("≥ 10 个 20", "has no name"),
    ],
)
def test_a_row_that_lacks_something_is_reported(row: str, words: str) -> None:
    found = read(header() + HEADINGS + "产出指标 数量指标\n\n" + row + "\n\n" + ROW)
    assert indicators(found.specs[0]) == ["产出指标 数量指标 新建校舍面积 ≥ 100 平方米 10"]
    (problem,) = found.unplaced
    line = len((header() + HEADINGS).split("\n")) + 2
    assert problem.line == line
    assert words in problem.text()
    assert row.removeprefix("新建校舍 ") in problem.text()


def test_what_has_no_place_is_reported_with_its_line() -> None:
    found = read(header() + HEADINGS + ROW + "注：本表一式两份。\n第二部分 名词解释\n略\n")
    (problem,) = found.unplaced
    assert problem.line == len((header() + HEADINGS + ROW).split("\n"))
    assert problem.text().endswith(
        "the line 注：本表一式两份。 has no place in a spec and was left out; check it"
    )


def test_a_table_without_indicators_makes_no_spec() -> None:
    found = read(header() + HEADINGS + header(code="2") + HEADINGS + ROW)
    assert [one["code"] for one in found.specs] == ["2"]
    assert "the table holds no indicator" in messages(found)[0]
    assert found.unplaced[0].line == 3  # where its title stands


def test_a_table_cut_off_at_the_end_of_the_file() -> None:
    found = read(header() + HEADINGS + ROW + "质量指标\n\n验收合格率 ≥ 95")
    assert len(found.specs[0]["indicators"]) == 1
    assert "验收合格率 ≥ 95 has an operator but no weight" in messages(found)[0]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("约100", "the amount 约100 is not a number"),
        ("12345678901234567", "at most 15 digits"),
        ("10.00 5.00", "the amount 10.00 5.00 is not a number"),
    ],
)
def test_an_amount_that_is_no_number_is_reported(amount: str, words: str) -> None:
    found = read(header(total=amount) + HEADINGS + ROW)
    assert "total" not in found.specs[0]["budget"]
    assert words in messages(found)[0]


def test_amounts_in_yuan_shift_the_point() -> None:
    found = read(header(total="11,205,000.50").replace("（万元)", "（元)") + HEADINGS + ROW)
    assert str(found.specs[0]["budget"]["total"]) == "1120.500050"


def test_what_a_header_lacks_is_reported() -> None:
    text = header(code="", name="").replace("2024年", "") + HEADINGS + ROW
    found = read(text.replace("305001-重庆市某县教育委员会", ""))
    told = "\n".join(messages(found))
    for words in ("has no code", "no project name", "names no department", "names no year"):
        assert words in told
    assert "year" not in found.specs[0]


def test_rows_above_any_heading_are_reported() -> None:
    found = read(header() + HEADINGS + "培训 ≥ 10 人 50\n合格 ≥ 10 人 50\n")
    assert [one["level1"] for one in found.specs[0]["indicators"]] == ["", ""]
    assert "no level-1 heading stands above this indicator (2 in all" in messages(found)[0]


@pytest.mark.parametrize("place", range(len(header().split("\n")) - 2))
def test_no_line_of_a_header_vanishes(place: int) -> None:
    lines = header().split("\n")
    lines.insert(place, "杂项")
    found = read("\n".join(lines) + HEADINGS + ROW)
    before = "".join(lines[:place]).strip()
    if not before.endswith("00000000") and "申报单位" in "".join(lines[:place]):
        assert "杂项" in repr(found.specs) + "".join(messages(found))
