"""The amounts of budget tables as budget.csv, which lies with the specs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from perfeval.messages import N_
from perfeval.neutral import neutralised
from perfeval.problems import InputError, Problem
from perfeval.sources.disclosure.amounts import Amount

BUDGET_FILE = "budget.csv"


def budget_text(amounts: Iterable[Amount]) -> str:
    """`amounts` as the text of budget.csv, with their digits; the same amounts, the same text.

    It begins with a byte order mark, without which a spreadsheet program takes it for GBK.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Amount._fields)
    for each in amounts:
        amount = "" if each.amount is None else format(each.amount, "f")
        writer.writerow(
            (neutralised(each.department), each.table, each.code, neutralised(each.label),
             each.column, amount, each.source_line)
        )  # fmt: skip
    return "\ufeff" + out.getvalue()


def refuse_repeated_tables(read: Mapping[str, Sequence[Amount]]) -> None:
    """Raise `InputError` where two of the texts that were `read` hold the same table."""
    first: dict[tuple[str, str], str] = {}
    problems = []
    for file, amounts in read.items():
        for department, table in dict.fromkeys((each.department, each.table) for each in amounts):
            other = first.setdefault((department, table), file)
            if other != file:
                template = N_(
                    "{other} holds table {table} of {department} as well; import each into a folder"
                    " of its own"
                )
                values = {"other": other, "table": table, "department": department}
                problems.append(Problem(template, values, file))
    if problems:
        raise InputError(problems)
