"""Specs from a table with one row per indicator: cells to typed columns, at column speed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import polars as pl

from perfeval import tables
from perfeval.messages import N_
from perfeval.names import are_distinct, begins, normalise
from perfeval.problems import Problem
from perfeval.sources.disclosure.budget import EMPTY
from perfeval.sources.files import InputFile
from perfeval.sources.headings import Table, label
from perfeval.sources.places import Cells, Region
from perfeval.sources.table import Sheet, read_table
from perfeval.sources.toml_values import DIGITS, too_long

_REQUIRED = (
    "project",
    "project_name",
    "department",
    "level1",
    "level2",
    "indicator",
    "target",
)
_AMOUNTS = tuple(name for name in tables.PROJECTS.columns if name.startswith("budget_"))
_TEXTS = ("overview", "basis", "schedule", "goal")
_OF_PROJECTS = ("project_name", "department", "year", "type", *_AMOUNTS, *_TEXTS)
"""What the rows of a project say of it."""

SPECS = Table(
    columns=(
        *_REQUIRED,
        "weight",
        "year",
        "type",
        "operator",
        "unit",
        "core",
        "rule",
        "pass_threshold",
        "deadline",
        *_AMOUNTS,
        *_TEXTS,
    ),
    required=_REQUIRED,
)

_TRUE = ("是", "核心", "√", "✓", "true", "yes", "y", "1")
_FALSE = ("否", "非核心", "×", "false", "no", "n", "0")
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
_VALUE = 60  # characters of a cell that a message shows

_SURPLUS = N_(
    "the row has {cells} cells, the header {expected}: {text}; a number with a thousands comma"
    ' needs quotes ("1,000")'
)
_WEIGHT = N_("{column} is “{value}”; a number of points is expected, such as 20")
_SHARES = N_(
    "{column} is “{value}”; percentages are read as points only where all weights of the project"
    " are percentages and make 100% together; write points, such as 20"
)
_AMOUNT = N_("{column} is “{value}”; an amount in 万元 is expected, such as 131.40")
_SHARE = N_("{column} is “{value}”; a share is expected, such as 0.6 or 60%")
_YEAR = N_("{column} is “{value}”; a year is expected, such as 2023")
_TRUTH = N_("{column} is “{value}”; 是 or 否 (true or false) is expected")
_DIGITS = N_(
    "{column} is {value}, a number of more than 15 significant digits, which cannot be kept exactly"
)


@dataclass(frozen=True, slots=True)
class SpecTable:
    """Projects and indicators of a table, not yet checked against their schemas.

    `problems` keep them from being used; `unread` tells the columns that are not read.
    """

    projects: pl.DataFrame
    indicators: pl.DataFrame
    problems: tuple[Problem, ...]
    input: InputFile
    unread: tuple[Problem, ...] = ()


def read_spec_table(path: str | Path, data: bytes | None = None) -> SpecTable:
    """The specs in the CSV or Parquet file at `path`; raises `InputError` as `read_table` does.

    A project's name, department, year, type, budget (万元) and texts may be left out in all but one
    of its rows, and must be the same wherever they stand.
    """
    return from_sheet(read_table(path, SPECS, data))


def from_sheet(sheet: Sheet) -> SpecTable:
    """The specs in the rows of a table with the columns of `SPECS`."""
    reader = _Reader(sheet.frame, sheet.regions)
    typed = sheet.frame.with_columns(
        reader.weights(),
        reader.numbers("pass_threshold", _SHARE),
        reader.years(),
        reader.truths(),
        *(reader.numbers(name, _AMOUNT) for name in _AMOUNTS),
        *(reader.texts(name) for name in ("type", "rule", "deadline", *_TEXTS)),
    )
    reader.compare_projects()
    reader.tell(
        sheet.malformed,
        _SURPLUS,
        N_("{count} more rows have more cells than the table has columns"),
    )
    if reader.first_rows is not None:
        projects = typed.filter(reader.first_rows)
    else:
        names = pl.col("project_name", "department")
        projects = (
            typed.with_columns(names.replace("", None))
            .group_by("project", maintain_order=True)
            .agg(pl.col(_OF_PROJECTS).drop_nulls().first(), pl.col(tables.PLACE).first())
            .with_columns(names.fill_null(""))
        )
    projects = projects.rename({"project_name": "name"}).filter(pl.col("project") != "")
    return SpecTable(
        projects=projects.select(*tables.PROJECTS.columns),
        indicators=typed.select(*tables.INDICATORS.columns),
        problems=tuple(reader.problems),
        input=sheet.input,
        unread=sheet.problems,
    )


class _Reader:
    """Text columns of a table to values; what a cell cannot be is a problem with its line."""

    def __init__(self, frame: pl.DataFrame, regions: Iterable[Region]) -> None:
        self.problems: list[Problem] = []
        self._frame = frame
        self._cells = Cells(regions)
        # Most columns of most tables are not there, and nothing has to be read in them.
        some = frame.select((pl.col(SPECS.columns) != "").any())
        self._filled = {name for name in SPECS.columns if some[name].item()}
        self._told = [name for name in _OF_PROJECTS if name in self._filled]
        self.first_rows = _first_rows(frame.select("project", *self._told))

    def tell(
        self, rows: pl.DataFrame, template: str, more: str, about: str = "", **values: object
    ) -> None:
        """A problem per row, whose columns and `values` fill the template, or per cell `about` it.

        Those past `SHOWN` are counted.
        """
        self.problems += [
            self._cells.placed(
                Problem(template, {**row, **values}, row["file"], row["line"], row["sheet"]), about
            )
            for row in rows.head(tables.SHOWN).iter_rows(named=True)
        ]
        if rows.height > tables.SHOWN:
            values |= {**rows.row(0, named=True), **values, "count": rows.height - tables.SHOWN}
            self.problems.append(Problem(more, values, rows["file"][0]))

    def texts(self, column: str) -> pl.Expr:
        """Cells with null for what is blank."""
        if column not in self._filled:
            return pl.lit(None, pl.String).alias(column)
        return pl.when(pl.col(column) != "").then(column).alias(column)

    def numbers(self, column: str, template: str) -> pl.Series | pl.Expr:
        """Numbers as float64, of a share also in percent; null is what is blank or no number."""
        if column not in self._filled:
            return pl.lit(None, pl.Float64).alias(column)
        cells = self._frame[column]
        texts = cells.unique()
        text, clean = texts, texts.str.contains(_NUMBER)
        if not clean.all():
            text = texts.str.normalize("NFKC")
            clean = text.str.contains(_NUMBER)
        value = text.set(~clean, None).cast(pl.Float64, strict=False)
        odd = text.filter(~clean & (text != "")).unique().to_list()
        read = {cell: number for cell in odd if (number := _odd_number(cell, column)) is not None}
        value = value.fill_null(text.replace_strict(read, default=None, return_dtype=pl.Float64))
        unread = value.is_null() & (text != "")
        if column == "weight":
            unread &= ~text.is_in(EMPTY)
        self._tell_texts(column, texts.filter(unread), template)
        lengthy = texts.filter(clean & (text.str.len_chars() > DIGITS))
        exact = [not too_long(unicodedata.normalize("NFKC", cell)) for cell in lengthy]
        self._tell_texts(column, lengthy.filter(~pl.Series(exact, dtype=pl.Boolean)), _DIGITS)
        return _mapped(cells, texts, value)

    def weights(self) -> pl.Series | pl.Expr:
        """Points as float64; 50% is 50 of them where a project's weights make 100% together."""
        value = self.numbers("weight", _WEIGHT)
        if "weight" not in self._filled:
            return value
        text = self._frame["weight"]
        share = text.str.ends_with("%") | text.str.ends_with("％")
        if not share.any():
            return value
        whole = (pl.col("share") | pl.col("value").is_null()).all()
        whole &= pl.col("value").sum().round(6) == 100
        rows = self._frame.select("project", value=value, share=share)
        wrong = share & ~rows.select(whole.over("project")).to_series() & value.is_not_null()
        self._tell_cells("weight", wrong, _SHARES)
        return value

    def years(self) -> pl.Series | pl.Expr:
        """Years as int64, with or without 年; blank is null."""
        if "year" not in self._filled:
            return pl.lit(None, pl.Int64).alias("year")
        cells = self._frame["year"]
        texts = cells.unique()
        text = texts.str.normalize("NFKC").str.strip_suffix("年").str.strip_chars()
        value = text.cast(pl.Int64, strict=False)
        self._tell_texts("year", texts.filter(value.is_null() & (text != "")), _YEAR)
        return _mapped(cells, texts, value)

    def truths(self) -> pl.Series | pl.Expr:
        """是 and 否 and their like; blank is null."""
        if "core" not in self._filled:
            return pl.lit(None, pl.Boolean).alias("core")
        cells = self._frame["core"]
        texts = cells.unique()
        meaning = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
        value = texts.str.to_lowercase().replace_strict(
            meaning, default=None, return_dtype=pl.Boolean
        )
        self._tell_texts("core", texts.filter(value.is_null() & (texts != "")), _TRUTH)
        return _mapped(cells, texts, value)

    def compare_projects(self) -> None:
        """What the rows of one project say of it must not differ."""
        if self.first_rows is not None:
            return
        told = self._told
        rows = self._frame.select("project", *told, *tables.PLACE).filter(pl.col("project") != "")
        versions = rows.group_by("project").agg(
            pl.col(told).replace("", None).drop_nulls().n_unique()
        )
        for column in told:
            several = versions.filter(pl.col(column) > 1).select("project")
            said = rows.join(several, on="project", how="semi", maintain_order="left").filter(
                pl.col(column) != ""
            )
            said = said.with_columns(
                value=pl.col(column).str.head(_VALUE),
                first=pl.col(column).first().over("project").str.head(_VALUE),
                first_line=pl.col("line").first().over("project"),
                same=normalise(pl.col(column)) == normalise(pl.col(column)).first().over("project"),
            )
            self.tell(
                said.filter(~pl.col("same")),
                N_(
                    "{column} of project {project} is “{value}” here, “{first}” in line"
                    " {first_line}; make them the same"
                ),
                N_("{column}: {count} more rows contradict the first row of their project"),
                about=column,
                column=label(column),
            )

    def _tell_texts(self, column: str, wrong: pl.Series, template: str) -> None:
        """A problem per cell that says one of the texts `wrong`."""
        if len(wrong):
            self._tell_cells(column, self._frame[column].is_in(wrong.implode()), template)

    def _tell_cells(self, column: str, wrong: pl.Series, template: str) -> None:
        rows = self._frame.filter(wrong).select(
            pl.col(column).str.head(_VALUE).alias("value"), *tables.PLACE
        )
        more = N_("{column}: {count} more rows with the same problem")
        self.tell(rows, template, more, about=column, column=label(column))


