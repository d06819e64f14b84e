import pytest


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def no_colours(monkeypatch):
    """Switch colours off: from Python 3.14 on, argparse uses them if FORCE_COLOR is set."""
    monkeypatch.setenv("PYTHON_COLORS", "0")


@pytest.fixture
def no_figure(monkeypatch):
    """Draw no figure: drawing takes longer than a short run."""
    monkeypatch.setattr("minddpg.training.plots.learning_curve", lambda run, path: path.touch())
