# %% [markdown]
# # 05 · The critic: from regression to bootstrapping
#
# **After this chapter** you have written the critic's loss, its optimiser and its target, and trained a critic with
# them, on exact returns and on its own predictions. You can explain why the second rule is not the gradient of any function.
#
# **You need** chapter 01 ($Q^\mu$ and its Bellman equation) and chapter 04 (the backward pass).
#
# **Time** {minutes} minutes. **Cost** fifteen seconds of computing.
#
# N is the number of transitions in a batch. Equations have the paper's numbers. The exercises are not in numerical
# order, and some numbers are not used.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg.course.ch05_critic import figures, own_critic
from minddpg.course.ch05_critic.precompute import SwingByHand
from minddpg.course.own_code import whose, yours
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style
from minddpg.nn import polyak_update
from minddpg.verification.exact_pendulum import exact_q

use_style()

# %% [markdown]
# ## Predict
#
# Two copies of one network learn the value $Q^\mu$ of the same fixed policy $\mu$, from the same pairs $(s, a)$. The first
# learns from the exact return of each pair. The second learns from the reward of one step plus its own discounted
# prediction for the state that follows. At the start both predict about 0 everywhere.
#
# 1. What does the second network learn from its first updates?
# 2. Which of the two is closer to the exact $Q^\mu$ after 1,000 updates? After 10,000?
# 3. The second network's labels change whenever the network does. Does it converge?

# %% [markdown]
# ## What a critic estimates
#
# The critic is a network $Q(s, a \mid \theta^Q)$ with parameters $\theta^Q$. It estimates the return of taking any action
# $a$ in $s$ and following the policy $\mu$ from then on. [Chapter 01](01_bellman.ipynb) computed the exact function on a grid:
#
# $$Q^\mu(s, a) = \mathbb E\big[\, r + \gamma\, Q^\mu(s', \mu(s')) \,\big] \tag{3}$$
#
# The equation contains no maximum. A critic estimates the value of the policy that is followed, however bad, and not $Q^*$.
#
# In this chapter the policy never changes, so the critic can be compared with its exact $Q^\mu$. The policy is written by
# hand: swing up, then balance. The data are 10,000 single steps from random states with random actions, and 1,000 more for
# testing.

# %%
policy = SwingByHand()
exact = exact_q(policy, size=151)
rng = np.random.default_rng(5)
data, test = policy.transitions(10_000, rng), policy.transitions(1_000, rng)
returns = exact.q(*data.state.T, data.action[:, 0])
reference = exact.q(*test.state.T, test.action[:, 0])
print(f"exact Q^μ of {len(returns):,} pairs: {returns.min():.0f} to {returns.max():.1f}")

# %% [markdown]
# ## Regression
#
# Regression learns a function from examples: an input, here $(s, a)$, and a *label* $y$, the value
# that the network should return. The loss is the mean squared error over a batch:
#
# $$L(\theta^Q) = \frac1N \sum_{i=1}^{N} \big(Q(s_i, a_i \mid \theta^Q) - y_i\big)^2 \tag{4}$$
#
# Chapter 04's backward pass computes its gradient, starting from $\partial L/\partial q$, which has one number for each
# example.

# %% exercise="05.3"

# %% [markdown]
# In the package the critic returns $q$ as (N,), and one line computes both results:
#
# > `return error @ error / len(error), self.critic.backward(2 / len(error) * error, cache)` · `ddpg/agent.py`
#
# What happens if the shapes differ? NumPy aligns shapes from the right, so (N, 1) − (N,) is a table (N, N), without any warning.

# %%
q = np.linspace(-2, 2, 8)[:, None]
y = q[:, 0] + 0.3 * rng.standard_normal(8)
figures.column_against_row(q, y)
plt.show()

# %% [markdown]
# Every entry outside the frames compares the $q$ of one example with the $y$ of another. Now minimise the mean
# square of the whole table, over eight free numbers $q$:


# %%
def table_loss(q):
    return np.mean((q - y) ** 2)  # q (N, 1), y (N,)


def table_gradient(q):
    return 2 * (q - y).mean(axis=1, keepdims=True) / len(q)


