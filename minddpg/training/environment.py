"""The boundary to Gymnasium: check what an environment returns, so that no other code has to.

S observation entries, A action entries.
"""

import difflib
import inspect
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NoReturn

import gymnasium as gym
import numpy as np
from gymnasium.envs.registration import load_env_creator

from ..ddpg.agent import REMEDY, DivergenceError
from ..nn.layers import Array
from .env_checks import check_environment
from .env_errors import described, is_signal, raise_env_error
from .env_values import as_flag, as_observation, as_reward, shown
from .own_warnings import warn
from .running_statistics import warn_of_running_statistics
from .wording import counted

# folder in gymnasium.envs -> our extra that installs what it needs
EXTRAS = {"box2d": "box2d", "mujoco": "mujoco", "classic_control": "render"}


class Environment:
    """Wrap a Gymnasium environment with Box spaces; give observations as flat arrays.

    Every error that the environment raises is raised as an EnvError.

    Attributes:
        obs_dim: S, the entries of an observation; the agent casts it to its dtype.
        action_low, action_high: (A,), in the environment's units.
        steps: the number in messages: steps so far, or in an evaluation those of its episode.
        episode: the text after that number: in an evaluation which episode it is, else "".
        examined: whether the wrappers have been examined for running statistics.

    Raises:
        TypeError, ValueError, EnvError: as in check_environment().
    """

    def __init__(self, env: Any):
        self.env, self.name = env, check_environment(env)
        (self.obs_dim,) = env.observation_space.shape
        self.action_shape, self.action_dtype = env.action_space.shape, env.action_space.dtype
        self.action_low = env.action_space.low.ravel()
        self.action_high = env.action_space.high.ravel()
        self.steps, self.episode, self.examined = 0, "", False

    def reset(self, seed: int) -> Array:
        """Start the episode with this seed; return its first observation (S,).

        Raises:
            ValueError: not an (observation, info) pair, or an observation that step() would refuse.
        """
        try:
            outcome = self.env.reset(seed=seed)
        except BaseException as error:
            raise_env_error(error, f"{self._when()}, in reset: {self.name}")
        # the old gym's observation may also be a tuple of two
        is_pair = isinstance(outcome, tuple) and len(outcome) == 2
        if not is_pair or isinstance(outcome[1], (int, float, np.number, np.ndarray)):
            raise ValueError(
                f"{self._when()}: {self.name}.reset did not return an (observation, info) pair, but"
                f" {_kind(outcome)}; if it returned the observation alone, as the old gym's does,"
                " add an empty dict"
            )
        if not self.examined:  # now, because some wrappers make their statistics in reset
            warn_of_running_statistics(self.env, self.name)
            self.examined = True
        try:
            return as_observation(outcome[0], self.obs_dim)
        except BaseException as error:
            self._raise_named(error)

    def step(self, action: Array) -> tuple[Array, float, bool, bool]:
        """Take an action (A,) in the environment's units.

        Returns obs (S,), reward, terminated (the MDP ended), truncated (a time limit).

        Raises:
            DivergenceError: the action is NaN or infinite.
            ValueError: env_values.py refuses the observation, the reward or a flag; names the step
                and the field. Or the action has another size or is not numeric, or the environment
                did not return a tuple of five.
        """
        self.steps += 1
        action = np.asarray(action)
        is_real = action.dtype.kind in "fiub"
        if action.size != self.action_low.size or not is_real:
            given = f"has shape {action.shape}" if is_real else f"is {shown(action)}"
            wanted = f"{self.name} takes {counted(self.action_low.size, 'number')}"
            raise ValueError(f"{self._when()}: the action {given}, {wanted}")
        if not np.isfinite(action).all():
            what = f"the action is {action}: the actor has diverged; {REMEDY}"
            raise DivergenceError(f"{self._when()}: {what}")
        try:
            outcome = self.env.step(action.reshape(self.action_shape).astype(self.action_dtype))
        except BaseException as error:
            raise_env_error(error, f"{self._when()}: {self.name}")
        if not (isinstance(outcome, tuple) and len(outcome) == 5):
            raise ValueError(
                f"{self._when()}: {self.name}.step returned {_kind(outcome)}; Gymnasium expects a"
                " tuple of five: observation, reward, terminated, truncated, info (the old gym's"
                " four had one flag for both ends)"
            )
        obs, reward, terminated, truncated, _ = outcome
        try:
            return (
                as_observation(obs, self.obs_dim),
                as_reward(reward),
                as_flag("terminated", terminated),
                as_flag("truncated", truncated),
            )
        except BaseException as error:
            self._raise_named(error)

    def render(self) -> Any:
        """Return what the environment draws."""
        try:
            return self.env.render()
        except BaseException as error:
            raise_env_error(error, f"{self._when()}, in render: {self.name}")

    def close(self) -> None:
        """Close the environment; warn of an error in it, because no result depends on it."""
        _close(self.env, self.name)

    def _when(self) -> str:
        return f"step {self.steps}{self.episode}"

    def _raise_named(self, error: BaseException) -> NoReturn:
        """Raise the error with step and name: a refusal as ValueError, any other as EnvError."""
        if isinstance(error, ValueError):
            raise ValueError(f"{self._when()}: {self.name} {error}") from error
        raise_env_error(error, f"{self._when()}: {self.name}")


