"""Each command asks the package for what its flags say, and prints what it gets."""

import re
from pathlib import Path

import pytest

from minddpg.cli import main
from minddpg.course import kill_matrix
from minddpg.course.grading import grade
from minddpg.course.mutation import run as mutation
from minddpg.experiments import benchmark, run_named
from minddpg.verification import gradient_checks


@pytest.mark.parametrize("verbose", [False, True])
def test_check_exercises_prints_each_result_as_it_comes(verbose, monkeypatch, capsys):
    printed = []

    def examine(numbers, jobs):
        for number in numbers:
            printed.append(capsys.readouterr().out)
            yield number

    monkeypatch.setattr(mutation, "about", lambda numbers, jobs: f"about {numbers} on {jobs}")
    monkeypatch.setattr(mutation, "examine_exercises", examine)
    monkeypatch.setattr(mutation, "row", lambda result: f"row {result}")
    monkeypatch.setattr(mutation, "details", lambda result: [f"details {result}"])
    monkeypatch.setattr(mutation, "faults", lambda result: [f"fault {result}"])
    monkeypatch.setattr(mutation, "summary", lambda results: f"summary {results}")
    monkeypatch.setattr(mutation, "exit_code", lambda results: 1 if results else 0)
    flags = ["--verbose"] if verbose else []
    assert main(["check", "--exercises", "03.1", "04.2", "--jobs", "3", *flags]) == 1
    details = [f"details {number}\n" if verbose else "" for number in ("03.1", "04.2")]
    assert printed == [
        f"about ['03.1', '04.2'] on 3\n{mutation.HEADER}\n",
        f"row 03.1\n{details[0]}fault 03.1\n",
    ]
    assert capsys.readouterr().out == (
        f"row 04.2\n{details[1]}fault 04.2\nsummary ['03.1', '04.2']\n"
    )


def test_flags_of_the_exercises_alone_are_refused(capsys):
    for flags in (["--verbose"], ["--jobs", "2"], ["--bugs", "--verbose"]):
        assert main(["check", *flags]) == 1
        line = "minddpg: error: --verbose and --jobs belong to check --exercises\n"
        assert capsys.readouterr() == ("", line)


def test_check_bugs_prints_each_bug_and_its_verdict(monkeypatch, capsys):
    monkeypatch.setattr(kill_matrix, "examine_bugs", lambda: iter(["a", "b"]))
    monkeypatch.setattr(kill_matrix, "row", lambda bug: f"row {bug}")
    monkeypatch.setattr(kill_matrix, "summary", lambda found: f"summary {found}")
    monkeypatch.setattr(kill_matrix, "exit_code", lambda found: len(found))
    assert main(["check", "--bugs"]) == 2
    lines = [kill_matrix.HEADER, "row a", "row b", "summary ['a', 'b']"]
    out, err = capsys.readouterr()
    assert out == "\n".join(lines) + "\n"
    assert re.fullmatch(r"correct code and \d+ bugs, .*: about \d+ seconds\n", err)


def test_check_says_first_what_it_costs_and_moves_a_bar(monkeypatch, terminal):
    def check_equations(finished):
        for _ in range(gradient_checks.SETS):
            finished()
        return []

    monkeypatch.setattr(gradient_checks, "check_equations", check_equations)
    monkeypatch.setattr(gradient_checks, "table", lambda rows: "the table")
    screen = terminal()
    assert main(["check"]) == 0
    assert screen.shown() == [gradient_checks.about(), "the table", "0 passed, 0 failed"]
    assert f"{gradient_checks.SETS}/{gradient_checks.SETS} sets of gradients" in screen.getvalue()


def test_grade_passes_its_flags_on_and_replaces_no_file_unasked(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(grade, "grade", lambda *a, **k: asked.append((a, k)) or [])
    monkeypatch.setattr(grade, "summary", lambda rows: f"summary {rows}")
    defaults = {"timeout": 120.0, "jobs": None, "memory": 4.0, "progress": True, "exercises": None}
    flags = "--timeout 9 --jobs 3 --memory 2.5 --quiet --exercises mine --out my.csv"
    given = {"timeout": 9.0, "jobs": 3, "memory": 2.5, "progress": False, "exercises": Path("mine")}
    for arguments, out, expected in (
        ("", Path("class") / "grades.csv", defaults),
        (flags, Path("my.csv"), given),
    ):
        assert main(["grade", "class", *arguments.split()]) == 0
        assert asked.pop() == ((Path("class"), out), expected)
        assert capsys.readouterr().out == f"summary []\ngrades {out}\n"
    Path("my.csv").touch()
    assert main(["grade", "class", "--out", "my.csv"]) == 1
    assert "my.csv exists" in capsys.readouterr().err
    assert not asked
    assert main(["grade", "class", "--out", "my.csv", "--overwrite"]) == 0


def test_bench_prints_its_table_or_draws_growth_and_replaces_no_file_unasked(monkeypatch, capsys):
    drawn = []
    printed = []

    def bench_lines(measured):
        measured()
        for line in ("first", "second"):
            yield line
            printed.append(capsys.readouterr())

    monkeypatch.setattr(benchmark, "bench_lines", bench_lines)
    monkeypatch.setattr(benchmark, "growth", lambda measured: measured() or "measured")
    monkeypatch.setattr(
        benchmark, "cost_of_an_update", lambda measured, path: drawn.append(measured) or path
    )
    assert main(["bench"]) == 0
    assert printed == [("first\n", f"{benchmark.about()}\n"), ("second\n", "")]
    assert main(["bench", "--growth", "cost.png"]) == 0
    assert capsys.readouterr() == ("cost.png\n", f"{benchmark.about_growth()}\n")
    assert drawn == ["measured"]
    Path("cost.png").touch()
    assert main(["bench", "--growth", "cost.png"]) == 1
    assert "cost.png exists" in capsys.readouterr().err
    assert main(["bench", "--growth", "cost.png", "--overwrite"]) == 0


def test_redraw_draws_in_its_folder_and_takes_no_option_of_runs(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(run_named, "redraw", lambda *a: asked.append(a) or "the table")
    for flags, folder in (([], Path("runs/study-tau")), (["--dir", "here"], Path("here"))):
        assert main(["study", "tau", "--redraw", *flags]) == 0
        assert asked.pop() == ("tau", folder)
        assert capsys.readouterr().out.startswith("the table\n")
    for flag in ("--seeds", "--first-seed", "--jobs", "--steps"):
        assert main(["study", "tau", "--redraw", flag, "3"]) == 1
        line = f"minddpg: error: --redraw runs nothing: leave out {flag}\n"
        assert capsys.readouterr().err == line
    assert main(["study", "tau", "--redraw", "--overwrite", "--jobs", "1", "--seeds", "3"]) == 1
    assert capsys.readouterr().err.endswith("leave out --seeds, --jobs, --overwrite\n")
    assert not asked
