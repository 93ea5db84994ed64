"""What may be entered as an actual: the hint, drop-down and check of an input cell.

A check asks, it never refuses: what a person insists on is read, and told as a finding where it
cannot be scored. So honest text (2023年9月, 部分达成(70%), 200余人) always comes through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from perfeval.messages import N_, render
from perfeval.policy import Policy
from perfeval.quantity.levels import level, scales
from perfeval.quantity.units import unit
from perfeval.reports.values import decimal

COUNTED = ("人", "人次", "台套", "栋", "床位", "周次")
"""Dimensions of which there are no halves, beside those that are their own counter (个, 户)."""

_SHARE = "比例"
_BANDS = ("达成", "部分达成", "未达成")
_MOST = 255  # characters of a hint, a message or a list


@dataclass(frozen=True, slots=True)
class Entry:
    """What a kind of input cell asks for: a hint, words to choose from, a formula that must hold.

    `check` is a formula about the cell {cell}; `warning` is what is asked where it does not hold.
    """

    hint: str
    words: tuple[str, ...] = ()
    check: str = ""
    warning: str = ""

    def validation(self, cell: str, lang: str) -> dict[str, Any]:
        """XlsxWriter's options for cells of which `cell` (such as J2) is the first."""
        options: dict[str, Any] = {
            "validate": "any",
            "input_title": render(N_("What to enter"), {}, lang),
            "input_message": _short(self.hint),
            "ignore_blank": True,
        }
        if self.words and len(",".join(self.words)) <= _MOST:
            return {**options, "validate": "list", "source": list(self.words), "show_error": False}
        if self.check:
            return {
                **options,
                "validate": "custom",
                "value": "=" + self.check.format(cell=cell),
                "error_type": "warning",
                "error_title": render(N_("Please check"), {}, lang),
                "error_message": _short(self.warning),
            }
        return options


# Text cells keep what is typed to the letter; a number in one is text that reads as a number.
_HAS_DIGIT = "SUMPRODUCT(--ISNUMBER(FIND(ROW($1:$10)-1,{cell})))>0"
_NO_FRACTION = "IFERROR(OR({cell}*1=0,ABS({cell}*1)>1),TRUE)"
_HAS_PERCENT = 'ISNUMBER(FIND("%",{cell})),ISNUMBER(FIND("％",{cell}))'
_WHOLE = "IFERROR(INT({cell}*1)={cell}*1,TRUE)"


def number_entry(label: str, lang: str) -> Entry:
    """For an actual in the unit `label`."""
    values = {"unit": label}
    known = unit(label)
    if known is not None and known.dimension == _SHARE:
        return Entry(
            render(N_("A share in {unit}, such as 95 or 95%. Do not write 0.95."), values, lang),
            check=f"AND({_HAS_DIGIT},OR({_HAS_PERCENT},{_NO_FRACTION}))",
            warning=render(
                N_(
                    "This indicator is counted in {unit}: write 95 or 95% for 95 percent, not"
                    " 0.95. Keep it as it is?"
                ),
                values,
                lang,
            ),
        )
    hint = N_("A number in {unit}; another unit is written behind it, such as 1.2万元.")
    if not label:
        hint = N_("A number.")
    warning = N_("This indicator is scored by a number ({unit}), and none is here. Keep it?")
    check = _HAS_DIGIT
    if known is not None and (known.dimension in COUNTED or known.dimension == known.label):
        check = f"AND({_HAS_DIGIT},{_WHOLE})"
        warning = N_("A whole number of {unit} is expected here. Keep it as it is?")
    return Entry(
        render(hint, values, lang),
        check=check,
        warning=render(warning, {"unit": label or "—"}, lang),
    )


def deadline_entry(lang: str) -> Entry:
    """For the day on which something was finished."""
    return Entry(
        render(N_("When it was finished, such as 2023年9月 or 2023年9月30日."), {}, lang),
    )


def judged_entry(target: str, policy: Policy, lang: str) -> Entry:
    """For what a person judges against the level word `target`, or against a text."""
    asked = level(target)
    words = next((scale for scale in scales() if asked and asked in scale), _BANDS)
    bands = [
        f"{name} {decimal(float(100 * band.low))}%–{decimal(float(100 * band.high))}%"
        for name, band in zip(_BANDS, reversed(policy.bands), strict=True)
    ]
    template = N_(
        "Choose {words}, and write the coefficient behind it, such as 部分达成(70%): without it the"
        " score stays a range. Bands: {bands}."
    )
    if words != _BANDS:
        template = N_(
            "Choose a word ({words}), or write 达成(95%), 部分达成(70%), 未达成(30%) with the"
            " coefficient. Bands: {bands}."
        )
    return Entry(render(template, {"words": words, "bands": bands}, lang), words=words)


def free_entry(lang: str) -> Entry:
    """For a target that says nothing to compare with."""
    return Entry(render(N_("What was achieved, as exactly as it can be said."), {}, lang))


def money_entry(lang: str) -> Entry:
    """For an amount of money."""
    return Entry(
        render(
            N_(
                "An amount in 万元. Where a unit is written behind one amount of a row, write it"
                " behind all."
            ),
            {},
            lang,
        ),
        check=_HAS_DIGIT,
        warning=render(N_("An amount of money is expected here. Keep it as it is?"), {}, lang),
    )


def applies_entry(lang: str) -> dict[str, Any]:
    """Whether an indicator applies: 是 or 否, blank for 是."""
    return {
        "validate": "list",
        "source": ["是", "否"],
        "input_title": render(N_("What to enter"), {}, lang),
        "input_message": render(
            N_("否 where the indicator does not apply this year; its points go to the others."),
            {},
            lang,
        ),
        "error_title": render(N_("Please check"), {}, lang),
        "error_message": render(N_("Enter 是 or 否, or leave the cell blank."), {}, lang),
    }


def _short(text: str) -> str:
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"
