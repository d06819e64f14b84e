"""Chapter 00: the shapes of a batch, the size of a network."""

from collections import OrderedDict
from functools import partial, reduce
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


def batch_shapes_by_zeros(batch_size, obs_dim, action_dim):
    obs, action = np.zeros((batch_size, obs_dim)), np.zeros((batch_size, action_dim))
    arrays = {"obs": obs, "action": action, "next_obs": obs, "dq_da": action}
    arrays |= dict.fromkeys(("reward", "terminated", "q"), obs[:, 0])
    return {name: array.shape for name, array in arrays.items()}


def batch_shapes_in_a_loop(*dims):
    lengths = {"obs": dims[1], "next_obs": dims[1], "action": dims[2], "dq_da": dims[2]}
    shapes = OrderedDict()
    for key in ("q", "dq_da", "obs", "action", "reward", "next_obs", "terminated"):
        shapes[key] = dims[:1] + ((lengths[key],) if key in lengths else ())
    return shapes


class BatchShapes:
    def __call__(self, n, s, a):
        one, tables = np.array([n]), {"obs": s, "action": a, "next_obs": s, "dq_da": a}
        return (
            {"extra": None}
            | dict.fromkeys(("reward", "terminated", "q"), one)
            | {key: np.array([n, length], np.float32) for key, length in tables.items()}
        )


def shapes_but(**other):
    """Answer correctly, but for some entries, given as functions of N, S, A."""
    return (lambda *dims: batch_shapes_as_lists(*dims) | {k: v(*dims) for k, v in other.items()},)


def shapes_for_one_size(batch_size):
    return (lambda n, s, a: batch_shapes_as_lists(batch_size, s, a),)


# 00.2


def parameter_count_by_index(sizes):
    total = 0.0
    for k in range(1, len(sizes)):
        total += sizes[k] * sizes[k - 1]
    return total + sum(sizes[1:])


def parameter_count_of_arrays(sizes):
    return np.sum([np.zeros((i, o)).size + np.zeros(o).size for i, o in pairwise(sizes)])


def parameter_count_by_recursion(sizes):
    if len(sizes) < 2:
        return 0
    return (sizes[0] + 1) * sizes[1] + parameter_count_by_recursion(sizes[1:])


def parameter_count_by_dot_product(sizes):
    sizes = np.array(sizes)
    return np.dot(sizes[:-1] + 1, sizes[1:])


def layers(sizes):
    return [i * o + o for i, o in pairwise(sizes)]


# 00.3


def torque_by_hand_clipped(cosine, sine, speed):
    if cosine > 0.9:
        return float(np.clip(-8 * sine - 2 * speed, -2, 2))
    energy = 0.5 * speed * speed - 15 + 15 * cosine
    direction = 1 if speed >= 0 else -1
    return 2 * direction * (energy < 0)


def torque_by_hand_by_where(cosine, sine, speed):
    enough = speed**2 / 2 >= 15 * (1 - cosine)
    pump = np.where(speed < 0, -2.0, 2.0)
    return np.where(cosine > 0.9, -8 * sine - 2 * speed, np.where(enough, 0.0, pump))


def torque_by_hand_as_array(cosine, sine, speed):
    torque = np.zeros(1, np.float32)
    if cosine > 0.9:
        torque[0] = -(8 * sine + 2 * speed)
    elif speed**2 < 30 * (1 - cosine):
        torque[0] = np.copysign(2.0, speed)
    return torque


def torque_by_hand_early(cosine, sine, speed):
    if cosine > 0.9:
        return -2 * (4 * sine + speed)
    if speed**2 / 2 + 15 * (cosine - 1) >= 0:
        return 0.0
    if speed < 0:
        return -2.0
    return 2.0


def torque_by_hand_by_energies(cosine, sine, speed):
    kinetic, potential = speed**2 / 2, 15 * (cosine - 1)
    rules = {"catch": -8 * sine - 2 * speed, "pump": 2 if speed >= 0 else -2, "wait": 0}
    case = "catch" if cosine > 0.9 else "pump" if kinetic + potential < 0 else "wait"
    return rules[case]


