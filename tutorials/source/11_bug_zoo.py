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
# The package can plant 42 bugs in the real agent. Many come from published code, as [The bug zoo](../docs/bug-zoo.md) says. Each was
# trained on Pendulum-v1 with five seeds.
#
# 1. How many of the 42 end with a return like that of correct code, at most 8 below it?
# 2. The agent with the smallest critic loss of all: does it learn well?
# 3. One agent has lost γ in its target. Which test, without any run, shows that?

# %% [markdown] fold="Answer to the prediction"
# 1. Half of them: 21, as you will see now.
# 2. It learns nothing. Its critic has nothing to predict but single rewards.
# 3. Compute $y$ for one made-up transition, and compare it with $r + \gamma Q'$ by hand. That takes less than a second and leaves no doubt. No
#    curve shows this bug.

# %% [markdown]
# ## A return proves nothing
#
# Each dot is a seed.

# %%
figures.ends_of_all_bugs(trained)
plt.show()

# %% [markdown]
# In the first panel, half of the bugs look like correct code. There are four reasons:
#
# - **Adam divides by a gradient's own size.** A gradient that is N times too large (`actor-summed`) makes almost the same steps.
# - **A wrong slope often has the right sign.** `replayed-action` takes $\nabla_a Q$ at another action than $\mu(s)$.
# - **Pendulum does not ask.** It never terminates, so `mask-missing` is correct code here to the last bit.
# - **An error may be rare.** `reset-stored` spoils one transition in two hundred.
#
# **A small loss proves nothing either.** The second panel shows the critic's loss, the mean of $(Q - y)^2$. Since $y$ is made of the
# agent's own networks, a small loss says only that $Q$ and $y$ agree. They may agree on nonsense: the smallest loss of all belongs
# to an agent that learns nothing.
#
# **Two seeds prove little.** Of `one-start`, three seeds look correct, one is worse, and one fails. How many seeds a comparison needs, and how to
# give an interval: [Studies](../docs/how-to/studies.md), and [Agarwal et al. (2021)](https://arxiv.org/abs/2108.13264).

# %% [markdown]
# ## What does prove something
#
# A check computes one thing in two ways, and compares. An agent needs three kinds of check:
#
# | kind | compares | finds |
# | --- | --- | --- |
# | **gradient** | a derivative with a numerical one | signs, factors, missing slopes |
# | **property and shape** | values and shapes with known ones | masks, γ, τ, targets, broadcasts |
# | **behaviour** | what memory, noise and loop do in a scripted world | what is stored, scaled, reset |
#
# In the figure, a box counts the checks of a kind that object to a bug, and on the right stands the first objection. An open circle:
# the return is at most 8 below that of correct code with the same settings. A grey cross: there correct code fails, too. Bugs of
# exercise 11.9 have no circle.

# %%
figures.kill_matrix(caught, trained)
plt.show()

# %% [markdown]
# Every bug has a box. The gradient check of `broadcast` passes, so one kind is not enough. Its critic returns a column (N, 1), $y$
# counts as a row (N,), and so $Q - y$ is a table (N, N). The check proves the gradient of the loss that was written, and that loss
# is the wrong one.

# %% [markdown]
# ## Four hunts
#
# Each hunt has one silent bug. Three show you the code; the fourth shows only what an agent does. Use whatever helps: read, compute
# by hand, compare, train. Then name the bug, repair it, and write a test that is False for the bug and True for correct code. In a
# test, choose numbers that make mistakes visible: no zeros, no ones, no equal shapes, no $\tau = 0.5$.

# %%
HUNT = 0  # which bugs were planted in this notebook
kit.hand_out(HUNT)

# %% [markdown]
# `agent, batch = small_agent(agent_class)` helps with tests. It makes an agent with small random networks, whose targets differ
# from them, and a batch of N = 7 transitions, some of them terminated; S = 3 and A = 2.

# %% [markdown] fold="How to check a gradient with your own checker of chapter 03"
# Here it looks at correct code, the package's agent. Put this into a cell of your own.
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
# `Adam` is correct. All else is here, and one thing is wrong.

# %% planted="11.5"

# %%
agent, batch = small_agent(PlantedAgent)
print("terminated", batch.terminated, "\ny", np.ravel(agent.td_target(batch)).round(2))
print(kit.suspects("11.5"))

# %% exercise="11.5"

