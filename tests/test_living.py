"""Living with findings: severities, suppressions, baselines and own rules, as a user meets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import perfeval
from perfeval import cli
from perfeval.problems import InputError
from perfeval.rules import catalogue

SPEC = """schema = 1
code = "{code}"
name = "{name}"
department = "县人社局"
year = 2023
"""
INDICATOR = """
[[indicators]]
level1 = "产出指标"
level2 = "{level2}"
name = "{name}"
target = "{target}"
weight = {weight}
"""
PLAIN = ("数量指标", "培训人数", "≥ 200 人", 50)
OPEN = ("质量指标", "合格人数", "200 人", 50)  # T103: no operator

Run = Callable[..., tuple[int, str, str]]


def write_spec(folder: Path, code: str, *indicators: tuple[str, str, str, float]) -> Path:
    text = SPEC.format(code=code, name=f"项目{code}")
    for level2, name, target, weight in indicators:
        text += INDICATOR.format(level2=level2, name=name, target=target, weight=weight)
    path = folder / f"{code}.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three target tables: P1 and P2 with T103 each, P2 also with W101 (90), P3 sound; English."""
    folder = tmp_path / "specs"
    folder.mkdir()
    write_spec(folder, "P1", PLAIN, OPEN)
    write_spec(folder, "P2", (*PLAIN[:3], 40), OPEN)
    write_spec(folder, "P3", PLAIN, ("质量指标", "合格率", "≥ 90 %", 50))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def run(specs: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        # The families that these tests are about, so that further rules do not change them.
        few = ("--select", "W101,T103,Z") if words[0] == "check" else ()
        status = cli.main([*words, *(few if "--select" not in words else ())])
        out, err = capfd.readouterr()
        return status, out, err

    return run


def settings(specs: Path, text: str) -> None:
    (specs / "perfeval.toml").write_text(text, "utf-8")


def codes(run: Run, *words: str) -> list[tuple[str, str, str | None]]:
    content = json.loads(run("check", "--format", "json", *words)[1])
    return [(each["code"], each["severity"], each["project"]) for each in content["findings"]]


SUPPRESSED = """
[[suppress]]
rule = "W101"
project = "P2"
reason = "执行率另占 10 分"
"""

# Severities and suppressions


def test_a_severity_can_be_another_by_code_or_name(run: Run, specs: Path) -> None:
    assert run("check")[0] == 1
    settings(specs, '[severity]\nW101 = "warning"\noperator-missing = "info"\n')
    assert set(codes(run)) == {
        ("W101", "warning", "P2"), ("T103", "info", "P1"), ("T103", "info", "P2"),
    }  # fmt: skip
    assert run("check")[0] == 0
    assert run("check", "--fail-on", "warning")[0] == 1


@pytest.mark.parametrize(
    ("suppression", "left"),
    [
        ('rule = "W101"', {("T103", "P1"), ("T103", "P2")}),
        ('rule = "weights-total"\nproject = "项目P2"', {("T103", "P1"), ("T103", "P2")}),
        ('rule = "T"', {("W101", "P2")}),
        ('rule = "T103"\nproject = "P1"', {("W101", "P2"), ("T103", "P2")}),
        ('rule = "T103"\nindicator = "合格 人数"', {("W101", "P2")}),
        ('rule = "T103"\nproject = "P2"\nindicator = "合格人数"', {("W101", "P2"), ("T103", "P1")}),
    ],
)
def test_a_suppression_is_for_a_rule_a_project_or_an_indicator(
    run: Run, specs: Path, suppression: str, left: set[tuple[str, str]]
) -> None:
    settings(specs, f'[[suppress]]\n{suppression}\nreason = "已核实"\n')
    assert {(code, project) for code, _, project in codes(run)} == left
    content = json.loads(run("check", "--format", "json")[1])
    assert content["receipt"]["counts"]["suppressed"] == 3 - len(left)
    assert len(content["suppressed"]) == 3 - len(left)
    assert content["suppressed"][0]["reason"] == {
        "text": "已核实", "file": "specs/perfeval.toml", "line": 1,
    }  # fmt: skip


def test_suppressions_are_told_as_a_count_and_one_by_one(run: Run, specs: Path) -> None:
    settings(specs, SUPPRESSED)
    out = run("check")[1]
    assert "Suppressed in perfeval.toml: 1; --all shows each with its reason" in out
    assert "执行率另占 10 分" not in out
    assert "suppressed: 执行率另占 10 分 (specs/perfeval.toml:2)" in run("check", "--all")[1]


def test_a_suppression_that_hides_nothing_is_told_in_its_place(run: Run, specs: Path) -> None:
    settings(specs, SUPPRESSED + SUPPRESSED.replace("P2", "P1"))
    (found,) = [
        each
        for each in json.loads(run("check", "--format", "json")[1])["findings"]
        if each["code"] == "P002"
    ]
    assert (found["severity"], found["file"], found["line"]) == (
        "warning", "specs/perfeval.toml", 7,
    )  # fmt: skip
    assert "W101, P1" in found["message"]
    # What did not run has no chance to be used; and who does not want to hear of it need not.
    assert "P002" not in run("check", "--select", "T")[1]
    assert "P002" not in run("check", "--ignore", "P002")[1]
    settings(specs, SUPPRESSED.replace("W101", "A303"))
    assert "P002" not in run("check", "--select", "A,W,T")[1]


def test_a_rule_that_stopped_leaves_its_suppressions_unjudged(
    specs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from perfeval.rules import registry

    settings(specs, SUPPRESSED)
    broken = replace(registry._REGISTRY["W101"], find=lambda tables: 1 / 0)  # type: ignore[arg-type, return-value]
    monkeypatch.setitem(registry._REGISTRY, "W101", broken)
    assert perfeval.check(specs, select=["W101"]).findings["code"].to_list() == ["P001"]


def test_settings_hold_for_score_too(run: Run, specs: Path) -> None:
    Path("actuals.csv").write_text("project,indicator,actual\nP1,培训人数,150\n", "utf-8")
    before = json.loads(run("score", "actuals.csv", "--format", "json")[1])
    assert {"W101", "A303"} <= {each["code"] for each in before["findings"]}
    more = '[[suppress]]\nrule = "A303"\nreason = "待补"\n[severity]\nT103 = "info"\n'
    settings(specs, SUPPRESSED + more)
    after = json.loads(run("score", "actuals.csv", "--format", "json")[1])
    assert not {"W101", "A303"} & {each["code"] for each in after["findings"]}
    assert {each["severity"] for each in after["findings"] if each["code"] == "T103"} == {"info"}
    assert after["receipt"]["counts"]["suppressed"] == len(after["suppressed"]) == 2
    flags = [flag for each in after["projects"][0]["indicators"] for flag in each["flags"]]
    assert "A303" not in flags
    assert "Findings that perfeval.toml suppresses: 2" in run("score", "actuals.csv")[1]


def test_one_file_of_a_folder_leaves_the_settings_of_others_alone(run: Run, specs: Path) -> None:
    settings(specs, SUPPRESSED)
    status, out, err = run("check", "specs/P3.toml")
    assert (status, err) == (0, "")
    assert "P002" not in out


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('[[suppress]]\nrule = "W101"\n', 1, "the key reason is missing; add it"),
        ('[[suppress]]\nrule = "W101"\nreason = " "\n', 3, "reason is empty; write why"),
        ('[[suppress]]\nreason = "x"\n', 1, "the key rule is missing; add it"),
        ('[[suppress]]\nrule = ""\nreason = "x"\n', 2, "rule is empty; name a rule"),
        ('\n[[suppress]]\nrule = "W109"\nreason = "x"\n', 2, "no rule is called W109 (did you"),
        ('[[suppress]]\nrule = "P002"\nreason = "x"\n', 1, "cannot be suppressed"),
        (
            '[[suppress]]\nrule = "W101"\nproject = "项目P9"\nreason = "x"\n',
            1,
            "no project has the code or name 项目P9 (did you mean 项目P1?)",
        ),
        (
            '[[suppress]]\nrule = "T103"\nindicator = "合格人"\nreason = "x"\n',
            1,
            "no indicator is called 合格人 (did you mean 合格人数?)",
        ),
        (
            '[[suppress]]\nrule = "T103"\nproject = "P3"\nindicator = "合格人数"\nreason = "x"\n',
            1,
            "project P3 has no indicator 合格人数",
        ),
        ('[[suppress]]\nrule = "W101"\nreson = "x"\n', 3, "unknown key reson; did you mean reason"),
        ('[[suppress]]\nrule = 5\nreason = "x"\n', 2, "rule is 5; text in quotation marks"),
        ('suppress = ["W101"]\n', 1, 'suppress is "W101"; a section'),
        ('[severity]\nW101 = "warn"\n', 2, "one of error, warning, info is expected (did you"),
        ('[severity]\nW101 = "off"\n', 2, "write a [[suppress]] with its reason"),
        ('[severity]\nW109 = "info"\n', 2, "but no rule has this code or name (did you mean"),
        ('[severity]\nW101 = "info"\nweights-total = "info"\n', 3, "names rule W101 twice"),
        ('severity = "info"\n', 1, "a section [severity] with keys of its own"),
        ('rules = "own.py"\n', 1, "a list of texts in quotation marks is expected"),
        ("[supress]\n", 1, "unknown key supress; did you mean suppress"),
    ],
)
def test_a_mistake_in_the_settings_is_one_message_with_its_line(
    run: Run, specs: Path, text: str, line: int, message: str
) -> None:
    settings(specs, text)
    for words in (("check",), ("score", "actuals.csv")):
        Path("actuals.csv").write_text("project,indicator,actual\nP1,培训人数,150\n", "utf-8")
        status, out, err = run(*words)
        assert (status, out) == (2, "")
        assert err.startswith(f"perfeval: specs/perfeval.toml:{line}: "), err
        assert message in err
        assert err.count("\n") == 1, err


