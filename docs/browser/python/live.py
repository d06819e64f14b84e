"""Run the code cells of a page in one namespace, as the kernel of a notebook does."""

import ast
import json
import linecache
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import live_display
import live_errors
import live_figures
import live_names
from live_output import Output

from minddpg.course.engine import keep
from minddpg.course.engine.check import RECORD

Post = Callable[[str, str], None]  # the kind of a message to the page, and its content in JSON


class Session:
    """The state that the cells of a page share: names, and answers that have passed a check."""

    def __init__(self, post: Post) -> None:
        self.module = ModuleType("__main__")
        self.module.__dict__.update(display=self.display, input=_no_input)
        self.post = post
        self.home = Path.cwd()  # the folder of the answers, even if a cell changes the folder
        self.cells: dict[str, int] = {}  # the number of the cell, by the name of its text
        self.record = Path(tempfile.mkdtemp()) / "verdicts"
        os.environ[RECORD] = str(self.record)  # to which each check appends its verdict
        self.kept: dict[str, str] = {}  # files of answers that passed, as the page has them
        sys.modules["__main__"] = (
            self.module
        )  # where dataclasses and pickle look for a cell's names
        self.output = Output(self._send)
        live_figures.show = self.display

    def run(self, source: str, cell: int, scale: float, kept: str) -> str:
        """Run a cell, send its outputs to the page meanwhile, and return a report in JSON.

        Args:
            cell: the number of the cell on the page, for error messages.
            scale: screen pixels per page pixel, for figures.
            kept: the answers that other pages have stored since the last run, by file, in JSON;
                null for a deleted one.
        """
        os.chdir(self.home)
        self._take(json.loads(kept))
        self.record.unlink(missing_ok=True)
        live_figures.scale = scale
        name = self._remember(source, cell)
        streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self.output.writer("stdout"), self.output.writer("stderr")
        failed = False
        try:
            self._execute(source, name)
            live_figures.show_all()
        except BaseException as error:  # SystemExit, too
            failed = True
            self.output.send()
            self._send("error", live_errors.describe(error, name, self.cells))
        finally:
            live_figures.close_all()
            self.output.send()
            sys.stdout, sys.stderr = streams
            os.chdir(self.home)
        changed = self._changed()
        report = {
            "failed": failed,
            "verdicts": self._verdicts(),
            "kept": changed,
            **live_names.of(source, changed),
        }
        return json.dumps(report)

    def names(self, texts: str) -> str:
        """Return what live_names finds in each text of a list; both in JSON."""
        return json.dumps([live_names.of(text) for text in json.loads(texts)])

    def display(self, *values: Any) -> None:
        """Show values as the last line of a cell does."""
        for value in values:
            shown = live_display.bundle(value)
            self.output.send()  # earlier prints come first
            self._send("display", shown)

    def _send(self, kind: str, content: Any) -> None:
        self.post(kind, json.dumps(content))

    def _remember(self, source: str, cell: int) -> str:
        """Store a text where inspect and the checks look for a cell's source; return its name."""
        name = f"cell {cell}, run {len(self.cells) + 1}"  # as warnings show it
        self.cells[name] = cell
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        return name

    def _execute(self, source: str, name: str) -> None:
        """Execute the statements; show the value of the last one if it is an expression."""
        body = ast.parse(source, name).body
        is_shown = bool(body) and not source.rstrip().endswith(";")
        last = body.pop() if is_shown and isinstance(body[-1], ast.Expr) else None
        space = self.module.__dict__
        exec(_compiled(ast.Module(body, []), name, "exec"), space)
        if isinstance(last, ast.Expr):
            value = eval(_compiled(ast.Expression(last.value), name, "eval"), space)
            if value is not None:
                self.display(value)

    def _verdicts(self) -> list[Any]:
        if not self.record.is_file():
            return []
        return [json.loads(line) for line in self.record.read_text(encoding="utf-8").splitlines()]

    def _take(self, files: dict[str, str | None]) -> None:
        """Write the answers that another page has stored, and delete those that it has deleted."""
        folder = keep.folder()
        for name, text in files.items() if folder else ():
            path = folder / Path(name).name
            if text is None:
                path.unlink(missing_ok=True)
                self.kept.pop(name, None)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                self.kept[name] = text

    def _changed(self) -> dict[str, str]:
        """Return the answers that the checks of this cell have stored, by file."""
        folder = keep.folder()
        paths = sorted(folder.glob("*.py")) if folder and folder.is_dir() else []
        files = {path.name: path.read_text(encoding="utf-8") for path in paths}
        changed = {name: text for name, text in files.items() if self.kept.get(name) != text}
        self.kept.update(changed)
        return changed


def _compiled(tree: ast.Module | ast.Expression, name: str, mode: str) -> CodeType:
    code = compile(tree, name, mode, dont_inherit=True)
    assert isinstance(code, CodeType)
    return code


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() does not work on this page: write the value into the code")
