# %% [markdown]
# # 10 · Your DDPG
#
# **After this chapter** your own agent, of your own derivatives, swings the pendulum up. You have proved that it is
# DDPG, update for update, and you have seen where its critic is right and where it is not.
#
# **You need** chapters 04 to 08. Have your solutions at hand: this chapter is where they come together.
#
# **Time** {minutes} minutes. **Cost** half a minute of computing.
#
# You will meet N, the number of transitions in a minibatch, S and A, the numbers of entries of an observation and of an
# action, and the four networks of DDPG: the actor $\mu(s|\theta^\mu)$, the critic $Q(s, a|\theta^Q)$, and a slowly
# following copy of each, the targets $\mu'$ and $Q'$. Where we look at the learned critic from outside, we write
# $Q_\theta$ for it.

# %%
import gymnasium as gym
import matplotlib.pyplot as plt
import numpy as np

import minddpg
from minddpg.course.ch10_your_ddpg import figures
from minddpg.course.ch10_your_ddpg.package_agent import PackageDDPG
from minddpg.course.ch10_your_ddpg.precompute import new_network
from minddpg.course.checks import check_my_ddpg, check_train, solution
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style
from minddpg.ddpg.actions import ActionBox
from minddpg.verification.bugs import planted
from minddpg.verification.exact_pendulum import follow
from minddpg.verification.random_inputs import sample_batch

OnePageDDPG, one_page_train = solution("10.1"), solution("10.2")  # until you have your own

use_style()

# %% [markdown]
# ## Predict
#
# You will train on Pendulum-v1 for 8,000 steps, which is 40 episodes. The first 1,000 steps are random actions without
# an update. Write down, before you read on:
#
# 1. After how many of the 40 episodes does the policy swing up from all of ten starts? Their mean return is above −150 then:
#    one start that never gets up costs the mean some 100.
# 2. The actor moves the way that $\nabla_a Q_\theta(s, \mu(s))$ points, the slope of the *learned* critic. The slope of the true
#    $Q^\mu$ can be computed for Pendulum. In what share of the replayed states do the two have the same sign, at the
#    moment when the swing-up first works? And at the end? Tossing a coin gives 50 %.
# 3. No true value on Pendulum is above 0, since no reward is. How many of ten learned critics end above 0 somewhere, on
#    1,000 replayed pairs?

# %% [markdown]
# ## Algorithm 1, line by line
#
# This is all of it, in our words and the paper's symbols. $R$ is the replay buffer, $\gamma$ the discount, $\tau$ the part
# by which the targets follow. Below each step is the line of `minddpg` that does it. Steps 1 to 3 play, steps 4 to 8
# learn.
#
# **Before the first step.** Draw $\theta^Q$ and $\theta^\mu$. Set $\theta^{Q\prime} \leftarrow \theta^Q$,
# $\theta^{\mu\prime} \leftarrow \theta^\mu$, as copies. Make an empty $R$.
#
# > `self.target_actor = copy.deepcopy(self.actor)` · `ddpg/agent.py`
#
# **At the start of each episode.** Receive a first observation $s_1$, and start the noise process $\mathcal N$ anew.
#
# > `agent.noise.reset()` · `training/loop.py`
#
# **1.** Select $a_t = \mu(s_t|\theta^\mu) + \mathcal N_t$ (equation 7), kept within its bounds.
#
# > `noisy: Array = np.minimum(np.maximum(action + noise, -1), 1).astype(action.dtype)` · `ddpg/agent.py`
#
# **2.** Execute $a_t$, and observe the reward $r_t$ and the next observation $s_{t+1}$.
#
# > `next_obs, reward, terminated, truncated = env.step(agent.action_box.to_env(action))` · `training/loop.py`
#
# **3.** Store the transition in $R$.
#
# > `replay.add(state.obs, action, reward, next_obs, terminated)` · `training/loop.py`
#
# **4.** Sample a minibatch of N transitions $(s_i, a_i, r_i, s_i')$ from $R$.
#
# > `log.add_update(agent.update(replay.sample(config.batch_size, state.replay_rng)))` · `training/loop.py`
#
# **5.** Set $y_i = r_i + \gamma\,Q'(s_i', \mu'(s_i'))$, without the second term where the MDP ended (equation 5).
#
# > `return batch.reward + self.config.discount * np.where(batch.terminated, 0, next_q)` · `ddpg/agent.py`
#
# **6.** Take a step of Adam down the critic's loss $L = \frac1N \sum_i (Q(s_i, a_i) - y_i)^2$ (equation 4).
#
# > `return error @ error / len(error), self.critic.backward(2 / len(error) * error, cache)` · `ddpg/agent.py`
#
# **7.** Take a step of Adam for the actor along $\frac1N \sum_i \nabla_a Q(s_i, a)|_{a=\mu(s_i)} \nabla_{\theta^\mu} \mu(s_i)$
# (equation 6, which approximates $\nabla J$ with the four gaps of chapter 06). The code descends, so it carries a minus.
#
# > `grad_action = -dq_da / len(obs)` · `ddpg/agent.py`
#
# **8.** Let both targets follow: $\theta' \leftarrow \tau \theta + (1 - \tau)\,\theta'$.
#
# > `polyak_update(self.theta, online.theta, tau)` · `ddpg/networks.py`
#
# Three things that algorithm 1 does not say, and everyone has to decide. It stores no sign of an ending: we store
# *terminated*, which stops the bootstrap, and never *truncated*, which does not. It does not say when updates begin: here
# after a warm-up of random actions. It does not say what becomes of an action that the noise pushes out of bounds: we
# clip it, and store the clipped one, because that is the action that was taken.

