"""Bug hunts: every bug is silent and can be found, and the checks know which one was handed out."""

import ast
import importlib.util
import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from helpers import for_each

from minddpg.course import checks
from minddpg.course.ch11_bug_zoo import judge_hunt
from minddpg.course.ch11_bug_zoo.hunt_own_agent import plant
from minddpg.course.ch11_bug_zoo.kit import hand_out, planted_source, suspects
from minddpg.course.ch11_bug_zoo.small_agents import PackageAgent, small_agent
from minddpg.course.checks import EXERCISES
from minddpg.course.engine.cell_source import source_of
from minddpg.course.engine.check import RECORD, RETIRED
from minddpg.course.engine.examine import examine
from minddpg.course.engine.keep import FOLDER as OWN_FOLDER
from minddpg.course.own_code import whose, yours

NUMBERS = ("11.5", "11.6", "11.7", "11.8")
ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("build_hunts", ROOT / "tutorials" / "build.py")
build = importlib.util.module_from_spec(spec)
spec.loader.exec_module(build)


@pytest.fixture(autouse=True)
def the_first_hunt_afterwards():
    yield
    hand_out(0)


def hunt_of(number):
    return EXERCISES[number].cases[0]["hunt"]


def check(number, *answers):
    return getattr(checks, EXERCISES[number].check_name)(*answers)


def all_alike(one, other):
    return all(judge_hunt.alike(one[aspect], other[aspect]) for aspect in one)


def first_number(number, bug):
    """Return the smallest HUNT that plants a bug."""
    return next(n for n in range(10_000) if hunt_of(number).chosen(n) is bug)


def test_a_hunt_has_at_least_six_bugs_besides_the_public_one_and_a_number_plants_each():
    for number in NUMBERS:
        hunt = hunt_of(number)
        others = len(hunt.bugs) - 1
        for first in (1, 5):  # consecutive numbers plant different bugs
            found = {hunt.chosen(n).name for n in range(first, first + others)}
            assert found == set(hunt.by_name) - {hunt.bugs[0].name}, number
        assert len(found) >= 6
        assert len(hunt.by_name) == len(hunt.bugs)
        for name in hunt.by_name:
            assert f"{name} " in suspects(number)


def test_a_number_plants_the_same_bugs_for_ever():
    """A newer version must grade notebooks that an older one handed out."""
    planted = {n: [hunt_of(number).chosen(n).name for number in NUMBERS] for n in (0, 1, 7)}
    assert planted == {
        0: ["replayed-action", "newest-missing", "reset-stored", "target-actor-frozen"],
        1: ["bias-averaged", "fields-apart", "by-reference", "acts-by-target"],
        7: ["actor-sign", "same-draw", "noise-never-reset", "actor-sign"],
    }


def test_a_number_that_is_none_is_refused():
    for wrong in (-1, 1.5, True, "7", None, 10**7):
        with pytest.raises(ValueError, match=r"HUNT = .*: must be a whole number from 0 to"):
            hand_out(wrong)
    hand_out(np.int64(3))
    assert EXERCISES["11.5"].handed_out.note == "HUNT = 3"


def test_the_source_that_is_handed_out_differs_and_says_nothing_of_the_bug():
    for number in NUMBERS[:3]:
        hunt = hunt_of(number)
        sources = {planted_source(number, first_number(number, bug)) for bug in hunt.bugs}
        assert len(sources) == len(hunt.bugs)
        assert not any(hunt.source.strip() in source for source in sources)
        for source in sources:
            assert "#" not in source
            assert len(ast.parse(source).body) <= 2


@pytest.mark.slow
@for_each(NUMBERS)
def test_every_bug_shows_in_another_way(number):
    hunt = hunt_of(number)
    correct = hunt.seen()
    for description, other in hunt.correct().items():
        now = {aspect: np.asarray(x) for aspect, x in hunt.observe(other).items()}
        assert all_alike(correct, now), description
    assert [name for name in hunt.by_name if all_alike(correct, hunt.seen(name))] == []
    pairs = combinations(hunt.by_name, 2)
    assert [pair for pair in pairs if all_alike(*map(hunt.seen, pair))] == []


