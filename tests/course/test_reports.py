"""The reports besides the grades: points, a filled gradebook, a page for each student."""

import csv
import json
import os
import re
from datetime import datetime
from html.parser import HTMLParser

import pytest

from minddpg.cli import main
from minddpg.course.checks import EXERCISES
from minddpg.course.grading import grade as module
from minddpg.course.grading.feedback import RESERVED, meaning, write_feedback
from minddpg.course.grading.grade import NO_EXERCISE
from minddpg.course.grading.gradebook import read_gradebook
from minddpg.course.grading.points import NO_ANSWER, Handed, read_scheme
from minddpg.course.grading.students import Student
from minddpg.course.grading.submission import Outcome

SAYS = {
    "paragraphs": ["Your `grad_z` ignores <b>the slope</b>.", "    y = `x` < 0"],
    "notes": ["Right already: y."],
    "compared": "yours with ours",
    "table": [["grad_z", "(5, 7)", "1.0e+00", "1e-06", "WRONG"]],
}
CHAPTER = [number for number in EXERCISES if number.startswith("04.")]
CHECKS = [EXERCISES[number].check_name for number in CHAPTER]
NOTHING = Outcome([])
MOST = sum(EXERCISES[number].importance for number in CHAPTER)
MOODLE = "{}_{}_assignsubmission_file_/04_backprop.ipynb"
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 11,Ada Lovelace,ada@example.org,Submitted,,100.00,Yes,\
"Sunday, 29 November 2026, 11:58 PM",-,
Participant 12,Emmy Noether,emmy@example.org,Submitted,3.00,100.00,Yes,\
"Monday, 30 November 2026, 1:29 AM",-,"Well, done"
Participant 13,Nobody Here,,No submission,7.00,100.00,Yes,-,-,
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework 4 (501),Essay (502),Current Score
    Points Possible,,,,,26,10,(read only)
"Lovelace, Ada",21,s1,ada,A,,9,50
"Noether, Emmy",22,s2,emmy,A,1,8,60
"Student, Test",23,,t,A,,,
"""


@pytest.fixture
def hand_in(tmp_path, monkeypatch):
    """Write a submission whose checks end with these statuses, by exercise."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "run", lambda cells, *_: Outcome(json.loads(cells[0][1:])))

    def write(path, minutes=None, **statuses):
        rows = [
            {"exercise": f"04.{key[1:]}", "flags": [], **(each if isinstance(each, dict) else {})}
            | ({"status": each} if isinstance(each, str) else {})
            for key, each in statuses.items()
        ]
        cell = {"cell_type": "code", "metadata": {}, "source": f"#{json.dumps(rows)}"}
        about = {"minddpg": {"chapter": "04"}}
        book = {"nbformat": 4, "nbformat_minor": 4, "metadata": about, "cells": [cell]}
        full = tmp_path / "class" / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(json.dumps(book))
        if minutes is not None:
            seconds = datetime(2026, 11, 29, 12).timestamp() + 60 * minutes
            os.utime(full, (seconds, seconds))

    return write


def points(name="class/grades-points.csv"):
    with open(name, newline="", encoding="utf-8") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def run(*flags, code=0):
    assert main(["grade", "class", "--quiet", "--overwrite", *flags]) == code


def test_points_are_the_importance_of_what_passed_or_follows_from_an_earlier_mistake(hand_in):
    follows = {"status": "failed", "diagnosis": "slope missing", "follows": "04.3"}
    hand_in("ada/04_backprop.ipynb", _1="passed", _2="failed", _3="to do", _4=follows)
    hand_in("bob/04_backprop.ipynb", **{f"_{i}": "passed" for i in range(1, 7)})
    run("--points")
    ada, bob = points()["ada"], points()["bob"]
    assert (ada["04.1"], ada["04.2"], ada["04.3"], ada["04.4"]) == ("3", "0", "0", "3")
    assert (ada["total"], ada["maximum"]) == ("6", str(MOST))
    assert bob["total"] == str(MOST)
    with open("class/grades.csv", newline="", encoding="utf-8") as file:
        rows = {(row["file"], row["exercise"]): row for row in csv.DictReader(file)}
    row = rows["ada/04_backprop.ipynb", "04.4"]
    assert (row["passed"], row["diagnosis"]) == ("no", "follows from 04.3")


