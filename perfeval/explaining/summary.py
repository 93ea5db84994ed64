"""A whole batch in few lines: how many indicators were scored which way, and what it came to."""

from __future__ import annotations

import polars as pl

from perfeval.explaining.build import Explanation
from perfeval.policy import Policy
from perfeval.scoring.targets import NUMBER

OUTCOMES = ("full", "part", "none", "open", "out")
"""Full marks, some of them, none; not decided; not applicable."""

SUMMARY = {
    "way": pl.String, "rule": pl.String, "operator": pl.String, "ratio": pl.String,
    "outcome": pl.String, "indicators": pl.Int64, "points": pl.Int64, "low": pl.Int64,
    "high": pl.Int64,
}  # fmt: skip
"""The columns of `summary`; points, low and high in hundredths of a point."""


def summary(explanation: Explanation) -> pl.DataFrame:
    """One row per way that indicators took and outcome, with the columns of `SUMMARY`.

    way: one of `perfeval.tables.WAYS`; rule; operator ("" where nothing is compared); ratio: what
    the rule's curve is read at; outcome: one of `OUTCOMES`. The indicators add up to all there are.
    """
    frame = _told(explanation)
    outcome = (
        pl.when("excluded")
        .then(pl.lit("out"))
        .when(pl.col("status") != "scored")
        .then(pl.lit("open"))
        .when(pl.col("low") == pl.col("full"))
        .then(pl.lit("full"))
        .when(pl.col("low") > 0)
        .then(pl.lit("part"))
        .otherwise(pl.lit("none"))
    )
    is_number = pl.col("way") == NUMBER
    kinds = _kinds(explanation.policy)
    return (
        frame.with_columns(operator=pl.when(is_number).then("operator").fill_null(""))
        .with_columns(outcome=outcome)
        .join(kinds, on=["rule", "operator"], how="left")
        .with_columns(ratio=pl.when(is_number).then("ratio").fill_null(""))
        .group_by("way", "rule", "operator", "ratio", "outcome")
        .agg(
            indicators=pl.len().cast(pl.Int64),
            points=pl.col("full").sum(),
            low=pl.col("low").sum(),
            high=pl.col("high").sum(),
        )
        .sort(
            pl.col("way").replace_strict({"number": 0, "deadline": 1, "judged": 2}, default=3),
            "rule", "operator", pl.col("outcome").cast(pl.Enum(OUTCOMES)),
        )
        .select(*SUMMARY)
    )  # fmt: skip


def particulars(explanation: Explanation) -> dict[str, int]:
    """How many indicators each particular step befell, in the order of a derivation."""
    frame = _told(explanation)
    number = (pl.col("way") == NUMBER) & ~pl.col("excluded")
    actual, target = pl.col("actual_low"), pl.col("target_number")
    equal = pl.col("operator").is_in([">", "<"]) & (actual == target)
    tests = {
        "conversion": (pl.col("from_unit") != pl.col("unit")) & ~pl.col("other_unit"),
        "missing": (pl.col("doubt") == "missing") & ~pl.col("excluded") & ~pl.col("refused"),
        "unreadable": pl.col("doubt").is_in(["unreadable", "other-unit", "not-in-band"]),
        "refused": pl.col("refused"),
        "bounds": (pl.col("actual_low") < pl.col("actual_high")) & ~pl.col("excluded"),
        "zero-target": number & (target <= 0),
        "equality": number & equal,
        "threshold": number & (pl.col("pass_threshold") > 0),
        "over": number & (pl.col("ratio_found") > 1),
        "deduction": pl.col("deduction_number") > 0,
        "not-applicable": pl.col("excluded"),
    }
    counts = frame.select(test.fill_null(False).sum().alias(name) for name, test in tests.items())
    return {name: int(count) for name, count in counts.row(0, named=True).items()}


def _told(explanation: Explanation) -> pl.DataFrame:
    return explanation.working.rename({"ratio": "ratio_found"})


def _kinds(policy: Policy) -> pl.DataFrame:
    from perfeval.policy.model import OPERATORS

    rows = [
        (rule, operator, policy.ratio(rule, operator))
        for rule in policy.rules
        for operator in OPERATORS
    ]
    schema = ["rule", "operator", "ratio"]
    return pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row")
