"""Exercise 10.2: the loop around the agent, in an environment that follows a script.

S observation entries, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.scripted_env import Scripted
from ..engine import BEHAVIOUR, Mistake, arrays, call, exercise
from .recording_agent import FIELDS, RecordingAgent

STEPS, WARMUP, BATCH = 43, 13, 6

SOLUTION = """
def train(env, agent, replay, steps, warmup_steps, batch_size, rng):
    def first_obs():
        return env.reset(seed=int(rng.integers(2**31)))[0]

    returns, total, obs = [], 0.0, first_obs()
    for step in range(1, steps + 1):
        # 1: act
        warming_up = step <= warmup_steps
        action = agent.random_action() if warming_up else agent.act(obs, explore=True)
        # 2: step
        env_action = agent.action_box.to_env(action)
        next_obs, reward, terminated, truncated, _ = env.step(env_action)
        # 3: store; a time limit is no end, so truncated stays outside
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

MISTAKES = (
    Mistake(
        "truncation as termination",
        "A time limit is not the end of the MDP: store terminated.",
        {"next_obs, terminated)": "next_obs, terminated or truncated)"},
    ),
    Mistake(
        "mask flipped",
        "The last field is `terminated`, not its opposite.",
        {"next_obs, terminated)": "next_obs, not terminated)"},
    ),
    Mistake(
        "the next episode's observation stored",
        "You reset the environment before you stored the transition. next_obs is where the action"
        " led.",
        {
            "        replay.add(": (
                "        if terminated or truncated:\n"
                "            next_obs = first_obs()\n"
                "        replay.add("
            ),
            "total, obs = 0.0, first_obs()": "total = 0.0",
        },
    ),
    Mistake(
        "observation after the step stored",
        "You overwrote obs before replay.add.",
        {"replay.add(obs": "replay.add(next_obs"},
    ),
    Mistake(
        "return instead of reward stored",
        "A transition holds the reward of its own step.",
        {"action, reward": "action, total + reward"},
    ),
    Mistake(
        "action in the environment's units stored",
        "The critic learns from actions in [−1, 1]: store the action that the agent returned.",
        {"obs, action, reward": "obs, env_action, reward"},
    ),
    Mistake(
        "action scale forgotten",
        "env.step needs agent.action_box.to_env(action).",
        {"env.step(env_action)": "env.step(action)"},
    ),
    Mistake(
        "no reset at a time limit",
        "An episode ends by truncation, too: reset the environment then as well.",
        {"if terminated or truncated:": "if terminated:"},
    ),
    Mistake(
        "noise not reset",
        "Call agent.noise.reset() when an episode has ended.",
        {"            agent.noise.reset()\n": ""},
    ),
    Mistake(
        "no warm-up",
        "The first warmup_steps actions come from agent.random_action().",
        {"agent.random_action() if warming_up else ": ""},
    ),
    Mistake(
        "warm-up off by one",
        "One random action too many: there are warmup_steps of them.",
        {"random_action() if warming_up": "random_action() if step <= warmup_steps + 1"},
        {"step <= warmup_steps": "step <= warmup_steps + 1"},
    ),
    Mistake(
        "obs stays the first one",
        "After a step, obs is what next_obs was.",
        {"total, obs = total + reward, next_obs": "total = total + reward"},
    ),
    Mistake(
        "warm-up without end",
        "After warmup_steps the actor acts: agent.act(obs, ...).",
        {" if warming_up else agent.act(obs, explore=True)": ""},
    ),
    Mistake(
        "no exploration noise",
        "While training the agent explores: act(obs, explore=True).",
        {", explore=True": ""},
    ),
    Mistake(
        "updates during the warm-up",
        "The first update comes after warmup_steps steps.",
        {"        if not warming_up:\n            agent": "        agent"},
    ),
    Mistake(
        "one update per episode",
        "One update follows every step, not every episode.",
        {"if not warming_up:": "if not warming_up and (terminated or truncated):"},
    ),
    Mistake(
        "the same seed at every reset",
        "Every episode would start in the same state. Draw new seeds.",
        {"int(rng.integers(2**31))": "7"},
    ),
    Mistake(
        "no seed at all",
        "Without reset(seed=...) nobody can repeat the run.",
        {"seed=int(rng.integers(2**31))": ""},
    ),
    Mistake(
        "another source of randomness",
        "Draw seeds from the rng that is passed in.",
        {"rng.integers": "np.random.default_rng().integers"},
    ),
    Mistake(
        "return never set back",
        "Set the return back to 0 when an episode ends.",
        {"total, obs = 0.0, first_obs()": "obs = first_obs()"},
    ),
)


@exercise(
    "10.2",
    "The loop",
    BEHAVIOUR,
    stub='''
def train(env, agent, replay, steps, warmup_steps, batch_size, rng):
    """Train for `steps` environment steps; return the list of the finished episodes' returns.

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
    statement="""Write algorithm 1's loop. The first warmup_steps actions are random, the later ones
    exploring. After the warm-up, one update follows every step. An episode ends by termination or
    by truncation; only one of the two is stored.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="what your loop did with what algorithm 1 does, in a scripted environment",
    difficulty=2,
    minutes=15,
    hints=(
        "Two actions are in play. The agent's, in [−1, 1], goes into the buffer."
        " `agent.action_box.to_env(action)` goes into `env.step`.",
        "Keep this order: step, store, update, and only then, if the episode is over, reset."
        " If you reset before you store, the next episode's first observation stands where"
        " $s_{t+1}$ belongs.",
    ),
)
def check_train(train: Any) -> dict[str, Any]:
    """Check train."""

    def run() -> tuple[RecordingAgent, Array]:
        agent = RecordingAgent(Scripted())
        arguments = (agent.env, agent, agent, STEPS, WARMUP, BATCH, np.random.default_rng(1))
        result = call(train, *arguments, changes=(0, 1, 2, 6))
        (returns,) = arrays((result,), ["the returns"], train)
        return agent, returns

    agent, returns = run()
    again, _ = run()
    updates, seeds = agent.times["update"], agent.env.seeds
    first = updates[0] if updates else 0
    given = [seed for seed in seeds if seed is not None]
    stored = {f"{name}, as stored": np.array(agent.stored[name]) for name in FIELDS}
    return {
        **stored,
        "actions, as sent": np.array([step.action for step in agent.env.happened]),
        "steps with a random action": np.array(agent.times["random"]),
        "steps with an exploring action": np.array(agent.times["noisy"]),
        "first update comes after the warm-up": first in (WARMUP, WARMUP + 1),
        "updates per step from there on": len(updates) / (STEPS + 1 - first),
        "sizes of the minibatches": np.unique(agent.batch_sizes),
        "resets of the environment": len(seeds),
        "the first reset has a seed": seeds[:1] == given[:1] != [],
        "every seed is new": len(set(given)) == len(given),
        "seeds repeat with the rng": seeds == again.env.seeds,
        "noise reset after step": np.array(sorted({*agent.times["noise reset"]} - {0})),
        "returns": returns,
    }
