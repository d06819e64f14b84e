# %% [markdown]
# # 03 · Gradient checking as a craft
#
# **After this chapter** you own a judge for every derivative of this course, written by yourself. You know how wrong a correct
# gradient may look, which step to take, and what no gradient check can see.
#
# **You need** NumPy and the chain rule.
#
# **Time** {minutes} minutes. **Cost** five seconds of computing.
#
# You will meet $f$, a function of an array $x$ that returns one number, and $h$, a small step.

# %%
import matplotlib.pyplot as plt
import numpy as np

from minddpg.course.ch03_gradient_checks import figures
from minddpg.course.style import BLUE, GREY, ORANGE, use_style
from minddpg.nn import gradcheck

use_style()

# %% [markdown]
# ## Predict
#
# The slope of $f(x) = e^x \sin x$ at $x = 1$ is known from calculus. You measure it without calculus, by
# $\big(f(x + h) - f(x)\big)/h$, and try $h = 10^{-1}, 10^{-2}, \dots, 10^{-17}$. Write down:
#
# 1. the $h$ at which the error is smallest;
# 2. what you get at $h = 10^{-17}$;
# 3. whether $\big(f(x + h) - f(x - h)\big)/2h$ is better, and by how much at its best.

# %% [markdown]
# ## A derivative without calculus
#
# A derivative is a limit of ratios. A computer cannot take the limit, but it can take a small $h$. How far off is the ratio
# then? Near $x$ a smooth function is a polynomial in $h$, up to terms that are smaller still (its Taylor series):
#
# $$f(x + h) = f(x) + h f'(x) + \tfrac{h^2}{2} f''(x) + \tfrac{h^3}{6} f'''(x) + \dots$$
#
# Subtract $f(x)$, divide by $h$: the *forward difference* is $f'(x)$ plus an error of about $\frac h2 f''(x)$. Now write the
# same for $-h$. Every even power is alike in both, and goes when you subtract one from the other. This is the
# *central difference*. Its error is about $\frac{h^2}{6} f'''(x)$:
#
# $$f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}$$
#
# > `return np.array([(ahead - behind) / (2 * h) for ahead, behind in both], np.float64)` · `nn/gradcheck.py`
#
# Both errors become smaller with $h$. So far, so good.


# %%
def f(x):
    return np.exp(x) * np.sin(x)


def slope(x):
    return np.exp(x) * (np.sin(x) + np.cos(x))


def measured(x, steps):
    """Return relative errors of three ways to differentiate f; their precision is x's."""
    h, true = steps.astype(x.dtype), slope(np.float64(x))
    i = np.array(1j, np.result_type(x, np.complex64))
    ways = {
        "forward": (f(x + h) - f(x)) / h,
        "central": (f(x + h) - f(x - h)) / (2 * h),
        "complex": np.imag(f(x + i * h)) / h,  # explained below
    }
    return {name: np.abs(way / true - 1) for name, way in ways.items()}


steps = 10.0 ** np.arange(-1, -17.1, -0.25)
errors = measured(np.float64(1), steps)
two = {name: errors[name] for name in ("forward", "central")}
figures.error_against_step(steps, {"float64": two}, "Smaller is better, until it is worse")
plt.show()

for name, error in two.items():
    best = steps[error.argmin()]
    print(f"{name}: best at h = {best:.0e}, relative error {error.min():.0e}")
print(f"forward at h = 1e-17: relative error {errors['forward'][-1]:.0f}")

# %% [markdown] fold="Answer to the prediction"
# 1. Not at the smallest one. The forward difference is best near the $h$ that the cell printed, with about eight right
#    digits.
# 2. Exactly 0, which is a relative error of 1. At $x = 1$ the next larger number is about $2 \cdot 10^{-16}$ away, so
#    $1 + 10^{-17}$ *is* 1, and the difference of a number and itself is 0.
# 3. It is, by more than three digits here, and at a much larger $h$.

