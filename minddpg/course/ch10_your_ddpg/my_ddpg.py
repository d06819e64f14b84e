"""Exercise 10.1: the agent, update for update; the solution is the agent on one page.

N batch, S observation entries, A action entries, I inputs and O outputs of a layer.
"""

import copy
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from ...ddpg.replay import Batch
from ...nn.layers import Array
from ...verification.random_inputs import sample_batch
from ..engine import BEHAVIOUR, EXERCISES, Mistake, NotAttempted, Observed, array, call, exercise

Arrays = list[Array]  # a network: W1, b1, W2, b2, ...

BATCH, OBS, ACTIONS, HIDDEN = 8, 3, 2, (6, 5)
SETTINGS = (0.9, 0.05, 2e-3, 5e-3)  # discount, tau, actor_rate, critic_rate
EARLY, LATE = 20, 1_000  # updates
TOLERANCE = 1e-10
SMALL = 1e-8  # scales rewards and last layers, until gradients are as small as Adam's ε
NETWORKS = ("actor", "critic", "target_actor", "target_critic")

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

CRITIC_STEP = "        self.critic_adam.step(self.critic_gradient(batch, self.td_target(batch)))\n"
ACTOR_STEP = "        self.actor_adam.step(self.actor_gradient(batch))\n"
FOLLOW_CRITIC = "        self.follow(self.target_critic, self.critic)\n"
FOLLOW_ACTOR = "        self.follow(self.target_actor, self.actor)\n"
FOLLOW = "            slow *= 1 - self.tau\n            slow += self.tau * fast\n"
COPY_TARGETS = "self.target_actor, self.target_critic = copied(actor), copied(critic)"
CRITIC_MOVED = """\
        self.critic_adam.step([-grad / len(q) for grad in grads])
        dq_da ="""
HIDDEN_BY_ADAM = "Adam hides a factor until the gradients are as small as its ε."

