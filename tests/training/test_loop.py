"""The training loop: when it learns, what it evaluates and saves, what it never changes."""

import hashlib
from dataclasses import replace

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.wrappers import TimeLimit, TransformReward
from strange_envs import Strange, register

from minddpg import DDPG, Config, evaluate, resume, train
from minddpg.training import loop
from minddpg.training.environment import Environment
from minddpg.training.evaluation import Evaluation

SHORT = {"hidden_sizes": (8, 6), "eval_episodes": 2}


def short(env_id="Pendulum-v1", **settings):
    defaults = {"total_steps": 450, "warmup_steps": 300, "eval_every": 200, **SHORT}
    return Config(env_id=env_id, **{**defaults, **settings})


def digest(agent):
    networks = (agent.actor, agent.critic, agent.target_actor, agent.target_critic)
    return hashlib.sha256(b"".join(network.theta.tobytes() for network in networks)).hexdigest()


@pytest.fixture
def updates(monkeypatch):
    """Return the batches of all updates of agents."""
    seen = []
    original = DDPG.update

    def noting(self, batch):
        seen.append(batch)
        return original(self, batch)

    monkeypatch.setattr(DDPG, "update", noting)
    return seen


def test_one_seed_gives_the_same_bits_twice_and_another_seed_others():
    one, two, other = (train(short(seed=seed), progress=False) for seed in (3, 3, 4))
    assert digest(one.agent) == digest(two.agent) != digest(other.agent)
    for name in one.history:
        if name not in ("time/fps", "time/time_elapsed"):
            np.testing.assert_array_equal(one.history[name], two.history[name])


def test_evaluations_change_nothing_in_training():
    rarely = train(short(eval_every=10_000, eval_episodes=1), progress=False)
    often = train(short(eval_every=90, eval_episodes=1), progress=False)
    assert digest(rarely.agent) == digest(often.agent)


def test_training_leaves_numpys_global_random_state_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    train(short(), progress=False)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_without_warmup_updates_begin_when_the_buffer_holds_a_batch(updates):
    train(short(total_steps=100, warmup_steps=0, batch_size=64), progress=False)
    assert [len(batch.obs) for batch in updates] == [64] * 36


def test_both_rates_are_constant_then_fall_linearly_to_zero(monkeypatch):
    rates = []

    def noting(self, batch):
        rates.append((self.actor_optimizer.learning_rate, self.critic_optimizer.learning_rate))
        return {}

    monkeypatch.setattr(DDPG, "update", noting)
    rate = {"actor_learning_rate": 0.1, "critic_learning_rate": 0.2}
    train(short(total_steps=200, warmup_steps=100, anneal_from=0.75, **rate), progress=False)
    actor, critic = np.array(rates).T
    assert len(actor) == 100
    np.testing.assert_allclose(critic, 2 * actor)
    np.testing.assert_allclose(actor[:50], 0.1)  # steps 101 to 150
    np.testing.assert_allclose(actor[50:], 0.1 * np.arange(49, -1, -1) / 50, atol=1e-15)
    rates.clear()
    train(short(total_steps=200, warmup_steps=100, anneal_from=1.0, **rate), progress=False)
    assert set(rates) == {(0.1, 0.2)}


def test_the_returned_agents_can_be_trained_further(updates):
    run = train(short(total_steps=200, warmup_steps=100, anneal_from=0.5), progress=False)
    for agent in (run.agent, run.best_agent):
        before = agent.actor.theta.copy()
        agent.update(updates[0])
        assert np.abs(agent.actor.theta - before).max() > 1e-4


def test_what_is_not_a_config_is_refused():
    with pytest.raises(TypeError, match="train takes a Config, not 'Pendulum-v1'"):
        train("Pendulum-v1", progress=False)


@pytest.fixture
def worlds(monkeypatch):
    """Return the environments that a run makes: first for training, then for evaluations."""
    made = []

    def make(env_id):
        made.append(Strange(truncate_at=50))
        return Environment(made[-1])

    monkeypatch.setattr(loop, "make", make)
    return made


