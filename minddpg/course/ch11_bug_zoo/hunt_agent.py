"""Exercise 11.5: one silent bug in a complete agent.

N batch, S observation entries, A action entries.
"""

from typing import Any

import numpy as np

from ...ddpg.replay import Batch
from ...nn.layers import Array
from ..engine import BEHAVIOUR, exercise, run
from .agent_behaviour import parts
from .hunts import Hunt, Planted, fields, variant
from .judge_hunt import judge
from .small_agents import PackageAgent, small_agent

ADAM = '''
class Adam:
    """Adam on the arrays of a network, with β1 = 0.9, β2 = 0.999, ε = 1e-8."""

    def __init__(self, network, rate):
        self.network, self.rate, self.t = network, rate, 0
        self.mean = [np.zeros_like(x) for x in network]
        self.square = [np.zeros_like(x) for x in network]

    def step(self, grads):
        self.t += 1
        for x, grad, mean, square in zip(self.network, grads, self.mean, self.square):
            mean += 0.1 * (grad - mean)
            square += 0.001 * (grad**2 - square)
            mean_hat, square_hat = mean / (1 - 0.9**self.t), square / (1 - 0.999**self.t)
            x -= self.rate * mean_hat / (np.sqrt(square_hat) + 1e-8)
'''
(Adam,) = run(ADAM, ["Adam"], {}, "chapter 11, Adam")  # correct in every hunt

SOURCE = '''
class PlantedAgent:
    """DDPG; a network is a list [W1, b1, W2, b2, ...], hidden layers are ReLU."""

    def __init__(self, actor, critic, discount, tau, actor_rate, critic_rate):
        self.actor, self.critic = self.copied(actor), self.copied(critic)
        self.target_actor = self.copied(self.actor)
        self.target_critic = self.copied(self.critic)
        self.discount, self.tau = discount, tau
        self.actor_adam = Adam(self.actor, actor_rate)
        self.critic_adam = Adam(self.critic, critic_rate)

    def copied(self, network):
        return [x.copy() for x in network]

    def forward(self, network, x):
        """Return the last z, and the input of each layer."""
        inputs = []
        for i in range(0, len(network), 2):
            inputs.append(np.maximum(x, 0) if i > 0 else x)
            x = inputs[-1] @ network[i] + network[i + 1]
        return x, inputs

    def backward(self, network, inputs, grad):
        """Given dL/dz of the last layer, return dL/dx and the list of dL/dθ."""
        grads = []
        for i in reversed(range(len(inputs))):
            grads = [inputs[i].T @ grad, grad.sum(axis=0), *grads]
            grad = grad @ network[2 * i].T
            if i > 0:
                grad = grad * (inputs[i] > 0)
        return grad, grads

    def act(self, obs):
        return np.tanh(self.forward(self.actor, obs)[0])

    def q(self, critic, obs, action):
        return self.forward(critic, np.concatenate((obs, action), axis=1))

    def td_target(self, batch):
        next_action = np.tanh(self.forward(self.target_actor, batch.next_obs)[0])
        next_q, _ = self.q(self.target_critic, batch.next_obs, next_action)
        goes_on = 1.0 - batch.terminated[:, None]
        return batch.reward[:, None] + self.discount * goes_on * next_q

    def critic_gradient(self, batch, y):
        q, inputs = self.q(self.critic, batch.obs, batch.action)
        return self.backward(self.critic, inputs, 2 / len(q) * (q - y))[1]

    def actor_gradient(self, batch):
        z, actor_inputs = self.forward(self.actor, batch.obs)
        action = np.tanh(z)
        q, inputs = self.q(self.critic, batch.obs, action)
        grad_joint, _ = self.backward(self.critic, inputs, np.ones_like(q))
        dq_da = grad_joint[:, batch.obs.shape[1] :]
        grad_z = -dq_da / len(q) * (1 - action**2)
        return self.backward(self.actor, actor_inputs, grad_z)[1]

    def follow(self, target, online):
        for slow, fast in zip(target, online):
            slow += self.tau * (fast - slow)

    def update(self, batch):
        self.critic_adam.step(self.critic_gradient(batch, self.td_target(batch)))
        self.actor_adam.step(self.actor_gradient(batch))
        self.follow(self.target_critic, self.critic)
        self.follow(self.target_actor, self.actor)
'''

