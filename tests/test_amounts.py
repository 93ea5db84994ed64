"""The reader of a disclosure's tables of amounts (附件4-1 … 4-9), real and made up."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from perfeval.sources.disclosure import Disclosure, read_disclosure
from perfeval.sources.disclosure.amounts import Amount
from tests.budget_tables import DEPARTMENT, page, read_page, read_text, told

SEED = Path(__file__).with_name("data") / "qijiang-hrss-2023.txt"
QIJIANG = "重庆市綦江区人力资源和社会保障局（本级）"


@pytest.fixture(scope="module")
def seed() -> Disclosure:
    return read_disclosure(SEED)


@pytest.fixture(scope="module")
def by_place(seed: Disclosure) -> dict[tuple[str, str, str], Decimal | None]:
    return {(each.table, each.code, each.column): each.amount for each in seed.amounts}


def test_every_printed_amount_is_read_on_its_line(seed: Disclosure) -> None:
    """Found independently of the reader: every number with two decimals before 附件4-10."""
    printed = [
        (number, amount.replace(",", ""))
        for number, line in enumerate(SEED.read_text("utf-8").split("附件4-10")[0].split("\n"), 1)
        for amount in re.findall(r"(?<!\S)[\d,]+\.\d\d(?!\S)", line)
    ]
    read = [
        (each.source_line, str(each.amount)) for each in seed.amounts if each.amount is not None
    ]
    assert read == printed
    assert len(read) == 157
    assert seed.unplaced == []


def test_all_amounts_of_the_document_are_in_a_column(seed: Disclosure) -> None:
    assert {each.department for each in seed.amounts} == {QIJIANG}
    assert "undecided" not in {each.column for each in seed.amounts}
    empty = [each.table for each in seed.amounts if each.amount is None]
    assert empty == ["附件4-5", "附件4-7", "附件4-9"]


@pytest.mark.parametrize(
    ("table", "codes", "column", "total"),
    [
        # What the document prints as sums, from the parts that the reader put into columns.
        ("附件4-1", r"revenue\.current\..*", "total", "3940.91"),
        ("附件4-1", r"expenditure\.current\..*", "general", "4284.87"),
        ("附件4-2", r"20801\d\d", "basic", "589.13"),
        ("附件4-2", r"20801\d\d", "project", "2573.82"),
        ("附件4-2", r"208\d\d", "basic", "749.01"),
        ("附件4-2", r"208\d\d", "project", "2900.82"),
        ("附件4-2", r"\d{3}", "basic", "836.86"),
        ("附件4-3", r"\d{3}", "personnel", "705.33"),
        ("附件4-3", r"302\d\d", "operating", "131.53"),
        ("附件4-6", r"expenditure\.current\..*", "total", "4284.87"),
    ],
)  # fmt: skip
def test_columns_add_up_to_what_is_printed(
    seed: Disclosure, table: str, codes: str, column: str, total: str
) -> None:
    found = [
        each.amount or 0
        for each in seed.amounts
        if (each.table, each.column) == (table, column) and re.fullmatch(codes, each.code)
    ]
    assert len(found) > 0
    assert sum(found) == Decimal(total)


@pytest.mark.parametrize(
    ("table", "code", "column", "amount"),
    [
        ("附件4-1", "revenue.carried_in.general", "total", "343.96"),
        ("附件4-1", "expenditure", "general", "4284.87"),
        ("附件4-2", "2111001", "project", "547.20"),
        ("附件4-2", "2210201", "basic", "54.65"),
        ("附件4-3", "30399", "personnel", "52.90"),
        ("附件4-3", "30231", "operating", "3.50"),
        ("附件4-4", "total", "total", "8.94"),
        ("附件4-4", "total", "vehicles", "3.50"),
        ("附件4-4", "total", "vehicle_running", "3.50"),
        ("附件4-4", "total", "reception", "5.44"),
        ("附件4-6", "revenue", "total", "4284.87"),
        ("附件4-8", "208", "project", "2900.82"),
    ],
)
def test_chosen_cells(
    by_place: dict[tuple[str, str, str], Decimal], table: str, code: str, column: str, amount: str
) -> None:
    assert str(by_place[table, code, column]) == amount


def test_names_are_as_printed(seed: Disclosure) -> None:
    labels = {each.code: each.label for each in seed.amounts if each.table == "附件4-3"}
    assert labels["30213"] == "维修(护)费"
    assert labels["30399"] == "其他对个人和家庭的补助支出"


# What the row itself, its relatives and other tables say of a column.


def test_a_full_row_has_each_amount_in_its_place_also_where_they_contradict() -> None:
    amounts, problems = read_page("附件4-2", "205 教育支出 10.00 6.00 5.00")
    assert told(amounts) == ["205 total 10.00", "205 basic 6.00", "205 project 5.00"]
    assert problems == []


def test_two_equal_amounts_alone_are_a_total_and_something_undecided() -> None:
    amounts, problems = read_page("附件4-2", "205 教育支出 10.00 10.00")
    assert told(amounts) == ["205 total 10.00", "205 undecided 10.00"]
    assert problems == [
        "disclosure.txt:13: table 附件4-2: in which columns the amounts 10.00 10.00 of 教育支出"
        " stand does not follow from the sums of the table, as empty cells leave no trace in the"
        " text (1 such rows in all); their column is “undecided”: fill it in by hand"
    ]


def test_the_parent_decides_its_parts_and_the_parts_their_parent() -> None:
    amounts, problems = read_page(
        "附件4-2",
        "205 教育支出 10.00 4.00 6.00",
        "20502 普通教育 6.00 6.00",
        "2050202 小学教育 6.00 6.00",
        "20509 教育费附加 4.00 4.00",
    )
    assert [each.column for each in amounts[3:]] == ["total", "project"] * 2 + ["total", "basic"]
    assert problems == []
    amounts, _ = read_page(
        "附件4-2",
        "20502 普通教育 6.00 6.00",
        "2050201 学前教育 2.00 1.00 1.00",
        "2050202 小学教育 4.00 4.00",
    )
    assert "undecided" in {each.column for each in amounts}, "the parent contradicts its parts"


def test_two_ways_of_adding_up_decide_nothing() -> None:
    amounts, problems = read_page(
        "附件4-2",
        "205 教育支出 10.00 5.00 5.00",
        "20502 普通教育 5.00 5.00",
        "20509 教育费附加 5.00 5.00",
    )
    assert [each.column for each in amounts[3:]] == ["total", "undecided"] * 2
    assert len(problems) == 1
    assert "(2 such rows in all)" in problems[0]


def test_a_table_that_contradicts_itself_decides_nothing() -> None:
    amounts, _ = read_page(
        "附件4-2",
        "205 教育支出 11.00 5.00 6.00",
        "20502 普通教育 5.00 5.00",
        "20509 教育费附加 5.00 5.00",
    )
    assert [each.column for each in amounts[3:]] == ["total", "undecided"] * 2


def test_differences_of_rounding_do_not_keep_a_column_open() -> None:
    amounts, problems = read_page(
        "附件4-2",
        "205 教育支出 9.67 3.34 6.33",
        "20501 教育管理事务 1.67 1.67",
        "20502 普通教育 6.33 6.33",
        "20509 教育费附加 1.66 1.66",
    )
    assert [each.column for each in amounts[4::2]] == ["basic", "project", "basic"]
    assert problems == []


def test_a_row_whose_amounts_fit_no_columns_is_undecided_and_told() -> None:
    amounts, problems = read_page("附件4-2", "205 教育支出 10.00 9.00", "206 科学技术支出 3.00")
    assert {each.column for each in amounts} == {"undecided"}
    (problem,) = problems
    assert "the amounts 10.00 9.00 of 教育支出 fit its columns in no way" in problem
    assert "(2 such rows in all)" in problem


def test_the_total_of_basic_expenditure_decides_the_highest_rows() -> None:
    rows = ["205 教育支出 10.00 10.00", "221 住房保障支出 3.00 3.00"]
    text = page("附件4-2", rows) + page("附件4-3", ["合计 3.00 3.00", "301 工资福利支出 3.00 3.00"])
    amounts, _ = read_text(text)
    assert [each.column for each in amounts if each.table == "附件4-2"] == [
        "total", "project", "total", "basic",
    ]  # fmt: skip


def test_three_public_expenses_are_told_apart_by_their_lines() -> None:
    without = page("附件4-4", ["8.94 3.50 3.50 5.44"])
    amounts, _ = read_text(without)
    assert [each.column for each in amounts] == ["total", "vehicles", "undecided", "reception"]
    lines = ["合计 9.00 9.00", "302 商品和服务支出 9.00 9.00", "30231 公务用车运行维护费 3.50 3.50"]
    amounts, _ = read_text(without + page("附件4-3", lines))
    assert [each.column for each in amounts[:4]] == [
        "total", "vehicles", "vehicle_running", "reception",
    ]  # fmt: skip


def test_funds_of_expenditure_follow_from_the_revenue() -> None:
    amounts, problems = read_page(
        "附件4-1",
        "一、本年收入 8.00 一、本年支出 10.00 9.00 1.00",
        "一般公共预算拨款 7.00 教育支出 9.00 9.00",
        "政府性基金预算拨款 1.00 城乡社区支出 1.00 1.00",
        "国有资本经营预算拨款",
        "二、上年结转 2.00",
        "一般公共预算拨款 2.00",
        "二、结转下年",
        "收入总数 10.00 支出总数 10.00 9.00 1.00",
    )
    assert problems == []
    assert told(amounts) == [
        "revenue.current total 8.00",
        "expenditure.current total 10.00",
        "expenditure.current general 9.00",
        "expenditure.current government_fund 1.00",
        "revenue.current.general total 7.00",
        "expenditure.current.教育支出 total 9.00",
        "expenditure.current.教育支出 general 9.00",
        "revenue.current.government_fund total 1.00",
        "expenditure.current.城乡社区支出 total 1.00",
        "expenditure.current.城乡社区支出 government_fund 1.00",
        "revenue.carried_in total 2.00",
        "revenue.carried_in.general total 2.00",
        "revenue total 10.00",
        "expenditure total 10.00",
        "expenditure general 9.00",
        "expenditure government_fund 1.00",
    ]


def test_a_sign_for_an_empty_cell_tells_where_it_is() -> None:
    amounts, problems = read_page(
        "附件4-2", "205 教育支出 10.00 - 10.00", "206 科技 0.00 0.00 0.00"
    )
    assert told(amounts) == [
        "205 total 10.00", "205 project 10.00",
        "206 total 0.00", "206 basic 0.00", "206 project 0.00",
    ]  # fmt: skip
    assert problems == []


def test_many_rows_without_an_answer_take_no_time() -> None:
    rows = [f"20502{number:02} 某某教育 {number}.37 {number}.37" for number in range(10, 90)]
    total = sum(Decimal(f"{number}.37") for number in range(10, 90))
    amounts, problems = read_page(
        "附件4-2", f"20502 普通教育 {total} 1000.00 {total - 1000}", *rows
    )
    assert len(amounts) == 163
    assert len(problems) == 1


# Forms, pages, headings and units.


def test_amounts_in_yuan_are_shifted() -> None:
    amounts, _ = read_page("附件4-2", "205 教育支出 1,234,567.80 1,234,567.80", unit="单位：元")
    assert [str(each.amount) for each in amounts] == ["123.456780"] * 2


@pytest.mark.parametrize(
    "title",
    [
        f"{DEPARTMENT}一般公共预算财政拨款支出预算表",
        f"{DEPARTMENT}\n一般公共预算财政拨款\n支出预算表",
        f"表二：{DEPARTMENT}2024年一般公共预算支出表",
        f"附件4-2 {DEPARTMENT} 一般公共预算支出预算表（2024年）",
        f"2024年一般公共预算财政拨款支出表\n部门：{DEPARTMENT}",
    ],
)
def test_titles(title: str) -> None:
    heading = "科目编码 科目名称 合计 基本支出 项目支出"
    text = f"{title}\n单位：万元\n{heading}\n205 教育支出 3.00 1.00 2.00\n"
    amounts, problems = read_text(text)
    assert problems == []
    assert {(each.department, each.table) for each in amounts} == {(DEPARTMENT, "附件4-2")}
    assert len(amounts) == 3


def test_a_table_goes_on_where_its_title_or_its_headings_are_repeated() -> None:
    first = page("附件4-2", ["205 教育支出 10.00 4.00 6.00", "20502 普通教育 6.00 6.00"])
    second = page("附件4-2", ["20509 教育费附加 4.00 4.00"])
    once, _ = read_text(first + second)
    assert [each.column for each in once[-2:]] == ["total", "basic"]
    heading = "科目编码 科目名称 小计 基本支出 项目支出"
    twice, problems = read_text(first + f"\f{heading}\n\n20509 教育费附加 4.00 4.00\n")
    assert told(twice) == told(once)
    assert problems == []


def test_departments_of_one_document_are_kept_apart() -> None:
    other = "重庆市某县卫生健康委员会"
    rows = ["205 教育支出 3.00 1.00 2.00"]
    amounts, _ = read_text(page("附件4-2", rows) + page("附件4-2", rows, department=other))
    assert [each.department for each in amounts] == [DEPARTMENT] * 3 + [other] * 3


def test_names_broken_over_lines() -> None:
    amounts, problems = read_page(
        "附件4-2",
        "208 社会保障和就业支出 3.00 1.00 2.00",
        "其他人力资源和社会保障管理\n2080199 3.00 1.00 2.00\n事务支出",
        "20805 行政事业单位养老支出 3.00 1.00 2.00",
    )
    assert problems == []
    assert {each.label for each in amounts} == {
        "社会保障和就业支出", "其他人力资源和社会保障管理事务支出", "行政事业单位养老支出",
    }  # fmt: skip


def test_a_table_without_amounts_is_one_row() -> None:
    amounts, problems = read_page("附件4-5")
    assert amounts == [Amount(DEPARTMENT, "附件4-5", "", "", "", None, 5)]
    assert problems == []


def test_a_table_of_contents_is_no_table() -> None:
    text = "目录\n1.财政拨款收支总表\n2.一般公共预算财政拨款支出预算表\n" + page("附件4-5", [])
    amounts, problems = read_text(text)
    assert [each.table for each in amounts] == ["附件4-5"]
    assert problems == []


def test_notes_and_the_text_of_other_parts_end_a_table() -> None:
    text = page("附件4-2", ["205 教育支出 3.00 1.00 2.00"])
    text += (
        "备注：本表反映当年情况。\n\n第三部分 情况说明\n\n2024年 教育支出 增加 3.00\n联系人：某某\n"
    )
    amounts, problems = read_text(text)
    assert len(amounts) == 3
    assert problems == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            page("附件4-2", ["205 教育支出 3.00 1.00 2.00"], unit=""),
            "table 附件4-2 does not say the unit of its amounts (单位：万元)",
        ),
        (
            page("附件4-2", ["205 教育支出 3.00 1.00 2.00"], department="2024年"),
            "the title of table 附件4-2 names no department",
        ),
        (
            page("附件4-2", ["205 教育支出 3.00 1.00 2.00"],
                 headings="科目编码 科目名称 小计 基本支出 项目支出 债务付息"),
            "column headings of table 附件4-2 are not those of the form (小计, 基本支出, 项目支出)",
        ),
        (
            page("附件4-2", ["205 教育支出 3.00 1.00 2.00"],
                 headings="科目编码 科目名称 合计 小计 基本支出 项目支出"),
            "are not those of the form",
        ),
        (
            page("附件4-2", ["205 教育支出 4.00 1.00 2.00 1.00"]),
            "the row 教育支出 4.00 1.00 2.00 1.00 of table 附件4-2 has 4 amounts in 3 columns",
        ),
        (
            page("附件4-2", ["205 教育支出 3.00 1.00 2.00", "合计数 3.00 1.00 2.00"]),
            "the line 合计数 3.00 1.00 2.00 has no place in table 附件4-2",
        ),
        (
            page("附件4-2", ["205 教育支出 3.00 1.00 2.00", "206 科技 1.001.00"]),
            "the line 206 科技 1.001.00 has no place in table 附件4-2",
        ),
        (
            page("附件4-6", ["某某 3.00"]),
            "which side of table 附件4-6, revenue or expenditure, the line 某某 3.00 is on",
        ),
        (
            page("附件4-2", ["205 教育支出 3.00 1.00 2.00"])
            + "\n项目支出明细表\n\n205 教育 1.00 1.00\n",
            "1 rows with codes and amounts stand below no title of a table that is known",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_placed_is_told(text: str, words: str) -> None:
    _, problems = read_text(text)
    assert len(problems) == 1, problems
    assert words in problems[0]
    assert problems[0].startswith("disclosure.txt:")


def test_no_contact_is_kept_or_told() -> None:
    rows = ["205 教育支出 3.00 1.00 2.00", "填表人：某某甲", "联系电话 02300000000"]
    amounts, problems = read_text(page("附件4-2", rows))
    assert "某某甲" not in str((amounts, problems))
    assert "02300000000" not in str((amounts, problems))
