"""Exercise 10.3: submit a policy that swings the pendulum up."""

from functools import cached_property
from typing import Any

import gymnasium as gym
import numpy as np

from ...ddpg.actions import ActionBox
from ...nn.layers import Array
from ...verification.exact_pendulum import MAX_TORQUE, PENDULUM, TIME_LIMIT
from ..engine import (
    BEHAVIOUR,
    EXERCISES,
    InvalidAnswer,
    Mistake,
    Observed,
    arrays,
    call,
    exercise,
    run,
)
from ..precomputed import precomputed
from .own_agent import OWN, PACKAGE, whose_agent

CASES = ({"episodes": 10, "first_seed": 20_000, "enough": -170.0},)  # correct: about −133
FULL = 0.9  # a trained actor's largest action is above this, in [−1, 1]
BY_YOURS = "it uses an agent that passes 10.1"
ALONE = "the torque is returned alone"
SAME = "the same torque for the same observation"


class Trained:
    """Stand in for `kept`, a learner's best agent: the agent on one page, trained earlier."""

    def __init__(self) -> None:
        self.action_box = ActionBox(np.array([-MAX_TORQUE]), np.array([MAX_TORQUE]))

    @cached_property
    def agent(self) -> Any:
        """The agent; its class is made anew from its source, like a learner's."""
        (agent_class,) = run(EXERCISES["10.1"].solution, ["MyDDPG"], {}, "a learner's agent")
        arrays = precomputed("ch10/trained")
        actor = [arrays[f"array_{i}"].astype(float) for i in range(len(arrays))]
        return agent_class(actor, [np.zeros((4, 1)), np.zeros(1)], 0.99, 0.02, 1e-3, 2e-3)

    def act(self, obs: Array, explore: bool = False) -> Array:
        """Return an action (1,) in [−1, 1] for an observation (3,), or (N, 1) for (N, 3)."""
        action: Array = self.agent.act(np.atleast_2d(obs))
        return action.reshape(*np.shape(obs)[:-1], 1)

    def predict(self, obs: Array, deterministic: bool = True) -> tuple[Array, None]:
        """Return the torque (1,) in N m, as agents do."""
        return self.action_box.to_env(self.act(obs)), None


SOLUTION = """
def policy(obs):
    torque, _ = kept.predict(obs)
    return torque
"""

BY_ENERGY = """
def policy(obs):
    cos, sin, speed = obs
    if cos > 0.8 and abs(speed) < 4:
        torque = -10 * np.arctan2(sin, cos) - 2.5 * speed
    else:
        torque = (15 - speed**2 / 2 - 15 * cos) * (speed or 1.0)
    return np.clip([torque], -2, 2)
"""

