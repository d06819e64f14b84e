"""Slow tests: agents learn, and run in every kind of environment."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pytest
from learning_jobs import inverted_pendulum_returns, pendulum_return

from minddpg import Config, evaluate, train
from minddpg.verification.exact_pendulum import solve

pytestmark = pytest.mark.slow


def in_parallel(job, arguments):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return list(pool.map(job, arguments))


def test_pendulum_is_solved_on_every_seed():
    """No setting was chosen on these seeds and starts; a random policy's regret is about 1,080."""
    exact = evaluate(solve(), "Pendulum-v1", episodes=50, seed=30_000).mean
    regrets = exact - np.array(in_parallel(pendulum_return, range(200, 206)))
    assert np.median(regrets) <= 12
    assert regrets.max() <= 30


def test_inverted_pendulum_is_solved_with_pendulums_settings():
    """The best saved policy scores at least 950 of 1,000 on at least four seeds of five."""
    _, best = np.array(in_parallel(inverted_pendulum_returns, range(200, 205))).T
    assert (best >= 950).sum() >= 4


@pytest.mark.parametrize(
    "env_id",
    ["MountainCarContinuous-v0", "LunarLanderContinuous-v3", "InvertedPendulum-v5", "Reacher-v5"],
)
@pytest.mark.parametrize("preset", ["pendulum", "paper"])
def test_every_kind_of_environment_runs_unchanged(env_id, preset):
    config = Config.preset(preset, env_id=env_id, total_steps=3_000, eval_every=1_500)
    if preset == "paper":
        config = replace(config, hidden_sizes=(64, 48))
    run = train(replace(config, eval_episodes=2), progress=False)
    assert np.isfinite(run.history["train/critic_loss"][-1])
    assert np.isfinite(run.history["eval/mean_reward"][-1])
