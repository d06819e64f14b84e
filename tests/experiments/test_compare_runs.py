"""Runs are compared in groups: no mean, interval or colour mixes two settings."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex

from minddpg import Config
from minddpg.experiments import compare_runs as compare
from minddpg.experiments import group_runs as grouping
from minddpg.experiments.compare_runs import compare_runs
from minddpg.experiments.group_runs import group_runs
from minddpg.experiments.plots import COLORS, look_of
from minddpg.experiments.statistics import summarise
from minddpg.storage import save_arrays
from minddpg.training.run_dir import noted, write_config

DEFAULT = Config()
STEPS = (200, 400, 600)


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch):
    monkeypatch.setattr("minddpg.experiments.statistics.RESAMPLES", 300)


@pytest.fixture
def run(tmp_path):
    """Write the folder of a run with known numbers, which differ between runs."""
    count = 0

    def write(config=DEFAULT, steps=STEPS, bug="", episodes=STEPS):
        nonlocal count
        count += 1
        folder = tmp_path / "runs" / f"r{count}"
        folder.mkdir(parents=True)
        with noted(**({"bug": bug} if bug else {})):
            write_config(folder, config)
        results = returns_of(count, steps)[:, None] + np.array([-1.0, 1.0])
        lengths = np.full(results.shape, 200)
        steps = np.array(steps, np.int64)
        save_arrays(
            folder / "evaluations.npz", timesteps=steps, results=results, ep_lengths=lengths
        )
        rows = [f"{-count},200,0,{step}" for step in episodes]
        (folder / "monitor.csv").write_text("\n".join(["#{}", "r,l,t,step", *rows, ""]))
        names = "time/total_timesteps,train/q_mean,train/q_min,train/q_max"
        rows = [f"{step},{-count * step},-9e9,9e9" for step in (100, *episodes)]
        (folder / "progress.csv").write_text("\n".join([names, *rows, ""]))
        return folder

    return write


def returns_of(number, steps):
    """The mean returns of the evaluations of the run with this number."""
    return -1000.0 + 10 * number**2 + np.array(steps) / 100


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Compare runs; return the upper and lower axes, the labels of the groups, and the text."""
    figures = []
    monkeypatch.setattr(compare, "save", lambda figure, path: figures.append(figure))

    def draw(*run_dirs):
        text = compare_runs(run_dirs, tmp_path / "x.png")
        (legend,) = figures[-1].legends
        labels = [each.get_text().replace("\u00a0", " ") for each in legend.get_texts()]
        return *figures[-1].axes, labels, text

    return draw


def with_settings(**settings):
    return Config(**{**vars(DEFAULT), **settings})


def points(line):
    return [tuple(point) for point in line.get_xydata().tolist()]


def of_color(axes, i):
    """Return the thin lines of the i-th group, and its thick line."""
    lines = [line for line in axes.lines if to_hex(line.get_color()).upper() == COLORS[i]]
    thick = max(lines, key=lambda line: line.get_linewidth())
    return [line for line in lines if line is not thick], thick


