"""The display of a running training: a line at each evaluation, and a bar on a terminal."""

import re
import sys
from contextlib import closing

import pytest

from minddpg import Config, train
from minddpg.training import processors, progress
from minddpg.training.progress import ProgressBar

SPEED = r"\| +[\d,]+ steps/s \|"


def follow_a_run(bar):
    bar.say("replay memory: 3.6 MB when 100,000 transitions fill it")
    for step in range(1, 1_001):
        bar.step()
        if step in (300, 1_000):
            bar.evaluation(step, -1215.9)


def without_speed(lines):
    return [re.sub(SPEED, "|", line) for line in lines]


@pytest.fixture
def clock(monkeypatch):
    """Let the clock show these times in turn."""

    def set_clock(*times):
        following = iter(times)
        monkeypatch.setattr(progress.time, "monotonic", lambda: next(following))

    return set_clock


def test_a_terminal_shows_the_lines_of_a_file_and_a_bar_below_them(terminal, capsys):
    follow_a_run(ProgressBar(12_000))
    lines = without_speed(capsys.readouterr().err.splitlines())
    screen = terminal()
    with closing(ProgressBar(12_000)) as bar:
        follow_a_run(bar)
        *above, last = screen.shown()
    assert without_speed(above) == lines
    assert re.fullmatch(r" +8%\|█.+\| 1,000/12,000 steps \[\d\d:\d\d<.*, [\d,]+ steps/s\]", last)
    assert len(last) == 97  # the bar takes the whole width, except for ^C and the last column
    assert without_speed(screen.shown()) == lines


def test_no_number_is_cut_at_any_width_and_the_bar_yields_first(terminal):
    numbers = ("3.6 MB", "100,000", " 300", " 1,000", "12,000", "-1215.9")
    for width in (100, 80, 60, 40, 30, 24):
        screen = terminal(width)
        with closing(ProgressBar(12_000)) as bar:
            follow_a_run(bar)
            *above, last = screen.shown()
        assert screen.widest < width, width
        for number in numbers:
            assert any(number in f" {row}" for row in above), (width, number)
        assert ("|" in last, "1,000/12,000 steps" in last) == (width >= 80, width >= 30), width


def test_a_bar_goes_on_where_the_run_was_stopped(terminal):
    screen = terminal()
    with closing(ProgressBar(200, steps_before=130, best=-150.0)) as bar:
        bar.evaluation(137, -160.25)
        for _ in range(7):
            bar.step()
        bar.say("line")
        first, _, last = screen.shown()
    assert first.endswith("return -160.2, best -150.0")
    assert "137/200 steps [" in last


def test_a_file_gets_a_line_at_each_evaluation_and_none_at_a_step(clock, capsys):
    clock(100.0, 150.0, 160.0)
    bar = ProgressBar(20_000, steps_before=1_000, best=-300.0)
    bar.step()
    bar.evaluation(3_500, -400.0)
    bar.evaluation(4_000, -0.123456)
    bar.close()
    assert capsys.readouterr() == (
        "",
        "step    3,500 of 20,000 |     50 steps/s | return -400.0, best -300.0\n"
        "step    4,000 of 20,000 |     50 steps/s | return -0.123, best -0.123\n",
    )


def test_what_on_row_prints_leaves_the_bar_whole(terminal):
    screen = terminal()
    config = Config(total_steps=60, warmup_steps=50, batch_size=8, log_every=20, eval_every=0)
    streams = sys.stdout, sys.stderr
    train(config, on_row=lambda row: print(f"row {row['time/total_timesteps']:.0f}"))
    assert (sys.stdout, sys.stderr) == streams
    assert screen.shown()[1:] == ["row 20", "row 40", "row 60"]


def test_processors_are_those_that_this_process_may_use(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 7)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {3, 5}, raising=False)
    assert processors.processors() == 2
    monkeypatch.delattr("os.sched_getaffinity")  # as on macOS and Windows
    assert processors.processors() == 7
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert processors.processors() == 1
