"""Chapter 02, from tables to actors: the best action, by search.

S state entries, A action entries.
"""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.observations import Observed
from ..engine.submission import InvalidAnswer, arrays, call

POINTS, DIMS = 5, 3
MIXING = np.array([[-0.25, -1.0, 0.75], [-0.5, -0.5, -0.25], [1.0, -0.25, -0.25]])


def _on_grid(
    grid: Callable[[int], Any] = lambda points: np.linspace(-1, 1, points),
    choose: Any = max,
    diagonal: bool = False,
    told: Any = lambda best, value, calls: (best, calls),
    times: int = 1,
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""

    def greedy_on_grid(q_function: Any, state: Array, points: int, action_dim: int) -> Any:
        along = grid(points)
        every = zip(*[along] * action_dim, strict=True) if diagonal else None
        actions = [np.array(a) for a in every or product(along, repeat=action_dim)]
        values = [q_function(state, action) for _ in range(times) for action in actions]
        best = values.index(choose(values))
        return told(actions[best], values[best], len(values))

    return greedy_on_grid


def _asking_again(q_function: Any, state: Array, points: int, action_dim: int) -> Any:
    """Call Q once more for every action that is better than those before."""
    highest, best, calls = -np.inf, None, 0
    for entries in product(np.linspace(-1, 1, points), repeat=action_dim):
        calls += 1
        if q_function(state, np.array(entries)) > highest:
            highest, best = q_function(state, np.array(entries)), entries
    return best, calls


def _singly(start: float, keeps: bool) -> Any:
    """Search one dimension at a time, the others at `start` or at what was best before."""

    def greedy_on_grid(q_function: Any, state: Array, points: int, action_dim: int) -> Any:
        grid, best = np.linspace(-1, 1, points), np.full(action_dim, start)
        for axis in np.eye(action_dim, dtype=bool):
            others = best if keeps else np.full(action_dim, start)
            values = [q_function(state, np.where(axis, x, others)) for x in grid]
            best = np.where(axis, grid[np.argmax(values)], best)
        return best, points * action_dim

    return greedy_on_grid


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
    statement="""max over a of Q(s, a) is easy in a table. With continuous actions you would have
    to search. Try a grid of actions, and count how often you call Q: that is what an actor
    saves.""",
    reference=(_on_grid(),),
    rows=(
        Row(
            "argmin instead of argmax",
            (_on_grid(choose=min),),
            "That is the worst action of the grid.",
        ),
        Row(
            "only the diagonal of the grid",
            (_on_grid(diagonal=True),),
            "You tried only actions with all entries alike. Every value of one entry goes with"
            " every value of the others.",
        ),
        *(
            Row(
                "one dimension at a time",
                (_singly(start, keeps),),
                "points × A calls are not enough. The best first entry depends on the second:"
                " every combination has to be tried.",
            )
            for start in (0.0, -1.0)
            for keeps in (False, True)
        ),
        *(
            Row(
                "grid without its ends",
                (_on_grid(grid),),
                "−1 and 1 belong to the grid, and the best action may lie there.",
            )
            for grid in (
                lambda points: np.linspace(-1, 1, points + 2)[1:-1],
                lambda points: np.linspace(-1, 1, points, endpoint=False),
                lambda points: np.linspace(-1, 1, points)[:-1],
                lambda points: (np.arange(points) + 0.5) * 2 / points - 1,
            )
        ),
        Row(
            "grid from 0 to 1",
            (_on_grid(lambda points: np.linspace(0, 1, points)),),
            "Actions go from −1 to 1: half of them were not tried.",
        ),
        Row(
            "value instead of the action",
            (_on_grid(told=lambda best, value, calls: (value, calls)),),
            "That is max Q. Return the action where it is reached.",
        ),
        *(
            Row(
                "index instead of the action",
                (_on_grid(told=told),),
                "That says where in the grid the best action is. Return the action itself.",
            )
            for told in (
                lambda best, value, calls: ((best + 1) / 2 * (POINTS - 1), calls),
                lambda best, value, calls: ((best + 1) / 2 * (POINTS - 1) @ (25, 5, 1), calls),
            )
        ),
        Row(
            "A ** points instead of points ** A",
            (_on_grid(told=lambda best, value, calls: (best, DIMS**POINTS)),),
            "Each further entry multiplies the number of actions by `points`.",
        ),
        *(
            Row(
                "two calls for each action",
                (answer,),
                "Q is asked twice as often as needed. Keep the value that it returned.",
            )
            for answer in (
                _on_grid(times=2),
                _on_grid(told=lambda best, value, calls: (best, 2 * calls)),
                _on_grid(times=2, told=lambda best, value, calls: (best, calls // 2)),
            )
        ),
        Row(
            "calls that are not counted",
            (_asking_again,),
            "Where an action is better, Q is asked for it a second time. Keep the value that it"
            " returned.",
        ),
        Row(
            "last action instead of the best",
            (_on_grid(told=lambda best, value, calls: (best * 0 + 1, calls)),),
            "You return the last action of the grid. If the loop writes every action into one and"
            " the same array, `best` is that array: keep a copy.",
        ),
        Row(
            "nothing below zero is ever best",
            (_on_grid(told=lambda best, value, calls: (best * 0, calls)),),
            "All values are below 0 here, and the search begins with a highest value of 0. Begin"
            " with −∞.",
        ),
    ),
    compared="your action and number of calls with the right ones",
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
    says = f"q_function was called {len(tried)} times; the grid has {POINTS**DIMS} actions"
    found["calls that were made"] = Observed(len(tried), 0.02, says)  # 2 more are no matter
    grid = set(tried) & set(product(np.linspace(-1, 1, POINTS), repeat=DIMS))
    return {**found, "actions of the grid that were tried": len(grid)}
