"""Exercise 00.3: a policy by hand, which pumps the pendulum up and catches it.

Angles in rad from upright, speeds in rad/s.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.exact_pendulum import MAX_TORQUE
from ..engine import PROPERTY, InvalidAnswer, Mistake, NotAttempted, array, call, exercise

SOLUTION = """
def torque_by_hand(cosine, sine, speed):
    energy = speed**2 / 2 + 15 * (cosine - 1)
    if cosine > 0.9:
        torque = -8 * sine - 2 * speed
    elif energy < 0:
        torque = 2 if speed >= 0 else -2
    else:
        torque = 0
    return torque
"""

TOP, LOW = "cosine > 0.9", "energy < 0"
CATCH, PUMP, NOTHING = "-8 * sine - 2 * speed", "2 if speed >= 0 else -2", "torque = 0"
AGAINST = "-2 if speed >= 0 else 2"
GAINS = (0.5, 1, 2, 3, 4, 5, 8, 10)
ENERGY = "speed**2 / 2 + 15 * (cosine - 1)"
SPACED = ENERGY.replace("**", " ** ")  # as mutants write it

MISTAKES = (
    Mistake(
        "pushed against the turning",
        "That brakes the rod. Push in the direction in which it turns: every such push adds"
        " energy.",
        {PUMP: AGAINST},
        {PUMP: AGAINST, CATCH: "8 * sine + 2 * speed"},
    ),
    Mistake(
        "pushed in one direction only",
        "Whatever the rod gains on the way out it loses on the way back. Look at the speed: push"
        " in the direction in which the rod turns.",
        {PUMP: "2"},
        {PUMP: "-2"},
        {PUMP: "2 if sine >= 0 else -2"},
        {PUMP: "-2 if sine >= 0 else 2"},
    ),
    Mistake(
        "no push at rest",
        "np.sign(0) is 0, and so is every multiple of a speed of 0: a rod that hangs at rest would"
        " hang for ever. Push with 2 N m if the speed is 0.",
        {PUMP: "2 * np.sign(speed)"},
        {PUMP: "2 if speed > 0 else -2 if speed < 0 else 0"},
    ),
    Mistake(
        "pushed to the other side at rest",
        "This would work as well, but the task says +2 N m where the speed is 0.",
        {PUMP: "2 if speed > 0 else -2"},
    ),
    Mistake(
        "not with all force",
        "To pump, push with the largest torque of the motor: 2 N m in the direction of the speed.",
        {PUMP: "1 if speed >= 0 else -1"},
        *({PUMP: f"{gain} * speed{rest}"} for gain in GAINS for rest in ("", " or 2")),
        *({PUMP: f"{part}energy * speed"} for part in ("-", "-0.1 * ")),
        {PUMP: "np.tanh(speed)"},
    ),
    Mistake(
        "pushed with the lean",
        "A rod that leans to the positive side needs a negative torque: −8 times the sine.",
        {CATCH: "8 * sine - 2 * speed"},
    ),
    Mistake(
        "both signs wrong near the top",
        "Push against the lean and against the turning: both have a minus.",
        {CATCH: "8 * sine + 2 * speed"},
    ),
    Mistake(
        "pushed with the turning near the top",
        "That makes the rod faster. To catch it, brake: −2 times the speed.",
        {CATCH: "-8 * sine + 2 * speed"},
    ),
    Mistake(
        "turning not braked",
        "The rod comes back as fast as it left, and swings back and forth. Subtract 2 times the"
        " speed.",
        {CATCH: "-8 * sine"},
    ),
    Mistake(
        "lean not corrected",
        "That brakes the rod, and lets it fall slowly. Subtract 8 times the sine.",
        {CATCH: "-2 * speed"},
    ),
    Mistake(
        "gains swapped", "8 belongs to the sine, 2 to the speed.", {CATCH: "-2 * sine - 8 * speed"}
    ),
    Mistake(
        "cosine instead of sine",
        "The sine is the lean: 0 upright, and of the sign of the side. The cosine is near 1 on"
        " both sides.",
        {CATCH: "-8 * cosine - 2 * speed"},
    ),
    Mistake(
        "full force near the top",
        "Full force throws the rod over. Push in proportion: −8 sine − 2 speed.",
        {CATCH: "-2 if sine >= 0 else 2"},
        {CATCH: "-2 * np.sign(sine)"},
        {CATCH: AGAINST},
    ),
    Mistake(
        "pumped near the top",
        "Test for the top first: where the cosine is above 0.9, catch, whatever the energy. Only"
        " then test the energy, with elif instead of a second if.",
        {TOP: "cosine > 0.9 and energy >= 0"},
        {TOP: "False"},
    ),
    Mistake(
        "waited near the top",
        "Test for the top first: where the cosine is above 0.9, catch, whatever the energy.",
        {TOP: "cosine > 0.9 and energy < 0"},
    ),
    Mistake(
        "not caught",
        "Near the top, where the cosine is above 0.9, return −8 sine − 2 speed.",
        {CATCH: "0"},
        {CATCH: PUMP},
    ),
    Mistake(
        "caught at the bottom, too",
        "The cosine has a sign: near 1 at the top, near −1 at the bottom. Catch only where it is"
        " above 0.9.",
        {TOP: "abs(cosine) > 0.9"},
        {TOP: "cosine**2 > 0.9"},
        {TOP: "abs(cosine) > 0.9 and speed != 0"},
        {TOP: "abs(sine) < 0.4359"},
    ),
    Mistake(
        "waited near hanging",
        "Pump wherever the energy is below 0 and the cosine is not above 0.9: near hanging, too.",
        {LOW: "energy < 0 and cosine > -0.9"},
        {LOW: "energy < 0 and cosine > -0.95"},
        {LOW: "energy < 0 and (cosine > -0.9 or speed == 0)"},
        {LOW: "energy < 0 and (cosine > -0.95 or speed == 0)"},
    ),
    Mistake(
        "another place called the top",
        "The angle is measured from upright: near the top the cosine is near 1. Catch where it is"
        " above 0.9.",
        *({TOP: f"cosine > {c}"} for c in (-0.9, 0, 0.1, 0.5, 0.6, 0.7, 0.8, 0.95, 0.98, 0.99)),
        {TOP: "cosine < 0.9"},
        {TOP: "cosine < -0.9"},
        {TOP: "sine > 0.9"},
        {TOP: "abs(sine) < 0.9"},
        {TOP: "abs(sine) < 0.1"},
    ),
    Mistake(
        "pumped with enough energy",
        "With more energy than it has upright at rest, the rod spins round. Pump only while the"
        " energy is below 0, and do nothing above.",
        {LOW: "True"},
        {NOTHING: f"torque = {PUMP}"},
    ),
    Mistake(
        "energy compared the other way round",
        "Pump while there is too little energy, below 0.",
        {LOW: "energy > 0"},
    ),
    Mistake(
        "braked with enough energy",
        "Above 0 do nothing, torque 0: the rod rises without help, and is caught at the top.",
        {NOTHING: f"torque = {AGAINST}"},
    ),
    Mistake(
        "never pumped",
        "Below the top, with too little energy, push with 2 N m in the direction of the speed. The"
        " energy of a rod that hangs at rest is negative: −30.",
        {PUMP: "0"},
        {ENERGY: "speed**2 / 2 + 15 * (1 - cosine)"},
        {ENERGY: "speed**2 / 2 - 15 * (cosine - 1)"},
        {ENERGY: "speed**2 / 2 + 15 * (cosine + 1)"},
    ),
    Mistake(
        "another energy",
        "The energy is speed²/2 + 15 (cos − 1).",
        {ENERGY: "speed**2 + 15 * (cosine - 1)"},
        {ENERGY: "speed**2 / 2 + 15 * cosine"},
        {ENERGY: "speed**2 / 2 + 15 * cosine - 1"},
        {ENERGY: "speed**2 / 2 + 15 * (sine - 1)"},
        {ENERGY: "speed**2 / 2 + 10 * (cosine - 1)"},
        {ENERGY: "speed**2 / 2 + (cosine - 1)"},
        {ENERGY: "(speed**2 + 15 * (cosine - 1)) / 2"},
    ),
    Mistake(
        "units of the agent",
        "Inside the agent, actions are in −1 ... 1. Here, return a torque in N m: −2 ... 2.",
        {"return torque": "return torque / 2"},
    ),
)


@exercise(
    "00.3",
    "Swing up by hand",
    PROPERTY,
    stub='''
def torque_by_hand(cosine, sine, speed):
    """Return the torque in N m, one number, of a policy that pumps the rod up and catches it.

    cosine and sine are those of the angle from upright, and speed is in rad/s. The motor clips
    the torque to −2 ... 2.
    """
    torque = None
    return torque
''',
    statement="""Be the agent. Write a policy of three cases. First, catch: where the cosine is
    above 0.9, push against the lean with 8 N m per unit of the sine, and against the turning with
    2 N m per rad/s. Second, pump: everywhere else, as long as the energy
    E = speed²/2 + 15 (cosine − 1) is below 0, push with full force in the direction in which the
    rod turns, and with +2 N m if it is at rest. (E = 0 is the energy of a rod that is upright and
    at rest.) Third, wait: otherwise do nothing.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your torques, clipped as the motor clips them, with the correct ones",
    difficulty=1,
    importance=3,
    minutes=8,
    hints=(
        "`if`, `elif`, `else`. The energy is one line before them.",
        "Against the lean and the turning means with a minus: `-8 * sine - 2 * speed`. In the"
        " direction of the speed means 2 if the speed is positive or 0, else −2.",
    ),
    cases=({"states": 24, "seed": 3}, {"states": 31, "seed": 8}),
    equivalents={
        "if cosine > 0.9: → if cosine >= 0.9:": "the catch works at 0.9 as well",
        "elif energy < 0: → elif energy <= 0:": "no state has exactly this energy",
        **{
            f"torque = {PUMP} → torque = {more}": "the motor clips it to 2"
            for more in (
                "4 if speed >= 0 else -2",
                "3 if speed >= 0 else -2",
                "2 if speed >= 0 else -4",
                "2 if speed >= 0 else -3",
            )
        },
        f"energy = {SPACED} → energy = np.float16({SPACED})": "only its sign counts",
        "return torque → return np.float32(torque)": "float32 is accepted",
    },
)
def check_torque_by_hand(torque_by_hand: Any, states: int, seed: int) -> dict[str, Any]:
    """Check torque_by_hand."""
    rng = np.random.default_rng(seed)

    def answers(angle: Array, speed: Array) -> list[Any]:
        places = zip(np.cos(angle).tolist(), np.sin(angle).tolist(), speed.tolist(), strict=True)
        return [_answer(torque_by_hand, place) for place in places]

    lean = rng.uniform(-0.4, 0.4, states)
    below = rng.choice((-1.0, 1.0), states) * np.arccos(rng.uniform(-1, 0.88, states))
    upright_speed = np.sqrt(30 * (1 - np.cos(below)))  # with which the energy is 0
    side = np.where(np.arange(states) % 2, 1.0, -1.0)
    slow = side * upright_speed * rng.uniform(0.02, 0.98, states)
    fast = side * (upright_speed + rng.uniform(0.05, 2, states))
    low = np.pi + side * rng.uniform(0, 0.44, states)  # cosines below −0.9
    moving = rng.choice((-1.0, 1.0), states) * rng.uniform(0.1, 3, states)
    balanced = -4 * np.sin(lean) + rng.uniform(-0.9, 0.9, states)  # torques within the bounds
    edge = np.array([0.442, -0.442, 0.457, -0.457])  # cosines a little above and below 0.9
    found = {
        "near the top": answers(lean, balanced),
        "below, with too little energy": answers(below, slow),
        "below, with enough energy": answers(below, fast),
        "near hanging, but moving": answers(low, moving),
        "about where the top begins": answers(edge, np.array([-2.0, 2.0, -1.0, 1.0])),
        "hanging at rest": answers(np.array([np.pi]), np.zeros(1)),
    }
    blank = [each for row in found.values() for each in row if isinstance(each, NotAttempted)]
    if len(blank) == sum(map(len, found.values())):
        raise blank[0]
    if blank:
        raise InvalidAnswer("In one of its cases torque_by_hand returns None.")
    return {
        row: np.array([_torque(result) for result in results]) for row, results in found.items()
    }


def _answer(torque_by_hand: Any, place: tuple[float, ...]) -> Any:
    """Return the answer, or the exception that reports a missing one."""
    try:
        return call(torque_by_hand, *place)
    except NotAttempted as error:
        return error


def _torque(result: Any) -> float:
    """Return a torque, clipped as the motor clips it."""
    torque = array(result, "torque_by_hand should return a torque, one number: it")
    if torque.size != 1 or torque.ndim > 1 or torque.dtype.kind not in "iuf":
        raise InvalidAnswer(
            f"torque_by_hand should return a torque, one number, but it returned {result!r}."
        )
    return float(np.clip(torque.ravel()[0], -MAX_TORQUE, MAX_TORQUE))
