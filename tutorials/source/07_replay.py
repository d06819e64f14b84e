# %% [markdown]
# # 07 · The replay buffer
#
# **After this chapter** you have written the memory that DDPG learns from, you can say what drawing from it
# changes and what it does not change, and you know what happens to an agent that has none.
#
# **You need** chapter 05: a critic that learns from a minibatch of transitions, and its target $y$.
#
# **Time** {minutes} minutes. **Cost** ten seconds of computing.
#
# You will meet N, the number of transitions in a minibatch, and S and A, the numbers of entries of an observation and
# of an action.

# %%
import gymnasium as gym
import matplotlib.pyplot as plt
import numpy as np

import minddpg
from minddpg.course.ch07_replay import figures
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style

use_style()
rng = np.random.default_rng(7)

# %% [markdown]
# ## Predict
#
# An agent makes one step in the world, stores it in a memory of 2,000 rows, draws a minibatch of 64 rows from it, and
# makes one update. Then it does that again, thousands of times. Write down, before you read on:
#
# 1. A transition comes into the full memory, and is written over 2,000 steps later. How often has it been drawn by then,
#    on average? How often would it be in a memory twice as large?
# 2. Take cos θ of a swinging pendulum, 20 times a second. How alike are two successive values, on a scale where 1 is
#    "copies" and 0 is "nothing in common"? And two successive rows of a drawn minibatch?
# 3. After long training, how much of what is in a large memory was done by the policy that the agent has now?

# %% [markdown]
# ## A ring of rows
#
# All that DDPG ever learns from is *transitions*: in $s$ the agent took $a$, got the reward $r$, and found itself in
# $s'$. A fifth entry says whether the task ended there for good (*terminated*). A time limit that cut the episode short
# (*truncated*) is not stored at all: it is no property of $s'$, and it never stops the bootstrap.
#
# The replay buffer $R$ is a memory of finite size for transitions. In `minddpg` it is one array. A transition is a row:
#
# $$[\; s \;|\; a \;|\; r \;|\; s' \;|\; \text{terminated} \;]$$
#
# > `self.rows = np.zeros((capacity, obs_dim + action_dim + 1 + obs_dim + 1), dtype)` · `ddpg/replay.py`
#
# Row by row it fills. When it is full, the newest transition takes the place of the oldest: first in, first out. That
# needs no moving of rows. Transition number $k$, counted from 0, goes to row
#
# $$i = k \bmod \text{capacity}$$
#
# > `field[self.added % self.capacity] = value` · `ddpg/replay.py`
#
# A `field` is one of the five parts, of all rows: a view into them.
#
# Look at it. The cell below plays Pendulum with random torques, and stops at three moments.


# %%
def play(buffer, steps, env, obs):
    """Take random actions, store what happens, return the last observation."""
    for _ in range(steps):
        action = rng.uniform(-1, 1, 1)
        next_obs, reward, terminated, truncated, _ = env.step(2 * action)  # 2 N m at most
        buffer.add(obs, action, reward, next_obs, terminated)
        obs = env.reset()[0] if terminated or truncated else next_obs
    return obs


env = gym.make("Pendulum-v1")
obs, _ = env.reset(seed=7)
small, moments = minddpg.ReplayBuffer(240, obs_dim=3, action_dim=1), []
for steps in (80, 160, 80):
    obs = play(small, steps, env, obs)
    moments.append((small.added, small.rows.copy()))

figures.memory_as_it_fills(moments)
plt.show()

# %% [markdown]
# Three things to see. Down a column colours change slowly, except in $a$: the torques were random. The column "end" is
# white throughout: Pendulum never terminates. At row 200 there is a break, where an episode met its time limit and a new
# one began. Yet the last row before the break is whole: as `play` has it, its $s'$ is where the action led, and not where
# the next episode began.
#
# In the picture on the right the newest rows lie above the oldest ones. The order of rows is not the order of time, and
# nothing that reads the memory may rely on it.
#
# Now write it. What you store has to stay as it was, whatever others do with their arrays afterwards.

# %% exercise="07.1"

# %% [markdown]
# ## The draw
#
# A minibatch is N rows. Each is drawn uniformly from the $n$ rows that are held, by itself, and may come twice:
#
# $$i_1, \dots, i_N \sim U\{0, \dots, n - 1\}, \qquad n = \min(\text{added}, \text{capacity})$$
#
# > `rows = self.rows.take(rng.integers(len(self), size=batch_size), axis=0)` · `ddpg/replay.py`
#
# The random numbers come from a generator that is passed in. That is what makes a run repeatable, to the last bit.

# %% exercise="07.2"

