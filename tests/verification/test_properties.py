"""Correct code has every property that bugs are tested against."""

from minddpg.verification.properties import PROPERTIES


def test_the_agent_has_every_property():
    assert [claim.sentence for claim in PROPERTIES if not claim.holds()] == []
