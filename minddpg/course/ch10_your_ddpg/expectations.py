"""Exercise 10.4: what five probe environments teach a correct agent, and which bugs they show."""

from typing import Any

import numpy as np

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
from .probes import PARTS

BUGS = {  # mistake of exercise 10.1: what a wrong answer about it should consider
    "targets never follow": "Q' keeps its initial value, about 0. Only y contains Q', and only"
    " where the episode continues. Which is the first probe in which an episode continues?",
    "factor N": "The gradient is N times too large in every update, but Adam divides each step by"
    " the size of the gradient. Return 0 if no probe can fail.",
    "(N, N) broadcast": "Row i of the table is Q(s_i, a_i) minus the y of every transition, so"
    " Q learns the mean of all y, whatever s is. In which probe is that first a wrong answer?",
    "gradient at the replayed action": "The slope is taken at another action than the actor's, but"
    " it is still a slope of Q in a. The critic's step is correct. The first probe in which an"
    " actor learns shows the bug: over uniform actions the mean slope of r is 2, and never 0.",
    "the actor's step moves the critic": "If the actor's step also changes the critic, it raises Q"
    " itself. Every update then makes Q larger than its targets. Does that need a probe in which"
    " the actor has something to learn?",
    "∇a Q averaged over the batch": "All states of the minibatch get one slope, their mean. That"
    " is harmless as long as the same action is best in all states.",
    "terminated ignored": "Then y = r + γ Q' everywhere. Where the episode has ended, Q learns a"
    " reward that comes for ever: r / (1 − γ). In which probes do episodes end?",
}
DECIDED = "first_to_fail returns an answer"
FIRST = (3, 0, 2, 4, 1, 5, 1)  # probes, in the order of BUGS

SOLUTION = """
def expected(discount):
    q1 = 2.0
    q2 = [-1.0, 1.0]
    q3 = [-1.0 + discount * 2.0, 2.0]
    action4 = 0.5
    action5 = [-0.5, 0.5]
    return q1, q2, q3, action4, action5


def first_to_fail():
    return [3, 0, 2, 4, 1, 5, 1]
"""

TURN = "(1 - discount**2)"  # from s = −1 to s = 1 and back, for ever
SECOND = "discount * 2.0, 2.0"  # of the solution's q3

