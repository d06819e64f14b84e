"""Properties of the training loop, tested on a short run of it in a scripted environment."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..ddpg.replay import Batch
from ..nn.layers import Array
from ..training.checkpoint import State
from ..training.environment import Environment
from ..training.loop import train_from
from .properties import Claim
from .scripted_env import Scripted, in_units

WARMUP, UPDATES = 12, 40
CONFIG = Config(
    hidden_sizes=(5,),
    batch_size=8,
    warmup_steps=WARMUP,
    total_steps=WARMUP + UPDATES,
    eval_every=WARMUP + UPDATES,
    eval_episodes=2,
    noise="ou",
    noise_scale=0.5,
    dtype="float64",
)


@dataclass(frozen=True, eq=False)
class ShortRun:
    """What a short run leaves: its environments, its agent, its replay buffer, its noise."""

    world: Scripted
    evaluated: Scripted
    agent: DDPG
    memory: Batch  # 20 draws for each transition stored, so that each is among them
    walks: list[tuple[float, Array]]  # step of the episode and state of the noise, at each sample

    def all_match(self, name: str, expected: str) -> bool:
        """Return whether a field of the memory holds what the environment did, for each reward."""
        happened = [self.world.happened[int(reward)] for reward in self.memory.reward]
        values = np.array([getattr(each, expected) for each in happened])
        return np.array_equal(getattr(self.memory, name), values)


def short_run() -> ShortRun:
    """Train for a few steps, and evaluate after the last update."""
    world, evaluated = Scripted(one_memory=True), Scripted(one_memory=True)
    env = Environment(world)
    state = State(CONFIG, env)
    walks: list[tuple[float, Array]] = []
    noise: Any = state.agent.noise
    sample = noise.sample

    def recorded() -> Array:
        walks.append((world.obs[1], noise.state.copy()))
        return np.asarray(sample())

    noise.sample = recorded
    train_from(state, env, Environment(evaluated))
    memory = state.replay.sample(20 * len(state.replay), np.random.default_rng(0))
    return ShortRun(world, evaluated, state.agent, memory, walks)


def _actions_arrive(run: ShortRun) -> bool:
    happened = [run.world.happened[int(reward)].action for reward in run.memory.reward]
    return np.allclose(in_units(run.memory.action), happened)


def _evaluation_is_the_policy(run: ShortRun) -> bool:
    obs = np.array([each.obs for each in run.evaluated.happened])
    actions = np.array([each.action for each in run.evaluated.happened])
    return np.allclose(actions, in_units(run.agent.actor.forward(obs)[0]))


def behaviours() -> list[Claim]:
    """Return the properties of a short run."""
    run = short_run()
    return [
        Claim(
            "an observation in the memory is the one acted on", lambda: run.all_match("obs", "obs")
        ),
        Claim(
            "a next observation in the memory is where the action led",
            lambda: run.all_match("next_obs", "next_obs"),
        ),
        Claim(
            "`terminated` in the memory is the MDP's end, never a time limit",
            lambda: run.all_match("terminated", "terminated"),
        ),
        Claim("the environment is given the action in its own units", lambda: _actions_arrive(run)),
        Claim(
            "an action in the memory is within [−1, 1]",
            lambda: bool((np.abs(run.memory.action) <= 1).all()),
        ),
        Claim(
            "every episode is reset with a seed of its own",
            lambda: len(set(run.world.seeds)) == len(run.world.seeds),
        ),
        Claim(
            "the noise starts each episode at zero",
            lambda: all(not state.any() for step, state in run.walks if step == 0),
        ),
        Claim("an evaluation acts without noise", lambda: _evaluation_is_the_policy(run)),
        Claim(
            "there is one update for every step after the warm-up",
            lambda: run.agent.actor_optimizer.steps == UPDATES,
        ),
    ]
