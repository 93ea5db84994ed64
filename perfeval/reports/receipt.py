"""What a result was computed from, as lines of text: for pages and workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from perfeval.messages import N_, render


def receipt_lines(receipt: Mapping[str, Any], lang: str) -> Iterable[str]:
    """Version, policy and inputs with their hashes."""
    chosen = receipt["policy"]
    yield f"perfeval {receipt['perfeval']}"
    template = N_("Policy {id} ({name}), sha256 {sha256}")
    yield render(template, {key: chosen[key] for key in ("id", "name", "sha256")}, lang)
    template = N_("Input {path}: rows {rows}, {encoding}, sha256 {sha256}")
    for each in receipt["inputs"]:
        yield render(template, each, lang)
