"""Precomputed results: each is small, can be made again, and is part of the package."""

import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from minddpg.course import precomputed
from minddpg.course.ch12_paper import precompute as ch12

ROOT = Path(__file__).parents[2]


def test_every_result_is_small_and_can_be_made_again():
    made = dict(precomputed.makers())
    kept = {f"{p.parent.name[:4]}/{p.stem}": p for p in precomputed.COURSE.glob("ch*/*.npz")}
    assert set(made) == set(kept)
    for name, path in kept.items():
        assert path.stat().st_size < 200_000, name
        assert made[name].__doc__
        assert all(array.dtype.kind in "fiubU" for array in precomputed.precomputed(name).values())


def test_a_result_computed_live_is_what_its_function_returns(monkeypatch):
    monkeypatch.setattr(
        precomputed, "makers", lambda: [("ch00/nothing", lambda: {"x": np.arange(3)})]
    )
    assert precomputed.precomputed("ch00/nothing", live=True)["x"].tolist() == [0, 1, 2]
    with pytest.raises(
        ValueError, match=r"no precomputed result 'ch00/other'; there are ch00/nothing"
    ):
        precomputed.precomputed("ch00/other", live=True)


def test_an_installed_package_brings_the_results_along():
    """This is tested with a wheel's content, not with the clone that the tests run in."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    patterns = listed["package-data"]["minddpg"]
    packed = {path for pattern in patterns for path in (ROOT / "minddpg").glob(pattern)}
    assert set(precomputed.COURSE.glob("ch*/*.npz")) <= packed


OF_STUDIES = (
    *("ch00/seeds", "ch07/studies", "ch08/figure2", "ch08/tau", "ch08/bugs", "ch09/noise"),
    *("ch10/look_alikes", "ch11/bugs"),
    *("ch12/figure3", "ch12/returns"),
)


def differences(names):
    """Compute results again from the published studies; return the arrays that differ."""
    wrong = []
    for name in names:
        kept = precomputed.precomputed(name)
        made = precomputed.precomputed(name, live=True, results=ROOT / "docs" / "results")
        alike = {key for key in kept if np.array_equal(kept[key], made.get(key))}
        wrong += [f"{name}: {key}" for key in kept.keys() | made.keys() if key not in alike]
    return sorted(wrong)


def test_what_is_read_of_the_studies_is_what_their_published_results_say(monkeypatch):
    """Made again by: python -m minddpg.course.precomputed NAME --results docs/results"""
    monkeypatch.setattr(ch12, "solve", lambda: None)  # two numbers of ch12/returns take seconds
    monkeypatch.setattr(ch12, "evaluate", lambda *_: SimpleNamespace(mean=np.nan))
    assert differences(OF_STUDIES) == ["ch12/returns: exact", "ch12/returns: random"]


@pytest.mark.slow
def test_the_returns_of_a_random_and_of_the_exact_policy_are_those_computed_now():
    assert differences(["ch12/returns"]) == []


def test_where_a_studys_results_are_not_the_command_that_makes_them_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"study-tau.results\.csv.*minddpg study tau"):
        precomputed.precomputed("ch08/tau", live=True)
