"""The playground's Python, without a browser: slices, settings, bugs, and what is shown."""

import base64
import gc
import json
import sys
import time
import tracemalloc
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from _generate import recorded_run

import minddpg
from minddpg.training.checkpoint import agent_arrays
from minddpg.verification.bugs import BUGS, active, planted

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "docs/browser/python"))
sys.path.append(str(ROOT / "docs/_extensions"))
import playground_look  # noqa: E402
from bugs_json import described_bugs  # noqa: E402
from playground import LIVE, Playground  # noqa: E402
from playground_bugs import LEFT_OUT, OF_THE_BEGINNING, needs_restart, offered  # noqa: E402

SMALL = {"hidden_sizes": (8, 8), "batch_size": 8, "warmup_steps": 64, "replay_capacity": 1_000}
EXAM = {"angle": 200, "speed": 200, "torque": 200}
VIEW = {"angles": 61, "torques": 33, "q": 61 * 33, "mu": 61, "slope": 61}


def small(seed=0, **settings):
    ground = Playground()
    ground.restart(seed, SMALL | settings)
    return ground


def train_to(ground, step):
    ground.train_until(lambda: ground.log.steps >= step)


def ask(ground, **message):
    return ground.obey(json.dumps(message))


def theta(ground):
    return ground.state.agent.actor.theta.copy()


def test_a_run_in_slices_has_the_bits_of_an_uninterrupted_run():
    ground, rng = small(seed=3), np.random.default_rng(0)
    while ground.log.steps < 1_500:
        train_to(ground, min(ground.log.steps + int(rng.integers(1, 30)), 1_500))
        if rng.random() < 0.1:
            ground.view_due, ground.examined = 0.0, -1
        ground.seen()
    agent = ground.state.agent
    whole = minddpg.train(replace(agent.config, total_steps=1_500), progress=False).agent
    for name, array in agent_arrays(whole).items():
        assert np.array_equal(array, agent_arrays(agent)[name]), name
    assert agent.exploration_rng.random() == whole.exploration_rng.random()


def test_a_slice_reports_each_episode_once_and_the_losses_of_its_updates():
    ground = small()
    train_to(ground, 30)
    assert ground.seen()["losses"] == {}
    train_to(ground, 450)
    seen = ground.seen()
    assert [step for step, _ in seen["episodes"]] == [200, 400]
    assert seen["losses"].keys() == {"critic_loss", "actor_loss", "q_mean", "q_min", "q_max"}
    assert ground.seen()["episodes"] == []
    assert seen["step"] == 450
    assert np.allclose(np.hypot(*seen["obs"][:2]), 1)


def test_a_slice_of_time_trains_at_least_one_step():
    ground = small()
    assert ground.slice(0.0)["step"] == 1
    assert ground.slice(0.02)["step"] > 2


def test_exams_fall_on_the_same_steps_however_long_a_slice_is():
    ground = small()
    assert "exam" in ground.seen()
    seen = [ground.slice(0.02)]
    while seen[-1]["step"] < 600:
        seen.append(ground.slice(0.02))
    assert [each["step"] for each in seen if "exam" in each] == [250, 500]
    ground.plant("actor-sign")
    assert "exam" in ground.seen()  # the bug's effect on the policy is visible at once
    ground.plant("")


def test_views_take_a_tenth_of_the_time_at_most():
    ground = small()
    ground.view = lambda with_map: {"speed": time.sleep(0.05)}
    began = time.perf_counter()
    assert "view" in ground.seen()
    assert ground.view_due - began >= 0.5


@pytest.mark.slow
def test_the_memory_of_a_run_does_not_grow_with_its_steps():
    ground = small(replay_capacity=200)

    def memory_after(step):
        while ground.log.steps < step:
            train_to(ground, ground.log.steps + 10)
            ground.view_due = 0.0  # show at every slice: the number must not depend on the clock
            ground.seen()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        sizes = [memory_after(step) for step in range(200, 2_201, 400)]  # at ends of episodes
    finally:
        tracemalloc.stop()
    growth = np.diff(sizes)
    # at first NumPy fills its caches; if the rows of 40 slices stayed, each growth would be 48,000
    assert growth.min() < 6_000, growth


