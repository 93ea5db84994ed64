"""The example: a real department's tables, illustrative actuals, every status."""

from __future__ import annotations

import csv
from collections import Counter

import polars as pl
import pytest

from perfeval.scoring import ScoreResult, score
from tests.readme import ROOT


@pytest.fixture(scope="module")
def result() -> ScoreResult:
    return score(ROOT / "examples/actuals.csv", ROOT / "specs", ROOT / "examples/execution.csv")


def test_it_covers_all_tables_and_shows_every_status(result: ScoreResult) -> None:
    assert len(result.projects) == 28
    assert len(result.indicators) == 171
    statuses = Counter(result.indicators["status"])
    assert set(statuses) == {"scored", "undecided", "rejected", "not_applicable"}
    assert set(result.execution["status"]) == {"scored", "undecided"}
    assert result.indicators.group_by("project").len()["project"].n_unique() == 28


def test_the_policy_is_the_one_that_the_specs_name(result: ScoreResult) -> None:
    assert result.receipt["policy"]["id"] == "chongqing"
    assert result.receipt["policy"]["chosen"] == "specs"


def test_rows_add_up(result: ScoreResult) -> None:
    for name in ("rows", "execution_rows"):
        counts = dict(result.receipt["counts"][name])
        assert counts.pop("read") == sum(counts.values())
    with (ROOT / "examples/actuals.csv").open(encoding="utf-8") as file:
        assert result.receipt["counts"]["rows"]["read"] == len(list(csv.DictReader(file)))


def test_totals_are_sums_of_rounded_scores(result: ScoreResult) -> None:
    parts = pl.concat(
        [frame.select("project", "score") for frame in (result.indicators, result.execution)]
    )
    sums = parts.group_by("project").agg(pl.col("score").sum())
    totals = dict(result.projects.select("project", "score").iter_rows())
    assert dict(sums.iter_rows()) == totals


@pytest.mark.parametrize(
    ("project", "indicator", "score", "why"),
    [
        ("50011023T000003384819", "招聘事业单位工作人员", 1646, "503 of 550, 18 points: 16.4618"),
        ("50011023T000003384961", "法定期限内结案", 1800, "54 of ≤ 60 days"),
        ("50011023T000003384976", "农民工欠薪率", 1507, "5 / 5.6 of 18 is 16.07, less 1 point"),
        ("50011023T000003385003", "设备运转差错率", 1452, "5 / 6.2 of 18 is 14.516"),
        ("50011023T000003384955", "保护劳动者权益", 1800, "0.118亿元 is 1180 of ≥ 1000 万元"),
        ("50011023T000003385057", "居民养老参保", 1800, "33.4 of ≥ 33 万人"),
    ],
)
def test_golden_scores(
    result: ScoreResult, project: str, indicator: str, score: int, why: str
) -> None:
    """Indicators carry 90 of 100 points beside execution: a weight of 20 is 18 points."""
    row = result.indicators.filter(
        (pl.col("project") == project) & (pl.col("indicator") == indicator)
    )
    assert row["score"].to_list() == [score], why


def test_it_says_that_it_is_illustrative() -> None:
    for name in ("actuals.csv", "execution.csv"):
        with (ROOT / "examples" / name).open(encoding="utf-8") as file:
            assert all("示例数据" in row["备注"] for row in csv.DictReader(file))


def test_the_two_tables_that_sum_to_90_are_told(result: ScoreResult) -> None:
    told = result.findings.filter(pl.col("code") == "W101")
    assert told["project"].to_list() == ["50011023T000003385051", "50011023T000003385057"]
    assert all("90 would fit" in template for template in told["template"])


def test_results_are_what_the_schemas_say(result: ScoreResult) -> None:
    from perfeval.tables import EXECUTION_SCORES, FINDINGS, SCORES, TOTALS, check

    check(result.projects, TOTALS)
    check(result.indicators, SCORES)
    check(result.execution, EXECUTION_SCORES)
    check(result.findings, FINDINGS)
