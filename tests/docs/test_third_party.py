"""The page on other people's environments: a row for each that the job tries, and its modules."""

import ast
import re
import sys
from datetime import date

import pytest
import third_party
from third_party import ENTRIES, NOT_INSTALLED, REFUSED, THEIRS, TRAINS, Entry, Failed, Row

PAGE = third_party.PAGE.read_text(encoding="utf-8")
TABLE = PAGE.partition(third_party.BEGIN)[2].partition(third_party.END)[0]
ROWS = [line.strip("| ").split(" | ") for line in TABLE.splitlines() if line.startswith("| ")][2:]


def test_the_table_has_a_row_for_every_entry_that_ended_as_expected():
    assert [row[1].strip("`") for row in ROWS] == [entry.env_id for entry in ENTRIES]
    for row, entry in zip(ROWS, ENTRIES, strict=True):
        assert row[2].partition(":")[0] == entry.expected, row
        assert re.fullmatch(rf"{entry.package} \d[\w.]+", row[0]), row
    assert re.search(r"^Tried on \d{4}-\d\d-\d\d, with Python 3\.\d+", TABLE.strip())


def test_at_least_eight_packages_that_nobody_here_wrote_train():
    assert len({row[0] for row in ROWS if row[2] == TRAINS}) >= 8
    assert len({row[0] for row in ROWS}) >= 10


def test_every_module_that_an_entry_names_is_printed_and_registers_its_id():
    modules = third_party.modules_of(PAGE)
    assert len(modules) == PAGE.count("; save as ")
    tried = [entry.env_id.split(":") for entry in ENTRIES if ":" in entry.env_id]
    for file, text in modules.items():
        ast.parse(text)
        registered = re.findall(r'^gym\.register\("([\w-]+)"', text, re.MULTILINE)
        assert registered
        assert {name for module, name in tried if f"{module}.py" == file} == set(registered), file


@pytest.mark.parametrize(
    ("message", "outcome"),
    [
        ("minddpg: error: Dict-v0 has Dict observations; DDPG needs a Box of numbers", REFUSED),
        ("minddpg: error: step 3: X-v0 stopped with KeyError: 'q' (--debug shows where)", THEIRS),
        ("Segmentation fault", THEIRS),
        ("stopped after 900 s", THEIRS),
    ],
)
def test_a_refusal_is_told_from_an_error_inside_the_environment(message, outcome):
    assert third_party.outcome_of(message) == outcome


def test_a_command_that_fails_or_hangs_is_reported_by_its_last_error_line(tmp_path, monkeypatch):
    fails = "print('step 1'); print('minddpg: error: no'); print('bye'); raise SystemExit(1)"
    with pytest.raises(Failed, match=r"^minddpg: error: no$"):
        third_party.run((sys.executable, "-c", fails), tmp_path)
    monkeypatch.setattr(third_party, "PATIENCE", 0.1)
    with pytest.raises(Failed, match=r"^stopped after 0\.1 s$"):
        third_party.run((sys.executable, "-c", "import time; time.sleep(60)"), tmp_path)


def test_a_package_that_fails_is_a_row_and_does_not_stop_the_others(monkeypatch):
    workshop = object.__new__(third_party.Workshop)

    def fail(entry):
        raise Failed("error: no matching distribution")

    monkeypatch.setattr(workshop, "install", fail)
    entry = Entry("nothing", "nothing:Nothing-v0", ("nothing",))
    row = workshop.try_out(entry)
    assert row[:4] == (entry, {}, NOT_INSTALLED, "error: no matching distribution")


def test_a_row_shows_versions_simulator_and_the_beginning_of_a_long_message():
    entry = Entry("robot", "robot:Robot-v0", ("robot",))
    found = {
        "robot": "1.2",
        "gymnasium": "1.4.0",
        "numpy": "2.4.6",
        "mujoco": "3.3.7",
        "torch": "2",
    }
    trained = Row(entry, found, TRAINS, "", 12.6)
    failed = Row(entry, found, THEIRS, "minddpg: error: a `b` | c " + "word " * 60, 1.2)
    *_, first, second = third_party.table([trained, failed], date(2026, 1, 2)).splitlines()
    assert first == "| robot 1.2 | `robot:Robot-v0` | trains | 1.4.0 | 2.4.6 | mujoco 3.3.7 | 13 |"
    cells = second.split(" | ")
    assert cells[2].startswith(r"their error: `a 'b' \| c word")
    assert cells[2].endswith("word …`")
    assert len(cells[2]) < 180
