"""The process that runs a submission's cells: its limits, and its report of what went wrong."""

import errno
import json
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from minddpg.course.grading import kernel, submission

pytest.importorskip("nbformat")


@pytest.fixture
def client(monkeypatch, tmp_path):
    """Replace nbclient's NotebookClient; `replies` end single cells, `error` ends all."""
    made = SimpleNamespace(replies=[], error=None, manager=SimpleNamespace(), folder=tmp_path)
    usage = SimpleNamespace(disk_usage=lambda _: SimpleNamespace(free=made.free))
    monkeypatch.setattr(submission, "shutil", usage)

    def start(book, **options):
        made.sources, made.options = [cell.source for cell in book.cells], options
        return made

    def execute(**options):
        made.started = options
        for text, free, written in made.replies:
            made.free = free
            (made.folder / "log").write_bytes(bytes(written))
            content = {"status": "error", "evalue": text}
            made.options["on_cell_error"](cell=1, cell_index=2, execute_reply={"content": content})
        if made.error:
            raise made.error

    made.create_kernel_manager, made.execute = lambda: made.manager, execute
    monkeypatch.setitem(sys.modules, "nbclient", SimpleNamespace(NotebookClient=start))
    return made


def job(cells=(), handles=()):
    return {"cells": list(cells), "handles": list(handles), "disk": 100, "cell_seconds": 30}


def trouble(folder):
    return kernel._execute(job(), folder)["trouble"]


def test_all_cells_run_in_our_python_in_silence_whatever_fails(client, tmp_path):
    report = kernel._execute(job(["a", "b"], [7]), tmp_path)
    assert report == {"trouble": "", "slow": [], "stuck": [], "shown": []}
    assert client.sources == [kernel.FIRST, "a", "b"]
    assert client.options["kernel_name"] == "python3"
    assert client.options["allow_errors"] is True
    assert client.options["startup_timeout"] >= 3_600
    assert client.options["shutdown_kernel"] == "immediate"
    null = subprocess.DEVNULL
    assert client.started == {"stdout": null, "stderr": null, "pass_fds": [7]}
    message = {"content": {"text": "what a cell shows"}}
    assert client.output("a cell", message, 0) is None


def test_a_cell_that_ignores_its_interrupt_is_killed_and_reported(client, tmp_path, monkeypatch):
    monkeypatch.setattr(kernel, "PATIENCE", -30.0)  # plus 30 s for the cell
    killed = threading.Event()
    client.manager.provisioner = SimpleNamespace(process=SimpleNamespace(kill=killed.set))

    def execute(**_):
        start, end = (client.options[f"on_cell_{name}"] for name in ("execute", "executed"))
        start(cell_index=0)  # ours
        end(cell_index=0)
        start(cell_index=2)
        assert killed.wait(60)
        raise RuntimeError("Kernel died")

    client.execute = execute
    report = kernel._execute(job(["a", "b"]), tmp_path)
    assert report == {"trouble": "", "slow": [1], "stuck": [1], "shown": []}


@pytest.mark.posix
def test_sockets_lie_in_the_folder_unless_its_path_is_too_long(client, tmp_path):
    short = tmp_path.parents[-1]
    trouble(short)
    if sys.platform != "win32":
        assert client.manager.transport == "ipc"
        assert client.manager.connection_file == str(short / "kernel.json")
    client.manager = SimpleNamespace()
    trouble(tmp_path / ("x" * 80))
    assert vars(client.manager) == {}


def test_what_went_wrong_is_named(client, tmp_path):
    full = f"[Errno {errno.ENOSPC}] No space left on device: 'log'"
    large = f"[Errno {errno.EFBIG}] File too large"
    for replies, wanted in (  # of each cell: its error's text, the disk's free bytes, its own bytes
        ([], ""),
        ([(full, 10**9, 0), (large, 10**9, 99)], ""),  # only a text, which any cell can raise
        ([("", 2**20 - 1, 0)], "could not be run: full disk"),
        ([("", 10**9, 100)], "disk limit"),
        ([("1", 10**9, 0), (full, 0, 0), (large, 10**9, 100)], "could not be run: full disk"),
    ):
        client.replies = replies
        assert trouble(tmp_path) == wanted, replies
    client.replies = []
    for error, wanted in (
        (RuntimeError("Kernel died"), "kernel died"),
        (OSError(errno.ENOSPC, "No space left on device"), "could not be run: full disk"),
        (
            OSError(errno.EACCES, "No"),
            f"could not be run: PermissionError: [Errno {errno.EACCES}] No",
        ),
        (ValueError("a\n  b"), "could not be run: ValueError: a b"),
        (ValueError("x" * 500), f"could not be run: ValueError: {'x' * 170}"),
    ):
        client.error = error
        assert trouble(tmp_path) == wanted, error


