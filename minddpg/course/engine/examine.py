"""Judge a learner's answer: run the probe, compare its results, and name the mistake."""

from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial

import numpy as np

from . import errors, known, observe
from .compare import compared
from .diagnosis import diagnose
from .evidence import Diagnosis, Evidence, Key
from .exercise import Exercise
from .factors import LETTERS
from .mistakes import MISTAKES, NAMELESS, Reference
from .observe import SQUARE, Answers, Observations, numbers
from .prints import Prints
from .stub import untouched
from .submission import InvalidAnswer, NotAttempted, session
from .verdict import ERROR, FAILED, PASSED, TO_DO, Comparison, Verdict

RANDOM, SHARED, NOTHING = "random from call to call", "results share memory", "nothing returned"
BORROWED = (
    "This is the package's code, used in place of yours. Run the cell with your own code again."
)
OTHER_DATA = "Your code is right for the first data set, but not for the others."


def examine(exercise: Exercise, answers: Answers) -> Verdict:
    """Run the probe on an answer, compare its observations, and return the verdict.

    Any exception becomes a verdict, except KeyboardInterrupt, which is raised again.
    """
    if len(answers) != len(exercise.names):
        wanted = f"{exercise.check_name}({', '.join(exercise.names)})"
        text = f"Call it as {wanted}; you passed {len(answers)} instead of {len(exercise.names)}:"
        return _verdict(exercise, ERROR, explanation=f"{text}\n{_indented(exercise.stub)}")
    if _is_borrowed(exercise, answers):
        return _verdict(exercise, TO_DO, explanation=BORROWED)
    prints = Prints()
    with redirect_stdout(prints), np.errstate(all="ignore"), session(answers) as opened:
        try:
            verdict = _examined(exercise, answers, prints)
            if verdict.diagnosis in NAMELESS and opened.shares_results():
                verdict = _failed(exercise, SHARED, MISTAKES[SHARED])
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            verdict = _stopped(exercise, answers, error)
    prints.finish()
    return replace(verdict, printed=prints.shown(), remarks=tuple(opened.remarks))


def _is_borrowed(exercise: Exercise, answers: Answers) -> bool:
    """Return True if a function is one that the package lent to the notebook.

    Equal texts and the given objects do not count: Python may use one object for both.
    """
    given = {id(value) for value in exercise.given.values()}
    lent = {id(value) for value in exercise.lent if callable(value)} - given
    return any(id(answer) in lent for answer in answers)


def _examined(exercise: Exercise, answers: Answers, prints: Prints) -> Verdict:
    """Run the probe once for each case, and judge the observations."""
    observed: list[Observations] = []
    for case in range(len(exercise.cases)):
        try:
            observed.append(observe.observe(exercise, answers, case))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            stopped = _stopped(exercise, answers, error)
            if not observed:
                return stopped
            verdict = _judge(exercise, answers, range(case), observed)
            text = f"{OTHER_DATA}\n{stopped.explanation}"
            return replace(stopped, explanation=text) if verdict.passed else verdict
        prints.finish()
    return _judge(exercise, answers, range(len(observed)), observed)


def _judge(
    exercise: Exercise, answers: Answers, cases: Sequence[int], observed: Sequence[Observations]
) -> Verdict:
    """Compare the observations of an answer with those of the solution."""
    rows: dict[Key, Comparison] = {}
    references: dict[Key, Reference] = {}
    for case, observations in zip(cases, observed, strict=True):
        try:
            found = compared(exercise, observations, case)
        except InvalidAnswer:
            if observe.is_random(exercise, answers, case, observations):
                return _failed(exercise, RANDOM, MISTAKES[RANDOM])
            raise
        for row, reference in found:
            rows[case, row.name], references[case, row.name] = row, reference
    comparisons = tuple(rows.values())
    wrong = tuple(key for key, row in rows.items() if not row.passed)
    if not wrong:
        if observe.is_random(exercise, answers, cases[0], observed[0]):
            return _failed(exercise, RANDOM, MISTAKES[RANDOM])
        return _verdict(exercise, PASSED, comparisons)
    evidence = Evidence(
        {key: numbers(row.observed) for key, row in rows.items()},
        references,
        {key: row.tolerance for key, row in rows.items()},
        wrong,
        {case: _sizes(exercise, case, references) for case in cases},
    )
    blank = untouched(answers, exercise.blank, exercise.names)
    if blank == exercise.names:  # also if the stub is code with known mistakes
        return _to_do(exercise, blank, comparisons)
    diagnosis = _explained(exercise, answers, cases, observed, evidence)
    if blank and diagnosis.name in NAMELESS:
        return _to_do(exercise, blank, comparisons)
    lines = list(diagnosis.lines)
    if all(case > 0 for case, _ in wrong):
        lines.append(OTHER_DATA)
    return _verdict(exercise, FAILED, comparisons, diagnosis.name, "\n".join(lines))


