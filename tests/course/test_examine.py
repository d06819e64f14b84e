"""A verdict follows from every case of the data, and says what a learner can do about it."""

import json
import textwrap
from dataclasses import replace

import numpy as np
import pytest
from course.judge import EXERCISE, answer, verdict_of

from minddpg.course import checks
from minddpg.course.engine import PROPERTY, GradientOf, Mistake, Observed, arrays, call, run
from minddpg.course.engine.check import RECORD
from minddpg.course.engine.examine import examine
from minddpg.course.engine.exercise import Exercise
from minddpg.course.engine.known import SEARCHES
from minddpg.course.engine.observations import layer_pair, upstream
from minddpg.course.engine.stub import untouched
from minddpg.course.engine.submission import InvalidAnswer
from minddpg.verification import bugs

OTHER_DATA = "Your code is right for the first data set, but not for the others."


def lines(verdict):
    return [line.strip() for line in str(verdict).splitlines()]


def test_a_check_that_is_called_with_another_number_of_answers_shows_the_call():
    for answers in ((), (answer(), answer())):
        verdict = examine(EXERCISE, answers)
        assert verdict.status == "error"
        assert lines(verdict) == [
            "98.1 A judge: your code stopped with an error",
            f"Call it as check_judge(judge); you passed {len(answers)} instead of 1:",
            "def judge(error, scale):",
            '"""Return three things."""',
            "loss = grad = largest = None",
            "return loss, grad, largest",
        ]


def in_single_precision(function, returned):
    """Return the answer computed in float32, with results of the given type."""

    def rounded(error, scale):
        results = function(error.astype(np.float32), np.float32(scale))
        return tuple(returned(np.float32(each)) for each in results)

    return rounded


def test_a_gradient_may_be_as_coarse_as_the_precision_in_which_it_is_computed():
    passed = {}
    for error in (0, 1e-8, 1e-5, 2.5e-3, 3.5e-3, 1e-2):
        inexact = answer(grad=lambda e, s, error=error: 2 * s * e / len(e) * (1 + error))
        passed[error] = [
            bool(verdict_of(each))
            for each in (
                inexact,
                in_single_precision(inexact, np.float32),
                in_single_precision(inexact, np.float64),  # its rounding errors show it
            )
        ]
    assert passed == {
        0: [True, True, True],
        1e-8: [True, True, True],
        1e-5: [False, True, True],
        2.5e-3: [False, True, True],
        3.5e-3: [False, False, False],
        1e-2: [False, False, False],
    }


def test_a_value_may_be_as_coarse_as_the_precision_in_which_it_is_returned():
    for error, double, single in ((5e-7, True, True), (5e-6, False, True), (2e-4, False, False)):
        inexact = answer(loss=lambda e, s, error=error: s * np.mean(e**2) * (1 + error))
        assert bool(verdict_of(inexact)) is double, error
        assert bool(verdict_of(in_single_precision(inexact, np.float32))) is single, error


def test_a_tolerance_of_its_own_holds_for_the_observation_that_has_one():
    for tolerance, error, passes in (
        (0.1, 0.05, True),
        (0.1, 0.2, False),
        (0, 0, True),
        (0, 1e-9, False),
    ):
        exercise = replace(
            EXERCISE,
            probe=lambda judge, tolerance=tolerance, **_: {
                "loss": Observed(judge(np.ones(4), 2.0)[0], tolerance, "The loss is off.")
            },
        )
        verdict = examine(exercise, (answer(loss=lambda e, s, x=error: 2 + 2 * x),))
        assert verdict.passed is passes, (tolerance, error)
        assert passes or "The loss is off." in lines(verdict)


def test_a_right_gradient_of_a_function_that_ignores_its_argument_is_refused():
    (solution,) = EXERCISE.reference
    first = []

    def remembering(error, scale):
        first.append(error)
        same = next(each for each in first if len(each) == len(error))
        loss, _, largest = solution(same, scale)
        return loss, 2 * scale * error / len(error), largest

    verdict = verdict_of(remembering)
    assert not verdict
    text = (
        "grad is right, but the numerical derivative of your own function differs from it: your"
        " function does not change with its argument as it should."
    )
    assert text in " ".join(str(verdict).split())