def by_cases(catch, pump, wait, top=lambda c, s, v: c > 0.9, low=lambda c, s, v: E(c, v) < 0):
    """A policy of three cases."""

    def torque_by_hand(c, s, v):
        if top(c, s, v):
            return catch(c, s, v)
        return pump(c, s, v) if low(c, s, v) else wait(c, s, v)

    return (torque_by_hand,)


def E(c, v):
    return v**2 / 2 + 15 * (c - 1)


def catch(c, s, v):
    return -8 * s - 2 * v


def pump(c, s, v):
    return 2 if v >= 0 else -2


def wait(c, s, v):
    return 0


CORRECT = {
    "00.1": [
        (batch_shapes_as_lists,),
        (batch_shapes_of_the_package,),
        (batch_shapes_by_zeros,),
        (batch_shapes_in_a_loop,),
        (BatchShapes(),),
        (partial(batch_shapes_as_lists),),
        (lambda n, s, a: batch_shapes_as_lists(float(n), np.int64(s), a),),
    ],
    "00.2": [
        (parameter_count_by_index,),
        (parameter_count_of_arrays,),
        (mlp.parameter_count,),
        (parameter_count_by_recursion,),
        (parameter_count_by_dot_product,),
        (lambda sizes: reduce(lambda n, io: n + io[0] * io[1] + io[1], pairwise(sizes), 0),),
        (lambda sizes: np.array(sum(np.outer(i, o).item() + o for i, o in pairwise(sizes))),),
    ],
    "00.3": [
        (torque_by_hand_clipped,),
        (torque_by_hand_by_where,),
        (torque_by_hand_as_array,),
        (torque_by_hand_early,),
        (torque_by_hand_by_energies,),
        by_cases(catch, pump, wait),
        by_cases(catch, lambda c, s, v: 100 if v >= 0 else -100, wait),
    ],
}
LARGEST = "only the largest layer counted"

