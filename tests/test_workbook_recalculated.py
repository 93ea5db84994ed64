"""The second opinion: LibreOffice works our formulas out and comes to the same points.

It sees inputs and formulas only (what the formulas came to is removed from the files before), so
this compares two independent computations of every score, total and grade.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from perfeval.policy import list_policies, load_policy
from perfeval.reports.workbook.result import write_workbook
from perfeval.scoring import ScoreResult
from tests.office import Sheets, needs_office, read, recalculated
from tests.projects import projects
from tests.scoring import Row, run

SEED = 20230131
PROJECTS = 30

# What no shipped policy has: jumps, several pieces, a curve that starts above zero, other bands.
OWN = {
    "jumps": """
[operators]
"=" = "2 - actual/target"
"≤" = "2 - actual/target"
[rules.proportional]
title = "六成起"
curve = [[0, 0], [0.6, 0], [0.6, 0.6], [0.8, 0.7], [1, 1]]
[rules.satisfaction]
title = "满意度"
ratio = "actual"
unit = "%"
curve = [[60, 0.1], [80, 0.1], [80, 0.5], [90, 1]]
[grades]
"甲" = 85.5
"乙" = 60
"丙" = 0
""",
    "reciprocal": """
[operators]
"=" = "target/actual"
"≥" = "met"
[rules.proportional]
title = "有底分"
curve = [[0.3, 0.2], [0.9, 0.9], [0.9, 1]]
[execution]
weight = 7.5
required = true
indicators = 87
""",
}


def own_policy(folder: Path, name: str) -> str:
    path = folder / f"{name}.toml"
    head = f'schema = 1\nid = "{name}"\nname = "{name}"\nextends = "general"\n'
    head += 'form = "chongqing"\n' if name == "jumps" else ""
    source = '[source]\ntext = "试验"\ncertainty = "believed"\n'
    path.write_text(head + source + OWN[name], "utf-8")
    return str(path)


ALL = [*list_policies(), *OWN]
EDITED = ("general", "jumps")
"""Of these a second workbook is written into by a person: one in each of the forms."""

Results = dict[str, tuple[ScoreResult, Path]]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A result and its workbook under every policy; NAME/edited: as a person has changed it."""
    found = {}
    random = Random(SEED)
    for name in ALL:
        folder = tmp_path_factory.mktemp(name)
        policy = own_policy(folder, name) if name in OWN else name
        targets, actuals, money = projects(random, load_policy(policy), PROJECTS)
        result = run(folder, targets, actuals, money, policy)
        found[name] = result, written(result, folder / f"{name}.xlsx")
        if name in EDITED:
            changes = entered(random, result, actuals)
            settled = run(folder, targets, list(changes.values()), money, policy)
            copy = folder / f"{name}-edited.xlsx"
            edit(found[name][1], copy, result, changes)
            found[f"{name}/edited"] = settled, copy
    return found


def written(result: ScoreResult, path: Path) -> Path:
    with path.open("wb") as file:
        write_workbook(result, file, "zh")
    return path


Changes = dict[tuple[str, str], Row]


def entered(random: Random, result: ScoreResult, actuals: list[Row]) -> Changes:
    """The rows of actuals with what is open decided, and some others changed."""
    known = {(row["project"], row["indicator"]): row for row in actuals}
    for row in result.indicators.iter_rows(named=True):
        key = row["project"], row["indicator"]
        if row["status"] in ("undecided", "rejected"):
            new = str(random.randint(0, 200)) if row["way"] == "number" else "部分达成(70%)"
            known[key] = {**known[key], "actual": new}
        if random.random() < 0.1:
            known[key] = {**known[key], "deduction": random.choice(["", "0.25", "2"])}
        if random.random() < 0.05:
            known[key] = {**known[key], "applicable": random.choice(["", "否"])}
    return known


def edit(path: Path, copy: Path, result: ScoreResult, changes: Changes) -> None:
    """Enter `changes` into the workbook at `path`, as a person does in the forms."""
    workbook = openpyxl.load_workbook(path)
    for (code,), own in result.indicators.group_by("project", maintain_order=True):
        sheet = workbook[f"项目{code}"]
        (head,) = (
            cell.row for row in sheet.iter_rows() for cell in row if cell.value == "计分规则"
        )
        columns = {str(cell.value): cell.column for cell in reversed(sheet[head])}
        actual = columns.get("实际完成值") or columns["全年完成值"]
        for line, row in enumerate(own.iter_rows(named=True), head + 1):
            change = changes[row["project"], row["indicator"]]
            if row["status"] in ("undecided", "rejected") and row["way"] == "number":
                sheet.cell(line, actual).value = float(change["actual"])
            elif row["status"] in ("undecided", "rejected"):
                sheet.cell(line, columns["得分系数"]).value = 0.7
            deduction, applies = change.get("deduction", ""), change.get("applicable", "")
            sheet.cell(line, columns["扣分"]).value = float(deduction) if deduction else None
            sheet.cell(line, columns["是否适用"]).value = applies or None
    workbook.save(copy)


