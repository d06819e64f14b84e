"""Collect the facts that a Run shows when it is printed."""

from typing import TYPE_CHECKING

from .describe import Facts
from .evaluation import short

if TYPE_CHECKING:
    from .loop import Run


def run_facts(run: "Run") -> Facts:
    """Return environment, seed and steps of a run, its returns, and its folder."""
    config, steps = run.agent.config, run.history["time/total_timesteps"]
    last = f"{steps[-1] if len(steps) else 0:,.0f}"
    total = f"{config.total_steps:,}"
    returns = run.history["eval/mean_reward"]
    evaluated = returns == returns
    returns, at = returns[evaluated], steps[evaluated]
    found = {"return": "not evaluated"}
    if len(returns):
        found = {"last return": short(returns[-1]), "best return": short(returns.max())}
        if at[-1] != steps[-1]:  # stopped early: the last agent was not evaluated
            last_one = {"last evaluation": f"{short(returns[-1])} at step {at[-1]:,.0f}"}
            found = last_one | {"best return": found["best return"]}
    return (
        {
            "environment": config.env_name,
            "seed": str(config.seed),
            "steps": total if last == total else f"{last} of {total}",
        },
        found | ({} if run.run_dir is None else {"folder": str(run.run_dir)}),
    )
