"""How long all rules over target tables take, beside reading the tables from Parquet.

    python -m benchmarks.check [--indicators N] [--turns N] [--by-rule]

The tables are made of a real department's: its projects again and again, under other codes and
departments, names varied by town and by turn, so that some tens of thousands of names are distinct
and every rule finds what it finds in the original, in proportion. Reading and checking take turns;
the ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

import polars as pl

import perfeval
from perfeval import rules
from perfeval.checking import check
from perfeval.scoring.targets import choose_rules, read_targets
from perfeval.sources.specs import Specs
from perfeval.tables import PLACE

SPECS = Path(__file__).resolve().parents[1] / "specs"
TOWNS = 200
"""Towns that name a part of the indicators: 200 × the original's names are distinct."""


def tables(indicators: int) -> pl.DataFrame:
    """A table of specs of about so many indicators: the original's, repeated and varied."""
    specs = perfeval.load(SPECS)
    heads = specs.projects.drop(PLACE).rename({"name": "project_name"})
    rows = specs.indicators.drop(PLACE).join(heads, on="project", how="left", maintain_order="left")
    turns = pl.DataFrame({"turn": range(-(-indicators // len(rows)))})
    number = pl.col("turn").cast(pl.String)
    return (
        turns.join(rows, how="cross", maintain_order="left_right")
        .with_columns(
            project=pl.col("project") + "-" + number,
            department=pl.col("department") + "-" + number,
            indicator=pl.when(pl.col("turn") % 2 == 0)
            .then("indicator")
            .otherwise(pl.format("{}{}", "indicator", (pl.col("turn") // 2 % TOWNS) + 1)),
        )
        .drop("turn")
        .head(indicators)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--indicators", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--by-rule", action="store_true", help="also the time of every rule")
    options = parser.parse_args()
    table = tables(options.indicators)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "specs.parquet")
        table.write_parquet(path)
        names, size = table["indicator"].n_unique(), path.stat().st_size / 1e6
        del table
        times: dict[str, list[float]] = {"polars": [], "reading": [], "checking": []}
        for _ in range(options.turns):
            start = time.perf_counter()
            pl.read_parquet(path)
            times["polars"].append(time.perf_counter() - start)
            start = time.perf_counter()
            specs = perfeval.load(path)
            times["reading"].append(time.perf_counter() - start)
            start = time.perf_counter()
            result = check(specs, policy="chongqing")
            times["checking"].append(time.perf_counter() - start)
    counts = result.receipt["counts"]
    checked = [rule for rule in rules.catalogue() if rules.CHECK in rule.commands]
    version = platform.python_version()
    print(f"{os.cpu_count()} cores, {platform.system()}, Python {version}, polars {pl.__version__}")
    print(f"{counts['indicators']} indicators in {counts['projects']} projects", end=", ")
    print(f"{names} distinct names, {size:.0f} MB; {len(checked)} rules, {counts['findings']}\n")
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    print(f"{'seconds':34}{'min':>8}{'median':>8}{'x reading':>11}")
    for name, said in (
        ("polars", "polars.read_parquet alone"),
        ("reading", "perfeval.load (read and validate)"),
        ("checking", "all rules"),
    ):
        ratio = medians[name] / medians["reading"]
        print(f"{said:34}{min(times[name]):8.2f}{medians[name]:8.2f}{ratio:11.2f}")
    if options.by_rule:
        by_rule(specs)


def by_rule(specs: Specs) -> None:
    """The time of every rule, slowest first; what they share is computed before."""
    policy = perfeval.load_policy("chongqing")
    targets = read_targets(specs.indicators)
    targets = targets.with_columns(rule=choose_rules(targets, policy))
    tables = rules.Tables(policy, specs.projects, targets)
    start = time.perf_counter()
    tables.indicators  # noqa: B018 (computed once, for all)
    taken = [(time.perf_counter() - start, "shared")]
    for rule in rules.catalogue():
        if rules.CHECK in rule.commands:
            start = time.perf_counter()
            rules.find(tables, rules.CHECK, [rule])
            taken.append((time.perf_counter() - start, f"{rule.code} {rule.name}"))
    print()
    for seconds, name in sorted(taken, reverse=True)[:25]:
        print(f"{name:34}{seconds:8.3f}")


if __name__ == "__main__":
    main()
