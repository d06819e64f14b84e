"""Helpers for the tests. On purpose, all dimensions differ; bounds are unequal and off-centre."""

from dataclasses import replace

import numpy as np

from minddpg import DDPG, Batch, Config

OBS_DIM, ACTION_DIM, BATCH_SIZE = 4, 2, 7
LOW, HIGH = np.array([-1.0, 0.0], np.float32), np.array([3.0, 10.0], np.float32)


def make_agent(rng, **settings):
    config = replace(Config(hidden_sizes=(8, 6), dtype="float64"), **settings)
    return DDPG(OBS_DIM, LOW, HIGH, config, rng)


def make_batch(rng, size=BATCH_SIZE, dtype=np.float64):
    return Batch(
        obs=rng.standard_normal((size, OBS_DIM)).astype(dtype),
        action=rng.uniform(-1, 1, (size, ACTION_DIM)).astype(dtype),
        reward=rng.standard_normal(size).astype(dtype),
        next_obs=rng.standard_normal((size, OBS_DIM)).astype(dtype),
        terminated=np.arange(size) % 3 == 1,
    )


def randomise(agent, rng, scale=0.5):
    """Change every network's initial weights, so that no small or equal weight hides a mistake."""
    for network in (agent.actor, agent.critic, agent.target_actor, agent.target_critic):
        network.theta[:] = scale * rng.standard_normal(network.theta.shape)


def of_theta(network, value):
    """Make `value()` a function of the network's θ."""

    def at(theta):
        network.theta[:] = theta
        return value()

    return at


def for_each(cases):
    """Make one test of many cases; it names every case that fails, and why."""

    def one_test(check):
        def test():
            failures = []
            for case in cases:
                try:
                    check(case)
                except (Exception, SystemExit) as error:
                    failures.append(f"{case}: {type(error).__name__}: {error}")
            assert not failures, "\n\n".join(failures)

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        return test

    return one_test
