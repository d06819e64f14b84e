# %% [markdown]
# # 11 · The bug zoo, and how to debug an agent
#
# **After this chapter** you know what 42 bugs did to a real agent, why neither a return nor a loss shows that code is
# correct, which kind of check catches which mistake, and how to go from a plot to a suspicion.
#
# **You need** chapters 05 to 08: the critic's target, the actor's gradient, replay and target networks. **Elective:**
# chapter 12 does not need this one.
#
# **Time** {minutes} minutes, 15 of them for exercises 11.2 and 11.3, which can be done on another day. **Cost** fifteen
# seconds of computing.
#
# You will meet N, the number of transitions in a batch, and K, the number of seeds. A *seed* is one training run: the same code
# with other random numbers.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg import DDPG, Config, evaluate
from minddpg.course.ch11_bug_zoo import figures
from minddpg.course.kill_matrix import HEADER, examine, row
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style
from minddpg.experiments.statistics import iqm, summarise
from minddpg.nn.gradcheck import check_gradient
from minddpg.training.checkpoint import State
from minddpg.verification.bugs import BUGS, Bug, planted
from minddpg.verification.random_inputs import sample_batch

use_style()

# %%
STUDIES = "../docs/results"  # of a clone; minddpg study NAME makes such results
LIVE = False  # True reads rows there, and runs every check: about 1 minute
trained = precomputed("ch11/bugs", live=LIVE, results=STUDIES)
caught = precomputed("ch11/matrix", live=LIVE)  # the same as: minddpg check --bugs
few = precomputed("ch11/seeds", live=LIVE, results=STUDIES)
logs = precomputed("ch11/mysteries", live=LIVE, results=STUDIES)
names = list(trained["names"])

# %% [markdown]
# ## Predict
#
# Three agents learned Pendulum-v1, with five seeds each. Thin lines are seeds, the thick one is their median. The numbers are the
# returns of each seed's last policy, on a hundred other starts. One of the three agents is correct code. One stores a wrong next
# observation at the end of every episode. One has lost the discount γ.

# %%
figures.three_curves(trained)
plt.show()

# %% [markdown]
# 1. Which one is correct?
# 2. You may ask for one more number from each run. Which?
# 3. You may ask for one test, without any run. Which?

# %% [markdown] fold="Answer to the prediction"
# 1. II is correct code. I has no γ, III stores the wrong observation. If you guessed, you did the only thing that is possible:
#    nothing in these curves tells them apart.
# 2. The critic's loss shows III, and only III. You will see it in the next figure.
# 3. For I: compute the target $y$ for one made-up transition, and compare it with $r + \gamma Q'$ by hand. For III: run the
#    training loop in a toy world where each observation says which step it belongs to, and look into the memory. Both tests
#    take less than a second and leave no doubt. They are what this chapter leads to.

# %% [markdown]
# ## A zoo of bugs
#
# A bug of this zoo is a patch: it replaces one attribute of the real agent, for as long as a `with` block lasts.
#
# > `with patched(bug.patches), noted(bug=name):` · `verification/bugs/__init__.py`
#
# Many of them come from published code; [docs/bug-zoo.md](../docs/bug-zoo.md) says from where. From a terminal you plant one with
# `minddpg train --bug polyak-reversed`, and the run folder records it.

# %%
print(len(BUGS), "bugs. Four of them:")
for name in ("replayed-action", "broadcast", "target-actor-frozen", "one-start"):
    print(f"  {name:20} {BUGS[name].story}")

# %% [markdown]
# ## What each did: a return proves nothing
#
# All 42 were planted and trained, with five seeds each, for 12,000 steps. Three numbers per seed: the return of the last policy, the
# critic's last loss, and the highest $Q(s, a)$ of the run. Four bugs have no name here. They wait for you in exercise 11.4.

# %%
figures.ends_of_all_bugs(trained)
plt.show()

