"""Chapter 06: the critic's slope in the action, the actor's loss, a linear system."""

import copy
from collections import namedtuple
from functools import partial

import numpy as np

# 06.1


def critic_forward(obs, action, w1, b1, w2, b2):
    x = np.hstack((obs, action))
    h = np.tanh(x @ w1 + b1)
    return (h @ w2 + b2).squeeze(1), (h, w1, w2, obs.shape[1])


def action_gradient(cache):
    h, w1, w2, s = cache
    return ((1 - h * h) * w2[:, 0]) @ w1[s:].T


def critic_forward_in_two(obs, action, w1, b1, w2, b2):
    s = obs.shape[1]
    h = np.tanh(obs @ w1[:s] + action @ w1[s:] + b1)
    return h.dot(w2[:, 0]) + b2[0], {"h": h, "action weight": w1[s:], "w2": w2}


def action_gradient_by_einsum(cache):
    h, w2 = cache["h"], cache["w2"]
    return np.einsum("nh,ho,ah->na", 1 - h**2, w2, cache["action weight"])


def critic_forward_by_loop(obs, action, w1, b1, w2, b2):
    q, hidden = [], []
    for s, a in zip(obs, action, strict=True):
        h = np.tanh(w1.T @ np.concatenate((s, a)) + b1)
        hidden.append(h)
        q.append(float(w2[:, 0] @ h + b2[0]))
    return q, [hidden, w1, w2, obs.shape[1]]


def action_gradient_by_loop(cache):
    hidden, w1, w2, s = cache
    return [list(w1[s:] @ (w2[:, 0] * (1 - h**2))) for h in hidden]


def critic_forward_single(*given):
    return critic_forward(*(x.astype(np.float32) for x in given))


def critic_forward_that_differentiates(obs, action, *weights):
    """The cache is a function that differentiates q by the complex step."""

    def slope():
        steps = 1e-30j * np.eye(action.shape[1])
        return np.stack([critic_forward(obs, action + h, *weights)[0].imag for h in steps], -1)

    return critic_forward(obs, action, *weights)[0], lambda: slope() * 1e30


Cache = namedtuple("Cache", "slope a w2")


class Forward:
    """A callable object, without a name; its cache has three parts, and the slope precomputed."""

    def __init__(self, join):
        self.join = join

    def __call__(self, obs, action, w1, b1, w2, b2):
        h = np.tanh(self.join((obs, action), axis=1) @ w1 + b1)
        return np.sum(h * w2.T, axis=1) + b2, Cache(1 - np.square(h), action.shape[1], [w1, w2])


def action_gradient_of_named_cache(cache):
    w1, w2 = cache.w2
    dq_da = np.empty((len(cache.slope), cache.a))
    np.matmul(cache.slope * w2.ravel(), w1[-cache.a :].T, out=dq_da)
    return (dq_da,)


def critic_forward_with(x=lambda obs, action: np.hstack((obs, action)), f=np.tanh, bias=(1, 1)):
    def forward(obs, action, w1, b1, w2, b2):
        h = f(x(obs, action) @ w1 + bias[0] * b1)
        return (h @ w2 + bias[1] * b2)[:, 0], (h, w1, w2, obs.shape[1])

    return forward


def with_q(change):
    """critic_forward with its q changed."""

    def forward(*given):
        q, cache = critic_forward(*given)
        return change(q), cache

    return forward


LAST = []


def last_call(forward, *given):
    """Keep the cache in a global, and return an empty one."""
    q, LAST[:] = (lambda q, cache: (q, [cache]))(*forward(*given))
    return q, ()


def joint(cache, slope=lambda h: 1 - h * h):
    h, w1, w2, _ = cache
    return (slope(h) * w2.T) @ w1.T


def slope_that(change):
    """action_gradient of a slope changed by `change`."""
    return critic_forward, lambda cache: joint(cache, change)[:, cache[3] :]


# 06.2


def actor_loss_one_by_one(actor, critic, obs, replayed_action):
    n, loss, grad = len(obs), 0.0, 0.0
    for i in range(n):
        action, actor_cache = actor.forward(obs[i : i + 1])
        q, critic_cache = critic.forward(obs[i : i + 1], action)
        loss -= float(q[0]) / n
        grad = grad - actor.backward(critic.action_gradient(critic_cache), actor_cache) / n
    return loss, list(grad)


