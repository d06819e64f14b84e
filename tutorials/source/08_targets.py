# %% [markdown]
# # 08 · Target networks, and the deadly triad
#
# **After this chapter** you have written the step by which target networks follow. You can say why $y$ should not move with
# $\theta$, how slowly targets should follow, which values of a critic are impossible, and when bootstrapping diverges.
#
# **You need** chapter 05: the critic's loss, its target $y$ (equation 5), and the semi-gradient.
#
# **Time** {minutes} minutes. **Cost** twenty seconds of computing.
#
# $\theta$ is the vector of all parameters of a network, and $\theta'$ that of its target. Exercise numbers are only names:
# 08.4 comes after 08.1.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg.course.ch08_targets import figures
from minddpg.course.ch08_targets.moving_goal import chase, descend, young_agent
from minddpg.course.own_code import whose, yours
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style
from minddpg.nn import adam

use_style()

# %% [markdown]
# ## Predict
#
# A target network is a copy of a network that follows it. At each update the copy covers the fraction $\tau$ of the
# distance between them. Take $\tau$ = 0.001, 0.02 and 1. Write down, before you read on:
#
# 1. Suppose that the network stands still. After how many updates has its target covered half of the distance?
# 2. Which of the three learns Pendulum in 12,000 steps?
# 3. No reward of Pendulum is above 0. How could you see in the values of a critic that bootstrapping went wrong?

# %% [markdown]
# ## A goal that moves
#
# In chapter 05 the critic learned by regression towards $y = r + \gamma\, Q(s', \mu(s'))$, and $y$ was treated as a
# constant. This leaves out its *gradient*, but its *value* still changes, because $y$ is computed by the network that is
# being changed. In a table that does no harm: $(s, a)$ and $(s', \mu(s'))$ have separate entries. In a network, a step
# that raises one value raises its neighbours too, and $s'$ is a neighbour of $s$.
#
# How far does the goal move? Take an agent after 1,500 updates, and one row $(s, a, r, s')$ of its buffer. Make one small
# step of gradient descent on this row alone. The step should move $Q(s, a)$. It also moves the goal $y$, because the same
# network computes it. Then restore $\theta$ and take the next row.
#
# At the end, the row with the largest change of $Q$ is trained for 100 steps, once with its moving goal, and once with a
# goal that is computed at the start and held fixed.

# %%
agent, rows = young_agent()
td_target, never = yours("05.1"), np.array([False])


def goal(row):
    """Return y without a target network: r + γ times the network's own prediction."""
    next_action, _ = agent.actor.forward(row.next_obs)
    next_q, _ = agent.critic.forward(row.next_obs, next_action)
    return np.asarray(td_target(row.reward, row.terminated, never, next_q, 0.99))


def value(row):
    return agent.critic.forward(row.obs, row.action)[0]


theta, moved = agent.critic.theta.copy(), []
for row in rows:
    q, y = value(row), goal(row)
    descend(agent, row, y)
    moved.append((value(row) - q, goal(row) - y))
    agent.critic.theta[:] = theta
of_q, of_goal = np.array(moved)[:, :, 0].T

chases = chase(agent, rows[np.abs(of_q).argmax()], goal)
figures.a_goal_that_moves(of_q, of_goal, chases)
plt.show()
print(f"median of 64 rows: y moves {np.median(of_goal / of_q):.2f} times as far as Q(s, a)")

# %% [markdown]
# Left: nearly every row is close to the dashed line, so the goal moves almost as far as $Q(s, a)$ does. The network has not
# learned that this one pair is worth less. It has learned that *everything around here* is. Middle: $Q(s, a)$ chases its
# goal, and both fall by much more than the first distance between them. Right: with a goal that is held fixed, the same
# steps close the gap and stop.
#
# A moving goal need not end badly. Other rows may pull the other way, and then $Q$ reaches its goal in the end. But
# nothing guarantees this. If the pull is upward, the actor makes it worse: it looks for actions with a high $Q$, and so
# finds those with a $Q$ that is too high. Then $y$ is too high as well. This is called *overestimation*.

