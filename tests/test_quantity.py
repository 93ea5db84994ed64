"""What one cell says: published values, spellings, and what must never become a number."""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from perfeval.quantity import ISSUES, Quantity, dates, numerals, operator, phrases, read, units
from perfeval.quantity.cells import MAGNITUDE
from perfeval.quantity.levels import compare_levels, level, scales, words

# One text a line, with what must be read from it. `source` names the published table by its case
# (S and N: self-evaluations, T: target tables), or the habit that the text stands for.
GOLDEN = list(
    csv.DictReader(
        Path(__file__).with_name("data").joinpath("quantities.csv").read_text("utf-8").splitlines()
    )
)
WIDE = {**{code: code + 0xFEE0 for code in range(0x21, 0x7F)}, 0x20: 0x3000}

numbers = st.builds(
    lambda whole, places: format(Decimal(whole).scaleb(-places), "f"),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.integers(0, 12),
)
labels = st.sampled_from(["", "%", "个", "万元", "人次", "元/人*月", "万平方米", "TB", "个村庄"])
scraps = st.text(
    st.sampled_from(
        "≥≤<>=≧0123456789.,，．-—/%％()（） 万亿千百十一二两半余多约近以上下内外前底年月日季度元"
        "人次个件完成达未部分无定性优良中差每eE+#nafi*·点负成之第至到　"
    ),
    max_size=24,
)  # fmt: skip


def days(window: tuple[int, int] | None) -> str:
    return "" if window is None else f"{window[0]}-{window[1]}"


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row['source']}: {row['text']}")
def test_reads_what_tables_print(row: dict[str, str]) -> None:
    quantity = read(row["text"])
    for field in ("kind", "operator", "unit", "bound", "level", "issue"):
        assert getattr(quantity, field) == row[field], field
    assert quantity.number == (Decimal(row["number"]) if row["number"] else None)
    assert quantity.share == (Decimal(row["share"]) if row["share"] else None)
    assert days(quantity.period) == row["period"]
    assert days(quantity.due) == row["due"]
    assert quantity.scaled == (row["scaled"] == "yes")


def test_golden_table_has_every_kind_and_issue() -> None:
    assert {row["issue"] for row in GOLDEN} == set(ISSUES) - {"long"} | {""}
    assert {row["kind"] for row in GOLDEN} == {
        "number", "date", "level", "text", "blank", "invalid",
    }  # fmt: skip
    assert len({row["text"] for row in GOLDEN}) == len(GOLDEN)


SPELLINGS = {
    "≥": "≥ ≧ ⩾ >= => ＞＝ 大于等于 大于或等于 不少于 不低于 至少",
    "≤": "≤ ≦ ⩽ <= ＜＝ 小于等于 小于或等于 不超过 不高于 不多于",
    ">": "> ＞ 大于 超过 高于",
    "<": "< ＜ 小于 低于 少于 不足",
    "=": "= ＝ ═ 等于",
    "定性": "定性 定性指标",
}


@pytest.mark.parametrize(
    ("spelling", "name"), [(text, name) for name in SPELLINGS for text in SPELLINGS[name].split()]
)
def test_operator_in_its_column_and_before_a_value(spelling: str, name: str) -> None:
    assert operator(spelling) == operator(f" {spelling}　") == name
    assert read(spelling).operator == name
    for text in (f"{spelling}95%", f"{spelling} 95 %", f"{spelling}：95%"):
        assert read(text) == Quantity("number", name, Decimal(95), "%")
    assert read(f"{spelling}2023年12月").operator == read(f"{spelling}良好").operator == name


@pytest.mark.parametrize("text", ["", " ", "-", "/", "—"])
def test_blank_operator(text: str) -> None:
    assert operator(text) == ""


@pytest.mark.parametrize("text", ["正向", "≥5", "大于等于吗", "x" * 1000])
def test_unknown_operator_is_not_guessed(text: str) -> None:
    assert operator(text) is None


@given(numbers, labels, st.sampled_from([*SPELLINGS, ""]), st.data())
def test_every_spelling_of_a_number_reads_the_same(
    number: str, label: str, name: str, data: st.DataObject
) -> None:
    whole, _, fraction = number.partition(".")
    marked = f"{int(whole):,}" + (f".{fraction}" if fraction else "")
    if whole.startswith("-0"):
        marked = f"-{marked}"
    texts = SPELLINGS[name].split() if name else [""]
    spelling = data.draw(st.sampled_from(texts), "operator")
    value = data.draw(st.sampled_from([number, marked, f"{Decimal(number):E}"]), "value")
    gap, end = data.draw(st.tuples(*[st.sampled_from(["", " ", "　"])] * 2), "spaces")
    text = f"{spelling}{gap}{value}{end}{label}"
    if data.draw(st.booleans(), "wide"):
        text = text.translate(WIDE)
    assert read(text) == Quantity("number", name, Decimal(number), label)