# %% [markdown]
# In the package, the sign and the 1/N of the actor's gradient meet in one line:
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
# `rehearse(train)` runs a loop in a scripted world, and writes down what it does. Episodes last four steps, and end alternately by
# termination and by a time limit. An observation is [episode, step], and a reward is the number of its transition. An action in
# `happened` is a torque. `run.asked` has each observation given to the agent.

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
# Do the repaired agent, buffer and loop learn? Here they are, beside the three as you got them. With one seed each, the figure shows
# that the repaired parts work together. It proves nothing about the bugs.
#
# For other bugs, set `HUNT = 1` above, and put what `print(kit.planted_source("11.5", 1))` shows in the agent's place; and so on.

# %%
FIRST = "11.5", "11.6", "11.7"
repaired_run = kit.learn_together(*(yours(number)[1] for number in FIRST))
planted_run = kit.learn_together(*(kit.planted_version(number, HUNT) for number in FIRST))
figures.together(repaired_run, planted_run, whose(*FIRST))
plt.show()

# %% [markdown]
# ### Your own agent
#
# Now the bug is in your agent. A wrapper around your class changes the inputs or outputs of one method. There is no source to read,
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
# often it is at a bound, and whether it ever gets there. **$Q$ against $y$** shows where the critic is right: on the line the two agree,
# and far from it the critic was wrong. Look at the range as well: a reward on Pendulum lies between −16.3 and 0 and $\gamma = 0.99$,
# so a true $Q$ lies between $-16.3/(1 - \gamma) = -1630$ and 0.
#
# One of the five agents below is correct code. The others have these bugs:
#
# - `action-scale`: the actor's [−1, 1] is sent as torque, without the factor 2 N m;
# - `broadcast`: $Q - y$ is a table;
# - `mask-flipped`: $y$ bootstraps where the episode has ended, and nowhere else;
# - `truncated-as-terminated`: at the time limit, $y$ is the reward alone.
#
# Torques, $Q$ and $y$ are those of the first seed's last networks, in 1,200 replayed transitions.

# %%
figures.five_agents(runs)
plt.show()

# %% exercise="11.9"

# %% [markdown] fold="What gives each away (after you have tried)"
# - **B** fails, and its $Q$ is almost the same number everywhere: each is pulled to the mean of all targets.
# - **E** fails, and its loss falls to almost nothing. $Q$ lies on $y$, but $y$ is one reward: nothing is below −16.
# - **C** learns, ends below D with every seed, and never sends more than 1 N m.
# - **A and D** end alike on most seeds. In A some points lie far to the right of the line: at a time limit $y$ rose to $r$, which no
#   observation announces. A's critic loss stays ten or more times that of D.
# - **A** is at a bound in 40 % of the states, D in 29 %. That is no bug: swinging up needs full torque. Saturation is a bad sign
#   where the action no longer depends on the state, since a full tanh has no slope to learn by.
#
# From other symptoms to suspects, and how often each guess is right: [When it does not learn](../docs/how-to/when-it-does-not-learn.md).

# %% [markdown]
# ## Break it
#
# Here is a bug that is not among the 42: Adam forgets its two averages at the end of every episode. `examine` plants it, and runs all
# checks of the package. **Predict:** how many object? What happens to the return?

# %%
BUGS["forgetful"] = kit.FORGETFUL
print("objections:", examine("forgetful").objections)
del BUGS["forgetful"]
print("returns, correct code:", escaped["correct"].round())
print("returns, with the bug:", escaped["bug"].round())

# %% [markdown] fold="What happened"
# No check objects, and all five seeds are as good as correct code. Checks are sentences about code, and code can be wrong in a way
# that no sentence mentions. So when you find a bug by hand, write the check that would have found it, see it fail, repair the code,
# and see it pass. That is how the kill matrix got its boxes.

# %% [markdown]
# > **In a framework** the derivatives are the library's. All else can still be wrong: the sign of $-Q$, a missing `detach`, an actor's
# > optimiser that also holds the critic's parameters, masks, γ, memory, noise. `gradcheck` checks the library there, not your loss.

# %% [markdown]
# ## Quiz
#
# 1. Your critic's loss falls steadily to 0.001. What are two explanations, and what would you look at next?
# 2. The gradient check of your critic's loss passes. Which bugs of this chapter may still be in it?
# 3. `mask-missing` gave the same numbers as correct code. In which environments will it not?

# %% [markdown] fold="Answers"
# 1. The critic predicts well, or there is nothing to predict: $y = r$, or a memory with few different rows. Look at the return, and at the
#    range of $Q$: has it the size of discounted returns, or that of one reward?
# 2. Each that changes the loss together with its gradient: `broadcast`; and everything in $y$ (mask, γ, which networks), since $y$ is a
#    constant there.
# 3. Wherever episodes end for good, as when a pole falls: values behind the end leak into $y$. Pendulum never terminates.

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
