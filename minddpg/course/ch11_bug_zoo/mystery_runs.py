"""Train the five agents of exercise 11.9, with seeds and starts that no other page uses.

K seeds, E evaluations, R rows of a log, M replayed transitions.
"""

from contextlib import closing, nullcontext
from typing import Any

import numpy as np

from ...ddpg.config import Config
from ...training.checkpoint import State
from ...training.environment import make
from ...training.evaluation import evaluate
from ...training.loop import train_from
from ...verification.bugs import planted
from ...verification.exact_pendulum import PENDULUM

AGENTS = {  # in the order of the figure
    "A": "truncated-as-terminated",
    "B": "broadcast",
    "C": "action-scale",
    "D": "correct code",
    "E": "mask-flipped",
}
SEEDS = range(7_310, 7_315)
STARTS, FIRST_START = 100, 640_000
REPLAYED = 1_200  # M


def run(name: str, seed: int) -> dict[str, Any]:
    """Train with a bug, or without one; return the run's log and what its last networks compute.

    The networks compute Q, y and the torque for transitions that are drawn from the memory.
    """
    config = Config(seed=seed)
    bug = nullcontext() if name == "correct code" else planted(name)
    with bug, closing(make(PENDULUM)) as env, closing(make(PENDULUM)) as eval_env:
        state = State(config, env)
        history = train_from(state, env, eval_env).history
        agent = state.agent
        batch = state.replay.sample(REPLAYED, np.random.default_rng(seed))
        q, _ = agent.critic.forward(batch.obs, batch.action)
        torque = agent.action_box.to_env(agent.act(batch.obs))[:, 0]
        y = agent.td_target(batch)
        last = evaluate(agent, PENDULUM, STARTS, FIRST_START).returns
    evaluated, updated = (
        np.isfinite(history[column]) for column in ("eval/mean_reward", "train/critic_loss")
    )
    return {
        "steps": history["time/total_timesteps"][evaluated],
        "returns": history["eval/mean_reward"][evaluated],  # (E,)
        "loss_steps": history["time/total_timesteps"][updated],
        "loss": history["train/critic_loss"][updated],  # (R,)
        "last": last.mean(),
        "torque": torque,  # (M,), in N m
        "q": q,
        "y": y,
    }


def five_agents() -> dict[str, Any]:
    """Train the five agents, five seeds each; keep Q, y and the torque of the first seed."""
    found: dict[str, Any] = {"agents": np.array(list(AGENTS)), "seeds": np.array(SEEDS, np.int32)}
    runs = [[run(name, seed) for seed in SEEDS] for name in AGENTS.values()]
    for key in ("steps", "loss_steps"):
        found[key] = runs[0][0][key].astype(np.int32)
    for key in ("returns", "loss", "last"):
        found[key] = np.array([[one[key] for one in of_agent] for of_agent in runs], np.float32)
    for key in ("torque", "q", "y"):
        found[key] = np.array([of_agent[0][key] for of_agent in runs], np.float32)
    return found
