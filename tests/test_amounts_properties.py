"""The reader of tables of amounts, on sets of tables that are made and printed at random."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budget_tables import HEADINGS, cells, page, read_text

CENT = Decimal("0.01")
Vector = dict[str, Decimal]
exact = st.integers(1, 9_999_999).map(lambda number: Decimal(number).scaleb(-4))
COLUMNS = {"附件4-2": ("basic", "project"), "附件4-3": ("personnel", "operating")}
NAMES = ["行政运行", "一般行政管理事务", "其他社会保障和就业支出（款）", "维修(护)费", "培训支出"]


@dataclass(frozen=True)
class Printed:
    """A table's rows: code, name and what is printed in each column."""

    number: str
    rows: list[tuple[str, str, Vector]]


def rounded(exact_amounts: Mapping[str, Decimal], digits: Decimal = CENT) -> Vector:
    """What is printed: each amount by itself, and a total where there is anything."""
    found = {
        column: amount.quantize(digits, ROUND_HALF_UP)
        for column, amount in exact_amounts.items()
        if amount
    }
    total = sum(exact_amounts.values(), Decimal(0))
    return {"total": total.quantize(digits, ROUND_HALF_UP), **found} if total else {}


def add(vectors: list[Vector], columns: tuple[str, ...]) -> Vector:
    return {
        column: sum((vector.get(column, Decimal(0)) for vector in vectors), Decimal(0))
        for column in columns
    }


@st.composite
def classified(draw: st.DrawFn, number: str) -> Printed:
    """A consistent table of a classification: every sum is that of exact parts, then rounded."""
    columns = COLUMNS[number]
    leaves = st.lists(st.sampled_from(columns), min_size=1, max_size=2, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries(dict.fromkeys(chosen, exact))
    )
    names = st.sampled_from(NAMES)
    rows: list[tuple[str, str, Vector]] = []
    tops: list[Vector] = []
    for top in draw(st.lists(st.integers(201, 229), min_size=1, max_size=3, unique=True)):
        block: list[tuple[str, str, Vector]] = []
        middles: list[Vector] = []
        for middle in range(draw(st.integers(1, 3))):
            parts = draw(st.lists(st.one_of(leaves, st.just({})), min_size=1, max_size=4))
            middles.append(add(parts, columns))
            block.append((f"{top}{middle:02}", draw(names), rounded(middles[-1])))
            block += [
                (f"{top}{middle:02}{place:02}", draw(names), rounded(part))
                for place, part in enumerate(parts)
            ]
        tops.append(add(middles, columns))
        rows += [(str(top), draw(names), rounded(tops[-1])), *block]
    if number == "附件4-3" or draw(st.booleans()):
        rows.insert(0, ("total", "合计", rounded(add(tops, columns))))
    return Printed(number, rows)


def lines(table: Printed, glued: bool) -> list[str]:
    order = ("total", *COLUMNS[table.number])
    return [
        f"{'' if code == 'total' else code}{'' if glued else ' '}{name} {cells(vector, order)}"
        for code, name, vector in table.rows
    ]


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[Printed]]:
    """A document with a table of a classification or two, set in one way or another."""
    numbers = draw(st.sampled_from([["附件4-2"], ["附件4-3"]]))
    tables = [draw(classified(number)) for number in numbers]
    text = ""
    for table in tables:
        rows = lines(table, draw(st.booleans()))
        gap = draw(st.sampled_from(["\n", "\n\n"]))
        cut = draw(st.integers(0, len(rows)))
        heading = HEADINGS[table.number].rpartition("\n")[2]
        pages = draw(st.sampled_from(["one", "titled", "headed", "bare"]))
        if pages == "one":
            text += page(table.number, rows, gap=gap)
        elif pages == "titled":
            text += page(table.number, rows[:cut], gap=gap) + page(table.number, rows[cut:])
        else:
            again = f"\n- 3 -\n\f{heading}\n" if pages == "headed" else "\n- 3 -\n\n"
            text += page(table.number, rows[:cut], gap=gap) + again + gap.join(rows[cut:]) + "\n"
    return text, tables


