"""Arguments that choose a run's saved policy, and functions that load it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import add_env_import, path
from .env_import import announce_import

if TYPE_CHECKING:
    from ..ddpg.agent import DDPG


def add_policy_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments for the run folder and for the choice of its policy."""
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
    agent, file = read_policy(arguments.run, arguments.policy)
    announce_import(agent.config.env_id, file, arguments.env_import)
    return agent


def read_policy(run: Path, policy: str) -> tuple["DDPG", Path]:
    """Read a run's "last" or "best" policy; return it and its file.

    Raises:
        CheckpointError: this is not a run folder, or the file is damaged.
        FileNotFoundError: there is no such policy; says when it is written.
    """
    from ..ddpg.agent import DDPG
    from ..training.run_dir import read_config

    file = run / ("policy.npz" if policy == "last" else "best_policy.npz")
    if not file.exists():
        config = read_config(run)  # refuses what is not a run folder
        when = "at the first evaluation"
        if policy == "last":
            when = "at the first evaluation or checkpoint"
        elif config.eval_every == 0:
            when = "at evaluations, and eval_every = 0: use --policy last"
        raise FileNotFoundError(f"{file} is not there: it is written {when}")
    return DDPG.load(file), file
