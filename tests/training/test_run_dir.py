"""A run folder belongs to one run, even if it is moved, linked, locked or has foreign files."""

import gc
import os
import shutil
import subprocess
import sys
import threading
import tracemalloc
import warnings
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pendulums
import pytest

from minddpg import CheckpointError, Config, resume, train
from minddpg.storage import load_arrays, save_arrays, write_text
from minddpg.training.lock import Lock
from minddpg.training.run_dir import FILES, claimed_run_dir, prepare, read_config

SMALL = Config(
    env_id=pendulums.BRIEF,
    total_steps=60,
    warmup_steps=10,
    hidden_sizes=(4, 3),
    batch_size=8,
    eval_every=30,
    eval_episodes=1,
    log_every=20,
    checkpoint_every=20,
)
OTHER = replace(SMALL, seed=7)


def remains(run_dir):
    """Return what a run left behind, except what depends on a clock."""
    found = {}
    for name in ("checkpoint", "policy", "best_policy", "evaluations"):
        arrays = load_arrays(run_dir / f"{name}.npz")
        found |= {f"{name}/{k}": v.tobytes() for k, v in arrays.items() if "time" not in k}
    progress, monitor = (
        (run_dir / name).read_text().splitlines() for name in ("progress.csv", "monitor.csv")
    )
    found["progress"] = [line.split(",")[:2] + line.split(",")[4:] for line in progress]
    found["monitor"] = [line.split(",")[:2] for line in monitor[2:]]
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return train(SMALL, tmp_path_factory.mktemp("runs") / "whole", progress=False).run_dir


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return train(OTHER, tmp_path_factory.mktemp("runs") / "other", progress=False).run_dir


def stop_at_40(run_dir):
    """Train, and stop the run at step 40."""
    return train(
        SMALL, run_dir, progress=False, on_row=lambda row: row["time/total_timesteps"] == 40
    ).run_dir


# Which folder


def test_runs_that_start_at_once_take_a_folder_each(tmp_path):
    """All of them search for a free number before any of them makes its folder."""
    for _ in range(5):
        taken, barrier = [], threading.Barrier(4)

        def claim(taken=taken, barrier=barrier):
            barrier.wait()
            with claimed_run_dir("Pendulum-v1", tmp_path) as run_dir:
                taken.append(run_dir)
                (run_dir / "config.json").write_text("{}")

        threads = [threading.Thread(target=claim) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(taken)) == 4
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(
        f"Pendulum-v1-{n}" for n in range(1, 21)
    )


@pytest.mark.posix
def test_a_name_that_is_taken_in_the_meantime_is_passed_over(tmp_path, monkeypatch):
    (tmp_path / "a-1").mkdir()
    (tmp_path / "a-2").write_text("a file")
    (tmp_path / "a-3").symlink_to("nowhere")
    monkeypatch.setattr(Path, "glob", lambda *_: [])  # as if they were made slightly later
    with claimed_run_dir("a", tmp_path) as run_dir:
        assert run_dir == tmp_path / "a-4"


def test_a_folder_that_was_made_for_a_run_goes_if_nothing_came_into_it(tmp_path):
    root = tmp_path / "runs"
    with claimed_run_dir("a", root) as run_dir:
        assert run_dir.is_dir()
    assert not root.exists()
    with claimed_run_dir("a", root) as run_dir:
        (run_dir / "config.json").touch()
    assert (root / "a-1" / "config.json").exists()

    mine = tmp_path / "mine"
    mine.mkdir()
    with claimed_run_dir("a", mine):
        pass
    assert not list(mine.iterdir())


@pytest.mark.slow
def test_four_processes_that_start_at_once_train_in_four_folders(tmp_path):
    flags = [f"--{k}={getattr(SMALL, k.replace('-', '_'))}" for k in ("total-steps", "batch-size")]
    command = [sys.executable, "-m", "minddpg", "train", "--quiet", "--eval-episodes=1", *flags]
    started = [subprocess.Popen([*command, f"--seed={i}"], cwd=tmp_path) for i in range(4)]
    assert [process.wait(timeout=300) for process in started] == [0, 0, 0, 0]
    runs = [tmp_path / "runs" / f"Pendulum-v1-{n}" for n in (1, 2, 3, 4)]
    assert sorted(read_config(run).seed for run in runs) == [0, 1, 2, 3]


# A folder is moved while a run writes to it


def moved(here, there, other):
    here.rename(there)


def moved_and_made_anew(here, there, other):
    here.rename(there)
    here.mkdir()


def moved_and_taken_by_another_run(here, there, other):
    here.rename(there)
    train(OTHER, here, progress=False)


