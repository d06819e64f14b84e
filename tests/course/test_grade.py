"""Grading: every submission gets its rows, and none spoils another's."""

import contextlib
import csv
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from types import SimpleNamespace

import pytest

from minddpg.cli import main
from minddpg.course.grading import grade as module
from minddpg.course.grading import submission as submission_module
from minddpg.course.grading.grade import grade, summary
from minddpg.course.grading.submission import read

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
LINES = LINEAR.splitlines(keepends=True)  # notebooks are stored so, too
CHILDREN = """
pids = [os.fork()]
if pids == [0]:
    time.sleep(1000)
quiet = dict(stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]})  # without our mark
shell = ["setsid", "-f", "sh", "-c", "echo $$; exec sleep 1000"]
pids.append(int(subprocess.Popen(shell, **quiet).stdout.readline()))
open("PIDS", "w").write(repr(pids))
"""


def notebook(path, *sources, **metadata):
    """Write a notebook as Jupyter does."""
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
    assert list(rows[0]) == ["file", "exercise", "passed", "diagnosis", "seconds"]
    return {(row["file"], row["exercise"]): (row["passed"], row["diagnosis"]) for row in rows}


def alive(pids):
    """Return those that still run; a zombie does not."""
    command = ["ps", "-o", "state=", "-p", ",".join(map(str, pids))]
    states = subprocess.run(command, capture_output=True, text=True).stdout.split()
    return [state for state in states if state[0] != "Z"]


def wait_until(holds):
    """Wait for a condition, a minute at most."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade a class once: folder, rows, what was printed, pids, what is left, what was there."""
    top = tmp_path_factory.mktemp("graded")
    folder, temporary, pids = top / "submissions", top / "t", top / "pids"
    temporary.mkdir()
    children = CHILDREN.replace("PIDS", str(pids))
    trouble = [children, "raise SystemExit", "input()", "np.ones(10**9)", "open('mine', 'w')"]
    relu_twice = [f"{NO_SLOPE}\n{RELU}", f"{RELU}\n{NO_SLOPE}"]
    notebook(folder / "04_anna.ipynb", START, *trouble, relu_twice[0], BLANK_TANH, LINES)
    with_error = "check_tanh(lambda z: 1 / 0, None)"
    notebook(folder / "b" / "04-ben.ipynb", START, relu_twice[1], "check_linear(no)", with_error)
    about = {"kernelspec": {"name": "nowhere", "language": "python"}, "minddpg": {"chapter": 4}}
    notebook(folder / "crash.ipynb", START, RELU, "os._exit(1)", LINEAR, **about)
    notebook(folder / "=r.ipynb", "check_relu", kernelspec={"name": "ir", "language": "R"})
    notebook(folder / "letter.ipynb", "print('Dear teacher')")
    notebook(folder / ".ipynb_checkpoints" / "04_anna-checkpoint.ipynb", START)
    (folder / "04_torn.ipynb").write_text('{"cells": [')
    before = {path: path.read_bytes() for path in folder.rglob("*.ipynb")}
    limits = ["--timeout", "300", "--jobs", "2", "--memory", "1.5"]
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        patch.setattr(tempfile, "tempdir", str(temporary))
        out = stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        err = stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        assert main(["grade", str(folder), *limits]) == 0
    return {
        "rows": rows_of(folder / "grades.csv"),
        "out": out.getvalue(),
        "err": err.getvalue(),
        "pids": json.loads(pids.read_text()),
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


PIP = ["-m", "pip", "install", "--no-index", "--no-deps", "--no-compile"]


@pytest.mark.parametrize(
    "install",
    [
        f"code = subprocess.run([{sys.executable!r}, *{PIP}, WHEEL]).returncode",
        pytest.param(f"%{' '.join(PIP[1:])} $WHEEL\ncode = 0", marks=pytest.mark.slow),
    ],
    ids=["shell", "magic"],
)
def test_a_cell_that_installs_something_leaves_our_python_alone(install, tmp_path):
    """It says that it was installed, so that the cells after it run; but it is not ours."""
    wheel, said = tmp_path / "stowaway-1.0-py3-none-any.whl", tmp_path / "said"
    with zipfile.ZipFile(wheel, "w") as file:
        about = "stowaway-1.0.dist-info"
        file.writestr("stowaway.py", "")
        file.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: stowaway\nVersion: 1.0\n")
        file.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{about}/RECORD", "")
    cell = f"WHEEL = {str(wheel)!r}\n{install}\nopen({str(said)!r}, 'w').write(str(code))"
    notebook(tmp_path / "submissions" / "04_anna.ipynb", START, cell, RELU)
    rows = grade(tmp_path / "submissions", tmp_path / "grades.csv")
    assert said.read_text() == "0"
    assert ("04.2", "yes") in {(row["exercise"], row["passed"]) for row in rows}
    looked = subprocess.run([sys.executable, "-c", "import stowaway"], capture_output=True)
    assert looked.returncode == 1


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


def test_an_endless_loop_costs_only_what_comes_after_it(tmp_path, monkeypatch):
    """The time limit is over as soon as the loop is reached, however slowly kernels start."""
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
        *("b/04-ben.ipynb", "crash.ipynb", "letter.ipynb"),
    ]


def test_nothing_is_left_of_a_submission_and_nothing_of_it_is_changed(graded):
    assert len(graded["pids"]) == 2
    assert not alive(graded["pids"])
    assert not graded["left"]
    assert graded["after"] == graded["before"]