# %% [markdown]
# ## A copy that stands nearly still
#
# So DDPG computes $y$ with two further networks, the *targets* $Q'$ and $\mu'$, whose parameters are $\theta'$:
#
# $$y = r + \gamma\,(1 - \text{terminated})\; Q'(s', \mu'(s')) \tag{5}$$
#
# The actor has a target too, because $y$ would otherwise move whenever $\mu$ does.
#
# At the start each target is an exact copy of its network. It needs the same numbers, because another random function would
# give meaningless goals at first. And it needs its own memory, because otherwise it would move with the network.
#
# > `self.target_critic = copy.deepcopy(self.critic)` · `ddpg/agent.py`
#
# A copy that never moved would be useless, because $y$ would never improve. So after each update the target covers a small
# fraction $\tau$ of the distance. This is called *Polyak averaging*, or a soft update:
#
# $$\theta' \leftarrow \tau\, \theta + (1 - \tau)\, \theta'$$

# %% exercise="08.1"

# %% [markdown]
# The package needs two lines, which write into the existing array:
#
# > `target *= 1 - tau` · `nn/adam.py`
#
# > `target += tau * online` · `nn/adam.py`
#
# ## How slow is slow?
#
# Insert the step into itself, again and again, to see what $\theta'$ consists of after $n$ updates
# ([derivation](../docs/mathematics.md#polyak-averaging)):
#
# $$\theta'_n = \tau \sum_{k=0}^{n-1} (1 - \tau)^k\, \theta_{n-k} + (1 - \tau)^n\, \theta_0$$
#
# It is a weighted mean of all earlier $\theta$. The weights fade with age, and the mean age is about $1/\tau$. If $\theta$
# stands still, the distance is multiplied by $1 - \tau$ at each update, so half of it is left after
# $\ln \frac12 / \ln(1 - \tau)$ updates, the *half-life*.
#
# The next cell follows a real weight with your step: one weight of the default agent's critic, recorded at each of its
# 7,000 updates. The follower with $\tau$ = 0.02 should equal the agent's own target, up to rounding.

# %%
run = precomputed("ch08/weights", live=False)  # True trains again: about 10 seconds
checked_step, followers = yours("08.1"), {}
for tau in (0.001, 0.02, 0.1):
    target, path = np.array([run["start"]]), []
    for theta in run["online"]:
        checked_step(target, np.array([theta]), tau)
        path.append(target[0])
    followers[tau] = np.array(path)
    print(f"τ = {tau:<5g} half-life {np.log(0.5) / np.log(1 - tau):5.1f} updates")
figures.slow_followers(run["online"], followers, run["values"], whose("08.1"))
plt.show()
apart = np.abs(followers[0.02][99::100] - run["target"]).max()
print(f"follower with τ = 0.02 and the agent's own target: at most {apart:.0e} apart")

# %% [markdown]
# Left, the first 2,500 updates: the follower with $\tau$ = 0.1 can hardly be distinguished from the weight; the one with
# 0.001 is late by more than a thousand updates. Middle: the weights of the mean above. Right: the value of one state. The
# critic's estimate jitters with each minibatch. The target's estimate is smooth, and late by roughly 60 updates.
#
# A small $\tau$ makes $y$ steady and old, a large one fresh and noisy. Which is best? The study `tau`
# ([results](../docs/results.md#how-fast-should-the-targets-follow)) trained default agents with five values. *Regret* is
# the return of chapter 01's exact policy minus the agent's, from the same starts. DQN
# ([Mnih et al.](https://doi.org/10.1038/nature14236)) uses a hard copy instead, renewed every $C$ updates. Such a copy is
# $C/2$ updates old on average. So, on the right, compare $C$ = 2,000 with $\tau$ = 0.001, 100 with 0.02 and 20 with 0.1.

# %%
study, copies = precomputed("ch08/tau"), precomputed("ch08/hard_copies")
figures.how_fast(study, copies)
plt.show()

