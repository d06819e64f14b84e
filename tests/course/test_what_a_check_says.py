"""Every message about a learner's code names the function, the argument or the part concerned."""

import functools
from collections import namedtuple

import numpy as np
import pytest

from minddpg.course.engine import submission
from minddpg.course.engine.prints import Prints
from minddpg.course.engine.solution import cleaned, compiled, edited, run
from minddpg.course.engine.submission import (
    InvalidAnswer,
    NotAttempted,
    another,
    arrays,
    call,
    name_of,
    same,
    session,
)


def f(x, y):
    return x


def changing(a):
    a[0] = 5
    return a


class Layer:
    def grow(self, x):
        x += 1
        return x


def said(function, *arguments, **options):
    """Return the type of the exception, its text, and its mistake if it has one."""
    with pytest.raises((NotAttempted, InvalidAnswer)) as caught:
        function(*arguments, **options)
    error = caught.value
    return (str(error), *([error.mistake] if isinstance(error, InvalidAnswer) else []))


NOT_ASKED, IN_PLACE = "not what was asked for", "argument changed in place"


def test_what_cannot_be_called_or_returns_nothing_is_named():
    needs = "The check needs your function itself, but got"
    x = np.arange(3.0)
    for arguments, wanted in (
        *(((blank,), ("The function is not there yet.",)) for blank in (None, ..., NotImplemented)),
        ((5,), (f"{needs} an int.", NOT_ASKED)),
        (("f",), (f"{needs} a str.", NOT_ASKED)),
        (([1],), (f"{needs} a list.", NOT_ASKED)),
        (({},), (f"{needs} a dict.", NOT_ASKED)),
        ((x,), (f"{needs} a ndarray.", NOT_ASKED)),
        (((None, 1),), (f"{needs} a tuple with None in it.", NOT_ASKED)),
        (
            (Layer(),),
            (
                "The check needs your function or class itself, but got an object of Layer."
                " Remove the brackets after its name.",
                NOT_ASKED,
            ),
        ),
        ((lambda: None,), ("your function returned None. Did you forget return?",)),
        ((f, None, 1), ("f returned None. Did you forget return?",)),
        ((lambda: (1, None, ...),), ("your function returned None as result 2, 3 of 3.",)),
        ((lambda: (None, 1),), ("your function returned None as result 1 of 2.",)),
        ((changing, x), ("changing changed its argument a in place.", IN_PLACE)),
        ((Layer().grow, x), ("grow changed its argument x in place.", IN_PLACE)),
        (
            (lambda a, b: b.append(1) or a, 1, [0]),
            ("your function changed its argument b in place.", IN_PLACE),
        ),
        (
            (lambda *all: all[1].clear() or 1, 1, {1: 2}),
            ("your function changed its argument number 2 in place.", IN_PLACE),
        ),
    ):
        assert said(call, *arguments) == wanted
    assert x.tolist() == [0, 1, 2]  # only copies were changed
    assert call(changing, x, changes=(0,)) is x
    assert x.tolist() == [5, 1, 2]
    assert call(lambda: None, returns=False) is None


def test_results_are_split_by_name_and_what_is_no_array_is_named():
    wanted = "f should return a, b"
    numbers = "f should return a: a should be made of numbers, but is"
    for result in ((1, 2), [1, 2], np.array([1, 2])):
        assert [each.tolist() for each in arrays(result, ["a", "b"], f)] == [1, 2]
    assert [each.tolist() for each in arrays(np.eye(2), ["a", "b"], f)] == [[1, 0], [0, 1]]
    assert [each.tolist() for each in arrays([1, 2], ["a"], f)] == [[1, 2]]
    assert [each.tolist() for each in arrays((1,), ["a"], f)] == [1]
    assert [each.tolist() for each in arrays(np.eye(1), ["a"], f)] == [[[1]]]
    for result, names, text in (
        (1, "ab", f"{wanted}: 2 results, but it returned 1."),
        (np.eye(3), "ab", f"{wanted}: 2 results, but it returned 1."),
        ((1, 2, 3), "ab", f"{wanted}: 2 results, but it returned 3."),
        ("no", "a", f"{numbers} a str."),
        ([1, None], "a", f"{numbers} a list with None in it."),
        ([[1], [1, 2]], "a", f"{numbers} a list."),
        ({}, "a", f"{numbers} a dict."),
        (object(), "a", f"{numbers} an object."),
    ):
        assert said(arrays, result, list(names), f) == (text, NOT_ASKED)
    assert said(arrays, (1, None), ["a", "b"], f) == (f"{wanted}: b is None.",)
    for value in (True, 1, 1.5, 1j, np.uint8(1)):
        assert arrays(value, ["a"], f)[0] == value


