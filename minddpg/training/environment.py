"""The boundary to Gymnasium: check what an environment returns, so that no other code has to.

S observation entries, A action entries.
"""

import difflib
import numbers
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces

from ..ddpg.agent import DivergenceError
from ..nn.layers import Array

# folder in gymnasium.envs -> our extra that installs what it needs
EXTRAS = {"box2d": "box2d", "mujoco": "mujoco", "classic_control": "render"}
LARGEST = float(np.finfo(np.float32).max)
REMEDY = "lower the learning rates; docs/how-to/when-it-does-not-learn.md has more"


class Environment:
    """Give flat arrays from a Gymnasium environment with a Box of observations and one of actions.

    Attributes:
        obs_dim: S, the entries of an observation; it is cast to the agent's dtype where the agent
            takes it.
        action_low, action_high: (A,), in the environment's units.
        steps: what messages count: the steps so far, or those of the episode in an evaluation.
        episode: what messages add to that number: "", or which episode's steps they are.

    Raises:
        TypeError: not a Gymnasium environment, a vector environment, a space that is not a Box, or
            actions that are not real numbers.
        ValueError: an image, an empty action box, or one that some dimension does not bound.
    """

    def __init__(self, env: Any):
        if not hasattr(env, "action_space"):
            raise TypeError(f"{env!r} is not a Gymnasium environment")
        if isinstance(env, gym.vector.VectorEnv):
            raise TypeError("this is a vector environment: DDPG here steps one; use gymnasium.make")
        name = env.spec.id if env.spec else type(env.unwrapped).__name__
        _check_observation_space(name, env.observation_space)
        _check_action_space(name, env.action_space)
        self.env, self.name = env, name
        (self.obs_dim,) = env.observation_space.shape
        self.action_shape, self.action_dtype = env.action_space.shape, env.action_space.dtype
        self.action_low = env.action_space.low.ravel()
        self.action_high = env.action_space.high.ravel()
        self.steps, self.episode = 0, ""

    def reset(self, seed: int) -> Array:
        """Start the episode that belongs to this seed; return its first observation (S,).

        Raises:
            ValueError: not an (observation, info) pair, or an observation that step() would refuse.
        """
        outcome = self.env.reset(seed=seed)
        if not (isinstance(outcome, tuple) and len(outcome) == 2):
            raise ValueError(f"{self.name}.reset did not return an (observation, info) pair")
        return self._checked_obs(outcome[0])

    def step(self, action: Array) -> tuple[Array, float, bool, bool]:
        """Take an action (A,) in the environment's units.

        Returns obs (S,), reward, terminated (the MDP ended), truncated (a time limit).

        Raises:
            DivergenceError: the action is NaN or infinite.
            ValueError: an entry of observation or reward is NaN, infinite or beyond float32, or
                the observation changed its shape; names the step and the field. Or the action has
                another size, or the environment did not return a tuple of five.
        """
        self.steps += 1
        action = np.asarray(action)
        if action.size != self.action_low.size:
            wanted = f"{self.name} takes {self.action_low.size} numbers"
            raise ValueError(f"{self._when()}: the action has shape {action.shape}, {wanted}")
        if not np.isfinite(action).all():
            what = f"the action is {action}: the actor has diverged; {REMEDY}"
            raise DivergenceError(f"{self._when()}: {what}")
        outcome = self.env.step(action.reshape(self.action_shape).astype(self.action_dtype))
        if not (isinstance(outcome, tuple) and len(outcome) == 5):
            raise ValueError(
                f"{self.name}.step returned {_kind(outcome)}; Gymnasium's are a tuple of five:"
                " observation, reward, terminated, truncated, info"
            )
        obs, reward, terminated, truncated, _ = outcome
        if not isinstance(reward, numbers.Real) or not abs(float(reward)) <= LARGEST:
            what = f"returned reward {reward!r}; a real number is wanted, of float32's range"
            raise ValueError(f"{self._when()}: {self.name} {what}")
        return self._checked_obs(obs), float(reward), bool(terminated), bool(truncated)

    def close(self) -> None:
        """Close the environment."""
        self.env.close()

    def _when(self) -> str:
        return f"step {self.steps}{self.episode}"

    def _checked_obs(self, obs: Any) -> Array:
        array = np.array(obs)  # a copy: an environment may write its next one into the same memory
        if array.shape != (self.obs_dim,):
            raise ValueError(
                f"{self._when()}: {self.name} returned an observation of shape {array.shape},"
                f" its space says ({self.obs_dim},)"
            )
        usable = np.abs(array) <= LARGEST  # False for NaN too
        if not usable.all():
            i = int(np.argmin(usable))
            raise ValueError(f"{self._when()}: {self.name} returned observation[{i}] = {array[i]}")
        return array