def test_a_teachers_points_are_read_from_what_any_spreadsheet_writes(hand_in, tmp_path):
    hand_in("ada/04_backprop.ipynb", _1="passed", _2="passed")
    for text in (
        "exercise,points\n04.1,2.5\n04.3,1\n",
        "\ufeffExercise;Points\r\n4.1;2,5\r\n\r\n04.3;1\r\n",
        "Exercise;Points\n4,1;2,5\n04,3;1\n",
        "exercise\tpoints\tremark\n04.1\t2.5\thard\n04.3\t1\t\n",
    ):
        (tmp_path / "points.csv").write_text(text, encoding="utf-8", newline="")
        run("--points", "points.csv")
        ada = points()["ada"]
        assert list(ada)[3:5] == ["04.1", "04.3"], text
        assert (ada["total"], ada["maximum"]) == ("2.5", "3.5"), text
    for text, why in (
        ("number,points\n", "its first line must be exercise,points"),
        ("", "its first line must be exercise,points"),
        ("exercise,points\n04.1,1\n77.7,1\n", "line 3: there is no exercise 77.7"),
        ("exercise,points\n04.1,1\nx,1\n", "line 3: there is no exercise x"),
        ("exercise,points\n5.2,1\n", "line 2: 05.2 is retired"),
        ("exercise,points\n04.1,many\n", "line 2: points must be a number, 0 or more"),
        ("exercise,points\n04.1,-1\n", "line 2: points must be"),
        ("exercise,points\n04.1,nan\n", "line 2: points must be"),
        ("exercise,points\n04.1\n", "line 2: points must be"),
        ("exercise,points\n04.1,1\n4.1,1\n", "line 3: 04.1 has points already"),
        ("exercise,points\n04.1,0\n", "no exercise has points"),
    ):
        (tmp_path / "points.csv").write_text(text)
        with pytest.raises(ValueError, match=why):
            read_scheme(tmp_path / "points.csv")
    (tmp_path / "points.csv").write_bytes("exercise,points\n04.1,ü\n".encode("latin-1"))
    with pytest.raises(ValueError, match="not UTF-8"):
        read_scheme(tmp_path / "points.csv")


def test_of_several_files_the_last_that_could_be_read_counts(hand_in, tmp_path, capsys):
    hand_in("ada/04_backprop.ipynb", _1="passed", _2="passed")
    hand_in("ada/04_backprop-2.ipynb", _1="passed", _2="failed")
    (tmp_path / "class" / "ada" / "04_backprop-3.ipynb").write_text("{")
    run("--points")
    ada = points()["ada"]
    assert (ada["04.1"], ada["04.2"]) == ("3", "0")
    assert ada["files"].count(";") == 2
    several = "students with several files (the last one counts): ada\n"
    assert several in capsys.readouterr().out


