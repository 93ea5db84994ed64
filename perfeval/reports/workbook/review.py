"""A review as a workbook: summary, risk list, indicators side by side, findings, decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from perfeval.messages import N_, render
from perfeval.problems import place_of
from perfeval.reports import review_overview, review_table
from perfeval.reports.findings import records
from perfeval.reports.receipt import receipt_lines
from perfeval.reports.workbook.book import (
    BODY,
    CENTRED,
    HEADING,
    PLAIN,
    TITLE,
    Book,
    height,
    printed,
)
from perfeval.reports.workbook.findings import COLOURS, write_findings
from perfeval.reviewing.decisions import WORDS

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from perfeval.reviewing import ReviewResult

_POINTS = {**CENTRED, "num_format": "0.00", "align": "right"}
_NUMBER = {**CENTRED, "num_format": "#,##0.00####", "align": "right"}
_COUNT = {**CENTRED, "num_format": "#,##0", "align": "right"}
_ABOVE = {**_POINTS, "bg_color": COLOURS["error"]}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a sheet: title, width in characters, and the look of its cells."""

    title: str
    width: float
    look: dict[str, Any]


_RISK = (
    _Column(N_("No."), 6, _COUNT),
    _Column(N_("Code"), 24, BODY),
    _Column(N_("Project"), 34, BODY),
    _Column(N_("Department"), 28, BODY),
    _Column(N_("Claimed total"), 10, _POINTS),
    _Column(N_("Recomputed total"), 10, _POINTS),
    _Column(N_("At most"), 10, _POINTS),
    _Column(N_("Total as decided"), 10, _POINTS),
    _Column(N_("Grade claimed"), 9, CENTRED),
    _Column(N_("Grade recomputed"), 9, CENTRED),
    _Column(N_("At stake"), 10, _POINTS),
    _Column(N_("Errors"), 7, _COUNT),
    _Column(N_("Warnings"), 7, _COUNT),
    _Column(N_("Notes"), 7, _COUNT),
    _Column(N_("Budget, 万元"), 13, _NUMBER),
    _Column(N_("Spent, 万元"), 13, _NUMBER),
)
_DEPARTMENTS = (
    _Column(N_("Department"), 34, BODY),
    _Column(N_("Projects"), 9, _COUNT),
    _Column(N_("Budget, 万元"), 13, _NUMBER),
    _Column(N_("Mean claimed"), 10, _POINTS),
    _Column(N_("Mean recomputed"), 10, _POINTS),
    _Column(N_("Grades that fall"), 10, _COUNT),
    _Column(N_("At stake"), 10, _POINTS),
    _Column(N_("Errors"), 7, _COUNT),
    _Column(N_("Warnings"), 7, _COUNT),
)
_DISTRIBUTION = (
    _Column(N_("Of"), 16, BODY),
    _Column(N_("Grade"), 10, CENTRED),
    _Column(N_("From"), 12, _COUNT),
    _Column(N_("Claimed"), 9, _COUNT),
    _Column(N_("Recomputed"), 9, _COUNT),
)
_CLAIMS = (
    _Column(N_("Code"), 24, BODY),
    _Column(N_("Project"), 26, BODY),
    _Column(N_("Level 1"), 12, BODY),
    _Column(N_("Level 2"), 14, BODY),
    _Column(N_("Indicator"), 30, BODY),
    _Column(N_("Target"), 16, BODY),
    _Column(N_("Actual"), 16, BODY),
    _Column(N_("Weight"), 9, _NUMBER),
    _Column(N_("Coefficient"), 10, {**_NUMBER, "num_format": "0.####"}),
    _Column(N_("Claimed"), 9, _POINTS),
    _Column(N_("Recomputed"), 9, _POINTS),
    _Column(N_("At most"), 9, _POINTS),
    _Column(N_("Difference"), 9, _POINTS),
    _Column(N_("Findings"), 14, BODY),
    _Column(N_("Place"), 28, BODY),
)
_DECISIONS = (
    _Column(N_("Code"), 24, BODY),
    _Column(N_("Indicator"), 30, BODY),
    _Column(N_("Decision"), 12, CENTRED),
    _Column(N_("Claimed"), 9, _POINTS),
    _Column(N_("Recomputed"), 9, _POINTS),
    _Column(N_("Decided"), 9, _POINTS),
    _Column(N_("By"), 12, BODY),
    _Column(N_("Date"), 12, BODY),
    _Column(N_("Reason"), 50, BODY),
)
_SAMPLE = (
    _Column(N_("No."), 6, _COUNT),
    _Column(N_("Code"), 24, BODY),
    _Column(N_("Project"), 40, BODY),
    _Column(N_("Department"), 34, BODY),
)


