"""Format the rows of a results.csv as tables, in Markdown.

K seeds.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..nn.layers import Array
from .baselines import PUBLISHED
from .results_csv import Rows as Rows
from .results_csv import named_seeds
from .results_csv import read_rows as read_rows  # both are needed to read results
from .statistics import Summary, summarise


def distinct(rows: Rows, name: str) -> list[Any]:
    """Return the distinct values of a column, in the order of their first appearance."""
    return list(dict.fromkeys(row[name] for row in rows))


def pick(rows: Rows, **wanted: Any) -> Rows:
    """Return the rows in which these columns have these values."""
    return [row for row in rows if all(row.get(k) == v for k, v in wanted.items())]


def values_by_seed(rows: Rows) -> Array:
    """Return the column `value` (K,), sorted by seed, so that variants align."""
    return np.array([row["value"] for row in sorted(rows, key=lambda row: row["seed"])])


def metric_of(rows: Rows) -> str:
    """Return "regret" if the exact solution of every variant is known, else "return"."""
    solved = set(distinct(pick(rows, measure="regret"), "variant"))
    return "regret" if solved and solved == set(distinct(rows, "variant")) else "return"


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown; a | inside a cell is escaped."""
    lines = [f"| {' | '.join(header)} |", f"| {' | '.join('---' for _ in header)} |"]
    for row in rows:
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |")
    return "\n".join(lines) + "\n"


def learning_table(rows: Rows) -> str:
    """Return a table of the variants' policies in each environment, with every seed."""
    parts = []
    for env_id in distinct(rows, "env_id"):
        here = pick(rows, env_id=env_id)
        metric, steps = metric_of(here), max(row["step"] for row in here)
        is_return = metric == "return"
        policies = [row for row in pick(here, measure=metric) if row["when"] != "training"]
        decimals = decimals_for([row["value"] for row in policies])
        variants = {variant: pick(here, variant=variant) for variant in distinct(here, "variant")}
        seeds = named_seeds(distinct(here, "seed"))
        parts += [
            f"**{env_id}**, {steps:,.0f} steps, {seeds}:"
            f" {metric} of the policy, {'higher' if is_return else 'lower'} is better",
            markdown_table(
                (
                    *("variant", "last: IQM (95 %)", "mean", "worst"),
                    *("best-kept: IQM (95 %)", "worst", "highest Q (median, largest)"),
                ),
                (
                    (variant, *_learning_cells(runs, metric, decimals))
                    for variant, runs in variants.items()
                ),
            ).rstrip(),
            markdown_table(
                ("variant", "every seed, last policy"),
                (
                    (variant, _every_seed(runs, metric, decimals))
                    for variant, runs in variants.items()
                ),
            ).rstrip(),
        ]
        if not is_return:
            exact = exact_return(here)
            parts.append(f"The exact policy earns {exact:.1f} from the same starts.")
        if env_id in PUBLISHED and len(variants) == 1:
            other = PUBLISHED[env_id]
            parts.append(
                f"Published: {other.mean:g} ± {other.spread:g} (over {other.over}) after"
                f" {other.steps} steps, {other.source}."
            )
    return "\n\n".join(parts) + "\n"


def _learning_cells(rows: Rows, metric: str, decimals: int) -> list[str]:
    """Return the cells of one variant's line, after its name."""
    last, best = (_ends(rows, when, metric) for when in ("last", "best"))
    steps = max(row["step"] for row in rows)
    highest = values_by_seed(pick(rows, when="training", measure="highest q", step=steps))
    both = (np.median(highest), highest.max()) if len(highest) else ()
    return [
        interval_text(last, decimals),
        *(decimal(last.mean, decimals), decimal(last.worst, decimals)),
        *(interval_text(best, decimals), decimal(best.worst, decimals)),
        ", ".join(whole(value) for value in both) or "–",
    ]


def _every_seed(rows: Rows, metric: str, decimals: int) -> str:
    """Return the values of one variant's last policies, by seed."""
    return ", ".join(decimal(each, decimals) for each in _ends(rows, "last", metric).means)


