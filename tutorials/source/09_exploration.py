# %% [markdown]
# # 09 · Exploration and action bounds
#
# **After this chapter** you know why DDPG has to add noise to its own actions, you can choose a noise for an environment
# and recognise a wrong one, and you can tell when an actor has stopped learning because its tanh is saturated.
#
# **You need** chapters 04 (tanh and its slope), 05 (the critic) and 06 ($\nabla_a Q$). **Elective:** chapter 10
# does not need this one.
#
# **Time** {minutes} minutes. **Cost** half a minute of computing, or two minutes with Python loops in your functions.
#
# N is the number of actions in a batch and A the number of entries of an action. The environment's bounds are `low` and
# `high`, (A,) each.

# %%
import gymnasium as gym
import matplotlib.pyplot as plt
import numpy as np

from minddpg import GaussianNoise
from minddpg.course.ch09_exploration import experiments, figures
from minddpg.course.own_code import whose, yours
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style

use_style()

# %% [markdown]
# ## Predict
#
# A car stands in a valley. Its engine is too weak to climb the right slope directly: it has to swing. An episode ends at a
# flag at the top right, or after 999 steps. The untrained actor always returns 0, so all movement comes from the noise. Two
# noises have the same standard deviation, 0.95, where full throttle is 1. The first is drawn anew at each step. The second
# keeps 85 % of its last value and adds a new draw of standard deviation 0.5.
#
# 1. Each noise gets 40 episodes. In how many does the car reach the flag?
# 2. The second noise is a walk in time, and one step of it takes the time $dt$. The paper does not give $dt$. Does it
#    matter whether you take 0.01 or 1?

# %% [markdown]
# ## Why a deterministic policy must be disturbed
#
# A policy that draws its actions at random tries different actions by itself. $\mu$ does not. The
# [paper](https://arxiv.org/abs/1509.02971) therefore collects its experience with another policy, $\mu$ plus noise:
#
# $$\beta(s_t) = \mu(s_t \mid \theta^\mu) + \mathcal{N}_t \tag{7}$$
#
# DDPG may do this because its critic learns off-policy: the target $y$ uses the target actor at $s'$ only, and it does not
# matter which policy chose $a$.
#
# The first reason to explore is well known: an action that was never tried cannot be found to be good. DDPG has a second
# reason. Its actor learns from $\nabla_a Q$, a *slope* in the action, and a slope cannot be learned from a single point.
# The cell below trains eight critics with different initial weights, in one state: first on 64 transitions with the same
# action, $\mu(s) = -0.3$, then on 64 with noisy actions. The true slope is 2.1.

# %%
mu, cases = experiments.MU, []
noisy = mu + 0.3 * np.random.default_rng(0).standard_normal(64)
for title, action in (("Without noise", np.full(64, mu)), ("With noise", noisy)):
    critics = [experiments.taught(action, seed) for seed in range(8)]
    cases.append((title, action, critics))
    print(f"{title}: dQ/da =", np.round([experiments.slope(c, mu) for c in critics], 2))
figures.known_and_unknown(experiments.true_q, cases)
plt.show()

# %% [markdown]
# Without noise all eight critics know the value of the action that was taken, and none knows where a better action lies.
# Some slopes even have the wrong sign. The loss does not show this. With noise the critics agree with the true Q where the
# noise went.

# %% [markdown]
# ## Noise with a memory
#
# Independent draws from a normal distribution are the simplest noise. The paper uses *Ornstein–Uhlenbeck* noise, OU for
# short, a random walk that is pulled back to zero:
#
# $$x \leftarrow x - \theta\, x\, dt + \sigma \sqrt{dt}\; n, \qquad n \sim N(0, 1)$$
#
# $\theta$ is the strength of the pull (here it is not a network's parameters), $\sigma$ the size of the random shocks,
# and $dt$ the time that one step takes. The shock contains a root because variances add up over time, so the size of a
# shock grows with $\sqrt{dt}$. Each entry of an action has its own walk, and each episode starts at 0. The paper gives
# $\theta = 0.15$ and $\sigma = 0.2$.
#
# Let $c = 1 - \theta\, dt$ be the share of $x$ that a step keeps: 0.85 for $dt = 1$. Then
#
# $$x_{t+1} = c\, x_t + \sigma\sqrt{dt}\; n_t,$$
#
# an *autoregressive process* of order one, AR(1). Three properties follow, derived in
# [the mathematics](../docs/mathematics.md#ornsteinuhlenbeck-noise-as-ar1), where $\kappa$, $\Delta$ and $\xi$ stand for
# $\theta$, $dt$ and $n$:
#
# - **Mean.** It starts at 0 and stays there.
# - **Variance.** Variances of independent numbers add, so $v_{t+1} = c^2 v_t + \sigma^2 dt$. In the long run the variance
#   no longer changes: $v = \sigma^2 dt / (1 - c^2)$. Started at 0, it is $v\,(1 - c^{2t})$ after $t$ steps.
# - **Memory.** The correlation with the value $k$ steps later is $c^k$. It falls to $1/e$ after $-1/\ln c$ steps, the
#   *correlation time*.

