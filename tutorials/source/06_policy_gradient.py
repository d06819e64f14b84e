# %% [markdown]
# # 06 · The deterministic policy gradient
#
# **After this chapter** you can derive the gradient from which DDPG's actor learns, you have coded it and checked it
# against finite differences, and you can say exactly what it is the gradient of, and what it only approximates.
#
# **You need** chapter 04 (a gradient has the shape of what it belongs to; every layer returns the gradient of its
# *input*, too) and chapter 05 (the critic and what it is trained on).
#
# **Time** {minutes} minutes, 20 of them for the last two exercises, on a linear system, which can be done on another day.
# **Cost** ten seconds of computing.
#
# You will meet N, the number of examples in a batch, S and A, the numbers of entries of an observation and of an
# action, and P, the number of the actor's parameters. On Pendulum S = 3 and A = 1.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg import DDPG, Config
from minddpg.course.ch06_policy_gradient import figures
from minddpg.course.precomputed import precomputed
from minddpg.course.style import BLACK, GREY, ORANGE, SKY, use_style
from minddpg.nn import Adam
from minddpg.nn.gradcheck import check_gradient
from minddpg.verification import lqr

use_style()

# %% [markdown]
# ## Predict
#
# An actor gives the action $a = 0.2$ in some state. There the critic's slope in the action is $+3$. Answer before you read
# on:
#
# 1. Should the actor's action in this state become larger or smaller? Does the slope say by how much?
# 2. The batch has N = 64 states. What are the shapes of $\nabla_a Q$ and of the actor's gradient?
# 3. The actor has 4,481 parameters and the critic 4,545. How many of the 9,026 may change in the actor's step?

# %% [markdown]
# ## What the actor wants
#
# The symbols so far: $s$ a state, $a$ an action; $\mu(s|\theta^\mu)$ the **actor**, a network that maps a state to an
# action; $Q(s, a|\theta^Q)$ the **critic**, a network that estimates the discounted sum of rewards that follow if $a$ is
# done in $s$ and $\mu$ is followed from then on. $\theta^\mu$ and $\theta^Q$ are their parameters, one vector each.
#
# Nobody tells the actor what it should have done. There are no right actions to imitate. What it has is a critic that
# can be asked about any action, and the answer is differentiable. So the actor wants one thing: **actions with a high
# Q**.
#
# Chapter 02 took the best action out of a table by looking at all of them. With continuous actions there is no list to
# look through. But there is a slope. Here is a critic after 12,000 steps of Pendulum (precomputed), in three states, and
# a new actor, which says about 0 in each.

# %%
LIVE = False  # True trains it here: about 10 seconds

# %%
saved = precomputed("ch06/agent", live=LIVE)
low, high = np.array([-2.0]), np.array([2.0])  # N m; inside the agent, actions are ±1


def new_agent(seed, actor=None):
    agent = DDPG(3, low, high, Config(seed=seed), np.random.default_rng(seed))
    agent.critic.theta[:] = saved["critic"]
    if actor is not None:
        agent.actor.theta[:] = actor
    return agent


def observe(angle, speed):
    return np.stack((np.cos(angle), np.sin(angle), speed), axis=-1).astype(np.float32)


new, trained = new_agent(seed=1), new_agent(seed=1, actor=saved["actor"])
actions = np.linspace(-1, 1, 81, dtype=np.float32)[:, None]
panels = []
states = (("slope", 2, 1), ("peak", -1.47, 5.75), ("valley", np.pi, 0.5))
for name, angle, speed in states:
    here = observe(angle, speed)[None]
    curve, _ = new.critic.forward(np.repeat(here, len(actions), axis=0), actions)
    points = []
    for agent in (new, trained):
        action, _ = agent.actor.forward(here)
        q, cache = agent.critic.forward(here, action)
        dq_da = agent.critic.action_gradient(cache)
        points.append((action[0, 0], q[0], dq_da[0, 0]))
    panels.append((f"{name}: {angle:.2f} rad, {speed:.2f} rad/s", curve, *points))
figures.three_states(actions, panels)
plt.show()
sizes = new.actor.theta.size, new.critic.theta.size
print("actor {:,} parameters, critic {:,}, together {:,}".format(*sizes, sum(sizes)))

# %% [markdown]
# On the left the best action is a bound, in the middle it lies inside (and the trained actor stands near it, not on it). On the right there is a valley near 0: the
# pendulum hangs, and pushing hard either way is better than doing nothing. The slope leads to the hill on whose side
# the actor happens to stand. *It sees nothing but its own spot.* That is the price for not looking at all actions.

# %% [markdown] fold="Answer to the prediction"
# 1. Larger: a positive slope means that Q rises with the action. How far, the slope does not say. It holds at $a = 0.2$,
#    and in a valley or near a peak it is another one a little further on. So one takes small steps.
# 2. $\nabla_a Q$ is (64, 1): each example has an action of its own, and so a slope of its own. The actor's gradient is
#    (4481,): all 64 examples share one $\theta^\mu$, so they are summed.
# 3. Only the actor's 4,481. Why the critic must stand still comes below.

