# %% [markdown]
# # 00 · First tour: swing up a pendulum
#
# ![Three pendulums side by side: one pushed to one side, one that a new agent moves, one that a trained agent swings up](images/swing_up.gif)
#
# Three pendulums with the same weak motor (orange: its torque). The first is pushed to one side, the second is moved by a
# new agent, the third by a trained one. Nobody told the third one how to swing.
#
# **After this chapter** you have written a policy by hand, trained a DDPG agent that finds one itself, and looked inside
# its networks and its memory. You know the basic terms of reinforcement learning.
#
# **You need** NumPy. For the rest of the course you also need the chain rule.
#
# **Time** {minutes} minutes. **Cost** half a minute of computing.
#
# If a part stays unclear, read on: a later chapter explains it in full (see the [map of the course](README.md)).

# %%
import matplotlib.pyplot as plt
import numpy as np

import minddpg
from minddpg.course.ch00_tour import figures
from minddpg.course.ch00_tour.acting import FullForce, filled_buffer, play
from minddpg.course.ch00_tour.film import film
from minddpg.course.own_code import whose, yours
from minddpg.course.precomputed import precomputed
from minddpg.course.style import use_style
from minddpg.verification.bugs import planted
from minddpg.verification.exact_pendulum import solve

use_style()

# %% [markdown]
# ## The problem, and eleven words
#
# A rod hangs from a pivot, where a motor can turn it. The rod should stand upright. Nobody tells the motor how. It tries,
# and after each try it gets a number that says how good the try was. This is reinforcement learning. Eleven words occur
# throughout the course:
#
# - The **agent** decides. It will be a small neural network that commands the motor.
# - The **environment** is everything else: Gymnasium's `Pendulum-v1`, a simulation in steps of 0.05 s.
# - The **state** $s$ is everything that matters for what happens next: the rod's angle $\theta$ and its speed $\dot\theta$.
#   The angle is measured from upright: 0 is the goal, and $\pm\pi$ is hanging.
# - The **observation** is what the agent sees of the state: $(\cos\theta, \sin\theta, \dot\theta)$. The angle
#   jumps from $\pi$ to $-\pi$ at the bottom. Its cosine and sine do not jump.
# - The **action** $a$ is what the agent does: a torque between −2 and 2 N m.
# - A **policy** is a rule that says what to do in each state.
# - The **reward** $r$ is the number that the environment returns at each step, here minus a cost:
#   $r = -(\theta^2 + 0.1\,\dot\theta^2 + 0.001\,a^2)$.
# - The **return** is the sum of the rewards to come. The agent should make it large, which here means close to 0.
# - An **episode** is one try, from its start to its end. It ends in one of two ways.
# - **Terminated** means that the problem itself is over: a robot has fallen, a game is won. **Truncated** means that
#   a time limit stopped the recording. The pendulum is never terminated. It is truncated after 200 steps, ten seconds.
#
# A line in this form quotes the package's code and names its file (`from_upright` is the angle):
#
# > `reward = -(from_upright**2 + 0.1 * speed**2 + 0.001 * torque**2)` · `verification/exact_pendulum.py`
#
# How weak is the motor? Gravity accelerates the rod by $15 \sin\theta$ rad/s², the motor by at most $3 \cdot 2 = 6$.

# %% [markdown]
# ## Predict
#
# Write down your answers before you read on.
#
# 1. The rod hangs. The motor pushes to one side with full force and never stops. How far up does the rod get?
# 2. An agent that knows nothing learns by trying. How long must it try until it can stand the rod up: some minutes
#    of pendulum time, an hour, a day?
# 3. What is the best possible return of an episode? Can an episode that starts hanging reach it?

# %% [markdown]
# ## A policy by hand
#
# An exercise is a cell with `None` where you write your code. Below it is a check. Run both as they are, and the check
# says *still to do*. Nothing breaks: later cells use the package's code until yours has passed, and then yours. If your
# answer is wrong and the check knows the mistake, it names it. Exercise numbers are names: they do not give the order.

# %% exercise="00.3"

# %% [markdown]
# Now your policy plays. `play` is the loop of an agent and its environment: observe, act, get a reward and the next
# observation. Each episode starts with the rod hanging at rest.

# %%
torque_by_hand = yours("00.3")


