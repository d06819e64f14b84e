# %% [markdown]
# # 06 · The deterministic policy gradient
#
# **After this chapter** you can derive the gradient from which DDPG's actor learns, code it, and judge somebody else's code
# of it. You can say of which function it is the exact gradient, and which gradient it only approximates.
#
# **You need** chapter 04 (every layer returns the gradient of its *input*, too) and chapter 05 (the critic and its
# training).
#
# **Time** {minutes} minutes. The part about linear systems, from "From the surrogate to J" on, can wait for another day.
# **Cost** twenty seconds of computing.
#
# N is the number of examples in a batch, S and A the numbers of entries of an observation and of an action, P the number of
# the actor's parameters. On Pendulum S = 3 and A = 1. The exercises are not in numerical order: 06.5 comes before 06.4,
# and some numbers are not used.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg.course.ch06_policy_gradient import estimates, figures, hill
from minddpg.course.ch06_policy_gradient.judged_losses import BROKEN
from minddpg.course.checks import solution
from minddpg.course.own_code import whose, yours
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style
from minddpg.verification import lqr

use_style()

# %% [markdown]
# ## Predict
#
# In some state an actor chooses the action $a = 0.2$. There the critic's slope in the action is $+3$.
#
# 1. Should the action in this state become larger or smaller? Does the slope say by how much?
# 2. The batch has N = 64 states. What are the shapes of $\nabla_a Q$ and of the actor's gradient?
# 3. The actor has 4,481 parameters and the critic 4,545. How many of the 9,026 may change in the actor's step?

# %% [markdown]
# ## What the actor optimises
#
# The **actor** $\mu(s|\theta^\mu)$ maps a state to an action. The **critic** $Q(s, a|\theta^Q)$ estimates the discounted
# sum of rewards if $a$ is taken in $s$ and the actor decides from then on.
#
# Nobody tells the actor which action was right. So it looks for **actions with a high Q**. In a table, you can compare the Q
# of all actions. Continuous actions cannot be listed, but Q has a slope.
#
# Here is a small critic in three states. It was fitted to $Q^*$, the exact solution of Pendulum from chapter 01. So it
# assumes that the *best* policy decides from then on, not this actor. It will not change in this chapter. The new actor
# returns about 0 everywhere.

# %%
weights = precomputed("ch06/hill")
critic = hill.Hill(*solution("06.1"), weights)
figures.three_states(critic, hill.new_agent(seed=1))
plt.show()

# %% [markdown]
# On the left the best action is the upper bound. In the middle it is between the bounds. On the right the pendulum hangs at
# rest, and pushing either way is better than doing nothing: Q has two hills. The actor climbs the one on whose side it is,
# because it knows the slope at its own action and nothing else.

# %% [markdown] fold="Answer to the prediction"
# 1. Larger: a positive slope means that Q rises with the action. The slope does not say how far to go: it holds at
#    $a = 0.2$ only, and changes with the action. So the steps are small.
# 2. $\nabla_a Q$ is (64, 1): each example has its own action, and so its own slope. The actor's gradient is
#    (4481,): all 64 examples share one $\theta^\mu$, so their contributions are added up.
# 3. Only the actor's 4,481. The section "Why the critic stays fixed" shows why.

# %% [markdown]
# ## The chain rule
#
# A small change of $\theta^\mu$ changes the action, by $\nabla_{\theta^\mu}\mu$. A small change of the action changes Q,
# by $\nabla_a Q$. The product of both, averaged over a batch of states, is equation (6) of the
# [paper](https://arxiv.org/abs/1509.02971), the **deterministic policy gradient**:
#
# $$\nabla_{\theta^\mu} J \;\approx\; \frac{1}{N} \sum_i \nabla_a Q(s, a|\theta^Q)\Big|_{s=s_i,\,a=\mu(s_i)}\;
# \nabla_{\theta^\mu} \mu(s|\theta^\mu)\Big|_{s=s_i} \tag{6}$$
#
# For each state, $\nabla_a Q$ is a row of A numbers and $\nabla_{\theta^\mu} \mu$ is an A × P table; their product is a row
# of P numbers. $J$ is the expected discounted return of the actor from its start states: the quantity that we want to
# maximise. The second half of this chapter explains the sign ≈.
#
# Code descends a *loss*. The actor's loss is the mean of −Q, called the **surrogate** because it stands in for −J:
#
# $$L(\theta^\mu) = -\frac{1}{N} \sum_i Q(s_i, \mu(s_i|\theta^\mu)\,|\,\theta^Q)$$
#
# %%
figures.chain()
plt.show()

