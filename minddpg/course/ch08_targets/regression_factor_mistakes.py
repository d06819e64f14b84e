"""Mistakes of exercise 08.5, when it diverges."""

from ..engine import Mistake

ABOVE, BELOW = "np.sum(shares * features * slopes)", "np.sum(shares * features**2)"
FACTOR = f"{ABOVE} / {BELOW}"
GROWTH = "1 - tau + tau * factor"
MOVING = "(features - slopes)"
MASKED = "(1 - terminated) * next_features"

MISTAKES = (
    Mistake(
        "shares ignored",
        "Rows that are drawn more often count more: weight each row by its share in both sums.",
        {FACTOR: "np.sum(features * slopes) / np.sum(features**2)"},
    ),
    Mistake(
        "shares in one of the two sums",
        "The weights of the mean are needed in the numerator and in the denominator.",
        {ABOVE: "np.sum(features * slopes)"},
        {BELOW: "np.sum(features**2)"},
        {ABOVE: "np.mean(features * slopes)"},
        {BELOW: "np.mean(features**2)"},
    ),
    Mistake(
        "shares squared",
        "The shares are the weights of the mean: multiply each term by its share once.",
        {FACTOR: "np.sum(shares**2 * features * slopes) / np.sum(shares**2 * features**2)"},
    ),
    Mistake(
        "each row by itself",
        "You averaged the solutions of the single rows. But one w serves all rows, and a row with"
        " a large x pulls more.",
        {FACTOR: "np.sum(shares * slopes / features)"},
        {FACTOR: "np.mean(slopes / features)"},
    ),
    Mistake(
        "derivative of x w missing",
        "The derivative of (x w − y)² contains x as a factor, which stays in both sums.",
        {FACTOR: "np.sum(shares * slopes) / np.sum(shares * features)"},
        {FACTOR: "np.sum(slopes) / np.sum(features)"},
    ),
    Mistake(
        "terminated ignored",
        "Where the row terminated, y is 0, because nothing follows.",
        {MASKED: "next_features"},
    ),
    Mistake(
        "mask flipped",
        "y is 0 where the row terminated, and γ x' w' elsewhere.",
        {MASKED: "terminated * next_features"},
    ),
    Mistake(
        "terminated rows left out",
        "A terminated row has the target 0, and so pulls w towards 0. Include it in the"
        " denominator.",
        {BELOW: "np.sum(shares * (1 - terminated) * features**2)"},
        {FACTOR: f"np.mean((shares * features * slopes)[~terminated]) / {BELOW}"},
    ),
    Mistake("discount missing", "y = γ x' w' where the row continues.", {"discount * (1": "(1"}),
    Mistake(
        "discounted twice",
        "x' is one step away: its factor is γ, not γ².",
        {"discount * (1": "discount**2 * (1"},
        {FACTOR: f"discount * {FACTOR}"},
    ),
    Mistake(
        "1 − γ instead of γ",
        "y = γ x' w' where the row continues.",
        {"discount * (1": "(1 - discount) * (1"},
    ),
    Mistake("upside down", "That is 1/f. Turn the fraction over.", {FACTOR: f"{BELOW} / {ABOVE}"}),
    Mistake(
        "x' in the denominator",
        "The denominator is the sum of share x², because w is multiplied by x.",
        {"features**2": "next_features**2"},
        {"features**2": "slopes**2"},
        {"features**2": "(features * next_features)"},
    ),
    Mistake(
        "x' squared in the numerator",
        "The numerator is the sum of share x y, and y contains x' once.",
        {ABOVE: "np.sum(shares * next_features * slopes)"},
        {ABOVE: "np.sum(shares * slopes**2)"},
    ),
    Mistake(
        "x squared in the numerator",
        "The numerator is the sum of share x y: it contains x once and x' once.",
        {ABOVE: "np.sum(shares * features**2 * slopes)"},
        {ABOVE: "np.sum(shares * features**2 * discount * (1 - terminated))"},
    ),
    Mistake(
        "denominator missing",
        "Solve Σ share x (x w − y) = 0 for w: divide by Σ share x².",
        {FACTOR: ABOVE},
        {FACTOR: "np.mean(features * slopes)"},
        {FACTOR: "np.sum(features * slopes)"},
    ),
    Mistake(
        "root of the denominator",
        "Divide by the sum of squares itself, not by its root.",
        {BELOW: f"np.sqrt({BELOW})"},
        {BELOW: f"np.sqrt({BELOW} * np.sum(shares * slopes**2))"},
    ),
    Mistake(
        "largest ratio of a row",
        "One w serves all rows: the regression ends between them, at a weighted mean.",
        {FACTOR: "np.max(slopes / features)"},
        {FACTOR: "np.max(np.abs(slopes / features))"},
    ),
    Mistake(
        "change instead of factor",
        "f is w / w'. You returned f − 1, or 1 − f.",
        {FACTOR: f"{FACTOR} - 1"},
        {FACTOR: f"1 - {FACTOR}"},
    ),
    Mistake(
        "one step of gradient descent",
        "The regression runs to its end: set the derivative to zero and solve for w.",
        {FACTOR: f"1 + {ABOVE} - {BELOW}"},
        {FACTOR: f"1 + 2 * ({ABOVE} - {BELOW})"},
        {FACTOR: f"{ABOVE} - {BELOW}"},
        *(
            {FACTOR: f"1 + {rate} * ({ABOVE} - {BELOW})"}
            for rate in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
        ),
    ),
    Mistake(
        "y moves while w is fitted",
        "y is computed with w', which is held: it is a constant. Only x w has a derivative in w.",
        {FACTOR: f"np.sum(shares * {MOVING} * slopes) / np.sum(shares * {MOVING} ** 2)"},
        {FACTOR: f"np.sum(shares * {MOVING} * slopes) / np.sum(shares * {MOVING} * features)"},
    ),
    Mistake(
        "absolute value",
        "f can be negative.",
        {FACTOR: f"np.abs({FACTOR})"},
        {ABOVE: f"np.abs({ABOVE})"},
        {ABOVE: "np.sum(shares * np.abs(features * slopes))"},
    ),
    Mistake(
        "one factor for each row",
        "One w serves all rows: return one number.",
        {FACTOR: "slopes / features"},
        {FACTOR: "shares * slopes / features"},
    ),
    Mistake(
        "negative factors forgotten",
        "If f is negative, w' can change its sign in each round. If it jumps far enough to the"
        " other side of 0, |w'| grows as well.",
        {"abs(growth) > 1": "growth > 1"},
        {f"growth = {GROWTH}\n    grows = abs(growth) > 1": "grows = factor > 1 + 0 * tau"},
    ),
    Mistake(
        "τ ignored",
        "For 0 < τ < 1 the target keeps a part of itself. Then a factor of −1.5 need not diverge.",
        {GROWTH: "factor + 0 * tau"},
    ),
    Mistake(
        "converges instead of diverges",
        "Return True where |w'| grows.",
        {"abs(growth) > 1": "abs(growth) < 1"},
        {"abs(growth) > 1": "abs(growth) <= 1"},
        {"abs(growth) > 1": "growth < 1"},
        {GROWTH: "factor + 0 * tau", "abs(growth) > 1": "abs(growth) < 1"},
    ),
    Mistake(
        "divergence at the bound itself",
        "If w' only changes its sign, it does not grow.",
        {"> 1": ">= 1"},
    ),
    Mistake(
        "τ and 1 − τ swapped",
        "w' takes the share τ from w, and keeps 1 − τ of itself.",
        {GROWTH: "tau + (1 - tau) * factor"},
    ),
    Mistake(
        "old target forgotten",
        "w' keeps 1 − τ of itself. You took only the part from w.",
        {GROWTH: "tau * factor"},
        {GROWTH: "tau * factor", "abs(growth) > 1": "growth > 1"},
    ),
    Mistake("1 − τ missing", "w' keeps only 1 − τ of itself.", {GROWTH: "1 + tau * factor"}),
    Mistake(
        "sign of the factor",
        "w' ← (1 − τ) w' + τ f w': add the two shares.",
        {GROWTH: "1 - tau - tau * factor"},
    ),
    Mistake(
        "change compared with 1",
        "w' changes by τ (f − 1) w'. It grows if |1 + τ (f − 1)| is larger than 1.",
        {GROWTH: "tau * (factor - 1)"},
    ),
    Mistake(
        "positive instead of larger than 1",
        "A factor between 0 and 1 makes w' smaller.",
        {"abs(growth) > 1": "growth > 0"},
        {"abs(growth) > 1": "abs(growth) > 0"},
        {GROWTH: "factor + 0 * tau", "abs(growth) > 1": "growth > 0"},
    ),
    Mistake(
        "only negative factors",
        "A factor above 1 diverges at every τ.",
        {"abs(growth) > 1": "growth < -1"},
    ),
    Mistake(
        "too few rounds simulated",
        "Some targets grow very slowly, for example by 0.1 % in each round with f = 2 and τ ="
        " 0.001. Decide from the factor of one round.",
        *({"> 1": f"> {limit}"} for limit in (1.0005, 1.0015, 1.05, 1.2)),
    ),
    Mistake(
        "always the same decision",
        "Some factors diverge and others do not.",
        {"abs(growth) > 1": "abs(growth) >= 0"},
        {"abs(growth) > 1": "abs(growth) < 0"},
    ),
    Mistake(
        "growth instead of a decision",
        "Return True or False: is |w'| multiplied by more than 1?",
        {"return grows": "return growth"},
        {"return grows": "return abs(growth)"},
        {"return grows": "return growth - 1"},
    ),
)
