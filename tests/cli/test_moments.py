"""Signals, closed streams and an environment's exceptions at any moment of a command."""

import errno
import io
import os
import signal
import subprocess
import sys
import time
import traceback
import warnings
from functools import partial
from pathlib import Path

import gymnasium as gym
import pendulums
import pytest
from gymnasium.envs.classic_control.pendulum import PendulumEnv

from minddpg.__main__ import main as main_of_the_process
from minddpg.cli import main
from minddpg.ddpg.config import Config
from minddpg.experiments.jobs_display import JobsDisplay
from minddpg.storage import load_arrays
from minddpg.training.display import Display
from minddpg.training.progress import ProgressBar

TINY = ["--steps", "90", "--warmup-steps", "70", "--eval-every", "60", "--eval-episodes", "1"]
TINY += ["--hidden-sizes", "4", "--batch-size", "8"]
HANGUP = getattr(signal, "SIGHUP", None)


class Moment(PendulumEnv):
    """In step 37, call what `moments` contains."""

    moments = ()

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.steps = 0

    def step(self, action):
        self.steps += 1
        if self.steps == 37:
            for moment in self.moments:
                moment()
        return super().step(action)


gym.register("minddpg-tests/Moment-v0", entry_point=Moment, max_episode_steps=20)


def train_through(monkeypatch, *moments, flags=()):
    """Train, and call each of these in step 37; return the exit code."""
    monkeypatch.setattr(Moment, "moments", moments)
    return main(["train", "minddpg-tests/Moment-v0", *TINY, "--run-dir", "run", *flags])


def send(signum):
    return lambda: signal.raise_signal(signum)


# Signals


@pytest.mark.posix
def test_every_signal_leaves_a_checkpoint_of_its_step_one_line_and_its_code(
    monkeypatch, capsys, request
):
    term, hup = signal.SIGTERM, HANGUP
    request.addfinalizer(partial(signal.signal, hup, signal.signal(hup, signal.SIG_DFL)))  # nohup
    # a closing terminal may send SIGHUP twice, followed by SIGTERM
    for sent, code in (
        ([signal.SIGINT], 130),
        ([term], 143),
        ([hup], 129),
        ([hup, hup], 129),
        ([hup, term], 129),
        ([term, hup], 143),
    ):
        code_found = train_through(monkeypatch, *map(send, sent), flags=["--quiet", "--overwrite"])
        line = f"minddpg: stopped after step 37; continue with: minddpg resume run{os.linesep}"
        assert (code_found, capsys.readouterr()) == (code, ("", line)), sent
        assert load_arrays("run/checkpoint.npz")["step"] == 37


def test_a_second_ctrl_c_or_kill_ends_at_once_without_a_checkpoint(monkeypatch, capsys):
    interrupt, term = signal.SIGINT, signal.SIGTERM
    for first, second, code in ((interrupt, interrupt, 130), (interrupt, term, 143)):
        flags = ["--quiet", "--overwrite"]
        assert train_through(monkeypatch, send(first), send(second), flags=flags) == code
        assert capsys.readouterr() == ("", "minddpg: interrupted\n")
        assert not Path("run/checkpoint.npz").exists()


@pytest.mark.posix
def test_a_hangup_that_is_ignored_at_the_start_stays_ignored(monkeypatch, capsys, no_figure):
    before = signal.signal(HANGUP, signal.SIG_IGN)  # as nohup does
    try:
        assert train_through(monkeypatch, send(HANGUP), flags=["--quiet"]) == 0
        assert signal.getsignal(HANGUP) == signal.SIG_IGN
    finally:
        signal.signal(HANGUP, before)
    assert load_arrays("run/checkpoint.npz")["step"] == 90
    assert capsys.readouterr().err == ""


def test_handlers_are_put_back_after_a_command(monkeypatch):
    def mine(*_):
        raise AssertionError

    signals = [signal.SIGINT, signal.SIGTERM, *filter(None, [HANGUP])]
    before = [signal.signal(signum, mine) for signum in signals]
    try:
        for moment in (send(signal.SIGTERM), lambda: 1 / 0):
            train_through(monkeypatch, moment, flags=["--quiet", "--overwrite"])
            assert [signal.getsignal(signum) for signum in signals] == [mine] * len(signals)
    finally:
        for signum, handler in zip(signals, before, strict=True):
            signal.signal(signum, handler)


def shell(*arguments, start="exec {}", **options):
    """Start a command in a shell, which closes streams or ignores signals for it."""
    command = f"{sys.executable} -m minddpg {' '.join(map(str, arguments))}"
    path = [str(Path(pendulums.__file__).parent), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        ["sh", "-c", start.format(command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path)), **options},
    )


