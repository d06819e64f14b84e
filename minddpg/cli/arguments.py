"""Helpers shared by commands: paths, ranges, files that can be written."""

import argparse
from pathlib import Path


def path(text: str) -> Path:
    """Return a path; refuse an empty name, which would be the current folder."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty; for the current folder, write .")
    return Path(text)


def add_env_import(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """Add --no-env-import, for files from other people."""
    parser.add_argument(
        "--no-env-import",
        dest="env_import",
        action="store_false",
        help="refuse a run whose env_id is module:Name-v0, because that imports the module",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add --json, for programs."""
    parser.add_argument("--json", action="store_true", help="print one JSON document instead")


def refuse_below(least: int, flag: str, value: int) -> None:
    """Raise ValueError if the value of a flag is too small."""
    if value < least:
        raise ValueError(f"{flag} = {value}: must be at least {least}")


def refuse_existing(path: Path, overwrite: bool) -> None:
    """Raise FileExistsError if a file is there and --overwrite was not given."""
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path} exists: choose another name, or replace it with --overwrite")


def refuse_unwritable(path: Path, overwrite: bool) -> None:
    """Raise an error if a file is there, unless to be replaced, or if its folder is not there."""
    refuse_existing(path, overwrite)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path}: there is no folder {path.parent}; make it first")