def exchanged(here, there, other):
    aside = shutil.copytree(other, there.with_name("aside"))
    here.rename(there)
    aside.rename(here)


def moved_with_a_link_to_another_run(here, there, other):
    here.rename(there)
    here.symlink_to(other)


def removed(here, there, other):
    shutil.rmtree(here)


def removed_and_made_anew(here, there, other):
    shutil.rmtree(here)
    here.mkdir()


MOVES = [
    *(moved, moved_and_made_anew, moved_and_taken_by_another_run, exchanged),
    *(moved_with_a_link_to_another_run, removed, removed_and_made_anew),
]


@pytest.mark.posix
@pytest.mark.filterwarnings("ignore:.*has no checkpoint")
@pytest.mark.parametrize(("at", "moves"), [(20, MOVES[2:3]), (40, MOVES), (60, MOVES[2:3])])
def test_a_run_whose_folder_is_moved_stops_and_never_writes_into_another(
    at, moves, whole, other, tmp_path
):
    for move in moves:
        here, there = tmp_path / move.__name__, tmp_path / f"{move.__name__}-there"

        def on_row(row, move=move, here=here, there=there):
            if row["time/total_timesteps"] == at:
                move(here, there, other)

        with pytest.raises(FileNotFoundError, match="was renamed, replaced or removed") as caught:
            train(SMALL, here, progress=False, on_row=on_row)
        assert str(here) in str(caught.value), move
        if here.is_dir() and list(here.iterdir()):
            assert remains(here) == remains(other), move
        if there.is_dir():
            resume(there, progress=False)
            assert remains(there) == remains(whole), move


@pytest.mark.posix
def test_a_run_whose_folder_is_still_at_its_path_goes_on(whole, tmp_path):
    """The folder was moved, but a link at the old path leads to it."""
    run_dir = tmp_path / "run"

    def on_row(row):
        if row["time/total_timesteps"] == 20:
            run_dir.rename(tmp_path / "disk")
            run_dir.symlink_to(tmp_path / "disk", target_is_directory=True)

    train(SMALL, run_dir, progress=False, on_row=on_row)
    assert remains(tmp_path / "disk") == remains(whole)


