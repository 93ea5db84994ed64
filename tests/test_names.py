"""Names: what is equal, what is near, and that Python and polars agree on it."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perfeval.names import BLANKS, NEAR_FILE, normalise, normalise_column, normalise_text, suggest

# Characters that a newer Unicode than Python's has assigned may fold differently in polars.
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cn")))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("退休干部（人）", "退休干部(人)"),
        ("綦江委办〔2010〕55号", "綦江委办[2010]55号"),
        ("【重点】就业", "(重点)就业"),
        ("ＡＢ１００％", "AB100%"),
        ("慰问 退休\u3000干部\n人数", "慰问退休干部人数"),
        ("慰问\u200b退休\ufeff干部", "慰问退休干部"),
        ("成活率（≥**%）", "成活率 (≥**%)"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert normalise_text(one) == normalise_text(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("学习《条例》", "学习条例"),
        ("“一网通办”率", "一网通办率"),
        ("慰问干部", "慰问干 部数"),
        ("人次", "人 数"),
        ("成活率(%)", "成活率"),
        ("Rate", "rate"),
    ],
)
def test_names_that_stay_apart(one: str, other: str) -> None:
    assert normalise_text(one) != normalise_text(other)


@given(TEXT)
@example("".join(BLANKS))
@example("[]【】〔〕〖〗〘〙〚〛{}（）")
def test_columns_and_single_names_agree(name: str) -> None:
    column = pl.select(normalise(pl.lit(name))).item()
    assert column == normalise_text(name)


@given(st.lists(st.one_of(st.none(), TEXT)))
@example(["就业补助资金（2023）", "A1", "甲 乙", "㈠", "ａ", None, "甲乙"])
def test_columns_with_few_odd_names_agree_too(names: list[str | None]) -> None:
    column = normalise_column(pl.Series(names, dtype=pl.String))
    assert column.to_list() == [name and normalise_text(name) for name in names]


@given(TEXT)
def test_blanks_and_brackets_never_tell_names_apart(name: str) -> None:
    normal = normalise_text(name)
    assert not set(normal) & set(BLANKS)
    assert not set(normal) & set("[]【】〔〕〖〗〘〙〚〛{}（）")


def test_a_missing_name_stays_missing() -> None:
    assert pl.Series([None, "ａ"]).to_frame("n").select(normalise(pl.col("n"))).rows() == [
        (None,),
        ("a",),
    ]


def test_suggestions_are_near_and_nearest_first() -> None:
    known = ["慰问退休干部", "慰问困难职工", "走访次数", "慰问退休干部人数"]
    assert suggest("慰问退干干部", known) == ["慰问退休干部", "慰问退休干部人数"]
    assert suggest("慰问退干干部", known, limit=1) == ["慰问退休干部"]
    assert suggest("设备购置", known) == []
    assert suggest("Ｗeight", ["weight", "unit"]) == ["weight"]
    assert suggest("", known) == []
    assert suggest("a", []) == []


def test_suggestions_keep_the_spelling_and_name_each_once() -> None:
    assert suggest("退休干部(人)", ["退休干部 （人）", "退休干部 （人）"]) == ["退休干部 （人）"]


def test_the_name_itself_is_never_suggested() -> None:
    assert suggest("a.csv", ["a.csv", "b.csv"]) == ["b.csv"]
    assert suggest("a.csv", ["a.csv"]) == []


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("actual.csv", ["actuals.csv"]),
        ("actuals2024.csv", ["actuals.csv"]),
        ("nope.csv", []),
        ("实际值.csv", []),
    ],
)
def test_a_file_is_suggested_for_a_slip_and_not_for_its_ending(name: str, near: list[str]) -> None:
    files = ["actuals.csv", "execution.csv", "pyproject.toml", "目标值表.csv"]
    assert suggest(name, files, near=NEAR_FILE) == near
