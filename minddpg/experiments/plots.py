"""Draw the results of studies: learning curves, last policies, estimated values.

K seeds, T evaluations. Figures show every seed. Bands and bars are 95 % intervals of the
interquartile mean, by resampling whole seeds; with fewer than five seeds there are none.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..nn.layers import Array
from ..training.style import BLUE, GREEN, GREY, ORANGE, PINK, SKY, YELLOW, save, tidy_axes
from ..training.wording import counted
from .baselines import PUBLISHED
from .results_csv import Rows
from .statistics import ENOUGH, FEWEST, summarise
from .tables import agreement, distinct, exact_return, metric_of, pick, values_by_seed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Look = dict[str, Any]
FIGURE: Look = {"layout": "constrained", "dpi": 110}
TITLE: Look = {"fontweight": "bold"}
# Okabe and Ito's colours; lines and markers differ, too, for print without colours
COLORS = (BLUE, ORANGE, GREEN, PINK, YELLOW, SKY)
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)))
MARKERS = "osD^vP"
FLOOR = 1.0  # smaller regrets are drawn here on a logarithmic axis

# the look of lines and texts; the functions decide what they show
PANEL_TITLE: Look = {"fontsize": 10}
SMALL: Look = {"fontsize": 7}
POLICIES: Look = {"fontsize": 8}
LEGEND: Look = {"frameon": False, "fontsize": 8}
MIDDLE: Look = {"linewidth": 1.8}
BAND: Look = {"alpha": 0.15, "linewidth": 0}
ONE_SEED: Look = {"alpha": 0.2, "linewidth": 0.6}
DOTS: Look = {"ms": 4, "alpha": 0.6}
PAIRS: Look = {"ms": 3.5, "alpha": 0.55}
BAR: Look = {"color": "black", "fmt": "_", "ms": 10, "capsize": 3, "lw": 1.2}
TRUE: Look = {"color": "black", "linewidth": 1}
OTHERS: Look = {"color": GREY, "linestyle": ":", "linewidth": 1}
OTHERS_BAR: Look = {"color": GREY, "fmt": "s", "capsize": 4}
BELOW: Look = {"xytext": (0, -11), "textcoords": "offset points", "fontsize": 8}


def new_figure(question: str, width: float, height: float) -> "Figure":
    """Return an empty figure of this size, in inches, with the question as its title."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), **FIGURE)
    figure.suptitle(question, **TITLE)
    return figure


def seed_dots(
    axes: "Axes",
    place: float,
    values: Array,
    *,
    horizontal: bool = False,
    width: float = 0.25,
    **style: Any,
) -> None:
    """Draw the values (K,) of K seeds as dots at one place of the other axis.

    Args:
        place: the dots' x, or their y if the values run horizontally.
        width: the dots are spread this far around their place, in the order of the values.
        style: of Axes.plot.
    """
    last = len(values) - 1
    places = place + width * (np.arange(len(values)) - last / 2) / max(last, 1)
    x, y = (values, places) if horizontal else (places, values)
    axes.plot(x, y, **{"marker": "o", "linestyle": "", **style})


def draw_learning(rows: Rows, question: str, path: Path) -> Path:
    """Draw curves on the left and each seed's last policy on the right, a row per environment."""
    env_ids = distinct(rows, "env_id")
    figure = new_figure(question, 10.5, 0.6 + 3.3 * len(env_ids))
    panels = figure.subplots(len(env_ids), 2, squeeze=False, width_ratios=(3, 2))
    for (left, right), env_id in zip(panels, env_ids, strict=True):
        here = pick(rows, env_id=env_id)
        metric = metric_of(here)
        variants = distinct(here, "variant")
        for i, variant in enumerate(variants):
            _draw_curve(left, pick(here, variant=variant, when="training", measure=metric), i)
        seeds = len(distinct(here, "seed"))
        spread = spread_of(seeds)
        left.set_title(f"{env_id}, {counted(seeds, 'seed')}", **PANEL_TITLE)
        left.set_xlabel("environment steps")
        left.xaxis.set_major_formatter("{x:,.0f}")
        left.set_ylabel(f"{metric} per episode\n(IQM of seeds{spread})")
        if len(variants) > 1:
            _draw_ends(right, here, metric)
            left.legend(**LEGEND)
        else:
            _draw_policies(right, here)
        right.set_title(f"final policies: each seed; IQM{spread}", **PANEL_TITLE)
        for axes in (left, right) if len(variants) > 1 else (left,):
            if metric == "regret":
                axes.set_yscale("log")
                axes.yaxis.set_major_formatter("{x:g}")
                low, high = axes.get_ylim()  # less than a decade may hold no major tick
                axes.yaxis.set_minor_formatter("{x:g}" if high < 10 * low else "")
        for axes in (left, right):
            tidy_axes(axes)
    return save(figure, path)


def spread_of(seeds: int) -> str:
    """Return the words for the interval that is drawn, if any."""
    return "" if seeds < FEWEST else ", about 95 %" if seeds < ENOUGH else ", 95 %"


def _draw_curve(axes: "Axes", rows: Rows, i: int) -> None:
    steps = np.array(sorted(distinct(rows, "step")))
    curves = np.array([values_by_seed(pick(rows, step=step)) for step in steps])  # (T, K)
    floor = FLOOR if rows and rows[0]["measure"] == "regret" else -np.inf
    draw_middle(axes, steps, curves, i, floor, label=rows[0]["variant"])
    axes.plot(steps, np.maximum(curves, floor), color=look_of(i)["color"], **ONE_SEED)


