"""Train and resume: algorithm 1 of the paper, with evaluations, logs and checkpoints."""

import os
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..nn.layers import Array
from ..storage import CheckpointError, as_checkpoint_error
from .annealing import ScaledRates, rate_scale
from .checkpoint import State, load_checkpoint, rebuild_episode
from .describe import as_html, as_text
from .environment import Environment, make
from .evaluation import Outcome, evaluate
from .foresight import warn_before_first_evaluation, warn_before_first_step
from .output import Output
from .own_warnings import callers_filters
from .progress import ProgressBar
from .rescue import Rescue
from .run_dir import lasting, note, read_bug, read_config, write_config
from .run_facts import run_facts
from .run_files import RunFiles
from .run_log import RunLog
from .saturation import SaturationWarning, measure
from .shared_world import SharedWorldCheck
from .stopping import OnRow, StopRequest, refuse_no_callback
from .wording import quoted


@dataclass(frozen=True, eq=False)
class Run:
    """The result of a training run."""

    agent: DDPG  #: after the last step
    best_agent: DDPG  #: of the best evaluation, the later of equals; `agent` if there was none
    history: dict[str, Array]  #: the columns of progress.csv, NaN where a row has no value
    eval_seed: int  #: episode i of each evaluation was reset with this + i
    run_dir: Path | None  #: the run folder, if there is one

    def __repr__(self) -> str:
        return as_text(self, run_facts(self))

    def _repr_html_(self) -> str:
        return as_html(self, run_facts(self))


def train(
    config: Config,
    run_dir: str | Path | None = None,
    progress: bool = True,
    overwrite: bool = False,
    on_row: OnRow | None = None,
) -> Run:
    """Train DDPG as the config says.

    Args:
        run_dir: the run folder, for logs, policies and checkpoints; None writes nothing.
        progress: show a bar, or plain lines where standard error is not a terminal.
        overwrite: replace a run that the run folder already holds.
        on_row: called as on_row(row) with each row of progress.csv: a new dict from column to
            float, NaN where the cell is empty. If it returns True, the run ends there and is
            returned; if it raises, the run ends with that exception. In both cases a checkpoint
            is written first, if there is a run folder, and resume() continues from it. If the
            checkpoint fails, the run ends with that error, and on_row's exception is its cause.

    Raises:
        ValueError, TypeError, ImportError: config, environment or on_row cannot be used.
        EnvError: the environment raised an error, which is the cause. The checkpoint in the run
            folder is then of the last complete step, as after a ValueError for a returned value.
        FileExistsError: the run folder holds a run, or another process is writing it.
        DivergenceError: a number that training depends on is no longer finite.
    """
    _refuse_unfit(config)
    refuse_no_callback(on_row)
    place = None if run_dir is None else lasting(run_dir)
    with _environments(config) as (env, eval_env):
        warn_before_first_step(config)
        state, log = State(config, env), RunLog(config)
        files = None if place is None else RunFiles(place(), config, log.start, overwrite)
        output = Output(files, ProgressBar(config.total_steps) if progress else None)
        return train_from(state, env, eval_env, log, output, on_row)


