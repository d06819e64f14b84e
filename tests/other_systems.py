"""Imitate Windows and macOS on Linux, as far as possible: for tests, and for any Python command.

    .venv/bin/python tests/other_systems.py windows -m minddpg train --steps 2000
    .venv/bin/python tests/other_systems.py macos -m pytest -n 0 tests/training

The process and the Python processes that it starts lack what the other system lacks. The modules of
minddpg see neither those functions nor the name "linux"; other libraries see the real system. File
operations that the other system refuses fail for all code.
"""

import builtins
import errno
import importlib
import os
import queue
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

ENVIRON = "MINDDPG_OTHER_SYSTEM"
PLAYED = os.environ.get(ENVIRON, "")  # by this process
TICK = 1 / 64  # s between two values of these clocks on Windows
CLOCKS = ("monotonic", "process_time", "time")

FOREIGN = {  # modules that the other system lacks
    "windows": {"fcntl", "grp", "pwd", "pty", "resource", "termios", "tty"},
    "macos": set(),
}
MISSING = {  # names that these modules lack there
    "windows": {
        "os": "fork forkpty getpgid getuid geteuid killpg memfd_create mkfifo"
        " register_at_fork sched_getaffinity SEEK_DATA SEEK_HOLE setpgid setpgrp setsid statvfs"
        " sysconf sysconf_names uname wait waitpid WNOHANG",
        "signal": "SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGQUIT SIGTSTP SIGUSR1 SIGUSR2 alarm"
        " pause pthread_kill pthread_sigmask setitimer sigwait",
        "errno": "EDQUOT",
        "time": "tzset",
    },
    "macos": {
        "os": "memfd_create posix_fadvise sched_getaffinity",
        "resource": "prlimit RLIMIT_RTTIME",
    },
}
NAMES = {"windows": "win32", "macos": "darwin"}
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{name}{i}" for name in ("COM", "LPT") for i in "123")}


class Seen:
    """A module as minddpg sees it on the other system; what a test patches stays patched."""

    def __init__(self, module, missing, others):
        real = {name: getattr(module, name, None) for name in {*missing, *others}}
        vars(self).update(_module=module, _missing=missing, _others=others, _real=real)

    def __getattr__(self, name):
        value = getattr(self._module, name, None)
        if value is self._real.get(name, self):  # not patched
            if name in self._others:
                return self._others[name]
            if name in self._missing:
                raise AttributeError(f"module {self._module.__name__!r} has no attribute {name!r}")
        return getattr(self._module, name)

    def __setattr__(self, name, value):
        self._real.setdefault(name, getattr(self._module, name, None))
        ours = name in self._others and value is self._others[name]
        setattr(self._module, name, self._real[name] if ours else value)

    def __delattr__(self, name):  # pytest undoes a patch in this way if the name is not in vars()
        setattr(self._module, name, self._real[name])


def become(system):
    """Let this process run as on the other system from now on."""
    others = {"sys": {"platform": NAMES[system]}}
    if system == "windows":
        coarse = {name: _coarse(getattr(time, name)) for name in CLOCKS}
        others |= {"time": coarse, "os": {"kill": _kill, "name": "nt"}}
        others |= {"signal": {"SIGBREAK": 21}, "queue": {"SimpleQueue": Queue}}
        others |= {"subprocess": {"CREATE_NEW_PROCESS_GROUP": 0}}
        others |= {"ctypes": {"windll": SimpleNamespace(kernel32=Kernel32())}}
    seen = {
        name: Seen(
            importlib.import_module(name),
            set(MISSING[system].get(name, "").split()),
            others.get(name, {}),
        )
        for name in {*MISSING[system], *others} - FOREIGN[system]
    }
    if system == "windows":
        seen["msvcrt"] = SimpleNamespace(locking=_lock, LK_NBLCK=2)
    real_import = builtins.__import__

    def other_import(name, globals=None, locals=None, fromlist=(), level=0):
        importer = (globals or {}).get("__name__") or ""
        if importer.split(".")[0] == "minddpg" and level == 0:
            if name in FOREIGN[system]:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            if name in seen:
                return seen[name]
        return real_import(name, globals, locals, fromlist, level)

    builtins.__import__ = other_import
    if system == "windows":
        sys.addaudithook(_refuse_as_windows)


