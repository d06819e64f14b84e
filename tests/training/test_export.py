"""The exported policy is the agent's, to the last bit, wherever it runs and without minddpg."""

import ast
import errno
import os
import runpy
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from helpers import randomise

from minddpg import DDPG, CheckpointError, Config
from minddpg.ddpg.presets import PRESETS
from minddpg.training import export as module
from minddpg.training.export import export, origin_of
from minddpg.verification.bugs import planted

ROWS = (None, 1, 2, 7, 0)  # None: a single observation, (S,)
ALONE = """
import os, sys
for name in ("minddpg", "gymnasium", "matplotlib", "tqdm"):
    sys.modules[name] = None
import runpy
import numpy as np
np.seterr(all="raise")
folder = sys.argv[1]
for case in os.listdir(folder):
    case = os.path.join(folder, case)
    predict = runpy.run_path(os.path.join(case, "policy.py"))["predict"]
    with np.load(os.path.join(case, "obs.npz")) as saved:
        actions = {name: predict(saved[name]) for name in saved}
    np.savez(os.path.join(case, "actions.npz"), **actions)
"""
HALF = ("float32", False, False, "f2"), ("float64", True, True, "f2")
WIDE = np.array([-1, 0, -30]), np.array([3, 10, 5])  # unequal, off-centre


def bounds(dtype, action_dim=3):
    return (each[:action_dim].astype(dtype) for each in WIDE)


def cases(rng):
    """Yield names and agents: every preset's network, and every kind of layer, dtype and size."""
    for name in PRESETS:
        yield f"preset-{name}", DDPG(11, *bounds("f4"), Config.preset(name), rng)
    kinds = product(("float32", "float64"), (False, True), (False, True), ("f4", "f8"))
    for i, (dtype, batch_norm, normalize_obs, box) in enumerate([*kinds, *HALF]):
        config = Config(
            dtype=dtype, batch_norm=batch_norm, normalize_obs=normalize_obs,
            action_layer=1, hidden_sizes=(9, 8, 7)[: 2 + i % 2],
        )  # fmt: skip
        yield f"{box}-{dtype}-{batch_norm}-{normalize_obs}", DDPG(5, *bounds(box), config, rng)
    shallow = Config(hidden_sizes=(6,))
    yield "one-obs", DDPG(1, *bounds("f4"), shallow, rng)
    yield "one-action", DDPG(4, *bounds("f4", 1), shallow, rng)
    yield "one-of-each-and-one-unit", DDPG(1, *bounds("f8", 1), Config(hidden_sizes=(1,)), rng)


def train_as_if(agent, rng):
    """Give the agent weights, statistics and moments like those after training."""
    randomise(agent, rng, 0.3)
    means, variances = np.split(agent.actor.statistics, 2)
    means[:], variances[:] = rng.standard_normal(means.shape), rng.uniform(0, 2, variances.shape)
    for _ in range(5):
        obs = 3 + rng.standard_normal(agent.obs_dim)
        obs[-1] = 7  # never changes
        agent.observe(obs)


def test_the_exported_policy_acts_as_the_agent_to_the_last_bit_without_minddpg(rng, tmp_path):
    expected = {}
    for name, agent in cases(rng):
        train_as_if(agent, rng)
        export(agent, tmp_path / "cases" / name)
        obs = {
            f"{rows}-{dtype}": 3
            * rng.standard_normal(
                np.r_[[rows] * (rows is not None), agent.obs_dim].astype(int)
            ).astype(dtype)
            for rows in ROWS
            for dtype in ("f4", "f8")
        }
        np.savez(tmp_path / "cases" / name / "obs.npz", **obs)
        expected[name] = {key: agent.predict(value)[0] for key, value in obs.items()}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run_alone(elsewhere, "-c", ALONE, str(tmp_path / "cases"))
    wrong = []
    for name, actions in expected.items():
        with np.load(tmp_path / "cases" / name / "actions.npz") as found:
            for key, action in actions.items():
                theirs = found[key]
                same = (theirs.dtype, theirs.shape) == (action.dtype, action.shape)
                if not same or theirs.tobytes() != action.tobytes():
                    wrong.append(f"{name}, {key}: {theirs} instead of {action}")
    assert not wrong


