"""The files that a run writes into its run folder while it trains.

The formats are Stable-Baselines3's, so that its tools read our runs: `progress.csv` of its CSV
logger, `monitor.csv` of its Monitor (with one column more, as it allows), `evaluations.npz` of its
EvalCallback.
"""

import json
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from ..ddpg.config import Config
from ..storage import CheckpointError, load_arrays, save_arrays
from .checkpoint import State, save_checkpoint
from .csv_files import Table
from .evaluation import Evaluation
from .lock import Lock
from .read_logs import read_rows
from .run_dir import lasting, make_folder, prepare, read_config, remove_temporaries, write_config
from .run_log import COLUMNS, MEASURED, Episode, Row


class RunFiles:
    """Lock a run folder, and write its files until this is closed.

    Args:
        start: when the run began, in seconds since 1970.
        overwrite: replace a run that the folder already holds.
        kept: continue the run in the folder, after cutting its progress.csv and monitor.csv back
            to these numbers of rows; None begins a new run.

    Attributes:
        rows: the kept rows of progress.csv.

    Raises:
        FileExistsError: the folder holds a run and `overwrite` is false, or another process
            is writing it.
        NotADirectoryError: a file has the name of the folder, or of one above it.
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
        make_folder(run_dir)
        rows, episodes = (None, None) if kept is None else kept
        comment = json.dumps({"t_start": start, "env_id": config.env_id})
        with ExitStack() as opened:
            self._lock = opened.enter_context(closing(Lock(run_dir)))
            self._place = lasting(run_dir)
            if kept is None:
                prepare(run_dir, overwrite)
                write_config(run_dir, config)
            elif replace(read_config(run_dir), total_steps=config.total_steps) != config:
                why = "another run was moved into this folder after its checkpoint was read"
                raise CheckpointError(run_dir / "config.json", why)
            remove_temporaries(run_dir)
            older = ",".join(COLUMNS[: -len(MEASURED)])
            self.progress = Table(run_dir / "progress.csv", [",".join(COLUMNS)], rows, older)
            opened.enter_context(closing(self.progress))
            head = [f"#{comment}", "r,l,t,step"]
            self.monitor = Table(run_dir / "monitor.csv", head, episodes, older="r,l,t")
            opened.enter_context(closing(self.monitor))
            self.rows = read_rows(self.progress.path)
            self._opened = opened.pop_all()  # no error: they stay open until close()

    @property
    def run_dir(self) -> Path:
        """The run folder as it was given, or absolute if the working directory has changed."""
        return self._place()

    def append_row(self, row: Row) -> None:
        """Write a row of progress.csv; a column without a value stays empty."""
        with self._lock.writing():
            self.progress.append(row.get(name, "") for name in COLUMNS)

    def append_episode(self, episode: Episode) -> None:
        """Write a row of monitor.csv."""
        seconds = round(episode.seconds, 6)
        with self._lock.writing():
            self.monitor.append((episode.total, episode.length, seconds, episode.step))

    def save_results(self, state: State, evaluations: list[tuple[int, Evaluation]]) -> None:
        """Make evaluations.npz, policy.npz and best_policy.npz agree with state and log.

        A file that already agrees is not written again. Without an evaluation there is no best
        policy.
        """
        shape = (len(evaluations), state.agent.config.eval_episodes)
        lengths = [each.lengths for _, each in evaluations]
        arrays = {
            "timesteps": np.array([step for step, _ in evaluations], np.int64),
            "results": np.reshape([each.returns for _, each in evaluations], shape),
            "ep_lengths": np.reshape(lengths, shape).astype(np.int64),
        }
        with self._lock.writing() as folder:
            if not _holds(folder / "evaluations.npz", arrays):
                save_arrays(folder / "evaluations.npz", **arrays)
        best = state.best_agent if evaluations else None
        for name, agent in (("best_policy.npz", best), ("policy.npz", state.agent)):
            with self._lock.writing() as folder:
                if agent is None:
                    (folder / name).unlink(missing_ok=True)
                elif not _holds(folder / name, agent.saved()):
                    agent.save(folder / name)

    def save_checkpoint(self, state: State, log: dict[str, ArrayLike]) -> None:
        """Write checkpoint.npz, after the rows that it refers to."""
        with self._lock.writing() as folder:
            self.progress.sync()
            self.monitor.sync()
            save_checkpoint(folder / "checkpoint.npz", state, log)

    def close(self) -> None:
        """Close the files, and release the lock."""
        self._opened.close()


def _holds(path: Path, arrays: Mapping[str, ArrayLike]) -> bool:
    """Return whether a file holds these arrays, to the bit, and no others."""
    wanted = {name: np.asarray(array) for name, array in arrays.items()}
    try:
        saved = load_arrays(path)
        if "config" in saved:  # an earlier version wrote fewer settings
            saved["config"] = np.asarray(Config.from_json(str(saved["config"])).to_json())
    except ValueError:  # not there, or damaged
        return False
    return saved.keys() == wanted.keys() and all(
        (array.dtype, array.shape, array.tobytes())
        == (saved[name].dtype, saved[name].shape, saved[name].tobytes())
        for name, array in wanted.items()
    )
