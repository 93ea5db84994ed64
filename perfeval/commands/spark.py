"""`perfeval score --engine spark`: the same rows, where the data lives."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from perfeval.commands.common import exit_status, tell, tell_written
from perfeval.messages import N_, render
from perfeval.reports.terminal.look import look, paint
from perfeval.usage import UsageError

if TYPE_CHECKING:
    from perfeval.reports.tabular import Told

_NEEDS = N_("--engine spark needs {option}: {what}")


def score_on_spark(options: argparse.Namespace, lang: str) -> int:
    """Score on Spark into a folder of Parquet files."""
    _check(options, lang)

    from perfeval.engines.spark.run import RECEIPT, Inputs, score_to
    from perfeval.engines.spark.session import interruptible, running
    from perfeval.reports import as_json
    from perfeval.reports.terminal.large_verdict import large_verdict
    from perfeval.reports.terminal.progress import Bar

    inputs = Inputs(
        options.actuals, options.specs, options.execution, options.policy, options.memory
    )
    with Bar(sys.stderr, lang) as bar:
        bar("spark", 0, 0)
        with running(options.master) as spark:

            def receipt(told: Told) -> bytes:
                return as_json.receipt_text(told, lang, 2)

            told = interruptible(
                spark, lambda: score_to(spark, inputs, options.output, receipt, bar)
            )
    tell(told.notes, lang)
    tell_written([options.output, f"{options.output.rstrip('/')}{RECEIPT}"], lang)
    style = look(sys.stderr, lang, everything=options.all)
    paint(large_verdict(told, style), sys.stderr, colour=style.colour)
    return exit_status(told.receipt, options.fail_on)


def _check(options: argparse.Namespace, lang: str) -> None:
    """Refuse what has no meaning on Spark."""
    if options.specs is None:
        what = N_("a Parquet file, or a folder of them, with the target tables")
        raise UsageError(_needs("--specs", what, lang))
    if options.output is None:
        raise UsageError(_needs("-o", N_("the folder to write Parquet files to"), lang))
    if options.format not in (None, "parquet") or options.bom:
        what = N_("it writes no other format")
        raise UsageError(_needs("--format parquet", what, lang))


def _needs(option: str, what: str, lang: str) -> str:
    return render(_NEEDS, {"option": option, "what": render(what, {}, lang)}, lang)
