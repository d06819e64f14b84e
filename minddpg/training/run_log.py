"""What a run leaves behind: its rows in memory and, if it has a folder, the files there.

The formats are Stable-Baselines3's, so that its tools read our runs: `progress.csv` of its CSV
logger, `monitor.csv` of its Monitor, `evaluations.npz` of its EvalCallback.
"""

import csv
import json
import time
from collections import defaultdict, deque
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..nn.layers import Array
from ..storage import blaming, save_arrays
from .csv_files import COLUMNS, METRICS, Table
from .evaluation import Evaluation
from .progress import Display
from .run_dir import Lock, claim, sweep, write_config

OVER_UPDATES = {"q_min": min, "q_max": max}  # the others are averaged


class RunLog:
    """Collect a run's rows; write them as they come, until it is closed.

    Args:
        saved: state() of the log of an earlier process, with which this one goes on; its files
            are cut back to the rows that they had then.

    Raises:
        FileExistsError: the folder holds a run, and `overwrite` is false or it is being written.
        CheckpointError: a file has fewer rows than it had.
    """

    def __init__(
        self,
        config: Config,
        run_dir: str | Path | None,
        progress: bool,
        overwrite: bool = False,
        saved: dict[str, Array] | None = None,
    ):
        self.rows: list[dict[str, float]] = []
        self.evaluations: list[tuple[int, Evaluation]] = []
        self.config, self.start, self.steps, self.episodes = config, time.time(), 0, 0
        self.run_dir = None if run_dir is None else Path(run_dir)
        self.recent: deque[tuple[float, int]] = deque(maxlen=100)  # return, length
        self.episode_return, self.episode_length = 0.0, 0
        self.metrics: dict[str, list[float]] = defaultdict(list)
        self.evaluated: Evaluation | None = None
        self.display: Display | None = None
        self.lock: Lock | None = None
        self.progress_table: Table | None = None
        self.monitor_table: Table | None = None
        if saved is not None:
            self._restore(saved)
        if self.run_dir is not None:
            self.run_dir.mkdir(parents=True, exist_ok=True)
            self.lock = Lock(self.run_dir)
            try:
                if saved is None:
                    claim(self.run_dir, overwrite)
                    write_config(self.run_dir, config)
                sweep(self.run_dir)
                self._open_tables(self.run_dir, saved)
            except BaseException:
                self.close()
                raise
        best = max((each.mean for _, each in self.evaluations), default=-np.inf)
        self.display = Display(config.total_steps, self.steps, best) if progress else None

    def _open_tables(self, run_dir: Path, saved: dict[str, Array] | None) -> None:
        header = json.dumps({"t_start": self.start, "env_id": self.config.env_id})
        rows, episodes = (int(saved["log_rows"]), self.episodes) if saved else (None, None)
        self.progress_table = Table(run_dir / "progress.csv", [",".join(COLUMNS)], rows)
        self.monitor_table = Table(run_dir / "monitor.csv", [f"#{header}", "r,l,t"], episodes)
        with blaming(self.progress_table.path):
            for row in csv.DictReader(self.progress_table.kept):
                self.rows.append({name: float(text) for name, text in row.items() if text})

    def state(self) -> dict[str, ArrayLike]:
        """Return, as named arrays, what a later process needs to go on with this log."""
        for table in filter(None, (self.progress_table, self.monitor_table)):
            table.sync()  # the checkpoint relies on these rows
        return {
            "log_time_elapsed": self._elapsed(),  # s
            "log_counts": (self.steps, self.episodes, self.episode_length),
            "log_episode_return": self.episode_return,
            "log_recent": np.reshape(self.recent, (-1, 2)),  # returns and lengths
            "log_metrics": [self.metrics[name] for name in METRICS],  # since the last row
            "log_rows": len(self.rows),
            "log_evaluated": [step for step, _ in self.evaluations],
            "log_returns": [each.returns for _, each in self.evaluations],
            "log_lengths": [each.lengths for _, each in self.evaluations],
        }

    def _restore(self, saved: dict[str, Array]) -> None:
        self.start -= float(saved["log_time_elapsed"])
        self.steps, self.episodes, self.episode_length = map(int, saved["log_counts"])
        self.episode_return = float(saved["log_episode_return"])
        self.recent.extend((r, int(length)) for r, length in saved["log_recent"].tolist())
        for name, values in zip(METRICS, saved["log_metrics"].tolist(), strict=True):
            self.metrics[name] = values
        columns = (saved[f"log_{name}"] for name in ("evaluated", "returns", "lengths"))
        for step, returns, lengths in zip(*columns, strict=True):
            self.evaluations.append((int(step), Evaluation(returns, lengths)))

    def begin_episode_again(self) -> None:
        """Forget the episode in progress, which an environment could not repeat."""
        self.episode_return, self.episode_length = 0.0, 0

    def say(self, line: str) -> None:
        """Show a person one line, if anyone is watching."""
        if self.display:
            self.display.say(line)

    def transition(self, reward: float, ended: bool) -> None:
        """Count one environment step, and the episode's end if it was one."""
        self.steps += 1
        self.episode_return += reward
        self.episode_length += 1
        if ended:
            self.episodes += 1
            self.recent.append((self.episode_return, self.episode_length))
            if self.monitor_table:
                total, elapsed = round(self.episode_return, 6), round(self._elapsed(), 6)
                self.monitor_table.append((total, self.episode_length, elapsed))
            self.episode_return, self.episode_length = 0.0, 0

    def update(self, metrics: dict[str, float]) -> None:
        """Note what one update reported."""
        for name, value in metrics.items():
            self.metrics[name].append(value)

    def evaluation(self, evaluation: Evaluation, agent: DDPG, is_best: bool) -> None:
        """Note an evaluation made at this step, and keep the policies as they now are."""
        self.evaluated = evaluation
        self.evaluations.append((self.steps, evaluation))
        if self.display:
            self.display.evaluation(self.steps, evaluation.mean)
        if self.run_dir is not None:
            save_arrays(
                self.run_dir / "evaluations.npz",
                timesteps=[step for step, _ in self.evaluations],
                results=[each.returns for _, each in self.evaluations],
                ep_lengths=[each.lengths for _, each in self.evaluations],
            )
            agent.save(self.run_dir / "policy.npz")
            if is_best:
                agent.save(self.run_dir / "best_policy.npz")

    def end_of_step(self) -> None:
        """Write a row if one is due: every log_every steps, at evaluations and at the end."""
        if self.display:
            self.display.step()
        is_last = self.steps == self.config.total_steps
        if self.evaluated is None and self.steps % self.config.log_every and not is_last:
            return
        row = self._row()
        self.rows.append(row)
        if self.progress_table:
            self.progress_table.append(row.get(name, "") for name in COLUMNS)
        self.metrics.clear()
        self.evaluated = None

    def history(self) -> dict[str, Array]:
        """Return the rows as one array per column, NaN where a row has no value."""
        return {n: np.array([row.get(n, np.nan) for row in self.rows], float) for n in COLUMNS}

    def _row(self) -> dict[str, float]:
        elapsed = self._elapsed()
        row: dict[str, float] = {
            "time/total_timesteps": self.steps,
            "time/episodes": self.episodes,
            "time/time_elapsed": round(elapsed, 3),
            "time/fps": round(self.steps / elapsed, 1) if elapsed else 0.0,
        }
        if self.recent:
            row["rollout/ep_rew_mean"] = float(np.mean([each for each, _ in self.recent]))
            row["rollout/ep_len_mean"] = float(np.mean([length for _, length in self.recent]))
        for name, values in ((n, self.metrics[n]) for n in METRICS if self.metrics[n]):
            row[f"train/{name}"] = float(OVER_UPDATES.get(name, np.mean)(values))
        if self.evaluated is not None:
            row["eval/mean_reward"] = self.evaluated.mean
            row["eval/mean_ep_length"] = float(self.evaluated.lengths.mean())
        return row

    def _elapsed(self) -> float:
        return time.time() - self.start

    def close(self) -> None:
        """Close the files and the display; let other processes in."""
        for each in (self.progress_table, self.monitor_table, self.display, self.lock):
            if each is not None:
                each.close()