def test_settings_act_on_the_run_in_progress():
    ground = small()
    train_to(ground, 100)
    agent = ground.state.agent
    for name, value in zip(LIVE, (0.7, 1, 5e-4, 4e-3, 0.9), strict=True):
        ask(ground, do="set", name=name, value=value)
    assert agent.noise.scale == 0.7
    train_to(ground, 101)
    assert np.array_equal(agent.target_critic.theta, agent.critic.theta)  # τ = 1
    assert agent.actor_optimizer.learning_rate == 5e-4
    assert agent.critic_optimizer.learning_rate == 4e-3
    assert agent.config.discount == 0.9
    assert ground.state.agent is agent


def test_settings_of_a_run_in_progress_stay_when_a_bug_begins_it_anew():
    ground = small()
    ask(ground, do="set", name="tau", value=0.5)
    ask(ground, do="plant", bug="rates-swapped")
    config = ground.state.agent.config
    assert (config.tau, config.hidden_sizes, config.actor_learning_rate) == (0.5, (8, 8), 1e-4)
    ask(ground, do="restart", seed=0, settings={"actor_learning_rate": 2e-4}, bug="rates-swapped")
    config = ground.state.agent.config
    assert (config.actor_learning_rate, config.critic_learning_rate) == (2e-4, 1e-3)


def test_what_cannot_be_done_is_said_in_one_line_and_the_run_goes_on():
    ground = small()
    train_to(ground, 10)
    state = ground.state
    for message, words in {
        '{"do": "set", "name": "tau", "value": 2}': "tau = 2",
        '{"do": "set", "name": "batch_size", "value": 2}': "batch_size is fixed",
        '{"do": "restart", "seed": -1, "settings": {}, "bug": ""}': "seed = -1",
        '{"do": "restart", "seed": 0, "settings": {"tua": 1}, "bug": ""}': "did you mean tau?",
        '{"do": "plant", "bug": "actor-sing"}': "actor-sign",
    }.items():
        refused = ground.obey(message)["refused"]
        assert words in refused, message
        assert "\n" not in refused, message
        assert ground.state is state, message
    train_to(ground, 20)
    seen = ask(ground, do="watch", panels=[])
    assert (seen["step"], seen["stopped"], seen["refused"]) == (20, "", "")


def test_a_run_that_diverges_stops_and_says_why():
    ground = small()
    train_to(ground, 100)
    ground.state.agent.critic.theta[:] = np.nan
    train_to(ground, 200)
    seen = ask(ground, do="watch", panels=[])
    assert seen["stopped"].startswith("The run diverged. update ")
    assert "\n" not in seen["stopped"]
    assert seen["step"] < 200
    step = seen["step"]
    assert ground.slice(0.01)["step"] == step
    assert ask(ground, do="restart", seed=0, settings=SMALL, bug="")["stopped"] == ""


def test_an_exam_of_a_policy_that_has_diverged_is_left_out():
    ground = small()
    ground.state.agent.actor.theta[:] = np.nan
    assert playground_look.exam(ground.state.agent) is None


@pytest.mark.slow
def test_every_bug_runs_in_the_run_in_progress_and_leaves_the_package_as_it_was():
    patches = [patch[:2] for bug in BUGS.values() for patch in bug.patches]
    before = [vars(owner)[name] for owner, name in patches]
    ground, stopped = small(warmup_steps=8), {}
    train_to(ground, 50)
    for name in offered():
        ground.plant(name)
        assert (ground.bug, active()) == (name, name)
        step = ground.log.steps
        assert (step == 0) == needs_restart(name), name
        train_to(ground, step + 58)
        if ground.stopped:
            stopped[name] = ground.stopped
        ground.plant("")
        assert (ground.bug, active(), ground.stopped) == ("", "", ""), name
        found = [vars(owner)[attribute] for owner, attribute in patches]
        changed = [p for p, a, b in zip(patches, before, found, strict=True) if a is not b]
        assert not changed, name
        step = ground.log.steps
        assert (step == 0) == needs_restart(name), name
        train_to(ground, step + 10)
        assert ground.stopped == "", name
        memory = ground.state.replay
        assert memory.rows[: len(memory)].any(axis=1).all(), name  # no row is left unwritten
    assert stopped == {}