best = iqm(trained["last"])
is_bug = np.array([name in BUGS for name in names])  # first come rows of correct code
as_good = best > best[0] - 8  # within 8 of correct code
print("correct code, each seed:", trained["last"][0].round())
print("bugs within 8 of correct code's return:", as_good[is_bug].sum(), "of", len(BUGS))

# %% [markdown]
# The number per row that was compared there is the *interquartile mean*, IQM: the average of the middle half. You will write it soon.
#
# Look at the first panel from the top. About half of the bugs cannot be told from correct code. Why?
#
# - **Adam divides by a gradient's own size.** A gradient that is N times too large (`actor-summed`) or too small
#   (`actor-averaged-twice`) makes almost the same steps.
# - **A wrong slope that often has the right sign is enough.** `replayed-action` takes $\nabla_a Q$ at another action, and
#   `actor-tanh-forgotten` leaves out a positive factor.
# - **The environment does not ask.** Pendulum never terminates, so `mask-missing` is correct code to the last bit here. Its
#   bounds are symmetric and it has one action, so `first-bound` is correct, too. Both ruin the next environment.
# - **Errors may be small.** One transition in two hundred is wrong with `reset-stored`.
#
# **A return proves nothing.** It says that *something* was learned on *this* task.
#
# > **On scale.** What hides a factor N is Adam. Clip gradients by their norm, use plain gradient descent, or add weight decay, and
# > the hidden factor starts to count. The bug was there all the time. So were its five good seeds.

# %% [markdown]
# ## A small loss proves nothing either
#
# Now the second panel. In supervised learning the loss is the quantity that you want small. Here it is
#
# $$L(\theta^Q) = \frac1N \sum \left(Q(s, a) - y\right)^2 \tag{4}$$
#
# > `return error @ error / len(error), self.critic.backward(2 / len(error) * error, cache)` · `ddpg/agent.py`
#
# and $y$ is made of the agent's own networks. A loss is small if $Q$ and $y$ *agree*. They may agree on nonsense.

# %%
loss = np.median(trained["loss"], axis=1)
for i in (0, np.where(is_bug, loss, np.inf).argmin(), names.index("reset-stored")):
    name = names[i] if i in (0, names.index("reset-stored")) else "(of exercise 11.4)"
    print(f"{name:20} critic loss {loss[i]:8.4f}, return {best[i]:7.1f}")
print(f"highest Q of correct code, each seed: {trained['highest_q'][0]}")

# %% [markdown]
# The smallest loss of all belongs to an agent that learns nothing. One of the largest belongs to an agent that solves the task.
# A loss that *rises* is no bad sign either: an actor that gets better brings the critic into states that it does not know.
#
# The *actor's* loss is $-\frac1N\sum Q(s, \mu(s))$: minus what the critic believes. It falls if the actor improves, if the critic becomes
# more hopeful, or if the batch holds better states. It compares nothing with the world.
#
# What can you read, then? **Bounds.** Pendulum's rewards are never above 0, so no true $Q$ is. A reward is never below
# $-(\pi^2 + 0.1 \cdot 8^2 + 0.001 \cdot 2^2)$, and a sum with discount γ never below $1/(1-\gamma)$ times that. This is the *Q alarm*: compute the
# two bounds for your task and log `q_min` and `q_max`. But the alarm is not a proof. The third panel and the last line above
# show correct code above 0 on four of five seeds: an error of the critic's, which did no harm here.

# %% [markdown]
# ## What does prove something: three kinds of check
#
# A check computes one thing in two ways and compares. Three kinds cover an agent:
#
# | kind | compares | finds |
# | --- | --- | --- |
# | **gradient** | a derivative with a numerical one | sign, factors, missing slopes, a gradient taken at the wrong place |
# | **property and shape** | what must hold whatever the weights are | targets that are no copies, masks, γ, rates, broadcasts |
# | **behaviour** | what the memory, the noise and the loop do in a scripted world | what was stored, scaled, reset or cut off |
#
# No kind replaces another. The bug `broadcast` shows why. With it the critic returns a column $Q$, (N, 1). The target $y$ is (N,), which
# counts as a row. NumPy subtracts them without a word and makes a table, (N, N): every prediction minus every target.

