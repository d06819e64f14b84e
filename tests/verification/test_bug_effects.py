"""Each bug makes exactly the mistake in its story, compared with a closed form of its effect."""

from types import SimpleNamespace

import numpy as np
from helpers import BATCH_SIZE, for_each, make_agent, make_batch, of_theta, randomise

from minddpg import ReplayBuffer
from minddpg.ddpg.actions import ActionBox
from minddpg.ddpg.networks import Actor, Critic
from minddpg.ddpg.noise import GaussianNoise, OrnsteinUhlenbeckNoise
from minddpg.nn.adam import Adam
from minddpg.nn.gradcheck import complex_step_gradient
from minddpg.nn.layers import Linear, ReLU, Tanh
from minddpg.training import evaluation
from minddpg.training.checkpoint import State
from minddpg.training.environment import Environment
from minddpg.verification.bugs import BUGS, planted
from minddpg.verification.loop_properties import CONFIG
from minddpg.verification.scripted_env import Scripted

BATCH_NORM = {"batch_norm": True, "action_layer": 1}
STILL = {"actor_learning_rate": 1e-12, "critic_learning_rate": 1e-12}


def equal(*pairs, **tolerances):
    for mine, theirs in pairs:
        np.testing.assert_allclose(mine, theirs, **{"rtol": 1e-9, "atol": 1e-12, **tolerances})


def random_agent(**settings):
    rng = np.random.default_rng(4)
    agent = make_agent(rng, **settings)
    randomise(agent, rng)
    if settings.get("batch_norm"):
        for name, array in agent.arrays().items():
            if "statistics" in name:
                array[:] = rng.uniform(0.5, 2, array.shape)
    return agent, make_batch(rng)


def with_learning_for_target(agent):
    """Replace the networks by their targets."""
    for name in ("actor", "critic"):
        getattr(agent, name).follow(getattr(agent, f"target_{name}"), 1.0)
    return agent


def ascent(agent, obs, dq_da):
    """Return dL/dθ^μ of an actor that uses `dq_da` as ∇a Q."""
    _, cache = agent.actor.forward(obs, training=True)
    return agent.actor.backward(-dq_da / len(obs), cache)


def losses(name, **settings):
    """Return agent, batch, and the actor's loss and gradient with and without the bug."""
    agent, batch = random_agent(**settings)
    with planted(name):
        wrong = agent.actor_loss(batch.obs)
    return agent, batch, wrong, random_agent(**settings)[0].actor_loss(batch.obs)


def times(name, factor):
    """Compare the actor's gradient with a multiple of the correct one."""
    for settings in ({}, BATCH_NORM):
        *_, (loss, grad), (right_loss, right) = losses(name, **settings)
        equal((loss, right_loss), (grad, factor * right))


def actor_sign():
    times("actor-sign", -1)


def actor_summed():
    times("actor-summed", BATCH_SIZE)


def actor_averaged_twice():
    times("actor-averaged-twice", 1 / BATCH_SIZE)


def replayed_action():
    """Only an update gets the replayed action, not the loss function itself."""
    agent, batch, first, right = losses("replayed-action", **STILL, **BATCH_NORM)
    equal(*zip(first, right, strict=True))
    slope = agent.critic.action_gradient(agent.critic.forward(batch.obs, batch.action, True)[1])
    with planted("replayed-action"):
        metrics = agent.update(batch)
    got = agent.actor_optimizer.first_moment / (1 - Adam.beta1)
    equal((got, ascent(agent, batch.obs, slope)), (metrics["actor_loss"], right[0]), rtol=1e-6)


def actor_climbs_target():
    agent, batch, wrong, _ = losses("actor-climbs-target", **BATCH_NORM)
    agent.critic.follow(agent.target_critic, 1.0)
    equal(*zip(wrong, agent.actor_loss(batch.obs), strict=True))


def actor_moves_critic():
    agent, batch, wrong, right = losses("actor-moves-critic", **STILL, **BATCH_NORM)
    equal(*zip(wrong, right, strict=True))
    action, _ = agent.actor.forward(batch.obs, training=True)
    q, cache = agent.critic.forward(batch.obs, action, training=True)
    climb = agent.critic.backward(np.full(len(q), -1 / len(q)), cache)
    equal((agent.critic_optimizer.first_moment / (1 - Adam.beta1), climb), rtol=1e-6)
    assert agent.critic_optimizer.steps == 1


