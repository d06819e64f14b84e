"""A study shows its progress and the remaining time, before it begins and while it runs."""

from contextlib import closing

import pytest

from minddpg import Config
from minddpg.experiments import cost, jobs_display
from minddpg.experiments.cost import announcement, seconds_of_run
from minddpg.experiments.jobs_display import JobsDisplay
from minddpg.training.run_log import COLUMNS

CONFIG = Config(total_steps=1_100, warmup_steps=100)


@pytest.fixture
def clock(monkeypatch):
    """Return a clock, a list of one time that a test sets; all updates and steps cost the same."""
    now = [100.0]
    monkeypatch.setattr(jobs_display.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(jobs_display, "seconds_of_run", lambda config: config.total_steps / 100)
    monkeypatch.setattr(jobs_display, "PER_RUN", 0.0)
    return now


def write_rows(folder, *steps):
    folder.mkdir(exist_ok=True)
    rows = [",".join(COLUMNS), *(f"{step},1,2.5,,," for step in steps)]
    (folder / "progress.csv").write_text("".join(f"{row}\n" for row in rows) + "half a r")


def test_a_file_gets_a_line_for_each_job_with_the_share_and_the_time_that_is_left(clock, capsys):
    jobs = JobsDisplay([(CONFIG, None)] * 5, missing=[0, 3, 4], visible=True)
    for i, failed, after in ((0, False, 1_234.6), (3, True, 20.0), (4, True, 0.2)):
        clock[0] += after
        jobs.job(i, failed)
    jobs.close()
    assert capsys.readouterr() == (
        "",
        "2 of 5 jobs are finished already\n"
        "3 of 5 jobs | 60 % | 1,235 s\n"
        "4 of 5 jobs, 1 failed | 80 % | 1,255 s | about 20 seconds left\n"
        "5 of 5 jobs, 2 failed | 100 % | 1,255 s\n",
    )


def test_the_display_moves_within_a_run_by_its_rows_and_a_resumed_run_counts_what_is_left(
    clock, tmp_path, capsys
):
    folders = [tmp_path / name for name in "ab"]
    write_rows(folders[0], 200, 400)  # from an earlier process: 300 of 1,000 steps with an update
    jobs = JobsDisplay([(CONFIG, folder) for folder in folders], missing=[0, 1], visible=True)
    assert (jobs.share(), jobs.left()) == (0.15, None)
    for steps, after, share, left in (
        ((200, 600), 10.0, 0.25, None),  # the first progress of this process
        ((200, 600, 700), 2.0, 0.3, None),  # too early for an estimate
        ((200, 600, 800), 8.0, 0.35, 65.0),  # 10 % in 10 s
        ((200,), 10.0, 0.35, 130.0),  # cut back to a checkpoint: the display never moves back
    ):
        write_rows(folders[0], *steps)
        clock[0] += after
        jobs.look()
        assert (jobs.share(), jobs.left()) == (pytest.approx(share), pytest.approx(left)), steps
    write_rows(folders[1])  # only a header
    clock[0] += 30.0
    jobs.look()
    clock[0] += 10.0
    jobs.look()  # no output for a minute
    jobs.look()
    first, *later = capsys.readouterr().err.splitlines()
    assert first == "0 of 2 jobs | 25 % | 10 s"
    assert later == ["0 of 2 jobs | 35 % | 70 s | about 7 minutes left"]


def test_a_long_run_weighs_more_than_a_short_one(clock):
    long, short = Config(total_steps=9_000), Config(total_steps=1_000)
    jobs = JobsDisplay([(long, None), (short, None)], missing=[0, 1], visible=True)
    jobs.job(0, failed=False)
    assert jobs.share() == pytest.approx(0.9)


def test_a_terminal_gets_a_bar_of_jobs(clock, terminal):
    screen = terminal(60)
    runs = [(CONFIG, None)] * 4
    with closing(JobsDisplay(runs, missing=[1, 2, 3], visible=True)) as jobs:
        assert screen.shown()[-1].endswith(" | 1/4 jobs [00:00<?]")
        for i, failed in ((1, False), (2, True)):
            clock[0] += 20.0
            jobs.job(i, failed)
        (row,) = screen.shown()
        assert row.startswith(" 75%|█")
        assert "| 3/4 jobs, 1 failed [" in row
        assert row.endswith("<00:20]")
    assert screen.shown() == [row]  # it stays


def test_a_quiet_study_says_nothing_and_an_empty_one_no_more(clock, terminal, capsys):
    for _ in range(2):  # in a file, and on a terminal
        for runs, visible in (([(CONFIG, None)] * 3, False), ([], True)):
            jobs = JobsDisplay(runs, missing=range(len(runs)), visible=visible)
            jobs.look()
            if runs:
                jobs.job(2, failed=True)
            jobs.close()
        assert capsys.readouterr() == ("", "")
        screen = terminal()
    assert screen.getvalue() == ""


def test_a_study_says_first_what_it_will_do_and_what_that_costs(monkeypatch):
    monkeypatch.setattr(cost, "seconds_of_run", lambda config: config.total_steps / 100)
    runs = [Config(total_steps=steps) for steps in (6_000, 12_000, 12_000)]
    for title, configs, missing, at_a_time, line in (
        ("study tau", runs[1:], [0, 1], 2,
         "study tau: 2 runs of 12,000 steps, 2 at a time: about 2 to 4 minutes,"
         " by a quick timing on this machine"),
        ("study tau", runs, [0], 1,
         "study tau: 3 runs of 6,000 to 12,000 steps, of which 1 is still to do, 1 at a time:"
         " about 1 to 2 minutes, by a quick timing on this machine"),
        ("study tau", runs[:1], [], 2, "study tau: 1 run of 6,000 steps, all finished already"),
        ("study tau", runs[:1], [0], None, "study tau: 1 run of 6,000 steps"),
        ("", runs, [0, 1], 2, "3 jobs, 2 at a time"),
        ("", runs, [0, 1], None, "3 jobs"),
    ):  # fmt: skip
        assert announcement(title, configs, missing, at_a_time) == line


def test_a_run_of_wide_networks_costs_more_and_one_without_updates_the_least():
    narrow, wide = Config(hidden_sizes=(8, 6)), Config(hidden_sizes=(300, 300))
    none = Config(warmup_steps=narrow.total_steps)
    assert 0 < seconds_of_run(none) < seconds_of_run(narrow) < seconds_of_run(wide)
