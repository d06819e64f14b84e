"""What a run takes of memory: too much is refused before training, what is freed is kept."""

import subprocess
import sys

import pytest

from minddpg import Config
from minddpg.training.memory import make_replay

FAULTS = """
import resource, sys
from minddpg import Config
from minddpg.experiments.benchmark import SIZES, pieces
update = pieces(SIZES["L"])["update"]
for _ in range(20):
    update()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    update()
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 20)
"""


def test_a_buffer_beyond_the_machine_is_refused_with_its_size():
    with pytest.raises(ValueError, match=r"replay_capacity = 1,000,000,000,000,000 does not fit"):
        make_replay(Config(replay_capacity=10**15), 3, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="counts the page faults of Linux")
def test_an_update_of_large_networks_pays_for_no_memory_anew():
    result = subprocess.run([sys.executable, "-c", FAULTS], capture_output=True, text=True)
    assert float(result.stdout) < 20, result.stderr  # 801 where freed memory is given back
