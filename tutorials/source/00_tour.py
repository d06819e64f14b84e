# %% [markdown]
# # 00 · Ten-minute tour
#
# **After this chapter** you have trained a DDPG agent that swings a pendulum up, watched it, and opened every array
# that it is made of. You know the words of reinforcement learning, and which chapter builds which part.
#
# **You need** NumPy. For the rest of the course you also need the chain rule.
#
# **Time** {minutes} minutes: ten to look, ten for two exercises. **Cost** fifteen seconds of computing.
#
# You need not understand everything here. You see the whole machine once, so that you know later what you are
# building. Each part comes back in a chapter of its own.

# %%
import gymnasium as gym
import matplotlib.pyplot as plt
import numpy as np

import minddpg
from minddpg.course.ch00_tour import figures
from minddpg.course.precomputed import precomputed
from minddpg.course.style import BLACK, BLUE, ORANGE, show_seeds, use_style
from minddpg.verification.bugs import planted

use_style()

# %% [markdown]
# ## The problem, and ten words
#
# A rod hangs from a pivot. A motor at the pivot can turn it, but the motor is weak. The rod should stand upright.
# Nobody tells the motor how. It finds out by trying, and each try is followed by a number that says how good it was.
# That is reinforcement learning. These ten words carry the whole course:
#
# - The **agent** decides. Here it will be a small neural network that commands the motor.
# - The **environment** is everything else. Here it is Gymnasium's `Pendulum-v1`, a simulation in steps of 0.05 s.
# - The **state** $s$ is all that matters for what happens next: the rod's angle $\theta$ and its speed $\dot\theta$.
#   We measure the angle from upright, so $\theta = 0$ is the goal and $\theta = \pm\pi$ is hanging.
# - The **observation** is what the agent sees of it: three numbers, $(\cos\theta, \sin\theta, \dot\theta)$. An angle
#   jumps from $\pi$ to $-\pi$ at the bottom, its cosine and sine do not. The observation determines the state, so we
#   use one symbol, $s$, for both.
# - The **action** $a$ is what the agent does: a torque between −2 and 2 N m.
# - The **reward** $r$ is the number that comes back at each step. Here it is a cost with a minus:
#
# $$r = -(\theta^2 + 0.1\,\dot\theta^2 + 0.001\,a^2)$$
#
# > `reward = -(from_upright**2 + 0.1 * speed**2 + 0.001 * torque**2)` · `verification/exact_pendulum.py`
#
# - An **episode** is one try, from a random start to its end.
# - It ends in one of two ways. **Terminated** means that the problem itself is over: a robot has fallen, a game is won.
#   **Truncated** means that somebody stopped the clock. The pendulum is never terminated. It is truncated after 200
#   steps, ten seconds, and would have gone on. Chapter 05 shows why the two must be kept apart.
# - The **return** is the sum of the rewards to come. The agent is to make it large, so here: as little negative as
#   possible.
#
# How weak is the motor? Gravity turns the rod with $15 \sin\theta$ rad/s², the motor with at most $3 \cdot 2 = 6$:
#
# > `acceleration = 1.5 * GRAVITY / LENGTH * np.sin(angle) + 3 / (MASS * LENGTH**2) * torque` · `verification/exact_pendulum.py`

# %% [markdown]
# ## Predict
#
# Write down your answers before you run the next cells.
#
# 1. The rod hangs. The motor pushes with all its force to one side, and never stops. How far up does the rod get?
# 2. An agent that starts from nothing learns by trying. How long must it try until it can stand the rod up: a minute of
#    pendulum time, some minutes, an hour, a day?
# 3. What is the best possible return of an episode? Can an episode that starts hanging reach it?

# %% [markdown]
# ## Train
#
# These two lines are the whole training, on `Pendulum-v1` if nothing else is said. It takes some seconds. 6,000 steps of 0.05 s are five minutes of pendulum time.

# %%
config = minddpg.Config(total_steps=6_000, eval_every=500, eval_episodes=5, seed=0)
run = minddpg.train(config, progress=False)

# %% [markdown]
# ## Watch
#
# This is the loop in which an agent and an environment talk to each other. It is the same for every agent and every
# environment: observe, act, get a reward and the next observation.