# %% [markdown]
# So each transition is used more than once. How often? Count it: below, 10,000 transitions pass through a memory of 2,000
# rows, and after each one 64 rows are drawn. No agent is needed for that.

# %%
capacity, batch_size, transitions = 2_000, 64, 10_000
times, expected = np.zeros(transitions, int), np.zeros(transitions)
for added in range(1, transitions + 1):
    held = min(added, capacity)
    ages = rng.integers(held, size=batch_size)  # 0 is the newest
    np.add.at(times, added - 1 - ages, 1)  # += 1 that counts a row twice if it came twice
    expected[added - held : added] += batch_size / held

figures.how_often_drawn(times, expected, capacity, batch_size)
plt.show()

settled = times[capacity:-capacity]
print(f"came into a full memory and left it: drawn {settled.mean():.1f} times on average")
print(f"  (at least {settled.min()}, at most {settled.max()} times)")
print(f"the very first transition: {times[0]} times")

# %% [markdown]
# In a full memory each draw meets a given row with probability 1/capacity. There are N draws per step, and the row stays
# for "capacity" steps: N times in all. The size of the memory cancels. What it decides is how *old* a row is when it is
# drawn, not how often it is. On the right, how far chance strays from N: a *Poisson* distribution counts rare hits among
# many tries.
#
# The first transitions are an exception. The memory was small when they came, so the first minibatches consist of them.
# That is one reason for a *warm-up*, a number of steps with random actions before the first update.
#
# This is the first thing replay gives: every step in the world, which may be slow or dear, is used N times. And it
# gives minibatches at all: processors multiply one (64, 4) array of $s$ and $a$ by a matrix much faster than 64 rows one
# after the other.

# %% [markdown]
# ## Neighbours are alike
#
# The second thing is what the paper wants it for. The critic's loss (equation 4) is an expectation,
# $L = \mathbb{E}\left[(Q(s, a) - y)^2\right]$, over the states and actions in which the learner finds itself. A
# minibatch's mean is an estimate of it. Optimisers such as Adam are made for estimates whose examples are *independent and
# identically distributed*, i.i.d. for short: each says something new, and all come from the same distribution. Steps of a
# trajectory are neither. Where you are now is nearly where you were a step ago, and where you go changes as you learn.
#
# How alike are values of a series $x_1 \dots x_T$ that are $k$ steps apart? With $m$ their mean, the *autocorrelation* at
# lag $k$ is
#
# $$c_k = \frac{\sum_{t=1}^{T-k} (x_t - m)(x_{t+k} - m)}{\sum_{t=1}^{T} (x_t - m)^2}$$
#
# It is 1 at lag 0. It is near 0 where $x_t$ says nothing about $x_{t+k}$.

# %% exercise="07.3"

# %% [markdown]
# Now measure a real memory: 4,000 steps of random torques, read once in the order of time, and once in the order in which
# minibatches bring them.

# %%
memory = minddpg.ReplayBuffer(4_000, obs_dim=3, action_dim=1)
play(memory, 4_000, env, env.reset(seed=8)[0])
in_order = memory.fields[0][:, 0]  # cos θ
drawn = np.concatenate([memory.sample(64, rng).obs[:, 0] for _ in range(62)])

figures.alike(in_order, drawn, np.arange(0, 61))
plt.show()
for lag in (1, 5):
    both = [figures.correlations(x, [lag])[0] for x in (in_order, drawn)]
    print(f"lag {lag}: order of time {both[0]:+.3f}, order of the draw {both[1]:+.3f}")

# %% [markdown]
# ## What that does to a gradient
#
# Correlation by itself harms nobody. What matters is the gradient. Below a critic learns for a while from this memory.
# Then it is held still, and three kinds of gradients of its loss are computed: of all 4,000 rows at once, of 64
# neighbours, and of 64 drawn rows. Each gradient is one vector here, so two of them have an angle.

# %%
low, high = np.array([-2.0]), np.array([2.0])
agent = minddpg.DDPG(3, low, high, minddpg.Config(), np.random.default_rng(0))
everything = np.arange(4_000)


def gradient(rows):
    """Return dL/dθ^Q of a minibatch of these rows."""
    obs, action, reward, next_obs, terminated = (field[rows] for field in memory.fields)
    batch = minddpg.Batch(obs, action, reward, next_obs, terminated != 0)
    return agent.critic_loss(batch, agent.td_target(batch))[1].copy()


def cosine(grads, full):
    return grads @ full / np.linalg.norm(grads, axis=1) / np.linalg.norm(full)