def actor_tanh_forgotten():
    agent, batch = random_agent()
    action, cache = agent.actor.forward(batch.obs)
    with planted("actor-tanh-forgotten"):
        grad = agent.actor.backward(batch.action, cache)
    equal((grad, agent.actor.backward(batch.action / (1 - action**2), cache)), rtol=1e-6)


def wrong_slice():
    agent, batch = random_agent(dtype="complex128", action_layer=0)
    _, cache = agent.critic.forward(batch.obs, batch.action)
    with planted("wrong-slice"):
        slope = agent.critic.action_gradient(cache)
    of_obs = complex_step_gradient(
        lambda obs: agent.critic.forward(obs, batch.action)[0].sum(), batch.obs
    )
    equal((slope, of_obs[:, : agent.action_dim]))


def broadcast():
    """The gradient equals that of the mean over the whole table (N, N)."""
    agent, batch = random_agent(dtype="complex128", **BATCH_NORM)
    y = agent.td_target(batch).real
    with planted("broadcast"):
        loss, grad = agent.critic_loss(batch, y)
        at = of_theta(agent.critic, lambda: agent.critic_loss(batch, y)[0])
        slope = complex_step_gradient(at, agent.critic.theta.copy())
    q, _ = agent.critic.forward(batch.obs, batch.action, training=True)
    equal((loss, np.mean([(a - b) ** 2 for a in q for b in y])), (grad, slope))


def residual_gradient():
    """The gradient is the full derivative of a loss whose y also depends on θ^Q."""
    agent, batch = random_agent(dtype="complex128")
    agent.target_critic.follow(agent.critic, 1.0)
    right = agent.critic_loss(batch, agent.td_target(batch))[0]
    with planted("residual-gradient"):
        loss, grad = agent.critic_loss(batch, agent.td_target(batch))

    def moving():
        agent.target_critic.theta[:] = agent.critic.theta
        return agent.critic_loss(batch, agent.td_target(batch))[0]

    at = of_theta(agent.critic, moving)
    equal((loss, right), (grad, complex_step_gradient(at, agent.critic.theta.copy())))


def bias_averaged():
    rng = np.random.default_rng(5)
    linear = Linear(rng.standard_normal((3, 2)), rng.standard_normal(2))
    x, grad = rng.standard_normal((7, 3)), rng.standard_normal((7, 2))
    with planted("bias-averaged"):
        got_x, got = linear.backward(grad, x)
        assert linear.backward(grad, x, wrt_x=False)[0] is None
        assert linear.backward(grad, x, wrt_theta=False)[1] == ()
    right_x, (weight, bias) = linear.backward(grad, x)
    equal((got_x, right_x), (got[0], weight), (got[1], bias / 7))


def relu_slope_missing():
    x = np.array([[-1.0, 2.0]])
    _, cache = ReLU().forward(x)
    with planted("relu-slope-missing"):
        got, grads = ReLU().backward(np.array([[3.0, 5.0]]), cache)
    equal((got, [[3, 5]]))
    assert grads == ()


def tanh_slope_at_output():
    y, cache = Tanh().forward(np.array([[-1.0, 0.3]]))
    with planted("tanh-slope-at-output"):
        got, grads = Tanh().backward(np.array([[3.0, 5.0]]), cache)
    equal((got, [[3, 5]] / np.cosh(y) ** 2))
    assert grads == ()


def polyak_reversed():
    agent, _ = random_agent()
    start = agent.target_actor.theta.copy()
    with planted("polyak-reversed"):
        agent.target_actor.follow(agent.actor, 0.2)
    equal((agent.target_actor.theta, 0.8 * agent.actor.theta + 0.2 * start))


def target_shared():
    with planted("target-shared"):
        agent = make_agent(np.random.default_rng(0))
    assert agent.target_actor is agent.actor
    assert agent.target_critic is agent.critic


