"""What the kernel's benchmark computes: indicators as they occur, and their exact scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from perfeval.program import Floats, Integers

OPERATORS = ("≥", ">", "=", "<", "≤")
SHARES = (0.72, 0.03, 0.17, 0.02, 0.06)
WEIGHTS = (2, 3, 5, 10, 15, 20)
COUNTS = (1, 2, 2, 2, 4, 5, 5, 5, 10, 10, 12, 15, 20, 20, 30, 33, 48, 50, 60, 60, 60, 100, 107, 150,
          200, 220, 300, 330, 360, 400, 500, 500, 550, 700, 800, 900, 1000, 1000, 1550, 1800, 2400,
          2500, 3000, 4600, 5000, 5000, 6000, 6247, 7000, 9000, 10000, 16000, 20000, 26131, 28000,
          30000, 45000, 55021, 70000, 100000, 110000, 527000, 1000000)  # fmt: skip
"""Targets like those of a county bureau's published tables of a year; more than a third are
percentages besides."""
PERCENTAGES = (90, 90, 90, 90, 95, 95, 98, 100, 100)


@dataclass(frozen=True)
class Data:
    """n indicators as arrays, and their exact scores. operator: index into `OPERATORS`."""

    operator: npt.NDArray[np.int8]
    actual: Floats
    target: Floats
    weight: Floats
    score: Integers
    high: Integers
    below: int
    ties: int

    @classmethod
    def random(cls, n: int, seed: int = 20230317) -> Data:
        """A fixed seed; a quarter below the target, a hundredth missing."""
        random = np.random.default_rng(seed)
        operator = random.choice(len(OPERATORS), n, p=SHARES).astype(np.int8)
        weight = random.choice(WEIGHTS, n)
        count, percentage = random.choice(COUNTS, n), random.choice(PERCENTAGES, n)
        target = 100 * np.where(random.random(n) < 0.4, percentage, count)
        amount = random.random(n) < 0.1
        target = np.where(amount, random.integers(1, 5_000_000, n), target)
        share = 1 + np.maximum(random.normal(0, 0.1, n), 0)
        share = np.where(random.random(n) < 0.25, random.uniform(0.5, 1, n), share)
        whole = ~amount & (random.random(n) < 0.7)
        actual = np.where(whole, np.rint(target * share / 100) * 100, np.rint(target * share))
        actual = actual.astype(np.int64)
        missing = random.random(n) < 0.01

        full = 100 * weight
        falling = operator >= OPERATORS.index("<")
        top, bottom = np.where(falling, (target, actual), (actual, target))
        bottom = np.maximum(bottom, 1)
        twice = 2 * full * np.minimum(top, bottom)
        score = np.where(missing, 0, (twice + bottom) // (2 * bottom))
        below = ~missing & (top < bottom)
        ties = below & (twice % (2 * bottom) == bottom)
        return cls(
            operator,
            np.where(missing, np.nan, actual / 100),
            target / 100,
            weight.astype(np.float64),
            score,
            np.where(missing, full, score),
            int(np.count_nonzero(below)),
            int(np.count_nonzero(ties)),
        )


@dataclass(frozen=True)
class Contender:
    """What is timed, and how to get score and high out of what it returns."""

    name: str
    run: Callable[[], Any]
    scores: Callable[[Any], tuple[Any, Any]] | None = None
