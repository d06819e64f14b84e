"""The random inputs of checks have the promised properties, and depend only on the seed."""

import numpy as np
import pytest

from minddpg.verification.random_inputs import sample_agent, sample_array, sample_batch


def test_an_array_keeps_its_distance_from_zero_on_both_sides():
    drawn = sample_array(40, 50)
    assert drawn.shape == (40, 50)
    assert 0.2 <= np.abs(drawn).min() < 0.21
    assert 1.49 < np.abs(drawn).max() <= 1.5
    assert np.mean(drawn > 0) == pytest.approx(0.5, abs=0.05)
    assert np.mean(np.abs(drawn)) == pytest.approx(0.85, abs=0.03)  # uniform between
    assert sample_array().shape == ()


def test_an_array_depends_on_seed_and_shape_alone():
    np.testing.assert_array_equal(sample_array(3, 2), sample_array(3, 2, seed=0))
    assert not np.any(sample_array(3, 2) == sample_array(3, 2, seed=1))
    assert not np.any(sample_array(3, 2).ravel() == sample_array(2, 3).ravel())


def test_a_batch_has_a_termination_in_every_three_rows(rng):
    batch = sample_batch(8, 3, 2, rng)
    assert [field.shape for field in batch] == [(8, 3), (8, 2), (8,), (8, 3), (8,)]
    assert batch.terminated.tolist() == [i % 3 == 1 for i in range(8)]
    assert np.abs(sample_batch(2_000, 1, 1, rng).action).max() <= 1
    assert sample_batch(2_000, 1, 1, rng).action.min() < -0.99
    assert sample_batch(2_000, 1, 1, rng).action.max() > 0.99


def test_an_agent_has_unlike_bounds_and_targets_apart_from_its_networks(rng):
    agent, batch = sample_agent((5, 3, 2, (6, 4)), rng, tau=0.3)
    assert agent.action_box.low.tolist() == [-1, -2]
    assert agent.action_box.high.tolist() == [2, 3]
    assert (agent.config.dtype, agent.config.tau) == ("complex128", 0.3)
    assert agent.config.hidden_sizes == (6, 4)
    assert batch.obs.shape == (5, 3)
    for online, target in ("actor", "target_actor"), ("critic", "target_critic"):
        apart = getattr(agent, target).theta - getattr(agent, online).theta
        assert apart.std() == pytest.approx(0.1, rel=0.4)
        assert not apart.imag.any()


def test_updates_come_from_a_twin_and_reach_every_array():
    def arrays(updates):
        agent, _ = sample_agent(
            (5, 3, 2, (6, 4)), np.random.default_rng(2), updates, batch_norm=True, action_layer=1
        )
        return agent.arrays()

    none, few, more = arrays(0), arrays(1), arrays(40)
    without, _ = sample_agent(
        (5, 3, 2, (6, 4)), np.random.default_rng(2), batch_norm=True, action_layer=1
    )
    for name, array in without.arrays().items():  # by default there are no updates
        np.testing.assert_array_equal(array, none[name])
    assert all(array.dtype == np.complex128 for array in more.values())
    for name in few:
        assert not np.array_equal(few[name], more[name]), name
        assert np.isfinite(more[name]).all(), name
