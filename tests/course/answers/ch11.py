"""Chapter 11: four hunts with HUNT = 0, and five agents to read.

N batch.
"""

import numpy as np

from minddpg import Batch, ReplayBuffer
from minddpg.course.ch11_bug_zoo import hunt_agent, hunt_buffer, hunt_loop, hunt_own_agent
from minddpg.course.ch11_bug_zoo.kit import PackageAgent, rehearse, small_agent
from minddpg.course.ch11_bug_zoo.small_agents import flat, new_network
from minddpg.nn.gradcheck import check_gradient
from minddpg.verification.random_inputs import sample_batch

Agent, PlantedAgent = hunt_agent.HUNT.version(), hunt_agent.HUNT.version("replayed-action")
PlantedBuffer = hunt_buffer.HUNT.version("newest-missing")
planted_train = hunt_loop.HUNT.version("reset-stored")
Planted = hunt_own_agent.plant(Agent, 0)


def copied(kind):
    """Return the package's class as if it had been copied into a cell."""
    parts = {k: v for k, v in vars(kind).items() if k not in ("__dict__", "__weakref__")}
    return type(kind.__name__, kind.__bases__, {**parts, "__module__": "__main__"})


def by_episodes(*arguments):
    return hunt_loop.by_episodes(*arguments)


# 11.5: ∇a Q at the action of the batch


class Asks(PlantedAgent):
    """Give the batch's place to the actor's own action."""

    def actor_gradient(self, batch):
        return super().actor_gradient(batch._replace(action=self.act(batch.obs)))


class Rewritten(PlantedAgent):
    """The same chain in einsums, and nothing of the old method."""

    def actor_gradient(self, batch):
        z, inputs = self.forward(self.actor, batch.obs)
        q, critic_inputs = self.q(self.critic, batch.obs, np.tanh(z))
        grad, _ = self.backward(self.critic, critic_inputs, np.full(q.shape, -1 / len(q)))
        slope = 1 / np.cosh(z) ** 2
        _, grads = self.backward(self.actor, inputs, grad[:, -z.shape[1] :] * slope)
        return grads


def changes_with_the_batchs_action(agent_class):
    agent, batch = small_agent(agent_class)
    first = [grad.copy() for grad in agent.actor_gradient(batch)]
    second = agent.actor_gradient(batch._replace(action=np.zeros_like(batch.action)))
    return all(np.allclose(a, b) for a, b in zip(first, second, strict=True))


def against_numbers(agent_class):
    """Check the whole gradient of W1 with the package's checker."""
    agent, batch = small_agent(agent_class)
    rest = agent.actor[1:]

    def loss(weight):
        action = np.tanh(agent.forward([weight, *rest], batch.obs)[0])
        return -np.mean(agent.q(agent.critic, batch.obs, action)[0])

    return check_gradient(loss, agent.actor[0].copy(), agent.actor_gradient(batch)[0]).passed


def in_place(agent_class):
    """Shift one entry up and down, in a network of its own."""
    rng = np.random.default_rng(3)
    agent = agent_class(
        new_network((4, 5, 5, 1), rng), new_network((5, 5, 5, 1), rng), 0.9, 0.1, 1e-3, 1e-3
    )
    batch = sample_batch(6, 4, 1, rng)
    found = []
    for h in (1e-5, -1e-5):
        agent.actor[1][2] += h
        found.append(-agent.q(agent.critic, batch.obs, agent.act(batch.obs))[0].mean())
        agent.actor[1][2] -= h
    return abs((found[0] - found[1]) / 2e-5 - agent.actor_gradient(batch)[1][2]) < 1e-6


def by_an_update(agent_class):
    """After an update the actor must not depend on the batch's action, if the critic stays."""
    found = []
    for sign in (1, -1):
        agent, batch = small_agent(agent_class, settings=(0.9, 0.2, 1e-3, 1e-13))
        agent.update(batch._replace(action=sign * batch.action))
        found.append(flat(agent.actor))
    return np.max(np.abs(found[0] - found[1])) < 1e-9


