"""Windows and macOS, as far as Linux can play them: for tests, and for any Python command.

    .venv/bin/python tests/other_systems.py windows -m minddpg train --steps 2000
    .venv/bin/python tests/other_systems.py macos -m pytest -n 0 tests/training

The process and the Python processes that it starts lack what the other system lacks. The modules of
minddpg see neither those functions nor the name "linux"; other libraries see the real system. What
the other system's disk refuses, is refused to everybody.
"""

import builtins
import errno
import importlib
import os
import runpy
import sys
import tempfile
from pathlib import Path

ENVIRON = "MINDDPG_OTHER_SYSTEM"
TICK = 1 / 64  # s: between two values of Windows' clocks

FOREIGN = {  # modules that the system does not have
    "windows": {"fcntl", "grp", "pwd", "pty", "resource", "termios", "tty"},
    "macos": set(),
}
MISSING = {  # names that these modules do not have
    "windows": {
        "os": "fork forkpty getpgid getuid geteuid killpg memfd_create mkfifo O_NONBLOCK"
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
PLATFORM = {"windows": "win32", "macos": "darwin"}
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{name}{i}" for name in ("COM", "LPT") for i in "123")}


class Seen:
    """A module as minddpg sees it on the other system; what a test patches stays patched."""

    def __init__(self, module, missing, changed):
        vars(self).update(_module=module, _missing=missing, _changed=changed)

    def __getattr__(self, name):
        if name in self._missing:
            raise AttributeError(f"module {self._module.__name__!r} has no attribute {name!r}")
        value = getattr(self._module, name)
        real, other = self._changed.get(name, (None, None))
        return other if name in self._changed and value is real else value

    def __setattr__(self, name, value):
        setattr(self._module, name, value)

    def __delattr__(self, name):
        delattr(self._module, name)


def become(system):
    """Let the rest of this process run as on the other system."""
    seen = {}
    changed = {"sys": {"platform": PLATFORM[system]}}
    if system == "windows":
        time = importlib.import_module("time")
        changed["time"] = {
            name: _coarse(getattr(time, name)) for name in ("monotonic", "process_time", "time")
        }
        changed["os"] = {"kill": _kill, "name": "nt"}
    for name in {*MISSING[system], *changed}:
        if name in FOREIGN[system]:
            continue
        module = importlib.import_module(name)
        pairs = {n: (getattr(module, n), v) for n, v in changed.get(name, {}).items()}
        seen[name] = Seen(module, set(MISSING[system].get(name, "").split()), pairs)
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
    """End a process without a word to it, as TerminateProcess does."""
    os.kill(pid, 9)


def _refuse_as_windows(event, arguments):
    """Refuse what Windows' disk does; an audit hook."""
    if event == "open":
        path, mode, flags = arguments
        if not isinstance(path, (str, bytes)):
            return
        by_os_open = mode is None
        if by_os_open and os.path.isdir(path) and not flags & os.O_DIRECTORY:
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
    elif event in ("os.symlink", "os.link"):
        raise OSError(errno.EINVAL, "A required privilege is not held by the client")


def _refuse_name(path):
    name = os.path.basename(os.fsdecode(path))
    if set(name) & set('<>:"|?*\\') or name.endswith((".", " ")) or min(name, default="a") < " ":
        raise OSError(errno.EINVAL, "The filename, directory name, or syntax is incorrect", path)
    if name.split(".")[0].upper() in RESERVED:
        raise OSError(errno.EINVAL, "The directory name is invalid", path)


def _refuse_if_open(path, dir_fd):
    """Windows neither deletes nor replaces a file that this process has open."""
    if dir_fd not in (None, -1) or not os.path.isfile(path):
        return
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            found = os.readlink(f"/proc/self/fd/{descriptor}")
        except OSError:
            continue
        if found == os.path.realpath(os.fsdecode(path)):
            why = "The process cannot access the file because it is being used"
            raise PermissionError(errno.EACCES, why, path)


def environment(system, folder):
    """Return the environment in which every Python process runs as on the other system.

    Args:
        folder: an empty one, which this fills.
    """
    here = Path(__file__).resolve()
    code = f"import other_systems\nother_systems.become({system!r})\n"
    Path(folder, "sitecustomize.py").write_text(code, encoding="utf-8")
    paths = [str(folder), str(here.parent), str(here.parents[1])]
    environ = {**os.environ, ENVIRON: system, "PYTHONPATH": os.pathsep.join(paths)}
    if system == "windows":
        # a file that is opened without an encoding takes ASCII alone, and the streams a page of it
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