# %% [markdown]
# ## One update, every array
#
# A framework shows you a loss. Between the minibatch and the actor's step there are a dozen arrays, and a wrong agent is
# wrong in one of them. Here they are, of the package's agent after 1,000 updates, for 16 transitions of a new episode.

# %%
config = minddpg.Config(total_steps=2_000, dtype="float64")
agent = minddpg.train(config, progress=False).agent
env = gym.make("Pendulum-v1")
replay = minddpg.ReplayBuffer(200, 3, 1, dtype="float64")
obs, _ = env.reset(seed=1)
for _ in range(200):
    action = agent.act(obs, explore=True)
    next_obs, reward, terminated, truncated, _ = env.step(agent.action_box.to_env(action))
    replay.add(obs, action, reward, next_obs, terminated)
    obs = next_obs
batch = replay.sample(16, np.random.default_rng(2))

next_action, _ = agent.target_actor.forward(batch.next_obs)  # (N, A)
next_q, _ = agent.target_critic.forward(batch.next_obs, next_action)  # (N,)
y = agent.td_target(batch)  # (N,)
q, _ = agent.critic.forward(batch.obs, batch.action)  # (N,)
mu, _ = agent.actor.forward(batch.obs)  # (N, A)
_, cache = agent.critic.forward(batch.obs, mu)
dq_da = agent.critic.action_gradient(cache)  # (N, A)

groups = {  # without batch.terminated, which is False throughout
    "minibatch": list(zip(("$s$", "$a$", "$r$", "$s'$"), batch)),
    "target (5)": [("$\\mu'(s')$", next_action), ("$Q'$", next_q), ("$y$", y)],
    "critic (4)": [("$Q$", q), ("$Q - y$", q - y), ("$∂L/∂Q$", 2 / 16 * (q - y))],
    "actor (6)": [("$\\mu(s)$", mu), ("$∇_a Q$", dq_da), ("$∂(-J)/∂a$", -dq_da / 16)],
}
figures.one_update(groups)
plt.show()

# %% [markdown]
# Red is positive, blue negative, and each strip has a scale of its own, whose end stands below it. Read it from left to
# right. $r$, $Q'$ and $y$ are blue throughout: on Pendulum every value is a cost. $Q - y$ is small beside $Q$ and has both
# signs, as an error should. The last two strips are mirror images: the same numbers up to the factor $-1/N$. Where
# $\nabla_a Q$ is red, more torque would be better, says the critic, and where it is blue, less. Compare $a$ with
# $\mu(s)$: nothing in the last group comes from $a$, the action that was replayed. The actor is asked for its own.
#
# One update is this row of arrays, two steps of Adam and two small moves of the targets. You will now write it.

