"""An MLP is the composition of its layers, with one vector θ of all parameters."""

import copy
import pickle

import numpy as np
import pytest

from minddpg.nn import MLP
from minddpg.nn.gradcheck import check_gradient

SIZES, B = (3, 8, 6, 2), 5


def make(rng, **options):
    return MLP(SIZES, rng=rng, **{"dtype": "complex128", **options})


@pytest.mark.parametrize(
    ("hidden", "output"), [("relu", "identity"), ("relu", "tanh"), ("tanh", "relu")]
)
@pytest.mark.parametrize(("method", "dtype"), [("complex", "complex128"), ("central", "float64")])
def test_gradients_match_the_numerical_ones_in_theta_and_in_x(hidden, output, method, dtype, rng):
    mlp = make(rng, hidden=hidden, output=output, dtype=dtype, final_layer_scale=0.5)
    x, w = rng.standard_normal((B, 3)), rng.standard_normal((B, 2))
    grad_x, grad_theta = mlp.backward(w, mlp.forward(x)[1])

    def in_theta(theta):
        mlp.theta[:] = theta
        return (mlp.forward(x)[0] * w).sum()

    theta = mlp.theta.copy()
    report = check_gradient(in_theta, theta, grad_theta, method=method)
    assert report, report
    mlp.theta[:] = theta
    report = check_gradient(lambda x: (mlp.forward(x)[0] * w).sum(), x, grad_x, method=method)
    assert report, report


def test_forward_is_the_nested_formula(rng):
    mlp = make(rng, dtype="float64", output="tanh")
    x = rng.standard_normal((B, 3))
    (w1, b1), (w2, b2), (w3, b3) = mlp.linears
    by_hand = np.tanh(np.maximum(np.maximum(x @ w1 + b1, 0) @ w2 + b2, 0) @ w3 + b3)
    np.testing.assert_allclose(mlp.forward(x)[0], by_hand, rtol=1e-12)


def test_theta_is_weight_then_bias_layer_after_layer(rng):
    mlp = make(rng, dtype="float64")
    assert mlp.theta.shape == (3 * 8 + 8 + 8 * 6 + 6 + 6 * 2 + 2,)
    mlp.theta[:] = np.arange(mlp.theta.size)
    np.testing.assert_array_equal(mlp.linears[0].weight, np.arange(24).reshape(3, 8))
    np.testing.assert_array_equal(mlp.linears[0].bias, np.arange(24, 32))
    assert mlp.linears[2].bias[-1] == mlp.theta.size - 1


def test_writing_into_theta_changes_the_network(rng):
    mlp = make(rng, dtype="float64")
    x = rng.standard_normal((B, 3))
    mlp.theta[:] = 0
    mlp.theta[-2:] = 1.5, -2.5
    np.testing.assert_array_equal(mlp.forward(x)[0], np.tile([1.5, -2.5], (B, 1)))


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_owns_its_theta_and_still_sees_it(duplicate, rng):
    mlp = make(rng, dtype="float64", hidden="tanh", output="tanh")
    x = rng.standard_normal((B, 3))
    before, twin = mlp.forward(x)[0], duplicate(mlp)
    np.testing.assert_array_equal(twin.forward(x)[0], before)
    twin.theta += 1
    assert not np.allclose(twin.forward(x)[0], before)
    np.testing.assert_array_equal(mlp.forward(x)[0], before)


def test_either_gradient_can_be_skipped(rng):
    mlp = make(rng, dtype="float64")
    x, w = rng.standard_normal((B, 3)), rng.standard_normal((B, 2))
    _, cache = mlp.forward(x)
    grad_x, grad_theta = mlp.backward(w, cache)
    only_x, nothing = mlp.backward(w, cache, wrt_theta=False)
    assert nothing is None
    np.testing.assert_array_equal(only_x, grad_x)
    nothing, only_theta = mlp.backward(w, cache, wrt_x=False)
    assert nothing is None
    np.testing.assert_array_equal(only_theta, grad_theta)


def test_an_mlp_of_no_layers_is_the_identity_and_has_no_parameters(rng):
    mlp = MLP((3,), rng=rng, output="tanh", dtype="float64")
    x, w = rng.standard_normal((2, B, 3))
    y, cache = mlp.forward(x)
    np.testing.assert_array_equal(y, x)
    grad_x, grad_theta = mlp.backward(w, cache)
    np.testing.assert_array_equal(grad_x, w)
    assert mlp.theta.shape == grad_theta.shape == (0,)


def test_a_gradient_of_another_shape_is_refused_instead_of_broadcast(rng):
    """NumPy would broadcast (B,) with (1, I), and (B, 1) with a tanh's (B, O), without an error."""
    for outputs, output, shape in ((1, "identity", (B,)), (2, "tanh", (B, 1)), (2, "tanh", (2,))):
        mlp = MLP((3, B, outputs), output=output, rng=rng, dtype="float64")
        _, cache = mlp.forward(rng.standard_normal((B, 3)))
        with pytest.raises(
            ValueError, match=rf"gradient of shape .*, not \(batch size, {outputs}\)"
        ):
            mlp.backward(rng.standard_normal(shape), cache)


def test_a_network_can_be_drawn_anew(rng):
    mlp = make(rng, dtype="float64", batch_norm=True, final_layer_scale=None)
    before = mlp.theta.copy()
    mlp.initialise(rng)
    assert (mlp.theta != before).any()
    assert np.abs(mlp.linears[-1].weight).max() <= 3e-3
    assert [norm.scale[0] for norm in mlp.batch_norms] == [1, 1, 1, 3e-3]