def run_alone(folder, *arguments):
    command = [sys.executable, "-I", *arguments]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_file_is_code_of_python_3_9_that_shows_itself_and_refuses_other_sizes(
    rng, tmp_path, capsys
):
    agent = DDPG(4, *bounds("f4", 2), Config(), rng)
    code = export(agent, tmp_path / "new" / "folder")
    ast.parse(code.read_text(), feature_version=(3, 9))
    zeros, _ = agent.predict(np.zeros(4))
    predict = runpy.run_path(str(code), run_name="__main__")["predict"]
    printed = capsys.readouterr().out
    assert "4 entries, an action 2." in printed
    assert "bounds are [-1.  0.] and [ 3. 10.]." in printed
    assert f"zeros it is {zeros}." in printed
    for wrong in (3, (3,), (5,), (2, 3), (1, 1, 4), ()):
        with pytest.raises(ValueError, match=r"^obs has shape \(.*\), not \(4,\) or \(N, 4\)$"):
            predict(np.zeros(wrong))
    assert np.isnan(predict([np.nan] * 4)).all()  # as DDPG.predict


@pytest.mark.slow
def test_every_file_is_formatted_linted_and_typed(rng, tmp_path):
    for name, agent in cases(rng):
        export(agent, tmp_path / name.replace("-", "_"), "Where it comes from. " * 9)
    files = [str(path) for path in tmp_path.rglob("*.py")]
    ruff = [sys.executable, "-m", "ruff"]
    rules = "E,F,W,I,B,UP,SIM,C4,RUF,PT,NPY,N,D2,D3,D4"
    for command in (
        [*ruff, "format", "--isolated", "--check", *files],
        [*ruff, "format", "--isolated", "--check", "--line-length", "100", *files],
        [*ruff, "check", "--isolated", "--select", rules, "--ignore", "D203,D213,D413", *files],
        *([sys.executable, "-m", "mypy", "--strict", file] for file in files[:2]),
    ):
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_no_text_becomes_code(rng, tmp_path):
    """An env_id from a stranger's file stays inside the docstring."""
    ends = 'x"""\nraise SystemExit\n"""', "x" + "\\" * 3, 'x"', "x\\", "x\x1b[2J\r\u202e", "x" * 300
    for i, env_id in enumerate(ends):
        agent = DDPG(4, *bounds("f4"), Config(env_id=env_id), rng)
        for j, origin in enumerate(("", env_id)):
            code = export(agent, tmp_path / f"{i}-{j}", origin).read_text()
            tree = ast.parse(code)
            assert "x" in ast.get_docstring(tree), env_id
            assert code.isascii()
            assert len(tree.body) == 10, env_id


def test_the_docstring_has_the_arguments_of_the_environment_as_json(rng, tmp_path):
    for i, value in enumerate(("v", '"', '""" x', '\\"\\"\\"', '"""""')):
        config = Config("T-v0", env_kwargs={"name": value, "a": ""})
        code = export(DDPG(4, *bounds("f4"), config, rng), tmp_path / str(i)).read_text()
        tree = ast.parse(code)
        assert config.env_name in " ".join(ast.get_docstring(tree).split()), value
        assert len(tree.body) == 10


def test_what_is_no_agent_is_refused(tmp_path):
    with pytest.raises(TypeError, match=r"export takes an agent, not 'runs/a': export\(DDPG.load"):
        export("runs/a", tmp_path / "x")
    assert contents(tmp_path) == {}


