"""Exercise 12.3: the target of TD3 (Fujimoto et al., arXiv:1802.09477).

N batch, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, Mistake, array, call, exercise

BATCH, ACTION = 7, 2
CLIP = 0.5
SMALLEST = "Compare the two critics row by row: take the smaller value of each transition."

SOLUTION = """
def td3_target(reward, terminated, next_action, noise, q1, q2, discount, noise_clip):
    noise = np.clip(noise, -noise_clip, noise_clip)
    smoothed = np.clip(next_action + noise, -1, 1)
    next_q = np.minimum(q1(smoothed), q2(smoothed))
    y = reward + discount * np.where(terminated, 0, next_q)
    return y
"""

MISTAKES = (
    Mistake(
        "max instead of min",
        "You took the larger value. The second critic is there to prevent overestimation.",
        {"np.minimum": "np.maximum"},
    ),
    Mistake(
        "mean instead of min",
        "The mean of two critics overestimates like one of them. Take the smaller.",
        {"np.minimum(q1(smoothed), q2(smoothed))": "(q1(smoothed) + q2(smoothed)) / 2"},
    ),
    Mistake(
        "first critic only",
        "You did not ask q2.",
        {"np.minimum(q1(smoothed), q2(smoothed))": "q1(smoothed)"},
    ),
    Mistake(
        "second critic only",
        "You did not ask q1.",
        {"np.minimum(q1(smoothed), q2(smoothed))": "q2(smoothed)"},
    ),
    Mistake(
        "smallest of the whole batch",
        SMALLEST,
        {"np.minimum(q1(smoothed), q2(smoothed))": "np.min([q1(smoothed), q2(smoothed)])"},
    ),
    Mistake(
        "smaller critic of the whole batch",
        SMALLEST,
        {"np.minimum(q1(smoothed), q2(smoothed))": "min(q1(smoothed), q2(smoothed), key=np.mean)"},
    ),
    Mistake(
        "critics added",
        "Take the smaller of the two.",
        {"np.minimum(q1(smoothed), q2(smoothed))": "q1(smoothed) + q2(smoothed)"},
    ),
    Mistake(
        "noise not clipped",
        "The noise is limited to ±c first, so that ã stays near the action.",
        {"    noise = np.clip(noise, -noise_clip, noise_clip)\n": ""},
    ),
    Mistake(
        "noise clipped to ±1",
        "The noise's own bound is c, noise_clip.",
        {"np.clip(noise, -noise_clip, noise_clip)": "np.clip(noise, -1, 1)"},
    ),
    Mistake(
        "noise clipped at one end only",
        "Clip at both ends, −c and c.",
        {"np.clip(noise, -noise_clip, noise_clip)": "np.minimum(noise, noise_clip)"},
    ),
    Mistake(
        "noise multiplied by noise_clip",
        "c is a bound, not a scale: clip(noise, −c, c).",
        {"np.clip(noise, -noise_clip, noise_clip)": "noise_clip * noise"},
    ),
    Mistake(
        "sum clipped to ±c",
        "c bounds the noise. The action is bounded by ±1.",
        {
            "    noise = np.clip(noise, -noise_clip, noise_clip)\n": "",
            "noise, -1, 1)": "noise, -noise_clip, noise_clip)",
        },
    ),
    Mistake(
        "action not clipped",
        "With noise an action may be outside [−1, 1], where no critic was ever trained.",
        {"np.clip(next_action + noise, -1, 1)": "next_action + noise"},
    ),
    Mistake(
        "neither noise nor action clipped",
        "Clip the noise to ±c, then the sum to ±1.",
        {
            "    noise = np.clip(noise, -noise_clip, noise_clip)\n": "",
            "np.clip(next_action + noise, -1, 1)": "next_action + noise",
        },
    ),
    Mistake(
        "noise missing",
        "You asked the critics at the target's action itself. Add the noise first.",
        {"next_action + noise": "next_action"},
    ),
    Mistake(
        "noise subtracted",
        "For symmetrical noise it makes no difference; here you are asked to add it.",
        {"next_action + noise": "next_action - noise"},
    ),
    Mistake(
        "mask flipped",
        "Your target contains the next value where the episode ended, and not where it continues."
        " It should be the other way round.",
        {"np.where(terminated, 0, next_q)": "np.where(terminated, next_q, 0)"},
    ),
    Mistake(
        "terminated ignored",
        "Nothing follows after termination, but your target still contains a next value.",
        {"np.where(terminated, 0, next_q)": "next_q"},
    ),
    Mistake("discount missing", "γ multiplies what comes next.", {"discount * ": ""}),
    Mistake(
        "reward discounted too",
        "",
        {
            "reward + discount * np.where(terminated, 0, next_q)": (
                "discount * (reward + np.where(terminated, 0, next_q))"
            )
        },
    ),
    Mistake(
        "reward masked too",
        "",
        {
            "reward + discount * np.where(terminated, 0, next_q)": (
                "np.where(terminated, 0, reward + discount * next_q)"
            )
        },
    ),
    Mistake("reward missing", "r is missing from the sum.", {"reward + ": ""}),
)


@exercise(
    "12.3",
    "The target of TD3",
    PROPERTY,
    stub='''
def td3_target(reward, terminated, next_action, noise, q1, q2, discount, noise_clip):
    """Return y (N,) = r + γ (1 − terminated) min(q1(ã), q2(ã)).

    ã = clip(next_action + clip(noise, −c, c), −1, 1), c being noise_clip. reward (N,), terminated
    (N,) bool, next_action and noise (N, A); q1 and q2 are functions from actions (N, A) to values
    (N,): the two target critics at s'.
    """
    y = None
    return y
''',
    statement="""TD3 improves DDPG's target in two places. It takes the smaller of two critics'
    values, and adds noise to the target's action so that a narrow peak in Q has little
    influence.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your target with the correct one",
    difficulty=2,
    minutes=10,
    hints=(
        "Begin with the action at which both critics are asked. It is clipped twice: the noise"
        " before it is added, the sum after.",
        "The smaller value is that of each row: `np.minimum` of two arrays, not `min` of all"
        " entries. The rest is the target of chapter 05.",
    ),
)
def check_td3_target(td3_target: Any) -> dict[str, Any]:
    """Check td3_target."""
    reward = sample_array(BATCH, seed=2)
    terminated = np.arange(BATCH) % 3 == 1
    action = np.clip(sample_array(BATCH, ACTION, seed=3), -0.95, 0.95)
    noise = 1.2 * sample_array(BATCH, ACTION, seed=4)
    offset = sample_array(BATCH, seed=5)

    def q1(a: Array) -> Array:
        q: Array = np.sin(2 * a[..., 0]) + a[..., 1] ** 2 + offset
        return q

    def q2(a: Array) -> Array:
        q: Array = np.cos(a[..., 0] - 2 * a[..., 1]) + offset[::-1]
        return q

    found = {}
    for name, critics in (("y", (q1, q2)), ("y, critics swapped", (q2, q1))):
        result = call(td3_target, reward, terminated, action, noise, *critics, 0.9, CLIP)
        found[name] = array(result, "td3_target should return y: it")
    return found