def test_a_right_first_answer_of_a_function_that_then_answers_otherwise_is_random():
    seen = []

    def changing(error, scale):
        times = sum(np.array_equal(each, error) for each in seen)
        seen.append(error)
        loss = scale * np.mean(seen[0] ** 2) if len(error) == 7 else scale * np.mean(error**2)
        return loss + times, 2 * scale * error / len(error), np.max(np.abs(error))

    verdict = verdict_of(changing)
    assert verdict.diagnosis == "random from call to call"
    second = "The same arguments gave different numbers the second time."
    assert verdict.explanation.startswith(second)


def test_the_first_data_decide_and_a_later_stop_is_told_as_one():
    def stops(error, scale):
        if len(error) == 5:
            raise ValueError("five are too few")
        return answer()(error, scale)

    verdict = verdict_of(stops)
    assert verdict.status == "error"
    assert lines(verdict)[1] == OTHER_DATA
    assert "ValueError: five are too few" in lines(verdict)

    def wrong_and_stops(error, scale):
        loss, grad, largest = stops(error, scale)
        return loss, -grad, largest

    verdict = verdict_of(wrong_and_stops)
    assert (verdict.status, verdict.diagnosis) == ("failed", "sign flipped")
    only_later = answer(loss=lambda e, s: s * np.mean(e**2) * (1 if len(e) == 7 else -1))
    verdict = verdict_of(only_later)
    assert (verdict.diagnosis, verdict.explanation.splitlines()[-1]) == ("unknown", OTHER_DATA)
    assert OTHER_DATA not in str(verdict_of(answer(loss=lambda e, s: -s * np.mean(e**2))))


def test_an_answer_that_raises_now_and_then_is_random():
    calls = []

    def now_and_then(error, scale):
        calls.append(1)
        if len(calls) > 2:  # each of the two cases calls it once
            raise ValueError
        return answer(grad=lambda e, s: np.sinh(e))(error, scale)

    assert verdict_of(now_and_then).diagnosis == "random from call to call"
    drawn = verdict_of(answer(largest=lambda e: abs(e).max() + np.random.default_rng().normal()))
    assert drawn.diagnosis == "random from call to call"


def test_a_batch_is_written_as_the_stub_writes_it():
    stub = EXERCISE.stub.replace("three things", "three things, the second (B,)")
    double = answer(grad=lambda e, s: 2 * s * e)
    assert examine(replace(EXERCISE, stub=stub), (double,)).diagnosis == "factor B"
    assert verdict_of(double).diagnosis == "factor N"


PROBE = """
def check_both(product, Tally, n, m):
    x = np.cos(np.arange(float(n * m))).reshape(n, m)
    w = np.sin(np.arange(float(m * m))).reshape(m, m)
    tally = call(Tally, 2.0)
    call(tally.add, 1.0, returns=False)
    (y,) = arrays(call(product, x, w), ["y"], product)
    return {"y": y, "total": np.array(tally.total), "many": bool(tally.total > 2)}
"""
# of the package, not of the learner
(CHECK_BOTH,) = run(PROBE, ["check_both"], {"call": call, "arrays": arrays}, "minddpg.probe")

BOTH = Exercise(
    "98.2",
    "Two answers",
    PROPERTY,
    stub='''
def product(x, w):
    """Return x w."""
    return None


class Tally:
    """Add up."""

    def __init__(self, start):
        self.total = start
        self._hidden = 0

    def add(self, amount):
        """Add an amount."""
''',
    statement="Write both.",
    solution="""
def product(x, w):
    return x @ w


class Tally:
    def __init__(self, start):
        self.total = start

    def add(self, amount):
        self.total = self.total + amount
""",
    mistakes=[Mistake("factors swapped", "Write x first.", {"x @ w": "(w @ x.T).T"})],
    probe=CHECK_BOTH,
    cases=({"n": 4, "m": 3},),
    square={"n": 3, "m": 3},
)


def both(product=lambda x, w: x @ w, add=None):
    class Tally:
        def __init__(self, start):
            self.total = start

        def add(self, amount):
            self.total += amount

    if add:
        Tally.add = add
    return examine(BOTH, (product, Tally))


