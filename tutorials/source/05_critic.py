# %% [markdown]
# # 05 · The critic: from regression to bootstrapping
#
# **After this chapter** you have written the critic's target, its loss, the gradient of that loss and the optimiser
# that follows it. You can say which of them is no gradient of anything, and you have seen it run away.
#
# **You need** chapter 01 ($Q^\mu$ and its Bellman equation) and chapter 04 (the backward pass).
#
# **Time** {minutes} minutes. **Cost** fifteen seconds of computing.
#
# You will meet N, the number of transitions in a batch. It is the B of chapter 04, in the paper's letter.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg import Config, Critic
from minddpg.course.ch05_critic import figures
from minddpg.course.ch05_critic.precompute import SwingByHand
from minddpg.course.checks import solution
from minddpg.course.precomputed import precomputed
from minddpg.course.style import BLUE, CYCLE, GREEN, GREY, ORANGE, use_style
from minddpg.nn import Adam, polyak_update
from minddpg.nn.gradcheck import check_gradient
from minddpg.verification.exact_pendulum import exact_q

use_style()

# %% [markdown]
# ## Predict
#
# A policy $\mu$ is fixed. Two critics, the same network twice, are to learn its $Q^\mu$ from the same pairs $(s, a)$. The
# first is told the true return that follows each pair. The second is told the reward $r$ of one step, and adds what
# *it believes itself* about the state after that. Both begin with believing 0 everywhere.
#
# 1. What does the second one learn from its first updates?
# 2. Which of the two is nearer to the exact $Q^\mu$ after a thousand updates, and which after ten thousand?
# 3. The second one's targets move with its own beliefs. Does it settle?

# %% [markdown]
# ## What a critic is for
#
# The critic is a network $Q(s, a \mid \theta^Q)$ with parameters $\theta^Q$. It is to find what chapter 01 computed on a
# grid: the return of one action $a$ in $s$, *any* action, and of the policy $\mu$ from then on,
#
# $$Q^\mu(s, a) = \mathbb E\big[\, r + \gamma\, Q^\mu(s', \mu(s')) \,\big] \tag{3}$$
#
# > `q: Array = reward + self.discount * self.value(next_angle, next_speed)` · `verification/exact_pendulum.py`
#
# Here $r$ is the reward of this step, $s'$ the state after it, $\gamma = 0.99$ the discount. The expectation is over what
# the world does; Pendulum does the same thing each time. Note what is *not* in it: no maximum. A critic estimates
# $Q^\mu$, the value under the policy that there is, however bad that policy may be. It does not estimate $Q^*$.
#
# So that we can judge the critic, the policy stands still in this chapter. It is written by hand: push along with the
# motion until the pendulum has enough energy, and hold near the top. Its exact $Q^\mu$ comes from chapter 01's grid. The
# data are 10,000 single steps from random states, each with a random action.

# %%
policy = SwingByHand()
exact = exact_q(policy, size=151)
rng = np.random.default_rng(5)
data = policy.transitions(10_000, rng)
returns = exact.q(*data.state.T, data.action[:, 0]).astype(np.float32)

for name, array in data._asdict().items():
    print(f"{name:12} {array.shape}")
print(f"Q^μ at these pairs: from {returns.min():.0f} to {returns.max():.2g}")

