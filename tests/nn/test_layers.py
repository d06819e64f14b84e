"""Layers: forward against the definition, backward against numerical derivatives."""

import numpy as np
import pytest

from minddpg.nn import Linear, ReLU, Tanh
from minddpg.nn.gradcheck import check_gradient

B, INPUTS, OUTPUTS = 5, 3, 4


@pytest.fixture
def linear(rng):
    return Linear(rng.standard_normal((INPUTS, OUTPUTS)), rng.standard_normal(OUTPUTS))


def test_linear_is_the_affine_map_row_by_row(linear, rng):
    x = rng.standard_normal((B, INPUTS))
    z, _ = linear.forward(x)
    for i in range(B):
        for o in range(OUTPUTS):
            by_hand = linear.bias[o] + sum(x[i, k] * linear.weight[k, o] for k in range(INPUTS))
            assert z[i, o] == pytest.approx(by_hand, rel=1e-13)


@pytest.mark.parametrize("layer", [ReLU(), Tanh()], ids=lambda x: type(x).__name__)
def test_activation_gradient_is_the_complex_step_derivative(layer, rng):
    z, w = rng.standard_normal((2, B, OUTPUTS))
    grad_z, grad_theta = layer.backward(w, layer.forward(z)[1])
    report = check_gradient(lambda z: (layer.forward(z)[0] * w).sum(), z, grad_z, method="complex")
    assert report, report
    assert grad_theta == ()


def test_linear_gradients_are_the_complex_step_derivatives(linear, rng):
    x, w = rng.standard_normal((B, INPUTS)), rng.standard_normal((B, OUTPUTS))
    grad_x, (grad_weight, grad_bias) = linear.backward(w, linear.forward(x)[1])

    def loss(x=x, weight=linear.weight, bias=linear.bias):
        return (Linear(weight, bias).forward(x)[0] * w).sum()

    for f, at, analytic in (
        (lambda x: loss(x=x), x, grad_x),
        (lambda weight: loss(weight=weight), linear.weight, grad_weight),
        (lambda bias: loss(bias=bias), linear.bias, grad_bias),
    ):
        report = check_gradient(f, at, analytic, method="complex")
        assert report, report


def test_a_skipped_gradient_is_not_there_and_the_other_is_unchanged(linear, rng):
    x, w = rng.standard_normal((B, INPUTS)), rng.standard_normal((B, OUTPUTS))
    grad_x, grad_theta = linear.backward(w, x)
    only_x, no_theta = linear.backward(w, x, wrt_theta=False)
    no_x, only_theta = linear.backward(w, x, wrt_x=False)
    assert no_x is None
    assert no_theta == ()
    np.testing.assert_array_equal(only_x, grad_x)
    for mine, whole in zip(only_theta, grad_theta, strict=True):
        np.testing.assert_array_equal(mine, whole)


@pytest.mark.parametrize("layer", [ReLU(), Tanh()], ids=lambda x: type(x).__name__)
def test_no_layer_writes_into_what_it_is_given(layer, rng):
    z, w = rng.standard_normal((2, B, OUTPUTS))
    z_before, w_before = z.copy(), w.copy()
    layer.backward(w, layer.forward(z)[1])
    np.testing.assert_array_equal(z, z_before)
    np.testing.assert_array_equal(w, w_before)


def test_relu_is_the_positive_part_and_flat_at_zero():
    z = np.array([[-2.0, 0.0, 3.0]])
    y, slope = ReLU().forward(z)
    np.testing.assert_array_equal(y, [[0, 0, 3]])
    np.testing.assert_array_equal(ReLU().backward(np.ones((1, 3)), slope)[0], [[0, 0, 1]])


def test_one_layer_can_run_twice_before_either_backward(linear, rng):
    first, second = rng.standard_normal((2, B, INPUTS))
    w = rng.standard_normal((B, OUTPUTS))
    _, cache = linear.forward(first)
    linear.forward(second)
    np.testing.assert_array_equal(linear.backward(w, cache)[1][0], first.T @ w)
