"""The bugs that the playground offers, and those that need a new run."""

from minddpg.verification.bugs import BUGS, find

# Bugs that this playground cannot show, because correct code would do the same in it.
LEFT_OUT = {
    "mask-missing": "Pendulum never terminates: there is no end to bootstrap past.",
    "first-bound": "Pendulum has one action, and its bounds are −2 and 2.",
    "noisy-evaluation": "The playground evaluates the policy itself, always without noise.",
}

# Bugs in the beginning of a run: they have no effect on a run in progress. (The effect of Adam's
# bias correction fades with the number of updates.)
OF_THE_BEGINNING = ("target-shared", "targets-apart", "no-warm-up", "adam-uncorrected")


def offered() -> list[str]:
    """Return the names of the bugs that can be planted here."""
    return [name for name in BUGS if name not in LEFT_OUT]


def needs_restart(bug: str) -> bool:
    """Return whether planting or removing this bug needs a new run; False for "" (no bug).

    Raises:
        ValueError: there is no bug of this name.
    """
    return bug != "" and (bug in OF_THE_BEGINNING or bool(find(bug).settings))
