"""Algorithm 1 in its world: act, step, store, update, log, evaluate."""

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..nn.layers import Array
from .envs import make
from .evaluation import evaluate
from .logs import RunLog
from .memory import keep_freed_memory, make_replay


@dataclass(frozen=True, eq=False)
class Run:
    """A finished training run."""

    agent: DDPG  # the last
    best_agent: DDPG  # the best at its evaluations, the later of equals
    history: dict[str, Array]  # a column of progress.csv each, NaN where a row has no value
    run_dir: Path | None


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
        FileExistsError: the folder holds a run.
    """
    if not isinstance(config, Config):
        raise TypeError(f"train takes a Config, not {config!r}: train(Config(env_id=...))")
    if config.dtype == "complex128":
        raise ValueError(
            "dtype = 'complex128': is for gradient checks; train in float32 or float64"
        )
    keep_freed_memory()
    agent_rng, replay_rng, env_rng, eval_rng = np.random.default_rng(config.seed).spawn(4)
    env, eval_env = make(config.env_id), make(config.env_id)
    eval_env.name += " (evaluation)"
    eval_seed = _draw_seed(eval_rng)  # the same starts every time: evaluations compare
    agent = DDPG(env.obs_dim, env.action_low, env.action_high, config, agent_rng)
    replay = make_replay(config, env.obs_dim, agent.action_dim)
    updates_start = max(config.warmup_steps, config.batch_size)

    best_agent, best_return = agent, -np.inf
    with RunLog(config, run_dir, progress, overwrite) as log:
        megabytes = f"{replay.rows.nbytes / 1e6:,.1f} MB"
        log.say(f"replay memory: {megabytes} when {replay.capacity:,} transitions fill it")
        obs = env.reset(_draw_seed(env_rng))
        for step in range(1, config.total_steps + 1):
            warming_up = step <= config.warmup_steps
            action = agent.random_action() if warming_up else agent.act(obs, explore=True)
            next_obs, reward, terminated, truncated = env.step(agent.action_box.to_env(action))
            replay.add(obs, action, reward, next_obs, terminated)
            obs = next_obs
            if step > updates_start:
                _anneal(agent, step)
                log.update(agent.update(replay.sample(config.batch_size, replay_rng)))
            log.transition(reward, ended=terminated or truncated)
            if terminated or truncated:
                obs = env.reset(_draw_seed(env_rng))
                agent.noise.reset()
            if step % config.eval_every == 0 or step == config.total_steps:
                evaluation = evaluate(agent, eval_env, config.eval_episodes, eval_seed)
                is_best = evaluation.mean >= best_return
                if is_best:
                    best_agent, best_return = copy.deepcopy(agent), evaluation.mean
                log.evaluation(evaluation, agent, is_best)
            log.end_of_step()
    for trained in (agent, best_agent):
        _scale_rates(trained, 1.0)  # whoever trains them on starts from the config's rates
    env.close()
    eval_env.close()
    return Run(agent, best_agent, log.history(), log.run_dir)


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


def _draw_seed(rng: np.random.Generator) -> int:
    """Draw a seed for one reset, from the 31 bits that every environment takes."""
    return int(rng.integers(2**31))
