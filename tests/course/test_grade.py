"""Grading: every submission gets its rows, and none affects another."""

import contextlib
import csv
import errno
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from minddpg.cli import main
from minddpg.course.grading import grade as module
from minddpg.course.grading import submission as submission_module
from minddpg.course.grading.grade import grade, summary
from minddpg.course.grading.submission import Outcome
from minddpg.training.display import Display

pytest.importorskip("nbclient")

START = "import os, subprocess, time\nimport numpy as np\nfrom minddpg.course.checks import *"
RELU = "def f(z): return np.maximum(z, 0), z\ndef b(g, z): return g * (z > 0)\ncheck_relu(f, b)"
NO_SLOPE = RELU.replace("g * (z > 0)", "g")
BLANK_TANH = "def f(z): return None, z\ndef b(g, y): return None\ncheck_tanh(f, b)"
LINEAR = """
def forward(x, w, b): return x @ w + b, (x, w)
def backward(g, cache): return g @ cache[1].T, cache[0].T @ g, g.sum(axis=0)
check_linear(forward, backward)
"""
LINES = LINEAR.splitlines(keepends=True)  # notebooks are also stored in this form
CHILDREN = """
pids = [os.fork()]
if pids == [0]:
    time.sleep(1000)
quiet = dict(stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]})
shell = ["setsid", "-f", "sh", "-c", "echo $$; exec sleep 1000"]
pids.append(int(subprocess.Popen(shell, **quiet).stdout.readline()))
"""
ESCAPES = """
def escape(*steps):
    read, write = os.pipe()
    if not os.fork():
        for step in steps:
            step()
        os.write(write, str(os.getpid()).encode())
        os.closerange(0, 1000)  # whatever it inherited
        os.execve("/bin/sleep", ["sleep", "1000"], {})  # without our environment
    return int(os.read(read, 100))

import signal
leave, orphan = lambda: os.chdir("/"), lambda: os.fork() and os._exit(0)
deaf = lambda: [signal.signal(n, signal.SIG_IGN) for n in (signal.SIGHUP, signal.SIGTERM)]
pids = [escape(os.setsid, leave), escape(leave, orphan, os.setsid, orphan), escape(deaf, orphan)]
"""
TELL = """
import json, pathlib
grep = ["grep", "-rls", "-D", "skip", '"exer' + 'cise": "0', "../.."]  # of all submissions
verdicts = subprocess.run(grep, capture_output=True, text=True).stdout.split()
about = {"pids": pids, "session": os.getsid(os.getppid()), "verdicts": verdicts}
pathlib.Path(PATH).write_text(json.dumps(about))
"""
HOG = """
while True:
    try:
        open("log", "a").write("round and round\\n" * 1000)
    except OSError:
        pass
"""
PIP = ["-m", "pip", "install", "--no-index", "--no-deps", "--no-compile"]


