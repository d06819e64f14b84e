"""Estimate how long the course's slow cells take in a browser, so that live pages can announce it.

    .venv/bin/python docs/_generate/live_seconds.py

This script runs every cell of the blank notebooks, measures the processor time and multiplies it.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/browser/site/live/seconds.js"
SLOWER = 5  # a browser's Python needs this many times longer for a cell that trains
LEAST = 5  # s in the browser; faster cells are not listed
HEAD = """\
/* Seconds that the course's slow cells take in a browser, by the hash of their text (timing.js).
   Made by docs/_generate/live_seconds.py. */

export const SECONDS = """


def fnv_1a(text: str) -> str:
    """Return the FNV-1a hash of a text as eight hexadecimal digits, like timing.js."""
    value, units = 0x811C9DC5, text.encode("utf-16-le")
    for i in range(0, len(units), 2):
        value = (value ^ int.from_bytes(units[i : i + 2], "little")) * 0x01000193 % 2**32
    return f"{value:08x}"


def sources(notebook: Path) -> list[str]:
    """Return the code cells of a notebook."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def notebooks() -> list[Path]:
    return sorted((ROOT / "tutorials").glob("[0-9][0-9]_*.ipynb"))


def measured(notebook: Path) -> dict[str, int]:
    """Run a notebook's cells; return the seconds of the slow cells by hash."""
    import live

    session, seconds = live.Session(lambda kind, content: None), {}
    for number, source in enumerate(sources(notebook), 1):
        start = time.process_time()
        session.run(source, number, 1.0, "{}")
        needed = SLOWER * (time.process_time() - start)
        if needed >= LEAST:
            seconds[fnv_1a(source)] = round(needed)
    return seconds


def main() -> None:
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    os.environ["MINDDPG_OWN_CODE"] = tempfile.mkdtemp()
    sys.path.insert(0, str(ROOT / "docs/browser/python"))
    import matplotlib

    matplotlib.use("module://live_figures")
    import minddpg.course.checks  # noqa: F401  (a page also imports it before the cells)

    found = {}
    for notebook in notebooks():
        found |= (slow := measured(notebook))
        print(f"{notebook.stem:28} {slow}", flush=True)
    PAGE.write_text(f"{HEAD}{json.dumps(found, indent=2)};\n", encoding="utf-8")


if __name__ == "__main__":
    main()
