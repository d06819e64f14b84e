# %% [markdown]
# # 04 · Backprop by hand
#
# **After this chapter** you have written and trained a neural network, with every derivative coded by hand. You
# know why a gradient has the shape that it has, and how to find the line that is wrong.
#
# **You need** NumPy's `@` and broadcasting, the chain rule, and chapter 03's idea: a numerical
# derivative can check any gradient.
#
# **Time** {minutes} minutes. **Cost** ten seconds of computing.
#
# B is the number of examples in a batch; I, H and O are the sizes of input, hidden layer and output.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg.course.ch04_backprop import chain, figures
from minddpg.course.own_code import whose, yours
from minddpg.course.style import use_style

use_style()

# %% [markdown]
# ## Predict
#
# Write down, with a pencil:
#
# 1. Let $q = (w x + b) \cdot w x$ with $w = 3$, $x = 2$ and $b = -5$, so that $q = 6$. By how much does $q$
#    grow, roughly, if $w$ grows by 0.01?
# 2. A linear layer computes $z = x W + b$ for five examples at once: $x$ is (5, 3), $W$ is (3, 4), $b$ is (4,).
#    A loss $L$ is one number. What are the shapes of $\partial L/\partial W$, $\partial L/\partial b$ and
#    $\partial L/\partial x$?
# 3. Which of these three is a sum over the five examples?

# %% [markdown]
# ## A graph of numbers
#
# Split $q$ into steps that do one thing each:
#
# $$a = w x, \qquad z = a + b, \qquad q = z\, a$$

# %%
figures.scalar_graph()
plt.show()

# %% [markdown]
# The orange number below each value is the derivative of $q$: how much $q$ changes per unit of that value. Work from
# right to left. Three rules give a box's number from those of the boxes that its arrows lead to:
#
# - **A product passes the gradient on times the other factor.** $q = z\, a$ grows with $z$ at the rate $a$, so
#   $\partial q/\partial z = 6$.
# - **A sum passes it on.** $z = a + b$ grows as fast as $b$ does, so $\partial q/\partial b = \partial q/\partial z = 6$.
# - **A fork adds.** $a$ is used twice. Directly, $q$ grows with it at the rate $z = 1$; through $z$, at the rate 6.
#   Both happen at once, so $\partial q/\partial a = 1 + 6 = 7$.
#
# The product rule once more gives $\partial q/\partial w = 7 x = 14$. Multiply the slopes on the arrows along each path, and
# add over all paths: that is the chain rule. One pass from right to left gives the derivatives
# with respect to *all* inputs, and for a network it costs about two forward passes, whether there are three
# parameters or a million. A pass from left to right gives the effect of one parameter only. The pass from right to left
# is called *backpropagation* ([Rumelhart, Hinton and Williams 1986](https://doi.org/10.1038/323533a0)).

# %% [markdown]
# ## One layer, two directions
#
# Forward, a linear layer maps B examples at once:
#
# $$z = x W + b$$
#
# It returns $z$ and a *cache*, which holds what the backward pass will need: here $x$ and $W$.
#
# Backward, the layer receives $\partial L/\partial z$ from the layers after it: how the loss $L$ changes with each entry of
# $z$. This array has the shape of $z$. In code it is `grad_z`, *the gradient of L with respect to z*. From it the layer
# computes the gradients of everything that went into $z$.
#
# Take one entry, $z_{ko} = \sum_i x_{ki} W_{io} + b_o$, of example $k$. All B examples use $W_{io}$,
# so it is a fork with B paths. Add over them:
#
# $$\frac{\partial L}{\partial W_{io}} = \sum_k x_{ki} \frac{\partial L}{\partial z_{ko}}
# \qquad\text{and}\qquad \frac{\partial L}{\partial b_o} = \sum_k \frac{\partial L}{\partial z_{ko}}$$
#
# The input $x_{ki}$ belongs to example $k$ alone, but every output $o$ of that example uses it:
#
# $$\frac{\partial L}{\partial x_{ki}} = \sum_o \frac{\partial L}{\partial z_{ko}} W_{io}$$
#
# Each sum is one line of NumPy, and one rule finds most mistakes: **$\partial L/\partial v$
# has the shape of $v$.** Write the shapes below the factors, and usually only one product fits.
# [The mathematics](../docs/mathematics.md#a-linear-layer) has the full derivation.

