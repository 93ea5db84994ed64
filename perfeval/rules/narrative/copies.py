"""N301 and N303: texts that are copies of one another, and texts that say nothing."""

from __future__ import annotations

from itertools import combinations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, Tables, rule
from perfeval.rules.narrative import words
from perfeval.rules.narrative.text import FIELDS, legible, opening
from perfeval.rules.tables import OVERALL

_ONE = N_("{fields} are one and the same text (“{said}”); say in each what it asks for")
_TWO = N_(
    "{fields} are one and the same text (“{said}”), and so are {other_fields} (“{other_said}”); say"
    " in each what it asks for"
)
_ALIKE = 0.9
_SHORT = 60
_SIGNS = r"[^\p{Han}A-Za-z0-9%]"


@rule("N301", "texts-copied", "info", _ONE, about="goal")
def texts_copied(tables: Tables) -> pl.DataFrame:
    """A project's texts are copies of one another.

    **What it does.** Compares overview, basis, schedule and goal without punctuation: the same, or
    one within the other at nine tenths of its length or more. One note per project names them.

    **Why it matters.** A goal that is the schedule word for word says neither when something is
    done nor what is reached; an overview as basis cites no decision. 重庆市綦江区 2023: in 8 of 27
    projects goal and schedule are one text.

    **Fails.** `schedule = "全面完成市区下达的年度目标任务。"` and the same as `goal`

    **Repair.** `schedule = "6月前完成招标，11月底前完成培训。"`
    """
    narrative = tables.narrative
    frame = tables.projects.select(*PROJECT_PLACE)
    for field in FIELDS:
        own = narrative.texts.filter(pl.col("field") == field)
        own = own.select("project", pl.col("text_id").alias(field))
        frame = frame.join(own, on="project", how="left", maintain_order="left")
    # Copied tables are copied whole: each combination of texts is looked at once.
    found = _copied(frame.select(FIELDS).unique(maintain_order=True), narrative.distinct)
    told = frame.join(found, on=FIELDS, nulls_equal=True, maintain_order="left")
    said = narrative.distinct.select("text_id", said=opening(pl.col("text")))
    other = said.rename({"said": "other_said", "text_id": "other_id"})
    return (
        told.drop(FIELDS)
        .join(said, on="text_id", maintain_order="left")
        .join(other, on="other_id", how="left", maintain_order="left")
        .drop("text_id", "other_id")
    )


def _copied(combinations_of_texts: pl.DataFrame, distinct: pl.DataFrame) -> pl.DataFrame:
    """Those combinations (a column per field) of which texts are copies, and which fields are."""
    frame = combinations_of_texts
    pairs = pl.concat(frame.select(one=one, two=two) for one, two in combinations(FIELDS, 2))
    copies = _copies(pairs.drop_nulls().unique(), distinct)
    for one, two in combinations(FIELDS, 2):
        flags = copies.select(pl.col("one").alias(one), pl.col("two").alias(two), copied=True)
        frame = frame.join(flags, on=[one, two], how="left", maintain_order="left")
        frame = frame.rename({"copied": f"{one} {two}"})
    # Each text goes to the first one of which it is a copy, by way of others if need be.
    first: dict[str, pl.Expr] = {}
    for rank, field in enumerate(FIELDS):
        earlier = [pl.when(f"{one} {field}").then(first[one]) for one in FIELDS[:rank]]
        itself = pl.when(pl.col(field).is_not_null()).then(pl.lit(rank))
        first[field] = pl.coalesce(*earlier, itself)
    frame = frame.with_columns(groups=pl.concat_list(first.values()))
    groups = pl.concat_list(_members(rank) for rank in range(len(FIELDS) - 1)).list.drop_nulls()
    frame = frame.with_columns(copied=groups).filter(pl.col("copied").list.len() > 0)
    second = pl.col("copied").list.get(1, null_on_oob=True).struct
    return frame.select(
        *FIELDS,
        pl.col("copied").list.first().struct.unnest(),
        other_fields=second.field("fields"),
        other_id=second.field("text_id"),
        template=pl.when(second.field("text_id").is_null())
        .then(pl.lit(_ONE))
        .otherwise(pl.lit(_TWO)),
    )