class ByHand:
    def predict(self, obs):
        torque = np.ravel(torque_by_hand(*obs.tolist()))
        return np.clip(torque, -2, 2).astype(np.float32), None


class AtRandom:
    rng = np.random.default_rng(0)

    def predict(self, obs):
        return self.rng.uniform(-2, 2, 1), None


policies = {"at random": AtRandom(), "full force": FullForce(), "by hand": ByHand()}
episodes = {name: play(policy) for name, policy in policies.items()}
for name, (angle, _, reward, _) in episodes.items():
    highest = np.degrees(np.pi - np.abs(angle).min())
    print(f"{name:11} return {reward.sum():6.0f}, at most {highest:3.0f}° up from hanging")
film(episodes)

# %% [markdown]
# You knew three things: the energy, the sign of a push, and when to stop. An agent that learns knows none of them.
# For its designer the question is the same, though: which action is good *for what comes later*? The first pushes earn
# nothing at once.

# %% [markdown]
# ## Train
#
# These two lines are the whole training: 6,000 steps on `Pendulum-v1`, half of the default. They take some seconds,
# in a browser half a minute.

# %%
config = minddpg.Config(total_steps=6_000, eval_every=500, eval_episodes=5, seed=0)
run = minddpg.train(config, progress=False)

# %%
episodes["trained"] = play(run.agent)
shown = {f"{name}: return {e[2].sum():.0f}": e[:2] for name, e in episodes.items()}
figures.swing_strip(shown, f"The same start, four policies (by hand: {whose('00.3')})")
plt.show()

# %% [markdown] fold="Answers to the predictions"
# 1. About 49 degrees, not even to the horizontal. Gravity soon outweighs the push, and the rod swings back and forth.
# 2. Some minutes. Here it had five, and it discovered that it must push in time with the swing.
# 3. Zero: upright, at rest, without torque, at every step. An episode that starts hanging cannot reach it, because each
#    step on the way up costs something.

# %% [markdown]
# In the last frames the trained rod may lean a little, and a small torque holds it there. The agent is good, not perfect.
#
# ## The learning curve
#
# During training the agent was evaluated every 500 steps: five episodes from fixed starts, without *noise*. Noise is what
# the agent adds to its actions during training, to try something new. The first 1,000 steps are a warm-up with random
# actions and no learning.
#
# The study `pendulum` has twenty other runs, twice as long; its results are precomputed. Each run has its own *seed*, the
# number that determines all its random draws. For the pendulum the best possible policy is known. So the right panel shows
# the **regret**: how much less an agent earned than the best policy from the same starts.

# %%
STUDIES = "../docs/results"  # in a clone; minddpg study NAME makes such results
LIVE = False  # True reads the study's rows: less than 1 second
seeds = precomputed("ch00/seeds", live=LIVE, results=STUDIES)
best = minddpg.evaluate(solve(101), "Pendulum-v1", episodes=5, seed=run.eval_seed)
figures.learning_curves(run.history, best.mean, seeds)
plt.show()
regret = seeds["exact"] - seeds["returns"][:, -1]
print(f"at the end the twenty have regrets from {regret.min():.1f} to {regret.max():.1f}")

# %% [markdown]
# All twenty learn, and some get worse again for a while. A single run shows *that* something can work, and little more. In
# this course a claim about learning rests on at least five seeds.

# %% [markdown]
# ## What is inside
#
# DDPG stands for *deep deterministic policy gradient*
# ([Lillicrap et al., 2015](https://arxiv.org/abs/1509.02971): from here on, *the paper*). Its policy is **deterministic**:
# it maps each state to one action. DDPG uses two neural networks. A network is a function with some thousand adjustable
# numbers.
#
# - The **actor** is the policy, $a = \mu(s|\theta^\mu)$. The symbol behind the bar stands for its adjustable
#   numbers, its **parameters**. (A $\theta$ without a superscript is still the pendulum's angle.)
# - The **critic** $Q(s, a|\theta^Q)$ estimates a return: what will it be if I do $a$ now, in state $s$, and then follow
#   the actor? Its return is **discounted**: a reward $k$ steps later counts $\gamma^k$, with $\gamma = 0.99$.

# %%
figures.parts()
plt.show()