# %% [markdown]
# ## Two small steps, and the chain rule
#
# Change $\theta^\mu$ a little. The action changes by $\nabla_{\theta^\mu}\mu$ times as much. Change the action a little.
# Q changes by $\nabla_a Q$ times as much. One after the other, at every state of a batch, averaged:
#
# $$\nabla_{\theta^\mu} J \;\approx\; \frac{1}{N} \sum_i \nabla_a Q(s, a|\theta^Q)\Big|_{s=s_i,\,a=\mu(s_i)}\;
# \nabla_{\theta^\mu} \mu(s|\theta^\mu)\Big|_{s=s_i} \tag{6}$$
#
# This is equation (6) of the paper, the **deterministic policy gradient**. $J$ is what is really wanted, the expected
# discounted return of the policy from its start states. (The paper writes a mean over all states of the replay
# buffer, $\mathbb{E}_{s \sim \rho^\beta}$, first of $\nabla_{\theta^\mu} Q(s, \mu(s|\theta^\mu))$, and then applies the chain rule.
# A batch estimates that mean.) The sign ≈ is meant: the second half of this chapter is about it.
#
# In code there is a *loss* to descend. So take the mean of −Q. This is the **surrogate**: it stands in for −J.
#
# $$L(\theta^\mu) = -\frac{1}{N} \sum_i Q(s_i, \mu(s_i|\theta^\mu)\,|\,\theta^Q)$$
#
# Its gradient is written down as chapter 04 taught: forward, then back. First the action, and Q at *that* action:
#
# > `action, actor_cache = self.actor.forward(obs, training=True)` · `ddpg/agent.py`
#
# > `q, critic_cache = self.critic.forward(obs, action, training=True)` · `ddpg/agent.py`
#
# (`training=True` concerns only batch normalisation, chapter 12.) Then the critic's gradient by its own *input*, of which
# only the columns of the action are kept:
#
# > `dq_da = self.critic.action_gradient(critic_cache)` · `ddpg/agent.py`
#
# It is the raw slope of each example's q, so a 1 goes in at the top for every example, and no $1/N$:
#
# > `dq_da, _ = backward_through(layers, np.ones_like(values), head_cache, wrt_theta=False)` · `ddpg/networks.py`
#
# Minus and $1/N$ come in exactly one line. From there on, everything is a gradient of $L$:
#
# > `grad_action = -dq_da / len(obs)` · `ddpg/agent.py`
#
# And back through the actor, whose backward sums over the batch:
#
# > `return -q.sum() / len(obs), self.actor.backward(grad_action, actor_cache)` · `ddpg/agent.py`
#
# Many read "the actor's loss is −Q" and ask where $\nabla_a Q \cdot \nabla_{\theta^\mu}\mu$ has gone. Here it is: it is
# what backward does with that loss. $\nabla_{\theta^\mu}\mu$ is never built as a table (N, A, P). Backward sends
# one row of A numbers per example down the actor, and the sum over actions and examples happens on the way.

# %% exercise="06.1"

# %% exercise="06.2"

# %% [markdown]
# ## Watch it climb
#
# Now repeat that step. Take the trained critic and leave it as it is, a landscape. Put a new actor on it, and let it climb
# with equation (6) and nothing else: no environment, no reward.


