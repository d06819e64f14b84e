"""Find the module of an env_id such as module:Name-v0, and decide whether to import it."""

import os
import sys
from contextlib import suppress
from importlib.machinery import PathFinder
from pathlib import Path

from ..storage import printable
from ..training.display import say


def look_in_this_folder(env_id: str) -> None:
    """Let module:Name-v0 find a module in the current folder; for other ids, do nothing."""
    if ":" in env_id:
        with suppress(FileNotFoundError):  # the folder was deleted
            sys.path.append(os.getcwd())


def announce_import(env_id: str, named_by: Path, allowed: bool) -> None:
    """Print which module and file a saved env_id imports, before their code runs.

    Raises:
        ValueError: env_id names a module, and `allowed` is false.
    """
    look_in_this_folder(env_id)
    module, colon, _ = env_id.partition(":")
    if not colon:
        return
    found = f"{module} ({_file_of(module) or 'no file found'})"
    if not allowed:
        why = f"its env_id {env_id} would import {found}, which --no-env-import forbids"
        raise ValueError(f"{named_by}: {why}")
    say(printable(f"minddpg: importing {found}: {named_by} has the env_id {env_id}"))


def _file_of(module: str) -> str | None:
    """Find the file of a module without importing it or its parent packages."""
    if module in sys.modules:
        return getattr(sys.modules[module], "__file__", None)
    top, *rest = module.split(".")
    if not top:  # an empty name
        return None
    spec = next(filter(None, (finder.find_spec(top, None) for finder in sys.meta_path)), None)
    for name in rest:
        if spec is None or spec.submodule_search_locations is None:  # not found, or no package
            return None
        spec = PathFinder.find_spec(name, list(spec.submodule_search_locations))
    return None if spec is None else spec.origin
