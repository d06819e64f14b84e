"""DDPG with batch normalisation: which statistics each pass uses, and which pass updates them."""

import copy
import pickle

import numpy as np
import pytest
from helpers import BATCH_SIZE, OBS_DIM, make_agent, make_batch, of_theta, randomise

from minddpg import DDPG, Batch, Config
from minddpg.nn.batchnorm import RATE
from minddpg.nn.gradcheck import check_gradient

NETWORKS = ("actor", "critic", "target_actor", "target_critic")


def make(rng, **settings):
    agent = make_agent(rng, **{"action_layer": 1, "batch_norm": True, **settings})
    randomise(agent, rng)
    for name in NETWORKS:
        network = getattr(agent, name)
        network.statistics[:] = rng.uniform(0.5, 2, network.statistics.shape)
    return agent


@pytest.mark.parametrize("action_layer", [1, 2])
@pytest.mark.parametrize(("method", "dtype"), [("complex", "complex128"), ("central", "float64")])
def test_both_losses_have_the_numerical_gradient(action_layer, method, dtype, rng):
    agent = make(rng, action_layer=action_layer, hidden_sizes=(8, 6, 5), dtype=dtype)
    batch = make_batch(rng)
    y = agent.td_target(batch)
    losses = {
        "critic": lambda: agent.critic_loss(batch, y),
        "actor": lambda: agent.actor_loss(batch.obs),
    }
    for name, loss in losses.items():
        network = getattr(agent, name)
        theta, (_, analytic) = network.theta.copy(), loss()
        value = of_theta(network, lambda loss=loss: loss()[0])
        report = check_gradient(value, theta, analytic, method=method)
        assert report, report
        network.theta[:] = theta


def test_the_losses_normalise_by_the_batch_and_the_target_by_running_statistics(rng):
    agent, batch = make(rng), make_batch(rng)
    y = agent.td_target(batch)
    halves = [
        agent.td_target(type(batch)(*(x[part] for x in batch)))
        for part in (slice(0, 3), slice(3, None))
    ]
    np.testing.assert_allclose(np.concatenate(halves), y, rtol=1e-12)
    losses = agent.critic_loss(batch, y)[0], agent.actor_loss(batch.obs)[0]
    for network in (agent.actor, agent.critic):
        network.statistics *= rng.uniform(0.5, 2, network.statistics.shape)
    assert (agent.critic_loss(batch, y)[0], agent.actor_loss(batch.obs)[0]) == losses
    np.testing.assert_array_equal(agent.td_target(batch), y)
    for network in (agent.target_actor, agent.target_critic):
        network.statistics *= rng.uniform(0.5, 2, network.statistics.shape)
        assert not np.allclose(agent.td_target(batch), y, rtol=1e-6)
        y = agent.td_target(batch)


def test_acting_uses_the_running_statistics_whatever_the_batch(rng):
    agent = make(rng, dtype="float32")
    obs = make_batch(rng).obs
    together, _ = agent.predict(obs)
    for i in range(BATCH_SIZE):
        np.testing.assert_allclose(agent.predict(obs[i])[0], together[i], rtol=1e-5)
        np.testing.assert_allclose(agent.predict(obs[i : i + 1])[0][0], together[i], rtol=1e-5)
    agent.actor.statistics *= rng.uniform(0.5, 2, agent.actor.statistics.shape)
    assert not np.allclose(agent.predict(obs)[0], together)


def test_the_action_passes_no_batch_norm(rng):
    """A row's ∇a Q is the slope of its own q only, not of any other row's."""
    agent, batch = make(rng), make_batch(rng)
    q, cache = agent.critic.forward(batch.obs, batch.action, training=True)
    dq_da = agent.critic.action_gradient(cache)
    moved = batch.action.copy()
    moved[2] += 1e-7 * dq_da[2]
    change = agent.critic.forward(batch.obs, moved, training=True)[0] - q
    assert not np.delete(change, 2).any()
    assert change[2] == pytest.approx(1e-7 * dq_da[2] @ dq_da[2], rel=1e-5)


def test_only_update_moves_the_statistics(rng):
    agent, batch = make(rng), make_batch(rng)
    before = pickle.dumps(agent)
    agent.critic_loss(batch, agent.td_target(batch))
    agent.actor_loss(batch.obs)
    agent.predict(batch.obs)
    assert pickle.dumps(agent) == before
    old = {name: getattr(agent, name).statistics.copy() for name in NETWORKS}
    agent.update(batch)
    for name in NETWORKS:
        assert (getattr(agent, name).statistics != old[name]).all(), name
    # the state's mean comes first; it depends on no weight
    mean = old["actor"][:OBS_DIM] * (1 - RATE) + RATE * batch.obs.mean(axis=0)
    np.testing.assert_allclose(agent.actor.statistics[:OBS_DIM], mean, rtol=1e-12)


