"""Make docs/exercises.md from the exercises and from the first lines of the chapters' notebooks.

.venv/bin/python docs/_generate/exercises.py > docs/exercises.md
"""

import ast
import re
from itertools import groupby
from pathlib import Path

from minddpg.course.checks import EXERCISES
from minddpg.course.engine.exercise import Exercise
from minddpg.course.engine.mistakes import GENERIC

MOST_NAMES = 12  # mistakes of one exercise that are listed
NOTEBOOKS = Path(__file__).parents[2] / "tutorials" / "source"

PREFACE = """# The exercises

{count} exercises in {chapters} chapters. Each gives you a stub with the shapes, and a check that
you call with your code:

```python
import numpy as np

from minddpg.course.checks import check_tanh


def tanh_forward(z):
    return np.tanh(z), np.tanh(z)  # y, and the cache


def tanh_backward(grad_y, y):
    return grad_y * (1 - y**2)


check_tanh(tanh_forward, tanh_backward)
```

A check takes the functions, or the class, in the order of the stub. It runs your code on several
data sets of different sizes, and compares your results with those of a correct answer, and your
gradients with numerical derivatives. The style of your code does not matter.

If something is wrong, the check looks for an explanation that accounts for every wrong result and
contradicts no right one. It tries, one after the other:

1. the {known:,} known mistakes of this course's exercises, under {names:,} names;
2. mistakes that can happen to any array: {generic};
3. a constant factor, written in the sizes of the exercise, such as N/2;
4. two mistakes at once;
5. an argument that is ignored, or used in place of another;
6. a single small change of a correct answer, such as `np.sum` instead of `np.mean`.

If none of these fits, it says "unknown".
[Is the check strict enough?](../CONTRIBUTING.md#is-the-check-strict-enough) tells how often.

Stars show the difficulty and dots the importance; three dots mark the exercises of a short course.
Code that passed in a notebook is kept in `my_ddpg/`, and later cells and chapters use it.

There are three kinds of checks. A *gradient* check compares with numerical derivatives. A check of
*property and shape* compares values and shapes with known ones. A check of *behaviour* observes
what your code does: which transitions a buffer holds, how noise moves, which calls a loop makes.

`minddpg grade FOLDER` runs the checks over a folder of notebooks:
[Grade a class](how-to/grade-a-class.md).
"""


def _titles() -> dict[str, str]:
    """Return each chapter's title, a link to its notebook, by its number."""
    titles = {}
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.py")):
        text = path.read_text(encoding="utf-8")
        for number, title in re.findall(r"^# # (\d\d) · (.+)$", text, re.MULTILINE):
            titles[number] = f"[{number} {title}](../tutorials/{path.stem}.ipynb)"
    return titles


CHAPTERS = _titles()


def page() -> str:
    """Return the whole page, in Markdown."""
    known = [f"{e.number} {each.name}" for e in EXERCISES.values() for each, _ in e.wrong_sources]
    preface = PREFACE.format(
        count=len(EXERCISES),
        chapters=len(CHAPTERS),
        generic=", ".join(dict.fromkeys(name for name, _ in GENERIC)),
        known=len(known),
        names=len(set(known)),
    )
    parts = [preface]
    for chapter, group in groupby(EXERCISES.values(), lambda exercise: exercise.number[:2]):
        if chapter not in CHAPTERS:
            raise LookupError(f"chapter {chapter} has exercises but no {NOTEBOOKS}/{chapter}_*.py")
        parts += [f"\n## {CHAPTERS[chapter]}\n", *map(_card, group)]
    return "".join(parts)


def _card(exercise: Exercise) -> str:
    asked = "\n".join(f"- {line}" for line in _asked(exercise.stub))
    names = _listed(list(dict.fromkeys(each.name for each, _ in exercise.wrong_sources)))
    return f"""
### {exercise.number} {exercise.title}

{exercise.effort} · `{exercise.check_name}`, {exercise.kind}

{asked}

<details><summary>Mistakes that the check names</summary>

{names}

</details>
"""


def _listed(names: list[str]) -> str:
    """List the first names, and count the others."""
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f", and {more} more" if more > 0 else "")


def _asked(stub: str) -> list[str]:
    """Return each function of a stub, with its docstring."""
    tree = ast.parse(stub)
    lines = [f"`{ast.unparse(n.targets[0])}`" for n in tree.body if isinstance(n, ast.Assign)]
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        about = " ".join((ast.get_docstring(node) or "").split())
        name = f"{node.name}({ast.unparse(node.args)})" if hasattr(node, "args") else node.name
        lines.append(f"`{name}` {about}".strip())
    return lines


if __name__ == "__main__":
    print(page(), end="")
