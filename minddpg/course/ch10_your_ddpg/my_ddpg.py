"""Exercise 10.1: write the agent, and compare every update. The solution is DDPG on one page.

N batch, S observation entries, A action entries, I inputs and O outputs of a layer.
"""

import copy
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, Observed, call, exercise
from .learning_agents import (
    AT_START,
    NETWORKS,
    TOLERANCE,
    after_one_update,
    at_start,
    expected_states,
    flat,
    is_close,
    learning,
    small_agent,
    small_step,
    start_and_batches,
)
from .mistakes_in_the_parts import MISTAKES as IN_THE_PARTS
from .mistakes_in_the_steps import MISTAKES as IN_THE_STEPS
from .mistakes_in_the_targets import MISTAKES as IN_THE_TARGETS

CASES = (
    {
        "obs_dim": 3,
        "action_dim": 2,
        "batch_size": 11,
        "layers": (6, 5),
        "settings": (0.93, 0.05, 2e-3, 5e-3),  # discount, tau, actor_rate, critic_rate
        "updates": (2, 20),
    },
    {
        "obs_dim": 4,
        "action_dim": 3,
        "batch_size": 7,
        "layers": (5, 9),
        "settings": (0.99, 0.02, 3e-3, 1e-3),
        "updates": (2, 100),
    },
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

EQUIVALENTS = {
    f"{old} → {new}": reason
    for old, new, reason in (
        (
            "for i in range(0, len(network), 2):",
            "for i in range(0, 5, 2):",
            "there are three layers",
        ),
        (
            "for i in reversed(range(len(inputs))):",
            "for i in reversed(range(3)):",
            "there are three layers",
        ),
        (
            "for x, grad, mean, square in zip(self.network, grads, self.mean, self.square):",
            "for x, grad, mean, square in zip(self.network, grads, self.square, self.mean):",
            "both begin with zeros, and keep their places",
        ),
        (
            "inputs.append(np.maximum(x, 0) if i else x)",
            "inputs.append(np.maximum(x, 0) if inputs else x)",
            "inputs is empty before the first layer alone",
        ),
        (
            "goes_on = 1.0 - batch.terminated[:, None]",
            "goes_on = np.int64(1.0 - batch.terminated[:, None])",
            "a mask of whole numbers",
        ),
        (
            "dq_da = grad_joint[:, batch.obs.shape[1]:]",
            "dq_da = grad_joint[:, batch.next_obs.shape[1]:]",
            "next_obs has the shape of obs",
        ),
        (
            "return batch.reward[:, None] + self.discount * goes_on * next_q",
            "return np.reshape(batch.reward[:, None] + self.discount * goes_on * next_q, (-1, 1))",
            "it has this shape already",
        ),
    )
} | {
    "self.actor_adam.step(self.actor_gradient(batch)) moved after"
    " self.follow(self.target_critic, self.critic)": "the actor's step does not use Q'",
    "self.follow(self.target_critic, self.critic) moved after"
    " self.follow(self.target_actor, self.actor)": "neither uses the other",
}


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
    step, both targets. Adam has β1 = 0.9, β2 = 0.999, ε = 1e-8. After every update your
    networks must equal those of minddpg.DDPG.""",
    solution=SOLUTION,
    mistakes=(*IN_THE_STEPS, *IN_THE_TARGETS, *IN_THE_PARTS),
    cases=CASES,
    compared="your four networks with the solution's, which equal those of minddpg.DDPG",
    difficulty=3,
    importance=3,
    minutes=30,
    equivalents=EQUIVALENTS,
    hints=(
        "Begin with `__init__` and `act`, put `pass` into `update`, and run the check: the row"
        " `act(obs)` should be right, the others not yet. All networks are lists"
        " `[W1, b1, W2, b2, W3, b3]`. One `forward(network, x)` and one"
        " `backward(network, inputs, grad)` serve all four of them. Only the tanh after the actor's"
        " last layer differs.",
        "The actor's step runs the critic forward on `np.concatenate((obs, action), axis=1)` with"
        " the *actor's* action, and backward from `np.ones((len(obs), 1))`. The gradient of the"
        r" input is (N, S + A), and its last A columns are $\nabla_a Q$. Then apply the sign, the"
        " 1/N and the slope of tanh, and go backward through the actor.",
        "If the first update is correct for the critic and wrong for the actor, look at the"
        " actor's step: does it use the critic before or after the critic's step? If one update is"
        " correct and twenty are not, look at what is kept from update to update: Adam's two"
        " averages and its $t$, and the targets.",
    ),
)
def check_my_ddpg(
    agent_class: Any,
    obs_dim: int,
    action_dim: int,
    batch_size: int,
    layers: tuple[int, ...],
    settings: tuple[float, ...],
    updates: tuple[int, ...],
) -> dict[str, Any]:
    """Check MyDDPG after one update, and after these numbers of updates."""
    sizes = obs_dim, action_dim, batch_size, layers
    start, batches = start_and_batches(*sizes)
    expected = expected_states(*sizes, settings, updates)
    given = copy.deepcopy(start)
    agent = call(agent_class, *given, *settings, changes=(0, 1))
    found: dict[str, Any] = {}
    first: dict[str, Array] = {}
    for count, now in learning(agent, batches, updates):
        unchanged = all(map(np.array_equal, flat(given), flat(start)))
        if count == 0:
            found = {"act(obs)": Observed(now["act"], TOLERANCE)} | at_start(agent, now, start)
            if not all(found[row].value for row in AT_START):
                return found
            others = {  # made before the first learns, so that shared state shows
                name: small_agent(agent_class, name, start, settings)
                for name in ("critic", "actor")
            }
        elif count == 1:
            first = now
            found |= after_one_update(now, expected[0], expected[1])
        else:
            text = f"the networks are wrong after {count:,} updates"
            if all(is_close(first[x], expected[1][x]) for x in NETWORKS):
                text += ", though correct after 1: look at what is kept between updates"
            everything = np.concatenate([now[name] for name in NETWORKS])
            found[f"all, {count:,} updates"] = Observed(everything, TOLERANCE, text)
            found[f"act(obs), {count:,} updates"] = Observed(now["act"], TOLERANCE)
            found["the arrays that you were given are unchanged"] = unchanged
            if not (unchanged and all(is_close(now[x], expected[count][x]) for x in now)):
                break  # later updates add nothing
    for name, other in others.items():
        found |= small_step(other, name, batches[0])
    return found
