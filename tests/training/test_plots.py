"""What a learning curve shows is what the files of the run say."""

import csv
from pathlib import Path

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
def run_dirs(tmp_path_factory):
    """Two runs whose evaluations are RESULTS and half of them."""
    folder, found = tmp_path_factory.mktemp("plots"), []
    for seed, factor in ((0, 1.0), (1, 0.5)):
        run_dir = folder / str(seed)
        train(Config(**{**vars(CONFIG), "seed": seed}), run_dir, progress=False)
        saved = load_arrays(run_dir / "evaluations.npz")
        save_arrays(run_dir / "evaluations.npz", **{**saved, "results": factor * RESULTS})
        found.append(run_dir)
    return found


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Return the axes above and below of the curves of these runs, and the figure."""
    monkeypatch.setattr(plots, "save", lambda figure, path: figure)

    def draw(*run_dirs):
        figure = plots.learning_curve(run_dirs, tmp_path / "x.png")
        return *figure.axes, figure

    return draw


def curve(axes, label):
    (line,) = (line for line in axes.lines if line.get_label() == label)
    return line


def band(axes):
    """Return the steps, the lower and the upper edge of the one filled band."""
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
    run_dirs, drawn
):
    above, below, figure = drawn(run_dirs[0])
    with open(run_dirs[0] / "monitor.csv") as file:
        returns = [float(row["r"]) for row in csv.DictReader(list(file)[1:])]
    dots = curve(above, "training episode, with noise")
    np.testing.assert_array_equal(dots.get_xydata().T, [[200, 400], returns])
    line = curve(above, "evaluation without noise: mean and range of 3")
    np.testing.assert_allclose(line.get_xydata().T, [[200, 400, 450], [-4, -4.5, -12.5 / 3]])
    steps, low, high = band(above)
    np.testing.assert_array_equal(steps, [200, 400, 450])
    np.testing.assert_array_equal(low, [-9, -5.5, -7])
    np.testing.assert_array_equal(high, [-1, -3, -1.5])
    q = rows(run_dirs[0])
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


def test_a_run_that_is_named_twice_is_refused(run_dirs, drawn, tmp_path, monkeypatch):
    run = run_dirs[0]
    (tmp_path / "link").symlink_to(run)
    monkeypatch.chdir(run.parent)
    for other in (run, str(run), f"{run}/", tmp_path / "link", run.name, Path("x", "..", run.name)):
        with pytest.raises(ValueError, match="are the same run: name it once") as caught:
            drawn(run, run_dirs[1], other)
        assert str(caught.value).startswith(f"{run} and {other} ")


def test_several_runs_show_the_mean_of_each_and_their_mean(run_dirs, drawn):
    above, below, figure = drawn(*run_dirs)
    means = RESULTS.mean(axis=1)
    first, second, mean = above.lines
    np.testing.assert_allclose(first.get_xydata().T, [[200, 400, 450], means])
    np.testing.assert_allclose(second.get_ydata(), means / 2)
    np.testing.assert_allclose(mean.get_xydata().T, [[200, 400, 450], 0.75 * means])
    assert above.get_legend_handles_labels()[1] == [
        "evaluation without noise, each run",
        "evaluation without noise, mean of the runs",
    ]
    first, second, mean = below.lines
    q = [rows(run_dir)["train/q_mean"] for run_dir in run_dirs]
    np.testing.assert_allclose([first.get_ydata(), second.get_ydata()], q)
    np.testing.assert_allclose(mean.get_ydata(), np.mean(q, axis=0))
    assert below.get_legend_handles_labels()[1] == [
        "mean of Q, each run",
        "mean of Q, mean of the runs",
    ]
    for axes, color in ((above, BLUE), (below, ORANGE)):
        assert {to_hex(line.get_color()) for line in axes.lines} == {color.lower()}
        thin, also_thin, thick = (line.get_linewidth() for line in axes.lines)
        assert thin == also_thin < thick
    assert figure.get_suptitle() == "DDPG on Pendulum-v1, 2 runs"


def test_a_mean_over_runs_ends_with_the_shortest_and_needs_equal_steps():
    curves = [([1, 2, 3], [1.0, 2.0, 6.0]), ([1, 2], [3.0, 8.0])]
    assert mean_of(curves) == ([1, 2], [2.0, 5.0])
    assert mean_of([*curves, ([1, 3], [0.0, 0.0])]) is None
    assert mean_of([*curves, ([], [])]) is None


def mean_of(curves):
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    arrays = [(np.array(steps), np.array(values)) for steps, values in curves]
    plots._draw_family(axes, arrays, BLUE, "Q")
    thin = axes.lines[: len(curves)]
    assert [line.get_xydata().T.tolist() for line in thin] == [list(pair) for pair in curves]
    if len(axes.lines) == len(curves):
        return None
    mean = curve(axes, "Q, mean of the runs")
    return tuple(mean.get_xydata().T.tolist())


def test_runs_of_two_environments_and_a_run_without_a_file_are_refused(run_dirs, drawn, tmp_path):
    train(Config("MountainCarContinuous-v0", total_steps=40, warmup_steps=9, batch_size=8,
                 eval_every=0), tmp_path / "car", progress=False)  # fmt: skip
    with pytest.raises(ValueError, match="one environment, not MountainCarContinuous-v0, Pendulum"):
        drawn(run_dirs[0], tmp_path / "car")
    drawn(tmp_path / "car")  # no episode has ended, and no evaluation was made: empty axes
    (tmp_path / "car" / "evaluations.npz").unlink()
    with pytest.raises(ValueError, match="nothing to draw yet, neither an evaluation nor"):
        drawn(tmp_path / "car")
