"""The bugs: each can be planted, changes a run, and leaves nothing behind."""

import inspect
import json
import threading
import warnings
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from helpers import make_agent, make_batch, randomise
from pendulums import BRIEF

from minddpg import DDPG, CheckpointError, Config, evaluate, resume, train
from minddpg.cli import main
from minddpg.ddpg.networks import Network
from minddpg.ddpg.noise import GaussianNoise
from minddpg.nn.adam import Adam
from minddpg.training.run_dir import read_bug, versions
from minddpg.verification.bugs import BUGS, active, learning, planted, targets

SHORT = {"total_steps": 150, "warmup_steps": 50, "eval_every": 75, "eval_episodes": 1}
FLAGS = ["--steps", "300", "--warmup-steps", "100", "--eval-every", "150", "--eval-episodes", "1"]


def test_a_bug_is_gone_after_its_block_whatever_happens():
    for name in BUGS:
        owners = [(owner, attribute) for owner, attribute, _ in BUGS[name].patches]
        before = [vars(owner)[attribute] for owner, attribute in owners]
        with planted(name):
            now = [vars(owner)[attribute] for owner, attribute in owners]
            assert all(a is not b for a, b in zip(now, before, strict=True)), name
        with suppress(KeyError), planted(name):
            raise KeyError
        after = [vars(owner)[attribute] for owner, attribute in owners]
        assert all(a is b for a, b in zip(after, before, strict=True)), name


def test_there_are_many_bugs_and_each_has_its_story_in_a_line():
    assert len(BUGS) >= 42
    for bug in BUGS.values():
        assert bug.story.endswith(".")
        assert 30 < len(bug.story) < 110
        assert "\n" not in bug.story
        assert not bug.source or bug.source.startswith("github.com/")
    assert sum(bool(bug.source) for bug in BUGS.values()) >= 14
    assert len({bug.story for bug in BUGS.values()}) == len(BUGS)


def test_an_unknown_bug_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"^there is no bug 'polyak'; the nearest: polyak-rev\w+$"):
        planted("polyak")
    with pytest.raises(ValueError, match="no bug 'xyzzy'; the nearest: " + ", ".join(BUGS)):
        planted("xyzzy")  # nothing is near


@pytest.mark.slow  # test_bug_effects.py has what each bug does, in the plain suite
def test_every_bug_changes_a_run_except_one_that_needs_termination():
    """Bit by bit, at the settings that it needs."""
    small = {"hidden_sizes": (8, 6), "batch_size": 16, "replay_capacity": 150}
    steps = {"total_steps": 240, "warmup_steps": 100, "eval_every": 240, "eval_episodes": 1}
    columns = ("eval/mean_reward", "train/critic_loss", "train/actor_loss")

    @cache
    def values(bug, **settings):
        config = Config(**steps, **{**settings, **small})
        with planted(bug) if bug else nullcontext(), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            history = train(config, progress=False).history
        return np.array([history[column] for column in columns])

    unchanged = []
    for name, bug in BUGS.items():
        if np.array_equal(values("", **bug.settings), values(name, **bug.settings), equal_nan=True):
            unchanged.append(name)
    assert unchanged == ["mask-missing"]  # Pendulum never terminates