def test_all_mistakes_of_the_settings_are_told_at_once(run: Run, specs: Path) -> None:
    wrong = '[[suppress]]\nrule = "W109"\nreason = "x"\n'
    settings(specs, f'policy = "nowhere"\n{wrong}{wrong}')
    status, _, err = run("check", "--ignore", "X9")
    assert status == 2
    assert err.count("no rule is called") == 3
    assert "unknown policy" in err
    assert "problems: 4" in err


# Baselines


def test_a_baseline_keeps_old_stock_from_hiding_what_is_new(run: Run, specs: Path) -> None:
    status, out, err = run("check", "--write-baseline", "baseline.json")
    assert (status, err) == (0, "")
    assert out.startswith("baseline with 3 findings written: baseline.json")
    assert len(Path("baseline.json").read_text("utf-8").splitlines()) == 3 + 2
    status, out, _ = run("check", "--baseline", "baseline.json")
    assert status == 0
    assert "known and not shown 3, new 0, repaired since 0" in out

    write_spec(specs, "P1", PLAIN, ("质量指标", "合格人数", "≥ 200 人", 50))
    write_spec(specs, "P3", OPEN, PLAIN)
    status, out, _ = run("check", "--baseline", "baseline.json")
    assert status == 1
    assert "known and not shown 2, new 1, repaired since 1" in out
    counts = json.loads(run("check", "--baseline", "baseline.json", "--format", "json")[1])
    assert counts["receipt"]["counts"]["baseline"] == {"known": 2, "new": 1, "fixed": 1}
    assert [each["project"] for each in counts["findings"]] == ["P3"]
    assert counts["receipt"]["inputs"][-1]["path"] == "baseline.json"
    # Another one replaces it, and is the same whenever it is written.
    assert run("check", "--write-baseline", "baseline.json")[0] == 0
    first = Path("baseline.json").read_bytes()
    assert run("check", "--write-baseline", "baseline.json", "--lang", "zh")[0] == 0
    assert Path("baseline.json").read_bytes() == first


