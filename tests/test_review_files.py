"""What `review` reads: forms, workbooks and lists in one folder, each finding at its place."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from perfeval.problems import InputError
from perfeval.reviewing import ReviewResult, review
from tests.books import evaluation, published, rows_of, save
from tests.test_layouts import CHONGQING

FORM = CHONGQING
LIST = """项目编码,项目名称,部门,一级指标,二级指标,三级指标,指标性质,指标值,单位,分值,完成值,得分
X1,走访,某局,产出指标,数量指标,惠及人数,≥,550,人,50,20,50
X1,走访,某局,满意度指标,服务对象满意度指标,满意度,≥,90,%,40,95,40
合计,,,,,,,,,90,,90
X2,培训,某局,产出指标,数量指标,培训人数,≥,100,人,90,100,90
合计,,,,,,,,,90,,91
"""


def found(result: ReviewResult, code: str) -> list[tuple[object, ...]]:
    rows = result.findings.filter(result.findings["code"] == code)
    return rows.select("file", "sheet", "line", "project").rows()


def test_forms_and_lists_of_one_folder_are_reviewed_together(tmp_path: Path) -> None:
    cases = published("selfeval")
    (tmp_path / "某区").mkdir()
    national = save(
        tmp_path / "国家.xlsx",
        [
            (name, lambda sheet, case=cases[name]: evaluation(sheet, case))
            for name in ("S14", "S24")
        ],
    )
    save(tmp_path / "某区" / "重庆.xlsx", [("表1", rows_of(FORM))])
    plain = tmp_path / "清单.csv"
    plain.write_text(LIST, encoding="gb18030")
    (tmp_path / "照片.jpg").write_bytes(b"\xff\xd8")
    result = review(tmp_path)
    assert result.receipt["counts"]["layouts"] == {"evaluation": 2, "chongqing": 1, "plain": 1}
    assert found(result, "R102") == [
        (str(national), "S14", 12, "野生菌加工车间(续建)"),
        (str(plain), None, 2, "X1"),
    ]
    # The rate of S24 stands in its block of funds.
    assert found(result, "R301") == [(str(national), "S24", 6, "与委托运营方结算费用")]
    notes = [note.text() for note in result.notes]
    assert f"{tmp_path}: 1 files of other kinds are passed over: 照片.jpg" in notes
    assert any("表1: self-evaluation form of Chongqing: 50011023T000003384855" in n for n in notes)


def test_a_form_is_reviewed_as_its_rows_in_a_table_are(tmp_path: Path) -> None:
    """The published self-evaluations, once as the table of their rows, once as forms."""
    cases = published("selfeval")
    table = review(Path(__file__).parent / "data" / "published" / "selfeval.csv")
    whole = [name for name, case in cases.items() if case[0]["published_total"]]
    for name in whole:
        path = save(
            tmp_path / f"{name}.xlsx", [(name, lambda s, case=cases[name]: evaluation(s, case))]
        )
        form = review(path)
        of_rows = table.findings.filter(table.findings["project"] == name)
        # What a form has besides, and what the published rows leave out of a table, is in totals.
        kept = ("R1", "R2", "R30")

        def codes(frame: ReviewResult | object, kept: tuple[str, ...] = kept) -> list[str]:
            return [
                code
                for code in frame["code"]  # type: ignore[index]
                if code.startswith(kept) and code != "R206"
            ]

        assert codes(form.findings) == codes(of_rows), name
        [total] = form.projects["claimed_total"]
        assert [total] == table.projects.filter(table.projects["project"] == name)[
            "claimed_total"
        ].to_list(), name


def test_a_reason_is_asked_for_where_a_form_has_a_place_for_it(tmp_path: Path) -> None:
    """The school of S07 claims 7 of 10; the list beside it has no column for a reason."""
    case = published("selfeval")["S07"]
    form = save(tmp_path / "a.xlsx", [("S07", lambda sheet: evaluation(sheet, case))])
    lost = LIST.replace("人,50,20,50", "人,50,20,1.5")
    (tmp_path / "b.csv").write_text(lost, encoding="utf-8")
    assert found(review(tmp_path), "R206") == [
        (str(form), "S07", line, "义务教育营养改善计划专项资金") for line in (13, 16)
    ]


def test_the_total_of_a_form_is_compared_with_its_parts(tmp_path: Path) -> None:
    sound = review(save(tmp_path / "sound.xlsx", [("表1", rows_of(FORM))]))
    assert sound.projects.select("claimed_total", "total_claimed", "claimed_grade").rows() == [
        (96_02, 96_02, "优")
    ]
    assert not {"R301", "R302", "R401", "R402", "R403"} & set(sound.findings["code"])
    total = [*FORM[:-1], ["自评总分", 97.02, "自评等级", "良"]]
    odd = review(save(tmp_path / "total.xlsx", [("表1", rows_of(total))]))
    path = str(tmp_path / "total.xlsx")
    assert found(odd, "R401") == [(path, "表1", 14, "50011023T000003384855")]
    assert found(odd, "R402") == [(path, "表1", 14, "50011023T000003384855")]
    parts = [*FORM[:-2], [*FORM[-2][:-1], 89.42], FORM[-1]]
    odd = review(save(tmp_path / "parts.xlsx", [("表1", rows_of(parts))]))
    [message] = [each for each in odd.findings.iter_rows(named=True) if each["code"] == "R401"]
    assert '"parts":88.42' in message["values"]
    assert '"total":89.42' in message["values"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_sums_of_a_list_are_its_projects_totals_and_no_projects(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"list.{kind}"
    if kind == "csv":
        path.write_text(LIST, encoding="utf-8")
    else:
        save(path, [("清单", rows_of([line.split(",") for line in LIST.splitlines()]))])
    result = review(path)
    assert result.projects.select("project", "total_claimed").rows() == [("X1", 9000), ("X2", 9100)]
    assert result.receipt["counts"]["rows"] == {
        "read": 5, "reviewed": 3, "wholes": 2, "rejected": 0,
    }  # fmt: skip
    assert [row[2:] for row in found(result, "R401")] == [(6, "X2")]


def test_a_sum_over_several_projects_is_nobodys(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    lines = LIST.splitlines()
    path.write_text(
        "\n".join([*lines[:3], lines[4], "总计,,,,,,,,,180,,180", ""]), encoding="utf-8"
    )
    result = review(path)
    assert result.projects.select("project", "total_claimed").rows() == [("X1", None), ("X2", None)]
    assert "R401" not in set(result.findings["code"])


def test_rows_without_a_project_are_told_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST + ",,,产出指标,数量指标,宣传次数,≥,5,次,10,5,10\n", encoding="utf-8")
    result = review(path)
    assert result.projects["project"].to_list() == ["X1", "X2"]
    assert found(result, "R210") == [(str(path), None, 7, "")]
    assert result.receipt["counts"]["rows"]["rejected"] == 1


def test_a_row_with_too_many_cells_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST.replace("X2,培训", "X2,培训,1,000"), encoding="utf-8")
    result = review(path)
    assert [line for _, _, line, _ in found(result, "A106")] == [5]


def test_execution_stands_in_a_sheet_or_a_file_of_its_own(tmp_path: Path) -> None:
    paid: list[list[Any]] = [["项目编码", "全年预算数", "全年执行数", "得分"], ["X1", 100, 80, 10]]
    rows = [line.split(",") for line in LIST.splitlines()]
    both = save(tmp_path / "both.xlsx", [("指标", rows_of(rows)), ("资金", rows_of(paid))])
    assert found(review(both), "R302") == [(str(both), "资金", 2, "X1")]
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    apart = folder / "paid.csv"
    more: list[list[Any]] = [*paid, ["X9", 100, 80, 8]]
    apart.write_text("\n".join(",".join(map(str, row)) for row in more), encoding="utf-8")
    result = review(folder)
    assert found(result, "R302") == [(str(apart), None, 2, "X1")]
    assert found(result, "R210") == [(str(apart), None, 3, "X9")]


def test_files_of_a_folder_that_cannot_be_read_are_told_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(LIST, encoding="utf-8")
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (tmp_path / "c.txt").write_text("会议记录\n", encoding="utf-8")
    result = review(tmp_path)
    names = {Path(str(problem.file)).name for problem in result.problems[1:]}
    assert names == {"b.xlsx", "c.txt"}
    assert result.problems[0].text("en").startswith("2 files of the folders cannot be read")
    counts = result.receipt["counts"]
    assert (counts["files"], counts["files_unread"]) == (1, 2)
    with pytest.raises(InputError) as error:
        review([tmp_path, tmp_path / "c.txt"])
    assert {Path(str(problem.file)).name for problem in error.value.problems} == {"c.txt"}


def test_files_that_cannot_be_read_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (tmp_path / "c.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        review(tmp_path)
    assert {Path(str(problem.file)).name for problem in error.value.problems} == {"b.xlsx", "c.csv"}


def test_a_list_without_any_row_to_review(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "\n".join([LIST.splitlines()[0], ",,,产出指标,,宣传,≥,5,次,10,5,10", ""]), "utf-8"
    )
    with pytest.raises(InputError, match="names no project"):
        review(path)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_other_kinds_of_workbooks(tmp_path: Path, kind: str) -> None:
    from tests.office import convert

    form = save(tmp_path / "form.xlsx", [("表1", rows_of(FORM))])
    [path] = convert([form], kind, tmp_path / kind)
    assert review(path).projects["claimed_total"].to_list() == [96_02]
