"""The chapters as assignments of nbgrader (packaging/check_nbgrader.py runs nbgrader itself)."""

import re

import build
import nbformat
import pytest
from nbgrader_assignments import BEGIN, END

from minddpg.course.checks import EXERCISES

CHAPTERS = [source.stem for source in build.SOURCES]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    for source in build.SOURCES:
        build.assign(source, folder)
    return folder


def read(course, name):
    book = nbformat.read(course / "source" / name / f"{name}.ipynb", as_version=4)
    nbformat.validate(book)
    return book


def parts(book):
    about = {cell.id: cell.metadata.get("nbgrader") for cell in book.cells}
    return [(cell, about[cell.id]) for cell in book.cells if about[cell.id]]


def test_every_exercise_has_an_answer_to_fill_in_and_a_locked_check_with_its_points(course):
    for name in CHAPTERS:
        found = parts(read(course, name))
        ids = [about["grade_id"] for _, about in found]
        assert len(ids) == len(set(ids)), name
        worth = {}
        for cell, about in found:
            part, _, number = about["grade_id"].partition("-")
            number = number.replace("-", ".")
            assert about["solution"] == (part == "answer")
            assert about["grade"] == (part == "check")
            assert about["locked"] == (part != "answer")
            if part == "check":
                worth[number] = about["points"]
                assert f"{EXERCISES[number].check_name}(" in cell.source
        asked = {n: e.importance for n, e in EXERCISES.items() if n[:2] == name[:2]}
        assert worth == asked, name


def test_what_remains_without_the_solutions_is_the_stub_and_no_cell_shows_a_solution(course):
    for name in CHAPTERS:
        for cell, about in parts(read(course, name)):
            if about["solution"]:
                number = about["grade_id"].removeprefix("answer-").replace("-", ".")
                stub = re.sub(f"{BEGIN}.*{END}", "", cell.source, flags=re.DOTALL)
                assert stub.strip() == EXERCISES[number].handed_out.stub.strip()
        folded = [c.source for c in read(course, name).cells if "<details>" in c.source]
        assert not [text for text in folded if "<summary>Solution" in text], name


def test_every_link_leads_to_the_site_and_every_picture_lies_beside_the_notebook(course):
    for name in CHAPTERS:
        for cell in read(course, name).cells:
            if cell.cell_type == "markdown":
                assert build.PLACE not in cell.source
                for target in re.findall(r"\]\(([^)\s]+)\)", cell.source):
                    is_there = (course / "source" / name / target).is_file()
                    assert is_there or re.match(r"https?://|#", target), (name, target)


def test_a_check_that_fails_raises_and_names_the_exercise(course, capsys):
    (cell,) = [c for c, about in parts(read(course, "04_backprop"))
               if about["grade_id"] == "check-04-2"]  # fmt: skip
    shown = []
    code = cell.source
    given = dict(zip(EXERCISES["04.2"].names, EXERCISES["04.2"].wrong_answer(0), strict=True))
    with pytest.raises(AssertionError, match=r"04\.2: \w+"):
        exec(code, {"display": shown.append, **given})
    assert not shown[0].passed
    given = dict(zip(EXERCISES["04.2"].names, EXERCISES["04.2"].reference, strict=True))
    exec(code, {"display": shown.append, **given})
    assert shown[1].passed


def test_an_assignment_that_is_there_is_not_replaced(course):
    with pytest.raises(FileExistsError):
        build.assign(build.SOURCES[4], course)


def test_options_that_do_not_fit_and_a_place_that_is_no_folder_are_refused(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "file").touch()
    for flags, why in (
        (["--check"], "--nbgrader takes neither --check nor --no-solutions"),
        (["--no-solutions"], "--nbgrader takes neither --check nor --no-solutions"),
        ([], "build.py: error: "),
    ):
        words = ["build.py", "--nbgrader", str(tmp_path / "file"), "04", *flags]
        monkeypatch.setattr("sys.argv", words)
        with pytest.raises(SystemExit, match="2"):
            build.main()
        assert why in capsys.readouterr().err, flags
