"""Observe what an agent does, as a whole and part by part."""

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...ddpg.replay import Batch
from ...nn.layers import Array
from ..engine import call
from .small_agents import flat, small_agent

UPDATES = 12
CASES = (((3, 2, 7), (0.9, 0.2, 1e-3, 3e-3)), ((5, 3, 4), (0.98, 0.05, 2e-3, 1e-3)))


def behaviour(agent_class: Any) -> dict[str, Any]:
    """Return what act and update do, for agents of two sizes."""
    parts: dict[str, list[Array]] = {}
    for sizes, settings in CASES:
        for aspect, value in _behaviour(agent_class, sizes, settings).items():
            parts.setdefault(aspect, []).append(value)
    return {aspect: np.concatenate(values) for aspect, values in parts.items()}


def _behaviour(agent_class: Any, sizes: Any, settings: Any) -> dict[str, Array]:
    def fresh() -> tuple[Any, Batch]:
        return small_agent(lambda *args: call(agent_class, *args, changes=(0, 1)), sizes, settings)

    agent, batch = fresh()
    found = {"act(obs)": np.ravel(agent.act(batch.obs))}
    agent.critic[0][...] += 1.0
    agent.actor[0][...] += 1.0
    targets = agent.target_critic, agent.target_actor
    found["whether the targets have their own arrays"] = np.concatenate([flat(x) for x in targets])
    agent, batch = fresh()
    agent.update(copy.deepcopy(batch))
    networks = {
        "the critic": "critic",
        "the actor": "actor",
        "the target critic": "target_critic",
        "the target actor": "target_actor",
    }
    for what, name in networks.items():
        found[f"{what} after an update"] = flat(getattr(agent, name))
    for what, value in (("no episode ends", False), ("every episode ends", True)):
        agent, batch = fresh()
        ended = batch._replace(terminated=np.full(len(batch.reward), value))
        for _ in range(UPDATES):
            agent.update(copy.deepcopy(ended))
        found[f"the critic if {what}"] = flat(agent.critic)
    agent, batch = fresh()
    for i in range(UPDATES):
        agent.update(copy.deepcopy(batch._replace(reward=batch.reward + i)))
    found["all networks after 12 updates"] = np.concatenate(
        [flat(getattr(agent, name)) for name in networks.values()]
    )
    found["act(obs) after 12 updates"] = np.ravel(agent.act(batch.obs))
    return found


def parts(agent_class: Any) -> Mapping[str, Any]:
    """Return what an agent does, and what each method of its update returns."""
    found: dict[str, list[Array]] = {}

    def see(aspect: str, value: Any) -> None:
        found.setdefault(aspect, []).append(np.ravel(value))

    for sizes, settings in CASES:
        agent, batch = small_agent(agent_class, sizes, settings)
        y = agent.td_target(batch)
        see("td_target", y)
        see("td_target", np.shape(y))
        see("critic_gradient", flat(agent.critic_gradient(batch, np.ones((len(batch.reward), 1)))))
        see("actor_gradient", flat(agent.actor_gradient(batch)))
        target, online = [np.arange(4.0)], [np.array([2.0, -1.0, 0.5, 9.0])]
        agent.follow(target, online)
        see("follow", [*target, *online])
    return {aspect: np.concatenate(values) for aspect, values in found.items()} | behaviour(
        agent_class
    )
