"""The mistakes that check 12.3 can name: the target of TD3."""

from ..engine import Mistake

ROW_BY_ROW = "Compare the two critics row by row: take the smaller value of each transition."
CLIPPED, SUM = "np.clip(noise, -noise_clip, noise_clip)", "np.clip(next_action + noise, -1, 1)"
SMALLER = "np.minimum(q1(smoothed), q2(smoothed))"

MISTAKES = (
    Mistake(
        "max instead of min",
        "You took the larger value. The second critic is there to prevent overestimation.",
        {"np.minimum": "np.maximum"},
    ),
    Mistake(
        "mean instead of min",
        "The mean of two critics overestimates like one of them. Take the smaller.",
        {SMALLER: "(q1(smoothed) + q2(smoothed)) / 2"},
    ),
    Mistake("first critic only", "You did not use q2.", {SMALLER: "q1(smoothed)"}),
    Mistake("second critic only", "You did not use q1.", {SMALLER: "q2(smoothed)"}),
    Mistake(
        "smallest of the whole batch", ROW_BY_ROW, {SMALLER: "np.min([q1(smoothed), q2(smoothed)])"}
    ),
    Mistake(
        "smaller mean of the whole batch",
        ROW_BY_ROW,
        {SMALLER: "min(q1(smoothed).mean(), q2(smoothed).mean())"},
    ),
    Mistake(
        "smaller critic of the whole batch",
        ROW_BY_ROW,
        {SMALLER: "min(q1(smoothed), q2(smoothed), key=np.mean)"},
    ),
    Mistake(
        "critics added", "Take the smaller of the two.", {SMALLER: "q1(smoothed) + q2(smoothed)"}
    ),
    Mistake(
        "noise not clipped",
        "The noise is limited to ±c first, so that ã stays near the action.",
        {"    noise = np.clip(noise, -noise_clip, noise_clip)\n": ""},
    ),
    Mistake(
        "noise clipped to ±1",
        "The noise's own bound is c, noise_clip.",
        {CLIPPED: "np.clip(noise, -1, 1)"},
    ),
    Mistake(
        "noise clipped at one end only",
        "Clip at both ends, −c and c.",
        {CLIPPED: "np.minimum(noise, noise_clip)"},
        {CLIPPED: "np.maximum(noise, -noise_clip)"},
        {CLIPPED: "np.clip(noise, 0, noise_clip)"},
        {CLIPPED: "np.clip(noise, -noise_clip, 0)"},
        {CLIPPED: "np.clip(noise, -noise_clip, 1)"},
        {CLIPPED: "np.clip(noise, -1, noise_clip)"},
    ),
    Mistake(
        "bounds of the noise mixed up",
        "The noise must be between −c and c: np.clip(noise, −c, c), with the lower bound first.",
        {CLIPPED: "np.clip(noise, noise_clip, -noise_clip)"},
        {CLIPPED: "np.maximum(noise_clip, np.minimum(-noise_clip, noise))"},
        {CLIPPED: "np.minimum(noise, -noise_clip)"},
        {CLIPPED: "np.maximum(noise, noise_clip)"},
    ),
    Mistake(
        "clip bounds swapped",
        "c bounds the noise, and 1 bounds the action.",
        {
            CLIPPED: "np.clip(noise, -1, 1)",
            SUM: "np.clip(next_action + noise, -noise_clip, noise_clip)",
        },
    ),
    Mistake(
        "noise clipped at a multiple of noise_clip",
        "The noise is bounded by −c and c.",
        {CLIPPED: "np.clip(noise, -2 * noise_clip, 2 * noise_clip)"},
        {CLIPPED: "np.clip(noise, -noise_clip / 2, noise_clip / 2)"},
    ),
    Mistake(
        "one noise for several entries",
        "Each entry of each action has its own noise.",
        *(
            {CLIPPED: f"np.clip({noise}, -noise_clip, noise_clip)"}
            for noise in ("noise.mean()", "noise[:, :1]", "noise[:1]", "noise.mean(axis=0)")
        ),
    ),
    Mistake(
        "noise beyond the bounds removed",
        "A noise beyond ±c becomes ±c, not 0.",
        {CLIPPED: "np.where(abs(noise) < noise_clip, noise, 0)"},
    ),
    Mistake(
        "size of the noise",
        "The noise keeps its sign: clip it to [−c, c].",
        {CLIPPED: "np.minimum(abs(noise), noise_clip)"},
    ),
    Mistake(
        "noise squashed by tanh",
        "The bound is a clip: inside [−c, c] the noise stays as it is.",
        {CLIPPED: "noise_clip * np.tanh(noise)"},
        {CLIPPED: "noise_clip * np.tanh(noise / noise_clip)"},
    ),
    Mistake(
        "action squashed by tanh",
        "next_action already is in [−1, 1]: clip the sum.",
        {SUM: "np.tanh(next_action + noise)"},
    ),
    Mistake(
        "hard-coded noise_clip",
        "The noise's bound is the argument noise_clip, whatever it is.",
        *({CLIPPED: f"np.clip(noise, -{c}, {c})"} for c in (0.5, 0.2, 0.9, 0.99)),
    ),
    Mistake(
        "hard-coded discount",
        "γ is the argument discount, whatever it is.",
        *({"discount * np": f"{discount} * np"} for discount in (0.9, 0.99)),
    ),
    Mistake(
        "noise multiplied by noise_clip",
        "c is a bound, not a scale: clip(noise, −c, c).",
        {CLIPPED: "noise_clip * noise"},
    ),
    Mistake(
        "noise scaled",
        "The noise already has its scale: only clip it.",
        *({CLIPPED: f"{k} * {CLIPPED}"} for k in (0.1, 0.2, 0.5, 2)),
        *(
            {"next_action + noise": f"next_action + {k} * noise"}
            for k in ("discount", "noise_clip")
        ),
        *({CLIPPED: CLIPPED.replace("(noise", f"({k} * noise")} for k in (0.1, 0.2, 0.5, 2)),
    ),
    Mistake(
        "sum clipped to ±c",
        "c bounds the noise. The action is bounded by ±1.",
        {
            "    noise = np.clip(noise, -noise_clip, noise_clip)\n": "",
            SUM: "np.clip(next_action + noise, -noise_clip, noise_clip)",
        },
    ),
    Mistake(
        "action not clipped",
        "With noise an action can be outside [−1, 1], where no critic was ever trained.",
        {SUM: "next_action + noise"},
        {SUM: "np.clip(next_action, -1, 1) + noise"},
    ),
    Mistake(
        "action clipped at one end only",
        "Clip the sum at both ends, −1 and 1.",
        {SUM: "np.minimum(next_action + noise, 1)"},
        {SUM: "np.maximum(next_action + noise, -1)"},
        {SUM: "np.clip(next_action + noise, 0, 1)"},
    ),
    Mistake(
        "each critic at another action",
        "Evaluate both critics at the same ã.",
        {"q2(smoothed)": "q2(next_action)"},
        {"q1(smoothed)": "q1(next_action)"},
        {"q2(smoothed)": "q2(np.clip(next_action - noise, -1, 1))"},
    ),
    Mistake(
        "sign of the smaller value",
        "Take the smaller of the values themselves, not of their absolute values.",
        {SMALLER: "np.minimum(abs(q1(smoothed)), abs(q2(smoothed)))"},
        {SMALLER: "np.where(abs(q1(smoothed)) < abs(q2(smoothed)), q1(smoothed), q2(smoothed))"},
    ),
    Mistake(
        "neither noise nor action clipped",
        "Clip the noise to ±c, then the sum to ±1.",
        {"    noise = np.clip(noise, -noise_clip, noise_clip)\n": "", SUM: "next_action + noise"},
    ),
    Mistake(
        "noise missing",
        "You evaluated the critics at the target's action itself. Add the noise first.",
        {"next_action + noise": "next_action"},
    ),
    Mistake(
        "noise subtracted",
        "Add the noise. (For symmetrical noise, subtracting it would make no difference.)",
        {"next_action + noise": "next_action - noise"},
    ),
    Mistake(
        "mask flipped",
        "Your target contains the next value where the episode ended, and not where it continues."
        " It should be the other way round.",
        {"np.where(terminated, 0, next_q)": "np.where(terminated, next_q, 0)"},
    ),
    Mistake(
        "terminated ignored",
        "Nothing follows after termination, but your target still contains a next value.",
        {"np.where(terminated, 0, next_q)": "next_q"},
    ),
    Mistake(
        "brackets missing",
        "1 − terminated belongs in brackets: it multiplies the next value as a whole.",
        {"np.where(terminated, 0, next_q)": "(1 - terminated * next_q)"},
        {"np.where(terminated, 0, next_q)": "1 - terminated * next_q"},
    ),
    Mistake(
        "no next value",
        "y is r alone in every row. The next value is missing only where the row itself has"
        " terminated.",
        {"reward + discount * np.where(terminated, 0, next_q)": "reward"},
    ),
    Mistake("discount missing", "γ multiplies what comes next.", {"discount * ": ""}),
    Mistake(
        "discount squared",
        "The next value comes one step after r, so γ multiplies it once.",
        {"discount * ": "discount**2 * "},
    ),
    Mistake(
        "next value subtracted",
        "y = r + γ (1 − terminated) min(q1, q2).",
        {"reward + ": "reward - "},
    ),
    Mistake(
        "(N, N) broadcast",
        "A column (N, 1) and a row (N,) give a table (N, N). y has one entry for each transition.",
        {"y = reward": "y = reward[:, None]"},
        {"0, next_q)": "0, next_q)[:, None]"},
        {"0, next_q)": "0, next_q[:, None])"},
    ),
    Mistake(
        "summed over the batch",
        "Each transition has its own next value: multiply with *, not with @.",
        {"0, next_q)": "0, next_q).sum()"},
    ),
    Mistake(
        "reward missing where the episode continues",
        "Every transition has its r in y. Add γ times the next value to it.",
        {
            "reward + discount * np.where(terminated, 0, next_q)": (
                "np.where(terminated, reward, discount * next_q)"
            )
        },
    ),
    Mistake(
        "averaged over the batch",
        "Return one target for each transition, (N,).",
        {"return y": "return y.mean()"},
    ),
    Mistake(
        "reward discounted too",
        "",
        {
            "reward + discount * np.where(terminated, 0, next_q)": (
                "discount * (reward + np.where(terminated, 0, next_q))"
            )
        },
    ),
    Mistake(
        "reward masked too",
        "",
        {
            "reward + discount * np.where(terminated, 0, next_q)": (
                "np.where(terminated, 0, reward + discount * next_q)"
            )
        },
    ),
    Mistake("reward missing", "r is missing from the sum.", {"reward + ": ""}),
)