OF_VALUES = (
    Mistake(
        "value beyond the end",
        "Q counts what follows within the episode. Here the episode ends with this step, and"
        " nothing follows: r / (1 − γ) would be the value if this reward came at every later step.",
        {"q1 = 2.0": "q1 = 2.0 / (1 - discount)"},
        {SECOND: "discount * 2.0 / (1 - discount), 2.0 / (1 - discount)"},
        {f"-1.0 + {SECOND}": "-1.0 / (1 - discount), 2.0 / (1 - discount)"},
        {f"-1.0 + {SECOND}": f"(discount * 2.0 - 1.0) / {TURN}, (2.0 - discount) / {TURN}"},
        {
            "q1 = 2.0": "q1 = 2.0 / (1 - discount)",
            SECOND: "discount * 2.0 / (1 - discount), 2.0 / (1 - discount)",
        },
        {
            "q1 = 2.0": "q1 = 2.0 / (1 - discount)",
            "[-1.0, 1.0]": "[-1.0 / (1 - discount), 1.0 / (1 - discount)]",
            SECOND: "discount * 2.0 / (1 - discount), 2.0 / (1 - discount)",
        },
    ),
    Mistake(
        "one step too many",
        "After r the episode has ended, so y is r alone: do not add γ r.",
        {"q1 = 2.0": "q1 = 2.0 + discount * 2.0"},
        {SECOND: "discount * 2.0, 2.0 + discount * 2.0"},
        {SECOND: "discount * (2.0 + discount * 2.0), 2.0 + discount * 2.0"},
        {SECOND: "discount * 2.0 + discount**2 * -1.0, 2.0 + discount * -1.0"},
    ),
    Mistake(
        "the first reward is discounted",
        "The reward of a step counts in full. γ multiplies what comes one step later.",
        {"q1 = 2.0": "q1 = discount * 2.0"},
        {"[-1.0, 1.0]": "[-discount, discount]"},
        {"-1.0 + discount * 2.0, 2.0": "discount * -1.0 + discount**2 * 2.0, discount * 2.0"},
        {"-1.0 + discount * 2.0, 2.0": "discount * -1.0 + discount**2 * 2.0, 2.0"},
        {"-1.0 + discount * 2.0, 2.0": "discount * (-1.0 + 2.0), 2.0"},
        {"-1.0 + discount * 2.0, 2.0": "-1.0 + discount * 2.0, discount * 2.0"},
    ),
    Mistake(
        "discount missing",
        "Seen from the first step, the reward of the second step is multiplied by γ.",
        {SECOND: "2.0, 2.0"},
    ),
    Mistake(
        "discount in the wrong place",
        "γ multiplies what comes one step later, not the reward of the first step.",
        {"-1.0 + discount * 2.0, 2.0": "-discount + 2.0, 2.0"},
    ),
    Mistake(
        "discount squared",
        "The second reward comes one step after the first: it is multiplied by γ once.",
        {SECOND: "discount**2 * 2.0, 2.0"},
    ),
    Mistake(
        "nothing but the next reward",
        "Q(s, a) is the return from here on: at s = −1 it includes the second reward.",
        {"-1.0 + discount * 2.0": "-1.0"},
    ),
    Mistake(
        "the reward of the first step is missing",
        "Q(s, a) = r + γ Q(s', μ(s')): at s = −1 add the reward of this step.",
        {"-1.0 + discount * 2.0": "discount * 2.0"},
    ),
    Mistake(
        "minus instead of plus",
        "What comes later is added: r + γ Q(s', μ(s')).",
        {"-1.0 + discount * 2.0": "-1.0 - discount * 2.0"},
    ),
    Mistake(
        "sign of the first reward",
        "The reward at s = −1 is −1.",
        {"-1.0 + discount": "1.0 + discount"},
    ),
    Mistake(
        "another use of γ",
        "Q(s, a) = r + γ Q(s', μ(s')): γ multiplies the value of the next state, and r is added.",
        {"-1.0 + discount * 2.0": "-1.0 * discount * 2.0"},
        {"-1.0 + discount * 2.0": "-1.0 + discount + 2.0"},
        {"-1.0 + discount * 2.0": "-1.0 + 2.0 / discount"},
    ),
    Mistake(
        "value of s = 1 forgotten",
        "At s = −1 the next state is s' = 1, and Q there is 2. Multiply this value by γ.",
        {"-1.0 + discount * 2.0": "-1.0 + discount"},
        {"-1.0 + discount * 2.0": "-1.0 + discount**2"},
    ),
    Mistake(
        "the return so far",
        "A value counts only what is still to come. At s = 1 the reward of −1 is in the past.",
        {"discount * 2.0, 2.0": "discount * 2.0, -1.0 + 2.0"},
        {"discount * 2.0, 2.0": "discount * 2.0, -1.0 + discount * 2.0"},
        {"-1.0 + discount * 2.0, 2.0": "-1.0, -1.0 + discount * 2.0"},
        {"-1.0 + discount * 2.0, 2.0": "-1.0, -1.0 + 2.0"},
    ),
    Mistake(
        "s = 1 before s = −1",
        "The order is s = −1, then s = 1.",
        {"-1.0 + discount * 2.0, 2.0": "2.0, -1.0 + discount * 2.0"},
        {"[-1.0, 1.0]": "[1.0, -1.0]"},
        {"[-0.5, 0.5]": "[0.5, -0.5]"},
        {
            "[-1.0, 1.0]": "[1.0, -1.0]",
            "-1.0 + discount * 2.0, 2.0": "2.0, -1.0 + discount * 2.0",
            "[-0.5, 0.5]": "[0.5, -0.5]",
        },
    ),
    Mistake(
        "the mean over the states",
        "The critic gets s as input, so it learns a value for each state, not their mean.",
        {"[-1.0, 1.0]": "[0.0, 0.0]"},
        {"[-0.5, 0.5]": "[0.0, 0.0]"},
    ),
)
OF_ACTIONS = (
    Mistake(
        "the value of the best action",
        "The actor learns the action at which r is largest, not the largest r.",
        {"[-0.5, 0.5]": "[0.5, 0.5]"},
        {"[-0.5, 0.5]": "[0.25, 0.25]"},
    ),
    Mistake(
        "not one action for each s",
        "In probe 5 the best action depends on s: return two numbers, for s = −1 and for s = 1.",
        {"[-0.5, 0.5]": "0.5"},
        {"[-0.5, 0.5]": "0.0"},
        {"[-0.5, 0.5]": "1.0"},
    ),
    Mistake(
        "the end of the interval",
        "The best action lies inside [−1, 1]. Set the derivative of r with respect to a to zero.",
        {"action4 = 0.5": "action4 = 1.0"},
        {"action4 = 0.5": "action4 = -1.0"},
        {"[-0.5, 0.5]": "[-1.0, 1.0]"},
        {"[-0.5, 0.5]": "[-1.0, 0.5]"},
        {"[-0.5, 0.5]": "[-0.5, 1.0]"},
        {"action4 = 0.5": "action4 = 1.0", "[-0.5, 0.5]": "[-1.0, 1.0]"},
        {"action4 = 0.5": "action4 = -1.0", "[-0.5, 0.5]": "[1.0, -1.0]"},
    ),
    Mistake(
        "slope of a² wrong",
        "The derivative of a − a² is 1 − 2 a. Where is it zero?",
        {"action4 = 0.5": "action4 = 0.25"},
        {"action4 = 0.5": "action4 = 2.0"},
        {"[-0.5, 0.5]": "[-0.25, 0.25]"},
        {"[-0.5, 0.5]": "[-0.25, 0.5]"},
        {"[-0.5, 0.5]": "[-0.5, 0.25]"},
        {"[-0.5, 0.5]": "[-2.0, 2.0]"},
        {"action4 = 0.5": "action4 = 0.25", "[-0.5, 0.5]": "[-0.25, 0.25]"},
        {"action4 = 0.5": "action4 = 2.0", "[-0.5, 0.5]": "[-2.0, 2.0]"},
    ),
    Mistake(
        "sign flipped",
        "The actor climbs Q, and r is largest where a has the sign of s.",
        {"action4 = 0.5": "action4 = -0.5"},
        {"action4 = 0.5": "action4 = -0.5", "[-0.5, 0.5]": "[0.5, -0.5]"},
    ),
    Mistake(
        "the mean of the random actions",
        "The minibatch's actions are random, with mean 0. The actor learns the best action instead:"
        " DDPG is off-policy.",
        {"action4 = 0.5": "action4 = 0.0"},
        {"action4 = 0.5": "action4 = 0.0", "[-0.5, 0.5]": "[0.0, 0.0]"},
    ),
    Mistake(
        "actions discounted",
        "An action is not discounted: γ scales values, and the best action stays the same.",
        {"action4 = 0.5": "action4 = 0.5 * discount"},
        {"[-0.5, 0.5]": "[-0.5 * discount, 0.5 * discount]"},
    ),
)


