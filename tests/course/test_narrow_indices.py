"""In a 32-bit Python, the course's generators draw the usual numbers, and they index arrays."""

import copy
import importlib
import pickle
import sys

import numpy as np
import pytest
from narrow import Narrow, let_indices_be_narrow

from minddpg import course
from minddpg.course.checks import EXERCISES, check_replay_buffer
from minddpg.course.engine.solution import run

DRAWS = {  # what may index an array
    "integers(n)": lambda rng: rng.integers(9, size=30),
    "integers(low, high)": lambda rng: rng.integers(-3, 9, 30),
    "integers of arrays": lambda rng: rng.integers([3, 4], high=[[9], [8]]),
    "integers with endpoint": lambda rng: rng.integers(0, high=9, size=30, endpoint=True),
    "one of integers": lambda rng: rng.integers(9),
    "choice(n)": lambda rng: rng.choice(9, 5, replace=False),
    "after a copy": lambda rng: copy.deepcopy(rng).integers(9, size=30),
    "after pickle": lambda rng: pickle.loads(pickle.dumps(rng)).choice(9, size=30),
    "of a child": lambda rng: rng.spawn(1)[0].integers(9, size=30),
    "of the same generator": lambda rng: np.random.default_rng(rng).integers(9, size=30),
}
OTHERS = {
    "integers too large": lambda rng: rng.integers(2**40, size=30),
    "integers too small": lambda rng: rng.integers(-(2**40), 0, size=30),
    "integers of a type": lambda rng: rng.integers(9, size=30, dtype=np.uint8),
    "integers of a type, by place": lambda rng: rng.integers(0, 9, 30, np.int64),
    "choice of an array": lambda rng: rng.choice(np.array([2**40, 5]), 30),
    "random": lambda rng: rng.random(30),
}


@pytest.fixture
def install(monkeypatch):
    """Return a function that imports the course as a 32-bit Python does."""
    monkeypatch.setattr(np.random, "default_rng", np.random.default_rng)  # restored at the end

    def function():
        let_indices_be_narrow(monkeypatch)
        with monkeypatch.context() as patched:
            patched.setattr(sys, "maxsize", 2**31 - 1)
            importlib.reload(course)

    return function


def test_the_numbers_are_numpys_and_those_that_may_index_have_the_type_of_indices(install):
    usual = {name: draw(np.random.default_rng(3)) for name, draw in (DRAWS | OTHERS).items()}
    install()
    for name, draw in (DRAWS | OTHERS).items():
        drawn = draw(np.random.default_rng(3))
        np.testing.assert_array_equal(drawn, usual[name], name)
        assert drawn.dtype == (np.int32 if name in DRAWS else usual[name].dtype), name
    rng = np.random.default_rng(3)
    assert np.random.default_rng(rng) is rng


def test_elsewhere_numpys_generator_stays():
    importlib.reload(course)
    assert type(np.random.default_rng(0)) is np.random.Generator


def test_a_learners_buffer_may_index_its_rows_or_take_them(install):
    """Both pass, as on any computer; without the course's generators, only one of them does."""
    solution = EXERCISES["07.1"].solution
    indexing = solution.replace("np.zeros(", "zeros(")
    taking = indexing.replace("part[i]", "part.take(i, axis=0)")
    assert taking != indexing != solution
    given = {"zeros": lambda *args: np.zeros(*args).view(Narrow)}
    verdicts = []
    for prepare in (lambda: None, install):
        prepare()
        for source in (indexing, taking):
            verdicts.append(check_replay_buffer(*run(source, ["ReplayBuffer"], given, "answer")))
    assert [verdict.status for verdict in verdicts] == ["passed", "error", "passed", "passed"]
