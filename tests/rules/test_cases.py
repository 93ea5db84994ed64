"""Every rule finds what it is for, nothing in what is sound, and nothing after its own repair."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.messages import translate
from perfeval.reports.pages.rule import FAMILIES, PARTS, paragraphs
from perfeval.rules import OF_THE_RUN, Rule, catalogue
from tests.rules.cases import FOLDER, Case, cases, told

FAILS, PASSES = list(cases("fails")), list(cases("passes"))


def _id(case: Case) -> str:
    return f"{case.code}-{case.name}"


@pytest.mark.parametrize("case", FAILS, ids=_id)
def test_a_rule_finds_what_it_is_for(case: Case, tmp_path: Path) -> None:
    found = [told(record) for record in case.run(tmp_path)]
    compared = [
        {name: value for name, value in each.items() if name in expected}
        for each, expected in zip(found, case.found, strict=False)
    ]
    assert compared == [dict(each) for each in case.found]
    assert len(found) == len(case.found), found
    assert found


@pytest.mark.parametrize("case", FAILS, ids=_id)
def test_a_repaired_table_no_longer_shows_the_finding(case: Case, tmp_path: Path) -> None:
    assert case.repaired.run(tmp_path) == []


@pytest.mark.parametrize("case", PASSES, ids=_id)
def test_a_rule_finds_nothing_in_what_is_sound(case: Case, tmp_path: Path) -> None:
    assert case.run(tmp_path) == []


def test_every_rule_has_cases_both_ways_and_every_case_a_rule() -> None:
    known = {rule.code for rule in catalogue() if rule not in OF_THE_RUN}
    files = {path.stem for path in FOLDER.glob("*.toml")}
    assert files <= known
    assert {case.code for case in FAILS} == known
    assert {case.code for case in PASSES} == known


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.code)
def test_every_manual_page_is_complete_in_both_languages(rule: Rule) -> None:
    said = paragraphs(rule.doc)
    assert said, "a rule needs a manual page"
    assert translate(rule.template, "zh") != rule.template
    for paragraph in said:
        assert translate(paragraph, "zh") != paragraph, paragraph
    if rule in OF_THE_RUN:
        return
    assert [part for part in PARTS if any(each.startswith(f"**{part}") for each in said)] == [
        *PARTS
    ]


def test_codes_and_names_are_unique_and_well_formed() -> None:
    rules = catalogue()
    assert len({rule.code for rule in rules}) == len({rule.name for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.code[0] in FAMILIES
        assert rule.code[1:].isdigit()
        assert len(rule.code) == 4
        assert rule.name == rule.name.lower()
        assert rule.name.replace("-", "").isalnum()
        assert rule.severity in ("error", "warning", "info")
