from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.reports.text import HELD, clean, fit, shorten, width, wrap
from perfeval.reports.values import percent, point_range, points

CHARACTERS = st.text(
    st.one_of(
        st.sampled_from(
            "绩效目标值，。（）《》≥–…%％ 0123456789.,abcÅé\u0301\u200d\u202e\x1b[m\n\t"
        ),
        st.characters(),
    ),
    max_size=60,
)
PRINTABLE = CHARACTERS.map(clean)


@given(CHARACTERS)
def test_cleaned_text_has_one_line_and_no_power_over_a_terminal(text: str) -> None:
    cleaned = clean(text)
    assert not re.search(
        r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", cleaned
    )
    assert clean(cleaned) == cleaned
    cleaned.encode()


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("就业补助资金", "就业补助资金"),
        ("a\x1b[1;31mb\x1b[0mc", "a\\x1b[1;31mb\\x1b[0mc"),
        ("a\x07b\x7f", "a\\x07b\\x7f"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("a\x9b31mb", "a\\x9b31mb"),
        ("优\u202e良\U000e0041", "优\\u202e良\\U000e0041"),
        ("两\r\n行", "两 行"),
        ("全角\u3000空格", "全角 空格"),
        ("\udcff", "\\udcff"),
    ],
)
def test_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(PRINTABLE, st.integers(1, 40))
def test_fitted_text_has_exactly_the_width_asked_for(text: str, cells: int) -> None:
    for fitted in (fit(text, cells), fit(text, cells, right=True)):
        # A wide character may leave one cell that only a blank can fill.
        assert width(fitted) == cells


@given(PRINTABLE, st.integers(2, 40))
def test_shortened_text_keeps_its_ends(text: str, cells: int) -> None:
    short = shorten(text, cells)
    assert width(short) <= cells
    if short != text:
        head, tail = short.split("…", 1) if text.count("…") == 0 else ("", "")
        assert text.startswith(head)
        assert text.endswith(tail)


@given(PRINTABLE, st.integers(2, 60))
def test_wrapped_lines_fit_and_lose_nothing(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    assert max(map(width, lines)) <= cells
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.lists(st.from_regex(r"[0-9]{1,9}(\.[0-9]{1,2})?%?", fullmatch=True), max_size=12))
def test_wrapping_breaks_no_number(numbers: list[str]) -> None:
    text = "，完成值为".join(numbers)
    assert re.findall(r"[0-9.%]+", " ".join(wrap(text, 14))) == numbers


def test_wrapping_starts_no_line_with_closing_punctuation() -> None:
    text = "补助资金（含结转），已按时足额发放到位。" * 3
    for cells in range(8, 40):
        assert not any(line[0] in "，。）" for line in wrap(text, cells)[1:])


def test_held_spaces_keep_words_together() -> None:
    assert wrap(f"优{HELD}12 · 良{HELD}6 · 中–优{HELD}3", 14) == ["优 12 · 良 6 ·", "中–优 3"]
    assert wrap(f"失分{HELD}39{HELD}项 · 不适用{HELD}1{HELD}项", 17) == [
        "失分 39 项 ·",
        "不适用 1 项",
    ]
    assert wrap("等级为良–优", 9) == ["等级为", "良–优"]


@given(st.integers(-(10**15), 10**15))
def test_points_are_exact(hundredths: int) -> None:
    text = points(hundredths)
    assert re.fullmatch(r"-?\d+\.\d\d", text)
    assert int(text.replace(".", "")) == hundredths


def test_ranges() -> None:
    assert point_range(0, 10000) == "0.00–100.00"
    assert point_range(9000, 9000) == "90.00"


@given(st.floats(0, 1, exclude_max=True))
def test_a_percentage_never_looks_reached_when_it_is_not(ratio: float) -> None:
    if ratio < 1 - 1e-11:
        assert percent(ratio) != "100%"