# %% [markdown]
# On the left side of the U calculus rules: the lines fall with slope 1 and slope 2, as $h$ and $h^2$ do. On the right side
# something else takes over. Look at the digits that are subtracted.

# %%
figures.cancelled_digits(1.0, [1e-2, 1e-5, 1e-9, 1e-11, 1e-14], f, exact=slope(1.0))
plt.show()

# %% [markdown]
# A float64 has about 16 digits, whatever it holds. The two values share more and more of them as $h$ shrinks, and what they
# share is gone after the subtraction. The last digit of each is rounded, and that rounding, about
# $\varepsilon = 10^{-16}$ of $f$, is divided by $h$ as well. So there are two errors:
#
# $$\text{error} \approx \underbrace{\tfrac{h^2}{6} |f'''|}_{\text{step too long}} + \underbrace{\frac{\varepsilon\, |f|}{h}}_{\text{digits lost}}$$
#
# As $h$ shrinks, the first falls and the second grows. Their sum is smallest where they are about alike, at
# $h \approx \varepsilon^{1/3}$, some $10^{-5}$, where the error is about $\varepsilon^{2/3}$: ten to twelve digits. The
# forward difference has $h$ instead of $h^2$, so its best is $h \approx \varepsilon^{1/2}$, with half of the digits. No
# choice of $h$ gives you sixteen.

# %% [markdown]
# ## One entry at a time
#
# A *loss* is the number that training makes small. It depends on thousands of numbers, the weights of a network,
# which is a chain of weighted sums and simple functions (chapter 04). Its *gradient* is the array of the slopes, one
# for each, in the shape of $x$. The slope in one entry is measured by shifting that entry alone, up and down. That
# takes two calls of $f$ per entry.


# %% exercise="03.1"

# %% [markdown]
# Here is a loss to try it on, small, but of the kind that this course is about. Twenty examples with six numbers each go
# through weights $w$ (6, 4) and a tanh. The loss is the mean squared distance $p - y$ from what is wanted, $y$ (`wanted` in the code):
#
# $$p = \tanh(X w), \qquad L(w) = \frac{1}{80} \sum_{ij} (p_{ij} - y_{ij})^2$$
#
# The chain rule gives its gradient in three factors: $\frac{2}{80}(p - y)$ from the square, $1 - p^2$ from the tanh, and
# $X$, through which $w$ acts. Chapter 04 derives why they meet in this way. Here it is a claim, and we put it to the test.

# %%
rng = np.random.default_rng(3)
X, wanted = rng.standard_normal((20, 6)), rng.uniform(-1, 1, (20, 4))
w = rng.standard_normal((6, 4))


def loss(w):
    return np.mean((np.tanh(X @ w) - wanted) ** 2)


def gradient(w):
    p = np.tanh(X @ w)
    return X.T @ (2 / p.size * (p - wanted) * (1 - p**2))


figures.two_gradients(gradient(w), gradcheck.numerical_gradient(loss, w, 1e-5))
plt.show()

# %% [markdown]
# To the eye the first two are the same. The third has a scale of its own, and no pattern: it is rounding. A mistake mostly
# shows a pattern. But "looks like rounding" is not a verdict.

# %% [markdown]
# ## One number for how wrong
#
# An absolute difference says little: $10^{-6}$ is nothing for a gradient of size 1, and everything for one of size $10^{-7}$. So
# divide by a size. By which? The *norm* $\lVert x \rVert_2$ is the root of the sum of the squares of all entries, the length of
# the array as one vector. With $a$ the analytic gradient, the one from the chain rule, and $n$ the numerical one:
#
# $$\text{relative error} = \frac{\lVert a - n \rVert_2}{\lVert n \rVert_2}$$
#
# > `error, size = float(np.linalg.norm(difference)), float(np.linalg.norm(numerical))` · `nn/gradcheck.py`


# %% exercise="03.2"

# %% [markdown]
# Why not divide each entry by its own size? Many checkers do. Take a point at which tanh is flat for some outputs, as it is
# in a trained network: there the true derivatives are tiny.

