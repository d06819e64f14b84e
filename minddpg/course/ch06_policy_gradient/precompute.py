"""Compute chapter 06's results: trained critics, their slopes, actors that climb them.

R replayed rows, C checkpoints.
"""

from contextlib import closing
from typing import Any

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...experiments.metrics import FIRST_START
from ...nn.adam import Adam
from ...nn.layers import Array
from ...training.checkpoint import State
from ...training.environment import make
from ...training.evaluation import evaluate
from ...training.loop import train_from
from ...verification.exact_pendulum import MAX_SPEED, PENDULUM, exact_q, solve
from ..study_results import curve, rows_of

ROWS, SEEDS = 2_000, range(5)
CHECKPOINTS = (0, 50, 100, 200, 500, 1_000, 1_500, 2_000)  # updates of a climb
EPISODES = 20  # of an evaluation
HIDDEN, PAIRS, FITTING = 32, 40_000, 20_000  # of the hill: units, pairs (s, a), updates
UNIT = 50.0  # of the fitted values, in units of return


def agent() -> dict[str, Array]:
    """Train the default for 12,000 steps, seed 0: θ of both networks, 2,000 replayed rows."""
    trained, obs, action = _trained(0)
    theta = {"actor": trained.actor.theta, "critic": trained.critic.theta}
    return {**theta, "obs": obs, "replayed_action": action}


def hill() -> dict[str, Array]:
    """Fit a critic of one hidden layer, H tanh units, to Q*, the exact solution of Pendulum.

    w1 (4, H), b1 (H,), w2 (H, 1), b2 (1,); its input is [observation | action].
    """
    rng = np.random.default_rng(0)
    angle, speed = rng.uniform(-np.pi, np.pi, PAIRS), rng.uniform(-MAX_SPEED, MAX_SPEED, PAIRS)
    action = rng.uniform(-1, 1, PAIRS)
    y = solve(151).q(angle, speed, action) / UNIT
    x = np.stack((np.cos(angle), np.sin(angle), speed, action), axis=1)
    theta = np.zeros(6 * HIDDEN + 1)
    w1, b1, w2, b2 = np.split(theta, [4 * HIDDEN, 5 * HIDDEN, 6 * HIDDEN])  # views
    w1, w2 = w1.reshape(4, HIDDEN), w2.reshape(HIDDEN, 1)
    w1[:], b1[:] = rng.uniform(-1, 1, w1.shape), rng.uniform(-1, 1, HIDDEN)
    w1[2] /= 3  # speeds reach 8
    optimizer = Adam(theta, learning_rate=1e-2)
    for update in range(FITTING):
        optimizer.learning_rate = 1e-2 * (1 - update / FITTING)
        i = rng.integers(PAIRS, size=256)
        h = np.tanh(x[i] @ w1 + b1)
        grad_q = 2 * (h @ w2 + b2 - y[i, None]) / len(i)
        grad_z = grad_q @ w2.T * (1 - h**2)
        parts = x[i].T @ grad_z, grad_z.sum(axis=0), h.T @ grad_q, grad_q.sum(axis=0)
        optimizer.step(np.concatenate(parts, axis=None))
    fitted = {"w1": w1, "b1": b1, "w2": UNIT * w2, "b2": UNIT * b2}
    return {name: array.astype(np.float32) for name, array in fitted.items()}


def climbs() -> dict[str, Array]:
    """Let new actors climb trained critics that no longer change, for seeds 0–4.

    Each seed climbs twice: at the states of the replay buffer, and at states from everywhere.
    `q` is the mean of Q(s, μ(s)) over the replay's states, `returns` the mean return of twenty
    episodes.
    """
    results: dict[str, list[Any]] = {"q": [], "returns": [], "trained_q": [], "trained_returns": []}
    for seed in SEEDS:
        trained, replayed, _ = _trained(seed)
        results["trained_q"].append(-trained.actor_loss(replayed)[0])
        results["trained_returns"].append(evaluate(trained, PENDULUM, EPISODES, FIRST_START).mean)
        both = [_climb(trained, obs, replayed, seed) for obs in (replayed, _anywhere(seed))]
        results["q"].append([q for q, _ in both])
        results["returns"].append([returns for _, returns in both])
    arrays = {name: np.array(values, np.float32) for name, values in results.items()}
    return {**arrays, "updates": np.array(CHECKPOINTS)}


