"""Make one measurement of one library in a separate process; peers.py starts it.

    peer_worker.py LIBRARY versions
    peer_worker.py LIBRARY speed HIDDEN... BATCH STEPS
    peer_worker.py LIBRARY solve SEED

Prints one line of JSON. All times count from the process's start.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Predict = Callable[[Any], Any]  # an observation: an action
OnStep = Callable[[int, Predict], None]  # called after each step with its number


def since_start() -> float:
    """Seconds since the start of this process, including imports."""
    ticks = float(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    return uptime - ticks / os.sysconf("SC_CLK_TCK")


SOLVED = 1.15 * -134.6  # mean return on resets 20000 to 20019; the exact policy scores −134.6
CHECK_EVERY = 500  # steps


def mean_return(predict: Predict) -> float:
    """Score a policy on the twenty starts."""
    import gymnasium as gym

    env = gym.make("Pendulum-v1")
    total = 0.0
    for seed in range(20_000, 20_020):
        obs, _ = env.reset(seed=seed)
        over = False
        while not over:
            obs, reward, terminated, truncated, _ = env.step(predict(obs))
            total, over = total + float(reward), terminated or truncated
    return total / 20


def learn_with_minddpg(on_step: OnStep, total: int, seed: int, settings: dict[str, Any]) -> None:
    import minddpg
    from minddpg.training import checkpoint, loop

    class Log(loop.RunLog):
        def end_of_step(self) -> Any:
            row = super().end_of_step()
            on_step(self.steps, lambda obs: agents[0].predict(obs)[0])
            return row

    def noting(*args: Any) -> minddpg.DDPG:
        agents.append(original(*args))
        return agents[0]

    agents: list[minddpg.DDPG] = []
    original = checkpoint.DDPG
    loop.RunLog, checkpoint.DDPG = Log, noting
    never = {"eval_every": 10**9, "eval_episodes": 1}
    config = minddpg.Config(seed=seed, total_steps=total, **never, **settings)
    minddpg.train(config, progress=False)


def learn_with_sb3(
    on_step: OnStep,
    total: int,
    seed: int,
    settings: dict[str, Any],
    module: str = "stable_baselines3",
) -> None:
    import importlib

    import numpy as np
    import torch
    from stable_baselines3.common.callbacks import BaseCallback
    from stable_baselines3.common.noise import NormalActionNoise

    class Call(BaseCallback):
        def _on_step(self) -> bool:
            on_step(self.num_timesteps, lambda obs: self.model.predict(obs, deterministic=True)[0])
            return True

    torch.set_num_threads(1)
    noise = NormalActionNoise(np.zeros(1), 0.1 * np.ones(1))
    common = {"action_noise": noise, "train_freq": 1, "gradient_steps": 1, "seed": seed}
    kind = importlib.import_module(module).DDPG
    kind("MlpPolicy", "Pendulum-v1", **common, **settings).learn(total, callback=Call())


def learn_with_sbx(on_step: OnStep, total: int, seed: int, settings: dict[str, Any]) -> None:
    learn_with_sb3(on_step, total, seed, settings, module="sbx")


LEARN = {"minddpg": learn_with_minddpg, "sb3": learn_with_sb3, "sbx": learn_with_sbx}
PACKAGES = {
    "minddpg": ("minddpg", "numpy", "gymnasium"),
    "sb3": ("stable-baselines3", "torch", "numpy", "gymnasium"),
    "sbx": ("sbx-rl", "jax", "numpy", "gymnasium"),
}
MODULES = {"minddpg": "minddpg", "sb3": "stable_baselines3", "sbx": "sbx"}
# the settings with which each library solves Pendulum: our defaults; for the peers,
# those of rl-baselines3-zoo for DDPG
SOLVING = {"learning_starts": 10_000, "gamma": 0.98, "buffer_size": 200_000}
WARMUP = 300  # steps before the first update


class Solved(Exception):
    pass


def time_to_solve(library: str, seed: int) -> dict[str, float | None]:
    """Seconds from process start until the policy scores SOLVED; None if it never does."""

    def check(step: int, predict: Predict) -> None:
        if step % CHECK_EVERY == 0 and mean_return(predict) >= SOLVED:
            raise Solved

    total = 20_000
    if library == "minddpg":
        import minddpg

        total = minddpg.Config().total_steps
    try:
        LEARN[library](check, total, seed, {} if library == "minddpg" else SOLVING)
    except Solved:
        return {"seconds": since_start()}
    return {"seconds": None}


def speed(library: str, hidden: list[int], batch: int, steps: int) -> dict[str, float]:
    """Steps per second with training, between step `steps` and step 2 `steps` of updates."""
    times: dict[str, float] = {}
    marks = {WARMUP + 1: "first", WARMUP + steps: "begin", WARMUP + 2 * steps: "end"}

    def note(step: int, predict: Predict) -> None:
        if step in marks:
            times[marks[step]] = time.perf_counter()
            if marks[step] == "first":
                times["first_update"] = since_start()

    settings: dict[str, Any]
    if library == "minddpg":
        settings = {"hidden_sizes": hidden, "batch_size": batch, "warmup_steps": WARMUP}
    else:
        net_arch = {"policy_kwargs": {"net_arch": hidden}}
        settings = {"learning_starts": WARMUP, "batch_size": batch, **net_arch}
    LEARN[library](note, WARMUP + 2 * steps + 1, 0, settings)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "steps_per_second": steps / (times["end"] - times["begin"]),
        "first_update": times["first_update"],
        "peak_megabytes": peak,
    }


def main() -> dict[str, Any]:
    library, what, *rest = sys.argv[1:]
    begin = time.perf_counter()
    _ = __import__(MODULES[library]).DDPG
    imported = time.perf_counter() - begin
    if what == "versions":
        from importlib.metadata import version

        return {"versions": ", ".join(f"{name} {version(name)}" for name in PACKAGES[library])}
    if what == "solve":
        return time_to_solve(library, int(rest[0]))
    *hidden, batch, steps = map(int, rest)
    return {"import": imported, **speed(library, hidden, batch, steps)}


if __name__ == "__main__":
    print(json.dumps(main()))
