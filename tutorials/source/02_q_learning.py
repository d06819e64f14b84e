# %% [markdown]
# # 02 · Q-learning, and why the argmax fails in continuous action spaces
#
# **After this chapter** you have written Q-learning and the loop around it, seen its table become the exact solution, and
# measured what a maximum over all actions costs when an action is a vector of real numbers. You know why DDPG has an actor.
#
# **You need** chapter 01: return, $Q$, the Bellman equation. **Elective:** later chapters do not need this one, but it
# raises the problem that DDPG solves.
#
# **Time** {minutes} minutes. **Cost** half a minute of computing, or a whole one if your code uses loops.
#
# The exercises come in the order 02.1, 02.3, 02.4, 02.2. In the first half S and A are the numbers of states and of
# actions. From "The maximum" on, A is the number of *entries* of an action.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg.course.ch02_q_learning import figures, maze, search
from minddpg.course.own_code import whose, yours
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style
from minddpg.verification.exact_pendulum import follow, solve

use_style()

# %% [markdown]
# ## Predict
#
# 1. An agent takes *every* step through a maze at random and never tries to reach anything. Can it learn the best way out?
# 2. You have a perfect $Q^*$ of Pendulum, and control it by trying some torques at each step and taking the best. How
#    much worse are 2 torques than 41? And 41 torques, none of which is the largest possible?
# 3. A robot has 17 joints. You try three torques for each: none, full, and full the other way. How many actions is that?

# %% [markdown]
# ## The best possible values
#
# Chapter 01 computed $Q^\mu(s, a)$, the value of a given policy. Now let $Q^*(s, a)$ be the largest such value over all
# policies. An agent that knows it acts optimally with
#
# $$\mu^*(s) = \arg\max_a Q^*(s, a)$$
#
# Put this policy into equation (3) of chapter 01. Because $Q^*(s', \mu^*(s')) = \max_{a'} Q^*(s', a')$, the policy
# disappears. The result is the **Bellman optimality equation**:
#
# $$Q^*(s, a) = \mathbb{E}\big[\, r + \gamma \max_{a'} Q^*(s', a') \,\big]$$
#
# Here is a deterministic maze of 24 cells, some of which are walls (`#`). The actions are up, right, down and left. An agent
# that bumps into a wall stays where it is. One end (`1`) pays 1. The other (`X`) is further from the start (`S`) and pays
# 10. Everything else pays 0. With $\gamma = 0.9$ the longer way is the better one.

# %%
print("\n".join(maze.MAZE))
exact, sweeps = maze.exact_q()
print(f"Q* after {sweeps} sweeps; at the start (up, right, down, left):", exact[0].round(2))

# %% [markdown]
# Those sweeps were **value iteration**: they called `maze.step(state, action)` for every pair. An agent cannot do that. It
# is in one state, takes one action, and sees one transition $(s, a, r, s')$.
#
# ## Q-learning
#
# Q-learning ([Watkins and Dayan, 1992](https://doi.org/10.1007/BF00992698)) uses the equation one transition at a time. The
# right side, computed with the current table, is the **target**:
#
# $$y = r + \gamma\,(1 - \text{terminated})\,\max_{a'} Q(s', a')$$
#
# *Terminated* means that $s'$ is an end, so nothing is added to $r$. The table's entry moves a part of the way to the
# target:
#
# $$Q(s, a) \leftarrow Q(s, a) + \alpha\,\delta, \qquad \delta = y - Q(s, a)$$
#
# $\alpha$ is the learning rate, and $\delta$ is the **TD error** (for temporal difference). The target contains the table
# itself, at $s'$. Improving an estimate with another estimate is called **bootstrapping**.

# %% exercise="02.1"

# %% [markdown]
# ## Exploring
#
# An agent that learns while it acts should mostly do what looks best. But an action that it has never tried cannot look
# good. The simplest compromise is **ε-greedy**: with probability $\varepsilon$ a random action, otherwise the greedy one.

# %% exercise="02.3"

# %% [markdown]
# ## The loop
#
# Now connect the parts. Your loop will use your two functions.