MISTAKES = (
    Mistake(
        "sign flipped",
        "Your actor descends Q. Its loss is −Q, so it has to climb Q.",
        {"-dq_da": "dq_da"},
    ),
    Mistake("factor N", HIDDEN_BY_ADAM, {"-dq_da / len(q)": "-dq_da"}),
    Mistake("factor 1/N", HIDDEN_BY_ADAM, {"-dq_da / len(q)": "-dq_da / len(q) ** 2"}),
    Mistake(
        "factor 1/2 in the critic's gradient",
        "The square's 2 is missing. " + HIDDEN_BY_ADAM,
        {"2 / len(q)": "1 / len(q)"},
    ),
    Mistake("factor 2 in the critic's gradient", HIDDEN_BY_ADAM, {"2 / len(q)": "4 / len(q)"}),
    Mistake("slope missing", "", {" * (1 - action**2)": ""}),
    Mistake(
        "gradient at the replayed action",
        "You took ∇a Q at the action in the buffer. Take it at μ(s).",
        {"batch.obs, action)": "batch.obs, batch.action)"},
    ),
    Mistake(
        "slice of the wrong input",
        "This is ∂Q/∂s instead of ∂Q/∂a: the action's columns come last.",
        {"batch.obs.shape[1] :": ": action.shape[1]"},
    ),
    Mistake(
        "the actor's step moves the critic",
        "The gradient passes through the critic, but should leave its θ alone.",
        {"grad_joint, _ =": "grad_joint, grads =", "        dq_da =": CRITIC_MOVED},
        {  # with a count of updates as Adam's t
            "grad_joint, _ =": "grad_joint, grads =",
            "        dq_da =": "        self.critic_adam.t -= 1\n" + CRITIC_MOVED,
        },
    ),
    Mistake(
        "actor before critic",
        "Algorithm 1 improves the critic first.",
        {CRITIC_STEP + ACTOR_STEP: ACTOR_STEP + CRITIC_STEP},
    ),
    Mistake(
        "mask flipped",
        "Your y bootstraps where the episode has terminated, and nowhere else.",
        {"1.0 - batch.terminated": "batch.terminated"},
    ),
    Mistake("(N, N) broadcast", "", {"(q - y)": "(q - y[:, 0]).mean(axis=1, keepdims=True)"}),
    Mistake(
        "terminated ignored",
        "Your y bootstraps past the end of the episode.",
        {"self.discount * goes_on": "self.discount"},
    ),
    Mistake("discount missing", "γ is missing from y.", {"self.discount * goes_on": "goes_on"}),
    Mistake(
        "target networks not asked",
        "y needs the target networks μ' and Q'.",
        {
            "self.target_actor, batch.next_obs": "self.actor, batch.next_obs",
            "self.target_critic, batch.next_obs": "self.critic, batch.next_obs",
        },
    ),
    Mistake(
        "target not held constant",
        "Your gradient flows through y as well. Treat y as a constant number.",
        {
            "        return grads\n": """
        next_action = np.tanh(forward(self.target_actor, batch.next_obs)[0])
        _, inputs = self.q(self.critic, batch.next_obs, next_action)
        goes_on = 1.0 - batch.terminated[:, None]
        grad_y = 2 / len(q) * (y - q) * self.discount * goes_on
        _, through_y = backward(self.critic, inputs, grad_y)
        return [grad + more for grad, more in zip(grads, through_y)]
"""
        },
    ),
    Mistake(
        "no bias correction",
        "Adam's averages start at zero: divide them by 1 − β^t.",
        {" / (1 - 0.9**self.t)": "", " / (1 - 0.999**self.t)": ""},
    ),
    Mistake(
        "learning rates swapped",
        "Each network learns at the other's rate.",
        {
            "Adam(self.actor, actor_rate)": "Adam(self.actor, critic_rate)",
            "Adam(self.critic, critic_rate)": "Adam(self.critic, actor_rate)",
        },
    ),
    Mistake(
        "Polyak reversed",
        "The target keeps only τ of itself.",
        {"slow *= 1 - self.tau": "slow *= self.tau", "+= self.tau": "+= (1 - self.tau)"},
    ),
    Mistake(
        "target actor not updated",
        "Both targets follow their networks, the actor's too.",
        {FOLLOW_ACTOR: ""},
    ),
    Mistake(
        "aliasing",
        "The targets are the networks themselves. Copy the arrays.",
        {COPY_TARGETS: "self.target_actor, self.target_critic = self.actor, self.critic"},
    ),
    Mistake(
        "aliasing",
        "The targets always equal the networks: they share the arrays, or τ was taken to be 1.",
        {
            COPY_TARGETS: "self.target_actor, self.target_critic = self.actor, self.critic",
            FOLLOW: "            slow[:] = (1 - self.tau) * slow + self.tau * fast\n",
        },
        {FOLLOW: "            slow[:] = fast\n"},
    ),
    Mistake(
        "aliasing",
        "The targets are new lists, but hold the networks' own arrays until they first follow."
        " Copy the arrays.",
        {
            COPY_TARGETS: "self.target_actor = list(self.actor)\n"
            "        self.target_critic = list(self.critic)",
            "for slow, fast in zip(target, online):\n": (
                "for i, (slow, fast) in enumerate(zip(target, online)):\n"
            ),
            FOLLOW: "            target[i] = (1 - self.tau) * slow + self.tau * fast\n",
        },
    ),
    Mistake(
        "no copy",
        "Your networks are the very arrays that you were given, so the caller sees them change."
        " Copy the arrays.",
        {"self.critic = copied(actor), copied(critic)": "self.critic = actor, critic"},
    ),
    Mistake(
        "one step count for both networks",
        "Adam's t counts the steps of one network; yours counts those of both networks together.",
        {
            "self.rate, self.t = network": "self.rate, Adam.t = network",
            "self.t += 1": "Adam.t += 1",
        },
    ),
    Mistake(
        "tanh missing when acting",
        "The actor ends in tanh, in act too.",
        {"return np.tanh": "return "},
    ),
    Mistake(
        "targets follow before the update",
        "In algorithm 1 the targets follow at the end of an update.",
        {
            CRITIC_STEP + ACTOR_STEP + FOLLOW_CRITIC + FOLLOW_ACTOR: (
                FOLLOW_CRITIC + FOLLOW_ACTOR + CRITIC_STEP + ACTOR_STEP
            )
        },
    ),
    Mistake(
        "targets never follow",
        "θ' has not moved, so y would always come from an untrained network.",
        {FOLLOW_CRITIC + FOLLOW_ACTOR: ""},
    ),
    Mistake(
        "tanh missing in the target actor",
        "μ' ends in tanh too.",
        {"next_action = np.tanh": "next_action = "},
    ),
    Mistake(
        "ε under the root",
        "ε is added to the root of v̂.",
        {"(np.sqrt(square_hat) + 1e-8)": "np.sqrt(square_hat + 1e-8)"},
    ),
)


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
    mistakes=MISTAKES,
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
def check_my_ddpg(agent_class: Any) -> dict[str, Any]:
    """Check MyDDPG."""
    start, batches = _given()
    given = copy.deepcopy(start)
    agent = call(agent_class, *given, *SETTINGS, changes=(0, 1))
    found: dict[str, Any] = {"act(obs)": call(agent.act, batches[0].obs)}
    for i in range(LATE):
        call(agent.update, batches[i % len(batches)], returns=False)
        if i == 0:
            for name in NETWORKS:
                found[f"{name}, 1 update"] = Observed(_theta(agent, name), TOLERANCE)
        if i == EARLY - 1:
            found[f"all, {EARLY} updates"] = Observed(_all(agent), TOLERANCE)
            if not np.allclose(_all(agent), _expected_early(), rtol=0, atol=TOLERANCE):
                break  # the mistake already shows
    found[f"all, {LATE:,} updates"] = Observed(_all(agent), TOLERANCE)
    found["the arrays that you were given are unchanged"] = all(
        np.array_equal(x, y)
        for network, before in zip(given, start, strict=True)
        for x, y in zip(network, before, strict=True)
    )
    return found | _small_gradients(agent_class, start, batches[0])


