"""The name and the text of a diagnosis, for arrays that are wrong in a known way.

R rows, C columns, N examples.
"""

import numpy as np
import pytest

from minddpg.course.engine import mistakes
from minddpg.course.engine.diagnosis import diagnose
from minddpg.course.engine.evidence import Candidate, Diagnosis, Evidence, distance
from minddpg.course.engine.factors import constant, written
from minddpg.course.engine.mistakes import GENERIC, MISTAKES, SEVERAL, UNKNOWN, Reference

SIZES = {0: {"N": 7, "A": 3}, 1: {"N": 5, "A": 2}}
RNG = np.random.default_rng(0)
PARTS = {case: RNG.normal(size=(SIZES[case]["N"], 4, 3)) for case in SIZES}  # (N, R, C)
TOTALS = {case: parts.sum(axis=0) for case, parts in PARTS.items()}  # (R, C)


def evidence(answers, tolerance=1e-6, wrong=None, is_measured=True, references=None):
    """Evidence of an answer: answers[name] is a function of an array and its case."""
    references = references or dict.fromkeys(answers, lambda case: TOTALS[case])
    expected = {(case, name): references[name](case) for case in SIZES for name in answers}
    observed = {key: answers[key[1]](value, key[0]) for key, value in expected.items()}
    return Evidence(
        observed,
        {
            key: Reference(value, PARTS[key[0]] if value is TOTALS[key[0]] else None, is_measured)
            for key, value in expected.items()
        },
        dict.fromkeys(expected, tolerance),
        wrong or tuple(k for k in expected if not distance(observed[k], expected[k]) <= tolerance),
        SIZES,
    )


def diagnosed(found, candidates=(), random=False, ignored=(), changes=(), pairs=()):
    """Diagnose evidence; the functions return the given values."""
    return diagnose(
        found, candidates, lambda: random, lambda: list(ignored), lambda: changes, lambda: pairs
    )


def of(function, **options):
    """Diagnose an answer y, which is a function of the correct array."""
    return diagnosed(evidence({"y": lambda total, case: function(total)}, **options))


def right(total, case):
    return total


def noise(total, case):
    return np.sinh(total) + 1


GENERIC_ANSWERS = {
    "transposed": [lambda y: y.T, lambda y: y.T.reshape(y.shape)],
    "an axis too many": [lambda y: y[None], lambda y: y[:, None], lambda y: y[..., None]],
    "nothing but zeros": [lambda y: 0 * y],
    "absolute values": [abs],
    "negative entries lost": [lambda y: np.where(y > 0, y, 0)],
    "clipped to [−1, 1]": [lambda y: np.clip(y, -1, 1)],
    "squared": [lambda y: y**2],
    "root taken": [lambda y: abs(y) ** 0.5],
    "upside down": [lambda y: 1 / y],
    "1 minus the result": [lambda y: 1 - y],
    "rounded to whole numbers": [np.round, np.trunc, np.floor],
    "rounded": [lambda y, n=n: np.round(y, n) for n in range(1, 6)],
    "order reversed": [lambda y: y[::-1]],
    "shifted by one": [lambda y: np.roll(y, 1, axis=0), lambda y: np.roll(y, -1, axis=0)],
    "sorted": [lambda y: np.sort(y, axis=0)],
    "cumulated": [lambda y: np.cumsum(y, axis=0)],
    "the same in every row": [
        lambda y, f=f: np.tile(f(y, axis=0), (len(y), 1)) for f in (np.mean, np.sum, np.max, np.min)
    ],
    "sign flipped": [lambda y: -y],
    "half precision": [lambda y: y.astype(np.float16)],
}
OF_EXAMPLES = {
    "summed over the wrong axis": [
        lambda parts: parts.sum(axis=1),
        lambda parts: parts.sum(axis=2),
    ],
    "summed over all axes": [lambda parts: parts.sum()],
    "not summed over the batch": [lambda parts: parts],
    "one example instead of the batch": [lambda parts: parts[0], lambda parts: parts[-1]],
}


