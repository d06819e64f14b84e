# %% [markdown]
# # 11 · The bug zoo, and how to debug an agent
#
# **After this chapter** you have found four silent bugs in code, one of them in your own agent, and proved each by a test. You know
# why neither a return nor a loss shows that code is correct.
#
# **You need** chapters 03 to 09, and your agent of chapter 10 for the last hunt. **Elective:** chapter 12 does not need this one.
#
# **Time** {minutes} minutes. **Cost** half a minute of computing.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg.course.ch11_bug_zoo import figures, kit
from minddpg.course.ch11_bug_zoo.kit import rehearse, small_agent
from minddpg.course.kill_matrix import examine
from minddpg.course.own_code import whose, yours
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style
from minddpg.verification.bugs import BUGS

use_style()
LIVE = False  # True makes the results again: ten minutes
trained, caught, runs, escaped = (
    precomputed(f"ch11/{name}", live=LIVE, results="../docs/results")
    for name in ("bugs", "matrix", "five_agents", "escaped")
)

# %% [markdown]
# ## Predict
#
# The package can plant 42 bugs in the real agent. Many come from published code, as [The bug zoo](../docs/bug-zoo.md) says. With
# each bug, agents were trained on Pendulum-v1 with five seeds.
#
# 1. How many of the 42 end with a return like that of correct code, at most 8 below it?
# 2. The agent with the smallest critic loss of all: does it learn well?
# 3. One agent has lost γ in its target. Which test, without any run, shows that?

# %% [markdown] fold="Answer to the prediction"
# 1. Half of them: 21.
# 2. It learns nothing. Its critic has only single rewards to predict.
# 3. Compute $y$ for one made-up transition, and compare it with $r + \gamma Q'$ by hand. That takes a second and leaves no doubt. No
#    curve shows this bug.

# %% [markdown]
# ## A return proves nothing
#
# Each dot is one seed.

# %%
figures.ends_of_all_bugs(trained)
plt.show()

# %% [markdown]
# In the first panel, half of the bugs look like correct code. There are four reasons:
#
# - **Adam divides by a gradient's own size.** A gradient that is N times too large (`actor-summed`) makes almost the same steps.
# - **A wrong slope often has the right sign.** `replayed-action` takes $\nabla_a Q$ at another action than $\mu(s)$.
# - **The task may not show it.** Pendulum never terminates, so `mask-missing` does not change a single bit here.
# - **An error may be rare.** `reset-stored` spoils one transition in two hundred.
#
# **A small loss proves nothing either.** The second panel shows the critic's loss, the mean of $(Q - y)^2$. Since $y$ is made of the
# agent's own networks, a small loss says only that $Q$ and $y$ agree. They may agree on nonsense: the agent with the smallest loss
# of all learns nothing.
#
# **Two seeds prove little.** With `one-start`, three seeds look correct, one is worse, and one fails. [Studies](../docs/how-to/studies.md)
# and [Agarwal et al. (2021)](https://arxiv.org/abs/2108.13264) explain how many seeds a comparison needs, and how to give an interval.

# %% [markdown]
# ## What does prove something
#
# A check computes one thing in two ways and compares the results. An agent needs three kinds of check:
#
# | kind | compares | finds |
# | --- | --- | --- |
# | **gradient** | a derivative with a numerical one | signs, factors, missing slopes |
# | **property and shape** | values and shapes with known ones | masks, γ, τ, targets, broadcasts |
# | **behaviour** | what buffer, noise and loop do in a scripted environment | errors in what is stored, scaled or reset |
#
# In the figure, each box counts the checks of one kind that catch a bug. The text on the right is the first objection. An open circle:
# the return is at most 8 below that of correct code with the same settings. A grey cross: with these settings even correct code
# fails. Bugs of exercise 11.9 have no circle.

# %%
figures.kill_matrix(caught, trained)
plt.show()

# %% [markdown]
# Every bug has a box. One kind of check is not enough: `broadcast` passes its gradient check. Its critic returns a column (N, 1),
# $y$ is used as a row (N,), and so $Q - y$ is a table (N, N). The check proves the gradient of the loss that was written, and that
# loss is the wrong one.

