"""Change the package line by line, and list the changes that no test notices (needs mutmut).

    python tests/mutate.py training
    python tests/mutate.py training minddpg/training/loop.py --diff

The changes are made in a copy of the tree. The exit code is 1 if the tests notice fewer than 92 %.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENOUGH = 0.92
KEEP = "-otmp_path_retention_policy=failed"  # "none" also removes folders of running tests

# part: the files to change, and the tests that should notice it
LEARNING = "tests/nn tests/ddpg tests/verification/test_properties.py"
# without the tests of the kill matrix, exercises' mutants, precomputed files and TD3
ENGINE = " ".join(f"tests/course/{path.name}" for path in ROOT.glob("tests/course/test_[!kmpt]*"))
PARTS = {
    "nn": ("minddpg/nn/*.py", LEARNING),
    "ddpg": ("minddpg/ddpg/*.py", LEARNING),
    "storage": ("minddpg/storage.py", "tests/test_storage.py tests/training/test_checkpoint.py"),
    "training": ("minddpg/training/*.py", "tests/training tests/cli"),
    "verification": ("minddpg/verification/**/*.py", "tests/verification"),
    "experiments": ("minddpg/experiments/*.py", "tests/experiments tests/cli"),
    "engine": ("minddpg/course/[eg][nr]*/*.py", ENGINE),  # engine, grading
    "cli": ("minddpg/cli/*.py", "tests/cli"),
}

# These tests read the package's code, copy code objects or look at the stack. mutmut's additions
# break them.
CODE_READERS = [
    "tests/cli/test_streams.py::test_every_character_of_the_package_has_a_plain_form",
    "tests/training/test_env_kwargs.py::test_an_evaluation_makes_exactly_the_environment",
    "tests/training/test_saturation.py::test_a_run_warns_once_resumed_or_not",
    "tests/course/test_flags.py::test_a_mistake_follows",
    "tests/course/test_flags.py::test_an_answer_that_was_stopped",
]
SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"  # mutmut's progress, a line for each frame

# Most of their functions run at import. Then a mutant must be there before the import (--fresh).
AT_IMPORT = ["minddpg/ddpg/settings.py", "minddpg/ddpg/presets.py"]
AT_IMPORT += ["minddpg/experiments/baselines.py"]

# A test also counts as a caller of what its child processes call, which they record for mutmut.
CHILD = """
import os
if os.environ.get("MUTANT_UNDER_TEST") == "stats" and "PYTEST_CURRENT_TEST" in os.environ:
    from mutmut.mutation import trampoline
    seen = set()
    def record(name, caller=None):
        if name not in seen:
            seen.add(name)
            with open(os.environ["CALLED"], "a") as file:
                file.write(name + "\\n")
    trampoline.record_trampoline_hit = record
"""
CONFTEST = """
import json, os, pathlib, sys
at_import, cleared = set(), set()
def pytest_collection_finish():
    from mutmut.state import state
    at_import.update(state()._stats)
def pytest_runtest_setup():  # collection called cached functions without the mutant
    if os.getpid() not in cleared:
        cleared.add(os.getpid())
        ours = [m for name, m in list(sys.modules.items()) if name.split(".")[0] == "minddpg"]
        for value in [value for module in ours for value in vars(module).values()]:
            getattr(value, "cache_clear", int)()
@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown():
    from mutmut.state import state
    state()._stats.update(at_import)
    called = pathlib.Path(os.environ["CALLED"])
    if called.exists():
        state()._stats.update(called.read_text().split())
        called.unlink()
failed = pathlib.Path(os.environ["FAILED"])  # mutmut discards what pytest prints
def pytest_runtest_logstart(nodeid):
    if not failed.exists():
        failed.write_text(f"{nodeid} began, and did not end")
def pytest_runtest_logreport(report):
    if report.failed:
        failed.write_text(f"{report.nodeid}\\n{report.longreprtext}")
def pytest_runtest_logfinish(nodeid):
    if failed.exists() and failed.read_text() == f"{nodeid} began, and did not end":
        failed.unlink()
def pytest_collection_modifyitems(items):
    stats = pathlib.Path("mutmut-stats.json")
    seconds = json.loads(stats.read_text())["duration_by_test"] if stats.exists() else {}
    items.sort(key=lambda item: seconds.get(item.nodeid, 0))  # fast tests first
