# %% [markdown]
# # 01 · MDPs, returns, Bellman: the exact Pendulum
#
# **After this chapter** you know what $Q$ is, to the last symbol, you have computed it exactly for two policies of the
# Pendulum, and you have seen why repeating one line of code must end at it. You know what it means that DDPG learns
# *off-policy*, and what that does not mean.
#
# **You need** NumPy's indexing and chapter 00's words: state, action, reward, return, policy.
#
# **Time** {minutes} minutes. **Cost** ten seconds of computing.
#
# You will meet T, the number of an episode's steps, and S and A, the numbers of states and of actions.

# %%
import matplotlib.pyplot as plt
import numpy as np

import minddpg
from minddpg.course import checks
from minddpg.course.ch01_bellman import figures
from minddpg.course.style import use_style
from minddpg.verification.exact_pendulum import exact_q, follow, grid, solve, step

use_style()
best_backup, backup_of = checks.solution("01.2"), checks.solution("01.3")

# %% [markdown]
# ## Predict
#
# Four states of the pendulum. The best possible policy takes over. Order them: from which one will it earn most, and from
# which least? Write it down. Later you compute the answer.
#
# - **A** hanging, at rest
# - **B** hanging, turning at 5 rad/s
# - **C** 0.3 rad (17 degrees) from upright, falling away from it at 1 rad/s
# - **D** 0.6 rad (34 degrees) from upright, turning towards it at 2 rad/s

# %% [markdown]
# ## The world: a Markov decision process
#
# An agent meets an environment $E$ in discrete time steps. At step $t$ it receives an observation, takes an action $a_t$, and
# receives a reward $r_t$. We assume that the environment is *fully observed*: the observation tells the whole state $s_t$.
# Such a world is called a **Markov decision process**, an MDP. It has five parts:
#
# 1. a *state space* $\mathcal S$. For the Pendulum: all angles and speeds $(\theta, \dot\theta)$;
# 2. an *action space* of N real numbers, $\mathcal A = \mathbb R^N$. For the Pendulum N = 1, a torque, and it is bounded:
#    $[-2, 2]$ N m;
# 3. a *distribution of the first state*, $p(s_1)$. Any angle, and a speed in $[-1, 1]$;
# 4. *transition dynamics* $p(s_{t+1} \mid s_t, a_t)$. One outcome, given by mechanics;
# 5. a *reward function* $r(s_t, a_t)$. Minus the squares that you know from chapter 00.
#
# The fourth part holds the word *Markov*: what comes next depends on $s_t$ and $a_t$ and on nothing before. The dynamics may
# be random, hence a probability $p$. The Pendulum's are not:
#
# > `speed = np.clip(speed + DT * acceleration, -MAX_SPEED, MAX_SPEED)` · `verification/exact_pendulum.py`
#
# Note what is *not* in the list: the clock. Gymnasium stops an episode after 200 steps. The state does not say how many are
# left, so no function of the state can know it. The MDP of the Pendulum goes on for ever, and its values below are
# values of going on for ever.
#
# What the agent does is its **policy** $\pi: \mathcal S \to \mathcal P(\mathcal A)$. It maps each state to a probability
# distribution over actions. We write $a_t \sim \pi$ for an action drawn from it.

# %% [markdown]
# ## The return
#
# The return from step $t$ is the sum of the rewards to come, each **discounted** by how late it comes:
#
# $$R_t = \sum_{i=t}^{T} \gamma^{i-t}\, r(s_i, a_i), \qquad \gamma \in [0, 1]$$
#
# > `returns[t] += discount * returns[t + 1]` · `training/evaluation.py`
#
# $\gamma$ is the *discount factor* and $T$ the last step; $T = \infty$ if nothing ends. Why discount? A sum without end of
# rewards like −1 has no value. With $\gamma < 1$ it has one: $\sum_k \gamma^k = 1/(1-\gamma)$. For $\gamma = 0.99$ that
# is 100, so rewards count for about 100 steps, five seconds of pendulum.
#
# Look at the line. It says $R_t = r_t + \gamma R_{t+1}$, since all later rewards sit in $R_{t+1}$ already, each
# with one $\gamma$ less. The whole chapter comes from this recursion. (The exercise counts its T steps from 0, so its last one is T − 1.)

