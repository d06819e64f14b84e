"""DDPG (Lillicrap et al., arXiv:1509.02971), algorithm 1: the losses, their gradients, the update.

N batch, S observation entries, A action entries. Inside, actions are in [−1, 1].
"""

import copy
import math
from html import escape
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.random import Generator

from ..nn.adam import Adam
from ..nn.layers import Array
from ..storage import (
    as_checkpoint_error,
    check_format,
    checked,
    copy_into,
    load_arrays,
    save_arrays,
)
from .actions import ActionBox
from .config import Config
from .malloc import raise_mmap_threshold
from .networks import Actor, Critic
from .noise import make_noise
from .normalizer import Normalizer
from .replay import Batch

FORMAT = 1  # of saved agents
NETWORKS = ("actor", "critic", "target_actor", "target_critic")
REMEDY = (  # for numbers that are no longer finite
    "smaller rewards or learning rates may help;"
    " https://minddpg.github.io/minddpg/how-to/when-it-does-not-learn.html has more"
)


class DivergenceError(ValueError):
    """A number that training depends on is no longer finite."""


class DDPG:
    """An actor and a critic, a target network of each, their optimisers, and exploration noise.

    Args:
        obs_dim: S, the entries of an observation.
        action_low, action_high: the environment's bounds, (A,) each, finite, low < high.
        rng: spawns one stream for the weights and one for exploration.

    Attributes:
        actor, critic, target_actor, target_critic: the networks, each with its live `theta`. With
            config.normalize_obs they take observations as normalize() returns them.
        td_error: Q(s, a) − y of the last update, before its steps, (N,); [0.] before the first one.

    Raises:
        ValueError: as in ActionBox.
    """

    def __init__(
        self, obs_dim: int, action_low: Array, action_high: Array, config: Config, rng: Generator
    ):
        self.action_box = ActionBox(action_low, action_high)
        self.obs_dim, self.action_dim = obs_dim, self.action_box.dim
        self.config = config
        weights_rng, self.exploration_rng = rng.spawn(2)
        self.actor = Actor(obs_dim, self.action_dim, config, weights_rng)
        self.critic = Critic(obs_dim, self.action_dim, config, weights_rng)
        self.target_actor = copy.deepcopy(self.actor)
        self.target_critic = copy.deepcopy(self.critic)
        self.actor_optimizer = Adam(self.actor.theta, config.actor_learning_rate)
        decay = config.critic_weight_decay * self.critic.weight_mask()
        self.critic_optimizer = Adam(self.critic.theta, config.critic_learning_rate, decay)
        self.noise = make_noise(config, self.action_dim, self.exploration_rng)
        self.normalizer = Normalizer(obs_dim, config.dtype) if config.normalize_obs else None
        self.td_error: Array = np.zeros(1, config.dtype)
        raise_mmap_threshold()  # without it, updates of large networks take half as long again

    def __repr__(self) -> str:
        actor, critic = self._networks()
        return f"<{type(self).__name__}: {actor}\n  {critic}>"

    def _repr_html_(self) -> str:
        cells = "".join(f"<tr><td>{escape(each)}</td></tr>" for each in self._networks())
        return f"<table><caption>{type(self).__name__}</caption>{cells}</table>"

    def _networks(self) -> list[str]:
        # get, because an agent may be shown before it has its networks
        return [repr(vars(self).get(name)) for name in ("actor", "critic")]

    def observe(self, obs: Array) -> None:
        """Add an observation (S,) of a training episode to the normalizer, if there is one."""
        if self.normalizer:
            self.normalizer.add(np.asarray(obs, self.config.dtype))  # as in the replay buffer

    def normalize(self, obs: Array) -> Array:
        """Return obs (S,) or (N, S) as the networks take it: in their dtype, normalised if set."""
        obs = np.asarray(obs, self.config.dtype)
        return self.normalizer(obs).astype(obs.dtype) if self.normalizer else obs

    def td_target(self, batch: Batch) -> Array:
        """Return y = r + γ (1 − terminated) Q'(s', μ'(s')), (N,): a constant in θ^Q (eq. 5)."""
        next_action, _ = self.target_actor.forward(batch.next_obs)
        next_q, _ = self.target_critic.forward(batch.next_obs, next_action)
        return batch.reward + self.config.discount * np.where(batch.terminated, 0, next_q)

    def critic_loss(
        self, batch: Batch, y: Array, forward: tuple[Array, Any] | None = None
    ) -> tuple[Any, Array]:
        """Return L = 1/N Σ (Q(s, a) − y)² and dL/dθ^Q (eq. 4).

        Args:
            forward: what the critic's forward returned for this batch, if it has been run already.

        Raises:
            ValueError: y is not (N,).
        """
        q, cache = forward or self.critic.forward(batch.obs, batch.action, training=True)
        if q.shape != y.shape:
            raise ValueError(f"y has shape {y.shape}, not {q.shape} as Q(s, a)")
        error = q - y
        return error @ error / len(error), self.critic.backward(2 / len(error) * error, cache)

    def actor_loss(self, obs: Array) -> tuple[Any, Array]:
        """Return −1/N Σ Q(s, μ(s)) and its gradient −1/N Σ ∇a Q · ∇θ μ in θ^μ (eq. 6)."""
        action, actor_cache = self.actor.forward(obs, training=True)
        q, critic_cache = self.critic.forward(obs, action, training=True)
        dq_da = self.critic.action_gradient(critic_cache)
        grad_action = -dq_da / len(obs)
        return -q.sum() / len(obs), self.actor.backward(grad_action, actor_cache)

    @np.errstate(all="ignore")  # a value that is not finite raises an error at the end
    def update(self, batch: Batch) -> dict[str, float]:
        """Improve the critic, then the actor, then let both targets follow a little.

        Raises:
            DivergenceError: a loss or a value is NaN or infinite; names it and the update.
        """
        batch = batch._replace(
            obs=self.normalize(batch.obs), next_obs=self.normalize(batch.next_obs)
        )
        y = self.td_target(batch)
        forward = self.critic.forward(batch.obs, batch.action, training=True)
        q, _ = forward
        self.td_error = q - y
        critic_loss, critic_grad = self.critic_loss(batch, y, forward)
        self.critic_optimizer.step(critic_grad)
        actor_loss, actor_grad = self.actor_loss(batch.obs)
        self.actor_optimizer.step(actor_grad)
        self.critic.update_running_statistics(batch.obs)
        self.actor.update_running_statistics(batch.obs)
        self.target_critic.follow(self.critic, self.config.tau)
        self.target_actor.follow(self.actor, self.config.tau)
        metrics = {
            "q_mean": float(q.sum() / len(q)),
            "q_min": float(q.min()),
            "q_max": float(q.max()),
            "critic_loss": float(critic_loss),
            "actor_loss": float(actor_loss),
        }
        for name, value in metrics.items():
            if not math.isfinite(value):
                what = f"{name} is {value}; {REMEDY}"
                raise DivergenceError(f"update {self.actor_optimizer.steps}: {what}")
        return metrics

    @np.errstate(all="ignore")  # Environment refuses actions that are not finite
    def act(self, obs: Array, explore: bool = False) -> Array:
        """Return μ(s), with noise if exploring, in [−1, 1]: obs (N, S) to (N, A), or (S,) to (A,).

        In a batch, each row gets the next draw. Ornstein–Uhlenbeck noise is one walk, so
        successive rows are correlated like its successive steps.
        """
        action, _ = self.actor.forward(self.normalize(obs))
        if not explore:
            return action
        if action.ndim == 1:
            noise = self.noise.sample()
        else:
            noise = np.reshape([self.noise.sample() for _ in action], action.shape)
        # faster than np.clip on arrays as small as an action
        noisy: Array = np.minimum(np.maximum(action + noise, -1), 1).astype(action.dtype)
        return noisy

    def random_action(self) -> Array:
        """Draw an action (A,) uniformly from [−1, 1], for the warm-up."""
        return self.exploration_rng.uniform(-1, 1, self.action_dim).astype(self.config.dtype)

    def predict(
        self, obs: Array, state: Any = None, episode_start: Any = None, deterministic: bool = True
    ) -> tuple[Array, None]:
        """Return the action for obs (S,) or (N, S), in the environment's units, and None.

        The signature is Stable-Baselines3's. `state` and `episode_start` are for recurrent
        policies and are ignored. With deterministic=False the exploration noise is added.

        Raises:
            ValueError: the observation has another size.
        """
        obs = np.asarray(obs)
        if obs.ndim not in (1, 2) or obs.shape[-1] != self.obs_dim:
            raise ValueError(f"obs has shape {obs.shape}, not (S,) or (N, S), S = {self.obs_dim}")
        return self.action_box.to_env(self.act(obs, explore=not deterministic)), None

    def arrays(self) -> dict[str, Array]:
        """Return the live arrays by name: each θ, and the running statistics, if any."""
        thetas = {name: getattr(self, name).theta for name in NETWORKS}
        measured = {f"{name}_statistics": getattr(self, name).statistics for name in NETWORKS}
        moments = {"obs_moments": self.normalizer.moments} if self.normalizer else {}
        return thetas | (measured if self.config.batch_norm else {}) | moments

    def save(self, path: str | Path) -> None:
        """Write the networks, the bounds and the config to one .npz file, atomically."""
        save_arrays(path, **self.saved())

    def saved(self) -> dict[str, Any]:
        """Return everything that `save` writes."""
        box = {"action_low": self.action_box.low, "action_high": self.action_box.high}
        about = {"format": FORMAT, "config": self.config.to_json(), "obs_dim": self.obs_dim}
        return {**about, **box, **self.arrays()}

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read an agent that `save` wrote; Adam's moments and the noise start anew.

        Raises:
            CheckpointError: the file is missing, damaged, or not a saved agent of this class.
        """
        arrays = load_arrays(path)
        with as_checkpoint_error(path):
            check_format(arrays, FORMAT)
            config = Config.from_json(str(checked(arrays, "config", "U")))
            obs_dim = int(checked(arrays, "obs_dim", "iu", least=1))
            low = checked(arrays, "action_low", "f", (-1,))
            high = checked(arrays, "action_high", "f", (-1,))
            check_sizes(arrays, obs_dim, low.size, config)
            agent = cls(obs_dim, low, high, config, np.random.default_rng(0))
            unknown = arrays.keys() - agent.saved().keys()
            missing = agent.arrays().keys() - arrays.keys()
            if unknown or missing:
                what = f"no {min(missing)}" if missing else f"{min(unknown)}, unknown to this class"
                raise ValueError(f"not a saved {cls.__name__}: it holds {what}")
            copy_into(agent.arrays(), arrays)
            check_variances(agent.arrays())
        return agent


def check_sizes(arrays: dict[str, Array], obs_dim: int, action_dim: int, config: Config) -> None:
    """Check the size of the saved actor before an agent of the configured size takes memory.

    Raises:
        ValueError: they differ; a damaged config may name much larger networks than the file has.
    """
    theta = checked(arrays, "actor", "f", (-1,))
    statistics = arrays["actor_statistics"] if config.batch_norm else None
    try:
        Actor(obs_dim, action_dim, config, None, theta, statistics)
    except ValueError as error:
        names = "config, obs_dim, action_low, actor and actor_statistics"
        raise ValueError(f"{names} do not fit together: {error}") from None


def check_variances(arrays: dict[str, Array]) -> None:
    """Check that no variance of a batch norm or of the normalizer is negative.

    Raises:
        ValueError: one is; names the array.
    """
    for name, array in arrays.items():
        if name.endswith(("_statistics", "_moments")):  # variances, or squares, are the last half
            checked({name: array[-(len(array) // 2) :]}, name, "f", (-1,), least=0)
