"""An explanation on the terminal: a tree per indicator, with numbered clauses below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from perfeval.explaining import (
    Clause,
    Explained,
    ExplainedProject,
    Explanation,
    Step,
    clause,
)
from perfeval.messages import N_, Named, render
from perfeval.problems import place_of
from perfeval.reports.findings import place as found_at
from perfeval.reports.pages.policy import CERTAINTY
from perfeval.reports.terminal.finding_blocks import INDENT, finding
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.text import clean, shorten, width, wrap
from perfeval.reports.values import point_range

_GUIDES = {True: ("├─ ", "└─ ", "│  "), False: ("|- ", "`- ", "|  ")}
_STYLES = {
    "result": "bold", "total": "bold", "grade": "bold", "claimed": "bold", "decision": "bold",
    "bounds": "magenta", "unreadable": "magenta", "other-unit": "magenta", "open": "magenta",
    "undecidable": "magenta", "no-share": "magenta", "not-in-band": "magenta",
}  # fmt: skip
_ENDS = {"scored": N_("the same score either way"), "not_applicable": N_("no score")}
_GAP = 2


class Notes:
    """What steps rest on, numbered as it comes; keys that one clause is for share a number."""

    def __init__(self, explanation: Explanation) -> None:
        self._policy = explanation.policy
        self._known: dict[str, int | None] = {"": None}
        self._clauses: dict[tuple[str, Named], int] = {}
        self._keys: dict[int, list[Clause]] = {}

    def number(self, key: str) -> int | None:
        """The number of `key`; None where it rests on nothing that can be told."""
        if key not in self._known:
            found = clause(key, self._policy)
            self._known[key] = None if found is None else self._number(found)
        return self._known[key]

    def _number(self, found: Clause) -> int:
        said = found.text if found.text.zh else Named(found.key, found.key)
        number = self._clauses.setdefault((found.policy, said), len(self._clauses) + 1)
        self._keys.setdefault(number, []).append(found)
        return number

    def lines(self, look: Look) -> Iterator[Line]:
        """What each key rests on: its words, where it is stated, and how sure that is."""
        if not self._keys:
            return
        yield []
        yield [(render(N_("What the steps rest on"), {}, look.lang), "bold")]
        column = width(f"[{len(self._keys)}] ")
        for number, clauses in self._keys.items():
            found = clauses[0]
            values = {
                "keys": [each.key for each in clauses],
                "text": found.text,
                "source": found.source,
                "policy": found.policy,
                "certainty": render(CERTAINTY[found.certainty], {}, look.lang),
            }
            template = N_("{text} ({source}; {certainty})")
            if found.policy:
                template = N_("{text} ({source}; {certainty}) — {keys} of policy {policy}")
            if not found.text.zh:
                template = N_("{keys} of policy {policy} ({source}; {certainty})")
            lead = f"[{number}]".ljust(column)
            for text in wrap(clean(render(template, values, look.lang)), look.width - column):
                yield [(lead, "dim"), (text, "")]
                lead = " " * column


def project_sheet(
    explanation: Explanation, project: ExplainedProject, look: Look
) -> Iterator[Line]:
    """A project: its total and grade, then its indicators, in short or (everything) in full."""
    notes = Notes(explanation)
    yield from _policy(explanation, look)
    yield from _head(project, look)
    yield from tree(project.derivation.steps, look, notes)
    for each in project.indicators:
        yield []
        if look.everything:
            yield from _indicator(each, look, notes)
        else:
            yield from _short(each, look)
    if project.findings:
        yield []
        yield from _findings(project.findings, look)
    yield from notes.lines(look)
    if not look.everything:
        yield []
        values = {"project": project.project}
        template = N_("One indicator step by step: add its name; all of them: --all")
        yield [(render(template, values, look.lang), "dim")]


def indicator_sheet(
    explanation: Explanation,
    project: ExplainedProject,
    indicators: Iterable[Explained],
    look: Look,
) -> Iterator[Line]:
    """Some indicators of a project, step by step."""
    notes = Notes(explanation)
    yield from _policy(explanation, look)
    yield from _head(project, look)
    for each in indicators:
        yield []
        yield from _indicator(each, look, notes)
    yield from notes.lines(look)


def tree(
    steps: Sequence[Step],
    look: Look,
    notes: Notes,
    lead: str = "",
    places: dict[str, str] | None = None,
) -> Iterator[Line]:
    """Steps as the branches of a tree, each with the number of its clause."""
    branch, last, trunk = _GUIDES[look.blocks]
    for step in steps:
        is_last = step is steps[-1]
        text = clean(render(step.template, step.values, look.lang))
        after = []
        if place := (places or {}).get(step.kind):
            after.append(place)
        if number := notes.number(step.key):
            after.append(f"[{number}]")
        below = lead + ("   " if is_last else trunk)
        first = lead + (last if is_last else branch)
        yield from _told(text, "  ".join(after), first, below, _STYLES.get(step.kind, ""), look)
        yield from tree(step.children, look, notes, below)


def _told(text: str, after: str, first: str, below: str, style: str, look: Look) -> Iterator[Line]:
    """A step's text in lines behind its branch; what is said `after` it is dim."""
    room = look.width - width(first)
    lines = wrap(text, room)
    for n, line in enumerate(lines):
        end: Line = []
        if after and n == len(lines) - 1 and width(line) + _GAP + width(after) <= room:
            end, after = [(" " * _GAP + after, "dim")], ""
        yield [(first if n == 0 else below, "dim"), (line, style), *end]
    if after:
        yield [(below, "dim"), (shorten(after, room), "dim")]


