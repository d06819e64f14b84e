"""The course: the committed notebooks equal what the sources make, and have the course's form."""

import ast
import importlib.util
import json
import re
from pathlib import Path

from _generate.exercises import CHAPTERS
from helpers import for_each

from minddpg.course import precomputed
from minddpg.course.checks import EXERCISES

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "tutorials"
IMPORTED = {"inspect", "numpy", "matplotlib", "gymnasium", "minddpg"}

spec = importlib.util.spec_from_file_location("build", COURSE / "build.py")
build = importlib.util.module_from_spec(spec)
spec.loader.exec_module(build)
TOO_LONG = ()  # chapters that should become shorter
NAMES = [source.stem for source in build.SOURCES]


def committed(name, folder=COURSE):
    return json.loads((folder / f"{name}.ipynb").read_text())


def sources(cells):
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def code(name, folder=COURSE):
    return [text for kind, text in sources(committed(name, folder)["cells"]) if kind == "code"]


def prose(name):
    return "\n".join(text for kind, text in sources(committed(name)["cells"]) if kind != "code")


def outputs(name):
    return [output for cell in committed(name)["cells"] for output in cell.get("outputs", [])]


def text_of(output):
    return "".join(output.get("data", {}).get("text/plain", ""))


def total_minutes(name):
    return round(sum(build.minutes(committed(name)).values()))


def test_there_is_a_notebook_for_each_of_the_thirteen_chapters():
    assert [name[:2] for name in NAMES] == list(CHAPTERS)
    for folder in (COURSE, COURSE / "solved"):
        assert sorted(path.stem for path in folder.glob("*.ipynb")) == NAMES


@for_each(NAMES)
def test_what_is_committed_is_what_the_source_makes(name):
    """Written by: .venv/bin/python tutorials/build.py"""
    source = COURSE / "source" / f"{name}.py"
    for solved, folder in ((False, COURSE), (True, COURSE / "solved")):
        made = build.with_minutes(build.notebook(source, solved), total_minutes(name))
        assert sources(committed(name, folder)["cells"]) == sources(made.cells)
        assert committed(name, folder)["metadata"]["minddpg"]["chapter"] == name[:2]


