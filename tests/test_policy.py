from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.policy import (
    OPERATORS,
    RATIOS,
    Band,
    Choice,
    Curve,
    Execution,
    Grade,
    OverAchievement,
    Policy,
    list_policies,
    load_policy,
)
from perfeval.problems import InputError

SHIPPED = ["chongqing", "general", "guangxi", "hubei-2020", "mof-2020", "mof-2021", "provincial"]
HEAD = 'schema = 1\nid = "ours"\nname = "我局口径"\n'
SOURCE = '[source]\ntext = "通知第三条"\ncertainty = "verified"\n'


def knots(*pairs: tuple[object, object]) -> tuple[tuple[Fraction, Fraction], ...]:
    return tuple((Fraction(str(ratio)), Fraction(str(value))) for ratio, value in pairs)


def ours(folder: Path, body: str = "", head: str = 'extends = "general"\n') -> Policy:
    path = folder / "ours.toml"
    path.write_text(HEAD + head + SOURCE + body, encoding="utf-8")
    return load_policy(str(path))


def refusals(path: Path | str, base: Path | None = None) -> list[tuple[int | None, str]]:
    with pytest.raises(InputError) as caught:
        load_policy(str(path), base)
    return [(problem.line, problem.text("en")) for problem in caught.value.problems]


# Shipped policies: values and the clause or form that they come from.


def test_shipped_policies() -> None:
    assert list_policies() == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_policy_is_complete_and_documented(name: str) -> None:
    policy = load_policy(name)
    assert policy.id == name
    assert policy.path.stem == name
    assert re.fullmatch(r"[0-9a-f]{64}", policy.sha256)
    assert policy.name_en != policy.name
    assert policy.source_en != policy.source
    assert tuple(policy.operators) == OPERATORS
    # An indicator's own `rule` works under any policy.
    assert {"direct", "proportional", "graded", "satisfaction"} <= policy.rules.keys()


def test_general() -> None:
    policy = load_policy("general")
    assert policy.parents == ()
    assert policy.total == 100
    assert policy.level1 == {}
    assert policy.execution == Execution(Fraction(10), False, Fraction(90))
    assert policy.operators == {
        "≥": "actual/target",
        ">": "actual/target",
        "=": "actual/target",
        "≤": "target/actual",
        "<": "target/actual",
    }
    assert policy.bands == (
        Band("未达成", Fraction(0), Fraction("0.6")),
        Band("部分达成", Fraction("0.6"), Fraction("0.8")),
        Band("达成", Fraction("0.8"), Fraction(1)),
    )
    assert policy.grades == (
        Grade("优", Fraction(90)),
        Grade("良", Fraction(80)),
        Grade("中", Fraction(60)),
        Grade("差", Fraction(0)),
    )
    assert policy.over_achievement == OverAchievement(Fraction("1.2"), False)
    assert (policy.default_rule, policy.choices) == ("proportional", ())
    rules = policy.rules
    assert rules["proportional"].ratio is None
    assert rules["proportional"].curve.knots == knots((0, 0), (1, 1))
    assert (rules["direct"].ratio, rules["graded"].ratio) == ("met", "band")
    assert rules["direct"].curve == rules["graded"].curve == rules["proportional"].curve
    # 财预〔2021〕101号: s ≥ 90 full marks, 60 ≤ s < 90 by (s − 60)/30, below 60 nothing.
    assert (rules["satisfaction"].ratio, rules["satisfaction"].unit) == ("actual", "%")
    assert rules["satisfaction"].curve.knots == knots((60, 0), (90, 1))


def test_national_measure_of_2020() -> None:
    # 财预〔2020〕10号: execution 10, outputs 50, benefits 30, satisfaction 10.
    policy = load_policy("mof-2020")
    assert policy.parents == ("general",)
    assert policy.total == 90
    assert policy.level1 == {"产出指标": 50, "效益指标": 30, "满意度指标": 10}
    assert policy.execution == Execution(Fraction(10), True, Fraction(90))
    assert policy.certainty == "verified"
    assert "未见原文" in policy.source  # that it is silent on ≤ and =


def test_central_guideline_of_2021() -> None:
    # 财预〔2021〕101号: 20 cost, 40 outputs, 20 benefits, 10 satisfaction, 10 execution.
    policy = load_policy("mof-2021")
    assert policy.total == 90
    assert policy.level1 == {"成本指标": 20, "产出指标": 40, "效益指标": 20, "满意度指标": 10}
    # Without cost 50/30/10; without satisfaction the benefits get its 10.
    assert [dict(each) for each in policy.alternatives] == [
        {"成本指标": 20, "产出指标": 40, "效益指标": 30},
        {"产出指标": 50, "效益指标": 30, "满意度指标": 10},
        {"产出指标": 50, "效益指标": 40},
    ]
    assert policy.execution == Execution(Fraction(10), True, Fraction(90))
    assert policy.certainty == "believed"
    assert policy.default_rule == "proportional"
    assert policy.choices == (
        Choice("满意度指标", None, "%", "satisfaction"),
        Choice(None, "服务对象满意度指标", "%", "satisfaction"),
    )


