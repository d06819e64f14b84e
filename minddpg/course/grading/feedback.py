"""Write feedback: an HTML page for each student, with what the checks said about the answers."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path, PurePath
from typing import Any

from ...storage import write_text
from ...training.wording import counted
from ..checks import EXERCISES, MISTAKES
from .grade import FOLLOWS, NOT_READ, Row, is_right
from .gradebook import Gradebook
from .points import Handed, is_unread
from .students import Key, Student
from .submission import OUT_OF_TIME

CODE = r"<code>\1</code>"
OURS = b'<meta name="generator" content="minddpg grade">'
MOST_PARTS, LONGEST = 40, 2_000  # paragraphs, notes or rows of a table; characters of each
STYLE = """
:root { color-scheme: light dark; --ink: #1c1e21; --page: #fff; --soft: #5f6368; --line: #d8dce1;
  --right: #00734f; --wrong: #a84b00; --code: #f3f4f6 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --page: #16181b; --soft: #a5abb3;
  --line: #3a3f45; --right: #3dbf95; --wrong: #f0944d; --code: #22262b } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page);
  max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 0 }
p { margin: .4rem 0 } .soft { color: var(--soft) }
section { border-left: 4px solid var(--wrong); padding: .1rem 0 .1rem 1rem; margin: 1.5rem 0;
  break-inside: avoid }
