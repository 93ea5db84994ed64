"""What the commands do: read, call, write. Imported only when a command runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from perfeval.messages import N_, render
from perfeval.problems import InputError, Problem
from perfeval.reports.terminal.look import Line, Look, look, paint, plain
from perfeval.reports.text import clean
from perfeval.reports.write import refuse_inputs, whole_files
from perfeval.usage import CHECK_FORMATS, REVIEW_FORMATS, SCORE_FORMATS, UsageError, near

if TYPE_CHECKING:
    from perfeval.checking import CheckResult
    from perfeval.rules import Rule
    from perfeval.scoring import ScoreResult
    from perfeval.sources.settings import Settings

SETTINGS = "perfeval.toml"
MOST_UNPLACED = 50
_SUFFIXES = {
    ".json": "json", ".csv": "csv", ".parquet": "parquet", ".txt": "table", ".sarif": "sarif",
    ".xml": "junit", ".xlsx": "xlsx",
}  # fmt: skip
_BINARY = ("parquet", "xlsx")

Sheet = Callable[[Look], Iterable[Line]]
Writer = Callable[[BinaryIO], None]


def run_score(options: argparse.Namespace, lang: str) -> int:
    """`perfeval score`: the sheet on the terminal, or the result in another format."""
    form = _format(options, SCORE_FORMATS, lang)
    _check_bom(options, form, lang)
    if form in _BINARY and not options.output and sys.stdout.isatty():
        template = N_("{form} is not for reading in a terminal; name a file: -o result.{form}")
        raise UsageError(render(template, {"form": form}, lang))

    from perfeval.reports import as_json, table
    from perfeval.reports.terminal.progress import Bar
    from perfeval.reports.terminal.sheet import sheet
    from perfeval.reports.terminal.verdict import error_lines, verdict
    from perfeval.scoring import score

    with Bar(sys.stderr, lang) as bar:
        result = score(options.actuals, options.specs, options.execution, options.policy, bar)
    _tell(result.notes, lang)
    writers: dict[str, Writer] = {
        "json": lambda file: as_json.write_score(result, file, lang),
        "csv": lambda file: table.write_csv(result, file, bom=options.bom),
        "parquet": lambda file: table.write_parquet(result, file, lang),
        "xlsx": lambda file: _write_workbook(result, file, lang),
    }

    def receipt(indent: int | None) -> bytes:
        return as_json.receipt_text(result, lang, indent)

    sources = [result.policy.path, result.policy.form]
    _refuse_inputs(options, form, [*_files(result.receipt), *sources])
    _deliver(
        options, form, lang, lambda style: sheet(result, style), writers,
        receipt if form == "csv" else None,
    )  # fmt: skip
    if options.output or form in _BINARY:
        style = look(sys.stderr, lang, everything=options.all)
        told = [*error_lines(result, style), *verdict(result, style)]
        paint(told, sys.stderr, colour=style.colour)
    return _status(result.receipt, options.fail_on)


def _write_workbook(result: ScoreResult, file: BinaryIO, lang: str) -> None:
    from perfeval.reports.workbook.result import write_workbook

    write_workbook(result, file, lang)


def run_check(options: argparse.Namespace, lang: str) -> int:
    """`perfeval check`: the findings about target tables."""
    form = _format(options, CHECK_FORMATS, lang)
    _check_bom(options, form, lang)
    if options.write_baseline and (options.baseline or options.output or options.format):
        template = N_("--write-baseline stands alone: no --baseline, --format or -o beside it")
        raise UsageError(render(template, {}, lang))

    from perfeval.checking import check
    from perfeval.reports import as_json, findings_table, junit, sarif
    from perfeval.reports.terminal.check_verdict import check_verdict
    from perfeval.reports.terminal.findings_sheet import findings_sheet
    from perfeval.sources.specs import load_specs

    specs = load_specs(_specs(options.specs))
    _tell(specs.notes, lang)
    _tell_own_rules(specs.settings, not options.no_own_rules, lang)
    result = check(
        specs,
        options.policy,
        options.select,
        options.ignore,
        baseline=options.baseline,
        own_rules=not options.no_own_rules,
    )
    inputs = [*_files(result.receipt), options.policy]
    if options.write_baseline:
        return _write_baseline(result, options.write_baseline, inputs, lang)
    writers: dict[str, Writer] = {
        "json": lambda file: as_json.write_check(result, file, lang),
        "sarif": lambda file: sarif.write_sarif(result, file, lang),
        "junit": lambda file: junit.write_junit(result, file, lang, options.fail_on),
        "csv": lambda file: findings_table.write_csv(result, file, lang, bom=options.bom),
    }

    def receipt(indent: int | None) -> bytes:
        return as_json.receipt_text(result, lang, indent)

    _refuse_inputs(options, form, inputs)
    _deliver(
        options, form, lang, lambda style: findings_sheet(result, style), writers,
        receipt if form == "csv" else None,
    )  # fmt: skip
    if options.output:
        style = look(sys.stderr, lang)
        paint(check_verdict(result, style), sys.stderr, colour=style.colour)
    return _status(result.receipt, options.fail_on)


def run_template(options: argparse.Namespace, lang: str) -> int:
    """`perfeval template`: the workbook to fill in, of which nothing filled in is ever lost."""
    if Path(options.output).suffix.lower() != ".xlsx":
        template = N_("“{file}”: the template is a workbook; give a name that ends with .xlsx")
        raise UsageError(render(template, {"file": options.output}, lang))
    if Path(options.output).exists() and not options.force:
        template = N_(
            "the file is there already, and may be filled in; give another name after -o, or"
            " --force to replace it"
        )
        raise InputError.of(template, file=options.output)
    path = _specs(options.specs)

    from perfeval.reports.workbook.template import write_template
    from perfeval.scoring.receipt import choose_policy
    from perfeval.scoring.targets import choose_rules, read_targets
    from perfeval.sources.specs import load_specs

    specs = load_specs(path)
    policy = choose_policy(options.policy, specs).policy
    targets = read_targets(specs.indicators)
    targets = targets.with_columns(rule=choose_rules(targets, policy))
    refuse_inputs([options.output], [*(file.path for file in specs.inputs), str(policy.path)])
    with whole_files(options.output) as (file,):
        write_template(specs.projects, targets, policy, file, lang)
    values = {
        "file": options.output,
        "departments": specs.projects["department"].n_unique(),
        "projects": len(specs.projects),
        "indicators": len(targets),
    }
    template = N_(
        "written: {file} (departments: {departments}, projects: {projects}, indicators:"
        " {indicators}). When it is filled in: perfeval score {file}"
    )
    print(clean(render(template, values, lang)))
    return 0


def run_annotate(options: argparse.Namespace, lang: str) -> int:
    """`perfeval annotate`: a copy of a workbook with its findings at the very cells."""
    source = Path(options.workbook)
    output = options.output or str(source.with_name(f"{source.stem}-annotated{source.suffix}"))
    refuse_inputs([output], [options.workbook])

    from perfeval.annotating import annotate

    result = annotate(source, options.specs, options.execution, options.policy, lang)
    refuse_inputs([output], _files(result.receipt))
    _tell(result.notes, lang)
    with whole_files(output) as (file,):
        file.write(result.content)
    template = N_("written: {file} (marked cells: {cells}, in sheets: {sheets})")
    values = {"file": output, "cells": result.cells, "sheets": result.sheets}
    print(clean(render(template, values, lang)))
    if result.elsewhere:
        template = N_(
            "findings that concern nothing in this workbook: {count}; perfeval score or check tells"
            " them"
        )
        print(clean(render(template, {"count": result.elsewhere}, lang)), file=sys.stderr)
    return 0


def run_review(options: argparse.Namespace, lang: str) -> int:
    """`perfeval review`: claimed scores against recomputed ones, the riskiest projects first."""
    form = _format(options, REVIEW_FORMATS, lang)

    from perfeval.reports import as_json, review_table
    from perfeval.reports.terminal.review_sheet import review_sheet
    from perfeval.reviewing import review

    result = review(
        options.files,
        options.specs,
        options.policy,
        decisions=options.decisions,
        sample=options.sample,
        seed=options.seed,
    )
    writers: dict[str, Writer] = {
        "json": lambda file: as_json.write_review(result, file, lang),
        "csv": lambda file: review_table.write_csv(result, file, bom=options.bom),
        "parquet": lambda file: review_table.write_parquet(result, file, lang),
    }

    def receipt(indent: int | None) -> bytes:
        return as_json.receipt_text(result, lang, indent)

    inputs = [*_files(result.receipt), str(result.policy.path)]
    _refuse_inputs(options, form, inputs)
    if options.to_decide:
        refuse_inputs([options.to_decide], inputs)
        with whole_files(options.to_decide) as (file,):
            review_table.write_decisions(result, file, lang)
    _deliver(
        options, form, lang, lambda style: review_sheet(result, style), writers,
        receipt if form == "csv" else None,
    )  # fmt: skip
    return _status(result.receipt, options.fail_on)


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
    _tell([*notes[:MOST_UNPLACED], *unplaced[:MOST_UNPLACED]], lang)
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
            "lines without a place in a table: {unplaced} (of which not shown: {hidden});"
            " look them up in the text and add what is missing by hand"
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


def _tell(notes: Iterable[Problem], lang: str) -> None:
    """What is worth knowing of the files that were read, on stderr."""
    for note in notes:
        print(clean(note.text(lang)), file=sys.stderr)


def _check_bom(options: argparse.Namespace, form: str, lang: str) -> None:
    if options.bom and form != "csv":
        raise UsageError(render(N_("--bom is for --format csv"), {}, lang))


def _format(options: argparse.Namespace, formats: tuple[str, ...], lang: str) -> str:
    """The format asked for, else the one that the output's name tells, else the table."""
    if options.format:
        return str(options.format)
    if not options.output:
        return "table"
    form = _SUFFIXES.get(Path(options.output).suffix.lower())
    if form not in formats:
        template = N_("the name “{file}” does not tell the format; add --format, one of {known}")
        values = {"file": options.output, "known": list(formats)}
        raise UsageError(render(template, values, lang))
    return form