def test_chongqing() -> None:
    # Self-evaluation form: indicators carry 90 of 100; target tables sum to 100.
    policy = load_policy("chongqing")
    assert policy.total == 100
    assert policy.execution == Execution(Fraction(10), False, Fraction(90))
    assert policy.operators["≤"] == "target/actual"
    assert policy.certainty == "inferred"


def test_hubei_layout() -> None:
    policy = load_policy("hubei-2020")
    assert policy.total == 80
    assert policy.execution == Execution(Fraction(20), True, Fraction(80))
    assert [(band.name, band.low) for band in policy.bands] == [
        ("未达成", 0),
        ("部分达成", Fraction("0.5")),
        ("达成", Fraction("0.8")),
    ]


def test_guangxi() -> None:
    policy = load_policy("guangxi")
    assert policy.over_achievement == OverAchievement(Fraction("1.3"), True)
    assert policy.total == 100


def test_provincial() -> None:
    policy = load_policy("provincial")
    assert (policy.operators["≤"], policy.operators["<"]) == ("2 - actual/target",) * 2
    assert policy.operators["="] == policy.operators["≥"] == "actual/target"
    assert policy.over_achievement == OverAchievement(Fraction("1.2"), False)
    assert policy.total == 90
    assert policy.parents == ("mof-2020", "general")


def test_code_knows_no_policy() -> None:
    package = Path(load_policy("general").path).parents[1]
    for path in [*package.glob("policy*.py"), *package.glob("reports/pages/policy*.py")]:
        code = path.read_text(encoding="utf-8")
        assert not [name for name in SHIPPED if f'"{name}"' in code], path


# Curves.


@pytest.mark.parametrize(
    ("pairs", "ratio", "coefficient"),
    [
        (((0, 0), (1, 1)), "0.8", "0.8"),
        (((0, 0), (1, 1)), "1.5", "1"),
        (((0, 0), (1, 1)), "-1", "0"),
        (((60, 0), (90, 1)), "75", "0.5"),
        (((60, 0), (90, 1)), "59.99", "0"),
        (((0, 0), (0.6, 0), (0.6, 0.6), (1, 1)), "0.5999", "0"),
        (((0, 0), (0.6, 0), (0.6, 0.6), (1, 1)), "0.6", "0.6"),
        (((0, 0), (0.6, 0), (0.6, 0.6), (1, 1)), "0.8", "0.8"),
    ],
)
def test_curve(pairs: tuple[tuple[object, object], ...], ratio: str, coefficient: str) -> None:
    assert Curve(knots(*pairs)).at(Fraction(ratio)) == Fraction(coefficient)


_small = st.fractions(0, 3, max_denominator=20)
_coefficients = st.fractions(0, 1, max_denominator=20)


@given(st.lists(st.tuples(_small, _coefficients), min_size=2, max_size=6), _small, _small)
def test_a_curve_that_never_falls_gives_coefficients_that_never_fall(
    pairs: list[tuple[Fraction, Fraction]], one: Fraction, other: Fraction
) -> None:
    ratios, coefficients = (sorted(values) for values in zip(*pairs, strict=True))
    curve = Curve(tuple(zip(ratios, coefficients, strict=True)))
    low, high = sorted((one, other))
    assert 0 <= curve.at(low) <= curve.at(high) <= 1


# Extending.


