# %% [markdown]
# # 02 · Q-learning, and why the argmax fails in continuous action spaces
#
# **After this chapter** you have written Q-learning and the loop around it, seen its table become the exact solution, and
# measured what a maximum over all actions costs when an action is a vector of real numbers. You know what an actor is for.
#
# **You need** chapter 01: return, $Q$, the Bellman equation. **Elective:** later chapters do not need this one, but DDPG
# answers the question that it asks.
#
# **Time** {minutes} minutes. **Cost** half a minute of computing, with loops a whole one.
#
# The exercises come in the order 02.1, 02.3, 02.4, 02.2. In the first half S and A are the numbers of states and of actions. From "The maximum" on, A is the number of *entries*
# of an action.

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
#    much worse are 2 torques than 41? And 41 torques of which none is the largest possible?
# 3. A robot has 17 joints. You try three torques for each: none, full, and full the other way. How many actions is that?

# %% [markdown]
# ## The best possible values
#
# Chapter 01 computed $Q^\mu(s, a)$, the value of a given policy. Now let $Q^*(s, a)$ be the largest such value over all
# policies. Whoever knows it acts best by
#
# $$\mu^*(s) = \arg\max_a Q^*(s, a)$$
#
# Put this policy into equation (3) of chapter 01. Since $Q^*(s', \mu^*(s')) = \max_{a'} Q^*(s', a')$, the policy disappears. The
# result is the **Bellman optimality equation**:
#
# $$Q^*(s, a) = \mathbb{E}\big[\, r + \gamma \max_{a'} Q^*(s', a') \,\big]$$
#
# Here is a deterministic maze of 24 cells, some of which are walls (`#`). The actions are up, right, down and left. An agent
# that bumps into a wall stays where it is. One end pays 1. The other (`X`) is further from the start (`S`) and pays
# 10. Everything else pays 0. With $\gamma = 0.9$ the longer way is the better one.

# %%
print("\n".join(maze.MAZE))
exact, sweeps = maze.exact_q()
print(f"Q* after {sweeps} sweeps; at the start (up, right, down, left):", exact[0].round(2))

# %% [markdown]
# Those sweeps were **value iteration**: they asked `maze.step(state, action)` for every pair what follows. An agent cannot
# do that. It is in one state, takes one action, and sees one transition $(s, a, r, s')$.
#
# ## Q-learning
#
# Q-learning ([Watkins and Dayan, 1992](https://doi.org/10.1007/BF00992698)) uses the equation one transition at a time. Its
# right side, with the present table, is the **target**:
#
# $$y = r + \gamma\,(1 - \text{terminated})\,\max_{a'} Q(s', a')$$
#
# *Terminated* means that $s'$ is an end, so nothing may be added. The table's entry moves a part of the way to the
# target:
#
# $$Q(s, a) \leftarrow Q(s, a) + \alpha\,\delta, \qquad \delta = y - Q(s, a)$$
#
# $\alpha$ is the learning rate, and $\delta$ is the **TD error** (for temporal difference). The target contains the table
# itself, at $s'$. To improve an estimate by an estimate is called **bootstrapping**.

# %% exercise="02.1"

# %% [markdown]
# ## Exploring
#
# An agent that learns while it acts should mostly do what looks best. But an action that it has never tried cannot look
# good. The simplest compromise is **ε-greedy**: with probability $\varepsilon$ any action, else the greedy one.

# %% exercise="02.3"

# %% [markdown]
# ## The loop
#
# Now connect the parts. Your loop will run with the two functions that you have just written.

# %% exercise="02.4"

# %%
td_update, epsilon_greedy, walk = yours("02.1"), yours("02.3"), yours("02.4")
mine = whose("02.1", "02.3", "02.4")


def train(epsilon, seed, first=0.0, rate=0.5):
    """Walk 40 times 250 steps; return the tables on the way, and the rewards earned."""
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
figures.errors(np.arange(250, 10_001, 250), errors, mine)
plt.show()
walker = runs["ε = 1.0"][4]
shown = {f"{250 * (i + 1):,} steps": walker[i] for i in (0, 3, 19)} | {"exact": exact}
figures.world(shown, "A random walk: values spread from the ends (no arrow: no value yet)")
plt.show()

