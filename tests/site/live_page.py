"""A live chapter as a learner uses it: write into cells, run them, read what they show."""

import re
from typing import Any

PATIENCE = 300_000  # ms; everything here is faster, but the machine may have other work
IDLE = """() => [...document.querySelectorAll(".live-cell")]
    .every((cell) => !["running", "waiting"].includes(cell.dataset.live))"""
EXERCISES = """() => {
    const cells = [...document.querySelectorAll(".live-cell")];
    return [...document.querySelectorAll("section[id^=exercise-]")].map((section) => {
        const [stub] = section.querySelectorAll(".live-cell");
        const solution = [...section.querySelectorAll("details")]
            .find((each) => each.querySelector("summary").textContent === "Solution");
        return {
            number: /Exercise ([\\d.]+)/.exec(section.querySelector("h2, h3").textContent)[1],
            stub: cells.indexOf(stub) + 1,
            solution: solution?.querySelector("pre").textContent ?? null,
        };
    });
}"""


class LivePage:
    """A page of the course that has been made live."""

    def __init__(self, page: Any) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE)
        page.emulate_media(reduced_motion="reduce")  # a click misses while the page scrolls
        page.click(".live-start")
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        self.page.wait_for_function("document.querySelector('.live-bar progress').hidden")
        self.page.wait_for_function(
            "/Live|has restarted/.test(document.querySelector('.live-status').textContent)"
        )

    def number_of(self, text: str) -> int:
        """Return the number of the first cell that contains this text."""
        values = self.page.locator(".live-code").evaluate_all("(all) => all.map((a) => a.value)")
        return next(i for i, value in enumerate(values, 1) if text in value)

    def cell(self, number: int) -> Any:
        return self.page.locator(".live-cell").nth(number - 1)

    def code(self, number: int) -> Any:
        return self.cell(number).locator(".live-code")

    def write(self, number: int, text: str) -> None:
        self.code(number).fill(text)

    def ask(self, number: int) -> None:
        self.cell(number).locator(".live-run").click()

    def run(self, number: int) -> str:
        """Run a cell, and those above that it needs; return what it shows."""
        self.ask(number)
        self.wait()
        return self.shown(number)

    def run_all(self) -> None:
        self.page.get_by_role("button", name="Run all").click()
        self.wait()

    def wait(self) -> None:
        """Wait until nothing runs and nothing waits."""
        self.page.wait_for_function(IDLE)

    def shown(self, number: int) -> str:
        output = self.cell(number).locator(".cell_output")
        return str(output.inner_text()).strip() if output.count() else ""

    def is_stale(self, number: int) -> bool:
        return bool(self.cell(number).locator(".live-stale").count())

    def status(self) -> str:
        return str(self.page.inner_text(".live-status"))

    def errors(self) -> list[str]:
        return list(self.page.locator(".live-error").all_inner_texts())

    def exercises(self) -> list[dict[str, Any]]:
        """Return number, the stub's cell and the folded solution of each exercise."""
        return list(self.page.evaluate(EXERCISES))

    def verdicts(self) -> dict[str, str]:
        """Return the first line of each shown verdict, by exercise."""
        texts = self.page.locator(".text_html strong:first-child").all_inner_texts()
        found = (re.match(r"(\d\d\.\d+) .*: (.+)", text) for text in texts)
        return {match[1]: match[2] for match in found if match}

    def ticks(self) -> set[str]:
        """Return the exercises that have a tick in the page's contents."""
        links = self.page.locator(".toc-tree a:has(.live-tick)").all_text_contents()
        return {match[1] for text in links if (match := re.match(r"Exercise ([\d.]+)", text))}

    def menu(self, entry: str) -> None:
        self.page.click(".live-menu summary")
        self.page.get_by_role("button", name=entry).click()