# %% [markdown]
# ## Your agent
#
# You have every part of it already. Copy them in and fit them, or write them again shorter, now that you know where they
# lead.
#
# | from | your function | what becomes of it |
# | --- | --- | --- |
# | 04.1–04.4 | `linear_*` to `network_*` | both networks, now with three layers; the critic's last has no tanh |
# | 05.1 | `td_target` | step 5, without *truncated*; give it `next_q` as (N,), or you get (N, N) |
# | 05.3 | `critic_loss_column` | step 6: q (N, 1), y (N,) |
# | 05.5 | `adam_step` | steps 6 and 7; averages for each array, a step count for each network |
# | 06.1, 06.2 | `action_gradient`, `actor_loss` | step 7; the critic's hidden layers are ReLU now |
# | 08.1, 08.2 | `polyak_update`, `make_targets` | step 8, and the beginning |
#
# Do not write it all before you check. The check has a row for each part. Get them right in this order: `act`, the critic
# after one update, the actor, both targets, then all four after 2, 20 and 100. Until then the diagnosis may be "unknown";
# the rows tell you how far you are. Some rows repeat an update with gradients as small as Adam's ε, where a factor that
# Adam hides shows.

# %% exercise="10.1"

# %% [markdown]
# ## Why equality, and not a return
#
# The check compared your parameters with those of `minddpg.DDPG` after 1, 2, 20 and 100 updates. Why so strict? Below, your
# agent and three agents with a bug do the same 1,000 updates as the correct code, from the same start. The bugs are: the
# actor's gradient summed instead of averaged, $\nabla_a Q$ taken at the replayed action, and biases whose gradient is
# averaged. Beside it, what full training runs with these bugs returned: five seeds each, on other starts than yours will
# be, read from [the study `zoo`](../docs/results.md).

# %%
STUDIES = "../docs/results"  # of a clone; minddpg study NAME makes such results
LIVE = False  # True reads the study's rows: less than 1 second
look_alikes = precomputed("ch10/look_alikes", live=LIVE, results=STUDIES)

# %%
rng = np.random.default_rng(0)
networks = new_network((3, 6, 5, 2), rng), new_network((5, 6, 5, 1), rng)  # small ones
batches = [sample_batch(8, 3, 2, rng) for _ in range(50)]
SETTINGS = 0.99, 0.02, 1e-3, 2e-3  # γ, τ, the actor's learning rate, the critic's


def thetas(agent_class):
    """Return all parameters of actor and critic after each of 1,000 updates."""
    start = [[x.copy() for x in network] for network in networks]
    agent, path = agent_class(*start, *SETTINGS), []
    for i in range(1_000):
        agent.update(batches[i % len(batches)])
        path.append(np.concatenate([*agent.actor, *agent.critic], axis=None))
    return np.array(path)


right = thetas(PackageDDPG)
if check_my_ddpg(MyDDPG):
    paths = {"your agent": thetas(MyDDPG)}
else:
    print("Not passed yet: 10.1. Until then, the package's agent on one page stands in.")
    paths = {"agent on one page": thetas(OnePageDDPG)}
for bug in ("actor-summed", "replayed-action", "bias-averaged"):
    with planted(bug):
        paths[bug] = thetas(PackageDDPG)
distances = {name: np.abs(path - right).max(axis=1) for name, path in paths.items()}

for name, distance in distances.items():
    one, thousand = distance[[0, -1]]
    print(f"{name:18} off by {one:.0e} after 1 update, {thousand:.0e} after 1,000")
returns = dict(zip(look_alikes["names"], look_alikes["returns"]))
figures.equality_and_returns(distances, returns, tolerance=1e-10)
plt.show()

