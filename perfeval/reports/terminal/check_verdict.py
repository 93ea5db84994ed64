"""The end of `check`'s sheet: how many findings of which rule, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_, render, translate
from perfeval.reports.findings import severity
from perfeval.reports.pages.rule import paragraphs
from perfeval.reports.terminal.attention import SEVERITY_STYLES
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.terminal.verdict import CORRECT, at_lines, said
from perfeval.reports.text import clean, fit, shorten, width
from perfeval.tables import SEVERITIES

if TYPE_CHECKING:
    import polars as pl

    from perfeval.checking import CheckResult

OLD_STOCK = 100
"""From this many findings on, a baseline is worth its file."""


def check_verdict(result: CheckResult, look: Look) -> Iterator[Line]:
    """Findings by rule, what is not told and why, the counts, and the next steps."""
    counts = result.receipt["counts"]
    rules = _by_rule(result.findings)
    if rules:
        yield [(render(N_("By rule"), {}, look.lang), "bold")]
        yield from _rules(rules, result, look)
        yield []
    if counts["suppressed"]:
        template = N_("Suppressed in perfeval.toml: {n}; --all shows each with its reason")
        yield from said(template, {"n": counts["suppressed"]}, look, "")
    if "baseline" in counts:
        template = N_(
            "Beside the baseline: known and not shown {known}, new {new}, repaired since {fixed}"
        )
        yield from said(template, counts["baseline"], look, "")
    values = {
        "projects": counts["projects"],
        "indicators": counts["indicators"],
        "policy": result.receipt["policy"]["id"],
        **counts["findings"],
    }
    template = N_(
        "Checked {projects} projects with {indicators} indicators by policy {policy}:"
        " errors {error}, warnings {warning}, notes {info}"
    )
    worst = next((name for name in SEVERITIES if counts["findings"][name]), None)
    style = SEVERITY_STYLES[worst] if worst else "green"
    yield from said(template, values, look, style)
    for template, step, style in _next_steps(result, rules):
        yield from said(template, step, look, style)


def _by_rule(findings: pl.DataFrame) -> list[dict[str, Any]]:
    """Severity, code, name and len, the worst first; a rule may have findings of several."""
    import polars as pl

    rank = pl.col("severity").replace_strict(
        {name: number for number, name in enumerate(SEVERITIES)}, return_dtype=pl.Int64
    )
    counts = findings.group_by("severity", "code", "name").len().sort(rank, "code")
    return list(counts.iter_rows(named=True))


def _rules(rules: list[dict[str, Any]], result: CheckResult, look: Look) -> Iterator[Line]:
    """A line each: severity, code, how many, name, and what it says is wrong."""
    first = {rule.code: paragraphs(rule.doc)[0] for rule in result.rules}
    levels = max(width(severity(each["severity"], look.lang)) for each in rules)
    numbers = max(len(str(each["len"])) for each in rules)
    names = max(width(each["name"]) for each in rules)
    for each in rules:
        level = fit(severity(each["severity"], look.lang), levels)
        lead = f" {each['code']}  {each['len']:>{numbers}}  {fit(each['name'], names)}  "
        text = clean(translate(first.get(each["code"], ""), look.lang).replace("`", ""))
        room = look.width - 2 - levels - width(lead)
        yield [
            (f"  {level}", SEVERITY_STYLES[each["severity"]]),
            (lead, ""),
            (shorten(text, room), "dim"),
        ]


def _next_steps(
    result: CheckResult, rules: list[dict[str, Any]]
) -> Iterator[tuple[str, dict[str, Any], str]]:
    import polars as pl

    from perfeval.rules.registry import OWN_FAMILY

    findings, counts = result.findings, result.receipt["counts"]
    errors = findings.filter(pl.col("severity") == "error")
    placed = pl.col("file").is_not_null() & pl.col("line").is_not_null()
    yield from at_lines(errors.filter(placed), *CORRECT, "red")
    if n := len(errors.filter(~placed)):
        yield N_("Next: settle the other errors: {n}"), {"n": n}, "red"
    if n := counts["findings"]["warning"]:
        yield N_("Next: look at the warnings: {n}"), {"n": n}, "yellow"
    # Own rules have their page with their tables.
    listed = [each for each in rules if not each["code"].startswith(OWN_FAMILY)]
    if listed:
        most = max((each for each in listed if each["severity"] == listed[0]["severity"]), key=_len)
        template = N_("Next: perfeval rule {code} explains {code} and how to repair it")
        yield template, {"code": most["code"]}, ""
    if counts.get("baseline", {}).get("fixed"):
        template = N_("Next: write the baseline again, so that what is repaired stays so")
        yield template, {}, ""
    if len(findings) > OLD_STOCK and "baseline" not in counts:
        template = N_(
            "Next: keep what is known from hiding what is new: perfeval check --write-baseline FILE"
        )
        yield template, {}, ""


def _len(rule: dict[str, Any]) -> int:
    return int(rule["len"])
