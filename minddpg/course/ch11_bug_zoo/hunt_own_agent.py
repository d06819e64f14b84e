"""Exercise 11.8: one silent bug in the learner's own agent, planted from outside.

A bug changes the inputs or the outputs of the agent, so it can be planted in any agent of exercise
10.1. There is no source to read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, exercise
from .agent_behaviour import behaviour
from .hunt_agent import HUNT as PAGE
from .hunts import Hunt, Planted, fields, number_of, variant
from .judge_hunt import judge
from .small_agents import PackageAgent, small_agent

NETWORKS = ("actor", "critic", "target_actor", "target_critic")


def copies(network: Any) -> list[Array]:
    """Return copies of a network's arrays."""
    return [np.array(array) for array in network]


def write(network: Any, arrays: list[Array]) -> None:
    """Write numbers into a network's arrays."""
    for array, new in zip(network, arrays, strict=True):
        array[...] = new


@dataclass(frozen=True)
class Plan:
    """What a bug changes in an agent. The defaults change nothing."""

    settings: Callable[..., tuple[float, ...]] = lambda *settings: settings
    batch: Callable[[Any], Any] = lambda batch: batch
    after: Callable[[Any, Mapping[str, list[Array]]], None] = lambda agent, before: None
    acts_by: str = "actor"


def _freeze(agent: Any, before: Mapping[str, list[Array]]) -> None:
    """Undo what an update did to the target actor."""
    write(agent.target_actor, before["target_actor"])


def _descend(agent: Any, before: Mapping[str, list[Array]]) -> None:
    """Reverse the actor's step, and let its target follow."""
    pairs = zip(before["actor"], agent.actor, strict=True)
    write(agent.actor, [2 * old - new for old, new in pairs])
    tau = agent.settings_of_init[1]
    pairs = zip(before["target_actor"], agent.actor, strict=True)
    write(agent.target_actor, [slow + tau * (fast - slow) for slow, fast in pairs])


PLANTS: dict[str, tuple[str, Plan]] = {
    "target-actor-frozen": ("The target actor never moves.", Plan(after=_freeze)),
    "mask-missing": (
        "y bootstraps past the end of an episode.",
        Plan(batch=lambda batch: batch._replace(terminated=np.zeros(len(batch.reward), bool))),
    ),
    "discount-missing": (
        "γ is 1, whatever discount is.",
        Plan(settings=lambda discount, tau, *rates: (1 - 1e-9, tau, *rates)),
    ),
    "polyak-reversed": (
        "A target keeps τ of itself, not 1 − τ.",
        Plan(settings=lambda discount, tau, *rates: (discount, 1 - tau, *rates)),
    ),
    "rates-swapped": (
        "The actor learns at the critic's rate, and the critic at the actor's.",
        Plan(settings=lambda discount, tau, actor, critic: (discount, tau, critic, actor)),
    ),
    "actor-sign": ("The actor descends Q.", Plan(after=_descend)),
    "acts-by-target": ("The agent acts with the target actor.", Plan(acts_by="target_actor")),
    "next-obs-missing": (
        "y uses the observation before the step, not the one after it.",
        Plan(batch=lambda batch: batch._replace(next_obs=batch.obs)),
    ),
}
_plans: WeakKeyDictionary[type, Plan] = WeakKeyDictionary()  # a class does not show its plan


FROZEN = '''
def test(agent_class):
    """Compare with my own agent after an update."""
    agent, batch = small_agent(agent_class)
    mine, _ = small_agent(Own)
    agent.update(batch)
    mine.update(batch)
    pairs = zip(agent.target_actor, mine.target_actor)
    return all(np.allclose(one, two) for one, two in pairs)
'''
AFTER_UPDATES = '''
def test(agent_class):
    """Compare with my own agent, number by number, after some updates."""
    agent, batch = small_agent(agent_class)
    mine, _ = small_agent(Own)
    for i in range(4):
        agent.update(batch)
        mine.update(batch)
    pairs = zip(agent.{network}, mine.{network})
    return all(np.allclose(one, two) for one, two in pairs)
'''
NETWORK_OF = {"polyak-reversed": "target_critic", "rates-swapped": "critic", "actor-sign": "actor"}
ACTING = """
def test(agent_class):
    agent, batch = small_agent(agent_class)
    before = agent.act(batch.obs)
    agent.target_actor[-1][...] += 1.0
    return np.array_equal(agent.act(batch.obs), before)
"""
TESTS = {"target-actor-frozen": FROZEN, "acts-by-target": ACTING}
BUGS = tuple(
    Planted(
        name,
        story,
        {},
        TESTS.get(name, AFTER_UPDATES.format(network=NETWORK_OF.get(name, "critic"))),
    )
    for name, (story, _) in PLANTS.items()
)


