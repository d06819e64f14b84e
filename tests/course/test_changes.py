"""A check describes a small change of a correct answer, or of one of its arguments."""

import numpy as np

from minddpg.course.engine.changes import _describe
from minddpg.course.engine.stand_ins import _filled, stand_ins

ONE_CHANGE = "Your results are those of a correct answer with one change: "


def test_a_changed_line_is_described_by_its_smallest_part():
    for before, after, name, text in (
        ("return x + y", "return x", "y missing", "y is missing in the line for the result"),
        ("return x + y", "return y", "x missing", "x is missing in the line for the result"),
        ("y = a * b", "y = b", "a missing", "a is missing in the line for y"),
        ("y = a @ b", "y = a", "b missing", "b is missing in the line for y"),
        ("return x - y", "return x", "y missing", "y is missing in the line for the result"),
        (
            "return x - y",
            "return y",
            "y instead of x - y",
            "the line for the result has y instead of x - y",
        ),
        ("y += x", "(deleted)", "a line missing, for y", "the line for y is missing"),
        ("a, b = x", "(deleted)", "a line missing, for (a, b)", "the line for (a, b) is missing"),
        (
            "f(x)",
            "(deleted)",
            "a line missing, for the loop or the condition",
            "the line for the loop or the condition is missing",
        ),
        (
            "for i in range(n):",
            "for i in range(n - 1):",
            "n - 1 instead of n",
            "the line for the loop or the condition has n - 1 instead of n",
        ),
        (
            "if x > 0:",
            "if x >= 0:",
            "x >= 0 instead of x > 0",
            "the line for the loop or the condition has x >= 0 instead of x > 0",
        ),
        (
            "y = np.mean(x)",
            "y = np.sum(x)",
            "np.sum instead of np.mean",
            "the line for y has np.sum instead of np.mean",
        ),
        (
            "x[0] = 2 * y",
            "x[0] = 3 * y",
            "3 * y instead of 2 * y",
            "the line for x[0] has 3 * y instead of 2 * y",
        ),
        ("x += 2 * y", "x += 2 * z", "z instead of y", "the line for x has z instead of y"),
        (
            "y = x.mean(axis=0)",
            "y = x.mean(axis=1)",
            "x.mean(axis=1) instead of x.mean(axis=0)",
            "the line for y has x.mean(axis=1) instead of x.mean(axis=0)",
        ),
        (
            "y = (some_rather_long_name + another_name) * 2",
            "y = (some_rather_long_name + another_name) * 3",
            "3 instead of 2",
            "the line for y has 3 instead of 2",
        ),
        (
            "y = f(a, b)",
            "y = f(b, a)",
            "f(b, a) instead of f(a, b)",
            "the line for y has f(b, a) instead of f(a, b)",
        ),
        (
            "y = f(a + b, c)",
            "y = f(a * b, c)",
            "a * b instead of a + b",
            "the line for y has a * b instead of a + b",
        ),
        (
            "y = a.long_name + 1",
            "y = b.long_name + 1",
            "b instead of a",
            "the line for y has b instead of a",
        ),
    ):
        assert _describe(before, after) == (name, (f"{ONE_CHANGE}{text}.",)), (before, after)


def test_a_name_of_more_than_sixty_characters_is_left_to_the_line_below():
    left = "a_long_name_of_something + another_long_name"
    found = _describe(f"y = ({left}) * third", f"y = ({left}) - third")
    assert found.name == "one change in the line for y"
    assert f"the line for y has {left} - third instead of ({left}) * third" in found.lines[0]


def test_a_long_operand_that_is_missing_is_left_to_the_line_below():
    operand = f"np.maximum({'x' * 50}, 0)"
    found = _describe(f"y = z + {operand}", "y = z")
    assert found.name == "one change in the line for y"
    assert found.lines == (f"{ONE_CHANGE}{operand} is missing in the line for y.",)
    long = "y" * 60
    assert _describe(f"{long} = 1", "(deleted)").name == f"one change in the line for {long}"
    assert len(_describe("a = 1", f"a = {'b' * 47}").name) == 60


def test_what_is_no_change_of_one_expression_is_not_described():
    for before, after in (
        ("else:", "else:"),
        ("y = x", "y += x"),
        ("y = x", "return x"),
        ("import a", "import b"),
        ("x = 1", "y = = 2"),
        ("x = 1; y = 2", "(deleted)"),
    ):
        assert _describe(before, after) is None, (before, after)


