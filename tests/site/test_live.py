"""Live chapters: a page's cells can be edited, and run in the browser's own Python."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from check_site import WIDER
from live_page import LivePage

from minddpg.course.grading import submission

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
BACKPROP = "course/04_backprop.html"
WRONG_RELU = """def relu_forward(z):
    return np.maximum(z, 0), z


def relu_backward(grad_y, cache):
    return grad_y
"""
NO_OVERFLOW = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture(scope="module")
def live(open_shared_page: Callable[..., Any]) -> LivePage:
    """Return the live chapter 04. The tests share it, so each restores the cells."""
    return LivePage(open_shared_page(BACKPROP))


@pytest.fixture(autouse=True)
def _as_the_page_has_it(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "live" in request.fixturenames:
        page = request.getfixturevalue("live").page
        page.evaluate(
            "document.querySelectorAll('.live-reset').forEach((button) => button.click())"
        )


def exercise(live: LivePage, number: str) -> tuple[int, int, str]:
    """Return the cell of the stub, the cell of the check, and the solution."""
    found = next(each for each in live.exercises() if each["number"] == number)
    return found["stub"], found["stub"] + 1, found["solution"]


def test_nothing_is_loaded_before_the_click(open_page):
    asked = []
    page = open_page("python/site.json")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page.url.replace("python/site.json", BACKPROP))
    page.wait_for_selector(".live-start")
    page.wait_for_timeout(300)
    asked = [url for url in asked if not url.endswith("/cdn.js")]  # the offer names the server
    assert [url for url in asked if "/python/" in url or "chapter.js" in url] == []
    assert "20 MB" in page.inner_text(".live-bar")


def test_from_a_file_the_page_is_silent(browser):
    page, said, asked = browser.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((ROOT / "build/site" / BACKPROP).as_uri())
    page.wait_for_timeout(300)
    assert said == []
    assert page.locator(".live-bar").count() == 0
    assert [url for url in asked if url.endswith("/live/live.js")] == []
    page.close()


def test_going_live_moves_nothing(open_page):
    page = open_page(BACKPROP)
    page.wait_for_selector(".live-start")
    measure = """() => [...document.querySelectorAll(".cell_input")].map((input) => {
        const first = input.querySelector("pre").getBoundingClientRect();
        const box = input.getBoundingClientRect();
        return [box.height, box.width, first.top - box.top, first.left - box.left];
    })"""
    before = page.evaluate(measure)
    page.click(".live-start")
    page.wait_for_selector(".live-code")
    assert page.evaluate(measure) == before
    exact = """() => [...document.querySelectorAll(".live-code")].every((area) => {
        const pre = area.parentElement.querySelector("pre");
        const a = getComputedStyle(area), p = getComputedStyle(pre);
        const same = ["fontFamily", "fontSize", "lineHeight", "paddingTop", "paddingLeft"];
        const fits = area.scrollHeight <= area.clientHeight && area.scrollWidth <= area.clientWidth;
        return fits && same.every((name) => a[name] === p[name]);
    })"""
    assert page.evaluate(exact)


def test_a_line_of_code_fits_its_box(open_page):
    page = open_page("course/06_policy_gradient.html")
    cut = """() => [...document.querySelectorAll(".cell_input .highlight, .cell_input pre")]
        .filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.textContent)"""
    for width in (1000, 1200, 1400):  # px
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(cut) == [], width


def test_a_slow_cell_says_so_before_it_runs(open_page):
    page = open_page("course/10_your_ddpg.html")
    page.click(".live-start")
    page.wait_for_selector(".live-run")
    notes = page.locator(".live-note").all_text_contents()
    assert any(note.startswith("about") for note in notes)


def test_typing_changes_no_colours(open_page):
    page = open_page(BACKPROP)
    page.wait_for_selector(".live-start")
    changed = """async () => {
        const { highlighted } = await import("../live/highlight.js");
        const colours = (pre) => {
            const found = [], walk = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const style = getComputedStyle(walk.currentNode.parentElement);
                const name = style.color + style.fontWeight + style.fontStyle;
                for (const letter of walk.currentNode.data) found.push(letter + name);
            }
            return found.filter((each) => each[0].trim());
        };
        const pres = document.querySelectorAll(".cell_input pre, .highlight-python pre");
        return [...pres].map((pre) => {
            const before = colours(pre);
            pre.replaceChildren(highlighted(pre.textContent));
            const after = colours(pre);
            return before.filter((each, i) => each !== after[i]).length;
        });
    }"""
    counts = page.evaluate(changed)
    assert len(counts) > 20
    assert set(counts) == {0}


def test_a_blank_chapter_runs_whole(live):
    live.run_all()
    assert live.errors() == []
    assert set(live.verdicts().values()) == {"still to do"}
    assert set(live.verdicts()) == {each["number"] for each in live.exercises()}
    images = live.page.locator(".cell_output img").evaluate_all(
        "(all) => all.map((each) => [each.src.slice(0, 22), each.naturalWidth > 100])"
    )
    assert images
    assert all(image == ["data:image/png;base64,", True] for image in images)


def test_a_wrong_answer_is_told_which_mistake_it_is(live):
    stub, check, _ = exercise(live, "04.2")
    live.write(stub, WRONG_RELU)
    shown = live.run(check)
    assert "04.2 ReLU: not yet" in shown
    assert "diagnosis:" in shown
    assert "unknown" not in shown


def test_an_answer_that_passes_gets_a_tick_that_stays_while_it_is_kept(live):
    stub, check, solution = exercise(live, "04.2")
    live.write(stub, solution)
    assert "passed" in live.run(check)
    assert live.ticks() == {"04.2"}
    assert "1 of 6" in live.page.locator(".sidebar-tree .current-page").last.inner_text()
    heading = live.page.locator("h3:has-text('Exercise 04.2')")
    assert "passed" in heading.text_content()
    live.write(stub, WRONG_RELU)
    assert "not yet" in live.run(check)
    assert live.status() == "04.2: not yet. Your answer that passed before is still kept."
    assert live.ticks() == {"04.2"}
    live.write(check, "from minddpg.course.own_code import yours\n_ = yours('04.2')")
    assert "your code" in live.run(check)  # as the tick says
    live.write(
        stub, "def relu_forward(z):\n    return missing(z)\n\n\nrelu_backward = relu_forward"
    )
    live.cell(check).get_by_role("button", name="Reset").click()
    live.run(check)
    assert "04.2: your code stopped with an error." in live.status()


def test_checks_of_other_chapters_give_no_tick(live):
    code = "from minddpg.course import checks\nasked = checks.EXERCISES['05.3']\n"
    live.write(1, code + "getattr(checks, asked.check_name)(*asked.reference)")
    assert "05.3" in live.run(1)
    assert live.page.evaluate("localStorage.getItem('minddpg:passed:05.3')") is None


def test_answers_that_passed_serve_other_pages(live, open_shared_page):
    stub, check, solution = exercise(live, "04.2")
    live.write(stub, solution)
    assert "passed" in live.run(check)
    page = open_shared_page("course/05_critic.html", context=live.page.context)
    page.wait_for_selector(".live-start")
    assert "1 of 6" in page.inner_text(".sidebar-tree")  # without Python
    other = LivePage(page)
    other.write(1, 'from minddpg.course.own_code import yours\nyours("04.2")\nyours("04.3")')
    shown = other.run(1)
    assert "04.2 relu_forward, relu_backward: your code" in shown
    assert "04.3 tanh_forward, tanh_backward: the package's code" in shown
    stub, check, solution = exercise(live, "04.3")
    live.write(stub, solution)
    live.run(check)
    assert "04.3 tanh_forward, tanh_backward: your code" in other.run(1)  # saved in the meantime
    page.on("dialog", lambda dialog: dialog.accept())
    other.menu("Forget my answers")
    other.write(1, 'from minddpg.course.own_code import yours\nyours("04.2")')
    assert "the package's code" in other.run(1)
    page.close()
    assert live.ticks() == set()


def test_what_stands_above_and_has_changed_runs_first(live):
    live.write(1, "import numpy as np\na = 1\nprint('first', a)")
    live.write(2, "b = a + 1\nprint('second', b)")
    live.write(3, "c = 5\nprint('third', c)")
    live.write(4, "print('fourth', b + c)")
    assert live.run(4) == "fourth 7"
    assert [live.shown(i) for i in (1, 2, 3)] == ["first 1", "second 2", "third 5"]
    live.write(1, "import numpy as np\na = 10\nprint('first', a)")
    assert [live.is_stale(i) for i in (1, 2, 3, 4)] == [True, True, False, True]
    assert live.run(2) == "second 11"
    assert [live.is_stale(i) for i in (1, 2, 3, 4)] == [False, False, False, True]
    assert live.run(4) == "fourth 16"
    live.write(1, "import numpy as np\na = 20\nprint('first', a)")
    live.write(1, "import numpy as np\na = 10\nprint('first', a)")  # and back
    assert not live.is_stale(4)


def test_an_exercise_of_functions_runs_without_the_other_cells_above(live):
    stub, check, solution = exercise(live, "04.2")

    def ran() -> list[int]:
        read = "(all) => all.map((cell) => cell.dataset.live)"
        states = live.page.locator(".live-cell").evaluate_all(read)
        return [i for i, state in enumerate(states, 1) if state == "ran"]

    for text, cells in (
        ("import numpy as np\n" + solution, [stub, check]),
        (solution, [1, stub, check]),  # the first cell imports NumPy
        (f"SLOPE = 1\n{solution}".replace("(z)", "(z, slope=SLOPE)", 1), [1, stub, check]),
        (f"rate\n{solution}", list(range(1, check + 1))),  # a value, which cells may change
    ):
        live.menu("Restart Python")
        live.wait_until_ready()
        live.write(2, "rate = 3")
        live.write(stub, text)
        assert "passed" in live.run(check), text
        assert ran() == cells, text
    live.write(stub, "def relu_forward(z:")
    live.write(2, "print(4)")
    live.run(check)
    assert live.status().startswith(f"Cell {stub} stopped with an error")
    assert live.shown(2) == ""  # it comes before all else


def test_a_cell_says_what_runs_before_it(live):
    live.write(1, "import time\ntime.sleep(1)")
    live.ask(2)
    live.page.wait_for_selector(".live-cell[data-live=running]")
    assert live.status() == "Cell 2 runs after 1 cell above. Running cell 1 …"
    assert live.cell(2).locator(".live-note").inner_text() == "after 1 cell above"
    live.wait()


def test_after_a_check_the_verdict_is_in_view(live):
    stub, check, _ = exercise(live, "04.2")
    page, before = live.page, live.page.viewport_size
    live.write(stub, WRONG_RELU + "\n" * 20)
    live.run(check)
    in_view = """(cell) => {
        const { top, bottom } = cell.querySelector(".cell_output").getBoundingClientRect();
        return top > 0 && (bottom <= innerHeight + 1 || top < innerHeight / 2);
    }"""
    for width, height in ((1400, 900), (1000, 700)):
        page.set_viewport_size({"width": width, "height": height})
        live.write(stub, WRONG_RELU + "\n" * (20 + height % 7))
        live.code(stub).press("Shift+Enter")
        live.code(check).press("Shift+Enter")
        live.wait()
        assert "not yet" in live.status()
        cell = live.cell(check).element_handle()
        page.wait_for_function(in_view, arg=cell, timeout=20_000)  # the page scrolls smoothly
        assert page.evaluate("document.activeElement.ariaLabel") == f"Code of cell {check + 1}"
    page.set_viewport_size(before)


def test_of_two_cells_that_bind_one_name_the_nearest_above_counts(live):
    live.write(1, "K = 1")
    live.write(2, "K = 50")
    live.write(3, "print(K)")
    live.write(4, "K = 3")
    live.write(5, "print(K)")
    assert live.run(5) == "3"
    live.write(1, "K = 7")
    assert live.run(3) == "50"
    live.write(3, "print(K + 1)")
    assert live.run(3) == "51"
    assert live.run(5) == "3"


def test_a_run_of_all_says_that_all_have_run_and_python_can_start_anew(live):
    for number in range(1, len(live.page.query_selector_all(".live-cell")) + 1):
        live.write(number, f"print({number})")
    live.run_all()
    assert live.status() == "All cells have run."
    live.run(2)
    assert live.status() == "Cell 2 has run."
    live.menu("Restart Python")
    live.wait_until_ready()
    assert live.is_stale(2)
    assert live.page.evaluate("document.activeElement !== document.body")


def test_an_error_names_the_learners_own_line_and_stops_what_is_below(live):
    live.write(1, "def half(x):\n    y = x / 0\n    return y\n")
    live.write(2, "half(3)")
    live.write(5, "print('below')")
    assert "below" not in live.run(5)
    shown = live.shown(2)
    assert "cell 2, line 1" in shown
    assert "cell 1, line 2 in half" in shown
    assert "y = x / 0" in shown
    assert "ZeroDivisionError: division by zero" in shown
    assert "live.py" not in shown
    assert "pyodide" not in shown
    assert "Cell 2 stopped with an error" in live.status()
    assert "cell 5 was not run" in live.status()
    mark = live.cell(1).locator(".live-mark")
    assert mark.is_visible()
    line = mark.evaluate("(m) => Math.round(m.offsetTop / m.offsetHeight + 0.5)")
    assert line == 2
    assert live.cell(1).locator(".live-editor").evaluate("(e) => e.scrollWidth <= e.clientWidth")
    live.page.get_by_role("button", name="Run cell 5 anyway").click()
    live.wait()
    assert live.shown(5) == "below"
    live.write(1, "a = (1,\n")
    assert "SyntaxError: '(' was never closed" in live.run(1)
    live.write(1, "%pip install anything")
    assert "commands of Jupyter" in live.run(1)


def test_text_arrives_while_a_cell_runs(live):
    long = "import time, sys\nprint('begun')\nsys.stderr.write('10 %\\r90 %\\r')\nwhile True: pass"
    live.write(1, long)
    live.ask(1)
    live.page.wait_for_function("document.querySelector('.live-stderr')")
    assert "begun" in live.shown(1)
    assert "90 %" in live.shown(1)
    assert "10 %" not in live.shown(1)
    assert live.cell(1).get_attribute("data-live") == "running"
    live.ask(2)
    live.page.get_by_role("button", name="Stop").click()
    live.wait()
    live.wait_until_ready()
    assert live.is_stale(1)
    live.write(1, "print('again')")
    assert live.run(1) == "again"
    live.write(1, "for i in range(200_000): print(i)")
    shown = live.run(1)
    assert "characters are left out" in shown
    assert len(shown) < 50_000
    assert shown.startswith("0\n1\n")
    assert shown.rstrip().endswith("199999")


def test_editing_while_a_cell_runs_makes_it_count_as_changed(live):
    live.write(1, "import time\ntime.sleep(1)\nprint('old')")
    live.ask(2)
    live.page.wait_for_selector(".live-cell[data-live=running]")
    live.write(1, "print('new')")
    live.wait()
    assert live.shown(1) == "old"
    assert live.is_stale(1)
    live.run(2)
    assert live.shown(1) == "new"


def test_keys_write_python(live):
    code = live.code(1)
    code.fill("")
    keys = live.page.keyboard
    keys.type("def f(x):")
    keys.press("Enter")
    keys.type("return x")
    keys.press("Enter")
    keys.press("Shift+Tab")
    keys.type("f(3)")
    assert code.input_value() == "def f(x):\n    return x\nf(3)"
    coloured = live.cell(1).locator(".live-editor pre")
    assert coloured.text_content() == code.input_value() + "\n"
    assert coloured.locator(".k").all_text_contents() == ["def", "return"]
    assert coloured.locator(".nf").all_text_contents() == ["f"]
    keys.press("Home")
    keys.press("Tab")
    assert code.input_value().endswith("\n    f(3)")
    keys.press("Control+Z")
    assert code.input_value().endswith("\nf(3)")
    keys.press("Shift+Enter")
    live.wait()
    assert live.shown(1) == "3"
    focused = "document.activeElement.getAttribute('aria-label')"
    assert live.page.evaluate(focused) == "Code of cell 2"
    keys.press("Escape")
    keys.press("Tab")
    assert live.page.evaluate(focused) != "Code of cell 2"
    code.focus()
    keys.press("Control+Enter")
    live.wait()
    assert live.page.evaluate(focused) == "Code of cell 1"


def test_the_open_menu_is_above_everything_else(live):
    page = live.page
    for way in (2_000, -300):  # scrolling up shows the theme's Back to top
        page.mouse.wheel(0, way)
        page.wait_for_timeout(300)
    assert page.is_visible(".back-to-top")
    page.click(".live-menu summary")
    hidden = """() => [...document.querySelectorAll(".live-menu > div button")].filter((button) => {
        const { left, right, top, bottom } = button.getBoundingClientRect();
        return [left + 3, (left + right) / 2, right - 3].some(
            (x) => document.elementFromPoint(x, (top + bottom) / 2) !== button);
    }).map((button) => button.textContent)"""
    for width in (1280, 1200, 1000, 800):
        page.set_viewport_size({"width": width, "height": 720})
        assert page.evaluate(hidden) == [], width
    page.set_viewport_size({"width": 1280, "height": 720})
    page.click(".live-menu summary")


def test_reset_brings_back_the_pages_text_and_can_be_undone(live):
    original = live.code(1).input_value()
    live.write(1, "changed = 1")
    live.cell(1).get_by_role("button", name="Reset cell 1").click()
    assert live.code(1).input_value() == original
    live.code(1).focus()
    live.page.keyboard.press("Control+Z")
    assert live.code(1).input_value() == "changed = 1"
    live.page.once("dialog", lambda dialog: dialog.accept())
    live.menu("Reset page")
    assert live.code(1).input_value() == original


def test_edits_survive_a_reload_and_a_changed_chapter(open_page):
    page = open_page(BACKPROP)
    page.click(".live-start")
    page.locator(".live-code").first.fill("mine = 1")
    page.locator(".live-code").nth(2).fill("moved = 2")
    page.reload()
    page.wait_for_selector(".live-start")
    assert "2 cells" in page.inner_text(".live-bar")
    change = """() => {  // as if the chapter had been changed since
        document.querySelector(".cell_input pre").append("# a new line\\n");
        const [, , third, fourth] = document.querySelectorAll("div.cell[id]");
        [third.id, fourth.id] = [fourth.id, third.id];
    }"""
    page.evaluate(change)
    page.click(".live-start")
    page.wait_for_selector(".live-code")
    values = page.locator(".live-code").evaluate_all("(all) => all.map((each) => each.value)")
    assert values[0] == "mine = 1"
    assert values[2] == "moved = 2"
    assert "moved" not in values[3]
    assert "has changed since" in page.locator(".live-warning").first.inner_text()


def test_full_storage_is_said_and_stops_nothing(open_page):
    page = open_page(BACKPROP)
    page.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full'); }; }"
    )
    page.click(".live-start")
    page.locator(".live-code").first.fill("mine = 1")
    page.wait_for_selector(".live-trouble button")
    assert "store nothing" in page.inner_text(".live-trouble")
    assert page.locator(".live-code").first.input_value() == "mine = 1"
    told = """async () => {
        const { answersSince, keepAnswers } = await import("../live/answers.js");
        keepAnswers({ "04_1.py": "new" });
        return [answersSince({ "04_1.py": "new" }), answersSince({})];
    }"""
    assert page.evaluate(told) == [{}, {"04_1.py": "new"}]


def test_after_a_reload_what_stands_below_a_changed_cell_is_grey(open_page):
    page = open_page(BACKPROP)
    page.click(".live-start")
    page.locator(".live-code").nth(2).fill("mine = 1")
    page.reload()
    page.click(".live-start")
    page.wait_for_selector(".live-code")
    grey = """() => [...document.querySelectorAll(".live-cell")].flatMap((cell, i) =>
        cell.querySelector(".cell_output") ? [[i, !!cell.querySelector(".live-stale")]] : [])"""
    shown = page.evaluate(grey)
    assert len(shown) > 5
    assert [i for i, is_grey in shown if is_grey != (i >= 2)] == []
    assert page.evaluate("document.activeElement.textContent") == "▶ Run all"


def test_two_tabs_of_a_chapter_take_nothing_from_each_other(open_page):
    first = open_page(BACKPROP)
    second = open_page(BACKPROP, context=first.context)
    for page in (first, second):
        page.click(".live-start")
        page.wait_for_selector(".live-code")
    has = "([i, text]) => document.querySelectorAll('.live-code')[i].value === text"
    first.locator(".live-code").nth(0).fill("first = 1")
    second.wait_for_function(has, arg=[0, "first = 1"])
    second.locator(".live-code").nth(0).fill("second = 2")
    warning = first.locator(".live-warning").first
    warning.get_by_text("Another tab has changed cell 1 too").wait_for()
    assert first.locator(".live-code").nth(0).input_value() == "first = 1"
    first.locator(".live-code").nth(0).fill("second = 2")
    first.locator(".live-code").nth(1).fill("third = 3")
    second.wait_for_function(has, arg=[1, "third = 3"])
    assert second.locator(".live-warning:visible").count() == 0


def test_a_long_text_is_drawn_once(open_page):
    page = open_page(BACKPROP)
    page.wait_for_selector(".live-start")
    draws = r"""async () => {
        const { Editor } = await import("../live/editor.js");
        const editor = new Editor(document.querySelector(".cell_input pre"), "Code");
        let count = 0;
        editor.onChange = () => { count += 1; };
        editor.replaceAll("a = 1\n".repeat(300));
        const text = editor.text;
        editor.area.select();
        editor.press(new KeyboardEvent("keydown", { key: "Tab" }));
        return [count, text.length, editor.text.startsWith("    a = 1\n    a")];
    }"""
    assert page.evaluate(draws) == [2, 1800, True]


def test_damaged_notebooks_are_refused_and_long_times_kept(open_page):
    page = open_page(BACKPROP)
    refuse = """async (cells) => {
        const { imported } = await import("../live/notebook.js");
        const about = { metadata: { minddpg: { chapter: "04" } } };
        try {
            imported(JSON.stringify({ ...about, cells }), "04", []);
            return "";
        } catch (error) {
            return error.message;
        }
    }"""
    for cell in (None, {"cell_type": "code"}, {"cell_type": "code", "source": 5}, 3):
        assert "is damaged" in page.evaluate(refuse, [cell]), cell
    times = """async () => {
        const { expectedSeconds, noteSeconds } = await import("../live/timing.js");
        const { forgetEverything } = await import("../live/answers.js");
        noteSeconds("a", 40);
        noteSeconds("a", 3);
        const kept = expectedSeconds("a");
        forgetEverything();
        return [kept, expectedSeconds("a")];
    }"""
    assert page.evaluate(times) == [40, None]


def test_many_outputs_are_cut_and_a_refusal_goes_when_a_run_goes_well(live, tmp_path):
    other = tmp_path / "other.ipynb"
    other.write_text("no notebook")
    live.page.locator("input[type=file]").set_input_files(other)
    live.page.wait_for_selector(".live-trouble button")
    live.write(1, "for i in range(150): display(i)")
    shown = live.run(1)
    assert "99" in shown
    assert "120" not in shown
    assert "the rest is left out" in shown
    assert live.page.locator(".live-trouble button").count() == 0


def test_the_exported_notebook_can_be_graded_and_imported(live, tmp_path):
    stub, _, solution = exercise(live, "04.2")
    live.write(stub, solution)
    live.write(1, "# a comment\n" + live.code(1).input_value())
    with live.page.expect_download() as waiting:
        live.menu("Export notebook")
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "04_backprop.ipynb"
    written, committed = (
        json.loads(each.read_text(encoding="utf-8"))
        for each in (path, ROOT / "tutorials" / path.name)
    )
    assert written["metadata"] == committed["metadata"]
    assert [c["id"] for c in written["cells"]] == [c["id"] for c in committed["cells"]]
    read = submission.read(path)
    assert read.chapter == "04"
    assert solution.strip() in [cell.strip() for cell in read.cells]
    assert _as_nbformat_has_it(written)

    live.write(stub, "forgotten")
    added = {"cell_type": "code", "id": "mine", "metadata": {}, "source": "extra = 1"}
    written["cells"].insert(2, {**added, "outputs": [], "execution_count": None})
    path.write_text(json.dumps(written), encoding="utf-8")
    chosen = live.page.locator("input[type=file]")
    chosen.set_input_files(path)
    live.page.wait_for_function(
        "/Run all to check/.test(document.querySelector('.live-status').textContent)"
    )
    assert live.code(stub).input_value().strip() == solution.strip()
    assert live.code(1).input_value().endswith("\n\nextra = 1")
    for name, content, told in (
        ("05_critic.ipynb", {"chapter": "05"}, "chapter 05, and this page is chapter 04"),
        ("other.ipynb", None, "not one of the course's chapters"),
    ):
        written["metadata"]["minddpg"] = content
        other = tmp_path / name
        other.write_text(json.dumps(written), encoding="utf-8")
        chosen.set_input_files(other)
        live.page.get_by_text(told).wait_for()
    other.write_text("no notebook")
    chosen.set_input_files(other)
    live.page.wait_for_function(
        "/not a notebook/.test(document.querySelector('.live-trouble').textContent)"
    )
    live.page.locator(".live-trouble button").click()


def _as_nbformat_has_it(book: Any) -> bool:
    import nbformat

    nbformat.validate(book)
    return True


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_live_page_fits_a_phone(live, scheme):
    page = live.page
    before = page.viewport_size
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 400, "height": 800})
    live.write(1, "print('x' * 300)\n" + "y = " + " + ".join(["1"] * 100))
    live.run(1)
    assert page.evaluate(WIDER) == []
    assert page.evaluate(NO_OVERFLOW)
    live.cell(4).scroll_into_view_if_needed()
    assert page.locator(".live-bar").is_visible()
    assert page.locator(".live-bar").evaluate("(bar) => bar.getBoundingClientRect().top >= 0")
    scrolled = """(cell) => {
        const box = cell.querySelector(".live-editor");
        box.scrollLeft = 200;
        const left = (what) => box.querySelector(what).getBoundingClientRect().left;
        return [box.scrollLeft, left("pre") - left("textarea")];
    }"""
    assert live.cell(1).evaluate(scrolled) == [200, 0]  # together
    page.set_viewport_size(before)
    page.emulate_media(color_scheme=None)


def test_chapter_06_runs_blank_and_with_its_own_solutions(open_page):
    live = LivePage(open_page("course/06_policy_gradient.html"))
    live.run_all()
    assert live.errors() == []
    assert set(live.verdicts().values()) == {"still to do"}
    for each in live.exercises():
        live.write(each["stub"], each["solution"])
    live.run_all()
    numbers = {each["number"] for each in live.exercises()}
    assert live.errors() == []
    assert live.ticks() == numbers == set(live.verdicts())
    assert set(live.verdicts().values()) == {"passed"}


CHAPTERS = sorted(path.stem for path in (ROOT / "tutorials").glob("[0-9][0-9]_*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("name", CHAPTERS)
def test_each_chapter_runs_blank_and_with_its_own_solutions(open_page, name):
    live = LivePage(open_page(f"course/{name}.html"))
    live.page.set_default_timeout(600_000)  # ms: some chapters train for minutes here
    live.run_all()
    said = live.verdicts()
    assert live.errors() == []
    assert set(said.values()) <= {"still to do"}
    solved = {each["number"]: each for each in live.exercises() if each["solution"]}
    for each in solved.values():
        live.write(each["stub"], each["solution"])
    live.run_all()
    assert live.errors() == []
    assert solved.keys() <= live.ticks()