def test_warmup_actions_are_uniform_in_the_box_and_later_ones_follow_mu(worlds):
    train(short("recorded", total_steps=600, warmup_steps=400, noise="none"), progress=False)
    actions = np.array(worlds[0].actions)
    warmup, later = actions[:400], actions[400:]
    np.testing.assert_allclose(warmup.min(axis=0), [-1, 0], atol=0.1)
    np.testing.assert_allclose(warmup.max(axis=0), [3, 10], atol=0.2)
    assert (np.abs(later[:10] - [1, 5]) < [0.2, 0.5]).all()  # a new actor's μ is near zero


def test_every_evaluation_has_the_same_starts(worlds):
    train(short("recorded", total_steps=310, eval_every=150), progress=False)
    _, evaluation = worlds
    first, second = evaluation.seeds[:2]
    assert first != second
    assert evaluation.seeds == 3 * [first, second]


@pytest.mark.parametrize(
    ("ending", "value"),
    [
        ({"truncate_at": 1}, 1 / (1 - 0.8)),
        ({"terminate_at": 1}, 1.0),
        ({"terminate_at": 1, "truncate_at": 1}, 1.0),
    ],
    ids=["truncated", "terminated", "both"],
)
def test_only_termination_stops_the_bootstrap(ending, value):
    """Episodes have one step and reward 1: truncated, their Q is Σ γ^t; terminated, it is 1."""
    env_id = register("one-step-" + "-".join(ending), **ending)
    config = short(
        env_id,
        total_steps=1200,
        discount=0.8,
        tau=0.1,
        critic_learning_rate=5e-3,
        eval_every=5000,
        eval_episodes=1,
        hidden_sizes=(16,),
    )
    history = train(config, progress=False).history
    assert history["train/q_mean"][-1] == pytest.approx(value, rel=0.02)
    assert history["train/q_min"][-1] == pytest.approx(value, rel=0.15)


def test_a_nan_in_the_environment_stops_the_run_with_step_and_field():
    env_id = register("nan-reward", trouble={120: (np.zeros(4), np.nan)})
    with pytest.raises(ValueError, match=r"step 120: .* returned reward nan"):
        train(short(env_id), progress=False)


def test_complex_training_is_refused():
    with pytest.raises(ValueError, match="dtype = 'complex128': must be float32 or float64"):
        train(short(dtype="complex128"), progress=False)


def test_the_best_agent_is_kept_apart_from_the_last(monkeypatch):
    means = iter([1.0, 5.0, 2.0])

    class Fixed:
        def __init__(self):
            self.mean = next(means)
            self.returns = self.lengths = np.ones(2)

    at_evaluation = []

    def fake(agent, *_):
        at_evaluation.append(digest(agent))
        return Fixed()

    monkeypatch.setattr(loop, "evaluate", fake)
    run = train(short(total_steps=450), progress=False)
    assert digest(run.best_agent) == at_evaluation[1]
    assert digest(run.agent) == at_evaluation[2] != at_evaluation[1]


def test_of_equal_evaluations_the_later_policy_is_the_best(monkeypatch):
    at_evaluation = []

    def fake(agent, *_):
        at_evaluation.append(digest(agent))
        return Evaluation(np.full(2, -5.0), np.ones(2))

    monkeypatch.setattr(loop, "evaluate", fake)
    run = train(short(total_steps=450), progress=False)
    assert digest(run.best_agent) == at_evaluation[2] != at_evaluation[1]


def test_each_evaluation_is_that_of_the_policy_at_its_step_on_the_runs_own_starts(tmp_path):
    """This is tested in another way, too: the saved policy is evaluated again."""
    run = train(short(total_steps=400), tmp_path, progress=False)
    means = [evaluate(run.agent, "Pendulum-v1", 2, run.eval_seed).mean]
    means.append(run.history["eval/mean_reward"][-1])
    saved = np.load(tmp_path / "evaluations.npz")["results"]
    assert means == [saved[-1].mean()] * 2
    longer = resume(tmp_path, 200, progress=False)
    assert longer.eval_seed == run.eval_seed
    again = evaluate(longer.agent, "Pendulum-v1", 2, run.eval_seed)
    np.testing.assert_array_equal(
        np.load(tmp_path / "evaluations.npz")["results"][-1], again.returns
    )


