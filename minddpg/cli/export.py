"""The command `export`: write a saved policy as code that needs NumPy alone."""

import argparse

from .arguments import path
from .policy import read_policy
from .streams import fitted, report

ABOUT = "write a trained policy as policy.py and policy.npz, which need NumPy alone"
EXAMPLES = """\
minddpg export runs/Pendulum-v1-1
minddpg export runs/Pendulum-v1-1 --policy last --out robot
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("run", type=path, metavar="RUN", help="a run folder")
    which = parser.add_mutually_exclusive_group().add_argument
    which(
        "--policy",
        choices=("last", "best"),
        default="best",
        help="which saved policy; default %(default)s",
    )
    which(
        "--last", dest="policy", action="store_const", const="last", help="short for --policy last"
    )
    parser.add_argument(
        "--out", type=path, metavar="DIR", help="the folder to write into; default RUN/export"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace the files of an earlier export"
    )


def run(arguments: argparse.Namespace) -> None:
    """Export a saved policy, without importing its environment."""
    from ..training.export import export, origin_of
    from ..training.run_dir import read_bug
    from ..verification.bugs import announced

    policy, out = arguments.policy, arguments.out or arguments.run / "export"
    agent, _ = read_policy(arguments.run, policy)
    origin = origin_of(arguments.run, agent, policy)
    with announced(read_bug(arguments.run)):
        code = export(agent, out, origin, arguments.overwrite)
    report(fitted(origin))
    report(f"policy         {code}\nits numbers    {code.with_suffix('.npz')}")
