"""The reader of disclosure texts, on a real one.

`data/qijiang-hrss-2023.txt` is the text of the 2023 budget disclosure of the human resources and
social security bureau of Qijiang, Chongqing (重庆市綦江区人力资源和社会保障局), as extracted from
the published PDF; names and numbers of contact persons are blanked.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfeval.sources.disclosure import Disclosure, read_disclosure
from tests.disclosures import indicators

SEED = Path(__file__).with_name("data") / "qijiang-hrss-2023.txt"

# Indicators per table, counted in the document: 附件4-10, then 附件4-11 in the order of printing.
COUNTS = [29, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 10, 5, 5, 5, 5, 5, 5, 5, 5, 7, 5, 5]


@pytest.fixture(scope="module")
def seed() -> Disclosure:
    return read_disclosure(SEED)


def spec(disclosure: Disclosure, code: str) -> dict[str, Any]:
    return next(spec for spec in disclosure.specs if spec["code"] == code)


def test_every_table_and_indicator_is_read(seed: Disclosure) -> None:
    assert [len(one["indicators"]) for one in seed.specs] == COUNTS
    assert sum(COUNTS[1:]) == 142
    assert seed.unplaced == []


def test_every_row_of_the_text_is_in_a_spec_in_its_order(seed: Disclosure) -> None:
    """Found independently of the reader: each line that ends in operator, value, unit, weight."""
    signs = str.maketrans("≧≦＝═", "≥≤==")
    rows = re.compile(r"(?:^|\s)([≥≤=]) (\S+) (\S+) (\d+)$", re.MULTILINE)
    tables = SEED.read_text("utf-8").partition("附件4-10")[2].translate(signs)
    printed = [
        (f"{operator} {value} {unit}", int(weight))
        for operator, value, unit, weight in rows.findall(tables)
    ]
    assert len(printed) == 171
    assert printed == [
        (indicator["target"], indicator["weight"])
        for one in seed.specs
        for indicator in one["indicators"]
    ]


def test_every_name_stands_in_the_text(seed: Disclosure) -> None:
    """Without line breaks and rows between, the text holds each name in one piece."""
    rows = re.compile(r"[≥≧≤≦=＝] \S+ \S+ \d+$", re.MULTILINE)
    text = "".join(rows.sub("", SEED.read_text("utf-8")).split())
    for one in seed.specs:
        for indicator in one["indicators"]:
            assert "".join(indicator["name"].split()) in text


def test_department_table(seed: Disclosure) -> None:
    """附件4-10: names that wrap, two page breaks, level 2 with and without 指标."""
    one = seed.specs[0]
    assert {key: one[key] for key in ("schema", "code", "name", "department", "year", "type")} == {
        "schema": 1,
        "code": "212001",
        "name": "重庆市綦江区人力资源和社会保障局（本级）整体支出",
        "department": "212001-重庆市綦江区人力资源和社会保障局（本级）",
        "year": 2023,
        "type": "部门整体支出",
    }
    # 42,848,758.19 元, of which 8,391,350.69 basic and 34,457,407.50 project expenditure.
    assert {key: str(amount) for key, amount in one["budget"].items()} == {
        "total": "4284.875819",
        "basic": "839.135069",
        "project": "3445.740750",
    }
    assert list(one["narrative"]) == ["goal"]
    goal = one["narrative"]["goal"]
    assert goal.startswith("1.贯彻执行人力社保法律、法规、规章和方针政策；")
    assert "监督检查。2.拟订人力资源市场" in goal
    assert "人才流动调配工作；参与" in goal
    assert goal.endswith("监督管理职业培训和职业技能鉴定机构。")
    assert indicators(one) == [
        "产出指标 数量指标 城镇新增就业 ≥ 10000 人 5",
        "产出指标 数量指标 公务服务机构职业介绍 ≥ 4600 人 5",
        "产出指标 数量指标 招聘活动（含网络招聘） ≥ 15 场 5",
        "产出指标 数量指标 就创培训 ≥ 60 场 5",
        "产出指标 数量指标 补贴性职业技能培训 ≥ 7000 人次 5",
        "产出指标 数量指标 职业技能鉴定 ≥ 5000 人次 5",
        "产出指标 数量指标 招聘“三支一扶”人员 ≥ 20 人 5",
        "产出指标 数量指标 招聘乡镇教育、卫生、农业、文化、规划、建设等事业单位紧缺专业人才"
        " ≥ 200 人 3",
        "产出指标 数量指标 每年为青年人才免费提供创业工位 ≥ 30 个 3",
        "产出指标 数量指标 公开招聘贫困毕业生为事业人员 ≥ 5 人 3",
        "产出指标 数量指标 建档立卡贫困人员参加居民养老保险政府代缴 ≥ 48 万元 3",
        "产出指标 数量指标 就业资金受益人次 ≥ 30000 人次 3",
        "产出指标 数量指标 提供青年见习计划 ≥ 100 个 3",
        "产出指标 数量指标 专业技术人员职称评审 ≥ 800 人 3",
        "产出指标 质量指标 仲裁结案率 ≥ 95 % 3",
        "产出指标 质量指标 劳动人事争议调解成功率 ≥ 60 % 3",
        "产出指标 质量指标 企业劳动合同签订率 ≥ 90 % 3",
        "产出指标 质量指标 高技能人才占技能劳动者比例 ≥ 30 % 3",
        "产出指标 时效指标 流动人员档案数字化完成率 = 100 % 3",
        "产出指标 时效指标 流动人员档案数字化维护率 = 100 % 3",
        "效益指标 经济效益 城镇企业职工基本养老保险征收 ≥ 70000 万元 3",
        "效益指标 经济效益 失业保险征收 ≥ 2400 万元 3",
        "效益指标 经济效益 工伤保险征收 ≥ 6000 万元 3",
        "效益指标 社会效益 离校未就业应届高校毕业生就业率 ≥ 90 % 3",
        "效益指标 社会效益 社保卡持卡人数 ≥ 930000 人 3",
        "效益指标 社会效益 公益性岗位安置建卡贫困户比例 ≥ 50 % 3",
        "效益指标 社会效益 保护劳动者权益 ≥ 800 万元 3",
        "效益指标 社会效益 劳动合同签订率 ≥ 90 % 3",
        "满意度指标 服务对象满意度指标 服务对象满意率 ≥ 95 % 2",
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "50011023T000003176409",  # 附件4-11, the first: an operator-like sign in a name
            [
                "产出指标 数量指标 预算完成率 = 100 % 20",
                "产出指标 数量指标 支付进度率 = 100 % 20",
                "效益指标 社会效益 服务办事群众 ≥ 100000 人 20",
                "效益指标 社会效益 预算年度执行率 = 100 % 20",
                "满意度指标 服务对象满意度指标 服务对象满意度（%） ≥ 90 % 20",
            ],
        ),
        (
            "50011023T000003384988",  # a last line of one character
            [
                "产出指标 数量指标 金保网络租赁 ≥ 360 条 20",
                "产出指标 数量指标 社保待遇领取资格认证一体机 ≥ 50 台 20",
                "效益指标 社会效益指标 覆盖人口 ≥ 1000000 人次 20",
                "效益指标 社会效益指标 稳定运行天数 ≥ 330 天 20",
                "满意度指标 服务对象满意度指标 服务对象满意度 ≥ 90 % 20",
            ],
        ),
        (
            "50011023T000003385003",  # level 2 leads its row
            [
                "产出指标 时效指标 按时间节点完成准确率 = 100 % 20",
                "产出指标 质量指标 设备运转差错率 ≤ 5 % 20",
                "效益指标 经济效益指标 提供公共服务差错率 ≤ 5 % 20",
                "效益指标 社会效益指标 服务办事群众 ≥ 110000 人 20",
                "满意度指标 服务对象满意度指标 服务对象满意度 ≥ 90 % 20",
            ],
        ),
        (
            "50011023T000003384801",  # names with quotation marks, wrapped twice in one table
            [
                "产出指标 数量指标 “三下乡”“返家乡”社会实践活动 = 2 次 20",
                "产出指标 数量指标 优秀农村人才外出学习培训 ≥ 20 人次 20",
                "效益指标 社会效益指标 服务人次 ≥ 500 人次 20",
                "效益指标 社会效益指标 引进、培育、培养乡村振兴人才队伍合格率 ≥ 90 % 20",
                "满意度指标 服务对象满意度指标 服务对象满意度 ≥ 90 % 20",
            ],
        ),
        (
            "50011023T000003385030",  # ten indicators of ten points
            [
                "产出指标 数量指标 管理干部人事档案 ≥ 6247 卷 10",
                "产出指标 数量指标 管理大学生学籍档案 ≥ 45000 卷 10",
                "产出指标 数量指标 管理社保业务类档案 ≥ 527000 件 10",
                "产出指标 数量指标 管理国有企业退休人员社会化移交档案 ≥ 26131 卷 10",
                "产出指标 数量指标 管理失业职工档案 ≥ 43081 卷 10",
                "产出指标 数量指标 管理退休职工档案 ≥ 55021 卷 10",
                "产出指标 数量指标 管理文书类档案 ≥ 59000 卷 10",
                "效益指标 社会效益指标 提供各类档案服务次数 ≥ 20000 次 10",
                "效益指标 社会效益指标 提供就业岗位 ≥ 5 个 10",
                "满意度指标 服务对象满意度指标 服务对象满意度 ≥ 90 % 10",
            ],
        ),
        (
            "50011023T000003384852",  # names that begin with a year or hold a number
            [
                "产出指标 数量指标 职称评审人数 ≥ 1000 人 20",
                "产出指标 时效指标 2022年完成 = 100 % 20",
                "效益指标 社会效益指标 评审1000名专业技术人才 = 100 % 20",
                "效益指标 社会效益指标 服务参与评审人数 ≥ 1000 人次 20",
                "满意度指标 服务对象满意度指标 服务对象满意度 ≥ 90 % 20",
            ],
        ),
        (
            "50011023T000003384961",  # ≦, and a name broken inside a word
            [
                "产出指标 数量指标 受理案件数量 ≥ 1550 件 20",
                "产出指标 数量指标 组织鉴定评审 ≥ 15 次 20",
                "效益指标 社会效益指标 保障劳动者因病或非因公伤残合法权益 ≥ 1550 人次 20",
                "效益指标 社会效益指标 法定期限内结案 ≤ 60 日 20",
                "满意度指标 服务对象满意度指标 服务对象满意度 ≥ 90 % 20",
            ],
        ),
    ],
)
def test_project_table(seed: Disclosure, code: str, expected: list[str]) -> None:
    assert indicators(spec(seed, code)) == expected


def test_project_header(seed: Disclosure) -> None:
    one = spec(seed, "50011023T000003384729")
    assert list(one) == [
        *("schema", "code", "name", "department", "year", "type"),
        *("budget", "narrative", "indicators"),
    ]
    assert one["name"] == "乡镇人才队伍工资津贴-统发"
    assert one["type"] == "底线民生"
    assert one["budget"] == {
        "total": Decimal("405.80"),
        "superior": Decimal("100.00"),
        "local": Decimal("305.80"),
    }
    overview = (
        "根据《中共綦江县委办公室、綦江县人民政府办公室关于实施〈重庆市农村乡镇人才队伍建设计划〉"
        "的意见》（綦江委办〔2008〕131号）精神，区设立“农村乡镇人才队伍建设资金”，纳入财政预算。"
        "经测算该项目共需资金405万元，主要用于乡镇人才队伍工资津贴（统发）、安家费、慰问费用等。"
    )
    goal = "切实加强选派大学生的服务工作，顺利完成支援乡村建设的任务。"
    assert one["narrative"] == {
        "overview": overview,
        "basis": overview,
        "schedule": goal,
        "goal": goal,
    }


def test_amounts_keep_their_digits(seed: Disclosure) -> None:
    budgets = [one["budget"] for one in seed.specs[1:]]
    printed = re.findall(r"当年预算（万元\) (\S+)", SEED.read_text("utf-8"))
    assert [str(budget["total"]) for budget in budgets] == printed
    assert sum(map(Decimal, printed)) == Decimal("3122.05")
    assert spec(seed, "50011023T000003538194")["budget"] == {
        "total": Decimal("140.10"),
        "superior": Decimal("140.10"),
    }
    assert str(spec(seed, "50011023T000003385078")["budget"]["total"]) == "131.40"


def test_narrative_cut_off_by_the_form_stays_as_it_is(seed: Disclosure) -> None:
    narrative = spec(seed, "50011023T000003385018")["narrative"]
    assert narrative["overview"].endswith("网络租赁和数据流量费2,000元/月×12月＝2.4万")
    assert "市民服务中心公共Wifi租赁费（120个爱翼WIFI点" in narrative["overview"]


def test_narrative_keeps_every_character(seed: Disclosure) -> None:
    """All of it is in the text, blanks at line ends aside."""
    text = "".join(SEED.read_text("utf-8").split())
    for one in seed.specs:
        for narrative in one["narrative"].values():
            assert "".join(narrative.split()) in text


END = re.compile(r"[≥≧≤≦=＝] \S+ \S+ \d+$")  # operator, value, unit, weight


def rows_moved(text: str, way: str) -> str:
    """The text with each row of a name of two lines, which stands below it, at another place."""
    lines, moved = text.split("\n"), list[str]()
    while lines:
        first, second, blank, row = (*lines[:4], "", "", "")[:4]
        if first and second and not blank and END.match(row):
            moved += {
                "around": [first, row, second],
                "after": [row, first, second],
                "first line": [f"{first} {row}", second],
                "last line": [first, f"{second} {row}"],
            }[way]
            del lines[:4]
        else:
            moved.append(lines.pop(0))
    return "\n".join(moved)


def pages_broken(text: str) -> str:
    """The text with a page break, and the headings it repeats, before every third row."""
    page = "\n\n- 3 -\n\f附件4-11\n\n2023年财政资金项目支出绩效目标表\n单位：万元\n\n"
    columns = "一级指标 二级指标 三级指标 指标性质 指标值 度量单位 权重\n"
    body, count = list[str](), 0
    for line in text.split("\n"):
        count += END.search(line) is not None
        if END.search(line) and count % 3 == 0:
            body += [page, columns]
        body.append(line)
    return "\n".join(body)


@pytest.mark.parametrize("spacing", ["as it is", "dense", "blank lines"])
@pytest.mark.parametrize("way", ["before", "around", "after", "first line", "last line", "pages"])
def test_the_document_set_otherwise(
    seed: Disclosure, tmp_path: Path, way: str, spacing: str
) -> None:
    text = SEED.read_text("utf-8")
    if way == "pages":
        text = pages_broken(text)
    elif way != "before":
        text = rows_moved(text, way)
        assert text != SEED.read_text("utf-8")
    if spacing != "as it is":
        between = "\n" if spacing == "dense" else "\n\n"
        text = between.join(line for line in text.split("\n") if line.strip(" "))
    path = tmp_path / "disclosure.txt"
    path.write_text(text, "utf-8")
    again = read_disclosure(path)
    assert again.unplaced == []
    assert again.specs == seed.specs


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_other_encodings_and_line_ends(seed: Disclosure, tmp_path: Path, encoding: str) -> None:
    text = SEED.read_text("utf-8")
    if encoding == "gb18030":
        # GB18030 holds every character, those of the document included.
        text = text.replace("\n", "\r\n")
    path = tmp_path / "disclosure.txt"
    path.write_bytes(text.encode(encoding))
    assert read_disclosure(path).specs == seed.specs


def test_blanks_of_any_kind(seed: Disclosure, tmp_path: Path) -> None:
    text = SEED.read_text("utf-8").replace(" ", "\u3000").replace("\n\n", "\n\t\n")
    path = tmp_path / "disclosure.txt"
    path.write_text(text, "utf-8")
    read_again = read_disclosure(path)
    assert read_again.unplaced == []
    assert [indicators(one) for one in read_again.specs] == [indicators(one) for one in seed.specs]


def test_the_contacts_of_the_document_are_not_kept(seed: Disclosure) -> None:
    assert "联系人 某某 联系电话 00000000" in SEED.read_text("utf-8")
    assert "某某" not in repr(seed.specs)
    assert "00000000" not in repr(seed.specs)
