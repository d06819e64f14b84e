"""Whose file it is: read out of the names that Moodle, Canvas and teachers give."""

from pathlib import Path, PurePath

import pytest

from minddpg.course.grading.students import CHAPTER, student_of, students_of

FILE = "04_backprop.ipynb"
MOODLE, CANVAS = "Moodle", "Canvas"


def test_name_number_and_own_file_are_read_out_of_every_known_form():
    for path, system, name, number, file in (
        (f"Ada Lovelace_123_assignsubmission_file_/{FILE}", MOODLE, "Ada Lovelace", "123", FILE),
        (f"h/Ada Lovelace_12_assignsubmission_file/a/{FILE}", MOODLE, "Ada Lovelace", "12", FILE),
        (f"Zoë O'Brie-Mü_7_assignsubmission_file_{FILE}", MOODLE, "Zoë O'Brie-Mü", "7", FILE),
        (f"Group 2-Jo_8_assignsubmission_file_/my {FILE}", MOODLE, "Group 2-Jo", "8", f"my {FILE}"),
        (f"Participant_9_assignsubmission_onlinetext_{FILE}", MOODLE, "Participant", "9", FILE),
        (f"lovelaceada_12345_67890_{FILE}", CANVAS, "lovelaceada", "12345", FILE),
        (f"lovelaceada_LATE_12345_67890_{FILE}", CANVAS, "lovelaceada", "12345", FILE),
        ("müllerjörg_3_4_my work (1)-2.ipynb", CANVAS, "müllerjörg", "3", "my work (1)-2.ipynb"),
        ("teamseven_31_45_6.IPYNB", CANVAS, "teamseven", "31", "6.IPYNB"),
        (f"anon_aB3xZ_678_{FILE}", CANVAS, "anon_aB3xZ", "anon_aB3xZ", FILE),
        (f"LATE_anon_aB3xZ_678_{FILE}", CANVAS, "anon_aB3xZ", "anon_aB3xZ", FILE),
        (f"ada/{FILE}", "", "ada", "", FILE),
        (f"group a/ada/{FILE}", "", "group a/ada", "", FILE),
        (f"04/ada/{FILE}", "", "ada", "", FILE),
        (f"ada/04_backprop/{FILE}", "", "ada", "", FILE),
        ("04_backprop_ada.ipynb", "", "ada", "", "04_backprop_ada.ipynb"),
        ("04-Ada Lovelace.ipynb", "", "Ada Lovelace", "", "04-Ada Lovelace.ipynb"),
        ("12_critic_bob_2_3_x.ipynb", "", "bob_2_3_x", "", "12_critic_bob_2_3_x.ipynb"),
        (FILE, "", "04_backprop", "", FILE),
        ("homework final (2).ipynb", "", "homework final (2)", "", "homework final (2).ipynb"),
    ):  # fmt: skip
        found = student_of(PurePath(path))
        assert (found.system, found.name, found.id, found.file) == (system, name, number, file), (
            path
        )
        assert found.is_late is ("LATE" in path), path


def test_every_notebook_of_the_course_has_a_chapter_and_no_name():
    paths = sorted((Path(__file__).parents[2] / "tutorials").glob("[0-9]*.ipynb"))
    assert len(paths) == 13
    assert [path.name for path in paths if not CHAPTER.fullmatch(path.stem)] == []


def test_the_file_that_counts_is_the_last_by_the_number_behind_its_name_then_by_the_name():
    files = [f"a_1_{i}_04_backprop{end}.ipynb" for i, end in enumerate(("-10", "", "-2", "-1"))]
    (found,) = students_of(files).values()
    assert [student.file for _, student in found] == [
        "04_backprop.ipynb", "04_backprop-1.ipynb", "04_backprop-2.ipynb", "04_backprop-10.ipynb"
    ]  # fmt: skip
    (found,) = students_of(["ada/04_v2.ipynb", "ada/04.ipynb", "ada/05.ipynb"]).values()
    assert [student.file for _, student in found] == ["04.ipynb", "05.ipynb", "04_v2.ipynb"]


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (["ada/04_x.ipynb", "bob/04_x.ipynb"], ["ada", "bob"]),
        (["hw/04_backprop_ada.ipynb", "hw/04_backprop_bob.ipynb"], ["hw/ada", "hw/bob"]),
        (["ada/04_backprop.ipynb", "ada/04_backprop_new.ipynb"], ["ada"]),
        (["ada/04_backprop.ipynb", "ada/05_critic.ipynb"], ["ada"]),
        (["ada/04_backprop_ada.ipynb", "ada/05_critic_ada.ipynb"], ["ada"]),
        (["ada/04_backprop_v1.ipynb", "ada/04_backprop_v2.ipynb"], ["ada"]),
        (["04_backprop_ada.ipynb", "05_critic_ada.ipynb", "04_Bob.ipynb"], ["ada", "Bob"]),
        ([f"A A_{i}_assignsubmission_file_/{FILE}" for i in (1, 2)], ["A A", "A A"]),
        (["old_1_2_04.ipynb", "new_1_3_05.ipynb"], ["new"]),
    ],
)
def test_files_of_one_student_are_together_and_those_of_two_are_not(files, wanted):
    assert [each[-1][1].name for each in students_of(files).values()] == wanted
