"""Every number that the command line prints equals the number computed in another way."""

import csv
import os
import re
import shutil
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.classic_control.pendulum import PendulumEnv
from PIL import ImageDraw

from minddpg import DDPG, evaluate, resume
from minddpg.cli import main
from minddpg.experiments import run_named
from minddpg.experiments.yardsticks import load_exact
from minddpg.training import video
from minddpg.verification import lqr

UNEVEN = "minddpg-tests/Uneven-v0"
TRAIN = ["train", UNEVEN, "--steps", "300", "--warmup-steps", "100", "--eval-every", "40"]
TRAIN += ["--eval-episodes", "3", "--hidden-sizes", "8", "6", "--batch-size", "16"]
TRAIN += ["--seed", "1", "--actor-learning-rate", "0.02", "--critic-learning-rate", "0.02"]


class Uneven(PendulumEnv):
    """A pendulum whose episodes have 10 steps, or 13 if they begin in the left half."""

    def reset(self, *, seed=None, options=None):
        obs, info = super().reset(seed=seed, options=options)
        self.left = 10 if obs[0] > 0 else 13
        return obs, info

    def step(self, action):
        obs, reward, _, _, info = super().step(action)
        self.left -= 1
        return obs, reward, self.left == 0, False, info


gym.register(UNEVEN, entry_point=Uneven, max_episode_steps=50)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run folder, and the output of `train`."""
    folder = tmp_path_factory.mktemp("runs") / "one"
    with pytest.MonkeyPatch.context() as patch:
        printed = []
        patch.setattr("minddpg.cli.summary.report", printed.append)
        assert main([*TRAIN, "--run-dir", str(folder)]) == 0
    written = {path: path.read_bytes() for path in folder.iterdir()}
    yield SimpleNamespace(folder=folder, printed=printed)
    assert [path for path in written if path.read_bytes() != written[path]] == []


def episode(policy, seed):
    """Play an episode with Gymnasium alone; return its return and its length."""
    agent = DDPG.load(policy)
    with closing(gym.make(UNEVEN)) as env:
        obs, _ = env.reset(seed=seed)
        total, ended, steps = 0.0, False, 0
        while not ended:
            action, _ = agent.predict(obs, deterministic=True)
            obs, reward, terminated, truncated, _ = env.step(action)
            total, ended, steps = total + float(reward), terminated or truncated, steps + 1
    return total, steps


def shown(number):
    """Format a number like the commands: one decimal, or three digits below 1."""
    return f"{number:.3g}" if 0 < abs(number) < 1 else f"{number:.1f}"


def evaluations(folder):
    """The mean returns of a run's evaluations, from the rewards of progress.csv."""
    with open(folder / "progress.csv", newline="") as file:
        column = [row["eval/mean_reward"] for row in csv.DictReader(file)]
    return [float(cell) for cell in column if cell]


def test_train_prints_the_last_and_the_best_return(trained):
    first, *_, last = means = evaluations(trained.folder)
    assert len({f"{mean:.1f}" for mean in (first, means[-2], last, max(means), min(means))}) == 5
    assert trained.printed == [
        f"last policy    return {shown(last)}   {trained.folder / 'policy.npz'}",
        f"best policy    return {shown(max(means))}   {trained.folder / 'best_policy.npz'}",
        f"learning curve {trained.folder / 'learning_curve.png'}",
    ]
    saved = np.load(trained.folder / "evaluations.npz")
    assert np.allclose(saved["results"].mean(axis=1), means)


def test_on_pendulum_train_prints_what_an_exact_and_a_random_policy_have_on_its_starts(
    tmp_path, capsys
):
    train = ["train", "--steps", "70", "--warmup-steps", "65", "--hidden-sizes", "8"]
    assert main([*train, "--eval-episodes", "2", "--run-dir", str(tmp_path / "run")]) == 0
    line = "for comparison exact policy (-.+), random about (-.+0), on the same starts"
    found = re.fullmatch(line, capsys.readouterr().out.splitlines()[2])
    exact, random = map(float, found.groups())
    first = resume(tmp_path / "run", progress=False).eval_seed
    assert exact == pytest.approx(evaluate(load_exact(), "Pendulum-v1", 2, first).mean, abs=0.1)
    assert exact - 2_000 < random < exact - 500