NUMERICAL = """
def test(agent_class):
    agent, batch = small_agent(agent_class)
    array, h = agent.{network}[{i}], 1e-6
    grad = agent.{network}_gradient({arguments})[{i}]
    sums = []
    for step in (h, -h):
        array.flat[{entry}] += step
        sums.append({loss})
        array.flat[{entry}] -= step
    return np.isclose(grad.flat[{entry}], (sums[0] - sums[1]) / (2 * h), rtol=1e-4)
"""
_actor = {
    "network": "actor",
    "arguments": "batch",
    "loss": "-np.mean(agent.q(agent.critic, batch.obs, agent.act(batch.obs))[0])",
}
_critic = {
    "network": "critic",
    "arguments": "batch, np.zeros((7, 1))",
    "loss": "np.mean(agent.q(agent.critic, batch.obs, batch.action)[0] ** 2)",
}

BUGS = (
    Planted(
        "replayed-action",
        "∇a Q is taken at the action in the batch, not at μ(s).",
        {
            "q, inputs = self.q(self.critic, batch.obs, action)": (
                "q, inputs = self.q(self.critic, batch.obs, batch.action)"
            )
        },
        """
        def test(agent_class):
            agent, batch = small_agent(agent_class)
            other = batch._replace(action=-batch.action)
            pairs = zip(agent.actor_gradient(batch), agent.actor_gradient(other))
            return all(np.array_equal(one, two) for one, two in pairs)
        """,
    ),
    Planted(
        "actor-sign",
        "The actor descends Q.",
        {"grad_z = -dq_da": "grad_z = dq_da"},
        NUMERICAL.format(i=5, entry=1, **_actor),
    ),
    Planted(
        "actor-tanh-forgotten",
        "The slope of the actor's last tanh is missing.",
        {" * (1 - action**2)": ""},
        NUMERICAL.format(i=5, entry=0, **_actor),
    ),
    Planted(
        "wrong-slice",
        "∂Q/∂s is used as ∇a Q.",
        {"grad_joint[:, batch.obs.shape[1] :]": "grad_joint[:, : action.shape[1]]"},
        NUMERICAL.format(i=5, entry=0, **_actor),
    ),
    Planted(
        "bias-averaged",
        "The gradient of a bias is averaged over the batch instead of summed.",
        {"grad.sum(axis=0)": "grad.mean(axis=0)"},
        NUMERICAL.format(i=5, entry=0, **_critic),
    ),
    Planted(
        "relu-slope-missing",
        "The backward pass ignores the slope of ReLU.",
        {
            "            grad = grad @ network[2 * i].T\n            if i > 0:\n"
            "                grad = grad * (inputs[i] > 0)\n": (
                "            grad = grad @ network[2 * i].T\n"
            )
        },
        """
        def test(agent_class):
            agent, batch = small_agent(agent_class)
            _, inputs = agent.q(agent.critic, batch.obs, batch.action)
            grad, _ = agent.backward(agent.critic, inputs, np.ones((7, 1)))
            step = np.zeros_like(batch.obs)
            step[:, 0] = 1e-6
            up, _ = agent.q(agent.critic, batch.obs + step, batch.action)
            down, _ = agent.q(agent.critic, batch.obs - step, batch.action)
            return np.allclose(grad[:, :1], (up - down) / 2e-6, rtol=1e-4)
        """,
    ),
    Planted(
        "mask-flipped",
        "y bootstraps where the episode has ended, and nowhere else.",
        {"goes_on = 1.0 - batch.terminated[:, None]": "goes_on = batch.terminated[:, None]"},
        """
        def test(agent_class):
            agent, batch = small_agent(agent_class)
            y = agent.td_target(batch)[:, 0]
            return np.allclose(y[batch.terminated], batch.reward[batch.terminated])
        """,
    ),
    Planted(
        "target-online",
        "y is computed with the learning networks.",
        {
            "np.tanh(self.forward(self.target_actor, batch.next_obs)[0])": (
                "np.tanh(self.forward(self.actor, batch.next_obs)[0])"
            ),
            "self.q(self.target_critic, batch.next_obs, next_action)": (
                "self.q(self.critic, batch.next_obs, next_action)"
            ),
        },
        """
        def test(agent_class):
            agent, batch = small_agent(agent_class)
            before = agent.td_target(batch)
            agent.critic[-1][...] += 1.0
            return np.array_equal(agent.td_target(batch), before)
        """,
    ),
    Planted(
        "polyak-reversed",
        "The target keeps τ of itself, not 1 − τ.",
        {"slow += self.tau * (fast - slow)": "slow += (1 - self.tau) * (fast - slow)"},
        """
        def test(agent_class):
            agent, _ = small_agent(agent_class)
            target, online = [np.array([5.0, -2.0])], [np.array([1.0, 3.0])]
            agent.follow(target, online)
            return np.allclose(target[0], [4.2, -1.0])
        """,
    ),
    Planted(
        "target-shared",
        "A target is not a copy: it has the arrays of its network.",
        {"self.target_critic = self.copied(self.critic)": "self.target_critic = self.critic"},
        """
        def test(agent_class):
            agent, _ = small_agent(agent_class)
            pairs = zip(agent.critic, agent.target_critic)
            return not any(np.shares_memory(one, two) for one, two in pairs)
        """,
    ),
)


