"""Indicators × policy → `Program`: which ratio and curve each row takes, grouped into segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from perfeval.exact import IN_PROPORTION
from perfeval.program import Curve, Floats, Knots, Program, Rows, Segment


class Way(NamedTuple):
    """How a row is scored: the operator as written, the ratio's kind and the curve's knots."""

    operator: str
    ratio: str
    knots: Knots = IN_PROPORTION


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
    table = [*ways, UNDECIDABLE]
    ratioless = np.array([each.ratio in _HAVE_NO_RATIO for each in table])
    # The key: the way, one bit for a target that has no ratio, one for a pass threshold.
    short = 4 * len(table) <= np.iinfo(np.uint16).max
    # The short one is sorted by radix, in linear time.
    key: npt.NDArray[np.unsignedinteger] = np.empty(n, np.uint16 if short else np.uint32)
    np.multiply(way, 4, out=key, dtype=key.dtype, casting="unsafe")
    low = np.flatnonzero(target <= 0)
    key[low] |= (2 * ratioless[way[low]]).astype(key.dtype)
    key[np.isnan(target)] = 4 * len(ways)
    if pass_threshold is not None:
        key |= pass_threshold > 0
    order = np.argsort(key, kind="stable")

    sorted_weight = weight[order]
    factors = np.array([float(100 * factor) for factor in scales])
    if scale is None:
        sorted_scale = np.zeros(n, np.uint32)
        points = sorted_weight * factors[0]
    else:
        sorted_scale = scale[order].astype(np.uint32)
        points = sorted_weight * factors[sorted_scale]
    return Program(
        order=order,
        target=target[order],
        weight=sorted_weight,
        points=points,
        scale=sorted_scale,
        scales=tuple(scales),
        pass_threshold=np.zeros(n) if pass_threshold is None else pass_threshold[order],
        segments=tuple(_segments(table, np.bincount(key), points)),
    )


def _segments(table: Sequence[Way], counts: Rows, points: Floats) -> Iterator[Segment]:
    """The segments of rows sorted by key, of which `counts` says how often each occurs."""
    curves = {knots: Curve.of(knots) for knots in {each.knots for each in table}}
    stop = 0
    for key in np.flatnonzero(counts).tolist():
        start, stop = stop, stop + int(counts[key])
        way = table[key // 4]
        yield Segment(
            start=start,
            stop=stop,
            operator=way.operator,
            ratio="reached" if key & 2 else way.ratio,
            curve=curves[way.knots],
            thresholds=bool(key & 1),
            points=float(points[start:stop].max()),
        )
