"""The folder of a study: its lock, its about.json, and the results that must not be lost."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..ddpg.json_object import unique_names
from ..storage import CheckpointError, read_bytes
from ..training.lock import Lock
from ..training.run_dir import make_folder, remove_temporaries
from .results_csv import cell_text, cell_value, read_cells

MAX_JSON = 10**8  # bytes: a result.json may hold many numbers
FILES = ("results.csv", "about.json", "table.md", "figure.png")
REMEDY = "choose another folder, or replace them with overwrite (--overwrite)"


class StudyLock(Lock):
    """Keep other processes from writing a study's folder until close(); make it if necessary.

    Raises:
        FileExistsError: another process is running a study in the folder.
    """

    def __init__(self, study_dir: Path):
        make_folder(study_dir)
        try:
            super().__init__(study_dir)
        except FileExistsError:
            why = "another process is running a study in this folder"
            raise FileExistsError(f"{study_dir}: {why}; wait until it ends, or stop it") from None
        remove_temporaries(study_dir, FILES)

    def is_in_place(self) -> bool:
        """Return whether the folder was neither renamed nor replaced meanwhile."""
        try:
            self.folder()
        except FileNotFoundError:
            return False
        return True

    def check(self) -> None:
        """Raise FileNotFoundError if the folder was renamed or replaced meanwhile."""
        if not self.is_in_place():
            why = "was renamed or replaced while its study ran; the same command with --dir and its"
            raise FileNotFoundError(f"{self.run_dir} {why} new name finishes the study")


def read_object(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds an object.

    Raises:
        CheckpointError: it holds something else, or a name twice.
    """
    try:
        value = json.loads(read_bytes(path, MAX_JSON), object_pairs_hook=unique_names)
    except CheckpointError:  # not there, or too large
        raise
    except RecursionError:
        raise CheckpointError(path, "not JSON (nested too deeply)") from None
    except ValueError as error:
        raise CheckpointError(path, f"not JSON ({error})") from None
    if not isinstance(value, dict):
        raise CheckpointError(path, f"holds {str(value)[:40]!r}, not an object with names")
    return value


def read_about(study_dir: Path) -> dict[str, Any]:
    """Read about.json, or return {} where there is none.

    Raises:
        CheckpointError: it is damaged; names the field.
    """
    path = study_dir / "about.json"
    if not path.exists():
        return {}
    about = read_object(path)
    seeds = about.get("seeds", [])
    seconds = about.get("seconds", 0.0)
    is_number = type(seconds) in (int, float) and 0 <= seconds < math.inf
    for name, is_valid, wanted in (
        ("study", isinstance(about.get("study"), str), "the name of a study"),
        ("seeds", isinstance(seeds, list) and all(type(s) is int for s in seeds), "whole numbers"),
        ("changes", isinstance(about.get("changes", {}), dict), "settings and their values"),
        ("seconds", is_number, "a finite number of at least 0"),
    ):
        if not is_valid:
            shown = repr(about.get(name))[:60]
            raise CheckpointError(path, f"{name} is {shown}: must be {wanted}")
    return about


def refuse_loss_of_runs(results: Path, runs: Sequence[Mapping[str, Any]]) -> None:
    """Refuse to replace a results.csv that has rows of a run other than these.

    Args:
        runs: of each run its settings, and the columns that lead its rows. A row is of a run if it
            agrees with the run in all columns that both have.

    Raises:
        FileExistsError: results.csv has rows of another run; names it.
        CheckpointError: results.csv cannot be read.
    """
    if not results.exists() or results.stat().st_size < 2:  # without runs it is one empty line
        return
    header, rows = read_cells(results)
    if ("variant" in header) != any("variant" in run for run in runs):
        what = "is of a named study, and this call is not, or the other way round"
        raise FileExistsError(f"{results} {what}: {REMEDY}")
    shared = {i: name for i, name in enumerate(header) if any(name in run for run in runs)}
    asked = {
        tuple(cell_value(cell_text(run.get(name, ""))) for name in shared.values()) for run in runs
    }
    for _, cells in rows:
        if not shared or tuple(cell_value(cells[i]) for i in shared) not in asked:
            run = ", ".join(f"{name} {cells[i]}" for i, name in shared.items() if cells[i])
            what = f"{results} has results of a run that was not requested ({run})"
            raise FileExistsError(f"{what}: {REMEDY}")
