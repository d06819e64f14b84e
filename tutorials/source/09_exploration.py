# %% [markdown]
# # 09 · Exploration and action bounds
#
# **After this chapter** you know why DDPG has to disturb its own actions, what Ornstein–Uhlenbeck noise is and
# what its missing number does, and you have written the way of an action from the actor's last layer to the
# environment, and of a gradient back.
#
# **You need** chapters 04 (tanh and its slope), 05 (the critic) and 06 ($\nabla_a Q$). **Elective:** chapter 10
# does not need this one.
#
# **Time** {minutes} minutes. **Cost** fifteen seconds of computing.
#
# You will meet N, the number of actions in a batch, A, the number of entries of an action, and the
# environment's bounds `low` and `high`, (A,) each.

# %%
import gymnasium as gym
import matplotlib.pyplot as plt
import numpy as np

from minddpg import GaussianNoise, OrnsteinUhlenbeckNoise
from minddpg.course.ch09_exploration import figures
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style
from minddpg.nn import MLP, Adam

use_style()

# %% [markdown]
# ## Predict
#
# A car stands in a valley. Its engine is too weak to climb the right slope in one go: it has to swing. At the top
# right there is a flag. An episode ends there, or after 999 steps. An actor that has learned nothing says
# $\mu(s) = 0$. You add noise to its action. Two noises have the same standard deviation, 0.95:
#
# - the first is drawn anew at each step;
# - the second keeps 85 % of its last value at each step and adds a smaller draw.
#
# 1. Each noise gets 20 episodes. In how many does the car reach the flag?
# 2. The second noise is a walk in time, and one step takes the time `dt`. The paper does not say which. Does it matter if you take
#    0.01 for 1?

# %% [markdown]
# ## Why a deterministic policy must be disturbed
#
# A policy that draws its actions at random tries things by itself. $\mu$ does not: in a state $s$ it takes $\mu(s)$, today and
# tomorrow. The paper therefore collects its experience with another policy, which is $\mu$ and noise:
#
# $$\beta(s_t) = \mu(s_t \mid \theta^\mu) + \mathcal{N}_t \tag{7}$$
#
# > `noise = self.noise.sample()` · `ddpg/agent.py`
#
# The paper writes $\mu'$ for it. We write $\beta$, the paper's other name for a policy that collects, since $\mu'$ is also the target actor.
# DDPG may do this because it learns *off-policy*: equation (5) of chapter 05 needs transitions $(s, a, r, s')$ with any action $a$, and
# puts $\mu'$ in only afterwards, at $s'$.
#
# One reason to explore is known from everywhere: what was never tried cannot be found to be good. DDPG has a second
# one. Its actor learns from $\nabla_a Q$, a *slope* of the critic in the action. To know a slope you need values at
# neighbouring points. Take one state and eight critics that differ only in the weights they started from. First they are
# taught with 64 transitions that all have the same action, $\mu(s) = -0.3$. Then with 64 noisy ones.

# %%
grid, mu = np.linspace(-1, 1, 101), -0.3


def true_q(action):
    return 0.5 - 1.5 * (action - 0.4) ** 2


def teach(action, seed):
    rng = np.random.default_rng(seed)
    critic = MLP((1, 32, 32, 1), hidden="tanh", rng=rng, final_layer_scale=None)
    adam = Adam(critic.theta, 3e-3)
    for _ in range(400):
        q, cache = critic.forward(action[:, None])
        grad_q = 2 * (q - true_q(action)[:, None]) / len(action)
        adam.step(critic.backward(grad_q, cache)[1])
    return critic


def slope(critic):
    _, cache = critic.forward(np.array([[mu]]))
    return critic.backward(np.ones((1, 1)), cache, wrt_theta=False)[0].item()


noisy = mu + 0.3 * np.random.default_rng(0).standard_normal(64)
cases = []
for title, action in (("Without noise", np.full(64, mu)), ("With noise", noisy)):
    critics = [teach(action, seed) for seed in range(8)]
    curves = np.array([critic.forward(grid[:, None])[0][:, 0] for critic in critics])
    cases.append((title, action, curves))
    print(f"{title}: dQ/da at μ(s) =", np.round([slope(c) for c in critics], 2))