def test_a_file_that_could_not_be_read_or_run_gets_no_grade_and_a_remark(
    hand_in, tmp_path, capsys, monkeypatch
):
    damaged = "not a notebook: not JSON, or damaged"
    broken = Outcome([], "could not be run: full disk")
    monkeypatch.setattr(module, "run", lambda cells, *_: broken if "disk" in cells[0] else NOTHING)
    for path, cell in (
        ("Ada Lovelace/04_backprop.ipynb", "check_relu"),
        ("Ada Lovelace/scratch.ipynb", "print(1)"),  # counts for nothing
        ("Zoe/04_backprop.ipynb", ""),
        ("Zoe/04_backprop-2.ipynb", "check_relu"),
        ("Emmy Noether/04_backprop.ipynb", ""),
        ("Bob/letter.ipynb", "print(1)"),
        ("Carl/homework.ipynb", ""),
        ("Dora/04_backprop.ipynb", "check_relu"),
        ("Dora/homework.ipynb", ""),
        ("Finn/04_backprop.ipynb", " ".join(["disk", *CHECKS])),
    ):
        hand_in(path)
        full = tmp_path / "class" / path
        book = {"metadata": {}, "cells": [{"cell_type": "code", "source": cell}]}
        full.write_text(json.dumps(book) if cell else "{")
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    run("--gradebook", "worksheet.csv", "--feedback", "pages", code=1)
    for name, remark in (
        ("Ada Lovelace", ""),
        ("Zoe", ""),
        ("Emmy Noether", damaged),
        ("Bob", NO_EXERCISE),
        ("Carl", damaged),
        ("Dora", damaged),
        ("Finn", "could not be run: full disk"),
    ):
        row = points()[name]
        assert (row["total"], row["remark"]) == ("" if remark else "0", remark), name
        page = (tmp_path / "pages" / f"{name}.html").read_text()
        assert ("No grade yet" in page) == bool(remark), name
        assert page.count(damaged) == (remark == damaged), name
        assert ("could not be opened. Save it in Jupyter" in page) == (remark == damaged), name
        assert not re.search("full message|not handed in", page), name
    assert points()["Emmy Noether"]["04.1"] == ""
    out = capsys.readouterr().out
    assert "no grade, see the column remark: Bob, Carl, Dora, Emmy Noether, Finn\n" in out
    assert "nothing handed in, so unchanged: Nobody Here (13)\n" in out
    new = (tmp_path / "class" / "grades-gradebook.csv").read_text()
    assert changed(WORKSHEET, new) == [(1, 4, "0")]


def test_what_was_not_run_takes_no_points_that_an_earlier_file_earned(hand_in, tmp_path):
    hand_in(MOODLE.format("Ada", 1).replace("p.ip", "p_part1.ip"), _2="passed", _4="passed")
    hand_in(MOODLE.format("Ada", 1).replace("p.ip", "p_part2.ip"), _3="passed", _4="to do")
    run("--points")
    ada = points()["Ada"]
    worth = [str(EXERCISES[f"04.{i}"].importance) for i in (2, 3, 4)]
    assert [ada[f"04.{i}"] for i in (1, 2, 3, 4)] == ["0", *worth]
    for diagnosis in ("time limit", "disk limit", "kernel died", "could not be run: full disk"):
        assert diagnosis.startswith(NO_ANSWER)


def test_points_that_fit_no_exercise_are_refused_and_gaps_are_named(hand_in, tmp_path, capsys):
    hand_in("ada/04_backprop.ipynb", _1="passed", _2="passed")
    (tmp_path / "points.csv").write_text("exercise,points\n05.1,2\n")
    run("--points", "points.csv", code=1)
    nothing = "points.csv has no points for the exercises found: 04.1, 04.2"
    assert nothing in capsys.readouterr().err
    assert not (tmp_path / "class" / "grades-points.csv").exists()
    (tmp_path / "points.csv").write_text("exercise,points\n05.1,2\n04.1,1.5\n")
    run("--points", "points.csv", "--feedback", "pages")
    out = capsys.readouterr().out
    assert "points.csv has no points for some exercises: 04.2, " in out
    assert "no notebook contains these exercises with points: 05.1\n" in out
    page = (tmp_path / "pages" / "ada.html").read_text()
    assert "1.5 of 3.5 points · 1 of 2 exercises" in page  # but not 04.2, which has no points
    assert page.count(" · not graded</p>") == len(CHAPTER) - 1


def test_pages_of_an_earlier_call_are_deleted_and_other_files_stay(hand_in, tmp_path):
    hand_in("ada/04_backprop.ipynb")
    hand_in(MOODLE.format("Bob", 7))
    run("--feedback", "pages")
    (tmp_path / "pages" / "mine.html").write_text("<html>")
    for path in (tmp_path / "class").rglob("*.ipynb"):
        path.unlink()
    hand_in("eve/04_backprop.ipynb")
    run("--feedback", "pages")
    assert sorted(os.listdir("pages")) == ["eve.html", "mine.html"]