def resume(
    run_dir: str | Path, more_steps: int = 0, progress: bool = True, on_row: OnRow | None = None
) -> Run:
    """Continue a run from its last checkpoint, bit-identical to an uninterrupted run.

    A run that was killed before its first checkpoint begins again. A finished run is returned
    unchanged.

    Args:
        run_dir: the run folder. Its logs are cut back to the checkpoint.
        more_steps: steps to add to the run; annealing then reaches 0 at the new end.
        on_row: as for train(); it gets only the new rows.

    Raises:
        CheckpointError: a file of the run is missing, damaged, or does not fit the others; or the
            run was trained with a bug that is not planted now, or without the one that is.
        ValueError: more_steps is below 0.
        TypeError: on_row is not a plain function.
        EnvError: the environment raised an error, which is the cause.
        FileExistsError: another process is writing the run folder.
        DivergenceError: a number that training depends on is no longer finite.
    """
    refuse_no_callback(on_row)
    run_dir, place = Path(run_dir), lasting(run_dir)
    if more_steps < 0:
        raise ValueError(f"more_steps = {more_steps}: must be at least 0")
    config = read_config(run_dir)
    config = replace(config, total_steps=config.total_steps + more_steps)
    _refuse_other_bug(run_dir)
    # lexists: a broken link means that the checkpoint is out of reach, not that there is none
    if not os.path.lexists(run_dir / "checkpoint.npz"):
        warnings.warn(f"{run_dir} has no checkpoint: the run begins again at step 0", stacklevel=2)
        return train(config, run_dir, progress, overwrite=True, on_row=on_row)
    _refuse_unfit(config)
    with _environments(config) as (env, eval_env):
        path = place() / "checkpoint.npz"
        state, arrays = load_checkpoint(path, config, env)
        episode_repeats = rebuild_episode(state, env, arrays)
        with as_checkpoint_error(path):
            log = RunLog(config, saved=arrays)
            if log.steps != state.step:
                raise ValueError(f"its log is at step {log.steps:,}, its state at {state.step:,}")
            kept = int(arrays["log_rows"]), log.episodes
        with closing(RunFiles(place(), config, log.start, kept=kept)) as files:
            log.rows = files.rows
            files.save_results(state, log.evaluations)
            if more_steps:
                write_config(place(), config)
            if state.step < config.total_steps:
                warn_before_first_step(config)
            if not episode_repeats:
                log.forget_episode()
            best = state.best_return
            bar = ProgressBar(config.total_steps, state.step, best) if progress else None
            output = Output(files, bar)
            is_finished = state.step == config.total_steps and not log.is_evaluation_due()
            output.say(_how_far(state.step, config.total_steps, is_finished))
            return train_from(state, env, eval_env, log, output, on_row)


def train_from(
    state: State,
    env: Environment,
    eval_env: Environment,
    log: RunLog | None = None,
    output: Output | None = None,
    on_row: OnRow | None = None,
) -> Run:
    """Train from this state to the end, or until a stop is requested (algorithm 1).

    Without `log` a new one begins; without `output` nothing is written or shown. If `eval_env` is
    `env`, evaluations wait for the end of an episode; only that of the last step interrupts one.
    """
    agent, replay, config = state.agent, state.replay, state.agent.config
    log, output = log or RunLog(config), output or Output()
    check = SharedWorldCheck(state, env, eval_env)
    name = f"{config.env_name}, seed {config.seed}"
    if output.files:  # runs of a study may have equal seeds
        name += f" ({output.files.run_dir})"
    saturation = SaturationWarning(config.total_steps, name, log.rows)
    rescue = Rescue(state, log, output)
    with closing(output), rescue, check, StopRequest(on_row) as stop:
        if state.step < config.total_steps:
            megabytes = f"{replay.rows.nbytes / 1e6:,.1f} MB"
            output.say(f"replay memory: {megabytes} when {replay.capacity:,} transitions fill it")
        # after an error in the evaluation or the reset at a step's end, finish that step first
        had_ended = log.steps > 0 and log.episode_length == 0 and bool(state.episode_actions)
        may_evaluate = eval_env is not env or state.step == config.total_steps
        is_unfinished = had_ended or (may_evaluate and log.is_evaluation_due())
        was_truncated = False
        while state.step < config.total_steps or is_unfinished:
            if is_unfinished:
                is_unfinished, episode_ends = False, had_ended
            else:
                *_, terminated, truncated = outcome = _take_step(state, env, log)
                output.step()
                episode_ends = terminated or truncated
                was_truncated = was_truncated or truncated
                if episode_ends:
                    output.episode(log.end_episode())
                    check.end_of_episode(outcome)
            is_last = state.step == config.total_steps
            if log.is_evaluation_due() and (episode_ends or is_last or eval_env is not env):
                if not (episode_ends or is_last):
                    check.before_evaluation()
                is_first = not log.evaluations
                if is_first and not was_truncated:
                    warn_before_first_evaluation(config.env_id, env)
                evaluation = evaluate(agent, eval_env, config.eval_episodes, state.eval_seed)
                state.keep_if_best(evaluation.mean)
                log.add_evaluation(evaluation)
                output.evaluation(state, log.evaluations)
                if eval_env is env:  # the evaluation has reset it
                    log.forget_episode()
                    episode_ends = True
            if episode_ends:
                state.begin_episode(env)
                agent.noise.reset()
            row = log.end_of_step()
            if row is not None:
                output.row(row)
                saturation.see(row)
                stop.ask_on_row(row)
            ends_here = is_last or stop.requested
            if ends_here or state.step % config.checkpoint_every == 0:
                with stop.as_cause():
                    state.check_finite()
                    output.checkpoint(state, log)
            if ends_here:
                break
        run_dir = output.files.run_dir if output.files else None
        stop.raise_if_requested(_how_to_continue(state.step, run_dir))
    return Run(agent, state.best_agent, log.history(), state.eval_seed, run_dir)