print("the true slope:", round(-3 * (mu - 0.4), 2))
figures.known_and_unknown(grid, true_q(grid), cases)
plt.show()

# %% [markdown]
# Without noise all eight critics are right about the value of the action taken, and none knows where a better one is. Some of
# their slopes even point the wrong way. The loss shows none of that. With noise they agree with the true Q where the noise
# went, and miss it where it did not.
#
# How much noise is enough? In a real run, other things differ as well: replayed actions come from older actors and from
# random first steps. Keep that in mind for the study below.

# %% [markdown]
# ## Noise with a memory
#
# Independent draws from a normal distribution are the simplest noise. The paper chose another, *Ornstein–Uhlenbeck* noise,
# OU for short: a random walk on a leash.
#
# $$x \leftarrow x - \theta\, x\, dt + \sigma \sqrt{dt}\; n, \qquad n \sim N(0, 1)$$
#
# > `self.state = (1 - self.theta * self.dt) * self.state + shock` · `ddpg/noise.py`
#
# $\theta$ pulls $x$ back to 0 (it is no network's parameter here), $\sigma$ pushes it at random, $dt$ is the time that one step
# takes. Why the root? Variances add up over time, so the variance of a push grows with $dt$, and its size with $\sqrt{dt}$. Each entry of
# an action has a walk of its own. It is set to 0 when an episode begins. The paper gives
# $\theta = 0.15$ and $\sigma = 0.2$ (in `minddpg`, $\sigma$ is `scale`).
#
# Everything about this walk follows from writing it with one letter less. Let $c = 1 - \theta\, dt$. Then
#
# $$x_{t+1} = c\, x_t + \sigma\sqrt{dt}\; n_t$$
#
# which is called an autoregressive process of order one, AR(1).
#
# - **Mean.** $n$ has mean 0, so the mean is multiplied by $c$ at each step. It starts at 0 and stays there.
# - **Variance.** Variances of independent numbers add, and a factor $c$ counts squared: $v_{t+1} = c^2 v_t + \sigma^2 dt$.
#   Start at $v_0 = 0$ and you get $v_t = v\,(1 - c^{2t})$ with the long-run value
#   $v = \sigma^2 dt / (1 - c^2)$, the one that such a step leaves as it is.
# - **Memory.** The mean of $x_t x_{t+k}$ is $c^k v$, since all later draws know nothing of $x_t$. Divided by $v$ it is the *correlation*
#   with $k$ steps later: $c^k$. It has fallen to $1/e$ after $-1/\ln c$ steps, the *correlation time*.
#
# Here are both noises, equally wide.

# %%
rng = np.random.default_rng(9)
ou = OrnsteinUhlenbeckNoise(64, scale=0.2, rng=rng, theta=0.15, dt=1.0)
c = 1 - 0.15 * 1.0
deviation = 0.2 / np.sqrt(1 - c**2)
gaussian = GaussianNoise(64, scale=deviation, rng=rng)

long = {  # 64 paths of 16,000 steps, one per row
    "OU": np.array([ou.sample() for _ in range(16_000)]).T,
    "Gaussian": np.array([gaussian.sample() for _ in range(16_000)]).T,
}
print(f"formula:  deviation {deviation:.3f}, correlation time {-1 / np.log(c):.2f} steps")
for name, paths in long.items():
    print(f"{name:9} mean {paths.mean():+.3f}, deviation {paths.std():.3f}")
figures.paths({name: paths[0, 1000:1200] for name, paths in long.items()}, deviation)
plt.show()

# %% exercise="09.1"

# %% exercise="09.2"

# %% [markdown]
# ## What memory is good for
#
# The left picture shows the correlation with $k$ steps later. The right one shows the *power spectrum*. `np.fft.rfft` writes a
# path as a sum of waves, and the squared size of each wave is its power. A wave of frequency 0.01 needs 100
# steps for one swing; the fastest, 0.5, goes up and down every two steps. The lines are formulas. For OU, put the wave $X e^{2\pi i f t}$ into
# $x_{t+1} - c\,x_t = \sigma\sqrt{dt}\,n_t$: the left side has the size $|e^{2\pi i f} - c|\,|X|$, and the right side has all frequencies alike.