def actor_loss(actor, critic, obs, replayed_action):
    action, actor_cache = actor.forward(obs)
    q, critic_cache = critic.forward(obs, action)
    grad = actor.backward(critic.action_gradient(critic_cache), actor_cache)
    return [-1 / len(q) * q.sum(), -1 / len(q) * grad]


def actor_loss_rounded(*given):
    loss, grad = actor_loss(*given)
    return loss, grad.astype(np.float32)


class ActorLossInOneArray:
    grad = None

    def __call__(self, *given):
        loss, grad = actor_loss(*given)
        self.grad = grad.copy() if self.grad is None else self.grad
        self.grad[:] = grad
        return loss, self.grad


def actor_loss_numerically(actor, critic, obs, replayed_action, h=1e-6):
    """Differences of the whole loss, in copies of the networks."""
    copied, losses = copy.deepcopy(actor), []
    for i in range(len(actor.theta)):
        for step in (h, -h):
            copied.theta[i] = actor.theta[i] + step
            losses.append(-critic.forward(obs, copied.forward(obs)[0])[0].sum() / len(obs))
        copied.theta[i] = actor.theta[i]
    loss = -critic.forward(obs, actor.forward(obs)[0])[0].sum() / len(obs)
    return np.array(loss), np.diff(np.reshape(losses, (-1, 2))[:, ::-1], axis=1)[:, 0] / (2 * h)


class ActorLoss:
    def __call__(self, actor, critic, states, _):
        policy, self.back = actor.forward(states)
        values, self.above = critic.forward(states, policy)
        return -np.average(values), self.gradient(actor, critic, -1 / values.size)

    def gradient(self, actor, critic, each):
        slope = critic.action_gradient(self.above)
        slope *= each
        return actor.backward(slope, self.back)


class ActorLossThatCounts:
    """Divides by all examples of all calls."""

    examples = 0

    def __call__(self, actor, critic, obs, replayed):
        self.examples += len(obs)
        loss, grad = actor_loss(actor, critic, obs, replayed)
        return loss * len(obs) / self.examples, grad * len(obs) / self.examples


def actor_loss_with(**lines):
    """actor_loss with some of its lines replaced, by the name on their left."""
    code = {
        "forward": "actor.forward(obs)",
        "action": "forward[0]",
        "judged": "critic.forward(obs, action)",
        "q": "judged[0]",
        "cache": "judged[1]",
        "dq_da": "critic.action_gradient(cache)",
        "loss": "-q.mean()",
        "grad_action": "-dq_da / n",
        "grad": "actor.backward(grad_action, forward[1])",
    }

    def answer(actor, critic, obs, replayed):
        names = {"actor": actor, "critic": critic, "obs": obs, "replayed": replayed}
        names |= {"np": np, "n": len(obs)}
        for name, line in (code | lines).items():
            names[name] = eval(line, names)
        return names["loss"], names["grad"]

    return (answer,)


def actor_loss_that_steps(network):
    def answer(actor, critic, obs, replayed_action):
        loss, grad = actor_loss(actor, critic, obs, replayed_action)
        action, _ = actor.forward(obs)
        _, cache = critic.forward(obs, action)
        if network == "critic":
            critic.theta += 1e-3 * critic.backward(np.ones(len(obs)) / len(obs), cache)
        else:
            actor.theta -= 1e-3 * grad
        return loss, grad

    return (answer,)


def actor_loss_that_keeps_its_step(actor, critic, obs, replayed_action):
    moved = copy.deepcopy(critic)
    loss, grad = actor_loss(actor, moved, obs, replayed_action)
    moved.theta *= 0
    return loss, grad


# 06.3


def lqr_value_by_repetition(gain, a, b, q, r, discount):
    p = 0.0
    while True:
        new = q + r * gain * gain + discount * p * (a - b * gain) ** 2
        if abs(new - p) < 1e-12:
            return new
        p = new


def lqr_value(gain, a, b, q, r, discount):
    s, total = 2.0, 0.0
    for t in range(200):
        u = -gain * s
        total += discount**t * (q * s * s + r * u * u)
        s = a * s + b * u
    return np.float64(total / 2.0**2)


