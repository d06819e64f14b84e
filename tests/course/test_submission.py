"""One submission: what is read from its file, what it may use, how its processes are found."""

import ctypes
import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from minddpg.course import checks  # noqa: F401  (registers the exercises)
from minddpg.course.engine.check import FOLDERS, RECORD
from minddpg.course.engine.record import seal
from minddpg.course.grading import processes
from minddpg.course.grading import submission as submission_module
from minddpg.course.grading.kernel import verdicts_in
from minddpg.course.grading.submission import Outcome, Submission, read


@pytest.mark.slow
def test_the_reason_for_stopping_names_the_disk_where_it_was_full(tmp_path, monkeypatch):
    """The cause is the full disk, even if only for a moment, whatever the process reports."""
    program = tmp_path / "program"
    monkeypatch.setattr(submission_module.sys, "executable", str(program))
    full = SimpleNamespace(disk_usage=lambda path: SimpleNamespace(free=next(free, 10**9)))
    monkeypatch.setattr(submission_module, "shutil", full)
    report = {"trouble": "disk limit", "slow": [], "stuck": [], "shown": []}
    for spaces, script, wanted in (
        ([10**9, 0], "exit 0", "could not be run: full disk"),
        ([10**9, 0], "exit 1", "could not be run: full disk"),
        ([], "exit 1", "kernel died"),
        ([], f"echo '{json.dumps(report)}'", "disk limit"),
        ([], "exit 0", "kernel died"),  # without a report
    ):
        free = iter(spaces)
        program.write_text(f"#!/bin/sh\nsleep 0.2\n{script}\n")
        program.chmod(0o700)
        limits = submission_module.Limits(60, 30, 0, 10**6)
        assert submission_module.run([], limits, threading.Event())[:2] == ([], wanted), script


def test_a_stuck_cell_costs_only_itself(monkeypatch):
    """The other cells run again, in the time that is left, until none is stuck."""
    ran, now = [], iter([100.0, 120.0, 150.0])
    monkeypatch.setattr(submission_module, "time", SimpleNamespace(monotonic=lambda: next(now)))

    def run_once(cells, limits, *_):
        ran.append((cells, limits.seconds))
        stuck = tuple(i for i, cell in enumerate(cells) if cell.startswith("loop"))[:1]
        reached = cells[: stuck[0]] if stuck else cells
        verdicts = [{"exercise": cell, "run": len(ran)} for cell in reached if cell]
        return Outcome(verdicts, "", stuck, (str(len(ran)),), stuck)

    monkeypatch.setattr(submission_module, "_run", run_once)
    limits = submission_module.Limits(60, 30, 3, 10**6)
    outcome = submission_module.run(["a", "loop 1", "b", "loop 2"], limits, threading.Event())
    assert ran == [
        (["a", "loop 1", "b", "loop 2"], 60),
        (["a", "", "b", "loop 2"], 40),
        (["a", "", "b", ""], 10),
    ]
    assert outcome == Outcome(
        [{"exercise": "a", "run": 3}, {"exercise": "b", "run": 3}], "", (1, 3), ("1", "2", "3")
    )


@pytest.mark.posix
def test_the_process_gets_its_job_and_its_limits_and_is_stopped_in_time(tmp_path, monkeypatch):
    program, told, reached = (tmp_path / name for name in ("program", "told", "reached"))
    looks = []

    def hours_later():
        looks.append(reached.exists() and len(looks) > 0)  # the first look is at the start
        return time.monotonic() + 10_000 * looks[-1]

    monkeypatch.setattr(submission_module, "time", SimpleNamespace(monotonic=hours_later))
    monkeypatch.setattr(submission_module.sys, "executable", str(program))
    script = f"""#!/bin/sh
printf '%s\\n' "$PWD" "$@" "$TMPDIR" > {told}
cat "$3" >> {told}
echo '{{"exercise": "04.2", "status": "passed"}}' >> "$MINDDPG_VERDICTS"
: > {reached}
exec sleep 1000
"""
    program.write_text(script)
    program.chmod(0o700)
    limits = submission_module.Limits(300, 30, 3, 10**6)
    verdicts, trouble, *_ = submission_module.run(["a", "b"], limits, threading.Event())
    assert trouble == "time limit"
    forged = ["verdict not from the check"]
    assert verdicts == [{"exercise": "04.2", "status": "passed", "flags": forged}]
    work, *module, job_path, temporary, job = told.read_text().splitlines()
    home = os.path.dirname(work)
    assert (work, temporary) == (f"{home}/work", f"{home}/tmp")
    assert module == ["-m", "minddpg.course.grading.kernel"]
    assert job_path == f"{home}/job.json"
    job = json.loads(job)
    assert len(job.pop("handles")) == 1
    assert (job.pop("mark") > 0) is (sys.platform == "linux")
    assert job == {"cells": ["a", "b"], "memory": 3, "disk": 10**6, "cell_seconds": 30}
    assert not os.path.exists(home)


