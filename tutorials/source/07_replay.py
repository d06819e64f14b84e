# %% [markdown]
# # 07 · The replay buffer
#
# **After this chapter** you have written the buffer that DDPG learns from, you have trained an agent from it, and you
# can say in numbers what random draws from it change and what they do not change.
#
# **You need** chapter 05, a critic that learns from a minibatch and its target $y$, and chapter 06, the actor $\mu$.
#
# **Time** {minutes} minutes. **Cost** half a minute of computing.
#
# N is the number of transitions in a minibatch. S and A are the numbers of entries of an observation and of an action.

# %%
import gymnasium as gym
import matplotlib.pyplot as plt
import numpy as np

import minddpg
from minddpg.course.ch07_replay import experiments, figures
from minddpg.course.own_code import whose, yours
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style

use_style()
rng = np.random.default_rng(7)

# %% [markdown]
# ## Predict
#
# An agent takes one step in its environment, stores the transition in a buffer of 2,000 rows, draws a minibatch of 64
# rows, and makes one update. It repeats this thousands of times. Write down your answers before you read on:
#
# 1. A transition enters the full buffer and is overwritten 2,000 steps later. How often has it been drawn by then, on
#    average? How often from a buffer twice as large?
# 2. Instead of drawing, the agent takes the 64 newest transitions. They give a noisier gradient. How many drawn
#    transitions would give an equally noisy one?
# 3. After long training, how much of the data in a large buffer comes from the agent's present policy?

# %% [markdown]
# ## Rows that are overwritten
#
# DDPG learns from *transitions*. In state $s$ the agent took action $a$, received the reward $r$, and arrived in $s'$. A
# fifth entry says whether the task *terminated* there. An episode that a time limit cut short was *truncated*. The buffer
# does not store this, because [truncation never stops the bootstrap](../docs/mathematics.md#terminated-is-not-truncated).
#
# A *replay buffer* ([Lin, 1992](https://doi.org/10.1007/BF00992699)) keeps the last transitions, up to its capacity. It
# works first in, first out: when it is full, the newest transition replaces the oldest. No row is ever moved.
#
# The cell below plays Pendulum with random torques. The figure shows a buffer of 240 rows after 80, 240 and 320
# transitions. `run` can also train an agent, which you will do later.


# %%
def run(buffer, steps, env, agent=None):
    """Act, store, and update the agent, if any; return all transitions in order of time."""
    history, (obs, _) = [], env.reset(seed=7)
    for step in range(steps):
        is_random = agent is None or step < 1_000
        action = rng.uniform(-1, 1, 1) if is_random else agent.act(obs, explore=True)
        next_obs, reward, terminated, truncated, _ = env.step(2 * action)  # 2 N m at most
        buffer.add(obs, action, reward, next_obs, terminated)
        history.append((obs, action, reward, next_obs, terminated))
        if not is_random:
            agent.update(draw(buffer))  # `draw` is defined below
        obs = env.reset()[0] if terminated or truncated else next_obs
    return minddpg.Batch(*map(np.array, zip(*history)))


env = gym.make("Pendulum-v1")
history = run(minddpg.ReplayBuffer(240, obs_dim=3, action_dim=1), 400, env)
figures.buffer_as_it_fills(history, capacity=240, moments=(80, 240, 320))
plt.show()

# %% [markdown]
# Each row of the picture is one transition. Down a column, colours change slowly, except in $a$, because the torques were
# random. The column "end" is white throughout, because Pendulum never terminates. At row 200 one episode reached its time
# limit and the next one began. The row before that break is still a complete transition: its $s'$ is where the action
# led, and not the start of the next episode.
#
# On the right, the newest 80 rows are above the oldest. The order of the rows is no longer the order of time, so code that
# reads the buffer must not rely on it.
#
# A minibatch consists of N rows. Each is drawn uniformly and independently from the $n$ rows that are held, so the same
# row may come twice. (In a large buffer this is rare, and drawing without replacement is as good.)
#
# $$i_1, \dots, i_N \sim U\{0, \dots, n - 1\}$$
#
# Draw with the generator that is passed in: the same seed then gives the same run.

# %% exercise="07.1"

# %% [markdown]
# From here on, this chapter uses your buffer. Until yours passes its check, it uses the package's.

# %%
ReplayBuffer = yours("07.1")


def draw(buffer, n=64):
    """Draw a minibatch from a buffer, in the form that the agent expects."""
    obs, action, reward, next_obs, terminated = map(np.asarray, buffer.sample(n, rng))
    return minddpg.Batch(obs, action, reward, next_obs, terminated != 0)