def test_what_is_blank_is_still_to_do_and_named_if_it_is_a_part():
    assert both().passed
    product, tally = BOTH.blank
    assert lines(examine(BOTH, (product, tally)))[1:] == [
        "Not written yet: product, __init__, add.",
        "Write both.",
    ]
    verdict = both(product=product)
    assert lines(verdict) == [
        "98.2 Two answers: still to do",
        "Not written yet: product.",
        "Write both.",
    ]

    def later(x, w):
        raise NotImplementedError

    assert both(product=later).status == "to do"
    assert "Not written yet: __init__, add." in lines(examine(BOTH, (later, tally)))
    nothing = both(product=lambda x, w: print(end=""))
    assert (nothing.status, nothing.diagnosis) == ("failed", "nothing returned")
    assert "your function returned None. Did you forget return?" in lines(nothing)


def test_a_stub_that_returns_something_is_still_to_do_and_what_was_compared_is_kept():
    exercise = replace(BOTH, stub=BOTH.stub.replace("return None", "return np.sinh(x @ w)"))
    verdict = examine(exercise, (exercise.blank[0], BOTH.reference[1]))
    assert verdict.status == "to do"
    assert "Not written yet: product." in lines(verdict)
    assert [row.name for row in verdict.comparisons] == ["y", "total", "many"]


def test_the_worst_entry_is_the_one_that_differs_most():
    def spoilt(*entries):
        def grad(e, s):
            values = 2 * s * e / len(e)
            for i, add in entries:
                values[i] += add
            return values

        return lines(verdict_of(answer(grad=grad)))

    assert any(line.startswith("worst entry grad[3]: yours") for line in spoilt((3, 1), (1, -0.1)))
    assert any(line.startswith("worst entry grad[4]: yours") for line in spoilt((4, -1), (1, 0.1)))
    assert any(
        line.startswith("worst entry grad[2]: yours nan") for line in spoilt((2, np.nan), (1, 9))
    )


def test_a_gradient_that_is_observed_alone_is_compared():
    exercise = replace(
        EXERCISE, probe=lambda *given, **case: {"grad": EXERCISE.probe(*given, **case)["grad"]}
    )
    assert examine(exercise, (answer(),)).passed
    assert examine(exercise, (answer(grad=lambda e, s: -2 * s * e / len(e)),)).status == "failed"


def test_known_mistakes_are_named_while_a_bug_is_planted_in_the_package():
    with bugs.planted("actor-sign"):
        assert both(product=lambda x, w: (w @ x.T).T).diagnosis == "factors swapped"
        nothing = replace(BOTH, mistakes=[Mistake("shows nothing", "Why.", {"x @ w": "(x) @ w"})])
        wrong = (lambda x, w: np.sinh(x @ w), BOTH.reference[1])
        assert examine(nothing, wrong).diagnosis == "unknown"


def test_changes_and_pairs_are_searched_only_where_that_is_wanted_and_tells_something():
    median = answer(loss=lambda e, s: s * np.median(e**2))
    assert verdict_of(median).diagnosis == "np.median instead of np.mean"
    token = SEARCHES.set(False)
    try:
        assert verdict_of(median).diagnosis == "unknown"
        assert verdict_of(answer(grad=lambda e, s: -2 * s * e / len(e))).diagnosis == "sign flipped"
    finally:
        SEARCHES.reset(token)
    behaviour = replace(EXERCISE, kind="behaviour")
    assert examine(behaviour, (median,)).diagnosis == "unknown"


def test_two_known_mistakes_in_one_line_are_named_together():
    listed = [
        Mistake("rooted", "Take no root.", {"np.mean(error**2)": "np.mean(error**2) ** 0.5"}),
        Mistake("squared scale", "Once.", {"scale * np": "scale ** 2 * np"}),
    ]
    two = answer(loss=lambda e, s: s**2 * np.mean(e**2) ** 0.5)
    exercise = replace(EXERCISE, mistakes=listed)
    verdict = examine(exercise, (two,))
    assert verdict.diagnosis == "rooted and squared scale"
    assert lines(verdict)[2:4] == ["Take no root.", "Once."]
    token = SEARCHES.set(False)
    try:
        assert examine(exercise, (two,)).diagnosis == "unknown"
    finally:
        SEARCHES.reset(token)