# %%
flat = w * [1, 5, 15, 25]  # each output flatter than the one before
analytic, numerical = gradient(flat), gradcheck.numerical_gradient(loss, flat, 1e-5)
ratios = np.abs(analytic - numerical) / np.abs(numerical)
whole = np.linalg.norm(analytic - numerical) / np.linalg.norm(numerical)

figure, axes = plt.subplots()
sizes = np.abs(analytic)
axes.loglog(sizes.ravel(), ratios.ravel(), "o", color=ORANGE, label="entry by entry")
axes.axhline(whole, color=BLUE, label="the whole vector")
axes.axhline(1e-6, color=GREY, linestyle="--", label="tolerance, 1e-6")
axes.set(xlabel="size of the entry", ylabel="relative error")
axes.set_title("A correct gradient, judged entry by entry: the small entries look wrong")
axes.legend()
plt.show()
print(f"{(ratios > 1e-6).sum()} of {ratios.size} entries fail; the whole: {whole:.0e}")

# %% [markdown]
# Each entry of the numerical gradient is off by about the same *absolute* amount, the rounding of $f$ divided by $h$. For a tiny
# derivative that is a large part of it. The code is correct, and the entry-wise check would send you to look for a bug. The
# norm of the whole weighs each entry by how much it matters.
#
# So how wrong may a correct gradient look? By some $10^{-10}$ here. The mildest bug of this chapter will look wrong by
# $10^{-4}$ or more. A tolerance in between tells them apart: $10^{-6}$ for central differences, and $10^{-10}$ for the
# method that comes now.

# %% [markdown]
# ## No subtraction at all
#
# Digits are lost in one place only: the subtraction. Can we do without? Put an imaginary step into the Taylor series,
#
# $$f(x + ih) = f(x) + i h f'(x) - \tfrac{h^2}{2} f''(x) - i\, \tfrac{h^3}{6} f'''(x) + \dots$$
#
# and look at the imaginary part. It holds $h f'(x)$, and $f(x)$ is not in it. So
#
# $$f'(x) \approx \frac{\operatorname{Im} f(x + ih)}{h}$$
#
# > `return np.array([np.imag(f(x + 1j * h * e)) / h for e in directions], np.float64)` · `nn/gradcheck.py`
#
# with an error of order $h^2$ and nothing subtracted. Let $h = 10^{-30}$: then $h^2$ is $10^{-60}$, and the error is that of
# float64 itself. It is called the *complex step* (Squire and Trapp, 1998).


# %% exercise="03.3"

# %%
panels = {
    name: measured(kind(1), steps)
    for name, kind in (("float64", np.float64), ("float32", np.float32))
}
figures.error_against_step(steps, panels, "Three ways, two precisions")
plt.show()

# %% [markdown]
# The green line goes down to the last digit and stays there. (Where it lies on the floor of the figure, the error is exactly 0.)
# And look at float32, the precision in which networks are trained. It has seven digits. Its best step is hundreds of times longer,
# and at the $h$ that is right for float64 about two digits of the slope are right. **Check in float64, train in float32.**
#
# The complex step asks something of $f$: every operation on the way must take complex numbers as calculus does. Three things do not.

# %%
x = np.array([0.5, -2.0])
for name, function in (
    ("sum of x²", lambda x: np.sum(x**2)),
    ("sum of |x|²", lambda x: np.sum(np.abs(x) ** 2)),  # |x| of a complex number is real
    ("x² in a float array", lambda x: np.sum(np.real(x) ** 2)),  # drops the rest
    ("variance by np.var", lambda x: np.var(x)),  # takes |x − mean|²
    ("variance by hand", lambda x: np.mean((x - x.mean()) ** 2)),
):
    central, step = (
        rule(function, x)
        for rule in (gradcheck.numerical_gradient, gradcheck.complex_step_gradient)
    )
    print(f"{name:20} central {central.round(6)}   complex step {step.round(6)}")

