"""A reviewed self-evaluation: what is claimed beside what was recomputed, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from perfeval.explaining.arithmetic import rounded
from perfeval.explaining.model import Derivation, Explained, Step
from perfeval.explaining.project import grade_of, scored_project
from perfeval.explaining.rulebook import Rulebook
from perfeval.messages import N_
from perfeval.problems import place_of
from perfeval.reviewing.decisions import WORDS
from perfeval.reviewing.operators import MEANING, NAME

Row = Mapping[str, Any]


def claim_steps(row: Row, decision: Row | None) -> tuple[Step, ...]:
    """The claim of one indicator (a row of `recompute`), and the decision on it, if any."""
    steps = []
    if row["operator_from"] in (NAME, MEANING):
        template = N_("the sign {operator} is not printed; it is assumed from what the name means")
        steps.append(Step("assumed-operator", template, {"operator": row["operator"]}))
    if row["adjusted"]:
        template = N_("the target is the adjusted one (调整指标值), not the initial one")
        steps.append(Step("adjusted-target", template))
    elif row["approved_line"] is not None:
        place = place_of(row["approved_file"], row["approved_line"])
        template = N_("the target is the approved one, {place}")
        steps.append(Step("approved-target", template, {"place": place}))
    if not row["weighed"]:
        template = N_("no weight is printed, so there is nothing to recompute")
        steps.append(Step("unweighed", template))
    if row["claimed"] is None:
        template = N_("claimed: “{found}”, which is no number of points")
        if not row["claimed_text"]:
            template = N_("claimed: nothing")
        steps.append(Step("claimed", template, {"found": row["claimed_text"]}))
    else:
        steps.append(_difference(row))
    if decision is not None:
        steps.append(_decision(decision))
    return tuple(steps)


def _difference(row: Row) -> Step:
    claimed, low, high = row["claimed"], row["low"], row["high"]
    said, nearest = rounded(claimed), rounded(min(max(claimed, low), high))
    values: dict[str, object] = {
        "claimed": said.text,
        "low": rounded(low).text,
        "high": rounded(high).text,
        "difference": _signed(claimed - low if claimed < low else claimed - high),
    }
    exact = said.minus(nearest)
    if low <= claimed <= high:
        template = N_("claimed {claimed} = recomputed {low}")
        if low != high:
            template = N_("claimed {claimed}, within what is possible: {low} to {high}")
        return Step("claimed", template, values, exact.text, (exact.above, exact.below))
    values["expression"] = exact.text
    template = N_("claimed {claimed}, recomputed {low}: {expression} = {difference}")
    if low != high:
        template = N_(
            "claimed {claimed}, recomputed {low} to {high}: {expression} = {difference} at least"
        )
    return Step("claimed", template, values, exact.text, (exact.above, exact.below))


def _signed(hundredths: int) -> str:
    return ("−" if hundredths < 0 else "") + rounded(abs(hundredths)).text


def _decision(row: Row) -> Step:
    values = {
        "decision": WORDS[row["decision"]][0],
        "role": row["role"] or "—",
        "date": row["date"] or "—",
        "reason": row["reason"] or "—",
        "decided": "" if row["decided"] is None else rounded(row["decided"]).text,
    }
    template = N_("decided: {decision}, {decided} points count ({role}, {date}: {reason})")
    if row["decided"] is None:
        template = N_("decided: {decision}, it counts neither way ({role}, {date}: {reason})")
    if row["stale"]:
        template = N_(
            "decided on other figures ({decision}, {role}, {date}: {reason}); not applied,"
            " please decide again"
        )
    exact = None if row["decided"] is None else (row["decided"], 100)
    return Step("decision", template, values, "", exact)


def claimed_project(row: Row, indicators: Sequence[Explained], rules: Rulebook) -> Derivation:
    """The derivation of a reviewed project: recomputed, claimed and decided totals."""
    spent = None
    if row["execution_low"] is not None:
        spent = {
            "weight": row["execution_points"], "budget": row["budget"], "spent": row["spent"],
            "low": row["execution_low"], "high": row["execution_low"], "status": "scored",
        }  # fmt: skip
    # Of a part of a table the sums say nothing, nor does a grade.
    whole = not row["partial"]
    found = scored_project({"grade": "" if whole else None}, spent, indicators, rules)
    values: dict[str, object] = {
        "claimed": _text(row["claimed_total"]),
        "printed": _text(row["total_claimed"]),
        "grade": row["grade"] or "—",
    }
    steps = []
    told = found.steps
    if row["recomputed_low"] is None:
        told = tuple(step for step in told if step.kind != "total")
        template = N_(
            "total: —, since a weight is not printed, or the amounts of execution are not"
        )
        steps.append(Step("unknown-total", template))
    if not whole:
        template = N_("only a part of the table is here; its sums say nothing of the project")
        steps.append(Step("partial", template))
    template = N_("claimed in all: {claimed}, the sum of its parts; total as printed {printed}")
    if row["total_claimed"] is None:
        template = N_("claimed in all: {claimed}, the sum of its parts; no total is printed")
    steps.append(Step("claimed-total", template, values))
    if row["grade"]:
        printed = row["claimed_total"] if row["total_claimed"] is None else row["total_claimed"]
        values = {"grade": row["grade"], "follows": grade_of(printed, rules)}
        template = N_("grade as printed: {grade}; the claimed total makes it {follows}")
        steps.append(Step("claimed-grade", template, values, key="grades"))
    if row["decided_total"] != row["claimed_total"]:
        template = N_("after the decisions: {decided} ({grade})")
        values = {
            "decided": _text(row["decided_total"]),
            "grade": grade_of(row["decided_total"], rules),
        }
        steps.append(Step("decided-total", template, values))
    return Derivation((*told, *steps), found.low, found.high)


def _text(hundredths: int | None) -> str:
    return "—" if hundredths is None else _signed(hundredths)