# %% [markdown]
# The package keeps the five parts side by side in one array, so that one `take` draws all of them:
#
# > `rows = self.rows.take(chosen, axis=0)` · `ddpg/replay.py`
#
# ## How often a transition is used
#
# Count the draws. Below, 3,000 transitions pass through your buffer of 500 rows, and 64 rows are drawn after each. The
# reward of a transition is its number, so that you can recognise it. This needs no agent.

# %%
buffer, times = ReplayBuffer(500, obs_dim=1, action_dim=1), np.zeros(3_000, int)
for number in range(3_000):
    buffer.add(np.zeros(1), np.zeros(1), number, np.zeros(1), False)
    if number >= 64:
        np.add.at(times, draw(buffer).reward.astype(int), 1)  # a row may come twice

figures.how_often_drawn(times, capacity=500, batch_size=64, code=whose("07.1"))
plt.show()
print(f"entered and left a full buffer: {times[500:-500].mean():.1f} draws each")

# %% [markdown]
# In a full buffer of C rows, each draw picks a given row with probability 1/C. There are N draws per step, and the row
# stays for C steps. Its expected number of draws is therefore N, whatever the capacity. Capacity decides how *old* a
# transition is when it is drawn, not how often it is drawn.
#
# The first transitions, the peak on the left, are an exception. The buffer held few rows when they came, so the first
# minibatches consist of them. This is one reason for a *warm-up*, a number of random steps before the first update.
#
# The number of updates per environment step is called the *replay ratio*, or update-to-data ratio. With the ratio $u$, a
# transition is drawn $u$N times. DDPG has $u = 1$. [DQN](https://doi.org/10.1038/nature14236) updates once in four steps,
# $u = 1/4$. [REDQ](https://arxiv.org/abs/2101.05982) needs few environment steps because it can afford $u = 20$: its ten
# critics limit the errors of that many updates. So the first benefit of replay is that it uses each step more than once.

# %% [markdown]
# ## Neighbours are similar
#
# The paper uses replay for a second benefit. The critic's loss is an expectation, $L = \mathbb{E}[(Q(s, a) - y)^2]$, and
# the mean over a minibatch estimates it. The usual analysis of such estimates assumes examples that are *independent and
# identically distributed*, i.i.d. for short. Successive steps of a trajectory are not: the pendulum is now nearly where it
# was one step ago.
#
# How similar are values of a series $x_1, \dots, x_T$ that are $k$ steps apart? With $m$ for the mean of the series, its
# *autocorrelation* at lag $k$ is
#
# $$c_k = \frac{\sum_{t=1}^{T-k} (x_t - m)(x_{t+k} - m)}{\sum_{t=1}^{T} (x_t - m)^2}$$
#
# It is 1 at lag 0, and near 0 if $x_t$ says nothing about $x_{t+k}$.

# %% exercise="07.3"

# %% [markdown]
# Now measure it for 4,000 steps of random torques, in order of time and as drawn.

# %%
autocorrelation = yours("07.3")
buffer = ReplayBuffer(4_000, obs_dim=3, action_dim=1)
history = run(buffer, 4_000, env)
orders = history.obs[:, 0], np.concatenate([draw(buffer).obs[:, 0] for _ in range(62)])

correlations = [[autocorrelation(np.float64(x), lag) for lag in range(61)] for x in orders]
figures.alike(*orders, correlations, code=whose("07.1", "07.3"))
plt.show()
at_lag_1 = [f"{c[1]:+.3f}" for c in correlations]
print("at lag 1: {} in order of time, {} as drawn".format(*at_lag_1))

# %% [markdown]
# In order of time, the correlation rises again at lag 24, after one swing. It is still 0.3 at lag 60, because the mean of
# $\cos\theta$ differs from episode to episode. The correlations of the drawn values stay in the grey band.
#
# ## What correlation costs
#
# A gradient is a mean over the minibatch, so we need the variance of the mean of $n$ successive values. Let $\sigma^2$ be
# the variance of one value, and let the correlation depend on the distance only. The square of a sum is the sum of all
# products of two terms, so
#
# $$\operatorname{Var}\left(\frac{1}{n} \sum_{t=1}^{n} x_t\right)
#   = \frac{1}{n^2} \sum_{t=1}^{n} \sum_{u=1}^{n} \operatorname{Cov}(x_t, x_u)
#   \approx \sigma^2 \cdot \frac{1}{n^2} \sum_{t=1}^{n} \sum_{u=1}^{n} c_{|t-u|}$$
#
# The right side is $\sigma^2$ times the average of the correlations of all $n \cdot n$ pairs $(t, u)$. If the values are
# independent, only the $n$ pairs $(t, t)$ count, and the average is $n / n^2 = 1/n$. If all values are equal, every
# correlation is 1, and $n$ values are worth a single one.