# %% [markdown]
# The correct code differs from the package by rounding alone: the two add the same numbers in another order. The bugs are far
# above the tolerance after one single update, and end far from the agent that they should be. But look at the right panel. Their
# returns overlap with those of correct code. Had you looked at learning curves only, you would have kept all three.
#
# That is no licence for bugs. On another task the same three may cost you everything, and you would not know why. A
# return proves nothing about code. A comparison, number by number, with something that is known to be right does.
# Chapter 11 does the same for 42 bugs.

# %% [markdown]
# ## Your loop
#
# `MyDDPG` knows nothing of exploration or of newton metres. The loop asks its agent for both, so put your agent into a
# wrapper. It holds equation (7), the noise that is added to the action, and `ActionBox.to_env`, the one place where
# an action in [−1, 1] becomes a torque.
#
# > `action = 0.5 * ((1 - action) * self.low + (1 + action) * self.high)` · `ddpg/actions.py`
#
# The noise here is Gaussian, a new draw in each step. If you have solved 09.1, put your own `OUNoise` in its place. Your
# `ReplayBuffer` of 07.1 fits as well, once its `sample` returns `minddpg.Batch(...)` of the five arrays.


# %%
class Exploring:
    """An agent with all that the loop asks for: noise, random actions, units."""

    def __init__(self, agent, action_box, noise, rng):
        self.agent, self.action_box, self.noise, self.rng = agent, action_box, noise, rng
        self.update = agent.update

    def random_action(self):
        return self.rng.uniform(-1, 1, self.action_box.dim)

    def act(self, obs, explore=False):
        action = self.agent.act(np.atleast_2d(obs))  # (1, S) or (N, S)
        action = action.reshape(*obs.shape[:-1], -1)  # (A,) for (S,), (N, A) for (N, S)
        return np.clip(action + self.noise.sample(), -1, 1) if explore else action

    def predict(self, obs, deterministic=True):
        """Return the action in the environment's units: minddpg.evaluate asks for it."""
        return self.action_box.to_env(self.act(obs)), None


# %% exercise="10.2"

# %% [markdown]
# ## Train it
#
# From here on the code is yours. The next cell takes your class and your loop if both checks pass; until then it takes
# the package's, so that the notebook runs through.

# %%
checks = check_my_ddpg(MyDDPG), check_train(train)
if all(checks):
    who, agent_class, train_it = "your agent", MyDDPG, train
else:
    missing = " and ".join(each.number for each in checks if not each)
    print(f"Not passed yet: {missing}. Until then, the package's code stands in.")
    who, agent_class, train_it = "the package's agent", OnePageDDPG, one_page_train

# %% [markdown]
# Both networks have two hidden layers of 64 units, drawn as in 04.5, with ±0.003 in the last layer. Training goes in pieces
# of 1,000 steps, five episodes each. After every piece the policy is tried without noise on ten starts that training does
# not use, and the best policy is kept. Why keep the best? While learning goes on, a policy that was good may turn bad for
# a while, as you will see.

# %%
rng = np.random.default_rng(0)
networks = new_network((3, 64, 64, 1), rng), new_network((4, 64, 64, 1), rng)
box = ActionBox(low=np.array([-2.0]), high=np.array([2.0]))  # N m
noise = minddpg.GaussianNoise(1, 0.3, rng)
mine = agent_class(*networks, *SETTINGS)
agent = Exploring(mine, box, noise, rng)
replay = minddpg.ReplayBuffer(100_000, 3, 1, dtype="float64")

episodes, returns, kept = [], [], None
for piece in range(8):
    warmup_steps = 1_000 if piece == 0 else 0
    episodes += train_it(env, agent, replay, 1_000, warmup_steps, 64, rng)
    returns.append(minddpg.evaluate(agent, "Pendulum-v1", episodes=10).mean)
    if returns[-1] == max(returns):
        copies = [[x.copy() for x in network] for network in (mine.actor, mine.critic)]
        kept = Exploring(agent_class(*copies, *SETTINGS), box, noise, rng)
    print(f"step {1_000 * (piece + 1):5,}: {returns[-1]:7.1f}")