def test_what_was_returned_is_copied():
    x = np.zeros(2)
    (copied,) = arrays(x, ["a"], f)
    x[0] = 1
    assert copied.tolist() == [0, 0]


def test_a_function_is_called_by_the_name_that_the_learner_gave_it():
    assert [name_of(each) for each in (f, functools.partial(f, 1), Layer, Layer().grow, max)] == [
        *("f", "f", "Layer", "grow", "max")
    ]
    assert name_of(lambda: 0) == name_of(5) == "your function"


def test_another_value_differs_everywhere_and_is_of_the_same_kind():
    for value in (True, np.True_, 3, np.int64(-1), 0.5, np.float32(0.36)):
        assert another(value) != value
        assert isinstance(another(value), bool if value is np.True_ else type(value))
    for array in (
        np.array([True, False]),
        np.array([1.0, 2.0, 4.0]),
        np.array([[1.0], [-2.0]], "f4"),
        np.zeros((2, 3)),
        np.array([1.0, 1.0]),
    ):
        other = another(array)
        assert (other != array).all()
        assert (other.dtype, other.shape) == (array.dtype, array.shape)
    assert another(np.array([1, 2, 3])).tolist() == [3, 2, 1]  # others may be no indices
    assert another(np.array(2)) == 2
    assert another(np.array(2.0)) != 2
    assert another((1, [2.0], {"a": 1})) == (2, [another(2.0)], {"a": 2})
    pair = namedtuple("pair", "a b")
    assert another(pair(1, True)) == pair(2, False)
    assert isinstance(another(pair(1, True)), pair)
    assert another("s") == "s"
    assert another(int) is int
    rng = np.random.default_rng(0)
    assert another(rng).integers(2**60) != np.random.default_rng(0).integers(2**60)
    assert another(rng).integers(2**60) == another(rng).integers(2**60)  # the same each time
    assert rng.integers(2**60) == np.random.default_rng(0).integers(2**60)  # no draws from it
    assert said(another(f)) == ("This function is not ignored: it is called.", NOT_ASKED)


def test_same_compares_what_can_be_compared_entry_by_entry():
    x = np.array([1.0, np.nan])
    alike = [
        *((x, x.copy()), (1.5, 1.5), (np.nan, float("nan")), ([1, x], [1, x.copy()])),
        *(({"a": x}, {"a": x.copy()}), (np.array([0.0]), np.array([-0.0])), (object(), object())),
        *((np.array([None, 1]), np.array([None, 1])), ((1, 2), (1, 2)), ("a", "b")),
        *((np.array([1, 2]), np.array([1, 2], "i4")), (x, x.astype("f4"))),
    ]
    unlike = [
        *((x, x[:1]), (x, x + 1), (1.5, 1.6), ([1], [1, 1]), ([1, 2], [1, 3]), (True, False)),
        *(({"a": 1}, {"a": 2}), ({"a": 1}, {"b": 1}), (np.array([None, 1]), np.array([None, 2]))),
        *((np.array([None]), [None]), (1j, 2j), (np.float64(1), np.float64(2)), (x, [5.0])),
        (np.array([1, 2]), np.array([2, 1])),
    ]
    assert [pair for pair in alike if not same(*pair)] == []
    assert [pair for pair in unlike if same(*pair)] == []


