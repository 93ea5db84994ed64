"""What the commands do: read, call, write. Imported only when a command runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from perfeval.commands.common import (
    BINARY,
    Writer,
    check_binary,
    check_bom,
    deliver,
    exit_status,
    format_of,
    input_files,
    keep_inputs,
    specs_path,
    tell,
)
from perfeval.commands.explain import run_explain
from perfeval.commands.large import large_run, score_large
from perfeval.commands.spark import score_on_spark
from perfeval.commands.workbooks import run_annotate, run_template, write_result
from perfeval.messages import N_, render
from perfeval.problems import InputError
from perfeval.reports.terminal.look import look, paint
from perfeval.reports.text import clean
from perfeval.reports.write import refuse_inputs, whole_files
from perfeval.usage import CHECK_FORMATS, REVIEW_FORMATS, SCORE_FORMATS, UsageError, near

if TYPE_CHECKING:
    from perfeval.checking import CheckResult
    from perfeval.rules import Rule
    from perfeval.sources.settings import Settings

__all__ = [
    "run_annotate",
    "run_check",
    "run_explain",
    "run_import",
    "run_policy",
    "run_review",
    "run_rule",
    "run_score",
    "run_template",
]

SETTINGS = "perfeval.toml"
MOST_UNPLACED = 50
MOST_NOTES = 20
"""Remarks about files that are told of a batch; `--all` tells all of them."""


def run_score(options: argparse.Namespace, lang: str) -> int:
    """`perfeval score`: the sheet on the terminal, or the result in another format."""
    if options.engine == "spark":
        return score_on_spark(options, lang)
    if options.master is not None:
        raise UsageError(render(N_("--master is for --engine spark"), {}, lang))
    form = format_of(options, SCORE_FORMATS, lang)
    check_bom(options, form, lang)
    check_binary(options, form, lang)

    from perfeval.reports import as_json, table
    from perfeval.reports.html.score import write_score as write_score_page
    from perfeval.reports.terminal.progress import Bar
    from perfeval.reports.terminal.sheet import sheet
    from perfeval.reports.terminal.verdict import error_lines, verdict
    from perfeval.scoring import score

    large = large_run(options, form)
    if large is not None:
        return score_large(large, options, form, lang)
    with Bar(sys.stderr, lang) as bar:
        result = score(options.actuals, options.specs, options.execution, options.policy, bar)
    tell(result.notes, lang)
    writers: dict[str, Writer] = {
        "json": lambda file: as_json.write_score(result, file, lang),
        "csv": lambda file: table.write_csv(result, file, bom=options.bom),
        "parquet": lambda file: table.write_parquet(result, file, lang),
        "xlsx": lambda file: write_result(result, file, lang),
        "html": lambda file: write_score_page(result, file, lang),
    }

    def receipt(indent: int | None) -> bytes:
        return as_json.receipt_text(result, lang, indent)

    sources = [result.policy.path, result.policy.form]
    keep_inputs(options, form, [*input_files(result.receipt), *sources])
    deliver(
        options, form, lang, lambda style: sheet(result, style), writers,
        receipt if form == "csv" else None,
    )  # fmt: skip
    if options.output or form in BINARY:
        style = look(sys.stderr, lang, everything=options.all)
        told = [*error_lines(result, style), *verdict(result, style)]
        paint(told, sys.stderr, colour=style.colour)
    return exit_status(result.receipt, options.fail_on)


def run_check(options: argparse.Namespace, lang: str) -> int:
    """`perfeval check`: the findings about target tables."""
    form = format_of(options, CHECK_FORMATS, lang)
    check_bom(options, form, lang)
    if options.write_baseline and (options.baseline or options.output or options.format):
        template = N_("--write-baseline stands alone: no --baseline, --format or -o beside it")
        raise UsageError(render(template, {}, lang))

    from perfeval.checking import check
    from perfeval.reports import as_json, findings_table, junit, sarif
    from perfeval.reports.html.check import write_check as write_check_page
    from perfeval.reports.terminal.check_verdict import check_verdict
    from perfeval.reports.terminal.findings_sheet import findings_sheet
    from perfeval.sources.specs import load_specs

    specs = load_specs(specs_path(options.specs))
    tell(specs.notes, lang)
    _tell_own_rules(specs.settings, not options.no_own_rules, lang)
    result = check(
        specs,
        options.policy,
        options.select,
        options.ignore,
        baseline=options.baseline,
        own_rules=not options.no_own_rules,
    )
    inputs = [*input_files(result.receipt), options.policy]
    if options.write_baseline:
        return _write_baseline(result, options.write_baseline, inputs, lang)
    writers: dict[str, Writer] = {
        "json": lambda file: as_json.write_check(result, file, lang),
        "sarif": lambda file: sarif.write_sarif(result, file, lang),
        "junit": lambda file: junit.write_junit(result, file, lang, options.fail_on),
        "csv": lambda file: findings_table.write_csv(result, file, lang, bom=options.bom),
        "html": lambda file: write_check_page(result, file, lang),
    }

    def receipt(indent: int | None) -> bytes:
        return as_json.receipt_text(result, lang, indent)

    keep_inputs(options, form, inputs)
    deliver(
        options, form, lang, lambda style: findings_sheet(result, style), writers,
        receipt if form == "csv" else None,
    )  # fmt: skip
    if options.output:
        style = look(sys.stderr, lang)
        paint(check_verdict(result, style), sys.stderr, colour=style.colour)
    return exit_status(result.receipt, options.fail_on)


def run_review(options: argparse.Namespace, lang: str) -> int:
    """`perfeval review`: claimed scores against recomputed ones, the riskiest projects first."""
    form = format_of(options, REVIEW_FORMATS, lang)
    check_binary(options, form, lang)

    from perfeval.reports import as_json, review_table
    from perfeval.reports.html.review import write_review as write_review_page
    from perfeval.reports.terminal.review_sheet import review_sheet
    from perfeval.reports.workbook.review import write_review_workbook
    from perfeval.reviewing import review

    result = review(
        options.files,
        options.specs,
        options.policy,
        decisions=options.decisions,
        sample=options.sample,
        seed=options.seed,
    )
    tell((*result.problems, *result.notes), lang, None if options.all else MOST_NOTES)
    writers: dict[str, Writer] = {
        "json": lambda file: as_json.write_review(result, file, lang),
        "csv": lambda file: review_table.write_csv(result, file, bom=options.bom),
        "parquet": lambda file: review_table.write_parquet(result, file, lang),
        "xlsx": lambda file: write_review_workbook(result, file, lang),
        "html": lambda file: write_review_page(result, file, lang),
    }

    def receipt(indent: int | None) -> bytes:
        return as_json.receipt_text(result, lang, indent)

    inputs = [*input_files(result.receipt), str(result.policy.path)]
    keep_inputs(options, form, inputs)
    if options.to_decide:
        refuse_inputs([options.to_decide], inputs)
        if Path(options.to_decide).exists():
            raise InputError.of(
                N_("this file is there already, perhaps with decisions in it; name another"),
                file=options.to_decide,
            )
    beside: dict[str, Writer] = {}
    if options.to_decide:
        beside[options.to_decide] = lambda file: review_table.write_decisions(result, file, lang)
    deliver(
        options, form, lang, lambda style: review_sheet(result, style), writers,
        receipt if form == "csv" else None, beside,
    )  # fmt: skip
    return exit_status(result.receipt, options.fail_on)


def _tell_own_rules(settings: Settings, run: bool, lang: str) -> None:
    """Say on stderr which Python files of the folder are about to be run, or are left alone."""
    template = N_("own rules that {settings} names, not run: {files}")
    if run:
        template = N_("running the own rules that {settings} names: {files}")
    if settings.own:
        files = [str(Path(settings.file).parent / each.path) for each in settings.own]
        values = {"settings": settings.file, "files": files}
        print(clean(render(template, values, lang)), file=sys.stderr, flush=True)


def _write_baseline(
    result: CheckResult, path: str, inputs: Iterable[str | Path | None], lang: str
) -> int:
    """Keep the findings of `result` in the file `path`, which may be an older baseline."""
    from perfeval.findings import read_baseline, write_baseline

    refuse_inputs([path], [str(each) for each in inputs if each])
    if Path(path).is_file():
        try:
            read_baseline(path)
        except InputError:
            template = N_(
                "there is already a file of this name, and it is no baseline; name another"
            )
            raise InputError.of(template, file=path) from None
    with whole_files(path) as (file,):
        n = write_baseline(result.findings, file)
    template = N_(
        "baseline with {n} findings written: {file}; perfeval check --baseline {file} now tells"
        " only what is new"
    )
    print(clean(render(template, {"n": n, "file": path}, lang)))
    return 0


def run_import(options: argparse.Namespace, lang: str) -> int:
    """`perfeval import`: a spec per target table, and the amounts of the other tables.

    Lines that have no place are told on stderr.
    """
    from perfeval.problems import Collector
    from perfeval.sources.targets import TargetTables, read_target_tables
    from perfeval.sources.write_budget import BUDGET_FILE, budget_text, refuse_repeated_tables
    from perfeval.sources.write_specs import file_name, write_specs

    read: dict[str, TargetTables] = {}
    problems = Collector()
    for file in options.files:
        with problems:
            read[file] = read_target_tables(file)
    with problems:
        refuse_repeated_tables({file: each.amounts for file, each in read.items()})
    problems.raise_any()
    specs = [spec for each in read.values() for spec in each.specs]
    amounts = [amount for each in read.values() for amount in each.amounts]
    unplaced = [problem for each in read.values() for problem in each.unplaced]
    notes = [note for each in read.values() for note in each.notes]
    beside = {BUDGET_FILE: budget_text(amounts)} if amounts else {}
    names = [*(file_name(str(spec["code"])) for spec in specs), *beside]
    refuse_inputs([str(Path(options.output) / name) for name in names], options.files)
    write_specs(specs, options.output, beside=beside, replace=options.force)
    tell([*notes[:MOST_UNPLACED], *unplaced[:MOST_UNPLACED]], lang)
    values = {
        "tables": len(specs),
        "indicators": sum(len(spec["indicators"]) for spec in specs),
        "amounts": sum(each.amount is not None for each in amounts),
        "budget": BUDGET_FILE,
        "folder": options.output.rstrip("/"),
        "settings": SETTINGS,
        "unplaced": len(unplaced),
        "hidden": max(0, len(unplaced) - MOST_UNPLACED),
    }
    template = N_("target tables: {tables}, indicators: {indicators}; written to {folder}")
    print(clean(render(template, values, lang)))
    if amounts:
        template = N_("amounts of budget tables: {amounts}; written to {folder}/{budget}")
        print(clean(render(template, values, lang)))
    if not (Path(options.output) / SETTINGS).exists():
        template = N_(
            "Next: name the scoring policy in {folder}/{settings}, for instance policy ="
            ' "chongqing"; perfeval policy lists them'
        )
        print(clean(render(template, values, lang)))
    if unplaced:
        template = N_(
            "remarks on what has no place in a table or is doubtful: {unplaced} (of which not"
            " shown: {hidden}); look them up in the file and add what is missing by hand"
        )
        print(render(template, values, lang), file=sys.stderr)
    return 0


def run_policy(options: argparse.Namespace, lang: str) -> int:
    """`perfeval policy`: the list, or one in plain words."""
    from perfeval.policy import list_policies, load_policy
    from perfeval.reports.pages.policy import describe, overview

    if options.policy:
        sys.stdout.write(describe(load_policy(options.policy), lang))
    else:
        sys.stdout.write(overview(map(load_policy, list_policies()), lang))
    return 0


def run_rule(options: argparse.Namespace, lang: str) -> int:
    """`perfeval rule`: the list, or the manual page of one (or of a family's)."""
    from perfeval.reports.pages.rule import handbook, rule_list, rule_page
    from perfeval.rules import catalogue

    rules = [*catalogue(), *_own_rules(options.specs, lang)]
    style = look(sys.stdout, lang)
    named = _rules_named(options.code, rules, lang) if options.code else rules
    if options.markdown:
        sys.stdout.write(handbook(named, lang))
        return 0
    lines = rule_page(named[0], style) if len(named) == 1 else rule_list(named, style)
    paint(lines, sys.stdout, colour=style.colour)
    return 0


def _own_rules(folder: str | None, lang: str) -> tuple[Rule, ...]:
    """The own rules of a folder of target tables."""
    if folder is None:
        return ()
    from perfeval.rules.own import load
    from perfeval.sources.own_rules import read_own_rules
    from perfeval.sources.settings import settings_of

    settings = settings_of(folder)
    _tell_own_rules(settings, True, lang)
    return load((source.input.path, source.data) for source in read_own_rules(settings))


def _rules_named(named: str, rules: list[Rule], lang: str) -> list[Rule]:
    """The rules of a code or its beginning, or of a name."""
    found = [rule for rule in rules if rule.code.startswith(named) or rule.name == named]
    if not found:
        template = N_("there is no rule “{found}”{remark}; perfeval rule lists them all")
        known = [text for rule in rules for text in (rule.code, rule.name)]
        raise UsageError(near(template, named, known, lang))
    return found
