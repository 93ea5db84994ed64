"""N203: products and sums that a text writes out."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, Tables, rule
from perfeval.rules.narrative.arithmetic import slips

_WRONG = N_(
    "“{written}” in the {field} is wrong: the left side is {computed} {unit}, {difference} {unit}"
    " away; correct the figures"
)
_NOT_ROUNDED = N_(
    "“{written}” in the {field} is not rounded: the left side is {computed} {unit}; write what it"
    " is"
)
_REMARK = "（[^（）×÷+=]*）"
_EQUATION = r"\d[^=]*[×÷+\-][^=]*=约?\d"
_SLIPS = {
    "sentence": pl.String,
    "written": pl.String,
    "computed": pl.Float64,
    "difference": pl.Float64,
    "unit": pl.String,
    "small": pl.Boolean,
}


@rule("N203", "equation-wrong", "warning", _WRONG, about="overview")
def equation_wrong(tables: Tables) -> pl.DataFrame:
    """A product or a sum that a text writes out does not give its result.

    **What it does.** Recomputes every equation of the texts (`20人×300元/人/月×12月=7.2万元`)
    exactly, with 万 and % applied, and compares it with the result to half of its last printed
    digit; remarks in brackets are no part of it. A note where the result was cut or rounded up
    instead of rounded. Equations with words for operands, with units that would have to be
    converted, or with a count that stands elsewhere in the sentence
    (`20人，每人300元/月×12月=7.2万元`) are not judged; 约 leaves a tenth.

    **Why it matters.** The reckoning in the text is what the budget was granted for: a zero too
    many or a month too few is money. 重庆市綦江区 2023, 机关办公楼年租物业费:
    12134.54平方×30元/月×12月=436.85万元 is 436.84344.

    **Fails.** `3000个×6元/个=18万元`

    **Repair.** `3000个×6元/个=1.8万元`
    """
    bare = pl.col("text")
    for _ in range(2):
        bare = bare.str.replace_all(_REMARK, "")
    sentences = (
        tables.narrative.distinct.filter(pl.col("text").str.contains("=", literal=True))
        .select("text_id", sentence=bare.str.replace_all("[；。！？]", "\x1f").str.split("\x1f"))
        .explode("sentence")
        .filter(pl.col("sentence").str.contains(_EQUATION))
    )
    rows = [
        (sentence, slip.written, _number(slip.computed), _number(slip.difference), slip.unit,
         slip.small)
        for sentence in sentences["sentence"].unique(maintain_order=True)
        for slip in slips(sentence)
    ]  # fmt: skip
    wrong = pl.DataFrame(rows, schema=_SLIPS, orient="row")
    wrong = sentences.join(wrong, on="sentence", maintain_order="left_right")
    found = tables.narrative.told_by(wrong)
    return found.unique(["project", "written"], keep="first", maintain_order=True).select(
        *PROJECT_PLACE,
        *("field", "written", "computed", "difference", "unit"),
        template=pl.when("small").then(pl.lit(_NOT_ROUNDED)).otherwise(pl.lit(_WRONG)),
        severity=pl.when("small").then(pl.lit("info")).otherwise(pl.lit("warning")),
        about="field",
    )


def _number(value: Fraction) -> float:
    """`value` as a message writes it."""
    return round(float(value), 6)
