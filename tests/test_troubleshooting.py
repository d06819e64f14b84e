"""When it does not learn: the page's tree sorts the bugs as it says, its numbers are the data's."""

import csv
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from minddpg.teaching.bugs import BUGS
from minddpg.training.intervals import iqm

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "how-to" / "when-it-does-not-learn.md").read_text()
DATA = ROOT / "docs" / "results" / "zoo" / "results.csv"
SECTIONS = {
    int(number): text
    for number, text in re.findall(r"^### (\d) .+?\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
}
SUSPECTS = {
    n: re.findall(
        r"`([a-z-]+)`",
        "\n".join(row.split("|")[1] for row in text.splitlines() if row.startswith("| `")),
    )
    for n, text in SECTIONS.items()
}


def ends():
    """Return {variant: (returns of the last policies, last critic losses)}, a number per seed."""
    found = defaultdict(lambda: ([], []))
    with open(DATA, newline="") as file:
        for row in csv.DictReader(file):
            if row["when"] == "last":
                found[row["variant"]][0].append(float(row["value"]))
            elif row["measure"] == "critic loss" and row["step"] == "12000":
                found[row["variant"]][1].append(float(row["value"]))
    return {variant: tuple(map(np.array, each)) for variant, each in found.items()}


ENDS = ends()


def threshold(pattern):
    """Read a number from the drawing of the tree."""
    (found,) = re.findall(pattern, PAGE, re.MULTILINE)
    return float(found.replace(",", ""))


def leaf(returns, losses):
    """Walk the tree that the page draws, with the numbers that it gives."""
    loss = np.median(losses)
    if returns.max() < threshold(r"^1 .*all below (\S+)$"):
        return 1
    if returns.max() < threshold(r"^3 .*all below (\S+)$"):
        return 2 if loss < threshold(r"^2 .*loss < (\S+)$") else 3
    if returns.max() - returns.min() > threshold(r"^4 .*worst > (\S+)$"):
        return 4
    if returns.max() < threshold(r"^5 .*all below (\S+)$"):
        return 5
    return 6 if loss > threshold(r"^6 .*loss > (\S+), .*$") else 7


def test_every_bug_of_the_zoo_is_a_suspect_once():
    assert sorted(name for names in SUSPECTS.values() for name in names) == sorted(BUGS)


@pytest.mark.parametrize("bug", BUGS)
def test_the_tree_ends_where_the_page_says(bug):
    assert bug in SUSPECTS[leaf(*ENDS[bug])]


def test_right_code_ends_where_there_is_nothing_to_see():
    assert leaf(*ENDS["correct"]) == 7


def rows(section):
    return [
        [cell.strip() for cell in row.split("|")[1:-1]]
        for row in SECTIONS[section].splitlines()
        if row.startswith("| `")
    ]


def number(text):
    return float(text.replace("−", "-").replace(",", ""))


@pytest.mark.parametrize("section", [1, 2, 3, 5])
def test_the_returns_in_the_tables_are_the_datas(section):
    for suspect, _, shown, *_ in rows(section):
        assert number(shown) == round(float(iqm(ENDS[suspect.strip("`")][0])))


def test_the_ranges_and_losses_in_the_tables_are_the_datas():
    for suspect, _, shown, *_ in rows(4):
        returns = ENDS[suspect.strip("`")][0]
        assert list(map(number, shown.split(" … "))) == [round(returns.min()), round(returns.max())]
    for suspect, _, shown, *_ in rows(6):
        assert number(shown) == round(float(np.median(ENDS[suspect.strip("`")][1])))


def test_what_is_said_of_right_code_and_of_small_losses_is_so():
    returns, losses = ENDS["correct"]
    assert f"right code ends at −{-round(float(iqm(returns)))}" in PAGE
    assert f"(worst seed −{-round(returns.min())})" in PAGE
    smallest = min(ENDS, key=lambda variant: np.median(ENDS[variant][1]))
    assert smallest == "mask-flipped"
    assert round(float(np.median(ENDS[smallest][1])), 4) == 0.0002
    ratio = np.median(ENDS["reset-stored"][1]) / np.median(losses)
    assert f"`reset-stored` has {round(ratio)} times right code's loss" in PAGE
