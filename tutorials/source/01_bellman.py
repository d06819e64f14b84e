# %% [markdown]
# # 01 · MDPs, returns, Bellman: the exact Pendulum
#
# **After this chapter** you can explain every symbol in the definition of $Q$. You have solved a world of three states with
# a pencil and the Pendulum with a table, and you can say why repeating one line of code must end at the solution. You know
# what *off-policy* promises, and what it does not.
#
# **You need** NumPy's indexing and chapter 00's words: state, action, reward, return, policy.
#
# **Time** {minutes} minutes, and a quarter of an hour with a pencil. **Cost** fifteen seconds of computing.
#
# An episode has T steps, counted from 0. S and A are the numbers of states and of actions.

# %%
import matplotlib.pyplot as plt
import numpy as np

import minddpg
from minddpg.course.ch01_bellman import figures
from minddpg.course.ch01_bellman import small_worlds as worlds
from minddpg.course.own_code import whose, yours
from minddpg.course.style import use_style
from minddpg.verification.exact_pendulum import exact_q, solve

use_style()

# %% [markdown]
# ## Predict
#
# The best possible policy acts from now on. From which of these states will it earn most, and from which least? Write
# down an order.
#
# - **A** hanging, at rest
# - **B** hanging, turning at 5 rad/s
# - **C** 0.3 rad (17 degrees) from upright, falling away from it at 1 rad/s
# - **D** 0.6 rad (34 degrees) from upright, turning towards it at 2 rad/s

# %% [markdown]
# ## The world: a Markov decision process
#
# At each step $t$ an agent observes its environment $E$, takes an action $a_t$ and receives a reward $r_t$. If the
# observation contains the whole state $s_t$, this is a **Markov decision process** (MDP). It has five parts:
#
# 1. a *state space* $\mathcal S$: for the Pendulum, all angles and speeds $(\theta, \dot\theta)$;
# 2. an *action space* $\mathcal A = \mathbb R^N$: for the Pendulum N = 1, a torque, bounded to $[-2, 2]$ N m;
# 3. a *distribution of the first state* $p(s_0)$: any angle, and a speed in $[-1, 1]$;
# 4. *transition dynamics* $p(s_{t+1} \mid s_t, a_t)$: for the Pendulum a single outcome, given by mechanics;
# 5. a *reward function* $r(s_t, a_t)$: minus the squares that you know from chapter 00.
#
# *Markov* refers to the fourth part: the next state depends on $s_t$ and $a_t$, and on nothing earlier. The clock is not
# part of the state. Gymnasium stops an episode after 200 steps, but the values in this chapter assume that it never stops.
#
# A **policy** $\pi: \mathcal S \to \mathcal P(\mathcal A)$ maps each state to a probability distribution over actions.
# We write $a_t \sim \pi$ for an action drawn from it. A *deterministic* policy $\mu: \mathcal S \to \mathcal A$ maps each
# state to one action.

# %% [markdown]
# ## The return
#
# The return from step $t$ is the sum of the rewards to come, each **discounted** according to its delay:
#
# $$R_t = \sum_{i=t}^{T-1} \gamma^{i-t}\, r(s_i, a_i), \qquad \gamma \in [0, 1]$$
#
# $\gamma$ is the *discount factor*, and $T = \infty$ if nothing ends. The paper counts steps from 1, we count from 0.
# Without a discount, an endless sum of rewards such as −1 has no finite value. With $\gamma < 1$ it has one, because
# $\sum_k \gamma^k = 1/(1-\gamma)$. For $\gamma = 0.99$ this is 100: rewards count for about 100 steps, five seconds of
# pendulum.

# %% exercise="01.1"

# %% [markdown]
# > `returns[t] += discount * returns[t + 1]` · `training/evaluation.py`
#
# The package goes backwards through a copy of the rewards, because $R_t = r_t + \gamma R_{t+1}$: all later rewards are
# already in $R_{t+1}$, each with one $\gamma$ less.
#
# Chance enters a return in two places: the policy may draw its actions at random, and the environment its transitions.
# Below, a policy that pulls towards upright like a spring starts many times from rest, 0.1 rad from upright. In the second
# world random noise is added to its torques. In the third, random gusts change the rod's speed.

# %%
returns = yours("01.1")
returns_by_world = {
    name: np.array([returns(rewards, 0.99)[0] for rewards in tries])
    for name, tries in worlds.three_worlds().items()
}
figures.weights_and_returns((0.9, 0.99, 1.0), returns_by_world, whose("01.1"))
plt.show()

