"""A batch's ways of scoring as a table on the terminal: how many indicators took which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval.explaining import Explanation
from perfeval.explaining.summary import particulars, summary
from perfeval.messages import N_, Named, render
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.text import clean, fit, width
from perfeval.reports.values import point_range, points

_WAYS = {
    "number": N_("compared"),
    "deadline": N_("by date"),
    "judged": N_("judged by a person"),
    "undecidable": N_("target decides nothing"),
}
_RATIOS = {
    "actual/target": N_("actual ÷ target"),
    "target/actual": N_("target ÷ actual"),
    "2 - actual/target": N_("2 − actual ÷ target"),
    "met": N_("met or not"),
    "actual": N_("the actual itself"),
}
_OUTCOMES = {
    "full": N_("full marks"),
    "part": N_("a part"),
    "none": N_("nothing"),
    "open": N_("undecided"),
    "out": N_("left out"),
}
_PARTICULARS = {
    "conversion": N_("unit converted"),
    "missing": N_("no actual"),
    "unreadable": N_("actual can't be read or converted"),
    "refused": N_("row of the actual can't be used"),
    "bounds": N_("actual known as a range only"),
    "zero-target": N_("target of 0 or below: reached or not"),
    "equality": N_("equal to the target of > or <: scored as reached"),
    "threshold": N_("with a pass threshold"),
    "over": N_("ratio above 1: capped"),
    "deduction": N_("points taken off by hand"),
    "not-applicable": N_("not applicable: its points shared out"),
}
_GAP = 2


def summary_sheet(explanation: Explanation, look: Look) -> Iterator[Line]:
    """How many indicators were scored which way, and which particular steps befell how many."""
    lang, policy = look.lang, explanation.policy
    frame = summary(explanation)
    values: dict[str, object] = {
        "name": Named(policy.name, policy.name_en),
        "id": policy.id,
        "n": int(frame["indicators"].sum()),
        "projects": len(explanation.names),
    }
    yield [(render(N_("Policy: {name} ({id})"), values, lang), "dim")]
    template = N_("{n} indicators of {projects} projects, by the way in which they were scored")
    yield [(render(template, values, lang), "bold")]
    titles = (N_("Way"), N_("Rule"), N_("Sign"), N_("Outcome"), N_("Number"), N_("Points"),
              N_("Score"))  # fmt: skip
    rows = [tuple(render(title, {}, lang) for title in titles)]
    for row in frame.iter_rows(named=True):
        rule = policy.rules[row["rule"]]
        title = (rule.title if lang == "zh" else rule.title_en) or row["rule"]
        score = "—" if row["outcome"] == "out" else point_range(row["low"], row["high"])
        way = _RATIOS[row["ratio"]] if row["ratio"] else _WAYS[row["way"]]
        rows.append((
            render(way, {}, lang), clean(title), row["operator"] or "—",
            render(_OUTCOMES[row["outcome"]], {}, lang), str(row["indicators"]),
            points(row["points"]), score,
        ))  # fmt: skip
    yield from _table(rows, look, numbers=3)
    counts = [(_PARTICULARS[name], n) for name, n in particulars(explanation).items() if n]
    if counts:
        yield []
        yield [(render(N_("Steps of note among them"), {}, lang), "bold")]
        told = [(render(name, {}, lang), str(n)) for name, n in counts]
        yield from _table(told, look, numbers=1)


def _table(rows: Sequence[tuple[str, ...]], look: Look, numbers: int) -> Iterator[Line]:
    """Columns as wide as they need; the last `numbers` of them at the right edge."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    surplus = sum(widths) + _GAP * (len(widths) - 1) - look.width
    for place in sorted(range(len(widths) - numbers), key=lambda i: -widths[i]):
        cut = min(max(surplus, 0), max(widths[place] - 8, 0))
        widths[place] -= cut
        surplus -= cut
    for n, row in enumerate(rows):
        cells = [
            fit(cell, size, right=i >= len(row) - numbers)
            for i, (cell, size) in enumerate(zip(row, widths, strict=True))
        ]
        yield [((" " * _GAP).join(cells), "dim" if n == 0 and len(row) > 2 else "")]
