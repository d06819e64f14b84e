"""Algorithm 1 in its world: act, step, store, update, log, evaluate."""

import copy
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..nn.layers import Array
from ..storage import blaming
from .checkpoint import State, load_checkpoint, rebuild_episode, save_checkpoint
from .environment import Environment, make
from .evaluation import evaluate
from .memory import keep_freed_memory
from .run_dir import read_config, write_config
from .run_log import RunLog
from .signals import StopRequest


@dataclass(frozen=True, eq=False)
class Run:
    """A finished training run."""

    agent: DDPG  #: the last
    best_agent: DDPG  #: the best at its evaluations, the later of equals
    history: dict[str, Array]  #: a column of progress.csv each, NaN where a row has no value
    eval_seed: int  #: its evaluations' episode i was reset with this + i
    run_dir: Path | None  #: its folder, if it has one


def train(
    config: Config,
    run_dir: str | Path | None = None,
    progress: bool = True,
    overwrite: bool = False,
) -> Run:
    """Train DDPG as the config says.

    Args:
        run_dir: a folder for logs, policies and the learning curve; None writes nothing.
        progress: show a bar, or plain lines where standard error is not a terminal.
        overwrite: replace a run that the folder already holds.

    Raises:
        ValueError, TypeError, ImportError: config or environment cannot be used.
        FileExistsError: the folder holds a run, or another process is writing it.
        DivergenceError: a number that training depends on is no longer finite.
    """
    _refuse_unfit(config)
    with closing(make(config.env_id)) as env, closing(_make_eval_env(config)) as eval_env:
        state = State(config, env)
        return train_from(state, env, eval_env, RunLog(config, run_dir, progress, overwrite))


def resume(run_dir: str | Path, more_steps: int = 0, progress: bool = True) -> Run:
    """Go on with a run from its last checkpoint, to the bits that it would have had.

    A run killed before its first checkpoint begins again. A finished one is returned as it is.

    Args:
        run_dir: its folder. The logs are cut back to the checkpoint.
        more_steps: lengthen the run by these; annealing then aims at the new end.

    Raises:
        CheckpointError: a file of the run is missing, damaged, or does not fit the others.
        ValueError: more_steps is below 0.
        FileExistsError: another process is writing the run.
        DivergenceError: a number that training depends on is no longer finite.
    """
    run_dir = Path(run_dir)
    if more_steps < 0:
        raise ValueError(f"more_steps = {more_steps}: must be at least 0")
    config = read_config(run_dir)
    config = replace(config, total_steps=config.total_steps + more_steps)
    path = run_dir / "checkpoint.npz"
    if not path.exists():
        return train(config, run_dir, progress, overwrite=True)
    _refuse_unfit(config)
    with closing(make(config.env_id)) as env, closing(_make_eval_env(config)) as eval_env:
        state, arrays = load_checkpoint(path, config, env)
        episode_repeats = rebuild_episode(state, env, arrays)
        with blaming(path):
            log = RunLog(config, run_dir, progress, saved=arrays)
        if not episode_repeats:
            log.begin_episode_again()
        if more_steps:
            write_config(run_dir, config)
        log.say(f"going on from step {state.step:,} of {config.total_steps:,}")
        return train_from(state, env, eval_env, log)


def train_from(state: State, env: Environment, eval_env: Environment, log: RunLog) -> Run:
    """Train from this state to the end, or to a signal."""
    keep_freed_memory()
    agent, replay, config = state.agent, state.replay, state.agent.config
    updates_start = max(config.warmup_steps, config.batch_size)
    with closing(log), StopRequest() as stop:
        megabytes = f"{replay.rows.nbytes / 1e6:,.1f} MB"
        log.say(f"replay memory: {megabytes} when {replay.capacity:,} transitions fill it")
        while state.step < config.total_steps:
            state.step += 1
            warming_up = state.step <= config.warmup_steps
            action = agent.random_action() if warming_up else agent.act(state.obs, explore=True)
            next_obs, reward, terminated, truncated = env.step(agent.action_box.to_env(action))
            replay.add(state.obs, action, reward, next_obs, terminated)
            state.episode_actions.append(action)
            state.obs = next_obs
            if state.step > updates_start:
                _anneal(agent, state.step)
                log.update(agent.update(replay.sample(config.batch_size, state.replay_rng)))
            log.transition(reward, ended=terminated or truncated)
            if terminated or truncated:
                state.begin_episode(env)
                agent.noise.reset()
            is_last = state.step == config.total_steps
            if state.step % config.eval_every == 0 or is_last:
                evaluation = evaluate(agent, eval_env, config.eval_episodes, state.eval_seed)
                is_best = evaluation.mean >= state.best_return
                if is_best:
                    state.best_agent, state.best_return = copy.deepcopy(agent), evaluation.mean
                log.evaluation(evaluation, agent, is_best)
            log.end_of_step()
            if is_last or stop.signum or state.step % config.checkpoint_every == 0:
                state.check_finite()
                if log.run_dir is not None:
                    save_checkpoint(log.run_dir / "checkpoint.npz", state, log.state())
            if stop.signum:
                stop.obey(_how_to_go_on(state.step, log.run_dir))
    for trained in (agent, state.best_agent):
        _scale_rates(trained, 1.0)  # whoever trains them on starts from the config's rates
    return Run(agent, state.best_agent, log.history(), state.eval_seed, log.run_dir)


def _refuse_unfit(config: Config) -> None:
    if not isinstance(config, Config):
        raise TypeError(f"train takes a Config, not {config!r}: train(Config(env_id=...))")
    if config.dtype == "complex128":
        why = "complex128 is for gradient checks"
        raise ValueError(f"dtype = {config.dtype!r}: must be float32 or float64; {why}")


def _make_eval_env(config: Config) -> Environment:
    env = make(config.env_id)
    env.name += " (evaluation)"
    return env


def _how_to_go_on(step: int, run_dir: Path | None) -> str:
    where = "" if run_dir is None else f"; go on with: minddpg resume {run_dir}"
    return f"stopped after step {step:,}{where}"


def _anneal(agent: DDPG, step: int) -> None:
    """Let both learning rates fall linearly to 0 over the run's last part."""
    config = agent.config
    left = 1 - step / config.total_steps
    _scale_rates(
        agent, min(1.0, left / (1 - config.anneal_from)) if config.anneal_from < 1 else 1.0
    )


def _scale_rates(agent: DDPG, scale: float) -> None:
    agent.actor_optimizer.learning_rate = scale * agent.config.actor_learning_rate
    agent.critic_optimizer.learning_rate = scale * agent.config.critic_learning_rate
