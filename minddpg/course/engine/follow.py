"""Find out whether a mistake follows from a wrong answer to an earlier exercise.

An answer can call the learner's answers to earlier exercises, as network_backward calls
tanh_backward. If those were wrong, the answer is judged again while each of them runs correct code.
The functions stay the same objects, so it does not matter how the answer reaches them: by their
names, through a list or as a default argument.
"""

import builtins
import contextlib
from collections.abc import Callable, Iterator, Sequence
from types import CodeType, FunctionType
from typing import Any

from . import known
from .examine import examine
from .exercise import EXERCISES, Exercise
from .observe import Answers
from .verdict import Verdict

MISSING = object()  # the value of an unbound name

# by number: the last judged answer, or None if it passed
_judged: dict[str, tuple[Exercise, Answers] | None] = {}


def remember(exercise: Exercise, answers: Answers, verdict: Verdict) -> None:
    """Remember whether an answer is wrong, for later exercises that use it."""
    _judged[exercise.number] = None if verdict.passed else (exercise, answers)


def stop(exercise: Exercise, answers: Answers) -> None:
    """Let functions that took too long raise an error from now on, so no later cell waits."""

    def stopped(*_: Any, **__: Any) -> None:
        raise TimeoutError(f"this function took too long, so {exercise.check_name} was stopped")

    for answer in filter(_is_written, answers):
        answer.__code__ = _calling(stopped, answer.__code__)
    _judged[exercise.number] = exercise, answers


def follows_from(exercise: Exercise, answers: Answers) -> str:
    """Return the numbers of the earlier exercises whose wrong answers cause this one; "" if none.

    They do if this answer uses the learner's answers to them, which are wrong or were never judged,
    and passes with correct ones instead.
    """
    looked_up = list(globals_of(answers))
    used, is_changed = set[str](), False
    with contextlib.ExitStack() as undo:
        for number, value, name, right in _earlier(exercise, looked_up):
            noted = _noting(used, number, right) if isinstance(right, FunctionType) else right
            if any(value is answer for answer in answers):
                continue
            if _is_written(value):
                undo.callback(setattr, value, "__code__", value.__code__)
                value.__code__ = _calling(noted, value.__code__)
                is_changed = True
                continue
            for space, key, found in looked_up:
                if found is value and (value is not MISSING or key == name):
                    _bind(space, key, noted, undo)
                    is_changed = True
                    if noted is right:  # for a class no function notes its calls
                        used.add(number)
        if exercise.builds_on and _judged.get(exercise.builds_on, ()) is not None:
            for space, key, _ in looked_up:
                if key in exercise.given:
                    _bind(space, key, exercise.given[key], undo)
                    used.add(exercise.builds_on)
        if not (is_changed or used):
            return ""
        token = known.SEARCHES.set(False)  # the name of a mistake is not needed here
        try:
            passed = examine(exercise, answers).passed
        finally:
            known.SEARCHES.reset(token)
    return ", ".join(sorted(used)) if passed else ""


LookedUp = tuple[dict[str, Any], str, Any]  # a namespace, a global name in it, its value


def _earlier(exercise: Exercise, looked_up: Sequence[LookedUp]) -> Iterator[tuple[Any, ...]]:
    """Yield each function or class to replace: its exercise, itself, its name, a correct one.

    The function is MISSING if the learner's cell failed.
    """
    for number, judged in _judged.items():
        if judged and number != exercise.number:
            earlier, given = judged
            for value, name, right in zip(given, earlier.names, earlier.reference, strict=False):
                if callable(value):
                    yield number, value, name, right
    chapter = exercise.number.split(".")[0]
    space = looked_up[0][0] if looked_up else {}
    for number, earlier in EXERCISES.items():
        is_before = number.split(".")[0] == chapter and number < exercise.number
        if is_before and number not in _judged:
            for name, right in zip(earlier.names, earlier.handed_out.reference, strict=True):
                yield number, space.get(name, MISSING), name, right


def _is_written(value: Any) -> bool:
    """Return True for a function of the notebook."""
    return isinstance(value, FunctionType) and value.__globals__.get("__name__") == "__main__"


def _bind(space: dict[str, Any], name: str, value: Any, undo: contextlib.ExitStack) -> None:
    if name in space:
        undo.callback(space.__setitem__, name, space[name])
    else:
        undo.callback(space.pop, name, None)
    space[name] = value


def _noting(used: set[str], number: str, right: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that does the same, and adds its exercise to `used` when called."""

    def noted(*arguments: Any, **named: Any) -> Any:
        used.add(number)
        return right(*arguments, **named)

    return noted


def _template(*arguments: Any, **named: Any) -> Any:
    function: Any = "the function to call"
    return function(*arguments, **named)


def _calling(function: Callable[..., Any], old: CodeType) -> CodeType:
    """Return code that calls a function, and can replace the code `old` of another function."""
    code = _template.__code__
    constants = tuple(function if isinstance(x, str) else x for x in code.co_consts)
    return code.replace(co_consts=constants, co_freevars=old.co_freevars, co_name=old.co_name)


def globals_of(answers: Answers) -> Iterator[LookedUp]:
    """Yield every global name that functions of a notebook look up, with its value or MISSING.

    The notebook's functions that they call are searched, too.
    """
    waiting, seen = list(answers), set[int]()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, type):
            waiting += [method for method in vars(value).values() if callable(method)]
        if not isinstance(value, FunctionType):
            continue
        for name in names_in(value.__code__):
            found = value.__globals__.get(name, MISSING)
            if found is not MISSING or not hasattr(builtins, name):
                yield value.__globals__, name, found
            if getattr(found, "__module__", "") == "__main__":
                waiting.append(found)


def names_in(code: CodeType) -> Iterator[str]:
    """Yield the names of globals, attributes and modules in code and in all nested code."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_in(constant)