# %% [markdown] fold="Answer to the first prediction"
# It can. The random walk reaches the better end late, and yet its table converges to $Q^*$, whose greedy policy goes there on
# the shortest way. With ε = 0.8 the table gets there as well. With ε = 0.5 the agent stays near what it knows, and sees the rest of
# the maze rarely or never.

# %% [markdown]
# The learning rate stays at 0.5, which is enough in a deterministic world. If $r$ or $s'$ were random, the table would
# jitter around $Q^*$ until $\alpha$ shrinks. With a shrinking $\alpha$ it converges to $Q^*$ there, too,
# if every pair is tried again and again.
#
# ## It does not matter who acts
#
# The action that the agent will take in $s'$ is not in the target. The maximum is over the *table*, so $Q$ is about the greedy
# policy, whatever the agent does. Such a method is **off-policy**. The policy that collects is called $\beta$. It may be any
# policy that keeps trying every pair.
#
# **SARSA** changes one line: it puts an action $a'$ of $\beta$ in the place of the maximum,
#
# $$y = r + \gamma\,(1 - \text{terminated})\, Q(s', a')$$
#
# and so learns $Q^\beta$, the value of the policy that acts, exploring included. It is **on-policy**. DDPG's target has the
# same form, with the actor's action for $a'$. The code below draws $a'$ anew, which has the same distribution as the action taken
# next. That is random, so it learns at a smaller rate, for longer:
#
# > `return batch.reward + self.config.discount * np.where(batch.terminated, 0, next_q)` · `ddpg/agent.py`

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
# Q-learning finds what the best policy would earn from the start. SARSA finds what this agent earns, which strays most of
# the time.
#
# ## A small error is no proof
#
# Here is the walker's table after 500 steps, with the TD error that each pair would have, and its true error.

# %%
early = walker[1]
delta = maze.backup(early) - early
figures.differences({"Q": early, "δ = y − Q": delta, "true error, Q* − Q": exact - early})
plt.show()
small = np.abs(delta[maze.OPEN]) < 0.01
far = np.abs(exact - early)[maze.OPEN][small].mean()
print(f"{small.sum()} of {small.size} pairs: |δ| < 0.01, but mean |Q* − Q| is {far:.2f}")

# %% [markdown]
# A small $\delta$ says that two estimates agree, not that either is right. Where no news of the 10 has arrived, $Q$ and
# its target are both too small, so their difference is small. Only if $\delta$ is 0 at *every* pair is the table $Q^*$. The
# critic's loss in DDPG is a mean of squared TD errors, so the same caution holds there.

# %% [markdown]
# ## From a table to a function
#
# Pendulum's states are real numbers, so a table is impossible. You need a function $Q(s, a \mid \theta^Q)$ with
# parameters, such as a neural network. A step on $\theta^Q$ for one pair now changes $Q$ at others, too. The
# target contains $Q$, so it moves as well. How much harm can that do? Take the maze again, draw the pairs from anywhere, and replace the
# table of 64 pairs by $Q(s, a) = \varphi(s, a) \cdot w$, with 60 random features $\varphi$ and 60 weights $w$. For comparison, fit the
# same function to the exact $Q^*$. The learning rate is always 0.1.

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
# No value above 10 is possible. Fitted to $Q^*$, the function is somewhat too high, for 60 weights cannot hold 64 values, but it stays there. With its own values in the target it
# overshoots on all five seeds, and keeps growing. The combination of bootstrapping, function and off-policy data is called
# the *deadly triad*.
#
# DQN ([Mnih et al., 2015](https://doi.org/10.1038/nature14236)) learned to play Atari games all the same. Its network takes
# the screen and returns one number for *each action*, so that the maximum is one look at its output. A *replay buffer* draws
# minibatches of stored transitions, which are less alike than successive ones. A *target network*, an old copy of the network,
# computes $y$, so that the target stands still for a while. DDPG takes over both, and solves one more problem.

