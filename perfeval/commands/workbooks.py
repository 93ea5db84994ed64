"""The commands about workbooks: the one to fill in, and a department's own with its findings."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from perfeval.commands.common import input_files, specs_path, tell
from perfeval.messages import N_, render
from perfeval.problems import InputError
from perfeval.reports.text import clean
from perfeval.reports.write import refuse_inputs, whole_files
from perfeval.usage import UsageError

if TYPE_CHECKING:
    from perfeval.scoring import ScoreResult


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
    path = specs_path(options.specs)

    from perfeval.reports.workbook.template import write_template
    from perfeval.scoring.receipt import choose_policy
    from perfeval.scoring.targets import choose_rules, read_targets
    from perfeval.sources.specs import load_specs

    specs = load_specs(path)
    tell(specs.notes, lang)
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
    refuse_inputs([output], input_files(result.receipt))
    tell(result.notes, lang)
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


def write_result(result: ScoreResult, file: BinaryIO, lang: str) -> None:
    """The result of `score` as a workbook of official forms."""
    from perfeval.reports.workbook.result import write_workbook

    write_workbook(result, file, lang)
