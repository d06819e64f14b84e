"""What the README says of the code is so."""

import inspect
import re
import textwrap
from pathlib import Path

import numpy as np

from minddpg import DDPG
from minddpg.course.checks import EXERCISES, check_tanh

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
LINES = re.findall(r"^\|.*`([^`]+)` \[[\w.]+\]\(([^)#]+\.py)\) \|$", README, re.MULTILINE)


def test_there_is_a_line_for_every_equation():
    assert len(LINES) == 12


def test_an_equations_line_is_in_the_file_that_the_table_links():
    for code, path in LINES:
        assert code in (ROOT / path).read_text(), f"{path} does not have {code!r}"


def test_every_room_and_every_file_of_the_algorithm_is_in_the_reading_order():
    package = ROOT / "minddpg"
    linked = [ROOT / link for link in re.findall(r"\]\((minddpg/[\w/.]+)\)", README)]
    assert all(path.exists() for path in linked)
    core = {p for room in ("nn", "ddpg") for p in (package / room).glob("*.py")}
    unlisted = {p.stem for p in core - set(linked)}
    assert unlisted == {"__init__", "memory", "presets", "settings"}
    rooms = {p for p in package.iterdir() if p.is_dir() and p.name not in ("nn", "ddpg")}
    assert {p for p in rooms if p.name != "__pycache__"} <= set(linked)


def test_the_code_that_is_shown_is_the_code():
    (shown,) = re.findall(r"^```py\n(.+?)^```$", README, re.MULTILINE | re.DOTALL)
    assert shown == textwrap.dedent(inspect.getsource(DDPG.actor_loss))


def test_every_chapter_is_on_the_map():
    listed = re.findall(r"\]\(tutorials/(\d\d_\w+\.ipynb)\)", README)
    assert set(listed) == {path.name for path in (ROOT / "tutorials").glob("*.ipynb")}


def test_the_verdict_that_is_shown_is_what_the_check_says():
    verdict = check_tanh(lambda z: (np.tanh(z), np.tanh(z)), lambda grad_y, y: grad_y)
    assert str(verdict) in README
    assert f"its {len(EXERCISES)} exercises" in README
