from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.toml_lines import line_of, nesting

TEXT = '''\
# id = "a comment"
id = "an abc \\n"   # [not.a.table]
note = """
id = "inside a text"
[weights]
"""
literal = \'\'\'
[[rows]] # """
\'\'\'
a.b."c d".'e.f' = 1

[weights]
total = 90
[weights.level1]
"产出\\u6307标" = 50
  '效益' = 30
[ rules . "direct" ]
curve = [ # a comment with ]
  [0, 0],
  [1,
   1],
]
[[choose.when]]
unit = "%"
[[choose.when]]
level1 = "满意度指标"
[choose.when.more]
deep = true
[inline]
table = { a = 1, b = { "c" = [1, { d = 2 }] } }
date = 1979-05-27T07:32:00Z
float = -1.5e3
quotes = """a \\""" b""""
after = 1
'''
PLACES = {
    ("id",): 2,
    ("note",): 3,
    ("literal",): 7,
    ("a",): 10,
    ("a", "b", "c d"): 10,
    ("a", "b", "c d", "e.f"): 10,
    ("weights",): 12,
    ("weights", "total"): 13,
    ("weights", "level1"): 14,
    ("weights", "level1", "产出指标"): 15,
    ("weights", "level1", "效益"): 16,
    ("rules",): 17,
    ("rules", "direct"): 17,
    ("rules", "direct", "curve"): 18,
    ("rules", "direct", "curve", 0): 19,
    ("rules", "direct", "curve", 0, 1): 19,
    ("rules", "direct", "curve", 1): 20,
    ("rules", "direct", "curve", 1, 1): 21,
    ("choose", "when", 0): 23,
    ("choose", "when", 0, "unit"): 24,
    ("choose", "when", 1): 25,
    ("choose", "when", 1, "level1"): 26,
    ("choose", "when", 1, "more"): 27,
    ("choose", "when", 1, "more", "deep"): 28,
    ("inline", "table", "a"): 30,
    ("inline", "table", "b", "c", 1, "d"): 30,
    ("inline", "date"): 31,
    ("inline", "float"): 32,
    ("inline", "quotes"): 33,
    ("inline", "after"): 34,
    ("rows",): None,
    ("weights", "missing"): None,
    ("choose", "when", 2): None,
    ("id", "x"): None,
    ("rules", "direct", "curve", 2): None,
}


@pytest.mark.parametrize(("path", "line"), PLACES.items(), ids=lambda value: str(value))
def test_place(path: tuple[str | int, ...], line: int | None) -> None:
    assert line_of(TEXT, path) == line
    assert line_of(TEXT.replace("\n", "\r\n"), path) == line


def test_every_path_of_the_parsed_text_has_a_place() -> None:
    def paths(value: Any, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [
            found
            for key, item in items
            for found in [
                (*path, key),
                *(paths(item, (*path, key)) if isinstance(item, dict | list) else []),
            ]
        ]

    found = paths(tomllib.loads(TEXT), ())
    assert len(found) > 40
    assert [path for path in found if line_of(TEXT, path) is None] == []


def test_a_table_with_a_header_is_at_its_header_even_if_implied_before() -> None:
    assert line_of("[a.b]\nx = 1\n[a]\ny = 2\n", ("a",)) == 3


@pytest.mark.parametrize(
    "text",
    [
        'a = 1\nb = "no end\nc = 3',
        'a = 1\nb = """no end\nc = 3',
        "a = 1\nb = [[[\nc = 3",
        "a = 1\nb = ]}]\n= 3\n[",
        "a = 1\n[b\nc = 3",
        "a = 1\n[[b]\nc = 3",
        "a = 1\n{}{}{,,}\n[[]]\n[.]",
        "a = 1\nb = {c = , = 1}\x00",
    ],
)
def test_broken_text_is_read_up_to_where_it_breaks(text: str) -> None:
    assert line_of(text, ("a",)) == 1
    assert line_of(text, ("nothing",)) is None


@given(st.text(alphabet="ab.[]{}=,\"'\\#\n \r\t1优"))
def test_no_text_makes_it_fail(text: str) -> None:
    line_of(text, ("a", 0, "b"))
    nesting(text)


_KEYS = ("a{}", '"键 {}"', "'k.{}'", '"\\u952e{}"')
_VALUES = (
    "1",
    '"any # = ] \\\\ \\" \\n"',
    '"""\nx{} = 1\n[t{}]\n"""',
    "'''\n\"\"\"\n'''",
    "[1, # ]\n [2, {{ z = 3 }}],\n]",
    "{{ y = [1, 2], z.w = '}}' }}",
    "2024-01-01 10:00:00",
)
_BEFORE = ("", "# [x]\n", "\n\n", "   ")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("[t{}]", "[[rows]]", '[ t{} . "u" ]', "")),
            st.lists(
                st.tuples(
                    st.sampled_from(_BEFORE), st.sampled_from(_KEYS), st.sampled_from(_VALUES)
                ),
                max_size=4,
            ),
        ),
        max_size=5,
    )
)
def test_keys_are_where_they_were_written(tables: list[tuple[str, list[Any]]]) -> None:
    text, number, rows = "", 0, 0
    expected: dict[tuple[str | int, ...], int] = {}
    for place, (header, entries) in enumerate(tables):
        table: tuple[str | int, ...] = ()
        if header:
            expected_line = text.count("\n") + 1
            text += header.format(place) + "\n"
            table = (f"t{place}", "u") if "u" in header else (f"t{place}",)
            if "rows" in header:
                table, rows = ("rows", rows), rows + 1
            expected[table] = expected_line
        elif place:  # without a header, keys would belong to the table before
            continue
        for before, key, value in entries:
            number += 1
            text += before
            (name,) = tomllib.loads(key.format(number) + " = 1")
            expected[(*table, name)] = text.count("\n") + 1
            text += f"{key.format(number)} = {value.format(number, number)}\n"
    tomllib.loads(text)
    assert {path: line_of(text, path) for path in expected} == expected


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("", 0),
        ("a = 1", 1),
        ("a.b.c = 1", 3),
        ("[a.b]\nc = [[1]]", 4),
        ("a = { b = { c = 1 } }", 3),
    ],
)
def test_nesting(text: str, depth: int) -> None:
    assert nesting(text) == depth


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 100_000, ".".join(["a"] * 100_000) + " = 1", "a = " + "{a=" * 100_000],
    ids=["brackets", "dotted key", "inline tables"],
)
def test_hostile_nesting_is_measured_without_recursion(text: str) -> None:
    assert nesting(text) > 1000
    assert line_of(text, ("a",)) == 1
