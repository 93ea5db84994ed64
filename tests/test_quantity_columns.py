"""Columns of cells: the same answers as cell by cell, without a Python call for clean numbers."""

from __future__ import annotations

import random
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval.quantity.columns
from perfeval.quantity import Quantity, read, read_column
from perfeval.quantity.columns import SCHEMA
from tests.test_quantity import GOLDEN, scraps

clean = st.builds(
    lambda whole, places: format(Decimal(whole).scaleb(-places), "f"),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.integers(0, 14),
)
cells = st.one_of(
    st.none(),
    clean,
    scraps,
    st.text(max_size=8),
    st.sampled_from([row["text"] for row in GOLDEN]),
    st.sampled_from(["-0", "-0.0", "007", "5\n", " 5", "1e5", ".5", "5.", "+5", "１", "٣", "1_0"]),
)


def expected(cell: str | None) -> tuple[object, ...]:
    quantity = Quantity("blank") if cell is None else read(cell)
    return (
        quantity.kind,
        quantity.operator,
        None if quantity.number is None else repr(float(quantity.number)),
        quantity.unit,
        quantity.bound,
        quantity.level,
        None if quantity.share is None else repr(float(quantity.share)),
        *(quantity.period or (None, None)),
        *(quantity.due or (None, None)),
        quantity.issue,
        quantity.scaled,
    )


def rows(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    return [
        tuple(repr(value) if isinstance(value, float) else value for value in row)
        for row in frame.iter_rows()
    ]


@given(st.lists(cells, max_size=12))
def test_column_says_what_its_cells_say(column: list[str | None]) -> None:
    frame = read_column(pl.Series("actual", column, dtype=pl.String))
    assert dict(frame.schema) == SCHEMA
    assert rows(frame) == [expected(cell) for cell in column]


def test_golden_cells_in_one_column() -> None:
    texts = [row["text"] for row in GOLDEN]
    assert rows(read_column(pl.Series(texts))) == [expected(text) for text in texts]


def test_numbers_are_the_nearest_floats() -> None:
    dice = random.Random(20230101)
    texts = []
    for _ in range(200_000):
        digits = str(dice.randrange(10 ** dice.randint(1, 15)))
        point = dice.randint(0, len(digits) - 1)
        texts.append(f"{digits[:point] or '0'}.{digits[point:]}" if point else digits)
    assert read_column(pl.Series(texts))["number"].to_list() == list(map(float, texts))


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []

    def counted(text: str) -> Quantity:
        calls.append(text)
        return read(text)

    monkeypatch.setattr(perfeval.quantity.columns, "read", counted)
    return calls


def test_clean_numbers_cost_no_call(readings: list[str]) -> None:
    column = pl.Series(range(100_000)).cast(pl.String) + ".25"
    frame = read_column(column)
    assert readings == []
    assert frame["number"].sum() == sum(range(100_000)) + 25_000
    assert frame["kind"].unique().to_list() == ["number"]


def test_odd_cells_cost_one_call_per_text(readings: list[str]) -> None:
    column = ["≥ 95 %", "7", "200余人", None, "8.5"] * 1000
    frame = read_column(pl.Series(column))
    assert sorted(readings) == sorted({"≥ 95 %", "200余人"})
    assert rows(frame) == [expected(cell) for cell in column]


@pytest.mark.parametrize("dtype", [pl.String, pl.Null])
def test_empty_and_null_columns(dtype: type[pl.DataType]) -> None:
    assert read_column(pl.Series("x", [], dtype=dtype)).schema == SCHEMA
    blank = read_column(pl.Series("x", [None, None], dtype=dtype))
    assert blank["kind"].to_list() == ["blank", "blank"]
    assert blank["number"].null_count() == 2


def test_numeric_columns_are_read_as_printed() -> None:
    assert read_column(pl.Series([1, 250, None]))["number"].to_list() == [1.0, 250.0, None]
    assert read_column(pl.Series([0.5, 19.55]))["number"].to_list() == [0.5, 19.55]
    assert read_column(pl.Series([0.1 + 0.2]))["issue"].to_list() == ["digits"]
    assert read_column(pl.Series([float("nan")]))["issue"].to_list() == ["nan"]
