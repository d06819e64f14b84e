"""Check that the built site is complete, and can be read anywhere without a network.

    .venv/bin/sphinx-build -W docs build/site
    .venv/bin/python tests/site/check_site.py build/site [--pictures FOLDER]
    .venv/bin/python tests/site/check_site.py --browser   # which one? fails if there is none

Every link and picture must lead to a file of the site, and to an existing anchor if it names one.
Then Chromium opens every page on a phone's and a desktop's screen, light and dark: no request to
another host, no message on the console, every formula drawn, nothing wider than the window.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSERS = ("chromium", "google-chrome", "chromium-browser", "chrome")
WIDTHS = (400, 1400)  # px: a phone, a desktop
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
FORMULAS = """async () => {
    if (!document.querySelector(".math")) return [0, 0, 0];
    await MathJax.startup.promise;
    const count = (what) => document.querySelectorAll(what).length;
    return [count(".math"), count("mjx-container"), count("mjx-merror, [data-mjx-error]")];
}"""
WIDER = """() => {
    const wide = (e) => {
        const box = e.getBoundingClientRect();
        if (box.width === 0 || box.right <= innerWidth + 1) return false;
        for (let up = e.parentElement; up.tagName !== "ARTICLE"; up = up.parentElement)
            if (["auto", "scroll", "hidden"].includes(getComputedStyle(up).overflowX)) return false;
        return true;
    };
    return [...document.querySelectorAll("article *")].filter(wide)
        .filter((e) => e.parentElement.tagName === "ARTICLE" || !wide(e.parentElement))
        .map((e) => e.tagName + ": " + e.textContent.trim().slice(0, 60));
}"""  # wider than the window, and in no scrolling box except the theme's own frame


class Parts(HTMLParser):
    """The addresses in a page, and its anchors."""

    def __init__(self, text: str):
        super().__init__()
        self.links: set[str] = set()
        self.loads: set[str] = set()  # elements for which a browser fetches a file to show the page
        self.anchors: set[str] = {"", "top"}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.anchors |= {named[name] for name in ("id", "name") if name in named}
        if tag == "a":
            self.links.add(named.get("href", ""))
        elif "src" in named or tag == "link":
            self.loads.add(named.get("src") or named.get("href", ""))


def broken_links(site: Path) -> Iterator[str]:
    """Yield each address without a target, and each resource from another host."""
    parts = {page: Parts(page.read_text(encoding="utf-8")) for page in site.rglob("*.html")}
    for page, part in parts.items():
        name = page.relative_to(site)
        for address in sorted(part.links | part.loads):
            url = urlsplit(address)
            if url.scheme == "data" or (url.scheme and address in part.links):
                continue
            if url.scheme or url.netloc:
                yield f"{name} loads {address}"
                continue
            target = (page.parent / unquote(url.path)).resolve() if url.path else page
            if not target.is_file():
                yield f"{name} leads to {address}, which is no file"
            elif target in parts and unquote(url.fragment) not in parts[target].anchors:
                yield f"{name} leads to {address}, which has no such place"


def faults(page: "Page", address: str, picture: Path | None) -> Iterator[str]:
    """Open a page and yield what is wrong with it."""
    said: list[str] = []
    page.on("console", lambda message: said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("requestfailed", lambda request: said.append(f"could not load {request.url}"))
    page.goto(address)
    formulas, drawn, wrong = page.evaluate(FORMULAS)
    if drawn != formulas or wrong:
        yield f"{drawn} of {formulas} formulas are drawn, {wrong} with an error"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            if picture:
                page.screenshot(path=f"{picture}_{width}_{scheme}.png")
        for what in page.evaluate(WIDER):
            yield f"at {width} px too wide: {what}"
    yield from said


def chromium() -> str:
    """Return the path of the first browser that is installed."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    sys.exit(f"no browser: none of {', '.join(BROWSERS)} is on the path")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("site", nargs="?", type=Path, help="folder of the built site")
    what.add_argument("--browser", action="store_true", help="print the browser's path, and end")
    parser.add_argument("--pictures", type=Path, help="folder for a screenshot of each page")
    arguments = parser.parse_args()
    if arguments.browser:
        print(chromium())
        return 0
    site = arguments.site.resolve()
    found = list(broken_links(site))
    pages = sorted(p for p in site.rglob("*.html") if "source" not in p.relative_to(site).parts)
    pages.append(site / "source/minddpg/ddpg/agent.py.html")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        for path in pages:
            name = path.relative_to(site).with_suffix("")
            picture = arguments.pictures and arguments.pictures / "_".join(name.parts)
            page = browser.new_page()
            page.route(lambda url: not url.startswith(site.as_uri()), lambda route: route.abort())
            found += [f"{name}: {fault}" for fault in faults(page, path.as_uri(), picture)]
            page.close()
        browser.close()
    print(*found, sep="\n")
    print(f"{len(pages)} pages read in the browser, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
