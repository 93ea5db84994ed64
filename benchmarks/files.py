"""How long reading workbooks takes, beside openpyxl and pandas reading the same.

    python -m benchmarks.files [--workbooks N] [--projects N]

Each workbook is a list of projects as departments fill it in: a merged title, percentages and dates
as number formats, texts. Every reader reads every workbook once, in turns whose order changes from
one to the next; ratios are the medians over pairs of the same workbook, of processor time, so that
other work on the machine matters little. `as shown` is the share of actuals that arrive as the
sheet shows them (95%, not 0.95).
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import xlsxwriter

Reader = Callable[[Path], Sequence[Any]]

HEADINGS = (
    *("项目编码", "项目名称", "主管部门", "一级指标", "二级指标", "三级指标", "指标性质", "指标值"),
    *("度量单位", "权重", "实际完成值", "偏差原因"),
)
_INDICATORS = (
    ("产出指标", "数量指标", "走访困难群众", "≥", 1200, "人次", 20, ""),
    ("产出指标", "质量指标", "资料合格率", "≥", 0.95, "%", 20, "0%"),
    ("产出指标", "时效指标", "完成时间", "≤", 45261, "", 10, 'm"月"d"日"'),
    ("成本指标", "经济成本指标", "单位成本", "≤", 530.5, "元/人", 20, "#,##0.00"),
    ("效益指标", "社会效益指标", "政策知晓情况", "定性", "显著提高", "", 20, ""),
    ("满意度指标", "服务对象满意度指标", "群众满意度", "≥", 0.9, "%", 10, "0.00%"),
)
_DAY = 'm"月"d"日"'


def write(path: Path, projects: int, seed: int) -> list[str]:
    """Write a workbook; returns its actuals as the sheet shows them."""
    mixed = random.Random(seed)
    shown = []
    with xlsxwriter.Workbook(str(path)) as book:
        shapes = {
            shape: book.add_format({"num_format": shape}) for *_, shape in _INDICATORS if shape
        }
        sheet = book.add_worksheet("自评表")
        sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, "项目支出绩效自评汇总表")
        sheet.write_row(2, 0, HEADINGS)
        row = 3
        for project in range(projects):
            code = f"50011023T{seed:04}{project:08}"
            for level1, level2, name, sign, target, unit, weight, shape in _INDICATORS:
                actual, text = _actual(mixed, target, shape)
                head = (code, f"第{seed}批第{project}个项目", "某区人力资源和社会保障局")
                cells = (*head, level1, level2, name, sign, target, unit, weight, actual)
                for column, value in enumerate(cells):
                    style = shapes.get(shape) if value in (target, actual) else None
                    sheet.write(row, column, value, style)
                sheet.write(row, len(cells), f"原因{mixed.randrange(10_000)}，已整改")
                shown.append(text)
                row += 1
    return shown


def _actual(mixed: random.Random, target: Any, shape: str) -> tuple[Any, str]:
    """An actual near the target, and what a cell shows of it."""
    if isinstance(target, str):
        return "达成预期指标", "达成预期指标"
    if shape == _DAY:
        day = 45261 - mixed.randrange(25)
        return day, f"{'12' if day >= 45261 else '11'}月{day - 45230 if day < 45261 else 1}日"
    if "%" in shape:
        share = mixed.randrange(8000, 10_001)
        return share / 10_000, f"{share / 100:.2f}".rstrip("0").rstrip(".") + "%"
    value = mixed.randrange(90_000, 130_000) * target // 1000 / 100
    return value, f"{value:.15g}"


def perfeval_actuals(path: Path) -> Sequence[Any]:
    from perfeval.sources.evaluation import read_evaluation

    return read_evaluation(path).actuals.frame["actual"].to_list()


def perfeval_grid(path: Path) -> Sequence[Any]:
    from perfeval.sources.grids import read_book

    return [row[10] for row in read_book(path).grids[0].rows[2:]]


def openpyxl_values(path: Path, *, read_only: bool) -> Sequence[Any]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=read_only, data_only=True)
    rows = list(book.worksheets[0].iter_rows(min_row=4, values_only=True))
    book.close()
    return [row[10] for row in rows]


def pandas_frame(path: Path, engine: str) -> Sequence[Any]:
    import pandas as pd

    frame = pd.read_excel(path, header=2, engine=engine)
    return list(frame["实际完成值"])


def readers() -> dict[str, Reader]:
    """The readers, perfeval first: everything is told in ratios of it."""
    return {
        "perfeval, actuals with places": perfeval_actuals,
        "perfeval, the cells alone": perfeval_grid,
        "openpyxl, read_only": lambda path: openpyxl_values(path, read_only=True),
        "openpyxl": lambda path: openpyxl_values(path, read_only=False),
        "pandas, openpyxl": lambda path: pandas_frame(path, "openpyxl"),
        "pandas, calamine": lambda path: pandas_frame(path, "calamine"),
    }


def turns(
    paths: Sequence[Path], known: dict[str, Reader]
) -> Iterator[dict[str, tuple[float, Any]]]:
    """For each workbook, the seconds and the actuals of every reader."""
    names = list(known)
    for turn, path in enumerate(paths):
        order = names[turn % len(names) :] + names[: turn % len(names)]
        taken: dict[str, tuple[float, Any]] = {}
        for name in order:
            start = time.process_time()
            read = known[name](path)
            taken[name] = (time.process_time() - start, read)
        yield taken


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--workbooks", type=int, default=100)
    parser.add_argument("--projects", type=int, default=200)
    options = parser.parse_args()
    known = readers()
    seconds: dict[str, list[float]] = {name: [] for name in known}
    right = dict.fromkeys(known, 0)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"自评表{number}.xlsx") for number in range(options.workbooks)]
        shown = [write(path, options.projects, number) for number, path in enumerate(paths)]
        size = sum(path.stat().st_size for path in paths) / 1e6
        list(turns(paths[:1], known))  # what is imported and compiled once is not measured
        for expected, taken in zip(shown, turns(paths, known), strict=True):
            for name, (time_taken, read) in taken.items():
                seconds[name].append(time_taken)
                right[name] += sum(
                    str(value) == text for value, text in zip(read, expected, strict=True)
                )
    cells = sum(map(len, shown))
    libraries = ("openpyxl", "pandas", "python-calamine", "polars")
    print(f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in libraries))
    print(f"{options.workbooks} workbooks of {options.projects} projects", end=", ")
    print(f"{cells} rows, {size:.1f} MB\n")
    print(f"{'processor time':32}{'all, s':>8}{'median, ms':>12}{'x perfeval':>12}{'as shown':>10}")
    base = seconds[next(iter(known))]
    for name, own in seconds.items():
        ratio = statistics.median(one / other for one, other in zip(own, base, strict=True))
        middle, share = statistics.median(own) * 1000, right[name] / cells
        print(f"{name:32}{sum(own):8.1f}{middle:12.0f}{ratio:12.2f}{share:10.1%}")


if __name__ == "__main__":
    main()
