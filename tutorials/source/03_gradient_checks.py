# %% [markdown]
# # 03 · Gradient checking as a craft
#
# **After this chapter** you have written a checker for every derivative of this course. You know how large the error of a
# correct gradient may be, which step to take, and what no gradient check can see.
#
# **You need** NumPy and the chain rule.
#
# **Time** {minutes} minutes. **Cost** ten seconds of computing.
#
# $f$ is a function that maps an array $x$ to one number. $h$ is a small step.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg.course.ch03_gradient_checks import checkers, figures, networks
from minddpg.course.own_code import whose, yours
from minddpg.course.style import use_style

use_style()

# %% [markdown]
# ## Predict
#
# The slope of $f(x) = e^x \sin x$ at $x = 1$ is known from calculus. You measure it without calculus, by
# $\big(f(x + h) - f(x)\big)/h$, and try $h = 10^{-1}, 10^{-2}, \dots, 10^{-17}$. Write down:
#
# 1. the $h$ at which the error is smallest;
# 2. the result at $h = 10^{-17}$;
# 3. whether $\big(f(x + h) - f(x - h)\big)/2h$ is better, and by how much at its best.

# %% [markdown]
# ## A derivative without calculus
#
# A derivative is a limit of ratios. A computer cannot take the limit, but it can take a small $h$. The Taylor series tells
# how large the error of the ratio then is:
#
# $$f(x + h) = f(x) + h f'(x) + \tfrac{h^2}{2} f''(x) + \tfrac{h^3}{6} f'''(x) + \dots$$
#
# Subtract $f(x)$ and divide by $h$. This *forward difference* is $f'(x)$ plus an error of about $\frac h2 f''(x)$. Now write
# the same series for $-h$ and subtract it. All even powers cancel. What is left is the *central difference*, with an error of
# about $\frac{h^2}{6} f'''(x)$:
#
# $$f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}$$
#
# Both errors shrink with $h$, on paper.


# %%
def f(x):
    return np.exp(x) * np.sin(x)


x, steps = 1.0, 10.0 ** np.arange(-1, -17.1, -0.25)
slopes = {
    "forward": (f(x + steps) - f(x)) / steps,
    "central": (f(x + steps) - f(x - steps)) / (2 * steps),
}
figures.error_against_step(steps, {"": slopes}, "Smaller is better, until it is worse")
plt.show()

# %% [markdown] fold="Answer to the prediction"
# 1. Not at the smallest one. The forward difference is best near $h = 10^{-8}$, with about eight correct digits.
# 2. Exactly 0: the error is as large as the slope. At $x = 1$ the next larger number is about $2 \cdot 10^{-16}$ away, so
#    $1 + 10^{-17}$ *is* 1, and the difference of a number and itself is 0.
# 3. Yes: at its best it has more than three more correct digits, and at a much larger $h$.

# %% [markdown]
# At large steps the errors fall as the Taylor series says, like $h$ and like $h^2$. At small steps another error dominates.
# Look at the digits that are subtracted.

# %%
figures.cancelled_digits([1e-2, 1e-5, 1e-9, 1e-11, 1e-14])
plt.show()

# %% [markdown]
# A float64 has about 16 digits. As $h$ shrinks, the two values share more and more of them, and the subtraction removes the
# shared digits. Each value is rounded in its last digit, by about $\varepsilon = 10^{-16}$ of $f$, and this rounding error is
# divided by $h$ as well. So there are two errors:
#
# $$\text{error} \approx \underbrace{\tfrac{h^2}{6} |f'''|}_{\text{step too long}} + \underbrace{\frac{\varepsilon\, |f|}{h}}_{\text{digits lost}}$$
#
# Their sum is smallest near $h^2 = \varepsilon / h$, so the best step is $h \approx \varepsilon^{1/3}$, some $10^{-5}$. There
# the error is about $\varepsilon^{2/3}$: ten to twelve correct digits. For the forward difference the best step is
# $\varepsilon^{1/2}$, which gives eight digits. No $h$ gives you sixteen.
# [The mathematics](../docs/mathematics.md#numerical-derivatives) has the derivation.

# %% [markdown]
# ## One entry at a time
#
# A *loss* is the number that training makes small. It depends on thousands of numbers, the weights of a network; call the
# array of them $x$. The *gradient* of the loss is the array of its slopes, one for each weight, in the shape of $x$. To
# measure one slope, shift that one entry up and down. This takes two calls of $f$ per entry.


# %% exercise="03.1"