def targets_apart():
    right = make_agent(np.random.default_rng(0))
    with planted("targets-apart"):
        agent = make_agent(np.random.default_rng(0))
    equal((agent.actor.theta, right.actor.theta), (agent.critic.theta, right.critic.theta))
    for target, network in ((agent.target_actor, Actor), (agent.target_critic, Critic)):
        assert type(target) is network
    for name in ("actor", "critic"):
        target, online = getattr(agent, f"target_{name}").theta, getattr(agent, name).theta
        assert target.shape == online.shape
        assert target.any()
        assert not np.any((target == online) & (online != 0))


def target_online():
    agent, batch = random_agent()
    with planted("target-online"):
        y = agent.td_target(batch)
    agent.target_actor.follow(agent.actor, 1.0)
    agent.target_critic.follow(agent.critic, 1.0)
    equal((y, agent.td_target(batch)))


def target_actor_frozen():
    (right, batch), (agent, _) = random_agent(), random_agent()
    start = agent.target_actor.theta.copy()
    metrics = right.update(batch)
    with planted("target-actor-frozen"):
        assert agent.update(batch) == metrics
    equal((agent.target_actor.theta, start), (agent.actor.theta, right.actor.theta))
    equal((agent.target_critic.theta, right.target_critic.theta))


def target_statistics():
    agent, batch = random_agent(**BATCH_NORM)
    right, _ = random_agent(**BATCH_NORM)
    start = agent.target_critic.statistics.copy()
    right.update(batch)
    with planted("target-statistics"):
        agent.update(batch)
    equal((agent.target_critic.theta, right.target_critic.theta))
    equal((agent.target_critic.statistics, start))


def target_in_training_mode():
    agent, batch = random_agent(**BATCH_NORM)
    with planted("target-in-training-mode"):
        y = agent.td_target(batch)
    action, _ = agent.target_actor.forward(batch.next_obs, training=True)
    q, _ = agent.target_critic.forward(batch.next_obs, action, training=True)
    discounted = agent.config.discount * q
    equal((y, [r if t else r + v for r, t, v in zip(*batch[2::2], discounted, strict=True)]))


def target_of(name):
    agent, batch = random_agent()
    action, _ = agent.target_actor.forward(batch.next_obs)
    q, _ = agent.target_critic.forward(batch.next_obs, action)
    with planted(name):
        y = agent.td_target(batch)
    return y - batch.reward, batch.terminated, q, agent.config.discount


def mask_missing():
    value, _, q, discount = target_of("mask-missing")
    equal((value, discount * q))


def mask_flipped():
    value, ended, q, discount = target_of("mask-flipped")
    equal((value[ended], discount * q[ended]), (value[~ended], 0 * q[~ended]))


def discount_missing():
    value, ended, q, _ = target_of("discount-missing")
    equal((value[ended], 0 * q[ended]), (value[~ended], q[~ended]))


def rates_swapped():
    """Adam's first step is as large as its learning rate."""
    agent, batch = random_agent(actor_learning_rate=1e-3, critic_learning_rate=5e-3)
    before = agent.actor.theta.copy(), agent.critic.theta.copy()
    with planted("rates-swapped"):
        agent.update(batch)
    after = agent.actor.theta, agent.critic.theta
    largest = [np.abs(x - y).max() for x, y in zip(after, before, strict=True)]
    equal((largest, [5e-3, 1e-3]), rtol=1e-3)
    assert agent.actor_optimizer.learning_rate == 1e-3
    assert agent.critic_optimizer.learning_rate == 5e-3


def adam_uncorrected():
    grads = np.array([[3.0, -0.2], [-1.0, 0.7]])
    theta, expected, first, second = np.array([1.0, 2.0]), np.array([1.0, 2.0]), 0.0, 0.0
    adam = Adam(theta, 0.1, weight_decay=np.array([0.0, 0.5]))
    for grad in grads:
        with planted("adam-uncorrected"):
            adam.step(grad)
        grad = grad + [0, 0.5] * expected
        first = Adam.beta1 * first + (1 - Adam.beta1) * grad
        second = Adam.beta2 * second + (1 - Adam.beta2) * grad**2
        expected -= 0.1 * first / (np.sqrt(second) + Adam.epsilon)
        equal((theta, expected))
    assert adam.steps == 2


def decay_on_biases():
    with planted("decay-on-biases"):
        agent, _ = random_agent(critic_weight_decay=0.01)
    equal((agent.critic_optimizer.decay, np.full(agent.critic.theta.shape, 0.01)))