# %%
exact = precomputed("ch10/exact")  # the exact policy, on the same ten starts
exact_return = exact["returns"].mean()
steps = 1_000 * np.arange(1, 9)
figures.your_curve(steps, returns, episodes, exact_return, who)
plt.show()
print(f"the exact policy: {exact_return:.1f}; {who}, best kept: {max(returns):.1f}")

# %% [markdown]
# The dashed line is what the exact policy earns from these ten starts. It was found by dynamic programming on a grid of
# angles and speeds, as in chapter 01, and up to that grid nothing is better. The mean stays below 0, since swinging up takes
# time and every step of it costs. Only an episode that starts near the top costs next to nothing: the grey points at 0.
# Those below the line after step 4,000 are no failures of learning. They are episodes with noise, and some starts need
# more swings than others.
#
# If both checks passed and your curve does not rise, look at what is between your functions: the settings, the buffer, the
# wrapper. If it rises and yours differs a little from another run of the same code on another computer, that is rounding,
# which thousands of updates amplify.
#
# What is left is to submit the policy. The training is done; `kept` holds the best agent.

# %% exercise="10.3"

# %% [markdown]
# The check tries it on ten starts that neither training nor the choice of the best has seen. They are a little harder: the
# exact policy earns −130 there.
#
# How does it swing? Below are its paths in the plane of angle and speed, beside those of the exact policy: from hanging
# still, from the side, and from a fall. The angle is not wrapped, so upright is every even multiple of π.

# %%
angle, speed = exact["angle"][0], exact["speed"][0]
rewards, angles, speeds = zip(*follow(kept, angle, speed, steps=200))
yours = np.array([angle, *angles]), np.array([speed, *speeds])
figures.swings(yours, (exact["angle"], exact["speed"]), who)
plt.show()
for i, (own, best) in enumerate(zip(sum(rewards), exact["path_returns"]), 1):
    print(f"start {i}: {who} {own:.1f}, exact policy {best:.1f}")

# %% [markdown]
# From hanging still, no torque within ±2 N m lifts the pendulum. It has to swing away first, and nobody told your agent so:
# the reward punishes every step of it. What makes the swing back worth its price is reward that comes seconds later, and
# it came down to the first action one bootstrap at a time.
#
# Hanging still is also where the most is left to gain. Training hardly ever starts there, the way up is the longest, and
# what is lost at each step adds up. From the other two starts agent and exact policy take almost the same way. Should the
# agent win by a hair: the exact policy is exact up to its grid, and it was made for the discounted return, not for this sum
# of 200 rewards.

# %% [markdown]
# ## Ten seeds
#
# One run is an anecdote. Here is the same code on the seeds 0 to 9. The results were precomputed by
# `python -m minddpg.course.precomputed ch10/curves`.

# %%
LIVE = False  # True does it here: about 3 minutes
curves = precomputed("ch10/curves", live=LIVE)

# %%
runs = {"agent on one page": (curves["returns"], curves["highest_q"])}
figures.seeds(curves["steps"], runs, exact_return, "Ten seeds of the same code")
plt.show()
last, highest = curves["returns"][:, -1], curves["highest_q"][:, -1]
print(f"last returns: {last.min():.1f} to {last.max():.1f}; exact {exact_return:.1f}")
print(f"above -150 at step 3,000: {(curves['returns'][:, 2] > -150).sum()} of 10")
dips = (curves["returns"][:, 3:] < -200).any(axis=1).sum()
print(f"below -200 at step 4,000 or later: {dips} of 10")
for level in (0, 1):
    print(f"highest Q above {level} at the end: {(highest > level).sum()} of 10")
i = highest.argmax()
print(f"the largest is {highest[i]:.1f}, of seed {i}, whose policy earns {last[i]:.1f}")

# %% [markdown]
# Every seed ends close to the exact policy, and two of them had fallen again on the way. Both recovered, but had you
# stopped at that step, you would have blamed your code. The package's default lets both learning rates fall to zero over
# the second half of a run, which removes such dips: [docs/results.md](../docs/results.md) has twenty seeds of it.
#
# Now the right panel. No true value is above 0, and most critics end above it by a little, one by a lot. The policy of that
# one is about as good as the others. An actor follows the *slope* of $Q_\theta$ in $a$, and the slope does not know the level. A
# wrong level is an alarm all the same (08.4): in another run it may be the beginning of worse.

