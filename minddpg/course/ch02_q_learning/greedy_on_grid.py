"""Exercise 02.2: the greedy action on a grid, by search.

S state entries, A action entries.
"""

from itertools import product
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import PROPERTY, InvalidAnswer, Mistake, Observed, arrays, call, exercise

POINTS, DIMS = 5, 3
MIXING = np.array([[-0.25, -1.0, 0.75], [-0.5, -0.5, -0.25], [1.0, -0.25, -0.25]])

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
        "You return the last action of the grid. If the loop writes every action into the same"
        " array, `best` is that array: keep a copy.",
        {
            "    for index": "    action = np.zeros(action_dim)\n    for index",
            "action = along": "action[:] = along",
        },
    ),
    Mistake(
        "nothing below zero is ever best",
        "All values are below 0 here, but your search starts with a highest value of 0. Start with"
        " −∞.",
        {"None, -np.inf": "np.zeros(action_dim), 0.0"},
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
)
def check_greedy_on_grid(greedy_on_grid: Any) -> dict[str, Any]:
    """Check greedy_on_grid."""
    state = np.array([-0.4, 1.1, -0.15, -0.7])
    tried = []

    def q_function(state: Array, action: Array) -> float:
        if np.shape(state) != (DIMS + 1,) or np.shape(action) != (DIMS,):
            shapes = f"{np.shape(state)} and {np.shape(action)}"
            raise InvalidAnswer(f"q_function takes a state (4,) and an action (3,), not {shapes}.")
        tried.append(tuple(np.round(action, 9)))
        return float(state[-1] - np.sum(((action - state[:-1]) @ MIXING) ** 2))

    result = call(greedy_on_grid, q_function, state, POINTS, DIMS)
    names = ["best action", "number of calls"]
    found: dict[str, Any] = dict(zip(names, arrays(result, names, greedy_on_grid), strict=True))
    message = f"q_function was called {len(tried)} times; the grid has {POINTS**DIMS} actions"
    found["calls that were made"] = Observed(
        len(tried), 0.02, message
    )  # two more calls are tolerated
    grid = set(tried) & set(product(np.linspace(-1, 1, POINTS), repeat=DIMS))
    return {**found, "actions of the grid that were tried": len(grid)}