# %% [markdown]
# ## The maximum
#
# DQN needs actions that can be listed. A robot's action is a vector of A real numbers: A counts its entries from here on. What then is $\max_a Q(s, a)$, in
# the target of every transition and each time the agent acts?
#
# **Try a list.** Pendulum is a rod to be swung up and held upright by one torque, for 200 steps; every reward is 0 or below. This policy
# takes the best of a few torques, by a $Q^*$ computed on a fine grid (`solve`). `follow` lets it act from 200 starts.


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
# Two torques, full left and full right, are almost enough. In one
# dimension a list is no bad idea. Now write the search for any number of entries.

# %% exercise="02.2"

# %%
greedy_on_grid = yours("02.2")
figures.cost(greedy_on_grid, whose("02.2"))
plt.show()
for n, dim in ((3, 7), (11, 7), (3, 17)):
    print(f"{n} points, A = {dim:2}: {n**dim:15,} calls for one maximum")

# %% [markdown] fold="Answers to the second and third predictions"
# Three torques for each of 17 joints are 129,140,163 actions, for *one* state, and training asks for the maximum at
# every state of a minibatch, at every step. The paper's own example is an arm of seven joints with three torques each, 2,187 actions.
# Eleven torques each, so that it could also push a little, are 19 million. On Pendulum, 2 torques are about one per
# cent worse than 41. The case without the largest torque is in *Break it*.

# %% [markdown]
# **Or search.** A network has a slope in the action. Take any action and go up the slope, again and again:
#
# $$a \leftarrow a + \eta\, \nabla_a Q(s, a)$$
#
# $\nabla_a Q$ is the vector of the derivatives of $Q$ in each entry of the action. It costs about the same for 1 as for 17
# entries. But each state takes dozens of calls, and the hill that is climbed need not be the highest.
#
# **Or remember.** The best action is a function of the state, so learn that function: a second network
# $\mu(s \mid \theta^\mu)$, the **actor**, whose parameters are moved so that $Q(s, \mu(s))$ grows. One call of the actor
# replaces the search:
#
# $$\max_a Q(s, a) \approx Q(s, \mu(s))$$
#
# > `next_action, _ = self.target_actor.forward(batch.next_obs)` · `ddpg/agent.py`
#
# That is the step from Q-learning to DDPG. The actor is a learned argmax. The ascent goes on, but in $\theta^\mu$ instead
# of $a$, a little at every update, and its result is kept. It also changes *what* is learned: the critic of DDPG estimates
# $Q^\mu$ of the current actor, not $Q^*$.
#
# Here are all three on a trained agent.

# %%
saved = precomputed("ch02/agent")
agent, obs = search.agent_of(saved["actor"], saved["critic"]), saved["obs"]
figures.climbs(agent, obs[[2, 64, 35, 21]], greedy_on_grid, whose("02.2"))
plt.show()
print(search.comparison(agent, obs))

# %% [markdown]
# A step of ascent takes two calls, forward and backward. Twenty of them come nearer to the best than the actor.
#
# In the first two states all ways meet near the star. In the third there are two hills: from −0.5 the ascent stays on the
# lower one, and the actor stands in the valley between them. In the second and the last, steps of this size hop to and fro on
# the sharp peak. So the actor is no exact argmax. It is one call instead of dozens, and it improves together with the critic.

# %% [markdown]
# ## Break it
#
# Change ε and the table's first value in the maze, and leave the largest torque out on Pendulum.
#
# **Predict:** the table begins with zeros. What does the agent find with ε = 0? With ε = 0.1? What if ε = 0, but the
# table begins at 10 everywhere? And are 41 torques, none of them the largest, better than 2 with it?


# %%
def greedy(values):
    return int(np.squeeze(epsilon_greedy(values, 0, rng)))


print(f"best possible from the start: {exact[0].max():.2f}; by {mine}")
print("    ε  begins at   return of the greedy policy     earned while learning")
for epsilon, first in ((1.0, 0), (0.5, 0), (0.1, 0), (0.0, 0), (0.1, 10), (0.0, 10)):
    found = [train(epsilon, seed, float(first)) for seed in range(5)]
    last = [tables[-1] for tables, _ in found]
    returns = " ".join(f"{maze.greedy_return(q, greedy):5.2f}" for q in last)
    earned = np.mean([rewards for _, rewards in found])
    print(f"  {epsilon:3}  {first:9}   {returns}   {earned:10.0f} (mean)")
