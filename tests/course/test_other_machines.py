"""No verdict depends on how a machine rounds; a browser's NumPy has no BLAS, for example."""

import numpy as np

from minddpg import Actor, Config, Critic
from minddpg.course.ch06_policy_gradient.judged_losses import GROUPS, correct


def test_no_machine_computes_both_correct_losses_to_the_same_last_digit(rng):
    """Otherwise a judge that compares losses by == would be right on that machine."""
    config = Config(hidden_sizes=(3,), dtype="float64")
    for _ in range(20):
        networks = Actor(2, 1, config, rng), Critic(2, 1, config, rng)
        networks[1].theta[:] = rng.normal(size=networks[1].theta.shape)
        inputs = rng.normal(size=(5, 2)), rng.normal(size=(5, 1))
        loss, grad = correct(*networks, *inputs)
        other, other_grad = GROUPS["correct losses"][1]["one by one"](*networks, *inputs)
        assert other != loss
        np.testing.assert_allclose(other, loss, rtol=1e-12)
        np.testing.assert_allclose(other_grad, grad, rtol=1e-9, atol=1e-12)