# %%
rng = np.random.default_rng(11)
config = Config(hidden_sizes=(16,), dtype="float64", final_layer_scale=1.0)
agent = DDPG(3, np.array([-2.0]), np.array([2.0]), config, rng)
batch = sample_batch(16, 3, 1, rng)
y = agent.td_target(batch)
q, _ = agent.critic.forward(batch.obs, batch.action)
start = agent.critic.theta.copy()


def loss_at(theta):
    agent.critic.theta[:] = theta
    return agent.critic_loss(batch, y)[0]


_, correct_gradient = agent.critic_loss(batch, y)
with planted("broadcast"):
    _, wrong_gradient = agent.critic_loss(batch, y)
    print(check_gradient(loss_at, start, wrong_gradient))
agent.critic.theta[:] = start
gap = np.linalg.norm(wrong_gradient - correct_gradient) / np.linalg.norm(correct_gradient)
print(f"but it differs from the correct gradient by {100 * gap:.0f} % of its length")

table = q[:, None] - y[None, :]
gradients = 2 / len(q) * (q - y), 2 / len(q) * table.mean(axis=1)
figures.broadcast_arrays(q, y, table, gradients)
plt.show()

# %% [markdown]
# The gradient check *passes*. It proves the gradient of the loss that was written, and that loss is the wrong one. The mean over a
# row of the table is $Q_i$ minus the mean of *all* targets. So each prediction is pulled to the same number, and the critic forgets
# which action was good. Of what a run logs (losses, Q, return), nothing says so before the run
# has failed. A check of the shape says so at once:
#
# > `raise ValueError(f"y has shape {y.shape}, not {q.shape} as Q(s, a)")` · `ddpg/agent.py`
#
# Here is each kind at work. `examine` plants a bug and runs all checks of this course on the package, without any training.

# %%
print(HEADER)  # the first row is correct code
for name in (caught["names"][0], "actor-summed", "broadcast", "wraparound"):
    print(row(examine(name)))

# %% [markdown]
# And here are all of them, in a *kill matrix*: which check catches which bug. The circle says whether the *return* would have shown the bug, beside correct code *at the same settings*: some
# bugs need others than the default, `rates-swapped` the paper's rates, `batch-norm-acting` batch norm. On the right is what objects first:
# (06.2) is the check of an exercise, (5) in front an equation of the paper, and *not so* a property that does not hold. (*Action layer 0*: the
# critic that you know, where the action enters beside the observation.)

# %%
correct = trained["last"][trained["control"]]  # at the settings of each row
as_correct = best > iqm(correct) - 8
hidden = [True, *(as_correct[names.index(n)] for n in caught["names"][1:])]
figures.kill_matrix(caught, np.array(hidden))
plt.show()

objects = caught["counts"][1:] > 0  # row 0 is correct code
for kind, some, alone in zip(
    caught["kinds"], objects.sum(axis=0), objects[objects.sum(axis=1) == 1].sum(axis=0)
):
    print(f"{kind:20} objects to {some:2} bugs, to {alone:2} of them alone")
print("bugs that no check objects to:", (~objects.any(axis=1)).sum())

# %% [markdown]
# Every bug has a box in its row, and no kind has a box in every row. Find the open circles: with returns alone, nobody would have noticed those bugs.
# They are the 21, and two that need batch norm, `batch-norm-acting` and `target-in-training-mode`: their returns are poor, and those of
# correct code with batch norm are poorer.
#
# What makes a check good is that it *fails* on wrong code. A check that nobody has seen fail is a hope. So the checks of this course
# are themselves tested on planted bugs, and now a check of yours will be. Choose numbers that make mistakes visible: no zeros, no ones,
# no 0.5, no equal shapes.

# %% exercise="11.1"

# %% [markdown]
# ## Two seeds prove little
#
# Checks say whether the code is the code that you meant. Whether the algorithm *works*, only runs say. But how many?
#
# `one-start` resets every training episode with the same seed. Three of its five runs look as if nothing were wrong. Take any two
# seeds of the five: how often would you have been fooled?