# %% exercise="01.1"

# %% [markdown]
# ## Why a return is random
#
# Fix $s_t$ and $a_t$. Is $R_t$ one number? There are two places where chance gets in. The policy may draw its actions, and
# the environment may draw its transitions (or rewards). Below, the same state is tried 500 times in three worlds, all with
# one policy, to which the second world adds noise. It pulls towards upright like a spring, as hard as the motor can. That sounds sensible, and we keep it as
# our **bad policy** for the rest of the chapter.


# %%
class Spring:
    """Pull towards upright, and brake; obs is (cosine, sine, speed)."""

    def predict(self, obs, deterministic=True):
        torque = -3 * obs[..., 1] - 0.5 * obs[..., 2]
        return np.clip(torque, -2, 2)[..., None], None


def tries(policy_noise, gusts, discount=0.99):
    """Return the returns (500,) of 600 steps, from rest 0.1 rad beside upright."""
    rng = np.random.default_rng(1)
    angle, speed, total = np.full(500, 0.1), np.zeros(500), np.zeros(500)
    for k in range(600):
        torque = -3 * np.sin(angle) - 0.5 * speed
        torque += policy_noise * rng.standard_normal(500)
        reward, angle, speed = step(angle, speed, np.clip(torque, -2, 2) / 2)
        speed = np.clip(speed + gusts * rng.standard_normal(500), -8, 8)
        total += discount**k * reward
    return total


figures.weights_and_returns(
    (0.9, 0.99, 1.0),
    {
        "nothing random": tries(policy_noise=0, gusts=0),
        "random policy": tries(policy_noise=1, gusts=0),
        "random world: gusts": tries(policy_noise=0, gusts=0.3),
    },
)
plt.show()

# %% [markdown]
# With a deterministic policy in the Pendulum's world all tries are alike. Add chance to either one, and the return is a
# distribution. What we want is its mean. (Here chance raises it: the policy is so
# bad that a push at random does it good.) An agent's goal is
#
# $$J = \mathbb E_{r_i, s_i \sim E,\ a_i \sim \pi}\left[R_1\right]$$
#
# the mean return from the first state. The subscripts say who draws what: rewards and states come from $E$, actions from
# $\pi$.
#
# One more symbol. The **state visitation distribution** $\rho^\pi$ says in which states $\pi$ spends its time. In the paper
# it is the *discounted* one: a visit at step $t$ counts $\gamma^{t-1}$. A replay buffer counts all visits alike. In
# chapter 06 this becomes one of four gaps between theory and code.

# %% [markdown]
# ## Q, and Bellman's equation
#
# The **action-value function** is the mean return after taking action $a_t$ in state $s_t$ and following $\pi$ from then on:
#
# $$Q^\pi(s_t, a_t) = \mathbb E_{r_{i \ge t},\, s_{i>t} \sim E,\ a_{i>t} \sim \pi}\left[R_t \mid s_t, a_t\right] \tag{1}$$
#
# Read the indices. Rewards are random from $t$ on, states and actions only *after* $t$: the first state and the first action
# are given. The first action may be any, also one that $\pi$ would never take.
#
# Now put $R_t = r_t + \gamma R_{t+1}$ into it. The mean of a sum is the sum of the means. And the mean of $R_{t+1}$, given
# $s_{t+1}$ and $a_{t+1}$, is $Q^\pi(s_{t+1}, a_{t+1})$ by definition. What is left to average over is which state comes next,
# and which action $\pi$ takes there:
#
# $$Q^\pi(s_t, a_t) = \mathbb E_{r_t, s_{t+1} \sim E}\Big[r(s_t, a_t) + \gamma\,
# \mathbb E_{a_{t+1} \sim \pi}\big[Q^\pi(s_{t+1}, a_{t+1})\big]\Big] \tag{2}$$
#
# This is the **Bellman equation**. It says that a value is one reward and a value one step later. The long sum has gone.
#
# Suppose that the policy is deterministic, a function $\mu: \mathcal S \to \mathcal A$ from states to actions. The inner
# mean ran over the actions that the policy might draw at $s_{t+1}$. There is one now, $\mu(s_{t+1})$, and a mean over one
# thing is that thing:
#
# $$Q^\mu(s_t, a_t) = \mathbb E_{r_t, s_{t+1} \sim E}\big[r(s_t, a_t) + \gamma\, Q^\mu(s_{t+1}, \mu(s_{t+1}))\big] \tag{3}$$
#
# > `q: Array = reward + self.discount * self.value(next_angle, next_speed)` · `verification/exact_pendulum.py`
#
# where `value` is $V^\mu(s) = Q^\mu(s, \mu(s))$, the value of a state if the policy acts in it from the start. In the
# Pendulum the outer mean goes as well, because only one state can come next. In a general world it stays. But look at what it
# runs over: $E$ alone. No policy appears in it. That is the reason why DDPG can learn from old experience, and we come back
# to it.