def _policy(explanation: Explanation, look: Look) -> Iterator[Line]:
    policy = explanation.policy
    values = {"name": Named(policy.name, policy.name_en), "id": policy.id}
    yield [(clean(render(N_("Policy: {name} ({id})"), values, look.lang)), "dim")]


def _head(project: ExplainedProject, look: Look) -> Iterator[Line]:
    derivation = project.derivation
    points = point_range(derivation.low, derivation.high) if project.known else "—"
    total = f"{points} {clean(project.grade or '')}".strip()
    yield from _heading(clean(project.name), clean(project.project), total, look)


def _heading(name: str, beside: str, total: str, look: Look) -> Iterator[Line]:
    beside = shorten(beside, look.width // 2)
    room = look.width - width(beside) - width(total) - 2 * _GAP
    name = shorten(name, max(room, 1))
    gap = " " * (look.width - width(name) - width(beside) - width(total) - _GAP)
    yield [(name, "bold"), (" " * _GAP + beside, "dim"), (gap, ""), (total, "bold")]


def _indicator(each: Explained, look: Look, notes: Notes) -> Iterator[Line]:
    """An indicator: where it stands, every step, the claim and what was found about it."""
    levels = " / ".join(clean(level) for level in (each.level1, each.level2) if level)
    score = point_range(each.derivation.low, each.derivation.high)
    if each.status == "not_applicable":
        score = "—"
    yield from _heading(clean(each.indicator), levels, score, look)
    places = {
        name: clean(place_of(place.file, place.line, place.sheet))
        for name, place in (("target", each.target_place), ("actual", each.actual_place))
    }
    yield from tree((*each.derivation.steps, *each.claim), look, notes, "", places)
    yield from _findings(each.findings, look)


def _findings(rows: Iterable[Mapping[str, Any]], look: Look) -> Iterator[Line]:
    """What was found, each with its place, as notes below the tree."""
    for row in rows:
        yield from finding(row, look)
        if place := clean(found_at(row)):
            yield [(" " * 2 * INDENT + shorten(place, look.width - 2 * INDENT), "dim")]


def _short(each: Explained, look: Look) -> Iterator[Line]:
    """An indicator in two lines: name and score, then its arithmetic."""
    score = point_range(each.derivation.low, each.derivation.high)
    if each.status == "not_applicable":
        score = "—"
    codes = " ".join(dict.fromkeys(row["code"] for row in each.findings))
    yield from _heading(clean(each.indicator), codes, score, look)
    said = ("; " if look.lang == "en" else "；").join(_gist(each, look.lang))
    for text in wrap(clean(said), look.width - _GAP):
        yield [(" " * _GAP + text, "dim")]


def _gist(each: Explained, lang: str) -> Iterator[str]:
    """What tells most of an indicator in one line: the predicate, the actual, the arithmetic."""
    steps = {step.kind: step for step in each.derivation.steps}
    asked = {step.kind: step for step in steps["target"].children}
    for step in (asked.get("predicate") or asked.get("undecidable"), steps["actual"]):
        if step is not None:
            yield render(step.template, step.values, lang)
    if "product" in steps:
        values = steps["product"].values
        score = point_range(each.derivation.low, each.derivation.high)
        yield f"{values['expression']} {values['equals']} → {score}"
    else:
        yield render(_ENDS.get(each.status, N_("not certain")), {}, lang)
    yield from (render(step.template, step.values, lang) for step in each.claim)
