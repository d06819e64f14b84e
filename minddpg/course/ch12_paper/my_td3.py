"""Exercise 12.6: turn the agent of exercise 10.1 into TD3 by three changes.

N batch, S observation entries, A action entries.
"""

import copy
from functools import cache
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_batch
from ..engine import (
    BEHAVIOUR,
    EXERCISES,
    InvalidAnswer,
    NotAttempted,
    Observed,
    array,
    arrays,
    call,
    exercise,
)
from ..list_networks import Arrays, new_network
from .is_close import TOLERANCE, is_close
from .my_td3_mistakes import MISTAKES

CASES = (
    {
        "obs_dim": 3,
        "action_dim": 2,
        "batch_size": 11,
        "settings": (0.93, 0.05, 2e-3, 5e-3),  # discount, tau, actor_rate, critic_rate
        "noise_clip": 0.6,
        "delay": 2,
    },
    {
        "obs_dim": 4,
        "action_dim": 3,
        "batch_size": 7,
        "settings": (0.98, 0.02, 3e-3, 1e-3),
        "noise_clip": 0.35,
        "delay": 3,
    },
)
LAYERS, UPDATES, MINIBATCHES = (6, 5), 20, 50
SMALL = 1e-8  # scales rewards and last layers, so that gradients are as small as Adam's ε
STILL = 1e-30  # a learning rate at which no parameter moves
CRITICS, DELAYED = (
    ("critic", "critic2"),
    ("actor", "target_critic", "target_critic2", "target_actor"),
)
NETWORKS = (*CRITICS, *DELAYED)
OF_DDPG = ("critic", "actor", "target_critic", "target_actor")
DECIDED = "as_ddpg returns an answer"
SWITCHED_OFF = (
    "as_ddpg's critic2 turns off the minimum",
    "as_ddpg's noise turns off the smoothing",
    "as_ddpg's delay turns off the delay of the actor",
)
WHERE = {
    "critic": "look at the target y",
    "critic2": "look at its target y, its gradient, and its own Adam",
    "actor": "it climbs the first critic, after this critic's step",
    "target_critic": "it follows critic, after critic's step",
    "target_critic2": "it follows critic2, after critic2's step",
    "target_actor": "it follows actor, after the actor's step",
}

SOLUTION = '''
from minddpg.course.checks import solution

MyDDPG = solution("10.1")  # whose methods this class uses
td3_target = solution("12.3")


def mu(actor, obs):
    x = obs
    for i in range(0, len(actor), 2):
        x = (np.maximum(x, 0) if i else x) @ actor[i] + actor[i + 1]
    return np.tanh(x)


class MyTD3(MyDDPG):
    def __init__(self, actor, critic, critic2, discount, tau, actor_rate, critic_rate,
                 noise_clip, delay):
        settings = discount, tau, actor_rate, critic_rate
        super().__init__(actor, critic, *settings)
        # 1: a second critic with its own target and its own Adam
        self.second = MyDDPG(actor, critic2, *settings)
        self.critic2, self.target_critic2 = self.second.critic, self.second.target_critic
        self.noise_clip, self.delay, self.updates = noise_clip, delay, 0

    def td_target(self, batch, noise):
        """1 and 2: the smaller of two values, at an action with noise."""
        next_action = mu(self.target_actor, batch.next_obs)

        def q1(action):
            return self.q(self.target_critic, batch.next_obs, action)[0][:, 0]

        def q2(action):
            return self.q(self.target_critic2, batch.next_obs, action)[0][:, 0]

        y = td3_target(
            batch.reward, batch.terminated, next_action, noise, q1, q2, self.discount,
            self.noise_clip,
        )
        return y[:, None]

    def update(self, batch, noise):
        y = self.td_target(batch, noise)
        self.critic_adam.step(self.critic_gradient(batch, y))
        self.second.critic_adam.step(self.second.critic_gradient(batch, y))
        self.updates += 1
        if self.updates % self.delay == 0:  # 3: the actor and all targets wait
            self.actor_adam.step(self.actor_gradient(batch))
            self.follow(self.target_critic, self.critic)
            self.follow(self.target_critic2, self.critic2)
            self.follow(self.target_actor, self.actor)


def as_ddpg(critic, noise):
    critic2 = [x.copy() for x in critic]  # two equal values: the smaller is Q' itself
    noise = np.zeros_like(noise)
    delay = 1
    return critic2, noise, delay
'''

