"""Compute chapter 05's results: the error of a critic of a fixed policy, given exact Q^μ.

N pairs of state and action. Only the critic learns here; the policy is written by hand.
"""

from typing import Any, NamedTuple

import numpy as np

from ...ddpg.config import Config
from ...ddpg.networks import Critic
from ...nn.adam import Adam, polyak_update
from ...nn.layers import Array
from ...verification.exact_pendulum import MAX_SPEED, MAX_TORQUE, exact_q, step

SEEDS, UPDATES, EVERY = 5, 10_000, 200
TRANSITIONS, PAIRS, BATCH = 10_000, 1_000, 64
RATE, DISCOUNT, TAU = 2e-3, 0.99, 0.005


class Transitions(NamedTuple):
    """Single steps, float32."""

    state: Array  # (N, 2): angle and speed
    obs: Array  # (N, 3): cosine and sine of the angle, speed
    action: Array  # (N, 1) in [−1, 1]
    reward: Array  # (N,)
    next_obs: Array  # (N, 3)
    next_action: Array  # (N, 1): μ(s')


class SwingByHand:
    """A policy of two rules: far from the top, push to reach its energy; near the top, balance.

    The energy is divided by the inertia, and is 0 for a pendulum at rest upright.
    """

    def predict(self, obs: Array, deterministic: bool = True) -> tuple[Array, None]:
        """Return torques (N, 1) in N m for obs (N, 3), and None."""
        cosine, sine, speed = np.asarray(obs, np.float64).T
        energy = speed**2 / 2 + 15 * (cosine - 1)
        torque = np.where(cosine > 0.9, -8 * sine - 2 * speed, -0.2 * energy * speed)
        return np.clip(torque, -MAX_TORQUE, MAX_TORQUE)[:, None], None

    def transitions(self, count: int, rng: np.random.Generator, along: int = 0) -> Transitions:
        """Draw `count` transitions: a random action in each of that many random states.

        If `along` is not 0, follow the policy instead, for that many steps from each start.
        """
        starts = count // (along or 1)
        angle = rng.uniform(-np.pi, np.pi, starts)
        speed = rng.uniform(-MAX_SPEED, MAX_SPEED, starts)
        parts = []
        for _ in range(along or 1):
            obs = _observed(angle, speed)
            action = (
                self.predict(obs)[0][:, 0] / MAX_TORQUE if along else rng.uniform(-1, 1, starts)
            )
            reward, *after = step(angle, speed, action)
            state = np.stack((angle, speed), axis=1)
            next_action = self.predict(_observed(*after))[0] / MAX_TORQUE
            parts.append((state, obs, action[:, None], reward, _observed(*after), next_action))
            angle, speed = after
        arrays = (np.concatenate(part) for part in zip(*parts, strict=True))
        return Transitions(*(part.astype(np.float32) for part in arrays))


def _observed(angle: Array, speed: Array) -> Array:
    return np.stack((np.cos(angle), np.sin(angle), speed), axis=1)


def evaluation() -> dict[str, Array]:
    """Return a critic's error over 10,000 updates, for three kinds of labels; seeds 0–4."""
    return {"update": _updates()} | {kind: _runs(kind) for kind in ("returns", "copy", "itself")}


def own_way() -> dict[str, Array]:
    """Return the error with y from the critic itself, in states that μ visits; seeds 0–4."""
    return {"update": _updates(), "itself": _runs("itself", along=100)}


def _updates() -> Array:
    return np.arange(0, UPDATES + 1, EVERY, dtype=np.int32)


def _runs(kind: str, **options: Any) -> Array:
    """Return errors (seeds, updates / EVERY + 1, 2): root mean square, and mean."""
    exact = exact_q(SwingByHand(), discount=DISCOUNT)
    return np.array([_run(exact, kind, seed, **options) for seed in range(SEEDS)], np.float32)


def _run(exact: Any, kind: str, seed: int, along: int = 0) -> list[tuple[float, float]]:
    data_rng, test_rng, batch_rng, weights_rng = np.random.default_rng(seed).spawn(4)
    data = SwingByHand().transitions(TRANSITIONS, data_rng, along)
    test = SwingByHand().transitions(PAIRS, test_rng, along)
    returns, reference = (exact.q(*pairs.state.T, pairs.action[:, 0]) for pairs in (data, test))
    critic = Critic(3, 1, Config(), weights_rng)
    copy = Critic(3, 1, Config())
    copy.theta[:] = critic.theta
    optimizer, bootstrap = Adam(critic.theta, RATE), critic if kind == "itself" else copy
    errors = []
    for update in range(UPDATES + 1):
        if update % EVERY == 0:
            error = critic.forward(test.obs, test.action)[0].astype(np.float64) - reference
            errors.append((float(np.sqrt(np.mean(error**2))), float(error.mean())))
        rows = batch_rng.integers(TRANSITIONS, size=BATCH)
        q, cache = critic.forward(data.obs[rows], data.action[rows])
        if kind == "returns":
            y = returns[rows].astype(np.float32)
        else:
            next_q, _ = bootstrap.forward(data.next_obs[rows], data.next_action[rows])
            y = data.reward[rows] + np.float32(DISCOUNT) * next_q
        optimizer.step(critic.backward(2 / np.float32(BATCH) * (q - y), cache))
        polyak_update(copy.theta, critic.theta, TAU)
    return errors


RESULTS = (evaluation, own_way)