# %% exercise="02.4"

# %%
td_update, epsilon_greedy, walk = yours("02.1"), yours("02.3"), yours("02.4")
author = whose("02.1", "02.3", "02.4")


def train(epsilon, seed, first=0.0, rate=0.5):
    """Walk 40 times 250 steps; return the table after each walk, and all rewards' sum."""
    rng, tables, earned = np.random.default_rng(seed), [], 0.0
    q = np.full(exact.shape, first)

    def act(state):
        return int(np.squeeze(epsilon_greedy(q[state], epsilon, rng)))

    def learn(*transition):
        td_update(q, *transition, rate, maze.DISCOUNT)

    for _ in range(40):
        earned += float(np.squeeze(walk(maze.step, act, learn, 250, 100)))
        tables.append(q.copy())
    return np.array(tables), earned


runs = {
    f"ε = {epsilon}": np.array([train(epsilon, seed)[0] for seed in range(5)])
    for epsilon in (1.0, 0.8, 0.5)
}
errors = {name: np.abs(tables - exact).max(axis=(2, 3)) for name, tables in runs.items()}
figures.errors(np.arange(250, 10_001, 250), errors, author)
plt.show()
walker = runs["ε = 1.0"][4]
shown = {f"{250 * (i + 1):,} steps": walker[i] for i in (0, 3, 19)} | {"exact": exact}
figures.world(shown, "A random walk: values spread from the ends (no arrow: no value yet)")
plt.show()

# %% [markdown] fold="Answer to the first prediction"
# It can. The random walk reaches the better end late, and yet its table converges to $Q^*$, whose greedy policy takes the
# shortest way there. With ε = 0.8 the table converges to $Q^*$ as well. With ε = 0.5 the agent stays near what it knows, and
# sees the rest of the maze rarely or never.

# %% [markdown]
# The learning rate stays at 0.5, which works in a deterministic world. If $r$ or $s'$ were random, the table would fluctuate
# around $Q^*$. With an $\alpha$ that shrinks slowly enough it converges to $Q^*$ there, too, if every pair is tried again
# and again.
#
# ## It does not matter who acts
#
# The target does not contain the action that the agent will take in $s'$. The maximum is over the *table*, so $Q$ describes
# the greedy policy, whatever the agent does. Such a method is **off-policy**. The policy that collects the data is called
# $\beta$. It may be any that keeps trying every pair.
#
# **SARSA** changes one line: it replaces the maximum by the value of an action $a'$ that $\beta$ takes in $s'$.
#
# $$y = r + \gamma\,(1 - \text{terminated})\, Q(s', a')$$
#
# So SARSA learns $Q^\beta$, the value of the policy that acts, including its exploration. It is **on-policy**. DDPG's target
# has the same form, with the actor's action for $a'$:
#
# > `return batch.reward + self.config.discount * np.where(batch.terminated, 0, next_q)` · `ddpg/agent.py`
#
# The code below draws $a'$ again instead of storing the action taken next. Both have the same distribution. The target is
# random, so this agent learns longer and with a smaller learning rate.

# %%
rng, q = np.random.default_rng(0), np.zeros(exact.shape)


def act(state):
    return int(np.squeeze(epsilon_greedy(q[state], 0.8, rng)))


def sarsa(state, action, reward, next_state, terminated):
    y = reward + maze.DISCOUNT * (not terminated) * q[next_state, act(next_state)]
    q[state, action] += 0.05 * (y - q[state, action])


walk(maze.step, act, sarsa, 60_000, 100)
print("at the start, ε = 0.8, for up, right, down, left:")
print("Q-learning", runs["ε = 0.8"][0][-1][0].round(2), "   SARSA", q[0].round(2))

# %% [markdown]
# Q-learning finds what the best policy would earn from the start. SARSA finds what this agent earns, with its random actions.
#
# ## A small TD error proves little
#
# Here is the random walker's table after 500 steps, with the TD error that each pair would have, and its true error.

