"""Judge the answers to a bug hunt: the name, the repaired code, the test."""

import difflib
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import InvalidAnswer, NotAttempted, Observed, call, errors, remark
from .hunts import (
    ALWAYS,
    ANOTHER_HUNT,
    ANOTHER_NAME,
    BLIND,
    BROKEN,
    NEVER,
    NO_NAME,
    NOT_REPAIRED,
    STILL_WRONG,
    STOPS,
    STRICT,
    SWAPPED,
    VARIES,
    Hunt,
    Planted,
)

CLOSE = 1e-8  # relative; correct code that adds in another order differs by less
SPELLING = 0.75  # of difflib: how much of a name must be right
REPEATS = 4  # of a test on the same code
LONGEST_TEST = 0.1  # s; a slower test is repeated once, and not tried on the other bugs
MOST_ASPECTS = 4  # that a verdict lists
OTHER_HUNT = (
    "Your name and your test fit {}, but this code has another bug: the test accepts it."
    " Or is this an answer to another HUNT than the notebook's?"
)


def judge(hunt: Hunt, bug: Planted, name: Any, repaired: Any, test: Any) -> dict[str, Any]:
    """Judge the three answers of a hunt; the probe of its exercise.

    Raises:
        InvalidAnswer: one of them is wrong; the message says which, and how.
        NotAttempted: one of them is blank.
    """
    for answer, what in ((name, "name"), (repaired, "repaired")):
        if answer is None or answer is Ellipsis:
            raise NotAttempted(f"{what} is None.")
    is_right, of_repair = _of_repaired(hunt, bug, repaired)
    own = {"your repaired code": repaired} if is_right else {}
    named, of_name = _of_name(hunt, bug, name)
    of_test = _of_test(hunt, bug, test, own)
    problems = [problem for problem in (of_name, of_repair, of_test) if problem]
    later = False  # whether the name waits for a correct test, so that it cannot be guessed
    if of_test and named:
        if of_name and of_test[0] == BLIND and _answer(test, hunt.version(named)) is not True:
            problems = [(ANOTHER_HUNT, OTHER_HUNT.format(named)), *filter(None, [of_repair])]
        else:
            problems, later = [problem for problem in problems if problem is not of_name], True
    if problems:
        lines = [text for _, text in problems]
        if later:
            lines.append("The name is judged as soon as the test is right.")
        right = {"the name": named and not of_name and not later, "the repaired code": is_right}
        right["the test"] = not of_test
        if listed := [what for what, is_so in right.items() if is_so]:
            lines.append(f"Right already: {'; '.join(listed)}.")
        raise InvalidAnswer("\n".join(lines), " and ".join(each for each, _ in problems))
    return {what: Observed(value=True) for what in ("the name", "the repaired code", "the test")}


class Nothing:
    """A class that is useless as an agent, a buffer or a loop."""

    def __init__(self, *arguments: Any):
        raise RuntimeError("nothing works")


Problem = tuple[str, str] | None  # its name, and what it means


def _of_name(hunt: Hunt, bug: Planted, name: Any) -> tuple[str, Problem]:
    """Return the bug that the name means, or "", and what is wrong with it."""
    if not isinstance(name, str):
        raise InvalidAnswer(f'name should be a text, such as "{hunt.bugs[-1].name}".')
    text = re.sub(r"[\s_–]+", "-", name.strip().lower())
    near = [each for each in hunt.by_name if each in text]  # such as "actor-sign, in line 50"
    if len(near) != 1:
        near = difflib.get_close_matches(text, hunt.by_name, 1, SPELLING)
    if not near:
        listed = ", ".join(sorted(hunt.by_name))
        return "", (NO_NAME, f"{name!r} is not a suspect. The suspects are {listed}.")
    if near[0] == bug.name:
        return bug.name, None
    other = hunt.by_name[near[0]]
    return other.name, (
        ANOTHER_NAME,
        f"The bug is not {other.name}. That name means: {_small(other.story)}"
        " Which line, or which number, made you choose it?",
    )


def _small(story: str) -> str:
    return story[0].lower() + story[1:] if story[1:2].islower() else story


def _of_repaired(hunt: Hunt, bug: Planted, repaired: Any) -> tuple[bool, Problem]:
    correct, planted = hunt.seen(), hunt.seen(bug.name)
    if not callable(repaired):
        raise InvalidAnswer("repaired should be the class or function itself, without brackets.")
    if _is_package_code(repaired):
        raise InvalidAnswer("repaired is the package's own code. Repair the code with the bug.")
    try:
        now = {aspect: np.asarray(x) for aspect, x in hunt.observe(repaired).items()}
    except (NotAttempted, InvalidAnswer):
        raise
    except Exception as error:
        if errors.is_own(error):
            raise  # the verdict shows the line
        raise InvalidAnswer(
            "repaired cannot be used as the code with the bug can:"
            f" {errors.one_line(error)}. Keep all its names, arguments and shapes."
        ) from None
    wrong = [aspect for aspect in correct if not alike(now[aspect], correct[aspect])]
    if not wrong:
        return True, None
    if all(alike(now[aspect], planted[aspect]) for aspect in correct):
        text = f"repaired behaves like the code with the bug. It is wrong in {_some(wrong)}."
        return False, (NOT_REPAIRED, text)
    new = [aspect for aspect in wrong if alike(planted[aspect], correct[aspect])]
    if new:
        text = f"repaired is wrong where the code with the bug was correct: in {_some(new)}."
        if rest := [aspect for aspect in wrong if aspect not in new]:
            text += f" It is also wrong in {_some(rest)}."
        return False, (BROKEN, text)
    text = f"repaired behaves differently now, but is still wrong in {_some(wrong)}."
    return False, (STILL_WRONG, text)