def test_bugs_of_the_beginning_would_do_nothing_to_a_run_in_progress():
    found = {}
    for name in ("", *OF_THE_BEGINNING):
        ground = small()
        train_to(ground, 70)
        for adam in (ground.state.agent.actor_optimizer, ground.state.agent.critic_optimizer):
            adam.steps = 10**6  # so many updates that its correction has faded
        with planted(name) if name else nullcontext():
            train_to(ground, 120)
        found[name] = theta(ground)
    for name in OF_THE_BEGINNING:
        assert needs_restart(name)
        assert np.allclose(found[name], found[""], atol=1e-4), name


@pytest.mark.parametrize("name", ["mask-missing", "first-bound"])
def test_a_bug_that_is_left_out_changes_nothing_here(name):
    assert name in LEFT_OUT
    found = []
    for bug in ("", name):
        ground = Playground()
        ground.restart(0, SMALL, bug)
        train_to(ground, 300)
        ask(ground, do="plant", bug="")
        found.append(theta(ground))
    assert np.allclose(*found, atol=1e-4)


def test_the_slice_of_q_and_the_map_are_laid_out_as_the_page_reads_them():
    ground = small()
    train_to(ground, 200)
    agent = ground.state.agent
    ask(ground, do="set", name="speed", value=1.5)
    seen = ask(ground, do="watch", panels=["map"])
    view = seen["view"]
    assert view["speed"] == 1.5
    angle, torque = view["angles"][40], view["torques"][5]
    obs = np.array([[np.cos(angle), np.sin(angle), 1.5]], np.float32)
    q, _ = agent.critic.forward(obs, np.array([[torque]]))
    assert np.isclose(view["q"][40 * 33 + 5], q[0])
    assert np.isclose(view["mu"][40], agent.act(obs)[0, 0])
    map_angle, map_speed = np.linspace(-np.pi, np.pi, 41)[9], np.linspace(-8, 8, 31)[3]
    state = np.array([[np.cos(map_angle), np.sin(map_angle), map_speed]], np.float32)
    assert np.isclose(view["map"][3 * 41 + 9], agent.act(state)[0, 0])
    assert ask(ground, do="watch", panels=[])["view"]["map"] is None
    for name, length in VIEW.items():
        assert (view[name].dtype, view[name].shape) == (np.float32, (length,)), name


def test_the_slope_is_that_of_the_code_in_force_beside_the_true_one():
    ground = small()
    train_to(ground, 200)
    correct = ground.view(with_map=False)
    assert np.array_equal(correct["slope"], correct["trueSlope"])
    ground.plant("wrong-slice")
    view = ground.view(with_map=False)
    assert np.array_equal(view["trueSlope"], correct["slope"])
    assert not np.allclose(view["slope"], correct["slope"])
    assert active() == "wrong-slice"
    ground.plant("")


def test_an_exam_is_the_episodes_that_gymnasium_would_give():
    ground = small()
    train_to(ground, 200)
    agent = ground.state.agent
    exam = playground_look.exam(agent)
    env, returns = ground.env.env, []
    for start in zip(*playground_look.STARTS, strict=True):
        env.reset(seed=0)
        env.unwrapped.state = np.array(start)
        obs, rewards = env.unwrapped._get_obs(), []
        for _ in range(200):
            obs, reward, *_ = env.step(agent.predict(obs)[0])
            rewards.append(reward)
        returns.append(sum(rewards))
    assert np.isclose(exam["score"], np.mean(returns), rtol=1e-2)
    assert {name: len(exam[name]) for name in EXAM} == EXAM
    assert abs(exam["angle"][0]) == np.float32(np.pi)
    assert exam["speed"][0] == 0
    film = np.cos(exam["angle"]), np.sin(exam["angle"]), exam["speed"]
    assert np.allclose(exam["torque"], agent.act(np.stack(film, axis=1))[:, 0], atol=1e-4)