@for_each(NAMES)
def test_the_learners_notebook_is_executed_to_the_end_and_every_check_is_to_do(name):
    cells = [cell for cell in committed(name)["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert not [output for output in outputs(name) if output["output_type"] == "error"]
    assert not [output for output in outputs(name) if output.get("name") == "stderr"]
    shown = "\n".join(text_of(output) for output in outputs(name))
    asked = [number for number in EXERCISES if number.startswith(f"{name[:2]}.")]
    for number in asked:
        assert f"{number} {EXERCISES[number].title}: still to do" in shown
    assert len(asked) >= 2


@for_each(NAMES)
def test_every_chapter_has_the_course_form(name):
    text = prose(name)
    for part in ("**After this chapter**", "**You need**", "**Time**", "## Predict", "## Break it"):
        assert part in text, part
    for part in ("**In a framework**", "## Quiz", "<summary>Answers</summary>", "## Remember"):
        assert part in text, part
    remembered = re.findall(r"^- ", text.split("## Remember")[1], re.MULTILINE)
    assert 4 <= len(remembered) <= 6
    figures = [output for output in outputs(name) if "image/png" in output.get("data", {})]
    assert len(figures) >= 3
    asked = sum(number.startswith(f"{name[:2]}.") for number in EXERCISES)
    assert text.count("<summary>Solution</summary>") == asked
    assert text.count("<summary>Hint 1</summary>") == asked


def test_the_course_takes_as_long_and_has_as_many_exercises_as_its_map_and_the_readme_say():
    hours = round(sum(map(total_minutes, NAMES)) / 60)
    for path in (COURSE / "README.md", ROOT / "README.md"):
        text = " ".join(path.read_text().split())
        assert f"{hours} hours, with {len(EXERCISES)} graded exercises" in text, path


def test_the_map_has_every_chapter_with_its_title_its_minutes_and_its_short_course():
    rows = re.findall(
        r"^\| \**(\d\d)\** \| \[(.+?)\]\((.+?)\) \|.*?\| (\d+) \| (.*?) \|",
        (COURSE / "README.md").read_text(),
        re.MULTILINE,
    )
    assert [row[0] for row in rows] == list(CHAPTERS)
    for number, title, file, minutes, short in rows:
        assert file in [f"{name}.ipynb" for name in NAMES]
        assert prose(file[:-6]).startswith(f"# {number} · {title}"), number
        assert f"**Time** {minutes} minutes" in prose(file[:-6]), number
        asked = {n: each for n, each in EXERCISES.items() if n[:2] == number}
        assert short == ", ".join(n for n, each in asked.items() if each.importance == 3)


@for_each(NAMES)
def test_a_chapter_says_how_long_it_takes_and_takes_at_most_75_minutes(name):
    total = total_minutes(name)
    assert f"**Time** {total} minutes" in prose(name)
    assert name[:2] in TOO_LONG or total <= {"10": 90}.get(name[:2], 75)
    ends = [line for line in prose(name).splitlines() if re.search(r"· \d+ minutes$", line)]
    asked = [each for n, each in EXERCISES.items() if n[:2] == name[:2]]
    assert sorted(int(line.split()[-2]) for line in ends) == sorted(e.minutes for e in asked)


def test_minutes_count_words_code_figures_exercises_and_running():
    words = "word " * 299 + "$a + b$ – $$c$$ <details>hidden\n\ntext</details> **word**"
    cells = [
        {"cell_type": "markdown", "source": [words]},
        {
            "cell_type": "code",
            "source": ["x = 1\n", "\n"] + ["y = 2\n"] * 15,
            "outputs": [{"data": {"image/png": ""}}, {"data": {"text/plain": ""}}, {"name": "out"}],
        },
    ]
    about = {"minddpg": {"chapter": "04", "running_minutes": 3}}
    parts = build.minutes({"cells": cells, "metadata": about})
    asked = sum(each.minutes for number, each in EXERCISES.items() if number[:2] == "04")
    wanted = {"reading": 2, "code": 2, "figures": 1, "exercises": asked, "running": 3}
    assert parts == wanted


@for_each(NAMES)
def test_every_line_of_the_package_that_is_quoted_is_there(name):
    quotes = re.findall(r"^> `(.+?)` · `(.+?)`$", prose(name), re.MULTILINE)
    assert quotes
    for line, file in quotes:
        assert line in (ROOT / "minddpg" / file).read_text(), (line, file)


@for_each(NAMES)
def test_a_notebook_imports_little_and_its_code_fits_the_page(name):
    """Only its own code counts: a solved notebook has all of it, and no stubs of the package."""
    solved = code(name, COURSE / "solved")
    for text in code(name) + solved:
        for node in ast.walk(ast.parse(text)):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            assert {module.split(".")[0] for module in modules} <= IMPORTED
            assert not isinstance(node, ast.Name) or node.id != "done"
    for line in "\n".join(solved).splitlines():
        assert len(line) <= 92, line


@for_each(NAMES)
def test_a_notebook_reads_offline_and_is_small(name):
    text = prose(name)
    for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
        assert (COURSE / link).exists(), link
    assert "<img" not in text
    for link in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)[^)]*\)", text):
        assert link.startswith("https://") or (COURSE / link).exists(), link
    assert (COURSE / f"{name}.ipynb").stat().st_size < 1_300_000


def test_every_precomputed_result_that_is_read_can_be_made_again():
    cells = "\n".join(text for name in NAMES for text in code(name))
    read = re.findall(r"precomputed\(\s*\"([\w/]+)\"", cells)
    assert len(read) > 20
    assert set(read) <= set(dict(precomputed.makers()))
