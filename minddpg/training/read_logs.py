"""Read the logs in a run folder; every number in them is checked.

N evaluations, E episodes of one.
"""

from pathlib import Path

import numpy as np

from ..nn.layers import Array
from ..storage import CheckpointError, as_checkpoint_error, checked, load_arrays
from .csv_files import read_names, read_numbers
from .run_dir import read_config
from .run_log import COLUMNS, MEASURED, Row

Q_COLUMNS = ("time/total_timesteps", "train/q_mean", "train/q_min", "train/q_max")


class Logs:
    """The settings of a run, and the logs in its folder as arrays.

    Raises:
        CheckpointError: this is not a run folder, or a file in it is damaged.
        ValueError: there are no logs yet.
    """

    def __init__(self, run_dir: Path):
        self.run_dir, self.config = run_dir, read_config(run_dir)
        if not (run_dir / "evaluations.npz").exists():
            why = "neither an evaluation nor a checkpoint was made"
            raise ValueError(f"{run_dir}: nothing to draw yet, {why}")
        self.eval_steps, self.results = read_evaluations(run_dir / "evaluations.npz")
        self.episode_returns, self.episode_ends = read_episodes(run_dir / "monitor.csv")
        self.steps, self.q_mean, self.q_min, self.q_max = read_q_values(run_dir / "progress.csv")


def read_rows(path: Path) -> list[Row]:
    """Read the rows of progress.csv; files of earlier versions lack the columns MEASURED.

    Raises:
        CheckpointError: its rows are damaged, or their steps do not increase.
    """
    names = read_names(path)
    columns = [n for n in COLUMNS if n in names or n.removeprefix("train/") not in MEASURED]
    table = read_numbers(path, columns, may_be_empty=True)
    _refuse_unordered(path, "time/total_timesteps", table[:, 0])
    return [
        {name: value for name, value in zip(columns, row, strict=True) if value == value}
        for row in table.tolist()
    ]


def read_q_values(path: Path) -> Array:
    """Read steps and mean, least and largest Q from progress.csv: (4, rows with an update).

    Raises:
        CheckpointError: its rows are damaged, or their steps do not increase.
    """
    table = read_numbers(path, Q_COLUMNS, may_be_empty=True).T
    _refuse_unordered(path, Q_COLUMNS[0], table[0])
    return table[:, ~np.isnan(table[1])]


def read_episodes(path: Path) -> tuple[Array, Array]:
    """Read the returns of the training episodes, and the step at which each ended.

    If an earlier version wrote monitor.csv, it has no steps: then lengths are added up.

    Raises:
        CheckpointError: its rows are damaged, or their steps do not increase.
    """
    has_steps = "step" in read_names(path, skip=1)
    table = read_numbers(path, ("r", "l", "step") if has_steps else ("r", "l"), skip=1)
    returns, lengths = table[:, :2].T
    for value in lengths[(lengths < 1) | (lengths % 1 != 0)]:
        raise CheckpointError(path, f"an episode has the length l = {value:g}")
    ends = table[:, 2] if has_steps else np.cumsum(lengths)
    _refuse_unordered(path, "step", ends)
    return returns, ends


def read_evaluations(path: Path) -> tuple[Array, Array]:
    """Read the steps (N,) and the returns (N, E) of the evaluations from evaluations.npz.

    Raises:
        CheckpointError: it is damaged, or its arrays do not fit together.
    """
    arrays = load_arrays(path)
    with as_checkpoint_error(path):
        steps = checked(arrays, "timesteps", "iu", (-1,), least=1)
        returns = checked(arrays, "results", "iuf", (len(steps), -1))
        checked(arrays, "ep_lengths", "iu", returns.shape, least=1)
        if len(steps) and not returns.size:
            raise ValueError("results has no episodes")
    _refuse_unordered(path, "timesteps", steps)
    return steps, returns


def _refuse_unordered(path: Path, name: str, steps: Array) -> None:
    """Refuse steps that do not increase from row to row, or are missing."""
    if not (np.diff(steps, prepend=0) > 0).all():
        raise CheckpointError(path, f"{name} does not increase from row to row")
