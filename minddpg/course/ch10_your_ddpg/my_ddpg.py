"""Exercise 10.1: the agent, update for update; the solution is the agent on one page.

N batch, S observation entries, A action entries, I inputs and O outputs of a layer.
"""

import copy
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from ...ddpg.replay import Batch
from ...nn.layers import Array
from ...verification.random_inputs import sample_batch
from ..engine import BEHAVIOUR, EXERCISES, InvalidAnswer, Observed, array, arrays, call, exercise
from .mistakes_in_the_parts import MISTAKES as IN_THE_PARTS
from .mistakes_in_the_steps import MISTAKES as IN_THE_STEPS
from .mistakes_in_the_targets import MISTAKES as IN_THE_TARGETS

Arrays = list[Array]  # a network: W1, b1, W2, b2, ...

CASES = (
    {
        "obs_dim": 3,
        "action_dim": 2,
        "batch_size": 11,
        "layers": (6, 5),
        "settings": (0.93, 0.05, 2e-3, 5e-3),  # discount, tau, actor_rate, critic_rate
        "updates": (20, 100),
    },
    {
        "obs_dim": 4,
        "action_dim": 3,
        "batch_size": 7,
        "layers": (5, 9),
        "settings": (0.99, 0.02, 3e-3, 1e-3),
        "updates": (5, 1_000),
    },
)
TOLERANCE = 1e-10
SMALL = 1e-8  # scales rewards and last layers, until gradients are as small as Adam's ε
NETWORKS = ("actor", "critic", "target_actor", "target_critic")
AT_START = (
    "the networks are in float64",
    "the networks start as given",
    "the targets start as copies",
)

SOLUTION = '''
def forward(network, x):
    """Run linear layers with ReLU between; return the last z and each layer's input."""
    inputs = []
    for i in range(0, len(network), 2):
        inputs.append(np.maximum(x, 0) if i else x)
        x = inputs[-1] @ network[i] + network[i + 1]
    return x, inputs


def backward(network, inputs, grad):
    """Given dL/dz of the last layer, return dL/dx and the list of dL/dθ."""
    grads = []
    for i in reversed(range(len(inputs))):
        grads = [inputs[i].T @ grad, grad.sum(axis=0)] + grads
        grad = grad @ network[2 * i].T
        if i:
            grad = grad * (inputs[i] > 0)  # the slope of ReLU
    return grad, grads


def copied(network):
    return [x.copy() for x in network]


class Adam:
    def __init__(self, network, rate):
        self.network, self.rate, self.t = network, rate, 0
        self.mean = [np.zeros_like(x) for x in network]
        self.square = [np.zeros_like(x) for x in network]

    def step(self, grads):
        self.t += 1
        for x, grad, mean, square in zip(self.network, grads, self.mean, self.square):
            mean += (1 - 0.9) * (grad - mean)
            square += (1 - 0.999) * (grad**2 - square)
            mean_hat = mean / (1 - 0.9**self.t)
            square_hat = square / (1 - 0.999**self.t)
            x -= self.rate * (mean_hat / (np.sqrt(square_hat) + 1e-8))


class MyDDPG:
    def __init__(self, actor, critic, discount, tau, actor_rate, critic_rate):
        self.actor, self.critic = copied(actor), copied(critic)
        self.target_actor, self.target_critic = copied(actor), copied(critic)
        self.discount, self.tau = discount, tau
        self.actor_adam = Adam(self.actor, actor_rate)
        self.critic_adam = Adam(self.critic, critic_rate)

    def act(self, obs):
        return np.tanh(forward(self.actor, obs)[0])

    def q(self, critic, obs, action):
        return forward(critic, np.concatenate((obs, action), axis=1))

    def update(self, batch):
        self.critic_adam.step(self.critic_gradient(batch, self.td_target(batch)))
        self.actor_adam.step(self.actor_gradient(batch))
        self.follow(self.target_critic, self.critic)
        self.follow(self.target_actor, self.actor)

    def td_target(self, batch):
        """5: y = r + γ (1 − terminated) Q'(s', μ'(s')) (N, 1), a constant."""
        next_action = np.tanh(forward(self.target_actor, batch.next_obs)[0])
        next_q, _ = self.q(self.target_critic, batch.next_obs, next_action)
        goes_on = 1.0 - batch.terminated[:, None]
        return batch.reward[:, None] + self.discount * goes_on * next_q

    def critic_gradient(self, batch, y):
        """6: of L = 1/N Σ (Q(s, a) − y)²."""
        q, inputs = self.q(self.critic, batch.obs, batch.action)
        _, grads = backward(self.critic, inputs, 2 / len(q) * (q - y))
        return grads

    def actor_gradient(self, batch):
        """7: of −1/N Σ Q(s, μ(s)), through a critic that stays as it is."""
        z, actor_inputs = forward(self.actor, batch.obs)
        action = np.tanh(z)
        q, inputs = self.q(self.critic, batch.obs, action)
        grad_joint, _ = backward(self.critic, inputs, np.ones_like(q))  # of [obs | action]
        dq_da = grad_joint[:, batch.obs.shape[1] :]
        grad_z = -dq_da / len(q) * (1 - action**2)  # the slope of tanh
        return backward(self.actor, actor_inputs, grad_z)[1]

    def follow(self, target, online):
        """8: θ' ← τ θ + (1 − τ) θ'."""
        for slow, fast in zip(target, online):
            slow *= 1 - self.tau
            slow += self.tau * fast
'''


