"""The page on logs names every number that a run writes, and its equations give these numbers."""

import csv
import json
import re
from itertools import pairwise
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.classic_control import PendulumEnv

from minddpg import DDPG, Config, train

PATH = Path(__file__).parents[2] / "docs" / "how-to" / "read-the-logs.md"
PAGE = PATH.read_text()
QUOTES = re.findall(r"`([^`]+)`\s\[([\w.]+)\]\(([^)#]+\.py)\)", PAGE)
SIZES = (8, 6)


class Slow(PendulumEnv):
    """A Pendulum that terminates at high speed, so that episodes have unequal lengths."""

    def step(self, action):
        obs, reward, _, truncated, about = super().step(action)
        return obs, reward, bool(abs(obs[2]) > 3), truncated, about


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Train; keep each update's batch, and each network's θ before it and after it."""
    gym.register("minddpg-tests/Slow-v0", entry_point=Slow, max_episode_steps=8)
    config = Config(
        *("minddpg-tests/Slow-v0", 830), hidden_sizes=SIZES, warmup_steps=200, batch_size=16,
        log_every=70, eval_every=300, eval_episodes=3, dtype="float64", final_layer_scale=2.0,
    )  # fmt: skip
    updates, real = [], DDPG.update

    def update(self, batch):
        before = {name: array.copy() for name, array in self.arrays().items()}
        metrics = real(self, batch)
        updates.append((batch, before, self.critic.theta.copy(), self.actor.theta.copy()))
        return metrics

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DDPG, "update", update)
        result = train(config, tmp_path_factory.mktemp("runs") / "one", progress=False)
    return result, updates


@pytest.fixture(scope="module")
def monitor(run):
    header, names, *rows = (run[0].run_dir / "monitor.csv").read_text().splitlines()
    return json.loads(header[1:]), names.split(","), np.loadtxt(rows, delimiter=",")


@pytest.fixture(scope="module")
def rows(run):
    with open(run[0].run_dir / "progress.csv", newline="") as file:
        return list(csv.DictReader(file))


def described(heading):
    """Return the names in the first column of the tables under a second-level heading."""
    section = PAGE.split(f"\n## `{heading}`\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_the_page_describes_all_that_a_run_writes_and_nothing_else(run, rows, monitor):
    assert described("progress.csv") == list(rows[0])
    assert described("monitor.csv") == [*monitor[0], *monitor[1]]
    with np.load(run[0].run_dir / "evaluations.npz") as saved:
        assert described("evaluations.npz") == list(saved)
        for name, shape in re.findall(r"^\| `(\w+)` \| (\([^)]+\))", PAGE, re.MULTILINE):
            assert saved[name].shape == {"(V,)": (3,), "(V, E)": (3, 3)}[shape]


def test_every_quoted_piece_of_code_stands_in_the_file_that_is_linked():
    assert len(QUOTES) > len(described("progress.csv"))  # a line for each column
    for code, name, path in QUOTES:
        file = (PATH.parent / path).resolve()
        assert file.name == name
        assert code in file.read_text(), f"{path} does not have {code!r}"


def network(theta, x, output=lambda z: z):
    """A second implementation of a ReLU multilayer perceptron: x (B, I) to (B, 1)."""
    start = 0
    for i, o in pairwise((x.shape[1], *SIZES, 1)):
        weight, bias = np.split(theta[start : start + i * o + o], [i * o])
        x, start = x @ weight.reshape(i, o) + bias, start + i * o + o
        x = np.maximum(x, 0) if start < len(theta) else output(x)
    return x


def q_of(theta, obs, action):
    return network(theta, np.hstack((obs, action)))[:, 0]


def recomputed(batch, before, critic_after, actor_after):
    """Compute the page's equations for one update: L^Q, L^μ, q (N,), saturation and spread."""
    s, a, r, s_next, d = batch
    a_next = network(before["target_actor"], s_next, np.tanh)
    y = r + 0.99 * (1 - d) * q_of(before["target_critic"], s_next, a_next)
    q = q_of(before["critic"], s, a)
    surrogate = -q_of(critic_after, s, network(before["actor"], s, np.tanh)).mean()
    saturation = (np.abs(network(actor_after, s, np.tanh)) > 0.99).mean()
    return ((q - y) ** 2).mean(), surrogate, q, saturation, (q - y).std()


def test_losses_and_values_are_the_equations_over_the_updates_since_the_row_before(run, rows):
    found, first = [recomputed(*update) for update in run[1]], 0
    assert any(batch.terminated.any() for batch, *_ in run[1])
    for row in rows:
        until = max(int(row["time/total_timesteps"]) - 200, 0)
        if until == 0:
            assert not any(row[name] for name in row if name.startswith("train/"))
            continue
        critic_losses, surrogates, q, *_ = map(np.array, zip(*found[first:until], strict=True))
        means = np.mean([each[3:] for each in found[first:until:50]], axis=0)
        expected = critic_losses.mean(), surrogates.mean(), q.mean(), q.min(), q.max(), *means
        written = [float(row[name]) for name in row if name.startswith("train/")]
        np.testing.assert_allclose(written, expected, rtol=1e-9, err_msg=str(row))
        first = until
    assert first == len(found) == 630


def test_returns_and_lengths_are_means_of_the_last_hundred_episodes(rows, monitor):
    returns, lengths, _, ends = monitor[2].T
    np.testing.assert_array_equal(ends, np.cumsum(lengths))
    assert len(returns) > 110
    assert len(set(lengths)) > 2
    for row in rows:
        ended = np.cumsum(lengths) <= int(row["time/total_timesteps"])
        assert int(row["time/episodes"]) == ended.sum()
        assert float(row["rollout/ep_len_mean"]) == lengths[ended][-100:].mean()
        mean = returns[ended][-100:].mean()  # of sums to six decimals
        assert float(row["rollout/ep_rew_mean"]) == pytest.approx(mean, abs=1e-6)


def test_a_row_has_the_mean_of_the_evaluation_made_at_its_step_or_nothing(run, rows):
    with np.load(run[0].run_dir / "evaluations.npz") as saved:
        assert saved["timesteps"].tolist() == [300, 600, 830]
        for column, array in (("mean_reward", "results"), ("mean_ep_length", "ep_lengths")):
            means = dict(zip(saved["timesteps"], saved[array].mean(axis=1), strict=True))
            for row in rows:
                assert row[f"eval/{column}"] == str(means.get(int(row["time/total_timesteps"]), ""))
