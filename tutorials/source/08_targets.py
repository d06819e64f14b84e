# %% [markdown]
# # 08 · Target networks, and the deadly triad
#
# **After this chapter** you have written the step by which targets follow, you can say why $y$ must not move with $\theta$, how
# slow is slow enough, and when a value that a critic reports cannot be true.
#
# **You need** chapter 05: the critic's loss, its target $y$ (equation 5), and the semi-gradient. Chapter 07's memory helps.
#
# **Time** {minutes} minutes. **Cost** fifteen seconds of computing.
#
# You will meet $\theta$, all parameters of a network as one vector, and $\theta'$, those of its target.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg import DDPG, Batch, Config, ReplayBuffer, nn
from minddpg.course.ch08_targets import figures
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style
from minddpg.training.environment import make

use_style()
rng = np.random.default_rng(8)

# %% [markdown]
# ## Predict
#
# A target network is a copy of a network that follows it. At each update it goes the part $\tau$ of the way towards it. Take
# $\tau$ = 0.001, 0.02 and 1. Write down, before you read on:
#
# 1. After about how many updates has half of the distance to a network that stands still been covered?
# 2. Which of the three learns Pendulum in 12,000 steps?
# 3. No reward of Pendulum is above 0. What would a critic say if bootstrapping went wrong?

# %% [markdown]
# ## A goal that moves
#
# In chapter 05 the critic learned by regression, towards
#
# $$y = r + \gamma\, Q(s', \mu(s'))$$
#
# and we agreed to treat $y$ as a constant. Its *gradient* is left out, but its *value* still changes: $y$ is computed by the very
# network that is being changed. In a table that would do no harm, since the entries of $(s, a)$ and of $(s', \mu(s'))$ are
# two numbers. In a network, whatever raises one raises its neighbours too. And $s'$ is a neighbour of $s$: chapter 07 measured
# how alike they are.
#
# How much does the goal move? Train an agent for a moment, then look at single rows.

# %%
env = make("Pendulum-v1")
agent = DDPG(3, env.action_low, env.action_high, Config(), np.random.default_rng(0))
memory = ReplayBuffer(10_000, obs_dim=3, action_dim=1)
obs = env.reset(seed=0)
for step in range(1, 2_501):
    warming_up = step <= 1_000
    action = agent.random_action() if warming_up else agent.act(obs, explore=True)
    next_obs, reward, terminated, truncated = env.step(agent.action_box.to_env(action))
    memory.add(obs, action, reward, next_obs, terminated)
    obs = env.reset(seed=step) if terminated or truncated else next_obs
    if not warming_up:
        agent.update(memory.sample(64, rng))

# %% [markdown]
# Now one plain step of gradient descent on one row, $\theta \leftarrow \theta - \eta\, \nabla_\theta (Q(s, a) - y)^2$, with a small
# step size $\eta$. What it should move is $Q(s, a)$. Beside it stands what moves without being asked, the goal
# $y = r + \gamma\, Q(s', \mu(s'))$ of the same row, if it is computed by the network itself. Then $\theta$ is put back, and the
# next row has its turn. At last, the row whose $Q$ moved most is trained alone for 100 such steps: with that goal, and with a
# goal that is computed once and then held.


# %%
def goal(row):
    """Return y without a target network: the network's own opinion of what comes next."""
    next_action, _ = agent.actor.forward(row.next_obs)
    next_q, _ = agent.critic.forward(row.next_obs, next_action)
    return row.reward + 0.99 * next_q


def value(row):
    return agent.critic.forward(row.obs, row.action)[0]


def descend(row, y, rate=2e-6):
    agent.critic.theta -= rate * agent.critic_loss(row, y)[1]


batch, theta = memory.sample(64, rng), agent.critic.theta.copy()
rows = [Batch(*(part[i : i + 1] for part in batch)) for i in range(64)]
moved = []
for row in rows:
    q, y = value(row), goal(row)
    descend(row, y)
    moved.append((value(row) - q, goal(row) - y))
    agent.critic.theta[:] = theta
own, of_goal = np.array(moved)[:, :, 0].T

row = rows[np.abs(own).argmax()]
chases = {}
for name in ("a goal that moves", "a goal that is held"):
    held, path = goal(row), []
    for _ in range(100):
        y = held if "held" in name else goal(row)
        path.append((value(row)[0], y[0]))
        descend(row, y)
    agent.critic.theta[:] = theta
    chases[name] = np.array(path).T