# %% [markdown]
# ## Regression, and whom to believe
#
# Learning a function from examples is regression. Each example is an input, here $(s, a)$, and a *label* $y$, what the
# network should say there. The loss is the mean squared error over a batch,
#
# $$L(\theta^Q) = \frac1N \sum_{i=1}^{N} \big(Q(s_i, a_i \mid \theta^Q) - y_i\big)^2 \tag{4}$$
#
# > `return error @ error / len(error), self.critic.backward(2 / len(error) * error, cache)` · `ddpg/agent.py`
#
# and its gradient is chapter 04's backward pass, started with $\partial L/\partial q_i = \frac{2}{N}(q_i - y_i)$.
#
# The question is where the labels come from. The honest ones are returns: take $a$ in $s$, follow $\mu$, and add up what
# comes. They have a price. Somebody has to follow $\mu$ to the end from *each* pair, for about $1/(1-\gamma) = 100$ steps
# and more. Where the world is random, one return is one draw from many. And when $\mu$ changes, every label is stale.
#
# The Bellman equation offers another label. It needs a single step,
#
# $$y = r + \gamma\,(1 - \text{terminated})\; Q'(s', \mu'(s')) \tag{5}$$
#
# > `return batch.reward + self.config.discount * np.where(batch.terminated, 0, next_q)` · `ddpg/agent.py`
#
# and takes the rest from a critic, which is to say from an opinion. That is called *bootstrapping*: pulling yourself up
# by your own bootstraps. $y$ is called the target, and $Q - y$ the temporal-difference error, in short TD error. The
# primes of $Q'$ and $\mu'$ mark copies of the networks that follow the originals slowly (chapter 08). In the paper
# they are in its algorithm 1, while its equation (5) has none.
#
# What (5) gains is worth a lot. It needs $(s, a, r, s')$ and no more, and it does not matter *who* took $a$, or why:
# $Q$ is asked about this very $a$, and the policy comes in only at $s'$, where it is computed anew. So old data of other
# policies remain good data. (Not in every respect: one network serves all pairs, and where the data lie decides where it is
# accurate.) Learning about $\mu$ from the steps of another policy $\beta$ is called *off-policy*.

# %% [markdown]
# ## Two ends that are not alike
#
# An episode can stop in two ways. *Terminated*: the world has ended, as when a lander touches the ground. *Truncated*:
# somebody stopped the clock. Pendulum is truncated after 200 steps, and it never terminates.

# %%
figures.two_ends()
plt.show()

# %% [markdown]
# After a true end nothing can be earned, so that $y = r$. A time limit ends nothing. The state does not know of the
# clock, and the pendulum would have gone on. Its value is asked for as ever. So *terminated* stops the bootstrap, and
# *truncated* never does. In `minddpg` the replay buffer does not even store it.

# %% exercise="05.1"

# %% exercise="05.2"

# %% [markdown]
# ## A column against a row
#
# A network returns a column, (N, 1). Rewards come as (N,). What is their difference? NumPy lines shapes up from the right:
# (N, 1) against (N,) is (N, 1) against (1, N), and both are stretched to (N, N). There is no error and no warning.

# %%
q = np.linspace(-2, 2, 8)[:, None]
y = q[:, 0] + 0.3 * rng.standard_normal(8)
figures.column_against_row(q, y)
plt.show()

# %% [markdown]
# The frames are the eight errors that were meant. All others compare one example's $q$ with another example's $y$. What
# is minimal under the mean of that whole table's squares? Every $q$ is pulled to every $y$. Below, eight free numbers $q$
# descend it, and a gradient check judges the gradient.


# %%
def table_loss(q):
    return np.mean((q - y) ** 2)  # q (N, 1), y (N,)


def table_gradient(q):
    return 2 * (q - y).mean(axis=1, keepdims=True) / len(q)


print(check_gradient(table_loss, q, table_gradient(q)), "\n")
for _ in range(500):
    q = q - table_gradient(q)
print("q after descending:", q[:, 0].round(3))
print("y                 :", y.round(3))
print(f"mean of y          : {y.mean():.3f}")

# %% [markdown]
# The check passes. Its gradient *is* the gradient of the loss that was written, and that loss was not the one that was
# meant. The critic learns one number, the mean of all targets. So compare shapes as well as gradients:
#
# > `if q.shape != y.shape:` · `ddpg/agent.py`

# %% exercise="05.3"

# %% [markdown]
# ## Watch it learn
#
# Here is the whole critic of DDPG, bootstrapping and all, for a policy that stands still. The actions $\mu(s')$ are
# therefore in the data already. `copy` is the slow copy $Q'$: after each update its parameters go a little way to the
# critic's, $\theta' \leftarrow \tau\,\theta + (1 - \tau)\,\theta'$ with $\tau = 0.005$.
#
# > `target += tau * online` · `nn/adam.py`
#
# The optimiser `Adam` is the last thing that you will write in this chapter.

