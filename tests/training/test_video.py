"""Videos: which episode is drawn, what the caption says, and what cannot be drawn."""

import os
import warnings
from pathlib import Path
from types import SimpleNamespace

import gallery
import gymnasium as gym
import numpy as np
import pytest
from gallery import ODD, Plain, Pushing
from PIL import Image, ImageDraw

from minddpg import EnvError, evaluate
from minddpg.storage import TEMPORARY
from minddpg.training.video import _send, record, record_here

ODD_IN_A_CHILD = f"gallery:{ODD}"  # a new process imports the module first
CUT = pytest.mark.filterwarnings("ignore:the episode is longer")


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """Return a function that records an environment: (return, steps), the GIF's path."""

    def function(make=Plain, seed=3):
        monkeypatch.setattr(gallery, "now", make)
        path = tmp_path / "video.gif"
        return record_here(Pushing(), ODD, seed, path), path

    return function


def test_the_video_is_the_episode_that_an_evaluation_of_this_seed_would_run(recorded):
    """The drawing's brightness counts the steps."""
    starts = []

    class Watched(Plain):
        def reset(self, *, seed=None, options=None):
            starts.append(seed)
            return super().reset(seed=seed)

    (total, steps), path = recorded(Watched)
    wanted = evaluate(Pushing(), Plain(), episodes=1, seed=3)
    assert (total, steps) == (wanted.returns[0], wanted.lengths[0])
    assert starts == [3]
    with Image.open(path) as video:
        assert video.n_frames == steps + 1
        assert video.info["duration"] == 20  # metadata: 50 frames per second
        assert video.info["loop"] == 0  # loops forever
        for t in range(steps + 1):
            video.seek(t)
            assert video.size == (320, 184)
            shade = np.asarray(video.convert("L"))[5, 5]
            assert abs(int(shade) - 10 * t) <= 3, t


def test_each_frame_is_captioned_with_its_step_reward_and_return_so_far(recorded, monkeypatch):
    captions, rewards = [], [-1.5, 2.0, 0.25, 1.0, -3.0, 4.0]
    monkeypatch.setattr(
        ImageDraw.ImageDraw, "text", lambda self, xy, text, **_: captions.append(text.split())
    )
    left = iter(rewards)
    (total, steps), _ = recorded(lambda **options: Plain(reward=lambda _: next(left), **options))
    assert (total, steps) == (sum(rewards), 6)
    sums = np.cumsum([0, *rewards])
    for t, caption in enumerate(captions):
        reward = rewards[t - 1] if t else 0
        total = f"{sums[t]:+.2g}" if abs(sums[t]) < 1 and sums[t] else f"{sums[t]:+.1f}"
        assert caption == ["step", f"{t}", "reward", f"{reward:+.2f}", "return", total]
    assert len(captions) == 7


def test_a_video_ends_after_the_longest_length_and_only_then_says_that_it_is_cut(
    recorded, monkeypatch
):
    whole = recorded()[0][1]
    monkeypatch.setattr("minddpg.training.video.LONGEST_VIDEO", whole)
    recorded()  # complete, and without a warning, which would be an error
    monkeypatch.setattr("minddpg.training.video.LONGEST_VIDEO", 4)
    with pytest.warns(UserWarning, match="longer than 4 steps: the video is cut there, and its re"):
        (_, steps), path = recorded()
    assert steps == 4
    with Image.open(path) as video:
        assert video.n_frames == 5


def drawing(draw, **attributes):
    """Return an environment class that draws this frame."""
    base = type("Drawing", (Plain,), attributes)
    return lambda **options: base(draw=draw, **options)


@CUT
def test_pixels_of_any_whole_dtype_are_drawn(recorded, monkeypatch):
    monkeypatch.setattr("minddpg.training.video.LONGEST_VIDEO", 1)
    frame = np.full((6, 9, 3), [200, 100, 50], np.int64)
    see_through = np.concatenate([frame, 255 + 0 * frame[:, :, :1]], axis=2).astype(np.uint8)
    for drawn in (frame, frame.tolist(), see_through, np.uint16(frame)):
        _, path = recorded(drawing(lambda _, drawn=drawn: drawn))
        with Image.open(path) as video:
            assert np.abs(np.asarray(video.convert("RGB"))[9, 9] - [200.0, 100, 50]).max() < 9