def test_what_can_happen_to_any_array_is_named_and_explained():
    for name, answers in GENERIC_ANSWERS.items():
        for i, answer in enumerate(answers):
            assert of(answer) == (name, (MISTAKES[name],)), (name, i)
    for name, answers in OF_EXAMPLES.items():
        for i, answer in enumerate(answers):
            found = evidence({"y": lambda total, case, f=answer: f(PARTS[case])})
            assert diagnosed(found) == (name, (MISTAKES[name],)), (name, i)
    assert {name for name, _ in GENERIC} < {"an axis missing", *GENERIC_ANSWERS, *OF_EXAMPLES}


def test_what_is_made_of_a_reference_depends_on_its_signs_rows_and_kind():
    both, positive, row = np.array([[1.0, -2.0], [3.0, 0.25]]), np.ones((2, 2)), np.ones(1)
    for maker, arrays in (
        (mistakes._of_measured, [both, positive, row]),
        (mistakes._of_both_signs, [both]),
        (mistakes._of_rows, [both, positive]),
    ):
        options = maker(np.square, np.negative)
        for array in (both, positive, row, np.array(2.0)):
            made = [each.tolist() for each in options(Reference(array))]
            is_made = any(array is each for each in arrays) or maker is mistakes._of_measured
            wanted = [(array**2).tolist(), (-array).tolist()]
            assert made == (wanted if is_made else []), (maker, array)
            assert options(Reference(array, is_measured=False)) == []
            assert options(Reference(array + 0j)) == []
    assert mistakes._of_both_signs(np.abs)(Reference(np.array([0.0, -1.0]))) == []
    assert mistakes._everywhere(np.max)(both).tolist() == [[3, 0.25], [3, 0.25]]
    assert mistakes._rounded(1)(both).tolist() == [[1, -2], [3, 0.2]]


def test_a_column_that_became_a_list_is_an_axis_missing():
    column = {"y": lambda case: TOTALS[case][:, :1]}
    found = evidence({"y": lambda total, case: total[:, 0]}, references=column)
    assert diagnosed(found).name == "an axis missing"
    sums = {"y": lambda case: PARTS[case][:, 0].sum(axis=0)}  # a bias's gradient, (C,)
    found = evidence({"y": lambda total, case: total[:, None]}, references=sums)
    assert diagnosed(found).name == "an axis too many"


def test_a_bias_whose_gradient_is_summed_over_its_entries_is_named():
    parts = {case: PARTS[case][:, 0] for case in SIZES}  # (N, C)
    keys = [(case, "y") for case in SIZES]
    for keep in (True, False):
        observed = {key: parts[key[0]].sum(axis=1, keepdims=keep) for key in keys}
        references = {key: Reference(parts[key[0]].sum(axis=0), parts[key[0]]) for key in keys}
        found = Evidence(observed, references, dict.fromkeys(keys, 1e-6), tuple(keys), SIZES)
        assert diagnosed(found).name == "summed over the wrong axis"


def test_counts_and_yes_or_no_are_not_called_rounded_or_shifted():
    for answer in (lambda y: -y, lambda y: y[::-1], lambda y: 1 - y, np.round, lambda y: 2 * y):
        assert of(answer, is_measured=False).name == UNKNOWN


def test_a_name_needs_the_same_in_every_case_and_a_close_tolerance():
    assert diagnosed(evidence({"y": lambda y, case: -y if case else y[::-1]})).name == UNKNOWN
    assert diagnosed(evidence({"y": lambda y, case: -y if case else y})).name == UNKNOWN
    assert diagnosed(evidence({"y": lambda y, case: (2 + case) * y})).name == UNKNOWN
    assert diagnosed(evidence({"y": lambda y, case: 1e-9 * (1 + case) * y})).name == UNKNOWN
    assert of(lambda y: 1.00005 * y).name == UNKNOWN  # rounding errors of careless code
    for answer in (abs, lambda y: 2 * y, lambda y: y + 5, lambda y: y[::-1]):
        assert of(answer, tolerance=1e-3).name != UNKNOWN
        assert of(answer, tolerance=1e-2).name == UNKNOWN


def test_a_number_that_is_the_same_everywhere_is_not_called_rounded():
    assert of(lambda y: np.zeros_like(y) + 1).name != "rounded to whole numbers"


