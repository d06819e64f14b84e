"""Exercise 11.4: diagnose five agents from their logs."""

from typing import Any

from ..engine import BEHAVIOUR, InvalidAnswer, Mistake, Observed, call, exercise, run

SOLUTION = """
def diagnose(agent):
    answers = {
        "A": "action-scale",
        "B": "mask-flipped",
        "C": "correct code",
        "D": "actor-sign",
        "E": "truncated-as-terminated",
    }
    return answers[agent]
"""

(_diagnose,) = run(SOLUTION, ["diagnose"], {}, "11.4 solution")
AGENTS: dict[str, str] = {agent: _diagnose(agent) for agent in "ABCDE"}  # runs of the study `zoo`

SIGNS = {  # how to recognise each agent
    "action-scale": "an agent with half the torque learns, but stays about 120 below the others",
    "mask-flipped": "with y = r the critic's loss falls to almost nothing, and no value is below"
    " the worst single reward",
    "correct code": "correct code reaches about −150, and its critic's loss ends near 3",
    "actor-sign": "an actor that descends Q ends below a random policy, which has about −1,200",
    "truncated-as-terminated": "y jumps at every time limit, for no reason that an observation"
    " shows: the critic's loss stays many times higher, whatever the return",
}


def _exchanged(pair: str) -> dict[str, str]:
    """Return the edit that confuses two agents."""
    return {
        f'"{one}": "{AGENTS[one]}"': f'"{one}": "{AGENTS[other]}"'
        for one, other in ((pair[0], pair[1]), (pair[1], pair[0]))
    }


MISTAKES = (
    Mistake(
        "a return taken for a proof",
        "Both swing the pendulum up. Look at the level to which each critic's loss falls.",
        {
            '"C": "correct code"': '"C": "truncated-as-terminated"',
            '"E": "truncated-as-terminated"': '"E": "correct code"',
        },
        {'"E": "truncated-as-terminated"': '"E": "correct code"'},
        {'"C": "correct code"': '"C": "truncated-as-terminated"'},
    ),
    Mistake(
        "a small loss taken for success",
        "A critic that has only rewards to predict predicts them well.",
        {
            '"B": "mask-flipped"': '"B": "correct code"',
            '"C": "correct code"': '"C": "mask-flipped"',
        },
    ),
    Mistake(
        "two failures taken for each other",
        "Both fail. Only one is worse than a random policy; only one has almost no loss.",
        {'"B": "mask-flipped"': '"B": "actor-sign"', '"D": "actor-sign"': '"D": "mask-flipped"'},
    ),
    Mistake(
        "half solved taken for solved",
        "With every seed, one of the two stays below the return of the other.",
        {
            '"A": "action-scale"': '"A": "correct code"',
            '"C": "correct code"': '"C": "action-scale"',
        },
    ),
    Mistake(
        "half solved taken for solved",
        "With every seed, one of the two stays below the return of correct code.",
        {
            '"A": "action-scale"': '"A": "truncated-as-terminated"',
            '"E": "truncated-as-terminated"': '"E": "action-scale"',
        },
    ),
    Mistake(
        "an agent that fails taken for one that learns",
        "Only one of the two learns to swing the pendulum up. Look at the returns first.",
        *(
            {
                f'"{a}": "{AGENTS[a]}"': f'"{a}": "{AGENTS[b]}"',
                f'"{b}": "{AGENTS[b]}"': f'"{b}": "{AGENTS[a]}"',
            }
            for a, b in ("AB", "AD", "BE", "CD", "DE")
        ),
    ),
    Mistake(
        "one name for all",
        "Use each of the five names once.",
        *({"return answers[agent]": f'return "{name}"'} for name in SIGNS),
    ),
)


@exercise(
    "11.4",
    "Mystery agents",
    BEHAVIOUR,
    retired=True,
    stub='''
def diagnose(agent):
    """Return what is wrong with agent "A", "B", "C", "D" or "E".

    One of "correct code", "action-scale", "actor-sign", "mask-flipped", "truncated-as-terminated".
    """
    answers = {"A": None, "B": None, "C": None, "D": None, "E": None}
    return answers[agent]
''',
    statement="""You are given the returns, the highest and lowest Q and the losses of five agents.
    One is correct, four have a bug. Say which agent has which bug, and what in its logs gave it
    away.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    cases=({"order": "ABCDE"}, {"order": "DBEAC"}),
    compared="your diagnoses with the planted bugs",
    difficulty=3,
    minutes=15,
    hints=(
        "Begin with the two that fail. Predict for each bug: would it make the return *worse* than"
        " random? What would the critic have to learn? What is the lowest $Q$ if $y$ is a single"
        " reward?",
        "Then the one that falls short. Last come the two with the same return. An episode's last"
        " step is one in two hundred. There, one of the two has a $y$ that is far from the $y$ of"
        " the same state at any other time. No observation shows that the limit is near. What does"
        " the critic's loss do?",
    ),
)
def check_diagnose(diagnose: Any, order: str) -> dict[str, Any]:
    """Check diagnose."""
    found = {}
    for agent in order:
        name = call(diagnose, agent)
        if name == "right code":  # the name in earlier notebooks
            name = "correct code"
        if not isinstance(name, str) or name not in SIGNS:
            raise InvalidAnswer(f"{name!r} is not one of {', '.join(SIGNS)}.")
        message = f"agent {agent} is not {name}: {SIGNS[name]}"
        found[f"agent {agent}"] = Observed(list(SIGNS).index(name), message=message)
    return found
