"""Measure the speed of training, the parts of an update, and how much time could be saved.

One step is one environment step plus one update of both networks. The limit is a lower
bound for any NumPy code: the matrix products of that step alone, into memory allocated before,
and the environment's step. One run measures everything, since a machine's speed varies by the day.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..ddpg.replay import ReplayBuffer
from ..nn.adam import polyak_update
from ..nn.layers import Array
from ..training.environment import make
from ..training.run_dir import versions
from ..training.style import BLUE, GREY, save, tidy_axes
from ..training.wording import counted, duration
from .plots import BAND, LEGEND, new_figure

BLOCKS = 7  # timed blocks of each piece; the median is reported
BLOCK_SECONDS = 0.15
SIZES = {
    "S": Config(hidden_sizes=(64, 64), batch_size=64),
    "P": Config(hidden_sizes=(400, 300), batch_size=64, action_layer=1),
    "L": Config(hidden_sizes=(256, 256), batch_size=256),
}
PIECES = 12  # of each size
WIDTHS = BATCHES = (16, 32, 64, 128, 256, 512, 1024)


@dataclass(frozen=True, eq=False)
class Timing:
    """Seconds per call, one entry for each block."""

    blocks: Array

    @property
    def median(self) -> float:
        """Seconds per call of the median block."""
        return float(np.median(self.blocks))


def measure(call: Callable[[], object]) -> Timing:
    """Time a call in blocks that are long enough for the clock, after a warm-up."""
    call()
    start = time.perf_counter()
    call()
    repeats = max(1, int(BLOCK_SECONDS / max(time.perf_counter() - start, 1e-7)))
    blocks = []
    for _ in range(BLOCKS):
        start = time.perf_counter()
        for _ in range(repeats):
            call()
        blocks.append((time.perf_counter() - start) / repeats)
    return Timing(np.array(blocks))


def pieces(config: Config) -> dict[str, Callable[[], object]]:
    """Return the parts of a step as functions to time: step, update, its parts, the products."""
    rng = np.random.default_rng(0)
    env = make(config.env_id, **config.env_kwargs)
    agent = DDPG(env.obs_dim, env.action_low, env.action_high, config, rng)
    replay = ReplayBuffer(10_000, env.obs_dim, agent.action_dim, config.dtype)
    state = {"obs": env.reset(0)}

    def env_step(action: Array) -> None:
        next_obs, reward, terminated, truncated = env.step(agent.action_box.to_env(action))
        replay.add(state["obs"], action, reward, next_obs, terminated)
        state["obs"] = env.reset(0) if terminated or truncated else next_obs

    for _ in range(2_000):
        env_step(agent.random_action())
    batch = replay.sample(config.batch_size, rng)
    y = agent.td_target(batch)
    critic_grad, actor_grad = agent.critic_loss(batch, y)[1], agent.actor_loss(batch.obs)[1]

    def step() -> None:
        env_step(agent.act(state["obs"], explore=True))
        agent.update(replay.sample(config.batch_size, rng))

    def polyak() -> None:
        polyak_update(agent.target_critic.theta, agent.critic.theta, config.tau)
        polyak_update(agent.target_actor.theta, agent.actor.theta, config.tau)

    products = list(_products(config, env.obs_dim, agent.action_dim))

    def limit() -> None:
        for a, b, out in products:
            np.matmul(a, b, out=out)

    action = agent.random_action()
    return {
        "step": step,
        "update": lambda: agent.update(replay.sample(config.batch_size, rng)),
        "replay sample": lambda: replay.sample(config.batch_size, rng),
        "target y": lambda: agent.td_target(batch),
        "critic forward, backward": lambda: agent.critic_loss(batch, y),
        "critic Adam": lambda: agent.critic_optimizer.step(critic_grad),
        "actor through critic": lambda: agent.actor_loss(batch.obs),
        "actor Adam": lambda: agent.actor_optimizer.step(actor_grad),
        "Polyak, both": polyak,
        "act": lambda: agent.act(state["obs"], explore=True),
        "environment, store": lambda: env_step(action),
        "products": limit,
    }


def _products(config: Config, obs_dim: int, action_dim: int) -> Iterator[tuple[Array, ...]]:
    """Yield operands and output of every matrix product that one step needs."""
    n, enters = config.batch_size, config.action_layer
    actor = list(pairwise((obs_dim, *config.hidden_sizes, action_dim)))
    critic = list(pairwise((obs_dim, *config.hidden_sizes, 1)))
    critic[enters] = (critic[enters][0] + action_dim, critic[enters][1])
    shapes = [(1, i, o) for i, o in actor]  # act
    shapes += [(n, i, o) for i, o in 2 * actor + 3 * critic]  # forward: target, loss, through
    shapes += [(i, n, o) for i, o in actor + critic]  # backward to the weights
    shapes += [(n, o, i) for i, o in actor[1:] + critic[1:]]  # backward through the layers
    shapes += [(n, o, i) for i, o in critic[enters + 1 :]] + [(n, critic[enters][1], action_dim)]
    for rows, inner, columns in shapes:
        ones = np.ones((rows, inner), config.dtype), np.ones((inner, columns), config.dtype)
        yield *ones, np.empty((rows, columns), config.dtype)


def about() -> str:
    """Say what bench() will do, and about how long that takes."""
    seconds = len(SIZES) * PIECES * BLOCKS * BLOCK_SECONDS
    return f"measuring {PIECES} pieces of a step in {len(SIZES)} sizes: {duration(seconds)}"


def bench() -> str:
    """Measure every size; return the results as text."""
    return "\n".join(bench_lines())


def bench_lines(measured: Callable[[], object] = lambda: None) -> Iterator[str]:
    """Measure every size; yield the lines of the results, each as soon as it is known.

    Args:
        measured: called after each piece.
    """
    found = versions()
    yield (
        f"NumPy {found['numpy']}, BLAS {found['blas']}, threads {found['blas_threads']},"
        f" {counted(os.cpu_count() or 1, 'processor')}, float32; medians of {BLOCKS} blocks"
        " (lowest to highest)"
    )
    yield ""
    yield (
        "size  hidden, batch     steps/s with training   update alone, µs"
        "   products, µs   env, µs   of the limit"
    )
    parts: dict[str, dict[str, Timing]] = {}
    for name, config in SIZES.items():
        t = parts[name] = {}
        for piece, call in pieces(config).items():
            t[piece] = measure(call)
            measured()
        speed = np.sort(1 / t["step"].blocks)
        spread = f"({speed[0]:5,.0f} to {speed[-1]:5,.0f})"
        limit = t["products"].median + t["environment, store"].median
        shape = f"{config.hidden_sizes}, {config.batch_size}"
        yield (
            f"{name:4}  {shape:16}  {np.median(speed):6,.0f} {spread}"
            f"   {1e6 * t['update'].median:16,.0f}   {1e6 * t['products'].median:12,.0f}"
            f"   {1e6 * t['environment, store'].median:7,.0f}"
            f"   {100 * limit / t['step'].median:10.0f} %"
        )
    yield ""
    yield f"{'one step, µs':26}" + "".join(f"{name:>8}" for name in SIZES)
    for piece in parts["S"]:
        cells = "".join(f"{1e6 * t[piece].median:8,.0f}" for t in parts.values())
        yield f"{piece:26}{cells}"


def about_growth() -> str:
    """Say what growth() will do, and about how long that takes."""
    sizes = len(WIDTHS) + len(BATCHES)
    seconds = 2 * sizes * BLOCKS * BLOCK_SECONDS
    return f"measuring an update of {sizes} sizes, and its products: {duration(seconds)}"


def growth(measured: Callable[[], object] = lambda: None) -> dict[str, dict[str, Array]]:
    """Measure one update and its matrix products, in s, for several widths and batch sizes.

    Returns, for "width" (both hidden layers, batch 64) and "batch" (hidden layers of 64), the
    arrays `size`, and `update` and `products` of shape (sizes, blocks).

    Args:
        measured: called after each size.
    """
    families = {
        "width": [Config(hidden_sizes=(n, n), batch_size=64) for n in WIDTHS],
        "batch": [Config(hidden_sizes=(64, 64), batch_size=n) for n in BATCHES],
    }
    found = {}
    for name, configs in families.items():
        blocks: dict[str, list[Array]] = {"update": [], "products": []}
        for config in configs:
            calls = pieces(config)
            for piece, timed in blocks.items():
                timed.append(measure(calls[piece]).blocks)
            measured()
        sizes = np.array(WIDTHS if name == "width" else BATCHES)
        found[name] = {"size": sizes, **{piece: np.array(b) for piece, b in blocks.items()}}
    return found


def cost_of_an_update(growth: dict[str, dict[str, Array]], path: str | Path) -> Path:
    """Draw the time per update against width and batch size, as growth() measured it; save it."""
    figure = new_figure("Time of one update of both networks, one core, float32", 7.2, 3.6)
    titles = {"width": "batch 64", "batch": "two hidden layers of 64"}
    labels = {"width": "units of each of two hidden layers", "batch": "batch size"}
    panels = figure.subplots(1, 2, sharey=True)
    for axes, (name, found) in zip(panels, growth.items(), strict=True):
        for key, color, label in (
            ("update", BLUE, "measured"),
            ("products", GREY, "limit: its matrix products alone"),
        ):
            milliseconds = 1e3 * found[key]
            low, high = milliseconds.min(axis=1), milliseconds.max(axis=1)
            axes.fill_between(found["size"], low, high, color=color, **BAND)
            middle = np.median(milliseconds, axis=1)
            axes.plot(found["size"], middle, "o-", color=color, label=label)
        axes.set(xscale="log", yscale="log", title=titles[name], xlabel=labels[name])
        axes.set_xticks(found["size"], [str(size) for size in found["size"]])
        axes.minorticks_off()
        tidy_axes(axes)
    panels[0].set_ylabel("time per update, ms\n(median and range of blocks)")
    panels[0].legend(**LEGEND)
    return save(figure, Path(path))
