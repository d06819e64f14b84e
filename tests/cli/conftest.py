import pytest


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def no_figure(monkeypatch):
    """Draw nothing, which takes longer than a short run."""
    monkeypatch.setattr("minddpg.training.plots.learning_curve", lambda run, path: path.touch())
