"""Bug hunts: code with one silent bug, to be found, named, repaired and proved.

A hunt has one correct source text and several bugs, each an edit of it. The number in the
notebook's cell `HUNT = …` says which of them was planted.
"""

import difflib
import hashlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import InvalidAnswer, Mistake, NotAttempted, Observed, call, edited, remark, run
from ..engine.exercise import Exercise
from ..engine.solution import cleaned

CLOSE = 1e-8  # relative; correct code that adds in another order differs by less
SPELLING = 0.75  # of difflib: how much of a name must be right
LONGEST_TEST = 0.5  # s; a slower test is not tried on the other bugs
LARGEST_HUNT = 10**6

ANOTHER_NAME, NO_NAME = "another bug's name", "no name of the list"
NOT_REPAIRED, STILL_WRONG = "not repaired", "still wrong"
BROKEN = "something else is broken"
BLIND, STRICT = "the test accepts the bug", "the test refuses correct code"
ALWAYS, NEVER, SWAPPED = "always true", "always false", "true and false swapped"
STOPS = "stops instead of returning False"
MEANS = {
    ANOTHER_NAME: "The bug that was planted is another one.",
    NO_NAME: "Take a name of the list of suspects.",
    NOT_REPAIRED: "The repaired code does what the code with the bug does.",
    STILL_WRONG: "The repaired code does something new, but it is not what correct code does.",
    BROKEN: "The repair has changed something that had been right.",
    BLIND: "The test returns True for the code with the bug.",
    STRICT: "The test returns False for code that is correct.",
    ALWAYS: "The test cannot fail.",
    NEVER: "The test refuses correct code, whatever it is.",
    SWAPPED: "The test returns True for the bug, and False for correct code.",
    STOPS: "The test should return False, and not stop with an error.",
}


@dataclass(frozen=True)
class Planted:
    """A bug that a hunt can have."""

    name: str
    story: str  # in one line, for the list of suspects
    edit: Mapping[str, str]  # what stands in the place of what in the correct source
    test: str  # the source of a test that notices it


@dataclass(frozen=True, eq=False)
class Hunt:
    """One hunt; `hunts` of the notebook and `build.py` ask it for its sources."""

    title: str
    source: str  # the correct code
    planted_name: str  # of its class or function
    bugs: Sequence[Planted]
    others: Callable[[], Mapping[str, Any]]  # correct code of other authors, by description
    observe: Callable[[Any], Mapping[str, Any]]  # what a version does; equal for correct ones
    given: Mapping[str, Any] = field(default_factory=dict)  # what sources and tests use besides np
    imports: str = ""  # the line that a notebook's cell needs above the source

    @cached_property
    def by_name(self) -> dict[str, Planted]:
        """The bugs by their names."""
        return {bug.name: bug for bug in self.bugs}

    def chosen(self, hunt: int) -> Planted:
        """Return the bug of a HUNT: the first for 0, for another number one of the others."""
        if hunt == 0:
            return self.bugs[0]
        digest = hashlib.sha256(f"{self.title} {hunt}".encode()).digest()
        return self.bugs[1 + int.from_bytes(digest[:8], "big") % (len(self.bugs) - 1)]

    def source_of(self, hunt: int) -> str:
        """Return the source that is handed out."""
        source = edited(self.source, self.chosen(hunt).edit).strip()
        return f"{self.imports}\n\n\n{source}" if self.imports else source

    def version(self, name: str = "") -> Any:
        """Return the class or function with this bug, or the correct one: a new one every time."""
        source = edited(self.source, self.by_name[name].edit) if name else self.source
        label = f"{self.title}, {name or 'correct'}"
        return run(source, [self.planted_name], self.given, label)[0]

    def correct(self) -> dict[str, Any]:
        """Return correct versions by description: of this source, and of other authors."""
        return {"the correct code": self.version(), **self.others()}

    def seen(self, name: str = "") -> Mapping[str, Array]:
        """Return what a version does, by aspect."""
        return _seen(self, name)

    def suspects(self) -> str:
        """List the names of the bugs that may have been planted, in alphabetical order."""
        width = max(map(len, self.by_name))
        return "\n".join(
            f"{name:{width}}  {self.by_name[name].story}" for name in sorted(self.by_name)
        )