section.right { border-color: var(--right) }
.says { font-weight: 600; color: var(--wrong) } .right .says { color: var(--right) }
code { background: var(--code) }
pre { background: var(--code); padding: .6rem; white-space: pre-wrap; margin: .4rem 0 }
.wide { overflow-x: auto } table { border-collapse: collapse; font-size: .9rem }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: normal }
@media (max-width: 30rem) { table { font-size: .8rem } th, td { padding-right: .45rem } }
@media print { :root { --ink: #000; --page: #fff; --soft: #444; --code: #f3f4f6;
  --line: #bbb; --right: #00734f; --wrong: #a84b00 } body { max-width: none; padding: 0 } }
"""


def write_feedback(
    folder: Path,
    handed: Mapping[Key, Handed],
    scheme: Mapping[str, float] | None,
    book: Gradebook | None = None,
) -> list[Path]:
    """Write the pages and return their paths; delete pages of an earlier call first."""
    for old in (*folder.glob("*.html"), *folder.glob("*/feedback.html")):
        if OURS in old.read_bytes()[:LONGEST]:
            old.unlink()
            with contextlib.suppress(OSError):  # a folder that still holds other files stays
                old.parent.rmdir()
    paths, used = [], set[str]()
    for each in handed.values():
        path = folder / _place(each.student, used)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = page(each, scheme, book)
        write_text(path, text.encode(errors="replace").decode())  # file names can be no Unicode
        paths.append(path)
    return paths


def page(each: Handed, scheme: Mapping[str, float] | None, book: Gradebook | None = None) -> str:
    """Return a student's page as HTML that needs no other file.

    Args:
        scheme: the points of each exercise; None to show no points.
        book: the gradebook to whose maximum the points are scaled.
    """
    is_unknown = list(each.rows) == [""]  # the file does not say which exercises it contains
    numbers = sorted(each.rows if scheme is None or is_unknown else {*scheme, *each.rows})
    rows = {number: each.rows.get(number) for number in numbers}
    unread = {row["path"]: row["diagnosis"] for row in rows.values() if row and is_unread(row)}
    parts = [_unread(path, diagnosis) for path, diagnosis in unread.items()]
    parts += [_section(n, row, scheme) for n, row in rows.items() if not is_unread(row)]
    if any(row and row["says"] and not is_right(row) for row in rows.values()):
        parts.append('<p class="soft">Run a check in your notebook to see its full message.</p>')
    graded = [row for number, row in rows.items() if scheme is None or number in scheme]
    head = f"{sum(map(is_right, graded))} of {counted(len(graded), 'exercise')}"
    if each.remark(scheme):
        head = "No grade yet"
    elif scheme is not None:
        head = f"{_points(each, scheme, book)} · {head}"
    if each.is_late:
        minutes = f" by {counted(each.minutes_late, 'minute')}" if each.minutes_late else ""
        head += f" · late{minutes}"
    name = escape(each.student.name)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"{OURS.decode()}"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Feedback: {name}</title><style>{STYLE}</style></head><body>\n"
        f'<h1>{name} <span class="soft">{escape(each.student.id)}</span></h1>\n<p>{head}</p>\n'
        f'<p class="soft">{escape(", ".join(PurePath(file).name for file in each.files))}</p>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _points(each: Handed, scheme: Mapping[str, float], book: Gradebook | None) -> str:
    """Return a student's points, and the grade to which the gradebook's maximum scales them."""
    text = f"{sum(each.points(scheme).values()):g} of {sum(scheme.values()):g} points"
    if book and book.scale(scheme) != 1:
        text += f" = {escape(f'{book.grade(each, scheme)} of {book.maximum}')}"
    return text


def _unread(path: str, diagnosis: str) -> str:
    """Return the section of a file that could not be read or run."""
    why = "Your file could not be opened. Save it in Jupyter, and hand it in again."
    if not diagnosis.startswith(NOT_READ):
        why = "The computer that grades could not run your file. This is not your mistake."
    title, says = escape(PurePath(path).name), escape(diagnosis)
    return f'<section><h2>{title}</h2><p class="says">{says}</p><p>{why}</p></section>'


def _section(number: str, row: Row | None, scheme: Mapping[str, float] | None) -> str:
    title = f"{number} {EXERCISES[number].title}" if number else "No exercise found"
    passed = is_right(row)
    diagnosis = "not handed in" if row is None else row["diagnosis"] or "passed"
    worth = ""
    if scheme is not None:
        points = scheme.get(number)
        worth = f" · {points if passed else 0:g} of {points:g}" if points else " · not graded"
    parts = [f"<h2>{escape(title)}</h2>", f'<p class="says">{escape(diagnosis)}{worth}</p>']
    if row and row["passed"] != "yes":
        parts += _said(row)
    return f'<section class="{"right" if passed else "wrong"}">{"".join(parts)}</section>'


def _said(row: Row) -> list[str]:
    """Return what the check said, or the meaning of the diagnosis, as HTML."""
    if row["diagnosis"].startswith(FOLLOWS):
        earlier = escape(row["diagnosis"].removeprefix(FOLLOWS))
        return [
            f"<p>This answer counts as right. It uses your answer to {earlier}, and"
            " passes with a correct one instead.</p>"
        ]
    says = row["says"] if isinstance(row["says"], dict) else {}
    parts = []
    paragraphs = _texts(says.get("paragraphs"))
    if not paragraphs and (meant := meaning(row["exercise"], row["diagnosis"])):
        paragraphs = [meant]
    parts += _html(paragraphs)
    table = says.get("table")
    if isinstance(table, list) and table:
        parts.append(f"<p>Compared {escape(str(says.get('compared', ''))[:LONGEST])}:</p>")
        parts.append(f'<div class="wide"><table>{_table(table)}</table></div>')
    return parts + _html(_texts(says.get("notes")))


def _table(found: Sequence[Any]) -> str:
    names = ("", "shape", "rel. error", "tolerance", "")
    rows = [_texts(line) for line in found[:MOST_PARTS]]
    head = "".join(f"<th>{name}</th>" for name in names)
    lines = []
    for row in rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in row[: len(names)])
        lines.append(f"<tr{' class=says' if 'WRONG' in row else ''}>{cells}</tr>")
    return f"<tr>{head}</tr>{''.join(lines)}"


def _html(texts: Sequence[str]) -> list[str]:
    """Format paragraphs; a line of code begins with four spaces, and backticks enclose code."""
    return [
        f"<pre>{escape(text[4:])}</pre>"
        if text.startswith("    ")
        else f"<p>{re.sub('`([^`]+)`', CODE, escape(text))}</p>"
        for text in texts
    ]


def _texts(values: Any) -> list[str]:
    """Return the texts of a list; [] for anything else, which a cell may have recorded."""
    return [str(v)[:LONGEST] for v in values[:MOST_PARTS]] if isinstance(values, list) else []


def meaning(number: str, diagnosis: str) -> str:
    """Return the meaning of a diagnosis, in this exercise or in general; "" if it has no text."""
    name = diagnosis.removeprefix("error: ")
    own = {m.name: m.why for m in EXERCISES[number].mistakes} if number else {}
    others = {
        "still to do": "The code to fill in is unchanged.",
        "check not run": "The cell of the check is missing, or an error occurred before it.",
        OUT_OF_TIME: "The cell took too long and was stopped. Look for a loop that does not end.",
    }
    return own.get(name) or MISTAKES.get(name) or others.get(name, "")


def _place(student: Student, used: set[str]) -> Path:
    """Return the path of a student's page; for Moodle, in the form that it imports."""
    if student.system == "Moodle":
        return Path(_safe(student.folder)) / "feedback.html"
    name = _safe(f"{student.name}_{student.id}" if student.id else student.name)
    unique, i = name, 2
    while unique.casefold() in used:  # some file systems do not distinguish A from a
        unique, i = f"{name}_{i}", i + 1
    used.add(unique.casefold())
    return Path(f"{unique}.html")


def _safe(name: str) -> str:
    """Return a file name that every system accepts and that cannot leave the folder."""
    kept = re.sub(r"[^\w '’.,()-]", "_", name)[:120].strip(" .")
    return kept if kept and not re.fullmatch(RESERVED, kept) else f"_{kept}"


RESERVED = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # of Windows
