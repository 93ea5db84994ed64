"""budget.csv: written with the specs, read with them, and what is told of its mistakes."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from perfeval import check, tables
from perfeval.cli import main
from perfeval.problems import InputError
from perfeval.sources.disclosure.amounts import Amount
from perfeval.sources.specs import load_specs
from perfeval.sources.write_budget import budget_text
from tests.budget_tables import page

SEED = Path(__file__).with_name("data") / "qijiang-hrss-2023.txt"
SPECS = Path(__file__).parent.parent / "specs"
HEAD = "department,table,code,label,column,amount,source_line\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one spec."""
    shutil.copy(SPECS / "212001.toml", tmp_path)
    return tmp_path


def problems(folder: Path, rows: str, head: str = HEAD) -> list[str]:
    (folder / "budget.csv").write_text(head + rows, "utf-8")
    with pytest.raises(InputError) as caught:
        load_specs(folder)
    return [
        problem.text().removeprefix(f"{folder / 'budget.csv'}:")
        for problem in caught.value.problems
    ]


def test_the_committed_amounts_load() -> None:
    specs = load_specs(SPECS)
    assert tables.misfits(specs.budget, tables.BUDGET) == []
    assert specs.budget.height == 160
    total = specs.budget.filter(table="附件4-2", code="20801", column="total")
    assert total["amount"].to_list() == [Decimal("3162.95")]
    assert total["decimals"].to_list() == [2]
    assert Path(specs.inputs[-1].path).name == "budget.csv"


def test_the_amounts_count_among_the_inputs_of_the_receipt() -> None:
    inputs = check(str(SPECS)).receipt["inputs"]
    (budget,) = [each for each in inputs if each["path"].endswith("budget.csv")]
    assert budget["rows"] == 160
    assert len(budget["sha256"]) == 64


def test_the_departments_funds_are_columns_of_its_project() -> None:
    row = load_specs(SPECS).projects.row(0, named=True)
    assert (row["budget_total"], row["budget_basic"], row["budget_project"]) == (
        4284.875819, 839.135069, 3445.74075,
    )  # fmt: skip


def test_without_the_file_there_are_no_amounts(folder: Path) -> None:
    assert load_specs(folder).budget.is_empty()
    assert load_specs(folder).budget.schema == tables.empty(tables.BUDGET).schema


def test_one_spec_alone_has_no_amounts_of_the_department(folder: Path) -> None:
    (folder / "budget.csv").write_text("no table at all")
    assert load_specs(folder / "212001.toml").budget.is_empty()


def test_what_is_written_is_read_again(folder: Path) -> None:
    amounts = [
        Amount("=某局", "附件4-2", "205", '+"教育",支出', "total", Decimal("76.00"), 3),
        Amount("=某局", "附件4-2", "205", '+"教育",支出', "undecided", Decimal("76.00"), 3),
        Amount("=某局", "附件4-2", "206", "科技", "total", Decimal("-0.123456"), 4),
        Amount("=某局", "附件4-5", "", "", "", None, 9),
    ]
    text = budget_text(amounts)
    assert text == budget_text(amounts)
    (folder / "budget.csv").write_text(text, "utf-8")
    read = load_specs(folder).budget
    assert read["amount"].to_list() == [each.amount for each in amounts]
    assert read["decimals"].to_list() == [2, 2, 6, None]
    assert read["line"].to_list() == [2, 3, 4, 5]
    assert read["label"].to_list()[0] == '+"教育",支出'


def test_a_spreadsheet_may_save_it(folder: Path) -> None:
    """Chinese headings, GB18030, semicolons, thousands commas in quotes, full-width digits."""
    head = "部门;附件;科目编码;科目名称;栏;金额;原文行号\r\n"
    rows = '某局;附件4-2;205;教育支出;total;"1,076.5";3\r\n某局;附件4-2;205;;basic;７６;\r\n'
    (folder / "budget.csv").write_bytes((head + rows).encode("gb18030"))
    read = load_specs(folder).budget
    assert read["amount"].to_list() == [Decimal("1076.5"), Decimal(76)]
    assert read["source_line"].to_list() == [3, None]


