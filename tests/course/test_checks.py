"""The checks checked: right answers pass, mistakes are named, blanks are still to do."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from _generate.exercises import CHAPTERS, page

from minddpg.course import checks
from minddpg.course.checks import EXERCISES
from minddpg.course.engine.exercise import KINDS

HERE = Path(__file__).parent
MODULES = [
    import_module(f"course.answers.{p.stem}") for p in sorted((HERE / "answers").glob("ch*.py"))
]
RIGHT = {k: v for module in MODULES for k, v in module.RIGHT.items()}
OTHERS = [(k, v) for module in MODULES for k, vs in module.OTHER_RIGHT.items() for v in vs]
MISTAKEN = [(k, *v) for module in MODULES for k, vs in module.MISTAKEN.items() for v in vs]
ROWS = [(number, i) for number, each in EXERCISES.items() for i in range(len(each.rows))]


def check(number, answers):
    return getattr(checks, EXERCISES[number].check_name)(*answers)


@pytest.mark.parametrize("number", EXERCISES)
def test_a_right_answer_passes_and_shows_what_was_compared(number):
    verdict = check(number, RIGHT[number])
    assert verdict.passed, verdict
    assert verdict.comparisons
    assert "passed" in str(verdict)
    assert verdict.diagnosis == ""


@pytest.mark.parametrize(("number", "answers"), OTHERS)
def test_a_right_answer_that_is_written_differently_passes(number, answers):
    verdict = check(number, answers)
    assert verdict.passed, verdict


@pytest.mark.parametrize(("number", "answers", "mistake"), MISTAKEN)
def test_a_planted_mistake_is_rejected_and_named(number, answers, mistake):
    verdict = check(number, answers)
    assert not verdict.passed
    assert verdict.diagnosis == mistake, verdict
    assert mistake in str(verdict)


@pytest.mark.parametrize(("number", "i"), ROWS)
def test_every_row_of_the_table_is_a_mistake_with_a_name_of_its_own(number, i):
    exercise = EXERCISES[number]
    row = exercise.rows[i]
    assert row.why or row.mistake in checks.MISTAKES
    verdict = check(number, exercise.answers_of(row))
    assert not verdict.passed
    assert verdict.diagnosis == row.mistake, verdict


@pytest.mark.parametrize("number", EXERCISES)
def test_the_stub_as_it_is_given_is_still_to_do(number):
    exercise, namespace = EXERCISES[number], {"np": np}
    exec(exercise.stub, namespace)
    verdict = check(number, [namespace[name] for name in exercise.names])
    assert verdict.status == "to do", verdict
    assert not verdict
    assert exercise.statement[:40] in " ".join(str(verdict).split())


@pytest.mark.parametrize("number", EXERCISES)
def test_a_verdict_repeats_to_the_letter(number):
    assert str(check(number, RIGHT[number])) == str(check(number, RIGHT[number]))


def test_there_are_enough_and_the_page_lists_them_all():
    """Written by: python docs/_generate/exercises.py > docs/exercises.md"""
    assert (HERE.parents[1] / "docs" / "exercises.md").read_text() == page()
    assert len(EXERCISES) >= 52
    assert {number[:2] for number in EXERCISES} == set(CHAPTERS)
    assert {each.kind for each in EXERCISES.values()} == set(KINDS)
    assert set(RIGHT) == {k for k, _ in OTHERS} == {k for k, *_ in MISTAKEN} == set(EXERCISES)


def test_what_a_learner_keeps_of_a_result_is_never_changed():
    forward, backward = RIGHT["04.1"]
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