def test_a_factor_is_written_in_the_sizes_of_the_cases():
    for text, value, says in (
        ("2", lambda n, a: 2, "Every entry of y is 2 times what it should be."),
        ("−1/2", lambda n, a: -0.5, "Every entry of y is -0.5 times what it should be."),
        ("N", lambda n, a: n, "is 7 times what it should be; N = 7, so that is N."),
        ("1/N", lambda n, a: 1 / n, "is 0.142857 times what it should be; N = 7, so that is 1/N."),
        ("2/N", lambda n, a: 2 / n, "is 0.285714 times what it should be; N = 7, so that is 2/N."),
        ("1/(2 N)", lambda n, a: 1 / n / 2, "; N = 7, so that is 1/(2 N)."),
        ("N²", lambda n, a: n**2, "is 49 times what it should be; N = 7, so that is N²."),
        ("−4 N", lambda n, a: -4 * n, "is -28 times what it should be; N = 7, so that is −4 N."),
        ("A N", lambda n, a: a * n, "is 21 times what it should be; N = 7, A = 3, so that is A N."),
        ("A/(2 N)", lambda n, a: a / n / 2, "; N = 7, A = 3, so that is A/(2 N)."),
        ("−1/(A N)", lambda n, a: -1 / a / n, "; N = 7, A = 3, so that is −1/(A N)."),
        ("1/4", lambda n, a: 0.25, "Every entry of y is 0.25 times what it should be."),
    ):
        found = diagnosed(evidence({"y": lambda y, case, f=value: f(*SIZES[case].values()) * y}))
        assert found.name == f"factor {text}"
        assert found.lines[0].startswith("Every entry of y is "), text
        assert found.lines[0].endswith(says), text
        assert len(found.lines) == 1
    found = of(lambda y: 7.3 * y)
    assert found == ("constant factor", ("Every entry of y is 7.3 times what it should be.",))
    found = diagnosed(evidence({"y": lambda y, case: 2 * y, "z": lambda y, case: 2 * y}))
    assert found == ("factor 2", ("Every entry is 2 times what it should be.",))
    numbers = dict.fromkeys("yz", lambda case: np.array(1.5 + case))
    twice = {name: lambda y, case: 2 * y for name in numbers}
    found = diagnosed(evidence(twice, references=numbers))
    assert found == ("factor 2", ("Each of y; z is 2 times what it should be.",))
    number = {"y": lambda case: np.array(1.5 + case)}
    found = diagnosed(evidence({"y": lambda y, case: 7.3 * y}, references=number))
    assert found == ("constant factor", ("y is 7.3 times what it should be.",))


def test_formulas_are_found_simplest_first_and_only_where_they_fit_every_case():
    cases = [{"N": 7, "A": 3}, {"N": 5, "A": 2}]
    assert written([3.5, 2.5], cases, 1e-6) == "N/2"
    assert written([2, 2], [{"N": 2}, {"N": 2}], 1e-6) == "2"  # not N
    assert written([4, 4], [{"N": 4}, {"N": 4}], 1e-6) == "N"  # not 4
    assert written([3.5, 3.5], cases, 1e-6) == ""
    assert written([4, 4], cases, 1e-6) == "4"
    assert written([7 / 3, 5 / 2], cases, 1e-6) == "N/A"
    assert written([7 / 9, 5 / 4], cases, 1e-6) == ""
    assert written([7], [{"N": 7}, {}], 1e-6) == ""
    assert written([2.0001, 2.0001], cases, 1e-6) == ""
    assert written([2.0001, 2.0001], cases, 1e-3) == "2"
    assert written([2 + 1e-6, 2], cases, 0) == "2"  # rounding is always allowed


def test_a_constant_is_claimed_only_where_it_turns_one_array_into_the_other():
    y = np.array([1.0, -2.0, 4.0])
    assert constant(-3 * y, y, 1e-6) == -3
    assert constant(y + 1, y, 1e-6) is None
    assert constant(y[:2], y, 1e-6) is None
    assert constant(0 * y, y, 1e-6) is None
    assert constant(y, 0 * y, 1e-6) is None
    assert constant(y * np.nan, y, 1e-6) is None
    assert constant(2 * y, y, 1e-3) == 2
    assert constant(2 * y, y, 1.1e-3) is None
    assert constant(2 * y + 1e-7, y, 0) == pytest.approx(2, abs=1e-6)
    assert constant(2 * y + 1e-4, y, 1e-6) is None
    assert constant(2 * y + 1e-4, y, 1e-4) == pytest.approx(2, abs=1e-3)