# %%
def correlation(paths, k):
    return np.mean(paths[:, : paths.shape[1] - k] * paths[:, k:]) / np.mean(paths**2)


def spectrum(paths, length=250):
    waves = np.fft.rfft(paths.reshape(-1, length))
    return np.mean(np.abs(waves) ** 2, axis=0)[1:] / length


lags, frequency = np.arange(30), np.fft.rfftfreq(250)[1:]
laws = {  # correlation, and power, of an AR(1) process; Gaussian noise has c = 0
    "OU": (c**lags, 0.2**2 / np.abs(1 - c * np.exp(-2j * np.pi * frequency)) ** 2),
    "Gaussian": (0.0**lags, np.full(len(frequency), deviation**2)),
}
figures.memory(
    {name: [correlation(paths, k) for k in lags] for name, paths in long.items()},
    {name: spectrum(paths) for name, paths in long.items()},
    laws,
    frequency,
)
plt.show()

# %% [markdown]
# Gaussian noise has all frequencies alike. OU noise of the same deviation has more of the slow ones and fewer of the fast
# ones. A mass does not feel fast pushes: they cancel before it moves. What counts for it is the *sum* of the noise over
# many steps. For independent draws the variance of a sum of $m$ of them is $m v$. With memory each product $x_i x_j$
# adds $c^{|i-j|} v$, and for large $m$
#
# $$\operatorname{var}\Big(\sum_{t=1}^{m} x_t\Big) \approx m v\,(1 + 2c + 2c^2 + \dots) = m v\,\frac{1 + c}{1 - c}$$
#
# The last factor is the height of the OU spectrum over the Gaussian one at its left end.

# %%
print(f"formula:  (1 + c) / (1 − c) = {(1 + c) / (1 - c):.1f}")
for m in (10, 100, 1000):
    sums = {name: paths.reshape(-1, m).sum(axis=1) for name, paths in long.items()}
    ratio = sums["OU"].var() / sums["Gaussian"].var()
    print(f"{m:5} steps: variance of the sum, OU over Gaussian: {ratio:.1f}")

# %% [markdown]
# Now your prediction. The car's actor says 0, the noise is clipped to $[-1, 1]$, and both noises have a standard deviation of
# 0.95. For OU that is $\sigma = 0.5$. The environment pulls the car back with $0.0025 \cos 3x$, which near the lowest point is a
# spring of strength 0.0075. Left alone, it swings once in $2\pi/\sqrt{0.0075}$ steps. So the power that counts is that at its
# own frequency.


# %%
def drive(noise, seed):
    env = gym.make("MountainCarContinuous-v0")
    obs, _ = env.reset(seed=seed)
    noise.reset()
    positions, terminated, truncated = [obs[0]], False, False
    while not (terminated or truncated):
        obs, _, terminated, truncated, _ = env.step(np.clip(noise.sample(), -1, 1))
        positions.append(obs[0])
    return positions


swing = 2 * np.pi / np.sqrt(0.0075)
own = np.abs(frequency - 1 / swing).argmin()
print(f"one swing takes {swing:.0f} steps; OU's power over Gaussian's at that frequency:"
      f" {laws['OU'][1][own] / laws['Gaussian'][1][own]:.1f}")  # fmt: skip

rng = np.random.default_rng(9)
ou, gaussian = OrnsteinUhlenbeckNoise(1, 0.5, rng), GaussianNoise(1, 0.949, rng)
drives = {
    "OU": [drive(ou, seed) for seed in range(20)],
    "Gaussian": [drive(gaussian, seed) for seed in range(20)],
}
figures.drives(drives)
plt.show()

# %% [markdown] fold="Answer to the first prediction"
# OU noise reaches the flag in 17 of these 20 episodes, Gaussian noise in none. Both push equally hard, and both make
# the car swing. But of the same width only OU has much power at the car's own frequency: its pushes keep their direction for
# several steps, and add up. The noises differ in nothing but their memory.

# %% [markdown]
# ## The number that the paper does not give
#
# The paper has $\theta$ and $\sigma$ but no $dt$. Two values are in use: 1, and 0.01, which is the default of the class in OpenAI's Baselines and
# of those that were modelled on it.