def deciding(policy: Policy) -> dict[str, object]:
    named = ("id", "name", "name_en", "source", "source_en", "certainty", "parents", "path")
    return {
        name: getattr(policy, name)
        for name in Policy.__dataclass_fields__
        if name not in (*named, "sha256")
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_extending_without_saying_more_changes_nothing(name: str, tmp_path: Path) -> None:
    parent = load_policy(name)
    policy = ours(tmp_path, head=f'extends = "{name}"\n')
    assert deciding(policy) == deciding(parent)
    assert policy.sha256 == parent.sha256
    assert policy.parents == (name, *parent.parents)
    assert (policy.id, policy.name, policy.name_en) == ("ours", "我局口径", "我局口径")
    assert (policy.source, policy.source_en) == ("通知第三条", "通知第三条")


def test_what_extending_replaces_and_what_it_merges(tmp_path: Path) -> None:
    policy = ours(
        tmp_path,
        """
        [operators]
        "≤" = "met"
        [rules.satisfaction]
        curve = [[0, 0], [1, 1]]
        [rules.half]
        curve = [[0, 0], [0.5, 1]]
        [bands]
        "好" = [0.9, 1]
        "一般" = [0.5, 0.9]
        "差" = [0, 0.5]
        [weights.level1]
        "产出指标" = 90
        [[choose.when]]
        unit = "天"
        rule = "direct"
        """,
        'extends = "mof-2021"\n',
    )
    parent = load_policy("mof-2021")
    assert policy.operators == {**parent.operators, "≤": "met"}
    assert policy.rules.keys() == {*parent.rules, "half"}
    assert (policy.rules["satisfaction"].ratio, policy.rules["satisfaction"].unit) == (None, None)
    assert [band.name for band in policy.bands] == ["差", "一般", "好"]
    assert policy.level1 == {"产出指标": 90}
    assert policy.alternatives == ()  # the parent's go with its groups
    assert policy.choices == (Choice(None, None, "天", "direct"),)
    assert policy.default_rule == parent.default_rule


def test_execution_can_be_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(HEAD + 'extends = "general"\nexecution = false\n' + SOURCE, encoding="utf-8")
    assert load_policy(str(path)).execution is None


def test_ratio_of_rule_and_operator() -> None:
    policy = load_policy("provincial")
    assert policy.ratio("proportional", "<") == "2 - actual/target"
    assert policy.ratio("proportional", "定性") == "band"
    assert policy.ratio("direct", "<") == "met"
    assert policy.ratio("direct", "定性") == "met"
    assert policy.ratio("satisfaction", "定性") == "band"


def test_paths_are_relative_to_the_base_and_extends_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "city.toml").write_text(
        HEAD.replace("ours", "city") + 'extends = "mof-2020"\n' + SOURCE, encoding="utf-8"
    )
    (tmp_path / "district.toml").write_bytes(
        b"\xef\xbb\xbf" + (HEAD + 'extends = "city/city.toml"\n' + SOURCE).encode()
    )
    policy = load_policy("district.toml", tmp_path)
    assert policy.parents == ("city", "mof-2020", "general")
    assert policy.total == 90
    assert load_policy("./district.toml", tmp_path) == policy
    # A name is a shipped policy, whatever lies beside.
    assert load_policy("general", tmp_path) == load_policy("general")


# The fingerprint: it changes if and only if something that decides changes.


_DECIDES = [
    "[over_achievement]\nflag_at = 1.21\n",
    "[over_achievement]\nreason_required = true\n",
    '[operators]\n"=" = "met"\n',
    '[rules.direct]\nratio = "band"\n',
    "[rules.direct]\ncurve = [[0, 0], [1, 0.5]]\n",
    '[rules.satisfaction]\nratio = "actual"\nunit = "‰"\ncurve = [[60, 0], [90, 1]]\n',
    "[rules.more]\ncurve = [[0, 0], [1, 1]]\n",
    '[choose]\ndefault = "direct"\n',
    '[[choose.when]]\nunit = "%"\nrule = "direct"\n',
    '[bands]\n"达成" = [0.8, 1]\n"部分达成" = [0.59, 0.8]\n"未达成" = [0, 0.59]\n',
    '[grades]\n"优" = 90\n"良" = 80\n"中" = 61\n"差" = 0\n',
    "[execution]\nrequired = true\n",
    "[execution]\nweight = 20\nindicators = 80\n",
    '[weights.level1]\n"产出指标" = 100\n',
    '[[weights.level1]]\n"产出指标" = 100\n[[weights.level1]]\n"效益指标" = 100\n',
]
_DECIDES_NOT = [
    "",
    "# a remark\n\n\n",
    "[weights]\ntotal = 100.0\nlevel1 = {}\n",
    "[over_achievement]\nflag_at = 1.20\n",
    '[bands]\n"未达成" = [0, 0.6]\n"达成" = [0.8, 1]\n"部分达成" = [0.6, 0.8]\n',
    "[choose]\nwhen = []\n",
    '[rules.proportional]\ntitle = "别的叫法"\nsummary = "别的说法"\ncurve = [[0, 0], [1.0, 1]]\n',
]


def test_every_deciding_change_changes_the_fingerprint(tmp_path: Path) -> None:
    seen = {load_policy("general").sha256}
    for body in _DECIDES:
        sha256 = ours(tmp_path, body).sha256
        assert sha256 not in seen, body
        seen.add(sha256)