@settings(deadline=None)
@given(texts())
def test_what_is_printed_is_read_and_no_column_is_wrong(case: tuple[str, list[Printed]]) -> None:
    text, tables = case
    amounts, problems = read_text(text)
    read: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
    labels: dict[tuple[str, str], str] = {}
    for each in amounts:
        if each.amount is None:
            assert not each.code
            continue
        read.setdefault((each.table, each.code), []).append((each.column, each.amount))
        labels[each.table, each.code] = each.label
    printed = {
        (table.number, code): list(vector.items())
        for table in tables
        for code, _, vector in table.rows
        if vector
    }
    assert read.keys() == printed.keys()
    for key, cell_list in printed.items():
        order = ("total", *COLUMNS[key[0]])
        cell_list.sort(key=lambda cell: order.index(cell[0]))
        assert [amount for _, amount in read[key]] == [amount for _, amount in cell_list], key
        for (found, _), (column, _) in zip(read[key], cell_list, strict=True):
            assert found in (column, "undecided"), key
        assert read[key][0][0] == "total"
        assert labels[key] == next(
            name for table in tables for code, name, _ in table.rows if code == key[1]
        )
    open_rows = sum("undecided" in dict(row) for row in read.values())
    assert bool(open_rows) == bool(problems)


FUNCTIONS = ["教育支出", "社会保障和就业支出", "卫生健康支出", "节能环保支出", "住房保障支出"]
FUNDS = ("general", "government_fund", "state_capital")
FUND_NAMES = ("一般公共预算拨款", "政府性基金预算拨款", "国有资本经营预算拨款")


@settings(deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(FUNDS), exact, max_size=3), min_size=5, max_size=5),
    st.lists(exact, min_size=3, max_size=3),
    st.booleans(),
)
def test_both_sides_of_a_table_are_read(
    functions: list[Vector], carried: list[Decimal], yuan: bool
) -> None:
    digits = Decimal("0.000001") if yuan else CENT
    spent = add(functions, FUNDS)
    current = {
        fund: max(spent[fund] - part, Decimal(0)) for fund, part in zip(FUNDS, carried, strict=True)
    }
    before = {fund: spent[fund] - current[fund] for fund in FUNDS}
    left = [("一、本年收入", rounded(current, digits).get("total"))]
    left += [
        (name, rounded(current, digits).get(fund))
        for fund, name in zip(FUNDS, FUND_NAMES, strict=True)
    ]
    left += [("二、上年结转", rounded(before, digits).get("total"))]
    left += [
        (name, rounded(before, digits).get(fund))
        for fund, name in zip(FUNDS, FUND_NAMES, strict=True)
    ]
    left += [("收入总数", rounded(spent, digits).get("total"))]
    right: list[tuple[str, Vector]] = [("一、本年支出", rounded(spent, digits))]
    right += [
        (name, rounded(part, digits)) for name, part in zip(FUNCTIONS, functions, strict=True)
    ]
    right += [("二、结转下年", {}), ("", {}), ("支出总数", rounded(spent, digits))]
    scale = 4 if yuan else 0

    def shown(amount: Decimal | None) -> str:
        return "" if amount is None else format(amount.scaleb(scale), ",f")

    rows = [
        f"{label} {shown(amount)} {name} "
        + " ".join(shown(vector.get(column)) for column in ("total", *FUNDS))
        for (label, amount), (name, vector) in zip(left, right, strict=True)
    ]
    text = page("附件4-1", rows, unit="单位：元" if yuan else "单位：万元")
    amounts, _ = read_text(text)
    read = [(each.label, each.column, each.amount) for each in amounts if each.amount is not None]
    printed = []
    for (label, amount), (name, vector) in zip(left, right, strict=True):
        if amount is not None:
            printed.append((label, "total", amount))
        printed += [
            (name, column, vector[column]) for column in ("total", *FUNDS) if column in vector
        ]
    assert [(label, amount) for label, _, amount in read] == [
        (label, amount) for label, _, amount in printed
    ]
    assert all(
        found[1] in (cell[1], "undecided") for found, cell in zip(read, printed, strict=True)
    )


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["附件4-2", "单位：万元", "某局一般公共预算财政拨款支出预算表", "某局部门收支总表",
                 "\f",
                 "科目编码 科目名称 小计 基本支出 项目支出", "205 教育支出 3.00 1.00 2.00", "3.00",
                 "合计 1 2 3 4 5", "20502 - - -", "收入合计 3 支出 4", "1,2,3 x 1.2.3", "支出 1 1"]
            ),
            st.text(max_size=20),
        ),
        max_size=20,
    )
)  # fmt: skip
def test_any_text_is_read_without_a_crash(parts: list[str]) -> None:
    read_text("\n".join(parts))
