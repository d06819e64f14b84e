"""What holds for every input: the buffer, the action map, the averages, the noise."""

from collections import deque

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from minddpg import OrnsteinUhlenbeckNoise, ReplayBuffer
from minddpg.ddpg.actions import ActionBox
from minddpg.nn import polyak_update

NUMBERS = st.floats(-1e6, 1e6, width=32)


class BufferAgainstDeque(RuleBasedStateMachine):
    """The replay buffer behaves like a deque of transitions, whatever is done to either."""

    @initialize(capacity=st.integers(1, 5), sizes=st.tuples(st.integers(1, 3), st.integers(1, 2)))
    def begin(self, capacity, sizes):
        self.sizes = sizes
        self.buffer = ReplayBuffer(capacity, *sizes)
        self.model = deque(maxlen=capacity)
        self.rng = np.random.default_rng(0)

    @rule(data=st.data(), reward=NUMBERS, terminated=st.booleans())
    def add(self, data, reward, terminated):
        obs_dim, action_dim = self.sizes
        obs, next_obs = (data.draw(hnp.arrays(np.float32, obs_dim, elements=NUMBERS)) for _ in "12")
        action = data.draw(hnp.arrays(np.float32, action_dim, elements=st.floats(-1, 1, width=32)))
        row = (*obs, *action, np.float32(reward), *next_obs, terminated)
        self.model.append(tuple(map(float, row)))
        self.buffer.add(obs, action, reward, next_obs, terminated)
        obs += 1  # the caller's arrays are its own
        action[:] = 9
        next_obs[:] = np.nan

    @precondition(lambda self: self.model)
    @rule(size=st.integers(1, 40))
    def sample(self, size):
        batch = self.buffer.sample(size, self.rng)
        assert batch.terminated.dtype == bool
        for i in range(size):
            row = (*batch.obs[i], *batch.action[i], batch.reward[i], *batch.next_obs[i])
            assert (*map(float, row), float(batch.terminated[i])) in self.model
        for column in batch:
            column[...] = 0  # a batch is a copy

    @invariant()
    def holds_the_latest(self):
        if hasattr(self, "buffer"):
            assert len(self.buffer) == len(self.model)
            found = sorted(map(tuple, self.buffer.rows[: len(self.buffer)].tolist()))
            assert found == sorted(self.model)


BufferAgainstDeque.TestCase.settings = settings(max_examples=40, deadline=None)
test_buffer_equals_a_deque = BufferAgainstDeque.TestCase


def test_sampling_is_uniform_by_chi_square():
    buffer, rng = ReplayBuffer(20, 1, 1), np.random.default_rng(3)
    for i in range(33):
        buffer.add(np.full(1, i), np.zeros(1), 0.0, np.zeros(1), False)
    drawn = buffer.sample(20_000, rng).obs[:, 0].astype(int)
    counts = np.bincount(drawn, minlength=33)
    assert counts[:13].sum() == 0  # overwritten
    assert ((counts[13:] - 1000) ** 2 / 1000).sum() < 43.8  # 99.9 % quantile at 19 degrees


@st.composite
def boxes(draw):
    dim = draw(st.integers(1, 4))
    low = draw(hnp.arrays(np.float32, dim, elements=st.floats(-1e4, 1e4, width=32)))
    width = draw(hnp.arrays(np.float32, dim, elements=st.floats(0.125, 1e4, width=32)))
    return ActionBox(low, low + width)


@settings(deadline=None)
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


VECTORS = hnp.arrays(np.float64, 3, elements=st.floats(-1e3, 1e3))


@settings(deadline=None)
@given(VECTORS, VECTORS, st.floats(0, 1))
def test_polyak_stays_between_target_and_online_and_never_moves_away(target, online, tau):
    before, twin = target.copy(), online.copy()
    polyak_update(target, online, tau)
    np.testing.assert_array_equal(online, twin)
    gap = abs(before - online)
    np.testing.assert_allclose(abs(target - online), (1 - tau) * gap, atol=1e-9)
    slack = 1e-9
    assert np.all(target <= np.maximum(before, online) + slack)
    assert np.all(target >= np.minimum(before, online) - slack)


@settings(deadline=None, max_examples=20)
@given(st.floats(0.05, 1.0), st.floats(0.1, 1.0), st.floats(0.05, 3.0), st.integers(0, 2**32))
def test_ornstein_uhlenbeck_statistics_are_the_docstrings(theta, dt, scale, seed):
    noise = OrnsteinUhlenbeckNoise(400, scale, np.random.default_rng(seed), theta, dt)
    c = 1 - theta * dt
    path = np.array([noise.sample() for _ in range(60)])
    steps = np.arange(1, 61)
    variance = scale**2 * dt * (1 - c ** (2 * steps)) / (1 - c**2)
    # 400 independent walks: a mean square has a relative deviation of √(2/400) = 0.07
    np.testing.assert_allclose((path**2).mean(axis=1), variance, rtol=0.45)
    lagged = (path[1:] * path[:-1]).sum() / (path[:-1] ** 2).sum()
    assert abs(lagged - c) < 0.05
