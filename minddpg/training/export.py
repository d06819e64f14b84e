"""Export a policy as policy.py, code that needs only NumPy, and policy.npz, its numbers.

The code is written for the one network that it runs. The numbers are named as the code names them:
W1 (I, O) and b1 (O,) of the first layer, and so on; low and high (A,) are the action bounds.
"""

import os
import runpy
import textwrap
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.normalizer import LIMIT
from ..nn.batchnorm import EPSILON
from ..nn.layers import Array
from ..storage import CheckpointError, load_arrays, open_to_read, printable, save_arrays, write_text
from .evaluation import short
from .read_logs import read_evaluations
from .run_dir import make_folder, read_bug, version

CODE, NUMBERS = "policy.py", "policy.npz"
WIDTH = 88  # of the exported code: what formatters take by default
TRIED = 16  # observations on which code and agent are compared
ALIKE = 1e-3  # of an action's range: some BLAS round differently at another memory address


def export(agent: DDPG, folder: str | Path, origin: str = "", overwrite: bool = False) -> Path:
    """Write policy.py and policy.npz into a folder, both or neither; return the path of policy.py.

    `predict` of policy.py returns the actions of `agent.predict`, bit-identical with the same
    machine and NumPy. Before anything is written, the two are compared on some observations.

    Args:
        origin: where the policy comes from, for the docstring of policy.py.
        overwrite: replace the two files.

    Raises:
        ValueError: the agent acts differently from the exported code, as a subclass of DDPG or an
            agent with a planted bug may; or its dtype is complex.
        TypeError: this is not an agent.
        FileExistsError: one of the files exists and `overwrite` is false, or is not a file; or
            policy.npz is a saved agent, which is never replaced.
        NotADirectoryError: a file has the name of the folder, or of one above it.
    """
    if not isinstance(agent, DDPG):
        what = f"export takes an agent, not {agent!r}"
        raise TypeError(f'{what}: export(DDPG.load("RUN/best_policy.npz"), "FOLDER")')
    if agent.config.dtype not in ("float32", "float64"):
        raise ValueError(f"dtype = {agent.config.dtype!r}: must be float32 or float64")
    folder = Path(folder)
    if _is_agent(folder / NUMBERS):
        why = f"{folder / NUMBERS} is a saved agent, which an export would replace"
        raise FileExistsError(f"{why}: choose another folder")
    for path in (folder / CODE, folder / NUMBERS):
        if os.path.lexists(path) and not (overwrite and path.is_file()):
            hint = (
                "replace it with overwrite (--overwrite)" if path.is_file() else "it is not a file"
            )
            raise FileExistsError(f"{path} exists: {hint}")
    is_new = not folder.exists()
    make_folder(folder)
    try:
        with TemporaryDirectory(dir=folder, prefix=".export-") as written:
            write_text(Path(written, CODE), _code(agent, origin))
            save_arrays(Path(written, NUMBERS), **_numbers(agent))
            _refuse_other_actions(agent, Path(written, CODE))
            for name in (NUMBERS, CODE):  # both are complete
                os.replace(Path(written, name), folder / name)
    finally:
        if is_new:
            with suppress(OSError):  # rmdir removes empty folders only
                folder.rmdir()
    return folder / CODE


def _is_agent(path: Path) -> bool:
    """Return whether this is a file of DDPG.save, such as a run folder's policy.npz."""
    try:
        return "format" in load_arrays(path)  # an exported policy has none
    except CheckpointError:  # not there, or another kind of file
        return False


def origin_of(run_dir: Path, agent: DDPG, policy: str) -> str:
    """Say where a run's "best" or "last" policy comes from: environment, seed, step and return.

    Raises:
        CheckpointError: a file of the run is damaged.
    """
    path, found, episodes = run_dir / "evaluations.npz", {}, 0
    if path.exists():
        steps, returns = read_evaluations(path)
        episodes = returns.shape[1]
        found = {int(step): row.mean() for step, row in zip(steps, returns, strict=True)}
    if policy == "last":
        step = max([_checkpoint_step(run_dir / "checkpoint.npz"), *found])
    else:
        step = max(found, key=lambda step: (found[step], step), default=0)  # the later of equals
    text = f"The {policy} policy of a run on {agent.config.env_name}, seed {agent.config.seed}"
    text += f", from step {step:,}." if step else "."
    if step in found:
        over = f"the mean of {episodes} episodes" if episodes > 1 else "from one episode"
        text += f" Its return was {short(found[step])}, {over} without noise."
    if bug := read_bug(run_dir):
        text += f" It was trained with the planted bug {bug}."
    return text


def _checkpoint_step(path: Path) -> int:
    """Read the step of a checkpoint, and nothing else of that large file; 0 if there is none."""
    if not path.exists():
        return 0
    with open_to_read(path) as file:
        try:
            with np.load(file, allow_pickle=False) as saved:
                return int(saved["step"])
        except Exception as error:  # a damaged archive fails in many ways
            raise CheckpointError(path, f"not a readable checkpoint ({error})") from None


def _numbers(agent: DDPG) -> dict[str, Array]:
    """Return all that the code needs, by the names that it uses."""
    numbers = {"low": agent.action_box.low, "high": agent.action_box.high}
    if agent.normalizer:
        numbers["obs_mean"] = agent.normalizer.moments[1 : 1 + agent.obs_dim]
        numbers["obs_std"] = agent.normalizer.scale()
    for i, linear in enumerate(agent.actor.mlp.linears, 1):
        numbers |= {f"W{i}": linear.weight, f"b{i}": linear.bias}
    for i, norm in enumerate(agent.actor.mlp.batch_norms):  # 0: of the observation
        std = np.sqrt(norm.variance + EPSILON)
        numbers |= {f"mean{i}": norm.mean, f"std{i}": std}
        numbers |= {f"gamma{i}": norm.scale, f"beta{i}": norm.shift}
    return numbers