# %%
def play(agent, seed=4):
    """Play one episode; return angles, torques and rewards (T,) each, and obs (T, 3)."""
    env = gym.make("Pendulum-v1")
    obs, _ = env.reset(seed=seed)
    terminated = truncated = False
    steps = []
    while not (terminated or truncated):
        action, _ = agent.predict(obs)
        next_obs, reward, terminated, truncated, _ = env.step(action)
        steps.append((np.arctan2(obs[1], obs[0]), action[0], reward, obs))
        obs = next_obs
    return [np.array(column) for column in zip(*steps)]


class FullForce:
    def predict(self, obs):
        return np.array([2.0]), None


bounds = np.array([-2.0]), np.array([2.0])
newborn = minddpg.DDPG(3, *bounds, minddpg.Config(), np.random.default_rng(0))
agents = {"full force": FullForce(), "a new agent": newborn, "trained": run.agent}
episodes = {name: play(agent) for name, agent in agents.items()}
figures.swing_strip(
    {f"{name}: return {e[2].sum():.0f}": (e[0], e[1]) for name, e in episodes.items()}
).suptitle("The same start, three agents. Orange: the torque, if over 0.1 N m")
plt.show()

# %% [markdown] fold="Answers to the predictions"
# 1. Not even to the horizontal. The first row shows it: the rod swings to the side, comes back, and swings again.
#    Force alone does not do it. The trained agent pushes one way, then the other, in time with the
#    swing, as you do on a swing in a playground. Nobody told it that.
# 2. Some minutes. It had five here.
# 3. Zero: upright, at rest, without torque, at every step. From hanging that cannot be reached, since each step on the
#    way up costs something.

# %% [markdown]
# Look at the last frames of the trained agent. Depending on your run, the rod leans a little, and a small torque holds it
# there. The agent is good, not perfect. How good could it be? For this problem the best possible policy is known, and
# chapter 01 computes it.

# %% [markdown]
# ## The learning curve
#
# During training the agent was evaluated every 500 steps: five episodes from fixed starts, without *noise*, the random
# changes by which its actions try something new. The first 1,000 steps are a warm-up: random actions, and no learning. On the right are twenty other runs, each with its own seed, the number that all its random draws come
# from. They are precomputed, by
# `minddpg study pendulum`, because they take minutes. One line reads what was precomputed.

# %%
STUDIES = "../docs/results"  # of a clone; minddpg study NAME makes such results
LIVE = False  # True reads the study's rows: less than 1 second
seeds = precomputed("ch00/seeds", live=LIVE, results=STUDIES)

# %%
steps, evaluated = run.history["time/total_timesteps"], run.history["eval/mean_reward"]
measured = np.isfinite(evaluated)  # rows of the log without an evaluation hold NaN
figure, panels = plt.subplots(1, 2, sharey=True)
panels[0].plot(steps[measured], evaluated[measured], "o-", color=BLUE, markersize=3)
panels[0].set(title="Your run: one seed", ylabel="return of an episode")
label = "each seed; strong: median"
show_seeds(panels[1], seeds["steps"], seeds["returns"], label, ORANGE)
best = seeds["exact"].mean()
panels[1].axhline(best, color=BLACK, linestyle=":", label=f"best possible: {best:.0f}")
panels[1].set(title="Twenty seeds, 12,000 steps")
panels[1].legend()
figure.supxlabel("environment steps", fontsize=9)
figure.suptitle("Nothing for a while, then a steep rise")
plt.show()
ends = seeds["returns"][:, -1]
print(f"your run ends at {evaluated[measured][-1]:.0f}")
print(f"the twenty end between {ends.min():.0f} and {ends.max():.0f}")

# %% [markdown]
# The rise is what one hopes for. The falls are worth a look, too: some of the twenty are worse at one evaluation
# than at the one before. A
# single run shows *that* something can work, and little more. In this course a claim about learning rests on five seeds
# at least. (The ends differ for another reason as well: each seed is measured from its own starts, and hanging
# starts cost more than upright ones. The dotted line is the mean over all of their starts, so a run with easy starts may end above it.)

# %% [markdown]
# ## What is inside
#
# DDPG stands for *deep deterministic policy gradient* (Lillicrap et al., 2015: from here on, *the paper*). A **policy** is a rule that says what to do in each state. DDPG's
# is **deterministic**: to a state it gives one action and not a choice. Two neural networks, functions with some thousand
# adjustable numbers, do the work.
#
# - The **actor** is the policy, $a = \mu(s|\theta^\mu)$. The symbol behind the bar, $\theta^\mu$, stands for all of its
#   adjustable numbers, its **parameters**.
# - The **critic** $Q(s, a|\theta^Q)$ estimates a return: what will it be if I do $a$ now, in state $s$, and then follow
#   the actor?
#
# (Two meanings of $\theta$ meet here, because both are standard: with a superscript it is a network's parameters, without
# one it is the pendulum's angle.)

