"""Bugs of the replay buffer."""

from ...ddpg.replay import ReplayBuffer
from ...training.environment import Environment
from .bug import Bug
from .edits import edit

BUGS = {
    "unwritten-rows": Bug(
        "Minibatches are drawn from the whole memory, also from rows that were never written.",
        edit(ReplayBuffer.sample, "rng.integers(len(self)", "rng.integers(self.capacity"),
    ),
    "newest-only": Bug(
        "Each minibatch holds the newest transitions in order. Nothing is drawn at random.",
        edit(
            ReplayBuffer.sample,
            "chosen = rng.integers(len(self), size=batch_size).astype(np.intp, copy=False)",
            "newest = np.arange(self.added - batch_size, self.added) % self.capacity",
            "chosen = (newest % len(self)).astype(np.intp, copy=False)",
        ),
    ),
    "wraparound": Bug(
        "The write index wraps one row too early. The last row is never written, but is sampled.",
        edit(ReplayBuffer.add, "% self.capacity", "% max(self.capacity - 1, 1)"),
        settings={"replay_capacity": 2_000},
    ),
    "by-reference": Bug(
        "The buffer keeps observations by reference, and the environment reuses its array.",
        edit(
            Environment.reset,
            "return as_observation(outcome[0], self.obs_dim)",
            "new = as_observation(outcome[0], self.obs_dim)",
            'reused: Array = vars(self).setdefault("reused", new)',
            "reused[:] = new",
            "return reused",
        ),
        edit(Environment.step, "as_observation(obs, self.obs_dim),", "reused,"),
        edit(
            Environment.step,
            "return (",
            "new = as_observation(obs, self.obs_dim)",
            'reused = vars(self).setdefault("reused", new)',
            "reused[:] = new",
            "return (",
        ),
        edit(
            ReplayBuffer.add,
            "self.added += 1",
            'kept = vars(self).setdefault("kept", [])',
            "kept.append((obs, action, reward, next_obs, terminated))",
            "del kept[: -self.capacity]",
            "self.added += 1",
        ),
        edit(ReplayBuffer.sample, "len(self)", "len(self.kept)"),
        edit(
            ReplayBuffer.sample,
            "self.rows.take(chosen, axis=0)",
            "zip(*(self.kept[i] for i in chosen), strict=True)",
        ),
        edit(
            ReplayBuffer.sample,
            "_split(rows, *self.dims)",
            "(np.array(x, self.rows.dtype) for x in rows)",
        ),
        source="github.com/google-deepmind/dm_control, issue 34, is such an environment",
    ),
}