def lqr_value_by_recursion(gain, a, b, q, r, discount, weight=1.0):
    if weight < 1e-12:
        return 0.0
    cost, ratio = weight * (q + r * gain**2), discount * (a - b * gain) ** 2
    return cost + lqr_value_by_recursion(gain, a, b, q, r, discount, weight * ratio)


def lqr_value_by_rollout(gain, a, b, q, r, discount):
    """Sum the costs of 200 steps, all at once."""
    s = 3 * np.cumprod(np.r_[1, np.full(199, a - b * gain)])
    u = -gain * s
    return np.sum(discount ** np.arange(200) * (q * s**2 + r * u**2)) / 9


def lqr_value_by_solve(gain, a, b, q, r, discount):
    left = np.array([[1 - discount * (a - b * gain) ** 2]])
    return np.linalg.solve(left, np.array([q + r * gain**2]))[0]


class Value:
    def __call__(self, gain, a, b, q, r, discount):
        return np.float32(lqr_value_by_solve(gain, a, b, q, r, discount))


def value_that(answer):
    """A value in the letters k, m = a − b k, a, b, q, r, g."""
    return (lambda k, a, b, q, r, g: answer(k, a - b * k, a, b, q, r, g),)


def value_kept_by_gain():
    known = {}
    return lambda gain, *rest: known.setdefault(gain, lqr_value(gain, *rest))


def best_value(gain, a, b, q, r, discount):
    gains = np.linspace(-1, 4, 100_001)
    m = a - b * gains
    values = (q + r * gains**2) / (1 - discount * m**2)
    return values[discount * m**2 < 1].min()


# 06.4


def lqr_objective(gain, a, b, q, r, discount, variance):
    return lqr_value(gain, a, b, q, r, discount) * variance


def exact_objective(*given):
    return lqr_value_by_solve(*given[:-1]) * given[-1]


def lqr_gradient(gain, a, b, q, r, discount, variance):
    m = a - b * gain
    cost, rest = q + r * gain**2, 1 - discount * m**2
    return variance * (2 * r * gain * rest - cost * 2 * discount * m * b) / rest**2


def lqr_gradient_by_sum(gain, a, b, q, r, discount, variance):
    total, moment, p = 0.0, variance, lqr_value(gain, a, b, q, r, discount)
    for t in range(300):
        total += discount**t * 2 * (r * gain - discount * p * b * (a - b * gain)) * moment
        moment *= (a - b * gain) ** 2
    return np.array(total)


def lqr_gradient_by_complex_step(gain, a, b, q, r, discount, variance):
    k = gain + 1e-30j
    return variance * ((q + r * k * k) / (1 - discount * (a - b * k) ** 2)).imag / 1e-30


def lqr_gradient_by_differences(gain, *rest):
    return (lqr_objective(gain + 1e-5, *rest) - lqr_objective(gain - 1e-5, *rest)) / 2e-5


def lqr_gradient_by_states(gain, a, b, q, r, discount, variance):
    """Start at two states with the right variance, and follow both, as arrays."""
    s, gradient = np.array([1.0, -1.0]) * np.sqrt(variance), 0.0
    p = lqr_value_by_solve(gain, a, b, q, r, discount)
    for t in range(300):
        u = -gain * s
        dq_du = 2 * r * u + 2 * discount * p * b * (a * s + b * u)
        gradient += discount**t * np.mean(dq_du * -s)
        s = a * s + b * u
    return gradient


def in_float32(function):
    return lambda *given: np.float32(function(*given))


def lqr_gradient_that(answer):
    """A gradient in the letters k, m, p, b, r, g, v; the value's own p."""

    def gradient(k, a, b, q, r, g, v):
        return answer(k, a - b * k, lqr_value(k, a, b, q, r, g), b, r, g, v)

    return lqr_objective, gradient


# 06.5


def central(f, x, h=1e-5):
    steps = h * np.eye(x.size)
    return np.array([(f(x + step) - f(x - step)) / (2 * h) for step in steps])


def is_actor_loss(loss, actor, critic, obs, replayed, compare=np.allclose, mean=np.mean, minus=-1):
    """Measure on copies of both networks, and leave the given ones to the loss."""
    measured, judge = copy.deepcopy(actor), copy.deepcopy(critic)
    value, grad = loss(actor, critic, obs, replayed)

    def f(theta):
        measured.theta[:] = theta
        return minus * mean(judge.forward(obs, measured.forward(obs)[0])[0])

    before = copy.deepcopy(measured.theta)
    if (actor.theta != before).any() or (critic.theta != judge.theta).any():
        return False
    return abs(value - f(before)) < 1e-9 and compare(grad, central(f, before))


