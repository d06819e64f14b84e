"""`minddpg export` writes a run's policy beside it, and makes no environment."""

import runpy
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers import make_agent, randomise

from minddpg.cli import main
from minddpg.training.run_dir import write_config
from minddpg.verification.bugs import planted

RUN = Path("run")
CODE = RUN / "export" / "policy.py"
OBS = np.array([0.3, -0.2, 0.1, 0.9])


@pytest.fixture
def agents(rng):
    """The best and the last policy of a run in RUN, with an environment that is not installed."""
    RUN.mkdir()
    both = {}
    for policy, name in (("best", "best_policy.npz"), ("last", "policy.npz")):
        both[policy] = make_agent(rng, env_id="no_such_module:Tank-v0", seed=3)
        randomise(both[policy], rng)
        both[policy].save(RUN / name)
    write_config(RUN, both["last"].config)
    results = np.array([[1.0, 3.0], [2.5, 3.5], [0.0, 1.0]])
    steps = np.array([500, 1_000, 1_500])
    np.savez(RUN / "evaluations.npz", timesteps=steps, results=results, ep_lengths=[[9, 9]] * 3)
    return both


def exported():
    return runpy.run_path(str(CODE))["predict"](OBS).tobytes()


def test_the_best_policy_is_exported_or_the_last_and_replaced_only_when_asked(agents, capsys):
    best, last = (agents[name].predict(OBS)[0].tobytes() for name in ("best", "last"))
    assert main(["export", "run"]) == 0
    assert exported() == best
    origin = "The best policy of a run on no_such_module:Tank-v0, seed 3, from step 1,000."
    origin += " Its return was 3.0, the mean of 2 episodes without noise."
    files = f"policy         {CODE}\nits numbers    {CODE.with_suffix('.npz')}\n"
    assert capsys.readouterr() == (f"{origin}\n{files}", "")
    assert origin.split(". ")[0] in " ".join(CODE.read_text().split())
    assert main(["export", "run", "--last"]) == 1
    refused = f"minddpg: error: {CODE} exists: replace it with overwrite (--overwrite)\n"
    assert capsys.readouterr() == ("", refused)
    assert exported() == best
    assert main(["export", "run", "--last", "--overwrite"]) == 0
    assert exported() == last
    assert "The last policy" in capsys.readouterr().out
    assert main(["export", "run", "--policy", "last", "--out", "robot"]) == 0
    robot = Path("robot", "policy.py")
    assert runpy.run_path(str(robot))["predict"](OBS).tobytes() == last
    Path("file").touch()
    for out in ("file", "file/inside"):
        assert main(["export", "run", "--out", out]) == 1
        said = capsys.readouterr().err
        assert said == "minddpg: error: file is a file, not a folder: choose another name\n"
    assert "no_such_module" not in sys.modules


def test_export_and_plot_break_their_lines_between_words_on_a_narrow_terminal(
    agents, terminal, monkeypatch
):
    text = "Tank-v0, return:\ntau = 0.1: IQM -12.5 (about 95 %: -13.5 to -11.5), mean -12.4"
    monkeypatch.setattr("minddpg.experiments.compare_runs.compare_runs", lambda *_: text)
    shutil.copytree(RUN, "other")
    for command in (["export", "run"], ["plot", "run", "other"]):
        screen = terminal(40)
        assert main(command) == 0
        assert len(screen.shown()) > 3
        assert screen.widest < 40


def test_a_bug_is_named_and_one_that_changes_how_the_agent_acts_is_refused(agents, capsys):
    config = agents["best"].config
    with planted("action-scale"):
        write_config(RUN, config)
    assert main(["export", "run"]) == 1
    assert "minddpg: error: this policy cannot be exported" in capsys.readouterr().err
    assert not CODE.parent.exists()
    with planted("mask-missing"):
        write_config(RUN, config)
    assert main(["export", "run"]) == 0
    assert "It was trained with the planted bug mask-missing." in capsys.readouterr().out
    assert "planted bug mask-missing" in " ".join(CODE.read_text().split())


def test_a_run_without_that_policy_says_when_it_will_be_there(rng, capsys):
    RUN.mkdir()
    write_config(RUN, make_agent(rng).config)
    for eval_every, flags, when in (
        (1_000, [], "best_policy.npz is not there: it is written at the first evaluation"),
        (0, [], "it is written at evaluations, and eval_every = 0: use --policy last"),
        (0, ["--last"], "policy.npz is not there: it is written at the first evaluation or chec"),
    ):
        write_config(RUN, make_agent(rng, eval_every=eval_every).config)
        assert main(["export", "run", *flags]) == 1
        assert when in capsys.readouterr().err
    assert main(["export", "elsewhere"]) == 1
    path, why = Path("elsewhere/config.json"), "not there: this is not a run folder"
    message = f"minddpg: error: {path}: {why}; minddpg train makes one\n"
    assert capsys.readouterr().err == message
