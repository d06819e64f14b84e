"""Correct answers pass the checks, mistakes are named, blanks are still to do."""

from collections import defaultdict
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from _generate.exercises import page

from minddpg.course import checks
from minddpg.course.checks import EXERCISES
from minddpg.course.engine.check import RETIRED
from minddpg.course.engine.exercise import KINDS

HERE = Path(__file__).parent
CORRECT, MISTAKEN = defaultdict(list), defaultdict(list)
for path in sorted((HERE / "answers").glob("ch*.py")):
    module = import_module(f"course.answers.{path.stem}")
    for number, answers in module.CORRECT.items():
        CORRECT[number] += answers
    for number, cases in module.MISTAKEN.items():
        MISTAKEN[number] += cases


def check(number, answers):
    return getattr(checks, EXERCISES[number].check_name)(*answers)


# The tests of an exercise run one after another, so its mistakes are computed only once.
each_exercise = pytest.mark.parametrize("number", EXERCISES, scope="module")


@each_exercise
def test_the_solution_and_correct_answers_in_other_styles_pass(number):
    verdict, again = (check(number, EXERCISES[number].reference) for _ in range(2))
    assert verdict.passed, verdict
    assert verdict.comparisons
    assert "passed" in str(verdict)
    assert verdict.diagnosis == ""
    assert str(verdict) == str(again)
    assert refused(number, CORRECT[number][::4]) == []


@pytest.mark.slow
@each_exercise
def test_every_correct_answer_passes(number):
    assert refused(number, CORRECT[number]) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", RETIRED)
def test_a_check_that_left_the_course_still_tells_right_from_wrong(number):
    exercise, check = RETIRED[number], getattr(checks, RETIRED[number].check_name)
    assert number not in EXERCISES
    assert check(*exercise.reference)
    for i, (mistake, _) in enumerate(exercise.wrong_sources):
        verdict = check(*exercise.wrong_answer(i))
        assert not verdict.passed, mistake.name
        assert verdict.diagnosis == mistake.name
    assert check(*exercise.blank).status == "to do"


def refused(number, answers):
    """Return the verdicts that are not "passed"."""
    return [(i, str(v)) for i, answer in enumerate(answers) if not (v := check(number, answer))]


def misnamed(number, cases):
    """Return the answers that are accepted or get the wrong name."""
    found = []
    for i, (answers, mistake) in enumerate(cases):
        verdict = check(number, answers)
        if verdict.passed or verdict.diagnosis != mistake or mistake not in str(verdict):
            said = "passed" if verdict.passed else repr(verdict.diagnosis)
            found.append(f"case {i}, {mistake!r}: {said}")
    return found


def listed(number, first):
    """List the wrong answers of an exercise: the first edit of each mistake, or the others."""
    exercise, seen, cases = EXERCISES[number], set(), []
    for i, (mistake, _) in enumerate(exercise.wrong_sources):
        if (id(mistake) not in seen) == first:
            cases.append((exercise.wrong_answer(i), mistake.name))
        seen.add(id(mistake))
    return cases


SLOW = (
    "02.3",
    "03.4",
    "03.5",
    "06.5",
    "07.1",
    "09.1",
    "10.1",
    "10.2",
    "12.1",
    "12.6",
)  # many mistakes, which take long to observe


@pytest.mark.parametrize(
    "number",
    [pytest.param(n, marks=pytest.mark.slow) if n in SLOW else n for n in EXERCISES],
    scope="module",
)
def test_mistakes_are_rejected_and_named(number):
    """This test takes a quarter of each exercise's mistakes; the next test takes all."""
    cases = listed(number, first=True)[::4]
    assert cases
    assert misnamed(number, cases) == []
    mistakes = EXERCISES[number].mistakes
    assert {m.name for m in mistakes if not m.why} <= set(checks.MISTAKES)


@pytest.mark.slow
@each_exercise
def test_every_mistake_is_rejected_and_named_however_it_is_made(number):
    cases = [*listed(number, first=True), *MISTAKEN[number], *listed(number, first=False)]
    assert misnamed(number, cases) == []


@each_exercise
def test_the_stub_as_it_is_given_is_still_to_do(number):
    exercise, namespace = EXERCISES[number], {"np": np}
    exec(exercise.stub, namespace)
    verdict = check(number, [namespace[name] for name in exercise.names])
    assert verdict.status == "to do", verdict
    assert not verdict
    assert exercise.statement[:40] in " ".join(str(verdict).split())
    assert "$" not in str(verdict)  # a terminal and the live pages do not typeset LaTeX


def test_the_answers_of_the_tests_belong_to_exercises():
    assert CORRECT
    assert MISTAKEN
    assert set(CORRECT) | set(MISTAKEN) <= set(EXERCISES)


def test_the_page_lists_all_exercises():
    is_current = (HERE.parents[1] / "docs" / "exercises.md").read_text() == page()
    assert is_current, "run .venv/bin/python docs/_generate exercises"
    assert {each.kind for each in EXERCISES.values()} == set(KINDS)


def test_what_a_learner_keeps_of_a_result_is_never_changed():
    forward, backward = EXERCISES["04.1"].reference
    kept = []

    def keeping(function):
        def wrapped(*arguments):
            result = function(*arguments)
            arrays = [each for each in result if isinstance(each, np.ndarray)]
            kept.extend((array, array.copy()) for array in arrays)
            return result

        return wrapped

    assert checks.check_linear(keeping(forward), keeping(backward))
    assert len(kept) > 50
    assert all(np.array_equal(array, before) for array, before in kept)


def test_too_few_answers_and_blanks_are_told_in_the_learners_names():
    assert "Call it as check_relu(relu_forward, relu_backward); you passed 0 instead of 2:" in str(
        check("04.2", ())
    )
    half = check("04.2", (lambda z: (None, z), lambda grad, cache: grad))
    assert "returned None as result 1 of 2" in str(half)
