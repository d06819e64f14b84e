"""Write files atomically, and read them back without running code from them.

A file may come from an untrusted source. Reading it never blocks, and takes memory only in
proportion to the bytes that the file occupies on the disk.
"""

import errno
import os
import stat
import struct
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

TEMPORARY = ".tmp"  # suffix of a file that is being written
PAUSES = (0.05, 0.1, 0.2, 0.4)  # s between tries to replace a file, on Windows
SMALL = 2**20  # bytes: smaller files may be all holes; a zip's directory must not be larger


def printable(text: object) -> str:
    r"""Escape the characters of a text that cannot be shown on one line, e.g. as `\x1b`.

    A text from a file may contain characters that move a terminal's cursor or cannot be encoded.
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
        if error.errno is None:  # raised by a library, with a message only
            raise OSError(f"{path}: {error}") from error
        raise OSError(error.errno, error.strerror, str(path)) from error


def write_atomically(path: str | Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a complete file or none: `write` fills a temporary file, which then replaces `path`."""
    path = Path(path)
    if path.exists() and not path.is_file():  # a device, e.g. /dev/null, would be replaced
        raise FileExistsError(f"{path} is not a regular file: it cannot be replaced")
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}{TEMPORARY}")
    try:
        with with_path(path):
            with open(temporary, "xb") as file:  # x: a new file, never through a symbolic link
                write(file)
                file.flush()
                os.fsync(file.fileno())
            _replace(temporary, path)
    finally:
        with suppress(PermissionError):  # Windows, open in a virus scanner: the next run removes it
            temporary.unlink(missing_ok=True)


def _replace(temporary: Path, path: Path) -> None:
    """Rename a file, replacing the one that may exist.

    Windows refuses while another program has either file open: a virus scanner for a moment, a
    spreadsheet as long as it shows the file.
    """
    for pause in PAUSES if sys.platform == "win32" else ():
        try:
            return os.replace(temporary, path)
        except PermissionError:
            time.sleep(pause)
    os.replace(temporary, path)


def write_text(path: str | Path, text: str) -> None:
    """Write a text file in UTF-8, atomically."""
    write_atomically(path, lambda file: file.write(text.encode()))


def save_arrays(path: str | Path, **arrays: ArrayLike) -> None:
    """Write named arrays, numbers and texts to an uncompressed .npz, atomically."""
    plain = {name: np.asarray(array, order="C") for name, array in arrays.items()}

    def write(file: IO[bytes]) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            for name, array in plain.items():
                # a ZipInfo made here has no date, so the same arrays give the same bytes
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
        raise CheckpointError(path, f"has no {error}: damaged, or another kind of file") from None
    except RecursionError:
        raise CheckpointError(path, "a text in it is nested too deeply") from None
    except MemoryError:
        raise CheckpointError(path, "it needs more memory than this machine has") from None
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise CheckpointError(path, str(error)) from None


def check_format(arrays: dict[str, Array], format: int) -> None:
    """Refuse arrays that another version of this package wrote.

    Raises:
        ValueError: their format has a different number.
    """
    saved = int(checked(arrays, "format", "iu"))
    if saved != format:
        raise ValueError(f"its format is {saved}, this version reads {format}")


def checked(
    arrays: dict[str, Array],
    name: str,
    kinds: str,
    shape: tuple[int, ...] = (),
    least: float = -np.inf,
    most: float = np.inf,
) -> Array:
    """Return a saved array if its dtype, shape and values are as expected.

    Args:
        kinds: the accepted kinds of dtype, in NumPy's letters: "iu" integers, "iuf" numbers, "U"
            text. An empty array may be of any kind, because an empty list has none.
        shape: -1 stands for any size.
        least, most: the range of accepted numbers.

    Raises:
        KeyError: there is no array of this name.
        ValueError: its kind or shape differs, or it holds NaN, infinity or a number out of range;
            names the array.
    """
    array = arrays[name]
    fits = array.ndim == len(shape) and all(
        wanted in (-1, size) for size, wanted in zip(array.shape, shape, strict=True)
    )
    if not fits or (array.dtype.kind not in kinds and array.size):
        what = {"U": "text", "iu": "integers"}.get(kinds, "numbers")
        sizes = str(shape).replace("-1", "any")
        actual = f"{array.dtype} of shape {array.shape}"
        raise ValueError(f"{name} is {actual}, not {what} of shape {sizes}")
    if array.dtype.kind != "U":
        _refuse_not_finite(name, array)
        for value in array[(array < least) | (array > most)].ravel()[:1]:
            range = f"at least {least:,}" if value < least else f"at most {most:,}"
            raise ValueError(f"{name} {'holds' if shape else 'is'} {value:,}: must be {range}")
    return array


def _refuse_not_finite(name: str, array: Array) -> None:
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds a number that is not finite")