# %% [markdown]
# Absolute values, real arrays in the way, and `np.var`, which takes absolute values inside. (Comparisons have to look
# at the real part: see below.) `minddpg` is written so that every loss passes, and its own tests use the complex
# step. Central differences ask nothing of your code.

# %% [markdown]
# ## Kinks
#
# Taylor's series needs a smooth function. Networks are full of $\max(x, 0)$, the ReLU that you will meet in chapter 04. At 0 it
# has a kink: the slope is 0 on one side and 1 on the other.

# %%
examples, weights = rng.standard_normal((200, 6)), rng.standard_normal((6, 20))


def relu_sum(w):
    z = examples @ w  # 4,000 numbers, each of which may be near its kink
    return np.sum(z * (z.real > 0))


exact = examples.T @ (examples @ weights > 0)
powers = 10.0 ** np.arange(-1, -8.1, -0.5)
off = []
for rule in (gradcheck.numerical_gradient, gradcheck.complex_step_gradient):
    found = np.array([rule(relu_sum, weights, h) for h in powers])  # (15, 6, 20)
    off.append(np.linalg.norm(found - exact, axis=(1, 2)) / np.linalg.norm(exact))
figures.kinks(0.1, powers, *off)
plt.show()

# %% [markdown]
# If $|x| < h$, one of $x + h$ and $x - h$ is on the other side of the kink, and the ratio is a mixture of both slopes. In the right-hand
# figure the function is a sum of straight pieces: there is no curvature, so without kinks large steps would be as good as small ones. All of
# its error at large $h$ comes from steps across kinks; what rises at small $h$ is rounding. A shorter $h$ crosses fewer of them. The complex step crosses none: it does not move the
# real part, and the comparison looks at that alone.
#
# > `(z.real > 0).astype(z.real.dtype)` · `nn/layers.py`
#
# So if a gradient check of a ReLU network fails with an error of $10^{-4}$, take another seed or a shorter step before you doubt your algebra. A
# wrong gradient stays wrong.


# %% exercise="03.4"

# %% [markdown]
# ## Bugs against checkers
#
# Your checker has just been through sixteen gradients. Here are nine more for the loss above, and five checkers (of *5 directions*, the next section). The first row is correct
# code. The last one is the *correct gradient of a wrong loss*: someone shifted the wanted values by one row, and differentiated that.

# %%
correct, p = gradient(flat), np.tanh(X @ flat)
outer, one_off = 2 / p.size * (p - wanted), gradient(flat)
one_off[2, 0] *= 1.01
shifted = np.roll(wanted, 1, axis=0)
bugs = {
    "correct code": correct,
    "sign flipped": -correct,
    "sum instead of mean": p.size * correct,
    "the 2 forgotten": correct / 2,
    "tanh's slope missing": X.T @ outer,
    "slope at p, not at z": X.T @ (outer * (1 - np.tanh(p) ** 2)),
    "turned and reshaped": correct.T.reshape(correct.shape),
    "one entry 1 % off": one_off,
    "wrong loss, correct gradient": X.T @ (2 / p.size * (p - shifted) * (1 - p**2)),
}


def wrong_loss(w):
    return np.mean((np.tanh(X @ w) - shifted) ** 2)


def relative(a, n):
    return np.linalg.norm(a - n) / np.linalg.norm(n)


def judged(f, grad):
    def single(w):
        return np.float32(f(w.astype(np.float32)))

    central = gradcheck.numerical_gradient(f, flat, 1e-5)
    along = np.random.default_rng(0).standard_normal((5, *flat.shape))
    return (
        relative(grad, gradcheck.complex_step_gradient(f, flat)),
        relative(grad, central),
        relative(
            np.tensordot(along, grad, axes=2),
            gradcheck.directional_derivatives(f, flat, along, "central", 1e-5),
        ),
        np.max(np.abs(grad - central) / np.abs(central)),
        relative(grad, gradcheck.numerical_gradient(single, flat, 1e-2)),
    )