figures.a_goal_that_moves(own, of_goal, chases)
plt.show()

share = np.median(of_goal / own)
print(f"median of 64 rows: the goal moves {100 * share:.0f} % as far as Q(s, a) itself")

# %% [markdown]
# Left: nearly every point lies close to the dashed line. The goal runs away almost as fast as it is approached. The network
# has not learned that these two states are worth less; it has learned that *everything around here* is. Middle: because
# $Q(s, a)$ is above its goal, both go down, hand in hand, and by much more than the first distance between them. All that from
# one reward, the same at every step. Right: with the goal held, the same steps close the gap and stop.
#
# Moving goals need not end badly. If other rows pull the other way, the errors even out, and the goal is caught in the end. But
# nothing guarantees it, and where the pull is upward the actor makes it worse: it looks for the actions whose $Q$ is too high.

# %% [markdown]
# ## A copy that stands nearly still
#
# So DDPG computes $y$ with networks of their own, the *targets* $Q'$ and $\mu'$. They look like $Q$ and $\mu$ and have parameters
# $\theta'$ of their own. Equation (5), as algorithm 1 of the paper uses it, with terminated = 1 where the task ended:
#
# $$y = r + \gamma\,(1 - \text{terminated})\; Q'(s', \mu'(s'))$$
#
# > `next_q, _ = self.target_critic.forward(batch.next_obs, next_action)` · `ddpg/agent.py`
#
# The actor has a target, too: $y$ would move with $\mu$ if it asked $\mu$ instead of $\mu'$.
#
# A copy that stood still for ever would be no use, since $y$ would stay what it was at the start. So after each update the copy
# goes a small part $\tau$ of the way:
#
# $$\theta' \leftarrow \tau\, \theta + (1 - \tau)\, \theta'$$
#
# > `target += tau * online` · `nn/adam.py`
#
# The line above it in that file is `target *= 1 - tau`. Both write into the array that is there. This is called *Polyak
# averaging*, or a soft update. The paper's $\tau$ is 0.001.

# %% exercise="08.1"

# %% [markdown]
# ## Where the copy starts
#
# At the start $\theta' = \theta$, exactly.
#
# > `self.target_critic = copy.deepcopy(self.critic)` · `ddpg/agent.py`
#
# It needs the same numbers, or the first $y$ would come from some other random function. And it needs memory of its own, or what
# moves the network moves the target at the same moment. Look at a new agent's arrays:

# %%
fresh = DDPG(3, env.action_low, env.action_high, Config(), np.random.default_rng(1))
for name, online, target, layers in (
    ("actor", fresh.actor, fresh.target_actor, fresh.target_actor.mlp.layers),
    ("critic", fresh.critic, fresh.target_critic, fresh.target_critic.head.layers),
):
    equal = np.array_equal(online.theta, target.theta)
    shared = np.shares_memory(online.theta, target.theta)
    looks = np.shares_memory(layers[0].weight, target.theta)
    print(f"{name:6} equal: {equal}  same memory: {shared}  layers look into θ': {looks}")

# %% [markdown]
# The last column is a trap of its own. In `minddpg` all layers of a network are *views*, windows into one vector $\theta$. A plain
# `deepcopy` copies the vector and each window separately. The Polyak step would then move a vector at which no layer looks, and
# the target would stand still for ever. So a network says itself, in the `__reduce__` that `deepcopy` asks for, how it is
# copied: as a new one on the copied vector.
#
# > `return type(self), (*sizes, None, self.theta, self.statistics)` · `ddpg/networks.py`

# %% exercise="08.2"

# %% [markdown]
# ## How slow is slow?
#
# Put the step into itself, again and again, and you see what $\theta'$ is made of after $n$ updates:
#
# $$\theta'_n = \tau \sum_{k=0}^{n-1} (1 - \tau)^k\, \theta_{n-k} + (1 - \tau)^n\, \theta_0$$
#
# It is a mean of all earlier networks, with weights that fade the further back they lie. If $\theta$ stands still, the distance
# to it shrinks by the factor $1 - \tau$ at each update. You know such memories from half-lives.

# %% exercise="08.3"

# %% [markdown]
# Now look at real ones. The precomputed file holds one weight of the critic's first layer at each of 7,000 updates of the
# default agent, seed 0. Three followers are computed from it here. One of them has the $\tau$ of that run, so it has to be the weight of
# the run's own target.

# %%
LIVE = False  # True does it here: about 10 seconds

