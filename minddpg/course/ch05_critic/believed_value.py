"""Exercise 05.7: the value that a critic believes in if truncated steps count as terminated."""

from collections.abc import Sequence
from typing import Any

from ..engine import PROPERTY, Mistake, array, call, exercise

SOLUTION = """
def believed_value(reward, discount, time_limit):
    continues = 1 - 1 / time_limit
    value = reward / (1 - discount * continues)
    return value
"""

VALUE = "reward / (1 - discount * continues)"
TRUE = "reward / (1 - discount)"

MISTAKES = (
    Mistake(
        "the true value",
        "This is the value without the mistake. One target in T is the reward alone. If you wrote"
        " 1 // T, which is 0, write 1 / T.",
        {VALUE: TRUE},
        {VALUE: f"{TRUE} + 0 * continues"},
    ),
    Mistake(
        "one part in T",
        "You took away one part in T. But q is also in the other T − 1 targets: as it gets closer"
        " to 0, so do they.",
        {VALUE: f"{TRUE} * continues"},
    ),
    Mistake(
        "true value in the other targets",
        "The other T − 1 targets are r + γ q, with the critic's own q, not the true value.",
        {VALUE: f"reward + discount * continues * {TRUE}"},
    ),
    Mistake(
        "return of an episode",
        "This is the return of an episode of T steps, from its start. The critic cannot see the"
        " clock: it has one q for all T steps, and uses it in its own targets.",
        {VALUE: f"{TRUE} * (1 - discount**time_limit)"},
        {VALUE: f"{TRUE} * (1 - discount ** (time_limit - 1))"},
    ),
    Mistake(
        "mean return of the steps of an episode",
        "Regression on the returns of cut episodes would end here. This critic bootstraps: its"
        " targets contain q itself.",
        {VALUE: f"{TRUE} * np.mean(1 - discount ** np.arange(1, time_limit + 1))"},
        {VALUE: f"{TRUE} * np.mean(1 - discount ** np.arange(time_limit))"},
    ),
    Mistake(
        "shares swapped",
        "One target in T is the reward alone. The other T − 1 contain q.",
        {"1 - 1 / time_limit": "1 / time_limit"},
    ),
    Mistake(
        "1/T subtracted from γ",
        "T − 1 of T targets are r + γ q: the share 1 − 1/T multiplies γ.",
        {VALUE: "reward / (1 - discount + 1 / time_limit)"},
    ),
    Mistake(
        "discount missing",
        "Where the episode continues, the target is r + γ q.",
        {VALUE: "reward * time_limit"},
        {VALUE: "reward * (time_limit - 1)"},
    ),
    Mistake(
        "reward missing in the cut row",
        "A step that is treated as terminated has a target as well: its reward.",
        {"value = reward": "value = continues * reward"},
    ),
    Mistake(
        "reward in the cut row alone",
        "Each of the T targets contains the reward.",
        {"value = reward": "value = (1 - continues) * reward"},
    ),
    Mistake(
        "one step too many or too few",
        "One target in T is wrong, and T − 1 of T are right.",
        {"1 / time_limit": "1 / (time_limit + 1)"},
        {"1 / time_limit": "1 / (time_limit - 1)"},
        {"1 / time_limit": "2 / time_limit"},
    ),
    Mistake(
        "discounted twice",
        "In the targets r + γ q, q is multiplied by γ, not by γ².",
        {"discount *": "discount**2 *"},
        {VALUE: f"discount * {VALUE}"},
    ),
    Mistake(
        "share squared or rooted",
        "The share of targets that contain q is 1 − 1/T.",
        {"* continues": "* continues**2"},
        {"* continues": "* continues**0.5"},
    ),
    Mistake(
        "error instead of the value",
        "Return the value to which the critic converges, not its distance from the true one.",
        {VALUE: f"{VALUE} - {TRUE}"},
        {VALUE: f"{TRUE} - {VALUE}"},
    ),
    Mistake(
        "share of the true value",
        "Return the value itself, not its ratio to the true one.",
        {VALUE: "(1 - discount) / (1 - discount * continues)"},
        {VALUE: "1 - (1 - discount) / (1 - discount * continues)"},
    ),
    Mistake(
        "brackets missing around 1 − γ (1 − 1/T)",
        "Divide the reward by the whole of 1 − γ (1 − 1/T).",
        {VALUE: "reward / 1 - discount * continues"},
        {"(1 - discount * continues)": "((1 - discount) * continues)"},
        {VALUE: "reward / (1 - discount * 1 - 1 / time_limit)"},
    ),
    Mistake(
        "wrong sign in the denominator",
        "q = r + γ (1 − 1/T) q: bring the term with q to the left, where its sign changes.",
        {"(1 - discount * continues)": "(1 + discount * continues)"},
        {"(1 - discount * continues)": "(discount * continues - 1)"},
    ),
    Mistake(
        "1 + 1/T",
        "T − 1 of T targets contain q. That is the share 1 − 1/T.",
        {"1 - 1 / time_limit": "1 + 1 / time_limit"},
    ),
    Mistake(
        "multiplied instead of divided",
        "Solve q = r + γ (1 − 1/T) q for q: you divide by 1 − γ (1 − 1/T).",
        {"reward / (": "reward * ("},
    ),
    Mistake(
        "a single target",
        "You computed one target with q = r, or with q = 0. In the end, q equals the mean of its"
        " targets.",
        {VALUE: "reward + discount * continues * reward"},
        {VALUE: "reward + 0 * continues"},
    ),
    Mistake(
        "not yet at rest",
        "You followed the targets for some updates only. Solve the equation instead.",
        *(
            {VALUE: f"{VALUE} * (1 - (discount * continues) ** {updates})"}
            for updates in ("10", "100", "time_limit", "(time_limit + 1)")
        ),
    ),
    Mistake(
        "absolute value",
        "The value has the sign of the reward.",
        {"value = reward": "value = abs(reward)"},
    ),
    Mistake(
        "rounded",
        "Return the number as it is.",
        *({"return value": f"return np.round(value, {digits})"} for digits in (0, 1, 2)),
    ),
)


