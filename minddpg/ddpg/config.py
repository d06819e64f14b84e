"""Every setting of a run in one frozen dataclass: the source of flags, defaults, help, checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ..nn.mlp import DTYPES
from .json_object import JsonObject
from .presets import PRESETS
from .settings import Settings, setting

SHOWN = 60  # characters of env_kwargs in a title
NOT_IN_ENV_KWARGS = {  # arguments of gymnasium.make that are set elsewhere
    "id": "it is env_id",
    "render_mode": "minddpg watch sets it",
    "disable_env_checker": "minddpg checks what an environment returns itself",
}


@dataclass(frozen=True)
class Config(Settings):
    """The settings of one run; Config() is the preset "pendulum". Checked when it is made.

    env_kwargs becomes a read-only Mapping of JSON values; dict(config.env_kwargs) gives a dict.

    Raises:
        ValueError: a value is of the wrong type or out of range, or two contradict each other.
    """

    env_id: str = setting("Pendulum-v1", "Gymnasium id, or module:Name-v0 for your own")
    total_steps: int = setting(12_000, "environment steps in total", "[1, inf)")
    seed: int = setting(0, "the seed from which every random stream is spawned", "[0, inf)")
    hidden_sizes: tuple[int, ...] = setting((64, 64), "units of each hidden layer", "[1, inf)")
    action_layer: int = setting(
        0, "the critic's hidden layer where the action enters: 0 first, 1 second", "[0, inf)"
    )
    batch_size: int = setting(64, "transitions per update", "[1, inf)")
    discount: float = setting(0.99, "discount factor γ, per step", "[0, 1)")
    tau: float = setting(0.02, "τ, the fraction of the way that targets move per update", "(0, 1]")
    actor_learning_rate: float = setting(1e-3, "Adam's learning rate for the actor", "(0, inf)")
    critic_learning_rate: float = setting(2e-3, "Adam's learning rate for the critic", "(0, inf)")
    anneal_from: float = setting(
        0.5,
        "learning-rate schedule: the fraction of the run after which both rates fall linearly to 0;"
        " 1: never",
        "[0, 1]",
    )
    critic_weight_decay: float = setting(
        0.0, "λ of the penalty ½ λ ‖W‖² on the critic's weights", "[0, inf)"
    )
    replay_capacity: int = setting(100_000, "transitions kept, first in first out", "[1, inf)")
    warmup_steps: int = setting(
        1_000, "steps with uniform random actions, without updates", "[0, inf)"
    )
    noise: str = setting("gaussian", "exploration noise", ("gaussian", "ou", "none"))
    noise_scale: float = setting(0.3, "σ of the noise, where actions span [−1, 1]", "[0, inf)")
    ou_theta: float = setting(
        0.15, "pull of Ornstein–Uhlenbeck noise towards 0, per unit of time", "(0, inf)"
    )
    ou_dt: float = setting(1.0, "time of one step of Ornstein–Uhlenbeck noise", "(0, inf)")
    batch_norm: bool = setting(
        False, "batch normalisation, in the actor and in the critic before the action"
    )
    final_layer_scale: float = setting(
        3e-3, "final layers are drawn from U(−scale, scale)", "(0, inf)"
    )
    dtype: str = setting(
        "float32", "number type of the networks; complex128 is for gradient checks only", DTYPES
    )
    log_every: int = setting(200, "steps between rows of progress.csv", "[1, inf)")
    eval_every: int = setting(
        1_000, "steps between evaluations, without noise; 0: no evaluation", "[0, inf)"
    )
    eval_episodes: int = setting(10, "episodes per evaluation", "[1, inf)")
    checkpoint_every: int = setting(5_000, "steps between checkpoints of a run", "[1, inf)")
    # New fields go at the end: names of a study's run folders depend on the order of the fields.
    normalize_obs: bool = setting(
        False, "normalise observations by their running mean and standard deviation"
    )
    eval_env: str = setting(
        "own",
        "where evaluations run: in a second instance of the environment (own), or in the training"
        " instance, after an episode ends (training)",
        ("own", "training"),
    )
    env_kwargs: Mapping[str, Any] = setting(
        JsonObject({}), "arguments of the environment, passed to gymnasium.make: a JSON object"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.hidden_sizes:
            raise ValueError("hidden_sizes = (): must name at least one hidden layer")
        if self.action_layer >= len(self.hidden_sizes):
            most = f"{len(self.hidden_sizes)}, the length of hidden_sizes = {self.hidden_sizes}"
            raise ValueError(f"action_layer = {self.action_layer}: must be below {most}")
        if self.batch_norm and self.action_layer < 1:
            why = "batch_norm normalises the critic's layers before the action"
            raise ValueError(f"action_layer = {self.action_layer}: must be at least 1, since {why}")
        if self.batch_norm and self.batch_size < 2:
            why = "batch_norm takes the variance over a batch"
            raise ValueError(f"batch_size = {self.batch_size}: must be at least 2, since {why}")
        if self.replay_capacity < self.batch_size:
            size = f"batch_size = {self.batch_size}"
            raise ValueError(f"replay_capacity = {self.replay_capacity}: must be at least {size}")
        if self.ou_theta * self.ou_dt >= 2:
            product = f"ou_theta × ou_dt = {self.ou_theta * self.ou_dt:g}"
            raise ValueError(f"{product}: must be below 2, or the noise grows without bound")
        for name, why in NOT_IN_ENV_KWARGS.items():
            if name in self.env_kwargs:
                raise ValueError(f"env_kwargs[{name!r}]: leave it out, because {why}")

    @property
    def env_name(self) -> str:
        """The environment's id, followed by the beginning of env_kwargs, if any."""
        text = str(self.env_kwargs)
        shown = text if len(text) <= SHOWN else f"{text[: SHOWN - 4]} ..."
        return f"{self.env_id} {shown}" if self.env_kwargs else self.env_id

    @classmethod
    def preset(cls, name: str, **overrides: Any) -> Self:
        """Return a named group of settings, with some replaced.

        Raises:
            ValueError: the preset is unknown, or a value is refused.
        """
        if name not in PRESETS:
            raise ValueError(f"preset = {name!r}: must be one of {', '.join(PRESETS)}")
        return cls.of({**PRESETS[name], **overrides})
