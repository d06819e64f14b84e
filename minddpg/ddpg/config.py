"""Every setting of a run in one frozen dataclass: the source of flags, defaults, help, checks."""

import difflib
import json
import numbers
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ..nn.mlp import DTYPES


def _setting(default: Any, help: str, allowed: Any = None) -> Any:
    """Declare a field: its default, what it means, and its interval or its choices."""
    return field(default=default, metadata={"help": help, "allowed": allowed})


@dataclass(frozen=True)
class Config:
    """The settings of one run; Config() is the preset "pendulum". Checks itself when made.

    Raises:
        ValueError: a value is of the wrong type or out of range; names field, value and range.
    """

    env_id: str = _setting("Pendulum-v1", "Gymnasium id, or module:Name-v0 for your own")
    total_steps: int = _setting(12_000, "environment steps in all", "[1, inf)")
    seed: int = _setting(0, "the one number that every random stream is spawned from", "[0, inf)")
    hidden_sizes: tuple[int, ...] = _setting((64, 64), "units of each hidden layer", "[1, inf)")
    action_layer: int = _setting(
        0, "the critic's hidden layer where the action enters: 0 first, 1 second", "[0, inf)"
    )
    batch_size: int = _setting(64, "transitions per update", "[1, inf)")
    discount: float = _setting(0.99, "γ, per step", "[0, 1)")
    tau: float = _setting(0.02, "τ, by which the targets follow at each update", "(0, 1]")
    actor_learning_rate: float = _setting(1e-3, "Adam's step for θ^μ", "(0, inf)")
    critic_learning_rate: float = _setting(2e-3, "Adam's step for θ^Q", "(0, inf)")
    anneal_from: float = _setting(
        0.5, "fraction of the run after which both rates fall linearly to 0; 1 never", "[0, 1]"
    )
    critic_weight_decay: float = _setting(0.0, "λ of ½ λ ‖W‖² on the critic's weights", "[0, inf)")
    replay_capacity: int = _setting(100_000, "transitions kept, first in first out", "[1, inf)")
    warmup_steps: int = _setting(1_000, "steps of uniformly random actions, no updates", "[0, inf)")
    noise: str = _setting("gaussian", "exploration noise", ("gaussian", "ou", "none"))
    noise_scale: float = _setting(0.3, "σ of the noise, where actions span [−1, 1]", "[0, inf)")
    ou_theta: float = _setting(0.15, "pull of the Ornstein–Uhlenbeck noise, per time", "(0, inf)")
    ou_dt: float = _setting(1.0, "time of one step of the Ornstein–Uhlenbeck noise", "(0, inf)")
    final_layer_scale: float = _setting(3e-3, "final layers start in U(−scale, scale)", "(0, inf)")
    dtype: str = _setting("float32", "of all networks; complex128 is for checks", DTYPES)
    log_every: int = _setting(200, "steps between rows of progress.csv", "[1, inf)")
    eval_every: int = _setting(1_000, "steps between evaluations, without noise", "[1, inf)")
    eval_episodes: int = _setting(10, "episodes per evaluation", "[1, inf)")
    checkpoint_every: int = _setting(5_000, "steps between checkpoints of a run", "[1, inf)")

    def __post_init__(self) -> None:
        for item in fields(self):
            name, allowed = item.name, item.metadata["allowed"]
            value = _checked(name, getattr(self, name), item.type, allowed)
            object.__setattr__(self, name, value)
        if self.action_layer >= len(self.hidden_sizes):
            sizes = f"hidden_sizes = {self.hidden_sizes}"
            raise ValueError(f"{sizes} has no layer at action_layer = {self.action_layer}")
        if self.replay_capacity < self.batch_size:
            size = f"batch_size = {self.batch_size}"
            raise ValueError(f"replay_capacity = {self.replay_capacity}: must be at least {size}")
        if self.ou_theta * self.ou_dt >= 2:
            product = f"ou_theta × ou_dt = {self.ou_theta * self.ou_dt:g}"
            raise ValueError(f"{product}: must be below 2, or the noise grows without bound")

    @classmethod
    def preset(cls, name: str, **overrides: Any) -> "Config":
        """Return a named group of settings, with some replaced."""
        if name not in PRESETS:
            raise ValueError(f"preset {name!r} is none of {', '.join(PRESETS)}")
        settings = {**PRESETS[name], **overrides}
        _refuse_unknown(settings)
        return cls(**settings)

    def to_json(self) -> str:
        """Write every field as a JSON object."""
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> "Config":
        """Read what to_json wrote; a field that is absent takes its default.

        Raises:
            ValueError: not a JSON object, an unknown field, or a value that Config refuses.
        """
        try:
            settings = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(f"config is not JSON: {error}") from None
        if not isinstance(settings, dict):
            raise ValueError(f"config must be a JSON object, not {type(settings).__name__}")
        _refuse_unknown(settings)
        return cls(**settings)


PRESETS: dict[str, dict[str, Any]] = {
    "pendulum": {},
    "paper": {
        **{"hidden_sizes": (400, 300), "action_layer": 1, "final_layer_scale": 3e-3},
        **{"actor_learning_rate": 1e-4, "critic_learning_rate": 1e-3, "critic_weight_decay": 1e-2},
        **{"anneal_from": 1.0, "discount": 0.99, "tau": 0.001},
        **{"batch_size": 64, "replay_capacity": 1_000_000},
        **{"noise": "ou", "noise_scale": 0.2, "ou_theta": 0.15, "ou_dt": 1.0},
        **{"total_steps": 2_500_000, "warmup_steps": 0, "eval_every": 10_000},
        "checkpoint_every": 50_000,
    },
}


def _refuse_unknown(settings: dict[str, Any]) -> None:
    known = [item.name for item in fields(Config)]
    for name in [each for each in settings if each not in known]:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(known)}"
        raise ValueError(f"{name}: no such setting; {hint}")


def _checked(name: str, value: Any, kind: Any, allowed: Any) -> Any:
    """Return the value in its field's type, or say what the field would take."""
    if kind == tuple[int, ...] and isinstance(value, (list, tuple)):
        return tuple(_checked(f"{name}[{i}]", e, int, allowed) for i, e in enumerate(value))
    if kind is str and isinstance(value, str) and (allowed is None or value in allowed):
        return value
    is_number = isinstance(value, numbers.Integral if kind is int else numbers.Real)
    if kind in (int, float) and is_number and not isinstance(value, bool):
        low, high = map(float, allowed[1:-1].split(","))
        above = value > low or (value == low and allowed[0] == "[")
        below = value < high or (value == high and allowed[-1] == "]")
        if above and below:  # neither is true of NaN, and no interval holds infinity
            return kind(value)
    texts = f"one of {', '.join(allowed)}" if kind is str and allowed else "text"
    words = {int: f"a whole number in {allowed}", float: f"a number in {allowed}", str: texts}
    raise ValueError(f"{name} = {value!r}: must be {words.get(kind, 'a list of whole numbers')}")
