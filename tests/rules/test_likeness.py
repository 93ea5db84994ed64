"""Which names are alike, how surely, and that a pair is told once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.checking import check
from perfeval.names import normalise_text
from perfeval.rules import likeness
from perfeval.sources.specs import Specs, load_specs
from tests.rules.cases import Case

ROOT = Path(__file__).parents[2]


def pairs(names: Sequence[str], measure: str = "人") -> list[tuple[int, int, str, int]]:
    """The like pairs of one project's `names`, all in one kind of unit."""
    frame = pl.DataFrame({"name_key": [normalise_text(name) for name in names]})
    frame = likeness.with_forms(frame).with_row_index("row")
    frame = frame.with_columns(project=pl.lit("P1"), measure=pl.lit(measure))
    return list(likeness.within_projects(frame).iter_rows())


def alike(one: str, other: str) -> tuple[str, int] | None:
    found = pairs([one, other])
    return found[0][2:] if found else None


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        # 綦江 2023, the department's two, and its project's
        ("劳动合同签订率", "企业劳动合同签订率", ("meaning", 93)),
        ("职称评审人数", "专业技术人员职称评审", ("meaning", 89)),
        ("仲裁结案率", "仲裁结案率", ("exact", 100)),
        ("仲裁 结案率", "仲裁结案率", ("exact", 100)),
        ("服务对象满意度（%）", "服务对象满意度", ("normalised", 100)),
        ("服务对象满意率", "服务对象满意度", ("normalised", 100)),
        ("群众满意度", "服务对象满意度", ("normalised", 100)),
        ("年稳定运行天数", "稳定运行天数", ("normalised", 100)),
        ("受益群众人数", "受益群众", ("normalised", 100)),
        ("报告及时性", "报告及时率", ("normalised", 100)),
        # what is written inside the name: 巴彦淖尔市, 南岳镇, 萧县
        ("租车次数(次)", "租车次数", ("normalised", 100)),
        ("受益人口≥**人", "受益人口", ("normalised", 100)),
        ("游客数量(≥**人)", "游客", ("normalised", 100)),
        ("★鱼塘面积", "鱼塘面积", ("normalised", 100)),
        ("1.招聘活动（含网络招聘）", "全年开展招聘活动", ("normalised", 100)),
        # word order, and a word more
        ("发放农机补贴户数", "农机补贴发放户数", ("meaning", 100)),
        ("劳动争议调解成功率", "劳动争议案件调解成功率", ("meaning", 90)),
    ],
)
def test_names_that_are_alike(one: str, other: str, how: tuple[str, int]) -> None:
    assert alike(one, other) == how
    assert alike(other, one) == how


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("参保率", "脱保率"),
        ("城乡居民参保率", "城乡居民未参保率"),
        ("新增就业", "再就业"),
        ("新增就业人数", "失业人员再就业人数"),
        ("失业人员就业人数", "失业人员再就业人数"),
        ("职业培训", "职业介绍"),
        ("完成率", "合格率"),
        ("培训完成率", "培训合格率"),
        ("流动人员档案数字化完成率", "流动人员档案数字化维护率"),
        ("城镇居民医保参保人数", "农村居民医保参保人数"),
        ("城镇新增就业", "新增就业"),
        ("学生满意度", "家长满意度"),
        ("贫困群众满意度", "群众满意度"),
        ("经营主体满意度", "居民满意度"),
        ("企业满意度", "服务对象满意度"),
        ("种植成活率", "养殖成活率"),
        ("村庄验收通过率", "改厕验收通过率"),
        ("利息保障率", "挂账利息保障率"),
        ("一期管网改造长度", "二期管网改造长度"),
        ("2022年补助发放率", "2023年补助发放率"),
        ("高技能人才培养人数", "技能人才培养人数"),
        ("小学生均公用经费", "中学生均公用经费"),
        ("新建道路(一期)", "新建道路(二期)"),
        ("补助标准(小学)", "补助标准(初中)"),
        ("完成时间", "时间"),
        ("服务人数", "服务招考对象"),
        ("退干集中疗养", "退休干部疗养"),
        ("管理失业职工档案", "管理退休职工档案"),
    ],
)
def test_names_that_are_not(one: str, other: str) -> None:
    assert alike(one, other) is None
    assert alike(other, one) is None


def test_the_threshold_holds_at_its_own_number() -> None:
    name = "甲乙丙丁戊己庚"
    assert alike(name, name + "辛壬") == ("meaning", 88)
    assert alike(name, name + "辛壬癸") is None
    assert alike("甲乙丙丁", "甲乙丙丁戊") == ("meaning", 89)
    assert alike("甲乙丙", "甲乙丙丁") is None, "shorter names are all alike"


