# %% [markdown]
# # 02 · Q-learning, and why the argmax fails in continuous action spaces
#
# **After this chapter** you have written Q-learning, seen its table become the exact solution, and measured what
# its one hard step, a maximum over all actions, costs when an action is a vector of real numbers. You know what an
# actor is for.
#
# **You need** chapter 01: return, $Q$, the Bellman equation. **Elective:** nothing later needs it, but DDPG is
# an answer, and this is the question.
#
# **Time** {minutes} minutes. **Cost** fifteen seconds of computing.
#
# You will meet S and A. In the first half they are the numbers of states and of actions. From "The maximum" on,
# A is the number of *entries* of an action.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg import DDPG, Config
from minddpg.course.ch02_q_learning import figures
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style
from minddpg.nn import MLP
from minddpg.verification.exact_pendulum import follow, solve

use_style()

# %% [markdown]
# ## Predict
#
# 1. An agent stumbles through a maze and takes *every* step at random. It never tries to reach anything. Can it
#    learn the best way out?
# 2. You have a perfect $Q^*$ of Pendulum and control it by trying some torques at each step and taking the best. How much worse is
#    it to try 2 torques than 41? And to try 41 torques of which none is the largest possible?
# 3. A robot has 17 joints. You try three torques for each: none, full, and full the other way. How many actions is that?

# %% [markdown]
# ## The best one can do
#
# Chapter 01 had the value of a given policy, $Q^\mu(s, a)$: the return after taking $a$ in $s$ and following $\mu$ from then on. Now ask for
# the largest such number over all policies, $Q^*(s, a)$. Whoever knows it acts best by
#
# $$\mu^*(s) = \arg\max_a Q^*(s, a)$$
#
# Put this policy into the Bellman equation (3) of chapter 01, and the policy disappears from it:
#
# $$Q^*(s, a) = \mathbb{E}\big[\, r + \gamma \max_{a'} Q^*(s', a') \,\big]$$
#
# That is the *Bellman optimality equation*. If the world is deterministic, there is nothing to average, and the $\mathbb{E}$ can go.
#
# Here is a small deterministic world: a maze of 24 cells, some of which are walls (`#`). There are four actions: up, right, down, left. Whoever bumps into a
# wall stays where they are. There are two ends: one pays 1, the other (`X`), further from the start (`S`), pays 10. Everything else pays 0. With
# $\gamma = 0.9$ it pays to go the longer way.

