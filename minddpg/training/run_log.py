"""Collect what a run reports into rows of its log; save and restore the log's counters."""

import time
from collections import defaultdict, deque
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..ddpg.config import Config
from ..nn.layers import Array
from .evaluation import Evaluation

COLUMNS = (
    "time/total_timesteps",  # environment steps so far
    "time/episodes",  # ended so far
    "time/time_elapsed",  # s
    "time/fps",  # environment steps per second since the start, everything included
    "rollout/ep_rew_mean",  # return of training episodes, mean of the last 100
    "rollout/ep_len_mean",  # steps, mean of the same
    "train/critic_loss",  # before the critic's step: mean over the updates since the row before
    "train/actor_loss",  # after it, before the actor's: mean over the same
    "train/q_mean",  # Q(s, a) on replayed pairs, before both: mean over the same
    "train/q_min",  # the least since the row before
    "train/q_max",  # the largest since the row before
    "eval/mean_reward",  # mean return of an evaluation, where one was made
    "eval/mean_ep_length",  # steps
    # Means over some of the updates since the row before: the first, and every MEASURE_EVERY-th
    # after it. They come last, because the first version wrote only the others.
    "train/actor_saturation",  # the share of μ(s) on the minibatch with |μ(s)| > 0.99
    "train/td_error_std",  # the standard deviation of Q(s, a) − y on the minibatch
)
METRICS = ("critic_loss", "actor_loss", "q_mean", "q_min", "q_max")  # of an update
MEASURED = ("actor_saturation", "td_error_std")  # of some updates
MEASURE_EVERY = 50  # updates; to measure all of them would cost a tenth of the time of a run
OVER_UPDATES = {"q_min": min, "q_max": max}  # the other metrics are averaged

Row = dict[str, float]  # the values of some COLUMNS


class Episode(NamedTuple):
    """A training episode that has ended."""

    total: float  # undiscounted return, with exploration noise
    length: int  # steps
    seconds: float  # from the start of the run to the end of the episode
    step: int  # of the run, at which it ended


