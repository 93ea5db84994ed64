"""Cases of rules as data: tables that fail, the same repaired, and tables that pass.

A file per rule, `tests/rules/cases/T101.toml`, holds `[[fails]]` and `[[passes]]`:

    [[fails]]
    name = "a share above 100 %"
    source = "where it was seen, for real tables"
    policy = "general"                         # the default
    indicators = ["产出指标 | 质量指标 | 验收合格率 | ≥ 110 % | 20"]
    found = [{ indicator = "验收合格率", line = 1, target = "≥ 110 %" }]
    repaired.indicators = ["产出指标 | 质量指标 | 验收合格率 | ≥ 100 % | 20"]

`indicators` are those of the project P1 (one that is sound where a case names none): level 1,
level 2, name, target, weight (blank for none) and, where needed, `column=value` (unit=人,
operator=≥, deadline=…). Other columns of that project stand in `project` (type, year, budget_total,
overview, goal …). Several projects are tables of `projects`, each with its columns and
`indicators`. `budget` has the rows of budget tables ("table | code label | column=amount | …", and
`department=` if it is not 某局); a table alone is one without amounts. After scoring also `actuals`
("name | actual | column=value") and `execution` ("column=value | …") of P1, or of the project that
`project=` names; `actuals_text` is the file as it stands.

For a review `claims` ("level 1 | level 2 | name | target | weight | actual | score |
column=value") are the rows of a self-evaluation of P1, or of the project that `project=` names, in
as many `files` as are said; `claimed` holds the columns of every row (department, budget, spent,
execution_score, total …), and `approved` says that `indicators` or `projects` are the approved
tables. `decisions` ("name | decision | column=value") are what reviewers decided.

`found` is what the rule finds, in order: project, indicator, severity and line (of an indicator,
its number in its project; of a project, 1; of an actual, its row in the file; of an amount, its row
in `budget`) are its place, all else are values of the message. What is not named is not compared.
`repaired` overrides what the repair of the manual page changes.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from perfeval import tables
from perfeval.checking import check
from perfeval.problems import InputError
from perfeval.reports.findings import records
from perfeval.reviewing import review
from perfeval.scoring import score
from perfeval.sources.specs import Specs

FOLDER = Path(__file__).with_name("cases")
_PROJECT = {
    "project": "P1", "name": "走访慰问", "department": "某局", "year": 2023, "type": "专项业务",
}  # fmt: skip
_INDICATOR = ("level1", "level2", "indicator", "target", "weight")
_SOUND = ["产出指标 | 数量指标 | 走访慰问 | ≥ 10 人 | 100"]
_BLANK = {"operator": "", "unit": ""}


@dataclass(frozen=True)
class Case:
    """Tables for one rule, and what it is to find in them."""

    code: str
    name: str
    content: Mapping[str, Any]

    @property
    def found(self) -> Sequence[Mapping[str, Any]]:
        """What the rule is to find."""
        return tuple(self.content.get("found", ()))

    @property
    def repaired(self) -> Case:
        """The same tables after the rule's own repair."""
        return Case(self.code, self.name, {**self.content, **self.content["repaired"], "found": ()})

    def run(self, folder: Path) -> list[dict[str, Any]]:
        """The records of what the rule finds; `folder` takes the files that scoring reads."""
        policy = self.content.get("policy", "general")
        specs = self.specs()
        if "claims" in self.content:
            return self._reviewed(folder, policy)
        if not {"actuals", "actuals_text"} & set(self.content):
            return list(records(check(specs, policy, [self.code, "P"]).findings, "en"))
        actuals = folder / "actuals.csv"
        if "actuals_text" in self.content:
            actuals.write_text(self.content["actuals_text"], "utf-8")
        else:
            _write(actuals, ("project", "indicator", "actual"), self.actuals())
        execution = None
        if "execution" in self.content:
            rows = [_row((), line) for line in self.content["execution"]]
            execution = _write(folder / "execution.csv", ("project",), rows)
        findings = score(actuals, specs, execution, policy).findings
        return list(records(findings.filter(pl.col("code").is_in([self.code, "P001"])), "en"))

    def specs(self) -> Specs:
        """The target tables."""
        single = {
            **self.content.get("project", {}),
            "indicators": self.content.get("indicators", _SOUND),
        }
        projects = self.content.get("projects", [single])
        rows: dict[str, list[dict[str, Any]]] = {"projects": [], "indicators": []}
        for project in projects:
            columns = {**_PROJECT, **project}
            file = f"{columns['project']}.toml"
            rows["projects"].append({**columns, "file": file, "line": 1})
            for line, text in enumerate(columns.get("indicators", _SOUND), 1):
                row = _row(_INDICATOR, text)
                place = {"project": columns["project"], "file": file, "line": line}
                rows["indicators"].append({**_BLANK, **row, **place})
        return Specs(
            _frame(rows["projects"], tables.PROJECTS),
            _frame(rows["indicators"], tables.INDICATORS),
            policy=None,
            inputs=(),
            budget=_frame(list(self._budget()), tables.BUDGET),
        )

    def _reviewed(self, folder: Path, policy: str) -> list[dict[str, Any]]:
        rows = [
            {**self.content.get("claimed", {}), **_row((*_INDICATOR, "actual", "score"), line)}
            for line in self.content["claims"]
        ]
        claims = [
            _write(folder / f"claims{number}.csv", ("project",), rows)
            for number in range(self.content.get("files", 1))
        ]
        decisions = None
        if "decisions" in self.content:
            columns = ("indicator", "decision", "role", "reason")
            rows = [_row(("indicator", "decision"), line) for line in self.content["decisions"]]
            decisions = _write(folder / "decisions.csv", ("project", *columns), rows)
        approved = self.specs() if self.content.get("approved") else None
        findings = review(claims, approved, policy, decisions=decisions).findings
        return list(records(findings.filter(pl.col("code").is_in([self.code, "P001"])), "en"))

    def _budget(self) -> Iterator[dict[str, Any]]:
        for line, text in enumerate(self.content.get("budget", []), 1):
            table, *rest = (cell.strip() for cell in text.split("|"))
            place = {"department": "某局", "table": table, "file": "budget.csv", "line": line}
            code, _, label = (rest or [""])[0].partition(" ")
            row = {"code": code, "label": label, "column": "", **place}
            cells = dict(cell.split("=") for cell in rest[1:])
            row["department"] = cells.pop("department", row["department"])
            for column, amount in cells.items():
                decimals = len(amount.partition(".")[2])
                yield {**row, "column": column, "amount": Decimal(amount), "decimals": decimals}
            if not cells:
                yield row

    def actuals(self) -> list[dict[str, str]]:
        """The rows of actuals."""
        return [_row(("indicator", "actual"), line) for line in self.content.get("actuals", [])]


