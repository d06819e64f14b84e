"""Which bugs the playground offers, and which of them need a new run."""

from minddpg.verification.bugs import BUGS, find

# Bugs that Pendulum, in this playground, cannot show: correct code would do the same there.
LEFT_OUT = {
    "mask-missing": "Pendulum never ends an episode for good: there is no end to bootstrap past.",
    "first-bound": "Pendulum has one action, and its bounds are −2 and 2.",
    "noisy-evaluation": "The playground examines the policy itself, always without noise.",
}

# Bugs of what happens when a run begins: they do nothing to a run in progress. (What Adam's
# correction does fades with the number of updates.)
OF_THE_BEGINNING = ("target-shared", "targets-apart", "no-warm-up", "adam-uncorrected")


def offered() -> list[str]:
    """Return the names of the bugs that can be planted here."""
    return [name for name in BUGS if name not in LEFT_OUT]


def needs_restart(bug: str) -> bool:
    """Return whether a run must begin anew when this bug comes or goes; never for "" (none).

    Raises:
        ValueError: there is no bug of this name.
    """
    return bug != "" and (bug in OF_THE_BEGINNING or bool(find(bug).settings))
