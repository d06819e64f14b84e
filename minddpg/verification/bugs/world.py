"""Bugs of actions, noise, environment and loop."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from ...ddpg.actions import ActionBox
from ...ddpg.agent import DDPG
from ...ddpg.networks import Actor, Critic
from ...ddpg.noise import GaussianNoise, OrnsteinUhlenbeckNoise
from ...nn.layers import Array
from ...training import evaluation as evaluation_module
from ...training.checkpoint import State
from ...training.environment import Environment
from .bug import NORM, Bug, Patch


def _unscaled(self: ActionBox, action: Array) -> Array:
    return np.asarray(np.clip(action.astype(self.low.dtype), self.low, self.high))


def _first_bound(self: ActionBox, action: Array) -> Array:
    return np.asarray(self.high[0] * action.astype(self.low.dtype))


def _unclipped(self: DDPG, obs: Array, explore: bool = False) -> Array:
    action: Array = np.asarray(self.actor.forward(np.asarray(obs, self.config.dtype))[0])
    if explore:
        noise = np.reshape([self.noise.sample() for _ in np.atleast_2d(action)], action.shape)
        action = (action + noise).astype(action.dtype)
    return action


def _one_sided(self: GaussianNoise) -> Array:
    return np.asarray(self.scale * np.abs(self.rng.standard_normal(self.action_dim)))


def _uniform(self: OrnsteinUhlenbeckNoise) -> Array:
    shock = self.scale * np.sqrt(self.dt) * self.rng.uniform(size=self.state.shape)
    self.state = (1 - self.theta * self.dt) * self.state + shock
    return self.state.copy()


def _step(change: Any) -> tuple[Patch, ...]:
    original = Environment.step

    def step(self: Environment, action: Array) -> tuple[Array, float, bool, bool]:
        outcome: tuple[Array, float, bool, bool] = change(self, *original(self, action))
        return outcome

    return ((Environment, "step", step),)


def _after_reset(
    self: Environment, obs: Array, reward: float, terminated: bool, truncated: bool
) -> Any:
    if terminated or truncated:
        obs = np.array(self.env.reset()[0])
    return obs, reward, terminated, truncated


def _one_start(self: State, env: Environment) -> None:
    self.episode_seed = self.eval_seed % 1_000
    self.episode_actions = []
    self.obs = env.reset(self.episode_seed)


def _noisily() -> tuple[Patch, ...]:
    original = evaluation_module.run_episode

    def episode(agent: Any, env: Environment, seed: int) -> list[float]:
        noisy = SimpleNamespace(
            predict=lambda obs, deterministic: agent.predict(obs, deterministic=False)
        )
        return original(noisy, env, seed)

    return ((evaluation_module, "run_episode", episode),)


def _acting_mode() -> tuple[Patch, ...]:
    act, value = Actor.forward, Critic.forward
    return (
        (Actor, "forward", lambda self, obs, training=False: act(self, obs)),
        (Critic, "forward", lambda self, obs, action, training=False: value(self, obs, action)),
    )


OU = {"noise": "ou", "noise_scale": 0.2}

BUGS = {
    "action-scale": Bug(
        "The action scale is forgotten: the environment gets the actor's [−1, 1] as it is.",
        ((ActionBox, "to_env", _unscaled),),
    ),
    "first-bound": Bug(
        "high[0] stands for every bound of every dimension.",
        ((ActionBox, "to_env", _first_bound),),
        "github.com/openai/spinningup, issue 125",
    ),
    "not-clipped": Bug(
        "Noisy actions are not clipped: the buffer and the critic see some outside [−1, 1].",
        ((DDPG, "act", _unclipped),),
    ),
    "ou-uniform": Bug(
        "Ornstein–Uhlenbeck noise is drawn from uniform numbers in [0, 1): it drifts to one side.",
        ((OrnsteinUhlenbeckNoise, "sample", _uniform),),
        "github.com/udacity/deep-reinforcement-learning, ddpg-pendulum/ddpg_agent.py",
        OU,
    ),
    "noise-one-sided": Bug(
        "The noise is never negative: it pushes every action towards its upper bound.",
        ((GaussianNoise, "sample", _one_sided),),
        "github.com/kcg2015/DDPG_numpy_only, ddpg_numpy.py",
    ),
    "noise-never-reset": Bug(
        "The noise walks on from one episode into the next.",
        ((OrnsteinUhlenbeckNoise, "reset", lambda self: None),),
        settings=OU,
    ),
    "no-warm-up": Bug(
        "The untrained policy fills the memory, and updates begin with the first full minibatch.",
        ((State, "is_warming_up", lambda self: False),),
        "github.com/rlworkgroup/garage, pull request 1981",
    ),
    "truncated-as-terminated": Bug(
        "The time limit is taken for the end of the MDP: no bootstrap at an episode's last step.",
        _step(lambda env, obs, r, terminated, limit: (obs, r, terminated or limit, limit)),
        "github.com/openai/baselines, issue 436",
    ),
    "reset-stored": Bug(
        "An episode's last transition leads to the first observation of the next one.",
        _step(_after_reset),
        "github.com/hill-a/stable-baselines, issue 769",
    ),
    "one-start": Bug(
        "Every training episode is reset with the same seed: there is one single start.",
        ((State, "begin_episode", _one_start),),
    ),
    "noisy-evaluation": Bug(
        "The exploration noise stays on while the policy is evaluated.", _noisily()
    ),
    "batch-norm-acting": Bug(
        "While training, batch norm uses its running statistics, as if it were acting.",
        _acting_mode(),
        settings=NORM,
    ),
}