# %%
figures.parts()
plt.show()

# %% [markdown]
# Follow the arrows once around. The actor picks an action, noise is added so that it tries something new, the environment
# answers. The transition goes into the **replay buffer**, a memory. From there batches are drawn. The critic learns from
# them to predict returns. The actor asks the critic one question, *in which direction should I change my action?*, and
# follows. The answer is $\nabla_a Q$, the derivative of the critic's output by the action. The **targets** are slow copies
# of both networks. They say what the critic should have said, $y$; being slow, they keep the learning stable.

# %% [markdown]
# ## Exercises, and how their checks work
#
# An exercise is a cell with `None` where your code belongs. Below it is a check. Run both as they are, and the check says
# *still to do*. Nothing breaks: the cells after it use the package's own code, so you may read on and come back. Write a
# wrong answer, and the check compares it with the reference. If it knows your mistake, it names it.
#
# The first exercise is about shapes. N transitions make a **batch**. Each is one step of some episode: what was observed,
# what was done, what it earned, what was observed next, and whether the problem ended there. An observation has S entries,
# an action has A. The critic says one number for each transition, $Q(s, a)$, and its derivative by the action,
# $\nabla_a Q$, says how that number changes with each entry of the action.

# %% exercise="00.1"

# %% [markdown]
# Try a wrong answer, too. Write `"q": (batch_size, 1)` and run the check again. A column instead of a row
# raises no error in a training run. It ruins the learning all the same, and you meet it in chapter 05.

# %% [markdown]
# ## Open a batch
#
# Here the trained agent acts for 400 steps, with its noise, and a replay buffer keeps what happened. The clock is set to
# 40 steps an episode, so that we see more of the swinging up. Then we draw a batch of eight, ask the critic about them,
# and look.
#
# > `replay.add(state.obs, action, reward, next_obs, terminated)` · `training/loop.py`

# %%
agent, env = run.agent, gym.make("Pendulum-v1", max_episode_steps=40)
replay = minddpg.ReplayBuffer(capacity=1_000, obs_dim=3, action_dim=1)
obs, _ = env.reset(seed=0)
for step in range(400):
    action = agent.act(obs, explore=True)
    next_obs, reward, terminated, truncated, _ = env.step(agent.action_box.to_env(action))
    replay.add(obs, action, reward, next_obs, terminated)
    obs = env.reset(seed=step)[0] if truncated else next_obs

batch = replay.sample(8, np.random.default_rng(8))
q, cache = agent.critic.forward(batch.obs, batch.action)
dq_da = agent.critic.action_gradient(cache)
figures.open_batch({**batch._asdict(), "q": q, "dq_da": dq_da})
plt.show()

# %% [markdown]
# Read one row from left to right. The first two entries of `obs` are cosine and sine, the third is the speed. Where the
# cosine is near 1 the rod is near upright, and reward and `q` are near 0. `action` is between −1 and 1: inside the
# agent all actions are, and one line maps them to the motor's ±2 N m. `terminated` is False everywhere, as it must be here.
# The rows have nothing to do with each other: they come from different moments, and that is what the buffer is for.

# %% [markdown]
# ## Open a network
#
# A network is a row of layers. A **linear layer** multiplies its input by a matrix of *weights* and adds a vector, the
# *bias*:
#
# > `return x @ self.weight + self.bias, x` · `nn/layers.py`
#
# Between two layers, everything negative is set to zero. Chapter 04 says why, and you write all of it there. Here we only
# count. The actor has layers of sizes (3, 64, 64, 1): three numbers in, one action out, and twice 64 numbers, the *hidden
# units*, in between.

# %% exercise="00.2"

# %% [markdown]
# A framework keeps these arrays apart, in objects inside objects. Here they are all windows (NumPy calls them *views*) onto
# one vector, $\theta^\mu$. Whoever changes the vector changes the network.

# %%
views = {}
for i, layer in enumerate(agent.actor.mlp.linears, 1):
    views |= {f"weight {i}": layer.weight, f"bias {i}": layer.bias}
figures.flat_vector(agent.actor.theta, views)
plt.show()

