"""The benchmark measures what training does, and leaves everything as it was."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from minddpg import DDPG, Config
from minddpg.ddpg.replay import ReplayBuffer
from minddpg.experiments import benchmark as bench
from minddpg.training.environment import Environment
from minddpg.training.style import BLUE, GREY


@pytest.fixture
def in_a_blink(monkeypatch):
    monkeypatch.setattr(bench, "BLOCK_SECONDS", 1e-4)
    monkeypatch.setattr(bench, "BLOCKS", 2)


def test_the_table_has_every_size_every_piece_and_the_limit(in_a_blink):
    table = bench.bench()
    for part in ("(64, 64), 64", "(400, 300), 64", "(256, 256), 256", "NumPy", "BLAS", "threads"):
        assert part in table
    for part in ("target y", "critic", "actor", "Adam", "Polyak", "replay", "environment", "limit"):
        assert part in table


def test_a_measurement_is_seconds_per_call_block_by_block(monkeypatch):
    ticks = iter(np.arange(0, 1e6, 0.25))  # a clock that moves a quarter of a second per look
    monkeypatch.setattr(bench.time, "perf_counter", lambda: float(next(ticks)))
    calls = []
    timing = bench.measure(lambda: calls.append(1))
    assert timing.blocks.shape == (bench.BLOCKS,)
    np.testing.assert_allclose(timing.blocks, 0.25)
    assert timing.median == 0.25


@pytest.mark.parametrize("action_layer", [0, 1])
def test_the_products_are_those_of_one_step(action_layer):
    """Counted in multiplications: forward five networks, act once, backward as design needs."""
    config = Config(hidden_sizes=(8, 6), batch_size=5, action_layer=action_layer)
    found = sum(a.shape[0] * a.shape[1] * b.shape[1] for a, b, _ in bench._products(config, 3, 2))
    actor = 3 * 8 + 8 * 6 + 6 * 2
    critic = (5 * 8 + 8 * 6 + 6) if action_layer == 0 else (3 * 8 + 10 * 6 + 6)
    forward = 5 * (2 * actor + 3 * critic) + actor
    to_weights = 5 * (actor + critic)
    through = 5 * (8 * 6 + 6 * 2) + 5 * ((8 * 6 + 6) if action_layer == 0 else (10 * 6 + 6))
    to_action = 5 * ((6 + 6 * 8 + 8 * 2) if action_layer == 0 else (6 + 6 * 2))
    assert found == forward + to_weights + through + to_action


def test_each_number_of_the_table_is_the_median_of_its_piece(monkeypatch):
    """The speed is that of the step, the limit what products and environment take of it."""
    monkeypatch.setattr(bench, "BLOCKS", 3)
    microseconds = {
        "step": [500, 400, 800],
        "update": [310, 300, 290],
        "environment, store": [21, 20, 90],
        "products": [105, 100, 10],
    }
    factors = {"S": 1, "P": 10, "L": 3}

    def pieces(config):
        (name,) = (name for name, size in bench.SIZES.items() if size is config)
        return {
            piece: lambda of=piece: np.array(microseconds[of]) * factors[name] * 1e-6
            for piece in microseconds
        }

    monkeypatch.setattr(bench, "pieces", pieces)
    monkeypatch.setattr(bench, "measure", lambda call: bench.Timing(call()))
    monkeypatch.setattr(bench.os, "cpu_count", lambda: 12)
    found = {"numpy": "2.9", "blas": "openblas 0.3", "blas_threads": "1"}
    monkeypatch.setattr(bench, "versions", lambda: found)
    assert bench.bench().splitlines() == [
        "NumPy 2.9, BLAS openblas 0.3, threads 1, 12 processors, float32; medians of 3 blocks"
        " (lowest to highest)",
        "",
        "size  hidden, batch     steps/s with training   update alone, µs   products, µs   env, µs"
        "   of the limit",
        "S     (64, 64), 64       2,000 (1,250 to 2,500)                300            100"
        "        21           24 %",
        "P     (400, 300), 64       200 (  125 to   250)              3,000          1,000"
        "       210           24 %",
        "L     (256, 256), 256      667 (  417 to   833)                900            300"
        "        63           24 %",
        "",
        "one step, µs                     S       P       L",
        "step                           500   5,000   1,500",
        "update                         300   3,000     900",
        "environment, store              21     210      63",
        "products                       100   1,000     300",
    ]


def test_growth_is_measured_over_widths_and_batches(monkeypatch):
    """Here a piece takes as long as its sizes say."""
    monkeypatch.setattr(bench, "WIDTHS", (16, 32))
    monkeypatch.setattr(bench, "BATCHES", (16, 32, 128))

    def pieces(config):
        (width, _), size = config.hidden_sizes, config.batch_size
        assert config.hidden_sizes == (width, width)
        return {"update": (width, size), "products": (-width, -size)}

    monkeypatch.setattr(bench, "pieces", pieces)
    monkeypatch.setattr(bench, "measure", lambda call: bench.Timing(np.array(call)))
    found = bench.growth()
    assert list(found) == ["width", "batch"]
    for family, sizes, updates in (
        ("width", [16, 32], [(16, 64), (32, 64)]),
        ("batch", [16, 32, 128], [(64, 16), (64, 32), (64, 128)]),
    ):
        np.testing.assert_array_equal(found[family]["size"], sizes)
        np.testing.assert_array_equal(found[family]["update"], updates)
        np.testing.assert_array_equal(found[family]["products"], np.negative(updates))


def test_growth_is_drawn_as_medians_in_a_band_from_the_fastest_to_the_slowest_block(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(bench, "save", lambda figure, path: (figure, path))
    sizes = {"width": np.array([16, 64]), "batch": np.array([8, 32, 128])}
    growth = {}
    for n, (family, size) in enumerate(sizes.items(), start=1):
        seconds = n * np.outer(size, [3, 1, 2]) * 1e-5
        growth[family] = {"size": size, "update": seconds, "products": seconds / 4}
    figure, path = bench.cost_of_an_update(growth, str(tmp_path / "f.png"))
    assert path == tmp_path / "f.png"
    assert figure.get_suptitle() == "Time of one update of both networks, one core, float32"
    labels = ["measured", "limit: its matrix products alone"]
    for n, (axes, size, title, label) in enumerate(
        zip(
            figure.axes,
            sizes.values(),
            ("batch 64", "two hidden layers of 64"),
            ("units of each of two hidden layers", "batch size"),
            strict=True,
        ),
        start=1,
    ):
        lines, bands = axes.get_lines(), axes.collections
        assert [line.get_label() for line in lines] == labels
        colors = [to_hex(line.get_color()).upper() for line in lines]
        assert colors == [BLUE, GREY]
        assert [to_hex(band.get_facecolor()[0]).upper() for band in bands] == colors
        for line, band, part in zip(lines, bands, (1, 0.25), strict=True):
            median = 2e-2 * n * part * size  # in ms
            np.testing.assert_allclose(line.get_xydata(), np.transpose([size, median]))
            corners = band.get_paths()[0].vertices
            for x, y in zip(size, median, strict=True):
                edges = corners[corners[:, 0] == x][:, 1]
                np.testing.assert_allclose([edges.min(), edges.max()], [y / 2, 1.5 * y])
        assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
        assert [text.get_text() for text in axes.get_xticklabels()] == list(map(str, size))
        assert len(axes.get_xticks(minor=True)) == 0
        assert (axes.get_title(), axes.get_xlabel()) == (title, label)
    left, right = figure.axes
    assert left.get_ylim() == right.get_ylim()
    assert left.get_ylabel() == "time per update, ms\n(median and range of blocks)"
    assert [text.get_text() for text in left.get_legend().get_texts()] == labels


def test_each_piece_is_its_part_of_a_step_and_the_step_is_all_of_them(monkeypatch):
    notes, agents = [], []

    def noting(name, function):
        def noted(*args, **options):
            notes.append(" ".join([name, *(f"{k}={v}" for k, v in options.items())]))
            return function(*args, **options)

        return noted

    def polyak_update(target, online, tau):
        (agent,) = agents
        name = "critic" if target is agent.target_critic.theta else "actor"
        assert target is getattr(agent, f"target_{name}").theta
        assert (online is getattr(agent, name).theta, tau) == (True, agent.config.tau)
        notes.append(f"polyak {name}")

    class Agent(DDPG):
        def __init__(self, *args):
            super().__init__(*args)
            agents.append(self)
            self.actor_optimizer.step = noting("actor Adam", self.actor_optimizer.step)
            self.critic_optimizer.step = noting("critic Adam", self.critic_optimizer.step)

    for owner, names in (
        (Agent, ("act", "td_target", "critic_loss", "actor_loss")),
        (ReplayBuffer, ("add", "sample")),
        (Environment, ("step", "reset")),
    ):
        for name in names:
            monkeypatch.setattr(owner, name, noting(name, getattr(owner, name)))
    monkeypatch.setattr(bench, "DDPG", Agent)
    monkeypatch.setattr(bench, "polyak_update", polyak_update)
    monkeypatch.setattr(bench.np, "matmul", lambda a, b, out: notes.append("product"))
    calls = bench.pieces(bench.SIZES["S"])
    assert notes.count("add") == notes.count("step") == 2_000  # so that samples are of many
    assert notes.count("reset") == 1 + 10  # Pendulum ends every 200 steps
    found = {}
    for piece, call in calls.items():
        notes.clear()
        call()
        found[piece] = list(notes)
    learn = ["td_target", "critic_loss", "critic Adam", "actor_loss", "actor Adam"]
    assert found == {
        "step": ["act explore=True", "step", "add", "sample", *learn],
        "update": ["sample", *learn],
        "replay sample": ["sample"],
        "target y": ["td_target"],
        "critic forward, backward": ["critic_loss"],
        "critic Adam": ["critic Adam"],
        "actor through critic": ["actor_loss"],
        "actor Adam": ["actor Adam"],
        "Polyak, both": ["polyak critic", "polyak actor"],
        "act": ["act explore=True"],
        "environment, store": ["step", "add"],
        "products": ["product"] * 31,
    }


def test_no_piece_disturbs_another(rng):
    """Every call can be made in any order, many times."""
    calls = bench.pieces(bench.SIZES["S"])
    assert (calls["act"]() != calls["act"]()).any()  # with noise, as in training
    for _ in range(3):
        for call in rng.permutation(list(calls.values())):
            call()
