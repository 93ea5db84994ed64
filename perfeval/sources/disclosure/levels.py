"""The words that level-1 and level-2 cells hold, and what a wrapped one is a part of.

A word ending in 指标 is a level wherever it stands as a cell. Without that ending (经济效益) it may
as well be a part of an indicator's name, so the place decides (see `body`).
"""

from __future__ import annotations

import re
from functools import lru_cache

SUFFIX = "指标"

_LEVEL1 = ("产出", "效益", "效果", "投入", "过程", "决策", "管理")
_EITHER = ("满意度", "成本")
_LEVEL2 = (
    *("数量", "质量", "时效", "进度"),
    *("经济成本", "社会成本", "生态成本", "环境成本", "生态环境成本"),
    *("经济效益", "社会效益", "生态效益", "环境效益", "生态环境效益"),
    *("可持续影响", "可持续发展", "可持续发展影响", "可持续影响效益", "可持续性", "可持续效益"),
    *("满意", "服务对象满意", "社会公众满意", "服务对象或社会公众满意", "社会满意度"),
)
_SATISFIED = (
    *("服务", "服务对象", "服务群体", "服务群众", "受益对象", "受益群体", "受益群众", "受益人"),
    *("受益人群", "公众", "社会公众", "群众", "人民群众", "帮扶对象", "管理对象", "主管部门"),
    *("职工", "学生", "家长", "企业", "用户", "社会公众或服务对象", "服务对象或社会公众"),
    *("服务对象或项目受益人", "服务对象或受益人"),
)
_POINTS = re.compile(r"[（(]\s*\d+(?:\.\d+)?\s*分?\s*[）)]$")
_UNKNOWN = re.compile(r"[一-鿿]{2,14}指标$")

_STEMS1 = frozenset(_LEVEL1 + _EITHER)
_STEMS2 = frozenset((*_LEVEL2, *_EITHER, *(who + "满意度" for who in _SATISFIED)))
_BEGINNINGS = frozenset(
    word[:length]
    for stem in _STEMS1 | _STEMS2
    for word in (stem + SUFFIX,)
    for length in range(1, len(word))
)


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A level word without points and ending: 产出指标（50分） → 产出."""
    return _POINTS.sub("", word).removesuffix(SUFFIX)


def has_suffix(word: str) -> bool:
    """Whether `word` ends in 指标, its points aside."""
    return _POINTS.sub("", word).endswith(SUFFIX)


def is_level1(word: str) -> bool:
    """Whether `word`, with or without 指标, may fill a level-1 cell."""
    return stem(word) in _STEMS1


def is_level2(word: str) -> bool:
    """Whether `word`, with or without 指标, may fill a level-2 cell."""
    return stem(word) in _STEMS2


def is_level(word: str) -> bool:
    """Whether `word` is a known level with its ending 指标."""
    return has_suffix(word) and (is_level1(word) or is_level2(word))


def is_bare(word: str) -> bool:
    """Whether `word` is a known level without its ending, as a name might hold it too."""
    return not has_suffix(word) and (is_level1(word) or is_level2(word))


def is_unknown_level(word: str) -> bool:
    """Whether `word` ends as a level does, but is none that is known."""
    return not is_level(word) and _UNKNOWN.match(_POINTS.sub("", word)) is not None


def begins_level(word: str) -> bool:
    """Whether more text could make a known level of `word`."""
    return word in _BEGINNINGS


def family(word: str) -> str:
    """The level-1 stem that a level-2 word belongs under; "" for an unknown one.

    >>> family("经济效益"), family("服务对象满意度指标"), family("生态环境成本指标")
    ('效益', '满意度', '成本')
    """
    core = stem(word)
    if core not in _STEMS2:
        return ""
    if "满意" in core:
        return "满意度"
    if core.endswith("成本"):
        return "成本"
    return "效益" if core.endswith(("效益", "影响", "发展", "持续性")) else "产出"


def belongs(level2: str, level1: str) -> bool:
    """Whether a level-2 word may stand under a level-1 word; 成本 also under 产出.

    >>> belongs("社会效益", "效益指标"), belongs("成本指标", "产出指标"), belongs("质量", "效益")
    (True, True, False)
    """
    owner, above = family(level2), stem(level1)
    return (
        owner == above
        or (owner == "成本" and above == "产出")
        or (above == "效果" and owner == "效益")
    )