def test_groups_are_named_by_exactly_the_settings_that_differ(run):
    other = {"hidden_sizes": (8, 4), "noise": "ou", "batch_norm": True, "action_layer": 1}
    mapped = {"gain": 2, "name": "é"}
    for changes, labels in (
        ([{}, {}], [""]),
        ([{"tau": 0.02}, {"tau": 1.0}], ["tau = 0.02", "tau = 1"]),
        ([{"tau": 0.1 + 0.2}, {"tau": 1e-5}], ["tau = 1e-05", "tau = 0.3"]),
        ([{"tau": 1.0}, {"tau": 1.0}, {"bug": "x"}], [
            "tau = 0.02, bug x", "tau = 1, no bug"]),
        ([{"tau": each} for each in (1.0, 0.1, 1e-5, 0.02)], [
            "tau = 1e-05", "tau = 0.02", "tau = 0.1", "tau = 1"]),
        ([{"env_kwargs": {"g": each}} for each in (10, 9.8, True, "x", 1, 1.0, None, [2], [])], [
            f'env_kwargs = {{"g": {each}}}' for each in (
                "null", "1", "1.0", "true", "9.8", "10", '"x"', "[]", "[2]")]),
        ([other, {}, other], [
            "hidden_sizes = [8, 4], action_layer = 1, noise = ou, batch_norm = true",
            "hidden_sizes = [64, 64], action_layer = 0, noise = gaussian, batch_norm = false"]),
        ([{"total_steps": 900}, {"total_steps": 800}], [
            "total_steps = 800", "total_steps = 900"]),
        ([{"total_steps": 9, "anneal_from": 1.0}, {"total_steps": 8, "anneal_from": 1.0}], [""]),
        ([{"extra": mapped}, {"extra": {}}, {"extra": dict(reversed(mapped.items()))}], [
            "extra = {}", 'extra = {"gain": 2, "name": "é"}']),
    ):  # fmt: skip
        folders = []
        for seed, each in enumerate(changes):
            bug, extra = each.pop("bug", ""), each.pop("extra", None)
            folders.append(run(with_settings(seed=seed, **each), bug=bug))
            each.update({"bug": bug} if bug else {}, **({} if extra is None else {"extra": extra}))
        with pytest.MonkeyPatch.context() as patch:
            if "extra" in changes[0]:  # a field with mappings as values
                values = {str(f): each["extra"] for f, each in zip(folders, changes, strict=True)}
                patch.setattr(grouping, "Logs", with_extra_field(values))
            groups = group_runs(folders)
        assert [group.label for group in groups] == labels
        found = [[logs.run_dir for logs in group.runs] for group in groups]
        assert sum(map(len, found)) == len(folders)
        assert all(each == sorted(each) for each in found), "the runs of a group are as given"


def with_extra_field(values):
    class Logs(grouping.Logs):
        def __init__(self, run_dir):
            super().__init__(run_dir)
            settings = {**json.loads(self.config.to_json()), "extra": values[str(run_dir)]}
            config = replace(self.config)
            object.__setattr__(config, "to_json", lambda: json.dumps(settings))
            self.config = config

    return Logs


def test_what_is_measured_or_saved_makes_no_group(run):
    for name in ("seed", "log_every", "eval_every", "eval_episodes", "checkpoint_every"):
        assert len(group_runs([run(), run(with_settings(**{"seed": 1, name: 7}))])) == 1, name
    # every other setting can change what is learned
    assert set(grouping.MEASURING) == {
        *("seed", "log_every", "eval_every", "eval_episodes", "checkpoint_every")
    }


def test_a_group_shows_its_runs_and_their_iqm_in_its_own_look(run, drawn):
    taus = (0.02, 0.02, 1.0, 0.02, 1.0, 0.1)
    folders = [run(with_settings(tau=tau, seed=i)) for i, tau in enumerate(taus)]
    above, below, labels, text = drawn(*folders)
    assert labels == ["tau = 0.02: IQM of 3 seeds", "tau = 0.1: seed 5", "tau = 1: IQM of 2 seeds"]
    assert above.get_ylabel() == "return per episode\nevaluation without noise"
    looks = set()
    for i, numbers in enumerate(([1, 2, 4], [6], [3, 5])):
        returns = np.array([returns_of(number, STEPS) for number in numbers])
        values = np.array([[-number * step for step in (100, *STEPS)] for number in numbers])
        for axes, steps, curves in ((above, STEPS, returns), (below, (100, *STEPS), values)):
            thin, thick = of_color(axes, i)
            if len(numbers) == 1:
                assert thin == []
            else:
                every = [[*zip(steps, curve, strict=True)] for curve in curves]
                assert [points(line) for line in thin] == every
            assert points(thick) == [*zip(steps, curves.mean(axis=0), strict=True)]
            assert all(line.get_linewidth() < thick.get_linewidth() / 2 for line in thin)
            looks.add((thick.get_color(), thick.get_linestyle(), thick.get_marker()))
    assert len(looks) == 3
    assert len({style for _, style, _ in looks}) == len({mark for *_, mark in looks}) == 3
    lines = text.splitlines()
    assert lines[0] == "Pendulum-v1, return, evaluation without noise:"
    assert lines[1].startswith("tau = 0.02: IQM -924.0 (no interval below 5 seeds), ")
    assert lines[1].endswith(" seeds, at step 600")
    assert lines[2] == f"tau = 0.1, seed 5: {returns_of(6, STEPS)[-1]:.1f} at step 600"