def make(env_id: str, /, **options: Any) -> Environment:
    """Make an environment by its Gymnasium id, or by module:Name-v0.

    Args:
        options: the config's env_kwargs, and other arguments of gymnasium.make.

    Raises:
        ValueError: no environment has this id, or it does not take an argument; names the nearest.
        ImportError: a package is missing; names the extra to install.
        EnvError: its module or its constructor raised another error.
        TypeError, ValueError: Environment refuses it.
    """
    try:
        # an environment that hides a simulator's banner may forget to restore the streams
        with redirect_stdout(sys.stdout), redirect_stderr(sys.stderr):
            env = gym.make(env_id, disable_env_checker=True, **options)
    except gym.error.UnregisteredEnv as error:
        if env_id.split(":")[-1] in gym.registry:  # it makes another environment inside
            raise ValueError(f"{env_id} cannot be made: {error}") from error
        raise ValueError(f"environment {env_id!r} is not registered; {_hint(env_id)}") from error
    except (gym.error.DependencyNotInstalled, ImportError) as error:
        raise missing_packages([env_id], error) from error
    except gym.error.Error as error:
        if "Malformed" in str(error):
            forms = "Name-v0, namespace/Name-v0 or module:Name-v0"
            raise ValueError(f"environment {env_id!r} is not a valid id; write {forms}") from error
        raise ValueError(f"environment {env_id!r}: {error}") from error
    except BaseException as error:
        _refuse_unknown_argument(error, env_id, options)
        given = {name: value for name, value in options.items() if name != "render_mode"}
        is_said = not given or isinstance(error, TypeError)  # Gymnasium adds them to its text
        also = "" if is_said else f" with env_kwargs {given}"[:200]
        raise_env_error(error, f"making the environment {env_id}{also}")
    try:
        return Environment(env)
    except Exception:
        _close(env, env_id)  # its threads and processes would keep this process alive
        raise


def _hint(env_id: str) -> str:
    """Return what to write instead of an id that is not registered."""
    module, colon, name = env_id.rpartition(":")
    script = env_id.removesuffix(".py")
    if script.isidentifier() and Path(f"{script}.py").is_file():
        return f"{script}.py is here: write {script}:ID, with an id that it registers"
    near = difflib.get_close_matches(name, gym.registry, n=3, cutoff=0.5)
    hint = f"nearest: {', '.join(near)}" if near else "gymnasium.registry lists all"
    if colon:  # Python may have another module of this name
        file = getattr(sys.modules.get(module), "__file__", None) or "Python itself"
        return f"{hint}; {module} was imported from {file}"
    hint += f"; if a module of yours registers it, write module:{env_id}, or in Python"
    return f"{hint} import the module, then train, resume or evaluate"