# %% [markdown]
# With a deterministic policy in a deterministic world all tries are identical. With chance in either of them the return is
# random. The agent should maximise its mean from the first state on:
#
# $$J = \mathbb E_{r_i, s_i \sim E,\ a_i \sim \pi}\left[R_0\right]$$
#
# The subscripts say what is drawn from where: rewards and states from $E$, actions from $\pi$.

# %% [markdown]
# ## Q, and Bellman's equation
#
# The **action-value function** is the mean return after taking action $a_t$ in state $s_t$ and following $\pi$ from then on:
#
# $$Q^\pi(s_t, a_t) = \mathbb E_{r_{i \ge t},\, s_{i>t} \sim E,\ a_{i>t} \sim \pi}\left[R_t \mid s_t, a_t\right] \tag{1}$$
#
# Read the indices. Rewards are random from $t$ on, states and actions only *after* $t$: the first state and the first
# action are given. That action may be any, even one that $\pi$ would never take.
#
# Now insert $R_t = r_t + \gamma R_{t+1}$. The mean of a sum is the sum of the means. Given $s_{t+1}$ and $a_{t+1}$, the
# mean of $R_{t+1}$ is $Q^\pi(s_{t+1}, a_{t+1})$ by definition:
#
# $$Q^\pi(s_t, a_t) = \mathbb E_{r_t, s_{t+1} \sim E}\Big[r(s_t, a_t) + \gamma\,
# \mathbb E_{a_{t+1} \sim \pi}\big[Q^\pi(s_{t+1}, a_{t+1})\big]\Big] \tag{2}$$
#
# This is the **Bellman equation**. It replaces the long sum by one reward and one value a step later. A deterministic
# policy has only one next action, $\mu(s_{t+1})$, so the inner mean disappears:
#
# $$Q^\mu(s_t, a_t) = \mathbb E_{r_t, s_{t+1} \sim E}\big[r(s_t, a_t) + \gamma\, Q^\mu(s_{t+1}, \mu(s_{t+1}))\big] \tag{3}$$
#
# The value of a *state* is $V^\mu(s) = Q^\mu(s, \mu(s))$: here the policy chooses the first action, too.
#
# The **optimal** values are the best that any policy reaches: $Q^*(s, a) = \max_\pi Q^\pi(s, a)$ and
# $V^*(s) = \max_a Q^*(s, a)$. After the first step, acting optimally means to take the best action in each state. So $Q^*$
# satisfies an equation in which a maximum replaces the policy:
#
# $$Q^*(s, a) = \mathbb E_{r, s' \sim E}\big[r(s, a) + \gamma \max_{a'} Q^*(s', a')\big]$$
#
# $s'$ and $a'$ are short for $s_{t+1}$ and $a_{t+1}$. A policy that takes $\arg\max_a Q^*(s, a)$ is optimal. It is called
# *greedy* with respect to $Q^*$. The page on the mathematics has the
# [full derivation](../docs/mathematics.md#return-and-bellman-equations).

# %% [markdown]
# ## Three states, with a pencil
#
# The smallest pendulum has three states and two actions. A push lifts the rod by one state and costs 3. Upright, a push
# tips it back to half-way. A rest costs 2 at H, where the rod stays, 1 at M, where it falls back to H, and 0 at U, where it stays.

# %%
figures.three_states()
plt.show()

# %% [markdown]
# The trees on the right are **backup diagrams**. Filled dots are actions and open circles are states. Value flows
# from the leaves to the root: look one step ahead, take the value there, multiply by $\gamma$, add the reward. This
# calculation is called a *backup*. The two trees differ only in how many actions they consider at $s'$.
#
# Take $\gamma = 0.9$ and work on paper:
#
# 1. The policy **always rests**. Find $V^\mu$ of the three states, then $Q^\mu$ of all six pairs. This step is **policy
#    evaluation**. (Begin with H, where $V = -2 + 0.9\,V$.)
# 2. In which states does the other action have the larger $Q^\mu$? Change the policy there. This step is **policy
#    improvement**.
# 3. If you like, evaluate and improve again until nothing changes. Repeating both steps is **policy iteration**.

