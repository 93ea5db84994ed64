"""Findings as the page holds them, and what their rules mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from perfeval.messages import translate
from perfeval.reports.findings import records
from perfeval.reports.pages.rule import PARTS, paragraphs

if TYPE_CHECKING:
    import polars as pl

    from perfeval.rules import Rule

_STRONG = re.compile(r"^\*\*(.+?)\*\*\s*")


def findings(found: pl.DataFrame, lang: str) -> pl.DataFrame:
    """`found` with its messages: number, severity, code, message, points (at stake, or null)."""
    import polars as pl

    told = list(records(found, lang))
    return pl.DataFrame(
        {
            "severity": [each["severity"] for each in told],
            "code": [each["code"] for each in told],
            "message": [each["message"] for each in told],
            "points": [each["values"].get("points") for each in told],
        },
        schema={"severity": pl.String, "code": pl.String, "message": pl.String,
                "points": pl.Float64},
        strict=False,
    )  # fmt: skip


def manual(rules: Iterable[Rule], codes: Iterable[str], lang: str) -> dict[str, dict[str, Any]]:
    """By code: the rule's name, what it finds, the parts of its manual page, and its repair."""
    known = {rule.code: rule for rule in rules}
    pages = {}
    for code in sorted(set(codes) & set(known)):
        first, *rest = paragraphs(known[code].doc) or [""]
        page: dict[str, Any] = {"name": known[code].name, "title": _plain(translate(first, lang))}
        page["parts"] = []
        for each in rest:
            text = translate(each, lang)
            label = _STRONG.match(text)
            page["parts"].append([label[1] if label else "", _plain(_STRONG.sub("", text))])
            if each.startswith(f"**{PARTS[-1]}**"):
                page["repair"] = _plain(text)
        pages[code] = page
    return pages


def _plain(text: str) -> str:
    return text.replace("**", "").replace("`", "")
