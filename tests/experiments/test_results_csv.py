"""A results.csv is accepted only if it has one complete result for each run of its study."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import for_each
from studies_in_process import QUICK, Quick, run_quietly

from minddpg import CheckpointError
from minddpg.cli import main
from minddpg.experiments.metrics import MOMENTS
from minddpg.experiments.named_studies import STUDIES
from minddpg.experiments.results_csv import check_rows, read_rows, seeds_text
from minddpg.experiments.run_named import redraw
from minddpg.experiments.study import EstimatesStudy
from minddpg.experiments.study_folder import refuse_loss_of_runs

RESULTS = Path(__file__).parents[2] / "docs" / "results"


@pytest.fixture
def quick(tmp_path, monkeypatch):
    """The folder of a quick study: 36 rows from 2 variants and the seeds 4, 5 and 6."""
    monkeypatch.setitem(STUDIES, "quick", QUICK)
    run_quietly("quick", tmp_path, [4, 5, 6])
    return tmp_path


def without(*words):
    """Leave out the lines that contain all these words."""
    return lambda lines: [line for line in lines if not all(word in line for word in words)]


def edited(number, old, new):
    """Replace a text in the line with this number; the header is line 1."""

    def change(lines):
        assert old in lines[number - 1]
        changed = lines[number - 1].replace(old, new)
        return [*lines[: number - 1], changed, *lines[number:]]

    return change


def column(name, new=None):
    """Rename a column, or remove it."""

    def change(lines):
        cells = [line.strip().split(",") for line in lines]
        at = cells[0].index(name)
        if new is None:
            cells = [row[:at] + row[at + 1 :] for row in cells]
        else:
            cells[0][at] = new
        return [",".join(row) + "\n" for row in cells]

    return change


def with_bug(lines):
    return [lines[0].replace("\n", ",bug\n"), *(x.replace("\n", ",sign\n") for x in lines[1:])]


def in_latin_1(lines):
    return [*lines, "é\n".encode("latin-1").decode("utf-8", "surrogateescape")]


DAMAGED = {
    "all rows twice": (lambda lines: lines + lines[1:], r"line 38 repeats line 2: variant slow"),
    "one row twice": (lambda lines: [*lines, lines[5]], r"line 38 repeats line 6: .*step 12000$"),
    "joined with its header": (lambda lines: lines + lines, r"line 38, seed is 'seed'"),
    "a seed of one variant": (
        without("fast", ",5,"),
        "there is no row of variant fast, .*, seed 5$",
    ),
    "two seeds of one": (without("slow", "v1,"), "there is no row of variant slow, .*, seed 4–6$"),
    "a seed of all variants": (without(",5,"), "its seeds are 4, 6; .* about.json .* are 4–6$"),
    "a row": (
        without("fast", ",5,", "best"),
        "there is no row of .*fast, .*seed 5, when best, .*return",
    ),
    "the last row": (lambda lines: lines[:-1], "there is no row of .*fast, .* seed 6, when best"),
    "another variant": (edited(9, "fast", "fats"), "line 9, variant is 'fats'"),
    "another environment": (edited(9, "Pendulum-v1", "P"), "line 9, env_id is 'P'"),
    "a bug": (with_bug, "line 2, bug is 'sign'"),
    "infinity": (edited(7, ",4.001", ",inf"), "line 7, value is 'inf': must be a finite number"),
    "not a number": (edited(7, ",4.001", ",nan"), "line 7, value is 'nan'"),
    "too large": (edited(7, ",4.001", ",1e999"), "line 7, value is '1e999'"),
    "a word": (edited(7, ",4.001", ",four"), "line 7, value is 'four'"),
    "an escape": (edited(7, ",4.001", ",\x1b[2J"), r"line 7, value is '\\x1b\[2J'"),
    "nothing": (edited(7, ",4.001", ","), "line 7, value is missing"),
    "a seed that is none": (edited(7, "v1,4,", "v1,4.5,"), r"line 7, seed is 4\.5"),
    "a seed below 0": (edited(7, "v1,4,", "v1,-4,"), r"line 7, seed is -4"),
    "a step below 0": (edited(2, ",100,", ",-100,"), r"line 2, step is -100"),
    "a cell too many": (edited(7, ",4.001", ",4.001,5"), "line 7 has 8 cells, the header 7"),
    "a cell too few": (edited(7, ",4.001", ""), "line 7 has 6 cells, the header 7"),
    "a quote that does not end": (edited(7, ",4.001", ',"4'), "line 37: unexpected end of data"),
    "an overlong cell": (edited(7, ",4.001", "," + "4" * 200_000), "line 7: field larger than"),
    "a missing column": (column("step"), "line 2, step is missing"),
    "a renamed column": (column("value", "worth"), "line 2, value is missing"),
    "two columns of a name": (
        column("step", "seed"),
        "line 1: a column has no name, or two have the same$",
    ),
    "a column without a name": (edited(1, "step", ""), "line 1: a column has no name"),
    "no rows": (lambda lines: lines[:1], "has no rows$"),
    "an empty file": (lambda lines: [], "is empty$"),
    "empty lines": (lambda lines: ["\n", "\n"], "line 1: a column has no name"),
    "a cut cell": (lambda lines: [*lines[:-1], lines[-1][:-2]], "its last line is cut off$"),
    "not UTF-8": (in_latin_1, r"not text in UTF-8 \(byte \d+\)$"),
}


def test_a_damaged_table_is_named_with_the_line_or_the_row_that_is_missing(quick):
    path = quick / "results.csv"
    lines = path.read_text().splitlines(keepends=True)
    table = (quick / "table.md").read_bytes()

    @for_each(DAMAGED)
    def each(name):
        damage, message = DAMAGED[name]
        text = "".join(damage(lines))
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(CheckpointError, match=f"^{re.escape(str(path))}: {message}") as caught:
            redraw("quick", quick)
        assert len(str(caught.value)) < 300
        assert (quick / "table.md").read_bytes() == table

    each()


def test_a_row_with_another_bug_than_its_variant_plants_is_refused(tmp_path, monkeypatch):
    variants = {"correct": {}, "sign": {"bug": "actor-sign"}}
    study = replace(QUICK, variants=variants)
    monkeypatch.setitem(STUDIES, "quick", study)
    run_quietly("quick", tmp_path, [4])
    rows, path = read_rows(tmp_path / "results.csv"), tmp_path / "results.csv"
    check_rows(study, rows, path, [4])
    check_rows(study, [{k: v for k, v in row.items() if k != "bug"} for row in rows], path, [4])
    for line, bug, planted in ((2, "actor-sign", ""), (8, "critic-sign", "actor-sign")):
        wrong = [{**row, "bug": bug} if i == line else row for i, row in enumerate(rows, start=2)]
        message = f": line {line}, bug is '{bug}', the variant's is '{planted}'$"
        with pytest.raises(CheckpointError, match=message):
            check_rows(study, wrong, path, [4])


def test_large_seeds_are_read_to_the_last_digit(tmp_path, monkeypatch):
    """As floats, these two neighbours would be equal."""
    monkeypatch.setitem(STUDIES, "quick", QUICK)
    run_quietly("quick", tmp_path, [2**53, 2**53 + 1])
    seeds = [row["seed"] for row in read_rows(tmp_path / "results.csv")]
    assert set(seeds) == {2**53, 2**53 + 1}
    redraw("quick", tmp_path)
    asked = [{"variant": variant, "seed": 2**53} for variant in ("slow", "fast")]
    with pytest.raises(FileExistsError, match=f"not requested .*seed {2**53 + 1}"):
        refuse_loss_of_runs(tmp_path / "results.csv", asked)


def test_a_table_may_have_quoted_names_and_empty_lines(quick):
    text = (quick / "results.csv").read_text()
    rows = read_rows(quick / "results.csv")
    (quick / "results.csv").write_text(text.replace("slow", '"slow"').replace("\n", "\n\n"))
    assert read_rows(quick / "results.csv") == rows


def test_what_a_spreadsheet_writes_is_the_same_table(quick):
    path = quick / "results.csv"
    table = redraw("quick", quick)
    text = path.read_text()
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").replace(",4,", ",4.0,").encode())
    assert redraw("quick", quick) == table


def test_without_about_json_every_variant_needs_the_seeds_of_the_others_all_the_same(quick):
    """For example, tables of several tasks may have been merged."""
    (quick / "about.json").unlink()
    path = quick / "results.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(without(",5,")(lines)))
    assert "seeds 4, 6: return" in redraw("quick", quick)
    path.write_text("".join(without(",5,", "fast")(lines)))
    with pytest.raises(CheckpointError, match=r"there is no row of variant fast, .*, seed 5"):
        redraw("quick", quick)


def test_only_a_slow_environment_may_have_fewer_seeds_and_all_its_variants_the_same(
    tmp_path, monkeypatch
):
    both = {"Pendulum-v1": {}, "Slow-v0": {}}
    limited = replace(QUICK, environments=both, at_most={"Slow-v0": 2})
    monkeypatch.setitem(STUDIES, "quick", limited)
    run_quietly("quick", tmp_path, [4, 5, 6])
    rows = read_rows(tmp_path / "results.csv")
    path = tmp_path / "results.csv"
    check_rows(limited, rows, path, [4, 5, 6])
    for study, left_out in (
        (replace(limited, at_most={}), {}),
        (limited, {"seed": 5, "env_id": "Slow-v0"}),
        (limited, {"seed": 5, "env_id": "Slow-v0", "variant": "slow"}),
        (limited, {"seed": 5, "env_id": "Pendulum-v1"}),
        (limited, {"env_id": "Slow-v0"}),
    ):
        kept = [row for row in rows if not left_out or not left_out.items() <= row.items()]
        with pytest.raises(
            CheckpointError, match=r"there is no row of variant (slow|fast), env_id"
        ):
            check_rows(study, kept, path, [4, 5, 6])


class Estimates(EstimatesStudy, Quick):
    """A study that is quick to draw; the test makes its rows."""


def test_estimates_are_whole_if_every_seed_has_every_episode():
    """An episode may end early in one seed, and then has fewer or other steps."""
    study = Estimates("?", {"Pendulum-v1": {}})
    rows = [
        {"variant": "default", "env_id": "Pendulum-v1", "seed": seed, "episode": episode,
         "step": step, "estimated": 1.0, "return": 2.0, "exact": 3.0}
        for seed in (0, 1) for episode in (0, 1) for step in range(len(MOMENTS) - seed)
    ]  # fmt: skip
    path = Path("results.csv")
    check_rows(study, rows, path, [0, 1])
    for damaged, message in (
        ([*rows, rows[3]], "line 16 repeats line 5: .* seed 0, episode 0, step 3"),
        (rows[:-3], "there is no row of .* seed 1, episode 1"),
        ([*rows[:5], {**rows[5], "estimated": "?"}], "line 7, estimated is"),
        ([{k: v for k, v in row.items() if k != "return"} for row in rows], "return is missing"),
        ([*rows[:5], {k: v for k, v in rows[5].items() if k != "exact"}], "line 7, exact is"),
        ([{**row, "episode": 0.5} for row in rows], r"line 2, episode is 0\.5"),
    ):  # fmt: skip
        with pytest.raises(CheckpointError, match=message):
            check_rows(study, damaged, path)


def test_the_results_in_the_documentation_are_whole_and_those_of_their_about_json():
    for name, study in STUDIES.items():
        folder = RESULTS / name
        seeds = json.loads((folder / "about.json").read_text())["seeds"]
        check_rows(study, read_rows(folder / "results.csv"), folder / "results.csv", seeds)


def test_the_results_of_an_earlier_edition_are_drawn_again_to_the_same_table(tmp_path, capsys):
    shutil.copytree(RESULTS / "cheetah", tmp_path, dirs_exist_ok=True)
    (tmp_path / "table.md").unlink()
    assert main(["study", "cheetah", "--redraw", "--dir", str(tmp_path)]) == 0
    assert (tmp_path / "table.md").read_bytes() == (RESULTS / "cheetah" / "table.md").read_bytes()
    assert (tmp_path / "table.md").read_text() in capsys.readouterr().out


def test_seeds_are_named_as_they_are():
    assert seeds_text([3.0, 1.0, 2.0]) == "1–3"
    assert seeds_text([7]) == "7"
    assert seeds_text([9, 5, 8, 2]) == "2, 5, 8–9"


def test_a_table_of_separate_seeds_does_not_claim_those_between(quick):
    run_quietly("quick", quick, [4, 5, 6, 9])
    table = (quick / "table.md").read_text()
    assert re.search(r"^\*\*Pendulum-v1\*\*, 12,000 steps, seeds 4–6, 9: return", table)
