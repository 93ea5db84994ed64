"""The rules that find inconsistencies: small functions from tables to findings.

A rule takes `Tables` and returns a frame with a row per finding. Its columns place the finding
(`PLACE`: file, sheet, line, project, indicator, and row, the indicator's position, where there is
one; `PROJECT_PLACE` for what concerns a whole project; `ROW_PLACE` for a row alone); `template` and
`severity` choose others than the rule's; all other columns are the values that the message names.
The docstring is the rule's manual page: what is wrong in one sentence, then the paragraphs **What
it does.**, **Why it matters.**, **Fails.** and **Repair.**

Modules are named by family: `weights` W, `targets` T, `units` U, `duplicates` D, `actuals` A.
`tables` is what rules look at; `meaning` and `classes` say what the words of a table mean, as data.
"""

from perfeval.rules.meaning import means, says
from perfeval.rules.registry import CHECK, CRASHED, SCORE, Rule, catalogue, chosen, rule
from perfeval.rules.run import FINDINGS, find
from perfeval.rules.tables import PLACE, PROJECT_PLACE, Tables
from perfeval.tables import PLACE as ROW_PLACE

__all__ = [
    "CHECK",
    "CRASHED",
    "FINDINGS",
    "PLACE",
    "PROJECT_PLACE",
    "ROW_PLACE",
    "SCORE",
    "Rule",
    "Tables",
    "catalogue",
    "chosen",
    "find",
    "means",
    "rule",
    "says",
]
