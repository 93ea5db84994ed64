"""The rules that find inconsistencies: small functions from tables to findings.

A rule takes `Tables` and returns a frame with a row per finding. Its columns place the finding
(`PLACE`: file, line, project, indicator, and row, the indicator's position, where there is one;
`PROJECT_PLACE` for what concerns a whole project); `template` and `severity` choose others than the
rule's; all other columns are the values that the message names. The docstring is the rule's manual
page: what is wrong in one sentence, then the paragraphs **What it does.**, **Why it matters.**,
**Fails.** and **Repair.**

Modules are named by family: `weights` W, `targets` T, `units` U, `duplicates` D, `across` X,
`actuals` A. `tables` is what rules look at; `meaning` and `classes` say what the words of a table
mean, `likeness` which indicators are alike, all three as data; `asked` gives targets as ranges of
numbers in one unit, `pairs` like indicators side by side.
"""

from perfeval.rules.meaning import means, says
from perfeval.rules.registry import CHECK, CRASHED, SCORE, Rule, catalogue, chosen, rule
from perfeval.rules.run import FINDINGS, find
from perfeval.rules.tables import PLACE, PROJECT_PLACE, Tables

__all__ = [
    "CHECK",
    "CRASHED",
    "FINDINGS",
    "PLACE",
    "PROJECT_PLACE",
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
