"""Chapter 10, your DDPG: the loop around the agent, in a world that plays by a script.

S observation entries, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.scripted_env import Scripted
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR, Row
from ..engine.submission import arrays, call
from .recording_agent import FIELDS, Diary

STEPS, WARMUP, BATCH = 43, 13, 6


def loop(wrong: str = "") -> Any:
    """Return a loop with one thing wrong, or none."""

    def train(
        env: Any, agent: Any, replay: Any, steps: int, warmup_steps: int, batch_size: int, rng: Any
    ) -> list[float]:
        def reset() -> Array:
            source = np.random.default_rng() if wrong == "another source of randomness" else rng
            drawn = int(source.integers(2**31))
            seed = {"the same seed at every reset": 7, "no seed at all": None}.get(wrong, drawn)
            obs: Array = env.reset(seed=seed)[0]
            return obs

        returns, total, obs = [], 0.0, reset()
        for step in range(1, steps + 1):
            late = 1 if wrong == "warm-up off by one" else 0
            is_random = step <= warmup_steps + late or wrong == "warm-up without end"
            if is_random and wrong != "no warm-up":
                action = agent.random_action()
            else:
                action = agent.act(obs, explore=wrong != "no exploration noise")
            in_units = agent.action_box.to_env(action)
            sent = action if wrong == "action scale forgotten" else in_units
            next_obs, reward, terminated, truncated, _ = env.step(sent)
            ended = terminated or (truncated and wrong != "no reset at a time limit")
            total += reward
            if ended and wrong == "the next episode's observation stored":
                next_obs = reset()
            replay.add(
                next_obs if wrong == "observation after the step stored" else obs,
                in_units if wrong == "action in the environment's units stored" else action,
                total if wrong == "return instead of reward stored" else reward,
                next_obs,
                {
                    "truncation as termination": terminated or truncated,
                    "mask flipped": not terminated,
                }.get(wrong, terminated),
            )
            begins = 0 if wrong == "updates during the warm-up" else warmup_steps
            if step > begins and (ended or wrong != "one update per episode"):
                agent.update(replay.sample(batch_size, rng))
            obs = obs if wrong == "obs stays the first one" else next_obs
            if ended:
                returns.append(total)
                total = total if wrong == "return never set back" else 0.0
                if wrong != "the next episode's observation stored":
                    obs = reset()
                if wrong != "noise not reset":
                    agent.noise.reset()
        return returns

    return train


def _row(mistake: str, why: str) -> Row:
    return Row(mistake, (loop(mistake),), why)


@exercise(
    "10.2",
    "The loop",
    BEHAVIOUR,
    stub='''
def train(env, agent, replay, steps, warmup_steps, batch_size, rng):
    """Train for so many environment steps; return the list of the finished episodes' returns.

    env     Gymnasium's: reset(seed=...) -> obs (S,), info
            step(action) -> obs (S,), reward, terminated, truncated, info
    agent   random_action() and act(obs, explore=True) -> action (A,) in [-1, 1];
            action_box.to_env(action) -> in the environment's units;
            noise.reset() at the end of an episode; update(batch)
    replay  add(obs, action, reward, next_obs, terminated), the action in [-1, 1];
            sample(batch_size, rng) -> batch
    rng     draws a new seed for every reset
    """
    returns = None
    return returns
''',
    statement="""Write algorithm 1's loop. The first warmup_steps actions are random, the others
    exploring. After the warm-up, one update follows every step. An episode ends by termination or
    by truncation; only one of the two is stored.""",
    reference=(loop(),),
    rows=(
        _row("truncation as termination", "A time limit is not the MDP's end: store terminated."),
        _row("mask flipped", "The last field is `terminated`, not its opposite."),
        _row(
            "the next episode's observation stored",
            "The environment was reset before the transition was stored. next_obs is where the"
            " action led.",
        ),
        _row("observation after the step stored", "obs was overwritten before replay.add."),
        _row("return instead of reward stored", "A transition holds the reward of its own step."),
        _row(
            "action in the environment's units stored",
            "The critic learns on actions in [−1, 1]: store what the agent said.",
        ),
        _row("action scale forgotten", "env.step needs agent.action_box.to_env(action)."),
        _row("no reset at a time limit", "An episode ends by truncation too: reset then as well."),
        _row("noise not reset", "Call agent.noise.reset() when an episode has ended."),
        _row("no warm-up", "The first warmup_steps actions come from agent.random_action()."),
        _row("warm-up off by one", "One random action too many: there are warmup_steps of them."),
        _row("obs stays the first one", "After a step, obs is what next_obs was."),
        _row("warm-up without end", "After warmup_steps the actor acts: agent.act(obs, ...)."),
        _row("no exploration noise", "While training the agent explores: act(obs, explore=True)."),
        _row("updates during the warm-up", "The first update comes after warmup_steps steps."),
        _row("one update per episode", "One update follows every step, not every episode."),
        _row("the same seed at every reset", "Every episode would start alike. Draw new seeds."),
        _row("no seed at all", "Without reset(seed=...) nobody can repeat the run."),
        _row("another source of randomness", "Draw seeds from the rng that is passed in."),
        _row("return never set back", "An episode's return begins at 0."),
    ),
    compared="what your loop did with what algorithm 1 does, in a scripted world",
)
def check_train(train: Any) -> dict[str, Any]:
    """Check train."""

    def run() -> tuple[Diary, Array]:
        diary = Diary(Scripted())
        arguments = (diary.world, diary, diary, STEPS, WARMUP, BATCH, np.random.default_rng(1))
        result = call(train, *arguments, changes=(0, 1, 2, 6))
        (returns,) = arrays((result,), ["the returns"], train)
        return diary, returns

    diary, returns = run()
    again, _ = run()
    updates, seeds = diary.times["update"], diary.world.seeds
    first = updates[0] if updates else 0
    given = [seed for seed in seeds if seed is not None]
    stored = {f"{name}, as stored": np.array(diary.stored[name]) for name in FIELDS}
    return {
        **stored,
        "actions, as sent": np.array([each.action for each in diary.world.happened]),
        "steps with a random action": np.array(diary.times["random"]),
        "steps with an exploring action": np.array(diary.times["noisy"]),
        "first update comes after the warm-up": first in (WARMUP, WARMUP + 1),
        "updates per step from there on": len(updates) / (STEPS + 1 - first),
        "sizes of the minibatches": np.unique(diary.drawn),
        "resets of the environment": len(seeds),
        "the first reset has a seed": seeds[:1] == given[:1] != [],
        "every seed is new": len(set(given)) == len(given),
        "seeds repeat with the rng": seeds == again.world.seeds,
        "noise reset after step": np.array(sorted({*diary.times["noise reset"]} - {0})),
        "returns": returns,
    }
