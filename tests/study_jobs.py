"""Jobs that a worker process can import (it cannot import a test). Each records its calls.

The config's env_id is the folder of these records; no job here passes it to Gymnasium.
"""

import os
import signal
import time
from pathlib import Path

import numpy as np

from minddpg import Config, train
from minddpg.experiments.jobs import train_or_resume


def _count(config):
    """Record one more call for this seed; return their number."""
    path = Path(config.env_id) / f"calls-{config.seed}"
    with open(path, "a") as file:
        file.write(".")
    return path.stat().st_size


def square(config):
    _count(config)
    return config.seed**2


def square_of_seed(config):
    return config.seed**2


def rows(config):
    _count(config)
    return [
        {"step": step, "value": np.float32(config.seed + step), "pair": np.arange(2)}
        for step in (1, 2)
    ]


def unwritable(config):
    return {config.seed, "no JSON"}


def raises_once(config):
    if _count(config) == 1 and config.seed == 1:
        raise OSError("a hiccup")
    return config.seed


def raises_for_one(config):
    _count(config)
    if config.seed == 1 and not (Path(config.env_id) / "repaired").exists():
        raise OSError("seed 1 cannot be had")
    return config.seed


def always_raises(config):
    _count(config)
    raise OSError(f"not {config.seed}")


def killed_once(config):
    if _count(config) == 1 and config.seed == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.2)
    return config.seed


def always_killed(config):
    _count(config)
    if config.seed == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return config.seed


def environment(config):
    return {"threads": os.environ["OPENBLAS_NUM_THREADS"], "process": os.getpid()}


def learn(config, run_dir=None):
    """Train on Pendulum; the first call is killed between two checkpoints."""
    marker = Path(run_dir).parent / f"killed-{config.seed}"
    if config.seed == 1 and not marker.exists():
        _kill_after_checkpoint(config, run_dir, marker)
    return {"theta": train_or_resume(config, run_dir).agent.actor.theta}


def _kill_after_checkpoint(config, run_dir, marker):
    from minddpg.training import run_files

    def save_and_die(*arguments):
        save(*arguments)
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)

    save, run_files.save_checkpoint = run_files.save_checkpoint, save_and_die
    train_or_resume(config, run_dir)


def measured(config, run_dir=None, bug=None):
    """Return rows of a study without a run: each number encodes its run, row and step."""
    if run_dir is not None and (fault := Path(run_dir).parents[1] / "fault").exists():
        raise OSError(fault.read_text())
    base = config.seed + config.tau + (100 if bug else 0)
    training = [
        {"when": "training", "measure": measure, "step": step, "value": base + step + add}
        for step in (100, config.total_steps)
        for measure, add in (("return", 0.0), ("highest q", 0.5))
    ]
    ends = [
        {"when": when, "measure": "return", "step": config.total_steps, "value": sign * base}
        for when, sign in (("last", -1), ("best", 1))
    ]
    return training + ends


def begin_study(study_dir):
    """Start a study of long runs, which a test interrupts."""
    from minddpg import run_study

    steps = 200_000  # without checkpoints before the interruption
    configs = [Config(total_steps=steps, checkpoint_every=steps, seed=seed) for seed in range(3)]
    run_study(configs, study_dir=study_dir, workers=2)


def train_elsewhere(config, run_dir=None):
    return train(config, progress=False)


def shut_down(config, pool):
    pool.shutdown(wait=False, cancel_futures=True)
    return config.seed


class Awkward(Exception):
    def __init__(self, first, second):
        super().__init__(f"{first} {second}")


def raises_awkward(config):
    raise Awkward("one", "two")