# %% [markdown]
# > `return np.array([(ahead - behind) / (2 * h) for ahead, behind in both], np.float64)` · `nn/gradcheck.py`
#
# Try it on a small loss of the kind that this course needs. Twenty examples of six numbers each are multiplied by weights
# $w$ (6, 4) and pass through a tanh. The loss is the mean squared difference from a target $y$:
#
# $$z = X w, \qquad p = \tanh(z), \qquad L(w) = \frac{1}{80} \sum_{ij} (p_{ij} - y_{ij})^2$$
#
# The chain rule gives the gradient as a product of three factors: $\frac{2}{80}(p - y)$ from the square, $1 - p^2$, the slope
# of the tanh at $z$, and $X$. Chapter 04 derives this product. Here it is a claim, and your code tests it.

# %%
numerical_gradient = yours("03.1")
rng = np.random.default_rng(3)
X, target = rng.standard_normal((20, 6)), rng.uniform(-1, 1, (20, 4))
w = rng.standard_normal((6, 4))


def loss(w):
    return np.mean((np.tanh(X @ w) - target) ** 2)


def gradient(w):
    p = np.tanh(X @ w)
    return X.T @ (2 / p.size * (p - target) * (1 - p**2))


difference = gradient(w) - numerical_gradient(loss, w, 1e-5)
print(f"largest entry of the gradient: {np.abs(gradient(w)).max():.4f}")
print(f"largest difference: {np.abs(difference).max():.0e}")

# %% [markdown]
# ## One number for the error
#
# A difference alone says little: $10^{-6}$ is negligible for a gradient of size 1, and huge for one of size $10^{-7}$. So
# divide by a size. The *norm* $\lVert x \rVert_2$ is the root of the sum of the squares of all entries, the length of the
# array as one vector. Let $a$ be the analytic gradient, from the chain rule, and $n$ the numerical one:
#
# $$\text{relative error} = \frac{\lVert a - n \rVert_2}{\lVert n \rVert_2}$$


# %% exercise="03.2"

# %% [markdown]
# > `error, size = float(np.linalg.norm(difference)), float(np.linalg.norm(numerical))` · `nn/gradcheck.py`
#
# Many checkers divide each entry by its own size instead. Try both at a point where the tanh is flat for some outputs, as in
# a trained network. There the true derivatives are tiny.

# %%
relative_error = yours("03.2")
flat = w * [1, 5, 15, 25]  # each output is flatter than the one before
analytic, numerical = gradient(flat), numerical_gradient(loss, flat, 1e-5)
whole = float(relative_error(analytic, numerical))
figures.entry_by_entry(analytic, np.asarray(numerical), whole, whose("03.1", "03.2"))
plt.show()

# %% [markdown]
# Each entry of the numerical gradient has about the same *absolute* error, the rounding of $f$ divided by $h$. For a tiny
# derivative this is a large part of it. The code is correct, and yet the entry-wise check would make you look for a bug. In
# the norm of the whole array, such tiny entries hardly count.
#
# So the relative error of a correct gradient is some $10^{-10}$ here. The mildest bug of *Bugs against checkers* below has
# $10^{-3}$ or more. A tolerance in between tells them apart: $10^{-6}$ for central differences, and $10^{-10}$ for the method
# that comes next.

# %% [markdown]
# ## No subtraction at all
#
# Digits are lost only in the subtraction. An imaginary step avoids it:
#
# $$f(x + ih) = f(x) + i h f'(x) - \tfrac{h^2}{2} f''(x) - i\, \tfrac{h^3}{6} f'''(x) + \dots$$
#
# The imaginary part holds $h f'(x)$, while $f(x)$ is in the real part. So
#
# $$f'(x) \approx \frac{\operatorname{Im} f(x + ih)}{h}$$
#
# has an error of order $h^2$, and nothing is subtracted. Let $h = 10^{-30}$: then $h^2$ is $10^{-60}$, and only the rounding
# of float64 itself is left. This is the *complex step*
# ([Squire and Trapp 1998](https://doi.org/10.1137/S003614459631241X)).


# %% exercise="03.3"

# %%
complex_step_gradient = yours("03.3")
figures.three_ways(steps, complex_step_gradient, whose("03.3"))
plt.show()

# %% [markdown]
# The green line goes down to the last digit and stays there. At the bottom of the figure the error is exactly 0. Look at
# float32, too, the precision in which networks are trained. It has seven digits. At $h = 10^{-5}$, the best step in float64,
# a central difference in float32 keeps about two. **Check in float64, train in float32.**
#
# The complex step needs an $f$ that is *analytic*: its code must accept complex numbers and treat them as it treats real
# ones. Absolute values are not analytic, and `np.var` takes them inside:

