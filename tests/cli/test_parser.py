"""The arguments of the command line: what a command receives, and what `--help` says."""

import argparse
import re
from datetime import datetime
from pathlib import Path

import pytest

import minddpg
from minddpg import Config
from minddpg.cli import main
from minddpg.cli.parser import COMMANDS, SITE, START, parse, parser
from minddpg.cli.settings import json_object
from minddpg.experiments.named_studies import STUDIES

SETTINGS = set(vars(Config()))
CAPITALS = {
    "CSV",
    "GIF",
    "JSON",
    "PNG",
    "PDF",
    "SVG",
    "HTML",
    "NumPy",
    "Name",
    "Box",
    "Moodle",
    "Canvas",
}
CAPITALS |= {"N", "RUN", "POLICY", "NAME", "FOLDER", "J", "T"}
GRADE = {
    "timeout": 120.0, "memory": 4.0, "jobs": None, "exercises": None, "out": None,
    "overwrite": False, "quiet": False, "cell_timeout": 60.0, "points": None, "gradebook": None,
    "column": "", "due": None, "feedback": None,
}  # fmt: skip
STUDY = {
    "seeds": None, "first_seed": None, "jobs": None, "total_steps": None, "dir": None,
    "overwrite": False, "redraw": False, "quiet": False,
}  # fmt: skip
CHECK = {
    "bugs": False, "truth": False, "exercises": None, "verbose": False, "jobs": None, "json": False,
}  # fmt: skip
TRAIN = {
    "env": None, "preset": None, "config": None, "run_dir": None, "overwrite": False,
    "quiet": False, "bug": "", "env_import": True,
}  # fmt: skip
GIVEN = {  # a command line: the arguments of its command besides `command` and `debug`
    "train": TRAIN,
    "train A-v0 --preset paper --run-dir d --overwrite --quiet --bug b --steps 7": {
        "env": "A-v0", "preset": "paper", "config": None, "run_dir": Path("d"), "overwrite": True,
        "quiet": True, "bug": "b", "total_steps": 7, "env_import": True,
    },
    """train --config r --no-env-import --env-kwargs {"gain":[2,null]}""":
        TRAIN | {"config": Path("r"), "env_import": False, "env_kwargs": {"gain": [2, None]}},
    "train --total-steps 7 --hidden-sizes 5 6 --tau 1 --batch-norm --no-normalize-obs --noise ou":
        TRAIN | {"total_steps": 7, "hidden_sizes": [5, 6], "tau": 1.0, "batch_norm": True,
                 "normalize_obs": False, "noise": "ou"},
    "resume r": {"run": Path("r"), "steps": 0, "env_import": True, "quiet": False},
    "resume r --steps 9 --no-env-import --quiet":
        {"run": Path("r"), "steps": 9, "env_import": False, "quiet": True},
    "evaluate r": {
        "run": Path("r"), "policy": "last", "episodes": 20, "seed": 10_000, "env_import": True,
        "json": False,
    },
    "evaluate r --policy best --episodes 3 --seed 4 --no-env-import --json": {
        "run": Path("r"), "policy": "best", "episodes": 3, "seed": 4, "env_import": False,
        "json": True,
    },
    "watch r": {
        "run": Path("r"), "policy": "last", "seed": 10_000, "gif": None, "overwrite": False,
        "env_import": True,
    },
    "watch r --policy best --seed 4 --gif g.gif --overwrite --no-env-import": {
        "run": Path("r"), "policy": "best", "seed": 4, "gif": Path("g.gif"), "overwrite": True,
        "env_import": False,
    },
    "export r": {"run": Path("r"), "policy": "best", "out": None, "overwrite": False},
    "export r --last --overwrite":
        {"run": Path("r"), "policy": "last", "out": None, "overwrite": True},
    "export r --policy last --out d":
        {"run": Path("r"), "policy": "last", "out": Path("d"), "overwrite": False},
    "plot a b": {"runs": [Path("a"), Path("b")], "out": None, "overwrite": False},
    "plot a --out f.png --overwrite":
        {"runs": [Path("a")], "out": Path("f.png"), "overwrite": True},
    "study tau": {"name": "tau"} | STUDY,
    "study tau --seeds 3 --first-seed 5 --jobs 2 --total-steps 9 --dir d --overwrite --quiet":
        {"name": "tau"} | STUDY | {"seeds": 3, "first_seed": 5, "jobs": 2, "total_steps": 9,
                                   "dir": Path("d"), "overwrite": True, "quiet": True},
    "study tau --steps 9 --redraw": {"name": "tau"} | STUDY | {"total_steps": 9, "redraw": True},
    "check": CHECK,
    "check --bugs": CHECK | {"bugs": True},
    "check --truth --json": CHECK | {"truth": True, "json": True},
    "check --exercises": CHECK | {"exercises": []},
    "check --exercises 01.1 02.3 --verbose --jobs 2":
        CHECK | {"exercises": ["01.1", "02.3"], "verbose": True, "jobs": 2},
    "grade f": {"folder": Path("f")} | GRADE,
    "grade f --timeout 9.5 --memory 0 --jobs 2 --exercises e --out o.csv --overwrite --quiet": {
        "folder": Path("f"), "timeout": 9.5, "memory": 0.0, "jobs": 2, "exercises": Path("e"),
        "out": Path("o.csv"), "overwrite": True, "quiet": True, "cell_timeout": 60.0,
        **dict.fromkeys(("points", "gradebook", "due", "feedback")), "column": "",
    },
    "grade f --points": {"folder": Path("f")} | GRADE | {"points": True},
    "grade f --points p --gradebook g --column c --due 2026-11-29T23:59 --feedback d":
        {"folder": Path("f")} | GRADE | {
            "points": Path("p"), "gradebook": Path("g"), "column": "c",
            "due": datetime(2026, 11, 29, 23, 59), "feedback": Path("d"),
        },
    "bench": {"growth": None, "overwrite": False},
    "bench --growth f.png --overwrite": {"growth": Path("f.png"), "overwrite": True},
}  # fmt: skip
REFUSED = (
    "nothing", "train --see 3", "train A B", "train --preset p", "train --steps x",
    "train --steps 1.5", "train --tau x", "train --preset paper --config r",
    "train --env-kwargs {gain:2}", """train --env-kwargs {"a":1,"a":2}""",
    "train --env-kwargs 3", "train --env-kwargs " + 9_999 * "[",
    "train --noise x", "train --hidden-sizes", "resume", "resume r --steps x", "evaluate",
    "evaluate r --policy x", "evaluate r --episodes x", "evaluate r --seed x", "watch r --seed x",
    "export", "plot", "study", "study x", "study tau --seeds x", "study tau --first-seed x",
    "study tau --jobs x", "study tau --steps x", "check --bugs --truth",
    "check --truth --exercises", "check --jobs x", "grade", "grade f --timeout x",
    "grade f --memory x", "grade f --jobs x", "grade f --due soon",
)  # fmt: skip
NO_PATHS = (
    ["train", "--run-dir"], ["train", "--config"], ["resume"], ["evaluate"], ["watch"],
    ["watch", "r", "--gif"], ["plot"], ["plot", "r", "--out"], ["study", "tau", "--dir"],
    ["grade"], ["grade", "f", "--out"],
    ["grade", "f", "--exercises"], ["grade", "f", "--points"], ["grade", "f", "--gradebook"],
    ["grade", "f", "--feedback"], ["export"], ["bench", "--growth"],
)  # fmt: skip


