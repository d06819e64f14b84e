# %% [markdown]
# # 12 · The paper to the letter, and what came after
#
# **After this chapter** you know the paper's settings and what it leaves open. You have derived the backward pass of batch
# normalisation, turned your own agent into TD3, and measured what the three changes do.
#
# **You need** chapters 05, 06, 08 and 10. **Elective:** this is the last chapter.
#
# **Time** {minutes} minutes. **Cost** half a minute of computing.
#
# N is the number of examples in a batch, I the number of columns that are normalised, A the number of entries of an action.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg.course.ch12_paper import figures, noisy_task, tables
from minddpg.course.own_code import whose, yours
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style
from minddpg.experiments.statistics import summarise

use_style()
ends = precomputed("ch12/returns")

# %% [markdown]
# ## Predict
#
# 1. Batch normalisation subtracts the mean of each column. Add 5 to all N entries of one column. What changes in the output?
#    What does that say about the *sum* of the gradient over that column?
# 2. A critic has errors: it is too high as often as too low. An actor climbs it. Is the critic too high or too low at the action
#    where the actor ends up?
# 3. TD3 builds its target with the smaller of two critics' values. Will its critic be right?
#
# ## The paper's settings

# %%
print(tables.settings())

# %% [markdown]
# Three settings are new. With **`action_layer`** 1 the first hidden layer of the critic gets the observation alone, and the action
# joins its output. **`critic_weight_decay`** λ adds $\tfrac12 \lambda \lVert W \rVert^2$ to the critic's loss, and so $\lambda W$ to
# its gradient. The next section explains **`batch_norm`**.
#
# The paper leaves some things open, such as whether the end of an episode is stored, when updates begin, and whether λ acts on
# biases. [Deviations](../docs/deviations.md) lists what we chose, and why.
#
# Five mistakes are copied from one text to the next. We planted each of them in the agent:

# %%
print(tables.spread(ends))

# %% [markdown]
# The first ruins every run, and the last ruins some. The other three cost little on this task, and that is why they survive.
#
# ## Batch normalisation, by hand
#
# An observation may contain a cosine and a speed of 8 rad/s. The paper wanted one setting for more than twenty tasks, so it lets
# the network scale its inputs, by the method of [Ioffe and Szegedy](https://arxiv.org/abs/1502.03167). Each column is normalised
# separately. Take one column, $x_1 \dots x_N$, with one number per example:
#
# $$m = \frac1N \sum_i x_i, \qquad v = \frac1N \sum_i (x_i - m)^2, \qquad
# \hat x_i = \frac{x_i - m}{s}, \qquad s = \sqrt{v + \epsilon}, \qquad y_i = \gamma\, \hat x_i + \beta$$
#
# γ and β are two learned numbers per column. These are the usual letters; this γ is not the discount. $\epsilon = 10^{-5}$ keeps
# $s$ away from 0. Let $g_i = \partial L / \partial y_i$. Each $y_i$ contains γ once, multiplied by $\hat x_i$, and β once:
#
# $$\frac{\partial L}{\partial \gamma} = \sum_i g_i \hat x_i, \qquad \frac{\partial L}{\partial \beta} = \sum_i g_i$$
#
# The gradient with respect to $x$ is new, because $x_j$ changes *every* $y_i$. It changes its own row directly, and all rows through
# $m$ and through $v$. These are three paths, and the chain rule adds them. First, how fast do $m$, $v$ and $s$ change?
#
# $$\frac{\partial m}{\partial x_j} = \frac1N, \qquad
# \frac{\partial v}{\partial x_j} = \frac2N (x_j - m), \qquad
# \frac{\partial s}{\partial x_j} = \frac{1}{2s}\frac{\partial v}{\partial x_j} = \frac{\hat x_j}{N}$$
#
# The second derivative looks too short, since $v$ also depends on $x_j$ through $m$. That part is
# $-\frac2N \sum_i (x_i - m) \cdot \frac1N$, and it is 0, because the distances from a mean add up to 0. Now differentiate
# $\hat x_i = (x_i - m)/s$ by the quotient rule:
#
# $$\frac{\partial \hat x_i}{\partial x_j} = \frac1s\Big(
# \underbrace{\delta_{ij}}_{\text{direct}}
# - \underbrace{\tfrac1N}_{\text{mean}}
# - \underbrace{\tfrac1N \hat x_i \hat x_j}_{\text{variance}}\Big)$$
#
# Here $\delta_{ij}$ is 1 where $i = j$ and 0 elsewhere. One step is left, and it is yours.

# %% exercise="12.1"

