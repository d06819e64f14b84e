"""Exercise 01.3: the backup of a table of Q^μ.

S states, A actions.
"""

from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, array, call, exercise
from .sample_world import CASES, SQUARE, sample_world, sum_mistakes

SOLUTION = """
def policy_backup(q, reward, next_state, policy, discount):
    value = q[np.arange(len(q)), policy]
    new_q = reward + discount * value[next_state]
    return new_q
"""

IN_PLACE = """
def policy_backup(q, reward, next_state, policy, discount):
    new_q = q.copy()
    for s, a in np.ndindex(q.shape):
        after = next_state[s, a]
        new_q[s, a] = reward[s, a] + discount * new_q[after, policy[after]]
    return new_q
"""

MISTAKES = (
    Mistake(
        "max instead of the policy's action",
        "That is Q-learning's target. Here μ chooses the action at s', whether or not it is best.",
        {"q[np.arange(len(q)), policy]": "q.max(axis=1)"},
    ),
    Mistake(
        "action of s instead of s'",
        "You read the table at the action μ(s). At s' the policy sees s', and takes μ(s').",
        {"value[next_state]": "q[next_state, policy[:, None]]"},
        {"value[next_state]": "q[next_state, policy]"},
    ),
    Mistake(
        "first action repeated",
        "The action a is taken once. From s' on, the policy acts: it takes μ(s').",
        {"value[next_state]": "q[next_state, np.arange(q.shape[1])]"},
    ),
    Mistake(
        "value of s instead of s'",
        "You read Q at s, where the step began. What is still to come begins at s'.",
        {"value[next_state]": "value[:, None]"},
        {"value[next_state]": "q"},
    ),
    Mistake(
        "indices swapped",
        "You read the table at [action, state]. The order of its indices is Q[state, action].",
        {"np.arange(len(q)), policy": "policy, np.arange(len(q))"},
    ),
    Mistake(
        "discount missing",
        "γ is missing. It multiplies what comes after this step.",
        {"discount * ": ""},
    ),
    Mistake(
        "reward discounted too",
        "",
        {"reward + discount * value[next_state]": "discount * (reward + value[next_state])"},
    ),
    Mistake(
        "γ at the reward instead of the rest",
        "The reward comes at once. γ multiplies what comes after this step.",
        {"reward + discount * value[next_state]": "discount * reward + value[next_state]"},
    ),
    Mistake(
        "reward missing",
        "r(s, a), the reward of the step itself, is not in the sum.",
        {"reward + ": ""},
    ),
    Mistake(
        "mean instead of the policy's action",
        "The mean over the actions is the value of acting at random at s'. Here μ chooses.",
        {"q[np.arange(len(q)), policy]": "q.mean(axis=1)"},
    ),
    Mistake(
        "V instead of Q",
        "You return one number for each state: its value V(s), with μ's action also at s. A table Q"
        " has one for each state and action: leave the first action open.",
        {"return new_q": "return new_q[np.arange(len(q)), policy]"},
        {"return new_q": "return value"},
        {"return new_q": "return new_q[np.arange(len(q)), policy][:, None]"},
        {"return new_q": "return np.tile(new_q[np.arange(len(q)), policy], (q.shape[1], 1)).T"},
    ),
    Mistake(
        "only the policy's own entries backed up",
        "You backed up Q(s, μ(s)), and left the rest of the table as it was. The first action is"
        " arbitrary: back up every entry.",
        {"return new_q": "return np.where(np.arange(q.shape[1]) == policy[:, None], new_q, q)"},
        {"return new_q": "return np.where(np.arange(q.shape[1]) == policy[:, None], new_q, 0)"},
    ),
    Mistake(
        "new values used in the same backup",
        "Your loop reads entries that it has changed already. All entries are backed up from the"
        " old table: read from q, write to a new one.",
        IN_PLACE,
    ),
    Mistake(
        "added to the old table",
        "The backup replaces the old entry: Q(s, a) itself is not part of the sum.",
        {"new_q = reward": "new_q = q + reward"},
    ),
    Mistake(
        "TD error instead of the new table",
        "You return how far the old entries are from the new ones. Return the new ones.",
        {"value[next_state]": "value[next_state] - q"},
    ),
    Mistake(
        "only the first state backed up",
        "A return inside the loop ends it too early. Return after the loop over all states.",
        {"return new_q": "return np.where(np.arange(len(q))[:, None] == 0, new_q, 0)"},
        {"return new_q": "return np.where(np.arange(q.size).reshape(q.shape) == 0, new_q, 0)"},
    ),
    *sum_mistakes("value[next_state]"),
    Mistake(
        "reward of the policy's action",
        "The reward is that of the action a that is taken at s, whatever μ would do there.",
        {"= reward +": "= reward[np.arange(len(q)), policy][:, None] +"},
    ),
    Mistake(
        "reward of s' instead of s",
        "The reward is that of the step from s, reward[s, a], which is earned before s' is"
        " reached.",
        {"= reward +": "= reward[next_state, policy[next_state]] +"},
    ),
    Mistake(
        "Q(s, μ(s')) instead of Q(s', μ(s'))",
        "Both the state and the action are those of s'.",
        {"value[next_state]": "q[np.arange(len(q))[:, None], policy[next_state]]"},
    ),
    Mistake(
        "μ read at a instead of s'",
        "The policy's argument is a state. At s' it takes μ(s'), which is policy[s'].",
        {"value[next_state]": "q[next_state, policy[np.arange(q.shape[1])]]"},
    ),
    Mistake(
        "first action chosen by the policy, too",
        "The first action is a, whatever μ would do at s: s' is next_state[s, a].",
        {"value[next_state]": "value[next_state[np.arange(len(q)), policy]][:, None]"},
    ),
    Mistake(
        "s' of the first action",
        "Where a step leads depends on its action: s' is next_state[s, a].",
        {"value[next_state]": "value[next_state[:, 0]][:, None]"},
        {"value[next_state]": "q[next_state, policy[next_state[:, 0]][:, None]]"},
    ),
    Mistake(
        "rewards instead of values",
        "At s' take a value, from the table q. The reward there is only a part of the value.",
        {"q[np.arange(len(q)), policy]": "reward[np.arange(len(q)), policy]"},
    ),
    Mistake(
        "the action instead of its value",
        "μ(s') says which action is taken. The value of that action is an entry of q.",
        {"q[np.arange(len(q)), policy]": "policy"},
    ),
    Mistake(
        "fractions cut off",
        "An array of whole numbers cuts fractions off. np.zeros(q.shape) and np.zeros_like(q) make"
        " an array of floats.",
        {"return new_q": "return new_q.astype(int)"},
    ),
)


