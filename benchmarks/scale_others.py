"""What `perfeval score` is set beside: the same join and the same score in other tools.

The *naive* pipelines only join and compute a score: no rounding to the cent, no bounds, no units,
no findings, no receipt; text is cast to numbers, and what does not cast is lost. zen-engine,
openfisca-core and LibreOffice get columns that are joined already.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

Files = tuple[Path, Path, Path]
"""specs, actuals, and the result to write."""


def floor(files: Files) -> float:
    """Reading both tables and writing a result that is there, with polars alone: seconds."""
    specs, actuals, output = files
    result = pl.read_parquet(output)
    start = time.perf_counter()
    tables = pl.read_parquet(specs), pl.read_parquet(actuals)
    result.write_parquet(output.with_suffix(".floor"))
    taken = time.perf_counter() - start
    output.with_suffix(".floor").unlink()
    del tables
    return taken


def polars_naive(files: Files) -> None:
    specs, actuals, output = files
    x, t = (pl.col(name).cast(pl.Float64, strict=False) for name in ("actual", "target"))
    ratio = pl.when(pl.col("operator").is_in(["≤", "<"])).then(t / x).otherwise(x / t)
    (
        pl.scan_parquet(specs)
        .join(pl.scan_parquet(actuals), on=["project", "indicator"], how="left")
        .with_columns(score=pl.col("weight") * ratio.clip(0, 1))
        .sink_parquet(output)
    )


def duckdb_naive(files: Files) -> None:
    import duckdb

    specs, actuals, output = files
    duckdb.sql(f"""
        COPY (SELECT *, weight * least(greatest(
            CASE WHEN operator IN ('≤', '<') THEN t / nullif(x, 0) ELSE x / nullif(t, 0) END, 0), 1)
            AS score
        FROM (SELECT s.*, a.actual, a.reason, try_cast(a.actual AS DOUBLE) AS x,
            try_cast(s.target AS DOUBLE) AS t
            FROM '{specs}' s LEFT JOIN '{actuals}' a USING (project, indicator)))
        TO '{output}' (FORMAT parquet, COMPRESSION zstd)
    """)


def pandas_naive(files: Files) -> None:
    import pandas as pd

    specs, actuals, output = files
    frame = pd.read_parquet(specs).merge(
        pd.read_parquet(actuals), on=["project", "indicator"], how="left"
    )
    x, t = (pd.to_numeric(frame[name], errors="coerce") for name in ("actual", "target"))
    ratio = (x / t).where(~frame["operator"].isin(["≤", "<"]), t / x)
    frame["score"] = frame["weight"] * ratio.clip(0, 1)
    frame.to_parquet(output, compression="zstd")


def _joined(files: Files) -> pl.DataFrame:
    specs, actuals, _ = files
    return (
        pl.read_parquet(specs, columns=["project", "indicator", "operator", "target", "weight"])
        .join(pl.read_parquet(actuals), on=["project", "indicator"], how="left")
        .select(
            "operator",
            "weight",
            actual=pl.col("actual").cast(pl.Float64, strict=False),
            target=pl.col("target").cast(pl.Float64, strict=False),
        )
        .drop_nulls()
    )


def zen(files: Files) -> float:
    """A decision of one expression node, evaluated row by row: seconds."""
    from zen import ZenEngine

    frame = _joined(files)
    ratio = "(operator == '≤' or operator == '<') ? target / actual : actual / target"
    graph = {
        "nodes": [
            {"id": "i", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {
                "id": "e", "type": "expressionNode", "name": "score", "position": {"x": 1, "y": 0},
                "content": {"expressions": [
                    {"id": "1", "key": "score", "value": f"weight * min([max([{ratio}, 0]), 1])"}
                ]},
            },
            {"id": "o", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "a", "sourceId": "i", "targetId": "e", "type": "edge"},
            {"id": "b", "sourceId": "e", "targetId": "o", "type": "edge"},
        ],
    }  # fmt: skip
    decision = ZenEngine().create_decision(json.dumps(graph))
    rows = frame.to_dicts()
    start = time.perf_counter()
    scores = [decision.evaluate(row)["result"]["score"] for row in rows]
    taken = time.perf_counter() - start
    assert len(scores) == len(rows)
    return taken


def openfisca(files: Files) -> float:
    """Variables of an entity, over arrays: seconds without reading and joining."""
    import numpy as np

    from benchmarks.cases import OPERATORS, Data
    from benchmarks.others import openfisca_variables

    frame = _joined(files)
    codes = {operator: code for code, operator in enumerate(OPERATORS)}
    none = np.empty(0, np.int64)
    data = Data(
        frame["operator"].replace_strict(codes, return_dtype=pl.Int8).to_numpy(),
        frame["actual"].to_numpy(),
        frame["target"].to_numpy(),
        frame["weight"].to_numpy(),
        none, none, 0, 0,
    )  # fmt: skip
    run = openfisca_variables(data).run
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def libreoffice(files: Files) -> float:
    """A workbook with a formula per row, recalculated and saved: seconds with the start."""
    import xlsxwriter

    from tests.office import convert

    folder = files[2].parent / "office"
    folder.mkdir(exist_ok=True)
    book = xlsxwriter.Workbook(folder / "scores.xlsx")
    sheet = book.add_worksheet()
    for row, (operator, weight, actual, target) in enumerate(_joined(files).iter_rows(), 1):
        sheet.write_row(row - 1, 0, [operator, weight, actual, target])
        sheet.write_formula(
            row - 1, 4,
            f'=ROUND(B{row}*MIN(1,MAX(0,IF(OR(A{row}="≤",A{row}="<"),D{row}/C{row},C{row}/D{row}))),2)',
        )  # fmt: skip
    book.close()
    start = time.perf_counter()
    convert([folder / "scores.xlsx"], "ods", folder)
    return time.perf_counter() - start


OTHERS: dict[str, Callable[[Files], Any]] = {
    "floor": floor,
    "polars, naive": polars_naive,
    "DuckDB, naive": duckdb_naive,
    "pandas, naive": pandas_naive,
    "zen-engine": zen,
    "openfisca-core": openfisca,
    "LibreOffice": libreoffice,
}
