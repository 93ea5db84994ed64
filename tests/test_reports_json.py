from __future__ import annotations

import json
import math
from io import BytesIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from perfeval.reports.as_json import write_check, write_score
from perfeval.scoring import ScoreResult
from tests.results import check_result, result


def written(scored: ScoreResult, lang: str = "en") -> str:
    file = BytesIO()
    write_score(scored, file, lang)
    return file.getvalue().decode()


def read(scored: ScoreResult, lang: str = "en") -> Any:
    return json.loads(written(scored, lang))


def indicator(**changes: Any) -> Any:
    return read(result(indicators=[changes]))["projects"][0]["indicators"][0]


def test_the_keys_are_those_of_the_contract_in_their_order() -> None:
    content = read(result(execution=[{}], findings=[{}]))
    assert list(content) == ["receipt", "projects", "findings", "suppressed"]
    assert list(content["receipt"]) == ["perfeval", "policy", "inputs", "counts"]
    (project,) = content["projects"]
    assert list(project) == [
        "project", "name", "department", "score", "low", "high", "grade", "met", "indicators",
        "execution",
    ]  # fmt: skip
    assert list(project["indicators"][0]) == [
        "level1", "level2", "indicator", "operator", "target", "unit", "weight", "points", "actual",
        "met", "ratio", "coefficient", "score", "low", "high", "status", "flags", "reason",
    ]  # fmt: skip
    assert list(project["execution"]) == [
        "weight", "budget", "spent", "rate", "score", "low", "high", "status",
    ]  # fmt: skip
    assert list(content["findings"][0]) == [
        "code", "name", "severity", "file", "sheet", "line", "cell", "project", "indicator",
        "message", "values",
    ]  # fmt: skip


def test_scores_are_written_from_hundredths() -> None:
    for hundredths, text in ((1800, "18"), (1710, "17.1"), (34, "0.34"), (0, "0"), (10, "0.1")):
        assert f'"score": {text}, ' in written(result([{"score": hundredths}], []))


@given(st.integers(0, 10**15 - 1))
def test_scores_have_at_most_two_decimals_and_lose_nothing(hundredths: int) -> None:
    text = written(result([{"score": hundredths}], []))
    score = text.split('"score": ')[1].split(",")[0]
    whole, _, decimals = score.partition(".")
    assert int(whole) * 100 + int(decimals.ljust(2, "0")) == hundredths
    assert len(decimals) <= 2


def test_a_target_and_an_actual_are_numbers_where_they_were_read_as_numbers() -> None:
    assert indicator()["target"] == 9000
    assert indicator(target="9月前", target_number=None)["target"] == "9月前"
    assert indicator(actual="0.8万", actual_number=8000.0)["actual"] == 8000
    assert indicator(actual="良好", actual_number=None)["actual"] == "良好"
    assert indicator(actual=None, actual_number=None)["actual"] is None
    assert '"target": 9000, ' in written(result())


def test_numbers_are_plain_decimals() -> None:
    text = written(result(indicators=[{"target_number": 1e-7, "weight": 12.5, "points": 1e22}]))
    assert '"target": 0.0000001, ' in text
    assert '"weight": 12.5, "points": 10000000000000000000000, ' in text


def test_ratios_have_at_most_twelve_decimals() -> None:
    assert indicator(ratio=2 / 3, coefficient=1 / 3)["ratio"] == 0.666666666667
    assert indicator(ratio=123456.1234567890123)["ratio"] == round(123456.1234567890123, 12)


def test_what_json_has_no_number_for_is_null() -> None:
    for number in (math.inf, -math.inf, math.nan, None):
        assert indicator(ratio=number)["ratio"] is None
    assert indicator(met=None)["met"] is None
    assert indicator(score=None, low=None, high=None)["score"] is None
    values = json.dumps({"found": math.nan})
    assert read(result(findings=[{"values": values}]))["findings"][0]["values"] == {"found": None}


def test_a_project_holds_its_own_indicators_in_their_order() -> None:
    projects = [{"project": name} for name in "cab"]
    indicators = [{"project": name, "indicator": f"{name}{i}"} for i in range(3) for name in "abc"]
    content = read(result(projects, indicators[:-1], [{"project": "a"}]))["projects"]
    assert [project["project"] for project in content] == ["c", "a", "b"]
    assert [[i["indicator"] for i in project["indicators"]] for project in content] == [
        ["c0", "c1"],
        ["a0", "a1", "a2"],
        ["b0", "b1", "b2"],
    ]
    assert [project["execution"] is None for project in content] == [True, False, True]


def test_a_project_without_indicators_and_a_result_without_projects() -> None:
    assert read(result(indicators=[]))["projects"][0]["indicators"] == []
    assert read(result([], []))["projects"] == []


def test_text_is_kept_as_it_is() -> None:
    name = '引"号\\ \x1b[31m 换\n行 \u202e 〔2020〕'
    text = written(result([{"name": name}]))
    assert json.loads(text)["projects"][0]["name"] == name
    assert "〔2020〕" in text
    assert "\x1b" not in text


def test_a_path_with_undecodable_bytes_is_still_json() -> None:
    scored = result()
    scored.receipt["inputs"][0]["path"] = b"\xff.csv".decode(errors="surrogateescape")
    assert read(scored)["receipt"]["inputs"][0]["path"] == "\udcff.csv"


def test_a_finding_is_told_in_the_language_asked_for_with_its_values() -> None:
    finding = {
        "template": "error",
        "values": '{"near": ["惠及人数"], "remark": "; like it: {near}"}',
        "indicator": None,
        "line": None,
    }
    for lang, message in (("en", "error"), ("zh", "错误")):
        (found,) = read(result(findings=[finding]), lang)["findings"]
        assert found["message"] == message
        assert found["values"] == {"near": ["惠及人数"]}
        assert found["indicator"] is None
        assert found["line"] is None


def test_a_message_can_name_the_place_itself() -> None:
    finding = {"template": "{project} has no {indicator} in line {line}", "values": "{}"}
    (found,) = read(result(findings=[finding]))["findings"]
    assert found["message"] == "P001 has no 惠及人数 in line 2"


def test_the_same_result_gives_the_same_bytes_with_one_line_break_at_the_end() -> None:
    text = written(result(execution=[{}], findings=[{}]))
    assert text == written(result(execution=[{}], findings=[{}]))
    assert text.endswith("]}\n")
    assert not text.endswith("\n\n")


def test_check() -> None:
    file = BytesIO()
    write_check(check_result([{}]), file, "en")
    content = json.loads(file.getvalue())
    assert list(content) == ["receipt", "findings", "suppressed"]
    assert content["findings"][0]["message"].startswith("2 points are lost")
