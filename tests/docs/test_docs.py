"""The examples in the pages work: each command parses, and each block of Python runs."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from _generate import settings
from helpers import for_each

from minddpg.cli.parser import parser

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "tutorials" / "README.md"]
PAGES += sorted(path for path in (ROOT / "docs").rglob("*.md") if "results" not in path.parts)
PAGES = [page for page in PAGES if page.parent.name not in {"course", "project"}]  # copies
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"Save this as `(\w+\.py)`:\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = "# not run by the tests: needs "


def name(page):
    return page.relative_to(ROOT).as_posix()


def blocks(page, language):
    return [code for kind, code in BLOCK.findall(page.read_text()) if kind == language]


def commands(page):
    """Return every minddpg command in a page's shell blocks, without comment, prompt and pipes."""
    for line in "\n".join(blocks(page, "sh")).replace("\\\n", " ").splitlines():
        found = re.search(r"(?:^|[\s/(])minddpg ([a-z-].*)", line.partition(" #")[0])
        if found and "pip install" not in found[0]:
            yield re.split(r"\s*(?:;|&&|\|\|?|>|2>|&$|\))\s*", found[1])[0]


@for_each(PAGES)
def test_every_command_is_one_that_minddpg_accepts(page):
    for command in commands(page):
        if "--help" not in command and "--list" not in command:  # these exit
            parser().parse_args(shlex.split(command))


def test_the_page_of_settings_is_what_the_settings_say():
    is_current = (ROOT / "docs" / "settings.md").read_text() == settings.page()
    assert is_current, "run .venv/bin/python docs/_generate settings"


@for_each(PAGES)
def test_every_script_of_the_repository_that_is_run_is_there(page):
    for script in re.findall(r"bin/python (\w+/[\w/.]+)", "\n".join(blocks(page, "sh"))):
        assert (ROOT / script).exists(), script


def test_the_commands_are_found():
    assert sum(len(list(commands(page))) for page in PAGES) > 40


PROGRAMS = [page for page in PAGES if blocks(page, "python")]
PROGRAMS.remove(ROOT / "docs" / "how-to" / "log-and-stop.md")  # test_log_and_stop.py runs it


@pytest.mark.slow
@pytest.mark.parametrize("page", PROGRAMS, ids=name)
def test_every_block_of_python_runs(page, tmp_path):
    """They run in order, as one script that a reader puts together, beside the files to save."""
    saved = SAVED.findall(page.read_text())
    for file, block in saved:
        (tmp_path / file).write_text(block)
    skipped = (NOT_RUN, *(block for _, block in saved))
    code = [block for block in blocks(page, "python") if not block.startswith(skipped)]
    script = tmp_path / "pasted.py"
    script.write_text("\n".join(code))
    # an agent with a planted bug may stay at its bounds, and the run is right to warn
    warns = "error,default::UserWarning" if "planted(" in script.read_text() else "error"
    environment = {**os.environ, "MPLBACKEND": "agg", "PYTHONWARNINGS": warns}
    ran = subprocess.run(
        [sys.executable, script.name],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert ran.returncode == 0, ran.stderr


MODULES = {
    "np": "import numpy as np",
    "gym": "import gymnasium as gym",
    "minddpg": "import minddpg",
}


@for_each(PROGRAMS)
def test_a_block_with_imports_has_all_that_it_needs_unless_the_page_is_one_script(page):
    for block in [] if "form one script" in page.read_text() else blocks(page, "python"):
        for name, line in MODULES.items() if re.search(r"^(import|from) ", block, re.M) else ():
            assert line in block or not re.search(rf"\b{name}\.[a-zA-Z]+\(", block), block


def text_of(page):
    """Return a page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def anchors(page):
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@for_each(PAGES)
def test_every_link_leads_to_a_file_and_to_a_heading_of_it(page):
    text = text_of(page)
    assert not re.search(r"\]\([^)\s]*\s[^)]*\)", text), "a link is broken across lines"
    for path, anchor in re.findall(r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)]*))?\)", text):
        target = page.parent / path if path else page
        assert target.exists(), path
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{path}#{anchor}"


def test_every_promise_names_a_test_that_exists():
    promised = re.findall(r"`(test_\w+)`", (ROOT / "docs" / "reliability.md").read_text())
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(promised) > 20
    for name in promised:
        assert re.search(rf"^(def )?{name}\b", tests, re.MULTILINE), name