def _why_not_imported(env_id: str, error: Exception) -> str:
    """Return why the module of an env_id could not be imported, or the error's text."""
    module, colon, name = env_id.rpartition(":")
    cause = error.__cause__  # Gymnasium's error does not name the module that is missing
    if not colon or not isinstance(cause, ModuleNotFoundError) or not cause.name:
        return str(error)
    if module.endswith(".py"):
        return f"leave out .py: write {module.removesuffix('.py')}:{name}"
    if f"{module}.".startswith(f"{cause.name}."):
        return f"the module {cause.name} is neither in the current folder nor installed"
    return f"the module {module} was found, but it imports {cause.name}, which is not installed"


def _refuse_unknown_argument(error: BaseException, env_id: str, given: Mapping[str, Any]) -> None:
    """Raise ValueError if this error says that the environment takes no such argument."""
    unknown = re.search(r"unexpected keyword argument '(\w+)'", str(error))
    name = unknown[1] if unknown and isinstance(error, TypeError) else ""
    if name not in given or name == "render_mode":  # record() passes render_mode, not the user
        return
    known = _arguments(env_id)
    near = difflib.get_close_matches(name, known, n=1)
    hint = (
        f"; did you mean {near[0]!r}?" if near else f"; it takes {', '.join(known)}" * bool(known)
    )
    raise ValueError(f"env_kwargs: {env_id} takes no argument {name!r}{hint}") from error


def _arguments(env_id: str) -> list[str]:
    """Return the names of an environment's arguments, as far as its entry point gives them."""
    try:
        entry: Any = gym.registry[env_id.split(":")[-1]].entry_point
        creator = load_env_creator(entry) if isinstance(entry, str) else entry
        parameters = inspect.signature(creator).parameters.values()
    except Exception:  # no signature, or the id has no version
        return []
    plain = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    return [each.name for each in parameters if each.kind in plain and each.name != "render_mode"]


def with_version(env_id: str) -> str:
    """Return an id with its latest version, if it has none and is registered with one."""
    found = (re.fullmatch(rf"{re.escape(env_id)}-v(\d+)", each) for each in gym.registry)
    versions = [int(match[1]) for match in found if match]
    return f"{env_id}-v{max(versions)}" if versions and env_id not in gym.registry else env_id


def require_environments(wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """Make and close each environment, by its id and with its env_kwargs.

    Raises:
        ImportError: packages are missing; names the extras that install all of them.
        As make(): one of them cannot be made.
    """
    missing: dict[str, ImportError] = {}
    for env_id, env_kwargs in wanted.items():
        try:
            make(env_id, **env_kwargs).close()
        except ImportError as error:
            missing[env_id] = error
    if missing:
        raise missing_packages(list(missing), next(iter(missing.values())))


def missing_packages(env_ids: Sequence[str], error: Exception) -> ImportError:
    """Return an ImportError that names the extras which install what environments need."""
    specs = [gym.registry.get(with_version(env_id)) for env_id in env_ids]
    places = [str(getattr(spec, "entry_point", "")) for spec in specs]
    found = {extra for folder, extra in EXTRAS.items() if f"envs.{folder}" in str(places)}
    if not found:
        prefix = f"{env_ids[0]}: "
        return ImportError(prefix + _why_not_imported(env_ids[0], error).removeprefix(prefix))
    extras, need = ",".join(sorted(found)), "needs" if len(env_ids) == 1 else "need"
    return ImportError(
        f"{', '.join(env_ids)} {need} packages that are not installed: pip install"
        f" 'minddpg[{extras}]' (in a clone: pip install -e '.[{extras}]')"
    )


def _close(env: Any, name: str) -> None:
    try:
        env.close()
    except BaseException as error:
        if is_signal(error):
            raise
        warn(f"closing {name} failed: {described(error)}", stacklevel=3)


def _kind(outcome: Any) -> str:
    if outcome is None:
        return "None"
    is_tuple = isinstance(outcome, tuple)
    return f"{len(outcome)} values" if is_tuple else f"a {type(outcome).__name__}"