# %% exercise="09.1"

# %% [markdown]
# > `self.state = (1 - self.theta * self.dt) * self.state + shock` · `ddpg/noise.py`
#
# ## The number that the paper does not give
#
# Two values of $dt$ are in use: 1, and 0.01, the default in OpenAI's Baselines. The figure shows 500 walks of your noise
# over an episode of 200 steps, for three values of $dt$, and Gaussian noise of about the same width.

# %%
OUNoise, rng = yours("09.1"), np.random.default_rng(9)
t, noises = np.arange(1, 201), [GaussianNoise(500, 0.38, rng)]
by_formula = [np.full(200, 0.38)]
for dt in (1.0, 0.1, 0.01):
    c = 1 - 0.15 * dt
    v = 0.2**2 * dt / (1 - c**2)
    noises.append(OUNoise(500, 0.15, 0.2, dt, rng))
    by_formula.append(np.sqrt(v * (1 - c ** (2 * t))))
    print(f"dt = {dt:g}: memory {-1 / np.log(c):.2f} steps, deviation {v**0.5:.3f}")

walks = [np.array([noise.sample() for _ in t]).T for noise in noises]
names = "Gaussian", "OU, dt = 1", "OU, dt = 0.1", "OU, dt = 0.01"
figures.walks(names, walks, by_formula, whose("09.1"))
plt.show()

# %% [markdown] fold="Answer to the second prediction"
# It matters. The long-run deviation hardly changes, so the formula for continuous time, $\sigma/\sqrt{2\theta}$, does not
# warn you. But at $dt = 0.01$ the correlation time is 666 steps, and an episode of Pendulum has 200. Each episode starts
# without noise and drifts away slowly. What you add is nearly a constant push, a different one in each episode.
#
# $dt = 0.01$ is not always wrong: in an environment with 100 steps a second, a memory of 666 steps is seven seconds.

# %% [markdown]
# ## From [−1, 1] to the environment
#
# Inside `minddpg` every action is in $[-1, 1]$, from the actor's tanh to the replay buffer and the critic. The noise is
# in the same units, so $\sigma = 0.2$ means the same in every environment. An action plus noise can leave $[-1, 1]$. The
# sum is clipped, and the *clipped* action is stored:
#
# > `noisy: Array = np.minimum(np.maximum(action + noise, -1), 1).astype(action.dtype)` · `ddpg/agent.py`
#
# If the sum were stored, the critic would learn the value of actions that do not exist.
#
# The environment has its own units and bounds, different in each dimension and often not symmetrical. Find the straight
# line through $(-1, \text{low})$ and $(1, \text{high})$.

# %% exercise="09.3"

# %% [markdown]
# The map is a mean of the two bounds with the weights $1 - a$ and $1 + a$. In this form $a = \pm 1$ gives the bound itself,
# without a rounding error:
#
# > `action = 0.5 * ((1 - action) * self.low + (1 + action) * self.high)` · `ddpg/actions.py`
#
# > **On scale.** The slope of the map is $(\text{high} - \text{low})/2$, the *half-range*. The critic sees actions before
# > this map, so its slope needs no half-range. If you put the map into the actor, the chain rule has it as one more
# > factor.

# %% [markdown]
# ## Choose a noise for an environment
#
# A mass does not follow fast pushes, because they cancel before it moves. It follows their *sum* over many steps. The
# variance of a sum of $m$ values is the sum of all covariances: $m v$ for independent draws, and for an AR(1) process
#
# $$\operatorname{Var}\Big(\sum_{t=1}^{m} x_t\Big) \approx m v\,(1 + 2c + 2c^2 + \dots) = m v\,\frac{1 + c}{1 - c}
#   \qquad\text{for large } m.$$
#
# With $c = 0.85$ the last factor is 12. So before you explore, decide two things. How long must a push last to move
# something? How large may it be, in the units of the environment? From here on $dt$ is only a setting of the noise. It
# need not be the time that a step of the environment takes.

# %% exercise="09.7"

# %% [markdown]
# Now give the car noises of the same width and different memories. The car's valley is nearly a spring: left alone, the car
# swings once in $2\pi/\sqrt{0.0075} = 73$ steps. **Which memory would you choose?** Your three functions drive: `choose_ou`
# finds $dt$ and $\sigma$, your noise acts, and your map brings the action to the engine.

