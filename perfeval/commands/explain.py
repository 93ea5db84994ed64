"""`perfeval explain`: how the scores of a project, or of a whole batch, came about."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from perfeval.commands.common import deliver, format_of, input_files, keep_inputs, tell
from perfeval.messages import N_, render
from perfeval.problems import InputError
from perfeval.reports.terminal.look import Line, Look
from perfeval.usage import EXPLAIN_FORMATS, UsageError

if TYPE_CHECKING:
    from perfeval.explaining import Explanation

DEFAULT_ACTUALS = ("actuals.xlsx", "actuals.csv")


def run_explain(options: argparse.Namespace, lang: str) -> int:
    """`perfeval explain`: a tree of steps, JSON, or the ways that a batch was scored."""
    form = format_of(options, EXPLAIN_FORMATS, lang)
    _check(options, lang)
    explanation = _explained(options, lang)

    from perfeval.explaining.find import find_indicators, find_project
    from perfeval.reports import explanation_json
    from perfeval.reports.terminal.explanation import indicator_sheet, project_sheet
    from perfeval.reports.terminal.explanation_summary import summary_sheet

    keep_inputs(options, form, [*input_files(explanation.receipt), explanation.policy.path])
    if options.summary:
        deliver(
            options, form, lang, lambda style: summary_sheet(explanation, style),
            {"json": lambda file: explanation_json.write_summary(explanation, file)},
        )  # fmt: skip
        return 0
    project = find_project(explanation, options.project)
    chosen = project.indicators
    if options.indicator is not None:
        chosen = find_indicators(project, options.indicator)

    def sheet(style: Look) -> Iterator[Line]:
        if options.indicator is None:
            return project_sheet(explanation, project, style)
        return indicator_sheet(explanation, project, chosen, style)

    deliver(
        options, form, lang, sheet,
        {"json": lambda file: explanation_json.write_explanation(
            explanation, [(project, chosen)], file, lang)},
    )  # fmt: skip
    return 0


def _check(options: argparse.Namespace, lang: str) -> None:
    """Refuse what does not go together."""
    if options.summary == (options.project is not None):
        template = N_("name the project to explain, or --summary for the whole batch")
        if options.summary:
            template = N_("--summary is for the whole batch; leave the project out")
        raise UsageError(render(template, {}, lang))
    if options.claims and (options.actuals or options.execution):
        template = N_(
            "--claims are self-evaluations with their own actuals and execution; leave --actuals"
            " and --execution out"
        )
        raise UsageError(render(template, {}, lang))
    if options.decisions and not options.claims:
        raise UsageError(render(N_("--decisions belong to --claims; name these too"), {}, lang))


def _explained(options: argparse.Namespace, lang: str) -> Explanation:
    from perfeval.explaining import explain

    if options.claims:
        from perfeval.reviewing import review

        return explain(
            review(options.claims, options.specs, options.policy, decisions=options.decisions)
        )
    from perfeval.scoring import score

    actuals = options.actuals or _default_actuals()
    result = score(actuals, options.specs, options.execution, options.policy)
    tell(result.notes, lang)
    return explain(result)


def _default_actuals() -> str:
    """The actuals of the working folder, where there is no doubt which they are."""
    found = [name for name in DEFAULT_ACTUALS if Path(name).is_file()]
    if len(found) == 1:
        return found[0]
    template = N_("name the actuals with --actuals FILE, or self-evaluations with --claims FILE")
    if found:
        template = N_("both {files} are here; name the actuals with --actuals FILE")
    raise InputError.of(template, files=found)