checkers = [
    "complex step\ntolerance 1e-10",
    "central\ntolerance 1e-6",
    "5 directions\ntolerance 1e-6",
    "entry by entry\ntolerance 1e-6",
    "float32, h = 0.01\ntolerance 0.05",
]
losses = [loss] * 8 + [wrong_loss]
table = np.array([judged(*each) for each in zip(losses, bugs.values())])
figures.bugs_against_checkers(list(bugs), checkers, table, (1e-10, 1e-6, 1e-6, 1e-6, 0.05))
plt.show()

# %% [markdown]
# Three kinds of frames. Entry by entry, correct code is refused. In float32 rounding is so coarse that the tolerance has to
# be generous, and a small mistake slips through. And the last row is accepted by all but one, which refuses it for
# the reason of the first row. The others have a point: the gradient is correct. **A gradient check proves the gradient
# of the loss that was written**, at the point where it was made. Whether that is the loss that you meant, it cannot
# know. In chapter 05 a critic with a loss of this kind learns one single number, and the check stays green.

# %% [markdown]
# ## Large networks: a few random directions
#
# The critic of the DDPG paper has 122,501 weights and biases, its *parameters*. Two calls for each would be a quarter
# of a million forward passes. But you need not go along the axes. Pick a random direction $e$, of $x$'s shape. The
# slope along it is $\nabla f \cdot e$, one number, in which *all* entries take part. Compare it with
# $\big(f(x + he) - f(x - he)\big)/2h$. Two calls. A mistake escapes only if the direction happens to be at right
# angles to it, and several directions will not all be.
#
# > `along = np.random.default_rng(0).standard_normal((directions, *x.shape))` · `nn/gradcheck.py`

# %%
X, wanted = rng.standard_normal((16, 400)) / 20, rng.uniform(-1, 1, (16, 300))
w = rng.standard_normal((400, 300))
calls = 0


def counted(w):
    global calls
    calls += 1
    return loss(w)


grad = gradient(w)
print(w.size, "parameters, the gradient is correct:")
print(gradcheck.check_gradient(counted, w, grad, directions=5))
print(calls, "calls of the loss\n")

grad[:, 7] *= 1.01
print("one column of 300 is 1 % too large:")
print(gradcheck.check_gradient(counted, w, grad, directions=5))

# %% [markdown]
# ## Break it
#
# Two arrays of weights now, $U$ and $w$: $p = \tanh(X U)\, w$. This is a network, with one hidden layer. One bug is planted: the tanh's slope is
# missing from $\partial L/\partial U$. The check is the same each time. What changes is *where* it is made: at random weights, with $w = 0$, with all
# weights 0, and at random weights in float32.
#
# **Predict:** at which of the four places does the checker refuse the bug? At which does it refuse correct code?

# %%
X, wanted = rng.standard_normal((20, 6)), rng.standard_normal(20)


def network_loss(theta):
    U, w = theta[:48].reshape(6, 8), theta[48:]
    p = np.tanh(X.astype(theta.dtype) @ U) @ w
    return np.mean((p - wanted) ** 2, dtype=theta.dtype)


def network_gradient(theta, bug=False):
    U, w = theta[:48].reshape(6, 8), theta[48:]
    units = np.tanh(X @ U)
    grad_p = 2 / len(X) * (units @ w - wanted)
    grad_units = np.outer(grad_p, w)  # (20, 8): how L changes with each of the units
    grad_U = X.T @ (grad_units if bug else grad_units * (1 - units**2))
    return np.concatenate((grad_U.ravel(), units.T @ grad_p))


anywhere = rng.standard_normal(56)
half, nowhere = anywhere.copy(), np.zeros(56)
half[48:] = 0
for name, theta in (("random", anywhere), ("w = 0", half), ("all 0", nowhere)):
    for what, bug in (("correct code", False), ("the bug", True)):
        grad = network_gradient(theta, bug)
        report = gradcheck.check_gradient(network_loss, theta, grad)
        print(f"{name:8} {what:12} passes: {report.passed}")