class OwnHunt(Hunt):
    """A hunt whose bugs are wrappers of a class, not edits of a source."""

    def version(self, name: str = "", label: str = "") -> Any:
        """Return the page's agent with this bug, or with none, in the same wrapper."""
        return wrapped(PAGE.version(label=label), name)

    def source_of(self, hunt: int) -> str:
        """Refuse, because this hunt has no source.

        Raises:
            ValueError: always.
        """
        raise ValueError(f"{self.title} has no source: find its bug by what the agent does")


def wrapped(agent_class: Any, name: str = "") -> Any:
    """Return a subclass with a bug, or with none; the class itself does not show which."""

    class Planted(agent_class):  # type: ignore[misc]
        def __init__(self, actor: Any, critic: Any, *settings: float):
            self.settings_of_init = settings
            super().__init__(actor, critic, *_plans[Planted].settings(*settings))

        def update(self, batch: Any) -> None:
            plan = _plans[Planted]
            before = {name: copies(getattr(self, name)) for name in NETWORKS}
            super().update(plan.batch(batch))
            plan.after(self, before)

        def act(self, obs: Any) -> Any:
            online = copies(self.actor)
            write(self.actor, copies(getattr(self, _plans[Planted].acts_by)))
            try:
                return super().act(obs)
            finally:
                write(self.actor, online)

    _plans[Planted] = PLANTS[name][1] if name else Plan()
    Planted.__qualname__, Planted.__module__ = "Planted", agent_class.__module__
    return Planted


def plant(agent_class: Any, hunt: int) -> Any:
    """Return a subclass of an agent with the bug of this HUNT."""
    return wrapped(agent_class, HUNT.chosen(number_of(hunt)).name)


ZIP = "pairs = zip(agent.target_actor, mine.target_actor)"
ALL = "return all((np.allclose(one, two) for one, two in pairs))"
HUNT = OwnHunt(
    "Hunt 4",
    "",
    "Planted",
    BUGS,
    others=lambda: {"minddpg.DDPG in this form": wrapped(PackageAgent)},
    observe=behaviour,
    given={"small_agent": small_agent, "Own": PAGE.version(label="an agent of chapter 10")},
)


@exercise(
    "11.8",
    "Hunt 4: your own agent",
    BEHAVIOUR,
    stub='''
name = None  # the bug's name in the list of suspects
repaired = None  # a class without the bug: which one do you have?


def test(agent_class):
    """Return True for correct code, and False for code with the bug."""
    return None
''',
    statement="""Planted is your own agent with one bug, and you cannot read it. Find the bug by
    what the agent does. Name it, and write a test that notices it. The test gets classes with the
    interface of exercise 10.1: act, update, and four lists of arrays.""",
    compared="your three answers with what was planted",
    difficulty=3,
    minutes=8,
    hints=(
        "You have the same agent without the bug. `agent, batch = small_agent(Planted)` and"
        " `mine, _ = small_agent(Own)` start equal. Update both with the same batch, and compare"
        " `actor`, `critic`, `target_actor` and `target_critic` after one update,"
        " and after three: Adam's first step hides a factor. Which differ at once, which later?",
        "If only the targets differ, by how much have they moved? If the critic differs at once,"
        " vary the batch: do the rewards matter, do `terminated` and `next_obs`? Where"
        " `terminated` is true in every row, γ and `next_obs` cannot matter. If nothing differs,"
        " look at `act`.",
    ),
    equivalents={
        f"{ZIP} → pairs = zip(mine.target_actor, agent.target_actor)": "it compares both alike",
        f"{ALL} → {ALL.replace('all(', 'any(', 1)}": "with the bug every array differs",
        "agent.update(batch) moved after mine.update(batch)": "neither uses the other",
        f"mine.update(batch) moved after {ZIP}": "zip looks at the arrays later",
    },
    variant=variant,
    **fields(HUNT, BUGS[0]),
)
def check_hunt_4(name: Any, repaired: Any, test: Any, hunt: Hunt, bug: Planted) -> dict[str, Any]:
    """Check the fourth hunt."""
    return judge(hunt, bug, name, repaired, test)