@cache
def _seen(hunt: Hunt, name: str) -> Mapping[str, Array]:
    return {aspect: np.asarray(x) for aspect, x in hunt.observe(hunt.version(name)).items()}


class HandedOut:
    """Which HUNT the notebook has; its cell says so to the checks."""

    hunt = 0


handed_out = HandedOut()


def hand_out(hunt: int) -> None:
    """Say to the checks which bugs were planted in this notebook.

    Raises:
        ValueError: the number is not a whole one from 0 to 1,000,000.
    """
    handed_out.hunt = number_of(hunt)


def number_of(hunt: Any) -> int:
    """Return the number of a HUNT.

    Raises:
        ValueError: it is not a whole one from 0 to 1,000,000.
    """
    is_whole = isinstance(hunt, int | np.integer) and not isinstance(hunt, bool)
    if not is_whole or not 0 <= hunt <= LARGEST_HUNT:
        raise ValueError(f"HUNT = {hunt!r}: must be a whole number from 0 to {LARGEST_HUNT:,}")
    return int(hunt)


def variant(exercise: Exercise) -> Exercise:
    """Make of a hunt's exercise the one with the bug that was handed out."""
    return _variant(exercise, handed_out.hunt)


@cache
def _variant(exercise: Exercise, number: int) -> Exercise:
    hunt: Hunt = exercise.cases[0]["hunt"]
    bug = hunt.chosen(number)
    return replace(
        exercise,
        title=exercise.title if number == 0 else f"{exercise.title} (HUNT = {number})",
        note=f"HUNT = {number}",
        **fields(hunt, bug),
    )


def fields(hunt: Hunt, bug: Planted) -> dict[str, Any]:
    """Return the fields of a hunt's exercise that depend on the bug."""
    solution = solution_of(hunt, bug)
    return {
        "solution": solution,
        "mistakes": mistakes_of(hunt, bug),
        "cases": ({"hunt": hunt, "bug": bug},),
        "given": {hunt.planted_name: hunt.version(bug.name), **hunt.given},
    }


def solution_of(hunt: Hunt, bug: Planted) -> str:
    """Write a solution: the name, the repaired method or function, a test that notices the bug."""
    return f'name = "{bug.name}"\n\n\n{_repaired(hunt, bug)}\n\n\n{cleaned(bug.test)}'


def _repaired(hunt: Hunt, bug: Planted) -> str:
    """Return the source of the repaired code: a function, or a class with the methods repaired."""
    if not bug.edit:  # planted from outside: the learner's own class is correct
        return "repaired = Own"
    if not hunt.source.lstrip().startswith("class"):
        return edited(hunt.source, {f"def {hunt.planted_name}(": "def repaired("}).strip()
    _, *methods = re.split(r"\n\n(?=    def )", hunt.source.strip())
    changed = [each for each in methods if any(old in each for old in bug.edit)]
    class_line = f"class Repaired({hunt.planted_name}):"
    if not changed:
        raise ValueError(f"{bug.name}: its edit changes no method")
    return "\n\n".join([f"{class_line}\n{changed[0]}", *changed[1:]]) + "\n\n\nrepaired = Repaired"


