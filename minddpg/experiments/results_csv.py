"""Read a study's results.csv; refuse it unless it holds one complete result of each run."""

import csv
import io
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..storage import CheckpointError, as_checkpoint_error, read_bytes

if TYPE_CHECKING:
    from .study import Study

Row = dict[str, Any]
Rows = list[Row]
Runs = dict[
    tuple[str, str], dict[int, set[Any]]
]  # (environment, variant) -> seed -> keys of its rows
WORDS = ("variant", "env_id", "bug", "when", "measure")  # columns that are never numbers
WHOLE = ("seed", "step", "episode")
LABEL = ("variant", "env_id", "seed")  # the columns that name a run
MAX_BYTES = 10**9  # the largest study so far has a million
SHOWN = 40  # characters of a cell, at most, in an error's message


def read_rows(path: str | Path) -> Rows:
    """Read a study's results.csv: WORDS as text, all else as numbers; empty cells are left out.

    Raises:
        CheckpointError: it is not a complete table in UTF-8, or a number is missing or not finite;
            names line and column.
    """
    names, lines = read_cells(Path(path))
    rows = []
    for line, cells in lines:
        row = {name: text for name, text in zip(names, cells, strict=True) if text}
        try:
            rows.append({k: v if k in WORDS else _number(k, v) for k, v in row.items()})
        except ValueError as error:
            raise CheckpointError(path, f"line {line}, {error}") from None
    return rows