@exercise(
    "10.1",
    "The agent",
    BEHAVIOUR,
    stub='''
class MyDDPG:
    """DDPG on lists of float64 arrays [W1, b1, W2, b2, W3, b3], weights (I, O), biases (O,).

    Hidden layers are ReLU. The actor maps obs (N, S) to actions (N, A) and ends in tanh; the
    critic maps [obs | action] (N, S + A) to values (N, 1).
    """

    def __init__(self, actor, critic, discount, tau, actor_rate, critic_rate):
        """Copy the arrays; keep them as self.actor and self.critic; copy them for the targets."""
        self.actor = self.critic = self.target_actor = self.target_critic = None

    def act(self, obs):
        """Return μ(s) (N, A) in [-1, 1], without noise, for obs (N, S)."""
        action = None
        return action

    def update(self, batch):
        """Improve the critic, then the actor, both by Adam, then let both targets follow.

        batch.obs (N, S), .action (N, A), .reward (N,), .next_obs (N, S), .terminated (N,) bool.
        """
''',
    statement="""Put your own functions together: the target y, the critic's step, the actor's
    step, both targets. Adam has β1 = 0.9, β2 = 0.999, ε = 1e-8. After 1,000 updates your networks
    must equal those of minddpg.DDPG.""",
    solution=SOLUTION,
    mistakes=(*IN_THE_STEPS, *IN_THE_TARGETS, *IN_THE_PARTS),
    cases=CASES,
    compared="your four networks with the solution's, which equal those of minddpg.DDPG",
    difficulty=3,
    minutes=25,
    hints=(
        "Begin with `__init__` and `act`, put `pass` into `update`, and run the check: the row"
        " `act(obs)` should be right, the others not yet. All networks are lists"
        " `[W1, b1, W2, b2, W3, b3]`. One `forward(network, x)` and one"
        " `backward(network, inputs, grad)` serve all four of them; what differs is the tanh after"
        " the actor's last layer.",
        "The actor's step runs the critic forward on `np.concatenate((obs, action), axis=1)` with"
        " the *actor's* action, and backward from `np.ones((len(obs), 1))`. What comes out for the"
        r" input is (N, S + A), and its last A columns are $\nabla_a Q$. Only then do the sign, the"
        " 1/N and the slope of tanh come in, and then the actor's own backward.",
        "If the first update is right for the critic and wrong for the actor, the mistake lies"
        " between the two: which critic does the actor ask, the one before or the one after its"
        " step? If one update is right and twenty are not, look at what is kept from update to"
        " update: Adam's two averages and its $t$, and the targets.",
    ),
)
def check_my_ddpg(
    agent_class: Any,
    obs_dim: int,
    action_dim: int,
    batch_size: int,
    layers: tuple[int, ...],
    settings: tuple[float, ...],
    updates: tuple[int, int],
) -> dict[str, Any]:
    """Check MyDDPG after one update, and after these numbers of updates."""
    sizes = obs_dim, action_dim, batch_size, layers
    start, batches = _given(*sizes)
    expected = _expected(*sizes, settings, updates)
    given = copy.deepcopy(start)
    agent = call(agent_class, *given, *settings, changes=(0, 1))
    small: dict[str, Any] = {}
    found: dict[str, Any] = {}
    for count, now in _learning(agent, batches, updates):
        unchanged = all(map(np.array_equal, _flat(given), _flat(start)))
        if count == 0:
            found = {"act(obs)": Observed(now["act"], TOLERANCE)} | _at_start(agent, now, start)
            if not all(found[row].value for row in AT_START):
                return found
            small = _small_agents(agent_class, start, settings)  # alive while the other one learns
        elif count == 1:
            found |= _after_one_update(now, expected[0], expected[1])
        else:
            text = f"the networks are wrong after {count:,} updates. What is kept between updates?"
            everything = np.concatenate([now[name] for name in NETWORKS])
            found[f"all, {count:,} updates"] = Observed(everything, TOLERANCE, text)
            found[f"act(obs), {count:,} updates"] = Observed(now["act"], TOLERANCE)
            found["the arrays that you were given are unchanged"] = unchanged
            if not (unchanged and all(_is_close(now[x], expected[count][x]) for x in now)):
                break  # the mistake shows already
    return found | _small_steps(small, batches[0])


