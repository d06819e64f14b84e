"""Compare every gradient of DDPG with the numerical derivative of the same loss.

N batch, S observation entries, A action entries. The networks are complex128, so that the same
forward pass serves central differences and the complex step; the code is the same for every dtype.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.replay import Batch
from ..nn.batchnorm import BatchNorm
from ..nn.gradcheck import TOLERANCES, GradientReport, check_gradient, compare
from ..nn.layers import Array, Linear, ReLU, Tanh
from ..nn.mlp import MLP
from ..training.wording import duration
from .random_inputs import sample_agent

# N, S, A, hidden sizes: all dimensions of a shape differ, so that no mix-up can pass
SHAPES = ((5, 3, 1, (8, 6)), (7, 4, 2, (6, 9)), (3, 6, 2, (5, 4, 7)))
QUICK = (7, 4, 2, (5, 3))
PAPER = (4, 3, 2, (400, 300))
KINDS: dict[str, dict[str, Any]] = {
    "action layer 0": {"action_layer": 0},
    "action layer 1": {"action_layer": 1},
    "batch norm": {"action_layer": 1, "batch_norm": True},
}
UPDATES = 500  # of the networks that are checked after training
SETS = 2 * len(SHAPES) + len(KINDS) * (
    2 * len(SHAPES) + 1
)  # of gradients that are checked together
SECONDS = 4  # measured on one core, for all of them
DIRECTIONS = 4  # for networks too large for a check entry by entry

Claim = tuple[str, Callable[[Array], Any], Array, Array]  # name, f, x, analytic gradient


@dataclass(frozen=True, eq=False)
class Row:
    """A row of the table: the worst of several cases."""

    equation: str
    networks: str  # which networks: "new", "after 500 updates", ...
    method: str
    cases: int
    report: GradientReport


def about() -> str:
    """Say what check_equations() will do, and about how long that takes."""
    return f"comparing every gradient with numerical derivatives: {duration(SECONDS)}"


def check_equations(
    seed: int = 0, quick: bool = False, finished: Callable[[], object] = lambda: None
) -> list[Row]:
    """Check each layer, the MLP and equations (4)–(6), for several shapes and kinds of networks.

    Args:
        quick: check one small shape by the complex step alone; leave out the networks after
            updates, and those of the paper's size.
        finished: called after each set of gradients; there are SETS, unless it is quick.
    """
    shapes = (QUICK,) if quick else SHAPES
    methods = ("complex",) if quick else ("central", "complex")
    rng = np.random.default_rng(seed)
    reports: dict[tuple[str, str, str], list[GradientReport]] = {}  # by a row's first three fields

    def check(claims: Iterator[Claim], networks: str, *methods: str, **options: Any) -> None:
        for name, f, x, analytic in claims:
            for method in methods:
                report = check_gradient(f, x, analytic, method=method, **options)
                reports.setdefault((name, networks, method), []).append(report)
        finished()

    for shape in shapes:
        check(_layers(shape, rng), "new", *methods)
        check(_mlp(shape, rng), "new", *methods)
    for where, kind in KINDS.items():
        for shape in shapes:
            agent, batch = sample_agent(shape, rng, **kind)
            check(_agent_claims(where, agent, batch), "new", *methods)
            key = (f"(5) y, row by row, {where}", "new", "by hand")
            reports.setdefault(key, []).append(_target_by_hand(agent, batch))
        if quick:
            continue
        for shape in SHAPES:
            agent, batch = sample_agent(shape, rng, updates=UPDATES, **kind)
            check(_agent_claims(where, agent, batch), f"after {UPDATES} updates", "complex")
        agent, batch = sample_agent(PAPER, rng, **kind)
        name = f"new, {PAPER[3]}, {DIRECTIONS} directions"
        check(_agent_claims(where, agent, batch), name, "complex", directions=DIRECTIONS)
    return [
        Row(*key, len(cases), max(cases, key=lambda report: report.relative_error))
        for key, cases in reports.items()
    ]


def table(rows: list[Row]) -> str:
    """Format the rows as text."""
    width = max(len(row.equation) for row in rows)
    lines = [f"{'equation':{width}}  {'method':8} cases  rel. error  tolerance  verdict  networks"]
    for row in rows:
        error, tolerance = row.report.relative_error, row.report.tolerance
        verdict = "passed" if row.report.passed else "FAILED"
        lines.append(
            f"{row.equation:{width}}  {row.method:8} {row.cases:5}  {error:10.1e}  {tolerance:9.0e}"
            f"  {verdict}   {row.networks}"
        )
    return "\n".join(lines)


def _layers(shape: Any, rng: np.random.Generator) -> Iterator[Claim]:
    """Yield the gradients of each layer alone, in x and in θ, of the loss Σ w · y."""
    n, inputs, _, (outputs, *_) = shape
    parameters = rng.standard_normal((inputs + 1) * outputs)
    gamma_beta, statistics = rng.standard_normal(2 * inputs), rng.uniform(0.5, 2, 2 * inputs)

    def linear(theta: Array) -> Linear:
        return Linear(theta[:-outputs].reshape(inputs, outputs), theta[-outputs:])

    def norm(theta: Array) -> BatchNorm:
        return BatchNorm(*np.split(theta, 2), *np.split(statistics, 2))

    cases: tuple[tuple[str, Callable[[Array], Any], Array, dict[str, Any]], ...] = (
        ("Linear", linear, parameters, {}),
        ("ReLU", lambda _: ReLU(), parameters[:0], {}),
        ("Tanh", lambda _: Tanh(), parameters[:0], {}),
        ("BatchNorm acting", norm, gamma_beta, {"training": False}),
        ("BatchNorm training", norm, gamma_beta, {"training": True}),
    )
    for name, make, theta, mode in cases:
        x = rng.standard_normal((n, inputs))
        y, cache = make(theta).forward(x, **mode)
        w = rng.standard_normal(y.shape)
        grad_x, grads = make(theta).backward(w, cache)
        yield f"{name}, in x", partial(_weighted, make(theta), w, **mode), x, grad_x
        if theta.size:
            loss = lambda theta: _weighted(make(theta), w, x, **mode)  # noqa: B023, E731
            yield f"{name}, in θ", loss, theta, np.concatenate(grads, axis=None)


def _mlp(shape: Any, rng: np.random.Generator) -> Iterator[Claim]:
    """Yield the gradients of a whole MLP with either hidden activation, in x and in θ."""
    n, inputs, outputs, hidden_sizes = shape
    sizes = (inputs, *hidden_sizes, outputs)
    for hidden, output in (("relu", "identity"), ("tanh", "tanh")):
        mlp = MLP(sizes, hidden=hidden, output=output, rng=rng, dtype="complex128")
        x, w = rng.standard_normal((n, inputs)), rng.standard_normal((n, outputs))
        grad_x, grad_theta = mlp.backward(w, mlp.forward(x)[1])
        loss = partial(_weighted, mlp, w)
        yield f"MLP of {hidden} and {output}, in x", loss, x, grad_x
        of_theta = _of_theta(mlp, partial(loss, x))
        yield f"MLP of {hidden} and {output}, in θ", of_theta, mlp.theta, grad_theta


def _agent_claims(where: str, agent: DDPG, batch: Batch) -> Iterator[Claim]:
    """Yield the gradients of the critic's loss, ∇a Q, ∇θ μ, and the actor's loss."""
    y = agent.td_target(batch)
    _, grad_critic = agent.critic_loss(batch, y)
    loss = _of_theta(agent.critic, lambda: agent.critic_loss(batch, y)[0])
    yield f"(4) critic loss in θ^Q, {where}", loss, agent.critic.theta, grad_critic
    loss = _of_theta(agent.critic, lambda: agent.critic_loss(batch, agent.td_target(batch))[0])
    yield f"(5) y constant in θ^Q, {where}", loss, agent.critic.theta, grad_critic

    w = np.cos(np.arange(batch.action.size)).reshape(batch.action.shape)
    for training in (False, True) if agent.config.batch_norm else (False,):
        mode = f"{where}, training" if training else where
        critic = partial(agent.critic.forward, batch.obs, training=training)
        _, cache = critic(batch.action)
        values = partial(lambda critic, action: critic(action)[0].sum(), critic)
        yield f"    ∇a Q, {mode}", values, batch.action, agent.critic.action_gradient(cache)

        actor = partial(agent.actor.forward, batch.obs, training)
        _, cache = actor()
        loss = _of_theta(agent.actor, partial(lambda actor: (actor()[0] * w).sum(), actor))
        yield f"    ∇θ μ, {mode}", loss, agent.actor.theta, agent.actor.backward(w, cache)
    loss = _of_theta(agent.actor, lambda: agent.actor_loss(batch.obs)[0])
    yield f"(6) ∇a Q · ∇θ μ, {where}", loss, agent.actor.theta, agent.actor_loss(batch.obs)[1]


def _target_by_hand(agent: DDPG, batch: Batch) -> GradientReport:
    """Compare the target with equation (5), written out for one transition at a time."""
    y = []
    for i in range(len(batch.obs)):
        value = batch.reward[i]
        if not batch.terminated[i]:
            next_obs = batch.next_obs[i : i + 1]
            next_action, _ = agent.target_actor.forward(next_obs)
            next_q, _ = agent.target_critic.forward(next_obs, next_action)
            value = value + agent.config.discount * next_q[0]
        y.append(value)
    return compare(agent.td_target(batch), np.array(y), TOLERANCES["complex"], "by hand")


def _weighted(function: Any, w: Array, x: Array, **mode: bool) -> Any:
    """Return Σ w · y, a scalar whose gradient in y is w."""
    return (function.forward(x, **mode)[0] * w).sum()


def _of_theta(network: Any, value: Callable[[], Any]) -> Callable[[Array], Any]:
    """Turn a value that depends on a network into a function of its θ, which stays unchanged."""

    def at(theta: Array) -> Any:
        before = network.theta.copy()
        network.theta[:] = theta
        result = value()
        network.theta[:] = before
        return result

    return at
