"""Exercise 12.4: TD3 moves its actor less often than its critics."""

from typing import Any

from ..engine import PROPERTY, Mistake, arrays, call, exercise

CASES = ((12, 3), (10, 4))  # steps, delay

SOLUTION = """
def td3_updates(steps, delay):
    critic_steps = list(range(1, steps + 1))
    actor_steps = [step for step in critic_steps if step % delay == 0]
    return critic_steps, actor_steps
"""

MISTAKES = (
    Mistake(
        "actor at every step",
        "There is no delay: the actor moves at multiples of `delay` only.",
        {" if step % delay == 0": ""},
    ),
    Mistake(
        "critic delayed too",
        "The critics learn at every step. Only the actor is delayed.",
        {"range(1, steps + 1)": "range(delay, steps + 1, delay)"},
    ),
    Mistake(
        "critics and actor swapped",
        "The first list is that of the critics, which learn at every step.",
        {"return critic_steps, actor_steps": "return actor_steps, critic_steps"},
    ),
    Mistake(
        "off by one",
        "Steps are counted from 1, and the actor first moves at step `delay`. Counted from 0, step"
        " 0 would be a multiple of every delay.",
        {"range(1, steps + 1)": "range(steps)"},
        {"range(1, steps + 1)": "range(steps + 1)"},
        {"range(1, steps + 1)": "range(steps)", "in critic_steps": "in range(1, steps + 1)"},
        {"range(1, steps + 1)": "range(steps)", "step % delay": "(step + 1) % delay"},
        {"in critic_steps": "in range(steps)"},
        {"in critic_steps": "in range(steps + 1)"},
        {"step % delay == 0": "step % delay == 1"},
        {"step % delay == 0": "step % delay == 1 and step > delay"},
        {"step % delay == 0": "step % (delay + 1) == 0"},
    ),
    Mistake(
        "the last step left out",
        "range(1, steps) ends at steps − 1. The last step counts.",
        {"range(1, steps + 1)": "range(1, steps)"},
        {"range(1, steps + 1)": "range(1, steps)", "in critic_steps": "in range(1, steps + 1)"},
        {"in critic_steps": "in range(1, steps)"},
    ),
    Mistake(
        "actor only delayed at the start",
        "The actor is delayed after its first step, too: it moves at multiples of `delay`.",
        {"step % delay == 0": "step >= delay"},
        {"step % delay == 0": "step > delay"},
    ),
    Mistake(
        "moves counted instead of steps",
        "You counted the actor's moves. Return the steps at which it moves.",
        {
            "[step for step in critic_steps if step % delay == 0]": (
                "list(range(1, steps // delay + 1))"
            )
        },
    ),
    Mistake(
        "critic and actor take turns",
        "The critics also learn at the steps at which the actor moves.",
        {
            "list(range(1, steps + 1))": "[step for step in range(1, steps + 1) if step % delay]",
            "in critic_steps": "in range(1, steps + 1)",
        },
    ),
    Mistake(
        "actor moves at all steps but the multiples",
        "`step % delay` is 0 at a multiple, and 0 counts as False.",
        {"step % delay == 0": "step % delay"},
    ),
)


@exercise(
    "12.4",
    "Delayed updates",
    PROPERTY,
    retired=True,
    stub='''
def td3_updates(steps, delay):
    """Return two lists: the steps at which the critics move, and the steps of the actor.

    Steps are counted from 1 to `steps`. The critics move at every step; the actor, and all targets
    with it, at every multiple of `delay`.
    """
    critic_steps = actor_steps = None
    return critic_steps, actor_steps
''',
    statement="""TD3's third change delays the actor. At which steps does each network move?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your lists of steps with the correct ones",
    difficulty=1,
    minutes=5,
    hints=(
        "Steps are counted from 1. With `delay` 2 the actor moves at steps 2, 4, 6, … What does"
        " `step % delay` say?",
    ),
)
def check_td3_updates(td3_updates: Any) -> dict[str, Any]:
    """Check td3_updates."""
    found: dict[str, Any] = {}
    for steps, delay in CASES:
        result = call(td3_updates, steps, delay)
        critic, actor = arrays(result, ["critic_steps", "actor_steps"], td3_updates)
        name = f"of {steps} steps, delay {delay}"
        found |= {f"critics' {name}": critic, f"actor's {name}": actor}
    return found
