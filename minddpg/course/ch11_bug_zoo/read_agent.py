"""Exercise 11.9: diagnose five agents by returns, losses, torques, and Q against y."""

from typing import Any

import numpy as np

from ..engine import BEHAVIOUR, InvalidAnswer, Mistake, Observed, call, exercise
from .mystery_runs import AGENTS

SHARES = {"A": 0.396, "B": 0.147, "C": 0.0, "D": 0.293, "E": 0.020}  # of |torque| > 1.98 N m
NEAR_BOUND = {"A": 0.468, "B": 0.223, "C": 0.0, "D": 0.363, "E": 0.059}  # > 1.9
EXACT = {"A": 0.106, "B": 0.0, "C": 0.0, "D": 0.159, "E": 0.0}  # >= 2
OWN_BOUND = (0.565, 0.582)  # of agent C, with 0.99 or 0.98 N m
REPLAYED = 1_200
ONE_SIDED = {"A": 0.117, "B": 0.101, "C": 0.0, "D": 0.147, "E": 0.019}  # of torque > 1.98 N m
TOLERANCE = 0.008
SOLUTION = """
def read_agent(agent):
    bug = {
        "A": "truncated-as-terminated",
        "B": "broadcast",
        "C": "action-scale",
        "D": "correct code",
        "E": "mask-flipped",
    }
    share = {"A": 0.40, "B": 0.15, "C": 0.0, "D": 0.29, "E": 0.02}
    return bug[agent], share[agent]
"""

SHARE = '{"A": 0.40, "B": 0.15, "C": 0.0, "D": 0.29, "E": 0.02}'

SIGNS = {  # how to recognise each agent
    "correct code": "correct code learns with every seed, its critic's loss ends at a few units,"
    " and Q is close to y",
    "action-scale": "an agent with half the torque learns, ends below correct code with every"
    " seed, and never sends more than 1 N m",
    "broadcast": "each Q is pulled to the mean of all targets, so Q is almost the same number"
    " for every y",
    "mask-flipped": "with y = r the critic has only rewards to predict: its loss falls to nothing,"
    " and no Q is below the worst single reward, about −16",
    "truncated-as-terminated": "at a time limit y is r alone and so rises, but no observation shows"
    " the limit: some points are far from the line, and the critic's loss stays ten times higher",
}


def _exchanged(one: str, other: str) -> dict[str, str]:
    """Return the edit that confuses two agents."""
    return {
        f'"{one}": "{AGENTS[one]}"': f'"{one}": "{AGENTS[other]}"',
        f'"{other}": "{AGENTS[other]}"': f'"{other}": "{AGENTS[one]}"',
    }


def _taken_for(one: str, name: str) -> dict[str, str]:
    return {f'"{one}": "{AGENTS[one]}"': f'"{one}": "{name}"'}


MISTAKES = (
    Mistake(
        "a return taken for a proof",
        "Both learn on most seeds. Look at the level to which each critic's loss falls, and at the"
        " points that are far from the line.",
        _exchanged("A", "D"),
        _taken_for("A", "correct code"),
        _taken_for("D", "truncated-as-terminated"),
    ),
    Mistake(
        "two failures taken for each other",
        "Both fail. In one, Q follows y closely, and y is only a reward. In the other, Q does not"
        " follow y.",
        _exchanged("B", "E"),
        _taken_for("B", "mask-flipped"),
        _taken_for("E", "broadcast"),
    ),
    Mistake(
        "half solved taken for solved",
        "With every seed, one of them stays below the return of correct code. Which torques does it"
        " send?",
        _exchanged("C", "D"),
        _exchanged("A", "C"),
        _taken_for("C", "correct code"),
        _taken_for("C", "truncated-as-terminated"),
        _taken_for("D", "action-scale"),
        _taken_for("A", "action-scale"),
    ),
    Mistake(
        "an agent that fails taken for one that learns",
        "Two of the five never swing up. Look at the returns first.",
        *(_exchanged(one, other) for one in "BE" for other in "ACD"),
        *(_taken_for("B", name) for name in ("correct code", "action-scale")),
        *(_taken_for("E", name) for name in ("correct code", "action-scale")),
    ),
    Mistake(
        "one name for several",
        "Use each of the five names once.",
        *({"return bug[agent],": f'return "{name}",'} for name in SIGNS),
    ),
    Mistake(
        "a percentage instead of a share",
        "A share is a number from 0 to 1.",
        {"return bug[agent], share[agent]": "return bug[agent], 100 * share[agent]"},
    ),
    Mistake(
        "one bound only",
        "The torque has two bounds, −2 and 2 N m. Take np.abs first.",
        {SHARE: str(ONE_SIDED)},
    ),
    Mistake(
        "a count instead of a share",
        "Divide by the number of torques, or take np.mean.",
        {"return bug[agent], share[agent]": "return bug[agent], 1_200 * share[agent]"},
    ),
    Mistake(
        "another bound",
        "At a bound means |torque| > 1.98 N m here; hardly any tanh is exactly 1.",
        {SHARE: str(NEAR_BOUND)},
        {SHARE: str(EXACT)},
    ),
    Mistake(
        "the bound of another agent",
        "The bounds are those of the torque, −2 and 2 N m, also for an agent that sends less.",
        *({SHARE: SHARE.replace('"C": 0.0', f'"C": {share}')} for share in OWN_BOUND),
    ),
    Mistake(
        "the share of another agent",
        'The shares are right, but not for these agents: "A" is number 0 of runs["torque"].',
        {"share[agent]": 'share["BCDEA"["ABCDE".index(agent)]]'},
        {"share[agent]": 'share["EABCD"["ABCDE".index(agent)]]'},
    ),
    Mistake(
        "the share inside the bounds",
        "This is the share of torques that are not at a bound.",
        {"return bug[agent], share[agent]": "return bug[agent], 1 - share[agent]"},
    ),
)


