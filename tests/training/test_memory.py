"""A replay buffer that is too large for the machine is refused before training."""

import pytest

from minddpg import Config
from minddpg.training.memory import make_replay


def test_a_buffer_beyond_the_machine_is_refused_with_its_size():
    with pytest.raises(ValueError, match=r"replay_capacity = 1,000,000,000,000,000 does not fit"):
        make_replay(Config(replay_capacity=10**15), 3, 1)