# %% [markdown]
# The result is
#
# $$\frac{\partial L}{\partial x_j} = \frac{\gamma}{s}\Big(g_j - \frac1N\sum_i g_i - \hat x_j\, \frac1N \sum_i g_i \hat x_i\Big)$$
#
# > `grad_y = grad_y - grad_y.mean(axis=0) - normed * along` · `nn/batchnorm.py`
#
# ([All steps, and the form of the code](../docs/batch-norm.md).) The next figure shows the three paths as arrays for a batch of
# 16 examples with three columns, and the sum that your function returns.

# %%
x, g, y, grad_x = figures.passes(*yours("12.1"))  # γ = 1 and β = 0, so y is x̂
s = np.sqrt(x.var(axis=0) + 1e-5)
paths = g / s, -g.mean(axis=0) / s * np.ones_like(x), -y * (g * y).mean(axis=0) / s
figures.three_paths(x, y, g, paths, grad_x, whose("12.1"))
plt.show()
print("sum of each column, direct path:", paths[0].sum(axis=0).round(2))
print("sum of each column of grad_x:   ", np.abs(grad_x.sum(axis=0)).round(4))

# %% [markdown]
# Each correction takes something away. The mean's path is one number per column. The variance's path is a multiple of
# $\hat x$. What remains has the sum 0 and, except for ε, no component along $\hat x$. The reason is that $y$ does not change if you
# shift a whole column or stretch it around its mean. So $L$ has no slope in these two directions.

# %% [markdown] fold="Answer to the first prediction"
# Nothing changes in the output, because the mean also grows by 5. So the derivative of $L$ along "add the same number to all
# entries", which is the sum of the column's gradient, is 0. For this reason a bias directly before batch norm has no effect.

# %% [markdown]
# ### Two modes
#
# While acting there is a single observation, which has no variance and is its own mean. So batch norm also keeps *running* statistics
# that follow those of the batches, and uses them for acting:
#
# > `mean = x.mean(axis=0) if training else self.mean` · `nn/batchnorm.py`
#
# Running statistics are constants, so two of the paths disappear, and $\partial L/\partial x = \frac{\gamma}{s}\, g$. In training mode,
# the output for an observation depends on the other 63 rows. A target $y$ must not depend on them, because it is the target of one
# transition. So our target networks use running statistics.
#
# Does batch norm help? The paper says that it does, over many tasks. Here is Pendulum with two layers of 64 units, the action at the
# second, 20,000 steps, ten seeds. The IQM is the mean of the middle half:

# %%
for name in ("without", "with"):
    print(f"{name:8} batch norm: {summarise(ends[name])}")

# %% [markdown]
# A random policy earns about −1,220. With batch norm every seed ends below it *here*. Without batch norm many fail as well, since the
# action enters at the second layer ([Deviations](../docs/deviations.md)). The paper had other tasks, larger networks, and a hundred
# times more steps. Measure before you add a piece that others needed.
#
# ## Does Q predict the return?
#
# The paper's Figure 3 draws $Q(s, a)$ of trained critics against the observed discounted return. Our returns continue for 1,000 steps
# past the time limit, because $Q$ does not know the limit either.

# %%
figure_3 = precomputed("ch12/figure3")
figures.estimates(figure_3)
plt.show()

# %% [markdown]
# On Pendulum the dots rise along the line, but the *level* is off, by a different amount for each seed. An actor uses only the slope
# $\nabla_a Q$, and an error that is the same everywhere has no slope. On Reacher, where the tip of an arm should reach a point, nearly
# every value is too high.
#
# ## Overestimation
#
# The *bias* of a critic is $Q_\theta(s, a) - Q^\mu(s, a)$, where μ is the current actor. Why should it have a sign? Take one state
# and the true values of all actions. Draw 2,000 critics whose errors have mean 0, and let an actor climb each of them. Then evaluate
# a second critic, with independent errors, at the same action.

# %%
action, exact, first, second = figures.wrong_critics(2_000)
chosen = np.arange(2_000), first.argmax(axis=1)  # the actor climbs the first critic
gaps = {
    "one critic": first[chosen] - exact[chosen[1]],
    "smaller of two": np.minimum(first, second)[chosen] - exact[chosen[1]],
}
figures.hopeful(action, exact, first, gaps)
plt.show()
print(f"mean error over all actions: {(first - exact).mean():+.3f}")

