"""Test a teacher's own exercises before build.py writes their notebooks."""

from minddpg.course.engine.examine import examine
from minddpg.course.engine.exercise import Exercise
from minddpg.course.engine.verdict import ERROR, PASSED, TO_DO


def is_own(asked: Exercise) -> bool:
    """Return True if an exercise is in a folder outside the package."""
    return asked.probe.__module__.startswith("minddpg.course.outside.")


def source_name(asked: Exercise) -> str:
    """Return where the source of an exercise's chapter should be."""
    name = f"{asked.number[:2]}_*.py"
    return f"your {name}, and name this file too" if is_own(asked) else f"tutorials/source/{name}"


def faults(asked: Exercise) -> list[str]:
    """Return a message for each unexpected verdict on the solution, the stub and the mistakes."""
    answers = [("its solution", asked.reference, PASSED), ("its stub", asked.blank, TO_DO)]
    for i, (mistake, _) in enumerate(asked.wrong_sources):
        answers.append((f"its mistake {mistake.name!r}", asked.wrong_answer(i), mistake.name))
    found = []
    for what, answer, wanted in answers:
        verdict = examine(asked, answer)
        said = verdict.diagnosis or verdict.status
        if said != wanted:
            why = f": {verdict.explanation.splitlines()[0]}" if verdict.status == ERROR else ""
            found.append(
                f"exercise {asked.number}: the verdict on {what} is {said!r}, not {wanted!r}{why}"
            )
    return found