def _take_step(state: State, env: Environment, log: RunLog) -> Outcome:
    """Act, store the transition, and update the networks."""
    agent, replay, config = state.agent, state.replay, state.agent.config
    state.step += 1
    warming_up = state.is_warming_up()
    action = agent.random_action() if warming_up else agent.act(state.obs, explore=True)
    state.episode_actions.append(action)
    next_obs, reward, terminated, truncated = env.step(agent.action_box.to_env(action))
    replay.add(state.obs, action, reward, next_obs, terminated)
    agent.observe(next_obs)
    state.obs = next_obs
    # the first batch_size steps only fill the replay buffer, as the steps of the warm-up do
    if not warming_up and state.step > config.batch_size:
        with ScaledRates(agent, rate_scale(config, state.step)):
            batch = replay.sample(config.batch_size, state.replay_rng)
            metrics = agent.update(batch)
        if log.is_measurement_due():
            log.add_update(measure(agent, batch.obs))
        log.add_update(metrics)
    log.add_transition(reward)
    return next_obs, reward, terminated, truncated


def _refuse_unfit(config: Config) -> None:
    if not isinstance(config, Config):
        raise TypeError(f"train takes a Config, not {config!r}: train(Config(env_id=...))")
    if config.dtype == "complex128":
        why = "complex128 is for gradient checks"
        raise ValueError(f"dtype = {config.dtype!r}: must be float32 or float64; {why}")


def _refuse_other_bug(run_dir: Path) -> None:
    """Refuse to mix updates with a bug and updates without it in one run."""
    trained_with, planted = read_bug(run_dir), note("bug")
    if trained_with == planted:
        return
    if trained_with:
        why = (
            f"trained with the bug {trained_with}: resume it with  minddpg resume {quoted(run_dir)}"
        )
        why += f'  or, in Python, inside  with planted("{trained_with}")'
    else:
        why = f"trained without the bug {planted}, which is planted now: resume it without the bug"
    raise CheckpointError(run_dir / "config.json", why)


@contextmanager
def _environments(config: Config) -> Iterator[tuple[Environment, Environment]]:
    """Make the environments of training and of evaluations, which may be the same one."""
    with callers_filters(), closing(make(config.env_id, **config.env_kwargs)) as env:
        if config.eval_env == "training" or config.eval_every == 0:
            yield env, env
            return
        try:
            other = make(config.env_id, **config.env_kwargs)
        except Exception as error:
            raise ValueError(
                f"{env.name}: a second instance, for evaluations, cannot be made ({error!r});"
                ' set eval_env = "training" (--eval-env training)'
            ) from error
        with closing(other) as eval_env:
            eval_env.name += " (evaluation)"
            eval_env.examined = True  # the training instance has the same wrappers
            yield env, eval_env


def _how_far(step: int, total_steps: int, is_finished: bool) -> str:
    if not is_finished:
        return f"continuing from step {step:,} of {total_steps:,}"
    extend = "--steps N (in Python more_steps=N) extends it"
    return f"this run is finished: {step:,} of {total_steps:,} steps; {extend}"


def _how_to_continue(step: int, run_dir: Path | None) -> str:
    where = "" if run_dir is None else f"; continue with: minddpg resume {quoted(run_dir)}"
    return f"stopped after step {step:,}{where}"
