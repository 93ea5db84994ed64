"""The sheet of `review`: figures, projects by risk with their reasons, patterns, sample."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_, Said, render
from perfeval.reports.findings import place, records, severity
from perfeval.reports.terminal.attention import SEVERITY_STYLES
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.terminal.review_overview_lines import overview_lines
from perfeval.reports.text import HELD, clean, fit, shorten, width, wrap
from perfeval.reports.values import decimal, point_range, points
from perfeval.reviewing.decisions import WORDS
from perfeval.reviewing.risk import CHANCE
from perfeval.tables import PLACE, SEVERITIES

if TYPE_CHECKING:
    import polars as pl

    from perfeval.reviewing import ReviewResult

MOST_PROJECTS = 20
MOST_FINDINGS = 6
"""Findings that a project is shown with; the rest are counted."""
MOST_PATTERNS = 20
MOST_DECIDED = 20
MOST_DRAWN = 60
_PATTERNS = "R6"
_NOT_EVALUATED = "R507"
_GAP = "  "
_OUTCOMES = {
    "agreeing": N_("as recomputed {n}"),
    "above": N_("above {n}"),
    "below": N_("below {n}"),
    "not_recomputed": N_("not recomputable {n}"),
    "unclaimed": N_("without a claim {n}"),
}


def review_sheet(result: ReviewResult, look: Look) -> Iterator[Line]:
    """The whole sheet, line by line; no line is wider than `look.width`."""
    yield from _headline(result, look)
    yield from overview_lines(result, look)
    yield from _by_risk(result, look)
    yield from _elsewhere(result, look)
    yield from _patterns(result, look)
    if result.changes is not None:
        yield from _decisions(result, look)
    if result.sample is not None:
        yield from _sample(result, look)
    yield []
    yield from _verdict(result, look)


def _said(
    template: str, look: Look, style: str = "", indent: int = 0, **values: object
) -> Iterator[Line]:
    for text in wrap(clean(render(template, values, look.lang)), look.width - indent):
        yield [(" " * indent + text, style)]


def _title(template: str, look: Look, **values: object) -> Iterator[Line]:
    yield []
    yield from _said(template, look, "bold", 0, **values)


def _headline(result: ReviewResult, look: Look) -> Iterator[Line]:
    from perfeval.sources.layouts import LAYOUTS

    counts = result.receipt["counts"]
    policy = result.policy
    yield from _said(
        N_("Reviewed {projects} self-evaluations with {rows} rows by policy {policy} ({id})"),
        look,
        "bold",
        projects=counts["projects"],
        rows=counts["rows"]["reviewed"],
        policy=policy.name if look.lang == "zh" else policy.name_en,
        id=policy.id,
    )
    template = N_("Read {files} files: {tables}")
    listed = [
        Said(N_("{layout} × {n}"), {"layout": Said(LAYOUTS[name]), "n": n})
        for name, n in counts["layouts"].items()
    ]
    yield from _said(template, look, files=counts["files"], tables=listed)
    kinds = " · ".join(
        render(template, {"n": counts["claims"][name]}, look.lang).replace(" ", HELD)
        for name, template in _OUTCOMES.items()
        if counts["claims"][name]
    )
    yield from _said(N_("Claims: {kinds}"), look, kinds=kinds)
    approved = counts.get("approved")
    if approved is not None:
        template = N_(
            "Approved projects {projects} = with a self-evaluation {evaluated} + without one"
            " {not_evaluated}"
        )
        style = "yellow" if approved["not_evaluated"] else ""
        yield from _said(template, look, style, **approved)
    stake = float(result.risk["at_stake"].sum())
    template = N_("At stake: {points} points in {projects} projects")
    some = int((result.risk["at_stake"] > 0).sum())
    yield from _said(template, look, points=decimal(round(stake, 2)), projects=some)


def _by_risk(result: ReviewResult, look: Look) -> Iterator[Line]:
    import polars as pl

    found = (pl.col("errors") + pl.col("warnings") + pl.col("notes")) > 0
    order = result.risk.filter(found)
    if order.is_empty():
        return
    shown = order if look.everything else order.head(MOST_PROJECTS)
    yield from _title(N_("Projects, most at stake first"), look)
    known = result.projects.select(
        "project", "name", "department", "recomputed_low", "recomputed_high", "claimed_total",
        "decided_total", "claimed_grade", "decided_grade", "any_claimed", "execution_claimed",
    )  # fmt: skip
    rows = shown.join(known, on="project", how="left", maintain_order="left")
    findings = _of_projects(result, shown["project"].to_list(), look.lang)
    for row in rows.iter_rows(named=True):
        yield []
        yield from _project(row, findings.get(row["project"], []), look)
    hidden = len(order) - len(shown)
    if hidden:
        template = N_("… another {n} projects with {points} points at stake. --all shows them")
        rest = float(order.tail(hidden)["at_stake"].sum())
        yield from _said(template, look, "dim", n=hidden, points=decimal(round(rest, 2)))


def _of_projects(
    result: ReviewResult, projects: list[str], lang: str
) -> dict[str, list[dict[str, Any]]]:
    import polars as pl

    own = result.findings.filter(
        pl.col("project").is_in(projects) & ~pl.col("code").str.starts_with(_PATTERNS)
    )
    rank = pl.col("severity").replace_strict({name: i for i, name in enumerate(SEVERITIES)})
    own = own.with_columns(rank=rank).sort("rank", *PLACE, maintain_order=True).drop("rank")
    found: dict[str, list[dict[str, Any]]] = {}
    for record in records(own, lang):
        found.setdefault(record["project"], []).append(record)
    return found


def _project(row: dict[str, Any], findings: list[dict[str, Any]], look: Look) -> Iterator[Line]:
    values = {
        "claimed": _graded(row, "claimed"),
        # Without weights nobody knows what full marks are.
        "recomputed": "—"
        if row["recomputed_low"] is None
        else point_range(row["recomputed_low"], row["recomputed_high"]),
        "stake": decimal(round(row["at_stake"], 2)),
    }
    template = N_("claimed {claimed}, recomputed {recomputed}, at stake {stake}")
    if row["settled"] or row["decided_total"] != row["claimed_total"]:
        template = N_(
            "claimed {claimed}, decided {decided}, recomputed {recomputed}, at stake {stake}"
            " (decided {settled})"
        )
        values["decided"] = _graded(row, "decided")
        values["settled"] = decimal(round(row["settled"], 2))
    figures = render(template, values, look.lang)
    style = "red" if row["errors"] else "yellow" if row["warnings"] else "cyan"
    same = row["name"] == row["project"]
    named = clean(row["project"] if same else f"{row['project']} {row['name']}")
    room = look.width - width(figures) - 2
    if room >= 24:
        yield [(fit(named, room) + _GAP, "bold"), (figures, style)]
    else:
        yield [(shorten(named, look.width), "bold")]
        yield [("  " + figures, style)]
    yield [("  " + shorten(clean(row["department"]), look.width - 2), "dim")]
    for record in findings if look.everything else findings[:MOST_FINDINGS]:
        yield from _finding(record, look)
    hidden = 0 if look.everything else len(findings) - MOST_FINDINGS
    if hidden > 0:
        yield from _said(N_("… another {n} findings. --all shows them"), look, "dim", 2, n=hidden)


def _graded(row: dict[str, Any], name: str) -> str:
    """A total with its grade, where it has one; a dash where nothing was claimed."""
    if not row["any_claimed"] and row["execution_claimed"] is None:
        return "—"
    grade = row[f"{name}_grade"]
    return points(row[f"{name}_total"]) + (f" {grade}" if grade else "")


def _finding(record: dict[str, Any], look: Look) -> Iterator[Line]:
    head = f"  {severity(record['severity'], look.lang)} {record['code']}"
    where = " ".join(part for part in (record["indicator"], place(record)) if part)
    at_stake = record["values"].get("points")
    stake = f"  {decimal(at_stake)} × {decimal(CHANCE[record['severity']])}" if at_stake else ""
    yield [
        (head, SEVERITY_STYLES[record["severity"]]),
        (f" {shorten(clean(where), look.width - width(head) - width(stake) - 1)}", ""),
        (stake, "dim"),
    ]
    for text in wrap(clean(record["message"]), look.width - 4):
        yield [("    " + text, "")]


def _patterns(result: ReviewResult, look: Look) -> Iterator[Line]:
    import polars as pl

    found = result.findings.filter(pl.col("code").str.starts_with(_PATTERNS))
    title = N_("Patterns that deserve a question (none of them proves anything)")
    yield from _listed(found, title, look)


def _elsewhere(result: ReviewResult, look: Look) -> Iterator[Line]:
    """Findings about no project of the batch: not handed in, not reviewed, rules that stopped."""
    import polars as pl

    known = result.projects["project"].to_list()
    found = result.findings.filter(
        ~pl.col("code").str.starts_with(_PATTERNS)
        & ~pl.col("project").is_in(known).fill_null(False)
    )
    absent = pl.col("code") == _NOT_EVALUATED
    title = N_("Approved projects without a self-evaluation")
    yield from _listed(found.filter(absent), title, look)
    yield from _listed(found.filter(~absent), N_("Rows that are not reviewed"), look)


def _listed(found: pl.DataFrame, title: str, look: Look) -> Iterator[Line]:
    if found.is_empty():
        return
    yield from _title(title, look)
    shown = found if look.everything else found.head(MOST_PATTERNS)
    for record in records(shown, look.lang):
        yield from _finding(record, look)
    if len(found) > len(shown):
        n = len(found) - len(shown)
        yield from _said(N_("… another {n} findings. --all shows them"), look, "dim", 2, n=n)


def _decisions(result: ReviewResult, look: Look) -> Iterator[Line]:
    """Project by project, its total before and after, with every decision: who, when and why."""
    import polars as pl

    assert result.changes is not None
    yield from _title(N_("Decisions"), look)
    decided = result.changes["project"].unique(maintain_order=True).to_list()
    shown = decided if look.everything else decided[:MOST_DECIDED]
    heads = {
        row["project"]: row
        for row in result.projects.filter(pl.col("project").is_in(shown)).iter_rows(named=True)
    }
    changes: dict[str, list[dict[str, Any]]] = {}
    for row in result.changes.iter_rows(named=True):
        changes.setdefault(row["project"], []).append(row)
    for project in shown:
        head = heads[project]
        template = N_("{project} {name}: claimed {claimed}, decided {decided}")
        figures = {name: _graded(head, name) for name in ("claimed", "decided")}
        named = {"project": project, "name": head["name"]}
        yield from _said(template, look, "bold", 2, **named, **figures)
        for row in changes[project]:
            yield from _change(row, look)
    if len(decided) > len(shown):
        n = len(decided) - len(shown)
        yield from _said(N_("… another {n} projects. --all shows them"), look, "dim", 2, n=n)


def _change(row: dict[str, Any], look: Look) -> Iterator[Line]:
    word = WORDS[row["decision"]][look.lang != "zh"]
    what = row["indicator"] or Said(N_("(the project as a whole)"))
    values = {
        **row,
        "decision": word,
        "what": what,
        "before": points(row["claimed"]) if row["claimed"] is not None else "—",
        "after": "—" if row["decided"] is None else points(row["decided"]),
    }
    template = N_("{what}: {before} → {after}, {decision} by {role} {date}: {reason}")
    if row["stale"]:
        template = N_(
            "{what}: {before}, not applied, since its evidence has changed ({evidence}, now {now}):"
            " {decision} by {role} {date}: {reason}"
        )
    yield from _said(template, look, "yellow" if row["stale"] else "", 4, **values)


def _sample(result: ReviewResult, look: Look) -> Iterator[Line]:
    assert result.sample is not None
    told = result.receipt["sample"]
    template = N_("Spot-check sample: {drawn} projects, drawn with --sample {asked} --seed {seed}")
    yield from _title(template, look, **told)
    shown = result.sample if look.everything else result.sample.head(MOST_DRAWN)
    names = dict(result.projects.select("project", "name").iter_rows())
    for row in shown.iter_rows(named=True):
        named = f"{row['draw']:>4}. {clean(row['project'])} {clean(names[row['project']])}"
        yield [(shorten(named, look.width), "")]
    if len(result.sample) > len(shown):
        n = len(result.sample) - len(shown)
        yield from _said(N_("… another {n} projects. --all shows them"), look, "dim", n=n)


def _verdict(result: ReviewResult, look: Look) -> Iterator[Line]:
    counts = result.receipt["counts"]
    found = counts["findings"]
    template = N_("Findings: errors {error}, warnings {warning}, notes {info}")
    style = "red" if found["error"] else "yellow" if found["warning"] else "green"
    yield from _said(template, look, style, 0, **found)
    rows = counts["rows"]
    template = N_(
        "Rows read {read} = reviewed {reviewed} + sums and heads {wholes} + rejected {rejected}"
    )
    yield from _said(template, look, **rows)
    if found["error"] or found["warning"]:
        template = N_(
            "Next: perfeval rule CODE explains a finding; --to-decide FILE writes a table to decide"
            " in, --decisions FILE reads it back"
        )
        yield from _said(template, look)
