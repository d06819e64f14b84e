"""A progress bar on a terminal makes room for everything else that is printed there."""

import os
import shlex
import sys
from contextlib import closing
from pathlib import Path

from terminals import Terminal

from minddpg.training.bar import bar_or_none, counting
from minddpg.training.display import announce, wrapped
from minddpg.training.wording import counted, duration, quoted, without_colours


def test_what_other_code_prints_stands_above_the_bar(terminal):
    screen = terminal()
    streams = sys.stdout, sys.stderr
    with closing(bar_or_none(200, "steps")) as bar:
        bar.move(1)
        sys.stdout.writelines(["from an ", "environment\n"])
        print("half a line,", end="", flush=True)
        print("an error", file=sys.stderr)
        bar.say("a line of ours")
        print(" and its end")
        print("no end", end="")
        *_, row, drawn = screen.shown()
        assert (row, "| 1/200 steps [" in drawn) == ("half a line, and its end", True)
        assert sys.stdout.isatty()
        assert sys.stdout.encoding == "utf-8"
    assert (sys.stdout, sys.stderr) == streams
    assert screen.shown() == [
        "from an environment", "an error", "a line of ours", "half a line, and its end", "no end",
    ]  # fmt: skip


def test_a_stream_that_is_no_terminal_is_left_alone(terminal, capsys):
    piped = sys.stdout
    terminal()
    sys.stdout = piped
    with closing(bar_or_none(200, "steps")):
        assert sys.stdout is piped


def test_a_window_that_narrows_gets_no_spaces_beyond_its_width(terminal, monkeypatch):
    screen = terminal(100)
    with closing(bar_or_none(10, "jobs")) as bar:
        for width in (60, 30):
            screen.resize(width)
            monkeypatch.setattr(
                "os.get_terminal_size", lambda *_, w=width: os.terminal_size((w, 9))
            )
            bar.move(3)
            assert 5 < screen.widest < width


def test_a_narrow_terminal_gets_the_numbers_that_fit_whole(terminal):
    for width, expected in (
        (0, "30%|███"),  # the system does not know the width
        (34, "30% 30/100 jobs [00:00<"),
        (20, "30% 30/100 jobs"),
        (10, "30%"),
        (5, ""),
    ):
        terminal(width or 100)
        with closing(bar_or_none(100, "jobs", speed=False)) as bar:
            bar.screen.columns = lambda width=width: width
            bar.move(30)
            assert str(bar).strip().startswith(expected), width
            assert not width or len(str(bar)) <= max(width - 3, 0), width


def test_a_slow_speed_has_a_decimal(terminal):
    terminal()
    with closing(bar_or_none(100, "steps")) as bar:
        for rate, speed in ((0.25, ", 0.2 steps/s]"), (1234.5, ", 1,234 steps/s]")):
            bar.start_t = bar._time() - 20 / rate
            bar.n = 20
            assert str(bar).endswith(speed), rate


def test_ctrl_c_is_wiped_away_with_the_bar(terminal):
    screen = terminal(60)
    with closing(bar_or_none(10, "jobs")) as bar:
        bar.move(3)
        screen.write("^C")
        bar.say("stopped")
        assert [row for row in screen.shown() if "^" in row] == []
    assert screen.shown() == ["stopped"]


def test_a_terminal_that_cannot_move_its_cursor_gets_lines_alone(terminal, monkeypatch):
    terminal()
    for name, has_bar in (("xterm", True), ("dumb", False)):
        monkeypatch.setenv("TERM", name)
        bar = bar_or_none(10, "jobs")
        assert (bar is not None) == has_bar
        if bar is not None:
            bar.close()


def test_a_terminal_that_has_only_latin_letters_gets_a_bar_of_signs(terminal, monkeypatch):
    screen = terminal()
    monkeypatch.setattr(Terminal, "encoding", "cp1252")
    with closing(bar_or_none(10, "jobs")) as bar:
        bar.move(10)
        assert "100%|####" in screen.shown()[-1]
    screen.getvalue().encode("cp1252")


def test_counting_moves_a_bar_on_a_terminal_and_is_silent_elsewhere(terminal, capsys):
    with counting(4, "bugs") as count:
        count()
    assert capsys.readouterr() == ("", "")
    for visible in (True, False):
        screen = terminal(60)
        announce("four bugs: about 2 seconds; and this line is longer than a row of it")
        with counting(4, "bugs", visible) as count:
            count()
            print("row 1")
            assert any("25%|" in row and "| 1/4 bugs [" in row for row in screen.shown()) == visible
        assert screen.shown() == [
            "four bugs: about 2 seconds; and this line is longer than a", "  row of it", "row 1",
        ]  # fmt: skip


def test_a_line_is_broken_between_its_parts_else_between_words():
    line = "step    3,500 of 20,000 |     50 steps/s | return -400.0, best -300.0"
    for width, expected in (
        (0, line),  # not a terminal
        (69, line),
        (62, "step 3,500 of 20,000 | 50 steps/s | return -400.0, best -300.0"),
        (45, "step 3,500 of 20,000 | 50 steps/s |\n  return -400.0, best -300.0"),
        (20, "step 3,500 of 20,000\n  | 50 steps/s |\n  return -400.0,\n  best -300.0"),
        (4, "\n  ".join(line.split())),
    ):
        assert wrapped(line, width) == expected, width


def test_a_path_in_a_command_can_be_copied_into_a_shell(monkeypatch):
    awkward = ("runs/my run's", "runs/γ", "a;b", "$HOME", "runs/Pendulum-v1-1")
    for name in awkward:
        monkeypatch.setattr("minddpg.training.wording.sys.platform", "linux")
        assert shlex.split(f"resume {quoted(Path(name))}") == ["resume", name]
        monkeypatch.setattr("minddpg.training.wording.sys.platform", "win32")
        is_plain = name in ("runs/γ", "runs/Pendulum-v1-1")
        assert quoted(Path(name)) == (name if is_plain else f'"{name}"')


def test_colours_are_taken_out_of_a_text():
    assert (
        without_colours("\x1b[33mWARN: \x1b[1;31mred\x1b[0m and plain\x1b[0m")
        == "WARN: red and plain"
    )


def test_numbers_have_their_units_in_words():
    assert [counted(n, "seed") for n in (0, 1, 2, 1_000)] == [
        "0 seeds", "1 seed", "2 seeds", "1,000 seeds",
    ]  # fmt: skip
    assert counted(2, "process", "processes") == "2 processes"
    for seconds, words in (
        ((0.2,), "about 1 second"),
        ((7.4,), "about 7 seconds"),
        ((83,), "about 85 seconds"),
        ((93,), "about 2 minutes"),
        ((300, 600), "about 5 to 10 minutes"),
        ((50, 100), "about 1 to 2 minutes"),
        ((60, 61), "about 60 seconds"),
        ((5_400,), "about 1.5 hours"),
        ((7_200, 14_000), "about 2 to 3.9 hours"),
        ((90_000,), "about 25 hours"),
    ):
        assert duration(*seconds) == words, seconds
