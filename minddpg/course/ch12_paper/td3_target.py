"""Chapter 12, beyond: TD3 (Fujimoto et al., arXiv:1802.09477).

N batch, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import array, call

BATCH, ACTION = 7, 2
CLIP = 0.5


def _target(
    choose: Any = np.minimum,
    noisy: Any = lambda noise, c: np.clip(noise, -c, c),
    bounded: Any = lambda action: np.clip(action, -1, 1),
    goes_on: Any = lambda terminated: ~terminated,
    discounted: Any = lambda discount: discount,
    earned: Any = lambda reward: reward,
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""

    def td3_target(
        reward: Array,
        terminated: Array,
        next_action: Array,
        noise: Array,
        q1: Any,
        q2: Any,
        discount: float,
        noise_clip: float,
    ) -> Any:
        action = bounded(next_action + noisy(noise, noise_clip))
        next_q = choose(q1(action), q2(action))
        return earned(reward) + discounted(discount) * goes_on(terminated) * next_q

    return td3_target


def _all_masked(reward: Array, terminated: Array, *rest: Any) -> Any:
    return _target()(reward, terminated, *rest) * ~terminated


def _all_discounted(reward: Array, *rest: Any) -> Any:
    return _target()(rest[5] * reward, *rest)


def _row(mistake: str, why: str, **parts: Any) -> Row:
    return Row(mistake, (_target(**parts),), why)


SMALLEST = "Compare the two critics row by row: the smaller value of each transition."


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
    statement="""TD3 mends DDPG's target in two places. Two critics, of which the lower is believed;
    and noise on the target's action, so that a narrow peak of Q is not.""",
    reference=(_target(),),
    rows=(
        _row(
            "max instead of min",
            "The higher critic was believed. Overestimation is what the second one is to prevent.",
            choose=np.maximum,
        ),
        _row(
            "mean instead of min",
            "The mean of two critics overestimates like one of them. Take the smaller.",
            choose=lambda a, b: (a + b) / 2,
        ),
        _row("first critic only", "q2 was not asked.", choose=lambda a, b: a),
        _row("second critic only", "q1 was not asked.", choose=lambda a, b: b),
        _row("smallest of the whole batch", SMALLEST, choose=lambda a, b: np.min([a, b])),
        _row(
            "smaller critic of the whole batch",
            SMALLEST,
            choose=lambda a, b: a if a.mean() < b.mean() else b,
        ),
        _row("critics added", "Take the smaller of the two.", choose=lambda a, b: a + b),
        _row(
            "noise not clipped",
            "The noise is limited to ±c first, so that ã stays near the action.",
            noisy=lambda noise, c: noise,
        ),
        _row(
            "noise clipped to ±1",
            "The noise's own bound is c, noise_clip.",
            noisy=lambda noise, c: np.clip(noise, -1, 1),
        ),
        _row(
            "noise clipped at one end only",
            "Both ends need it, −c and c.",
            noisy=lambda noise, c: np.minimum(noise, c),
        ),
        _row(
            "noise multiplied by noise_clip",
            "c is a bound, not a scale: clip(noise, −c, c).",
            noisy=lambda noise, c: c * noise,
        ),
        _row(
            "sum clipped to ±c",
            "c bounds the noise. The action is bounded by ±1.",
            noisy=lambda noise, c: noise,
            bounded=lambda action: np.clip(action, -CLIP, CLIP),
        ),
        _row(
            "action not clipped",
            "With the noise an action may be beyond [−1, 1], where no critic was ever trained.",
            bounded=lambda action: action,
        ),
        _row(
            "neither noise nor action clipped",
            "Clip the noise to ±c, then the sum to ±1.",
            noisy=lambda noise, c: noise,
            bounded=lambda action: action,
        ),
        _row(
            "noise missing",
            "The critics were asked at the target's action itself.",
            noisy=lambda noise, c: 0,
        ),
        _row(
            "noise subtracted",
            "For symmetrical noise it makes no difference; here it is asked to be added.",
            noisy=lambda noise, c: -np.clip(noise, -c, c),
        ),
        _row(
            "mask flipped",
            "The next value counts where the episode ended, and not where it goes on.",
            goes_on=lambda terminated: terminated,
        ),
        _row(
            "terminated ignored",
            "Nothing comes after an end, but your target still has a next value in it.",
            goes_on=lambda terminated: 1,
        ),
        _row("discount missing", "γ multiplies what comes next.", discounted=lambda discount: 1),
        Row("reward discounted too", (_all_discounted,)),
        Row("reward masked too", (_all_masked,)),
        _row("reward missing", "r is not in the sum.", earned=lambda reward: 0),
    ),
    compared="your target with the right one",
)
def check_td3_target(td3_target: Any) -> dict[str, Any]:
    """Check td3_target."""
    reward = sample_array(BATCH, seed=2)
    terminated = np.arange(BATCH) % 3 == 1
    action = np.clip(sample_array(BATCH, ACTION, seed=3), -0.95, 0.95)
    noise = 1.2 * sample_array(BATCH, ACTION, seed=4)
    offset = sample_array(BATCH, seed=5)

    def q1(a: Array) -> Array:
        return np.asarray(np.sin(2 * a[..., 0]) + a[..., 1] ** 2 + offset)

    def q2(a: Array) -> Array:
        return np.asarray(np.cos(a[..., 0] - 2 * a[..., 1]) + offset[::-1])

    found = {}
    for name, critics in (("y", (q1, q2)), ("y, critics swapped", (q2, q1))):
        result = call(td3_target, reward, terminated, action, noise, *critics, 0.9, CLIP)
        found[name] = array(result, "td3_target should return y: it")
    return found
