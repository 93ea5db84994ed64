"""How a score follows from target and actual, in words: one sentence per kind of curve.

Every sentence ends alike, in what is recomputed, under which policy and rule, and what is claimed.
"""

from __future__ import annotations

import polars as pl

from perfeval.messages import LANGUAGES, N_, translate
from perfeval.policy import Policy
from perfeval.reviewing.operators import MEANING, NAME
from perfeval.scoring.targets import DEADLINE, JUDGED, NUMBER

RATIO = N_(
    "{actual} of {target} is {percent} %; {weight} × {coefficient} = {product} ({clause});"
    " claimed {claimed}{remark}"
)
_BY_RATIO = {
    "actual/target": N_(
        "{actual} of {target} is {percent} %; {weight} × {coefficient} = {product} ("
        "{clause}: actual ÷ target); claimed {claimed}{remark}"
    ),
    "target/actual": N_(
        "{actual} for {target}: target ÷ actual is {percent} %; {weight} × {coefficient} ="
        " {product} ({clause}); claimed {claimed}{remark}"
    ),
    "2 - actual/target": N_(
        "{actual} for {target}: 2 − actual ÷ target is {percent} %; {weight} × {coefficient} ="
        " {product} ({clause}); claimed {claimed}{remark}"
    ),
    "actual": N_(
        "{actual} is worth {coefficient} of the points, whatever the target {target} (none up to"
        " {nothing_at}, all from {all_at}): {weight} × {coefficient} = {product} ("
        "{clause}); claimed {claimed}{remark}"
    ),
}
_RAMP = N_(
    "({number} − {nothing_at}) ÷ ({all_at} − {nothing_at}) = {coefficient}, whatever the target"
    " {target}; {weight} × {coefficient} = {product} ({clause}); claimed {claimed}{remark}"
)
_CURVED = N_(
    "{actual} for {target} is {percent} %, for which the rule gives {coefficient}; {weight} ×"
    " {coefficient} = {product} ({clause}); claimed {claimed}{remark}"
)
_BELOW_PASS = N_(
    "{actual} of {target} is {percent} %, below the pass mark of {pass_mark} %; {weight} × 0 ="
    " {product} ({clause}); claimed {claimed}{remark}"
)
_REACHED = N_(
    "{actual} reaches {target}; {weight} × {coefficient} = {product} ({clause}); claimed"
    " {claimed}{remark}"
)
_MISSED = N_(
    "{actual} misses {target}; {weight} × {coefficient} = {product} ({clause}); claimed"
    " {claimed}{remark}"
)
_OF_NOTHING = {
    True: N_(
        "a target of 0 has no ratio, and {actual} reaches {target}; {weight} × {coefficient} ="
        " {product} ({clause}); claimed {claimed}{remark}"
    ),
    False: N_(
        "a target of 0 has no ratio, and {actual} misses {target}; {weight} × {coefficient} ="
        " {product} ({clause}); claimed {claimed}{remark}"
    ),
}
_ON_TIME = N_(
    "{actual} is in time for {target}; {weight} × {coefficient} = {product} ({clause});"
    " claimed {claimed}{remark}"
)
_LATE = N_(
    "{actual} is too late for {target}, which is worth {least} to {utmost} of the points by a"
    " person's judgement: {recomputed} to {recomputed_high} of {weight} ({clause}); claimed"
    " {claimed}{remark}"
)
_GIVEN = N_(
    "{actual} for {target} is {percent} % by judgement; {weight} × {coefficient} = {product}"
    " ({clause}); claimed {claimed}{remark}"
)
_BAND = N_(
    "{actual} for {target} is worth {least} to {utmost} of the points by a person's judgement:"
    " {recomputed} to {recomputed_high} of {weight} ({clause}); claimed {claimed}{remark}"
)
_OPEN = N_(
    "{actual} is no single number; against {target} it gives {recomputed} to {recomputed_high} of"
    " {weight} points ({clause}); claimed {claimed}{remark}"
)

_ASSUMED = {
    NAME: N_("; the operator {operator} is taken from the indicator's name"),
    MEANING: N_("; the table prints no operator, {operator} is assumed from what the name means"),
}
_DEDUCTED = N_("; the deduction of {deduction} leaves {recomputed}")
_CARRIED = N_("; the weight {declared} is {weight} beside the points of budget execution")
_FITS = {
    "actual/target": N_("; {claimed} is exactly what policy {fits} gives, by actual ÷ target"),
    "target/actual": N_("; {claimed} is exactly what policy {fits} gives, by target ÷ actual"),
    "2 - actual/target": N_(
        "; {claimed} is exactly what policy {fits} gives, by 2 − actual ÷ target"
    ),
    "met": N_("; {claimed} is exactly what policy {fits} gives, all or nothing"),
}
_FITS_ELSE = N_("; {claimed} is exactly what policy {fits} gives")
_BANDS = N_("bands of judgement")
_BELOW = "below"  # a date or number that missed what a person still has to grade


def remarks(*more: str) -> pl.Expr:
    """What is added: a deduction, an assumed operator, a policy that fits, `more` of a column."""
    fits = pl.col("fits_kind").replace_strict(_FITS, default=_FITS_ELSE, return_dtype=pl.String)
    parts = (
        pl.when("carried").then(pl.lit(_CARRIED)),
        pl.when(pl.col("deduction_number") > 0).then(pl.lit(_DEDUCTED)),
        pl.col("operator_from").replace_strict(_ASSUMED, default=None, return_dtype=pl.String),
        pl.when(pl.col("fits").is_not_null()).then(fits),
        *map(pl.col, more),
    )
    return pl.concat_list(parts).list.drop_nulls()