def like_the_package(agent_class):
    agent, batch = small_agent(agent_class)
    other, _ = small_agent(PackageAgent)
    for _ in range(5):
        agent.update(batch)
        other.update(batch)
    return np.bool_(np.allclose(flat(agent.actor), flat(other.actor)))


class Test:
    """A test that is an object, and says 1 or 0."""

    def __call__(self, agent_class):
        return int(changes_with_the_batchs_action(agent_class))


def asserting(agent_class):
    assert changes_with_the_batchs_action(agent_class)
    return True


def of_the_targets(agent_class):
    agent, batch = small_agent(agent_class)
    y = agent.td_target(batch)[:, 0]
    return np.allclose(y[batch.terminated], batch.reward[batch.terminated])


TURNS = []


def by_turns(agent_class):
    """Be right every second time."""
    TURNS.append(agent_class)
    return len(TURNS) % 2 == 0


def too_strict(agent_class):
    """Compare to the last bit."""
    agent, batch = small_agent(agent_class)
    other, _ = small_agent(Agent)
    return all(map(np.array_equal, agent.actor_gradient(batch), other.actor_gradient(batch)))


class HalfRepaired(PlantedAgent):
    """The action is right, and the slope of tanh has gone."""

    def actor_gradient(self, batch):
        z, inputs = self.forward(self.actor, batch.obs)
        q, critic_inputs = self.q(self.critic, batch.obs, np.tanh(z))
        grad, _ = self.backward(self.critic, critic_inputs, np.ones_like(q))
        return self.backward(self.actor, inputs, -grad[:, batch.obs.shape[1] :] / len(q))[1]


class Damaged(Asks):
    """Repaired, but follow is new, and wrong."""

    def follow(self, target, online):
        for slow, fast in zip(target, online, strict=True):
            slow += 0.2 * (fast - slow)


class Smaller:
    def __init__(self, actor, critic, discount, tau, actor_rate, critic_rate):
        self.actor, self.critic, self.target_actor, self.target_critic = (
            actor,
            critic,
            actor,
            critic,
        )


# 11.6: the newest row is never drawn


class All(PlantedBuffer):
    def sample(self, batch_size, rng):
        rows = rng.integers(0, len(self), batch_size)
        fields = self.obs, self.action, self.reward, self.next_obs, self.terminated
        return Batch(*(field[rows] for field in fields))


class Drawn(PlantedBuffer):
    def sample(self, batch_size, rng):
        rows = [rng.choice(len(self)) for _ in range(batch_size)]
        return Batch(
            terminated=self.terminated[rows],
            next_obs=self.next_obs[rows],
            reward=self.reward[rows],
            action=self.action[rows],
            obs=self.obs[rows],
        )


class Rounding(All):
    """Keep whole rewards."""

    def add(self, obs, action, reward, next_obs, terminated):
        super().add(obs, action, round(reward), next_obs, terminated)


class Column(All):
    """Give rewards as a column."""

    def sample(self, batch_size, rng):
        batch = super().sample(batch_size, rng)
        return batch._replace(reward=batch.reward[:, None])


class PackageBuffer(ReplayBuffer):
    def __init__(self, capacity, obs_dim, action_dim):
        super().__init__(capacity, obs_dim, action_dim, "float64")


def draws_the_newest(buffer_class):
    replay = buffer_class(9, 2, 1)
    for i in range(5):
        replay.add(np.ones(2), np.ones(1), 10.0 * i, np.ones(2), False)
    return 40.0 in replay.sample(300, np.random.default_rng(2)).reward


def two_rows(buffer_class):
    replay = buffer_class(3, 1, 1)
    replay.add([1.0], [0.1], 1.0, [2.0], True)
    replay.add([3.0], [0.2], 2.0, [4.0], False)
    found = set(replay.sample(60, np.random.default_rng(0)).reward.tolist())
    return found == {1.0, 2.0}


def counted(buffer_class):
    """Count how often each row comes, in a full memory and before."""
    for count in (4, 11):
        replay = buffer_class(6, 1, 2)
        for i in range(count):
            replay.add([i], [i, i], i, [i], i % 2)
        reward = replay.sample(1200, np.random.default_rng(1)).reward.astype(int)
        counts = np.bincount(reward, minlength=count)[max(0, count - 6) :]
        if (counts < 100).any():
            return False
    return True


