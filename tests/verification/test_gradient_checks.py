"""The gradient checks pass correct code and catch every planted bug."""

import warnings
from functools import partial

import numpy as np
import pytest

from minddpg import DDPG, Actor, Critic
from minddpg.nn import MLP, BatchNorm, Linear, ReLU, Tanh
from minddpg.nn.batchnorm import EPSILON
from minddpg.nn.gradcheck import check_gradient, compare
from minddpg.verification import gradient_checks
from minddpg.verification.bugs import BUGS, Bug, edit
from minddpg.verification.bugs.bug import patched
from minddpg.verification.gradient_checks import Row, check_equations, table


@pytest.fixture
def along_directions(monkeypatch):
    """Compare slopes along two random directions, not all entries: faster, but less strict."""
    fast = partial(check_gradient, directions=2)
    monkeypatch.setattr(
        gradient_checks, "check_gradient", lambda *args, **more: fast(*args, **more)
    )


def test_every_equation_passes_by_both_methods_in_several_cases_and_stages(
    along_directions, monkeypatch
):
    """It makes fewer updates than `minddpg check`, which the slow suite runs entry by entry."""
    monkeypatch.setattr(gradient_checks, "UPDATES", 50)
    sets = []
    rows = check_equations(finished=lambda: sets.append(1))
    assert [row.equation for row in rows if not row.report.passed] == []
    assert len(sets) == gradient_checks.SETS
    names = " ".join(row.equation for row in rows)
    for part in ("Linear, in θ", "Linear, in x", "ReLU", "Tanh", "MLP", "(4)", "(5)", "(6)"):
        assert part in names
    for layer in (0, 1):
        assert f"∇a Q, action layer {layer}" in names
    assert {row.method for row in rows} == {"central", "complex", "by hand"}
    networks = {"new", "after 50 updates", "new, (400, 300), 4 directions"}
    assert {row.networks for row in rows} == networks
    of_agents = [row.equation for row in rows if row.networks != "new"]
    for kind in ("action layer 0", "action layer 1", "batch norm"):
        for part in ("(4) critic loss in θ^Q", "(5) y constant in θ^Q", "(6) ∇a Q · ∇θ μ"):
            assert of_agents.count(f"{part}, {kind}") == 2
    assert min(row.cases for row in rows if row.networks == "new") >= 3
    tolerances = {"central": 1e-6, "complex": 1e-10, "by hand": 1e-10}
    assert all(row.report.tolerance == tolerances[row.method] for row in rows)


@pytest.mark.slow
def test_every_equation_passes_after_as_many_updates_as_minddpg_check_makes():
    assert [row.equation for row in check_equations() if not row.report.passed] == []


def test_the_table_shows_each_row_with_error_tolerance_and_verdict():
    x = np.array([1.0, 2.0])
    good, bad = compare(1.5 * x, x, 0.5, "by hand"), compare(3 * x, x, 1e-10, "complex")
    rows = [
        Row("(4) loss", "new", "by hand", 3, good),
        Row("(6)", "after 500 updates", "complex", 12, bad),
    ]
    assert table(rows).splitlines() == [
        "equation  method   cases  rel. error  tolerance  verdict  networks",
        "(4) loss  by hand      3     5.0e-01      5e-01  passed   new",
        "(6)       complex     12     2.0e+00      1e-10  FAILED   after 500 updates",
    ]


def test_the_equations_are_these():
    """`minddpg check` shows these names to users."""
    layers = ["Linear, in x", "Linear, in θ", "ReLU, in x", "Tanh, in x"]
    layers += [f"BatchNorm {mode}, in {of}" for mode in ("acting", "training") for of in "xθ"]
    mlps = [f"MLP of {of}" for of in ("relu and identity", "tanh and tanh")]
    agents = []
    for kind in ("action layer 0", "action layer 1", "batch norm"):
        agents += [f"(4) critic loss in θ^Q, {kind}", f"(5) y constant in θ^Q, {kind}"]
        for mode in (kind, f"{kind}, training") if kind == "batch norm" else (kind,):
            agents += [f"    ∇a Q, {mode}", f"    ∇θ μ, {mode}"]
        agents += [f"(6) ∇a Q · ∇θ μ, {kind}", f"(5) y, row by row, {kind}"]
    expected = [*layers, *(f"{mlp}, in {of}" for mlp in mlps for of in "xθ"), *agents]
    assert [row.equation for row in check_equations(quick=True)] == expected


def test_an_actor_that_goes_backward_in_another_mode_fails_in_training_alone():
    original = Actor.forward

    def forward(self, obs, training=False):
        return original(self, obs, training)[0], original(self, obs)[1]

    expected = ["    ∇θ μ, batch norm, training", "(6) ∇a Q · ∇θ μ, batch norm"]
    assert failures(((Actor, "forward", forward),)) == expected


def test_a_quick_check_is_small_and_each_row_keeps_its_worst_case():
    rows = check_equations(quick=True)
    assert {row.networks for row in rows} == {"new"}
    assert {row.method for row in rows} == {"complex", "by hand"}
    assert {row.cases for row in rows} == {1}
    assert len({row.equation for row in rows}) == len(rows)


def norm(in_x=lambda g, x, gs: g - g.mean(0) - x * (g * x).mean(0), of_theta=lambda gs, g, x: gs):
    """A BatchNorm with a changed backward: in x of a training batch except γ/s, or in γ and β."""

    def backward(self, grad_y, cache, wrt_x=True, wrt_theta=True):
        x, _, variance, training = cache
        grads = ((grad_y * x).sum(axis=0), grad_y.sum(axis=0))
        grads = of_theta(grads, grad_y, x) if wrt_theta else ()
        if training:
            grad_y = in_x(grad_y, x, self)
        return self.scale / np.sqrt(variance + EPSILON) * grad_y, grads

    return ((BatchNorm, "backward", backward),)