def test_a_session_notes_first_calls_replaces_arguments_and_sees_shared_results():
    kept = np.zeros(2)

    class Adder:
        def __init__(self, x):
            self.x = x

        def add(self, y):
            return self.x + y

    def sharing():
        return kept, kept[:1], 1.0

    double = lambda arguments: tuple(2 * each for each in arguments)  # noqa: E731
    with session((f, Adder, sharing)) as opened:
        call(f, 1.0, 2.0)
        call(f, 3.0, 4.0)
        adder = call(Adder, 5.0)
        assert call(adder.add, 6.0) == 11
        call(max, 7, 8)
        assert opened.calls == {(0, ""): (1.0, 2.0), (1, "__init__"): (5.0,), (1, "add"): (6.0,)}
        assert not opened.shares_results()
        call(sharing)
        assert not opened.shares_results()  # one call may return two views
        call(sharing)
        assert opened.shares_results()
    with session((f, Adder), submission.Replaced(submission.Owner(1, "add"), double)):
        assert call(call(Adder, 5.0).add, 6.0) == 17
        assert call(f, 1.0, 2.0) == 1
    with session((f,), submission.Replaced(submission.Owner(0), double)):
        assert call(f, 1.0, 2.0) == 2
        assert call(f, 1.0, 2.0, changes=(0,)) == 1
    assert call(f, 1.0, 2.0) == 1  # after a session nothing is replaced


def test_arrays_that_may_only_be_read_or_are_passed_to_be_changed_are_not_called_shared():
    fixed, workspace = np.zeros(2), np.ones(2)
    fixed.flags.writeable = False
    give = lambda x: fixed  # noqa: E731
    with session((give, changing)) as opened:
        call(give, 1)
        call(give, 1)
        call(changing, workspace, changes=(0,))
        call(changing, workspace, changes=(0,))
        assert not opened.shares_results()


def test_the_first_ten_lines_are_kept_and_the_others_counted():
    prints = Prints()
    assert prints.writable()
    assert prints.write("a\nb") == 3
    prints.write("c\n" + "\n".join(str(i) for i in range(8)) + "\nlast")
    assert prints.shown() == ("a", "bc", *"01234567")
    prints.finish()
    assert prints.shown() == ("a", "bc", *"01234567", "... and 1 more lines")
    prints.write("after the end\n")
    prints.finish()
    assert prints.shown()[-1] == "... and 1 more lines"
    many = Prints()
    many.write("x" * 300 + "\n" + "y" * 300)
    many.write("z" * 10)
    many.finish()
    assert many.shown() == ("x" * 200, "y" * 200)
    thousands = Prints()
    thousands.write("\n" * 2345)
    assert thousands.shown()[-1] == "... and 2,335 more lines"
    empty = Prints()
    empty.finish()
    assert empty.shown() == ()


def test_an_edit_applies_to_a_text_that_occurs_once():
    assert cleaned("\n\n    a = 1\n      b\n\n") == "a = 1\n  b\n"
    assert cleaned("\n      a\n    b\n") == "  a\nb\n"
    assert edited("a = 1\n", {"1": "2", "a": "b"}) == "b = 2\n"
    assert edited("a = 1\n", "\n    c = 3\n") == "c = 3\n"
    for old, count in (("x", 0), ("a", 2)):
        with pytest.raises(ValueError, match="edit's") as caught:
            edited("a = a", {old: "c"})
        text = f"an edit's old text must occur once in the source, not {count} times:\n{old}"
        assert str(caught.value) == text


def test_source_text_that_is_not_python_or_lacks_a_name_is_refused():
    for source, text in (
        ("def f(:\n", "T: invalid syntax in line 1: def f(:\n"),
        ("def f(): pass", "T: g, h is not defined there"),
    ):
        with pytest.raises(ValueError, match="T: ") as caught:
            compiled(source, ("f", "g", "h"), "T")
        assert str(caught.value) == text
    double, label = run(
        "def f(x): return a * np.abs(x)\nlabel = __name__", ["f", "label"], {"a": 2}, "T"
    )
    assert (double(-3), label, double.__module__) == (6, "T", "T")
    assert double.__code__.co_filename == "<T>"
    compiled("x = 1 is 1", ("x",), "T")  # a warning of Python's is not shown to a learner


def test_a_traceback_shows_the_lines_of_a_source_text():
    import linecache

    run("def g():\n    return 1\n", ["g"], {}, "a label")
    assert linecache.getline("<a label>", 2) == "    return 1\n"
