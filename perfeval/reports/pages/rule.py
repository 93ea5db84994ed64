"""The rule catalogue as the user reads it: the list, and a rule's manual page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from perfeval.messages import N_, render, translate
from perfeval.reports.findings import severity
from perfeval.reports.terminal.attention import SEVERITY_STYLES
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.text import fit, width, wrap

if TYPE_CHECKING:
    from perfeval.rules import Rule

PARTS = ("What it does.", "Why it matters.", "Fails.", "Repair.")
"""What every manual page tells, after the sentence that says what is wrong."""

_STRONG = re.compile(r"\*\*(.+?)\*\*")


FAMILIES = {
    "W": N_("weights"),
    "T": N_("targets"),
    "U": N_("units"),
    "C": N_("classification"),
    "D": N_("double counting"),
    "N": N_("narrative"),
    "B": N_("budget"),
    "X": N_("across tables"),
    "A": N_("actuals"),
    "R": N_("review of claimed scores"),
    "P": N_("the run itself"),
    "Z": N_("own rules"),
}
"""The families of rules, by the letter of their codes, in the order of the handbook."""


def paragraphs(doc: str) -> list[str]:
    """The paragraphs of a manual page, each on one line: what the catalogue translates."""
    return [" ".join(part.split()) for part in doc.split("\n\n") if part.strip()]


def rule_list(rules: Iterable[Rule], look: Look) -> Iterator[Line]:
    """Code, name, severity and the first sentence of every rule."""
    rules = list(rules)
    names = max(width(rule.name) for rule in rules)
    levels = max(width(severity(rule.severity, look.lang)) for rule in rules)
    for rule in rules:
        lead = f"{rule.code}  {fit(rule.name, names)}  "
        level = severity(rule.severity, look.lang)
        said = _said(paragraphs(rule.doc)[0], look.lang)
        room = look.width - width(lead) - levels - 2
        first, *more = wrap(said, room)
        yield [
            (lead, "bold"),
            (fit(level, levels) + "  ", SEVERITY_STYLES[rule.severity]),
            (first, ""),
        ]
        for text in more:
            yield [(" " * (look.width - room) + text, "")]
    yield []
    yield [(render(N_("perfeval rule CODE shows one rule"), {}, look.lang), "dim")]


def rule_page(rule: Rule, look: Look) -> Iterator[Line]:
    """The manual page of one rule."""
    style = SEVERITY_STYLES[rule.severity]
    yield [(f"{rule.code} {rule.name}", "bold"), (f"  {severity(rule.severity, look.lang)}", style)]
    for paragraph in paragraphs(rule.doc):
        yield []
        label = _STRONG.match(translate(paragraph, look.lang))
        lines = wrap(_said(paragraph, look.lang), look.width)
        for place, text in enumerate(lines):
            lead = label[1] if label and not place and text.startswith(label[1]) else ""
            yield [(lead, "bold"), (text[len(lead) :], "")]


def _said(paragraph: str, lang: str) -> str:
    """A paragraph in `lang`, without the marks of its markup."""
    return _STRONG.sub(r"\1", translate(paragraph, lang)).replace("`", "")


def handbook(rules: Iterable[Rule], lang: str) -> str:
    """The manual pages of `rules` as one Markdown document: docs/rules.md and docs/核查规则.md."""
    known = list(rules)
    lines = ["# " + translate(N_("Rules"), lang), "", translate(_INTRODUCTION, lang), ""]
    lines += [f"    perfeval rule --markdown --lang {lang}", ""]
    lines += ["| {} | {} | {} | {} |".format(*(translate(head, lang) for head in _HEADS))]
    lines += ["|---|---|---|---|"]
    for rule in known:
        first = translate(paragraphs(rule.doc)[0], lang)
        level = severity(rule.severity, lang)
        lines += [
            f"| [{rule.code}](#{rule.code.lower()}-{rule.name}) | {rule.name} | {level} | {first} |"
        ]
    for letter, family in FAMILIES.items():
        own = [rule for rule in known if rule.code.startswith(letter)]
        if own:
            lines += ["", f"## {letter} {translate(family, lang)}"]
        for rule in own:
            lines += ["", f"### {rule.code} {rule.name}"]
            for paragraph in (severity(rule.severity, lang), *paragraphs(rule.doc)):
                lines += ["", translate(paragraph, lang)]
    return "\n".join(lines) + "\n"


_INTRODUCTION = N_(
    "What perfeval looks for in target tables, budgets and actuals. Each finding carries one of"
    " these codes; severity says how sure a rule is: an error cannot be scored fairly, a warning is"
    " probably wrong, a note is worth a look. This page is made from the rules themselves:"
)
_HEADS = (N_("Rule"), N_("Name"), N_("Severity"), N_("Finds"))
