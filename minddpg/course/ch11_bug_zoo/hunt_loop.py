"""Exercise 11.7: one silent bug in a training loop."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.scripted_env import in_units
from ..engine import BEHAVIOUR, call, exercise
from .hunts import Hunt, Planted, fields, variant
from .judge_hunt import judge
from .rehearsal import Rehearsal, rehearse

SOURCE = '''
def planted_train(env, agent, replay, noise, steps, warmup_steps, rng):
    """Algorithm 1. agent.act(obs) and the stored actions are in [-1, 1]."""
    low, high = env.action_space.low, env.action_space.high
    obs = env.reset(seed=int(rng.integers(2**31)))[0].copy()
    noise.reset()
    for step in range(steps):
        if step < warmup_steps:
            action = rng.uniform(-1, 1, low.shape)
        else:
            action = np.clip(agent.act(obs) + noise.sample(), -1, 1)
        torque = low + (action + 1) / 2 * (high - low)
        next_obs, reward, terminated, truncated, _ = env.step(torque)
        replay.add(obs, action, reward, next_obs, terminated)
        obs = next_obs.copy()
        if terminated or truncated:
            obs = env.reset(seed=int(rng.integers(2**31)))[0].copy()
            noise.reset()
        if step >= warmup_steps:
            agent.update(replay.sample(64, rng))
'''
RESET = (
    "            obs = env.reset(seed=int(rng.integers(2**31)))[0].copy()\n"
    "            noise.reset()\n"
)

BUGS = (
    Planted(
        "reset-stored",
        "An episode's last transition leads to the first observation of the next one.",
        {
            "        replay.add(obs, action, reward, next_obs, terminated)\n"
            "        obs = next_obs.copy()\n": "",
            f"        if terminated or truncated:\n{RESET}": (
                "        if terminated or truncated:\n"
                "            next_obs = env.reset(seed=int(rng.integers(2**31)))[0].copy()\n"
                "            noise.reset()\n"
                "        replay.add(obs, action, reward, next_obs, terminated)\n"
                "        obs = next_obs.copy()\n"
            ),
        },
        """
        def test(train):
            run = rehearse(train)
            pairs = zip(run.stored, run.happened)
            return all(np.array_equal(own.next_obs, true.next_obs) for own, true in pairs)
        """,
    ),
    Planted(
        "by-reference",
        "The loop keeps the environment's array, which the next step overwrites.",
        {"obs = next_obs.copy()": "obs = next_obs"},
        """
        def test(train):
            run = rehearse(train)
            pairs = zip(run.stored, run.happened)
            return all(np.array_equal(own.obs, true.obs) for own, true in pairs)
        """,
    ),
    Planted(
        "truncated-as-terminated",
        "A time limit is stored as termination.",
        {"next_obs, terminated)": "next_obs, terminated or truncated)"},
        """
        def test(train):
            run = rehearse(train)
            pairs = zip(run.stored, run.happened)
            return all(own.terminated == true.terminated for own, true in pairs)
        """,
    ),
    Planted(
        "one-start",
        "Every episode begins with the same seed.",
        {
            "    obs = env.reset(seed=int(rng.integers(2**31)))[0].copy()\n"
            "    noise.reset()\n    for": (
                "    seed = int(rng.integers(2**31))\n    obs = env.reset(seed=seed)[0].copy()\n"
                "    noise.reset()\n    for"
            ),
            RESET: "            obs = env.reset(seed=seed)[0].copy()\n            noise.reset()\n",
        },
        """
        def test(train):
            seeds = rehearse(train).seeds
            return len(set(seeds)) == len(seeds)
        """,
    ),
    Planted(
        "action-scale",
        "The environment gets the action in [−1, 1], not the torque.",
        {"env.step(torque)": "env.step(action)"},
        """
        def test(train):
            run = rehearse(train)
            shares = [(true.action - [-1, 2]) / [3, 4] for true in run.happened]
            return np.allclose([(own.action + 1) / 2 for own in run.stored], shares)
        """,
    ),
    Planted(
        "torque-stored",
        "The buffer gets the action in the environment's units.",
        {"replay.add(obs, action, reward": "replay.add(obs, torque, reward"},
        """
        def test(train):
            return all(np.abs(own.action).max() <= 1 for own in rehearse(train).stored)
        """,
    ),
    Planted(
        "not-clipped",
        "Actions with noise are not clipped to [−1, 1].",
        {"np.clip(agent.act(obs) + noise.sample(), -1, 1)": "agent.act(obs) + noise.sample()"},
        """
        def test(train):
            return all(np.abs(own.action).max() <= 1 for own in rehearse(train).stored)
        """,
    ),
    Planted(
        "noise-never-reset",
        "The noise is not reset when an episode ends.",
        {RESET: RESET.replace("            noise.reset()\n", "")},
        """
        def test(train):
            return rehearse(train).noise_resets[:4] == [0, 4, 8, 12]
        """,
    ),
    Planted(
        "acts-on-old-obs",
        "After a reset, the agent gets the last observation of the previous episode.",
        {RESET: RESET.replace("obs = env.reset", "env.reset")},
        """
        def test(train):
            run = rehearse(train)
            pairs = zip(run.stored, run.happened)
            return all(np.array_equal(own.obs, true.obs) for own, true in pairs)
        """,
    ),
)

RUNS: tuple[dict[str, Any], ...] = (
    {"steps": 22, "warmup_steps": 6, "seed": 0},
    {"steps": 31, "warmup_steps": 3, "seed": 5},
    {"steps": 83, "warmup_steps": 80, "seed": 7, "one_memory": False},
)


def observe_loop(train: Any) -> Mapping[str, Any]:
    """Return what a loop does in three rehearsals."""
    parts: dict[str, list[Array]] = {}
    seeds: list[int | None] = []
    for settings in RUNS:
        run = rehearse(
            lambda *given: call(train, *given, changes=range(7), returns=False), **settings
        )
        for aspect, value in _of_run(run, settings).items():
            parts.setdefault(aspect, []).append(np.ravel(np.asarray(value, float)))
        seeds.append(run.seeds[0] if run.seeds else None)
    are_drawn = None not in seeds and len(set(seeds)) == len(RUNS)
    parts["the first seed, which rng should draw"] = [np.array([are_drawn], float)]
    return {aspect: np.concatenate(values) for aspect, values in parts.items()}


def _of_run(run: Rehearsal, settings: Mapping[str, int]) -> dict[str, Any]:
    warmup = settings["warmup_steps"]
    happened = [run.happened[int(row.reward)] for row in run.stored]
    pairs = list(zip(run.stored, happened, strict=True))
    # correct loops may draw in another order, so actions are tested and not compared
    sent = np.array([step.action for step in run.happened])
    stored = np.array([row.action for row in run.stored])
    seeds = [seed for seed in run.seeds if seed is not None]
    acting = np.array([step.obs for step in run.happened])[warmup:]
    return {
        "the number of steps": len(run.happened),
        "one row for each step": [row.reward for row in run.stored],
        "the stored obs": all(np.array_equal(s.obs, h.obs) for s, h in pairs),
        "the stored next_obs": all(np.array_equal(s.next_obs, h.next_obs) for s, h in pairs),
        "the stored terminated": all(s.terminated == h.terminated for s, h in pairs),
        "the stored action": bool(np.all(np.abs(stored) <= 1)),
        "the action for env.step": sent.shape == stored.shape
        and bool(np.allclose(in_units(stored), sent)),
        "random actions of the warm-up": _is_spread(stored[:warmup]),
        "the obs for agent.act": np.array_equal(run.asked, acting)
        and run.asked[0].dtype == acting.dtype,
        "the action with its noise": _is_noisy(run, stored[warmup:]),
        "the size of a minibatch": run.batch_sizes,
        "a new seed for every reset": len(set(seeds)) == len(seeds) and max(seeds, default=0) > 99,
        "the number of resets": len(run.seeds),
        "the resets of the noise": run.noise_resets,
        "the updates": run.updates,
    }


def _is_spread(actions: Array) -> bool:
    """Say whether random actions differ, and, if there are many, whether they fill [−1, 1]."""
    differ = len(np.unique(actions)) == actions.size
    many = actions.size > 100
    return differ and (not many or bool(actions.min() < -0.9 and actions.max() > 0.9))


def _is_noisy(run: Rehearsal, actions: Array) -> bool:
    """Say whether the actions are the agent's plus the noise's last samples, clipped."""
    quiet = np.array([[0.5, -0.25]]) * np.cos(np.sum(run.asked, axis=1))[:, None]
    shocks = np.array(run.noise[-len(actions) :])
    if not quiet.shape == shocks.shape == actions.shape:
        return False
    return bool(np.allclose(np.clip(quiet + shocks, -1, 1), actions))


def by_episodes(
    env: Any, agent: Any, replay: Any, noise: Any, steps: int, warmup_steps: int, rng: Any
) -> None:
    """Train as `planted_train` should, in another style: one loop for episodes, one for steps."""
    box, taken = env.action_space, 0
    to_units = partial(np.interp, xp=(-1.0, 1.0))
    while taken < steps:
        obs = np.array(env.reset(seed=int(rng.integers(10**6)))[0])
        noise.reset()
        ended = False
        while taken < steps and not ended:
            action = rng.uniform(-1, 1, box.low.shape)
            if taken >= warmup_steps:
                action = np.minimum(np.maximum(agent.act(obs) + noise.sample(), -1), 1)
            bounds = zip(action, box.low, box.high, strict=True)
            sent = np.array([to_units(a, fp=(low, high)) for a, low, high in bounds])
            next_obs, reward, terminated, truncated, _ = env.step(sent)
            replay.add(obs.copy(), action, reward, next_obs.copy(), terminated)
            if taken >= warmup_steps:
                agent.update(replay.sample(64, rng))
            obs, taken, ended = np.array(next_obs), taken + 1, terminated or truncated


START = "obs = env.reset(seed=int(rng.integers(2 ** 31)))[0].copy()"
EQUIVALENTS = {
    f"{START} → {START.replace('2 ** 31', new)}{which}": "another range of seeds"
    for new in ("3 ** 31", "2 ** 32", "2 ** 30")
    for which in ("", " (2)")
} | {
    f"{START} → {START.replace('2 ** 31', '2 * 31')}": "another range of seeds",
    f"{START} → obs = env.reset()[0].copy() (2)": "the environment has had its first seed",
    **{
        f"{START} → obs = np.{dtype}({START.removeprefix('obs = ')})": "these are whole numbers"
        for dtype in ("float16", "int64")
    },
    "pairs = zip(run.stored, run.happened) → pairs = zip(run.happened, run.stored)": (
        "it compares both alike"
    ),
    "return all((np.array_equal(own.next_obs, true.next_obs) for own, true in pairs)) →"
    " return all((np.allclose(own.next_obs, true.next_obs) for own, true in pairs))": (
        "the bug changes much"
    ),
    "if terminated or truncated: moved after if step >= warmup_steps:": (
        "an update uses neither the environment nor the noise"
    ),
}
HUNT = Hunt(
    "Hunt 3",
    SOURCE,
    "planted_train",
    BUGS,
    others=lambda: {"a loop in another style": by_episodes},
    observe=observe_loop,
    given={"rehearse": rehearse},
)


@exercise(
    "11.7",
    "Hunt 3: a training loop",
    BEHAVIOUR,
    stub='''
name = None  # the bug's name in the list of suspects
repaired = None  # the function without the bug


def test(train):
    """Return True for correct code, and False for code with the bug."""
    return None
''',
    statement="""Find, name and repair the bug, and prove it by a test. What rehearse(train) returns
    is enough for that. In run.happened an action is a torque, from (−1, 2) to (2, 6);
    in run.stored it should lie in [−1, 1].""",
    compared="your three answers with what was planted",
    difficulty=2,
    minutes=7,
    hints=(
        "`run = rehearse(planted_train)` has `run.happened`, what the environment did, and"
        " `run.stored`, what the loop stored: two lists of the same length. Compare them entry by"
        " entry: `obs`, `action`, `next_obs`, `terminated`. Look at the ends of episodes first.",
        "If the two agree, look at `run.seeds`, at `run.noise_resets` and `run.updates` (how many"
        " transitions there were at each), and at the size of the stored actions. `run.asked` has"
        " each observation that `act` was given, `run.noise` each sample of the noise.",
    ),
    equivalents=EQUIVALENTS,
    variant=variant,
    **fields(HUNT, BUGS[0]),
)
def check_hunt_3(name: Any, repaired: Any, test: Any, hunt: Hunt, bug: Planted) -> dict[str, Any]:
    """Check the third hunt."""
    return judge(hunt, bug, name, repaired, test)
