"""The subcommands: each calls the package and prints a few lines."""

import argparse
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..training.display import say
from .env_import import announce_import, look_in_this_folder
from .streams import report, show

if TYPE_CHECKING:
    from ..ddpg.agent import DDPG
    from ..training.loop import Run


def _train(arguments: argparse.Namespace) -> None:
    from ..ddpg.config import Config
    from ..training.loop import train
    from ..training.run_dir import claimed_run_dir, lasting
    from ..verification.bugs import announced, find

    names = {item.name for item in fields(Config)}
    settings = {name: value for name, value in vars(arguments).items() if name in names}
    if arguments.env is not None:
        if settings.get("env_id", arguments.env) != arguments.env:
            raise ValueError(f"two environments: {arguments.env} and --env-id {settings['env_id']}")
        settings["env_id"] = arguments.env
    if arguments.bug:
        settings = {**find(arguments.bug).settings, **settings}  # without them a run may miss it
    config = Config.preset(arguments.preset, **settings)
    look_in_this_folder(config.env_id)
    name = "-".join(filter(None, (config.env_id, arguments.bug)))
    given = arguments.run_dir
    with (
        nullcontext(given) if given else claimed_run_dir(name) as run_dir,
        announced(arguments.bug, arguments.quiet),
    ):
        place = lasting(run_dir)
        run = train(config, run_dir, progress=not arguments.quiet, overwrite=arguments.overwrite)
    _summarise(run, place(), arguments.quiet)


def _resume(arguments: argparse.Namespace) -> None:
    from ..training.loop import resume
    from ..training.run_dir import lasting, read_bug, read_config
    from ..verification.bugs import announced

    _refuse_below(0, "--steps", arguments.steps)
    env_id = read_config(arguments.run).env_id
    announce_import(env_id, arguments.run / "config.json", arguments.env_import)
    place = lasting(arguments.run)
    with announced(read_bug(arguments.run), arguments.quiet):
        run = resume(arguments.run, arguments.steps, progress=not arguments.quiet)
    _summarise(run, place(), arguments.quiet)


def _summarise(run: "Run", run_dir: Path, quiet: bool) -> None:
    """Print the returns and the files; draw the learning curve, without which a run is one too."""
    from ..training.evaluation import short
    from ..training.plots import learning_curve

    picture = run_dir / "learning_curve.png"
    if not quiet:
        returns = run.history["eval/mean_reward"]
        returns = returns[returns == returns]  # rows with an evaluation
        if len(returns):
            last, best = short(returns[-1]), short(returns.max())
            report(f"last policy    return {last}   {run_dir / 'policy.npz'}")
            report(f"best policy    return {best}   {run_dir / 'best_policy.npz'}")
        else:
            report(f"last policy    not evaluated   {run_dir / 'policy.npz'}")
    try:
        learning_curve([run_dir], picture)
    except OSError as error:  # such as a full disk
        why = f"{picture}: {error.strerror or error}"
        say(f"minddpg: warning: the run is finished and saved, but not its picture ({why})")
        return
    if not quiet:
        report(f"learning curve {picture}")


def _evaluate(arguments: argparse.Namespace) -> None:
    from ..training.evaluation import evaluate, short
    from ..training.run_dir import read_bug
    from ..verification.bugs import announced

    _refuse_below(1, "--episodes", arguments.episodes)
    _refuse_below(0, "--seed", arguments.seed)
    agent = _load_policy(arguments)
    with announced(read_bug(arguments.run)):
        result = evaluate(agent, agent.config.env_id, arguments.episodes, arguments.seed)
    show(
        f"{agent.config.env_id}, {arguments.policy} policy, {arguments.episodes} episodes from seed"
        f" {arguments.seed}: return {short(result.mean)} ± {short(result.std)} (standard deviation"
        f" over episodes), from {short(result.returns.min())} to {short(result.returns.max())};"
        f" {result.lengths.mean():.0f} steps each on average"
    )


def _watch(arguments: argparse.Namespace) -> None:
    from ..training.evaluation import short
    from ..training.run_dir import read_bug
    from ..training.video import record
    from ..verification.bugs import announced, planted

    _refuse_below(0, "--seed", arguments.seed)
    agent = _load_policy(arguments)
    path = arguments.gif or arguments.run / f"{arguments.policy}.gif"
    _refuse_existing(path, arguments.overwrite)
    bug = read_bug(arguments.run)
    with announced(bug):
        inside = partial(planted, bug) if bug else nullcontext
        total, steps = record(agent, agent.config.env_id, arguments.seed, path, inside)
    report(f"{path}: {steps} steps, return {short(total)}")


def _plot(arguments: argparse.Namespace) -> None:
    from ..training.plots import learning_curve

    own = arguments.runs[0] / "learning_curve.png" if len(arguments.runs) == 1 else None
    path = arguments.out or own or Path("learning_curves.png")
    if arguments.out or own is None:  # a run folder's own figure is drawn anew
        _refuse_existing(path, arguments.overwrite)
    report(str(learning_curve(arguments.runs, path)))


