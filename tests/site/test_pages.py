"""The site's own scripts and styles: the start page, tables on a phone, copy buttons."""

import pytest

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 400, "height": 900}}
BEYOND = """() => [...document.querySelectorAll("table.of-sentences td")]
    .filter((cell) => cell.getBoundingClientRect().right > innerWidth)
    .map((cell) => cell.textContent)"""
DISPLAY = "(row) => getComputedStyle(row).display"
UNDER = "(block) => [...block.classList].find((name) => name.startsWith('highlight-'))"


def test_the_start_page_shows_a_run_that_moves(open_page):
    page = open_page("index.html")
    run = page.frame_locator("iframe.recorded-run")
    run.locator("#filmed").filter(has_text="1,").wait_for()  # steps of training
    assert page.locator("article img").count() == 0
    picture = "(canvas) => canvas.toDataURL()"
    before = run.locator("#pendulum").evaluate(picture)
    page.wait_for_timeout(200)
    assert run.locator("#pendulum").evaluate(picture) != before


def test_who_wants_no_motion_sees_the_end_of_that_run(open_page):
    page = open_page("index.html", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    run = page.frame_locator("iframe.recorded-run")
    run.locator("#filmed").filter(has_text="12,000").wait_for()
    picture = "(canvas) => canvas.toDataURL()"
    before = run.locator("#pendulum").evaluate(picture)
    page.wait_for_timeout(300)
    assert run.locator("#pendulum").evaluate(picture) == before


def test_on_a_phone_a_row_of_sentences_is_in_the_window(open_page):
    for name in ("settings", "results", "how-to/read-the-logs", "how-to/when-it-does-not-learn"):
        page = open_page(f"{name}.html", **PHONE)
        assert page.locator("table.of-sentences").count() > 0, name
        assert page.evaluate(BEYOND) == [], name


def test_on_a_phone_a_meaning_is_in_the_window_even_if_it_is_short(open_page):
    page = open_page("how-to/read-the-logs.html", **PHONE)
    page.wait_for_selector("table.of-sentences")
    meaning = page.get_by_role("cell", name="undiscounted return of each episode")
    box = meaning.bounding_box()
    assert box["x"] + box["width"] <= 400


def test_a_page_of_source_code_is_as_wide_as_the_window(open_page):
    page = open_page("source/minddpg/ddpg/agent.py.html")
    for width in (400, 1100, 1300, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_printed_page_has_tables_of_rows_and_no_code_that_is_cut_off(open_page):
    page = open_page("settings.html", viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")
    assert page.locator("table.of-sentences tr").nth(1).evaluate(DISPLAY) == "table-row"
    page = open_page("results.html", viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")
    cut = "all => all.filter((pre) => pre.scrollWidth > pre.clientWidth).length"
    assert page.locator("article pre").evaluate_all(cut) == 0


def test_code_can_be_copied_but_neither_output_nor_a_chapters_cells(open_page):
    page = open_page("quickstart.html")
    page.wait_for_selector("button.copybtn")
    with_button = page.locator("div:has(> .highlight button.copybtn)")
    kinds = set(with_button.evaluate_all(f"(all) => all.map({UNDER})"))
    assert "highlight-sh" in kinds
    assert "highlight-text" not in kinds
    page = open_page("course/04_backprop.html")
    page.wait_for_load_state("networkidle")
    assert page.locator(".cell button.copybtn").count() == 0


def test_who_moves_by_keyboard_sees_the_button_to_copy(open_page):
    page = open_page("quickstart.html")
    button = page.locator("button.copybtn").first
    button.wait_for()
    while not button.evaluate("(one) => one === document.activeElement"):
        page.keyboard.press("Tab")
    page.wait_for_function("getComputedStyle(document.activeElement).opacity === '1'", timeout=2000)
