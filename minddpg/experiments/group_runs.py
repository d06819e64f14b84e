"""Group runs by their settings: runs of one group differ in their seeds alone, as in a study."""

import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..training.read_logs import Logs
from ..training.run_dir import read_bug

# Runs of a group may differ in these: they affect what is measured or saved, not what is learned.
MEASURING = ("seed", "log_every", "eval_every", "eval_episodes", "checkpoint_every")


@dataclass(frozen=True)
class Group:
    """Runs with the same settings."""

    label: str  #: the settings that tell it from the other groups, "" if it is the only one
    runs: list[Logs]


def group_runs(run_dirs: Sequence[str | Path]) -> list[Group]:
    """Read runs of one environment, and group them by every setting that can change learning.

    A planted bug counts as a setting. Groups are sorted by the settings that tell them apart; the
    runs of one keep the order given. A run without a number to draw is left out with a warning.
    Two runs of a group with the same seed cause a warning, too.

    Raises:
        CheckpointError: a folder is not a run folder, or a file in it is damaged.
        ValueError: there is no run, or nothing to draw in one or in all of them yet; the runs are
            of different environments; or one is named twice.
    """
    given: dict[Path, str | Path] = {}
    for run_dir in run_dirs:
        if (place := Path(run_dir).resolve()) in given:
            raise ValueError(f"{given[place]} and {run_dir} are the same run: name it once")
        given[place] = run_dir
    runs = [Logs(Path(run_dir)) for run_dir in run_dirs]
    runs = _with_numbers(runs)
    env_ids = sorted({run.config.env_id for run in runs})
    if len(env_ids) != 1:
        raise ValueError(f"one figure shows one environment, not {', '.join(env_ids) or 'none'}")
    anneals = any(run.config.anneal_from < 1 for run in runs)
    settings = [_settings_that_matter(run, anneals) for run in runs]
    differ = [name for name in settings[0] if len({_text(each[name]) for each in settings}) > 1]
    groups: dict[str, Group] = {}
    pairs = zip(runs, settings, strict=True)
    for run, values in sorted(pairs, key=lambda pair: [_rank(pair[1][name]) for name in differ]):
        label = ", ".join(_in_words(name, values[name]) for name in differ)
        groups.setdefault(_text(values), Group(label, [])).runs.append(run)
    for group in groups.values():
        _warn_of_equal_seeds(group.runs)
    return list(groups.values())


def _settings_that_matter(run: Logs, anneals: bool) -> dict[str, Any]:
    """Return the settings that can change learning, as JSON values, and the planted bug."""
    settings = json.loads(run.config.to_json())
    # without annealing, a longer run begins like a shorter one
    unimportant = MEASURING if anneals else (*MEASURING, "total_steps")
    kept = {name: value for name, value in settings.items() if name not in unimportant}
    return {**kept, "bug": read_bug(run.run_dir)}


def _with_numbers(runs: list[Logs]) -> list[Logs]:
    """Return the runs that have numbers to draw; warn of the others."""
    kept = []
    for run in runs:
        if len(run.eval_steps) or len(run.episode_ends) or len(run.steps):
            kept.append(run)
        else:
            warnings.warn(f"{run.run_dir} is left out: it has no numbers to draw yet", stacklevel=3)
    if runs and not kept:
        raise ValueError("nothing to draw yet: no run has an evaluation, an episode or an update")
    return kept


def _text(value: Any) -> str:
    """Return JSON that is equal for equal settings only: 1, 1.0 and true are three values."""
    return json.dumps(value, sort_keys=True)


def _rank(value: Any) -> tuple[Any, ...]:
    """Return a key that sorts JSON values: null, numbers by size, texts, lists, mappings."""
    if isinstance(value, dict):
        return 4, [(name, _rank(each)) for name, each in sorted(value.items())]
    if isinstance(value, list):
        return 3, [_rank(each) for each in value]
    if isinstance(value, str):
        return 2, value
    return (0,) if value is None else (1, value, _text(value))


def _in_words(name: str, value: Any) -> str:
    if name == "bug":
        return f"bug {value}" if value else "no bug"
    if isinstance(value, float):
        value = f"{value:.12g}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{name} = {text}"


def _warn_of_equal_seeds(runs: list[Logs]) -> None:
    first: dict[int, Path] = {}
    for run in runs:
        seed = run.config.seed
        if seed in first:
            warnings.warn(
                f"{first[seed]} and {run.run_dir} have the same settings and the same seed, {seed}:"
                " they are not independent, but each counts in the mean",
                stacklevel=3,
            )
        first.setdefault(seed, run.run_dir)
