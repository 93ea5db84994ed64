from __future__ import annotations

import json
import re
from typing import Any

import pytest

from perfeval.reports.terminal.attention import MOST_FINDINGS, MOST_INDICATORS
from perfeval.reports.terminal.look import Look, plain
from perfeval.reports.terminal.sheet import MOST_PROJECTS, sheet
from perfeval.reports.text import width
from perfeval.scoring import ScoreResult
from tests.results import result


def text(scored: ScoreResult, width: int = 80, lang: str = "en", **look: Any) -> str:
    return plain(sheet(scored, Look(lang, width, **look)))


def test_a_project_takes_one_line_with_score_bar_and_grade() -> None:
    lines = text(
        result([{"score": 7200, "low": 7200, "high": 9200, "grade": "中–优", "undecided": 2}])
    )
    (line,) = [line for line in lines.splitlines() if line.startswith("P001  就业补助")]
    assert line.split() == ["P001", "就业补助", "72.00–92.00", "#######++.", "中–优", "2"]


def test_the_bar_shows_what_is_certain_possible_and_lost() -> None:
    project = {"score": 4500, "low": 4500, "high": 6800, "points": 90.0}
    assert "█████▒▒▒░░" in text(result([project]), blocks=True)
    assert "#####+++.." in text(result([project]))


def test_the_headline_says_who_how_many_which_grades_and_why_this_policy() -> None:
    projects = [
        {"project": f"P{i}", "grade": grade, "low": low, "high": high, "score": low}
        for i, (grade, low, high) in enumerate(
            [("优", 9000, 9000), ("优", 9501, 9501), ("中–优", 7000, 9100), ("良–优", 8000, 9000)]
        )
    ]
    shown = text(
        result(
            projects,
            execution=[
                {"project": "P0", "budget": 0.1, "spent": 0.1},
                {"project": "P1", "budget": 0.2, "spent": 0.1},
            ],
        )
    )
    assert "Policy: Chongqing (chongqing), chosen in the perfeval.toml" in shown
    assert "县人社局" in shown
    assert "Projects: 4 (优 2 · 良–优 1 · 中–优 1); average 83.75–91.50" in shown
    assert "chosen with --policy" in text(result(chosen="argument"))
    assert "as none was chosen" in text(result(policy="general", chosen="default"))


def test_departments_are_told_apart() -> None:
    projects = [
        {"project": f"P{i}", "department": name}
        for i, name in enumerate(["甲局", "乙局", "甲局", ""])
    ]
    shown = text(result(projects))
    assert [
        line for line in shown.splitlines() if line in ("甲局", "乙局", "No department given")
    ] == [
        "甲局",
        "乙局",
        "No department given",
    ]
    assert shown.count("Projects: 2 (优 2)") == 1
    assert shown.count("Projects: 1 (优 1)") == 2


def test_an_indicator_that_lost_points_is_told_with_numbers_and_reason() -> None:
    lines = text(result(indicators=[{"reason": "资金未到位"}])).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("  惠及人数"))
    assert lines[at].split() == ["惠及人数", "≥", "9000", "人", "8000", "人", "88.9%", "16.00/18"]
    assert lines[at + 1].strip() == "reason given: 资金未到位"
    assert "    the target was missed\n" in text(result(indicators=[{}]))
    assert "    below full marks\n" in text(result(indicators=[{"met": True}]))


def test_a_flag_is_told_with_its_message() -> None:
    lines = text(result(indicators=[{"flags": ["A303"]}], findings=[{}]))
    assert "    A303 2 points are lost and no reason is given (偏差原因)\n" in lines
    assert "missed" not in lines
    assert "Other findings" not in lines


@pytest.mark.parametrize(
    ("changes", "listed"),
    [
        ({"score": 1800, "low": 1800, "high": 1800}, False),
        ({"score": 1800, "low": 1800, "high": 1800, "flags": ["A301"]}, True),
        ({"score": 761, "low": 761, "high": 761, "points": 700 / 92}, False),
        ({"score": 760, "low": 760, "high": 760, "points": 700 / 92}, True),
        ({"status": "undecided", "score": 0, "low": 0, "high": 1800}, True),
        ({"status": "rejected", "score": 0, "low": 0, "high": 1800}, True),
        ({"status": "not_applicable", "score": None, "low": None, "high": None}, True),
    ],
)
def test_only_what_deserves_a_look_is_listed(changes: dict[str, Any], listed: bool) -> None:
    assert ("惠及人数" in text(result(indicators=[changes]))) == listed


