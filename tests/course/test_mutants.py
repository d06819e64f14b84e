"""Mutants of a solution: which are generated, how they are judged, what the command prints."""

import signal
import sys
import textwrap
import threading
import warnings
from dataclasses import dataclass

import pytest

from minddpg.cli import main
from minddpg.course.checks import EXERCISES, add_exercises
from minddpg.course.engine.check import CHECKS, FOLDERS
from minddpg.course.mutation.mutants import mutants, sample
from minddpg.course.mutation.run import (
    NAMED,
    STOPPED,
    SURVIVED,
    UNKNOWN,
    Judged,
    Result,
    chosen,
    details,
    examine_exercises,
    exit_code,
    faults,
    most,
    outcome,
    row,
    summary,
)
from minddpg.course.mutation.worker import DIED, TIME_LIMIT, Worker, judge

KINDS = {  # for each kind, a line and some of its mutants
    "constant": {
        "f(x, 0.5)": ("f(x, 1.0)", "f(x, 0.25)", "f(x, 1.5)", "f(x, -0.5)", "f(x, 0.9)"),
        "x + 1e-08": ("x + 1e-07", "x + 0.0"),
        "x[0]": ("x[1]", "x[-1]"),
        "f(x, flag=True)": ("f(x, flag=False)",),
    },
    "operator": {
        "x - y": ("x + y", "y - x", "x", "y"),
        "x * y": ("x / y", "x + y"),
        "x @ y": ("x * y", "y @ x"),
        "x // 2": ("x / 2", "x % 2"),
        "(x > 0) & (y > 0)": ("(x > 0) | (y > 0)",),
        "f(-x)": ("f(x)",),
    },
    "comparison": {
        "x < y": ("x <= y", "x > y"),
        "x == y": ("x != y",),
        "f(x) and g(y)": ("f(x) or g(y)", "f(x)"),
        "f(x if y else 0)": ("f(x)", "f(0)"),
    },
    "call": {
        "np.maximum(x, y)": ("np.minimum(x, y)", "x", "y"),
        "x.mean()": ("x.sum()", "x"),
        "np.std(x)": ("np.var(x)",),
        "np.sqrt(x)": ("x",),
        "np.clip(x, 0, y)": ("np.maximum(x, 0)", "np.minimum(x, y)"),
        "rng.integers(x, size=y)": ("rng.choice(x, size=y, replace=False)",),
    },
    "argument": {"g(x, y)": ("g(y, x)",), "g(x, size=y)": ("g(x)",)},
    "axis": {
        "x.sum(axis=0)": ("x.sum()", "x.sum(axis=1)"),
        "x.sum(axis=1, keepdims=True)": ("x.sum(axis=1)",),
    },
    "index": {
        "x[1:y]": ("x[2:y]", "x[:y]", "x[1:y + 1]", "x[1:]", "x", "x[1:y][::-1]"),
        "x[y]": ("x[y + 1]", "x[y - 1]"),
    },
    "size": {"len(x)": ("3", "64"), "x.shape[0]": ("5", "x.size")},
    "shape": {"x.T": ("x",), "x[:, None]": ("x", "x[None, :]"), "x @ y": ("x.T @ y",)},
    "copy": {"x.copy()": ("x",), "np.array(x)": ("x",)},
    "name": {"x + y": ("y + y", "x + x")},
    "attribute": {"f(x.one, x.two)": ("f(x.two, x.two)", "f(x.one, x.one)")},
    "results": {"(x, y)": ("(y, x)",)},
    "dtype": {"x + y": ("np.float16(x + y)", "np.int64(x + y)")},
    "float32": {"x + y": ("np.float32(x + y)",)},
    "randomness": {"rng.random()": ("np.random.default_rng(0).random()",)},
}
STATEMENTS = [  # kind, a function's body, the body of one of its mutants
    ("statement", "x = x + 1\nx = 2 * x\nreturn x", "x = 2 * x\nreturn x"),
    ("order", "x = x + 1\nx = 2 * x\nreturn x", "x = 2 * x\nx = x + 1\nreturn x"),
    ("order", "x -= 1\nreturn x", "return x\nx -= 1"),
    (
        "early",
        "for i in x:\n    y += i\nreturn y",
        "for i in x:\n    y += i\n    return y\nreturn y",
    ),
    ("early", "for i in x:\n    y += i", "for i in x:\n    y += i\n    break"),
    ("index", "for i in x:\n    y += i\nreturn y", "for i in list(x)[1:]:\n    y += i\nreturn y"),
    ("comparison", "if x:\n    y = 1\nreturn y", "if True:\n    y = 1\nreturn y"),
    ("operator", "x += y\nreturn x", "x = y\nreturn x"),
    ("operator", "x += y\nreturn x", "x -= y\nreturn x"),
    ("copy", "x = x + y\nreturn x", "x += y\nreturn x"),
    ("copy", "x = 2 * x\nreturn x", "x[...] = 2 * x\nreturn x"),
    ("copy", "z = x * y\nreturn z", "x *= y\nz = x\nreturn z"),
    ("copy", "z = np.tanh(x)\nreturn z", "z = np.tanh(x, out=x)\nreturn z"),
    ("copy", "x -= y", "x = x - y"),
    ("copy", "x[:] = y", "x = y"),
    ("results", "a, b = f(x)\nreturn a - b", "b, a = f(x)\nreturn a - b"),
    ("dtype", "z = x * y\nreturn z", "z = np.float16(x * y)\nreturn z"),
]
CLASS = """
class Buffer:
    def __init__(self, size):
        self.size = size
        self.rows = []

    def add(self, row):
        self.rows.append(row)
        if len(self.rows) > self.size:
            self.rows.pop(0)
"""


