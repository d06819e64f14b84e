"""A replay buffer that is too large for the machine is refused before training."""

import os

import numpy as np
import pytest

from minddpg import Config
from minddpg.training.replay_memory import make_replay


def test_a_buffer_beyond_the_machine_is_refused_with_its_size():
    with pytest.raises(ValueError, match=r"replay_capacity = 1,000,000,000,000,000 does not fit"):
        make_replay(Config(replay_capacity=10**15), 3, 1)


@pytest.mark.posix
def test_a_buffer_beyond_the_machine_is_refused_before_any_memory_is_asked_for(monkeypatch):
    asked = []
    zeros = np.zeros
    monkeypatch.setattr(
        np, "zeros", lambda shape, dtype: asked.append(shape) or zeros(shape, dtype)
    )
    with pytest.raises(ValueError, match=r": 36,000,000,000,000,000 bytes when full, of [\d,]+$"):
        make_replay(Config(replay_capacity=10**15), 3, 1)
    assert all(rows == 1 for rows, _ in asked), asked


def test_a_buffer_that_cannot_be_made_is_refused_where_the_machine_does_not_tell_its_memory(
    monkeypatch,
):
    monkeypatch.setattr(os, "sysconf_names", {})
    for capacity in (10**17, 10**30):
        with pytest.raises(ValueError, match=rf"replay_capacity = {capacity:,} does not fit"):
            make_replay(Config(replay_capacity=capacity), 3, 1)


def test_another_mistake_of_the_sizes_is_not_called_a_lack_of_memory():
    with pytest.raises(ValueError, match=r"must be at least 1") as caught:
        make_replay(Config(), 0, 1)
    assert "memory" not in str(caught.value)
