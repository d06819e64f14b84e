"""Chapter 10: the agent, the loop, the swing-up."""

import functools
import inspect
import itertools
from types import SimpleNamespace

import numpy as np

from minddpg.course.ch10_your_ddpg.package_agent import PackageDDPG
from minddpg.course.checks import EXERCISES

# 10.1


class FlatDDPG:
    """Another way to write it: one vector per network, Adam in its textbook form."""

    sign, power, through = -1, 1, True

    def __init__(self, actor, critic, discount, tau, actor_rate, critic_rate):
        self.shapes = {"actor": [x.shape for x in actor], "critic": [x.shape for x in critic]}
        self.theta = {
            "actor": np.concatenate([x.ravel() for x in actor]),
            "critic": np.concatenate([x.ravel() for x in critic]),
        }
        for name in ("actor", "critic"):
            self.theta[f"target_{name}"] = np.array(self.theta[name])
        self.m = dict.fromkeys(self.shapes, 0.0)
        self.v = dict.fromkeys(self.shapes, 0.0)
        self.discount, self.tau, self.t = discount, tau, 0
        self.rate = {"actor": actor_rate, "critic": critic_rate}

    def __getattr__(self, name):
        if name.removeprefix("target_") in ("actor", "critic"):
            return self.cut(name)
        raise AttributeError(name)

    def cut(self, name):
        arrays, start = [], 0
        for shape in self.shapes[name.removeprefix("target_")]:
            size = int(np.prod(shape))
            arrays.append(self.theta[name][start : start + size].reshape(shape))
            start += size
        return arrays

    def run(self, name, x):
        w1, b1, w2, b2, w3, b3 = self.cut(name)
        z1 = np.einsum("ni,io->no", x, w1) + b1
        h1 = np.where(z1 > 0, z1, 0)
        z2 = np.einsum("ni,io->no", h1, w2) + b2
        h2 = np.where(z2 > 0, z2, 0)
        z3 = np.einsum("ni,io->no", h2, w3) + b3
        return (np.tanh(z3) if "actor" in name else z3), (x, z1, h1, z2, h2)

    def back(self, name, cache, g3):
        x, z1, h1, z2, h2 = cache
        w1, _, w2, _, w3, _ = self.cut(name)
        g2 = (g3 @ w3.T) * (z2 > 0)
        g1 = (g2 @ w2.T) * (z1 > 0)
        grads = [x.T @ g1, g1.sum(0), h1.T @ g2, g2.sum(0), h2.T @ g3, g3.sum(0)]
        return g1 @ w1.T, np.concatenate([g.ravel() for g in grads])

    def act(self, obs):
        return self.run("actor", obs)[0]

    def mask(self, batch):
        return np.where(batch.terminated, 0.0, 1.0)

    def next_q(self, batch):
        next_action, _ = self.run("target_actor", batch.next_obs)
        return self.run("target_critic", np.hstack((batch.next_obs, next_action)))[0][:, 0]

    def adam(self, name, g):
        self.m[name] = 0.9 * self.m[name] + 0.1 * g
        self.v[name] = 0.999 * self.v[name] + 0.001 * g**2
        m_hat = self.m[name] / (1 - 0.9**self.t)
        v_hat = self.v[name] / (1 - 0.999**self.t)
        self.theta[name] = self.theta[name] - self.rate[name] * m_hat / (np.sqrt(v_hat) + 1e-8)

    def update(self, batch):
        self.t += 1
        n = len(batch.reward)
        y = batch.reward + self.discount * self.mask(batch) * self.next_q(batch)
        q, cache = self.run("critic", np.hstack((batch.obs, batch.action)))
        self.adam("critic", self.back("critic", cache, 2 * (q - y[:, None]) / n)[1])

        mu, actor_cache = self.run("actor", batch.obs)
        _, cache = self.run("critic", np.hstack((batch.obs, self.asked_at(batch, mu))))
        dq_da = self.back("critic", cache, np.ones((n, 1)))[0][:, batch.obs.shape[1] :]
        slope = 1 - mu**2 if self.through else 1
        _, g = self.back("actor", actor_cache, self.sign * dq_da / n**self.power * slope)
        self.adam("actor", g)
        self.follow()

    def asked_at(self, batch, mu):
        return mu

    def follow(self):
        for name in ("actor", "critic"):
            slow, fast = self.theta[f"target_{name}"], self.theta[name]
            self.theta[f"target_{name}"] = (1 - self.tau) * slow + self.tau * fast