def test_the_teacher_is_warned_sees_progress_and_gets_a_summary(graded):
    lines = graded["err"].splitlines()
    assert "with your rights" in lines[0]
    assert [line.split(": ")[0] for line in lines[1:]] == [f"{i} of 6" for i in range(1, 7)]
    assert any(f"04_anna.ipynb: 2 of {len(CHAPTER)} passed" in line for line in lines)
    table = graded["out"].splitlines()
    assert table[0].split() == ["exercise", "passed", "most", "frequent", "diagnoses"]
    (relu,) = (line for line in table if line.startswith("04.2"))
    assert " 2 of 4 " in relu
    assert "slope missing (1)" in relu
    assert table[-1].endswith("grades.csv")


# Without a kernel


@pytest.fixture
def verdicts(monkeypatch):
    """Let every notebook end with these verdicts, and this reason for stopping early."""

    def end_with(*rows, trouble=""):
        monkeypatch.setattr(module, "run", lambda *_: (list(rows), trouble))

    return end_with


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ({"status": "passed"}, ("yes", "")),
        ({"status": "failed", "diagnosis": "factor N"}, ("no", "factor N")),
        ({"status": "failed", "diagnosis": "=1+1"}, ("no", "'=1+1")),
        ({"status": "failed", "diagnosis": "a\x1b[2J\ud800"}, ("no", "a?[2J?")),
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
        return [], ""

    monkeypatch.setattr(module, "run", run)
    notebook(tmp_path / "a.ipynb", "check_relu")
    notebook(tmp_path / "b.ipynb", "check_tanh")
    assert main(["grade", str(tmp_path), "--quiet", "--jobs", "2"]) == 130
    assert list(rows_of(grades)) == [("a.ipynb", "04.2")]
    assert "1 of 2" in capsys.readouterr().err


def test_a_full_disk_is_a_diagnosis(tmp_path, monkeypatch):
    def run(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "run", run)
    notebook(tmp_path / "a.ipynb", "check_relu")
    (row,) = grade(tmp_path, tmp_path / "grades.csv")
    assert row["diagnosis"] == "could not be run: No space left on device"


def test_the_summary_puts_the_most_frequent_diagnoses_first():
    told = ["", "rare", "often", "often", "middling", "middling", "often"]
    rows = [{"exercise": "04.2", "passed": "no" if d else "yes", "diagnosis": d} for d in told]
    assert summary(rows).splitlines()[1] == "04.2 ReLU  1 of 7  often (3), middling (2)"


def test_an_old_notebook_and_half_a_character_can_be_read(tmp_path):
    cells = [{"cell_type": "code", "input": ["a = 1\n", "b = 2"]}, {"cell_type": "markdown"}]
    old = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]}
    (tmp_path / "old.ipynb").write_text(json.dumps(old))
    assert read(tmp_path / "old.ipynb").cells == ["a = 1\nb = 2"]
    assert read(notebook(tmp_path / "half.ipynb", "'\ud800'")).cells == ["'?'"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "7", '{"metadata": [], "cells": []}', "[" * 100_000, '{"cells": 1}']
)
def test_what_is_not_a_notebook_is_refused(text, tmp_path):
    (tmp_path / "a.ipynb").write_text(text)
    with pytest.raises(ValueError, match="JSON"):
        read(tmp_path / "a.ipynb")


@pytest.mark.parametrize(
    ("flags", "part"),
    [
        (["--timeout", "0"], "timeout = 0"),
        (["--jobs", "0"], "jobs = 0"),
        (["--memory", "0.2"], "memory = 0.2"),
        (["--out", "a.ipynb"], "a.ipynb exists"),
        (["--out", ".", "--overwrite"], "Is a directory"),
    ],
)
def test_wrong_arguments_get_one_line_and_start_nothing(flags, part, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    notebook(tmp_path / "a.ipynb", "check_relu")
    assert main(["grade", ".", *flags]) == 1
    err = capsys.readouterr().err
    assert part in err
    assert err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.ipynb"]


def test_a_folder_without_notebooks_and_no_folder_are_named(tmp_path, capsys):
    for path, part in ((tmp_path, "holds no notebook"), (tmp_path / "no", "is not a folder")):
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


# Rarer accidents, and ends of our own


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
        ("path = os.environ['MINDDPG_VERDICTS']; os.remove(path); os.mkdir(path)", None),
        ("path = os.environ['MINDDPG_VERDICTS']; os.remove(path); os.mkfifo(path)", None),
    ],
)
def test_an_accident_spoils_only_what_comes_after_it(cell, expected, tmp_path):
    notebook(tmp_path / "a.ipynb", START, RELU, cell, LINEAR if expected else "check_linear")
    timeout = 30 if expected == ("no", "time limit") else 300
    grade(tmp_path, tmp_path / "grades.csv", timeout=timeout, memory=2)
    rows = rows_of(tmp_path / "grades.csv")
    none = ("no", "check not run")
    assert rows["a.ipynb", "04.2"] == (("yes", "") if expected else none)
    assert rows["a.ipynb", "04.1"] == (expected or none)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process's mark cannot be read")
def test_a_cell_that_kills_its_parent_leaves_no_child(tmp_path):
    pids = tmp_path / "pids"
    child = CHILDREN.split("quiet =")[0] + f"open({str(pids)!r}, 'w').write(repr(pids))"
    notebook(tmp_path / "a.ipynb", START, f"{child}\nos.kill(os.getppid(), 9)", RELU)
    (row,) = grade(tmp_path, tmp_path / "grades.csv")
    assert row["diagnosis"] == "kernel died"
    assert not alive(json.loads(pids.read_text()))


@pytest.mark.slow
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_grading_ends_no_process_outlives_it(signum, tmp_path):
    pids = tmp_path / "pids"
    children = CHILDREN.replace("PIDS", str(pids))
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