# %% [markdown]
# Over all actions the critics have no bias. The *choice* creates one, because the actor goes where the error is high:
# $\mathbb E[\max_a (q + e)] \ge \max_a \mathbb E[q + e] = \max_a q$ for exact values $q$ and errors $e$ of mean 0. In DDPG the
# chosen value enters the target, and so the next critic. A second critic with independent errors does not share the first
# critic's errors, and the smaller of both values is rarely too high.
#
# **TD3** ([Fujimoto et al., 2018](https://arxiv.org/abs/1802.09477)) is DDPG with three changes.
#
# 1. **Two critics** $Q_1$ and $Q_2$, each with a target network. Both learn from the *same* target, made with the smaller value.
# 2. **Target policy smoothing**: the next action gets a small clipped noise, so that a narrow peak of $Q'$ has little influence.
# 3. **Delayed updates**: the actor and all targets move only at every $d$-th update, when the critics have learned a little more.
#
# $$y = r + \gamma\,(1 - \text{terminated}) \min_{i=1,2} Q'_i(s', \tilde a), \qquad
# \tilde a = \operatorname{clip}\big(\mu'(s') + \operatorname{clip}(\varepsilon, -c, c),\, -1,\, 1\big), \qquad \varepsilon \sim N(0, \sigma^2)$$
#
# The inner clip keeps the noise small. The outer clip keeps the action within its bounds. The actor climbs $Q_1$ alone.

# %% [markdown] fold="Answer to the second prediction"
# Too high. The critic's errors have both signs, but the actor moves to where they are positive.

# %% exercise="12.3"

# %% [markdown]
# Now the whole agent. Here is your page from chapter 10, or the package's if yours has not passed yet:

# %%
MyDDPG, td3_target = yours("10.1"), yours("12.3")
print(tables.page(MyDDPG))

# %% exercise="12.6"

# %% [markdown]
# The package's TD3 inherits from `minddpg.DDPG` ([the class](../minddpg/course/ch12_paper/td3.py)). Changes 1 and 3 are these lines:
#
# > `next_q = np.where(batch.terminated, 0, self.combine(q1, q2))` · `course/ch12_paper/td3.py`
#
# > `if self.updates % self.delay == 0:` · `course/ch12_paper/td3.py`
#
# ## A task where it matters
#
# Let your DDPG and your TD3 learn a task with one state and five action entries. The reward is $-\text{mean}(a^2)$ plus noise of
# standard deviation 1, so the best action is 0, and $Q^\mu(a) = -\text{mean}(a^2) - \frac{\gamma}{1 - \gamma}\,\text{mean}(\mu^2)$
# is known exactly. Each agent explores and learns from its own last 300 transitions. These are so few that a critic fits their
# noise.

# %%
is_own = bool(check_my_td3(MyTD3, as_ddpg))
td3, by = (MyTD3, "your code") if is_own else (yours("12.6")[0], whose("12.6"))
kinds = noisy_task.ddpg(MyDDPG), noisy_task.td3(td3)
makers = dict(zip((f"DDPG by {whose('10.1')}", f"TD3 by {by}"), kinds))
own = noisy_task.in_time(makers, seeds=3, seconds=40)
figures.noisy(precomputed("ch12/noisy"), own)
plt.show()

# %% [markdown]
# DDPG's values end about 2.5 too high, although all mean rewards lie between −1 and 0. The minimum of two halves this bias, and TD3
# removes most of it. Its actor also earns more for most of the run, though the bands overlap at the end. Some bias remains, because
# both critics learn the noise of the *same* transitions and so their errors are not independent.
#
# ## And on Pendulum
#
# On Pendulum $Q^\mu$ of any actor can be computed ([how](../docs/exact-pendulum.md)). Ten agents of each kind were trained
# (`python -m minddpg.course.precomputed ch12/bias`). Every 1,000 steps the bias was averaged over 500 replayed states.

# %%
LIVE = False  # True trains thirty agents and solves for Q^μ 330 times: about 15 minutes
runs = precomputed("ch12/bias", live=LIVE)
cases = list(zip(runs["names"], runs["bias"]))
figures.bias_curves(runs["steps"], cases, "Pendulum: critic's value − exact $Q^\\mu$")
plt.show()
for name, last in zip(runs["names"], runs["last"]):
    print(f"{name:22} last return {summarise(last)}")

# %% [markdown]
# At first all values are far too high, since a new critic returns about 0 and the exact values are some hundreds below. At the end
# DDPG's bias is positive, but small compared with values that span more than two hundred. The minimum of two turns its sign: those
# values are too *low*, and further from the exact values. So TD3 does not remove the bias here. Overestimation can
# feed on itself; underestimation cannot: an actor seeks actions that are valued too high, and avoids those that are valued too low.
#
# The intervals of the returns overlap: on this task overestimation does not limit DDPG. On harder tasks the
# [TD3 paper](https://arxiv.org/abs/1802.09477) reports large gains.

# %% [markdown] fold="Answer to the third prediction"
# Not necessarily. In the noisy task TD3's values are nearly right, on Pendulum they are too low. A method that prevents a failure
# helps where this failure occurs, and only a measurement tells you whether it does.