def notebook(path, *sources, **metadata):
    """Write a notebook in Jupyter's form."""
    cells = [
        {"cell_type": "code", "metadata": {}, "source": s, "outputs": [], "execution_count": None}
        for s in sources
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": cells}
    path.write_text(json.dumps(content))
    return path


def rows_of(path):
    """Return {(file, exercise): (passed, diagnosis)}, in the CSV's order."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["file", "exercise", "passed", "diagnosis", "seconds", "note", "flag"]
    return {(row["file"], row["exercise"]): (row["passed"], row["diagnosis"]) for row in rows}


def alive(pids):
    """Return the processes that still run; a zombie does not count."""
    command = ["ps", "-o", "state=", "-p", ",".join(map(str, pids))]
    states = subprocess.run(command, capture_output=True, text=True).stdout.split()
    return [state for state in states if state[0] != "Z"]


def wait_until(holds):
    """Wait for a condition, at most a minute."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def stowaway(folder):
    """Build a package to install, and return its path."""
    wheel, about = folder / "stowaway-1.0-py3-none-any.whl", "stowaway-1.0.dist-info"
    texts = {
        "stowaway.py": "",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: stowaway\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as file:
        for name, text in texts.items():
            file.writestr(name, text)
    return wheel


def is_installed(name):
    """Return True if our Python has a package, and remove it."""
    is_there = subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True)
    if is_there.returncode == 0:
        subprocess.run([sys.executable, "-m", "pip", "uninstall", "-qy", name])
    return is_there.returncode == 0


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade a class once: folder, rows, output, what the cells reported, what is left."""
    top = tmp_path_factory.mktemp("graded")
    folder, temporary = top / "submissions", top / "t"
    temporary.mkdir()
    tell = {name: TELL.replace("PATH", repr(str(top / name))) for name in ("anna", "crash")}
    pip = f"open({str(top / 'target')!r}, 'w').write(os.environ['PIP_TARGET'])"
    trouble = ["raise SystemExit", "input()", "np.ones(10**9)", "open('mine', 'w')", pip]
    twice = [f"{NO_SLOPE}\n{RELU}", f"{RELU}\n{NO_SLOPE}"]
    children = CHILDREN + tell["anna"]
    notebook(folder / "04_anna.ipynb", START, *trouble, twice[0], children, BLANK_TANH, LINES)
    with_error = "check_tanh(lambda z: 1 / 0, None)"
    notebook(folder / "b" / "04-ben.ipynb", START, twice[1], "check_linear(no)", with_error)
    about = {"kernelspec": {"name": "nowhere", "language": "python"}, "minddpg": {"chapter": 4}}
    crash = f"{ESCAPES}{tell['crash']}\nos.kill(os.getppid(), 9); time.sleep(1000)"
    notebook(folder / "crash.ipynb", START, RELU, crash, LINEAR, **about)
    notebook(folder / "hog.ipynb", START, RELU, HOG, LINEAR)
    notebook(folder / "=r.ipynb", "check_relu", kernelspec={"name": "ir", "language": "R"})
    notebook(folder / "letter.ipynb", "print('Dear teacher')")
    notebook(folder / ".ipynb_checkpoints" / "04_anna-checkpoint.ipynb", START)
    (folder / "04_torn.ipynb").write_text('{"cells": [')
    before = {path: path.read_bytes() for path in folder.rglob("*.ipynb")}
    limits = ["--timeout", "300", "--jobs", "2", "--memory", "1.5"]
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        patch.setattr(tempfile, "tempdir", str(temporary))
        patch.setattr(module, "MOST_DISK", 10**7)
        out = stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        err = stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        assert main(["grade", str(folder), *limits]) == 0
    return {
        "rows": rows_of(folder / "grades.csv"),
        "out": out.getvalue(),
        "err": err.getvalue(),
        "anna": json.loads((top / "anna").read_text()),
        "crash": json.loads((top / "crash").read_text()),
        "temporary": temporary,
        "target": Path((top / "target").read_text()),
        "left": list(temporary.iterdir()),
        "before": before,
        "after": {path: path.read_bytes() for path in folder.rglob("*.ipynb")},
    }


CHAPTER = [number for number in module.EXERCISES if number.startswith("04.")]


def test_correct_wrong_and_blank_answers_get_their_rows(graded):
    rows = graded["rows"]
    assert rows["04_anna.ipynb", "04.1"] == ("yes", "")
    assert rows["04_anna.ipynb", "04.3"] == ("no", "still to do")
    assert rows["b/04-ben.ipynb", "04.3"] == ("no", "error")


def test_what_a_cell_installs_goes_into_the_submissions_temporary_folder(graded):
    assert graded["target"].is_relative_to(graded["temporary"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "install",
    [
        f"%{' '.join(PIP[1:])} $WHEEL",
        f"subprocess.run([{sys.executable!r}, *{PIP}, WHEEL], check=True)",
    ],
    ids=["magic", "process"],
)
def test_a_cell_that_installs_something_leaves_our_python_alone(install, tmp_path):
    """Pip succeeds, so later cells run, but it does not install into our Python."""
    wheel, said = str(stowaway(tmp_path)), tmp_path / "said"
    cell = f"WHEEL = {wheel!r}\n{install}\nopen({str(said)!r}, 'w')"
    notebook(tmp_path / "submissions" / "04_anna.ipynb", START, cell, RELU)
    rows = grade(tmp_path / "submissions", tmp_path / "grades.csv")
    assert said.exists()
    assert ("04.2", "yes") in {(row["exercise"], row["passed"]) for row in rows}
    assert not is_installed("stowaway")


def test_the_last_verdict_counts(graded):
    assert graded["rows"]["04_anna.ipynb", "04.2"] == ("yes", "")
    assert graded["rows"]["b/04-ben.ipynb", "04.2"] == ("no", "slope missing")


def test_a_check_that_was_not_reached_gets_a_row(graded):
    assert graded["rows"]["b/04-ben.ipynb", "04.1"] == ("no", "check not run")
    for file in ("04_anna.ipynb", "crash.ipynb"):  # by its name, and by its metadata
        assert [number for name, number in graded["rows"] if name == file] == CHAPTER
        assert graded["rows"][file, "04.4"] == ("no", "check not run")


def test_a_crash_costs_only_what_comes_after_it(graded):
    assert graded["rows"]["crash.ipynb", "04.2"] == ("yes", "")
    assert graded["rows"]["crash.ipynb", "04.1"] == ("no", "kernel died")


def test_a_full_share_of_the_disk_costs_only_what_comes_after_it_and_is_named(graded):
    assert graded["rows"]["hog.ipynb", "04.2"] == ("yes", "")
    assert graded["rows"]["hog.ipynb", "04.1"] == ("no", "disk limit")


@pytest.mark.slow
def test_an_endless_loop_costs_only_what_comes_after_it(tmp_path, monkeypatch):
    """The time limit ends when the loop is reached, even if the kernel starts slowly."""
    reached = tmp_path / "reached"
    hours_later = lambda: time.monotonic() + 10_000 * reached.exists()  # noqa: E731
    clock = SimpleNamespace(monotonic=hours_later, sleep=time.sleep)
    monkeypatch.setattr(submission_module, "time", clock)
    loop = f"open({str(reached)!r}, 'w').close()\nwhile True: pass"
    notebook(tmp_path / "loop.ipynb", START, RELU, loop, LINEAR)
    grade(tmp_path, tmp_path / "grades.csv", timeout=300)
    rows = rows_of(tmp_path / "grades.csv")
    assert rows["loop.ipynb", "04.2"] == ("yes", "")
    assert rows["loop.ipynb", "04.1"] == ("no", "time limit")


def test_a_file_that_is_not_a_python_notebook_gets_rows_that_say_so(graded):
    for number in CHAPTER:
        torn = graded["rows"]["04_torn.ipynb", number]
        assert torn == ("no", "not a notebook: not JSON, or damaged")
    assert graded["rows"]["'=r.ipynb", ""] == ("no", "not a notebook: not in Python, but in R")
    assert graded["rows"]["letter.ipynb", ""][1].startswith("no exercise found")


def test_rows_are_sorted_whatever_was_finished_first(graded):
    files = list(dict.fromkeys(file for file, _ in graded["rows"]))
    assert [file.strip("'") for file in files] == [
        *("04_anna.ipynb", "04_torn.ipynb", "=r.ipynb"),
        *("b/04-ben.ipynb", "crash.ipynb", "hog.ipynb", "letter.ipynb"),
    ]


def test_nothing_is_left_of_a_submission_and_nothing_of_it_is_changed(graded):
    assert len(graded["anna"]["pids"]) == 2
    assert not alive(graded["anna"]["pids"])
    assert not graded["left"]
    assert graded["after"] == graded["before"]


@pytest.mark.posix
def test_three_ways_of_escaping_do_not_outlive_a_killed_parent(graded):
    assert len(graded["crash"]["pids"]) == 3
    if sys.platform == "linux":  # other systems do not find a process that has left its parent
        assert not alive(graded["crash"]["pids"])


def test_ctrl_c_reaches_the_grader_alone(graded):
    assert graded["anna"]["session"] not in (os.getsid(0), *graded["anna"]["pids"])


@pytest.mark.posix
def test_verdicts_lie_in_no_folder_in_which_another_submission_could_find_them(graded):
    assert graded["rows"]["04_anna.ipynb", "04.2"] == ("yes", "")  # before it looked
    assert graded["anna"]["verdicts"] == []


def test_the_teacher_is_warned_sees_progress_and_gets_a_summary(graded):
    lines = graded["err"].splitlines()
    assert "with your rights" in lines[0]
    assert lines[1] == "7 notebooks, 2 at a time; at most 20 minutes in all"
    assert [line.split(": ")[0] for line in lines[2:]] == [f"{i} of 7" for i in range(1, 8)]
    assert any(f"04_anna.ipynb: 2 of {len(CHAPTER)} passed" in line for line in lines)
    table = graded["out"].splitlines()
    assert table[0].split() == ["exercise", "passed", "most", "frequent", "diagnoses"]
    (relu,) = (line for line in table if line.startswith("04.2"))
    assert " 3 of 5 " in relu
    assert "slope missing (1)" in relu
    assert table[-1].endswith("grades.csv")


@pytest.mark.slow
def test_a_loop_without_end_costs_its_own_cell_and_a_cheat_gets_a_flag(tmp_path):
    """Both are in one class, because a kernel takes seconds to start."""
    endless = RELU.replace("np.maximum(z, 0), z", "loop()")
    loop = "def loop():\n    while True: pass"
    deaf = "def loop():\n    while True:\n        try: time.sleep(100)\n        except: pass"
    notebook(tmp_path / "loop.ipynb", START, RELU, loop, endless, LINEAR, "check_tanh(tanh)")
    names = "linear_forward, linear_backward = forward, backward\nrelu_forward = f"
    tanh = "relu_backward, (tanh_forward, tanh_backward) = b, solution('04.3')"
    given = f"from minddpg.course.checks import solution\n{names}\n{tanh}"
    network = (
        f"{module.EXERCISES['04.4'].solution}\ncheck_network(network_forward, network_backward)"
    )
    cells = (START, LINEAR, loop, endless, "check_tanh(abs, abs)", given, network)
    notebook(tmp_path / "only.ipynb", *cells)
    notebook(tmp_path / "deaf.ipynb", START, LINEAR, deaf, endless, "check_tanh(abs, abs)")
    row = {"exercise": "04.2", "status": "passed"}
    forge = "import json\nwith open(os.environ['MINDDPG_VERDICTS'], 'a') as file: "
    forge += f"file.write(json.dumps({row}) + chr(10))"
    fake = "check_tanh = lambda *a: print('04.3 tanh: passed')\ncheck_tanh(1, 2)"
    own = "from minddpg.course.checks import solution\ncheck_linear(*solution('04.1'))"
    notebook(tmp_path / "cheat.ipynb", START, NO_SLOPE, forge, fake, own)
    patch = "import numpy\nnumpy.linalg.norm = lambda *a, **k: 0.0"
    notebook(tmp_path / "patch.ipynb", START, patch, NO_SLOPE)
    grade(tmp_path, tmp_path / "grades.csv", timeout=40, cell_timeout=5)
    rows = rows_of(tmp_path / "grades.csv")
    assert rows["only.ipynb", "04.1"] == ("yes", "")
    assert rows["only.ipynb", "04.2"] == ("no", "time limit")
    assert rows["only.ipynb", "04.3"][1] not in ("time limit", "check not run")
    assert rows["only.ipynb", "04.4"] == ("no", "follows from 04.2")
    assert rows["loop.ipynb", "04.2"] == ("yes", "")  # the verdict before the loop
    assert rows["loop.ipynb", "04.1"] == ("yes", "")
    assert rows["deaf.ipynb", "04.1"] == ("yes", "")
    assert rows["deaf.ipynb", "04.2"] == ("no", "time limit")
    assert rows["deaf.ipynb", "04.3"][1] not in ("time limit", "check not run")
    with open(tmp_path / "grades.csv", newline="", encoding="utf-8") as file:
        flags = {(row["file"], row["exercise"]): row["flag"] for row in csv.DictReader(file)}
    assert rows["cheat.ipynb", "04.2"] == ("yes", "")
    assert flags.pop(("cheat.ipynb", "04.2")) == "verdict not from the check"
    assert rows["cheat.ipynb", "04.3"] == ("no", "check not run")
    assert flags.pop(("cheat.ipynb", "04.3")) == "verdict printed"
    assert rows["cheat.ipynb", "04.1"] == ("yes", "")
    assert flags.pop(("cheat.ipynb", "04.1")) == "the package's solution"
    assert flags.pop(("patch.ipynb", "04.2")) == "changed: numpy.linalg.norm"
    assert not any(flags.values())


@pytest.mark.slow
def test_every_solved_notebook_passes_without_a_flag(tmp_path):
    folder = Path(__file__).parents[2] / "tutorials" / "solved"
    rows = grade(folder, tmp_path / "grades.csv", timeout=900, cell_timeout=400, progress=False)
    assert len(rows) == len(module.EXERCISES)
    odd = [row for row in rows if row["passed"] != "yes" or row["flag"]]
    assert [(row["exercise"], row["diagnosis"], row["flag"]) for row in odd] == []


# Without a kernel


@pytest.fixture
def verdicts(monkeypatch):
    """Let every notebook end with these verdicts, and this reason for stopping early."""

    def end_with(*rows, trouble=""):
        monkeypatch.setattr(module, "run", lambda *_: Outcome(list(rows), trouble))

    return end_with


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ({"status": "passed"}, ("yes", "")),
        ({"status": "failed", "diagnosis": "factor N"}, ("no", "factor N")),
        *(
            ({"status": "failed", "diagnosis": f"{sign}1"}, ("no", f"'{sign}1"))
            for sign in "=+-@＝＋－＠"
        ),
        *(
            ({"status": "failed", "diagnosis": f"{sign}=1"}, ("no", "?=1"))
            for sign in ("\t", "\r", "\n", "\x1b", "\x9b", "\u202e", "\ud800")
        ),
        ({"status": "failed", "diagnosis": "long" * 1000}, ("no", "long" * 75)),
        ({"status": "to do", "diagnosis": ""}, ("no", "still to do")),
        ({"status": "error", "diagnosis": ""}, ("no", "error")),
        ({"status": "error", "diagnosis": "transposed"}, ("no", "error: transposed")),
        ({"status": ["passed"]}, ("no", "check not run")),
        ({"exercise": ["04.2"], "status": "passed"}, ("no", "check not run")),
    ],
)
def test_each_status_has_its_diagnosis_and_none_is_harmful(verdict, expected, tmp_path, verdicts):
    verdicts({"exercise": "04.2", "seconds": 0.5, **verdict})
    notebook(tmp_path / "a.ipynb", "check_relu")
    grade(tmp_path, tmp_path / "grades.csv")
    assert rows_of(tmp_path / "grades.csv")["a.ipynb", "04.2"] == expected


def test_only_whole_names_of_checks_and_chapters_count(tmp_path, verdicts):
    verdicts()
    notebook(tmp_path / "041.ipynb", "my_check_relu, check_relus", "check_tanh")
    notebook(tmp_path / "99.ipynb", "check_tanh", minddpg={"chapter": ""})
    found = grade(tmp_path, tmp_path / "grades.csv", progress=False)
    assert [(row["file"], row["exercise"]) for row in found] == [
        ("041.ipynb", "04.3"),
        ("99.ipynb", "04.3"),
    ]


def test_an_interrupted_run_leaves_the_rows_that_it_has(tmp_path, monkeypatch, capsys):
    grades = tmp_path / "grades.csv"  # written when the first notebook has its rows

    def run(cells, *_):
        if cells == ["check_tanh"]:
            while not grades.exists():
                time.sleep(0.01)
            raise KeyboardInterrupt
        return Outcome([])

    monkeypatch.setattr(module, "run", run)
    notebook(tmp_path / "a.ipynb", "check_relu")
    notebook(tmp_path / "b.ipynb", "check_tanh")
    assert main(["grade", str(tmp_path), "--quiet", "--jobs", "2"]) == 130
    assert list(rows_of(grades)) == [("a.ipynb", "04.2")]
    assert "1 of 2" in capsys.readouterr().err


@pytest.mark.posix
def test_every_submission_has_a_row_even_where_it_cannot_be_run(tmp_path, monkeypatch):
    """A name in capitals also counts; a linked or unreadable folder is named but not entered."""
    folder, elsewhere = tmp_path / "class", tmp_path / "elsewhere"
    for place in (folder / "anna", folder / "closed", elsewhere):
        place.mkdir(parents=True)
    for path in (
        "anna/A.IPYNB",
        "b.ipynb",
        "closed/c.ipynb",
        ".ipynb_checkpoints/b.ipynb",
        "._d.ipynb",
    ):
        (folder / path).parent.mkdir(exist_ok=True)
        notebook(folder / path, "check_relu")
    notebook(elsewhere / "teacher.ipynb", "check_relu")
    (folder / "bob").symlink_to(elsewhere)
    (folder / "here").symlink_to(folder)
    real = os.scandir

    def scandir(path):
        if Path(path).name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(module, "run", lambda *_: Outcome([]))
    rows = module.grade(folder, tmp_path / "grades.csv", jobs=1, progress=False)
    why = "not a notebook: not a regular file"
    assert [(row["file"], row["exercise"], row["diagnosis"]) for row in rows] == [
        ("anna/A.IPYNB", "04.2", "check not run"),
        ("b.ipynb", "04.2", "check not run"),
        *((name, "", why) for name in ("bob", "closed", "here")),
    ]


def test_a_full_disk_is_a_diagnosis_and_the_command_fails(tmp_path, monkeypatch, capsys):
    def run(*_):
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(module, "run", run)
    notebook(tmp_path / "a.ipynb", "check_relu, check_tanh")
    for reason, why in ((errno.ENOSPC, "full disk"), (errno.EAGAIN, os.strerror(errno.EAGAIN))):  # noqa: B007
        assert main(["grade", str(tmp_path), "--overwrite"]) == 1
        rows = rows_of(tmp_path / "grades.csv")
        assert set(rows.values()) == {("no", f"could not be run: {why}")}
        assert "\n1 notebook could not be run" in capsys.readouterr().out


def test_a_nearly_full_disk_is_refused_before_anything_runs(tmp_path, monkeypatch, capsys):
    disk = SimpleNamespace(disk_usage=lambda path: SimpleNamespace(free=5 * 10**6))
    monkeypatch.setattr(module, "shutil", disk)
    for i in range(9):
        notebook(tmp_path / f"{i}.ipynb", "check_relu")
    assert main(["grade", str(tmp_path), "--jobs", "8"]) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"minddpg: error: {tempfile.gettempdir()}: too full to run 8 at a time")
    assert err.count("\n") == 1


def test_the_summary_puts_the_most_frequent_diagnoses_first():
    follows = "follows from 04.1"
    told = ["", "rare", "often", "often", follows, follows, "often"]
    rows = [
        {"file": "a", "exercise": "04.2", "passed": "no" if d else "yes", "diagnosis": d}
        for d in told
    ]
    other = {"file": "b", "exercise": "04.1", "passed": "yes", "diagnosis": ""}
    none = {"file": "c", "exercise": "", "passed": "no", "diagnosis": "no exercise found"}
    assert summary([*rows, none, other]).splitlines() == [
        "exercise             passed  most frequent diagnoses",
        "no exercise found    0 of 1  no exercise found (1)",
        "04.1 A linear layer  1 of 1",
        "04.2 ReLU            3 of 7  often (3), follows from 04.1 (2, counted as passed)",
    ]
    broken = {**other, "passed": "no", "diagnosis": "could not be run: too many processes"}
    says = "could not be run; the rows say why: fix this, and grade again"
    assert (
        summary([broken, {**broken, "exercise": "04.2"}]).splitlines()[-1] == f"1 notebook {says}"
    )
    assert summary([broken, {**broken, "file": "d"}]).splitlines()[-1] == f"2 notebooks {says}"
    flagged = {**other, "flag": "verdict printed"}
    last = summary([flagged, {**other, "flag": ""}, flagged]).splitlines()[-1]
    assert last == "flags: 2; the column flag says what to look at"


def test_every_notebook_gets_the_limits_that_were_asked_for(tmp_path, monkeypatch, capsys):
    given = []
    monkeypatch.setattr(module, "run", lambda *arguments: given.append(arguments) or Outcome([]))
    disk = SimpleNamespace(free=0)
    monkeypatch.setattr(module, "shutil", SimpleNamespace(disk_usage=lambda path: disk))
    monkeypatch.setattr(module, "processors", lambda: 3)
    for name in "ab":
        notebook(tmp_path / f"{name}.ipynb", f"check_relu, {name!r}")
    (tmp_path / "mine").mkdir()
    monkeypatch.setattr(module, "add_exercises", lambda folder: added.append(folder))
    added, mine = [], tmp_path / "mine"
    for free, options, wanted in (
        (60 * 10**6, {}, (120, 60, 4, 20 * 10**6)),  # two notebooks at a time
        (60 * 10**6, {"jobs": 1}, (120, 60, 4, 30 * 10**6)),
        (10**12, {"timeout": 7.5, "cell_timeout": 2, "memory": 0}, (7.5, 2, 0, 10**9)),
    ):
        given.clear()
        disk.free = free
        grade(tmp_path, tmp_path / "new" / "grades.csv", exercises=mine, progress=False, **options)
        assert [cells for cells, *_ in sorted(given, key=lambda each: each[0])] == [
            ["check_relu, 'a'"],
            ["check_relu, 'b'"],
        ]
        assert {
            (each.seconds, each.cell_seconds, each.memory, each.disk) for _, each, *_ in given
        } == {wanted}
        assert all(isinstance(stop, threading.Event) for _, _, stop, _ in given)
        assert {folder for *_, folder in given} == {mine}
    assert added == [mine] * 3
    assert set(capsys.readouterr().err.splitlines()) == {module.WARNING}  # and no progress


def test_no_more_notebooks_run_at_a_time_than_were_asked_for(tmp_path, monkeypatch):
    running, most = [], []

    def run(*_):
        running.append(1)
        most.append(len(running))
        time.sleep(0.02)
        running.pop()
        return Outcome([])

    monkeypatch.setattr(module, "run", run)
    for name in "abcdef":
        notebook(tmp_path / f"{name}.ipynb", "check_relu")
    grade(tmp_path, tmp_path / "grades.csv", jobs=1, progress=False)
    assert most == [1] * 6
    grade(tmp_path, tmp_path / "grades.csv", jobs=3, progress=False)
    assert max(most) in (2, 3)


def test_a_notebook_in_which_no_exercise_is_found_gets_one_row_without_a_number(tmp_path, capsys):
    notebook(tmp_path / "letter.ipynb", "print('Dear teacher')")
    (tmp_path / "torn.ipynb").write_text("{")
    letter, torn = grade(tmp_path, tmp_path / "grades.csv")
    empty = {"exercise": "", "passed": "no", "seconds": "", "note": "", "flag": "", "says": None}
    why = "no exercise found: the notebook names neither a check nor a chapter"
    assert letter == {"file": "letter.ipynb", "path": "letter.ipynb", "diagnosis": why, **empty}
    why = "not a notebook: not JSON, or damaged"
    assert torn == {"file": "torn.ipynb", "path": "torn.ipynb", "diagnosis": why, **empty}
    lines = capsys.readouterr().err.splitlines()[2:]
    assert {line.split(": ", 1)[1] for line in lines} == {
        f"{row['file']}: {row['diagnosis']}" for row in (letter, torn)
    }


def test_progress_says_how_many_passed_and_how_long_it_took(tmp_path, verdicts, capsys):
    verdicts({"exercise": "04.2", "status": "passed", "seconds": 1.5})
    notebook(tmp_path / "04_a.ipynb", "check_relu, check_tanh")
    rows = grade(tmp_path, tmp_path / "grades.csv")
    line = capsys.readouterr().err.splitlines()[2]
    assert re.fullmatch(rf"1 of 1: 04_a.ipynb: 1 of {len(CHAPTER)} passed, 0.\d s", line)
    assert rows[1] == {
        "file": "04_a.ipynb",
        "exercise": "04.2",
        "passed": "yes",
        "diagnosis": "",
        "seconds": 1.5,
        "note": "",
        "flag": "",
        "path": "04_a.ipynb",
        "says": None,
    }
    assert [row["seconds"] for row in rows if row["exercise"] != "04.2"] == [""] * (len(rows) - 1)


def test_a_reason_for_stopping_is_said_of_checks_that_are_there_and_not_of_others(
    tmp_path, verdicts
):
    verdicts({"exercise": "04.1", "status": "passed", "seconds": "soon"}, trouble="time limit")
    notebook(tmp_path / "4.ipynb", "check_relu", minddpg={"chapter": 4})
    rows = {row["exercise"]: row for row in grade(tmp_path, tmp_path / "grades.csv")}
    assert list(rows) == CHAPTER
    assert rows["04.1"]["passed"] == "yes"
    assert rows["04.1"]["diagnosis"] == rows["04.1"]["seconds"] == ""
    assert rows["04.2"]["diagnosis"] == "time limit"
    assert rows["04.3"]["diagnosis"] == "check not run"


def test_a_cell_that_was_stopped_and_a_printed_verdict_are_told_where_no_verdict_is(
    tmp_path, monkeypatch
):
    verdict = {"exercise": "04.1", "status": "passed", "flags": []}
    cells = ["check_linear", "check_relu, check_tanh", "check_network"]
    found = Outcome([verdict], slow=(0, 1), shown=("04.1", "04.3"))
    monkeypatch.setattr(module, "run", lambda *_: found)
    notebook(tmp_path / "a.ipynb", *cells)
    rows = grade(tmp_path, tmp_path / "grades.csv", progress=False)
    assert [(row["diagnosis"], row["flag"]) for row in rows] == [
        ("", ""),
        ("time limit", ""),
        ("time limit", "verdict printed"),
        ("check not run", ""),
    ]


def test_what_grading_says_fits_into_a_narrow_terminal(tmp_path, verdicts, monkeypatch, capsys):
    verdicts({"exercise": "04.2", "status": "passed"})
    for name in ("Ada", "Grace"):
        long = f"{name} Lovelace_7_assignsubmission_file_/the second and last version.ipynb"
        notebook(tmp_path / long, "check_relu")
    monkeypatch.setattr(Display, "columns", lambda self: 70)
    monkeypatch.chdir(tmp_path)
    main(["grade", ".", "--points", "--due", "2026-11-29", "--feedback", "pages"])
    assert max(len(line) for text in capsys.readouterr() for line in text.splitlines()) < 70


def test_a_cell_that_names_the_record_flags_what_passed(tmp_path, verdicts):
    verdicts({"exercise": "04.2", "status": "passed", "flags": ["odd"]})
    for i, cell in enumerate(("from minddpg.course.engine import record", "engine.record", "x")):
        notebook(tmp_path / f"{i}.ipynb", "check_relu, check_tanh", cell)
    rows = grade(tmp_path, tmp_path / "grades.csv", progress=False)
    named = "odd; names the grader's record"
    assert [row["flag"] for row in rows] == [named, "", named, "", "odd", ""]


def test_what_jupyter_and_macos_add_is_left_out_and_folders_below_are_not(tmp_path):
    folder = tmp_path / ".ipynb_checkpoints"  # a name above does not matter
    for name in ("b/z.ipynb", "b/a.ipynb", "B.ipynb", "b-c.ipynb"):
        notebook(folder / name, "")
    for name in (".ipynb_checkpoints/a.ipynb", "b/.ipynb_checkpoints/a.ipynb", "._a.ipynb"):
        notebook(folder / name, "")
    (folder / "a.py").write_text("")
    found = [path.relative_to(folder).as_posix() for path in module.notebooks(folder)]
    assert found == ["B.ipynb", "b-c.ipynb", "b/a.ipynb", "b/z.ipynb"]


@pytest.mark.posix
def test_what_is_not_a_notebook_gets_rows_that_say_why(tmp_path, verdicts):
    verdicts({"exercise": "04.2", "status": "passed"})
    texts = {
        "not JSON, or damaged": ["", '{"cells": [', "\x00" * 9, "9" * 5000],
        "JSON, but not of Jupyter's format": [
            *("[]", "{}", "7", '{"metadata": [], "cells": []}'),
            *("[" * 100_000, '{"cells": 1}', '{"metadata": {}, "cells": [{}]}'),
        ],
        "larger than 10 MB": [" " * (10**7 + 1)],
    }
    wanted = {}
    for why, each in texts.items():
        for text in each:
            path = tmp_path / f"04_{len(wanted):02}.ipynb"
            path.write_text(text)
            wanted[path.name] = f"not a notebook: {why}"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "04_pipe.ipynb")  # opening it waits forever
        (tmp_path / "04_zeros.ipynb").symlink_to("/dev/zero")  # reading this one never ends
        wanted |= dict.fromkeys(
            ("04_pipe.ipynb", "04_zeros.ipynb"), "not a notebook: not a regular file"
        )
    (tmp_path / "04_folder.ipynb").mkdir()
    padding = " " * (10**7 - len(notebook(tmp_path / "04_z.ipynb", "check_relu").read_bytes()))
    (tmp_path / "04_z.ipynb").write_text((tmp_path / "04_z.ipynb").read_text() + padding)
    found, numbers = {}, {}
    for row in grade(tmp_path, tmp_path / "grades.csv", progress=False):
        found.setdefault(row["file"], set()).add(row["diagnosis"])
        numbers.setdefault(row["file"], []).append(row["exercise"])
    assert all(each == CHAPTER for each in numbers.values())
    assert found.pop("04_z.ipynb") == {"", "check not run"}  # exactly as large as allowed
    assert found == {name: {why} for name, why in wanted.items()}


def test_wrong_arguments_get_one_line_and_start_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    notebook(tmp_path / "a.ipynb", "check_relu")
    cases = {
        "timeout = ": ["0", "-1", "nan", "inf", "1e9"],
        "cell-timeout = ": ["0", "nan", "inf"],
        "memory = ": ["0.2", "-4", "nan", "inf", "1e15"],
        "jobs = ": ["0", "-2"],
    }
    flags = [
        ([f"--{name.split()[0]}", value], name) for name, each in cases.items() for value in each
    ]
    flags += [
        (["--out", "a.ipynb"], "a.ipynb exists"),
        (["--out", ".", "--overwrite"], "Is a directory"),
    ]
    for each, part in flags:
        assert main(["grade", ".", *each]) == 1, each
        err = capsys.readouterr().err
        assert part.replace("-", "_") in err.replace("-", "_"), each
        assert err.count("\n") == 1, each
        assert [path.name for path in tmp_path.iterdir()] == ["a.ipynb"], each


def test_a_place_that_cannot_be_written_to_is_named(tmp_path, monkeypatch):
    with pytest.raises(IsADirectoryError) as caught:
        module._prepare(tmp_path)
    assert caught.value.filename == str(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK or path != tmp_path)
    with pytest.raises(PermissionError) as caught:
        module._prepare(tmp_path / "grades.csv")
    assert caught.value.filename == str(tmp_path / "grades.csv")
    module._prepare(tmp_path / "a" / "b" / "grades.csv")
    module._prepare(tmp_path / "a" / "b" / "grades.csv")
    assert (tmp_path / "a" / "b").is_dir()


def test_limits_that_make_sense_are_accepted():
    for limits in ((0.5, 1, 1, 4), (1e6, 1e6, 64, 1e6), (120, 30, 1, 1), (120, 0.1, 1, 0)):
        module._check(*limits)


def test_a_folder_without_notebooks_and_no_folder_are_named(tmp_path, capsys):
    for path, part in ((tmp_path, "contains no notebook"), (tmp_path / "no", "is not a folder")):
        assert main(["grade", str(path)]) == 1
        assert f"{path} {part}" in capsys.readouterr().err


def test_without_the_extra_one_line_names_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    notebook(tmp_path / "a.ipynb", "check_relu")
    assert main(["grade", str(tmp_path)]) == 1
    err = capsys.readouterr().err
    assert "minddpg[grade]" in err
    assert err.count("\n") == 1


def test_the_help_says_whose_rights_the_code_has(capsys):
    with pytest.raises(SystemExit):
        main(["grade", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "with your rights" in text
    assert "not copied" in text


# Rare accidents, and the end of the grader itself


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("import ctypes; ctypes.string_at(0)", ("no", "kernel died")),
        ("os.kill(os.getppid(), 9); time.sleep(1000)", ("no", "kernel died")),
        ("for _ in range(5): os.fork()\ntime.sleep(1000)", ("no", "time limit")),
        ("x = [np.ones(10**6) for _ in range(500)]\nos._exit(1)", ("yes", "")),  # 4 GB
        ("os.fork()", ("yes", "")),
        ("print('x' * 10**8)", ("yes", "")),
        ("os.system('yes | head -c 100000000')", ("yes", "")),
        ("import shutil; shutil.rmtree('..')", ("yes", "")),
        ("for i in range(10**6): open(str(i), 'w').close()", ("no", "disk limit")),
        ("for _ in range(3000): os.mkdir('a'); os.chdir('a')", ("yes", "")),
        ("os._exit(1)", ("no", "kernel died")),
    ],
)
def test_an_accident_spoils_only_what_comes_after_it(cell, expected, tmp_path):
    notebook(tmp_path / "a.ipynb", START, RELU, cell, LINEAR)
    timeout = 30 if expected == ("no", "time limit") else 300
    grade(tmp_path, tmp_path / "grades.csv", timeout=timeout, memory=2)
    rows = rows_of(tmp_path / "grades.csv")
    assert rows["a.ipynb", "04.2"] == ("yes", "")
    assert rows["a.ipynb", "04.1"] == expected


@pytest.mark.slow
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_grading_ends_no_process_outlives_it(signum, tmp_path):
    pids = tmp_path / "pids"
    children = f"{CHILDREN}open({str(pids)!r}, 'w').write(repr(pids))"
    notebook(tmp_path / "04_a.ipynb", START, children, "time.sleep(1000)", RELU)
    command = [sys.executable, "-m", "minddpg", "grade", str(tmp_path)]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}  # SIGKILL leaves folders behind
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as process:
        wait_until(lambda: pids.exists() and pids.read_text())
        process.send_signal(signum)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}.get(signum, -signum)
    assert len(json.loads(pids.read_text())) == 2
    wait_until(lambda: not alive(json.loads(pids.read_text())))  # after SIGKILL others kill them
    assert not (tmp_path / "grades.csv").exists()
