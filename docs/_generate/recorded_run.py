"""Record the run that the playground shows while Python loads, with the playground's own code.

.venv/bin/python docs/_generate/recorded_run.py > docs/browser/site/playground/recorded.json
"""

import base64
import json
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import minddpg
from minddpg.nn.layers import Array

sys.path.append(str(Path(__file__).parents[1] / "browser/python"))  # at the end, as in a browser
from playground import Playground
from playground_look import exam

COMMAND = "python docs/_generate/recorded_run.py"
SEED = 0
# Learning begins at step 1,000; the agent learns most before step 3,000.
STEPS = (0, *range(1_000, 3_000, 100), *range(3_000, 4_000, 250), *range(4_000, 13_000, 1_000))
VIEWED = range(0, 13_000, 200)  # the frames at these steps have a view
MAPPED = range(0, 13_000, 500)  # of these, the views with the policy's map
FINE = ("angle", "angles", "torques")  # arrays packed with 16 bits; the others have 8


def recorded() -> dict[str, Any]:
    """Return the whole run: its origin and its frames."""
    made = {
        "command": COMMAND,
        "seed": SEED,
        "steps": STEPS[-1],
        "python": platform.python_version(),
        "numpy": np.__version__,
        "minddpg": minddpg.__version__,
    }
    return {"made": made, "frames": list(frames(STEPS))}


def frames(steps: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    """Train, and yield at each of these steps the frame that the worker would send to the page."""
    ground = Playground()
    for step in steps:
        if step:
            ground.train_until(lambda step=step: ground.log.steps >= step)
        seen = ground.seen()
        frame = {
            "step": step,
            "episodes": [[at, round(total, 1)] for at, total in seen["episodes"]],
        }
        if step in VIEWED:
            frame["view"] = packed(ground.view(with_map=step in MAPPED))
            del frame["view"]["trueSlope"]  # equals the slope, because the code is correct
        frame["exam"] = packed(exam(ground.state.agent))
        yield frame


def packed(shown: Any) -> dict[str, Any]:
    """Return a view or an exam with rounded numbers and packed arrays."""
    return {
        name: _packed(value, np.uint16 if name in FINE else np.uint8)
        if isinstance(value, np.ndarray)
        else value and round(value, 2)
        for name, value in shown.items()
    }


def _packed(array: Array, dtype: Any) -> dict[str, Any]:
    """Scale an array between its extremes to whole numbers; return them in little-endian base64."""
    low, high = (round(float(bound), 4) for bound in (array.min(), array.max()))
    part = np.clip((array - low) / ((high - low) or 1), 0, 1)
    whole = np.rint(part * np.iinfo(dtype).max).astype(np.dtype(dtype).newbyteorder("<"))
    name = "words" if dtype is np.uint16 else "bytes"
    return {name: base64.b64encode(whole.tobytes()).decode(), "low": low, "high": high}


if __name__ == "__main__":
    print(json.dumps(recorded(), separators=(",", ":"), ensure_ascii=False))