@exercise(
    "11.9",
    "Five agents",
    BEHAVIOUR,
    stub='''
def read_agent(agent):
    """Return what is wrong with agent "A" to "E", and the share of its torques at a bound.

    The first is "correct code", "action-scale", "broadcast", "mask-flipped" or
    "truncated-as-terminated"; the second is the share of |torque| > 1.98 N m, from 0 to 1.
    """
    bug = {"A": None, "B": None, "C": None, "D": None, "E": None}
    share = {"A": None, "B": None, "C": None, "D": None, "E": None}
    return bug[agent], share[agent]
''',
    statement="""One agent is correct code, and the other four have one bug each. Say from the
    figure which agent has which bug, and compute from `runs["torque"]` the share of torques at a
    bound. Which of the five saturates most, and is that a bug?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    is_kept=False,
    cases=({"order": "DBEACABCDE"},),
    compared="your readings with the bugs and with the torques",
    equivalents={
        "return (bug[agent], share[agent]) → return (bug[agent], np.float16(share[agent]))": (
            "two digits are enough"
        )
    },
    difficulty=3,
    importance=2,
    minutes=8,
    hints=(
        'A share is one line: `np.mean(np.abs(runs["torque"][i]) > 1.98)` for agent number i.'
        " Predict for each bug, before you look: which returns, torques and Q can it have?",
        "Begin with the two that never learn: does Q follow y there, and what is the lowest y? Then"
        " take the agent whose torques never reach a bound. The last two differ in the critic's"
        " loss, whose scale is logarithmic.",
    ),
)
def check_read_agent(read_agent: Any, order: str) -> dict[str, Any]:
    """Check read_agent."""
    names, shares = {}, {}
    for agent in order:
        result = call(read_agent, agent)
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise InvalidAnswer("read_agent should return two things: a name and a share.")
        name, share = result
        if not isinstance(name, str) or name not in SIGNS:
            raise InvalidAnswer(f"{name!r} is not one of {', '.join(SIGNS)}.")
        if np.ndim(share) or not isinstance(share, int | float | np.number):
            raise InvalidAnswer(f"The share of agent {agent} should be one number from 0 to 1.")
        names[agent], shares[agent] = name, float(share)
    _refuse(list(names.values()), shares)
    found = {}
    for agent in sorted(names):
        text = f"agent {agent} is not {names[agent]}: {SIGNS[names[agent]]}"
        found[f"agent {agent}"] = Observed(list(SIGNS).index(names[agent]), message=text)
        text = f"the share of agent {agent} is not {shares[agent]:.3g}"
        found[f"the share of {agent}"] = Observed(_is_near(shares, SHARES, agent), message=text)
    return found


def _is_near(shares: dict[str, float], others: dict[str, float], agent: str) -> bool:
    return abs(shares[agent] - others[agent]) <= TOLERANCE


def _refuse(names: list[str], shares: dict[str, float]) -> None:
    """Raise if one name is given three times, or if all shares are those of a known misreading."""
    why = {mistake.name: mistake.why for mistake in MISTAKES}

    def refuse(name: str) -> None:
        raise InvalidAnswer(why[name], name)

    if max(map(names.count, names)) > 2:
        refuse("one name for several")
    misread: list[tuple[str, dict[str, float], float]] = [
        ("a percentage instead of a share", {a: 100 * x for a, x in SHARES.items()}, 100),
        ("a count instead of a share", {a: REPLAYED * x for a, x in SHARES.items()}, REPLAYED),
        ("one bound only", ONE_SIDED, 1),
        ("another bound", NEAR_BOUND, 1),
        ("another bound", EXACT, 1),
        ("the share inside the bounds", {a: 1 - x for a, x in SHARES.items()}, 1),
        *(("the bound of another agent", {**SHARES, "C": x}, 1) for x in OWN_BOUND),
        *(("the share of another agent", _turned(by), 1) for by in (1, -1)),
    ]
    for name, values, slack in misread:
        if all(abs(shares[a] - x) <= slack * TOLERANCE for a, x in values.items()):
            refuse(name)


def _turned(by: int) -> dict[str, float]:
    """Return shares in which each agent has that of the next agent, or of the previous one."""
    agents = list(SHARES)
    return {a: SHARES[agents[(i + by) % len(agents)]] for i, a in enumerate(agents)}