# %% [markdown] fold="Answers to the prediction"
# 1. By about 0.14: the figure's $\partial q/\partial w = 14$, times 0.01. Exactly it is $1.02 \cdot 6.02 - 6 = 0.1404$.
# 2. $\partial L/\partial W$ is (3, 4) like $W$, $\partial L/\partial b$ is (4,) like $b$, and $\partial L/\partial x$ is
#    (5, 3) like $x$.
# 3. The first two, since all five examples share $W$ and $b$. The third is not: every example has its own row of $x$.


# %% exercise="04.1"

# %% [markdown]
# In the package, the gradients of $W$ and $b$ are one line:
#
# > `grad_theta = (x.T @ grad_z, grad_z.sum(axis=0)) if wrt_theta else ()` · `nn/layers.py`
#
# The check changed each number in $x$, $W$ and $b$ a little, called *your* `linear_forward`, and looked at how the loss
# changed. So it judges whether your backward fits your forward. It also ran your forward on other data before it
# called backward, so the cache must hold everything that backward needs.

# %% [markdown]
# ## Between the layers: a function of each number
#
# Two linear layers in a row are one linear layer, $x (W_1 W_2)$. A network needs something between them that is not linear,
# an *activation*. It is applied to each number separately. ReLU keeps what is positive:
#
# $$y = \max(z, 0), \qquad \frac{\partial y}{\partial z} = \begin{cases}1 & z > 0\\ 0 & \text{else}\end{cases}$$
#
# The hyperbolic tangent squeezes every number between −1 and 1. An actor ends with it, because actions have bounds:
#
# $$y = \tanh z, \qquad \frac{\partial y}{\partial z} = 1 - \tanh^2 z = 1 - y^2$$
#
# Each entry of $y$ depends on one entry of $z$, so the chain rule is a product entry by entry:
# $\partial L/\partial z = \partial L/\partial y \cdot \partial y/\partial z$.

# %%
figures.activations()
plt.show()

# %% [markdown]
# Where ReLU is off, nothing passes back, and the weights before it learn nothing from this example.
# Where tanh is flat, almost nothing passes. An actor whose output is near $\pm 1$ in every state hardly learns any more: it
# is *saturated*.


# %% exercise="04.2"

# %% exercise="04.3"

# %% [markdown]
# ReLU's backward in the package: `slope` is 0 or 1, and `()` are the gradients of its parameters, of which it has none.
#
# > `return grad_y * slope, ()` · `nn/layers.py`
#
# The same for tanh:
#
# > `return grad_y * (1 - y * y), ()` · `nn/layers.py`

# %% [markdown]
# ## A network, forward and in reverse
#
# The network below is an actor: linear, ReLU, linear, tanh. Each layer's forward returns a cache, and its backward takes
# that cache.

# %%
figures.forward_and_reverse()
plt.show()

# %% [markdown]
# Ordinary training does not use the gradient of the *input*, at the left end. DDPG needs it. The critic's input is an
# observation and an action, and the gradient of its output with respect to the action, $\nabla_a Q$, says how the actor
# should change (chapter 06).


# %% exercise="04.4"

# %% [markdown]
# The package has one loop for any number of layers:
#
# > `for i in reversed(range(len(layers))):` · `nn/mlp.py`

# %% [markdown]
# ## Where a network starts
#
# If all weights were zero, the units of a layer would be alike and stay alike. If they were large, tanh would saturate. The
# [DDPG paper](https://arxiv.org/abs/1509.02971) draws weights and biases uniformly:
#
# $$W_{io}, b_o \sim U\!\left(-\tfrac{1}{\sqrt{f}},\ \tfrac{1}{\sqrt{f}}\right), \qquad f = \text{the layer's number of inputs, its fan-in}$$
#
# A uniform number between $-a$ and $a$ has standard deviation $a/\sqrt 3$. So for inputs of size 1, the sum of $f$
# products in $z$ has standard deviation $\sqrt f \cdot 1/\sqrt{3f} = 0.58$, whatever $f$ is. ReLU sets half of the $z$ to
# 0. That halves the mean square, so the root mean square is $0.58/\sqrt 2 = 0.41$. Every layer shrinks the signal by this
# factor. With two hidden layers that does little harm. For deep networks [He et al.](https://arxiv.org/abs/1502.01852)
# choose the bound $\sqrt{6/f}$, which makes the factor 1.
#
# The *last* layer starts between $\pm 0.003$, so that a new actor and a new critic return almost 0 everywhere.


