"""The statements about the code in README, reading order and comparison are true."""

import ast
import inspect
import io
import re
import textwrap
import tokenize
from pathlib import Path

import numpy as np

from minddpg import DDPG
from minddpg.course.checks import EXERCISES, check_tanh

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
COMPARED = (ROOT / "docs" / "compare.md").read_text()
ORDER = (ROOT / "docs" / "reading-order.md").read_text()
LINES = re.findall(r"^\|.*`([^`]+)` \[[\w.]+\]\(\.\./([^)#]+\.py)\) \|$", ORDER, re.MULTILINE)


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 120, "shorten another part of README.md"


def test_there_is_a_line_for_every_equation():
    assert len(LINES) == 12


def test_an_equations_line_is_in_the_file_that_the_table_links():
    for code, path in LINES:
        assert code in (ROOT / path).read_text(), f"{path} does not have {code!r}"


def test_every_room_and_every_file_of_the_algorithm_is_in_the_reading_order():
    package = ROOT / "minddpg"
    linked = [ROOT / link for link in re.findall(r"\]\(\.\./(minddpg/[\w/.]+)\)", ORDER)]
    assert all(path.exists() for path in linked)
    core = {p for part in ("nn", "ddpg") for p in (package / part).glob("*.py")}
    assert {p.stem for p in core - set(linked)} == {"__init__"}
    parts = {p for p in package.iterdir() if p.is_dir() and p.name not in ("nn", "ddpg")}
    assert {p for p in parts if p.name != "__pycache__"} <= set(linked)


def test_the_reading_order_is_that_of_the_parts_and_of_the_imports_in_ddpg():
    rows = re.findall(r"^\| \[`([\w/.]+)`\]", ORDER, re.MULTILINE)
    (chain,) = re.findall(r"`(storage ← .+)`", ORDER)
    parts = [re.split(r"[/.]", row)[0] for row in rows]
    assert list(dict.fromkeys(parts)) == chain.split(" ← ")
    for row in rows:
        if row.startswith("ddpg/"):
            used = re.findall(r"^from \.(\w+) import", (ROOT / "minddpg" / row).read_text(), re.M)
            before = rows[: rows.index(row)]
            assert {f"ddpg/{name}.py" for name in used} <= set(before), row


def test_the_code_that_is_shown_is_the_code():
    (shown,) = re.findall(r"^```py\n(.+?)^```$", README, re.MULTILINE | re.DOTALL)
    assert shown == textwrap.dedent(inspect.getsource(DDPG.actor_loss))


def test_the_verdict_that_is_shown_is_what_the_check_says():
    verdict = check_tanh(lambda z: (np.tanh(z), np.tanh(z)), lambda grad_y, y: grad_y)
    assert str(verdict) in README


def code_lines(path):
    """Count the lines of a file without blank ones, comments and docstrings."""
    source = path.read_text()
    lines, skipped = set(), {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in skipped | {tokenize.INDENT, tokenize.DEDENT}:
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            lines -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def test_networks_and_algorithm_are_as_short_as_two_pages_say():
    files = [path for part in ("nn", "ddpg") for path in (ROOT / "minddpg" / part).glob("*.py")]
    core = [
        path for path in files if path.stem not in ("config", "presets", "settings", "json_object")
    ]
    assert 650 < sum(map(code_lines, core)) < 750
    assert "Networks and algorithm are about 700 lines of code" in README
    assert "about 700 lines, `nn/` and `ddpg/`" in COMPARED


def test_there_are_about_as_many_exercises_as_the_comparison_says():
    assert 45 <= len(EXERCISES) <= 60
    assert "[about fifty](exercises.md)" in COMPARED
