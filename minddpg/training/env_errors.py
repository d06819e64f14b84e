"""Raise all errors of an environment as one exception, which says where and keeps the cause."""

import traceback
from typing import NoReturn

from .signals import Terminated
from .wording import without_colours

LONGEST = 1_000  # characters of an error's text
RESET = "Gymnasium's is reset(self, *, seed=None, options=None)"
REMEDIES = {
    "unexpected keyword argument 'seed'": RESET,
    "unexpected keyword argument 'options'": RESET,
    "unpack (expected 5": "Gymnasium's step returns observation, reward, terminated, truncated,"
    " info; the old gym's four values had one flag for both ends",
    "unpack (expected 2": "Gymnasium's reset returns observation, info",
    "was raised from the environment creator": "its arguments are given in env_kwargs"
    " (--env-kwargs)",
}


class EnvError(RuntimeError):
    """An environment raised an error, which is the cause; the message names it and the step."""


def raise_env_error(error: BaseException, where: str) -> NoReturn:
    """Raise an environment's error again, as an EnvError with a text that begins with `where`.

    The error may be a BaseException: sys.exit, or the panic of a simulator written in Rust. The
    exception of a signal that came while the environment was running is raised unchanged.

    Raises:
        EnvError; or KeyboardInterrupt with a text, if the environment raised one.
    """
    if is_signal(error):
        raise error
    if isinstance(error, KeyboardInterrupt):
        raise KeyboardInterrupt(f"{where} was interrupted") from error
    raise EnvError(f"{where} stopped with {described(error)}") from error


def is_signal(error: BaseException) -> bool:
    """Return whether our signal handlers raised this error, and not the environment."""
    own = isinstance(error, KeyboardInterrupt) and bool(error.args)
    return own or isinstance(error, Terminated)


def described(error: BaseException) -> str:
    """Return an error's type and text in one line, with a remedy if one is known."""
    text = without_colours("".join(traceback.format_exception_only(error)))
    text = " ".join(text.split())
    known = [remedy for words, remedy in REMEDIES.items() if words in text]
    return "; ".join([text[:LONGEST], *known[:1]])
