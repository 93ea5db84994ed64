"""Scoring in parts: whatever the size of the parts and the order of the rows, the same bytes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import polars as pl
import pytest

from perfeval.reports.tabular import FINDINGS_KEY, SUPPRESSED_KEY
from tests.engines import SPECS, at_once, content, in_parts, specs_table

EXAMPLES = SPECS.parent / "examples"


def same(folder: Path, rows: int, *tables: Path, policy: str = "general") -> None:
    """Both ways give the same bytes: rows, receipt, counts and findings, in the same order."""
    one = at_once(folder, *tables, policy=policy)
    many = in_parts(folder, *tables, policy=policy, rows=rows)
    assert content(many) == content(one)
    assert many.read_bytes() == one.read_bytes()


def same_but_for_order(folder: Path, rows: int, *tables: Path) -> None:
    """The same, findings in any order: those of scattered projects are told project by project."""
    one, many = content(at_once(folder, *tables)), content(in_parts(folder, *tables, rows=rows))
    for key in (FINDINGS_KEY, SUPPRESSED_KEY):
        one[1][key].sort(key=json.dumps)
        many[1][key].sort(key=json.dumps)
    assert many == one


def written(folder: Path, name: str, frame: pl.DataFrame, form: str = "parquet") -> Path:
    path = folder / f"{name}.{form}"
    if form == "csv":
        frame.write_csv(path)
    else:
        frame.write_parquet(path, row_group_size=50)
    return path


@pytest.mark.parametrize("rows", [1, 7, 40, 100_000])
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_departments_year_comes_out_the_same_in_parts(
    tmp_path: Path, rows: int, form: str
) -> None:
    specs = written(tmp_path, "specs", specs_table(), form)
    actuals = pl.read_csv(EXAMPLES / "actuals.csv", infer_schema=False)
    execution = pl.read_csv(EXAMPLES / "execution.csv", infer_schema=False)
    same(
        tmp_path,
        rows,
        written(tmp_path, "actuals", actuals, form),
        specs,
        written(tmp_path, "execution", execution, form),
        policy="chongqing",
    )


def random_tables(seed: int, projects: int = 30) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Specs, actuals and execution with everything that can be wrong with a row."""
    choose = random.Random(seed)
    specs, actuals, execution = [], [], []
    for number in range(projects):
        # Two projects share a name, so that neither can be called by it.
        name = f"项目{max(number, 1)}"
        own = choose.sample(["走访次数", "满意度", "完成率", "维修面积", "培训人数", "成本"], 4)
        for indicator in [*own, own[0]]:
            row = {
                "project": f"P{number}", "project_name": name, "department": f"局{number // 7}",
                "level1": "产出指标", "level2": choose.choice(["数量指标", "质量指标"]),
                "indicator": indicator, "operator": choose.choice(["≥", "≤", "=", "定性", ""]),
                "target": choose.choice(["100", "90", "0", "≥5万", "12月前", "好", "12.5"]),
                "unit": choose.choice(["人", "%", "万元", ""]),
                "weight": choose.choice(["10", "20", "12.5"]),
            }  # fmt: skip
            specs.append(row)
            for _ in range(choose.choice([0, 1, 1, 1, 1, 2])):
                actuals.append(
                    {
                        "project": choose.choice(
                            [f"P{number}"] * 8 + [name, "Ｐ1", "无此项目", ""]
                        ),
                        "indicator": choose.choice([indicator] * 9 + [f"{indicator}数"]),
                        "actual": choose.choice(
                            ["100", "88", "95%", "200余人", "达成", "", "#DIV/0!", "7月"]
                        ),
                        "level2": choose.choice(["", "", row["level2"]]),
                        "reason": choose.choice(["", "受影响"]),
                        "deduction": choose.choice(["", "", "", "1.5", "-2"]),
                        "applicable": choose.choice(["", "", "", "", "否", "也许"]),
                    }
                )
        if choose.random() < 0.7:
            execution.append(
                {
                    "project": choose.choice([f"P{number}", f"P{number}", name, "没有"]),
                    "budget": choose.choice(["100", "0", "", "131.4"]),
                    "spent": choose.choice(["76", "100", "abc", "140"]),
                }
            )
    return pl.DataFrame(specs), pl.DataFrame(actuals), pl.DataFrame(execution)


@pytest.mark.parametrize("order", ["as the specs", "shuffled", "specs shuffled too"])
@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("rows", [1, 13, 60])
def test_random_rows_in_any_order_come_out_the_same_in_parts(
    tmp_path: Path, rows: int, form: str, order: str
) -> None:
    specs, actuals, execution = random_tables(rows)
    if order != "as the specs":
        actuals, execution = (
            frame.sample(fraction=1, shuffle=True, seed=rows) for frame in (actuals, execution)
        )
    if order == "specs shuffled too":
        specs = specs.sample(fraction=1, shuffle=True, seed=rows)
    compare = same_but_for_order if order == "specs shuffled too" else same
    compare(
        tmp_path,
        rows,
        written(tmp_path, "actuals", actuals, form),
        written(tmp_path, "specs", specs, form),
        written(tmp_path, "execution", execution, form),
    )