# %%
def climb_critic(agent, obs, updates, sign=1, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(updates):
        _, grad_theta = agent.actor_loss(obs[rng.integers(len(obs), size=64)])
        agent.actor_optimizer.step(sign * grad_theta)  # θ^Q is not touched


rng = np.random.default_rng(0)
everywhere = observe(rng.uniform(-np.pi, np.pi, 2000), rng.uniform(-8, 8, 2000))
angle, torque = np.linspace(-np.pi, np.pi, 145), np.linspace(-1, 1, 61, dtype=np.float32)
along = observe(angle, np.full(145, -1.0))  # a slice of the states: speed −1 rad/s
q = np.stack([new.critic.forward(along, np.full((145, 1), a))[0] for a in torque])

climber, panels, before = new_agent(seed=1), [], 0
for updates in (0, 50, 200, 2000):
    climb_critic(climber, everywhere, updates - before, seed=before)
    before = updates
    mu, _ = climber.actor.forward(along)
    slope = climber.critic.action_gradient(climber.critic.forward(along, mu)[1])[:, 0]
    mean = -climber.actor_loss(everywhere)[0]
    panels.append((f"after {updates:,} updates: mean Q {mean:.2f}", mu[:, 0], slope))
figures.climb(angle, torque, q, panels)
plt.show()

# %% [markdown]
# At first the actor says 0 everywhere, and the arrows (as long as the root of their slope) disagree about where it should go. They pull on one network, so
# they do not all get what they want at once: an actor bends its curve only as far as its parameters let it. In the end
# it lies mostly in the light, and the arrows press it against a bound or have become short. Look at 1.7 rad in the last
# picture: there it ends in the dark, on ground so flat that the arrow can hardly be seen. A slope of 0 leads nowhere.

# %% [markdown]
# ## One batch, opened
#
# What went on in one of these steps? Here are 32 states, and an actor in the midst of its climb, after 100 updates.
# Walk down layer by layer.

# %%
halfway, obs = new_agent(seed=1), everywhere[:32]
climb_critic(halfway, everywhere, 100)
action, actor_cache = halfway.actor.forward(obs)
q, critic_cache = halfway.critic.forward(obs, action)
dq_da = halfway.critic.action_gradient(critic_cache)
grad = -dq_da / len(obs)
stages, parameters = [("∇a Q\ndq_da", dq_da), ("· −1/N\ngrad_action", grad)], []
for layer, cache in zip(halfway.actor.mlp.layers[::-1], actor_cache[::-1]):
    grad, of_theta = layer.backward(grad, cache)
    stages.append((f"through\n{type(layer).__name__}", grad))
    parameters = [*of_theta, *parameters]
names = ("∂L/∂W₁", "∂L/∂b₁", "∂L/∂W₂", "∂L/∂b₂", "∂L/∂W₃", "∂L/∂b₃")
weights = [(name, part) for name, part in zip(names, parameters) if part.ndim == 2]
shown = [(name, part if part.shape[1] > 1 else part.T) for name, part in weights]
figures.chain(stages[:-1], shown)
plt.show()

_, grad_theta = halfway.actor_loss(obs)
difference = np.abs(np.concatenate(parameters, axis=None) - grad_theta).max()
print(f"all parts in a row, against DDPG.actor_loss: differ by {difference:.1g}\n")
for agent, whose in ((new, "new"), (halfway, "halfway"), (trained, "trained")):
    action, _ = agent.actor.forward(everywhere)
    share = (1 - action**2 < 0.01).mean()
    print(f"{whose:8} actor: tanh's slope is below 0.01 in {100 * share:3.0f} % of states")

# %% [markdown]
# Read the upper row from left to right. First the critic's opinion: one slope for each state. Then the same with its sign
# turned, divided by 32. Then the actor's own tanh, and some rows fade: where $\mu(s)$ is at a bound already, the slope
# $1 - \mu(s)^2$ is small. Where this slope is about 0 the actor is *saturated* and can hardly be moved any more; the trained one
# is, in most states. From there each row goes down through the actor alone, as in chapter 04. The rows meet only in the lower
# pictures (W₃ drawn lying down): each of these is a **sum over all 32 rows**, and the few rows with a large slope decide most of it.

# %% [markdown]
# ## Why the critic stands still
#
# The surrogate $-\frac1N\sum Q(s, \mu(s))$ depends on $\theta^Q$, too. Nothing in the mathematics forbids to follow that
# gradient as well. Try it: ten steps of Adam with the default rate, on the critic, to make the same loss smaller.

# %%
liar = new_agent(seed=1, actor=saved["actor"])
optimizer = Adam(liar.critic.theta, learning_rate=2e-3)
print(f"before: mean Q {-liar.actor_loss(saved['obs'])[0]:8.2f}")
for _ in range(10):
    action, _ = liar.actor.forward(saved["obs"])
    q, cache = liar.critic.forward(saved["obs"], action)
    optimizer.step(liar.critic.backward(-np.ones_like(q) / len(q), cache))
print(f"after:  mean Q {-liar.actor_loss(saved['obs'])[0]:8.2f}   the actor is the same")

# %% [markdown]
# Q rose, and not one action has changed. The critic has learned to promise. What Q should be is decided by rewards, in
# equation (4), and by nothing else. So the actor's step treats $\theta^Q$ as constants, in the code by not computing its
# gradient at all: that is the `wrt_theta=False` above.

# %% [markdown]
# ## Why there are no log-probabilities
#
# Most policy gradient methods have a *stochastic* policy: it draws the action, say from a normal distribution
# with mean $\mu(s)$ and standard deviation $\sigma$. They ask how the *probability* of an action changes with the
# parameters, and weight that with how good the action turned out. Let $\pi(a|s)$ be the density of that normal
# distribution, which says how probable actions near $a$ are, and $\mathbb{E}_{a \sim \pi}$ the mean over its draws. Then
#
# $$\nabla_\mu\, \mathbb{E}_{a \sim \pi}[Q(s, a)] = \mathbb{E}_{a \sim \pi}\big[\nabla_\mu \log \pi(a|s)\; Q(s, a)\big],
# \qquad \nabla_\mu \log \pi(a|s) = \frac{a - \mu(s)}{\sigma^2}$$
#
# (Write the mean as $\int \pi\, Q$, and $\nabla \pi$ as $\pi\, \nabla \log \pi$.) This needs Q's *values* only, and so works with a return that was observed. But it is a mean over actions, to be
# estimated from draws. DDPG uses Q's *slope* instead. There is one action in each state, no distribution, hence no
# probability and no logarithm. What is left is an average over states.
#
# What does that save? Here are both, in one state of a linear system that you will meet below. Each estimate is made from
# 64 draws. The last two columns subtract a *baseline*, Q at the mean action, from each Q: that changes nothing in the
# mean, and is common practice.


# %%
def q_of(action):
    return lqr.q_value(lqr.GAIN, np.tile([1.0, 0.0], (len(action), 1)), action)


mean_action = -lqr.GAIN
slope = np.diff(q_of(mean_action + np.array([-1e-4, 1e-4])))[0] / 2e-4
print(f"the slope ∇a Q is {slope:.3f}: no draw, no scatter\n")
print("5,000 estimates  without a baseline       with a baseline")
print(f"{'σ':>4}" + 2 * f"{'mean':>12} {'scatter':>9}")
for sigma in (1.0, 0.3, 0.1):
    z = rng.standard_normal(5000 * 64)
    q = q_of(mean_action + sigma * z)
    line = f"{sigma:4.1f}"
    for baseline in (0, q_of(np.array([mean_action]))):
        estimates = (z / sigma * (q - baseline)).reshape(5000, 64).mean(axis=1)
        line += f"{estimates.mean():12.2f} {estimates.std():9.2f}"
    print(line)

# %% [markdown]
# All agree in the mean, as far as the scatter lets one see: a mean of 5,000 is off by about a seventieth of it. In the limit $\sigma \to 0$ the stochastic gradient becomes the
# deterministic one (Silver et al., 2014, theorem 2). The price of having no scatter: DDPG needs a critic whose *slope* is
# right, and actions for which there is a slope.
#
# It is also why DDPG can learn **off-policy**, from what another policy did. $Q(s, a)$ has the action among its inputs: how
# probable the replayed action was under the behaviour policy $\beta$ enters nowhere. What does enter is *which states*
# $\beta$ visited. That will be gap 1.

# %% [markdown]
# ## What is exact
#
# `actor_loss` returns the gradient of the surrogate. Not nearly: exactly. So a numerical derivative of the surrogate must
# agree with it to the last digits. It is checked with a small agent with two actions, in complex128, by chapter 03's
# complex step.

# %%
config = Config(hidden_sizes=(8, 6), dtype="complex128")
probe = DDPG(4, -np.ones(2), np.ones(2), config, np.random.default_rng(6))
theta, obs = probe.actor.theta.copy(), np.random.default_rng(7).standard_normal((5, 4))


def surrogate(theta):
    probe.actor.theta[:] = theta
    return probe.actor_loss(obs)[0]


_, grad_theta = probe.actor_loss(obs)
print(check_gradient(surrogate, theta, grad_theta, method="complex"))

# %% [markdown]
# ## What is not: from the surrogate to J
#
# The surrogate knows nothing of time. It averages over some states, as if they had fallen from the sky. But $J$ is the
# return of whole episodes, and a policy that acts otherwise also *arrives elsewhere*. Why should climbing Q at each state
# climb J?
#
# Differentiate $V^\mu(s) = Q^\mu(s, \mu(s))$, the value of following $\mu$ from $s$ on, in $\theta^\mu$. (The superscript
# says: the true value of this policy, not a network's.) $\theta^\mu$ is in it twice: in the action, and in $Q^\mu$
# itself, since $\mu$ will act in all later states, too. In a world without randomness
# $Q^\mu(s, a) = r + \gamma\, V^\mu(s')$. At a given $a$ neither $r$ nor $s'$ depends on $\theta$, only $V^\mu$ does:
#
# $$\nabla_\theta V^\mu(s) = \underbrace{\nabla_a Q^\mu(s, a)\,\nabla_\theta \mu(s)}_{\text{this action}}
# + \underbrace{\gamma\, \nabla_\theta V^\mu(s')}_{\text{all later ones}}$$
#
# The second term is the first formula again, one step later. Put it into itself, again and again:
#
# $$\nabla_\theta J = \mathbb{E}\Big[\sum_{t \ge 0} \gamma^t\; \nabla_a Q^\mu(s_t, a)\big|_{a=\mu(s_t)}\,
# \nabla_\theta \mu(s_t)\Big]$$
#
# $\mathbb{E}$ is the mean over the start states $s_0$. This is the **deterministic policy gradient theorem** (Silver et al.,
# 2014). It is exact. No $\nabla_\theta Q^\mu$ is left, *because* the sum runs over the states that $\mu$ itself visits, the later ones weighted by $\gamma^t$. One calls
# that weighting of states the discounted $\rho^\mu$.
#
# You will now see it hold. A **linear-quadratic regulator** (LQR) is a system in which all of this can be written down. State
# and action are numbers, the next state is $s' = a\,s + b\,u$, and a step costs $q\,s^2 + r\,u^2$. The letters are those
# of control theory: here $u$ is the action and $a, b, q, r$ are constants. The policy has a single parameter, its gain
# $k$: $\mu(s) = -k\,s$. J is a cost here, and to be descended.

# %% exercise="06.3"

# %% exercise="06.4"

# %% [markdown]
# The check compares your formula with the slope of *your* J, by finite differences. In the formula $p$ is a constant
# while you differentiate Q in $u$, although it depends on $k$ too. Nothing is forgotten: how $p$ changes with $k$ is what
# the terms of all later states add up to.

# %% [markdown]
# ## The four gaps, one at a time
#
# Now compare what an agent computes with this sum. It differs in four places:
#
# 1. **States come from the replay buffer**, visited by older, noisy policies, and late ones count as much as early ones:
#    $\rho^\beta$, undiscounted, instead of $\rho^\mu$.
# 2. **$\nabla_\theta Q^\mu$ is dropped.** If the states do not follow the policy, then the unrolling above is not
#    allowed, and the mean of $V^\mu$ over *fixed* states has a second term, which (6) leaves out.
# 3. **The critic $Q_\theta$ stands in for $Q^\mu$.**
# 4. **A minibatch stands in for the expectation.**
#
# Another linear system shows each of them alone: a mass on a rail. Its state is a position and a speed, its
# policy again has one gain, here called θ: $\mu(s) = -\theta\,(w \cdot s)$ with $w = (1, 1)$. This time there are rewards
# (minus the costs), so J is to be climbed. Every expectation has a closed form. In the table, `formula` is what (6) gives and
# `reference` the derivative that it stands for. The first line is the theorem. In the last, `formula` is the reference plus
# a batch's typical error.

# %%
print(lqr.truth_table(lqr.check_truth()))

# %% [markdown]
# The formula is short. $\nabla_a Q$ is linear in the state, $g \cdot s$, so the expectation needs only the mean
# of $s\,s^\top$ over the states (`moment`). Whoever passes the moment of $\rho^\mu$ gets $\nabla J$; whoever passes the
# replay's gets gap 1:
#
# > `gradient: Array = -action_slope(gain, value) @ moment @ W` · `verification/lqr.py`
#
# Do these errors matter? One gain is not enough to say. Here is the whole range. All gradients are "per step": multiplied by
# $1 - \gamma$, so that the weights $\gamma^t$ sum to one.

# %%
gains = np.linspace(1.0, 3.2, 23)
rows = [lqr.check_truth(gain) for gain in gains]
exact, replayed, frozen, lagging, batches = (list(part) for part in zip(*rows))
step = 1 - lqr.DISCOUNT
true = np.array([row.reference for row in exact])
curves = {
    "J": np.array([lqr.objective(gain) for gain in gains]),
    "dJ": np.array([row.formula for row in exact]) / step,  # by the theorem
    "true": true,
    "frozen": np.array([row.reference for row in frozen]),
    "1": np.array([row.formula for row in replayed]),
    "2": np.array([row.formula for row in frozen]),
    "3": np.array([row.formula for row in lagging]),
    "spread": np.array([row.formula - row.reference for row in batches]),
}
best = np.interp(0, -true, gains)
figures.four_gaps(gains, curves, best)
plt.show()

for name, what in (("true", "∇J"), ("1", "gap 1"), ("2", "gap 2"), ("3", "gap 3")):
    print(f"{what:5} crosses zero at gain {np.interp(0, -curves[name], gains):.2f}")
slope = lqr.action_slope(best, lqr.value_matrix(best))
print(f"there ∇a Q is {slope[0]:+.3f} · position {slope[1]:+.3f} · speed")

# %% [markdown]
# On the left, the theorem's slopes (orange) touch J like tangents, which they are. On the right, look where the curves
# cross zero, since that is where an actor would stop.
#
# - **Gap 1** makes the gradient several times smaller, and ends at the same gain.
# - **Gap 2**: the black line is now another one, the derivative of the mean value over fixed states. The formula leaves
#   out the larger part of it, and again ends at the same gain.
# - **Gap 3** moves the goal. With the critic of gain 1.3 the actor finds the gain that is best for one action *if 1.3 is followed
#   afterwards*. That is progress, once the critic follows. A critic that is wrong for other reasons moves the
#   goal just as well, and that is no progress.
# - **Gap 4** scatters around $\nabla J$. It is unbiased, and here it even dies out towards the top.
#
# Why are 1, 2 and 4 so harmless? The last line printed says it: at the best gain $\nabla_a Q$ is almost 0 for *every*
# state. This actor can be about as good as any policy at all. And zeros stay zero, however they are weighted. Now
# take that away. Let the actor see less of the speed, $w = (1, 0.5)$, so that its best gain is a compromise between
# states.

# %%
kept, tried = lqr.W, np.linspace(1.8, 3.0, 13)
try:
    for seen_by_actor in ((1.0, 1.0), (1.0, 0.5)):
        lqr.W = np.array(seen_by_actor)
        fine = [lqr.check_truth(gain) for gain in tried]
        readings = {
            "∇J": [rows[0].reference for rows in fine],
            "gap 1": [rows[1].formula for rows in fine],
            "states fixed": [rows[2].reference for rows in fine],
        }
        ends = [np.interp(0, -np.array(y), tried) for y in readings.values()]
        found = ", ".join(f"{name} {end:.2f}" for name, end in zip(readings, ends))
        print(f"w = {seen_by_actor}: the gain at which each is 0: {found}")
finally:
    lqr.W = kept

# %% [markdown]
# With the compromise the three part. Gap 1 stops the actor where the replay's states are content, not those of the
# policy. The full derivative over fixed states would stop it somewhere else again. A rule to keep: **the less an
# actor can be right everywhere, the more it matters where it is asked.**

# %% [markdown]
# ## Two gaps on Pendulum
#
# Gap 1 first. Five critics, each from 12,000 steps of training, stand still. On each of them a new actor climbs twice, 2,000
# updates: once at the states in its replay buffer, once at states from everywhere. (The latter are not $\rho^\mu$ either, but
# none is forgotten.) Then gap 3: on Pendulum the exact $Q^\mu$
# is known (chapter 01), so a critic's values and slopes at $\mu(s)$ can be compared with it.

# %%
LIVE = False  # True does both here: 2 to 4 minutes

# %%
climbs = precomputed("ch06/climbs", live=LIVE)
slopes = precomputed("ch06/slopes", live=LIVE)
figures.on_pendulum(climbs, slopes)
plt.show()

near = np.mean(saved["obs"][:, 0] > np.cos(0.2))
print(f"{100 * near:.0f} % of seed 0's replayed states are within 0.2 rad of the top\n")
print("      mean Q at the replay's states      return of the climbers")
print("seed  trained   climber   climber        climber   climber")
print("                at these  everywhere     at these  everywhere")
for i in range(5):
    q, returns = climbs["q"][i, :, -1], climbs["returns"][i]
    line = f"{i:4} {climbs['trained_q'][i]:8.2f} {q[0]:9.2f} {q[1]:11.2f}"
    print(f"{line} {returns[0]:12.0f} {returns[1]:11.0f}")

print("\n      correlation with the exact   90 % of |∇a Q| below   same sign where")
print("seed  values   slopes              exact   learned        exact |∇a Q| > 1")
for i in range(5):
    q, exact_q, slope, exact_slope = (part[i] for part in slopes.values())
    fits = [np.corrcoef(*pair)[0, 1] for pair in ((q, exact_q), (slope, exact_slope))]
    tops = [np.quantile(np.abs(each), 0.9) for each in (exact_slope, slope)]
    steep = np.abs(exact_slope) > 1
    agree = 100 * np.mean(slope[steep] * exact_slope[steep] > 0)
    line = f"{i:4} {fits[0]:7.2f} {fits[1]:8.2f} {tops[0]:19.1f} {tops[1]:8.1f}"
    print(f"{line} {agree:15.0f} %")

# %% [markdown]
# **Gap 1.** Look at the two climbers' mean Q, at the replay's states: they differ little, and both come close to the actor
# that was trained with this critic. Yet three of the five that climbed at these states fail from many starts, and all that
# climbed everywhere do well. Most rows of a late replay buffer are of a pendulum that stands at the top, where there is
# nothing to decide. The few rows that matter hardly count in the mean. In training this need not hurt: when the actor learned
# to swing up, nothing stood at the top yet, and the buffer was full of swings. *The surrogate is not the return.*
#
# **Gap 3.** The critics' values rise and fall with the exact ones (seed 4's lie too high at the top, above 0, where no true
# value is). Their slopes do so much less. Nobody has trained them to: equation (4) compares values. A function can be close
# to another one everywhere and have quite other slopes, as a fine ripple shows. Here most learned slopes are too large, in
# the 90 % column two to eight times. What is right, in most states in which it matters, is the **sign**. On Pendulum that
# is nearly all the actor needs, since the best action is mostly a bound.

# %% [markdown]
# > **Compatible function approximation.** Can a critic be wrong and its actor's gradient still be exact? Silver et al.
# > (2014, theorem 3) say when. Let the critic be linear in the action around $\mu(s)$, with the actor's own gradient as
# > its feature: $Q^w(s, a) = (a - \mu(s))^\top \nabla_\theta \mu(s)^\top w + V(s)$, with any $V$. Then $\nabla_a Q^w = \nabla_\theta
# > \mu(s)^\top w$. Fit $w$ so that this comes as close as it can to the true *slopes*, in the mean square over $\rho^\mu$.
# > Least squares leaves an error whose products with the features sum to 0. The features *are* $\nabla_\theta\mu$,
# > so the error drops out of $\mathbb{E}[\nabla_\theta\mu\,\nabla_a Q^w]$, and gap 3 is closed, though the slopes are
# > wrong state by state. DDPG's critic is neither: it is no such linear function, and it is fitted to values.
# > DDPG lives with gap 3.

# %%
gain = 2.1
moment = (1 - lqr.DISCOUNT) * lqr.discounted_moment(gain)
state = rng.multivariate_normal(np.zeros(2), moment, 1000)
true_slope = state @ lqr.action_slope(gain, lqr.value_matrix(gain))
feature = -(state @ lqr.W)  # ∇θ μ, (1000,): θ is one number here
w = (feature @ true_slope) / (feature @ feature)  # least squares, of the slopes
error = np.linalg.norm(feature * w - true_slope) / np.linalg.norm(true_slope)
print(f"the compatible critic's slopes are wrong by {100 * error:.0f} %")
print(f"policy gradient: {np.mean(feature * true_slope):.6f} with the true slopes,")
print(f"                 {np.mean(feature * feature * w):.6f} with the compatible ones")

# %% [markdown]
# ## Break it
#
# Three agents, each with one change:
#
# - **sign**: the minus is gone, `grad_action = dq_da / len(obs)`;
# - **critic**: the actor's step moves $\theta^Q$ as well, with the same loss;
# - **replayed**: $\nabla_a Q$ is taken at the action in the replay buffer, not at $\mu(s)$, and then sent back through
#   $\mu$ as ever.
#
# **Predict** for each: will it learn Pendulum? What will its Q look like?
#
# The sign can be tried here, on the critic that stands still: five new actors, with and without the minus.

# %%
for sign, what in ((1, "correct"), (-1, "sign flipped")):
    agents = [new_agent(seed) for seed in range(5)]
    for seed, agent in enumerate(agents):
        climb_critic(agent, everywhere, 200, sign=sign, seed=seed)
    means = [f"{-agent.actor_loss(everywhere)[0]:8.2f}" for agent in agents]
    print(f"{what:13} mean Q after 200 updates: {' '.join(means)}")

# %% [markdown]
# And here are all three in training. The precomputed results are rows of the study `minddpg study zoo`, which lies in
# `docs/results/zoo`: five seeds each, 12,000 steps, beside the correct code.

# %%
broken = precomputed("ch06/broken")
names = ("actor-sign", "actor-moves-critic", "replayed-action")
titles = dict(zip(names, ("sign", "critic", "replayed")))
figures.broken_runs(1000 * np.arange(1, 13), broken, titles)
plt.show()

ends = broken["q_low"][..., -1], broken["q_high"][..., -1]
for name, lowest, highest in zip(broken["variants"], *ends):
    ranges = ",  ".join(f"{a:5.0f} to {b:4.0f}" for a, b in zip(lowest, highest))
    print(f"{name:18} Q at the end: {ranges}")

# %% [markdown] fold="What happened"
# **Sign.** The actor looks for the worst action and finds it. The critic does its work well: it values the policy that is
# there, and Q sinks as the returns sink.
#
# **Critic.** Some seeds never learn, one ends with Q far above 0, where no true value is, and some learn all the same. The
# critic's own step pulls Q back to the rewards, and the two pull against one another. With two lucky seeds you would have
# called it correct.
#
# **Replayed.** Nothing to see. All five seeds learn as well as the correct ones.

# %% [markdown]
# ### The bug that cannot be seen
#
# The third agent is wrong: what it follows is not the gradient of anything it wants. A gradient check knows at once.

# %%
replayed_action = np.random.default_rng(8).uniform(-1, 1, (5, 2))
probe.actor.theta[:], obs = theta, np.random.default_rng(7).standard_normal((5, 4))
_, actor_cache = probe.actor.forward(obs)
_, cache = probe.critic.forward(obs, replayed_action)
wrong = probe.actor.backward(-probe.critic.action_gradient(cache) / len(obs), actor_cache)
print(check_gradient(surrogate, theta, wrong, method="complex"))

# %% [markdown]
# Why then does it learn Pendulum? And where would it fail? On the mass on a rail the best action lies between bounds. Let an
# actor climb there with the exact $Q^\mu$, by $\nabla_a Q$ at three kinds of action. **Predict** where each one ends.


# %%
def ascend(choose, updates=400):
    rng, gain, path = np.random.default_rng(0), np.array([0.6]), []
    adam = Adam(gain, learning_rate=0.02)
    for _ in range(updates):
        path.append(gain[0])
        value = lqr.value_matrix(gain)
        moment = (1 - lqr.DISCOUNT) * lqr.discounted_moment(gain)
        state = rng.multivariate_normal(np.zeros(2), moment, 256)
        action = choose(-gain * (state @ lqr.W), rng)
        after = state @ lqr.A.T + action[:, None] * lqr.B
        dq_da = -2 * (lqr.D * action + lqr.DISCOUNT * after @ value @ lqr.B)
        grad_gain = np.mean(-dq_da * -(state @ lqr.W))  # of −Q: −∇a Q · ∇θ μ
        adam.step(np.array([grad_gain]))
    return np.array(path)


kinds = {
    "today's own, μ(s)": lambda mu, rng: mu,
    "replayed, fresh: μ(s) + noise": lambda mu, rng: mu + 0.5 * rng.standard_normal(256),
    "replayed, old: uniform in ±2": lambda mu, rng: rng.uniform(-2, 2, 256),
}
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
looks = ((SKY, "-"), (BLACK, "--"), (ORANGE, "-"))
for (name, choose), (color, line) in zip(kinds.items(), looks):
    path = ascend(choose)
    width = 4 if color == SKY else 1.8
    left.plot(path, line, color=color, label=name, linewidth=width)
    right.plot([lqr.objective(gain) for gain in path], line, color=color, linewidth=width)
    print(f"{name:30} ends at gain {path[-1]:.2f}")
left.axhline(best, color=GREY, linestyle=":", label="the best gain")
left.set(title="Where the actor goes", xlabel="update", ylabel="gain θ")
right.set(title="What it is worth", xlabel="update", ylabel="J", ylim=(-14, -10))
left.legend()
plt.show()

# %% [markdown] fold="What happened"
# With old actions the actor runs past the best gain and on. The slope at a replayed action does not depend on what the actor
# does now, so it never becomes 0: nothing tells the actor that it has arrived.
#
# With fresh actions it ends where the correct one ends. Here Q is a parabola in $a$ and the noise has mean 0, so the mean
# of the slopes is the slope at the mean, which is $\mu(s)$. In DDPG the buffer follows the actor and is partly fresh.
#
# On Pendulum there is a second reason. The best action is mostly a bound, and a Q that rises all the way to the bound has the
# same sign of slope at every action. An actor that never stops is then no worse than one that does.
#
# So the bug needs an old buffer *and* an action that must not be too large, and then it bites. **A return proves nothing about
# a gradient.** Check the gradient.

# %% [markdown]
# > **In a framework** the actor's step is
# > `loss = -critic(obs, actor(obs)).mean(); loss.backward(); actor_optimizer.step()`. Three things in it are silent.
# > `backward()` also fills the critic's gradients; they are harmless only if somebody sets them to zero before the critic's
# > next step, or switches them off for this pass (`requires_grad_(False)`). `actor_optimizer` must hold the actor's
# > parameters alone. And a `detach()` on the action cuts $\nabla_a Q$ off: the loss looks the same, and the actor
# > never moves. (`torch.no_grad()` around the critic cuts it, too, but then `backward()` raises an error.)

# %% [markdown]
# > **On scale.** $\nabla_a Q$ has a unit: return per unit of action. Ten times the reward is ten times the gradient, which
# > Adam hides and plain gradient descent does not. The same for the action: $\nabla_a Q$ by a torque in ±2 is half of that by
# > an action in ±1. If actor and critic disagree about the unit, the chain has a factor too many or too few. In `minddpg`
# > both live in [−1, 1], and the map to the environment's bounds comes after them, in one place (chapter 09).

# %% [markdown]
# ## Quiz
#
# 1. A colleague's `action_gradient` starts with `ones / N`, and the actor's loss with `grad_action = -dq_da / N`. Which
#    number is wrong, by what factor, and would the learning curve show it?
# 2. Why must Q be run at $\mu(s)$ *before* `action_gradient` is called, although the replay buffer already holds an action
#    for each state?
# 3. `actor_loss` passes the gradient check with relative error 1e-16. Name two reasons why following it may still make the
#    return worse.
# 4. An actor's output is at ±1 in every state, and some of these actions are wrong. The critic knows, $\nabla_a Q$ is large.
#    What does the actor learn?
# 5. In the theorem the states are those that $\mu$ visits. What would have to be added if they are not?

# %% [markdown] fold="Answers"
# 1. The actor's gradient is too small by the factor N: the mean is taken twice. Adam divides by the gradient's own size and hides
#    most of it. A gradient check shows it at once, and the slope of a single q in its own action shows where.
# 2. `action_gradient` is the slope at the action of the forward pass whose cache it gets. The slope asked for is the one
#    where the actor stands today.
# 3. The surrogate is not J. The states are the replay's and not the policy's (gap 1), their later changes are left out
#    (gap 2), the critic's slopes may be wrong (gap 3), and the batch is small (gap 4). And a step that is too long leaves the place
#    for which the slope holds.
# 4. Almost nothing. The slope $1 - \mu^2$ of its tanh is about 0, and it stands in the chain between $\nabla_a Q$ and
#    $\theta^\mu$.
# 5. $\nabla_\theta Q^\mu(s, a)$ at a fixed action: how the later behaviour of the policy changes the value. Along the
#    policy's own states it is contained in the terms of the later ones; elsewhere it is not.

# %% [markdown]
# ## Remember
#
# - The actor climbs Q: $\nabla_a Q$ at its own action $\mu(s)$, times $-1/N$ for the loss, back through the actor.
# - $\nabla_a Q$ is the critic's *input* gradient. The critic's parameters are constants in this step.
# - `actor_loss` is the exact gradient of $-\frac1N\sum Q_\theta(s, \mu(s))$; a numerical derivative agrees.
# - It is not $\nabla J$: the replay's states, $\nabla_\theta Q^\mu$ dropped, a learned critic, a minibatch.
# - A curve cannot show whether the gradient is right. Taken at the replayed action, it still solves Pendulum.
#
# The real code: `actor_loss` in [`ddpg/agent.py`](../minddpg/ddpg/agent.py), `action_gradient` in
# [`ddpg/networks.py`](../minddpg/ddpg/networks.py), the linear system in
# [`verification/lqr.py`](../minddpg/verification/lqr.py), with its derivation in
# [policy-gradient.md](../docs/policy-gradient.md). Next: [07 · The replay buffer](07_replay.ipynb).