# %% [markdown]
# From $\tau$ = 0.005 to 0.1, a factor of 20, ten seeds show no difference. Without targets ($\tau$ = 1) no seed comes within
# 50 of the exact policy. With 0.001 all are still improving: 12,000 steps are too few. Hard copies every 100 or 20 updates do
# as well as soft updates (five seeds). With $C$ = 2,000 there are only five copies in the run. Each carries information
# about a reward only one step further back, so no seed learns.

# %% [markdown] fold="Answers to the predictions"
# 1. After 693 and 34 updates: $\ln \frac12 / \ln(1 - \tau)$. With $\tau$ = 1 the first update covers the whole distance:
#    the target equals the network, so it has no effect.
# 2. Only $\tau$ = 0.02.
# 3. Some value may rise above 0, which no return can. But values may also stay below 0 and be wrong.

# %% [markdown]
# ## The paper's figure 2
#
# The [paper](https://arxiv.org/abs/1509.02971) tests DDPG with and without target networks, and with and without
# [batch normalisation](../docs/batch-norm.md), a layer that normalises its inputs over the minibatch. The study `figure2`
# repeats this on a scale for laptops: 20,000 steps, ten seeds on Pendulum, and five on a pole that must be balanced, with
# reward 1 for each step that it stays up. In the first four variants the action enters at the critic's second layer,
# because batch norm requires it. The fifth is the first again, with the action at the first layer.

# %%
figure2 = precomputed("ch08/figure2")
names = (
    "targets",
    "targets,\nbatch norm",
    "no targets,\nbatch norm",
    "no targets",
    "targets,\naction first",
)
figures.figure_2(names, figure2)
plt.show()

# %% [markdown]
# The paper reports that learning without targets is very poor in many tasks. On Pendulum this repeats: with targets five
# of ten seeds swing it up, without them none. On the pole two of five seeds end well either way. The benefit of batch
# norm does not repeat on this scale: with it, no seed learns either task. The last variant changes only where the action
# enters, and all its seeds learn both tasks. Such a figure holds for one agent, one task and one number of steps.

# %% [markdown]
# ## Impossible values
#
# A return is a sum of rewards with weights $\gamma^k$. If every reward is between $r_{\min}$ and $r_{\max}$, and episodes
# never terminate, this bounds every value of every policy, because $1 + \gamma + \gamma^2 + \dots = 1/(1 - \gamma)$.
# Nothing in DDPG keeps $Q$ within the bounds.
#
# If episodes can terminate, a return may consist of one reward. With positive rewards the lower bound is then $r_{\min}$
# itself, without the factor $1/(1 - \gamma)$; with negative ones the upper bound is $r_{\max}$. The other bound stays.

# %% exercise="08.4"

# %% [markdown]
# Each update of the package reports the smallest and the largest $Q$ of its minibatch, so you can run your alarm on any
# log:
#
# > `"q_max": float(q.max()),` · `ddpg/agent.py`

# %%
checked_alarm = yours("08.4")
lowest = -(np.pi**2 + 0.1 * 8**2 + 0.001 * 2**2)  # reward of Pendulum
print("seeds with an alarm, of ten on Pendulum and five on the pole; the highest Q of all")
margin = 1  # a new critic predicts about 0, which is the bound itself
for tau, runs in zip(study["taus"], study["highest_q"]):
    q = runs[:, -1]
    alarms = np.sum(checked_alarm(np.zeros(10), q - margin, lowest, 0.0, 0.99))
    print(f"Pendulum, τ = {tau:<5g}           {alarms:2}   {q.max():10,.0f}")
pole = {name: figure2[f"pole_{i}_q"] for i, name in enumerate(names[:4])}
for name, q in pole.items():
    alarms = np.sum(checked_alarm(np.zeros(5), q, 0.0, 1.0, 0.99))
    print(f"pole, {' '.join(name.split()):23} {alarms}   {q.max():10,.0f}")
figures.impossible_values(study["taus"], study["highest_q"][:, :, -1], study["last"], pole)
plt.show()

