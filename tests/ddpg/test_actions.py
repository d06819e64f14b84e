"""The map from [−1, 1] to the environment's bounds, dimension by dimension."""

import numpy as np
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