def _explained(
    exercise: Exercise,
    answers: Answers,
    cases: Sequence[int],
    observed: Sequence[Observations],
    evidence: Evidence,
) -> Diagnosis:
    """Find the mistake that explains what is wrong in these cases."""
    return diagnose(
        evidence,
        known.candidates(exercise, cases),
        partial(observe.is_random, exercise, answers, cases[0], observed[0]),
        partial(observe.ignored_arguments, exercise, answers, cases, observed),
        partial(known.small_changes, exercise, cases, evidence),
        partial(known.pairs, exercise, cases, evidence),
    )


def _sizes(exercise: Exercise, case: int, references: dict[Key, Reference]) -> dict[str, float]:
    """Return the sizes of a case, by the letters that the course uses for them."""
    sizes = observe.case_of(exercise, case)
    batch = "B" if "(B," in exercise.stub else "N"  # the chapter's letter
    letters = {**LETTERS, "batch_size": batch}
    found = {letters[name]: size for name, size in sizes.items() if name in letters and size}
    for (where, _), reference in references.items():
        parts = reference.by_example
        if where == case and parts is not None and len(parts) > 1:
            found.setdefault(batch, len(parts))
    return found


def _stopped(exercise: Exercise, answers: Answers, error: BaseException) -> Verdict:
    """Return the verdict on an answer whose observation ended with an error."""
    blank = untouched(answers, exercise.blank, exercise.names)
    if isinstance(error, NotImplementedError):
        return _to_do(exercise, blank)
    if isinstance(error, NotAttempted):
        if blank:
            return _to_do(exercise, blank)
        return _failed(exercise, NOTHING, str(error))
    if isinstance(error, InvalidAnswer):
        return _failed(
            exercise, error.mistake, f"{error} {MISTAKES.get(error.mistake, '')}".strip()
        )
    if missing := _missing(exercise, error):
        return _failed(exercise, "not what was asked for", missing)
    mistake, why = _mistake_of_shape(exercise, answers)
    stub = "" if errors.is_own(error) else f"The exercise asks for:\n{_signatures(exercise)}"
    lines = [*errors.where(error), errors.hint(error), why, stub]
    text = "\n".join(line for line in lines if line)
    return _verdict(exercise, ERROR, diagnosis=mistake, explanation=text)


def _missing(exercise: Exercise, error: BaseException) -> str:
    """Name an attribute or method that the learner's class lacks, and all that it needs."""
    if not isinstance(error, AttributeError) or errors.is_own(error):
        return ""
    if error.name not in exercise.attributes:
        return ""
    kind = error.obj if isinstance(error.obj, type) else type(error.obj)
    asked = ", ".join(name for name in exercise.attributes if not name.startswith("_"))
    return f"{kind.__name__} has no {error.name}. The exercise asks for these names: {asked}."


def _mistake_of_shape(exercise: Exercise, answers: Answers) -> tuple[str, str]:
    """Name the mistake in code that raised an error but runs if all dimensions are equal."""
    if exercise.square is None:
        return "", ""
    try:
        observed = observe.observe(exercise, answers, SQUARE)
        verdict = _judge(exercise, answers, [SQUARE], [observed])
    except KeyboardInterrupt:
        raise
    except BaseException:
        return "", ""
    if verdict.diagnosis in NAMELESS:
        return "", ""
    return verdict.diagnosis, verdict.explanation.splitlines()[0]


def _to_do(
    exercise: Exercise, blank: Sequence[str], comparisons: tuple[Comparison, ...] = ()
) -> Verdict:
    is_part = blank and set(blank) != set(exercise.names)
    which = f"Not written yet: {', '.join(blank)}.\n" if is_part else ""
    return _verdict(exercise, TO_DO, comparisons, explanation=which + exercise.statement)


def _failed(exercise: Exercise, mistake: str, explanation: str) -> Verdict:
    return _verdict(exercise, FAILED, diagnosis=mistake, explanation=explanation)


def _verdict(
    exercise: Exercise,
    status: str,
    comparisons: tuple[Comparison, ...] = (),
    diagnosis: str = "",
    explanation: str = "",
) -> Verdict:
    about = exercise.number, exercise.title
    return Verdict(*about, status, exercise.compared, comparisons, diagnosis, explanation)


def _signatures(exercise: Exercise) -> str:
    """Return the lines of the stub that begin a function or a class."""
    lines = exercise.stub.splitlines()
    return _indented("\n".join(x for x in lines if x.lstrip().startswith(("def ", "class "))))


def _indented(source: str) -> str:
    return "\n".join(f"    {line}" for line in source.splitlines())
