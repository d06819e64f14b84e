"""Chapter 11, debugging an agent: five agents, known by what they did to their logs."""

from typing import Any

from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR, Row
from ..engine.observations import Observed
from ..engine.submission import InvalidAnswer, call

AGENTS = {  # runs of the study zoo
    "A": "action-scale",
    "B": "mask-flipped",
    "C": "right code",
    "D": "actor-sign",
    "E": "truncated-as-terminated",
}
SIGNS = {  # how to know each
    "action-scale": "an agent with half the torque learns, and stays about 120 short of the others",
    "mask-flipped": "with y = r the critic's loss falls to almost nothing, and no value is below"
    " the worst single reward",
    "right code": "right code reaches about −150, and its critic's loss ends near 3",
    "actor-sign": "an actor that descends Q ends below a random policy, which has about −1,200",
    "truncated-as-terminated": "y jumps at every time limit, for no reason that an observation"
    " shows: the critic's loss stays many times higher, whatever the return",
}


def answer(**changes: str) -> Any:
    return lambda agent: {**AGENTS, **changes}[agent]


@exercise(
    "11.4",
    "Mystery agents",
    BEHAVIOUR,
    stub='''
def diagnose(agent):
    """Return what is wrong with agent "A", "B", "C", "D" or "E".

    One of "right code", "action-scale", "actor-sign", "mask-flipped", "truncated-as-terminated".
    """
    answers = {"A": None, "B": None, "C": None, "D": None, "E": None}
    return answers[agent]
''',
    statement="""Five agents, their returns, their highest and lowest Q and their losses. One is
    right, four have a bug. Say for each which, and what in its logs gave it away.""",
    reference=(answer(),),
    rows=(
        Row(
            "a return taken for a proof",
            (answer(C="truncated-as-terminated", E="right code"),),
            "Both swing the pendulum up. Look at what the critics' losses come down to.",
        ),
        Row(
            "a small loss taken for success",
            (answer(B="right code", C="mask-flipped"),),
            "A critic that has only rewards to predict predicts them well.",
        ),
        Row(
            "two failures taken for each other",
            (answer(B="actor-sign", D="mask-flipped"),),
            "Both fail. Only one is worse than a random policy; only one has almost no loss.",
        ),
        Row(
            "half solved taken for solved",
            (answer(A="right code", C="action-scale"),),
            "One of the two stays short of what the other reaches, with every seed.",
        ),
        Row(
            "half solved taken for solved",
            (answer(A="truncated-as-terminated", E="action-scale"),),
            "One of the two stays short of what right code reaches, with every seed.",
        ),
    ),
    compared="your diagnoses with what was planted",
)
def check_diagnose(diagnose: Any) -> dict[str, Any]:
    """Check diagnose."""
    found = {}
    for agent, truth in AGENTS.items():
        name = call(diagnose, agent)
        if name not in SIGNS:
            raise InvalidAnswer(f"{name!r} is none of {', '.join(SIGNS)}.")
        says = f"agent {agent} is not {name}: {SIGNS[name]}"
        found[f"agent {agent}"] = Observed(name == truth, says=says)
    return found