# %% [markdown]
# First, the slope in the action.

# %% exercise="06.1"

# %%
critic = hill.Hill(*yours("06.1"), weights)

# %% [markdown]
# The package does the same with any number of layers, and does not compute the gradient of $\theta^Q$:
#
# > `dq_da, _ = backward_through(layers, np.ones_like(values), head_cache, wrt_theta=False)` · `ddpg/networks.py`
#
# Now the loss.

# %% exercise="06.2"

# %%
checked_loss = yours("06.2")

# %% [markdown]
# In the package, one line brings the minus and the $1/N$ into the gradient, and every later gradient is one of $L$:
#
# > `grad_action = -dq_da / len(obs)` · `ddpg/agent.py`
#
# > `return -q.sum() / len(obs), self.actor.backward(grad_action, actor_cache)` · `ddpg/agent.py`
#
# Where is $\nabla_a Q \cdot \nabla_{\theta^\mu}\mu$? The actor's `backward` computes it. It takes a row of A numbers per
# example back through the actor and sums over the examples, so the A × P tables are never built. The
# [full derivation](../docs/mathematics.md) has every index.

# %% [markdown]
# ## Watch it climb
#
# Let a new actor climb the critic with your loss, your slopes and your Adam of chapter 05. It sees no rewards: the
# returns in the titles, means of ten episodes, are only measured. Each column of the map has its own scale.

# %%
adam_step = yours("05.5")
states, some_actions = hill.everywhere(), np.zeros((32, 1))


def climb(agent, updates, shown):
    rng, curves, theta = np.random.default_rng(0), [], agent.actor.theta
    mean = square = np.zeros(len(theta))
    hill.announce(updates, checked_loss, agent.actor, critic, states[:32], some_actions)
    for step in range(1, updates + 1):
        if step - 1 in shown:
            name = f"{step - 1:,} updates:\n{hill.progress(agent, critic, states)}"
            curves.append((name, *figures.curve(agent.actor, critic)))
        obs = states[rng.integers(len(states), size=32)]
        _, grad_theta = checked_loss(agent.actor, critic, obs, some_actions)
        grad_theta = np.asarray(grad_theta)
        theta[:], mean, square = adam_step(theta, grad_theta, mean, square, step, 1e-3)
    return curves


curves = climb(hill.new_agent(seed=1), 1001, (0, 50, 200, 1000))
figures.climb(critic, curves, whose("06.1", "06.2", "05.5"))
plt.show()

# %% [markdown]
# **Up to update 200 mean Q rises, and the return falls.** The arrows disagree, but they all act on one network, and at
# first nearly all actions go to −1 together. This Q is the value of one action if the *best* policy acts afterwards. The
# actor is not that policy yet, so its return can fall while it climbs: the surrogate is not the return.
#
# After 1,000 updates the curve mostly follows the best (light) actions, and with this seed the pendulum swings up. Most
# arrows press the curve against a bound. There the slope $1 - \mu(s)^2$ of the actor's tanh is nearly 0, so the actor hardly
# moves any more: it is *saturated*. Where the bound is the best action, as here, this does no harm.

# %% [markdown]
# ## Why the critic stays fixed
#
# The surrogate depends on $\theta^Q$, too. What happens if the critic descends it as well? Here are ten such steps, with a
# critic and an actor from 12,000 steps of training.

# %%
trained, obs = hill.trained_agent()
print(f"mean Q before: {hill.mean_q(trained.actor, trained.critic, obs):.2f}")
for _ in range(10):
    hill.critic_descends(trained, obs)
print(f"mean Q after:  {hill.mean_q(trained.actor, trained.critic, obs):.2f}")

