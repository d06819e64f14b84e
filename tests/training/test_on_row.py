"""`on_row` gets each row of progress.csv, and can end the run there, after a checkpoint."""

import errno
import signal
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from minddpg import Config, DivergenceError, resume, train
from minddpg.storage import load_arrays
from minddpg.training.checkpoint import State
from minddpg.training.run_files import RunFiles

CONFIG = Config(
    total_steps=300,
    warmup_steps=80,
    hidden_sizes=(8, 6),
    batch_size=16,
    log_every=60,
    eval_every=150,
    eval_episodes=1,
    checkpoint_every=100_000,
)
STEP = "time/total_timesteps"
AT = [60, 120, 150, 180, 240, 300]  # the steps with a row


def ends_at(step, answer=True):
    """Return an on_row that returns the answer at this step, or raises it if it is an exception."""

    def on_row(row):
        if row[STEP] != step:
            return None
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return on_row


@pytest.fixture(scope="module")
def whole():
    """A run that does not end early."""
    return train(CONFIG, progress=False)


def test_each_row_is_a_new_dict_of_floats_with_every_column():
    rows = []

    def on_row(row):
        rows.append(dict(row))
        row.clear()  # the row belongs to the caller: changing it does not change the history

    history = train(CONFIG, progress=False, on_row=on_row).history
    assert [row[STEP] for row in rows] == AT
    for i, row in enumerate(rows):
        assert list(row) == list(history)
        assert {type(value) for value in row.values()} == {float}
        np.testing.assert_array_equal(list(row.values()), [history[name][i] for name in row])
    evaluated = [not np.isnan(row["eval/mean_reward"]) for row in rows]
    assert evaluated == [step in (150, 300) for step in AT]


@pytest.mark.parametrize("answer", [True, np.True_])
def test_true_ends_the_run_there_with_a_checkpoint_from_which_it_can_go_on(answer, whole, tmp_path):
    run = train(CONFIG, tmp_path / "run", progress=False, on_row=ends_at(180, answer))
    assert run.run_dir == tmp_path / "run"
    assert run.history[STEP].tolist() == AT[:4]
    assert load_arrays(run.run_dir / "checkpoint.npz")["step"] == 180
    rows = []
    resumed = resume(run.run_dir, progress=False, on_row=lambda row: rows.append(row[STEP]))
    assert rows == AT[4:]
    assert resumed.history[STEP].tolist() == AT
    for mine, other in ((resumed.agent, whole.agent), (resumed.best_agent, whole.best_agent)):
        assert mine.critic.theta.tobytes() == other.critic.theta.tobytes()


def test_what_is_no_plain_function_is_refused_before_anything_is_made(tmp_path):
    async def later(row):
        pass

    class Later:
        async def __call__(self, row):
            pass

    def one_by_one(row):
        yield row

    async def both(row):
        yield row

    never = [(each, "without async or yield") for each in (later, Later(), one_by_one, both)]
    for wrong, words in [(3, "= 3: must be a function"), *never]:
        for call in (partial(train, CONFIG), resume):
            with pytest.raises(TypeError, match="on_row") as caught:
                call(tmp_path / "run", on_row=wrong)
            assert words in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_run_without_a_folder_ends_too_and_one_without_an_evaluation_has_its_last_agent():
    run = train(CONFIG, progress=False, on_row=ends_at(120))
    assert run.history[STEP].tolist() == AT[:2]
    assert run.best_agent is run.agent
    assert run.agent.actor_optimizer.steps == 120 - CONFIG.warmup_steps


def test_any_other_answer_lets_the_run_go_on():
    config = replace(CONFIG, total_steps=120)
    for answer in (None, False, np.False_, 1, "stop", [True]):
        run = train(config, progress=False, on_row=ends_at(60, answer))
        assert run.history[STEP].tolist() == [60, 120], repr(answer)


@pytest.mark.parametrize("error", [ZeroDivisionError("mine"), KeyboardInterrupt("mine")])
def test_an_exception_comes_through_after_a_checkpoint(error, whole, tmp_path):
    run_dir = tmp_path / "run"
    with pytest.raises(type(error)) as caught:
        train(CONFIG, run_dir, progress=False, on_row=ends_at(120, error))
    assert caught.value is error
    assert load_arrays(run_dir / "checkpoint.npz")["step"] == 120
    with pytest.raises(type(error)):
        resume(run_dir, progress=False, on_row=ends_at(240, error))
    assert load_arrays(run_dir / "checkpoint.npz")["step"] == 240
    theta = resume(run_dir, progress=False).agent.actor.theta
    assert theta.tobytes() == whole.agent.actor.theta.tobytes()


def test_a_checkpoint_that_fails_keeps_why_the_run_was_to_end(tmp_path, monkeypatch):
    """The failure is raised; its cause is the exception of on_row or of the signal."""

    def interrupt(row):
        signal.raise_signal(signal.SIGINT)

    mine = ZeroDivisionError("mine")
    ends = (ends_at(120, mine), lambda cause: cause is mine), (interrupt, is_interrupt)
    failures = (
        (State, "check_finite", DivergenceError("step 120: actor")),
        (RunFiles, "save_checkpoint", OSError(errno.ENOSPC, "No space left on device")),
    )
    for on_row, is_right in ends:
        for owner, name, failure in failures:
            with monkeypatch.context() as patch:
                patch.setattr(owner, name, raises(failure))
                with pytest.raises(type(failure)) as caught:
                    train(CONFIG, tmp_path, progress=False, overwrite=True, on_row=on_row)
            assert caught.value is failure, name
            assert is_right(caught.value.__cause__), (name, caught.value.__cause__)


def is_interrupt(cause):
    return type(cause) is KeyboardInterrupt


def raises(error):
    def raise_it(*_):
        raise error

    return raise_it


@pytest.mark.filterwarnings("ignore:.*has no checkpoint")
def test_a_run_that_begins_again_and_one_that_is_finished_know_on_row_too(tmp_path):
    steps = []
    train(CONFIG, tmp_path, progress=False)
    resume(tmp_path, progress=False, on_row=steps.append)
    assert steps == []
    (tmp_path / "checkpoint.npz").unlink()
    resume(tmp_path, progress=False, on_row=lambda row: steps.append(row[STEP]))
    assert steps == AT