def test_a_baseline_does_not_depend_on_lines_order_or_severity(run: Run, specs: Path) -> None:
    run("check", "--write-baseline", "baseline.json")
    write_spec(specs, "P1", OPEN, PLAIN)
    path = specs / "P2.toml"
    path.write_text("# a remark\n\n" + path.read_text("utf-8"), "utf-8")
    (specs / "P1.toml").rename(specs / "Q.toml")
    settings(specs, '[severity]\nW101 = "info"\n')
    assert codes(run, "--baseline", "baseline.json") == []
    write_spec(specs, "P2", (*PLAIN[:3], 30), OPEN)
    assert codes(run, "--baseline", "baseline.json") == [("W101", "info", "P2")]


def test_of_findings_that_are_alike_as_many_are_known_as_were(run: Run, specs: Path) -> None:
    twice = (OPEN, (*OPEN[:3], 25), (*OPEN[:3], 25))
    write_spec(specs, "P1", *twice[:2], PLAIN)
    run("check", "--write-baseline", "baseline.json")
    assert '"count": 2' in Path("baseline.json").read_text("utf-8")
    write_spec(specs, "P1", *twice, PLAIN)
    assert codes(run, "--select", "T103", "--baseline", "baseline.json") == [
        ("T103", "error", "P1")
    ]


