"""The algorithm. Knows nothing of Gymnasium or pictures."""

from .agent import DDPG
from .config import Config
from .networks import Actor, Critic
from .noise import GaussianNoise, OrnsteinUhlenbeckNoise
from .replay import Batch, ReplayBuffer
from .storage import CheckpointError

__all__ = [
    "DDPG",
    "Actor",
    "Batch",
    "CheckpointError",
    "Config",
    "Critic",
    "GaussianNoise",
    "OrnsteinUhlenbeckNoise",
    "ReplayBuffer",
]