# %%
episode = np.arange(1, 201)
walks, spread = {}, {}
for dt in (1.0, 0.1, 0.01):
    c = 1 - 0.15 * dt
    v = 0.2**2 * dt / (1 - c**2)
    spread[dt] = np.sqrt(v * (1 - c ** (2 * episode)))
    walk = OrnsteinUhlenbeckNoise(3, 0.2, np.random.default_rng(0), dt=dt)
    walks[dt] = np.array([walk.sample() for _ in episode]).T
    print(
        f"dt = {dt:4g}: correlation time {-1 / np.log(c):6.2f} steps,"
        f" long-run deviation {v**0.5:.3f}, after 200 steps {spread[dt][-1]:.3f}"
    )
figures.walks(walks, spread, episode=200)
plt.show()

# %% [markdown] fold="Answer to the second prediction"
# It does. The long-run deviation hardly changes, so a formula for continuous time, $\sigma/\sqrt{2\theta}$, tells you nothing is
# wrong. But at $dt = 0.01$ the correlation time is 666 steps, and an episode of Pendulum has 200. Each episode then
# starts without noise and drifts off slowly: what you add is no noise but a small constant push, another one in each episode.
# At the end of the episode the deviation has come to 0.245, of 0.365 in the long run.
#
# `minddpg` takes `ou_dt=1.0`. The other choice is not always wrong: if your environment takes 100 steps a second, a memory of
# 666 steps is seven seconds. Think in steps of your environment, and compare with what has to be moved.

# %% [markdown]
# ## Does exploration matter?
#
# Ask two environments, with three kinds of noise and ten seeds each. Pendulum here has only 64 random first steps. The mountain
# car has 1,000. OU ($\sigma = 0.5$, $dt = 1$) and Gaussian noise are equally wide again. All returns are measured *without* noise: noise
# is for collecting, never for judging.

# %%
# taken from the study that `minddpg study noise --seeds 10 --jobs 2` runs
noise = precomputed("ch09/noise")
for task in ("pendulum", "car"):
    for name in ("ou", "gaussian", "none"):
        returns = noise[f"{task}_{name}_last"]
        print(f"{task:9} {name:9}", *(f"{each:6.1f}" for each in returns))
figures.study(noise)
plt.show()

# %% [markdown]
# The lines of numbers are the last policies' mean returns, one number per seed. (In the right picture the medians of Gaussian noise and of none lie on one
# another, at 0.)
#
# **Pendulum does not need it.** All thirty runs learn, those without any noise too, a little later. The reward says
# something at every step, each episode starts somewhere else, and the actor changes while it learns, so that the buffer holds many different
# actions. An agent that explores badly passes unnoticed here.
#
# **The car does need it.** It earns nothing until it reaches the flag, and its engine costs. A policy that was not brought there learns
# that standing still is best, which is true of everything it has seen. With OU noise all ten seeds reach more than 90. With
# Gaussian noise two do, without noise none. The 1,000 random first steps are independent draws too, and did not find the flag.
#
# So memory is no better *in general*. It is better where something heavy has to be moved and nothing guides the way. Later agents
# such as TD3 (Fujimoto et al., 2018) use Gaussian noise, and their authors saw no gain from OU on the robots that they tried.

# %% [markdown]
# ## From [−1, 1] to the environment
#
# The actor ends in a tanh, so its actions are in $[-1, 1]$, and so is everything inside `minddpg`: noise, replay buffer, critic.
# $\sigma = 0.2$ then means the same for every environment. The environment has units and bounds of its own, others in each
# dimension, and seldom symmetrical. The map is
#
# $$a^{\text{env}} = \tfrac12\big((1 - a)\,\text{low} + (1 + a)\,\text{high}\big)
# = \underbrace{\tfrac{\text{low} + \text{high}}{2}}_{\text{middle}} + \underbrace{\tfrac{\text{high} - \text{low}}{2}}_{\text{half-range}} \cdot\, a$$
#
# > `action = 0.5 * ((1 - action) * self.low + (1 + action) * self.high)` · `ddpg/actions.py`
#
# The two forms are the same function. Are they the same program?

