"""Performance-indicator evaluation: score target tables exactly, explain every point.

>>> import perfeval
>>> perfeval.__version__.count(".")
2
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["InputError", "check", "load_policy", "load_specs", "score"]

if TYPE_CHECKING:
    from perfeval.checking import check
    from perfeval.policy import load_policy
    from perfeval.problems import InputError
    from perfeval.scoring import score
    from perfeval.sources.specs import load_specs

_HOME = {
    "InputError": "perfeval.problems",
    "check": "perfeval.checking",
    "load_policy": "perfeval.policy",
    "load_specs": "perfeval.sources.specs",
    "score": "perfeval.scoring",
}


def __getattr__(name: str) -> object:
    # polars and pandera take most of a second to import; `perfeval --help` must not pay for them.
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