def memory(capacity, number):
    replay = ReplayBuffer(capacity, 2, 1, "float64")
    for i in range(1, number + 1):
        replay.add([i, -i], [i / 100], 10 * i, [i + 1, -i - 1], i % 3 == 1)
    return replay


def numbers(batch):
    """Return the numbers of the transitions in a batch, each of which must be complete."""
    i = batch.obs[:, 0]
    written = i != 0
    equal((batch.obs[:, 1], -i), (batch.action[:, 0], i / 100), (batch.reward, 10 * i))
    equal(
        (batch.next_obs[:, 0], np.where(written, i + 1, 0)),
        (batch.next_obs[:, 1], -batch.next_obs[:, 0]),
    )
    assert batch.terminated.tolist() == (written & (i % 3 == 1)).tolist()
    return i.astype(int).tolist()


def unwritten_rows():
    replay = memory(10, 4)
    with planted("unwritten-rows"):
        found = numbers(replay.sample(300, np.random.default_rng(0)))
    assert set(found) == {0, 1, 2, 3, 4}
    assert 0.5 < found.count(0) / 300 < 0.7  # 6 of 10 rows


def newest_only():
    with planted("newest-only"):
        assert numbers(memory(10, 7).sample(4, None)) == [4, 5, 6, 7]
        assert numbers(memory(10, 13).sample(4, None)) == [10, 11, 12, 13]


def wraparound():
    with planted("wraparound"):
        replay = memory(5, 7)
        assert replay.added == 7
        assert replay.fields[2].tolist() == [50, 60, 70, 40, 0]
        one = memory(1, 3)  # a buffer with one row cannot leave out a row
        assert one.fields[2].tolist() == [30]


def by_reference():
    """All rows of an episode in the memory contain the newest observation."""
    with planted("by-reference"):
        env, replay = Environment(Scripted()), ReplayBuffer(6, 2, 2, "float64")
        obs = env.reset(0)
        for i in range(3):
            action = np.array([0.0, 3.0 + i])
            next_obs, reward, terminated, _ = env.step(action)
            replay.add(obs, action, reward, next_obs, terminated)
            obs = next_obs
        equal((obs, [1, 3]))
        assert replay.added == len(replay) == 3
        batch = replay.sample(200, np.random.default_rng(0))
        equal((batch.obs, np.tile([1, 3], (200, 1))), (batch.next_obs, batch.obs))
        assert sorted(set(batch.reward)) == [0, 1, 2]
        equal((batch.action[:, 1], 3 + batch.reward))
        assert not batch.terminated.any()
        assert batch.obs.dtype == np.float64
        for _ in range(6):
            replay.add(obs, action, 9.0, next_obs, True)
        batch = replay.sample(200, np.random.default_rng(0))
        assert set(batch.reward) == {9}  # only the last six
        assert batch.terminated.all()


BOX = ActionBox(np.array([-1.0, 0.0]), np.array([3.0, 0.5]))
ACTIONS = np.array([[0.5, -0.5], [-1.0, 1.0]])


SINGLE = ActionBox(BOX.low.astype(np.float32), BOX.high.astype(np.float32))


def action_scale():
    with planted("action-scale"):
        equal((BOX.to_env(ACTIONS), [[0.5, 0], [-1, 0.5]]))
        assert SINGLE.to_env(ACTIONS).dtype == np.float32


def first_bound():
    with planted("first-bound"):
        equal((BOX.to_env(ACTIONS), 3 * ACTIONS))
        assert SINGLE.to_env(ACTIONS).dtype == np.float32


def not_clipped():
    agent, batch = random_agent(noise_scale=5.0, dtype="float32")
    action = agent.act(batch.obs)
    assert action.dtype == np.float32
    before = agent.exploration_rng.bit_generator.state
    with planted("not-clipped"):
        equal((agent.act(batch.obs), action))
        noisy = agent.act(batch.obs, explore=True)
    agent.exploration_rng.bit_generator.state = before
    equal((noisy, action + [agent.noise.sample() for _ in action]), rtol=1e-6)
    assert noisy.dtype == action.dtype
    with planted("not-clipped"):
        assert agent.act(batch.obs[0], explore=True).shape == (2,)