apart = np.abs(table_gradient(q) - np.array(yours("03.1")(table_loss, q, 1e-5)))
print(f"gradient check: the largest difference is {apart.max():.0e}")
for _ in range(500):
    q = q - table_gradient(q)
print(f"q after descending: {q[:, 0].round(3)}\ny: {y.round(3)}, mean {y.mean():.3f}")

# %% [markdown]
# The gradient check passes: the gradient is right for this loss. But the loss is wrong: every prediction ends at the mean
# of all labels. So compare shapes as well as gradients:
#
# > `if q.shape != y.shape:` · `ddpg/agent.py`

# %% [markdown]
# ## Adam, from three complaints
#
# Plain gradient descent is $\theta \leftarrow \theta - \alpha g$, with gradient $g$ and learning rate $\alpha$. Three
# complaints about it lead to Adam ([Kingma and Ba](https://arxiv.org/abs/1412.6980);
# [derivation](../docs/mathematics.md#adam)).
#
# **The gradient of one batch is noisy.** So average it: $m \leftarrow \beta_1 m + (1 - \beta_1)\, g$ with
# $\beta_1 = 0.9$. The newest gradient has weight 0.1, the one before it 0.09, and so on: an average over about ten.
#
# **Different parameters have gradients of different sizes**, and no single $\alpha$ suits all. So divide each by
# its typical size $\sqrt v$, where $v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$ with $\beta_2 = 0.999$, entry by entry.
#
# **Both averages start at 0 and are too small at first.** After $t$ steps their weights sum to $1 - \beta^t$ instead of 1. So
# divide by this sum: $\hat m = m / (1 - \beta_1^t)$ and $\hat v = v / (1 - \beta_2^t)$.
#
# Together, with $\epsilon = 10^{-8}$, which prevents 0/0 for a parameter that has had no gradient yet:
#
# $$\theta \leftarrow \theta - \alpha\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}$$

# %% exercise="05.5"

# %% [markdown]
# > `self.theta -= alpha_t * (self.first_moment / (np.sqrt(self.second_moment) + epsilon_t))` · `nn/adam.py`
#
# The package computes the same step with both corrections moved into $\alpha_t$ and $\epsilon_t$.
#
# At its first step Adam moves each parameter by $\alpha$, whatever the size of its gradient, because $\hat m = g$ and
# $\hat v = g^2$. Later steps are usually smaller. After many steps without gradient, a single gradient can move
# a parameter by $3.2\,\alpha$ at once ($0.1/\sqrt{0.001} = 3.2$). The scale of the loss hardly matters:

# %%
step_of_adam = yours("05.5")
slope = np.array([2.0, 0.2])  # the loss is factor · (x² + y²/10)
for factor in (0.01, 1, 200):
    plain, adam = np.array([[2.0, -1.0], [2.0, -1.0]])
    mean, square = np.zeros(2), np.zeros(2)
    for t in range(1, 601):
        plain -= 0.01 * factor * slope * plain
        grad = factor * slope * adam
        adam[:], mean[:], square[:] = step_of_adam(adam, grad, mean, square, t, 0.01)
    ends = [f"({x:.2g}, {y:.2g})" for x, y in (plain, adam)]
    print(f"loss × {factor:<5} plain descent ends at {ends[0]}, Adam at {ends[1]}")

# %% [markdown]
# With the factor 0.01, plain descent crawls in both directions. With 1 it arrives in one and crawls in the other. With 200
# it diverges. Adam arrives each time. That is its strength, and it hides mistakes: a sum instead of a mean, a forgotten 2,
# a 1/N twice. Agents with such a factor end about as well as correct ones ([results](../docs/results.md)). A learning curve
# does not test a gradient. The numerical derivative does.
#
# > **On scale.** Multiply all rewards by 100, and Adam must reach values 100 times as large with steps of the
# > same size. Scale rewards so that $r/(1-\gamma)$, the size of values, is about 1 to 100.

# %% [markdown]
# ## Regression on returns
#
# Now train a critic with your layers of chapter 04, your loss and your Adam. The labels are exact returns. Pendulum is
# deterministic, so these are $Q^\mu$. `copy` is a network that slowly follows the critic; the next section uses it.

# %%
new_critic, layers = own_critic.critics(yours("04.1"), yours("04.2"), yours("04.5"))
loss_of_critic = yours("05.3")