def write_review_workbook(result: ReviewResult, file: BinaryIO, lang: str) -> None:
    """The result of `review` as a workbook.

    Raises `InputError` where it has more rows than a sheet holds.
    """
    title = render(N_("Review of self-evaluations"), {}, lang)
    book = Book(title)
    _summary(book, result, title, lang)
    _sheet(book, N_("Projects by risk"), _RISK, _risk(result), lang, frozen=3)
    _sheet(book, N_("Departments compared"), _DEPARTMENTS, _departments(result), lang, frozen=1)
    _sheet(book, N_("Distribution"), _DISTRIBUTION, _distribution(result, lang), lang)
    _sheet(book, N_("Indicators side by side"), _CLAIMS, _claims(result), lang, frozen=5)
    write_findings(book, records(result.findings, lang), lang)
    if result.changes is not None:
        _sheet(book, N_("Decisions"), _DECISIONS, _decisions(result, lang), lang)
    if result.sample is not None:
        _sheet(book, N_("Sample"), _SAMPLE, _sample(result), lang)
    file.write(book.content())


def _sheet(
    book: Book,
    name: str,
    columns: Sequence[_Column],
    rows: Iterable[Sequence[Any]],
    lang: str,
    frozen: int = 0,
) -> None:
    """A sheet with headings that stay in sight and can be filtered by; numbers stay numbers."""
    sheet = book.sheet(book.name(render(name, {}, lang)))
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        book.text(sheet, 0, place, render(column.title, {}, lang), HEADING)
    heads = ((render(each.title, {}, lang), each.width) for each in columns)
    sheet.set_row(0, height(heads))
    line = 0
    for line, row in enumerate(rows, 1):
        for place, (value, column) in enumerate(zip(row, columns, strict=True)):
            _cell(book, sheet, line, place, value, column)
        texts = (
            (value, column.width)
            for value, column in zip(row, columns, strict=True)
            if isinstance(value, str)
        )
        sheet.set_row(line, height(texts))
    sheet.freeze_panes(1, frozen)
    sheet.autofilter(0, 0, max(line, 1), len(columns) - 1)
    sheet.repeat_rows(0)
    printed(sheet, landscape=True)


def _cell(book: Book, sheet: Worksheet, line: int, place: int, value: Any, column: _Column) -> None:
    if isinstance(value, str):
        book.text(sheet, line, place, value, column.look)
    else:
        higher = column.title == "Difference" and value is not None and value > 0
        book.number(sheet, line, place, value, _ABOVE if higher else column.look)


def _cents(value: int | None) -> float | None:
    """Hundredths as points: a float that shows its two decimals."""
    return None if value is None else value / 100


def _risk(result: ReviewResult) -> Iterable[Sequence[Any]]:
    frame = result.risk.join(result.projects, on="project", how="left", maintain_order="left")
    for number, row in enumerate(frame.iter_rows(named=True), 1):
        yield (
            number, row["project"], row["name"], row["department"], _cents(row["claimed_total"]),
            _cents(row["recomputed_low"]), _cents(row["recomputed_high"]),
            _cents(row["decided_total"]), row["claimed_grade"] or "",
            row["recomputed_grade"] or "", row["at_stake"], row["errors"], row["warnings"],
            row["notes"], row["budget"], row["spent"],
        )  # fmt: skip


def _departments(result: ReviewResult) -> Iterable[Sequence[Any]]:
    for row in review_overview.departments(result).iter_rows(named=True):
        yield (
            row["department"], row["projects"], row["budget"], _cents(row["claimed"]),
            _cents(row["low"]), row["lower"], row["at_stake"], row["errors"], row["warnings"],
        )  # fmt: skip


def _distribution(result: ReviewResult, lang: str) -> Iterable[Sequence[Any]]:
    """Projects by grade, by total in points, and by budget (万元) and recomputed grade."""
    found = review_overview.distributions(result)
    opened, grades, totals, money = (
        render(each, {}, lang)
        for each in (N_("open"), N_("Grades"), N_("Totals"), N_("Budget, 万元"))
    )
    for row in found["grades"]:
        yield grades, row["grade"] or opened, None, row["claimed"], row["recomputed"]
    for row in found["totals"]:
        grade = opened if row["at_least"] is None else ""
        yield totals, grade, row["at_least"], row["claimed"], row["recomputed"]
    for row in found["money"]:
        yield money, row["grade"] or opened, row["budget_at_least"], None, row["projects"]


