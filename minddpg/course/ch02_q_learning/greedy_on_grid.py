"""Exercise 02.2: the greedy action on a grid, by search.

S state entries, A action entries.
"""

from itertools import product
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import (
    PROPERTY,
    InvalidAnswer,
    Mistake,
    NotAttempted,
    Observed,
    arrays,
    call,
    exercise,
)

# By A: the matrix that ties an action's entries together, and states: where Q is largest, and how
# large it is there. Looking at one entry at a time does not lead to the best action.
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

ONE_BY_ONE = """
def greedy_on_grid(q_function, state, points, action_dim):
    along = np.linspace(-1, 1, points)
    best, calls = {start}, 0
    for i in range(action_dim):
        values = []
        for x in along:
            action = {others}
            action[i] = x
            values.append(q_function(state, action))
            calls += 1
        best[i] = along[np.argmax(values)]
    return best, calls
"""

MISTAKES = (
    Mistake(
        "argmin instead of argmax",
        "That is the worst action of the grid.",
        {"-np.inf": "np.inf", "value > highest": "value < highest"},
    ),
    Mistake(
        "only the diagonal of the grid",
        "You tried only actions whose entries are all equal. Combine every value of one entry with"
        " every value of the others.",
        {
            "for index in np.ndindex(*[points] * action_dim)": "for x in along",
            "along[list(index)]": "np.full(action_dim, x)",
        },
    ),
    Mistake(
        "one dimension at a time",
        "points × A calls are not enough. The best first entry depends on the second, so every"
        " combination has to be tried.",
        *(
            ONE_BY_ONE.format(start=start, others=others)
            for start in ("np.zeros(action_dim)", "-np.ones(action_dim)")
            for others in ("best.copy()", start)
        ),
    ),
    Mistake(
        "grid without its ends",
        "−1 and 1 belong to the grid, and the best action may lie there.",
        {"np.linspace(-1, 1, points)": "np.linspace(-1, 1, points + 2)[1:-1]"},
        {"np.linspace(-1, 1, points)": "np.linspace(-1, 1, points, endpoint=False)"},
        {
            "np.linspace(-1, 1, points)": "np.linspace(-1, 1, points)[:-1]",
            "[points]": "[len(along)]",
        },
        {"np.linspace(-1, 1, points)": "2 * (np.arange(points) + 0.5) / points - 1"},
    ),
    Mistake(
        "grid from 0 to 1",
        "Actions range from −1 to 1: you did not try half of them.",
        {"linspace(-1, 1": "linspace(0, 1"},
    ),
    Mistake(
        "value instead of the action",
        "That is max Q. Return the action at which Q is that large.",
        {"return best": "return highest"},
    ),
    Mistake(
        "index instead of the action",
        "That says where in the grid the best action is. Return the action itself.",
        {"highest = action, value": "highest = index, value"},
        {"highest = action, value": "highest = calls - 1, value"},
    ),
    Mistake(
        "one point too many",
        "`points` values from −1 to 1 are `points − 1` steps apart in all: np.linspace counts the"
        " values, not the steps.",
        {
            "np.linspace(-1, 1, points)": "np.linspace(-1, 1, points + 1)",
            "[points]": "[points + 1]",
        },
    ),
    Mistake(
        "combinations instead of all actions",
        "You tried each set of values in one order only. (−1, 1) and (1, −1) are two actions.",
        {
            "np.ndindex(*[points] * action_dim)": (
                "[i for i in np.ndindex(*[points] * action_dim) if list(i) == sorted(i)]"
            )
        },
        {
            "np.ndindex(*[points] * action_dim)": (
                "[i for i in np.ndindex(*[points] * action_dim) if len(set(i)) == action_dim]"
            )
        },
    ),
    Mistake(
        "first action instead of the best",
        "You return the first action that you try. Return after the loop.",
        {"    return best": "        return best"},
    ),
    Mistake(
        "grid with other ends",
        "Actions range from −1 to 1, whatever the environment makes of them.",
        *(
            {"linspace(-1, 1": f"linspace({low}, {high}"}
            for low, high in ((-2, 2), (-0.5, 0.5), (-2, 1), (-1, 2), (-1, 0), (-0.5, 1), (-1, 0.5))
        ),
    ),
    Mistake(
        "points * A instead of points ** A",
        "Every value of one entry meets every value of the others, so that the numbers multiply.",
        {"return best, calls": "return best, points * action_dim"},
    ),
    Mistake(
        "points instead of points ** A",
        "That many values has one entry of the action. Count the calls of Q.",
        {"return best, calls": "return best, points"},
    ),
    Mistake(
        "only the improvements counted",
        "You count the actions that were better than those before. Count every call of Q.",
        {
            "        calls += 1\n": "",
            "value\n    return": "value\n            calls += 1\n    return",
        },
    ),
    Mistake(
        "calls counted with = instead of +=",
        "Your counter says 1 after every call. Add 1 each time.",
        {"calls += 1": "calls = 1"},
    ),
    Mistake(
        "calls not counted",
        "You return 0 calls. Add 1 whenever you call Q.",
        {"        calls += 1\n": ""},
    ),
    Mistake(
        "counting off by one",
        "The number of calls is one too large or too small: begin with 0, and add 1 for each call.",
        {"-np.inf, 0": "-np.inf, 1"},
        {"-np.inf, 0": "-np.inf, -1"},
    ),
    Mistake(
        "one action left out",
        "The grid has points ** A actions; your loop skips the first or the last of them.",
        {"np.ndindex(*[points] * action_dim)": "list(np.ndindex(*[points] * action_dim))[1:]"},
        {"np.ndindex(*[points] * action_dim)": "list(np.ndindex(*[points] * action_dim))[:-1]"},
    ),
    Mistake(
        "fractions cut off",
        "Your action is made of whole numbers, but most values of the grid are fractions.",
        {"return best": "return best.astype(int)"},
        {"along[list(index)]": "along[list(index)].astype(int)"},
    ),
    Mistake(
        "A ** points instead of points ** A",
        "Each further entry multiplies the number of actions by `points`.",
        {"return best, calls": "return best, action_dim**points"},
    ),
    Mistake(
        "two calls for each action",
        "You call Q twice as often as needed. Keep the value that it returned.",
        {"if value": "if q_function(state, action)"},
        {"if value": "if q_function(state, action)", "calls += 1": "calls += 2"},
        {"calls += 1": "calls += 2"},
    ),
    Mistake(
        "calls that are not counted",
        "Whenever an action is better, you call Q for it a second time. Keep the value that it"
        " returned.",
        {"action, value": "action, q_function(state, action)"},
    ),
    Mistake(
        "last action instead of the best",
        "You return the last action of the grid. Either `highest` is not kept up to date with"
        " `best`, or the loop writes every action into the same array: then `best` is that array,"
        " and has to be a copy.",
        {
            "    for index": "    action = np.zeros(action_dim)\n    for index",
            "action = along": "action[:] = along",
        },
        {"best, highest = action, value": "best = action"},
    ),
    Mistake(
        "nothing below zero is ever best",
        "Where all values are low, no action is found: your search begins with a highest value"
        " that is too high. Begin with −∞.",
        {"None, -np.inf": "np.zeros(action_dim), 0.0"},
        {"-np.inf": "0.0"},
    ),
)


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
    statement="""max over a of Q(s, a) is easy in a table. With continuous actions you would have to
    search. Try a grid of actions, and count how often you call Q: an actor saves you all these
    calls.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your action and number of calls with the right ones",
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
    if all(result is None or _has_no_action(result) for result in results):
        raise NotAttempted("greedy_on_grid returned None where the best action should be.")
    best, counts = zip(*(_parts(result, greedy_on_grid) for result in results), strict=True)
    message = ""
    if any(action.size == 0 for action in best):
        best, message = (np.zeros(0),), "for some states no action is returned: best is None"
    elif len({action.shape for action in best}) > 1:
        best, message = (best[0],), "the actions for different states have different shapes"
    called = f"q_function was called {calls[0]} times; the grid has {size} actions"
    two_calls = 2.5 / size  # so many more are tolerated
    return {
        "best actions": Observed(np.array(best), message=message),
        "numbers of calls": Observed(np.array(counts).astype(float)),
        "calls that were made": Observed(calls, two_calls, called),
        "actions of the grid that were tried": different,
        "states that Q was called with": np.array(states),
    }


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
