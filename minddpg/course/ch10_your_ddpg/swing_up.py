"""Chapter 10, your DDPG: does it swing the pendulum up?"""

from typing import Any

import gymnasium as gym
import numpy as np

from ...nn.layers import Array
from ...verification.exact_pendulum import MAX_TORQUE, PENDULUM, TIME_LIMIT
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR, Row
from ..engine.observations import Observed
from ..engine.submission import InvalidAnswer, arrays, call

EPISODES, FIRST_SEED = 10, 20_000
ENOUGH = -170.0  # mean return of these ten; right code reaches about −133


def by_energy(obs: Array) -> Array:
    """Swing up by energy, then balance: what a control engineer would write by hand."""
    cos, sin, speed = obs  # the angle is 0 when upright
    if cos > 0.8 and abs(speed) < 4:
        torque = -10 * np.arctan2(sin, cos) - 2.5 * speed
    else:
        missing = 15 - (speed**2 / 2 + 15 * cos)  # energy; 15 is that of standing upright
        torque = missing * (speed or 1.0)
    return np.array([np.clip(torque, -MAX_TORQUE, MAX_TORQUE)])


@exercise(
    "10.3",
    "The swing-up",
    BEHAVIOUR,
    stub='''
def policy(obs):
    """Map one observation of Pendulum-v1, (3,), to a torque (1,) in N m, from -2 to 2."""
    torque = None
    return torque
''',
    statement="""Hand in the policy of a trained agent on Pendulum-v1, without noise and in the
    environment's units. Its mean return over ten starts must be at least −170.""",
    reference=(by_energy,),
    rows=(
        Row(
            "action scale forgotten",
            (lambda obs: by_energy(obs) / MAX_TORQUE,),
            "The torque never leaves [−1, 1]: the actor's output was not mapped to ±2 N m.",
        ),
        Row(
            "torque beyond the bounds",
            (lambda obs: 2 * by_energy(obs),),
            "The environment clips it in silence, so what happens is not what the agent chose.",
        ),
        Row(
            "the same torque everywhere",
            (lambda obs: np.array([MAX_TORQUE]),),
            "The torque does not depend on the observation: a saturated tanh, or a dead actor.",
        ),
        Row(
            "the same torque everywhere",
            (lambda obs: np.zeros(1),),
            "No torque at all: is it the actor's output that arrives here?",
        ),
        Row(
            "not swinging up",
            (lambda obs: -by_energy(obs),),
            "The policy acts within its bounds, and to no avail. Look at the learning curve and at"
            " Q before you train longer: a sign, a target or a mask may be wrong.",
        ),
    ),
    compared="your policy's ten episodes with what is asked of them",
)
def check_swing_up(policy: Any) -> dict[str, Any]:
    """Check policy."""
    env = gym.make(PENDULUM).unwrapped
    torques: list[float] = []
    returns = []
    for episode in range(EPISODES):
        obs, _ = env.reset(seed=FIRST_SEED + episode)
        total = 0.0
        for _ in range(TIME_LIMIT):
            (torque,) = arrays((call(policy, obs),), ["a torque"], policy)
            if torque.size != 1 or not np.isfinite(torque).all():
                raise InvalidAnswer(f"The policy should return one finite number, not {torque}.")
            torques.append(float(torque.item()))
            obs, reward, *_ = env.step(torque.reshape(1))
            total += float(reward)
        returns.append(total)
    largest = np.abs(torques).max()
    return {
        "mean return is high enough": Observed(
            np.mean(returns) >= ENOUGH,
            says=f"mean return {np.mean(returns):.1f}, it should be at least {ENOUGH}",
        ),
        "torques reach beyond ±1 N m": Observed(
            largest > 0.75 * MAX_TORQUE, says=f"no torque is beyond ±{largest:.3g} N m, of ±2"
        ),
        "torques stay within ±2 N m": Observed(
            largest <= MAX_TORQUE * (1 + 1e-6), says=f"a torque is as large as {largest:.3g} N m"
        ),
        "torques depend on the state": Observed(
            np.std(torques) > 1e-6, says=f"every torque is {torques[0]:.3g} N m"
        ),
    }
