"""The published tables of tests/data/published as target tables, one project a case."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from perfeval import tables
from perfeval.quantity import read
from perfeval.sources.specs import Specs

FOLDER = Path(__file__).parent / "data" / "published"


def published() -> Specs:
    """The target sides of targets.csv and selfeval.csv; weights are null where none is printed."""
    targets = pl.read_csv(FOLDER / "targets.csv", infer_schema=False).select(
        "case_id", "department", "project", "level1", "level2", "name",
        operator="operator_raw", target="target_raw", unit="unit_raw", weight="weight_raw",
        year=pl.col("project").str.extract(r"\((\d{4})\)"), file=pl.lit("targets.csv"),
        line=pl.int_range(2, pl.len() + 2),
    )  # fmt: skip
    selfeval = pl.read_csv(FOLDER / "selfeval.csv", infer_schema=False).select(
        "case_id", "department", "project", "level1", "level2", "name",
        operator="operator_col", target="target_raw", unit="unit_col", weight="weight", year="year",
        file=pl.lit("selfeval.csv"), line=pl.int_range(2, pl.len() + 2),
    )  # fmt: skip
    rows = pl.concat([targets, selfeval]).with_columns(pl.all().fill_null(""))
    # S23 prints no level 1; its level 2 are outputs.
    rows = rows.with_columns(pl.col("level1").replace("", "产出指标"))
    heads = rows.group_by("case_id", maintain_order=True).agg(
        pl.col("department", "project", "year", "file", "line").first()
    )
    projects = pl.DataFrame(
        {
            "project": heads["case_id"],
            "name": [re.sub(r"\(\d{4}\)$", "", name) for name in heads["project"]],
            "department": heads["department"],
            "year": heads["year"].replace("", None).cast(pl.Int64),
            "file": heads["file"],
            "line": heads["line"].cast(pl.Int64),
        }
    )
    indicators = rows.select(
        "level1", "level2", "operator", "target", "unit", "file",
        project="case_id", indicator="name",
        weight=pl.Series([_points(text) for text in rows["weight"]], dtype=pl.Float64),
        line=pl.col("line").cast(pl.Int64),
    )  # fmt: skip
    return Specs(
        _filled(projects, tables.PROJECTS), _filled(indicators, tables.INDICATORS), None, ()
    )


def _points(text: str) -> float | None:
    number = read(text).number
    return None if number is None else float(number)


def _filled(frame: pl.DataFrame, schema: object) -> pl.DataFrame:
    columns = schema.columns  # type: ignore[attr-defined]
    absent = [
        pl.lit(None, column.dtype.type).alias(name)
        for name, column in columns.items()
        if name not in frame.columns
    ]
    return tables.check(frame.with_columns(absent).select(*columns), schema)  # type: ignore[arg-type]
