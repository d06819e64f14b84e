"""Compute the kill matrix: which kind of check catches which planted bug, without training."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from ..verification.bugs import BUGS, planted
from ..verification.gradient_checks import check_equations
from ..verification.loop_properties import behaviours
from ..verification.properties import PROPERTIES, Claim
from . import checks
from .engine.check import RETIRED
from .engine.exercise import BEHAVIOUR, GRADIENT, KINDS, PROPERTY
from .engine.known import SEARCHES
from .engine.mistakes import NAMELESS
from .package_as_submission import ANSWERS

NO_BUG = "correct code"
NOTHING = "·"


@dataclass(frozen=True)
class Objection:
    """A check that failed."""

    kind: str  # one of KINDS
    text: str
    has_name: bool = False  # True if an exercise's check named the mistake


@dataclass(frozen=True)
class Findings:
    """The objections of all checks while a bug is planted."""

    bug: str  # its name, or NO_BUG
    objections: tuple[Objection, ...]

    def of(self, kind: str) -> list[str]:
        """Return the objections of the checks of this kind."""
        return [objection.text for objection in self.objections if objection.kind == kind]


def examine_bugs() -> Iterator[Findings]:
    """Run every check on correct code, then with each bug planted."""
    yield examine(NO_BUG)
    for name in BUGS:
        yield examine(name)


def examine(name: str) -> Findings:
    """Plant a bug (none for NO_BUG), and run every check."""
    with nullcontext() if name == NO_BUG else planted(name):
        return Findings(name, tuple(_objections()))


def _objections() -> list[Objection]:
    """Return all objections: named mistakes first, failed exercises without a name last."""
    exercises = list(of_exercises())
    named = [objection for objection in exercises if objection.has_name]
    unnamed = [objection for objection in exercises if not objection.has_name]
    return [*named, *of_equations(), *of_claims(), *unnamed]


def of_exercises() -> Iterator[Objection]:
    """Yield the objections of the course's checks to the package's own code."""
    for number, answers in ANSWERS.items():
        exercise = {**RETIRED, **checks.EXERCISES}[number]
        verdict = copy_context().run(_judged, exercise, answers)
        has_name = verdict.diagnosis not in NAMELESS
        if not verdict.passed:
            text = verdict.diagnosis if has_name else exercise.title
            yield Objection(exercise.kind, f"{text} ({number})", has_name)


def _judged(exercise: checks.Exercise, answers: tuple[Any, ...]) -> checks.Verdict:
    SEARCHES.set(False)
    verdict: checks.Verdict = getattr(checks, exercise.check_name)(*answers)
    return verdict


def of_equations() -> Iterator[Objection]:
    """Yield the equations whose gradient is wrong, and y if it differs from its value by hand."""
    for row in check_equations(quick=True):
        if not row.report.passed:
            kind = PROPERTY if row.method == "by hand" else GRADIENT
            yield Objection(kind, row.equation.strip())


def of_claims() -> Iterator[Objection]:
    """Yield the violated properties of DDPG, and of the training loop in a scripted environment."""
    yield from _untrue(PROPERTY, lambda: PROPERTIES)
    yield from _untrue(BEHAVIOUR, behaviours)


def _untrue(kind: str, claims: Callable[[], Sequence[Claim]]) -> Iterator[Objection]:
    def stopped(error: Exception) -> Objection:
        return Objection(kind, f"stops with {type(error).__name__}: {error}")

    try:
        listed = claims()
    except Exception as error:
        yield stopped(error)
        return
    for claim in listed:
        try:
            holds = claim.holds()
        except Exception as error:
            yield stopped(error)
        else:
            if not holds:
                yield Objection(kind, f"not so: {claim.sentence}")


def row(findings: Findings) -> str:
    """Format one bug as a line: a mark for each kind that objects, then the first objection."""
    marks = "".join(f"{'x' if findings.of(kind) else NOTHING:^{len(kind) + 2}}" for kind in KINDS)
    first = findings.objections[0].text if findings.objections else "nothing to object to"
    return f"{findings.bug:{WIDTH}}{marks}  {first}"


WIDTH = max(map(len, [*BUGS, NO_BUG])) + 1
HEADER = " " * WIDTH + "".join(f" {kind} " for kind in KINDS) + "  first objection"


def summary(matrix: list[Findings]) -> str:
    """Count the bugs that each kind of check catches, and name those that no check catches."""
    bugs = [findings for findings in matrix if findings.bug != NO_BUG]
    caught_by = [{objection.kind for objection in bug.objections} for bug in bugs]
    counts = [f"{kind} {sum(kind in kinds for kinds in caught_by)}" for kind in KINDS]
    alone = [f"{kind} {sum(kinds == {kind} for kinds in caught_by)}" for kind in KINDS]
    missed = [bug.bug for bug in bugs if not bug.objections]
    return (
        f"{len(bugs)} bugs. Caught by kind: {', '.join(counts)}; by this kind only:"
        f" {', '.join(alone)}; by none: {', '.join(missed) or 'none'}"
    )


def markdown(matrix: list[Findings]) -> str:
    """Format the matrix as a Markdown table, with the first objection of each kind."""
    lines = [f"| bug | {' | '.join(KINDS)} |", "| --- " * (1 + len(KINDS)) + "|"]
    for findings in matrix:
        cells = []
        for texts in map(findings.of, KINDS):
            more = f" (and {len(texts) - 1} more)" if len(texts) > 1 else ""
            cells.append(f"{texts[0]}{more}" if texts else NOTHING)
        lines.append(f"| {findings.bug} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def exit_code(matrix: list[Findings]) -> int:
    """Return 0 if correct code passes and every bug is caught, else 1."""
    wrong = [bool(findings.objections) == (findings.bug == NO_BUG) for findings in matrix]
    return int(any(wrong))