def _is_package_code(repaired: Any) -> bool:
    """Say whether it is the package's code, or a subclass of a class of this chapter."""
    own, *bases = getattr(repaired, "__mro__", (repaired,))
    modules = [str(getattr(base, "__module__", "")) for base in bases]
    is_package = str(getattr(own, "__module__", "")).startswith(errors.PACKAGE)
    return is_package or any(each.startswith(f"{errors.PACKAGE}course.") for each in modules)


def _some(aspects: Sequence[str]) -> str:
    """List the first aspects, and count the others."""
    more = len(aspects) - MOST_ASPECTS
    return "; ".join(aspects[:MOST_ASPECTS]) + (f"; and {more} more" if more > 0 else "")


def alike(one: Array, other: Array) -> bool:
    if one.shape != other.shape:
        return False
    if one.dtype.kind not in "fc" or other.dtype.kind not in "fc":
        return bool(np.array_equal(one, other))
    size = np.linalg.norm(other)
    return bool(np.linalg.norm(one - other) <= CLOSE * (size or 1.0))


def _of_test(hunt: Hunt, bug: Planted, test: Any, own: Mapping[str, Any]) -> Problem:
    start = time.perf_counter()
    planted = hunt.version(bug.name)
    on_planted = _answer(test, planted)
    seconds = time.perf_counter() - start
    correct = {**hunt.correct(), **own}
    on_correct = {what: _answer(test, each) for what, each in correct.items()}
    first = next(iter(on_correct.values()))
    if isinstance(first, Exception):
        raise first  # the verdict shows the line
    refused = {what: answer for what, answer in on_correct.items() if answer is not True}
    if isinstance(on_planted, Exception):
        kind = type(on_planted).__name__
        text = f"The test stops with {kind} on the code with the bug. Let it return False instead."
        return STOPS, text
    versions = {"the code with the bug": planted, **correct}
    said = {"the code with the bug": on_planted, **on_correct}
    for i in range(REPEATS - 1 if seconds <= LONGEST_TEST else 1):
        in_turn = versions.items() if i % 2 else reversed(versions.items())
        for what, version in in_turn:
            if _kind(_answer(test, version)) != _kind(said[what]):
                return VARIES, (
                    f"The test gives different answers for {what}. Give its random numbers a seed,"
                    " and let it store nothing between calls."
                )
    others = {} if seconds > LONGEST_TEST else _of_others(hunt, bug, test)
    if on_planted and not refused:
        if _answer(test, Nothing) is True:
            return ALWAYS, "The test returns True whatever it is given. Does it use its argument?"
        return BLIND, (
            "The test returns True for the code with the bug, too. Compute something by hand that"
            " the bug would change, and compare. Copy first what the code changes in place."
        )
    if refused and len(refused) == len(on_correct):
        if on_planted:
            return SWAPPED, "The test returns True for the bug, and False for correct code."
        if others and not any(others.values()):
            return NEVER, (
                "The test returns False whatever it is given. Does it use its argument? Or is a"
                " tolerance too small, or are two things compared that need not be equal?"
            )
    if refused:
        where = "; ".join(
            what + (f", where it stops with {_described(x)}" if isinstance(x, Exception) else "")
            for what, x in refused.items()
        )
        text = f"The test should return True for each correct version, but does not for: {where}."
        if on_planted:
            text += " And it returns True for the code with the bug."
        return STRICT, text
    if seconds > LONGEST_TEST:
        remark(test, f"Your test takes {seconds:.1f} s, so it was not tried on the other bugs.")
    _tell(test, others)
    return None


def _kind(answer: Any) -> Any:
    return type(answer) if isinstance(answer, Exception) else answer


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


def _answer(test: Any, version: Any) -> Any:
    """Return the test's answer, or the exception that stopped it."""
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
    """Say for each of the other bugs whether the test accepts it; False where it stops."""
    names = [each.name for each in hunt.bugs if each is not bug]
    return {name: _answer(test, hunt.version(name)) is True for name in names}


def _tell(test: Any, others: Mapping[str, bool]) -> None:
    noticed = [name for name, accepted in others.items() if not accepted]
    if noticed:
        remark(test, f"For information: your test also notices {', '.join(noticed)}.")
    elif others:
        remark(test, "For information: of the bugs in the list, your test notices only this one.")