def cases(kind: str) -> Iterator[Case]:
    """All cases of a kind, "fails" or "passes"."""
    for path in sorted(FOLDER.glob("*.toml")):
        try:
            content = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"{path.name}: {error}") from error
        for number, case in enumerate(content.get(kind, []), 1):
            yield Case(path.stem, case.get("name", str(number)), case)


def told(record: Mapping[str, Any]) -> dict[str, Any]:
    """A finding's place and values in one mapping, as `found` names them."""
    place = {name: record[name] for name in ("project", "indicator", "severity", "line")}
    return {**record["values"], **place}


def _row(columns: Sequence[str], text: str) -> dict[str, str]:
    cells = [cell.strip() for cell in text.split("|")]
    row = dict(zip(columns, cells, strict=False))
    for cell in cells[len(columns) :]:
        name, _, value = cell.partition("=")
        row[name.strip()] = value.strip()
    return row


def _frame(rows: Sequence[Mapping[str, Any]], schema: Any) -> pl.DataFrame:
    types = {name: column.dtype.type for name, column in schema.columns.items()}
    unknown = {name for row in rows for name in row} - {*types, "indicators"}
    if unknown:
        raise ValueError(f"{schema.name} have no column {unknown}")
    columns = {
        name: pl.Series([_value(row.get(name), kind) for row in rows], dtype=kind)
        for name, kind in types.items()
    }
    try:
        return tables.check(pl.DataFrame(columns), schema)
    except InputError as error:
        raise ValueError(f"the case's tables are not sound: {error}") from error


def _value(value: Any, kind: pl.DataType) -> Any:
    if value is None or not isinstance(value, str) or kind == pl.String:
        return value
    if value == "":
        return None
    return value in ("true", "是") if kind == pl.Boolean else float(value)


def _write(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Path:
    names = list(dict.fromkeys([*columns, *(name for row in rows for name in row)]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows({"project": "P1", **row} for row in rows)
    return path