@pytest.mark.slow
@for_each(NUMBERS)
def test_every_bug_can_be_named_repaired_and_proved_and_every_mistake_is_named(number):
    for bug in hunt_of(number).bugs:
        n = first_number(number, bug)
        hand_out(n)
        asked = EXERCISES[number].handed_out
        verdict = check(number, *asked.reference)
        assert verdict.passed, (bug.name, str(verdict))
        assert (f"HUNT = {n}" in str(verdict)) == (n > 0)
        wrong = []
        for i, (mistake, _) in enumerate(asked.wrong_sources):
            said = check(number, *asked.wrong_answer(i)).diagnosis
            wrong += [(bug.name, mistake.name, said)] * (said != mistake.name)
        assert wrong == []


def test_an_answer_to_another_hunt_is_wrong_and_the_record_says_which_it_was(tmp_path, monkeypatch):
    monkeypatch.setenv(RECORD, str(tmp_path / "verdicts"))
    answers = EXERCISES["11.6"].reference
    assert check("11.6", *answers)
    hand_out(7)
    verdict = check("11.6", *answers)
    assert verdict.diagnosis.startswith("an answer to another bug")
    assert "an answer to another HUNT" in str(verdict)
    rows = [json.loads(line) for line in (tmp_path / "verdicts").read_text().splitlines()]
    assert [row["note"] for row in rows] == ["HUNT = 0", "HUNT = 7"]


