from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from perfeval import cli, commands, usage
from perfeval.problems import InputError, Problem

SPEC = """schema = 1
code = "{code}"
name = "{name}"
department = "县人社局"
year = 2023
{indicators}"""
INDICATOR = """
[[indicators]]
level1 = "{level1}"
level2 = "{level2}"
name = "{name}"
target = "{target}"
weight = {weight}
"""
INDICATORS = "".join(
    INDICATOR.format(level1=level1, level2=level2, name=name, target=target, weight=weight)
    for level1, level2, name, target, weight in (
        ("产出指标", "数量指标", "培训人数", "≥ 200 人", 50),
        ("满意度指标", "服务对象满意度指标", "学员满意度", "≥ 90 %", 50),
    )
)
ACTUALS = """项目编码,三级指标,实际完成值
P001,培训人数,200
P001,学员满意度,95
P002,培训人数,100
"""
EXECUTION = "项目编码,全年预算数,全年执行数\nP001,100,76\nP002,50,50\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with two target tables, actuals and execution; English."""
    (tmp_path / "specs").mkdir()
    for code, name in (("P001", "职业技能培训"), ("P002", "创业培训")):
        spec = SPEC.format(code=code, name=name, indicators=INDICATORS)
        (tmp_path / "specs" / f"{code}.toml").write_text(spec, encoding="utf-8")
    (tmp_path / "actuals.csv").write_text(ACTUALS, encoding="utf-8")
    (tmp_path / "execution.csv").write_text(EXECUTION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "COLUMNS", "NO_COLOR", "PERFEVAL_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(folder: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; its exit status, stdout and stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        status = cli.main(words)
        out, err = capfd.readouterr()
        return status, out, err

    return run


def process(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    home = Path(cli.__file__).parent.parent
    return subprocess.run(
        [sys.executable, "-m", "perfeval", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(home), **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )


# What is printed


def test_score_prints_the_sheet(run: Run) -> None:
    status, out, err = run("score", "actuals.csv", "--execution", "execution.csv")
    assert (status, err) == (0, "")
    assert re.search(r"^P001  职业技能培训 .* 97\.60  #{9}\.  优$", out, re.MULTILINE)
    assert re.search(
        r"^P002  创业培训 .* 32\.50–77\.50  ###\+{5}\.\.  差–中 +1$", out, re.MULTILINE
    )
    assert "Rows of actuals read 3 = scored 3 + undecided 0 + rejected 0 + not applicable 0" in out
    assert out.endswith(
        "Next: give an actual for the indicators that have none: 1\n"
        "Next: give the missing reasons (偏差原因) in actuals.csv, line 4\n"
    )
    assert "\x1b" not in out


def test_score_without_a_folder_of_specs_says_what_to_do(run: Run, folder: Path) -> None:
    (folder / "specs").rename(folder / "elsewhere")
    status, out, err = run("score", "actuals.csv")
    assert (status, out) == (2, "")
    assert "there is no folder specs/ here" in err
    assert "perfeval import FILE.txt -o specs/" in err
    assert run("score", "actuals.csv", "--specs", "elsewhere")[0] == 0


def test_check_exits_with_1_on_errors_and_as_asked_for(run: Run, folder: Path) -> None:
    assert run("check")[0] == 0
    spec = folder / "specs" / "P001.toml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("weight = 50", "weight = 40"), "utf-8")
    status, out, _ = run("check")
    assert status == 1
    assert "error W101" in out
    assert "the weights sum to 80" in out
    assert run("check", "--fail-on", "never")[0] == 0
    assert run("check", "--ignore", "W")[0] == 0
    assert run("check", "--select", "T,W101")[0] == 1
    assert run("check", "--select", "T")[0] == 0
    found = json.loads(run("check", "--format", "json")[1])["findings"]
    assert {each["code"] for each in found if each["severity"] == "error"} == {"W101"}
    assert run("score", "actuals.csv")[0] == 0
    assert run("score", "actuals.csv", "--fail-on", "warning")[0] == 1


def test_policy_lists_and_describes(run: Run) -> None:
    status, out, _ = run("policy")
    assert status == 0
    assert "chongqing" in out
    status, out, _ = run("policy", "chongqing")
    assert (status, "chongqing" in out) == (0, True)
    status, out, err = run("policy", "chongqin")
    assert (status, out) == (2, "")
    assert "chongqing" in err


def test_rule_lists_and_shows(run: Run) -> None:
    status, out, _ = run("rule")
    assert status == 0
    assert re.search(r"^W101  weights-total +error +\S", out, re.MULTILINE)
    status, out, _ = run("rule", "weights-total")
    assert out.startswith("W101 weights-total  error\n\n")
    assert "What it does." in out
    assert "*" not in out
    assert run("rule", "W101")[1] == out
    status, out, err = run("rule", "W1O1")
    assert (status, out) == (2, "")
    assert err == (
        "perfeval: there is no rule “W1O1” (did you mean W101?); perfeval rule lists them all\n"
    )


def test_import_says_what_was_read_and_what_was_not(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from perfeval.sources import targets

    spec = {"code": "P003", "name": "n", "indicators": [{}, {}, {}]}
    unplaced = [Problem("the line {text} has no place", {"text": f"\x1b[31m{i}"}, "a.txt", i)
                for i in range(60)]  # fmt: skip

    read = SimpleNamespace(specs=[spec], amounts=[], unplaced=unplaced, notes=[])
    monkeypatch.setattr(targets, "read_target_tables", lambda file: read)
    written = Path("out/P003.toml")
    monkeypatch.setattr(
        "perfeval.sources.write_specs.write_specs", lambda *specs, beside, replace: [written]
    )
    status, out, err = run("import", "a.txt", "-o", "out")
    assert status == 0
    told, following = out.splitlines()
    assert told == "target tables: 1, indicators: 3; written to out"
    assert following.startswith("Next: name the scoring policy in out/perfeval.toml")
    lines = err.splitlines()
    assert lines[7] == "a.txt:7: the line \\x1b[31m7 has no place"
    assert len(lines) == commands.MOST_UNPLACED + 1
    assert lines[-1].startswith(
        "remarks on what has no place in a table or is doubtful: 60 (of which not shown: 10)"
    )


# Formats and files


def test_json_on_stdout_and_in_a_file_are_the_same_bytes(run: Run, folder: Path) -> None:
    status, out, err = run("score", "actuals.csv", "--format", "json")
    assert (status, err) == (0, "")
    status, nothing, err = run("score", "actuals.csv", "-o", "result.json")
    assert (status, nothing) == (0, "")
    assert (folder / "result.json").read_bytes() == out.encode()
    assert err.startswith(
        "written: result.json\nFindings: errors 0, warnings 2, notes 0\nRows of actuals read 3 = "
    )
    content = json.loads(out)
    for project in content["projects"]:
        parts = sum(round(100 * each["score"]) for each in project["indicators"])
        assert parts == round(100 * project["score"])


def test_csv_has_its_receipt_beside_it(run: Run, folder: Path) -> None:
    assert run("score", "actuals.csv", "-o", "out.csv", "--bom")[0] == 0
    assert (folder / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfproject,")
    receipt = json.loads((folder / "out.csv.receipt.json").read_text(encoding="utf-8"))
    assert receipt["counts"]["rows"]["read"] == 3


def test_parquet(run: Run, folder: Path) -> None:
    assert run("score", "actuals.csv", "-o", "out.parquet")[0] == 0
    assert (
        pl.read_parquet(folder / "out.parquet")["project"].to_list() == ["P001"] * 2 + ["P002"] * 2
    )


def test_the_sheet_can_be_written_too(run: Run, folder: Path) -> None:
    out = run("score", "actuals.csv")[1]
    assert run("score", "actuals.csv", "-o", "out.txt")[0] == 0
    assert (folder / "out.txt").read_text(encoding="utf-8") == out


def test_a_project_of_which_nothing_applies_has_no_grade_in_any_format(
    run: Run, folder: Path
) -> None:
    rows = "".join(f"P002,{name},,否\n" for name in ("培训人数", "学员满意度"))
    table = "项目编码,三级指标,实际完成值,适用\nP001,培训人数,200,\nP001,学员满意度,95,\n" + rows
    (folder / "actuals.csv").write_text(table, encoding="utf-8")
    out = run("score", "actuals.csv")[1]
    assert re.search(r"^P002  创业培训 +—  +—$", out, re.MULTILINE)
    assert "average 100.00, without the projects that have no grade: 1" in out
    assert "Nothing is left" not in out
    content = json.loads(run("score", "actuals.csv", "--format", "json")[1])
    assert [project["grade"] for project in content["projects"]] == ["优", None]
    assert (
        "P002,创业培训,县人社局,0.00,0.00,0.00,,"
        in run("score", "actuals.csv", "--format", "csv")[1]
    )
    assert run("score", "actuals.csv", "-o", "out.parquet")[0] == 0
    assert pl.read_parquet(folder / "out.parquet")["project_grade"].to_list()[2:] == [None] * 2


@pytest.mark.parametrize("name", ["result.xls", "result", "result.doc"])
def test_a_name_that_tells_no_format_is_refused(run: Run, folder: Path, name: str) -> None:
    status, out, err = run("score", "actuals.csv", "-o", name)
    assert (status, out) == (2, "")
    assert err.endswith(
        "does not tell the format; add --format, one of table, json, csv, parquet, xlsx, html\n"
    )
    assert not (folder / name).exists()
    assert run("score", "actuals.csv", "-o", name, "--format", "csv")[0] == 0


def test_an_output_that_cannot_be_written_is_told_in_one_line(run: Run, folder: Path) -> None:
    for path, words in (
        ("none/result.json", "none/result.json: the folder none does not exist"),
        ("specs", "specs: is a folder; give the name of a file"),
        ("/dev/full", "/dev/full: the disk is full; nothing was written"),
    ):
        status, out, err = run("score", "actuals.csv", "--format", "json", "-o", path)
        assert (status, out) == (2, "")
        assert words in err
        assert err.count("\n") == 1
    assert not list(folder.glob(".perfeval-*"))


def test_a_full_disk_behind_stdout_is_told(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "perfeval", "--lang", "en", "policy"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=Path(cli.__file__).parent.parent,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.decode() == "perfeval: stdout: the disk is full\n"


@pytest.mark.parametrize(
    "name", ["actuals.csv", "execution.csv", "specs/P001.toml", "policy.toml", "link", "hard"]
)
def test_an_output_never_replaces_an_input(run: Run, folder: Path, name: str) -> None:
    from perfeval.policy import load_policy

    text = load_policy("general").path.read_text("utf-8").replace('"general"', '"ours"')
    (folder / "policy.toml").write_text(text, "utf-8")
    (folder / "link").symlink_to("specs/P002.toml")
    (folder / "hard").hardlink_to("actuals.csv")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    words = ("--policy", "policy.toml", "--execution", "execution.csv", "--format", "json")
    status, out, err = run("score", "actuals.csv", *words, "-o", name)
    assert (status, out) == (2, "")
    assert err.startswith(f"perfeval: {name}: this is an input of the same run")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_receipt_never_replaces_an_input(run: Run, folder: Path) -> None:
    (folder / "out.csv.receipt.json").symlink_to("actuals.csv")
    status, _, err = run("score", "actuals.csv", "-o", "out.csv")
    assert status == 2
    assert err.startswith("perfeval: out.csv.receipt.json: this is an input")
    assert not (folder / "out.csv").exists()
    assert run("check", "--format", "json", "-o", "specs/P001.toml")[0] == 2


def test_an_import_replaces_edited_files_only_with_force(run: Run, folder: Path) -> None:
    text = Path(__file__).parent / "data" / "qijiang-hrss-2023.txt"
    assert run("import", str(text), "-o", "new")[0] == 0
    assert run("import", str(text), "-o", "new")[0] == 0
    edited = sorted((folder / "new").iterdir())[3]
    edited.write_text(edited.read_text("utf-8") + "# mine\n", "utf-8")
    status, out, err = run("import", str(text), "-o", "new")
    assert (status, out) == (2, "")
    assert err.startswith(f"perfeval: new/{edited.name}: this file differs from what would be")
    assert edited.read_text("utf-8").endswith("# mine\n")
    assert run("import", str(text), "-o", "new", "--force")[0] == 0
    assert "# mine" not in edited.read_text("utf-8")
    source = folder / "new" / edited.name
    source.write_bytes(text.read_bytes())
    status, _, err = run("import", str(source), "-o", "new", "--force")
    assert status == 2
    assert "this is an input of the same run" in err


def test_what_was_wrong_with_rows_is_kept_beside_a_table(run: Run, folder: Path) -> None:
    with (folder / "actuals.csv").open("a", encoding="utf-8") as file:
        file.write("P009,培训人数,1\nP002,学员满意度,#DIV/0!\n")
    status, _, err = run("score", "actuals.csv", "-o", "out.csv")
    assert status == 0
    assert "\nerror A101 actuals.csv:5 P009 培训人数\n" in err
    assert "\nerror A107 actuals.csv:6 P002 学员满意度\n" in err
    assert "\nFindings: errors 2, warnings 1, notes 0\n" in err
    receipt = json.loads((folder / "out.csv.receipt.json").read_text("utf-8"))
    codes = [found["code"] for found in receipt["findings"]]
    assert codes == ["A101", "A107", "A303"]
    assert receipt["findings"][0]["message"].startswith("no target table has the project P009")
    assert "remark" not in receipt["findings"][0]["values"]
    status, out, err = run("score", "actuals.csv", "--format", "csv")
    assert out == (folder / "out.csv").read_text("utf-8")
    assert err.count("\n") == 1
    assert json.loads(err) == receipt


# What went wrong


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("scroe a.csv", "there is no command “scroe” (did you mean score?)."),
        ("submit", "there is no command “submit”. The commands: score, check, review"),
        ("score", "the following arguments are required: ACTUALS; see perfeval score --help"),
        (
            "score --spces x",
            "there is no option --spces (did you mean --specs?); see perfeval score",
        ),
        ("score --form=json x", "there is no option --form (did you mean --format?)"),
        ("score a.csv b.csv", "“b.csv” is one argument too many; see perfeval score --help"),
        ("score a.csv --specs", "argument --specs: expected one argument"),
        ("score a.csv --format xls", "“xls” is none of table, json, csv, parquet, xlsx"),
        ("check --format xlsx", "“xlsx” is none of table, json, sarif, junit, csv"),
        ("check --bom", "--bom is for --format csv"),
        ("check --write-baseline a --baseline b", "--write-baseline stands alone"),
        ("check --write-baseline a -o b.json", "--write-baseline stands alone"),
        ("check --fail-on bad", "“bad” is none of error, warning, info, never"),
        ("check --select X9", "no rule is called X9"),
        ("score a.csv --bom", "--bom is for --format csv"),
        ("--lang fr score a.csv", "“fr” is no language of perfeval; it knows zh, en"),
        ("--wat", "there is no option --wat; see perfeval --help"),
        ("-o x", "there is no command “x”"),
        ("rule A101 A102", "“A102” is one argument too many"),
    ],
)
def test_a_mistyped_command_line_is_told_in_one_line(run: Run, words: str, message: str) -> None:
    status, out, err = run(*words.split())
    assert (status, out) == (2, "")
    assert err.startswith("perfeval: ")
    assert message in err
    assert err.count("\n") == 1


def test_usage_is_told_in_chinese_too(run: Run) -> None:
    for words, message in (
        ("score --lang zh", "缺少必填参数：实际值；用法见 perfeval score --help"),
        ("score --lang=zh a.csv --specs", "--specs：后面需要一个值；用法见"),
        ("--lang zh scroe", "没有命令“scroe”（是不是“score”？）"),
    ):
        status, _, err = run(*words.split())
        assert status == 2
        assert message in err


def test_all_problems_of_all_inputs_are_told_at_once(run: Run, folder: Path) -> None:
    (folder / "specs" / "bad.toml").write_text("schema = 1\ncode = \n", encoding="utf-8")
    (folder / "actuals.csv").write_text("", encoding="utf-8")
    status, out, err = run("score", "actuals.csv", "--execution", "nowhere.csv")
    assert (status, out) == (2, "")
    lines = err.splitlines()
    assert len(lines) == 4
    assert re.match(r"perfeval: specs/bad.toml:2: ", lines[0])
    assert re.match(r"perfeval: actuals.csv: the file is empty", lines[1])
    assert re.match(r"perfeval: nowhere.csv: there is no such file", lines[2])
    assert lines[3] == "perfeval: problems: 3; nothing was written"


def test_many_problems_are_bounded_and_counted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def many(*_: object) -> int:
        raise InputError(Problem("wrong {i}", {"i": i}, "a\x1b[2Jb.csv", i) for i in range(1000))

    monkeypatch.setattr(commands, "run_rule", many)
    status, _, err = run("rule")
    lines = err.splitlines()
    assert status == 2
    assert lines[1] == "perfeval: a\\x1b[2Jb.csv:1: wrong 1"
    assert len(lines) == cli.MOST_PROBLEMS + 1
    assert lines[-1] == (
        "perfeval: problems: 1000, of which 950 are not shown; nothing was written"
    )


def test_a_fault_of_our_own_is_one_line_and_a_traceback_on_demand(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> int:
        raise ZeroDivisionError("division by zero\nsecond line")

    monkeypatch.setattr(commands, "run_rule", fault)
    status, _, err = run("rule")
    assert status == 2
    assert err.count("\n") == 1
    assert "sorry, perfeval itself failed (ZeroDivisionError: division by zero)" in err
    assert "PERFEVAL_DEBUG=1" in err
    monkeypatch.setenv("PERFEVAL_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["rule"])


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (KeyboardInterrupt, 130, "interrupted; nothing was written"),
        (cli.Terminated, 143, "terminated; nothing was written"),
    ],
)
def test_an_interrupt_leaves_no_partial_file(
    run: Run, folder: Path, monkeypatch: Any, error: type[BaseException], status: int, message: str
) -> None:
    from perfeval.reports import as_json

    def interrupted(result: object, file: Any, lang: str) -> None:
        file.write(b"half")
        raise error

    monkeypatch.setattr(as_json, "write_score", interrupted)
    before = sorted(folder.rglob("*"))
    assert run("score", "actuals.csv", "-o", "result.json") == (
        status,
        "",
        f"perfeval: {message}\n",
    )
    assert sorted(folder.rglob("*")) == before


# As a process


def test_a_process_runs_in_chinese_where_the_locale_says_nothing(folder: Path) -> None:
    for environment in ({}, {"LANG": "C"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX"}):
        done = process(folder, "score", "actuals.csv", **environment)
        assert done.returncode == 0
        assert done.stderr == b""
        assert "实际完成值读入 3 行" in done.stdout.decode()
    assert "用法：perfeval score" in process(folder, "score", "--help", LANG="C").stdout.decode()


def test_a_process_survives_an_encoding_without_chinese(folder: Path) -> None:
    done = process(folder, "score", "actuals.csv", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"P001  ??????" in done.stdout
    done = process(folder, "score", "actuals.csv", "--format", "json", PYTHONIOENCODING="ascii")
    assert "职业技能培训" in done.stdout.decode("utf-8")


def test_the_same_input_gives_the_same_bytes(folder: Path) -> None:
    for form in ("table", "json", "csv", "parquet"):
        runs = [
            process(folder, "score", "actuals.csv", "--format", form, PYTHONHASHSEED=seed)
            for seed in ("1", "2")
        ]
        assert runs[0].returncode == 0
        assert runs[0].stdout == runs[1].stdout != b""


def test_a_reader_that_has_seen_enough_ends_it_quietly(folder: Path) -> None:
    home = Path(cli.__file__).parent.parent
    for form in ("table", "json", "csv", "parquet"):
        done = subprocess.run(
            f"{sys.executable} -m perfeval score actuals.csv --format {form} | true; "
            "echo ${PIPESTATUS[0]}",
            shell=True,
            executable="/bin/bash",
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(home)},
            capture_output=True,
            check=False,
        )
        assert done.stdout == b"0\n"
        assert done.stderr == b""


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]
)
def test_a_signal_while_writing_leaves_nothing(folder: Path, number: int, status: int) -> None:
    script = """
import sys, time
from perfeval import cli
from perfeval.reports import as_json
def slowly(result, file, lang):
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    time.sleep(60)
as_json.write_score = slowly
sys.exit(cli.main(["--lang", "en", "score", "actuals.csv", "-o", "result.json"]))
"""
    before = sorted(folder.rglob("*"))
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"writing\n"
        running.send_signal(number)
        _, err = running.communicate(timeout=60)
    assert running.returncode == status
    assert err.decode().endswith("nothing was written\n")
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("closed", "words", "status", "out", "err"),
    [
        (">&-", "policy", 2, "", "perfeval: stdout: it is closed\n"),
        (">&-", "score none.csv", 2, "", "perfeval: none.csv: there is no such file\n"),
        (">&-", "score actuals.csv -o r.json", 0, "", None),
        ("2>&-", "score none.csv", 2, "", ""),
        ("2>&-", "scroe", 2, "", ""),
        ("2>&-", "score actuals.csv -o r.json", 0, "", ""),
        ("<&- >&- 2>&-", "score actuals.csv -o r.json", 0, "", ""),
        ("<&- >&- 2>&-", "policy", 2, "", ""),
    ],
)
def test_closed_streams_end_as_others_do(
    folder: Path, closed: str, words: str, status: int, out: str, err: str | None
) -> None:
    done = subprocess.run(
        f"exec {sys.executable} -m perfeval --lang en {words} {closed}",
        shell=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent.parent)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout.decode()) == (status, out)
    assert err is None or done.stderr.decode() == err
    if "r.json" in words:
        assert json.loads((folder / "r.json").read_text("utf-8"))["projects"]


def test_a_second_interrupt_does_not_disturb_the_tidying(folder: Path) -> None:
    script = """
import os, signal, sys, time
from perfeval import cli
from perfeval.reports import as_json
from perfeval.reports.write import _Output
def slowly(result, file, lang):
    file.write(b"half")
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)
discard = _Output.discard
def again(self):
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGTERM)
    discard(self)
as_json.write_score, _Output.discard = slowly, again
sys.argv[1:] = ["--lang", "en", "score", "actuals.csv", "-o", "result.json"]
status = cli.main()
os.kill(os.getpid(), signal.SIGINT)
sys.exit(status)
"""
    before = sorted(folder.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent.parent)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 130
    assert done.stderr.decode() == "perfeval: interrupted; nothing was written\n"
    assert sorted(folder.rglob("*")) == before


def test_an_ignored_signal_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def look(*_: object) -> int:
        seen.append(signal.getsignal(signal.SIGHUP))
        return 0

    monkeypatch.setattr(commands, "run_rule", look)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        cli.main(["rule"])
        assert seen == [signal.SIG_IGN]
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
    cli.main(["rule"])
    assert callable(seen[1])
    assert signal.getsignal(signal.SIGHUP) == before


def test_help_imports_nothing_heavy(folder: Path) -> None:
    script = (
        "import sys; from perfeval import cli; cli.main(['score', '--help']); cli.main([]);"
        "heavy = {'polars', 'pandera', 'rich', 'numpy', 'cn2an', 'rapidfuzz', 'tomlkit'};"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    home = Path(cli.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=home, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


# Help


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_has_help_in_the_language_and_within_80_columns(run: Run, lang: str) -> None:
    from perfeval.reports.text import width

    for command in ("", *usage.COMMANDS):
        words = [command] if command else []
        status, out, err = run(*words, "--help", "--lang", lang)
        assert (status, err) == (0, "")
        assert out.startswith("用法：perfeval" if lang == "zh" else "usage: perfeval")
        assert max(map(width, out.splitlines())) <= 80
        starts = {
            width(line) - width(help_text)
            for line, help_text in re.findall(r"^(  \S.*? {2,}(\S.*))$", out, re.MULTILINE)
        }
        assert len(starts) <= 1, out
        sentences = re.sub(r"[A-Z]+\|[A-Z]+|\S*[-|/.=]\S*|\b[A-Z]+\b", "", out)
        if lang == "zh":
            known = "perfeval table json csv parquet error warning info never zh en Parquet Excel"
            known += " Python Word PDF Spark spark local text"
            words_left = set(re.findall(r"[A-Za-z]{3,}", sentences)) - {"receipt", "stderr"}
            assert words_left <= {*known.split(), *usage.COMMANDS}, command


def test_perfeval_alone_says_what_to_type_first(run: Run) -> None:
    status, out, err = run()
    assert (status, err) == (0, "")
    assert "perfeval score actuals.csv" in out
    assert len(out.splitlines()) < 8


def test_version(run: Run) -> None:
    from perfeval import __version__

    assert run("--version") == (0, f"perfeval {__version__}\n", "")


def test_the_language_is_read_wherever_it_stands(run: Run) -> None:
    for words in (["--lang", "zh", "rule"], ["rule", "--lang", "zh"], ["rule", "--lang=zh"]):
        assert "perfeval rule 编号" in run(*words)[1]
    assert "shows one rule" in run("rule", "--lang", "zh", "--lang", "en")[1]


def test_a_progress_bar_comes_only_to_a_terminal_that_waits() -> None:
    import io

    from perfeval.reports.terminal.progress import Bar

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream: io.StringIO
    for stream, patience in ((Terminal(), 3600), (io.StringIO(), 0)):
        with Bar(stream, "en", patience) as bar:
            bar("scoring", 2, 4)
        assert stream.getvalue() == ""
    stream = Terminal()
    with Bar(stream, "zh", 0) as bar:
        bar("scoring", 2, 4)
        while "正在计分" not in stream.getvalue():
            time.sleep(0.01)
