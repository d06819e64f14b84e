"""Published returns of DDPG by other implementations, each with its source."""

from typing import NamedTuple


class Published(NamedTuple):
    """A published mean return with its spread, over episodes or over seeds."""

    label: str
    mean: float
    spread: float
    over: str
    steps: str
    source: str


ZOO = "github.com/DLR-RM/rl-baselines3-zoo, benchmark.md: one run"
TIANSHOU = "github.com/thu-ml/tianshou, examples/mujoco/benchmark, ddpg: 10 seeds, version {}"


def _zoo(mean: float, spread: float, steps: str, version: str = "") -> Published:
    source = f"{ZOO}{version}"
    return Published("SB3 (zoo)", mean, spread, "episodes", steps, source)


def _tianshou(mean: float, spread: float, version: str, steps: str = "50,000") -> Published:
    # Tianshou does not count the 25,000 random steps before training; they are included here
    source = TIANSHOU.format(version)
    return Published("Tianshou", mean, spread, "seeds", steps, source)


PUBLISHED = {
    "Pendulum-v1": _zoo(-152.1, 94.3, "20,000"),
    "LunarLanderContinuous-v3": _zoo(230.2, 92.4, "300,000", ", version v2"),
    "MountainCarContinuous-v0": _zoo(93.5, 0.05, "300,000"),
    "InvertedPendulum-v5": _tianshou(982.4, 52.9, "v2"),
    "InvertedDoublePendulum-v5": _tianshou(8364.3, 2778.9, "v2"),
    "Reacher-v5": _tianshou(-6.37, 0.78, "v2"),
    "HalfCheetah-v5": _tianshou(5598.6, 676.2, "v3", "100,000"),
}