# %% exercise="07.4"

# %% [markdown]
# Does this number describe a critic? Below, a critic learns from your buffer for 200 updates and is then held fixed. The
# TD errors $y - Q(s, a)$ of the stored transitions form a series in order of time. Your two functions predict from its
# autocorrelation what $n$ neighbours are worth. The dots measure it: (variance of one error) / (variance of the mean of
# $n$). The square measures the same for the critic's gradient. If 64 drawn rows give the variance `far`, then $m$ of them
# give 64 `far` / $m$. This equals `near`, the variance with 64 neighbours, at $m$ = 64 `far` / `near`.

# %%
effective_size = yours("07.4")
low, high = np.array([-2.0]), np.array([2.0])
agent = minddpg.DDPG(3, low, high, minddpg.Config(), np.random.default_rng(0))
for _ in range(200):
    agent.update(draw(buffer))
q, _ = agent.critic.forward(history.obs, history.action)
errors = np.float64(agent.td_target(history) - q)

sizes, starts = [1, 2, 4, 8, 16, 32, 64], rng.integers(4_000 - 64, size=1_000)
correlations = np.array([autocorrelation(errors, lag) for lag in range(64)])
predicted = [effective_size(correlations[:n]) for n in sizes]
spread = [np.var([errors[s : s + n].mean() for s in starts]) for n in sizes]

drawn = [draw(buffer) for _ in range(300)]
in_time = experiments.neighbours(history, starts[:300], 64)
near, far = (experiments.gradient_variance(agent, batches) for batches in (in_time, drawn))
worth = predicted, errors.var() / spread, 64 * far / near
figures.neighbours(history, drawn[0].obs, sizes, *worth, whose("07.1", "07.3", "07.4"))
plt.show()
print(f"64 TD errors are worth {worth[0][-1]:.1f} draws, measured {worth[1][-1]:.1f}")
print(f"gradient of 64: {near / far:.1f} times the variance, so worth {worth[2]:.0f} draws")

# %% [markdown]
# Left and middle: the newest 64 transitions are a few swings along one arc, while the drawn ones are spread over the whole
# buffer. (At $\theta = \pm\pi$ the pendulum hangs, and the two edges of a panel meet.) Right, with two
# logarithmic axes: prediction and dots agree. The square is not on their curve, because a gradient is a TD error times a
# derivative, and the product is correlated in its own way. Here 64 neighbours give a gradient as noisy as that of only 16
# drawn rows. Ten other seeds gave 11 to 23, and 2 to 6 after only 50 updates.
#
# Neighbours do harm in a second way. An agent that learns only from its latest steps forgets: while the pendulum stands
# upright, every minibatch says "upright", and nothing keeps the values for the hanging pendulum correct.

# %% [markdown]
# ## What replay does not do
#
# You will often read that replay makes the samples i.i.d. It does not. It *decorrelates the rows of a minibatch*:
#
# - Given the contents of the buffer, the N rows of a minibatch are independent and identically distributed.
# - The contents are a few episodes. Our 4,000 rows are 20 episodes with 20 starts, not 4,000 independent samples.
# - The next minibatch comes from the same rows, so two minibatches are not independent of each other.
# - The distribution drifts. Older versions of the agent filled the buffer, and the agent keeps changing.
#
# The figure shows this drift. It is precomputed: the default agent on Pendulum, 8,000 steps, five seeds. At the end the
# buffer still holds all 40 episodes. In each stored state, the stored action is compared with that of the *trained* actor
# $\mu$.

# %%
LIVE = False  # True computes it here: about 1 minute

# %%
ages = precomputed("ch07/ages", live=LIVE)
figures.old_policies(ages["distance"], ages["r"])
plt.show()