def _letter(i: int) -> str:
    return "ABCDEFG"[i]


def _with_entry(i: int, probe: int) -> str:
    first = [probe if i == k else correct for k, correct in enumerate(FIRST)]
    return f"return {first}"


OF_BUGS = tuple(
    Mistake(
        f"bug {_letter(i)} at another probe",
        why,
        {f"return {list(FIRST)}": _with_entry(i, 0 if FIRST[i] else 4)},
    )
    for i, why in enumerate(BUGS.values())
)


@exercise(
    "10.4",
    "Five probes",
    PROPERTY,
    stub='''
def expected(discount):
    """Return what a correct agent has learned in the five probes, one result for each.

    q1 is Q(s, a) in probe 1, a number; q2 and q3 (2,) are Q(s, a) in probes 2 and 3, at s = -1
    and at s = 1. action4 is μ(s) in probe 4, a number; action5 (2,) is μ(s) in probe 5, at
    s = -1 and at s = 1.
    """
    q1 = q2 = q3 = action4 = action5 = None
    return q1, q2, q3, action4, action5


def first_to_fail():
    """Return seven whole numbers for the bugs A to G: the first probe that fails, or 0."""
    probes = None
    return probes
''',
    statement="""First, with pencil and paper: what is the correct answer in each probe? Then decide
    for each of the bugs A to G which probe is the first to give a wrong answer.""",
    solution=SOLUTION,
    mistakes=(*OF_VALUES, *OF_ACTIONS, *OF_BUGS),
    cases=({"discount": 0.6}, {"discount": 0.87}),
    compared="your values and actions with the exact ones, and your probes with those that failed",
    difficulty=2,
    importance=3,
    minutes=10,
    equivalents={"first_to_fail: the first result kept in a default argument": "it never changes"},
    hints=(
        "An episode that ends with this step has $Q(s, a) = r$. Go backwards from there. In probes"
        " 4 and 5 the best action is where the derivative of $r$ with respect to $a$ is zero.",
        "Ask for each bug: which of the arrays y, Q, $\\nabla_a Q$ or μ is wrong, and which is the"
        " first probe whose answer depends on it? A bug that only scales a gradient passes all"
        " five, since Adam removes the scale.",
    ),
)
def check_probes(expected: Any, first_to_fail: Any, discount: float) -> dict[str, Any]:
    """Check expected and first_to_fail."""
    names = ["Q in probe 1", "Q in probe 2", "Q in probe 3", "μ in probe 4", "μ in probe 5"]
    values = arrays(call(expected, discount), names, expected)
    numbers = [np.ravel(x) if i in (0, 3) else x for i, x in enumerate(values)]  # (1,) is a number
    learned: dict[str, Any] = dict(zip(names, numbers, strict=True))
    return learned | _of_bugs(first_to_fail)


def _of_bugs(first_to_fail: Any) -> dict[str, Any]:
    """Observe the bugs up to the first wrong one, so that a verdict explains one at a time."""
    chosen = call(first_to_fail, returns=False)
    if chosen is None:
        return {DECIDED: Observed(False, message="first_to_fail still returns None")}
    if isinstance(chosen, dict):
        chosen = list(chosen.values())
    if isinstance(chosen, list | tuple) and any(each is None for each in chosen):
        raise NotAttempted("first_to_fail has no number yet for some of the bugs.")
    (probes,) = arrays((chosen,), ["seven numbers"], first_to_fail)
    if probes.shape != (len(FIRST),):
        raise InvalidAnswer(
            f"first_to_fail should return {len(FIRST)} numbers, one for each bug, in one list."
        )
    if not np.isin(probes, [0, *PARTS]).all():
        raise InvalidAnswer("first_to_fail should return numbers from 0 to 5, for the five probes.")
    rows = {DECIDED: Observed(True)}
    for i, probe in enumerate(FIRST):
        is_right = bool(probes[i] == probe)
        text = f"bug {_letter(i)}: probe {int(probes[i])} is not the first to fail"
        rows[f"bug {_letter(i)}"] = Observed(is_right, message=text)
        if not is_right:
            break
    return rows