def test_statistics_are_measured_on_the_networks_as_the_update_leaves_them(rng):
    agent, batch = make(rng), make_batch(rng)
    old = agent.critic.statistics.copy()
    agent.update(batch)
    _, caches = agent.critic.trunk.forward(batch.obs, training=True)
    mean, variance = caches[2][1:3]  # of the first layer's output
    now = np.concatenate((mean, variance * BATCH_SIZE / (BATCH_SIZE - 1)))
    where = np.r_[OBS_DIM : OBS_DIM + 8, 2 * OBS_DIM + 8 : 2 * OBS_DIM + 16]
    np.testing.assert_allclose(
        agent.critic.statistics[where], (1 - RATE) * old[where] + RATE * now, rtol=1e-10
    )


def test_a_saved_agent_acts_and_bootstraps_as_before(rng, tmp_path):
    agent, batch = make(rng), make_batch(rng)
    agent.update(batch)
    agent.save(tmp_path / "policy.npz")
    again = DDPG.load(tmp_path / "policy.npz")
    np.testing.assert_array_equal(again.predict(batch.obs)[0], agent.predict(batch.obs)[0])
    np.testing.assert_array_equal(again.td_target(batch), agent.td_target(batch))
    for name in NETWORKS:
        for part in ("theta", "statistics"):
            saved, loaded = (getattr(getattr(each, name), part) for each in (agent, again))
            np.testing.assert_array_equal(saved, loaded)


def test_without_batch_norm_there_are_no_statistics_in_the_file(rng, tmp_path):
    make_agent(rng).save(tmp_path / "policy.npz")
    assert not [name for name in np.load(tmp_path / "policy.npz") if "statistics" in name]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"action_layer": 0}, "action_layer = 0: must be at least 1, since batch_norm"),
        ({"action_layer": 1, "batch_size": 1}, "batch_size = 1: must be at least 2, since batch"),
        ({"batch_norm": "yes"}, "batch_norm = 'yes': must be true or false"),
        ({"batch_norm": 1}, "batch_norm = 1: must be true or false"),
    ],
)
def test_settings_that_batch_norm_cannot_use_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Config(**{"batch_norm": True, **settings})


def test_the_least_settings_that_batch_norm_can_use_are_accepted():
    assert Config(batch_norm=True, action_layer=1, batch_size=2).batch_size == 2


@pytest.mark.slow
def test_an_agent_with_batch_norm_solves_a_problem_of_one_step():
    """It learns by batch statistics and acts by running ones: the two modes agree."""
    rng = np.random.default_rng(0)
    rates = {"actor_learning_rate": 2e-3, "critic_learning_rate": 4e-3}
    config = Config(action_layer=1, batch_norm=True, hidden_sizes=(64, 64), **rates)
    agent = DDPG(3, np.array([-1.0]), np.array([1.0]), config, rng)

    def draw(n):
        obs = rng.standard_normal((n, 3)) * (1, 1, 4) + (0, 0, 2)  # columns of unlike scales
        return obs.astype(np.float32), np.tanh(obs[:, 0] - 0.3 * obs[:, 2])

    for _ in range(1_200):
        obs, best = draw(64)
        action = rng.uniform(-1, 1, (64, 1)).astype(np.float32)
        reward = -10 * (action[:, 0] - best) ** 2
        agent.update(Batch(obs, action, reward.astype(np.float32), obs, np.full(64, True)))
    obs, best = draw(500)
    error = agent.predict(obs)[0][:, 0] - best
    assert np.sqrt(np.mean(error**2)) <= 0.2  # a policy that used only the mean would score 0.7


def test_a_copy_of_an_agent_keeps_what_its_batch_norms_measured(rng):
    agent = make_agent(rng, batch_norm=True, action_layer=1)
    agent.update(make_batch(rng))
    twin = copy.deepcopy(agent)
    for name in ("actor", "critic", "target_actor", "target_critic"):
        mine, copied = getattr(agent, name), getattr(twin, name)
        np.testing.assert_array_equal(mine.statistics, copied.statistics)
        assert not np.shares_memory(mine.statistics, copied.statistics)
        assert set(np.unique(mine.statistics)) != {0, 1}  # they have moved
