"""An evaluation consists of episodes without noise, each with its own seed."""

from types import SimpleNamespace

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Box
from gymnasium.wrappers import RescaleAction
from helpers import OBS_DIM
from strange_envs import Strange

from minddpg import DDPG, Config, evaluate
from minddpg.training.evaluation import discounted_returns, short
from minddpg.training.video import record_here


class Recorder:
    """A policy that records its calls."""

    def __init__(self):
        self.flags = []

    def predict(self, obs, deterministic=False):
        self.flags.append(deterministic)
        return np.array([1.0, 5.0]), None


def test_episode_i_resets_with_seed_plus_i_and_without_noise():
    strange, policy = Strange(truncate_at=4), Recorder()
    result = evaluate(policy, strange, episodes=3, seed=50)
    assert strange.seeds == [50, 51, 52]
    assert policy.flags == [True] * 12
    np.testing.assert_array_equal(result.returns, [4, 4, 4])
    np.testing.assert_array_equal(result.lengths, [4, 4, 4])


def test_mean_and_standard_deviation_are_over_episodes(rng):
    agent = DDPG(3, [-2], [2], Config(), rng)
    result = evaluate(agent, "Pendulum-v1", episodes=4, seed=7)
    assert result.returns.shape == result.lengths.shape == (4,)
    assert result.mean == pytest.approx(result.returns.mean())
    assert result.std == pytest.approx(result.returns.std())
    one_by_one = [evaluate(agent, "Pendulum-v1", 1, seed).mean for seed in (7, 8, 9, 10)]
    np.testing.assert_array_equal(result.returns, one_by_one)


def test_a_small_return_keeps_its_digits_and_only_zero_looks_like_zero():
    for number, wanted in (
        (-1234.56, "-1234.6"), (1.0, "1.0"), (0.0, "0.0"), (-0.0, "0.0"), (0.854, "0.854"),
        (-0.04, "-0.04"), (-3.3849e-08, "-3.38e-08"), (-np.inf, "-inf"),
    ):  # fmt: skip
        assert short(number) == wanted
    assert (short(2, 2, sign="+"), short(1e-3, 2, sign="+")) == ("+2.00", "+0.001")


def test_by_default_twenty_episodes_begin_at_seed_ten_thousand():
    strange = Strange(truncate_at=1)
    evaluate(Recorder(), strange)
    assert strange.seeds == list(range(10_000, 10_020))


def test_an_environment_by_its_id_is_discounted_too(rng):
    agent = DDPG(3, [-2], [2], Config(), rng)
    plain, discounted = (evaluate(agent, "Pendulum-v1", 1, discount=d).mean for d in (1.0, 0.9))
    assert plain < 5 * discounted < 0  # 200 costs, which a discount of 0.9 reduces to about ten


def test_evaluating_changes_nothing_in_the_agent(rng):
    agent = DDPG(OBS_DIM, [-1, 0], [3, 10], Config(), rng)
    before = agent.actor.theta.tobytes(), agent.exploration_rng.bit_generator.state
    evaluate(agent, Strange(truncate_at=5), episodes=2)
    assert (agent.actor.theta.tobytes(), agent.exploration_rng.bit_generator.state) == before


def test_a_discount_weighs_each_reward_by_its_delay():
    result = evaluate(Recorder(), Strange(truncate_at=4), episodes=1, discount=0.5)
    assert result.mean == 1 + 0.5 + 0.25 + 0.125


def test_discounted_returns_are_the_sums_from_each_step_on():
    np.testing.assert_allclose(discounted_returns([1, 2, 4], 0.5), [3, 4, 4])
    np.testing.assert_allclose(discounted_returns([1, 2, 4], 1.0), [7, 6, 4])
    np.testing.assert_allclose(discounted_returns([1, 1, 1], 0.5), [1.75, 1.5, 1])  # of integers


