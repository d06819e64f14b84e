"""The agent: both gradients against numerical ones, the update against algorithm 1."""

import copy
import pickle
from dataclasses import replace

import numpy as np
import pytest
from helpers import (
    ACTION_DIM,
    BATCH_SIZE,
    HIGH,
    LOW,
    OBS_DIM,
    make_agent,
    make_batch,
    of_theta,
    randomise,
)

from minddpg import DDPG, CheckpointError, Config, DivergenceError
from minddpg.nn.gradcheck import check_gradient

LAYERS = pytest.mark.parametrize("action_layer", [0, 1])


@LAYERS
@pytest.mark.parametrize(("method", "dtype"), [("complex", "complex128"), ("central", "float64")])
def test_critic_loss_gradient_matches_finite_differences(action_layer, method, dtype, rng):
    agent = make_agent(rng, action_layer=action_layer, dtype=dtype)
    randomise(agent, rng)
    batch = make_batch(rng)
    y = agent.td_target(batch)
    theta = agent.critic.theta.copy()
    _, grad_theta = agent.critic_loss(batch, y)
    loss = of_theta(agent.critic, lambda: agent.critic_loss(batch, y)[0])
    report = check_gradient(loss, theta, grad_theta, method=method)
    assert report, report


@LAYERS
@pytest.mark.parametrize(("method", "dtype"), [("complex", "complex128"), ("central", "float64")])
def test_policy_gradient_matches_finite_differences(action_layer, method, dtype, rng):
    """The chain ∇a Q · ∇θ μ is the slope of the whole composition −mean Q(s, μ(s)) in θ^μ."""
    agent = make_agent(rng, action_layer=action_layer, dtype=dtype)
    randomise(agent, rng)
    obs, theta = make_batch(rng).obs, agent.actor.theta.copy()
    _, grad_theta = agent.actor_loss(obs)
    loss = of_theta(agent.actor, lambda: agent.actor_loss(obs)[0])
    report = check_gradient(loss, theta, grad_theta, method=method)
    assert report, report


@LAYERS
def test_losses_are_the_papers_sums(action_layer, rng):
    agent, batch = make_agent(rng, action_layer=action_layer), make_batch(rng)
    randomise(agent, rng)
    y = rng.standard_normal(BATCH_SIZE)
    squares, values = 0.0, 0.0
    for i in range(BATCH_SIZE):
        obs = batch.obs[i : i + 1]
        squares += (agent.critic.forward(obs, batch.action[i : i + 1])[0][0] - y[i]) ** 2
        values += agent.critic.forward(obs, agent.actor.forward(obs)[0])[0][0]
    assert agent.critic_loss(batch, y)[0] == pytest.approx(squares / BATCH_SIZE, rel=1e-12)
    assert agent.actor_loss(batch.obs)[0] == pytest.approx(-values / BATCH_SIZE, rel=1e-12)


def test_target_bootstraps_from_the_target_networks_unless_terminated(rng):
    agent, batch = make_agent(rng, discount=0.9), make_batch(rng)
    randomise(agent, rng)
    y = agent.td_target(batch)
    assert y.shape == (BATCH_SIZE,)
    for i in range(BATCH_SIZE):
        next_obs = batch.next_obs[i : i + 1]
        next_q = agent.target_critic.forward(next_obs, agent.target_actor.forward(next_obs)[0])[0][
            0
        ]
        expected = batch.reward[i] + (0 if batch.terminated[i] else 0.9 * next_q)
        assert y[i] == pytest.approx(expected, rel=1e-12)


def test_a_terminal_value_that_is_not_finite_does_not_reach_the_target(rng):
    agent, batch = make_agent(rng), make_batch(rng)
    batch = batch._replace(terminated=np.ones(BATCH_SIZE, bool))
    agent.target_critic.theta[-1] = np.inf
    np.testing.assert_array_equal(agent.td_target(batch), batch.reward)


def test_a_column_of_rewards_is_refused_instead_of_broadcast(rng):
    agent, batch = make_agent(rng), make_batch(rng)
    column = batch._replace(reward=batch.reward[:, None])
    with pytest.raises(ValueError, match=r"\(7, 7\).*\(7,\)"):
        agent.critic_loss(batch, agent.td_target(column))


