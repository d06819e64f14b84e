"""Exercise 10.2: write the training loop, which is checked in a scripted environment.

S observation entries, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, Observed, arrays, call, exercise
from .mistakes_around_updates import MISTAKES as AROUND_UPDATES
from .mistakes_in_the_loop import MISTAKES as IN_THE_LOOP
from .recording_agent import FIELDS, Minibatch, RecordingAgent, RecordingEnv, RecordingReplay

CASES = (
    {
        "obs_dim": 3,
        "action_dim": 2,
        "steps": 37,
        "warmup_steps": 13,
        "batch_size": 6,
        "reward": (0.7, -3.3),  # scale, offset
    },
    {
        "obs_dim": 4,
        "action_dim": 5,
        "steps": 26,
        "warmup_steps": 6,
        "batch_size": 11,
        "reward": (-1.3, 4.9),
    },
    {  # shorter than the warm-up
        "obs_dim": 2,
        "action_dim": 3,
        "steps": 7,
        "warmup_steps": 10,
        "batch_size": 5,
        "reward": (2.1, 0.4),
    },
)

SOLUTION = """
def train(env, agent, replay, steps, warmup_steps, batch_size, rng):
    def first_obs():
        return env.reset(seed=int(rng.integers(2**31)))[0]

    returns, total, obs = [], 0.0, first_obs()
    for step in range(1, steps + 1):
        obs = obs.copy()  # the environment may reuse its array
        # 1: act
        warming_up = step <= warmup_steps
        action = agent.random_action() if warming_up else agent.act(obs, explore=True)
        # 2: step
        env_action = agent.action_box.to_env(action)
        next_obs, reward, terminated, truncated, _ = env.step(env_action)
        # 3: store; a time limit does not end the MDP, so truncated is not stored
        replay.add(obs, action, reward, next_obs, terminated)
        # 4 to 8: sample and update
        if not warming_up:
            agent.update(replay.sample(batch_size, rng))
        total, obs = total + reward, next_obs
        if terminated or truncated:
            returns.append(total)
            total, obs = 0.0, first_obs()
            agent.noise.reset()
    return returns