def test_the_examples_of_a_gradient_are_a_batch_where_the_case_has_no_size():
    error = np.cos(np.arange(6.0))

    def probe(judge):
        grad = 6 * judge(error, 0.7)[1]
        return {"grad": GradientOf(grad, lambda e: 0.7 * e**2, error)}  # a loss for each example

    exercise = replace(EXERCISE, probe=probe, cases=({},), mistakes=[])
    assert examine(exercise, (answer(),)).passed
    summed = answer(grad=lambda e, s: 2 * s * e)
    assert examine(exercise, (summed,)).diagnosis == "factor N"


def test_a_class_that_lacks_a_name_is_told_the_names_that_are_asked_for():
    class Bare:
        def __init__(self, start):
            self.sum = start

        def add(self, amount):
            self.sum += amount

    verdict = examine(BOTH, (lambda x, w: x @ w, Bare))
    assert (verdict.status, verdict.diagnosis) == ("failed", "not what was asked for")
    text = "Bare has no total. The exercise asks for these names: total, add."
    assert text in lines(verdict)

    source = "def check_class(product, Tally, **sizes):\n    return {'add': bool(Tally.add)}"
    (probe,) = run(source, ["check_class"], {}, "minddpg.probe")
    verdict = examine(replace(BOTH, probe=probe), (None, type("Empty", (), {})))
    text = "Empty has no add. The exercise asks for these names: total, add."
    assert text in lines(verdict)

    def add(self, amount):
        self.total += self.nothing

    assert both(add=add).status == "error"  # the learner's own line

    class Late:
        def __init__(self, start):
            self.start = start

        def add(self, amount):
            self.total += amount

    verdict = examine(BOTH, (lambda x, w: x @ w, Late))
    assert verdict.status == "error"
    assert "self.total += amount" in lines(verdict)


def test_code_that_stops_is_tried_where_all_sizes_are_equal_to_name_its_mistake():
    verdict = both(product=lambda x, w: w @ x)
    assert (verdict.status, verdict.diagnosis) == ("error", "w @ x instead of x @ w")
    assert "the line for the result has w @ x instead of x @ w" in verdict.explanation
    without = examine(replace(BOTH, square=None), (lambda x, w: w @ x, BOTH.reference[1]))
    assert (without.status, without.diagnosis) == ("error", "")

    stops_there_too = both(product=lambda x, w: x @ w @ np.ones((9, 9)))
    assert (stops_there_too.status, stops_there_too.diagnosis) == ("error", "")

    def stops(x, w):
        return np.sinh(w @ x)  # with no known mistakes

    assert (both(product=stops).status, both(product=stops).diagnosis) == ("error", "")


def test_an_error_below_the_check_itself_shows_what_the_exercise_asks_for():
    verdict = both(product=lambda x: x)
    assert verdict.status == "error"
    assert lines(verdict)[-5:] == [
        "The exercise asks for:",
        "def product(x, w):",
        "class Tally:",
        "def __init__(self, start):",
        "def add(self, amount):",
    ]


def test_yes_or_no_that_is_wrong_is_told_in_words():
    verdict = both(add=lambda self, amount: setattr(self, "total", 2.0 + 0 * amount))
    assert "not true: many" in lines(verdict)


def test_arguments_that_change_nothing_are_named():
    fixed = both(product=lambda x, w: x @ np.ones((3, 3)))
    assert fixed.diagnosis == "argument ignored: w"

    def add(self, amount):
        self.total += 5.0

    fixed = both(add=add)
    assert fixed.diagnosis == "argument ignored: amount"


def test_an_argument_of_which_the_sign_is_used_is_not_called_ignored():
    signs = answer(
        loss=lambda e, s: np.sign(s) * np.mean(e**2), grad=lambda e, s: 2 * np.sign(s) * e / len(e)
    )
    assert "ignored" not in verdict_of(signs).diagnosis
    fixed = answer(loss=lambda e, s: 3 * np.mean(e**2), grad=lambda e, s: 6 * e / len(e))
    assert verdict_of(fixed).diagnosis == "argument ignored: scale"


def test_the_same_source_is_blank_and_a_changed_one_is_not():
    product, tally = BOTH.blank

    class Other:
        def __init__(self, start):
            self.total = 2 * start

        def add(self, amount):
            """Later."""

    def names(*answers):
        return untouched(answers, BOTH.blank, BOTH.names)

    assert names(product, tally) == ["product", "__init__", "add"]
    assert names(None, Other) == ["product", "add"]
    assert names(..., tally) == ["product", "__init__", "add"]
    assert names(lambda x, w: x @ w, Other) == ["add"]
    assert names(lambda x, w: 0, 5) == []
    assert names(len, None) == ["Tally"]