def test_everything_that_is_wrong_is_told_at_once(folder: Path) -> None:
    rows = (
        "某局,附件4-2,205,教育支出,total,一百,3\n"
        "某局,附件4-2,205,教育支出,basic,1.1234567,3\n"
        "某局,附件4-2,205,教育支出,project,1234567890123456,x\n"
        "某局,附件4-22,205,教育支出,total,1,3\n"
        "某局,附件4-2,206,科技,totl,1,4\n"
        "某局,附件4-2,207,文化,personnel,1,5\n"
        "某局,附件4-2,208,社保,total,1,6\n"
        "某局,附件4-2,208,社保,total,2,6\n"
        ",附件4-2,209,,total,1,7\n"
        "某局,附件4-2,,,total,1,8\n"
        "某局,附件4-2,210,卫生,total,1,000,9\n"
        "某局,附件4-2,211,环保,,1,9\n"
    )
    found = problems(folder, rows)
    expected = [
        "2: amount (金额) is “一百”; a number in 万元",
        "3: amount (金额) is “1.1234567”; a number in 万元",
        "4: amount (金额) is “1234567890123456”",
        "4: source_line (原文行号) is “x”; the number of a line",
        "5: there is no table “附件4-22” (did you mean 附件4-2?); the tables are 附件4-1,",
        "6: table 附件4-2 has no column “totl” (did you mean total?); it has total, basic,",
        "7: table 附件4-2 has no column “personnel”; it has",
        "9: this amount of 附件4-2 208, column total, stands in line 8 already",
        "10: department",
        "11: code (科目编码) is missing; fill it in",
        "12: the row has more cells than the table has columns",
        "13: table 附件4-2 has no column “”",
    ]
    assert len(found) == len(expected), found
    for message, words in zip(found, expected, strict=True):
        assert words in message


def test_a_wrong_file_is_told_with_the_wrong_specs(folder: Path) -> None:
    (folder / "2.toml").write_text("schema = 1\ncod = 2\n", "utf-8")
    found = problems(folder, "某局,附件4-2,205,x,total,1\n", HEAD.replace("amount", "money"))
    assert any("2.toml" in message for message in found)
    assert any("unknown heading “money”" in message for message in found)


def test_amounts_in_another_unit_are_refused(folder: Path) -> None:
    found = problems(folder, "某局,附件4-2,205,x,total,1,2\n", HEAD.replace("amount", "金额（元）"))
    assert "2: amount (金额) is “1元”; a number in 万元" in found[0]


# perfeval import


def test_import_writes_the_amounts_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):  # the second time the same bytes are written
        assert main(["import", str(SEED), "-o", str(tmp_path), "--lang", "en"]) == 0
        assert f"amounts of budget tables: 157; written to {tmp_path}/budget.csv" in (
            capsys.readouterr().out
        )
    assert (tmp_path / "budget.csv").read_bytes() == (SPECS / "budget.csv").read_bytes()


def test_import_does_not_replace_edited_amounts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "budget.csv").write_text("mine", "utf-8")
    assert main(["import", str(SEED), "-o", str(tmp_path), "--lang", "en"]) == 2
    assert f"{tmp_path}/budget.csv: this file differs" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["budget.csv"]
    assert main(["import", str(SEED), "-o", str(tmp_path), "--lang", "en", "--force"]) == 0
    assert (tmp_path / "budget.csv").read_bytes() == (SPECS / "budget.csv").read_bytes()


def test_a_text_of_budget_tables_alone_is_enough(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "tables.txt"
    text.write_text(page("附件4-2", ["205 教育支出 3.00 1.00 2.00"]), "utf-8")
    assert main(["import", str(text), "-o", str(tmp_path / "specs"), "--lang", "en"]) == 0
    assert "amounts of budget tables: 3" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "specs").iterdir()] == ["budget.csv"]


def test_the_same_table_in_two_texts_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.txt", "b.txt"):
        rows = ["205 教育支出 3.00 1.00 2.00"]
        (tmp_path / name).write_text(page("附件4-2", rows), "utf-8")
    texts = [str(tmp_path / name) for name in ("a.txt", "b.txt")]
    assert main(["import", *texts, "-o", str(tmp_path / "specs"), "--lang", "en"]) == 2
    assert "a.txt holds table 附件4-2 of 重庆市某县教育委员会 as well" in capsys.readouterr().err
    assert not (tmp_path / "specs").exists()