def is_actor_loss_by_comparison(loss, actor, critic, obs, replayed):
    """Compare with an actor's loss that is known to be right."""
    known = actor_loss(actor, critic, obs, replayed)
    before = np.concatenate((actor.theta, critic.theta))
    found = loss(actor, critic, obs, replayed)
    if not np.array_equal(before, np.concatenate((actor.theta, critic.theta))):
        return 0
    return int(all(np.allclose(x, y) for x, y in zip(known, found, strict=True)))


def is_actor_loss_by_norm(loss, actor, critic, obs, replayed):
    kept = [actor.theta.copy(), critic.theta.copy()]
    value, grad = loss(actor, critic, obs, replayed)
    errors = [np.abs(x - y.theta).sum() for x, y in zip(kept, (actor, critic), strict=True)]
    actor.theta[:], critic.theta[:] = kept
    mine, true = actor_loss_numerically(actor, critic, obs, replayed, h=1e-4)
    errors += [np.abs(value - mine), np.linalg.norm(grad - true) / np.linalg.norm(true)]
    return np.bool_(max(errors) < 1e-4) and not np.isnan(errors).any()


def is_actor_loss_by_directions(loss, actor, critic, obs, replayed):
    """Look along many random directions."""
    theta, bytes_before = actor.theta.copy(), critic.theta.tobytes()
    value, grad = loss(actor, critic, obs, replayed)
    if actor.theta.tobytes() != theta.tobytes() or critic.theta.tobytes() != bytes_before:
        return False

    def f(new):
        actor.theta[:] = new
        q, _ = critic.forward(obs, actor.forward(obs)[0])
        return -sum(q) / len(q)

    rng, right = np.random.default_rng(1), abs(f(theta) - value) < 1e-6
    for direction in rng.standard_normal((30, len(theta))):
        slope = (f(theta + 1e-5 * direction) - f(theta - 1e-5 * direction)) / 2e-5
        right = right and abs(slope - grad @ direction) <= 1e-5 * (1 + abs(slope))
    actor.theta[:] = theta
    return right


def is_actor_loss_by_loop(loss, actor, critic, obs, replayed):
    old_theta, old_critic = list(actor.theta), list(critic.theta)
    value, grad = loss(actor, critic, obs, replayed)
    if list(actor.theta) != old_theta:
        return False
    if list(critic.theta) != old_critic:
        return False
    for i, old in enumerate(old_theta):
        ends = []
        for new in (old - 1e-5, old + 1e-5):
            actor.theta[i] = new
            ends.append(-critic.forward(obs, actor.forward(obs)[0])[0].mean())
        actor.theta[i] = old
        if not abs((ends[1] - ends[0]) / 2e-5 - grad[i]) < 1e-6:
            return False
    return bool(abs(value + critic.forward(obs, actor.forward(obs)[0])[0].mean()) < 1e-8)


class Judge:
    def __call__(self, *given):
        return np.array(is_actor_loss(*given))


def no_copies(loss, actor, critic, obs, replayed):
    return is_actor_loss(loss, copy.deepcopy(actor), copy.deepcopy(critic), obs, replayed)


def trusting(loss, actor, critic, obs, replayed):
    """Differentiate the loss that is to be judged."""
    theta, theta_q = actor.theta.copy(), critic.theta.copy()
    _, grad = loss(actor, critic, obs, replayed)
    moved = (actor.theta != theta).any() or (critic.theta != theta_q).any()

    def f(new):
        actor.theta[:], critic.theta[:] = new, theta_q
        return loss(actor, critic, obs, replayed)[0]

    right = np.allclose(central(f, theta), grad)
    actor.theta[:] = theta
    return right and not moved


def blind(loss, actor, critic, obs, replayed):
    """Judge loss and gradient, on copies that nobody looks at."""
    value, grad = loss(copy.deepcopy(actor), copy.deepcopy(critic), obs, replayed)
    mine, true = actor_loss_numerically(actor, critic, obs, replayed)
    return np.isclose(mine, value) and np.allclose(true, grad)


