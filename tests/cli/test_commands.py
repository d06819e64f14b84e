"""Each command passes its flags to the package, and prints the result."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import minddpg
from minddpg import Config
from minddpg.cli import main
from minddpg.cli.streams import show_json
from minddpg.course import kill_matrix
from minddpg.course.grading import grade
from minddpg.course.mutation import run as mutation
from minddpg.course.mutation.mutants import Mutant
from minddpg.experiments import benchmark, run_named
from minddpg.training.evaluation import Evaluation
from minddpg.verification import gradient_checks, lqr


@pytest.mark.parametrize("verbose", [False, True])
def test_check_exercises_prints_each_result_as_it_comes(verbose, monkeypatch, capsys):
    printed = []

    def examine(numbers, jobs):
        for number in numbers:
            printed.append(tuple(capsys.readouterr()))
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
        (
            f"{mutation.HEADER}\n",
            "running each exercise's check on mutants of its solution\n"
            "about ['03.1', '04.2'] on 3\n",
        ),
        (f"row 03.1\n{details[0]}fault 03.1\n", ""),
    ]
    assert capsys.readouterr().out == (
        f"row 04.2\n{details[1]}fault 04.2\nsummary ['03.1', '04.2']\n"
    )


def test_flags_of_the_exercises_alone_are_refused(capsys):
    for flags in (["--verbose"], ["--jobs", "2"], ["--bugs", "--verbose"]):
        assert main(["check", *flags]) == 1
        line = "minddpg: error: --verbose and --jobs need --exercises\n"
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
    assert re.fullmatch(
        r"running every check on correct code and \d+ bugs: about \d+ seconds\n", err
    )


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
    defaults["cell_timeout"] = 60.0
    flags = (
        "--timeout 9 --cell-timeout 7 --jobs 3 --memory 2.5 --quiet --exercises mine --out my.csv"
    )
    given = {"timeout": 9.0, "jobs": 3, "memory": 2.5, "progress": False, "exercises": Path("mine")}
    given["cell_timeout"] = 7.0
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
    capsys.readouterr()
    assert main(["bench", "--growth", "cost.txt"]) == 1
    text = "minddpg: error: cost.txt: not a picture's name; write .png, .svg or .pdf\n"
    assert capsys.readouterr().err == text  # before it measures


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


PAGE = Path(minddpg.__file__).parents[1] / "docs" / "how-to" / "read-the-logs.md"


def keys_in(document):
    """Return the keys of a document and of all that it contains, at any depth."""
    if isinstance(document, list):
        return set().union(*map(keys_in, document))
    if isinstance(document, dict):
        kinds = set(kill_matrix.KINDS)  # the keys of a bug's objections
        return set(document) - kinds | set().union(*map(keys_in, document.values()))
    return set()


def document(capsys, *words, code=0):
    """Return the output of a command with --json: one document that has only documented keys."""
    assert main([*words, "--json"]) == code
    out = capsys.readouterr().out  # progress goes to standard error
    assert out.isascii()
    found = json.loads(out, parse_constant=lambda name: pytest.fail(name))
    about = PAGE.read_text(encoding="utf-8").partition(": `--json`\n")[2].partition("\n## ")[0]
    assert keys_in(found) <= set(re.findall(r"`(\w+)`", about))
    return found


def test_check_truth_as_json_has_the_numbers_of_its_table(capsys):
    found = document(capsys, "check", "--truth")
    assert (found["check"], found["passed"]) == ("truth", True)
    rows = [(r.name, r.formula, r.reference, r.error, r.tolerance) for r in lqr.check_truth()]
    keys = ("name", "formula", "reference", "relative_error", "tolerance")
    assert [tuple(row[key] for key in keys) for row in found["rows"]] == rows
    assert found["rows"][1]["tolerance"] is None


def test_check_as_json_counts_as_the_table_does(monkeypatch, capsys):
    rows = gradient_checks.check_equations(quick=True)
    monkeypatch.setattr(gradient_checks, "check_equations", lambda **_: rows)
    found = document(capsys, "check")
    assert [row["equation"] for row in found["rows"]] == [row.equation.strip() for row in rows]
    assert found["rows"][0]["relative_error"] == rows[0].report.relative_error
    wrong = replace(rows[0], report=replace(rows[0].report, relative_error=math.nan))
    monkeypatch.setattr(gradient_checks, "check_equations", lambda **_: [wrong, *rows])
    found = document(capsys, "check", code=1)
    assert (found["check"], found["passed"]) == ("equations", False)
    assert [row["passed"] for row in found["rows"]] == [False] + [True] * len(rows)
    assert found["rows"][0]["relative_error"] is None


def test_check_bugs_and_exercises_as_json_have_each_bug_and_each_mutant(monkeypatch, capsys):
    objection = kill_matrix.Objection("gradient", "sign flipped (06.2)")
    bugs = [kill_matrix.Findings("actor-sign", (objection,))]
    monkeypatch.setattr(kill_matrix, "examine_bugs", lambda: iter(bugs))
    found = document(capsys, "check", "--bugs")
    objections = {kind: [] for kind in kill_matrix.KINDS} | {"gradient": [objection.text]}
    row = {"bug": "actor-sign", "objections": objections}
    assert found == {"check": "bugs", "passed": True, "rows": [row]}

    judged = mutation.Judged(Mutant("a → b", "operator", "b"), mutation.SURVIVED)
    result = mutation.Result("03.1", "Title", "a", (judged,), 1, {}, ())
    monkeypatch.setattr(mutation, "examine_exercises", lambda numbers, jobs: iter([result]))
    found = document(capsys, "check", "--exercises", "03.1", code=1)
    assert (found["check"], found["passed"]) == ("exercises", False)
    (row,) = found["rows"]
    (fault,) = row.pop("faults")
    assert "survives" in fault
    mutant = {"change": "a → b", "outcome": "survived", "diagnosis": "", "equivalent": False}
    assert row == {"exercise": "03.1", "title": "Title", "generated": 1, "mutants": [mutant]}


def test_evaluate_as_json_has_every_return(monkeypatch, capsys):
    agent = SimpleNamespace(config=Config())
    result = Evaluation(np.array([-1.5, -np.inf]), np.array([200, 3]))
    monkeypatch.setattr("minddpg.cli.evaluate.load_policy", lambda arguments: agent)
    monkeypatch.setattr("minddpg.training.run_dir.read_bug", lambda run: "")
    monkeypatch.setattr("minddpg.training.evaluation.evaluate", lambda *_, **__: result)
    with np.errstate(invalid="ignore"):
        found = document(capsys, "evaluate", "r", "--episodes", "2", "--seed", "7")
    assert found == {
        "run": "r", "policy": "last", "env_id": "Pendulum-v1", "env_kwargs": {},
        "bug": None, "seed": 7,
        "mean": None, "std": None, "returns": [-1.5, None], "lengths": [200, 3],
    }  # fmt: skip


def test_a_document_has_no_number_that_json_lacks(capsys):
    values = [math.nan, np.float32(-np.inf), np.array([1, np.nan]), {"x": (np.int64(3), True)}]
    show_json({"values": values, "θ": None})
    out = capsys.readouterr().out
    assert json.loads(out) == {"values": [None, None, [1, None], {"x": [3, True]}], "θ": None}
    assert out.isascii()