Y_CALL = (
    "y = td3_target(batch.reward, batch.terminated, next_action, noise, {}, self.discount,"
    " self.noise_clip)"
)
Q_CALL = "self.q(self.target_critic, batch.next_obs, action)[0][:, 0]"
STEP1, STEP2, FOLLOW1, FOLLOW2, FOLLOW3 = (
    "self.critic_adam.step(self.critic_gradient(batch, y))",
    "self.second.critic_adam.step(self.second.critic_gradient(batch, y))",
    "self.follow(self.target_critic, self.critic)",
    "self.follow(self.target_critic2, self.critic2)",
    "self.follow(self.target_actor, self.actor)",
)
SECOND, NOISE = "self.second = MyDDPG(actor, critic2, *settings)", "noise = np.zeros_like(noise)"
RETURN = "return (critic2, noise, delay)"
EQUIVALENTS = {
    (f"{old} → {new}" if new else old): reason
    for reason, changes in {
        "there are three layers": (
            ("for i in range(0, len(actor), 2):", "for i in range(0, 5, 2):"),
        ),
        "its actor is not used": ((SECOND, SECOND.replace("(actor", "(critic")),),
        "the smaller of two has no order": ((Y_CALL.format("q1, q2"), Y_CALL.format("q2, q1")),),
        "a multiple of delay is one whatever its sign": (
            ("self.updates += 1", "self.updates += -1"),
            ("self.updates += 1", "self.updates -= 1"),
        ),
        "MyTD3 copies it": (
            ("critic2 = [x.copy() for x in critic]", "critic2 = [x for x in critic]"),
            (RETURN, "return (critic, noise, delay)"),
        ),
        "0 is the noise": (
            ("as_ddpg: noise ignored, 0 instead", ""),
            *((NOISE, f"noise = np.{kind}(np.zeros_like(noise))") for kind in ("float16", "int64")),
            (NOISE, "noise[...] = np.zeros_like(noise)"),
            *(
                (RETURN, f"return (critic2, np.{kind}(noise), delay)")
                for kind in ("float32", "float16", "int64")
            ),
        ),
        "float32 is accepted in y": (
            ("return np.tanh(x)", "return np.float32(np.tanh(x))"),
            *(
                (f"return {call}", f"return np.float32({call})")
                for call in (Q_CALL, Q_CALL.replace("critic", "critic2"), "y[:, None]")
            ),
        ),
        "it has this shape already": (
            ("return y[:, None]", "return np.reshape(y[:, None], (-1, 1))"),
        ),
        "defined anew for each call": (
            ("q1: the first result kept in a default argument", ""),
            ("q2: the first result kept in a default argument", ""),
        ),
    }.items()
    for old, new in changes
} | {
    f"{first} moved after {second}": "neither uses the other"
    for first, second in (
        ("super().__init__(actor, critic, *settings)", SECOND),
        (STEP1, STEP2),
        ("self.actor_adam.step(self.actor_gradient(batch))", FOLLOW1),
        (FOLLOW1, FOLLOW2),
        (FOLLOW2, FOLLOW3),
    )
}