@CUT
def test_drawings_of_any_shape_are_fitted(recorded, monkeypatch):
    monkeypatch.setattr("minddpg.training.video.LONGEST_VIDEO", 1)
    for (height, width), wanted in (((1, 900), 1), ((60, 40), 480), ((2000, 1), 1280)):
        frame = np.zeros((height, width, 3), np.uint8)
        _, path = recorded(drawing(lambda _, frame=frame: frame))
        with Image.open(path) as video:
            assert video.size == (320, wanted + 24)
            shades = np.asarray(video.convert("L"))
            assert shades[:wanted].max() < 10  # from edge to edge
            assert shades[wanted].min() > 245  # the caption's paper


@CUT
def test_a_rate_that_is_none_means_thirty_frames_per_second(recorded, monkeypatch):
    monkeypatch.setattr("minddpg.training.video.LONGEST_VIDEO", 1)
    for rate, wanted in (
        (None, 30), (0, 30), (-4, 30), (np.nan, 30), (np.inf, 30), ("60", 30), (10, 100), (30, 30),
        (1000, 20), (1e-9, 10_000), (np.int64(5), 200), (np.float32(10), 100),
    ):  # fmt: skip
        metadata = {"render_modes": ["rgb_array"], "render_fps": rate}
        _, path = recorded(drawing(None, metadata=metadata))
        with Image.open(path) as video:
            assert video.info["duration"] == wanted, rate


@CUT
def test_an_environment_without_metadata_is_drawn_without_a_warning(recorded, monkeypatch):
    monkeypatch.setattr("minddpg.training.video.LONGEST_VIDEO", 1)
    monkeypatch.setattr(
        gym.registry[ODD], "entry_point", type("Bare", (Plain,), {"metadata": {"render_modes": []}})
    )
    recorded()


def fails_to_draw(error):
    return drawing(gallery.raising(error))


class OnACard:
    def __array__(self, *_, **__):
        raise RuntimeError("copy it to the host first")

    def __repr__(self):
        return "an array on a card"


CANNOT = "Odd-v0 cannot draw itself: "
NOT_PIXELS = ", not (height, width, 3) of uint8, in render mode rgb_array"
UNDRAWN = {
    "nothing": (drawing(lambda _: None), f"{CANNOT}render() returned None{NOT_PIXELS}"),
    "ragged": (
        drawing(lambda _: [[1], [1, 2]]),
        f"{CANNOT}render() returned [[1], [1, 2]]{NOT_PIXELS}",
    ),
    "unreadable": (
        drawing(lambda _: OnACard()),
        f"{CANNOT}render() returned an array on a card{NOT_PIXELS}",
    ),
    "text": (drawing(lambda _: "|-o-|"), f"{CANNOT}render() returned '|-o-|'{NOT_PIXELS}"),
    "real numbers": (
        drawing(lambda _: np.zeros((4, 5, 3))),
        f"{CANNOT}render() returned an array (4, 5, 3) of float64{NOT_PIXELS}",
    ),
    "grey": (
        drawing(lambda _: np.zeros((4, 5), np.uint8)),
        f"{CANNOT}render() returned an array (4, 5) of uint8{NOT_PIXELS}",
    ),
    "no pixels": (
        drawing(lambda _: np.zeros((0, 5, 3), np.uint8)),
        f"{CANNOT}render() returned an array (0, 5, 3) of uint8{NOT_PIXELS}",
    ),
    "beyond 255": (
        drawing(lambda _: np.full((4, 5, 3), 256)),
        f"{CANNOT}render() returned pixels not in 0 to 255",
    ),
    "no render()": (fails_to_draw(NotImplementedError()), f"{CANNOT}it has no render()"),
    "no render mode": (lambda: Plain(), f"{CANNOT}its entry point takes no render_mode"),
    "another error": (
        fails_to_draw(KeyError("camera")),
        "step 0 of the episode with seed 3, in render: Odd-v0 stopped with KeyError: 'camera'",
    ),
    "a missing package": (
        fails_to_draw(gym.error.DependencyNotInstalled("pip install pygame")),
        "Odd-v0: pip install pygame",
    ),
}


def test_what_cannot_draw_itself_is_told_in_one_line_and_leaves_no_file(recorded, tmp_path):
    for name, (make, wanted) in UNDRAWN.items():
        if name == "no render mode":
            wanted = f"{ODD} cannot draw itself: its entry point takes no render_mode"
        with pytest.raises((ValueError, ImportError, EnvError)) as caught:
            recorded(make)
        assert str(caught.value) == wanted, name
        assert not list(tmp_path.iterdir()), name


def test_an_error_that_only_mentions_a_render_mode_keeps_its_name(recorded):
    with pytest.raises(EnvError, match=r"TypeError: no window was raised .*'render_mode'"):
        recorded(lambda render_mode: gallery.raising(TypeError("no window"))())


