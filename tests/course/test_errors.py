"""An exception is shown with the learner's own line, its operands and a hint."""

import functools
import json

import numpy as np
import pytest

from minddpg.course.engine import errors

x, y = np.zeros((2, 3)), np.zeros(4)


class Layer:
    def __init__(self):
        self.w, self.rate, self.none, self.sizes = np.ones(5), 0.1, None, [1, 2]


def caught(function):
    try:
        function()
    except Exception as error:
        return error
    raise AssertionError("it raised nothing")


def shown(function):
    return errors.where(caught(function))


def test_the_operands_of_the_failing_expression_are_described():
    layer, a, b, c = Layer(), 1, 2.5, np.float32(3)
    name, label, big = None, "text", (1, 2, 3)
    for function, operands in (
        (lambda: x @ y, "x is an array (2, 3) of float64; y is an array (4,) of float64"),
        (lambda: y[0] * (x + y), "x is an array (2, 3) of float64; y is an array (4,) of float64"),
        (
            lambda: layer.w @ x.T.T,
            "layer.w is an array (5,) of float64; x is an array (2, 3) of float64",
        ),
        (lambda: layer.none + a, "layer.none is None; a is the number 1"),
        (lambda: layer.sizes @ name, "layer.sizes is a list of length 2; name is None"),
        (lambda: name + b, "name is None; b is the number 2.5"),
        (lambda: y[c], "y is an array (4,) of float64; c is the number 3.0"),
        (
            lambda: [a, b, c, name, big, y] @ x,
            "a is the number 1; b is the number 2.5; c is the number 3.0; name is None;"
            " big is a tuple of length 3",
        ),
        (lambda: label + a, "a is the number 1"),
        (lambda: len(5), ""),
        (lambda: "x" + 5, ""),
    ):
        error = caught(function)
        lines = errors.where(error)
        assert lines[0].startswith("in <lambda>, line "), operands
        assert lines[1].startswith("    "), operands
        assert lines[2].startswith(f"{type(error).__name__}: "), operands
        assert lines[3:] == ([operands] if operands else []), lines


def test_a_shape_is_no_help_where_another_kind_of_error_is():
    assert len(shown(lambda: x.nothing)) == 3
    assert len(shown(lambda: {}[x.ndim])) == 3


def test_the_innermost_line_of_the_learners_is_shown_not_that_of_a_library():
    def inner():
        return json.loads("{")

    def outer():
        return inner()

    lines = shown(outer)
    assert lines[0].startswith("in inner, line ")
    assert lines[1] == '    return json.loads("{")'
    assert "JSONDecodeError" in lines[2]
    assert errors.is_own(caught(outer))


def test_code_without_a_line_has_its_place_alone_and_a_cell_no_name():
    code = compile("1 / 0", "<nowhere>", "exec")
    assert shown(lambda: exec(code))[0] == "line 1"
    assert shown(lambda: exec(code))[1] == "ZeroDivisionError: division by zero"


def test_compiled_code_is_not_the_learners():
    for kind in ("pyx", "pxd", "pxi"):
        code = compile("1 / 0", f"fast.{kind}", "exec")
        assert shown(lambda code=code: exec(code))[0].startswith("in <lambda>, line "), kind


def test_a_message_of_several_lines_is_joined():
    text = shown(lambda: eval("1 +"))[-1]
    assert text.startswith('File "<string>", line 1 1 + ')
    assert text.endswith("SyntaxError: invalid syntax")


def test_an_error_below_no_line_of_the_learners_is_its_message():
    error = ValueError("from\n  the check")
    assert errors.where(error) == ["ValueError: from the check"]
    assert not errors.is_own(error)
    assert errors.where(caught(functools.partial(int, "a")))[-1].startswith("ValueError: invalid")