def test_indicators_are_compared_by_meaning_words_up_to_the_block() -> None:
    """Beyond it exact and normalised names are still found, by meaning words none."""
    fill = [f"{chr(0x9F00 + n)}{chr(0x9E00 + n)}检测" for n in range(100)]
    like = ["劳动合同签订率", "企业劳动合同签订率", "服务对象满意度", "服务对象满意率"]
    within = [*like, *fill[: likeness.BLOCK - 3]]  # two are one name
    assert [pair[2] for pair in pairs(within)] == ["meaning", "normalised"]
    assert [pair[2] for pair in pairs([*within, fill[-1]])] == ["normalised"]


_NAMES = st.text("劳动合同签订率企业服务对象满意度人数未新", min_size=1, max_size=9)


@settings(deadline=None)
@given(_NAMES, _NAMES)
def test_likeness_does_not_depend_on_which_is_first(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)


@settings(deadline=None)
@given(st.lists(_NAMES, min_size=2, max_size=6))
def test_pairs_point_back_and_are_told_once(names: list[str]) -> None:
    found = pairs(names)
    assert all(other < row for row, other, _, _ in found)
    assert len({(row, other) for row, other, _, _ in found}) == len(found)
    assert all(85 <= similarity <= 100 for *_, similarity in found)


@pytest.fixture(scope="module")
def specs() -> Specs:
    return load_specs(ROOT / "specs")


def told(specs: Specs) -> list[dict[str, Any]]:
    findings = check(specs, "chongqing", ["D", "X", "P"]).findings
    return [{**json.loads(row.pop("values")), **row} for row in findings.to_dicts() if row["file"]]


def ends(each: dict[str, Any]) -> frozenset[tuple[str, int]]:
    """The two rows that a finding compares."""
    other = each.get("other_project", each["project"])
    return frozenset([(each["project"], each["line"]), (other, each["other_line"])])


def test_no_pair_is_told_twice(specs: Specs) -> None:
    """Neither by two rules nor from both its sides."""
    found = [ends(each) for each in told(specs) if "other_line" in each]
    assert len(found) > 10
    assert len(set(found)) == len(found)


_ROWS = st.builds(
    "{} | {} | {} {} | 10".format,
    st.sampled_from(["产出指标 | 数量指标", "效益指标 | 社会效益指标"]),
    st.sampled_from(
        ["劳动合同签订率", "企业劳动合同签订率", "服务人数", "服务人次", "惠及群众", "预算执行率"]
    ),
    st.sampled_from(["≥ 90", "= 60", "≤ 1550", "≥ 1600", "≥ 2000", "= 100"]),
    st.sampled_from(["人", "人次", "%", "万元"]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(_ROWS, min_size=1, max_size=6), min_size=2, max_size=4))
def test_no_pair_is_told_twice_whatever_the_tables(tables: list[list[str]]) -> None:
    projects = [{"project": f"P{number}", "indicators": rows} for number, rows in enumerate(tables)]
    projects[0]["type"] = "部门整体支出"
    found = told(Case("D102", "any", {"projects": projects}).specs())
    assert not [each for each in found if each["code"] == "P001"]
    compared = [ends(each) for each in found if "other_line" in each]
    assert len(set(compared)) == len(compared), found


def test_what_rests_on_likeness_says_on_which(specs: Specs) -> None:
    resting = {"D102", "D107", "X101", "X102", "X103", "X105"}
    for each in told(specs):
        assert ("likeness" in each) == (each["code"] in resting)
        if each["code"] in resting:
            assert each["likeness"] in ("exact", "normalised", "meaning")
            assert (each["similarity"] == 100) == (each["likeness"] != "meaning")
            assert each["remark"]


def test_findings_do_not_depend_on_the_order_of_projects(specs: Specs) -> None:
    """Which of several equal places is named first does; how many are told, and of what, not."""
    turned = Specs(
        specs.projects.reverse(),
        specs.indicators.sort("project", "line", descending=[True, False]),
        policy=None,
        inputs=(),
    )
    one, other = (
        sorted((each["code"], each["severity"]) for each in told(each_specs))
        for each_specs in (specs, turned)
    )
    assert one == other


def test_a_project_of_another_department_changes_nothing(specs: Specs) -> None:
    content = {
        "projects": [
            {
                "project": "Q1",
                "department": "别局",
                "indicators": ["效益指标 | 社会效益指标 | 服务办事群众 | = 12 户 | 100"],
            }
        ]
    }
    more = Case("D102", "more", content).specs()
    joined = Specs(
        pl.concat([specs.projects, more.projects]),
        pl.concat([specs.indicators, more.indicators]),
        policy=None,
        inputs=(),
    )
    assert told(joined) == told(specs)