def _coarse(clock):
    return lambda: clock() // TICK * TICK


def _kill(pid, signum):
    """End a process without notice, like TerminateProcess."""
    os.kill(pid, signal.SIGKILL)


def _lock(descriptor, mode, size):
    import fcntl  # real Windows imports this file too

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise PermissionError(errno.EACCES, "Permission denied") from None


class Kernel32:
    """The part of kernel32.dll that minddpg uses."""

    def SetConsoleCtrlHandler(self, handler, add):
        assert handler is None
        signal.pthread_sigmask(signal.SIG_BLOCK if add else signal.SIG_UNBLOCK, [signal.SIGINT])


class Queue(queue.SimpleQueue):
    """A queue that refuses waits without a limit, which Ctrl-C could not end on Windows."""

    def get(self, block=True, timeout=None):
        assert not block or timeout is not None, "a wait that Ctrl-C does not end"
        return super().get(block, timeout)


def _refuse_as_windows(event, arguments):
    """Refuse the file operations that Windows refuses; an audit hook."""
    if event == "open":
        path, mode, flags = arguments
        if not isinstance(path, (str, bytes)):
            return
        caller = sys._getframe().f_back
        by_us = caller and caller.f_globals.get("__name__", "").startswith("minddpg")
        if mode is None and by_us and os.path.isdir(path):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        if flags & os.O_CREAT or (mode and set(mode) & set("wax")):
            _refuse_name(path)
    elif event == "os.mkdir":
        _refuse_name(arguments[0])
    elif event == "os.rename":
        _refuse_name(arguments[1])
        _refuse_if_open(arguments[0], arguments[2])
        _refuse_if_open(arguments[1], arguments[3])
    elif event == "os.remove":
        _refuse_if_open(*arguments)
    elif event == "os.symlink":
        raise OSError(errno.EINVAL, "A required privilege is not held by the client")


def _refuse_name(path):
    name = os.path.basename(os.fsdecode(path))
    if set(name) & set('<>:"|?*\\') or name.endswith((".", " ")) or min(name, default="a") < " ":
        raise OSError(errno.EINVAL, "The filename, directory name, or syntax is incorrect", path)
    if name.split(".")[0].upper() in RESERVED:
        raise OSError(errno.EINVAL, "The directory name is invalid", path)


def _refuse_if_open(path, dir_fd):
    """Refuse to move, delete or replace an open file, or a folder with one, like Windows."""
    if dir_fd not in (None, -1) or os.path.islink(path) or not os.path.exists(path):
        return
    path = os.path.realpath(os.fsdecode(path))
    for descriptor in os.listdir("/proc/self/fd"):  # only those of this process
        try:
            found = os.readlink(f"/proc/self/fd/{descriptor}")
        except OSError:
            continue
        if found == path or found.startswith(f"{path}/"):
            why = "The process cannot access the file because it is being used"
            raise PermissionError(errno.EACCES, why, path)


def environment(system, folder):
    """Return the environment in which every Python process runs as on the other system.

    Args:
        folder: an empty folder, which this function fills.
    """
    here = Path(__file__).resolve()
    code = f"import other_systems\nother_systems.become({system!r})\n"
    Path(folder, "sitecustomize.py").write_text(code, encoding="utf-8")
    paths = [str(folder), str(here.parent), str(here.parents[1])]
    environ = {**os.environ, ENVIRON: system, "PYTHONPATH": os.pathsep.join(paths)}
    if system == "windows":
        # a file opened without an encoding accepts only ASCII, and the streams one code page
        environ |= {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "cp1252"}
        environ.setdefault("PYTHONUTF8", "0")
    return environ


def main(system, *arguments):
    """Run Python with these arguments on the other system."""
    with tempfile.TemporaryDirectory() as folder:
        environ = environment(system, folder)
        return os.spawnve(os.P_WAIT, sys.executable, [sys.executable, *arguments], environ)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
