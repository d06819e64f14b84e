"""The checker checked: right code passes, every planted bug is caught."""

import numpy as np
import pytest

from minddpg import DDPG, Critic
from minddpg.nn import MLP, BatchNorm, Linear, ReLU, Tanh
from minddpg.nn.batchnorm import EPSILON
from minddpg.verification.gradient_checks import check_equations, table


def test_every_equation_passes_by_both_methods_in_several_cases_and_stages():
    rows = check_equations()
    assert all(row.report.passed for row in rows)
    names = " ".join(row.equation for row in rows)
    for part in ("Linear, in θ", "Linear, in x", "ReLU", "Tanh", "MLP", "(4)", "(5)", "(6)"):
        assert part in names
    for layer in (0, 1):
        assert f"∇a Q, action layer {layer}" in names
    assert {row.method for row in rows} == {"central", "complex", "by hand"}
    assert any("500 updates" in row.networks for row in rows)
    assert min(row.cases for row in rows if row.networks == "new") >= 3
    bars = {"central": 1e-6, "complex": 1e-10, "by hand": 1e-10}
    assert all(row.report.tolerance == bars[row.method] for row in rows)


def test_the_table_shows_each_row_with_error_bar_and_verdict():
    rows = check_equations(quick=True)
    lines = table(rows).splitlines()
    assert len(lines) == len(rows) + 1
    assert all("passed" in line and "1e-" in line for line in lines[1:])


def linear(change):
    """A Linear whose backward is changed: (grad_x, (grad_weight, grad_bias)) to the same."""
    right = Linear.backward

    def backward(self, grad_z, x, wrt_x=True, wrt_theta=True):
        grad_x, grads = right(self, grad_z, x, wrt_x, True)
        grad_x, grads = change(self, grad_z, x, 0 if grad_x is None else grad_x, grads)
        return (grad_x if wrt_x else None), (grads if wrt_theta else ())

    return Linear, "backward", backward


def norm(in_x=lambda g, x, gs: g - g.mean(0) - x * (g * x).mean(0), of_theta=lambda gs, g, x: gs):
    """A BatchNorm whose backward is changed: in a training batch's x but for γ/s, or in γ and β."""

    def backward(self, grad_y, cache, wrt_x=True, wrt_theta=True):
        x, _, variance, training = cache
        grads = ((grad_y * x).sum(axis=0), grad_y.sum(axis=0))
        grads = of_theta(grads, grad_y, x) if wrt_theta else ()
        if training:
            grad_y = in_x(grad_y, x, self)
        return self.scale / np.sqrt(variance + EPSILON) * grad_y, grads

    return BatchNorm, "backward", backward


def losses_in_acting_mode(self, obs, action, training=False):
    hidden, trunk_cache = self.trunk.forward(obs, training)
    trunk_cache = self.trunk.forward(obs)[1] if training else trunk_cache
    values, head_cache = self.head.forward(np.concatenate((hidden, action), axis=1))
    return values[:, 0], (values, head_cache, trunk_cache)


def actor_loss(change):
    """DDPG.actor_loss with dL/da made by `change(agent, dq_da, obs, action)`."""

    def loss(self, obs):
        action, actor_cache = self.actor.forward(obs, training=True)
        q, critic_cache = self.critic.forward(obs, action, training=True)
        dq_da = self.critic.action_gradient(critic_cache)
        grad = self.actor.backward(change(self, dq_da, obs, action), actor_cache)
        return -q.sum() / len(obs), grad

    return DDPG, "actor_loss", loss


def critic_loss(grad_q):
    """DDPG.critic_loss with dL/dq made by `grad_q(error)`."""

    def loss(self, batch, y, forward=None):
        q, cache = self.critic.forward(batch.obs, batch.action, training=True)
        error = q - y
        return error @ error / len(error), self.critic.backward(grad_q(error), cache)

    return DDPG, "critic_loss", loss


def td_target(change):
    def target(self, batch):
        next_action, _ = self.target_actor.forward(batch.next_obs)
        next_q, _ = self.target_critic.forward(batch.next_obs, next_action)
        return change(self, batch, next_q)

    return DDPG, "td_target", target


def replayed_action_gradient(self, obs):
    action, actor_cache = self.actor.forward(obs)
    q, _ = self.critic.forward(obs, action)
    _, elsewhere = self.critic.forward(obs, 0.3 + 0 * action)
    dq_da = self.critic.action_gradient(elsewhere)
    return -q.sum() / len(obs), self.actor.backward(-dq_da / len(obs), actor_cache)


