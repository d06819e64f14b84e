"""Warn of wrappers that normalise by running statistics, which no checkpoint can hold."""

import inspect
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from .own_warnings import warn

OF_OBSERVATIONS = "set normalize_obs = True (--normalize-obs) instead"
OF_REWARDS = "scale the rewards by a constant instead (gymnasium.wrappers.TransformReward)"
NAMES = {"obs_rms", "ret_rms", "return_rms", "reward_rms"}
NAMES |= {"running_mean", "running_var", "running_std", "running_mean_std"}


def warn_of_running_statistics(env: Any, name: str) -> None:
    """Warn of each wrapper of an environment that updates running statistics."""
    for layer in _layers(env):
        names = [key for key, value in vars(layer).items() if _is_statistics(key, value)]
        if not names or _is_frozen(layer):
            continue
        of_rewards = any(part in names[0] for part in ("ret", "rew"))
        what = "rewards" if of_rewards else "observations"
        warn(
            f"{name}: {type(layer).__name__} normalises {what} by running statistics ({names[0]}),"
            f" which every instance has separately and no checkpoint saves: evaluations, watch"
            f" and a resumed run see other {what} than training did;"
            f" {OF_REWARDS if of_rewards else OF_OBSERVATIONS}",
            stacklevel=3,
        )


def _layers(env: Any) -> Iterator[Any]:
    """Yield an environment's wrappers from the outside in, and the environment itself."""
    seen = list[int]()
    while env is not None and id(env) not in seen and hasattr(env, "__dict__"):
        seen.append(id(env))
        yield env
        env = vars(env).get("env", vars(env).get("_env"))


def _is_statistics(name: str, value: Any) -> bool:
    """Recognise statistics by their usual names, or an object by its mean, variance and count."""
    if value is None or isinstance(value, bool):
        return False
    return name.lstrip("_") in NAMES or (
        _has_value(value, "mean")
        and any(_has_value(value, spread) for spread in ("var", "std", "M2"))
        and any(_has_value(value, count) for count in ("count", "n"))
    )


def _has_value(thing: Any, name: str) -> bool:
    """Return whether this attribute exists and is not a method, as a DataFrame's mean is."""
    nothing = object()
    found = inspect.getattr_static(thing, name, nothing)
    return found is not nothing and not callable(found)


def _is_frozen(layer: Any) -> bool:
    """Return whether the updates are switched off, by Gymnasium's attribute or by another."""
    for switch in ("update_running_mean", "training"):
        with suppress(Exception):  # a property may raise
            if getattr(layer, switch, True) is False:
                return True
    return False
