"""The sheet of findings in a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from perfeval.messages import N_, render
from perfeval.reports.findings import place, severity
from perfeval.reports.workbook.book import BODY, CENTRED, HEADING, Book, height, printed

_FINDINGS = (
    (N_("Severity"), 9),
    (N_("Code"), 8),
    (N_("Finding"), 22),
    (N_("Place"), 34),
    (N_("Project"), 24),
    (N_("Indicator"), 26),
    (N_("Message"), 70),
)
COLOURS = {"error": "#F8CBAD", "warning": "#FFE699", "info": "#DDEBF7"}
"""The colours of severities."""


def write_findings(book: Book, found: Iterable[Mapping[str, Any]], lang: str) -> None:
    """The findings (`records`) with their places, in their order, on a new sheet."""
    sheet = book.sheet(book.name(render(N_("Findings"), {}, lang)))
    for column, (template, width) in enumerate(_FINDINGS):
        sheet.set_column(column, column, width)
        book.text(sheet, 0, column, render(template, {}, lang), HEADING)
    line = 0
    for line, each in enumerate(found, 1):
        texts = (
            severity(each["severity"], lang),
            each["code"],
            each["name"],
            place(each),
            each["project"] or "",
            each["indicator"] or "",
            each["message"],
        )
        for column, text in enumerate(texts):
            look = CENTRED if column < 2 else BODY
            if column == 0:
                look = {**look, "bg_color": COLOURS[each["severity"]]}
            book.text(sheet, line, column, text, look)
        widths = (width for _, width in _FINDINGS)
        sheet.set_row(line, height(zip(texts, widths, strict=True)))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(line, 1), len(_FINDINGS) - 1)
    sheet.repeat_rows(0)
    printed(sheet, landscape=True)
