"""Exercise 09.6, retired: add noise to an action.

N batch, A action entries.
"""

from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, array, call, exercise

SOLUTION = """
def explore(action, noise):
    return np.clip(action + noise, -1, 1)
"""

FORMULA = "np.clip(action + noise, -1, 1)"

MISTAKES = (
    Mistake(
        "not clipped",
        "Some actions are outside [−1, 1]. The environment would clip them silently, and the"
        " buffer would hold actions that were never taken.",
        {FORMULA: "action + noise"},
    ),
    Mistake(
        "noise clipped instead of the sum",
        "An action near a bound can still cross it. Clip the sum.",
        {FORMULA: "action + np.clip(noise, -1, 1)"},
    ),
    Mistake(
        "noise and sum clipped",
        "Clip the sum only. Noise above 1 can still bring an action from −0.9 to 0.6.",
        {"+ noise": "+ np.clip(noise, -1, 1)"},
        {"+ noise": "+ np.clip(noise, -0.5, 0.5)"},
    ),
    Mistake(
        "multiplied instead of added",
        "Add the noise. If you multiply by it, an action of 0 stays 0.",
        {"action + noise": "action * noise"},
        {"action + noise": "action * (1 + noise)"},
    ),
    Mistake(
        "clipped to [0, 1]", "Actions may be negative: the lower bound is −1.", {"-1, 1": "0, 1"}
    ),
    Mistake(
        "clipped at one end only",
        "Clip at both ends, −1 and 1.",
        {FORMULA: "np.minimum(action + noise, 1)"},
        {FORMULA: "np.maximum(action + noise, -1)"},
    ),
    Mistake(
        "noise subtracted",
        "Add the noise, as in equation 7. For symmetrical noise it makes no difference.",
        {"action + noise": "action - noise"},
    ),
    Mistake(
        "reflected or wrapped instead of clipped",
        "You reflect a sum that is beyond a bound. It should stay at the bound.",
        """
        def explore(action, noise):
            noisy = action + noise
            return np.where(np.abs(noisy) > 1, 2 * np.sign(noisy) - noisy, noisy)
        """,
    ),
    Mistake(
        "reflected or wrapped instead of clipped",
        "A sum beyond one bound comes back at the other. It should stay at the bound.",
        {FORMULA: "(action + noise + 1) % 2 - 1"},
    ),
    Mistake(
        "squashed instead of clipped",
        "tanh changes every action, even without noise. Clipping does not change actions inside"
        " the bounds.",
        {FORMULA: "np.tanh(action + noise)"},
    ),
    Mistake(
        "clipped to other bounds",
        "The bounds are −1 and 1. The map to the environment's units comes later.",
        {"-1, 1": "-2, 2"},
        {"-1, 1": "-0.5, 0.5"},
        {"-1, 1": "-0.99, 0.99"},
        {"-1, 1": "-2, 1"},
        {"-1, 1": "-1, 2"},
        {"-1, 1": "-1, 0"},
    ),
    Mistake(
        "noise alone",
        "The noise is added to the actor's action; it does not replace it.",
        {"action + noise": "noise"},
        {FORMULA: "noise + 0"},
    ),
    Mistake(
        "noise dropped where the sum is outside",
        "Where the sum is beyond a bound, the action should be at the bound.",
        {FORMULA: "np.where(abs(action + noise) > 1, action, action + noise)"},
    ),
    Mistake(
        "noise of one sign",
        "abs makes all noise positive, so no smaller action is explored.",
        {"action + noise": "action + abs(noise)"},
    ),
    Mistake(
        "one noise for the whole batch",
        "Each action has its own noise: add the whole arrays.",
        {"action + noise": "action + noise[0]"},
        {"action + noise": "action + noise.mean(axis=0)"},
        {"action + noise": "action + noise.mean()"},
        {"action + noise": "action + noise[:, :1]"},
    ),
    Mistake(
        "all actions at the lower bound",
        "np.clip(x, 1, −1) is −1 everywhere: the lower bound comes first.",
        {"-1, 1": "1, -1"},
    ),
    Mistake(
        "only the sign kept",
        "Every action is at a bound. Clipping does not change actions inside the bounds.",
        {FORMULA: "np.sign(action + noise)"},
    ),
    Mistake(
        "mean of action and noise",
        "Add the whole noise. The caller has chosen its size.",
        {"action + noise": "(action + noise) / 2"},
    ),
    Mistake(
        "noise scaled",
        "Add the noise without scaling it. The caller has chosen its size.",
        {"action + noise": "action + 0.1 * noise"},
        {"action + noise": "action + 0.2 * noise"},
        {"action + noise": "action + 0.5 * noise"},
    ),
    Mistake(
        "set to a fixed action where the sum is outside",
        "A sum above 1 becomes 1, and a sum below −1 becomes −1.",
        {FORMULA: "np.where(abs(action + noise) > 1, 0, action + noise)"},
        {FORMULA: "np.where(abs(action + noise) > 1, 1, action + noise)"},
    ),
    Mistake(
        "scaled instead of clipped",
        "Division by the largest entry changes every action. Clipping does not change actions"
        " inside the bounds.",
        {FORMULA: "(action + noise) / np.abs(action + noise).max()"},
    ),
    Mistake(
        "noise reversed where the sum is outside",
        "Where the sum is beyond a bound, the action should be at the bound.",
        {FORMULA: "np.where(abs(action + noise) > 1, action - noise, action + noise)"},
    ),
    Mistake(
        "larger of the two instead of the sum",
        "Add action and noise, then clip.",
        {"action + noise": "np.maximum(action, noise)"},
        {FORMULA: "np.minimum(np.maximum(action, noise), 1)"},
    ),
    Mistake(
        "the action's sign instead of the sum's",
        "The sign of the sum decides at which bound the action is. It can differ from the sign of"
        " the action.",
        {FORMULA: "np.where(abs(action + noise) > 1, np.sign(action), action + noise)"},
    ),
    Mistake(
        "halved instead of clipped",
        "A sum above 1 becomes 1, and a sum below −1 becomes −1.",
        {FORMULA: "np.where(abs(action + noise) > 1, (action + noise) / 2, action + noise)"},
    ),
    Mistake(
        "inside and outside swapped",
        "Keep a sum that is within the bounds, and replace a sum beyond a bound by the bound.",
        {FORMULA: "np.where(abs(action + noise) > 1, action + noise, np.sign(action + noise))"},
    ),
    Mistake("noise forgotten", "Add the noise before you clip.", {"action + noise": "action"}),
)