def mistakes_of(hunt: Hunt, bug: Planted) -> tuple[Mistake, ...]:
    """Return the mistakes that a hunt's check names, each as an edit of its solution."""
    solution = solution_of(hunt, bug)
    start = solution.index("def test(")
    test = solution[start:]
    repaired = solution[solution.index("\n\n\n") + 3 : start].rstrip()
    planted = f"repaired = {hunt.planted_name}"
    other = next(each for each in hunt.bugs if each is not bug and each.name not in bug.story)
    argument = re.match(r"def test\((\w+)\)", test)
    assert argument

    def testing(body: str) -> dict[str, str]:
        return {test: f"def test({argument[1]}):\n    {body}\n"}

    negated = re.sub(r"^def test\(", "def original(", test)
    swapped = f"{negated}\n\ndef test({argument[1]}):\n    return not original({argument[1]})\n"
    asserting = f"    assert original({argument[1]})\n    return True\n"
    stopping = f"{negated}\n\ndef test({argument[1]}):\n{asserting}"
    name = f'name = "{bug.name}"'
    mistakes = [
        Mistake(ANOTHER_NAME, MEANS[ANOTHER_NAME], {name: f'name = "{other.name}"'}),
        Mistake(NO_NAME, MEANS[NO_NAME], {name: 'name = "something"'}),
        Mistake(NOT_REPAIRED, MEANS[NOT_REPAIRED], {repaired: planted}),
        Mistake(ALWAYS, MEANS[ALWAYS], testing("return True")),
        Mistake(NEVER, MEANS[NEVER], testing("return False")),
        Mistake(SWAPPED, MEANS[SWAPPED], {test: swapped}),
        Mistake(STOPS, MEANS[STOPS], {test: stopping}),
    ]
    named = {mistake.name for mistake in mistakes}
    return (*mistakes, *(Mistake(each, why) for each, why in MEANS.items() if each not in named))


def judge(hunt: Hunt, bug: Planted, name: Any, repaired: Any, test: Any) -> dict[str, Any]:
    """Judge the three answers of a hunt; the probe of its exercise.

    Raises:
        InvalidAnswer: one of them is wrong; says which, and how.
        NotAttempted: one of them is blank.
    """
    for answer, what in ((name, "name"), (repaired, "repaired")):
        if answer is None or answer is Ellipsis:
            raise NotAttempted(f"{what} is None.")
    is_right, of_repair = _of_repaired(hunt, bug, repaired)
    own = {"your repaired code": repaired} if is_right else {}
    found = {
        "the name": _of_name(hunt, bug, name),
        "the repaired code": of_repair,
        "the test": _of_test(hunt, bug, test, own),
    }
    problems = {what: problem for what, problem in found.items() if problem}
    if problems:
        lines = [text for _, text in problems.values()]
        if right := [what for what in found if what not in problems]:
            lines.append(f"Right already: {', '.join(right)}.")
        raise InvalidAnswer("\n".join(lines), " and ".join(each for each, _ in problems.values()))
    return {what: Observed(value=True) for what in found}


class Nothing:
    """What is no agent, no buffer and no loop."""

    def __init__(self, *arguments: Any):
        raise RuntimeError("nothing works")


Problem = tuple[str, str] | None  # its name, and what it means


def _of_name(hunt: Hunt, bug: Planted, name: Any) -> Problem:
    if not isinstance(name, str):
        raise InvalidAnswer(f'name should be a text, such as "{hunt.bugs[-1].name}".')
    text = re.sub(r"[\s_–]+", "-", name.strip().lower())
    near = difflib.get_close_matches(text, hunt.by_name, 1, SPELLING)
    if not near:
        return NO_NAME, f"The suspects are {', '.join(sorted(hunt.by_name))}; {name!r} is none."
    if near[0] == bug.name:
        return None
    other = hunt.by_name[near[0]]
    return ANOTHER_NAME, (
        f"The bug is not {other.name}. That one would be: {_small(other.story)}"
        " Which number, or which line, speaks for it, and which against it?"
    )


def _small(story: str) -> str:
    return story[0].lower() + story[1:] if story[1:2].islower() else story


