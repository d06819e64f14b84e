"""Chapter 12, beyond: TD3 moves its actor less often than its critics."""

from collections.abc import Callable
from typing import Any

from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import arrays, call

CASES = ((12, 3), (10, 4))  # steps, delay
Steps = Callable[[int, int], list[int]]


def every(steps: int, delay: int) -> list[int]:
    return list(range(1, steps + 1))


def delayed(steps: int, delay: int) -> list[int]:
    return [step for step in every(steps, delay) if step % delay == 0]


def _from(late: int) -> Steps:
    """Return every step from about the first multiple on."""
    return lambda steps, delay: every(steps, delay)[delay - late :]


def _both(critic: Steps = every, actor: Steps = delayed) -> Any:
    return lambda steps, delay: (critic(steps, delay), actor(steps, delay))


@exercise(
    "12.4",
    "Delayed updates",
    PROPERTY,
    stub='''
def td3_updates(steps, delay):
    """Return two lists: the steps at which the critics move, and those at which the actor does.

    Steps are counted from 1 to `steps`. The critics move at every step; the actor, and all targets
    with it, at every multiple of `delay`.
    """
    critic_steps = actor_steps = None
    return critic_steps, actor_steps
''',
    statement="""TD3's third change: the actor waits for the critics. Say who moves when.""",
    reference=(_both(),),
    rows=(
        Row(
            "actor at every step",
            (_both(actor=every),),
            "There is no delay: the actor moves at multiples of `delay` only.",
        ),
        Row(
            "critic delayed too",
            (_both(critic=delayed),),
            "The critics learn at every step. It is the actor that waits for them.",
        ),
        Row(
            "critics and actor swapped",
            (_both(delayed, every),),
            "The first list is the critics': they learn at every step, and the actor waits.",
        ),
        *(
            Row(
                "off by one",
                (answer,),
                "Steps are counted from 1, and the actor first moves at step `delay`. From 0 on,"
                " 0 would be a multiple of everything.",
            )
            for answer in (
                _both(actor=lambda steps, delay: list(range(1, steps + 1, delay))),
                _both(actor=lambda steps, delay: list(range(0, steps, delay))),
                _both(actor=lambda steps, delay: list(range(0, steps + 1, delay))),
                _both(
                    lambda steps, delay: list(range(steps)),
                    lambda steps, delay: list(range(0, steps, delay)),
                ),
                _both(
                    lambda steps, delay: list(range(steps + 1)),
                    lambda steps, delay: list(range(0, steps + 1, delay)),
                ),
                _both(lambda steps, delay: list(range(steps))),
                _both(
                    lambda steps, delay: list(range(steps)),
                    lambda steps, delay: list(range(delay - 1, steps, delay)),
                ),
                _both(actor=lambda steps, delay: list(range(delay + 1, steps + 1, delay))),
                _both(actor=lambda steps, delay: list(range(delay + 1, steps + 1, delay + 1))),
            )
        ),
        *(
            Row(
                "the last step left out",
                (answer,),
                "range(1, steps) ends at steps − 1. The last step counts.",
            )
            for answer in (
                _both(
                    lambda steps, delay: every(steps - 1, delay),
                    lambda steps, delay: delayed(steps - 1, delay),
                ),
                _both(lambda steps, delay: every(steps - 1, delay)),
                _both(actor=lambda steps, delay: delayed(steps - 1, delay)),
            )
        ),
        *(
            Row(
                "actor only delayed at the start",
                (_both(actor=_from(late)),),
                "After its first move the actor waits again: it moves at multiples of `delay`.",
            )
            for late in (0, 1)
        ),
        Row(
            "moves counted instead of steps",
            (_both(actor=lambda steps, delay: list(range(1, steps // delay + 1))),),
            "So often does the actor move. Say at which steps.",
        ),
        Row(
            "critic and actor take turns",
            (
                _both(
                    lambda steps, delay: [
                        step for step in every(steps, delay) if step not in delayed(steps, delay)
                    ]
                ),
            ),
            "The critics also learn at the steps at which the actor moves.",
        ),
        Row(
            "actor moves at all steps but the multiples",
            (
                _both(
                    actor=lambda steps, delay: [
                        step for step in every(steps, delay) if step not in delayed(steps, delay)
                    ]
                ),
            ),
            "`step % delay` is 0 at a multiple, and 0 counts as False.",
        ),
    ),
    compared="your lists of steps with the right ones",
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