def _study(arguments: argparse.Namespace) -> None:
    from ..experiments.named_studies import STUDIES
    from ..experiments.run_named import redraw, run_named_study
    from .parser import FIRST_SEED

    name = arguments.name
    folder = arguments.dir or Path("runs") / f"study-{name}"
    if arguments.redraw:
        _refuse_beside_redraw(arguments)
        report(redraw(name, folder))
    else:
        count = STUDIES[name].seeds if arguments.seeds is None else arguments.seeds
        first = FIRST_SEED if arguments.first_seed is None else arguments.first_seed
        _refuse_below(1, "--seeds", count)
        _refuse_below(0, "--first-seed", first)
        seeds = range(first, first + count)
        changes = {} if arguments.total_steps is None else {"total_steps": arguments.total_steps}
        try:
            table = run_named_study(
                name,
                folder,
                seeds,
                arguments.jobs,
                changes=changes,
                progress=not arguments.quiet,
                overwrite=arguments.overwrite,
            )
            report(table)
        except (KeyboardInterrupt, SystemExit):
            say(f"minddpg: the same command goes on with {folder}")
            raise
    report(f"table  {folder / 'table.md'}\nfigure {folder / 'figure.png'}")


def _refuse_beside_redraw(arguments: argparse.Namespace) -> None:
    """Refuse the options of runs: they would seem to choose what is drawn."""
    options = {
        "--seeds": arguments.seeds,
        "--first-seed": arguments.first_seed,
        "--jobs": arguments.jobs,
        "--steps": arguments.total_steps,
    }
    given = [name for name, value in options.items() if value is not None]
    given += ["--overwrite"] if arguments.overwrite else []
    if given:
        raise ValueError(f"--redraw runs nothing: leave out {', '.join(given)}")


def _check(arguments: argparse.Namespace) -> int:
    if arguments.exercises is not None:
        return _check_exercises(arguments)
    if arguments.verbose or arguments.jobs is not None:
        raise ValueError("--verbose and --jobs belong to check --exercises")

    if arguments.bugs:
        from ..course.kill_matrix import HEADER, examine_bugs, exit_code, row, summary

        show(HEADER)
        found = []
        for each in examine_bugs():
            found.append(each)
            show(row(each))
        show(summary(found))
        return exit_code(found)

    if arguments.truth:
        from ..verification.lqr import check_truth, truth_table

        comparisons = check_truth()
        show(truth_table(comparisons))
        return 0 if all(row.passed for row in comparisons) else 1

    from ..verification.gradient_checks import check_equations, table

    rows = check_equations()
    show(table(rows))
    failed = sum(not row.report.passed for row in rows)
    show(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _check_exercises(arguments: argparse.Namespace) -> int:
    from ..course.mutation import run

    numbers = run.chosen(arguments.exercises)
    found = run.examine_exercises(numbers, arguments.jobs)
    show(run.about(numbers, arguments.jobs))
    show(run.HEADER)
    results = []
    for result in found:
        results.append(result)
        lines = run.details(result) if arguments.verbose else []
        show("\n".join([run.row(result), *lines, *run.faults(result)]))
    show(run.summary(results))
    return run.exit_code(results)


def _grade(arguments: argparse.Namespace) -> int:
    from ..course.grading.grade import grade, not_run, summary

    out = arguments.out or arguments.folder / "grades.csv"
    _refuse_existing(out, arguments.overwrite)
    rows = grade(
        arguments.folder,
        out,
        timeout=arguments.timeout,
        jobs=arguments.jobs,
        memory=arguments.memory,
        progress=not arguments.quiet,
        exercises=arguments.exercises,
    )
    report(summary(rows))
    report(f"grades {out}")
    return 1 if not_run(rows) else 0


def _bench(arguments: argparse.Namespace) -> None:
    from ..experiments.benchmark import bench, cost_of_an_update, growth

    if arguments.growth is None:
        show(bench())
    else:
        _refuse_existing(arguments.growth, arguments.overwrite)
        report(str(cost_of_an_update(growth(), arguments.growth)))


def _load_policy(arguments: argparse.Namespace) -> "DDPG":
    from ..ddpg.agent import DDPG
    from ..storage import CheckpointError
    from ..training.run_dir import read_config

    if not arguments.run.is_dir():
        raise CheckpointError(arguments.run, "this is not a run folder")
    path = arguments.run / ("policy.npz" if arguments.policy == "last" else "best_policy.npz")
    if not path.exists():
        when = "at the first evaluation"
        if arguments.policy == "last":
            when = "at the first evaluation or checkpoint"
        elif read_config(arguments.run).eval_every == 0:
            when = "at evaluations, and eval_every = 0: use --policy last"
        raise FileNotFoundError(f"{path} is not there: it is written {when}")
    agent = DDPG.load(path)
    announce_import(agent.config.env_id, path, arguments.env_import)
    return agent


def _refuse_below(least: int, flag: str, value: int) -> None:
    if value < least:
        raise ValueError(f"{flag} = {value}: must be at least {least}")


def _refuse_existing(path: Path, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path} exists: choose another name, or replace it with --overwrite")


COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "train": _train,
    "resume": _resume,
    "evaluate": _evaluate,
    "watch": _watch,
    "plot": _plot,
    "study": _study,
    "check": _check,
    "grade": _grade,
    "bench": _bench,
}
