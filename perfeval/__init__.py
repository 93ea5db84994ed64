"""Performance-indicator evaluation: score target tables exactly, explain every point.

`load` reads target tables, `check` says what is inconsistent in them, `score` scores actuals
against them, `review` recomputes claimed scores. What cannot be read raises `InputError`, which
carries every problem with its place.

>>> import perfeval
>>> perfeval.__version__.count(".")
2
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["InputError", "check", "load", "load_policy", "review", "score"]

if TYPE_CHECKING:
    from perfeval.checking import check
    from perfeval.policy import load_policy
    from perfeval.problems import InputError
    from perfeval.reviewing import review
    from perfeval.scoring import score
    from perfeval.sources.specs import load_specs as load

_HOME = {
    "InputError": ("perfeval.problems", "InputError"),
    "check": ("perfeval.checking", "check"),
    "load": ("perfeval.sources.specs", "load_specs"),
    "load_policy": ("perfeval.policy", "load_policy"),
    "review": ("perfeval.reviewing", "review"),
    "score": ("perfeval.scoring", "score"),
}


def __getattr__(name: str) -> object:
    # polars and pandera take most of a second to import; `perfeval --help` must not pay for them.
    if name in _HOME:
        from importlib import import_module

        module, attribute = _HOME[name]
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
