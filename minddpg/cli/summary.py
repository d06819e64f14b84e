"""Print the results of train and resume."""

from pathlib import Path
from typing import TYPE_CHECKING

from ..training.display import say
from .streams import fitted, report

if TYPE_CHECKING:
    from ..training.loop import Run


def summarise(run: "Run", run_dir: Path, quiet: bool) -> None:
    """Print returns and files, and draw the learning curve; a failure to draw only warns."""
    from ..training.evaluation import short
    from ..training.plots import learning_curve
    from ..verification.exact_pendulum import is_solved

    picture = run_dir / "learning_curve.png"
    if not quiet:
        returns = run.history["eval/mean_reward"]
        returns = returns[returns == returns]  # rows with an evaluation
        if len(returns):
            last, best = short(returns[-1]), short(returns.max())
            report(fitted(f"last policy    return {last}   {run_dir / 'policy.npz'}"))
            report(fitted(f"best policy    return {best}   {run_dir / 'best_policy.npz'}"))
            config = run.agent.config
            if is_solved(config):
                report(fitted(f"for comparison {_yardsticks(run)}"))
        else:
            report(fitted(f"last policy    not evaluated   {run_dir / 'policy.npz'}"))
    try:
        learning_curve(run_dir, picture)
    except OSError as error:  # such as a full disk
        why = f"{picture}: {error.strerror or error}"
        say(f"minddpg: warning: the run is finished and saved, but its picture is not ({why})")
        return
    if not quiet:
        report(fitted(f"learning curve {picture}"))


def _yardsticks(run: "Run") -> str:
    """Return a line with an exact and a random policy's returns from the evaluations' starts."""
    from ..experiments.yardsticks import yardsticks
    from ..training.evaluation import short

    exact, random = yardsticks(run.eval_seed, run.agent.config.eval_episodes)
    about = f"{round(random, -1):.0f}"  # its mean over a thousand episodes is off by about ten
    return f"exact policy {short(exact)}, random about {about}, on the same starts"