@pytest.mark.parametrize("body", _DECIDES_NOT)
def test_nothing_else_changes_the_fingerprint(body: str, tmp_path: Path) -> None:
    assert ours(tmp_path, body).sha256 == load_policy("general").sha256


def test_a_changed_parent_changes_the_fingerprint(tmp_path: Path) -> None:
    child = tmp_path / "child.toml"
    child.write_text(
        HEAD.replace("ours", "child") + 'extends = "ours.toml"\n' + SOURCE, encoding="utf-8"
    )
    ours(tmp_path)
    before = load_policy(str(child)).sha256
    ours(tmp_path, "[over_achievement]\nflag_at = 2\n")
    assert load_policy(str(child)).sha256 != before


def test_the_fingerprint_is_the_same_everywhere() -> None:
    # Results that carry it must stay comparable: change it with a reason only.
    assert load_policy("general").sha256 == (
        "e3bcb40003ebde62852b76ef71d6fa74a05e9e36eb98c76c9e4582a12b396146"
    )


# Names and files that are not there.


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("chongqin", ["unknown policy", "did you mean chongqing", "provincial"]),
        ("xyz", ["unknown policy", "guangxi, hubei-2020", ".toml"]),
        ("", ["unknown policy"]),
        ("missing/ours.toml", ["there is no policy file", "missing/ours.toml"]),
        ("ouers.toml", ["there is no policy file", 'did you mean "ours.toml"']),
        ("folder.toml", ["is a folder"]),
        (f"{'k' * 5000}.toml", ["cannot be read: File name too long", "kkk…"]),
        ("null\0.toml", ["there is no policy file", "\\u0000"]),
    ],
)
def test_what_is_not_there(name: str, words: list[str], tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    ours(tmp_path)
    ((line, text),) = refusals(name, tmp_path)
    assert line is None
    assert [word for word in words if word not in text] == []


# One bad file per mistake: what is written, its line, and the words of the message.

GENERAL = 'extends = "general"\n' + SOURCE  # the body then begins in line 8
BAD: dict[str, tuple[str, int | None, list[str]]] = {
    "unknown key": (GENERAL + "[weigths]\ntotal = 1", 8, ["weigths", "did you mean weights?"]),
    "unknown key, nothing near": (GENERAL + "[zzz]", 8, ["unknown key zzz", "over_achievement"]),
    "unknown key in a table": (GENERAL + "[weights]\ntotl = 1", 9, ["weights.totl", "mean total?"]),
    "unknown key in a condition": (
        GENERAL + '[[choose.when]]\nunit = "%"\nlevl1 = "x"\nrule = "direct"',
        10,
        ["choose.when.levl1", "mean level1?"],
    ),
    "text for a number": (
        GENERAL + '[weights]\ntotal = "90"',
        9,
        ["weights.total must be a number", 'found "90"'],
    ),
    "true for a number": (GENERAL + "[weights]\ntotal = true", 9, ["must be a number", "true"]),
    "number for a text": (
        GENERAL.replace('"通知第三条"', "3"),
        6,
        ["source.text must be text in quotes", "found 3"],
    ),
    "text for a flag": (
        GENERAL + '[execution]\nrequired = "yes"',
        9,
        ["execution.required must be true or false", '"yes"'],
    ),
    "nan": (GENERAL + "[weights]\ntotal = nan", 9, ["finite", "NaN"]),
    "infinity": (GENERAL + "[weights]\ntotal = inf", 9, ["finite", "Infinity"]),
    "an exponent beyond any": (
        GENERAL + "[weights]\ntotal = 1e99999999999999999999",
        9,
        ["finite"],
    ),
    "a huge number": (GENERAL + "[weights]\ntotal = 1e999999999", 9, ["below 1000000000"]),
    "a tiny number": (GENERAL + "[weights]\ntotal = 1e-999999999", 9, ["4 decimals"]),
    "a zero with a huge exponent": (GENERAL + "[weights]\ntotal = 0e999999999", 9, ["below"]),
    "too many decimals": (GENERAL + "[weights]\ntotal = 0.12345", 9, ["4 decimals", "0.12345"]),
    "a table for a number": (GENERAL + "[weights.total]\nx = 1", 8, ["must be a number", "{…}"]),
    "a number for a table": (
        GENERAL.replace(SOURCE, "weights = 90\n" + SOURCE),
        5,
        ["weights must be a table", "[weights]", "found 90"],
    ),
    "weight of nothing": (GENERAL + "[weights]\ntotal = 0", 9, ["must be more than 0", "found 0"]),
    "negative group": (
        GENERAL + '[weights.level1]\n"产出指标" = -5',
        9,
        ['weights.level1."产出指标"', "more than 0", "found -5"],
    ),
    "groups against total": (
        GENERAL + '[weights]\ntotal = 100\n[weights.level1]\n"产出指标" = 50\n"效益指标" = 30.5',
        10,
        ["sum to 80.5", "total is 100"],
    ),
    "other groups against total": (
        GENERAL
        + '[weights]\ntotal = 100\n[[weights.level1]]\n"产出指标" = 100\n'
        + '[[weights.level1]]\n"产出指标" = 60\n"效益指标" = 30',
        12,
        ["sum to 90", "total is 100"],
    ),
    "a structure without groups": (
        GENERAL + '[weights]\ntotal = 100\n[[weights.level1]]\n[[weights.level1]]\n"产出" = 100',
        10,
        ["weights.level1 holds a structure without groups"],
    ),
    "groups that are no table": (
        GENERAL + "[weights]\nlevel1 = [50]",
        9,
        ["weights.level1 must be a table", "found 50"],
    ),
    "total against inherited groups": (
        'extends = "mof-2020"\n' + SOURCE + "[weights]\ntotal = 100",
        9,
        ["sum to 90", "total is 100"],
    ),
    "no such operator": (
        GENERAL + '[operators]\n">=" = "met"',
        9,
        ['operators.">="', "did you mean ≥?", '"≥", ">"'],
    ),
    "an operator in words": (
        GENERAL + '[operators]\n"不超过" = "met"',
        9,
        ['operators."不超过"', "did you mean ≤?"],
    ),
    "no ratio for what a person judges": (
        GENERAL + '[operators]\n"定性" = "met"',
        9,
        ['unknown key operators."定性"'],
    ),
    "no such ratio": (
        GENERAL + '[operators]\n"≤" = "target/actuals"',
        9,
        ['operators."≤"', 'did you mean "target/actual"?'],
    ),
    "ratio against the direction": (
        GENERAL + '[operators]\n"≥" = "2 - actual/target"',
        9,
        ['operators."≥" cannot be "2 - actual/target"', '"actual/target", "met"'],
    ),
    "no such ratio of a rule": (
        GENERAL + "[rules.x]\nratio = 7\ncurve = [[0, 0], [1, 1]]",
        9,
        ["rules.x.ratio cannot be 7", '"band"'],
    ),
    "a rule without a curve": (
        GENERAL + '[rules.x]\ntitle = "某法"',
        8,
        ["rules.x.curve is missing"],
    ),
    "a curve that says nothing": (
        GENERAL + '[rules.x]\nratio = "met"\ncurve = [[0, 0], [1, 0.5]]',
        10,
        ["rules.x.curve", '"met" is the coefficient itself', "leave the curve out"],
    ),
    "a curve of one knot": (
        GENERAL + "[rules.x]\ncurve = [[0, 0]]",
        9,
        ["at least two knots", "[[0, 0]]"],
    ),
    "a curve that is no list": (GENERAL + "[rules.x]\ncurve = 1", 9, ["must be a list", "found 1"]),
    "a knot of three": (
        GENERAL + "[rules.x]\ncurve = [\n[0, 0],\n[1, 1, 1]\n]",
        11,
        ["needs 2 numbers", "[1, 1, 1]"],
    ),
    "a knot of text": (
        GENERAL + '[rules.x]\ncurve = [[0, "0"], [1, 1]]',
        9,
        ["rules.x.curve must be a number", '"0"'],
    ),
    "knots out of order": (
        GENERAL + "[rules.x]\ncurve = [\n[0, 0],\n[1, 0.5],\n[0.9, 1],\n]",
        12,
        ["in order", "[0.9, 1] follows [1, 0.5]"],
    ),
    "falling coefficients": (
        GENERAL + "[rules.x]\ncurve = [\n[0, 1],\n[1, 0.5],\n]",
        11,
        ["must not decrease", "[1, 0.5] follows [0, 1]"],
    ),
    "coefficient above 1": (
        GENERAL + "[rules.x]\ncurve = [\n[0, 0],\n[1, 1.5],\n]",
        11,
        ["[1, 1.5]", "between 0 and 1"],
    ),
    "coefficient below 0": (
        GENERAL + "[rules.x]\ncurve = [[0, -0.1], [1, 1]]",
        9,
        ["[0, -0.1]", "between 0 and 1"],
    ),
    "three knots at one ratio": (
        GENERAL + "[rules.x]\ncurve = [[0, 0], [0, 0.5], [0, 1]]",
        9,
        ["at most two knots", "ratio 0"],
    ),
    "actual without unit": (
        GENERAL + '[rules.x]\nratio = "actual"\ncurve = [[60, 0], [90, 1]]',
        8,
        ["rules.x", "unit", "both"],
    ),
    "unit without actual": (
        GENERAL + '[rules.x]\nunit = "%"\ncurve = [[60, 0], [90, 1]]',
        8,
        ["rules.x", 'ratio = "actual"', "both"],
    ),
    "no such default rule": (
        GENERAL + '[choose]\ndefault = "proportionl"',
        9,
        ['"proportionl"', 'did you mean "proportional"?'],
    ),
    "no such chosen rule": (
        GENERAL + '[[choose.when]]\nunit = "%"\nrule = "zzz"',
        10,
        ['no rule "zzz"', '"satisfaction"'],
    ),
    "a default for one unit only": (
        GENERAL + '[choose]\ndefault = "satisfaction"',
        9,
        ['"satisfaction"', '"%" only', "default"],
    ),
    "a rule chosen without its unit": (
        GENERAL + '[[choose.when]]\nlevel1 = "满意度指标"\nrule = "satisfaction"',
        8,
        ['"satisfaction"', 'add unit = "%"'],
    ),
    "a condition without a rule": (
        GENERAL + '[[choose.when]]\nunit = "%"',
        8,
        ["choose.when.rule is missing"],
    ),
    "a rule without a condition": (
        GENERAL + '[[choose.when]]\nrule = "direct"',
        8,
        ["needs a condition"],
    ),
    "a condition that never applies": (
        GENERAL + '[[choose.when]]\nunit = "%"\nrule = "direct"\n'
        '[[choose.when]]\nunit = "%"\nlevel1 = "产出指标"\nrule = "graded"',
        11,
        ["condition 2", "never applies", "condition 1"],
    ),
    "a gap between bands": (
        GENERAL + '[bands]\n"好" = [0.8, 1]\n"中" = [0.4, 0.6]\n"差" = [0, 0.4]',
        9,
        ['bands."好" = [0.8, 1]', "gap", "0.6"],
    ),
    "bands that overlap": (
        GENERAL + '[bands]\n"好" = [0.6, 1]\n"中" = [0.4, 0.8]\n"差" = [0, 0.4]',
        9,
        ["overlaps", "0.8"],
    ),
    "bands that end early": (
        GENERAL + '[bands]\n"好" = [0.6, 0.9]\n"中" = [0.4, 0.6]\n"差" = [0, 0.4]',
        8,
        ["must cover 0 to 1", "0.9"],
    ),
    "a band upside down": (
        GENERAL + '[bands]\n"好" = [1, 0.6]\n"中" = [0.4, 0.6]\n"差" = [0, 0.4]',
        9,
        ['bands."好"', "must rise", "[1, 0.6]"],
    ),
    "a band beyond 1": (
        GENERAL + '[bands]\n"好" = [0.6, 100]\n"中" = [0.4, 0.6]\n"差" = [0, 0.4]',
        8,
        ["must cover 0 to 1", "100"],
    ),
    "no bands": (GENERAL + "[bands]", 8, ["bands needs three", "found 0"]),
    "two bands": (
        GENERAL + '[bands]\n"好" = [0.6, 1]\n"差" = [0, 0.6]',
        8,
        ["bands needs three", "found 2"],
    ),
    "grades that rise": (
        GENERAL + '[grades]\n"优" = 90\n"良" = 95\n"差" = 0',
        10,
        ['grades."良" = 95', "below 90"],
    ),
    "equal grades": (
        GENERAL + '[grades]\n"优" = 90\n"良" = 90\n"差" = 0',
        10,
        ["must be below 90"],
    ),
    "grades that end above 0": (
        GENERAL + '[grades]\n"优" = 90\n"中" = 60',
        10,
        ["grades must end with", "starts at 0", "starts at 60"],
    ),
    "a grade out of reach": (
        GENERAL + '[grades]\n"优" = 101\n"差" = 0',
        9,
        ['grade "优" starts at 101', "reach 100"],
    ),
    "execution points that change full marks": (
        GENERAL + "[execution]\nweight = 20",
        9,
        ["90 + 20 = 110", "without it 100", "required = true"],
    ),
    "execution that carries nothing": (
        GENERAL + "[execution]\nindicators = 0",
        9,
        ["execution.indicators must be more than 0"],
    ),
    "execution as true": (
        GENERAL.replace(SOURCE, "execution = true\n" + SOURCE),
        5,
        ["execution must be a table", "true"],
    ),
    "over-achievement below the target": (
        GENERAL + "[over_achievement]\nflag_at = 0.8",
        9,
        ["flag_at", "more than 1", "0.8"],
    ),
    "no certainty": (
        GENERAL.replace('certainty = "verified"\n', ""),
        5,
        ["source.certainty is missing"],
    ),
    "no such certainty": (
        GENERAL.replace('"verified"', '"sure"'),
        7,
        ["source.certainty", '"verified", "inferred", "believed"'],
    ),
    "no source": (GENERAL.replace(SOURCE, ""), None, ["source is missing"]),
    "empty name": (GENERAL.replace("[source]", 'name_en = " "\n[source]'), 5, ["name_en is empty"]),
    "control characters": (
        GENERAL.replace("通知第三条", "\\u001b[31m"),
        6,
        ["control characters", "\\u001b[31m"],
    ),
    "name of two lines": (
        GENERAL.replace("[source]", 'name_en = "a\\nb"\n[source]'),
        5,
        ["name_en must be one line"],
    ),
    "extends nothing known": (
        GENERAL.replace("general", "genral"),
        4,
        ["unknown policy", "did you mean general?"],
    ),
    "extends a file that is not there": (
        GENERAL.replace('"general"', '"../city.toml"'),
        4,
        ["there is no policy file", "city.toml"],
    ),
    "extends itself": (
        GENERAL.replace('"general"', '"bad.toml"'),
        4,
        ["circle", "bad.toml → bad.toml"],
    ),
    "incomplete without extends": (
        SOURCE + "[weights]\ntotal = 100",
        None,
        ["missing: operators, rules, choose, bands, grades, over_achievement;", "one of chongqing"],
    ),
    "syntax error": (GENERAL + "[weights]\ntotal = \n", 9, ["TOML syntax error", '"total ="']),
    "twice the same key": (GENERAL + "[bands]\n[bands]\n", 9, ["TOML syntax error"]),
    "Chinese key without quotes": (
        GENERAL + "[grades]\n优 = 90",
        9,
        ["TOML syntax error", "优 = 90", "straight quotes"],
    ),
    "full-width equals sign": (GENERAL + "[weights]\ntotal ＝ 90", 9, ["half-width"]),
    "a NUL byte": (GENERAL + "[weights]\0", 8, ["TOML syntax error", "\\u0000"]),
    "text without end": (GENERAL + '[grades]\n"优 = 90', 9, ["TOML syntax error"]),
}


@pytest.mark.parametrize("mistake", BAD)
def test_bad_file(mistake: str, tmp_path: Path) -> None:
    text, line, words = BAD[mistake]
    path = tmp_path / "bad.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    ((found_line, message),) = refusals(path)
    assert [word for word in words if word not in message] == [], message
    assert found_line == line
    assert message.startswith(f"{path}:{line}: " if line else f"{path}: ")


def test_all_problems_at_once_in_all_files(tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text(
        HEAD.replace("ours", "city")
        + GENERAL
        + '[bands]\n"好" = [0.6, 1]\n[operators]\n">=" = "met"\n',
        encoding="utf-8",
    )
    path = tmp_path / "ours.toml"
    path.write_text(
        HEAD
        + GENERAL.replace('"general"', '"city.toml"')
        + '[weights]\ntotal = "a"\n[choose]\ndefault = "x"\n[grade]\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_policy(str(path))
    places = [(Path(str(p.file)).name, p.line) for p in caught.value.problems]
    assert places == [
        ("ours.toml", 9),
        ("ours.toml", 11),
        ("ours.toml", 12),
        ("city.toml", 8),
        ("city.toml", 11),
    ]


def test_problems_before_an_unreadable_parent_are_told_too(tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text("= 1", encoding="utf-8")
    path = tmp_path / "ours.toml"
    path.write_text(
        HEAD + GENERAL.replace('"general"', '"city.toml"') + "[grade]\n", encoding="utf-8"
    )
    (_, first), (_, second) = refusals(path)
    assert "grade" in first
    assert "TOML syntax error" in second


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ("schema = 2", ["schema 2", "reads schema 1", "newer perfeval"]),
        ('schema = "1"', ["schema must be 1", '"1"']),
        ("schema = true", ["schema must be 1", "true"]),
        ("schema = 0", ["schema must be 1", "found 0"]),
        ("# none", ["schema is missing"]),
    ],
)
def test_schema(schema: str, words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    # A newer form may hold keys that this version cannot know: they are not told.
    new = "[new]\n" if schema == "schema = 2" else ""
    path.write_text(HEAD.replace("schema = 1", schema) + GENERAL + new, encoding="utf-8")
    ((line, message),) = refusals(path)
    assert [word for word in words if word not in message] == [], message
    assert line == (None if schema == "# none" else 1)


def test_a_shipped_id_stays_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    text = load_policy("chongqing").path.read_text(encoding="utf-8")
    path.write_text(text.replace("weight = 10", "weight = 10.0"), encoding="utf-8")
    ((line, message),) = refusals(path)
    assert line == 2
    assert 'id "chongqing"' in message
    assert "of its own" in message
    assert load_policy(str(load_policy("chongqing").path)) == load_policy("chongqing")


def test_circles_and_long_chains(tmp_path: Path) -> None:
    def write(name: str, extends: str) -> None:
        text = HEAD.replace("ours", name) + GENERAL.replace("general", extends)
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")

    write("a", "b.toml")
    write("b", "./a.toml")
    ((line, message),) = refusals("a.toml", tmp_path)
    assert (line, "a.toml → b.toml → a.toml" in message) == (4, True)
    assert "b.toml:4" in message
    for number in range(8):
        write(f"p{number}", f"p{number + 1}.toml")
    write("p8", "general")
    ((_, message),) = refusals("p0.toml", tmp_path)
    assert "more than 8" in message
    assert load_policy("p2.toml", tmp_path).parents[-1] == "general"


# Files from strangers: a clear message, in bounded time.

HOSTILE = {
    "deep brackets": (b"a = " + b"[" * 30_000, ["nested more than 16 deep"]),
    "deep inline tables": (b"a = " + b"{a=" * 20_000, ["nested more than 16 deep"]),
    "long dotted key": (b".".join([b"a"] * 30_000) + b" = 1", ["nested more than 16 deep"]),
    "long header": (b"[" + b".".join([b'"a"'] * 15_000) + b"]", ["nested more than 16 deep"]),
    "ten megabytes": (b"# remark\n" * 1_200_000, ["larger than 64 KiB"]),
    "digits": (HEAD.encode() + b"\ntotal = " + b"9" * 60_000, ["thousands of digits"]),
    "hexadecimal digits": (HEAD.encode() + b"[weights]\ntotal = 0x" + b"f" * 60_000, ["below"]),
    "not UTF-8": ("# 口径\n".encode("gb18030"), ["not UTF-8", "0xbf"]),
    "a long key": (HEAD.encode() + b"k" * 60_000 + b" = 1", ['unknown key "kkkk', "…"]),
    "escapes": (HEAD.encode() + b'"\\u001b[2J" = 1', ['unknown key "\\u001b[2J"']),
}


@pytest.mark.parametrize("mistake", HOSTILE)
def test_hostile_file(mistake: str, tmp_path: Path) -> None:
    data, words = HOSTILE[mistake]
    path = tmp_path / "bad.toml"
    path.write_bytes(data)
    problems = refusals(path)
    text = "\n".join(message for _, message in problems)
    assert [word for word in words if word not in text] == [], text[:500]
    assert len(text) < 3000
    assert "\x1b" not in text


def test_many_mistakes_and_many_conditions(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(
        HEAD + GENERAL + "".join(f"[wrong{number}]\n" for number in range(3000)), encoding="utf-8"
    )
    assert len(refusals(path)) == 3000
    whens = "".join(
        f'[[choose.when]]\nunit = "{number}"\nrule = "direct"\n' for number in range(1200)
    )
    path.write_text(HEAD + GENERAL + whens, encoding="utf-8")
    assert len(load_policy(str(path)).choices) == 1200


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours(tmp_path)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    ((_, message),) = refusals("ours.toml", tmp_path)
    assert "cannot be read: Permission denied" in message


# The guide.


def guide() -> str:
    return (Path(__file__).parents[1] / "docs" / "policies.md").read_text(encoding="utf-8")


def test_the_example_of_the_guide_works(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(guide().split("```toml\n")[1].split("```")[0], encoding="utf-8")
    policy = load_policy(str(path))
    assert policy.operators["≤"] == "2 - actual/target"
    assert policy.rules["proportional"].curve.at(Fraction("0.59")) == 0
    assert policy.rules["proportional"].curve.at(Fraction("0.6")) == Fraction("0.6")
    assert policy.choices[0].rule == "satisfaction"


def test_the_guide_names_every_key_and_ratio() -> None:
    keys = {
        key
        for name in SHIPPED
        for line in load_policy(name).path.read_text(encoding="utf-8").splitlines()
        for key in re.findall(r"^([a-z_0-9]+) = ", line)
    }
    assert len(keys) > 20
    assert [key for key in sorted(keys) if f"{key}`" not in guide()] == []
    assert [ratio for ratio in RATIOS if f'`"{ratio}"`' not in guide()] == []