def test_a_run_that_can_make_no_update_says_so_once_before_its_first_step(tmp_path):
    cases = (
        ({"warmup_steps": 1000, "total_steps": 800}, "warmup_steps = 1000, total_steps = 800"),
        ({"warmup_steps": 80, "total_steps": 80}, "warmup_steps = 80, total_steps = 80"),
        ({"batch_size": 80, "total_steps": 80}, "batch_size = 80, total_steps = 80"),
        (
            {"batch_size": 90, "warmup_steps": 99, "total_steps": 90},
            "warmup_steps = 99, total_steps = 90",
        ),
    )
    for settings, numbers in cases:
        config = short(**{"warmup_steps": 0, "eval_episodes": 1, "log_every": 30, **settings})
        run_dir = tmp_path / numbers
        with pytest.warns(UserWarning, match="no update") as caught:
            train(config, run_dir, progress=False, on_row=lambda row: True)
        assert [str(each.message) for each in caught] == [f"no update will be made: {numbers}"]
    with pytest.warns(UserWarning, match="no update") as caught:
        resume(run_dir, progress=False)
    assert [str(each.message) for each in caught] == [f"no update will be made: {numbers}"]
    resume(run_dir, progress=False)  # finished: no evaluation will follow, so there is no warning
    run = resume(run_dir, 10, progress=False)  # with 100 steps there is one update
    assert run.agent.actor_optimizer.steps == 1


def test_the_least_run_with_an_update_is_not_warned_of(updates):
    for settings in ({"batch_size": 79}, {"warmup_steps": 79}):
        config = short(**{"total_steps": 80, "warmup_steps": 0, "eval_episodes": 1, **settings})
        train(config, progress=False)
        assert len(updates) == 1
        updates.clear()


def test_an_environment_without_a_time_limit_is_warned_of_before_its_first_evaluation(tmp_path):
    """There is no warning if a step has returned truncated: the environment has its own limit."""

    def registered(name, limit=None, **kwargs):
        env_id = f"minddpg-tests/{name}-v0"
        gym.register(env_id, Strange, kwargs=kwargs, max_episode_steps=limit)
        return env_id

    small = {"total_steps": 80, "warmup_steps": 60, "batch_size": 8, "eval_every": 30}
    for limit, words in (
        (None, "no time limit that Gymnasium knows"),
        (100_001, "a limit of 100,001 steps"),
    ):
        config = short(registered(f"Limit{limit}", limit, terminate_at=20), **small)
        with pytest.warns(UserWarning, match="limit") as caught:
            run = train(config, tmp_path / str(limit), progress=False, on_row=lambda row: True)
        (message,) = (str(each.message) for each in caught)
        assert message == (
            f"{config.env_id} has {words}, and no episode was truncated so far: if an episode"
            " of an evaluation does not end within 100,000 steps, the run stops with an error;"
            " register the environment with max_episode_steps, or set eval_every = 0"
            " (--eval-every 0)"
        )
        assert run.history["time/total_timesteps"].tolist() == [30]
        resume(tmp_path / str(limit), progress=False)  # evaluated before: no second warning
        train(replace(config, eval_every=0), progress=False)
    inside = "minddpg-tests/LimitInside-v0"
    gym.register(inside, lambda: TransformReward(TimeLimit(Strange(), 30), lambda reward: reward))
    at_100_000 = registered("Limit100000", 100_000, terminate_at=20)
    for env_id in (inside, at_100_000, registered("LimitOfItsOwn", truncate_at=20)):
        train(short(env_id, **small), progress=False)


def test_history_has_a_row_per_log_point_and_nan_where_nothing_was_measured():
    history = train(short(log_every=100), progress=False).history
    np.testing.assert_array_equal(history["time/total_timesteps"], [100, 200, 300, 400, 450])
    np.testing.assert_array_equal(np.isnan(history["eval/mean_reward"]), [1, 0, 1, 0, 0])
    np.testing.assert_array_equal(np.isnan(history["train/critic_loss"]), [1, 1, 1, 0, 0])
    assert (history["train/q_min"][3:] <= history["train/q_mean"][3:]).all()
    assert (history["train/q_mean"][3:] <= history["train/q_max"][3:]).all()