# %% [markdown]
# ## The Pendulum in a table
#
# An equation with $Q$ on both sides can be solved by repeating it: take any $Q$, compute the right side, call the result $Q$,
# again. One such step is a **backup**: value flows back from $s'$ to $s$. ($s'$ and $a'$ are short for $s_{t+1}$ and
# $a_{t+1}$.)
#
# To see it with bare hands we make the Pendulum small: 51 angles × 51 speeds and 3 torques, −2, 0 and 2 N m. Each decision
# is held for four steps of 0.05 s, and where it ends is rounded to the nearest of the 2,601 states. So one decision earns
# $r_0 + \gamma r_1 + \gamma^2 r_2 + \gamma^3 r_3$, and what comes after it counts $\gamma^4$. A world like this is two
# arrays.


# %%
def pendulum_table(discount=0.99, size=51, hold=4):
    """Return reward (S, A), next_state (S, A), and the discount of one decision."""
    angle, speed = (part.reshape(-1, 1) for part in grid(size))
    angle, speed, action = np.broadcast_arrays(angle, speed, np.array([-1.0, 0.0, 1.0]))
    total, weight = 0.0, 1.0
    for _ in range(hold):
        reward, angle, speed = step(angle, speed, action)
        total, weight = total + weight * reward, weight * discount
    row = np.rint(angle / (2 * np.pi) * size).astype(int) % size
    column = np.rint((speed + 8) / 16 * (size - 1)).astype(int)
    return total, row * size + column, weight


reward, next_state, discount = pendulum_table()
print("reward", reward.shape, "next_state", next_state.shape, f"discount {discount:.4f}")
print("state 1300, at rest, just beside hanging; its actions lead to", next_state[1300])

# %% [markdown]
# **The best policy first.** If the policy takes at $s'$ what is worth most there, then (3) becomes
#
# $$Q^*(s, a) = r(s, a) + \gamma \max_{a'} Q^*(s', a')$$
#
# $Q^*$ is the value of acting best for ever, and the best policy is *greedy* in it: $\mu(s) = \arg\max_a Q^*(s, a)$.
# Q-learning, chapter 02, is built on this. With three torques a maximum is easy. With real numbers it is not, and that is
# why DDPG exists.

# %% exercise="01.2"

# %% [markdown]
# **Now any policy.** This is equation (3). There is no maximum in it. What happens at $s'$ is decided by $\mu$, be it good or
# bad. DDPG's critic learns this one: it estimates $Q^\mu$ of its actor, and not $Q^*$.

# %% exercise="01.3"

# %% [markdown]
# From a table of zeros, repeat the backup of exercise 01.2 and look at the largest entry of each row, $\max_a Q(s, a)$, drawn
# over angle and speed. (These cells use the solutions' backups. Put yours in: they must give the same.)