def train(label):
    """Train a new critic on y = label(rows, copy); return its values at four times."""
    critic, copy = new_critic(seed=0), new_critic(seed=0)
    theta, maps = critic.theta, {}  # theta is the critic's own array: change it in place
    mean, square = 0 * theta, 0 * theta
    for t in range(1, 3_001):
        rows = rng.integers(len(data.obs), size=64)
        q, cache = critic.forward(data.obs[rows], data.action[rows])
        _, grad_q = loss_of_critic(q[:, None], np.asarray(label(rows, copy)))  # (4)
        grad = critic.backward(np.float32(grad_q)[:, 0], cache)
        theta[:], mean[:], square[:] = step_of_adam(theta, grad, mean, square, t, 2e-3)
        polyak_update(copy.theta, theta, tau=0.01)
        if t in (10, 300, 1_000, 3_000):
            error = critic.forward(test.obs, test.action)[0] - reference
            print(f"after {t:5,} updates the error is {np.mean(error**2) ** 0.5:.0f} (rms)")
            maps[t] = figures.value_map(critic, policy)
    return maps


by_returns = train(lambda rows, copy: returns[rows])

# %% [markdown]
# ## Bootstrapping
#
# True returns are expensive. You must follow $\mu$ from *every* pair, for several times
# $1/(1-\gamma) = 100$ steps. In a random world one return is one draw from many: it has no *bias*, but a large *variance*. And
# when $\mu$ changes, every label is out of date.
#
# The Bellman equation offers a label that needs one step:
#
# $$y = r + \gamma\,(1 - \text{terminated})\; Q'(s', \mu'(s')) \tag{5}$$
#
# A critic predicts the rest, so this label has little variance, but it is biased while the critic is still wrong. This
# is called *bootstrapping*, and with a single observed step *TD(0)*. $y$ is the *target*,
# and $Q - y$ the *temporal-difference (TD) error*.
# $Q'$ and $\mu'$ are slow copies of the networks: after each update, $\theta' \leftarrow \tau\,\theta + (1 - \tau)\,\theta'$
# with a small $\tau$. In this chapter $\mu$ is fixed, so only $Q$ needs a copy.
#
# It does not matter which policy chose $a$: $Q$ is evaluated at this $a$, and $\mu$ enters only at $s'$, where its action is
# computed when it is needed. So steps of an old policy remain usable. Learning about $\mu$ from another policy's steps is
# called *off-policy*.
#
# An episode can stop in two ways. *Terminated*: the world has ended, as when a lander touches the ground. *Truncated*:
# a time limit cut the episode off, as in Pendulum after 200 steps.

# %%
figures.two_ends()
plt.show()

# %% exercise="05.1"

# %% [markdown]
# > `return batch.reward + self.config.discount * np.where(batch.terminated, 0, next_q)` · `ddpg/agent.py`
#
# The package does not even store `truncated`. With your target, the same loop becomes the critic's half of DDPG:

# %%
target_of = yours("05.1")
never = np.full(64, False)  # no episode ends in these single steps


def bootstrapped(rows, copy):
    next_q, _ = copy.forward(data.next_obs[rows], data.next_action[rows])
    return target_of(data.reward[rows], never, never, next_q, 0.99)  # (5)


maps = {"returns": by_returns, "(5)": train(bootstrapped)}
figures.value_maps(maps, exact, whose(*layers, "05.1", "05.3", "05.5"))
plt.show()

# %% [markdown]
# A new critic predicts about 0, so its first targets are $y \approx r$, and it learns which states are bad *now*. Next,
# states one step before the bad ones get bad targets, then those two steps before, and so on. In a state that leads back to
# itself, each pass replaces $Q$ by $r + \gamma Q$, which converges to $Q = r/(1-\gamma)$. After 3,000 updates the value of
# the hanging pendulum, at ±180° and speed 0, is still too high (lower row). At the sharp borders of the exact map, a small
# change of the state makes the policy's way to the top much longer.
#
# Does more time help? Here are five seeds of a larger network, two layers of 64 units and $\tau = 0.005$, with a third kind of
# label: (5) with the critic itself in place of the slow copy.