def of_kind(source, kind, names=("solve",)):
    """Return the sources of the mutants of one kind."""
    return [mutant.source for mutant in mutants(source, names) if mutant.kind == kind]


def test_each_kind_of_mutant_is_what_its_name_says():
    missing = []
    for kind, cases in KINDS.items():
        for line, expected in cases.items():
            head = "def solve(x, y, rng, f, g):\n    return "
            found = {source.removeprefix(head) for source in of_kind(head + line, kind)}
            missing += [f"{kind}: {line} → {each}" for each in expected if each not in found]
    assert missing == []


def test_each_kind_of_mutant_of_a_statement_is_what_its_name_says():
    missing, head = [], "def solve(x, y, f):\n"
    for kind, before, after in STATEMENTS:
        found = of_kind(head + textwrap.indent(before, "    "), kind)
        if head + textwrap.indent(after, "    ") not in found:
            missing.append(f"{kind}:\n{before}\n→\n{after}")
    assert missing == []


def test_a_parameter_is_ignored_at_all_its_uses():
    source = "def solve(x, rate):\n    return rate * x + (1 - rate) * x**2"
    found = of_kind(source, "argument")
    for value in ("0", "1", "0.9", "0.99", "x"):
        changed = source.replace("rate *", f"{value} *").replace("- rate", f"- {value}")
        assert changed.replace("x**2", "x ** 2") in found


def test_state_is_kept_in_a_default_argument_in_a_class_and_in_a_global():
    source = "def solve(x):\n    return 2 * x"
    kept = "def solve(x, kept={}):\n    return kept.setdefault(0, 2 * x)"
    assert of_kind(source, "state") == [kept]

    shared, _ = of_kind(CLASS, "state", ["Buffer"])
    assert "self.size" not in shared
    assert shared.count("type(self).size") == 2

    pair = "def up(x):\n    return x, x\n\ndef up_backward(grad, cache):\n    return grad * cache"
    source = pair.replace("up(", "up_forward(")
    cached = of_kind(source, "state", ["up_forward", "up_backward"])[-1]
    assert cached.startswith("kept = {}")
    assert "kept['cache'] = x" in cached
    assert "grad * kept['cache']" in cached


def test_the_mutants_of_a_source_are_all_different_can_be_compiled_and_do_not_change():
    for number in ("02.2", "04.1"):
        exercise = EXERCISES[number]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = mutants(exercise.solution, exercise.names)
            for mutant in found:
                compile(mutant.source, "mutant", "exec")
        assert found == mutants(exercise.solution, exercise.names)
        assert len(found) > 50
        for values in ([each.id for each in found], [each.source for each in found]):
            assert len(set(values)) == len(found)


