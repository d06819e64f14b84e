"""Actor and critic: gradients in θ and in the action, shapes, initial values."""

import numpy as np
import pytest
from helpers import ACTION_DIM, BATCH_SIZE, OBS_DIM, make_agent, make_batch, of_theta, randomise

from minddpg import Actor, Config, Critic
from minddpg.nn import Linear
from minddpg.nn.gradcheck import check_gradient

LAYERS = pytest.mark.parametrize("action_layer", [0, 1, 2])


@pytest.fixture(params=["complex", "central"])
def method(request):
    return request.param


def critic_and_batch(rng, action_layer, dtype="complex128"):
    agent = make_agent(rng, action_layer=action_layer, hidden_sizes=(8, 6, 5), dtype=dtype)
    randomise(agent, rng)
    return agent.critic, make_batch(rng)


@LAYERS
def test_critic_gradient_in_theta_is_the_numerical_one(action_layer, method, rng):
    critic, batch = critic_and_batch(rng, action_layer)
    w, theta = rng.standard_normal(BATCH_SIZE), critic.theta.copy()
    grad = critic.backward(w, critic.forward(batch.obs, batch.action)[1])
    loss = of_theta(critic, lambda: critic.forward(batch.obs, batch.action)[0] @ w)
    report = check_gradient(loss, theta, grad, method=method)
    assert report, report


@LAYERS
def test_action_gradient_is_the_slope_of_each_rows_own_q(action_layer, method, rng):
    critic, batch = critic_and_batch(rng, action_layer)
    dq_da = critic.action_gradient(critic.forward(batch.obs, batch.action)[1])
    assert dq_da.shape == (BATCH_SIZE, ACTION_DIM)
    for i in range(BATCH_SIZE):
        q = lambda a, i=i: critic.forward(batch.obs[i : i + 1], a[None])[0][0]  # noqa: E731
        report = check_gradient(q, batch.action[i], dq_da[i], method=method)
        assert report, report


def test_actor_gradient_in_theta_is_the_numerical_one(method, rng):
    agent = make_agent(rng, dtype="complex128")
    randomise(agent, rng)
    obs, w, theta = make_batch(rng).obs, rng.standard_normal((7, 2)), agent.actor.theta.copy()
    grad = agent.actor.backward(w, agent.actor.forward(obs)[1])
    loss = of_theta(agent.actor, lambda: (agent.actor.forward(obs)[0] * w).sum())
    report = check_gradient(loss, theta, grad, method=method)
    assert report, report


@LAYERS
def test_the_action_enters_at_its_layer_beside_the_hidden_units(action_layer, rng):
    critic, batch = critic_and_batch(rng, action_layer, "float64")
    linears = [*critic.trunk.linears, *critic.head.linears]
    x = batch.obs
    for i, (weight, bias) in enumerate(linears):
        if i == action_layer:
            x = np.concatenate((x, batch.action), axis=1)
        x = x @ weight + bias
        if i < len(linears) - 1:
            x = np.maximum(x, 0)
    np.testing.assert_allclose(critic.forward(batch.obs, batch.action)[0], x[:, 0], rtol=1e-12)


@LAYERS
def test_critics_theta_is_one_vector_that_its_parts_see(action_layer, rng):
    critic, _ = critic_and_batch(rng, action_layer, "float64")
    linears = [*critic.trunk.linears, *critic.head.linears]
    assert critic.theta.size == sum(part.size for linear in linears for part in linear)
    np.testing.assert_array_equal(
        np.concatenate([np.concatenate(x, axis=None) for x in linears]), critic.theta
    )
    critic.theta[:] = 0
    assert not any(part.any() for linear in linears for part in linear)
    critic.theta[:] = critic.weight_mask()
    assert all((linear.weight == 1).all() and (linear.bias == 0).all() for linear in linears)