# %% [markdown]
# ## The video: imaginary hills
#
# What does the actor see? Never a reward. All it is told, for each state of the minibatch, is which way the critic's hill
# goes up. The critic estimates $Q^\mu$, the value of the policy *as it is now*. For Pendulum the true $Q^\mu$ can be
# computed for the actor of any moment, frozen, without a network. So the hills can be compared.
#
# ![Three maps of Q over angle and action with the actor as a line, and two curves below, episode by episode](images/imaginary_hills.gif)
#
# How to read it:
#
# - Each map has the angle from left to right, at speed 0, and the action from bottom to top. The black line is the actor
#   $\mu$, the same in all three.
# - The colour is Q minus its mean over the actions at the same angle. What a state is worth cancels, and what is left is
#   which action is better there: red. Subtracting a function of the state alone does not change $\nabla_a Q$.
# - The arrows are the slopes at the actor's own action, longer where it is steeper: in $Q^*$, the value of the best policy,
#   in the exact $Q^\mu$, and in the learned $Q_\theta$. The actor feels only those of the third map.
# - A **magenta** arrow points against the true slope of $Q^\mu$. The actor climbs there, and the hill is imaginary. An arrow
#   that leaves the map says "further", where tanh ends.
# - The narrow dark stripes in the exact maps are cliffs. There, one action gets the pendulum up on this swing, and another
#   needs one swing more.
# - The lower curves: in what share of 500 replayed states $Q_\theta$ and $Q^\mu$ have slopes of one sign, and the return.
#   A state is *steep* where the true slope is above 1 in size: a full unit of action is worth more than 1.
#
# It is one more run of the same code. Its seed is 0 again, but it was trained in pieces of one episode, not of five, and so
# its random draws are others. The maps were precomputed by
# `python -m minddpg.course.precomputed ch10/hills`, and the video was made from them by
# `python -m minddpg.course.ch10_your_ddpg.figures tutorials/images/imaginary_hills.gif`. Here are three of its moments.

# %%
LIVE = False  # True does it here: about 3 minutes
hills = precomputed("ch10/hills", live=LIVE)

# %%
figures.moments(hills, [1, 4, 35])
plt.show()
first = np.argmax(hills["return"] > -150)
for name, i in (("first swing-up", first), ("end", -1)):
    print(f"{name}, after episode {hills['episode'][i]}: return {hills['return'][i]:.0f}")
    print(f"  slopes agree in {hills['agree'][i]:.0%} of 500 replayed states")
    print(f"  {hills['steep'][i]:.0%} are steep; of these, {hills['agree_steep'][i]:.0%}")
later, steep = (hills[name][first:].mean() for name in ("agree", "agree_steep"))
print(f"mean from the first swing-up on: {later:.0%} of all, {steep:.0%} of the steep")

# %% [markdown]
# **After episode 6** the critic has made 200 updates. Its map is nearly flat, and about half of its arrows are magenta. The
# actor follows them all the same. **After episode 9** the critic has an opinion. On the left of 0 most of it is true of this
# actor. On the right, beyond 2 rad, the actor stands at −1, on top of a hill that is not there. Note the left column: $Q^*$
# points elsewhere at many angles. The critic is not meant to know that. It judges *this* policy, and each small improvement makes
# another $Q^\mu$ to be learned. **After episode 40** the exact map of this actor looks like that of $Q^*$, so the
# policy is nearly the best. The learned map has the right red and blue in the large, but its cliffs are as wide as a
# network makes them, and a few arrows are still magenta.
#
# Now the numbers. Over all replayed states the learned slope has the right sign only somewhat more often than a coin. Over
# the *steep* ones it is right most of the time. That is how an agent this good can have a critic this wrong. Where the
# ground is flat, no action is much better than another, and a wrong sign costs next to nothing. Equation (6) asks for
# slopes; what counts is that they are right where they are large.