@pytest.mark.posix
def test_a_share_of_the_disk_is_counted_in_bytes_and_in_files(tmp_path, monkeypatch):
    is_above = submission_module.is_above
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "loop").symlink_to(tmp_path)
    empty = 10**6  # bytes, more than the folders themselves take
    assert not is_above(tmp_path, empty)
    (tmp_path / "a" / "b" / "large").write_bytes(bytes(empty))
    assert is_above(tmp_path, empty)
    assert not is_above(tmp_path, 2 * empty)
    monkeypatch.setattr(submission_module, "MOST_FILES", 3)
    assert is_above(tmp_path, 2 * empty)
    assert not is_above(tmp_path / "deleted", empty)


@pytest.mark.posix
def test_a_folder_is_this_users_own_and_is_deleted_however_deep_it_is(monkeypatch):
    def rmtree(*_, **__):
        raise RecursionError  # as with a thousand nested folders

    monkeypatch.setattr(shutil, "rmtree", rmtree)
    with submission_module._new_folder() as home:
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert home.name.startswith("minddpg-")
    assert not home.exists()


def test_a_process_is_found_whatever_bytes_its_name_has():
    if sys.platform == "linux":
        name, library = ctypes.create_string_buffer(16), ctypes.CDLL(None)
        library.prctl(16, name)  # PR_GET_NAME of this thread
        try:
            library.prctl(15, b"\xff) Z 1 (\xfe")
            assert dict(processes._processes())[os.getpid()] == os.getppid()
        finally:
            library.prctl(15, name)


@pytest.mark.posix
def test_a_mark_finds_its_own_processes_and_no_others():
    if sys.platform == "linux":
        mark, other = processes.new_mark(), processes.new_mark()
        code = "import sys, time; from minddpg.course.grading.processes import set_mark"
        code += "; set_mark(int(sys.argv[1])); print(flush=True); time.sleep(1000)"
        commands = ([sys.executable, "-c", code, str(m)] for m in (mark, other))
        children = [subprocess.Popen(each, stdout=subprocess.PIPE) for each in commands]
        try:
            for child in children:
                child.stdout.read(1)
            processes.end_family(processes.NOBODY, mark)
            assert children[0].wait(60) == -signal.SIGKILL
            assert children[1].poll() is None
        finally:
            for child in children:
                child.kill()
                child.communicate()


def test_an_old_notebook_and_half_a_character_can_be_read(tmp_path):
    cells = [{"cell_type": "code", "input": ["a = 1\n", "b = 2"]}, {"cell_type": "markdown"}]
    old = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]}
    (tmp_path / "old.ipynb").write_text(json.dumps(old))
    assert read(tmp_path / "old.ipynb").cells == ["a = 1\nb = 2"]
    half = {"metadata": {}, "cells": [{"cell_type": "code", "source": "'\ud800'"}]}
    (tmp_path / "half.ipynb").write_text(json.dumps(half))
    assert read(tmp_path / "half.ipynb") == Submission(["'?'"], "")


def test_the_chapter_and_the_language_are_those_of_the_metadata(tmp_path):
    path = tmp_path / "a.ipynb"
    cells = [{"cell_type": "code", "source": ["a\n", "b"]}, {"cell_type": "raw", "source": "c"}]
    for metadata, wanted in (
        ({}, ""),
        ({"minddpg": {"chapter": "04"}}, "04"),
        ({"minddpg": {"chapter": 4}}, "4"),
        ({"language_info": {"name": "IPython"}}, ""),
        ({"kernelspec": {"language": "Python"}, "language_info": {}}, ""),
        ({"kernelspec": {"language": "julia"}, "language_info": {"name": "python"}}, ""),
    ):
        path.write_text(json.dumps({"metadata": metadata, "cells": cells}))
        assert read(path) == Submission(["a\nb"], wanted), metadata
    for metadata in ({"kernelspec": {"language": "R"}}, {"language_info": {"name": "R"}}):
        path.write_text(json.dumps({"metadata": metadata, "cells": cells}))
        with pytest.raises(ValueError, match=r"^not in Python, but in R$"):
            read(path)


def test_a_file_that_is_gone_or_unreadable_says_so(tmp_path):
    with pytest.raises(ValueError, match=r"^No such file or directory$"):
        read(tmp_path / "gone.ipynb")
    with pytest.raises(ValueError, match=r"^not a regular file$"):
        read(tmp_path)


