"""`perfeval score` of tables that do not fit into memory: in parts, into a file of rows."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from perfeval.commands.common import exit_status, keep_inputs, outputs_of, tell, tell_written
from perfeval.reports.terminal.look import look, paint
from perfeval.reports.write import whole_files

if TYPE_CHECKING:
    from perfeval.engines.local import Inputs

FORMATS = ("csv", "parquet")


def large_run(options: argparse.Namespace, form: str) -> Inputs | None:
    """What to score in parts; None where all of it fits into memory at once, or has to."""
    if form not in FORMATS or options.output is None or options.specs is None:
        return None
    from perfeval.engines.local import Inputs

    inputs = Inputs.of(options.actuals, options.specs, options.execution, options.memory)
    return inputs if inputs is not None and inputs.is_large else None


def score_large(inputs: Inputs, options: argparse.Namespace, form: str, lang: str) -> int:
    """Score part by part while the rows before are written."""
    from perfeval.engines.local import LocalRun
    from perfeval.reports import as_json, table
    from perfeval.reports.tabular import Told
    from perfeval.reports.terminal.large_verdict import large_verdict
    from perfeval.reports.terminal.progress import Bar
    from perfeval.sources.spill import Spills

    folder = Path(options.output).absolute().parent
    names = [*(str(file) for file in inputs.files), options.policy]
    keep_inputs(options, form, names)
    outputs = outputs_of(options, form)
    with (
        Bar(sys.stderr, lang) as bar,
        Spills(folder) as spills,
        whole_files(*outputs) as (file, *more),
    ):
        run = LocalRun(inputs, options.policy, spills, bar)

        def told() -> Told:
            merged = run.merged
            return Told(run.receipt, merged.findings, merged.suppressed, merged.by_rule)

        if form == "parquet":
            table.write_parquet_of(run.outcomes(), told, file, lang)
        else:
            table.write_csv_of(run.outcomes(), file, bom=options.bom)
        for beside in more:
            beside.write(as_json.receipt_text(told(), lang, 2))
    tell(run.notes, lang)
    tell_written(outputs, lang)
    style = look(sys.stderr, lang, everything=options.all)
    paint(large_verdict(told(), style), sys.stderr, colour=style.colour)
    return exit_status(run.receipt, options.fail_on)
