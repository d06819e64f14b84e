"""Write what a teacher can request besides the grades: points, a gradebook, feedback.

The given files are checked before the first submission runs.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from ...training.csv_files import write_csv
from .feedback import write_feedback
from .grade import Row, plain
from .gradebook import Gradebook, fill, read_gradebook
from .points import Handed, minutes_late, of_class, read_scheme, scheme_of, table
from .students import Key

MOST_NAMED = 40  # students in one line


class Reports:
    """The requested files and their paths.

    Args:
        out: the CSV of the grades; the names of the other files begin with its name.
        points: the CSV of a teacher's points; True to use each exercise's importance; or None.
        gradebook: the CSV of Moodle or Canvas to fill in.
        column: the gradebook's column of grades.
        due: when the submissions were due, by this machine's clock.
        feedback: the folder for the students' pages.
        overwrite: True to replace existing files.

    Raises:
        ValueError: a file has another form.
        FileExistsError: a file exists already.
    """

    def __init__(
        self,
        out: Path,
        points: Path | bool | None = None,
        gradebook: Path | None = None,
        column: str = "",
        due: datetime | None = None,
        feedback: Path | None = None,
        overwrite: bool = False,
    ):
        self.scheme_file = points if isinstance(points, Path) else None
        self.scheme = read_scheme(self.scheme_file) if self.scheme_file else None
        self.book: Gradebook | None = read_gradebook(gradebook, column) if gradebook else None
        has_points = bool(points) or self.book is not None or due is not None
        self.points = out.with_name(f"{out.stem}-points.csv") if has_points else None
        self.filled = out.with_name(f"{out.stem}-gradebook.csv") if self.book else None
        self.due, self.feedback = due, feedback
        for path in filter(None, (self.points, self.filled)):
            if path.exists() and not overwrite:
                raise FileExistsError(f"{path} exists: choose another --out, or --overwrite")
        if self.filled and gradebook and self.filled.resolve() == gradebook.resolve():
            raise ValueError(f"{gradebook} would be replaced: choose another --out")
        if feedback and feedback.exists() and not feedback.is_dir():
            raise ValueError(f"{feedback} is not a folder")
        if feedback and feedback.exists() and any(feedback.iterdir()) and not overwrite:
            raise FileExistsError(f"{feedback} is not empty: choose another, or --overwrite")

    def write(self, folder: Path, rows: Sequence[Row]) -> Iterator[str]:
        """Write the files; yield a line about each of them, and about what to look at.

        Args:
            folder: the submissions.
        """
        handed = of_class(rows)
        scheme = self.scheme or scheme_of(rows)
        found = {row["exercise"] for row in rows} - {""}
        if found and not found & set(scheme):
            numbers = _listed(sorted(found))
            raise ValueError(f"{self.scheme_file} has no points for the exercises found: {numbers}")
        if without := sorted(found - set(scheme)):
            yield f"{self.scheme_file} has no points for some exercises: {_listed(without)}"
        if absent := sorted(set(scheme) - found):
            yield f"no notebook contains these exercises with points: {_listed(absent)}"
        timeless = []
        if self.due:
            times = self._times(folder, handed)
            for key, each in handed.items():
                if key in times:
                    each.minutes_late = minutes_late(self.due, times[key])
                elif each.student.system == "Moodle":
                    timeless.append(each.student.name)
        if self.points:
            write_csv(self.points, table(handed, scheme))
            several = [each.student.name for each in handed.values() if len(each.files) > 1]
            count, most = len(handed), sum(scheme.values())
            yield f"points {self.points}: {_count(count, 'student')}, at most {most:g} points each"
            if timeless:
                where = "an English worksheet, as --gradebook, has the times of Moodle"
                yield f"not known whether late ({where}): {_listed(timeless)}"
            if several:
                yield f"students with several files (the last one counts): {_listed(several)}"
            if ungraded := [each.student.name for each in handed.values() if each.remark(scheme)]:
                yield f"no grade, see the column remark: {_listed(ungraded)}"
        if self.book and self.filled:
            strangers, missing = fill(self.book, self.filled, handed.values(), scheme)
            is_scaled = self.book.scale(scheme) != 1
            scaled = f", scaled to a maximum of {self.book.maximum}" if is_scaled else ""
            yield f"gradebook {self.filled}: for {self.book.system}{scaled}"
            if strangers:
                yield f"not in the gradebook, so without a grade there: {_listed(strangers)}"
            if missing:
                yield f"nothing handed in, so unchanged: {_listed(missing)}"
        if self.feedback:
            shown = scheme if self.points else None
            count = len(write_feedback(self.feedback, handed, shown, self.book))
            yield f"feedback {self.feedback}: {_count(count, 'page')}"

    def _times(self, folder: Path, handed: dict[Key, Handed]) -> dict[Key, datetime]:
        """Return when each student submitted, from the gradebook or the file's date."""
        times = self.book.times() if self.book else {}
        for key, each in handed.items():
            if not each.student.system:  # Moodle's and Canvas's archives have other dates
                with contextlib.suppress(OSError):  # deleted meanwhile
                    seconds = os.stat(folder / each.files[-1], follow_symlinks=False).st_mtime
                    times[key] = datetime.fromtimestamp(seconds)
        return times


def _count(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _listed(names: Sequence[str]) -> str:
    more = [f"and {len(names) - MOST_NAMED} more"] * (len(names) > MOST_NAMED)
    return ", ".join([*map(plain, names[:MOST_NAMED]), *more])
