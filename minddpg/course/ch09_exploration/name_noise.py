"""Exercise 09.9: recognise the kind of a noise by its samples.

E episodes, T steps.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, InvalidAnswer, Mistake, Observed, call, exercise

SOLUTION = """
def name_noise(noise):
    if abs(noise.mean()) > 0.5 * noise.std():
        return "one-sided"
    correlation = np.mean(noise[:, 1:] * noise[:, :-1]) / np.mean(noise**2)
    if correlation < 0.15:
        return "independent"
    if correlation < 0.985:
        return "memory"
    return "one push"
"""

NOISES = {  # how to recognise them
    "independent": "it is symmetrical, and a step says nothing about the next one",
    "memory": "it is symmetrical, and its correlation falls to 1/e within some steps",
    "one push": "it is symmetrical over all episodes, but hardly changes within any of them",
    "one-sided": "its mean is far from zero, compared with its deviation",
}
MEAN = "abs(noise.mean()) > 0.5 * noise.std()"
CORRELATION = "np.mean(noise[:, 1:] * noise[:, :-1]) / np.mean(noise**2)"


def _always(name: str) -> str:
    return f'\ndef name_noise(noise):\n    return "{name}"\n'


def _swapped(one: str, other: str) -> str:
    """Return the solution with two names exchanged."""
    return SOLUTION.replace(one, "?").replace(other, one).replace("?", other)


def _mean_last(values: str) -> str:
    """Return an answer that tests the correlation of these values before the mean."""
    return f"""
def name_noise(noise):
    x = {values}
    correlation = np.mean(x[:, 1:] * x[:, :-1]) / np.mean(x**2)
    if correlation < 0.15:
        return "independent"
    if correlation < 0.985:
        return "memory"
    if {MEAN}:
        return "one-sided"
    return "one push"
"""


MISTAKES = (
    Mistake(
        "one name for all",
        "Compute a number from the noise, and decide by it.",
        *(_always(name) for name in NOISES if name != "one-sided"),
    ),
    Mistake(
        "mean not compared with the deviation",
        "Whether a mean is large depends on how wide the noise is. Compare it with the deviation.",
        {MEAN: "abs(noise.mean()) > 0.1"},
        {MEAN: "abs(noise.mean()) > 0.3"},
        {MEAN: "abs(noise.mean()) > 0.5"},
        {MEAN: "abs(noise.mean()) > 0.05"},
        {MEAN: "abs(noise.mean()) > 0.01"},
        {MEAN: "abs(noise.mean()) > 0.5 * noise.var()"},
        {MEAN: "noise.mean() > 0.1"},
        {MEAN: "noise.mean() > 0.5"},
    ),
    Mistake(
        "one episode taken for all",
        "One episode says little: a lasting push moves its mean, and its correlation is uncertain."
        " Compute over all episodes.",
        {MEAN: "abs(noise[0].mean()) > 0.5 * noise[0].std()"},
        {MEAN: "abs(noise[0].mean()) > noise[0].std()"},
        {MEAN: "abs(noise[0].mean()) > noise.std()"},
        {MEAN: "np.abs(noise.mean(axis=1)).mean() > 0.5 * noise.std()"},
        {MEAN: "np.any(abs(noise.mean(axis=1)) > 0.5 * noise.std(axis=1))"},
        {MEAN: "np.any(abs(noise.mean(axis=1)) > noise.std(axis=1))"},
        {CORRELATION: "np.corrcoef(noise[0, 1:], noise[0, :-1])[0, 1]"},
        {
            MEAN: "abs(noise[0].mean()) > 0.5 * noise[0].std()",
            CORRELATION: "np.mean(noise[0, 1:] * noise[0, :-1]) / np.mean(noise[0] ** 2)",
        },
    ),
    Mistake(
        "positive means only",
        "Noise may be one-sided to the left as well.",
        {MEAN: "noise.mean() > 0.5 * noise.std()"},
    ),
    Mistake(
        "mean never looked at",
        "Noise with a memory can also be one-sided. Look at the mean over all episodes.",
        {
            """    if abs(noise.mean()) > 0.5 * noise.std():
        return "one-sided"
