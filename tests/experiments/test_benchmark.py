"""The benchmark measures what training does, and changes nothing else."""

import numpy as np
import pytest

from minddpg import DDPG, Config
from minddpg.ddpg.replay import ReplayBuffer
from minddpg.experiments import benchmark as bench
from minddpg.training.environment import Environment


@pytest.fixture
def in_a_blink(monkeypatch):
    monkeypatch.setattr(bench, "BLOCK_SECONDS", 1e-4)
    monkeypatch.setattr(bench, "BLOCKS", 2)


def test_the_table_has_every_size_every_piece_and_the_limit(in_a_blink):
    measured = []
    table = "\n".join(bench.bench_lines(lambda: measured.append(1)))
    assert len(measured) == len(bench.SIZES) * bench.PIECES
    for part in ("(64, 64), 64", "(400, 300), 64", "(256, 256), 256", "NumPy", "BLAS", "threads"):
        assert part in table
    for part in ("target y", "critic", "actor", "Adam", "Polyak", "replay", "environment", "limit"):
        assert part in table


def test_the_time_that_is_announced_is_that_of_the_blocks(monkeypatch):
    for seconds, cost, cost_of_growth in ((0.15, "40 seconds", "30 seconds"), (1.5, "6", "5")):
        monkeypatch.setattr(bench, "BLOCK_SECONDS", seconds)
        assert f"{bench.PIECES} pieces of a step in 3 sizes: about {cost}" in bench.about()
        assert f"14 sizes, and its products: about {cost_of_growth}" in bench.about_growth()


def test_a_measurement_is_seconds_per_call_block_by_block(monkeypatch):
    ticks = iter(np.arange(0, 1e6, 0.25))  # it advances 0.25 s at each reading
    monkeypatch.setattr(bench.time, "perf_counter", lambda: float(next(ticks)))
    for seconds, repeats in ((0.15, 1), (1.0, 4)):
        monkeypatch.setattr(bench, "BLOCK_SECONDS", seconds)
        calls = []
        timing = bench.measure(lambda calls=calls: calls.append(1))
        assert timing.blocks.shape == (bench.BLOCKS,)
        np.testing.assert_allclose(timing.blocks, 0.25 / repeats)
        assert timing.median == 0.25 / repeats
        assert len(calls) == 2 + bench.BLOCKS * repeats  # two to warm up


@pytest.mark.parametrize("action_layer", [0, 1])
def test_the_products_are_those_of_one_step(action_layer):
    """Multiplications are counted: five forward passes, one action, the backward passes."""
    config = Config(hidden_sizes=(8, 6), batch_size=5, action_layer=action_layer)
    found = sum(a.shape[0] * a.shape[1] * b.shape[1] for a, b, _ in bench._products(config, 3, 2))
    actor = 3 * 8 + 8 * 6 + 6 * 2
    critic = (5 * 8 + 8 * 6 + 6) if action_layer == 0 else (3 * 8 + 10 * 6 + 6)
    forward = 5 * (2 * actor + 3 * critic) + actor
    to_weights = 5 * (actor + critic)
    through = 5 * (8 * 6 + 6 * 2) + 5 * ((8 * 6 + 6) if action_layer == 0 else (10 * 6 + 6))
    to_action = 5 * ((6 + 6 * 8 + 8 * 2) if action_layer == 0 else (6 + 6 * 2))
    assert found == forward + to_weights + through + to_action


def test_growth_is_measured_over_widths_and_batches(monkeypatch):
    """Here the time of a piece is computed from its sizes."""
    monkeypatch.setattr(bench, "WIDTHS", (16, 32))
    monkeypatch.setattr(bench, "BATCHES", (16, 32, 128))

    def pieces(config):
        (width, _), size = config.hidden_sizes, config.batch_size
        assert config.hidden_sizes == (width, width)
        return {"update": (width, size), "products": (-width, -size)}

    monkeypatch.setattr(bench, "pieces", pieces)
    monkeypatch.setattr(bench, "measure", lambda call: bench.Timing(np.array(call)))
    measured = []
    found = bench.growth(lambda: measured.append(1))
    assert len(measured) == 5
    assert list(found) == ["width", "batch"]
    for family, sizes, updates in (
        ("width", [16, 32], [(16, 64), (32, 64)]),
        ("batch", [16, 32, 128], [(64, 16), (64, 32), (64, 128)]),
    ):
        np.testing.assert_array_equal(found[family]["size"], sizes)
        np.testing.assert_array_equal(found[family]["update"], updates)
        np.testing.assert_array_equal(found[family]["products"], np.negative(updates))


def test_each_piece_is_its_part_of_a_step_and_the_step_is_all_of_them(monkeypatch):
    notes, agents, batches = [], [], []

    def noting(name, function):
        def noted(*args, **options):
            notes.append(" ".join([name, *(f"{k}={v}" for k, v in options.items())]))
            batches.extend(args[1:2] if name == "td_target" else [])
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
    assert (batches[0].obs.shape, batches[0].obs.dtype) == ((64, 3), np.float32)
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
