"""Compute points: a row for each student, from the rows of the exercises."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ...storage import read_bytes
from ..checks import EXERCISES, missing
from .grade import BLANK, NOT_RUN, UNREAD, Row, is_right, plain
from .students import Key, Student, students_of
from .submission import DISK_LIMIT, KERNEL_DIED, OUT_OF_TIME

LARGEST = 10**6  # bytes of a CSV
# the beginnings of the diagnoses of answers that were not judged or not attempted
NO_ANSWER = (*UNREAD, NOT_RUN, OUT_OF_TIME, DISK_LIMIT, KERNEL_DIED, BLANK)


class Handed:
    """A student's submissions: the files, and the row that counts for each exercise."""

    def __init__(self, student: Student, files: Sequence[str], rows: Mapping[str, Row]):
        self.student, self.files, self.rows = student, files, rows
        self.minutes_late = 0  # 0 also if unknown

    @property
    def is_late(self) -> bool:
        """True if the system says so, or the time of the submission does."""
        return self.student.is_late or self.minutes_late > 0

    def points(self, scheme: Mapping[str, float]) -> dict[str, float]:
        """Return the student's points for each exercise in the scheme."""
        return {n: value if is_right(self.rows.get(n)) else 0.0 for n, value in scheme.items()}

    def remark(self, scheme: Mapping[str, float] | None) -> str:
        """Return why the student gets no grade: a file that was not read or run; otherwise ""."""
        if list(self.rows) == [""]:
            return str(self.rows[""]["diagnosis"])
        for number, row in self.rows.items():
            is_counted = scheme is None or number in scheme or not number
            if is_counted and is_unread(row):
                return str(row["diagnosis"])
        return ""


def is_unread(row: Row | None) -> bool:
    """Return True for a row of a file that could not be read or run."""
    return row is not None and row["diagnosis"].startswith(UNREAD)


def of_class(rows: Sequence[Row]) -> dict[Key, Handed]:
    """Return the submissions of each student.

    If a student has several rows of an exercise, the last one with a judged answer counts, in the
    order of the files.
    """
    by_file: dict[str, list[Row]] = {}
    for row in rows:
        by_file.setdefault(row["path"], []).append(row)
    found = {}
    for key, files in students_of(by_file).items():
        each: dict[str, Row] = {}
        for file, _ in files:
            for row in by_file[file]:
                number, is_judged = row["exercise"], not row["diagnosis"].startswith(NO_ANSWER)
                if is_judged or number not in each or is_unread(each[number]):
                    each[number] = row
        found[key] = Handed(files[-1][1], [file for file, _ in files], each)
    return found


def scheme_of(rows: Sequence[Row]) -> dict[str, float]:
    """Return the points of each exercise in the rows: its importance."""
    numbers = sorted({row["exercise"] for row in rows if row["exercise"]})
    return {number: float(EXERCISES[number].importance) for number in numbers}


def read_scheme(path: Path) -> dict[str, float]:
    """Read a teacher's points: a CSV with the columns exercise and points.

    Raises:
        ValueError: the file has another form; the message names the line.
    """
    lines = read_table(path)
    head = [name.strip().lower() for name in lines[0]] if lines else []
    if head[:2] != ["exercise", "points"]:
        raise ValueError(f"{path}: its first line must be exercise,points")
    scheme: dict[str, float] = {}
    for i, line in enumerate(lines[1:], start=2):
        cells = [cell.strip() for cell in line]
        chapter, _, place = cells[0].lstrip("'").replace(",", ".").partition(".")
        # a spreadsheet turns 04.1 into 4.1
        number = f"{chapter.zfill(2)}.{place}" if place else chapter
        value = number_in(cells[1]) if len(cells) > 1 else None
        if number not in EXERCISES:
            raise ValueError(f"{path}, line {i}: {missing(number)}")
        if number in scheme:
            raise ValueError(f"{path}, line {i}: {number} has points already")
        if value is None or value < 0:
            raise ValueError(f"{path}, line {i}: points must be a number, 0 or more")
        scheme[number] = value
    if not sum(scheme.values()):
        raise ValueError(f"{path}: no exercise has points")
    return scheme


def read_table(path: Path) -> list[list[str]]:
    """Read the lines of a CSV in the form of a spreadsheet of any country; skip empty lines.

    Raises:
        ValueError: the file is not a text in UTF-8.
    """
    try:
        text = read_bytes(path, LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path}: not UTF-8; save it as 'CSV UTF-8'") from None
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    return [line for line in lines if any(cell.strip() for cell in line)]


def delimiter_of(text: str) -> str:
    """Return the character between the columns: comma, semicolon or tab."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def number_in(cell: str) -> float | None:
    """Return the number in a cell, with a decimal point or comma; None if it is not a number."""
    try:
        value = float(cell.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def table(handed: Mapping[Key, Handed], scheme: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the rows of the CSV of points, one for each student."""
    rows = []
    for each in handed.values():
        points, remark = each.points(scheme), each.remark(scheme)
        judged = {number for number, row in each.rows.items() if not is_unread(row)}
        flags = [f"{n}: {row['flag']}" for n, row in sorted(each.rows.items()) if row["flag"]]
        rows.append(
            {
                "student": plain(each.student.name),
                "id": each.student.id,
                "files": plain("; ".join(each.files)),
                **{n: f"{points[n]:g}" if n in judged else "" for n in scheme},
                "total": "" if remark else f"{sum(points.values()):g}",
                "maximum": f"{sum(scheme.values()):g}",
                "late": "yes" if each.is_late else "",
                "minutes_late": each.minutes_late or "",
                "flags": plain("; ".join(flags)),
                "remark": remark,
            }
        )
    return rows


def minutes_late(due: datetime, time: datetime) -> int:
    """Return how many minutes after the due date a student submitted; 0 if in time."""
    return max(0, math.ceil((time - due).total_seconds() / 60))