# %%
run = precomputed("ch08/weights", live=LIVE)


def follow(online, start, tau):
    target, path = np.array([start]), []
    for theta in online:
        nn.polyak_update(target, theta, tau)
        path.append(target[0])
    return np.array(path)


followers = {tau: follow(run["online"], run["start"], tau) for tau in (0.001, 0.02, 0.1)}
figures.slow_followers(run["online"], followers, run["values"])
plt.show()

apart = np.abs(followers[0.02][99::100] - run["target"]).max()
print(f"our follower and the run's own target, τ = 0.02: at most {apart:.0e} apart")
for tau in followers:
    half = np.log(0.5) / np.log(1 - tau)
    print(f"τ = {tau:<5g}  half-life {half:5.1f} updates   1/τ = {1 / tau:4.0f}")
jumps = np.abs(np.diff(run["values"], axis=0)).mean(axis=0)
print(f"in one update Q moves by {jumps[0]:.2f} on average, Q' by {jumps[1]:.2f}")

# %% [markdown]
# Left: the follower of $\tau$ = 0.1 can hardly be told from the weight, that of 0.001 is late by a good part of the run. Middle:
# $\tau$ decides both how far back the mean reaches and how little any single network counts in it. Right: $Q$ of one state, a
# pendulum that hangs at rest, by the networks and by their targets. What the critic says trembles with each minibatch. What its
# goals are made of does not, and lags behind by a little.
#
# A small $\tau$ makes $y$ calm and old, a large one makes it fresh and nervous. What is
# best? The study `tau` (`minddpg study tau`) trained the default agent with five of them, ten seeds each. *Regret* is what the
# exact policy of chapter 01 earns from the same starts, minus what the agent earns. That of an untrained agent is about a thousand:
# look where the curves begin.

# %%
study = precomputed("ch08/tau")
figures.how_fast(study["taus"], study["regret"], study["last"])
plt.show()

for tau, last in zip(study["taus"], study["last"]):
    print(f"τ = {tau:<5g} regrets at the end:", np.sort(last).round().astype(int))

# %% [markdown]
# Slow enough is a wide range. Between 0.005 and 0.1, a factor of 20, the end differs by nothing that ten seeds can show.
# Without targets ($\tau$ = 1) no seed comes within 50 of the exact policy. With 0.001 they are all on their way, and 12,000 steps
# are too few.

# %% [markdown] fold="Answers to the predictions"
# 1. After 693 and 34 updates: $\ln(1/2) / \ln(1 - \tau)$. With $\tau$ = 1 the first update covers all of it: the target *is* the
#    network, as if there were none.
# 2. Only $\tau$ = 0.02.
# 3. Something above 0, if the pull is upward. See below; but it may also stay below 0 and be wrong all the same.

# %% [markdown]
# ## The paper's figure 2
#
# The paper takes DDPG apart: with and without target networks, with and without batch normalisation (a layer that keeps the sizes
# of its inputs alike, chapter 12). The study `figure2` does it again at a size that a laptop can repeat: 20,000 steps, ten seeds on
# Pendulum, five on a pole to be balanced, 1 for each step that it stays up. Since batch norm needs it, the action enters at the
# critic's second layer; the last variant is the first one with the action at the first.

# %%
study2 = precomputed("ch08/figure2")
names = ["targets", "targets, batch norm", "batch norm", "neither"]
names += ["targets, action first"]
curves = {
    title: [study2[f"{task}_{i}"] for i in range(5)]
    for title, task in (("Pendulum", "pendulum"), ("The pole", "pole"))
}
figures.figure_2(names, curves)
plt.show()

for task in ("pendulum", "pole"):
    print(f"{task}: returns of the last policies")
    for i, name in enumerate(names):
        print(f"  {name:22}", np.sort(study2[f"{task}_{i}_last"]).round().astype(int))

# %% [markdown]
# The paper finds that learning without target networks is very poor in many tasks, and that to do well in all of them it takes
# targets and batch norm. For targets that repeats on Pendulum: with them five of ten seeds swing it up, without them none. On the
# pole, two of five seeds end well either way: there the difference is in the values, as you will see in a moment. For batch norm
# it does not repeat at this size: with it no seed learns either task. And in the last variant, where only the place of the action
# is another, all seeds learn both tasks.
#
# Read such a figure with that in mind. It says what targets did *to this agent, in this task, in these steps*.