# %% [markdown]
# ## Four hunts
#
# Each hunt has one silent bug. Three show you the code; the fourth shows only what an agent does. Use whatever helps: read, compute
# by hand, compare, train. Then name the bug, repair it, and write a test that returns False for the bug and True for correct code.
# In a test, choose numbers that make mistakes visible: no zeros, no ones, no equal shapes, no $\tau = 0.5$.

# %%
HUNT = 0  # which bugs were planted in this notebook
kit.hand_out(HUNT)

# %% [markdown]
# `agent, batch = small_agent(agent_class)` helps with tests. It makes an agent with small random networks and with targets that
# differ from them. The batch has N = 7 transitions, some of them terminated; S = 3 and A = 2.

# %% [markdown] fold="How to check a gradient with your own checker of chapter 03"
# This example checks correct code, the package's agent. Put it into a new cell.
#
# ```python
# is_right = yours("03.4")
# agent, batch = small_agent(kit.PackageAgent)
# y = agent.td_target(batch)
# grad = agent.critic_gradient(batch, y)[0]  # of the critic's W1
#
#
# def loss_at(weight):
#     q, _ = agent.q([weight, *agent.critic[1:]], batch.obs, batch.action)
#     return np.mean((q - y) ** 2)
#
#
# print(is_right(loss_at, agent.critic[0], grad, 1e-6))
# ```

# %% [markdown]
# ### An agent
#
# `Adam` is correct. The rest of the agent is here, and one thing in it is wrong.

# %% planted="11.5"

# %%
agent, batch = small_agent(PlantedAgent)
print("terminated", batch.terminated, "\ny", np.ravel(agent.td_target(batch)).round(2))
print(kit.suspects("11.5"))

# %% exercise="11.5"

# %% [markdown]
# In the package, the sign and the 1/N of the actor's gradient are in one line:
#
# > `grad_action = -dq_da / len(obs)` · `ddpg/agent.py`

# %% [markdown]
# ### A replay buffer

# %% planted="11.6"

# %%
print(kit.suspects("11.6"))

# %% exercise="11.6"

# %% [markdown]
# ### A training loop
#
# `rehearse(train)` runs a loop in a scripted environment and records what the loop does. Episodes last four steps, and end
# alternately by termination and by a time limit. An observation is [episode, step], and a reward is the number of its transition.
# An action in `happened` is a torque. `run.asked` has each observation that the agent was given.

# %% planted="11.7"

# %%
run = rehearse(planted_train)
print(run.happened[0], run.stored[0], sep="\n")
print("updates at", run.updates, "\nnoise reset at", run.noise_resets)
print(kit.suspects("11.7"))

# %% exercise="11.7"

# %% [markdown]
# ### The three together
#
# Do the repaired agent, buffer and loop learn? The figure compares them with the three as you got them. With one seed each, it shows
# that the repaired parts work together. It proves nothing about the bugs.
#
# For other bugs, set `HUNT = 1` above, and replace the agent's cell by what `print(kit.planted_source("11.5", 1))` shows. Do the same
# for the buffer (11.6) and the loop (11.7).

# %%
FIRST = "11.5", "11.6", "11.7"
repaired_run = kit.learn_together(*(yours(number)[1] for number in FIRST))
planted_run = kit.learn_together(*(kit.planted_version(number, HUNT) for number in FIRST))
figures.together(repaired_run, planted_run, whose(*FIRST))
plt.show()

# %% [markdown]
# ### Your own agent
#
# Now the bug is in your agent. A subclass of your class changes the inputs or the outputs of a method. There is no source to read,
# but you have the same agent without the bug.

# %%
Own = yours("10.1")
Planted = kit.plant(Own, HUNT)
print(kit.suspects("11.8"))

# %% exercise="11.8"

