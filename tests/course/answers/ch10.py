"""Chapter 10: the agent, the loop, the swing-up."""

import inspect

import numpy as np

from minddpg.course.ch10_your_ddpg.package_agent import PackageDDPG

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


def planted(old, new):
    """The loop by episodes with one line changed, from its own source."""
    source = inspect.getsource(train_by_episodes)
    assert source.count(old) == 1, old
    namespace = {"np": np}
    exec(source.replace(old, new), namespace)
    return (namespace["train_by_episodes"],)


# 10.3


def by_hand(obs):
    x, y, speed = obs
    if x > 0.85:
        return [float(np.clip(-12 * np.arcsin(y) - 3 * speed, -2, 2))]
    lacking = 15 * (1 - x) - speed * speed / 2
    return [float(2 * np.sign(speed or 1) * np.sign(lacking))]


CORRECT = {
    "10.1": [(FlatDDPG,), (PackageDDPG,)],
    "10.2": [(train_by_episodes,)],
    "10.3": [(by_hand,), (lambda obs: np.float32(by_hand(obs)[0]),)],
}
MISTAKEN = {
    "10.1": [
        ((but(sign=1),), "sign flipped"),
        ((but(power=0),), "factor N"),
        ((but(power=2),), "factor 1/N"),
        ((but(through=False),), "slope missing"),
        ((but(asked_at=lambda self, batch, mu: batch.action),), "gradient at the replayed action"),
        ((but(mask=lambda self, batch: batch.terminated),), "mask flipped"),
        ((but(mask=lambda self, batch: 1),), "terminated ignored"),
        ((but(follow=polyak_reversed),), "Polyak reversed"),
        ((but(adam=adam_raw),), "no bias correction"),
        ((but(mask=lambda self, batch: 1, sign=1),), "unknown"),
        ((but(follow=polyak_reversed, adam=adam_raw),), "unknown"),
    ],
    "10.2": [
        (planted("=terminated)", "=terminated or truncated)"), "truncation as termination"),
        (planted("        agent.noise.reset()\n", ""), "noise not reset"),
        (planted(", explore=True", ""), "no exploration noise"),
        (planted("agent.action_box.to_env(a)", "a"), "action scale forgotten"),
        (planted("new, terminated or truncated", "new, terminated"), "no reset at a time limit"),
        (planted("if taken >= warmup_steps", "if True"), "updates during the warm-up"),
        (planted(" if warm else agent.random_action()", ""), "no warm-up"),
        (planted("[], False", "returns[-1:], False"), "return never set back"),
        (planted("=terminated)", "=not terminated)"), "mask flipped"),
        (
            planted(
                "obs=obs, action=a, reward=r, next_obs=new, terminated=",
                "obs=new, action=a, reward=r, next_obs=new, terminated=not ",
            ),
            "unknown",
        ),
    ],
    "10.3": [
        ((lambda obs: np.asarray(by_hand(obs)) / 2,), "action scale forgotten"),
        ((lambda obs: [3 * by_hand(obs)[0]],), "torque beyond the bounds"),
        ((lambda obs: 0.0,), "the same torque everywhere"),
        ((lambda obs: [-by_hand(obs)[0]],), "not swinging up"),
    ],
}
