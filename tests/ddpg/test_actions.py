"""The map from [−1, 1] to the environment's bounds, dimension by dimension."""

import numpy as np
import pytest
from helpers import ACTION_DIM, HIGH, LOW, OBS_DIM, make_agent
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minddpg import DDPG, Config
from minddpg.ddpg.actions import ActionBox


def test_tanh_at_its_ends_meets_both_bounds_exactly_in_each_dimension(rng):
    agent = make_agent(rng, dtype="float32")
    np.testing.assert_array_equal(agent.action_box.to_env(np.full(2, -1, np.float32)), LOW)
    np.testing.assert_array_equal(agent.action_box.to_env(np.full(2, 1, np.float32)), HIGH)
    np.testing.assert_allclose(agent.action_box.to_env(np.zeros(2, np.float32)), (LOW + HIGH) / 2)


def test_the_map_is_affine_per_dimension_and_never_leaves_the_box(rng):
    for _ in range(20):
        low = rng.uniform(-1e3, 1e3, ACTION_DIM).astype(np.float32)
        high = low + rng.uniform(1e-3, 1e3, ACTION_DIM).astype(np.float32)
        agent = DDPG(OBS_DIM, low, high, Config(), rng)
        actions = rng.uniform(-1, 1, (500, ACTION_DIM)).astype(np.float32)
        mapped = agent.action_box.to_env(actions)
        assert mapped.dtype == np.float32
        assert ((low <= mapped) & (mapped <= high)).all()
        expected = low + (actions.astype(float) + 1) / 2 * (high - low)
        np.testing.assert_allclose(mapped, expected, atol=2e-7 * np.abs([low, high]).max())


@st.composite
def boxes(draw):
    dim = draw(st.integers(1, 4))
    low = draw(hnp.arrays(np.float32, dim, elements=st.floats(-1e4, 1e4, width=32)))
    width = draw(hnp.arrays(np.float32, dim, elements=st.floats(0.125, 1e4, width=32)))
    return ActionBox(low, low + width)


@given(boxes(), st.data())
def test_the_action_map_meets_both_bounds_keeps_order_and_never_leaves(box, data):
    unit = hnp.arrays(np.float32, (5, box.dim), elements=st.floats(-1, 1, width=32))
    actions = np.sort(data.draw(unit), axis=0)
    mapped = box.to_env(actions)
    assert mapped.dtype == np.float32
    assert np.all((box.low <= mapped) & (mapped <= box.high))
    slack = 4 * np.finfo(np.float32).eps * np.maximum(abs(box.low), abs(box.high))
    assert np.all(np.diff(mapped, axis=0) >= -slack)
    ones = np.ones(box.dim, np.float32)
    np.testing.assert_array_equal(box.to_env(-ones), box.low)
    np.testing.assert_array_equal(box.to_env(ones), box.high)


def test_bounds_of_unlike_dtypes_become_double_precision():
    for low, high in ((LOW, HIGH.astype(np.float64)), (LOW.astype(np.float64), HIGH)):
        box = ActionBox(low, high)
        assert box.low.dtype == box.high.dtype == np.float64


FLOAT32, FLOAT64 = np.finfo(np.float32), np.finfo(np.float64)
ODD_BOXES = [  # low, high, dtype
    (-1e38, 3e38, np.float32),
    (FLOAT32.min, FLOAT32.max, np.float32),
    (3.3e38, FLOAT32.max, np.float32),
    (0, FLOAT32.max, np.float32),
    (-8.9e307, 8.9e307, np.float64),
    (1, 1 + 1e-6, np.float32),
    (1, np.nextafter(np.float32(1), np.float32(2)), np.float32),
    (16777216, 16777218, np.float32),
    (-1e6 - 3, -1e6, np.float32),
    (100, 100.01, np.float32),
    (0, 1e-44, np.float32),
    (FLOAT32.tiny, 1.001 * FLOAT32.tiny, np.float32),
    (1, 1 + 1e-11, np.float64),
    (0, 1e-310, np.float64),
    (-1, 1, np.float16),
    (100, 200, np.float16),
    (-65504, 65504, np.float16),
    (0, 9, np.float32),
    (-1, 1, np.longdouble),
]


