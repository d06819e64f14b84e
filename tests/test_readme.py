"""What the README says of the code is so."""

import inspect
import re
import textwrap
from pathlib import Path

import numpy as np
import pytest

import minddpg
from minddpg import DDPG
from minddpg.teaching.checks import EXERCISES, check_tanh

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
LINES = re.findall(r"^\|.*`([^`]+)` \[[\w.]+\]\(([^)#]+)#L(\d+)\) \|$", README, re.MULTILINE)


def test_there_is_a_line_for_every_equation():
    assert len(LINES) == 12


@pytest.mark.parametrize(("code", "path", "number"), LINES)
def test_an_equations_line_is_where_the_table_says(code, path, number):
    lines = (ROOT / path).read_text().splitlines()
    found = [i for i, line in enumerate(lines, start=1) if code in line]
    assert int(number) in found, f"{path}: {code!r} is on {found}"


def test_every_file_of_the_package_is_in_the_reading_order():
    files = {p.relative_to(ROOT) for p in Path(minddpg.__file__).parent.rglob("*.py")}
    listed = {Path(link) for link in re.findall(r"\]\((minddpg/[\w/]+\.py)\)", README)}
    folders = {Path(link) for link in re.findall(r"\]\((minddpg/[\w/]+/)\)", README)}
    assert listed <= files
    unlisted = {f for f in files - listed if not f.name.startswith("__")}
    assert {f for f in unlisted if f.parent not in folders} == set()
    assert {f.name for f in folders} == {"drawings", "exercises", "takes", "zoo"}


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
