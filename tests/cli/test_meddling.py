"""An environment's code can change its process: filters, folders, children, panics."""

import inspect
import io
import logging
import os
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

import gallery
import gymnasium as gym
import pytest
from gymnasium import spaces
from PIL import Image

from minddpg import Config, train
from minddpg.cli import main
from minddpg.storage import load_arrays
from minddpg.training import plots
from minddpg.training.environment import make
from minddpg.training.video import record_here

MEDDLING = "minddpg-tests/Meddling-v0"
TINY = ["--hidden-sizes", "4", "--warmup-steps", "9", "--eval-episodes", "1", "--batch-size", "8"]
LONG, SHORT = [*TINY, "--steps", "24"], [*TINY, "--steps", "8"]


class Meddling(gallery.Plain):
    """At the beginning of the method named `at`, call `act`."""

    at, act = "", staticmethod(lambda: None)

    def __init__(self, **options):
        self._meddle("__init__")
        super().__init__(**options)

    def reset(self, **options):
        self._meddle("reset")
        return super().reset(**options)

    def step(self, action):
        self._meddle("step")
        return super().step(action)

    def render(self):
        self._meddle("render")
        return super().render()

    def close(self):
        self._meddle("close")

    def _meddle(self, at):
        if at == self.at:
            self.act()


gym.register(MEDDLING, Meddling, max_episode_steps=20)


DRAW = plots.learning_curve  # before a fixture replaces it


@pytest.fixture
def meddle(monkeypatch):
    def set_to(at, act):
        monkeypatch.setattr(Meddling, "at", at)
        monkeypatch.setattr(Meddling, "act", staticmethod(act))

    return set_to


@pytest.fixture(autouse=True)
def fast_and_in_this_process(monkeypatch, no_figure):
    monkeypatch.setattr("minddpg.training.video.record", record_here)
    dot = Image.new("L", (1, 1))  # drawn faster than a frame
    monkeypatch.setattr("minddpg.training.video._frame", lambda env, *_: (env.render(), dot)[1])


# Filters of warnings


def silence():
    warnings.filterwarnings("ignore")


def turn_into_errors():
    warnings.simplefilter("error")


def swallow():
    warnings.showwarning = lambda *_, **__: None


def log():
    logging.captureWarnings(True)


@pytest.fixture
def warning_at_the_end(monkeypatch):
    def close(self):
        raise OSError("the port is gone")

    monkeypatch.setattr(Meddling, "close", close)


@pytest.mark.filterwarnings("default")  # as outside pytest
def test_no_filter_of_an_environment_hides_our_warnings_or_makes_them_errors(
    meddle, warning_at_the_end, capsys, tmp_path, monkeypatch
):
    module = "import gallery, gymnasium, logging, warnings\n{}\nclass M(gallery.Plain):\n"
    module += "    def close(self): raise OSError('the port is gone')\n"
    module += "gymnasium.register('M-v0', M, max_episode_steps=20)"
    closing = "minddpg: warning: closing {} failed: OSError: the port is gone"
    monkeypatch.setattr(sys, "path", [*sys.path])
    try:
        for act in (silence, turn_into_errors, swallow, log):
            body = inspect.getsource(act).splitlines()[1].strip()
            for at in ("import", "__init__", "reset", "step"):
                env_id, case = MEDDLING, f"{act.__name__}_{at}"
                meddle(at, act)
                if at == "import":
                    env_id = f"mod_{case}:M-v0"
                    (tmp_path / f"mod_{case}.py").write_text(module.format(body))
                    gym.registry.pop("M-v0", None)
                assert main(["train", env_id, *SHORT, "--run-dir", case, "--quiet"]) == 0, case
                lines = capsys.readouterr().err.splitlines()
                name = env_id.split(":")[-1]
                assert "no update will be made" in lines[0], case
                ends = [closing.format(f"{name} (evaluation)"), closing.format(name)]
                assert lines[1:] == ends, case
                assert main(["evaluate", case, "--episodes", "1"]) == 0, case
                assert capsys.readouterr().err.splitlines()[-1] == closing.format(name), case
                if act is silence:
                    assert main(["watch", case]) == 0, case
                    assert capsys.readouterr().err.splitlines()[-1] == closing.format(name), case
    finally:
        logging.captureWarnings(False)


def test_the_callers_own_filters_hold_and_are_put_back(meddle):
    config = Config(MEDDLING, total_steps=8, warmup_steps=9, batch_size=8, hidden_sizes=(4,))
    for act, filters in ((silence, "error"), (turn_into_errors, "ignore")):
        meddle("__init__", act)
        with warnings.catch_warnings():
            warnings.simplefilter(filters)
            before = list(warnings.filters)
            if filters == "error":
                with pytest.raises(UserWarning, match="no update"):
                    train(config, progress=False)
            else:
                train(config, progress=False)
            assert warnings.filters == before