# %%
rng = np.random.default_rng(0)
low = rng.uniform(-10, 0, 100_000).astype(np.float32)
high = (low + rng.uniform(0.1, 10, 100_000)).astype(np.float32)
one = np.float32(1)
by_weights = 0.5 * ((1 - one) * low + (1 + one) * high)
by_middle = (low + high) / 2 + (high - low) / 2 * one
for name, upper in (("weights", by_weights), ("middle + half-range", by_middle)):
    exactly, beyond = 100 * (upper == high).mean(), 100 * (upper > high).mean()
    print(f"{name:19} a = 1 gives high in {exactly:5.1f} %, more in {beyond:4.1f} %")

# %% [markdown]
# In float32 the second form misses the bound in every other box, and in one of four it steps over it by a rounding error. An
# environment may refuse such an action. Hence the first form.
#
# Two mistakes are common, and Pendulum shows neither of them: its bounds are symmetrical, and it has one dimension. `high * a` takes symmetry
# for granted. `high[0] * a` takes one dimension's bound for all.

# %% exercise="09.3"

# %% exercise="09.4"

# %% [markdown]
# ## And a gradient's way back
#
# Where is the half-range in $\nabla_a Q$? In `minddpg` nowhere. The critic gets the action in $[-1, 1]$, so its slope is one per unit of *that*
# action, and the map to the environment lies outside of everything that is differentiated.
#
# Other implementations put the map into the actor: the actor's output, the replayed action and the critic's input are then in the
# environment's units. That is as good, but the map is now a link of the chain. With $z$ the number that goes into the tanh,
#
# $$a = \text{middle} + \text{half-range} \cdot \tanh z, \qquad
# \frac{\partial L}{\partial z} = \frac{\partial L}{\partial a} \cdot \text{half-range} \cdot (1 - \tanh^2 z)$$
#
# each dimension with its own half-range. The middle is a constant and leaves no trace.

# %% exercise="09.5"

# %% [markdown]
# > **On scale.** A factor that all entries share is hidden by Adam, which divides by the gradient's own size. A factor that differs
# > between dimensions is not, where they share hidden layers: without its half-range, a joint that moves by ±0.1 pulls as hard
# > at them as one that moves by ±100. And a critic that is fed one action entry of size 100 beside one of size
# > 0.1 hardly sees the second. Actions in $[-1, 1]$ inside, one map at the border: then nobody has to think of it again.

# %% [markdown]
# ## A tanh that no longer learns
#
# The slope $1 - \tanh^2 z$ is 1 at $z = 0$. How fast does it fall? Write tanh with exponentials, and for large $|z|$
#
# $$1 - \tanh^2 z = \frac{4}{(e^{z} + e^{-z})^2} \approx 4\,e^{-2|z|}$$

# %%
z = np.linspace(-8, 8, 401)
exact = 1 - np.tanh(z) ** 2
figures.saturation(z, {"1 − tanh² z": exact, "4 exp(−2|z|)": 4 * np.exp(-2 * np.abs(z))})
plt.show()
for at in (0, 1, 3, 5):
    print(f"z = {at}: action {np.tanh(at):.5f}, slope {1 - np.tanh(at) ** 2:.1e}")

# %% [markdown]
# Beyond $|z| = 3$ the approximation cannot be told from the exact slope. At $z = 5$ the action is as good as at its bound, and of the
# gradient about two parts in ten thousand are left. The critic may say as loudly as it likes that this action is bad: hardly
# anything of it reaches the actor's weights. It is *saturated*.
#
# How does $z$ become so large? By training: if the critic says "more" for long enough, $z$ grows without limit, though the action cannot.
# Or from the start, by an initialisation that is too large. If the last layer's outputs are spread like a normal
# distribution of standard deviation $s$, the mean slope is, for large $s$, the area below the slope's curve, which is 2, times the
# density at 0: $2/(s\sqrt{2\pi}) \approx 0.8/s$. It is a mean of a few large numbers and many tiny ones. So look at the array itself: here
# are the slopes $1 - y^2$, with $y = \tanh z$ the action, of three new actors, for 40 states and six action entries.

