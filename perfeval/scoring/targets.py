"""What each indicator asks for: its operator, number, unit, and the rule that scores it."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.names import normalise, suggest, with_keys
from perfeval.policy import Policy
from perfeval.problems import InputError, Problem, did_you_mean
from perfeval.quantity import operator, read_column
from perfeval.quantity.conversion import carry_scale, powers_between, same_scale, shifted
from perfeval.tables import WAYS

NUMBER, DEADLINE, JUDGED, UNDECIDABLE = WAYS

COMPARISONS = ("≥", ">", "=", "<", "≤")


def read_targets(indicators: pl.DataFrame) -> pl.DataFrame:
    """`indicators` with its targets read.

    Added columns: row (position), operator (canonical, "" if none is written anywhere), unit (its
    own column's, else the one inside the target), target_number (float64, in that unit),
    target_printed and target_unit (number and unit as printed), unit_column (its unit's own
    column), own_rule (the rule that it names itself), level (the level word asked for), due_strict
    and due_generous (yyyymmdd; year 0: the project's year), way (one of the constants above),
    issue ("" or why the target decides nothing: "missing", "operator", "unit", "text" or what the
    number's reader found), name_key and level2_key (indicator and level2 as they are compared).
    """
    written = read_column(indicators["target"])
    own_operator = _operators(indicators["operator"])
    deadline = read_column(indicators["deadline"].fill_null(""))
    frame = indicators.with_row_index("row").with_columns(
        pl.when(own_operator.is_null())
        .then(pl.lit(""))
        .when(own_operator != "")
        .then(own_operator)
        .otherwise(written["operator"])
        .alias("operator"),
        strange=own_operator.is_null(),
        two_operators=(own_operator != written["operator"])
        & own_operator.is_in(COMPARISONS)
        & written["operator"].is_in(COMPARISONS),
        target_scaled=written["scaled"],
        own_operator="operator",
        own_rule="rule",
        own_unit="unit",
        inner_unit=written["unit"],
        target_kind=written["kind"],
        target_number=written["number"],
        target_bound=written["bound"],
        level=written["level"],
        target_issue=written["issue"],
        due_strict=pl.coalesce(written["due_strict"], deadline["due_strict"]),
        due_generous=pl.coalesce(written["due_generous"], deadline["due_generous"]),
    )
    frame = _one_unit(frame)
    # "200余人" as a target asks for at least 200; "近200人" does not say which way is better.
    more = (pl.col("operator") == "") & (pl.col("target_bound") == "at least")
    frame = frame.with_columns(operator=pl.when(more).then(pl.lit("≥")).otherwise("operator"))
    is_number = pl.col("target_kind") == "number"
    is_judged = pl.col("target_kind").is_in(["level", "text"])
    compares = pl.col("operator").is_in(COMPARISONS)
    issue = (
        pl.when(pl.col("unit_conflict"))
        .then(pl.lit("unit"))
        .when(pl.col("strange"))
        .then(pl.lit("operator"))
        .when(pl.col("two_operators"))
        .then(pl.lit("operators"))
        .when(pl.col("due_generous").is_not_null() & ~pl.col("operator").is_in(["≥", ">"]))
        .then(pl.lit(""))
        .when(pl.col("operator") == "定性")
        .then(pl.lit(""))
        .when(pl.col("target_kind") == "blank")
        .then(pl.lit("missing"))
        .when(pl.col("target_kind") == "invalid")
        .then("target_issue")
        .when(is_number & ~compares)
        .then(pl.lit("operator"))
        .when(is_number | (pl.col("target_kind") == "level"))
        .then(pl.lit(""))
        .when(is_judged & ~compares)
        .then(pl.lit(""))
        .otherwise(pl.lit("text"))
    )
    frame = frame.with_columns(issue=issue)
    return (
        frame.with_columns(
            way=pl.when(pl.col("issue") != "")
            .then(pl.lit(UNDECIDABLE))
            .when(pl.col("operator").ne("定性") & is_number)
            .then(pl.lit(NUMBER))
            .when(pl.col("due_generous").is_not_null())
            .then(pl.lit(DEADLINE))
            .otherwise(pl.lit(JUDGED))
        )
        .drop("target_bound", "target_issue", "unit_conflict", "strange", "two_operators")
        .rename({"own_unit": "unit_column"})
        .pipe(with_keys)
    )


def _operators(cells: pl.Series) -> pl.Series:
    """The canonical operator of each cell of an operator column; null for what is none."""
    known = {cell: operator(cell) for cell in cells.unique().to_list()}
    return cells.replace_strict(known, return_dtype=pl.String)


def _one_unit(frame: pl.DataFrame) -> pl.DataFrame:
    """Bring a target that has a unit inside its text to the unit of its own column."""
    both = (pl.col("own_unit") != "") & (pl.col("inner_unit") != "")
    unit = pl.when(pl.col("own_unit") != "").then("own_unit").otherwise("inner_unit")
    frame = frame.with_columns(
        unit=unit, inner_unit=pl.when(both).then("inner_unit").otherwise(unit)
    )
    powers = powers_between(frame["inner_unit"], frame["unit"])
    # "5万" in a column of 万元 is 5 or 50000 of them: nothing says which.
    conflict = powers.is_null()
    if frame["target_scaled"].any():
        conflict |= frame["target_scaled"] & carry_scale(frame["unit"])
    return (
        frame.with_columns(
            target_printed="target_number",
            target_number=shifted(frame["target_number"], powers.fill_null(0)),
            unit_conflict=conflict,
        )
        .rename({"inner_unit": "target_unit"})
        .drop("target_scaled")
    )


def choose_rules(targets: pl.DataFrame, policy: Policy) -> pl.Series:
    """The name of the rule that scores each indicator: its own, else the policy's choice.

    Raises `InputError` for rules that the policy does not know, or that need another unit.
    """
    units = targets["unit"]
    chosen = pl.col("rule")
    for choice in policy.choices:
        condition = pl.lit(True)
        if choice.level1 is not None:
            condition &= _level(pl.col("level1")) == _level(pl.lit(choice.level1))
        if choice.level2 is not None:
            condition &= _level(pl.col("level2")) == _level(pl.lit(choice.level2))
        if choice.unit is not None:
            condition &= same_scale(units, choice.unit) & (pl.col("way") == NUMBER)
        chosen = chosen.fill_null(pl.when(condition).then(pl.lit(choice.rule)))
    rules = targets.select(chosen.fill_null(policy.default_rule).alias("rule"))["rule"]

    unknown = targets.filter(~rules.is_in(list(policy.rules)))
    problems = [
        Problem(
            N_(
                "indicator {indicator}: policy {policy} has no rule {rule}; it knows"
                " {known}{remark}"
            ),
            {
                "indicator": row["indicator"],
                "policy": policy.id,
                "rule": row["rule"],
                "known": ", ".join(policy.rules),
                **did_you_mean(suggest(row["rule"], policy.rules)),
            },
            *(row[name] for name in ("file", "line", "sheet")),
        )
        for row in unknown.iter_rows(named=True)
    ]
    for rule in policy.rules.values():
        if rule.unit is not None:
            wrong = (rules == rule.name) & ~same_scale(units, rule.unit)
            wrong &= targets["way"].is_in([NUMBER, UNDECIDABLE])
            problems += [
                Problem(
                    N_(
                        "indicator {indicator}: rule {rule} needs a target in {expected},"
                        " found the unit {unit}"
                    ),
                    {
                        "indicator": row["indicator"],
                        "rule": rule.name,
                        "expected": rule.unit,
                        "unit": row["unit"] or "—",
                    },
                    *(row[name] for name in ("file", "line", "sheet")),
                )
                for row in targets.filter(wrong).iter_rows(named=True)
            ]
    if problems:
        raise InputError(problems)
    return rules


def _level(name: pl.Expr) -> pl.Expr:
    """A level's name as it is compared: 满意度 and 满意度指标 are written for each other."""
    return normalise(name).str.strip_suffix("指标")