class RunLog:
    """Collect what a run reports, and make a row when one is due.

    Args:
        saved: the arrays that state() returned in an earlier process of the same run. The rows
            themselves are in progress.csv; set `rows` to what was read there.
    """

    def __init__(self, config: Config, saved: dict[str, Array] | None = None):
        self.config, self.began = config, time.perf_counter()  # not changed by setting the clock
        self.start = time.time()  # in seconds since 1970
        self.rows: list[Row] = []
        self.evaluations: list[tuple[int, Evaluation]] = []  # step and result of each
        self.steps, self.episodes = 0, 0  # so far
        self.episode_return, self.episode_length = 0.0, 0  # of the episode in progress
        self.recent: deque[tuple[float, int]] = deque(maxlen=100)  # returns and lengths
        # of the updates since the last row
        self.metrics: dict[str, list[float]] = defaultdict(list)
        if saved is not None:
            self._restore(saved)

    def add_transition(self, reward: float) -> None:
        """Count one environment step."""
        self.steps += 1
        self.episode_return += reward
        self.episode_length += 1

    def end_episode(self) -> Episode:
        """Count the episode in progress as ended, and return it."""
        counts = self.episode_return, self.episode_length, self.elapsed(), self.steps
        ended = Episode(*counts)
        self.episodes += 1
        self.recent.append((ended.total, ended.length))
        self.forget_episode()
        return ended

    def forget_episode(self) -> None:
        """Set the return and the length of the episode in progress back to zero."""
        self.episode_return, self.episode_length = 0.0, 0

    def add_update(self, metrics: dict[str, float]) -> None:
        """Collect the numbers that one update reported, or that were measured after it."""
        for name, value in metrics.items():
            self.metrics[name].append(value)

    def is_measurement_due(self) -> bool:
        """Return whether to measure the MEASURED columns at the next update."""
        return len(self.metrics["critic_loss"]) % MEASURE_EVERY == 0

    def add_evaluation(self, evaluation: Evaluation) -> None:
        """Collect an evaluation made at this step."""
        self.evaluations.append((self.steps, evaluation))

    def is_evaluation_due(self) -> bool:
        """Return whether one is due and not yet made: at the last step, and once per eval_every."""
        every = self.config.eval_every
        if every == 0:
            return False
        last = self.evaluations[-1][0] if self.evaluations else 0
        is_last = self.steps == self.config.total_steps
        return self.steps // every > last // every or (is_last and self.steps > last)

    def end_of_step(self) -> Row | None:
        """Return a row if one is due: every log_every steps, at an evaluation, and at the end."""
        is_last = self.steps == self.config.total_steps
        if self.steps % self.config.log_every and self._evaluated_now() is None and not is_last:
            return None
        row = self._row()
        self.rows.append(row)
        self.metrics.clear()
        return row

    def history(self) -> dict[str, Array]:
        """Return the rows as one array per column, NaN where a row has no value."""
        rows = [complete(row) for row in self.rows]
        return {name: np.array([row[name] for row in rows], float) for name in COLUMNS}

    def elapsed(self) -> float:
        """Return the seconds since the run began, without the pauses before a resume."""
        return time.perf_counter() - self.began

    def state(self) -> dict[str, ArrayLike]:
        """Return the arrays from which a later process can continue this log."""
        return {
            "log_time_elapsed": self.elapsed(),
            "log_counts": (self.steps, self.episodes, self.episode_length),
            "log_episode_return": self.episode_return,
            "log_recent": np.reshape(self.recent, (-1, 2)),
            "log_metrics": [self.metrics[name] for name in METRICS],
            "log_measured": [self.metrics[name] for name in MEASURED],
            "log_rows": len(self.rows),
            "log_evaluated": [step for step, _ in self.evaluations],
            "log_returns": [each.returns for _, each in self.evaluations],
            "log_lengths": [each.lengths for _, each in self.evaluations],
        }

    def _restore(self, saved: dict[str, Array]) -> None:
        before = float(saved["log_time_elapsed"])
        self.began, self.start = self.began - before, self.start - before
        self.steps, self.episodes, self.episode_length = map(int, saved["log_counts"])
        self.episode_return = float(saved["log_episode_return"])
        self.recent.extend((r, int(length)) for r, length in saved["log_recent"].tolist())
        for name, values in zip(METRICS, saved["log_metrics"].tolist(), strict=True):
            self.metrics[name] = values
        if "log_measured" in saved:  # not in older files
            for name, values in zip(MEASURED, saved["log_measured"].tolist(), strict=True):
                self.metrics[name] = values
        columns = (saved[f"log_{name}"] for name in ("evaluated", "returns", "lengths"))
        for step, returns, lengths in zip(*columns, strict=True):
            self.evaluations.append((int(step), Evaluation(returns, lengths)))

    def _evaluated_now(self) -> Evaluation | None:
        step, evaluation = self.evaluations[-1] if self.evaluations else (0, None)
        return evaluation if step == self.steps else None

    def _row(self) -> Row:
        elapsed = self.elapsed()
        row: Row = {
            "time/total_timesteps": self.steps,
            "time/episodes": self.episodes,
            "time/time_elapsed": round(elapsed, 3),
            "time/fps": round(self.steps / elapsed, 1) if elapsed else 0.0,
        }
        if self.recent:
            row["rollout/ep_rew_mean"] = float(np.mean([total for total, _ in self.recent]))
            row["rollout/ep_len_mean"] = float(np.mean([length for _, length in self.recent]))
        for name in METRICS + MEASURED:
            if values := self.metrics[name]:
                row[f"train/{name}"] = float(OVER_UPDATES.get(name, np.mean)(values))
        evaluated = self._evaluated_now()
        if evaluated is not None:
            row["eval/mean_reward"] = evaluated.mean
            row["eval/mean_ep_length"] = float(evaluated.lengths.mean())
        return row


def complete(row: Row) -> Row:
    """Return a new row with all COLUMNS, as floats, NaN where the given one has no value."""
    return {name: float(row.get(name, np.nan)) for name in COLUMNS}