# %%
rng = np.random.default_rng(2)
obs = rng.standard_normal((40, 8))
slopes = {}
starts = {"±0.003 (the paper)": 0.003, "±1/√64, as hidden layers": 1 / 8, "±5": 5.0}
for name, scale in starts.items():
    actor = MLP((8, 64, 64, 6), rng=rng, dtype="float64", final_layer_scale=scale)
    z, _ = actor.forward(obs)  # without the tanh at its end
    slopes[name] = 1 - np.tanh(z) ** 2
    mean, median = slopes[name].mean(), np.median(slopes[name])
    print(f"{name:25} s of z {z.std():.4f}, mean slope {mean:.3f}, median {median:.4f}")
figures.actors(slopes)
plt.show()

# %% [markdown]
# The paper starts the last layer at $\pm 0.003$: every slope is 1, every action is close to 0, and the critic decides where it goes. In the
# right picture half of all gradients shrink to a thousandth or less, before the first update; the mean is close to
# $0.8/s$ for the $s$ that is printed.
#
# Do not look for saturation in Pendulum's returns. A good policy is often at the bounds there, while it swings up, and Adam divides by the
# gradient's size, so that small gradients still make steps. Look at the array: print the share of $|\mu(s)| > 0.99$ over a
# batch of states, and ask whether the task wants that.

# %% [markdown]
# ## Clipping
#
# An action plus noise can leave $[-1, 1]$. It is clipped, and what is *stored* is the clipped action:
#
# > `noisy: Array = np.minimum(np.maximum(action + noise, -1), 1).astype(action.dtype)` · `ddpg/agent.py`
#
# The environment would clip by itself, in silence. The buffer would then say that $a = 1.7$ earned this reward, and the critic would
# learn the value of actions that do not exist.

# %% exercise="09.6"

# %% [markdown]
# Clipping changes the noise. Here are 20,000 noisy actions each, of an actor in the middle, of one near its bound, and with wide noise.

# %%
rng = np.random.default_rng(3)
cases = {}
for mu, sigma in ((0.0, 0.3), (0.9, 0.3), (0.0, 0.949)):
    before = mu + sigma * rng.standard_normal(20_000)
    after = np.clip(before, -1, 1)
    cases[f"μ = {mu:g}, σ = {sigma:g}"] = before, after
    at_bounds, mean = 100 * (np.abs(after) == 1).mean(), after.mean()
    print(f"μ = {mu:g}, σ = {sigma:g}: {at_bounds:4.1f} % at a bound, mean {mean:+.3f}")
figures.clipped(cases)
plt.show()

# %% [markdown]
# Near a bound the noise is pushed inwards on average, and a good part of all actions are the bound itself. Wide noise tries the bounds more than anything
# else. Neither is a mistake: the critic learns the value of the actions that were taken, whatever their distribution. But know it
# before you read a histogram of actions.

# %% [markdown]
# ## Break it
#
# A popular notebook draws OU noise from `random.random()`, which is uniform between 0 and 1, where the normal distribution should be.
#
# **Predict:** what is the mean of such a noise in the long run, for $\theta = 0.15$, $\sigma = 0.2$, $dt = 1$? What will the car do? Will
# Pendulum notice?


# %%
class UniformOU(OrnsteinUhlenbeckNoise):
    def sample(self):
        uniform = self.rng.random(self.state.shape)  # the bug
        shock = self.scale * np.sqrt(self.dt) * uniform
        self.state = (1 - self.theta * self.dt) * self.state + shock
        return self.state.copy()


rng = np.random.default_rng(9)
uniform = UniformOU(1, 0.2, rng)
path = np.array([uniform.sample()[0] for _ in range(20_000)])[100:]
print(f"mean {path.mean():.3f}, deviation {path.std():.3f}, smallest {path.min():.3f}")
figures.drives({"OU, uniform": [drive(UniformOU(1, 0.5, rng), seed) for seed in range(20)]})
plt.show()

