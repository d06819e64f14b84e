"""Batch normalisation: forward against the definition, backward against numerical derivatives."""

import copy
import pickle

import numpy as np
import pytest

from minddpg.nn import MLP, BatchNorm
from minddpg.nn.batchnorm import EPSILON, RATE
from minddpg.nn.gradcheck import check_gradient

B, INPUTS = 7, 3
MODES = pytest.mark.parametrize("training", [False, True])
METHODS = pytest.mark.parametrize("method", ["complex", "central"])


@pytest.fixture
def norm(rng):
    scale, shift, mean = rng.standard_normal((3, INPUTS))
    return BatchNorm(scale, shift, mean, rng.uniform(0.5, 2, INPUTS))


def test_a_training_batch_comes_out_with_mean_beta_and_deviation_gamma(norm, rng):
    x = 5 + 3 * rng.standard_normal((B, INPUTS))
    y, _ = norm.forward(x, training=True)
    np.testing.assert_allclose(y.mean(axis=0), norm.shift, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=0), abs(norm.scale), rtol=1e-5)


def test_acting_is_one_fixed_affine_map_by_the_running_statistics(norm, rng):
    x = rng.standard_normal((B, INPUTS))
    expected = norm.scale * (x - norm.mean) / np.sqrt(norm.variance + EPSILON) + norm.shift
    y, _ = norm.forward(x)
    np.testing.assert_allclose(y, expected, rtol=1e-12)
    for i in range(B):  # in any batch, and for one observation
        np.testing.assert_allclose(norm.forward(x[i : i + 1])[0][0], y[i], rtol=1e-15)
        np.testing.assert_allclose(norm.forward(x[i])[0], y[i], rtol=1e-15)


@MODES
@METHODS
def test_gradients_in_x_gamma_and_beta_are_the_numerical_ones(training, method, norm, rng):
    x, w = rng.standard_normal((2, B, INPUTS))
    grad_x, (grad_scale, grad_shift) = norm.backward(w, norm.forward(x, training)[1])

    def loss(x=x, scale=norm.scale, shift=norm.shift):
        layer = norm._replace(scale=scale, shift=shift)
        return (layer.forward(x, training)[0] * w).sum()

    for f, at, analytic in (
        (lambda x: loss(x=x), x, grad_x),
        (lambda scale: loss(scale=scale), norm.scale, grad_scale),
        (lambda shift: loss(shift=shift), norm.shift, grad_shift),
    ):
        report = check_gradient(f, at, analytic, method=method)
        assert report, report


