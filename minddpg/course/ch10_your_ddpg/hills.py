"""Chapter 10's recordings: one run, episode by episode: the critic's words, its actor's truth.

N states.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...training.evaluation import evaluate
from ...verification.exact_pendulum import PENDULUM, TIME_LIMIT, exact_q, solve
from .one_page import backward, forward
from .one_page_runs import EVALUATED_ON, Exploring, pieces

SEED, FIRST = 0, 5  # the first five episodes are the warm-up
ANGLES, ACTIONS = np.linspace(-np.pi, np.pi, 41), np.linspace(-1, 1, 11)
STATES, GRID = 500, 151  # replayed states on which slopes are compared; of exact Q^μ
NEAR = 0.1  # a true slope is the difference of Q at a ± this: Q has cliffs
STEEP = 1.0  # return per unit of action
TENTHS = 10  # maps are kept as whole tenths, to be small


def hills() -> dict[str, Array]:
    """Draw up Q*, exact Q^μ and learned Q after each episode of one run, 8,000 steps, seed 0."""
    star = solve()
    frames = []
    for i, (agent, replay) in enumerate(pieces(SEED, TIME_LIMIT), 1):
        if i >= FIRST:
            rng = np.random.default_rng(i)
            frames.append({"episode": i, **_frame(agent, replay.sample(STATES, rng).obs, star)})
    table = {name: np.array([frame[name] for frame in frames]) for name in frames[0]}
    return {
        "angles": ANGLES.astype(np.float32),
        "actions": ACTIONS.astype(np.float32),
        "q_star": _kept(star.q(ANGLES, 0 * ANGLES, ACTIONS[:, None])),
        **table,
    }


def _frame(agent: Exploring, obs: Array, star: Any) -> dict[str, Any]:
    """Look at one moment: maps (ACTIONS, ANGLES) at speed 0, and slopes on replayed states."""
    truth = exact_q(agent, GRID)
    slice_obs = np.stack((np.cos(ANGLES), np.sin(ANGLES), 0 * ANGLES), axis=1)
    learned = np.array([_learned(agent, slice_obs, 0 * ANGLES + a)[0] for a in ACTIONS])
    slope_theta, slope_mu = _slopes(agent, slice_obs, truth)
    learned_slope, true_slope = _slopes(agent, obs, truth)
    agree = np.sign(learned_slope) == np.sign(true_slope)
    is_steep = np.abs(true_slope) > STEEP
    return {
        "q_mu": _kept(truth.q(ANGLES, 0 * ANGLES, ACTIONS[:, None])),
        "q_theta": _kept(learned),
        "action": agent.act(slice_obs)[:, 0].astype(np.float32),  # μ at the slice's states
        "slope_theta": slope_theta.astype(np.float32),
        "slope_mu": slope_mu.astype(np.float32),
        "slope_star": _slopes(agent, slice_obs, star)[1].astype(np.float32),
        "agree": np.float32(agree.mean()),  # share of replayed states with slopes of one sign
        "agree_steep": np.float32(agree[is_steep].mean()),
        "steep": np.float32(is_steep.mean()),
        "return": np.float32(evaluate(agent, PENDULUM, 10, EVALUATED_ON).mean),
    }


def _slopes(agent: Exploring, obs: Array, truth: Any) -> tuple[Array, Array]:
    """Return the learned slope in a at μ(s), and the true one: both (N,)."""
    action = agent.act(obs)[:, 0]
    angle, speed = np.arctan2(obs[:, 1], obs[:, 0]), obs[:, 2]
    low, high = np.maximum(action - NEAR, -1), np.minimum(action + NEAR, 1)
    true = (truth.q(angle, speed, high) - truth.q(angle, speed, low)) / (high - low)
    return _learned(agent, obs, action)[1], true


def _learned(agent: Exploring, obs: Array, action: Array) -> tuple[Array, Array]:
    """Return Q (N,) and dQ/da (N,) of the learned critic."""
    q, inputs = forward(agent.page.critic, np.concatenate((obs, action[:, None]), axis=1))
    dq_dx, _ = backward(agent.page.critic, inputs, np.ones_like(q))
    return q[:, 0], dq_dx[:, -1]


def _kept(values: Array) -> Array:
    return np.round(TENTHS * values).astype(np.int16)