def test_an_id_shows_the_lines_that_differ():
    source = "def solve(x, y):\n    x = x + y\n    x = x * y\n    return x"
    ids = {mutant.id for mutant in mutants(source, ["solve"])}
    assert {
        "x = x + y → x = x - y",
        "x = x + y → (deleted)",
        "x = x + y moved after x = x * y",
        "solve: y ignored, 0.9 instead",
    } <= ids
    twice = "def solve(x):\n    return x + 1\n\ndef other(x):\n    return x + 1"
    ids = {mutant.id for mutant in mutants(twice, ["solve"])}
    assert {"return x + 1 → return x - 1", "return x + 1 → return x - 1 (2)"} <= ids


def test_a_sample_has_every_kind_and_a_smaller_one_is_part_of_it():
    found = mutants(EXERCISES["07.1"].solution, EXERCISES["07.1"].names)
    large, small = sample(found, 60, "07.1"), sample(found, 25, "07.1")
    assert large != sample(found, 60, "07.2")
    assert (len(large), len(small)) == (60, 25)
    assert set(small) < set(large) < set(found)
    assert {mutant.kind for mutant in small} == {mutant.kind for mutant in found}
    assert large == sorted(large, key=found.index)


def test_a_check_that_takes_over_a_second_gets_a_sample_of_about_twenty_seconds():
    assert [most(seconds, 200) for seconds in (0.1, 1, 1.1, 1.2, 3, 8, 100)] == [
        200,
        200,
        16,
        16,
        4,
        2,
        0,
    ]


def test_an_outcome_is_the_name_of_the_mistake_or_says_that_there_is_none():
    assert outcome({"status": "passed", "diagnosis": ""}) == (SURVIVED, "")
    assert outcome({"status": "failed", "diagnosis": "factor 2"}) == (NAMED, "factor 2")
    assert outcome({"status": "failed", "diagnosis": "unknown"}) == (UNKNOWN, "unknown")
    assert outcome({"status": "to do", "diagnosis": ""}) == (UNKNOWN, "unknown")
    assert outcome({"status": "error", "diagnosis": "transposed"}) == (NAMED, "transposed")
    assert outcome({"status": "error", "diagnosis": ""}) == (STOPPED, "error")
    assert outcome({"status": TIME_LIMIT}) == (STOPPED, TIME_LIMIT)