"""
# not the command `mutmut`, because every spawned child would import it; the tests just passed
START = """
from mutmut.__main__ import cli
from mutmut.workers.isolation import ForkServerRunner
ForkServerRunner.run_clean_tests = lambda self, tests: 0
cli()
"""


def copy_tree(folder: Path, mutate: list[str], tests: list[str], slow: bool, fresh: bool) -> None:
    """Copy the tree to a folder, with mutmut's settings."""
    ignore = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info")
    at_root = shutil.ignore_patterns(".*", "build", "runs", "*.egg-info")
    shutil.copytree(
        ROOT,
        folder,
        ignore=lambda at, names: (at_root if at == str(ROOT) else ignore)(at, names),
        dirs_exist_ok=True,
    )
    settings = {
        "source_paths": ["minddpg"],
        "only_mutate": mutate,
        "also_copy": [path.name for path in folder.iterdir() if path.name != "minddpg"],
        "pytest_add_cli_args": [
            "-n0",
            KEEP,
            *["-m", ""][: 2 * slow],
            *(f"--deselect={test}" for test in CODE_READERS),
        ],
        "pytest_add_cli_args_test_selection": tests,
        "process_isolation": "forkserver",  # no test is affected by what others left in the process
        "forkserver_warmup": "none" if fresh else "collect",
        "timeout_constant": 10.0,  # a mutant hangs after 3 × (10 s + the time of its tests)
        "timeout_multiplier": 3.0,
    }
    with open(folder / "pyproject.toml", "a") as file:
        file.write("\n[tool.mutmut]\n")  # JSON's lists, texts and numbers are TOML's
        file.writelines(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())
    with open(folder / "tests" / "conftest.py", "a") as file:
        file.write(CONFTEST)
    for name in ("children", "tmp", "mutants"):  # a path must exist when Python starts
        (folder / name).mkdir()
    (folder / "children" / "sitecustomize.py").write_text(CHILD)


def run(folder: Path, jobs: int, only: str) -> int:
    """Run mutmut in the folder, then stop all processes that it left; return its exit code."""
    more = {
        "PYTHONPATH": f"{folder / 'mutants'}{os.pathsep}{folder / 'children'}",
        "TMPDIR": str(folder / "tmp"),
        "CALLED": str(folder / "called"),
        "FAILED": str(folder / "failed"),
    }
    command = [sys.executable, "-c", START, "run", "--max-children", str(jobs), *only.split()]
    with open(folder / "log", "w+") as log:
        out = None if sys.stdout.isatty() else log  # the progress is for people, not for files
        where = {"cwd": folder, "env": {**os.environ, **more}, "start_new_session": True}
        process = subprocess.Popen(command, stdout=out, stderr=out, **where)
        try:
            code = process.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        log.seek(0)
        lines = [line for line in log if line[0] not in SPINNER]
        if code:
            print("".join(lines)[-5000:], end="")
            failed = folder / "failed"
            print(failed.read_text(encoding="utf-8") if failed.exists() else "")
    return code


def score(folder: Path, is_sample: bool) -> tuple[int, list[str]]:
    """Print the score of each file; return the number of mutants, and the survivors."""
    number, survivors = 0, []
    for meta in sorted((folder / "mutants").rglob("*.py.meta")):
        codes = json.loads(meta.read_text())["exit_code_by_key"]
        if is_sample:
            codes = {name: code for name, code in codes.items() if code is not None}
        # 0: all tests passed; 5, 33: no test calls the function; None: not tried
        lived = [name for name, code in codes.items() if code in (0, 5, 33, None)]
        hung = sum(code in (-24, 24, 36, 152, 255) for code in codes.values())
        if codes:
            share = 1 - len(lived) / len(codes)
            name = meta.relative_to(folder / "mutants").with_suffix("")
            print(f"{share:6.1%} of {len(codes):4} killed, {hung} by hanging: {name}")
        number, survivors = number + len(codes), survivors + lived
    return number, survivors


def changed_lines(name: str) -> str:
    """Return the lines that a mutant removes and adds."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    return "\n".join(x for x in get_diff_for_mutant(name).splitlines()[2:] if x[:1] in "+-")


def main() -> int:
    raw = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("files", nargs="*", metavar="FILE", help="of this part (default: all)")
    parser.add_argument("--tests", nargs="+", metavar="PATH", help="instead of the part's tests")
    parser.add_argument("--slow", action="store_true", help="run slow tests too")
    parser.add_argument("--fresh", action="store_true", help="import anew for each mutant: slower")
    parser.add_argument("--jobs", type=int, default=2, help="mutants at a time (default: 2)")
    parser.add_argument("--only", metavar="NAMES", default="", help="a sample: '*7' is a tenth")
    parser.add_argument("--diff", action="store_true", help="show how each survivor differs")
    arguments = parser.parse_args()
    pattern, tests = PARTS[arguments.part]
    part = {path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)}
    part -= set() if arguments.fresh else set(AT_IMPORT)
    files = {Path(file).as_posix() for file in arguments.files} or part
    if files - part:
        parser.error(f"{', '.join(sorted(files - part))}: not in {arguments.part}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # cleans up
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary).resolve()
        tests = arguments.tests or tests.split()
        copy_tree(folder, sorted(files), tests, arguments.slow, arguments.fresh)
        if code := run(folder, arguments.jobs, arguments.only):
            return code
        number, survivors = score(folder, bool(arguments.only))
        os.chdir(folder)  # where mutmut finds its mutants
        for name in survivors:
            print(f"\n{name}\n{changed_lines(name)}" if arguments.diff else name)
        os.chdir(ROOT)
    print(f"{arguments.part}: {1 - len(survivors) / number:.1%} of {number} mutants killed")
    return int(len(survivors) > (1 - ENOUGH) * number)


if __name__ == "__main__":
    sys.exit(main())