# %% [markdown]
# ## Read an agent
#
# Sometimes there is no code, only a run. Two pictures then say more than a return. The **torques** show what the policy does: how
# often it is at a bound, and whether it ever gets there. **$Q$ against $y$** shows where the critic agrees with its target: on the line
# they are equal, and far from it they are not. Look at the range as well: a reward on Pendulum lies between −16.3 and 0 and
# $\gamma = 0.99$, so a true $Q$ lies between $-16.3/(1 - \gamma) = -1630$ and 0.
#
# One of the five agents below is correct code. The others have these bugs:
#
# - `action-scale`: the actor's action in [−1, 1] is sent as the torque, without the factor 2 N m;
# - `broadcast`: $Q - y$ is a table;
# - `mask-flipped`: $y$ bootstraps where the episode has ended, and nowhere else;
# - `truncated-as-terminated`: at the time limit, $y$ is the reward alone.
#
# The last networks of the first seed compute the torques, $Q$ and $y$, for 1,200 replayed transitions.

# %%
figures.five_agents(runs)
plt.show()

# %% exercise="11.9"

# %% [markdown] fold="What gives each away (after you have tried)"
# - **B** fails, and its $Q$ is almost the same number everywhere: each $Q$ is pulled to the mean of all targets.
# - **E** fails, and its loss falls to almost nothing. $Q$ equals $y$, but $y$ is a single reward: no value is below −16.
# - **C** learns, ends below D with every seed, and never sends more than 1 N m.
# - **A and D** end alike on most seeds. In A some points are far to the right of the line: at a time limit $y$ is $r$ alone and so
#   rises, but no observation shows the limit. A's critic loss stays ten or more times that of D.
# - **A** is at a bound in 40 % of the states, D in 29 %. This is not a bug: swinging up needs full torque. Saturation is a bad sign
#   if the action no longer depends on the state, since a saturated tanh has almost no slope to learn from.
#
# [When it does not learn](../docs/how-to/when-it-does-not-learn.md) leads from other symptoms to suspects, and says how often each
# guess is right.

# %% [markdown]
# ## Break it
#
# Here is a bug that is not among the 42: Adam forgets its two averages between episodes. `examine` plants it, and runs all checks of
# the package. **Predict:** how many object? What happens to the return?

# %%
BUGS["forgetful"] = kit.FORGETFUL
print("objections:", examine("forgetful").objections)
del BUGS["forgetful"]
print("returns, correct code:", escaped["correct"].round())
print("returns, with the bug:", escaped["bug"].round())

# %% [markdown] fold="What happened"
# No check objects, and all five seeds are as good as correct code. Each check tests one statement about the code, and code can be
# wrong in a way that no check tests. So when you find a bug by hand, write the check that would have found it, see it fail, repair
# the code, and see it pass.

# %% [markdown]
# > **In a framework** the library computes the derivatives. Everything else can still be wrong: the sign of $-Q$, a missing `detach`,
# > an actor's optimiser that also has the critic's parameters, masks, γ, buffer, noise. `gradcheck` tests the library there, not your
# > loss.

# %% [markdown]
# ## Quiz
#
# 1. Your critic's loss falls steadily to 0.001. What are two explanations, and what would you look at next?
# 2. The gradient check of your critic's loss passes. Which bugs of this chapter may it still have?
# 3. `mask-missing` gave the same numbers as correct code. In which environments will it give others?

# %% [markdown] fold="Answers"
# 1. The critic predicts well, or there is nothing to predict: $y = r$, or a buffer with few different rows. Look at the return, and at
#    the range of $Q$: is it as large as discounted returns, or only as large as one reward?
# 2. Every bug that changes the loss together with its gradient, such as `broadcast`, and every bug in $y$ (mask, γ, which networks),
#    since $y$ is a constant in this check.
# 3. In those whose episodes terminate, for example because a pole falls: values from after the end get into $y$. Pendulum never
#    terminates.

# %% [markdown]
# ## Remember
#
# - A return proves nothing: here, half of the bugs are as good as correct code.
# - A small loss proves nothing: the critic may agree with a wrong target.
# - A gradient check proves the gradient of the loss that was written.
# - Look at torques, and at Q against y, before you look for better settings.
# - A check that nobody has seen fail is a hope. See it fail first.
#
# The real code: [`verification/bugs/__init__.py`](../minddpg/verification/bugs/__init__.py) and
# [`course/kill_matrix.py`](../minddpg/course/kill_matrix.py). Next: [12 · The paper to the letter, and what came after](12_paper_and_after.ipynb).
