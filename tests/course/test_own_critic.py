"""The critic of chapter 05 consists of the learner's layers of chapter 04."""

from typing import Any

import numpy as np
import pytest

from minddpg import Critic
from minddpg.course.ch05_critic import own_critic
from minddpg.course.checks import EXERCISES

(LINEAR, RELU) = (EXERCISES[number].reference for number in ("04.1", "04.2"))
(START,) = EXERCISES["04.5"].reference


def in_float32(function: Any) -> Any:
    """Return a function whose results are float32."""

    def single(*arguments: Any) -> Any:
        results = function(*arguments)
        return tuple(np.float32(each) for each in results)

    return single


def test_the_gradient_of_a_critic_of_own_layers_is_right() -> None:
    for start in (START, in_float32(START)):
        critic = own_critic.OwnCritic(LINEAR, RELU, start, np.random.default_rng(1))
        rng = np.random.default_rng(2)
        critic.theta[:] = 0.3 * rng.standard_normal(critic.theta.shape)
        obs, action = rng.standard_normal((5, 3)), rng.standard_normal((5, 1))
        weights = rng.standard_normal(5)
        q, cache = critic.forward(obs, action)
        assert q.shape == (5,)
        grad = critic.backward(weights, cache)
        assert grad.shape == critic.theta.shape
        for i in range(0, len(grad), 37):
            values = []
            for change in (1e-6, -2e-6):
                critic.theta[i] += change
                values.append(weights @ critic.forward(obs, action)[0])
            critic.theta[i] += 1e-6
            assert grad[i] == pytest.approx((values[0] - values[1]) / 2e-6, abs=1e-6), i


def test_a_new_critic_of_own_layers_predicts_almost_0() -> None:
    make, numbers = own_critic.critics(LINEAR, RELU, START)
    q, _ = make(3).forward(np.ones((4, 3)), np.ones((4, 1)))
    assert np.abs(q).max() < 0.02
    assert numbers in ((), own_critic.NUMBERS)  # depends on the speed of this machine


def test_slow_layers_give_way_to_the_packages_critic_and_a_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(own_critic, "SLOWEST", 0)
    make, numbers = own_critic.critics(LINEAR, RELU, START)
    assert isinstance(make(0), Critic)
    assert numbers == ()
    assert "the package's critic is used" in capsys.readouterr().out
    monkeypatch.setattr(own_critic, "SLOWEST", np.inf)
    make, numbers = own_critic.critics(LINEAR, RELU, START)
    assert isinstance(make(0), own_critic.OwnCritic)
    assert numbers == own_critic.NUMBERS