# %%
early = walker[1]
delta = maze.backup(early) - early
figures.differences({"Q": early, "δ = y − Q": delta, "true error, Q* − Q": exact - early})
plt.show()
small = np.abs(delta[maze.OPEN]) < 0.01
far = np.abs(exact - early)[maze.OPEN][small].mean()
print(f"{small.sum()} of {small.size} pairs: |δ| < 0.01, but mean |Q* − Q| is {far:.2f}")

# %% [markdown]
# A small $\delta$ says that two estimates agree, not that either is right. Where the reward of 10 has not spread yet, $Q$
# and its target are both too small, so their difference is small. The table is $Q^*$ only if $\delta$ is 0 at *every* pair.
# The critic's loss in DDPG is a mean of squared TD errors, so the same caution applies there.

# %% [markdown]
# ## From a table to a function
#
# Pendulum's states are real numbers, so a table is impossible. You need a function $Q(s, a \mid \theta^Q)$ with
# parameters, such as a neural network. A step of $\theta^Q$ for one pair now changes $Q$ at other pairs, too. The target
# contains $Q$, so it moves as well. How much harm can that do? Take the maze again, and draw pairs uniformly from all 64.
# Replace the table by $Q(s, a) = \varphi(s, a) \cdot w$, with 60 random features $\varphi$ and 60 weights $w$. For
# comparison, fit the same function to the exact $Q^*$. The learning rate is always 0.1.

# %%
kinds = {"a table": "table", "a function, fitted to Q*": "labels"}
kinds["a function, bootstrapping"] = "function"
largest = {
    name: np.array([maze.largest_values(kind, 10_000, seed) for seed in range(5)])
    for name, kind in kinds.items()
}
figures.growth(np.arange(250, 10_001, 250), largest)
plt.show()

# %% [markdown]
# No value above 10 is possible. Fitted to $Q^*$, the function is somewhat too high, because 60 weights cannot represent 64
# values, but it stays there. With its own values in the target it overshoots on all five seeds, and keeps growing. The
# combination of bootstrapping, function approximation and off-policy data is called the *deadly triad*.
#
# DQN ([Mnih et al., 2015](https://doi.org/10.1038/nature14236)) learned to play Atari games nevertheless. Its network takes
# the screen and returns one number for *each action*, so the maximum is simply the largest output. A *replay buffer* draws
# minibatches of stored transitions, which are less similar than successive ones. A *target network*, an old copy of the
# network, computes $y$, so the target stays fixed for a while. DDPG uses both, and solves one more problem.

# %% [markdown]
# ## The maximum
#
# DQN needs actions that can be listed. A robot's action is a vector of A real numbers: from here on, A counts its entries.
# How do we find $\max_a Q(s, a)$? The target of every transition needs it, and so does the agent at each step.
#
# **Try a list.** On Pendulum the action is one torque, and every reward is 0 or below. This policy takes the best of a few
# torques, judged by a $Q^*$ that was computed on a fine grid (`solve`). `follow` lets the policy act for 200 steps from 200
# starts.


# %%
class BestOf:
    def __init__(self, torques):
        self.torques = torques

    def predict(self, obs, deterministic=True):
        angle, speed = np.arctan2(obs[:, 1], obs[:, 0]), obs[:, 2]
        best = pendulum.q(angle, speed, self.torques[:, None]).argmax(axis=0)
        return 2.0 * self.torques[best][:, None], None  # 2 N m is the largest


def mean_return(torques):
    return np.mean(sum(reward for reward, *_ in follow(BestOf(torques), *starts, 200)))


pendulum, rng = solve(151), np.random.default_rng(0)
starts = rng.uniform(-np.pi, np.pi, 200), rng.uniform(-1, 1, 200)  # angles, speeds
for n in (2, 3, 5, 11, 41):
    print(f"best of {n:2} torques from −1 to 1: {mean_return(np.linspace(-1, 1, n)):.1f}")

# %% [markdown]
# Two torques, full left and full right, are almost enough. In one dimension a list works well. Now write the search for any
# number of entries.

# %% exercise="02.2"

