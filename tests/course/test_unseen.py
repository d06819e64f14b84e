"""The verdicts of the checks on answers by authors who had not seen the checks.

`unseen/NN.M.txt` holds answers to exercise NN.M. The line above each says whether it is right or
wrong, and what is special about it. To see the numbers:

.venv/bin/pytest -m slow tests/course/test_unseen.py -s -n 0
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from minddpg.course import checks
from minddpg.course.checks import EXERCISES
from minddpg.course.engine.check import RETIRED

FILES = sorted((Path(__file__).parent / "unseen").glob("*.txt"))
HARMLESS = {  # wrong answers that are accepted: only their form differs from the task's wording
    ("00.1", "lists instead of tuples"),
    ("10.3", "a number, not (1,)"),
    ("10.3", "shape (1, 1)"),
}
LEAST_NAMED = 0.85  # of the wrong answers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # the answers' own
]


def answers(path):
    """Yield for each answer whether it is right, what it is, and its source text."""
    parts = re.split(r"^### (right|wrong): (.+)$", path.read_text(), flags=re.MULTILINE)
    yield from zip(parts[1::3], parts[2::3], parts[3::3], strict=True)


@pytest.fixture(scope="module")
def judged():
    """Return for each answer: exercise, right or wrong, description, and verdict."""
    found = []
    for path in FILES:
        exercise = {**RETIRED, **EXERCISES}[path.stem]
        for label, about, source in answers(path):
            verdict = getattr(checks, exercise.check_name)(*exercise.answers(source, about))
            found.append((path.stem, label, about, verdict))
    return found


def test_no_right_answer_is_refused(judged):
    assert [row for row in judged if row[1] == "right" and not row[3]] == []
    assert sum(row[1] == "right" for row in judged) > 200


def test_no_wrong_answer_is_accepted(judged):
    accepted = {(number, about) for number, label, about, v in judged if label == "wrong" and v}
    assert accepted == HARMLESS


def test_most_wrong_answers_are_named(judged):
    counts = Counter(
        "named" if v.diagnosis not in ("", "unknown") else v.diagnosis or v.status
        for _, label, _, v in judged
        if label == "wrong"
    )
    total = sum(counts.values())
    print(f"\n{total} wrong answers:", ", ".join(f"{k} {n}" for k, n in counts.most_common()))
    assert total > 600
    assert counts["named"] >= LEAST_NAMED * total