def test_one_group_has_no_settings_to_name(run, drawn):
    *_, labels, text = drawn(run(), run(with_settings(seed=1)))
    assert labels == ["IQM of 2 seeds"]
    assert text.splitlines()[1].startswith("all runs: IQM ")


def test_a_band_is_the_interval_of_a_study_and_begins_with_five_runs(run, drawn):
    for count, words in ((4, ""), (5, ", about 95 %"), (10, ", 95 %")):
        folders = [run(with_settings(seed=seed)) for seed in range(count)]
        alone = run(with_settings(tau=0.5))
        above, _, labels, _ = drawn(alone, *folders)
        assert labels == [f"tau = 0.02: IQM of {count} seeds{words}", "tau = 0.5: seed 0"]
        bands = [
            each.get_paths()[0].vertices for each in above.collections if len(each.get_paths())
        ]
        assert len(bands) == (count >= 5)
        numbers = [int(folder.name[1:]) for folder in folders]
        for step in STEPS if bands else ():
            found = bands[0][bands[0][:, 0] == step][:, 1]
            expected = summarise(np.array([returns_of(n, [step])[0] for n in numbers])).interval
            np.testing.assert_allclose([found.min(), found.max()], expected)


def test_a_mean_is_of_the_steps_that_all_its_runs_have(run, drawn):
    for all_steps, middle in (
        ([STEPS, (200, 400)], [200, 400]),  # unfinished
        ([STEPS, (100, 200, 300, 400, 500, 600)], [200, 400, 600]),  # evaluated more often
        ([STEPS, (300, 600)], [600]),
        ([(200, 300, 400, 500), (300, 400, 600)], [300, 400]),
        ([STEPS, (150, 250, 350, 600)], []),  # one of three may be a coincidence
        ([STEPS, (50, 150)], []),
    ):
        folders = [run(with_settings(seed=i), steps) for i, steps in enumerate(all_steps)]
        above, _, labels, text = drawn(*folders)
        thin = [line for line in above.lines if len(points(line)) and line.get_alpha()]
        assert [[x for x, _ in points(line)] for line in thin] == [list(s) for s in all_steps]
        (thick,) = (line for line in above.lines if not line.get_alpha())
        numbers = [int(folder.name[1:]) for folder in folders]
        expected = [(s, np.mean([returns_of(n, [s])[0] for n in numbers])) for s in middle]
        assert [step for step, _ in points(thick)] == middle
        np.testing.assert_allclose(points(thick), expected)
        assert labels == [f"{'IQM of ' if middle else ''}{len(all_steps)} seeds"]
        none = "all runs: no mean, because these runs share too few steps"
        last = f", at step {middle[-1]}" if middle else none
        assert text.splitlines()[1].endswith(last)


def test_without_an_evaluation_of_one_run_all_show_their_training_episodes(run, drawn):
    folders = [run(), run(with_settings(seed=1), steps=()), run(with_settings(tau=1.0))]
    with pytest.warns(UserWarning, match=r"has no evaluation, so returns of training") as caught:
        above, _, labels, text = drawn(*folders)
    assert str(caught[0].message).startswith(f"{folders[1]} has no evaluation")
    assert above.get_ylabel() == "return per episode\ntraining episodes, with noise"
    thin, thick = of_color(above, 0)
    assert [points(line) for line in thin] == [[(step, -n) for step in STEPS] for n in (1, 2)]
    assert points(thick) == [(step, -1.5) for step in STEPS]
    assert points(of_color(above, 1)[1]) == [(step, -3) for step in STEPS]
    assert labels == ["tau = 0.02: IQM of 2 seeds", "tau = 1: seed 0"]
    assert text.splitlines()[0] == "Pendulum-v1, return, training episodes, with noise:"
    _, _, labels, text = drawn(*(run(with_settings(tau=t), (), "", ()) for t in (0.1, 0.2)))
    assert labels == ["tau = 0.1: seed 0", "tau = 0.2: seed 0"]  # nothing has ended yet
    assert text.splitlines()[1] == "tau = 0.1: no return yet"


