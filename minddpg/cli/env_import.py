"""An env_id such as module:Name-v0 names code: where it lies, and whether it may be imported."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from ..storage import printable
from ..training.display import say


def look_in_this_folder(env_id: str) -> None:
    """Let module:Name-v0 find a module in the current folder; other ids need nothing from there."""
    if ":" in env_id:
        with suppress(FileNotFoundError):  # the folder was deleted
            sys.path.append(os.getcwd())


def announce_import(env_id: str, named_by: Path, allowed: bool) -> None:
    """Print which module and file a saved env_id imports, before that runs a stranger's code.

    Raises:
        ValueError: env_id names a module, and `allowed` is false.
    """
    look_in_this_folder(env_id)
    module, colon, _ = env_id.partition(":")
    if not colon:
        return
    found = f"{module} ({_file_of(module) or 'not found'})"
    if not allowed:
        why = f"its env_id {env_id} would import {found}, which --no-env-import forbids"
        raise ValueError(f"{named_by}: {why}")
    say(printable(f"minddpg: importing {found}: {named_by} has the env_id {env_id}"))


def _file_of(module: str) -> str | None:
    """Find the file of a module and import nothing, not even the packages above it."""
    if module in sys.modules:
        return getattr(sys.modules[module], "__file__", None)
    parts, path, origin = module.split("."), None, None
    for i in range(len(parts)):
        if i and path is None:  # the part before is no package
            return None
        name = ".".join(parts[: i + 1])
        specs = (finder.find_spec(name, path) for finder in sys.meta_path)
        spec = next(filter(None, specs), None)
        if spec is None:
            return None
        origin, path = spec.origin, spec.submodule_search_locations
        path = None if path is None else list(path)
    return origin