class ByPieces(FlatDDPG):
    """Sum the gradients of three pieces of the minibatch; keep the networks as tuples."""

    def __getattr__(self, name):
        if name.removeprefix("target_") in ("actor", "critic"):
            return tuple(self.cut(name))
        raise AttributeError(name)

    def update(self, batch):
        self.t += 1
        n, size = len(batch.reward), batch.obs.shape[1]
        pieces = [slice(0, 1), slice(1, 5), slice(5, n)]
        y = [
            q if goes_on else 0
            for q, goes_on in zip(self.next_q(batch), ~batch.terminated, strict=True)
        ]
        y = batch.reward + self.discount * np.array(y)
        total = 0
        for rows in pieces:
            q, cache = self.run("critic", np.c_[batch.obs[rows], batch.action[rows]])
            total = total + self.back("critic", cache, 2 * (q - y[rows, None]))[1] / n
        self.adam("critic", total)
        total = np.zeros_like(self.theta["actor"])
        for rows in pieces:
            mu, actor_cache = self.run("actor", batch.obs[rows])
            q, cache = self.run("critic", np.c_[batch.obs[rows], mu])
            dq_da = self.back("critic", cache, q**0)[0][:, size:]
            total -= self.back("actor", actor_cache, dq_da * (1 + mu) * (1 - mu))[1] / n
        self.adam("actor", total)
        self.follow()


def agent_of_functions(actor, critic, discount, tau, actor_rate, critic_rate):
    """No class at all: closures, gradients by hand for three layers, Adam's shorter form."""
    state = SimpleNamespace(
        actor=list(map(np.copy, actor)),
        critic=list(map(np.copy, critic)),
        target_actor=list(map(np.copy, actor)),
        target_critic=list(map(np.copy, critic)),
    )
    moments = {name: ([0.0] * 6, [0.0] * 6) for name in ("actor", "critic")}
    count = [0]

    def layers(net, x):
        h1 = np.clip(x @ net[0] + net[1], 0, None)
        h2 = np.clip(h1 @ net[2] + net[3], 0, None)
        return {"x": x, "h1": h1, "h2": h2, "z": h2 @ net[4] + net[5]}

    def mu(net, obs):
        return np.tanh(layers(net, obs)["z"])

    def gradients(net, c, g):
        g2 = np.where(c["h2"] > 0, g @ net[4].T, 0)
        g1 = np.where(c["h1"] > 0, g2 @ net[2].T, 0)
        outer = [np.tensordot(a, b, (0, 0)) for a, b in ((c["x"], g1), (c["h1"], g2), (c["h2"], g))]
        return [outer[0], sum(g1), outer[1], sum(g2), outer[2], sum(g)], g1 @ net[0].T

    def move(name, rate, grads):
        t, (first, second) = count[0], moments[name]
        arrays, root = getattr(state, name), np.sqrt(1 - 0.999**t)
        for i, g in enumerate(grads):
            first[i] = 0.9 * first[i] + (1 - 0.9) * g
            second[i] = 0.999 * second[i] + (1 - 0.999) * g * g
            step = rate * root / (1 - 0.9**t) * first[i] / (np.sqrt(second[i]) + 1e-8 * root)
            arrays[i] = arrays[i] - step

    def update(batch):
        count[0] += 1
        next_input = np.hstack([batch.next_obs, mu(state.target_actor, batch.next_obs)])
        y = layers(state.target_critic, next_input)["z"].ravel()
        y = batch.reward + discount * np.where(batch.terminated, 0, y)
        c = layers(state.critic, np.hstack([batch.obs, batch.action]))
        error = (c["z"] - y[:, np.newaxis]) / len(y)
        move("critic", critic_rate, gradients(state.critic, c, error + error)[0])
        c = layers(state.actor, batch.obs)
        a = np.tanh(c["z"])
        _, slope = gradients(
            state.critic, layers(state.critic, np.hstack([batch.obs, a])), np.full((len(y), 1), 1.0)
        )
        g = slope[:, -a.shape[1] :] * (a**2 - 1) / len(y)
        move("actor", actor_rate, gradients(state.actor, c, g)[0])
        for name in ("actor", "critic"):
            pairs = zip(getattr(state, f"target_{name}"), getattr(state, name), strict=True)
            setattr(state, f"target_{name}", [tau * x + slow - tau * slow for slow, x in pairs])

    state.act, state.update = (lambda obs: mu(state.actor, obs)), update
    return state


