"""A check names only mistakes that were made, never raises, and shows its verdict top down.

N batch.
"""

import functools
from dataclasses import replace

import numpy as np
import pytest
from course.judge import EXERCISE, answer, verdict_of

from minddpg.course import checks
from minddpg.course.engine import Mistake
from minddpg.course.engine.examine import examine
from minddpg.course.engine.factors import written
from minddpg.course.engine.stub import untouched


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"loss": lambda e, s: s * np.mean(e**2) ** 0.5}, "root taken"),
        ({"grad": lambda e, s: -2 * s * e}, "factor −N"),
        ({"grad": lambda e, s: s * e}, "factor N/2"),
        ({"grad": lambda e, s: -s * e / len(e)}, "factor −1/2"),
        ({"grad": lambda e, s: 7.3 * s * e / len(e)}, "constant factor"),
        ({"grad": lambda e, s: -2 * s * e**2 / len(e)}, "square kept and sign flipped"),
        (
            {"grad": lambda e, s: 2 * s * e**2 / len(e), "largest": np.max},
            "square kept and largest with its sign",
        ),
        (
            {"loss": lambda e, s: s * np.mean(e**2) ** 0.5, "grad": lambda e, s: s * e / len(e)},
            "root taken and factor 1/2",
        ),
        ({"loss": lambda e, s: 1.7 * np.mean(e**2), "grad": lambda e, s: 3.4 * e / len(e)},
         "argument ignored: scale"),
        ({"grad": lambda e, s: np.sum(2 * s * e / len(e))}, "another shape"),
        ({"grad": lambda e, s: np.sinh(e)}, "unknown"),
        # patterns
        ({"grad": lambda e, s: 2 * s * e[::-1] / len(e)}, "order reversed"),
        ({"grad": lambda e, s: 2 * s * np.roll(e, 1) / len(e)}, "shifted by one"),
        ({"grad": lambda e, s: abs(2 * s * e / len(e))}, "absolute values"),
        ({"grad": lambda e, s: 0 * e + 2 * s * e.mean() / len(e)}, "the same in every row"),
        ({"grad": lambda e, s: 2 * s * e / len(e) + 0.25}, "constant offset"),
        ({"grad": lambda e, s: np.append(2 * s * e[:-1] / len(e), 9)}, "wrong in the last entry"),
        ({"grad": lambda e, s: np.append(s, 2 * s * e[1:] / len(e))}, "wrong in the first entry"),
        ({"grad": lambda e, s: (2 * s * e / len(e)).astype(np.float16)}, "half precision"),
        ({"loss": lambda e, s: int(s * np.mean(e**2))}, "rounded to whole numbers"),
        # an argument that is another one
        ({"loss": lambda e, s: s**2 * np.mean(e**2), "grad": lambda e, s: 2 * s**2 * e / len(e)},
         "scale² instead of scale"),
        ({"grad": lambda e, s: 2 * s * (e - e.mean()) / len(e)}, "unknown"),
        (
            {
                "loss": lambda e, s: s * np.mean((e - e.mean()) ** 2),
                "grad": lambda e, s: 2 * s * (e - e.mean()) / len(e),
                "largest": lambda e: np.max(np.abs(e - e.mean())),
            },
            "error − its mean instead of error",
        ),
        # a small change of a correct answer
        ({"loss": lambda e, s: s * np.median(e**2)}, "np.median instead of np.mean"),
        ({"loss": lambda e, s: s * np.mean(e**3)}, "error ** 3 instead of error ** 2"),
        ({"loss": lambda e, s: s + np.mean(e**2)}, "one change in the line for loss"),
        ({"loss": lambda e, s: np.log(e[0] * -1 * np.sign(e[0]))}, "not a number"),
        ({"largest": lambda e: np.random.default_rng().normal()}, "random from call to call"),
    ],
)  # fmt: skip
def test_a_mistake_or_two_are_named(changed, name):
    verdict = verdict_of(answer(**changed))
    assert verdict.diagnosis == name, verdict
    assert not verdict.passed


def test_a_constant_factor_is_said_with_its_formula_in_the_sizes():
    text = str(verdict_of(answer(grad=lambda e, s: s * e)))
    assert "Every entry of grad is 3.5 times what it should be; N = 7, so that is N/2." in text
    assert written([3.5, 2.5], [{"N": 7}, {"N": 5}], 1e-6) == "N/2"
    assert written([3.5, 3.5], [{"N": 7}, {"N": 5}], 1e-6) == ""
    assert written([1 / 21, 1 / 10], [{"N": 7, "A": 3}, {"N": 5, "A": 2}], 1e-6) == "1/(A N)"


