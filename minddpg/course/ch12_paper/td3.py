"""TD3 (Fujimoto et al., arXiv:1802.09477): DDPG with three changes.

N batch.
"""

from typing import Any

import numpy as np
from numpy.random import Generator

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...ddpg.networks import Critic
from ...ddpg.replay import Batch
from ...nn import Adam
from ...nn.layers import Array


class TD3(DDPG):
    """DDPG with a second critic, a smoothed target, and a delayed actor."""

    delay, smoothing, noise_clip = 2, 0.2, 0.5
    combine: Any = np.minimum

    def __init__(
        self, obs_dim: int, action_low: Array, action_high: Array, config: Config, rng: Generator
    ):
        if config.batch_norm:
            raise ValueError("batch_norm = True: must be False; TD3 tracks no statistics")
        if config.normalize_obs:
            raise ValueError("normalize_obs = True: must be False; TD3's update does not normalise")
        super().__init__(obs_dim, action_low, action_high, config, rng)
        weights_rng, self.smoothing_rng = rng.spawn(2)
        self.critic2 = Critic(obs_dim, self.action_dim, config, weights_rng)
        rate = config.critic_learning_rate
        decay = config.critic_weight_decay * self.critic2.weight_mask()
        self.critic2_optimizer = Adam(self.critic2.theta, rate, decay)
        self.target_critic2 = Critic(obs_dim, self.action_dim, config)
        self.target_critic2.theta[:] = self.critic2.theta
        self.updates, self.last_actor_loss = 0, 0.0

    def td_target(self, batch: Batch) -> Array:
        """Return y = r + γ (1 − terminated) min(Q'₁, Q'₂)(s', ã), ã near μ'(s'): (N,)."""
        action, _ = self.target_actor.forward(batch.next_obs)
        noise = self.smoothing * self.smoothing_rng.standard_normal(action.shape)
        noise = np.clip(noise, -self.noise_clip, self.noise_clip)
        action = np.clip(action + noise, -1, 1).astype(action.dtype)
        q1, _ = self.target_critic.forward(batch.next_obs, action)
        q2, _ = self.target_critic2.forward(batch.next_obs, action)
        next_q = np.where(batch.terminated, 0, self.combine(q1, q2))
        return batch.reward + self.config.discount * next_q

    def update(self, batch: Batch) -> dict[str, float]:
        """Improve both critics; at every `delay`-th update also the actor, and move the targets.

        Unlike DDPG's, it does not raise at NaN.
        """
        y = self.td_target(batch)
        q, cache = self.critic.forward(batch.obs, batch.action, training=True)
        about_q = {"q_mean": float(q.mean()), "q_min": float(q.min()), "q_max": float(q.max())}
        self.td_error = q - y
        loss, grad = self.critic_loss(batch, y, (q, cache))
        self.critic_optimizer.step(grad)
        q, cache = self.critic2.forward(batch.obs, batch.action, training=True)
        self.critic2_optimizer.learning_rate = self.critic_optimizer.learning_rate
        self.critic2_optimizer.step(self.critic2.backward(2 / len(q) * (q - y), cache))
        self.updates += 1
        if self.updates % self.delay == 0:
            actor_loss, actor_grad = self.actor_loss(batch.obs)
            self.last_actor_loss = float(actor_loss)
            self.actor_optimizer.step(actor_grad)
            self.target_critic.follow(self.critic, self.config.tau)
            self.target_critic2.follow(self.critic2, self.config.tau)
            self.target_actor.follow(self.actor, self.config.tau)
        return {**about_q, "critic_loss": float(loss), "actor_loss": self.last_actor_loss}

    def arrays(self) -> dict[str, Array]:
        """Return the live arrays of the six networks by name, as `save` stores them."""
        second = {"critic2": self.critic2.theta, "target_critic2": self.target_critic2.theta}
        return super().arrays() | second
