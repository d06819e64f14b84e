"""Properties of the exploration noise, tested on draws through the agent's noisy actions.

T draws, A action entries. An estimate may be five standard errors off, and the seed is fixed.
"""

import math
from dataclasses import replace
from functools import partial

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..nn.layers import Array
from .properties import HIGH, LOW, Claim

S, DRAWS = 3, 1_200
SCALE = 0.02  # so small that no action is clipped
CONFIG = Config(hidden_sizes=(5,), noise_scale=SCALE, ou_theta=0.4, ou_dt=0.5, dtype="float64")
MEMORY = {"gaussian": 0.0, "ou": 1 - CONFIG.ou_theta * CONFIG.ou_dt}  # coefficient of the AR(1)
BOUND = 5  # standard errors
WIDTH = {  # standard deviation in the long run
    "none": SCALE,
    "gaussian": SCALE,
    "ou": SCALE * math.sqrt(CONFIG.ou_dt / (1 - MEMORY["ou"] ** 2)),
}


def draw(noise: str, seed: int = 5) -> Array:
    """Return the noise added to the actor's action (T, A): half step by step, half as a batch.

    The unit is the standard deviation that the config gives.
    """
    agent = DDPG(S, LOW, HIGH, replace(CONFIG, noise=noise), np.random.default_rng(seed))
    obs = np.zeros((DRAWS // 2, S))
    one_by_one = np.array([agent.act(row, explore=True) for row in obs])
    batch = agent.act(obs, explore=True)
    noises: Array = np.concatenate((one_by_one, batch)) - agent.act(obs[0])
    return noises / WIDTH[noise]


@np.errstate(divide="ignore", invalid="ignore")  # of noise that never changes
def errors(draws: Array, c: float) -> tuple[float, float, float, float]:
    """Return the largest errors of four estimates, in standard errors; c is the AR(1) coefficient.

    They are the mean, the standard deviation, the correlation of two entries, and that of one draw
    with the next.
    """
    now, later = draws[:-1], draws[1:]
    along = [np.corrcoef(a, b)[0, 1] - c for a, b in zip(now.T, later.T, strict=True)]
    of_squares = (1 + c**2) / (1 - c**2)  # how much memory widens the error of a mean of squares
    estimates = (
        (draws.mean(axis=0), (1 + c) / (1 - c)),
        (draws.std(axis=0) - 1, of_squares / 2),
        (np.corrcoef(draws.T)[0, 1], of_squares),
        (along, 1 - c**2),
    )
    mean, width, across, memory = (
        float(np.abs(error).max() / np.sqrt(variance / len(draws))) for error, variance in estimates
    )
    return mean, width, across, memory


def noise_properties() -> list[Claim]:
    """Return the properties of both kinds of noise, and of no noise."""
    estimated = [errors(draw(name), c) for name, c in MEMORY.items()]
    without = draw("none")
    sentences = (
        "the noise's mean is zero",
        "the noise is as wide as the config says",
        "each action entry has its own noise",
        "Gaussian noise has no memory, Ornstein–Uhlenbeck noise as much as its θ and dt say",
    )
    return [
        *(
            Claim(sentence, partial(_are_small, estimates))
            for sentence, estimates in zip(sentences, zip(*estimated, strict=True), strict=True)
        ),
        Claim("without noise, exploration changes no action", lambda: not without.any()),
    ]


def _are_small(standard_errors: tuple[float, ...]) -> bool:
    return all(error < BOUND for error in standard_errors)  # false where one is NaN
