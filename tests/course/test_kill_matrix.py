"""The kill matrix: correct code passes every check, every bug is caught, and the page says so."""

from dataclasses import replace
from pathlib import Path

import pytest

from minddpg.cli import main
from minddpg.course.engine.exercise import BEHAVIOUR, GRADIENT, PROPERTY
from minddpg.course.kill_matrix import NO_BUG, examine, exit_code, markdown, row, summary
from minddpg.course.precomputed import precomputed
from minddpg.verification import loop_properties
from minddpg.verification.bugs import BUGS
from minddpg.verification.loop_properties import behaviours
from minddpg.verification.properties import PROPERTIES

ROOT = Path(__file__).parents[2]

NAMED = {  # the name that a check of the course gives it
    "actor-sign": "sign flipped",
    "actor-summed": "factor N",
    "actor-averaged-twice": "factor 1/N",
    "replayed-action": "gradient at the replayed action",
    "broadcast": "(N, N) broadcast",
    "bias-averaged": "factor 1/B",
    "relu-slope-missing": "slope missing",
    "tanh-slope-at-output": "slope at the output, where the input is meant",
    "polyak-reversed": "Polyak reversed",
    "mask-missing": "terminated ignored",
    "mask-flipped": "mask flipped",
    "discount-missing": "discount missing",
    "adam-uncorrected": "no bias correction",
    "unwritten-rows": "unwritten slots sampled",
    "newest-only": "always the newest",
    "wraparound": "wraparound off by one",
    "by-reference": "no copy in the buffer",
    "action-scale": "action scale forgotten",
    "not-clipped": "not clipped",
    "noise-never-reset": "reset missing",
}
SILENT = {  # the kinds that cannot catch it: a gradient check tests only the loss that was written
    GRADIENT: ("broadcast", "mask-flipped", "polyak-reversed", "by-reference", "rates-swapped"),
    PROPERTY: ("actor-sign", "by-reference", "noisy-evaluation"),
    BEHAVIOUR: ("actor-sign", "mask-flipped", "targets-apart", "broadcast"),
}

BROKEN_IN_OTHER_TESTS = [  # none of the package's bugs violates these; see tests/verification
    "acting moves the noise alone",
    "each action entry has its own noise",
    "Gaussian noise has no memory, Ornstein–Uhlenbeck noise as much as its θ and dt say",
    "without noise, exploration changes no action",
]


@pytest.fixture(scope="module")
def found():
    """The whole matrix, examined once."""
    return {name: examine(name) for name in (NO_BUG, *BUGS)}


def test_correct_code_is_passed_by_every_check():
    assert examine(NO_BUG).objections == ()


@pytest.mark.slow
def test_every_bug_is_caught(found):
    assert [bug for bug in BUGS if not found[bug].objections] == []


def test_a_loop_that_raises_is_an_objection_and_not_a_crash(monkeypatch):
    def broken():
        raise ZeroDivisionError("of the loop")

    monkeypatch.setattr(loop_properties, "short_run", broken)
    texts = [each.text for each in examine(NO_BUG).objections]
    assert texts == ["stops with ZeroDivisionError: of the loop"]


@pytest.mark.slow
def test_the_command_prints_the_matrix_as_it_goes(capsys, monkeypatch):
    few = {name: BUGS[name] for name in ("actor-sign", "one-start")}
    monkeypatch.setattr("minddpg.course.kill_matrix.BUGS", few)
    assert main(["check", "--bugs"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0].strip() for line in lines[1:4]] == [NO_BUG, *few]
    assert lines[-1].startswith("2 bugs.")


@pytest.mark.slow
def test_a_bug_that_a_learner_makes_too_is_named(found):
    texts = {bug: [each.text for each in found[bug].objections] for bug in NAMED}
    unnamed = [
        f"{bug}, {mistake}: {texts[bug]}"
        for bug, mistake in NAMED.items()
        if not any(text.startswith(f"{mistake} (") for text in texts[bug])
    ]
    assert unnamed == []


@pytest.mark.slow
def test_no_kind_of_check_is_enough_and_none_can_be_left_out(found):
    for kind, bugs in SILENT.items():
        assert [bug for bug in bugs if found[bug].of(kind)] == [], kind
        assert any({o.kind for o in each.objections} == {kind} for each in found.values()), kind


@pytest.mark.slow
def test_each_property_of_agent_and_loop_is_broken_by_some_bug(found):
    texts = {each.text for findings in found.values() for each in findings.objections}
    sentences = [claim.sentence for claim in (*PROPERTIES, *behaviours())]
    unbroken = [sentence for sentence in sentences if f"not so: {sentence}" not in texts]
    assert unbroken == BROKEN_IN_OTHER_TESTS


@pytest.mark.slow
def test_matrix_and_summary_show_what_was_found(found):
    rows = list(found.values())
    assert exit_code(rows) == 0
    assert exit_code([found["actor-sign"]]) == 0
    assert exit_code([replace(found["actor-sign"], bug=NO_BUG)]) == 1
    line = row(found["actor-sign"])
    assert line.startswith("actor-sign ")
    assert line.count(" x ") == 1
    assert "by none: none" in summary(rows)
    lines = markdown(rows).splitlines()
    assert len(lines) == 2 + 1 + len(BUGS)
    assert all(line.count("|") == 5 for line in lines)


@pytest.mark.slow
def test_the_page_on_bugs_shows_the_computed_matrix(found):
    """Written by: .venv/bin/python docs/_generate bug_zoo"""
    page = (ROOT / "docs" / "bug-zoo.md").read_text()
    assert markdown(list(found.values())) in page
    assert summary(list(found.values())) in page
    for name, bug in BUGS.items():
        assert f"| `{name}` | {bug.story.replace('|', chr(92) + '|')} | {bug.source} |" in page


def test_the_precomputed_matrix_of_chapter_11_has_all_bugs():
    remedy = "run .venv/bin/python -m minddpg.course.precomputed ch11/matrix"
    assert list(precomputed("ch11/matrix")["names"]) == [NO_BUG, *BUGS], remedy


@pytest.mark.slow
def test_the_precomputed_matrix_of_chapter_11_is_the_computed_one(found):
    """Written by: python -m minddpg.course.precomputed ch11/matrix"""
    kept = precomputed("ch11/matrix")
    for each, counts, first in zip(found.values(), kept["counts"], kept["first"], strict=True):
        assert [len(each.of(kind)) for kind in kept["kinds"]] == counts.tolist()
        assert [(*each.of(kind), "")[0] for kind in kept["kinds"]] == first.tolist()