def mean_of_draws(buffer_class):
    replay = buffer_class(50, 1, 1)
    for reward in (0.0, 0.0, 0.0, 100.0):
        replay.add([0], [0], reward, [0], False)
    return abs(replay.sample(2000, np.random.default_rng(4)).reward.mean() - 25) < 5


def only_full(buffer_class):
    replay = buffer_class(6, 1, 1)
    for i in range(30):
        replay.add([i], [i], i, [i], False)
    return len(replay) == 6


# 11.7: the next episode's first observation is stored


def train(env, agent, replay, noise, steps, warmup_steps, rng):
    """Keep the observation of the reset apart."""
    low, high = env.action_space.low, env.action_space.high
    now = None
    for step in range(steps):
        if now is None:
            now = np.copy(env.reset(seed=int(rng.integers(10_000)))[0])
            noise.reset()
        warming_up = step < warmup_steps
        a = rng.random(len(low)) * 2 - 1 if warming_up else agent.act(now) + noise.sample()
        a = a.clip(-1, 1)
        after, reward, ended, cut, _ = env.step((low + high) / 2 + a * (high - low) / 2)
        replay.add(now, a, reward, after, ended)
        now = None if ended or cut else np.copy(after)
        if not warming_up:
            agent.update(replay.sample(64, rng))


def unseeded(env, agent, replay, noise, steps, warmup_steps, rng):
    """Seed the first reset alone."""
    env_reset = env.reset

    def reset(seed):
        return env_reset(seed=seed) if not env.seeds else env_reset()

    env.reset = reset
    train(env, agent, replay, noise, steps, warmup_steps, rng)


def next_obs_is_of_its_episode(train):
    return all(row.next_obs[0] == row.obs[0] for row in rehearse(train).stored)


def next_obs_is_one_step_on(train):
    run = rehearse(train, steps=9)
    steps = [row.next_obs[1] - row.obs[1] for row in run.stored]
    return bool(np.all(np.array(steps) == 1))


def rows_match(train):
    run = rehearse(train, seed=3)
    stored = np.array([[*row.obs, *row.next_obs, row.terminated] for row in run.stored])
    true = np.array([[*row.obs, *row.next_obs, row.terminated] for row in run.happened])
    return np.array_equal(stored, true)


def no_first_observation(train):
    return not any(row.next_obs[1] == 0 for row in rehearse(train).stored)


def of_seeds(train):
    return len(set(rehearse(train).seeds)) > 3


def as_random(train):
    """Demand the very actions that one way of drawing gives."""
    run, other = rehearse(train), rehearse(hunt_loop.HUNT.version())
    return all(
        map(np.array_equal, [x.action for x in run.stored], [x.action for x in other.stored])
    )


def forgets_the_noise(env, agent, replay, noise, *rest):
    class Silent:
        sample, reset = noise.sample, lambda self: None

    Silent.sample = staticmethod(noise.sample)
    train(env, agent, replay, Silent(), *rest)


# 11.8: the target actor stands still


def equal_to_mine(agent_class):
    agent, batch = small_agent(agent_class, seed=5)
    mine, _ = small_agent(Agent, seed=5)
    for _ in range(30):
        agent.update(batch)
        mine.update(batch)
    names = ("actor", "critic", "target_actor", "target_critic")
    return all(np.allclose(flat(getattr(agent, n)), flat(getattr(mine, n))) for n in names)


def target_actor_moves(agent_class):
    agent, batch = small_agent(agent_class)
    before = flat(agent.target_actor)
    agent.update(batch)
    return bool((flat(agent.target_actor) != before).all())


def follows_by_tau(agent_class):
    for tau in (0.1, 0.4):
        agent, batch = small_agent(agent_class, settings=(0.9, tau, 1e-3, 1e-3))
        before = [x.copy() for x in agent.target_actor]
        agent.update(batch)
        for now, old, online in zip(agent.target_actor, before, agent.actor, strict=True):
            if not np.allclose(now, old + tau * (online - old)):
                return False
    return True