def test_two_indicators_of_one_name_tell_their_own_findings() -> None:
    indicators: list[dict[str, Any]] = [
        {"flags": ["A303"]},
        {"level2": "时效指标", "flags": ["A301"]},
    ]
    findings = [{}, {"code": "A301", "template": "too much"}]
    lines = [
        line.strip() for line in text(result(indicators=indicators, findings=findings)).split("\n")
    ]
    first, second = (i for i, line in enumerate(lines) if line.startswith("惠及人数"))
    assert lines[first + 1].startswith("A303")
    assert lines[second + 1] == "A301 too much"
    assert lines[second + 2] == ""


def test_execution_that_lost_points_is_listed() -> None:
    lines = [line.split() for line in text(result(execution=[{}])).splitlines()]
    assert ["预算执行率", "100", "万元", "76", "万元", "76%", "7.60/10"] in lines
    full = {"score": 1000, "low": 1000, "high": 1000, "spent": 100.0, "rate": 1.0}
    assert "预算执行率" not in text(result(execution=[full]))


def test_findings_without_an_indicator_come_last() -> None:
    finding = {
        "code": "A102",
        "severity": "error",
        "line": 7,
        "indicator": "惠及人口",
        "template": "the project's target table has no indicator {indicator}{remark}",
        "values": json.dumps({"near": "惠及人数", "remark": "; like it: {near}"}),
    }
    shown = text(result(findings=[finding]))
    assert "error A102 actuals.csv:7 P001 惠及人口\n" in shown
    assert "has no indicator 惠及人口; like it: 惠及人数" in shown


def _counts(**counts: int) -> dict[str, int]:
    return dict.fromkeys(("scored", "undecided", "rejected", "not_applicable"), 0) | counts


def test_the_verdict_adds_up_and_says_what_to_do() -> None:
    counts = {
        "rows": _counts(read=176, scored=150, undecided=18, rejected=6, not_applicable=2),
        "execution_rows": _counts(read=28, scored=27, undecided=1),
        "indicators": _counts(total=171, scored=150, undecided=19, not_applicable=2)
        | {"without_actual": 5},
    }
    findings = [
        {"severity": severity, "code": code, "line": line, "project": "P9", "indicator": "x"}
        for severity, code, line in (
            ("error", "A107", 12),
            ("error", "A203", 3),
            ("error", "A107", 3),
            ("error", "W101", None),
            ("warning", "A201", 7),
            ("warning", "A202", 9),
            ("warning", "A205", 8),
            ("warning", "A303", 4),
            ("warning", "A301", 5),
            ("warning", "A401", None),
            ("warning", "A402", 2),
            ("info", "A302", 2),
        )
    ]
    undecided = {"status": "undecided", "low": 0, "score": 0, "high": 1800}
    indicators: list[dict[str, Any]] = [
        undecided | {"actual": None},
        undecided | {"actual": ""},
        undecided | {"actual": "部分达成"},
        undecided | {"actual": None, "status": "rejected"},
        undecided | {"actual": None, "status": "not_applicable"},
    ]
    scored = result(indicators=indicators, counts=counts, findings=findings)
    lines = text(scored, 120).splitlines()
    assert lines[-10:] == [
        "Rows of actuals read 176 = scored 150 + undecided 18 + rejected 6 + not applicable 2",
        "Rows of budget execution read 28 = scored 27 + undecided 1 + rejected 0"
        " + not applicable 0",
        "Indicators 171 = scored 150 + undecided 19 + rejected 0 + not applicable 2",
        "Next: correct actuals.csv, line 3, 12",
        "Next: give an actual for the indicators that have none: 2",
        "Next: settle what leaves points open in actuals.csv, line 8, 9",
        "Next: give the missing reasons (偏差原因) in actuals.csv, line 4, 5",
        "Next: settle the other errors: 1",
        "Next: give the budget execution of the projects that lack it: 1",
        "Next: look at the other warnings: 1",
    ]


def test_the_verdict_of_a_clean_result_is_that_nothing_is_left() -> None:
    assert text(result()).endswith("Nothing is left to settle\n")
    error = {"severity": "error", "file": "specs/P001.toml", "line": None, "indicator": None}
    assert text(result(findings=[error])).endswith("Next: settle the other errors: 1\n")


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"findings": [{"severity": "info"}]}, "Nothing is left to settle"),
        ({"findings": [{"code": "A105"}]}, "Next: look at the other warnings: 1"),
        (
            {"projects": [{"low": 8000, "high": 9000}]},
            "Next: settle the projects whose score is still open: 1",
        ),
    ],
)
def test_nothing_is_left_only_where_nothing_is(changes: dict[str, Any], step: str) -> None:
    assert text(result(**changes)).endswith(f"{step}\n")


