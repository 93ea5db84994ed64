"""X102: targets of like indicators that no number reaches together."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PLACE, Tables, rule
from perfeval.rules.likeness import MEANING
from perfeval.rules.pairs import how_alike, in_department, in_project, placed

_WITHIN = N_(
    "{asked} and {other_asked} in line {other_line} exclude one another, but are asked of the same:"
    " {other}{remark}; correct one, or say in their names what differs"
)
_DEPARTMENT = N_(
    "{asked} here and {other_asked} in the department's own table (line {other_line}) exclude one"
    " another: {other}{remark}; correct one"
)


@rule("X102", "targets-exclude-one-another", "error", _WITHIN, about="target")
def targets_exclude_one_another(tables: Tables) -> pl.DataFrame:
    """Like indicators have targets that cannot both be reached.

    **What it does.** Takes each target as the range of numbers that reach it, brought to one unit,
    and finds like indicators whose ranges have nothing in common: within one project, and between a
    project and the overall table of its department. Indicators are alike as D102 tells; alike by
    meaning words is a warning. What adds up over projects (people, money, things) may be less in a
    project than in its department, so there only the reverse counts: = 10 次 for the department and
    = 16 次 for one of its projects. What is alike by meaning words and adds up may be a part of the
    other and is left out within a project. Two projects are never held against each other: each has
    its own people and things (X105 tells what looks like one fact).

    **Why it matters.** One of the two is missed whatever is done, so that its points are lost from
    the start, or one of the targets is not the one that was meant.

    **Fails.** 劳动合同签订率 ≥ 95 % for the department and = 90 % for its project

    **Repair.** Give both the target that is meant.
    """
    severity = (
        pl.when(pl.col("likeness") == MEANING).then(pl.lit("warning")).otherwise(pl.lit("error"))
    )
    found = pl.concat(
        [
            in_project(tables).with_columns(template=pl.lit(_WITHIN)),
            in_department(tables).with_columns(template=pl.lit(_DEPARTMENT)),
        ],
        how="diagonal",
    )
    found = placed(found.filter("exclusive").sort("row", "other"), tables)
    return found.select(
        *PLACE,
        "template",
        severity.alias("severity"),
        "asked",
        "other",
        "other_asked",
        "other_project",
        "other_line",
        *how_alike(),
    )
