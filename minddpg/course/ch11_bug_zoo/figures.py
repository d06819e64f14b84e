"""Chapter 11: what bugs did to runs, what caught them, and the logs of five agents.

B bugs or variants, N batch.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...experiments.statistics import iqm, summarise
from ...nn.layers import Array
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, show_array, show_seeds
from .mysteries import AGENTS

Recording = Mapping[str, Array]


def three_curves(zoo: Recording) -> Any:
    """Draw the returns of three agents of the zoo, unnamed, with what their last policies reach."""
    from matplotlib import pyplot as plt

    names = list(zoo["names"])
    three = [names.index(name) for name in ("discount-missing", "correct", "reset-stored")]
    steps, runs, last = zoo["steps"], zoo["returns"][three], zoo["last"][three]
    figure, panels = plt.subplots(1, 3, sharex=True, sharey=True, figsize=(9, 2.9))
    for axes, name, each, ends in zip(panels, ("I", "II", "III"), runs, last, strict=True):
        show_seeds(axes, steps, each, "median", BLUE)
        axes.set(title=f"Agent {name}: five seeds", xlabel="environment steps")
        text = "last policies:\n" + "\n".join(f"{value:.0f}" for value in ends)
        axes.text(0.95, 0.08, text, ha="right", fontsize=8, transform=axes.transAxes)
    panels[0].set_ylabel("return, mean of ten starts")
    figure.suptitle("One of these agents is right code")
    return figure


def zoo_ends(zoo: Recording) -> Any:
    """Draw return, critic loss and highest Q of every seed, a line per bug, the best on top."""
    from matplotlib import pyplot as plt

    rows = [i for i, name in enumerate(zoo["names"]) if name == "correct" or i >= 5]
    rows.sort(key=lambda i: float(iqm(zoo["last"][i])))
    figure, panels = plt.subplots(1, 3, sharey=True, figsize=(9.5, 8.6), width_ratios=(3, 2, 2))
    for y, i in enumerate(rows):
        right = zoo["names"][i] == "correct"
        options: Any = {"color": BLUE if right else ORANGE, "alpha": 0.75, "markersize": 4.5}
        for axes, key in zip(panels, ("last", "loss", "highest_q"), strict=True):
            axes.plot(zoo[key][i], np.full(len(zoo[key][i]), y), "s" if right else "o", **options)
            if right:
                axes.axhspan(y - 0.5, y + 0.5, color=BLUE, alpha=0.12, linewidth=0)
    panels[0].set_ylim(-0.8, len(rows) - 0.2)
    names = ["of exercise 11.4" if n in AGENTS.values() else str(n) for n in zoo["names"][rows]]
    panels[0].set_yticks(range(len(rows)), names, fontsize=7.5)
    panels[0].set(title="Return of the last policy", xlabel="return, each seed")
    panels[1].set(title="The critic's last loss", xlabel="loss, logarithmic", xscale="log")
    panels[2].set(title="Highest Q of the run", xlabel="Q; no true value is above 0")
    panels[2].set_xscale("symlog", linthresh=100)
    panels[2].axvline(0, color=BLACK, linewidth=1)
    panels[2].set_xticks([-100, 0, 100, 1000], ["−100", "0", "100", "1000"])
    figure.suptitle("36 bugs and right code (blue band), five seeds each, best return on top")
    return figure


def broadcast_arrays(q: Array, y: Array, wrong: Array, grads: tuple[Array, Array]) -> Any:
    """Draw Q and y (N,), the table of differences (N, N), and the two gradients by Q (N,)."""
    from matplotlib import pyplot as plt

    widths = (1, 1, 1, 5, 1.4, 1.4)
    figure, panels = plt.subplots(1, 6, figsize=(9, 3.3), width_ratios=widths)
    limit = float(np.abs(wrong).max())
    right = q - y
    n = len(q)
    for axes, array, name in zip(
        panels,
        (q[:, None], y[:, None], right[:, None], wrong),
        (
            f"Q\n({n}, 1)",
            f"y\n({n},)",
            f"Q − y\nright\n({n},)",
            f"Q − y as the bug has it\n({n}, {n})",
        ),
        strict=False,
    ):
        show_array(axes, array, "", limit=limit)
        axes.set_title(name)
    panels[3].set_xlabel("column j: minus the target of row j")
    panels[0].set_ylabel(f"{n} transitions")
    steep = float(max(np.abs(each).max() for each in grads))
    for axes, grad, name in zip(panels[4:], grads, ("right", "the bug's"), strict=True):
        show_array(axes, grad[:, None], "", limit=steep)
        axes.set_title(f"∂L/∂Q\n{name}\n({n},)")
    figure.suptitle("A column minus a row is a table, and nobody complains")
    return figure


def seeds_say(cases: Sequence[tuple[str, Array]], counts: Sequence[int], wrong: Array) -> Any:
    """Draw every seed and an interval of each case; the share of wrong verdicts per seeds."""
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.1), width_ratios=(3, 2))
    for i, (_, values) in enumerate(cases):
        y = len(cases) - 1 - i
        found = summarise(values)
        left.plot(
            found.interval, [y, y], color=GREY, linewidth=7, alpha=0.35, solid_capstyle="butt"
        )
        left.plot(values, np.full(len(values), y), "o", color=ORANGE if i else BLUE, markersize=5)
    left.set_yticks(range(len(cases)), [name for name, _ in cases][::-1])
    left.set(title="Five seeds, and an interval of their IQM", xlabel="return of the last policy")
    right.plot(counts, 100 * wrong, "o-", color=BLUE)
    right.set(title="The worse code looks better", xlabel="seeds of each of the two", xticks=counts)
    right.set(ylabel="% of comparisons", ylim=(0, None))
    figure.suptitle("One seed may be right by luck")
    return figure


def matrix(found: Recording, hidden: Array) -> Any:
    """Draw which kind of check objects to which bug; `hidden` (B,): as good a return as right."""
    from matplotlib import pyplot as plt

    counts = found["counts"]
    figure, axes = plt.subplots(figsize=(9.5, 8.8))
    columns = (GREEN, BLUE, PINK)
    centred: Any = {"ha": "center", "va": "center", "fontsize": 7.5, "color": "white"}
    for i, name in enumerate(found["names"]):
        y = len(counts) - 1 - i
        first = next((text for text in found["first"][i] if text), "nothing to object to")
        text = str(first) if len(first) < 62 else f"{first[:60]}…"
        axes.text(2.75, y, text, va="center", fontsize=7.5, color=BLACK if i else BLUE)
        axes.text(-1.6, y, name, ha="right", va="center", fontsize=7.5, color=BLACK if i else BLUE)
        axes.plot(-1, y, "o", color=ORANGE, fillstyle="none" if hidden[i] else "full", markersize=7)
        for x in range(3):
            if counts[i, x]:
                box: Any = {
                    "boxstyle": "round,pad=0.25",
                    "facecolor": columns[x],
                    "edgecolor": "none",
                }
                axes.text(x, y, str(counts[i, x]), bbox=box, **centred)
    top = len(counts) + 0.3
    heads = ("bug", "return\nshows it", *found["kinds"], "what objects first")
    for place, head in zip((-1.6, -1.0, 0.0, 1.0, 2.0, 2.75), heads, strict=True):
        side = {"bug": "right", heads[-1]: "left"}.get(str(head), "center")
        label = str(head).replace(" and ", "\nand ")
        axes.text(place, top, label, ha=side, va="bottom", fontsize=8, weight="bold")
    axes.set(xlim=(-3.9, 7.2), ylim=(-0.8, len(counts) + 1.6))
    axes.axis("off")
    figure.suptitle("Filled circle: a return shows the bug. Boxes: how many checks of a kind do")
    return figure


def mystery_logs(logs: Recording) -> Any:
    """Draw five measures (rows) of five agents (columns), every seed."""
    from matplotlib import pyplot as plt

    measures = (
        ("return", "return", "linear"),
        ("q_max", "highest Q\nof the batches", "linear"),
        ("q_min", "lowest Q\nof the batches", "linear"),
        ("critic_loss", "critic loss", "log"),
        ("actor_loss", "actor loss", "linear"),
    )
    agents = logs["agents"]
    figure, panels = plt.subplots(5, 5, sharex=True, sharey="row", figsize=(10, 8.4))
    for i, (key, label, scale) in enumerate(measures):
        steps = logs["steps" if key == "return" else "loss_steps"] / 1000
        for axes, agent, runs in zip(panels[i], agents, logs[key], strict=True):
            show_seeds(axes, steps, runs, "", BLUE)
            axes.set_yscale(scale)
            if i == 0:
                axes.set_title(f"Agent {agent}", weight="bold")
        panels[i, 0].set_ylabel(label)
    for axes in panels[-1]:
        axes.set_xlabel("1,000 steps")
    figure.suptitle("Five agents, five seeds each: one is right code")
    return figure
