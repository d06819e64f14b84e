"""The site's search finds a page by the words that a reader would type."""

import pytest

pytestmark = pytest.mark.browser

FOUND = {  # the typed words: a page among the first three results
    "learning rate schedule": "settings.html",
    "TensorBoard": "how-to/log-and-stop.html",
    "saturated": "how-to/when-it-does-not-learn.html",
    "normalize": "how-to/own-environment.html",
    "kwargs": "how-to/own-environment.html",
    "getting started": "quickstart.html",
    "hyperparameters": "settings.html",
    "lr": "settings.html",
    "custom environment": "how-to/own-environment.html",
    "save model": "how-to/use-a-policy.html",
    "load checkpoint": "how-to/resume.html",
    "nan loss": "how-to/when-it-does-not-learn.html",
    "benchmark": "performance.html",
    "reproducible": "reliability.html",
    "gpu": "compare.html",
}


def test_the_search_finds_the_page(open_page):
    page = open_page("index.html")
    for words, wanted in FOUND.items():
        page.fill("input[name=q]", words)
        page.press("input[name=q]", "Enter")
        page.wait_for_selector("#search-results .search-summary:has-text('finished')")
        links = page.locator("#search-results li a").evaluate_all("all => all.map((a) => a.href)")
        assert any(f"/{wanted}" in link for link in links[:3]), (words, links[:5])