def test_warnings_of_the_child_come_back_with_what_it_recorded(monkeypatch):
    def recorder(agent, seed):
        warnings.warn(f"{agent} {seed}", stacklevel=2)
        return 1.5, 2

    def failing():
        raise SystemExit("the environment's")

    sent = []
    monkeypatch.setattr("minddpg.training.video.signal.signal", lambda *_: None)
    connection = SimpleNamespace(send=sent.append)
    _send(connection, recorder, "odd", 7)
    _send(connection, failing)
    (first, (error, texts)) = sent
    assert first == ((1.5, 2), ["odd 7"])
    assert (repr(error), texts) == ('SystemExit("the environment\'s")', [])


@pytest.fixture
def a_child_that(monkeypatch):
    """Return a function that lets `record` start a child with this as our side of the pipe."""

    def function(receive):
        child = SimpleNamespace(calls=[])
        for name in ("start", "kill", "join"):
            setattr(child, name, lambda *_, name=name: child.calls.append(name))
        end = SimpleNamespace(recv=receive, close=lambda: None)
        context = SimpleNamespace(Pipe=lambda duplex: (end, end), Process=lambda **_: child)
        monkeypatch.setattr("minddpg.training.video.get_context", lambda _: context)
        return child

    return function


def test_what_the_child_reports_is_returned_warned_of_or_raised_here(a_child_that, tmp_path):
    def dies():
        raise EOFError

    child = a_child_that(lambda: ((-3.5, 20), ["one", "two"]))
    with pytest.warns(UserWarning, match="one|two") as caught:
        assert record(Pushing(), ODD, 3, tmp_path / "a.gif") == (-3.5, 20)
    assert [str(each.message) for each in caught] == ["one", "two"]
    assert child.calls == ["start", "join", "kill", "join"]
    a_child_that(lambda: (EnvError("step 3: it broke"), []))
    with pytest.raises(EnvError, match="step 3: it broke"):
        record(Pushing(), ODD, 3, tmp_path / "a.gif")
    a_child_that(dies)
    with pytest.raises(OSError, match="the renderer") as died:
        record(Pushing(), ODD, 3, tmp_path / "a.gif")
    assert str(died.value) == (
        f"the renderer of {ODD} died; without a display, MUJOCO_GL=egl or MUJOCO_GL=osmesa in the"
        " environment may help"
    )


def test_renderers_are_told_to_do_without_a_screen_where_there_is_none(recorded, monkeypatch):
    for platform, display, choice, wanted in (
        ("linux", "", None, "egl"),
        ("linux", ":0", None, None),
        ("linux", "", "osmesa", "osmesa"),
        ("darwin", "", None, None),
    ):
        given = {"DISPLAY": display, "MUJOCO_GL": choice, "SDL_VIDEODRIVER": None}
        for name, value in given.items():
            monkeypatch.setenv(name, value or "")
            if value is None:
                monkeypatch.delenv(name)
        monkeypatch.setattr("minddpg.training.video.sys", SimpleNamespace(platform=platform))
        recorded(lambda **options: Plain(terminated=lambda _: True, **options))
        assert os.environ.get("MUJOCO_GL") == wanted, (platform, display, choice)
        assert os.environ.get("SDL_VIDEODRIVER") == "dummy"


def test_a_signal_ends_the_child_that_records_and_leaves_no_half_written_file(
    a_child_that, tmp_path
):
    def interrupted():  # while the child is writing
        (tmp_path / f".a.gif.0{TEMPORARY}").touch()
        raise KeyboardInterrupt

    child = a_child_that(interrupted)
    with pytest.raises(KeyboardInterrupt):
        record(Pushing(), ODD, 3, tmp_path / "a.gif")
    assert child.calls == ["start", "kill", "join"]
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_child_process_records_warns_and_fails_as_this_one_would(tmp_path: Path):
    path = tmp_path / "video.gif"
    wanted = evaluate(Pushing(), Plain(), episodes=1, seed=3)
    total, steps = record(Pushing(), ODD_IN_A_CHILD, 3, path)
    assert path.exists()
    assert (total, steps) == (wanted.returns[0], wanted.lengths[0])
    with pytest.warns(UserWarning, match="NormalizeObservation"):
        record(Pushing(), "gallery:OddNormalized-v0", 3, path)
    with pytest.raises(EnvError, match=r"^step 3 of the episode with seed 3: OddFailing-v0 "):
        record(Pushing(), "gallery:OddFailing-v0", 3, path)
