"""Scoring in parts: whatever the size of the parts and the order of the rows, the same bytes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import polars as pl
import pytest

import perfeval.tables
from perfeval.cli import main
from perfeval.engines import plan, sides
from perfeval.problems import InputError
from perfeval.reports.tabular import BY_RULE_KEY, FINDINGS_KEY, RECEIPT_KEY, SUPPRESSED_KEY
from perfeval.sources import csv_rows
from perfeval.sources.files import decode, encoding_of
from tests.engines import SPECS, at_once, content, in_parts, specs_table
from tests.published import published

Tables = tuple[Path, Path, Path | None]
EXAMPLES = SPECS.parent / "examples"


def same(folder: Path, rows: int, tables: Tables, policy: str = "general") -> None:
    """Both ways give the same bytes: rows, receipt, counts and findings, in the same order."""
    one = at_once(folder, *tables, policy=policy)
    many = in_parts(folder, *tables, policy=policy, rows=rows)
    assert content(many) == content(one)
    assert many.read_bytes() == one.read_bytes()


def same_but_for_order(folder: Path, rows: int, tables: Tables) -> None:
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


@pytest.mark.parametrize("rows", [1, 40])
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_departments_year_comes_out_the_same_in_parts(
    tmp_path: Path, rows: int, form: str
) -> None:
    specs = written(tmp_path, "specs", specs_table(perfeval.load(SPECS)), form)
    actuals = pl.read_csv(EXAMPLES / "actuals.csv", infer_schema=False)
    execution = pl.read_csv(EXAMPLES / "execution.csv", infer_schema=False)
    tables = (
        written(tmp_path, "actuals", actuals, form),
        specs,
        written(tmp_path, "execution", execution, form),
    )
    same(tmp_path, rows, tables, policy="chongqing")


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
                actuals.append(  # noqa: PERF401
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
@pytest.mark.parametrize("rows", [1, 40])
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
    tables = (
        written(tmp_path, "actuals", actuals, form),
        written(tmp_path, "specs", specs, form),
        written(tmp_path, "execution", execution, form),
    )
    compare(tmp_path, rows, tables)


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("seed", [1, 7, 9, 16])
def test_parts_of_rows_from_many_slices_are_the_same_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, form: str
) -> None:
    """Rows of one part come from many slices, a project goes on from one slice into the next."""
    monkeypatch.setattr(sides, "SPILLED", 3)
    monkeypatch.setattr(plan, "SLICE", 3)
    specs, actuals, execution = random_tables(seed)
    for number, frame in enumerate((actuals, actuals.sample(fraction=1, shuffle=True, seed=seed))):
        folder = tmp_path / str(number)
        folder.mkdir()
        tables = (
            written(folder, "actuals", frame, form),
            written(folder, "specs", specs, form),
            written(folder, "execution", execution, form),
        )
        same(folder, 20, tables)


def test_published_tables_come_out_the_same_in_parts(tmp_path: Path) -> None:
    specs = specs_table(published())
    specs = specs.with_columns(pl.col("weight").fill_null(10.0).abs())
    actuals = specs.select("project", "indicator", "level2", actual="target")
    tables = (
        written(tmp_path, "actuals", actuals.sample(fraction=1, shuffle=True, seed=1)),
        written(tmp_path, "specs", specs),
        None,
    )
    same(tmp_path, 30, tables)


def test_a_csv_file_is_the_same_table_in_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs, actuals, execution = random_tables(5, projects=8)
    actuals = actuals.with_columns(reason=pl.lit('受"疫情"影响\n，部分推迟'))
    tables = (
        written(tmp_path, "actuals", actuals, "csv"),
        written(tmp_path, "specs", specs, "csv"),
        written(tmp_path, "execution", execution, "csv"),
    )
    with tables[0].open("a") as file:
        file.write("P1,走访次数,1,000,,,,,\n")
    monkeypatch.setattr(csv_rows, "BLOCK", 1_000)
    same(tmp_path, 6, tables)


@pytest.mark.parametrize("size", [1, 2, 3, 1_000])
@pytest.mark.parametrize(
    "data",
    [
        "指标,单位\n".encode(),
        "指标,单位\n".encode("gb18030"),
        "50元".encode("gb18030"),
        b"name,unit\n",
        "指标".encode("utf-8-sig"),
        "指标".encode("utf-16"),
        "Café,m²".encode(),
        "路楼".encode("gb2312"),
    ],
)
def test_an_encoding_is_found_in_blocks_as_in_a_whole(data: bytes, size: int) -> None:
    blocks = [data[:4], *(data[at : at + size] for at in range(4, len(data), size))]
    assert encoding_of(blocks, "a.csv") == decode(data)[1]


@pytest.mark.parametrize(
    "data", ["指标".encode() + b"\xff", b"a,\x00b", b"PK\x03\x04", b"\x81\x20"]
)
def test_what_is_no_text_is_refused_in_blocks_too(data: bytes) -> None:
    with pytest.raises(InputError):
        decode(data)
    with pytest.raises(InputError):
        encoding_of([data[:4], data[4:]], "a.csv")


def test_specs_that_are_wrong_in_several_parts_are_told_together(tmp_path: Path) -> None:
    specs, actuals, execution = random_tables(2, projects=6)
    specs = specs.with_columns(
        weight=pl.when(pl.int_range(pl.len()) % 10 == 3).then(pl.lit("viel")).otherwise("weight")
    )
    tables = (
        written(tmp_path, "actuals", actuals),
        written(tmp_path, "specs", specs),
        written(tmp_path, "execution", execution),
    )
    with pytest.raises(InputError) as error:
        in_parts(tmp_path, *tables, rows=5)
    assert sorted(problem.line or 0 for problem in error.value.problems) == [4, 14, 24]


def test_suppressions_by_project_and_indicator_hold_in_parts(tmp_path: Path) -> None:
    tables = tuple(
        written(tmp_path, name, frame)
        for name, frame in zip(
            ("specs", "actuals", "execution"), random_tables(3, projects=9), strict=True
        )
    )
    (tmp_path / "perfeval.toml").write_text(
        '[[suppress]]\nrule = "A201"\nproject = "项目4"\nreason = "x"\n'
        '[[suppress]]\nrule = "A"\nindicator = "走访次数"\nreason = "y"\n'
    )
    same(tmp_path, 5, (tables[1], tables[0], tables[2]))
    assert content(tmp_path / "in-parts.parquet")[1][SUPPRESSED_KEY]


def test_counts_are_exact_where_findings_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(perfeval.tables, "MOST_FINDINGS", 3)
    specs, actuals, execution = random_tables(4)
    tables = (
        written(tmp_path, "actuals", actuals.sample(fraction=1, shuffle=True, seed=1)),
        written(tmp_path, "specs", specs),
        written(tmp_path, "execution", execution),
    )
    same(tmp_path, 7, tables)
    told = content(tmp_path / "in-parts.parquet")[1]
    assert sum(told[BY_RULE_KEY].values()) == sum(told[RECEIPT_KEY]["counts"]["findings"].values())
    assert len(told[FINDINGS_KEY]) < sum(told[BY_RULE_KEY].values())


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ("2", "is no size"),
        ("12K", "is no size"),
        ("100M", "100M of memory is not enough; at least 512M"),
    ],
)
def test_a_bound_of_memory_that_is_none_is_refused(
    size: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", "a.csv", "--memory", size, "--lang", "en"]) == 2
    assert words in capsys.readouterr().err
