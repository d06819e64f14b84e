"""The files that a run writes into its run folder while it trains.

The formats are Stable-Baselines3's, so that its tools read our runs: `progress.csv` of its CSV
logger, `monitor.csv` of its Monitor, `evaluations.npz` of its EvalCallback.
"""

import json
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from numpy.typing import ArrayLike

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..storage import CheckpointError, save_arrays
from .checkpoint import State, save_checkpoint
from .csv_files import Table
from .evaluation import Evaluation
from .read_logs import read_rows
from .run_dir import Lock, prepare, read_config, remove_temporaries, write_config
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

    Each later write raises FileNotFoundError if the folder has been renamed, replaced or removed.
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
            self._lock = opened.enter_context(closing(Lock(run_dir)))
            self.run_dir, self._folder = run_dir, run_dir.absolute()
            if kept is None:
                prepare(run_dir, overwrite)
                write_config(run_dir, config)
            elif replace(read_config(run_dir), total_steps=config.total_steps) != config:
                why = "another run has come into this folder since its checkpoint was read"
                raise CheckpointError(run_dir / "config.json", why)
            remove_temporaries(run_dir)
            self.progress = Table(run_dir / "progress.csv", [",".join(COLUMNS)], rows)
            opened.enter_context(closing(self.progress))
            self.monitor = Table(run_dir / "monitor.csv", [f"#{comment}", "r,l,t"], episodes)
            opened.enter_context(closing(self.monitor))
            self.rows = read_rows(self.progress.path)
            self._opened = opened.pop_all()  # no error: they stay open until close()

    def append_row(self, row: Row) -> None:
        """Write a row of progress.csv; a column without a value stays empty."""
        with self._lock.checked():
            self.progress.append(row.get(name, "") for name in COLUMNS)

    def append_episode(self, episode: Episode) -> None:
        """Write a row of monitor.csv."""
        total, seconds = round(episode.total, 6), round(episode.seconds, 6)
        with self._lock.checked():
            self.monitor.append((total, episode.length, seconds))

    def save_evaluations(self, evaluations: list[tuple[int, Evaluation]]) -> None:
        """Write evaluations.npz, all evaluations of the run in it."""
        with self._lock.checked():
            save_arrays(
                self._folder / "evaluations.npz",
                timesteps=[step for step, _ in evaluations],
                results=[each.returns for _, each in evaluations],
                ep_lengths=[each.lengths for _, each in evaluations],
            )

    def save_policy(self, agent: DDPG, is_best: bool) -> None:
        """Write policy.npz and, if this policy is the best so far, best_policy.npz."""
        for name in ("policy.npz", "best_policy.npz") if is_best else ("policy.npz",):
            with self._lock.checked():
                agent.save(self._folder / name)

    def save_checkpoint(self, state: State, log: dict[str, ArrayLike]) -> None:
        """Write checkpoint.npz, after the rows on which it relies."""
        with self._lock.checked():
            self.progress.sync()
            self.monitor.sync()
            save_checkpoint(self._folder / "checkpoint.npz", state, log)

    def close(self) -> None:
        """Close the files, and let other processes write the folder."""
        self._opened.close()