@exercise(
    "05.7",
    "What one wrong target costs",
    PROPERTY,
    stub='''
def believed_value(reward, discount, time_limit):
    """Return the number q to which the critic converges: the mean of its own targets.

    Each step has the same reward and leads back to the same state. One step in time_limit is
    truncated, and treated as terminated.
    """
    value = None
    return value
''',
    statement="""Every state is the same here, so the critic is one number q. Regression moves q to
    the mean of its targets, and the targets contain q. To which q does this converge?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="the values that you predict with the correct ones",
    difficulty=2,
    minutes=7,
    hints=(
        "Of T targets, T − 1 are r + γ q, and one is r. What is their mean?",
        "In the end, q equals this mean. That is one equation with one unknown.",
    ),
    cases=(
        {"worlds": ((-3.0, 0.99, 200), (2.5, 0.9, 7), (0.3, 0.5, 3))},
        {"worlds": ((-70.0, 0.997, 50), (0.04, 0.8, 1_000), (11.0, 0.95, 30))},
    ),
    equivalents={
        "return value → return np.float32(value)": "float32 is precise enough",
        "value = reward / (1 - discount * continues)"
        " → reward /= 1 - discount * continues; value = reward": "a float cannot change in place",
    },
)
def check_believed_value(
    believed_value: Any, worlds: Sequence[tuple[float, float, int]]
) -> dict[str, Any]:
    """Check believed_value."""
    wanted = "believed_value should return a number: it"
    return {
        f"at r = {reward:g}, γ = {discount}, T = {limit}": array(
            call(believed_value, reward, discount, limit), wanted
        )
        for reward, discount, limit in worlds
    }
