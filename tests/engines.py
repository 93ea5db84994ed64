"""One set of tables, scored at once and in parts, so that both can be compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

import perfeval
from perfeval.engines.local import Inputs, LocalRun
from perfeval.reports import table
from perfeval.reports.tabular import FINDINGS_KEY, Told
from perfeval.sources.specs import Specs
from perfeval.sources.spill import Spills
from perfeval.tables import PLACE

SPECS = Path(__file__).resolve().parents[1] / "specs"


def specs_table(specs: Specs) -> pl.DataFrame:
    """Target tables as one table of specs, all cells as they are."""
    heads = specs.projects.drop(PLACE).rename({"name": "project_name"})
    return specs.indicators.drop(PLACE).join(heads, on="project", how="left", maintain_order="left")


def at_once(
    folder: Path, actuals: Path, specs: Path, execution: Path | None = None, policy: str = "general"
) -> Path:
    """The Parquet file that scoring everything at once gives."""
    result = perfeval.score(actuals, specs, execution, policy)
    output = folder / "at-once.parquet"
    with output.open("wb") as file:
        table.write_parquet(result, file, "en")
    return output


def in_parts(
    folder: Path,
    actuals: Path,
    specs: Path,
    execution: Path | None = None,
    policy: str = "general",
    rows: int = 5,
) -> Path:
    """The Parquet file that scoring parts of about so many rows gives."""
    inputs = Inputs(Path(actuals), Path(specs), execution and Path(execution), rows)
    output = folder / "in-parts.parquet"
    with Spills(folder) as spills, output.open("wb") as file:
        run = LocalRun(inputs, policy, spills, lambda step, done, of: None)

        def told() -> Told:
            merged = run.merged
            return Told(run.receipt, merged.findings, merged.suppressed, merged.by_rule)

        table.write_parquet_of(run.outcomes(), told, file, "en")
    return output


def content(path: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows of a result, and what its metadata say."""
    return pl.read_parquet(path).to_dicts(), metadata(path)


def metadata(path: Path) -> dict[str, Any]:
    """What the metadata of a result say."""
    return {
        key: json.loads(value)
        for key, value in pl.read_parquet_metadata(path).items()
        if key.startswith("perfeval.")
    }


def findings(path: Path) -> list[dict[str, Any]]:
    """The findings that a result holds."""
    found: list[dict[str, Any]] = content(path)[1][FINDINGS_KEY]
    return found