def test_a_date_means_the_end_of_its_day_and_another_form_is_refused(hand_in, capsys):
    hand_in("ada/04_backprop.ipynb", minutes=700)
    run("--due", "2026-11-29")
    assert points()["ada"]["late"] == ""
    run("--due", "2026-11-28")
    assert points()["ada"]["minutes_late"] == "1420"
    with pytest.raises(SystemExit):
        run("--due", "29.11.2026")
    assert "'29.11.2026': write it as 2026-11-29T18:00" in capsys.readouterr().err


def test_flags_are_told_and_change_no_points(hand_in):
    flag = {"status": "passed", "flags": ["the package's solution", "=1"]}
    hand_in("=ada/04_backprop.ipynb", _1=flag)
    run("--points")
    (row,) = points().values()
    assert row["student"] == "'=ada"
    assert row["flags"] == "04.1: the package's solution; =1"
    assert row["04.1"] == "3"


def test_lateness_is_what_the_system_says_and_else_the_files_date(hand_in, tmp_path):
    hand_in("ada/04_backprop.ipynb", minutes=0)
    hand_in("bob/04_backprop.ipynb", minutes=90.2)
    hand_in("curie_LATE_1_2_04_backprop.ipynb", minutes=0)
    hand_in("darwin_3_4_04_backprop.ipynb", minutes=999)  # the date of Canvas's archive
    hand_in(MOODLE.format("Ada Lovelace", 11), minutes=999)
    hand_in(MOODLE.format("Emmy Noether", 12), minutes=0)
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    run("--due", "2026-11-29T12:00")
    late = {name: (row["late"], row["minutes_late"]) for name, row in points().items()}
    assert late == {
        "ada": ("", ""),
        "bob": ("yes", "91"),
        "curie": ("yes", ""),
        "darwin": ("", ""),
        "Ada Lovelace": ("", ""),
        "Emmy Noether": ("", ""),
    }
    run("--due", "2026-11-29T23:59", "--gradebook", "worksheet.csv")
    late = {name: (row["late"], row["minutes_late"]) for name, row in points().items()}
    assert late["Ada Lovelace"] == ("", "")
    assert late["Emmy Noether"] == ("yes", "90")
    run("--due", "2026-11-29T12:00", "--feedback", "pages")
    heads = {p.stem: "late" in p.read_text() for p in (tmp_path / "pages").glob("*.html")}
    assert heads == {"ada": False, "bob": True, "curie_1": True, "darwin_3": False}
    assert " exercises · late by 91 minutes</p>" in (tmp_path / "pages" / "bob.html").read_text()


def test_who_may_be_late_is_named_if_no_worksheet_tells_moodles_times(hand_in, tmp_path, capsys):
    hand_in(MOODLE.format("Ada Lovelace", 11))
    hand_in("bob/04_backprop.ipynb", minutes=0)
    told = "not known whether late (an English worksheet, as --gradebook, has the times of Moodle):"
    run("--due", "2026-11-29T12:00")
    assert f"{told} Ada Lovelace\n" in capsys.readouterr().out
    run("--points")
    assert told not in capsys.readouterr().out
    (tmp_path / "worksheet.csv").write_text(WORKSHEET.replace("November", "novembre"))
    run("--due", "2026-11-29T12:00", "--gradebook", "worksheet.csv")
    assert f"{told} Ada Lovelace\n" in capsys.readouterr().out
    assert points()["Ada Lovelace"]["late"] == ""


def changed(old, new, delimiter=","):
    """Return the cells that differ, as (row, column, new text)."""
    a, b = (list(csv.reader(text.splitlines(), delimiter=delimiter)) for text in (old, new))
    assert [len(row) for row in a] == [len(row) for row in b]
    pairs = [(i, j) for i, row in enumerate(a) for j in range(len(row)) if row[j] != b[i][j]]
    return [(i, j, b[i][j]) for i, j in pairs]