# %%
fine = trained["last"][0].min() - 10  # not more than 10 below correct code's worst seed
pairs = [(i, j) for i in range(5) for j in range(i)]
for name in ("one-start", "actor-moves-critic", "polyak-reversed"):
    last = trained["last"][names.index(name)]
    fooled = sum(min(last[i], last[j]) > fine for i, j in pairs)
    print(f"{name:20} {last.round()}: {fooled} of {len(pairs)} pairs of seeds look correct")

# %% [markdown]
# A comparison may go wrong as well. The study `action-layer` trained critics whose action enters at the second
# hidden layer (layer 1, counted from 0), ten seeds each, with 64 and with 128 units. The *regret* is the exact policy's return minus the
# agent's: low is good. Draw K seeds of each, compare their means, and see how often the worse one wins.

# %%
rng = np.random.default_rng(0)
counts = [1, 2, 3, 5]
for name, regret in zip(few["names"], few["regret"]):
    print(f"{name:18} regret, sorted: {np.sort(regret).round()}")
wrong = []
for k in counts:
    worse, better = (rng.choice(ten, (20_000, k)).mean(axis=1) for ten in few["regret"])
    wrong.append(np.mean(worse < better))
    print(f"{k} seeds each: the worse looks better in {100 * wrong[-1]:.1f} % of draws")

chosen = ("correct", "one-start", "actor-moves-critic", "polyak-reversed")
ends = [(name, trained["last"][names.index(name)]) for name in chosen]
figures.seeds_say(ends, counts, np.array(wrong))
plt.show()

# %% [markdown]
# The two widths differ by hundreds. The smaller a difference, the more seeds it takes.
#
# The grey bars are what five seeds allow you to say, and no more. You need two tools for them.
#
# **The interquartile mean.** Sort K returns, leave out a quarter at either end, average the rest:
#
# $$\text{IQM} = \frac{1}{K - 2c} \sum_{k=c+1}^{K-c} R_{(k)}, \qquad c = \lfloor K/4 \rfloor$$
#
# where $R_{(1)} \le \dots \le R_{(K)}$ are the sorted returns and $\lfloor\cdot\rfloor$ rounds down.
#
# > `return np.asarray(values[..., cut : values.shape[-1] - cut].mean(axis=-1))` · `experiments/statistics.py`
#
# One failed seed of five does not move it much, and unlike the median it uses more than one number. It also *hides* one failed
# seed of five. So always show the seeds, too.

# %% exercise="11.2"

# %% [markdown]
# **The bootstrap.** (Not chapter 05's: statistics has the same word for something else.) How far could the IQM have been from this one, had chance dealt you other seeds? You cannot ask for other
# seeds without paying for them. But the K seeds that you have are your best picture of what seeds are like. So draw K of *these*, with
# replacement, so that some appear twice and some not at all; compute the statistic; repeat some thousand times. The middle 95 % of what
# you get is the interval.
#
# > `draws = np.random.default_rng(0).integers(len(means), size=(RESAMPLES, len(means)))` · `experiments/statistics.py`
#
# What is resampled is a whole seed. The hundred episodes of one seed share one network, so they are no hundred pieces of
# evidence. With five seeds the interval is rough: `minddpg` calls it "about", and prints none below five.

# %% exercise="11.3"

# %%
for name in chosen:
    print(f"{name:20} {summarise(trained['last'][names.index(name)])}")

# %% [markdown]
# Intervals that overlap do not show that two codes are alike. Intervals that lie apart are evidence that they differ, at this
# setting, on this task.

# %% [markdown]
# ## From a symptom to a suspicion
#
# Sometimes there is only a plot: a colleague's run, a paper's figure, your own run from last night. Then ask these questions in
# this order. Each *yes* names suspects. You convict them with a check, not with the plot.

# %%
figures.symptom_tree()
plt.show()

