"""Mistakes of exercise 08.4, impossible values."""

from ..engine import Mistake

LOW, HIGH = "reward_low * horizon", "reward_high * horizon"
ALARM = f"(q_min < {LOW}) | (q_max > {HIGH})"


def bounds(horizon: str) -> tuple[dict[str, str], ...]:
    """Return the edits that replace 1/(1 − γ), in both bounds or in one."""
    return (
        {"1 / (1 - discount)": horizon},
        {LOW: f"reward_low * ({horizon})"},
        {HIGH: f"reward_high * ({horizon})"},
    )


MISTAKES = (
    Mistake(
        "upper bound only", "Q can be too low as well.", {"(q_min < reward_low * horizon) | ": ""}
    ),
    Mistake(
        "lower bound only",
        "Q can be too high as well, which happens more often.",
        {" | (q_max > reward_high * horizon)": ""},
    ),
    Mistake(
        "bound without the discount",
        "Those are the bounds of one reward. A return is a sum of rewards with the weights 1, γ,"
        " γ², ...",
        {"1 / (1 - discount)": "1"},
    ),
    Mistake(
        "bound without the discount, and instead of or",
        "A return is a sum of rewards with the weights 1, γ, γ², ..., and one broken bound is"
        " enough.",
        {"1 / (1 - discount)": "1", "|": "&"},
    ),
    Mistake(
        "γ/(1 − γ) instead of 1/(1 − γ)",
        "The first reward is not discounted: 1 + γ + γ² + ... = 1/(1 − γ).",
        *bounds("discount / (1 - discount)"),
    ),
    Mistake(
        "multiplied by 1 − γ",
        "1 + γ + γ² + ... = 1/(1 − γ): divide by 1 − γ.",
        *bounds("1 - discount"),
    ),
    Mistake(
        "inverted",
        "True means alarm, but you raise it where the values are possible.",
        {"return alarm": "return ~alarm"},
    ),
    Mistake(
        "always an alarm",
        "You raise an alarm at every step. Did you compare each side with its own bound?",
        {"return alarm": "return np.ones_like(alarm)"},
    ),
    Mistake(
        "never an alarm",
        "Values outside the bounds should raise an alarm.",
        {"return alarm": "return np.zeros_like(alarm)"},
    ),
    Mistake(
        "an alarm at the bound itself",
        "A value that equals the bound is possible: if every reward is the best one, the return is"
        " exactly r / (1 − γ). Use < and >.",
        {"q_min <": "q_min <=", "q_max >": "q_max >="},
        {"q_min <": "q_min <="},
        {"q_max >": "q_max >="},
    ),
    Mistake(
        "bounds of an episode that ends",
        "You summed γ^t over a fixed number of steps. Here episodes never terminate, and a time"
        " limit does not end the sum.",
        *(
            edit
            for steps in (10, 100, 199, 200, 201, 500, 1000)
            for edit in bounds(f"(1 - discount**{steps}) / (1 - discount)")
        ),
        *(
            {
                f"{reward} * horizon": f"sum({reward} * discount**t for t in range({steps}))"
                for reward in rewards
            }
            for steps in (10, 100, 200)
            for rewards in (("reward_low", "reward_high"), ("reward_low",), ("reward_high",))
        ),
    ),
    Mistake(
        "fixed horizon",
        "You took a fixed number for 1/(1 − γ). Compute it from discount.",
        *(edit for steps in (10, 20, 50, 100, 200, 1000) for edit in bounds(f"{steps}")),
    ),
    Mistake(
        "γ instead of 1/(1 − γ)",
        "1 + γ + γ² + ... = 1/(1 − γ).",
        *bounds("discount"),
        *bounds("1 / discount"),
    ),
    Mistake(
        "γ squared",
        "1 + γ + γ² + ... = 1/(1 − γ).",
        *bounds("1 / (1 - discount**2)"),
        *bounds("1 / (1 - discount) ** 2"),
    ),
    Mistake(
        "logarithm instead of 1/(1 − γ)",
        "1 + γ + γ² + ... = 1/(1 − γ).",
        *bounds("np.log(discount)")[1:],
        *bounds("-np.log(discount)"),
        *bounds("-1 / np.log(discount)"),
    ),
    Mistake(
        "bounds rounded",
        "The bounds need not be whole numbers.",
        {LOW: "reward_low // (1 - discount)", HIGH: "reward_high // (1 - discount)"},
        {LOW: "reward_low // (1 - discount)"},
        {HIGH: "reward_high // (1 - discount)"},
        {LOW: f"round({LOW})", HIGH: f"round({HIGH})"},
        {LOW: f"int({LOW})", HIGH: f"int({HIGH})"},
    ),
    Mistake(
        "rewards rounded",
        "Rewards are not whole numbers. int drops the digits after the point.",
        {"reward_low *": "int(reward_low) *", "reward_high *": "int(reward_high) *"},
        {"reward_low *": "round(reward_low) *", "reward_high *": "round(reward_high) *"},
    ),
    Mistake(
        "the middle of q_min and q_max",
        "One Q outside the bounds is enough. In the mean of the two, a Q that is too low can hide"
        " one that is too high.",
        {ALARM: f"((q_min + q_max) / 2 < {LOW}) | ((q_min + q_max) / 2 > {HIGH})"},
    ),
    Mistake(
        "ranges compared",
        "Both can be above the upper bound and close to each other. Compare each with its own"
        " bound.",
        {ALARM: f"q_max - q_min > {HIGH} - {LOW}"},
    ),
    Mistake(
        "every positive Q an alarm",
        "0 is the upper bound for Pendulum only. Here it depends on reward_high.",
        {ALARM: f"{ALARM} | (q_max > 0)"},
        {HIGH: "0"},
    ),
    Mistake(
        "a margin around the bounds",
        "The bounds are exact: no return is outside them. Raise an alarm without a margin.",
        *({"1 / (1 - discount)": f"{margin} / (1 - discount)"} for margin in (1.01, 1.05, 1.1)),
    ),
    Mistake("factor 2", "Your bounds are twice too large.", {"1 / (1": "2 / (1"}),
    Mistake(
        "factor 1/2", "Your bounds are half as large as they should be.", {"1 / (1": "0.5 / (1"}
    ),
    Mistake(
        "1 + γ instead of 1 − γ",
        "1 + γ + γ² + ... = 1/(1 − γ).",
        *bounds("1 / (1 + discount)"),
        *bounds("1 + discount"),
    ),
    Mistake(
        "rounded horizon",
        "1/(1 − γ) need not be a whole number.",
        {"1 / (1 - discount)": "1 // (1 - discount)"},
        {"1 / (1 - discount)": "round(1 / (1 - discount))"},
    ),
    Mistake(
        "one side inverted",
        "Raise an alarm where q_min is below the lower bound, and where q_max is above the upper"
        " one. One of your two comparisons points the other way.",
        {"q_min <": "q_min >"},
        {"q_max >": "q_max <"},
        {"q_min <": "q_min >="},
        {"q_max >": "q_max <="},
    ),
    Mistake(
        "the alarm of one step given to others",
        "Each step of the log has its own alarm.",
        {"return alarm": "return np.full(len(alarm), alarm.any())"},
        {"return alarm": "return np.cumsum(alarm) > 0"},
    ),
    Mistake(
        "both comparisons inverted",
        "Raise an alarm where q_min is below the lower bound, and where q_max is above the upper"
        " one. Both comparisons point the other way.",
        {"q_min <": "q_min >", "q_max >": "q_max <"},
    ),
    Mistake(
        "q_min and q_max swapped",
        "Compare the smallest Q with the lower bound, and the largest Q with the upper one.",
        {"q_min <": "q_max <", "q_max >": "q_min >"},
    ),
    Mistake(
        "q_max missing",
        "You compared q_min with both bounds. Compare q_max with the upper one.",
        {"q_max >": "q_min >"},
    ),
    Mistake(
        "q_min missing",
        "You compared q_max with both bounds. Compare q_min with the lower one.",
        {"q_min <": "q_max <"},
    ),
    Mistake(
        "bounds swapped, and instead of or",
        "The lower bound follows from reward_low, the upper one from reward_high, and one broken"
        " bound is enough.",
        {"< reward_low": "< reward_high", "> reward_high": "> reward_low", "|": "&"},
    ),
    Mistake(
        "one bound without the discount",
        "One of your two bounds is that of one reward. A return is a sum of rewards with the"
        " weights 1, γ, γ², ...",
        {"reward_low * horizon": "reward_low"},
        {"reward_high * horizon": "reward_high"},
    ),
    Mistake(
        "plus instead of times",
        "The bounds are products: reward times 1/(1 − γ).",
        {"reward_low *": "reward_low +", "reward_high *": "reward_high +"},
        {"reward_low *": "reward_low +"},
        {"reward_high *": "reward_high +"},
    ),
    Mistake(
        "absolute values",
        "Each side has its own bound. |Q| hides the sign.",
        {"q_min <": "np.abs(q_min) <", "q_max >": "np.abs(q_max) >"},
        {"q_max >": "np.abs(q_max) >"},
        {f"q_max > {HIGH}": f"np.abs(q_max) > abs({HIGH})"},
        {f"q_min < {LOW}": f"np.abs(q_min) > abs({LOW})"},
    ),
    Mistake(
        "either, but not both",
        "If both bounds are broken, raise an alarm as well: use | instead of ^.",
        {"|": "^"},
    ),
    Mistake(
        "brackets missing around 1 − γ",
        "r / 1 − γ is r − γ, because division comes before subtraction.",
        {
            "reward_low * horizon": "reward_low / 1 - discount",
            "reward_high * horizon": "reward_high / 1 - discount",
        },
        {LOW: "reward_low / 1 - discount"},
        {HIGH: "reward_high / 1 - discount"},
    ),
    Mistake("and instead of or", "One broken bound is enough.", {"|": "&"}),
    Mistake(
        "one bound for both sides",
        "You used the largest |r| for both sides. Each side has its own bound.",
        {
            "    horizon =": "    largest = max(-reward_low, reward_high)\n    horizon =",
            "< reward_low": "< -largest",
            "> reward_high": "> largest",
        },
        {"< reward_low": "< -reward_high"},
        {"> reward_high": "> -reward_low"},
    ),
    Mistake(
        "0 always possible",
        "Episodes never end here: if every reward is negative, 0 is far too high, and if every"
        " reward is positive, 0 is too low.",
        {"reward_low *": "min(reward_low, 0) *", "reward_high *": "max(reward_high, 0) *"},
        {"reward_low *": "min(reward_low, 0) *"},
        {"reward_high *": "max(reward_high, 0) *"},
    ),
)