# %%
LIVE = False  # True trains the mountain car here: about 2 minutes
late = precomputed("ch09/uniform", live=LIVE)
print("last returns, one number per seed")
print("Pendulum, normal: ", *(f"{r:6.1f}" for r in late["pendulum_right"]))
print("Pendulum, uniform:", *(f"{r:6.1f}" for r in late["pendulum_uniform"]))
print("car, normal:      ", *(f"{r:6.1f}" for r in noise["car_ou_last"][:5]))
print("car, uniform:     ", *(f"{r:6.1f}" for r in late["car_uniform"]))

# %% [markdown] fold="What happened"
# A uniform number has mean ½. The mean of the walk then has an equation of its own, $m = c\,m + \sigma\sqrt{dt}/2$, and its solution is
# $m = \sigma\sqrt{dt}/(2\theta\,dt)$: 0.667 here. Around it the noise is narrow, and in 20,000 steps it never came near 0. It is no
# noise but a constant push to one side. With $\sigma = 0.5$ the mean is 1.67, and nearly every step is clipped to 1: the car drives to the right at full
# throttle, swings around the point where slope and engine balance, and gets no further.
#
# Trained with it, the car does not find the flag on any of five seeds. Right OU noise finds it on all of them. Pendulum
# hardly notices: four of five seeds end within ten or so of correct code, and one is clearly worse. So a good return on Pendulum does not
# prove that your noise is right. A histogram of 1,000 samples takes a second and does.

# %% [markdown]
# > **In a framework** the map to the bounds is `torch.tanh(x) * scale + bias` at the actor's end, and autodiff finds the half-range and the slope.
# > It also finds the slope of `torch.clamp`, which is 1 inside the bounds and exactly 0 outside. So clip when you act, under
# > `torch.no_grad()`, and never inside the actor that you differentiate. Noise classes are to be had; look up their `dt`, and whether
# > they are reset at each episode.

# %% [markdown]
# ## Quiz
#
# 1. Your evaluation's returns are a little worse than expected and differ from run to run on the same starts. What did you forget?
# 2. An actor ends in `np.clip(z, -1, 1)` instead of tanh. What is its slope at $z = 1.2$, and why is that worse than tanh at $z = 5$?
# 3. The walk is not reset at an episode's end. With $dt = 1$, how long does the next episode feel it?
# 4. Why is the clipped action stored, and not the action before the noise, $\mu(s)$?
# 5. Your environment's bounds are 0 and 10. In which units is `noise_scale=0.3`, and how large is it in the environment's?

# %% [markdown] fold="Answers"
# 1. To switch the noise off. Noise is for collecting: `predict(obs, deterministic=True)` leaves it out.
# 2. Exactly 0: no gradient passes at all, so that nothing ever brings $z$ back for this state. Tanh passes little, but in the right direction.
# 3. Of what is left of it, a share of $0.85^k$ after $k$ steps: some six steps to $1/e$, which is nothing that a return would show. At
#    $dt = 0.01$ it is all of the episode.
# 4. The reward and the next state are the consequences of what was done. With $\mu(s)$ in its place the critic would learn from pairs
#    that never happened, and would see no two actions in one state: the left picture at the beginning.
# 5. In those of $[-1, 1]$. The half-range is 5, so it is 1.5 in the environment's units.

# %% [markdown]
# ## Remember
#
# - $\nabla_a Q$ is a slope in the action. Without actions beside $\mu(s)$ in the buffer, nothing determines it.
# - OU noise is an AR(1) process with $c = 1 - \theta\,dt$: deviation $\sigma\sqrt{dt/(1 - c^2)}$, memory $-1/\ln c$ steps. Without $dt$ neither is known.
# - Memory helps where a mass has to be moved and no reward guides the way. On Pendulum exploration does not show.
# - Inside, actions are in $[-1, 1]$; one map leads out, per dimension. If it is inside the actor, its half-range is in the chain rule.
# - A saturated tanh passes $4 e^{-2|z|}$ of a gradient. Start the last layer small.
#
# The real code: [`ddpg/noise.py`](../minddpg/ddpg/noise.py), [`ddpg/actions.py`](../minddpg/ddpg/actions.py) and `act` in
# [`ddpg/agent.py`](../minddpg/ddpg/agent.py). Next: [10 · Your DDPG](10_your_ddpg.ipynb).
