"""JSON of an explanation: the keys that docs/explain.md describes, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from perfeval.explaining import (
    Clause,
    Derivation,
    Explained,
    ExplainedProject,
    Explanation,
    Place,
    Step,
    clause,
)
from perfeval.explaining.arithmetic import decimal_text
from perfeval.explaining.summary import particulars, summary
from perfeval.messages import render, written
from perfeval.reports.findings import message
from perfeval.reports.values import short_points


def write_explanation(
    explanation: Explanation,
    projects: Iterable[tuple[ExplainedProject, Iterable[Explained]]],
    file: BinaryIO,
    lang: str,
) -> None:
    """Some projects, each with some of its indicators, as one JSON object."""
    keys: dict[str, None] = {}
    told = [_project(project, chosen, keys, lang) for project, chosen in projects]
    clauses = {
        key: _clause(found, lang)
        for key in sorted(keys)
        if (found := clause(key, explanation.policy)) is not None
    }
    _write({"receipt": explanation.receipt, "projects": told, "clauses": clauses}, file)


def write_summary(explanation: Explanation, file: BinaryIO) -> None:
    """How many indicators were scored which way, as one JSON object."""
    ways = [
        {**row, **{name: _points(row[name]) for name in ("points", "low", "high")}}
        for row in summary(explanation).iter_rows(named=True)
    ]
    content = {
        "receipt": explanation.receipt, "ways": ways, "particulars": particulars(explanation)
    }  # fmt: skip
    _write(content, file)


def _write(content: Mapping[str, Any], file: BinaryIO) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    # A path's undecodable bytes are lone surrogates: as \udcxx they are sound JSON.
    file.write(f"{text}\n".encode(errors="backslashreplace"))


def _project(
    project: ExplainedProject, chosen: Iterable[Explained], keys: dict[str, None], lang: str
) -> dict[str, Any]:
    return {
        "project": project.project,
        "name": project.name,
        "department": project.department,
        **_ends(project.derivation, known=project.known),
        "grade": project.grade,
        "derivation": _steps(project.derivation.steps, keys, lang),
        "findings": _findings(project.findings, lang),
        "indicators": [_indicator(each, keys, lang) for each in chosen],
    }


def _indicator(each: Explained, keys: dict[str, None], lang: str) -> dict[str, Any]:
    return {
        "level1": each.level1,
        "level2": each.level2,
        "indicator": each.indicator,
        "core": each.core,
        "met": each.met,
        "status": each.status,
        **_ends(each.derivation),
        "target_place": _place(each.target_place),
        "actual_place": _place(each.actual_place),
        "derivation": _steps(each.derivation.steps, keys, lang),
        "claim": _steps(each.claim, keys, lang),
        "findings": _findings(each.findings, lang),
    }


def _steps(steps: Iterable[Step], keys: dict[str, None], lang: str) -> list[dict[str, Any]]:
    return list(_each(steps, keys, lang))


def _each(steps: Iterable[Step], keys: dict[str, None], lang: str) -> Iterator[dict[str, Any]]:
    for step in steps:
        if step.key:
            keys[step.key] = None
        yield {
            "kind": step.kind,
            "text": render(step.template, step.values, lang),
            "expression": step.expression or None,
            "value": _exact(step),
            "key": step.key or None,
            "children": _steps(step.children, keys, lang),
        }


def _exact(step: Step) -> str | None:
    """What a step comes to: in decimals where these end, else as a fraction p/q."""
    value = step.value
    if value is None:
        return None
    return decimal_text(value.numerator, value.denominator) or str(value)


def _ends(derivation: Derivation, *, known: bool = True) -> dict[str, float | None]:
    if not known:
        return dict.fromkeys(("score", "low", "high"))
    low, high = _points(derivation.low), _points(derivation.high)
    return {"score": low, "low": low, "high": high}


def _points(hundredths: int) -> float:
    # The shortest decimal of a float of hundredths is the number that was meant.
    return float(json.loads(short_points(hundredths)))


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "sheet": place.sheet, "line": place.line}


def _findings(findings: Iterable[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
    return [
        {
            "code": row["code"],
            "severity": row["severity"],
            "message": "".join(text for text, _ in message(row, lang)),
        }
        for row in findings
    ]


def _clause(found: Clause, lang: str) -> dict[str, Any]:
    return {
        "text": written(found.text, lang) or None,
        "source": written(found.source, lang),
        "policy": found.policy or None,
        "certainty": found.certainty,
    }
