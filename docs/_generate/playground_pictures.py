"""Take the pictures of the playground for the README and the start page, from the built site.

    .venv/bin/python docs/_generate/playground_pictures.py build/site

Chromium plays the recorded run: docs/images/playground.gif shows it, playground.png its end.
"""

import io
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image
from PIL.Image import open as open_image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve()
IMAGES = HERE.parents[1] / "images"
sys.path.append(str(HERE.parents[2] / "tests/site"))
from check_site import chromium  # noqa: E402

SIZE = {"width": 1180, "height": 800}
WIDTH = 830  # px of the moving picture
FIRST, LAST = 600, 4_400  # steps of training
TICK, SHOWN, HOLD = 160, 90, 2_500  # ms: page time between frames, display time, of the last frame
COLORS = 96


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def picture(page: Page) -> Image.Image:
    """Return a picture of the three panels."""
    box = page.locator(".panels").bounding_box()
    assert box is not None
    with open_image(io.BytesIO(page.screenshot(clip={**box}))) as image:
        return image.convert("RGB")


def step(page: Page) -> int:
    return int(page.inner_text("#step").replace(",", "") or 0)


def moving(page: Page) -> list[Image.Image]:
    """Return pictures of the run while it plays; the page's clock stops between them."""
    taken = []
    while step(page) < LAST:
        page.clock.run_for(TICK)
        if step(page) >= FIRST:
            taken.append(picture(page))
    return taken


def save(pictures: list[Image.Image], path: Path) -> None:
    """Write the animation with the colours of its last frame."""
    small = [image.resize((WIDTH, image.height * WIDTH // image.width)) for image in pictures]
    palette = small[-1].quantize(COLORS, Image.Quantize.MAXCOVERAGE)  # keeps rare colours
    frames = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in small]
    times = [SHOWN] * (len(frames) - 1) + [HOLD]
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=times, loop=0, optimize=True
    )


def main(site: str) -> None:
    handler = partial(Quiet, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium())
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.clock.install(time=0)
        page.clock.pause_at(1)
        page.goto(f"http://127.0.0.1:{server.server_port}/playground/")
        save(moving(page), IMAGES / "playground.gif")
        page.screenshot(path=IMAGES / "playground.png")
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
