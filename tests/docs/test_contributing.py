"""The recipe for a new exercise in CONTRIBUTING works, and fails with the messages quoted there."""

import importlib.util
import re
from pathlib import Path

import pytest

from minddpg.course.checks import EXERCISES, MISTAKES
from minddpg.course.engine import check

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text()
(RECIPE,) = re.findall(r"^```py\n(.+?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(PATH,) = re.findall(r"`minddpg/(course/ch\d\d_\w+/\w+)\.py`\. The solution", PAGE)
MODULE = f"minddpg.{PATH.replace('/', '.')}"


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    """Exercises and checks that are removed after the test; one number is already used."""
    taken = EXERCISES["05.5"]
    monkeypatch.setattr(check, "EXERCISES", {"05.5": taken})
    monkeypatch.setattr(check, "CHECKS", {})
    return check.EXERCISES


def written(source):
    """Execute the example under the page's file name; return its check."""
    names = {"__name__": MODULE, "__package__": MODULE.rpartition(".")[0]}
    exec(source, names)
    return names["check_huber"]


@pytest.fixture
def build(monkeypatch, registry):
    """The notebooks' builder; it finds the example only after it was written."""
    spec = importlib.util.spec_from_file_location("build", ROOT / "tutorials" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "EXERCISES", registry)
    return module


def test_the_example_passes_its_solution_and_names_every_mistake(registry):
    check_huber = written(RECIPE)
    exercise = registry["05.6"]
    assert check_huber(*exercise.reference)
    for i, (mistake, _) in enumerate(exercise.wrong_sources):
        answers = exercise.wrong_answer(i)
        assert check_huber(*answers).diagnosis == mistake.name
    (solution,) = exercise.reference
    assert check_huber(lambda e: (solution(e)[0], len(e) * solution(e)[1])).diagnosis == "factor N"
    assert "factor N" in MISTAKES
    assert check_huber(*exercise.answers(exercise.stub, "stub")).status == "to do"
    assert exercise.hints


def message_of(call, *arguments):
    """Return the first line of the ValueError that a call raises."""
    with pytest.raises(ValueError, match=r"05\.") as raised:
        call(*arguments)
    return str(raised.value).splitlines()[0]


def test_what_goes_wrong_is_said_in_the_words_of_the_page(registry, build, tmp_path):
    (cell,) = re.findall(r"^(# %% exercise=.+)$", PAGE, re.MULTILINE)
    source = tmp_path / "05_critic.py"
    source.write_text(f"# %% [markdown]\n# # A title\n\n{cell}\n")
    found = [
        message_of(written, RECIPE.replace('    "05.6",', '    "05.5",')),
        message_of(written, RECIPE.replace('{"np.clip(error,', '{"np.clip(errors,', 1)),
        message_of(build.notebook, source, False),
    ]
    written(RECIPE)
    del registry["05.5"]
    assert build.without_cell([source]) == []
    found += build.without_cell([])
    assert len(found) == 4
    for message in found:
        assert f"`{message}`" in PAGE, message


def test_the_tests_that_catch_a_forgotten_command_exist():
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", PAGE)
    assert named
    for name in named:
        assert f"def {name}(" in tests, name
