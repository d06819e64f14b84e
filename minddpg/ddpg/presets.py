"""Presets: named groups of settings that replace defaults, which are those of Pendulum."""

from typing import Any

# fmt: off
PRESETS: dict[str, dict[str, Any]] = {
    "pendulum": {},
    # section 7 of the paper, to the letter; docs/deviations.md says where it leaves a choice
    "paper": {
        "hidden_sizes": (400, 300), "action_layer": 1, "batch_norm": True, "normalize_obs": False,
        "actor_learning_rate": 1e-4, "critic_learning_rate": 1e-3, "critic_weight_decay": 1e-2,
        "anneal_from": 1.0, "discount": 0.99, "tau": 0.001, "final_layer_scale": 3e-3,
        "batch_size": 64, "replay_capacity": 1_000_000, "warmup_steps": 0,
        "noise": "ou", "noise_scale": 0.2, "ou_theta": 0.15, "ou_dt": 1.0,
        "total_steps": 2_500_000, "eval_every": 10_000, "checkpoint_every": 50_000,
    },
    # robots: larger networks, smaller steps, slower targets
    "mujoco": {
        "env_id": "HalfCheetah-v5", "hidden_sizes": (128, 128), "noise_scale": 0.1,
        "actor_learning_rate": 3e-4, "critic_learning_rate": 1e-3, "tau": 0.005,
        "batch_size": 128, "warmup_steps": 5_000, "total_steps": 100_000,
        "eval_every": 5_000, "eval_episodes": 5, "checkpoint_every": 20_000,
    },
    # slower, too, with more noise than the robots: engines are off below half power
    "lunar-lander": {
        "env_id": "LunarLanderContinuous-v3", "hidden_sizes": (128, 128), "noise_scale": 0.2,
        "actor_learning_rate": 5e-4, "critic_learning_rate": 1e-3, "tau": 0.005,
        "replay_capacity": 300_000, "warmup_steps": 5_000,
        "total_steps": 300_000, "eval_every": 10_000, "checkpoint_every": 50_000,
    },
    # Gaussian noise averages out before the car moves; Ornstein–Uhlenbeck noise pushes for longer
    "mountain-car": {
        "env_id": "MountainCarContinuous-v0", "total_steps": 50_000, "eval_every": 2_000,
        "noise": "ou", "noise_scale": 0.5,
    },
}
# fmt: on
