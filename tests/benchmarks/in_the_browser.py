"""Measure how long a visitor of the site waits, and how fast Python is in a browser.

    .venv/bin/python tests/benchmarks/in_the_browser.py --repeats 5

This machine serves the built site with the browser's Python, compressed as by a web server. Each
repeat opens it in a browser with an empty cache, and also measures the same work natively.
"""

import argparse
import gzip
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import minddpg
from minddpg.course import checks

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/site"))
from check_site import chromium  # noqa: E402
from live_page import LivePage  # noqa: E402

SITE = ROOT / "build/site"
CHAPTER, EXERCISE = "course/04_backprop.html", "04.3"
STEPS, WATCHED = 4_000, 20  # native training steps; seconds in which the browser's are counted
FIRST_MOVE = """() => new Promise((moved) => {
    let before = null;
    const look = () => {
        const now = document.getElementById("pendulum")?.toDataURL();
        if (before && now !== before && now.length > 2000) return moved(performance.now() / 1000);
        before = now;
        requestAnimationFrame(look);
    };
    look();
})"""
FRAMES = """(seconds) => new Promise((counted) => {
    let frames = 0;
    const begin = performance.now();
    const count = (now) => {
        frames += 1;
        if (now - begin < seconds * 1000) requestAnimationFrame(count);
        else counted(frames / (now - begin) * 1000);
    };
    requestAnimationFrame(count);
})"""
LIVE = """() => document.getElementById("source").textContent.startsWith("live")
    && Number(document.getElementById("step").textContent.replace(/\\D/g, "")) > 0"""


@cache
def compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


class Handler(SimpleHTTPRequestHandler):
    """Serve files compressed, and count the bytes."""

    sent = 0

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content = compressed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        Handler.sent += len(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    for path in SITE.rglob("*"):
        if path.is_file() and path.stat().st_size > 100_000:
            compressed(path)  # starts to listen before any code waits for it
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(SITE))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def step_of(page: Any) -> int:
    return int("".join(filter(str.isdigit, page.inner_text("#step"))))


def playground(page: Any, site: str) -> dict[str, float]:
    Handler.sent = 0
    begin = time.perf_counter()
    page.goto(f"{site}/playground/#go")
    measured = {"playground: something moves, s": page.evaluate(FIRST_MOVE)}
    page.wait_for_function(LIVE)
    measured["playground: trains, s after opening"] = time.perf_counter() - begin
    measured["playground: MB"] = Handler.sent / 1e6
    page.wait_for_function("Number(step.textContent.replace(/\\D/g, '')) > 1500")  # it updates
    first, begin = step_of(page), time.perf_counter()
    measured["playground: frames/s while it trains"] = page.evaluate(FRAMES, WATCHED)
    steps = step_of(page) - first
    measured["playground: steps/s"] = steps / (time.perf_counter() - begin)
    return measured


def chapter(page: Any, site: str) -> dict[str, float]:
    Handler.sent = 0
    page.goto(f"{site}/{CHAPTER}")
    page.wait_for_selector(".live-start")
    begin = time.perf_counter()
    live = LivePage(page)
    live.run(1)
    measured = {"chapter: click to the first cell's end, s": time.perf_counter() - begin}
    measured["chapter: MB"] = Handler.sent / 1e6
    found = next(each for each in live.exercises() if each["number"] == EXERCISE)
    live.write(found["stub"], found["solution"])
    live.run(found["stub"])
    begin = time.perf_counter()
    live.run(found["stub"] + 1)
    measured[f"chapter: verdict of {EXERCISE}, s after the click"] = time.perf_counter() - begin
    assert live.verdicts()[EXERCISE] == "passed"
    return measured


def natively() -> dict[str, float]:
    begin = time.perf_counter()
    config = minddpg.Config(total_steps=STEPS, eval_every=0)
    minddpg.train(config, progress=False)
    measured = {"native: steps/s": (STEPS - config.warmup_steps) / (time.perf_counter() - begin)}
    exercise = checks.EXERCISES[EXERCISE]
    begin = time.perf_counter()
    assert getattr(checks, exercise.check_name)(*exercise.reference)
    measured[f"native: verdict of {EXERCISE}, s"] = time.perf_counter() - begin
    return measured


def table(rounds: Sequence[dict[str, float]]) -> Iterator[str]:
    """Yield a line for each measurement: the median, the lowest and the highest."""
    for name in rounds[0]:
        values = [each[name] for each in rounds]
        middle, low, high = statistics.median(values), min(values), max(values)
        digits = 0 if middle >= 20 else 2
        numbers = f"{middle:9.{digits}f}  ({low:.{digits}f} to {high:.{digits}f})"
        yield f"{name:48} {numbers}"


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="default: %(default)s")
    repeats, rounds = parser.parse_args().repeats, []
    with served() as site, sync_playwright() as playwright, tempfile.TemporaryDirectory():
        browser = playwright.chromium.launch(executable_path=chromium())
        parts: list[Callable[[Any, str], dict[str, float]]] = [playground, chapter]
        for _ in range(repeats):
            measured = natively()
            for part in parts:
                context = browser.new_context()  # an empty cache
                measured |= part(context.new_page(), site)
                context.close()
            rounds.append(measured)
        print(f"{browser.browser_type.name} {browser.version}, {repeats} repeats: median (range)\n")
        print(*table(rounds), sep="\n")


if __name__ == "__main__":
    main()