def test_evaluate_prints_the_numbers_of_these_episodes_of_this_policy(trained, capsys):
    for policy, file, seed, count in (
        ("last", "policy.npz", 10_000, 20),  # the defaults
        ("best", "best_policy.npz", 7, 5),
        ("last", "policy.npz", 0, 1),
    ):
        played = [episode(trained.folder / file, seed + i) for i in range(count)]
        returns, lengths = zip(*played, strict=True)
        mean = sum(returns) / count
        spread = (sum((each - mean) ** 2 for each in returns) / count) ** 0.5
        flags = [] if count == 20 else ["--policy", policy, "--seed", seed, "--episodes", count]
        assert main(["evaluate", str(trained.folder), *map(str, flags)]) == 0
        episodes = "1 episode" if count == 1 else f"{count} episodes"
        assert capsys.readouterr().out == (
            f"{UNEVEN}, {policy} policy, {episodes} from seed {seed}: return {shown(mean)}"
            f" ± {shown(spread)} (standard deviation over episodes), from {shown(min(returns))} to"
            f" {shown(max(returns))}; {sum(lengths) / count:.0f} steps each on average\n"
        )
    assert returns[0] != episode(trained.folder / "best_policy.npz", 0)[0]


def test_watch_films_the_episode_of_this_seed_and_policy_and_writes_its_return(
    trained, capsys, monkeypatch, tmp_path
):
    captions = []

    def text(self, place, caption, **_):
        captions.append(caption)

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)
    monkeypatch.setattr(video, "record", video.record_here)
    for flags, file, seed, path in (
        ([], "policy.npz", 10_000, trained.folder / "last.gif"),
        (["--policy", "best", "--seed", "3"], "best_policy.npz", 3, trained.folder / "best.gif"),
        (["--gif", "my.gif", "--seed", "3"], "policy.npz", 3, Path("my.gif")),
    ):
        total, steps = episode(trained.folder / file, seed)
        captions.clear()
        assert main(["watch", str(trained.folder), *flags]) == 0
        assert capsys.readouterr().out == f"{path}: {steps} steps, return {shown(total)}\n"
        assert path.stat().st_size > 1000
        numbers = [
            [float(part) for part in caption.split() if part[-1].isdigit()] for caption in captions
        ]
        assert [step for step, _, _ in numbers] == list(range(steps + 1))
        assert np.allclose([returns for _, _, returns in numbers][-1], total, atol=0.051)
        rewards = np.array([reward for _, reward, _ in numbers])
        assert np.allclose(np.cumsum(rewards), [each for _, _, each in numbers], atol=0.2)


