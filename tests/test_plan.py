"""Plans: which rows are scored together, whatever the order and number of projects."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.engines import plan
from perfeval.engines.plan import Plan, Runs


class Projects:
    """What a plan looks at of a table: its runs of projects, some rows at a time."""

    def __init__(self, keys: list[int], size: int) -> None:
        self.keys, self.size = keys, size

    def __len__(self) -> int:
        return len(self.keys)

    def runs(self) -> list[Runs]:
        found = []
        for start in range(0, len(self.keys), self.size):
            keys = np.array(self.keys[start : start + self.size], np.uint64)
            first = np.flatnonzero(np.diff(keys.astype(np.int64), prepend=-1))
            rows = np.diff(first, append=len(keys)).astype(np.uint32)
            found.append(Runs(keys[first], rows))
        return found


KEYS = st.lists(st.integers(0, 9), min_size=1, max_size=40)


@pytest.mark.parametrize("pending", [1, 1000])
@given(KEYS, st.integers(1, 7), st.integers(1, 12))
def test_parts_are_whole_projects_as_they_first_appear(
    pending: int, keys: list[int], size: int, rows: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "_PENDING", pending)
        made = Plan.of(Projects(keys, size), rows)  # type: ignore[arg-type]
    distinct = list(dict.fromkeys(keys))
    before, part_of = 0, {}
    for key in distinct:
        part_of[key] = before // rows
        before += keys.count(key)
    numbers = sorted(set(part_of.values()))
    expected = [numbers.index(part_of[key]) for key in keys]
    assert made.part_of(np.array([*keys, 77], np.uint64)).to_list() == [*expected, None]
    assert made.parts == len(numbers)
    together = sum(one != other for one, other in zip(keys, [None, *keys], strict=False))
    assert (made.cuts is not None) == (together == len(distinct))
    if made.cuts is not None:
        sizes = [expected.count(part) for part in range(made.parts)]
        assert np.diff(made.cuts).tolist() == sizes
        assert made.cuts[0] == 0
        assert all(isinstance(cut, int) for cut in made.cuts)
    found = made.in_order(Projects(keys, size))  # type: ignore[arg-type]
    assert (found is not None) == (expected == sorted(expected))
    assert made.in_order(Projects([*keys, 77], size)) is None  # type: ignore[arg-type]
