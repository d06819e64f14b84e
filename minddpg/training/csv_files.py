"""CSV files: what stands in a run's, how they are cut back to a checkpoint, whole ones of rows."""

import contextlib
import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..storage import CheckpointError, naming, write_text

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
)
METRICS = ("critic_loss", "actor_loss", "q_mean", "q_min", "q_max")  # of an update


class Table:
    """One file, open for appending; every row is written as it comes.

    Args:
        head: its first lines.
        rows: keep so many rows of an existing file and drop the rest; None starts a new file.

    Attributes:
        kept: the lines of an existing file, head included.

    Raises:
        CheckpointError: the file has fewer rows.
    """

    def __init__(self, path: Path, head: Iterable[str], rows: int | None = None):
        self.path, head = path, list(head)
        self.kept = [] if rows is None else _cut_back(path, len(head) + rows)
        mode = "w" if rows is None else "a"
        self.file = open(path, mode, newline="", buffering=1, encoding="utf-8")
        if rows is None:
            with naming(path):
                self.file.writelines(f"{line}\n" for line in head)

    def append(self, row: Iterable[object]) -> None:
        """Write one row."""
        with naming(self.path):
            csv.writer(self.file, lineterminator="\n").writerow(row)

    def sync(self) -> None:
        """Make sure that the rows are on the disk."""
        with naming(self.path):
            os.fsync(self.file.fileno())

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(OSError):  # a full disk was reported when it was written
            self.file.close()


def _cut_back(path: Path, lines: int) -> list[str]:
    try:
        kept = path.read_bytes().splitlines(keepends=True)[: max(lines, 0)]
        if not kept or len(kept) < lines or not kept[-1].endswith(b"\n"):
            raise CheckpointError(path, f"has {len(kept)} lines, the checkpoint knows {lines}")
        size = sum(map(len, kept))
        if size < path.stat().st_size:
            os.truncate(path, size)
        return b"".join(kept).decode().splitlines()
    except OSError as error:
        raise CheckpointError(path, error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise CheckpointError(path, "not text") from None


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows atomically; they may differ in their columns. NaN is left empty."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text.getvalue())


def _cell(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    return "" if value != value else value