@cache
def _given(
    obs_dim: int, action_dim: int, batch_size: int, layers: tuple[int, ...]
) -> tuple[tuple[Arrays, Arrays], list[Batch]]:
    """Return the initial arrays of actor and critic, and minibatches; do not change them."""
    rng = np.random.default_rng(obs_dim)
    actor = _start((obs_dim, *layers, action_dim), rng)
    actor[-2] *= 3  # into tanh's bends
    critic = _start((obs_dim + action_dim, *layers, 1), rng)
    return (actor, critic), [sample_batch(batch_size, obs_dim, action_dim, rng) for _ in range(50)]


def _start(sizes: tuple[int, ...], rng: np.random.Generator) -> Arrays:
    arrays = []
    for i, o in pairwise(sizes):
        arrays += [rng.uniform(-1, 1, (i, o)) * i**-0.5, rng.uniform(-1, 1, o) * i**-0.5]
    return arrays


def _learning(
    agent: Any, batches: list[Batch], updates: tuple[int, int]
) -> Iterator[tuple[int, dict[str, Array]]]:
    """Yield act(obs) and the networks, by name, after 0, 1 and these numbers of updates."""
    for count in range(updates[-1] + 1):
        if count:  # on a copy the first time, to see whether it changes its argument
            batch = batches[count % len(batches)]
            call(agent.update, batch, changes=(0,) if count > 1 else (), returns=False)
        if count in (0, 1, *updates):
            (action,) = arrays((call(agent.act, batches[0].obs),), ["μ(s)"], agent.act)
            yield count, {"act": action} | {name: _theta(agent, name) for name in NETWORKS}


@cache
def _expected(
    obs_dim: int,
    action_dim: int,
    batch_size: int,
    layers: tuple[int, ...],
    settings: tuple[float, ...],
    updates: tuple[int, int],
) -> dict[int, dict[str, Array]]:
    """Return what _learning yields for the solution."""
    start, batches = _given(obs_dim, action_dim, batch_size, layers)
    (solution,) = EXERCISES["10.1"].reference
    return dict(_learning(solution(*start, *settings), batches, updates))


