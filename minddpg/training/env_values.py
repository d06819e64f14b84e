"""Check what an environment returns: observation, reward and flags.

S observation entries. Each function returns the value, or raises a ValueError with a text that
follows the environment's name.
"""

import numbers
import reprlib
from typing import Any

import numpy as np

from ..nn.layers import Array

# a float32, because a Python float compared with a float16 would become infinite
LARGEST = np.finfo(np.float32).max
LARGEST_REWARD = float(LARGEST)


def as_observation(obs: Any, obs_dim: int) -> Array:
    """Return an observation as a new array (S,), finite and within float32."""
    array = _as_array(obs)
    if array.dtype.kind not in "fiub":
        given = shown(obs) if array.dtype == object else f"{array.dtype} numbers"
        raise ValueError(
            f"returned {given} as observation; it must be real numbers,"
            f" such as numpy.asarray(observation, numpy.float32) of shape ({obs_dim},)"
        )
    if array.shape != (obs_dim,):
        raise ValueError(
            f"returned an observation of shape {array.shape}, but its space has ({obs_dim},)"
        )
    usable = np.abs(array) <= LARGEST  # False for NaN too
    if not usable.all():
        i = int(np.argmin(usable))
        raise ValueError(f"returned observation[{i}] = {array[i]}")
    return array


def as_reward(reward: Any) -> float:
    """Return a reward as a float, finite and within float32."""
    wanted = "it must be a real number within float32's range"
    if not isinstance(reward, (float, numbers.Real, np.bool_)):
        raise ValueError(f"returned reward {shown(reward)}; {wanted}: return float(reward)")
    try:
        value = float(reward)
    except OverflowError:  # a whole number of more than 308 digits
        value = np.inf
    if not abs(value) <= LARGEST_REWARD:
        raise ValueError(f"returned reward {shown(reward)}; {wanted}")
    return value


def as_flag(name: str, flag: Any) -> bool:
    """Return terminated or truncated as a bool: True, False, 1 or 0, of Python or NumPy."""
    if isinstance(flag, (bool, np.bool_)):
        return bool(flag)
    number = flag[()] if isinstance(flag, np.ndarray) and flag.shape == () else flag
    if isinstance(number, (np.bool_, numbers.Integral)) and number in (0, 1):
        return bool(number)
    raise ValueError(f"returned {name} = {shown(flag)}; it must be True or False, or 1 or 0")


def shown(value: Any) -> str:
    """Return a value for a message, in one line, and shortened if it is long."""
    text = " ".join(repr(value).split()) if isinstance(value, np.ndarray) else reprlib.repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _as_array(obs: Any) -> Array:
    """Copy an observation, because an environment may write its next one into the same memory."""
    if isinstance(obs, np.ma.MaskedArray) and np.ma.is_masked(obs):  # np.array drops the mask
        raise ValueError(f"returned a masked observation, {shown(obs)}; fill the gaps: filled()")
    try:
        return np.array(obs)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise ValueError(f"returned an unreadable observation: {error}") from error
        raise ValueError(
            f"returned a ragged observation, {shown(obs)}; its parts have unequal lengths:"
            " numpy.concatenate joins them into one vector"
        ) from error
    except (TypeError, RuntimeError) as error:  # other libraries' arrays
        raise ValueError(f"returned {shown(obs)}, which NumPy cannot read: {error}") from error
