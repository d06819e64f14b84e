"""A linear-quadratic problem with closed forms of Q^μ, J and ρ^μ: a reference for equation (6).

Two states (a position and a speed), one action, and an actor with a single gain θ,

    s' = A s + B a,   r = −(sᵀ C s + D a²),   μ(s) = −θ (w · s),

so that  V^μ(s) = −sᵀ P s  and every expectation needs only the second moment  E[s sᵀ]  (2, 2) of
the states. Derived in docs/policy-gradient.md.

N states; A, B, C, D and P are the matrices above.
"""

from dataclasses import dataclass

import numpy as np

from ..nn.gradcheck import numerical_gradient
from ..nn.layers import Array

A = np.array([[1.0, 0.1], [0.0, 1.0]])  # a mass on a rail, every 0.1 s
B = np.array([0.0, 0.1])
C, D = np.diag([1.0, 0.1]), 0.1
W = np.array([1.0, 1.0])  # w, by which the actor weighs the state
START = np.array([[1.0, 0.2], [0.2, 0.5]])  # E[s₀ s₀ᵀ], Gaussian about 0
DISCOUNT = 0.95
TOLERANCE = 1e-6  # of (6) with nothing left out, compared with the finite difference of J
GAIN, OLD_GAIN = 1.5, 1.3  # θ of the actor, and of the policy that the critic still values
NOISE, STEPS = 0.5, 200  # σ of the behaviour β; steps of its episode
BATCH, DRAWS = 64, 2_000  # of gap 4: states in a minibatch; number of minibatches


def closed_loop(gain: Array) -> Array:
    """Return M (2, 2) of  s' = M s  under the policy."""
    return A - np.outer(B, gain * W)


def value_matrix(gain: Array) -> Array:
    """Return P (2, 2), the fixed point of  P = C + D θ² w wᵀ + γ Mᵀ P M  (eq. 3)."""
    m = closed_loop(gain)
    return _solve(m.T, DISCOUNT, C + D * gain**2 * np.outer(W, W))


def q_value(gain: Array, state: Array, action: Array) -> Array:
    """Return Q^μ (N,) at states (N, 2) and actions (N,)."""
    after = state @ A.T + action[:, None] * B
    cost = ((state @ C) * state).sum(axis=1) + D * action**2
    q: Array = -(cost + DISCOUNT * ((after @ value_matrix(gain)) * after).sum(axis=1))
    return q


def objective(gain: Array, moment: Array = START) -> Array:
    """Return J(θ) = E[V^μ(s)] over states with this second moment, by default the start's."""
    value: Array = -np.trace(value_matrix(gain) @ moment)
    return value


def discounted_moment(gain: Array) -> Array:
    """Return Σ γᵗ E[s_t s_tᵀ] (2, 2), the second moment under the discounted ρ^μ.

    It is the fixed point of  S = START + γ M S Mᵀ;  its weights γᵗ sum to 1 / (1 − γ).
    """
    return _solve(closed_loop(gain), DISCOUNT, START)


def replay_moment(gain: Array) -> Array:
    """Return the mean of E[s_t s_tᵀ] over an episode with noisy actions, undiscounted: ρ^β."""
    moment, total, m = START, np.zeros((2, 2)), closed_loop(gain)
    for _ in range(STEPS):
        total = total + moment
        moment = m @ moment @ m.T + NOISE**2 * np.outer(B, B)
    return total / STEPS


def action_slope(gain: Array, value: Array) -> Array:
    """Return g (2,) of  ∇a Q(s, μ(s)) = g · s, for the critic whose V is −sᵀ `value` s."""
    slope: Array = -2 * (D * -gain * W + DISCOUNT * B @ value @ closed_loop(gain))
    return slope


def policy_gradient(gain: Array, moment: Array, value: Array) -> Array:
    """Return (6),  E[∇a Q(s, μ(s)) ∇θ μ(s)],  over states with this second moment."""
    gradient: Array = -action_slope(gain, value) @ moment @ W
    return gradient


@dataclass(frozen=True)
class Row:
    """A value of (6), compared with the derivative that it approximates."""

    name: str
    formula: float
    reference: float
    tolerance: float | None = None  # None for a gap, whose error is shown but not judged

    @property
    def error(self) -> float:
        """Return the relative error of the formula."""
        return abs(self.formula - self.reference) / abs(self.reference)

    @property
    def passed(self) -> bool:
        """True if the error is within the tolerance, or there is none."""
        return self.tolerance is None or self.error <= self.tolerance


def check_truth(gain: float = GAIN) -> list[Row]:
    """Compare (6) with ∇J: first with nothing left out, then with each of its four gaps alone.

    Gradients are per step: the discounted ρ^μ is multiplied by 1 − γ, so that it sums to one.
    """
    theta, value = np.array(gain), value_matrix(np.array(gain))
    states = (1 - DISCOUNT) * discounted_moment(theta)
    reference = (1 - DISCOUNT) * float(numerical_gradient(objective, theta))
    exact = float(policy_gradient(theta, states, value))

    frozen = float(numerical_gradient(lambda t: objective(t, states), theta))
    replayed = float(policy_gradient(theta, replay_moment(theta), value))
    lagging = float(policy_gradient(theta, states, value_matrix(np.array(OLD_GAIN))))
    estimates = _minibatch_gradients(theta, value)
    typical = reference + float(np.sqrt(np.mean((estimates - reference) ** 2)))
    return [
        Row("exact Q^μ, discounted ρ^μ", exact, reference, TOLERANCE),
        Row("gap 1: states of the replay, undiscounted ρ^β", replayed, reference),
        Row("gap 2: ∇θ Q^μ dropped, states fixed", exact, frozen),
        Row(f"gap 3: a critic that lags, Q^μ of θ = {OLD_GAIN}", lagging, reference),
        Row(f"gap 4: minibatches of {BATCH}, ∇J plus their typical error", typical, reference),
    ]


def truth_table(rows: list[Row]) -> str:
    """Format the rows as text."""
    width = max(len(row.name) for row in rows)
    lines = [f"{'(6)':{width}}  {'formula':>9}  {'reference':>9}  relative error"]
    for row in rows:
        verdict = "" if row.tolerance is None else f"  {'passed' if row.passed else 'FAILED'}"
        numbers = f"{row.formula:9.5f}  {row.reference:9.5f}  {row.error:14.1e}"
        lines.append(f"{row.name:{width}}  {numbers}{verdict}")
    return "\n".join(lines)


def _minibatch_gradients(gain: Array, value: Array) -> Array:
    """Estimate (6) from each of DRAWS minibatches of states of the discounted ρ^μ: (DRAWS,)."""
    rng = np.random.default_rng(0)
    state = rng.multivariate_normal(np.zeros(2), START, size=DRAWS * BATCH)
    age = rng.geometric(1 - DISCOUNT, size=DRAWS * BATCH) - 1
    powers = np.stack([np.linalg.matrix_power(closed_loop(gain), t) for t in range(age.max() + 1)])
    state = np.einsum("nij,nj->ni", powers[age], state)
    samples = (state @ action_slope(gain, value)) * -(state @ W)
    estimates: Array = samples.reshape(DRAWS, BATCH).mean(axis=1)
    return estimates


def _solve(m: Array, discount: float, constant: Array) -> Array:
    """Solve  X = constant + discount m X mᵀ  for X (2, 2), in the flattened X."""
    matrix = np.eye(4) - discount * np.kron(m, m)
    return np.linalg.solve(matrix, constant.ravel()).reshape(2, 2)