# %%
critic = Critic(3, 1, Config(), np.random.default_rng(0))  # 3 numbers in obs, 1 in action
copy = Critic(3, 1, Config())
copy.theta[:] = critic.theta
optimizer = Adam(critic.theta, learning_rate=2e-3)

angle, speed = np.linspace(-np.pi, np.pi, 61), np.linspace(-8, 8, 61)
states = np.stack(np.meshgrid(angle, speed, indexing="ij"), axis=-1).reshape(-1, 2)
obs = np.stack((np.cos(states[:, 0]), np.sin(states[:, 0]), states[:, 1]), axis=1)
action = policy.predict(obs)[0] / 2  # from N m to [-1, 1]

shots = []
for update in range(4_001):
    if update in (10, 300, 1_000, 4_000):
        values, _ = critic.forward(obs, action)
        shots.append((f"after {update:,}", values.reshape(61, 61)))
    rows = rng.integers(len(data.obs), size=64)
    next_q, _ = copy.forward(data.next_obs[rows], data.next_action[rows])
    y = data.reward[rows] + 0.99 * next_q  # (5): nothing terminates
    q, cache = critic.forward(data.obs[rows], data.action[rows])
    optimizer.step(critic.backward(2 / 64 * (q - y), cache))  # (4)
    polyak_update(copy.theta, critic.theta, tau=0.005)

shots.append(("exact", exact.value(*states.T).reshape(61, 61)))
figures.value_maps(shots, angle, speed)
plt.show()

# %% [markdown]
# At first every value is about 0. The last layer starts with numbers of size 0.003, so that a new critic has no
# opinions, and its first targets are $y \approx r$: only the rewards are observed. What it learns from them is which states
# are bad *now*. Then that knowledge is in the targets of the states one step before, and so on backwards. Values sink
# further until $r$ pulls them down by as much as $\gamma$ shrinks them.
#
# Is the result right, and how soon? Now with five seeds, against the exact $Q^\mu$ at pairs that the critic was never
# shown.

# %%
LIVE = False  # True does it here: about 2 minutes

# %%
kept = precomputed("ch05/evaluation", live=LIVE)
figures.critic_error(kept, size=float(np.median(kept["returns"][:, 0, 0])))
plt.show()

print("root mean square error, median of the seeds, after updates:")
print("y from      1,000   10,000   largest on the way, by seed")
for name in ("returns", "copy", "itself"):
    error = kept[name][:, :, 0]
    early, late = np.median(error[:, [5, -1]], axis=0)
    worst = error.max(axis=1)
    print(f"{name:8} {early:8.0f} {late:8.0f}   {worst.round().astype(int)}")
print("mean error of the slow copy at the end, by seed:", kept["copy"][:, -1, 1].round())

# %% [markdown] fold="Answer to the prediction"
# 1. It learns the rewards: the second critic's targets are $r + \gamma \cdot 0$.
# 2. The one that is told returns, at both times. It has the exact values from the first update on, and what is left of its error
#    is what this network cannot fit. Bootstrapping from a slow copy starts late, since values have to travel; after 10,000
#    updates it is close, but not as good. It had to find with single steps what the other was told.
# 3. It depends on what the targets come from. With a slow copy the error falls on all five seeds, and it is largest
#    at the start. It does not come to rest at the exact $Q^\mu$: in the right picture its mean crosses 0 and goes on a
#    little. With the critic itself as its own teacher, see the third row of numbers: the errors on the way are many times
#    larger than any value of $Q^\mu$ that the first cell printed.

# %% [markdown]
# The orange line is not a bug. It is (4) and (5) with correct gradients. To see why it can run away, look at what is
# differentiated.