# %% [markdown]
# Left: the actions of the first dozen episodes differ by 1 or more from those of $\mu$, those in the middle by ½, and the
# newest by ¼, which is about the size of the noise. Right: from episode 12 on, the returns are those of the trained agent,
# although older policies earned them. The policy that chose the stored actions is the *behaviour policy* $\beta$. Here
# $\beta$ is a mixture of all policies that the agent ever had. Learning about $\mu$ from the actions of $\beta$ is
# *off-policy* learning.
#
# Why may DDPG do that? Look at the paper's equation (3):
#
# $$Q^\mu(s, a) = \mathbb{E}\left[\, r + \gamma\, Q^\mu(s', \mu(s')) \,\right]$$
#
# The action $a$ is given. No matter which policy chose it, the environment answers $(s, a)$ with the same distribution of
# $r$ and $s'$. Only the next action must be $\mu$'s. It is not read from the buffer: at each update it is computed by the
# target actor, a slow copy of the actor (chapter 08).
#
# > `next_action, _ = self.target_actor.forward(batch.next_obs)` · `ddpg/agent.py`
#
# So the probabilities of $\beta$ never enter, and no row needs a weight. This fails if one entry stores the sum of $n$
# successive rewards (*n-step* returns) or the return of an episode: those rewards depend on later actions of $\beta$.
#
# One influence of $\beta$ remains. A network cannot be accurate everywhere; it becomes accurate where there are many rows.
# The paper writes $\rho^\beta$ for the distribution of the stored states, and the critic depends on it. What this does to
# the actor [is measured](../docs/policy-gradient.md#does-gap-1-move-the-goal) on a problem with a known answer.

# %% [markdown]
# ## How large should it be?
#
# The left panel is precomputed: five seeds, four capacities. On the right, your own buffer trains an agent now, once with
# 64 rows and once with 10,000. With 64 rows, the minibatch is drawn from the last 64 steps. The project's studies call this
# "no replay".

# %%
LIVE = False  # True computes the left panel here: about 3 minutes

# %%
own = {}
for rows in (64, 10_000):
    agent = minddpg.DDPG(3, low, high, minddpg.Config(), np.random.default_rng(0))
    own[f"{rows:,} rows"] = run(ReplayBuffer(rows, 3, 1), 4_000, env, agent).reward

capacity = precomputed("ch07/capacity", live=LIVE)
figures.how_large(capacity, own, code=whose("07.1"))
plt.show()
for rows, last in zip(capacity["capacities"], capacity["last"]):
    print(f"{rows:7,} rows: returns of the last policies {np.sort(last).round()}")

# %% [markdown]
# With 64 rows no seed learns. With 500 rows, two and a half episodes, none learns reliably. With 2,000 rows all five learn,
# and 100,000 rows gain so little that the two medians, the thick lines, coincide. The one seed on the right agrees.
#
# One task is not a rule: a pole
# [was balanced without replay, too](../docs/results.md#what-do-target-networks-batch-normalisation-and-replay-each-contribute).
# Capacity is a compromise between fresh rows and varied rows. The literature agrees that it must be tuned.
# [Zhang and Sutton (2017)](https://arxiv.org/abs/1712.01275) tried 100 to a million rows on small tasks. The usual
# million slowed learning there, and it helped to put the newest transition into every minibatch.
# [Fedus et al. (2020)](https://arxiv.org/abs/2007.06700) went from one to ten million rows on Atari games: Rainbow
# gained, but DQN only with n-step returns. [Prioritised replay](https://arxiv.org/abs/1511.05952) draws rows
# with a large TD error more often, and corrects the bias by weights; with it, DQN did better in 41 of 49 Atari games.

# %% [markdown] fold="Answers to the predictions"
# 1. 64 times, once for each row of the minibatch, whatever the capacity. In a buffer twice as large it would be drawn half
#    as often per step and stay twice as long.
# 2. About 16 in the run that is printed here, and 11 to 23 with ten other seeds.
# 3. Almost none: only the newest episodes. Three quarters of the episodes have the return of the present policy, but their
#    actions differ from its actions.

# %% [markdown]
# ## Break it
#
# Some environments write each observation over the last one and return the same array again and again. This saves memory
# and is allowed. Below, `OneArray` makes a Pendulum of this kind. `References` is a faulty buffer: a list that keeps the
# arrays themselves. `at_once` is the same Pendulum, with each observation copied as soon as it arrives.
#
# **Predict:** what will a minibatch look like
#
# 1. from the list of references;
# 2. from your buffer, which copies, filled by the same `run` from above?


# %%
batches, reused = {}, experiments.OneArray(gym.make("Pendulum-v1"))
at_once = gym.wrappers.TransformObservation(reused, np.copy, None)  # before the next step
for name, buffer, world in (
    ("references", experiments.References(), reused),
    ("copied by the buffer", ReplayBuffer(500, 3, 1), reused),
    ("copied in time as well", ReplayBuffer(500, 3, 1), at_once),
):
    run(buffer, 500, world)
    batches[name] = batch = draw(buffer)
    same = 100 * np.mean(batch.obs == batch.next_obs)
    different = len(np.unique(batch.obs, axis=0))
    print(f"{name:23} {different:2} different s; s = s' in {same:.0f} %")