def comes_closer(agent_class):
    agent, batch = small_agent(agent_class)
    gaps = []
    for _ in range(20):
        gaps.append(np.linalg.norm(flat(agent.target_actor) - flat(agent.actor)))
        agent.update(batch)
    return gaps[-1] < gaps[0] / 2


def other_sizes(agent_class):
    agent, batch = small_agent(agent_class, (5, 1, 3))
    start = flat(agent.target_actor)
    for _ in range(3):
        agent.update(batch)
    return np.linalg.norm(flat(agent.target_actor) - start) > 0.1


class Released(Planted):
    """Undo the freezing from outside."""

    def __init__(self, actor, critic, discount, tau, *rates):
        super().__init__(actor, critic, discount, tau, *rates)
        self.share = tau

    def update(self, batch):
        super().update(batch)
        for slow, fast in zip(self.target_actor, self.actor, strict=True):
            slow += self.share * (fast - slow)


# 11.9

BUGS = {
    "A": "truncated-as-terminated",
    "B": "broadcast",
    "C": "action-scale",
    "D": "correct code",
    "E": "mask-flipped",
}
SHARES = {"A": 0.3958333, "B": 0.1466667, "C": 0.0, "D": 0.2933333, "E": 0.02}


def read_agent(agent):
    return BUGS[agent], SHARES[agent]


def as_a_list(agent):
    return [BUGS[agent], np.float32(SHARES[agent])]


class Reader:
    def __call__(self, agent):
        return BUGS.get(agent), round(SHARES.get(agent), 2)


def by_matching(agent):
    match agent:
        case "A":
            return "truncated-as-terminated", 0.4
        case "B":
            return "broadcast", 0.15
        case "C":
            return "action-scale", 0
        case "D":
            return "correct code", 0.29
    return "mask-flipped", 0.02


def reading(shares=SHARES, **changes):
    table = {**BUGS, **changes}
    return (lambda agent: (table[agent], shares[agent]),)


