"""What each key rests on: the policy's own statements, and the rules common to all policies."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from perfeval.explaining.model import Clause
from perfeval.messages import Named
from perfeval.policy import Policy

_COMMON = Path(__file__).with_name("clauses.toml")


def clause(key: str, policy: Policy) -> Clause | None:
    """What `key` rests on under `policy`; None for no key, or one that nobody states."""
    if key in common():
        return common()[key]
    stated = policy.statements.get(key)
    if stated is None:
        return None
    return Clause(
        key,
        Named(stated.text, stated.text_en),
        Named(stated.name, stated.name_en),
        stated.policy,
        stated.certainty,
    )


@cache
def common() -> dict[str, Clause]:
    """The clauses that hold under every policy, by key."""
    data = tomllib.loads(_COMMON.read_text(encoding="utf-8"))
    return {
        key: Clause(
            key,
            Named(each["text"], each["text_en"]),
            Named(each["source"], each["source_en"]),
            "",
            each["certainty"],
        )
        for key, each in data.items()
    }