def _at_start(
    agent: Any, now: dict[str, Array], start: tuple[Arrays, Arrays]
) -> dict[str, Observed]:
    """Observe the four networks before any update."""
    rows = {name: Observed(True) for name in AT_START}
    for name, given in zip(NETWORKS, map(_joined, (*start, *start)), strict=True):
        if "float32" in {str(np.asarray(x).dtype) for x in getattr(agent, name)}:
            text = f"self.{name} is in float32. You were given float64"
            rows[AT_START[0]] = Observed(False, message=text)
        if now[name].shape != given.shape or not np.allclose(now[name], given):
            text = f"self.{name} does not start with the numbers that you were given"
            rows[AT_START[1 + name.startswith("target")]] = Observed(False, message=text)
    return rows


def _after_one_update(
    now: dict[str, Array], before: dict[str, Array], expected: dict[str, Array]
) -> dict[str, Any]:
    """Observe each network, with a message that says where to look if it is wrong."""
    right = {name for name in NETWORKS if _is_close(now[name], expected[name])}
    rows = {}
    for name in NETWORKS:
        online = name.removeprefix("target_")
        if np.array_equal(now[name], before[name]):
            where = "it has not moved"
        elif name == "critic":
            where = "look at y, at the gradient of the critic's loss, and at Adam"
        elif name == "actor":
            where = "its gradient comes through the critic, which is wrong, too"
            if "critic" in right:
                where = "the critic is right, so look at the actor's step"
        elif online in right:
            where = f"{online} is right, so look at how the targets follow"
        else:
            where = f"it follows {online}, which is wrong, too"
        text = f"{name} is wrong after 1 update: {where}"
        rows[f"{name}, 1 update"] = Observed(now[name], TOLERANCE, text)
    return rows


def _small_agents(agent_class: Any, start: Any, settings: tuple[float, ...]) -> dict[str, Any]:
    """Make an agent for each network whose step is to be observed at gradients near Adam's ε.

    Its last layers are small, and the other network's learning rate is 0. Discount and τ differ
    from those of the first agent.
    """
    start = tuple([*arrays[:-2], SMALL * arrays[-2], SMALL * arrays[-1]] for arrays in start)
    discount, tau, actor_rate, critic_rate = settings
    others = 0.9 * discount, 0.9 * tau
    rates = {"actor": (actor_rate, 0.0), "critic": (0.0, critic_rate)}
    return {name: call(agent_class, *start, *others, *rates[name]) for name in rates}


def _small_steps(agents: dict[str, Any], batch: Batch) -> dict[str, Any]:
    """Observe how far an update moves a network where a factor of the gradient is not layers."""
    found = {}
    for name, agent in agents.items():
        before = _theta(agent, name)
        call(agent.update, batch._replace(reward=SMALL * batch.reward), returns=False)
        text = f"{name}'s step is wrong where its gradient is as small as Adam's ε"
        step = _theta(agent, name) - before
        found[f"{name}'s step at gradients near ε"] = Observed(step, message=text)
    return found


def _is_close(observed: Array, expected: Array) -> bool:
    if observed.shape != expected.shape:
        return False
    error = np.linalg.norm(observed - expected)
    return bool(error <= TOLERANCE * np.linalg.norm(expected))  # False for NaN


def _theta(agent: Any, name: str) -> Array:
    network = getattr(agent, name)
    if network is None:
        raise InvalidAnswer(f"self.{name} is None.")
    parts = [array(part, f"self.{name}[{i}]") for i, part in enumerate(network)]
    return _joined(parts) if parts else np.zeros(0)


def _joined(parts: Arrays) -> Array:
    return np.concatenate(parts, axis=None)


def _flat(networks: tuple[Arrays, Arrays]) -> Arrays:
    return [x for network in networks for x in network]
