"""The command `train`: train an agent, as the settings say."""

import argparse
import warnings
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import fields, replace
from typing import Any

from ..ddpg.config import Config
from ..ddpg.presets import PRESETS
from .arguments import add_env_import, path
from .env_import import announce_import, look_in_this_folder
from .settings import json_object, read_settings
from .summary import summarise

ABOUT = "train an agent and draw its learning curve"
EXAMPLES = """\
minddpg train
minddpg train --seed 1 --noise-scale 0.1 --hidden-sizes 128 128
minddpg train Reacher-v5 --preset mujoco --steps 50000 --run-dir runs/reacher
minddpg train --config runs/reacher --seed 1
"""
FIRST = (  # the settings that matter most: first in the help
    *("total_steps", "seed", "hidden_sizes", "discount", "tau"),
    *("actor_learning_rate", "critic_learning_rate", "noise_scale"),
)
WHOLE, OBJECT = tuple[int, ...], Mapping[str, Any]
METAVARS: dict[Any, str] = {int: "N", float: "X", str: "NAME", WHOLE: "N", OBJECT: "JSON"}
TYPES: dict[Any, Callable[[str], Any]] = {WHOLE: int, OBJECT: json_object}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "env", nargs="?", metavar="ENV", help="an environment with Box spaces; short for --env-id"
    )
    about = "defaults are those of the preset pendulum; a preset changes some of them"
    first = parser.add_argument_group("settings to begin with", about)
    of_the_run = parser.add_argument_group("options of the run")
    add = of_the_run.add_argument
    start = of_the_run.add_mutually_exclusive_group().add_argument
    start("--preset", choices=PRESETS, help="the settings to start from; default pendulum")
    start(
        "--config",
        type=path,
        metavar="RUN",
        help="start from the settings of a run instead: its folder, or a config.json; settings"
        " given here take precedence",
    )
    add("--run-dir", type=path, metavar="DIR", help="the run folder; default runs/<env>-<n>")
    add("--overwrite", action="store_true", help="replace the run in --run-dir")
    add("--quiet", action="store_true", help="print nothing but warnings and errors")
    add(
        "--bug",
        default="",
        metavar="NAME",
        help="train with a planted bug; `minddpg check --bugs` lists them",
    )
    add_env_import(of_the_run)
    others = parser.add_argument_group("other settings")
    for item in fields(Config):
        settings = first if item.name in FIRST else others
        default: Any = item.default
        is_sequence = isinstance(default, tuple)
        shown = " ".join(map(str, default)) if is_sequence else default
        allowed = item.metadata["allowed"]
        choices = allowed if isinstance(allowed, tuple) else None
        options: dict[str, Any] = {
            "type": TYPES.get(item.type, type(default)),
            "nargs": "+" if is_sequence else None,
            "choices": choices,
            "metavar": None if choices else METAVARS.get(item.type),
        }
        if isinstance(default, bool):
            options = {"action": argparse.BooleanOptionalAction}
        settings.add_argument(
            *(["--steps"] if item.name == "total_steps" else []),
            f"--{item.name.replace('_', '-')}",
            dest=item.name,
            default=argparse.SUPPRESS,
            help=f"{item.metadata['help']}; default {shown}",
            **options,
        )


def run(arguments: argparse.Namespace) -> None:
    """Train, and print the results."""
    from ..training.environment import with_version
    from ..training.loop import train
    from ..training.run_dir import claimed_run_dir, lasting
    from ..verification.bugs import announced, find

    names = {item.name for item in fields(Config)}
    settings = {name: value for name, value in vars(arguments).items() if name in names}
    if arguments.env is not None:
        if settings.get("env_id", arguments.env) != arguments.env:
            raise ValueError(f"two environments: {arguments.env} and --env-id {settings['env_id']}")
        settings["env_id"] = arguments.env
    if "env_id" in settings:
        settings["env_id"] = with_version(settings["env_id"])
    # without its own settings, a run may miss a bug
    of_bug = find(arguments.bug).settings if arguments.bug else {}
    if arguments.config:
        config = _settings_of(arguments, settings, of_bug)
    else:
        config = Config.preset(arguments.preset or "pendulum", **{**of_bug, **settings})
        look_in_this_folder(config.env_id)
    name = "-".join(filter(None, (config.env_id, arguments.bug)))
    given = arguments.run_dir
    with (
        nullcontext(given) if given else claimed_run_dir(name) as run_dir,
        announced(arguments.bug, arguments.quiet),
    ):
        place = lasting(run_dir)
        run = train(config, run_dir, progress=not arguments.quiet, overwrite=arguments.overwrite)
    summarise(run, place(), arguments.quiet)


def _settings_of(
    arguments: argparse.Namespace, given: dict[str, Any], of_bug: dict[str, Any]
) -> Config:
    """Return the settings of the run that --config names, with some replaced.

    The settings of a bug replace those of a run without it; a run with it has chosen its own.
    """
    found, bug, file = read_settings(arguments.config)
    if bug and bug != arguments.bug:
        warnings.warn(
            f"{file} is of a run with the bug {bug}, and this run does not have it; --bug {bug}"
            " plants it",
            stacklevel=2,
        )
    if bug != arguments.bug:
        given = {**of_bug, **given}
    config = replace(found, **given)
    if "env_id" in given:
        look_in_this_folder(config.env_id)
    else:
        announce_import(config.env_id, file, arguments.env_import)
    return config
