"""Training runs that a worker process can import (it cannot import a test)."""

from minddpg import Config, evaluate, train


def pendulum_return(seed):
    run = train(Config(seed=seed), progress=False)
    return evaluate(run.agent, "Pendulum-v1", episodes=50, seed=30_000).mean


def inverted_pendulum_returns(seed):
    config = Config(env_id="InvertedPendulum-v5", total_steps=30_000, seed=seed, eval_every=2_000)
    run = train(config, progress=False)
    agents = (run.agent, run.best_agent)
    return [evaluate(agent, config.env_id, episodes=10, seed=30_000).mean for agent in agents]