@pytest.mark.slow
def test_a_run_with_a_bug_says_so_and_is_resumed_with_it(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = ["train", "--bug", "action-scale", *FLAGS, "--anneal-from", "1"]
    assert main(arguments) == 0
    assert "with the bug action-scale: The action scale is forgotten" in capsys.readouterr().err
    folder = tmp_path / "runs" / "Pendulum-v1-action-scale-1"
    assert read_bug(folder) == "action-scale"
    assert main(["resume", str(folder), "--steps", "100"]) == 0
    assert "with the bug action-scale" in capsys.readouterr().err
    assert main([*arguments, "--steps", "400", "--run-dir", "whole", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    resumed, whole = DDPG.load(folder / "policy.npz"), DDPG.load("whole/policy.npz")
    assert np.array_equal(resumed.actor.theta, whole.actor.theta)

    assert main(["evaluate", str(folder), "--episodes", "2"]) == 0
    captured = capsys.readouterr()
    assert "with the bug action-scale" in captured.err
    with planted("action-scale"):
        mean = evaluate(resumed, "Pendulum-v1", 2, 10_000).mean
    assert f"return {mean:.1f}" in captured.out
    assert mean != evaluate(resumed, "Pendulum-v1", 2, 10_000).mean

    resumed.config = replace(resumed.config, env_id=BRIEF)  # a short video
    resumed.save(folder / "policy.npz")
    assert main(["watch", str(folder), "--seed", "10000", "--gif", "video.gif"]) == 0
    captured = capsys.readouterr()
    assert "with the bug action-scale" in captured.err
    with planted("action-scale"):
        alone = evaluate(resumed, BRIEF, 1, 10_000).mean
    assert f"return {alone:.1f}" in captured.out
    assert f"{alone:.1f}" != f"{evaluate(resumed, BRIEF, 1, 10_000).mean:.1f}"


def test_a_bug_brings_the_settings_that_it_needs_and_flags_override_them(tmp_path):
    folder = tmp_path / "run"
    arguments = ["train", "--bug", "ou-uniform", *FLAGS, "--noise-scale", "0.4", "--quiet"]
    assert main([*arguments, "--run-dir", str(folder)]) == 0
    config = DDPG.load(folder / "policy.npz").config
    assert (config.noise, config.noise_scale) == ("ou", 0.4)


def versions_of(run_dir):
    return json.loads((run_dir / "config.json").read_text())["versions"]


def test_a_run_with_a_bug_is_resumed_in_python_only_while_that_bug_is_planted(tmp_path):
    config = Config(**SHORT, anneal_from=1.0)
    with planted("actor-sign"):
        whole = train(replace(config, total_steps=160), progress=False)
        train(config, tmp_path, progress=False)
    assert versions_of(tmp_path)["bug"] == "actor-sign"
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    wanted = rf"trained with the bug actor-sign: .* minddpg resume {tmp_path} .*actor-sign"
    with pytest.raises(CheckpointError, match=wanted) as caught:
        resume(tmp_path, more_steps=10, progress=False)
    assert "\n" not in str(caught.value)
    assert 'with planted("actor-sign")' in str(caught.value)
    with planted("actor-summed"), pytest.raises(CheckpointError, match=wanted):
        resume(tmp_path, more_steps=10, progress=False)
    (tmp_path / "checkpoint.npz").rename(tmp_path / "moved")  # then it would begin again
    with pytest.raises(CheckpointError, match=wanted):
        resume(tmp_path, more_steps=10, progress=False)
    (tmp_path / "moved").rename(tmp_path / "checkpoint.npz")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    with planted("actor-sign"):
        resumed = resume(tmp_path, more_steps=10, progress=False)
    assert np.array_equal(resumed.agent.actor.theta, whole.agent.actor.theta)
    assert versions_of(tmp_path)["bug"] == "actor-sign"


def test_a_correct_run_is_not_resumed_while_a_bug_is_planted(tmp_path):
    train(Config(**SHORT), tmp_path, progress=False)
    assert "bug" not in versions_of(tmp_path)
    wanted = "trained without the bug actor-sign, which is planted now"
    with planted("actor-sign"), pytest.raises(CheckpointError, match=wanted):
        resume(tmp_path, more_steps=10, progress=False)
    resume(tmp_path, more_steps=10, progress=False)


def test_a_run_without_a_bug_has_none(tmp_path):
    train(Config(**SHORT), tmp_path, progress=False)
    assert read_bug(tmp_path) == ""
    assert read_bug(tmp_path / "nothing") == ""


def test_the_active_bug_is_the_innermost_one_and_every_thread_sees_it(tmp_path):
    seen = []
    assert active() == ""
    with planted("actor-sign"):
        with planted("one-start"):
            assert active() == "one-start"
            thread = threading.Thread(target=lambda: seen.extend([active(), versions()["bug"]]))
            thread.start()
            thread.join()
        assert active() == "actor-sign"
        with suppress(KeyError), planted("one-start"):
            raise KeyError
        assert active() == "actor-sign"
    assert active() == ""
    assert "bug" not in versions()
    assert seen == ["one-start", "one-start"]


def test_a_planted_method_is_called_as_the_original_is():
    """With the same names and defaults, so that a call by keyword does not stop at a bug."""
    wrong = []
    for bug, owner, name, replacement in patches():
        if name == "copy":  # a module, of which one function is called
            continue
        kept, new = inspect.signature(vars(owner)[name]), inspect.signature(replacement)
        if [(p.name, p.default) for p in kept.parameters.values()] != [
            (p.name, p.default) for p in new.parameters.values()
        ]:
            wrong.append(f"{bug}: {name}{new}, not {kept}")
    assert not wrong


def patches():
    return [(bug, *patch) for bug, each in BUGS.items() for patch in each.patches]


def test_code_that_a_bug_copied_is_the_originals_but_for_the_mistake(rng):
    """Each copy is called where its mistake has no effect, and then does what the original does."""
    copies = {
        "actor_loss": copied_actor_loss,
        "td_target": copied_td_target,
        "actor-climbs-target": copied_loss_at_target,
        "actor-moves-critic": copied_loss_that_moves,
        "actor-tanh-forgotten": copied_actor_backward,
        "broadcast": copied_critic_loss,
        "target-online": copied_online_target,
        "target-in-training-mode": copied_training_target,
        "target-statistics": copied_follow,
        "noise-one-sided": copied_noise,
        "not-clipped": copied_act,
        "adam-uncorrected": copied_adam,
    }
    for name, pair in copies.items():
        copy, original = pair(rng)
        assert len(copy) == len(original) > 0, name
        for mine, theirs in zip(copy, original, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-14, err_msg=name)


def random_agent(rng, **settings):
    agent = make_agent(rng, **settings)
    randomise(agent, rng)
    return agent, make_batch(rng)


def method(bug):
    """Return the one function that a bug puts in a class."""
    ((_, _, replacement),) = BUGS[bug].patches
    return replacement


def copied_actor_loss(rng):
    agent, batch = random_agent(rng)
    ((_, _, loss),) = learning.actor_loss(lambda dq_da, action: -dq_da / len(dq_da))
    return loss(agent, batch.obs), agent.actor_loss(batch.obs)


def copied_td_target(rng):
    agent, batch = random_agent(rng)

    def correct(config, batch, q):
        return batch.reward + config.discount * np.where(batch.terminated, 0, q)

    ((_, _, target),) = targets.td_target(correct)
    return target(agent, batch), agent.td_target(batch)


def copied_loss_at_target(rng):
    """Where the target critic is the critic."""
    agent, batch = random_agent(rng)
    agent.target_critic.follow(agent.critic, 1.0)
    return method("actor-climbs-target")(agent, batch.obs), agent.actor_loss(batch.obs)


def copied_training_target(rng):
    """Without batch norm there is one mode."""
    agent, batch = random_agent(rng)
    return method("target-in-training-mode")(agent, batch), agent.td_target(batch)


def copied_follow(rng):
    """Without batch norm there are no statistics."""
    ends = []
    agent, _ = random_agent(rng)
    start = agent.target_critic.theta.copy()
    for follow in (method("target-statistics"), Network.follow):
        agent.target_critic.theta[:] = start
        follow(agent.target_critic, agent.critic, 0.25)
        ends.append(agent.target_critic.theta.copy())
    return ends[:1], ends[1:]


def copied_noise(rng):
    """Where the draws are positive."""
    noise = GaussianNoise(9, 0.3, SimpleNamespace(standard_normal=lambda size: np.arange(size)))
    return [method("noise-one-sided")(noise)], [noise.sample()]


def copied_loss_that_moves(rng):
    agent, batch = random_agent(rng)
    original = agent.actor_loss(batch.obs)  # the copy moves the critic after both are known
    return method("actor-moves-critic")(agent, batch.obs), original


def copied_actor_backward(rng):
    """Where the output is 0, the slope of tanh is 1."""
    agent, batch = random_agent(rng)
    for array in agent.actor.mlp.linears[-1]:
        array[:] = 0
    action, cache = agent.actor.forward(batch.obs, training=True)
    assert not action.any()
    grad = rng.standard_normal(action.shape)
    copy = method("actor-tanh-forgotten")(agent.actor, grad, cache)
    return copy, agent.actor.backward(grad, cache)


def copied_critic_loss(rng):
    """The table of one transition is its difference."""
    agent, _ = random_agent(rng)
    batch = make_batch(rng, 1)
    y = agent.td_target(batch)
    return method("broadcast")(agent, batch, y), agent.critic_loss(batch, y)


def copied_online_target(rng):
    agent, batch = random_agent(rng)
    agent.target_actor.follow(agent.actor, 1.0)
    agent.target_critic.follow(agent.critic, 1.0)
    return method("target-online")(agent, batch), agent.td_target(batch)


def copied_act(rng):
    """Noise that is too small to need a clip, drawn for one observation, and for several."""
    agent, batch = random_agent(rng, noise_scale=1e-3)
    assert np.abs(agent.actor.forward(batch.obs)[0]).max() < 0.99
    generator = agent.noise.rng
    before = generator.bit_generator.state
    outcomes = []
    for act in (method("not-clipped"), type(agent).act):
        generator.bit_generator.state = before
        for obs in (batch.obs[0], batch.obs):
            outcomes += [act(agent, obs, explore=True), act(agent, obs)]
    return outcomes[:4], outcomes[4:]


def copied_adam(rng):
    """After very many steps the correction is a division by 1."""
    for decay in (None, 0.01):
        start, grad = rng.standard_normal((2, 9))
        ends = []
        for step in (method("adam-uncorrected"), Adam.step):
            theta = start.copy()
            adam = Adam(theta, 0.1)
            if decay is not None:
                adam.decay = np.full(9, decay)
            adam.steps, adam.second_moment[:] = 10**6, 0.3
            step(adam, grad)
            ends += [theta, adam.first_moment, adam.second_moment]
    return ends[:3], ends[3:]


def test_bugs_replace_public_names_only():
    for bug in BUGS.values():
        for owner, name, _ in bug.patches:
            assert not name.startswith("_") or name.endswith("__"), f"{owner}: {name}"