def losses_in_acting_mode(self, obs, action, training=False):
    hidden, trunk_cache = self.trunk.forward(obs, training)
    trunk_cache = self.trunk.forward(obs)[1] if training else trunk_cache
    values, head_cache = self.head.forward(np.concatenate((hidden, action), axis=1))
    return values[:, 0], (values, head_cache, trunk_cache)


def replayed_action_gradient(self, obs):
    action, actor_cache = self.actor.forward(obs)
    q, _ = self.critic.forward(obs, action)
    _, elsewhere = self.critic.forward(obs, 0.3 + 0 * action)
    dq_da = self.critic.action_gradient(elsewhere)
    return -q.sum() / len(obs), self.actor.backward(-dq_da / len(obs), actor_cache)


def mean_over_batch(self, cache):
    values, head_cache, _ = cache
    ones = np.ones_like(values) / len(values)
    return self.head.backward(ones, head_cache, wrt_theta=False)[0][:, -self.action_dim :]


def reversed_layers(self, grad_y, caches, *, wrt_x=True, wrt_theta=True):
    grads, grad = [], grad_y
    for i in reversed(range(len(self.layers))):
        columns = True if i else wrt_x
        grad, grad_theta = self.layers[i].backward(grad, caches[i], columns, wrt_theta)
        grads += grad_theta
    return grad, np.concatenate((self.theta[:0], *grads), axis=None) if wrt_theta else None


def edited(function, old, *new):
    return Bug("", edit(function, old, *new)).patches


linear = partial(edited, Linear.backward)
policy_gradient = partial(edited, DDPG.actor_loss, "-dq_da / len(obs)")
critic_gradient = partial(edited, DDPG.critic_loss, "2 / len(error) * error, cache")

OF_AN_EQUATION = (  # the package's bugs that a numerical derivative, or y by hand, reveals
    *("actor-sign", "actor-summed", "actor-averaged-twice", "actor-moves-critic"),
    *("actor-tanh-forgotten", "wrong-slice", "residual-gradient", "bias-averaged"),
    *("relu-slope-missing", "tanh-slope-at-output", "target-shared", "target-online"),
    *("mask-missing", "mask-flipped", "discount-missing"),
)
PATCHES = {name: BUGS[name].patches for name in OF_AN_EQUATION} | {
    "grad_x without the weights": linear("np.dot(grad_z", "0 * np.dot(grad_z"),
    "grad_weight summed with abs": linear("x.T @ grad_z", "np.abs(x).T @ grad_z"),
    "grad_weight averaged": linear("x.T @ grad_z", "x.T @ grad_z / len(x)"),
    "grad_weight transposed in memory": linear(
        "x.T @ grad_z", "np.ascontiguousarray(grad_z.T @ x).reshape(self.weight.shape)"
    ),
    "grad_bias of the last row": linear("grad_z.sum(axis=0)", "grad_z[-1]"),
    "grad_bias forgotten": linear("grad_z.sum(axis=0)", "0 * grad_z[-1]"),
    "relu slope where negative": ((ReLU, "backward", lambda s, g, m, *w: (g * (1 - m), ())),),
    "tanh slope missing": ((Tanh, "backward", lambda s, g, y, *w: (g, ())),),
    "tanh slope 1 − y": ((Tanh, "backward", lambda s, g, y, *w: (g * (1 - y), ())),),
    "layers' gradients in reversed order": ((MLP, "backward", reversed_layers),),
    "batch mean held constant": norm(lambda g, x, s: g - x * (g * x).mean(0)),
    "batch variance held constant": norm(lambda g, x, s: g - g.mean(0)),
    "batch statistics held constant": norm(lambda g, x, s: g),
    "batch statistics' gradient summed": norm(lambda g, x, s: g - g.sum(0) - x * (g * x).sum(0)),
    "grad_gamma without x̂": norm(of_theta=lambda gs, g, x: (gs[1], gs[1])),
    "grad_gamma and grad_beta swapped": norm(of_theta=lambda gs, g, x: gs[::-1]),
    "grad_beta averaged": norm(of_theta=lambda gs, g, x: (gs[0], gs[1] / len(g))),
    "backward in another mode than forward": ((Critic, "forward", losses_in_acting_mode),),
    "policy gradient times half-range": policy_gradient(
        "-dq_da / len(obs) * np.arange(2, 2 + self.action_dim)"
    ),
    "policy gradient averaged over the batch": policy_gradient(
        "-np.broadcast_to(dq_da.mean(axis=0), dq_da.shape) / len(obs)"
    ),
    "policy gradient weighted by the action": policy_gradient("-dq_da * action / len(obs)"),
    "gradient at another action than μ(s)": ((DDPG, "actor_loss", replayed_action_gradient),),
    "∇a Q divided by N": ((Critic, "action_gradient", mean_over_batch),),
    "critic loss without the 2": critic_gradient("error / len(error), cache"),
    "critic loss without 1/N": critic_gradient("2 * error, cache"),
    "critic loss's sign": critic_gradient("-2 / len(error) * error, cache"),
    "critic loss's error averaged": critic_gradient(
        "2 / len(error) * np.full_like(error, error.mean()), cache"
    ),
    "target without the reward": edited(DDPG.td_target, "batch.reward + "),
}


def failures(patches):
    """Plant a bug and return the equations that fail."""
    with patched(patches), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return [row.equation for row in check_equations(quick=True) if not row.report.passed]


def test_the_batch_norm_that_mistakes_are_put_in_is_correct(along_directions):
    assert failures(norm()) == []


def test_every_planted_bug_of_an_equation_is_caught(along_directions):
    assert [bug for bug, patches in PATCHES.items() if not failures(patches)] == []
