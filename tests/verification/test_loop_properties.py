"""Correct code has every property of a training loop."""

from minddpg import DDPG
from minddpg.verification.loop_properties import behaviours


def untrue():
    return [claim.sentence for claim in behaviours() if not claim.holds()]


def test_the_loop_has_every_property():
    assert untrue() == []


def test_a_loop_that_leaves_updates_out_is_found(monkeypatch):
    """The one property that no bug of the package breaks."""
    correct = DDPG.update
    calls = []

    def every_other(self, batch):
        calls.append(batch)
        zeros = dict.fromkeys(("q_mean", "q_min", "q_max", "critic_loss", "actor_loss"), 0.0)
        return correct(self, batch) if len(calls) % 2 else zeros

    monkeypatch.setattr(DDPG, "update", every_other)
    assert "there is one update for every step after the warm-up" in untrue()