def test_what_was_earned_is_the_discounted_return_without_an_end():
    """A policy that never moves earns 0 when upright, and −π² per step when hanging."""
    ground = small()
    agent = ground.state.agent
    agent.actor.theta[:] = 0  # no torque, whatever the state
    starts = playground_look.STARTS
    for angle, earned in ((0.0, 0.0), (np.pi, -(np.pi**2) / (1 - agent.config.discount))):
        playground_look.STARTS = np.full(2, angle), np.zeros(2)
        try:
            assert np.isclose(playground_look.exam(agent)["earned"], earned, rtol=1e-3)
        finally:
            playground_look.STARTS = starts


def unpacked(value):
    if not isinstance(value, dict):
        return value
    name, dtype = ("words", "<u2") if "words" in value else ("bytes", "u1")
    whole = np.frombuffer(base64.b64decode(value[name]), dtype)
    return value["low"] + whole / np.iinfo(dtype).max * (value["high"] - value["low"])


def test_the_recorded_run_has_the_shapes_of_the_messages_and_says_how_it_was_made():
    """Written by: .venv/bin/python docs/_generate recorded_run"""
    path = ROOT / "docs/browser/site/playground/recorded.json"
    assert path.stat().st_size <= 150_000
    recorded = json.loads(path.read_text(encoding="utf-8"))
    assert recorded["made"]["command"] == recorded_run.COMMAND
    assert recorded["made"].keys() >= {"seed", "python", "numpy", "minddpg"}
    frames = recorded["frames"]
    assert [frame["step"] for frame in frames] == list(recorded_run.STEPS)
    episodes = [step for frame in frames for step, _ in frame["episodes"]]
    assert episodes == list(range(200, 12_001, 200))
    for frame in frames:
        for shapes, shown in ((EXAM, frame["exam"]), (VIEW, frame.get("view"))):
            for name, length in shapes.items() if shown else ():
                assert unpacked(shown[name]).shape == (length,), (frame["step"], name)
    assert frames[-1]["exam"]["score"] > -400


def test_the_recorded_run_is_what_the_playground_shows():
    ground = Playground()
    train_to(ground, 1_100)
    last = list(recorded_run.frames((0, 1_000, 1_100)))[-1]
    exam = playground_look.exam(ground.state.agent)
    assert last["exam"]["score"] == round(exam["score"], 2)
    for name in EXAM:
        span = np.ptp(exam[name])
        assert np.allclose(unpacked(last["exam"][name]), exam[name], atol=span / 255 + 1e-3), name


def test_each_bug_is_described_with_its_diff_and_what_it_did_to_five_seeds():
    told = json.loads(json.dumps(described_bugs()))
    correct = told["correct"]
    assert [bug["name"] for bug in told["bugs"]] == offered()
    assert told["leftOut"][0].keys() == {"name", "why"}
    assert "\n    grad_action = -dq_da / len(obs)" in "\n".join(told["actorLoss"]["lines"])
    for bug in told["bugs"]:
        name, seeds = bug["name"], bug["seeds"]
        assert len(seeds["steps"]) == 12, name
        assert np.all(np.diff([seeds[key] for key in ("low", "median", "high")], axis=0) >= 0), name
        assert ("correct" in bug) == bool(bug["settings"]), name
        assert bug["group"] in ("learning", "targets", "replay", "world"), name
        assert bug["story"], name
        assert bug["diff"][0][1][0] in "@d", name  # "@" or "def", without indentation
        assert {sign for sign, _ in bug["diff"]} - {" "}, name
    sign = told["bugs"][0]
    diff = "\n".join(map("".join, sign["diff"]))
    assert "\n-    grad_action = -dq_da / len(obs)" in diff
    assert "\n+    grad_action = dq_da / len(obs)" in diff
    assert sign["seeds"]["high"][-1] < correct["low"][-1]
    assert len(json.dumps(told)) < 250_000