# %% [markdown]
# "Random" and "correct code" in these questions are numbers. A policy that draws its torque at random is measured like any agent:


# %%
class Random:
    rng = np.random.default_rng(0)

    def predict(self, obs, deterministic=True):
        return self.rng.uniform(-2, 2, 1), None


random = evaluate(Random(), "Pendulum-v1", episodes=100, seed=20_000).mean
lowest = -(np.pi**2 + 0.1 * 8**2 + 0.001 * 2**2)
print(f"random {random:.0f}, correct code {best[0]:.0f}, its critic's loss {loss[0]:.1f}")
floor = lowest / (1 - 0.99)
print(f"worst reward {lowest:.1f}; no true Q is below {floor:.0f} or above 0")

# %% [markdown]
# ## Five agents, one of them correct
#
# Here are the logs of five agents, five seeds each, with everything that a run writes down. The rows share their axes, so you can compare
# across. One agent is correct code. The others have these bugs, one each:
#
# - `action-scale`: the environment gets the actor's [−1, 1] instead of [−2, 2] N m;
# - `actor-sign`: the actor descends $Q$;
# - `mask-flipped`: $y$ bootstraps where the episode has ended, and nowhere else;
# - `truncated-as-terminated`: $y$ does not bootstrap at the time limit.

# %%
figures.mystery_logs(logs)
plt.show()
for letter, last, losses in zip(logs["agents"], logs["last"], logs["critic_loss"]):
    print(f"{letter}: last policies {last.round()}, critic loss {losses[:, -1].round(4)}")

# %% exercise="11.4"

# %% [markdown] fold="What gives each away (after you have tried)"
# - **D** ends far below random. It took care to get there: it went where $Q$ is low, and its actor loss rises while its critic is fine.
# - **B** fails, too, and its critic's loss falls to almost nothing. Its $Q$ stays between 0 and the worst single reward. So $y$ is the reward alone.
# - **A** learns, and all seeds stay short. It swings up with half the torque.
# - **C and E** have the same return. E's critic loss stays many times higher. At a time limit its $y$ drops to $r$, with no reason that the
#   observation shows, and no critic can predict that. On Pendulum the return does not suffer. On a task where the value at the limit matters
#   more, it does.

# %% [markdown]
# ## The ladder, measured
#
# Do the questions work? Here they are as code, for all bugs, without the first question, at which every bug would stop. The thresholds (150 below random, 300 above it, and so on) were
# chosen by looking at these very rows, so this is a summary and not a test.


# %%
def question(i):
    last, settings = trained["last"][i], trained["control"][i]
    if trained["lowest_q"][i].min() < floor or trained["highest_q"][i].max() > 200:
        return "Q is out of bounds"
    if last.max() < random - 150:
        return "worse than random"
    if last.max() < random + 300:
        tiny = loss[i] < loss[settings] / 10
        return "like random, loss ≈ 0" if tiny else "like random, loss not small"
    if np.ptp(last) > 100 and np.median(last) < np.median(trained["last"][settings]) - 1:
        return "seeds differ"
    if np.median(last) < np.median(trained["last"][settings]) - 10:
        return "stays short"
    if loss[i] > 3 * loss[settings]:
        return "learns, high loss"
    return "nothing to see"


ladder = {}
for i, name in enumerate(names):
    if name == "correct" or is_bug[i]:  # the other rows are correct code at other settings
        ladder.setdefault(question(i), []).append(name)
for symptom, found in sorted(ladder.items(), key=lambda each: len(each[1])):
    lines = [", ".join(found[j : j + 3]) for j in range(0, len(found), 3)]
    print(f"{symptom + ':':32}" + ("\n" + " " * 32).join(lines))

# %% [markdown]
# The last group is the largest, and correct code is in it. That is the first conclusion again, from the other side.

# %% [markdown]
# ## Fifteen things learners get wrong
#
# What each did, five seeds; correct code at the same settings; and which kind of check objects: G gradient, P property and shape,
# B behaviour.