def make(env_id: str, **options: Any) -> Environment:
    """Make an environment by its Gymnasium id, or by module:Name-v0.

    Raises:
        ValueError: no environment has this id; names the nearest.
        ImportError: a package is missing; names the extra to install.
        TypeError, ValueError: Environment refuses it.
    """
    try:
        return Environment(gym.make(env_id, disable_env_checker=True, **options))
    except gym.error.UnregisteredEnv as error:
        near = difflib.get_close_matches(env_id.split(":")[-1], gym.registry, n=3, cutoff=0.5)
        hint = f"nearest: {', '.join(near)}" if near else "gymnasium.registry lists all"
        raise ValueError(f"environment {env_id!r} is not registered; {hint}") from error
    except (gym.error.DependencyNotInstalled, ImportError) as error:
        raise missing_package(env_id, error) from error
    except gym.error.Error as error:
        raise ValueError(f"environment {env_id!r}: {error}") from error


def missing_package(env_id: str, error: Exception) -> ImportError:
    """Return an ImportError that names the extra which installs what this environment needs."""
    entry_point = str(getattr(gym.registry.get(env_id), "entry_point", ""))
    for folder, extra in EXTRAS.items():
        if f"envs.{folder}" in entry_point:
            return ImportError(
                f"{env_id} needs packages that are not installed: pip install 'minddpg[{extra}]'"
                f" (in a clone: pip install -e '.[{extra}]')"
            )
    return ImportError(f"{env_id}: {error}")


def _check_observation_space(name: str, space: Any) -> None:
    if not isinstance(space, spaces.Box):
        raise TypeError(
            f"{name} has {type(space).__name__} observations; DDPG needs a Box of numbers"
            " (gymnasium.wrappers.FlattenObservation can make one)"
        )
    if len(space.shape) != 1:
        kind = "images" if len(space.shape) == 3 else "not a vector"
        raise ValueError(
            f"{name} has observations of shape {space.shape}, {kind}; DDPG's MLPs need a vector"
            " (gymnasium.wrappers.FlattenObservation can make one)"
        )


def _check_action_space(name: str, space: Any) -> None:
    if not isinstance(space, spaces.Box):
        hint = "; a continuous version may exist" if "Discrete" in type(space).__name__ else ""
        raise TypeError(
            f"{name} has {type(space).__name__} actions; DDPG needs a Box of real numbers{hint}"
        )
    if space.dtype is None or space.dtype.kind != "f":
        raise TypeError(f"{name} has {space.dtype} actions; DDPG's actions are real numbers")
    low, high = space.low.ravel(), space.high.ravel()
    if not low.size:
        raise ValueError(f"{name} has an empty action box, of shape {space.shape}")
    for i, (least, most) in enumerate(zip(low, high, strict=True)):
        if not (np.isfinite(least) and np.isfinite(most) and least < most):
            finite = np.isfinite(least) and np.isfinite(most)
            what = "unbounded" if not finite else "degenerate" if least == most else "reversed"
            raise ValueError(
                f"{name} has an action box that is {what} in dimension {i}: [{least}, {most}];"
                " tanh needs finite bounds, low below high"
                " (gymnasium.wrappers.TransformAction can give it others)"
            )


def _kind(outcome: Any) -> str:
    if outcome is None:
        return "None"
    is_tuple = isinstance(outcome, tuple)
    return f"{len(outcome)} values" if is_tuple else f"a {type(outcome).__name__}"