# %% [markdown]
# Follow the arrows once around.
#
# - The actor picks an action, noise is added, and the environment answers with a reward and a next state $s'$.
# - The **replay buffer** is a memory of such transitions. Learning draws a *batch* from it, a few at random.
# - The critic should predict $y = r + \gamma\, Q'(s', \mu'(s'))$: the observed reward, and a prediction of the rest.
#   This prediction comes from the **targets** $Q'$ and $\mu'$, copies of both networks that follow them slowly. If $y$
#   came from the critic itself, each update of the critic would change $y$ at once.
# - The actor asks the critic one question: in which direction should I change my action? The answer is
#   $\nabla_a Q$, the derivative of the critic's output with respect to the action.

# %% [markdown]
# ## Open a batch
#
# A batch holds N transitions: the observation, the action, the reward, the next observation, and whether the problem
# ended there. For each transition the critic returns one number, $Q(s, a)$, and $\nabla_a Q$ says how that number changes
# with each entry of the action.

# %% exercise="00.1"

# %% [markdown]
# Try a wrong answer, too. Write `"q": (batch_size, 1)` and run the check again. In training, such a column raises no error
# and still ruins the learning. Later cells keep using your earlier, correct answer.
#
# Now the trained agent acts for 400 steps, with its noise, and a replay buffer stores the transitions. We draw a batch of
# eight.
#
# > `replay.add(state.obs, action, reward, next_obs, terminated)` · `training/loop.py`

# %%
agent, replay = run.agent, filled_buffer(run.agent, steps=400)
batch = replay.sample(8, np.random.default_rng(8))
q, cache = agent.critic.forward(batch.obs, batch.action)
dq_da = agent.critic.action_gradient(cache)
shapes = yours("00.1")(8, 3, 1)
figures.open_batch({**batch._asdict(), "q": q, "dq_da": dq_da}, shapes, whose("00.1"))
plt.show()

# %% [markdown]
# Read one row from left to right. `obs` holds cosine, sine and speed. Where the cosine is near 1, the rod is near upright,
# and reward and `q` are near 0. `action` is between −1 and 1: the agent always works with such actions, and one line
# multiplies them by 2 for the motor. The rows come from different moments: the buffer serves to mix them.

# %% [markdown]
# ## Open a network
#
# A network is a row of layers. A **linear layer** multiplies its input by a matrix of *weights* and adds a vector, the
# *bias*. Between two layers, every negative number is set to zero. The actor has layers of sizes (3, 64, 64, 1): three
# numbers in, one action out, and twice 64 numbers, the *hidden units*, in between.

# %% exercise="00.2"

# %% [markdown]
# > `return x @ self.weight + self.bias, x` · `nn/layers.py`

# %%
count = yours("00.2")
counted = f"by {whose('00.2')}: {count((3, 64, 64, 1))}"
print("actor :", agent.actor.theta.size, "parameters;", counted)
print("critic:", agent.critic.theta.size, "parameters")

# %% [markdown]
# ## Open the critic
#
# Here are three states from the trained agent's episode. In each, the critic evaluates 201 actions. The green dot is the
# actor's action. The orange line has the slope at that point, `dq_da`. It is computed by backpropagation, not read off
# the curve. You will derive it.

# %%
moments = {"the start: hanging": 0, "on its way": 22, "arrived": 150}
chosen = episodes["trained"][3][list(moments.values())]  # obs (3, 3)
figures.value_slopes(agent, dict(zip(moments, chosen)))
plt.show()

# %% [markdown]
# Where the slope is positive, the critic predicts a higher return for a larger action. A dot at +1 or −1 cannot go
# further: that is the motor's bound. Training changes the actor's parameters so that all its dots climb these slopes at
# once. The actor never sees a reward.
#
# Look at the scales. When the rod stands, all actions are nearly equally good. The slope is small, so the dot moves slowly.
# At the start the critic's value is closer to 0 than the return of the whole episode, because the critic discounts.

# %% [markdown]
# ## One update
#
# After the warm-up the agent updates itself once at every step, with one batch. Four vectors of parameters change. The
# most important lines are:
#
# > `critic_loss, critic_grad = self.critic_loss(batch, y, forward)` · `ddpg/agent.py`
#
# > `actor_loss, actor_grad = self.actor_loss(batch.obs)` · `ddpg/agent.py`
#
# > `self.target_critic.follow(self.critic, self.config.tau)` · `ddpg/agent.py`
#
# A *loss* is a number to be made small, and `grad` is its derivative with respect to each parameter. The third line moves
# the critic's target 2 % of the way to the critic. A line like it does the same for the actor's target.