class Rounded(PackageAgent):
    """Correct code whose results differ in their last digits."""

    def td_target(self, batch: Batch) -> Array:
        """Return y (N, 1)."""
        return np.nextafter(super().td_target(batch), np.inf)

    def critic_gradient(self, batch: Batch, y: Array) -> list[Array]:
        """Return the gradient of the critic's loss, array by array."""
        return [np.nextafter(grad, np.inf) for grad in super().critic_gradient(batch, y)]

    def actor_gradient(self, batch: Batch) -> list[Array]:
        """Return the gradient of −1/N Σ Q(s, μ(s)), array by array."""
        return [np.nextafter(grad, np.inf) for grad in super().actor_gradient(batch)]


HUNT = Hunt(
    "Hunt 1",
    SOURCE,
    "PlantedAgent",
    BUGS,
    others=lambda: {
        "minddpg.DDPG with these names": PackageAgent,
        "correct code that rounds in another way": Rounded,
    },
    observe=parts,
    given={"Adam": Adam, "small_agent": small_agent},
    imports="from minddpg.course.ch11_bug_zoo.kit import Adam",
)
PAIRS = "pairs = zip(agent.actor_gradient(batch), agent.actor_gradient(other))"
ALL = "return all((np.array_equal(one, two) for one, two in pairs))"
STUB = '''
name = None  # the bug's name in the list of suspects
repaired = None  # the class without the bug


def test(agent_class):
    """Return True for correct code, and False for code with the bug."""
    return None
'''


@exercise(
    "11.5",
    "Hunt 1: an agent",
    BEHAVIOUR,
    stub=STUB,
    statement="""Find the bug. Name it, as in the list of suspects. Repair it: edit a copy of the
    class, or write a subclass that replaces one method. Prove it: write a test that returns False
    for the bug, and True for every correct agent that has these methods, the four networks,
    discount and tau. Not every correct agent has an actor_adam.""",
    compared="your three answers with what was planted",
    difficulty=3,
    minutes=8,
    hints=(
        "The chapters explain the parts: `backward` is in 04, `td_target` and `critic_gradient` in"
        " 05, `actor_gradient` in 06, `follow` and the copies in `__init__` in 08. For each part,"
        " ask what you can compute in another way: a numerical derivative, one row of $y$ by hand,"
        " a target after one `follow`.",
        "`agent, batch = small_agent(PlantedAgent)` makes an agent and a batch. Change something"
        " that must not matter, and see whether the result changes: the batch's actions in"
        " `actor_gradient`, the critic in `td_target`. To repair one method, write `class"
        " Repaired(PlantedAgent):` with that method alone, and `repaired = Repaired`.",
    ),
    equivalents={
        f"{old} → {new}": reason
        for old, new, reason in (
            (
                PAIRS,
                PAIRS.replace("batch", "x").replace("other", "batch").replace("x", "other"),
                "it compares both with each other",
            ),
            (ALL, ALL.replace("all", "any"), "with the bug no array is the same"),
            (ALL, ALL.replace("array_equal", "allclose"), "the bug changes much"),
        )
    },
    variant=variant,
    **fields(HUNT, BUGS[0]),
)
def check_hunt_1(name: Any, repaired: Any, test: Any, hunt: Hunt, bug: Planted) -> dict[str, Any]:
    """Check the first hunt."""
    return judge(hunt, bug, name, repaired, test)