def test_a_name_that_was_meant_is_suggested():
    loss_of_critic = 1

    def misspelt():
        return loss_of_critik + loss_of_critic  # noqa: F821

    assert shown(misspelt)[2].startswith("NameError: name 'loss_of_critik' is not defined")
    assert shown(misspelt)[2].endswith("Did you mean: 'loss_of_critic'?")
    assert shown(lambda: Layer().ratte)[2].endswith("Did you mean: 'rate'?")
    assert shown(lambda: np.zeros(2).shapee)[2].endswith("Did you mean: 'shape'?")
    assert "Did you mean" not in shown(lambda: Layer().zzzzzz)[2]
    assert "Did you mean" not in shown(lambda: zzzzzz)[2]  # noqa: F821
    assert shown(misspelt)[2].count("Did you mean") == 1

    def deeper():
        return zzz_of_critik  # noqa: F821

    def caller(zzz_of_critic):
        return deeper() + zzz_of_critic

    assert "Did you mean" not in shown(lambda: caller(1))[2]  # it is not known there
    bare = NameError("no name is known")
    assert errors.where(bare) == ["NameError: no name is known"]


def test_a_message_is_one_line_of_at_most_four_hundred_characters():
    def raising(text):
        raise ValueError(text)

    assert shown(lambda: raising("a\n\n b"))[2] == "ValueError: a b"
    assert shown(lambda: raising("x" * 1000))[2] == f"ValueError: {'x' * 388}"

    class Mute(Exception):
        def __str__(self):
            raise RuntimeError

    def mute():
        raise Mute

    assert "Mute" in shown(mute)[2]


def assigned_in_a_branch():
    if len(y) < 1:
        value = 1
    return value


def test_classic_messages_have_their_hint_and_others_none():
    for function, part in (
        (lambda: x @ y, "the last axis of x must be as long as the first of y"),
        (lambda: x + y, "The shapes of two arrays do not fit together."),
        (lambda: float(y), "An array with several entries is not one number"),
        (lambda: bool(y), "neither true nor false"),
        (lambda: x[0.5], "use // for a whole number"),
        (lambda: x[x], "whole numbers or of True and False"),
        (lambda: np.zeros(2, 3), "A shape is one tuple"),
        (lambda: np.zeros(10**17), "does not fit into memory"),
        (lambda: y(1), "x[i] instead of x(i)"),
        (lambda: None + 1, "lack a return?"),
        (lambda: np.concatenate([x, y]), "the same number of axes"),
        (lambda: np.concatenate([x, x.T]), "Only the axis along which arrays are joined"),
        (lambda: np.array([[1], [1, 2]]), "different lengths"),
        (lambda: np.linalg.inv(np.zeros((2, 2))), "no inverse"),
        (lambda: 1 < y | y > 1, "put each comparison in brackets"),
        (lambda: y ^ 2, "x**2 instead of x^2"),
        (lambda: 0.5 ^ 2, "x**2 instead of x^2"),
        (lambda: -(y > 1), "has no negative"),
        (lambda: (y > 1) - (y > 2), "cannot be subtracted"),
        (lambda: [y[i + 1] for i in range(len(y))], "one step earlier"),
        (lambda: y.sum(axis=1), "has axis 0 only"),
        (lambda: y[0, 0], "needs a matrix"),
        (lambda: [1, 2][2], "one step earlier"),
        (lambda: numpy.zeros(2), "After a restart, begin with the first cell"),  # noqa: F821
        (assigned_in_a_branch, "only inside an if or a loop"),
        (lambda: [1, 2] * 0.5, "with np.array"),
        (lambda: [1, 2] - 0.5, "with np.array"),
    ):
        assert part in errors.hint(caught(function)), part
    assert errors.hint(ValueError("something else")) == ""


def test_an_interrupted_line_of_several_shows_the_expression_that_failed():
    def long_line():
        return (
            x.sum()
            + (x @ y).sum()
        )  # fmt: skip

    assert shown(long_line)[1] == "    + (x @ y).sum()"
    assert shown(long_line)[3] == "x is an array (2, 3) of float64; y is an array (4,) of float64"


@pytest.mark.parametrize("value", [1j, "text", {}, object()])
def test_what_has_no_shape_is_not_described(value):
    assert errors._described(value) == ""