# %%
errors = precomputed("ch05/evaluation", live=False)  # True trains again: about 2 minutes
figures.critic_error(errors)
plt.show()
print(figures.error_table(errors))

# %% [markdown] fold="Answer to the prediction"
# 1. It learns the rewards: its targets are $r + \gamma \cdot 0$.
# 2. The network that learns from returns, at both times. Bootstrapping from a slow copy starts slowly, because values have
#    to spread backwards. After 10,000 updates it is close, but not as good.
# 3. With a slow copy the error falls to about 23 in all five seeds, and then rises a little, because the values overshoot:
#    in the right panel the mean error falls below 0. Without a copy it does not converge: the third row has errors on the
#    way that are many times larger than any value of $Q^\mu$.

# %% [markdown]
# The orange line has no bug. It follows (4) and (5) with correct gradients. The next section shows why nothing guarantees
# that such a rule converges.

# %% [markdown]
# ## The target is a constant
#
# In (5) a network computes $y$. If the critic itself computes $y$, a change of $\theta^Q$ changes $y$ at once; with a
# slow copy, over about $1/\tau$ updates. DDPG ignores this on purpose and treats $y$ as a given number. Its rule is called
# the *semi-gradient*. With the derivative of $y$ included it would be the *residual gradient*:
#
# $$\text{semi: } \frac{2}{N} \sum_i (Q_i - y_i)\, \nabla_{\theta} Q_i \qquad\qquad
# \text{residual: } \frac{2}{N} \sum_i (Q_i - y_i)\, \big(\nabla_{\theta} Q_i - \nabla_{\theta}\, y_i\big)$$
#
# Write both for the simplest critic, $Q = x \cdot w$, a weighted sum of *features* $x$ that describe
# $(s, a)$. Then $\nabla_w Q = x$.

# %% exercise="05.4"

# %% [markdown]
# Which rule is better? Take the "A-split" example of
# [Sutton and Barto](https://mitpress.mit.edu/9780262039246/reinforcement-learning/) (example 11.2). From A a coin
# decides whether the next state is B or C, with reward 0. B ends with reward 1, C with reward 0. So the true
# values are ½, 1 and 0. Each state has its own parameter, and $\gamma = 1$.

# %%
A, B, C = np.eye(3)
features, next_features = np.array([A, A, B, C]), np.array([B, C, A, A])
reward, terminated = np.array([0.0, 0, 1, 0]), np.array([False, False, True, True])
batch = features, next_features, reward, terminated, 1.0

for name, rule in zip(("semi-gradient", "residual gradient"), yours("05.4")):
    w = np.zeros(3)
    for _ in range(1_000):
        w = w - 0.2 * np.asarray(rule(w, *batch))
    columns = [np.subtract(rule(w + e, *batch), rule(w, *batch)) for e in np.eye(3)]
    print(f"{name} ends at A, B, C = {w.round(2) + 0.0}; its Jacobian is")
    print(np.stack(columns, axis=1).round(2) + 0.0)

# %% [markdown]
# The semi-gradient finds the true values. The residual gradient ends at the minimum of its loss, which is elsewhere: even
# the true values leave a TD error of ±½ at A, because the coin cannot be predicted. Moving B and C towards each other makes
# the loss smaller. ([More](../docs/mathematics.md#the-target).)
#
# In this example, then, the semi-gradient is the better rule. But is it a gradient? Entry $(i, j)$ of its Jacobian is
# the change of entry $i$ when $w_j$ grows by 1. The Jacobian of a true gradient holds second derivatives,
# $\partial^2 L / \partial w_i \partial w_j$, so it is symmetric. The second matrix is. In the first, $w_B$ moves entry A,
# because A's targets contain B's value; $w_A$ does not move entry B. So the semi-gradient is the gradient of *no*
# function, and nothing guarantees that it converges. The orange line fails because its targets move with it at once
# ([chapter 08](08_targets.ipynb)).

# %% [markdown]
# ## Break it
#
# A pendulum hangs at rest, and its policy leaves it there. Each step costs $\pi^2$, so its value is
# $-\pi^2/(1-\gamma) = -987$. Episodes have a time limit of $T = 200$ steps, so one transition in 200 is truncated. A
# learner treats those as terminated.
#
# **Predict:** how wrong is the value if one target in 200 is wrong? By one part in 200?