# %%
choose_ou, to_env = yours("09.7"), yours("09.3")
memories, positions = (0.1, 2, 6, 18, 36, 150, 400), []
car = gym.make("MountainCarContinuous-v0")
bounds = car.action_space.low, car.action_space.high
for memory in memories:
    dt, sigma = choose_ou(0.15, memory, 1.0, np.array([0.95]), *bounds)
    noise = OUNoise(1, 0.15, float(np.ravel(sigma)[0]), float(dt), rng)
    positions.append([experiments.drive(car, noise, to_env, seed) for seed in range(40)])
figures.drives(positions, memories, whose("09.1", "09.3", "09.7"))
plt.show()

# %% [markdown] fold="Answer to the first prediction"
# A memory of 0.1 steps is practically none. With this noise, the first of the prediction, the car hardly ever reaches the
# flag. With the second, a memory of 6 steps, it does so in most episodes. A quarter to a half swing, the grey band, is best.
# A push that lasts longer works against the car on its way back, and one that lasts for much of the episode holds it on one
# side. All noises push nearly equally hard. (They start at 0, and those with the longest memories grow slowly.)

# %% [markdown]
# ## Does exploration matter?
#
# The study `noise` tries three kinds of noise in two environments, with ten seeds each. OU ($\sigma = 0.5$, $dt = 1$) and
# Gaussian noise are equally wide. Pendulum has only 64 random first steps here, the mountain car has 1,000. All returns are
# measured *without* noise, because noise is for collecting data and never for evaluation.

# %%
# taken from the study that `minddpg study noise --seeds 10 --jobs 2` runs
noise = precomputed("ch09/noise")
figures.study(noise)
plt.show()

# %% [markdown]
# **Pendulum does not need noise.** All thirty runs learn, those without noise a little later. Every step has an
# informative reward, every episode starts elsewhere, and the actor changes while it learns, so the buffer holds different
# actions.
#
# **The car needs it.** It earns nothing before it reaches the flag, and its engine costs. A policy that never got there
# learns that standing still is best, which is true of everything that it has seen. With OU noise all ten seeds return
# more than 90, with Gaussian noise two do, without noise none. (The medians of the last two coincide at 0.)
#
# [TD3](https://arxiv.org/abs/1802.09477) uses Gaussian noise: its authors saw no gain from OU noise on their robots.

# %% [markdown]
# ## A tanh that no longer learns
#
# The critic's gradient has to pass the actor's last tanh, whose slope is $1 - \tanh^2 z$, for large $|z|$ about
# $4\,e^{-2|z|}$:
#
# | $z$ | 0 | 1 | 3 | 5 | 20 |
# | --- | --- | --- | --- | --- | --- |
# | action $\tanh z$ | 0 | 0.76 | 0.995 | 0.9999 | 1 |
# | slope | 1 | 0.42 | 0.01 | 0.0002 | 0 (float64 rounds $\tanh z$ to 1) |
#
# At $z = 5$ two parts in ten thousand of the gradient are left: the actor is *saturated*. Training can cause this, since
# $z$ grows without limit while the critic says "more". A last layer that starts too large causes it at once. The paper
# initialises the last layer within ±0.003, the actor below within ±20. Is it saturated, or is it right to be at its bounds?

# %%
ill = experiments.SaturatedActor()
action = np.tanh(ill.z())
at_bound, slope = abs(action) > 0.99, 1 - action**2
# the critic wants an action back if dQ/da points away from its bound
wanted_back = np.mean(ill.dq_da(action)[at_bound] * action[at_bound] < 0)
print(f"at a bound {at_bound.mean():.0%}, of these the critic wants back {wanted_back:.0%}")
print(f"median slope {np.median(slope):.0e}")

# %% [markdown]
# It is saturated. Actions at a bound alone prove nothing, since a good policy is often there. But here the critic wants
# every one of them back, and the gradient does not reach the network. As a cure, add a penalty that does not pass through
# the tanh:
#
# $$L = \frac1N \sum_{i=1}^{N} \Big( -Q(s_i, \tanh z_i) + w \sum_{j=1}^{A} z_{ij}^2 \Big)$$

# %% exercise="09.8"

# %%
actor_gradient, runs = yours("09.8"), {}
for weight in (0, 0.0001, 0.01, 1):
    runs[f"w = {weight:g}"] = experiments.SaturatedActor().train(actor_gradient, weight)
small_start = experiments.SaturatedActor(0.003).train(actor_gradient, 0)
runs["w = 0, start within ±0.003"] = small_start
figures.cured(runs, whose("09.8"))
plt.show()

# %% [markdown]
# **Which weight would you choose?** Without a penalty, most actions are still at a bound after 600 updates. With $w = 1$
# all come back, but the penalty pulls them to 0, and they end as far from the best action as without it. The useful
# weights are between these two. A small start, the last curve, is better than any cure: there the tanh is never flat.
# Another cure scales the gradient down near a bound and reverses it beyond the bound
# ([Hausknecht and Stone, 2016](https://arxiv.org/abs/1511.04143)).