def measured_by(fault, loss, actor, critic, obs, replayed):
    """Differentiate a function that does not change with θ, and divide by the 0 of it."""
    theta, own = actor.theta.copy(), actor.theta
    value, grad = loss(actor, critic, obs, replayed)
    moved = (own != theta).any()

    def f(new):
        if fault == "bound to the name":
            actor.theta = new
            return -critic.forward(obs, actor.forward(obs)[0])[0].mean()
        actor.theta[:] = new
        return -critic.forward(obs, replayed)[0].mean()

    true = central(f, theta)
    actor.theta, own[:] = own, theta
    with np.errstate(all="ignore"):
        error = np.linalg.norm(grad - true) / np.linalg.norm(true)
    return not moved and abs(value - f(theta)) < 1e-9 and error < 1e-3


def never(*_):
    return False


CORRECT = {
    "06.1": [
        (critic_forward, action_gradient),
        (critic_forward_in_two, action_gradient_by_einsum),
        (critic_forward_by_loop, action_gradient_by_loop),
        (critic_forward_single, action_gradient),
        (critic_forward_that_differentiates, lambda cache: cache()),
        (Forward(np.concatenate), action_gradient_of_named_cache),
        (Forward(np.concatenate), partial(action_gradient_of_named_cache)),
    ],
    "06.2": [
        (actor_loss_one_by_one,),
        (actor_loss,),
        (actor_loss_rounded,),
        (actor_loss_that_keeps_its_step,),
        actor_loss_with(),
        (actor_loss_numerically,),
        (ActorLoss(),),
        (lambda *given: tuple(map(np.float32, actor_loss(*given))),),
    ],
    "06.4": [
        (lqr_objective, lqr_gradient),
        (lqr_objective, lqr_gradient_by_sum),
        (lqr_objective, lqr_gradient_by_complex_step),
        (partial(lqr_objective), lqr_gradient_by_differences),
        (exact_objective, lqr_gradient_by_states),
        (in_float32(lqr_objective), in_float32(lqr_gradient)),
        (lambda *x: np.array(lqr_objective(*x)), lambda *x: (lqr_gradient(*x),)),
    ],
    "06.5": [
        (is_actor_loss,),
        (is_actor_loss_by_comparison,),
        (is_actor_loss_by_norm,),
        (is_actor_loss_by_directions,),
        (is_actor_loss_by_loop,),
        (Judge(),),
        (no_copies,),
        (lambda *given: [is_actor_loss(*given)][0],),
    ],
}
MISTAKEN = {
    "06.1": [
        (
            (
                critic_forward_with(lambda obs, action: np.hstack((action, obs))),
                lambda cache: joint(cache)[:, : -cache[3]],
            ),
            "action before observation",
        ),
        (
            (critic_forward_with(lambda obs, action: np.hstack((action, obs))), action_gradient),
            "action before observation",
        ),
        ((critic_forward, lambda cache: joint(cache)[:, :3]), "another shape"),
        ((critic_forward, lambda cache: joint(cache)[:, : cache[3]]), "slice of the wrong input"),
        ((critic_forward, joint), "joint gradient returned"),
        ((critic_forward, lambda cache: action_gradient(cache).mean(0)), "averaged over the batch"),
        ((critic_forward, lambda cache: action_gradient(cache).sum(0)), "summed over the batch"),
        ((critic_forward, lambda cache: action_gradient(cache) / len(cache[0])), "factor 1/N"),
        ((critic_forward, lambda cache: -action_gradient(cache)), "sign flipped"),
        ((critic_forward, lambda cache: action_gradient(cache).T), "transposed"),
        (slope_that(lambda h: np.ones(h.shape)), "slope missing"),
        (
            slope_that(lambda h: 1 / np.cosh(h) ** 2),
            "slope at the output, where the input is meant",
        ),
        (
            slope_that(lambda h: 1 - np.arctanh(h) ** 2),
            "slope at the input, where the output is meant",
        ),
        (slope_that(lambda h: 1 - h), "square missing"),
        (slope_that(lambda h: h), "output instead of its slope"),
        ((critic_forward, lambda c: (1 - c[0] ** 2) @ c[1].T[:, c[3] :]), "missing chain term"),
        ((critic_forward, lambda c: ((1 - c[0] ** 2) * c[2].T @ c[1])[:, c[3] :]), "transposed"),
        (
            (
                lambda *given: (critic_forward(*given)[0], critic_forward(*given)),
                lambda cache: cache[0][:, None] * action_gradient(cache[1]),
            ),
            "multiplied by q",
        ),
        ((critic_forward_with(bias=(0, 1)), action_gradient), "bias forgotten"),
        ((critic_forward_with(bias=(1, 0)), action_gradient), "bias forgotten"),
        ((critic_forward_with(f=lambda z: z), action_gradient), "activation missing"),
        (
            (critic_forward_with(f=lambda z: z), slope_that(lambda h: 1 + 0 * h)[1]),
            "activation missing",
        ),
        (
            (
                critic_forward_with(f=lambda z: np.where(z > 0, z, 0)),
                slope_that(lambda h: np.where(h > 0, 1, 0))[1],
            ),
            "ReLU instead of tanh",
        ),
        ((with_q(np.tanh), action_gradient), "tanh at the output"),
        ((with_q(lambda q: q[:, None]), action_gradient), "an axis too many"),
        ((critic_forward, lambda cache: -action_gradient(cache) / len(cache[0])), "factor −1/N"),
        ((critic_forward, lambda cache: joint(cache)[:, -1:]), "only one entry of the action"),
        (slope_that(lambda h: (1 - h * h) ** 2), "slope applied twice"),
        (slope_that(lambda h: h * (1 - h)), "another activation's slope"),
        (
            (critic_forward, lambda cache: np.sign(action_gradient(cache))),
            "only the direction of the slope",
        ),
        (
            (critic_forward_with(f=lambda z: (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)), joint),
            "not a number",
        ),
        (
            (lambda *given: last_call(critic_forward, *given), lambda _: action_gradient(LAST[0])),
            "cache kept in the layer",
        ),
        ((with_q(np.squeeze), action_gradient), "squeezed"),
        ((critic_forward, lambda cache: action_gradient(cache).squeeze()), "squeezed"),
        ((with_q(np.negative), action_gradient), "sign flipped"),
        (slope_that(lambda h: (1 - h) ** 2), "square in the wrong place"),
        (
            (critic_forward, lambda cache: np.clip(action_gradient(cache), -1, 1)),
            "clipped to [−1, 1]",
        ),
        # two at once
        ((critic_forward_with(bias=(0, 0)), action_gradient), "argument ignored: b1, b2"),
        (
            (critic_forward, lambda cache: -joint(cache)[:, : cache[3]]),
            "slice of the wrong input and sign flipped",
        ),
        (
            (critic_forward_with(bias=(0, 1)), lambda c: -action_gradient(c)),
            "bias forgotten and sign flipped",
        ),
    ],
    "06.2": [
        (actor_loss_with(grad_action="dq_da / n"), "sign flipped"),
        (
            actor_loss_with(loss="np.mean(q)", grad_action="dq_da / n"),
            "climbs in the wrong direction",
        ),
        (actor_loss_with(loss="q.sum() / n"), "loss and gradient of opposite signs"),
        (actor_loss_with(grad_action="-dq_da"), "factor N"),
        (actor_loss_with(loss="-sum(q)", grad_action="-dq_da"), "factor N"),
        (actor_loss_with(grad_action="-dq_da / n / n"), "factor 1/N"),
        (actor_loss_with(loss="-sum(q)"), "sum in the loss, mean in the gradient"),
        (actor_loss_with(loss="-q"), "loss not averaged"),
        (actor_loss_with(loss="-q", grad_action="-dq_da"), "loss not averaged"),
        (
            actor_loss_with(dq_da="critic.action_gradient(critic.forward(obs, replayed)[1])"),
            "gradient at the replayed action",
        ),
        (
            actor_loss_with(judged="critic.forward(obs, replayed)"),
            "Q of the replayed action as loss",
        ),
        (
            actor_loss_with(loss="-critic.forward(obs, replayed)[0].mean()"),
            "Q of the replayed action as loss",
        ),
        (actor_loss_with(grad_action="-np.ones_like(action) / n"), "missing chain term"),
        (actor_loss_with(grad_action="np.ones_like(action)"), "missing chain term"),
        (
            actor_loss_with(grad_action="-np.tile(dq_da.mean(axis=0), (n, 1)) / n"),
            "∇a Q averaged before the chain",
        ),
        (
            actor_loss_with(grad_action="-q[:, None] * np.ones_like(action) / n"),
            "Q instead of its slope",
        ),
        (actor_loss_with(grad_action="-q[:, None] * dq_da / n"), "Q times its slope"),
        (actor_loss_with(grad="grad_action"), "the chain stops at the action"),
        (
            actor_loss_with(grad="critic.backward(-np.ones(n) / n, cache)"),
            "gradient of the critic's parameters",
        ),
        (actor_loss_that_steps("critic"), "the actor's step moves the critic"),
        (actor_loss_that_steps("actor"), "the actor has already moved"),
        (actor_loss_with(grad_action="-dq_da / dq_da.size"), "divided by N A"),
        (actor_loss_with(grad_action="-dq_da / obs.shape[1]"), "factor N/S"),
        (actor_loss_with(grad_action="-dq_da / 64"), "hard-coded batch size"),
        (actor_loss_with(loss="-q.mean() / 2"), "factor 1/2"),
        (
            actor_loss_with(grad_action="-np.ones((n, 1)) * dq_da[0] / n"),
            "one example's ∇a Q for all",
        ),
        (
            actor_loss_with(grad_action="-dq_da * (1 - action**2) / n"),
            "slope of the tanh applied twice",
        ),
        (
            actor_loss_with(
                grad_action="-dq_da / n / 2 * np.where(dq_da > 0, 1 - action, 1 + action)"
            ),
            "inverting gradients",
        ),
        (
            actor_loss_with(loss="-(q * q).mean() / 2", grad_action="-q[:, None] * dq_da / n"),
            "Q squared",
        ),
        (
            actor_loss_with(
                loss="np.square(action - replayed).mean()",
                grad_action="2 * (action - replayed) / action.size",
            ),
            "imitates the replayed action",
        ),
        (actor_loss_with(judged="critic.forward(action, obs)"), "observation and action swapped"),
        (
            actor_loss_with(action="forward[0] + np.random.default_rng().normal(0, 0.1, (n, 1))"),
            "random from call to call",
        ),
        ((ActorLossInOneArray(),), "results share memory"),
        ((ActorLossThatCounts(),), "random from call to call"),
        (
            actor_loss_with(grad_action="2 * (action - replayed) / n"),
            "imitates the replayed action",
        ),
        (actor_loss_with(grad_action="-np.clip(dq_da / n, -1, 1)"), "∇a Q clipped"),
        # two at once
        (actor_loss_with(grad_action="dq_da"), "factor −N"),
        (
            actor_loss_with(
                dq_da="critic.action_gradient(critic.forward(obs, replayed)[1])",
                grad_action="dq_da / n",
            ),
            "gradient at the replayed action and sign flipped",
        ),
    ],
    "06.4": [
        (
            lqr_gradient_that(
                lambda k, m, p, b, r, g, v: 2 * v * (r * k - g * p * b * m) / (1 - m * m)
            ),
            "undiscounted visitation",
        ),
        (
            lqr_gradient_that(lambda k, m, p, b, r, g, v: 2 * v * (r * k - g * p * b * m)),
            "start states only",
        ),
        ((lqr_objective, lambda *x: (1 - x[5]) * lqr_gradient(*x)), "visitation that sums to one"),
        ((lqr_objective, lambda *x: -lqr_gradient(*x)), "sign flipped"),
        ((lqr_objective, lambda *x: lqr_gradient(*x) / 2), "factor 1/2"),
        ((lqr_objective, lambda *x: 2 * lqr_gradient(*x)), "factor 2"),
        (
            lqr_gradient_that(lambda k, m, p, b, r, g, v: 2 * v * r * k / (1 - g * m * m)),
            "Q's cost only",
        ),
        (
            lqr_gradient_that(lambda k, m, p, b, r, g, v: -2 * v * g * p * b * m / (1 - g * m * m)),
            "control cost missing in ∇u Q",
        ),
        (
            lqr_gradient_that(
                lambda k, m, p, b, r, g, v: 2 * v * (r * k - p * b * m) / (1 - g * m * m)
            ),
            "discount missing in ∇u Q",
        ),
        (
            lqr_gradient_that(
                lambda k, m, p, b, r, g, v: 2 * v * (r * k - g * p * m) / (1 - g * m * m)
            ),
            "b missing in ∇u Q",
        ),
        (
            lqr_gradient_that(
                lambda k, m, p, b, r, g, v: 2 * v * (r * k + g * p * b * m) / (1 - g * m * m)
            ),
            "sign of one term",
        ),
        ((lqr_objective, lambda *x: lqr_gradient(*x[:-1], 1.0)), "variance missing"),
        (
            (lambda *x: lqr_value(*x[:-1]), lambda *x: lqr_gradient(*x[:-1], 1.0)),
            "variance missing",
        ),
        ((lambda *x: lqr_value(*x[:-1]), lqr_gradient), "variance missing"),
        (
            (lambda *x: lqr_objective(*x) * x[-1], lambda *x: lqr_gradient(*x) * x[-1]),
            "variance taken for a standard deviation",
        ),
        ((lambda *x: -lqr_objective(*x), lambda *x: -lqr_gradient(*x)), "return instead of cost"),
        ((lambda *x: -lqr_objective(*x), lqr_gradient), "return instead of cost"),
        (
            lqr_gradient_that(
                lambda k, m, p, b, r, g, v: 2 * v * (r * k - g * p * b * m) / (1 - g * m * m) ** 2
            ),
            "later states counted twice",
        ),
        (
            lqr_gradient_that(
                lambda k, m, p, b, r, g, v: sum(
                    2 * v * (r * k - g * p * b * m) * (g * m * m) ** t for t in range(40)
                )
            ),
            "sum too short",
        ),
        (
            lqr_gradient_that(
                lambda k, m, p, b, r, g, v: v * (r * k - 2 * g * p * b * m) / (1 - g * m * m)
            ),
            "2 missing in one term",
        ),
        (
            lqr_gradient_that(
                lambda k, m, p, b, r, g, v: 2 * v * (r * k - g * p * b * m) / (1 - g)
            ),
            "states that stay where they start",
        ),
        ((lambda *x: lqr_value(*x[:-1]) / x[-1], lqr_gradient), "divided by the variance"),
        (
            (
                lqr_objective,
                lambda k, *x: (exact_objective(k + 0.1, *x) - exact_objective(k, *x)) / 0.1,
            ),
            "difference quotient",
        ),
        (
            lqr_gradient_that(
                lambda k, m, p, b, r, g, v: 2 * v * (r * k - g * p * v * b * m) / (1 - g * m * m)
            ),
            "J instead of p in ∇u Q",
        ),
        # two at once
        (
            (lambda *x: -lqr_objective(*x), lambda *x: lqr_gradient(*x) / 2),
            "return instead of cost and factor 1/2",
        ),
        (
            lqr_gradient_that(lambda k, m, p, b, r, g, v: -v * (r * k - g * p * b * m)),
            "start states only and factor −1/2",
        ),
    ],
    "06.5": [
        ((trusting,), "the loss it returned is trusted"),
        ((blind,), "moved networks are not noticed"),
        ((never,), "everything refused"),
        ((lambda *given: True,), "everything accepted"),
        ((lambda *given: not is_actor_loss(*given),), "verdict the wrong way round"),
        ((partial(is_actor_loss, mean=np.sum),), "sum in the reference"),
        ((partial(is_actor_loss, minus=1),), "sign of the reference"),
        (
            (partial(is_actor_loss, compare=lambda x, y: (x - y).max() < 1e-6),),
            "absolute value missing",
        ),
        (
            (partial(is_actor_loss, compare=lambda x, y: abs(np.mean(x) - np.mean(y)) < 1e-7),),
            "errors that cancel",
        ),
        (
            (partial(is_actor_loss, compare=lambda x, y: np.allclose(x, y, rtol=0.2, atol=0.1)),),
            "tolerance too large",
        ),
        ((partial(is_actor_loss, compare=lambda x, y: True),), "the gradient is not compared"),
        ((partial(is_actor_loss, compare=lambda x, y: (x == y).all()),), "everything refused"),
        ((partial(measured_by, "bound to the name"),), "θ not put into the actor"),
        ((partial(measured_by, "not asked"),), "Q at the replayed action in the reference"),
        (
            (partial(is_actor_loss, compare=lambda x, y: np.allclose(x[:4], y[:4])),),
            "some entries left out",
        ),
    ],
}
