"""Exercise 01.2: the Bellman backup of a table.

S states, A actions.
"""

from typing import Any

from ..engine import PROPERTY, Mistake, array, call, exercise
from .sample_world import CASES, SQUARE, sample_world, sum_mistakes

SOLUTION = """
def bellman_backup(q, reward, next_state, discount):
    best = q.max(axis=1)
    new_q = reward + discount * best[next_state]
    return new_q
"""

IN_PLACE = """
def bellman_backup(q, reward, next_state, discount):
    new_q = q.copy()
    for s, a in np.ndindex(q.shape):
        new_q[s, a] = reward[s, a] + discount * new_q[next_state[s, a]].max()
    return new_q
"""

UNTIL_THE_END = """
def bellman_backup(q, reward, next_state, discount):
    new_q = q
    for _ in range(2000):
        new_q = reward + discount * new_q.max(axis=1)[next_state]
    return new_q
"""

MISTAKES = (
    Mistake(
        "mean instead of max",
        "The mean is the value of acting at random at s'. The best policy takes the best action.",
        {"q.max": "q.mean"},
    ),
    Mistake("min instead of max", "You took the worst action at s'.", {"q.max": "q.min"}),
    Mistake(
        "max over states",
        "You took the maximum over the states. At s' you choose an action, not a state: take the"
        " maximum over axis 1 of the table.",
        {"axis=1": "axis=0"},
        {"axis=1": "axis=0", "best[next_state]": "best"},
        {"q.max(axis=1)": "q[next_state].max(axis=0)", "best[next_state]": "best"},
    ),
    Mistake(
        "max over the whole table",
        "That is the value of the best state of all, not of the state that comes next.",
        {"q.max(axis=1)": "q.max()", "best[next_state]": "best"},
    ),
    Mistake(
        "max over a instead of a'",
        "q[next_state] is (S, A, A): state, action taken, action at s'. The maximum is over the"
        " last of them.",
        {"q.max": "q[next_state].max", "best[next_state]": "best"},
    ),
    Mistake(
        "max missing",
        "You took the same action again at s'. Take the best action there.",
        {"best[next_state]": "q[next_state, np.arange(q.shape[1])]"},
    ),
    Mistake(
        "the best action's index instead of its value",
        "argmax says which action is best; max says what it is worth.",
        {"q.max": "q.argmax"},
    ),
    Mistake(
        "discount missing",
        "γ is missing. It multiplies what comes after this step.",
        {"discount * ": ""},
    ),
    Mistake(
        "reward discounted too",
        "",
        {"reward + discount * best[next_state]": "discount * (reward + best[next_state])"},
    ),
    Mistake(
        "γ at the reward instead of the rest",
        "The reward comes at once. γ multiplies what comes after this step.",
        {"reward + discount * best[next_state]": "discount * reward + best[next_state]"},
    ),
    Mistake(
        "reward missing",
        "r(s, a), the reward of the step itself, is not in the sum.",
        {"reward + ": ""},
    ),
    Mistake(
        "value of s instead of s'",
        "You read Q at s, where the step began. What is still to come begins at s'.",
        {"best[next_state]": "best[:, None]"},
        {"best[next_state]": "q"},
    ),
    Mistake(
        "V instead of Q",
        "You return one number for each state: its value V(s). A table Q has one for each state and"
        " action. Leave the first action open; only the action at s' is the best one.",
        {"return new_q": "return new_q.max(axis=1)"},
        {"return new_q": "return best"},
        {"return new_q": "return new_q.max(axis=1, keepdims=True)"},
        {"return new_q": "return np.repeat(new_q.max(axis=1, keepdims=True), q.shape[1], 1)"},
    ),
    Mistake(
        "new values used in the same backup",
        "Your loop reads entries that it has changed already. All entries are backed up from the"
        " old table: read from q, write to a new one.",
        IN_PLACE,
    ),
    Mistake(
        "larger of the old and the new value",
        "A backup replaces the old entry, also by a smaller value.",
        {"return new_q": "return np.maximum(q, new_q)"},
    ),
    Mistake(
        "only the greedy action's entries backed up",
        "Every pair (s, a) gets a new value, not only the best action of each state.",
        {"return new_q": "return np.where(q == best[:, None], new_q, q)"},
        {"return new_q": "return np.where(q == best[:, None], new_q, 0)"},
    ),
    Mistake(
        "repeated until nothing changes",
        "That is value iteration. Return the table after one backup; the notebook repeats it.",
        UNTIL_THE_END,
    ),
    Mistake(
        "added to the old table",
        "The backup replaces the old entry: Q(s, a) itself is not part of the sum.",
        {"new_q = reward": "new_q = q + reward"},
    ),
    Mistake(
        "TD error instead of the new table",
        "You return how far the old entries are from the new ones. Return the new ones.",
        {"best[next_state]": "best[next_state] - q"},
    ),
    Mistake(
        "sum instead of max",
        "You added the values of all actions at s'. Only the best one is taken.",
        {"q.max": "q.sum"},
    ),
    Mistake(
        "largest absolute value instead of max",
        "A value far below 0 is bad, not good: take the maximum of the values as they are.",
        {"q.max": "np.abs(q).max"},
    ),
    Mistake(
        "no value below 0",
        "A search for the best action that begins with a value of 0 finds none that is below 0."
        " Begin with −∞.",
        {"q.max(axis=1)": "np.maximum(q.max(axis=1), 0)"},
    ),
    Mistake(
        "only the first state backed up",
        "A return inside the loop ends it too early. Return after the loop over all states.",
        {"return new_q": "return np.where(np.arange(len(q))[:, None] == 0, new_q, 0)"},
        {"return new_q": "return np.where(np.arange(q.size).reshape(q.shape) == 0, new_q, 0)"},
    ),
    Mistake(
        "first action instead of the best",
        "You took action 0 at s'. Take the best one there.",
        {"q.max(axis=1)": "q[:, 0]"},
    ),
    *sum_mistakes("best[next_state]"),
    Mistake(
        "reward of s' instead of s",
        "The reward is that of the step from s, reward[s, a], which is earned before s' is"
        " reached.",
        {"reward +": "reward[next_state, np.arange(q.shape[1])] +"},
        {"reward +": "reward.max(axis=1)[next_state] +"},
    ),
    Mistake(
        "next_state − 1 instead of next_state",
        "States are counted from 0, so next_state is an index as it is.",
        {"best[next_state]": "best[next_state - 1]"},
    ),
    Mistake(
        "median instead of max",
        "The best policy takes the best action, not one in the middle.",
        {"q.max(axis=1)": "np.median(q, axis=1)"},
    ),
    Mistake(
        "an action left out of the maximum",
        "The maximum is over all A actions, from 0 to A − 1.",
        {"q.max(axis=1)": "q[:, 1:].max(axis=1)"},
        {"q.max(axis=1)": "q[:, :-1].max(axis=1)"},
    ),
    Mistake(
        "s' of the first action",
        "Where a step leads depends on its action: next_state[s, a].",
        {"best[next_state]": "best[next_state[:, 0]][:, None]"},
    ),
    Mistake(
        "s' of a' instead of a",
        "The step from s is made with a: s' is next_state[s, a]. The action a' is taken at s'.",
        {"best[next_state]": "q[next_state, np.arange(q.shape[1])].max(axis=1)[:, None]"},
    ),
    Mistake(
        "rewards instead of values",
        "At s' take a value, from the table q. The best reward there is only a part of the value.",
        {"q.max": "reward.max"},
    ),
    Mistake(
        "the whole row written",
        "new_q[s] is the whole row of s, so the last action's value fills the whole row. Write to"
        " one entry, new_q[s, a].",
        {"return new_q": "return np.repeat(new_q[:, -1:], q.shape[1], axis=1)"},
    ),
    Mistake(
        "fractions cut off",
        "An array of whole numbers cuts fractions off. np.zeros(q.shape) and np.zeros_like(q) make"
        " an array of floats.",
        {"return new_q": "return new_q.astype(int)"},
    ),
)


@exercise(
    "01.2",
    "The Bellman backup",
    PROPERTY,
    stub='''
def bellman_backup(q, reward, next_state, discount):
    """Return the table q (S, A) after one backup: r + γ max over a' of Q(s', a').

    Taking action a in state s earns reward[s, a] and leads to next_state[s, a], both (S, A).
    """
    new_q = None
    return new_q
''',
    statement="""The world is deterministic: each action has one outcome. Back up every entry of the
    table at once, using the old table. No episode ends.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your table with the correct one",
    difficulty=2,
    minutes=7,
    hints=(
        "First the value of each state: the best entry in its row of `q`. That is an array (S,).",
        "Indexing an array (S,) with the array `next_state` (S, A) gives an array (S, A): the value"
        " of where each action leads.",
    ),
    cases=CASES,
    square=SQUARE,
    equivalents={"return new_q → return np.float32(new_q)": "float32 is accepted"},
)
def check_bellman_backup(
    bellman_backup: Any, states: int, actions: int, discount: float
) -> dict[str, Any]:
    """Check bellman_backup."""
    found = call(bellman_backup, *sample_world(states, actions), discount)
    return {"new Q": array(found, "bellman_backup should return a table: it")}