def _mapped(cells: pl.Series, texts: pl.Series, values: pl.Series) -> pl.Series:
    """What each cell says, where each of `texts`, the different ones, says one of `values`."""
    return cells.replace_strict(texts, values, return_dtype=values.dtype)


def _first_rows(rows: pl.DataFrame) -> pl.Series | None:
    """Which rows are the first of their project; None where it takes more than them to know it.

    The first rows are enough where each project's stand together and each says what the row before
    it does in all columns.
    """
    first = begins(rows["project"])
    differs = (pl.col(name) != pl.col(name).shift(1) for name in rows.columns[1:])
    if rows.select((~first & pl.any_horizontal(pl.lit(False), *differs)).any()).item():
        return None
    return first if are_distinct(rows["project"].filter(first)) else None


def _odd_number(cell: str, column: str) -> float | None:
    """What a cell says that is not a plain decimal: in percent, in 分, or no finite number."""
    if cell.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return float(cell)  # the gate refuses it in words of its own
    if column == "pass_threshold" and cell.endswith("%"):
        try:
            return float(Decimal(cell[:-1].strip()).scaleb(-2))
        except InvalidOperation:
            return None
    if column == "weight":
        plain = cell.removesuffix("分").removesuffix("%").strip()
        return float(plain) if re.fullmatch(_NUMBER, plain) and not too_long(plain) else None
    return None
