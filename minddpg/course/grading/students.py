"""Find the student of a submission in its file name, in the form of Moodle, Canvas or a teacher.

Moodle:  "Ada Lovelace_1234567_assignsubmission_file_/04_backprop.ipynb", or without the folder
Canvas:  "lovelaceada_LATE_12345_67890_04_backprop.ipynb"
others:  "ada/04_backprop.ipynb" or "04_backprop_ada.ipynb"
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath

from ..checks import EXERCISES

MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.*))?"
)
# the text after the digits in the names of the course's notebooks
TITLES = (
    "tour|bellman|q_learning|gradient_checks|backprop|critic|policy_gradient|replay|targets"
    "|exploration|your_ddpg|bug_zoo|paper_and_after"
)
CANVAS = re.compile(  # an anonymous submission has no name; Canvas's numbers do not begin with 0
    rf"(?=\d*[^\W\d_])(?!\d\d[ _-])(?:(?P<name>.+?)_)??(?P<late>LATE_)?"
    rf"(?P<id>anon_\w+?|\d+)_(?!0\d|\d\d[ _-]*(?:{TITLES}))\d+_(?P<file>.+\.(?i:ipynb))"
)
CHAPTER = re.compile(
    rf"(?P<chapter>\d\d)(?:[ _.-]*(?:{TITLES})(?![^\W\d_])|(?=[ _.-]|$))", re.IGNORECASE
)
VERSION = re.compile(r"[\W_]*v?\d{0,3}[\W_]*", re.IGNORECASE)  # a version, not a student's name

Key = tuple[str, str]  # of a student: the system and its number, or "" and the name


@dataclass(frozen=True)
class Student:
    """The student who handed in a file, and the name of the file."""

    name: str
    id: str  # the number that Moodle or Canvas gives, or ""
    system: str  # "Moodle", "Canvas" or ""
    file: str  # the name that the student gave the file
    is_late: bool = False  # from Canvas
    folder: str = ""  # Moodle's folder for the student, or a name in its form

    @property
    def key(self) -> Key:
        """The key that is equal for all files of one student."""
        return (self.system, self.id) if self.id else ("", self.name)

    @property
    def order(self) -> tuple[str | int, ...]:
        """The key that sorts one student's files by name, "-10" after "-2"; the last one counts."""
        parts = re.split(r"(\d+)", PurePath(self.file).stem.casefold())
        return tuple(int(part) if i % 2 else part for i, part in enumerate(parts))


def student_of(path: PurePath) -> Student:
    """Return the student of a submission, from its path within the graded folder."""
    path = PurePath(unicodedata.normalize("NFC", str(path)))  # macOS splits accented letters
    for part in path.parts:
        if found := MOODLE.fullmatch(part):
            name, number, rest = found["name"].strip(), found["id"], found["file"]
            folder = part if part != path.name else f"{name}_{number}_assignsubmission_file_"
            return Student(name, number, "Moodle", rest or path.name, folder=folder)
    if found := CANVAS.fullmatch(path.name):
        name = found["name"] or found["id"]
        return Student(name, found["id"], "Canvas", found["file"], bool(found["late"]))
    parents = path.parts[:-1]
    folders = [part for part in parents if not _is_of_chapter(part, chapter_of(path.stem))]
    name = "/".join(folders) or _own_name(path.stem) or "/".join(parents) or path.stem
    return Student(name, "", "", path.name)


def chapter_of(stem: str) -> str:
    """Return the chapter of the course that a file's name begins with, or ""."""
    found = CHAPTER.match(stem)
    is_one = found and any(number.startswith(f"{found['chapter']}.") for number in EXERCISES)
    return found["chapter"] if found and is_one else ""


def students_of(files: Iterable[str]) -> dict[Key, list[tuple[str, Student]]]:
    """Return the files of each student in the order of their names; the last one counts."""
    found: dict[Key, list[tuple[str, Student]]] = {}
    for file in files:
        student = student_of(PurePath(file))
        found.setdefault(student.key, []).append((file, student))
    for key, each in list(found.items()):
        if _are_several(each):
            del found[key]
            for file, student in each:
                own = _own_name(unicodedata.normalize("NFC", PurePath(file).stem))
                name = f"{student.name}/{own}"
                found.setdefault(("", name), []).append((file, replace(student, name=name)))
    for each in found.values():
        each.sort(key=lambda pair: (pair[1].order, pair[0]))
    return dict(sorted(found.items(), key=lambda item: item[1][0][1].name.casefold()))


def _own_name(stem: str) -> str:
    """Return what a student added to the name of a chapter's notebook, or ""."""
    return CHAPTER.sub("", stem, count=1).strip(" _.-") if chapter_of(stem) else stem


def _is_of_chapter(folder: str, chapter: str) -> bool:
    """Return True for a chapter's folder: it has the chapter's title, or its file's number.

    A folder 04 with a file of another chapter is a student's.
    """
    is_chapter = CHAPTER.fullmatch(folder) and chapter_of(folder)
    return bool(is_chapter) and (len(folder) > 2 or folder == chapter)


def _are_several(files: list[tuple[str, Student]]) -> bool:
    """Return True for a folder of several students: two files of a chapter, all with names."""
    if any(student.system for _, student in files):
        return False
    stems = [PurePath(file).stem for file, _ in files]
    is_named = not any(VERSION.fullmatch(_own_name(stem)) for stem in stems)
    return is_named and len({chapter_of(stem) for stem in stems}) < len(stems)