def test_moodles_worksheet_gets_the_grades_and_nothing_else_changes(hand_in, tmp_path, capsys):
    hand_in(MOODLE.format("Ada Lovelace", 11), **{f"_{i}": "passed" for i in range(1, 7)})
    hand_in(MOODLE.format("Emmy Noether", 12), _1="passed")
    hand_in(MOODLE.format("A Stranger", 99), _1="passed")
    some = f"{100 * 3 / MOST:.2f}"
    for text, delimiter, wanted in (
        (WORKSHEET, ",", some),
        ("\ufeff" + WORKSHEET.replace("\n", "\r\n"), ",", some),
        (WORKSHEET.replace(",", ";").replace("100.00", "100,00"), ";", some.replace(".", ",")),
    ):
        (tmp_path / "worksheet.csv").write_text(text, encoding="utf-8", newline="")
        run("--gradebook", "worksheet.csv")
        new = (tmp_path / "class" / "grades-gradebook.csv").read_bytes().decode()
        assert changed(text, new, delimiter) == [(1, 4, "100"), (2, 4, wanted)]
        assert new.startswith("\ufeff") == text.startswith("\ufeff")
        assert new.count("\r\n") == text.count("\r\n")
        assert (tmp_path / "worksheet.csv").read_bytes().decode() == text
    out = capsys.readouterr().out
    run("--gradebook", "worksheet.csv", "--feedback", "pages")
    page = tmp_path / "pages" / MOODLE.format("Emmy Noether", 12)
    assert (
        f"3 of {MOST} points = {wanted} of 100,00 · " in (page.parent / "feedback.html").read_text()
    )
    assert "for Moodle, scaled to a maximum of 100" in out
    assert "not in the gradebook, so without a grade there: A Stranger" in out
    assert "nothing handed in, so unchanged: Nobody Here (13)\n" in out


def test_canvass_gradebook_gets_the_grades_in_the_column_that_is_named(hand_in, tmp_path, capsys):
    hand_in("lovelaceada_21_901_04_backprop.ipynb", **{f"_{i}": "passed" for i in range(1, 7)})
    hand_in("04_backprop_Noether Emmy.ipynb", _1="passed")  # handed in by mail
    (tmp_path / "book.csv").write_text(CANVAS)
    for column in ("Homework 4", "Homework 4 (501)"):
        run("--gradebook", "book.csv", "--column", column)
        new = (tmp_path / "class" / "grades-gradebook.csv").read_text()
        wanted = f"{26 * 3 / MOST:.2f}".rstrip("0").rstrip(".")
        assert changed(CANVAS, new) == [(2, 5, "26"), (3, 5, wanted)]
    run("--gradebook", "book.csv", code=1)
    several = "it has several assignments; choose one with --column: Homework 4, Essay"
    assert several in capsys.readouterr().err
    run("--gradebook", "book.csv", "--column", "Current Score", code=1)
    run("--column", "Essay", code=1)
    assert "--column names a column of a gradebook" in capsys.readouterr().err
    (tmp_path / "one.csv").write_text(CANVAS.replace("Essay (502)", "Notes"))
    assert read_gradebook(tmp_path / "one.csv").column == 5


def test_no_name_leads_to_another_students_line(hand_in, tmp_path, capsys):
    """This concerns a name of two students, and a name with another student's number."""
    hand_in("04_backprop_Emmy Noether.ipynb", _1="passed")
    hand_in("lovelaceada_77_901_04_backprop.ipynb", _1="passed")
    twins = CANVAS.replace("Lovelace, Ada", "Emmy Noether").replace("Noether, Emmy", "Emmy Noether")
    for text in (twins, CANVAS):
        (tmp_path / "book.csv").write_text(text)
        run("--gradebook", "book.csv", "--column", "Homework 4")
        new = (tmp_path / "class" / "grades-gradebook.csv").read_text()
        assert changed(text, new) == []
    assert "without a grade there: Emmy Noether, lovelaceada\n" in capsys.readouterr().out