def test_another_working_directory_changes_no_runs_folder(whole, tmp_path, monkeypatch):
    """An environment may change the directory; `runs/a` remains the same folder."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    train(SMALL, "run", progress=False, on_row=lambda _: os.chdir(tmp_path / "elsewhere"))
    assert remains(tmp_path / "run") == remains(whole)
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.posix
def test_a_renamed_working_directory_ends_no_run(whole, tmp_path, monkeypatch):
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")

    def on_row(row):
        if row["time/total_timesteps"] == 20:
            (tmp_path / "project").rename(tmp_path / "renamed")

    train(SMALL, Path("runs") / "a", progress=False, on_row=on_row)
    assert remains(tmp_path / "renamed" / "runs" / "a") == remains(whole)


def test_a_folder_into_which_another_run_came_is_not_cut_back(other, tmp_path, monkeypatch):
    """The two folders are exchanged between reading the checkpoint and taking the lock."""
    import minddpg.training.loop as loop

    run_dir, rebuild = stop_at_40(tmp_path / "run"), loop.rebuild_episode

    def slow(*arguments):
        exchanged(run_dir, tmp_path / "there", other)
        return rebuild(*arguments)

    monkeypatch.setattr(loop, "rebuild_episode", slow)
    with pytest.raises(CheckpointError, match="another run was moved into this folder"):
        resume(run_dir, progress=False)
    assert remains(run_dir) == remains(other)


# The lock


@pytest.mark.posix
def test_a_process_that_an_environment_forked_does_not_keep_the_lock(tmp_path):
    """The child may outlive a killed run, which must still be resumable."""
    lock = Lock(tmp_path)
    (hears, tells), (child_hears, child_tells) = os.pipe(), os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads
        child = os.fork()
    if child == 0:
        os.close(tells)
        os.write(child_tells, b"!")
        os.read(hears, 1)  # until the parent closes its end
        os._exit(0)
    try:
        os.read(child_hears, 1)
        with pytest.raises(FileExistsError, match="another process is writing this run"):
            Lock(tmp_path)
        lock.close()
        Lock(tmp_path).close()
    finally:
        for end in (tells, hears, child_hears, child_tells):
            os.close(end)
        os.waitpid(child, 0)


@pytest.mark.posix
def test_a_disk_without_locks_trains(whole, tmp_path, monkeypatch):
    import fcntl

    def flock(*_):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", flock)
    train(SMALL, tmp_path / "run", progress=False)
    assert remains(tmp_path / "run") == remains(whole)


def test_a_negative_variance_is_refused_before_it_makes_a_nan(tmp_path):
    config = replace(SMALL, batch_norm=True, action_layer=1)
    run = train(config, tmp_path / "run", progress=False)
    path = tmp_path / "run" / "checkpoint.npz"
    saved = load_arrays(path)
    for name in [name for name in saved if name.endswith("_statistics")]:
        save_arrays(path, **{**saved, name: np.full_like(saved[name], -1)})
        with pytest.raises(CheckpointError, match=rf"{name} holds -1\.0"):
            resume(run.run_dir, more_steps=20, progress=False)


def test_a_disk_whose_folders_have_no_lasting_numbers_trains(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(os.path, "samestat", lambda *_: False)
    train(SMALL, tmp_path / "run", progress=False)
    assert remains(tmp_path / "run") == remains(whole)


def test_a_checkpoint_whose_settings_ask_for_huge_networks_takes_no_memory(tmp_path):
    run_dir = stop_at_40(tmp_path / "run")
    huge = replace(SMALL, hidden_sizes=(300_000, 300_000))
    path = run_dir / "checkpoint.npz"
    save_arrays(path, **{**load_arrays(path), "config": huge.to_json()})
    write_text(run_dir / "config.json", f'{{"config": {huge.to_json()}, "versions": {{}}}}')
    tracemalloc.start()
    try:
        with pytest.raises(CheckpointError, match=r"config, .* do not fit together"):
            resume(run_dir, progress=False)
        assert tracemalloc.get_traced_memory()[1] < 10**7
    finally:
        tracemalloc.stop()


@pytest.mark.posix
def test_a_browser_trains(whole, tmp_path, monkeypatch):
    """A browser has no locks, and cannot open a folder."""
    monkeypatch.setattr("minddpg.training.lock.fcntl", None)
    with ExitStack() as opened:
        for _ in range(2):
            assert opened.enter_context(closing(Lock(tmp_path))).folder() == tmp_path
    train(SMALL, tmp_path / "run", progress=False)
    assert remains(tmp_path / "run") == remains(whole)


def test_a_lock_that_nobody_closed_goes_with_its_process_only(tmp_path):
    lock = Lock(tmp_path)
    gc.collect()
    with pytest.raises(FileExistsError):
        Lock(tmp_path)
    lock.close()
    lock.close()
    Lock(tmp_path).close()


# A folder with links in it


@pytest.mark.posix
def test_a_run_goes_on_through_no_symbolic_link(tmp_path):
    for name in ("monitor.csv", "progress.csv"):
        run_dir, victim = stop_at_40(tmp_path / name), tmp_path / f"{name}.txt"
        (run_dir / name).rename(victim)
        (run_dir / name).symlink_to(victim)
        before = victim.read_bytes()
        with pytest.raises(CheckpointError, match=f"{name}: a symbolic link"):
            resume(run_dir, progress=False)
        assert victim.read_bytes() == before


@pytest.mark.posix
def test_a_run_replaces_the_links_in_whose_place_it_writes(whole, tmp_path):
    run_dir, victim = tmp_path / "run", tmp_path / "victim"
    for target in (victim, tmp_path / "missing"):
        victim.write_text("mine")
        run_dir.mkdir(exist_ok=True)
        for name in FILES:
            (run_dir / name).unlink(missing_ok=True)
            (run_dir / name).symlink_to(target)
        with pytest.raises(FileExistsError, match=r"already holds a run \(config.json\)"):
            train(SMALL, run_dir, progress=False)
        train(SMALL, run_dir, progress=False, overwrite=True)
        assert remains(run_dir) == remains(whole)
        assert not any(path.is_symlink() for path in run_dir.iterdir())
        assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["victim"]
        assert victim.read_text() == "mine"


@pytest.mark.posix
def test_a_checkpoint_that_is_away_is_not_taken_for_one_that_was_never_made(tmp_path):
    """If a link's target is not mounted or not fetched, the run does not begin again."""
    run_dir = stop_at_40(tmp_path / "run")
    (run_dir / "checkpoint.npz").rename(tmp_path / "away")
    (run_dir / "checkpoint.npz").symlink_to(tmp_path / "not mounted" / "away")
    before = (run_dir / "progress.csv").read_bytes()
    with pytest.raises(CheckpointError, match=r"checkpoint\.npz: No such file"):
        resume(run_dir, progress=False)
    assert (run_dir / "progress.csv").read_bytes() == before