def copy_into(into: dict[str, Array], arrays: dict[str, Array]) -> None:
    """Copy saved numbers into live arrays of the same names, shapes and dtypes.

    Raises:
        KeyError: a name is missing.
        ValueError: a shape or a dtype differs, or a number is not finite; names the array.
    """
    for name, live in into.items():
        saved = arrays[name]
        if (saved.shape, saved.dtype) != (live.shape, live.dtype):
            actual = f"{saved.dtype} of shape {saved.shape}"
            raise ValueError(f"{name} is {actual}, not {live.dtype} of shape {live.shape}")
        _refuse_not_finite(name, saved)
        live[...] = saved


@contextmanager
def open_to_read(path: str | Path) -> Iterator[IO[bytes]]:
    """Open a file for reading.

    Raises:
        CheckpointError: it is missing or cannot be read; it is not a regular file (reading a pipe
            would block, a device may never end); or most of it is holes, which take no space on
            the disk but gigabytes of memory.
    """
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise CheckpointError(path, "a pipe or a device, not a regular file")
            if status.st_size > SMALL:
                on_disk = _bytes_on_disk(file.fileno(), status.st_size)
                if status.st_size > 2 * on_disk:
                    sizes = f"{status.st_size:,} bytes, of which {on_disk:,} are on the disk"
                    raise CheckpointError(path, f"most of it is holes: {sizes}")
            yield file
    except OSError as error:
        raise CheckpointError(path, error.strerror or str(error)) from None
    except MemoryError:
        raise CheckpointError(path, "too large for the memory of this machine") from None


def read_bytes(path: str | Path, limit: int) -> bytes:
    """Read a whole file of at most `limit` bytes.

    Raises:
        CheckpointError: as in open_to_read, or the file is larger.
    """
    with open_to_read(path) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise CheckpointError(path, f"larger than {limit:,} bytes, too large for such a file")
    return content


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # no wait for a pipe's writer


def _bytes_on_disk(descriptor: int, size: int) -> int:
    """Count the bytes of a file outside its holes; all bytes, if the system reports no holes."""
    if sys.platform == "win32" or not hasattr(os, "SEEK_DATA"):
        return size
    count = end = 0
    try:
        while end < size:
            start = os.lseek(descriptor, end, os.SEEK_DATA)
            end = os.lseek(descriptor, start, os.SEEK_HOLE)
            count += end - start
    except OSError as error:
        return count if error.errno == errno.ENXIO else size  # ENXIO: only a hole follows
    finally:
        os.lseek(descriptor, 0, os.SEEK_SET)
    return count


def load_arrays(path: str | Path) -> dict[str, Array]:
    """Read an uncompressed .npz; check each header against the file before taking memory.

    Raises:
        CheckpointError: the file is missing, not such an archive, damaged, or has Python objects.
    """
    try:
        with open_to_read(path) as raw:
            _refuse_large_directory(raw)
            with zipfile.ZipFile(raw) as archive:
                _refuse_gaps(raw, archive)
                return _read_members(archive)
    except CheckpointError:
        raise
    except Exception as error:  # a damaged archive fails in more ways than zipfile documents
        raise CheckpointError(path, f"not a readable .npz file ({error})") from None


def _refuse_large_directory(raw: IO[bytes]) -> None:
    """Refuse a very large directory, because zipfile takes ten times its size in memory."""
    raw.seek(max(raw.seek(0, os.SEEK_END) - 98, 0))
    tail = raw.read()
    if tail[-22:-18] != b"PK\5\6":
        raise ValueError("it does not end like a zip archive")
    (size,) = struct.unpack("<I", tail[-10:-6])
    if tail[-42:-38] == b"PK\6\7":  # beyond 2 GB there is another record
        (size,) = struct.unpack("<Q", tail[-58:-50])
    if size > SMALL:
        raise ValueError(f"its directory has {size:,} bytes, more than {SMALL:,}")


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


def _read_members(archive: zipfile.ZipFile) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    for member in archive.infolist():
        name = member.filename.removesuffix(".npy")
        if name in arrays:
            raise ValueError(f"{name} is in it twice")
        if member.compress_type != zipfile.ZIP_STORED:
            raise ValueError(f"{name} is compressed")
        try:
            with archive.open(member) as file:
                arrays[name] = _read_array(file, member.file_size)
        except Exception as error:  # as in load_arrays
            raise ValueError(f"{name}: {error}") from None
    return arrays


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
    data = file.read()
    if dtype.kind == "U":
        code_points = np.frombuffer(data, np.dtype("u4").newbyteorder(dtype.byteorder))
        if code_points.max(initial=0) > sys.maxunicode:
            raise ValueError("a text has characters that do not exist")
    return np.frombuffer(data, dtype).reshape(shape).copy()