# %% [markdown] fold="Answer"
# | | $Q^\mu$: rest for ever | next: push half-way | at the end, $Q^*$ |
# | --- | --- | --- | --- |
# | H, rest | **−20** | **−20** | −7.13 |
# | H, push | −20.1 | −5.7 | **−5.7** |
# | M, rest | **−19** | −19 | −6.13 |
# | M, push | −3 | **−3** | **−3** |
# | U, rest | **0** | **0** | **0** |
# | U, push | −20.1 | −5.7 | −5.7 |
#
# Bold marks the policy's actions. In the first column a push is better half-way, and only there: at H it costs 3 and
# leads to a state where the policy rests and the rod falls back. After this change, a push is better at H as well. Then
# no further change helps. In each state the policy takes the action with the larger value, so the table satisfies the
# equation of $Q^*$.

# %% [markdown]
# Why does improvement never make things worse? Suppose that in some state another first action is better:
# $Q^\mu(s, a) > V^\mu(s)$. Taking it once and following $\mu$ afterwards is a gain. Taking it at every visit is a gain each
# time. This is the *policy improvement theorem*
# ([Sutton and Barto](https://mitpress.mit.edu/9780262039246/reinforcement-learning/), section 4.2). DDPG is policy iteration
# in which neither step is finished: its critic evaluates a little, its actor improves a little, and so on.
#
# An agent with $\gamma = 0$ would see only the cost of the first step, and rest. How patient must it be?

# %% exercise="01.5"

# %% [markdown]
# ## The two backups, in code
#
# An equation with $Q$ on both sides can be solved by repetition: take any table $Q$, compute the right side, call the
# result $Q$, and so on. With the maximum this is **value iteration**. It needs no policy and converges to $Q^*$. With (3)
# it is iterative policy evaluation, and converges to $Q^\mu$. In a deterministic world each backup of a whole table is one
# line.

# %% exercise="01.2"

# %% [markdown]
# The second backup has no maximum: $\mu$ chooses the action at $s'$, good or bad. DDPG's critic learns by this backup. It
# estimates $Q^\mu$ of its actor, not $Q^*$.

# %% exercise="01.3"

# %% [markdown]
# > `q: Array = reward + self.discount * self.value(next_angle, next_speed)` · `verification/exact_pendulum.py`
#
# The package uses this line for both equations: `value` is $V^*$ or $V^\mu$. Your code now repeats the work of the pencil.
# The last lines try two values of $\gamma$ around the answer of exercise 01.5:


# %%
best_backup, backup_of, least = yours("01.2"), yours("01.3"), yours("01.5")


def repeat(backup, q, count, *world):
    """Return the table after `count` backups; `world` is the rest of their arguments."""
    for _ in range(count):
        q = np.asarray(backup(q, *world))
    return q


costs = np.array([[-2.0, -3], [-1, -3], [0, -3]])  # rows H, M, U; columns rest, push
leads_to = np.array([[0, 1], [0, 2], [2, 1]])
policy = np.array([0, 0, 0])
for _ in range(3):
    q = repeat(backup_of, 0 * costs, 200, costs, leads_to, policy, 0.9)
    print("policy", policy, "Q", q.round(2).tolist())
    policy = q.argmax(axis=1)
for gamma in (least(2, 3, 2) - 0.01, least(2, 3, 2) + 0.01):
    q = repeat(best_backup, 0 * costs, 200, costs, leads_to, gamma)
    print(f"γ = {gamma:.3f}: at H, rest {q[0, 0]:.2f}, push {q[0, 1]:.2f}")

# %% [markdown]
# ## The Pendulum in a table
#
# Now the same for a small version of the Pendulum: 41 angles × 41 speeds, and 3 torques, −2, 0 and 2 N m. Each torque is
# held for four steps of 0.05 s, and the state after them is rounded to the nearest of the 1,681. One such decision earns
# $r_0 + \gamma r_1 + \gamma^2 r_2 + \gamma^3 r_3$, and everything after it is discounted by $\gamma^4$.

# %%
reward, next_state, discount = worlds.pendulum_table()
print("reward", reward.shape, "next_state", next_state.shape, f"discount {discount:.4f}")
q_best, maps, before = np.zeros_like(reward), {}, 0
for count in (1, 4, 8, 16, 250):
    q_best = repeat(best_backup, q_best, count - before, reward, next_state, discount)
    maps[count], before = worlds.as_map(q_best.max(axis=1)), count
figures.spreading(maps, *worlds.map_axes(), whose("01.2"))
plt.show()

