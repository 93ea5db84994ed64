"""A table of the form as a spec, and what of it could not be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from perfeval.messages import N_
from perfeval.problems import Problem
from perfeval.sources.disclosure import form
from perfeval.sources.disclosure.body import read_body
from perfeval.sources.disclosure.budget import EMPTY, overall_budget, project_budget
from perfeval.sources.disclosure.header import Header, read_header
from perfeval.sources.disclosure.items import Item, Row, carry
from perfeval.sources.disclosure.names import Assignment
from perfeval.sources.disclosure.rows import DIGITS

Spec = dict[str, Any]

OVERALL_TYPE = "部门整体支出"
OVERALL_NAME = "整体支出"

_NUMBERED = re.compile(r"([0-9A-Za-z]+)\s*[-—－_]?\s*(?=[\u4e00-\u9fff])")
_SHOWN, _SCRUBBED = 120, 600
_INDICATOR = ("level1", "level2", "name", "target", "weight")


@dataclass(slots=True)
class Reading:
    """One table while it is read.

    A `partial` form need not say which department, code and year it is for.
    """

    table: form.Table
    file: str
    header: Header
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    partial: bool = False

    def report(self, template: str, line: int | None, **values: object) -> None:
        """Report a problem; texts are shortened and hold no contact."""
        shown = {
            key: _shorten(self.header.scrub(value[:_SCRUBBED])) if isinstance(value, str) else value
            for key, value in values.items()
        }
        self.problems.append(Problem(template, shown, self.file, line))

    def _report_missing(self, template: str, **values: object) -> None:
        if not self.partial:
            self.report(template, self.table.line, **values)

    def spec(self, assignment: Assignment) -> Spec | None:
        """The table in the shape of the TOML contract, keys in its order.

        None for a table without an indicator, which no spec can be made of.
        """
        spec = self.compose(self._indicators(assignment))
        self._outside()
        self.problems.sort(key=lambda problem: problem.line or 0)
        return spec if spec["indicators"] else None

    def compose(self, indicators: list[dict[str, Any]]) -> Spec:
        """The cells of the upper half together with `indicators`, as a spec."""
        header = self.header
        department = header.text("department")
        code = self._code(department)
        spec: Spec = {"schema": 1, "code": code, "name": self._name(department, code)}
        if department:
            spec["department"] = department
        else:
            self._report_missing(
                N_(
                    "the table names no department (申报单位, 预算部门); write it into the spec by"
                    " hand"
                )
            )
        if self.table.year is None:
            self._report_missing(
                N_(
                    "the title of the table names no year from 1949 to 2100 (2023年…绩效目标表);"
                    " write it into the spec by hand"
                )
            )
        else:
            spec["year"] = self.table.year
        kind = OVERALL_TYPE if self.table.overall else header.text("type")
        if kind:
            spec["type"] = kind
        read_budget = overall_budget if self.table.overall else project_budget
        budget = read_budget(header, self.table.unit, self.report)
        if budget:
            spec["budget"] = budget
        narrative = {name: header.text(name) for name in form.NARRATIVE if header.text(name)}
        if narrative:
            spec["narrative"] = narrative
        spec["indicators"] = indicators
        return spec

    def _code(self, department: str) -> str:
        """The project's code; for the department's table the one that leads its name."""
        found = _NUMBERED.match(department) if self.table.overall else None
        code = found[1] if found else "".join(self.header.text("code").split())
        if code:
            return code
        stand_in = self.header.text("name") or department
        self._report_missing(
            N_(
                "the table has no code (项目编码, or the number before the department's name);"
                " {stand_in} is used instead: check it"
            ),
            stand_in=stand_in or f"line-{self.table.line}",
        )
        return stand_in or f"line-{self.table.line}"

    def _name(self, department: str, code: str) -> str:
        if self.table.overall:
            return _NUMBERED.sub("", department) + OVERALL_NAME
        name = self.header.text("name")
        if not name:
            self.report(
                N_("the table has no project name (项目名称); its code stands in for it"),
                self.table.line,
            )
        return name or code

    def _indicators(self, assignment: Assignment) -> list[dict[str, Any]]:
        used = {index for name in assignment.names.values() for index in name.used}
        levels = carry(self.items, used)
        found = []
        without: dict[int, list[Row]] = {1: [], 2: []}
        for index, item in enumerate(self.items):
            if not isinstance(item, Row):
                continue
            name = assignment.names[index].text
            if self._misses(item, name):
                continue
            pair = levels.of_row[index]
            for level, text in enumerate(pair, 1):
                if not text:
                    without[level].append(item)
            tail = item.tail
            values = (*pair, name, tail.target, tail.weight)
            found.append(dict(zip(_INDICATOR, values, strict=True)))
        self._headings(without, levels.beside)
        if not found:
            self.report(N_("the table holds no indicator; no spec is made of it"), self.table.line)
        self._doubtful(assignment)
        return found

    def _misses(self, row: Row, name: str) -> bool:
        """Whether a row lacks what an indicator needs; reports what it is."""
        text = f"{name} {row.line.text[row.tail.start :]}".strip()
        if row.tail.problem:
            weight = text.split()[-1]
            self.report(row.tail.problem, row.line.number, text=text, weight=weight, digits=DIGITS)
        elif not name:
            self.report(
                N_(
                    "the indicator row {text} has no name: no line above or below it is left for"
                    " one; add the row to the spec by hand"
                ),
                row.line.number,
                text=text,
            )
        else:
            return False
        return True

    def _headings(self, without: Mapping[int, Sequence[Row]], beside: bool) -> None:
        for level, rows in without.items():
            if rows:
                self.report(
                    N_(
                        "no level-{level} heading stands above this indicator ({count} in all in"
                        " this table); write it into the spec by hand"
                    ),
                    rows[0].line.number,
                    level=level,
                    count=len(rows),
                )
        if beside:
            self.report(
                N_(
                    "level headings (一级指标, 二级指标) stand beside or below their rows in this"
                    " table; check which rows belong to which heading"
                ),
                self.table.line,
            )

    def _doubtful(self, assignment: Assignment) -> None:
        for doubt in assignment.doubts:
            if not doubt.taken:
                template = N_("the line {text} was left out; is it part of the indicator {other}?")
            elif not doubt.other:
                template = N_(
                    "the line {text} was taken as part of the indicator {taken}, but may belong to"
                    " none; check it"
                )
            else:
                template = N_(
                    "the line {text} was taken as part of the indicator {taken}, but may belong to"
                    " {other}; check both names"
                )
            self.report(
                template, doubt.line.number, text=doubt.text, taken=doubt.taken, other=doubt.other
            )
        for index in assignment.unplaced:
            item = self.items[index]
            if not isinstance(item, Row):
                self._unplaced(item.text, item.line.number)

    def _outside(self) -> None:
        for line in self.header.withheld:
            self.report(
                N_(
                    "this line was left out with the contact person and telephone number above it;"
                    " if it is something else, add it by hand"
                ),
                line,
            )
        if self.header.early:
            self.report(
                N_("text stands above the label of its cell; check which cell it belongs to"),
                self.header.early,
            )
        for piece in self.header.loose:
            self._unplaced(piece.text, piece.line)
        for piece in self.header.remarks:
            if piece.text not in EMPTY:
                self._unplaced(piece.text, piece.line)

    def _unplaced(self, text: str, line: int) -> None:
        self.report(
            N_("the line {text} has no place in a spec and was left out; check it"),
            line,
            text=text.strip(),
        )


def read_tables(tables: Sequence[form.Table], file: str) -> list[Reading]:
    """The headers and the items of all tables; one whose header a new page repeats is one table."""
    readings: list[Reading] = []
    for table in tables:
        header = read_header(table)
        before = readings[-1] if readings else None
        if (
            before
            and before.table.overall == table.overall
            and header.continues
            and (table.overall or header.text("code"))
            and header.text("department") == before.header.text("department")
            and header.text("code") == before.header.text("code")
        ):
            before.header.go_on(header)
        else:
            readings.append(Reading(table, file, header))
    for reading in readings:
        reading.items = read_body(reading.header.body)
    return readings


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