# %%
MISTAKES = (
    ("1", "the actor's step has the wrong sign", "actor-sign"),
    ("2", "“the loss is −Q, so where is ∇a Q · ∇θ μ?”", "chapter 06: in Actor.backward"),
    ("3", "∇a Q at the replayed action", "replayed-action"),
    ("4", "the batch's sum instead of its mean", "actor-summed"),
    ("", "1/N twice", "actor-averaged-twice"),
    ("5", "the actor's step also moves the critic", "actor-moves-critic"),
    ("6", "(N,) against (N, 1)", "broadcast"),
    ("7", "the target is the same object", "target-shared"),
    ("8", "Polyak averaging the wrong way round", "polyak-reversed"),
    ("9", "truncated taken for terminated", "truncated-as-terminated"),
    ("10", "the action scale forgotten", "action-scale"),
    ("11", "OU noise (chapter 09) from uniform numbers", "ou-uniform"),
    ("", "OU noise never reset", "noise-never-reset"),
    ("12", "a tanh that is full from the start", "chapter 09: the slope 1 − y²"),
    ("13", "learning rates swapped", "rates-swapped"),
    ("14", "a small loss read as progress", "mask-flipped"),
    ("15", "batch norm (chapter 12) in the wrong mode", "batch-norm-acting"),
    ("", "observations kept by reference", "by-reference"),
    ("", "noise left on while evaluating", "noisy-evaluation"),
    ("", "the same seed at every reset", "one-start"),
)
kinds_of = dict(zip(caught["names"], caught["counts"] > 0))
print(f"{'':46}{'five seeds':>32}  correct  caught by")
for number, words, name in MISTAKES:
    if name not in names:
        print(f"{number:>2}  {words:42}   no run; {name}")
        continue
    i = names.index(name)
    five = " ".join(f"{value:5.0f}" for value in trained["last"][i])
    marks = "".join(letter if yes else "·" for letter, yes in zip("GPB", kinds_of[name]))
    print(f"{number:>2}  {words:42}{five:>32}  {np.median(correct[i]):7.0f}  {marks}")

# %% [markdown]
# Three lines deserve a second look.
#
# - **2** is no bug but a question. The loss $-\frac1N\sum Q(s, \mu(s))$ has one number per batch; its gradient *is* the chain. In `minddpg`
#   the chain stands in two lines, and sign and 1/N meet in the first:
#
# > `grad_action = -dq_da / len(obs)` · `ddpg/agent.py`
#
# - **4** and **9** cost nothing here. That is not a reason to leave them in.
# - **15**: with batch norm, correct code does not learn in so few steps, and the bug is even better. Beside correct code *without* batch
#   norm, the bug would be blamed for what batch norm does. (Chapter 12 comes back to batch norm.)

# %% [markdown]
# ## Break it
#
# First a known bug. Choose a `NAME` from the list of 42, read its story, and **predict**: which kind of check objects?

# %%
NAME = "target-actor-frozen"  # any name of BUGS
print(BUGS[NAME].story, "\n")
found = examine(NAME)
for each in found.objections:
    print(f"{each.kind}: {each.text}")

# %% [markdown]
# Now write a bug that is not in the list. Adam averages gradients over the whole run. This one lets it begin anew with every episode:
# both averages go back to zero.
#
# **Predict:** how many checks object? And what does it do to the return?


# %%
begin_episode = State.begin_episode


def forgetful(self, env):
    begin_episode(self, env)
    for adam in (self.agent.actor_optimizer, self.agent.critic_optimizer):
        adam.first_moment[:] = adam.second_moment[:] = 0


patches = ((State, "begin_episode", forgetful),)
BUGS["my-own"] = Bug("Adam's averages begin anew with every episode.", patches)
print("objections:", examine("my-own").objections)
del BUGS["my-own"]

# %%
LIVE = False  # True trains five agents: about 1 minute
escaped = precomputed("ch11/escaped", live=LIVE)
print("correct code: ", escaped["correct"].round(1))
print("with the bug: ", escaped["bug"].round(1))

