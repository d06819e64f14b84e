"""Settings as JSON: --env-kwargs, and --config with the settings of an earlier run."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pendulums import GEARED, Geared

from minddpg import Config, train
from minddpg.cli import main
from minddpg.training.run_dir import note

TINY = Config(
    GEARED, total_steps=20, warmup_steps=10, eval_every=20, eval_episodes=1, hidden_sizes=(4,),
    batch_size=4, env_kwargs={"gain": 2},
)  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Return a folder with a run, a run that records a bug, and a file with only settings."""
    folder = tmp_path_factory.mktemp("runs")
    train(TINY, folder / "run", progress=False)
    shutil.copytree(folder / "run", folder / "with_bug")
    settings = json.loads((folder / "run" / "config.json").read_text())
    settings["versions"]["bug"] = "actor-sign"
    (folder / "with_bug" / "config.json").write_text(json.dumps(settings))
    (folder / "settings.json").write_text(TINY.to_json())
    return folder


@pytest.fixture
def asked(runs, monkeypatch):
    """Return a function that calls `train` with arguments, and returns what it would train."""
    monkeypatch.chdir(runs)
    monkeypatch.setattr(sys, "path", [*sys.path])
    configs = []

    def no_train(config, *_, **__):
        configs.append((config, note("bug")))
        raise ValueError("not today")

    def settings(*arguments):
        monkeypatch.setattr("minddpg.training.loop.train", no_train)
        assert main(["train", *arguments, "--run-dir", "new", "--quiet"]) == 1
        config, bug = configs.pop()
        return (config, bug) if bug else config

    return settings


def failed(capsys, *arguments):
    """Run a command that must fail with one line; return it."""
    assert main([*arguments, "--quiet"]) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("minddpg: error: ")
    return error


def test_a_runs_folder_its_config_json_and_a_file_of_settings_give_the_same_settings(asked):
    for source in ("run", "run/config.json", "settings.json"):
        assert asked("--config", source) == TINY, source


def test_a_flag_wins_over_the_file_before_it_and_behind_it(asked):
    wanted = replace(TINY, seed=3, tau=0.5)
    assert asked("--config", "run", "--seed", "3", "--tau", "0.5") == wanted
    assert asked("--seed", "3", "--tau", "0.5", "--config", "run") == wanted
    kwargs = ["--env-kwargs", '{"gain": 5}']
    assert asked("--config", "run", *kwargs).env_kwargs == {"gain": 5}
    plain = ["--env-kwargs", "{}"]
    assert asked("--config", "run", "Pendulum-v1", *plain).env_id == "Pendulum-v1"
    assert asked("--config", "run", "--env-id", "Pendulum-v1", *plain).env_kwargs == {}


def test_arguments_of_the_environment_reach_training_evaluate_and_watch(
    runs, tmp_path, monkeypatch, capsys, no_figure
):
    watched = []
    monkeypatch.setattr(
        "minddpg.training.video.record", lambda *arguments: watched.append(arguments) or (0.0, 0)
    )
    monkeypatch.setattr(Geared, "given", [])
    kwargs = ["--env-kwargs", '{"gain": 3, "parts": ["ä"]}']
    shutil.copy(runs / "settings.json", tmp_path)
    assert main(["train", "--config", "settings.json", *kwargs, "--run-dir", "new", "--quiet"]) == 0
    assert main(["evaluate", "new", "--episodes", "1"]) == 0
    assert Geared.given == [(3, ["ä"])] * 3  # of training, of its evaluations, of the last command
    assert f'{GEARED} {{"gain": 3, "parts": ["\\u00e4"]}}, last policy' in capsys.readouterr().out
    assert main(["watch", "new"]) == 0
    assert watched[0][-1] == {"gain": 3, "parts": ["ä"]}


@pytest.mark.filterwarnings("default:.*is of a run with the bug")
def test_a_bug_that_the_file_names_is_not_planted_and_that_is_said(asked, capsys):
    assert asked("--config", "with_bug") == TINY
    file = Path("with_bug", "config.json")
    warning = f"{file} is of a run with the bug actor-sign, and this run does not have it"
    assert f"warning: {warning}; --bug actor-sign plants it\n" in capsys.readouterr().err
    assert asked("--config", "with_bug", "--bug", "actor-sign") == (TINY, "actor-sign")
    assert "is without it" not in capsys.readouterr().err


def test_the_settings_of_a_run_with_a_bug_are_those_of_the_run_not_of_the_bug(asked, runs):
    file = runs / "with_ou.json"
    chosen = replace(TINY, noise="ou", noise_scale=0.5)
    saved = {"config": json.loads(chosen.to_json()), "versions": {"bug": "ou-uniform"}}
    file.write_text(json.dumps(saved))
    again = ("--config", file.name, "--bug", "ou-uniform")
    assert asked(*again) == (chosen, "ou-uniform")
    assert asked(*again, "--noise-scale", "0.1")[0].noise_scale == 0.1
    assert asked("--config", "run", "--bug", "ou-uniform")[0].noise == "ou"


def test_what_is_no_file_of_settings_is_refused_with_its_name(asked, tmp_path, capsys):
    for text, words in (
        ("{", "not JSON"),
        ("[1]", "not an object"),
        ('{"tau": 1, "tau": 1}', "'tau' is in it twice"),
        ('{"config": {"discont": 1}}', "discont: unknown setting; did you mean discount?"),
        ('{"tau": 7}', "tau = 7: must be a number in (0, 1]"),
        ('{"config": 3}', "config: unknown setting"),
    ):
        (tmp_path / "file.json").write_text(text)
        error = failed(capsys, "train", "--config", str(tmp_path / "file.json"))
        assert f"{tmp_path / 'file.json'}: " in error, text
        assert words in error, (text, error)
    for missing in ("nowhere", str(tmp_path)):
        assert "No such file" in failed(capsys, "train", "--config", missing)
    assert "tau = 7.0: must be" in failed(capsys, "train", "--config", "run", "--tau", "7")


def test_the_quoting_of_json_is_shown_for_each_kind_of_shell(capsys):
    for given in ("'{gain:", "2", "{'gain': 2}", "x" * 99):
        with pytest.raises(SystemExit) as caught:
            main(["train", "--env-kwargs", given])
        assert caught.value.code == 2
        error = capsys.readouterr().err.splitlines()[-1]
        for shown in (r"""'{"gain": 2}'""", r'"{\"gain\": 2}"', r"""'{\"gain\": 2}'"""):
            assert shown in error, given
        assert len(error) < 350


def test_values_of_the_environments_arguments_are_refused_like_other_settings(capsys):
    for given, words in (
        ('{"gain": NaN}', "env_kwargs['gain'] = nan: a number must be finite"),
        ('{"render_mode": "human"}', "env_kwargs['render_mode']: leave it out"),
        ('{"gian": 2}', f"env_kwargs: {GEARED} takes no argument 'gian'; did you mean 'gain'?"),
    ):
        assert words in failed(capsys, "train", GEARED, "--env-kwargs", given)


def test_a_module_that_the_file_names_is_announced_or_refused(asked, capsys):
    module = sys.modules.pop("pendulums")
    try:
        error = failed(capsys, "train", "--config", "run", "--no-env-import")
        file = Path("run", "config.json")
        assert f"{file}: its env_id pendulums:Geared-v0 would import pendulums" in error
        assert "pendulums" not in sys.modules
    finally:
        sys.modules["pendulums"] = module
    asked("--config", "run")
    assert "importing pendulums (" in capsys.readouterr().err
    asked("--config", "run", GEARED)  # the user named it
    assert "importing" not in capsys.readouterr().err