MISTAKEN = {
    "00.1": [
        (shapes_but(q=lambda n, s, a: (n, 1)), "a column (N, 1) instead of (N,)"),
        (shapes_but(q=lambda n, s, a: None), "not what was asked for"),
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
        (shapes_but(q=lambda n, s, a: (n, s + a)), "more than one number per transition"),
        (shapes_but(obs=lambda n, s, a: (n, a)), "an observation with the action's entries"),
        (shapes_but(action=lambda n, s, a: (n, s)), "an action with the observation's entries"),
        (shapes_but(reward=lambda n, s, a: (1, n)), "an axis too many"),
        (shapes_for_one_size(64), "another shape"),
        # two at once
        (
            shapes_but(q=lambda n, s, a: (n, 1), obs=lambda n, s, a: (s, n)),
            "batch axis last and a column (N, 1) instead of (N,)",
        ),
        (
            shapes_but(q=lambda n, s, a: (n, 1), dq_da=lambda n, s, a: (n,)),
            "a column (N, 1) instead of (N,) and dq_da shaped like q",
        ),
    ],
    "00.2": [
        ((lambda sizes: sum(a * b for a, b in pairwise(sizes)),), "biases forgotten"),
        ((lambda sizes: max(a * b + b for a, b in pairwise(sizes)),), LARGEST),
        ((lambda sizes: parameter_count_by_index(sizes) + len(sizes),), "number of layers added"),
        (
            (
                lambda sizes: sum(
                    (a + 1) * b for a, b in zip(sizes[::2], sizes[1::2], strict=False)
                ),
            ),
            "every second layer left out",
        ),
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
        ((lambda sizes: layers(sizes)[0],), "only the first layer counted"),
        ((lambda sizes: layers(sizes)[-1],), "only the last layer counted"),
        ((lambda sizes: sum(layers(sizes[1:])),), "first layer forgotten"),
        ((lambda sizes: 2 * sum(layers(sizes)),), "factor 2"),
        ((lambda sizes: sum(layers(sizes)) / 2,), "factor 1/2"),
        ((lambda sizes: -sum(layers(sizes)),), "sign flipped"),
        ((lambda sizes: np.prod(sizes),), "weights between layers that are not neighbours"),
        (
            (lambda sizes: sum(i + o for i, o in pairwise(sizes)),),
            "units added instead of multiplied",
        ),
        ((lambda sizes: print(sum(sizes)),), "nothing returned"),
        # two at once
        ((lambda sizes: sizes[0] * sizes[1],), "biases forgotten and only the first layer counted"),
        (
            (lambda sizes: sum(a * b for a, b in pairwise(sizes[:-1])),),
            "biases forgotten and last layer forgotten",
        ),
    ],
    "00.3": [
        (by_cases(catch, lambda c, s, v: -pump(c, s, v), wait), "pushed against the turning"),
        (by_cases(catch, lambda c, s, v: 2.0, wait), "pushed in one direction only"),
        (by_cases(catch, lambda c, s, v: 2 * np.sign(v), wait), "no push at rest"),
        (by_cases(catch, lambda c, s, v: pump(c, s, v) / 2, wait), "not with all force"),
        (by_cases(lambda c, s, v: 8 * s - 2 * v, pump, wait), "pushed with the lean"),
        (by_cases(lambda c, s, v: 8 * s + 2 * v, pump, wait), "both signs wrong near the top"),
        (
            by_cases(lambda c, s, v: -8 * s + 2 * v, pump, wait),
            "pushed with the turning near the top",
        ),
        (by_cases(lambda c, s, v: -8 * s, pump, wait), "turning not braked"),
        (by_cases(lambda c, s, v: -2 * v, pump, wait), "lean not corrected"),
        (by_cases(lambda c, s, v: -2 * s - 8 * v, pump, wait), "gains swapped"),
        (by_cases(lambda c, s, v: -8 * c - 2 * v, pump, wait), "cosine instead of sine"),
        (by_cases(wait, pump, wait), "not caught"),
        (
            by_cases(catch, pump, wait, top=lambda c, s, v: c > 0.9 and E(c, v) >= 0),
            "pumped near the top",
        ),
        (by_cases(catch, pump, wait, top=lambda c, s, v: False), "pumped near the top"),
        (
            by_cases(catch, pump, wait, top=lambda c, s, v: c > 0.9 and E(c, v) < 0),
            "waited near the top",
        ),
        (
            by_cases(catch, pump, wait, top=lambda c, s, v: abs(c) > 0.9),
            "caught at the bottom, too",
        ),
        (
            by_cases(catch, pump, wait, top=lambda c, s, v: abs(c) > 0.9 and v != 0),
            "caught at the bottom, too",
        ),
        (
            by_cases(catch, pump, wait, low=lambda c, s, v: E(c, v) < 0 and (c > -0.95 or v == 0)),
            "waited near hanging",
        ),
        (by_cases(catch, pump, wait, top=lambda c, s, v: c > 0.5), "another place called the top"),
        (by_cases(catch, lambda c, s, v: v or 2, wait), "not with all force"),
        (by_cases(catch, pump, lambda c, s, v: None), "not what was asked for"),
        (
            by_cases(catch, pump, wait, top=lambda c, s, v: abs(s) < 0.9),
            "another place called the top",
        ),
        (by_cases(catch, pump, pump), "pumped with enough energy"),
        (
            by_cases(catch, pump, wait, low=lambda c, s, v: E(c, v) > 0),
            "energy compared the other way round",
        ),
        (by_cases(catch, pump, lambda c, s, v: -pump(c, s, v)), "braked with enough energy"),
        (
            by_cases(catch, pump, wait, low=lambda c, s, v: v**2 + 15 * (c - 1) < 0),
            "another energy",
        ),
        ((lambda c, s, v: torque_by_hand_early(c, s, v) / 2,), "units of the agent"),
        ((lambda c, s, v: (torque_by_hand_early(c, s, v), v),), "not what was asked for"),
    ],
}