def test_an_exercise_reads_its_names_from_its_stub():
    assert BOTH.names == ["product", "Tally"]
    assert BOTH.attributes == ["__init__", "total", "_hidden", "add"]
    assert BOTH.check_name == "check_both"
    assert BOTH.blank[0](1, 2) is None
    assert BOTH.reference[0](np.eye(2), 3 * np.eye(2)).tolist() == [[3, 0], [0, 3]]
    assert BOTH.wrong_answer(0)[0](np.ones((2, 3)), np.eye(3)).shape == (2, 3)
    assert BOTH.wrong_answer(0)[0].__code__.co_filename == "<98.2 factors swapped>"
    bad = replace(BOTH, mistakes=[Mistake("lost", "Why.", {"y @ w": "w"})])
    with pytest.raises(ValueError, match=r"^exercise 98\.2, 'lost': an edit's old text must occur"):
        _ = bad.wrong_sources
    indented = replace(BOTH, solution=textwrap.indent(BOTH.solution, "    "))
    assert indented.solution == BOTH.solution
    texts = replace(BOTH, statement=" One \n  two. ", hints=("\n  A hint.\n  More.\n",))
    assert texts.statement == "One two."
    assert texts.hints == ("A hint.\nMore.",)


def lambda_named(name, function):
    function.__name__ = name
    return function


def test_a_layer_is_refused_that_keeps_its_cache_or_returns_another_number_of_things():
    inputs = {"x": np.cos(np.arange(6.0)).reshape(2, 3), "w": np.sin(np.arange(6.0)).reshape(3, 2)}

    def forward(x, w):
        return x @ w, (x, w)

    def backward(grad, cache):
        return grad @ cache[1].T, cache[0].T @ grad

    observed = layer_pair(forward, backward, inputs, "y")
    assert list(observed) == ["y", "grad_x", "grad_w"]
    assert np.array_equal(observed["y"].value, inputs["x"] @ inputs["w"])
    for name in ("x", "w"):
        each = observed[f"grad_{name}"]
        assert isinstance(each, GradientOf)
        parts = each.by_example(1e-6)
        assert parts.shape == (2, *inputs[name].shape)
        assert np.allclose(parts.sum(axis=0), each.value, atol=1e-8)
    only = layer_pair(forward, lambda g, c: backward(g, c)[1], inputs, "y", ["w"])
    assert list(only) == ["y", "grad_w"]
    for bad in (lambda x, w: x @ w, lambda x, w: (x @ w, x, w)):
        with pytest.raises(Exception, match="should return two things: y and a cache"):
            layer_pair(bad, backward, inputs, "y")
    with pytest.raises(Exception, match="backward should return grad_x, grad_w: 2 results, but it"):
        layer_pair(forward, lambda_named("backward", lambda g, c: (g,)), inputs, "y")
    masks = []

    def relu(x):
        masks.append(x > 0)
        return np.maximum(x, 0), x

    kept = lambda grad, x: grad * masks[-1]  # noqa: E731
    with pytest.raises(InvalidAnswer) as caught:
        layer_pair(relu, kept, {"x": np.array([[0.5, 2.0], [1.0, 3.0]])}, "y")
    assert caught.value.mistake == "cache kept in the layer"
    weights = upstream((3, 2))
    assert len(set(weights.ravel().tolist())) == 6
    assert weights.all()


def test_every_verdict_is_appended_to_the_record_where_there_is_one(tmp_path, monkeypatch):
    path = tmp_path / "verdicts"
    monkeypatch.setenv(RECORD, str(path))
    relu = lambda z: (np.maximum(z, 0), z)  # noqa: E731
    checks.check_relu(relu, lambda g, z: g * (z > 0))
    checks.check_relu(relu, lambda g, z: g)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    seconds = [row.pop("seconds") for row in rows]
    assert rows == [
        {"exercise": "04.2", "status": "passed", "diagnosis": ""},
        {"exercise": "04.2", "status": "failed", "diagnosis": "slope missing"},
    ]
    assert all(0 <= each == round(each, 3) < 60 for each in seconds)
    monkeypatch.delenv(RECORD)
    checks.check_relu(relu, relu)
    assert len(path.read_text().splitlines()) == 2