def single(theta):
    return network_loss(theta.astype(np.float32))


for name, bug in (("correct code", False), ("the bug", True)):
    report = gradcheck.check_gradient(single, anywhere, network_gradient(anywhere, bug))
    error = report.relative_error
    print(f"float32  {name:12} passes: {report.passed}, relative error {error:.1g}")

# %% [markdown] fold="What happened"
# At random weights the checker does its work. With $w = 0$ the bug passes. Everything that reaches $U$ has been multiplied by $w$, so that
# $\partial L/\partial U$ is 0 there, and a mistake in it is multiplied by 0 too. With all weights 0 it is worse: the hidden units are 0 as well, every gradient
# vanishes, and so do all mistakes. **Never check at zeros.** A network's usual start is not much better: its last layer begins
# with very small weights (chapter 04). Check at random weights of size 1, and again after some training.
#
# In float32 *nothing* passes: with $h = 10^{-6}$ two values of the loss differ by hardly more than their rounding. What fails there is
# the check, not the code.

# %% [markdown]
# > **In a framework** the derivative comes from automatic differentiation, and its authors have tested it. You need a check as soon as you write a
# > function with a backward pass of your own. PyTorch has `torch.autograd.gradcheck`, central differences with `eps=1e-6`. It wants
# > float64 inputs and warns about float32. JAX has `jax.test_util.check_grads`, which goes along random directions. Both compare with what
# > your forward pass computes, so they share the blind spot of the last row above.

# %% [markdown]
# ## Quiz
#
# 1. A central difference with $h = 10^{-10}$ differs from your gradient by a relative $10^{-5}$. Your gradient or the check?
# 2. Your relative error is exactly 2. What is the first thing to look at? And if it is 0.5?
# 3. Why is the norm of the *numerical* gradient in the denominator, and not that of yours?
# 4. A gradient check of the critic's loss passes at $10^{-11}$. The critic learns nothing. Name two kinds of mistake that are left.
# 5. A check along five random directions passes. Could one entry of 122,501 be wrong?

# %% [markdown] fold="Answers"
# 1. Likely the check: at that step about $10^{-16}/10^{-10} = 10^{-6}$ of $f$ is lost, and more if $f$ is large beside its slope. Take
#    $h = 10^{-5}$ or the complex step. A wrong gradient does not get better by that.
# 2. $\lVert a - n \rVert = 2 \lVert n \rVert$ is what $a = -n$ gives: the sign. 0.5 is what $a = n/2$ gives: a forgotten factor 2. A
#    relative error is a clue as well as a verdict.
# 3. The numerical one is the reference here. If yours is far too large, dividing by it makes the error look like 1, and never more.
# 4. The loss is not the one you meant (wrong target, wrong rows, a broadcast). Or the gradient is right and not used rightly: a wrong sign in the
#    step, a learning rate far too large, the wrong parameters moved.
# 5. By much, hardly: its error takes part in all five slopes. By little, yes: one entry's error is small beside the norm of all. What the check
#    promises is that the vector as a whole is right to the tolerance.

# %% [markdown]
# ## Remember
#
# - A central difference is wrong by $h^2$ and by $\varepsilon/h$. Take $h$ near $10^{-5}$ or $10^{-6}$, in float64.
# - The complex step subtracts nothing and has all digits, if the code is analytic. Kinks do not hurt it.
# - Judge the whole vector, $\lVert a - n \rVert / \lVert n \rVert$. Entry by entry, correct code fails.
# - Check at random weights, never at zeros. For large networks go along random directions.
# - A passed check proves the gradient of the loss that was written, and nothing else.
#
# The real code: [`nn/gradcheck.py`](../minddpg/nn/gradcheck.py), and `minddpg check`, which checks every equation of this package with it. Next:
# [04 · Backprop by hand](04_backprop.ipynb).
