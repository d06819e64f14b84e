"""The mistakes of exercise 06.4, the policy gradient of a linear system."""

from ..engine import Mistake

PRODUCT = "dq_du * dmu_dk * visits"
P = "p = lqr_value(gain, a, b, q, r, discount)\n    closed"
VISITS = "variance / (1 - discount * closed_loop**2)"
J_AT = "lqr_objective({}, a, b, q, r, discount, variance)"
DQ_DU = "-2 * r * gain + 2 * discount * p * b * closed_loop"

MISTAKES = (
    Mistake(
        "start states only",
        "That is the term of t = 0. The policy acts in every later state too.",
        {" / (1 - discount * closed_loop**2)": ""},
    ),
    Mistake(
        "visitation that sums to one",
        "You weighted by (1 − γ) γ^t, which gives the gradient per step. The gradient of J has the"
        " weight γ^t alone.",
        {"variance / ": "variance * (1 - discount) / "},
    ),
    Mistake(
        "states not squared",
        "∇u Q and ∇k μ both contain s, so the sum runs over E[s_t²], and s_t² shrinks by (a − b"
        " k)² at each step.",
        {"closed_loop**2": "closed_loop"},
    ),
    Mistake(
        "Q's cost only",
        "∇u Q has a second term: u also changes the next state, which costs γ p s'².",
        {DQ_DU: "-2 * r * gain"},
    ),
    Mistake(
        "control cost missing in ∇u Q",
        "Q contains r u², and its slope is 2 r u. You kept only the cost of the future.",
        {DQ_DU: "2 * discount * p * b * closed_loop"},
    ),
    Mistake(
        "discount missing in ∇u Q",
        "The next state's value is one step away: in Q it is multiplied by γ.",
        {DQ_DU: "-2 * r * gain + 2 * p * b * closed_loop"},
    ),
    Mistake(
        "b missing in ∇u Q",
        "The derivative of (a s + b u)² in u is 2 b (a s + b u).",
        {DQ_DU: "-2 * r * gain + 2 * discount * p * closed_loop"},
    ),
    Mistake(
        "b squared in ∇u Q",
        "The derivative of (a s + b u)² in u is 2 b (a s + b u), with one b.",
        {DQ_DU: "-2 * r * gain + 2 * discount * p * b**2 * closed_loop"},
    ),
    Mistake(
        "square not differentiated in ∇u Q",
        "The derivative of (a s + b u)² in u is 2 b (a s + b u), without a square.",
        {DQ_DU: "-2 * r * gain + 2 * discount * p * b * closed_loop**2"},
        {DQ_DU: "-2 * r * gain + 2 * discount * p * closed_loop**2"},
    ),
    Mistake(
        "q in ∇u Q",
        "q s² does not change with u, so ∇u Q does not contain it.",
        {DQ_DU: f"2 * q + {DQ_DU}"},
        {DQ_DU: f"q + {DQ_DU}"},
    ),
    Mistake(
        "J instead of p in ∇u Q",
        "∇u Q is the slope in one state, and the next state costs p s'². The variance enters once,"
        " with the sum over the states.",
        {P: "p = lqr_objective(gain, a, b, q, r, discount, variance)\n    closed"},
    ),
    Mistake(
        "one step's cost instead of p",
        "The next state's value is p s'²: the cost of all later steps.",
        {P: "p = q + r * gain**2\n    closed"},
    ),
    Mistake(
        "p missing in ∇u Q",
        "The next state costs p s'², so ∇u Q contains p.",
        {DQ_DU: "-2 * r * gain + 2 * discount * b * closed_loop"},
    ),
    Mistake(
        "∇u Q at another action",
        "The slope of Q depends on u. Take it at the policy's action, u = −k s.",
        {DQ_DU: "2 * discount * p * b * a"},
        {DQ_DU: "2 * r * gain + 2 * discount * p * b * (a + b * gain)"},
        {DQ_DU: "-2 * r * gain + 2 * discount * p * b * a"},
    ),
    Mistake(
        "2 missing in one term",
        "The derivatives of r u² and of (a s + b u)² each have a factor 2.",
        {DQ_DU: "-r * gain + 2 * discount * p * b * closed_loop"},
        {DQ_DU: "-2 * r * gain + discount * p * b * closed_loop"},
    ),
    Mistake(
        "one 2 too many in one term",
        "The derivatives of r u² and of (a s + b u)² have one factor 2 each.",
        {DQ_DU: "-4 * r * gain + 2 * discount * p * b * closed_loop"},
        {DQ_DU: "-2 * r * gain + 4 * discount * p * b * closed_loop"},
    ),
    Mistake(
        "gain missing in ∇u Q",
        "The slope of r u² is 2 r u, and u = −k s.",
        {DQ_DU: "-2 * r + 2 * discount * p * b * closed_loop"},
    ),
    Mistake(
        "r missing in ∇u Q",
        "The slope of r u² is 2 r u.",
        {DQ_DU: "-2 * gain + 2 * discount * p * b * closed_loop"},
    ),
    Mistake(
        "next state missing in ∇u Q",
        "The slope of (a s + b u)² is 2 b (a s + b u), and a s + b u is the next state.",
        {DQ_DU: "-2 * r * gain + 2 * discount * p * b"},
    ),
    Mistake(
        "a instead of b in ∇u Q",
        "The derivative of (a s + b u)² in u is 2 b (a s + b u): a is the derivative in s.",
        {DQ_DU: "-2 * r * gain + 2 * discount * p * a * closed_loop"},
    ),
    Mistake(
        "∇s Q instead of ∇u Q",
        "That is the derivative of Q in the state. The theorem multiplies the one in u.",
        {DQ_DU: "2 * q + 2 * discount * p * a * closed_loop"},
    ),
    Mistake(
        "∇k μ missing",
        "μ(s) = −k s, so its derivative in k is −s. You left it out: both its sign, and s.",
        {PRODUCT: "dq_du * variance"},
    ),
    Mistake(
        "the gain instead of ∇k μ",
        "μ(s) = −k s, so its derivative in k is −s, and not −k.",
        {"dmu_dk = -1.0": "dmu_dk = -gain"},
        {"dmu_dk = -1.0": "dmu_dk = gain"},
    ),
    Mistake(
        "factor 2",
        "Either there is a 2 too many, or you added the derivative of p in k to the sum. The sum"
        " contains it already: the later states are in it.",
        {PRODUCT: f"2 * {PRODUCT}"},
    ),
    Mistake(
        "later states counted twice",
        "The sum over t is in your result twice: as a second factor 1/(1 − γ (a − b k)²), or"
        " because you added the derivative of p to every term.",
        {PRODUCT: f"{PRODUCT} / (1 - discount * closed_loop**2)"},
    ),
    Mistake(
        "derivative of p added",
        "p changes with k because the policy acts in the later states. These states are in the sum"
        " already, so you count that change twice.",
        # G is the gradient: p's own derivative is G / variance
        {PRODUCT: f"{PRODUCT} * (1 + discount * closed_loop**2)"},
        {PRODUCT: f"{PRODUCT} * (1 + visits / variance)"},
        {PRODUCT: f"{PRODUCT} * (1 + discount * visits / variance)"},
        {PRODUCT: f"{PRODUCT} * (1 + 1 / variance)"},
        {PRODUCT: f"{PRODUCT} * (1 + discount)"},
    ),
    Mistake(
        "sum too short",
        "You summed only the first times. Sum until γ^t E[s_t²] is negligible, or use the formula"
        " of the geometric series.",
        *(
            {PRODUCT: (f"{PRODUCT} * (1 - (discount * closed_loop**2) ** {steps})")}
            for steps in (*range(2, 31), 40, 50, 60, 80, 100)
        ),
    ),
    Mistake(
        "first time left out",
        "t begins at 0: the start states count as well.",
        {"variance / ": "variance * discount * closed_loop**2 / "},
    ),
    Mistake(
        "discounted once too often",
        "The weight of t is γ^t, so the start states count in full.",
        {"variance / ": "discount * variance / "},
    ),
    Mistake(
        "undiscounted visitation",
        "Later states count less: weight E[s_t²] by γ^t before you sum.",
        {"1 - discount * closed_loop**2": "1 - closed_loop**2"},
        *(
            {VISITS: f"{VISITS.replace('discount * ', '')} * (1 - closed_loop ** (2 * {steps}))"}
            for steps in (100, 200, 500, 1000)
        ),
    ),
    Mistake(
        "brackets missing",
        "Everything is divided by the whole of 1 − γ (a − b k)².",
        {PRODUCT: "dq_du * dmu_dk * variance - discount * closed_loop**2"},
        {VISITS: "variance / 1 - discount * closed_loop**2"},
    ),
    Mistake(
        "brackets missing",
        "The sum over the states multiplies both terms of ∇u Q.",
        {PRODUCT: "2 * visits * r * gain - 2 * discount * p * b * closed_loop"},
        {PRODUCT: "2 * visits * r * gain - discount * p * b * closed_loop"},
        {PRODUCT: "2 * r * gain - 2 * discount * p * b * closed_loop * visits"},
    ),
    Mistake(
        "discount squared",
        "The weight is γ^t. Only the state is squared.",
        {"discount * closed_loop**2": "(discount * closed_loop) ** 2"},
    ),
    Mistake(
        "multiplied instead of divided",
        "The geometric series with the ratio x sums to 1/(1 − x).",
        {"variance / ": "variance * "},
    ),
    Mistake(
        "plus instead of minus in the denominator",
        "The geometric series with the ratio x sums to 1/(1 − x).",
        {"(1 - discount": "(1 + discount"},
    ),
    Mistake(
        "states left to themselves",
        "The policy acts: s_t = (a − b k)^t s₀, and not a^t s₀.",
        {VISITS: "variance / (1 - discount * a**2)"},
    ),
    Mistake(
        "states that stay where they start",
        "1/(1 − γ) is the sum of γ^t alone. The states change: s_t = (a − b k)^t s₀, and the sum"
        " contains E[s_t²].",
        {VISITS: "variance / (1 - discount)"},
    ),
    Mistake(
        "sign flipped",
        "Every entry has the wrong sign. Is the minus of ∇k μ(s) = −s in your product?",
        {"dmu_dk = -1.0": "dmu_dk = 1.0"},
    ),
    Mistake(
        "closed loop with the wrong sign",
        "u = −k s, so s' = (a − b k) s.",
        {"a - b * gain": "a + b * gain"},
    ),
    Mistake(
        "b missing in the closed loop",
        "u enters the next state through b: s' = (a − b k) s.",
        {"a - b * gain": "a - gain"},
        {DQ_DU: "-2 * r * gain + 2 * discount * p * b * (a - gain)"},
    ),
    Mistake(
        "no control in the next state",
        "That is the system without control. s' = a s + b u, with u = −k s.",
        {"a - b * gain": "a"},
    ),
    Mistake(
        "arguments of lqr_value swapped",
        "It is lqr_value(gain, a, b, q, r, discount).",
        *(
            {f"{target} = lqr_value(gain, a, b, q, r, discount)": f"{target} = lqr_value({given})"}
            for target in ("p", "objective")
            for given in (
                "a, b, q, r, discount, gain",
                "a, b, q, r, gain, discount",
                "gain, b, a, q, r, discount",
                "gain, a, b, r, q, discount",
            )
        ),
    ),
    Mistake(
        "sign of one term",
        "∇u Q is 2 r u + 2 γ p b s', and u = −k s. Its two terms have opposite signs here.",
        {DQ_DU: "-2 * r * gain - 2 * discount * p * b * closed_loop"},
        {DQ_DU: "2 * r * gain + 2 * discount * p * b * closed_loop"},
        {DQ_DU: "-2 * r * gain - 2 * discount * p * b * (a + b * gain)"},
    ),
    Mistake(
        "variance missing",
        "The size of the states matters: E[s₀²] is the variance.",
        {"variance / ": "1 / "},
    ),
    Mistake(
        "variance missing",
        "p is the cost from s = 1. From a random start it is p E[s₀²].",
        {" * variance": "", "variance / ": "1 / "},
        {" * variance": ""},
    ),
    Mistake(
        "cost per step",
        "J is the whole discounted sum, not (1 − γ) times it.",
        {" * variance": " * variance * (1 - discount)"},
        {
            " * variance": " * variance * (1 - discount)",
            "variance / ": "variance * (1 - discount) / ",
        },
    ),
    Mistake(
        "summed over t once more",
        "p is the cost of all times already: J is p E[s₀²].",
        {"discount) * variance": ("discount) * variance / (1 - discount * (a - b * gain) ** 2)")},
        {"discount) * variance": "discount) * variance / (1 - discount)"},
    ),
    Mistake("variance added", "J is p E[s₀²], a product.", {" * variance": " + variance"}),
    Mistake(
        "difference quotient",
        "Your derivative is numerical, and its step is too large. The theorem gives the exact one.",
        *(
            {PRODUCT: f"({J_AT.format(f'gain + {h}')} - {J_AT.format('gain')}) / {h}"}
            for h in (0.1, 0.01, 1e-3, 1e-4)
        ),
        *(
            {PRODUCT: f"({J_AT.format(f'gain + {h}')} - {J_AT.format(f'gain - {h}')}) / {2 * h}"}
            for h in (0.1, 0.01, 1e-3)
        ),
    ),
    Mistake(
        "the gain after a step",
        "Return the derivative itself. The step comes later.",
        *({PRODUCT: f"gain - {rate} * {PRODUCT}"} for rate in (1, 0.1, 0.01, 0.001)),
    ),
    Mistake("divided by the variance", "J is p E[s₀²].", {"* variance": "/ variance"}),
    Mistake(
        "variance taken for a standard deviation",
        "E[s₀²] of a start with mean 0 is the variance itself.",
        {"* variance": "* variance**2", "variance / ": "variance**2 / "},
        {"* variance": "* variance**2"},
        {"variance / ": "variance**2 / "},
        {"* variance": "* np.sqrt(variance)", "variance / ": "np.sqrt(variance) / "},
        {"* variance": "* np.sqrt(variance)"},
        {"variance / ": "np.sqrt(variance) / "},
    ),
    Mistake(
        "return instead of cost",
        "J is a cost here: it is positive, and it should fall.",
        {"objective = ": "objective = -", "gradient = ": "gradient = -"},
        {"objective = ": "objective = -"},
    ),
)
