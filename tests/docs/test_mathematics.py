"""The pages of derivations quote the code as it is, and their numbers fit their formulas."""

import math
import re
from pathlib import Path

from helpers import for_each

from minddpg.nn import Adam

ROOT = Path(__file__).parents[2]
NAMES = ("mathematics", "batch-norm", "policy-gradient")
TEXTS = {name: (ROOT / "docs" / f"{name}.md").read_text() for name in NAMES}
PAGE = TEXTS["mathematics"]
QUOTES = re.findall(r"^> `(.+?)` · `(.+?)`$", "\n".join(TEXTS.values()), re.MULTILINE)


def test_every_quote_is_read():
    assert len(QUOTES) == sum(text.count("\n> ") for text in TEXTS.values()) > 60


@for_each(QUOTES)
def test_every_line_that_is_quoted_is_in_its_file(quote):
    code, file = quote
    lines = (ROOT / "minddpg" / file).read_text().splitlines()
    assert any(code in line for line in lines)


def test_every_equation_of_the_paper_is_there_once_and_followed_by_its_line():
    before, *parts = re.split(r"\\tag\{(\d)\}\$\$", PAGE)
    assert parts[::2] == list("1234567")
    assert r"\tag" not in before
    for number, text in zip(parts[::2], parts[1::2], strict=True):
        section = text.split("\n#")[0]
        assert re.search(r"^> `", section, re.MULTILINE), number


@for_each(NAMES)
def test_lines_fit_and_every_formula_is_closed(name):
    text = TEXTS[name]
    assert max(map(len, text.splitlines())) <= 110
    for paragraph in text.split("\n\n"):
        bare = re.sub(r"`[^`]*`", "", paragraph)
        assert bare.count("$$") in (0, 2), paragraph
        assert bare.count("$") % 2 == 0, paragraph


def test_the_numbers_on_the_page_are_those_of_its_formulas():
    def says(text, page="mathematics"):
        assert text in " ".join(TEXTS[page].split()), text

    for tau, unit in ((0.02, " updates"), (0.001, "")):
        says(f"it is {math.log(0.5) / math.log(1 - tau):.1f}{unit}")
    says(f"{0.98 / 0.02:.0f} updates, and {0.999 / 0.001:.0f}")
    for dt, unit in ((1, "$T$ = {:.2f} steps"), (0.01, "and {:.0f} steps")):
        c = 1 - 0.15 * dt
        says(f"{0.2 * math.sqrt(dt / (1 - c * c)):.3f}")
        says(unit.format(-1 / math.log(c)))
    says(f"{0.2 * math.sqrt(0.01 * (1 - c**400) / (1 - c * c)):.3f}.")
    b1, b2 = Adam.beta1, Adam.beta2
    says(f"= {(1 - b1) / math.sqrt((1 - b2) * (1 - b1**2 / b2)):.2f}$$")
    says(f"the value {1 / (1 - 0.99 * (1 - 1 / 200)):.0f} instead of 100")
    weights = f"falls from 0.01 to {0.01 * 0.99**199:.5f}, and gives {100 * 0.99**200:.0f} %"
    says(weights, "policy-gradient")
