"""A grader's record has flags and mistakes that follow from others, besides the verdict."""

import functools
import json

import numpy as np
import pytest

from minddpg.course import checks
from minddpg.course.checks import EXERCISES
from minddpg.course.engine import examine as examine_module
from minddpg.course.engine import flags, follow, record
from minddpg.course.engine.verdict import Comparison

LINEAR = """
def linear_forward(x, weight, bias):
    return x @ weight + bias, (x, weight)

def linear_backward(grad_z, cache):
    x, weight = cache
    return grad_z @ weight.T, x.T @ grad_z, grad_z.sum(axis=0)

check_linear(linear_forward, linear_backward)
"""
RELU = """
def relu_forward(z):
    return np.maximum(z, 0), z

def relu_backward(grad_y, z):
    return grad_y * (z > 0)

check_relu(relu_forward, relu_backward)
"""
TANH = """
def tanh_forward(z):
    y = np.tanh(z)
    return y, y

def tanh_backward(grad_y, y):
    return grad_y * (1 - y**2)

check_tanh(tanh_forward, tanh_backward)
"""
NETWORK = f"{EXERCISES['04.4'].solution}\ncheck_network(network_forward, network_backward)"
RESULT = "x @ weight + bias, (x, weight)"
CHEATS = {
    "itself": ("f, b = solution('04.1')\ncheck_linear(f, b)", "the package's solution"),
    "wrapped": (
        "f, b = EXERCISES['04.1'].reference\ncheck_linear(lambda *a: f(*a), b)",
        "the package's solution",
    ),
    "partial": (
        "import functools\nf, b = solution('04.1')\ncheck_linear(functools.partial(f), b)",
        "the package's solution",
    ),
    "in a closure": (
        "wrap = lambda g: lambda *a: g(*a)\ncheck_linear(*map(wrap, solution('04.1')))",
        "the package's solution",
    ),
    "in an object": (
        """
class Call:
    def __init__(self, function): self.function = function
    def __call__(self, *a): return self.function(*a)
check_linear(*map(Call, solution('04.1')))
""",
        "the package's solution",
    ),
    "in a slot": (
        """
class Slot:
    __slots__ = ("function",)
    def __init__(self, function): self.function = function
    def __call__(self, *a): return self.function(*a)
check_linear(*map(Slot, solution('04.1')))
""",
        "the package's solution",
    ),
    "called": (
        LINEAR.replace(RESULT, "solution('04.1')[0](x, weight, bias)"),
        "the package's minddpg.course.checks.solution",
    ),
    "looked up": (
        LINEAR.replace(RESULT, "EXERCISES['04.1'].reference[0](x, weight, bias)"),
        "the package's minddpg.course.engine.exercise.Exercise",
    ),
    "of a module": (
        "import minddpg.course.checks as c"
        + LINEAR.replace(RESULT, "c.solution('04.1')[0](x, weight, bias)"),
        "the package's minddpg.course.checks",
    ),
    "executed": (
        "exec(EXERCISES['04.1'].solution)\ncheck_linear(linear_forward, linear_backward)",
        "the package's solution",
    ),
    "by its module's name": (
        "import sys"
        + LINEAR.replace(
            RESULT, "sys.modules['mind' + 'dpg.course.checks'].solution('04.1')[0](x, weight, bias)"
        ),
        "uses modules",
    ),
    "evaluated": (
        "TEXT = \"solution('04.1')\"\n" + LINEAR.replace(RESULT, "eval(TEXT)[0](x, weight, bias)"),
        "uses eval",
    ),
    "imported inside": (
        LINEAR.replace("return x @", "from minddpg.nn.layers import Linear; return x @"),
        "the package's minddpg.nn.layers",
    ),
    "a layer of the package": (
        "from minddpg.nn.layers import Linear"
        + LINEAR.replace("x @ weight + bias", "Linear(weight, bias).forward(x)[0]"),
        "the package's minddpg.nn.layers.Linear",
    ),
}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run cells like a graded notebook; return the new lines of the record."""
    path = tmp_path / "verdicts"
    monkeypatch.setenv(record.RECORD, str(path))
    (tmp_path / "seal").write_text("key")
    monkeypatch.setenv(record.SEAL, str(tmp_path / "seal"))
    for module, name, empty in (
        (record, "_key", []),
        (flags, "_before", []),
        (follow, "_judged", {}),
    ):
        monkeypatch.setattr(module, name, empty)
    record.start()
    assert not (tmp_path / "seal").exists()
    space = {"__name__": "__main__", "np": np}
    exec("from minddpg.course.checks import *", space)

    def execute(*cells):
        path.write_text("")
        for cell in cells:
            exec(compile(cell, "/somewhere/ipykernel_1/1.py", "exec"), space)
        return [json.loads(line) for line in path.read_text().splitlines()]

    return execute


def test_an_answer_that_is_the_packages_own_gets_a_flag_and_its_verdict_stays(run):
    for how, (cell, flag) in CHEATS.items():
        (row,) = run("from minddpg.course.checks import EXERCISES, solution", cell)
        assert row["status"] == "passed", how
        assert any(flag in each for each in row["flags"]), (how, row["flags"])


def test_honest_answers_and_what_a_task_gives_get_no_flag(run):
    rows = run(LINEAR, RELU, TANH, NETWORK)
    assert [(row["exercise"], row["status"], row["flags"], row["follows"]) for row in rows] == [
        (number, "passed", [], "") for number in ("04.1", "04.2", "04.3", "04.4")
    ]
    assert all(row["seal"] == record.seal("key", row) for row in rows)
    borrow = "from minddpg.course.own_code import yours\nlinear_forward, linear_backward = "
    for given in ("yours('04.1')", "solution('04.1')"):
        (row,) = run(f"{borrow}{given}", NETWORK)
        assert (row["status"], row["flags"]) == ("passed", []), given
    space = {"__name__": "__main__", "kept": record}
    exec("def policy(obs):\n    return kept(obs)\ndef other(obs):\n    return own(obs)", space)
    space["own"] = space["kept"]
    assert flags.of(EXERCISES["10.3"], [space["policy"]]) == []  # the task provides it
    assert flags.of(EXERCISES["10.3"], [space["other"]]) == [f"the package's {record.__name__}"]


def test_an_object_that_does_not_want_to_be_looked_at_keeps_its_verdict(run):
    hostile = """