@pytest.mark.posix
def test_the_sizes_of_files_and_of_memory_are_limited_where_the_system_allows(monkeypatch):
    limits = {}

    def set_limit(kind, pair):
        if kind == "memory" and pair == (5 * 10**9, 5 * 10**9):
            raise ValueError("as macOS does")
        limits[kind] = pair

    resource = SimpleNamespace(
        RLIMIT_CORE="core", RLIMIT_FSIZE="file", RLIMIT_AS="memory", setrlimit=set_limit
    )
    monkeypatch.setitem(sys.modules, "resource", resource)
    kernel._limit(0, 10**6)
    assert limits == {"core": (0, 0), "file": (10**6, 10**6)}
    kernel._limit(5, 10**6)
    assert "memory" not in limits
    kernel._limit(1.5, 10**7)
    assert limits["memory"] == (1_500_000_000, 1_500_000_000)
    assert limits["file"] == (10**7, 10**7)
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setattr(sys, "platform", "win32")
    kernel._limit(1.5, 10**7)


class Ended(BaseException):
    """Raised instead of ending the process."""


@pytest.fixture
def process(monkeypatch):
    """Record what the process would do to itself and to others."""
    done = SimpleNamespace(calls=[], read=None)

    def note(name):
        return lambda *arguments: done.calls.append((name, *arguments))

    def end(code):
        done.calls.append(("exit", code))
        raise Ended

    for name in ("set_mark", "_limit", "_adopt_orphans", "end_family"):
        monkeypatch.setattr(kernel, name, note(name))
    system = {"getpid": lambda: 7, "_exit": end, "read": note("read")}
    monkeypatch.setattr(kernel, "os", SimpleNamespace(**system))
    return done


def test_it_is_marked_and_limited_before_the_cells_run_and_ends_all_afterwards(
    process, tmp_path, monkeypatch, capsys
):
    def execute(*arguments):
        process.calls.append(("execute", *arguments))
        return {"trouble": "disk limit"}

    def thread(target, daemon):
        assert daemon  # it does not keep the process alive
        return SimpleNamespace(start=lambda: process.calls.append(("start", target)))

    monkeypatch.setattr(kernel, "_execute", execute)
    monkeypatch.setattr(kernel, "threading", SimpleNamespace(Thread=thread))
    given = job(["a"], [3]) | {"memory": 4, "disk": 5, "mark": 6}
    (tmp_path / "job.json").write_text(json.dumps(given))
    with pytest.raises(Ended):
        kernel.main(tmp_path / "job.json")
    assert process.calls == [
        ("set_mark", 6),
        ("_limit", 4, 5),
        ("_adopt_orphans",),
        ("start", kernel._end_with_parent),
        ("execute", given, tmp_path),
        ("end_family", 7),
        ("exit", 0),
    ]
    assert json.loads(capsys.readouterr().out) == {"trouble": "disk limit"}


def test_it_ends_itself_and_all_that_it_started_when_its_parent_has_ended(process):
    with pytest.raises(Ended):
        kernel._end_with_parent()  # standard input closes
    assert process.calls == [("read", 0, 1), ("end_family", 7), ("exit", 1)]


@pytest.mark.posix
def test_on_linux_it_becomes_the_parent_of_orphans(monkeypatch):
    given = []
    library = SimpleNamespace(prctl=lambda *arguments: given.append(arguments))
    monkeypatch.setattr(kernel, "ctypes", SimpleNamespace(CDLL=lambda name: library))
    kernel._adopt_orphans()
    assert given == ([(36, 1, 0, 0, 0)] if sys.platform == "linux" else [])
