"""Five other ways to the same scores, each in its own most natural fast form.

A half-cent that floats put just below itself is helped up by `TIE`: enough for this data, not for
any. What is missing is NaN where arrays are used, and null in polars and DuckDB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from benchmarks.cases import Contender, Data

if TYPE_CHECKING:
    import polars as pl

TIE = 1e-9


def numpy_where(data: Data) -> Contender:
    o, x, t, w = data.operator, data.actual, data.target, data.weight

    def run() -> tuple[npt.NDArray[Any], ...]:
        with np.errstate(divide="ignore"):
            ratio = np.where(o <= 2, x / t, t / x)
        strict = np.where(o == 2, x == t, np.where(o == 3, x < t, x <= t))
        met = np.where(o == 0, x >= t, np.where(o == 1, x > t, strict)).astype(np.int8)
        coefficient = np.clip(ratio, 0, 1)
        missing = np.isnan(x)
        met = np.where(missing, np.int8(-1), met)
        full = w * 100
        value = np.where(missing, 0.0, full * coefficient)
        score = np.floor(value + (0.5 + TIE)).astype(np.int64)
        high = np.where(missing, np.floor(full + (0.5 + TIE)).astype(np.int64), score)
        return met, ratio, coefficient, score, high

    return Contender("numpy, np.where", run, lambda out: (out[3], out[4]))


def polars_expression(data: Data) -> Contender:
    import polars as pl

    frame = _frame(data)
    o, x, t, w = (pl.col(name) for name in frame.columns)
    ratio = pl.when(o <= 2).then(x / t).otherwise(t / x)
    met = pl.when(o == 0).then(x >= t).when(o == 1).then(x > t).when(o == 2).then(x == t)
    met = met.when(o == 3).then(x < t).otherwise(x <= t)  # type: ignore[assignment]
    coefficient = ratio.clip(0, 1)
    score = (w * 100 * coefficient + (0.5 + TIE)).floor().cast(pl.Int64)
    full = (w * 100 + (0.5 + TIE)).floor().cast(pl.Int64)
    query = frame.lazy().with_columns(
        met=met,
        ratio=ratio,
        coefficient=coefficient,
        score=score.fill_null(0),
        high=pl.coalesce(score, full),
    )
    return Contender(
        "polars, one with_columns",
        lambda: query.collect(engine="streaming"),
        lambda out: (out["score"].to_numpy(), out["high"].to_numpy()),
    )


SQL = f"""
    SELECT met, ratio, coefficient, coalesce(s, 0) AS score,
        coalesce(s, CAST(floor(weight * 100 + 0.5 + {TIE}) AS BIGINT)) AS high
    FROM (SELECT *, CAST(floor(weight * 100 * coefficient + 0.5 + {TIE}) AS BIGINT) AS s
    FROM (SELECT *, CASE WHEN ratio > 1 THEN 1.0 WHEN ratio < 0 THEN 0.0 ELSE ratio END
        AS coefficient
    FROM (SELECT weight,
        CASE operator WHEN 0 THEN actual >= target WHEN 1 THEN actual > target
            WHEN 2 THEN actual = target WHEN 3 THEN actual < target ELSE actual <= target END
            AS met,
        CASE WHEN operator <= 2 THEN actual / target WHEN actual = 0 THEN 'inf'::DOUBLE
            ELSE target / actual END AS ratio
    FROM indicators)))"""


def duckdb_sql(data: Data, threads: int) -> Contender:
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    connection.register("indicators", _frame(data).to_arrow())
    return Contender(
        "DuckDB, SQL over Arrow",
        lambda: connection.sql(SQL).to_arrow_table(),
        lambda out: (out["score"].to_numpy(), out["high"].to_numpy()),
    )


def pandas_series(data: Data) -> Contender:
    import pandas as pd

    frame = pd.DataFrame(_columns(data))

    def run() -> Any:
        o, x, t, w = (frame[name] for name in frame.columns)
        ratio = (x / t).where(o <= 2, t / x)
        met = (x <= t).where(o != 3, x < t).where(o != 2, x == t).where(o != 1, x > t)
        met = met.where(o != 0, x >= t).astype("int8").mask(x.isna(), -1)
        coefficient = ratio.clip(0, 1)
        full = w * 100
        score = np.floor(full * coefficient + (0.5 + TIE)).fillna(0).astype("int64")
        high = score.mask(x.isna(), np.floor(full + (0.5 + TIE)).astype("int64"))
        return frame.assign(met=met, ratio=ratio, coefficient=coefficient, score=score, high=high)

    return Contender("pandas", run, lambda out: (out["score"].to_numpy(), out["high"].to_numpy()))


def openfisca_variables(data: Data) -> Contender:
    from openfisca_core.entities import Entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    entity = Entity("indicator", "indicators", "", "")
    system = TaxBenefitSystem([entity])

    def add(name: str, dtype: Any, formula: Any = None) -> None:
        content = {"value_type": float, "entity": entity, "definition_period": DateUnit.YEAR}
        content |= {"formula": formula} if formula else {}
        # Its own numbers are float32, with which thousands of ten million scores differ.
        system.add_variable(type(name, (Variable,), content)).dtype = dtype

    def met(rows: Any, year: Any) -> Any:
        o, x, t = rows("operator", year), rows("actual", year), rows("target", year)
        strict = np.where(o == 2, x == t, np.where(o == 3, x < t, x <= t))
        met = np.where(o == 0, x >= t, np.where(o == 1, x > t, strict))
        return np.where(np.isnan(x), -1, met)

    def ratio(rows: Any, year: Any) -> Any:
        o, x, t = rows("operator", year), rows("actual", year), rows("target", year)
        with np.errstate(divide="ignore"):
            return np.where(o <= 2, x / t, t / x)

    def coefficient(rows: Any, year: Any) -> Any:
        return np.clip(rows("ratio", year), 0, 1)

    def score(rows: Any, year: Any) -> Any:
        value = rows("weight", year) * 100 * rows("coefficient", year)
        return np.floor(np.where(np.isnan(value), 0, value) + (0.5 + TIE))

    def high(rows: Any, year: Any) -> Any:
        full = np.floor(rows("weight", year) * 100 + (0.5 + TIE))
        return np.where(np.isnan(rows("actual", year)), full, rows("score", year))

    inputs = _columns(data)
    for name, values in inputs.items():
        add(name, values.dtype)
    for name, dtype, formula in (
        ("met", np.int8, met),
        ("ratio", np.float64, ratio),
        ("coefficient", np.float64, coefficient),
        ("score", np.int64, score),
        ("high", np.int64, high),
    ):
        add(name, dtype, formula)
    simulation = SimulationBuilder().build_default_simulation(system, len(data.actual))
    for name, values in inputs.items():
        simulation.set_input(name, "2023", values)

    def run() -> dict[str, Any]:
        names = ("met", "ratio", "coefficient", "score", "high")
        for name in names:
            simulation.delete_arrays(name)
        return {name: simulation.calculate(name, "2023") for name in names}

    return Contender("openfisca-core", run, lambda out: (out["score"], out["high"]))


def _columns(data: Data) -> dict[str, npt.NDArray[Any]]:
    return {
        "operator": data.operator,
        "actual": data.actual,
        "target": data.target,
        "weight": data.weight,
    }


def _frame(data: Data) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(_columns(data)).with_columns(pl.col("actual").fill_nan(None))
