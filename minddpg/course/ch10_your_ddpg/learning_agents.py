"""Let agents of exercise 10.1 learn, and observe their networks.

N batch, S observation entries, A action entries, I inputs and O outputs of a layer.
"""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from ...ddpg.replay import Batch
from ...nn.layers import Array
from ...verification.random_inputs import sample_batch
from ..engine import EXERCISES, InvalidAnswer, Observed, array, arrays, call

Arrays = list[Array]  # a network: W1, b1, W2, b2, ...
TOLERANCE = 1e-10
SMALL = 1e-8  # scales rewards and last layers, so that gradients are as small as Adam's ε
STILL = 1e-30  # a learning rate at which no parameter moves
NETWORKS = ("actor", "critic", "target_actor", "target_critic")
AT_START = (
    "the networks are in float64",
    "the networks start as given",
    "the targets start as copies",
)


@cache
def start_and_batches(
    obs_dim: int, action_dim: int, batch_size: int, layers: tuple[int, ...]
) -> tuple[tuple[Arrays, Arrays], list[Batch]]:
    """Return the initial arrays of actor and critic, and minibatches; do not change them."""
    rng = np.random.default_rng(obs_dim)
    actor = _start((obs_dim, *layers, action_dim), rng)
    actor[-2] *= 3  # so that tanh is not nearly linear
    critic = _start((obs_dim + action_dim, *layers, 1), rng)
    return (actor, critic), [sample_batch(batch_size, obs_dim, action_dim, rng) for _ in range(50)]


def _start(sizes: tuple[int, ...], rng: np.random.Generator) -> Arrays:
    arrays = []
    for i, o in pairwise(sizes):
        arrays += [rng.uniform(-1, 1, (i, o)) * i**-0.5, rng.uniform(-1, 1, o) * i**-0.5]
    return arrays


def learning(
    agent: Any, batches: list[Batch], updates: tuple[int, ...]
) -> Iterator[tuple[int, dict[str, Array]]]:
    """Yield act(obs) and the networks, by name, after 0, 1 and these numbers of updates."""
    for count in range(updates[-1] + 1):
        if count:  # on a copy the first time, to see whether it changes its argument
            batch = batches[count % len(batches)]
            call(agent.update, batch, changes=(0,) if count > 1 else (), returns=False)
        if count in (0, 1, *updates):
            (action,) = arrays((call(agent.act, batches[0].obs),), ["μ(s)"], agent.act)
            yield count, {"act": action} | {name: _theta(agent, name) for name in NETWORKS}


@cache
def expected_states(
    obs_dim: int,
    action_dim: int,
    batch_size: int,
    layers: tuple[int, ...],
    settings: tuple[float, ...],
    updates: tuple[int, ...],
) -> dict[int, dict[str, Array]]:
    """Return what `learning` yields for the solution."""
    start, batches = start_and_batches(obs_dim, action_dim, batch_size, layers)
    (solution,) = EXERCISES["10.1"].reference
    return dict(learning(solution(*start, *settings), batches, updates))


def at_start(
    agent: Any, now: dict[str, Array], start: tuple[Arrays, Arrays]
) -> dict[str, Observed]:
    """Observe the four networks before any update."""
    rows = {name: Observed(True) for name in AT_START}
    for name, given in zip(NETWORKS, map(_joined, (*start, *start)), strict=True):
        if any(np.asarray(x).dtype == np.float32 for x in getattr(agent, name)):
            text = f"self.{name} is in float32. You were given float64"
            rows[AT_START[0]] = Observed(False, message=text)
        if now[name].shape != given.shape or not np.abs(now[name] - given).max() < 1e-6:
            text = f"self.{name} does not start with the numbers that you were given"
            rows[AT_START[1 + name.startswith("target")]] = Observed(False, message=text)
    return rows


def after_one_update(
    now: dict[str, Array], before: dict[str, Array], expected: dict[str, Array]
) -> dict[str, Any]:
    """Observe each network, with a message that says where to look if it is wrong."""
    correct = {name for name in NETWORKS if is_close(now[name], expected[name])}
    rows = {}
    for name in ("critic", "actor", "target_critic", "target_actor"):
        online = name.removeprefix("target_")
        if np.array_equal(now[name], before[name]):
            where = "it has not changed"
        elif name == "critic":
            where = "look at y, at the gradient of the critic's loss, and at Adam"
        elif name == "actor":
            where = "its gradient comes through the critic, which is wrong, too"
            if "critic" in correct:
                where = "the critic is correct, so look at the actor's step"
        elif online in correct:
            where = f"{online} is correct, so look at how the targets follow"
        else:
            where = f"it follows {online}, which is wrong, too"
        text = f"{name} is wrong after 1 update: {where}"
        rows[f"{name}, 1 update"] = Observed(now[name], TOLERANCE, text)
    return rows


def small_agent(agent_class: Any, name: str, start: Any, settings: tuple[float, ...]) -> Any:
    """Make an agent that shows one network's step at gradients near Adam's ε.

    Its last layers are small, and the other network does not move. Its discount and τ differ
    from those of the first agent.
    """
    discount, tau, actor_rate, critic_rate = settings
    rates = (actor_rate, STILL) if name == "actor" else (STILL, critic_rate)
    small = map(_with_small_end, start)
    return call(agent_class, *small, 0.9 * discount, 0.9 * tau, *rates, changes=(0, 1))


def _with_small_end(network: Arrays) -> Arrays:
    return [(SMALL if i >= len(network) - 2 else 1.0) * x for i, x in enumerate(network)]


def small_step(agent: Any, name: str, batch: Batch) -> dict[str, Any]:
    """Observe an update's step at gradients so small that Adam does not hide their scale."""
    before = _theta(agent, name)
    small = batch._replace(reward=SMALL * batch.reward)
    call(agent.update, small, changes=(0,), returns=False)
    text = f"{name}'s step is wrong where its gradient is as small as Adam's ε"
    return {
        f"{name}'s step at gradients near ε": Observed(_theta(agent, name) - before, message=text)
    }


def is_close(observed: Array, expected: Array) -> bool:
    """Say whether two vectors are equal except for rounding."""
    if observed.shape != expected.shape:
        return False
    error = np.linalg.norm(observed - expected)
    return bool(error <= TOLERANCE * np.linalg.norm(expected))  # False for NaN


def _theta(agent: Any, name: str) -> Array:
    network = getattr(agent, name)
    if network is None:
        raise InvalidAnswer(f"self.{name} is None.")
    parts = [array(part, f"self.{name}[{i}]") for i, part in enumerate(network)]
    return _joined(parts) if parts else np.zeros(0)


def _joined(parts: Arrays) -> Array:
    return np.concatenate(parts, axis=None)


def flat(networks: tuple[Arrays, Arrays]) -> Arrays:
    return [x for network in networks for x in network]
