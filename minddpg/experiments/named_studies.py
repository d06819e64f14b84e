"""The studies that `minddpg study NAME` runs: questions, environments, variants."""

from ..ddpg.presets import PRESETS
from ..verification.exact_pendulum import PENDULUM
from .study import BugStudy, Changes, EstimatesStudy, Study

POLE = "InvertedPendulum-v5"
MUJOCO_50K: Changes = {**PRESETS["mujoco"], "total_steps": 50_000}
CHEETAH = "HalfCheetah-v5"


STUDIES: dict[str, Study] = {
    "pendulum": Study(
        "How close does the default come to the exact solution?", {PENDULUM: {}}, seeds=20
    ),
    "figure2": Study(
        "What do target networks, batch normalisation and replay each contribute?",
        {  # rates that suit an action at the second layer, chosen for the version with targets
            PENDULUM: {
                "total_steps": 20_000,
                "action_layer": 1,
                "warmup_steps": 2_000,
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
    "figure3": EstimatesStudy(
        "Does Q(s, a) estimate the return that follows?",
        {PENDULUM: {}, "Reacher-v5": MUJOCO_50K},
        seeds=5,
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
        {  # the first two have the same standard deviation, 0.95
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
            POLE: MUJOCO_50K,
            "InvertedDoublePendulum-v5": MUJOCO_50K,
            "Reacher-v5": MUJOCO_50K,
            "LunarLanderContinuous-v3": PRESETS["lunar-lander"],
            "MountainCarContinuous-v0": {**PRESETS["mountain-car"], "total_steps": 300_000},
        },
        seeds=5,
    ),
    "zoo": BugStudy("What does each bug do to a run?", {PENDULUM: {}}, seeds=5),
    "cheetah": Study(
        "What does it reach on HalfCheetah in 100,000 steps?", {CHEETAH: PRESETS["mujoco"]}, seeds=3
    ),
}
