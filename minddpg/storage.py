"""Write arrays to a file and read them back: whole or not at all, and never running code."""

import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

TEMPORARY = ".tmp"  # ends the name of a file that is being written


def printable(text: object) -> str:
    r"""Return a text that is safe to show on one line, e.g. `\x1b` for the escape character.

    A text from a file may hold what moves a terminal's cursor or cannot be encoded.
    """
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(text))


class CheckpointError(ValueError):
    """A saved file cannot be used."""

    def __init__(self, path: str | Path, reason: str):
        super().__init__(printable(f"{path}: {reason}"))
        self.path, self.reason = Path(path), reason

    def __reduce__(self) -> Any:
        """Keep path and reason when a worker process sends this error back."""
        return type(self), (self.path, self.reason)


@contextmanager
def with_path(path: str | Path) -> Iterator[None]:
    """Add this path to an OSError: the error of a full disk names no file."""
    try:
        yield
    except OSError as error:
        if error.errno is None:  # not the system's: a library raised it, with a message alone
            raise OSError(f"{path}: {error}") from error
        raise OSError(error.errno, error.strerror, str(path)) from error


def write_atomically(path: str | Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a whole file or none: `write` fills a temporary file, which then replaces `path`."""
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        with with_path(path):
            with open(temporary, "wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Write a text file in UTF-8, atomically."""
    write_atomically(path, lambda file: file.write(text.encode()))


def save_arrays(path: str | Path, **arrays: ArrayLike) -> None:
    """Write named arrays, numbers and texts to an uncompressed .npz, atomically."""
    plain = {name: np.asarray(array, order="C") for name, array in arrays.items()}

    def write(file: IO[bytes]) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            for name, array in plain.items():
                # a ZipInfo made here has no date: the same arrays make the same bytes
                member = zipfile.ZipInfo(f"{name}.npy")
                with archive.open(member, "w", force_zip64=True) as stream:
                    np.lib.format.write_array(stream, array, allow_pickle=False)

    write_atomically(path, write)


@contextmanager
def as_checkpoint_error(path: str | Path) -> Iterator[None]:
    """Turn the errors of unusable arrays into CheckpointErrors that name this file."""
    try:
        yield
    except CheckpointError:
        raise
    except KeyError as error:
        raise CheckpointError(path, f"no {error} in it: another kind of file, or damaged") from None
    except RecursionError:
        raise CheckpointError(path, "a text in it is nested too deeply") from None
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise CheckpointError(path, str(error)) from None


def check_format(arrays: dict[str, Array], format: int) -> None:
    """Refuse arrays that another version of this package wrote.

    Raises:
        ValueError: their format has another number.
    """
    if arrays["format"] != format:
        raise ValueError(f"its format is {arrays['format']}, this version reads {format}")


def copy_into(into: dict[str, Array], arrays: dict[str, Array]) -> None:
    """Copy saved arrays into live ones of the same names, shapes and dtypes.

    Raises:
        KeyError: a name is missing.
        ValueError: a shape or a dtype differs; names the array.
    """
    for name, live in into.items():
        saved = arrays[name]
        if (saved.shape, saved.dtype) != (live.shape, live.dtype):
            found = f"{saved.dtype} of shape {saved.shape}"
            raise ValueError(f"{name} is {found}, not {live.dtype} of shape {live.shape}")
        live[...] = saved


def load_arrays(path: str | Path) -> dict[str, Array]:
    """Read an uncompressed .npz; check each header against the file before taking memory.

    Raises:
        CheckpointError: no such file, not such an archive, damaged, or holding Python objects.
    """
    try:
        with open(path, "rb") as raw, zipfile.ZipFile(raw) as archive:
            _refuse_gaps(raw, archive)
            limit = os.path.getsize(path)
            arrays = {}
            for member in archive.infolist():
                if member.compress_type != zipfile.ZIP_STORED or member.file_size > limit:
                    raise CheckpointError(path, f"{member.filename} is not stored plainly")
                with archive.open(member) as file:
                    name = member.filename.removesuffix(".npy")
                    arrays[name] = _read_array(file, member.file_size)
            return arrays
    except CheckpointError:
        raise
    except OSError as error:
        raise CheckpointError(path, error.strerror or str(error)) from None
    except Exception as error:  # a damaged archive fails in more ways than zipfile documents
        raise CheckpointError(path, f"not a readable .npz file ({error})") from None


def _refuse_gaps(raw: IO[bytes], archive: zipfile.ZipFile) -> None:
    """Refuse an archive with gaps: a damaged directory may have lost some members."""
    end = 0
    for member in sorted(archive.infolist(), key=lambda member: member.header_offset):
        raw.seek(member.header_offset)
        name_size, extra_size = struct.unpack("<26xHH", raw.read(30))
        if member.header_offset != end:
            raise ValueError(f"there is a gap before {member.filename}")
        end += 30 + name_size + extra_size + member.compress_size
    if end != archive.start_dir:
        raise ValueError("its directory does not list every member")


def _read_array(file: IO[bytes], size: int) -> Array:
    """Read one .npy member of `size` bytes; accept only plain numbers and text."""
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f".npy format {version} is not (1, 0)")
    shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(file)
    count = int(np.prod(shape, dtype=object))
    if fortran_order or dtype.kind not in "biufcU":
        raise ValueError(f"an array of dtype {dtype} is not accepted")
    if file.tell() + count * dtype.itemsize != size:
        raise ValueError(f"a header claims shape {shape}, the file holds {size} bytes")
    return np.frombuffer(file.read(), dtype).reshape(shape).copy()