@exercise(
    "09.6",
    "Exploring",
    PROPERTY,
    retired=True,
    stub='''
def explore(action, noise):
    """Return the noisy actions (N, A), within [−1, 1]; action and noise are (N, A)."""
    noisy = None
    return noisy
''',
    statement="""Add the noise, as in equation 7 of the paper. The sum may be outside [−1, 1], where
    no action exists, so clip it. The clipped action is the one that is taken and stored.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your actions with the correct ones",
    cases=(
        {"batch_size": 7, "action_dim": 2, "spread": 1.7},
        {"batch_size": 5, "action_dim": 3, "spread": -2.9},
    ),
    equivalents={f"return {FORMULA} → return np.float32({FORMULA})": "float32 is accepted"},
    difficulty=1,
    minutes=5,
    hints=("What has to be within the bounds: the action, the noise, or their sum?",),
)
def check_explore(explore: Any, batch_size: int, action_dim: int, spread: float) -> dict[str, Any]:
    """Check explore, with sums inside and beyond both bounds."""
    count = np.arange(batch_size * action_dim).reshape(batch_size, action_dim)
    action, noise = 0.97 * np.sin(1 + 2.3 * count), spread * np.cos(2 + 1.1 * count)
    noisy = call(explore, action, noise)
    return {"noisy action": array(noisy, "explore should return an array of actions: it")}
