"""Write the tables that chapter 12 prints: the paper's settings, and returns with mistakes."""

from typing import Any

from ...ddpg.config import Config
from ...nn.layers import Array

SETTINGS = (
    *("hidden_sizes", "action_layer", "batch_norm", "actor_learning_rate"),
    *("critic_learning_rate", "critic_weight_decay", "discount", "tau", "batch_size"),
    *("replay_capacity", "noise", "noise_scale", "final_layer_scale", "total_steps"),
)
SPREAD = (  # mistakes that are copied from text to text: words, name, correct code to compare with
    ("both learning rates swapped", "rates_swapped", "rates"),
    ("OU noise from uniform numbers", "ou_uniform", "ou"),
    ("truncation taken for termination", "truncated_as_terminated", "default"),
    ("targets not started as copies", "targets_apart", "default"),
    ("the same seed at every reset", "one_start", "default"),
)


def settings() -> str:
    """Return the paper's settings and our defaults, one per line; * marks a difference."""
    paper, default = Config.preset("paper"), Config()
    lines = []
    for name in SETTINGS:
        theirs, ours = getattr(paper, name), getattr(default, name)
        mark = "" if theirs == ours else " *"
        lines.append(f"{name:22} paper {theirs!s:>10}   default {ours!s:>8}{mark}")
    return "\n".join(lines)


def spread(ends: dict[str, Array]) -> str:
    """Return the last returns of agents with well-known mistakes, and of correct agents."""
    lines = ["return of the last policy, five seeds"]
    for words, key, control in SPREAD:
        wrong, correct = (" ".join(f"{x:5.0f}" for x in ends[k]) for k in (key, control))
        lines.append(f"{words:33} {wrong}   correct: {correct}")
    return "\n".join(lines)


def page(agent_class: Any) -> str:
    """Return the source of an agent's class and of what it uses."""
    from ..engine.cell_source import source_of

    return source_of([agent_class], [agent_class.__name__])