def draws(size):
    """A generator with normal draws of alternating sign, and uniform draws of 0.25."""
    return SimpleNamespace(
        standard_normal=lambda size: np.resize([1.0, -2.0], size),
        uniform=lambda size: np.full(size, 0.25),
    )


def ou_uniform():
    noise = OrnsteinUhlenbeckNoise(2, 0.2, draws(2), theta=0.3, dt=0.25)
    noise.state = np.array([1.0, -2.0])
    with planted("ou-uniform"):
        sample = noise.sample()
    equal((sample, (1 - 0.3 * 0.25) * np.array([1, -2]) + 0.2 * 0.5 * 0.25))
    equal((noise.state, sample))
    assert noise.state is not sample


def noise_one_sided():
    with planted("noise-one-sided"):
        equal((GaussianNoise(2, 0.3, draws(2)).sample(), [0.3, 0.6]))


def noise_never_reset():
    noise = OrnsteinUhlenbeckNoise(2, 0.2, draws(2))
    with planted("noise-never-reset"):
        walk = noise.sample()
        noise.reset()
        equal((noise.state, walk))


def no_warm_up():
    state = State(CONFIG, Environment(Scripted()))
    with planted("no-warm-up"):
        assert state.is_warming_up() is False


def outcomes(name, steps=8):
    """Step through two episodes of four steps: one terminates, the other is truncated."""
    found = []
    with planted(name):
        env = Environment(Scripted())
        env.reset(0)
        for _ in range(steps):
            obs, reward, terminated, truncated = env.step(np.array([0.0, 3.0]))
            found.append((*obs, reward, terminated, truncated))
            if (terminated or truncated) and name != "reset-stored":
                env.reset(1)
    return found


def truncated_as_terminated():
    found = outcomes("truncated-as-terminated")
    assert [row[:3] for row in found[:3]] == [(1, 1, 0), (1, 2, 1), (1, 3, 2)]
    assert [row[3:] for row in found[3::4]] == [(True, False), (True, True)]
    assert not any(row[3] or row[4] for row in (*found[:3], *found[4:7]))


def reset_stored():
    """The step that ends episode 1 shows the start of episode 2."""
    found = outcomes("reset-stored")
    assert [row[:2] for row in found[2:5]] == [(1, 3), (2, 0), (2, 1)]
    assert [row[:2] for row in found[6:]] == [(2, 3), (3, 0)]
    assert [row[3:] for row in found[3::4]] == [(True, False), (False, True)]
    assert [row[2] for row in found] == list(range(8))


def one_start():
    world = Scripted()
    env = Environment(world)
    with planted("one-start"):
        state = State(CONFIG, env)
        for _ in range(3):
            state.episode_actions = [1]
            state.begin_episode(env)
    assert set(world.seeds[-3:]) == {state.eval_seed % 1_000} == {state.episode_seed}
    assert state.episode_actions == []
    equal((state.obs, [len(world.seeds), 0]))


def noisy_evaluation():
    asked = []

    class Agent:
        def predict(self, obs, deterministic=True):
            asked.append((obs.tolist(), deterministic))
            return np.array([0.0, 3.0]), None

    world = Scripted()
    with planted("noisy-evaluation"):
        rewards = evaluation.run_episode(Agent(), Environment(world), 7)
    assert rewards == [0, 1, 2, 3]
    assert asked == [([1, i], False) for i in range(4)]
    assert world.seeds == [7]


def batch_norm_acting():
    agent, batch = random_agent(**BATCH_NORM)
    action, _ = agent.actor.forward(batch.obs)
    q, _ = agent.critic.forward(batch.obs, batch.action)
    with planted("batch-norm-acting"):
        equal((agent.actor.forward(batch.obs)[0], action))
        equal((agent.critic.forward(batch.obs, batch.action)[0], q))
        for training in (True, False):
            equal((agent.actor.forward(batch.obs, training)[0], action))
            equal((agent.critic.forward(batch.obs, batch.action, training)[0], q))


@for_each(BUGS)
def test_a_bug_makes_the_mistake_of_its_story_and_no_other(name):
    function = name.replace("-", "_")
    assert function in globals(), f"write {function}() in tests/verification/test_bug_effects.py"
    globals()[function]()