@needs_office
def test_libreoffice_comes_to_the_same_points(
    results: Results, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = recalculated((path for _, path in results.values()), tmp_path_factory.mktemp("office"))
    compared = 0
    for (name, (result, _)), sheets in zip(results.items(), made, strict=True):
        compared += compare_indicators(result, sheets, is_edited=name.endswith("/edited"))
        compare_totals(result, sheets)
        compare_departments(result, sheets)
    assert compared > 1500


def compare_indicators(result: ScoreResult, sheets: Sheets, *, is_edited: bool) -> int:
    """Every score, what it can become, and whether the sheet says that it agrees."""
    compared = 0
    for (code,), own in result.indicators.group_by("project", maintain_order=True):
        rows = working(sheets[f"项目{code}"])
        assert len(rows) == len(own)
        for row, expected in zip(rows, own.iter_rows(named=True), strict=True):
            out = expected["status"] == "not_applicable"
            told = {"expected": expected, "found": row}
            score = row.get("得分", row.get("指标得分"))
            assert cents(score) == (None if out else expected["score"]), told
            assert cents(row["最高得分"]) == (None if out else expected["high"]), told
            if not is_edited:
                is_open = expected["low"] != expected["high"]
                assert row["核对"] == ("待定" if is_open else "一致"), told
            compared += 1
    assert compared == len(result.indicators)
    return compared


def compare_totals(result: ScoreResult, sheets: Sheets) -> None:
    """Every project's execution points, total, what it can become, and grade."""
    rows = {row[1]: row for row in sheets["汇总"]}
    execution = dict(result.execution.select("project", "score").iter_rows())
    for expected in result.projects.iter_rows(named=True):
        row = rows[expected["project"]]
        told = {"expected": expected, "found": row}
        assert cents(row[4]) == execution.get(expected["project"]), told
        assert cents(row[5]) == expected["score"], told
        assert cents(row[6]) == expected["high"], told
        assert row[7] == (expected["grade"] or "—"), told


def compare_departments(result: ScoreResult, sheets: Sheets) -> None:
    """The averages of each department's graded projects, and how many have which grade."""
    rows = {row[0]: row for row in sheets["汇总"][:8]}
    names = [grade.name for grade in result.policy.grades]
    for (name,), own in result.projects.group_by("department"):
        graded = own.filter(own["grade"].is_not_null())
        row = rows[name]
        assert row[3] == len(own)
        assert row[4 : 4 + len(names)] == [(own["grade"] == grade).sum() for grade in names]
        for place, column in ((5 + len(names), "low"), (6 + len(names), "high")):
            total, count = int(graded[column].sum()), len(graded)
            assert cents(row[place]) == (2 * total + count) // (2 * count)


def cents(value: Any) -> int | None:
    """Hundredths of a number that has no more than two decimals; None for a dash."""
    if value == "—":
        return None
    found = round(value * 100)
    assert abs(value * 100 - found) < 1e-6
    return int(found)


def working(rows: list[list[Any]]) -> list[dict[str, Any]]:
    """The rows of a form's indicators, by their headings."""
    (start,) = (number for number, row in enumerate(rows) if "perfeval 得分" in row)
    names = [str(name) for name in rows[start]]
    indicators = []
    for row in rows[start + 1 :]:
        cells = dict(zip(reversed(names), reversed(row), strict=True))
        if not cells["计分规则"]:
            break
        indicators.append(cells)
    return indicators


def test_nearly_all_scores_are_formulas_and_the_file_holds_what_they_come_to(
    results: Results,
) -> None:
    """Only numbers of many digits are left to perfeval; readers without formulas see values."""
    formulas = total = 0
    for name, (result, path) in results.items():
        if name.endswith("/edited"):
            continue
        sheets = read(path)
        compare_totals(result, sheets)
        total += compare_indicators(result, sheets, is_edited=False)
        for code in result.projects["project"]:
            rules = [str(row["计分规则"]) for row in working(sheets[f"项目{code}"])]
            formulas += sum("位数超出" not in rule for rule in rules)
    assert formulas / total > 0.97
