"""The words that lead a person's name or number, and how such a number looks.

One table for all parts of the reader: the cells above the indicators, the lines beside and below
them, the narrative texts, and what messages show.
"""

from __future__ import annotations

import re

# Longer words come before those they begin with.
PERSONS = (
    *("项目负责人及联系电话", "联系人及联系电话", "联系人及电话"),
    *("单位负责人签字", "部门负责人签字", "项目负责人签字", "负责人签字"),
    *("单位负责人", "项目负责人", "部门负责人", "财务负责人", "主要负责人", "分管负责人", "负责人"),
    *(
        "项目联系人",
        "项目联络人",
        "联系人",
        "联络人",
        "填报人",
        "填表人",
        "经办人",
        "审核人",
        "复核人",
    ),
    *("制表人", "编制人", "分管领导", "主管领导", "单位领导"),
)
PHONES = ("联系电话", "联系方式", "电话号码", "手机号码", "电子邮箱", "电话", "手机", "邮箱")
_SHORT = ("填报", "填表", "经办", "审核", "复核", "制表", "编制", "签字", "签名")
_ANY = "|".join((*PERSONS, *PHONES, *_SHORT))
_SIGN = r"(?:\s*[（(](?:签字|签章|签名|盖章)[)）])?"
_LED_BY_PERSON = "|".join(word for word in PERSONS if word.endswith("人") and "负责" not in word)

# A word that leads a contact: with a colon; or glued to what can be a name and ends there; or a
# word for a number, glued to one.
LED = re.compile(
    rf"(?:^|(?<=\s))[（(]?(?:(?:{_ANY}){_SIGN}\s*[:：]"
    rf"|(?:{'|'.join(_SHORT)})\s+(?=[\u4e00-\u9fff·]{{2,4}}$)"
    rf"|(?:{_LED_BY_PERSON})(?![员数次均才口])(?=[\u4e00-\u9fff·]{{2,4}}(?:\s|\d|$))"
    rf"|(?:{'|'.join(PHONES)})\s*(?=[\d+]))"
)
PHONE = re.compile(r"(?<![\d.])(?:1[3-9]\d{9}|0\d{2,3}[-－—\s]?\d{7,8})(?!\d|\.\d|\s*[元万亿])")
# Seven or eight digits are a number of the place where nothing says that they count something.
LANDLINE = re.compile(r"(?<![\d.,，])[2-9]\d{6,7}(?![\d.,%％]|\s*[元万亿人个件次])")
IN_TEXT = re.compile(
    rf"[，,；;、]?(?:(?:{'|'.join((*PERSONS, *PHONES))})\s*[:：]\s*[^\s，,。；;、（）()]{{1,20}}"
    rf"|(?:{'|'.join(PHONES)})\s*[:：]?\s*[\d+][\d\-－—]{{6,}})"
)


def names_person(heading: str) -> bool:
    """Whether a column of that heading holds persons or their numbers.

    >>> names_person("联系人（必填）"), names_person("项目名称")
    (True, False)
    """
    return heading.strip().startswith((*PERSONS, *PHONES))


def without(text: str, instead: str = "") -> str:
    """`text` without what a contact word leads, and without telephone numbers.

    >>> without("由某某（电话48671234）负责")
    '由某某（）负责'
    """
    return PHONE.sub(instead, IN_TEXT.sub(instead, text))
