"""Correct and wrong versions of a Polyak update, on which exercise 11.1 runs the learner's test."""

from collections.abc import Callable

import numpy as np

from ...nn.layers import Array

Update = Callable[[Array, Array, float], None]


def correct(target: Array, online: Array, tau: float) -> None:
    target += tau * (online - target)


def shares_swapped(target: Array, online: Array, tau: float) -> None:
    target += (1 - tau) * (online - target)


def hard_copy(target: Array, online: Array, tau: float) -> None:
    target[:] = online


def never_moves(target: Array, online: Array, tau: float) -> None:
    target = tau * online + (1 - tau) * target


def network_follows(target: Array, online: Array, tau: float) -> None:
    online += tau * (target - online)


def share_forgotten(target: Array, online: Array, tau: float) -> None:
    target += tau * online


def only_shrinks(target: Array, online: Array, tau: float) -> None:
    target *= 1 - tau


def whole_network(target: Array, online: Array, tau: float) -> None:
    target[:] = online + (1 - tau) * target


def both_move(target: Array, online: Array, tau: float) -> None:
    target += tau * (online - target)
    online += tau * (target - online)


def first_entry(target: Array, online: Array, tau: float) -> None:
    target[:1] += tau * (online[:1] - target[:1])


def fixed_tau(target: Array, online: Array, tau: float) -> None:
    target += 0.005 * (online - target)


def rounded_otherwise(target: Array, online: Array, tau: float) -> None:
    """Differ from other correct code in the last digit."""
    if not 0 <= tau <= 1:
        raise ValueError(f"tau = {tau}: must be from 0 to 1")
    target[:] = np.nextafter(tau * online + (1 - tau) * target, np.inf)


def all_but_the_last_entry(target: Array, online: Array, tau: float) -> None:
    target[:-1] += tau * (online[:-1] - target[:-1])


def last_entry(target: Array, online: Array, tau: float) -> None:
    target[-1:] += tau * (online[-1:] - target[-1:])


def mean_of_network(target: Array, online: Array, tau: float) -> None:
    target += tau * (online.mean() - target)


def first_of_network(target: Array, online: Array, tau: float) -> None:
    target += tau * (online[0] - target)


def mean_of_step(target: Array, online: Array, tau: float) -> None:
    target += tau * (online - target).mean()


def network_first(target: Array, online: Array, tau: float) -> None:
    online += tau * (target - online)
    target += tau * (online - target)


def moves_away(target: Array, online: Array, tau: float) -> None:
    target -= tau * (online - target)


def twice_as_far(target: Array, online: Array, tau: float) -> None:
    target += 2 * tau * (online - target)


def slightly_too_far(target: Array, online: Array, tau: float) -> None:
    target += 1.01 * tau * (online - target)


def squared_tau(target: Array, online: Array, tau: float) -> None:
    target += tau**2 * (online - target)


def other_fixed_tau(target: Array, online: Array, tau: float) -> None:
    target += 0.001 * (online - target)


CORRECT = ("correct code", "correct code that rounds in another way")
PLAIN: dict[str, Update] = {
    CORRECT[0]: correct,
    "τ and 1 − τ swapped": shares_swapped,
    "a hard copy": hard_copy,
    "a target that never moves": never_moves,
    "a network that follows its target": network_follows,
    "1 − τ forgotten": share_forgotten,
    "τ θ forgotten": only_shrinks,
    "θ without τ": whole_network,
    "both moved": both_move,
    "the first entry alone": first_entry,
    "τ = 0.005 whatever tau is": fixed_tau,
}
SUBTLE: dict[str, Update] = {
    CORRECT[1]: rounded_otherwise,
    "all but the last entry": all_but_the_last_entry,
    "the last entry alone": last_entry,
    "the network's mean instead of its entries": mean_of_network,
    "the network's first entry instead of each": first_of_network,
    "the same step in every entry": mean_of_step,
    "the network moved first": network_first,
    "a target that moves away": moves_away,
    "2 τ instead of τ": twice_as_far,
    "a step that is 1 % too long": slightly_too_far,
    "τ² instead of τ": squared_tau,
    "τ = 0.001 whatever tau is": other_fixed_tau,
}