# %% [markdown]
# ## Values that cannot be
#
# A return is a sum of rewards, each with a weight $\gamma^k$. If no reward is below $r_{\min}$ or above $r_{\max}$, and episodes
# never end for good, then for every policy, state and action
#
# $$\frac{r_{\min}}{1 - \gamma} \;\le\; Q(s, a) \;\le\; \frac{r_{\max}}{1 - \gamma},
# \qquad\text{since}\quad 1 + \gamma + \gamma^2 + \dots = \frac{1}{1 - \gamma}$$
#
# (If they can end for good, fewer rewards may come, down to none, so 0 belongs inside the bounds, too.) Nothing in DDPG keeps $Q$
# there. So each update reports the smallest and the largest $Q$ of its minibatch, and you can compare them with the bounds:
#
# > `"q_max": float(q.max()),` · `ddpg/agent.py`

# %% exercise="08.4"

# %%
worst = -(np.pi**2 + 0.1 * 8**2 + 0.001 * 2**2)  # hanging, full speed, full torque
print(f"Pendulum: rewards from {worst:.1f} to 0, so Q from {worst / 0.01:,.0f} to 0")
print(f"the pole: rewards from 0 to 1, so Q from 0 to {1 / 0.01:.0f}  (1 - γ = 0.01)")

highest = study["highest_q"][:, :, -1]
pole = {n.replace(", ", ",\n"): study2[f"pole_{i}_q"] for i, n in enumerate(names[:4])}
figures.impossible_values(study["taus"], highest, study["last"], pole)
plt.show()

for tau, q, last in zip(study["taus"], highest, study["last"]):
    print(
        f"τ = {tau:<5g} seeds with Q above 1: {np.sum(q > 1):2}, highest {q.max():5.1f};"
        f" seeds with a regret above 30: {np.sum(last > 30):2}"
    )

# %% [markdown]
# On the pole the alarm is loud. Without targets $Q$ climbs as far as tens of thousands, with batch norm beyond a
# hundred thousand, where nothing is worth more than 100. And even with targets every seed leaves the bounds: targets
# slow a wrong value down, they do not forbid it.
#
# On Pendulum a little above 0 means nothing: a new critic says about 0 everywhere. So the table counts from 1. Look
# at both corners. Bottom right: agents whose $Q$ is impossible and whose policy is good. An actor follows the *slope*
# of $Q$ in $a$, and a critic may be too high everywhere by the same amount. Top left: agents that have not learned,
# and whose $Q$ hardly rose above 0. So an alarm proves that the critic is wrong. Silence proves nothing.

# %% [markdown]
# ## The deadly triad
#
# What is it that can go wrong here? Three ingredients. With a value that is linear in its parameters any two of them
# are safe, and all three together may diverge. (With networks, not even two are proven safe.)
#
# - **bootstrapping**: the goal contains the learner's own estimate;
# - **function approximation**: states share parameters, so that moving one value moves others;
# - **off-policy learning**: states are updated as often as the memory has them, not as often as the policy visits them.
#
# Two states show it. The first leads to the second. The second leads to itself, or with probability 0.1 to the end.
# All rewards are 0, so all true values are 0. The approximation has one parameter $w$, and says $V = w$ in the first
# and $V = 2w$ in the second state. (The example is Tsitsiklis and Van Roy's.) An update at a state with features $x$
# is the semi-gradient step of chapter 05,
#
# $$w \leftarrow w + \eta\,(y - x \cdot w)\, x, \qquad y = r + \gamma\, x' \cdot w$$
#
# An episode is once in the first state and, leaving with probability 0.1, ten times in the second, on average. The memory below
# has as many rows of the one as of the other.


# %%
SHARED, TABLE = np.array([[1.0], [2.0]]), np.eye(2)  # the features of both states
FIFTY_FIFTY, ON_POLICY = 1 / 2, 1 / 11  # how often the first one is updated


def learn(features, first, bootstrap=True, tau=1.0, updates=2_000, rate=0.05):
    """Return V(first state) at each update; its true value is 0."""
    draws = np.random.default_rng(0)
    w = np.array([1.0]) if len(features.T) == 1 else np.array([1.0, 2.0])
    target, path = w.copy(), []
    for _ in range(updates):
        at_first = draws.random() < first
        ended = not at_first and draws.random() < 0.1
        x = features[0] if at_first else features[1]
        y = 0.0 if ended or not bootstrap else 0.99 * features[1] @ target
        w += rate * (y - x @ w) * x
        nn.polyak_update(target, w, tau)
        path.append(features[0] @ w)
    return np.array(path)


