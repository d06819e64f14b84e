"""The kill matrix: which kind of check catches which planted bug, without training anything."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from ..verification.bugs import BUGS, planted
from ..verification.gradient_checks import check_equations
from ..verification.loop_properties import behaviours
from ..verification.properties import PROPERTIES, Claim
from . import checks
from .engine.exercise import BEHAVIOUR, GRADIENT, KINDS, PROPERTY
from .engine.mistakes import UNKNOWN
from .package_as_submission import ANSWERS

NO_BUG = "correct code"
NOTHING = "·"


@dataclass(frozen=True)
class Objection:
    """One check that does not pass."""

    kind: str  # one of KINDS
    text: str
    has_name: bool = False  # the mistake's, in the course


@dataclass(frozen=True)
class Findings:
    """What all checks say while a bug is planted."""

    bug: str  # its name, or NO_BUG
    objections: tuple[Objection, ...]

    def of(self, kind: str) -> list[str]:
        """Return what checks of this kind object to."""
        return [each.text for each in self.objections if each.kind == kind]


def examine_bugs() -> Iterator[Findings]:
    """Run every check on correct code, then on each bug."""
    yield examine(NO_BUG)
    for name in BUGS:
        yield examine(name)


def examine(name: str) -> Findings:
    """Plant a bug, or none for NO_BUG; run every check."""
    with nullcontext() if name == NO_BUG else planted(name):
        return Findings(name, tuple(_objections()))


def _objections() -> list[Objection]:
    """Return what does not pass: first the mistakes with a name, last those without."""
    exercises = list(of_exercises())
    named = [each for each in exercises if each.has_name]
    unnamed = [each for each in exercises if not each.has_name]
    return [*named, *of_equations(), *of_claims(), *unnamed]


def of_exercises() -> Iterator[Objection]:
    """Hand the package's own code in to the course's checks."""
    for number, answers in ANSWERS.items():
        exercise = checks.EXERCISES[number]
        verdict = getattr(checks, exercise.check_name)(*answers)
        has_name = verdict.diagnosis not in ("", UNKNOWN)
        if not verdict.passed:
            text = verdict.diagnosis if has_name else exercise.title
            yield Objection(exercise.kind, f"{text} ({number})", has_name)


def of_equations() -> Iterator[Objection]:
    """Check the gradients of everything that is differentiated, and y by hand."""
    for each in check_equations(quick=True):
        if not each.report.passed:
            kind = PROPERTY if each.method == "by hand" else GRADIENT
            yield Objection(kind, each.equation.strip())


def of_claims() -> Iterator[Objection]:
    """Test what is true of any DDPG, and of the loop in a scripted world."""
    yield from _untrue(PROPERTY, lambda: PROPERTIES)
    yield from _untrue(BEHAVIOUR, behaviours)


def _untrue(kind: str, claims: Callable[[], Sequence[Claim]]) -> Iterator[Objection]:
    try:
        for claim in claims():
            if not claim.holds():
                yield Objection(kind, f"not so: {claim.sentence}")
    except Exception as error:
        yield Objection(kind, f"stops with {type(error).__name__}: {error}")


def row(found: Findings) -> str:
    """Lay one bug out: a mark under each kind that objects, then the first objection."""
    marks = "".join(f"{'x' if found.of(kind) else NOTHING:^{len(kind) + 2}}" for kind in KINDS)
    first = found.objections[0].text if found.objections else "nothing to object to"
    return f"{found.bug:{WIDTH}}{marks}  {first}"


WIDTH = max(map(len, [*BUGS, NO_BUG])) + 1
HEADER = " " * WIDTH + "".join(f" {kind} " for kind in KINDS) + "  first objection"


def summary(found: list[Findings]) -> str:
    """Count what each kind catches, and name what none does."""
    bugs = [each for each in found if each.bug != NO_BUG]
    counts = [f"{kind} {sum(bool(each.of(kind)) for each in bugs)}" for kind in KINDS]
    alone = [
        f"{kind} {sum({o.kind for o in each.objections} == {kind} for each in bugs)}"
        for kind in KINDS
    ]
    missed = [each.bug for each in bugs if not each.objections]
    return (
        f"{len(bugs)} bugs. Caught by kind: {', '.join(counts)}; by it alone: {', '.join(alone)};"
        f" by none: {', '.join(missed) or 'none'}"
    )


def markdown(found: list[Findings]) -> str:
    """Lay the whole matrix out for a page, with the first objection of each kind."""
    lines = [f"| bug | {' | '.join(KINDS)} |", "| --- " * (1 + len(KINDS)) + "|"]
    for each in found:
        cells = []
        for texts in map(each.of, KINDS):
            more = f" (and {len(texts) - 1} more)" if len(texts) > 1 else ""
            cells.append(f"{texts[0]}{more}" if texts else NOTHING)
        lines.append(f"| {each.bug} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def exit_code(found: list[Findings]) -> int:
    """Return 0 if correct code passes and every bug is caught, else 1."""
    return int(any(bool(each.objections) == (each.bug == NO_BUG) for each in found))
