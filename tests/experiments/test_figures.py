"""The numbers in the figures and tables of studies, from rows with known answers."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex

from minddpg.experiments import benchmark, bug_study, plots
from minddpg.experiments.baselines import PUBLISHED
from minddpg.experiments.bug_study import bug_table, draw_bugs
from minddpg.experiments.named_studies import STUDIES
from minddpg.experiments.plots import COLORS, FLOOR, draw_estimates, draw_learning
from minddpg.experiments.statistics import summarise
from minddpg.experiments.tables import estimates_table, learning_table
from minddpg.training.style import BLUE, GREY, ORANGE

PENDULUM = "Pendulum-v1"
SEEDS = 6
STEPS = (100, 300, 500)


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch):
    """Use few resamples, also for expected values: test_statistics.py tests the intervals."""
    monkeypatch.setattr("minddpg.experiments.statistics.RESAMPLES", 300)


@pytest.fixture
def figure(monkeypatch):
    """Keep the figures that would be saved; figure() returns the last one."""
    figures = []

    def keep(figure, path):
        figures.append(figure)
        return path

    for module in (plots, bug_study, benchmark):
        monkeypatch.setattr(module, "save", keep)

    def last():
        return figures[-1]

    last.all = figures
    return last


def middle_half(values):
    """Return the interquartile mean of the listed values."""
    values = sorted(values)
    cut = len(values) // 4
    return sum(values[cut : len(values) - cut]) / (len(values) - 2 * cut)


def value(variant, seed, step, measure):
    """Return a different number for each row; the seeds are not in order."""
    base = 2 + 10.0 * variant + (seed * 7) % 5 + seed / 8 + 400 / step
    return {"return": -base, "regret": base, "highest q": 2 * base + seed}[measure]


def learning_rows(env_ids, variants, seeds=SEEDS):
    """Rows of a study; on Pendulum with regrets. "best" is 0.5 better than "last"."""
    rows = []
    for env_id in env_ids:
        measures = ("return", "regret") if env_id == PENDULUM else ("return",)
        for i, variant in enumerate(variants):
            for seed in reversed(range(seeds)):
                run = {"variant": variant, "env_id": env_id, "seed": float(seed)}
                for step in STEPS:
                    for name in (*measures, "highest q"):
                        row = {"when": "training", "measure": name, "step": step}
                        rows.append({**run, **row, "value": value(i, seed, step, name)})
                for when, better in (("last", 0.0), ("best", 0.5)):
                    for name in measures:
                        end = value(i, seed, 500, name) + (better if name == "return" else -better)
                        row = {"when": when, "measure": name, "step": 500, "value": end}
                        rows.append({**run, **row})
    return rows


def ends(variant, measure, better=0.0):
    """Return the numbers of the last (or best) policies, by seed."""
    return [value(variant, seed, 500, measure) + better for seed in range(SEEDS)]


def points(line):
    return np.transpose(line.get_data()).tolist()


def test_every_cell_of_a_table_of_regrets_is_the_number_it_says():
    rows = learning_rows([PENDULUM], ["a", "b"])
    lines = learning_table(rows).splitlines()
    assert lines[0] == (
        "**Pendulum-v1**, 500 steps, seeds 0–5: regret of the policy, lower is better"
    )
    assert lines[2] == (
        "| variant | last: IQM (95 %) | mean | worst | best-kept: IQM (95 %) | worst |"
        " highest Q (median, largest) |"
    )
    for i, (name, line) in enumerate(zip("ab", lines[4:6], strict=True)):
        last, best = ends(i, "regret"), ends(i, "regret", -0.5)
        highest = ends(i, "highest q")
        low, high = summarise(np.array(last)).interval
        low_best, high_best = summarise(np.array(best)).interval
        assert line == (
            f"| {name} | {middle_half(last):.1f} (about {low:.1f} to {high:.1f})"
            f" | {sum(last) / 6:.1f} | {max(last):.1f}"
            f" | {middle_half(best):.1f} (about {low_best:.1f} to {high_best:.1f})"
            f" | {max(best):.1f} | {np.median(highest):.0f}, {max(highest):.0f} |"
        )
    assert lines[7] == "| variant | every seed, last policy |"
    for i, (name, line) in enumerate(zip("ab", lines[9:11], strict=True)):
        assert line == f"| {name} | {', '.join(f'{x:.1f}' for x in ends(i, 'regret'))} |"
    assert lines[12] == "The exact policy earns 0.0 from the same starts."
    assert len(lines) == 13


def test_the_exact_policys_return_is_a_runs_return_plus_its_regret():
    rows = learning_rows([PENDULUM], ["a", "b"])
    rows = [{**r, "value": r["value"] - 150.25 * (r["measure"] == "return")} for r in rows]
    assert "The exact policy earns -150.2 from the same starts." in learning_table(rows)


def test_a_table_of_returns_names_the_lowest_as_worst_and_has_a_part_for_each_environment():
    rows = learning_rows(["Some-v0", PENDULUM], ["a", "b"])
    parts = learning_table(rows).split("**Pendulum-v1**")
    assert parts[0].startswith(
        "**Some-v0**, 500 steps, seeds 0–5: return of the policy, higher is better\n"
    )
    assert "exact" not in parts[0]
    last = ends(1, "return")
    line = next(line for line in parts[0].splitlines() if line.startswith("| b |"))
    cells = line.strip("| ").split(" | ")
    assert cells[1].startswith(f"{middle_half(last):.1f} (about -")
    assert cells[2:4] == [f"{sum(last) / 6:.1f}", f"{min(last):.1f}"]
    assert cells[5] == f"{min(last) + 0.5:.1f}"
    assert "regret of the policy" in parts[1]


def test_a_published_return_stands_beside_a_single_variant_only():
    other = PUBLISHED["Reacher-v5"]
    said = (
        f"Published: {other.mean} ± {other.spread} (over seeds) after 50,000 steps, {other.source}."
    )
    assert said in learning_table(learning_rows(["Reacher-v5"], ["a"]))
    assert "Published" not in learning_table(learning_rows(["Reacher-v5"], ["a", "b"]))
    assert "Published" not in learning_table(learning_rows(["Some-v0"], ["a"]))


def test_the_highest_q_is_that_of_the_last_evaluation_or_a_dash():
    rows = [row for row in learning_rows(["Some-v0"], ["a"]) if row["measure"] != "highest q"]
    assert learning_table(rows).splitlines()[4].endswith(" | – |")


def test_a_learning_curve_is_the_iqm_of_the_seeds_in_a_band_of_its_interval(figure, tmp_path):
    rows = learning_rows([PENDULUM, "Some-v0"], ["a", "b"])
    assert draw_learning(rows, "Why?", tmp_path / "f.png") == tmp_path / "f.png"
    assert figure().get_suptitle() == "Why?"
    assert figure().get_figheight() > 2 * 3  # room for each environment
    above, below = figure().axes[:2], figure().axes[2:]
    for axes, env_id, measure in ((above[0], PENDULUM, "regret"), (below[0], "Some-v0", "return")):
        lines = axes.get_lines()
        for i, name in enumerate("ab"):
            seeds = np.array([[value(i, s, step, measure) for s in range(SEEDS)] for step in STEPS])
            middle, *every = lines[i * (1 + SEEDS) : (i + 1) * (1 + SEEDS)]
            assert middle.get_label() == name
            assert middle.get_color() == COLORS[i]
            np.testing.assert_allclose(
                points(middle), [(s, middle_half(v)) for s, v in zip(STEPS, seeds, strict=True)]
            )
            for seed, line in enumerate(every):
                np.testing.assert_allclose(points(line), [*zip(STEPS, seeds[:, seed], strict=True)])
                assert line.get_color() == COLORS[i]
                assert line.get_alpha() < 0.5  # behind the middle, which stays visible
                assert line.get_linewidth() < middle.get_linewidth() / 2
            assert axes.collections[i].get_alpha() < 0.3
            assert to_hex(axes.collections[i].get_facecolor()[0]).upper() == COLORS[i]
            band = axes.collections[i].get_paths()[0].vertices
            for step, values in zip(STEPS, seeds, strict=True):
                found = band[band[:, 0] == step][:, 1]
                np.testing.assert_allclose([found.min(), found.max()], summarise(values).interval)
        assert axes.get_title() == f"{env_id}, 6 seeds"
        assert axes.get_xlabel() == "environment steps"
        assert axes.get_ylabel() == f"{measure} per episode\n(IQM of seeds, about 95 %)"
        assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b"]
    assert [axes.get_yscale() for axes in figure().axes] == ["log", "log", "linear", "linear"]


def test_final_policies_are_a_dot_for_each_seed_and_a_bar_from_end_to_end_of_the_interval(
    figure, tmp_path
):
    draw_learning(learning_rows([PENDULUM], ["a, x", "b (y)"]), "Why?", tmp_path / "f.png")
    axes = figure().axes[1]
    for i in range(2):
        last = ends(i, "regret")
        dots = [line for line in axes.get_lines() if len(line.get_xdata()) == SEEDS][i]
        np.testing.assert_allclose(dots.get_ydata(), last)
        assert abs(np.mean(dots.get_xdata()) - i) < 0.2
        assert dots.get_alpha() < 1  # if two coincide, both are visible
        bar = axes.containers[i]
        assert bar.lines[0].get_color() == "black"
        assert i < bar.lines[0].get_xdata()[0] < i + 0.5
        ((low, high),) = [segment[:, 1] for segment in bar.lines[2][0].get_segments()]
        np.testing.assert_allclose((low, high), summarise(np.array(last)).interval)
        np.testing.assert_allclose(float(bar.lines[0].get_ydata()[0]), middle_half(last))
    assert axes.get_title() == "final policies: each seed; IQM, about 95 %"
    assert [t.get_text() for t in axes.get_xticklabels()] == ["a,\nx", "b\n(y)"]
    assert list(axes.get_xticks()) == [0, 1]
    assert axes.get_ylabel() == "regret, last policy"


def test_small_regrets_are_drawn_at_the_floor_of_the_logarithmic_axis(figure, tmp_path):
    rows = learning_rows([PENDULUM], ["a", "b"])
    rows = [{**r, "value": r["value"] - 30 * (r["measure"] == "regret")} for r in rows]
    draw_learning(rows, "Why?", tmp_path / "f.png")
    for axes in figure().axes:
        for line in axes.get_lines():
            np.testing.assert_array_equal(line.get_ydata(), FLOOR)
    draw_learning(learning_rows(["Some-v0"], ["a", "b"]), "Why?", tmp_path / "f.png")
    assert figure().axes[0].get_lines()[0].get_ydata().max() < 0  # returns have no lower limit


def test_a_logarithmic_axis_of_less_than_a_decade_has_numbers_all_the_same(figure, tmp_path):
    """Such an axis may contain no power of ten."""
    for factor, has_minor in ((1, True), (50, False)):
        rows = learning_rows([PENDULUM], ["a", "b"], 3)
        rows = [
            {**r, "value": 2 + r["value"] % 7 * (factor if r["variant"] == "b" else 1)}
            if r["measure"] == "regret" else r
            for r in rows
        ]  # fmt: skip
        draw_learning(rows, "Why?", tmp_path / "f.png")
        for axes in figure().axes:
            low, high = axes.get_ylim()
            assert (high < 10 * low) == has_minor
            assert (axes.yaxis.get_minor_formatter()(3.0) == "3") == has_minor
            assert axes.yaxis.get_major_formatter()(10.0) == "10"
    assert figure().axes[0].xaxis.get_major_formatter()(2000.0) == "2,000"


def test_the_interval_is_named_as_it_is_and_left_out_below_five_seeds(figure, tmp_path):
    for seeds, spread in ((4, ""), (5, ", about 95 %"), (9, ", about 95 %"), (10, ", 95 %")):
        draw_learning(learning_rows(["Some-v0"], ["a", "b"], seeds), "Why?", tmp_path / "f.png")
        left, right = figure().axes
        assert left.get_title() == f"Some-v0, {seeds} seeds"
        assert left.get_ylabel() == f"return per episode\n(IQM of seeds{spread})"
        assert right.get_title() == f"final policies: each seed; IQM{spread}"
        band = left.collections[0].get_paths()
        assert bool(band and np.isfinite(band[0].vertices).all()) == (seeds >= 5)


def test_one_variants_policies_stand_beside_the_exact_and_the_published_return(figure, tmp_path):
    other = PUBLISHED[PENDULUM]
    rows = learning_rows([PENDULUM, "Some-v0"], ["only"])
    rows = [{**r, "value": r["value"] - 148.5 * (r["measure"] == "return")} for r in rows]
    draw_learning(rows, "Why?", tmp_path / "f.png")
    axes, elsewhere = figure().axes[1], figure().axes[3]
    dots = [line for line in axes.get_lines() if len(line.get_xdata()) == SEEDS]
    for i, (line, better) in enumerate(zip(dots, (0.0, 0.5), strict=True)):
        np.testing.assert_allclose(line.get_ydata(), np.array(ends(0, "return", better)) - 148.5)
        assert abs(np.mean(line.get_xdata()) - i) < 0.2
    across = [line.get_ydata()[0] for line in axes.get_lines() if list(line.get_xdata()) == [0, 1]]
    np.testing.assert_allclose(across, [-148.5, other.mean])
    assert [text.get_text() for text in axes.texts] == ["exact policy, -148.5"]
    looks = [(line.get_color(), line.get_linestyle()) for line in axes.get_lines()]
    assert {("black", "-"), (GREY, ":")} <= set(looks)
    assert axes.texts[0].xy == (-0.55, pytest.approx(-148.5))
    published = axes.containers[2]
    ((low, high),) = [s[:, 1] for s in published.lines[2][0].get_segments()]
    np.testing.assert_allclose((low, high), (other.mean - other.spread, other.mean + other.spread))
    names = [text.get_text() for text in axes.get_xticklabels()]
    assert names == ["last", "best-kept", "SB3 (zoo),\n20,000 steps,\n±94.3 over episodes"]
    assert axes.get_ylabel() == "return per episode"
    low, high = axes.get_ylim()
    assert low > other.mean - other.spread  # the axis cuts the larger spread, but not the seeds
    assert low < min(dots[0].get_ydata())
    assert [text.get_text() for text in elsewhere.get_xticklabels()] == ["last", "best-kept"]
    assert len(elsewhere.texts) == 0
    assert elsewhere.get_xlim() == (-0.6, 1.6)


def texts(axes):
    """Return the title and labels of one panel."""
    found = [axes.title, axes.xaxis.label, axes.yaxis.label]
    return [text for text in found if text.get_text()]


def test_no_text_covers_another_or_leaves_the_figure(figure, tmp_path):
    """With any number of panels, the picture is about as wide as a page."""
    draw_learning(learning_rows([PENDULUM, "Some-v0"], ["a", "b"]), "Why?", tmp_path / "f")
    draw_estimates(estimate_rows("A-v0"), "Does it?", tmp_path / "f")
    for each in figure.all:
        each.draw_without_rendering()
        assert 800 < each.bbox.width < 2_000
        assert 400 < each.bbox.height < 1_000
        boxes = [text.get_window_extent() for axes in each.axes for text in texts(axes)]
        boxes += [text.get_window_extent() for text in each.texts]
        for i, box in enumerate(boxes):
            assert not any(box.padded(-1).overlaps(other) for other in boxes[:i])
            assert each.bbox.padded(1).contains(*box.min)
            assert each.bbox.padded(1).contains(*box.max)


def test_every_variant_has_its_own_colour_dash_and_marker_on_both_sides(figure, tmp_path):
    names = [f"v{i}" for i in range(6)]
    draw_learning(learning_rows([PENDULUM], names), "Why?", tmp_path / "f")
    left, right = figure().axes
    curves = [line for line in left.get_lines() if line.get_label() in names]
    dots = [line for line in right.get_lines() if len(line.get_xdata()) == SEEDS]
    assert len({(line.get_color(), line.get_linestyle()) for line in curves}) == 6
    assert [line.get_color() for line in dots] == [line.get_color() for line in curves]
    assert len({line.get_marker() for line in dots}) == 6
    assert left.get_legend().get_frame_on() is False
    assert figure().texts[0].get_fontweight() == "bold"


def estimate_rows(env_id, seeds=5, exact=True):
    """Estimates that are 2, 3, 4, … above the return, seed by seed, and 1 above the exact Q."""
    rows = []
    for seed in range(seeds):
        for pair, found in enumerate((-30.0, -10.0, -22.0, -3.0)):
            q = found + 2 + seed + (0.5 if pair % 2 else -0.5)
            row = {"env_id": env_id, "variant": "default", "seed": float(seed), "episode": pair,
                   "step": 0, "estimated": q, "return": found}  # fmt: skip
            rows.append({**row, "exact": q - 1} if exact else row)
    return rows


def test_a_table_of_estimates_has_bias_correlation_and_error_over_seeds():
    rows = estimate_rows("Pendulum-v1") + estimate_rows("Other-v0", seeds=3, exact=False)
    lines = estimates_table(rows).splitlines()
    assert lines[0] == (
        "Q(s, a) of the trained critic, on pairs of test episodes, compared with the discounted"
        " return that followed (and with the exact Q^μ, where known); IQM over seeds (95 %)."
    )
    found = np.array([-30.0, -10.0, -22.0, -3.0])
    noisy = found + np.array([-0.5, 0.5, -0.5, 0.5])
    correlation = np.cov(found, noisy)[0, 1] / np.std(found, ddof=1) / np.std(noisy, ddof=1)
    low, high = summarise(np.arange(2.0, 7.0)).interval
    bias = f"{middle_half(range(2, 7)):.2f} (about {low:.2f} to {high:.2f})"
    once = f"{correlation:.2f} (about {correlation:.2f} to {correlation:.2f})"
    assert lines[4:] == [
        f"| Pendulum-v1 | return | 5 × 4 | {bias} | {once} | {bias} |",
        "| Pendulum-v1 | exact Q^μ | 5 × 4 | 1.00 (about 1.00 to 1.00) | 1.00 (about 1.00 to 1.00)"
        " | 1.00 (about 1.00 to 1.00) |",
        f"| Other-v0 | return | 3 × 4 | 3.00 (too few seeds) | {correlation:.2f} (too few seeds)"
        " | 3.00 (too few seeds) |",
    ]
    assert lines[2] == (
        "| environment | compared with | seeds × pairs | bias | correlation | mean absolute error |"
    )


def test_seeds_with_fewer_pairs_are_counted_as_such():
    """For example, an episode may end early in all seeds except one."""
    rows = estimate_rows("Pendulum-v1", exact=False)
    rows = [row for row in rows if row["episode"] or row["seed"] == 2]
    assert "| Pendulum-v1 | return | 5 × 3–4 | " in estimates_table(rows)


def test_the_error_of_estimates_does_not_cancel_out_and_a_constant_has_no_correlation():
    rows = estimate_rows("Pendulum-v1", exact=False)
    rows = [{**row, "estimated": 1.0, "return": 1.0 + (-3) ** (row["episode"] % 2)} for row in rows]
    cells = estimates_table(rows).splitlines()[4].strip("| ").split(" | ")
    assert cells[3:] == ["1.00 (about 1.00 to 1.00)", "undefined", "2.00 (about 2.00 to 2.00)"]


def test_estimates_are_drawn_against_what_followed_with_a_line_of_unity(figure, tmp_path):
    rows = estimate_rows("Pendulum-v1") + estimate_rows("Other-v0", seeds=3, exact=False)
    assert draw_estimates(rows, "Does it?", tmp_path / "f.png") == tmp_path / "f.png"
    assert figure().get_suptitle() == "Does it?"
    assert [(axes.get_title(), axes.get_xlabel()) for axes in figure().axes] == [
        ("Pendulum-v1\nbias +4.0, correlation 0.99", "discounted return that followed"),
        ("Pendulum-v1\nbias +1.0, correlation 1.00", "exact Q^μ of the actor"),
        ("Other-v0\nbias +3.0, correlation 1.00", "discounted return that followed"),
    ]
    panels = zip(figure().axes, (5, 5, 3), ("return", "exact", "return"), strict=True)
    for axes, seeds, reference in panels:
        assert axes.get_ylabel() == "estimated Q(s, a)"
        *dots, unity = axes.get_lines()
        assert (unity.get_label(), unity.get_color()) == ("unity", "black")
        assert {line.get_linestyle() for line in dots} == {"None"}
        assert len({(line.get_color(), line.get_marker()) for line in dots}) == seeds
        assert [line.get_color() for line in dots] == list(COLORS[:seeds])
        assert [line.get_label() for line in dots] == [f"seed {seed}" for seed in range(seeds)]
        for seed, line in enumerate(dots):
            mine = [
                row for row in rows if row["seed"] == seed and row["env_id"] in axes.get_title()
            ]
            assert points(line) == [[row[reference], row["estimated"]] for row in mine]
        (x, y), (x2, y2) = points(unity)
        assert (x, x2) == (y, y2) == axes.get_xlim() == axes.get_ylim()
        every = np.concatenate([np.ravel(points(line)) for line in dots])
        assert x < every.min()
        assert x2 > every.max()
        assert axes.get_aspect() == 1


def bug_rows():
    """Two variants: correct code, and one with a bug, which is worse in every number."""
    rows = []
    for i, variant in enumerate(("correct", "some other bug")):
        for seed in reversed(range(5)):
            run = {"variant": variant, "env_id": PENDULUM, "seed": float(seed)}
            odd = (3 * seed) % 5
            for step, q, loss in ((500, 9.0, 700.0), (1000, 5.0, 0.25)):
                for measure, number in (
                    ("return", -step - odd), ("q_max", q + odd + 100 * i), ("q_min", -999.0),
                    ("critic loss", loss + odd + 10 * i),
                ):  # fmt: skip
                    at = {"when": "training", "step": step, "measure": measure, "value": number}
                    rows.append({**run, **at})
            end = {"when": "last", "step": 1000, "measure": "return", "value": -150.0 - odd - i}
            rows.append({**run, **end})
    return rows


def test_a_table_of_bugs_has_every_return_and_the_medians_of_highest_q_and_last_loss():
    lines = bug_table(bug_rows()).splitlines()
    assert lines[0] == (
        "**Pendulum-v1**, 1,000 steps, seeds 0–4: return of the last policy, higher is better"
    )
    low, high = summarise(np.array([-150.0, -153.0, -151.0, -154.0, -152.0])).interval
    low2, high2 = low - 1, high - 1
    assert lines[2:] == [
        "| variant | return: IQM (95 %) | every seed | highest Q at evaluations: median |"
        " critic loss: median |",
        "| --- | --- | --- | --- | --- |",
        f"| correct | -152.0 (about {low:.1f} to {high:.1f})"
        " | -150, -153, -151, -154, -152 | 11.0 | 2.25 |",
        f"| some other bug | -153.0 (about {low2:.1f} to {high2:.1f})"
        " | -151, -154, -152, -155, -153 | 111.0 | 12.2 |",
    ]


def test_bugs_are_drawn_the_worst_at_the_bottom_with_a_dot_for_each_seed(figure, tmp_path):
    draw_bugs(bug_rows(), "What?", tmp_path / "f.png")
    left, right = figure().axes
    assert figure().get_suptitle() == "What?"
    assert [text.get_text() for text in left.get_yticklabels()] == ["some other,\nbug", "correct"]
    odd = np.array([(3 * seed) % 5 for seed in range(5)])
    for y, line in enumerate(left.get_lines()):
        np.testing.assert_allclose(line.get_xdata(), -150.0 - odd - (1 - y))
        np.testing.assert_array_equal(line.get_ydata(), y)
    for y, line in enumerate(right.get_lines()[:2]):
        np.testing.assert_allclose(line.get_xdata(), 9.0 + odd + 100 * (1 - y))
    assert list(right.get_lines()[2].get_xdata()) == [0, 0]
    looks = [(line.get_color(), line.get_marker(), line.get_alpha()) for line in left.get_lines()]
    assert looks == [(ORANGE, "o", 0.7), (BLUE, "s", 0.7)]
    assert right.get_xscale() == "symlog"
    assert left.get_ylim() == right.get_ylim()
    assert left.title.get_fontsize() == right.title.get_fontsize()
    low, high = right.get_xlim()
    assert low < 9
    assert high > 113
    assert [text.get_text() for text in left.get_legend().get_texts()] == [
        "a bug planted", "correct code",
    ]  # fmt: skip
    assert left.get_ylim() == right.get_ylim()  # a bug has one line across both sides
    assert left.get_xlabel() == "return of the last policy, per seed"
    assert right.get_xlabel() == "highest Q(s, a) in the rows of evaluations, per seed"
    assert (left.get_title(), right.get_title()) == (
        "Pendulum-v1, 1,000 steps", "no true value is above 0",
    )  # fmt: skip


def test_the_time_of_an_update_is_drawn_with_its_median_and_its_range_in_milliseconds(
    figure, tmp_path
):
    def found(sizes):
        update = np.array([[size, 2 * size, 6 * size] for size in sizes]) * 1e-6
        return {"size": np.array(sizes), "update": update, "products": update / 4}

    growth = {"width": found([16, 64]), "batch": found([32, 128, 512])}
    assert benchmark.cost_of_an_update(growth, tmp_path / "f.png") == tmp_path / "f.png"
    title = "Time of one update of both networks, one core, float32"
    assert figure().get_suptitle() == title
    left, right = figure().axes
    assert left.get_ylim() == right.get_ylim()
    assert left.get_position().x1 < right.get_position().x0  # side by side
    for axes, sizes, title in (
        (left, [16, 64], "batch 64"),
        (right, [32, 128, 512], "two hidden layers of 64"),
    ):
        assert axes.get_title() == title
        for line, band, part in zip(axes.get_lines(), axes.collections, (1, 4), strict=True):
            np.testing.assert_allclose(points(line), [(s, 2e-3 * s / part) for s in sizes])
            assert to_hex(band.get_facecolor()[0]) == to_hex(line.get_color())
            edges = band.get_paths()[0].vertices
            for size in sizes:
                here = edges[edges[:, 0] == size][:, 1]
                np.testing.assert_allclose(
                    [here.min(), here.max()], [1e-3 * size / part, 6e-3 * size / part]
                )
        assert [text.get_text() for text in axes.get_xticklabels()] == [str(s) for s in sizes]
        assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    left, right = figure().axes
    assert [text.get_text() for text in left.get_legend().get_texts()] == [
        "measured", "limit: its matrix products alone",
    ]  # fmt: skip
    assert left.get_ylabel() == "time per update, ms\n(median and range of blocks)"
    assert left.get_xlabel() == "units of each of two hidden layers"
    assert right.get_xlabel() == "batch size"


def test_the_benchmarks_table_is_in_steps_per_second_microseconds_and_percent(monkeypatch):
    """The times are known: a step of 1 ms, with 700 µs of products and 100 µs of environment."""
    seconds = {"step": 1e-3, "update": 9e-4, "products": 7e-4, "environment, store": 1e-4}

    def pieces(config):
        return {**dict.fromkeys(("step", "update", "act", "environment, store", "products"))}

    names = iter([*pieces(None)] * 3)

    def measure(call):
        middle = seconds.get(next(names), 5e-6)
        return benchmark.Timing(middle * np.array([0.5, 1.0, 4.0]))

    monkeypatch.setattr(benchmark, "pieces", pieces)
    monkeypatch.setattr(benchmark, "measure", measure)
    lines = benchmark.bench().splitlines()
    assert " ".join(lines[3].split()) == ("S (64, 64), 64 1,000 ( 250 to 2,000) 900 700 100 80 %")
    assert lines[1] == lines[6] == ""
    assert lines[2] == (
        "size  hidden, batch     steps/s with training   update alone, µs   products, µs   env, µs"
        "   of the limit"
    )
    assert lines[7].split() == ["one", "step,", "µs", "S", "P", "L"]
    assert [line.split()[-3:] for line in lines[8:]] == [
        [f"{1e6 * seconds.get(name, 5e-6):,.0f}"] * 3 for name in pieces(None)
    ]
    assert f"medians of {benchmark.BLOCKS} blocks" in lines[0]
    assert all(a != b for a, b in pairwise(lines[3:6]))


def test_each_kind_of_study_has_its_table_and_draws_its_figure_below_its_question(figure, tmp_path):
    for name, rows, table in (
        ("tau", learning_rows([PENDULUM], ["a", "b"]), learning_table),
        ("figure3", estimate_rows(PENDULUM), estimates_table),
        ("zoo", bug_rows(), bug_table),
    ):
        assert STUDIES[name].table(rows) == table(rows), name
        assert STUDIES[name].draw(rows, tmp_path / name) == tmp_path / name
        assert figure().get_suptitle() == STUDIES[name].question, name


def test_regrets_below_the_floor_are_summarised_as_they_are(figure, tmp_path):
    """The figure's bar and band show the table's numbers, but are not drawn below the floor."""
    seeds = [0.1, 0.2, 0.3, 0.4, 9.0]
    rows = [
        {**row, "value": seeds[int(row["seed"])]} if row["measure"] == "regret" else row
        for row in learning_rows([PENDULUM], ["a", "b"], 5)
    ]
    draw_learning(rows, "Why?", tmp_path / "f.png")
    left, right = figure().axes
    _, high = summarise(np.array(seeds)).interval
    assert high != summarise(np.maximum(seeds, FLOOR)).interval[1]
    (segment,) = right.containers[0].lines[2][0].get_segments()
    np.testing.assert_allclose(segment[:, 1], [FLOOR, high])
    assert left.collections[0].get_paths()[0].vertices[:, 1].max() == pytest.approx(high)