@cache
def _given() -> tuple[tuple[Arrays, Arrays], list[Batch]]:
    """Return the networks' initial arrays, and the minibatches; neither is changed."""
    rng = np.random.default_rng(10)
    start = _start((OBS, *HIDDEN, ACTIONS), rng), _start((OBS + ACTIONS, *HIDDEN, 1), rng)
    return start, [sample_batch(BATCH, OBS, ACTIONS, rng) for _ in range(50)]


@cache
def _expected_early() -> Array:
    """Return the solution's four networks after EARLY updates."""
    start, batches = _given()
    agent = EXERCISES["10.1"].reference[0](*start, *SETTINGS)
    for batch in batches[:EARLY]:
        agent.update(batch)
    return _all(agent)


def _small_gradients(agent_class: Any, start: Any, batch: Any) -> dict[str, Any]:
    """Observe an update whose gradients are as small as Adam's ε, so that a factor shows."""
    start = tuple([*arrays[:-2], SMALL * arrays[-2], SMALL * arrays[-1]] for arrays in start)
    discount, tau, *rates = SETTINGS
    rates = [SMALL * rate for rate in rates]
    agent = call(agent_class, *start, discount, tau, *rates)
    call(agent.update, batch._replace(reward=SMALL * batch.reward), returns=False)
    found = {}
    for name, before, rate in zip(NETWORKS, start, rates, strict=False):
        move = (_theta(agent, name) - np.concatenate(before, axis=None)) / rate
        found[f"{name}'s step at gradients near ε"] = Observed(move, 1e-5)
    return found


def _start(sizes: tuple[int, ...], rng: np.random.Generator) -> Arrays:
    arrays = []
    for i, o in pairwise(sizes):
        arrays += [rng.uniform(-1, 1, (i, o)) * i**-0.5, rng.uniform(-1, 1, o) * i**-0.5]
    return arrays


def _theta(agent: Any, name: str) -> Array:
    network = getattr(agent, name, None)
    if network is None:
        raise NotAttempted(f"self.{name} is not there yet.")
    parts = [array(part, f"self.{name}[{i}]") for i, part in enumerate(network)]
    return np.concatenate(parts, axis=None) if parts else np.zeros(0)


def _all(agent: Any) -> Array:
    return np.concatenate([_theta(agent, name) for name in NETWORKS])