def test_update_is_algorithm_1_critic_then_actor_then_both_targets(rng):
    agent, batch = make_agent(rng, tau=0.1), make_batch(rng)
    randomise(agent, rng)
    by_hand = copy.deepcopy(agent)
    y = by_hand.td_target(batch)
    by_hand.critic_optimizer.step(by_hand.critic_loss(batch, y)[1])
    by_hand.actor_optimizer.step(by_hand.actor_loss(batch.obs)[1])  # through the new critic
    for target, online in (
        (by_hand.target_critic, by_hand.critic),
        (by_hand.target_actor, by_hand.actor),
    ):
        target.theta[:] = 0.1 * online.theta + 0.9 * target.theta
    agent.update(batch)
    for name in ("actor", "critic", "target_actor", "target_critic"):
        np.testing.assert_allclose(
            getattr(agent, name).theta, getattr(by_hand, name).theta, rtol=1e-13, atol=1e-16
        )


def test_update_reports_the_losses_and_the_range_of_q_before_it(rng):
    agent, batch = make_agent(rng), make_batch(rng)
    randomise(agent, rng)
    q, _ = agent.critic.forward(batch.obs, batch.action)
    y = agent.td_target(batch)
    critic_loss, _ = agent.critic_loss(batch, y)
    metrics = agent.update(batch)
    assert {type(value) for value in metrics.values()} == {float}
    assert set(metrics) == {"critic_loss", "actor_loss", "q_mean", "q_min", "q_max"}
    assert metrics["critic_loss"] == pytest.approx(critic_loss, rel=1e-12)
    assert np.mean(agent.td_error**2) == pytest.approx(critic_loss, rel=1e-12)
    assert agent.td_error.mean() == pytest.approx(q.mean() - y.mean(), rel=1e-12)
    found = [metrics["q_mean"], metrics["q_min"], metrics["q_max"]]
    np.testing.assert_allclose(found, [q.mean(), q.min(), q.max()], rtol=1e-12)


def test_the_actors_step_leaves_the_critic_untouched_to_the_byte(rng):
    agent, batch = make_agent(rng), make_batch(rng)
    before = agent.critic.theta.tobytes()
    agent.actor_optimizer.step(agent.actor_loss(batch.obs)[1])
    assert agent.critic.theta.tobytes() == before


def test_the_actors_step_raises_q_at_its_own_actions(rng):
    agent, obs = make_agent(rng, actor_learning_rate=1e-4), make_batch(rng).obs
    randomise(agent, rng)
    before, grad_theta = agent.actor_loss(obs)
    agent.actor_optimizer.step(grad_theta)
    assert agent.actor_loss(obs)[0] < before


def test_weight_decay_acts_on_the_critics_weights_and_not_on_its_loss(rng):
    plain = make_agent(np.random.default_rng(1), action_layer=1)
    decayed = make_agent(np.random.default_rng(1), action_layer=1, critic_weight_decay=0.5)
    batch = make_batch(rng)
    y = plain.td_target(batch)
    np.testing.assert_array_equal(decayed.critic_loss(batch, y)[1], plain.critic_loss(batch, y)[1])
    assert decayed.critic_loss(batch, y)[0] == plain.critic_loss(batch, y)[0]
    zero = np.zeros_like(plain.critic.theta)
    before = decayed.critic.theta.copy()
    decayed.critic_optimizer.step(zero)
    moved = decayed.critic.theta != before
    np.testing.assert_array_equal(moved, decayed.critic.weight_mask())
    assert decayed.actor_optimizer.decay is None


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@LAYERS
def test_training_stays_in_its_dtype(dtype, action_layer, rng):
    agent = make_agent(rng, dtype=dtype, action_layer=action_layer, critic_weight_decay=0.1)
    batch = make_batch(rng, dtype=dtype)
    y = agent.td_target(batch)
    loss, grad_critic = agent.critic_loss(batch, y)
    actor_loss, grad_actor = agent.actor_loss(batch.obs)
    agent.update(batch)
    arrays = (y, loss, grad_critic, actor_loss, grad_actor, agent.act(batch.obs, explore=True))
    thetas = (agent.actor.theta, agent.critic.theta, agent.target_critic.theta)
    assert {array.dtype for array in (*arrays, *thetas)} == {np.dtype(dtype)}


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copied_agent_learns_on_its_own_and_exactly_alike(duplicate, rng):
    agent = make_agent(rng, action_layer=1)
    agent.update(make_batch(rng))
    twin = duplicate(agent)
    before = agent.critic.theta.copy()
    batch = make_batch(rng)
    twin.update(batch)
    np.testing.assert_array_equal(agent.critic.theta, before)
    agent.update(batch)
    np.testing.assert_array_equal(agent.critic.theta, twin.critic.theta)
    np.testing.assert_array_equal(agent.actor.theta, twin.actor.theta)
    np.testing.assert_array_equal(agent.predict(batch.obs)[0], twin.predict(batch.obs)[0])