def lerp(self):
    for name in ("actor", "critic"):
        slow = self.theta[f"target_{name}"]
        slow += self.tau * (self.theta[name] - slow)


def but(**changes):
    return type("Changed", (FlatDDPG,), changes)


def polyak_reversed(self):
    for name in ("actor", "critic"):
        slow, fast = self.theta[f"target_{name}"], self.theta[name]
        self.theta[f"target_{name}"] = (1 - self.tau) * fast + self.tau * slow


def adam_raw(self, name, g):
    self.m[name] = 0.9 * self.m[name] + 0.1 * g
    self.v[name] = 0.999 * self.v[name] + 0.001 * g**2
    self.theta[name] = self.theta[name] - self.rate[name] * self.m[name] / (
        np.sqrt(self.v[name]) + 1e-8
    )


def adam_twice(self, name, g):
    """Move the moments twice, as where Adam is called for weights and biases on one memory."""
    for _ in range(2):
        self.m[name] = 0.9 * self.m[name] + 0.1 * g
        self.v[name] = 0.999 * self.v[name] + 0.001 * g**2
    m_hat, v_hat = self.m[name] / (1 - 0.9**self.t), self.v[name] / (1 - 0.999**self.t)
    self.theta[name] = self.theta[name] - self.rate[name] * m_hat / (np.sqrt(v_hat) + 1e-8)


def adam_short(self, name, g):
    self.m[name] = 0.9 * self.m[name] + 0.1 * g
    self.v[name] = 0.999 * self.v[name] + 0.001 * g**2
    rate = self.rate[name] * np.sqrt(1 - 0.999**self.t) / (1 - 0.9**self.t)
    self.theta[name] = self.theta[name] - rate * self.m[name] / (np.sqrt(self.v[name]) + 1e-8)


def scaled(factor):
    """Multiply the critic's gradient."""

    def back(self, name, cache, g3):
        is_loss = name == "critic" and not np.all(g3 == 1)
        return FlatDDPG.back(self, name, cache, factor(len(g3)) * g3 if is_loss else g3)

    return back


def asking(actor="target_actor", critic="target_critic", at="next_obs", action_at="next_obs"):
    """Return a next_q that asks other networks, or asks them elsewhere."""

    def next_q(self, batch):
        next_action, _ = self.run(actor, getattr(batch, action_at))
        return self.run(critic, np.hstack((getattr(batch, at), next_action)))[0][:, 0]

    return next_q


def of_replayed(self, batch):
    return self.run("target_critic", np.hstack((batch.next_obs, batch.action)))[0][:, 0]


def frozen_biases(self):
    for name in ("actor", "critic"):
        pairs = zip(self.cut(f"target_{name}"), self.cut(name), strict=True)
        for i, (slow, fast) in enumerate(pairs):
            if i % 2 == 0:
                slow[:] = (1 - self.tau) * slow + self.tau * fast


def begin(self, *arguments):
    """Start the targets with other numbers."""
    FlatDDPG.__init__(self, *arguments)
    rng = np.random.default_rng(3)
    for name in ("target_actor", "target_critic"):
        self.theta[name] = rng.uniform(-0.1, 0.1, self.theta[name].shape)


def in_single(self, actor, critic, *settings):
    networks = [[np.float32(x) for x in network] for network in (actor, critic)]
    FlatDDPG.__init__(self, *networks, *settings)


def hard_coded(place, value):
    """Use another number than the one that is passed."""

    def init(self, actor, critic, *settings):
        settings = [*settings[:place], value, *settings[place + 1 :]]
        FlatDDPG.__init__(self, actor, critic, *settings)

    return init


def linear_at_the_end(self, name, x):
    y, cache = FlatDDPG.run(self, name, x)
    return (cache[-1] @ self.cut(name)[4] + self.cut(name)[5] if "actor" in name else y), cache


def critic_alone(self, batch):
    """Work in stages: the critic's step is written, the rest is not."""
    self.t += 1
    y = batch.reward + self.discount * self.mask(batch) * self.next_q(batch)
    q, cache = self.run("critic", np.hstack((batch.obs, batch.action)))
    self.adam("critic", self.back("critic", cache, 2 * (q - y[:, None]) / len(q))[1])


