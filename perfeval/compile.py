"""Indicators × policy → `Program`: which ratio and curve each row takes, grouped into segments."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from perfeval.program import CAPPED, Curve, Floats, Knots, Program, Segment


class Way(NamedTuple):
    """How a row is scored: the operator as written, the ratio's kind and the curve's knots."""

    operator: str
    ratio: str
    knots: Knots = CAPPED


UNDECIDABLE = Way("=", "unknown")
"""For rows whose target nothing can be compared with: from nothing to full marks."""

GIVEN = Way("≥", "actual")
"""For rows whose coefficient a person gives (a band, a deadline): it stands for the actual."""

_HAVE_NO_RATIO = ("actual/target", "target/actual", "2 - actual/target")


def assemble(
    ways: Sequence[Way],
    way: npt.NDArray[np.integer],
    target: Floats,
    weight: Floats,
    *,
    scales: Sequence[Fraction] = (Fraction(1),),
    scale: npt.NDArray[np.integer] | None = None,
    pass_threshold: Floats | None = None,
) -> Program:
    """Group rows that are scored alike into segments of one program.

    ways: the distinct ways; way: int[n], each row's index into them. target, weight: float64[n]
    (a NaN target makes the row undecidable, whatever its way). scales: factors from declared weight
    to points; scale: int[n], each row's index into them. pass_threshold: float64[n], 0 for none.

    Rows keep their order within a segment, so the same table always gives the same program.
    """
    n = len(target)
    pass_threshold = np.zeros(n) if pass_threshold is None else pass_threshold
    table = [*ways, UNDECIDABLE]
    ratioless = np.array([each.ratio in _HAVE_NO_RATIO for each in table])
    way = np.where(np.isnan(target), len(ways), way)
    # Three bits of the key: the way, whether the target has no ratio, whether there is a threshold.
    key = (way * 4 + 2 * (ratioless[way] & (target <= 0)) + (pass_threshold > 0)).astype(np.uint32)
    if len(table) * 4 <= np.iinfo(np.uint16).max:
        key = key.astype(np.uint16)  # sorted by radix, in linear time
    order = np.argsort(key, kind="stable")
    sorted_key = key[order]
    starts = np.flatnonzero(np.diff(sorted_key, prepend=sorted_key[:1] + 1))
    stops = np.append(starts[1:], n)[: len(starts)]
    curves = {knots: Curve.of(knots) for knots in {each.knots for each in table}}
    segments = []
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        each = table[int(sorted_key[start]) // 4]
        segments.append(
            Segment(
                start=start,
                stop=stop,
                operator=each.operator,
                ratio="reached" if int(sorted_key[start]) & 2 else each.ratio,
                curve=curves[each.knots],
                thresholds=bool(int(sorted_key[start]) & 1),
            )
        )
    sorted_scale = np.zeros(n, np.uint32) if scale is None else scale[order].astype(np.uint32)
    factors = np.array([float(100 * factor) for factor in scales])
    return Program(
        order=order,
        target=target[order],
        weight=weight[order],
        points=weight[order] * factors[sorted_scale],
        scale=sorted_scale,
        scales=tuple(scales),
        pass_threshold=pass_threshold[order],
        segments=tuple(segments),
    )
