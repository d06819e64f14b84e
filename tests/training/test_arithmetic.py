"""The fingerprint of a machine's arithmetic changes with the bits that it computes."""

import os
import subprocess
import sys

import numpy as np
import pytest

from minddpg.training import arithmetic


def test_other_bits_of_any_function_or_sum_give_another_fingerprint(monkeypatch):
    usual = arithmetic.fingerprint()
    assert arithmetic.fingerprint.__wrapped__() == usual  # computed again
    for name in ("tanh", "exp", "sin", "cos", "sqrt"):
        original = getattr(np, name)
        with monkeypatch.context() as patch:
            patch.setattr(np, name, lambda z, f=original: np.nextafter(f(z), 9).astype(z.dtype))
            assert arithmetic.fingerprint.__wrapped__() != usual, name
    original = arithmetic._numbers
    for at in (0, -1):  # another order in x or w is another product

        def numbers(*shape, at=at):
            array = original(*shape)
            array.flat[at] = np.nextafter(array.flat[at], array.dtype.type(9))
            return array

        monkeypatch.setattr(arithmetic, "_numbers", numbers)
        assert arithmetic.fingerprint.__wrapped__() != usual


def test_both_precisions_are_tried_on_numbers_of_many_sizes_in_the_unit_interval(monkeypatch):
    dtypes, original = set(), arithmetic._numbers

    def numbers(rows, columns, dtype):
        array = original(rows, columns, dtype)
        assert array.shape == (rows, columns)
        assert ((array >= 0) & (array < 1)).all()
        assert len(np.unique(array)) >= min(array.size, 1000)
        dtypes.add(array.dtype)
        return array

    monkeypatch.setattr(arithmetic, "_numbers", numbers)
    arithmetic.fingerprint.__wrapped__()
    assert dtypes == {np.dtype(np.float32), np.dtype(np.float64)}


@pytest.mark.slow
def test_numpy_without_this_processors_newer_instructions_has_another_fingerprint():
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    code = "from minddpg.training.arithmetic import fingerprint; print(fingerprint())"
    environment = {**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(found)}
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert (process.stdout.strip() != arithmetic.fingerprint()) == bool(found)