def stale(self, obs):
    if not hasattr(self, "first"):
        self.first = dict(self.theta)
    now, self.theta = self.theta, self.first
    action = FlatDDPG.act(self, obs)
    self.theta = now
    return action


def changed(*edits):
    """Change the solution: an answer with two mistakes, or with one that is listed nowhere."""
    source = EXERCISES["10.1"].solution
    for old, new in edits:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    namespace = {"np": np}
    exec(source, namespace)
    return (namespace["MyDDPG"],)


ALIASED = (
    "self.target_actor, self.target_critic = copied(actor), copied(critic)",
    "self.target_actor, self.target_critic = self.actor, self.critic",
)
BY_INDEX = (
    "        for slow, fast in zip(target, online):\n"
    "            slow *= 1 - self.tau\n            slow += self.tau * fast\n",
    "        for i in range(len(target)):\n"
    "            target[i] = (1 - self.tau) * target[i] + self.tau * online[i]\n",
)


# 10.2


def train_by_episodes(env, agent, replay, steps, warmup_steps, batch_size, rng):
    """Nested loops, updates from the warm-up's last step on, one seed for all resets."""
    returns, taken, seed = [], 0, int(rng.integers(2**20))
    while taken < steps:
        obs, _ = env.reset(seed=seed)
        seed = None
        agent.noise.reset()
        rewards, over = [], False
        while not over and taken < steps:
            taken += 1
            warm = taken > warmup_steps
            a = agent.act(obs, explore=True) if warm else agent.random_action()
            new, r, terminated, truncated, _ = env.step(agent.action_box.to_env(a))
            replay.add(obs=obs, action=a, reward=r, next_obs=new, terminated=terminated)
            rewards.append(r)
            obs, over = new, terminated or truncated
            if taken >= warmup_steps:
                agent.update(replay.sample(batch_size, rng))
        if over:
            returns.append(sum(rewards))
    return np.array(returns)


def train_from_zero(env, agent, replay, steps, warmup_steps, batch_size, rng):
    """Steps from 0, seeds of a spawned generator, dicts; the reset at the next step's beginning."""
    seeds, finished, episode = rng.spawn(1)[0], [], {}
    for step in range(steps):
        if not episode:
            obs, _ = env.reset(seed=int(seeds.integers(1_000_000_000)))
            episode = {"obs": obs, "rewards": []}
        if step < warmup_steps:
            action = agent.random_action()
        else:
            action = agent.act(episode["obs"], explore=True)
        obs, reward, terminated, truncated, _ = env.step(agent.action_box.to_env(action))
        replay.add(episode["obs"], action, reward, obs, terminated)
        episode["obs"] = obs
        episode["rewards"] += [reward]
        if step >= warmup_steps:
            minibatch = replay.sample(batch_size, rng)
            agent.update(minibatch)
        if terminated or truncated:
            finished.append(np.sum(episode.pop("rewards")))
            episode.clear()
            agent.noise.reset()
    return tuple(finished)


class Trainer:
    """A callable object; copies what it stores; one step is a method."""

    def __call__(self, env, agent, replay, steps, warmup_steps, batch_size, rng):
        self.env, self.agent, self.rng, self.returns = env, agent, rng, [0.0]
        self.begin()
        for step in range(1, steps + 1):
            old, action = self.obs.copy(), self.action(step > warmup_steps)
            reward, terminated, truncated = self.advance(action)
            replay.add(old, action.copy(), reward, self.obs.copy(), terminated)
            self.returns[-1] += reward
            if len(replay) > warmup_steps:
                agent.update(replay.sample(batch_size, rng))
            if truncated | terminated:
                self.returns.append(0.0)
                self.begin()
        return np.float64(self.returns[:-1])

    def begin(self):
        self.agent.noise.reset()
        self.obs = self.env.reset(seed=int(self.rng.integers(2**31)))[0]

    def action(self, explore):
        return self.agent.act(self.obs, explore=True) if explore else self.agent.random_action()

    def advance(self, action):
        self.obs, reward, *ends, _ = self.env.step(self.agent.action_box.to_env(action))
        return reward, *ends


