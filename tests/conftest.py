import pytest

import minddpg.cli  # noqa: F401  # gives NumPy one BLAS thread, before any test imports it


@pytest.fixture
def rng():
    import numpy as np

    return np.random.default_rng(20)
