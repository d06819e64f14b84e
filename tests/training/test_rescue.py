"""If an environment fails, the run loses only its last step."""

from dataclasses import replace

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces

from minddpg import Config, resume, train
from minddpg.storage import load_arrays
from minddpg.training.checkpoint import State
from minddpg.training.env_errors import EnvError
from minddpg.training.environment import Environment

STEPS, LENGTH = 130, 20


class Fragile(gym.Env):
    """A point on a line; `fails` gives for each kind of call the number of the failing call."""

    observation_space = spaces.Box(-100, 100, (2,), np.float64)
    action_space = spaces.Box(np.float32([-1, 0]), np.float32([2, 3]))
    fails: dict[str, int] = {}  # noqa: RUF012
    calls: dict[str, int] = {}  # noqa: RUF012
    returns_nan = False

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t, self.x = 0, self.np_random.uniform(-1, 1, 2)
        self._count("reset")
        return self.x.copy(), {}

    def step(self, action):
        self.t += 1
        self.x = 0.9 * self.x + 0.1 * action
        broken = self._count("step")
        obs = np.full(2, np.nan) if broken else self.x.copy()
        return obs, -float(abs(self.x).sum()), False, self.t == LENGTH, {}

    def _count(self, kind):
        self.calls[kind] = self.calls.get(kind, 0) + 1
        if self.calls[kind] != self.fails.get(kind):
            return False
        if not self.returns_nan:
            raise ConnectionResetError("the robot is off")
        return True


gym.register("minddpg-tests/Fragile-v0", Fragile, max_episode_steps=1_000)
CONFIG = Config(
    "minddpg-tests/Fragile-v0", total_steps=STEPS, warmup_steps=99, batch_size=8, hidden_sizes=(6,),
    eval_every=50, eval_episodes=1, log_every=25, checkpoint_every=10_000, eval_env="training",
)  # fmt: skip


@pytest.fixture
def fail(monkeypatch):
    def at(returns_nan=False, **fails):
        monkeypatch.setattr(Fragile, "fails", fails)
        monkeypatch.setattr(Fragile, "calls", {})
        monkeypatch.setattr(Fragile, "returns_nan", returns_nan)

    return at


# A training episode has 20 steps and one reset. The evaluation of step 50 waits for step 60 and
# takes 20 steps: calls 61 to 80 of step, and the fourth reset.
@pytest.mark.parametrize(
    ("broken", "last"),
    [
        ({"step": 37}, 36),
        ({"step": 37, "returns_nan": True}, 36),
        ({"step": 1}, 0),
        ({"reset": 3}, 40),  # the third episode's
        ({"reset": 4}, 60),  # the evaluation's
        ({"step": 70}, 60),  # in the evaluation
    ],
)
def test_what_was_learned_before_the_failure_is_kept_and_the_run_goes_on(
    tmp_path, fail, broken, last
):
    fail(**broken)
    with pytest.raises((EnvError, ValueError)):
        train(CONFIG, tmp_path, progress=False)
    with np.load(tmp_path / "checkpoint.npz") as saved:
        assert saved["step"] == last == len(saved["replay_rows"])
        assert np.isfinite(saved["replay_rows"]).all()
    fail()
    run = resume(tmp_path, progress=False)
    assert run.history["time/total_timesteps"][-1] == STEPS
    assert run.history["time/episodes"][-1] == STEPS // LENGTH
    lengths = np.loadtxt(tmp_path / "monitor.csv", delimiter=",", skiprows=2)[:, 1]
    np.testing.assert_array_equal(lengths, LENGTH)
    evaluated = np.isfinite(run.history["eval/mean_reward"])
    assert list(run.history["time/total_timesteps"][evaluated])[-2:] == [100, STEPS]
    with np.load(tmp_path / "checkpoint.npz") as saved:
        rows = saved["replay_rows"]
    starts = [0, *range(LENGTH, STEPS, LENGTH)]
    middle = np.setdiff1d(np.arange(1, STEPS), starts)
    np.testing.assert_array_equal(
        rows[middle, :2], rows[middle - 1, 5:7]
    )  # obs is the last next_obs


@pytest.mark.filterwarnings("ignore:.*a second instance")  # a reset fails within this check
@pytest.mark.parametrize("eval_env", ["training", "own"])
def test_whichever_reset_fails_no_row_no_evaluation_and_no_step_is_lost(tmp_path, fail, eval_env):
    """The reset is of an episode or an evaluation, at a step with a row or at the last step."""
    config = replace(CONFIG, eval_env=eval_env, log_every=20)
    fail()
    whole = train(config, progress=False).history
    failed = 0
    for reset in (2, 4, 5, 7, 10, 11, 12):
        run_dir = tmp_path / str(reset)
        fail(reset=reset)
        try:
            train(config, run_dir, progress=False)
        except EnvError:
            failed += 1
            fail()
            run = resume(run_dir, progress=False)
            for name in ("time/total_timesteps", "time/episodes", "eval/mean_ep_length"):
                found, wanted = run.history[name], whole[name]
                np.testing.assert_array_equal(found, wanted, f"reset {reset}: {name}")
            assert resume(run_dir, progress=False).history["time/episodes"].size == found.size
    assert failed >= 5


def test_a_failed_last_evaluation_keeps_the_last_step_and_is_made_by_a_resume(tmp_path, fail):
    fail(reset=STEPS // LENGTH + 1 + 3)  # every episode's, those of two evaluations, the last's
    with pytest.raises(EnvError, match="the robot is off"):
        train(CONFIG, tmp_path, progress=False)
    assert load_arrays(tmp_path / "checkpoint.npz")["step"] == STEPS
    assert (tmp_path / "policy.npz").exists()
    fail()
    run = resume(tmp_path, progress=False)
    assert np.isfinite(run.history["eval/mean_reward"][-1])


def test_a_parameter_that_is_not_finite_is_not_rescued(tmp_path, fail, monkeypatch):
    fail(step=37)
    monkeypatch.setattr(State, "is_warming_up", _spoil)
    with pytest.raises(ValueError, match="no longer finite"):
        train(CONFIG, tmp_path, progress=False)
    assert not (tmp_path / "checkpoint.npz").exists()


def _spoil(state):
    state.agent.critic.theta[0] = np.nan if state.step > 36 else 0
    return True


def test_a_resume_is_advised_only_after_a_whole_step(tmp_path, fail, capsys):
    for step, said in ((1, False), (2, True)):
        fail(step=step)
        with pytest.raises(EnvError):
            train(CONFIG, tmp_path / str(step))
        assert ("continue with: minddpg resume" in capsys.readouterr().err) == said


def test_a_run_without_a_checkpoint_says_that_it_begins_again(tmp_path, fail):
    fail()
    train(CONFIG, tmp_path, progress=False)
    (tmp_path / "checkpoint.npz").unlink()
    with pytest.warns(UserWarning, match="no checkpoint: the run begins again at step 0"):
        resume(tmp_path, progress=False)


def test_a_reset_that_fails_leaves_the_episode_as_it_was(fail):
    fail()
    env = Environment(Fragile())
    state = State(CONFIG, env)
    seed, obs = state.episode_seed, state.obs.copy()
    fail(reset=1)
    with pytest.raises(EnvError):
        state.begin_episode(env)
    assert state.episode_seed == seed
    np.testing.assert_array_equal(state.obs, obs)