# Working directory


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_no_change_of_the_working_directory_moves_a_file(meddle, tmp_path, monkeypatch, capsys):
    commands = (
        ["train", MEDDLING, *LONG, "--run-dir", "run"],
        ["train", MEDDLING, *LONG],
        ["train", MEDDLING, *LONG, "--run-dir", "run", "--overwrite"],
        ["resume", "run", "--steps", "4"],
        ["evaluate", "run", "--episodes", "1"],
        ["watch", "run"],
    )
    expected = None
    for at in ("", "__init__", "reset", "step", "render"):
        here, elsewhere = tmp_path / f"at-{at}-", tmp_path / f"elsewhere-{at}-"
        for folder in (here, elsewhere / "run"):
            folder.mkdir(parents=True)
        (elsewhere / "run" / "policy.npz").write_text("mine")
        (elsewhere / "run" / "last.gif").write_text("mine")
        before = files(elsewhere)
        meddle(at, lambda elsewhere=elsewhere: os.chdir(elsewhere))
        for command in commands:
            monkeypatch.chdir(here)
            assert main(command) == 0, (at, command, capsys.readouterr().err)
        assert files(elsewhere) == before, at
        assert (elsewhere / "run" / "policy.npz").read_text() == "mine", at
        assert (elsewhere / "run" / "last.gif").read_text() == "mine", at
        assert load_arrays(here / "run" / "checkpoint.npz")["step"] == 28, at
        assert files(here) == (expected := expected or files(here)), at
    monkeypatch.chdir(tmp_path)


def test_a_run_that_fails_after_such_a_change_leaves_no_empty_folder(meddle, tmp_path, monkeypatch):
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"

    def change_and_fail():
        os.chdir(elsewhere)
        raise LookupError

    for folder in (here, elsewhere):
        folder.mkdir()
    meddle("reset", change_and_fail)
    monkeypatch.chdir(here)
    assert main(["train", MEDDLING, *LONG]) == 1
    assert files(here) == files(elsewhere) == []