# %% [markdown]
# On the pole no value can exceed 100, but without targets $Q$ reaches tens of thousands, and with batch norm in addition
# more than a hundred thousand. Even with targets every seed leaves the bounds. Targets slow the growth of a wrong value,
# but they do not prevent it. [Van Hasselt et al.](https://arxiv.org/abs/1812.02648) study DQN with the same kind of
# bound.
#
# On Pendulum look at two corners. Bottom right: agents with impossible values and a good policy. An actor follows the
# *slope* of $Q$ in $a$, and the slope can be right where every value is too high by the same amount. Top left: agents that
# have not learned, although their $Q$ hardly rose above 0. So an alarm proves that the critic is wrong; silence does not
# prove that it is right.

# %% [markdown]
# ## The deadly triad
#
# In chapter 05 a critic that bootstrapped from itself made errors many times larger than any value, without a bug. The
# semi-gradient is not the gradient of any function, so nothing guarantees that it converges. When does it fail?
# [Sutton and Barto](https://mitpress.mit.edu/9780262039246/reinforcement-learning/) (section 11.3) name three
# ingredients, the *deadly triad*:
#
# - **bootstrapping**: the goal contains the learner's own estimate;
# - **function approximation**: states share parameters, so that moving one value moves others;
# - **off-policy data**: states are updated in other proportions than the policy visits them.
#
# With values that are linear in their parameters, any two of them are safe if the steps are small enough
# ([Tsitsiklis and Van Roy](https://doi.org/10.1109/9.580874) for on-policy data). All three together may diverge.
#
# Two states suffice to show it (Tsitsiklis and Van Roy's example, 11.1 in the book). The first leads to the second. The
# second leads to itself, or with probability 0.1 to the end. All rewards are 0, so all true values are 0. There is one
# parameter: the first state has value $w$, and the second $2w$. An episode visits the first state once and the second ten
# times on average, but a replay buffer may hold them in other shares. With which shares do the values diverge?
#
# ```text
#  first state: w  ───>  second state: 2w  ───0.1───>  end
#                          ^          │
#                          └───0.9────┘
# ```

# %% exercise="08.5"

# %% [markdown]
# **Predict**: in an episode, the share of the first state is 1/11. From which share on do the values diverge: about
# 1/11, 1/3 or 1/2? `learn` makes gradient steps on the mean of all rows, and moves the target by your Polyak
# step after each of them. It does not wait until the regression has converged.

# %%
ONE, TABLE = np.array([[1.0], [2], [2]]), np.array([[1.0, 0], [0, 1], [0, 1]])  # features
ONE_NEXT, TABLE_NEXT = np.array([[2.0], [2], [2]]), np.array([[0.0, 1], [0, 1], [0, 1]])
ends = np.array([False, False, True])  # rows: first to second, second to itself, to the end


def shares(first):
    return np.array([first, 0.9 * (1 - first), 0.1 * (1 - first)])


def learn(x, x_next, first, tau=1.0, bootstrap=True):
    """Return V(first state) at each of 2,000 updates; its true value is 0."""
    w = np.arange(1.0, 1 + x.shape[1])  # with both kinds of features, values of 1 and 2
    target, path = w.copy(), []
    for _ in range(2_000):
        y = 0.99 * bootstrap * ~ends * (x_next @ target)
        w += 0.05 * x.T @ (shares(first) * (y - x @ w))
        checked_step(target, w, tau)
        path.append(x[0] @ w)
    return np.array(path)


ways = {
    "all three: half of the\nupdates at each state": learn(ONE, ONE_NEXT, 1 / 2),
    "no bootstrapping:\ny is the return": learn(ONE, ONE_NEXT, 1 / 2, bootstrap=False),
    "on-policy": learn(ONE, ONE_NEXT, 1 / 11),
    "no approximation:\na table": learn(TABLE, TABLE_NEXT, 1 / 2),
    "all three, and a\ntarget, τ = 0.02": learn(ONE, ONE_NEXT, 1 / 2, tau=0.02),
}
figures.the_triad(ways, whose("08.1"))
plt.show()

