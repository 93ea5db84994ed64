"""T4: targets whose words, or whose percentages, can't be held against an actual."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.names import normalise
from perfeval.rules import NUMERIC, PLACE, WRITTEN, Tables, means, rule, says
from perfeval.rules.meaning import meanings
from perfeval.rules.stated import states_amount
from perfeval.rules.tables import IN_SHARES

_MARKS = r"[。;；,，、.!！“”\"]|^定性(指标)?[:：]?"
_TEXT = (pl.col("target_kind") == "text") & (pl.col("issue") == "")


def _words(text: pl.Expr) -> pl.Expr:
    """A target's text as names are compared, without punctuation."""
    return normalise(text).str.replace_all(_MARKS, "")


def _substance(words: pl.Expr) -> pl.Expr:
    """`words` without those that add nothing (`filler`)."""
    return words.str.replace_all(meanings()["filler"][0], "")


_CORE = _substance(pl.col("words"))
# A shorter part of a name may be a verdict on it: 政策公开, 公开.
_PART = 4
_REPEATS = (pl.col("said") == _CORE) | (
    (_CORE.str.len_chars() >= _PART) & pl.col("said").str.contains(_CORE, literal=True)
)


def _texts(tables: Tables) -> pl.DataFrame:
    """The indicators whose target is a text that nothing else is known of."""
    return tables.indicators.filter(_TEXT).with_columns(
        words=_words(pl.col("target")), said=_substance(pl.col("name_key"))
    )


@rule(
    "T401",
    "feeling-as-percentage",
    "warning",
    N_(
        "{target}: a feeling or an ability has no percentage; say who was asked, or what is counted"
    ),
    about="target",
)
def feeling_as_percentage(tables: Tables) -> pl.DataFrame:
    """A feeling, a state or an effect is asked for in percent, and nobody says of what.

    **What it does.** Finds names of feelings, attitudes and abilities (增强…使命感, 提高…意识,
    提升技能水平) with a target in percent, and, as a note, names of states and effects (社会稳定,
    环境卫生, 教育事业发展). Names that say what is measured (…率, …指数, …满意度) are not meant.

    **Why it matters.** Nothing can be counted whose share this would be, so the year-end figure is
    made up: the Qijiang disclosure of 2023 asks for 增强人民使命感 ≥ 90 %, published tables for
    教育事业发展 ≧ 100 % (永德县 2022) and 社会稳定 ≥ 95 % (马踏镇 2023).

    **Fails.** `增强人民使命感 ≥ 90 %`

    **Repair.** `受表彰人员对表彰工作的满意度 ≥ 90 %`, or `受表彰人员年度考核合格率 ≥ 90 %`
    """
    found = tables.indicators.filter(
        NUMERIC & IN_SHARES & (means("feeling") | means("condition")) & ~means("rate")
    )
    state = ~means("feeling")
    return found.select(
        *PLACE,
        target=WRITTEN,
        severity=pl.when(state).then(pl.lit("info")),
        template=pl.when(state).then(
            pl.lit(N_("{target}: nothing says what this is a percentage of; name what is counted"))
        ),
    )


@rule(
    "T402",
    "vague-target",
    "warning",
    N_("nobody can say whether “{target}” was reached: state a number, or what must be seen"),
    about="target",
)
def vague_target(tables: Tables) -> pl.DataFrame:
    """A target that consists of vague words.

    **What it does.** Finds targets that are nothing but words such as 效果明显, 不断提升, 有所提高
    or 按质按量完成, and, as a note, the levels 明显, 显著 and 长期. Words on which a reviewer can
    decide (合格, 优, 及时, 高, 有效; a rule to be kept; a deadline) are fine. A target that says
    its own name again is told by T404.

    **Why it matters.** Whatever happens, somebody will write that it was reached: a published
    self-evaluation (棠溪镇 2022) answers 效果明显 with 达成预期指标 three times, in full points.

    **Fails.** `维权意识 | 不断提升`

    **Repair.** `维权知识知晓率 ≥ 85 %`
    """
    texts = _texts(tables)
    found = texts.filter(says(pl.col("words"), "vague") & ~_REPEATS)
    levels = tables.indicators.filter(
        pl.col("target_kind").eq("level")
        & pl.col("issue").eq("")
        & says(pl.col("level"), "vague_level")
    )
    return pl.concat(
        [
            found.select(*PLACE, "target", severity=pl.lit("warning")),
            levels.select(*PLACE, "target", severity=pl.lit("info")),
        ]
    ).sort("row", maintain_order=True)


@rule(
    "T404",
    "target-repeats-name",
    "warning",
    N_("the target “{target}” says no more than the indicator's name: state what is asked for"),
    about="target",
)
def target_repeats_name(tables: Tables) -> pl.DataFrame:
    """A target that only repeats the indicator's name.

    **What it does.** Compares the words of a target with those of its name, without words that add
    nothing (进一步, 工作, 完成 …), and finds those that stand in the name already. A level such as
    合格 or 及时 is a verdict, not a repetition; a blank target is told by T101.

    **Why it matters.** There is nothing to hold an actual against. In a published self-evaluation
    (黄石市 2022) three of eight targets are the indicator's name once more.

    **Fails.** `全面推进乡村振兴 | 推进乡村振兴工作`

    **Repair.** `乡村振兴重点项目完成率 ≥ 95 %`
    """
    return _texts(tables).filter(_REPEATS).select(*PLACE, "target")


@rule(
    "T406",
    "number-in-words",
    "warning",
    N_(
        "“{target}” is judged as a text, though it holds a number: write an operator and the number"
    ),
    about="target",
)
def number_in_words(tables: Tables) -> pl.DataFrame:
    """A number is wrapped in words, so that it is not compared.

    **What it does.** Finds targets that are a phrase with a number and a unit in it, and no
    operator that would have it compared (T102 tells those that have one). Dates in a phrase are not
    meant.

    **Why it matters.** The indicator is scored by a person's judgement where a comparison would do.
    Published: 至少全年完成2次宣传 (大英县 2020), 完成1部宣传片,2套方案 (黄石市 2022),
    建筑面积2.6万平方米,展示面积1万平方米 (东莞展览馆 2022).

    **Fails.** `宣传次数 | 至少全年完成2次宣传`

    **Repair.** `宣传次数 ≥ 2 次`; several numbers become several indicators
    """
    found = _texts(tables).filter(states_amount(pl.col("words")) & ~_REPEATS)
    return found.select(*PLACE, "target")