@pytest.mark.parametrize(("wrt_x", "wrt_theta"), [(True, False), (False, True), (False, False)])
def test_a_gradient_can_be_skipped_and_leaves_the_other_as_it_is(wrt_x, wrt_theta, rng):
    mlp = make(rng, dtype="float64", final_layer_scale=0.5)
    x, w = rng.standard_normal((B, 3)), rng.standard_normal((B, 2))
    _, cache = mlp.forward(x)
    wanted = zip((wrt_x, wrt_theta), mlp.backward(w, cache), strict=True)
    found = mlp.backward(w, cache, wrt_x=wrt_x, wrt_theta=wrt_theta)
    for (is_wanted, whole), gradient in zip(wanted, found, strict=True):
        if is_wanted:
            np.testing.assert_array_equal(gradient, whole)
        else:
            assert gradient is None


def test_a_gradient_outlives_the_next_backward(rng):
    mlp = make(rng, dtype="float64")
    x, w = rng.standard_normal((B, 3)), rng.standard_normal((B, 2))
    first = mlp.backward(w, mlp.forward(x)[1])[1]
    kept = first.copy()
    mlp.backward(w + 1, mlp.forward(x + 1)[1])
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("final_layer_scale", [3e-3, 0.2, None])
def test_initial_weights_fill_their_fan_in_intervals(final_layer_scale, rng):
    mlp = MLP((50, 400, 300), rng=rng, dtype="float64", final_layer_scale=final_layer_scale)
    last = 1 / np.sqrt(400) if final_layer_scale is None else final_layer_scale
    for linear, bound in zip(mlp.linears, (1 / np.sqrt(50), last), strict=True):
        for part in linear:
            assert np.abs(part).max() <= bound
            assert np.abs(part).max() >= 0.95 * bound  # from at least 300 draws
            assert np.abs(part.mean()) <= 0.2 * bound
            # the variance of U(−b, b) is b²/3
            assert part.var() == pytest.approx(bound**2 / 3, rel=0.2)


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex128"])
def test_everything_stays_in_the_networks_dtype(dtype, rng):
    mlp = make(rng, dtype=dtype)
    x, w = rng.standard_normal((B, 3)).astype(dtype), rng.standard_normal((B, 2)).astype(dtype)
    y, cache = mlp.forward(x)
    assert {mlp.theta.dtype, y.dtype, *(g.dtype for g in mlp.backward(w, cache))} == {
        np.dtype(dtype)
    }


def test_the_same_seed_draws_the_same_network_in_every_dtype():
    thetas = [
        MLP(SIZES, rng=np.random.default_rng(3), dtype=dtype).theta
        for dtype in ("float32", "float64", "complex128")
    ]
    np.testing.assert_array_equal(thetas[1], thetas[2])
    np.testing.assert_array_equal(thetas[0], thetas[1].astype(np.float32))


def test_complex_inputs_pass_through_real_weights(rng):
    mlp = make(rng, dtype="float64", output="tanh", final_layer_scale=0.5)
    x, direction = rng.standard_normal((2, B, 3))
    y, _ = mlp.forward(x + 1e-30j * direction)
    ahead, behind = (mlp.forward(x + sign * 1e-6 * direction)[0] for sign in (1, -1))
    np.testing.assert_allclose(y.imag / 1e-30, (ahead - behind) / 2e-6, rtol=1e-6, atol=1e-9)


def test_weight_mask_is_true_at_weights_and_false_at_biases(rng):
    mlp = make(rng, dtype="float64")
    mlp.theta[:] = mlp.weight_mask()
    for linear in mlp.linears:
        assert (linear.weight == 1).all()
        assert (linear.bias == 0).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sizes": ()}, r"\(\)"),
        ({"sizes": (3, 0, 1)}, r"\(3, 0, 1\)"),
        ({"sizes": SIZES, "output": "softmax"}, "output = 'softmax': .*relu, tanh, identity"),
        ({"sizes": SIZES, "hidden": "gelu"}, "hidden = 'gelu'"),
        ({"sizes": SIZES, "dtype": "float16"}, "dtype = 'float16': .*float32"),
        ({"sizes": SIZES, "theta": np.zeros(3)}, r"\(3,\).*\(100,\)"),
        (
            {"sizes": SIZES, "theta": np.zeros(100), "statistics": np.zeros(2)},
            r"statistics .*\(2,\).*\(0,\)",
        ),
    ],
)
def test_settings_that_make_no_network_are_refused_by_name(arguments, message):
    with pytest.raises(ValueError, match=message):
        MLP(**arguments)


def test_the_last_layer_starts_within_3e_3_unless_told_otherwise(rng):
    last = MLP((5, 40, 30), rng=rng).linears[-1]
    assert 0 < np.abs(last.weight).max() <= 3e-3
    wide = MLP((5, 40, 30), rng=rng, final_layer_scale=0.1).linears[-1]
    assert 0.05 < np.abs(wide.weight).max() <= 0.1


def test_the_weight_mask_is_boolean(rng):
    assert MLP((3, 2), rng=rng).weight_mask().dtype == bool


def test_a_final_layer_of_scale_zero_starts_at_zero(rng):
    mlp = MLP((3, 4, 2), rng=rng, final_layer_scale=0.0)
    assert not mlp.linears[-1].weight.any()
    assert mlp.linears[0].weight.any()