print("updates   cosine: neighbours  drawn   variance: neighbours / drawn")
for updates in range(1, 401):
    agent.update(memory.sample(64, rng))
    if updates in (100, 200, 400):
        full = gradient(everything)
        starts = rng.integers(4_000 - 64, size=(400, 1))
        neighbours = np.array([gradient(rows) for rows in starts + np.arange(64)])
        drawn = np.array([gradient(rng.integers(4_000, size=64)) for _ in range(400)])
        angles = cosine(neighbours, full), cosine(drawn, full)
        middle = [np.median(each) for each in angles]
        ratio = neighbours.var(axis=0).sum() / drawn.var(axis=0).sum()
        print(
            f"{updates:7} {middle[0]:19.2f} {middle[1]:6.2f}"
            f"   {ratio:.1f}, so 64 are worth {64 / ratio:.0f} drawn"
        )

obs = memory.fields[0]
figures.what_a_minibatch_sees(
    states=np.stack((np.arctan2(obs[:, 1], obs[:, 0]), obs[:, 2]), axis=1),
    newest=everything[-64:],
    drawn=rng.integers(4_000, size=64),
    cosines=angles,
)
plt.show()

# %% [markdown]
# Left: the newest 64 rows are a few swings along the same arc. (It is one arc: at $\theta = \pm\pi$ the pendulum hangs, and
# both ends of the picture meet.) They say a lot about that arc, and nothing about all other states. Middle: drawn rows say
# a little about everything. Right, after 400 updates: a cosine of 1 means the very direction of the whole memory's gradient,
# 0 means at right angles to it. Drawn rows come closer to 1, at times by little.
#
# The last column of the table puts it into one number, how far gradients vary from minibatch to minibatch. For
# independent rows this variance falls as 1/N. So 64 neighbours with 4.3 times the variance are worth 64 / 4.3, about 15
# drawn rows. (Other seeds give 3 to 7 times.)
#
# There is a second harm, which no single gradient shows. An agent that learns only from now forgets. While the pendulum
# stands upright, every minibatch says "upright", and the network is free to change its mind about hanging.

# %% [markdown]
# ## What replay does not do
#
# "Replay makes the samples i.i.d." is what you will often read. It does not. It *decorrelates the rows of a minibatch*:
#
# - Given what the memory holds, the N rows of a minibatch are independent of each other, and equally distributed. So far,
#   so good.
# - But what it holds is a few episodes. Our 4,000 rows are 20 episodes, each from one start, and not 4,000 independent
#   looks at the world.
# - The next minibatch comes from the same rows. Two minibatches are not independent of each other.
# - The distribution drifts. What is in the memory was done by older versions of the agent, and the agent changes.
#
# The last point deserves a picture. It is precomputed: the default agent on Pendulum, 8,000 steps, five seeds. At the end
# everything that it ever did is still in the memory, 40 episodes. For each stored state the *trained* actor $\mu$ was asked
# what it would do now.

# %%
LIVE = False  # True does it here: about 1 minute

# %%
ages = precomputed("ch07/ages", live=LIVE)
figures.old_policies(ages["distance"], ages["r"])
plt.show()

print("distance between stored actions and μ(s), median of five seeds:")
for name, episodes in (("first ten", slice(10)), ("last ten", slice(-10, None))):
    print(f"  {name} episodes {np.median(ages['distance'][:, episodes]):.2f}")
noise = np.abs(rng.normal(0, 0.3, 100_000)).mean()
print(f"  the exploration noise alone, σ = 0.3: {noise:.2f}")

# %% [markdown]
# The newest episodes are those of $\mu$ plus noise. The older a row is, the less its action is what $\mu$ would do. The
# policy that chose the actions in the memory is called the *behaviour policy* $\beta$, and here $\beta$ is a mixture of all
# policies that the agent ever had, each with its noise. Learning about $\mu$ from what $\beta$ did is *off-policy* learning.
#
# Why may DDPG do that? Look at equation (3) again:
#
# $$Q^\mu(s, a) = \mathbb{E}\left[\, r + \gamma\, Q^\mu(s', \mu(s')) \,\right]$$
#
# The action $a$ is given. Whoever chose it, and for whatever reason: $r$ and $s'$ are what the world answers to $(s, a)$. The
# one action that has to be $\mu$'s is the next one, and that is not read from the memory. It is asked of the actor, or rather
# its slow copy, at the time of the update:
#
# > `next_action, _ = self.target_actor.forward(batch.next_obs)` · `ddpg/agent.py`
#
# So the probabilities with which $\beta$ acted never enter, and nothing has to be reweighted. A method that learned from the
# stored *return* of an old episode would be wrong: that return belongs to the old policy.
#
# One thing about $\beta$ does remain. A network cannot be right everywhere, so it is right where there are many rows. Which
# states those are is up to $\beta$. The paper writes $\rho^\beta$ for their distribution, and the critic that you end with
# depends on it.

