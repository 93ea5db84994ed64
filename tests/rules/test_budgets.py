"""Rules on budgets, over whole sets of tables that are made, printed and read again."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval import check
from perfeval.budget_form import table_forms
from perfeval.sources.budget_csv import read_budget
from perfeval.sources.specs import load_specs
from perfeval.sources.write_budget import budget_text
from tests.budget_tables import cells, page, read_text
from tests.rules.cases import Case

SPECS = Path(__file__).parents[2] / "specs"
Vector = dict[str, Decimal]
CENT = Decimal("0.01")
exact = st.integers(1, 99_999_999).map(lambda number: Decimal(number).scaleb(-4))

CLASSES = {
    "205": "教育支出",
    "208": "社会保障和就业支出",
    "210": "卫生健康支出",
    "221": "住房保障支出",
}
LINES = {
    "301": ("personnel", ["30101", "30102", "30103"]),
    "302": ("operating", ["30201", "30217", "30231"]),
    "303": ("personnel", ["30305", "30399"]),
}


def printed(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def row(vector: Vector, columns: tuple[str, ...]) -> str:
    """What a row prints: the rounded parts after their rounded total, nothing for what is 0."""
    total = sum(vector.values(), Decimal(0))
    shown = {"total": total, **vector} if total else {}
    return cells({name: printed(amount) for name, amount in shown.items() if amount}, columns)


def add(vectors: list[Vector]) -> Vector:
    names = {name for vector in vectors for name in vector}
    return {
        name: sum((each.get(name, Decimal(0)) for each in vectors), Decimal(0)) for name in names
    }


@dataclass(frozen=True)
class Budget:
    """The exact money of a department: by item of function, by line of nature, and carried over."""

    items: dict[str, Vector]
    lines: dict[str, Decimal]
    carried: Decimal

    def text(self) -> str:
        """The tables of the disclosure, each number rounded by itself."""
        return (
            self.two_sided() + self.by_function() + self.by_nature() + self.three_public()
            + self.all_funds()
        )  # fmt: skip

    def under(self, code: str) -> Vector:
        return add([vector for item, vector in self.items.items() if item.startswith(code)])

    def by_function(self) -> str:
        columns = table_forms()["附件4-2"].columns
        rows = []
        for code in dict.fromkeys(item[:length] for item in self.items for length in (3, 5, 7)):
            name = CLASSES.get(code, "某某事务")
            rows.append(f"{code} {name} {row(self.under(code), columns)}")
        top = [f"{code} {CLASSES[code]}" for code in dict.fromkeys(item[:3] for item in self.items)]
        summary = [f"{each} {row(self.under(each[:3]), columns)}" for each in top]
        return page("附件4-2", sorted(rows)) + page("附件4-8", summary)

    def by_nature(self) -> str:
        columns = table_forms()["附件4-3"].columns
        total: list[Vector] = []
        rows = []
        for code, (column, lines) in LINES.items():
            parts = [{column: self.lines[line]} for line in lines if self.lines.get(line)]
            total += parts
            rows.append(f"{code} 某某支出 {row(add(parts), columns)}")
            rows += [
                f"{line} 某某费 {row({column: self.lines[line]}, columns)}"
                for line in lines
                if self.lines.get(line)
            ]
        return page("附件4-3", [f"合计 {row(add(total), columns)}", *rows])

    def three_public(self) -> str:
        running, reception = (self.lines.get(line, Decimal(0)) for line in ("30231", "30217"))
        shown: Vector = {
            "total": running + reception, "vehicles": running, "vehicle_running": running,
            "reception": reception,
        }  # fmt: skip
        columns = table_forms()["附件4-4"].columns
        amounts = {name: printed(amount) for name, amount in shown.items() if amount}
        return page("附件4-4", [cells(amounts, columns)] if amounts else [])

    def two_sided(self) -> str:
        spent = add(list(self.items.values()))
        total = sum(spent.values(), Decimal(0))
        year = printed(total - self.carried)
        functions = []
        for code in dict.fromkeys(item[:3] for item in self.items):
            amount = printed(sum(self.under(code).values(), Decimal(0)))
            functions.append(f"{CLASSES[code]} {amount} {amount}")
        left = [f"一般公共预算拨款 {year}", "政府性基金预算拨款", "国有资本经营预算拨款"]
        if self.carried:
            left += [
                f"二、上年结转 {printed(self.carried)}",
                f"一般公共预算拨款 {printed(self.carried)}",
            ]
        length = max(len(left), len(functions))
        rows = [
            f"{(left + [''] * length)[place]} {(functions + [''] * length)[place]}"
            for place in range(length)
        ]
        whole = printed(total)
        return page(
            "附件4-1",
            [
                f"一、本年收入 {year} 一、本年支出 {whole} {whole}",
                *rows,
                f"收入总数 {whole} 支出总数 {whole} {whole}",
            ],
        )

    def all_funds(self) -> str:
        total = sum((sum(each.values(), Decimal(0)) for each in self.items.values()), Decimal(0))
        year, whole = printed(total - self.carried), printed(total)
        rows = [
            f"一般公共预算拨款收入 {year}",
            *(
                f"{CLASSES[code]} {printed(sum(self.under(code).values(), Decimal(0)))}"
                for code in dict.fromkeys(item[:3] for item in self.items)
            ),
        ]
        rows += [f"本年收入合计 {year} 本年支出合计 {whole}"]
        rows += [f"上年结转 {printed(self.carried)}"] if self.carried else []
        return page("附件4-6", [*rows, f"收入总计 {whole} 支出总计 {whole}"])


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    """A department's budget: what is basic by function is basic by nature."""
    codes = [
        f"{top}{middle}{low}" for top in CLASSES for middle in ("01", "99") for low in ("01", "02")
    ]
    items = {
        code: draw(
            st.lists(st.sampled_from(("basic", "project")), min_size=1, unique=True).flatmap(
                lambda chosen: st.fixed_dictionaries(dict.fromkeys(chosen, exact))
            )
        )
        for code in draw(st.lists(st.sampled_from(codes), min_size=1, max_size=6, unique=True))
    }
    basic = sum((vector.get("basic", Decimal(0)) for vector in items.values()), Decimal(0))
    names = [line for _, lines in LINES.values() for line in lines]
    lines: dict[str, Decimal] = {}
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=5, unique=True)):
        share = draw(st.sampled_from([Decimal("0.5"), Decimal("0.3333"), Decimal("0.01")]))
        lines[name] = (basic * share).quantize(Decimal("0.0001"))
        basic -= lines[name]
    lines[name] += basic
    carried = min(
        draw(st.one_of(st.just(Decimal(0)), exact)), sum(add(list(items.values())).values())
    )
    return Budget(items, lines, Decimal(carried))


