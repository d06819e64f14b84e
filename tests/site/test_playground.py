"""The playground's page: what a visitor sees and does, from the first second on."""

from pathlib import Path
from typing import Any

import pytest

SITE = Path(__file__).parents[2] / "build/site"
pytestmark = pytest.mark.browser

PAGE = "playground/index.html"
RECORD_MESSAGES = """
    window.sent = [];
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...rest) {
        window.sent.push(message);
        return post.call(this, message, ...rest);
    };
"""
STATE = """() => ({
    source: document.querySelector("#source").textContent,
    step: Number(document.querySelector("#step").textContent.replace(",", "")),
    exam: Number(document.querySelector("#score").textContent.replace(",", "").replace("−", "-")),
})"""
HAS_REACHED = f"""(least) => {{
    const s = ({STATE})();
    return s.source.startsWith("live") && s.step >= least;
}}"""
EXAM_IS = f"([low, high]) => {{ const s = ({STATE})(); return low <= s.exam && s.exam <= high; }}"
PATIENCE = 120_000  # ms, on a machine with other work


def open_without_python(open_page: Any, site: str, hash_: str = "", **options: Any) -> Any:
    """Open the page of a site without its own Python, so that none is loaded."""
    page = open_page("playground/recorded.json", **options)
    page.route("**/site.json", lambda route: route.fulfill(json={"selfHosted": False}))
    page.goto(f"{site}/{PAGE}{hash_}")
    page.wait_for_selector("#bug optgroup", state="attached")
    return page


def wait_for_step(page: Any, step: int) -> None:
    page.wait_for_function(HAS_REACHED, arg=step, timeout=PATIENCE)


def wait_for_change(page: Any, canvas: str) -> None:
    before = page.evaluate(f"document.querySelector('{canvas}').toDataURL()")
    page.wait_for_function(
        f"(before) => document.querySelector('{canvas}').toDataURL() !== before", arg=before
    )


def choice(page: Any) -> dict[str, str]:
    """Return the settings that the controls show."""
    texts = {key: page.inner_text(f"#sliders .slider:has(#setting-{key}) output") for key in KEYS}
    return texts | {"seed": page.input_value("#seed"), "bug": page.input_value("#bug")}


KEYS = ("noise", "tau", "actor", "critic")
DEFAULT = {
    "noise": "0.3", "tau": "0.02", "actor": "0.001", "critic": "0.002", "seed": "0", "bug": "",
}  # fmt: skip


def test_a_recorded_run_moves_before_python_is_there(open_page):
    page = open_page(PAGE)
    assert page.inner_text("#source") == "recorded: seed 0"
    wait_for_change(page, "#pendulum")
    wait_for_change(page, "#critic")
    wait_for_change(page, "#returns")
    assert page.inner_text("#source") == "recorded: seed 0"
    assert "recorded" in page.inner_text("#message")


