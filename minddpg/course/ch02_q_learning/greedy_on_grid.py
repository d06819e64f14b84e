"""Exercise 02.2: the greedy action on a grid, by search.

S state entries, A action entries.
"""

from itertools import product
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import PROPERTY, InvalidAnswer, NotAttempted, Observed, arrays, call, exercise
from .greedy_on_grid_mistakes import MISTAKES

# By A: a matrix that couples the entries of an action, and states. A state holds the action where
# Q is largest, and that Q. Because of the coupling, a search entry by entry misses that action.
MIXING = {
    3: ((0.79, 0.72, -0.36), (-0.37, -0.4, 0.38), (-0.36, 0.45, -0.87)),
    2: ((0.97, -0.82), (-0.56, 0.6)),
}
STATES = {
    3: ((-0.8, 0.98, 0.1, -1300.7), (0.03, -0.79, -0.92, 300.4)),
    2: ((-0.61, 1.02, -1300.7), (-0.94, 0.48, 300.4)),
}

SOLUTION = """
def greedy_on_grid(q_function, state, points, action_dim):
    along = np.linspace(-1, 1, points)
    best, highest, calls = None, -np.inf, 0
    for index in np.ndindex(*[points] * action_dim):
        action = along[list(index)]
        value = q_function(state, action)
        calls += 1
        if value > highest:
            best, highest = action, value
    return best, calls
"""


@exercise(
    "02.2",
    "The greedy action on a grid",
    PROPERTY,
    stub='''
def greedy_on_grid(q_function, state, points, action_dim):
    """Try every action of a grid once; return the best one (A,), and the number of calls.

    Each of the A entries takes `points` values from -1 to 1, both included, at equal distances.
    q_function(state, action) returns a number for a state (S,) and an action (A,).
    """
    best = calls = None
    return best, calls
''',
    statement="""The maximum of Q(s, a) over a is easy in a table. With continuous actions you would
    have to search. Try a grid of actions, and count how often you call Q: an actor saves all these
    calls.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your action and number of calls with the correct ones",
    difficulty=2,
    minutes=10,
    hints=(
        "`np.linspace(-1, 1, points)` gives the values of one entry."
        " `np.ndindex(points, points, points)` loops over all triples of indices;"
        " `np.ndindex(*[points] * action_dim)` does it for any number of entries.",
        "Keep the best action so far and its value. Values may all be negative: begin with"
        " `-np.inf`.",
    ),
    cases=({"points": 4, "action_dim": 3}, {"points": 6, "action_dim": 2}),
    equivalents={
        "along = np.linspace(-1, 1, points) → along = np.linspace(1, -1, points)": (
            "the same grid, from its other end"
        ),
        "if value > highest: → if value >= highest:": "the last of equal actions is as good",
        "return (best, calls) → return (np.float32(best), calls)": "float32 is accepted",
    },
)
def check_greedy_on_grid(greedy_on_grid: Any, points: int, action_dim: int) -> dict[str, Any]:
    """Check greedy_on_grid."""
    mixing, size = np.array(MIXING[action_dim]), points**action_dim
    grid = set(product(np.round(np.linspace(-1, 1, points), 6), repeat=action_dim))
    tried: list[tuple[float, ...]] = []
    asked = np.zeros(action_dim + 1)  # the state that q_function was called with

    def q_function(state: Array, action: Array) -> float:
        shapes = np.shape(state), np.shape(action)
        if shapes != ((action_dim + 1,), (action_dim,)):
            raise InvalidAnswer(
                f"q_function takes a state ({action_dim + 1},) and an action ({action_dim},), not"
                f" {shapes[0]} and {shapes[1]}. The number of an action's entries is action_dim."
            )
        tried.append(tuple(np.round(action, 6)))
        asked[:] = state
        return float(state[-1] - np.sum(((action - state[:-1]) @ mixing) ** 2))

    results, calls, different, states = [], [], [], []
    for state in np.array(STATES[action_dim]):
        tried.clear()
        results.append(call(greedy_on_grid, q_function, state, points, action_dim, returns=False))
        calls.append(len(tried))
        different.append(len(set(tried) & grid))
        states.append(asked.copy())
    if all(result is None or _is_blank(result) for result in results):
        raise NotAttempted("greedy_on_grid returned None where the best action should be.")
    best, counts = zip(*(_parts(result, greedy_on_grid) for result in results), strict=True)
    message = ""
    if missing := sum(action.size == 0 for action in best):
        best = (np.zeros(missing),)
        message = f"for {missing} of {len(calls)} states no action is returned: best is None"
    elif len({action.shape for action in best}) > 1:
        best, message = (best[0],), "the actions for different states have different shapes"
    called = f"q_function was called {calls[0]} times; the grid has {size} actions"
    two_calls = 2.5 / size  # two calls more than necessary are tolerated
    return {
        "best actions": Observed(np.array(best), message=message),
        "numbers of calls": Observed(np.array(counts).astype(float)),
        "calls that were made": Observed(calls, two_calls, called),
        "actions of the grid that were tried": different,
        "states that Q was called with": np.array(states),
    }


def _is_blank(result: Any) -> bool:
    """Return whether an answer is that of the stub."""
    return _has_no_action(result) and result[1] is None


def _has_no_action(result: Any) -> bool:
    return isinstance(result, tuple | list) and len(result) == 2 and result[0] is None


def _parts(result: Any, greedy_on_grid: Any) -> tuple[Array, Array]:
    """Return the best action, of size 0 where it is None, and the number of calls."""
    if _has_no_action(result):
        result = np.zeros(0), result[1]
    action, count = arrays(result, ["best action", "number of calls"], greedy_on_grid)
    if count.ndim:
        raise InvalidAnswer(
            f"The number of calls should be one number, not an array {count.shape}."
        )
    return action, count