# %% [markdown]
# After one backup the table contains only the cost of one decision: how far the state is from upright. After four it looks
# 16 steps ahead. With each backup more costs are counted and the values fall, except where the table has found the way up.
# At the end a bright band winds through the centre: from there the rod gets up without another swing.
#
# How good is this solution? Four policies play in Gymnasium's `Pendulum-v1`. The returns are plain sums of 200 rewards.

# %%
spring_policy = worlds.spring_in_the_table()
of_spring = reward, next_state, spring_policy, discount
q_spring = repeat(backup_of, np.zeros_like(reward), 250, *of_spring)
exact = solve(201)
for name, policy in {
    "the spring": worlds.Spring(),
    "the spring, improved once": worlds.Table(q_spring.argmax(axis=1)),
    "the table's greedy policy": worlds.Table(q_best.argmax(axis=1)),
    "the exact solution": exact,
}.items():
    evaluation = minddpg.evaluate(policy, "Pendulum-v1", episodes=20, seed=20_000)
    print(f"{name:26} mean return of 20 episodes {evaluation.mean:8.1f}")

# %% [markdown]
# ## The exact Pendulum
#
# A single policy improvement has made the spring nearly as good as the table's best policy. The last row is a finer
# solution: 201 × 201 states, any torque, a decision at every step, and interpolation instead of rounding. It is exact up to
# its grid ([how exact](../docs/exact-pendulum.md)). In most problems nobody knows $Q$. Here we know what a critic *should*
# say. This is the reference of the course.

# %%
spring = exact_q(worlds.Spring(), 201)
figures.value_maps(exact, spring, worlds.Spring())
plt.show()

states = {"A": (np.pi, 0.0), "B": (np.pi, 5.0), "C": (0.3, 1.0), "D": (0.6, -2.0)}
for name, state in states.items():
    angle, speed = (np.array([x]) for x in state)
    best_q = exact.q(angle, speed, exact.greedy(angle, speed))[0]
    print(f"{name}  best policy {best_q:7.1f}  spring {spring.value(angle, speed)[0]:7.1f}")

# %% [markdown] fold="Answer to the prediction"
# D, B, C, A. The surprise is B before C: hanging at 5 rad/s is worth more than being 17 degrees from the goal. B is
# fast enough for the motor to bring it up in this swing. C is lost: the motor is too weak to stop the fall, so the rod must
# go down and come up on the other side. **A value does not say how good it looks here. It says what is still to come.**
# That is why a critic is worth having: the reward of C is far better than that of B.

# %% [markdown]
# White lines join equal values. The motor cannot hold the rod at the start, 1 rad from upright. The best policy lets it
# fall, speeds it up, and comes up on the other side, inside the bright band. (Both edges of the map are the same angle:
# hanging.) The spring only slows the fall, and the rod ends hanging. It stays there and earns $-\pi^2$ at each step:
# $-\pi^2/(1-\gamma)$ is −987.
#
# The band has sharp edges: on one side the rod gets up in this swing, on the other it needs one more. A critic has to
# learn this edge.

# %% [markdown]
# ## One action, then the policy
#
# $V$ is a map over states. $Q$ holds more: for each state a curve over actions.

# %%
figures.q_curves(exact, spring, worlds.Spring())
plt.show()

# %% [markdown]
# The upper row shows $Q^*$, the lower row the spring's $Q^\mu$: different futures follow the same action. The black dot is
# the spring's action, and its height is $V^\mu(s)$. The triangle is the best first action *if the spring acts afterwards*.
# Where the triangle is higher than the dot, policy improvement jumps from the dot to the triangle. With continuous actions
# this maximum is expensive to find. So DDPG's actor moves its dots a little along the slope $\partial Q^\mu/\partial a$
# instead. The lower left panel shows how that can fail: the dot is at the bottom of a valley, where the slope is 0.

# %% [markdown]
# ## Why repeating ends at one table
#
# Write $\mathcal T$ for a backup, and $\lVert x \rVert_\infty$ for the largest absolute entry of a
# table. Take two tables $Q_1$ and $Q_2$. Their backups contain the same reward, so it cancels:
#
# $$\lVert \mathcal T Q_1 - \mathcal T Q_2 \rVert_\infty = \gamma \max_{s,a} \big|\max_{a'} Q_1(s', a') - \max_{a'} Q_2(s', a')\big|
# \le \gamma\, \lVert Q_1 - Q_2 \rVert_\infty$$
#
# The last step holds because two maxima differ by no more than the largest difference of their terms. A policy's backup has
# no maximum, and satisfies the same bound. So $\mathcal T$ is a **contraction**: each backup multiplies the distance of two
# tables by $\gamma$ or less. Two conclusions follow.
#
# - **There is a solution.** Take $Q_1 = \mathcal T Q$ and $Q_2 = Q$: the second change is at most $\gamma$ times the first,
#   the third $\gamma^2$ times. These changes have a finite sum, so the tables converge, and their limit $Q = \mathcal T Q$
#   solves the Bellman equation. The limit is called the *fixed point*.
# - **There is only one.** A backup does not change two fixed points, but it must shrink their distance. So the distance
#   is 0.

