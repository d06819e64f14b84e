"""A run's saved policy: the arguments that name it, and the agent that is loaded."""

import argparse
from typing import TYPE_CHECKING

from .arguments import add_env_import, path
from .env_import import announce_import

if TYPE_CHECKING:
    from ..ddpg.agent import DDPG


def add_policy_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the run folder, and which of its policies."""
    parser.add_argument("run", type=path, metavar="RUN", help="a run folder")
    parser.add_argument(
        "--policy",
        choices=("last", "best"),
        default="last",
        help="which saved policy; default %(default)s",
    )
    add_env_import(parser)


def load_policy(arguments: argparse.Namespace) -> "DDPG":
    """Load the policy that the arguments name, and announce what its env_id imports."""
    from ..ddpg.agent import DDPG
    from ..storage import CheckpointError
    from ..training.run_dir import read_config

    if not arguments.run.is_dir():
        raise CheckpointError(arguments.run, "this is not a run folder")
    file = arguments.run / ("policy.npz" if arguments.policy == "last" else "best_policy.npz")
    if not file.exists():
        when = "at the first evaluation"
        if arguments.policy == "last":
            when = "at the first evaluation or checkpoint"
        elif read_config(arguments.run).eval_every == 0:
            when = "at evaluations, and eval_every = 0: use --policy last"
        raise FileNotFoundError(f"{file} is not there: it is written {when}")
    agent = DDPG.load(file)
    announce_import(agent.config.env_id, file, arguments.env_import)
    return agent