# %% [markdown]
# ## Learning without it
#
# How much memory does an agent need? The first panel below is precomputed: the default agent on Pendulum, 8,000 steps, the
# same five seeds, and four sizes of memory. With 64 rows a minibatch is drawn from the last 64 steps: the least memory that
# allows a minibatch, and what studies call "no replay". Each step is still drawn 64 times. What is missing is all that is
# older. The other two panels show the study `figure2` (`minddpg study figure2`), at 20,000 steps and with the action at the
# critic's second layer (the default's is the first): ten seeds on Pendulum, five on a pole that has to be balanced, with a
# reward of 1 for each of at most 1,000 steps that it stays up.

# %%
LIVE = False  # True does it here: about 3 minutes

# %%
sizes, studies = precomputed("ch07/capacity", live=LIVE), precomputed("ch07/studies")
ends = {
    title: {k: studies[f"{task}_{k}_last"] for k in ("with", "without")}
    for title, task in (("Pendulum, 20,000 steps", "pendulum"), ("the pole", "pole"))
}
figures.how_much_memory(sizes["steps"], sizes["capacities"], sizes["returns"], ends)
plt.show()

for capacity, last in zip(sizes["capacities"], sizes["last"]):
    print(f"{capacity:7,} rows: returns of the last policies {np.sort(last).round()}")

# %% [markdown]
# With 64 rows no seed learns, and with 500, two and a half episodes, none does reliably. From 2,000 rows on there is little
# left to gain here: all five curves get up, and the larger memory differs by less than the seeds do. The middle panel says
# the same of other settings, under which five of ten seeds do not learn *with* replay either.
#
# The right panel says something else. On the pole all five seeds learn without replay, and two of five with it. A guess, not
# tested here: a beginner drops the pole within a few steps, so that 64 rows hold several whole episodes, and old ones teach
# little. Replay is a trade between rows that are fresh and rows that are different. On
# Pendulum the second is worth far more, on the pole it was not, and two tasks prove no rule.

# %% [markdown] fold="Answers to the predictions"
# 1. 64 times: once for each row of the minibatch, whatever the memory's size. In one twice as large it would be drawn half
#    as often per step, and stay twice as long.
# 2. In the order of time almost 1, in a minibatch almost 0: see what was printed below "order of the draw".
# 3. Nearly nothing. Only the newest episodes are those of the present actor and its noise. In the run above the whole first
#    quarter of the memory was done by policies that hardly ever swung the pendulum up.

# %% [markdown]
# ## Break it
#
# Some simulators write each observation over the last one and return the same array again and again: it saves memory, and
# is allowed. Below is such a Pendulum, and beside the package's memory one that keeps what it is given, as a list.
#
# **Predict:** what will a minibatch look like
#
# 1. from the memory that keeps references;
# 2. from the package's memory, which copies, fed by the same `play` from above?


# %%
class OneArray(gym.ObservationWrapper):
    """Pendulum, except that all its observations are the same array."""

    shared = np.zeros(3, np.float32)

    def observation(self, obs):
        self.shared[:] = obs
        return self.shared


class Careful(gym.ObservationWrapper):
    """Copies what it is given, before anybody can write over it."""

    def observation(self, obs):
        return obs.copy()


class References(list):
    """A memory that keeps what it is given."""

    def add(self, *transition):
        self.append(transition)

    def sample(self, batch_size, rng):
        chosen = [self[i] for i in rng.integers(len(self), size=batch_size)]
        return minddpg.Batch(*(np.array(column) for column in zip(*chosen)))


batches = {}
world = OneArray(gym.make("Pendulum-v1"))
for name, memory, env in (
    ("references", References(), world),
    ("copies, too late", minddpg.ReplayBuffer(500, 3, 1), world),
    ("copies, in time", minddpg.ReplayBuffer(500, 3, 1), Careful(world)),
):
    play(memory, 500, env, env.reset(seed=9)[0])
    batches[name] = memory.sample(64, rng)

figures.three_batches(batches)
plt.show()

for name, batch in batches.items():
    same = 100 * np.mean(batch.obs == batch.next_obs)
    different = len(np.unique(batch.obs, axis=0))
    print(f"{name:17} {different:2} different s; s = s' in {same:.0f} %")
print("returns over five seeds, from the study `zoo`:")
for name, key in (("correct code", "with"), ("references", "reference")):
    print(f"  {name:12}", np.sort(studies[f"zoo_{key}_last"]).round())

