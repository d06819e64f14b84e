"""Update a flat parameter vector by Adam, or towards another vector by Polyak averaging.

P parameters.
"""

import math

import numpy as np

from .layers import Array


class Adam:
    """Adam (Kingma & Ba, arXiv:1412.6980) on one flat vector, updated in place.

    Args:
        theta: the live parameters, (P,).
        learning_rate: α, the size of a step in units of θ.
        weight_decay: λ of an L2 penalty ½ λ ‖θ‖², whose gradient λ θ is added to Adam's input;
            one number, or one per parameter (P,).
    """

    beta1, beta2, epsilon = 0.9, 0.999, 1e-8

    def __init__(self, theta: Array, learning_rate: float, weight_decay: float | Array = 0.0):
        self.theta = theta
        self.learning_rate = learning_rate
        self.decay = np.asarray(weight_decay, theta.dtype) if np.any(weight_decay) else None
        self.first_moment = np.zeros_like(theta)  # m, a moving average of the gradient
        self.second_moment = np.zeros_like(theta)  # v, a moving average of its square
        self.steps = 0  # t

    def step(self, grad: Array) -> None:
        """Move θ one step down the gradient (P,).

        Algorithm 1 is  θ ← θ − α m̂ / (√v̂ + ε),  where m̂ = m / (1 − β1^t) and v̂ = v / (1 − β2^t)
        correct for the averages' start at 0. The same step, with one division fewer per parameter
        (end of section 2), is

            θ ← θ − α_t m / (√v + ε_t),   α_t = α √(1 − β2^t) / (1 − β1^t),   ε_t = ε √(1 − β2^t).

        Raises:
            ValueError: the gradient's shape is not θ's.
        """
        if grad.shape != self.theta.shape:
            raise ValueError(f"grad has shape {grad.shape}, not {self.theta.shape} as theta")
        if self.decay is not None:
            grad = grad + self.decay * self.theta
        self.steps += 1
        self.first_moment *= self.beta1
        self.first_moment += (1 - self.beta1) * grad
        self.second_moment *= self.beta2
        self.second_moment += (1 - self.beta2) * grad**2
        correction = math.sqrt(1 - self.beta2**self.steps)
        alpha_t = self.learning_rate * correction / (1 - self.beta1**self.steps)
        epsilon_t = self.epsilon * correction
        self.theta -= alpha_t * (self.first_moment / (np.sqrt(self.second_moment) + epsilon_t))


def polyak_update(target: Array, online: Array, tau: float) -> None:
    """Move the target towards online, in place:  θ' ← τ θ + (1 − τ) θ'  (algorithm 1)."""
    target *= 1 - tau
    target += tau * online
