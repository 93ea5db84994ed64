"""Made-up disclosure texts, and what is read from them, for the tests of the reader."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from perfeval.sources.disclosure import Disclosure, read_disclosure

HEADINGS = "\n一级指标 二级指标 三级指标 指标性质 指标值 度量单位 权重\n\n"
ROW = "产出指标 数量指标\n\n新建校舍面积 ≥ 100 平方米 10\n\n"

TITLE = "2024年财政资金项目支出绩效目标表"
SIDE = "\n".join("部门整体绩效情况")
BREAKS = {
    "form feed": "\f",
    "page number": "\n- 3 -\n\n",
    "number and form feed": "\n17\n\n\f",
    "headings": f"\n第 3 页 共 9 页\n\n附件4-11\n\n{TITLE}\n单位：万元\n{HEADINGS}",
    "headings and levels": f"\n附件4-11\n{TITLE}\n{HEADINGS}产出指标\n\n数量指标\n\n",
    "side text": f"\n\n{SIDE}\n\n产出指标\n\n数量指标\n\n",
    "header": f"\f{TITLE}\n申报单位 305001-重庆市某县教育委员会 项目编码 "
    f"50022224T000000000001\n项目名称 义务教育薄弱环节改善\n{HEADINGS}",
}


def header(
    *,
    code: str = "50022224T000000000001",
    name: str = "义务教育薄弱环节改善",
    contact: str = "项目类型 一般性项目 联系人 某某 联系电话 00000000",
    total: str = "1,120.50",
    overview: str = "改善办学条件。",
    goal: str = "完成建设。",
) -> str:
    """The upper half of a project's table, with the heading above its indicators."""
    return f"""附件4-11

2024年财政资金项目支出绩效目标表
单位：万元

申报单位 305001-重庆市某县教育委员会 项目编码 {code}

项目名称 {name}

{contact}

当年预算（万元) {total}

上级资金 1,000.00

本级资金 120.50

其他资金

项目概况 {overview}

立项依据
根据文件。

当年实施进度计划 按计划实施。

当年整体绩效目标 {goal}

当年绩效指标
"""


def read(text: str) -> Disclosure:
    """What the reader makes of `text`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "disclosure.txt"
        path.write_text(text, "utf-8")
        return read_disclosure(path)


def read_rows(rows: str) -> Disclosure:
    """What the reader makes of a project's table with these indicators."""
    return read(header() + HEADINGS + rows)


def indicators(spec: Mapping[str, Any]) -> list[str]:
    """A spec's indicators, one line each: level 1, level 2, name, target, weight."""
    return [" ".join(map(str, indicator.values())) for indicator in spec["indicators"]]


def messages(disclosure: Disclosure) -> list[str]:
    """The problems as a user sees them."""
    return [problem.text() for problem in disclosure.unplaced]