@LAYERS
def test_two_forwards_then_two_backwards_do_not_mix(action_layer, rng):
    critic, batch = critic_and_batch(rng, action_layer, "float64")
    w = rng.standard_normal(BATCH_SIZE)
    _, first = critic.forward(batch.obs, batch.action)
    alone = critic.backward(w, first).copy(), critic.action_gradient(first).copy()
    _, first = critic.forward(batch.obs, batch.action)
    _, second = critic.forward(batch.next_obs, -batch.action)
    critic.action_gradient(second)
    critic.backward(w + 1, second)
    np.testing.assert_array_equal(critic.backward(w, first), alone[0])
    np.testing.assert_array_equal(critic.action_gradient(first), alone[1])


def test_new_networks_start_near_zero_with_the_papers_intervals(rng):
    config = Config.preset("paper")
    actor, critic = Actor(3, 1, config, rng), Critic(3, 1, config, rng)
    obs, action = rng.standard_normal((50, 3)), rng.uniform(-1, 1, (50, 1))
    assert np.abs(actor.forward(obs)[0]).max() < 0.05
    assert np.abs(critic.forward(obs, action)[0]).max() < 0.05
    linears = [*critic.trunk.linears, *critic.head.linears]
    bounds = [1 / np.sqrt(3), 1 / np.sqrt(401), 3e-3]  # the action widens the second's fan-in
    for linear, bound in zip(linears, bounds, strict=True):
        assert 0.95 * bound < np.abs(linear.weight).max() <= bound


def test_the_papers_networks_have_the_papers_sizes():
    plain = Config.preset("paper", batch_norm=False)
    assert Actor(3, 1, plain).theta.size == 122_201
    assert Critic(3, 1, plain).theta.size == 122_501
    # a γ and a β for every normalised unit: state and all layers; only those before the action
    paper = Config.preset("paper")
    assert Actor(3, 1, paper).theta.size == 122_201 + 2 * (3 + 400 + 300 + 1)
    assert Critic(3, 1, paper).theta.size == 122_501 + 2 * (3 + 400)


def test_actions_are_within_one_even_when_saturated(rng):
    actor = make_agent(rng, dtype="float32").actor
    actor.theta[:] = 50
    action, _ = actor.forward(np.ones((3, OBS_DIM), np.float32))
    np.testing.assert_array_equal(action, np.ones((3, ACTION_DIM)))


def test_both_networks_are_drawn_and_their_last_layers_as_the_config_says(rng):
    config = Config(hidden_sizes=(30, 20), final_layer_scale=0.2)
    for network, last in (
        (actor := Actor(4, 2, config, rng), actor.mlp.linears[-1]),
        (critic := Critic(4, 2, config, rng), critic.head.linears[-1]),
    ):
        assert 0.15 < np.abs(last.weight).max() <= 0.2
        assert np.count_nonzero(network.theta) == network.theta.size


@pytest.mark.parametrize("action_layer", [0, 1])
def test_no_gradient_is_computed_that_nobody_reads(action_layer, rng, monkeypatch):
    """A first layer needs none in its input, and the actor's step needs none in the critic's θ."""
    asked, original = [], Linear.backward  # (inputs of the layer, wrt_x, wrt_theta)

    def spy(self, grad_z, x, wrt_x=True, wrt_theta=True):
        asked.append((len(self.weight), wrt_x, wrt_theta))
        return original(self, grad_z, x, wrt_x, wrt_theta)

    monkeypatch.setattr(Linear, "backward", spy)
    config = Config(hidden_sizes=(8, 6), action_layer=action_layer)
    actor, critic = Actor(4, 2, config, rng), Critic(4, 2, config, rng)
    obs, action = np.ones((7, 4), np.float32), np.ones((7, 2), np.float32)
    actor.backward(action, actor.forward(obs)[1])
    assert asked == [(6, True, True), (8, True, True), (4, False, True)]
    asked.clear()
    q, cache = critic.forward(obs, action)
    critic.backward(q, cache)
    head = [(6, True, True), (8 + 2, True, True)] if action_layer else [(6, True, True)]
    assert asked == [*head, *([(8, True, True)] if not action_layer else []), asked[-1]]
    assert asked[-1] == (4 if action_layer else 4 + 2, False, True)
    asked.clear()
    critic.action_gradient(cache)
    hidden = [(6, True, False)] if action_layer else [(6, True, False), (8, True, False)]
    assert asked == [*hidden, (2, True, False)]  # at the end, only the two rows of the action