def test_nothing_is_wider_than_the_window(open_page, site):
    state = "#bug=actor-sign&open=map,promise,code&experiment=flip-the-sign"
    page = open_without_python(open_page, site, state)
    page.click(".experiment.open .buttons .quiet")
    for width in (400, 900, 1100, 1400, 1600):
        for scheme, ink in (("light", "rgb(32, 36, 44)"), ("dark", "rgb(232, 234, 237)")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, f"{width} px, {scheme}: {wider} px too wide"
            assert page.evaluate("getComputedStyle(document.body).color") == ink


def test_the_address_is_read_and_written(open_page, site):
    state = "#seed=7&bug=wrong-slice&tau=1&noise=0.5&experiment=tau-1&open=promise,code"
    page = open_without_python(open_page, site, state)
    page.wait_for_selector("#fold-code .correct")
    assert choice(page) == DEFAULT | {
        "seed": "7", "bug": "wrong-slice", "tau": "1", "noise": "0.5",
    }  # fmt: skip
    opened = page.evaluate("[...document.querySelectorAll('details[open]')].map((e) => e.id)")
    assert opened == ["fold-promise", "fold-code"]
    assert page.get_attribute(".experiment.open", "data-name") == "tau-1"

    page.fill("#seed", "3")
    page.press("#seed", "Enter")
    page.select_option("#bug", "actor-sign")
    page.click("#sliders .slider:has(#setting-tau) .reset")
    page.click("#fold-code summary")
    page.click("[data-name=no-exploration] .head")
    page.wait_for_function("!location.hash.includes('code')")
    written = page.evaluate("location.hash")
    assert written == "#experiment=no-exploration&seed=3&bug=actor-sign&noise=0.5&open=promise"
    page.click("#copy")
    page.wait_for_function("document.querySelector('#message').textContent.includes('The link')")


def test_a_dragged_slider_writes_the_address_once(open_page, site):
    page = open_without_python(open_page, site)
    page.evaluate("""() => {
        window.written = 0;
        const write = history.replaceState.bind(history);
        history.replaceState = (...state) => {
            window.written += 1; // Firefox throws an error after 200 in ten seconds
            write(...state);
        };
        const slider = document.querySelector("#setting-tau");
        for (let move = 0; move < 50; move += 1) {
            slider.value = move / 50;
            slider.dispatchEvent(new Event("input"));
        }
    }""")
    page.wait_for_function("location.hash.includes('tau')")
    assert page.evaluate("window.written") == 1


def test_what_the_address_says_wrongly_is_ignored(open_page, site):
    wrong = "#seed=-1&bug=nobody&tau=2&noise=loud&actor=&experiment=x&open=door&this=that"
    page = open_without_python(open_page, site, wrong)
    assert choice(page) == DEFAULT
    assert page.locator("details[open]").count() == 0
    page.evaluate("location.hash = 'bug=broadcast&critic=1e-5'")
    page.wait_for_function("document.querySelector('#bug').value === 'broadcast'")
    assert choice(page) == DEFAULT | {"bug": "broadcast", "critic": "0.00001"}


def test_an_experiments_button_sets_what_it_says(open_page):
    page = open_page(PAGE + "#seed=5&bug=broadcast&critic=0.01")
    page.wait_for_selector("#bug optgroup", state="attached")
    expected: dict[str, dict[str, str]] = {
        "see-it-learn": {},
        "flip-the-sign": {},  # the bug comes later
        "tau-1": {"tau": "1"},
        "no-exploration": {"noise": "0"},
        "critic-too-fast": {"critic": "0.1"},
        "actor-too-fast": {"actor": "0.1"},
    }
    assert page.locator(".experiment").count() == len(expected)
    for name, settings in expected.items():
        item = f"[data-name={name}]"
        if page.get_attribute(f"{item} .head", "aria-expanded") == "false":
            page.click(f"{item} .head")
        assert not page.is_visible(f"{item} .answer")
        page.click(f"{item} .run")
        assert choice(page) == DEFAULT | settings, name
        page.click(f"{item} .buttons .quiet")
        assert page.is_visible(f"{item} .answer")
        for link in page.locator(f"{item} .answer a").all():
            target = SITE / "playground" / link.get_attribute("href").split("#")[0]
            assert target.is_file(), f"{name} leads to {target}"


CARDS = """() => {
    const menu = document.querySelector("#bug");
    return [...menu.options].map(({ value }) => {
        menu.value = value;
        menu.dispatchEvent(new Event("change"));
        return {
            name: value,
            below: document.querySelector(".folded").getBoundingClientRect().top + scrollY,
            text: document.querySelector("#story").innerText,
            hint: menu.selectedOptions[0].title,
            changes: document.querySelectorAll("#fold-code .wrong, #fold-code .correct").length,
        };
    });
}"""  # for each bug its card, and where the content below begins


def test_a_bug_has_its_story_its_diff_and_its_place(open_page, site):
    page = open_without_python(open_page, site, "#open=code")
    for width in (400, 900, 1100, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        correct, *bugs = page.evaluate(CARDS)
        pushes = [bug["name"] for bug in bugs if bug["below"] != correct["below"]]
        assert pushes == [], f"at {width} px these cards push the page: {pushes}"
    assert len(bugs) > 30
    for bug in bugs:
        name = bug["name"]
        assert bug["text"].startswith(f"Chosen: {name}"), name
        assert "Five recorded seeds with it" in bug["text"], name
        assert bug["changes"] > 0, f"{name} has no diff"
        assert len(bug["hint"]) > 10, f"{name} has no hint in the menu"
    page.click("#remove")
    assert page.input_value("#bug") == ""
    assert "correct" in page.inner_text("#story h2")


def test_curves_keep_their_ends_and_stay_short_however_long_a_run_is(open_page, site):
    page = open_without_python(open_page, site)
    points = page.evaluate("""async () => {
        const { append } = await import("./scene.js");
        const points = [];
        for (let step = 0; step <= 100_000; step += 1) append(points, { step });
        return points.map(({ step }) => step);
    }""")
    assert len(points) <= 600
    assert (points[0], points[-1]) == (0, 100_000)
    assert points == sorted(points)


def test_python_from_elsewhere_waits_for_a_click_that_says_so(open_page, site):
    asked: list[str] = []
    page = open_without_python(open_page, site)
    page.on("request", lambda request: asked.append(request.url))
    page.goto("about:blank")
    page.goto(f"{site}/{PAGE}#tau=1&go")
    page.wait_for_function("document.querySelector('#train').textContent.includes('Load Python')")
    assert "cdn.jsdelivr.net" in page.inner_text("#message")
    for text in page.locator(".run").all_text_contents():
        assert text.startswith("Load Python and "), text
    wait_for_change(page, "#critic")
    assert not [url for url in asked if "worker.js" in url or "packages.zip" in url]


def test_every_control_is_reached_by_the_tab_key(open_page, site):
    page = open_without_python(open_page, site, "#bug=actor-sign&tau=1&open=code")
    wanted = page.evaluate("""() => [...document.querySelectorAll(
        "a[href], button, input, select, summary, pre")]
        .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled)
        .map((e, i) => (e.dataset.number = String(i)))""")
    page.evaluate("document.body.focus()")
    reached = []
    for _ in wanted:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.dataset.number"))
    assert reached == wanted


def test_with_reduced_motion_nothing_moves_until_it_is_asked_to(open_page, site):
    page = open_without_python(open_page, site, reduced_motion="reduce")
    page.wait_for_function(f"({STATE})().step === 12000")
    assert "step 12,000" in page.inner_text("#filmed")
    still = page.evaluate("document.querySelector('#pendulum').toDataURL()")
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('#pendulum').toDataURL()") == still
    page.click("#film")
    wait_for_change(page, "#pendulum")


def test_from_a_file_the_page_is_silent_and_says_what_it_needs(browser):
    with browser.new_context() as context:
        page, said = context.new_page(), []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto((SITE / PAGE).as_uri())
        assert "python3 -m http.server" in page.inner_text("#needs-server")
        assert not page.is_visible("#playground")
        assert said == []


def test_it_learns_pauses_when_hidden_and_collapses_with_a_wrong_sign(open_page):
    page = open_page(PAGE + "#go")
    wait_for_step(page, 3_000)
    page.wait_for_function(EXAM_IS, arg=[-400, 0], timeout=PATIENCE)
    label = page.get_attribute("#critic", "aria-label")
    assert "Live run" in label

    page.select_option("#bug", "actor-sign")
    planted_at = page.evaluate(STATE)["step"]
    page.wait_for_function(EXAM_IS, arg=[-2_000, -1_000], timeout=PATIENCE)
    assert page.evaluate(STATE)["step"] < planted_at + 1_500

    hide(page, True)
    page.wait_for_timeout(500)  # for messages on the way
    hidden_at = page.evaluate(STATE)["step"]
    page.wait_for_timeout(1_000)
    assert page.evaluate(STATE)["step"] == hidden_at
    hide(page, False)
    wait_for_step(page, hidden_at + 50)


def test_a_live_run_obeys_its_controls(open_page, site):
    page = open_page("playground/recorded.json")
    page.add_init_script(RECORD_MESSAGES)
    page.goto(f"{site}/{PAGE}#tau=0.5")
    page.wait_for_selector("#bug optgroup", state="attached")
    page.click("#train")
    wait_for_step(page, 300)

    restarts = "sent.filter((message) => message.do === 'restart')"
    first = page.evaluate(restarts)
    assert [(m["seed"], m["settings"]["tau"], m["bug"]) for m in first] == [(0, 0.5, "")]
    page.focus("#setting-noise")
    page.keyboard.press("Home")
    assert page.evaluate("sent.at(-1)") == {"do": "set", "name": "noise_scale", "value": 0}
    page.focus("#speed")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("sent.at(-1)") == {"do": "set", "name": "speed", "value": 0.5}
    page.click("#fold-map summary")
    page.wait_for_function("sent.at(-1).do === 'watch'")
    assert page.evaluate("sent.at(-1)") == {"do": "watch", "panels": ["map"]}
    wait_for_change(page, "#map")

    page.click("#train")  # pause
    page.wait_for_timeout(300)
    paused_at = page.evaluate(STATE)["step"]
    page.wait_for_timeout(500)
    assert page.evaluate(STATE)["step"] == paused_at
    page.click("#restart")
    page.wait_for_function(f"({STATE})().step === 0")
    page.fill("#seed", "4")
    page.press("#seed", "Enter")
    assert page.evaluate(f"{restarts}.at(-1)")["seed"] == 4
    page.select_option("#bug", "target-shared")  # which takes effect when a run begins
    assert page.evaluate(f"{restarts}.at(-1)")["bug"] == "target-shared"
    page.click("#train")
    wait_for_step(page, 50)
    assert page.inner_text("#source") == "live: seed 4"


# A worker that is ready at once, and obeys the test: see(3000), crash().
FAKE_WORKER = """
    window.sent = [];
    window.Worker = class {
        constructor() {
            window.tell = (data) => this.onmessage({ data });
            setTimeout(() => tell({ kind: "ready" }));
        }
        postMessage(message) {
            sent.push(message);
            if (message.do === "restart") window.run = message.run;
        }
        terminate() {
            sent.push("terminate");
        }
    };
    window.see = (step) => tell({ kind: "seen", run: window.run, step });
    window.last = (kind) => sent.filter((message) => message.do === kind).at(-1);
"""


def open_with_fake_worker(open_page: Any, site: str, hash_: str = "") -> Any:
    page = open_page("playground/recorded.json")
    page.add_init_script(FAKE_WORKER)
    page.goto(f"{site}/{PAGE}{hash_}")
    page.wait_for_function("document.querySelector('#message').textContent.includes('is ready')")
    return page


def open_broken(open_page: Any, site: str, file: str) -> Any:
    """Open the page of a site with one wrong file."""
    page = open_page("playground/draw_map.js")
    page.add_init_script(FAKE_WORKER)
    page.route(f"**/{file}", lambda route: route.fulfill(body="not found"))
    page.goto(f"{site}/{PAGE}")
    return page


def test_what_cannot_be_loaded_is_told_and_can_be_tried_again(open_page, site):
    for file, lost in {
        "bugs.json": "nothing can be trained",
        "site.json": "nothing can be trained",
        "recorded.json": "recorded run",
    }.items():
        page = open_broken(open_page, site, file)
        page.wait_for_selector("#fault")
        assert lost in page.inner_text("#fault"), file
        page.unroute_all()
        page.click("#again")
        page.wait_for_selector("#bug optgroup", state="attached")
        assert not page.is_visible("#fault"), file


def test_an_experiment_ends_when_something_else_is_chosen(open_page, site):
    page = open_with_fake_worker(open_page, site)
    ways = {
        "another address": lambda: page.evaluate("location.hash = '#bug=wrong-slice&seed=5'"),
        "another experiment": lambda: page.click("[data-name=tau-1] .head"),
        "another seed": lambda: page.evaluate(
            """() => {
                document.querySelector("#seed").value = 7;
                document.querySelector("#seed").dispatchEvent(new Event("change"));
            }"""
        ),
        "a restart": lambda: page.click("#restart"),
        "a setting": lambda: page.press("#setting-tau", "ArrowRight"),
    }
    for name, choose in ways.items():
        if not page.is_visible("[data-name=flip-the-sign] .run"):
            page.click("[data-name=flip-the-sign] .head")
        page.click("[data-name=flip-the-sign] .run")
        page.evaluate("see(2900)")
        shown = page.locator("[data-name=flip-the-sign] .buttons .quiet")
        assert "by itself at step 3,600" in shown.text_content(), name
        choose()
        page.wait_for_function(
            "document.querySelector('#message').textContent.includes('experiment ends')"
        )
        planted = page.input_value("#bug")
        page.evaluate("see(3700)")
        assert page.input_value("#bug") == planted != "actor-sign", name
        assert shown.text_content() == "Show what happens", name
        assert page.locator(".answer:visible").count() == 0, name


def test_an_experiment_plants_its_bug_and_then_explains(open_page, site):
    page = open_with_fake_worker(open_page, site, "#experiment=flip-the-sign")
    page.click("[data-name=flip-the-sign] .run")
    page.evaluate("see(3000)")
    assert page.evaluate("last('plant').bug") == "actor-sign"
    page.evaluate("see(3600)")
    assert page.is_visible("[data-name=flip-the-sign] .answer")
    page.click("[data-name=no-exploration] .head")
    page.click("[data-name=no-exploration] .run")
    assert page.locator("details[open]").count() == 0  # what the previous page had opened


def test_python_that_fails_in_mid_run_is_told_and_left_by_a_reload(open_page, site):
    page = open_with_fake_worker(open_page, site)
    page.click("#train")
    page.evaluate("see(1200)")
    page.evaluate("tell({ kind: 'crashed', text: 'MemoryError' })")
    message = page.inner_text("#message")
    assert message == "Python failed while it trained: MemoryError. The run ends here."
    assert page.inner_text("#step") == "1,200"
    assert page.is_disabled("#restart")
    assert page.is_disabled(".experiment.open .run")
    page.fill("#seed", "4")
    page.press("#seed", "Enter")
    assert page.inner_text("#step") == "1,200"  # nothing starts that could not continue
    page.evaluate("window.isOld = true")
    page.click("#train:has-text('Try again')")
    page.wait_for_function("!window.isOld")


def test_a_bug_is_planted_only_once_a_run_is_live(open_page, site):
    page = open_with_fake_worker(open_page, site, "#bug=actor-sign")
    assert page.inner_text("#story h2") == "Chosen: actor-sign. Train to see it."
    assert not page.is_visible("#bug-key")
    page.click("#train")
    assert page.inner_text("#story h2") == "Planted: actor-sign"
    assert page.is_visible("#bug-key")
    page.click("#remove")
    assert "may not recover" in page.inner_text("#message")
    page.click("#restart")
    assert page.inner_text("#message") == ""


def test_a_link_keeps_a_default_that_the_bug_does_not_have(open_page, site):
    page = open_without_python(open_page, site, "#bug=rates-swapped")
    assert choice(page)["actor"] == "0.0001"
    page.click("#sliders .slider:has(#setting-actor) .reset")
    page.wait_for_function("location.hash === '#bug=rates-swapped&actor=0.001'")
    page.reload()
    page.wait_for_selector("#bug optgroup", state="attached")
    assert choice(page)["actor"] == "0.001"


def hide(page: Any, is_hidden: bool) -> None:
    page.evaluate(
        """(isHidden) => {
            Object.defineProperty(document, "hidden", { get: () => isHidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )
