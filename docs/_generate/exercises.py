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
from minddpg.experiments.tables import markdown_table

NOTEBOOKS = Path(__file__).parents[2] / "tutorials" / "source"

PREFACE = """# The exercises

{count} exercises in {chapters} chapters. Each gives you a stub with the shapes, and a check to
call with what you wrote:

```python
import numpy as np

from minddpg.course.checks import check_tanh


def tanh_forward(z):
    return np.tanh(z), np.tanh(z)  # y, and the cache


def tanh_backward(grad_y, y):
    return grad_y * (1 - y**2)


check_tanh(tanh_forward, tanh_backward)
```

A check takes the functions, or the class, in the order of the stub. It tells you whether the
answer is right, what it compared and, where it can, which mistake you made. It compares your
answer with a correct one, or your gradient with the numerical derivative of your own forward
pass. Where they differ, it looks for the one mistake that explains every difference. If no known
mistake does, or if you made two at once, it says "unknown". It accepts every correct answer,
however you wrote it.

There are three kinds of checks. A *gradient* check differentiates your own function numerically,
so it tests your gradient and not your function. A check of *property and shape* compares values
and shapes with known ones. A check of *behaviour* observes what your code does: what a buffer
holds, how a noise moves, which calls a loop makes.

Besides the mistakes listed below, every check knows those that can happen to any array: {generic}.

`minddpg grade FOLDER` runs the checks over a folder of notebooks:
[Grade a class](how-to/grade-a-class.md).
"""


def _titles() -> dict[str, str]:
    """Return the title of each chapter by its number: the first heading of its notebook."""
    sources = "".join(path.read_text() for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.py")))
    return dict(re.findall(r"^# # (\d\d) · (.+)$", sources, re.MULTILINE))


CHAPTERS = _titles()


def page() -> str:
    """Return the whole page, in Markdown."""
    generic = ", ".join(dict.fromkeys(name for name, _ in GENERIC))
    parts = [PREFACE.format(count=len(EXERCISES), chapters=len(CHAPTERS), generic=generic)]
    header = ("exercise", "what is asked, with shapes", "check, kind", "mistakes it names")
    for chapter, group in groupby(EXERCISES.values(), lambda exercise: exercise.number[:2]):
        if chapter not in CHAPTERS:
            raise LookupError(f"chapter {chapter} has exercises but no {NOTEBOOKS}/{chapter}_*.py")
        exercises = markdown_table(header, map(_row, group))
        parts.append(f"\n## {chapter} {CHAPTERS[chapter]}\n\n{exercises}")
    return "".join(parts)


def _row(exercise: Exercise) -> tuple[str, ...]:
    return (
        f"**{exercise.number}** {exercise.title}",
        "<br>".join(_asked(exercise.stub)),
        f"`{exercise.check_name}`, {exercise.kind}",
        ", ".join(dict.fromkeys(each.name for each, _ in exercise.wrong_sources)),
    )


def _asked(stub: str) -> list[str]:
    """Return each function of a stub, with its docstring."""
    lines = []
    for node in ast.walk(ast.parse(stub)):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        about = " ".join((ast.get_docstring(node) or "").split())
        name = f"{node.name}({ast.unparse(node.args)})" if hasattr(node, "args") else node.name
        lines.append(f"`{name}` {about}".strip())
    return lines


if __name__ == "__main__":
    print(page(), end="")
