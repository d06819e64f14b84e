"""What a run leaves behind: its rows in memory and, if it has a folder, the files there.

The formats are Stable-Baselines3's, so that its tools read our runs: `progress.csv` of its CSV
logger, `monitor.csv` of its Monitor, `evaluations.npz` of its EvalCallback.
"""

import csv
import json
import time
from collections import defaultdict, deque
from pathlib import Path
from typing import IO

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..nn.layers import Array
from ..storage import save_arrays, write_atomically
from .display import Display
from .evaluation import Evaluation
from .folder import claim, versions

COLUMNS = (
    "time/total_timesteps",  # environment steps so far
    "time/episodes",  # ended so far
    "time/time_elapsed",  # s
    "time/fps",  # environment steps per second since the start, everything included
    "rollout/ep_rew_mean",  # return of training episodes, mean of the last 100
    "rollout/ep_len_mean",  # steps, mean of the same
    "train/critic_loss",  # mean over the updates since the row before
    "train/actor_loss",  # the same
    "train/q_mean",  # Q(s, a) on replayed pairs: mean since the row before
    "train/q_min",  # the least since the row before
    "train/q_max",  # the largest since the row before
    "eval/mean_reward",  # mean return of an evaluation, where one was made
    "eval/mean_ep_length",  # steps
)
OVER_UPDATES = {"q_min": min, "q_max": max}  # the others are averaged


class RunLog:
    """Collect a run's rows; write them as they come. A context manager that closes its files.

    Raises:
        FileExistsError: the folder already holds a run and `overwrite` is false.
    """

    def __init__(
        self, config: Config, run_dir: str | Path | None, progress: bool, overwrite: bool = False
    ):
        self.rows: list[dict[str, float]] = []
        self.evaluations: list[tuple[int, Evaluation]] = []
        self.config, self.steps, self.episodes = config, 0, 0
        self.start = time.time()
        self.run_dir = None if run_dir is None else claim(Path(run_dir), overwrite)
        self.recent: deque[tuple[float, int]] = deque(maxlen=100)  # return, length
        self.episode_return, self.episode_length = 0.0, 0
        self.metrics: dict[str, list[float]] = defaultdict(list)
        self.evaluated: Evaluation | None = None
        self.progress_file: IO[str] | None = None
        self.monitor_file: IO[str] | None = None
        if self.run_dir is not None:
            self._open_files(self.run_dir)
        self.display = Display(config.total_steps) if progress else None

    def _open_files(self, run_dir: Path) -> None:
        settings = {"config": json.loads(self.config.to_json()), "versions": versions()}
        write_atomically(run_dir / "config.json", json.dumps(settings, indent=2).encode())
        self.progress_file = open(run_dir / "progress.csv", "w", newline="", buffering=1)
        csv.writer(self.progress_file).writerow(COLUMNS)
        self.monitor_file = open(run_dir / "monitor.csv", "w", newline="", buffering=1)
        header = {"t_start": self.start, "env_id": self.config.env_id}
        self.monitor_file.write(f"#{json.dumps(header)}\nr,l,t\n")

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
            if self.monitor_file:
                row = (
                    round(self.episode_return, 6),
                    self.episode_length,
                    round(self._elapsed(), 6),
                )
                csv.writer(self.monitor_file).writerow(row)
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
        if self.progress_file:
            csv.writer(self.progress_file).writerow([row.get(name, "") for name in COLUMNS])
        self.metrics.clear()
        self.evaluated = None

    def history(self) -> dict[str, Array]:
        """Return the rows as one array per column, NaN where a row has no value."""
        return {n: np.array([row.get(n, np.nan) for row in self.rows]) for n in COLUMNS}

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
        for name, values in self.metrics.items():
            row[f"train/{name}"] = float(OVER_UPDATES.get(name, np.mean)(values))
        if self.evaluated is not None:
            row["eval/mean_reward"] = self.evaluated.mean
            row["eval/mean_ep_length"] = float(self.evaluated.lengths.mean())
        return row

    def _elapsed(self) -> float:
        return time.time() - self.start

    def close(self) -> None:
        """Close the files and the display."""
        for file in (self.progress_file, self.monitor_file):
            if file:
                file.close()
        if self.display:
            self.display.close()

    def __enter__(self) -> "RunLog":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
