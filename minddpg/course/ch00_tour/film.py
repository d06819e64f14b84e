"""Film pendulums side by side, as an animated GIF.

python -m minddpg.course.ch00_tour.film tutorials/images/swing_up.gif

T steps.
"""

import io
import math
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.exact_pendulum import DT, MAX_TORQUE
from .acting import FullForce, play

EVERY = 2  # steps from frame to frame
SIZE, CAPTION, ROD, LARGER = 150, 34, 52, 3  # pixels; drawn larger, then made smaller: smooth edges
INK, BLUE, ORANGE, PAPER, PALE = (34, 34, 34), (0, 114, 178), (213, 94, 0), (255,) * 3, (215,) * 3
SHADES = (0.25, 0.5, 0.75)  # of smooth edges


class Film:
    """An animated GIF; a notebook shows it below a cell that ends with it."""

    def __init__(self, gif: bytes) -> None:
        self.gif = gif

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"image/gif": b64encode(self.gif).decode(), "text/plain": "an animated pendulum"}


def film(episodes: dict[str, tuple[Array, ...]]) -> Film:
    """Film episodes: tuples of angles, in rad from upright, torques and rewards, (T,) each."""
    count = min(len(angles) for angles, *_ in episodes.values())
    frames = [_frame(episodes, k) for k in range(0, count, EVERY)]
    file = io.BytesIO()
    options: Any = {"save_all": True, "append_images": frames[1:], "loop": 0, "optimize": True}
    frames[0].save(file, format="GIF", duration=round(1000 * DT * EVERY), **options)
    return Film(file.getvalue())


def _frame(episodes: dict[str, tuple[Array, ...]], k: int) -> Any:
    from PIL import Image, ImageDraw, ImageFont  # Pillow comes with matplotlib

    scaled = (SIZE * len(episodes) * LARGER, (SIZE + CAPTION) * LARGER)
    large = Image.new("RGB", scaled, PAPER)
    drawing = ImageDraw.Draw(large)
    for i, (angles, torques, *_) in enumerate(episodes.values()):
        centre = (i + 0.5) * SIZE * LARGER, (CAPTION + SIZE / 2) * LARGER
        _pendulum(drawing, *centre, float(angles[k]), float(torques[k]))
    frame = large.resize((SIZE * len(episodes), SIZE + CAPTION))
    drawing, font = ImageDraw.Draw(frame), ImageFont.load_default(size=12)
    for i, (name, (_, _, rewards, *_)) in enumerate(episodes.items()):
        text = f"{name}\n{DT * k:4.1f} s   return {rewards[:k].sum():6.0f}"
        drawing.multiline_text((i * SIZE + 8, 3), text, fill=INK, font=font, spacing=2)
    return frame.quantize(palette=_palette(), dither=Image.Dither.NONE)


def _palette() -> Any:
    """Return an image with the colours of every frame, and mixtures of them with white."""
    from PIL import Image

    colors = [
        *(INK, BLUE, ORANGE, PAPER, PALE),
        *(_mixed(c, s) for c in (INK, BLUE, ORANGE) for s in SHADES),
    ]
    image = Image.new("P", (1, 1))
    image.putpalette([value for color in colors for value in color])
    return image


def _mixed(color: tuple[int, ...], share: float) -> tuple[int, ...]:
    return tuple(round(share * c + (1 - share) * 255) for c in color)


def _pendulum(drawing: Any, x: float, y: float, angle: float, torque: float) -> None:
    """Draw one pendulum; positive angles and torques turn it counterclockwise."""
    length = ROD * LARGER
    end = x - length * math.sin(angle), y - length * math.cos(angle)
    drawing.line((x, y - length, x, y + length), fill=PALE, width=LARGER)
    drawing.line((x, y, *end), fill=INK, width=4 * LARGER)
    _disc(drawing, *end, 8 * LARGER, BLUE)
    _disc(drawing, x, y, 3 * LARGER, INK)
    turn = math.degrees(torque) * 1.2
    if abs(turn) > 5:  # from the top: positive torques to the left
        radius = 24 * LARGER
        box = (x - radius, y - radius, x + radius, y + radius)
        first, last = sorted((-90.0, -90.0 - turn))
        drawing.arc(box, first, last, fill=ORANGE, width=3 * LARGER)
        tip = math.radians(-90.0 - turn)
        _disc(drawing, x + radius * math.cos(tip), y + radius * math.sin(tip), 4 * LARGER, ORANGE)


def _disc(drawing: Any, x: float, y: float, radius: float, color: tuple[int, ...]) -> None:
    drawing.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)


def main(path: str) -> None:
    """Write a film of full force, a new agent, and an agent that trained as in chapter 00."""
    from ...ddpg.agent import DDPG
    from ...ddpg.config import Config
    from ...training.loop import train

    config = Config(total_steps=6_000, eval_every=500, eval_episodes=5, seed=0)
    bounds = np.array([-MAX_TORQUE]), np.array([MAX_TORQUE])
    agents = {
        "full force": FullForce(),
        "a new agent": DDPG(3, *bounds, Config(), np.random.default_rng(0)),
        "after training": train(config, progress=False).agent,
    }
    episodes = {name: play(agent) for name, agent in agents.items()}
    Path(path).write_bytes(film(episodes).gif)


if __name__ == "__main__":
    main(sys.argv[1])