def test_the_verdict_names_few_files_of_many() -> None:
    findings = [{"severity": "error", "file": f"{i}.toml", "line": 1} for i in range(9)]
    scored = result(findings=findings)
    scored.receipt["inputs"] = [{"path": f"{i}.toml"} for i in range(9)]
    shown = text(scored)
    assert shown.count("Next: correct") == 5
    assert shown.endswith("Next: the same in another 4 files: 4 places\n")


@pytest.mark.parametrize(
    ("low", "high", "drawn"),
    [
        (10000, 10000, "##########"),
        (9999, 9999, "#########."),
        (9999, 10000, "#########+"),
        (0, 10000, "++++++++++"),
        (0, 9999, "+++++++++."),
        (0, 0, ".........."),
    ],
)
def test_only_full_marks_fill_the_bar(low: int, high: int, drawn: str) -> None:
    project = {"score": low, "low": low, "high": high}
    indicator = {"points": 100.0, "score": low, "low": low, "high": high}
    assert f"  {drawn}  优" in text(result([project], [indicator]))


def test_rounded_full_marks_fill_the_bar_too() -> None:
    project = {"score": 9999, "low": 9999, "high": 9999}
    indicators = [{"points": 100 / 3, "score": 3333, "low": 3333, "high": 3333}] * 3
    assert "##########" in text(result([project], indicators))


def test_the_most_that_can_be_reached_is_told_where_it_is_not_100() -> None:
    shown = text(result([{"points": 90.0}, {"project": "P002", "points": 100.000003}]))
    assert "90.00/90 " in shown
    assert "/100" not in shown


def test_a_project_without_a_grade_is_told_and_left_out_of_the_average() -> None:
    nothing = {"project": "P2", "score": 0, "low": 0, "high": 0, "points": 0.0, "grade": None}
    indicators: list[dict[str, Any]] = [
        {},
        {"project": "P2", "status": "not_applicable", "points": 0.0}
        | dict.fromkeys(("score", "low", "high")),
    ]
    shown = text(result([{}, nothing], indicators), 120)
    assert "Projects: 2 (优 1); average 90.00, without the projects that have no grade: 1" in shown
    (line,) = [line for line in shown.splitlines() if line.startswith("P2 ")]
    assert line.split() == ["P2", "就业补助", "—", "—"]
    assert "its points go to none" in shown
    assert "none of which can be graded" in text(result([nothing], indicators[1:]))


def test_points_that_others_take_over_are_said_to_be_shared() -> None:
    gone = {"status": "not_applicable", "points": 0.0} | dict.fromkeys(("score", "low", "high"))
    shown = text(result(indicators=[{}, {"indicator": "取消", **gone}]))
    assert "its points are shared among the project's others" in shown


def test_names_that_hide_characters_are_told_apart() -> None:
    shown = text(result([{"name": "就业\u200b补助"}, {"project": "P\u202e2"}], []))
    assert "就业\\u200b补助" in shown
    assert "P\\u202e2" in shown


def test_the_verdict_names_few_lines_of_many() -> None:
    findings = [{"severity": "error", "line": line} for line in range(1, 31)]
    shown = text(result(findings=findings))
    assert "line 1, 2, 3, 4, 5, 6, 7, 8 and more: 30 lines in all" in shown


def test_long_results_are_bounded_and_count_what_they_leave_out() -> None:
    n = 300
    projects = [
        {"project": f"P{i:04}", "name": f"项目{i:04}", "score": 6000 + i, "low": 6000 + i,
         "high": 6000 + i, "grade": "中"}
        for i in range(n)
    ]  # fmt: skip
    indicators = [
        {"project": f"P{i:04}", "indicator": f"指标{i:04}", "score": i, "low": i, "high": 1800,
         "status": ("scored", "undecided")[i % 2]}
        for i in range(n)
    ]  # fmt: skip
    findings = [
        {"project": None, "indicator": None, "severity": ("info", "error")[i < 10], "line": i}
        for i in range(100)
    ]
    scored = result(projects, indicators, findings=findings)
    shown = text(scored)
    assert len(re.findall(r"^P\d{4}  项目\d{4} ", shown, re.MULTILINE)) == MOST_PROJECTS
    assert f"The {MOST_PROJECTS} lowest of 300 projects" in shown
    assert "项目0000" in shown
    assert (
        f"… another {n - MOST_PROJECTS} projects: 中 {n - MOST_PROJECTS}. --all shows them" in shown
    )
    assert len(re.findall(r"^  指标\d{4}", shown, re.MULTILINE)) == MOST_INDICATORS
    assert "Indicators to look at: lost points 150 · undecided 150" in shown
    assert "… another 240 indicators: lost points 120 · undecided 120. --all shows them" in shown
    assert shown.count("error A303") == 10
    assert shown.count("info A303") == MOST_FINDINGS - 10
    assert "… another 70 findings: info 70. --all shows them" in shown
    everything = text(scored, everything=True)
    assert len(re.findall(r"^P\d{4}  项目\d{4} ", everything, re.MULTILINE)) == n
    assert len(re.findall(r"^  指标\d{4}", everything, re.MULTILINE)) == n
    assert everything.count("A303") == 100
    assert "--all" not in everything