# %% [markdown]
# ## What else came after
#
# **SAC** ([Haarnoja et al., 2018](https://arxiv.org/abs/1801.01290)) makes the actor random again: it draws
# $a = \tanh(m(s) + d(s)\,\xi)$ with $\xi \sim N(0, 1)$, and the objective includes the entropy of the policy. It takes the smaller of
# two critics' values, as TD3 does, and needs no extra noise to explore. Since $a$ is a differentiable function of $m$ and $d$, the
# actor's gradient goes through $\nabla_a Q$, as in equation (6), and has a further term for the entropy.
#
# **D4PG** ([Barth-Maron et al., 2018](https://arxiv.org/abs/1804.08617)) keeps DDPG's actor. Its critic predicts a *distribution* of
# returns, its targets look $n$ steps ahead, and many actors collect data.
#
# Both keep what you have written: a critic that bootstraps, slow targets, replay, and $\nabla_a Q$.
#
# ## Break it
#
# Replace the minimum in TD3's target by the maximum. **Predict:** what happens to the bias and to the return on Pendulum? Is it worse
# than DDPG, which has a single critic?

# %%
LIVE = False  # True trains five agents and measures them: about 3 minutes
larger = precomputed("ch12/maximum", live=LIVE)
cases = [
    ("TD3", runs["bias"][2]),
    ("DDPG", runs["bias"][0]),
    ("TD3, larger of two", larger["bias"]),
]
figures.bias_curves(runs["steps"], cases, "Pendulum: the larger of two values (five seeds)")
plt.show()
print("larger of two, last returns:", larger["last"].round())

# %% [markdown] fold="What happened"
# The bias turns positive again. All five seeds end above 0, most of them above the middle of DDPG's seeds: the bias grows from the
# smaller of two values to one critic to the larger of two. But nothing diverges, and the returns are as good as those of correct
# code. Slow targets, smoothing, and learning rates that fall to 0 may limit the bias. A bias is a wrong value. It need not mean a
# worse policy.

# %% [markdown]
# > **In a framework** `model.train()` and `model.eval()` switch the mode of batch norm, for the whole network. In the target, the
# > minimum is `torch.min(q1, q2)` inside `torch.no_grad()`. The usual mistake is `.min()` without a second tensor, which is the
# > smallest value of the whole batch.

# %% [markdown]
# ## Quiz
#
# 1. In training mode batch norm's gradient is zero along two directions of a column. Which, and why?
# 2. A critic is 20 too high for every state and action. What does that do to the actor's update? And to the next target?
# 3. Why do both critics of TD3 learn from a common target, and not each from its own?
# 4. You read: "TD3 beats DDPG on our task, two seeds each, and its critic is less biased." What do you ask?

# %% [markdown] fold="Answers"
# 1. Adding a number to all entries, because subtracting the mean removes it. Stretching the column around its mean, because the
#    division by the standard deviation removes it (except for ε).
# 2. The update does not change, because $\nabla_a Q$ is the same. The next target is too high by $20\gamma$, so the error shrinks by
#    the factor γ each time the critic has learned its target. It disappears slowly.
# 3. With its own target, each critic would learn from its own errors, as in DDPG. A common $y$ with the smaller value keeps the values
#    of both low. They stay different because they started from different weights.
# 4. How many seeds would be enough, and what are the intervals? Is the bias measured against $Q^\mu$ of the *current* actor, or against
#    observed returns, with the tail after the time limit? Did both actors make the same number of updates? What did each of the three
#    changes contribute?

# %% [markdown]
# ## Remember
#
# - A paper fixes most settings and leaves some open. Write down what you chose there.
# - Batch norm's gradient has three paths. It has no component along a shift or a stretch of the column. Batch norm has two modes.
# - A critic may order actions well and be wrong in its level. The actor needs the slope.
# - An actor that climbs a critic with errors arrives where it is too high. The smaller of two values lowers the bias, and may turn its
#   sign.
# - TD3 is your DDPG with three changes. Switch them off, and it must be DDPG again, number by number.
#
# The real code: [`nn/batchnorm.py`](../minddpg/nn/batchnorm.py), [`presets.py`](../minddpg/ddpg/presets.py) and
# [`course/ch12_paper/td3.py`](../minddpg/course/ch12_paper/td3.py). What else was measured: [results](../docs/results.md).
#
# This is the end of the course. You have written every derivative of DDPG, and you have seen each piece fail. Next: an environment of
# your own, with `minddpg train module:Name-v0`, or the first chapter again, with somebody who has not read it:
# [00 · First tour](00_tour.ipynb).
