"""Estimate how long runs will take, before they begin."""

import time
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..training.wording import counted, duration
from ..verification.random_inputs import sample_batch

OBS_DIM, ACTION_DIM = 8, 2  # the environment's own sizes hardly matter to an update's time
UPDATES = 5  # timed, after one warm-up
OVERHEAD = 0.7  # share of a default update's time that does not grow with networks and batch
# s: a step of Pendulum with its share of evaluations and logs; a process's start and the measuring
PER_STEP, PER_RUN = 3e-4, 3.0


def seconds_of_run(config: Config) -> float:
    """Estimate the seconds of a run on one processor, from updates that are timed now."""
    warmup = max(config.warmup_steps, config.batch_size)
    updates = max(config.total_steps - warmup, 0)
    size = _multiplications(config) / _multiplications(Config())
    per_update = _seconds_of_default_update() * (OVERHEAD + (1 - OVERHEAD) * size)
    return PER_RUN + PER_STEP * config.total_steps + per_update * updates


def expected_time(configs: Sequence[Config], at_a_time: int) -> str:
    """Return how long runs will take, as "about 5 to 10 minutes"."""
    seconds = sum(map(seconds_of_run, configs)) / at_a_time
    return duration(seconds, 2 * seconds)


def _multiplications(config: Config) -> int:
    """Count the multiplications of the actor's forward pass, the unit of an update's cost."""
    sizes = (OBS_DIM, *config.hidden_sizes, ACTION_DIM)
    return config.batch_size * sum(i * o for i, o in pairwise(sizes))


@cache
def _seconds_of_default_update() -> float:
    """Time an update of default size; a larger one would depend on NumPy's threads."""
    config, rng = Config(), np.random.default_rng(0)
    bound = np.ones(ACTION_DIM)
    agent = DDPG(OBS_DIM, -bound, bound, config, rng)
    batch = sample_batch(config.batch_size, OBS_DIM, ACTION_DIM, rng)
    times = []
    for _ in range(1 + UPDATES):
        start = time.perf_counter()
        agent.update(batch)
        times.append(time.perf_counter() - start)
    return float(np.median(times[1:]))


def steps_text(configs: Sequence[Config]) -> str:
    """Return the steps of these runs, as "12,000 steps", or "20,000 to 300,000 steps"."""
    every = [config.total_steps for config in configs]
    low, high = min(every), max(every)
    return f"{low:,} steps" if low == high else f"{low:,} to {high:,} steps"


def announcement(
    title: str, configs: Sequence[Config], missing: Sequence[int], at_a_time: int | None
) -> str:
    """Say what a study has to do, and about how long that takes.

    Args:
        title: the study's name; "" if its jobs may not be training runs and their cost is unknown.
        missing: the indices of the runs that are not finished.
        at_a_time: how many run at a time; None if the caller's executor decides that.
    """
    pace = "" if at_a_time is None else f", {at_a_time} at a time"
    if not title:
        return counted(len(configs), "job") + pace
    what = f"{title}: {counted(len(configs), 'run')} of {steps_text(configs)}"
    if not missing:
        return f"{what}, all finished already"
    if len(missing) < len(configs):
        what += f", of which {counted(len(missing), 'is', 'are')} still to do"
    if at_a_time is None:
        return what
    time = expected_time([configs[i] for i in missing], at_a_time)
    return f"{what}{pace}: {time}, by a quick timing on this machine"
