"""Whose submission a file is: read out of its name, as Moodle, Canvas or a teacher writes it.

Moodle:  "Ada Lovelace_1234567_assignsubmission_file_/04_backprop.ipynb", or without the folder
Canvas:  "lovelaceada_LATE_12345_67890_04_backprop.ipynb"
others:  "ada/04_backprop.ipynb" or "04_backprop_ada.ipynb"
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath

MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.*))?"
)
CANVAS = re.compile(  # an anonymous submission has no name
    r"(?!\d\d[ _-])(?:(?P<name>.+?)_)??(?P<late>LATE_)?"
    r"(?P<id>anon_\w+?|\d+)_\d+_(?P<file>.+\.(?i:ipynb))"
)
# what follows the digits in the names of the course's notebooks
CHAPTER = re.compile(
    r"\d\d(?!\d)[ _.-]*(?:tour|bellman|q_learning|gradient_checks|backprop|critic|policy_gradient"
    r"|replay|targets|exploration|your_ddpg|bug_zoo|paper_and_after)?",
    re.IGNORECASE,
)
AGAIN = re.compile(r"[ _-]*\(?(\d+)\)?$")  # what a second file of the same name ends with

Key = tuple[str, str]  # of a student: the system and its number, or "" and the name


@dataclass(frozen=True)
class Student:
    """Who handed a file in, and under which name."""

    name: str
    id: str  # the number that Moodle or Canvas gives, or ""
    system: str  # "Moodle", "Canvas" or ""
    file: str  # the name that the student gave the file
    is_late: bool = False  # as Canvas says
    folder: str = ""  # the folder that Moodle made for the student, or a name for one

    @property
    def key(self) -> Key:
        """What two files of one student have in common."""
        return (self.system, self.id) if self.id else ("", self.name)

    @property
    def order(self) -> tuple[int, str]:
        """Sort the files of one student; the last of them counts."""
        again = AGAIN.search(_own_name(PurePath(self.file).stem))
        return int(again[1]) if again and len(again[1]) < 4 else 0, self.file


def student_of(path: PurePath) -> Student:
    """Read the path of a submission, from the graded folder on."""
    for part in path.parts:
        if found := MOODLE.fullmatch(part):
            name, number, rest = found["name"].strip(), found["id"], found["file"]
            folder = part if part != path.name else f"{name}_{number}_assignsubmission_file_"
            return Student(name, number, "Moodle", rest or path.name, folder=folder)
    if found := CANVAS.fullmatch(path.name):
        name = found["name"] or found["id"]
        return Student(name, found["id"], "Canvas", found["file"], bool(found["late"]))
    folders = [part for part in path.parts[:-1] if not CHAPTER.fullmatch(part)]
    stem = PurePath(path.name).stem
    return Student("/".join(folders) or _own_name(stem) or stem, "", "", path.name)


def students_of(files: Iterable[str]) -> dict[Key, list[tuple[str, Student]]]:
    """Return the files of each student, the one that counts last, in the order of their names."""
    found: dict[Key, list[tuple[str, Student]]] = {}
    for file in files:
        student = student_of(PurePath(file))
        found.setdefault(student.key, []).append((file, student))
    for key, each in list(found.items()):
        if _are_several(each):
            del found[key]
            for file, student in each:
                name = f"{student.name}/{_own_name(PurePath(file).stem)}"
                found.setdefault(("", name), []).append((file, replace(student, name=name)))
    for each in found.values():
        each.sort(key=lambda pair: (pair[1].order, pair[0]))
    return dict(sorted(found.items(), key=lambda item: item[1][0][1].name.casefold()))


def _own_name(stem: str) -> str:
    """Return what a student added to the name of a chapter's notebook."""
    return CHAPTER.sub("", stem, count=1).strip(" _.-")


def _are_several(files: list[tuple[str, Student]]) -> bool:
    """Say whether a folder holds a class: two files of a chapter, and names in all file names."""
    if any(student.system for _, student in files):
        return False
    stems = [PurePath(file).stem for file, _ in files]
    is_named = all(_own_name(stem).strip("0123456789()v ") for stem in stems)
    return is_named and len({stem[:2] for stem in stems}) < len(stems)
