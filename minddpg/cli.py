"""The command line: arguments in, one call of the package, a few lines out."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from . import __version__

# Products of these sizes are slower on several threads than on one, and one repeats to the bit.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # read once, when NumPy is first imported


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns the exit code: 0; 1 for a failure or an invalid value, with one line on standard error;
    2 for arguments that cannot be parsed; 130 after SIGINT.
    """
    arguments = _parser().parse_args(argv)
    sys.path.insert(0, os.getcwd())  # so that module:Name-v0 finds a module that lies here
    try:
        return int(arguments.command(arguments) or 0)
    except KeyboardInterrupt:
        print("minddpg: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 1
    except Exception as error:
        if arguments.debug:
            raise
        print(f"minddpg: error: {_one_line(error)}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    debug = argparse.ArgumentParser(add_help=False)
    debug.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser = argparse.ArgumentParser(
        prog="minddpg", description="DDPG in NumPy, every gradient derived and coded by hand."
    )
    parser.add_argument("--version", action="version", version=f"minddpg {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(function: Any, name: str, about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about, parents=[debug])
        added.set_defaults(command=function)
        return added

    _add_train_arguments(command(_train, "train", "train an agent and draw its learning curve"))

    evaluate = command(_evaluate, "evaluate", "measure a trained policy, without noise")
    _add_policy_arguments(evaluate)
    evaluate.add_argument("--episodes", type=int, default=20, help="how many; default %(default)s")
    evaluate.add_argument(
        "--seed",
        type=int,
        default=10_000,
        help="episode i resets with this + i; default %(default)s",
    )

    watch = command(_watch, "watch", "film one episode of a trained policy as a GIF")
    _add_policy_arguments(watch)
    watch.add_argument("--seed", type=int, default=10_000, help="of the reset; default %(default)s")
    watch.add_argument("--gif", type=Path, metavar="FILE", help="default RUN/POLICY.gif")
    watch.add_argument("--overwrite", action="store_true", help="replace the file if it exists")

    plot = command(_plot, "plot", "draw the learning curve of one run, or of several together")
    plot.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="a run's folder")
    plot.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="a PNG; default RUN/learning_curve.png drawn anew, or learning_curves.png for several",
    )
    plot.add_argument("--overwrite", action="store_true", help="replace the file if it exists")

    command(_check, "check", "check every gradient against numerical derivatives, print a table")
    return parser


def _add_train_arguments(parser: argparse.ArgumentParser) -> None:
    from .ddpg.config import PRESETS, Config

    parser.add_argument(
        "env", nargs="?", metavar="ENV", help="short for --env-id: any with Box spaces"
    )
    parser.add_argument(
        "--preset", choices=PRESETS, default="pendulum", help="start from these settings"
    )
    parser.add_argument(
        "--run-dir", type=Path, metavar="DIR", help="for logs and policies; default runs/<env>-<n>"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace the run in --run-dir")
    parser.add_argument("--quiet", action="store_true", help="print nothing but errors")
    settings = parser.add_argument_group("settings", "defaults are those of the preset pendulum")
    for item in fields(Config):
        is_sequence = isinstance(item.default, tuple)
        default = " ".join(map(str, item.default)) if is_sequence else item.default
        names = [f"--{item.name.replace('_', '-')}"]
        settings.add_argument(
            *(["--steps"] if item.name == "total_steps" else []),
            *names,
            dest=item.name,
            default=argparse.SUPPRESS,
            type=int if is_sequence else type(item.default),
            nargs="+" if is_sequence else None,
            choices=item.metadata.get("choices"),
            metavar=None if "choices" in item.metadata else "X",
            help=f"{item.metadata['help']}; default {default}",
        )


def _add_policy_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", type=Path, metavar="RUN", help="a run's folder")
    parser.add_argument(
        "--policy", choices=("last", "best"), default="last", help="default %(default)s"
    )


def _train(arguments: argparse.Namespace) -> None:
    from .ddpg.config import Config

    names = {item.name for item in fields(Config)}
    settings = {name: value for name, value in vars(arguments).items() if name in names}
    if arguments.env is not None:
        if settings.get("env_id", arguments.env) != arguments.env:
            raise ValueError(f"two environments: {arguments.env} and --env-id {settings['env_id']}")
        settings["env_id"] = arguments.env
    config = Config.preset(arguments.preset, **settings)

    from .training.figures import learning_curve
    from .training.logs import next_run_dir
    from .training.loop import train

    run_dir = arguments.run_dir or next_run_dir(config.env_id)
    run = train(config, run_dir, progress=not arguments.quiet, overwrite=arguments.overwrite)
    picture = learning_curve([run_dir], run_dir / "learning_curve.png")
    if not arguments.quiet:
        returns = run.history["eval/mean_reward"]
        returns = returns[returns == returns]  # rows with an evaluation
        print(f"last policy    return {returns[-1]:.1f}   {run_dir / 'policy.npz'}")
        print(f"best policy    return {returns.max():.1f}   {run_dir / 'best_policy.npz'}")
        print(f"learning curve {picture}")


def _evaluate(arguments: argparse.Namespace) -> None:
    from .training.evaluation import evaluate

    agent = _load_policy(arguments)
    result = evaluate(agent, agent.config.env_id, arguments.episodes, arguments.seed)
    print(
        f"{agent.config.env_id}, {arguments.policy} policy, {arguments.episodes} episodes from seed"
        f" {arguments.seed}: return {result.mean:.1f} ± {result.std:.1f} (standard deviation over"
        f" episodes), from {result.returns.min():.1f} to {result.returns.max():.1f};"
        f" {result.lengths.mean():.0f} steps each on average"
    )


def _watch(arguments: argparse.Namespace) -> None:
    from .training.film import record

    agent = _load_policy(arguments)
    path = arguments.gif or arguments.run / f"{arguments.policy}.gif"
    _refuse_existing(path, arguments.overwrite)
    total, steps = record(agent, agent.config.env_id, arguments.seed, path)
    print(f"{path}: {steps} steps, return {total:.1f}")


def _plot(arguments: argparse.Namespace) -> None:
    from .training.figures import learning_curve

    is_single = len(arguments.runs) == 1
    path = arguments.out or (
        arguments.runs[0] / "learning_curve.png" if is_single else Path("learning_curves.png")
    )
    if arguments.out or not is_single:
        _refuse_existing(path, arguments.overwrite)
    print(learning_curve(arguments.runs, path))


def _check(arguments: argparse.Namespace) -> int:
    from .teaching.equations import check_equations, table

    rows = check_equations()
    print(table(rows))
    failed = sum(not row.report.passed for row in rows)
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _load_policy(arguments: argparse.Namespace) -> Any:
    from .ddpg.agent import DDPG

    if not arguments.run.is_dir():
        raise FileNotFoundError(f"{arguments.run} is not a run's folder")
    name = "policy.npz" if arguments.policy == "last" else "best_policy.npz"
    return DDPG.load(arguments.run / name)


def _refuse_existing(path: Path, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path} exists: choose another name, or replace it with --overwrite")


def _one_line(error: Exception) -> str:
    """Say what went wrong; an error that is not ours to word keeps its name."""
    text = " ".join(str(error).split())
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}"
    if type(error) in (ValueError, TypeError) or isinstance(error, (ImportError, OSError)):
        return text
    return f"{type(error).__name__}: {text} (--debug shows where)"
