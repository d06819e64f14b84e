"""Properties of the training loop, tested on short runs of it in a scripted environment."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..ddpg.replay import Batch
from ..nn.layers import Array
from ..training.checkpoint import State
from ..training.environment import Environment
from ..training.loop import train_from
from .noise_properties import noise_properties
from .properties import Claim
from .scripted_env import Scripted, in_units

WARMUP, UPDATES = 12, 40
RANDOM = 400  # random actions, to see their distribution
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
    """The record of a short run: its environments, agent, replay buffer and noise."""

    world: Scripted
    evaluated: Scripted
    agent: DDPG
    memory: Batch  # 20 draws per stored transition, so that each one is drawn
    walks: list[tuple[float, Array]]  # step of the episode and state of the noise, at each sample
    noise_at: list[int]  # how many transitions there were at each sample of the noise
    updates_at: list[int]  # and at each update

    def all_match(self, name: str, expected: str) -> bool:
        """Return whether a field of the replay buffer equals the environment's record."""
        happened = [self.world.happened[int(reward)] for reward in self.memory.reward]
        values = np.array([getattr(each, expected) for each in happened])
        return np.array_equal(getattr(self.memory, name), values)


def short_run() -> ShortRun:
    """Train for a few steps, and evaluate after the last update."""
    world, evaluated = Scripted(one_memory=True), Scripted(one_memory=True)
    env = Environment(world)
    state = State(CONFIG, env)
    walks: list[tuple[float, Array]] = []
    noise_at: list[int] = []
    updates_at: list[int] = []
    agent: Any = state.agent
    sample, update = agent.noise.sample, agent.update

    def recorded_sample() -> Array:
        walks.append((world.obs[1], agent.noise.state.copy()))
        noise_at.append(len(world.happened))
        return np.asarray(sample())

    def recorded_update(batch: Batch) -> Any:
        updates_at.append(len(world.happened))
        return update(batch)

    agent.noise.sample, agent.update = recorded_sample, recorded_update
    train_from(state, env, Environment(evaluated))
    memory = state.replay.sample(20 * len(state.replay), np.random.default_rng(0))
    return ShortRun(world, evaluated, agent, memory, walks, noise_at, updates_at)


def _actions_arrive(run: ShortRun) -> bool:
    happened = [run.world.happened[int(reward)].action for reward in run.memory.reward]
    return np.allclose(in_units(run.memory.action), happened)


def _evaluation_is_the_policy(run: ShortRun) -> bool:
    obs = np.array([each.obs for each in run.evaluated.happened])
    actions = np.array([each.action for each in run.evaluated.happened])
    return np.allclose(actions, in_units(run.agent.actor.forward(obs)[0]))


def _warm_up_is_uniform() -> bool:
    """Compare a long warm-up with the uniform distribution on the whole box.

    Each distance and correlation is below its bound with probability 0.999, if correct; the seed
    is fixed. A distribution function that is wrong by 0.1 is detected.
    """
    world = Scripted()
    env = Environment(world)
    long = replace(CONFIG, warmup_steps=RANDOM, total_steps=RANDOM, eval_every=RANDOM)
    train_from(State(long, env), env, Environment(Scripted()))
    box, actions = Scripted.action_space, np.array([each.action for each in world.happened])
    shares = (actions - box.low) / (box.high - box.low)
    ordered, expected = np.sort(shares, axis=0), (np.arange(RANDOM) + 0.5)[:, None] / RANDOM
    distance = np.abs(ordered - expected).max()
    with np.errstate(invalid="ignore"):  # of an entry that never changes
        together = np.corrcoef(np.hstack((shares[:-1], shares[1:])).T)  # now, and a step later
    largest = np.abs(together - np.eye(len(together))).max()
    return bool(distance < 2 / np.sqrt(RANDOM) and largest < 4 / np.sqrt(RANDOM))


def _one_update_a_step(run: ShortRun) -> bool:
    after = [step for step in run.updates_at if step > WARMUP]
    optimizers = run.agent.actor_optimizer, run.agent.critic_optimizer
    steps = [each.steps for each in optimizers]
    return after == list(range(WARMUP + 1, WARMUP + UPDATES + 1)) and steps == 2 * [
        len(run.updates_at)
    ]


def behaviours() -> list[Claim]:
    """Return the properties of a short run, of the warm-up, and of the noise."""
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
            "every episode is reset with a different seed",
            lambda: len(set(run.world.seeds)) == len(run.world.seeds),
        ),
        Claim(
            "the noise starts each episode at zero",
            lambda: all(not state.any() for step, state in run.walks if step == 0),
        ),
        Claim("an evaluation acts without noise", lambda: _evaluation_is_the_policy(run)),
        Claim("the warm-up's actions are uniform in the whole box", _warm_up_is_uniform),
        Claim(
            "the policy acts, with noise, at every step after the warm-up and at none before",
            lambda: (
                [n for n in run.noise_at if n < CONFIG.total_steps]
                == list(range(WARMUP, CONFIG.total_steps))
            ),
        ),
        Claim(
            "no update comes before the end of the warm-up",
            lambda: all(step > WARMUP for step in run.updates_at),
        ),
        Claim(
            "there is one update for every step after the warm-up", lambda: _one_update_a_step(run)
        ),
        *noise_properties(),
    ]
