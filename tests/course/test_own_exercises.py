"""A teacher's own exercise, in a folder outside the package, is checked, built and graded."""

import csv
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from minddpg.cli import main
from minddpg.course import checks
from minddpg.course.checks import EXERCISES, add_exercises
from minddpg.course.engine.check import CHECKS, FOLDERS

ROOT = Path(__file__).parents[2]
EXERCISE = '''
"""Exercise 99.1: the pseudo-Huber loss."""

import numpy as np

from minddpg.course.engine import PROPERTY, Mistake, arrays, call, exercise

SOLUTION = """
def pseudo_huber(error):
    return np.mean(np.sqrt(1 + error**2) - 1)
"""


@exercise(
    "99.1",
    "The pseudo-Huber loss",
    PROPERTY,
    stub="""
def pseudo_huber(error):
    \'\'\'Return the mean over error (N,) of √(1 + e²) − 1.\'\'\'
    return None
""",
    statement="Write a loss that is quadratic near 0 and linear far away.",
    solution=SOLUTION,
    mistakes=[
        Mistake("linear everywhere", "No e².", {"np.sqrt(1 + error**2) - 1": "np.abs(error)"})
    ],
)
def check_pseudo_huber(pseudo_huber):
    """Check pseudo_huber."""
    (loss,) = arrays(call(pseudo_huber, np.array([0.3, -0.9, 2.5, -4.0])), ["loss"], pseudo_huber)
    return {"loss": loss}
'''
SAME = 'Mistake("the same", "No e².", {"np.sqrt(1 + error**2) - 1": "np.abs(error)"}),'
CHAPTER = """# %% [markdown]
# # 99 · A chapter of my own
#
# One exercise.

# %%
import numpy as np

# %% exercise="99.1"
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with one exercise, which is removed after the test."""
    before = dict(EXERCISES), dict(CHECKS)
    home = tmp_path / "mine"
    home.mkdir()
    (home / "pseudo_huber.py").write_text(EXERCISE)
    yield home
    forget(*before)


def forget(*before):
    """Remove all exercises but those of before."""
    for registry, kept in zip((EXERCISES, CHECKS), before, strict=True):
        registry.clear()
        registry.update(kept)
    for name in [name for name in sys.modules if name.startswith("minddpg.course.outside.")]:
        del sys.modules[name]


def test_an_exercise_outside_the_package_is_checked_like_any_other(folder):
    add_exercises(folder)
    assert list(EXERCISES)[-1] == "99.1"
    assert "check_pseudo_huber" in checks.__all__
    assert checks.check_pseudo_huber(*EXERCISES["99.1"].reference)
    verdict = checks.check_pseudo_huber(lambda error: abs(error).mean())
    assert verdict.diagnosis == "linear everywhere"


def test_a_number_or_a_check_that_is_taken_is_refused_by_name(folder):
    source = EXERCISE.replace('"99.1",', '"05.5",')
    (folder / "pseudo_huber.py").write_text(source)
    with pytest.raises(ValueError, match=r"05\.5 .*number is used already.*ch05_critic\.adam_step"):
        add_exercises(folder)
    (folder / "pseudo_huber.py").write_text(EXERCISE.replace("check_pseudo_huber", "check_relu"))
    with pytest.raises(ValueError, match=r"99\.1 .*its check check_relu exists already"):
        add_exercises(folder)
    assert "99.1" not in EXERCISES


def test_an_edit_that_does_not_apply_is_refused_by_name(folder):
    (folder / "pseudo_huber.py").write_text(EXERCISE.replace('{"np.sqrt(1 + e', '{"np.sqrt(2 + e'))
    with pytest.raises(ValueError, match=r"(?s)99\.1, 'linear everywhere'.*np\.sqrt\(2 \+ e"):
        add_exercises(folder)


def test_a_folder_without_exercises_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        add_exercises(tmp_path / "nowhere")


