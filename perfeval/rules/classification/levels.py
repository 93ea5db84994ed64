"""C1: the words of level 1 and level 2 themselves."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.rules import PLACE, Tables, rule
from perfeval.rules.classes import classes, groups, under

_LOOKED_UP = 1000  # distinct unknown words for which the nearest one is looked up
_PROCESS = "投入管理指标"

_NEAR = N_("“{word}” is no known class; did you mean {near}?")
_KNOWN = N_("“{word}” is no known class; write one of {known}")
_BLANK = N_("level 2 is blank; under {level1} write one of {known}")


@rule("C101", "level-unknown", "warning", _KNOWN, about="level2")
def level_unknown(tables: Tables) -> pl.DataFrame:
    """A level 1 or level 2 is no class of the field, or level 2 is blank.

    **What it does.** Looks up the words of level 1 and level 2 among the classes and their other
    names, without points (产出指标(50分)), numbering and the ending 指标, and names the nearest.
    The groups of the policy are known too. Points alone as level 1, as in (50分), are no mistake
    where level 2 is known. Each word is told once per project, at its first row. Level 2 is not
    looked at under a level 1 that is unknown itself, or that holds no outputs and benefits (过程,
    管理), and a department's own table, which may have other levels, is left out.

    **Why it matters.** Points per group, the choice of a scoring rule and all rules about classes
    go by these words: what is under an unknown one belongs nowhere.

    **Fails.** `level2 = "数两指标"`, `level2 = ""`

    **Repair.** `level2 = "数量指标"`
    """
    rows = tables.indicators.remove(pl.col("overall"))
    policy = tables.policy
    own = [group for each in (policy.level1, *policy.alternatives) for group in groups([*each])]
    # Points alone leave the group blank where level 2 is not known either, which is told there.
    strange = pl.col("class1").is_null() & (pl.col("group") != "")
    level1 = rows.filter(strange & ~pl.col("group").is_in(own))
    level1 = level1.unique(["project", "level1"], keep="first", maintain_order=True)
    level2 = rows.filter(
        pl.col("class2").is_null() & ~strange & pl.col("class1").ne_missing(_PROCESS)
    )
    level2 = level2.unique(["project", "level1", "level2"], keep="first", maintain_order=True)
    return pl.concat([_told(level1, "level1"), _told(level2, "level2")]).sort("row")


def _told(rows: pl.DataFrame, level: str) -> pl.DataFrame:
    """The findings about words of a level: with the nearest known one, else all that may stand."""
    words = [word for names in classes()[level].values() for word in names]
    unknown = rows[level].unique(maintain_order=True).head(_LOOKED_UP)
    nearest = pl.DataFrame(
        [{level: word, "near": near} for word in unknown for near in suggest(word, words, limit=1)],
        schema={level: pl.String, "near": pl.String},
    )
    below = {
        name: [level2 for level2, places in under().items() if name in places]
        for name in classes()["level1"]
    }
    usual = pl.lit([*classes()[level]])
    known = usual
    if level == "level2":
        known = pl.coalesce(
            pl.col("class1").replace_strict(
                list(below), list(below.values()), default=None, return_dtype=pl.List(pl.String)
            ),
            usual,
        )
    return rows.join(nearest, on=level, how="left", maintain_order="left").select(
        *PLACE,
        "level1",
        "near",
        word=level,
        known=known,
        template=pl.when(pl.col(level) == "")
        .then(pl.lit(_BLANK))
        .when(pl.col("near").is_null())
        .then(pl.lit(_KNOWN))
        .otherwise(pl.lit(_NEAR)),
    )


@rule(
    "C102",
    "level2-misplaced",
    "error",
    N_("{level2} cannot stand under {level1}, but under {expected}; correct one of the two levels"),
    about="level2",
)
def level2_misplaced(tables: Tables) -> pl.DataFrame:
    """A level 2 stands under a level 1 that it is no part of.

    **What it does.** Compares the classes of both levels: 数量, 质量 and 时效 are outputs; 经济,
    社会, 生态 and 可持续影响 are benefits; 服务对象满意度 is satisfaction or a benefit; cost stands
    under the outputs in older tables and is a level of its own in newer ones. Each level 1 is told
    once per project, at its first row. A department's own table is left out.

    **Why it matters.** The points of a group go to what is no part of it. 南华县 published
    资金兑付率 as an economic benefit among the outputs.

    **Fails.** `level1 = "产出指标(50分)"`, `level2 = "经济效益指标"`

    **Repair.** `level1 = "效益指标(30分)"`, or the level 2 that the indicator really is.
    """
    rows = tables.indicators.filter(pl.col("misplaced") & ~pl.col("overall"))
    places = {level2: [*places] for level2, places in under().items()}
    rows = rows.with_columns(
        expected=pl.col("class2").replace_strict(places, return_dtype=pl.List(pl.String))
    ).with_columns(usual=pl.col("expected").list.first())
    found = rows.group_by("project", "level1", "usual", maintain_order=True).agg(
        *(pl.col(name).first() for name in PLACE if name != "project"),
        pl.col("level2").unique(maintain_order=True),
        # Where all of them may stand: cost, too, stands among the outputs.
        pl.col("expected").sort_by(pl.col("expected").list.len()).first(),
    )
    return found.select(*PLACE, "level1", "level2", "expected")
