"""Networks with hand-written gradients, without any reinforcement learning."""

from . import gradcheck
from .adam import Adam, polyak_update
from .batchnorm import BatchNorm
from .layers import Linear, ReLU, Tanh
from .mlp import MLP

__all__ = ["MLP", "Adam", "BatchNorm", "Linear", "ReLU", "Tanh", "gradcheck", "polyak_update"]