# %% [markdown]
# ## The target is a constant
#
# In (5), $y$ is computed from a network. If that is the critic itself, $y$ depends on $\theta^Q$ as much as $Q(s, a)$ does.
# A slow copy depends on it, too, only later. DDPG ignores this, on purpose: $y$ is a number that it is given. What it descends,
#
# $$\frac{2}{N} \sum_i (Q_i - y_i)\, \nabla_{\theta} Q_i$$
#
# is called the *semi-gradient*, as it goes through one half of the error only. With the other half it would be the
# *residual gradient*:
#
# $$\frac{2}{N} \sum_i (Q_i - y_i)\, \big(\nabla_{\theta} Q_i - \nabla_{\theta}\, y_i\big)$$
#
# Write both, for the smallest critic there is: $Q = x \cdot w$, a weighted sum of *features* $x$, numbers that describe
# $(s, a)$. Then $\nabla_w Q = x$.

# %% exercise="05.4"

# %% [markdown]
# Is the residual gradient the better one, being a true gradient? Try three states. From A the world goes to B or to C, as a
# coin decides, for nothing. From B it ends with reward 1, from C it ends with reward 0. So the values are A = ½, B = 1,
# C = 0. Each state has a parameter of its own, and $\gamma = 1$.
# (`semi` and `residual` are the solution of the exercise.)

# %%
semi, residual = solution("05.4")
A, B, C = np.eye(3)
# from B and C nothing follows: the last two next_features are not used
features, next_features = np.array([A, A, B, C]), np.array([B, C, A, A])
reward, terminated = np.array([0.0, 0, 1, 0]), np.array([False, False, True, True])

print("true values        A 0.50  B 1.00  C 0.00")
for name, rule in (("semi-gradient", semi), ("residual gradient", residual)):
    w = np.zeros(3)
    for _ in range(1_000):
        w = w - 0.2 * rule(w, features, next_features, reward, terminated, 1.0)
    print(f"{name:18} A {w[0]:.2f}  B {w[1]:.2f}  C {w[2]:.2f}")

# %% [markdown]
# The semi-gradient finds the values. The residual gradient ends elsewhere, and it has reached the minimum of its loss. That
# loss counts the coin's toss as an error, and the only way to make it smaller is to draw B and C towards A, although what
# follows B and C is certain. Pulling the *target* towards $Q$ lets the future answer to the past. (It would be right with two
# independent draws of $s'$ for each step, one in each factor. Data have one.)
#
# So the semi-gradient is the one to have. But it is the gradient of no function. In a true gradient, entry A
# changes with $w_B$ as entry B changes with $w_A$: both are the same second derivative. Here $w_B$ is in a target of A's, and
# moves entry A. $w_A$ is in no target of B's, and does not move entry B. So there is no hill that it descends, and nothing
# promises that it arrives.

# %% [markdown]
# ## Baird's counterexample
#
# Baird (1995) gave a small disaster; we take the form of Sutton and Barto, section 11.2. There are seven states and
# eight parameters. All rewards are 0, so that the right answer is 0 everywhere, and $w = 0$ says so exactly. The policy goes
# to state 7 from every state. The data hold each state equally often. Each update takes the mean over them, so nothing is random.

# %%
features = np.hstack((np.diag([2.0] * 6 + [1.0]), np.ones((7, 1))))
features[6, 7] = 2  # state 7 is w7 + 2 w8, state i is 2 wi + w8
start = np.array([1.0, 1, 1, 1, 1, 1, 10, 1])
seven, going_on, ended = features[[6] * 7], np.full(7, False), np.full(7, True)
table, first = np.eye(7), features @ start  # w of the table: the same values

variants = {
    "all three": (features, seven, going_on, start, 0.005),
    "no bootstrapping: y is the return, 0": (features, seven, ended, start, 0.005),
    "on-policy: only steps from state 7": (seven, seven, going_on, start, 0.005),
    "a table, with 100 times the rate": (table, table[[6] * 7], going_on, first, 0.5),
}
figure, axes = plt.subplots()
colors = iter((ORANGE, BLUE, GREEN, GREY))
for name, (x, after, end, w, rate) in variants.items():
    worst = []
    for _ in range(1_001):
        worst.append(np.abs(x @ w).max())
        w = w - rate * semi(w, x, after, np.zeros(7), end, 0.99)
    axes.plot(worst, color=next(colors), label=name)
