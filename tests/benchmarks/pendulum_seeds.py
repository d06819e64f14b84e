"""How well does the default run solve Pendulum-v1? Many seeds against the exact solution.

    python tests/benchmarks/pendulum_seeds.py --seeds 20 --first-seed 100 --jobs 2

Prints a Markdown table. The regret of a policy at a start is the return of the exact policy (value
iteration on a 301 × 301 grid, γ = 0.99) minus its own, on the same start; a seed's regret is the
mean over 100 starts, the resets with seeds 20000–20099. Training chooses the best-kept policy on
ten other starts. The interval resamples seeds.
"""

import argparse
import os
import platform
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from minddpg import Config, evaluate, train
from minddpg.teaching.exact_pendulum import solve
from minddpg.training.intervals import summarise

STARTS, FIRST_START = 100, 20_000


def returns_of_seed(config: Config) -> tuple[np.ndarray, np.ndarray, float]:
    """Train once; return the returns of the last and of the best-kept policy, and the seconds."""
    begin = time.perf_counter()
    run = train(config, progress=False)
    seconds = time.perf_counter() - begin
    agents = (run.agent, run.best_agent)
    last, best = (evaluate(agent, config.env_id, STARTS, FIRST_START).returns for agent in agents)
    return last, best, seconds


def row(name: str, regrets: np.ndarray) -> str:
    found = summarise(regrets, higher_is_better=False)
    spread = "–" if found.interval is None else "{:.1f} to {:.1f}".format(*found.interval)
    return (
        f"| {name} | {found.iqm:.1f} | {spread} | {found.mean:.1f}"
        f" | {np.median(regrets):.1f} | {found.worst:.1f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    configs = [replace(Config(), seed=arguments.first_seed + i) for i in range(arguments.seeds)]
    exact = evaluate(solve(), "Pendulum-v1", STARTS, FIRST_START).returns
    with ProcessPoolExecutor(arguments.jobs, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(returns_of_seed, configs))
    last = np.array([(exact - each[0]).mean() for each in results])
    best = np.array([(exact - each[1]).mean() for each in results])
    seconds = np.array([each[2] for each in results])
    print(
        f"Pendulum-v1, {Config().total_steps:,} steps, seeds {configs[0].seed}–{configs[-1].seed},"
        f" {STARTS} starts; exact policy {exact.mean():.1f}; NumPy {np.__version__}, Python"
        f" {platform.python_version()}; {np.median(seconds):.1f} s per seed ({seconds.min():.1f}"
        f"–{seconds.max():.1f}), {arguments.jobs} at a time\n"
    )
    print("| regret of | IQM | 95 % interval | mean | median | worst seed |")
    print("| --- | --- | --- | --- | --- | --- |")
    print(row("last policy", last))
    print(row("best-kept policy", best))
    for name, regrets in (("last", last), ("best-kept", best)):
        print(f"\nEvery seed, {name}: " + ", ".join(f"{value:.1f}" for value in regrets))


if __name__ == "__main__":
    main()