def test_what_was_not_looked_at_is_not_repaired(run: Run, specs: Path) -> None:
    run("check", "--write-baseline", "baseline.json")
    for words in (("--select", "W101"), ("specs/P3.toml",)):
        out = run("check", *words, "--baseline", "baseline.json")[1]
        assert "repaired since 0" in out
    settings(specs, SUPPRESSED)
    assert (
        "known and not shown 2, new 0, repaired since 0"
        in (run("check", "--baseline", "baseline.json")[1])
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1, 2", "this is no baseline of perfeval (JSON: "),
        ("[1, 2]", "this is no baseline of perfeval"),
        ('{"receipt": {}}', "make one with perfeval check --write-baseline FILE"),
        ("[" * 100_000, "this is no baseline of perfeval (JSON: "),
        (
            '{"kind": "perfeval-baseline", "schema": 2}',
            "this perfeval knows schema 1",
        ),
        ('{"kind": "perfeval-baseline", "schema": 1}', '("findings": […])'),
        ('{"kind": "perfeval-baseline", "schema": 1, "findings": [{}]}', '("findings", 1)'),
        ("\x00", "NUL"),
    ],
)
def test_what_is_no_baseline_is_told(run: Run, text: str, message: str) -> None:
    Path("baseline.json").write_text(text, "utf-8")
    status, out, err = run("check", "--baseline", "baseline.json")
    assert (status, out) == (2, "")
    assert err.startswith("perfeval: baseline.json:")
    assert message in err
    assert err.count("\n") == 1
    status, _, err = run("check", "--write-baseline", "baseline.json")
    assert status == 2
    assert "there is already a file of this name, and it is no baseline" in err
    assert Path("baseline.json").read_text("utf-8") == text


def test_a_baseline_never_replaces_an_input(run: Run, specs: Path) -> None:
    before = (specs / "P1.toml").read_bytes()
    assert run("check", "--write-baseline", "specs/P1.toml")[0] == 2
    assert (specs / "P1.toml").read_bytes() == before


# Own rules

OWN = '''import polars as pl
from perfeval.rules import PLACE, Tables, rule

print("a print of the file")


@rule("Z101", "count-round", "warning", "{target} is a round number", about="target")
def count_round(tables: Tables) -> pl.DataFrame:
    """A target is a round number."""
    print("a print of the rule")
    return tables.targets.filter(pl.col("target_number") % 100 == 0).select(*PLACE, "target")
'''


def own(specs: Path, text: str, name: str = "own_rules.py") -> None:
    (specs / name).write_text(text, "utf-8")
    settings(specs, f'rules = ["{name}"]\n')


def test_own_rules_are_run_told_and_in_the_receipt(run: Run, specs: Path) -> None:
    own(specs, OWN)
    status, out, err = run("check", "--format", "json")
    assert status == 1
    content = json.loads(out)
    assert [each["code"] for each in content["findings"]].count("Z101") == 5
    assert err.splitlines()[0] == (
        "running the own rules that specs/perfeval.toml names: specs/own_rules.py"
    )
    assert "a print of the rule" in err
    read = {each["path"]: each for each in content["receipt"]["inputs"]}
    assert len(read["specs/own_rules.py"]["sha256"]) == 64
    assert not list(specs.rglob("__pycache__"))
    assert codes(run, "--select", "Z101")[0] == ("Z101", "warning", "P1")
    settings(specs, 'rules = ["own_rules.py"]\n[severity]\ncount-round = "error"\n')
    assert codes(run, "--select", "Z101")[0] == ("Z101", "error", "P1")


def test_own_rules_can_be_refused_and_run_in_check_alone(run: Run, specs: Path) -> None:
    own(specs, OWN + 'raise SystemExit("ran")\n')
    text = (specs / "perfeval.toml").read_text("utf-8")
    settings(specs, text + '[[suppress]]\nrule = "Z101"\nreason = "x"\n')
    status, out, err = run("check", "--no-own-rules")
    assert "Z101" not in out
    assert err == "own rules that specs/perfeval.toml names, not run: specs/own_rules.py\n"
    assert status == 1
    Path("actuals.csv").write_text("project,indicator,actual\nP1,培训人数,150\n", "utf-8")
    assert run("score", "actuals.csv")[0] == 0
    assert len(perfeval.check(specs, own_rules=False, select=["W101"]).findings) == 1
    assert run("check")[0] == 2