def test_the_second_name_of_a_log_keeps_its_rows(whole, tmp_path):
    """A backup of hard links stays unchanged when the run continues."""
    run_dir, backup = stop_at_40(tmp_path / "run"), tmp_path / "backup"
    backup.mkdir()
    for path in run_dir.iterdir():
        (backup / path.name).hardlink_to(path)
    before = {path.name: path.read_bytes() for path in backup.iterdir()}
    resume(run_dir, progress=False)
    assert {path.name: path.read_bytes() for path in backup.iterdir()} == before
    assert remains(run_dir) == remains(whole)


# The files after a write


def test_rows_are_on_the_disk_before_the_checkpoint_that_counts_them(tmp_path, monkeypatch):
    synced, late, fsync, rename = set(), [], os.fsync, os.replace

    def replaced(source, path):
        if Path(path).name == "checkpoint.npz":
            logs = {Path(path).with_name(name).stat().st_ino for name in FILES[1:3]}
            late.append(logs - synced)
            synced.clear()
        rename(source, path)

    monkeypatch.setattr(os, "fsync", lambda file: synced.add(os.fstat(file).st_ino) or fsync(file))
    monkeypatch.setattr(os, "replace", replaced)
    train(SMALL, tmp_path / "run", progress=False)
    assert late == [set(), set(), set()]


def test_a_folder_in_place_of_a_file_is_named_before_anything_is_removed(tmp_path):
    for name in FILES:
        run_dir = tmp_path / name
        run_dir.mkdir()
        for each in FILES:
            (run_dir / each).mkdir() if each == name else (run_dir / each).touch()
        with pytest.raises(IsADirectoryError, match=f"{name} is a folder, not a file of a run"):
            prepare(run_dir, overwrite=True)
        assert {path.name for path in run_dir.iterdir()} == set(FILES)


def test_a_picture_that_cannot_be_removed_costs_no_checkpoint(tmp_path, monkeypatch):
    """Windows refuses to remove a file that a viewer has open."""
    for name in FILES:
        (tmp_path / name).touch()
    real = Path.unlink

    def unlink(path, **options):
        if path.suffix in (".png", ".gif"):
            raise PermissionError(path)
        real(path, **options)

    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(PermissionError):
        prepare(tmp_path, overwrite=True)
    assert set(FILES) - {path.name for path in tmp_path.iterdir()} <= {"result.json"}


def test_a_failed_write_into_a_folder_that_is_still_there_says_why_itself(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("minddpg.storage.np.lib.format.write_array", full)
    with pytest.raises(OSError, match="No space left on device") as caught:
        train(SMALL, tmp_path / "run", progress=False)
    assert Path(caught.value.filename).name in FILES


# a stranger's config.json


def test_a_folder_whose_config_is_another_programs_is_not_overwritten(tmp_path):
    config, log = tmp_path / "config.json", tmp_path / "progress.csv"
    log.write_text("1")
    for text in ('{"port": 8080}', '{"config": {"port": 1}}', '{"config": 1}', "[]", "port: 8080"):
        config.write_text(text)
        with pytest.raises(FileExistsError) as caught:
            train(SMALL, tmp_path, progress=False, overwrite=True)
        assert str(caught.value) == (
            f"{config} was not written by a run, so nothing here is replaced: choose another folder"
        )
        assert (config.read_text(), log.read_text()) == (text, "1")
    for text in ("", '{"config": {"env_id": "Pendulum-v1", "of another version": 1}}'):
        config.write_text(text)
        prepare(tmp_path, overwrite=True)
        assert not log.exists()
        log.touch()


@pytest.mark.posix
def test_settings_that_are_no_small_regular_file_are_refused(tmp_path):
    path = tmp_path / "config.json"

    def sparse():
        with open(path, "wb") as file:
            file.truncate(6 * 10**9)

    cases = {
        "larger than 1,000,000 bytes|holes": sparse,
        "not a run's settings": lambda: write_text(path, '{"config": ' + "[" * 100_000),
        "'tau' is in it twice": lambda: write_text(
            path, '{"config": {"tau": 0.5, "tau": 0.001}, "versions": {}}'
        ),
        "larger than 1,000,000": lambda: write_text(path, '{"config": {}}' + " " * 10**6),
    }
    if hasattr(os, "mkfifo"):
        cases["a pipe or a device"] = lambda: os.mkfifo(path)
        cases["pipe or a device, not"] = lambda: path.symlink_to("/dev/zero")
    for reason, make in cases.items():
        make()
        for read in (read_config, lambda folder: resume(folder, progress=False)):
            with pytest.raises(CheckpointError, match=rf"config\.json: .*{reason}") as caught:
                read(tmp_path)
            assert len(str(caught.value)) < 1000
        path.unlink()