def builder():
    spec = importlib.util.spec_from_file_location("build", ROOT / "tutorials" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_exercise_without_a_cell_and_a_cell_without_an_exercise_are_named(folder, tmp_path):
    build = builder()
    assert build.without_cell(build.SOURCES) == []
    source = tmp_path / "99_mine.py"
    source.write_text(CHAPTER)
    problem = r"99_mine\.py has a cell for exercise 99\.1, which does not exist"
    with pytest.raises(ValueError, match=problem):
        build.notebook(source, solved=False)
    add_exercises(folder)
    (line,) = build.without_cell(build.SOURCES)
    assert line.startswith(
        "exercise 99.1 of minddpg.course.outside.mine.pseudo_huber has no notebook"
    )
    assert line.endswith("into your 99_*.py, and name this file too")
    assert build.without_cell([*build.SOURCES, source]) == []


def test_an_exercise_with_a_fault_is_refused_before_a_notebook_is_written(
    folder, tmp_path, monkeypatch, capsys
):
    build, before = builder(), (dict(EXERCISES), dict(CHECKS))
    source, out = tmp_path / "99_mine.py", tmp_path / "notebooks"
    source.write_text(CHAPTER)
    flags = ["--exercises", folder, "--out", out, source]
    monkeypatch.setattr("sys.argv", ["build.py", *map(str, flags)])
    for old, new, message in (
        ("import numpy as np\n", "", "its solution is 'error', not 'passed': NameError: name 'np'"),
        ("np.abs(error)", "np.sqrt(error**2 + 1) - 1", "everywhere' is 'passed', not 'linear"),
        ("mistakes=[", f"mistakes=[{SAME}", "'linear everywhere' is 'the same', not 'linear"),
    ):
        assert old in EXERCISE
        (folder / "pseudo_huber.py").write_text(EXERCISE.replace(old, new))
        with pytest.raises(SystemExit) as ended:
            build.main()
        said = capsys.readouterr().err
        assert message in said
        assert said.endswith("no notebook was written\n")
        assert ended.value.code == 1
        assert not out.exists()
        forget(*before)


@pytest.mark.slow
def test_a_notebook_with_an_own_exercise_is_built_and_graded(folder, tmp_path):
    source, out = tmp_path / "99_mine.py", tmp_path / "notebooks"
    source.write_text(CHAPTER)
    flags = ["--exercises", str(folder), "--out", str(out)]
    command = [sys.executable, str(ROOT / "tutorials" / "build.py"), *flags, str(source)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    shown = json.dumps(json.loads((out / "99_mine.ipynb").read_text()))
    assert "FileNotFoundError" not in shown
    grades = tmp_path / "grades.csv"
    assert main(["grade", str(out), "--exercises", str(folder), "--out", str(grades)]) == 0
    with open(grades, newline="") as file:
        rows = {row["file"]: (row["passed"], row["diagnosis"]) for row in csv.DictReader(file)}
    assert rows == {"99_mine.ipynb": ("no", "still to do"), "solved/99_mine.ipynb": ("yes", "")}


def test_without_the_development_tools_the_builder_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupytext", None)
    with pytest.raises(SystemExit, match=r"needs jupytext: .* install -e '\.\[dev\]'"):
        builder()


def test_while_submissions_are_graded_the_teachers_exercises_are_the_ones_that_count(
    folder, monkeypatch
):
    monkeypatch.setenv(FOLDERS, str(folder))
    add_exercises("a folder that the submission brings along")
    assert "99.1" not in EXERCISES


def test_a_mistake_that_is_no_python_or_loses_the_function_is_refused_by_name(folder):
    for edit, message in (
        ('{"return": "return ("}', "was never closed"),
        ('{"def pseudo_huber": "def pseudo_hubert"}', "pseudo_huber is not defined there"),
    ):
        source = EXERCISE.replace('{"np.sqrt(1 + error**2) - 1": "np.abs(error)"}', edit)
        (folder / "pseudo_huber.py").write_text(source)
        with pytest.raises(ValueError, match=f"99.1, 'linear everywhere'.*{message}"):
            add_exercises(folder)
