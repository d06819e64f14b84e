"""Exercise 12.3: the target of TD3 (Fujimoto et al., arXiv:1802.09477).

N batch, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, arrays, call, exercise
from .batchnorm import FLOAT32
from .td3_target_mistakes import MISTAKES

CASES = (
    {"batch_size": 13, "action_dim": 3, "discount": 0.87, "noise_clip": 0.8},
    {"batch_size": 11, "action_dim": 2, "discount": 0.96, "noise_clip": 0.6},
)

SOLUTION = """
def td3_target(reward, terminated, next_action, noise, q1, q2, discount, noise_clip):
    noise = np.clip(noise, -noise_clip, noise_clip)
    smoothed = np.clip(next_action + noise, -1, 1)
    next_q = np.minimum(q1(smoothed), q2(smoothed))
    y = reward + discount * np.where(terminated, 0, next_q)
    return y
"""


@exercise(
    "12.3",
    "The target of TD3",
    PROPERTY,
    stub='''
def td3_target(reward, terminated, next_action, noise, q1, q2, discount, noise_clip):
    """Return y (N,) = r + γ (1 − terminated) min(q1(ã), q2(ã)).

    ã = clip(next_action + clip(noise, −c, c), −1, 1), where c is noise_clip. reward is (N,),
    terminated (N,) bool, next_action and noise (N, A). q1 and q2 are the two target critics at s':
    functions from actions (N, A) to values (N,).
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
    minutes=7,
    hints=(
        "Begin with the action at which both critics are evaluated. There are two clips: of the"
        " noise before it is added, and of the sum.",
        "The smaller value is that of each row: `np.minimum` of two arrays, not `min` of all"
        " entries. The rest is the target of chapter 05.",
    ),
    cases=CASES,
    square={**CASES[0], "batch_size": 3, "action_dim": 3},
    equivalents={"return y → return np.float32(y)": FLOAT32},
)
def check_td3_target(
    td3_target: Any, batch_size: int, action_dim: int, discount: float, noise_clip: float
) -> dict[str, Any]:
    """Check td3_target."""
    reward, offset = sample_array(batch_size, seed=2), sample_array(batch_size, seed=5)
    terminated = np.arange(batch_size) % 3 == 1
    action = np.clip(sample_array(batch_size, action_dim, seed=3), -1, 1)
    noise = 1.1 * sample_array(batch_size, action_dim, seed=4)

    def q1(a: Array) -> Array:
        q: Array = np.sin(a @ np.arange(1, action_dim + 1)) + offset
        return q

    def q2(a: Array) -> Array:
        q: Array = np.cos(2 * a).sum(axis=-1) + a[..., 0] + offset[::-1]
        return q

    found = {}
    for name, critics in (("y", (q1, q2)), ("y, critics swapped", (q2, q1))):
        result = call(td3_target, reward, terminated, action, noise, *critics, discount, noise_clip)
        (found[name],) = arrays(result, ["y"], td3_target)
    return found
