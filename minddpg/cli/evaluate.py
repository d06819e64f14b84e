"""The command `evaluate`: measure a saved policy."""

import argparse

from .arguments import add_json, refuse_below
from .policy import add_policy_arguments, load_policy
from .streams import fitted, show, show_json

ABOUT = "measure the return of a trained policy, without noise"
EXAMPLES = """\
minddpg evaluate runs/Pendulum-v1-1
minddpg evaluate runs/Pendulum-v1-1 --policy best --episodes 100 --seed 20000
minddpg evaluate runs/Pendulum-v1-1 --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    add_policy_arguments(parser)
    parser.add_argument(
        "--episodes",
        type=int,
        default=20,
        metavar="N",
        help="number of episodes; default %(default)s",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=10_000,
        metavar="N",
        help="episode i is reset with N + i; default %(default)s",
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> None:
    """Print the return of a saved policy."""
    from ..training.evaluation import evaluate, short
    from ..training.run_dir import read_bug
    from ..training.wording import counted
    from ..verification.bugs import announced

    refuse_below(1, "--episodes", arguments.episodes)
    refuse_below(0, "--seed", arguments.seed)
    agent = load_policy(arguments)
    config = agent.config
    bug = read_bug(arguments.run)
    with announced(bug):
        result = evaluate(agent, None, arguments.episodes, arguments.seed, progress=True)
    if arguments.json:
        show_json(
            {
                "run": str(arguments.run),
                "policy": arguments.policy,
                "env_id": config.env_id,
                "env_kwargs": dict(config.env_kwargs),
                "bug": bug or None,
                "seed": arguments.seed,
                "mean": result.mean,
                "std": result.std,
                "returns": result.returns,
                "lengths": result.lengths,
            }
        )
        return
    episodes = counted(arguments.episodes, "episode")
    line = (
        f"{config.env_name}, {arguments.policy} policy, {episodes} from seed"
        f" {arguments.seed}: return {short(result.mean)} ± {short(result.std)} (standard deviation"
        f" over episodes), from {short(result.returns.min())} to {short(result.returns.max())};"
        f" {result.lengths.mean():.0f} steps each on average"
    )
    show(fitted(line))