@pytest.mark.slow
@pytest.mark.posix
@pytest.mark.parametrize(("start", "code"), [("exec {}", 129), ("exec nohup {}", 143)])
def test_a_closed_terminal_and_nohup(start, code, tmp_path):
    arguments = ["train", pendulums.PAUSED, *TINY, "--run-dir", "run"]
    process = shell(*arguments, start=start, PAUSE_AT="37", PAUSE_IN=str(tmp_path))
    try:
        while not Path("reached").exists():
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.01)
        process.send_signal(HANGUP)
        if code != 129:
            process.send_signal(signal.SIGTERM)
        Path("go").touch()
        err = process.communicate()[1]
    finally:
        process.kill()
    assert process.returncode == code, err
    assert err.endswith("minddpg: stopped after step 37; continue with: minddpg resume run\n")
    assert load_arrays("run/checkpoint.npz")["step"] == 37


@pytest.mark.slow
@pytest.mark.posix
def test_a_ctrl_c_while_it_imports_is_one_line():
    """We cannot protect Python's own start, which precedes all code of this package."""
    code = """
import os, signal, sys
from minddpg.__main__ import main
module = sys.argv.pop(1)
class Interrupt:
    def find_spec(self, name, *_):
        if name == module:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
sys.exit(main())
"""
    for module in ("minddpg.cli", "numpy", "minddpg.experiments", "gymnasium", "tqdm"):
        result = subprocess.run(
            [sys.executable, "-c", code, module, "train", "--quiet"],
            capture_output=True,
            text=True,
            timeout=100,
        )
        assert result.returncode == 130, (module, result)
        assert (result.stdout, result.stderr) == ("", "minddpg: interrupted\n"), module
    assert not list(Path().iterdir())


def test_a_ctrl_c_before_the_command_begins_is_one_line(monkeypatch, capfd):
    def interrupt(argv):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("minddpg.cli.parser.parse", interrupt)
        assert main(["train"]) == 130
    assert capfd.readouterr() == ("", "minddpg: interrupted\n")

    ended = []
    before = signal.getsignal(signal.SIGINT)
    try:
        with monkeypatch.context() as patch:
            patch.setattr("minddpg.cli.main", lambda: send(signal.SIGINT)() or 0)
            patch.setattr(os, "_exit", ended.append)
            assert main_of_the_process() == 0
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended == [130]
    assert capfd.readouterr() == ("", "minddpg: interrupted\n")


# What an environment raises


def test_what_ends_the_environment_is_said_and_never_taken_for_success(monkeypatch, capsys):
    def interrupt():
        raise KeyboardInterrupt

    assert train_through(monkeypatch, interrupt, flags=["--quiet"]) == 130
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert len(err) > len("minddpg: \n")
    for code in (0, 3, "text"):
        flags = ["--quiet", "--overwrite"]
        assert train_through(monkeypatch, lambda code=code: sys.exit(code), flags=flags) == 1
        err = capsys.readouterr().err
        assert err.startswith("minddpg: error: ")
        assert err.count("\n") == 1
        assert str(code) in err
        assert "--debug" in err


def test_debug_shows_where_each_of_them_was_raised(monkeypatch, capsys):
    def interrupt_here():
        raise KeyboardInterrupt

    def exit_here():
        sys.exit(3)

    flags = ["--quiet", "--overwrite", "--debug"]
    for moment, code in ((interrupt_here, 130), (exit_here, 1)):
        try:
            assert train_through(monkeypatch, moment, flags=flags) == code
        except Exception:  # Python shows it, and exits with 1
            traceback.print_exc()
        assert f"in {moment.__name__}" in capsys.readouterr().err


def test_a_broken_pipe_inside_an_environment_is_an_error_with_a_line(monkeypatch, capsys):
    def simulator_has_gone():
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    assert train_through(monkeypatch, simulator_has_gone, flags=["--quiet"]) == 1
    assert "Broken pipe" in capsys.readouterr().err


@pytest.mark.filterwarnings("default")
def test_quiet_hides_no_warning(monkeypatch, capsys):
    """Gymnasium colours its warnings; the colours are removed."""
    warn = partial(warnings.warn, "\x1b[33mWARN: one\nlast\x1b[0m\x07 thing", stacklevel=1)
    assert train_through(monkeypatch, warn, flags=["--quiet"]) == 0
    assert capsys.readouterr() == ("", "minddpg: warning: one last\\x07 thing\n")


# Streams


