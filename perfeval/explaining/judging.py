"""What a person's word, a date or a share of attainment says, as steps."""

from __future__ import annotations

from fractions import Fraction

from perfeval.explaining.arithmetic import Term, term
from perfeval.explaining.model import Step
from perfeval.explaining.rulebook import Rulebook
from perfeval.explaining.scoring import NOTHING, ONE, Row, Scored, product, stated
from perfeval.explaining.words import JUDGED, amount, day
from perfeval.messages import N_, Said, number
from perfeval.scoring.targets import DEADLINE

_BY = {
    ("word", True): N_("the word says so itself: “{actual_level}”"),
    ("scale", "reached"): N_("“{actual_level}” is at least as good as “{level}”: reached"),
    ("scale", "below"): N_("“{actual_level}” is worse than “{level}”: below what is asked"),
    ("same", "reached"): N_("the actual repeats the target: reached"),
    ("share", True): N_("a share of {share} is stated"),
    ("date", "reached"): N_("{day} is not later than {due}: in time"),
    ("date", "below"): N_("{from_day} is later than {due}: too late"),
    ("number", "reached"): N_("{amount} {operator} {target} holds"),
    ("number", "below"): N_("{amount} {operator} {target} does not hold"),
}
_TWO_READINGS = {
    "reached": N_("{day} is not later than {due}, the strict reading: in time"),
    "below": N_("{from_day} is later than {due}, the generous reading: too late"),
}
_KEYS = {
    "word": "levels",
    "scale": "levels",
    "same": "levels",
    "share": "bands",
    "date": "deadline",
    "number": "bands",
}


def judgement(row: Row, rules: Rulebook) -> list[Step]:
    """How the actual was judged, and the band that follows; nothing where it was not."""
    if row["judged"] is None:
        return _open_date(row)
    by = row["judged_by"]
    template = _BY.get((by, row["judged"])) or _BY[by, True]
    if by == "date" and row["due_strict"] != row["due_generous"]:
        template = _TWO_READINGS[row["judged"]]
    steps = [Step("judgement", template, _values(row), key=_KEYS[by])]
    if _is_all_or_nothing(row, rules):
        return [*steps, _all_or_nothing(row, rules)]
    names, low, high = _band(row["judged"], rules)
    values: dict[str, object] = {
        "band": names, "low": number(float(low)), "high": number(float(high)),
    }  # fmt: skip
    template = N_("band “{band}”: a coefficient from {low} to {high}")
    if row["judged"] == "below":
        template = N_("bands {band}: a coefficient from {low} to {high}")
    key = "bands" if row["judged"] == "below" else f'bands."{names[0]}"'
    steps.append(Step("band", template, values, key=key))
    if row["outside"]:
        template = N_("the coefficient {share} that is given lies outside of it")
        steps.append(Step("not-in-band", template, {"share": number(row["share"])}, key="bounds"))
    elif row["share"] is not None:
        template = N_("coefficient = {expression}: given by a person within the band")
        steps.append(stated("share", template, term(row["share"]), "bands"))
    else:
        template = N_("no coefficient within the band is given yet; a person has to give it")
        steps.append(Step("no-share", template, key="bounds"))
    return steps


def _open_date(row: Row) -> list[Step]:
    """What a date was compared with that may be in time or too late."""
    if row["way"] != DEADLINE or row["kind"] != "date" or row["refused"]:
        return []
    first, last, strict, generous = (
        day(row[name], row["year"])
        for name in ("period_from", "period_to", "due_strict", "due_generous")
    )
    span: object = last
    if first != last:
        span = Said(N_("{first} to {last}"), {"first": first, "last": last})
    due: object = generous
    if strict != generous:
        values = {"strict": strict, "generous": generous}
        due = Said(N_("{strict} (strictly) or {generous} (generously)"), values)
    template = N_("{span} against {due}: may be in time or too late")
    return [Step("open-date", template, {"span": span, "due": due}, key="deadline")]


def end(coefficient: float, row: Row, points: Term) -> Scored:
    """The score of one coefficient."""
    return product(points, term(coefficient), row["deduction_number"])


def _is_all_or_nothing(row: Row, rules: Rulebook) -> bool:
    """Whether nothing but reached or not decides: by rule, or by a date that is in time."""
    in_time = row["way"] == DEADLINE and row["kind"] == "date" and row["judged"] == "reached"
    return rules.policy.rules[row["rule"]].ratio == "met" or in_time


def _all_or_nothing(row: Row, rules: Rulebook) -> Step:
    reached = row["judged"] == "reached"
    if reached and row["way"] == DEADLINE:
        return stated("curve", N_("coefficient = {expression}: in time"), ONE, "deadline")
    template = N_("coefficient = {expression}: by rule {rule}, as it is not reached")
    if reached:
        template = N_("coefficient = {expression}: by rule {rule}, as it is reached")
    values = {"rule": rules.titles[row["rule"]]}
    key = f"rules.{row['rule']}.ratio"
    return stated("curve", template, ONE if reached else NOTHING, key, values)


def _band(judged: str, rules: Rulebook) -> tuple[list[str], Fraction, Fraction]:
    if judged == "below":
        names = [band.name for band in rules.policy.bands[:2]]
        return names, Fraction(0), rules.policy.bands[2].low
    band = rules.policy.bands[JUDGED.index(judged)]
    return [band.name], band.low, band.high


def _values(row: Row) -> dict[str, object]:
    values: dict[str, object] = {
        "actual_level": row["actual_level"] or row["written"],
        "level": row["level"],
        "operator": row["operator"],
    }
    if row["share"] is not None:
        values["share"] = number(row["share"])
    if row["judged_by"] == "date":
        values |= {
            "day": day(row["period_to"], row["year"]),
            "from_day": day(row["period_from"], row["year"]),
            "due": day(row["due_strict" if row["judged"] == "reached" else "due_generous"],
                       row["year"]),
        }  # fmt: skip
    if row["judged_by"] == "number":
        values["amount"] = amount(row["actual_number"], row["unit"])
        values["target"] = amount(row["target_number"], row["unit"])
    return values
