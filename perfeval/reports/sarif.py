"""SARIF 2.1.0 of a check: what code hosts and editors read findings from (OASIS, errata 01).

Paths are relative URIs where they can be, so that a host finds the file in its repository. Names
of projects and indicators come from strangers: what they hold is text in every field, and never a
link of a message.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from perfeval.messages import translate
from perfeval.reports.findings import records
from perfeval.reports.pages.rule import paragraphs
from perfeval.reports.text import escaped

if TYPE_CHECKING:
    from perfeval.checking import CheckResult
    from perfeval.rules import Rule

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FINGERPRINT = "perfeval/v1"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
_MARKS = re.compile(r"\*\*|`")
_encode = json.JSONEncoder(ensure_ascii=False).encode


def write_sarif(result: CheckResult, file: BinaryIO, lang: str) -> None:
    """The findings of `check` as one SARIF log; suppressed ones are marked as such."""
    for piece in _log(result, lang):
        file.write(piece.encode(errors="backslashreplace"))


def _log(result: CheckResult, lang: str) -> Iterator[str]:
    rules = {rule.code: number for number, rule in enumerate(result.rules)}
    receipt = result.receipt
    run = {
        "tool": {
            "driver": {
                "name": "perfeval",
                "semanticVersion": receipt["perfeval"],
                "language": _LANGUAGES[lang],
                "rules": [_rule(rule, lang) for rule in result.rules],
            }
        },
        "language": _LANGUAGES[lang],
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "artifacts": [_artifact(each) for each in receipt["inputs"]],
        "properties": {"policy": receipt["policy"], "counts": receipt["counts"]},
    }
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{_encode(run)[:-1]}'
    yield ',\n"results": ['
    before = "\n"
    for record in (*records(result.findings, lang), *records(result.suppressed, lang)):
        yield before + _encode(_result(record, rules, "baseline" in receipt["counts"]))
        before = ",\n"
    yield "\n]}]}\n"


def _rule(rule: Rule, lang: str) -> dict[str, Any]:
    said = [translate(paragraph, lang) for paragraph in paragraphs(rule.doc)]
    text = _MARKS.sub("", "\n\n".join(said))
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": _MARKS.sub("", said[0])},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": "\n\n".join(said)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"about": rule.about},
    }


def _artifact(read: Mapping[str, Any]) -> dict[str, Any]:
    return {"location": {"uri": uri(read["path"])}, "hashes": {"sha-256": read["sha256"]}}


def _result(record: Mapping[str, Any], rules: Mapping[str, int], compared: bool) -> dict[str, Any]:
    reason = record.get("reason")
    result = {
        "ruleId": record["code"],
        "ruleIndex": rules.get(record["code"], -1),
        "level": LEVELS[record["severity"]],
        "message": {"text": message(record["message"])},
        "locations": list(_locations(record)),
        "partialFingerprints": {FINGERPRINT: record["fingerprint"]},
        "properties": {"values": record["values"]},
    }
    if reason:
        place = _physical(reason["file"], reason["line"])
        said = {"kind": "external", "status": "accepted", "justification": reason["text"]}
        result["suppressions"] = [said | {"location": {"physicalLocation": place}}]
    elif compared:
        result["baselineState"] = "new"
    return result


_NAMED = (
    ("sheet", "resource"),
    ("cell", "element"),
    ("project", "module"),
    ("indicator", "member"),
)
"""What a finding's place names, and the kind of logical location that each is."""


def _locations(record: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    location: dict[str, Any] = {}
    if record["file"]:
        location["physicalLocation"] = _physical(record["file"], record["line"])
    names = [{"name": escaped(record[name]), "kind": kind} for name, kind in _NAMED if record[name]]
    if names:
        location["logicalLocations"] = names
    return [location] if location else []


def _physical(file: str, line: int | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": uri(file)}}
    if line is not None and line > 0:
        place["region"] = {"startLine": line}
    return place


def message(text: str) -> str:
    r"""`text` as a SARIF message that is only text: no links, nothing hidden.

    In a message, [text](target) is a link and {0} stands for an argument (SARIF 3.11.5 and 3.11.6).

    >>> message("[x](http://a)"), message("1 {0}")
    ('\\[x\\](http://a)', '1 {{0}}')
    """
    text = escaped(text, keep="\n\t")
    if "](" in text:
        text = re.sub(r"([][\\])", r"\\\1", text)
    return text.replace("{", "{{").replace("}", "}}")


def uri(path: str) -> str:
    """A path as a URI reference: relative to the working folder where it lies below it.

    >>> uri("specs/走访 100%.toml"), uri("a:b.toml")
    ('specs/%E8%B5%B0%E8%AE%BF%20100%25.toml', 'a%3Ab.toml')
    """
    if Path(path).is_absolute():
        here = Path.cwd()
        inside = Path(path).is_relative_to(here)
        if not inside:
            return Path(path).as_uri()
        path = str(Path(path).relative_to(here))
    return quote(os.fsencode(Path(path).as_posix()))
