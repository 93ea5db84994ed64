"""Tables put aside on disk: what is taken is what was put there, whatever its columns say."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from perfeval.sources.spill import Form, Spill

SCHEMA = {"project": pl.String, "sheet": pl.String, "line": pl.Int64}
ROWS = st.lists(
    st.tuples(st.sampled_from(["", "A", "甲"]), st.sampled_from([None, "表1"]), st.integers(1, 3)),
    max_size=6,
)


def frame(rows: list[tuple[str, str | None, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@given(st.lists(st.tuples(st.integers(0, 2), ROWS), max_size=8))
def test_frames_come_back_by_key_in_their_order(puts: list[tuple[int, list[object]]]) -> None:
    spill = Spill(Path())
    for key, rows in puts:
        spill.put(key, frame(rows))  # type: ignore[arg-type]
    for key in range(4):
        own = [frame(rows) for number, rows in puts if number == key]  # type: ignore[arg-type]
        assert [each.rows() for each in spill.take(key)] == [each.rows() for each in own]
        together = spill.together(key)
        assert (together is None) == (not own)
        if together is not None:
            assert together.equals(pl.concat(own))
            assert together.schema == SCHEMA
    spill.close()


def test_what_every_row_says_is_not_written_with_each(tmp_path: Path) -> None:
    rows = frame([(f"P{number}", None, number) for number in range(1000)])
    wide = rows.with_columns(pl.lit("受疫情影响" * 20).alias(f"c{number}") for number in range(9))
    one, other = Spill(tmp_path), Spill(tmp_path)
    one.put("", rows)
    form = Form.of(wide)
    other.add("", form, form.packed(wide.head(500)))
    other.add("", form, form.packed(wide.tail(500)))
    assert other.size <= one.size + 2000
    together = other.together("")
    one.close()
    other.close()
    assert together is not None
    assert together.equals(wide)