def test_what_was_repaired_is_used_later_as_long_as_it_answers_the_hunt(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv(OWN_FOLDER, str(tmp_path))
    asked = EXERCISES["11.6"]
    text = source_of(asked.reference, asked.names)
    (tmp_path / "11_6.py").write_text(text, encoding="utf-8")
    _, repaired, _ = yours("11.6")
    assert "your code, from" in capsys.readouterr().out
    assert repaired.__name__ == "Repaired"
    assert whose("11.6") == "your code"
    hand_out(7)
    name, _, _ = yours("11.6")
    assert name == hunt_of("11.6").chosen(7).name
    assert "the package's code, because your code" in capsys.readouterr().out


def test_what_a_test_notices_besides_is_told_and_judges_nothing():
    name, repaired, test = EXERCISES["11.6"].reference
    verdict = check("11.6", name, repaired, test)
    assert "For information: your test also notices unwritten-rows." in str(verdict)


def test_a_test_that_looks_at_names_or_at_the_object_is_no_test():
    name, repaired, _ = EXERCISES["11.5"].reference
    planted = hunt_of("11.5").version("replayed-action")
    for trick in (
        lambda c: c is not planted,
        lambda c: c is repaired,
        lambda c: "Planted" not in c.__name__,
        lambda c: c.__module__ == "__main__",
        lambda c: hasattr(c, "views"),
    ):
        assert not check("11.5", name, repaired, trick).passed


def test_all_versions_of_a_hunt_look_alike_but_for_what_they_do():
    for number in NUMBERS:
        hunt = hunt_of(number)
        looks = {name: looks_of(hunt.version(name)) for name in ("", *hunt.by_name)}
        for name, look in looks.items():
            assert look == looks[""], (number, name)
            assert not any(bug in str(look) for bug in hunt.by_name), (number, name)


def looks_of(version):
    """Return all names and source places that a class or function reveals."""
    parts = vars(version) if isinstance(version, type) else {"": version}
    functions = {name: each for name, each in parts.items() if hasattr(each, "__code__")}
    return (
        repr(version).split(" at ")[0],
        version.__module__,
        version.__qualname__,
        {n: (f.__qualname__, f.__module__, f.__code__.co_filename) for n, f in functions.items()},
    )


def test_the_packages_answer_is_no_answer_but_an_equal_name_is_one(tmp_path, monkeypatch):
    monkeypatch.setenv(OWN_FOLDER, str(tmp_path))
    hand_out(first_number("11.6", hunt_of("11.6").by_name["wraparound"]))
    asked = EXERCISES["11.6"].handed_out
    name, repaired, test = yours("11.6")
    _, own_repaired, own_test = asked.reference
    for answers in ((name, repaired, test), (name, own_repaired, test), (name, repaired, own_test)):
        assert not check("11.6", *answers).passed
    assert check("11.6", name, own_repaired, own_test).passed
    hand_out(0)
    assert check("11.8", *EXERCISES["11.8"].reference).passed


def test_a_name_is_not_judged_before_the_test_is_right():
    name, repaired, test = EXERCISES["11.6"].reference
    for guess in hunt_of("11.6").by_name:
        verdict = str(check("11.6", guess, repaired, lambda c: True))
        assert "The name is judged as soon as the test is right." in verdict
        assert guess not in verdict
    assert "another bug's name" in str(check("11.6", "wraparound", repaired, test))
    assert "Right already: the name" in str(
        check("11.6", name, hunt_of("11.6").version(name), test)
    )


def test_the_hunt_without_a_source_says_so():
    with pytest.raises(ValueError, match=r"Hunt 4 has no source"):
        planted_source("11.8", 2)


def test_an_error_of_the_repaired_code_is_told_with_its_line_or_with_what_to_keep():
    name, repaired, test = EXERCISES["11.6"].reference

    class Typo(repaired):
        def sample(self, batch_size, rng):
            return self.smaple(batch_size, rng)

    class Fewer(repaired):
        def __init__(self, capacity):
            super().__init__(capacity, 1, 1)

    assert "return self.smaple(batch_size, rng)" in str(check("11.6", name, Typo, test))
    verdict = str(check("11.6", name, Fewer, test))
    assert "repaired cannot be used as the code with the bug can" in verdict
    assert "def test" not in verdict


@pytest.mark.slow
def test_a_bug_can_be_planted_in_any_agent_of_chapter_10():
    own = hunt_of("11.5").version()
    for each in (PackageAgent, checks.solution("10.1")):
        for n in range(40):
            name = hunt_of("11.8").chosen(n).name
            agent, batch = small_agent(plant(each, n))
            page, _ = small_agent(plant(own, n))
            for _ in range(5):
                agent.update(batch)
                page.update(batch)
            for network in ("actor", "critic", "target_actor", "target_critic"):
                one, other = getattr(agent, network), getattr(page, network)
                assert all(map(np.allclose, one, other)), (name, network)
            assert np.allclose(agent.act(batch.obs), page.act(batch.obs)), name


def test_the_notebook_of_a_hunt_has_its_number_its_code_and_no_solution():
    source = next(each for each in build.SOURCES if each.stem.startswith("11"))
    hand_out(7)
    blank, solved = (build.notebook(source, is_solved) for is_solved in (False, True))
    text = "\n".join(cell.source for cell in blank.cells)
    assert "HUNT = 7  #" in text
    assert planted_source("11.5", 7).strip() in text
    asked = [n for n in EXERCISES if n.startswith("11.")]
    assert text.count("<summary>Solution</summary>") == len(asked) - len(NUMBERS)
    answer = "\n".join(cell.source for cell in solved.cells)
    for number in NUMBERS:
        assert f'name = "{hunt_of(number).chosen(7).name}"' in answer


@pytest.mark.slow
def test_the_notebook_of_a_hunt_runs_blank_and_solved():
    source = next(each for each in build.SOURCES if each.stem.startswith("11"))
    hand_out(7)
    for solved in (False, True):
        assert build.judge(source, solved) == []


@pytest.mark.slow
def test_retired_exercises_of_the_chapter_still_judge():
    for number in ("11.1", "11.2", "11.3", "11.4"):
        exercise = RETIRED[number]
        assert examine(exercise, exercise.reference).passed
        assert not examine(exercise, exercise.wrong_answer(0)).passed
        assert examine(replace(exercise), exercise.blank).status == "to do"