def test_what_is_no_gradebook_or_would_be_replaced_is_refused_before_anything_runs(
    hand_in, tmp_path, monkeypatch, capsys
):
    hand_in("ada/04_backprop.ipynb", _1="passed")
    monkeypatch.setattr(module, "run", None)
    (tmp_path / "names.csv").write_text("Name,Grade\nAda,1\n")
    (tmp_path / "class" / "grades-points.csv").touch()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "old.html").touch()
    for flags, why in (
        (["--gradebook", "names.csv"], "neither Moodle's grading worksheet"),
        (["--gradebook", "gone.csv"], "No such file"),
        (["--points"], "grades-points.csv exists"),
        (["--points", "gone.csv"], "No such file"),
        (["--feedback", "pages"], "pages is not empty"),
        (["--feedback", "names.csv"], "names.csv is not a folder"),
    ):
        assert main(["grade", "class", *flags]) == 1, flags
        assert why in capsys.readouterr().err, flags
    assert not (tmp_path / "class" / "grades.csv").exists()


class Texts(HTMLParser):
    """The texts that a page shows, and its tags."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.tags = [], set()
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.posix  # Windows has no such file names
def test_a_students_page_says_what_the_checks_said_and_runs_nothing(hand_in, tmp_path):
    wrong = {"status": "failed", "diagnosis": "slope missing", "says": SAYS}
    follows = {"status": "failed", "follows": "04.2"}
    forged = {"status": "failed", "diagnosis": "<script>1</script>", "says": {"paragraphs": 7}}
    odd = {"status": "error", "says": {"table": [7, ["<i>"]], "notes": [None], "compared": {}}}
    hand_in("<img src=x>/04_backprop.ipynb", _1="passed", _2=wrong, _3=forged, _4=follows, _5=odd)
    run("--feedback", "pages", "--points")
    (path,) = (tmp_path / "pages").iterdir()
    page = path.read_text()
    shown = Texts(page)
    assert not shown.tags & {"script", "img", "b", "i", "a", "link", "iframe", "object"}
    assert "http" not in page
    assert "src=" not in page.replace("&lt;img src=x&gt;", "")
    for text in (
        "<img src=x>",
        f"6 of {MOST} points · 2 of {len(CHAPTER)} exercises",
        "04.2 ReLU",
        "slope missing · 0 of 2",
        "grad_z",
        "ignores <b>the slope</b>.",
        "y = `x` < 0",
        "Right already: y.",
        "Compared yours with ours:",
        "WRONG",
        "<script>1</script> · 0 of 2",
        "follows from 04.2 · 3 of 3",
        "check not run · 0 of 2",
    ):
        assert text in map(str.strip, shown.texts), text


@pytest.mark.posix  # Windows has no such file names
def test_pages_are_named_so_that_moodle_takes_them_back_and_none_replaces_another(
    hand_in, tmp_path
):
    hand_in(MOODLE.format("Ada O'Neill", 11), _1="passed")
    hand_in("x_LATE_21_901_04_backprop.ipynb")
    for name in ("Bob", "bOB", "bob", "a:b", "a?b", "con", ".."):
        hand_in(f"04_backprop_{name}.ipynb")
    run("--feedback", "pages")
    paths = {str(p.relative_to(tmp_path / "pages")) for p in (tmp_path / "pages").rglob("*.html")}
    assert "Ada O'Neill_11_assignsubmission_file_/feedback.html" in paths
    assert "x_21.html" in paths
    assert len({path.casefold() for path in paths}) == 9
    assert not any(RESERVED.fullmatch(path.removesuffix(".html")) for path in paths)
    assert "points" not in (tmp_path / "pages" / "x_21.html").read_text()


def test_a_file_name_that_is_no_unicode_gets_a_page(tmp_path):
    student = Student(name := "M\udcfcller", "", "", "04.ipynb")  # unpacked with another encoding
    handed = {student.key: Handed(student, [f"{name}/04.ipynb"], {})}
    (written,) = write_feedback(tmp_path, handed, None)
    assert "<h1>M?ller " in written.read_text(encoding="utf-8")


def test_a_diagnosis_has_a_meaning_also_where_no_check_spoke():
    assert "slope" in meaning("04.2", "slope missing")
    assert meaning("04.2", "error: slope missing") == meaning("04.2", "slope missing")
    assert "loop" in meaning("04.2", "time limit")
    assert meaning("", "not a notebook: damaged") == ""
