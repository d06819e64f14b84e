# %% [markdown]
# # 04 · Backprop by hand
#
# **After this chapter** you have written a neural network's forward and backward pass, with every
# derivative your own, and you know why a gradient has the shape that it has.
#
# **You need** NumPy's `@` and broadcasting, the chain rule, and chapter 03's idea: a numerical
# derivative is a judge.
#
# **Time** {minutes} minutes. **Cost** ten seconds of computing.
#
# You will meet B, the number of examples in a batch, and I, H and O, the sizes of input, hidden layer
# and output.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg.course.ch04_backprop import figures
from minddpg.course.style import BLUE, ORANGE, use_style
from minddpg.nn import MLP, ReLU
from minddpg.nn.gradcheck import check_gradient

use_style()

# %% [markdown]
# ## Predict
#
# A linear layer computes $z = x W + b$ for five examples at once: $x$ is (5, 3), $W$ is (3, 4), $b$ is (4,).
# A loss $L$ is one number. Write down, before you read on:
#
# 1. the shapes of $\partial L/\partial W$, $\partial L/\partial b$ and $\partial L/\partial x$;
# 2. which of the three is a sum over the five examples.

# %% [markdown]
# ## One layer, two directions
#
# Forward, a layer maps an input to an output:
#
# $$z = x W + b$$
#
# > `x @ self.weight + self.bias` · `nn/layers.py`
#
# Its `forward` returns two things. The second one, the *cache*, is what it will need on the way back. Here that is $x$. (Your
# functions below have no `self` that holds $W$, so they keep it in the cache, too.)
#
# Backward, the question is another one. Somebody further on computed a loss $L$ from $z$, and tells you
# how $L$ would change with each entry of $z$. That is $\partial L/\partial z$, an array with the shape of $z$.
# In code we call it `grad_z`: *the gradient of L with respect to z*, never "the gradient of z". From it you make
# the gradients of everything that went into $z$.
#
# Take one entry, $z_{ko} = \sum_i x_{ki} W_{io} + b_o$, of example $k$. The weight $W_{io}$ moves $z_{ko}$ at the rate
# $x_{ki}$, and it does so in every example. The chain rule multiplies along each way and adds over all ways:
#
# $$\frac{\partial L}{\partial W_{io}} = \sum_k x_{ki} \frac{\partial L}{\partial z_{ko}}
# \qquad\text{that is}\qquad \frac{\partial L}{\partial W} = x^\top \frac{\partial L}{\partial z}$$
#
# > `x.T @ grad_z` · `nn/layers.py`
#
# The sum over $k$ is not a choice. One $W$ serves all five examples, so $L$ depends on it in five ways. The same holds
# for the bias, $\partial L/\partial b_o = \sum_k \partial L/\partial z_{ko}$:
#
# > `grad_z.sum(axis=0)` · `nn/layers.py`
#
# It does not hold for the input: $x_{ki}$ belongs to example $k$ alone. There it moves every $z_{ko}$, at the rate
# $W_{io}$, so the sum is over $o$:
#
# $$\frac{\partial L}{\partial x_{ki}} = \sum_o \frac{\partial L}{\partial z_{ko}} W_{io}
# \qquad\text{that is}\qquad \frac{\partial L}{\partial x} = \frac{\partial L}{\partial z} W^\top$$
#
# **A rule that finds most mistakes:** $\partial L/\partial v$ has the shape of $v$. Write the shapes below the
# factors and there is usually one product that fits.

# %% [markdown] fold="Answer to the prediction"
# $\partial L/\partial W$ is (3, 4), $\partial L/\partial b$ is (4,), $\partial L/\partial x$ is (5, 3): each has the
# shape of what it belongs to. The first two are sums over the five examples, since all five share $W$ and $b$.
# The third is not: every example has its own row of $x$.


# %% exercise="04.1"

# %% [markdown]
# The check did not compare your gradients with a stored answer. It called *your* `linear_forward` twice
# for each number in x, W and b, with that number slightly changed, and looked how the loss changed. So it judges whether your backward fits your
# forward. If both were wrong in the same way it would notice nothing, which is why it also compares $z$.