def read_cells(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Read a CSV file: its header, and each row's line number and cells.

    Raises:
        CheckpointError: it is not a complete table in UTF-8; names the line.
    """
    try:
        text = read_bytes(path, MAX_BYTES).decode(
            "utf-8-sig"
        )  # a spreadsheet begins it with a byte-order mark
    except UnicodeDecodeError as error:
        raise CheckpointError(path, f"not text in UTF-8 (byte {error.start})") from None
    if not text.endswith("\n"):
        raise CheckpointError(path, "its last line is cut off" if text else "is empty")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        (_, names), *lines = [(reader.line_num, cells) for cells in reader if cells] or [(1, [])]
    except csv.Error as error:
        raise CheckpointError(path, f"line {reader.line_num}: {error}") from None
    if not names or "" in names or len(set(names)) < len(names):
        raise CheckpointError(path, "line 1: a column has no name, or two have the same")
    for line, cells in lines:
        if len(cells) != len(names):
            what = f"line {line} has {len(cells)} cells, the header {len(names)}"
            raise CheckpointError(path, what)
    return names, lines


def cell_text(value: Any) -> str:
    """Return the text of a setting in a CSV file."""
    return " ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)


def cell_value(text: str) -> float | str:
    """Return the number in a cell, or its text: a spreadsheet may have written 4 as 4.0."""
    try:
        return _exact(text)
    except ValueError:
        return text


def check_row(study: "Study", variants: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """Check that a row of a study is of one of these variants and has every number.

    Raises:
        ValueError: it does not; names the column.
    """
    for name in (*LABEL, *study.row_key, *study.numbers):
        if row.get(name, "") == "":
            raise ValueError(f"{name} is missing")
    for name, value in row.items():
        if name in WORDS:
            if not isinstance(value, str):
                raise ValueError(f"{name} is {str(value)[:SHOWN]!r}: must be a text")
            continue
        number = _number(name, value)
        if name in WHOLE and (number < 0 or number % 1):
            raise ValueError(f"{name} is {value!r}: must be a whole number of at least 0")
    for name, known in (("variant", variants), ("env_id", study.environments)):
        if row[name] not in known:
            raise ValueError(f"{name} is {str(row[name])[:SHOWN]!r}, which is not in this study")
    planted = variants[row["variant"]].get("bug", "")
    if (bug := row.get("bug", planted)) != planted:  # the first version had no such column
        raise ValueError(f"bug is {str(bug)[:SHOWN]!r}, the variant's is {planted!r}")


def check_rows(study: "Study", rows: Rows, path: Path, seeds: Sequence[int] | None = None) -> None:
    """Check that the rows hold one complete result of each of the study's runs.

    Args:
        seeds: what about.json says; None if it says nothing.

    Raises:
        CheckpointError: a row is damaged, repeated or missing; names lines, or run and row.
    """
    with as_checkpoint_error(path):
        if not rows:
            raise ValueError("has no rows")
        runs = _by_run(study, rows)
        found = {seed for of_variant in runs.values() for seed in of_variant}
        if seeds is not None and found != set(seeds):
            theirs, ours = seeds_text(seeds), seeds_text(found)
            raise ValueError(f"its seeds are {ours}; those in about.json beside it are {theirs}")
        for env_id in study.environments:
            _check_seeds(study, runs, env_id, found)
        for (env_id, variant), of_variant in runs.items():
            every = set[Any]().union(*of_variant.values())
            for seed, of_seed in of_variant.items():
                for missing in sorted(every - of_seed, key=str)[:1]:
                    what = _named(dict(zip(study.in_every_seed, missing, strict=True)))
                    where = _named({"variant": variant, "env_id": env_id, "seed": seed})
                    raise ValueError(f"there is no row of {where}, {what}")


def _by_run(study: "Study", rows: Rows) -> Runs:
    """Collect the rows' keys by run; refuse a row that is damaged or repeated."""
    seen: dict[tuple[Any, ...], int] = {}
    first: dict[tuple[str, str], tuple[int, Row]] = {}
    runs: Runs = {}
    variants = study.settings()
    for line, row in enumerate(rows, start=2):
        try:
            check_row(study, variants, row)
        except ValueError as error:
            raise ValueError(f"line {line}, {error}") from None
        key = {name: row[name] for name in (*LABEL, *study.row_key)}
        if (before := seen.setdefault(tuple(key.values()), line)) != line:
            raise ValueError(f"line {line} repeats line {before}: {_named(key)}")
        place = row["env_id"], row["variant"]
        before, other = first.setdefault(place, (line, row))
        for name in row.keys() ^ other.keys():
            raise ValueError(f"line {line}, {name} is missing in it or in line {before}")
        of_seed = runs.setdefault(place, {}).setdefault(int(row["seed"]), set())
        of_seed.add(tuple(row[name] for name in study.in_every_seed))
    return runs


def _check_seeds(study: "Study", runs: Runs, env_id: str, every: set[int]) -> None:
    """Refuse variants with different seeds; an environment may have `at_most` seeds, or more."""
    here = {
        seed for (place, _), of_variant in runs.items() if place == env_id for seed in of_variant
    }
    few = min(study.at_most.get(env_id, len(every)), len(every))
    wanted = here if len(here) >= few else every
    for variant in study.settings():
        if missing := wanted - runs.get((env_id, variant), {}).keys():
            where = _named({"variant": variant, "env_id": env_id})
            raise ValueError(f"there is no row of {where}, seed {seeds_text(missing)}")


def seeds_text(seeds: Iterable[float]) -> str:
    """Return seeds as "1000–1009", or as "5, 7–9" where some are left out."""
    ranges: list[list[int]] = []
    for seed in sorted(map(int, seeds)):
        if ranges and seed == ranges[-1][1] + 1:
            ranges[-1][1] = seed
        else:
            ranges.append([seed, seed])
    return ", ".join(f"{low}–{high}" if low < high else f"{low}" for low, high in ranges)


def named_seeds(seeds: Collection[float]) -> str:
    """Return seeds as "seeds 1000–1009", a single one as "seed 5"."""
    return f"seed{'' if len(seeds) == 1 else 's'} {seeds_text(seeds)}"


def _named(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{k} {v if k in WORDS else int(v)}" for k, v in values.items())


def _exact(value: str | float) -> float:
    """Return a number, a large whole one as int: a float rounds a seed above 2^53."""
    number = float(value)
    is_rounded = math.isfinite(number) and abs(number) >= 2**53 and str(value).isdecimal()
    return int(value) if is_rounded else number


def _number(name: str, value: Any) -> float:
    """Return a finite number; refuse anything else in this column."""
    try:
        is_one = isinstance(value, (str, int, float)) and not isinstance(value, bool)
        number = _exact(value) if is_one else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{name} is {str(value)[:SHOWN]!r}: must be a finite number")
    return number
