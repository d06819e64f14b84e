"""The named studies: each a question, and the settings and environments that answer it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..ddpg.config import Config
from ..ddpg.presets import PRESETS
from ..verification.exact_pendulum import PENDULUM

Changes = dict[str, Any]

POLE = "InvertedPendulum-v5"
ARMS: Changes = {**PRESETS["mujoco"], "total_steps": 50_000}
CHEETAH = "HalfCheetah-v5"


@dataclass(frozen=True)
class Study:
    """Every variant in every environment with every seed, or with the first `at_most` of them."""

    question: str
    environments: dict[str, Changes]  # what holds in one, beneath the variants
    variants: dict[str, Changes] = field(default_factory=lambda: {"default": {}})
    seeds: int = 10
    at_most: dict[str, int] = field(default_factory=dict)  # seeds, where an environment is slow
    kind: str = "learning"  # or "estimates", "zoo": what is measured of a run, tabulated, drawn

    def settings(self) -> dict[str, Changes]:
        """Return each variant's settings. Those of the zoo are its bugs, loaded when asked for."""
        if self.kind == "zoo":
            from .bug_study import variants

            return variants()
        return self.variants

    def jobs(self, seeds: Sequence[int]) -> list[tuple[Changes, Config]]:
        """Return the label and the config of each run, seed by seed."""
        return [
            (
                {"variant": variant, "env_id": env_id, "seed": seed},
                Config.of({**below, **above, "env_id": env_id, "seed": seed}),
            )
            for i, seed in enumerate(seeds)
            for env_id, below in self.environments.items()
            if i < self.at_most.get(env_id, len(seeds))
            for variant, above in self.settings().items()
        ]


STUDIES = {
    "pendulum": Study(
        "How close does the default come to the exact solution?", {PENDULUM: {}}, seeds=20
    ),
    "figure2": Study(
        "What do target networks, batch normalisation and replay each contribute?",
        {  # rates that suit an action at the second layer, chosen for the version with targets
            PENDULUM: {
                **{"total_steps": 20_000, "action_layer": 1, "warmup_steps": 2_000},
                "actor_learning_rate": 3e-4,
            },
            POLE: {"total_steps": 20_000, "action_layer": 1, "noise_scale": 0.1},
        },
        {
            "targets": {},
            "targets, batch norm": {"batch_norm": True},
            "batch norm": {"batch_norm": True, "tau": 1.0},
            "neither": {"tau": 1.0},
            "targets, no replay": {"replay_capacity": 64},
            "targets, action first": {"action_layer": 0},
        },
        at_most={POLE: 5},
    ),
    "figure3": Study(
        "Does Q(s, a) estimate the return that follows?",
        {PENDULUM: {}, "Reacher-v5": ARMS},
        seeds=5,
        kind="estimates",
    ),
    "action-layer": Study(
        "Where should the action enter the critic, and how wide need it be?",
        {PENDULUM: {}},
        {
            f"{width} units, layer {layer}": {"action_layer": layer, "hidden_sizes": (width, width)}
            for width in (32, 64, 128)
            for layer in (0, 1)
        },
    ),
    "noise": Study(
        "Does exploration noise matter, once the warm-up is short?",
        {
            PENDULUM: {"warmup_steps": 64},
            "MountainCarContinuous-v0": {**PRESETS["mountain-car"], "total_steps": 20_000},
        },
        {  # the first two equally wide: a standard deviation of 0.95
            "Ornstein–Uhlenbeck": {"noise": "ou", "noise_scale": 0.5},
            "Gaussian": {"noise": "gaussian", "noise_scale": 0.949},
            "none": {"noise": "none"},
        },
    ),
    "tau": Study(
        "How fast should the targets follow?",
        {PENDULUM: {}},
        {f"τ = {tau:g}": {"tau": tau} for tau in (0.001, 0.005, 0.02, 0.1, 1.0)},
    ),
    "learning-rates": Study(
        "Which of the two should learn faster?",
        {PENDULUM: {}},
        {
            f"μ {actor:g}, Q {critic:g}{note}": {
                "actor_learning_rate": actor,
                "critic_learning_rate": critic,
            }
            for actor, critic, note in (
                (1e-4, 1e-3, " (the paper's)"),
                (1e-3, 1e-4, " (swapped)"),
                (1e-3, 1e-3, ""),
                (1e-3, 2e-3, " (default)"),
                (2e-3, 1e-3, ""),
            )
        },
    ),
    "environments": Study(
        "Where does it work, and where does it fail?",
        {
            PENDULUM: {"total_steps": 20_000},
            POLE: ARMS,
            "InvertedDoublePendulum-v5": ARMS,
            "Reacher-v5": ARMS,
            "LunarLanderContinuous-v3": PRESETS["lunar-lander"],
            "MountainCarContinuous-v0": {**PRESETS["mountain-car"], "total_steps": 300_000},
        },
        seeds=5,
    ),
    "zoo": Study("What does each bug do to a run?", {PENDULUM: {}}, seeds=5, kind="zoo"),
    "cheetah": Study(
        "What does it reach on HalfCheetah in 100,000 steps?", {CHEETAH: PRESETS["mujoco"]}, seeds=3
    ),
}