def test_odd_boxes_are_met_exactly_kept_in_order_and_never_left():
    for low, high, dtype in ODD_BOXES:
        low, high = np.array([low], dtype), np.array([high], dtype)
        for action_dtype in (np.float32, np.float64):
            actions = np.linspace(-1, 1, 2001, dtype=action_dtype)[:, None]
            mapped = ActionBox(low, high).to_env(actions)
            about = f"{low} to {high}, {action_dtype}"
            assert mapped.dtype == dtype, about
            assert (mapped[[0, -1], 0] == [low[0], high[0]]).all(), about
            assert ((low <= mapped) & (mapped <= high)).all(), about
            assert (mapped[1:] >= mapped[:-1]).all(), about
            half = np.longdouble(0.5)
            middle = half * low.astype(np.longdouble) + half * high.astype(np.longdouble)
            assert abs(mapped[1000] - middle) <= np.spacing(np.maximum(abs(low), abs(high)) / 2)


def test_half_of_the_way_through_a_wide_box_is_no_bound():
    box = ActionBox(np.float32([-1e38]), np.float32([3e38]))
    np.testing.assert_allclose(box.to_env(np.float32([0.5])), 2e38, rtol=1e-6)


def test_ordinary_boxes_keep_the_bits_of_the_plain_formula(rng):
    for dtype in (np.float32, np.float64):
        low = rng.normal(size=50).astype(dtype)
        high = (low + 10.0 ** rng.uniform(-2, 3, 50)).astype(dtype)
        action = rng.uniform(-1, 1, (20, 50)).astype(dtype)
        plain = np.clip(0.5 * ((1 - action) * low + (1 + action) * high), low, high)
        np.testing.assert_array_equal(ActionBox(low, high).to_env(action), plain)


def test_bounds_that_are_too_odd_for_double_precision_are_refused_with_both_numbers():
    for low, high, words in (
        (1, 1 + 1e-13, "1.0 and 1.0000000000001 (dimension 1) are too close for float64"),
        (0, 1e-321, "0.0 and 1e-321 (dimension 1) are too close for float64"),
        (-9e307, 0, "-9e+307 and 0.0 (dimension 1) are too far from 0 for float64"),
        (0, FLOAT64.max, f"0.0 and {FLOAT64.max} (dimension 1) are too far from 0 for float64"),
    ):
        with pytest.raises(ValueError, match=r"^action bounds") as caught:
            ActionBox(np.array([0, low], float), np.array([1, high], float))
        assert str(caught.value) == f"action bounds {words}"


def test_rounding_never_leaves_a_narrow_box(rng):
    """Near its ends, the formula alone exceeds some of these by a bit."""
    low = rng.uniform(-200, 200, 500).astype(np.float32)
    high = low + np.float32(0.1) + rng.uniform(0, 1, 500).astype(np.float32)
    ends = 1 - rng.uniform(0, 1e-4, (50, 500)).astype(np.float32)
    for action, bounds in ((ends, high), (-ends, low)):
        alone = 0.5 * ((1 - action) * low + (1 + action) * high)
        assert ((alone - bounds) * np.sign(action) > 0).any()
        mapped = ActionBox(low, high).to_env(action)
        assert ((low <= mapped) & (mapped <= high)).all()


def test_the_bounds_are_copies_and_whole_numbers_become_real():
    low, high = np.array([-1.0]), np.array([2.0])
    box = ActionBox(low, high)
    low[0], high[0] = -9, 9
    np.testing.assert_array_equal(box.to_env(np.array([-1.0])), -1)
    np.testing.assert_array_equal(box.to_env(np.array([1.0])), 2)
    whole = ActionBox(np.array([0]), np.array([3])).to_env(np.array([0.0]))
    assert whole.dtype == np.float64
    assert whole == 1.5


def test_actions_of_another_dtype_are_mapped_in_the_bounds():
    box = ActionBox(np.float32([-1, 2]), np.float32([1, 7]))
    for dtype in (np.float64, np.float16, np.int64):
        mapped = box.to_env(np.array([-1, 1], dtype))
        assert mapped.dtype == np.float32
        np.testing.assert_array_equal(mapped, [-1, 7])


def test_bounds_that_are_none_are_refused():
    for low, high, words in (
        ([0, np.nan], [1, 2], "finite"),
        ([0, -np.inf], [1, 2], "finite"),
        ([0, 2], [1, 2], "low below high"),
        ([0, 3], [1, 2], "low below high"),
        ([0], [1, 2], r"shapes \(1,\), \(2,\)"),
        ([[0]], [[1]], r"shapes \(1, 1\)"),
        ([], [], r"shapes \(0,\)"),
    ):
        with pytest.raises(ValueError, match=words):
            ActionBox(np.array(low), np.array(high))