# Acting


def test_predict_takes_one_observation_or_a_batch_and_gives_the_same_actions(rng):
    agent, obs = make_agent(rng), make_batch(rng).obs
    randomise(agent, rng)
    actions, state = agent.predict(obs)
    assert state is None
    assert actions.shape == (BATCH_SIZE, ACTION_DIM)
    assert ((actions >= LOW) & (actions <= HIGH)).all()
    for one, expected in zip(obs, actions, strict=True):
        action, _ = agent.predict(one)
        assert action.shape == (ACTION_DIM,)
        np.testing.assert_allclose(action, expected, rtol=1e-6)


def test_predict_is_noisy_only_when_asked_and_within_bounds_even_then(rng):
    agent, obs = make_agent(rng, noise_scale=3.0), make_batch(rng).obs
    calm, _ = agent.predict(obs)
    np.testing.assert_array_equal(agent.predict(obs)[0], calm)
    noisy, _ = agent.predict(obs, deterministic=False)
    assert (noisy != calm).all()
    assert ((noisy >= LOW) & (noisy <= HIGH)).all()
    assert len(np.unique(noisy[:, 0])) > 2  # a draw for each row
    np.testing.assert_array_equal(agent.predict(obs)[0], calm)


def test_exploring_adds_the_agents_noise_to_mu(rng):
    agent, obs = make_agent(rng, noise_scale=1e-3), make_batch(rng).obs[0]
    twin = copy.deepcopy(agent)
    np.testing.assert_allclose(
        agent.act(obs, explore=True) - agent.act(obs), twin.noise.sample(), rtol=1e-9
    )


def test_no_observations_give_no_actions_with_noise_or_without(rng):
    agent = make_agent(rng)
    for explore in (False, True):
        assert agent.act(np.zeros((0, OBS_DIM)), explore).shape == (0, ACTION_DIM)


def test_random_actions_fill_the_box_uniformly(rng):
    agent = make_agent(rng)
    actions = np.array([agent.random_action() for _ in range(4000)])
    assert actions.shape == (4000, ACTION_DIM)
    assert np.abs(actions).max() <= 1
    np.testing.assert_allclose(actions.mean(axis=0), 0, atol=0.05)
    np.testing.assert_allclose(actions.var(axis=0), 1 / 3, rtol=0.1)


@pytest.mark.parametrize("shape", [(), (3,), (5,), (7, 3), (1, 7, 4)])
def test_an_observation_of_another_size_is_refused(shape, rng):
    with pytest.raises(ValueError, match="obs has shape"):
        make_agent(rng).predict(np.zeros(shape))


@pytest.mark.parametrize(
    ("low", "high"),
    [([0.0], [0.0]), ([1.0], [-1.0]), ([-np.inf], [1.0]), ([np.nan], [1.0]), ([], []), (-1, 1)],
)
def test_bounds_that_are_not_a_box_are_refused(low, high, rng):
    with pytest.raises(ValueError, match="action bounds"):
        DDPG(OBS_DIM, low, high, Config(), rng)


# Randomness


def test_the_same_stream_makes_the_same_agent():
    batch = make_batch(np.random.default_rng(5))
    one, two = (make_agent(np.random.default_rng(9)) for _ in range(2))
    for agent in (one, two):
        agent.update(batch)
    np.testing.assert_array_equal(one.critic.theta, two.critic.theta)
    np.testing.assert_array_equal(
        one.act(batch.obs, explore=True), two.act(batch.obs, explore=True)
    )


def test_an_agent_leaves_numpys_global_random_state_alone(rng):
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    agent = make_agent(rng)
    agent.act(make_batch(rng).obs, explore=True)
    agent.update(make_batch(rng))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_exploring_does_not_shift_the_stream_that_draws_weights(rng):
    calm, busy = np.random.default_rng(9), np.random.default_rng(9)
    make_agent(calm)
    make_agent(busy).act(make_batch(rng).obs, explore=True)
    assert calm.bit_generator.state == busy.bit_generator.state


