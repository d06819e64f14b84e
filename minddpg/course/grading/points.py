"""Points: a row for each student, from the rows of the exercises."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ...storage import read_bytes
from ..checks import EXERCISES
from .grade import BLANK, FOLLOWS, NOT_RUN, Row, plain
from .students import Key, Student, students_of
from .submission import DISK_LIMIT, KERNEL_DIED, NOT_POSSIBLE, OUT_OF_TIME

LARGEST = 10**6  # bytes of a CSV
# begin the diagnoses of what was not judged, or not attempted
NO_ANSWER = ("not a notebook: ", NOT_POSSIBLE, NOT_RUN, OUT_OF_TIME, DISK_LIMIT, KERNEL_DIED, BLANK)


class Handed:
    """What a student has handed in: the files, and the row that counts for each exercise."""

    def __init__(self, student: Student, files: Sequence[str], rows: Mapping[str, Row]):
        self.student, self.files, self.rows = student, files, rows

    def points(self, scheme: Mapping[str, float]) -> dict[str, float]:
        """Return the points of each exercise that has any."""
        return {n: value if is_right(self.rows.get(n)) else 0.0 for n, value in scheme.items()}


def is_right(row: Row | None) -> bool:
    """Say whether an exercise earns its points: it passed, or its mistake is an earlier one's."""
    if row is None:
        return False
    return bool(row["passed"] == "yes" or row["diagnosis"].startswith(FOLLOWS))


def of_class(rows: Sequence[Row]) -> dict[Key, Handed]:
    """Return what each student has handed in.

    Where a student has several rows of an exercise, that of the last file counts, among those in
    which an answer was judged.
    """
    by_file: dict[str, list[Row]] = {}
    for row in rows:
        by_file.setdefault(row["path"], []).append(row)
    found = {}
    for key, files in students_of(by_file).items():
        each: dict[str, Row] = {}
        for file, _ in files:
            for row in by_file[file]:
                if row["exercise"] not in each or not row["diagnosis"].startswith(NO_ANSWER):
                    each[row["exercise"]] = row
        found[key] = Handed(files[-1][1], [file for file, _ in files], each)
    return found


def scheme_of(rows: Sequence[Row]) -> dict[str, float]:
    """Return the importance of each exercise that is in the rows, as its points."""
    numbers = sorted({row["exercise"] for row in rows if row["exercise"]})
    return {number: float(EXERCISES[number].importance) for number in numbers}


def read_scheme(path: Path) -> dict[str, float]:
    """Read a teacher's points: a CSV with the columns exercise and points.

    Raises:
        ValueError: it is not such a file; names the line.
    """
    lines = read_table(path)
    head = [name.strip().lower() for name in lines[0]] if lines else []
    if head[:2] != ["exercise", "points"]:
        raise ValueError(f"{path}: its first line must be exercise,points")
    scheme: dict[str, float] = {}
    for i, line in enumerate(lines[1:], start=2):
        cells = [cell.strip() for cell in line]
        chapter, _, place = cells[0].lstrip("'").replace(",", ".").partition(".")
        number = f"{chapter.zfill(2)}.{place}"  # a spreadsheet makes 4.1 of 04.1
        value = number_in(cells[1]) if len(cells) > 1 else None
        if number not in EXERCISES:
            raise ValueError(f"{path}, line {i}: there is no exercise {cells[0]!r}")
        if number in scheme:
            raise ValueError(f"{path}, line {i}: {number} has points already")
        if value is None or value < 0:
            raise ValueError(f"{path}, line {i}: points must be a number, 0 or more")
        scheme[number] = value
    if not sum(scheme.values()):
        raise ValueError(f"{path}: no exercise has points")
    return scheme


def read_table(path: Path) -> list[list[str]]:
    """Read the lines of a CSV, as a spreadsheet in any country writes it; skip empty ones.

    Raises:
        ValueError: it is not a text file in UTF-8.
    """
    try:
        text = read_bytes(path, LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path}: not UTF-8; save it as 'CSV UTF-8'") from None
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    return [line for line in lines if any(cell.strip() for cell in line)]


def delimiter_of(text: str) -> str:
    """Return the sign between the columns: comma, semicolon or tab."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def number_in(cell: str) -> float | None:
    """Return the number in a cell, with a decimal point or comma; None if there is none."""
    try:
        value = float(cell.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def table(
    handed: Mapping[Key, Handed],
    scheme: Mapping[str, float],
    due: datetime | None,
    times: Mapping[Key, datetime],
) -> list[dict[str, Any]]:
    """Return the rows of the points' CSV, one for each student."""
    rows = []
    for key, each in handed.items():
        points = each.points(scheme)
        late = minutes_late(each, due, times.get(key))
        flags = [f"{n}: {row['flag']}" for n, row in sorted(each.rows.items()) if row["flag"]]
        rows.append(
            {
                "student": plain(each.student.name),
                "id": each.student.id,
                "files": plain("; ".join(each.files)),
                **{n: f"{points[n]:g}" if n in each.rows else "" for n in scheme},
                "total": f"{sum(points.values()):g}",
                "maximum": f"{sum(scheme.values()):g}",
                "late": "yes" if late or each.student.is_late else "",
                "minutes_late": late or "",
                "flags": plain("; ".join(flags)),
            }
        )
    return rows


def minutes_late(each: Handed, due: datetime | None, time: datetime | None) -> int:
    """Return how many minutes after the date a student handed in; 0 if in time or not known."""
    if due is None or time is None:
        return 0
    return max(0, math.ceil((time - due).total_seconds() / 60))