def sentence(policy: Policy) -> pl.Expr:
    """The template that tells how a claim of this kind is recomputed."""
    number = pl.col("way") == NUMBER
    judged, due = pl.col("way") == JUDGED, pl.col("way") == DEADLINE
    exact = pl.col("low") == pl.col("high")
    proportion = [name for name, rule in policy.rules.items() if _is_proportion(rule.curve.knots)]
    ramps = [name for name, rule in policy.rules.items() if _is_ramp(rule.curve.knots)]
    inside = pl.col("coefficient").is_between(0, 1, closed="none")
    direct = pl.col("ratio_kind") == "met"
    below_pass = (pl.col("ratio") < pl.col("pass_threshold")).fill_null(False)
    curved = pl.col("ratio_kind").ne("actual") & ~pl.col("rule").is_in(proportion)
    met = pl.col("met").fill_null(False)

    def said(template: str) -> pl.Expr:
        return pl.lit(template)

    by_ratio = pl.col("ratio_kind").replace_strict(_BY_RATIO, default=RATIO, return_dtype=pl.String)
    reached = pl.when(met).then(said(_REACHED)).otherwise(said(_MISSED))
    return (
        pl.when(due & exact)
        .then(pl.when(pl.col("judged") == "reached").then(said(_ON_TIME)).otherwise(said(_MISSED)))
        .when(due & (pl.col("judged") == _BELOW))
        .then(said(_LATE))
        .when(judged & exact & direct)
        .then(reached)
        .when((judged | due) & exact)
        .then(said(_GIVEN))
        .when(judged | due)
        .then(said(_BAND))
        .when(~exact | ~number)
        .then(said(_OPEN))
        .when(direct)
        .then(reached)
        .when(pl.col("target_number") <= 0)
        .then(
            pl.when(pl.col("target_number") < 0)
            .then(reached)
            .when(met)
            .then(said(_OF_NOTHING[True]))
            .otherwise(said(_OF_NOTHING[False]))
        )
        .when(pl.col("ratio").is_null())
        .then(reached)
        .when((pl.col("ratio_kind") == "actual") & inside & pl.col("rule").is_in(ramps))
        .then(said(_RAMP))
        .when(below_pass)
        .then(said(_BELOW_PASS))
        .when(curved)
        .then(said(_CURVED))
        .otherwise(by_ratio)
    )


def values(policy: Policy) -> dict[str, pl.Expr]:
    """What the sentences name besides the columns of a claim."""
    coefficient = pl.col("coefficient")
    product = (pl.col("marks") * coefficient + 1e-9).round(2)
    deducted = pl.col("deduction_number") > 0
    product = pl.when(deducted).then(product).otherwise(pl.col("low") / 100).round(2)
    short = coefficient.round(4)
    # Four digits, unless the product does not follow from them.
    shown = (
        pl.when(((pl.col("marks") * short + 1e-9).round(2) - product).abs() < 1e-6)
        .then(short)
        .otherwise(coefficient.round(8))
    )
    ends = {
        name: (float(rule.curve.knots[0][0]), float(rule.curve.knots[-1][0]))
        for name, rule in policy.rules.items()
    }
    bands = {
        name: (float(band.low), float(band.high))
        for name, band in zip(("missed", "partial", "reached"), policy.bands, strict=True)
    }
    bands[_BELOW] = (0.0, bands["reached"][0])

    def one(column: str, known: dict[str, tuple[float, float]], end: int) -> pl.Expr:
        chosen = {name: pair[end] for name, pair in known.items()}
        return pl.col(column).replace_strict(chosen, default=None, return_dtype=pl.Float64)

    ratio = pl.when(pl.col("way") == NUMBER).then("ratio").otherwise(coefficient)
    return {
        "coefficient": shown,
        "percent": (ratio * 100).round(2),
        "product": product,
        "number": pl.col("actual_number"),
        "deduction": pl.col("deduction_number"),
        "pass_mark": (pl.col("pass_threshold") * 100).round(2),
        "nothing_at": one("rule", ends, 0),
        "all_at": one("rule", ends, 1),
        "least": one("judged", bands, 0),
        "utmost": one("judged", bands, 1),
        "clause": _clause(policy),
    }


def _clause(policy: Policy) -> pl.Expr:
    """The policy's name with the rule of it that counts, in each language."""
    names = {"zh": policy.name, "en": policy.name_en}
    joint = {"zh": "，", "en": ", "}
    parts = []
    for lang in LANGUAGES:
        titles = {
            name: joint[lang] + (rule.title if lang == "zh" else rule.title_en)
            for name, rule in policy.rules.items()
            if rule.title
        }
        title = pl.col("rule").replace_strict(titles, default="", return_dtype=pl.String)
        banded = pl.lit(joint[lang] + translate(_BANDS, lang))
        dated = (pl.col("way") == DEADLINE) & (pl.col("low") == pl.col("high"))
        title = (
            pl.when(pl.col("way") == NUMBER)
            .then(title)
            .when(dated)
            .then(pl.lit(""))
            .otherwise(banded)
        )
        parts.append((pl.lit(names[lang]) + title).alias(lang))
    return pl.struct(parts)


def _is_proportion(knots: object) -> bool:
    return [tuple(map(float, knot)) for knot in knots] == [(0, 0), (1, 1)]  # type: ignore[attr-defined]


def _is_ramp(knots: object) -> bool:
    ends = [float(coefficient) for _, coefficient in knots]  # type: ignore[attr-defined]
    return ends == [0, 1]