name = "replayed-action"
CORRECT = {
    "11.5": [
        (name, Asks, changes_with_the_batchs_action),
        ("Replayed action", Rewritten, against_numbers),
        ("replayed_action", Agent, in_place),
        ("replayd-action", copied(PackageAgent), by_an_update),
        (" replayed-action ", Asks, like_the_package),
        (name, Rewritten, Test()),
        (name, Asks, lambda c: changes_with_the_batchs_action(c) and of_the_targets(c)),
        ("It is replayed-action, in actor_gradient", Asks, against_numbers),
    ],
    "11.6": [
        ("newest-missing", All, draws_the_newest),
        ("newest missing", Drawn, two_rows),
        ("Newest-Missing", PackageBuffer, counted),
        ("newest_missing", copied(hunt_buffer.ListBuffer), mean_of_draws),
        ("newest-mising", All, lambda b: two_rows(b) and counted(b)),
        ("newest-missing", hunt_buffer.HUNT.version(), lambda b: int(counted(b))),
    ],
    "11.7": [
        ("reset-stored", train, next_obs_is_of_its_episode),
        ("Reset stored", unseeded, next_obs_is_one_step_on),
        ("reset_stored", by_episodes, rows_match),
        ("reset-stored", hunt_loop.HUNT.version(), no_first_observation),
        ("resets-stored", train, lambda t: rows_match(t) and no_first_observation(t)),
        ("reset-stored", unseeded, lambda t: np.bool_(rows_match(t))),
    ],
    "11.8": [
        ("target-actor-frozen", Agent, equal_to_mine),
        ("Target actor frozen", copied(PackageAgent), target_actor_moves),
        ("target_actor_frozen", Agent, follows_by_tau),
        ("target-actor-frozn", Released, comes_closer),
        ("target-actor-frozen", Agent, other_sizes),
        ("target-actor-frozen", Released, lambda c: follows_by_tau(c) and equal_to_mine(c)),
    ],
    "11.9": [
        (read_agent,),
        (as_a_list,),
        (Reader(),),
        (by_matching,),
        (lambda agent: (BUGS[agent], np.array(SHARES[agent])[()]),),
        reading({a: round(x, 2) for a, x in SHARES.items()}),
    ],
}
MISTAKEN = {
    "11.5": [
        (("wrong-slice", Asks, against_numbers), "another bug's name"),
        (("the actor", Asks, against_numbers), "no name of the list"),
        ((name, PlantedAgent, against_numbers), "not repaired"),
        ((name, HalfRepaired, against_numbers), "still wrong"),
        ((name, Damaged, against_numbers), "something else is broken"),
        ((name, Smaller, against_numbers), "not what was asked for"),
        ((name, PackageAgent, against_numbers), "not what was asked for"),
        (("wrong-slice", Asks, of_the_targets), "the test accepts the bug"),
        (("mask-flipped", Asks, of_the_targets), "an answer to another bug"),
        ((name, Asks, by_turns), "differs from run to run"),
        ((name, Asks, lambda c: repr(c).count("Planted") < 1), "the test refuses correct code"),
        ((name, Asks, of_the_targets), "the test accepts the bug"),
        ((name, Asks, lambda c: c is not PlantedAgent), "always true"),
        ((name, Asks, lambda c: c is Asks), "the test refuses correct code"),
        ((name, Asks, lambda c: "Planted" not in c.__name__), "the test refuses correct code"),
        ((name, Asks, too_strict), "the test refuses correct code"),
        ((name, Asks, lambda c: False), "always false"),
        ((name, Asks, lambda c: not against_numbers(c)), "true and false swapped"),
        ((name, Asks, asserting), "stops instead of returning False"),
        (("actor-sign", PlantedAgent, lambda c: True), "not repaired and always true"),
    ],
    "11.6": [
        (("wraparound", All, two_rows), "another bug's name"),
        (("newest-missing", PlantedBuffer, two_rows), "not repaired"),
        (
            ("newest-missing", hunt_buffer.HUNT.version("unwritten-rows"), two_rows),
            "something else is broken",
        ),
        (
            ("newest-missing", hunt_buffer.HUNT.version("fields-apart"), two_rows),
            "something else is broken",
        ),
        (("newest-missing", All, only_full), "the test accepts the bug"),
        (("newest-missing", Rounding, two_rows), "something else is broken"),
        (("newest-missing", Column, two_rows), "not what was asked for"),
        (("newest-missing", All, lambda b: b is All), "the test refuses correct code"),
    ],
    "11.7": [
        (("truncated-as-terminated", train, rows_match), "another bug's name"),
        (("reset-stored", planted_train, rows_match), "not repaired"),
        (("reset-stored", forgets_the_noise, rows_match), "something else is broken"),
        (("reset-stored", train, of_seeds), "the test accepts the bug"),
        (("reset-stored", train, as_random), "the test accepts the bug"),
    ],
    "11.8": [
        (("polyak-reversed", Agent, equal_to_mine), "another bug's name"),
        (("target-actor-frozen", Planted, equal_to_mine), "not repaired"),
        (("target-actor-frozen", Agent, lambda c: not equal_to_mine(c)), "true and false swapped"),
    ],
    "11.9": [
        (reading(A="correct code", D="truncated-as-terminated"), "a return taken for a proof"),
        (reading(B="mask-flipped", E="broadcast"), "two failures taken for each other"),
        (reading(C="correct code", D="action-scale"), "half solved taken for solved"),
        (reading(B="correct code", D="broadcast"), "an agent that fails taken for one that learns"),
        (reading({a: 100 * x for a, x in SHARES.items()}), "a percentage instead of a share"),
        (reading({a: round(1200 * x) for a, x in SHARES.items()}), "a count instead of a share"),
        (reading({**SHARES, "C": 0.5817}), "the bound of another agent"),
        (reading(A="broadcast", C="broadcast"), "one name for several"),
        (reading({"A": 0.4675, "B": 0.2225, "C": 0.0, "D": 0.3625, "E": 0.0592}), "another bound"),
        (reading({a: 1 - x for a, x in SHARES.items()}), "the share inside the bounds"),
    ],
}
