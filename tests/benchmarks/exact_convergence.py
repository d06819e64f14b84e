"""Measure the error of the exact Pendulum solution against the size of its grid.

    .venv/bin/python tests/benchmarks/exact_convergence.py [--figure exact_convergence.png]

Prints Markdown tables of the errors of V* and Q^μ, of the places where V* is wrong, and of a check
of V* by another value iteration; with --figure, draws the tables. An error is the distance from a
rollout of 2,000 steps without a grid, in % of the range of the rollouts' returns, over 400 random
states (and actions). Takes about two minutes.
"""

import argparse
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import gymnasium as gym
import numpy as np

from minddpg import Config, evaluate, train
from minddpg.course.style import BLUE, GREEN, GREY, ORANGE
from minddpg.verification.exact_pendulum import (
    MAX_SPEED,
    MAX_TORQUE,
    ExactPendulum,
    exact_q,
    grid,
    policy_value,
    solve,
    step,
)

SIZES, LARGEST = (51, 101, 151, 201, 301), 401  # LARGEST: only for V*
DISCOUNT, STATES, STEPS = 0.99, 400, 2_000
STARTS, FIRST_START = 100, 20_000
NEAR, CLIFF = 3, 5.0  # a cliff: within NEAR cells, returns differ by CLIFF % of their range


class Feedback:
    """A policy of angle and speed, in N m, with the `predict` of agents."""

    def __init__(self, torque: Callable[[np.ndarray, np.ndarray], np.ndarray]):
        self.torque = torque

    def predict(self, obs: np.ndarray, deterministic: bool = True) -> tuple[np.ndarray, None]:
        angle = np.arctan2(obs[:, 1], obs[:, 0])
        return np.clip(self.torque(angle, obs[:, 2]), -MAX_TORQUE, MAX_TORQUE)[:, None], None


def actions_of(policy: Any, angle: np.ndarray, speed: np.ndarray) -> np.ndarray:
    """Return the policy's actions in [−1, 1]."""
    obs = np.stack((np.cos(angle), np.sin(angle), speed), axis=-1)
    return policy.predict(obs, deterministic=True)[0][:, 0] / MAX_TORQUE


def followed(
    policy: Any, angle: np.ndarray, speed: np.ndarray, action: np.ndarray, steps: int = STEPS
) -> np.ndarray:
    """Return the discounted return of one action followed by the policy, without a grid."""
    total, angle, speed = step(angle, speed, action)
    for t in range(1, steps):
        reward, angle, speed = step(angle, speed, actions_of(policy, angle, speed))
        total = total + DISCOUNT**t * reward
    return total


def random_pairs() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    bounds = (np.pi, MAX_SPEED, 1.0)
    angle, speed, action = (rng.uniform(-bound, bound, STATES) for bound in bounds)
    return angle, speed, action


def percent(found: np.ndarray, returns: np.ndarray) -> np.ndarray:
    return 100 * np.abs(found - returns) / np.ptp(returns)


def table_of_v(sizes: tuple[int, ...]) -> dict[int, np.ndarray]:
    """Print the errors of V*; return them by size."""
    print("| grid | solved in, s | return on 100 starts | mean error, % | 95th, % | above 1 %, % |")
    print("| --- | --- | --- | --- | --- | --- |")
    angle, speed, _ = random_pairs()
    errors = {}
    for size in sizes:
        begin = time.perf_counter()
        exact = solve(size, DISCOUNT)
        seconds = time.perf_counter() - begin
        score = evaluate(exact, "Pendulum-v1", STARTS, FIRST_START).mean
        returns = followed(exact, angle, speed, exact.greedy(angle, speed))
        error = errors[size] = percent(exact.value(angle, speed), returns)
        high, above = np.quantile(error, 0.95), 100 * np.mean(error > 1)
        print(
            f"| {size} × {size} | {seconds:.1f} | {score:.1f} | {error.mean():.2f} | {high:.2f}"
            f" | {above:.1f} |",
            flush=True,
        )
    return errors