def test_a_command_gets_each_argument_as_what_it_is_and_a_default_for_each_that_is_not_given():
    for line, wanted in GIVEN.items():
        words = line.split()
        for debug in ([], ["--debug"]):
            found = vars(parse(words + debug))
            assert found == {"command": words[0], "debug": bool(debug), **wanted}, line


def test_what_is_no_command_line_is_refused_with_a_line_of_usage_and_one_of_error(capsys):
    for words in [*(line.split() for line in REFUSED), *([*each, ""] for each in NO_PATHS)]:
        with pytest.raises(SystemExit) as caught:
            parse(words)
        captured = capsys.readouterr()
        usage, error = captured.err.splitlines()
        assert (caught.value.code, captured.out) == (2, ""), words
        command = f"minddpg {words[0]}" if words[0] in COMMANDS else "minddpg"
        assert usage.startswith(f"usage: {command} "), words
        assert usage.endswith(" [options]"), words
        assert error.startswith(f"{command}: error: "), words
        if words[-1:] == [""]:
            assert error.endswith(": the name is empty; for the current folder, write .")


def commands():
    """Return each subcommand's parser, and its line in `minddpg --help`."""
    (group,) = parser()._subparsers._group_actions
    assert group.metavar == "COMMAND"
    said = {each.dest: each.help for each in group._choices_actions}
    return {name: (each, said[name]) for name, each in group.choices.items()}


def test_each_command_and_each_of_its_options_says_what_it_does_and_what_it_takes():
    kinds = {int: "N J MORE", float: "X S GB", str: "NAME ENV", None: "ENV NAME NN.M"}
    kinds |= {json_object: "JSON"}
    assert set(commands()) == {line.split()[0] for line in GIVEN}
    for name, (command, about) in commands().items():
        assert command.description == about
        assert len(about.split()) > 3
        for action in command._actions:
            what = f"{name} {action.option_strings or action.metavar}"
            assert len((action.help or "").split()) > 2, what
            is_switch = action.nargs == 0 or isinstance(action, argparse.BooleanOptionalAction)
            if not is_switch and not (action.choices and action.metavar is None):
                wanted = kinds.get(action.type, "RUN FILE DIR FOLDER TIME").split()
                assert (action.metavar or action.dest.upper()) in wanted, what