# %% exercise="01.4"

# %% [markdown]
# Measure the factor on the Pendulum, with a table of zeros and a table of random numbers. Then follow an error: we make the
# spring's table wrong by 100 in one state, hanging at rest.

# %%
factor = yours("01.4")
zeros, wild = 0 * reward, np.random.default_rng(0).uniform(-500, 500, reward.shape)
of_best = reward, next_state, discount
first = factor(zeros, wild, lambda q: repeat(best_backup, q, 1, *of_best))
second = factor(zeros, wild, lambda q: repeat(backup_of, q, 1, *of_spring))
print(f"factor of the best {first:.4f}, of the spring {second:.4f}, bound {discount:.4f}")
correct, wrong, errors = q_spring, q_spring.copy(), []
wrong[worlds.nearest_state(np.pi, 0.0)] += 100  # one state: hanging, at rest
for _ in range(40):
    errors.append(wrong - correct)
    correct, wrong = (repeat(backup_of, q, 1, *of_spring) for q in (correct, wrong))
figures.contraction(np.array(errors), discount, whose("01.3"))
plt.show()

# %% [markdown]
# The bound for one backup is $\gamma^4$ here, because a decision lasts four steps. The largest error follows it exactly.
# The root of the sum of squares *grows* in the first backup: many states lead to hanging, and each of them inherits the
# error.
#
# Fitting a network minimises squares. Does a backup followed by a fit still contract? That depends on the weights of the
# squares. Weight each pair's squared error by how often the policy visits it in the long run. In that norm the policy's
# backup contracts, too. A least-squares fit that is linear in its parameters and uses the same weights keeps the contraction
# ([Tsitsiklis and Van Roy](https://doi.org/10.1109/9.580874)). With the visits of *another* policy as weights the proof
# breaks, and values may diverge: see [chapter 08](08_targets.ipynb).

# %% [markdown]
# ## Off-policy: whose experience?
#
# To use (3) you need transitions $(s, a, r, s')$. It does not matter which policy chose $a$: $a$ is *given* on both sides,
# and the mean is over $E$ alone. The action at $s'$ is $\mu(s')$. You compute it; no agent has to take it. So transitions
# may come from a **behaviour policy** $\beta$ that is not $\mu$: an older actor, a noisy one, a random one. This is
# **off-policy** learning. You need not know how likely $\beta$ was to choose $a$.
#
# There is one condition: $\beta$ must have tried a pair $(s, a)$, or nothing can be learned about it. To test this, a table
# learns $Q^\mu$ of the *spring* from two behaviour policies. The skilled one takes the best action half of the time and a
# random one otherwise. The other is the spring with three random actions in ten. A pair is `known` if $\beta$ tried it and
# every pair that the spring meets after it.

# %%
for name, usual, randomness in (
    ("skilled", q_best.argmax(axis=1), 0.5),
    ("spring", spring_policy, 0.3),
):
    visits = worlds.explore(usual, randomness, next_state)
    known = worlds.known(visits, spring_policy, next_state)
    table = np.zeros_like(reward)
    for _ in range(250):
        table = np.where(visits > 0, repeat(backup_of, table, 1, *of_spring), table)
    error = np.abs(table - q_spring)
    print(f"{name:8} knows {100 * known.mean():2.0f} % of all pairs;", end=" ")
    print(f"largest error {error[known].max():.0f}, elsewhere {error[~known].max():.0f}")

# %% [markdown]
# On the known pairs both behaviour policies give the same $Q^\mu$ of the spring, to the last digit. The number of visits does
# not matter, because each entry of a table has its own equation. A network has fewer parameters than there are pairs, so it
# makes a compromise, weighted by how often $\beta$ visited each pair. The paper writes $\rho^\beta$ for this distribution of
# visits. *The content of the replay buffer* decides where a critic is accurate.

