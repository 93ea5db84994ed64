"""What `review` finds of planted errors, what it says of clean forms, and how long it takes.

    python -m benchmarks.review [--projects N] [--seed S] [--turns T] [--commands T]

A batch of synthetic self-evaluations (six indicators and budget execution each, every claim as the
rule gives it) beside their approved target tables, in which each kind of error is planted in a few
projects or departments of its own. Recall is the share of planted errors whose rule tells them; a
false alarm is an error or a warning about a project in which nothing was planted. Notes about clean
projects are counted apart.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from perfeval.machine import VARIABLE, keep_freed
from perfeval.reviewing import review
from perfeval.rules import REVIEW, catalogue
from perfeval.scoring import score

A_DEPARTMENT = 25
"""Projects of a department."""
SHARE = 0.002
"""Share of the projects (of the departments, for patterns) in which each kind is planted."""

LEVELS = (
    ("产出指标", "数量指标", "走访慰问人数", "≥", "人", 2000),
    ("产出指标", "质量指标", "验收合格率", "≥", "%", 1500),
    ("产出指标", "成本指标", "总成本", "≤", "万元", 1500),
    ("效益指标", "社会效益指标", "新增就业人数", "≥", "人", 2000),
    ("效益指标", "社会效益指标", "减轻家庭负担", "定性", "", 1000),
    ("满意度指标", "服务对象满意度指标", "服务对象满意度", "≥", "%", 1000),
)
"""level1, level2, name, operator, unit and weight in hundredths."""

Batch = dict[str, np.ndarray]
Plant = Callable[[Batch, np.ndarray, np.random.Generator], None]


def batch(projects: int, random: np.random.Generator) -> Batch:
    """Sound self-evaluations: arrays [projects, indicators] and [projects]."""
    targets = np.stack(
        [
            random.integers(100, 9000, projects),
            random.choice([80, 85, 90, 95], projects),
            random.integers(50, 900, projects),
            random.integers(100, 9000, projects),
            np.zeros(projects, np.int64),
            random.choice([80, 85, 90, 95], projects),
        ],
        axis=1,
    )
    reached = random.uniform(0.82, 1.14, targets.shape)
    actuals = np.maximum(np.rint(targets * reached).astype(np.int64), 1)
    share = [1, 5]
    actuals[:, share] = np.minimum(actuals[:, share], 100)
    budget = random.integers(1000, 90000, projects)
    return {
        "target": targets,
        "actual": actuals,
        "weight": np.tile([weight for *_, weight in LEVELS], (projects, 1)),
        "operator": np.tile([operator for *_, operator, _, _ in LEVELS], (projects, 1)).astype(
            "U3"
        ),
        "text": np.full(targets.shape, "", "U24"),
        "claim": np.full(targets.shape, -1),
        "claim_text": np.full(targets.shape, "", "U8"),
        "asked": np.full(targets.shape, "", "U16"),
        "reason": np.full(targets.shape, "按进度推进", "U40"),
        "unit": np.tile([unit for *_, unit, _ in LEVELS], (projects, 1)).astype("U4"),
        "budget": budget,
        "spent": np.minimum(np.rint(budget * random.uniform(0.96, 1.0, projects)), budget).astype(
            int
        ),
        "rate": np.full(projects, "", "U10"),
        "execution": np.full(projects, -1),
        "total": np.full(projects, -1),
        "grade": np.full(projects, "", "U2"),
        "no_amounts": np.full(projects, False),
        "name": np.tile([name for _, _, name, *_ in LEVELS], (projects, 1)).astype("U12"),
        "kept": np.full(targets.shape, True),
        "weighed": np.full(targets.shape, True),
    }


def half_up(numerator: Any, denominator: Any) -> Any:
    """Whole numbers: the quotient, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def due(data: Batch) -> Any:
    """What each claim should be, in hundredths."""
    weight, target, actual = data["weight"], data["target"], data["actual"]
    target_or_one = np.maximum(target, 1)
    more = np.minimum(half_up(weight * actual, target_or_one), weight)
    less = np.minimum(half_up(weight * target, actual), weight)
    scores = np.where(data["operator"] == "≤", less, more)
    # 达成(95%)
    return np.where(
        data["operator"] == "定性", half_up(weight * 95, np.full_like(weight, 100)), scores
    )