def test_an_offset_says_how_large_it_is_and_in_which_direction():
    for add, text in ((0.25, "0.25 too large"), (-7, "7 too small")):
        found = of(lambda y, add=add: y + add)
        assert found == ("constant offset", (f"Every entry of y is {text}.",))
    few = {"y": lambda case: TOTALS[case][0, :1]}
    assert diagnosed(evidence({"y": lambda y, case: y + 5}, references=few)).name == UNKNOWN


def test_rows_and_columns_that_alone_are_wrong_are_named():
    def spoilt(*where):
        def answer(y):
            y = y.copy()
            for each in where:
                y[each] = noise(y[each], 0)
            return y

        return answer

    all_rows = slice(None)
    for region, answer in (
        ("the first row", spoilt(0)),
        ("the last row", spoilt(-1)),
        ("the first column", spoilt((all_rows, 0))),
        ("the last column", spoilt((all_rows, -1))),
        ("the first and the last row", spoilt(0, -1)),
        ("the first and the last column", spoilt((all_rows, 0), (all_rows, -1))),
    ):
        text = f"In y, only {region} is wrong."
        assert of(answer) == (f"wrong in {region}", (text,)), region
    for region, answer in (
        ("all but the first row", spoilt(1, 2, 3)),
        ("all but the last row", spoilt(0, 1, 2)),
        ("all but the last column", spoilt((all_rows, 0), (all_rows, 1))),
    ):
        assert of(answer) == (f"wrong in {region}", (f"In y, {region} are wrong.",)), region
    entries = {"y": lambda case: TOTALS[case].ravel()}
    found = diagnosed(evidence({"y": lambda y, c: spoilt(0)(y)}, references=entries))
    assert found == ("wrong in the first entry", ("In y, only the first entry is wrong.",))
    assert of(spoilt(1)).name == of(spoilt(1, 3)).name == UNKNOWN
    assert of(spoilt((0, 0))).name == UNKNOWN  # one wrong entry of three does not make a row wrong
    small = {"y": lambda case: TOTALS[case][:2, :1]}
    found = evidence({"y": lambda y, c: spoilt(0)(y)}, references=small)
    assert diagnosed(found).name == UNKNOWN


def test_an_infinity_or_a_nan_is_named_before_anything_else():
    for bad in (np.nan, np.inf, -np.inf):
        found = evidence({"y": lambda y, case, bad=bad: np.append(-y[:-1], bad * y[-1:], axis=0)})
        assert diagnosed(found, random=True).name == "not a number"
        assert diagnosed(found).lines == (MISTAKES["not a number"],)


def test_what_comes_out_differently_the_second_time_is_named_before_any_pattern():
    assert diagnosed(evidence({"y": lambda y, case: -y}), random=True) == (
        "random from call to call",
        (MISTAKES["random from call to call"],),
    )


def test_results_in_another_order_are_named():
    arrays = {
        "a": lambda c: TOTALS[c],
        "b": lambda c: TOTALS[c][::-1] + 1,
        "c": lambda c: TOTALS[c] ** 3,
    }
    order = {"a": "b", "b": "c", "c": "a"}
    answers = {name: lambda y, case, n=name: arrays[order[n]](case) for name in arrays}
    found = diagnosed(evidence(answers, references=arrays))
    assert found == ("results in another order", (MISTAKES["results in another order"],))
    assert diagnosed(evidence(answers, references=arrays, is_measured=False)).name == UNKNOWN
    only_two = {**answers, "c": noise}
    assert diagnosed(evidence(only_two, references=arrays)).name == UNKNOWN


def values(answers, references=None):
    return evidence(answers, references=references).observed


