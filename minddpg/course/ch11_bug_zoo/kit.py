"""Functions that the notebook uses for its hunts."""

from typing import Any

from ..engine.check import EXERCISES
from .forgetful import FORGETFUL
from .hunt_agent import Adam
from .hunt_own_agent import plant
from .hunts import Hunt, hand_out, number_of
from .rehearsal import rehearse
from .small_agents import PackageAgent, small_agent
from .together import learn_together

__all__ = [
    "FORGETFUL",
    "Adam",
    "PackageAgent",
    "hand_out",
    "learn_together",
    "plant",
    "planted_source",
    "planted_version",
    "rehearse",
    "small_agent",
    "suspects",
]


def suspects(number: str) -> str:
    """List the bugs that a hunt such as "11.5" can have."""
    return _hunt(number).suspects()


def planted_source(number: str, hunt: int) -> str:
    """Return the code of a hunt such as "11.5" with the bug of another HUNT.

    Raises:
        ValueError: this hunt has no source, or HUNT is not a number from 0 to 1,000,000.
    """
    return _hunt(number).source_of(number_of(hunt))


def planted_version(number: str, hunt: int) -> Any:
    """Return the class or function as it was handed out, even if its cell has changed."""
    asked = _hunt(number)
    return asked.version(asked.chosen(number_of(hunt)).name)


def _hunt(number: str) -> Hunt:
    hunt: Hunt = EXERCISES[number].cases[0]["hunt"]
    return hunt
