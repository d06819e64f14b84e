"""docs/bug-zoo.md, made of the zoo itself.

.venv/bin/python docs/_generate/bug_zoo.py > docs/bug-zoo.md
"""

from minddpg.course.kill_matrix import examine_bugs, markdown, summary
from minddpg.verification.bugs import BUGS

PREFACE = """# The bug zoo

{count} bugs of the real agent, each a small patch. Learners make them, and published code has had
them. Plant one and train:

```sh
.venv/bin/minddpg train --bug polyak-reversed
```

The run folder records the bug: `resume`, `evaluate` and `watch` plant it again, and say so. A
bug that shows only at certain settings brings them along. In Python, where `minddpg.resume` of
such a run has to be inside `planted`, too:

```python
import minddpg
from minddpg.verification.bugs import planted

with planted("polyak-reversed"):
    run = minddpg.train(minddpg.Config())
```

What each does to return, Q and loss, over five seeds:
[results.md](results.md#what-does-each-bug-do-to-a-run). Seventeen of them leave the return as
good as right code's.

## Their stories

| bug | what is wrong | known from |
| --- | --- | --- |
"""

MATRIX = """
## Which kind of check catches which

```sh
.venv/bin/minddpg check --bugs   # half a minute; trains nothing
```

There are three kinds. *Gradient*: `minddpg check` and the course's gradient checks, against
numerical derivatives. *Property and shape*: what holds of any DDPG whatever its weights, such as
that y depends on the target networks alone, and the course's checks of single formulas.
*Behaviour*: what the replay buffer, the noise and the real loop do, the loop in a scripted world
of a few dozen steps.

A number in brackets is the [exercise](exercises.md) whose check objects. "Not so" stands before a
claim that the bug makes untrue.

"""


def page() -> str:
    """Return the whole page, in Markdown; runs every check on every bug."""
    rows = [
        f"| `{name}` | {bug.story.replace('|', chr(92) + '|')} | {bug.source} |"
        for name, bug in BUGS.items()
    ]
    found = list(examine_bugs())
    stories = PREFACE.format(count=len(BUGS)) + "\n".join(rows)
    return f"{stories}\n{MATRIX}{markdown(found)}\n{summary(found)}.\n"


if __name__ == "__main__":
    print(page(), end="")