def test_a_known_mistake_is_named_where_it_gives_what_was_observed_and_spoils_nothing():
    made = {"y": lambda y, case: y**3, "z": right}
    known = Candidate("cubed", "Why it is wrong.", values(made))
    found = evidence(made)
    assert diagnosed(found, [known]) == ("cubed", ("Why it is wrong.",))
    spoils = Candidate("cubed twice", "Why.", values({"y": made["y"], "z": made["y"]}))
    assert diagnosed(found, [spoils, known]).name == "cubed"
    assert diagnosed(found, [spoils]).name == UNKNOWN
    also = {"y": made["y"], "z": lambda y, case: y[::-1]}
    name = "cubed and order reversed"
    assert diagnosed(evidence(also), [known]).name == name  # it leaves z correct
    two = {"y": made["y"], "z": lambda y, case: y**5, "b": lambda y, case: y[::-1]}
    powers = Candidate("powers", "Why.", values({**two, "b": right}))
    assert diagnosed(evidence(two), [powers]) == (
        "powers and order reversed",
        ("y; z: powers. Why.", f"b: order reversed. {MISTAKES['order reversed']}"),
    )
    as_seen = Candidate("cubed", "Why.", values({"y": made["y"], "z": noise}))
    found_too = diagnosed(evidence({**made, "z": noise, "b": lambda y, case: -y}), [as_seen])
    assert found_too.name == UNKNOWN  # the mistake has no values for b
    elsewhere = Candidate("cubed", "Why.", values({"y": made["y"], "z": lambda y, case: y**5}))
    assert len(diagnosed(evidence({**made, "z": noise}), [elsewhere]).lines) == 1
    less = Candidate("cubed", "Why.", {})
    assert diagnosed(found, [less]).name == UNKNOWN
    assert diagnosed(evidence({"y": made["y"], "z": noise}), [known]).name == UNKNOWN


def test_of_known_mistakes_that_fit_the_closest_is_named_and_of_equals_the_first():
    cubed = evidence({"y": lambda y, case: y**3})
    near = {key: value * (1 + 5e-7) for key, value in cubed.observed.items()}
    candidates = [Candidate("near", "N.", near), Candidate("exact", "E.", cubed.observed)]
    assert diagnosed(cubed, candidates).name == "exact"
    almost = {key: value * (1 + 2e-10) for key, value in cubed.observed.items()}
    candidates = [Candidate("almost", "A.", almost), Candidate("exact", "E.", cubed.observed)]
    assert diagnosed(cubed, candidates).name == "almost"  # except for rounding
    candidates = [Candidate(name, "Why.", cubed.observed) for name in ("exact", "again")]
    assert diagnosed(cubed, candidates).name == "exact"


def test_two_arrays_with_a_mistake_each_get_both_names_with_their_arrays():
    found = diagnosed(evidence({"y": lambda y, case: -y, "z": lambda y, case: y[::-1], "b": right}))
    assert found == (
        "sign flipped and order reversed",
        (
            f"y: sign flipped. {MISTAKES['sign flipped']}",
            f"z: order reversed. {MISTAKES['order reversed']}",
        ),
    )
    same = {"y": lambda y, case: y + 1, "z": lambda y, case: y + 2}
    assert diagnosed(evidence(same)).name == "constant offset"
    three = {"y": lambda y, case: -y, "z": lambda y, case: y[::-1], "b": lambda y, case: y**2}
    found = diagnosed(evidence(three))
    lines = (
        f'In the row "y": sign flipped. {MISTAKES["sign flipped"]}',
        f'In the row "z": order reversed. {MISTAKES["order reversed"]}',
        f'In the row "b": squared. {MISTAKES["squared"]}',
    )
    assert found == (SEVERAL, (MISTAKES[SEVERAL], *lines))
    found = diagnosed(evidence({**three, "b": noise}))
    assert found == (UNKNOWN, (MISTAKES[UNKNOWN], *lines[:2]))


def test_a_known_mistake_and_a_factor_beside_it_are_told_apart():
    known = Candidate("cubed", "Why.", values({"y": lambda y, case: y**3, "z": right}))
    found = diagnosed(evidence({"y": lambda y, case: 2 * y**3, "z": right}), [known])
    assert found == (
        "cubed and factor 2",
        ("Why.", "Every entry of y is 2 times what it would be with this mistake alone."),
    )
    found = diagnosed(evidence({"y": lambda y, case: 7.3 * y**3, "z": right}), [known])
    assert found.name == UNKNOWN
    beside = {"y": lambda y, case: y**3, "z": lambda y, case: y**5}
    known = Candidate("powers", "Why.", values(beside))
    found = diagnosed(evidence({**beside, "z": lambda y, case: -2 * y**5}), [known])
    assert found == (
        "powers and factor −2",
        ("Why.", "Every entry of z is -2 times what it would be with this mistake alone."),
    )
    tripled = Candidate("tripled", "Why.", values({**beside, "z": lambda y, case: 3 * y}))
    found = diagnosed(evidence({**beside, "z": lambda y, case: 6 * y}), [tripled])
    assert found.name == UNKNOWN  # it is a factor itself
    doubled = Candidate("doubled", "Why.", values({"y": lambda y, case: 2 * y, "z": right}))
    found = diagnosed(evidence({"y": lambda y, case: 6.2 * y, "z": right}), [doubled])
    assert found.name == "constant factor"


