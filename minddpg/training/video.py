"""Videos: one episode of a policy as an animated GIF, with a caption in each frame."""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, closing, nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from gymnasium.error import DependencyNotInstalled

from ..storage import write_atomically
from .environment import Environment, make, missing_package
from .evaluation import refuse_unfit_agent

LONGEST_VIDEO = 2_000  # steps
WIDTH, CAPTION = 320, 24  # pixels
FASTEST = 20  # ms per frame: browsers slow down anything shorter

Context = Callable[[], AbstractContextManager[None]]


def record(
    agent: Any, env_id: str, seed: int, path: str | Path, inside: Context = nullcontext
) -> tuple[float, int]:
    """Record one episode without noise, from the start that `seed` gives, as an animated GIF.

    Returns its return and its length in steps. A child process draws it, because a renderer
    without a display may abort the process that it runs in.

    Args:
        inside: picklable; the child records inside  with inside(). What this process has patched,
            a planted bug for example, a new process does not have.

    Raises:
        ImportError: a package for rendering is missing; names the extra to install.
        ValueError: the environment cannot draw itself.
        OSError: the renderer died, or the file cannot be written.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as child:
        try:
            return child.submit(record_here, agent, env_id, seed, Path(path), inside).result()
        except BrokenProcessPool:
            raise OSError(
                f"the renderer of {env_id} died; without a display, MUJOCO_GL=egl or"
                " MUJOCO_GL=osmesa in the environment may help"
            ) from None


def record_here(
    agent: Any, env_id: str, seed: int, path: Path, inside: Context = nullcontext
) -> tuple[float, int]:
    """Record as record() does, but in this process."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")  # pygame needs no screen to draw on
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        os.environ.setdefault("MUJOCO_GL", "egl")  # its default, GLFW, needs a display
    with inside(), closing(make(env_id, render_mode="rgb_array")) as env:
        refuse_unfit_agent(agent, env)
        obs = env.reset(seed)
        frames = [_frame(env, 0, 0.0, 0.0)]
        total, ended = 0.0, False
        while not ended and len(frames) <= LONGEST_VIDEO:
            action, _ = agent.predict(obs, deterministic=True)
            obs, reward, terminated, truncated = env.step(action)
            total, ended = total + reward, terminated or truncated
            frames.append(_frame(env, len(frames), reward, total))
        fps = env.env.metadata.get("render_fps") or 30
    duration = max(FASTEST, round(1000 / fps))
    options: Any = {"save_all": True, "append_images": frames[1:], "duration": duration, "loop": 0}
    write_atomically(path, lambda file: frames[0].save(file, format="GIF", **options))
    return total, len(frames) - 1


def _frame(env: Environment, step: int, reward: float, total: float) -> Any:
    """Draw the environment, WIDTH pixels wide, with the caption below."""
    from PIL import Image, ImageDraw, ImageFont  # Pillow comes with matplotlib

    try:
        pixels = env.env.render()
    except (ImportError, DependencyNotInstalled) as error:
        raise missing_package(env.name, error) from error
    if pixels is None or pixels.ndim != 3:
        raise ValueError(f"{env.name} cannot draw itself: it has no render mode rgb_array")
    height = round(pixels.shape[0] * WIDTH / pixels.shape[1])
    frame = Image.new("RGB", (WIDTH, height + CAPTION), "white")
    frame.paste(Image.fromarray(pixels).resize((WIDTH, height)), (0, 0))
    caption = f"step {step:4d}   reward {reward:+8.2f}   return {total:+9.1f}"
    font = ImageFont.load_default(size=13)
    ImageDraw.Draw(frame).text((8, height + 4), caption, fill="black", font=font)
    return frame.quantize(64)