class Hostile(list):
    def __iter__(self):
        while True:
            yield self
    def __getattribute__(self, name):
        raise RuntimeError(name)
    def __eq__(self, other):
        raise RuntimeError
    __hash__ = None
thing = Hostile()
def relu_forward(z, unused=thing):
    return np.maximum(z, 0), z
"""
    uses_it = RELU.replace("grad_y * (z > 0)", "grad_y if thing is None else grad_y")
    rows = run(
        TANH.replace("1 - y**2", "1"), hostile + RELU[RELU.index("def relu_back") :], uses_it
    )
    assert [(row["status"], row["flags"]) for row in rows] == [
        ("failed", []),
        ("passed", []),
        ("failed", []),
    ]


def test_a_changed_check_or_function_of_numpy_gets_a_flag(run, monkeypatch):
    for owner, name, flag in (
        (np.linalg, "norm", "changed: numpy.linalg.norm"),
        (np, "array_equal", "changed: numpy.array_equal"),
        (Comparison, "place", "Comparison.place"),
        (Comparison, "passed", "Comparison.passed"),
        (examine_module, "compared", "minddpg.course.engine.examine.compared"),
    ):
        with monkeypatch.context() as patch:
            old = getattr(owner, name)
            mine = lambda *a, _old=old, **k: _old(*a, **k)  # noqa: E731
            if isinstance(old, property):
                mine = property(lambda self: True)
            patch.setattr(owner, name, mine)
            (row,) = run(RELU)
        assert any(flag in each for each in row["flags"]), (flag, row["flags"])
    with monkeypatch.context() as patch:
        patch.setattr(checks.solution, "__code__", (lambda number: None).__code__)
        assert_only_the_solution_is_flagged(run(RELU)[0]["flags"])
    with monkeypatch.context() as patch:
        mine = (lambda z: (z, z)), (lambda g, z: g)
        patch.setitem(vars(EXERCISES["04.2"]), "reference", mine)
        (row,) = run("check_relu(lambda z: (z, z), lambda g, z: g)")
    assert row["flags"] == ["changed: the solution of 04.2"]
    with monkeypatch.context() as patch:
        probe = functools.wraps(EXERCISES["04.2"].probe)(lambda *a, **k: {"y": np.ones(1)})
        patch.setitem(vars(EXERCISES["04.2"]), "probe", probe)
        (row,) = run("check_relu(lambda z: (z, z), lambda g, z: g)")
    assert row["flags"] == ["changed: probe of exercise 04.2"]
    assert run(RELU)[0]["flags"] == []


def assert_only_the_solution_is_flagged(flags):
    assert "changed: minddpg.course.checks.solution" in flags
    assert {flag.rsplit(".")[-1] for flag in flags} == {"solution"}  # other modules import it


def test_a_reloaded_module_and_an_old_name_of_numpy_get_no_flag(run, monkeypatch):
    cell = "import importlib, minddpg.course.checks as c\nimportlib.reload(c)"
    with monkeypatch.context() as patch:
        patch.setattr(np, "bool", bool)
        patch.setattr(np, "float", float, raising=False)
        old = dict(vars(checks))
        try:
            *_, row = run(cell, RELU)
        finally:
            vars(checks).update(old)
    assert row["flags"] == []
    with monkeypatch.context() as patch:
        patch.setattr(checks.solution, "__code__", checks.add_exercises.__code__)
        assert_only_the_solution_is_flagged(run(RELU)[0]["flags"])
    with monkeypatch.context() as patch:
        patch.setattr(Comparison, "place", property(lambda self: 0))
        patch.setattr(np, "float64", float)
        assert len(run(RELU)[0]["flags"]) == 2


NO_SLOPE = RELU.replace("grad_y * (z > 0)", "grad_y")
BLANK_TANH = TANH.replace("return y, y", "return None").replace("return grad_y * (1", "1 * (1")
TRANSPOSED = LINEAR.replace("grad_z @ weight.T", "grad_z @ weight")
OWN = NETWORK.replace("linear_backward(grad_z2, cache2)", "linear_backward(-grad_z2, cache2)")
RENAMED = f"helper = linear_backward\n{NETWORK.replace('linear_backward', 'helper')}"
INNER = "def inner(*a):\n    return relu_backward(*a)\n" + NETWORK.replace("relu_backward", "inner")


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ((NO_SLOPE, NETWORK), "04.2"),
        ((NO_SLOPE, OWN), ""),
        *(
            pytest.param((*cells, network), wanted, marks=pytest.mark.slow)
            for cells, network, wanted in (
                ((BLANK_TANH,), NETWORK, "04.3"),
                ((TRANSPOSED,), NETWORK, "04.1"),  # stops with an error
                ((NO_SLOPE, BLANK_TANH), NETWORK, "04.2, 04.3"),
                ((TRANSPOSED,), RENAMED, "04.1"),
                ((NO_SLOPE,), INNER, "04.2"),
                ((), OWN, ""),
                ((NO_SLOPE, RELU), OWN, ""),
            )
        ),
    ],
)
def test_a_mistake_follows_from_earlier_ones_if_the_answer_passes_with_those_correct(
    cells, wanted, run
):
    *_, row = run(LINEAR, RELU, TANH, *cells)
    assert row["exercise"] == "04.4"
    assert row["status"] != "passed"
    assert row["follows"] == wanted
    assert run("check_linear(linear_forward, linear_backward)")[0]["status"] == (
        "passed" if TRANSPOSED not in cells else "error"
    )  # the learner's own functions are back


NO_TANH = TANH.replace("return grad_y * (1 - y**2)", "return 1 / 0")
WAYS = {
    "a list": ("LAYERS = [tanh_backward]", {"tanh_backward(": "LAYERS[0]("}),
    "a dictionary": ("BACK = {'tanh': tanh_backward}", {"tanh_backward(": "BACK['tanh']("}),
    "a partial": (
        "import functools\nback = functools.partial(tanh_backward)",
        {"tanh_backward(": "back("},
    ),
    "a default argument": (
        "",
        {"cache):": "cache, back=tanh_backward):", "tanh_backward(": "back("},
    ),
}


def test_a_mistake_follows_however_the_answer_reaches_the_earlier_one(run):
    run(LINEAR, RELU, NO_TANH)
    for way, (cell, edits) in WAYS.items():
        network = NETWORK
        for old, new in edits.items():
            assert old in network, (way, old)
            network = network.replace(old, new)
        (row,) = run(cell, network)
        assert (row["status"], row["follows"]) == ("error", "04.3"), way


def test_a_mistake_follows_from_a_cell_that_failed_or_was_never_checked(run):
    run(LINEAR, RELU)
    (row,) = run(NETWORK)  # tanh's cell had a syntax error
    assert (row["status"], row["follows"]) == ("error", "04.3")
    *_, row = run(NO_TANH[: NO_TANH.index("check_tanh")], NETWORK)
    assert (row["status"], row["follows"]) == ("error", "04.3")
    closed = NO_TANH.replace("def tanh_b", "@lambda f: lambda *a: f(*a)\ndef tanh_b")
    *_, row = run(closed, NETWORK)  # the function named tanh_backward has a closure
    assert (row["status"], row["follows"]) == ("error", "04.3")
    *_, row = run(TANH, NETWORK.replace("return", "return 1 / 0 #"))
    assert (row["status"], row["follows"]) == ("error", "")
    assert run(NETWORK)[0]["status"] == "passed"  # and the learner's own functions are back


@pytest.mark.slow
def test_the_swing_up_follows_from_a_wrong_agent_but_not_from_one_that_passed(run):
    policy = f"{EXERCISES['10.3'].solution}\ncheck_swing_up(policy)"
    (row,) = run(policy)
    assert (row["status"], row["follows"]) == ("error", "10.1")  # `kept` does not exist
    lent = "from minddpg.course.own_code import yours\nkept = yours('10.1')"
    *_, row = run("check_my_ddpg(type('MyDDPG', (), {}))", lent, policy)
    assert row["follows"] == "10.1"
    assert run("def policy(obs):\n    return None\ncheck_swing_up(policy)")[0]["follows"] == ""
    *_, row = run(f"{EXERCISES['10.1'].solution}\ncheck_my_ddpg(MyDDPG)", policy)
    assert (row["status"] != "passed", row["follows"]) == (True, "")


def test_an_answer_that_was_stopped_does_not_make_later_cells_wait(run):
    endless = RELU.replace("np.maximum(z, 0), z", "wait()")
    run(LINEAR, TANH, "calls = []\ndef wait():\n    calls.append(1)\n    raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        run(endless)
    (row,) = run(NETWORK)
    assert (row["status"], row["follows"]) == ("error", "04.2")
    assert run("assert len(calls) == 1\ncheck_relu(relu_forward, relu_backward)")[0]["status"] == (
        "error"
    )
    assert run(RELU, NETWORK)[1]["status"] == "passed"


def test_what_a_check_says_is_in_the_record_and_never_too_long(run, monkeypatch):
    (row,) = run(RELU.replace("grad_y * (z > 0)", "grad_y"))
    says = row["says"]
    assert "activation" in says["paragraphs"][0]
    assert ["grad_z", "(5, 7)"] in [line[:2] for line in says["table"]]
    loud = RELU.replace("    return np.max", "    print('x' * 80)\n    return np.max")
    for longest in (700, 300, 40):
        monkeypatch.setattr(record, "LONGEST", longest)
        monkeypatch.setattr(record, "LONGEST_TEXT", 30)
        (row,) = run(loud.replace("grad_y * (z > 0)", "grad_y"))
        assert len(json.dumps(row["says"])) <= max(longest, 100), longest
        assert row["says"]["paragraphs"], longest
