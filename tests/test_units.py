"""Units: what converts into what, exactly, and what never does."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval.quantity.units
from perfeval.quantity.units import Unit, convert, factor, normal, shifted, unit

TABLE = tomllib.loads(
    Path(perfeval.quantity.units.__file__).with_name("units.toml").read_text("utf-8")
)
LABELS = [
    *chain.from_iterable(entry["labels"] for entry in TABLE["unit"]),
    *TABLE["counter"],
    *TABLE["divisible_counter"],
]

known = st.sampled_from(LABELS)
scaled = st.builds(
    str.__add__, st.sampled_from(["", "百", "千", "万", "百万", "亿", "万亿"]), known
)
any_label = st.one_of(scaled, st.builds("{}/{}".format, scaled, known)).filter(
    lambda label: unit(label) is not None
)
finite = st.decimals(allow_nan=False, allow_infinity=False, places=None)


@pytest.mark.parametrize("label", LABELS)
def test_every_label_is_known_in_every_width(label: str) -> None:
    entry = unit(label)
    assert entry is not None
    assert unit(f" {label}　") == entry
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in label)
    assert unit(wide) == entry
    assert unit(entry.label) == entry, "the first label stands for the unit"


@pytest.mark.parametrize("label", ["人", "万人", "人次", "户", "个", "次", "台套", "项", "批次"])
def test_what_has_no_fractions(label: str) -> None:
    found = unit(label)
    assert found is not None
    assert found.whole


@pytest.mark.parametrize(
    "label",
    ["%", "元", "万元", "亩", "小时", "天", "岁", "倍", "学分", "人/年", "次/月", "元/人", "人月"],
)
def test_what_has_fractions(label: str) -> None:
    found = unit(label)
    assert found is not None
    assert not found.whole


def test_labels_are_listed_once() -> None:
    normalised = [normal(label) for label in LABELS]
    assert len(set(normalised)) == len(normalised)


def test_one_unit_per_power_and_dimension() -> None:
    places = [(entry["dimension"], entry["power"]) for entry in TABLE["unit"]]
    assert len(set(places)) == len(places)


# 重庆市綦江区人力资源和社会保障局, 2023: the sixteen units of its target tables.
QIJIANG = "% 人 人次 万元 卷 个 次 件 天 场 期 日 条 台 万人 本"


# Units of the published tables, as printed in their own column or behind the value.
PUBLISHED = (
    "百分比 %(百分比) 场 份 平方米 万平方米 亩 只 头 起 次 公里 座 元/亩 公斤 年 元/个 元/平方米"
    " 人/年 条 辆 次/月 元 分 元/人*月 TB"
)


@pytest.mark.parametrize("label", [*QIJIANG.split(), *PUBLISHED.split()])
def test_units_of_real_tables_are_known(label: str) -> None:
    assert unit(label) is not None


@pytest.mark.parametrize(
    ("number", "source", "target", "expected"),
    [
        ("2.6", "亿元", "万元", "26000"),
        ("387664.62", "元", "万元", "38.766462"),
        ("0.57", "万元", "元", "5700"),
        ("1346.0088", "万平方米", "平方米", "13460088"),
        ("1.5", "公顷", "平方米", "15000"),
        ("25", "TB", "GB", "25000"),
        ("3.5", "吨", "公斤", "3500"),
        ("3500", "公斤", "千克", "3500"),
        ("95", "%", "‰", "950"),
        ("9", "成", "百分比", "90"),
        ("99", "百分百", "%", "99"),
        ("95", "%(百分比)", "%", "95"),
        ("33", "万人", "人", "330000"),
        ("5", "名", "位", "5"),
        ("60", "日", "天", "60"),
        ("3", "个月", "月", "3"),
        ("1", "万元/公里", "元/米", "10"),
        ("530", "元/人*月", "元/月/人", "530"),
        ("530", "元/(人·月)", "元/人/月", "530"),
        ("620", "万元/月", "元/月", "6200000"),
        ("7", "个村庄", "个 村庄", "7"),
        ("0.95", "", "", "0.95"),
        ("8", "m2", "㎡", "8"),
    ],
)
def test_conversion(number: str, source: str, target: str, expected: str) -> None:
    assert convert(Decimal(number), source, target) == Decimal(expected)


@pytest.mark.parametrize(
    "pairs",
    [
        "人 人次|户 人|人(次) 人|人(次) 人次|人/次 人次|元/人 元|元/人 元/户|元/月 元/年|/亩 元/亩",
        "个 件|个村庄 个|台(套) 台|亩 公顷|斤 公斤|里 公里|月 年|天 工作日|小时 天",
        "MB Mbps|度 千瓦时|百分点 %|倍 %|万% %|分 元|元 美元",
    ],
)
def test_different_things_do_not_convert(pairs: str) -> None:
    for source, target in (pair.split() for pair in pairs.split("|")):
        assert factor(source, target) is None
        assert factor(target, source) is None
        assert convert(Decimal(1), source, target) is None


def test_a_bare_number_is_no_share_and_no_count() -> None:
    for label in ("%", "个", "元"):
        assert factor("", label) is None
        assert factor(label, "") is None


@pytest.mark.parametrize(
    "label",
    [
        "",
        "万",
        "千",
        "效果",
        "元/",
        "//",
        "/",
        "元//人",
        "个*",
        "万%",
        "百百元",
        "x" * 10**6,
        "(人)",
    ],
)
def test_unknown_labels(label: str) -> None:
    assert unit(label) is None


@pytest.mark.parametrize(
    ("label", "dimension", "power"),
    # These begin with a scale word and are units of their own.
    [
        ("千米", "长度", 3),
        ("千克", "质量", 3),
        ("千瓦时", "电量", 0),
        ("百分比", "比例", -2),
        ("万千瓦时", "电量", 4),
    ],
)
def test_table_before_scale_words(label: str, dimension: str, power: int) -> None:
    entry = unit(label)
    assert entry is not None
    assert (entry.dimension, entry.power) == (dimension, power)


def test_derived_labels() -> None:
    assert unit("亿千瓦时") == Unit("亿千瓦时", "电量", 8)
    assert unit("万人") == unit("万名") == Unit("万人", "人", 4, whole=True)
    assert unit("/月") == Unit("/月", "/月", 0)
    assert unit("万元 ／ 公里") == Unit("万元/公里", "金额/长度", 1)


@given(finite, any_label, any_label)
def test_there_and_back_is_where_one_started(number: Decimal, source: str, target: str) -> None:
    there = convert(number, source, target)
    if there is not None:
        assert convert(there, target, source) == number


@given(any_label, any_label, any_label)
def test_factors_add_up(one: str, other: str, third: str) -> None:
    first, second, both = factor(one, other), factor(other, third), factor(one, third)
    assert factor(other, one) == (None if first is None else -first)
    if first is not None and second is not None:
        assert both == first + second


@given(st.text(max_size=60))
def test_any_text_is_a_label_or_none(text: str) -> None:
    assert factor(text, text) == 0
    entry = unit(text)
    assert entry is None or unit(entry.label) == entry


@given(st.integers(), st.integers(-40, 40), st.integers(-40, 40))
def test_shifting_moves_the_point_only(digits: int, places: int, power: int) -> None:
    number = Decimal((digits < 0, tuple(map(int, str(abs(digits)))), places))
    moved = shifted(number, power)
    assert moved.as_tuple().digits == number.as_tuple().digits
    assert moved.as_tuple().exponent == places + power


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_no_finite_number_has_no_unit(number: str) -> None:
    with pytest.raises(ValueError, match="no finite number"):
        convert(Decimal(number), "元", "万元")


def test_a_label_listed_twice_is_an_error_of_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "units.toml"
    table.write_text(
        'unit = [{ dimension = "人", power = 0, labels = ["人"] }]\n'
        'counter = ["人"]\ndivisible_counter = []\n',
        "utf-8",
    )
    monkeypatch.setattr(perfeval.quantity.units, "_TABLE", table)
    with pytest.raises(ValueError, match="lists 人 twice"):
        perfeval.quantity.units.labels.__wrapped__()
