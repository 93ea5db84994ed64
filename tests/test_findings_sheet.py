"""What a reader of `check` sees."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from perfeval.checking import CheckResult
from perfeval.reports.terminal.findings_sheet import MOST_FINDINGS, MOST_LIKE, findings_sheet
from perfeval.reports.terminal.look import Line, Look, plain
from perfeval.reports.text import width
from tests.results import check_result

WEIGHTS: dict[str, Any] = {
    "code": "W101",
    "name": "weights-total",
    "severity": "error",
    "file": "specs/P001.toml",
    "line": 1,
    "indicator": None,
    "row": None,
    "template": "the weights sum to {found}",
    "values": '{"found": 90}',
}
TARGET: dict[str, Any] = {
    "code": "T103",
    "name": "operator-missing",
    "severity": "warning",
    "file": "specs/P001.toml",
    "line": 5,
    "row": 0,
    "template": "the target {target} does not say which way is better",
    "values": '{"target": "9000 人"}',
}


def sheet(result: CheckResult, lang: str = "en", cells: int = 80, **look: Any) -> list[str]:
    return plain(findings_sheet(result, Look(lang, cells, **look))).splitlines()


def many(n: int, *, projects: int, **changes: Any) -> CheckResult:
    """`n` findings about indicators of each of some projects."""
    codes = [f"P{number:04}" for number in range(projects)]
    findings = [
        TARGET | {"project": code, "row": number * n + own, "line": own, **changes}
        for number, code in enumerate(codes)
        for own in range(n)
    ]
    return check_result(
        findings,
        [{"project": code} for code in codes],
        [{"project": finding["project"]} for finding in findings],
    )


def test_findings_are_told_by_project_with_the_row_they_are_about() -> None:
    result = check_result([TARGET, WEIGHTS])
    assert sheet(result) == [
        "就业补助  P001                                               error 1 · warning 1",
        "  specs/P001.toml:1",
        "    error W101  the weights sum to 90",
        "  数量指标  惠及人数  ≥ 9000 人  weight 20                     specs/P001.toml:5",
        "                      ^^^^^^^^^",
        "    warning T103  the target 9000 人 does not say which way is better",
        "",
        "By rule",
        "  error   W101  1  weights-total     The weights of a target tabl…olicy's total.",
        "  warning T103  1  operator-missing  A number as target, without …way is better.",
        "",
        "Checked 1 projects with 1 indicators by policy chongqing: errors 1, warnings 1,",
        "notes 0",
        "Next: correct specs/P001.toml, line 1",
        "Next: look at the warnings: 1",
        "Next: perfeval rule W101 explains W101 and how to repair it",
    ]


def test_a_terminal_marks_by_colour_what_is_concerned_and_what_was_compared() -> None:
    result = check_result([TARGET, {**TARGET, "code": "W101", "severity": "error"}])
    lines = list(findings_sheet(result, Look("zh", 100, colour=True)))
    row = next(line for line in lines if any("惠及人数" in text for text, _ in line))
    assert ("≥ 9000 人", "bold yellow") in row
    assert ("权重 20", "bold red") in row
    assert ("惠及人数", "") in row
    assert any(("9000 人", "bold") in line for line in lines)
    assert "^" not in plain(lines)


def test_a_place_that_does_not_fit_beside_its_row_stands_above_it() -> None:
    long = {"file": f"specs/{'a' * 50}.toml"}
    lines = sheet(check_result([TARGET | long]))
    assert lines[1] == f"  specs/{'a' * 50}.toml:5"
    assert lines[2] == "  数量指标  惠及人数  ≥ 9000 人  weight 20"


@pytest.mark.parametrize(
    ("target", "row"),
    [
        ({"operator": "≥", "own_operator": "≥", "target": "50", "unit": "个"}, "≥ 50 个"),
        ({"operator": "≥", "target": "≥ 50 个", "unit": "个"}, "≥ 50 个"),
        ({"target": "", "unit": ""}, "—"),
        ({"own_operator": "定性", "target": "", "unit": ""}, "定性"),
    ],
)
def test_a_target_is_quoted_as_the_table_has_it(target: dict[str, Any], row: str) -> None:
    assert f"  惠及人数  {row}  weight 20" in sheet(check_result([TARGET], targets=[target]))[1]


def test_projects_with_errors_come_first_and_what_belongs_to_none_last() -> None:
    projects = [{"project": code} for code in ("P001", "P002", "P003")]
    run: dict[str, Any] = {"project": None, "file": None, "line": None}
    result = check_result(
        [
            WEIGHTS | run | {"code": "P001", "name": "rule-crashed"},
            WEIGHTS | {"project": "P001", "severity": "info"},
            WEIGHTS | {"project": "P002", "severity": "warning"},
            WEIGHTS | {"project": "P003"},
            WEIGHTS | {"project": "P003", "severity": "info"},
            WEIGHTS | {"project": "unknown", "file": "specs/budget.csv", "line": 3},
        ],
        projects,
    )
    lines = sheet(result)
    heads = [line for line in lines if line.startswith(("就业补助", "Belonging"))]
    assert [line.split()[1] for line in heads] == ["P003", "P002", "P001", "to"]
    assert heads[0].endswith("error 1 · info 1")
    assert heads[-1].endswith("error 2")
    assert "  specs/budget.csv:3" in lines


def test_findings_of_a_kind_are_told_by_the_first_few_and_a_count() -> None:
    lines = sheet(many(28, projects=1))
    assert sum("T103  the target" in line for line in lines) == MOST_LIKE
    assert f"  … another {28 - MOST_LIKE}: T103 {28 - MOST_LIKE}. --all shows them" in lines
    assert "  warning T103  28  operator-missing" in "\n".join(lines)
    one_more = sheet(many(MOST_LIKE + 1, projects=1))
    assert sum("T103  the target" in line for line in one_more) == MOST_LIKE + 1


def test_ten_thousand_findings_are_bounded_and_counted() -> None:
    result = many(10, projects=1000)
    lines = sheet(result, "en", 120)
    assert sum("T103  the target" in line for line in lines) == MOST_FINDINGS
    hidden = 1000 - MOST_FINDINGS // MOST_LIKE
    assert f"… another {hidden} projects with {hidden * 10} findings: warning 9750." in "".join(
        line for line in lines if "projects with" in line
    )
    assert len(lines) < 4 * MOST_FINDINGS
    assert "Next: keep what is known from hiding what is new" in "\n".join(lines)
    everything = sheet(many(10, projects=30), everything=True)
    assert sum("T103  the target" in line for line in everything) == 300
    assert "--all" not in "\n".join(everything)


def test_what_is_about_the_run_itself_is_always_told() -> None:
    result = many(10, projects=1000)
    crash = {"code": "P001", "name": "rule-crashed", "project": None, "file": None}
    crashed = check_result([TARGET | crash | {"row": None, "indicator": None, "line": None}])
    findings = result.findings.vstack(crashed.findings)
    told = CheckResult(
        result.receipt,
        result.policy,
        findings,
        result.suppressed,
        result.rules,
        result.projects,
        result.targets,
    )
    assert "P001" in "".join(sheet(told))


def test_suppressed_findings_are_counted_and_shown_with_their_reason_on_demand() -> None:
    result = check_result(suppressed=[WEIGHTS])
    assert sheet(result)[0] == "Suppressed in perfeval.toml: 1; --all shows each with its reason"
    lines = sheet(result, everything=True)
    assert lines[:4] == [
        "Suppressed                                                               error 1",
        "  specs/P001.toml:1 P001",
        "    error W101  the weights sum to 90",
        "    suppressed: 已核实 (specs/perfeval.toml:3)",
    ]


def test_a_baseline_is_told_in_numbers() -> None:
    result = check_result([WEIGHTS], baseline={"known": 120, "new": 1, "fixed": 4})
    lines = sheet(result, cells=100)
    assert "Beside the baseline: known and not shown 120, new 1, repaired since 4" in lines
    assert lines[-1] == "Next: write the baseline again, so that what is repaired stays so"


def test_check_without_findings_says_so_in_one_line() -> None:
    assert sheet(check_result(), cells=100) == [
        "Checked 1 projects with 1 indicators by policy chongqing: errors 0, warnings 0, notes 0"
    ]


HOSTILE = ("x" * 300, "一" * 200, "a\x1b[31mb\u202ec", "=cmd()", "", "<b>&", "[a](b)")


@pytest.mark.parametrize("cells", [72, 80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_line_is_wider_than_the_sheet_whatever_the_names(
    cells: int, lang: str, name: str
) -> None:
    findings: Sequence[dict[str, Any]] = [
        WEIGHTS | {"values": json.dumps({"found": name})},
        TARGET | {"indicator": name, "values": json.dumps({"target": name})},
        TARGET | {"row": None, "indicator": name or None, "project": None, "file": name},
    ]
    target = {"indicator": name, "level2": name[:40], "target": name, "unit": name[:10]}
    for colour in (False, True):
        look = Look(lang, cells, colour=colour, everything=True)
        result = check_result(findings, [{"name": name}], [target], suppressed=[WEIGHTS])
        lines: list[Line] = list(findings_sheet(result, look))
        text = plain(lines)
        assert max(width(line) for line in text.splitlines()) <= cells
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_the_same_result_gives_the_same_sheet() -> None:
    assert sheet(many(7, projects=40)) == sheet(many(7, projects=40))