# %% [markdown] fold="Answers to the predictions"
# 1. In the video's run after 14 episodes, of which five were random. Among the ten seeds, nine were there by step 3,000, which
#    is episode 15.
# 2. At that moment in three quarters of all states or so, and at the end in hardly more than 60 %, while the agent had
#    become better. Where the true slope is steep it is more than 80 % both times. The share falls because the buffer
#    fills with states at rest near the top, where there is next to nothing to be right about: ever fewer are steep.
# 3. Seven of ten, though only two by more than 1.

# %% [markdown]
# ## Break it
#
# Take one piece away and leave the rest. *No target networks*: $\tau = 1$, so that the targets are copies of the
# networks after every update. *No replay*: a buffer of 64 transitions, no more than one batch. *No exploration*: no noise,
# and 64 random steps instead of 1,000.
#
# **Predict:** which of the three does Pendulum forgive?
#
# The results were precomputed by `python -m minddpg.course.precomputed ch10/broken`, with the seeds 0 to 4. To see one case in
# your own agent, go to the cell that trains. Begin it with `SETTINGS = 0.99, 1.0, 1e-3, 2e-3`, or change the buffer's
# 100,000, or the noise's 0.3 and the warm-up's 1,000, and run it again.

# %%
LIVE = False  # True does it here: about 4 minutes
broken = precomputed("ch10/broken", live=LIVE)

# %%
runs = {"everything in place": (curves["returns"][:5], curves["highest_q"][:5])}
for i, name in enumerate(broken["names"]):
    runs[str(name)] = broken["returns"][i], broken["highest_q"][i]
figures.seeds(broken["steps"], runs, exact_return, "One piece taken away, five seeds each")
plt.show()
for name, ends in runs.items():
    last, highest = (", ".join(f"{each:.0f}" for each in end[:, -1]) for end in ends)
    print(f"{name:20} last returns {last:32} highest Q {highest}")

# %% [markdown] fold="What happened"
# **No target networks**: not one of five swings up. The target y moves with every update, and an error in Q comes back as an
# error in y. The highest Q has sunk far below 0 in every seed. Whether that is the critic's error, or the exact value of
# policies that never stay up, this plot cannot say. Chapter 08 looks at targets alone, and for
# longer.
#
# **No replay**: one of five arrives, late. 64 transitions are a third of an episode, drawn again and again. They are all
# alike, and whatever the critic knew of other states it unlearns. Replay does not make samples independent, but it makes
# them different.
#
# **No exploration**: three of five swing up as well as if nothing was missing, one is on its way, one is not. That is what
# Pendulum forgives, and the reason is not in the agent. Every episode begins at a random angle and speed, so the
# environment explores. In MountainCarContinuous, where every episode starts at rest near the bottom of one valley, none of ten
# seeds gets out without noise (the study `noise` in [docs/results.md](../docs/results.md)), and chapter 09 shows it.
#
# Note the spread. Of "no exploration", three seeds alone could have told you that noise is useless, or that it is
# indispensable.

# %% [markdown]
# > **In a framework** the update is some ten lines: `critic_loss.backward()` and `critic_optimizer.step()`, then the same
# > for the actor. What you wrote as "through a critic that stays as it is" hides in two calls there. The target is made
# > under `torch.no_grad()` or with `.detach()`. And `actor_loss.backward()` fills the critic's `.grad` as well: nothing
# > steps on it, but it has to be zeroed before the critic's next step, or frozen with `requires_grad_(False)`.

# %% [markdown]
# > **On scale.** The settings belong to Pendulum's scale. Its rewards go down to −16, its values to some hundreds below 0, and
# > a critic that starts at 0 has to get there by steps of Adam, each about as large as the learning rate, however large the
# > error is. With rewards a hundred times as large the same agent would be a hundred times as far from home. Before you
# > tune learning rates on an environment of your own, bring its rewards to a size at which values are of the order of 1
# > to 100, its observations to about 1, and its actions into [−1, 1].

