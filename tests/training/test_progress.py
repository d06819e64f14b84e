"""What people see while a run or a study goes on: lines in a file, a bar on a terminal."""

import io
import os
import sys

import pytest

from minddpg.training import processors, progress
from minddpg.training.progress import JobsDisplay, ProgressBar


class Terminal(io.StringIO):
    def isatty(self):
        return True

    def fileno(self):
        return -1

    def drawn(self):
        """Return what a terminal shows of each line: what follows the last return to its start."""
        return [line.split("\r")[-1].strip() for line in self.getvalue().split("\n")]


@pytest.fixture
def terminal(monkeypatch):
    """Return a function that makes standard error a terminal, 100 characters wide."""
    size = os.terminal_size((101, 20))  # tqdm leaves the last column empty
    monkeypatch.setattr("os.get_terminal_size", lambda *_: size)
    monkeypatch.setenv("COLUMNS", "101")  # for older versions of tqdm
    monkeypatch.setenv("LINES", "20")

    def make():
        monkeypatch.setattr(sys, "stderr", Terminal())
        return sys.stderr

    return make


@pytest.fixture
def clock(monkeypatch):
    """Let the clock show these times, one after the other."""

    def set_clock(*times):
        following = iter(times)
        monkeypatch.setattr(progress.time, "monotonic", lambda: next(following))

    return set_clock


def test_a_bar_of_steps_goes_on_where_the_run_was_stopped_and_shows_its_returns(terminal):
    screen = terminal()
    bar = ProgressBar(200, steps_before=130, best=-150.0)
    bar.say("replay memory: 1.0 MB")
    for _ in range(7):
        bar.step()
    bar.evaluation(137, -160.25)
    bar.close()
    said, *_, last = [line for line in screen.drawn() if line]
    assert said == "replay memory: 1.0 MB"
    for part in ("68%|", "137/200 [", " steps/s", "return -160.2, best -150.0"):
        assert part in last, last
    texts = screen.getvalue().replace("\n", "\r").split("\r")
    assert max(map(len, texts)) == 100  # the bar takes the width there is, and no more


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


def test_a_bar_of_jobs_counts_those_finished_before_and_those_that_failed(terminal):
    screen = terminal()
    jobs = JobsDisplay(4, 1, visible=True)
    for failed in (False, True):
        jobs.job(failed)
    jobs.close()
    (last,) = [line for line in screen.drawn() if line]
    for part in ("75%|", "3/4 [", " jobs/s, 1 failed]"):
        assert part in last, last
    assert 90 < len(last) <= 100


def test_a_file_gets_a_line_for_each_job(clock, capsys):
    clock(100.0, 1_334.6, 1_400.0, 1_400.2)
    jobs = JobsDisplay(5, 2, visible=True)
    for failed in (False, True, True):
        jobs.job(failed)
    jobs.close()
    assert capsys.readouterr() == (
        "",
        "2 of 5 jobs were finished before\n"
        "3 of 5 jobs | 1,235 s\n"
        "4 of 5 jobs, 1 failed | 1,300 s\n"
        "5 of 5 jobs, 2 failed | 1,300 s\n",
    )


def test_a_new_study_says_nothing_of_jobs_before_and_a_quiet_one_nothing(terminal, capsys):
    JobsDisplay(3, 0, visible=True).close()
    for _ in range(2):  # in a file, and on a terminal
        jobs = JobsDisplay(3, 2, visible=False)
        jobs.job(failed=True)
        jobs.close()
        assert capsys.readouterr() == ("", "")
        screen = terminal()
    assert screen.getvalue() == ""


def test_processors_are_those_that_this_process_may_use(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 7)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {3, 5}, raising=False)
    assert processors.processors() == 2
    monkeypatch.delattr("os.sched_getaffinity")  # as on macOS and Windows
    assert processors.processors() == 7
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert processors.processors() == 1
