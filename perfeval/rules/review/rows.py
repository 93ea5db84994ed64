"""R2: rows of self-evaluations that cannot be reviewed, and say so instead of vanishing."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, REVIEW, Tables, rule


@rule(
    "R210",
    "row-not-reviewed",
    "error",
    N_("the row names no project or no indicator; it is not reviewed"),
    about="project",
    commands=(REVIEW,),
)
def row_not_reviewed(tables: Tables) -> pl.DataFrame:
    """A row cannot be reviewed, since it does not say what it is for.

    **What it does.** Finds rows that name neither the code nor the name of a project, rows without
    an indicator, and rows of budget execution for projects of which no self-evaluation is in the
    batch. Rows of sums (合计, 小计, 总分) and rows about a project as a whole are none of them.

    **Why it matters.** Whose claim it is can't be known; it is told and counted, not dropped, and
    never taken for a project of its own. Merged cells lose their text where a table is saved as
    CSV.

    **Fails.** 项目编码 and 项目名称 blank in all rows of a project but the first

    **Repair.** Fill in the code (or the name) in every row, or give the workbook itself.
    """
    if tables.unnamed is None:
        return tables.projects.clear()
    nameless = pl.when((pl.col("project") != "") & (pl.col("indicator") == ""))
    return tables.unnamed.select(
        *PROJECT_PLACE, "indicator", "template", about=nameless.then(pl.lit("indicator"))
    )
