import os

import pytest
from hypothesis import HealthCheck, settings

import minddpg.cli  # noqa: F401  # gives NumPy one BLAS thread, before any test imports it

# a busy machine is slow, and no test may fail for that
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("patient")


# No test cuts the power, so none waits for the disk; those about the order of writes patch this.
os.fsync = lambda file: None


@pytest.fixture
def rng():
    import numpy as np

    return np.random.default_rng(20)
