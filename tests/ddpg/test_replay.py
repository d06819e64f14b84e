"""The replay buffer is a bounded deque of copies, sampled uniformly."""

from collections import deque
from contextlib import nullcontext

import numpy as np
import pytest
from helpers import ACTION_DIM, OBS_DIM
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from narrow import Narrow, let_indices_be_narrow

from minddpg import ReplayBuffer
from minddpg.verification.bugs import planted


def transition(rng):
    return (
        rng.standard_normal(OBS_DIM),
        rng.uniform(-1, 1, ACTION_DIM),
        float(rng.standard_normal()),
        rng.standard_normal(OBS_DIM),
        bool(rng.integers(2)),
    )


def filled(rng, count, capacity=50):
    replay = ReplayBuffer(capacity, OBS_DIM, ACTION_DIM, "float64")
    transitions = [transition(rng) for _ in range(count)]
    for each in transitions:
        replay.add(*each)
    return replay, transitions


def test_a_sampled_row_is_one_stored_transition_field_by_field(rng):
    replay, transitions = filled(rng, 30)
    batch = replay.sample(11, rng)
    assert [field.shape for field in batch] == [
        (11, OBS_DIM),
        (11, ACTION_DIM),
        (11,),
        (11, OBS_DIM),
        (11,),
    ]
    assert batch.terminated.dtype == bool
    by_reward = {each[2]: each for each in transitions}
    for row in zip(*batch, strict=True):
        for found, stored in zip(row, by_reward[row[2]], strict=True):
            np.testing.assert_array_equal(found, stored)


@pytest.mark.parametrize("count", [1, 9, 10, 11, 25])
def test_only_the_last_transitions_are_kept_and_no_empty_row_is_ever_drawn(count, rng):
    replay, transitions = filled(rng, count, capacity=10)
    kept = {each[2] for each in transitions[-10:]}
    assert len(replay) == len(kept) == min(count, 10)
    assert set(replay.sample(2000, rng).reward) == kept


def test_what_is_stored_and_what_is_drawn_are_copies(rng):
    replay = ReplayBuffer(5, OBS_DIM, ACTION_DIM, "float64")
    obs, action, next_obs = np.ones(OBS_DIM), np.ones(ACTION_DIM), np.ones(OBS_DIM)
    replay.add(obs, action, 1.0, next_obs, False)
    for array in (obs, action, next_obs):
        array[:] = 99
    batch = replay.sample(3, rng)
    for field in (batch.obs, batch.action, batch.next_obs):
        assert (field == 1).all()
        field[:] = 99
    assert (replay.sample(3, rng).obs == 1).all()


def test_the_generator_alone_decides_what_is_drawn(rng):
    replay, _ = filled(rng, 30)
    one, two = (replay.sample(64, np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(one.obs, two.obs)
    assert (one.reward != replay.sample(64, np.random.default_rng(5)).reward).any()


def test_fields_have_the_buffers_dtype_which_is_float32_by_default(rng):
    replay = ReplayBuffer(5, OBS_DIM, ACTION_DIM)
    replay.add(*transition(rng))
    batch = replay.sample(2, rng)
    assert {field.dtype for field in batch[:-1]} == {np.dtype("float32")}


def test_the_same_rows_are_drawn_in_a_32_bit_python(rng, monkeypatch):
    """This is true for the buffer and for the bugs planted into it."""
    replay, _ = filled(rng, 30)
    for bug in ("", "unwritten-rows", "newest-only"):
        with planted(bug) if bug else nullcontext():
            expected = replay.sample(64, np.random.default_rng(4))
            with monkeypatch.context() as patched:
                let_indices_be_narrow(patched)
                patched.setattr(replay, "rows", replay.rows.view(Narrow))
                patched.setattr(replay, "fields", tuple(f.view(Narrow) for f in replay.fields))
                found = replay.sample(64, np.random.default_rng(4))
        for name, one, other in zip(found._fields, found, expected, strict=True):
            np.testing.assert_array_equal(one, other, f"{bug} {name}")


def test_an_empty_buffer_says_so(rng):
    with pytest.raises(ValueError, match="empty"):
        ReplayBuffer(5, OBS_DIM, ACTION_DIM).sample(1, rng)


@pytest.mark.parametrize("sizes", [(0, 3, 1), (5, 0, 1), (5, 3, 0)])
def test_sizes_below_one_are_refused(sizes):
    with pytest.raises(ValueError, match="at least 1"):
        ReplayBuffer(*sizes)


@pytest.mark.parametrize("i", range(5))
def test_a_part_of_the_wrong_shape_is_refused_by_name_and_nothing_is_stored(i, rng):
    replay, transitions = filled(rng, 5, capacity=2)
    before = replay.rows.copy()
    parts = list(transitions[0])
    parts[i] = np.ones((1, 3))
    name = ("obs", "action", "reward", "next_obs", "terminated")[i]
    with pytest.raises(ValueError, match=rf"{name} has shape \(1, 3\)"):
        replay.add(*parts)
    np.testing.assert_array_equal(replay.rows, before)


def test_messages_of_the_buffer_name_shape_and_remedy(rng):
    buffer = ReplayBuffer(3, 2, 1)
    message = "^the replay buffer is empty: add a transition before sampling$"
    with pytest.raises(ValueError, match=message):
        buffer.sample(1, rng)
    with pytest.raises(ValueError, match=r"^obs has shape \(3,\), not \(2,\)$"):
        buffer.add(np.zeros(3), np.zeros(1), 0.0, np.zeros(2), False)


NUMBERS = st.floats(-1e6, 1e6, width=32)


class BufferAgainstDeque(RuleBasedStateMachine):
    """The replay buffer behaves like a deque of transitions under any operations."""

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
        obs += 1  # the caller may change its arrays
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


BufferAgainstDeque.TestCase.settings = settings(max_examples=12)
test_buffer_equals_a_deque = BufferAgainstDeque.TestCase


def test_sampling_is_uniform_by_chi_square():
    buffer, rng = ReplayBuffer(20, 1, 1), np.random.default_rng(3)
    for i in range(33):
        buffer.add(np.full(1, i), np.zeros(1), 0.0, np.zeros(1), False)
    drawn = buffer.sample(20_000, rng).obs[:, 0].astype(int)
    counts = np.bincount(drawn, minlength=33)
    assert counts[:13].sum() == 0  # overwritten
    assert ((counts[13:] - 1000) ** 2 / 1000).sum() < 43.8  # 99.9 % quantile at 19 degrees
