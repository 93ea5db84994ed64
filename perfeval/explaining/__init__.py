"""Explain every point: how a score came about, from the words in the files to the cent.

`explain` takes what `perfeval.score` or `perfeval.review` found and gives an `Explanation`: per
project and indicator a `Derivation`, a tree of steps with words, exact arithmetic and the key of
the policy that each follows. It is recorded here and shown elsewhere: `perfeval.reports.explained`.
"""

from perfeval.explaining.build import Explanation, explain
from perfeval.explaining.clauses import clause
from perfeval.explaining.model import (
    Clause,
    Derivation,
    Explained,
    ExplainedProject,
    Place,
    Step,
)

__all__ = [
    "Clause",
    "Derivation",
    "Explained",
    "ExplainedProject",
    "Explanation",
    "Place",
    "Step",
    "clause",
    "explain",
]