def no_relu(self, z, training=False):
    return z * (z.real > 0), np.ones(z.shape)


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


def right_target(self, batch, q):
    return batch.reward + self.config.discount * np.where(batch.terminated, 0, q)


BUGS = {  # besides those of the zoo
    "grad_x without the transpose's weights": linear(lambda s, g, x, gx, gs: (0 * gx, gs)),
    "grad_weight summed with abs": linear(lambda s, g, x, gx, gs: (gx, (np.abs(x).T @ g, gs[1]))),
    "grad_weight averaged": linear(lambda s, g, x, gx, gs: (gx, (gs[0] / len(x), gs[1]))),
    "grad_bias of the last row": linear(lambda s, g, x, gx, gs: (gx, (gs[0], g[-1]))),
    "grad_bias forgotten": linear(lambda s, g, x, gx, gs: (gx, (gs[0], 0 * gs[1]))),
    "grad_weight transposed in memory": linear(
        lambda s, g, x, gx, gs: (gx, (np.ascontiguousarray(gs[0].T).reshape(gs[0].shape), gs[1]))
    ),
    "relu slope missing": (ReLU, "forward", no_relu),
    "relu slope where negative": (ReLU, "backward", lambda s, g, m, *w: (g * (1 - m), ())),
    "batch mean held constant": norm(lambda g, x, s: g - x * (g * x).mean(0)),
    "batch variance held constant": norm(lambda g, x, s: g - g.mean(0)),
    "batch statistics held constant": norm(lambda g, x, s: g),
    "batch statistics' gradient summed": norm(lambda g, x, s: g - g.sum(0) - x * (g * x).sum(0)),
    "grad_gamma without x̂": norm(of_theta=lambda gs, g, x: (gs[1], gs[1])),
    "grad_gamma and grad_beta swapped": norm(of_theta=lambda gs, g, x: gs[::-1]),
    "grad_beta averaged": norm(of_theta=lambda gs, g, x: (gs[0], gs[1] / len(g))),
    "backward in another mode than forward": (Critic, "forward", losses_in_acting_mode),
    "tanh slope missing": (Tanh, "backward", lambda s, g, y, *w: (g, ())),
    "tanh slope 1 − y": (Tanh, "backward", lambda s, g, y, *w: (g * (1 - y), ())),
    "layers' gradients in reversed order": (MLP, "backward", reversed_layers),
    "policy gradient times half-range": actor_loss(
        lambda s, d, o, a: -d / len(o) * s.action_box.high
    ),
    "policy gradient averaged over the batch": actor_loss(
        lambda s, d, o, a: -np.broadcast_to(d.mean(axis=0), d.shape) / len(o)
    ),
    "policy gradient weighted by the action": actor_loss(lambda s, d, o, a: -d * a / len(o)),
    "gradient at another action than μ(s)": (DDPG, "actor_loss", replayed_action_gradient),
    "∇a Q divided by N": (Critic, "action_gradient", mean_over_batch),
    "critic loss without the 2": critic_loss(lambda e: e / len(e)),
    "critic loss without 1/N": critic_loss(lambda e: 2 * e),
    "critic loss's sign": critic_loss(lambda e: -2 / len(e) * e),
    "critic loss's error broadcast": critic_loss(
        lambda e: 2 / len(e) * (e[:, None] - 0 * e).mean(0)
    ),
    "target without the reward": td_target(lambda s, b, q: 0.99 * np.where(b.terminated, 0, q)),
}


def test_without_a_bug_the_copies_pass(monkeypatch):
    """What is planted fails for its bug alone: each copy with nothing changed is right."""
    for copy in (
        norm(),
        actor_loss(lambda s, d, o, a: -d / len(o)),
        critic_loss(lambda e: 2 / len(e) * e),
        td_target(right_target),
        linear(lambda s, g, x, gx, gs: (gx, gs)),
    ):
        monkeypatch.setattr(*copy)
    assert all(row.report.passed for row in check_equations(quick=True))


@pytest.mark.parametrize("bug", BUGS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_planted_bug_is_caught(bug, monkeypatch):
    monkeypatch.setattr(*BUGS[bug])
    assert not all(row.report.passed for row in check_equations(quick=True))
