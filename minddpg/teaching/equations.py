"""Every equation of DDPG against a numerical derivative of what it claims to differentiate.

N batch, S observation entries, A action entries. The networks are complex128, so that one forward
pass serves central differences and the complex step alike; their code is that of every dtype.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.replay import Batch
from ..nn.gradcheck import BARS, GradientReport, check_gradient, compare
from ..nn.layers import Array, Identity, Linear, ReLU, Tanh
from ..nn.mlp import MLP
from .samples import sample_agent

# N, S, A, hidden sizes: no two dimensions alike, so that no mix-up can pass
SHAPES = ((5, 3, 1, (8, 6)), (7, 4, 2, (6, 9)), (2, 6, 3, (5, 4, 7)))
PAPER = (4, 3, 2, (400, 300))
UPDATES = 500  # of the trained networks
DIRECTIONS = 4  # for networks too large to be checked entry by entry

Claim = tuple[str, Callable[[Array], Any], Array, Array]  # name, f, x, analytic gradient


@dataclass(frozen=True, eq=False)
class Row:
    """One line of the table: the worst of its cases."""

    equation: str
    networks: str  # of which the gradients are: "new", "after 500 updates", ...
    method: str
    cases: int
    report: GradientReport


def check_equations(seed: int = 0, quick: bool = False) -> list[Row]:
    """Check each layer, the MLP and equations (4)–(6) over shapes, action layers and stages.

    Quick leaves out the networks after updates and those of the paper's size.
    """
    rng = np.random.default_rng(seed)
    found: dict[tuple[str, str, str], list[GradientReport]] = {}

    def check(claims: Iterator[Claim], networks: str, *methods: str, **options: Any) -> None:
        for name, f, x, analytic in claims:
            for method in methods:
                report = check_gradient(f, x, analytic, method=method, **options)
                found.setdefault((name, networks, method), []).append(report)

    for shape in SHAPES:
        check(_layers(shape, rng), "new", "central", "complex")
        check(_mlp(shape, rng), "new", "central", "complex")
    for action_layer in (0, 1):
        for shape in SHAPES:
            agent, batch = sample_agent(shape, action_layer, rng)
            check(_agent_claims(agent, batch), "new", "central", "complex")
            key = (f"(5) y, row by row, action layer {action_layer}", "new", "by hand")
            found.setdefault(key, []).append(_target_by_hand(agent, batch))
        if quick:
            continue
        for shape in SHAPES:
            agent, batch = sample_agent(shape, action_layer, rng, updates=UPDATES)
            check(_agent_claims(agent, batch), f"after {UPDATES} updates", "complex")
        agent, batch = sample_agent(PAPER, action_layer, rng)
        name = f"new, {PAPER[3]}, {DIRECTIONS} directions"
        check(_agent_claims(agent, batch), name, "complex", directions=DIRECTIONS)
    return [
        Row(*key, len(reports), max(reports, key=lambda report: report.relative_error))
        for key, reports in found.items()
    ]


def table(rows: list[Row]) -> str:
    """Lay the rows out as text."""
    width = max(len(row.equation) for row in rows)
    lines = [f"{'equation':{width}}  {'method':8} cases  rel. error  bar    verdict  networks"]
    for row in rows:
        error, bar = row.report.relative_error, row.report.bar
        verdict = "passed" if row.report.passed else "FAILED"
        lines.append(
            f"{row.equation:{width}}  {row.method:8} {row.cases:5}  {error:10.1e}  {bar:.0e}"
            f"  {verdict}   {row.networks}"
        )
    return "\n".join(lines)


def _layers(shape: Any, rng: np.random.Generator) -> Iterator[Claim]:
    """Each layer alone, in its input and in its parameters, under the loss Σ w · y."""
    n, inputs, _, (outputs, *_) = shape
    parameters = rng.standard_normal((inputs + 1) * outputs)

    def linear(theta: Array) -> Linear:
        return Linear(theta[:-outputs].reshape(inputs, outputs), theta[-outputs:])

    layers: tuple[Any, ...] = (linear(parameters), ReLU(), Tanh(), Identity())
    for layer in layers:
        x = rng.standard_normal((n, inputs))
        y, cache = layer.forward(x)
        w = rng.standard_normal(y.shape)
        grad_x, grad_theta = layer.backward(w, cache)
        yield f"{type(layer).__name__}, in x", partial(_weighted, layer, w), x, grad_x
        if grad_theta:
            analytic = np.concatenate(grad_theta, axis=None)
            loss = lambda theta, x=x, w=w: _weighted(linear(theta), w, x)  # noqa: E731
            yield "Linear, in θ", loss, parameters, analytic


def _mlp(shape: Any, rng: np.random.Generator) -> Iterator[Claim]:
    """The whole MLP with either hidden activation, in its input and in θ."""
    n, inputs, outputs, hidden_sizes = shape
    sizes = (inputs, *hidden_sizes, outputs)
    for hidden, output in (("relu", "identity"), ("tanh", "tanh")):
        mlp = MLP(sizes, hidden=hidden, output=output, rng=rng, dtype="complex128")
        x, w = rng.standard_normal((n, inputs)), rng.standard_normal((n, outputs))
        grad_x, grad_theta = mlp.backward(w, mlp.forward(x)[1])
        loss = partial(_weighted, mlp, w)
        yield f"MLP of {hidden} and {output}, in x", loss, x, grad_x
        yield (
            f"MLP of {hidden} and {output}, in θ",
            _of_theta(mlp, partial(loss, x)),
            mlp.theta,
            grad_theta,
        )


def _agent_claims(agent: DDPG, batch: Batch) -> Iterator[Claim]:
    """What DDPG adds: the critic's loss, its constant target, ∇a Q, and the composed chain."""
    where = f"action layer {agent.config.action_layer}"
    y = agent.td_target(batch)
    _, grad_critic = agent.critic_loss(batch, y)
    loss = _of_theta(agent.critic, lambda: agent.critic_loss(batch, y)[0])
    yield f"(4) critic loss in θ^Q, {where}", loss, agent.critic.theta, grad_critic
    loss = _of_theta(agent.critic, lambda: agent.critic_loss(batch, agent.td_target(batch))[0])
    yield f"(5) y constant in θ^Q, {where}", loss, agent.critic.theta, grad_critic

    _, cache = agent.critic.forward(batch.obs, batch.action)
    values = lambda action: agent.critic.forward(batch.obs, action)[0].sum()  # noqa: E731
    yield f"    ∇a Q, {where}", values, batch.action, agent.critic.action_gradient(cache)

    w = np.cos(np.arange(batch.action.size)).reshape(batch.action.shape)
    _, cache = agent.actor.forward(batch.obs)
    loss = _of_theta(agent.actor, lambda: (agent.actor.forward(batch.obs)[0] * w).sum())
    yield "    ∇θ μ", loss, agent.actor.theta, agent.actor.backward(w, cache)
    loss = _of_theta(agent.actor, lambda: agent.actor_loss(batch.obs)[0])
    yield f"(6) ∇a Q · ∇θ μ, {where}", loss, agent.actor.theta, agent.actor_loss(batch.obs)[1]


def _target_by_hand(agent: DDPG, batch: Batch) -> GradientReport:
    """Equation (5) for one transition at a time, in the plainest words there are."""
    y = []
    for i in range(len(batch.obs)):
        value = batch.reward[i]
        if not batch.terminated[i]:
            next_obs = batch.next_obs[i : i + 1]
            next_action, _ = agent.target_actor.forward(next_obs)
            next_q, _ = agent.target_critic.forward(next_obs, next_action)
            value = value + agent.config.discount * next_q[0]
        y.append(value)
    return compare(agent.td_target(batch), np.array(y), BARS["complex"], "by hand")


def _weighted(function: Any, w: Array, x: Array) -> Any:
    """Σ w · y, a scalar whose gradient in y is w."""
    return (function.forward(x)[0] * w).sum()


def _of_theta(network: Any, value: Callable[[], Any]) -> Callable[[Array], Any]:
    """Make what depends on a network a function of its θ, which it leaves as it was."""

    def at(theta: Array) -> Any:
        before = network.theta.copy()
        network.theta[:] = theta
        result = value()
        network.theta[:] = before
        return result

    return at
