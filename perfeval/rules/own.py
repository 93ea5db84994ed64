"""Rules of a folder's own: from the source of a Python file to rules for one run."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from functools import wraps
from hashlib import sha256
from types import ModuleType
from typing import TYPE_CHECKING

from perfeval.messages import N_, is_template
from perfeval.problems import Collector, InputError, Problem
from perfeval.rules.registry import CHECK, OWN_CODE, Find, Rule, catalogue, own_rules
from perfeval.tables import SEVERITIES

if TYPE_CHECKING:
    import polars as pl

    from perfeval.rules.tables import Tables

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Checks = tuple[tuple[Callable[[Rule], bool], str, dict[str, object]], ...]


def load(sources: Iterable[tuple[str, bytes]]) -> tuple[Rule, ...]:
    """Run files of own rules (path and source each) and return the rules that they define.

    What they print goes to stderr. Raises `InputError` for files that cannot be run, and rules that
    are none.
    """
    problems = Collector()
    rules: dict[str, Rule] = {rule.name: rule for rule in catalogue()}
    own: list[Rule] = []
    for path, source in sources:
        with problems:
            found = _run(path, source)
            if not found:
                template = N_("the file has no rule; write @rule(…) above a function")
                raise InputError.of(template, file=path)
            for each in found:
                with problems:
                    _check(each, path, rules)
                    rules |= {each.code: each, each.name: each}
                    own.append(replace(each, find=_apart(each.find)))
    problems.raise_any()
    return tuple(sorted(own, key=lambda rule: rule.code))


def _run(path: str, source: bytes) -> list[Rule]:
    """The rules that a file registers. It is run under a name of its own and not kept."""
    module = ModuleType(
        f"_perfeval_own_{sha256(path.encode(errors='replace') + source).hexdigest()}"
    )
    module.__file__ = path
    with own_rules() as found, _told(path):
        sys.modules[module.__name__] = module
        try:
            with redirect_stdout(sys.stderr):
                exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
        finally:
            del sys.modules[module.__name__]
    return found


@contextmanager
def _told(path: str) -> Iterator[None]:
    """What stops a file, as a problem in its line instead of a traceback."""
    try:
        yield
    except SyntaxError as error:
        template = N_("this is no Python that can be run: {error}")
        raise InputError.of(template, file=path, line=error.lineno, error=error.msg) from None
    except (Exception, SystemExit) as error:
        steps = traceback.extract_tb(error.__traceback__)
        lines = [step.lineno for step in steps if step.filename == path]
        template = N_("the file of own rules stopped with an error: {error}")
        said = " ".join(f"{type(error).__name__}: {error}".split())
        raise InputError.of(
            template, file=path, line=lines[-1] if lines else None, error=said
        ) from None


def _check(rule: Rule, path: str, known: dict[str, Rule]) -> None:
    """Raise for what keeps `rule` from being one, all of it at once."""
    checks: Checks = (
        (
            lambda rule: bool(OWN_CODE.fullmatch(str(rule.code))),
            N_("the code {code} is not one for own rules; they are Z and three digits, as Z101"),
            {},
        ),
        (
            lambda rule: str(rule.code) not in known,
            N_("two rules have the code {code}; give each a code of its own"),
            {},
        ),
        (
            lambda rule: isinstance(rule.name, str) and bool(_NAME.fullmatch(rule.name)),
            N_("rule {code}: the name {name} is none; write words with hyphens, as price-missing"),
            {},
        ),
        (
            lambda rule: str(rule.name) not in known,
            N_("rule {code}: there is already a rule called {name}; give it a name of its own"),
            {},
        ),
        (
            lambda rule: rule.severity in SEVERITIES,
            N_("rule {code}: the severity {severity} is none of {known}"),
            {"known": SEVERITIES},
        ),
        (
            lambda rule: isinstance(rule.template, str) and is_template(rule.template),
            N_(
                "rule {code}: the message cannot be filled; its fields are names in braces, as"
                " {example}, and a brace that is meant is written twice"
            ),
            {"example": "{target}"},
        ),
        (
            lambda rule: bool(rule.doc),
            N_(
                "rule {code}: the function has no docstring; it is the rule's manual page, and its"
                " first sentence says what is wrong"
            ),
            {},
        ),
        (
            lambda rule: rule.commands == (CHECK,),
            N_("rule {code}: own rules are for check alone; leave out commands"),
            {},
        ),
    )
    line = getattr(getattr(rule.find, "__code__", None), "co_firstlineno", None)
    about = {name: str(getattr(rule, name)) for name in ("code", "name", "severity")}
    problems = [
        Problem(template, {**about, **values}, path, line)
        for passes, template, values in checks
        if not passes(rule)
    ]
    if problems:
        raise InputError(problems)


def _apart(find: Find) -> Find:
    """`find`, its prints on stderr; a call of exit() inside it is an error as any other."""

    @wraps(find)
    def apart(tables: Tables) -> pl.DataFrame | pl.LazyFrame:
        try:
            with redirect_stdout(sys.stderr):
                return find(tables)
        except SystemExit as error:
            raise RuntimeError(f"exit({error.code})") from error

    return apart
