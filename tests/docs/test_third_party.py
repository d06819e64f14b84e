"""The page on third-party environments has a row for each that the job tries, and its modules."""

import ast
import platform
import re
import sys
from datetime import date

import pytest
import third_party
from third_party import ENTRIES, NOT_INSTALLED, REFUSED, THEIRS, TRAINS, Entry, Failed, Row

PAGE = third_party.PAGE.read_text(encoding="utf-8")
TABLE = PAGE.partition(third_party.BEGIN)[2].partition(third_party.END)[0]
LINES = third_party.lines_of(TABLE)


def test_every_row_is_of_an_entry_and_ended_as_expected():
    expected = {third_party.key_of(entry): entry for entry in ENTRIES}
    assert len(LINES) == TABLE.count("\n| `") > 0
    for key, (outcome, tried, seconds) in LINES.items():
        assert outcome.partition(":")[0] == expected[key].expected, key
        assert date.fromisoformat(tried["on"])
        assert {"Python", "gymnasium", "numpy", expected[key].package} <= set(tried), key
        assert seconds.isdecimal()


def test_at_least_eight_packages_that_nobody_here_wrote_train():
    assert len({entry.package for entry in ENTRIES}) >= 10
    assert len({entry.package for entry in ENTRIES if entry.expected == TRAINS}) >= 8


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


def test_a_row_takes_the_place_of_an_older_one_and_the_rest_of_the_page_stays():
    page = f"before\n{third_party.BEGIN}{third_party.END}after\n"
    found = {"gymnasium": "1.4.0", "numpy": "2.4.6", "mujoco": "3.3.7", "torch": "2"}
    third, first = (Row(ENTRIES[i], found, TRAINS, "", 12.6) for i in (3, 0))
    failed = Row(ENTRIES[3], found, THEIRS, "minddpg: error: a `b` | c " + "word " * 60, 1.2)
    for row in (third, first, failed):
        page = third_party.with_row(page, row, date(2026, 1, 2))
    assert page.startswith(f"before\n{third_party.BEGIN}\n{third_party.ABOVE}")
    assert page.endswith(f"|\n\n{third_party.END}after\n")
    hopper, door = (line for line in page.splitlines() if line.startswith("| `"))
    assert hopper == "| `gymnasium[mujoco]` | `Hopper-v5` | trains | mujoco 3.3.7 | 13 |"
    assert re.search(r"\| their error: `a 'b' \\\| c word[ word]+ …` \|", door)
    assert len(door) < 330


def test_what_most_rows_share_is_said_above_them_and_each_row_keeps_its_own_facts():
    found = {"gymnasium": "1.4.0", "numpy": "2.4.6"}
    page = f"{third_party.BEGIN}{third_party.END}"
    for i, day, changed in ((0, 2, {}), (3, 2, {}), (4, 3, {"numpy": "2.3.5"})):
        row = Row(ENTRIES[i], {**found, **changed}, TRAINS, "", 1)
        page = third_party.with_row(page, row, date(2026, 1, day))
    (above,) = re.findall(rf"{third_party.ABOVE}(.+)\.\n", page)
    shared = {"Python": platform.python_version(), **found, "on": "2026-01-02"}
    assert third_party.named(above) == shared
    assert page.splitlines()[-3].endswith(" | trains | numpy 2.3.5, on 2026-01-03 | 1 |")
    tried = [line.tried for line in third_party.lines_of(page).values()]
    assert tried == [shared, shared, {**shared, "numpy": "2.3.5", "on": "2026-01-03"}]
    for i in (3, 4):  # now most rows have another gymnasium, and the first says its own
        row = Row(ENTRIES[i], {**found, "gymnasium": "2.0"}, TRAINS, "", 1)
        page = third_party.with_row(page, row, date(2026, 1, 3))
    first, *others = third_party.lines_of(page).values()
    assert first.tried == shared
    assert "| trains | gymnasium 1.4.0, on 2026-01-02 | 1 |" in page
    assert {line.tried["gymnasium"] for line in others} == {"2.0"}


def test_the_table_on_the_page_is_what_its_own_facts_print():
    assert f"\n{third_party.table_of(LINES)}\n" == TABLE
