"""CSV and Parquet of a result: one row per indicator and one per project's budget execution.

A project's rows sum to its total.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Protocol

from perfeval.reports import tabular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import polars as pl

    from perfeval.reports.tabular import Told
    from perfeval.scoring import ScoreResult

EXECUTION_LEVEL1 = "预算执行"
EXECUTION_INDICATOR = "预算执行率"

_PROJECT = {"score": "project_score", "low": "project_low", "high": "project_high"}
SCORES = (*_PROJECT.values(), "score", "low", "high")
"""Columns of hundredths of a point."""

_ROW = (
    "project", "level1", "level2", "indicator", "operator", "target", "target_number", "unit",
    "weight", "points", "actual", "actual_number", "met", "ratio", "coefficient",
    "score", "low", "high", "status", "flags", "reason",
)  # fmt: skip


class Scored(Protocol):
    """The frames of a result, or of a part of one."""

    @property
    def projects(self) -> pl.DataFrame:
        """As `perfeval.tables.TOTALS` says."""

    @property
    def indicators(self) -> pl.DataFrame:
        """As `perfeval.tables.SCORES` says."""

    @property
    def execution(self) -> pl.DataFrame:
        """As `perfeval.tables.EXECUTION_SCORES` says."""


def rows(result: Scored) -> pl.DataFrame:
    """Every indicator and execution row with its project's totals, projects in their order.

    Scores are Int64 hundredths; `target` and `actual` are as written.
    """
    import polars as pl

    heads = result.projects.select(
        "project", "name", "department", project_grade="grade",
        **{new: old for old, new in _PROJECT.items()},
    ).with_row_index("position")  # fmt: skip
    amounts = {"target": "budget", "actual": "spent"}
    execution = result.execution.select(
        "project", "weight", "score", "low", "high", "status",
        level1=pl.lit(EXECUTION_LEVEL1),
        level2=pl.lit(EXECUTION_INDICATOR),
        indicator=pl.lit(EXECUTION_INDICATOR),
        operator=pl.lit(""),
        unit=pl.lit("万元"),
        points="weight",
        met=pl.lit(None, pl.Boolean),
        ratio="rate",
        coefficient=pl.lit(None, pl.Float64),
        flags=pl.lit([], pl.List(pl.String)),
        reason=pl.lit(None, pl.String),
        **{f"{name}_number": pl.col(column) for name, column in amounts.items()},
        **{name: pl.lit(None, pl.String) for name in amounts},
    )  # fmt: skip
    own = pl.concat([result.indicators.select(_ROW), execution.select(_ROW)], how="vertical")
    # Rows of one project stand together, and what it has in all of them is looked up once.
    run = own["project"].rle_id()
    begins = own.select("project").filter(run != run.shift(1, fill_value=2**32 - 1))
    heads = begins.join(heads, on="project", how="left", maintain_order="left")
    frame = pl.concat([own, heads.drop("project").select(pl.all().gather(run))], how="horizontal")
    if frame["position"].null_count():
        frame = frame.filter(pl.col("position").is_not_null())
    if not frame["position"].is_sorted():
        frame = frame.sort("position", maintain_order=True)
    return frame.select(
        "project", "name", "department", "project_score", "project_low", "project_high",
        "project_grade", *_ROW[1:],
    )  # fmt: skip


def write_csv(result: ScoreResult, file: BinaryIO, *, bom: bool = False) -> None:
    """The rows as UTF-8 CSV: scores with two decimals, numbers in plain digits, blanks empty."""
    write_csv_of([result], file, bom=bom)


def write_csv_of(parts: Iterable[Scored], file: BinaryIO, *, bom: bool = False) -> None:
    """The rows of all parts, one after the other."""
    tabular.write_csv(map(rows, parts), _as_text, file, bom=bom)


def write_parquet(result: ScoreResult, file: BinaryIO, lang: str) -> None:
    """The rows with types, scores as Decimal with two places; receipt and findings as metadata.

    Of each rule `MOST_FINDINGS` are told with their message; all are counted, and flagged in rows.
    """
    from perfeval.tables import first_of_each

    told = tabular.Told(
        result.receipt,
        first_of_each(result.findings),
        first_of_each(result.suppressed),
        tabular.by_rule(result.findings),
    )
    write_parquet_of([result], lambda: told, file, lang)


def write_parquet_of(
    parts: Iterable[Scored], told: Callable[[], Told], file: BinaryIO, lang: str
) -> None:
    """The rows of all parts, one after the other; `told` is asked at the end."""
    tabular.write_parquet(map(rows, parts), SCORES, told, file, lang)


def _as_text(table: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    text = tabular.as_text(table, SCORES)
    numbers = {name: f"{name}_number" for name in ("target", "actual")}
    return text.with_columns(
        pl.coalesce(number, name).alias(name) for name, number in numbers.items()
    ).drop(numbers.values())
