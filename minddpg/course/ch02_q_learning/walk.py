"""Exercise 02.4: the loop of Q-learning.

The check passes functions that record their arguments.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, InvalidAnswer, Observed, array, call, exercise
from .walk_mistakes import MISTAKES

WANTED = "walk should return the sum of rewards"
MISSING = -7.0  # stands for a call that was not made
END = 9  # the state at which an episode terminates
REWARDS = (0.7, -0.3, 1.9, 0.4, -1.1)  # of the steps, in turn

SOLUTION = """
def walk(step, act, learn, steps, limit):
    state, age, earned = 0, 0, 0.0
    for _ in range(steps):
        action = act(state)
        reward, next_state, terminated = step(state, action)
        learn(state, action, reward, next_state, terminated)
        earned += reward
        state, age = next_state, age + 1
        if terminated or age == limit:
            state, age = 0, 0
    return earned
"""


@exercise(
    "02.4",
    "The loop",
    BEHAVIOUR,
    stub='''
def walk(step, act, learn, steps, limit):
    """Take `steps` steps in all, learning after each; return the sum of all rewards.

    act(state) returns an action. step(state, action) returns reward, next_state, terminated, and
    remembers nothing. learn(state, action, reward, next_state, terminated) changes the table. An
    episode begins in state 0. It ends when it is terminated, or truncated after `limit` steps.
    """
    earned = None
    return earned
''',
    statement="""Write the loop in which an agent acts and learns. Two things decide whether it
    learns the right values: where each episode begins, and what you pass to `learn` when the time
    limit cuts an episode off.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="what your loop passed to act, step and learn with what it should pass",
    difficulty=2,
    importance=3,
    minutes=12,
    hints=(
        "Inside `for _ in range(steps):` the order is act, step, learn. Only then does `next_state`"
        " become the state. Count the steps of the episode in another variable.",
        "A truncated episode has not terminated: the world would have continued. `learn` gets the"
        " `terminated` that `step` returned. The limit only sends you back to state 0.",
    ),
    equivalents={
        "state, age, earned = (0, 0, 0.0) → age, state, earned = (0, 0, 0.0)": "both are 0",
        "state, age, earned = (0, 0, 0.0) → state, earned, age = (0, 0, 0.0)": "both are 0",
        "state, age = (0, 0) → age, state = (0, 0)": "both are 0",
        "return earned → return np.float32(earned)": "float32 is accepted",
        "action = act(state) → action = np.float16(act(state))": "the same number",
        "action = act(state) → action = np.int64(act(state))": "the same number",
        "learn(state, action, reward, next_state, terminated) moved after earned += reward": (
            "neither uses the other's result"
        ),
    },
    cases=(
        {"steps": 23, "limit": 5, "length": 7, "ends": (8, 13, 17)},
        {"steps": 17, "limit": 4, "length": 6, "ends": (6, 10, 13)},
    ),
)
def check_walk(
    walk: Any, steps: int, limit: int, length: int, ends: tuple[int, ...]
) -> dict[str, Any]:
    """Check walk.

    Args:
        length: number of states before the first one comes again.
        ends: the steps, counted from 1, that terminate their episode; one at the limit.
    """
    acted, stepped, learned = [], [], []
    most = 10 * steps + 100

    def act(state: Any) -> int:
        acted.append(_number(state, "act", "a state"))
        if len(acted) > most:
            raise InvalidAnswer(f"act was called {most} times: the loop does not stop.")
        return 20 + len(acted)

    def step(state: Any, action: Any) -> tuple[float, int, bool]:
        stepped.append((_number(state, "step", "a state"), _number(action, "step", "an action")))
        count = len(stepped)
        if count > most:
            raise InvalidAnswer(f"step was called {most} times: the loop does not stop.")
        ended = count in ends
        next_state = END if ended else 1 + count % length
        return REWARDS[count % len(REWARDS)], next_state, ended

    def learn(*transition: Any) -> None:
        if len(transition) != 5:
            raise InvalidAnswer(
                f"learn takes state, action, reward, next_state and terminated: five, not"
                f" {len(transition)}."
            )
        learned.append([_number(part, "learn", "a number") for part in transition])

    earned = array(call(walk, step, act, learn, steps, limit), f"{WANTED}: it")
    if earned.size != 1:
        raise InvalidAnswer(f"{WANTED}, one number; it returned {earned.size}.")
    transitions = np.array([_first(part, steps) for part in zip(*learned, strict=True)])
    found: dict[str, Any] = {
        "number of steps": Observed(
            len(stepped), message=f"step was called {len(stepped)} times, not {steps}"
        ),
        "states passed to act": _first(acted, steps),
        "states passed to step": _first([state for state, _ in stepped], steps),
        "actions passed to step": _first([action for _, action in stepped], steps),
        "number of updates": Observed(
            len(learned), message=f"learn was called {len(learned)} times, not {steps}"
        ),
    }
    for i, name in enumerate(("states", "actions", "rewards", "next states", "terminated")):
        found[f"{name} passed to learn"] = transitions[i] if learned else _first([], steps)
    found["sum of rewards"] = earned
    return found


def _first(values: Sequence[float], count: int) -> Array:
    """Return the first `count` values; MISSING stands for values that do not exist."""
    return np.array([*values, *[MISSING] * count][:count], float)


def _number(value: Any, function: str, what: str) -> float:
    found = np.asarray(value)
    if found.dtype.kind not in "biuf" or found.size != 1:
        raise InvalidAnswer(f"{function} should get {what}, not {value!r}.")
    return float(found.item())