def slopes() -> dict[str, Array]:
    """Compare Q and ∇a Q of trained critics with exact Q^μ and ∇a Q^μ, at μ(s): seeds 0–4.

    The states are 200 rows of each seed's replay buffer; the exact values come from exact_q on
    151 × 151 points.
    """
    results: dict[str, list[Array]] = {"q": [], "exact_q": [], "slope": [], "exact_slope": []}
    for seed in SEEDS:
        trained, obs, _ = _trained(seed)
        obs = obs[:200]
        action, _ = trained.actor.forward(obs)
        q, cache = trained.critic.forward(obs, action)
        exact, h = exact_q(trained, size=151), 0.01
        state = np.arctan2(obs[:, 1], obs[:, 0]).astype(float), obs[:, 2].astype(float)
        low, middle, high = (exact.q(*state, action[:, 0] + d) for d in (-h, 0, h))
        results["q"].append(q)
        results["exact_q"].append(middle)
        results["slope"].append(trained.critic.action_gradient(cache)[:, 0])
        results["exact_slope"].append((high - low) / (2 * h))
    return {name: np.array(values, np.float32) for name, values in results.items()}


def broken() -> dict[str, Array]:
    """Read the study `zoo`, seeds 1000–1004: returns and Q of correct code and of three bugs.

    12,000 steps of Pendulum. `returns` is of ten starts, without noise; `q_low` and `q_high` are
    the range of Q on replayed pairs.
    """
    variants = ("correct", "actor-sign", "actor-moves-critic", "replayed-action")
    names = {"return": "returns", "q_min": "q_low", "q_max": "q_high"}
    runs = [rows_of("zoo", variant=variant) for variant in variants]
    arrays = {
        name: np.array([curve(rows, measure) for rows in runs]) for measure, name in names.items()
    }
    return {**arrays, "variants": np.array(variants)}


def _trained(seed: int) -> tuple[DDPG, Array, Array]:
    """Train with the defaults; return the agent, and R replayed obs (R, 3) and actions (R, 1)."""
    config = Config(seed=seed)
    with closing(make(PENDULUM)) as env, closing(make(PENDULUM)) as eval_env:
        state = State(config, env)
        run = train_from(state, env, eval_env)
    batch = state.replay.sample(ROWS, np.random.default_rng(seed))
    return run.agent, batch.obs, batch.action


def _anywhere(seed: int) -> Array:
    """Draw R states uniformly over all angles and speeds: obs (R, 3)."""
    rng = np.random.default_rng(seed)
    angle, speed = rng.uniform(-np.pi, np.pi, ROWS), rng.uniform(-MAX_SPEED, MAX_SPEED, ROWS)
    return np.stack((np.cos(angle), np.sin(angle), speed), axis=1).astype(np.float32)


def _climb(trained: DDPG, obs: Array, judged: Array, seed: int) -> tuple[list[float], float]:
    """Let a new actor climb the critic, which does not change; return Q (C,) and the return."""
    rng = np.random.default_rng(seed + 100)
    box = trained.action_box
    new = DDPG(trained.obs_dim, box.low, box.high, Config(seed=seed), rng)
    new.critic.theta[:] = trained.critic.theta
    climbed = []
    for update in range(CHECKPOINTS[-1] + 1):
        if update in CHECKPOINTS:
            climbed.append(float(-new.actor_loss(judged)[0]))
        _, grad_theta = new.actor_loss(obs[rng.integers(len(obs), size=64)])
        new.actor_optimizer.step(grad_theta)
    return climbed, evaluate(new, PENDULUM, EPISODES, FIRST_START).mean


RESULTS = (agent, hill, climbs, slopes, broken)