def test_the_gradient_has_no_component_along_a_shift_or_a_stretch_of_the_batch(norm, rng):
    """x and a + b x give the same output, so the gradient in x is orthogonal to both changes."""
    x, w = rng.standard_normal((2, B, INPUTS))
    normed = (x - x.mean(axis=0)) / x.std(axis=0)
    grad_x, _ = norm.backward(w, norm.forward(x, training=True)[1])
    np.testing.assert_allclose(grad_x.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose((grad_x * normed).sum(axis=0), 0, atol=1e-3)  # exact if ε were 0


@MODES
def test_forward_and_backward_move_nothing(training, norm, rng):
    x, w = rng.standard_normal((2, B, INPUTS))
    before = [part.copy() for part in (*norm, x, w)]
    norm.backward(w, norm.forward(x, training)[1])
    for part, kept in zip((*norm, x, w), before, strict=True):
        np.testing.assert_array_equal(part, kept)


@MODES
def test_a_gradient_that_nobody_reads_is_skipped(training, norm, rng):
    x, w = rng.standard_normal((2, B, INPUTS))
    _, cache = norm.forward(x, training)
    grad_x, grad_theta = norm.backward(w, cache)
    only_x, nothing = norm.backward(w, cache, True, False)
    assert nothing == ()
    np.testing.assert_array_equal(only_x, grad_x)
    nothing, only_theta = norm.backward(w, cache, False, True)
    assert nothing is None
    np.testing.assert_array_equal(only_theta, grad_theta)


def test_a_batch_of_two_is_enough_to_train_on(norm):
    y, _ = norm.forward(np.array([[1.0, 2.0, 3.0], [2.0, 0.0, 7.0]]), training=True)
    np.testing.assert_allclose((y - norm.shift) / norm.scale, [[-1, 1, -1], [1, -1, 1]], atol=1e-4)


def test_training_on_a_batch_of_one_is_refused(norm):
    with pytest.raises(ValueError, match=r"x has shape \(1, 3\): a batch of one has no variance"):
        norm.forward(np.ones((1, INPUTS)), training=True)


def test_running_statistics_become_those_of_the_data(norm, rng):
    mean, deviation = np.array([3.0, -1.0, 0.0]), np.array([2.0, 0.1, 1.0])
    for _ in range(3_000):
        x = mean + deviation * rng.standard_normal((B, INPUTS))
        norm.update_running_statistics(norm.forward(x, training=True)[1])
    # a running average with rate r has √(r / (2 − r)) times the deviation of its terms
    spread = np.sqrt(RATE / (2 - RATE))
    assert (abs(norm.mean - mean) < 4 * spread * deviation / np.sqrt(B)).all()
    # without the factor B / (B − 1) the variance would be 14 % too small
    variance_spread = np.sqrt(2 / (B - 1))
    assert (abs(norm.variance / deviation**2 - 1) < 4 * spread * variance_spread).all()
    assert (norm.variance / deviation**2).mean() > 0.93


def mlp_with_norms(rng, dtype="complex128", **options):
    return MLP((3, 8, 6, 2), rng=rng, dtype=dtype, batch_norm=True, **options)


@MODES
@METHODS
@pytest.mark.parametrize("output", ["identity", "tanh"])
def test_a_network_with_batch_norms_has_the_numerical_gradients(training, method, output, rng):
    mlp = mlp_with_norms(rng, output=output, final_layer_scale=0.5)
    mlp.statistics[:] = rng.uniform(0.5, 2, mlp.statistics.shape)
    x, w = rng.standard_normal((B, 3)), rng.standard_normal((B, 2))
    grad_x, grad_theta = mlp.backward(w, mlp.forward(x, training)[1])
    theta = mlp.theta.copy()

    def in_theta(theta):
        mlp.theta[:] = theta
        return (mlp.forward(x, training)[0] * w).sum()

    report = check_gradient(in_theta, theta, grad_theta, method=method)
    assert report, report
    mlp.theta[:] = theta
    in_x = lambda x: (mlp.forward(x, training)[0] * w).sum()  # noqa: E731
    report = check_gradient(in_x, x, grad_x, method=method)
    assert report, report


def test_every_layer_and_the_input_are_normalised_before_the_activation(rng):
    mlp = mlp_with_norms(rng, "float64", output="tanh")
    x = 4 + rng.standard_normal((B, 3))

    def normal(z):
        return (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + EPSILON)

    h = normal(x)
    for i, (weight, bias) in enumerate(mlp.linears):
        z = normal(h @ weight + bias)
        h = np.maximum(z, 0) if i < 2 else np.tanh(3e-3 * z)
    np.testing.assert_allclose(mlp.forward(x, training=True)[0], h, rtol=1e-10)


def test_gamma_starts_at_one_beta_at_zero_and_the_statistics_at_those_of_unit_data(rng):
    mlp = mlp_with_norms(rng, "float32")
    norms = [layer for layer in mlp.layers if isinstance(layer, BatchNorm)]
    assert [norm.scale.size for norm in norms] == [3, 8, 6, 2]
    for norm, scale in zip(norms, (1, 1, 1, np.float32(3e-3)), strict=True):
        assert (norm.scale == scale).all()
        assert not norm.shift.any()
        assert not norm.mean.any()
        assert (norm.variance == 1).all()
    assert mlp.statistics.shape == (2 * (3 + 8 + 6 + 2),)
    assert mlp.statistics.dtype == np.float32


def test_batch_norm_changes_no_weight_that_is_drawn():
    plain = MLP((3, 8, 2), rng=np.random.default_rng(3))
    normed = MLP((3, 8, 2), rng=np.random.default_rng(3), batch_norm=True)
    for one, other in zip(plain.linears, normed.linears, strict=True):
        np.testing.assert_array_equal(one.weight, other.weight)
        np.testing.assert_array_equal(one.bias, other.bias)
    assert plain.statistics.shape == (0,)


def test_the_weight_mask_leaves_gamma_and_beta_out(rng):
    mlp = mlp_with_norms(rng, "float64")
    mlp.theta[:] = mlp.weight_mask()
    for layer in mlp.layers:
        if isinstance(layer, BatchNorm):
            assert not layer.scale.any()
            assert not layer.shift.any()
    assert mlp.theta.sum() == 3 * 8 + 8 * 6 + 6 * 2


def test_track_follows_what_each_layer_sees(rng):
    mlp = mlp_with_norms(rng, "float64", final_layer_scale=0.5)
    x = 4 + rng.standard_normal((400, 3))
    for _ in range(2_000):
        mlp.update_running_statistics(x)
    np.testing.assert_allclose(mlp.layers[0].mean, x.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(mlp.layers[0].variance, x.var(axis=0, ddof=1), rtol=1e-6)
    # then acting differs from training only by the variance's factor 400 / 399
    acting, training = mlp.forward(x)[0], mlp.forward(x, training=True)[0]
    np.testing.assert_allclose(acting, training, atol=0.02 * np.abs(training).max())


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_owns_its_statistics_and_keeps_its_gammas(duplicate, rng):
    mlp = mlp_with_norms(rng, "float64")
    mlp.theta[:] = rng.standard_normal(mlp.theta.shape)
    x = rng.standard_normal((B, 3))
    twin = duplicate(mlp)
    np.testing.assert_array_equal(twin.theta, mlp.theta)
    before = mlp.forward(x)[0]
    twin.update_running_statistics(5 * x)
    np.testing.assert_array_equal(mlp.forward(x)[0], before)
    assert not np.allclose(twin.forward(x)[0], before)


def test_a_bias_right_before_a_batch_norm_has_gradient_zero(rng):
    mlp = mlp_with_norms(rng, "float64", output="tanh", final_layer_scale=0.5)
    x, w = rng.standard_normal((B, 3)), rng.standard_normal((B, 2))
    _, grad_theta = mlp.backward(w, mlp.forward(x, training=True)[1])
    mlp.theta[:] = grad_theta
    for linear in mlp.linears:
        assert linear.weight.any()
        np.testing.assert_allclose(linear.bias, 0, atol=1e-12)