def _of_repaired(hunt: Hunt, bug: Planted, repaired: Any) -> tuple[bool, Problem]:
    correct, planted = hunt.seen(), hunt.seen(bug.name)
    try:
        now = {aspect: np.asarray(x) for aspect, x in hunt.observe(repaired).items()}
    except AttributeError as error:
        if isinstance(repaired, type) and isinstance(error.obj, repaired):
            text = f"repaired has no {error.name}: keep all names of the code that was given."
            raise InvalidAnswer(text) from None
        raise
    wrong = [aspect for aspect in correct if not alike(now[aspect], correct[aspect])]
    if not wrong:
        return True, None
    if all(alike(now[aspect], planted[aspect]) for aspect in correct):
        was = f"wrong as before: {', '.join(wrong)}"
        return False, (NOT_REPAIRED, f"repaired does what the code with the bug does; {was}.")
    new = [aspect for aspect in wrong if alike(planted[aspect], correct[aspect])]
    if new:
        text = f"repaired has a mistake that the code with the bug did not have: {', '.join(new)}."
        if rest := [aspect for aspect in wrong if aspect not in new]:
            text += f" Also wrong: {', '.join(rest)}."
        return False, (BROKEN, text)
    return False, (
        STILL_WRONG,
        f"repaired does something new, but is wrong in: {', '.join(wrong)}.",
    )


def alike(one: Array, other: Array) -> bool:
    if one.shape != other.shape:
        return False
    if one.dtype.kind not in "fc" or other.dtype.kind not in "fc":
        return bool(np.array_equal(one, other))
    size = np.linalg.norm(other)
    return bool(np.linalg.norm(one - other) <= CLOSE * (size or 1.0))


def _of_test(hunt: Hunt, bug: Planted, test: Any, own: Mapping[str, Any]) -> Problem:
    start = time.perf_counter()
    on_planted = _answer(test, hunt.version(bug.name))
    seconds = time.perf_counter() - start
    on_correct = {what: _answer(test, each) for what, each in {**hunt.correct(), **own}.items()}
    first = next(iter(on_correct.values()))
    if isinstance(first, Exception):
        raise first  # the verdict shows the line
    refused = {what: answer for what, answer in on_correct.items() if answer is not True}
    if isinstance(on_planted, Exception):
        kind = type(on_planted).__name__
        text = f"The test stops with {kind} on the code with the bug. Let it return False instead."
        return STOPS, text
    others = {} if seconds > LONGEST_TEST else _of_others(hunt, bug, test)
    if on_planted and not refused:
        if _answer(test, Nothing) is True:
            return ALWAYS, "The test returns True whatever it is given: it cannot fail."
        return BLIND, (
            "The test returns True for the code with the bug, too. Compute something by hand that"
            " the bug would change, and compare."
        )
    if refused and len(refused) == len(on_correct):
        if on_planted:
            return SWAPPED, "The test returns True for the bug, and False for correct code."
        if others and not any(others.values()):
            return NEVER, "The test returns False whatever it is given, correct code included."
    if refused:
        where = "; ".join(
            what + (f", where it stops with {_described(x)}" if isinstance(x, Exception) else "")
            for what, x in refused.items()
        )
        text = f"The test should return True for each correct version, but does not for: {where}."
        if on_planted:
            text += " And it returns True for the code with the bug."
        return STRICT, text
    _tell(test, others)
    return None


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


def _answer(test: Any, version: Any) -> Any:
    """Return what the test says, or the exception with which it stopped."""
    try:
        result = call(test, version)
    except (NotAttempted, InvalidAnswer):
        raise
    except Exception as error:
        return error
    try:
        return bool(result)
    except ValueError:
        raise InvalidAnswer("test should return True or False, but it returned an array.") from None


def _of_others(hunt: Hunt, bug: Planted, test: Any) -> dict[str, bool]:
    """Return what the test says of each of the other bugs; False where it stops."""
    names = [each.name for each in hunt.bugs if each is not bug]
    return {name: _answer(test, hunt.version(name)) is True for name in names}


def _tell(test: Any, others: Mapping[str, bool]) -> None:
    noticed = [name for name, accepted in others.items() if not accepted]
    if noticed:
        remark(test, f"For information: your test also notices {', '.join(noticed)}.")
    elif others:
        remark(test, "For information: of the bugs in the list, your test notices this one alone.")