# %% [markdown]
# Q rose, and not one action has changed. The critic has learned to promise. Rewards decide what Q should be, through the
# critic's own loss of chapter 05. Therefore the actor's step treats $\theta^Q$ as constants.

# %% [markdown]
# ## Judge it
#
# `actor_loss` should return the gradient of the surrogate exactly, so a numerical derivative has to agree with it.

# %%
numerical_gradient = yours("03.1")

# %% exercise="06.5"

# %% [markdown]
# ## Break it
#
# Three agents have one change each:
#
# - **sign**: the minus is gone, `grad_action = dq_da / len(obs)`;
# - **critic**: the actor's step moves $\theta^Q$ as well, with the same loss;
# - **replayed**: $\nabla_a Q$ is taken at the action in the replay buffer instead of $\mu(s)$.
#
# **Predict** for each: does your judge accept it? Does it learn Pendulum? The curves are from the study
# [zoo](../docs/results.md): five seeds of each, and of the correct code. Then add a broken loss of your own to the loop.

# %%
judge = yours("06.5")
for name, candidate in {"06.2": checked_loss, **BROKEN}.items():
    verdict = judge(candidate, *hill.small_networks_and_batch())
    print(f"{name:9} {'accepted' if verdict else 'refused'} by {whose('06.5')}")
figures.broken_runs(precomputed("ch06/broken"))
plt.show()

# %% [markdown] fold="What happened"
# **Sign.** The actor looks for the worst action and finds it. The critic works well: it estimates the value of this policy,
# and Q falls as the returns fall.
#
# **Critic.** Some seeds never learn, and some learn all the same. The critic's own loss of chapter 05 pulls Q back to the
# rewards, against the actor's step. With two lucky seeds you would have called it correct.
#
# **Replayed.** The curves show nothing: all five seeds learn as well as the correct ones. Yet the slope at a replayed action
# does not depend on the actor, so it need not become 0 where the actor is at the best action. On Pendulum this does no harm,
# because the best action is mostly a bound. On a linear system, with a best action between bounds, the actor
# [runs past its goal](../docs/policy-gradient.md) if the buffer is old. **A return proves nothing about a gradient.** Check
# the gradient.

# %% [markdown]
# > **In a framework** the actor's step is
# > `loss = -critic(obs, actor(obs)).mean(); loss.backward(); actor_optimizer.step()`. Three mistakes raise no error.
# > `backward()` also fills the critic's gradients, which must be set to zero before the critic's next step, or switched off with
# > `requires_grad_(False)`. `actor_optimizer` must hold the actor's parameters alone. And a `detach()` on the action
# > removes $\nabla_a Q$: the loss looks the same, and the actor never moves.

# %% [markdown]
# ## Why there are no log-probabilities
#
# Most policy gradient methods have a *stochastic* policy: actions are drawn from a density $\pi(a|s)$, such as a normal
# one with mean $\mu(s)$ and standard deviation $\sigma$. These methods use Q's *values* at drawn actions:
#
# $$\nabla_\mu\, \mathbb{E}_{a \sim \pi}[Q(s, a)] = \mathbb{E}_{a \sim \pi}\big[\nabla_\mu \log \pi(a|s)\; Q(s, a)\big],
# \qquad \nabla_\mu \log \pi(a|s) = \frac{a - \mu(s)}{\sigma^2}$$
#
# They need no derivative of Q, but many draws. DDPG uses Q's *slope* at one action. How much scatter does
# that avoid? Each estimate below is a mean of 64 draws. Q at the mean action is subtracted first, which reduces scatter.
# Q is a parabola. *Scatter* is the standard deviation of one entry of such an estimate.

# %%
print(estimates.scatter_table())

# %% [markdown]
# An action with one entry gives an error of a fifth to a third of the slope. With 16 entries each estimate also contains
# the effect of the 15 others, so it scatters by half a slope or more. As $\sigma \to 0$ the stochastic gradient becomes the
# deterministic one ([Silver et al., 2014](https://proceedings.mlr.press/v32/silver14.html), theorem 2).
#
# Both kinds can learn **off-policy**, from the actions of another policy $\beta$, since $Q(s, a)$ is about a given action.
# With a deterministic policy there is no average over actions, and so nothing to reweight.