def train_by_recursion(env, agent, replay, steps, warmup_steps, batch_size, rng):
    def go_on(left, obs, total):
        if not left:
            return []
        action = agent.act(obs, True) if steps - left >= warmup_steps else agent.random_action()
        new, reward, terminated, truncated, _ = env.step(agent.action_box.to_env(action))
        replay.add(obs, action, reward, new, terminated)
        if steps - left >= warmup_steps:
            agent.update(replay.sample(batch_size, rng))
        if not (terminated or truncated):
            return go_on(left - 1, new, total + reward)
        agent.noise.reset()
        return [total + reward, *go_on(left - 1, begin(), 0)]

    def begin():
        obs, _info = env.reset(seed=int(rng.integers(10**9)))
        return obs

    return go_on(steps, begin(), 0)


def train_from_a_stream(env, agent, replay, steps, warmup_steps, batch_size, rng):
    """A generator of actions, zip, and seeds that are counted up from one that is drawn."""
    first, totals = int(rng.integers(2**30)), []
    obs, _ = env.reset(seed=first)
    total = np.float32(0)
    warm = (agent.random_action for _ in range(warmup_steps))
    later = iter(lambda: None, 0)
    for i, maker in zip(range(steps), itertools.chain(warm, later), strict=False):
        action = maker() if maker else agent.act(obs, explore=True)
        previous = obs
        obs, reward, terminated, truncated, _ = env.step(agent.action_box.to_env(action))
        replay.add(previous, action, reward, obs, terminated)
        total = total + reward
        if maker is None:
            agent.update(replay.sample(batch_size, rng))
        if truncated or terminated:
            totals, total = [*totals, total], np.float32(0)
            obs, _ = env.reset(seed=first + i + 1)
            agent.noise.reset()
    return totals


def planted(old, new):
    """The loop by episodes with one line changed, from its own source."""
    source = inspect.getsource(train_by_episodes)
    assert source.count(old) == 1, old
    namespace = {"np": np}
    exec(source.replace(old, new), namespace)
    return (namespace["train_by_episodes"],)


# 10.3

KEPT = EXERCISES["10.3"].given["kept"]  # an agent that swings up, with its networks


def trained(make):
    """Give an agent of one's own the networks that swing up."""
    critic = [np.zeros((4, 1)), np.zeros(1)]
    return make(KEPT.agent.actor, critic, 0.99, 0.02, 1e-3, 2e-3)


class OfThreeLayers:
    """Give a flat agent the critic that it asks for: three layers."""

    def __init__(self, make):
        rng = np.random.default_rng(0)
        sizes = (4, 64), (64,), (64, 64), (64,), (64, 1), (1,)
        critic = [rng.standard_normal(size) for size in sizes]
        self.agent = make(KEPT.agent.actor, critic, 0.99, 0.02, 1e-3, 2e-3)

    def __call__(self, obs):
        """Return the torque as one number."""
        return 2 * self.agent.act(np.reshape(obs, (1, -1)))[0, 0]


class OfSolution(EXERCISES["10.1"].answers(EXERCISES["10.1"].solution, "an own agent")[0]):
    """A subclass of another agent, with one more method."""

    def torque(self, obs):
        return [float(2 * self.act(np.array([obs]))[0, 0])]


def by_hand(obs):
    x, y, speed = obs
    if x > 0.85:
        return [float(np.clip(-12 * np.arcsin(y) - 3 * speed, -2, 2))]
    lacking = 15 * (1 - x) - speed * speed / 2
    return [float(2 * np.sign(speed or 1) * np.sign(lacking))]


def by_kept(text):
    """Return a policy that acts by `kept`."""
    return EXERCISES["10.3"].answers(f"def policy(obs):\n    return {text}\n", text)


def with_noise(obs, rng=np.random.default_rng(0)):  # noqa: B008
    return np.clip(KEPT.predict(obs)[0] + 0.2 * rng.standard_normal(1), -2, 2)


# 10.4


def in_words(discount):
    """Values by a loop from the end; the best actions by trying them."""
    value = {}
    for s, r in ((1, 2), (-1, -1)):
        value[s] = r + discount * (value[1] if s < 0 else 0)
    actions = np.linspace(-1, 1, 2001)
    best = {s: actions[np.argmax(s * actions - actions**2)] for s in (-1, 1)}
    return 2, [-1, 1], [value[-1], value[1]], best[1], [best[-1], best[1]]


