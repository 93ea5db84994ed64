"""What holds for all rules together: no order matters, and a sound project disturbs nobody."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval import tables
from perfeval.checking import check
from perfeval.sources.specs import Specs, load_specs

SPECS = Path(__file__).parents[2] / "specs"
CLEAN = {
    "project": "C1",
    "name": "街道图书馆开放服务",
    "department": "某区文化馆",
    "year": 2023,
    "type": "专项业务",
    "budget_total": 35.0,
    "budget_local": 35.0,
    "overview": "街道图书馆全年向居民免费开放，项目共需资金35万元，用于图书购置和设备维护。",
    "basis": "依据公共图书馆服务规范和区政府年度工作安排设立。",
    "schedule": "一季度完成采购，二季度起按月开放并组织阅读活动，十二月底前验收。",
    "goal": "方便居民就近阅读，提高馆藏利用水平。",
    "file": "C1.toml",
    "line": 1,
}
CLEAN_INDICATORS = (
    ("产出指标", "数量指标", "新购图书册数", "≥ 4200 册", 15.0),
    ("产出指标", "质量指标", "图书验收合格率", "≥ 98 %", 12.0),
    ("产出指标", "时效指标", "采购任务及时完成率", "≥ 95 %", 11.0),
    ("成本指标", "经济成本指标", "图书购置支出", "≤ 21 万元", 12.0),
    ("效益指标", "社会效益指标", "馆藏图书外借增长率", "≥ 6 %", 28.0),
    ("满意度指标", "服务对象满意度指标", "到馆读者满意度", "≥ 92 %", 22.0),
)


@pytest.fixture(scope="module")
def specs() -> Specs:
    return load_specs(SPECS)


def found(specs: Specs) -> Counter[str]:
    """The findings of all rules, in no order, with all that they say."""
    return Counter(json.dumps(row, default=str) for row in check(specs).findings.iter_rows())


def appended(frame: pl.DataFrame, rows: list[dict[str, object]], schema: object) -> pl.DataFrame:
    more = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in frame.columns}, schema=frame.schema
    )
    return tables.check(pl.concat([frame, more]), schema)  # type: ignore[arg-type]


def with_clean_project(specs: Specs) -> Specs:
    rows: list[dict[str, object]] = [
        {
            "project": "C1", "level1": level1, "level2": level2, "indicator": name,
            "operator": "", "target": target, "unit": "", "weight": weight,
            "file": "C1.toml", "line": 10 + number,
        }
        for number, (level1, level2, name, target, weight) in enumerate(CLEAN_INDICATORS)
    ]  # fmt: skip
    return dataclasses.replace(
        specs,
        projects=appended(specs.projects, [CLEAN], tables.PROJECTS),
        indicators=appended(specs.indicators, rows, tables.INDICATORS),
    )


def test_a_sound_project_has_no_finding_and_adds_none_elsewhere(specs: Specs) -> None:
    assert found(with_clean_project(specs)) == found(specs)


@given(st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_findings_do_not_depend_on_the_order_of_projects(source: object) -> None:
    known = load_specs(SPECS)
    order = _shuffled(len(known.projects), source)
    codes = known.projects["project"].to_list()
    shuffled = dataclasses.replace(
        known,
        projects=known.projects[order],
        indicators=pl.concat(
            [known.indicators.filter(pl.col("project") == codes[place]) for place in order]
        ),
    )
    assert _places(shuffled) == _places(known)


@given(st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_findings_do_not_depend_on_the_order_of_rows(source: object) -> None:
    known = load_specs(SPECS)
    order = _shuffled(len(known.indicators), source)
    shuffled = dataclasses.replace(known, indicators=known.indicators[order])
    assert _told(shuffled) == _told(known)


def _shuffled(count: int, source: object) -> list[int]:
    order = list(range(count))
    source.shuffle(order)  # type: ignore[attr-defined]
    return order


def _places(specs: Specs) -> Counter[tuple[object, ...]]:
    """Code and place of every finding."""
    columns = ("code", "severity", "file", "line", "project", "indicator")
    return Counter(check(specs).findings.select(columns).iter_rows())


def _told(specs: Specs) -> Counter[tuple[object, ...]]:
    """Code and project of every finding: which of two rows carries it may be the order's."""
    return Counter(check(specs).findings.select("code", "severity", "project").iter_rows())


def test_tables_without_any_indicator_can_be_checked(specs: Specs) -> None:
    empty = dataclasses.replace(specs, indicators=specs.indicators.clear())
    assert "P001" not in check(empty).findings["code"].to_list()