def _code(agent: DDPG, origin: str) -> str:
    """Write policy.py for this network: each operation in the agent's order, or bits would differ.

    No line is longer than WIDTH, and every line is one that this network needs.
    """
    obs, action, box = agent.obs_dim, agent.action_dim, agent.action_box
    dtype, layers = agent.config.dtype, len(agent.actor.mlp.linears)
    load = f'LAYERS = [(saved[f"W{{i}}"], saved[f"b{{i}}"]) for i in range(1, {layers + 1})]'
    parameters, affine, shapes = "weight, bias", "x @ weight + bias", f"({obs},) or (N, {obs})"
    to_box, to_env = _as(box.dtype, dtype), _as(box.low.dtype, box.dtype)
    batch_norm = norm_obs = scale_obs = ""
    if agent.config.batch_norm:
        load = f"""NAMES = ("W", "b", "mean", "std", "gamma", "beta")
    LAYERS = [[saved[f"{{name}}{{i}}"] for name in NAMES] for i in range(1, {layers + 1})]
    OBS_NORM = [saved[f"{{name}}0"] for name in NAMES[2:]]"""
        parameters, affine = "weight, bias, *norm", f"batch_norm({affine}, *norm)"
        norm_obs = "\n    x = batch_norm(x, *OBS_NORM)"
        batch_norm = """
def batch_norm(x: Array, mean: Array, std: Array, gamma: Array, beta: Array) -> Array:
    \"""Normalise x by the mean and deviation of training; then scale and shift it.\"""
    return gamma * ((x - mean) / std) + beta

"""
    if agent.normalizer:
        load += '\n    OBS_MEAN, OBS_STD = saved["obs_mean"], saved["obs_std"]'
        x = f"np.clip((x - OBS_MEAN) / OBS_STD, -{LIMIT:g}, {LIMIT:g})"
        scale_obs = f"\n    x = {x}{_as(dtype, 'float64')}"
    return f"""\"""{_about(agent, origin)}\"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
OBS_SIZE, ACTION_SIZE = {obs}, {action}
with np.load(Path(__file__).with_name("{NUMBERS}")) as saved:
    {load}
    LOW, HIGH = saved["low"], saved["high"]

{batch_norm}
def predict(obs: ArrayLike) -> Array:
    \"""Return the action ({action},) for obs ({obs},), or (N, {action}) for (N, {obs}).\"""
    x = np.asarray(obs, np.{dtype})
    if x.ndim not in (1, 2) or x.shape[-1] != OBS_SIZE:
        raise ValueError(f"obs has shape {{x.shape}}, not {shapes}"){scale_obs}{norm_obs}
    for {parameters} in LAYERS[:-1]:
        x = {affine}
        x = x * (x > 0)  # ReLU
    {parameters} = LAYERS[-1]
    x = np.tanh({affine}){to_box}  # in [-1, 1]
    x = 0.5 * ((1 - x) * LOW + (1 + x) * HIGH)  # rounding may exceed the bounds
    action: Array = np.minimum(np.maximum(x, LOW), HIGH){to_env}
    return action


if __name__ == "__main__":
    print(f"An observation has {{OBS_SIZE}} entries, an action {{ACTION_SIZE}}.")
    print(f"The action's bounds are {{LOW}} and {{HIGH}}.")
    print(f"At an observation of zeros it is {{predict(np.zeros(OBS_SIZE))}}.")
"""


def _as(wanted: Any, found: Any) -> str:
    """Write the conversion from one dtype to another, or nothing where they are the same."""
    return "" if wanted == found else f".astype(np.{np.dtype(wanted).name})"


def _about(agent: DDPG, origin: str) -> str:
    """Write the docstring of policy.py; no text from a file can end it and become code."""
    about = origin or f"A policy for {agent.config.env_name}, seed {agent.config.seed}."
    safe = printable(about).replace("\\", "\\\\").replace('""', '"\\"')  # no three in a row
    use = f"Actions are in the environment's units. {NUMBERS} has the numbers; it must be"
    use += f" in the same folder as this file. Exported by minddpg {version('minddpg')}."
    source, usage = (
        textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
        for text in (safe, use)
    )
    return f"""The policy of a trained DDPG agent, in NumPy alone: `from policy import predict`.

{source}

{usage}
"""


def _refuse_other_actions(agent: DDPG, code: Path) -> None:
    """Check that the exported code gives the agent's actions, for one observation and for many."""
    predict = runpy.run_path(str(code))["predict"]
    obs = np.random.default_rng(0).standard_normal((TRIED, agent.obs_dim))
    if agent.normalizer:
        obs = agent.normalizer.moments[1 : 1 + agent.obs_dim] + obs * agent.normalizer.scale()
    low, high = agent.action_box.low.astype(float), agent.action_box.high.astype(float)
    for each in (obs, *obs):
        with np.errstate(all="ignore"):  # as DDPG.act does
            ours, theirs = agent.predict(each)[0], predict(each)
            gap = np.abs(ours.astype(float) - theirs) / (high - low)
        if ours.dtype != theirs.dtype or (gap > ALIKE).any():
            why = "its predict is not that of DDPG: a subclass, or a planted bug, changes it"
            raise ValueError(f"this policy cannot be exported, since {why}")