def test_the_returned_run_says_where_its_folder_is(meddle, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    config = Config(MEDDLING, total_steps=20, warmup_steps=9, batch_size=8, hidden_sizes=(4,))
    assert train(config, "run", progress=False).run_dir == Path("run")
    for at in ("__init__", "step"):
        monkeypatch.chdir(tmp_path)
        meddle(at, lambda: os.chdir(tmp_path / "elsewhere"))
        run = train(config, "run", progress=False, overwrite=True)
        assert run.run_dir == tmp_path / "run", at


# Children, threads, panics


@pytest.mark.posix
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of forks beside threads
def test_a_child_that_an_environment_forked_writes_nothing(meddle, capfd, tmp_path):
    """It calls sys.exit instead of os._exit, or simply returns, when its parent has ended."""
    parent = os.getpid()
    for case, come_out in (("by sys.exit", lambda: sys.exit(0)), ("by return", lambda: None)):
        children, (hears, tells) = [], os.pipe()

        def fork(children=children, hears=hears, tells=tells, come_out=come_out):
            if children:
                return
            children.append(os.fork())
            if os.getpid() != parent:
                os.close(tells)
                os.read(hears, 1)  # until the parent closes its side
                come_out()

        meddle("step", fork)
        code = 2
        try:
            code = main(["train", MEDDLING, *LONG, "--run-dir", case, "--quiet"])
        finally:
            if os.getpid() != parent:
                os._exit(code)
        before = {path: path.read_bytes() for path in Path(case).iterdir()}
        os.close(tells)
        _, status = os.waitpid(children[0], 0)
        os.close(hears)
        assert code == 0, case
        assert os.waitstatus_to_exitcode(status) == 1, case
        assert {path: path.read_bytes() for path in Path(case).iterdir()} == before, case
        err = capfd.readouterr().err
        assert "a process that the environment forked must not write it" in err, case
        assert err.count("\n") == 1, case


def test_an_environment_that_is_refused_is_closed(monkeypatch, capsys):
    """Otherwise a thread that close() stops would keep the process alive forever."""
    closed = threading.Event()
    monkeypatch.setattr(Meddling, "close", lambda self: closed.set())
    for name, value in (
        ("action_space", spaces.Discrete(2)),
        ("observation_space", spaces.Box(-1, 1, (2, 3))),
        ("observation_space", property(gallery.raising(LookupError("no model")))),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(Meddling, name, value, raising=False)
            if name == "action_space":
                patch.setattr(Meddling, "__init__", lambda self, **_: None)
            assert main(["train", MEDDLING, *SHORT, "--quiet"]) == 1
        assert closed.is_set(), value
        closed.clear()
        assert capsys.readouterr().err.count("\n") == 1, value
    assert not list(Path().iterdir())


class Panic(BaseException):
    """An exception like those of simulators in Rust, which derive from BaseException."""


@pytest.mark.filterwarnings("default")  # as outside pytest
def test_a_panic_costs_the_last_step_and_is_one_line(meddle, capsys):
    calls = []

    def panic():
        calls.append(1)
        if len(calls) == 15:
            raise Panic("called unwrap() on None")

    said = f"{MEDDLING} stopped with {Panic.__module__}.Panic: called unwrap() on None"
    meddle("step", panic)
    train_command = ["train", MEDDLING, *LONG, "--eval-every", "0", "--quiet", "--run-dir", "run"]
    assert main(train_command) == 1
    assert said in (err := capsys.readouterr().err)
    assert err.startswith("minddpg: error: step 15: ")
    assert err.count("\n") == 1
    assert load_arrays("run/checkpoint.npz")["step"] == 14
    assert main(["resume", "run", "--quiet"]) == 0
    for at, command, code, word in (
        ("reset", ["evaluate", "run"], 1, "in reset: "),
        ("__init__", ["evaluate", "run"], 1, "making the environment "),
        ("render", ["watch", "run"], 1, "in render: "),
        ("close", ["evaluate", "run"], 0, f"closing {MEDDLING} failed: "),
    ):
        meddle(at, gallery.raising(Panic("called unwrap() on None")))
        assert main(command) == code, at
        err = capsys.readouterr().err
        assert word in err, at
        assert "called unwrap() on None" in err, at
        assert err.count("\n") == 1, at


@pytest.mark.posix
def test_a_worker_that_an_environment_forks_ends_when_it_is_terminated(meddle):
    """It has the original signal handlers, not ours that only note a signal."""
    if not hasattr(os, "fork"):
        return
    ends = []

    def fork_and_terminate():
        if ends:
            return
        (hears, tells), (ready, tell_ready) = os.pipe(), os.pipe()
        child = os.fork()
        if child == 0:
            os.close(tells)
            os.write(tell_ready, b"!")
            os.read(hears, 1)  # until the parent closes its side
            os._exit(7)
        os.read(ready, 1)
        os.kill(child, signal.SIGTERM)
        time.sleep(0.01)
        os.close(tells)
        ends.append(os.waitpid(child, 0)[1])
        for end in (hears, ready, tell_ready):
            os.close(end)

    meddle("step", fork_and_terminate)
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        assert main(["train", MEDDLING, *LONG, "--quiet"]) == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    assert os.WTERMSIG(ends[0]) == signal.SIGTERM


@pytest.mark.filterwarnings("default")  # as outside pytest
def test_streams_that_an_environment_replaces_take_none_of_our_lines(meddle, capsys):
    def silence_streams():
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()

    meddle("__init__", silence_streams)
    assert main(["train", MEDDLING, *SHORT, "--run-dir", "run"]) == 0
    said = capsys.readouterr()
    assert "last policy" in said.out
    assert "no update will be made" in said.err
    assert main(["evaluate", "run", "--episodes", "1"]) == 0
    assert "return" in capsys.readouterr().out


class Odd:
    """A value of another library, which can raise anything wherever it is used."""

    def __init__(self, error):
        self.error = error

    def __array__(self, *_, **__):
        raise self.error

    def __len__(self):
        raise self.error


class OddFloat(float):
    def __float__(self):
        raise LookupError("no unit")


class OddInt(int):
    def __eq__(self, other):
        raise LookupError("no unit")

    __hash__ = int.__hash__


def test_what_a_returned_value_raises_is_named_and_rescued(capsys, monkeypatch):
    for i, error in ((0, KeyError("camera")), (0, Panic("gone")), (1, None), (2, None)):
        value = Odd(error) if i == 0 else (OddFloat(1), OddInt(1))[i - 1]

        def step(self, action, i=i, value=value):
            outcome = list(gallery.Plain.step(self, action))
            if self.t == 3:
                outcome[i] = value
            return tuple(outcome)

        monkeypatch.setattr(Meddling, "step", step)
        command = ["train", MEDDLING, *LONG, "--run-dir", "run", "--overwrite", "--quiet"]
        assert main(command) == 1, value
        err = capsys.readouterr().err
        assert err.startswith(f"minddpg: error: step 3: {MEDDLING} "), err
        assert err.count("\n") == 1
        assert load_arrays("run/checkpoint.npz")["step"] == 2, value


def test_settings_of_figures_that_an_environment_makes_are_not_those_of_ours(meddle, monkeypatch):
    from matplotlib import rc_context, rcParams

    seen = []
    monkeypatch.setattr(plots, "learning_curve", DRAW)
    monkeypatch.setattr(plots, "save", lambda *_: seen.append(rcParams["text.usetex"]))
    meddle("step", lambda: rcParams.update({"text.usetex": True}))
    with rc_context():
        assert main(["train", MEDDLING, *LONG, "--quiet"]) == 0
        assert rcParams["text.usetex"]
    assert seen == [False]


def test_a_long_text_of_an_error_is_cut(meddle, capsys):
    meddle("step", gallery.raising(LookupError("x" * 10**6)))
    assert main(["train", MEDDLING, *SHORT, "--quiet"]) == 1
    assert len(capsys.readouterr().err) < 2_000


def test_a_module_that_panics_is_named():
    Path("panics.py").write_text("class Panic(BaseException): pass\nraise Panic('no GPU')")
    sys.path.append(os.getcwd())
    try:
        with pytest.raises(RuntimeError, match=r"^making .* stopped with panics\.Panic: no GPU"):
            make("panics:X-v0")
    finally:
        sys.path.remove(os.getcwd())