def _specs(path: str | None) -> str:
    """The folder or file of specs; where the default folder is missing, advice for a start."""
    from perfeval.scoring.which import DEFAULT_SPECS, NO_SPECS

    if path is None and not Path(DEFAULT_SPECS).exists():
        raise InputError.of(NO_SPECS, folder=f"{DEFAULT_SPECS}/")
    return DEFAULT_SPECS if path is None else path


def _deliver(
    options: argparse.Namespace,
    form: str,
    lang: str,
    sheet: Sheet,
    writers: Mapping[str, Writer],
    receipt: Callable[[int | None], bytes] | None = None,
) -> None:
    """The result in its format, on stdout or in the file asked for.

    `receipt` is given for a format without a place for it: it is written beside the file, and for
    stdout in one line of JSON to stderr.
    """
    if options.output is None and form == "table":
        style = look(sys.stdout, lang, everything=options.all)
        paint(sheet(style), sys.stdout, colour=style.colour)
        return
    if options.output is None:
        sys.stdout.flush()
        writers[form](sys.stdout.buffer)
        sys.stdout.buffer.flush()
        if receipt:
            sys.stderr.write(receipt(None).decode())
        return
    outputs = _outputs(options, form)
    with whole_files(*outputs) as (file, *more):
        if form == "table":
            file.write(plain(sheet(Look(lang, everything=options.all))).encode(errors="replace"))
        else:
            writers[form](file)
        if receipt:
            for beside in more:
                beside.write(receipt(2))
    template = N_("written: {files}")
    print(clean(render(template, {"files": outputs}, lang)), file=sys.stderr)


def _outputs(options: argparse.Namespace, form: str) -> list[str]:
    """The files to write: CSV has its receipt beside it."""
    if options.output is None:
        return []
    return [options.output, *([f"{options.output}.receipt.json"] if form == "csv" else [])]


def _files(receipt: Mapping[str, Any]) -> list[str]:
    return [str(each["path"]) for each in receipt["inputs"]]


def _refuse_inputs(
    options: argparse.Namespace, form: str, inputs: Iterable[str | Path | None]
) -> None:
    """No output may replace what the result was computed from."""
    refuse_inputs(_outputs(options, form), [str(path) for path in inputs if path])


def _status(receipt: Mapping[str, Any], fail_on: str) -> int:
    """1 where there are findings at least as severe as `fail_on`, else 0."""
    found = receipt["counts"]["findings"]  # worst first
    worst = list(found)
    levels = worst[: worst.index(fail_on) + 1] if fail_on in worst else ()
    return int(any(found[level] for level in levels))


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
