"""Chapter 10: which agents swing up, what a saved agent needs, what the five probes find."""

import linecache
from pathlib import Path

import numpy as np
from course.answers.ch10 import CORRECT, FlatDDPG, OfThreeLayers, but, by_hand

from minddpg.course.ch10_your_ddpg import equality, probes, seconds
from minddpg.course.ch10_your_ddpg.expectations import BUGS, FIRST
from minddpg.course.ch10_your_ddpg.exploring import on_pendulum
from minddpg.course.ch10_your_ddpg.package_agent import PackageDDPG
from minddpg.course.checks import EXERCISES, check_my_ddpg, check_probes, check_swing_up, solution
from minddpg.course.engine.cell_source import source_of
from minddpg.course.engine.solution import run
from minddpg.course.list_networks import new_network, parameters_of
from minddpg.course.precomputed import precomputed
from minddpg.ddpg.noise import GaussianNoise


def test_the_packages_agent_leaves_the_swing_up_to_do():
    for agent_class in (solution("10.1"), PackageDDPG):
        verdict = check_swing_up(OfThreeLayers(agent_class))
        assert verdict.status == "to do", agent_class
        assert "the package's" in str(verdict)


def test_neither_a_controller_nor_an_agent_that_fails_10_1_earns_the_swing_up():
    silent = but(act=lambda self, obs: FlatDDPG.act(self, obs), tau=0.5, follow=lambda self: None)
    for policy in (by_hand, OfThreeLayers(silent)):
        verdict = check_swing_up(policy)
        assert verdict.status == "failed"
        assert verdict.diagnosis == "not by your agent"


ASSEMBLED = """
def copies(arrays):
    return [array.copy() for array in arrays]


class MyDDPG:
    def __init__(self, actor, critic, discount, tau, actor_rate, critic_rate):
        self.actor, self.critic = copies(actor), copies(critic)
        self.target_actor, self.target_critic = copies(actor), copies(critic)
        self.discount, self.tau = discount, tau
        self.actor_adam = Adam(self.actor, actor_rate)
        self.critic_adam = Adam(self.critic, critic_rate)

    def act(self, obs):
        return tanh_forward(self.run(self.actor, obs)[0])[0]

    def run(self, net, x):
        caches = []
        for i in range(0, len(net), 2):
            x, cache = linear_forward(x, net[i], net[i + 1])
            caches.append(cache)
            if i < 4:
                x, cache = relu_forward(x)
                caches.append(cache)
        return x, caches

    def back(self, caches, grad):
        grads = []
        for i, cache in reversed(list(enumerate(caches))):
            if i % 2:
                grad = relu_backward(grad, cache)
            else:
                grad, *of_layer = linear_backward(grad, cache)
                grads = of_layer + grads
        return grad, grads

    def update(self, batch):
        s, n = batch.obs, len(batch.obs)
        a2 = tanh_forward(self.run(self.target_actor, batch.next_obs)[0])[0]
        q2 = self.run(self.target_critic, np.hstack((batch.next_obs, a2)))[0][:, 0]
        y = td_target(batch.reward, batch.terminated, np.zeros(n, bool), q2, self.discount)
        q, caches = self.run(self.critic, np.hstack((s, batch.action)))
        self.critic_adam.step(self.back(caches, 2 / n * (q - y[:, None]))[1])
        z, actor_caches = self.run(self.actor, s)
        a, cache = tanh_forward(z)
        _, caches = self.run(self.critic, np.hstack((s, a)))
        dq_da = self.back(caches, np.ones((n, 1)))[0][:, s.shape[1]:]
        self.actor_adam.step(self.back(actor_caches, tanh_backward(-dq_da / n, cache))[1])
        for slow, fast in zip(self.target_actor + self.target_critic, self.actor + self.critic):
            polyak_update(slow, fast, self.tau)
"""
EARLIER = ("04.1", "04.2", "04.3", "05.1", "05.5", "08.1")


def test_an_agent_made_of_the_functions_of_earlier_chapters_stands_alone_once_it_is_kept():
    source = adam_of_the_notebook() + ASSEMBLED
    namespace = {"np": np, "__name__": "__main__"}
    for number in EARLIER:
        exercise = EXERCISES[number]
        names = exercise.names
        namespace |= dict(zip(names, run(exercise.solution, names, {}, number), strict=True))
    filename = "a cell of chapter 10"
    linecache.cache[filename] = len(source), None, source.splitlines(keepends=True), filename
    exec(compile(source, filename, "exec"), namespace)
    text = source_of([namespace["MyDDPG"]], ["MyDDPG"])
    (alone,) = run(text, ["MyDDPG"], {}, "kept")
    assert check_my_ddpg(alone)
    assert check_swing_up(OfThreeLayers(alone))


