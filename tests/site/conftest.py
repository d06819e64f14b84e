"""Fixtures: a browser that can reach only this machine, and a web server for the built site."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build/site"
SUBPATH = "/some/where"  # the site must work at any base address
HOW = "docs/browser/fetch.py, then sphinx-build -W docs build/site"
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


class Handler(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        inside = path.removeprefix(SUBPATH)
        return super().translate_path(inside if inside != path else "/nowhere")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Return the address of the built site, on this machine."""
    if not (SITE / "python/pyodide").is_dir():
        pytest.fail(f"{SITE} is not built, or without the browser's Python: run {HOW}")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(SITE))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{SUBPATH}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from check_site import chromium
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium(), args=[ALONE])


@pytest.fixture
def open_page(browser: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page of the site in a new browser profile.

    A message on the console, an error, or a request to another machine fails the test.
    """
    with _opener(browser, site) as open_one:
        yield open_one


@pytest.fixture(scope="module")
def open_shared_page(browser: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Return the same function, for pages that the tests of a file share."""
    with _opener(browser, site) as open_one:
        yield open_one


@contextmanager
def _opener(browser: Any, site: str) -> Iterator[Callable[..., Any]]:
    contexts: list[Any] = []
    faults: list[str] = []

    def open_one(path: str, context: Any = None, **options: Any) -> Any:
        """Open a page, in the profile of another page if its context is given."""
        if context is None:
            context = browser.new_context(**options)
            context.route("**/favicon.ico", lambda route: route.fulfill(status=204))
            contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("request", lambda request: faults.extend(_abroad(request.url, site)))
        page.goto(f"{site}/{path}")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert faults == []


def _abroad(url: str, site: str) -> Iterator[str]:
    if not url.startswith((site, "data:", "blob:")):
        yield f"a request leaves the site: {url}"