@given(st.integers(1, 10**8), st.sampled_from(sorted(units.SCALES)))
def test_scale_word_without_unit_shifts_the_point(whole: int, scale: str) -> None:
    number = Decimal(whole).scaleb(-4)
    value = number * 10 ** units.SCALES[scale]
    assert read(f"{number}{scale}") == Quantity("number", "", value, scaled=True)


@given(st.sampled_from(sorted(units.SCALES)), st.sampled_from(["元", "亩", "人次", "册子"]))
def test_scale_word_of_a_unit_stays_with_it(scale: str, label: str) -> None:
    assume(units.unit(scale + label) is not None or label == "册子")
    assert read(f"1.2{scale}{label}") == Quantity("number", "", Decimal("1.2"), scale + label)


@given(st.one_of(st.text(st.characters(codec="ascii"), max_size=30), scraps))
def test_full_width_is_half_width(text: str) -> None:
    assert read(text.translate(WIDE)) == read(text)


@given(st.one_of(st.text(), scraps))
def test_any_text_has_a_reading_that_is_consistent(text: str) -> None:
    quantity = read(text)
    kind = quantity.kind
    assert kind in ("number", "date", "level", "text", "blank", "invalid")
    assert (quantity.number is not None) == (kind == "number")
    assert (quantity.period is not None) == (quantity.due is not None) == (kind == "date")
    assert bool(quantity.level) == (kind == "level")
    assert (quantity.issue in ISSUES) == (kind in ("text", "invalid"))
    assert quantity.operator in ("", *SPELLINGS)
    if quantity.period and quantity.due:
        assert quantity.period[0] <= quantity.period[1]
        assert quantity.due[0] <= quantity.due[1] == quantity.period[1]


@given(scraps)
def test_a_number_has_the_digits_of_the_text_and_no_others(text: str) -> None:
    quantity = read(text)
    if quantity.number is None:
        return
    half = text.translate({code + 0xFEE0: code for code in range(0x21, 0x7F)})
    runs = re.findall(r"[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+", half)
    assert len(runs) <= 1, "two numbers in one cell"
    printed = re.sub(r"[^0-9]", "", re.split("[eE]", runs[0])[0]).strip("0") if runs else ""
    carried = "".join(map(str, quantity.number.as_tuple().digits)).strip("0")
    if runs:
        assert carried == printed
    if not runs:
        assert set(half) & set(numerals.CHARACTERS), "a number out of nothing"
    assert len(carried) <= 15
    assert abs(quantity.number.adjusted()) <= MAGNITUDE or not quantity.number
    assert Decimal(repr(float(quantity.number))) == quantity.number, "a float64 carries it"
    assert not set(half) & set("未无完第至到前"), "a sentence"


@pytest.mark.parametrize(
    "text",
    [
        "1" * 10**6,
        "≥" * 10**6,
        "一" * 10**6,
        "1," * 10**5,
        "每a" * 10**5,
        "1月-" * 10**5,
        "(" * 10**6,
    ],
)
def test_a_cell_of_a_megabyte_is_text(text: str) -> None:
    assert read(text) == Quantity("text", issue="long")
    shortened = read(text[:200])
    assert shortened.kind in ("text", "invalid")


def test_spaces_around_a_value_do_not_make_it_long() -> None:
    assert read(" " * 10**6 + "5") == Quantity("number", "", Decimal(5))


@pytest.mark.parametrize("exponent", [400, 10**9, 10**40])
@pytest.mark.parametrize("sign", ["", "-", "+"])
def test_absurd_exponent_is_refused_without_being_computed(exponent: int, sign: str) -> None:
    assert read(f"1e{sign}{exponent}").issue == "magnitude"
    assert read(f"0.0e{sign}{exponent}") == Quantity("number", "", Decimal(0))


@pytest.mark.parametrize(("code", "text"), [(row["issue"], row["text"]) for row in GOLDEN])
def test_message_names_the_cell(code: str, text: str) -> None:
    if code:
        message = ISSUES[code].format(text=text)
        assert text in message or code == "none"
        assert len(message) > 30


@given(st.integers(1, 9_999_999))
def test_chinese_numerals_read_back(whole: int) -> None:
    from cn2an import an2cn

    text = an2cn(whole)
    assert numerals.number(text) == whole
    assert read(f"{text}个") == Quantity("number", "", Decimal(whole), "个") or text[-1] == "万"
    quantity = read(f"{text}元")
    assert quantity.number is not None
    assert units.convert(quantity.number, quantity.unit, "元") == whole


