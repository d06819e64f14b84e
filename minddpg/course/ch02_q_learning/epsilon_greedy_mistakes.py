"""The known mistakes of exercise 02.3, as edits of its solution."""

from ..engine import Mistake

MISTAKES = (
    Mistake(
        "ε and 1 − ε swapped",
        "ε is the probability of exploring, but you explore with probability 1 − ε.",
        {"< epsilon": "< 1 - epsilon"},
        {"< epsilon": "> epsilon"},
    ),
    Mistake(
        "random action never the greedy one",
        "A random action is drawn from all A actions. The greedy one is among them, so it is taken"
        " with probability 1 − ε + ε/A.",
        {
            "rng.integers(len(values))": (
                "rng.choice(np.delete(np.arange(len(values)), np.argmax(values)))"
            )
        },
    ),
    Mistake(
        "always greedy",
        "You took the greedy action every time, so nothing new is ever tried.",
        {"    if rng.random() < epsilon:\n        return rng.integers(len(values))\n": ""},
    ),
    Mistake(
        "explores whatever ε is",
        "ε makes no difference: you explore always, or nearly always.",
        {"    if rng.random() < epsilon:\n    ": "", "    return np.argmax(values)\n": ""},
    ),
    Mistake(
        "argmin instead of argmax",
        "You prefer the action with the lowest value.",
        {"argmax": "argmin"},
    ),
    Mistake(
        "last action never drawn",
        "rng.integers(n) draws from 0 to n − 1: the end n is excluded already.",
        {"len(values)": "len(values) - 1"},
    ),
    Mistake(
        "always the same action",
        "You return the same action, whatever the values and ε are.",
        {"rng.integers(len(values))": "0", "np.argmax(values)": "0"},
    ),
    Mistake(
        "first action never drawn",
        "Actions are counted from 0: rng.integers(n) draws from 0 to n − 1.",
        {"rng.integers(len(values))": "rng.integers(1, len(values))"},
    ),
    Mistake(
        "explores with probability ε/A",
        "ε is the probability of exploring. That each action then has probability ε/A follows from"
        " the uniform draw; you divided twice.",
        {"< epsilon": "< epsilon / len(values)"},
    ),
    Mistake(
        "explores with probability 1 − ε + ε/A",
        "That is the probability of the greedy action. Explore with probability ε.",
        {"< epsilon": "< 1 - epsilon + epsilon / len(values)"},
    ),
    Mistake(
        "explores with probability ε²",
        "Two draws must both be below ε before you explore. Draw one number, and compare it once.",
        {"rng.random() < epsilon": "rng.random() < epsilon and rng.random() < epsilon"},
    ),
    Mistake(
        "explores with probability 2 ε",
        "rng.random() is below ε with probability ε.",
        {"< epsilon": "< 2 * epsilon"},
    ),
    Mistake(
        "explores with probability ε/2",
        "rng.random() is below ε with probability ε.",
        {"< epsilon": "< epsilon / 2"},
    ),
    Mistake(
        "argument ignored: epsilon",
        "You explore equally often whatever ε is.",
        *({"< epsilon": f"< {share}"} for share in (0.05, 0.1, 0.2, 0.3, 0.5)),
    ),
    Mistake(
        "ε alone decides whether to explore",
        "For a given ε you explore always or never. Draw a new random number at each call, from the"
        " rng that is passed in, and compare it with ε.",
        *({"rng.random() < epsilon": f"epsilon > {least}"} for least in (0, 0.27, 0.4, 0.6, 0.8)),
    ),
    Mistake(
        "normal instead of uniform numbers",
        "The probability that a normal number is below ε is not ε. rng.random() is uniform from 0"
        " to 1.",
        {"rng.random()": "rng.standard_normal()"},
        {"rng.random()": "abs(rng.standard_normal())"},
    ),
    Mistake(
        "random number from −1 to 1",
        "Such a number is below ε more often than with probability ε. rng.random() is uniform from"
        " 0 to 1.",
        {"rng.random()": "rng.uniform(-1, 1)"},
    ),
    Mistake(
        "worst action never the random one",
        "A random action is drawn from all A actions.",
        {"rng.integers(len(values))": "rng.choice(np.argsort(values)[1:])"},
    ),
    Mistake(
        "explores by value",
        "A random action is uniform among all A actions, whatever their values.",
        {
            "rng.integers(len(values))": (
                "rng.choice(len(values), p=np.exp(values) / np.exp(values).sum())"
            )
        },
    ),
    Mistake(
        "a fixed action instead of the best",
        "Where you do not explore, take the action with the largest value, np.argmax(values).",
        {"np.argmax(values)": "0"},
        {"np.argmax(values)": "len(values) - 1"},
    ),
    Mistake(
        "number of actions fixed",
        "Draw among as many actions as there are values, len(values).",
        {"rng.integers(len(values))": "rng.integers(2)"},
    ),
    Mistake(
        "largest absolute value instead of the best",
        "A value far below 0 is bad, not good: take the maximum of the values as they are.",
        {"np.argmax(values)": "np.argmax(np.abs(values))"},
    ),
    Mistake(
        "the same numbers at every call",
        "A generator that your function creates at each call starts anew each time. Draw from the"
        " rng that is passed in.",
        *(
            {"    if rng": f"    rng = np.random.default_rng({seed})\n    if rng"}
            for seed in (0, 3)
        ),
    ),
    Mistake(
        "another source of randomness",
        "",
        {"    if rng": "    rng = np.random.default_rng()\n    if rng"},
        {"rng.random()": "np.random.default_rng().random()"},
        {"rng.integers": "np.random.default_rng().integers"},
    ),
    Mistake(
        "one fixed action where a random one is asked",
        "Where you explore, you return the same action every time. Draw one from all A actions.",
        {"rng.integers(len(values))": "0"},
        {"rng.integers(len(values))": "len(values) - 1"},
        {"rng.integers(len(values))": "np.argmin(values)"},
        {"rng.random() < epsilon": "epsilon >= 1", "rng.integers(len(values))": "0"},
    ),
    Mistake(
        "random number used twice",
        "A number that is below ε is not uniform from 0 to 1, so some actions are never drawn. Draw"
        " the action with a new random number.",
        """
        def epsilon_greedy(values, epsilon, rng):
            u = rng.random()
            if u < epsilon:
                return int(u * len(values))
            return np.argmax(values)
        """,
    ),
    Mistake(
        "a counter decides when to explore",
        "You explore after a fixed number of calls. Whether to explore is random at each call:"
        " compare a number from the rng with ε.",
        """
        step = 0
        def epsilon_greedy(values, epsilon, rng):
            global step
            step += 1
            if epsilon and step % max(1, round(1 / epsilon)) == 0:
                return rng.integers(len(values))
            return np.argmax(values)
        """,
    ),
    Mistake(
        "a coin instead of a number from 0 to 1",
        "A number that is 0 or 1 is below every ε equally often. rng.random() is uniform from 0 to"
        " 1.",
        {"rng.random()": "rng.integers(2)"},
    ),
    Mistake(
        "explores with probability ε − ε/A",
        "ε is the probability of drawing at random, and a random action may be the greedy one. It"
        " is not the probability of another action.",
        {"< epsilon": "< epsilon * (len(values) - 1) / len(values)"},
    ),
    Mistake(
        "first and last action half as often",
        "With round() the first and the last action are only half as likely as the others. Use"
        " rng.integers(len(values)).",
        {"rng.integers(len(values))": "round(rng.random() * (len(values) - 1))"},
    ),
    Mistake(
        "chance in the greedy choice",
        "Where you do not explore, take the best action without any randomness.",
        {"np.argmax(values)": "np.argmax(values + rng.normal(size=len(values)))"},
        {"np.argmax(values)": ("rng.choice(len(values), p=np.exp(values) / np.exp(values).sum())")},
    ),
    Mistake(
        "an action that is never the best",
        "Compare all A values, the first and the last one included.",
        {"np.argmax(values)": "np.argmax(values[:-1])"},
        {"np.argmax(values)": "np.argmax(values[1:]) + 1"},
    ),
    Mistake(
        "first better action instead of the best",
        "A return inside the loop ends the search at the first improvement. Return after the loop.",
        {
            "np.argmax(values)": (
                "next((i for i in range(len(values)) if values[i] > values[0]), 0)"
            )
        },
    ),
    Mistake(
        "no value below 0",
        "A search for the best action that begins with a value of 0 finds none that is below 0."
        " Begin with −∞.",
        {"np.argmax(values)": "np.argmax(np.maximum(values, 0))"},
    ),
    Mistake(
        "explores too often",
        "Whether to explore is one decision: draw one number, compare it with ε once, and write"
        " else for the other branch. If you draw with probabilities, they are ε/A for each action,"
        " and 1 − ε more for the best.",
        {"rng.random() < epsilon": "rng.random() < epsilon or rng.random() < epsilon"},
        {"rng.random()": "rng.random(len(values)).min()"},
        *(
            f"""
            def epsilon_greedy(values, epsilon, rng):
                share = np.full(len(values), epsilon)
                share[np.argmax(values)] {sign} 1 - epsilon
                return rng.choice(len(values), p=share / share.sum())
            """
            for sign in ("+=", "=")
        ),
    ),
)
