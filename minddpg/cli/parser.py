"""The command line's arguments: every subcommand and flag, with default and unit."""

import argparse
from dataclasses import fields
from pathlib import Path
from typing import Any

from .. import __version__
from ..ddpg.config import Config
from ..ddpg.presets import PRESETS
from ..experiments.named_studies import STUDIES

FIRST_SEED = 1_000
METAVARS: dict[Any, str] = {int: "N", float: "X", str: "NAME", tuple[int, ...]: "N"}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    debug = argparse.ArgumentParser(add_help=False)
    debug.add_argument("--debug", action="store_true", help="show an error's traceback")
    parser = argparse.ArgumentParser(
        prog="minddpg", description="DDPG in NumPy, with every gradient derived and coded by hand."
    )
    parser.add_argument("--version", action="version", version=f"minddpg {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, about: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=about, description=about, parents=[debug])

    _add_train_arguments(command("train", "train an agent and draw its learning curve"))

    resume = command(
        "resume", "continue a run from its last checkpoint; it ends as if never interrupted"
    )
    resume.add_argument("run", type=_path, metavar="RUN", help="a run folder")
    resume.add_argument(
        "--steps",
        type=int,
        default=0,
        metavar="MORE",
        help="extend the run by this many environment steps; default %(default)s",
    )
    _add_env_import(resume)
    resume.add_argument(
        "--quiet", action="store_true", help="print nothing but warnings and errors"
    )

    evaluate = command("evaluate", "measure the return of a trained policy, without noise")
    _add_policy_arguments(evaluate)
    evaluate.add_argument(
        "--episodes",
        type=int,
        default=20,
        metavar="N",
        help="number of episodes; default %(default)s",
    )
    evaluate.add_argument(
        "--seed",
        type=int,
        default=10_000,
        metavar="N",
        help="episode i is reset with N + i; default %(default)s",
    )

    watch = command("watch", "record one episode of a trained policy as a GIF")
    _add_policy_arguments(watch)
    watch.add_argument(
        "--seed",
        type=int,
        default=10_000,
        metavar="N",
        help="seed of the reset; default %(default)s",
    )
    watch.add_argument(
        "--gif", type=_path, metavar="FILE", help="where to write it; default RUN/POLICY.gif"
    )
    watch.add_argument("--overwrite", action="store_true", help="replace the file if it exists")

    plot = command("plot", "draw the learning curve of one run, or of several runs in one figure")
    plot.add_argument("runs", nargs="+", type=_path, metavar="RUN", help="a run folder")
    plot.add_argument(
        "--out",
        type=_path,
        metavar="FILE",
        help="a PNG; default RUN/learning_curve.png, drawn again; for several learning_curves.png",
    )
    plot.add_argument("--overwrite", action="store_true", help="replace the file if it exists")

    _add_study_arguments(command("study", "run a named study: many runs, a figure and a table"))

    check = command("check", "compare every gradient with numerical derivatives, in a table")
    what = check.add_mutually_exclusive_group()
    what.add_argument(
        "--bugs",
        action="store_true",
        help="plant each bug in turn, and print which kinds of check catch it; trains nothing",
    )
    what.add_argument(
        "--truth",
        action="store_true",
        help="compare equation (6) with the exact ∇J, where both are known, and show its four gaps",
    )
    what.add_argument(
        "--exercises",
        nargs="*",
        metavar="NN.M",
        help="put every mutant of the solutions, or of these only, through its exercise's check,"
        " and show those that pass",
    )
    check.add_argument(
        "--verbose", action="store_true", help="with --exercises: list every mutant's diagnosis"
    )
    check.add_argument(
        "--jobs",
        type=int,
        metavar="J",
        help="with --exercises: processes at a time; default: one per processor",
    )
    _add_grade_arguments(command("grade", "run a folder of submissions, and write who solved what"))

    bench = command("bench", "measure the speed of training on this machine, part by part")
    bench.add_argument(
        "--growth",
        type=_path,
        metavar="FILE",
        help="instead, draw the time of an update against width and batch size; a PNG",
    )
    bench.add_argument("--overwrite", action="store_true", help="replace the file if it exists")
    return parser


def _path(text: str) -> Path:
    """Return a path; an empty name, perhaps of an unset variable, would be the current folder."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty; for the current folder, write .")
    return Path(text)


def _add_train_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "env", nargs="?", metavar="ENV", help="short for --env-id: any environment with Box spaces"
    )
    parser.add_argument(
        "--preset", choices=PRESETS, default="pendulum", help="the settings to start from"
    )
    parser.add_argument(
        "--run-dir", type=_path, metavar="DIR", help="the run folder; default runs/<env>-<n>"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace the run in --run-dir")
    parser.add_argument(
        "--quiet", action="store_true", help="print nothing but warnings and errors"
    )
    parser.add_argument(
        "--bug",
        default="",
        metavar="NAME",
        help="train with a planted bug; `minddpg check --bugs` lists them",
    )
    settings = parser.add_argument_group("settings", "defaults are those of the preset pendulum")
    for item in fields(Config):
        default: Any = item.default
        is_sequence = isinstance(default, tuple)
        shown = " ".join(map(str, default)) if is_sequence else default
        allowed = item.metadata["allowed"]
        choices = allowed if isinstance(allowed, tuple) else None
        options: dict[str, Any] = {
            "type": int if is_sequence else type(default),
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


def _add_study_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=STUDIES, metavar="NAME", help=", ".join(STUDIES))
    parser.add_argument(
        "--seeds",
        type=int,
        metavar="N",
        help="seeds of each variant; default: the study's own number",
    )
    parser.add_argument(
        "--first-seed",
        type=int,
        metavar="N",
        help=f"the first seed; default {FIRST_SEED}: no setting was tuned on seeds from there on",
    )
    parser.add_argument(
        "--jobs", type=int, metavar="J", help="processes at a time; default: one per processor"
    )
    parser.add_argument(
        "--steps",
        "--total-steps",
        dest="total_steps",
        type=int,
        metavar="N",
        help="environment steps of every run; default: the study's own number",
    )
    parser.add_argument(
        "--dir",
        type=_path,
        help="the study folder; an unfinished study in it is continued; default runs/study-NAME",
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace results in --dir that this study will not give again",
    )
    parser.add_argument(
        "--redraw",
        action="store_true",
        help="run nothing; draw the results in --dir again; takes no option of runs",
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def _add_grade_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "The code of the submissions runs with your rights; docs/how-to/grade-a-class.md explains"
        " how to do that safely. Each notebook runs in a new, empty folder; files next to the"
        " notebook are not copied there. Requires pip install 'minddpg[grade]'."
    )
    add = parser.add_argument
    add("folder", type=_path, metavar="FOLDER", help="every *.ipynb in it and below is run")
    add(
        "--timeout",
        type=float,
        default=120,
        metavar="S",
        help="seconds for each notebook; default %(default)s",
    )
    about_memory = "limit for each process, 0 for none; default %(default)s"
    add("--memory", type=float, default=4, metavar="GB", help=about_memory)
    add("--jobs", type=int, metavar="J", help="notebooks at a time; default: one per processor")
    add("--exercises", type=_path, metavar="DIR", help="a folder of your own exercises (*.py)")
    add("--out", type=_path, metavar="FILE", help="a CSV; default FOLDER/grades.csv")
    add("--overwrite", action="store_true", help="replace the file if it exists")
    add("--quiet", action="store_true", help="show no progress")


def _add_policy_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", type=_path, metavar="RUN", help="a run folder")
    parser.add_argument(
        "--policy",
        choices=("last", "best"),
        default="last",
        help="which saved policy; default %(default)s",
    )
    _add_env_import(parser)


def _add_env_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-env-import",
        dest="env_import",
        action="store_false",
        help="refuse a run whose env_id is module:Name-v0: its files choose code that would run",
    )
