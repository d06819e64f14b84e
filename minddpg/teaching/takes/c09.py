"""Chapter 09's recordings: exploration that finds the flag, and noise that drifts to one side."""

import csv
from pathlib import Path
from typing import Any

import numpy as np

from ...ddpg.config import Config
from ...training.evaluation import evaluate
from ...training.loop import train
from ..bugs import planted
from ..studies.measures import EPISODES, FIRST_START

RESULTS = Path(__file__).parents[3] / "docs" / "results"
CAR, PENDULUM = "MountainCarContinuous-v0", "Pendulum-v1"
NOISES = {"ou": "Ornstein–Uhlenbeck", "gaussian": "Gaussian", "none": "none"}
SEEDS = range(1000, 1005)


def noise() -> dict[str, Any]:
    """Read the study `noise`: seeds 1000–1009, three noises, Pendulum and the mountain car."""
    arrays: dict[str, Any] = {}
    for task, env_id in (("pendulum", PENDULUM), ("car", CAR)):
        for name, variant in NOISES.items():
            rows = _rows("noise", variant=variant, env_id=env_id, measure="return")
            curves = [row for row in rows if row["when"] == "training"]
            steps = sorted({int(row["step"]) for row in curves})
            values = [float(row["value"]) for row in curves]
            arrays[f"{task}_steps"] = np.array(steps, np.int32)
            arrays[f"{task}_{name}"] = np.reshape(values, (-1, len(steps))).astype(np.float32)
            last = [float(row["value"]) for row in rows if row["when"] == "last"]
            arrays[f"{task}_{name}_last"] = np.array(last, np.float32)
    return arrays


def uniform() -> dict[str, Any]:
    """Train with Ornstein–Uhlenbeck noise drawn from uniform numbers, seeds 1000–1004.

    The mountain car is trained here, with the settings of the study `noise`; Pendulum's returns are
    read from the study `zoo`.
    """
    car = []
    for seed in SEEDS:
        with planted("ou-uniform"):
            config = Config.preset("mountain-car", total_steps=20_000, seed=seed)
            agent = train(config, progress=False).agent
        car.append(evaluate(agent, CAR, EPISODES, FIRST_START).mean)
    arrays = {"car_uniform": np.array(car, np.float32)}
    for name, variant in (("right", "correct noise=ou noise_scale=0.2"), ("uniform", "ou-uniform")):
        rows = _rows("zoo", variant=variant, when="last", measure="return")
        arrays[f"pendulum_{name}"] = np.array([float(row["value"]) for row in rows], np.float32)
    return arrays


def _rows(study: str, **wanted: str) -> list[dict[str, str]]:
    """Return the rows of a study's results that have these values, as they stand: seed by seed."""
    with open(RESULTS / study / "results.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]