def _ends(rows: Rows, when: str, metric: str) -> Summary:
    """Summarise the last or the best policies of one variant."""
    values = values_by_seed(pick(rows, when=when, measure=metric))
    return summarise(values, higher_is_better=metric == "return")


def exact_return(rows: Rows) -> float:
    """Return the exact policy's return: a run's return plus its regret.

    The best run is taken: its numbers are the smallest, and were rounded least.
    """
    returns = pick(rows, when="last", measure="return")
    best = min(returns, key=lambda row: abs(row["value"]))
    run = {name: best[name] for name in ("variant", "env_id", "seed") if name in best}
    (regret, *_) = pick(rows, when="last", measure="regret", **run)
    return float(best["value"] + regret["value"])


def interval_text(summary: Summary, decimals: int = 1) -> str:
    """Return IQM and interval as "8.6 (8.0 to 9.5)", or say that the seeds are too few."""
    middle = decimal(summary.iqm, decimals)
    if summary.interval is None:
        return f"{middle} (too few seeds)"
    about = "about " if summary.is_approximate else ""
    low, high = (decimal(end, decimals) for end in summary.interval)
    return f"{middle} ({about}{low} to {high})"


def decimals_for(values: Sequence[float]) -> int:
    """Return the decimals for a column: one, or three digits if the largest value is below 1."""
    largest = max(map(abs, values), default=0.0)
    return 2 - math.floor(math.log10(largest)) if 0 < largest < 1 else 1


def decimal(value: float, decimals: int = 1) -> str:
    """Return a number with this many decimals; zero has no sign."""
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def rounded(value: float, digits: int = 6, decimals: int = 0) -> float:
    """Round to this many significant digits, but keep these decimals; for results.csv."""
    whole_digits = len(f"{abs(value):.0f}")
    return float(f"{value:.{max(digits, whole_digits + decimals)}g}")


def whole(value: float) -> str:
    """Return a number without decimals; zero has no sign."""
    return decimal(value, 0)


def agreement(estimate: Array, reference: Array) -> tuple[float, float, float]:
    """Return bias (mean of estimate − reference), correlation, and mean absolute error."""
    error = estimate - reference
    is_constant = min(np.ptp(estimate), np.ptp(reference)) == 0
    correlation = np.nan if is_constant else float(np.corrcoef(estimate, reference)[0, 1])
    return float(error.mean()), correlation, float(np.abs(error).mean())


def estimates_table(rows: Rows) -> str:
    """Return a table of how Q(s, a) agrees with the return, in each environment, over seeds."""
    cells = []
    for env_id in distinct(rows, "env_id"):
        here = pick(rows, env_id=env_id)
        for reference, name in (("return", "return"), ("exact", "exact Q^μ")):
            if reference in here[0]:
                found = estimates_by_seed(here, reference)
                pairs = sorted(Counter(row["seed"] for row in here).values())
                count = f"{len(found)} × {pairs[0]}" + f"–{pairs[-1]}" * (pairs[0] < pairs[-1])
                cells.append([env_id, name, count, *map(_spread, found.T)])
    header = ("environment", "compared with", "seeds × pairs", "bias", "correlation")
    return (
        "Q(s, a) of the trained critic, on pairs of test episodes, compared with the discounted"
        " return that followed (and with the exact Q^μ, where known); IQM over seeds (95 %).\n\n"
        + markdown_table((*header, "mean absolute error"), cells)
    )


def estimates_by_seed(rows: Rows, reference: str) -> Array:
    """Return `agreement` for each seed: (K, 3)."""
    found: Sequence[Any] = [
        agreement(*(np.array([row[name] for row in of_seed]) for name in ("estimated", reference)))
        for of_seed in (pick(rows, seed=seed) for seed in sorted(distinct(rows, "seed")))
    ]
    return np.array(found)


def _spread(values: Array) -> str:
    return interval_text(summarise(values), 2) if np.isfinite(values).all() else "undefined"