# %% exercise="05.7"

# %% [markdown]
# Compare your formula with an experiment: $q$ moves towards each target in turn. Change the time limits and run again.

# %%
belief_of = yours("05.7")
paths, beliefs = {}, {}
for limit in (1_000, 200, 50):
    q, paths[limit] = 0.0, []
    for step in range(1, 40_001):
        y = -(np.pi**2) + 0.99 * (0 if step % limit == 0 else q)  # the mistake
        q -= 0.02 * (q - y)
        paths[limit].append(q)
    beliefs[limit] = belief_of(-(np.pi**2), 0.99, limit)
figures.cut_episodes(paths, beliefs, whose("05.7"))
plt.show()

# %% [markdown] fold="What happened"
# The critic cannot see the clock. It learns that from this state, once in $T$ steps, nothing follows. So it learns the value
# of a world that ends with probability $1/T$ at each step, where the discount is $\gamma\,(1 - \frac1T)$. For $T = 200$ this
# discount is 0.985. Values are $r/(1-\gamma)$, and $1-\gamma$ was 0.010; now it is 0.015, so a third of the value is gone.
# To lose less than a tenth, episodes must have 900 steps or more. Bootstrapping repeats a mistake at every step of the
# future.
#
# In an agent the effect may stay hidden. A pendulum that has been swung up is upright and at rest at the time limit, where
# the value is about 0 in any case, and five agents with this bug end about as well as correct ones
# ([results](../docs/results.md)). The bug costs most where episodes are cut in the middle of something
# ([Pardo et al.](https://arxiv.org/abs/1712.00378)).

# %% [markdown]
# > **In a framework** a constant target is written `with torch.no_grad():`, `y.detach()` or
# > `jax.lax.stop_gradient(y)`. If $y$ comes from the critic itself and you forget this, you descend the residual gradient,
# > without any warning. PyTorch's `mse_loss` warns about a column against a row; your own `((q - y) ** 2).mean()` does not.

# %% [markdown]
# ## Quiz
#
# 1. A colleague says that DDPG's critic learns $Q^*$, since DDPG is Q-learning. What do you answer?
# 2. Why can (5) use a transition of a much worse policy from last week, while a return from last week is useless?
# 3. The loss (4) falls to nearly 0. Is the critic right?
# 4. You multiply the gradient of one bias by 10 and see no difference in the learning curve. Why?
# 5. An environment sets `terminated=True` when its own step counter reaches 500. Is that termination?

# %% [markdown] fold="Answers"
# 1. (5) contains no maximum: the action at $s'$ is $\mu'(s')$. The critic estimates the value of the current policy. The two
#    agree only if the actor is greedy in $Q$ everywhere.
# 2. (5) needs to know where *this* action led, which has not changed, and lets the current policy act from $s'$ on. The
#    return contains all later actions of the old policy.
# 3. Not necessarily. It agrees with its own targets. At the start, when it predicts 0 and rewards are small, the loss is
#    small as well. Only a comparison with returns, or with an exact $Q^\mu$, can tell.
# 4. Adam divides each parameter's gradient by its own typical size, so the factor cancels. Only a gradient check finds it.
# 5. By the flag, yes; by its meaning, no. Unless the counter is part of the observation, the critic learns a mixture, as in
#    "Break it". Such environments should set `truncated`.

# %% [markdown]
# ## Remember
#
# - The critic estimates $Q^\mu$ by regression on one observed reward and the prediction of a slow copy.
# - Terminated stops the bootstrap. Truncated never does.
# - The target is a constant. The semi-gradient is the gradient of no function, and need not converge.
# - Compare shapes before you subtract: (N, 1) − (N,) is (N, N), and a gradient check does not notice it.
# - Adam's steps hardly depend on the loss's scale, so it hides factors. Test gradients, not curves.
#
# The real code: `td_target` and `critic_loss` in [`ddpg/agent.py`](../minddpg/ddpg/agent.py), and
# [`nn/adam.py`](../minddpg/nn/adam.py). Next: [06 · The deterministic policy gradient](06_policy_gradient.ipynb).
