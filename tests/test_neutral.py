"""Text in CSV that no spreadsheet runs as a formula comes back as it was."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.neutral import is_formula, neutralised, restored, restored_text
from perfeval.sources.grids import read_book
from perfeval.sources.table import read_actuals

texts = st.text(st.sampled_from(list("'=+-@＝5%.a\t 月")), max_size=6)


@given(texts)
def test_every_text_comes_back(text: str) -> None:
    written = neutralised(text)
    assert restored_text(written) == text
    assert not is_formula(written)


@given(st.lists(texts))
@settings(deadline=None)
def test_a_column_comes_back_as_its_texts_do(column: list[str]) -> None:
    frame = pl.DataFrame(
        {"cell": [neutralised(text) for text in column]}, schema={"cell": pl.String}
    )
    assert frame.select(restored(pl.col("cell")))["cell"].to_list() == column


def test_different_texts_stay_different() -> None:
    column = ["=1", "'=1", "''=1", "-5", "'-5", "-a", "'a'"]
    assert len({neutralised(text) for text in column}) == len(column)


def test_a_list_is_read_as_it_was_before_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "actuals.csv"
    path.write_text("project,indicator,actual\n'=P1,''=x,'-5月\nP2,'引号',-5\n", "utf-8")
    frame = read_actuals(path).frame
    assert frame["project"].to_list() == ["=P1", "P2"]
    assert frame["indicator"].to_list() == ["'=x", "'引号'"]
    assert frame["actual"].to_list() == ["-5月", "-5"]
    assert read_book(path).grids[0].rows[1] == ["=P1", "'=x", "-5月"]
