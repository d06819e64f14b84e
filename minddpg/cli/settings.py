"""Read settings as JSON, from the command line or from the file of an earlier run."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..ddpg.json_object import unique_names

if TYPE_CHECKING:
    from ..ddpg.config import Config

QUOTING = (
    r"""write '{"gain": 2}', in Windows' cmd "{\"gain\": 2}", in its PowerShell '{\"gain\": 2}'"""
)


def json_object(text: str) -> dict[str, Any]:
    """Return the object that a JSON text describes."""
    try:
        value = json.loads(text, object_pairs_hook=unique_names)
        if not isinstance(value, dict):
            raise ValueError("it has no names")
    except (ValueError, RecursionError) as error:
        shown = text if len(text) < 40 else f"{text[:36]} ..."
        raise argparse.ArgumentTypeError(
            f"{shown} is not a JSON object ({error}): {QUOTING}"
        ) from None
    return value


def read_settings(path: Path) -> tuple["Config", str, Path]:
    """Read a run's settings from its folder or config.json, or from a file of settings alone.

    Returns the settings; the name of the bug that the run was trained with, "" if there was none;
    and the file.

    Raises:
        CheckpointError: the file is missing, or holds no settings.
    """
    from ..ddpg.config import Config
    from ..experiments.study_folder import read_object
    from ..storage import as_checkpoint_error

    file = path / "config.json" if path.is_dir() else path
    saved = read_object(file)
    with as_checkpoint_error(file):
        is_run = isinstance(saved.get("config"), dict)
        config = Config.of(saved["config"] if is_run else saved)
        versions = saved.get("versions") if is_run else None
        bug = versions.get("bug", "") if isinstance(versions, dict) else ""
    return config, str(bug), file