# %% [markdown]
# ## Between the layers: a function of each number
#
# Two linear layers in a row are one linear layer. What makes a network of them is a bent function in between, applied
# to each number alone. ReLU keeps what is positive,
#
# $$y = \max(z, 0), \qquad \frac{\partial y}{\partial z} = \begin{cases}1 & z > 0\\ 0 & \text{else}\end{cases}$$
#
# > `(z.real > 0).astype(z.real.dtype)` · `nn/layers.py`
#
# (`.real` is for chapter 03's complex step), and tanh squeezes everything between −1 and 1,
#
# $$y = \tanh z, \qquad \frac{\partial y}{\partial z} = 1 - \tanh^2 z = 1 - y^2$$
#
# > `grad_y * (1 - y * y)` · `nn/layers.py`
#
# Since entry $i$ of $y$ depends on entry $i$ of $z$ alone, the chain rule is a product entry by entry:
# $\partial L/\partial z = \partial L/\partial y \cdot$ slope.

# %%
z = np.linspace(-3, 3, 301)
figure, panels = plt.subplots(1, 2, sharex=True)
for axes, name, y, slope in (
    (panels[0], "ReLU", np.maximum(z, 0), (z > 0).astype(float)),
    (panels[1], "tanh", np.tanh(z), 1 - np.tanh(z) ** 2),
):
    axes.plot(z, y, color=BLUE, label="y")
    axes.plot(z, slope, color=ORANGE, linestyle="--", label="slope dy/dz")
    axes.set(title=name, xlabel="z", ylim=(-1.2, 2.2))
    axes.legend()
figure.suptitle("What passes forward, and what passes back")
plt.show()

# %% [markdown]
# Look at the dashed lines. Where ReLU is off, nothing passes back: those weights learn nothing from this example. Where
# tanh is flat, almost nothing does. An actor whose tanh sits at $\pm 1$ for every state hardly learns any more. It is
# called *saturated*, and chapter 09 comes back to it.


# %% exercise="04.2"

# %% exercise="04.3"

# %% [markdown]
# ## A network, forward and in reverse
#
# Now put layers in a row. This one is an actor as you will use it: linear, ReLU, linear, tanh. Forward goes from left to
# right, and each layer leaves its cache behind. Backward goes from right to left, and each layer picks its cache up. One
# such walk serves all parameters, since it starts at the one number $L$. From the left, each parameter would need its own.

# %%
figures.forward_and_reverse()
plt.show()

# %% [markdown]
# In `minddpg` the walk back is a loop over the layers in reverse:
#
# > `for i in reversed(range(len(layers))):` · `nn/mlp.py`
#
# Why is the gradient of the *input* worth keeping? In an ordinary network nobody reads it. In DDPG it is the heart. The
# critic's input is an observation and an action, and the gradient of its output by that action is what the actor learns
# from. You will meet it as $\nabla_a Q$ in chapter 06. It is nothing but the `grad_x` that you write now.


# %% exercise="04.4"

# %% [markdown]
# ## See the gradient flow
#
# Here is a batch of 24 examples on its way back through a network of three linear layers. Read it from right to left, as
# the gradient goes. Each row of an image is an example, each column a unit. Red is positive, blue negative, white zero.

# %%
rng = np.random.default_rng(4)
mlp = MLP((6, 20, 16, 2), output="tanh", rng=rng, dtype="float64", final_layer_scale=None)
x = rng.standard_normal((24, 6))
y, caches = mlp.forward(x)
grad = y - np.sign(x[:, :2])  # of half the squared distance from a target
flow = [("loss\n∂L/∂y", grad)]
for layer, cache in zip(mlp.layers[::-1], caches[::-1]):
    grad, _ = layer.backward(grad, cache)
    flow.append((f"through\n{type(layer).__name__}", grad))
figures.gradient_flow(flow)
plt.show()

for name, array in flow:
    if "ReLU" in name:
        zeros = 100 * (array == 0).mean()
        print(f"through a ReLU: {zeros:.0f} % of the entries are exactly 0")

# %% [markdown]
# Two things to see. Each ReLU tears white gaps: an example teaches a unit nothing if that unit was off. And the linear
# layer that comes next on the way back closes them, since $W^\top$ mixes all its units.

# %% [markdown]
# ## Where a network starts
#
# All weights zero would make all units of a layer alike, for ever. Weights that are too large saturate the tanh and
# make sums explode. The paper draws each layer's weights and biases from
#
# $$U\!\left(-\tfrac{1}{\sqrt{f}},\ \tfrac{1}{\sqrt{f}}\right), \qquad f = \text{the layer's number of inputs, its fan-in}$$
#
# > `part[:] = rng.uniform(-bound, bound, part.shape)` · `nn/mlp.py`
#
# Inputs of size 1 with such weights and mixed signs add up to about $\sqrt f \cdot 1/\sqrt f = 1$, whatever $f$ is. The
# *last* layer is an exception: $\pm 0.003$, so that a new actor says almost 0 and a new critic says almost 0, everywhere. Chapter 05 shows what that is
# good for.


