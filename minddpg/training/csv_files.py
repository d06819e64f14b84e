"""CSV files: a table that grows row by row and can be cut back, and files written at once."""

import contextlib
import csv
import io
import math
import os
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from ..nn.layers import Array
from ..storage import CheckpointError, open_to_read, with_path, write_atomically, write_text


class Table:
    """A CSV file that is open for appending; each row is written immediately.

    Args:
        head: the first lines of the file; the last of them names the columns.
        rows: keep this many rows of an existing file, and cut off the rest; None starts a new one.
        older: the line of column names that an earlier version wrote, without the last ones. An
            existing file with this line is accepted, and its new rows have only these columns.

    Raises:
        CheckpointError: the file has fewer rows, or other columns, or is a symbolic link.
        FileExistsError: a new file is to be started, but there is one.
    """

    def __init__(
        self, path: Path, head: Sequence[str], rows: int | None = None, older: str | None = None
    ):
        self.path, names = path, head[-1]
        if rows is not None:
            names = _cut_back(path, len(head), rows, (head[-1], older))
        self.width = len(names.split(","))
        mode = "x" if rows is None else "a"  # x: never through a symbolic link
        self.file = open(path, mode, newline="", buffering=1, encoding="utf-8")
        if rows is None:
            with with_path(path):
                self.file.writelines(f"{line}\n" for line in head)

    def append(self, row: Iterable[object]) -> None:
        """Write one row."""
        with with_path(self.path):
            csv.writer(self.file, lineterminator="\n").writerow(islice(row, self.width))

    def sync(self) -> None:
        """Wait until the rows are on the disk."""
        with with_path(self.path):
            os.fsync(self.file.fileno())

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(OSError):  # a full disk was reported when the row was written
            self.file.close()


def _cut_back(path: Path, head: int, rows: int, known: Sequence[str | None]) -> str:
    """Cut a file back to its head and its first rows; return the line that names its columns."""
    if path.is_symlink():  # the link's author would choose the file to overwrite
        raise CheckpointError(path, "a symbolic link, which is not followed: put the file here")
    wanted, count, size, columns = head + rows, 0, 0, b""
    with open_to_read(path) as file:
        for line in islice(file, max(wanted, 0)):
            if not line.endswith(b"\n"):
                break
            count, size = count + 1, size + len(line)
            columns = line if count == head else columns
        if rows < 0 or count < wanted:
            what = f"has {count} complete lines, but the checkpoint counts {wanted}"
            raise CheckpointError(path, what)
        names = columns.decode(errors="replace").rstrip()
        if names not in known:
            raise CheckpointError(path, f"its columns are {columns[:200]!r}, not {known[0]!r}")
        file.seek(0)
        kept, has_more = file.read(size), bool(file.read(1))
        # a second hard link, perhaps a backup's, must keep its rows
        has_two_names = os.fstat(file.fileno()).st_nlink > 1
    if has_more or has_two_names:
        write_atomically(path, lambda new: new.write(kept))
    return names


def read_names(path: Path, skip: int = 0) -> list[str]:
    """Read the names of a CSV file's columns; `skip` as for read_numbers()."""
    with open_to_read(path) as file:
        return _names(iter(file), skip)


def read_numbers(
    path: Path, columns: Sequence[str], skip: int = 0, may_be_empty: bool = False
) -> Array:
    """Read C columns of a CSV file of numbers: (rows, C), NaN for an empty cell.

    An incomplete last line is left out: the process that wrote it was stopped.

    Args:
        skip: the number of lines before the one that names the columns.

    Raises:
        CheckpointError: a column is missing or repeated, or a cell is not a finite number; names
            the line and the column.
    """
    numbers = array("d")
    with open_to_read(path) as file:
        lines = (line for line in file if line.endswith(b"\n"))
        names = _names(lines, skip)
        if names == [""]:
            raise CheckpointError(path, "is empty, or cut off in its first line")
        for name in columns:
            if names.count(name) != 1:
                raise CheckpointError(path, f"{names.count(name)} of its columns are named {name}")
        for number, line in enumerate(lines, start=skip + 2):
            cells = line.decode(errors="replace").rstrip().split(",")
            if len(cells) != len(names):
                why = f"line {number} has {len(cells)} cells, not {len(names)}"
                raise CheckpointError(path, why)
            row = dict(zip(names, cells, strict=True))
            for name in columns:
                value = _finite(row[name], may_be_empty)
                if value is None:
                    what = f"line {number}: {name} is {row[name][:50]!r}"
                    raise CheckpointError(path, f"{what}, not a finite number")
                numbers.append(value)
    return np.reshape(numbers, (-1, len(columns)))


def _names(lines: Iterator[bytes], skip: int) -> list[str]:
    return next(islice(lines, skip, None), b"").decode(errors="replace").rstrip().split(",")


def _finite(cell: str, may_be_empty: bool) -> float | None:
    """Return the number in a cell, NaN for an empty one that may be empty, else None."""
    if may_be_empty and not cell:
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


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
