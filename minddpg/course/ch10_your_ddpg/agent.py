"""Chapter 10, your DDPG: the agent, update for update.

N batch, S observation entries, A action entries, I inputs and O outputs of a layer.
"""

import copy
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...ddpg.replay import Batch
from ...nn.layers import Array
from ...verification.random_inputs import sample_batch
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR
from ..engine.observations import Observed
from ..engine.submission import NotAttempted, array, call
from .one_page import Arrays
from .rows import ROWS

BATCH, OBS, ACTIONS, HIDDEN = 8, 3, 2, (6, 5)
SETTINGS = (0.9, 0.05, 2e-3, 5e-3)  # discount, tau, actor_rate, critic_rate
EARLY, LATE = 20, 1_000  # updates
BAR = 1e-10
SMALL = 1e-8  # scales rewards and last layers, until gradients are as small as Adam's ε
NETWORKS = ("actor", "critic", "target_actor", "target_critic")


class PackageDDPG:
    """minddpg.DDPG, told to begin with these arrays."""

    def __init__(self, actor: Arrays, critic: Arrays, *settings: float):
        discount, tau, actor_rate, critic_rate = settings
        config = Config(
            hidden_sizes=HIDDEN,
            dtype="float64",
            discount=discount,
            tau=tau,
            actor_learning_rate=actor_rate,
            critic_learning_rate=critic_rate,
        )
        bound = np.ones(ACTIONS)
        self.agent = DDPG(OBS, -bound, bound, config, np.random.default_rng(0))
        for name in NETWORKS:
            arrays = actor if name.endswith("actor") else critic
            getattr(self.agent, name).theta[:] = np.concatenate(arrays, axis=None)
        self.act, self.update = self.agent.act, self.agent.update

    def __getattr__(self, name: str) -> Any:
        return [getattr(self.agent, name).theta]


@exercise(
    "10.1",
    "The agent",
    BEHAVIOUR,
    stub='''
class MyDDPG:
    """DDPG on lists of float64 arrays [W1, b1, W2, b2, W3, b3], weights (I, O), biases (O,).

    Hidden layers are ReLU. The actor maps obs (N, S) to actions (N, A) and ends in tanh; the
    critic maps [obs | action] (N, S + A) to values (N, 1).
    """

    def __init__(self, actor, critic, discount, tau, actor_rate, critic_rate):
        """Copy the arrays; keep them as self.actor and self.critic; copy them for the targets."""
        self.actor = self.critic = self.target_actor = self.target_critic = None

    def act(self, obs):
        """Return μ(s) (N, A) in [-1, 1], without noise, for obs (N, S)."""
        action = None
        return action

    def update(self, batch):
        """Improve the critic, then the actor, both by Adam, then let both targets follow.

        batch.obs (N, S), .action (N, A), .reward (N,), .next_obs (N, S), .terminated (N,) bool.
        """
''',
    statement="""Put your own functions together: the target y, the critic's step, the actor's
    step, both targets. Adam has β1 = 0.9, β2 = 0.999, ε = 1e-8. After 1,000 updates your networks
    must equal those of minddpg.DDPG.""",
    reference=(PackageDDPG,),
    rows=ROWS,
    compared="your four networks with those of minddpg.DDPG, update for update",
)
def check_my_ddpg(agent_class: Any) -> dict[str, Any]:
    """Check MyDDPG."""
    start, batches = _given()
    given = copy.deepcopy(start)
    mine = call(agent_class, *given, *SETTINGS, changes=(0, 1))
    seen: dict[str, Any] = {"act(obs)": call(mine.act, batches[0].obs)}
    for i in range(LATE):
        call(mine.update, batches[i % len(batches)], returns=False)
        if i == 0:
            for name in NETWORKS:
                seen[f"{name}, 1 update"] = Observed(_theta(mine, name), BAR)
        if i == EARLY - 1:
            seen[f"all, {EARLY} updates"] = Observed(_all(mine), BAR)
            if not np.allclose(_all(mine), _package_early(), rtol=0, atol=BAR):
                break  # what went wrong shows already
    seen[f"all, {LATE:,} updates"] = Observed(_all(mine), BAR)
    seen["the arrays that you were given are as they were"] = all(
        np.array_equal(x, y)
        for network, before in zip(given, start, strict=True)
        for x, y in zip(network, before, strict=True)
    )
    return seen | _small_gradients(agent_class, start, batches[0])


@cache
def _given() -> tuple[tuple[Arrays, Arrays], list[Batch]]:
    """Return the networks' first arrays, and the minibatches; they are only read."""
    rng = np.random.default_rng(10)
    start = _start((OBS, *HIDDEN, ACTIONS), rng), _start((OBS + ACTIONS, *HIDDEN, 1), rng)
    return start, [sample_batch(BATCH, OBS, ACTIONS, rng) for _ in range(50)]


@cache
def _package_early() -> Array:
    """Return the package's four networks after EARLY updates."""
    start, batches = _given()
    package = PackageDDPG(*start, *SETTINGS)
    for batch in batches[:EARLY]:
        package.update(batch)
    return _all(package)


def _small_gradients(agent_class: Any, start: Any, batch: Any) -> dict[str, Any]:
    """Observe one update whose gradients are no larger than Adam's ε, so that factors show."""
    start = tuple([*arrays[:-2], SMALL * arrays[-2], SMALL * arrays[-1]] for arrays in start)
    discount, tau, *rates = SETTINGS
    rates = [SMALL * rate for rate in rates]
    agent = call(agent_class, *start, discount, tau, *rates)
    call(agent.update, batch._replace(reward=SMALL * batch.reward), returns=False)
    seen = {}
    for name, before, rate in zip(NETWORKS, start, rates, strict=False):
        move = (_theta(agent, name) - np.concatenate(before, axis=None)) / rate
        seen[f"{name}'s step at gradients near ε"] = Observed(move, 1e-5)
    return seen


def _start(sizes: tuple[int, ...], rng: np.random.Generator) -> Arrays:
    arrays = []
    for i, o in pairwise(sizes):
        arrays += [rng.uniform(-1, 1, (i, o)) * i**-0.5, rng.uniform(-1, 1, o) * i**-0.5]
    return arrays


def _theta(agent: Any, name: str) -> Array:
    network = getattr(agent, name, None)
    if network is None:
        raise NotAttempted(f"self.{name} is not there yet.")
    parts = [array(part, f"self.{name}[{i}]") for i, part in enumerate(network)]
    return np.concatenate(parts, axis=None) if parts else np.zeros(0)


def _all(agent: Any) -> Array:
    return np.concatenate([_theta(agent, name) for name in NETWORKS])