def adam_of_the_notebook():
    """Return the source of the notebook's class Adam, which calls the learner's adam_step."""
    text = (Path(__file__).parents[2] / "tutorials" / "source" / "10_your_ddpg.py").read_text()
    return text[text.index("class Adam:") :].split("\n# %%")[0]


def test_the_probes_fail_first_where_the_solution_says_in_every_start():
    found = precomputed("ch10/probes")["bugs"]  # (correct code and BUGS, starts, probes)
    for name, starts, wanted in zip(("correct", *BUGS), found, (0, *FIRST), strict=True):
        failed = [probes.failed(each) for each in starts]
        first = [each.index(True) + 1 if any(each) else 0 for each in failed]
        assert first == [wanted] * len(starts), name


def test_what_is_precomputed_of_the_probes_is_what_they_give_now():
    expected = EXERCISES["10.4"].reference[0](probes.DISCOUNT)
    now = probes.errors(solution("10.1"), expected)
    np.testing.assert_allclose(
        list(now.values()), precomputed("ch10/probes")["errors"][0], atol=1e-3
    )


def test_values_are_compared_before_the_bugs_are_decided():
    verdict = check_probes(EXERCISES["10.4"].reference[0], EXERCISES["10.4"].blank[1])
    assert verdict.status == "to do"
    assert "Not written yet: first_to_fail" in str(verdict)
    assert [row.passed for row in verdict.comparisons[:5]] == [True] * 5


def test_an_agent_that_is_not_right_yet_takes_the_probes_if_it_runs(monkeypatch):
    monkeypatch.setattr(probes, "UPDATES", 2)
    (blank,) = EXERCISES["10.1"].blank
    expected = EXERCISES["10.4"].reference[0](probes.DISCOUNT)
    found = probes.rows({"blank": blank, "wrong": but(sign=1)}, expected)
    assert list(found) == ["wrong"]
    assert len(found["wrong"]) == len(probes.PARTS)


def test_an_untrained_agent_is_told_so_and_no_row_is_called_right_unmeasured():
    verdict = check_swing_up(lambda obs: 0.01 * EXERCISES["10.3"].given["kept"].predict(obs)[0])
    assert verdict.diagnosis == "not swinging up"
    assert [row.name for row in verdict.comparisons if not row.passed] == [
        "mean return is high enough"
    ]
    assert "other sizes" not in str(check_swing_up(*EXERCISES["10.3"].reference))


def test_every_correct_agent_runs_the_later_cells_however_it_keeps_its_networks(monkeypatch):
    monkeypatch.setattr(probes, "UPDATES", 2)
    monkeypatch.setattr(equality, "UPDATES", 2)
    sizes = (3, 8, 8, 1), (4, 8, 8, 1)
    noise = GaussianNoise(1, 0.3, np.random.default_rng(0))
    for i, (agent_class,) in enumerate(CORRECT["10.1"]):
        rng = np.random.default_rng(0)
        networks = [new_network(each, rng) for each in sizes]
        agent = agent_class(*networks, *equality.SETTINGS)
        for given, kept, each in zip(networks, (agent.actor, agent.critic), sizes, strict=True):
            assert all(map(np.array_equal, parameters_of(kept, each), given)), i
        wrapped = on_pendulum(agent, noise, rng)
        assert wrapped.act(np.zeros(3)).shape == (1,), i
        assert wrapped.predict(np.zeros((5, 3)))[0].shape == (5, 1), i
        assert equality.distances({"this": agent_class})["this"].max() < 1e-12, i
        assert probes.learned(agent_class, 3).shape == (3, 2), i
        assert probes.learned(agent_class, 4).shape == (1,), i


def test_an_agent_that_is_too_slow_is_not_trained_and_the_cell_says_what_to_raise(
    capsys, monkeypatch
):
    packages = solution("10.1")
    theirs = "your agent", FlatDDPG

    def trained(seconds_of_one, seconds_of_the_packages):
        needed = {FlatDDPG: seconds_of_one, packages: seconds_of_the_packages}
        monkeypatch.setattr(seconds, "seconds_per_update", needed.__getitem__)
        return seconds.trained_in_time(*theirs, updates=5_000, seconds=60)

    assert trained(0.01, 0.001) == theirs
    assert trained(0.05, 0.03) == theirs  # not the agent but the machine is slow
    assert capsys.readouterr().out == ""
    assert trained(0.05, 0.001) == ("the package's agent", packages)
    assert "would take 250 s" in (said := capsys.readouterr().out)
    assert "raise `seconds`" in said


def test_updates_are_timed():
    assert 0 < seconds.seconds_per_update(FlatDDPG) < 60