def test_a_seeds_exploration_is_the_same_for_networks_of_any_size():
    """So that two network sizes are compared under the same random actions and the same noise."""
    drawn = []
    for sizes in ((8, 6), (20,)):
        agent = make_agent(np.random.default_rng(9), hidden_sizes=sizes)
        drawn.append([agent.random_action(), agent.noise.sample(), agent.noise.sample()])
    np.testing.assert_array_equal(*drawn)


# Saving


@LAYERS
def test_a_saved_agent_comes_back_to_the_bit(action_layer, rng, tmp_path):
    agent = make_agent(rng, action_layer=action_layer, hidden_sizes=(5, 9))
    agent.update(make_batch(rng))
    agent.save(tmp_path / "policy.npz")
    loaded = DDPG.load(tmp_path / "policy.npz")
    assert loaded.config == agent.config
    for name in ("actor", "critic", "target_actor", "target_critic"):
        np.testing.assert_array_equal(getattr(loaded, name).theta, getattr(agent, name).theta)
        assert getattr(loaded, name).theta.dtype == np.float64
    obs = make_batch(rng).obs
    np.testing.assert_array_equal(loaded.predict(obs)[0], agent.predict(obs)[0])
    assert [path.name for path in tmp_path.iterdir()] == ["policy.npz"]  # no temporary left


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"actor": np.zeros(3)}, r"theta has shape \(3,\), not \(108,\)"),
        ({"critic": np.zeros(109, np.float32)}, "critic is float32 of shape .109,., not float64"),
        ({"format": np.int64(99)}, "format is 99"),
        ({"config": np.str_("{}")}, "theta has shape"),
        ({"config": np.str_('{"tau": 7}')}, "tau = 7"),
        ({"action_low": np.array([5.0, 50.0])}, "low below high"),
        ({"target_actor": None}, "target_actor"),
    ],
)
def test_a_file_of_another_agent_is_refused_with_path_and_reason(change, message, rng, tmp_path):
    path = tmp_path / "policy.npz"
    make_agent(rng).save(path)
    arrays = {**np.load(path), **change}
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    with pytest.raises(CheckpointError, match=message) as caught:
        DDPG.load(path)
    assert caught.value.path == path
    assert str(path) in str(caught.value)


def test_a_config_survives_the_file(rng, tmp_path):
    agent = make_agent(rng, seed=3, noise="ou", tau=0.25)
    agent.save(tmp_path / "a.npz")
    assert DDPG.load(tmp_path / "a.npz").config == replace(agent.config)


def test_acting_is_clipped_to_the_agents_own_range_in_its_own_dtype(rng):
    agent = make_agent(rng, noise_scale=50.0, dtype="float32")
    actions = np.array([agent.act(np.ones(4), explore=True) for _ in range(40)])
    assert set(np.unique(actions)) == {-1.0, 1.0}
    assert agent.act(np.ones(4)).dtype == np.float32  # of float64 observations
    assert agent.act(np.ones((3, 4)), explore=True).dtype == np.float32
    assert agent.random_action().dtype == np.float32


def test_an_agent_of_one_observation_comes_back_and_two_loads_explore_alike(rng, tmp_path):
    path = tmp_path / "policy.npz"
    DDPG(1, LOW, HIGH, Config(hidden_sizes=(5,)), rng).save(path)
    first, again = (DDPG.load(path).predict(np.ones(1), deterministic=False) for _ in range(2))
    np.testing.assert_array_equal(first[0], again[0])


def test_a_new_actor_is_drawn_and_not_zero(rng):
    agent = make_agent(rng)
    assert np.count_nonzero(agent.actor.theta) == agent.actor.theta.size


@pytest.mark.parametrize("field", ["reward", "obs", "next_obs"])
def test_a_batch_that_is_not_finite_is_divergence_with_the_updates_number(field, rng):
    agent, batch = make_agent(rng), make_batch(rng)
    agent.update(batch)
    getattr(batch, field)[0] = np.nan
    with pytest.raises(DivergenceError, match=r"^update 2: .* is nan; smaller rewards or lear"):
        agent.update(batch)


@pytest.mark.parametrize("network", ["actor", "critic", "target_actor", "target_critic"])
def test_a_nan_in_any_theta_is_divergence(network, rng):
    agent = make_agent(rng)
    getattr(agent, network).theta[3] = np.nan
    with pytest.raises(DivergenceError, match=r"^update 1: "):
        agent.update(make_batch(rng))
