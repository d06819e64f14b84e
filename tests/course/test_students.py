"""The student of a file is found in the names that Moodle, Canvas and teachers give."""

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
        (f"01/{FILE}", "", "01", "", FILE),
        (f"04/{FILE}", "", "04", "", FILE),
        ("04/05_critic.ipynb", "", "04", "", "05_critic.ipynb"),
        ("1234567.ipynb", "", "1234567", "", "1234567.ipynb"),
        ("s1234567_04.ipynb", "", "s1234567_04", "", "s1234567_04.ipynb"),
        ("2026-11-28_alice.ipynb", "", "2026-11-28_alice", "", "2026-11-28_alice.ipynb"),
        ("2026_11_28_alice.ipynb", "", "2026_11_28_alice", "", "2026_11_28_alice.ipynb"),
        ("77_alice.ipynb", "", "77_alice", "", "77_alice.ipynb"),
        (f"1234567_{FILE}", "", "1234567_04_backprop", "", f"1234567_{FILE}"),
        (f"ada_123_{FILE}", "", "ada_123_04_backprop", "", f"ada_123_{FILE}"),
        ("ada_123_04_mine.ipynb", "", "ada_123_04_mine", "", "ada_123_04_mine.ipynb"),
        ("04_backprop(1).ipynb", "", "(1)", "", "04_backprop(1).ipynb"),
        (f"Mu\u0308ller/{FILE}", "", "M\u00fcller", "", FILE),
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


def test_the_file_that_counts_is_the_last_by_its_name_with_numbers_in_their_order():
    files = [f"a_1_{i}_04_backprop{end}.ipynb" for i, end in enumerate(("-10", "", "-2", "-1"))]
    (found,) = students_of(files).values()
    assert [student.file for _, student in found] == [
        "04_backprop.ipynb", "04_backprop-1.ipynb", "04_backprop-2.ipynb", "04_backprop-10.ipynb"
    ]  # fmt: skip
    for stems in (
        ["04", "04_v2", "04_v10", "05"],
        ["homework 4", "homework 4 (1)", "homework 4 corrected"],
        ["homework-4", "homework-4 corrected", "homework-4-1"],
    ):
        files = [f"A_1_assignsubmission_file_/{stem}.ipynb" for stem in stems]
        (found,) = students_of(reversed(files)).values()
        assert [file for file, _ in found] == files


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
        ([f"{seat}/{FILE}" for seat in ("01", "02", "17")], ["01", "02", "17"]),
        (["1234567.ipynb", "1234589.ipynb"], ["1234567", "1234589"]),
        (["mat/1234567.ipynb", "mat/1234589.ipynb"], ["mat/1234567", "mat/1234589"]),
        (["s1234567_04.ipynb", "s1234589_04.ipynb"], ["s1234567_04", "s1234589_04"]),
        ([f"Mu\u0308ller/{FILE}", "M\u00fcller/05_critic.ipynb"], ["M\u00fcller"]),
        (["old_1_2_04.ipynb", "new_1_3_05.ipynb"], ["new"]),
    ],
)
def test_files_of_one_student_are_together_and_those_of_two_are_not(files, wanted):
    assert [each[-1][1].name for each in students_of(files).values()] == wanted