""": ""
        },
    ),
    Mistake(
        "one-sided, whatever the noise is",
        "You call every noise one-sided. The mean of finitely many samples is never exactly 0, so"
        " compare it with the deviation.",
        {MEAN: "noise.mean() != 0"},
        {MEAN: "abs(noise.mean()) > 1e-4 * noise.std()"},
        {MEAN: "abs(noise).mean() > 0.5 * noise.std()"},
        _always("one-sided"),
    ),
    Mistake(
        "chance taken for a memory",
        "With finitely many samples the correlation of independent draws is not exactly 0. Allow"
        " for some chance.",
        {"correlation < 0.15": "correlation <= 0"},
        {"correlation < 0.15": "correlation == 0"},
    ),
    Mistake(
        "memory and one push swapped",
        "A correlation near 1 from step to step means that the noise hardly changes.",
        _swapped("memory", "one push"),
    ),
    Mistake(
        "memory and independent swapped",
        "Independent noise has a correlation near 0 from step to step.",
        _swapped("memory", "independent"),
    ),
    Mistake(
        "some memory taken for one push",
        "A correlation of 0.9 from step to step is 1/e after ten steps. An episode has at least"
        " 200.",
        *({"0.985": limit} for limit in ("0.5", "0.8", "0.9", "0.95")),
    ),
    Mistake(
        "one push taken for memory",
        "The memory of this noise is as long as an episode. Compare its correlation time, −1 / ln c"
        " steps, with the length of the episode.",
        {"0.985": "0.9999"},
        {"    if correlation < 0.985:\n    ": "", '    return "one push"\n': ""},
    ),
    Mistake(
        "little memory taken for none",
        "With this many samples, a correlation of a third is not chance.",
        {"0.15": "0.5"},
        {"0.15": "0.9"},
    ),
    Mistake(
        "limit on the mean too wide",
        "With this many samples, a mean of one deviation is far from 0. Lower the limit.",
        *({"> 0.5 * noise.std()": f"> {k} * noise.std()"} for k in (1.5, 2.0, 3.0, 5.0)),
    ),
    Mistake(
        "mean tested too late",
        "A one-sided noise already has another name when you test its mean. Test the mean first.",
        _mean_last("noise"),
        _mean_last("(noise - noise.mean())"),
    ),
    Mistake(
        "sign of the values instead of their mean",
        "Noise about a mean of one deviation still takes both signs. Compare the mean with the"
        " deviation.",
        {MEAN: "noise.min() > 0 or noise.max() < 0"},
        {MEAN: "np.all(noise > 0) or np.all(noise < 0)"},
        {MEAN: "noise.min() >= 0"},
    ),
    Mistake(
        "distant steps compared",
        "A memory of a few steps has ended after ten. Compare neighbouring steps, and choose the"
        " limits for them.",
        *(
            {"noise[:, 1:] * noise[:, :-1]": f"noise[:, {lag}:] * noise[:, :-{lag}]"}
            for lag in (5, 10, 20, 50, 100)
        ),
        {"noise[:, 1:] * noise[:, :-1]": "noise[:, -1] * noise[:, 0]"},
    ),
    Mistake(
        "correlated with itself",
        "Compare each step with the next one, not with itself.",
        {"noise[:, 1:] * noise[:, :-1]": "noise * noise"},
        {CORRELATION: "np.mean(noise[:, 1:] * noise[:, 1:]) / np.mean(noise**2)"},
    ),
    Mistake(
        "episodes compared instead of steps",
        "Rows are episodes. Steps follow each other along axis 1.",
        {"noise[:, 1:] * noise[:, :-1]": "noise[1:] * noise[:-1]"},
    ),
    Mistake(
        "not normalised",
        "A product of two steps has the units of the noise squared. Divide by the mean square.",
        {CORRELATION: "np.mean(noise[:, 1:] * noise[:, :-1])"},
        {"np.mean(noise**2)": "noise.std()"},
    ),
)

LIMITS = {  # mutants that move a limit, or a number, by too little to matter
    "if abs(noise.mean()) > 0.5 * noise.std():": (
        "if abs(noise.mean()) >= 0.5 * noise.std():",
        "if abs(noise.mean()) > noise.std():",
        *(f"if abs(noise.mean()) > {k} * noise.std():" for k in (1.0, 0.25, 0.9, 0.99)),
    ),
    "if correlation < 0.15:": (
        "if correlation <= 0.15:",
        "if correlation < 0.3:",
        "if correlation < 0.075:",
    ),
    "if correlation < 0.985:": ("if correlation <= 0.985:", "if correlation < 0.99:"),
    "correlation = np.mean(noise[:, 1:] * noise[:, :-1]) / np.mean(noise ** 2)": (
        "correlation = np.float16(np.mean(noise[:, 1:] * noise[:, :-1]) / np.mean(noise ** 2))",
    ),
}


@exercise(
    "09.9",
    "Which noise is it",
    BEHAVIOUR,
    stub='''
def name_noise(noise):
    """Return the kind of a noise (E, T) of E episodes with T steps each, one of four names.

    "independent": a new draw at each step. "memory": it remembers some steps, far fewer than T.
    "one push": it remembers about as long as an episode, or longer. "one-sided": its mean is not 0.
    The width of the noise is not known. E is at least 100, T at least 200.
    """
    name = None
    return name
''',
    statement="""Write the test that would have found the mistake above. Which two numbers
    distinguish the four kinds? Where do you put the limits? The check tries your test on noises of
    other widths, with other seeds.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="the names that you gave with the kinds of noise",
    cases=({"seed": 1, "width": 0.4}, {"seed": 2, "width": 0.03}, {"seed": 3, "width": 11.0}),
    equivalents={
        f"{old} → {new}": "no kind of noise lies between the two limits"
        for old, others in LIMITS.items()
        for new in others
    },
    difficulty=2,
    importance=2,
    minutes=10,
    hints=(
        "Two numbers are enough. One is the mean over all episodes, compared with the deviation."
        " What is the other? Think of two successive steps.",
        "`np.mean(noise[:, 1:] * noise[:, :-1]) / np.mean(noise**2)` is about c. A memory of k"
        " steps has c = exp(−1/k): 0.37 for 1 step, 0.90 for 10, 0.95 for 20, 0.995 for 200.",
    ),
)
def check_name_noise(name_noise: Any, seed: int, width: float) -> dict[str, Any]:
    """Check name_noise on thirteen noises of each width."""
    rng = np.random.default_rng(seed)
    normal, left = rng.standard_normal((8, 120, 200)), rng.random((2, 120, 200)) - 1
    noises = {
        "independent normal draws": normal[0],
        "independent uniform draws": rng.uniform(-1, 1, (120, 240)),
        "OU with a memory of one step": _walk(normal[1], 0.37),
        "OU with a memory of 6 steps": _walk(normal[2], 0.85),
        "OU with a memory of 20 steps": _walk(normal[3], 0.951),
        "OU with a memory of 660 steps": _walk(normal[4], 0.9985),
        "a new constant in each episode": normal[5][:, :1] + 0.02 * normal[6],
        "OU of uniform draws": _walk(rng.random((120, 200)), 0.85),
        "draws that are never positive": left[0],
        "OU pushed to the left": _walk(left[1], 0.4),
        "normal draws about a mean of 1.25 deviations": normal[7] + 1.25,
        "normal draws about a mean of 4 deviations": 4 - normal[7],
        "draws that are never negative": rng.random((120, 200)),
    }
    kinds = ("independent",) * 2 + ("memory",) * 3 + ("one push",) * 2 + ("one-sided",) * 6
    found = {}
    for (about, noise), kind in zip(noises.items(), kinds, strict=True):
        name = call(name_noise, width * noise / noise.std())
        if not isinstance(name, str) or name not in NOISES:
            raise InvalidAnswer(f"{name!r} is none of {', '.join(NOISES)}.")
        message = f"{about}: {kind!r}, not {name!r}: {NOISES[kind]}"
        found[about] = Observed(list(NOISES).index(name), message=message)
    return found


def _walk(shocks: Array, c: float) -> Array:
    """Return x ← c x + shock from zero, for shocks (E, T)."""
    x = np.zeros(len(shocks))
    steps = []
    for shock in shocks.T:
        x = c * x + shock
        steps.append(x)
    return np.array(steps).T
