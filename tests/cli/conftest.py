import pytest


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def no_colours(monkeypatch):
    """From Python 3.14 on, argparse has some where FORCE_COLOR is set."""
    monkeypatch.setenv("PYTHON_COLORS", "0")


@pytest.fixture
def no_figure(monkeypatch):
    """Draw nothing, which takes longer than a short run."""
    monkeypatch.setattr("minddpg.training.plots.learning_curve", lambda run, path: path.touch())