# %% [markdown] fold="What happened"
# With references all 64 rows have the same $s$ and the same $s'$: the array that the simulator wrote to last. Only action
# and reward differ, and they no longer belong to any state. No seed of the study learns.
#
# The copying memory alone does not save you. By the time that `add` is called, the step has already been made, and `obs` and
# `next_obs` are one array. So every row says that the action led from $s'$ to $s'$. That is the harder bug to see: the rows
# differ (60 of 64: some were drawn twice) and look like a pendulum's. It takes one more copy, where the observation comes in,
# *before* the next step:
#
# > `return np.array(obs)` · `training/env_values.py`
#
# No gradient check finds this. Every derivative is right, of a loss about transitions that never happened. What finds it is
# a check of *behaviour*: put known transitions in, change the arrays afterwards, look at what comes out. That is what
# `check_replay_buffer` did with yours.

# %% [markdown]
# > **In a framework** the memory is NumPy as well, and a batch becomes a tensor after the draw. `torch.from_numpy` and
# > `torch.as_tensor` share memory with the array that they are given; `torch.tensor` copies. If you put tensors into the
# > memory that come from a network, `detach()` them: otherwise each keeps alive the graph that it was computed by.

# %%
for name, numbers, size in (
    ("Pendulum in float32", 3 + 1 + 1 + 3 + 1, 4),
    ("four 84 × 84 images in bytes", 2 * 4 * 84 * 84, 1),
):
    print(f"a million rows of {name}: {1e6 * numbers * size / 1e9:.2f} GB")

# %% [markdown]
# > **On scale.** A million rows, the paper's number, is nothing for Pendulum and too much for a laptop if observations are
# > images. Each is stored twice, as $s'$ of one row and as $s$ of the next. Memories for images store it once, and as bytes.
# > The row also fixes the dtype, and float32 keeps seven digits of a number.

# %% [markdown]
# ## Quiz
#
# 1. A run has 12,000 steps and a memory of 100,000 rows. What would change if the memory forgot its *newest* row instead of
#    its oldest when full?
# 2. Someone draws with `rng.integers(self.capacity, size=N)`. What do the rows say that were never written? Why may the agent
#    learn all the same?
# 3. To save time, someone stores $y$ in the row as it is computed for the first time. What is wrong with it?
# 4. You double N and leave the memory as it is. How often is a transition drawn now, and how old is it on average when it is?
# 5. Which of these may be learned from the memory without any correction: $Q^\mu$ for the present $\mu$; the mean return of the
#    present $\mu$; how $s'$ follows from $(s, a)$?

# %%
print("unwritten rows are drawn, too:", np.sort(studies["zoo_unwritten_last"]).round())

# %% [markdown] fold="Answers"
# 1. Nothing: it is never full. In a longer run it would never learn from anything after row 100,000.
# 2. $s = 0$, $a = 0$, $r = 0$, $s' = 0$, not terminated. They teach $Q(0, 0) = \gamma\, Q'(0, \mu'(0))$, about a state in which
#    $\cos\theta$ and $\sin\theta$ are both 0, and which does not exist. A network can be wrong there and right elsewhere. What
#    it costs is examples: of a memory of 100,000 rows with 12,000 written, seven of eight rows drawn are empty. The returns
#    above, of the study `zoo`, are a little lower than the correct code's, and you would not notice.
# 3. $y = r + \gamma\, Q'(s', \mu'(s'))$ is made of networks that go on learning. A stored $y$ is what they said long ago.
#    Store what the world said, $r$ and $s'$, and compute $y$ anew at each draw.
# 4. Twice as often. Its age does not change: it depends on the memory's size alone, and is half of it on average.
# 5. The first and the third. In both, $a$ is given, and whoever chose it does not matter. The mean return of the stored
#    episodes is that of old policies with noise.

# %% [markdown]
# ## Remember
#
# - A ring of rows, first in, first out; row $k$ modulo capacity; draw uniformly from what is held.
# - Once the memory is full, each transition is drawn N times on average, whatever the memory's size.
# - Drawing decorrelates the rows of a minibatch. It does not make learning's data i.i.d.
# - The rows are those of old policies, $\beta$. Equation (3) allows that, since $a$ is given and the next action is asked anew.
# - Copy twice: where the observation comes in, and where it is stored.
#
# The real code: [`ddpg/replay.py`](../minddpg/ddpg/replay.py), fed by [`training/loop.py`](../minddpg/training/loop.py). Next:
# [08 · Target networks](08_targets.ipynb).
