from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from perfeval.messages import LANGUAGES
from perfeval.policy import OPERATORS, QUALITATIVE, list_policies, load_policy
from perfeval.reports.pages.policy import describe, overview
from perfeval.reports.text import fit, width

SHIPPED = list_policies()
HEAD = 'schema = 1\nid = "ours"\nname = "我局口径"\nextends = "general"\n'
SOURCE = '[source]\ntext = "通知第三条"\ncertainty = "verified"\n'

both = pytest.mark.parametrize("lang", LANGUAGES)


def text_of(name: str, lang: str) -> str:
    return describe(load_policy(name), lang)


def ours(folder: Path, body: str, lang: str) -> str:
    path = folder / "ours.toml"
    path.write_text(HEAD + SOURCE + body, encoding="utf-8")
    return describe(load_policy(str(path)), lang)


def example(text: str, operator: str) -> str:
    """The lines that belong to one operator."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"  {fit(operator, 5)}"))
    body = [line.strip() for line in lines[start + 1 :]]
    return "\n".join(
        body[: next(n for n in range(9) if not lines[start + 1 + n].startswith("   "))]
    )


# x = 1.5 t under ≤: reverse formula A gives 0.667, B gives 0.5.
_WORKED = {
    "chongqing": ("≤", "100 ÷ 150 ≈ 0.6667", "20 × 0.6667 ≈ 13.33"),
    "general": ("≤", "100 ÷ 150 ≈ 0.6667", "20 × 0.6667 ≈ 13.33"),
    "guangxi": ("≤", "100 ÷ 150 ≈ 0.6667", "20 × 0.6667 ≈ 13.33"),
    "hubei-2020": ("定性", "0.65", "20 × 0.65 = 13.00"),
    "mof-2020": ("≥", "80 ÷ 100 = 0.8", "20 × 0.8 = 16.00"),
    "mof-2021": ("定性", "0.7", "20 × 0.7 = 14.00"),
    "provincial": ("≤", "2 − 150 ÷ 100 = 0.5", "20 × 0.5 = 10.00"),
}


@both
@pytest.mark.parametrize("name", SHIPPED)
def test_worked_example(name: str, lang: str) -> None:
    operator, ratio, score = _WORKED[name]
    told = example(text_of(name, lang), operator)
    assert ratio in told
    assert score in told


@both
@pytest.mark.parametrize("name", SHIPPED)
def test_every_operator_has_an_example_with_a_score(name: str, lang: str) -> None:
    text = text_of(name, lang)
    for operator in (*OPERATORS, QUALITATIVE):
        assert re.search(r"20 × [\d.]+ [=≈] \d+\.\d\d", example(text, operator)), operator


@both
@pytest.mark.parametrize("name", SHIPPED)
def test_printed_arithmetic_is_true(name: str, lang: str) -> None:
    text = " ".join(text_of(name, lang).split())
    term = r"\d+(?:\.\d+)?"
    found = re.findall(rf"({term}(?: [−×÷] {term})+) ([=≈]) ({term})", text)
    assert len(found) >= 12
    for left, sign, right in found:
        value = calculated(left)
        if sign == "=":
            assert value == Fraction(right), (left, right)
        else:
            places = len(right.partition(".")[2])
            assert abs(value - Fraction(right)) <= Fraction(51, 100) / 10**places, (left, right)


def calculated(text: str) -> Fraction:
    difference = text.split(" − ")
    if len(difference) > 1:
        return calculated(difference[0]) - calculated(difference[1])
    first, *others = text.split()
    value = Fraction(first)
    for sign, number in zip(others[::2], others[1::2], strict=True):
        value = value * Fraction(number) if sign == "×" else value / Fraction(number)
    return value


@both
def test_strict_operators_and_exceeded_targets(lang: str) -> None:
    # Deployed practice: full points at equality although the predicate is false.
    text = text_of("general", lang)
    for operator, predicate in ((">", "100 > 100"), ("<", "100 < 100"), ("=", "120 = 100")):
        assert "20 × 1 = 20.00" in example(text, operator)
        assert predicate in example(text, operator)
    assert "full marks" in text if lang == "en" else "仍得满分" in text


@both
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("chongqing", ["20 × 90 ÷ 100 = 18", "10 × 76 ÷ 100 = 7.60"]),  # 76 % gives 7.6 points
        ("hubei-2020", ["20 × 76 ÷ 100 = 15.20"]),
        ("mof-2020", ["产出指标 50", "效益指标 30", "满意度指标 10"]),
        ("mof-2021", ["成本指标 20", "20 × 0.5 = 10.00", "服务对象满意度指标"]),
        ("guangxi", ["1.3"]),
        ("provincial", ["1.2", "mof-2020"]),
    ],
)
def test_what_a_policy_adds_is_told(name: str, words: list[str], lang: str) -> None:
    text = " ".join(text_of(name, lang).split())
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    ("name", "lang", "words"),
    [
        (
            "chongqing",
            "en",
            ["Chongqing (chongqing)", "inferred", "keep their weights: 100 in all"],
        ),
        (
            "chongqing",
            "zh",
            ["重庆市自评表口径（chongqing）", "推断", "按权重原值计分，满分 100 分"],
        ),
        ("mof-2020", "en", ["verified", "the 10 points are undecided"]),
        ("mof-2020", "zh", ["已核实", "这 10 分待定"]),
        ("mof-2021", "en", ["believed, original not seen", "unit %: rule satisfaction rate"]),
        ("mof-2021", "zh", ["未见原文", "单位 %：满意度法（satisfaction）"]),
        ("guangxi", "en", ["a written reason is required"]),
        ("guangxi", "zh", ["并须书面说明原因"]),
        ("hubei-2020", "en", ["部分达成 0.5 to below 0.8", "良 80 to below 90"]),
        ("hubei-2020", "zh", ["部分达成 0.5 至 0.8（不含）", "优 90 分及以上"]),
    ],
)
def test_words(name: str, lang: str, words: list[str]) -> None:
    text = re.sub(r"(?<=[^\x00-\x7f])\n +(?=[^\x00-\x7f])", "", text_of(name, lang))
    text = " ".join(text.split())
    assert [word for word in words if word not in text] == []


@both
@pytest.mark.parametrize("name", SHIPPED)
def test_80_columns_and_nothing_left_open(name: str, lang: str) -> None:
    for text in (text_of(name, lang), overview([load_policy(name)], lang)):
        assert max(width(line) for line in text.splitlines()) <= 80
        assert not re.search(r"[{}]|None|Fraction|[ \t]\n", text)
        assert text.endswith("\n")


@both
def test_overview(lang: str) -> None:
    lines = overview([load_policy(name) for name in SHIPPED], lang).splitlines()
    assert [line.split()[0] for line in lines if line[:1].isalpha()][: len(SHIPPED)] == SHIPPED
    (chongqing,) = [line for line in lines if line.startswith("chongqing")]
    assert ("重庆市自评表口径 · 推断" if lang == "zh" else "Chongqing · inferred") in chongqing
    assert "--policy" in lines[-1] or "--policy" in lines[-2]


@both
def test_a_policy_of_ones_own(lang: str, tmp_path: Path) -> None:
    text = ours(
        tmp_path,
        '[operators]\n"=" = "met"\n'
        "[rules.proportional]\ncurve = [[0, 0], [0.6, 0], [0.6, 0.6], [0.8, 0.7], [1, 1]]\n",
        lang,
    )
    assert "20 × 0.7 = 14.00" in example(text, "≥")
    assert "20 × 0 = 0.00" in example(text, "=")
    # What a person judges is the coefficient, whatever the curve.
    assert "20 × 0.7 = 14.00" in example(text, "定性")
    told = " ".join(text.split())
    if lang == "en":
        assert "0 up to 0, 0 just below 0.6, 0.6 from 0.6, 0.7 at 0.8, 1 from 1" in told
        assert "120 = 100 does not hold: ratio 0" in told
    else:
        assert "接近0.6时为0、0.6及以上为0.6、0.8时为0.7、" in "".join(text.split())
        assert "120 = 100 不成立：比例为 0" in told
    # Under this policy a target of 0 with "=" is met or not like any other.
    assert ("A target of 0" if lang == "en" else "目标值为 0") not in told


@both
def test_all_or_nothing_by_default(lang: str, tmp_path: Path) -> None:
    text = ours(tmp_path, '[choose]\ndefault = "direct"\n', lang)
    assert "20 × 0 = 0.00" in example(text, "≥")
    for score in ("20 × 1 = 20.00", "20 × 0 = 0.00"):
        assert score in example(text, "定性")


@both
def test_without_execution_and_groups(lang: str, tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(HEAD + "execution = false\n" + SOURCE, encoding="utf-8")
    text = describe(load_policy(str(path)), lang)
    assert ("Budget execution is not scored" if lang == "en" else "不计预算执行率得分") in text
    assert "76" not in text.split("sha256")[0]
