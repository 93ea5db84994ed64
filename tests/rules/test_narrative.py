"""What the narrative rules read from texts: quantities, equations, and nothing else."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.checking import check
from perfeval.rules.narrative.arithmetic import slips
from perfeval.rules.narrative.text import Narrative, legible
from perfeval.sources.specs import Specs, load_specs
from tests.readme import ROOT


def _read(text: str) -> list[tuple[str, str]]:
    """The quantities of a text, as printed, and whether they are rates."""
    fields = {name: [text if name == "overview" else None] for name in
              ("overview", "basis", "schedule", "goal")}  # fmt: skip
    projects = pl.DataFrame(
        {"project": ["P1"], "file": ["a"], "line": [1], "year": [2023], **fields},
        schema_overrides=dict.fromkeys(fields, pl.String),
    )
    quantities = Narrative(projects).quantities.remove("rate")
    return list(quantities.select("printed", "context").iter_rows())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全年计划安置职工380人。", [("380人", "全年计划安置职工")]),
        (
            "完成１００批次10,000人次的职业技能鉴定",
            [("100批次", "完成"), ("10000人次", "完成的职业技能鉴定")],
        ),
        ("为全区8600多名退休干部服好务", [("8600多名", "为全区退休干部服好务")]),
        ("参保率达到95%以上", [("达到95%以上", "参保率")]),
        (
            "大厅窗口人员130人、社保所窗口人员100人，共计230人",
            [
                ("130人", "大厅窗口人员"),
                ("100人", "、社保所窗口人员"),
                ("230人", "、社保所窗口人员"),
            ],
        ),
        ("管存档案95万余件", [("95万余件", "管存档案")]),
    ],
)
def test_a_quantity_is_read_with_what_it_counts(text: str, found: list[tuple[str, str]]) -> None:
    assert _read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "根据《关于培训200人的通知》（綦江委办〔2008〕131号）",
        "《职业技能鉴定规定》（渝财综〔2020",
        "2023年3月15日，第28次集体学习，区政府37次常务会纪要要求",
        "（1）组织；（2）培训；3.会议；①印刷",
        "1-9楼，每期20-30人，招收“三支一扶”人员",
        "历时12个月，60日内办结，5年",
        "（重庆市人民政府令第237号）",
    ],
)
def test_what_is_no_quantity_does_not_become_one(text: str) -> None:
    assert _read(text) == []


def test_a_rate_is_no_total() -> None:
    assert _read("每人每月补助1200元，5.2万元/人/年，每月召开会议1次") == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("80,000元/次", "80000元/次"),
        ("1,234,567元", "1234567元"),
        ("5人,其中2人", "5人，其中2人"),
        ("１２月＝21 万元(含税)", "12月=21万元（含税）"),
        ("20人x300元", "20人×300元"),
        ("100㎡*30元", "100平方米×30元"),
        ("华为X5型", "华为X5型"),
    ],
)
def test_texts_are_made_legible(text: str, plain: str) -> None:
    assert pl.select(legible(pl.lit(text))).item() == plain


_FACTORS = st.lists(st.tuples(st.integers(1, 9999), st.integers(0, 2)), min_size=2, max_size=4).map(
    lambda pairs: [Fraction(number, 10**places) for number, places in pairs]
)
_UNITS = ["元/人/天", "人", "天", "次"]


def _decimal(value: Fraction) -> str:
    return format(float(value), "f").rstrip("0").rstrip(".")


@settings(deadline=None)
@given(_FACTORS)
def test_a_product_that_is_right_is_never_told(factors: list[Fraction]) -> None:
    left = "×".join(
        _decimal(factor) + label for factor, label in zip(factors, _UNITS, strict=False)
    )
    exact = prod(factors)
    whole = exact.numerator * 10**8 // exact.denominator
    printed = f"{whole // 10**8}.{whole % 10**8:08d}".rstrip("0").rstrip(".")
    assert list(slips(f"{left}={printed}元")) == []


@settings(deadline=None)
@given(st.integers(1, 999), st.integers(1, 999), st.integers(2, 9))
def test_a_product_with_a_zero_too_many_is_told_with_its_value(
    people: int, yuan: int, days: int
) -> None:
    value = people * yuan * days
    (slip,) = slips(f"{people}人×{yuan}元/人/天×{days}天={value}0元")
    assert slip.computed == value
    assert slip.difference == 9 * value
    assert slip.unit == "元"
    assert not slip.small


@settings(deadline=None)
@given(st.text("0123456789.×÷+-=（）/%元人天万每约余，：", max_size=40))
def test_no_text_stops_the_arithmetic(text: str) -> None:
    list(slips(text))


@settings(deadline=None)
@given(st.integers(10_000, 9_999_999))
def test_rounding_to_the_printed_digits_is_right(yuan: int) -> None:
    """金额 of whole 元, printed in 万元 with two decimals, half up."""
    hundredths = (yuan + 50) // 100
    assert list(slips(f"1人×{yuan}元/人={hundredths // 100}.{hundredths % 100:02d}万元")) == []


# Read by eye against the texts of the disclosure: what a careful reviewer would ask about.
_REVIEWED = {
    ("N101", "384852", "2022年完成", "error"),
    ("N103", "176741", None, "warning"),  # a standard of 2022 and of 2023
    ("N201", "384834", "鉴定国家职业职业资格和专项职业资格人员", "warning"),  # 10000, asks for 3000
    ("N201", "384913", "正高级专家体检", "warning"),  # 80, asks for 107
    ("N201", "384925", "职工安置", "warning"),  # 380, asks for 300
    ("N201", "384940", "社会化活动发放人数", "info"),  # 29233, asks for 28000
    ("N201", "384961", "组织鉴定评审", "warning"),  # 24, asks for 15
    ("N201", "385042", "窗口工作人员着装人数", "warning"),  # 230, asks for 200
    ("N201", "385057", "参保率", "info"),  # 95 %, asks for 90 %
    ("N201", "385078", "慰问退干干部", "warning"),  # 9000 of 8600多
    ("N202", "384729", None, "info"),  # 405 for 405.8
    ("N202", "384780", None, "info"),  # 255 for 255.5
    ("N202", "384940", None, "warning"),  # 200 for 193.39
    ("N202", "385078", None, "warning"),  # 221.4 for 131.4
    ("N202", "538194", None, "info"),  # 140 for 140.1
    ("N203", "385003", None, "info"),  # 436.84344, not 436.85
    ("N305", "384976", None, "info"),  # 两金三制, 一金三制
}


def test_the_findings_of_the_real_texts_are_those_that_were_reviewed() -> None:
    specs = load_specs(ROOT / "specs")
    found = check(specs, None, ["N1", "N2", "N305"]).findings
    told = found.select("code", pl.col("project").str.tail(6), "indicator", "severity").rows()
    assert set(told) == _REVIEWED
    assert len(told) == len(_REVIEWED)


def _codes(specs: Specs) -> list[tuple[str, str, str | None, str]]:
    findings = check(specs, "general", ["N"]).findings
    return sorted(findings.select("code", "project", "indicator", "values").rows())


def test_findings_do_not_depend_on_the_order_of_projects_and_indicators() -> None:
    specs = load_specs(ROOT / "specs")
    turned = Specs(specs.projects.reverse(), specs.indicators.reverse(), None, ())
    assert _codes(turned) == _codes(specs)


def test_a_clean_project_adds_no_finding_elsewhere() -> None:
    specs = load_specs(ROOT / "specs")
    clean = specs.projects.filter(pl.col("type") == "专项业务").head(1).with_columns(
        project=pl.lit("P1"), name=pl.lit("道路养护"), overview=pl.lit("养护县道356公里。"),
        basis=pl.lit("《公路法》"), schedule=pl.lit("按月巡查。"), goal=pl.lit("路况优良率85%。"),
    )  # fmt: skip
    more = Specs(pl.concat([specs.projects, clean]), specs.indicators, None, ())
    assert _codes(more) == _codes(specs)


@pytest.mark.parametrize(
    "text", ["", " ", "\x1f\x1c", "《", "（" * 500, "1" * 400 + "人", "=×=" * 50]
)
def test_no_text_stops_a_rule(text: str) -> None:
    specs = load_specs(ROOT / "specs")
    texts = {name: pl.lit(text) for name in ("overview", "basis", "schedule", "goal")}
    hostile = Specs(specs.projects.with_columns(**texts), specs.indicators, None, ())
    codes = check(hostile, "general", ["N", "P"]).findings["code"]
    assert "P001" not in codes
