"""The reports of the committed target tables with the illustrative actuals."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import polars as pl
import pytest

from perfeval.reports.as_json import write_score
from perfeval.reports.table import write_csv, write_parquet
from perfeval.reports.terminal.look import Look, plain
from perfeval.reports.terminal.sheet import sheet
from perfeval.reports.text import width
from perfeval.scoring import ScoreResult, score

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module", params=[False, True], ids=["alone", "with execution"])
def scored(request: pytest.FixtureRequest) -> ScoreResult:
    examples = ROOT / "examples"
    execution = examples / "execution.csv" if request.param else None
    return score(examples / "actuals.csv", ROOT / "specs", execution)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("cells", [80, 120])
def test_the_sheet_fits_and_names_every_project(scored: ScoreResult, cells: int, lang: str) -> None:
    lines = plain(sheet(scored, Look(lang, cells))).splitlines()
    assert max(map(width, lines)) <= cells
    for code, low in scored.projects.select("project", "low").iter_rows():
        start = code if cells == 120 or len(code) < 8 else f"…{code[-6:]}"
        bars = [line for line in lines if re.search(r" [#+.]{10}", line)]
        (line,) = [line for line in bars if line.startswith(f"{start} ")]
        assert f" {low // 100}.{low % 100:02}" in line


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_message_is_left_with_an_unfilled_field(scored: ScoreResult, lang: str) -> None:
    shown = plain(sheet(scored, Look(lang, 120, everything=True)))
    assert not re.search(r"\{\w*\}", shown)
    if lang == "zh":
        words = re.findall(r"[A-Za-z]{4,} [a-z]{2,} [a-z]{2,}", shown)
        assert words == []


def test_the_counts_of_the_verdict_add_up(scored: ScoreResult) -> None:
    lines = plain(sheet(scored, Look("en", 160))).splitlines()
    sums = [line for line in lines if re.match(r"(Rows|Indicators) .* = ", line)]
    assert len(sums) == 2 + bool(len(scored.execution))
    for line in sums:
        total, parts = line.split(" = ")
        numbers = [int(number) for number in re.findall(r"\d+", parts)]
        assert sum(numbers) == int(total.split()[-1])
    rows = (ROOT / "examples" / "actuals.csv").read_text("utf-8").strip().count("\n")
    assert sums[0].startswith(f"Rows of actuals read {rows} = ")


def test_all_formats_tell_the_same_scores(scored: ScoreResult) -> None:
    files = BytesIO(), BytesIO(), BytesIO()
    write_score(scored, files[0], "en")
    write_csv(scored, files[1])
    write_parquet(scored, files[2], "zh")
    content = json.loads(files[0].getvalue(), parse_float=Decimal, parse_int=Decimal)
    from_json = [
        (project["project"], part.get("indicator", "预算执行率"), part["score"] or Decimal(0))
        for project in content["projects"]
        for part in [*project["indicators"], *filter(None, [project["execution"]])]
    ]
    from_csv = [
        (row["project"], row["indicator"], Decimal(row["score"] or "0"))
        for row in csv.DictReader(StringIO(files[1].getvalue().decode(), newline=""))
    ]
    frame = pl.read_parquet(BytesIO(files[2].getvalue()))
    from_parquet = [
        (project, indicator, points or Decimal(0))
        for project, indicator, points in frame.select("project", "indicator", "score").iter_rows()
    ]
    assert from_json == from_csv == from_parquet
    for project in content["projects"]:
        own = [points for code, _, points in from_json if code == project["project"]]
        assert sum(own) == project["score"]