# %%
greedy_on_grid = yours("02.2")
figures.cost(greedy_on_grid, whose("02.2"))
plt.show()
for n, dim in ((3, 7), (11, 7), (3, 17)):
    print(f"{n} points, A = {dim:2}: {n**dim:15,} calls for one maximum")

# %% [markdown] fold="Answers to the second and third predictions"
# Three torques for each of 17 joints are 129,140,163 actions, for *one* state. Training needs the maximum at every state of a
# minibatch, at every step. The paper's own example is an arm of seven joints with three torques each, 2,187 actions. Eleven
# torques each, which allow small pushes, too, make 19 million. On Pendulum, 2 torques are about one per cent worse than 41.
# The case without the largest torque is in *Break it*.

# %% [markdown]
# **Or search.** A network's output has a slope in the action. Take any action and go up the slope, again and again:
#
# $$a \leftarrow a + \eta\, \nabla_a Q(s, a)$$
#
# $\nabla_a Q$ is the vector of the derivatives of $Q$ in each entry of the action. It costs about the same for 1 as for 17
# entries. But each state takes dozens of calls, and the ascent may climb a hill that is not the highest.
#
# **Or remember.** The best action is a function of the state, so learn that function: a second network
# $\mu(s \mid \theta^\mu)$, the **actor**. Its parameters are trained so that $Q(s, \mu(s))$ grows. One call of the actor
# replaces the search:
#
# $$\max_a Q(s, a) \approx Q(s, \mu(s))$$
#
# > `next_action, _ = self.target_actor.forward(batch.next_obs)` · `ddpg/agent.py`
#
# This is the step from Q-learning to DDPG. The actor is a learned argmax. The ascent remains, but it changes $\theta^\mu$
# instead of $a$, a little at every update, and the network keeps the result. The actor also changes *what* is learned:
# DDPG's critic estimates $Q^\mu$ of the current actor, not $Q^*$.
#
# Here are all three on a trained agent.

# %%
saved = precomputed("ch02/agent")
agent, obs = search.agent_of(saved["actor"], saved["critic"]), saved["obs"]
figures.climbs(agent, obs[[2, 64, 35, 21]], greedy_on_grid, whose("02.2"))
plt.show()
print(search.comparison(agent, obs))

# %% [markdown]
# A step of ascent takes two calls, forward and backward. Twenty of them come closer to the best than the actor.
#
# In the first two states all ways meet near the star. In the third there are two hills: from −0.5 the ascent stays on the
# lower one, and the actor's action is in the valley between them. In the second and the last, steps of this size jump back
# and forth on the sharp peak. So the actor is not an exact argmax. But it needs one call instead of dozens, and it improves
# together with the critic.

# %% [markdown]
# ## Break it
#
# Change ε and the table's first values in the maze. On Pendulum, leave out the largest torque.
#
# **Predict:** the table begins with zeros. What does the agent find with ε = 0? With ε = 0.1? What if ε = 0, but the
# table begins at 10 everywhere? And are 41 torques without the largest better than 2 torques with it?


# %%
def greedy(values):
    return int(np.squeeze(epsilon_greedy(values, 0, rng)))


print(f"best possible from the start: {exact[0].max():.2f}; by {author}")
print("    ε  begins at   return of the greedy policy     earned while learning")
for epsilon, first in ((1.0, 0), (0.5, 0), (0.1, 0), (0.0, 0), (0.1, 10), (0.0, 10)):
    results = [train(epsilon, seed, float(first)) for seed in range(5)]
    last = [tables[-1] for tables, _ in results]
    returns = " ".join(f"{maze.greedy_return(q, greedy):5.2f}" for q in last)
    earned = np.mean([rewards for _, rewards in results])
    print(f"  {epsilon:3}  {first:9}   {returns}   {earned:10.0f} (mean)")
for n in (2, 41):
    without = np.linspace(-1, 1, n + 2)[1:-1]
    print(f"best of {n:2} torques up to {without.max():.2f}: {mean_return(without):7.1f}")

