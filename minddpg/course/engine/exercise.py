"""Define an exercise: its task, its solution, the probe that observes an answer, the mistakes."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .solution import Edit, cleaned, compiled, edited, run

GRADIENT, PROPERTY, BEHAVIOUR = KINDS = ("gradient", "property and shape", "behaviour")


class Mistake:
    """A mistake that a check can name.

    Args:
        name: its name in the verdict.
        why: what it means in this exercise; "" for the text in MISTAKES.
        edits: edits of the solution, each of which makes the mistake in another way.
    """

    def __init__(self, name: str, why: str, *edits: Edit):
        self.name, self.why, self.edits = name, why, edits


@dataclass(frozen=True, eq=False)
class Exercise:
    """One exercise of the course."""

    number: str  #: such as "04.1": the chapter, and the number within it
    title: str
    kind: str  #: one of KINDS
    stub: str  #: source text that the learner fills in, with shapes
    statement: str  #: the task, in a few sentences
    solution: str  #: source text of a correct answer
    mistakes: Sequence[Mistake]
    probe: Callable[..., dict[str, Any]]  #: runs an answer; returns its observations by name
    #: what is compared with what, on one line
    compared: str = "what your code returned with what it should return"
    difficulty: int = 1  #: from 1 to 3
    importance: int = 2  #: from 1 to 3; a short course needs only 3
    minutes: int = 10  #: for a learner who has read the chapter up to here
    is_kept: bool = True  #: False if no later cell or chapter uses the answer
    hints: Sequence[str] = ()  #: Markdown
    #: the probe's keyword arguments, one mapping for each run: sizes, constants
    cases: Sequence[Mapping[str, Any]] = ({},)
    square: Mapping[str, Any] | None = None  #: a case in which all dimensions are equal
    given: Mapping[str, Any] = field(default_factory=dict)  #: what the solution uses besides np
    #: mutants of the solution that pass, each with the reason why it is correct
    equivalents: Mapping[str, str] = field(default_factory=dict)
    #: if the task has variants: turns this exercise into the variant that was handed out
    variant: Callable[["Exercise"], "Exercise"] | None = None
    #: the number of an exercise from whose answer a later cell makes a value in `given`
    builds_on: str = ""
    note: str = ""  #: the variant's name, which a grader's record adds to the verdict

    def __post_init__(self) -> None:
        """Remove from the texts the indentation and line breaks of their source file."""
        for name, value in {
            "stub": cleaned(self.stub),
            "statement": " ".join(self.statement.split()),
            "solution": cleaned(self.solution),
            "hints": tuple(cleaned(hint).strip() for hint in self.hints),
        }.items():
            object.__setattr__(self, name, value)

    @cached_property
    def blank(self) -> tuple[Any, ...]:
        """The stub's functions and classes."""
        return self.answers(self.stub, "stub")

    @property
    def effort(self) -> str:
        """Return difficulty, importance and minutes, as a notebook shows them."""
        hard = "★" * self.difficulty + "☆" * (3 - self.difficulty)
        important = "●" * self.importance + "○" * (3 - self.importance)
        return f"difficulty {hard} · importance {important} · {self.minutes} minutes"

    @property
    def handed_out(self) -> "Exercise":
        """Return the learner's variant of the exercise, or the exercise itself."""
        return self.variant(self) if self.variant else self

    @property
    def names(self) -> list[str]:
        """Return the names of the functions, classes and values that the learner writes."""
        pairs = re.findall(r"^(?:(?:def|class) (\w+)|(\w+) = )", self.stub, re.MULTILINE)
        return [function or value for function, value in pairs]

    @property
    def attributes(self) -> list[str]:
        """Return the names of the methods and attributes that the stub's class has."""
        return list(dict.fromkeys(re.findall(r"(?:^    def |\bself\.)(\w+)", self.stub, re.M)))

    @property
    def check_name(self) -> str:
        """Return the name of the check."""
        return self.probe.__name__

    @cached_property
    def reference(self) -> tuple[Any, ...]:
        """The solution's functions and classes, in the order of the stub."""
        return self.answers(self.solution, "solution")

    @cached_property
    def lent(self) -> tuple[Any, ...]:
        """The solution's functions and classes, lent to notebooks; no check accepts these."""
        return self.answers(self.solution, "the package's")

    @cached_property
    def wrong_sources(self) -> list[tuple[Mistake, str]]:
        """The source of one wrong answer for each edit of each mistake, after its mistake.

        Raises:
            ValueError: an edit does not apply.
        """
        sources = []
        for mistake in self.mistakes:
            for edit in mistake.edits:
                with self._named(mistake):
                    sources.append((mistake, edited(self.solution, edit)))
        return sources

    def compile_wrong_sources(self) -> None:
        """Compile all wrong sources, which takes some time.

        Raises:
            ValueError: an edit does not apply, or its result cannot be compiled.
        """
        for mistake, source in self.wrong_sources:
            with self._named(mistake):
                compiled(source, tuple(self.names), f"{self.number} {mistake.name}")

    @contextmanager
    def _named(self, mistake: Mistake) -> Iterator[None]:
        """Add the exercise and the mistake to the message of a ValueError."""
        try:
            yield
        except ValueError as error:
            raise ValueError(f"exercise {self.number}, {mistake.name!r}: {error}") from None

    def wrong_answer(self, i: int) -> tuple[Any, ...]:
        """Return the functions and classes of the i-th wrong source."""
        mistake, source = self.wrong_sources[i]
        return self.answers(source, mistake.name)

    def answers(self, source: str, label: str) -> tuple[Any, ...]:
        """Run source text; return its functions and classes in the order of the stub."""
        about = f"{self.number} {self.note} {label}" if self.note else f"{self.number} {label}"
        return run(source, self.names, self.given, about)


EXERCISES: dict[str, Exercise] = {}  # by number; filled as the exercises' files are imported