# %% [markdown]
# ## Quiz
#
# 1. After the first update your critic equals the package's, and your actor differs by a relative 1e-5. What kind of mistake
#    is it, and why is the difference so small?
# 2. You write `replay.add(obs, action, reward, next_obs, terminated or truncated)`. Pendulum never terminates. For which
#    transitions is y now wrong, and what does it claim there?
# 3. A hill of $Q_\theta$ is imaginary. What usually makes it go away? When does nothing do so?
# 4. The critic estimates $Q^\mu$ and not $Q^*$. How can the policy come close to the best one?
# 5. Why must the best policy be chosen on other starts than those on which it is reported?

# %% [markdown] fold="Answers"
# 1. A constant factor in the actor's gradient, such as 1/N twice. Adam divides a gradient by its own size, so a factor
#    cancels, but for ε. The check's last two rows use gradients as small as ε, and there it shows.
# 2. For the last one of every episode, one in 200. There y is r alone: it claims that nothing follows, whatever the state.
#    The check of 10.2 sees it at once. On Pendulum the return hardly does, since most episodes end at rest near the top,
#    where nothing costly follows anyway.
# 3. The actor goes there, its noise tries the actions around, the transitions are stored, and the critic is corrected
#    by what happened. Nothing does so where the actor never comes: in states that are not visited, or if the buffer keeps
#    no trace of them. And a hill can feed on itself through y, which asks the critic about the actor's own choice.
#    Choosing the highest of several errors makes values too high. TD3 in chapter 12 takes the lower of two critics.
# 4. By taking turns. The actor climbs $Q^\mu$ a little, which makes a better policy, whose $Q^\mu$ the critic learns next.
#    Where no action is better than the policy's own in the true $Q^\mu$, the policy is the best: this is *policy
#    iteration*, in small steps and with approximations.
# 5. The best of eight evaluations on ten starts was lucky on these ten starts. Its mean there is too good by a little. The
#    check of 10.3 uses ten others.

# %% [markdown]
# ## You are done. Where to go
#
# You have written every derivative of DDPG, and your agent is on one page of NumPy. What is left is what happens when it
# does *not* work, and what came after.
#
# - **Chapter 11**: 42 bugs of real agents, and how to read a plot until you know which one it is.
# - **Chapter 12**: the paper's own settings with batch normalisation, and TD3 in forty lines on top of your page.
# - **02 and 09**, if you left them out: why a table and an argmax do not get this far, and what noise should look like.
# - **Your own environment.** Where you trained, change `env`, its name, the box, and every 3, 4 and 1 that stands for S, S + A
#   and A: in networks, noise and buffer. Your agent trains on any vector of observations with bounded actions. Or let the package do the logging: `minddpg train yourmodule:YourEnv-v0`.
# - **Take a piece out and put your own in**: your `OUNoise`, your `ReplayBuffer`, a third hidden layer. If 10.1 still passes,
#   it is still DDPG.
# - **Read the package**, in the order of the [README](../README.md). You know nearly every line of `ddpg/agent.py` already.
# - **The papers**: [the deterministic policy gradient](https://proceedings.mlr.press/v32/silver14.html),
#   [DDPG](https://arxiv.org/abs/1509.02971), [TD3](https://arxiv.org/abs/1802.09477),
#   [SAC](https://arxiv.org/abs/1801.01290).

# %% [markdown]
# ## Remember
#
# - DDPG is one row of arrays: minibatch, target, error, $\nabla_a Q$, and four small moves of θ.
# - Equality with something known proves code. A return does not: three bugs earned as much as the correct agent.
# - The critic may be wrong in level and on flat ground. It has to be right about the slope where the slope is steep.
# - Take targets or replay away, and Pendulum is hardly ever learned in 8,000 steps. Much of its exploration comes from its random starts.
# - One seed is an anecdote, and the last policy is not always the best: evaluate apart, and show every seed.
#
# The real code: [`ddpg/agent.py`](../minddpg/ddpg/agent.py) and [`training/loop.py`](../minddpg/training/loop.py); the same on
# one page: [`my_ddpg.py`](../minddpg/course/ch10_your_ddpg/my_ddpg.py). Next:
# [11 · The bug zoo](11_bug_zoo.ipynb).