def test_cells_see_our_environment_but_for_places_to_write_to(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", "elsewhere")
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    monkeypatch.setenv("OURS", "kept")
    monkeypatch.delenv("MPLBACKEND", raising=False)
    found = submission_module._environment(tmp_path, "/dev/fd/7", tmp_path / "mine" / ".." / "own")
    home = str(tmp_path)
    wanted = {
        "OURS": "kept",
        "MPLBACKEND": "agg",
        "TMPDIR": f"{home}/tmp",
        "PIP_TARGET": f"{home}/pip",
        RECORD: "/dev/fd/7",
        FOLDERS: f"{home}/own",
        **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        wanted[name] = f"{home}/jupyter"
    assert {name: found.get(name) for name in wanted} == wanted
    assert "JUPYTER_PATH" not in found
    monkeypatch.setenv("MPLBACKEND", "svg")
    monkeypatch.delenv(FOLDERS, raising=False)
    found = submission_module._environment(tmp_path, "r", None)
    assert found["MPLBACKEND"] == "svg"
    assert FOLDERS not in found


def test_a_verdict_is_seen_in_an_output_of_any_form():
    for content, seen in (
        ({"name": "stderr", "text": "so 04.3 tanh: passed\n"}, ["04.3"]),
        (
            {"data": {"text/plain": "<HTML>", "text/html": "<b>04.3</b> <i>tanh: passed</i>"}},
            ["04.3"],
        ),
        ({"data": {"text/plain": "", "text/markdown": "**04.3** tanh: _passed_"}}, ["04.3"]),
        ({"data": {"text/plain": "'04.3 tanh: not yet'", "image/png": "iVBO"}}, []),
        ({"ename": "ValueError"}, []),
    ):
        assert verdicts_in(content) == seen, content


def test_of_each_exercise_the_last_verdict_is_read_and_nothing_else():
    def line(exercise, n):
        row = {"exercise": exercise, "n": n}
        return json.dumps({**row, "seal": seal("key", row)}) + "\n"

    text = line("04.2", 1) + "\n[]\n7\n{}\nnot JSON\n" + line(["04.2"], 2) + line("77.7", 3)
    text += line("04.1", 4) + line("04.2", 5) + '{"exercise": "04.3", "n": ' + "[" * 9000 + "\n"
    text += line("04.3", "x" * 20_000) + line("04.4", 6)[:-1]
    record = io.BytesIO(text.encode() + b"\n\xff\n")
    record.seek(5)
    verdicts = list(submission_module._verdicts(record, "key"))
    assert [(each["exercise"], each["n"], each["flags"]) for each in verdicts] == [
        ("04.2", 5, []),
        ("04.1", 4, []),
        ("04.4", 6, []),
    ]


def test_descendants_are_found_with_proc_and_without():
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as child:
        try:
            while not (family := processes._family(child.pid, processes.NO_MARK)):
                assert child.poll() is None
            (grandchild,) = family
            assert processes._descendants(child.pid) == {grandchild}
            assert processes._descendants(os.getpid()) >= {child.pid, grandchild}
            assert processes._descendants(processes.NOBODY) == set()
            if processes.PROC.is_dir():
                parents = dict(processes._processes())
                assert parents[grandchild] == child.pid
                assert parents[child.pid] == os.getpid()
            assert os.getpid() not in processes._family(os.getppid(), processes.NO_MARK)
            processes.end_family(child.pid)
            assert child.wait(60) == 0  # it was spared, and its own child has ended
        finally:
            child.kill()


@pytest.mark.posix
def test_a_process_that_may_not_be_killed_does_not_save_the_others(monkeypatch):
    alive = [{1, 2, 3}, {1}, set()]
    monkeypatch.setattr(processes, "_family", lambda root, mark: alive[0])
    killed = []

    def kill(pid, signum):
        if pid == 3:
            alive.pop(0)  # after the last
        if pid == 1:
            raise PermissionError if len(alive) > 1 else ProcessLookupError
        killed.append((pid, signum))

    monkeypatch.setattr(processes.os, "kill", kill)
    monkeypatch.setattr(processes, "ROUNDS", 5)
    processes.end_family(7)
    assert killed == [(2, signal.SIGKILL), (3, signal.SIGKILL)]


@pytest.mark.posix
def test_a_mark_is_new_each_time_and_fits_below_a_lower_limit(monkeypatch):
    if sys.platform == "linux":
        marks = {processes.new_mark() for _ in range(20)}
        assert len(marks) == 20
        assert processes.NO_MARK not in marks
        low = SimpleNamespace(RLIM_INFINITY=-1, getrlimit=lambda which: (0, 10**7))
        monkeypatch.setattr(processes, "resource", low)
        assert 0 < processes.new_mark() < 10**7
        low.getrlimit = lambda which: (0, 1000)
        assert processes.new_mark() == processes.NO_MARK
