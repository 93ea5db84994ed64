"""JUnit XML of a check: what build servers show as tests.

A suite per project, and in it a test per finding, which fails where the finding is as severe as
what the command fails on; so a server tells which findings a change has added or repaired. A
project without findings is a test that passes, what is suppressed is a test that is skipped, with
the reason. Findings that belong to no project are in a suite of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from perfeval.messages import N_, render, translate
from perfeval.reports.findings import place, records, severity
from perfeval.reports.text import escaped
from perfeval.tables import SEVERITIES

if TYPE_CHECKING:
    from perfeval.checking import CheckResult

# What XML 1.0 has no way to hold; control characters are escaped before.
_FORBIDDEN = re.compile("[\ufffe\uffff]")

Record = Mapping[str, Any]


def write_junit(result: CheckResult, file: BinaryIO, lang: str, fail_on: str) -> None:
    """The findings of `check` as JUnit XML; those as severe as `fail_on` are failures."""
    failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()
    for piece in _suites(result, lang, failing):
        file.write(piece.encode())


def _suites(result: CheckResult, lang: str, failing: Sequence[str]) -> Iterator[str]:
    by_project: dict[str | None, list[Record]] = {}
    for record in (*records(result.findings, lang), *records(result.suppressed, lang)):
        by_project.setdefault(record["project"], []).append(record)
    names = dict(result.projects.select("project", "name").iter_rows())
    others = [record for code in by_project if code not in names for record in by_project[code]]
    suites = [(f"{code} {name}", by_project.get(code, [])) for code, name in names.items()]
    if others:
        suites.append((translate(N_("no project"), lang), others))
    tests = sum(max(1, len(found)) for _, found in suites)
    failures = sum(_fails(record, failing) for _, found in suites for record in found)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="perfeval check" tests="{tests}" failures="{failures}" errors="0">\n'
    for name, found in suites:
        yield from _suite(name, found, lang, failing)
    yield "</testsuites>\n"


def _suite(name: str, found: Sequence[Record], lang: str, failing: Sequence[str]) -> Iterator[str]:
    failures = sum(_fails(record, failing) for record in found)
    skipped = sum("reason" in record for record in found)
    yield (
        f'<testsuite name={_attribute(name)} tests="{max(1, len(found))}" failures="{failures}"'
        f' errors="0" skipped="{skipped}">\n'
    )
    if not found:
        passed = translate(N_("no findings"), lang)
        yield f"<testcase name={_attribute(passed)} classname={_attribute(name)}/>\n"
    for title, record in zip(_titles(found), found, strict=True):
        head = f"<testcase name={_attribute(title)} classname={_attribute(name)}>"
        yield f"{head}{_outcome(record, lang, failing)}</testcase>\n"
    yield "</testsuite>\n"


def _titles(found: Iterable[Record]) -> Iterator[str]:
    """A name for each test: rule and indicator, numbered where that is not enough."""
    seen: Counter[str] = Counter()
    for record in found:
        title = " ".join(filter(None, (record["code"], record["name"], record["indicator"])))
        seen[title] += 1
        yield title if seen[title] == 1 else f"{title} ({seen[title]})"


def _outcome(record: Record, lang: str, failing: Sequence[str]) -> str:
    where = place(record)
    level = severity(record["severity"], lang)
    text = _text("\n".join(filter(None, (where, f"{level} {record['code']}: {record['message']}"))))
    if "reason" in record:
        template = N_("suppressed: {reason}")
        said = render(template, {"reason": record["reason"]["text"]}, lang)
        return f"<skipped message={_attribute(said)}>{text}</skipped>"
    if _fails(record, failing):
        kind = _attribute(record["severity"])
        return f"<failure type={kind} message={_attribute(record['message'])}>{text}</failure>"
    return f"<system-out>{text}</system-out>"


def _fails(record: Record, failing: Sequence[str]) -> bool:
    return "reason" not in record and record["severity"] in failing


def _plain(text: str, keep: str = "") -> str:
    return _FORBIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped(text, keep=keep))


def _text(text: str) -> str:
    return escape(_plain(text, "\n\t"))


def _attribute(text: str) -> str:
    return quoteattr(_plain(text))