# %% [markdown]
# > **On scale.** A value is a sum of about $1/(1-\gamma)$ rewards. On the Pendulum every true value lies between 0 and
# > $-1627$, a hundred times the worst reward, $-(\pi^2 + 6.4 + 0.004)$. A critic's value outside these bounds is certainly
# > wrong.

# %% [markdown]
# ## Break it
#
# The contraction came from $\gamma < 1$. Set $\gamma = 1$ and repeat both backups 250 times from zeros. Rewards are never
# positive.
#
# **Predict:** does the table of the best policy converge? Does that of the spring? What does exercise 01.4 measure now?

# %%
reward_1, next_state_1, one = worlds.pendulum_table(discount=1.0)
of_best = reward_1, next_state_1, one
of_spring = reward_1, next_state_1, spring_policy, one
best_1, spring_1 = 0 * reward_1, 0 * reward_1
for count in range(50, 251, 50):
    best_1 = repeat(best_backup, best_1, 50, *of_best)
    spring_1 = repeat(backup_of, spring_1, 50, *of_spring)
    lowest = f"best {best_1.min():6.0f}, spring {spring_1.min():6.0f}"
    print(f"{count:3} backups, lowest value: {lowest}")
apart = factor(best_1, best_1 + 100, lambda q: repeat(best_backup, q, 1, *of_best))
print(f"two tables 100 apart: the factor is {apart:.4f}")

# %% [markdown] fold="What happened"
# The spring's lowest value falls without end, on average by 37.8 at every backup, which is 9.4 a step: on this grid the rod
# ends up moving close to hanging, and an endless sum of such costs has no finite value. The best policy's table converges.
# The rod reaches upright in finitely many steps, and from there every reward is 0. So $\gamma = 1$ can work if every state
# leads to an end that costs nothing, but nothing guarantees it.
#
# The last line shows what else is lost. Two tables that are 100 apart stay 100 apart, so the solution is not unique.
# `minddpg.Config` refuses a discount of 1.

# %% [markdown]
# > **In a framework** the target `reward + gamma * q_target(next_obs, policy(next_obs))` is (3) for the rows of a batch. One
# > fit of the critic to it is an approximate backup at some pairs.

# %% [markdown]
# ## Quiz
#
# 1. At H, in the first column of the pencil's table, the better state M is one push away. Why is pushing still the worse action?
# 2. The replay buffer holds transitions of an actor that has long been replaced. May they still be used to learn $Q^\mu$ of
#    the current one? What can go wrong?
# 3. In a backup with $\gamma = 0.99$ a table changes by at most 1. How far from the fixed point can it be after the backup?
# 4. With $\gamma = 0.99$, how many backups at most does it take until an error of 1,000 is below 1? And with $\gamma = 0.9$?

# %% [markdown] fold="Answers"
# 1. $Q^\mu$ follows $\mu$ after the first action, and $\mu$ rests at M, so the rod falls back. A good first step
#    is worth nothing if the policy wastes it.
# 2. Yes: (3) holds for any $a$, and $\mu(s')$ is computed with the current actor. But a network only approximates. The
#    critic's errors are weighted by where the old actors went, which need not be where the current one goes.
# 3. By up to 99. The next backups change it by at most 0.99, 0.99², ..., and their sum is $0.99/(1 - 0.99) = 99$. A small
#    Bellman error does not prove a good table.
# 4. $1000 \cdot \gamma^k < 1$ means $k > \ln 1000 / \ln(1/\gamma)$: 688 backups for 0.99, 66 for 0.9.

# %% [markdown]
# ## Remember
#
# - $R_t = r_t + \gamma R_{t+1}$. Taking the mean gives the Bellman equation.
# - $Q^\mu(s, a)$: any action now, the policy $\mu$ from then on. A critic estimates $Q^\mu$, not $Q^*$.
# - Policy iteration: evaluate $\mu$, then take the actions with the largest $Q^\mu$. Value iteration: back up with a maximum.
# - A backup is a contraction by $\gamma$ in the largest entry. So there is one solution, and repeated backups find it.
# - Off-policy learning works because the mean in (3) is over the environment, not over $\beta$. A network's errors still
#   depend on $\rho^\beta$.
#
# The real code: [`verification/exact_pendulum.py`](../minddpg/verification/exact_pendulum.py) and
# [`training/evaluation.py`](../minddpg/training/evaluation.py). Next:
# [02 · Q-learning, and why the argmax fails](02_q_learning.ipynb), or on the core path
# [03 · Gradient checking as a craft](03_gradient_checks.ipynb).
