"""TD3 in chapter 12, as the package's class and as an exercise: DDPG with three changes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from minddpg import DDPG, CheckpointError, Config
from minddpg.course.ch12_paper import noisy_task
from minddpg.course.ch12_paper.td3 import TD3
from minddpg.course.checks import EXERCISES, solution
from minddpg.course.precomputed import precomputed
from minddpg.training.checkpoint import State, save_checkpoint
from minddpg.training.environment import make as make_env
from minddpg.verification.random_inputs import sample_batch

CONFIG = Config(hidden_sizes=(7, 6), dtype="float64")
LOW, HIGH = np.array([-1.0, -2.0]), np.array([2.0, 3.0])


def make(kind=TD3, **changes):
    agent = kind(4, LOW, HIGH, CONFIG, np.random.default_rng(5))
    for name, value in changes.items():
        setattr(agent, name, value)
    return agent


@pytest.fixture
def batches():
    rng = np.random.default_rng(6)
    return [sample_batch(9, 4, 2, rng) for _ in range(6)]


def test_without_its_three_changes_it_is_ddpg_to_the_last_bit(batches):
    plain = make(DDPG)
    td3 = make(delay=1, smoothing=0.0, combine=lambda q1, q2: q1)
    for batch in batches:
        assert plain.update(batch) == td3.update(batch)
    for name, array in plain.arrays().items():
        assert np.array_equal(array, td3.arrays()[name])


def test_its_target_is_the_smaller_value_of_each_row(batches):
    agent, batch = make(smoothing=0.0), batches[0]
    agent.target_critic.theta += 0.5 * np.random.default_rng(1).normal(
        size=agent.critic.theta.shape
    )
    values = [
        critic.forward(batch.next_obs, agent.target_actor.forward(batch.next_obs)[0])[0]
        for critic in (agent.target_critic, agent.target_critic2)
    ]
    goes_on = ~batch.terminated
    expected = batch.reward + 0.99 * goes_on * np.minimum(*values)
    assert np.allclose(agent.td_target(batch), expected)
    both = [(first < second).any() for first, second in (values, values[::-1])]
    assert both == [True, True]  # each critic is the smaller one somewhere


def test_the_actor_and_all_targets_wait_for_every_second_update(batches):
    agent = make()
    slow = ("actor", "target_actor", "target_critic", "target_critic2")
    for i, batch in enumerate(batches, 1):
        before = {name: getattr(agent, name).theta.copy() for name in (*slow, "critic", "critic2")}
        agent.update(batch)
        moved = {n for n, theta in before.items() if (getattr(agent, n).theta != theta).any()}
        assert moved == {"critic", "critic2", *(slow if i % 2 == 0 else ())}


def test_smoothing_moves_the_target_within_the_clip(batches):
    still, smooth = make(smoothing=0.0), make(noise_clip=1e-12)
    assert np.allclose(still.td_target(batches[0]), smooth.td_target(batches[0]))
    wide = make()
    for agent in (still, wide):
        agent.target_critic.theta *= 30
    assert not np.allclose(still.td_target(batches[0]), wide.td_target(batches[0]), rtol=1e-6)


def test_settings_that_it_would_follow_only_in_part_are_refused_or_followed_by_both_critics():
    rng = np.random.default_rng(5)
    with pytest.raises(ValueError, match=r"^batch_norm = True: must be False"):
        TD3(4, LOW, HIGH, replace(CONFIG, batch_norm=True, action_layer=1), rng)
    agent = TD3(4, LOW, HIGH, replace(CONFIG, critic_weight_decay=0.01), rng)
    first, second = agent.critic_optimizer.decay, agent.critic2_optimizer.decay
    assert first.any()
    assert np.array_equal(first, second)


def test_a_saved_agent_has_both_critics_when_it_is_loaded(batches, tmp_path):
    agent = make()
    for batch in batches:
        agent.update(batch)
    agent.save(tmp_path / "td3.npz")
    loaded = TD3.load(tmp_path / "td3.npz")
    for name in ("actor", "critic", "critic2"):
        for network in (name, f"target_{name}"):
            assert np.array_equal(getattr(loaded, network).theta, getattr(agent, network).theta)
    agent.smoothing = loaded.smoothing = 0.0  # a random number would hide the difference
    assert np.array_equal(loaded.td_target(batches[0]), agent.td_target(batches[0]))


def test_a_file_of_another_class_of_agent_is_refused_with_words(tmp_path):
    for kind, other, words in (
        (TD3, DDPG, "not a saved DDPG: it holds critic2, unknown to this class"),
        (DDPG, TD3, "not a saved TD3: it holds no critic2"),
    ):
        make(kind).save(tmp_path / "agent.npz")
        with pytest.raises(CheckpointError, match=words):
            other.load(tmp_path / "agent.npz")


def test_a_checkpoint_that_would_lose_the_second_critic_is_not_written(tmp_path):
    env = make_env("Pendulum-v1")
    state = State(Config(), env)
    state.agent = TD3(3, env.action_low, env.action_high, Config(), np.random.default_rng(0))
    with pytest.raises(TypeError, match="a checkpoint holds a DDPG, not a TD3"):
        save_checkpoint(tmp_path / "checkpoint.npz", state, {})
    assert not list(tmp_path.iterdir())


class Scripted:
    """Returns prepared noise, one array for each update."""

    def __init__(self):
        self.next = None

    def standard_normal(self, shape):
        assert self.next.shape == shape
        return self.next


def test_the_solution_of_the_exercise_is_the_packages_td3_update_for_update():
    config = replace(CONFIG, hidden_sizes=(6, 5))
    agent = TD3(4, LOW, HIGH, config, np.random.default_rng(5))
    agent.smoothing_rng = Scripted()
    names = ("actor", "critic", "critic2")
    start = [arrays_of(getattr(agent, name)) for name in names]
    rates = config.actor_learning_rate, config.critic_learning_rate
    my_td3, _ = EXERCISES["12.6"].reference
    own = my_td3(*start, config.discount, config.tau, *rates, agent.noise_clip, agent.delay)
    rng = np.random.default_rng(7)
    for _ in range(100):
        batch, noise = sample_batch(9, 4, 2, rng), 2 * rng.standard_normal((9, 2))
        agent.smoothing_rng.next = noise
        agent.update(batch)
        own.update(batch, agent.smoothing * noise)
    for name in (*names, *(f"target_{name}" for name in names)):
        expected = getattr(agent, name).theta
        found = np.concatenate(getattr(own, name), axis=None)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12, err_msg=name)


def arrays_of(network):
    sizes = (4, 6, 5, 2) if len(network.theta) == 77 else (6, 6, 5, 1)
    arrays, theta = [], network.theta.copy()
    for i, o in pairwise(sizes):
        for shape in ((i, o), (o,)):
            arrays.append(theta[: np.prod(shape)].reshape(shape).copy())
            theta = theta[np.prod(shape) :]
    assert not len(theta)
    return arrays


def test_in_the_noisy_task_td3_is_less_biased_than_ddpg_in_every_seed():
    bias = precomputed("ch12/noisy")["bias"]  # (3, seeds, measurements)
    assert (bias[2].mean(axis=1) < bias[0].mean(axis=1)).all()


def test_the_noisy_task_runs_any_correct_agent_and_leaves_a_slow_one_out(capsys, monkeypatch):
    makers = {
        "one": noisy_task.ddpg(solution("10.1")),
        "other": noisy_task.td3(EXERCISES["12.6"].reference[0]),
    }
    monkeypatch.setattr(noisy_task, "UPDATES", 100)
    found = noisy_task.in_time(makers, seeds=1, seconds=600)
    assert {name: runs.shape for name, runs in found.items()} == dict.fromkeys(makers, (2, 1, 1))
    assert noisy_task.in_time(makers, seeds=1, seconds=1e-9) == {}
    assert "raise `seconds`" in capsys.readouterr().out