axes.set(title="Baird's counterexample: take away any one of three, and nothing grows")
axes.set(xlabel="updates", ylabel="largest |value|, should be 0")
axes.set(yscale="log", ylim=(0.3, None))
axes.legend()
plt.show()

# %% [markdown]
# Why does it grow? Look at $w_8$. Where state 7 is valued higher than the others, every other state's target is too high
# for it, and its semi-gradient raises $w_8$, which they all share. That raises state 7 *twice* as much, and with it the
# targets. Only state 7's own update, one of seven, works against it.
#
# Three things have to come together: **function approximation** (states share parameters), **bootstrapping** (targets come
# from the estimate) and **off-policy data** (states are not visited as often as the policy would visit them). Sutton and Barto
# call this the *deadly triad*. Each line that falls has one of the three taken away. (A table would hardly move at that rate. Its
# line has a rate a hundred times larger, and still falls.) DDPG has all three, and has to live with them.
#
# Was the triad at work in our critic, too? Take off-policy away: the same network, the same bootstrapping from itself, but data
# from the policy's own way, 100 starts and 100 steps from each.

# %%
own = precomputed("ch05/own_way", live=LIVE)
print("error / error of a critic that says 0, by seed")
for runs, title in ((kept["itself"], "random steps"), (own["itself"], "its own way")):
    relative = runs[:, :, 0] / runs[:, :1, 0]
    print(f"{title:13} largest {relative.max(axis=1).round(1)}")
    print(f"{'':13} at end  {relative[:, -1].round(1)}")

# %% [markdown]
# What the critic says at $(s', \mu(s'))$ enters a target. On the policy's own way that very pair is the next one in the data, and
# so it is corrected as often as it is believed. With random actions it need not be in the data at all. What the network says
# there is whatever its shape happens to give, and it is believed all the same. What is stored and how it is drawn (chapter 07)
# and how slowly targets move (chapter 08) are DDPG's ways to live with it.

# %% [markdown]
# ## Adam, from three complaints
#
# Plain gradient descent is $\theta \leftarrow \theta - \alpha g$, with $g$ the gradient and $\alpha$ the learning rate. Three
# complaints lead to Adam.
#
# **One batch's gradient is the right one plus noise.** So average: keep $m \leftarrow \beta_1 m + (1 - \beta_1)\, g$ with
# $\beta_1 = 0.9$. The newest gradient has weight 0.1, the one before 0.09, and so on: a memory of about ten.
#
# > `self.first_moment *= self.beta1` · `nn/adam.py`
#
# **Gradients of different parameters have different sizes**, and one $\alpha$ cannot suit all. So divide each by its
# own typical size. Average the squares, entry by entry, $v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$ with
# $\beta_2 = 0.999$, and divide by $\sqrt v$.
#
# > `self.second_moment += (1 - self.beta2) * grad**2` · `nn/adam.py`
#
# **Both averages start at 0**, and so are too small at first. How much too small? After $t$ steps the weights of all gradients
# sum to $1 - \beta^t$ instead of 1. So divide by that: $\hat m = m / (1 - \beta_1^t)$ and $\hat v = v / (1 - \beta_2^t)$.
#
# > `alpha_t = self.learning_rate * correction / (1 - self.beta1**self.steps)` · `nn/adam.py`
#
# The package never forms $\hat m$ and $\hat v$: it puts both corrections into the learning rate, $\alpha_t$, which is the same step.
#
# Together, with a small $\epsilon = 10^{-8}$ so that a parameter that never had a gradient does not divide by 0:
#
# $$\theta \leftarrow \theta - \alpha\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}$$

# %% exercise="05.5"

# %% [markdown]
# Here are Adam's arrays, for one weight matrix of the critic that was trained above. Four inputs (cosine, sine, speed, action) lead to 64 hidden units.