# %% exercise="04.5"

# %% [markdown]
# > `part[:] = rng.uniform(-bound, bound, part.shape)` · `nn/mlp.py`
#
# > **On scale.** The bound accounts for a layer's width, but not for the size of your *inputs*. Observations should be of
# > about size 1, rewards below the thousands, and actions in [−1, 1]. Scales can decide whether the same code learns.

# %% [markdown]
# ## Train it
#
# You have all that a network needs to learn. Give it forty points of the curve
# $0.8 \sin 2x$, and train it by *gradient descent*: compute the gradient of the mean squared error, and move every
# parameter a little against it. Here the last layer has the bound $1/\sqrt f$, too, since the output need not start at 0.

# %%
forward, backward = yours("04.4")
start = yours("04.5")

x = np.linspace(-2, 2, 40)[:, None]
target = 0.8 * np.sin(2 * x)
rng = np.random.default_rng(4)
parameters = [np.array(part, float) for part in (*start(1, 24, rng), *start(24, 1, rng))]
outputs = []
for _ in range(801):
    y, cache = forward(x, *parameters)
    outputs.append(y)
    _, *grads = backward(2 / len(x) * (y - target), cache)
    for parameter, grad in zip(parameters, grads):
        parameter -= 0.1 * np.asarray(grad)

fine = np.linspace(-2, 2, 1_001)[:, None]
y, cache = forward(fine, *parameters)
slope = backward(np.ones_like(fine), cache)[0]  # gradient of the sum of y: one slope each
figures.fit(x, target, outputs, fine, slope, 1.6 * np.cos(2 * fine), whose("04.4", "04.5"))
plt.show()

# %% [markdown]
# The panel on the right shows the gradient of the *input*. It jumps where a ReLU switches on or off. Between the jumps only
# the tanh bends it. Compare the errors in the two titles: each is the error's root mean square, in percent of the
# curve's root mean square. Training fitted the output only, so the slope is several times less accurate. DDPG's actor learns
# from such a slope: a critic can be right about values and rough about slopes.


# %% [markdown]
# ## Find the mistakes
#
# Here is a backward pass to repair. The layer has a fork, $y = x + \tanh(x W + b)$, like those of a residual network
# ([He et al. 2015](https://arxiv.org/abs/1512.03385)).
# Your own checker of chapter 03 can tell which of its arrays are right:


# %%
is_right = yours("03.4")
draw = np.random.default_rng(6).standard_normal
arguments = {"x": draw((5, 3)), "weight": draw((3, 3)), "bias": draw(3)}
grad_out = draw((5, 3))


def ask_my_checker(gradients):
    """Print which of the three results of gradients(x, weight, bias, grad_y) are right."""
    for name, grad in zip(arguments, gradients(*arguments.values(), grad_out)):

        def loss(changed, name=name):
            x, weight, bias = (arguments | {name: changed}).values()
            return np.sum(grad_out * (x + np.tanh(x @ weight + bias)))

        print(f"grad_{name:6} right: {is_right(loss, arguments[name], grad, 1e-6)}")


# %% exercise="04.6"

# %% [markdown]
# ## See the gradient flow
#
# The next figure shows the gradient of 24 examples on its way back through a deeper network, built from your three kinds of
# layer. Read it from right to left. Each panel is the gradient that has just come *through* the layer in its title. A row is
# an example, a column a unit. Red is positive, blue negative, white zero.

