"""Suggestions after a mistyped option, command or value, or a name from another library."""

import re
from pathlib import Path

import pytest

from minddpg.cli import main
from minddpg.cli.parser import COMMANDS, parser
from minddpg.cli.suggestions import ABSENT, MOST, OTHER_COMMANDS, OTHER_OPTIONS, unknown_option
from minddpg.experiments.named_studies import STUDIES

(group,) = parser()._subparsers._group_actions
OPTIONS = {name: set(each._option_string_actions) for name, each in group.choices.items()}
SAID = {  # a command line: its error after the name of the program
    "train --taau 2": "--taau: unknown option; did you mean --tau?",
    "train --Tau=2": "--Tau: unknown option; did you mean --tau?",
    "train --batch_size 2": "--batch_size: unknown option; did you mean --batch-size?",
    "train --see 2": "--see: unknown option; did you mean --seed?",
    "train --hidden 2": "--hidden: unknown option; did you mean --hidden-sizes?",
    "train --gamma 0.9": "--gamma: unknown option; use --discount",
    "train --gamma=0.9": "--gamma: unknown option; use --discount",
    "train --lr 1e-3 --gamma 0.9":
        "--lr: unknown option; use --actor-learning-rate and --critic-learning-rate",
    "train --polyak 0.995": "--polyak: unknown option; use --tau, which is 1 − polyak",
    "train --device cpu": "--device: unknown option; NumPy computes on the processor",
    "train -n 5": "-n: unknown option; use --steps",
    "train -lr 1":
        "-lr: unknown option; use --actor-learning-rate and --critic-learning-rate",
    "train --episodes 9": "--episodes: unknown option; use --steps, of the whole run",
    "evaluate r --n_episodes 9": "--n_episodes: unknown option; use --episodes",
    "train --max-episode-steps 9": "--max-episode-steps: unknown option; the environment sets its"
        " time limit, as max_episode_steps",
    "train --n-eval-episodes 5": "--n-eval-episodes: unknown option; use --eval-episodes",
    "evaluate --n-eval-episodes 5": "--n-eval-episodes: unknown option; use --episodes",
    "evaluate r --tau 1": "--tau: unknown option; it is an option of train",
    "evaluate r --gamma 1": "--gamma: unknown option; --discount is an option of train",
    "study --seed 3 tau": "--seed: unknown option; use --first-seed, or --seeds for their number",
    "resume r --seed 3":
        "--seed: unknown option; it is an option of train; a resumed run keeps its settings",
    "resume r --gamma 1":
        "--gamma: unknown option; --discount is an option of train; a resumed run keeps its"
        " settings",
    "train --start_timesteps 9": "--start_timesteps: unknown option; use --warmup-steps",
    "train --policy_noise 1":
        "--policy_noise: unknown option; it is a setting of TD3; DDPG has no such noise",
    "train --reward-scale 1":
        "--reward-scale: unknown option; scale the rewards in the environment, by Gymnasium's"
        " wrapper TransformReward",
    "study tau --output-dir d": "--output-dir: unknown option; use --dir",
    "train --batch-norm false": "--batch-norm takes no value; write --no-batch-norm",
    "train --batch-norm=1": "--batch-norm takes no value; write --batch-norm",
    "train --quiet=true": "--quiet takes no value; write --quiet",
    "train —seed 1": "—seed begins with a long dash; write --seed",
    "train --version": "--version: unknown option; write minddpg --version",
    "train -help": "-help: unknown option; write minddpg train --help",
    "--Version": "--Version: write minddpg --version",
    "-help": "-help: write minddpg COMMAND --help",
    "version": "version: unknown command; write minddpg --version",
    "grade --points .": "argument --points: . is a folder; write it before --points",
    "bench --xyz": "--xyz: unknown option; minddpg bench --help lists all",
    "trian": "trian: unknown command; did you mean train?",
    "enjoy": "enjoy: unknown command; use watch",
    "help trian": "trian: unknown command; did you mean train?",
    "Pendulum-v1": "Pendulum-v1: unknown command; an environment comes after a command:"
        " minddpg train Pendulum-v1",
    "xyzzy": f"xyzzy: unknown command; the commands are {', '.join(COMMANDS)}",
    "--quiet train": "--quiet: options come after the command: minddpg train --quiet",
    "train --noise pink": "argument --noise: 'pink' is unknown; choose from gaussian, ou, none",
    "train --preset pendulm":
        "argument --preset: 'pendulm' is unknown; did you mean pendulum?",
    "study tao": "argument NAME: 'tao' is unknown; did you mean tau?",
    "study xyzzy": f"argument NAME: 'xyzzy' is unknown; choose from {', '.join(STUDIES)}",
    "train A B": "too many arguments: B",
    "train A 6000": "too many arguments: 6000; write --steps 6000",
    "check 6000": "too many arguments: 6000",
    "train --steps 1e5":
        "argument --steps/--total-steps: '1e5' is not a whole number; write 100000",
    "train --seed 1.5": "argument --seed: '1.5' is not a whole number",
    "train --seed inf": "argument --seed: 'inf' is not a whole number",
    "train --hidden-sizes 64,64":
        "argument --hidden-sizes: '64,64' is not a whole number; leave out commas, as in 12000 and"
        " in 64 64",
    "train --tau 0,5": "argument --tau: '0,5' is not a number; write 0.5",
    "train --tau fast": "argument --tau: 'fast' is not a number",
}  # fmt: skip