# %% [markdown] fold="What happened"
# `target-actor-frozen` breaks one property: each target goes τ of the way to its network. It has no gradient of its own, so no gradient
# check can see it, and a behaviour check looks elsewhere.
#
# The second bug passes *every* check, and all five seeds return what correct code does. Nobody had thought of testing that Adam keeps its
# averages from one episode to the next. Checks are sentences about code, and code can be wrong in a way that no sentence mentions. So
# when you find a bug by hand, write the check that would have found it, see it fail, repair the code, see it pass. That is how the
# kill matrix got its boxes. Another bug stood here before: it drew the warm-up's actions from [0, 1), and passed every check. Today it
# fails one, *the warm-up's actions are uniform in the whole box*.

# %% [markdown]
# ## A routine
#
# 1. **Before any run**: gradients against numbers; properties; a scripted loop. Minutes of work, a second of computing.
# 2. **A problem with a known answer**: one step, one state, a quadratic reward. Then one batch: can the critic fit a *fixed* $y$?
# 3. **One short run**: NaN stops it, `q_min` and `q_max` lie within the bounds, the return beats the random policy's.
#
# > `if not math.isfinite(value):` · `ddpg/agent.py`
#
# 4. **Five seeds, then ten**, with intervals and with every seed in the plot, against correct code *at the same settings*.
# 5. **Change one thing at a time**, and write down what you expect before you look.

# %% [markdown]
# > **In a framework** the derivatives are the library's. Wrong slopes of ReLU or tanh cannot happen to you. All else can: the sign of
# > $-Q$, a missing `detach`, the optimiser that also holds the critic's parameters, a broadcast that warns at best, masks, γ, memory, noise,
# > reset. Most rows of the matrix are in the columns that automatic differentiation does not touch. And `gradcheck` in a framework
# > checks the library, not your loss.

# %% [markdown]
# ## Quiz
#
# 1. Your critic's loss falls steadily to 0.001. What are two explanations, and which number would you look at next?
# 2. Two of two seeds solve the task after your change, one of two did before. What may you claim?
# 3. The gradient check of your critic's loss passes. Which bugs of this chapter may still be in that very function?
# 4. `mask-missing` gave the same numbers as correct code, to the last digit. Why? In which environments will it not?
# 5. Why must a run with swapped learning rates be compared with correct code *at the unswapped rates*, and not with the default?

# %% [markdown] fold="Answers"
# 1. The critic predicts well, or there is nothing to predict: $y = r$, a memory with few different rows, a policy that stands still. Look at the
#    return, and at `q_min` and `q_max`: do they have the size of discounted returns, or that of one reward?
# 2. Almost nothing. You have seen how often pairs of seeds mislead. Run at least five, show all, and give an interval.
# 3. Each that changes the loss together with its gradient: `broadcast`; and everything in $y$ (mask, γ, which networks, time limits), since $y$ is
#    a constant there.
# 4. The two codes differ where `terminated` is true, and Pendulum never terminates. Wherever episodes end for good (a pole that falls,
#    a robot that topples), values behind the end leak into $y$.
# 5. Two things differ from the default, the rates and the swap. Only correct code at the paper's rates differs in the swap alone. A control
#    that differs in more than one thing answers no question.

# %% [markdown]
# ## Remember
#
# - A return proves nothing. Half of the bugs are as good as correct code, here.
# - A small loss proves nothing. The critic may agree with a wrong target.
# - A gradient check proves the gradient of the loss that was written. Properties and behaviour need checks of their own.
# - Two seeds prove little. Show every seed, and an interval from five on.
# - A check that has never failed is a hope. See it fail first.
#
# The real code: [`verification/bugs/__init__.py`](../minddpg/verification/bugs/__init__.py), [`course/kill_matrix.py`](../minddpg/course/kill_matrix.py) and
# [`experiments/statistics.py`](../minddpg/experiments/statistics.py). All numbers: [docs/results.md](../docs/results.md). Next:
# [12 · The paper to the letter, and what came after](12_paper_and_after.ipynb).
