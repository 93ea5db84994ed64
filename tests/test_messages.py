from __future__ import annotations

import argparse
import ast
import errno
import os
import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from perfeval.messages import Said, default_language, render, translate, translation, written
from perfeval.os_errors import why
from tests import catalogue

SOURCES = sorted(catalogue.PACKAGE.rglob("*.py"))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_message_of_the_sources_is_translated_and_no_other() -> None:
    template = {message.id for message in catalogue.extract() if message.id}
    committed = catalogue.read()
    known = {message.id for message in committed if message.id}
    assert template - known == set(), "run python -m tests.catalogue"
    assert known - template == set(), "run python -m tests.catalogue"
    assert catalogue.untranslated(committed) == []
    assert not [message.id for message in committed if message.id and message.fuzzy]
    assert not committed.obsolete


def test_translations_have_the_fields_of_their_templates() -> None:
    templates = _templates()
    for message in catalogue.read():
        if message.id in templates:
            assert fields(str(message.string)) == fields(str(message.id)), message.id


def test_argparse_placeholders_are_kept() -> None:
    for message in catalogue.read():
        if "argparse" in str(message.locations):
            template = message.id if isinstance(message.id, str) else message.id[-1]
            for text in _strings(message):
                expected = re.findall(r"%(?:\(\w+\))?\w", template)
                assert re.findall(r"%(?:\(\w+\))?\w", text) == expected


def test_fields_are_plain_names() -> None:
    templates = _templates()
    for message in catalogue.extract():
        if message.id in templates:
            assert all(field.isidentifier() for field in fields(str(message.id))), message.id


def _strings(message: Message) -> tuple[str, ...]:
    string = message.string or ()
    return (string,) if isinstance(string, str) else tuple(string)


def _templates() -> set[object]:
    marked = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
                marked.add(ast.literal_eval(node.args[0]))
    return marked


def test_only_literals_are_marked() -> None:
    assert _templates() <= {message.id for message in catalogue.extract()}


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled(catalogue.read()), (
        "run python -m tests.catalogue"
    )


def test_the_text_is_as_the_command_writes_it() -> None:
    before = catalogue.PO.read_bytes()
    assert catalogue.text(catalogue.merged(catalogue.extract(), catalogue.read())) == before


def test_translations_use_chinese_punctuation() -> None:
    for message in catalogue.read():
        if not message.id:
            continue
        for text in _strings(message):
            outside_code = re.sub(r"`[^`]*`|\[[^]]*\]", "", text)
            assert not re.search(r"[一-鿿][,;:?!](?![\w/=])", outside_code), text


def test_every_text_of_argparse_that_a_user_meets_is_known_to_it() -> None:
    source = Path(argparse.__file__).read_text(encoding="utf-8")
    strings = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    for text in catalogue.ARGPARSE:
        assert set([text] if isinstance(text, str) else text) <= strings


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "zh"),
        ({"LANG": "C"}, "zh"),
        ({"LANG": "POSIX"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE"}, "en"),
        ({"LANG": "en_US", "LC_MESSAGES": "zh_CN"}, "zh"),
        ({"LC_ALL": "", "LANG": "en_US"}, "en"),
        ({"LANGUAGE": "zh_CN:en", "LC_ALL": "en_US"}, "zh"),
        ({"LANGUAGE": "en", "LC_ALL": "zh_CN"}, "en"),
        ({"LANGUAGE": "fr:zh_CN", "LC_ALL": "en_US"}, "zh"),
        ({"LANGUAGE": "fr", "LC_ALL": "zh_CN"}, "en"),
        ({"LANGUAGE": "", "LANG": "zh_CN@pinyin"}, "zh"),
    ],
)
def test_default_language(environment: dict[str, str], lang: str) -> None:
    assert default_language(environment) == lang


def test_values_are_written_for_readers() -> None:
    assert written([1.0, "优", None], "zh") == "1、优、—"
    assert written([1.0, "优", None], "en") == "1, 优, —"
    assert written(True, "zh") == "是"
    assert written(0.1, "zh") == "0.1"


def test_a_value_can_be_a_message_itself() -> None:
    reason = Said("{column} ({heading})", {"column": "budget", "heading": ["全年预算数"]})
    assert written(reason, "en") == "budget (全年预算数)"
    assert render("{file}: {reason}", {"file": "a", "reason": reason}, "zh") == (
        "a：budget（全年预算数）"
    )


@pytest.mark.parametrize("number", sorted({errno.EACCES, errno.ENOSPC, errno.ELOOP, errno.EEXIST}))
def test_what_the_system_says_is_told_in_the_language(number: int) -> None:
    error = OSError(number, os.strerror(number))
    assert os.strerror(number) not in written(why(error), "zh")
    assert re.fullmatch("[一-鿿，]+", written(why(error), "zh"))
    assert written(why(OSError(9999, "odd")), "zh") == "odd"
    assert written(why(ValueError("embedded null byte")), "zh") == "embedded null byte"


def test_a_forgotten_value_shows_its_field_and_data_is_no_template() -> None:
    assert render("{a} of {b}", {"a": "{b} %s"}, "en") == "{b} %s of {b}"
    assert render("{a}{remark}", {"a": 1, "remark": ""}, "en") == "1"
    assert render("{a}{remark}", {"a": 1, "remark": " ({a})"}, "en") == "1 (1)"


def test_the_empty_text_is_not_the_catalogues_header() -> None:
    assert translate("", "zh") == ""


def test_english_needs_no_catalogue() -> None:
    assert translation("en").gettext("error") == "error"
    assert translate("error", "zh") == "错误"
    assert translate("never translated", "zh") == "never translated"
