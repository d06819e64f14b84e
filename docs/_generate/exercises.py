"""docs/exercises.md, made of the exercises themselves.

.venv/bin/python docs/_generate/exercises.py > docs/exercises.md
"""

import ast
from itertools import groupby

from minddpg.course.checks import EXERCISES
from minddpg.course.engine.exercise import Exercise
from minddpg.course.engine.mistakes import GENERIC

CHAPTERS = {
    "00": "ten-minute tour",
    "01": "MDPs, returns, Bellman",
    "02": "Q-learning, and why the argmax fails",
    "03": "gradient checking as a craft",
    "04": "backprop by hand",
    "05": "the critic",
    "06": "the deterministic policy gradient",
    "07": "the replay buffer",
    "08": "target networks",
    "09": "exploration and action bounds",
    "10": "your DDPG",
    "11": "the bug zoo, and how to debug an agent",
    "12": "the paper to the letter, and what came after",
}

PREFACE = """# The exercises

{count} exercises in thirteen chapters. Each has a stub with shapes, and a check that is called
with what you wrote:

```python
import numpy as np

from minddpg.course.checks import check_tanh


def tanh_forward(z):
    return np.tanh(z), np.tanh(z)  # y, and the cache


def tanh_backward(grad_y, y):
    return grad_y * (1 - y**2)


check_tanh(tanh_forward, tanh_backward)
```

A check takes the functions, or the class, in the order of the stub. It says whether the answer
is right, what it compared and, where it can, which mistake was made: it holds your answer
beside a right one, or your gradient beside the numerical derivative of your own forward, and
where they differ it looks for the one mistake that explains every difference. If none does, or
two were made at once, it says "unknown". It passes whatever is right, however it is written.

There are three kinds. A *gradient* check differentiates your own function numerically. It
proves your gradient, not your function. A check of *property and shape* compares values and
shapes with known ones. A check of *behaviour* watches what your code does: what a buffer holds,
where a noise wanders, what a loop asks of an agent.

Besides the mistakes listed, every check knows those that can happen to any array: {generic}.

`minddpg grade FOLDER` runs the checks over a folder of notebooks:
[Grade a class](how-to/grade-a-class.md).
"""


def page() -> str:
    """Return the whole page, in Markdown."""
    generic = ", ".join(dict.fromkeys(name for name, _ in GENERIC))
    parts = [PREFACE.format(count=len(EXERCISES), generic=generic)]
    for chapter, group in groupby(EXERCISES.values(), lambda each: each.number[:2]):
        parts.append(f"\n## {chapter} {CHAPTERS[chapter]}\n")
        parts.append("| exercise | what is asked, with shapes | check, kind | mistakes it names |")
        parts.append("| --- | --- | --- | --- |")
        parts += map(_row, group)
    return "\n".join(parts) + "\n"


def _row(exercise: Exercise) -> str:
    mistakes = ", ".join(dict.fromkeys(each.name for each, _ in exercise.wrong_sources))
    asked = "<br>".join(_asked(exercise.stub))
    cells = (
        *(f"**{exercise.number}** {exercise.title}", asked),
        *(f"`{exercise.check_name}`, {exercise.kind}", mistakes),
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


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