# %%
names = ("critic", "actor", "target_critic", "target_actor")
before = {name: getattr(agent, name).theta.copy() for name in names}
agent.update(replay.sample(64, np.random.default_rng(0)))
for name in names:
    moved = np.abs(getattr(agent, name).theta - before[name]).max()
    print(f"{name:14} the largest change of a parameter: {moved:.1e}")

# %% [markdown]
# Tiny steps. Training was 5,000 of them. All of DDPG is in this one method, `update`, on one screen of
# [`ddpg/agent.py`](../minddpg/ddpg/agent.py). The rest of the course explains each of its lines and derives each
# derivative in it.

# %% [markdown]
# ## Break it
#
# The actor should climb $Q$. Code descends $-Q$ instead, and that minus is easily lost. The package can plant such a bug
# inside a `with` block. We train the same agent again, with the same seed, without this minus.
#
# **Predict:** does it crash? What will the rod do: hang, spin, tremble? Will the *critic's* loss be larger or smaller than
# that of the correct agent?

# %%
with planted("actor-sign"):
    broken = minddpg.train(config, progress=False)

pair = {"trained": episodes["trained"], "one minus missing": play(broken.agent)}
shown = {f"{name}: return {e[2].sum():.0f}": e[:2] for name, e in pair.items()}
figures.swing_strip(shown, "Same start, same seed, one sign")
plt.show()
for name, finished in (("correct", run), ("broken", broken)):
    loss = finished.history["train/critic_loss"][-10:].mean()
    print(f"{name:7} critic's loss, mean of the log's last ten rows: {loss:.2f}")

# %% [markdown] fold="What happened"
# Nothing crashed. The agent learned, and learned well: the wrong thing. It looked for the *worst* action in every state. It
# stops the rod's swing and holds it near the bottom, where the reward is lowest.
#
# Its critic's loss is even smaller than that of the correct agent. The critic is right: it predicts well what this policy
# earns. A small critic's loss says that the critic can predict, not that the policy is any good. You would not find this
# bug in the loss curve. A comparison of the loss's derivative with a numerical one finds it in a second.

# %% [markdown]
# > **In a framework** the training is one line, too. There, `loss.backward()` computes all derivatives out of sight. Here
# > each of them is a line of NumPy that you can read and that you will have written yourself.

# %% [markdown]
# ## Quiz
#
# 1. After 200 steps the pendulum's episode ends. Is it terminated or truncated? Is the value of the last state 0?
# 2. One agent's return is −1,300, another's is −130. Which is better, and why can no return be positive here?
# 3. A robot has 17 observation entries and 6 motors. A batch holds 64 transitions. Which shapes have `q` and `dq_da`?
# 4. A friend shows you one learning curve that rises, and says that the new trick works. What else do you want to see?
# 5. The actor sees no reward. How does it learn what is good?

# %% [markdown] fold="Answers"
# 1. Truncated: a time limit stopped it. The value of the last state is not 0, because the rod would keep earning rewards.
# 2. The one with −130. Each reward is minus a sum of squares, so it is at most 0, and so is any sum of them.
# 3. `q` is (64,), one number for each transition. `dq_da` is (64, 6), the shape of the actions.
# 4. Other seeds, at least five, each shown. And the same number of runs without the trick.
# 5. From the critic, which learns from rewards. The slope of $Q$ in the action tells the actor in which direction its
#    action should change. If the critic is wrong, the actor follows it nevertheless.

# %% [markdown]
# ## Remember
#
# - An agent observes, acts, and gets a reward. It should make the return large, the sum of the rewards to come.
# - *Terminated* is an end of the problem, *truncated* an end of the recording.
# - The actor says what to do, the critic says what that is worth, and the actor follows the critic's slope $\nabla_a Q$.
# - The batch is axis 0 of every array, and one number per transition has shape (N,).
# - One seed proves little. A critic's small loss does not show that the policy is good.
#
# The real code: [`ddpg/agent.py`](../minddpg/ddpg/agent.py), [`training/loop.py`](../minddpg/training/loop.py) and
# [`ddpg/replay.py`](../minddpg/ddpg/replay.py). Next: [01 · MDPs, returns, Bellman](01_bellman.ipynb).