def table_of_q(policies: dict[str, Any], best: ExactPendulum) -> dict[str, np.ndarray]:
    """Print the errors of Q^μ; return (sizes, states) for each policy."""
    print(
        "| policy | grid | mean error, % | median | 95th | max | above 1 %, %"
        " | mean, step by step | seconds |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    pairs = random_pairs()
    errors = {}
    for name, policy in policies.items():
        returns = followed(policy, *pairs)
        rows = []
        for size in SIZES:
            begin = time.perf_counter()
            solved = exact_q(policy, size, DISCOUNT)
            seconds = time.perf_counter() - begin
            rows.append(percent(solved.q(*pairs), returns))
            by_steps = policy_value(actions_of_grid(policy, size), DISCOUNT)
            plain = percent(by_steps.q(*pairs), returns).mean()
            print_row(name, size, rows[-1], f"{plain:.2f} | {seconds:.1f}")
        if policy is best:
            print_row("Q*", len(best.values), percent(best.q(*pairs), returns), "|")
        errors[name] = np.array(rows)
    return errors


def actions_of_grid(policy: Any, size: int) -> np.ndarray:
    angle, speed = (part.ravel() for part in grid(size))
    return actions_of(policy, angle, speed).reshape(size, size)


def print_row(name: str, size: int, error: np.ndarray, rest: str) -> None:
    summary = (error.mean(), *np.quantile(error, (0.5, 0.95, 1)))
    print(
        f"| {name} | {size} | {' | '.join(map(digits, summary))} | {100 * np.mean(error > 1):.1f}"
        f" | {rest} |",
        flush=True,
    )


def digits(value: float) -> str:
    """Return two significant digits, without an exponent."""
    return np.format_float_positional(value, 2, fractional=False, trim="-")


def print_cliffs(best: ExactPendulum, error: np.ndarray) -> None:
    """Print how many of the states where V* is wrong are near a cliff of V*.

    Near: rollouts from NEAR cells away, on the four diagonals, differ by more than CLIFF.
    """
    angle, speed, _ = random_pairs()
    scale = np.ptp(followed(best, angle, speed, best.greedy(angle, speed)))
    size = len(best.values)
    width, height = NEAR * 2 * np.pi / size, NEAR * 2 * MAX_SPEED / (size - 1)
    angles = np.concatenate([angle + side * width for side in (-1, -1, 1, 1)])
    speeds = np.concatenate([speed + side * height for side in (-1, 1, -1, 1)])
    speeds = np.clip(speeds, -MAX_SPEED, MAX_SPEED)
    returns = followed(best, angles, speeds, best.greedy(angles, speeds), steps=500)
    near = 100 * np.ptp(returns.reshape(4, STATES), axis=0) / scale > CLIFF
    print(
        f"V*, {size} × {size}: {np.sum(error > 1)} states above 1 %, {np.sum(near & (error > 1))}"
        f" of them among the {np.sum(near)} near a cliff; elsewhere mean"
        f" {digits(error[~near].mean())} %, max {digits(error[~near].max())} %"
    )


def other_value_iteration(size: int, torques: int = 21) -> np.ndarray:
    """Find V* at the points of grid(size) by plain value iteration over a few torques.

    Gymnasium itself takes every step, and nothing of exact_pendulum but the grid's points is used:
    another interpolation, no policy iteration, no parabola.
    """
    env = gym.make("Pendulum-v1").unwrapped
    env.reset(seed=0)
    angle, speed = (part.ravel() for part in grid(size))
    shape = (torques, size * size)
    reward, x, y = np.empty(shape), np.empty(shape), np.empty(shape)
    for a, torque in enumerate(np.linspace(-2, 2, torques)):
        for s in range(size * size):
            env.state = np.array([angle[s], speed[s]])
            reward[a, s] = env.step(np.array([torque]))[1]
            x[a, s], y[a, s] = env.state
    x = np.mod(x, 2 * np.pi) * size / (2 * np.pi)
    y = (y + 8) * (size - 1) / 16
    i = np.clip(np.floor(x), 0, size - 1).astype(int)
    j = np.clip(np.floor(y), 0, size - 2).astype(int)
    x, y = x - i, y - j
    corner = i * size + j  # the last row of the padded grid equals its first, one turn later
    values, change = np.zeros(size * size), np.inf
    while change > 1e-6:
        padded = np.concatenate((values, values[:size]))
        low = padded[corner]
        along_speed = padded[corner + 1] - low
        along_angle = padded[corner + size] - low
        twist = padded[corner + size + 1] - low - along_speed - along_angle
        following = low + y * along_speed + x * (along_angle + y * twist)
        updated = (reward + DISCOUNT * following).max(axis=0)
        change = np.abs(updated - values).max()
        values = updated
    return values.reshape(size, size)


def draw(of_v: dict[int, np.ndarray], of_q: dict[str, np.ndarray], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 4.0), layout="constrained", dpi=130)
    figure.suptitle("Error of the exact Pendulum against the size of its grid")
    panels = figure.subplots(1, 2, sharey=True)
    styles = ((BLUE, "o-"), (ORANGE, "s-"), (GREEN, "^-"), ("black", "D-"))
    for axes, (title, summary) in zip(
        panels,
        {"mean of 400 states": np.mean, "median of 400 states": np.median}.items(),
        strict=True,
    ):
        axes.axhline(1, color="0.4", linestyle=":", linewidth=1.5)
        for (color, style), (name, errors) in zip(styles, of_q.items(), strict=True):
            label = rf"$Q^\mu$, {name}"
            axes.plot(SIZES, summary(errors, axis=1), style, color=color, ms=5, label=label)
        v = [summary(errors) for errors in of_v.values()]
        axes.plot(list(of_v), v, "v--", color=GREY, ms=5, label="$V^*$")
        axes.set(xscale="log", yscale="log", title=title, xlabel="grid points per axis")
        axes.set_xticks(list(of_v), [str(size) for size in of_v])
        axes.xaxis.minorticks_off()
        axes.grid(color="0.9")
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylim(1e-6, 10)
    panels[0].set_ylabel("error, % of the range of returns")
    panels[1].annotate("1 %", (LARGEST, 1), (0, 3), textcoords="offset points", ha="right")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=5, frameon=False, fontsize=9)
    figure.savefig(path, format="png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--figure", type=Path, help="where to save the figure, a PNG")
    arguments = parser.parse_args()
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, Gymnasium {gym.__version__};"
        f" γ = {DISCOUNT}, {STATES} states, one process, one BLAS thread\n"
    )
    of_v = table_of_v((*SIZES, LARGEST))
    print()
    best = solve(301, DISCOUNT)
    policies = {
        "μ = 0": Feedback(lambda angle, speed: 0 * angle),
        "linear": Feedback(lambda angle, speed: -3 * np.sin(angle) - 0.5 * speed),
        "trained": train(Config(seed=0), progress=False).agent,
        "greedy": best,
    }
    of_q = table_of_q(policies, best)
    print()
    print_cliffs(best, of_v[301])
    begin = time.perf_counter()
    other, mine = other_value_iteration(101), solve(101, DISCOUNT).values
    difference = np.abs(other - mine)
    seconds = time.perf_counter() - begin
    print(
        f"\nAnother value iteration, 101 × 101, {seconds:.0f} s: V* differs by"
        f" {difference.mean():.4f} on average and {difference.max():.4f} at most; V* spans"
        f" {np.ptp(mine):.0f}"
    )
    if arguments.figure:
        draw(of_v, of_q, arguments.figure)


if __name__ == "__main__":
    main()
