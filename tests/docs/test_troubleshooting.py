"""The tree for agents that do not learn: each bug in its leaf, each number from study zoo."""

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from minddpg.experiments.bug_study import control_of
from minddpg.experiments.statistics import iqm
from minddpg.verification.bugs import BUGS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "how-to" / "when-it-does-not-learn.md").read_text(encoding="utf-8")
RESULTS = (DOCS / "results.md").read_text(encoding="utf-8")
BUGS_IN_RUNS = RESULTS.split("\n## What does each bug do to a run?\n")[1].split("\n## ")[0]
DATA = DOCS / "results" / "zoo" / "results.csv"
RANDOM, LOWEST_REWARD, STEPS, DISCOUNT = -1223, -16.3, 200, 0.99


def read(path):
    """Return for each measure, variant and seed the values in the order of the steps."""
    runs = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            measure = "last" if row["when"] == "last" else row["measure"]
            runs[row["variant"]][row["seed"]][measure].append(float(row["value"]))
    return runs


ZOO = read(DATA)


def each(seeds, measure, pick=lambda values: values[-1]):
    return np.array([pick(seed[measure]) for seed in seeds])


SCALE = np.median(each(ZOO["correct"].values(), "last")) - RANDOM


def times(ratio):
    return f"×{ratio:.1f}" if ratio < 1_000 else f"×{ratio:.0g}"


def signs(seeds):
    """Return what the tree needs: returns, last and highest loss, Q at the end."""
    loss, q_min, q_max = (np.median(each(seeds, m)) for m in ("critic loss", "q_min", "q_max"))
    return each(seeds, "last"), loss, np.median(each(seeds, "critic loss", max)), q_min, q_max


def leaf(name, seeds):
    """Follow the page's tree with runs of one variant and of correct code at the same settings."""
    correct = ZOO[control_of(name)].values()
    returns, loss, highest, q_min, q_max = signs(seeds)
    correct_returns, correct_loss, correct_highest, correct_q_min, _ = signs(correct)
    s, correct_s = (returns - RANDOM) / SCALE, (np.median(correct_returns) - RANDOM) / SCALE
    value = np.median(returns) / STEPS / (1 - DISCOUNT)
    is_high, was_high = loss > 3 * correct_loss, highest > 10 * correct_highest
    if s.max() < 0.25:
        q = q_min > 1.05 * LOWEST_REWARD, q_max - q_min < 0.05 * abs(q_min)
        answers = *q, q_min > value + abs(value) / 2, was_high, is_high, True
        return f"N{1 + answers.index(True)}"
    if s.min() < 0.75:
        return "U1" if was_high else "U2" if is_high else "U3"
    if np.median(s) < correct_s - 0.01:
        return "S1" if is_high else "S2"
    return "G3" if not is_high else "G1" if q_min < 2 * correct_q_min else "G2"


LEAF_OF = {
    name: end for end, name in re.findall(r"^\| ([NUSG]\d) \| `([a-z-]+)` ", BUGS_IN_RUNS, re.M)
}
HIDDEN = BUGS_IN_RUNS.split("\n### Bugs that no curve shows\n")[1].split("\n### ")[0]
LEAVES = LEAF_OF | dict.fromkeys(re.findall(r"^\| `([a-z-]+)` ", HIDDEN, re.M), "G3")


def hits(runs):
    """Follow the tree with single seeds; count those in the right leaf: all, and outside G3."""
    pairs = [(LEAVES[name], leaf(name, [seed])) for name in LEAVES for seed in runs[name].values()]
    parts = pairs, [(wanted, end) for wanted, end in pairs if wanted != "G3"]
    return [f"{sum(wanted == end for wanted, end in part)} of {len(part)}" for part in parts]


def test_every_bug_has_one_leaf_of_the_tree_and_every_name_is_a_bugs():
    tree = PAGE.split("```text\n0 ")[1].split("```")[0]
    assert sorted(re.findall(r" \.\.+ ([NUSG]\d)$", tree, re.M)) == sorted(set(LEAVES.values()))
    thresholds = re.findall(r"(?:above|below|<|>|than) (\d[\d.]*)", tree.replace("\n|  |", ""))
    assert " ".join(thresholds) == "0.25 1.05 5 10 3 0.25 0.75 10 3 0.01 3 3 3"  # those of leaf()
    assert f"$R_0 = {RANDOM}$, $R_1 = {SCALE + RANDOM:.0f}$" in PAGE
    missing = BUGS.keys() - LEAVES.keys()
    assert not missing, "give each a row in results.md and when-it-does-not-learn.md"
    assert LEAVES.keys() == BUGS.keys()
    for text in (PAGE, BUGS_IN_RUNS):
        assert set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", text)) <= BUGS.keys()


