"""An edit changes only the stated lines of the package's own source."""

import ast
import functools
import inspect
import linecache
import re
import sys
import traceback
from pathlib import Path

import pytest

from minddpg.ddpg.agent import DDPG
from minddpg.ddpg.replay import ReplayBuffer
from minddpg.training.evaluation import Evaluation
from minddpg.verification.bugs import BUGS, Bug, edit, planted

ROOT = Path(__file__).parents[2]
SOURCE = "grad_action = -dq_da / len(obs)"


def plus_ten(function):
    @functools.wraps(function)
    def decorated(*args):
        return 10 + function(*args)

    return decorated


class Base:
    def __init__(self, *args):
        self.args = args

    @classmethod
    def made(cls, x):
        return cls(x)


class Sample(Base):
    """Functions of all kinds, which an edit must handle."""

    def __init__(self, first, second=SOURCE, *, third: "Sample | None" = None):
        super().__init__(first, second, third)
        self.__private = 1

    @staticmethod
    def fixed(x):
        return x + 1

    @classmethod
    def made(cls, x):
        return super().made(x + 1)

    @property
    def size(self):
        return len(self.args) + self.__private

    @plus_ten
    def decorated(self, x):
        return x + 1

    def last(self):
        for x in self.args:
            if x:
                return x
        return None

    class Inner:
        def twice(self, x):
            return x + x


def doubled(x):
    """Return x + x."""
    return x * 2


def applied(diff, text):
    """Apply a diff to the text of its file, as `patch` does, and return the new text."""
    lines, at = text.splitlines(), diff.first_line - 1
    before = [line for sign, line in diff.lines if sign != "+"]
    assert lines[at : at + len(before)] == before, diff.function
    after = [line for sign, line in diff.lines if sign != "-"]
    return "\n".join([*lines[:at], *after, *lines[at + len(before) :], ""])


parsed = functools.cache(ast.parse)


def function_at(text, diff):
    """Return the function in a file that has the name of a diff, as a syntax tree."""
    node = parsed(text)
    for name in diff.function.split("."):
        (node,) = [each for each in node.body if getattr(each, "name", "") == name]
    return node


def planted_tree(replacement):
    source = inspect.getsource(replacement)
    (node,) = ast.parse(f"if True:\n{source}" if source.startswith(" ") else source).body
    return node.body[0] if isinstance(node, ast.If) else node


def test_every_diff_applied_to_its_file_makes_the_function_that_is_planted():
    for name, bug in BUGS.items():
        assert len(bug.diff) == len(bug.patches) > 0, name
        for diff, (_, attribute, replacement) in zip(bug.diff, bug.patches, strict=True):
            text = (ROOT / diff.file).read_text(encoding="utf-8")
            edited = function_at(applied(diff, text), diff)
            assert diff.function.split(".")[-1] == attribute
            assert ast.dump(edited) == ast.dump(planted_tree(replacement)), name
            assert ast.dump(edited) != ast.dump(function_at(text, diff)), name
            after = [line for sign, line in diff.lines if sign != "-"]
            assert inspect.getsource(replacement).splitlines() == after, name
            code = inspect.unwrap(getattr(replacement, "__func__", replacement)).__code__
            assert code.co_firstlineno == diff.first_line, name
            assert code.co_qualname == diff.function, name


def test_every_diff_is_short_and_in_lines_that_the_package_could_have():
    for name, bug in BUGS.items():
        for diff in bug.diff:
            assert {sign for sign, _ in diff.lines} <= {" ", "-", "+"}
            changed = [line for sign, line in diff.lines if sign != " "]
            assert 0 < len(changed) <= 12, name
            assert max(map(len, changed)) <= 100, f"{name}: shorten the edited line's comment"
            assert all(line.strip() for line in changed), name


def test_a_diff_is_printed_as_diff_prints_it():
    (diff,) = BUGS["actor-sign"].diff
    lines = str(diff).splitlines()
    first, count = diff.first_line, len(inspect.getsource(DDPG.actor_loss).splitlines())
    assert lines[:3] == [
        "--- a/minddpg/ddpg/agent.py",
        "+++ b/minddpg/ddpg/agent.py",
        f"@@ -{first},{count} +{first},{count} @@ DDPG.actor_loss",
    ]
    (at,) = (i for i, line in enumerate(lines) if line.startswith(f"-        {SOURCE}"))
    assert lines[at + 1] == f"+{lines[at][1:].replace('-dq_da', 'dq_da')}"
    assert f"-{first},{count} +{first},{count + 2} @@" in str(BUGS["actor-moves-critic"].diff[0])