def look_of(i: int) -> Look:
    """Return colour and dashes of the i-th line; 36 lines look different."""
    dashes = DASHES[(i + i // len(COLORS)) % len(DASHES)]
    return {"color": COLORS[i % len(COLORS)], "linestyle": dashes}


def draw_middle(
    axes: "Axes", steps: Array, curves: Array, i: int, floor: float = -np.inf, **style: Any
) -> None:
    """Draw the IQM of curves (T, K) with the i-th look, and the band of its interval, if any."""
    summaries = [summarise(values) for values in curves]
    middle = np.maximum([each.iqm for each in summaries], floor)
    axes.plot(steps, middle, **look_of(i), **MIDDLE, **style)
    intervals = np.array([each.interval or (np.nan, np.nan) for each in summaries]).reshape(-1, 2)
    axes.fill_between(steps, *np.maximum(intervals, floor).T, color=look_of(i)["color"], **BAND)


def _draw_ends(axes: "Axes", rows: Rows, metric: str) -> None:
    variants = distinct(rows, "variant")
    for i, variant in enumerate(variants):
        values = values_by_seed(pick(rows, variant=variant, when="last", measure=metric))
        _draw_seeds(axes, i, values, i, FLOOR if metric == "regret" else -np.inf)
    names = [v.replace(", ", ",\n").replace(" (", "\n(") for v in variants]
    axes.set_xticks(range(len(variants)), names, **SMALL)
    axes.set_ylabel(f"{metric}, last policy")


def _draw_policies(axes: "Axes", rows: Rows) -> None:
    """Draw the returns of the last and the best-kept policies, the exact and the published one."""
    env_id, names = rows[0]["env_id"], ["last", "best-kept"]
    for i, when in enumerate(("last", "best")):
        _draw_seeds(axes, i, values_by_seed(pick(rows, when=when, measure="return")), i)
    if metric_of(rows) == "regret":
        exact = exact_return(rows)
        axes.axhline(exact, **TRUE)
        axes.annotate(f"exact policy, {exact:.1f}", (-0.55, exact), **BELOW)
    if env_id in PUBLISHED:
        other = PUBLISHED[env_id]
        axes.axhline(other.mean, **OTHERS)
        limits = axes.get_ylim()  # a much larger spread is cut off here
        axes.errorbar(2, other.mean, other.spread, **OTHERS_BAR)
        axes.set_ylim(limits)
        names.append(f"{other.label},\n{other.steps} steps,\n±{other.spread:g} over {other.over}")
    axes.set_xticks(range(len(names)), names, **POLICIES)
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.set_ylabel("return per episode")


def _draw_seeds(axes: "Axes", x: float, values: Array, i: int, floor: float = -np.inf) -> None:
    """Draw the i-th variant's seeds (K,) as dots, and their summary as a bar to the right.

    Values below the floor are drawn at the floor; the summary uses the values themselves.
    """
    i %= len(COLORS)
    seed_dots(axes, x - 0.1, np.maximum(values, floor), marker=MARKERS[i], color=COLORS[i], **DOTS)
    summary = summarise(values)
    interval = summary.interval or (summary.iqm, summary.iqm)
    low, middle, high = np.maximum([interval[0], summary.iqm, interval[1]], floor)
    axes.errorbar(x + 0.25, middle, [[middle - low], [high - middle]], **BAR)


def draw_estimates(rows: Rows, question: str, path: Path) -> Path:
    """Draw Q(s, a) against the return that followed: a panel per environment and reference."""
    titles = {"return": "discounted return that followed", "exact": "exact Q^μ of the actor"}
    panels = [
        (env_id, reference)
        for env_id in distinct(rows, "env_id")
        for reference in titles
        if reference in pick(rows, env_id=env_id)[0]
    ]
    figure = new_figure(question, 4.0 * len(panels), 4.4)
    every = np.ravel(figure.subplots(1, len(panels)))
    for axes, (env_id, reference) in zip(every, panels, strict=True):
        here = pick(rows, env_id=env_id)
        for i, seed in enumerate(distinct(here, "seed")):
            x, y = (
                np.array([row[name] for row in pick(here, seed=seed)])
                for name in (reference, "estimated")
            )
            color, marker = COLORS[i % len(COLORS)], MARKERS[i % len(MARKERS)]
            axes.plot(x, y, marker, color=color, label=f"seed {seed:.0f}", **PAIRS)
        both = (np.array([row[name] for row in here]) for name in ("estimated", reference))
        bias, correlation, _ = agreement(*both)
        ends = [min(*axes.get_xlim(), *axes.get_ylim()), max(*axes.get_xlim(), *axes.get_ylim())]
        axes.plot(ends, ends, label="unity", **TRUE)
        axes.set(xlim=ends, ylim=ends, aspect="equal", xlabel=titles[reference])
        axes.set_ylabel("estimated Q(s, a)")
        text = f"{env_id}\nbias {bias:+.1f}, correlation {correlation:.2f}"
        axes.set_title(text, **PANEL_TITLE)
        tidy_axes(axes)
    axes.legend(**{**LEGEND, **SMALL})
    return save(figure, path)
