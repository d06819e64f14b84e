"""The course: what is committed is what the sources make, and keeps the course's form."""

import ast
import importlib.util
import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from minddpg.teaching import recordings
from minddpg.teaching.checks import EXERCISES
from minddpg.teaching.pages.exercises import CHAPTERS

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "tutorials"
IMPORTED = {"numpy", "matplotlib", "gymnasium", "minddpg"}

spec = importlib.util.spec_from_file_location("build", COURSE / "build.py")
build = importlib.util.module_from_spec(spec)
spec.loader.exec_module(build)
NAMES = [source.stem for source in build.SOURCES]


def committed(name, folder=COURSE):
    return json.loads((folder / f"{name}.ipynb").read_text())


def sources(cells):
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def code(name):
    return [text for kind, text in sources(committed(name)["cells"]) if kind == "code"]


def prose(name):
    return "\n".join(text for kind, text in sources(committed(name)["cells"]) if kind != "code")


def outputs(name):
    return [each for cell in committed(name)["cells"] for each in cell.get("outputs", [])]


def test_there_is_a_notebook_for_each_of_the_thirteen_chapters():
    assert [name[:2] for name in NAMES] == list(CHAPTERS)
    for folder in (COURSE, COURSE / "solved"):
        assert sorted(path.stem for path in folder.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_what_is_committed_is_what_the_source_makes(name):
    """Written by: python tutorials/build.py"""
    source = COURSE / "source" / f"{name}.py"
    for solved, folder in ((False, COURSE), (True, COURSE / "solved")):
        made = build.notebook(source, solved)
        assert sources(committed(name, folder)["cells"]) == sources(made.cells)
        assert committed(name, folder)["metadata"]["minddpg"] == {"chapter": name[:2]}


@pytest.mark.parametrize("name", NAMES)
def test_the_learners_notebook_is_executed_to_the_end_and_every_check_is_to_do(name):
    cells = [cell for cell in committed(name)["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert not [each for each in outputs(name) if each["output_type"] == "error"]
    assert not [each for each in outputs(name) if each.get("name") == "stderr"]
    shown = "\n".join("".join(each.get("data", {}).get("text/plain", "")) for each in outputs(name))
    asked = [number for number in EXERCISES if number.startswith(f"{name[:2]}.")]
    for number in asked:
        assert f"{number} {EXERCISES[number].title}: still to do" in shown
    assert len(asked) >= 2


@pytest.mark.parametrize("name", NAMES)
def test_every_chapter_has_the_course_form(name):
    text = prose(name)
    for part in ("**After this chapter**", "**You need**", "**Time**", "## Predict", "## Break it"):
        assert part in text, part
    for part in ("**In a framework**", "## Quiz", "<summary>Answers</summary>", "## Remember"):
        assert part in text, part
    remembered = re.findall(r"^- ", text.split("## Remember")[1], re.MULTILINE)
    assert 4 <= len(remembered) <= 6
    figures = [each for each in outputs(name) if "image/png" in each.get("data", {})]
    assert len(figures) >= 3
    asked = sum(number.startswith(f"{name[:2]}.") for number in EXERCISES)
    assert text.count("<summary>Solution</summary>") == asked
    assert text.count("<summary>Hint 1</summary>") == asked


def test_the_map_has_every_chapter_with_its_title_and_its_minutes():
    rows = re.findall(
        r"^\| \**(\d\d)\** \| \[(.+?)\]\((.+?)\) \|.*?\| (\d+) \|",
        (COURSE / "README.md").read_text(),
        re.MULTILINE,
    )
    assert [row[0] for row in rows] == list(CHAPTERS)
    for number, _, file, minutes in rows:
        assert file in [f"{name}.ipynb" for name in NAMES]
        times = [int(n) for n in re.findall(r"\d+", prose(file[:-6]).split("**Time**")[1][:120])]
        assert int(minutes) in (times[0], sum(times[:2])), number


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_the_package_that_is_quoted_is_there(name):
    quotes = re.findall(r"^> `(.+?)` · `(.+?)`$", prose(name), re.MULTILINE)
    assert quotes
    for line, file in quotes:
        assert line in (ROOT / "minddpg" / file).read_text(), (line, file)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_imports_little_and_its_code_fits_the_page(name):
    for text in code(name):
        for node in ast.walk(ast.parse(text)):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            assert {module.split(".")[0] for module in modules} <= IMPORTED
            assert not isinstance(node, ast.Name) or node.id != "done"
        if not text.startswith("def ") and "class " not in text:
            assert max(map(len, text.splitlines())) <= 92, max(text.splitlines(), key=len)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_reads_offline_and_is_small(name):
    text = prose(name)
    for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
        assert (COURSE / link).exists(), link
    assert "<img" not in text
    for link in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)[^)]*\)", text):
        assert link.startswith("https://") or (COURSE / link).exists(), link
    assert (COURSE / f"{name}.ipynb").stat().st_size < 1_300_000


def test_every_recording_that_is_read_is_there_small_and_can_be_made_again():
    read = {
        found
        for name in NAMES
        for found in re.findall(r"recorded\(\s*\"(\w+)\"", "\n".join(code(name)))
    }
    made = dict(recordings.makers())
    kept = {path.stem: path for path in recordings.FOLDER.glob("*.npz")}
    assert read <= set(made)
    assert set(made) == set(kept)
    for name, path in kept.items():
        assert path.stat().st_size < 200_000, name
        assert made[name].__doc__
        assert all(array.dtype.kind in "fiubU" for array in recordings.recorded(name).values())


def test_a_recording_done_live_is_the_one_that_is_kept(monkeypatch):
    monkeypatch.setattr(
        recordings, "makers", lambda: [("c00_nothing", lambda: {"x": np.arange(3)})]
    )
    assert recordings.recorded("c00_nothing", live=True)["x"].tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match=r"no recording 'c00_other'; there are c00_nothing"):
        recordings.recorded("c00_other", live=True)


def test_an_installed_package_brings_the_recordings_along():
    """Not the clone that the tests run in, but what a wheel would hold."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    patterns = listed["package-data"]["minddpg"]
    packed = {path for pattern in patterns for path in (ROOT / "minddpg").glob(pattern)}
    assert set(recordings.FOLDER.iterdir()) <= packed