@pytest.mark.parametrize(
    "text", ["一万二", "三百五", "两千三", "十三万六", "三五", "一二三", "零五"]
)
def test_chinese_numerals_of_two_meanings_are_not_guessed(text: str) -> None:
    assert numerals.number(text) is None
    assert read(f"{text}个").kind == "text"


@given(st.text(st.sampled_from(numerals.CHARACTERS + "点负仨幺"), max_size=45))
def test_chinese_numerals_never_raise(text: str) -> None:
    value = numerals.number(text)
    assert value is None or value.is_finite()


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_and_its_deadlines(day: date) -> None:
    stamp = day.year * 10000 + day.month * 100 + day.day
    ends_month = day.day == monthrange(day.year, day.month)[1]
    eve = day if ends_month else day - timedelta(1)
    for text in (f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}"):
        assert read(text) == Quantity("date", period=(stamp, stamp), due=(stamp, stamp))
        before = read(f"{text}前")
        assert before.due == (eve.year * 10000 + eve.month * 100 + eve.day, stamp)
        assert before.period == (day.year * 10000 + 101, stamp)


@given(st.integers(-1, 99_999_999))
def test_a_day_exists_if_the_calendar_has_it(day: int) -> None:
    try:
        date(day // 10000 or 2000, day // 100 % 100, day % 100)
    except ValueError:
        assert not dates.exists(day)
    else:
        assert dates.exists(day) == (day >= 0)


@given(st.integers(1, 2999), st.integers(1, 12), st.integers(1, 31))
def test_days_around_the_ends_of_months_exist(year: int, month: int, day: int) -> None:
    length = monthrange(year, month)[1]
    assert dates.exists(year * 10000 + month * 100 + day) == (day <= length)
    assert dates.exists(month * 100 + day) == (day <= monthrange(2000, month)[1])


@given(
    st.sampled_from(["≤", "＝", "<", "<=", "不晚于", "不迟于：", "早于 "]),
    st.integers(1, 12),
    st.sampled_from(["", "2023年"]),
)
def test_a_month_behind_an_operator_of_dates_is_a_deadline(
    spelling: str, month: int, year: str
) -> None:
    name = operator(spelling.rstrip("： ")) or ""
    alone = read(f"{year}{month}月")
    assert alone.kind == "date"
    assert read(f"{spelling}{year}{month}月") == replace(alone, operator=name)
    assert read(f"{spelling}{month}个月") == Quantity("number", name, Decimal(month), "个月")


@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from(["-", "--", "—", "至", "到", "~"]))
def test_a_period_of_months(first: int, last: int, mark: str) -> None:
    assume(first < last)
    texts = [f"{first}{mark}{last}月", f"{first}月{mark}{last}月份", f"{first}月1日{mark}{last}月"]
    ends = {read(text).period for text in texts}
    assert ends == {(first * 100 + 1, last * 100 + monthrange(2000, last)[1])}
    backwards = read(f"{last}月{mark}{first}月")
    assert (backwards.kind, backwards.issue) == ("text", "date")


@given(
    st.sampled_from(sorted(words())), st.text(st.sampled_from("项目效果指标情况较为"), min_size=1)
)
def test_a_level_is_the_whole_text(word: str, more: str) -> None:
    assert (
        read(word)
        == read(f"{word}。")
        == read(f" {word} ")
        == Quantity("level", level=words()[word])
    )
    longer = word + more
    assert level(longer) == "" or longer in words()


@given(st.sampled_from(["达成", "部分达成", "未达成", "已完成"]), st.decimals(0, 1, places=4))
def test_a_level_with_a_share(word: str, share: Decimal) -> None:
    for text in (f"{word}({share * 100}%)", f"{word}（{share}）", f"{word} {share * 100}％"):
        assert read(text) == Quantity("level", level=words()[word], share=share)


def test_scales_agree_on_their_order() -> None:
    order = {pair for scale in scales() for pair in pairwise(scale)}
    for better in words().values():
        for worse in words().values():
            verdicts = compare_levels(better, worse), compare_levels(worse, better)
            if better == worse:
                assert verdicts == ("reached", "reached")
            else:
                assert verdicts in {("reached", "below"), ("below", "reached"), (None, None)}
    assert all(compare_levels(better, worse) == "reached" for better, worse in order)
    assert all((worse, better) not in order for better, worse in order)


def test_levels_compare_on_a_common_scale_only() -> None:
    assert compare_levels("优秀", "良好") == "reached"
    assert compare_levels("差", "中") == "below"
    assert compare_levels("完成", "达成预期指标") == "reached"
    assert compare_levels("良", "及时") is None
    assert compare_levels("达成", "满意") is None
    assert compare_levels("随便", "随便") is None


def test_what_stands_beside_a_number_is_remembered_but_bounded() -> None:
    for side in (phrases.head, phrases.tail):
        assert side.cache_info().maxsize is not None
        assert side("个" * 31) is None