@exercise(
    "12.6",
    "TD3 on your page",
    BEHAVIOUR,
    stub='''
class MyTD3:
    """TD3 on lists of arrays as in exercise 10.1, with a second critic; act stays as it is."""

    def __init__(self, actor, critic, critic2, discount, tau, actor_rate, critic_rate,
                 noise_clip, delay):
        """Copy the arrays; keep actor, critic and critic2, and a target of each."""
        self.actor = self.critic = self.critic2 = None
        self.target_actor = self.target_critic = self.target_critic2 = None

    def update(self, batch, noise):
        """Improve both critics; at every `delay`-th call also the actor, then all targets.

        noise (N, A) is added to the action of the target, clipped to ±noise_clip.
        """


def as_ddpg(critic, noise):
    """Return critic2, noise (N, A) and delay with which MyTD3 makes the updates of MyDDPG."""
    critic2 = delay = noise = None
    return critic2, noise, delay
''',
    statement="""Copy your page into this cell and make the three changes there, or inherit from
    MyDDPG. Then decide for each change which argument turns it off. This is the first test to
    write for such an agent.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    equivalents=EQUIVALENTS,
    cases=CASES,
    compared="your six networks with the solution's, which equal those of the package's TD3",
    difficulty=3,
    importance=3,
    minutes=20,
    hints=(
        "The constructor gets a third list of arrays. Copy it twice, for `critic2` and its target,"
        " and give it its own Adam. `td3_target` needs two functions of an action: inside"
        " `update` you can define them, with the two target critics and `batch.next_obs`. They"
        " return (N,), so take `[:, 0]`.",
        "Both critics learn from the *same* y. Count the calls of `update`; the first is 1. At a"
        " multiple of `delay` make the actor's step with the first critic, then move the targets.",
        "For `as_ddpg`: when is the smaller of two values always $Q'_1$? Which noise changes"
        " nothing? And which numbers are multiples of 1?",
    ),
)
def check_my_td3(
    my_td3: Any,
    as_ddpg: Any,
    obs_dim: int,
    action_dim: int,
    batch_size: int,
    settings: tuple[float, ...],
    noise_clip: float,
    delay: int,
) -> dict[str, Any]:
    """Check MyTD3 after one update, `delay` updates and more, and the arguments of as_ddpg."""
    sizes = obs_dim, action_dim, batch_size
    start, _ = _start(*sizes)
    given = copy.deepcopy(start)
    agent = call(my_td3, *given, *settings, noise_clip, delay, changes=(0, 1, 2))
    found: dict[str, Any] = {}
    small = call(my_td3, *map(_with_small_end, start), *_small(settings), 0.9 * noise_clip, 1)
    for count, now in _learning(agent, sizes, (1, delay, UPDATES)):
        if count == 0:
            found["act(obs)"] = Observed(now.pop("act"), TOLERANCE)
            for name, theta in now.items():
                message = f"self.{name} does not start with the numbers that you were given"
                found[f"{name} at the start"] = Observed(theta, TOLERANCE, message)
            starts = [start[min(i, 2)] for i in (1, 2, 0, 1, 2, 0)]
            if not all(map(is_close, now.values(), (np.concatenate(x, axis=None) for x in starts))):
                return found
        elif count == UPDATES:
            text = f"the networks are wrong after {count} updates: look at what each update keeps"
            found[f"all, {count} updates"] = Observed(_joined(now), TOLERANCE, text)
        else:
            text = "1 update" if count == 1 else f"{count} updates"
            for name in NETWORKS if count > 1 else CRITICS:
                message = f"{name} is wrong after {text}: {WHERE[name]}"
                found[f"{name}, {text}"] = Observed(now[name], TOLERANCE, message)
            if count == 1:
                small_steps = _small_steps(small, sizes)  # another agent learns in between
                still = np.concatenate([now[name] for name in DELAYED])
                message = f"the actor and the targets move only at multiples of {delay}"
                found["actor and targets, 1 update"] = Observed(still, TOLERANCE, message)
    unchanged = all(map(np.array_equal, _flat(given), _flat(start)))
    found["the arrays that you were given are unchanged"] = unchanged
    return found | small_steps | _switched_off(as_ddpg, sizes, settings)


@cache
def _start(obs_dim: int, action_dim: int, batch_size: int) -> tuple[list[Arrays], list[Any]]:
    """Return the arrays of an actor and two critics, and (minibatch, noise); do not change them."""
    rng = np.random.default_rng(obs_dim)
    actor = new_network((obs_dim, *LAYERS, action_dim), rng, last=1.0)  # into tanh's bends
    critic = new_network((obs_dim + action_dim, *LAYERS, 1), rng, last=0.5)
    batches = [sample_batch(batch_size, obs_dim, action_dim, rng) for _ in range(MINIBATCHES)]
    critic2 = [x + 0.3 * rng.standard_normal(x.shape) for x in critic]
    shape = batch_size, action_dim
    return [actor, critic, critic2], [(each, 0.5 * rng.standard_normal(shape)) for each in batches]


def _learning(agent: Any, sizes: tuple[int, int, int], counts: tuple[int, ...]) -> Any:
    """Yield act(obs) and the six networks, by name, after 0 and these numbers of updates."""
    pairs = _start(*sizes)[1]
    for count in range(counts[-1] + 1):
        if count:
            batch, noise = pairs[count % len(pairs)]
            call(agent.update, batch, noise, changes=() if count == 1 else (0, 1), returns=False)
        if count in (0, *counts):
            now = {name: _theta(agent, name) for name in NETWORKS}
            if count == 0:
                obs = pairs[0][0].obs
                (now["act"],) = arrays((call(agent.act, obs),), ["μ(s)"], agent.act)
            yield count, now


def _small(settings: tuple[float, ...]) -> tuple[float, ...]:
    """Change γ and τ, and stop the actor."""
    discount, tau, _, critic_rate = settings
    return 0.9 * discount, 0.9 * tau, STILL, critic_rate


def _small_steps(agent: Any, sizes: tuple[int, int, int]) -> dict[str, Any]:
    """Observe the critics' steps at gradients so small that Adam does not hide their scale."""
    batch, noise = _start(*sizes)[1][0]
    before = {name: _theta(agent, name) for name in CRITICS}
    small = batch._replace(reward=SMALL * batch.reward)
    call(agent.update, small, noise, changes=(0, 1), returns=False)
    return {
        f"{name}'s step at gradients near ε": Observed(
            _theta(agent, name) - before[name],
            message=f"{name}'s step is wrong where its gradient is as small as Adam's ε",
        )
        for name in CRITICS
    }


def _switched_off(
    as_ddpg: Any, sizes: tuple[int, int, int], settings: tuple[float, ...]
) -> dict[str, Any]:
    """Say for each argument whether it turns its change off when the others are correct."""
    (actor, critic, _), pairs = _start(*sizes)
    first = as_ddpg(*copy.deepcopy((critic, pairs[0][1])))
    if first is None or (isinstance(first, tuple | list) and any(x is None for x in first)):
        return {DECIDED: Observed(False, message="as_ddpg still returns None")}
    found = dict.fromkeys(SWITCHED_OFF, True)
    for shift in (-3.0, 3.0):  # values that are all negative, and all positive
        shifted = [*critic[:-1], critic[-1] + shift]
        critic2, noise, delay = _three(as_ddpg(*copy.deepcopy((shifted, pairs[0][1]))))
        zero = np.zeros_like(pairs[0][1])
        plain = EXERCISES["10.1"].reference[0](actor, shifted, *settings)
        for batch, _ in pairs[:6]:
            plain.update(batch)
        for name, arguments in zip(
            found, ((critic2, zero, 1), (shifted, noise, 1), (shifted, zero, delay)), strict=True
        ):
            second, noise_now, wait = arguments
            td3 = EXERCISES["12.6"].reference[0](actor, shifted, second, *settings, 0.5, wait)
            for batch, _ in pairs[:6]:
                td3.update(batch, noise_now)
            same = [is_close(_theta(td3, network), _theta(plain, network)) for network in OF_DDPG]
            found[name] &= all(same)
    return {DECIDED: Observed(True)} | found


def _three(result: Any) -> tuple[Arrays, Array, int]:
    """Return critic2, noise and delay from the result of as_ddpg."""
    if not isinstance(result, tuple | list) or len(result) != 3:
        raise InvalidAnswer("as_ddpg should return critic2, noise and delay: three things.")
    critic2, noise, delay = result
    if not isinstance(critic2, list | tuple):
        raise InvalidAnswer("critic2 should be a list of arrays, like critic.")
    wait = array(delay, "delay").ravel()
    if wait.size != 1 or wait[0] < 1 or wait[0] % 1:
        raise InvalidAnswer("delay should be a whole number, 1 or more.")
    return [array(x, "critic2") for x in critic2], array(noise, "noise"), int(wait[0])


def _with_small_end(network: Arrays) -> Arrays:
    return [(SMALL if i >= len(network) - 2 else 1.0) * x for i, x in enumerate(network)]


def _theta(agent: Any, name: str) -> Array:
    network = getattr(agent, name, None)
    if network is None:
        raise NotAttempted(f"self.{name} is not there yet.")
    parts = [array(part, f"self.{name}[{i}]") for i, part in enumerate(network)]
    return np.concatenate(parts, axis=None) if parts else np.zeros(0)


def _joined(now: dict[str, Array]) -> Array:
    return np.concatenate([now[name] for name in NETWORKS])


def _flat(networks: list[Arrays]) -> Arrays:
    return [x for network in networks for x in network]
