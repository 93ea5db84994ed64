"""The gates: what a frame must hold, and the words for what it does not."""

from __future__ import annotations

import math
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest

from perfeval import tables
from perfeval.problems import InputError
from perfeval.sources import table


def indicators(**columns: list[Any]) -> pl.DataFrame:
    """Sound indicators with some columns replaced."""
    count = max((len(values) for values in columns.values()), default=1)
    row: dict[str, Any] = {
        "project": "P1",
        "level1": "产出指标",
        "level2": "数量指标",
        "indicator": "慰问退休干部",
        "operator": "",
        "target": "≥ 9000 人",
        "unit": "",
        "weight": 20.0,
        "core": None,
        "rule": None,
        "pass_threshold": None,
        "deadline": None,
        "file": "specs/p1.toml",
        "sheet": None,
        "line": 7,
    }
    data = {name: columns.get(name, [value] * count) for name, value in row.items()}
    types = {name: column.dtype.type for name, column in tables.INDICATORS.columns.items()}
    return pl.DataFrame(data, schema=types)


def projects(**values: Any) -> pl.DataFrame:
    row: dict[str, Any] = dict.fromkeys(tables.PROJECTS.columns)
    row |= {"project": "P1", "name": "退管", "department": "212001-人社局", "year": 2023}
    row |= {"file": "p1.toml", "line": 1} | values
    types = {name: column.dtype.type for name, column in tables.PROJECTS.columns.items()}
    return pl.DataFrame({name: [value] for name, value in row.items()}, schema=types)


def told(frame: pl.DataFrame, schema: pa.DataFrameSchema) -> list[str]:
    with pytest.raises(InputError) as error:
        tables.check(frame, schema)
    return [problem.text() for problem in error.value.problems]


def test_a_sound_frame_passes_as_it_is() -> None:
    frame = indicators(weight=[20.0, None], core=[True, None], pass_threshold=[0.6, None])
    assert tables.check(frame, tables.INDICATORS) is frame
    assert tables.check(frame.clear(), tables.INDICATORS).is_empty()
    assert not tables.misfits(projects(budget_total=131.4), tables.PROJECTS)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("weight", math.nan, "weight is nan; a finite number is expected"),
        ("weight", math.inf, "weight is inf; a finite number is expected"),
        ("weight", -math.inf, "weight is -inf; a finite number is expected"),
        ("pass_threshold", -5.0, "pass_threshold is -5; a share between 0 and 1"),
        ("pass_threshold", 60.0, "pass_threshold is 60; a share between 0 and 1"),
        ("pass_threshold", math.nan, "pass_threshold is nan; a finite number"),
        ("pass_threshold", math.inf, "pass_threshold is inf; a finite number"),
        ("indicator", "", "indicator is empty"),
        ("level1", "", "level1 is empty"),
        ("project", None, "project is missing"),
    ],
)
def test_a_bad_value_is_told_once_with_its_place(column: str, value: Any, words: str) -> None:
    frame = indicators(**{column: [indicators()[column][0], value]}, line=[7, 12])
    messages = told(frame, tables.INDICATORS)
    assert len(messages) == 1
    assert messages[0].startswith(f"specs/p1.toml:12: {words}")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"project": ""}, "project is empty"),
        ({"project": "5.00110230000034E+20"}, "a spreadsheet has turned the code into a number"),
        ({"year": 23}, "year is 23; a year between 1949 and 2100"),
        ({"budget_total": math.nan}, "budget_total is nan"),
        ({"budget_local": math.inf}, "budget_local is inf"),
        ({"department": ""}, "department is empty"),
    ],
)
def test_a_project_has_a_code_a_year_and_finite_budgets(values: Any, words: str) -> None:
    messages = told(projects(**values), tables.PROJECTS)
    assert len(messages) == 1
    assert words in messages[0]


def test_a_lazy_frame_is_refused_for_its_values_would_pass_unseen() -> None:
    lazy: Any = indicators(weight=[math.nan]).lazy()
    tables.INDICATORS.validate(lazy, lazy=True)  # pandera has nothing to say
    with pytest.raises(TypeError, match="LazyFrame"):
        tables.check(lazy, tables.INDICATORS)


def test_wrong_columns_and_types_are_problems_not_tracebacks() -> None:
    frame = indicators().drop("unit").with_columns(weight=pl.lit("20"), more=pl.lit(1))
    messages = "\n".join(told(frame, tables.INDICATORS))
    for words in ("unit (column_in_dataframe)", "more (column_in_schema)", "weight", "Float64"):
        assert words in messages


def test_many_problems_of_a_kind_are_counted_exactly() -> None:
    frame = indicators(pass_threshold=[-1.0] * 5000 + [math.nan] * 3)
    misfits = tables.misfits(frame, tables.INDICATORS)
    messages = [misfit.problem.text() for misfit in misfits]
    assert len(messages) == tables.SHOWN + 1 + 3
    assert f"pass_threshold: {5000 - tables.SHOWN} more rows with the same problem" in messages
    assert {misfit.column for misfit in misfits} == {"pass_threshold"}
    assert {misfit.row for misfit in misfits} == {None, *range(tables.SHOWN), 5000, 5001, 5002}


def test_a_long_value_is_shortened() -> None:
    frame = projects(project="1" + "E+" + "9" * 500)
    assert len(told(frame, tables.PROJECTS)[0]) < 300


SCORE: dict[str, Any] = {
    "project": "P1",
    "weight": 10.0,
    "budget": 131.4,
    "spent": 100.0,
    "rate": 0.76,
    "score": 760,
    "low": 760,
    "high": 760,
    "status": "scored",
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"high": 759}, "low is at most high"),
        ({"score": 761}, "score is low"),
        ({"low": -1, "score": -1}, "not_negative"),
        ({"status": "done"}, "status"),
        ({"rate": math.nan}, "finite"),
        ({"budget": math.inf}, "finite"),
    ],
)
def test_scores_have_bounds_in_order(change: dict[str, Any], words: str) -> None:
    types = {name: column.dtype.type for name, column in tables.EXECUTION_SCORES.columns.items()}
    sound = pl.DataFrame([SCORE], schema=types)
    assert not tables.misfits(sound, tables.EXECUTION_SCORES)
    wrong = pl.DataFrame([SCORE | change], schema=types)
    misfits = tables.misfits(wrong, tables.EXECUTION_SCORES)
    assert any(words in str(misfit.problem.values["check"]) for misfit in misfits)


def test_a_score_that_is_not_known_has_no_bounds() -> None:
    types = {name: column.dtype.type for name, column in tables.EXECUTION_SCORES.columns.items()}
    row = SCORE | dict.fromkeys(("score", "low", "high", "rate")) | {"status": "rejected"}
    assert not tables.misfits(pl.DataFrame([row], schema=types), tables.EXECUTION_SCORES)


@pytest.mark.parametrize(
    ("schema", "kind"), [(tables.ACTUALS, table.ACTUALS), (tables.EXECUTION, table.EXECUTION)]
)
def test_the_readers_columns_are_the_schemas(schema: pa.DataFrameSchema, kind: Any) -> None:
    assert (*kind.columns, *tables.PLACE) == tuple(schema.columns)
