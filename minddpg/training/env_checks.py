"""Check an environment before the first step: its class, its spaces, its bounds."""

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces

from ..ddpg.actions import ActionBox
from .env_errors import raise_env_error


def check_environment(env: Any) -> str:
    """Refuse what DDPG cannot train on; return the environment's name.

    Raises:
        TypeError: it is not a Gymnasium environment, or a vector environment; a space is missing
            or not a Box; or actions are not real numbers.
        ValueError: observations that are images or empty, or an action box that is empty or not
            bounded in some dimension.
        EnvError: one of its attributes raised an error.
    """
    if isinstance(env, gym.vector.VectorEnv):
        raise TypeError("this is a vector environment, DDPG needs a single one: use gymnasium.make")
    if _of_old_gym(env):
        raise TypeError(
            f"{type(env).__name__} is an environment of the old package gym; write"
            "  import gymnasium as gym  in it, and let reset and step return what Gymnasium expects"
        )
    if not isinstance(env, gym.Env):
        raise TypeError(f"{env!r} is not a Gymnasium environment: derive it from gymnasium.Env")
    name = env.spec.id if env.spec else type(env.unwrapped).__name__
    _check_observation_space(name, _space(name, env, "observation_space"))
    _check_action_space(name, _space(name, env, "action_space"))
    return name


def _space(name: str, env: Any, attribute: str) -> Any:
    try:
        space = getattr(env, attribute)
    except AttributeError:
        hint = f"its __init__ must set self.{attribute}"
        raise TypeError(f"{name} has no {attribute}: {hint}") from None
    except BaseException as error:
        raise_env_error(error, f"the {attribute} of {name}")
    if _of_old_gym(space):
        raise TypeError(
            f"{name} has an {attribute} of the old package gym; DDPG needs gymnasium.spaces.Box"
        )
    return space


def _of_old_gym(thing: Any) -> bool:
    return any(base.__module__.split(".")[0] == "gym" for base in type(thing).__mro__)


def _check_observation_space(name: str, space: Any) -> None:
    if not isinstance(space, spaces.Box):
        raise TypeError(
            f"{name} has {type(space).__name__} observations; DDPG needs a Box of numbers"
            " (gymnasium.wrappers.FlattenObservation can make one)"
        )
    if space.shape == (0,):
        raise ValueError(f"{name} has observations without entries, of shape (0,)")
    if len(space.shape) != 1:
        kind, way = "not a vector", " (gymnasium.wrappers.FlattenObservation can make one)"
        if len(space.shape) == 3:
            kind, way = "images", " of features"
        shape = f"observations of shape {space.shape}, {kind}"
        raise ValueError(f"{name} has {shape}; DDPG's MLPs need a vector{way}")


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
            what = "with equal bounds" if least == most else "with reversed bounds"
            what = what if finite else "that is unbounded"
            raise ValueError(
                f"{name} has an action box {what} in dimension {i}: [{least}, {most}];"
                " tanh needs finite bounds, low below high"
                " (gymnasium.wrappers.TransformAction can change them)"
            )
    try:
        ActionBox(low, high)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
