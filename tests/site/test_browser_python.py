"""Python in a worker of the browser: it starts, and every exercise's check gives its verdict."""

import pytest

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
