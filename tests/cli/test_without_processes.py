"""Without processes, as in a browser's Python, each command that needs them says so."""

import sys

import numpy as np

from minddpg import DDPG, Config
from minddpg.cli import main

WHY = "needs other processes, which this Python cannot start, as in a browser: "
INSTALL = "on a computer (pip install minddpg)"
COMMANDS = {  # each with its line
    "watch run --policy last": f"a video {WHY}record it on a computer"
    " (pip install 'minddpg[render]')",
    "study tau": f"a study {WHY}call minddpg.train for one config after another, pass an executor"
    f" that works here, or run it {INSTALL}",
    "grade run": f"grading {WHY}grade on a computer (pip install 'minddpg[grade]')",
    "check --exercises 04.1": f"a check of mutants {WHY}run it {INSTALL}",
}


def test_what_needs_processes_says_so_in_one_line_and_writes_nothing(tmp_path, monkeypatch, capsys):
    (tmp_path / "run").mkdir()
    agent = DDPG(3, [-2.0], [2.0], Config(hidden_sizes=(2,)), np.random.default_rng(0))
    agent.save(tmp_path / "run" / "policy.npz")
    before = sorted(tmp_path.rglob("*"))
    for platform in ("emscripten", "wasi"):
        monkeypatch.setattr(sys, "platform", platform)
        for command, line in COMMANDS.items():
            assert main(command.split()) == 1, command
            out, err = capsys.readouterr()
            assert (out, err.splitlines()[-1]) == ("", f"minddpg: error: {line}"), command
            assert sorted(tmp_path.rglob("*")) == before, command