HOSTILE: list[dict[str, Any]] = [
    {},
    {
        "project": "[red]P\x1b[31m",
        "name": "[bold]粗[/bold]\u202e反\n行" * 9,
        "department": "部\t门" * 50,
    },
    {
        "project": "50011023T000003385078",
        "name": "长" * 200,
        "department": "x" * 300,
        "low": 0,
        "high": 10000,
        "grade": "差–优",
        "undecided": 123,
    },
    {"project": "中" * 40, "name": "", "grade": "需要整改–基本合格以上", "department": ""},
]
ODD: list[dict[str, Any]] = [
    {},
    {
        "indicator": "长" * 120,
        "target": "文" * 99,
        "target_number": None,
        "actual": None,
        "actual_number": None,
        "ratio": None,
        "status": "undecided",
        "score": 0,
        "low": 0,
    },
    {
        "project": "50011023T000003385078",
        "target_number": 123456789012345.0,
        "unit": "万元/公里·年",
        "actual_number": 0.000123456789012345,
        "ratio": 1e9,
        "points": 1000 / 7,
        "low": 0,
        "high": 14286,
    },
    {
        "project": "中" * 40,
        "indicator": "[link=file:///]x\x1b[2J",
        "actual": "\x1b[2J" * 9,
        "actual_number": None,
        "ratio": float("inf"),
        "reason": "因" * 999,
        "unit": "\u202e人",
    },
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("cells", [72, 80, 100, 120, 160])
def test_no_line_is_wider_than_the_sheet_whatever_the_names(cells: int, lang: str) -> None:
    findings: list[dict[str, Any]] = [
        {"indicator": "长" * 300, "file": "很长的路径/" * 40, "template": "词" * 500},
        {"project": None, "indicator": None, "file": None, "line": None, "template": "x" * 500},
    ]
    shown = text(result(HOSTILE, ODD, findings=findings), cells, lang)
    assert max(map(width, shown.splitlines())) <= cells
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", shown)


@pytest.mark.parametrize("cells", [72, 80, 120])
def test_numbers_are_never_cut_or_broken(cells: int) -> None:
    shown = text(result(HOSTILE, ODD), cells)
    for number in ("123456789012345", "0.000123456789012345", "0.00–142.86/142.86", "0.00–100.00"):
        assert number in shown


def test_columns_are_aligned_in_cells() -> None:
    projects = [{}, {"project": "P002", "name": "long latin name", "low": 0, "high": 0, "score": 0}]
    lines = text(result(projects, []), 80).splitlines()
    (head,) = [line for line in lines if line.startswith("Code")]
    end = width(head[: head.index("Score") + len("Score")])
    for code, score in (("P001", "90.00"), ("P002", "0.00")):
        (line,) = [line for line in lines if line.startswith(code)]
        assert width(line[: line.index(score) + len(score)]) == end


def test_long_codes_are_told_apart_by_their_ends() -> None:
    codes = [f"50011023T00000317{i}409" for i in range(10, 30)]
    shown = text(result([{"project": code} for code in codes], []), 80)
    tails = re.findall(r"^…\d+", shown, re.MULTILINE)
    assert len(set(tails)) == len(codes)
    wide = text(result([{"project": code} for code in codes], []), 120)
    assert all(code in wide for code in codes)


def test_a_sheet_is_in_the_language_asked_for() -> None:
    scored = result(indicators=[{"flags": ["A303"]}], findings=[{}])
    shown = text(scored, lang="zh")
    assert "评分口径：" in shown
    assert "需要关注的指标：失分 1 项" in shown
    assert "实际完成值读入 1 行 = 计分 1 + 待定 0 + 不予受理 0 + 不适用 0" in shown
    assert text(scored, lang="zh") == shown


def test_an_actual_that_decided_nothing_is_shown_as_written() -> None:
    rough = {"actual": "约8000", "status": "undecided", "low": 0, "score": 0, "high": 1800}
    assert "约8000" in text(result(indicators=[rough]))
    assert "8000 人" in text(result(indicators=[{"actual": "0.8万人"}]))


def test_the_same_words_are_said_once() -> None:
    shown = text(result(indicators=[{"flags": ["A104"]}], findings=[{"code": "A104"}] * 2))
    assert shown.count("A104") == 1