# %%
factor_of, decide = yours("08.5")
grid, tried = np.linspace(0, 1, 201), np.linspace(0, 1, 11)
x, x_next = ONE[:, 0], ONE_NEXT[:, 0]
factors = [factor_of(x, x_next, ends, shares(first), 0.99) for first in grid]
predicted = np.array([bool(decide(f, 0.02)) for f in factors])
grew = np.array([abs(learn(ONE, ONE_NEXT, first, tau=0.02)[-1]) > 1 for first in tried])
figures.which_mixtures(grid, factors, predicted, tried, grew, whose("08.1", "08.5"))
plt.show()
print(f"predicted to diverge from a share of {grid[predicted].min():.3f} on")

# %% [markdown]
# At the first state the error is $\gamma \cdot 2w - w = 0.98\,w$: each step raises $w$, and the goal rises about twice as
# fast. At the second state it is on average $0.9\,\gamma \cdot 2w - 2w = -0.22\,w$, which times $x = 2$ pulls $w$ back by
# $0.44\,w$. Ten such pulls win against one of 0.98. One loses.
#
# A target network removes **none** of the three. The light blue curve diverges as well, only later: the regression ends at
# $1.11\,w'$, so $w'$ never reaches its goal. For a positive factor, $\tau$ decides how fast $w'$ moves, but not in which
# direction. Baird's counterexample (section 11.2 of the book) shows the same with seven states.
#
# Did off-policy data also cause the errors of chapter 05's critic? Train the same network, still bootstrapping from itself,
# on the steps that the policy itself takes: 100 from each of 100 starts.

# %%
print("largest error of each seed, in units of the error of a critic that predicts 0")
for name, title in (("ch05/evaluation", "random steps"), ("ch05/own_way", "its own steps")):
    error = precomputed(name)["itself"][:, :, 0]
    print(f"{title:13} {(error.max(axis=1) / error[:, 0]).round(1)}")

# %% [markdown]
# Along the policy's own steps the pair $(s', \mu(s'))$ is the next row of the data, so its value is corrected as often as
# it is used. With random actions the pair may never occur in the data. The target then uses a value that no data has
# corrected.
#
# Targets give *time*. The goals stand nearly still, so learning is one ordinary regression after another. In DDPG, with
# many parameters and rows mostly near the current policy, this is usually enough. No theorem guarantees it, so keep the
# alarm.

# %% [markdown]
# ## Break it
#
# **Predict** what each of four mistakes does to the target, and to the return on Pendulum:
#
# 1. `polyak-reversed`: $\theta' \leftarrow (1 - \tau)\, \theta + \tau\, \theta'$;
# 2. `target-shared`: `target = network` without a copy, so the Polyak step works on one array;
# 3. `targets-apart`: each target starts with its own random weights;
# 4. `target-actor-frozen`: $\mu'$ never moves.
#
# The first two can be seen without an agent. The study `zoo` shows what all four do to agents, with five seeds each. It
# adds a fifth mistake, `target-online`: targets exist, but $y$ is computed with the networks themselves.

# %%
rng = np.random.default_rng(8)
theta, network = rng.standard_normal((2, 100))
target = theta.copy()
checked_step(target, network, 1 - 0.02)
left = np.linalg.norm(network - target) / np.linalg.norm(network - theta)
print(f"reversed: after one update {100 * left:.0f} % of the distance is left")
for name, step in {"08.1": checked_step, "nn/adam.py": adam.polyak_update}.items():
    shared = theta.copy()
    for _ in range(5_000):
        step(shared, shared, 0.02)
    times = np.linalg.norm(shared) / np.linalg.norm(theta)
    print(f"shared, with {name}: after 5,000 updates θ is {times:.3f} times as long")
bugs = precomputed("ch08/bugs")
figures.bugs_of_targets(bugs, bound=100 * lowest)
plt.show()

