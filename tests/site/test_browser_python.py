"""Python in a worker of the browser: it starts, and every exercise's check gives its verdict."""

import json
from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "build/site"

pytestmark = pytest.mark.browser

IN_A_WORKER = """async (code) => {
    const start = location.href.replace("pyodide-lock.json", "start.js");
    const script = `import { startPython } from "${start}";
        const python = await startPython([], () => {});
        postMessage(python.runPython(${JSON.stringify(code)}));`;
    const file = new Blob([script], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(file), { type: "module" });
    return await new Promise((said, failed) => {
        worker.onmessage = (message) => said(message.data);
        worker.onerror = (error) => failed(error.message);
    });
}"""


def test_python_starts_in_a_worker(open_page):
    page = open_page("python/pyodide-lock.json")
    code = "import minddpg.ddpg.agent, sys; sys.maxsize"
    assert page.evaluate(IN_A_WORKER, code) == 2**31 - 1


def test_python_can_come_from_the_cdn(browser, site):
    """The test's CDN serves this site's files; a browser must accept them from another origin."""
    lock = json.loads((SITE / "python/pyodide-lock.json").read_text(encoding="utf-8"))
    cdn, asked = f"https://cdn.jsdelivr.net/pyodide/v{lock['info']['version']}/full/", []

    def answer(route):
        asked.append(route.request.url.removeprefix(cdn))
        headers = {"Access-Control-Allow-Origin": "*"}
        route.fulfill(path=SITE / "python/pyodide" / asked[-1], headers=headers)

    context = browser.new_context()
    context.route(f"{cdn}**", answer)
    context.route("**/site.json", lambda route: route.fulfill(json={"selfHosted": False}))
    page = context.new_page()
    page.goto(f"{site}/python/pyodide-lock.json")
    assert page.evaluate(IN_A_WORKER, "import numpy; numpy.__version__")
    context.close()
    numpy = lock["packages"]["numpy"]["file_name"]
    assert sorted(asked) == sorted([*lock["core"], numpy])


EVERY_CHECK = """
import json, time
from minddpg.course import checks

def verdicts():
    for number, exercise in checks.EXERCISES.items():
        asked, check = exercise.handed_out, getattr(checks, exercise.check_name)
        start = time.perf_counter()
        right = check(*asked.reference)
        seconds = time.perf_counter() - start
        mistake, _ = asked.wrong_sources[0]
        wrong = check(*asked.wrong_answer(0))
        yield number, right.passed, mistake.name, wrong.diagnosis, seconds

json.dumps(list(verdicts()))
"""


def test_every_check_passes_a_right_answer_and_names_the_mistake_of_a_wrong_one(open_page):
    page = open_page("python/pyodide-lock.json")
    verdicts = json.loads(page.evaluate(IN_A_WORKER, EVERY_CHECK))
    assert len(verdicts) >= 55
    assert [each for each in verdicts if not each[1] or each[2] != each[3]] == []