ways = {
    "all three": learn(SHARED, FIFTY_FIFTY),
    "no bootstrapping:\ny is the return": learn(SHARED, FIFTY_FIFTY, bootstrap=False),
    "on-policy": learn(SHARED, ON_POLICY),
    "no approximation:\na table": learn(TABLE, FIFTY_FIFTY),
    "all three, and a\ntarget, τ = 0.02": learn(SHARED, FIFTY_FIFTY, tau=0.02),
}
figures.the_triad(ways)
plt.show()

for name, path in ways.items():
    name = name.replace("\n", " ")
    print(f"{name:35} after {len(path):,} updates: V = {path[-1]:.2g}")
for name, first in (("fifty-fifty", FIFTY_FIFTY), ("on-policy", ON_POLICY)):
    up = first * 0.99 * 2 * 1 + (1 - first) * 0.9 * 0.99 * 2 * 2  # Σ x y, for w' = 1
    end = up / (first * 1 + (1 - first) * 4)
    print(f"{name}: with w' held, regression ends at {end:.3f} w'")

# %% [markdown]
# Why? At the first state $y - w = \gamma \cdot 2w - w = 0.98\,w$: the step goes up, and the goal goes up twice as
# fast. At the second state $y - 2w$ is on average $0.9\,\gamma \cdot 2w - 2w = -0.22\,w$, which times $x = 2$ pulls
# $w$ down by 0.44 of it. Ten such pulls win against one of 0.98. One loses.
#
# Now the light blue curve. A target network did **not** remove any of the three. It still diverges, only later. The
# last two lines that were printed say why. Hold $w'$, and let the regression run to its end: each row says
# $x \cdot w = y$, and the least squares answer is $w = \sum x y / \sum x^2$. Fifty-fifty that is above $w'$ itself.
# So $w'$ follows something that is always a tenth ahead of it. With the on-policy weights it is below, and everything
# shrinks. Here $\tau$ decides how fast, not where to.
#
# What targets give is *time*. Goals stand nearly still, so the critic's learning is an ordinary regression, one after
# the other. In DDPG, with many parameters and rows that are mostly near the present policy, that is usually enough.
# It is no theorem, and DDPG has none. Hence the alarm.

# %% [markdown]
# ## Break it
#
# Four mistakes with targets; the last two have been found in published code. **Predict** what each does to the target, and to the
# return on Pendulum:
#
# 1. `polyak-reversed`: $\theta' \leftarrow (1 - \tau)\, \theta + \tau\, \theta'$;
# 2. `target-shared`: `target = network`, no copy, and the Polyak step is then done on the one array;
# 3. `targets-apart`: the target gets random weights of its own at the start;
# 4. `target-actor-frozen`: $\mu'$ is never moved.
#
# The first two can be seen without an agent. What all of them do to one is in the study `zoo` (`minddpg study zoo`),
# five seeds each, together with a fifth, `target-online`: targets are there, but $y$ asks the networks.

# %%
theta, moving = rng.standard_normal(1_000), rng.standard_normal(1_000)
reversed_target = theta.copy()
nn.polyak_update(reversed_target, moving, tau=1 - 0.02)
left = np.linalg.norm(moving - reversed_target) / np.linalg.norm(moving - theta)
print(f"reversed: one update later {100 * left:.0f} % of the distance is left")

before, shared = np.linalg.norm(theta), theta  # no copy
for _ in range(5_000):
    nn.polyak_update(shared, theta, tau=0.02)
shrunk = np.linalg.norm(theta) / before
print(f"shared: 5,000 updates later the *network* is {shrunk:.3f} times as long")
print(f"        (1 - τ²)^5000 = {(1 - 0.02**2) ** 5_000:.3f}")

bugs = precomputed("ch08/bugs")
lowest, highest = bugs["q_min"].min(-1), bugs["q_max"].max(-1)
figures.bugs_of_targets(bugs["names"], bugs["last"], lowest, highest)
plt.show()
for name, last in zip(bugs["names"], bugs["last"]):
    print(f"{name:20} returns of the last policies: {np.sort(last).round().astype(int)}")

