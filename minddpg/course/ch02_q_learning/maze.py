"""A maze of 24 cells, its exact solution, and learning with a table or a linear function.

S states, cells counted row by row; A actions; D features.
"""

from collections.abc import Callable

import numpy as np

from ...nn.layers import Array

MAZE = ["S.....", ".#.#.#", ".#....", "1#.#.X"]  # S start, # wall, 1 and X ends
REWARD = {"1": 1.0, "X": 10.0}
MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))  # up, right, down, left
ROWS, COLUMNS, DISCOUNT = len(MAZE), len(MAZE[0]), 0.9
STATES, ACTIONS = ROWS * COLUMNS, len(MOVES)
OPEN = [s for s in range(STATES) if MAZE[s // COLUMNS][s % COLUMNS] in "S."]
FEATURES, RATE, EVERY = 60, 0.1, 250  # of a linear Q, its learning rate, steps between records


def step(state: int, action: int) -> tuple[float, int, bool]:
    """Return reward, next state and whether it is an end."""
    row, column = state // COLUMNS + MOVES[action][0], state % COLUMNS + MOVES[action][1]
    inside = 0 <= row < ROWS and 0 <= column < COLUMNS
    if not inside or MAZE[row][column] == "#":
        return 0.0, state, False
    sign = MAZE[row][column]
    return REWARD.get(sign, 0.0), row * COLUMNS + column, sign in REWARD


def backup(q: Array) -> Array:
    """Apply the Bellman optimality equation once, to every pair of a table (S, A)."""
    new = np.zeros_like(q)
    for state in OPEN:
        for action in range(ACTIONS):
            reward, next_state, terminated = step(state, action)
            new[state, action] = reward + DISCOUNT * (not terminated) * q[next_state].max()
    return new


def exact_q() -> tuple[Array, int]:
    """Return Q* (S, A) by value iteration, and the number of sweeps that it took."""
    q, sweeps = np.zeros((STATES, ACTIONS)), 0
    while np.abs(backup(q) - q).max() > 0:
        q, sweeps = backup(q), sweeps + 1
    return q, sweeps


def greedy_return(q: Array, best: Callable[[Array], int]) -> float:
    """Return the discounted return of a table's greedy policy from the start, over 100 steps.

    Args:
        best: returns the index of the largest of some values; it decides between equal ones.
    """
    state, total, weight, terminated = 0, 0.0, 1.0, False
    for _ in range(100):
        if not terminated:
            reward, state, terminated = step(state, best(q[state]))
            total, weight = total + weight * reward, weight * DISCOUNT
    return total


def largest_values(kind: str, steps: int, seed: int) -> Array:
    """Learn from pairs drawn uniformly; return the largest |Q| after every EVERY steps.

    Args:
        kind: "table": Q-learning; "function": Q-learning with Q = φ(s, a) · w, where φ (D,) is
            random; "labels": the same function, fitted to the exact Q* instead of the target.
    """
    rng, exact = np.random.default_rng(seed), exact_q()[0]
    phi = rng.standard_normal((STATES, ACTIONS, FEATURES)) / np.sqrt(FEATURES)
    if kind == "table":
        phi = np.eye(STATES * ACTIONS).reshape(STATES, ACTIONS, -1)
    w, largest = np.zeros(phi.shape[-1]), []
    for t in range(1, steps + 1):
        state, action = OPEN[rng.integers(len(OPEN))], int(rng.integers(ACTIONS))
        reward, next_state, terminated = step(state, action)
        y = reward + DISCOUNT * (not terminated) * (phi[next_state] @ w).max()
        if kind == "labels":
            y = exact[state, action]
        w += RATE * (y - phi[state, action] @ w) * phi[state, action]
        if t % EVERY == 0:
            largest.append(np.abs(phi[OPEN] @ w).max())
    return np.array(largest)