def test_a_wrong_loss_never_sets_what_is_expected_of_its_gradient():
    half = {"loss": lambda e, s: s * np.mean(e**2) / 2}
    correct = verdict_of(answer(**half))
    assert "Right already: grad; largest." in str(correct)
    fitting = verdict_of(answer(**half, grad=lambda e, s: s * e / len(e)))
    own = "grad is the derivative of your own function, but that function is wrong"
    assert own in str(fitting)
    assert "Right already: largest." in str(fitting)
    rows = {row.name: row for row in fitting.comparisons if row.case == 0}
    assert rows["grad"].expected == pytest.approx(2 * rows["grad"].observed)


def test_a_mistake_is_not_named_where_it_would_have_spoilt_what_is_right():
    """The name needs both results of the wrong line to be wrong."""
    both = {"np.mean(error**2)": "np.mean(error**2) ** 0.5", "np.abs(error)": "error"}
    exercise = replace(EXERCISE, mistakes=[Mistake("both", "Why.", both)])
    root = answer(loss=lambda e, s: s * np.mean(e**2) ** 0.5)
    assert examine(exercise, (root,)).diagnosis == "unknown"
    assert examine(exercise, exercise.wrong_answer(0)).diagnosis == "both"


def test_what_is_right_for_the_first_data_alone_is_refused():
    verdict = verdict_of(answer(grad=lambda e, s: 2 * s * e / 7))
    assert not verdict.passed
    assert "right for the first data set, but not for the others" in str(verdict)


def test_results_that_share_memory_are_refused_though_each_is_right_when_it_is_returned():
    buffers = {}
    (solution,) = EXERCISE.reference

    def reusing(error, scale):
        loss, grad, largest = solution(error, scale)
        kept = buffers.setdefault(len(error), np.zeros(len(error)))
        kept[:] = grad
        return loss, kept, largest

    assert verdict_of(reusing).diagnosis == "results share memory"


def test_what_is_kept_from_call_to_call_is_refused():
    calls = []
    (solution,) = EXERCISE.reference

    def remembering(error, scale):
        calls.append(error)
        loss, grad, largest = solution(error, scale)
        return loss, grad, largest + (len(calls) > 5)

    assert verdict_of(remembering).diagnosis == "random from call to call"


def test_a_pattern_in_one_of_two_cases_is_no_name():
    (solution,) = EXERCISE.reference

    def sometimes(error, scale):
        loss, grad, largest = solution(error, scale)
        return loss, grad[::-1] if len(error) == 5 else grad, largest

    assert verdict_of(sometimes).diagnosis == "unknown"


def test_an_argument_that_is_changed_is_named():
    def changing(error, scale):
        error *= 1.0 + scale
        return answer()(error / (1.0 + scale), scale)

    verdict = verdict_of(changing)
    assert verdict.diagnosis == "argument changed in place"
    text = " ".join(verdict.explanation.split())
    assert text.startswith("changing changed its argument error in place. The caller still needs")


def test_a_cache_that_is_not_the_one_passed_is_named():
    kept = {}

    def forward(x, weight, bias):
        kept["cache"] = x, weight
        return x @ weight + bias, ()

    def backward(grad, cache):
        x, weight = kept["cache"]
        return grad @ weight.T, x.T @ grad, grad.sum(axis=0)

    assert checks.check_linear(forward, backward).diagnosis == "cache kept in the layer"


def test_still_to_do_is_for_an_untouched_stub():
    def no_return(error, scale):
        error.sum()

    def not_finished(error, scale):
        return scale, None, 0.0

    def empty(error, scale):
        """Only this."""

    assert verdict_of(*EXERCISE.blank).status == "to do"
    assert verdict_of(empty).status == "to do"
    assert verdict_of(None).status == "to do"
    assert untouched([lambda error, scale: False], EXERCISE.blank, EXERCISE.names) == []
    assert verdict_of(no_return).status == "failed"
    assert "no_return returned None. Did you forget return?" in str(verdict_of(no_return))
    assert "returned None as result 2 of 3" in str(verdict_of(not_finished))
    assert verdict_of(lambda error, scale: None).status == "to do"


def in_compiled_code(error, scale):
    return np.random.default_rng(0).choice(3, p=np.full(3, scale))


