"""Check the page on Stable-Baselines3: run its blocks with the packages installed.

    .venv/bin/pip install stable-baselines3 pandas
    .venv/bin/python tests/benchmarks/sb3_tools.py

All Python blocks of docs/how-to/stable-baselines3.md run in order, in one namespace and an empty
folder. Prints each block that the tests leave out, with its output, and then whether the page's
table has every argument of SB3's DDPG. Takes about two minutes on one core.
"""

import contextlib
import inspect
import io
import os
import re
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "stable-baselines3.md"
LEFT_OUT = "# not run by the tests: needs stable-baselines3"
PARTS = re.compile(r"^## ([^\n]+)$|^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(code: str, title: str, names: dict[str, object]) -> bool:
    """Run one block; report it if the tests do not run it, or if it failed."""
    said, start, problem = io.StringIO(), time.perf_counter(), ""
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
            exec(compile(code, f"block of {title!r}", "exec"), names)
    except Exception:
        problem = traceback.format_exc()
    if code.startswith(LEFT_OUT) or problem:
        state = "FAILED" if problem else "ran"
        print(f"{state:6} {title}, {time.perf_counter() - start:.1f} s", flush=True)
        printed = said.getvalue().strip().splitlines() + problem.splitlines()
        print("".join(f"       {line}\n" for line in printed), end="")
    return not problem


def missing_arguments(text: str) -> list[str]:
    """Return the arguments of SB3's DDPG that the page does not name."""
    from stable_baselines3 import DDPG

    every = list(inspect.signature(DDPG.__init__).parameters)[1:]
    return [name for name in every if f"`{name}`" not in text]


def main() -> int:
    os.environ.setdefault("MPLBACKEND", "agg")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    text, title = PAGE.read_text(encoding="utf-8"), ""
    names: dict[str, object] = {"__name__": "__main__"}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for heading, code in PARTS.findall(text):
            title = heading or title
            if code and not run(code, title, names):
                return 1
    missing = missing_arguments(text)
    print(f"arguments missing in the page: {', '.join(missing) or 'none'}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