# %% [markdown] fold="What happened"
# **Reversed**: each update leaves only 2 % of the distance, so there is hardly a target. **Shared**: if your step
# computes the whole sum before it writes, the array does not change. The package's first line multiplies it by
# $1 - \tau$, and its second adds $\tau$ of what is left: together $(1 - \tau)(1 + \tau) = 1 - \tau^2$ at each update, and
# 0.135 after 5,000. So nothing holds the goal, and in the package all weights are pulled towards 0 as well. In
# `target-online` the goal moves too, but the weights do not shrink.
#
# The return does not show the other two. With targets that start **apart** it is as good as with correct code: after a few
# half-lives nothing of the start is left. With a **frozen** $\mu'$ all five seeds learn Pendulum as well. The first weights
# of $\mu'$ are small, so it always answers "almost no torque", and $Q$ is the value of one action followed by almost no
# torque. On Pendulum the slope of this function happens to point the right way. But it is not $Q^\mu$: see how low it
# reaches. One run of `polyak-reversed` and one of `target-online` even fall below the lower bound of −1,627: the other half
# of your alarm.
#
# A good return proves nothing. Checks of properties find all of these bugs: the targets start as copies; they share no
# memory; each covers $\tau$ of the distance; $y$ does not change when the networks do. `minddpg check --bugs` tests them.

# %% [markdown]
# > **In a framework** you write `target = copy.deepcopy(network)`, and in each update, under `torch.no_grad()`,
# > `for t, p in zip(target.parameters(), network.parameters()): t.lerp_(p, tau)`. Note that `target = network` is one
# > network with two names, and that `parameters()` leaves out the running statistics of batch norm (its *buffers*), so
# > they do not follow.

# %% [markdown]
# > **On scale.** The half-life is a number of updates. Compare it with the time that the critic needs for one regression,
# > and with the length of the run: the paper uses 0.001 for runs of 2.5 million steps. If you multiply the rewards by 10,
# > every value and every bound is 10 times as large.

# %% [markdown]
# ## Quiz
#
# 1. With $\tau$ = 1, does DDPG differ from the same algorithm without target networks?
# 2. With $\tau$ = 0.001 the half-life is about 700 updates. Why are 12,000 steps still too few?
# 3. Your agent's return is excellent, and its largest $Q$ is +15 on Pendulum. What do you know?
# 4. One regression has the factor −1.5. Does it diverge with a hard copy? With $\tau$ = 0.5?
# 5. Which ingredient of the triad could DDPG give up, and what would it lose?

# %% [markdown] fold="Answers"
# 1. No. After each update $\theta' = \theta$, so the next $y$ is computed by the networks that are about to change.
# 2. Information about a reward travels backwards one bootstrap at a time. $Q'$ must contain it before the $y$ of the step
#    before can, and $Q'$ is about $1/\tau$ updates late. A swing-up takes tens of steps, and 12,000 steps are only 12 such
#    delays.
# 3. The critic is wrong by at least 15 at some pair in the replay buffer. The policy is good nevertheless.
# 4. A hard copy multiplies by −1.5, which diverges. With $\tau$ = 0.5 a round multiplies by $1 - 0.5 - 0.75 = -0.25$,
#    which converges.
# 5. Without bootstrapping it would need whole returns of the current policy and could not use old rows. Without off-policy
#    data it would have no replay, and would use each step once. Without approximation it would have a table, and no
#    continuous states or actions. It keeps all three and makes each milder: slow targets, recent rows, small steps.

# %% [markdown]
# ## Remember
#
# - In a network $Q(s', \cdot)$ moves with $Q(s, a)$, so a goal computed by the learner itself moves away from it.
# - Both targets start as exact copies in their own memory, and cover $\tau$ of the distance at each update.
# - The half-life is $\ln \frac12 / \ln(1-\tau)$. If it is too short the goal jitters, if too long it is out of date; a
#   wide range works.
# - Values are bounded by $r_{\min}/(1-\gamma)$ and $r_{\max}/(1-\gamma)$. Outside these bounds the critic is certainly
#   wrong; inside them it may be.
# - Bootstrapping, approximation and off-policy data can diverge together. Targets slow this down, but do not prevent it.
#
# The real code: [`ddpg/agent.py`](../minddpg/ddpg/agent.py) and [`nn/adam.py`](../minddpg/nn/adam.py). Next:
# [09 · Exploration and action bounds](09_exploration.ipynb), or straight on to
# [10 · Your DDPG](10_your_ddpg.ipynb).
