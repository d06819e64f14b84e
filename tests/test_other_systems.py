"""The package on Windows and macOS, which tests/other_systems.py imitates on Linux."""

import errno
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from types import SimpleNamespace

import other_systems
import pytest

from minddpg import storage
from minddpg.cli import streams
from minddpg.training import waiting

TINY = "--steps 40 --warmup-steps 20 --eval-every 20 --eval-episodes 1 --hidden-sizes 4"
TINY += " --batch-size 4 --log-every 10"
BASICS = f"""
train {TINY} --run-dir runs/a
resume runs/a --steps 20
evaluate runs/a --episodes 1
""".strip().splitlines()
RUN = """
import sys
from minddpg.cli import main
from minddpg.training import plots
plots.learning_curve = lambda runs, path: path.touch()  # matplotlib takes longer than the rest
for line in sys.argv[1:]:
    assert main(line.split()) == 0, line
"""
LOCKS = """
from pathlib import Path
from minddpg.training.lock import Lock
folder = Path("folder")
folder.mkdir()
lock = Lock(folder)
try:
    Lock(folder)
except FileExistsError as error:
    assert "another process is writing this run" in str(error)
else:
    raise AssertionError("two locks at a time")
assert lock.folder().samefile(folder)
lock.close()
lock.close()
Lock(folder).close()
assert not list(folder.iterdir())
"""


def play(system, folder, *arguments):
    """Run Python with these arguments on another system, in `folder`; return what it printed."""
    site = folder / "site"
    site.mkdir(exist_ok=True)
    environ = other_systems.environment(system, site)
    ran = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environ, capture_output=True, timeout=600
    )
    text = (ran.stdout + ran.stderr).decode(errors="replace")
    assert ran.returncode == 0, f"{arguments}: {text}"
    return text


def test_windows_trains_resumes_evaluates_and_locks(tmp_path):
    said = play("windows", tmp_path, "-c", LOCKS + RUN, *BASICS)
    assert "warning" not in said
    assert not list(tmp_path.rglob("*.tmp"))
    assert not list(tmp_path.rglob(".lock"))


# On Windows no signal ends a wait for a lock, so all our waits have a limit


def test_futures_come_as_they_end_after_short_waits(monkeypatch):
    limits = []
    real = waiting.wait

    def wait(pending, limit, until):
        limits.append(limit)
        return real(pending, 0, until)

    monkeypatch.setattr(waiting, "wait", wait)
    first, second = Future(), Future()
    second.set_result("b")
    ended = waiting.as_ended([first, second])
    assert next(ended) is second
    threading.Timer(0.01, first.set_result, ["a"]).start()
    assert list(ended) == [first]
    assert set(limits) == {waiting.WAKE}


# Files


def test_a_file_that_another_program_has_open_for_a_moment_is_replaced(tmp_path, monkeypatch):
    """A virus scanner opens it briefly; if a spreadsheet keeps it open, no other file is left."""
    path = tmp_path / "file"
    storage.write_text(path, "old")
    for refusals, platform in ((2, "win32"), (5, "win32"), (1, "linux")):
        left, pauses = [refusals], []

        def replace(source, target, left=left):
            if left[0]:
                left[0] -= 1
                raise PermissionError(errno.EACCES, "Permission denied", str(source))
            os.rename(source, target)

        fake = SimpleNamespace(sleep=pauses.append)
        with monkeypatch.context() as patched:
            patched.setattr(storage, "time", fake)
            patched.setattr(storage.sys, "platform", platform)
            patched.setattr(storage.os, "replace", replace)
            if refusals == 2:
                storage.write_text(path, "new")
            else:
                with pytest.raises(PermissionError, match=r"file'$"):
                    storage.write_text(path, "newer")
        assert path.read_text() == "new"
        assert pauses == list(storage.PAUSES[: refusals if platform == "win32" else 0])
        assert os.listdir(tmp_path) == ["file"]


def test_a_reader_that_has_gone_is_known_by_windows_error_too(monkeypatch):
    class Gone:
        def write(self, text):
            raise OSError(errno.EINVAL, "Invalid argument")

        flush = write

    monkeypatch.setattr(streams, "_let_go", lambda stream: None)
    monkeypatch.setattr(sys, "stdout", Gone())
    for platform, kind in (("win32", BrokenPipeError), ("linux", OSError)):
        with monkeypatch.context() as patched:
            patched.setattr(streams.sys, "platform", platform)
            with pytest.raises(OSError, match="standard output") as raised:
                streams.show("x")
        assert type(raised.value) is kind
        assert raised.value.filename == streams.STDOUT


# Everything else takes longer


COMMANDS = f"""
train {TINY} --quiet
train --preset paper --steps 20 --quiet
train {TINY} --bug polyak-reversed --quiet
plot runs/a runs/Pendulum-v1-1 --out both.png
watch runs/a --policy last
check
check --truth
check --exercises 04.1
study tau --steps 1100 --seeds 1 --jobs 2 --dir runs/tau
grade hand-ins
""".strip().splitlines()
ANSWER = """from minddpg.course import checks
checks.check_relu(*checks.EXERCISES["04.2"].reference)"""


@pytest.mark.slow
@pytest.mark.parametrize("system", other_systems.NAMES)
def test_every_command_runs_on_other_systems(system, tmp_path):
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    notebook = {"cells": [{**cell, "source": ANSWER}], "metadata": {}}
    (tmp_path / "hand-ins").mkdir()
    path = tmp_path / "hand-ins" / "04_backprop.ipynb"
    path.write_text(json.dumps({**notebook, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    play(system, tmp_path, "-c", LOCKS)
    for line in BASICS + COMMANDS:
        said = play(system, tmp_path, "-m", "minddpg", *line.split())
        lines = [text for text in said.splitlines() if "warning" in text]
        assert len(lines) == len(set(lines)), f"{line}: {lines}"
    grades = (tmp_path / "hand-ins" / "grades.csv").read_text("utf-8")
    assert "04_backprop.ipynb,04.2,yes" in grades