first = agent.actor.mlp.linears[0].weight
before, agent.actor.theta[0] = agent.actor.theta[0], 100.0
print("theta[0] is set to 100, and weight 1 [0, 0] is", first[0, 0])
agent.actor.theta[0] = before
print("they share memory:", np.shares_memory(first, agent.actor.theta))

# %% [markdown]
# That is why in this package a step of learning, a copy, a saved file and a check of all derivatives are about one vector,
# and one line each.

# %% [markdown]
# ## Open the critic's opinion
#
# Three states from the episode that you watched. In each, the critic is asked about 201 actions. The green dot is what the
# actor does, the orange line is the slope there, `dq_da`. It comes out of a formula and not out of the curve. You will
# derive it.

# %%
moments = {"the start": 0, "on its way": 22, "arrived": 150}
actions = np.linspace(-1, 1, 201, dtype=np.float32)[:, None]
chosen = episodes["trained"][3][list(moments.values())]  # obs (3, 3)
mu, _ = agent.actor.forward(chosen)
q, cache = agent.critic.forward(chosen, mu)
dq_da = agent.critic.action_gradient(cache)
curves = {
    name: agent.critic.forward(np.repeat(obs[None], 201, axis=0), actions)[0]
    for name, obs in zip(moments, chosen)
}
figures.value_slopes(actions[:, 0], curves, mu[:, 0], q, dq_da[:, 0])
plt.show()

# %% [markdown]
# Where the slope is positive, a larger action would be worth more, in the critic's opinion. A dot that is at +1 already
# cannot go further: that is the motor's bound. During training the actor's parameters are moved so that its dots
# climb these slopes, all dots at once. It learns from the slopes and from nothing else. It never sees a reward.
#
# Now look at the axis on the right. There, the whole curve spans about one unit, and in the other states many. When the rod
# stands, no action matters much, and the critic's opinion is no smooth hill: its corners are where a hidden unit
# switches on or off. The dot need not be on top of it. That is one reason why the rod leans.

# %% [markdown]
# ## One update
#
# After every step of the environment the agent updates itself once, with one batch. Four vectors move, by these lines:
#
# > `critic_loss, critic_grad = self.critic_loss(batch, y, forward)` · `ddpg/agent.py`
#
# > `actor_loss, actor_grad = self.actor_loss(batch.obs)` · `ddpg/agent.py`
#
# > `self.target_critic.follow(self.critic, self.config.tau)` · `ddpg/agent.py`
#
# A *loss* is a number to be made small, and `grad` is its derivative by each parameter. The first line is the critic's,
# the second the actor's. The third lets the critic's target follow it by two hundredths of the distance, and a line like it
# does so for the actor's.

# %%
names = ("critic", "actor", "target_critic", "target_actor")
before = {name: getattr(agent, name).theta.copy() for name in names}
agent.update(replay.sample(64, np.random.default_rng(0)))
for name in names:
    theta = getattr(agent, name).theta
    moved = np.abs(theta - before[name]).max()
    print(f"{name:14} {theta.size:5} parameters, the largest change of one: {moved:.1e}")

# %% [markdown]
# Tiny steps. Training was 5,000 of them. All of DDPG is in this one method, `update`, on one screen of
# [`ddpg/agent.py`](../minddpg/ddpg/agent.py). The rest of the course is about why it is what it is, and about each
# derivative in it.

# %% [markdown]
# ## Break it
#
# The actor should climb $Q$. In code one descends $-Q$, and that minus is easily lost. The package has a set of such bugs,
# and can plant one for as long as a block lasts. We train the same agent again, same seed, with this minus missing.
#
# **Predict:** does it crash? What will the rod do: hang, spin, tremble? Will the *critic's* loss be larger or smaller than
# that of the correct agent?

# %%
with planted("actor-sign"):
    broken = minddpg.train(config, progress=False)

played = play(broken.agent)
figures.swing_strip(
    {
        f"trained: return {episodes['trained'][2].sum():.0f}": episodes["trained"][:2],
        f"one minus missing: return {played[2].sum():.0f}": played[:2],
    }
).suptitle("Same start, same seed, one sign")
plt.show()
for name, each in (("correct", run), ("broken", broken)):
    loss = each.history["train/critic_loss"][-10:].mean()
    print(f"{name:7} critic's loss, mean of the log's last ten rows: {loss:.2f}")

