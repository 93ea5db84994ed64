"""The rules that find inconsistencies: small functions from tables to findings.

A rule takes `Tables` and returns a frame with a row per finding. Its columns place the finding
(`PLACE`: file, sheet, line, project, indicator, and row, the indicator's position, where there is
one; `PROJECT_PLACE` for what concerns a whole project; `ROW_PLACE` for a row alone); `template`,
`severity` and `about` choose others than the rule's; all other columns are the values that the
message names. The docstring is the rule's manual page: what is wrong in one sentence, then the
paragraphs **What it does.**, **Why it matters.**, **Fails.** and **Repair.**

Modules and packages are named by family (`registry.FAMILIES`), as codes are by their letter.
`tables` is what rules look at; `meaning` and `classes` say what the words of a table mean,
`likeness` which indicators are alike, all three as data; `asked` gives targets as ranges of numbers
in one unit, `pairs` like indicators side by side, `amounts` money as rules compare it.
"""

from perfeval.rules.meaning import means, says
from perfeval.rules.registry import (
    CHECK,
    CRASHED,
    OF_THE_RUN,
    REVIEW,
    SCORE,
    UNUSED,
    Rule,
    catalogue,
    chosen,
    named,
    rule,
    unknown,
)
from perfeval.rules.run import FINDINGS, as_findings, completed, find
from perfeval.rules.tables import NUMERIC, PLACE, PROJECT_PLACE, WRITTEN, Tables
from perfeval.tables import PLACE as ROW_PLACE

__all__ = [
    "CHECK",
    "CRASHED",
    "FINDINGS",
    "NUMERIC",
    "OF_THE_RUN",
    "PLACE",
    "PROJECT_PLACE",
    "REVIEW",
    "ROW_PLACE",
    "SCORE",
    "UNUSED",
    "WRITTEN",
    "Rule",
    "Tables",
    "as_findings",
    "catalogue",
    "chosen",
    "completed",
    "find",
    "means",
    "named",
    "rule",
    "says",
    "unknown",
]
