"""The amounts in a table's upper half, in 万元 and with the digits that are printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from perfeval.messages import N_
from perfeval.sources.disclosure import form
from perfeval.sources.disclosure.header import Header
from perfeval.sources.disclosure.rows import DIGITS

EMPTY = frozenset(("", "无", "/", "—", "-", "－"))
"""What stands in a cell that holds nothing."""

_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_STATED_UNIT = re.compile(r"[（(] ?(万元|元) ?[）)]|(万元|元)$")
# By how many places the point moves to the left for 万元.
UNITS = {"元": 4, "百元": 2, "千元": 1, "万元": 0, "百万元": -2, "亿元": -4}
_MOST_FUNDS = 20

_NO_NUMBER = N_(
    "the amount {text} is not a number of at most {digits} digits; check it and add it to the spec"
    " by hand"
)

Budget = dict[str, int | Decimal]


class Report(Protocol):
    """Takes a problem: its template, its line, and the values of its fields."""

    def __call__(self, template: str, line: int | None, **values: object) -> None:
        """Note the problem."""


def project_budget(header: Header, unit: str, report: Report) -> Budget:
    """The amounts of a project by source; `unit` is that of the table, "" if it states none."""
    found: Budget = {}
    for name in form.AMOUNTS:
        text = header.text(name)
        # The unit in the label of the total is that of its parts below.
        own = header.units.get(name) or header.units.get("total") or unit or "万元"
        stated = _STATED_UNIT.search(text)
        if stated:  # the label's unit on the line below it, or one behind the amount
            own = stated[1] or stated[2]
            text = (text[: stated.start()] + text[stated.end() :]).strip()
        if text in EMPTY:
            continue
        amount = number(text)
        if amount is None:
            report(_NO_NUMBER, header.line(name), text=text, digits=DIGITS)
        else:
            found[name] = in_wan(amount, own)
    return found


def overall_budget(header: Header, unit: str, report: Report) -> Budget:
    """Total, basic and project expenditure of a department.

    The amounts stand in one line without blanks for empty cells: total; basic, and what it is made
    of; project, and what it is made of. Which is which follows from the sums.
    """
    stated = _STATED_UNIT.search(header.text("funds"))
    own = header.units.get("funds") or (stated and stated[1]) or unit or "元"
    amounts: list[Decimal] = []
    for piece in header.cells.get("funds", ()):
        for word in piece.text.split():
            amount = number(word)
            if amount is not None:
                amounts.append(amount)
            elif any(character.isdigit() for character in word):
                report(_NO_NUMBER, piece.line, text=word, digits=DIGITS)
    if not amounts:
        return {}
    found: Budget = {"total": in_wan(amounts[0], own)}
    divided = _divide(amounts)
    if divided:
        found["basic"], found["project"] = (in_wan(amount, own) for amount in divided)
    elif len(amounts) > 1:
        report(
            N_(
                "which of the amounts {amounts} is basic and which project expenditure does not"
                " follow from their sums; only the total is kept"
            ),
            header.line("funds"),
            amounts=" ".join(f"{amount:,f}" for amount in amounts[:_MOST_FUNDS]),
        )
    return found


def number(text: str) -> Decimal | None:
    """The amount that a cell prints; None where it is none of at most `DIGITS` digits.

    >>> number("3,649.82"), number("２.50"), number("1,23")
    (Decimal('3649.82'), Decimal('2.50'), None)
    """
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("¥").strip()
    if not _AMOUNT.fullmatch(plain):
        return None
    digits = plain.replace(",", "")
    return Decimal(digits) if len(digits.lstrip("-0").replace(".", "")) <= DIGITS else None


def in_wan(amount: Decimal, unit: str) -> int | Decimal:
    """`amount` in 万元 by shifting the point, with its digits; an int if it has no decimal point.

    >>> in_wan(Decimal("42848758.19"), "元"), in_wan(Decimal("131.40"), "万元")
    (Decimal('4284.875819'), Decimal('131.40'))
    """
    moved = amount.scaleb(-UNITS[unit]) if UNITS[unit] else amount
    return int(moved) if moved.as_tuple().exponent == 0 else moved


def _divide(amounts: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Basic and project expenditure among: total, basic, its parts, project, its parts.

    >>> _divide([Decimal(n) for n in (9, 4, 4, 5, 2, 3)])
    (Decimal('4'), Decimal('5'))
    """
    total, rest = amounts[0], amounts[1:_MOST_FUNDS]
    found = {
        (rest[0], rest[place])
        for place in range(1, len(rest))
        if rest[0] + rest[place] == total
        and sum(rest[1:place]) in (rest[0], 0)
        and sum(rest[place + 1 :]) in (rest[place], 0)
    }
    return found.pop() if len(found) == 1 else None