# %%
def as_map(values, size=51):
    """Turn values (S,) into a map (speeds, angles) with upright in the middle."""
    return np.roll(values.reshape(size, size), size // 2, axis=0).T


table_angles = (np.arange(51) - 25) * 2 * np.pi / 51
table_speeds = np.linspace(-8, 8, 51)
q_best, maps = np.zeros_like(reward), {}
for count in range(1, 601):
    q_best = best_backup(q_best, reward, next_state, discount)
    if count in (1, 4, 8, 16, 600):
        maps[count] = as_map(q_best.max(axis=1))
figures.spreading(maps, table_angles, table_speeds)
plt.show()

# %% [markdown]
# After one backup the table knows one decision: how near to upright the state is. After four it sees 16 steps ahead, less than
# a second. As more rewards are counted, all values sink. Where they stop sinking, the news has arrived that upright can be
# reached from here. At the end a bright band winds through the centre: from there the rod gets up without another swing.
#
# How good is it? The greedy policy of this table, 7,803 numbers made by one line of code, plays in Gymnasium's `Pendulum-v1`,
# beside the spring and a far finer solution. The return here is the plain sum of an episode's 200 rewards:


# %%
class Table:
    """A policy that looks up the nearest state's action: policy (S,) of 0, 1 or 2."""

    def __init__(self, policy):
        self.policy = policy

    def predict(self, obs, deterministic=True):
        row = np.rint(np.arctan2(obs[1], obs[0]) / (2 * np.pi) * 51).astype(int) % 51
        column = np.rint((obs[2] + 8) / 16 * 50).astype(int)
        return np.array([2.0 * self.policy[row * 51 + column] - 2.0]), None


exact = solve(201)
for name, policy in {
    "the spring": Spring(),
    "the table's greedy policy": Table(q_best.argmax(axis=1)),
    "the exact solution": exact,
}.items():
    evaluation = minddpg.evaluate(policy, "Pendulum-v1", episodes=20, seed=20_000)
    print(f"{name:26} mean return of 20 episodes {evaluation.mean:8.1f}")

# %% [markdown]
# ## The exact Pendulum
#
# The last row is a better table: 201 × 201 states, any torque between −2 and 2, decisions at every step, and interpolation
# between the states where we rounded. It takes a second or two to compute, and it is exact up to its grid
# ([how exact](../docs/exact-pendulum.md)). In most worlds nobody knows $Q$, and one can only look
# at returns. Here we know what a critic *should* say. The course uses it as a yardstick from now on. The same file finds $Q^\mu$ of
# any policy:
#
# > `updated = reward + discount * _interpolate(values, where, weights)` · `verification/exact_pendulum.py`

# %%
spring = exact_q(Spring(), 201)
angles, speeds = np.linspace(-np.pi, np.pi, 161), np.linspace(-8, 8, 121)
every_state = np.meshgrid(angles, speeds)
start = np.array([1.0]), np.array([0.0])
maps, paths = {}, {}
solved = {"$V^*$": (exact, exact), "$V^\\mu$, spring": (spring, Spring())}
for name, (solution, policy) in solved.items():
    maps[name] = solution.value(*every_state)
    walk = [start] + [after for _, *after in follow(policy, *start, 150)]
    paths[name] = np.transpose(walk)[0]  # angles and speeds (2, 151)
figures.value_maps(maps, angles, speeds, paths)
plt.show()

states = {"A": (np.pi, 0.0), "B": (np.pi, 5.0), "C": (0.3, 1.0), "D": (0.6, -2.0)}
torques = np.linspace(-1, 1, 201)  # V* is the maximum of Q* over them, in [−1, 1]
for name, (angle, speed) in states.items():
    best = exact.q(np.full(201, angle), np.full(201, speed), torques).max()
    spring_value = spring.value(np.array([angle]), np.array([speed]))[0]
    print(f"{name}  best policy {best:7.1f}   spring {spring_value:7.1f}")

# %% [markdown] fold="Answer to the prediction"
# D, B, C, A. The surprise is B before C: hanging at 5 rad/s is worth more than being 17 degrees from the goal. B has speed
# enough for the motor to bring it up in this one swing. C is lost: the motor is too weak to stop the fall, so the rod must go
# down, and come up on the other side. **A value does not say how good it looks here. It says what is still to come.** That is why a critic is
# worth having: the reward of C is far better than that of B.

# %% [markdown]
# Both paths begin at the white dot, 1 rad from upright, at rest. The motor cannot hold the rod there. The best policy lets it
# fall, speeds it up, and comes up on the other side, inside the bright band. (The map's right edge is its left edge: hanging.) The spring pulls against the fall, which only
# brakes it, and ends hanging. Its map has another scale: it will hang for ever, at $-\pi^2$ a step, and
# $-\pi^2/(1-\gamma)$ is −987. It cannot even keep the rod upright. Near the top it takes away $9 \sin\theta$ of gravity's
# $15 \sin\theta$. The thin bright ridge are states from which the rod creeps up to the top and lingers before it falls.
#
# The bright band has sharp edges. On one side of an edge the rod gets up on this swing, on the other it needs one swing more. A
# critic has to learn that edge, and in chapter 05 you see how well it does.

# %% [markdown]
# ## One action, then the policy
#
# $V$ is a map over states. $Q$ is more: for each state a curve over actions. Take three states and draw $Q^*$ and $Q^\mu$ of
# the spring, both exact.

# %%
curves, chosen = {}, {}
for name, (angle, speed) in {
    "hanging, at rest": (np.pi, 0.0),
    "hanging, 5 rad/s": (np.pi, 5.0),
    "0.3 rad, returning": (0.3, -0.5),
}.items():
    here = np.full(201, angle), np.full(201, speed)
    curves[name] = exact.q(*here, torques), spring.q(*here, torques)
    obs = np.array([np.cos(angle), np.sin(angle), speed])
    chosen[name] = Spring().predict(obs)[0][0] / 2
figures.q_curves(torques, curves, chosen)
plt.show()

# %% [markdown]
# The two rows differ in height, since different futures follow the same action. The black dot is what the spring does, and its
# height is $V^\mu(s)$. The triangle is the best first action *if the spring goes on afterwards*. (At rest, both full torques are
# equally good: it is all one to which side the swing begins.) Where the triangle is higher than the dot, the policy can be
# improved at once: do what the triangle says. And the slope of the curve at the dot, $\partial Q^\mu/\partial a$, tells in which
# direction to go. That is DDPG's actor in one sentence: it moves its dots along the slope of $Q^\mu$, the value of *what it
# does at present*. As it changes, so does $Q^\mu$. In the first panel you also see how that can fail: the dot sits in the bottom of a
# valley, where the slope points nowhere.

# %% [markdown]
# ## Why repeating ends at one table
#
# We repeated a backup 600 times and believed the result. Why does it settle, and why on the same table whatever we start
# from? Write $T$ for a backup (no longer the last step), and $\lVert x \rVert_\infty$ for the largest absolute entry of a table. Take two tables
# $Q_1$ and $Q_2$. Their backups have the reward in common, so it cancels:
#
# $$\lVert T Q_1 - T Q_2 \rVert_\infty = \gamma \max_{s,a} \big|\max_{a'} Q_1(s', a') - \max_{a'} Q_2(s', a')\big|
# \le \gamma\, \lVert Q_1 - Q_2 \rVert_\infty$$
#
# The last step: two maxima differ by no more than the largest difference of what they run over. For a policy's backup there is
# no maximum, and it is clearer still. So every backup brings two tables closer, at least by the factor $\gamma$. $T$ is a
# **contraction**. Two tables that both stay where they are cannot come closer: they are one. All others are drawn to it, and it
# solves the Bellman equation. It is called the *fixed point*.

# %% exercise="01.4"

# %% [markdown]
# Now measure it: the distance from the fixed point, backup after backup, on a logarithmic axis. A factor per backup is a
# straight line there. On the right, the factor itself, for two ways to measure a distance: by the largest entry, and by
# $\lVert x \rVert_2$, the root of the sum of squares. For that panel the table is wrong in one place at first: at rest beside hanging, state 1300.

# %%
angle, speed = grid(51)
torque = np.clip(-3 * np.sin(angle) - 0.5 * speed, -2, 2)
policy = np.rint(torque / 2).astype(int).ravel() + 1  # the spring, in three torques


def of_spring(q):
    return backup_of(q, reward, next_state, policy, discount)


def of_best(q):
    return best_backup(q, reward, next_state, discount)


def errors(q, backup, reference, norm):
    """Return the distances from the reference after 0, 1, ..., 250 backups."""
    found = [norm(q - reference)]
    for _ in range(250):
        q = backup(q)
        found.append(norm(q - reference))
    return np.array(found)


def largest(x):
    return np.abs(x).max()


q_spring = np.zeros_like(reward)
for _ in range(1000):
    q_best, q_spring = of_best(q_best), of_spring(q_spring)

wild = np.random.default_rng(0).uniform(-500, 500, reward.shape)
dented = q_spring.copy()
dented[1300] += 100  # at rest beside hanging
by_largest = errors(dented, of_spring, q_spring, largest)
by_squares = errors(dented, of_spring, q_spring, np.linalg.norm)
figures.contraction(
    {
        "best, from zeros": errors(0 * reward, of_best, q_best, largest),
        "best, from random numbers": errors(wild, of_best, q_best, largest),
        "spring, from zeros": errors(0 * reward, of_spring, q_spring, largest),
        "spring, from random numbers": errors(wild, of_spring, q_spring, largest),
    },
    discount,
    {
        "largest entry": by_largest[1:41] / by_largest[:40],
        "root of the sum of squares": by_squares[1:41] / by_squares[:40],
    },
)
plt.show()

# %% [markdown]
# All four lines fall at least as fast as the bound, and in the long run none falls faster. Where states lead round in a circle, as
# those about hanging do under the spring, the error goes round with them, and each backup leaves $\gamma$ of it. This is the price of a $\gamma$ near 1. (The factor is
# $\gamma^4$ here, since a decision lasts four steps.) The right panel shows what the theorem does not promise. The largest
# entry keeps to the bound exactly. In the norm of squares, the distance *grows*: many states lead to hanging, and each of them
# inherits the error. Fits of networks minimise squares. So with networks there is no such guarantee, and chapter 08 is about
# what goes wrong.

# %% [markdown]
# ## Off-policy: whose experience?
#
# Look at (3) once more. To use it you need transitions $(s, a, r, s')$. Who chose $a$? It does not matter. $a$ stands on both sides
# as a *given*, and the mean runs over $E$ alone. The action at $s'$ is $\mu(s')$, which you compute, and nobody has to have
# taken it. So transitions may come from a **behaviour policy** $\beta$ that is not $\mu$: an older actor, a noisy one, a random
# one. This is **off-policy** learning. How likely $\beta$ was to choose $a$ need not be known, because $Q$ is about a given
# $(s, a)$. (Equation (2) can be used off-policy as well, by drawing $a' \sim \pi$ yourself. What determinism saves is that
# inner mean.)
#
# Two conditions come with it. $\beta$ must have *been* there: a pair $(s, a)$ that was never tried teaches nothing. And each pair
# must have a number of its own, as in a table. A network with fewer numbers than there are pairs cannot satisfy (3)
# everywhere. It makes a compromise, weighted by how often $\beta$ was where. In the paper's notation, the critic's loss is a
# mean over $\rho^\beta$.
#
# Test it: learn $Q^\mu$ of the spring from transitions of two behaviours. One is *skilled*: the best action, but every other time
# a random one. The other is the *spring* itself, with three random actions in ten. First count who was where.


# %%
def explore(usual, randomness, episodes=4000, length=50):
    """Count the visits (S, A) of many episodes from any angle and speeds of about ±1."""
    rng, visits = np.random.default_rng(7), np.zeros(reward.shape)
    state = rng.integers(51, size=episodes) * 51 + rng.integers(22, 29, size=episodes)
    for _ in range(length):
        is_random = rng.random(episodes) < randomness
        action = np.where(is_random, rng.integers(3, size=episodes), usual[state])
        np.add.at(visits, (state, action), 1)
        state = next_state[state, action]
    return visits


def known(visits):
    """Return which pairs (S, A) are known: visited, as is all that the spring does then."""
    seen = visits > 0
    for _ in range(200):
        seen = seen & seen[next_state, policy[next_state]]
    return seen


experience = {
    "skilled": explore(q_best.argmax(axis=1), randomness=0.5),
    "spring": explore(policy, randomness=0.3),
}
for name, visits in experience.items():
    print(f"{name:8} {visits.sum():.0f} transitions,", end=" ")
    print(f"enough for {100 * known(visits).mean():.0f} % of all pairs")

# %% [markdown]
# Then learn, once with a table, and once with the best linear fit in 14 *features*: cosine, sine, speed and action, their
# products, and a constant. That is a small stand-in for a network. Both repeat backups. The table backs up what was visited. The
# fit backs up everything, and is then fitted to the result by least squares, each pair counted as often as it was visited.

# %%
inputs = np.cos(angle), np.sin(angle), speed / 8
inputs = [np.repeat(x.reshape(-1, 1), 3, axis=1) for x in inputs]
inputs.append(np.broadcast_to([-1.0, 0.0, 1.0], reward.shape))
pairs = [(i, j) for i in range(4) for j in range(i, 4) if (i, j) != (1, 1)]
products = [inputs[i] * inputs[j] for i, j in pairs]  # sin² is 1 − cos²: not needed
features = np.stack([np.ones(reward.shape), *inputs, *products], axis=-1)  # (S, A, 14)

drawn = {}
for name, visits in experience.items():
    table, weights = np.zeros_like(reward), np.zeros(14)
    x, count = features.reshape(-1, 14), visits.reshape(-1, 1)
    least_squares = np.linalg.solve(x.T @ (count * x), (count * x).T)  # maps y to weights
    for _ in range(1000):
        table = np.where(visits > 0, of_spring(table), table)
        weights = least_squares @ of_spring(features @ weights).ravel()
    error = np.where(known(visits), np.abs(table - q_spring), np.nan)
    fit = np.abs(features @ weights - q_spring)
    acting = np.arange(2601), policy
    drawn[name] = as_map(visits.sum(axis=1)), as_map(error[acting]), as_map(fit[acting])
    print(f"{name:8} table: largest error {np.nanmax(error):.0e}", end="   ")
    print(f"14 features: mean error {fit.mean():.0f}")
figures.off_policy(drawn, table_angles, table_speeds)
plt.show()

# %% [markdown]
# The middle column is the promise of off-policy learning, kept. Where $\beta$ has been, and has tried what the spring does from
# there on, both behaviours give the same $Q^\mu$ of the spring, exactly, also the one that was out for something else. How often
# they went there makes no difference: each entry of a table has an equation of its own.
#
# The right column is what the promise does not cover. Fourteen numbers serve 7,803 pairs. The two fits are different functions,
# wrong in different places, though both are about the same policy in the same world. The fixed point depends on $\rho^\beta$.
# DDPG's critic is of the second kind, with some thousand numbers instead of 14. *What is in the replay buffer* decides what it
# is right about, and chapters 07 and 09 come back to this.

# %% [markdown]
# > **On scale.** A value is a sum of about $1/(1-\gamma)$ rewards. Rewards of size 10 and $\gamma = 0.99$ make values of size
# > 1,000. A critic starts near 0 and has to get there. On the Pendulum every true value lies between $-1627$, the worst
# > reward $\pi^2 + 6.4 + 0.004$ a hundred times, and 0. A critic outside of that is wrong for certain. You need no reference to see it,
# > only the bounds of the reward.

# %% [markdown]
# ## Break it
#
# The contraction came from $\gamma < 1$. Set $\gamma = 1$ and repeat both backups 2,000 times from zeros. Rewards are never
# positive.
#
# **Predict:** does the table of the best policy settle? Does that of the spring? What does exercise 01.4 measure now?

# %%
reward_1, next_state_1, one = pendulum_table(discount=1.0)
best_1, spring_1 = np.zeros_like(reward_1), np.zeros_like(reward_1)
lowest = {"best policy": [], "spring": []}
for _ in range(2000):
    lowest["best policy"].append(best_1.min())
    lowest["spring"].append(spring_1.min())
    best_1 = best_backup(best_1, reward_1, next_state_1, one)
    spring_1 = backup_of(spring_1, reward_1, next_state_1, policy, one)
figures.without_discount(np.arange(2000), lowest)
plt.show()

again = best_backup(best_1, reward_1, next_state_1, one)
shifted = best_backup(best_1 + 100, reward_1, next_state_1, one)
print(f"lowest value: best policy {best_1.min():.0f}, spring {spring_1.min():.0f}")
print(f"the best policy's last backup changes {largest(again - best_1):.0e}")
print(f"two tables 100 apart: the factor is {largest(shifted - again) / 100:.4f}")

# %% [markdown] fold="What happened"
# The spring's table falls for ever, by the same amount at every backup: hanging costs $\pi^2$ a step, for ever, and a sum without
# end of equal costs is not a number. The best policy's table settles. It gets to upright in finitely many steps, and from there
# every reward is 0. So $\gamma = 1$ may work where all ways lead to an end that costs nothing, and nothing guarantees it.
#
# The last line shows what else is lost. Two tables that are 100 apart stay 100 apart: the factor is 1. Add any number to every
# entry of a solution, and it is a solution again. There is no *one* table to settle on. `minddpg.Config` refuses a discount of 1.
# (Where episodes terminate, nothing follows the last step. That bounds a return in another way: chapter 05.)

# %% [markdown]
# > **In a framework** no line computes such a table, but every DQN or DDPG holds a backup: the target
# > `reward + gamma * q_target(next_obs, policy(next_obs))` is (3) for the rows of a batch, computed under `torch.no_grad()`, and
# > the critic is fitted to it. One fit to one target is one backup, done approximately, at some pairs.

# %% [markdown]
# ## Quiz
#
# 1. In (1), why is the index of the actions $i > t$, and that of the rewards $i \ge t$?
# 2. Which of $\pi$, $\mu$ and $\beta$ are functions from states to actions, and what do the others return?
# 3. The replay buffer holds transitions of an actor that has long been replaced. May they still be used to learn $Q^\mu$ of the
#    present one? Is there a catch?
# 4. A friend's critic says $Q = +66$ on the Pendulum, and the friend is glad. What do you say?
# 5. With $\gamma = 0.99$, how many backups does it take until an error of 1,000 is below 1, at most? And with $\gamma = 0.9$?

# %% [markdown] fold="Answers"
# 1. $a_t$ is given, it is an argument of $Q$. The policy draws only what comes later. The reward of step $t$ belongs to the
#    return, and the environment may draw it at random.
# 2. Only $\mu: \mathcal S \to \mathcal A$. (Some texts print that arrow the wrong way.) $\pi$ and $\beta$ return a distribution
#    over actions, from which one is drawn.
# 3. Yes: (3) holds for any $a$, and $\mu(s')$ is computed with the present actor. The catch is approximation. The critic's
#    errors are weighted by where the old actors went, which need not be where the present one goes.
# 4. No reward is positive, so no return is. The critic overestimates by 66 at least, and the actor will look for exactly such places.
# 5. $1000 \cdot \gamma^k < 1$ means $k > \ln 1000 / \ln(1/\gamma)$: 688 backups for 0.99, 66 for 0.9.

# %% [markdown]
# ## Remember
#
# - $R_t = r_t + \gamma R_{t+1}$. Put into a mean, that is the Bellman equation.
# - $Q^\mu(s, a)$: any action now, the policy $\mu$ from then on. A critic estimates $Q^\mu$, not $Q^*$.
# - A backup is a contraction in the largest entry, by $\gamma$. That is why repeating it ends, and ends at one table.
# - Off-policy works because (3) asks the environment and not $\beta$. With approximation, $\rho^\beta$ decides where the errors are.
# - The Pendulum's values are known exactly. From now on, an estimate can be compared with the exact values.
#
# The real code: [`verification/exact_pendulum.py`](../minddpg/verification/exact_pendulum.py) and
# [`training/evaluation.py`](../minddpg/training/evaluation.py). Next:
# [02 · Q-learning, and why the argmax fails](02_q_learning.ipynb), or on the core path
# [03 · Gradient checking as a craft](03_gradient_checks.ipynb).
