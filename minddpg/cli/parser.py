"""Parse the command line; each command is a module with its arguments and its function."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from textwrap import indent, wrap
from types import ModuleType
from typing import Any, NoReturn

from .. import __version__
from ..training.display import announce
from . import bench, check, evaluate, export, grade, plot, resume, study, train, watch
from .suggestions import about_the_program, unknown_choice, unknown_command, unknown_option

COMMANDS: dict[str, ModuleType] = {
    "train": train,
    "resume": resume,
    "evaluate": evaluate,
    "watch": watch,
    "export": export,
    "plot": plot,
    "study": study,
    "check": check,
    "grade": grade,
    "bench": bench,
}
SITE = "documentation: https://minddpg.github.io/minddpg"
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
START = """start here:
  minddpg train                        # a first agent: it swings up a pendulum
  minddpg evaluate runs/Pendulum-v1-1  # how good is it?
  minddpg check                        # is every gradient correct?
  minddpg help train                   # all settings, and examples

"""


class Formatter(argparse.HelpFormatter):
    """Wrap text at spaces only, because paths and flags have hyphens; keep indented lines."""

    # These two override argparse's methods, which wrap all texts.
    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = []
        for line in text.split("\n"):
            is_kept = not line or line.startswith(" ")
            lines += [line] if is_kept else self._split_lines(line, width - len(indent))
        return "\n".join(indent * bool(line) + line for line in lines)

    def _split_lines(self, text: str, width: int) -> list[str]:
        text = " ".join(text.split())
        return wrap(text, width, break_long_words=False, break_on_hyphens=False)


class Parser(argparse.ArgumentParser):
    """A parser whose usage is one line, and whose errors say what to write instead."""

    def __init__(self, **options: Any) -> None:
        # A script that says --see must not mean --seed now and --seeds after the next release.
        super().__init__(allow_abbrev=False, add_help=False, formatter_class=Formatter, **options)
        self.register("type", int, _whole_number)
        self.register("type", float, _number)

    def finish(self, epilog: str) -> None:
        """Add the options of all commands, after those of this one."""
        general = self.add_argument_group("general options")
        general.add_argument("-h", "--help", action="help", help="show this help and exit")
        general.add_argument("--debug", action="store_true", help="show an error's traceback")
        words = [_usage(action) for action in self._actions if not action.option_strings]
        self.usage = " ".join(["%(prog)s", *words, "[options]"])
        self.epilog = epilog

    def error(self, message: str) -> NoReturn:
        """Print the usage and an error that fits into the terminal's width, and exit with 2."""
        self.print_usage(sys.stderr)
        announce(f"{self.prog}: error: {message}")
        self.exit(2)

    # argparse's method lists every choice, which is too long for the studies.
    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, unknown_choice(value, list(action.choices)))


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    return _parsers()[0]


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of a command line.

    Raises:
        SystemExit: with 2, after a line of usage and one that says what is wrong; or with 0, after
            --help or --version.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    parser, commands = _parsers()
    if not words:
        parser.print_help(sys.stderr)
        parser.exit(2)
    if words[0] == "help":
        words = [*words[1:2], "--help"]
    command = words[0]
    if command in commands:
        options = {name: each._option_string_actions for name, each in commands.items()}
        for name in _options(words[1:]):
            if name not in options[command]:
                commands[command].error(unknown_option(name, command, options))
        if wrong := _misspelt(words[1:], options[command]):
            commands[command].error(wrong)
    elif command.startswith("-") and command not in parser._option_string_actions:
        after = f"options come after the command: minddpg train {command}"
        parser.error(f"{command}: {about_the_program(command) or after}")
    elif not command.startswith("-"):
        parser.error(unknown_command(command, commands))
    arguments, unknown = parser.parse_known_args(words)
    if unknown:
        hint = f"; write --steps {unknown[0]}" * (command == "train" and unknown[0].isdecimal())
        commands[command].error(f"too many arguments: {' '.join(unknown)}{hint}")
    return arguments


@cache
def _parsers() -> tuple[Parser, dict[str, Parser]]:
    """Return the whole command line's parser, and each command's."""
    parser = Parser(
        prog="minddpg",
        description="DDPG in NumPy, with every gradient derived and coded by hand.",
        usage="%(prog)s COMMAND [options]",
        epilog=START + SITE,
    )
    parser.add_argument("-h", "--help", action="help", help="show this help and exit")
    version = f"minddpg {__version__}"
    parser.add_argument(
        "-V", "--version", action="version", version=version, help="show the version and exit"
    )
    group = parser.add_subparsers(
        title="commands", dest="command", required=True, metavar="COMMAND", prog="minddpg"
    )
    commands = {}
    for name, module in COMMANDS.items():
        command = group.add_parser(name, help=module.ABOUT, description=module.ABOUT)
        module.add_arguments(command)
        notes = f"{command.epilog}\n\n" if command.epilog else ""
        command.finish(f"{notes}examples:\n{indent(module.EXAMPLES, '  ')}\n{SITE}")
        commands[name] = command
    return parser, commands


def _usage(action: argparse.Action) -> str:
    """Return how the usage shows an argument without a flag: `[ENV]`, `RUN [RUN ...]`."""
    name = action.metavar or action.dest.upper()
    return {"?": f"[{name}]", "+": f"{name} [{name} ...]"}.get(str(action.nargs), str(name))


def _options(words: Sequence[str]) -> Iterator[str]:
    """Yield the words that argparse takes for options, without their values."""
    for word in words:
        if word == "--":  # what follows are arguments
            return
        if word.startswith("-") and word != "-" and " " not in word and not _is_number(word):
            yield word.partition("=")[0]


def _misspelt(words: Sequence[str], options: Mapping[str, argparse.Action]) -> str:
    """Return what is wrong with an option of a known name, "" if nothing is."""
    for word, following in pairwise([*words, ""]):
        if word == "--":
            break
        ascii_dashes = f"--{word.lstrip('-–—−')}"
        if word[:1] in ("–", "—", "−") and ascii_dashes.partition("=")[0] in options:
            return f"{word} begins with a long dash; write {ascii_dashes}"
        name, equals, value = word.partition("=")
        if name not in options or options[name].nargs != 0:
            continue
        has_opposite = isinstance(options[name], argparse.BooleanOptionalAction)
        value = value or following * has_opposite
        if equals or value.lower() in (*YES, *NO):
            name = f"--no-{name[2:]}" if has_opposite and value.lower() in NO else name
            return f"{word.partition('=')[0]} takes no value; write {name}"
    return ""


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        pass
    hint = ""
    if _is_number(text) and float(text).is_integer():
        hint = f"; write {int(float(text))}"
    elif "," in text:
        hint = "; leave out commas, as in 12000 and in 64 64"
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number{hint}")


def _number(text: str) -> float:
    if _is_number(text):
        return float(text)
    point = text.replace(",", ".")
    hint = f"; write {point}" if _is_number(point) else ""
    raise argparse.ArgumentTypeError(f"{text!r} is not a number{hint}")