# %%
at = np.array([0.5, -2.0])
for name, function in (
    ("sum of x²", lambda x: np.sum(x**2)),
    ("sum of |x|²", lambda x: np.sum(np.abs(x) ** 2)),
    ("variance by np.var", lambda x: np.var(x)),
    ("variance by hand", lambda x: np.mean((x - x.mean()) ** 2)),
):
    central = np.round(numerical_gradient(function, at, 1e-5), 6)
    across = np.round(complex_step_gradient(function, at, 1e-30), 6)
    print(f"{name:18} central {central}  complex {across}")

# %% [markdown]
# Two more traps: an array of floats inside $f$ drops the imaginary part, and a comparison such as $x > 0$ must use the real
# part. In `minddpg` the complex step works on every loss. Central differences work with any code.

# %% [markdown]
# ## Kinks
#
# The Taylor series needs a smooth function, and networks are full of $\max(x, 0)$, which is called ReLU. At 0 it has a kink:
# its slope is 0 on one side and 1 on the other.

# %%
powers = 10.0 ** np.arange(-1, -8.1, -0.5)
figures.kinks(0.1, powers, numerical_gradient, complex_step_gradient, whose("03.1", "03.3"))
plt.show()

# %% [markdown]
# If $|x| < h$, then $x + h$ and $x - h$ are on different sides of the kink, and the ratio mixes both slopes. In the right
# panel $f$ is a sum of 4,000 ReLUs: 200 examples times weights $w$ (6, 20). It consists of straight pieces, where a central
# difference has no error. So all the error at large $h$ comes from kinks. At small $h$ rounding dominates. The complex step
# crosses no kink, because it does not change the real part.
#
# If the check of a ReLU network fails with an error of $10^{-4}$, take a shorter step or another seed before you doubt your
# algebra. A wrong gradient stays wrong.


# %% exercise="03.4"

# %% [markdown]
# ## Bugs against checkers
#
# Your checker and four others now judge the gradient of the loss above. The next section explains the *5 directions*. The
# first row is correct code. Seven bugs follow. The last row is the *correct gradient of a wrong loss*: someone shifted the
# targets by one row and differentiated that loss.

# %%
is_right = yours("03.4")
comparison = checkers.compare(is_right, flat, X, target)
figures.bugs_against_checkers(comparison, whose("03.4"))
plt.show()

# %% [markdown]
# A frame marks a wrong verdict. There are three kinds. The entry-wise checker rejects correct code. The float32 checker needs a
# generous tolerance, because its rounding is coarse, and a small bug slips through. And four checkers accept the last row,
# because its gradient is correct. (The entry-wise one rejects everything.) **A gradient check proves the gradient of the loss
# that was written**, at the point of the check. It cannot know whether this is the loss that you meant.

# %% [markdown]
# ## Large networks: random directions
#
# The critic of the [DDPG paper](https://arxiv.org/abs/1509.02971) has about 120,000 weights and biases, its *parameters*. Two
# calls for each would be a quarter of a million forward passes. Instead, draw a random direction $e$ of the shape of $x$. The
# slope along it is $\nabla f \cdot e$, one number to which *all* entries contribute, and two calls measure it. An error
# escapes only if it happens to be orthogonal to $e$.
#
# Take one direction for each layer. The layer with the largest gradient would dominate a direction through all parameters,
# and a failure would not say where the bug is. [CS231n](https://cs231n.github.io/neural-networks-3/#gradcheck) has more
# advice for large networks:
#
# - Check on two or three examples. This is faster, and there are fewer kinks to cross.
# - Turn all randomness off, or give it the same seed at each call.
# - Check a regularisation term alone. It can be so large that it hides a mistake in the rest.
# - Check again after some training, when the weights are no longer random.


# %% exercise="03.5"

# %% [markdown]
# > `along = np.random.default_rng(0).standard_normal((directions, *x.shape))` · `nn/gradcheck.py`

# %%
wrong_layers = yours("03.5")
f, parameters, grads = networks.large_network(rng)
print(f"{sum(array.size for array in parameters):,} parameters")
print("correct code, wrong are:", wrong_layers(f, parameters, grads, rng))
grads[2][:, 7] *= 1.01  # the second layer's weights, one of 300 units
print("one unit is 1 % off, wrong are:", wrong_layers(f, parameters, grads, rng))

# %% [markdown]
# ## Break it
#
# This network has one hidden layer and two arrays of weights: $p = \tanh(X U)\, w$. We plant one bug: the slope of the tanh
# is missing from $\partial L/\partial U$, which is array 0. Only the point where we check changes: random weights, a tiny
# $w$, $w = 0$, all weights 0, and random weights in float32.
#
# **Predict:** at which of the five points does the checker find the bug? At which does it reject correct code?

