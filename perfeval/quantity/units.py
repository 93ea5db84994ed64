"""Units as data: which labels are one dimension, and how many powers of ten apart they are.

The table is `units.toml`. Labels with a scale word before them (万元, 千户), labels joined by
``/`` and ``*`` (元/人*月) and remarks that repeat the unit (``%(百分比)``) are derived from it.
A value changes its unit by moving its decimal point, so no conversion ever rounds.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

SCALES = {
    "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7,
    "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
}  # fmt: skip
"""Scale words and the power of ten that each stands for."""

_TABLE = Path(__file__).with_name("units.toml")
_LONGEST = 40
_REMARK = re.compile(r"([^()]+)\(([^()]+)\)")
_PLAIN: dict[int, int | str | None] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "×·∙⋅•・＊"), "*"),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"), None),
    ord("﹪"): "%",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """What a label stands for: 10 to the `power` units of its `dimension`.

    `label` is the spelling that `units.toml` puts first; `dimension` names what is measured, and
    only units of one dimension convert into each other. `whole`: what is counted has no fractions,
    as people have none.
    """

    label: str
    dimension: str
    power: int
    whole: bool = False


def normal(label: str) -> str:
    """`label` half-width and without spaces, products written with ``*``.

    >>> normal("元／人 · 月"), normal("％（百分比）")
    ('元/人*月', '%(百分比)')
    """
    return "".join(label.translate(_PLAIN).split())


def unit(label: str) -> Unit | None:
    """The unit that `label` names, in any spelling; None if the table knows no such unit.

    >>> unit("万元")
    Unit(label='万元', dimension='金额', power=4, whole=False)
    >>> unit("元/人*月")
    Unit(label='元/人/月', dimension='金额/人/月', power=0, whole=False)
    >>> unit("人").dimension == unit("人次").dimension
    False
    >>> unit("效果") is None
    True
    """
    return None if len(label) > _LONGEST else _unit(normal(label))


def factor(source: str, target: str) -> int | None:
    """The power of ten by which a value in `source` is multiplied to be a value in `target`.

    None where the two do not measure the same thing, or one of them is not known; a label converts
    to itself even if the table does not know it. No unit ("") converts to no unit only: 0.95 is not
    taken for 95 %.

    >>> factor("亿元", "万元"), factor("人", "人次"), factor("", "%"), factor("", "")
    (4, None, None, 0)
    """
    if source == target or normal(source) == normal(target):
        return 0
    one, other = unit(source), unit(target)
    if one is None or other is None or one.dimension != other.dimension:
        return None
    return one.power - other.power


@lru_cache(maxsize=4096)
def apart(label: str, power: int) -> str | None:
    """The label of a unit that is 10 to the `power` times `label`; None where none is usual.

    >>> apart("万元", -4), apart("元", 4), apart("米", 3), apart("人", -4), apart("", 4)
    ('元', '万元', '公里', None, None)
    """
    one = unit(label)
    if one is None:
        return None
    alike = list(dict.fromkeys(u for u in labels().values() if u.dimension == one.dimension))
    scaled = (_scaled(scale + each.label) for scale in "万亿千百" for each in alike)
    wanted = one.power + power
    return next((u.label for u in (*alike, *scaled) if u and u.power == wanted), None)


def convert(number: Decimal, source: str, target: str) -> Decimal | None:
    """`number` of `source` as a number of `target`, exactly; None where `factor` is None.

    Raises `ValueError` for NaN and infinities.

    >>> convert(Decimal("2.6"), "亿元", "万元")
    Decimal('2.6E+4')
    >>> convert(Decimal(5), "‰", "%")
    Decimal('0.5')
    """
    shift = factor(source, target)
    return None if shift is None else shifted(number, shift)


def shifted(number: Decimal, power: int) -> Decimal:
    """`number` × 10 to the `power`, whatever the precision of the decimal context.

    Raises `ValueError` for NaN and infinities.
    """
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"no finite number: {number}")
    return Decimal((sign, digits, exponent + power))


@cache
def labels() -> dict[str, Unit]:
    """Every label of the table, as `normal` writes it; one listed twice is the table's error."""
    data = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    entries = [
        (entry["dimension"], entry["power"], entry["labels"], entry.get("whole", False))
        for entry in data["unit"]
    ]
    entries += [(name, 0, [name], True) for name in data["counter"]]
    entries += [(name, 0, [name], False) for name in data["divisible_counter"]]
    known: dict[str, Unit] = {}
    for dimension, power, spellings, whole in entries:
        for spelling in map(normal, spellings):
            if spelling in known:
                raise ValueError(f"units.toml lists {spelling} twice")
            known[spelling] = Unit(spellings[0], dimension, power, whole)
    return known


@lru_cache(maxsize=4096)
def _unit(label: str) -> Unit | None:
    """The unit of a normal `label`: from the table first, then derived."""
    known = labels().get(label)
    if known is not None:
        return known
    if "/" in label or "*" in label:
        return _compound(label)
    if remark := _REMARK.fullmatch(label):
        one, other = _unit(remark[1]), _unit(remark[2])
        same = one and other and (one.dimension, one.power) == (other.dimension, other.power)
        return one if same else None
    return _scaled(label)


def _scaled(label: str) -> Unit | None:
    """A scale word and a label of the table: 万元. A share takes none: 万% is no unit."""
    for length in (2, 1):
        power = SCALES.get(label[:length])
        base = labels().get(label[length:])
        if power is not None and base is not None and base.dimension != "比例":
            return Unit(label[:length] + base.label, base.dimension, base.power + power, base.whole)
    return None


def _compound(label: str) -> Unit | None:
    """Labels joined by ``*`` and ``/``: what follows a ``/`` divides, 元/人*月 is 元/(人*月)."""
    above, *below = label.split("/")
    over = [_unit(part) for part in above.split("*")] if above else []
    under = [_unit(part) for group in below for part in _bare(group).split("*")]
    parts = [part for part in (*over, *under) if part is not None]
    if len(parts) < len(over) + len(under):
        return None
    top, bottom = parts[: len(over)], parts[len(over) :]
    return Unit(
        _join([part.label for part in top], [part.label for part in bottom]),
        _join(sorted(part.dimension for part in top), sorted(part.dimension for part in bottom)),
        sum(part.power for part in top) - sum(part.power for part in bottom),
    )


def _bare(group: str) -> str:
    """`group` without the brackets around it: (人*月) is 人*月."""
    return group[1:-1] if group[:1] == "(" and group[-1:] == ")" else group


def _join(above: list[str], below: list[str]) -> str:
    return "/".join(["*".join(above), *below])
