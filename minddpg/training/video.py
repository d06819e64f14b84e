"""Record one episode of a policy as an animated GIF, with a caption in each frame."""

import math
import numbers
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium.error import DependencyNotInstalled

from ..nn.layers import Array
from ..storage import write_atomically
from .display import say
from .env_errors import EnvError
from .env_values import shown
from .environment import Environment, make, missing_packages
from .evaluation import refuse_unfit_agent, short
from .own_warnings import callers_filters
from .processors import require_processes
from .run_dir import lasting, remove_temporaries
from .wording import without_colours

LONGEST_VIDEO = 2_000  # steps
WIDTH, TALLEST, CAPTION = 320, 1280, 24  # pixels
FASTEST = 20  # ms per frame: browsers slow down anything shorter
SLOWEST = 10_000
PATIENCE = 5.0  # s that the child has to end after its report

Context = Callable[[], AbstractContextManager[None]]


def record(
    agent: Any,
    env_id: str,
    seed: int,
    path: str | Path,
    inside: Context = nullcontext,
    env_kwargs: Mapping[str, Any] | None = None,
) -> tuple[float, int]:
    """Record one episode without noise, from the start that `seed` gives, as an animated GIF.

    Returns its return and its length in steps. An episode of more than LONGEST_VIDEO steps is cut
    there, with a warning. A child process draws it, because a renderer without a display may abort
    the process that it runs in. Its warnings are given here.

    Args:
        inside: picklable; the child records inside  with inside(). A new process does not have
            what this one has patched, a planted bug for example.
        env_kwargs: arguments of the environment, by default none.

    Raises:
        ImportError: a package for rendering is missing; names the extra to install.
        ValueError: the environment cannot draw itself.
        EnvError: the environment raised an error.
        OSError: the renderer died, the file cannot be written, or no process can be started.
    """
    require_processes("a video", "record it on a computer (pip install 'minddpg[render]')")
    say(f"recording one episode of {env_id}")
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    arguments = theirs, record_here, agent, env_id, seed, path, inside, env_kwargs
    child = context.Process(target=_send, args=arguments)
    child.start()
    theirs.close()  # so that the child's death ends our waiting
    try:
        recorded, messages = ours.recv()
        child.join(PATIENCE)
    except EOFError:
        raise OSError(
            f"the renderer of {env_id} died; without a display, MUJOCO_GL=egl or"
            " MUJOCO_GL=osmesa in the environment may help"
        ) from None
    finally:  # also when a signal ends our waiting: the child may hang
        child.kill()
        child.join()
        ours.close()
        remove_temporaries(Path(path).parent, [Path(path).name])
    for message in messages:
        warnings.warn(without_colours(message), stacklevel=2)
    if isinstance(recorded, BaseException):
        raise recorded
    total, steps = recorded
    return total, steps


def _end_with_parent() -> None:
    """End this process when its parent does, even if that is killed; in the parent, do nothing."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _send(connection: Any, recorder: Callable[..., tuple[float, int]], *args: Any) -> None:
    """Record in a child process; send the result, or the error, and the warnings' texts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both: the parent ends this one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        try:
            recorded: tuple[float, int] | BaseException = recorder(*args)
        except BaseException as error:  # also SystemExit: the parent raises it
            recorded = error
    connection.send((recorded, [str(warning.message) for warning in caught]))