def test_nothing_is_replaced_unasked_and_either_both_files_are_written_or_none(
    rng, tmp_path, monkeypatch
):
    first, second = (DDPG(4, *bounds("f4"), Config(), rng) for _ in range(2))
    export(first, tmp_path)
    written = contents(tmp_path)
    assert set(written) == {"policy.py", "policy.npz"}
    for missing in (None, *written):
        if missing:
            (tmp_path / missing).unlink()
        with pytest.raises(FileExistsError, match="replace it with overwrite"):
            export(second, tmp_path)
        assert contents(tmp_path) == {k: v for k, v in written.items() if k != missing}
        export(first, tmp_path, overwrite=True)
        assert contents(tmp_path) == written

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for name in ("write_text", "save_arrays"):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, full)
            for folder in (tmp_path, tmp_path / "new"):
                with pytest.raises(OSError, match="No space"):
                    export(second, folder, overwrite=True)
        assert contents(tmp_path) == written
    export(second, tmp_path, overwrite=True)
    assert contents(tmp_path)["policy.npz"] != written["policy.npz"]
    (tmp_path / "policy.npz").unlink()
    (tmp_path / "policy.npz").mkdir()
    with pytest.raises(FileExistsError, match="it is not a file"):
        export(first, tmp_path, overwrite=True)


def test_a_saved_agent_is_never_replaced_by_an_export(rng, tmp_path):
    agent = DDPG(4, *bounds("f4"), Config(), rng)
    agent.save(tmp_path / "policy.npz")  # as in a run folder
    before = contents(tmp_path)
    for overwrite in (False, True):
        with pytest.raises(FileExistsError, match=r"saved agent, .*: choose another folder"):
            export(agent, tmp_path, overwrite=overwrite)
        assert contents(tmp_path) == before


def contents(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def test_an_agent_that_acts_otherwise_is_refused(rng, tmp_path):
    class Halved(DDPG):
        def act(self, obs, explore=False):
            return super().act(obs, explore) / 2

    halved = Halved(4, *bounds("f4"), Config(), rng)
    with pytest.raises(ValueError, match="cannot be exported, since its predict is not"):
        export(halved, tmp_path / "halved")
    agent = DDPG(4, *bounds("f4"), Config(), rng)
    for bug in ("action-scale", "first-bound"):
        with planted(bug), pytest.raises(ValueError, match="cannot be exported, since its predict"):
            export(agent, tmp_path / bug)
    complex_one = DDPG(4, *bounds("f4"), Config(dtype="complex128"), rng)
    with pytest.raises(ValueError, match="dtype = 'complex128': must be float32 or float64"):
        export(complex_one, tmp_path / "complex")
    assert contents(tmp_path) == {}
    with planted("mask-missing"):
        export(agent, tmp_path)


def test_the_origin_names_step_and_return_of_the_policy(rng, tmp_path):
    agent = DDPG(4, *bounds("f4"), Config(seed=8), rng)
    start = "policy of a run on Pendulum-v1, seed 8"
    assert origin_of(tmp_path, agent, "best") == f"The best {start}."
    assert origin_of(tmp_path, agent, "last") == f"The last {start}."
    np.savez(tmp_path / "checkpoint.npz", step=400)
    assert origin_of(tmp_path, agent, "last") == f"The last {start}, from step 400."

    def evaluated(*means, episodes=2):
        steps = 1_000 * np.arange(1, 1 + len(means))
        results = np.repeat(means, episodes).reshape(-1, episodes) + np.linspace(-1, 1, episodes)
        lengths = np.full(results.shape, 9)
        np.savez(tmp_path / "evaluations.npz", timesteps=steps, results=results, ep_lengths=lengths)

    evaluated(-5, -2.5, -2.5, -4)
    without = "of 2 episodes without noise."
    for policy, step, value in (("best", "3,000", "-2.5"), ("last", "4,000", "-4.0")):
        expected = (
            f"The {policy} {start}, from step {step}. Its return was {value}, the mean {without}"
        )
        assert origin_of(tmp_path, agent, policy) == expected
    np.savez(tmp_path / "checkpoint.npz", step=4_500)
    assert origin_of(tmp_path, agent, "last") == f"The last {start}, from step 4,500."
    evaluated(3, episodes=1)
    assert origin_of(tmp_path, agent, "best").endswith(
        "Its return was 2.0, from one episode without noise."
    )
    (tmp_path / "checkpoint.npz").write_bytes(b"PK\3\4")
    with pytest.raises(CheckpointError, match=r"checkpoint\.npz: not a readable checkpoint"):
        origin_of(tmp_path, agent, "last")
