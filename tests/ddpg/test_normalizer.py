"""normalize_obs: the input of the networks in place of an observation."""

import copy

import numpy as np
import pytest
from strange_envs import Strange

from minddpg import DDPG, Batch, Config, evaluate, resume, train
from minddpg.ddpg.normalizer import LIMIT, Normalizer
from minddpg.nn.gradcheck import check_gradient
from minddpg.training.environment import Environment

LOW, HIGH = np.array([-1.0, 2.0]), np.array([3.0, 10.0])
SMALL = {
    "total_steps": 90, "warmup_steps": 20, "batch_size": 8, "hidden_sizes": (5,), "log_every": 30,
    "eval_every": 45, "eval_episodes": 1, "checkpoint_every": 60, "normalize_obs": True,
}  # fmt: skip


def test_the_moments_are_those_of_all_observations_so_far(rng):
    observations = rng.uniform([0, -5, 1e6], [180, 5, 1e6 + 1], (400, 3))
    normalizer = Normalizer(3, "float64")
    for obs in observations:
        normalizer.add(obs)
    expected = (observations - observations.mean(axis=0)) / observations.std(axis=0)
    np.testing.assert_allclose(normalizer(observations), expected, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(normalizer(observations)[7], normalizer(observations[7]))


def test_before_the_first_observation_nothing_is_scaled_and_a_constant_never_is():
    normalizer = Normalizer(2, "float64")
    np.testing.assert_array_equal(normalizer(np.array([3.0, -4.0])), [3, -4])
    for x in (1.0, 2.0, 4.0):
        normalizer.add(np.array([0.1, x]))
    np.testing.assert_array_equal(normalizer(np.array([0.1, 7 / 3]))[0], 0)
    assert normalizer(np.array([1.1, 0]))[0] == pytest.approx(1.0)


def test_rounding_is_no_change(rng):
    """cos² + sin² is 1 up to rounding, and its last digit contains no information."""
    angle = rng.uniform(0, 7, 500)
    for dtype in ("float32", "float64"):
        normalizer = Normalizer(2, dtype)
        ones = np.cos(angle.astype(dtype)) ** 2 + np.sin(angle.astype(dtype)) ** 2
        assert ones.std() > 0
        for one, x in zip(ones, 1 + 1e-4 * angle, strict=True):
            normalizer.add(np.array([one, x], dtype))
        normal = normalizer(np.stack((ones, 1 + 1e-4 * angle), axis=1))
        assert np.abs(normal[:, 0]).max() < 1e-5
        assert normal[:, 1].std() == pytest.approx(1, rel=1e-2)


def test_what_lies_far_outside_is_cut_off_at_ten_standard_deviations():
    normalizer = Normalizer(1, "float64")
    for x in (0.0, 180.0):
        normalizer.add(np.array([x]))
    np.testing.assert_array_equal(
        normalizer(np.array([[1e9], [-1e9], [90.0]]))[:, 0], [LIMIT, -LIMIT, 0]
    )


class Scaled(Strange):
    """The same world in other units: its observations are those of Strange times 2^k."""

    def __init__(self, exponents):
        super().__init__(truncate_at=25)
        self.scale = 2.0 ** np.array(exponents)

    def _obs(self):
        return self.scale * super()._obs()


def trained_on(exponents, monkeypatch, **settings):
    monkeypatch.setattr("minddpg.training.loop.make", lambda _: Environment(Scaled(exponents)))
    return train(Config(**{**SMALL, **settings}), progress=False).agent


def test_units_of_observations_change_not_one_bit_of_what_is_learned(monkeypatch):
    plain, others = (trained_on(k, monkeypatch) for k in ((0, 0, 0, 0), (7, -9, 0, 3)))
    np.testing.assert_array_equal(plain.actor.theta, others.actor.theta)
    np.testing.assert_array_equal(plain.critic.theta, others.critic.theta)
    off = [trained_on(k, monkeypatch, normalize_obs=False) for k in ((0, 0, 0, 0), (7, -9, 0, 3))]
    assert not np.array_equal(off[0].actor.theta, off[1].actor.theta)


def test_every_training_observation_counts_once_and_no_evaluations_does(monkeypatch):
    kept = []
    original = Normalizer.add
    monkeypatch.setattr(
        Normalizer, "add", lambda self, obs: (kept.append(obs), original(self, obs))
    )
    agent = trained_on((7, 0, 0, 0), monkeypatch)
    assert len(kept) == 90 + 1 + 90 // 25  # of each step, and of each reset
    assert agent.normalizer.moments[0] == len(kept)
    np.testing.assert_allclose(agent.normalizer.moments[1:5], np.mean(kept, axis=0, dtype=float))


def test_update_normalises_both_observations_and_leaves_the_batch_alone(rng):
    agent = DDPG(3, LOW, HIGH, Config(**SMALL), rng)
    for obs in rng.uniform(0, 180, (50, 3)):
        agent.observe(obs)
    obs, next_obs = rng.uniform(0, 180, (2, 6, 3))
    batch = Batch(obs, rng.uniform(-1, 1, (6, 2)), rng.normal(size=6), next_obs, np.arange(6) < 2)
    before, plain = copy.deepcopy(batch), copy.deepcopy(agent)
    plain.normalizer = None
    plain.update(batch._replace(obs=agent.normalize(obs), next_obs=agent.normalize(next_obs)))
    agent.update(batch)
    for name, theta in agent.arrays().items():
        if name != "obs_moments":
            np.testing.assert_array_equal(theta, plain.arrays()[name], err_msg=name)
    for one, other in zip(batch, before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_acting_sees_the_observations_from_which_the_agent_learned(rng):
    """The replay memory stores float32, which far from 0 differs from the observation."""
    agent = DDPG(1, LOW, HIGH, Config(**SMALL), rng)
    observations = 1e8 + rng.uniform(-30, 30, (40, 1))
    for obs in observations:
        agent.observe(obs)
    np.testing.assert_array_equal(
        agent.normalize(observations), agent.normalize(observations.astype(np.float32))
    )
    rounded = observations.astype(np.float32).astype(float)
    assert agent.normalizer.moments[1] == pytest.approx(rounded.mean(), rel=1e-15)


def test_numpys_error_settings_stop_neither_acting_nor_learning(rng):
    agent = DDPG(3, LOW, HIGH, Config(**SMALL), rng)
    for network in (agent.actor, agent.critic):
        network.theta[:] *= 1e-30
    batch = Batch(
        *(np.full(shape, 1e-25, np.float32) for shape in ((6, 3), (6, 2), 6, (6, 3))),
        np.zeros(6, bool),
    )
    with np.errstate(all="raise"):
        agent.act(np.full(3, 1e-25))
        agent.update(batch)


def test_the_gradients_are_right_at_normalised_observations(rng):
    config = Config(**{**SMALL, "dtype": "float64"})
    agent = DDPG(3, LOW, HIGH, config, rng)
    for obs in rng.uniform(0, 180, (50, 3)):
        agent.observe(obs)
    obs = agent.normalize(rng.uniform(0, 180, (7, 3)))

    def loss(theta):
        agent.actor.theta[:] = theta
        return agent.actor_loss(obs)[0]

    theta = rng.normal(size=agent.actor.theta.shape)
    agent.actor.theta[:] = theta
    assert check_gradient(loss, theta, agent.actor_loss(obs)[1]).passed


def test_a_saved_agent_and_a_resumed_run_keep_the_moments(tmp_path):
    config = Config(**{**SMALL, "total_steps": 260, "checkpoint_every": 100})
    whole = train(config, tmp_path / "whole", progress=False)
    loaded = DDPG.load(tmp_path / "whole" / "policy.npz")
    obs = np.random.default_rng(0).uniform(-1, 1, (9, 3))
    np.testing.assert_array_equal(loaded.predict(obs)[0], whole.agent.predict(obs)[0])
    assert loaded.normalizer.moments[0] > 260
    train(
        config,
        tmp_path / "cut",
        progress=False,
        on_row=lambda row: row["time/total_timesteps"] >= 120,
    )
    again = resume(tmp_path / "cut", progress=False)
    for name, array in whole.agent.arrays().items():
        np.testing.assert_array_equal(array, again.agent.arrays()[name], err_msg=name)
    evaluate(loaded, "Pendulum-v1", 1)
    np.testing.assert_array_equal(loaded.normalizer.moments, whole.agent.normalizer.moments)
