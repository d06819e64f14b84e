"""The command `evaluate`: measure a saved policy."""

import argparse

from .arguments import refuse_below
from .policy import add_policy_arguments, load_policy
from .streams import show

ABOUT = "measure the return of a trained policy, without noise"


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


def run(arguments: argparse.Namespace) -> None:
    """Print the return of a saved policy."""
    from ..training.evaluation import evaluate, short
    from ..training.run_dir import read_bug
    from ..training.wording import counted
    from ..verification.bugs import announced

    refuse_below(1, "--episodes", arguments.episodes)
    refuse_below(0, "--seed", arguments.seed)
    agent = load_policy(arguments)
    with announced(read_bug(arguments.run)):
        config = agent.config
        result = evaluate(
            agent,
            config.env_id,
            arguments.episodes,
            arguments.seed,
            progress=True,
            env_kwargs=config.env_kwargs,
        )
    episodes = counted(arguments.episodes, "episode")
    show(
        f"{config.env_name}, {arguments.policy} policy, {episodes} from seed"
        f" {arguments.seed}: return {short(result.mean)} ± {short(result.std)} (standard deviation"
        f" over episodes), from {short(result.returns.min())} to {short(result.returns.max())};"
        f" {result.lengths.mean():.0f} steps each on average"
    )
