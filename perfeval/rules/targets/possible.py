"""T2: targets that nothing can reach, and targets that everything reaches."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import NUMERIC, PLACE, WRITTEN, Tables, means, rule
from perfeval.rules.tables import IN_SHARES

_OPERATOR, _NUMBER = pl.col("operator"), pl.col("target_number")
# 100 %, 1000 ‰: the whole, in a unit that is 10 to the power of it.
_WHOLE = pl.lit(10.0).pow(-pl.col("power"))
_SHARE = means("share_of_whole") & IN_SHARES
_NEVER_NEGATIVE = (
    (pl.col("whole") | _SHARE | means("smaller_is_better"))
    & ~means("growth")
    & (pl.col("dimension") != "")
)

EMPTY_FROM_BELOW = _NEVER_NEGATIVE & (
    ((_OPERATOR == "≥") & (_NUMBER <= 0)) | ((_OPERATOR == ">") & (_NUMBER < 0))
)
"""At least nothing."""

EMPTY_FROM_ABOVE = _SHARE & (
    ((_OPERATOR == "≤") & (_NUMBER >= _WHOLE)) | ((_OPERATOR == "<") & (_NUMBER > _WHOLE))
)
"""At most everything."""


@rule(
    "T201",
    "target-impossible",
    "error",
    N_("{target} asks for more than all of it: such a share is at most {most}; correct the number"),
    about="target",
)
def target_impossible(tables: Tables) -> pl.DataFrame:
    """A target that nothing can reach.

    **What it does.** Finds shares of a whole (satisfaction, coverage, pass rates, 占…比例) that are
    to be above 100 %, and counts, shares and errors that are to be below zero. Completion of a
    plan, growth and other ratios may exceed 100 % and are not meant.

    **Why it matters.** The points are lost whatever is done, or the number is a slip that nobody
    noticed: a county's grain reserve (衡山县 2020) published 市民满意度 290%.

    **Fails.** `市民满意度 = 290 %`

    **Repair.** `市民满意度 ≥ 90 %`
    """
    above = _SHARE & (
        (_OPERATOR.is_in(["≥", "=", ""]) & (_NUMBER > _WHOLE))
        | ((_OPERATOR == ">") & (_NUMBER >= _WHOLE))
    )
    below = _NEVER_NEGATIVE & (
        (_OPERATOR.is_in(["≤", "=", ""]) & (_NUMBER < 0)) | ((_OPERATOR == "<") & (_NUMBER <= 0))
    )
    found = tables.indicators.filter(NUMERIC & (above | below))
    return found.select(
        *PLACE,
        target=WRITTEN,
        most=pl.when(above).then(pl.format("{} {}", _WHOLE.cast(pl.Int64), "unit")),
        template=pl.when(below).then(
            pl.lit(N_("{target} asks for less than nothing: correct the sign or the number"))
        ),
    )


@rule(
    "T202",
    "target-empty",
    "error",
    N_("{target} excludes nothing, so the points are given away: state what is asked for"),
    about="target",
)
def target_empty(tables: Tables) -> pl.DataFrame:
    """A target that everything reaches.

    **What it does.** Finds counts, shares and errors that are to be at least zero (≥ 0, > -1), and
    shares of a whole that are to be at most 100 %. ≥ 0.5, a cost ≤ 100 万元 and an error rate ≤ 0 %
    exclude something and are fine; so is growth ≥ 0 %.

    **Why it matters.** A target is there to be missed by those who do worse. This one gives its
    points to everybody; 财预〔2020〕10号 has points reduced where a target was plainly set too low.

    **Fails.** `提供公共服务差错率 ≥ 0 %`, `服务对象满意度 ≤ 100 %`

    **Repair.** `提供公共服务差错率 ≤ 5 %`, `服务对象满意度 ≥ 90 %`
    """
    found = tables.indicators.filter(NUMERIC & (EMPTY_FROM_BELOW | EMPTY_FROM_ABOVE))
    return found.select(*PLACE, target=WRITTEN)
