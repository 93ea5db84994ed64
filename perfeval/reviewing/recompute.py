"""What each claim should have been: the scores of `perfeval.scoring`, on the weights as printed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl

from perfeval import tables
from perfeval.policy import Policy, list_policies, load_policy
from perfeval.quantity import read_column
from perfeval.quantity.conversion import shifted
from perfeval.reviewing.approved import left_out, with_approved, without_approved
from perfeval.reviewing.carried import carried, score, share_of
from perfeval.reviewing.claims import Claims
from perfeval.reviewing.operators import with_operators
from perfeval.rules.classes import with_classes
from perfeval.scoring.actuals import read_actuals
from perfeval.scoring.targets import COMPARISONS, choose_rules, read_targets
from perfeval.sources.specs import Specs


def points(cells: pl.Series) -> pl.Series:
    """Points as float64; null for what is not a plain number of points (12, 12分)."""
    read = read_column(cells)
    plain = (read["operator"] == "") & (read["bound"] == "") & read["unit"].is_in(["", "分"])
    return read["number"].set(~plain.fill_null(False), None)


def hundredths(numbers: pl.Series) -> pl.Series:
    """Points as int64 hundredths; null where they have more than two decimals."""
    moved = shifted(numbers, pl.repeat(2, len(numbers), dtype=pl.Int32, eager=True))
    whole = moved.round(0)
    return whole.set((moved != whole).fill_null(False), None).cast(pl.Int64)


def recompute(
    claims: Claims, projects: pl.DataFrame, policy: Policy, specs: Specs | None
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """One row per claim, and the approved indicators that are not claimed (None without specs).

    The rows are those of `score_indicators` on the printed weights (or what execution leaves of
    them, see `carried`); an actual that may be a share where a percentage is asked for
    (`AS_SHARE`, rule R209) leaves all points open. Where an approved table has the indicator, its
    target is what is scored, unless the self-evaluation adjusts it (调整指标值). Added columns:

    - weighed: whether a weight is printed; carried: whether the claims follow it scaled to what
      execution leaves (see `carried`); marks: the full marks, weight or scaled; claimed:
      int64 hundredths, null where nothing or no number is claimed;
      claimed_text;
      written_actual; asked: the scored target with its operator
    - operator_from (see `operators`), class1, class2 (see `perfeval.rules.classes`)
    - printed_operator, printed_target, printed_number, printed_unit, adjusted, and `APPROVED`;
      asks_reason: whether the table has a place for reasons
    - ratio_kind: what the curve was read at; fits: another policy that gives the claim, fits_kind:
      what its curve is read at
    """
    rows = claims.rows
    asked = _asked(rows)
    printed = with_operators(read_targets(asked))
    rows = with_approved(rows, printed, specs) if specs else without_approved(rows)
    with ThreadPoolExecutor(1) as other:
        missing = other.submit(left_out, rows, specs) if specs else None
        scored = _scored(rows, asked, printed, projects, policy, with_specs=specs is not None)
    return scored, missing.result() if missing else None


def _scored(
    rows: pl.DataFrame,
    asked: pl.DataFrame,
    printed: pl.DataFrame,
    projects: pl.DataFrame,
    policy: Policy,
    *,
    with_specs: bool,
) -> pl.DataFrame:
    """The claims in `rows` recomputed; `asked`: their target side, `printed`: that as read."""
    targets = _scored_targets(asked, rows, printed) if with_specs else printed
    targets = targets.with_columns(rule=choose_rules(targets, policy)).join(
        projects.select("project", "year"), on="project", how="left", maintain_order="left"
    )
    # Where the approved unit is scored, an actual stays in the unit that the form prints.
    replaced = targets["unit"] != printed["unit"]
    units = printed["unit"].set(~replaced, "")
    matched = read_actuals(_actuals(rows, units))
    claimed = hundredths(points(rows["score"]))
    scaled = carried(targets, matched, claimed, projects, policy)
    scored = (
        with_classes(score(targets, matched, policy, scaled, share_of(policy)))
        .with_columns(
            weighed=targets["weight"].is_not_null(),
            weight=targets["weight"],
            claimed=claimed,
            carried=scaled,
            claimed_text=rows["score"],
            written_actual=rows["actual"],
            adjusted=rows["target_adjusted"] != "",
            asks_reason=rows["asks_reason"],
            printed_operator=printed["operator"].set(printed["operator_from"] != "printed", ""),
            printed_target=rows["target"],
            printed_number=printed["target_number"],
            printed_unit=printed["unit"],
            asked=_asked_text(targets),
        )
        .with_columns(marks=pl.when("carried").then("points").otherwise("weight"))
    )
    scored = scored.with_columns(rows.select(name for name in rows.columns if "approved" in name))
    scored = _with_ratio_kind(scored, policy)
    return _with_fits(scored, targets, matched, policy)


def _asked(rows: pl.DataFrame) -> pl.DataFrame:
    """The target side of the rows, with the columns of `tables.INDICATORS`; weights may be null."""
    absent = [
        pl.lit(None, dtype=column.dtype.type).alias(name)
        for name, column in tables.INDICATORS.columns.items()
        if name not in rows.columns
    ]
    adjusted = pl.col("target_adjusted") != ""
    return rows.with_columns(
        *absent,
        weight=points(rows["weight"]),
        target=pl.when(adjusted).then("target_adjusted").otherwise("target"),
    ).select(*tables.INDICATORS.columns)


def _scored_targets(asked: pl.DataFrame, rows: pl.DataFrame, printed: pl.DataFrame) -> pl.DataFrame:
    """The targets that count: approved ones where there are any, the printed ones elsewhere."""
    use = rows["approved_differs"].fill_null(False) & (rows["target_adjusted"] == "")
    if not use.any():
        return printed
    texts = {"operator": "approved_operator", "target": "approved_text", "unit": "approved_unit"}
    replaced = asked.with_columns(
        rows[column].alias(name) for name, column in texts.items()
    ).filter(use)
    own = with_operators(read_targets(replaced)).with_columns(row=printed["row"].filter(use))
    place = np.arange(len(printed))
    place[use.to_numpy()] = len(printed) + np.arange(len(own))
    return pl.concat([printed, own.select(printed.columns)])[place]


def _actuals(rows: pl.DataFrame, units: pl.Series) -> pl.DataFrame:
    """The actual side of the rows, as `match_actuals` leaves it: each row is for its own target."""
    return rows.with_row_index("row").select(
        "row", "project", "indicator", "level2", "actual", "reason", "deduction", "applicable",
        *tables.PLACE, code="project", rejected=pl.lit(None, pl.String),
        first_line=pl.lit(None, pl.Int64), unit=units, name_key="indicator",
    )  # fmt: skip


def _asked_text(targets: pl.DataFrame) -> pl.Series:
    """The scored target as a message shows it: operator, value and unit, each once."""
    value = pl.col("target").str.strip_chars()
    has = value.str.contains(r"^[≥≤<>=＝≧≦]|^(不少于|不低于|不超过|大于|小于|至少|定性)")
    lead = (
        pl.when(has | (pl.col("operator") == ""))
        .then(pl.lit(""))
        .otherwise(pl.col("operator") + " ")
    )
    own = pl.col("own_unit_text")
    tail = (
        pl.when(value.str.contains(r"[0-9]$") & (own != "")).then(" " + own).otherwise(pl.lit(""))
    )
    shown = targets.with_columns(own_unit_text=pl.col("unit").fill_null("")).select(
        asked=pl.when(value == "").then(pl.lit("")).otherwise(lead + value + tail)
    )
    return shown["asked"]


def _with_ratio_kind(scored: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    pairs = scored.select("operator", "rule").unique().filter(pl.col("operator").is_in(COMPARISONS))
    kinds = pairs.with_columns(
        ratio_kind=pl.Series(
            [policy.ratio(rule, operator) for operator, rule in pairs.iter_rows()], dtype=pl.String
        )
    )
    return scored.join(kinds, on=["operator", "rule"], how="left", maintain_order="left")


def _with_fits(
    scored: pl.DataFrame, targets: pl.DataFrame, matched: pl.DataFrame, policy: Policy
) -> pl.DataFrame:
    """fits: the first other policy under which a claim that does not follow would do so exactly.

    Only what does not follow is computed again, once per policy that decides differently.
    """
    odd = (
        scored["weighed"]
        & (scored["status"] == "scored")
        & (scored["claimed"] != scored["low"])
        & (scored["claimed"] <= scored["full"])
    ).fill_null(False)
    none = pl.lit(None, pl.String)
    scored = scored.with_columns(fits=none, fits_kind=none)
    if not odd.any():
        return scored
    rows = odd.arg_true()
    claimed = scored["claimed"].gather(rows)
    some = targets[rows].drop("row").with_row_index("row")
    actuals = matched[rows].drop("row").with_row_index("row")
    found = some.select(fits=none, fits_kind=none, operator="operator")
    seen = {policy.sha256}
    for name in list_policies():
        other = load_policy(name)
        if other.sha256 in seen:
            continue
        seen.add(other.sha256)
        ruled = some.with_columns(rule=pl.lit(other.default_rule))
        again = score(ruled, actuals, other, scored["carried"].gather(rows), share_of(policy))
        hit = (again["low"] == claimed) & (again["status"] == "scored") & found["fits"].is_null()
        kinds = {each: other.ratio(other.default_rule, each) for each in COMPARISONS}
        found = found.with_columns(
            fits=pl.when(hit.fill_null(False)).then(pl.lit(name)).otherwise("fits"),
            fits_kind=pl.when(hit.fill_null(False))
            .then(pl.col("operator").replace_strict(kinds, default=None, return_dtype=pl.String))
            .otherwise("fits_kind"),
        )
    names = ("fits", "fits_kind")
    return scored.with_columns(scored[name].scatter(rows, found[name]) for name in names)
