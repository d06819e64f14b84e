"""CSV files: one that grows row by row and can be cut back, and one that is written whole."""

import contextlib
import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..storage import CheckpointError, with_path, write_text


class Table:
    """A CSV file that is open for appending; each row is written at once.

    Args:
        head: the first lines of the file.
        rows: keep this many rows of an existing file, and cut off the rest; None starts a new one.

    Attributes:
        kept: the lines that were kept of an existing file, its head included.

    Raises:
        CheckpointError: the file has fewer rows.
    """

    def __init__(self, path: Path, head: Iterable[str], rows: int | None = None):
        self.path, head = path, list(head)
        self.kept = [] if rows is None else _cut_back(path, len(head) + rows)
        mode = "w" if rows is None else "a"
        self.file = open(path, mode, newline="", buffering=1, encoding="utf-8")
        if rows is None:
            with with_path(path):
                self.file.writelines(f"{line}\n" for line in head)

    def append(self, row: Iterable[object]) -> None:
        """Write one row."""
        with with_path(self.path):
            csv.writer(self.file, lineterminator="\n").writerow(row)

    def sync(self) -> None:
        """Wait until the rows are on the disk."""
        with with_path(self.path):
            os.fsync(self.file.fileno())

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(OSError):  # a full disk was reported when the row was written
            self.file.close()


def _cut_back(path: Path, lines: int) -> list[str]:
    """Keep the first lines of a file, cut off the rest, and return what was kept."""
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
    """Write rows atomically. They may have different columns; NaN becomes an empty cell."""
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
