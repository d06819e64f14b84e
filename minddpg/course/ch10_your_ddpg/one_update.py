"""The arrays of one update, of the package's agent early in training."""

import gymnasium as gym
import numpy as np

from ...ddpg.config import Config
from ...ddpg.replay import ReplayBuffer
from ...nn.layers import Array
from ...training.loop import train
from ...verification.exact_pendulum import PENDULUM, TIME_LIMIT

BATCH = 16


def arrays_of_an_update() -> dict[str, list[tuple[str, Array]]]:
    """Train for 1,000 updates, play an episode; return the arrays of an update on part of it."""
    agent = train(Config(total_steps=2_000, dtype="float64"), progress=False).agent
    replay = ReplayBuffer(TIME_LIMIT, 3, 1, dtype="float64")
    env = gym.make(PENDULUM)
    obs, _ = env.reset(seed=1)
    for _ in range(TIME_LIMIT):
        action = agent.act(obs, explore=True)
        next_obs, reward, terminated, *_ = env.step(agent.action_box.to_env(action))
        replay.add(obs, action, float(reward), next_obs, terminated)
        obs = next_obs
    env.close()
    batch = replay.sample(BATCH, np.random.default_rng(2))
    next_action, _ = agent.target_actor.forward(batch.next_obs)  # (N, A)
    next_q, _ = agent.target_critic.forward(batch.next_obs, next_action)  # (N,)
    y = agent.td_target(batch)  # (N,)
    q, _ = agent.critic.forward(batch.obs, batch.action)  # (N,)
    mu, _ = agent.actor.forward(batch.obs)  # (N, A)
    _, cache = agent.critic.forward(batch.obs, mu)
    dq_da = agent.critic.action_gradient(cache)  # (N, A)
    return {  # without batch.terminated, which is False throughout
        "minibatch": list(zip(("$s$", "$a$", "$r$", "$s'$"), batch[:4], strict=True)),
        "step 5: target": [("$\\mu'(s')$", next_action), ("$Q'$", next_q), ("$y$", y)],
        "step 6: critic": [("$Q$", q), ("$Q - y$", q - y), ("$∂L/∂Q$", 2 / BATCH * (q - y))],
        "step 7: actor": [("$\\mu(s)$", mu), ("$∇_a Q$", dq_da), ("$∂(-J)/∂a$", -dq_da / BATCH)],
    }