# %% [markdown]
# ## From the surrogate to J
#
# $J$ is the return of whole episodes, and a policy that acts differently also visits *different states*. Why should climbing
# Q at each state of a batch climb J?
#
# Take a world without randomness, and let $Q^\mu$ and $V^\mu(s) = Q^\mu(s, \mu(s))$ be the true values of the policy. Then
# $Q^\mu(s, a) = r + \gamma\, V^\mu(s')$. Differentiate $V^\mu$ in $\theta$, which stands for $\theta^\mu$ here. $\theta$ acts
# twice: it determines this action, and all later ones.
#
# $$\nabla_\theta V^\mu(s) = \underbrace{\nabla_a Q^\mu(s, a)\,\nabla_\theta \mu(s)}_{\text{this action}}
# + \underbrace{\gamma\, \nabla_\theta V^\mu(s')}_{\text{all later ones}\; =\; \nabla_\theta Q^\mu(s, a) \text{ at fixed } a}$$
#
# The last term is $\gamma$ times the left side at $s'$, the next state. Insert the equation into itself $n$ times. The
# remainder $\gamma^n \nabla_\theta V^\mu(s_n)$ goes to 0 if the gradient is bounded, and the mean over start states is
#
# $$\nabla_\theta J = \mathbb{E}\Big[\sum_{t \ge 0} \gamma^t\; \nabla_a Q^\mu(s_t, a)\big|_{a=\mu(s_t)}\,
# \nabla_\theta \mu(s_t)\Big]$$
#
# This is the **deterministic policy gradient theorem** of Silver et al. It is exact where world and policy are smooth. No
# $\nabla_\theta Q^\mu$ is left, *because* the states are those that $\mu$ visits, weighted by $\gamma^t$: the discounted
# $\rho^\mu$. The [general proof](../docs/mathematics.md) includes randomness.
#
# You can verify the theorem in a linear-quadratic system, with the letters of control theory: the state is a number $s$, the
# action is $u = -k s$ with a gain $k$, the next state is $a s + b u$, and $a, b, q, r$ are constants. Each step *costs*
# $q s^2 + r u^2$, so J is a cost to be minimised. Put the value $p s^2$ into the Bellman equation,
# $p s^2 = q s^2 + r (k s)^2 + \gamma\, p\, ((a - b k) s)^2$, and solve it for $p$.


# %%
def lqr_value(gain, a, b, q, r, discount):
    return (q + r * gain**2) / (1 - discount * (a - b * gain) ** 2)


# %% exercise="06.4"

# %% [markdown]
# The formula treats $p$ as a constant, although $p$ depends on $k$. The terms of all later states add up to the effect of
# that change.
#
# ## The four gaps
#
# What an agent computes differs from the theorem in four ways:
#
# 1. **States come from the replay buffer.** Older, noisy policies visited them, and late ones count as much as early ones:
#    $\rho^\beta$ instead of $\rho^\mu$.
# 2. **$\nabla_\theta Q^\mu$ is dropped.** Over states that another policy visited, the objective is
#    $J_\beta = \mathbb{E}_{s \sim \rho^\beta}[V^\mu(s)]$. If $\theta$ changes, the later behaviour changes too, and with it
#    the value of the same action. Silver et al. leave that part out, following
#    [Degris et al. (2012)](https://arxiv.org/abs/1205.4839).
# 3. **The critic $Q_\theta$ stands in for $Q^\mu$.**
# 4. **A minibatch stands in for the expectation.**
#
# A second linear system opens them one at a time: a mass on a rail. Its state is a position and a speed, its policy has one
# gain θ, and J is a return, to be maximised. `formula` is (6). `reference` is $\nabla J$, except for gap 2, where it is the
# derivative of the mean value over fixed states. All are multiplied by $1 - \gamma$, so that the weights $\gamma^t$ sum to 1.

# %%
print(lqr.truth_table(lqr.check_truth()))
figures.four_gaps(*yours("06.4"), whose("06.4"))
plt.show()