def test_an_error_of_an_evaluation_names_the_step_of_the_episode_and_its_seed():
    for trouble, what in (
        ((np.zeros(4), np.nan), "returned reward nan"),
        ((np.full(4, np.inf), 1.0), r"returned observation\[0\] = inf"),
        ((np.zeros(3), 1.0), "returned an observation of shape"),
    ):
        env = Strange(truncate_at=5, trouble={14: trouble})
        wanted = f"^step 4 of the episode with seed 52: Strange {what}"
        with pytest.raises(ValueError, match=wanted):
            evaluate(Recorder(), env, episodes=3, seed=50)


def test_what_cannot_act_is_refused_before_an_environment_is_made():
    for wrong, kind, hint in (
        (object(), "object", ""),
        ("policy.npz", "str", ""),
        (SimpleNamespace(agent=Recorder()), "SimpleNamespace", "; pass its .agent"),  # as a Run
    ):
        with pytest.raises(TypeError, match="an agent with a method predict: ") as caught:
            evaluate(wrong, "Nowhere-v0")
        assert str(caught.value).endswith(f": {kind} has none{hint}")


def test_no_episodes_and_endless_episodes_are_refused(monkeypatch):
    with pytest.raises(ValueError, match="episodes = 0"):
        evaluate(Recorder(), Strange(), episodes=0)
    monkeypatch.setattr("minddpg.training.evaluation.LONGEST_EPISODE", 50)
    with pytest.raises(ValueError, match="max_episode_steps"):
        evaluate(Recorder(), Strange(), episodes=1)


def test_an_agent_of_another_action_box_or_observation_size_is_refused_and_both_are_named(
    rng, tmp_path
):
    pendulum = DDPG(3, [-2], [2], Config(), rng)
    rescaled = RescaleAction(gym.make("Pendulum-v1"), np.float32([-1]), np.float32([1]))
    wanted = r"v1 takes actions in \[-1.0, 1.0\] in dimension 0; the agent .* \[-2.0, 2.0\]"
    with pytest.raises(ValueError, match=wanted):
        evaluate(pendulum, rescaled, 1)
    two = DDPG(4, [-1, 0], [3, 10], Config(), rng)
    for env, wanted in (
        (
            Strange(action_space=Box(np.float32([-1, 0]), np.float32([3, 9]))),
            r"\[0.0, 9.0\] in dim",
        ),
        (
            Strange(action_space=Box(np.float32([-2, 0]), np.float32([3, 10]))),
            r"\[-2.0, 3.0\] in d",
        ),
        (Strange(action_space=Box(-1, 1, (3,))), "4 observation entries and 3 .* for 4 and 2"),
        (Strange(Box(-1, 1, (5,))), "5 observation entries and 2 .* for 4 and 2"),
    ):
        with pytest.raises(ValueError, match=wanted):
            evaluate(two, env, 1)
        assert env.seeds == []  # before the first reset
    with pytest.raises(ValueError, match=r"3 observation entries and 1 action entries; .* 4 and 2"):
        record_here(two, "Pendulum-v1", 0, tmp_path / "a.gif")


def test_bounds_that_differ_by_the_rounding_of_their_dtype_are_the_same(rng):
    box = Box(np.float32([-0.1, 0]), np.float32([0.3, 10]))
    for dtype in (np.float64, np.float32):
        low, high = np.array([-0.1, 0], dtype), np.array([0.3, 10], dtype)
        evaluate(DDPG(4, low, high, Config(), rng), Strange(action_space=box, truncate_at=2), 1)
    with pytest.raises(ValueError, match=r"in \[-0.1.*, 0.3.*\] in dimension 0"):
        evaluate(DDPG(4, low, np.nextafter(high, 99), Config(), rng), Strange(action_space=box), 1)


def test_any_policy_without_a_box_of_its_own_can_be_evaluated():
    strange = Strange(action_space=Box(-1, 6, (2,)), truncate_at=3)
    assert evaluate(Recorder(), strange, 1).returns == 3
