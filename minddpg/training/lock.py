"""Lock the folder of a run or a study, so that only one process at a time writes it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from weakref import WeakSet

FILE = ".lock"  # Windows cannot lock a folder: there this file in it is locked

if sys.platform == "win32":
    import msvcrt

    def _open(folder: Path) -> int | None:
        return os.open(folder / FILE, os.O_RDWR | os.O_CREAT)

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    try:
        import fcntl
    except ImportError:  # a browser's Python
        fcntl = None  # type: ignore[assignment]

    def _open(folder: Path) -> int | None:
        return os.open(folder, os.O_RDONLY) if fcntl else None

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """Keep other processes from writing a run folder until close(), or until this process ends.

    The operating system releases the lock however the process ends. Where a folder cannot be
    locked, as on some network disks and in a browser, this does nothing.

    Raises:
        FileExistsError: another process has the lock.
    """

    def __init__(self, run_dir: Path):
        self.process = os.getpid()
        # Either path may stop leading to the folder: an environment may change the working
        # directory, and a person may rename it.
        self.run_dir, self.absolute = run_dir, run_dir.absolute()
        self.descriptor = _open(run_dir)
        if self.descriptor is None:
            return
        try:
            _lock(self.descriptor)
        except (BlockingIOError, PermissionError):  # the latter on Windows
            self.close()
            why = "another process is writing this run; wait until it ends, or stop it"
            raise FileExistsError(f"{run_dir}: {why}") from None
        except OSError:  # a network disk without locks
            pass
        # false on a disk without inode numbers; and on Windows, where a file in the folder is
        # locked: the folder of an open file cannot be renamed
        self.numbered = self._leads_here(run_dir)
        _locks.add(self)

    def folder(self) -> Path:
        """Return a path of the locked folder.

        Raises:
            FileNotFoundError: it was moved, so that another run may be writing in its place.
            PermissionError: this process was forked from the one that has the lock.
        """
        if os.getpid() != self.process:
            raise PermissionError(
                f"{self.run_dir}: a process that the environment forked must not write it: end"
                " that process by os._exit(0) in the environment"
            )
        if self.descriptor is None or not self.numbered:
            return self.absolute
        for path in (self.run_dir, self.absolute):
            if self._leads_here(path):
                return path
        raise FileNotFoundError(
            f"{self.run_dir} was renamed, replaced or removed while this run was writing it, so"
            " the run stops; its last checkpoint is in the folder that had this name: continue with"
            " minddpg resume and the folder's new name"
        )

    def _leads_here(self, path: Path) -> bool:
        try:
            return os.path.samestat(os.stat(path), os.fstat(self.descriptor or 0))
        except OSError:
            return False

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """Yield the folder for one write; if that fails because the folder was moved, say so."""
        path = self.folder()
        try:
            yield path
        except OSError:
            self.folder()
            raise

    def close(self) -> None:
        """Release the lock."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            if sys.platform == "win32":
                with suppress(OSError):  # another process has just taken the lock
                    (self.absolute / FILE).unlink()
        self.descriptor = None


_locks: WeakSet[Lock] = WeakSet()  # of this process


def _close_locks() -> None:
    for lock in list(_locks):
        lock.close()


if hasattr(os, "register_at_fork"):
    # Otherwise a process that an environment forks would hold the lock until it ends.
    os.register_at_fork(after_in_child=_close_locks)