def test_another_shape_says_both_shapes_of_each_array():
    answers = {"y": lambda y, case: noise(y, 0)[0], "z": lambda y, case: np.array(5.0)}
    found = diagnosed(evidence(answers), ignored=["x"])
    assert found == (
        "another shape",
        (
            "y is an array (3,), but should be an array (4, 3).",
            "z is one number, but should be an array (4, 3).",
        ),
    )


def test_arguments_that_change_nothing_are_named_one_or_several():
    found = evidence({"y": noise})
    assert diagnosed(found, ignored=["x"]) == (
        "argument ignored: x",
        ("Your code gives the same results whatever x is.",),
    )
    assert diagnosed(found, ignored=["x", "b"]) == (
        "argument ignored: x, b",
        ("Your code gives the same results whatever x, b are.",),
    )


def test_a_small_change_and_then_a_pair_of_mistakes_are_named_where_nothing_simpler_is():
    found = evidence({"y": noise})
    change = Candidate("sinh instead of cosh", "Your results are those …", found.observed)
    pair = Candidate("one and two", "First why.\nSecond why.", found.observed)
    assert diagnosed(found, changes=[change], pairs=[pair]) == (
        "sinh instead of cosh",
        ("Your results are those …",),
    )
    assert diagnosed(found, pairs=[pair]) == ("one and two", ("First why.", "Second why."))
    assert diagnosed(found) == Diagnosis(UNKNOWN, (MISTAKES[UNKNOWN],))


def test_a_loose_array_must_be_much_closer_to_a_mistake_than_to_the_reference():
    for seen, wanted in ((0.94, UNKNOWN), (0.91, "shrunk"), (0.86, "shrunk"), (0.85, UNKNOWN)):
        found = evidence({"y": lambda y, case, seen=seen: y * seen}, tolerance=0.05)
        shrunk = {key: 0.9 * reference.total for key, reference in found.references.items()}
        assert diagnosed(found, [Candidate("shrunk", "Why.", shrunk)]).name == wanted


def test_an_array_of_a_usual_tolerance_need_not_be_so_much_closer():
    found = evidence({"y": lambda y, case: 1.0015 * y}, tolerance=1e-3)
    near = {key: 1.0024 * reference.total for key, reference in found.references.items()}
    assert diagnosed(found, [Candidate("near", "Why.", near)]).name == "near"


def test_a_known_mistake_that_does_not_fit_does_not_hide_the_next():
    made = {"y": lambda y, case: y**3, "z": right}
    known = Candidate("cubed", "Why.", values(made))
    others = [
        Candidate("other names", "Why.", {(0, "x"): TOTALS[0]}),
        Candidate("spoils z", "Why.", values({**made, "z": made["y"]})),
        Candidate("changes nothing", "Why.", values({"y": right, "z": right})),
    ]
    found = evidence({**made, "y": lambda y, case: 2 * y**3})
    assert diagnosed(found, [*others, known]).name == "cubed and factor 2"


def test_a_distance_is_relative_and_infinite_between_shapes():
    y = np.array([3.0, 4.0])
    assert distance(y + np.array([0.0, 0.5]), y) == pytest.approx(0.1)
    assert distance(y[:1], y) == np.inf
    assert distance(np.array([0.0, 1e-6]), np.zeros(2)) == pytest.approx(1e-3)  # not divided by 0
    assert distance(np.array([1j]), np.array([0j])) == pytest.approx(1e3)
    assert np.isnan(distance(np.array([np.nan]), np.array([1.0])))
