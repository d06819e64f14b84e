"""The command line: arguments in, one call of the package, a few lines out."""

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

# Products of these sizes are slower on several threads than on one, and one repeats to the bit.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # read once, when NumPy is first imported


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns the exit code: 0; 1 for a failure or an invalid value, with one line on standard error;
    2 for arguments that cannot be parsed; 130 after SIGINT, 143 after SIGTERM.
    """
    from .training.signals import Handlers, Terminated

    with Handlers(), warnings.catch_warnings():
        from .arguments import parser

        arguments = parser().parse_args(argv)
        sys.path.append(os.getcwd())  # so that module:Name-v0 finds a module that lies here
        warnings.showwarning = _show_warning
        try:
            return int(COMMANDS[arguments.command](arguments) or 0)
        except (KeyboardInterrupt, Terminated) as stop:
            print(f"minddpg: {stop}", file=sys.stderr)
            return 143 if isinstance(stop, Terminated) else 130
        except BrokenPipeError:
            return 1
        except Exception as error:
            if arguments.debug:
                raise
            print(f"minddpg: error: {_one_line(error)}", file=sys.stderr)
            return 1


def _train(arguments: argparse.Namespace) -> None:
    from .ddpg.config import Config

    names = {item.name for item in fields(Config)}
    settings = {name: value for name, value in vars(arguments).items() if name in names}
    if arguments.env is not None:
        if settings.get("env_id", arguments.env) != arguments.env:
            raise ValueError(f"two environments: {arguments.env} and --env-id {settings['env_id']}")
        settings["env_id"] = arguments.env
    config = Config.preset(arguments.preset, **settings)

    from .training.folder import next_run_dir
    from .training.loop import train

    run_dir = arguments.run_dir or next_run_dir(config.env_id)
    run = train(config, run_dir, progress=not arguments.quiet, overwrite=arguments.overwrite)
    _summarise(run, run_dir, arguments.quiet)


def _resume(arguments: argparse.Namespace) -> None:
    from .training.loop import resume

    run = resume(arguments.run, arguments.steps, progress=not arguments.quiet)
    _summarise(run, arguments.run, arguments.quiet)


def _summarise(run: Any, run_dir: Path, quiet: bool) -> None:
    """Draw the learning curve, unless the run was finished and has one; say what lies where."""
    from .training.figures import learning_curve

    picture = run_dir / "learning_curve.png"
    if not picture.exists() or picture.stat().st_mtime < (run_dir / "policy.npz").stat().st_mtime:
        learning_curve([run_dir], picture)
    if not quiet:
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
    if arguments.truth:
        from .teaching.lqr import check_truth, truth_table

        truth = check_truth()
        print(truth_table(truth))
        return 0 if all(row.passed for row in truth) else 1

    from .teaching.equations import check_equations, table

    rows = check_equations()
    print(table(rows))
    failed = sum(not row.report.passed for row in rows)
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _bench(arguments: argparse.Namespace) -> None:
    from .training.bench import bench, growth
    from .training.figures import cost_of_an_update

    if arguments.growth is None:
        print(bench())
    else:
        _refuse_existing(arguments.growth, arguments.overwrite)
        print(cost_of_an_update(growth(), arguments.growth))


COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "train": _train,
    "resume": _resume,
    "evaluate": _evaluate,
    "watch": _watch,
    "plot": _plot,
    "check": _check,
    "bench": _bench,
}


def _load_policy(arguments: argparse.Namespace) -> Any:
    from .ddpg.agent import DDPG

    if not arguments.run.is_dir():
        raise FileNotFoundError(f"{arguments.run} is not a run's folder")
    path = arguments.run / ("policy.npz" if arguments.policy == "last" else "best_policy.npz")
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there: it is written at the first evaluation")
    return DDPG.load(path)


def _refuse_existing(path: Path, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path} exists: choose another name, or replace it with --overwrite")


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: str | None = None,
) -> None:
    print(f"minddpg: warning: {' '.join(str(message).split())}", file=sys.stderr)


def _one_line(error: Exception) -> str:
    """Say what went wrong; an error that is not ours to word keeps its name."""
    from .ddpg.agent import DivergenceError
    from .storage import CheckpointError

    text = " ".join(str(error).split())
    if isinstance(error, OSError) and error.strerror:
        return ": ".join(str(part) for part in (error.filename, error.strerror) if part)
    ours = type(error) in (ValueError, TypeError, CheckpointError, DivergenceError)
    if ours or isinstance(error, (ImportError, OSError)):
        return text
    return f"{type(error).__name__}: {text} (--debug shows where)"
