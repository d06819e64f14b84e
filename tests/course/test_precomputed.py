"""Recordings: each is small, made by a function that is there, and packed with the package."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from minddpg.course import precomputed as recordings

ROOT = Path(__file__).parents[2]


def test_every_recording_is_small_and_can_be_made_again():
    made = dict(recordings.makers())
    kept = {f"{p.parent.name[:4]}/{p.stem}": p for p in recordings.COURSE.glob("ch*/*.npz")}
    assert set(made) == set(kept)
    for name, path in kept.items():
        assert path.stat().st_size < 200_000, name
        assert made[name].__doc__
        assert all(array.dtype.kind in "fiubU" for array in recordings.precomputed(name).values())


def test_a_recording_made_live_is_what_its_function_returns(monkeypatch):
    monkeypatch.setattr(
        recordings, "makers", lambda: [("ch00/nothing", lambda: {"x": np.arange(3)})]
    )
    assert recordings.precomputed("ch00/nothing", live=True)["x"].tolist() == [0, 1, 2]
    with pytest.raises(
        ValueError, match=r"no precomputed result 'ch00/other'; there are ch00/nothing"
    ):
        recordings.precomputed("ch00/other", live=True)


def test_an_installed_package_brings_the_recordings_along():
    """Not the clone that the tests run in, but what a wheel would hold."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    patterns = listed["package-data"]["minddpg"]
    packed = {path for pattern in patterns for path in (ROOT / "minddpg").glob(pattern)}
    assert set(recordings.COURSE.glob("ch*/*.npz")) <= packed