def error_of(words, capsys):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2, words
    return capsys.readouterr().err.splitlines()[-1].partition(" error: ")[2]


def test_an_error_says_what_to_write_instead(capsys):
    found = {line: error_of(line.split(), capsys) for line in SAID}
    assert found == SAID


def test_what_only_looks_like_an_option_is_none(capsys):
    assert main(["evaluate", "--seed", "-1", "nowhere"]) == 1
    assert "--seed = -1: must be at least 0" in capsys.readouterr().err
    assert main(["evaluate", "--", "--nowhere"]) == 1
    err = capsys.readouterr().err
    assert f"{Path('--nowhere/config.json')}: not there: this is not a run folder" in err


def test_each_other_name_leads_to_an_option_of_the_command_or_to_a_command_that_has_it():
    everything = set.union(*OPTIONS.values())
    for ours, theirs in OTHER_OPTIONS.items():
        first, *more = re.findall(r"--[a-z-]+", ours)
        assert ours.startswith(first)
        assert {first, *more} <= everything, ours
        for name in theirs.split():
            for command in [each for each, own in OPTIONS.items() if name not in own]:
                hint = unknown_option(name, command, OPTIONS).partition("; ")[2]
                if first in OPTIONS[command]:
                    assert re.match(r"use (--[a-z-]+)", hint)[1] in OPTIONS[command], (name, hint)
                else:
                    assert hint.startswith("use --") or "is an option of" in hint, (name, hint)


def test_what_is_absent_or_named_otherwise_is_not_there():
    for why, theirs in ABSENT.items():
        assert set(re.findall(r"minddpg ([a-z]+)", why)) <= set(COMMANDS), why
        assert not OPTIONS["train"] & set(theirs.split()), why
    assert set(OTHER_COMMANDS) <= set(COMMANDS)
    assert not set(" ".join(OTHER_COMMANDS.values()).split()) & set(COMMANDS)
    for table in (OTHER_OPTIONS, ABSENT, OTHER_COMMANDS):
        assert all(table.values())


def test_an_error_suggests_a_few_names_at_most(capsys):
    for line in ("train --e 1", "train --s 1", "train --no 1", "study figure"):
        _, _, names = error_of(line.split(), capsys).partition("; did you mean ")
        assert 1 < len(re.split(", | or ", names)) <= MOST, line