# %% [markdown] fold="What happened"
# Nothing crashed. The agent learned, and learned well: the wrong thing. It looked for the *worst* action in every state. It
# stops the rod's swing and holds it near the bottom, where the reward is lowest. An agent that does nothing earns more.
#
# Its critic's loss does not give it away. The critic is right: it predicts well what this policy earns. A small critic's loss
# says that the critic can predict, not that the policy is any good. From the loss curve alone you would not find this
# bug. With the derivative of the loss checked against a numerical one (chapter 03) you find it in a second. Other bugs
# leave even the learning curve intact. Chapter 11 has 42 of them.

# %% [markdown]
# > **In a framework** the training is one line, too. The difference is what you find when you look inside. There,
# > `loss.backward()` computes all derivatives out of sight. Here every one is a line of NumPy that you can read, and that
# > you will have written yourself.

# %% [markdown]
# > **On scale.** Actions inside the agent are in [−1, 1], observations are of about size 1 (the speed reaches 8), rewards
# > lie between about −16 and 0. The settings of this course fit such numbers. An environment with rewards in the thousands
# > needs them scaled first.

# %% [markdown]
# ## The course
#
# | chapter | you write | core |
# | --- | --- | --- |
# | 00 · Ten-minute tour | shapes | ● |
# | [01 · MDPs, returns, Bellman](01_bellman.ipynb) | returns, Bellman backups; the exact solution | ● |
# | [02 · Q-learning, and why the argmax fails](02_q_learning.ipynb) | Q-learning | |
# | [03 · Gradient checking as a craft](03_gradient_checks.ipynb) | the judge of all your derivatives | ● |
# | [04 · Backprop by hand](04_backprop.ipynb) | layers, forward and backward | ● |
# | [05 · The critic](05_critic.ipynb) | target, loss, Adam | ● |
# | [06 · The deterministic policy gradient](06_policy_gradient.ipynb) | $\nabla_a Q$, and the actor's gradient | ● |
# | [07 · The replay buffer](07_replay.ipynb) | the memory | ● |
# | [08 · Target networks](08_targets.ipynb) | the slow copies | ● |
# | [09 · Exploration and action bounds](09_exploration.ipynb) | noise, action bounds | |
# | [10 · Your DDPG](10_your_ddpg.ipynb) | all of it together: your agent swings up | ● |
# | [11 · The bug zoo](11_bug_zoo.ipynb) | diagnoses of sick agents | |
# | [12 · The paper to the letter, and what came after](12_paper_and_after.ipynb) | batch normalisation, TD3 | |
#
# The core path is one long day. The others can wait, and each says what it needs.

# %% [markdown]
# ## Quiz
#
# 1. After 200 steps the pendulum's episode ends. Is it terminated or truncated? Is the rod's future worth nothing from there?
# 2. One agent's return is −1,300, another's is −130. Which is better, and why can no return be positive here?
# 3. A robot has 17 observation entries and 6 motors. A batch holds 64 transitions. Which shapes have `q` and `dq_da`?
# 4. A friend shows you one learning curve that rises, and says that the new trick works. What do you ask for?
# 5. The actor sees no reward. How does it learn what is good?

# %% [markdown] fold="Answers"
# 1. Truncated: a clock stopped it. The rod goes on as before, and its future is worth as much as at any other step.
# 2. The one with −130. Each reward is minus a sum of squares, so it is at most 0, and so is any sum of them.
# 3. `q` is (64,), one number for each transition. `dq_da` is (64, 6), the shape of the actions.
# 4. Other seeds: five at least, each shown. And the same number of runs without the trick.
# 5. From the critic, which learns from rewards. The critic's slope by the action tells the actor in which direction its
#    action should change. If the critic is wrong, the actor follows it all the same.

# %% [markdown]
# ## Remember
#
# - An agent observes, acts, and gets a reward; it is to make the return, the sum of the rewards to come, large.
# - *Terminated* is an end of the problem, *truncated* an end of the recording.
# - The actor says what to do, the critic says what that is worth, and the actor follows the critic's slope $\nabla_a Q$.
# - The batch is axis 0 of every array, and one number per transition has shape (N,).
# - A return from one seed proves little, and a small loss proves less.
#
# The real code: [`ddpg/agent.py`](../minddpg/ddpg/agent.py), [`training/loop.py`](../minddpg/training/loop.py) and
# [`ddpg/replay.py`](../minddpg/ddpg/replay.py). Next: [01 · MDPs, returns, Bellman](01_bellman.ipynb).
