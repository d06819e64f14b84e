"""Precomputed results of chapter 09: the study of three noises, and one-sided noise."""

from typing import Any

import numpy as np

from ...ddpg.config import Config
from ...experiments.metrics import EPISODES, FIRST_START
from ...training.evaluation import evaluate
from ...training.loop import train
from ...verification.bugs import planted
from ...verification.exact_pendulum import PENDULUM
from ..study_results import curve, last, rows_of, steps_of

CAR = "MountainCarContinuous-v0"
NOISES = {"ou": "Ornstein–Uhlenbeck", "gaussian": "Gaussian", "none": "none"}
SEEDS = range(1000, 1005)


def noise() -> dict[str, Any]:
    """Read the study `noise`: seeds 1000–1009, three noises, Pendulum and the mountain car."""
    arrays: dict[str, Any] = {}
    for task, env_id in (("pendulum", PENDULUM), ("car", CAR)):
        for name, variant in NOISES.items():
            rows = rows_of("noise", variant=variant, env_id=env_id)
            arrays[f"{task}_steps"] = steps_of(rows, "return")
            arrays[f"{task}_{name}"] = curve(rows, "return")
            arrays[f"{task}_{name}_last"] = last(rows, "return")
    return arrays


def uniform() -> dict[str, Any]:
    """Return the returns after training with OU noise of uniform numbers, seeds 1000–1004.

    This trains the mountain car with the settings of the study `noise`, and reads Pendulum's
    returns from the study `zoo`.
    """
    car = []
    for seed in SEEDS:
        with planted("ou-uniform"):
            config = Config.preset("mountain-car", total_steps=20_000, seed=seed)
            agent = train(config, progress=False).agent
        car.append(evaluate(agent, CAR, EPISODES, FIRST_START).mean)
    arrays = {"car_uniform": np.array(car, np.float32)}
    variants = ("correct", "correct noise=ou noise_scale=0.2"), ("uniform", "ou-uniform")
    for name, variant in variants:
        arrays[f"pendulum_{name}"] = last(rows_of("zoo", variant=variant), "return")
    return arrays


RESULTS = (noise, uniform)
