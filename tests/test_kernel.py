"""The kernel equals the rational reference to the cent, whatever the numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval import exact
from perfeval.compile import Way, assemble
from perfeval.exact import IN_PROPORTION
from perfeval.kernel import evaluate
from perfeval.policy import list_policies, load_policy
from perfeval.program import Knots, Result
from tests.strategies import indicator

F = Fraction
SATISFACTION: Knots = ((F(60), F(0)), (F(90), F(1)))
FLOOR: Knots = ((F(0), F("0.15")), (F(1), F(1)))
JUMPS: Knots = (
    (F(0), F(0)),
    (F("0.6"), F("0.3")),
    (F("0.6"), F("0.5")),
    (F("0.8"), F("0.8")),
    (F(1), F("0.9")),
    (F(1), F(1)),
)
OPERATORS = ("≥", ">", "=", "<", "≤")
WAYS = [
    *(
        Way(operator, ratio, knots)
        for operator in OPERATORS
        for ratio in ("actual/target", "target/actual", "2 - actual/target", "met")
        for knots in (IN_PROPORTION, JUMPS, FLOOR)
    ),
    Way("≥", "actual", SATISFACTION),
    Way("≥", "actual", IN_PROPORTION),
]
SHIPPED = {
    Way(operator, policy.ratio(rule, operator), policy.rules[rule].curve.knots)
    for policy in map(load_policy, list_policies())
    for operator in OPERATORS
    for rule in policy.rules
    if policy.ratio(rule, operator) != "band"
}
WAYS += sorted(SHIPPED - set(WAYS))
SCALES = (F(1), F(9, 10), F(10, 7))

Case = tuple[int, int, str, tuple[str, str, str]]
cases = st.tuples(
    st.integers(0, len(WAYS) - 1),
    st.integers(0, len(SCALES) - 1),
    st.sampled_from(["0", "0", "0.6", "0.599999"]),
    indicator(),
)


def run(rows: list[Case]) -> Result:
    program = assemble(
        WAYS,
        np.array([way for way, *_ in rows]),
        np.array([float(target) for *_, (_, target, _) in rows]),
        np.array([float(weight) for *_, (_, _, weight) in rows]),
        scales=SCALES,
        scale=np.array([scale for _, scale, *_ in rows]),
        pass_threshold=np.array([float(threshold) for _, _, threshold, _ in rows]),
    )
    actual = np.array([float(actual) for *_, (actual, _, _) in rows])
    result = evaluate(program, actual[program.order])
    back = np.argsort(program.order)
    return Result(*(getattr(result, name)[back] for name in Result.__dataclass_fields__))


def reference(row: Case) -> exact.Outcome:
    way, scale, threshold, (actual, target, weight) = row
    operator, ratio, knots = WAYS[way]
    return exact.evaluate(ratio, operator, knots, actual, target, weight, SCALES[scale], threshold)


@given(st.lists(cases, min_size=1, max_size=30))
@settings(max_examples=300, deadline=None)
def test_every_way_equals_the_reference(rows: list[Case]) -> None:
    result = run(rows)
    for i, row in enumerate(rows):
        expected = reference(row)
        assert result.score[i] == expected.score, row
        assert result.high[i] == expected.score
        assert bool(result.met[i]) == expected.met, row
        if expected.ratio is None:
            assert not np.isfinite(result.ratio[i])
        else:
            assert result.ratio[i] == pytest.approx(float(expected.ratio), rel=1e-12, abs=1e-12)
        assert result.coefficient[i] == pytest.approx(float(expected.coefficient), abs=1e-12)


@given(st.lists(cases, min_size=2, max_size=20), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_order_and_company_of_rows_change_nothing(rows: list[Case], random: object) -> None:
    shuffled = list(range(len(rows)))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    together, apart = run(rows), run([rows[i] for i in shuffled])
    for position, i in enumerate(shuffled):
        assert together.score[i] == apart.score[position] == run([rows[i]]).score[0]


@given(cases, cases)
@settings(deadline=None)
def test_scores_are_monotone_and_stay_within_the_weight(one: Case, other: Case) -> None:
    way, scale, threshold, (actual, target, weight) = one
    second = other[3][0]
    pair = [(way, scale, threshold, (x, target, weight)) for x in (actual, second)]
    low, high = run(pair).score
    if F(actual) > F(second):
        low, high = high, low
    operator, ratio, _ = WAYS[way]
    # A target of zero or below has no ratio: its operator alone says which way is better.
    by_operator = ratio == "met" or (F(target) <= 0 and ratio != "actual")
    at_zero = F(target) == 0 and ratio != "met"
    if by_operator and operator == "=" and not at_zero:
        pass  # neither more nor less is better than the target itself
    elif by_operator:
        falling = operator in ("≤", "<") or (operator == "=" and at_zero)
        assert (low >= high) if falling else (low <= high)
    elif ratio in ("target/actual", "2 - actual/target"):
        assert low >= high
    else:
        assert low <= high
    full = exact.round_half_up(100 * F(weight) * SCALES[scale])
    assert 0 <= low <= full
    assert 0 <= high <= full


def test_blocks_join_without_a_seam() -> None:
    """More rows than a block holds, so every block boundary is crossed."""
    n = 50_001
    actual = np.arange(n) / 100
    program = assemble(
        [Way("≥", "actual/target")], np.zeros(n, np.intp), np.full(n, 400.0), np.full(n, 5.0)
    )
    score = evaluate(program, actual).score
    expected = np.minimum((2 * 500 * np.arange(n) + 40_000) // 80_000, 500)
    np.testing.assert_array_equal(score, expected)


@pytest.mark.parametrize(
    ("operator", "target", "actual", "full"),
    [
        ("≤", "0", "0", True),
        ("≤", "0", "0.01", False),
        ("=", "0", "0", True),
        ("=", "0", "1", False),
        ("≥", "0", "0", True),
        ("≥", "0", "-1", False),
        ("≥", "-5", "-3", True),
        ("≥", "-5", "-6", False),
        ("≤", "-5", "-6", True),
        ("≤", "-5", "0", False),
        ("=", "-5", "-5", True),
        ("=", "-5", "-4", False),
        (">", "0", "0", True),
        ("<", "0", "0", True),
    ],
)
def test_targets_without_a_ratio_are_reached_or_not(
    operator: str, target: str, actual: str, full: bool
) -> None:
    """Zero targets: domain rule `x ≤ 0 → w, else 0`; below zero only the comparison is left."""
    way = WAYS.index(Way(operator, "actual/target"))
    assert run([(way, 0, "0", (actual, target, "20"))]).score[0] == (2000 if full else 0)


def test_a_million_random_rows_equal_the_reference() -> None:
    """Fixed seed; the reference is the same arithmetic written once more, in whole numbers."""
    n = 1_000_000
    random = np.random.default_rng(20230317)
    way = random.integers(0, 3, n)
    target = random.integers(1, 100_000, n)
    actual = np.where(random.random(n) < 0.3, target * random.integers(1, 41, n) // 20, 0)
    actual = np.where(actual == 0, random.integers(0, 150_000, n), actual)
    places = random.integers(0, 3, n)
    weight = random.choice([2, 3, 5, 10, 15, 20, 25], n)
    nine_tenths = random.integers(0, 2, n)
    ways = [
        Way("≥", "actual/target"),
        Way("≤", "target/actual"),
        Way("≤", "2 - actual/target"),
    ]
    power = 10.0**places
    program = assemble(
        ways,
        way,
        target / power,
        weight.astype(np.float64),
        scales=SCALES[:2],
        scale=nine_tenths,
    )
    score = np.empty(n, np.int64)
    score[program.order] = evaluate(program, (actual / power)[program.order]).score

    points = np.where(nine_tenths == 1, weight * 90, weight * 100)
    down = np.where(actual > 0, actual, 1)
    top = np.select([way == 0, way == 1], [actual, target], 2 * target - actual)
    bottom = np.where(way == 1, down, target)
    top = np.where((way == 1) & (actual == 0), bottom, np.clip(top, 0, bottom))
    expected = (2 * points * top + bottom) // (2 * bottom)
    np.testing.assert_array_equal(score, expected)
    assert len(np.unique(score)) > 1000


def test_a_ratio_exactly_at_the_pass_threshold_passes() -> None:
    """Where the division falls short of the threshold in floats, the row still passes."""
    cases = [(threshold, target) for threshold in range(1, 100) for target in range(1, 700, 3)]
    target = np.array([t / 10 for _, t in cases])
    threshold = np.array([p / 100 for p, _ in cases])
    actual = np.array([float(F(p, 100) * F(t, 10)) for p, t in cases])
    assert (actual / target < threshold).any(), "the cases no longer test anything"
    program = assemble(
        [Way("≥", "actual/target")],
        np.zeros(len(cases), np.intp),
        target,
        np.full(len(cases), 10.0),
        pass_threshold=threshold,
    )
    score = np.empty(len(cases), np.int64)
    score[program.order] = evaluate(program, actual[program.order]).score
    np.testing.assert_array_equal(score, [10 * p for p, _ in cases])


@given(st.lists(cases, min_size=8, max_size=40))
@settings(max_examples=25, deadline=None)
def test_the_size_of_a_block_changes_nothing(rows: list[Case]) -> None:
    whole = run(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("perfeval.kernel.BLOCK", 3)
        pieces = run(rows)
    for name in Result.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(whole, name), getattr(pieces, name))


def test_an_enormous_weight_does_not_blur_its_neighbours() -> None:
    way = WAYS.index(Way("≥", "actual/target"))
    rows: list[Case] = [
        (way, 0, "0", ("90.3", "100", "999999999999")),
        (way, 0, "0", ("90.3", "100", "5")),
        (way, 0, "0", ("90.29", "100", "5")),
    ]
    assert run(rows).score.tolist() == [reference(row).score for row in rows]
    assert run(rows).score.tolist()[1:] == [452, 451]
