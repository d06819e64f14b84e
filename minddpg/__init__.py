"""DDPG in NumPy, every gradient derived and coded by hand. Names load on first use (PEP 562)."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from . import nn
    from .ddpg.agent import DDPG, DivergenceError
    from .ddpg.config import Config
    from .ddpg.networks import Actor, Critic
    from .ddpg.noise import GaussianNoise, OrnsteinUhlenbeckNoise
    from .ddpg.replay import Batch, ReplayBuffer
    from .experiments.run_study import StudyError, run_study
    from .storage import CheckpointError
    from .training.env_errors import EnvError
    from .training.evaluation import Evaluation, evaluate
    from .training.loop import Run, resume, train

_HOMES = {
    "ddpg.agent": ("DDPG", "DivergenceError"),
    "ddpg.config": ("Config",),
    "ddpg.networks": ("Actor", "Critic"),
    "ddpg.noise": ("GaussianNoise", "OrnsteinUhlenbeckNoise"),
    "ddpg.replay": ("Batch", "ReplayBuffer"),
    "storage": ("CheckpointError",),
    "training.env_errors": ("EnvError",),
    "training.evaluation": ("Evaluation", "evaluate"),
    "training.loop": ("Run", "resume", "train"),
    "experiments.run_study": ("StudyError", "run_study"),
}
_HOME_OF = {name: f"minddpg.{home}" for home, names in _HOMES.items() for name in names}
__all__ = [  # written out, so that the type checkers of other code see it
    "DDPG",
    "Actor",
    "Batch",
    "CheckpointError",
    "Config",
    "Critic",
    "DivergenceError",
    "EnvError",
    "Evaluation",
    "GaussianNoise",
    "OrnsteinUhlenbeckNoise",
    "ReplayBuffer",
    "Run",
    "StudyError",
    "__version__",
    "evaluate",
    "nn",
    "resume",
    "run_study",
    "train",
]


def __getattr__(name: str) -> Any:
    if name == "nn":
        return import_module("minddpg.nn")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'minddpg' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