# %%
linear, relu, tanh = yours("04.1"), yours("04.2"), yours("04.3")
layers = [linear, relu, linear, relu, linear, tanh]
flow_rng = np.random.default_rng(7)
deep = [start(6, 20, flow_rng), (), start(20, 16, flow_rng), (), start(16, 2, flow_rng), ()]
names = ["loss", "tanh", "linear 3", "ReLU", "linear 2", "ReLU", "linear 1"]

batch = flow_rng.standard_normal((24, 6))
answer, caches = chain.forward(layers, deep, batch)
grad_answer = answer - np.sign(batch[:, :2])  # L is half the squared distance from a target
way, right = chain.backward(layers, deep, grad_answer, caches)
figures.gradient_flow(names, way, whose("04.1", "04.2", "04.3"))
plt.show()

# %% [markdown]
# The tanh changes little, since its slope is near 1 here. Each ReLU leaves white gaps: a unit that was off learns nothing
# from that example. The next linear layer closes them, since $W^\top$ mixes all units. And the colours fade from right to
# left: the small initial weights shrink the gradient, as they shrink the signal on its way forward.

# %% [markdown]
# ## Break it
#
# Both ReLUs of this network are now broken: their backward passes the whole gradient.
#
# **Predict:** which of the six gradients, of three weights and three biases, are still right? How large is the relative error
# of the others?

# %%
relative_error = yours("03.2")
broken = list(layers)
broken[1] = broken[3] = (relu[0], lambda grad_y, cache: grad_y)
_, wrong = chain.backward(broken, deep, grad_answer, caches)
for name, grad, correct in zip(("W1", "b1", "W2", "b2", "W3", "b3"), wrong, right):
    print(f"dL/d{name}: relative error {relative_error(grad, correct):.2f}")

# %% [markdown] fold="What happened"
# The gradients of $W_3$ and $b_3$ are right, because they are computed before the backward pass reaches a ReLU. The others
# are off by about their own size. **A wrong backward spoils every gradient nearer to the input; those nearer to the loss stay
# right.** So go through the gradients from the loss backwards: the bug is between the last right one and the first wrong one.

# %% [markdown]
# > **In a framework** `loss.backward()` goes through the same graph and *adds* each result to `parameter.grad`. So call
# > `optimizer.zero_grad()` before each backward pass. The framework keeps the caches for you.

# %% [markdown]
# ## Quiz
#
# 1. With `grad_bias = grad_z.mean(axis=0)` the agent still learns Pendulum. Why is it wrong all the same?
# 2. Why does `backward` return the sum over the batch and not the mean, when the loss is a mean?
# 3. In a network whose hidden units are all off for some example, what does that example contribute to
#    $\partial L/\partial W_1$? To $\partial L/\partial b_2$?
# 4. Why must a layer's cache not be stored in the layer itself, in an algorithm that runs one network twice?

# %% [markdown] fold="Answers"
# 1. The bias's gradient is too small by the factor B, while the weights' is right. The optimiser Adam divides by a
#    gradient's own size and hides the factor, so that the curve looks fine. It is still not the gradient of the loss.
# 2. The factor 1/B belongs to the loss. The `grad_y` that arrives contains it already, and a second one would be wrong. In
#    `minddpg` exactly one line of each loss brings it into the gradient.
# 3. Nothing to $\partial L/\partial W_1$: each path to the loss leads through a hidden unit with slope 0. Its usual share to
#    $\partial L/\partial b_2$: that path does not pass the hidden units.
# 4. The second forward would overwrite what the first one's backward still needs. DDPG does that in every update: the
#    critic runs on the replayed actions, and then on the actor's.

# %% [markdown]
# ## Remember
#
# - Multiply along a path, add over paths. A value that is used twice gets the sum of two gradients.
# - $\partial L/\partial v$ has the shape of $v$. Check that first.
# - All examples of a batch share the parameters: their gradients are sums over the batch. Inputs are not shared.
# - Backward visits the layers in reverse, and each passes on the gradient of its input.
# - DDPG's actor will learn from the gradient of the critic's input.
#
# The real code: [`nn/layers.py`](../minddpg/nn/layers.py) and [`nn/mlp.py`](../minddpg/nn/mlp.py). Next:
# [05 · The critic](05_critic.ipynb).
