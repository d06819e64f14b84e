"""Make docs/bug-zoo.md from the planted bugs and from the checks that catch them.

.venv/bin/python docs/_generate/bug_zoo.py > docs/bug-zoo.md
"""

from minddpg.course.kill_matrix import examine_bugs, markdown, summary
from minddpg.experiments.tables import markdown_table
from minddpg.verification.bugs import BUGS

PAGE = """# The bug zoo

{count} bugs can be planted in the real agent, each by a small patch. They are mistakes that
learners make; some are known from published code. Plant one and train:

```sh
.venv/bin/minddpg train --bug polyak-reversed
```

The run folder records the bug, so `resume`, `evaluate` and `watch` plant it again, and say so. A
bug that shows only at certain settings brings these settings with it. In Python, train and resume
inside `planted`:

```python
import minddpg
from minddpg.verification.bugs import planted

with planted("polyak-reversed"):
    run = minddpg.train(minddpg.Config())
```

The [results](results.md#what-does-each-bug-do-to-a-run) show what each bug does to return, Q and
loss over five seeds. Twenty-one of them leave the return as good as correct code's.

## The bugs

{bugs}
## Which kind of check catches which bug

```sh
.venv/bin/minddpg check --bugs   # half a minute; trains nothing
```

There are three kinds of checks:

- *Gradient* checks compare a gradient with numerical derivatives: `minddpg check` and the course's
  gradient checks.
- Checks of *property and shape* test what holds for any weights, for example that y depends on the
  target networks alone. The course's checks of single formulas belong here, too.
- Checks of *behaviour* test the replay buffer, the noise and the real training loop, which runs for
  a few dozen steps in a scripted environment.

A number in brackets is the [exercise](exercises.md) whose check fails. "Not so" precedes a claim
that the bug makes false.

{matrix}
{summary}.
"""


def page() -> str:
    """Return the whole page, in Markdown; this runs every check on every bug."""
    rows = [(f"`{name}`", bug.story, bug.source) for name, bug in BUGS.items()]
    findings = list(examine_bugs())
    return PAGE.format(
        count=len(BUGS),
        bugs=markdown_table(("bug", "what is wrong", "known from"), rows),
        matrix=markdown(findings),
        summary=summary(findings),
    )


if __name__ == "__main__":
    print(page(), end="")