def _missed(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["actual"][rows, 0] = np.maximum(data["target"][rows, 0] // 3, 1)
    data["claim"][rows, 0] = data["weight"][rows, 0]


def _above(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["actual"][rows, 3] = data["target"][rows, 3] * 8 // 10
    data["claim"][rows, 3] = due(data)[rows, 3] + 100


def _below(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["claim"][rows, 5] = due(data)[rows, 5] - 150


def _over(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["claim"][rows, 0] = data["weight"][rows, 0] + 200


def _copied_cost(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["budget"][rows] = data["budget"][rows] // 100 * 100
    data["target"][rows, 2] = data["budget"][rows] // 100
    data["actual"][rows, 2] = data["target"][rows, 2]
    data["spent"][rows] = data["budget"][rows] * 97 // 100


def _text(column: int, value: str) -> Plant:
    def plant(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
        data["text"][rows, column] = value
        data["claim"][rows, column] = data["weight"][rows, column]

    return plant


def _two_numbers(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["asked"][rows, 3] = "城区20个,乡镇30个"


def _no_reason(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["actual"][rows, 5] = data["target"][rows, 5] - 5
    data["reason"][rows, 5] = ""


def _unusable(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["claim_text"][rows, 1] = "满分"


def _rate(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    exact = data["spent"][rows] / data["budget"][rows] * 100
    data["rate"][rows] = [f"{value + 0.03:.2f}%" for value in exact]


def _execution(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["execution"][rows] = half_up(1000 * data["spent"][rows], data["budget"][rows]) + 25


def _no_amounts(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["no_amounts"][rows] = True


def _overspent(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["spent"][rows] = data["budget"][rows] * 103 // 100


def _ahead(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["spent"][rows] = data["budget"][rows] // 2


def _total(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["total"][rows] = 9999


def _grade(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["grade"][rows] = "中"


def _weights(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["weight"][rows, 0] += 500


def _no_weights(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["weighed"][rows] = False


def _lowered(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["target"][rows, 0] = data["target"][rows, 0] * 6 // 10


def _equals(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["operator"][rows, 5] = "="


def _visits(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["unit"][rows, 3] = "人次"


def _moved_weight(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["weight"][rows, 0] += 500
    data["weight"][rows, 1] -= 500


def _other_indicator(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["name"][rows, 3] = "开展宣传场次"


def _left_out(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["kept"][rows, 3] = False


def _one_phrase(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["text"][rows] = "已完成"


APPROVED: dict[str, Plant] = {"R105": _copied_cost, "R205": _two_numbers}
"""Errors that stand in the approved tables too."""

PROJECTS: dict[str, Plant] = {
    "R101": _over,
    "R102": _missed,
    "R103": _above,
    "R104": _below,
    "R201": _text(3, " "),
    "R202": _text(0, "已完成"),
    "R203": _text(4, "达成"),
    "R204": _text(3, "3200人次"),
    "R206": _no_reason,
    "R207": _unusable,
    "R208": _no_weights,
    "R301": _rate,
    "R302": _execution,
    "R303": _no_amounts,
    "R304": _overspent,
    "R305": _ahead,
    "R401": _total,
    "R402": _grade,
    "R403": _weights,
    "R501": _lowered,
    "R502": _equals,
    "R503": _visits,
    "R504": _moved_weight,
    "R505": _other_indicator,
    "R506": _left_out,
    "R605": _one_phrase,
}
"""Errors that are planted in projects, by the rule that is to find them."""


def _all_full(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    for column in (0, 1, 3, 5):
        data["actual"][rows, column] = data["target"][rows, column] + random.integers(
            1, 5, len(rows)
        )
    data["actual"][rows, 2] = data["target"][rows, 2] - 3
    data["text"][rows, 4] = "达成(100%)"
    data["claim"][rows, 4] = data["weight"][rows, 4]


def _copied_target(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["actual"][rows] = np.maximum(data["target"][rows], 1)


def _copied_form(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    for name in ("target", "actual"):
        data[name][rows] = data[name][rows[0]]


def _copied_reason(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["reason"][rows, 0] = "受客观条件影响部分工作未能按期开展"


def _low_targets(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    for column in (0, 3):
        data["actual"][rows, column] = np.rint(
            data["target"][rows, column] * random.uniform(1.3, 2, len(rows))
        )


def _satisfied(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    data["actual"][rows, 5] = data["target"][rows, 5]


def _digits(data: Batch, rows: np.ndarray, random: np.random.Generator) -> None:
    for column in (0, 2, 3):
        data["actual"][rows, column] = data["actual"][rows, column] // 5 * 5 + 5


DEPARTMENTS: dict[str, Plant] = {
    "R601": _all_full,
    "R602": _copied_target,
    "R603": _copied_form,
    "R604": _copied_reason,
    "R606": _low_targets,
    "R607": _satisfied,
    "R608": _digits,
}
"""Patterns that are planted in whole departments."""


def frame(data: Batch) -> pl.DataFrame:
    """The self-evaluations as a table, every cell as text."""
    projects, indicators = data["target"].shape
    right = due(data)
    claim = np.where(data["claim"] >= 0, data["claim"], right)
    execution = np.where(
        data["execution"] >= 0,
        data["execution"],
        np.minimum(half_up(1000 * data["spent"], data["budget"]), 1000),
    )
    total = np.where(data["total"] >= 0, data["total"], claim.sum(axis=1) + execution)
    limits = [(9000, "优"), (8000, "良"), (6000, "中")]
    grade = np.select([total >= limit for limit, _ in limits], [name for _, name in limits], "差")
    grade = np.where(data["grade"] != "", data["grade"], grade)

    def cents(values: np.ndarray) -> pl.Series:
        whole = pl.Series(values.ravel())
        return pl.DataFrame({"whole": whole // 100, "part": whole % 100}).select(
            pl.format("{}.{}", "whole", pl.col("part").cast(pl.String).str.zfill(2))
        )["whole"]

    def each(values: np.ndarray) -> np.ndarray:
        return np.repeat(values, indicators)

    number = np.repeat(np.arange(projects), indicators)
    actual = data["actual"].ravel().astype("U24")
    judged = data["operator"].ravel() == "定性"
    actual = np.where(judged, "达成(95%)", actual)
    actual = np.where(data["text"].ravel() != "", data["text"].ravel(), actual)
    target = np.where(judged, "有效", data["target"].ravel().astype("U24"))
    target = np.where(data["asked"].ravel() != "", data["asked"].ravel(), target)
    blank = each(data["no_amounts"])
    table: dict[str, Any] = {
        "project": pl.format("P{}", pl.lit(pl.Series(number))),
        "project_name": pl.format("项目{}", pl.lit(pl.Series(number))),
        "department": pl.format("部门{}", pl.lit(pl.Series(number // A_DEPARTMENT))),
        "year": pl.lit("2023"),
    }
    levels = [np.tile([level[i] for level in LEVELS], projects) for i in range(2)]
    table_of_all = pl.DataFrame({"n": number}).select(
        **table,
        level1=pl.Series(levels[0]),
        level2=pl.Series(levels[1]),
        indicator=pl.Series(data["name"].ravel()),
        operator=pl.Series(data["operator"].ravel()),
        target=pl.Series(target),
        unit=pl.Series(data["unit"].ravel()),
        weight=pl.when(pl.Series(data["weighed"].ravel())).then(cents(data["weight"])),
        actual=pl.Series(actual).str.strip_chars(),
        score=pl.Series(np.where(data["claim_text"].ravel() != "", data["claim_text"].ravel(), ""))
        .set(pl.Series(data["claim_text"].ravel() == ""), None)
        .fill_null(cents(claim)),
        reason=pl.Series(data["reason"].ravel())
        + pl.when(pl.Series(data["reason"].ravel()) == "按进度推进")
        .then(pl.lit(pl.Series(number.astype("U12"))))
        .otherwise(pl.lit("")),
        budget=pl.when(pl.Series(blank)).then(pl.lit("")).otherwise(cents(each(data["budget"]))),
        spent=pl.when(pl.Series(blank)).then(pl.lit("")).otherwise(cents(each(data["spent"]))),
        execution_weight=pl.lit("10"),
        execution_rate=pl.Series(each(data["rate"])),
        execution_score=cents(each(execution)),
        total=cents(each(total)),
        grade=pl.Series(each(grade)),
    )
    return table_of_all.filter(pl.Series(data["kept"].ravel()))


def planted(
    projects: int, random: np.random.Generator, data: Batch
) -> tuple[dict[str, list[str]], pl.DataFrame]:
    """Plant every kind of error in projects and departments of its own.

    By code, where; and the approved target tables, as they were before most of it.
    """
    departments = projects // A_DEPARTMENT
    few = max(3, round(departments * SHARE))
    drawn = random.permutation(departments)
    where: dict[str, list[str]] = {}
    for turn, (code, plant) in enumerate(DEPARTMENTS.items()):
        chosen = drawn[turn * few : (turn + 1) * few]
        for department in chosen:
            plant(
                data, np.arange(department * A_DEPARTMENT, (department + 1) * A_DEPARTMENT), random
            )
        where[code] = [f"部门{department}" for department in chosen]
    free = np.isin(np.arange(projects) // A_DEPARTMENT, drawn[len(DEPARTMENTS) * few :])
    order = random.permutation(np.flatnonzero(free))
    some = max(3, round(projects * SHARE))
    approved = pl.DataFrame()
    for turn, (code, plant) in enumerate((APPROVED | PROJECTS).items()):
        if turn == len(APPROVED):
            table = frame(data)
            approved = table.select(table.columns[: table.columns.index("actual")])
        rows = order[turn * some : (turn + 1) * some]
        plant(data, rows, random)
        where[code] = [f"P{row}" for row in rows]
    turn = len(APPROVED | PROJECTS)
    for code in ("R404", "R701"):
        where[code] = [f"P{row}" for row in order[turn * some : (turn + 1) * some]]
        turn += 1
    return where, approved


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--commands", type=int, default=0, help="turns of the two commands")
    options = parser.parse_args()
    if VARIABLE not in os.environ:  # as the command does, before polars is imported
        keep_freed()
        os.execv(sys.executable, [sys.executable, "-m", "benchmarks.review", *sys.argv[1:]])
    random = np.random.default_rng(options.seed)
    data = batch(options.projects, random)
    where, approved = planted(options.projects, random, data)
    table = frame(data)
    with tempfile.TemporaryDirectory() as folder:
        claims, again, specs, actuals, decided = (
            Path(folder, f"{name}.parquet")
            for name in ("claims", "again", "specs", "actuals", "decisions")
        )
        table.write_parquet(claims)
        table.filter(pl.col("project").is_in(where["R404"])).write_parquet(again)
        approved.write_parquet(specs)
        decisions(where["R701"]).write_parquet(decided)
        table.select("project", "indicator", "actual", "reason").write_parquet(actuals)
        reviewed, scored = [], []
        for _ in range(options.turns):
            start = time.perf_counter()
            result = review([claims, again], specs, "mof-2020", decisions=decided)
            reviewed.append(time.perf_counter() - start)
            start = time.perf_counter()
            score(actuals, str(specs), policy="mof-2020")
            scored.append(time.perf_counter() - start)
        whole = [_commands(claims, again, specs, actuals, decided) for _ in range(options.commands)]
    print(
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python"
        f" {platform.python_version()}, polars {pl.__version__}, numpy {np.__version__}"
    )
    print(f"{options.projects} projects, {len(table)} claims, seed {options.seed}")
    # Each review is set against the scoring right after it, so that other work slows both.
    ratios = [one / other for one, other in zip(reviewed, scored, strict=True)]
    print(
        f"review {median(reviewed):.1f} s, score of the same {median(scored):.1f} s, ratio"
        f" {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}): medians of"
        f" {options.turns} turns of both\n"
    )
    for one, other in whole:
        print(
            f"the commands, from file to file: review {one:.1f} s, score {other:.1f} s,"
            f" ratio {one / other:.2f}"
        )
    report(result.findings, where, options.projects)


def _commands(
    claims: Path, again: Path, specs: Path, actuals: Path, decided: Path
) -> tuple[float, float]:
    """Seconds of `perfeval review` and of `perfeval score`, each writing Parquet."""
    shared = [
        "--specs",
        str(specs),
        "--policy",
        "mof-2020",
        "-o",
        str(claims.with_name("out.parquet")),
    ]
    words = (
        ["review", str(claims), str(again), "--decisions", str(decided)],
        ["score", str(actuals)],
    )
    taken = []
    for each in words:
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "perfeval", *each, *shared],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        taken.append(time.perf_counter() - start)
    return taken[0], taken[1]


def decisions(projects: list[str]) -> pl.DataFrame:
    """Decisions that were made on another state of their rows."""
    return pl.DataFrame({"project": projects}).with_columns(
        indicator=pl.lit(LEVELS[0][2]),
        decision=pl.lit("采纳"),
        role=pl.lit("复核组长"),
        date=pl.lit("2026-11-25"),
        reason=pl.lit("已核实"),
        evidence=pl.lit("00000000"),
    )


def report(findings: pl.DataFrame, where: dict[str, list[str]], projects: int) -> None:
    """Recall by kind, and what is said of projects in which nothing was planted."""
    names = {rule.code: rule.name for rule in catalogue() if REVIEW in rule.commands}
    department = pl.col("values").str.json_path_match("$.department")
    project = pl.coalesce("project", department)
    found = findings.with_columns(place=project.str.strip_suffix("#2"))
    found = found.with_columns(
        own=pl.when(pl.col("place").str.starts_with("P"))
        .then(
            pl.format(
                "部门{}",
                pl.col("place").str.extract(r"^P([0-9]+)").cast(pl.Int64) // A_DEPARTMENT,
            )
        )
        .otherwise("place")
    )
    print(f"{'':32}{'planted':>9}{'found':>9}{'recall':>9}")
    for code, places in sorted(where.items()):
        column = "own" if code in DEPARTMENTS else "place"
        told = set(found.filter(pl.col("code") == code)[column].to_list())
        hits = sum(place in told for place in places)
        print(f"{code} {names[code]:27}{len(places):9}{hits:9}{hits / len(places):9.1%}")
    touched = {place for places in where.values() for place in places}
    clean = found.filter(
        ~pl.col("place").is_in(list(touched)) & ~pl.col("own").is_in(list(touched))
    )
    # A department of which a project was planted is not clean as a whole.
    clean = clean.filter(pl.col("place").str.starts_with("P"))
    print("\nabout projects in which nothing was planted:")
    counts = clean.group_by("code", "severity").len().sort("code")
    for code, severity, count in counts.iter_rows():
        print(f"{code} {names.get(code, ''):27}{severity:>9}{count:9}{count / projects:9.3%}")
    alarms = clean.filter(pl.col("severity").is_in(["error", "warning"]))
    print(f"false alarms: {len(alarms)} in {projects - len(touched)} projects")


if __name__ == "__main__":
    main()