EXERCISE = '''
from minddpg.course.engine import PROPERTY, Mistake, call, exercise


@exercise(
    "99.1",
    "Twice",
    PROPERTY,
    stub="""
def twice(x):
    return None
""",
    statement="Return 2 x.",
    solution="""
def twice(x):
    return 2 * x
""",
    mistakes=[Mistake("x itself", "Not doubled.", {"2 * x": "x"})],
)
def check_twice(twice):
    return {"y": call(twice, PROBE)}
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with an exercise that child processes also find; it is removed after the test."""
    before = dict(EXERCISES), dict(CHECKS)
    home = tmp_path / "mine"
    home.mkdir()
    (home / "twice.py").write_text(EXERCISE.replace("PROBE", "2.0"))  # there, 2 x = 2 + x
    add_exercises(home)
    monkeypatch.setenv(FOLDERS, str(home))
    yield home
    for registry, kept in zip((EXERCISES, CHECKS), before, strict=True):
        registry.clear()
        registry.update(kept)
    for name in [name for name in sys.modules if name.startswith("minddpg.course.outside.")]:
        del sys.modules[name]


@pytest.mark.slow
def test_an_answer_that_hangs_or_ends_its_process_is_rejected_and_the_next_ones_are_judged(folder):
    answers = {
        "def twice(x):\n    while True: pass": TIME_LIMIT,
        "def twice(x):\n    return x": "failed",
        "def twice(x):\n    return [0] * 10**11": "error",  # more memory than there is
        "def twice(x):\n    return 2 * x": "passed",
        "import os\ndef twice(x):\n    os._exit(0)": DIED,
    }
    worker = Worker(threading.Event())
    try:
        found = [
            worker.judge("99.1", source, limit=0.2 if status == TIME_LIMIT else 60)
            for source, status in answers.items()
        ]
    finally:
        worker.close()
    assert [answer["status"] for answer in found] == list(answers.values())
    assert found[1]["diagnosis"] == "x itself"


@pytest.mark.slow
def test_a_survivor_is_shown_as_a_diff_and_fails_unless_it_is_listed(folder, capsys):
    (result,) = examine_exercises(["99.1"], jobs=1)
    assert exit_code([result]) == 1
    texts = "\n".join(faults(result))
    assert "99.1 survives, operator: return 2 * x → return 2 + x\n" in texts
    assert "    -    return 2 * x\n    +    return 2 + x" in texts

    listed = {each.mutant.id: "a reason" for each in result.survivors}
    object.__setattr__(EXERCISES["99.1"], "equivalents", listed)
    assert main(["check", "--exercises", "99.1", "--jobs", "2", "--verbose"]) == 0
    shown = capsys.readouterr().out
    assert details(result) == [line for line in shown.splitlines() if line.startswith("99.1 | ")]
    assert "99.1 | return 2 * x → return x | x itself" in shown
    assert "survives" not in shown
    assert f"{len(listed)} equivalent" in shown


@dataclass
class Cases:
    """A result with three mutants, written by hand."""

    equivalents: dict
    stale: tuple = ()

    def result(self):
        found = mutants("def twice(x):\n    return 2 * x\n", ["twice"])[:3]
        outcomes = [(SURVIVED, ""), (NAMED, "factor 2"), (STOPPED, TIME_LIMIT)]
        judged = tuple(Judged(m, *each) for m, each in zip(found, outcomes, strict=True))
        solution = "def twice(x):\n    return 2 * x"
        return Result("99.1", "Twice", solution, judged, 30, self.equivalents, self.stale)


def test_a_row_counts_and_the_last_line_gives_the_shares():
    result = Cases({}).result()
    assert " ".join(row(result).split()) == "99.1 Twice 3 2 1 0 1 0 1 a sample of 30"
    assert details(result)[2].endswith("| time limit")
    assert summary([result, result]) == (
        "6 mutants; 0 equivalent (0.0%); 4 rejected (named 50.0%, unknown 0.0%, stopped 50.0%);"
        " 2 survive"
    )
    assert exit_code([result]) == 1


def test_a_listed_equivalent_that_is_no_survivor_any_more_is_an_error():
    survivor = Cases({}).result().survivors[0].mutant.id
    assert exit_code([Cases({survivor: "a reason"}).result()]) == 0
    stale = Cases({survivor: "a reason", "x → y": "a reason"}, ("x → y",)).result()
    assert exit_code([stale]) == 1
    (text,) = faults(stale)
    assert text.endswith("x → y")


def test_more_than_three_percent_of_equivalents_are_an_error_where_all_exercises_are_judged(
    monkeypatch,
):
    survivor = Cases({}).result().survivors[0].mutant.id
    result = Cases({survivor: "a reason"}).result()
    monkeypatch.setattr("minddpg.course.mutation.run.EXERCISES", {"99.1": None})
    assert exit_code([result]) == 1
    assert "more than 3% are equivalent" in summary([result])


def test_a_chapter_stands_for_all_of_its_exercises_and_each_is_judged_once():
    of_chapter_4 = [number for number in EXERCISES if number.startswith("04.")]
    assert len(of_chapter_4) > 2
    for chosen_numbers in (["04"], ["4"], ["04.2", "04"]):
        assert chosen(chosen_numbers) == of_chapter_4
    assert chosen(["05.1", "04"]) == [*of_chapter_4, "05.1"]


def test_an_unknown_number_and_a_flag_without_exercises_are_refused_in_one_line(capsys):
    for number, message in (
        ("x", "no exercise x; they go from 00.1 to "),
        ("4.2", "no exercise 4.2; the nearest: 04.2"),
        ("05.2", "05.2 is retired"),
    ):
        assert main(["check", "--exercises", number]) == 1
        assert message in capsys.readouterr().err, number
    assert main(["check", "--verbose"]) == 1
    assert "--verbose and --jobs need --exercises" in capsys.readouterr().err
    assert main(["check", "--exercises", "04.3", "--jobs", "0"]) == 1
    assert "jobs = 0" in capsys.readouterr().err


def test_code_that_stops_before_there_is_an_answer_has_stopped_and_no_check_raised():
    source = "def relu_forward(z):\n    return z, z\n\n\nrelu_backward = 1 / 0\n"
    assert judge("04.2", source)["status"] == "error"


@pytest.mark.posix
def test_no_ctrl_c_reaches_a_process_that_starts(monkeypatch):
    def blocked(*_):
        return signal.pthread_sigmask(signal.SIG_BLOCK, [])

    monkeypatch.setattr("minddpg.course.mutation.run.examine", blocked)
    (found,) = examine_exercises(["04.1"], jobs=1)
    assert signal.SIGINT in found
