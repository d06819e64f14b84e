"""The files that a run writes into its run folder while it trains.

The formats are Stable-Baselines3's, so that its tools read our runs: `progress.csv` of its CSV
logger, `monitor.csv` of its Monitor, `evaluations.npz` of its EvalCallback.
"""

import csv
import json
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..nn.layers import Array
from ..storage import CheckpointError, as_checkpoint_error, load_arrays, save_arrays
from .checkpoint import State, save_checkpoint
from .csv_files import Table
from .evaluation import Evaluation
from .run_dir import Lock, prepare, remove_temporaries, write_config
from .run_log import COLUMNS, Episode, Row


class RunFiles:
    """Lock a run folder, and write its files until this is closed.

    Args:
        start: when the run began, in seconds since 1970.
        overwrite: replace a run that the folder already holds.
        kept: go on with the run in the folder, whose progress.csv and monitor.csv are cut back to
            these numbers of rows; None begins a new run.

    Attributes:
        rows: what was kept of progress.csv.

    Raises:
        FileExistsError: the folder holds a run and `overwrite` is false, or it is being written.
        CheckpointError: a file has fewer rows than `kept`, or no numbers in them.
    """

    def __init__(
        self,
        run_dir: Path,
        config: Config,
        start: float,
        overwrite: bool = False,
        kept: tuple[int, int] | None = None,
    ):
        run_dir.mkdir(parents=True, exist_ok=True)
        rows, episodes = (None, None) if kept is None else kept
        comment = json.dumps({"t_start": start, "env_id": config.env_id})
        with ExitStack() as opened:
            opened.enter_context(closing(Lock(run_dir)))
            if kept is None:
                prepare(run_dir, overwrite)
                write_config(run_dir, config)
            remove_temporaries(run_dir)
            self.progress = Table(run_dir / "progress.csv", [",".join(COLUMNS)], rows)
            opened.enter_context(closing(self.progress))
            self.monitor = Table(run_dir / "monitor.csv", [f"#{comment}", "r,l,t"], episodes)
            opened.enter_context(closing(self.monitor))
            self.run_dir, self.rows = run_dir, _rows(self.progress)
            self._opened = opened.pop_all()  # no error: they stay open until close()

    def append_row(self, row: Row) -> None:
        """Write a row of progress.csv; a column without a value stays empty."""
        self.progress.append(row.get(name, "") for name in COLUMNS)

    def append_episode(self, episode: Episode) -> None:
        """Write a row of monitor.csv."""
        total, seconds = round(episode.total, 6), round(episode.seconds, 6)
        self.monitor.append((total, episode.length, seconds))

    def save_results(self, state: State, evaluations: list[tuple[int, Evaluation]]) -> None:
        """Let evaluations.npz, policy.npz and best_policy.npz say what state and log say.

        A file that says it already is left as it is. Without an evaluation no policy is the best.
        """
        shape = (len(evaluations), state.agent.config.eval_episodes)
        arrays = {
            "timesteps": np.array([step for step, _ in evaluations], int),
            "results": np.reshape([each.returns for _, each in evaluations], shape),
            "ep_lengths": np.reshape([each.lengths for _, each in evaluations], shape).astype(int),
        }
        if not _holds(self.run_dir / "evaluations.npz", arrays):
            save_arrays(self.run_dir / "evaluations.npz", **arrays)
        best = self.run_dir / "best_policy.npz"
        if not evaluations:
            best.unlink(missing_ok=True)
        elif not _holds_agent(best, state.best_agent):
            state.best_agent.save(best)
        if not _holds_agent(self.run_dir / "policy.npz", state.agent):
            state.agent.save(self.run_dir / "policy.npz")

    def save_checkpoint(self, state: State, log: dict[str, ArrayLike]) -> None:
        """Write checkpoint.npz, after the rows on which it relies."""
        self.progress.sync()
        self.monitor.sync()
        save_checkpoint(self.run_dir / "checkpoint.npz", state, log)

    def close(self) -> None:
        """Close the files, and let other processes write the folder."""
        self._opened.close()


def _holds(path: Path, arrays: dict[str, Array]) -> bool:
    try:
        saved = load_arrays(path)
    except CheckpointError:
        return False
    return saved.keys() == arrays.keys() and all(
        np.array_equal(array, saved[name]) for name, array in arrays.items()
    )


def _holds_agent(path: Path, agent: DDPG) -> bool:
    try:
        saved = load_arrays(path)
        has_settings = Config.from_json(str(saved["config"])) == agent.config
    except (KeyError, ValueError):  # not there, or damaged
        return False
    return has_settings and all(
        name in saved and np.array_equal(array, saved[name])
        for name, array in agent.arrays().items()
    )


def _rows(progress: Table) -> list[Row]:
    with as_checkpoint_error(progress.path):
        return [
            {name: float(text) for name, text in row.items() if text}
            for row in csv.DictReader(progress.kept)
        ]