# %%
MAZE = ["S.....", ".#.#.#", ".#....", "1#.#.X"]
REWARD = {"1": 1.0, "X": 10.0}
MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))  # up, right, down, left
ROWS, COLUMNS, DISCOUNT = len(MAZE), len(MAZE[0]), 0.9
OPEN = [s for s in range(ROWS * COLUMNS) if MAZE[s // COLUMNS][s % COLUMNS] in "S."]


def step(state, action):
    row, column = state // COLUMNS + MOVES[action][0], state % COLUMNS + MOVES[action][1]
    inside = 0 <= row < ROWS and 0 <= column < COLUMNS
    if not inside or MAZE[row][column] == "#":
        return 0.0, state, False
    sign = MAZE[row][column]
    return REWARD.get(sign, 0.0), row * COLUMNS + column, sign in REWARD


def backup(q):
    """Apply the Bellman optimality equation once, to every pair of a table (S, A)."""
    new = np.zeros_like(q)
    for state in OPEN:
        for action in range(4):
            reward, next_state, terminated = step(state, action)
            follows = 0.0 if terminated else q[next_state].max()
            new[state, action] = reward + DISCOUNT * follows
    return new


exact, sweeps = np.zeros((ROWS * COLUMNS, 4)), 0
while np.abs(backup(exact) - exact).max() > 0:
    exact, sweeps = backup(exact), sweeps + 1
print(f"Q* after {sweeps} sweeps; at the start, for each action:", np.round(exact[0], 2))

# %% [markdown]
# That was *value iteration*, and it used `step` like a book: it asked for every pair $(s, a)$ what follows. An agent cannot do
# that. It is in one state, takes one action, and sees one transition $(s, a, r, s')$.

# %% [markdown]
# ## Q-learning
#
# So take the equation one transition at a time. Its right side, with the table that you have so far, is a *target*:
#
# $$y = r + \gamma\,(1 - \text{terminated})\,\max_{a'} Q(s', a')$$
#
# *Terminated* means that $s'$ is an end: nothing follows, so nothing may be added. Move the table's entry part of the way:
#
# $$Q(s, a) \leftarrow Q(s, a) + \alpha\,\delta, \qquad \delta = y - Q(s, a)$$
#
# $\alpha$ is the learning rate, $\delta$ is called the *TD error* (for temporal difference). Watkins proposed this in 1989. DDPG's line is the same
# one, for a batch, with the maximum replaced. By what, is the end of this chapter:
#
# > `return batch.reward + self.config.discount * np.where(batch.terminated, 0, next_q)` · `ddpg/agent.py`
#
# Note what the target is made of: the table itself, at $s'$. Using an estimate to improve an estimate is called *bootstrapping*.

# %% exercise="02.1"

# %% [markdown]
# ## It does not matter who acts
#
# Look at the target again: the action that will be taken in $s'$ is not in it. The maximum is over the *table*, so $Q$ is about the greedy policy
# whatever the agent does. Such a method is called *off-policy*. The policy that collects is $\beta$, and its probabilities appear nowhere, since $Q$ is
# conditioned on the action: how likely $a$ was has nothing to do with what follows from it. The agent only has to try every pair, again and again.
#
# Two ways to collect. One agent walks at random from the start, begins again at an end, and also after 100 steps. (That is *truncated*, not
# terminated: the maze did not end, so the target goes on.) For the other, pairs $(s, a)$ are drawn from anywhere, without any walk.
#
# Both use $\alpha = 0.5$ throughout. That is enough since the maze is deterministic. If $r$ or $s'$ were random, $y$ would be too, and the table
# would jitter around $Q^*$ for ever. Then $\alpha$ has to shrink.


# %%
def learn(steps, seed, walking):
    rng = np.random.default_rng(seed)
    q, state, age, error, snapshots = np.zeros_like(exact), 0, 0, [], {}
    for t in range(1, steps + 1):
        if not walking:
            state = OPEN[rng.integers(len(OPEN))]
        action = rng.integers(4)
        reward, next_state, terminated = step(state, action)
        y = reward + DISCOUNT * (not terminated) * q[next_state].max()
        q[state, action] += 0.5 * (y - q[state, action])
        state, age = next_state, age + 1
        if terminated or age == 100:
            state, age = 0, 0
        if t % 250 == 0:
            error.append(np.abs(q - exact).max())
            snapshots[t] = q.copy()
    return error, snapshots


runs, snapshots = {}, {}
for name, walking in (("a random walk", True), ("pairs from anywhere", False)):
    results = [learn(10_000, seed, walking) for seed in range(5)]
    runs[name] = np.array([error for error, _ in results])
    snapshots[name] = results[0][1]
    print(f"{name:20} last error, five seeds:", *(f"{e:.0e}" for e in runs[name][:, -1]))
figures.errors(np.arange(250, 10_001, 250), runs, "Acting at random, the table becomes Q*")
plt.show()

# %% [markdown] fold="Answer to the first prediction"
# It can. The random walk reaches the better end late, if at all, and yet its table converges to $Q^*$, whose greedy policy goes
# there on the shortest way. Pairs from anywhere do it sooner, since every pair is seen equally often. Keep this second agent in
# mind: DDPG's replay buffer (chapter 07) makes old transitions into something like it.

# %% [markdown]
# Here is what the walking agent's table looks like on its way. Colours are $\max_a Q(s, a)$, arrows the greedy action.

# %%
table = snapshots["a random walk"]
learned = {f"{n:,} steps": table[n] for n in (250, 1000, 5000)}
figures.world(learned | {"exact": exact}, MAZE)
plt.show()

# %% [markdown]
# The maze shows the best of each row. The table holds more. Here is all of it after 500 steps, a row for each cell that is neither
# wall nor end, beside the TD error of every pair and its true error.

# %%
q = table[500]
delta = backup(q) - q
figures.tables({"Q": q[OPEN], "δ = y − Q": delta[OPEN], "Q* − Q": (exact - q)[OPEN]})
plt.show()
small = np.abs(delta[OPEN]) < 0.01
print(f"{small.sum()} of {small.size} pairs have |δ| below 0.01;"
      f" their mean |Q* − Q| is {np.abs(exact - q)[OPEN][small].mean():.2f}")  # fmt: skip

# %% [markdown]
# A small $\delta$ says that two estimates agree, not that either is right. Where no news of the 10 has arrived, both sides of the equation are too
# small, and $\delta$ is close to 0. Only if $\delta$ is 0 at *every* pair, the table is $Q^*$. The critic's loss in DDPG is a mean of squared TD errors, so
# the same caution holds for it.

# %% [markdown]
# ## From a table to a function
#
# A table needs a row for every state. Pendulum's angle and speed are real numbers, so you need a function
# $Q(s, a \mid \theta^Q)$ with parameters instead, such as a neural network (chapter 04). For a long time this was
# thought to be unstable, for three reasons:
#
# - The table's proof of convergence (Watkins and Dayan, 1992) rests on entries that do not touch each other. A step
#   on $\theta^Q$ for one pair changes $Q$ at others, too.
# - The target $y$ contains $\theta^Q$ itself, so it moves with every step. Errors can feed themselves. Chapter 05
#   shows an example with a handful of parameters that grow for ever.
# - Successive transitions look alike. Learning from them in order is learning about one corner at a time.
#
# DQN (Mnih et al., 2015) learned to play Atari games all the same. A network takes the screen and returns one number
# for *each action*, so that the maximum is one look at its output. Two additions kept it stable. A *replay buffer*
# stores transitions and draws minibatches from anywhere, which makes them less alike. A *target network*, an old copy
# of the network, computes $y$, so that the target stands still for a while. DDPG takes over both (its copy follows
# slowly instead of being replaced), adds batch normalisation, and solves the problem to which we come now.

# %% [markdown]
# ## The maximum
#
# DQN's trick needs actions that can be listed. A torque is a real number, and a robot's action is a vector of A of
# them. What then is $\max_a Q(s, a)$, in the target of every transition and again each time the agent acts?
#
# **Try a list.** Pendulum has one torque. In `minddpg`, the exact solution of chapter 01 tries 41 of them at each state:
#
# > `ACTIONS = np.linspace(-1, 1, 41)  # torques tried by the greedy policy, in units of the largest` · `verification/exact_pendulum.py`
#
# > `best, states = q.argmax(axis=0), np.arange(len(angle))` · `verification/exact_pendulum.py`
#
# How many does it take? Here is a policy that takes the best of a few torques, by a $Q^*$ that is as good as exact.
# Each torque in the list is a number in $[-1, 1]$, in units of the largest one.


# %%
class BestOf:
    def __init__(self, torques):
        self.torques = torques

    def predict(self, obs, deterministic=True):
        angle, speed = np.arctan2(obs[:, 1], obs[:, 0]), obs[:, 2]
        best = pendulum.q(angle, speed, self.torques[:, None]).argmax(axis=0)
        return 2.0 * self.torques[best][:, None], None  # in N m


def mean_return(policy):
    return np.mean(sum(reward for reward, *_ in follow(policy, *starts, 200)))


pendulum = solve(151)
rng = np.random.default_rng(0)
starts = rng.uniform(-np.pi, np.pi, 200), rng.uniform(-1, 1, 200)  # angles, speeds
points = np.array([2, 3, 5, 11, 41])
with_ends = [mean_return(BestOf(np.linspace(-1, 1, n))) for n in points]
for n, found in zip(points, with_ends):
    print(f"best of {n:2} torques from −1 to 1: {found:.1f}")

# %% [markdown]
# Two torques are almost enough: full left and full right. Pendulum likes to push as hard as it can. (Balancing would be jerky,
# but that costs little here.) So in one dimension a list of torques is no bad idea at all.

# %% exercise="02.2"

# %% [markdown]
# ## The price
#
# The number of calls is points to the power A. Measure what that means for a network of two hidden layers with 64 units each (chapter 04 says what that is; here it is something that computes Q). Grids of more than
# 200,000 actions are left out: their memory alone would be in the way. (A curve may jump once: arrays above some size get fresh memory at
# every call.)

# %%
dims = np.arange(1, 13)
rng = np.random.default_rng(2)


def seconds(inputs, outputs, rows):
    network = MLP((inputs, 64, 64, outputs), rng=rng)
    x = rng.standard_normal((rows, inputs)).astype(np.float32)
    return figures.seconds(network.forward, x)  # the fastest of three


counted = {}
for n in (3, 11):
    number = float(n) ** dims
    took = np.full(len(dims), np.nan)
    for i, dim in enumerate(dims.tolist()):
        if n**dim <= 200_000:
            took[i] = seconds(10 + dim, 1, rows=n**dim)  # 10 numbers of a state
    counted[n] = number, took
actor = np.array([seconds(10, dim, rows=1) for dim in dims.tolist()])
figures.cost(dims, counted, actor)
plt.show()
for n, dim in ((3, 7), (11, 7), (3, 17)):
    print(f"{n} points, A = {dim:2}: {n**dim:15,} calls for one maximum")

# %% [markdown] fold="Answers to the second and third predictions"
# Three torques for each of 17 joints are 129,140,163 actions, for *one* state, and training asks for the maximum at
# 64 states in every step. The paper's own example is an arm of seven joints with three torques each, 2,187 actions.
# Eleven torques each, so that it could also push a little, are 19 million. On Pendulum, 2 torques are about one per
# cent worse than 41. The case without the largest torque is in *Break it*.

# %% [markdown]
# **Or search.** A network $Q$ has a slope in the action (almost everywhere), so you can climb: take any action and go a little way up the slope of $Q$, again and again,
#
# $$a \leftarrow a + \eta\, \nabla_a Q(s, a)$$
#
# where $\nabla_a Q$ is the vector of the derivatives of $Q$ in each entry of the action. It costs about the same for 1 or for 17 entries. In
# `minddpg` it is
#
# > `dq_da = self.critic.action_gradient(critic_cache)` · `ddpg/agent.py`
#
# and you will write it yourself in chapters 04 and 06. Two drawbacks are left: dozens of calls for each state, and a hill that is climbed need
# not be the highest.
#
# **Or remember.** The best action is a function of the state. So learn that function: a second network $\mu(s \mid \theta^\mu)$, the *actor*, whose parameters are moved so that
# $Q(s, \mu(s))$ grows. One call of the actor then replaces the search:
#
# $$\max_a Q(s, a) \approx Q(s, \mu(s))$$
#
# > `next_action, _ = self.target_actor.forward(batch.next_obs)` · `ddpg/agent.py`
#
# That is the step from Q-learning to DDPG. The actor is a learned argmax: the gradient ascent goes on, but in $\theta^\mu$ instead of $a$, a little
# at every update, for all states at once, and its result is kept.
#
# It also changes *what* is learned. With $\mu(s')$ in place of the maximum, the target is the one of chapter 01's equation (3). The critic of DDPG
# estimates $Q^\mu$ of the current actor, not $Q^*$. It comes close to $Q^*$ only as the actor gets better.
#
# Here are all three on a trained agent: four states, $Q(s, \cdot)$ of its critic, two ascents of 20 steps, and the actor's action.

# %%
LIVE = False  # True trains the agent here: about 10 seconds
saved = precomputed("ch02/agent", live=LIVE)
agent = DDPG(3, np.array([-2.0]), np.array([2.0]), Config(), np.random.default_rng(0))
agent.actor.theta[:], agent.critic.theta[:] = saved["actor"], saved["critic"]
obs = saved["obs"]  # (300, 3), from the first steps of 50 episodes


def q_values(obs, action):
    return agent.critic.forward(obs, action)[0]


def ascend(obs, start, steps=20, eta=0.05):
    action = np.full((len(obs), 1), start, np.float32)
    path = [action]
    for _ in range(steps):
        _, cache = agent.critic.forward(obs, action)
        dq_da = agent.critic.action_gradient(cache)
        action = np.clip(action + np.float32(eta) * dq_da, -1, 1)
        path.append(action)
    return path


along = np.linspace(-1, 1, 201, dtype=np.float32)
curves = np.array([q_values(obs, np.full((len(obs), 1), a, np.float32)) for a in along]).T
chosen = agent.act(obs)

some, paths = [2, 64, 35, 21], []
for i in some:
    one = obs[i : i + 1]
    ways = [ascend(one, start) for start in (0.5, -0.5)]
    actions = np.array(ways)[:, :, 0, 0]
    values = [[q_values(one, action)[0] for action in way] for way in ways]
    paths.append((actions, np.array(values)))
marks = [(chosen[i, 0], q_values(obs, chosen)[i]) for i in some]
figures.climbs(curves[some], along, paths, marks)
plt.show()

# %%
highest = curves.max(axis=1)
print("mean of 300 states: how far below the best of 201; calls of a network")
for name, action, calls in (
    ("actor", chosen, 1),
    ("ascent, 5 steps", ascend(obs, 0.0, 5)[-1], 10),
    ("ascent, 20 steps", ascend(obs, 0.0, 20)[-1], 40),
):
    print(f"{name:17} {np.mean(highest - q_values(obs, action)):5.2f}  {calls:3}")

# %% [markdown]
# The dots climb along the curve. In the first two states all ways meet near the star. In the third there are two hills. From −0.5 the
# ascent stays on the lower one, and creeps, since it is almost flat. The actor is in the valley between them: what lies
# between two good actions can be worse than both. In the last state the ascents arrive, but at so sharp a peak steps of this size hop to and
# fro. (Each step is two calls of the network, one forward and one backward for the slope.)
#
# So the actor is no exact argmax either. How good is it? Five agents, trained from five seeds, 300 states each: how much of $Q$ does the actor give away,
# and how much would the worst action?

# %%
LIVE = False  # True trains five agents here: about 1 minute
best = precomputed("ch02/argmax", live=LIVE)
lost = best["q_best"] - best["q_actor"]
worst = best["q_best"] - best["q_low"]
figures.shares(lost, worst)
plt.show()
for name, amount in (("actor", lost), ("worst action", worst)):
    print(f"mean loss, {name:13}", *(f"{each:6.2f}" for each in amount.mean(axis=1)))

# %% [markdown]
# The actor gives away a few per cent of what is at stake, for one call of a network. Both critic and actor are approximate, and both improve
# together. That this works at all is not clear in advance: the rest of the course is about why it does, and when not.
#
# > **On scale.** A step of gradient ascent is $\eta \nabla_a Q$, and $\nabla_a Q$ is as large as the rewards are. Multiply all rewards by 100: the best actions
# > stay the same, but the $\eta$ of before jumps from bound to bound. The actor's optimiser, Adam (chapter 05), divides by the
# > gradient's own size, which takes most of this away. It does not for the critic, whose targets are 100 times as large.

# %% [markdown]
# ## Exploring
#
# One thing is left open. Acting at random, the table learned everything, but the agent earned little, and in a larger world a random walk gets nowhere. An agent that
# learns while it acts should mostly do what looks best. Always would be too much: what it has never tried cannot look good. The plainest
# compromise is *ε-greedy*: with probability $\varepsilon$ any action, else the greedy one.
#
# For real-valued actions DDPG adds noise to $\mu(s)$ instead. Chapter 09 is about that.

# %% exercise="02.3"

# %% [markdown]
# ## Break it
#
# Back to the maze, with an agent that walks from the start. Change ε.
#
# **Predict:** it begins with a table of zeros. What does it find with ε = 0? With a small ε, such as 0.1? And what if ε = 0, but the table begins at 10
# everywhere?


# %%
def walk(epsilon, first, seed, steps=10_000):
    """Return what the greedy policy earns afterwards, and what was earned meanwhile."""
    rng = np.random.default_rng(seed)
    q, state, age, earned = np.full(exact.shape, float(first)), 0, 0, 0.0
    for _ in range(steps):
        explores = rng.random() < epsilon
        action = rng.integers(4) if explores else q[state].argmax()
        reward, next_state, terminated = step(state, action)
        y = reward + DISCOUNT * (not terminated) * q[next_state].max()
        q[state, action] += 0.5 * (y - q[state, action])
        state, age, earned = next_state, age + 1, earned + reward
        if terminated or age == 100:
            state, age = 0, 0
    state, found, weight = 0, 0.0, 1.0
    for _ in range(100):
        reward, state, terminated = step(state, q[state].argmax())
        found, weight = found + weight * reward, weight * DISCOUNT
        if terminated:
            break
    return found, earned


print(f"best possible from the start: {exact[0].max():.2f}")
print("    ε  begins at   return of the greedy policy     earned while learning")
for epsilon, first in ((1.0, 0), (0.5, 0), (0.1, 0), (0.0, 0), (0.1, 10), (0.0, 10)):
    found, earned = np.transpose([walk(epsilon, first, seed) for seed in range(5)])
    returns = " ".join(f"{each:5.2f}" for each in found)
    print(f"  {epsilon:3}  {first:9}   {returns}   {earned.mean():10.0f} (mean)")

# %% [markdown] fold="What happened"
# With ε = 0 and zeros, `argmax` returns the first of four equal numbers: up. The agent walks into the wall, sees a reward of 0, which is what it expected,
# and does so for ever. With ε = 0.1 it hardly gets away from that wall, and on four of five seeds it ends with nothing. ε = 0.5 finds the near end, and then the greedy half of its steps pulls it
# back there: good, but not best. Only the random walk finds the way to the 10, and earns little meanwhile.
#
# A table that begins at 10 is *optimistic*: nothing can be better than what has not been tried. Whatever is tried disappoints, so that the next
# action looks better. The agent explores out of pure greed, and finds the best way on all seeds, with ε = 0 too. So exploring is not the same as
# randomness. It works because a table's other entries stay as they are; a network's do not, which is why DDPG, whose critic starts at about 0, needs noise.

# %% [markdown]
# And the second prediction: torques without the largest one.

# %%
for n in points:
    without = np.linspace(-1, 1, n + 2)[1:-1]
    found = mean_return(BestOf(without))
    print(f"best of {n:2} torques, the largest {without.max():.2f}: {found:7.1f}")

# %% [markdown] fold="What happened"
# Two torques at a third of the full power are far too weak to swing the pendulum up. Even 41 torques, the largest of which is 95 % of the full one, lose more than two did that were
# full. The grid's *ends* matter here, not its fineness, since the best action is mostly at a bound. A finer grid is therefore not always a better one, and what
# a grid leaves out you do not see in its numbers. An actor that ends in a tanh comes as near to the bounds as it likes.

# %% [markdown]
# > **In a framework** DQN is `q_network(obs).max(dim=1)`, the maximum over the columns of an output (N, A). DDPG is `critic(obs, actor(obs))`: the action is an *input* of the
# > critic, and the maximum is gone. Other answers to the same question exist. QT-Opt searches at every step, with samples that close in on the best
# > (the cross-entropy method); NAF makes $Q$ a parabola in $a$, whose top is known.

# %% [markdown]
# ## Quiz
#
# 1. Replace the maximum in the target by the mean over the row. Whose $Q$ does the table become, if the agent acts at random?
# 2. A time limit ends the walk after 100 steps. Your colleague sets $y = r$ there. What does the table learn?
# 3. "DDPG learns $Q^*$ since it is Q-learning with networks." What is wrong?
# 4. Why does doubling the number of joints *square* the size of a grid, but not that of an actor?
# 5. The TD error is 0 at every pair that the agent has visited. Is its policy the best?

# %% [markdown] fold="Answers"
# 1. That of the uniformly random policy, $Q^\beta$: the mean over the row is what this policy gets on average. With the maximum it is
#    $Q^*$, with $Q(s', \mu(s'))$ it is $Q^\mu$. The target decides, not who acts.
# 2. That the cell where the clock happened to run out is worth nothing further, although the maze goes on. The same cell then has two different
#    targets, by a clock that the state does not show. Only *terminated* stops the bootstrap.
# 3. The maximum is replaced by $\mu(s')$, and $\mu$ is not the argmax but what the actor has learned so far. The critic estimates $Q^\mu$.
# 4. $n^{2A} = (n^A)^2$: every combination is an action of its own. The actor returns one number for each entry, and only its last layer grows, in proportion to A.
# 5. Not necessarily. The greedy policy is best among what was tried. Elsewhere the table is as it began: see ε = 0.

# %% [markdown]
# ## Remember
#
# - The Bellman optimality equation has a maximum in it and no policy. Q-learning takes it one transition at a time.
# - Off-policy: the target holds no action of whoever collects, so any experience will do, if it covers all pairs.
# - A small TD error says that estimates agree, not that they are right.
# - A grid over A entries has points to the power A actions. Pendulum hides that: two torques nearly suffice.
# - An actor is a learned argmax. With it the critic estimates $Q^\mu$, the value of the actor as it is now.
#
# The real code: `td_target` in [`ddpg/agent.py`](../minddpg/ddpg/agent.py), and the search over torques in
# [`verification/exact_pendulum.py`](../minddpg/verification/exact_pendulum.py). Next:
# [03 · Gradient checking as a craft](03_gradient_checks.ipynb).