# %% [markdown] fold="What happened"
# **Reversed**: but for 2 % the target is the network itself, so there is no target to speak of. **Shared**: `target *= 1 - tau` shrinks
# the one array by $1 - \tau$, and `target += tau * online` adds $\tau$ of what is left of it. Together that is the factor
# $(1 - \tau)(1 + \tau) = 1 - \tau^2$ on all weights at each update. So it is not only that nothing holds the goal: all weights are
# pulled towards 0 as well. `target-online`, where targets exist but $y$ does not ask them, shows the first harm without the second.
#
# And then two that the return would never show. With targets that start **apart**, the return is as good as the correct code's: after a few
# half-lives nothing of the start is left. With a **frozen** $\mu'$ all five seeds learn Pendulum as well. Its first weights are
# small, so $\mu'$ says about "no torque" for ever. $Q$ is then the value of one action, and of no torque afterwards, and on
# Pendulum even the slope of that points the right way. But it is not $Q^\mu$: look how low it reaches. In another task that
# would be the end.
#
# A return proves nothing. What finds all of them are properties: the targets start as copies; they share no memory with anything;
# each goes $\tau$ of the way; $y$ does not change if the online networks do. `minddpg check --bugs` tests them.

# %% [markdown]
# > **In a framework** you write `target = copy.deepcopy(network)`, then in each update, under `torch.no_grad()`,
# > `for t, p in zip(target.parameters(), network.parameters()): t.lerp_(p, tau)`. Three things to know. `target = network` is one network with
# > two names. `parameters()` leaves out what batch norm has measured (its *buffers*), so those do not follow. And $y$ has to be computed
# > under `no_grad` too, or its graph is built for nothing, and an optimiser that was given the wrong parameters may use it.

# %% [markdown]
# > **On scale.** $\tau$ counts in updates. What matters is the half-life beside two other times: how long the critic needs for one
# > regression, and how many updates the whole run has. The paper's 0.001 belongs to its 2.5 million steps. The bounds of $Q$ go with the
# > rewards and with $1/(1 - \gamma)$: multiply the rewards by 10, and every value, and every alarm, moves by 10.

# %% [markdown]
# ## Quiz
#
# 1. With $\tau$ = 1, is there any difference left between DDPG and the same algorithm without target networks?
# 2. With $\tau$ = 0.001 the half-life is about 700 updates. Why are 12,000 steps too few all the same?
# 3. Someone writes `agent.target_critic.theta = agent.critic.theta.copy()` to make a hard copy now and then. In `minddpg`, what
#    happens?
# 4. Your agent's return is excellent and its largest $Q$ is +15 on Pendulum. What do you know?
# 5. Which of the three parts of the triad could DDPG give up, and what would it lose?

# %% [markdown] fold="Answers"
# 1. No. After each update $\theta' = \theta$, so the next $y$ is computed by the very networks that are about to change.
# 2. A reward is told backwards one bootstrap at a time. $Q'$ has to learn of it before $y$ one step earlier can contain it, and
#    $Q'$ learns with a delay of about $1/\tau$ updates. A swing-up is tens of steps long, and 12,000 steps are no more than 12 such delays.
# 3. Nothing good: the name `theta` now points to a new vector, and the layers still look at the old one. The Polyak step now moves the new
#    vector, so the target stands still for ever. Write
#    `agent.target_critic.theta[:] = agent.critic.theta`.
# 4. That the critic is wrong, by 15 at least, somewhere in the memory. And that the policy is good all the same.
# 5. Bootstrapping: then it needs whole returns of the present policy, and can use no old rows. Off-policy learning: then it has no
#    replay, and each step is used once. Approximation: then it has a table, and no continuous states or actions. It gives up none of
#    them. It makes each of them milder: slow targets, fresh enough rows, small steps.

# %% [markdown]
# ## Remember
#
# - In a network $Q(s', \cdot)$ moves with $Q(s, a)$, so a goal computed by the learner runs away from it.
# - Targets start as exact copies in memory of their own, both of them, and go $\tau$ of the way at each update.
# - Half-life $\ln(1/2)/\ln(1-\tau)$: too short and the goal trembles, too long and it is stale. In between a wide range works.
# - Values have bounds, $r_{\min}/(1-\gamma)$ and $r_{\max}/(1-\gamma)$. Outside them the critic is wrong; inside, it may be.
# - Bootstrapping, approximation and off-policy learning diverge together. Targets slow that down and do not forbid it.
#
# The real code: [`ddpg/agent.py`](../minddpg/ddpg/agent.py) and [`nn/adam.py`](../minddpg/nn/adam.py). Next:
# [09 · Exploration and action bounds](09_exploration.ipynb), or straight on to
# [10 · Your DDPG](10_your_ddpg.ipynb).
