"""Pages as files: what they hold, that they are whole, and that they allow nothing from outside."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

import perfeval
from perfeval.reports import as_json
from perfeval.reports.html import page as page_module
from perfeval.reports.html.check import write_check
from perfeval.reports.html.review import write_review
from perfeval.reports.html.score import write_score
from tests.conftest import Run

ROOT = Path(__file__).parent.parent
PUBLISHED = ROOT / "tests" / "data" / "published" / "selfeval.csv"
Page = dict[str, Any]


def pages(lang: str) -> dict[str, str]:
    """The pages of the three commands, for the committed tables."""
    files = {name: BytesIO() for name in ("review", "score", "check")}
    write_review(perfeval.review(PUBLISHED, sample=3), files["review"], lang)
    scored = perfeval.score(ROOT / "examples" / "actuals.csv", ROOT / "specs")
    write_score(scored, files["score"], lang)
    write_check(perfeval.check(ROOT / "specs"), files["check"], lang)
    return {name: file.getvalue().decode() for name, file in files.items()}


@pytest.fixture(scope="module")
def chinese() -> dict[str, str]:
    return pages("zh")


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return pages("en")


def embedded(text: str, name: str) -> Any:
    """The data that a page holds under `name`."""
    found = re.search(
        rf'<script type="application/json" id="{name}">(.*?)</script>', text, re.DOTALL
    )
    assert found, name
    return json.loads(found[1])


def without_data(text: str) -> str:
    """What a reader without scripts is given."""
    return re.sub(r"<(script|style).*?</\1>", "", text, flags=re.DOTALL)


def column(rows: Page, name: str) -> list[Any]:
    """A column of packed rows, as the script reads it."""
    values = rows[name]
    if isinstance(values, list):
        return values
    return [None if at is None else values["of"][at] for at in values["at"]]


@pytest.mark.parametrize("name", ["review", "score", "check"])
def test_a_page_asks_for_nothing(chinese: dict[str, str], name: str) -> None:
    text = chinese[name]
    assert re.search(r"Content-Security-Policy\" content=\"default-src &#39;none&#39;", text)
    head, _, _ = text.partition('<script type="module">')
    assert not re.findall(r"<(?:link|img|iframe|object|embed)\b|\ssrc=|@import|url\(", head)


@pytest.mark.parametrize("name", ["review", "score", "check"])
def test_the_same_input_gives_the_same_bytes(chinese: dict[str, str], name: str) -> None:
    assert pages("zh")[name] == chinese[name]


@pytest.mark.parametrize("name", ["review", "score", "check"])
def test_a_page_speaks_one_language(
    chinese: dict[str, str], english: dict[str, str], name: str
) -> None:
    assert '<html lang="zh-CN">' in chinese[name]
    assert '<html lang="en">' in english[name]
    config = embedded(chinese[name], "config")
    told = [
        *config["words"].values(),
        *(each["title"] for part in ("columns", "facts", "indicators") for each in config[part]),
        *(each["title"] for each in config["filters"]),
    ]
    assert [text for text in told if re.search("[a-z]{3}", re.sub(r"{[a-z]+}", "", text))] == []
    assert not re.search(r"\{[a-z_]+\}", without_data(chinese[name]))


def test_the_review_page_holds_what_json_holds(english: dict[str, str]) -> None:
    file = BytesIO()
    as_json.write_review(perfeval.review(PUBLISHED, sample=3), file, "en")
    told = json.loads(file.getvalue())
    config = embedded(english["review"], "config")
    projects = told["projects"]
    listed = config["list"]
    assert column(listed, "project") == [each["project"] for each in projects]
    assert column(listed, "claimed") == [round(100 * each["claimed_total"]) for each in projects]
    assert column(listed, "grade") == [each["recomputed_grade"] for each in projects]
    shown = without_data(english["review"])
    for each in told["departments"]:
        assert f'<th scope="row">{each["department"]}</th>' in shown
    for each in told["distribution"]["grades"]:
        cells = [each["grade"] or "open", each["claimed"], each["recomputed"]]
        assert f'<th scope="row">{cells[0]}</th><td class="right">{cells[1]}</td>' in shown
    # The projects whose grade may be 差 or 优 are counted apart.
    assert told["distribution"]["totals"][-1] == {"at_least": None, "claimed": 0, "recomputed": 1}
    assert {"grade": None, "budget_at_least": 500, "projects": 1} in told["distribution"]["money"]
    rows = embedded(english["review"], "rows-0")
    starts = rows["indicators"]["start"]
    names = column(rows["indicators"], "indicator")
    for place, each in enumerate(projects):
        own = names[starts[place] : starts[place + 1]]
        assert own == [claim["indicator"] for claim in each["claims"]]
    of_projects = [each for each in told["findings"] if each["project"]]
    assert sorted(column(rows["findings"], "message")) == sorted(
        each["message"] for each in of_projects
    )
    for each in told["findings"]:
        if not each["project"]:
            assert each["code"] in english["review"]


def test_the_score_page_holds_what_json_holds(english: dict[str, str]) -> None:
    result = perfeval.score(ROOT / "examples" / "actuals.csv", ROOT / "specs")
    file = BytesIO()
    as_json.write_score(result, file, "en")
    told = json.loads(file.getvalue())
    listed = embedded(english["score"], "config")["list"]
    assert column(listed, "low") == [round(100 * each["low"]) for each in told["projects"]]
    assert column(listed, "grade") == [each["grade"] for each in told["projects"]]
    indicators = embedded(english["score"], "rows-0")["indicators"]
    scores = [each["score"] for project in told["projects"] for each in project["indicators"]]
    assert column(indicators, "low") == [
        None if score is None else round(100 * score) for score in scores
    ]


def test_the_check_page_holds_every_finding(english: dict[str, str]) -> None:
    result = perfeval.check(ROOT / "specs")
    config = embedded(english["check"], "config")
    assert sorted(column(config["list"], "code")) == sorted(result.findings["code"])
    assert set(config["rules"]) == set(result.findings["code"])
    assert all(rule["repair"] for rule in config["rules"].values())
    rows = (column(config["list"], name) for name in ("indicator", "quoted"))
    quoted = dict(zip(*rows, strict=True))
    assert quoted["预算年度执行率"] == "= 100 %  weight 20"


def test_figures_charts_and_first_rows_need_no_script(english: dict[str, str]) -> None:
    text = without_data(english["review"])
    assert "This browser runs no script" in text
    for words in ("Points at stake", "<svg", 'role="img" aria-label="Grades"', "野生菌加工车间"):
        assert words in text
    # Every chart has its numbers as a table with headings.
    assert text.count("<figure>") == text.count("<svg") == text.count("The numbers as a table")
    assert '<th scope="col"' in text
    assert '<th scope="row">优</th><td class="right">' in text


def test_what_is_open_is_in_no_definite_grade(chinese: dict[str, str]) -> None:
    """S05 may be 差 or 优: the grades, the totals and the money have it under 待定."""
    text = without_data(chinese["review"])
    assert text.count('<th scope="row">待定</th>') == 3


def test_the_commands_write_pages(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "review.html"
    status, out, err = run("review", str(PUBLISHED), "-o", str(target), "--fail-on", "error")
    assert (status, out) == (1, "")
    assert err == f"written: {target}\n"
    assert target.read_bytes().startswith(b"<!doctype html>")
    status, out, _ = run("check", str(ROOT / "specs"), "--format", "html", "--fail-on", "never")
    assert (status, out[:15]) == (0, "<!doctype html>")
    status, _, err = run("score", str(ROOT / "examples" / "actuals.csv"), "--specs",
                         str(ROOT / "specs"), "-o", str(tmp_path / "score.html"))  # fmt: skip
    assert status == 0
    assert "Next: " in err


def test_without_the_extra_the_way_to_install_it_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "NEEDED", ("jinja2", "no_such_package"))
    target = tmp_path / "review.html"
    target.write_text("what was here before", "utf-8")
    status, out, err = run("review", str(PUBLISHED), "-o", str(target))
    assert (status, out) == (2, "")
    assert "not installed: no_such_package; install them with pip install 'perfeval[html]'" in err
    assert target.read_text("utf-8") == "what was here before"
    assert [each.name for each in tmp_path.iterdir()] == ["review.html"]