# %%
weight = critic.head.linears[0].weight
part = slice(0, weight.size)  # the first layer is the first stretch of θ
grad = critic.backward(2 / 64 * (q - y), cache)[part]
mean = optimizer.first_moment[part] / (1 - 0.9**optimizer.steps)
root = np.sqrt(optimizer.second_moment[part] / (1 - 0.999**optimizer.steps))
step = mean / (root + 1e-8)
figures.inside_adam(*(each.reshape(weight.shape) for each in (grad, mean, root, step)))
plt.show()

sizes = root[root > 0]
print(f"√v̂, largest / smallest: {sizes.max() / sizes.min():.0f}")
print(f"largest step, in learning rates: {np.abs(step).max():.2f}")

# %% [markdown]
# The sizes of the gradients are far apart. The steps are not: here each parameter moves by a part of the learning rate, whatever its
# gradient's size. (After a long quiet a sudden gradient can move it by up to three.) At its first step each moves by the whole learning rate,
# since then $\hat m = g$ and $\hat v = g^2$. That is Adam's strength, and it hides mistakes. Multiply the loss by any factor, and watch.


# %%
def descend(factor, with_adam):
    theta = np.array([2.0, -1.0])
    adam = Adam(theta, learning_rate=0.01)
    for _ in range(300):
        grad = factor * np.array([2.0, 0.2]) * theta  # of factor · (x² + y²/10)
        if with_adam:
            adam.step(grad)
        else:
            theta -= 0.01 * grad
    return theta


for factor in (0.01, 1, 200):
    plain, adam = descend(factor, False), descend(factor, True)
    print(f"loss × {factor:<5} plain descent ends at {plain}, Adam at {adam.round(5)}")

# %% [markdown]
# Plain descent crawls, walks or explodes. Adam ends in one place.
#
# A sum instead of a mean, a forgotten 2, a 1/N twice: under Adam the learning curve hardly shows them. In the study `zoo`
# ([docs/results.md](../docs/results.md)), five agents whose actor's gradient is summed, and five whose is averaged twice, end
# about as well as correct ones. A learning curve is no test of a gradient. The numerical derivative is.
#
# > **On scale.** Adam's steps do not grow with the loss, but the way does. Multiply all rewards by 100, and the last layer has to
# > climb to values a hundred times as large with steps of the same size. Below is plain regression on returns, the
# > most harmless case, with everything but the reward's unit equal.

# %%
scaled = precomputed("ch05/reward_scale", live=LIVE)
print("error in the old unit, five seeds, after 10,000 updates")
for name, label in (("hundredth", "× 0.01"), ("one", "× 1"), ("hundred", "× 100")):
    print(f"rewards {label:7} {scaled[name][:, -1, 0].round(0)}")

# %% [markdown]
# The errors are in one unit, so the three rows could have been alike. Values are up to $1/(1-\gamma)$ times as large as rewards.
# In the last row they are in the tens of thousands, and the critic is still on its way. Bring rewards to a size at which values
# are not that large, and note the factor beside your results.

# %% [markdown]
# ## Break it
#
# A pendulum hangs still, and its policy lets it hang. Each step costs $\pi^2$, so that its value is
# $-\pi^2/(1-\gamma) = -987$. The critic is one number $q$. Episodes have a time limit of $T$ steps, and so one transition in $T$
# is truncated. Change one thing: treat those as terminated.
#
# **Predict:** by how much is the value wrong if one transition in 200 has a wrong target? One part in 200?

# %%
discount, reward, rate = 0.99, -(np.pi**2), 0.02
figure, axes = plt.subplots()
for limit, color in zip((1_000, 200, 50), CYCLE):
    q, path = 0.0, []
    for step in range(40_000):
        cut = step % limit == limit - 1
        y = reward + discount * (0 if cut else q)  # the mistake
        q -= rate * (q - y)
        path.append(q)
    axes.plot(path, color=color, label=f"time limit {limit}")
    belief = reward / (1 - discount * (1 - 1 / limit))
    end = np.mean(path[-limit:])
    print(f"time limit {limit:5}: q ends at {end:.0f}, belief {belief:.0f}")