X, Y = np.array([0.5, -2.0, 4.0]), np.array([1.0, 3.0, -1.0])
OF_NUMBERS = {
    "x²": [0.25, 4, 16],
    "√x": [0.5**0.5, 2**0.5, 2],
    "−x": [-0.5, 2, -4],
    "|x|": [0.5, 2, 4],
    "1 − x": [0.5, 3, -3],
    "1/x": [2, -0.5, 0.25],
    "2 x": [1, -4, 8],
    "x/2": [0.25, -1, 2],
    "x + 1": [1.5, -1, 5],
    "x − 1": [-0.5, -3, 3],
    "0": [0, 0, 0],
    "1": [1, 1, 1],
    "max(x, 0)": [0.5, 0, 4],
    "min(x, 0)": [0, -2, 0],
    "x clipped to [−1, 1]": [0.5, -1, 1],
    "x rounded": [0, -2, 4],
    "x cut to whole numbers": [0, -2, 4],
    "the sign of x": [1, -1, 1],
    "tanh(x)": np.tanh(X).tolist(),
}
OF_ROWS = {
    "the mean of x": [2.5 / 3] * 3,
    "the largest of x": [4, 4, 4],
    "the smallest of x": [-2, -2, -2],
    "the sum of x": [2.5, 2.5, 2.5],
    "x − its mean": (X - 2.5 / 3).tolist(),
}
OF_ANY_ROWS = {
    "x of the first row": [0.5, 0.5, 0.5],
    "x of the last row": [4, 4, 4],
    "x in reverse order": [4, -2, 0.5],
    "x of the next row": [-2, 4, 0.5],
    "x of the row before": [4, 0.5, -2],
    "x in order of size": [-2, 0.5, 4],
}


def made(*arguments, i=0):
    """Return the replacements of the i-th argument, by name."""
    names = ["x", "y", "z"][: len(arguments)]
    found = {}
    for each in stand_ins(arguments, names):
        if each.name.endswith(f" instead of {names[i]}"):
            others = each.other(arguments)
            rest = [
                (a, b) for k, (a, b) in enumerate(zip(arguments, others, strict=True)) if k != i
            ]
            assert all(a is b for a, b in rest), each.name
            name = each.name.removesuffix(f" instead of {names[i]}")
            found[name] = np.asarray(others[i]).tolist()
    return found


def test_each_argument_has_what_may_stand_in_its_place():
    everything = OF_NUMBERS | OF_ROWS | OF_ANY_ROWS
    assert made(X) == everything
    assert made(X, Y) == everything | {"y": Y.tolist()}
    assert made(Y, X, i=1)["√y"] == everything["√x"]
    assert made(Y, X, i=1)["x"] == Y.tolist()
    assert made(-2.0) == {name: value[1] for name, value in OF_NUMBERS.items()}
    assert made(X[:1]) == {name: value[:1] for name, value in OF_NUMBERS.items()}
    assert made(np.array([3, 1, 2])) == {
        "x of the first row": [3, 3, 3],
        "x of the last row": [2, 2, 2],
        "x in reverse order": [2, 1, 3],
        "x of the next row": [1, 2, 3],
        "x of the row before": [2, 3, 1],
        "x in order of size": [1, 2, 3],
    }
    flags = made(np.array([False, True]))
    assert (flags["not x"], flags["any of x"]) == ([True, False], [True, True])
    assert made(True) == {"not x": False}
    assert made(3) == made("text") == made(None) == {}
    assert made(1.0, X) == made(1.0)  # an argument of another type does not replace it


def test_an_array_is_filled_with_what_its_rows_have_together():
    x = np.array([[1.0, 5.0], [3.0, 1.0]])
    filled = _filled(np.mean)(x)
    assert filled.tolist() == [[2, 3], [2, 3]]
    filled[0] = 7  # a copy whose rows do not share memory
    assert filled.tolist() == [[7, 7], [2, 3]]
    assert x[0, 0] == 1


def test_arguments_of_one_kind_and_shape_may_be_swapped():
    arguments = (X, 1.0, Y)
    swaps = [each for each in stand_ins(arguments, ["x", "n", "y"]) if "swapped" in each.name]
    assert [each.name for each in swaps] == ["x and y swapped"]
    swapped = swaps[0].other(arguments)
    assert all(one is two for one, two in zip(swapped, (Y, arguments[1], X), strict=True))
    copied = {each.name: each.other(arguments) for each in stand_ins(arguments, ["x", "n", "y"])}
    assert copied["y instead of x"][0] is Y
    assert copied["x instead of y"][2] is X
    assert "n instead of x" not in copied