def findings(text: str) -> tuple[pl.DataFrame, list[str]]:
    """The findings of family B about the tables of a text, and what reading it told."""
    amounts, problems = read_text(text)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "budget.csv"
        path.write_text(budget_text(amounts), "utf-8")
        read = read_budget(path)
    assert read.problems == ()
    specs = replace(Case("B", "budget", {}).specs(), budget=read.frame)
    return check(specs, select=["B", "P"]).findings, problems


@settings(deadline=None, max_examples=20)
@given(budgets())
def test_a_consistent_budget_raises_no_alarm(budget: Budget) -> None:
    """Each number is rounded by itself, and columns that stay open are no reason for an alarm."""
    found, _ = findings(budget.text())
    assert found.filter(pl.col("severity") != "info").rows(named=True) == []


@settings(deadline=None, max_examples=20)
@given(budgets(), st.data())
def test_no_wrong_amount_goes_unnoticed(budget: Budget, data: st.DataObject) -> None:
    """One printed amount is raised by 1,000 万元: a rule, or the reader, must say something."""
    text = budget.text()
    before, told_before = findings(text)
    places = list(re.finditer(r"(?<=\s)\d[\d,]*\.\d\d(?=\s)", text))
    place = data.draw(st.sampled_from(places))
    wrong = Decimal(place[0].replace(",", "")) + 1000
    found, told = findings(text[: place.start()] + f"{wrong:,f}" + text[place.end() :])
    new = found.filter(pl.col("severity") != "info").height + len(told)
    assert new > before.filter(pl.col("severity") != "info").height + len(told_before) or (
        "B205" in found["code"]
    )


def test_findings_do_not_depend_on_the_order_of_amounts() -> None:
    specs = load_specs(SPECS)
    shuffled = replace(specs, budget=specs.budget.sample(fraction=1, shuffle=True, seed=1))
    first, second = (
        set(check(each, select=["B"]).findings.select("code", "severity", "project").iter_rows())
        for each in (specs, shuffled)
    )
    assert first == second


def test_the_findings_about_the_qijiang_bureau() -> None:
    """Each was looked up in the document by hand; see the comments."""
    found = check(load_specs(SPECS), select=["B", "P"]).findings
    told = [
        (code, severity, Path(file).name, line)
        for code, severity, file, line in found.select("code", "severity", "file", "line").rows()
    ]
    assert told == [
        ("B202", "info", "budget.csv", 80),  # 301 is 647.83, its lines add up to 647.84
        ("B302", "info", "budget.csv", 19),  # 208 is 3,649.83 in 4-2, 3,649.82 in 4-1 and 4-6
        ("B305", "error", "budget.csv", 158),  # 4-8 prints 208 alone
        ("B305", "warning", "budget.csv", 157),  # 4-7 prints no amount
        ("B306", "warning", "budget.csv", 64),  # 2101103 has 4.32, 30111 nothing (30114 has it)
        ("B307", "info", "212001.toml", 1),  # 42,848,758.19 元 beside 4,284.87
        ("B308", "error", "212001.toml", 1),  # 839.14 basic, 836.86 in 4-2 and 4-3
        ("B309", "info", "212001.toml", 1),  # 27 projects of 3,122.05, 3,445.74 for projects
    ]


@pytest.mark.parametrize("number", ["附件4-1", "附件4-2", "附件4-3", "附件4-6"])
def test_a_wrong_amount_in_the_qijiang_tables_is_found(number: str) -> None:
    """Raised by one, every total of these tables is contradicted by another number."""
    specs = load_specs(SPECS)
    raised = specs.budget.with_row_index("place")
    totals = raised.filter(table=number, column="total")["place"].to_list()
    before = check(specs, select=["B"]).receipt["counts"]["findings"]["error"]
    for place in totals:
        wrong = raised.with_columns(
            amount=pl.when(pl.col("place") == place)
            .then(pl.col("amount") + 1)
            .otherwise("amount")
            .cast(pl.Decimal(38, 6))
        ).drop("place")
        after = check(replace(specs, budget=wrong), select=["B"]).receipt["counts"]["findings"]
        assert after["error"] > before, raised.row(place)