def record_here(
    agent: Any,
    env_id: str,
    seed: int,
    path: str | Path,
    inside: Context = nullcontext,
    env_kwargs: Mapping[str, Any] | None = None,
) -> tuple[float, int]:
    """Record as record() does, but in this process."""
    place = lasting(path)
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")  # pygame needs no screen to draw on
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        os.environ.setdefault("MUJOCO_GL", "egl")  # its default, GLFW, needs a display
    with inside(), callers_filters(), closing(_make_drawing(env_id, env_kwargs or {})) as env:
        env.episode = f" of the episode with seed {seed}"
        refuse_unfit_agent(agent, env)
        obs = env.reset(seed)
        frames = [_frame(env, 0, 0.0, 0.0)]
        total, ended = 0.0, False
        while not ended and len(frames) <= LONGEST_VIDEO:
            action, _ = agent.predict(obs, deterministic=True)
            obs, reward, terminated, truncated = env.step(action)
            total, ended = total + reward, terminated or truncated
            frames.append(_frame(env, len(frames), reward, total))
        duration = _duration(env.env)
    if not ended:
        what = f"the episode is longer than {LONGEST_VIDEO:,} steps: the video is cut there"
        warnings.warn(f"{what}, and its return is that of these steps", stacklevel=2)
    options: Any = {"save_all": True, "append_images": frames[1:], "duration": duration, "loop": 0}
    write_atomically(place(), lambda file: frames[0].save(file, format="GIF", **options))
    return total, len(frames) - 1


def _make_drawing(env_id: str, env_kwargs: Mapping[str, Any]) -> Environment:
    # render() may work although `metadata` lacks its mode; callers_filters() ends this filter
    warnings.filterwarnings("ignore", message=".*not in the possible render_modes")
    try:
        return make(env_id, render_mode="rgb_array", **env_kwargs)
    except EnvError as error:
        if "argument 'render_mode'" not in str(error):
            raise
        what = "its entry point takes no render_mode"
        raise ValueError(f"{env_id} cannot draw itself: {what}") from error


def _duration(env: Any) -> int:
    """Return the milliseconds of a frame; an unusable rate counts as 30 frames per second."""
    fps = 30.0
    with suppress(Exception):  # metadata may be anything
        given = env.metadata.get("render_fps")
        if isinstance(given, numbers.Real) and 0 < float(given) < math.inf:
            fps = float(given)
    return min(max(FASTEST, round(1000 / fps)), SLOWEST)


def _pixels(env: Environment) -> Array:
    """Return the drawing as (height, width, 3) uint8.

    Raises:
        ImportError: a package for rendering is missing; names the extra to install.
        ValueError: the environment does not return such an array.
    """
    try:
        drawn = env.render()
    except EnvError as error:
        if isinstance(error.__cause__, (ImportError, DependencyNotInstalled)):
            raise missing_packages([env.name], error.__cause__) from error
        if isinstance(error.__cause__, NotImplementedError):
            raise ValueError(f"{env.name} cannot draw itself: it has no render()") from error
        raise
    try:
        pixels = np.asarray(drawn)
    except Exception:  # ragged, or on a graphics card
        pixels = np.asarray(None)
    colours = pixels.shape[2] if pixels.ndim == 3 and pixels.size else 0
    if colours not in (3, 4) or pixels.dtype.kind not in "iu":
        given = f"an array {pixels.shape} of {pixels.dtype}" if pixels.ndim else shown(drawn)
        raise ValueError(
            f"{env.name} cannot draw itself: render() returned {given}, not (height, width, 3) of"
            " uint8, in render mode rgb_array"
        )
    if pixels.min() < 0 or pixels.max() > 255:
        raise ValueError(f"{env.name} cannot draw itself: render() returned pixels not in 0 to 255")
    return pixels[:, :, :3].astype(np.uint8)


def _frame(env: Environment, step: int, reward: float, total: float) -> Any:
    """Draw the environment, WIDTH pixels wide, with the caption below."""
    from PIL import Image, ImageDraw, ImageFont  # Pillow comes with matplotlib

    pixels = _pixels(env)
    height = min(max(1, round(pixels.shape[0] * WIDTH / pixels.shape[1])), TALLEST)
    frame = Image.new("RGB", (WIDTH, height + CAPTION), "white")
    frame.paste(Image.fromarray(pixels).resize((WIDTH, height)), (0, 0))
    numbers = short(reward, 2, sign="+"), short(total, sign="+")
    caption = "step {:4d}   reward {:>8}   return {:>9}".format(step, *numbers)
    font = ImageFont.load_default(size=13)
    ImageDraw.Draw(frame).text((8, height + 4), caption, fill="black", font=font)
    return frame.quantize(64)