def _claims(result: ReviewResult) -> Iterable[Sequence[Any]]:
    for row in review_table.rows(result).iter_rows(named=True):
        known = row["weight"] is not None
        low, high = (row[name] if known else None for name in ("low", "high"))
        claimed = row["claimed"]
        change = None
        if None not in (claimed, low, high):
            change = max(claimed - high, 0) + min(claimed - low, 0)
        yield (
            row["project"], row["name"], row["level1"], row["level2"], row["indicator"],
            row["target"], row["actual"], row["weight"], row["coefficient"], _cents(claimed),
            _cents(low), _cents(high), _cents(change), row["flags"] or "",
            place_of(row["file"], row["line"], row["sheet"]),
        )  # fmt: skip


def _decisions(result: ReviewResult, lang: str) -> Iterable[Sequence[Any]]:
    assert result.changes is not None
    stale = render(N_("not applied: the row has changed"), {}, lang)
    for row in result.changes.iter_rows(named=True):
        yield (
            row["project"], row["indicator"],
            stale if row["stale"] else WORDS[row["decision"]][lang != "zh"],
            _cents(row["claimed"]), _cents(row["low"]), _cents(row["decided"]),
            row["role"], row["date"], row["reason"],
        )  # fmt: skip


def _sample(result: ReviewResult) -> Iterable[Sequence[Any]]:
    assert result.sample is not None
    names = dict(result.projects.select("project", "name").iter_rows())
    for row in result.sample.iter_rows(named=True):
        yield row["draw"], row["project"], names[row["project"]], row["department"]


def _summary(book: Book, result: ReviewResult, title: str, lang: str) -> None:
    """What was reviewed by which policy, the counts, and the receipt."""
    sheet = book.sheet(book.name(render(N_("Summary"), {}, lang)))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 60)
    book.text(sheet, 0, 0, title, {**TITLE, "text_wrap": False})
    sheet.set_row(0, 28)
    line = 2
    for name, value in _figures(result, lang):
        book.text(sheet, line, 0, name, BODY)
        if isinstance(value, str):
            book.text(sheet, line, 1, value, BODY)
            sheet.set_row(line, height([(value, 60)]))
        else:
            look = {**BODY, "align": "left", "num_format": "#,##0.####"}
            book.number(sheet, line, 1, value, look)
        line += 1
    for text in _receipt(result, lang):
        line += 1
        look = {**PLAIN, "text_wrap": True}
        sheet.merge_range(line, 0, line, 1, "", book.style(look))
        book.text(sheet, line, 0, text, look)
        sheet.set_row(line, height([(text, 100)]))
    printed(sheet, landscape=False)


def _figures(result: ReviewResult, lang: str) -> Iterable[tuple[str, str | float]]:
    counts = result.receipt["counts"]
    claims, found = counts["claims"], counts["findings"]
    policy = result.policy
    chosen = policy.name if lang == "zh" else policy.name_en
    figures = (
        (N_("Policy"), f"{chosen} ({policy.id})"),
        (N_("Projects"), counts["projects"]),
        (N_("Rows reviewed"), counts["rows"]["reviewed"]),
        (N_("Rows rejected"), counts["rows"]["rejected"]),
        (N_("Points at stake"), round(float(result.risk["at_stake"].sum()), 4)),
        (N_("Claims as recomputed"), claims["agreeing"]),
        (N_("Claims above what follows"), claims["above"]),
        (N_("Claims below what follows"), claims["below"]),
        (N_("Not recomputable"), claims["not_recomputed"]),
        (N_("Indicators without a claim"), claims["unclaimed"]),
        (N_("Errors"), found["error"]),
        (N_("Warnings"), found["warning"]),
        (N_("Notes"), found["info"]),
    )
    for title, value in figures:
        yield render(title, {}, lang), value


def _receipt(result: ReviewResult, lang: str) -> Iterable[str]:
    receipt = result.receipt
    yield from receipt_lines(receipt, lang)
    if "sample" in receipt:
        template = N_(
            "Spot-check sample: {drawn} projects, drawn with --sample {asked} --seed {seed}"
        )
        yield render(template, receipt["sample"], lang)
