"""How likely counts are by chance: two tail probabilities, and which of many tests to tell."""

from __future__ import annotations

from math import erfc, exp, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray


def chi_square_tail(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """P(χ² ≥ observed) of each row of ten counts against an even spread; 9 degrees of freedom.

    For odd degrees of freedom the tail is a closed form of erfc and exp.

    >>> round(float(chi_square_tail(np.array([[10] * 10]))[0]), 6)
    1.0
    """
    expected = counts.sum(axis=1, keepdims=True) / 10
    statistic = ((counts - expected) ** 2 / expected).sum(axis=1)
    return np.array([_tail_of_nine(float(value)) for value in statistic])


def _tail_of_nine(statistic: float) -> float:
    terms, term = 0.0, sqrt(statistic)
    for odd in (3, 5, 7, 9):
        terms += term
        term *= statistic / odd
    return erfc(sqrt(statistic / 2)) + sqrt(2 / pi) * exp(-statistic / 2) * terms


def binomial_tail(
    hits: NDArray[np.int64], trials: NDArray[np.int64], share: float
) -> NDArray[np.float64]:
    """P(at least `hits` of `trials`) for events of probability `share`, element by element.

    >>> round(float(binomial_tail(np.array([2]), np.array([2]), 0.5)[0]), 6)
    0.25
    """
    most = int(trials.max()) if trials.size else 0
    # The logarithms of 0!, 1!, 2! …
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])

    def at_least(hits: int, trials: int) -> float:
        k = np.arange(hits, trials + 1)
        logs = factorials[trials] - factorials[k] - factorials[trials - k]
        logs += k * log(share) + (trials - k) * log(1 - share)
        return float(min(1.0, np.exp(logs).sum()))

    return np.array([at_least(int(k), int(n)) for k, n in zip(hits, trials, strict=True)])


def benjamini_hochberg(chances: NDArray[np.float64], share: float) -> NDArray[np.bool_]:
    """Which tests to tell, so that at most `share` of those told are expected to be chance.

    >>> benjamini_hochberg(np.array([0.001, 0.5, 0.02]), 0.05).tolist()
    [True, False, True]
    """
    count = len(chances)
    order = np.argsort(chances)
    below = chances[order] <= share * np.arange(1, count + 1) / max(count, 1)
    last = np.flatnonzero(below)
    told = np.zeros(count, np.bool_)
    if last.size:
        told[order[: last[-1] + 1]] = True
    return told