@exercise(
    "01.3",
    "The backup of a policy",
    PROPERTY,
    stub='''
def policy_backup(q, reward, next_state, policy, discount):
    """Return the table q (S, A) after one backup with a policy: r + γ Q(s', μ(s')).

    reward and next_state are (S, A); policy (S,) holds the action that μ takes in each state.
    """
    new_q = None
    return new_q
''',
    statement="""Write the backup of equation 3 of the paper, for a table. The first action is
    arbitrary; from s' on, the policy acts. There is no maximum: DDPG's critic learns by this
    backup.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your table with the correct one",
    difficulty=2,
    importance=3,
    minutes=6,
    hints=(
        "As before, but a state's value is now the entry of its row that the policy picks:"
        r" $V^\mu(s) = Q(s, \mu(s))$.",
        "`q[np.arange(len(q)), policy]` picks from every row s the column `policy[s]`.",
    ),
    cases=CASES,
    square=SQUARE,
    equivalents={"return new_q → return np.float32(new_q)": "float32 is accepted"},
)
def check_policy_backup(
    policy_backup: Any, states: int, actions: int, discount: float
) -> dict[str, Any]:
    """Check policy_backup."""
    q, reward, next_state = sample_world(states, actions)
    place = np.arange(states)
    policy = (1 + 2 * place + place // 2) % actions
    found = call(policy_backup, q, reward, next_state, policy, discount)
    return {"new Q": array(found, "policy_backup should return a table: it")}