# %% exercise="04.5"

# %% [markdown]
# > **On scale.** The bound keeps signals from growing on their way through layers of any width. It cannot know the size
# > of your *inputs*. An observation with entries in the thousands makes every hidden unit huge. Observations of about
# > size 1, rewards that are not in the thousands, actions in [−1, 1]: three scalings that decide whether the same code
# > learns.

# %% [markdown]
# ## Break it
#
# Below, the package's `MLP` is checked as a whole. It keeps all weights and biases in one vector, `theta`, whose gradient
# is compared with the complex step's. Then its ReLU is broken: backward passes as if ReLU were not there.
#
# **Predict:** is the error large or small? Are *all* entries of the gradient wrong? Which layer's would still be right?


# %%
def loss_of(theta):
    # the same network on other parameters
    twin = MLP((6, 20, 16, 2), output="tanh", theta=theta)
    return (0.5 * (twin.forward(x)[0] - np.sign(x[:, :2])) ** 2).sum()


def gradient():
    y, caches = mlp.forward(x)
    return mlp.backward(y - np.sign(x[:, :2]), caches)[1]


print(check_gradient(loss_of, mlp.theta, gradient(), method="complex"))

right, kept = gradient(), ReLU.backward
ReLU.backward = lambda self, grad_y, slope, *_: (grad_y, ())
try:
    print(check_gradient(loss_of, mlp.theta, gradient(), method="complex"))
    wrong = gradient()
finally:
    ReLU.backward = kept

ends = np.cumsum([layer.weight.size + layer.bias.size for layer in mlp.linears])
parts = np.split(np.abs(wrong - right), ends[:-1])
for name, part in zip(("first", "second", "third"), parts):
    print(f"{name:6} layer: {100 * (part > 1e-12).mean():3.0f} % of its entries are wrong")

# %% [markdown] fold="What happened"
# The error is of the size of the gradient itself. But the last layer's gradient is untouched: it is computed before the
# walk back meets a ReLU. A bug in one layer's backward leaves the gradients between it and the loss right, so a gradient that is
# right in the last layer and wrong in the first tells you where to look. An agent with this bug in it does not learn
# Pendulum at all. With other bugs it does, which is worse: chapter 11.

# %% [markdown]
# > **In a framework** `loss.backward()` walks the same graph and stores each result in `parameter.grad`. It adds to what
# > is there, hence `optimizer.zero_grad()`. There is no cache in sight, since the framework keeps every intermediate array
# > for you. `with torch.no_grad()` tells it not to. The arithmetic is what you have just written.

# %% [markdown]
# ## Quiz
#
# 1. `grad_bias = grad_z.mean(axis=0)`: the agent still learns Pendulum. Why is it wrong all the same?
# 2. Why does `backward` return the sum over the batch and not the mean, when the loss is a mean?
# 3. In a network whose hidden units are all off for some example, what does that example contribute to
#    $\partial L/\partial W_1$? To $\partial L/\partial b_2$?
# 4. Why must a layer's cache not be stored in the layer itself, in an algorithm that runs one network twice?

# %% [markdown] fold="Answers"
# 1. The bias's gradient is too small by the factor B, while the weights' is right. The optimiser Adam divides by a
#    gradient's own size and hides the factor, so that the curve looks fine. It is still not the gradient of the loss.
# 2. The factor 1/B belongs to the loss. It arrives in `grad_y` already, and a second one would be wrong. In `minddpg` it
#    is written in exactly one line of each loss.
# 3. Nothing to $\partial L/\partial W_1$: each way to the loss leads through a hidden unit with slope 0. Its usual share to
#    $\partial L/\partial b_2$: that way does not pass the hidden units.
# 4. The second forward would overwrite what the first one's backward still needs. DDPG does that in every update: the
#    critic runs on the replayed actions, and then on the actor's.

# %% [markdown]
# ## Remember
#
# - A gradient has the shape of what it belongs to. Check that first.
# - Parameters are shared by the batch: their gradients are sums over it. Inputs are not shared.
# - An activation's slope is taken at its input; tanh's can be written in its output.
# - Backward visits the layers in reverse, and each hands on the gradient of its input.
# - That input gradient is what DDPG's actor will learn from.
#
# The real code: [`nn/layers.py`](../minddpg/nn/layers.py) and [`nn/mlp.py`](../minddpg/nn/mlp.py). Next:
# [05 · The critic](05_critic.ipynb).