class Stream(io.TextIOWrapper):
    """A stream on which every write fails."""

    def __init__(self, error, tty=False):
        super().__init__(io.BytesIO(), encoding="utf-8")
        self.error, self.tty, self.writes = error, tty, 0

    def isatty(self):
        return self.tty

    def write(self, text):
        self.writes += 1
        raise self.error

    def flush(self):
        pass


FULL, GONE = (
    OSError(errno.ENOSPC, "No space left on device"),
    BrokenPipeError(errno.EPIPE, "Broken"),
)


def test_no_state_of_standard_error_ends_a_run(monkeypatch, no_figure):
    closed = io.StringIO()
    closed.close()
    for n, stream in enumerate((None, closed, Stream(FULL), Stream(GONE), Stream(GONE, tty=True))):
        monkeypatch.setattr(sys, "stderr", stream)
        assert main(["train", *TINY, "--run-dir", f"run{n}"]) == 0, n
        assert load_arrays(f"run{n}/checkpoint.npz")["step"] == 90
        assert sys.stderr is stream


def test_after_its_first_failure_a_display_is_silent():
    stream = Stream(FULL)
    display = Display(stream)
    for _ in range(3):
        assert print("line", file=display) is None
    assert stream.writes == 1
    assert not display.isatty()


def test_displays_survive_a_terminal_that_hangs_up(monkeypatch):
    stream = Stream(OSError(errno.EIO, "Input/output error"), tty=True)
    monkeypatch.setattr(sys, "stderr", stream)
    jobs = JobsDisplay([(Config(), None)] * 20, missing=range(20), visible=True)
    bar = ProgressBar(100)
    for i in range(20):
        bar.step()
        jobs.job(i, failed=False)
    bar.evaluation(20, -3.0)
    bar.say("line")
    bar.close()
    jobs.close()
    assert stream.writes > 0


def test_a_finished_run_stays_finished_where_its_summary_cannot_be_printed(
    monkeypatch, capsys, no_figure
):
    for n, (stream, warning) in enumerate(
        (
            (None, ""),
            (Stream(GONE), ""),
            (Stream(FULL), "minddpg: warning: standard output: No space left on device; "),
        )
    ):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", stream)
            assert main(["train", *TINY, "--run-dir", f"run{n}"]) == 0
        last = capsys.readouterr().err.splitlines()[-1]
        assert last.startswith(warning or "step")


def test_an_evaluation_that_nobody_reads_fails_as_pipes_do(monkeypatch, capsys, no_figure):
    assert main(["train", *TINY, "--run-dir", "run", "--quiet"]) == 0
    line = "minddpg: error: standard output: No space left on device\n"
    for stream, err in ((Stream(GONE), ""), (Stream(FULL), line)):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", stream)
            assert main(["evaluate", "run", "--episodes", "1"]) == 1
        assert capsys.readouterr().err == err


@pytest.mark.slow
@pytest.mark.posix
def test_closed_and_full_streams_end_in_the_same_files_and_exit_0():
    starts = ["exec {} 2>&-", "exec {} 1>&-", "exec {} <&- 1>&- 2>&-", "{} 2>&1 | true"]
    starts += ["exec {} 2>/dev/full", "exec {} >/dev/full"] if Path("/dev/full").exists() else []
    expected = None
    for n, start in enumerate(starts):
        process = shell("train", *TINY, "--run-dir", f"run{n}", start=start)
        out, err = process.communicate(timeout=100)
        assert process.returncode == 0, (start, out, err)
        assert "Traceback" not in out + err, start
        arrays = Path(f"run{n}/policy.npz").read_bytes()
        assert arrays == (expected := expected or arrays), start


@pytest.mark.posix
def test_what_closed_descriptors_leave_open_is_no_file_of_the_run(tmp_path):
    """Code that writes to descriptor 2 must not write into progress.csv."""
    code = "from minddpg.cli.streams import dependable_streams\nimport os\n"
    code += "with dependable_streams(): file = open('file', 'w'); os.write(2, b'noise')\n"
    code += "file.write(str(file.fileno()))\n"
    subprocess.run(["sh", "-c", f'exec {sys.executable} -c "$1" 2>&-', "sh", code], check=True)
    assert int(Path("file").read_text()) > 2


@pytest.mark.posix
def test_a_working_directory_that_was_deleted_costs_one_line(
    tmp_path, monkeypatch, capsys, no_figure
):
    assert main(["train", *TINY, "--run-dir", "run", "--quiet"]) == 0
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(["evaluate", str(tmp_path / "run"), "--episodes", "1"]) == 0
    assert main(["train", "pendulums:Brief-v0", *TINY, "--run-dir", "new", "--quiet"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("minddpg: error: new: ")
    assert err.count("\n") == 1