# %% [markdown]
# On the left the theorem's slopes are tangents of J. On the right, an actor stops where a curve crosses 0.
#
# - **Gap 1** shrinks the gradient, and **gap 2** leaves out the larger part of it. Both stop at the best gain (dotted).
# - **Gap 3** moves the goal: with a critic that values gain 1.3, the actor stops at 2.43 instead of 2.20.
# - **Gap 4** scatters around $\nabla J$ without bias.
#
# Gaps 1 and 2 are harmless here because this actor can be good in every state at once: at the best gain, $\nabla_a Q$
# is nearly 0 everywhere, and weights do not matter. An actor that sees less of the speed must compromise between states,
# and [gap 1 moves its goal](../docs/policy-gradient.md) from 2.27 to 2.58. **If the actor cannot be best in every state, the
# weights of the states decide where it stops.**

# %% [markdown]
# ## Two gaps on Pendulum
#
# Take five critics after 12,000 steps of training, and train them no further. On each, a new actor climbs for 2,000 updates,
# once at the states of its replay buffer and once at states from everywhere. The first column shows the actors that were
# trained with these critics.

# %%
figures.on_pendulum(precomputed("ch06/climbs"), precomputed("ch06/slopes"))
plt.show()

# %% [markdown]
# **Gap 1** (left). Three of the five actors that climbed at the replay's states fail from many starts, although their
# mean Q there is as high as that of the others. Most of these states are at the top. The few that decide whether the
# pendulum gets there hardly count in the mean.
#
# **Gap 3** (middle and right). *Exact* is $Q^\mu$ of the trained actor. The learned values are nearly right. The slopes are
# much less so, because the critic's loss compares values. Where the exact slope is steeper than 1, the learned slope has the
# right **sign** in 72 to 90 % of the states. On Pendulum that is nearly all that an actor needs.
# [Compatible critics](../docs/policy-gradient.md) would close gap 3. DDPG leaves it open.

# %% [markdown]
# ## Quiz
#
# 1. A colleague's `action_gradient` starts with `ones / N`, and the actor's loss uses `grad_action = -dq_da / N`. What is
#    wrong, by what factor, and would the learning curve show it?
# 2. `actor_loss` passes your judge. Name two reasons why following it may still make the return worse.
# 3. An actor's output is at ±1 in every state, and some of these actions are wrong. $\nabla_a Q$ is large. What does the
#    actor learn?
# 4. In the theorem the states are those that $\mu$ visits. What has to be added if they are not?

# %% [markdown] fold="Answers"
# 1. The actor's gradient is too small by the factor N: the mean is taken twice. Adam divides by the gradient's own size and
#    hides most of it. A gradient check shows it at once.
# 2. The surrogate is not J: the states are the replay's (gap 1), the change of later behaviour is left out (gap 2), the
#    critic's slopes may be wrong (gap 3), and the batch is small (gap 4).
# 3. Almost nothing. The slope $1 - \mu^2$ of its tanh is about 0, and it is a factor of the chain between $\nabla_a Q$ and
#    $\theta^\mu$.
# 4. $\nabla_\theta Q^\mu(s, a)$ at a fixed action: how the later behaviour of the policy changes the value. Along the
#    policy's own states, the terms of the later states contain it; elsewhere they do not.

# %% [markdown]
# ## Remember
#
# - The actor climbs Q: $\nabla_a Q$ at its own action $\mu(s)$, times $-1/N$ for the loss, back through the actor.
# - $\nabla_a Q$ is the critic's *input* gradient. The critic's parameters are constants in this step.
# - `actor_loss` is the exact gradient of $-\frac1N\sum Q_\theta(s, \mu(s))$; a numerical derivative agrees.
# - It is not $\nabla J$: the states are the replay's, $\nabla_\theta Q^\mu$ is dropped, the critic is learned, and the
#   batch is small.
# - A curve cannot show whether the gradient is right. Taken at the replayed action, it still solves Pendulum.
#
# The real code: `actor_loss` in [`ddpg/agent.py`](../minddpg/ddpg/agent.py), `action_gradient` in
# [`ddpg/networks.py`](../minddpg/ddpg/networks.py), the mass on a rail in
# [`verification/lqr.py`](../minddpg/verification/lqr.py). Next: [07 · The replay buffer](07_replay.ipynb).