def test_the_picture_is_drawn_again_after_a_longer_run(trained, tmp_path, capsys):
    shutil.copytree(trained.folder, tmp_path / "run")
    before = (tmp_path / "run" / "learning_curve.png").read_bytes()
    assert main(["resume", "run"]) == 0  # a finished run: its results, and the same picture
    assert capsys.readouterr().out.splitlines()[0].startswith("last policy    return ")
    assert (tmp_path / "run" / "learning_curve.png").read_bytes() == before
    later = time.time() + 86_400  # from another machine's disk, or before the clock was set back
    os.utime("run/learning_curve.png", (later, later))
    assert main(["resume", "run", "--steps", "60", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / "run" / "learning_curve.png").read_bytes() != before
    assert len(evaluations(tmp_path / "run")) == len(evaluations(trained.folder)) + 2  # 320, 360
    with open("run/progress.csv", newline="") as file:
        assert list(csv.DictReader(file))[-1]["time/total_timesteps"] == "360"


def test_a_study_gets_the_seeds_steps_jobs_and_folder_that_were_asked_for(monkeypatch, capsys):
    asked = []

    def run_named_study(name, folder, seeds, jobs, **options):
        asked.append((name, folder, list(seeds), jobs, options["changes"], options["progress"]))
        return "the table"

    monkeypatch.setattr(run_named, "run_named_study", run_named_study)
    own = run_named.find_study("tau").seeds
    flags = "--seeds 3 --first-seed 7 --steps 90 --jobs 2 --dir here --quiet"
    for arguments, expected in (
        ("", (Path("runs/study-tau"), list(range(1000, 1000 + own)), None, {}, True)),
        (flags, (Path("here"), [7, 8, 9], 2, {"total_steps": 90}, False)),
    ):
        assert main(["study", "tau", *arguments.split()]) == 0
        assert asked.pop() == ("tau", *expected)
        folder = expected[0]
        lines = ["the table", f"table  {folder / 'table.md'}", f"figure {folder / 'figure.png'}"]
        assert capsys.readouterr().out.splitlines() == lines


def test_plot_writes_where_it_says(trained, capsys, monkeypatch, tmp_path):
    def draw(run, path):
        path.write_text(f"one run, {run}")
        return path

    def compare(runs, path):
        path.write_text(" ".join(map(str, runs)))
        return "the returns"

    monkeypatch.setattr("minddpg.training.run_dir.read_config", lambda run: None)
    monkeypatch.setattr("minddpg.training.plots.learning_curve", draw)
    monkeypatch.setattr("minddpg.experiments.compare_runs.compare_runs", compare)
    shutil.copytree(trained.folder, tmp_path / "one")
    one, inside, beside = str(tmp_path / "one"), tmp_path / "a" / "b", "learning_curves.png"
    inside.mkdir(parents=True)
    for folder, arguments, path, written in (
        (tmp_path, [one], Path(one, "learning_curve.png"), f"one run, {one}"),
        (tmp_path, [one, "--out", "mine.png"], Path("mine.png"), f"one run, {one}"),
        (tmp_path, ["a/x", one], Path("a", beside), f"{Path('a/x')} {one}"),
        (tmp_path, ["b/", "a/x", "--out", "ours.png"], Path("ours.png"), f"b {Path('a/x')}"),
        (tmp_path, ["a", "b"], Path(beside), "a b"),
        (inside, [".", "x"], tmp_path / "a" / beside, ". x"),
        (inside, ["..", "x"], tmp_path / beside, ".. x"),
    ):
        monkeypatch.chdir(folder)
        path.unlink(missing_ok=True)
        assert main(["plot", *arguments]) == 0, arguments
        returns = "" if written.startswith("one run") else "the returns\n"
        assert capsys.readouterr().out == f"{returns}{path}\n", arguments
        assert path.read_text() == written, arguments


def test_plot_replaces_only_what_it_may_and_passes_its_own_picture_by(capsys, monkeypatch):
    drawn = []
    monkeypatch.setattr("minddpg.training.run_dir.read_config", lambda run: None)
    monkeypatch.setattr(
        "minddpg.experiments.compare_runs.compare_runs",
        lambda runs, path: drawn.append([str(run) for run in runs]) or "",
    )
    Path("runs").mkdir()
    Path("runs/learning_curves.png").touch()
    given = ["runs/a", "runs/b", "runs/learning_curves.png"]  # the shell's runs/*
    assert main(["plot", *given]) == 1
    message = capsys.readouterr().err
    assert "runs/learning_curves.png exists" in message.replace("\\", "/")
    assert drawn == []
    assert main(["plot", *given, "--overwrite"]) == 0
    assert drawn == [[str(Path(each)) for each in given[:2]]]


def test_check_truth_fails_if_a_row_fails(monkeypatch, capsys):
    rows = lqr.check_truth()
    for failed in (False, True):
        found = [replace(rows[0], reference=rows[0].reference + failed), *rows[1:]]
        monkeypatch.setattr(lqr, "check_truth", lambda found=found: found)
        assert main(["check", "--truth"]) == failed
        assert (capsys.readouterr().out.count("FAILED") > 0) == failed


def test_a_number_below_its_least_is_refused_with_flag_and_value(trained, capsys):
    run = str(trained.folder)
    for arguments, flag, value, least in (
        (["evaluate", run], "--episodes", 0, 1),
        (["evaluate", run], "--seed", -1, 0),
        (["watch", run], "--seed", -2, 0),
        (["resume", run], "--steps", -5, 0),
        (["study", "tau"], "--seeds", 0, 1),
        (["study", "tau"], "--first-seed", -3, 0),
    ):
        assert main([*arguments, flag, str(value)]) == 1
        line = f"minddpg: error: {flag} = {value}: must be at least {least}\n"
        assert capsys.readouterr() == ("", line)
    assert not list(Path().iterdir())
