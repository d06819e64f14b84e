"""How a flat parameter vector moves: Adam towards a minimum, Polyak averaging towards a twin.

P parameters.
"""

import math

import numpy as np

from .layers import Array


class Adam:
    """Adam (Kingma & Ba, arXiv:1412.6980, algorithm 1) on one flat vector, moved in place.

    Args:
        theta: the live parameters, (P,).
        learning_rate: α, the size of a step in units of θ.
        weight_decay: λ of an L2 penalty ½ λ ‖θ‖², whose gradient λ θ joins the loss's before Adam;
            one number, or one per parameter (P,).
    """

    beta1, beta2, epsilon = 0.9, 0.999, 1e-8

    def __init__(self, theta: Array, learning_rate: float, weight_decay: float | Array = 0.0):
        self.theta = theta
        self.learning_rate = learning_rate
        self.decay = np.asarray(weight_decay, theta.dtype) if np.any(weight_decay) else None
        self.mean = np.zeros_like(theta)  # m, of the gradient
        self.square = np.zeros_like(theta)  # v, of its square
        self.scratch = np.empty_like(theta)
        self.steps = 0  # t

    def step(self, grad: Array) -> None:
        """Move θ one step down the gradient (P,).

        Raises:
            ValueError: the gradient's shape is not θ's.
        """
        if grad.shape != self.theta.shape:
            raise ValueError(f"grad has shape {grad.shape}, not {self.theta.shape} as theta")
        if self.decay is not None:
            grad = grad + self.decay * self.theta
        self.steps += 1
        root_correction = math.sqrt(1 - self.beta2**self.steps)
        term = self.scratch  # every term of θ's size lands here: half the time of new arrays
        self.mean *= self.beta1
        self.mean += np.multiply(grad, 1 - self.beta1, out=term)
        self.square *= self.beta2
        self.square += np.multiply(np.multiply(grad, grad, out=term), 1 - self.beta2, out=term)
        np.sqrt(self.square, out=term)
        term += self.epsilon * root_correction
        np.divide(self.mean, term, out=term)
        term *= self.learning_rate * root_correction / (1 - self.beta1**self.steps)
        self.theta -= term


def polyak_update(target: Array, online: Array, tau: float) -> None:
    """Let the target follow in place:  θ' ← τ θ + (1 − τ) θ'  (algorithm 1)."""
    target *= 1 - tau
    target += tau * online
