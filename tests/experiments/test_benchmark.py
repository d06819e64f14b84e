"""The benchmark measures what training does, and leaves everything as it was."""

import numpy as np
import pytest

from minddpg import Config
from minddpg.experiments import benchmark as bench


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


def test_growth_is_measured_over_widths_and_batches_and_drawn(in_a_blink, monkeypatch, tmp_path):
    monkeypatch.setattr(bench, "WIDTHS", (16, 32))
    monkeypatch.setattr(bench, "BATCHES", (16, 32, 64))
    found = bench.growth()
    assert found["width"]["update"].shape == found["width"]["products"].shape == (2, bench.BLOCKS)
    np.testing.assert_array_equal(found["batch"]["size"], [16, 32, 64])
    path = bench.cost_of_an_update(found, tmp_path / "growth.png")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_no_piece_disturbs_another(rng):
    """Every call can be made in any order, many times."""
    calls = bench.pieces(bench.SIZES["S"])
    assert (calls["act"]() != calls["act"]()).any()  # with noise, as in training
    for _ in range(3):
        for call in rng.permutation(list(calls.values())):
            call()