def other(i, probe):
    """Decide about the bugs, the i-th of them for another probe."""
    return lambda: [probe if k == i else each for k, each in enumerate((3, 0, 2, 4, 1, 5, 1))]


def decided():
    return {"A": 3, "B": 0, "C": 2, "D": 4, "E": 1, "F": 5, "G": 1}


def values(**changes):
    """Return an `expected` in which some results are functions of the discount."""
    right = {
        "q1": lambda g: 2.0,
        "q2": lambda g: np.array([-1.0, 1.0]),
        "q3": lambda g: np.array([2 * g - 1, 2.0]),
        "a4": lambda g: 0.5,
        "a5": lambda g: np.array([-0.5, 0.5]),
    }
    return lambda discount: tuple(each(discount) for each in {**right, **changes}.values())


CORRECT = {
    "10.1": [
        (FlatDDPG,),
        (PackageDDPG,),
        (ByPieces,),
        (agent_of_functions,),
        (but(follow=lerp),),
        (functools.partial(agent_of_functions),),
        changed(BY_INDEX),
        changed(("2 / len(q) * (q - y)", "(q - y) / (0.5 * y.size)")),
    ],
    "10.2": [
        (train_by_episodes,),
        (train_from_zero,),
        (Trainer(),),
        (train_by_recursion,),
        (train_from_a_stream,),
        (lambda *arguments: train_by_episodes(*arguments),),
    ],
    "10.3": [
        by_kept("kept.action_box.to_env(kept.agent.act(obs[None])[0])"),
        by_kept("np.float32(kept.predict(obs)[0])"),
        (OfThreeLayers(FlatDDPG),),
        (OfThreeLayers(ByPieces),),
        (functools.partial(OfThreeLayers(agent_of_functions)),),
        (trained(OfSolution).torque,),
        (lambda obs: 2 * KEPT.act(np.asarray(obs)),),
    ],
    "10.4": [
        (in_words, decided),
        (values(), lambda: np.array([3, 0, 2, 4, 1, 5, 1])),
        (values(q1=lambda g: np.array([2])), lambda: (3, 0, 2, 4, 1, 5, 1)),
        (lambda discount: list(values()(discount)), other(0, 3)),
        (values(q3=lambda g: [-1 + g * 2, 2]), lambda: [3.0, 0.0, 2.0, 4.0, 1.0, 5.0, 1.0]),
        (values(a4=lambda g: 1 / 2, a5=lambda g: np.array([-1, 1]) / 2), decided),
    ],
}
MISTAKEN = {
    "10.1": [
        ((but(sign=1),), "sign flipped"),
        ((but(power=0),), "factor N"),
        ((but(through=False),), "slope missing"),
        ((but(asked_at=lambda self, batch, mu: batch.action),), "gradient at the replayed action"),
        ((but(mask=lambda self, batch: batch.terminated),), "mask flipped"),
        ((but(follow=polyak_reversed),), "Polyak reversed"),
        ((but(follow=frozen_biases),), "the targets' biases do not follow"),
        ((but(adam=adam_raw),), "no bias correction"),
        ((but(adam=adam_twice),), "Adam's averages move twice"),
        ((but(adam=adam_short),), "ε beside the uncorrected root"),
        ((but(back=scaled(lambda n: n)),), "factor N in the critic's gradient"),
        ((but(back=scaled(lambda n: n / 2)),), "factor N/2 in the critic's gradient"),
        ((but(next_q=asking("actor", "critic")),), "target networks not asked"),
        ((but(next_q=asking("actor", action_at="obs")),), "the action of s in y"),
        ((but(next_q=asking(at="obs", action_at="obs")),), "s instead of s' in y"),
        ((but(next_q=of_replayed),), "replayed action in y"),
        ((but(__init__=begin),), "targets initialised anew"),
        ((but(__init__=in_single),), "float32"),
        ((but(act=lambda self, obs: np.float32(self.run("actor", obs)[0])),), "a part in float32"),
        ((but(__init__=hard_coded(1, 0.005)),), "argument ignored: tau"),
        ((but(act=stale),), "acts with the initial actor"),
        (
            (but(act=lambda self, obs: self.run("target_actor", obs)[0]),),
            "acts with the target actor",
        ),
        ((but(update=lambda self, batch: None),), "update moves nothing yet"),
        (changed(ALIASED), "aliasing"),
        (changed(ALIASED, BY_INDEX), "aliasing"),
        ((but(mask=lambda self, batch: 1, sign=1),), "unknown"),
        ((but(run=linear_at_the_end),), "tanh missing everywhere"),
        ((but(update=critic_alone),), "the actor does not move yet"),
    ],
    "10.2": [
        (planted("=terminated)", "=terminated or truncated)"), "truncation as termination"),
        (
            planted(
                "            rewards.app",
                "            agent.noise.reset()\n            rewards.app",
            ),
            "noise reset at every step",
        ),
        (planted("new, terminated or truncated", "new, terminated"), "no reset at a time limit"),
        (
            planted("if taken >= warmup_steps", "if taken > warmup_steps + batch_size"),
            "updates begin late",
        ),
        (planted("if taken >= warmup_steps", "for _ in range(2 * warm)"), "two updates per step"),
        (planted("not over and taken < steps", "not over"), "too many steps"),
        (planted("[], False", "returns[-1:], False"), "return never set back"),
        (
            planted("=terminated)", "=terminated and not truncated)"),
            "termination at the time limit not stored",
        ),
        (
            planted("agent.update(replay.sample(batch_size, rng))", "agent.update(replay)"),
            "no minibatch for update",
        ),
        (planted("sample(batch_size, rng)", "sample(64, rng)"), "argument ignored: batch_size"),
        (
            planted("sample(batch_size, rng)", "sample(batch_size, np.random.default_rng(0))"),
            "a new rng with the same seed for every minibatch",
        ),
        (
            planted("sample(batch_size, rng)", "sample(batch_size, np.random.default_rng(taken))"),
            "the rng passed in is not used",
        ),
        (planted("int(rng.integers(2**20))", "0"), "the rng passed in is not used"),
        (planted("int(rng.integers(2**20))", "rng.integers(9)"), "a seed that Gymnasium refuses"),
        (
            planted(
                "obs=obs, action=a, reward=r, next_obs=new, terminated=",
                "obs=new, action=a, reward=r, next_obs=new, terminated=not ",
            ),
            "observation after the step stored and mask flipped",
        ),
    ],
    "10.3": [
        ((by_hand,), "not by your agent"),
        ((lambda obs: KEPT.act(obs),), "action scale forgotten"),
        ((lambda obs: [3 * KEPT.predict(obs)[0][0]],), "torque beyond the bounds"),
        ((lambda obs: 0.0 * KEPT.predict(obs)[0],), "the same torque everywhere"),
        ((lambda obs: [-KEPT.predict(obs)[0][0]],), "not swinging up"),
        ((KEPT.predict,), "the pair that predict returns"),
        ((with_noise,), "exploration noise"),
    ],
    "10.4": [
        ((values(q1=lambda g: 2 / (1 - g)), decided), "value beyond the end"),
        ((values(q3=lambda g: [1.0, 2.0]), decided), "discount missing"),
        ((values(q3=lambda g: [-1.0, 2.0]), decided), "nothing but the next reward"),
        ((values(q3=lambda g: [2 * g, 2.0]), decided), "the reward of the first step is missing"),
        ((values(q3=lambda g: [2.0, 2 * g - 1]), decided), "s = 1 before s = −1"),
        ((values(q3=lambda g: [-1 + g * 2, 1.0]), decided), "the return so far"),
        ((values(a4=lambda g: 1.0), decided), "the end of the interval"),
        ((values(a4=lambda g: 0.0), decided), "the mean of the random actions"),
        ((values(a5=lambda g: np.array([0.5, -0.5])), decided), "s = 1 before s = −1"),
        ((values(a5=lambda g: 0.5), decided), "not one action for each s"),
        ((values(), other(0, 1)), "bug A at another probe"),
        ((values(), other(2, 1)), "bug C at another probe"),
        ((values(), other(4, 4)), "bug E at another probe"),
        ((values(), other(6, 3)), "bug G at another probe"),
        (
            (values(q1=lambda g: 2 / (1 - g)), other(4, 4)),
            "value beyond the end and bug E at another probe",
        ),
        ((values(), lambda: [3, 0, 2]), "not what was asked for"),
        ((values(), lambda: list("DBCAEFG")), "not what was asked for"),
        ((values(), lambda: [3, None, 2, 4, 1, 5, 1]), "nothing returned"),
    ],
}