for n in (2, 41):
    without = np.linspace(-1, 1, n + 2)[1:-1]
    print(f"best of {n:2} torques up to {without.max():.2f}: {mean_return(without):7.1f}")

# %% [markdown] fold="What happened"
# From zeros with ε = 0 or 0.1, all depends on how your 02.3 chooses among equal values. If it takes the first, up, the agent
# walks into the wall, sees a reward of 0, as expected, and does so for ever; ε = 0.1 hardly gets it away. If it draws among
# equals, it strays until it meets the near end, and then stays with that. With ε = 0.5, too, the greedy steps pull it
# back to the near end: good, but not best. Of these agents, only the random walk finds the 10 with
# every seed.
#
# A table that begins at 10 is *optimistic*: nothing can be better than what has not been tried. Whatever is tried
# disappoints, so the next action looks better. The agent explores out of pure greed, with ε = 0 too. To explore,
# it needs no randomness. This works because the other entries of a table stay as they are. Those of a network do not, which is
# why DDPG, whose critic starts at about 0, adds noise to $\mu(s)$ (chapter 09).
#
# Two torques at a third of the full power are far too weak to swing the pendulum up. Even 41 torques up to 95 % do worse than just
# the two full ones: the grid's *ends* matter here, not its fineness. An actor
# that ends in a tanh comes as near to the bounds as it likes.

# %% [markdown]
# > **In a framework** DQN is `q_network(obs).max(dim=1)`, the maximum over the columns of an output (N, A). DDPG is
# > `critic(obs, actor(obs))`: the action is an *input* of the critic, and the maximum is gone. There are other answers:
# > [QT-Opt](https://arxiv.org/abs/1806.10293) searches at every step, with the cross-entropy method;
# > [NAF](https://arxiv.org/abs/1603.00748) makes $Q$ a parabola in $a$, whose top is known.

# %% [markdown]
# ## Quiz
#
# 1. Replace the maximum in the target by the mean over the row. Whose $Q$ does the table become, if the agent acts at
#    random?
# 2. A time limit ends the walk after 100 steps. Your colleague sets $y = r$ there. What does the table learn?
# 3. "DDPG learns $Q^*$ since it is Q-learning with networks." What is wrong?
# 4. Why does doubling the number of joints *square* the size of a grid, but not that of an actor?
# 5. The TD error is 0 at every pair that the agent has visited. Is its policy the best?

# %% [markdown] fold="Answers"
# 1. That of the uniformly random policy, $Q^\beta$: the mean over the row is what this policy gets on average. With the
#    maximum it is $Q^*$, with $Q(s', \mu(s'))$ it is $Q^\mu$. The target decides, not who acts.
# 2. That the cell where the clock happened to run out is worth nothing further, although the maze goes on. The same cell
#    then has two different targets, by a clock that the state does not show. Only *terminated* stops the bootstrap.
# 3. The maximum is replaced by $\mu(s')$, and $\mu$ is not the argmax but what the actor has learned so far. The critic
#    estimates $Q^\mu$.
# 4. $n^{2A} = (n^A)^2$: every combination is an action of its own. The actor returns one number for each entry, and only
#    its last layer grows, in proportion to A.
# 5. Not necessarily: what it has not visited may be better, and the table there is as it began. With zeros and ε = 0 the
#    agent never sees the 10. An optimistic table is safer, since untried actions look at least as good as they can be.

# %% [markdown]
# ## Remember
#
# - The Bellman optimality equation has a maximum in it and no policy. Q-learning takes it one transition at a time.
# - Off-policy: the target holds no action of whoever collects. SARSA's does, and learns the value of the policy that acts.
# - A small TD error says that estimates agree, not that they are right.
# - A grid over A entries has points to the power A actions. Pendulum hides that: two torques nearly suffice.
# - An actor is a learned argmax. With it the critic estimates $Q^\mu$, the value of the actor as it is now.
#
# The real code: `td_target` in [`ddpg/agent.py`](../minddpg/ddpg/agent.py), the search over torques in
# [`verification/exact_pendulum.py`](../minddpg/verification/exact_pendulum.py). How the
# exact Pendulum is solved is in [exact-pendulum.md](../docs/exact-pendulum.md). Next:
# [03 · Gradient checking as a craft](03_gradient_checks.ipynb).