# %% [markdown] fold="What happened"
# With ε = 0 or 0.1 and a table of zeros, everything depends on how your 02.3 chooses among equal values. If it takes the
# first, up, the agent walks into the wall, gets the expected reward of 0, and repeats this for ever; ε = 0.1 hardly gets it
# away. If your 02.3 draws among equal values, the agent wanders until it finds the near end, and then keeps going there. With
# ε = 0.5, too, the greedy steps pull it back to the near end: good, but not best. Of the agents above that begin with zeros,
# only the random walk finds the 10 with every seed.
#
# A table that begins at 10 is *optimistic*: no action can be better than an untried one looks. Each action that the agent
# tries turns out worse than expected, so the agent prefers an untried one next. In this way even the purely greedy agent,
# ε = 0, explores without any randomness. This works because a step changes one entry of the table and leaves the others as
# they are. A step of a network changes them, too. So DDPG, whose critic starts at about 0, adds noise to $\mu(s)$
# (chapter 09).
#
# Two torques at a third of the full power are far too weak to swing the pendulum up. Even 41 torques up to 95 % do worse than
# the two full ones: the *ends* of the grid matter here, not its fineness. An actor that ends in a tanh can come as close to
# the bounds as necessary.

# %% [markdown]
# > **In a framework** DQN is `q_network(obs).max(dim=1)`, the maximum over the columns of an output (N, A). DDPG is
# > `critic(obs, actor(obs))`: the action is an *input* of the critic, and the maximum is gone. There are other solutions:
# > [QT-Opt](https://arxiv.org/abs/1806.10293) searches at every step, with the cross-entropy method;
# > [NAF](https://arxiv.org/abs/1603.00748) makes $Q$ a parabola in $a$ and computes its maximum directly.

# %% [markdown]
# ## Quiz
#
# 1. Replace the maximum in the target by the mean over the row. Which policy's $Q$ does the table become, if the agent acts
#    at random?
# 2. A time limit ends the walk after 100 steps. Your colleague sets $y = r$ there. What does the table learn?
# 3. "DDPG learns $Q^*$ since it is Q-learning with networks." What is wrong?
# 4. Why does doubling the number of joints *square* the size of a grid, but not that of an actor?
# 5. The TD error is 0 at every pair that the agent has visited. Is its policy the best?

# %% [markdown] fold="Answers"
# 1. That of the uniformly random policy, $Q^\beta$: the mean over the row is what this policy gets on average. With the
#    maximum it is $Q^*$, with $Q(s', \mu(s'))$ it is $Q^\mu$. The target decides, not the policy that acts.
# 2. It learns that nothing more can be earned from the cell where the time ran out, although the maze continues. The same
#    cell then has two different targets, depending on a clock that is not part of the state. Only *terminated* stops the
#    bootstrap.
# 3. DDPG replaces the maximum by $Q(s', \mu(s'))$, and $\mu$ is not the argmax but what the actor has learned so far. The
#    critic estimates $Q^\mu$.
# 4. $n^{2A} = (n^A)^2$: every combination is a separate action. The actor returns one number for each entry, and only its
#    last layer grows, in proportion to A.
# 5. Not necessarily: pairs that it has not visited may be better, and their values are still the first ones. With zeros and
#    ε = 0 the agent never sees the 10. An optimistic table is safer, because untried actions look at least as good as they
#    can be.

# %% [markdown]
# ## Remember
#
# - The Bellman optimality equation contains a maximum and no policy. Q-learning uses it one transition at a time.
# - Q-learning is off-policy: its target contains no action of the policy that collects the data. SARSA's target does.
# - A small TD error says that estimates agree, not that they are right.
# - A grid with n points along each of A entries has $n^A$ actions. Pendulum hides this: two torques are nearly enough.
# - An actor is a learned argmax. With it the critic estimates $Q^\mu$, the value of the actor as it is now.
#
# The real code: `td_target` in [`ddpg/agent.py`](../minddpg/ddpg/agent.py), the search over torques in
# [`verification/exact_pendulum.py`](../minddpg/verification/exact_pendulum.py), explained in
# [exact-pendulum.md](../docs/exact-pendulum.md). Next:
# [03 · Gradient checking as a craft](03_gradient_checks.ipynb).
