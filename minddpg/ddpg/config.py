"""Every setting of a run in one frozen dataclass: the source of flags, defaults, help, checks."""

import difflib
import json
import math
import numbers
import operator
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from ..nn.mlp import DTYPES


def _setting(default: Any, help: str, **limits: Any) -> Any:
    """Declare a field: its default, what it means, and the values it may take.

    Limits are `least` and `most` (inclusive), `above` and `below` (exclusive), or `choices`.
    """
    return field(default=default, metadata={"help": help, **limits})


@dataclass(frozen=True)
class Config:
    """The settings of one run; Config() is the preset "pendulum". Checks itself when made.

    Raises:
        ValueError: a value is of the wrong type or out of range; names field, value and range.
    """

    env_id: str = _setting("Pendulum-v1", "Gymnasium id, or module:Name-v0 for your own")
    total_steps: int = _setting(10_000, "environment steps in all", least=1)
    seed: int = _setting(0, "the one number that every random stream is spawned from", least=0)
    hidden_sizes: tuple[int, ...] = _setting((64, 64), "units of each hidden layer", least=1)
    action_layer: int = _setting(
        0, "hidden layer of the critic where the action enters: 0 first, 1 second (paper)", least=0
    )
    batch_size: int = _setting(64, "transitions per update", least=1)
    discount: float = _setting(0.99, "γ, per step", least=0, below=1)
    tau: float = _setting(0.005, "τ, by which the targets follow at each update", above=0, most=1)
    actor_learning_rate: float = _setting(1e-3, "Adam's step for θ^μ", above=0)
    critic_learning_rate: float = _setting(1e-3, "Adam's step for θ^Q", above=0)
    critic_weight_decay: float = _setting(0.0, "λ of ½ λ ‖W‖² on the critic's weights", least=0)
    replay_capacity: int = _setting(100_000, "transitions kept, first in first out", least=1)
    warmup_steps: int = _setting(1_000, "steps of uniformly random actions, no updates", least=0)
    noise: str = _setting("gaussian", "exploration noise", choices=("gaussian", "ou", "none"))
    noise_scale: float = _setting(0.1, "σ of the noise, where actions span [−1, 1]", least=0)
    ou_theta: float = _setting(0.15, "pull of the Ornstein–Uhlenbeck noise per unit time", above=0)
    ou_dt: float = _setting(1.0, "time of one step of the Ornstein–Uhlenbeck noise", above=0)
    final_layer_scale: float = _setting(3e-3, "final layers start in U(−scale, scale)", above=0)
    dtype: str = _setting("float32", "of all networks; complex128 is for checks", choices=DTYPES)
    log_every: int = _setting(200, "steps between rows of progress.csv", least=1)
    eval_every: int = _setting(1_000, "steps between evaluations, without noise", least=1)
    eval_episodes: int = _setting(10, "episodes per evaluation", least=1)

    def __post_init__(self) -> None:
        for item in fields(self):
            value = _checked(item.name, getattr(self, item.name), item.type, item.metadata)
            object.__setattr__(self, item.name, value)
        if not self.hidden_sizes:
            raise ValueError("hidden_sizes = (): give at least one hidden layer")
        if self.action_layer >= len(self.hidden_sizes):
            raise ValueError(
                f"action_layer = {self.action_layer}: with {len(self.hidden_sizes)} hidden layers"
                f" it must be below {len(self.hidden_sizes)}"
            )
        if self.replay_capacity < self.batch_size:
            raise ValueError(
                f"replay_capacity = {self.replay_capacity}: must hold at least one batch,"
                f" batch_size = {self.batch_size}"
            )
        if self.ou_theta * self.ou_dt >= 2:
            raise ValueError(
                f"ou_theta × ou_dt = {self.ou_theta * self.ou_dt:g}: must be below 2,"
                " or the noise grows without bound"
            )

    @classmethod
    def preset(cls, name: str, **overrides: Any) -> "Config":
        """Return a named group of settings, with some replaced."""
        if name not in PRESETS:
            raise ValueError(f"preset {name!r} is none of {', '.join(PRESETS)}")
        _refuse_unknown({**PRESETS[name], **overrides})
        return replace(cls(), **{**PRESETS[name], **overrides})

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


LIMITS = {
    "least": (operator.ge, "of at least"),
    "above": (operator.gt, "above"),
    "most": (operator.le, "at most"),
    "below": (operator.lt, "below"),
}
PRESETS: dict[str, dict[str, Any]] = {
    "pendulum": {},
    "paper": {
        "total_steps": 2_500_000,
        "hidden_sizes": (400, 300),
        "action_layer": 1,
        "batch_size": 64,
        "discount": 0.99,
        "tau": 0.001,
        "actor_learning_rate": 1e-4,
        "critic_learning_rate": 1e-3,
        "critic_weight_decay": 1e-2,
        "replay_capacity": 1_000_000,
        "warmup_steps": 0,
        "noise": "ou",
        "noise_scale": 0.2,
        "ou_theta": 0.15,
        "ou_dt": 1.0,
        "final_layer_scale": 3e-3,
        "eval_every": 10_000,
    },
}


def _refuse_unknown(settings: dict[str, Any]) -> None:
    known = [item.name for item in fields(Config)]
    for name in settings:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(known)}"
            raise ValueError(f"{name}: no such setting; {hint}")


def _checked(name: str, value: Any, kind: Any, limits: Any) -> Any:
    """Return the value in its field's type, or say what the field would take."""
    if kind == tuple[int, ...] and isinstance(value, (list, tuple)):
        return tuple(_checked(f"{name}[{i}]", e, int, limits) for i, e in enumerate(value))
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    fits = {
        int: is_number and isinstance(value, numbers.Integral),
        float: is_number and math.isfinite(value),
        str: isinstance(value, str) and value in limits.get("choices", (value,)),
    }
    if not fits.get(kind, False) or not all(
        test(value, limits[limit]) for limit, (test, _) in LIMITS.items() if limit in limits
    ):
        raise ValueError(f"{name} = {value!r}: must be {_allowed(kind, limits)}")
    return kind(value)


def _allowed(kind: Any, limits: Any) -> str:
    """Say in words what a field takes."""
    if "choices" in limits:
        return "one of " + ", ".join(limits["choices"])
    words = {str: "text", int: "a whole number", float: "a finite number"}
    bounds = [f"{word} {limits[limit]:g}" for limit, (_, word) in LIMITS.items() if limit in limits]
    return " ".join([words.get(kind, "a list of whole numbers"), " and ".join(bounds)]).strip()
