"""The agent on one page, the solution of exercise 10.1, is minddpg.DDPG."""

import numpy as np

from minddpg.course.ch10_your_ddpg.my_ddpg import NETWORKS
from minddpg.course.ch10_your_ddpg.package_agent import PackageDDPG
from minddpg.course.checks import EXERCISES, solution
from minddpg.course.list_networks import new_network
from minddpg.verification.random_inputs import sample_batch


def theta(agent, name):
    return np.concatenate(getattr(agent, name), axis=None)


def test_the_agent_on_one_page_equals_the_package_step_for_step():
    """They are compared in float64 after each of 1,000 updates and differ by about 1e-15."""
    rng = np.random.default_rng(10)
    networks = new_network((4, 7, 6, 2), rng), new_network((6, 7, 6, 1), rng)
    settings = 0.97, 0.03, 1e-3, 2e-3  # discount, tau, the actor's learning rate, the critic's
    mine, package = (make(*networks, *settings) for make in (solution("10.1"), PackageDDPG))
    start = {name: theta(mine, name) for name in NETWORKS}
    for update in range(1_000):
        batch = sample_batch(9, 4, 2, rng)
        mine.update(batch)
        package.update(batch)
        for name in NETWORKS:
            difference = np.abs(theta(mine, name) - theta(package, name)).max()
            assert difference < 1e-10, (update, name, difference)
    assert all(np.abs(theta(mine, name) - start[name]).max() > 0.01 for name in NETWORKS)
    np.testing.assert_allclose(mine.act(batch.obs), package.act(batch.obs), rtol=0, atol=1e-10)


def test_it_fits_on_a_page():
    assert len(EXERCISES["10.1"].solution.splitlines()) <= 200