MISTAKES = (
    Mistake(
        "not by your agent",
        "The policy should use the agent that you have trained: call kept.predict(obs). Its class"
        " has to pass check_my_ddpg of 10.1.",
        BY_ENERGY,
    ),
    Mistake(
        "the pair that predict returns",
        "predict returns a pair, the torque and None. Return the torque alone:"
        " torque, _ = kept.predict(obs).",
        {"torque, _ = kept": "torque = kept"},
    ),
    Mistake(
        "exploration noise",
        "The policy returned two torques for the same observation. Submit it without noise.",
        {"return torque": "return torque + 0.3 * np.random.default_rng().standard_normal(1)"},
    ),
    Mistake(
        "action scale forgotten",
        "The torque never leaves [−1, 1]: the actor's output was not mapped to ±2 N m.",
        {"torque, _ = kept.predict(obs)": "torque = kept.act(obs)"},
    ),
    Mistake(
        "torque beyond the bounds",
        "The environment clips the torque silently, so it does not apply the torque that the agent"
        " chose.",
        {"return torque": "return 2 * torque"},
    ),
    Mistake(
        "the same torque everywhere",
        "The torque does not depend on the observation: a saturated tanh, or a dead actor.",
        {"return torque": "return np.array([2.0])"},
    ),
    Mistake(
        "the same torque everywhere",
        "The torque is always 0: is it really the actor's output?",
        {"return torque": "return np.zeros(1)"},
    ),
    Mistake(
        "not swinging up",
        "The policy acts within its bounds, but does not swing up. Has the agent in `kept` learned?"
        " Look at its curve. Or does the policy change the agent's input or output?",
        {"return torque": "return -torque"},
        {"return torque": "return np.clip(torque - 5 * obs[2:], -2, 2)"},
        {"return torque": "return 0.01 * torque"},  # as an untrained actor
    ),
)


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
    statement="""Submit the policy of your own trained agent on Pendulum-v1, without noise and in
    the environment's units. Its mean return over ten starts must be at least −170. The policy must
    use an agent that passes 10.1; the package's agent, which replaces yours until then, is not
    enough. If yours has passed but was too slow to be trained, raise `seconds` where it trains.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    given={"kept": Trained()},
    builds_on="10.1",
    cases=CASES,
    equivalents={
        "return torque → return np.float32(torque)": "float32 is accurate enough",
        "return torque → return np.float16(torque)": "it swings up all the same",
        "return torque → return np.reshape(torque, (-1, 1))": "one number in any shape will do",
    },
    compared="your policy's torques and returns in ten episodes with the requirements",
    difficulty=1,
    minutes=2,
    is_kept=False,
    hints=(
        "`kept` is the best agent so far, in its wrapper. Its `predict` acts without noise, maps to"
        " the environment's units, and returns a pair of torque and None.",
    ),
)
def check_swing_up(policy: Any, episodes: int, first_seed: int, enough: float) -> dict[str, Any]:
    """Check policy."""
    env = gym.make(PENDULUM).unwrapped
    obs, _ = env.reset(seed=first_seed)
    if problem := _problem(policy, obs):
        return problem
    whose = whose_agent(policy, obs)
    if whose == PACKAGE:
        raise NotImplementedError  # still to do, since it only replaces the learner's until then
    if whose != OWN:
        text = "the policy does not use an agent that passes 10.1"
        return {BY_YOURS: Observed(False, message=text)}
    torques: list[float] = []
    returns = []
    for episode in range(episodes):
        obs, _ = env.reset(seed=first_seed + episode)
        if problem := _problem(policy, obs):
            return problem
        total = 0.0
        for _ in range(TIME_LIMIT):
            torque = _torque(policy, obs)
            torques.append(float(torque.item()))
            obs, reward, *_ = env.step(torque)
            total += float(reward)
        returns.append(total)
        if sum(returns) < episodes * enough:
            break  # no reward is positive, so the mean cannot reach it any more
    largest = np.abs(torques).max()
    earned = f"mean return {np.mean(returns):.1f}, it should be at least {enough:g}"
    if len(returns) < episodes:
        earned = (
            f"the returns of the first {len(returns)} of {episodes} starts sum to"
            f" {sum(returns):.0f}, too little for a mean of {enough:g}"
        )
    return {
        BY_YOURS: True,
        ALONE: True,
        SAME: True,
        "mean return is high enough": Observed(
            len(returns) == episodes and np.mean(returns) >= enough, message=earned
        ),
        "torques do not end at ±1 N m": Observed(
            not FULL <= largest <= 1 + 1e-6,
            message=f"no torque is beyond ±{largest:.3g} N m, although ±2 N m is allowed",
        ),
        "torques stay within ±2 N m": Observed(
            largest <= MAX_TORQUE * (1 + 1e-6), message=f"a torque is as large as {largest:.3g} N m"
        ),
        "torques depend on the state": Observed(
            np.std(torques) > 1e-6, message=f"every torque is {torques[0]:.3g} N m"
        ),
    }


def _problem(policy: Any, obs: Array) -> dict[str, Any]:
    """Return an observation if the policy cannot be evaluated, and otherwise an empty dict."""
    result = call(policy, obs, returns=False)
    if isinstance(result, tuple | list) and len(result) == 2:
        return {ALONE: Observed(False, message="the policy returned a pair, not a torque")}
    first, second = (float(_torque(policy, obs).item()) for _ in range(2))
    text = f"for the same observation it returned {first:.4g} and then {second:.4g} N m"
    return {} if first == second else {SAME: Observed(False, message=text)}


def _torque(policy: Any, obs: Array) -> Array:
    (torque,) = arrays((call(policy, obs),), ["a torque"], policy)
    if torque.size != 1 or not np.isfinite(torque).all():
        raise InvalidAnswer(f"The policy should return one finite number, not {torque}.")
    return torque.reshape(1)