true = reward / (1 - discount)
axes.axhline(true, color=GREY, linestyle=":", label=f"the value, {true:.0f}")
axes.set(title="Truncated treated as terminated: a few wrong targets, a wrong value")
axes.set(xlabel="updates", ylabel="q, units of return")
axes.legend()
plt.show()

# %% [markdown] fold="What happened"
# The critic cannot see the clock. All it knows is that from this state, in one case of $T$, nothing follows. So it believes in a
# world that ends with probability $1/T$ at each step: $q = r + \gamma\,(1 - \frac1T)\, q$, or
# $q = r / \big(1 - \gamma\,(1 - \frac1T)\big)$. This is the belief that the cell printed. A factor of
# $1 - \frac{1}{200} = 0.995$ is not small: $1-\gamma$ is 0.01, and half of that is added to it. A third of the value is gone.
# Bootstrapping repeats each mistake at every step of the future.
#
# In an agent the effect may hide. A policy that gets the pendulum up is at rest when the clock runs out, where the value is about
# 0 in any case, and five agents with this bug end about as well as correct ones (the study `zoo` in
# [docs/results.md](../docs/results.md)). The bug costs most where episodes are cut in the middle of something, and it does not show as an error.

# %% [markdown]
# > **In a framework** the constant target is written `with torch.no_grad():` around (5), or `y.detach()`, or
# > `jax.lax.stop_gradient(y)`. If $y$ comes from the critic itself and you forget it, you
# > descend the residual gradient, and nothing complains. $m$ and $v$ lie in
# > `optimizer.state`. PyTorch's `mse_loss` warns at a column against a
# > row, your own `((q - y) ** 2).mean()` does not.

# %% [markdown]
# ## Quiz
#
# 1. A colleague says that the critic of DDPG learns $Q^*$, since it is Q-learning. What do you answer?
# 2. Why may (5) use a transition that a much worse policy made last week, while a return of last week is useless?
# 3. The loss of (4) falls to nearly 0. Is the critic right?
# 4. You multiply the critic's loss by 10 and see no difference in the curves. Is the factor harmless? And what if the factor is
#    in the bias's gradient only?
# 5. An environment has `terminated=True` when its own step counter reaches 500. Is that termination?

# %% [markdown] fold="Answers"
# 1. There is no maximum in (5): the action at $s'$ is $\mu'(s')$. It estimates the value of the policy that there is. Only if
#    the actor were greedy in $Q$ everywhere would the two meet.
# 2. (5) asks what *this* action led to, which has not changed, and lets the present policy act from $s'$ on. The return holds
#    the old policy's actions all along.
# 3. No. It agrees with its own targets. Near the start, when it says 0 and rewards are small, the loss is small as well.
#    Only returns, or an exact $Q^\mu$, tell.
# 4. Under Adam a common factor cancels (but for ε), and plain descent would have shown it. It is still not the gradient of
#    (4), and it stops being harmless where the gradient is added to another one, such as weight decay's. A factor in the bias
#    alone cancels as well, as Adam divides each parameter by its own size. No curve will tell you. A gradient check will.
# 5. By the flag, yes, by its meaning, no. Unless the counter is part of the observation, the state does not determine it, and
#    the critic learns a mixture as above. Such environments should say `truncated`.

# %% [markdown]
# ## Remember
#
# - The critic estimates $Q^\mu$, by regression on targets: one observed reward, and the rest from a slow copy of itself.
# - Terminated stops the bootstrap. Truncated never does.
# - $y$ is a constant: a semi-gradient, the gradient of no function. With off-policy data and shared parameters it may diverge.
# - Compare shapes before you subtract: (N, 1) and (N,) make (N, N), and a gradient check will not object.
# - Adam moves each parameter by about the learning rate or less, and so hides factors. Test gradients, not curves.
#
# The real code: `td_target` and `critic_loss` in [`ddpg/agent.py`](../minddpg/ddpg/agent.py), and
# [`nn/adam.py`](../minddpg/nn/adam.py). Next: [06 · The deterministic policy gradient](06_policy_gradient.ipynb).
