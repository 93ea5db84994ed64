"""Which policy of a chain states each key, what it says of it, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.policy.model import Statement
from perfeval.policy.values import KeyPath, Layer, dotted, shown

_PARTS = ("weights", "execution", "operators", "bands", "grades", "over_achievement")


def statements(layers: Sequence[Layer], content: Mapping[str, Any]) -> dict[str, Statement]:
    """By key as TOML writes it (`operators."≤"`), for the merged `content` of `layers`.

    The nearest layer that writes a key states it; of its clauses the longest that begins the key
    holds (`operators` for all of its operators).
    """
    found = {}
    for path in _paths(content):
        layer = next((each for each in layers if _writes(each.data, path)), None)
        if layer is not None:
            found[dotted(path)] = _statement(layer, path)
    return found


def check_clauses(layers: Sequence[Layer], content: Mapping[str, Any]) -> None:
    """Refuse clauses for what is no key of the policy: they would never be told."""
    # What a policy takes away (execution = false) is still a key of the one that it extends.
    paths = [path for data in (content, *(layer.data for layer in layers)) for path in _paths(data)]
    known = {dotted(path[:n]) for path in paths for n in range(1, len(path) + 1)}
    template = N_("there is a clause for {found}, which is no key of this policy; known: {known}")
    for layer in layers:
        for key in layer.data.get("clauses", {}):
            if key not in known:
                near = suggest(key, known) or sorted(known)
                layer.refuse(("clauses", key), template, found=shown(key), known=near)


def _paths(content: Mapping[str, Any]) -> Iterator[KeyPath]:
    for part in _PARTS:
        yield (part,)
        value = content.get(part)
        yield from ((part, key) for key in value) if isinstance(value, dict) else ()
    for name, rule in content.get("rules", {}).items():
        yield from (("rules", name, key) for key in ("ratio", "curve", "unit") if key in rule)
    yield from (("choose", key) for key in content.get("choose", ()))


def _writes(data: Any, path: KeyPath) -> bool:
    for part in path:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True


def _statement(layer: Layer, path: KeyPath) -> Statement:
    clauses = layer.data.get("clauses", {})
    heads = [dotted(path[:n]) for n in range(len(path), 0, -1)]
    clause: Mapping[str, str] = next((clauses[head] for head in heads if head in clauses), {})
    text = clause.get("text", "").strip()
    return Statement(
        policy=layer.data["id"],
        name=layer.data["name"],
        name_en=layer.data.get("name_en", layer.data["name"]),
        text=text,
        text_en=clause.get("text_en", text).strip(),
        certainty=clause.get("certainty", layer.data["source"]["certainty"]),
    )