def comparisons_without_brackets(error, scale):
    return -1 < error | error > 1


def joined_without_tuple(error, scale):
    return np.concatenate(error[:, None], error[:, None])


def whole_numbers(error, scale):
    total = np.zeros(len(error), int)
    total += error
    return total


def misspelt(error, scale):
    return np.mean(eror)  # noqa: F821


@pytest.mark.parametrize(
    ("function", "parts"),
    [
        (in_compiled_code, ["return np.random.default_rng(0).choice", "ValueError"]),
        (comparisons_without_brackets, ["return -1 < error | error > 1", "in brackets"]),
        (joined_without_tuple, ["np.concatenate((a, b), axis=1)", "error is an array (7,)"]),
        (
            whole_numbers,
            ["total += error", "cannot hold fractions", "total is an array (7,) of int"],
        ),
        (misspelt, ["return np.mean(eror)", "Did you mean: 'error'?"]),
    ],
)
def test_an_exception_is_shown_at_the_learners_line_with_its_operands(function, parts):
    verdict = verdict_of(function)
    assert verdict.status == "error"
    assert f"in {function.__name__}, line" in str(verdict)
    for part in parts:
        assert part in " ".join(str(verdict).split()), verdict


class Odd:
    """An answer whose every result misbehaves."""

    def __repr__(self):
        raise ValueError("no repr")

    def __array__(self, *args, **kwargs):
        raise SystemExit("from __array__")


def endless(error, scale):
    return endless(error, scale)


def leaving(error, scale):
    raise SystemExit(3)


def odd_error(error, scale):
    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError("no text")

    raise Unprintable


@pytest.mark.parametrize(
    "bad",
    [endless, leaving, odd_error, lambda: 0, lambda *a, **k: Odd(), Odd(), Odd, 5, "judge", [], np,
     lambda e, s: ({}, [[1], [1, 2]], b"x"), lambda e, s: (1j, e, e), lambda e, s: (s, e[:0], 1.0),
     lambda e, s: iter("abc"), len, dict],
)  # fmt: skip
def test_a_check_never_raises(bad):
    verdict = verdict_of(bad)
    assert not verdict.passed
    assert str(verdict)
    assert verdict._repr_html_()


def test_only_a_keyboard_interrupt_passes_through():
    def interrupted(error, scale):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verdict_of(interrupted)


class Callable:
    """A callable object without a name."""

    def __call__(self, error, scale):
        return answer()(error, scale)


def judged(scale, error):
    return answer()(error, scale)


@pytest.mark.parametrize(
    "correct",
    [
        answer(),
        Callable(),
        functools.partial(lambda extra, e, s: answer()(e, s), None),
        lambda *args: judged(*args[::-1]),
        eval("lambda e, s: (s * sum(e * e) / len(e), s * 2 * e / len(e), abs(e).max())"),
        lambda e, s: [np.array(x) for x in answer()(e, s)],
        lambda e, s: answer()(e.astype("f4"), np.float32(s)),
        answer(grad=lambda e, s: (2 * s * e / len(e)).tolist()),
    ],
)
def test_callables_of_every_kind_and_style_pass(correct):
    verdict = verdict_of(correct)
    assert verdict.passed, verdict


def test_the_first_ten_lines_that_the_code_prints_are_shown(capsys):
    def printing(error, scale):
        for i in range(30):
            print("line", i)
        return answer(loss=lambda e, s: 0.0)(error, scale)

    text = str(verdict_of(printing))
    assert "line 9\n" in text
    assert "line 10\n" not in text
    assert "more lines" in text
    assert capsys.readouterr().out == ""


def test_the_verdict_reads_from_top_to_bottom():
    lines = str(verdict_of(answer(grad=lambda e, s: s * e))).splitlines()
    starts = [
        "98.1 A judge: not yet",
        "diagnosis: factor N/2",
        "Every entry of grad",
        "worst entry grad[",
    ]
    assert all(line.strip().startswith(s) for line, s in zip(lines, starts, strict=False))
    assert [line for line in lines if line.startswith("  >")] == [
        line for line in lines if line.endswith("WRONG")
    ]
    assert lines[-1] == "  Right already: loss; largest."
    assert max(map(len, lines)) <= 88


def test_yes_or_no_prints_without_a_relative_error():
    verdict = checks.check_make_targets(list)
    assert not verdict.passed
    assert "rel. error" not in str(verdict)
    assert "e+0" not in str(verdict).split("Compared")[1]
