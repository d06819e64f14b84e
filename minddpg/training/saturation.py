"""Measure how many of the actor's actions are at a bound, and warn if nearly all are."""

from collections.abc import Iterable

import numpy as np

from ..ddpg.agent import DDPG
from ..nn.layers import Array
from .own_warnings import warn
from .run_log import Row

AT_BOUND = 0.99  # |μ(s)| beyond it; there the slope of the actor's tanh is below 0.02
NEARLY_ALL = 0.95  # of the actions
PAGE = "https://minddpg.github.io/minddpg/how-to/when-it-does-not-learn.html#scale-and-saturation"


@np.errstate(all="ignore")  # DDPG.update and check_finite report numbers that are not finite
def measure(agent: DDPG, obs: Array) -> dict[str, float]:
    """Measure the agent's last update, which was on a minibatch with these obs (N, S)."""
    action, _ = agent.actor.forward(agent.normalize(obs))
    return {
        "actor_saturation": np.count_nonzero(abs(action) > AT_BOUND) / action.size,
        "td_error_std": float(agent.td_error.std(dtype=float)),
    }


class SaturationWarning:
    """Warn once in a run if the actor stays at its bounds for a tenth of the run.

    Args:
        name: of the run: the warning begins with it.
        rows: those of earlier processes of the run, which have given their own warning.
    """

    def __init__(self, total_steps: int, name: str, rows: Iterable[Row] = ()):
        self.total_steps, self.name = total_steps, name
        self.since: float | None = None  # the step of the first row at the bounds; None: not there
        self.is_given = False
        for row in rows:
            self._note(row)

    def see(self, row: Row) -> None:
        """Warn if, with this row, the actor has stayed at its bounds long enough."""
        was_given = self.is_given
        self._note(row)
        if self.is_given and not was_given:
            warn(
                f"{self.name}: since step {self.since:,.0f} more than {NEARLY_ALL:.0%} of the"
                f" actor's actions lie at a bound (|μ(s)| > {AT_BOUND}), where its gradient is"
                " almost zero. That is correct if the best policy is always at one bound or the"
                " other. If the returns are bad, the usual causes are observations that are large"
                " or of very different size (--normalize-obs), and rewards or learning rates that"
                f" are too large: {PAGE}",
                stacklevel=4,  # the caller of train or resume
            )

    def _note(self, row: Row) -> None:
        step = row["time/total_timesteps"]
        if not row.get("train/actor_saturation", 0.0) > NEARLY_ALL:
            self.since = None
        elif self.since is None:
            self.since = step
        elif step - self.since >= self.total_steps / 10:
            self.is_given = True