# %% [markdown]
# ## Break it
#
# A popular notebook draws the numbers of its OU noise from `random.random()`, which is uniform between 0 and 1, instead of
# from a normal distribution.
#
# **Predict:** what is the long-run mean of such a noise, for $\theta = 0.15$, $\sigma = 0.2$, $dt = 1$? What will the car
# do with $\sigma = 0.5$? Will Pendulum notice?

# %%
rng = np.random.default_rng(9)
uniform = experiments.UniformOU(1, 0.5, rng)
drives = [experiments.drive(car, uniform, to_env, seed) for seed in range(4)]
figures.pushed(drives)
plt.show()

# %%
late = precomputed("ch09/uniform", live=False)  # True trains the car here: about 2 minutes
print("returns after training, five seeds:")
for name, returns in late.items():
    print(f"  {name:16}", *(f"{r:6.1f}" for r in returns))

# %% [markdown] fold="What happened"
# A uniform number has the mean ½. The mean $m$ of the walk then satisfies $m = c\,m + \sigma\sqrt{dt}/2$, so
# $m = \sigma\sqrt{dt}/(2\theta\,dt)$: 0.667 here. The noise around it is narrow, so it is nearly a constant push to one
# side. With $\sigma = 0.5$ the mean is 1.67, and nearly every action is clipped to 1. The car drives to the right at full
# throttle, swings around the point where slope and engine balance, and gets no further.
#
# After training, the car reaches the flag with none of five seeds; with correct noise all ten did, above. Pendulum hardly
# notices: four of five seeds end close to correct code, and one is clearly worse. So a good return on Pendulum does not
# prove that your noise is right. A histogram shows this mistake. The next exercise asks whether it shows every mistake.

# %% exercise="09.9"

# %% [markdown]
# Four noises, with your test's verdict above each. Compare it with the histogram and with the paths.

# %%
name_noise = yours("09.9")
figures.four_noises(experiments.four_noises(rng), name_noise, whose("09.9"))
plt.show()

# %% [markdown] fold="Which noises they are"
# A is OU noise with $dt = 1$, B the same with $dt = 0.01$, C draws uniform numbers as above, and D is Gaussian. The
# histograms of A and D look similar: a histogram does not show memory. The histogram of B looks harmless, but its paths
# do not.

# %% [markdown]
# > **In a framework** the map to the bounds often is `torch.tanh(x) * scale + bias` at the actor's end. The slope of
# > `torch.clamp` is exactly 0 outside the bounds. Clip when you act, under `torch.no_grad()`, and never inside the actor
# > that you differentiate. In the noise class of a library, look up `dt`, and check that the noise is reset at each
# > episode.

# %% [markdown]
# ## Quiz
#
# 1. Your evaluation's returns are a little worse than expected and differ from run to run on the same starts. What did you
#    forget?
# 2. An actor ends in `np.clip(z, -1, 1)`. What is its slope at $z = 1.2$, and why is that worse than tanh at $z = 5$?
# 3. Your environment's bounds are 0 and 10. In which units is `minddpg`'s σ, `noise_scale=0.3`, and how large is it in the
#    environment's units?

# %% [markdown] fold="Answers"
# 1. To switch the noise off. Noise is for collecting data: `predict(obs, deterministic=True)` leaves it out.
# 2. Exactly 0: no gradient passes, so nothing ever brings $z$ back in this state. Tanh passes little, but in the right
#    direction.
# 3. In units of $[-1, 1]$. The half-range is 5, so σ is 1.5 in the environment's units.

# %% [markdown]
# ## Remember
#
# - $\nabla_a Q$ is a slope in the action. Without actions other than $\mu(s)$ in the buffer, nothing determines it.
# - OU noise is an AR(1) process with $c = 1 - \theta\,dt$: deviation $\sigma\sqrt{dt/(1 - c^2)}$, memory $-1/\ln c$ steps.
# - A memory helps where a mass has to be moved and no reward guides the way. On Pendulum exploration hardly matters.
# - Inside, actions are in $[-1, 1]$, and clipped before they are stored. One map per dimension leads to the environment's
#   units.
# - A saturated tanh passes $4 e^{-2|z|}$ of a gradient. Start the last layer small, or penalise $z$.
#
# The real code: [`ddpg/noise.py`](../minddpg/ddpg/noise.py), [`ddpg/actions.py`](../minddpg/ddpg/actions.py) and `act` in
# [`ddpg/agent.py`](../minddpg/ddpg/agent.py). Next: [10 · Your DDPG](10_your_ddpg.ipynb).
