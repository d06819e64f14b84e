"""Fill in the CSV that Moodle or Canvas exports, so that it can be imported again.

Moodle's "grading worksheet" and Canvas's exported gradebook have a row for each student, with the
number that the system gave the student; the names of downloaded submissions contain the same
number. Only one column is changed.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ...storage import read_bytes, write_text
from .points import LARGEST, Handed, delimiter_of, number_in, read_table
from .students import Key

NUMBER = re.compile(r"\D*(\d+)")  # Moodle: "Participant 1234567", in the teacher's language
ASSIGNMENT = re.compile(r"(.*) \((\d+)\)")  # Canvas: the column of an assignment
GRADE, MODIFIED = "grade", "last modified (submission)"
TIMES = ("%A, %d %B %Y, %I:%M %p", "%A, %B %d, %Y, %I:%M %p", "%A, %d %B %Y, %H:%M")


@dataclass(frozen=True)
class Gradebook:
    """The lines of the file, and the places of students and grades in them."""

    path: Path
    system: str  # "Moodle" or "Canvas"
    lines: list[list[str]]
    column: int  # the index of the grades' column
    maximum: str  # as the file states it, or ""

    def numbers(self) -> dict[str, int]:
        """Return the index of each student's line, by the system's number."""
        place = 0 if self.system == "Moodle" else 1
        found = {}
        for i, line in enumerate(self.lines[1:], start=1):
            if number := NUMBER.fullmatch(line[place].strip() if len(line) > place else ""):
                found[number[1]] = i
        return found

    def names(self) -> dict[str, int]:
        """Return the index of each student's line, by name; leave out names that two share."""
        place = self._place("full name") if self.system == "Moodle" else 0
        found: dict[str, int] = {}
        lines = [line[place] if 0 <= place < len(line) else "" for line in self.lines]
        names = [_letters(name) for name in lines]
        for i in self.numbers().values():
            if names[i] and names.count(names[i]) == 1:
                found[names[i]] = i
        return found

    def times(self) -> dict[Key, datetime]:
        """Return when each student submitted, if Moodle's worksheet states it in English."""
        place, found = self._place(MODIFIED), {}
        for number, i in self.numbers().items() if place >= 0 else ():
            if time := _time(self.lines[i][place]):
                found[self.system, number] = time
        return found

    def scale(self, scheme: Mapping[str, float]) -> float:
        """Return the factor that turns full points into the maximum grade; 1 if it is unknown."""
        most = sum(scheme.values())
        return (number_in(self.maximum) or most) / most if most else 1.0

    def grade(self, each: Handed, scheme: Mapping[str, float]) -> str:
        """Return a student's scaled points in the file's form."""
        grade = sum(each.points(scheme).values()) * self.scale(scheme)
        text = f"{grade:.2f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if "," in self.maximum else text

    def _place(self, name: str) -> int:
        head = [each.strip().lower() for each in self.lines[0]]
        return head.index(name) if name in head else -1


def read_gradebook(path: Path, column: str = "") -> Gradebook:
    """Read Moodle's grading worksheet, or the gradebook that Canvas exports.

    Args:
        column: the name of the grades' column; "" to find it if only one is possible.

    Raises:
        ValueError: the file is neither of them, or not exactly one column matches.
    """
    lines = read_table(path)
    head = [name.strip() for name in lines[0]] if lines else []
    first = [line[0].strip() for line in lines[1:]]
    if len(head) > 3 and "Student" in head[0] and "ID" in head[1]:
        place = _column_of_canvas(path, head, column)
        possible = [line for line in lines if "Points Possible" in line[0]]
        maximum = possible[0][place].strip() if possible and len(possible[0]) > place else ""
        return Gradebook(path, "Canvas", lines, place, maximum)
    if first and all(map(NUMBER.fullmatch, first)):
        places = [i for i, name in enumerate(head) if name.lower() == (column.lower() or GRADE)]
        if len(places) != 1:
            raise ValueError(f"{path}: {_which(column or 'Grade', head)}")
        right = {line[places[0] + 1].strip() for line in lines[1:] if len(line) > places[0] + 1}
        maximum = right.pop() if len(right) == 1 else ""
        return Gradebook(path, "Moodle", lines, places[0], maximum)
    raise ValueError(
        f"{path}: neither Moodle's grading worksheet (its first column has a number for each"
        " participant) nor Canvas's gradebook (its first columns are Student and ID)"
    )


def _column_of_canvas(path: Path, head: Sequence[str], column: str) -> int:
    titles = {i: found[1] for i, name in enumerate(head) if (found := ASSIGNMENT.fullmatch(name))}
    places = [i for i, title in titles.items() if column in ("", title, head[i])]
    if len(places) != 1:
        raise ValueError(f"{path}: {_which(column, list(titles.values()))}")
    return places[0]


def _which(wanted: str, names: Sequence[str]) -> str:
    why = f"no single column is called {wanted!r}" if wanted else "it has several assignments"
    return f"{why}; choose one with --column: {', '.join(names)}" if names else "no assignment"


def fill(
    book: Gradebook, out: Path, handed: Iterable[Handed], scheme: Mapping[str, float]
) -> tuple[list[str], list[str]]:
    """Write the file with the grades of the students whose submissions were graded.

    If the file states a maximum grade, points are scaled so that full points give this maximum.

    Returns the students who are not in the file, and the file's students who submitted nothing.
    """
    numbers, names = book.numbers(), book.names()
    lines, strangers, filled = [list(line) for line in book.lines], [], set()
    for each in handed:
        student = each.student
        place = numbers.get(student.id) if student.system == book.system else None
        place = names.get(_letters(student.name)) if place is None and not student.id else place
        if place is None or place in filled:
            strangers.append(student.name)
            continue
        filled.add(place)
        if each.remark(scheme):
            continue  # it has no grade
        line = lines[place]
        line += [""] * (book.column + 1 - len(line))
        line[book.column] = book.grade(each, scheme)
    raw = read_bytes(book.path, LARGEST).decode("utf-8")
    content = io.StringIO()
    ending = "\r\n" if "\r\n" in raw else "\n"
    csv.writer(content, delimiter=delimiter_of(raw), lineterminator=ending).writerows(lines)
    mark = "\ufeff" if raw.startswith("\ufeff") else ""  # Excel recognises UTF-8 by this mark
    write_text(out, mark + content.getvalue())
    place = max(0, book._place("full name")) if book.system == "Moodle" else 0
    rest = {number: lines[i] for number, i in numbers.items() if i not in filled}
    absent = [f"{''.join(line[place : place + 1])} ({number})" for number, line in rest.items()]
    return strangers, absent


def _letters(name: str) -> str:
    """Return the letters and digits of a name: Canvas removes all other characters."""
    return "".join(re.findall(r"\w", unicodedata.normalize("NFC", name))).casefold()


def _time(text: str) -> datetime | None:
    for form in TIMES:
        try:
            return datetime.strptime(text.strip(), form)
        except ValueError:
            continue
    return None
