"""Give studies in this process a small exact solution of Pendulum and few start states."""

from functools import partial

import pytest

from minddpg.experiments import bug_study, metrics
from minddpg.verification.exact_pendulum import exact_q, solve


@pytest.fixture(scope="session")
def solved():
    return solve(51)


@pytest.fixture
def coarse(monkeypatch, solved):
    """Measure with a coarse grid and few starts; no test here depends on their numbers."""
    monkeypatch.setattr(metrics, "_solved", lambda: solved)
    monkeypatch.setattr(metrics, "exact_q", partial(exact_q, size=51))
    for module in (metrics, bug_study):
        monkeypatch.setattr(module, "STARTS", 3)
    monkeypatch.setattr(metrics, "EPISODES", 2)
    metrics._exact_returns.cache_clear()
    yield
    metrics._exact_returns.cache_clear()
