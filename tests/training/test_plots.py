"""A learning curve shows what the files of the run contain."""

import csv

import numpy as np
import pytest
from matplotlib.colors import to_hex

from minddpg import Config, train
from minddpg.storage import load_arrays, save_arrays
from minddpg.training import plots
from minddpg.training.style import BLUE, ORANGE

CONFIG = Config(
    total_steps=450, warmup_steps=350, eval_every=200, eval_episodes=3, hidden_sizes=(8, 6)
)
RESULTS = np.array([[-9.0, -1.0, -2.0], [-5.0, -5.5, -3.0], [-7.0, -4.0, -1.5]])


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    """A run with the evaluations RESULTS."""
    run_dir = tmp_path_factory.mktemp("plots") / "run"
    train(CONFIG, run_dir, progress=False)
    saved = load_arrays(run_dir / "evaluations.npz")
    save_arrays(run_dir / "evaluations.npz", **{**saved, "results": RESULTS})
    return run_dir


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Return the upper and lower axes of a run's learning curve, and the figure."""
    monkeypatch.setattr(plots, "save", lambda figure, path: figure)

    def draw(run_dir):
        figure = plots.learning_curve(run_dir, tmp_path / "x.png")
        return *figure.axes, figure

    return draw


def curve(axes, label):
    (line,) = (line for line in axes.lines if line.get_label() == label)
    return line


def band(axes):
    """Return the steps and the lower and upper edges of the only filled band."""
    (collection,) = axes.collections
    points = collection.get_paths()[0].vertices
    steps = np.unique(points[:, 0])
    edges = [[f(points[points[:, 0] == s, 1]) for s in steps] for f in (np.min, np.max)]
    return (steps, *np.array(edges))


def rows(run_dir):
    with open(run_dir / "progress.csv") as file:
        found = [row for row in csv.DictReader(file) if row["train/q_mean"]]
    return {name: np.array([float(row[name] or "nan") for row in found]) for name in found[0]}


def test_one_run_shows_its_training_episodes_and_the_mean_and_range_of_its_evaluations(
    run_dir, drawn
):
    above, below, figure = drawn(run_dir)
    with open(run_dir / "monitor.csv") as file:
        returns = [float(row["r"]) for row in csv.DictReader(list(file)[1:])]
    dots = curve(above, "training episode, with noise")
    np.testing.assert_array_equal(dots.get_xydata().T, [[200, 400], returns])
    line = curve(above, "evaluation without noise: mean and range of 3")
    np.testing.assert_allclose(line.get_xydata().T, [[200, 400, 450], [-4, -4.5, -12.5 / 3]])
    steps, low, high = band(above)
    np.testing.assert_array_equal(steps, [200, 400, 450])
    np.testing.assert_array_equal(low, [-9, -5.5, -7])
    np.testing.assert_array_equal(high, [-1, -3, -1.5])
    q = rows(run_dir)
    mean = curve(below, "mean").get_xydata().T
    np.testing.assert_allclose(mean, [q["time/total_timesteps"], q["train/q_mean"]])
    steps, low, high = band(below)
    np.testing.assert_allclose([low, high], [q["train/q_min"], q["train/q_max"]])
    assert figure.get_suptitle() == "DDPG on Pendulum-v1, seed 0"
    for axes, color, drawn_line in ((above, BLUE, line), (below, ORANGE, curve(below, "mean"))):
        colors = drawn_line.get_color(), axes.collections[0].get_facecolor()[0]
        assert [to_hex(each) for each in colors] == [color.lower()] * 2
    words = above.get_ylabel(), below.get_ylabel(), below.get_xlabel()
    assert words == (
        "return per episode",
        "critic's Q(s, a)\non replayed pairs",
        "environment steps",
    )
    assert above.get_xlim() == below.get_xlim()  # a dot is above the Q of its step
    assert above.bbox.height > below.bbox.height
    assert [text.get_text() for text in below.get_legend().get_texts()] == ["range", "mean"]
    for axes in (above, below):
        assert not axes.get_legend().get_frame_on()


def test_a_run_of_which_nothing_is_saved_yet_is_refused(drawn, tmp_path):
    train(Config("MountainCarContinuous-v0", total_steps=40, warmup_steps=9, batch_size=8,
                 eval_every=0), tmp_path / "car", progress=False)  # fmt: skip
    drawn(tmp_path / "car")  # no episode has ended, and no evaluation was made: empty axes
    (tmp_path / "car" / "evaluations.npz").unlink()
    with pytest.raises(ValueError, match="nothing to draw yet, neither an evaluation nor"):
        drawn(tmp_path / "car")