figures.three_batches(batches, code=whose("07.1"))
plt.show()
studies = precomputed("ch07/studies")
print("returns, five seeds: correct code", np.sort(studies["zoo_with_last"]).round())
print("                     references  ", np.sort(studies["zoo_reference_last"]).round())

# %% [markdown] fold="What happened"
# With references, all 64 rows have the same $s$ and the same $s'$: the one array that the environment writes to. Only the
# actions and rewards differ, and the states in which they occurred are lost. No seed of the study learns.
#
# A buffer that copies is not enough. When `run` calls `add`, the environment has already made the step, so `obs` and
# `next_obs` are the same array. So every row says that the action led from $s'$ to $s'$. This bug is harder to see, because
# the rows differ and look like a pendulum's. You need one more copy, where the observation arrives, *before* the next step:
#
# > `return np.array(obs)` · `training/env_values.py`
#
# No gradient check finds either bug. Every derivative is correct, but the loss is about transitions that never happened.
# A check of *behaviour* finds them: put known transitions in, change the arrays afterwards, and look at what comes out.
# `check_replay_buffer` does that with your buffer, with float32 arrays as well as float64 ones.
# `np.asarray(obs, np.float32)` copies a float64 array, because it has to convert it, and keeps a reference to a float32
# array, which Pendulum returns.

# %% [markdown]
# > **In a framework** the buffer is usually NumPy as well, and a minibatch becomes a tensor after the draw.
# > `torch.from_numpy` and `torch.as_tensor` share memory with the array that they are given; `torch.tensor` copies.
# > Tensors that come from a network need `detach()` before they are stored: otherwise each keeps the graph that computed
# > it in memory.
#
# > **On scale.** A million rows, the paper's capacity, take 36 MB for Pendulum in float32. With stacks of four 84 × 84
# > images they take 56 GB, even as bytes. Buffers for images store each frame once, because $s'$ of one row is $s$ of the
# > next.

# %% [markdown]
# ## Quiz
#
# 1. Someone draws with `rng.integers(self.capacity, size=N)`. What do the rows that were never written say? Why may the
#    agent learn anyway?
# 2. To save time, someone stores $y$ in the row when it is first computed. What is wrong with that?
# 3. You double N and keep the capacity. How often is a transition drawn now, and how old is it on average when it is drawn?
# 4. Which of these may be learned from the buffer without any correction: $Q^\mu$ of the present $\mu$; the mean return of
#    the present $\mu$; how $s'$ follows from $(s, a)$?

# %% [markdown] fold="Answers"
# 1. They say $s = 0$, $a = 0$, $r = 0$, $s' = 0$, not terminated. They teach $Q(0, 0) = \gamma\, Q'(0, \mu'(0))$, about a
#    state with $\cos\theta = \sin\theta = 0$, which does not exist. A network can be wrong there and right elsewhere. The
#    cost is fewer real examples: with 12,000 of 100,000 rows written, seven of eight drawn rows are empty. In the study
#    `zoo` the five seeds returned −206, −167, −165, −156 and −155, a little worse than the correct code. You would not
#    notice.
# 2. $y = r + \gamma\, Q'(s', \mu'(s'))$ comes from networks that keep learning, so a stored $y$ is an old prediction. Store
#    $r$ and $s'$, which stay true, and compute $y$ anew at each draw.
# 3. Twice as often. Its age when drawn does not change: in a full buffer it is half the capacity on average.
# 4. The first and the third. In both, $a$ is given, and it does not matter which policy chose it. The mean return of the
#    stored episodes is that of old policies with noise.

# %% [markdown]
# ## Remember
#
# - The buffer is first in, first out: the newest row replaces the oldest, and each row is drawn uniformly from those held.
# - At the replay ratio 1, each transition is drawn N times on average, whatever the capacity.
# - Neighbours are correlated: 64 of them give a gradient as noisy as that of far fewer draws. Drawing decorrelates a
#   minibatch; it does not make the data i.i.d.
# - The actions were chosen by old policies, $\beta$. Equation (3) allows that: $a$ is given, and the next action is
#   computed anew.
# - Copy twice: where the observation comes in, and where it is stored.
#
# The real code: [`ddpg/replay.py`](../minddpg/ddpg/replay.py), fed by [`training/loop.py`](../minddpg/training/loop.py).
# Next: [08 · Target networks](08_targets.ipynb).
