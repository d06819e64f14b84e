"""Bug hunts: code with one silent bug, to be found, named, repaired and proved.

A hunt has one correct source text and several bugs, each an edit of it. The number in the
notebook's cell `HUNT = …` says which of them was planted.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import Mistake, edited, run
from ..engine.exercise import Exercise
from ..engine.solution import cleaned, remember_lines

LARGEST_HUNT = 10**6

ANOTHER_NAME, NO_NAME = "another bug's name", "no name of the list"
NOT_REPAIRED, STILL_WRONG = "not repaired", "still wrong"
BROKEN = "something else is broken"
BLIND, STRICT = "the test accepts the bug", "the test refuses correct code"
ALWAYS, NEVER, SWAPPED = "always true", "always false", "true and false swapped"
STOPS, VARIES = "stops instead of returning False", "differs from run to run"
ANOTHER_HUNT = "an answer to another bug"
MEANS = {
    ANOTHER_NAME: "Another bug was planted.",
    NO_NAME: "Take a name from the list of suspects.",
    NOT_REPAIRED: "The repaired code behaves like the code with the bug.",
    STILL_WRONG: "The repaired code behaves differently, but not like correct code.",
    BROKEN: "The repair has changed something that was correct.",
    BLIND: "The test returns True for the code with the bug.",
    STRICT: "The test returns False for code that is correct.",
    ALWAYS: "The test cannot fail.",
    NEVER: "The test returns False for all code.",
    SWAPPED: "The test returns True for the bug, and False for correct code.",
    STOPS: "The test should return False instead of stopping with an error.",
    VARIES: "The test gives different answers for the same code.",
    ANOTHER_HUNT: "Name and test fit a bug that was not planted.",
}


@dataclass(frozen=True)
class Planted:
    """A bug that a hunt can have."""

    name: str
    story: str  # in one line, for the list of suspects
    edit: Mapping[str, str]  # texts of the correct source, and what replaces each
    test: str  # the source of a test that notices it


@dataclass(frozen=True, eq=False)
class Hunt:
    """One hunt: its correct source, its bugs, and how a version's behaviour is observed."""

    title: str
    source: str  # the correct code
    planted_name: str  # of its class or function
    bugs: Sequence[Planted]
    others: Callable[[], Mapping[str, Any]]  # other correct code, by description
    observe: Callable[[Any], Mapping[str, Any]]  # what a version does; equal for correct ones
    given: Mapping[str, Any] = field(default_factory=dict)  # what sources and tests use besides np
    imports: str = ""  # the line that a notebook's cell needs above the source

    @cached_property
    def by_name(self) -> dict[str, Planted]:
        """The bugs by their names."""
        return {bug.name: bug for bug in self.bugs}

    def chosen(self, hunt: int) -> Planted:
        """Return the bug of a HUNT: the first bug for 0, the others in turn for other numbers."""
        if hunt == 0:
            return self.bugs[0]
        start = hashlib.sha256(self.title.encode()).digest()[0]
        return self.bugs[1 + (start + hunt) % (len(self.bugs) - 1)]

    def source_of(self, hunt: int) -> str:
        """Return the source that is handed out."""
        source = edited(self.source, self.chosen(hunt).edit).strip()
        return f"{self.imports}\n\n\n{source}" if self.imports else source

    def version(self, name: str = "", label: str = "") -> Any:
        """Make the class or function with this bug, or the correct one.

        All versions that a test gets have the same label, which does not show which one it is.
        """
        source = edited(self.source, self.by_name[name].edit) if name else self.source
        label = label or self.title
        remember_lines(source, label)
        return run(source, [self.planted_name], self.given, label)[0]

    def correct(self) -> dict[str, Any]:
        """Return correct versions by description: this source's, and the others."""
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
    """The HUNT of the notebook, as its cell set it."""

    hunt = 0


handed_out = HandedOut()


def hand_out(hunt: int) -> None:
    """Tell the checks which bugs were planted in this notebook.

    Raises:
        ValueError: `hunt` is not a whole number from 0 to 1,000,000.
    """
    handed_out.hunt = number_of(hunt)


def number_of(hunt: Any) -> int:
    """Return the number of a HUNT.

    Raises:
        ValueError: it is not a whole number from 0 to 1,000,000.
    """
    is_whole = isinstance(hunt, int | np.integer) and not isinstance(hunt, bool)
    if not is_whole or not 0 <= hunt <= LARGEST_HUNT:
        raise ValueError(f"HUNT = {hunt!r}: must be a whole number from 0 to {LARGEST_HUNT:,}")
    return int(hunt)


def variant(exercise: Exercise) -> Exercise:
    """Return the exercise of a hunt for the bug that was handed out."""
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
    planted = hunt.version(bug.name, f"{hunt.title}, {bug.name}")
    return {
        "solution": solution,
        "mistakes": mistakes_of(hunt, bug),
        "cases": ({"hunt": hunt, "bug": bug},),
        "given": {hunt.planted_name: planted, **hunt.given},
    }


def solution_of(hunt: Hunt, bug: Planted) -> str:
    """Write a solution: the name, the repaired method or function, a test that notices the bug."""
    return f'name = "{bug.name}"\n\n\n{_repaired(hunt, bug)}\n\n\n{cleaned(bug.test)}'


def _repaired(hunt: Hunt, bug: Planted) -> str:
    """Return the source of the repaired code: a function, or a class with its repaired methods."""
    if not bug.edit:  # planted from outside: the learner's own class is correct
        return "repaired = Own"
    if not hunt.source.lstrip().startswith("class"):
        return edited(hunt.source, {f"def {hunt.planted_name}(": "def repaired("}).strip()
    _, *methods = re.split(r"\n\n(?=    def )", hunt.source.strip())
    changed = [method for method in methods if any(old in method for old in bug.edit)]
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
    turns = f"def test({argument[1]}, turns=[]):\n    turns.append({argument[1]})\n"
    alternating = f"{turns}    return len(turns) % 2 == 0\n"
    name = f'name = "{bug.name}"'
    mistakes = [
        Mistake(ANOTHER_NAME, MEANS[ANOTHER_NAME], {name: f'name = "{other.name}"'}),
        Mistake(NO_NAME, MEANS[NO_NAME], {name: 'name = "something"'}),
        Mistake(NOT_REPAIRED, MEANS[NOT_REPAIRED], {repaired: planted}),
        Mistake(ALWAYS, MEANS[ALWAYS], testing("return True")),
        Mistake(NEVER, MEANS[NEVER], testing("return False")),
        Mistake(SWAPPED, MEANS[SWAPPED], {test: swapped}),
        Mistake(STOPS, MEANS[STOPS], {test: stopping}),
        Mistake(VARIES, MEANS[VARIES], {test: alternating}),
    ]
    named = {mistake.name for mistake in mistakes}
    return (*mistakes, *(Mistake(each, why) for each, why in MEANS.items() if each not in named))
