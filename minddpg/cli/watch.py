"""The command `watch`: record a saved policy."""

import argparse
from contextlib import nullcontext
from functools import partial

from .arguments import path, refuse_below, refuse_unwritable
from .policy import add_policy_arguments, load_policy
from .streams import fitted, report

ABOUT = "record one episode of a trained policy as a GIF"
EXAMPLES = """\
minddpg watch runs/Pendulum-v1-1
minddpg watch runs/Pendulum-v1-1 --policy best --seed 4 --gif pendulum.gif
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    add_policy_arguments(parser)
    parser.add_argument(
        "--seed",
        type=int,
        default=10_000,
        metavar="N",
        help="seed of the reset; default %(default)s",
    )
    parser.add_argument(
        "--gif", type=path, metavar="FILE", help="the file to write; default RUN/POLICY.gif"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace the file if it exists")


def run(arguments: argparse.Namespace) -> None:
    """Record an episode of a saved policy."""
    from ..training.evaluation import short
    from ..training.run_dir import read_bug
    from ..training.video import record
    from ..verification.bugs import announced, planted

    refuse_below(0, "--seed", arguments.seed)
    if arguments.gif and arguments.gif.suffix.lower() != ".gif":
        raise ValueError(f"--gif {arguments.gif}: the video is a GIF, so its name must end in .gif")
    agent = load_policy(arguments)
    gif = arguments.gif or arguments.run / f"{arguments.policy}.gif"
    refuse_unwritable(gif, arguments.overwrite)
    bug = read_bug(arguments.run)
    with announced(bug):
        inside = partial(planted, bug) if bug else nullcontext
        config = agent.config
        total, steps = record(agent, config.env_id, arguments.seed, gif, inside, config.env_kwargs)
    where = f"{config.env_name}, " if config.env_kwargs else ""
    report(fitted(f"{gif}: {where}{steps} steps, return {short(total)}"))