def _members(rank: int) -> pl.Expr:
    """The fields that are copies of that of `rank`, with its text; null where it has none."""
    fields = pl.concat_list(
        pl.when(pl.col("groups").list.get(place) == rank).then(pl.lit(field))
        for place, field in enumerate(FIELDS)
    ).list.drop_nulls()
    copied = pl.struct(fields=fields, text_id=pl.col(FIELDS[rank]))
    return pl.when(fields.list.len() > 1).then(copied)


def _copies(pairs: pl.DataFrame, distinct: pl.DataFrame) -> pl.DataFrame:
    """Those of `pairs` (one, two: numbers of texts) that say the same, or hold little more."""
    keys = distinct.select("text_id", key=pl.col("text").str.replace_all(_SIGNS, ""))
    lengths = [pl.col(name).str.len_chars() for name in ("key", "other_key")]
    one, two = pl.col("key"), pl.col("other_key")
    return (
        pairs.join(keys, left_on="one", right_on="text_id")
        .join(keys.rename({"key": "other_key"}), left_on="two", right_on="text_id")
        .filter(pl.min_horizontal(*lengths) >= _ALIKE * pl.max_horizontal(*lengths))
        .filter(one.str.contains(two, literal=True) | two.str.contains(one, literal=True))
    )


_MISSING = N_("the project has no {fields}, others of its department have; fill in what is missing")
_NAME_ONLY = N_("the {field} only repeats the project's name: “{said}”; say what is done, and when")
_GENERIC = N_("the {field} could stand in any project: “{said}”; say what is to be reached")


@rule("N303", "text-says-nothing", "info", _GENERIC, about="goal")
def text_says_nothing(tables: Tables) -> pl.DataFrame:
    """A text is missing, or says nothing of its own project.

    **What it does.** Finds texts that are blank where other projects of the department have theirs,
    texts that repeat the project's name and add no more than 经费, 支付, 完成 and the like, and
    goals that are only a phrase (全面完成上级下达的年度目标任务).

    **Why it matters.** Nobody can say at year end whether such a goal was reached, and what its
    indicators are good for. 重庆市綦江区 2023, 社会保险基金稽核监管专项: the schedule is
    社会保险基金稽核监管专项经费.

    **Fails.** `goal = "全面完成市区下达的年度目标任务。"`

    **Repair.** `goal = "全年稽核企业20户，追回基金30万元。"`
    """
    return pl.concat([_missing(tables), _empty(tables)], how="diagonal")


def _missing(tables: Tables) -> pl.DataFrame:
    """Projects without a text that most of their department's projects have."""
    said = tables.narrative.texts.select("project", "field", said=True)
    own = tables.projects.filter(pl.col("type").ne_missing(OVERALL))
    asked = own.select(*PROJECT_PLACE, "department").join(
        pl.DataFrame({"field": FIELDS}), how="cross", maintain_order="left_right"
    )
    asked = asked.join(said, on=["project", "field"], how="left", maintain_order="left")
    usual = pl.col("said").is_not_null().mean().over("department", "field") > 0.5
    return (
        asked.filter(pl.col("said").is_null() & usual)
        .group_by(*PROJECT_PLACE, maintain_order=True)
        .agg(fields="field")
        .with_columns(template=pl.lit(_MISSING))
    )


def _empty(tables: Tables) -> pl.DataFrame:
    """Texts that repeat the name of their project, and goals that are a phrase."""
    empty = words.pattern("copies", "empty")
    bare = pl.col("text").str.replace_all(_SIGNS, "")
    short = tables.narrative.distinct.filter(pl.col("text").str.len_chars() <= _SHORT)
    texts = short.with_columns(
        says=bare.str.replace_all(empty, ""),
        generic=bare.str.contains(f"^(?:{words.pattern('copies', 'generic')})$"),
    )
    names = tables.projects.select("project", name=legible(pl.col("name"))).with_columns(
        name=pl.col("name").str.replace_all(_SIGNS, "").str.replace_all(empty, "")
    )
    told = tables.narrative.told_by(texts)
    told = told.join(names, on="project", maintain_order="left")
    says = pl.col("says")
    name_only = (says != "") & pl.col("name").str.contains(says, literal=True)
    generic = (pl.col("field") == "goal") & (pl.col("generic") | (says == ""))
    return (
        told.filter(name_only | generic)
        .with_columns(template=pl.when(name_only).then(pl.lit(_NAME_ONLY)).otherwise(pl.lit(_GENERIC)))
        .select(*PROJECT_PLACE, "field", "template", said=opening(pl.col("text")), about="field")
    )  # fmt: skip
