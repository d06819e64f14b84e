"""The known mistakes of exercise 02.1 in the target y, as edits of the solution."""

from ..engine import Mistake

Y = "reward + discount * (not terminated) * q[next_state].max()"

TARGET_MISTAKES = (
    Mistake("terminated ignored", "", {" * (not terminated)": ""}),
    Mistake(
        "mask flipped",
        "Your target contains the value of s' where the episode ended, and not where it continues."
        " It should be the other way round.",
        {"(not terminated)": "terminated"},
    ),
    Mistake(
        "reward masked too",
        "",
        {
            "reward + discount * (not terminated) * q[next_state].max()": (
                "(not terminated) * (reward + discount * q[next_state].max())"
            )
        },
    ),
    Mistake(
        "~ instead of not",
        "~ treats Python's True and False as whole numbers: ~True is −2, ~False is −1. Write"
        " not terminated, or 1 - terminated.",
        {"(not terminated)": "~terminated"},
        {"(not terminated)": "~bool(terminated)"},
    ),
    Mistake(
        "max missing",
        "You took the same action again at s'. The target takes the best one.",
        {"q[next_state].max()": "q[next_state, action]"},
    ),
    Mistake(
        "mean instead of max",
        "The mean is the value of acting at random at s'. The target takes the best action.",
        {"q[next_state].max()": "q[next_state].mean()"},
    ),
    Mistake(
        "max over the whole table",
        "The maximum is over the actions at s', one row of the table.",
        {"q[next_state].max()": "q.max()"},
    ),
    Mistake(
        "max over states",
        "The maximum is over the actions at s', not over the states.",
        {"q[next_state].max()": "q[:, action].max()"},
    ),
    Mistake(
        "the best action's index instead of its value",
        "argmax says which action is best; max says what it is worth.",
        {"q[next_state].max()": "q[next_state].argmax()"},
    ),
    Mistake(
        "value of s instead of s'",
        "The target looks ahead: max over a' of Q(s', a').",
        {"q[next_state].max()": "q[state].max()"},
    ),
    Mistake(
        "discount missing",
        "The value of s' is one step away: it counts γ times as much.",
        {"discount * ": ""},
    ),
    Mistake(
        "reward discounted too",
        "",
        {
            "reward + discount * (not terminated) * q[next_state].max()": (
                "discount * (reward + (not terminated) * q[next_state].max())"
            )
        },
    ),
    Mistake("reward missing", "", {"reward + ": ""}),
    Mistake(
        "terminated compared with `is`",
        "terminated may be NumPy's own True or False, for which `is True` and `is False` are both"
        " False. Write `if terminated` or `not terminated`.",
        {"(not terminated)": "(terminated is not True)"},
        {"(not terminated)": "(terminated is False)"},
    ),
    Mistake(
        "min instead of max",
        "You took the worst action at s'. The target takes the best one.",
        {"q[next_state].max()": "q[next_state].min()"},
    ),
    Mistake(
        "sum instead of max",
        "You added the values of all actions at s'. The target takes the best one.",
        {"q[next_state].max()": "q[next_state].sum()"},
    ),
    Mistake(
        "largest absolute value instead of max",
        "A value far below 0 is bad, not good: take the maximum of the values as they are.",
        {"q[next_state].max()": "np.abs(q[next_state]).max()"},
    ),
    Mistake(
        "best action of s taken at s'",
        "The target takes the action that is best at s', not the one that is best at s.",
        {"q[next_state].max()": "q[next_state, q[state].argmax()]"},
    ),
    Mistake(
        "rest subtracted",
        "What is still to come is added to the reward: y = r + γ max Q(s', a').",
        {"reward + discount": "reward - discount"},
    ),
    Mistake(
        "rest missing",
        "Your target is r alone. Where the episode continues, γ max Q(s', a') is added.",
        {" + discount * (not terminated) * q[next_state].max()": ""},
    ),
    Mistake(
        "reward missing",
        "Where the episode continues, your target does not contain r. It is r + γ max Q(s', a').",
        {Y: "reward if terminated else discount * q[next_state].max()"},
    ),
    Mistake(
        "reward discounted too",
        "Where the episode continues, you discount the reward as well. It arrives at once: only"
        " what follows it is discounted.",
        {Y: "reward if terminated else discount * (reward + q[next_state].max())"},
    ),
    Mistake(
        "rest multiplied by r + γ",
        "Only γ multiplies the value of s'. The reward is added, without brackets: r + γ times the"
        " value.",
        {Y: "(reward + discount) * (not terminated) * q[next_state].max()"},
        {Y: "reward if terminated else (reward + discount) * q[next_state].max()"},
    ),
    Mistake(
        "1 − terminated without brackets",
        "Products come before differences. Write (1 - terminated), with brackets.",
        {Y: "reward + discount * 1 - terminated * q[next_state].max()"},
    ),
    Mistake(
        "no value below 0",
        "A search for the best action that begins with a value of 0 finds none that is below 0."
        " Begin with −∞.",
        {"q[next_state].max()": "max(0.0, q[next_state].max())"},
    ),
    Mistake(
        "rest missing where there is a reward",
        "Only `terminated` says whether the episode ended. The reward does not.",
        {Y: "reward + discount * (not (terminated or reward)) * q[next_state].max()"},
        {Y: "reward + discount * (not (terminated or reward > 0)) * q[next_state].max()"},
        {Y: "reward + discount * (not (terminated or reward < 0)) * q[next_state].max()"},
        {Y: "reward + discount * (not reward) * q[next_state].max()"},
    ),
    Mistake(
        "rest missing where s' is s",
        "Only `terminated` says whether the episode ended. An action may also leave the state"
        " unchanged.",
        {Y: "reward + discount * (not (terminated or state == next_state)) * q[next_state].max()"},
    ),
    Mistake(
        "1 instead of 0 at an end",
        "Nothing follows after the end: the target is r alone.",
        {"(not terminated) * q[next_state].max()": "(1 if terminated else q[next_state].max())"},
        {Y: "reward + (1 if terminated else discount * q[next_state].max())"},
    ),
    Mistake(
        "learning rate as the discount",
        "γ multiplies the value of s'. The learning rate multiplies δ only.",
        {"discount *": "learning_rate *"},
    ),
)
