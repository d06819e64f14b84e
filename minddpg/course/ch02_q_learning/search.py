"""Three ways to an action with a large Q: a grid, gradient ascent in the action, an actor.

K states.
"""

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...nn.layers import Array

POINTS = 201  # of the grid with which the others are compared


def agent_of(actor: Array, critic: Array) -> DDPG:
    """Return an agent for Pendulum with these parameters."""
    agent = DDPG(3, np.array([-2.0]), np.array([2.0]), Config(), np.random.default_rng(0))
    agent.actor.theta[:], agent.critic.theta[:] = actor, critic
    return agent


def ascend(agent: DDPG, obs: Array, start: float, steps: int = 20, eta: float = 0.05) -> Array:
    """Climb Q(s, ·) from one action; return the actions on the way (steps + 1, K, 1)."""
    action = np.full((len(obs), 1), start, np.float32)
    path = [action]
    for _ in range(steps):
        _, cache = agent.critic.forward(obs, action)
        dq_da = agent.critic.action_gradient(cache)
        action = np.clip(action + np.float32(eta) * dq_da, -1, 1)
        path.append(action)
    return np.array(path)


def values(agent: DDPG, obs: Array, action: Array) -> Array:
    """Return Q (K,) of actions (K, 1)."""
    q: Array = agent.critic.forward(obs, action)[0]
    return q


def curves(agent: DDPG, obs: Array) -> tuple[Array, Array]:
    """Return the actions of a fine grid (POINTS,), and Q there (K, POINTS)."""
    along = np.linspace(-1, 1, POINTS, dtype=np.float32)
    q = [values(agent, obs, np.full((len(obs), 1), a, np.float32)) for a in along]
    return along, np.array(q).T


def comparison(agent: DDPG, obs: Array) -> str:
    """Return a text: how far Q is below the best of the grid on average, for each way."""
    best = curves(agent, obs)[1].max(axis=1)
    ways = (
        ("actor", agent.act(obs), 1),
        ("ascent, 5 steps", ascend(agent, obs, 0.0, 5)[-1], 10),
        ("ascent, 20 steps", ascend(agent, obs, 0.0, 20)[-1], 40),
    )
    lines = [f"{len(obs)} states: how far Q is below the best of {POINTS} actions | network calls"]
    for name, action, calls in ways:
        lines.append(f"{name:17} {np.mean(best - values(agent, obs, action)):5.2f} | {calls:3}")
    return "\n".join(lines)