def test_a_run_without_a_number_is_left_out_with_a_warning(run, drawn):
    folders = [run(), run(with_settings(seed=1), steps=(), episodes=())]
    progress = folders[1] / "progress.csv"
    progress.write_text(progress.read_text().splitlines()[0] + "\n")
    with pytest.warns(UserWarning, match=r"r2 is left out: it has no numbers to draw yet$"):
        above, _, labels, _ = drawn(*folders, run(with_settings(seed=2)))
    assert above.get_ylabel() == "return per episode\nevaluation without noise"
    assert labels == ["IQM of 2 seeds"]
    with (
        pytest.warns(UserWarning, match="is left out"),
        pytest.raises(ValueError, match="nothing to draw yet: no run has an evaluation"),
    ):
        group_runs(folders[1:])


def test_a_single_evaluation_is_seen(run, drawn):
    above, *_ = drawn(run(steps=(200,)), run(with_settings(tau=1.0)))
    _, thick = of_color(above, 0)
    assert points(thick) == [(200, returns_of(1, [200])[0])]
    assert thick.get_marker() == "o"
    assert thick.get_markevery() == 1


def test_thirty_six_groups_look_different_and_more_are_refused(run, drawn):
    looks = [look_of(i) for i in range(36)]
    assert len({tuple(map(str, look.values())) for look in looks}) == 36
    marks = [compare._marks(np.arange(9), i)["marker"] for i in range(36)]
    colors = [look["color"] for look in looks]
    assert len({*zip(colors, marks, strict=True)}) == 36
    with pytest.raises(ValueError, match="37 different settings: one figure shows up to 36"):
        drawn(*(run(with_settings(tau=i / 100)) for i in range(1, 38)))


def test_a_long_label_is_broken_into_lines_between_settings(run, drawn):
    names = ("batch_size", "replay_capacity", "warmup_steps", "total_steps", "log_every")
    far = {name: 100_000 + i for i, name in enumerate(names)}
    far |= {"actor_learning_rate": 0.0012345, "critic_learning_rate": 0.0023456, "discount": 0.9876}
    above, _, labels, _ = drawn(run(), run(with_settings(**far)))
    for label in labels:
        lines = label.split("\n")
        assert len(lines) > 1
        assert max(map(len, lines)) <= compare.LINE
        assert all(line.endswith(",") for line in lines[:-1])
    short = drawn(run(), run(with_settings(tau=1.0)))[0].figure
    assert above.figure.get_figheight() > short.get_figheight()


def test_runs_with_the_same_settings_and_seed_are_no_independent_runs(run):
    folders = [run(), run(with_settings(seed=1)), run(with_settings(tau=1.0)), run()]
    with pytest.warns(UserWarning, match="same settings and the same seed, 0") as caught:
        group_runs(folders)
    (warning,) = caught
    assert str(warning.message).startswith(f"{folders[0]} and {folders[3]} have ")


@pytest.mark.posix
def test_a_run_that_is_named_twice_is_refused(run, tmp_path, monkeypatch):
    first, second = run(), run()
    (tmp_path / "link").symlink_to(first)
    monkeypatch.chdir(first.parent)
    for other in (
        *(first, str(first), f"{first}/", tmp_path / "link", first.name),
        Path("x", "..", first.name),
    ):
        with pytest.raises(ValueError, match="are the same run: name it once") as caught:
            group_runs([first, second, other])
        assert str(caught.value).startswith(f"{first} and {other} ")


def test_runs_of_two_environments_are_refused(run):
    with pytest.raises(ValueError, match=r"one environment, not Other-v0, Pendulum-v1$"):
        group_runs([run(), run(with_settings(env_id="Other-v0"))])
    with pytest.raises(ValueError, match="one environment, not none"):
        group_runs([])


def test_a_name_with_a_dollar_or_an_escape_is_drawn_as_it_is(run, drawn):
    folders = [run(bug="$x^$"), run(bug="\x1b[2J")]
    above, _, labels, text = drawn(*folders)
    above.figure.draw_without_rendering()  # must not be read as mathematics
    assert labels == [r"bug \x1b[2J: seed 0", "bug $x^$: seed 0"]
    assert "\x1b" not in text


def test_arguments_of_the_environment_stand_beside_its_id_if_all_runs_have_them(run, drawn):
    heavy = [run(with_settings(seed=seed, env_kwargs={"g": 20})) for seed in (0, 1)]
    *_, text = drawn(*heavy)
    assert text.startswith('Pendulum-v1 {"g": 20}, return, ')
    *_, labels, text = drawn(*heavy, run())
    assert text.startswith("Pendulum-v1, return, ")
    assert labels[1].startswith('env_kwargs = {"g": 20}: ')