def test_help_states_every_default():
    for name, (command, _) in commands().items():
        for action in command._actions:
            if action.default not in (None, False, True, "", argparse.SUPPRESS, "pendulum"):
                said = action.help % {"default": action.default}
                assert re.search(rf"default {re.escape(str(action.default))}$", said), (name, said)
    said = commands()["study"][0]._option_string_actions["--first-seed"].help
    assert "default 1000: no setting" in said


def test_help_names_what_exists_and_has_no_other_capitals_than_names_and_formats():
    for name, (command, about) in commands().items():
        said = {action.dest: action.help for action in command._actions}
        texts = [about, *(text for dest, text in said.items() if dest not in SETTINGS)]
        notes = command.epilog.partition("examples:")[0].replace("\n", " ").strip()
        texts += re.split(r"(?<=\.) ", notes)  # a sentence begins with a capital
        for text in texts:
            if text.endswith("."):
                text = text[0].lower() + text[1:-1]
            names = {word for word in re.findall(r"[A-Za-z]+", text) if word != word.lower()}
            assert names <= CAPITALS, (name, text)
            for flag in re.findall(r"--[a-z-]+", text):
                assert flag in command._option_string_actions or "minddpg check" in text, text
            for page in re.findall(r"docs/\S+\.md", text):
                assert (Path(minddpg.__file__).parents[1] / page).is_file()
    names, *_ = commands()["study"][0]._get_positional_actions()
    assert names.help.split(", ") == list(STUDIES)


def helps(capsys, *words):
    """Return the output of a command line that asks for help; it must exit with 0."""
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 0
    return capsys.readouterr().out


def test_each_help_ends_with_examples_that_can_be_run_and_with_the_site(capsys):
    for name, module in COMMANDS.items():
        shown = helps(capsys, name, "--help")
        examples = module.EXAMPLES.splitlines()
        assert shown.endswith("\n".join(["examples:", *(f"  {e}" for e in examples), "", SITE, ""]))
        assert "".join(examples), name
        for example in examples:
            program, *words = example.split()
            assert (program, words[0]) == ("minddpg", name), example
            if words[-1] != "--list":  # it ends with the list
                parse(words)
    starts = [line.partition("#")[0].split() for line in START.splitlines() if "minddpg" in line]
    assert [words[1] for words in starts] == ["train", "evaluate", "check", "help"]
    for _, *words in starts[:-1]:
        parse(words)


def test_help_has_three_names_and_none_asks_for_it(capsys):
    whole, train = helps(capsys, "--help"), helps(capsys, "train", "--help")
    assert whole == helps(capsys, "-h") == helps(capsys, "help")
    assert train == helps(capsys, "train", "-h") == helps(capsys, "help", "train")
    for name, module in COMMANDS.items():
        assert re.search(rf"^ +{name} +{module.ABOUT.split(';')[0][:30]}", whole, re.M), name
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
    assert capsys.readouterr() == ("", whole)


def test_help_fits_into_a_terminal_and_breaks_no_path(capsys, monkeypatch):
    for columns in (80, 40):
        monkeypatch.setenv("COLUMNS", str(columns))
        for name in ["", *COMMANDS]:
            lines = helps(capsys, *filter(None, [name]), "--help").splitlines()
            wide = [line for line in lines if len(line) > columns]
            if columns == 40:  # lines never break inside choices or texts to copy
                kept = ("  minddpg ", "  --preset ", "documentation", "usage", "https://")
                wide = [line for line in wide if not line.startswith(kept)]
            assert not wide, (columns, name, wide)
    monkeypatch.setenv("COLUMNS", "80")
    assert "https://minddpg.github.io/minddpg/how-to/grade-a-class.html" in helps(
        capsys, "grade", "--help"
    )


def test_the_studies_are_listed_with_their_questions_and_costs(capsys):
    lines = iter(helps(capsys, "study", "--list").splitlines())
    for name, study in STUDIES.items():
        assert next(lines).split(maxsplit=1) == [name, study.question]
        assert re.fullmatch(r" +\d+ runs, about [\d.]+( to [\d.]+)? [a-z]+", next(lines)), name
    assert next(lines, None) is None


def test_the_help_of_train_begins_with_the_settings_that_matter_most(capsys):
    flags = re.findall(r"^  (--[a-z-]+)", helps(capsys, "train", "--help"), re.M)
    first = "steps seed hidden-sizes discount tau actor-learning-rate critic-learning-rate"
    assert flags[:8] == [f"--{name}" for name in [*first.split(), "noise-scale"]]
    assert len(set(flags)) == len(flags) > len(SETTINGS)