def test_a_text_that_is_missing_or_occurs_twice_is_refused_by_name():
    for function, old, name, times in (
        (DDPG.actor_loss, "dq_da / len(batch)", "DDPG.actor_loss", 0),
        (DDPG.update, "self.actor_optimizer", "DDPG.update", 2),
        (Evaluation.mean, "median", "Evaluation.mean", 0),
        (doubled, "x", "doubled", 4),
    ):
        bug = Bug("", edit(function, old, "new"))
        wanted = re.escape(f"{name} must have this text once, not {times} times: {old}")
        for use in ("patches", "diff"):
            with pytest.raises(ValueError, match=f"^{wanted}$"):
                getattr(bug, use)


def replacement(*edits):
    ((owner, name, new),) = Bug("", *edits).patches
    return owner, name, new


def test_lines_go_come_and_keep_the_indentation():
    def after(*edits):
        (diff,) = Bug("", *edits).diff
        return [line for sign, line in diff.lines if sign != "-"]

    head, loop, test, found, end = inspect.getsource(Sample.last).splitlines()
    assert after(edit(Sample.last, "return None")) == [head, loop, test, found]
    assert after(edit(Sample.last, "if x:")) == [head, loop, found, end]
    assert after(edit(Sample.last, " in self.args")) == [head, "        for x:", test, found, end]
    shown = after(edit(Sample.last, "self.args:", "self.args:", "    print(x)"))
    assert shown == [head, loop, "            print(x)", test, found, end]
    new = after(edit(Sample.last, "return x", "if not x:", "    return x"))
    deep = "                if not x:", "                    return x"
    assert new == [head, loop, test, *deep, end]
    two = edit(Sample.last, "return None", "return 1"), edit(Sample.last, "return 1", "return 2")
    assert after(*two)[-1] == "        return 2"


def test_every_kind_of_function_can_be_edited(monkeypatch):
    """A constructor with super() and defaults, three kinds of methods, and a property."""
    first, names = Sample(1), set(globals())
    for change in (
        edit(Sample.__init__, "super().__init__(first", "super().__init__(first + 1"),
        edit(Sample.fixed, "x + 1", "x + 2"),
        edit(Sample.made, "x + 1", "x + 2"),
        edit(Sample.size, "len(self.args)", "2 * len(self.args)"),
        edit(Sample.decorated, "x + 1", "x + 2"),
        edit(Sample.Inner.twice, "x + x", "3 * x"),
        edit(doubled, "x * 2", "x * 3"),
    ):
        owner, name, new = replacement(change)
        assert type(new) is type(vars(owner)[name]), name
        monkeypatch.setattr(owner, name, new)
    second = Sample(1)
    assert second.args == (2, SOURCE, None)
    assert Sample.__init__.__annotations__ == {"third": "Sample | None"}
    assert (Sample.fixed(1), second.fixed(1)) == (3, 3)
    assert Sample.made(1).args[0] == 4
    assert first.size == 2 * 3 + 1
    assert first.decorated(1) == 13
    assert Sample.Inner().twice(2) == 6
    assert doubled(2) == 6
    assert set(globals()) == names
    assert doubled.__module__ == Sample.fixed.__module__ == __name__
    assert (Sample.__init__.__qualname__, doubled.__qualname__) == ("Sample.__init__", "doubled")


def test_a_traceback_shows_the_edited_line_at_its_number():
    _, line = inspect.getsourcelines(doubled)
    owner, name, new = replacement(edit(doubled, "return x * 2", "y = x", "return y / 0"))
    assert (owner, name) == (sys.modules[__name__], "doubled")
    with pytest.raises(ZeroDivisionError) as caught:
        new(1)
    last = traceback.extract_tb(caught.tb)[-1]
    assert (last.line, last.lineno, last.name) == ("return y / 0", line + 3, "doubled")
    assert "test_bug_edits.py, edit" in last.filename
    linecache.checkcache()
    assert inspect.getsource(new) == (
        'def doubled(x):\n    """Return x + x."""\n    y = x\n    return y / 0\n'
    )


def test_a_bug_may_edit_several_functions_each_several_times():
    bug = Bug(
        "",
        edit(ReplayBuffer.add, "self.added += 1", "self.added += 2"),
        edit(ReplayBuffer.sample, "not self.added", "self.added < 2"),
        edit(ReplayBuffer.add, "+= 2", "+= 3"),
    )
    (owner, name, add), (_, other, _) = bug.patches
    assert (owner, name, other) == (ReplayBuffer, "add", "sample")
    replay = ReplayBuffer(3, 1, 1)
    add(replay, [0], [0], 0, [0], False)
    assert replay.added == 3
    assert bug.patches is bug.patches  # compiled once
    assert [diff.function for diff in bug.diff] == ["ReplayBuffer.add", "ReplayBuffer.sample"]


def test_the_planted_source_is_what_python_shows():
    with planted("actor-sign"):
        assert "grad_action = dq_da / len(obs)" in inspect.getsource(DDPG.actor_loss)
    assert SOURCE in inspect.getsource(DDPG.actor_loss)
