"""Play the episodes of chapter 00: one that starts hanging at rest, and some that fill a buffer.

T steps.
"""

from typing import Any

import gymnasium as gym
import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.replay import ReplayBuffer
from ...nn.layers import Array
from ...verification.exact_pendulum import MAX_TORQUE, PENDULUM


class FullForce:
    """A policy that always pushes to one side with full force."""

    def predict(self, obs: Array) -> tuple[Array, None]:
        """Return the largest torque."""
        return np.array([MAX_TORQUE]), None


def play(agent: Any) -> tuple[Array, ...]:
    """Play an episode from hanging at rest: angles, torques and rewards (T,) each, obs (T, 3)."""
    with gym.make(PENDULUM) as env:
        env.reset(seed=0)
        state: Any = env.unwrapped
        state.state = np.array([np.pi, 0.0])
        obs = np.array([-1.0, 0.0, 0.0], np.float32)
        terminated = truncated = False
        steps = []
        while not (terminated or truncated):
            action, _ = agent.predict(obs)
            next_obs, reward, terminated, truncated, _ = env.step(action)
            torque = np.clip(action[0], -MAX_TORQUE, MAX_TORQUE)
            steps.append((np.arctan2(obs[1], obs[0]), torque, reward, obs))
            obs = next_obs
    return tuple(np.array(column) for column in zip(*steps, strict=True))


def filled_buffer(agent: DDPG, steps: int) -> ReplayBuffer:
    """Let an agent act with its noise, 40 steps an episode; return a buffer of the transitions."""
    replay = ReplayBuffer(capacity=steps, obs_dim=3, action_dim=1)
    with gym.make(PENDULUM, max_episode_steps=40) as env:
        obs, _ = env.reset(seed=0)
        for step in range(steps):
            action = agent.act(obs, explore=True)
            motor = agent.action_box.to_env(action)
            next_obs, reward, terminated, truncated, _ = env.step(motor)
            replay.add(obs, action, float(reward), next_obs, terminated)
            obs = env.reset(seed=step)[0] if truncated else next_obs
    return replay