def test_the_page_names_the_suspects_of_every_leaf():
    table = re.findall(r"^\| ([NUSG]\d) \| `([a-z-]+)`", PAGE, re.M)
    assert sorted((name, end) for end, name in table) == sorted(LEAF_OF.items())


def test_a_bugs_row_has_the_numbers_of_the_data_and_they_lead_to_its_leaf():
    for name, end in LEAVES.items():
        _, loss, highest, q_min, q_max = signs(ZOO[name].values())
        _, correct_loss, correct_highest, *_ = signs(ZOO[control_of(name)].values())
        losses = f"{loss:.3g}, {times(loss / correct_loss)} | {times(highest / correct_highest)}"
        row = f"| `{name}` | {losses} | {round(q_min)} to {round(q_max)} |"
        assert row in BUGS_IN_RUNS, row
        assert leaf(name, ZOO[name].values()) == end, name


def test_the_results_say_how_often_single_seeds_lead_to_the_right_leaf():
    every, visible = hits(ZOO)
    assert f"these five | {every} | {visible} |" in BUGS_IN_RUNS
    correct = [name for name in ZOO if name not in BUGS]
    accused = [leaf(name, [seed]) != "G3" for name in correct for seed in ZOO[name].values()]
    assert (sum(accused), len(accused)) == (7, 30)  # in words on the page
    ends = {name: leaf(name, ZOO[name].values()) for name in correct}
    assert [ends.pop(control_of("batch-norm-acting")), *set(ends.values())] == ["U3", "G3"]


def test_collapses_are_measured_against_a_runs_own_best():
    found = re.findall(
        r"^\| (correct code|`[a-z-]+`) \| ((?:\d\.\d\d ?){5}) \|$", BUGS_IN_RUNS, re.M
    )
    for name, numbers in found:
        seeds = ZOO[name.strip("`").replace("correct code", "correct")].values()
        falls = (each(seeds, "return", max) - each(seeds, "return")) / SCALE
        assert " ".join(f"{fall:.2f}" for fall in falls) == numbers, name
    assert len(found) == 7


def test_what_not_to_conclude_is_in_the_data():
    last = {name: each(seeds.values(), "last") for name, seeds in ZOO.items()}
    means = {name: f"−{-iqm(values):.0f}" for name, values in last.items()}
    correct, flipped = ZOO["correct"].values(), ZOO["mask-flipped"].values()
    actor = [np.median(each(seeds, "actor loss")) for seeds in (flipped, correct)]
    highest = each(correct, "q_max", max)
    for words in (
        f"at the end {actor[0]:.2f} with `mask-flipped`, {actor[1]:.1f} with correct code",
        f"{signs(flipped)[1]:.3g}, return {means['mask-flipped']} |",
        f"27 times correct code's, return {means['reset-stored']} |",
        f"highest Q {np.median(highest):.0f} in the median seed, {highest.max():.0f} in one",
    ):
        assert words in PAGE, words
    ranges = re.findall(r"`([a-z-]+)`\s\((\d+)?(?:; )?(?:−(\d+))?\)", BUGS_IN_RUNS)
    assert len(ranges) == 8
    for name, high, low in ranges:
        assert high in ("", f"{each(ZOO[name].values(), 'q_max', max).max():.0f}"), name
        assert low in ("", f"{-each(ZOO[name].values(), 'q_min', min).min():.0f}"), name
    assert sum(last["one-start"] > last["correct"].min() - 10) == 3  # "three of five seeds"
    assert sum(iqm(last[name]) > iqm(last["correct"]) - 8 for name in BUGS) == 21
    assert sum(end == "G3" for end in LEAVES.values()) == 18


if __name__ == "__main__":
    print("right leaf: {}; outside G3: {}".format(*hits(read((sys.argv[1:] or [DATA])[0]))))
