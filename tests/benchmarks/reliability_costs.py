"""Measure what safety costs: a checkpoint of a full replay buffer, and the divergence check.

    .venv/bin/python tests/benchmarks/reliability_costs.py

Prints medians (lowest to highest) of seven blocks, for Pendulum's 3 observations and 1 action, and
for 17 and 6.
"""

import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from minddpg import Config
from minddpg.experiments.benchmark import measure
from minddpg.training.checkpoint import State, load_checkpoint, save_checkpoint


def spread(call: Callable[[], object]) -> tuple[float, float, float]:
    """Return median, lowest and highest seconds per call."""
    timing = measure(call)
    return timing.median, timing.blocks.min(), timing.blocks.max()


def environment(obs_dim: int, action_dim: int) -> Any:
    """Return an environment with all that a State needs."""
    return SimpleNamespace(
        name="measured",
        obs_dim=obs_dim,
        action_low=-np.ones(action_dim),
        action_high=np.ones(action_dim),
        reset=lambda seed: np.zeros(obs_dim),
    )


def checkpoint(preset: str, sizes: tuple[int, int], transitions: int, path: Path) -> None:
    settings = {"total_steps": transitions, "replay_capacity": transitions}
    config, env = Config.preset(preset, **settings), environment(*sizes)
    state = State(config, env)
    rows = state.replay.rows
    rows[:] = np.random.default_rng(0).standard_normal(rows.shape, dtype=np.float32)
    state.replay.added = state.step = transitions
    save = spread(lambda: save_checkpoint(path, state, {}))
    load = spread(lambda: load_checkpoint(path, config, env))
    texts = ["{:.0f} ({:.0f} to {:.0f})".format(*(1e3 * t for t in each)) for each in (save, load)]
    megabytes = path.stat().st_size / 1e6
    networks = " × ".join(map(str, config.hidden_sizes))
    print(f"| {networks} | {sizes} | {transitions:,} | {megabytes:.1f} | {' | '.join(texts)} |")


def divergence_check(metrics: dict[str, float]) -> None:
    """Do only what DDPG.update does to check for divergence."""
    with np.errstate(over="ignore", invalid="ignore"):
        pass
    for value in metrics.values():
        if not math.isfinite(value):
            raise ValueError


def main() -> None:
    print("| hidden | observation, action | transitions | MB | save, ms | load, ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoint.npz"
        for preset, sizes in (("pendulum", (3, 1)), ("paper", (3, 1)), ("paper", (17, 6))):
            for transitions in (100_000, 1_000_000):
                checkpoint(preset, sizes, transitions, path)
    metrics = dict.fromkeys(("critic_loss", "actor_loss", "q_mean", "q_min", "q_max"), 1.0)
    cost = (1e6 * seconds for seconds in spread(lambda: divergence_check(metrics)))
    print("\ncheck for divergence, per update: {:.1f} µs ({:.1f} to {:.1f})".format(*cost))


if __name__ == "__main__":
    main()