# %%
points = {"random": (1, 1), "tiny w": (1, 1e-7)}
points |= {"w = 0": (1, 0), "all 0": (0, 0), "float32": (1, 1)}
U, w, y = rng.standard_normal((6, 8)), rng.standard_normal(8), target[:, 0]
for name, (first, second) in points.items():
    kind = np.float32 if name == "float32" else np.float64
    here = [first * U, second * w]

    def f(parameters, kind=kind):
        return networks.small_loss([array.astype(kind) for array in parameters], X, y)

    for what, bug in (("correct code", False), ("the bug", True)):
        wrong = wrong_layers(f, here, networks.small_gradients(here, X, y, bug), rng)
        print(f"{name:7}  {what:12}  wrong are: {wrong}")

# %% [markdown] fold="What happened"
# At random weights the checker finds the bug. With $w = 0$ the bug passes: the gradient that reaches $U$ has been multiplied
# by $w$, so $\partial L/\partial U$ is 0, and the mistake in it is multiplied by 0, too. With all weights 0 the hidden units
# are 0 as well, every gradient is 0, and so is every mistake. **Never check at zeros.**
#
# A tiny $w$ does not hide the bug, because the error is relative. But $\partial L/\partial U$ is then so small compared with
# $L$ that rounding makes the checker reject correct code, too. Check at random weights of size 1, and again after some
# training.
#
# In float32 nothing passes: with $h = 10^{-6}$ two values of the loss differ by hardly more than their rounding. Here the
# check is at fault, not the code.

# %% [markdown]
# > **In a framework** the derivative comes from automatic differentiation, which its authors have tested. You need a check as
# > soon as you write your own backward pass. PyTorch has `torch.autograd.gradcheck`, which takes central differences with
# > `eps=1e-6`. It expects float64 inputs and warns about float32. JAX has `jax.test_util.check_grads`, which uses random
# > directions. Both compare with what your forward pass computes, so neither can see a wrong loss.

# %% [markdown]
# ## Quiz
#
# 1. With $h = 10^{-10}$ your gradient has a relative error of $10^{-5}$. Which is wrong, your gradient or the check?
# 2. Your relative error is exactly 2. What is the first thing to look at? And if it is 0.5?
# 3. Why is the norm of the *numerical* gradient in the denominator, and not that of yours?
# 4. The gradient of a loss passes its check with an error of $10^{-11}$, but the network learns nothing. Name two kinds of
#    mistake that are still possible.
# 5. A check along five random directions passes. Could one entry of 120,000 be wrong?

# %% [markdown] fold="Answers"
# 1. Probably the check: at that step the error is about $10^{-16}/10^{-10} = 10^{-6}$ of $f$. If $f$ is ten times its slope,
#    that is $10^{-5}$ of the slope. Take $h = 10^{-5}$ or the complex step. If the gradient is wrong, the error stays.
# 2. $a = -n$ gives $\lVert a - n \rVert = 2 \lVert n \rVert$: look at the sign. $a = n/2$ gives 0.5: look for a forgotten
#    factor 2. A relative error is a clue as well as a verdict.
# 3. The numerical one is the reference here. If yours is far too large and you divide by it, the error is close to 1 and
#    never shows how wrong it is.
# 4. The loss is not the one you meant (wrong target, wrong rows, a broadcast). Or the gradient is correct, but the step uses
#    it wrongly: the wrong sign, a far too large learning rate, the wrong parameters.
# 5. A large error is very unlikely to pass, because it contributes to all five slopes. A small one can pass: the error of one
#    entry is small compared with the norm of all. The check shows that the vector as a whole is correct to the tolerance.

# %% [markdown]
# ## Remember
#
# - A central difference has errors of order $h^2$ and $\varepsilon/h$. Take $h$ near $10^{-5}$ or $10^{-6}$, in float64.
# - The complex step subtracts nothing and keeps all digits, if the code is analytic. Kinks do not affect it.
# - Judge the whole vector, $\lVert a - n \rVert / \lVert n \rVert$. Entry by entry, correct code fails.
# - Check at random weights, never at zeros. For large networks take a random direction per layer.
# - A passed check proves the gradient of the loss that was written, and nothing else.
#
# The real code: [`nn/gradcheck.py`](../minddpg/nn/gradcheck.py), and `minddpg check`, which uses it to check the equations of
# this package. Next: [04 · Backprop by hand](04_backprop.ipynb).
