"""The examples of the page on logging and stopping run, and their logs can be read again."""

import csv
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "log-and-stop.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PROGRAM = "\n".join(block for block in BLOCKS if not block.startswith("# not run"))
CHECKS = """
steps, scores = (run.history[name] for name in ("time/total_timesteps", "eval/mean_reward"))
assert steps[-1] < config.total_steps and scores[-1] > -400, (steps, scores)
assert not (scores[:-1] > -400).any(), scores

scores = patient.history["eval/mean_reward"]
after = scores[(scores == scores) & (patient.history["train/critic_loss"] > 0)]
waited = len(after) - 1 - after.argmax()
assert waited == 3 or (waited < 3 and patient.history["time/total_timesteps"][-1] == 3_000), after

states = [trial.state.name for trial in study.trials]
assert len(states) == 8 and set(states) == {"COMPLETE", "PRUNED"}, states
for trial in study.trials:
    assert min(trial.intermediate_values) == 750, trial
    assert trial.last_step < 3_000 or trial.state.name == "COMPLETE", trial
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Run the page as one script, then CHECKS; return the folder in which they ran."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "page.py").write_text(PROGRAM + CHECKS, "utf-8")
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    command = [sys.executable, "page.py"]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return folder


def events(path):
    """Read the values of a TensorBoard file: length, its checksum, an event, its checksum."""
    from tensorboardX.proto.event_pb2 import Event

    data, found = path.read_bytes(), {}
    while data:
        (size,) = struct.unpack("<Q", data[:8])
        event, data = Event.FromString(data[12 : 12 + size]), data[16 + size :]
        for value in event.summary.value:
            found.setdefault(value.tag, []).append((event.step, value.simple_value))
    return found


@pytest.mark.slow
def test_the_page_runs_and_tensorboard_has_every_cell_of_progress_csv(folder):
    (path,) = (folder / "runs" / "board").glob("events.out.tfevents.*")
    found = events(path)
    with open(folder / "runs" / "board" / "progress.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert set(found) == set(rows[0])
    for tag, logged in found.items():
        cells = [
            (int(row["time/total_timesteps"]), np.float32(row[tag])) for row in rows if row[tag]
        ]
        assert logged == cells, tag
    section = PAGE.split("## TensorBoard")[1].split("## Early")[0]
    for tag in re.findall(r"`((?!runs/)\w+/\w+)`", section):
        assert tag in found, tag


def test_patience_counts_evaluations_of_a_trained_policy_that_bring_no_new_best():
    names = {}
    (code,) = (block for block in BLOCKS if "class Patience" in block)
    exec("from math import inf, isnan\n" + code.split("\npatient = ")[0], names)
    nan = np.nan
    cases = (
        ([(5, nan)] * 9, None),  # the warm-up, where every evaluation is the same
        ([(nan, 1)] * 9, None),  # rows without an evaluation
        ([(1, 1), (2, 1), (3, 1), (4, 1)], None),
        ([(5, nan), (1, 1), (nan, 1), (1, 1), (0, 1), (9, 1)], 4),
        ([(1, 1), (0, 1), (2, 1), (1, 1), (2, 1)], 4),
    )
    for rows, expected in cases:
        patience = names["Patience"](2)
        answers = [
            patience({"eval/mean_reward": score, "train/critic_loss": loss}) for score, loss in rows
        ]
        found = answers.index(True) if True in answers else None
        assert found == expected, rows
