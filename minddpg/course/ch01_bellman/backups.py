"""Chapter 01, what is to be learned: backups of a table Q.

S states, A actions.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import array, call

STATES, ACTIONS = 5, 3
DISCOUNT_MISSING = "γ multiplies what comes after this step, and it is not there."
REWARD_MISSING = "r(s, a), the reward of the step itself, is not in the sum."
VALUE_OF_S = "Q was read at s, where the step began. What is still to come begins at s'."


def _world(states: int, actions: int) -> tuple[Array, Array, Array]:
    """Return a table q, the rewards and the next states of a world where all is certain."""
    q, reward = sample_array(states, actions), sample_array(states, actions, seed=1)
    next_state = np.random.default_rng(2).integers(states, size=(states, actions))
    return q, reward, next_state


def bellman_backup(q: Array, reward: Array, next_state: Array, discount: float) -> Array:
    return np.asarray(reward + discount * q[next_state].max(axis=2))


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
    statement="""The world is certain here: each action has one outcome. Back up every entry of
    the table at once, from the old table. Nothing ends.""",
    reference=(bellman_backup,),
    rows=(
        Row(
            "mean instead of max",
            (lambda q, r, to, g: r + g * q[to].mean(axis=2),),
            "The mean is the value of acting at random at s'. The best policy takes the best"
            " action.",
        ),
        Row(
            "min instead of max",
            (lambda q, r, to, g: r + g * q[to].min(axis=2),),
            "You took the worst action at s'.",
        ),
        *(
            Row(
                "max over states",
                (answer,),
                "The maximum runs down the states. At s' you choose the action, not the state:"
                " max over axis 1 of the table.",
            )
            for answer in (
                lambda q, r, to, g: r + g * q.max(axis=0),
                lambda q, r, to, g: r + g * q.max(axis=0)[to],
            )
        ),
        Row(
            "max over the whole table",
            (lambda q, r, to, g: r + g * q.max(),),
            "That is the value of the best state there is, not of the state that comes next.",
        ),
        Row(
            "max over a instead of a'",
            (lambda q, r, to, g: r + g * q[to].max(axis=1),),
            "q[next_state] is (S, A, A): state, action taken, action at s'. The maximum is over"
            " the last of them.",
        ),
        Row(
            "max missing",
            (lambda q, r, to, g: r + g * q[to, np.arange(q.shape[1])],),
            "You took the same action again at s'. Take the best there.",
        ),
        Row(
            "the best action's index instead of its value",
            (lambda q, r, to, g: r + g * q[to].argmax(axis=2),),
            "argmax says which action is best; max says what it is worth.",
        ),
        Row("discount missing", (lambda q, r, to, g: r + q[to].max(axis=2),), DISCOUNT_MISSING),
        Row("reward discounted too", (lambda q, r, to, g: g * (r + q[to].max(axis=2)),)),
        Row("reward missing", (lambda q, r, to, g: g * q[to].max(axis=2),), REWARD_MISSING),
        *(
            Row("value of s instead of s'", (answer,), VALUE_OF_S)
            for answer in (
                lambda q, r, to, g: r + g * q.max(axis=1)[:, None],
                lambda q, r, to, g: r + g * q,
            )
        ),
    ),
    compared="your table with the right one",
    can_be_square=True,
)
def check_bellman_backup(bellman_backup: Any, square: bool = False) -> dict[str, Any]:
    """Check bellman_backup."""
    world = _world(4, 4) if square else _world(STATES, ACTIONS)
    found = call(bellman_backup, *world, 0.9)
    return {"new Q": array(found, "bellman_backup should return a table: it")}


def policy_backup(
    q: Array, reward: Array, next_state: Array, policy: Array, discount: float
) -> Array:
    return np.asarray(reward + discount * q[next_state, policy[next_state]])


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
    statement="""Equation 3 of the paper, on a table. The first action is any, and from s' on the
    policy acts. There is no maximum: this is what DDPG's critic learns.""",
    reference=(policy_backup,),
    rows=(
        Row(
            "max instead of the policy's action",
            (lambda q, r, to, mu, g: r + g * q[to].max(axis=2),),
            "That is Q-learning's target. Here μ chooses the action at s', be it best or not.",
        ),
        Row(
            "action of s instead of s'",
            (lambda q, r, to, mu, g: r + g * q[to, mu[:, None]],),
            "The action is μ(s). At s' the policy sees s', and does μ(s').",
        ),
        Row(
            "first action repeated",
            (lambda q, r, to, mu, g: r + g * q[to, np.arange(q.shape[1])],),
            "The action a is taken once. From s' on, it is μ(s').",
        ),
        *(
            Row("value of s instead of s'", (answer,), VALUE_OF_S)
            for answer in (
                lambda q, r, to, mu, g: r + g * q[np.arange(len(q)), mu][:, None],
                lambda q, r, to, mu, g: r + g * q,
            )
        ),
        Row(
            "indices swapped",
            (lambda q, r, to, mu, g: r + g * q[mu[to], to],),
            "The table is read at [action, state]. It is Q[state, action].",
        ),
        Row("discount missing", (lambda q, r, to, mu, g: r + q[to, mu[to]],), DISCOUNT_MISSING),
        Row("reward discounted too", (lambda q, r, to, mu, g: g * (r + q[to, mu[to]]),)),
        Row("reward missing", (lambda q, r, to, mu, g: g * q[to, mu[to]],), REWARD_MISSING),
    ),
    compared="your table with the right one",
    can_be_square=True,
)
def check_policy_backup(policy_backup: Any, square: bool = False) -> dict[str, Any]:
    """Check policy_backup."""
    states, actions = (4, 4) if square else (STATES, ACTIONS)
    policy = (1 + np.arange(states) ** 2) % actions
    found = call(policy_backup, *_world(states, actions), policy, 0.9)
    return {"new Q": array(found, "policy_backup should return a table: it")}
