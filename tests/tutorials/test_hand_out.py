"""`build.py --no-solutions` writes a complete hand-out."""

import re

import build
import nbformat
import pytest

from minddpg.course.checks import EXERCISES


def run(monkeypatch, *flags):
    """Run build.py without executing the notebooks."""
    monkeypatch.setattr("sys.argv", ["build.py", *map(str, flags)])
    made = {"running_minutes": 1}
    monkeypatch.setattr(
        build, "execute", lambda book, solved: book.metadata["minddpg"].update(made)
    )
    return build.main()


def test_a_hand_out_has_every_stub_check_hint_and_image_but_no_solution(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "without_cell", lambda sources: [])  # it reads all sources
    assert run(monkeypatch, "--no-solutions", "--out", tmp_path, "00", "04", "11") == 0
    names = {"00_tour.ipynb", "04_backprop.ipynb", "11_bug_zoo.ipynb"}
    assert {path.name for path in tmp_path.iterdir()} == {"images", *names}
    for name in sorted(names):
        book = nbformat.read(tmp_path / name, as_version=4)
        nbformat.validate(book)
        text = "\n".join(cell.source for cell in book.cells)
        assert "<summary>Solution" not in text, name
        assert build.PLACE not in text, name
        for asked in [e for number, e in EXERCISES.items() if number[:2] == name[:2]]:
            assert asked.handed_out.stub.strip() in text, asked.number
            assert f"{asked.check_name}(" in text, asked.number
            assert all(hint in text for hint in asked.hints), asked.number
            assert asked.handed_out.solution.strip() not in text, asked.number
        prose = "\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            is_there = (tmp_path / target).is_file()
            assert is_there or re.match(r"https?://|#", target), (name, target)


def test_the_notebooks_of_the_course_keep_their_solutions(monkeypatch, capsys):
    for out in ([], ["--out", build.HERE], ["--out", build.HERE / "source" / ".."]):
        with pytest.raises(SystemExit):
            run(monkeypatch, "--no-solutions", *out)
        assert "needs --out DIR" in capsys.readouterr().err, out
