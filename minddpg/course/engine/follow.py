"""Find out whether a mistake follows from the answer to an earlier exercise.

An answer can call the learner's answers to earlier exercises, as network_backward calls
tanh_backward. If those were wrong, it is judged once more with correct ones in their place.
"""

from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

from .examine import examine
from .exercise import Exercise
from .observe import Answers
from .verdict import Verdict

_wrong: dict[str, tuple[Exercise, Answers]] = {}  # by number: the last answer, where it is wrong


def remember(exercise: Exercise, answers: Answers, verdict: Verdict) -> None:
    """Remember the answer to an exercise, if it is wrong, for the exercises that use it."""
    _wrong.pop(exercise.number, None)
    if not verdict.passed and len(answers) == len(exercise.names):
        _wrong[exercise.number] = exercise, answers


def stop(exercise: Exercise, answers: Answers) -> None:
    """Let functions that took too long raise an error from now on: no later cell waits again."""
    stubs = tuple(_stopped(exercise.check_name) for _ in answers)
    for answer, stub in zip(answers, stubs, strict=True):
        if isinstance(answer, FunctionType):
            space = answer.__globals__
            space.update({name: stub for name, value in space.items() if value is answer})
    if len(answers) == len(exercise.names):
        _wrong[exercise.number] = exercise, stubs


def _stopped(check: str) -> Callable[..., None]:
    def stopped(*_: Any, **__: Any) -> None:
        raise TimeoutError(f"{check} was stopped before, since this took too long")

    return stopped


def follows_from(exercise: Exercise, answers: Answers) -> str:
    """Return the numbers of the earlier exercises from which a wrong answer follows, or "".

    It follows from them if it uses their wrong answers, and passes with correct ones instead.
    """
    correct = {
        id(wrong): (number, right)
        for number, (earlier, given) in _wrong.items()
        if number != exercise.number
        for wrong, right in zip(given, earlier.reference, strict=True)
        if callable(wrong)
    }
    used = {
        (id(space), name): (space, name, value, *correct[id(value)])
        for space, name, value in globals_of(answers)
        if id(value) in correct
    }
    if not used:
        return ""
    try:
        for space, name, _, _, right in used.values():
            space[name] = right
        passed = examine(exercise, answers).passed
    finally:
        for space, name, wrong, _, _ in used.values():
            space[name] = wrong
    return ", ".join(sorted({number for *_, number, _ in used.values()})) if passed else ""


def globals_of(answers: Answers) -> Iterator[tuple[dict[str, Any], str, Any]]:
    """Yield every global name that functions of a notebook look up: the space, the name, the value.

    The functions that they call there are searched, too.
    """
    waiting, seen = list(answers), set[int]()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, type):
            waiting += [each for each in vars(value).values() if callable(each)]
        if not isinstance(value, FunctionType):
            continue
        for name in names_in(value.__code__):
            if name in value.__globals__:
                found = value.__globals__[name]
                yield value.__globals__, name, found
                if getattr(found, "__module__", "") == "__main__":
                    waiting.append(found)


def names_in(code: CodeType) -> Iterator[str]:
    """Yield the names of globals, attributes and modules in code, and in the code inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_in(constant)