def test_own_rules_never_reach_another_run(run: Run, specs: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_spec(other, "P1", PLAIN, OPEN)
    before = catalogue()
    own(specs, OWN)
    assert "Z101" in run("check")[1]
    assert "Z101" not in run("check", "other")[1]
    assert catalogue() == before
    assert run("check", "other", "--select", "Z101")[0] == 2
    assert "no rule" in run("rule", "Z101")[2]


def test_an_own_rule_that_raises_is_a_finding_and_the_run_goes_on(run: Run, specs: Path) -> None:
    for call in ("1 / 0", "exit(3)", "tables.targets.filter(pl.col('nowhere') == 1)"):
        own(specs, OWN.replace('print("a print of the rule")', call))
        content = json.loads(run("check", "--format", "json")[1])
        (crash,) = [each for each in content["findings"] if each["code"] == "P001"]
        assert crash["message"].startswith("the own rule Z101 stopped with an error")
        assert "W101" in [each["code"] for each in content["findings"]]


def test_what_no_report_could_tell_is_a_crash_too(run: Run, specs: Path) -> None:
    for more in ('template=pl.lit("{")', 'severity=pl.lit("bad")', 'remark=pl.lit("{0}")'):
        own(specs, OWN.replace('*PLACE, "target"', f'*PLACE, "target", {more}'))
        assert "P001" in [code for code, _, _ in codes(run)], more


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("def f(:\n", 1, "this is no Python that can be run"),
        ("\nimport nowhere_at_all\n", 2, "ModuleNotFoundError: No module named"),
        ("\n\n1 / 0\n", 3, "ZeroDivisionError: division by zero"),
        ("exit(1)\n", 1, "SystemExit: 1"),
        ("x = 1\n", None, "the file has no rule; write @rule"),
        (OWN.replace("Z101", "W101"), 7, "the code W101 is not one for own rules"),
        (OWN.replace("count-round", "Count Round"), 7, "the name Count Round is none"),
        (OWN.replace("count-round", "weights-total"), 7, "there is already a rule called"),
        (OWN.replace('"warning"', '"bad"'), 7, "the severity bad is none of error, warning, info"),
        (OWN.replace("{target} is", "{target is"), 7, "the message cannot be filled"),
        (OWN.replace('    """A target is a round number."""\n', ""), 7, "has no docstring"),
        (OWN + OWN[OWN.index("@rule") :], 12, "two rules have the code Z101"),
        (
            OWN.replace('about="target"', 'commands=("score",)'),
            7,
            "own rules are for check alone",
        ),
    ],
)
def test_a_mistake_in_own_rules_is_told_with_its_line(
    run: Run, specs: Path, text: str, line: int | None, message: str
) -> None:
    own(specs, text)
    status, out, err = run("check")
    assert (status, out) == (2, "")
    told = [each for each in err.splitlines() if each.startswith("perfeval: ")]
    place = "specs/own_rules.py" + (f":{line}" if line else "")
    assert any(each.startswith(f"perfeval: {place}: ") and message in each for each in told), err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../own.py", "leads out of the folder"),
        ("/own.py", "leads out of the folder"),
        ("C:\\\\own.py", "leads out of the folder"),
        ("sub/../../own.py", "leads out of the folder"),
        ("own.txt", "is no Python file"),
        ("link.py", "is a link that leads out of the folder"),
        ("missing.py", "there is no such file"),
    ],
)
def test_own_rules_lie_in_the_folder_of_their_tables(
    run: Run, specs: Path, name: str, message: str
) -> None:
    Path("own.py").write_text("raise SystemExit('ran')", "utf-8")
    (specs / "link.py").symlink_to(Path("own.py").resolve())
    settings(specs, f'rules = ["{name}"]\n')
    status, _, err = run("check")
    assert status == 2
    assert message in err
    assert "ran" not in err.split("running", 1)[1].split("\n", 1)[1]


def test_rule_lists_the_own_rules_of_a_folder(run: Run, specs: Path) -> None:
    own(specs, OWN)
    assert "Z101  count-round" in run("rule", "--specs", "specs")[1]
    assert "A target is a round number." in run("rule", "Z101", "--specs", "specs")[1]
    assert run("rule", "--specs", "nowhere")[0] == 2


def test_an_own_file_can_be_imported_by_its_tests(specs: Path) -> None:
    own(specs, OWN)
    before = catalogue()
    exec(compile(OWN, "own_rules.py", "exec"), {"__name__": "own_rules"})
    assert catalogue() == before


def test_the_python_interface_raises_what_is_wrong(specs: Path) -> None:
    settings(specs, '[[suppress]]\nrule = "W109"\nreason = "x"\n')
    with pytest.raises(InputError, match="no rule is called W109"):
        perfeval.check(specs)
