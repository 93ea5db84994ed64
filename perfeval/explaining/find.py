"""Which project and which indicator is meant by a name: exact names only, near ones suggested."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perfeval.explaining.build import Explanation
from perfeval.explaining.model import Explained, ExplainedProject
from perfeval.messages import N_
from perfeval.names import normalise_text, suggest
from perfeval.problems import InputError, Problem, did_you_mean

_MOST = 3
_SHOWN = 8


def find_project(explanation: Explanation, named: str) -> ExplainedProject:
    """The project of this code, or of this name if only one has it.

    Raises `InputError` where there is none, or several; near codes and names are suggested.
    """
    wanted = normalise_text(named)
    known = explanation.names
    codes = [code for code in known if normalise_text(code) == wanted]
    codes = codes or [code for code, name in known.items() if normalise_text(name) == wanted]
    if len(codes) > 1:
        template = N_("several projects are named {found}; name one by its code: {codes}")
        raise InputError.of(template, found=named, codes=codes[: 2 * _MOST])
    if not codes:
        near = _near(named, [*known, *known.values()])
        template = N_("there is no project of the code or name {found}{remark}")
        raise _error(template, near, found=named)
    return explanation.project(codes[0])


def find_indicators(project: ExplainedProject, named: str) -> tuple[Explained, ...]:
    """The indicators of this name: one, or several where the project uses a name again.

    Raises `InputError` where there is none; near names are suggested.
    """
    wanted = normalise_text(named)
    found = tuple(each for each in project.indicators if normalise_text(each.indicator) == wanted)
    if not found:
        known = list(dict.fromkeys(each.indicator for each in project.indicators))
        near = _near(named, known)
        template = N_("{project} has no indicator {found}{remark}")
        if not near:
            template = N_("{project} has no indicator {found}; it has {known}")
            known = [*known[:_SHOWN], *(["…"] if len(known) > _SHOWN else [])]
        raise _error(template, near, project=project.name, found=named, known=known)
    return found


def _error(template: str, near: Sequence[str], **values: object) -> InputError:
    return InputError([Problem(template, {**values, **did_you_mean(near)})])


def _near(named: str, known: Iterable[str]) -> Sequence[str]:
    """Names that hold what was written, else those that are like it."""
    known = list(known)
    wanted = normalise_text(named).strip("….").casefold()
    holding = [each for each in known if wanted and wanted in normalise_text(each).casefold()]
    return holding[:_MOST] or suggest(named, known)
