import os
import sys

import other_systems
import pytest
from hypothesis import HealthCheck, settings

import minddpg.cli  # noqa: F401  # gives NumPy one BLAS thread, before any test imports it

# a busy machine is slow, and no test may fail for that
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("patient")


# No test cuts the power, so none waits for the disk. Tests of the order of writes patch this.
os.fsync = lambda file: None


@pytest.fixture
def rng():
    import numpy as np

    return np.random.default_rng(20)


@pytest.fixture
def terminal(monkeypatch):
    """Return a function that makes standard output and error a terminal with a given width."""
    from terminals import Terminal

    monkeypatch.delenv("TERM", raising=False)

    def make(width=100):
        screen, size = Terminal(width), os.terminal_size((width, 20))
        monkeypatch.setattr("os.get_terminal_size", lambda *_: size)
        monkeypatch.setattr("sys.stderr", screen)
        monkeypatch.setattr("sys.stdout", screen)
        return screen

    return make


def pytest_collection_modifyitems(config, items):
    """On Windows, real or imitated, leave out the tests that need what it lacks."""
    if sys.platform == "win32" or other_systems.PLAYED == "windows":
        lacking = [item for item in items if item.get_closest_marker("posix")]
        config.hook.pytest_deselected(items=lacking)
        items[:] = [item for item in items if item not in lacking]
