"""Five probe environments: tasks so small that pencil and paper give the correct answers.

An episode has one step, or two in probe 3. DDPG is off-policy, so minibatches of random actions
are drawn directly, without a training loop.

N batch, K states of a probe. The observation and the action are single numbers: S = A = 1.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from ...ddpg.replay import Batch
from ...nn.layers import Array
from ..list_networks import new_network, parameters_of
from .learning_agents import Arrays

PARTS = {  # probe: what it adds
    1: "the critic's step",
    2: "the critic's use of s",
    3: "the target y",
    4: "the actor's step",
    5: "the actor's use of s",
}
STATES = {1: (1.0,), 2: (-1.0, 1.0), 3: (-1.0, 1.0), 4: (1.0,), 5: (-1.0, 1.0)}
OF_ACTOR = (4, 5)  # probes of the actor; the others are of the critic
DISCOUNT = 0.6
SETTINGS = DISCOUNT, 0.1, 1e-3, 2e-2  # γ, τ, the actor's learning rate, the critic's
UPDATES, BATCH, HIDDEN = 300, 16, (16, 16)
BUGS = (  # as exercise 10.4 lists them
    "A: targets never move",
    "B: sum, not mean",
    "C: (N, N) broadcast",
    "D: slope at replayed a",
    "E: critic moves, too",
    "F: mean slope for all",
    "G: no end of episodes",
)
TRIED = (-0.5, 0.0, 0.5)  # actions at which Q is read
TOLERANCE = {1: 0.03, 2: 0.03, 3: 0.03, 4: 0.25, 5: 0.25}  # of values, and of actions


def minibatch(probe: int, rng: np.random.Generator) -> Batch:
    """Draw transitions of a probe, (BATCH, 1) each; the actions are uniform in [−1, 1]."""
    obs = rng.choice(STATES[probe], (BATCH, 1))
    action = rng.uniform(-1, 1, (BATCH, 1))
    s, a = obs[:, 0], action[:, 0]
    reward = {
        1: 2 + 0 * s,
        2: s,
        3: np.where(s < 0, -1.0, 2.0),
        4: 2 * (a - a**2),
        5: 2 * (s * a - a**2),
    }[probe]
    if probe == 3:  # from s = −1 to s = 1, where the episode ends
        return Batch(obs, action, reward, np.ones_like(obs), s > 0)
    return Batch(obs, action, reward, rng.permutation(obs), np.ones(BATCH, bool))


def learned(agent_class: Any, probe: int, seed: int = 0) -> Array:
    """Train an agent in a probe; return what it learned.

    Returns Q(s, a) (len(TRIED), K), or μ(s) (K,) of a probe of the actor.
    """
    rng = np.random.default_rng([probe, seed])
    networks = new_network((1, *HIDDEN, 1), rng), new_network((2, *HIDDEN, 1), rng)
    agent = agent_class(*networks, *SETTINGS)
    for _ in range(UPDATES):
        agent.update(minibatch(probe, rng))
    states = np.array(STATES[probe])[:, None]
    if probe in OF_ACTOR:
        return np.ravel(agent.act(states))
    critic = parameters_of(agent.critic, (2, *HIDDEN, 1))
    return np.array([_q(critic, states, a) for a in TRIED])


def _q(critic: Arrays, states: Array, action: float) -> Array:
    x = np.concatenate((states, np.full_like(states, action)), axis=1)
    for i in range(0, len(critic), 2):
        x = (np.maximum(x, 0) if i else x) @ critic[i] + critic[i + 1]
    q: Array = x[:, 0]
    return q


def errors(agent_class: Any, expected: Any, seed: int = 0) -> dict[int, float]:
    """Train an agent in each probe; return its largest distance from the expected values.

    Args:
        expected: what it should learn in each probe: Q(s, a) (K,), or μ(s) (K,).
    """
    pairs = zip(PARTS, expected, strict=True)
    return {
        probe: float(np.abs(learned(agent_class, probe, seed) - np.asarray(values)).max())
        for probe, values in pairs
    }


def rows(agents: Mapping[str, Any], expected: Any) -> dict[str, list[float]]:
    """Return the error of each agent in each probe; leave out those that stop with an error."""
    found = {}
    for name, agent_class in agents.items():
        with np.errstate(all="ignore"), suppress(Exception):  # it may be unfinished code
            found[name] = list(errors(agent_class, expected).values())
    return found


def failed(found: Sequence[float]) -> list[bool]:
    """Say for each probe, in order, whether its error is NaN or above the tolerance."""
    return [not error <= TOLERANCE[p] for p, error in zip(PARTS, found, strict=True)]


def medians(starts: Array) -> dict[str, list[float]]:
    """Return the median error in each probe, by bug.

    Args:
        starts: errors of correct code and of the bugs, (1 + len(BUGS), starts, 5).
    """
    return dict(zip(BUGS, np.median(starts[1:], axis=1).tolist(), strict=True))