"""


@exercise(
    "10.2",
    "The loop",
    BEHAVIOUR,
    stub='''
def train(env, agent, replay, steps, warmup_steps, batch_size, rng):
    """Train for `steps` environment steps; return the list of the finished episodes' returns.

    env     Gymnasium's: reset(seed=int(...)) -> obs (S,), info
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
    statement="""Write the loop of algorithm 1. The first warmup_steps actions are random, and the
    later ones are the actor's with noise. After the warm-up, one update follows every step. An
    episode ends by termination or by truncation; only one of the two is stored.""",
    solution=SOLUTION,
    mistakes=(*IN_THE_LOOP, *AROUND_UPDATES),
    cases=CASES,
    compared="what your loop did with what algorithm 1 does, in a scripted environment",
    difficulty=2,
    minutes=10,
    equivalents={
        f"return env.reset(seed=int(rng.integers(2 ** 31)))[0] → return {new}": reason
        for new, reason in {
            "env.reset(seed=int(rng.integers(3 ** 31)))[0]": "another range of seeds",
            "env.reset(seed=int(rng.integers(2 ** 32)))[0]": "another range of seeds",
            "env.reset(seed=int(rng.integers(2 ** 30)))[0]": "another range of seeds",
            "np.float32(env.reset(seed=int(rng.integers(2 ** 31)))[0])": "float32 will do",
        }.items()
    }
    | {
        f"obs = obs.copy() → {new}": "here the environment returns a new array each time"
        for new in ("obs = obs", "(deleted)")
    },
    hints=(
        "There are two forms of the action. The agent's action, in [−1, 1], goes into the buffer,"
        " and `agent.action_box.to_env(action)` goes into `env.step`.",
        "Keep this order: step, store, update, and only then, if the episode is over, reset."
        " If you reset before you store, you store the next episode's first observation instead of"
        " $s_{t+1}$.",
    ),
)
def check_train(
    train: Any,
    obs_dim: int,
    action_dim: int,
    steps: int,
    warmup_steps: int,
    batch_size: int,
    reward: tuple[float, float],
) -> dict[str, Any]:
    """Check train."""

    def run(seed: int, steps: int) -> tuple[RecordingEnv, RecordingAgent, RecordingReplay, Any]:
        env = RecordingEnv(obs_dim, *reward, limit=10 * steps)
        agent, replay = RecordingAgent(env, action_dim), RecordingReplay(env)
        settings = steps, warmup_steps, batch_size, np.random.default_rng(seed)
        result = call(train, env, agent, replay, *settings, changes=(0, 1, 2, 6))
        return env, agent, replay, result

    env, agent, replay, result = run(1, steps)
    count = len(replay)
    text = f"your loop took {env.time} steps of the environment, not {steps}"
    found: dict[str, Any] = {
        "not too few steps": Observed(env.time >= steps, message=text),
        "not too many steps": Observed(env.time <= steps, message=text),
    }
    if env.time != steps:
        return found
    text = f"{count} transitions were stored in {steps} steps"
    found["every transition is stored"] = Observed(count == steps, message=text)
    if count != steps or steps < warmup_steps:
        return found
    (returns,) = arrays((result,), ["the returns"], train)
    env_again, _, replay_again, _ = run(1, steps // 2)
    env_other, _, replay_other, _ = run(2, steps // 2)
    return (
        found
        | {f"{name}, as stored": np.array(replay.stored[name]) for name in FIELDS}
        | {"actions, as sent": np.array([step.action for step in env.script.happened])}
        | _of_each_step(env, agent, warmup_steps)
        | _of_minibatches(agent, replay, replay_again, replay_other)
        | _of_seeds(env, env_again, env_other)
        | {"returns": returns}
    )


def _of_each_step(env: RecordingEnv, agent: RecordingAgent, warmup_steps: int) -> dict[str, Any]:
    """Count what happened in, or after, each of the steps."""

    def counts(times: list[int]) -> Array:
        return np.bincount(times, minlength=env.time + 1)

    updates = counts(agent.times["update"])
    if updates[warmup_steps] == 1:
        updates[warmup_steps] = 0  # an update after the warm-up's last step is correct, too
    seen = "act did not get the latest observation that the environment returned"
    return {
        "random actions in each step": counts(agent.times["random"])[: env.time],
        "exploring actions in each step": counts(agent.times["noisy"])[: env.time],
        "act is given the latest observation": Observed(agent.sees_now, message=seen),
        "updates after each step": updates,
        "resets after each step": counts(env.resets_at),
        "noise resets after each step": counts(agent.times["noise reset"])[1:] > 0,
    }


def _of_minibatches(
    agent: RecordingAgent, replay: RecordingReplay, again: RecordingReplay, other: RecordingReplay
) -> dict[str, Any]:
    """Observe the minibatches; `again` ran half as long with this seed, `other` with another."""
    sizes = set(replay.batch_sizes)
    anew = len(set(replay.draws)) == len(replay.draws)
    numbers = [batch.number for batch in agent.batches if isinstance(batch, Minibatch)]
    text = "update did not get the minibatch that replay.sample returned"
    return {
        "size of the minibatches": sizes.pop() if len(sizes) == 1 else 0,
        "minibatches are drawn after storing": replay.is_up_to_date,
        "update is given minibatches": Observed(len(numbers) == len(agent.batches), message=text),
        "every update has a minibatch of its own": len(set(numbers)) == len(numbers),
        "every minibatch is drawn anew": anew,
        "minibatches repeat with the rng": replay.draws[: len(again.draws)] == again.draws,
        "minibatches change with the rng": not set(replay.draws) & set(other.draws),
    }


def _of_seeds(env: RecordingEnv, again: RecordingEnv, other: RecordingEnv) -> dict[str, bool]:
    """Observe the resets' seeds; `again` ran half as long with this seed, `other` with another."""
    seeds = env.script.seeds
    given = [seed for seed in seeds if seed is not None]
    return {
        "the first reset has a seed": seeds[:1] == given[:1] != [],
        "every seed is new": len(set(given)) == len(given),
        "seeds repeat with the rng": seeds[: len(again.script.seeds)] == again.script.seeds,
        "seeds change with the rng": not set(given) & set(other.script.seeds),
    }
