"""An agent updates at full speed everywhere, inside a training loop and outside."""

import subprocess
import sys

import pytest

FAULTS = """
import resource
import numpy as np
from minddpg import DDPG, Batch, Config
config = Config(hidden_sizes=(256, 256), batch_size=256)
agent = DDPG(3, [-2.0], [2.0], config, np.random.default_rng(0))
obs, column = np.ones((256, 3), np.float32), np.ones(256, np.float32)
batch = Batch(obs, column[:, None], column, obs, column > 1)
for _ in range(20):
    agent.update(batch)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    agent.update(batch)
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts the page faults of Linux")
def test_an_update_of_large_networks_pays_for_no_memory_anew():
    result = subprocess.run([sys.executable, "-c", FAULTS], capture_output=True, text=True)
    assert float(result.stdout) < 20, result.stderr  # hundreds if freed memory is returned
