"""The scripted environment does what its docstring says, and records its calls."""

import numpy as np

from minddpg.verification.scripted_env import LENGTH, Scripted, in_units


def test_episodes_count_up_and_end_alternately_by_termination_and_by_a_limit():
    env = Scripted()
    for episode in range(1, 5):
        obs, info = env.reset(seed=10 * episode)
        assert (obs.tolist(), info) == ([episode, 0], {})
        for step in range(1, LENGTH + 1):
            action = np.array([0.5, 2.0 + step])
            obs, reward, terminated, truncated, info = env.step(action)
            number = (episode - 1) * LENGTH + step - 1
            assert (obs.tolist(), reward, info) == ([episode, step], number, {})
            is_last = step == LENGTH
            assert terminated is (is_last and episode % 2 == 1)
            assert truncated is (is_last and episode % 2 == 0)
            happened = env.happened[number]
            assert happened.obs.tolist() == [episode, step - 1]
            assert happened.next_obs.tolist() == [episode, step]
            assert happened.terminated is terminated
            action[:] = 9  # the record is a copy
            assert happened.action.tolist() == [0.5, 2 + step]
    assert env.seeds == [10, 20, 30, 40]
    assert len(env.happened) == 4 * LENGTH


def test_observations_share_one_memory_only_if_asked():
    for env, shared in ((Scripted(), False), (Scripted(one_memory=True), True)):
        first, _ = env.reset()
        second, *_ = env.step(np.array([0.0, 3.0]))
        assert (first is second) is shared
        assert first.tolist() == ([1, 1] if shared else [1, 0])
        assert env.happened[0].obs.tolist() == [1, 0]  # the record never shares memory with it
        assert env.happened[0].next_obs.tolist() == [1, 1]
        assert env.seeds == [None]


def test_units_are_those_of_its_unequal_bounds():
    mapped = in_units(np.array([[-1.0, -1.0], [1.0, 1.0], [0.0, 0.5]]))
    np.testing.assert_allclose(mapped, [[-1, 2], [2, 6], [0.5, 5]])
