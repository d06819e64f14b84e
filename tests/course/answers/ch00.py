"""Chapter 00: the shapes of a batch, the size of a network."""

from itertools import pairwise

import numpy as np

from minddpg.nn import mlp
from minddpg.verification.random_inputs import sample_agent

# 00.1


def batch_shapes_as_lists(n, s, a):
    tables = {"obs": [n, s], "action": [n, a], "next_obs": [n, s], "dq_da": [n, a]}
    return tables | {"reward": [n], "terminated": [n], "q": np.array([n])}


def batch_shapes_of_the_package(batch_size, obs_dim, action_dim):
    rng = np.random.default_rng(0)
    agent, batch = sample_agent((batch_size, obs_dim, action_dim, (5, 6)), rng)
    q, cache = agent.critic.forward(batch.obs, batch.action)
    found = {**batch._asdict(), "q": q, "dq_da": agent.critic.action_gradient(cache)}
    return {key: value.shape for key, value in found.items()}


def shapes_but(**other):
    """Answer correctly, but for some entries, given as functions of N, S, A."""
    return (lambda *dims: batch_shapes_as_lists(*dims) | {k: v(*dims) for k, v in other.items()},)


# 00.2


def parameter_count_by_index(sizes):
    total = 0.0
    for k in range(1, len(sizes)):
        total += sizes[k] * sizes[k - 1]
    return total + sum(sizes[1:])


def parameter_count_of_arrays(sizes):
    return np.sum([np.zeros((i, o)).size + np.zeros(o).size for i, o in pairwise(sizes)])


CORRECT = {
    "00.1": [(batch_shapes_as_lists,), (batch_shapes_of_the_package,)],
    "00.2": [(parameter_count_by_index,), (parameter_count_of_arrays,), (mlp.parameter_count,)],
}
MISTAKEN = {
    "00.1": [
        (shapes_but(q=lambda n, s, a: (n, 1)), "a column (N, 1) instead of (N,)"),
        (
            shapes_but(reward=lambda n, s, a: (n, 1), terminated=lambda n, s, a: [n, 1]),
            "a column (N, 1) instead of (N,)",
        ),
        (
            shapes_but(**dict.fromkeys(("q", "reward", "terminated"), lambda n, s, a: (n, 1))),
            "a column (N, 1) instead of (N,)",
        ),
        (shapes_but(q=lambda n, s, a: n), "(N) instead of (N,)"),
        (shapes_but(dq_da=lambda n, s, a: (n,)), "dq_da shaped like q"),
        (shapes_but(dq_da=lambda n, s, a: (n, a + s)), "dq_da with the observation's entries"),
        (shapes_but(dq_da=lambda n, s, a: (n, s)), "dq_da with the observation's entries"),
        (shapes_but(dq_da=lambda n, s, a: [n, 1]), "dq_da shaped like q"),
        (
            shapes_but(obs=lambda n, s, a: (n, a), action=lambda n, s, a: (n, s)),
            "obs and action swapped",
        ),
        (
            shapes_but(obs=lambda n, s, a: (s, n), next_obs=lambda n, s, a: (s, n)),
            "batch axis last",
        ),
        (shapes_but(dq_da=lambda n, s, a: (a, n)), "batch axis last"),
        (shapes_but(reward=lambda n, s, a: (), q=lambda n, s, a: ()), "batch axis missing"),
        (shapes_but(obs=lambda n, s, a: (s,), action=lambda n, s, a: (a,)), "batch axis missing"),
        (shapes_but(q=lambda n, s, a: "N"), "not what was asked for"),
        (shapes_but(q=lambda n, s, a: (n, 0.5)), "not what was asked for"),
        ((lambda n, s, a: (n, s),), "not what was asked for"),
        ((lambda n, s, a: {"obs": (n, s)},), "not what was asked for"),
        # two at once
        (shapes_but(q=lambda n, s, a: (n, 1), obs=lambda n, s, a: (s, n)), "unknown"),
        (shapes_but(q=lambda n, s, a: (n, 1), dq_da=lambda n, s, a: (n,)), "unknown"),
    ],
    "00.2": [
        ((lambda sizes: sum(a * b for a, b in pairwise(sizes)),), "biases forgotten"),
        (
            (lambda sizes: parameter_count_by_index(sizes) - sizes[-1],),
            "bias of the last layer forgotten",
        ),
        (
            (lambda sizes: sum(a * b for a, b in pairwise(sizes)) + sum(sizes),),
            "input's units counted as biases",
        ),
        (
            (lambda sizes: sum(a * b for a, b in pairwise(sizes)) + sum(sizes[:-1]),),
            "a bias for each input instead of each output",
        ),
        (
            (lambda sizes: sum(a * b for a, b in pairwise(sizes)) + len(sizes) - 1,),
            "one bias per layer",
        ),
        ((sum,), "units counted instead of weights"),
        ((lambda sizes: sum(sizes[1:]),), "weights forgotten"),
        (
            (lambda sizes: sum((sizes[k] + 1) * sizes[k + 1] for k in range(len(sizes) - 2)),),
            "last layer forgotten",
        ),
        ((lambda sizes: [(a + 1) * b for a, b in pairwise(sizes)],), "not summed over the layers"),
        # two at once
        ((lambda sizes: sum(a * b for a, b in pairwise(sizes[:-1])),), "unknown"),
    ],
}
