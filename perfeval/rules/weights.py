"""Family W: weights."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from perfeval.exact import fraction
from perfeval.messages import N_
from perfeval.rules import CHECK, PROJECT_PLACE, SCORE, Tables, rule

_PLAIN = N_("the weights sum to {found}; policy {policy} expects {expected}")
_TEMPLATES = {
    (Fraction(90), Fraction(100)): N_(
        "the weights sum to {found}; policy {policy} expects {expected} (90 would fit the"
        " convention in which budget execution has the other 10 points)"
    ),
    (Fraction(100), Fraction(90)): N_(
        "the weights sum to {found}; policy {policy} expects {expected} (100 would fit the"
        " convention in which indicators are scaled to make room for budget execution)"
    ),
}


@rule("W101", "weights-total", "error", _PLAIN, about="weight", commands=(CHECK, SCORE))
def weights_total(tables: Tables) -> pl.DataFrame:
    """The weights of a target table do not sum to the policy's total.

    **What it does.** Adds up the weights of each project's indicators and compares the sum with the
    total of the policy (`weights.total`).

    **Why it matters.** With other weights every point is worth more or less than the policy says,
    and projects can no longer be compared. A sum of 90 is often no slip: under 财预〔2020〕10号 ten
    points belong to budget execution, so that a table's own weights are 90, and a table of the one
    convention was filled in under the other. Two projects of the Qijiang disclosure of 2023
    (the fund audit and the grass-roots awards) sum to 90 in a document whose others sum to 100.

    **Fails.** Five indicators with the weights 20, 20, 20, 20, 10 under `chongqing` (100).

    **Repair.** Correct the weight that is wrong, or score under the policy that the table was made
    for: `--policy mof-2020` where its weights are to sum to 90.
    """
    expected = tables.policy.total
    sums = (
        tables.targets.group_by("project", maintain_order=True)
        .agg("weight")
        .join(
            tables.projects.select(*PROJECT_PLACE),
            on="project",
            how="left",
            maintain_order="left",
        )
    )
    off = sums.filter((pl.col("weight").list.sum() - float(expected)).abs() > 1e-9)
    rows = []
    for row in off.iter_rows(named=True):
        # Exactly, because the sum is shown: 10.3 + 9.3 + 10.8 + 10.3 is 40.7.
        found = sum((fraction(weight) for weight in row["weight"]), Fraction(0))
        rows.append(
            {
                **{name: row[name] for name in PROJECT_PLACE},
                "template": _TEMPLATES.get((found, expected), _PLAIN),
                "found": float(found),
                "policy": tables.policy.id,
                "expected": float(expected),
            }
        )
    return pl.DataFrame(rows)
