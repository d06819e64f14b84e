"""Studies run jobs on executors, and handle processes that die."""

import csv
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
import study_jobs

from minddpg import CheckpointError, Config, StudyError, run_study, train
from minddpg.experiments import worker_pool
from minddpg.experiments.jobs import train_or_resume
from minddpg.experiments.jobs_display import JobsDisplay
from minddpg.experiments.run_study import tidy

SHORT = {"total_steps": 90, "warmup_steps": 30, "eval_every": 30, "eval_episodes": 1}
SHORT |= {"hidden_sizes": (8, 6)}


def noted(folder, seeds=4):
    """Return configs whose jobs record their calls in this folder."""
    return [Config(env_id=str(folder), seed=seed) for seed in range(seeds)]


def calls(folder):
    """Return how often the job of each seed was called."""
    return [len(path.read_text()) for path in sorted(folder.glob("calls-*"))]


def quiet(configs, job=train, executor=None, **options):
    return run_study(configs, job, executor, progress=False, **options)


@pytest.fixture
def threads():
    """Return an executor of threads for tests that need no processes, which start slowly."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_results_come_in_the_order_of_the_configs_on_any_executor(tmp_path):
    configs = noted(tmp_path)[::-1]
    with ThreadPoolExecutor(3) as threads:
        assert quiet(configs, study_jobs.square, executor=threads) == [9, 4, 1, 0]
        assert threads.submit(int).result() == 0  # left running
    assert quiet(configs, study_jobs.square, workers=2) == [9, 4, 1, 0]
    assert calls(tmp_path) == [2, 2, 2, 2]
    assert quiet([], study_jobs.square) == []


def test_a_python_without_processes_needs_an_executor(tmp_path, monkeypatch):
    class Here(Executor):
        def submit(self, function, /, *args):
            future = Future()
            future.set_result(function(*args))
            return future

    monkeypatch.setattr(sys, "platform", "emscripten")  # as in a browser
    for options in ({}, {"study_dir": tmp_path / "study"}):
        with pytest.raises(OSError, match="pass an executor that works here"):
            quiet(noted(tmp_path), study_jobs.square, **options)
    assert not list(tmp_path.iterdir())
    assert quiet(noted(tmp_path), study_jobs.square, executor=Here()) == [0, 1, 4, 9]


def test_training_on_processes_gives_the_bits_and_the_table_of_training_alone(tmp_path):
    configs = [Config(seed=seed, tau=tau, **SHORT) for seed in (3, 4) for tau in (0.01, 0.1)]
    alone = [train(config, progress=False) for config in configs]
    runs = quiet(configs, study_dir=tmp_path / "processes", workers=2)
    with ThreadPoolExecutor(1) as one:
        quiet(configs, executor=one, study_dir=tmp_path / "serial")
    again = quiet(configs, study_dir=tmp_path / "processes")
    for mine, theirs, reread in zip(alone, runs, again, strict=True):
        np.testing.assert_array_equal(mine.agent.actor.theta, theirs.agent.actor.theta)
        np.testing.assert_array_equal(mine.agent.actor.theta, reread.agent.actor.theta)
        assert theirs.agent.actor_optimizer.theta is theirs.agent.actor.theta
    tables = [(tmp_path / name / "results.csv").read_bytes() for name in ("processes", "serial")]
    assert tables[0] == tables[1]
    rows = list(csv.DictReader(tables[0].decode().splitlines()))
    assert [(row["seed"], row["tau"]) for row in rows[::3]] == [
        ("3", "0.01"), ("3", "0.1"), ("4", "0.01"), ("4", "0.1"),
    ]  # fmt: skip
    assert [row["time/total_timesteps"] for row in rows[:3]] == ["30.0", "60.0", "90.0"]
    assert not any("fps" in name or "elapsed" in name for name in rows[0])


def test_a_finished_job_is_not_done_again_and_a_new_one_is(threads, tmp_path):
    folder = tmp_path / "study"
    first = quiet(noted(tmp_path, 3), study_jobs.rows, threads, study_dir=folder)
    table = (folder / "results.csv").read_text()
    more = quiet(noted(tmp_path, 4), study_jobs.rows, threads, study_dir=folder)
    assert calls(tmp_path) == [1, 1, 1, 1]
    assert more[:3] == first == [
        [{"step": step, "value": seed + step, "pair": [0, 1]} for step in (1, 2)]
        for seed in range(3)
    ]  # fmt: skip
    assert table.splitlines()[:2] == ["env_id,seed,step,value,pair", f"{tmp_path},0,1,1.0,0 1"]
    assert (folder / "results.csv").read_text().startswith(table)


def test_another_job_neither_takes_nor_unasked_replaces_the_result_of_the_first(threads, tmp_path):
    folder, configs = tmp_path / "study", noted(tmp_path, 2)
    assert quiet(configs, study_jobs.square, threads, study_dir=folder) == [0, 1]
    for exponent, wanted in ((3, [0, 1]), (0, [1, 1])):
        power = partial(pow_of_seed, exponent=exponent)
        before = {path: path.read_bytes() for path in folder.rglob("*.*")}
        with pytest.raises(
            FileExistsError, match=r"result\.json holds the result of the job .*, not"
        ):
            quiet(configs, power, threads, study_dir=folder)
        assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before
        assert quiet(configs, power, threads, study_dir=folder, overwrite=True) == wanted


def pow_of_seed(config, exponent):
    return config.seed**exponent


@pytest.mark.parametrize(
    "job",
    [
        lambda config: 1,
        partial(pow_of_seed, exponent=np.arange(3)),
        partial(lambda config, power: 1, power=2),
        Config(seed=1).to_json,
        np.sin,
    ],
    ids=["lambda", "partial of an array", "partial of a lambda", "method", "ufunc"],
)
def test_a_job_without_a_lasting_name_is_refused_where_results_are_kept(job, tmp_path):
    message = (
        r"has no lasting name: with a study_dir a job must be a function of a module \(no"
        r" lambda, method or inner function\), or a functools\.partial of one$"
    )
    with pytest.raises(ValueError, match=message):
        quiet(noted(tmp_path, 1), job, study_dir=tmp_path / "study")
    assert not (tmp_path / "study").exists()


@pytest.mark.slow
def test_a_job_of_the_script_itself_is_done_once(tmp_path):
    """A job with the same name in another script is another job."""
    (tmp_path / "main.py").write_text(
        "from minddpg import Config, run_study\n"
        "def job(config):\n"
        "    open('calls', 'a').write('.')\n"
        "    return config.seed\n"
        "if __name__ == '__main__':\n"
        "    for _ in range(2):\n"
        "        print(run_study([Config(), Config(seed=1)], job, study_dir='study', workers=1))\n"
    )
    text = (tmp_path / "main.py").read_text().replace("workers=1", "workers=1, overwrite=True")
    (tmp_path / "other.py").write_text(text)
    for script, calls_so_far in (("main.py", 2), ("other.py", 4)):
        out = subprocess.run(
            [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert out.stdout == "[0, 1]\n[0, 1]\n"
        assert (tmp_path / "calls").read_text() == "." * calls_so_far


def test_a_run_in_another_folder_is_refused_and_a_lost_one_is_not_trained_again(tmp_path):
    config = Config(**SHORT)
    with ThreadPoolExecutor(1) as one:
        with pytest.raises(StudyError, match="the job's Run is in None"):
            quiet([config], study_jobs.train_elsewhere, one, retries=0, study_dir=tmp_path)
        quiet([config], executor=one, study_dir=tmp_path)
        (path,) = tmp_path.glob("*/checkpoint.npz")
        path.unlink()
        with pytest.raises(
            CheckpointError, match=r"checkpoint\.npz: missing, although the run was finished$"
        ):
            quiet([config], executor=one, study_dir=tmp_path)


def test_workers_write_where_the_study_says_wherever_they_stand(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with ProcessPoolExecutor(1, get_context("spawn"), os.chdir, ("/",)) as pool:
        for _ in range(2):
            assert quiet(noted(tmp_path, 2), study_jobs.square, pool, study_dir="study") == [0, 1]
    assert calls(tmp_path) == [1, 1]
    assert len(list((tmp_path / "study").glob("*/result.json"))) == 2


def test_an_executor_that_is_shut_down_ends_the_study(tmp_path):
    pool = ThreadPoolExecutor(1)
    with pytest.raises(StudyError, match="3 of 4 jobs failed"):
        quiet(noted(tmp_path), partial(study_jobs.shut_down, pool=pool), pool, retries=0)


def test_an_error_that_cannot_be_rebuilt_still_says_what_it_was(tmp_path):
    with pytest.raises(StudyError, match="RuntimeError: Awkward: one two"):
        quiet(noted(tmp_path, 1), study_jobs.raises_awkward, retries=0, workers=1)


def test_labels_are_counted_before_and_kept_apart_from_results(tmp_path):
    with pytest.raises(ValueError, match="1 labels for 2 configs"):
        quiet(noted(tmp_path, 2), study_jobs.square, labels=[{}])
    assert calls(tmp_path) == []
    with pytest.raises(ValueError, match="seed: in a job's result and in its label"):
        tidy([Config()], [{"seed": 3}])


def test_a_damaged_result_is_named(threads, tmp_path):
    quiet(noted(tmp_path, 1), study_jobs.square, threads, study_dir=tmp_path / "study")
    (path,) = (tmp_path / "study").glob("*/result.json")
    path.write_text(path.read_text()[:-9])
    with pytest.raises(CheckpointError) as caught:
        quiet(noted(tmp_path, 1), study_jobs.square, threads, study_dir=tmp_path / "study")
    message = str(caught.value)
    assert message.startswith(f"{path}: not a job's result (not JSON (")
    assert message.endswith("); remove it")
    assert message.count("result.json") == 1


def test_what_json_cannot_hold_is_refused_where_it_would_be_lost(tmp_path):
    with ThreadPoolExecutor(1) as one:
        assert quiet(noted(tmp_path, 1), study_jobs.unwritable, executor=one) == [{0, "no JSON"}]
        with pytest.raises(StudyError, match=r"1 of 1 job failed 1 time each.*hold, not set: \{"):
            quiet(
                noted(tmp_path, 1), study_jobs.unwritable, one, retries=0, study_dir=tmp_path / "s"
            )


def test_a_job_that_raises_once_is_done_again(threads, tmp_path):
    assert quiet(noted(tmp_path), study_jobs.raises_once, threads) == [0, 1, 2, 3]
    assert calls(tmp_path) == [1, 2, 1, 1]


def test_a_job_that_always_raises_is_named_after_all_others_are_kept(threads, tmp_path):
    folder = tmp_path / "study"
    with pytest.raises(StudyError, match=r"1 of 4 jobs failed 3 times.*seed 1: OSError: seed 1"):
        quiet(noted(tmp_path), study_jobs.raises_for_one, threads, study_dir=folder)
    assert calls(tmp_path) == [1, 3, 1, 1]
    assert not (folder / "results.csv").exists()  # it would look complete
    (tmp_path / "repaired").touch()
    assert quiet(noted(tmp_path), study_jobs.raises_for_one, threads, study_dir=folder) == [
        *range(4)
    ]
    assert calls(tmp_path) == [1, 4, 1, 1]


def test_an_error_names_three_failed_jobs_and_counts_the_others(tmp_path, threads):
    """It also says what to do."""
    labels = [{"seed": seed, "bug": "" if seed % 2 else "b"} for seed in range(5)]
    with pytest.raises(StudyError) as caught:
        quiet(noted(tmp_path, 5), study_jobs.always_raises, threads, retries=1, labels=labels)
    assert calls(tmp_path) == [2] * 5
    assert sorted(caught.value.errors) == [0, 1, 2, 3, 4]
    message = str(caught.value)
    assert message.startswith("5 of 5 jobs failed 2 times each. ")
    named = message.removeprefix("5 of 5 jobs failed 2 times each. ").split(". A study_dir")[0]
    *three, more = named.split("; ")
    assert more == "and 2 more"
    wanted = {f"seed {i}{'' if i % 2 else ', bug b'}: OSError: not {i}" for i in range(5)}
    assert len(three) == 3
    assert set(three) <= wanted
    assert message.endswith(
        ". A study_dir keeps the results of the others; the same call then repeats only these"
    )


@pytest.mark.slow
def test_a_killed_worker_costs_no_job_but_its_own(tmp_path):
    assert quiet(noted(tmp_path), study_jobs.killed_once, workers=2) == [0, 1, 2, 3]
    assert calls(tmp_path) == [1, 2, 1, 1]


@pytest.mark.slow
def test_a_job_that_kills_every_worker_is_named_and_no_other_suffers(tmp_path):
    with pytest.raises(StudyError, match=r"1 of 4 jobs failed 2 times.*seed 1: its process died"):
        quiet(noted(tmp_path), study_jobs.always_killed, retries=1, workers=2)
    assert calls(tmp_path) == [1, 2, 1, 1]


def test_a_broken_executor_ends_the_study_with_the_reason(tmp_path):
    with (
        ProcessPoolExecutor(1, get_context("spawn")) as pool,
        pytest.raises(StudyError, match="its process died"),
    ):
        quiet(noted(tmp_path), study_jobs.always_killed, executor=pool)


@pytest.mark.slow
def test_a_killed_training_run_goes_on_to_the_bits_of_an_uninterrupted_one(tmp_path):
    configs = [Config(seed=seed, checkpoint_every=55, **SHORT) for seed in (0, 1)]
    found = quiet(configs, study_jobs.learn, study_dir=tmp_path, workers=2)
    assert (tmp_path / "killed-1").exists()
    for config, result in zip(configs, found, strict=True):
        theta = train(config, progress=False).agent.actor.theta
        np.testing.assert_array_equal(np.float32(result["theta"]), theta)


def test_workers_have_one_blas_thread_and_the_study_leaves_the_environment_alone(monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    found = quiet([Config(seed=seed) for seed in range(2)], study_jobs.environment, workers=1)
    assert {each["threads"] for each in found} == {"1"}
    assert found[0]["process"] == found[1]["process"] != os.getpid()
    assert os.environ["OPENBLAS_NUM_THREADS"] == "7"
    assert "OMP_NUM_THREADS" not in os.environ


def alive(pid):
    """Return True if this process runs and is not a zombie."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
@pytest.mark.parametrize(
    ("signum", "codes"),
    [
        pytest.param(signal.SIGTERM, {143}, id="SIGTERM", marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, {130, -2}, id="SIGINT", marks=pytest.mark.slow),
        pytest.param(1, {129, -1}, id="SIGHUP", marks=pytest.mark.slow),  # a terminal was closed
        pytest.param(signal.SIGKILL, {-9}, id="SIGKILL"),  # SIGKILL leaves no chance to clean up
    ],
)
def test_when_a_study_is_stopped_its_workers_write_checkpoints_and_end(signum, codes, tmp_path):
    """A terminal sends SIGINT to the whole group of processes."""
    (tmp_path / "main.py").write_text(
        "import sys, study_jobs\nfrom minddpg.training.signals import Handlers\n"
        "if __name__ == '__main__':\n"
        "    with Handlers():\n        study_jobs.begin_study(sys.argv[1])\n"
    )
    process = subprocess.Popen(
        [sys.executable, tmp_path / "main.py", tmp_path / "study"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    workers = []
    try:
        logs = until(lambda: running(tmp_path) if process.poll() is None else 1 / 0)
        tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
        workers = [int(pid) for path in tasks for pid in path.read_text().split()]
        assert len(workers) >= 2
        (os.killpg if signum == signal.SIGINT else os.kill)(process.pid, signum)
        assert process.wait(60) in codes
        until(lambda: all((path.parent / "checkpoint.npz").exists() for path in logs))
        if signum != signal.SIGKILL:  # orphans may live until the grace period ends
            until(lambda: not any(map(alive, workers)))
    finally:
        process.kill()
        for pid in filter(alive, workers):
            os.kill(pid, signal.SIGKILL)


def running(folder):
    """Return the logs of the running runs as soon as there are two."""
    logs = [p for p in folder.glob("study/*/progress.csv") if p.read_text().count("\n") > 1]
    return logs if len(logs) == 2 else []


def until(condition, seconds=60):
    """Wait until a function returns a true value, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def test_equal_configs_would_share_a_folder_and_are_refused(tmp_path):
    with pytest.raises(ValueError, match="configs 1 and 2 are equal"):
        quiet([Config(seed=1), Config(), Config()], study_dir=tmp_path)


def test_what_is_not_a_list_of_configs_is_refused():
    for wrong, named in (
        ("heating", "heating"),
        (Config(seed=7), "seed=7"),
        ([Config(), "x"], "'x'"),
        ([Config(), Config], "class"),
        ({"seed": 1}, "seed"),
    ):
        with pytest.raises(TypeError, match="run_study takes a list of Configs, as") as caught:
            quiet(wrong)
        assert named in str(caught.value).partition(", not ")[2], wrong


@pytest.mark.parametrize("wrong", [{"retries": -1}, {"workers": 0}])
def test_impossible_numbers_are_refused(wrong):
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=f"{name} = {value}"):
        quiet([Config()], **wrong)


def test_rows_lead_with_the_settings_that_differ_or_with_given_labels():
    configs = [Config(seed=5), Config(seed=5, hidden_sizes=(8, 8))]
    assert tidy(configs, [1.5, {"a": 2}]) == [
        {"env_id": "Pendulum-v1", "seed": 5, "hidden_sizes": (64, 64), "result": 1.5},
        {"env_id": "Pendulum-v1", "seed": 5, "hidden_sizes": (8, 8), "a": 2},
    ]
    assert tidy(configs[:1], [[{"a": 2}]], [{"variant": "x"}]) == [{"variant": "x", "a": 2}]
    with pytest.raises(ValueError, match="zip"):
        tidy(configs, [1.5, {"a": 2}], [])


def test_progress_counts_jobs_on_standard_error(tmp_path, capsys):
    with ThreadPoolExecutor(1) as one:
        run_study(noted(tmp_path, 2), study_jobs.square, one, study_dir=tmp_path / "study")
        run_study(noted(tmp_path, 3), study_jobs.square, one, study_dir=tmp_path / "study")
    err = capsys.readouterr().err.splitlines()
    assert [line.split(" | ")[0] for line in err] == [
        "2 jobs", "1 of 2 jobs", "2 of 2 jobs",
        "3 jobs", "2 of 3 jobs are finished already", "3 of 3 jobs",
    ]  # fmt: skip


def test_jobs_are_looked_at_while_they_run(monkeypatch):
    looks = []
    monkeypatch.setattr(worker_pool, "LOOK", 0.005)
    monkeypatch.setattr(JobsDisplay, "look", lambda display: looks.append(display.count))
    with ThreadPoolExecutor(1) as one:
        run_study([Config()], lambda config: time.sleep(0.05), one)
    assert set(looks) == {0}


def test_the_package_imports_no_cluster():
    code = (
        "import sys, minddpg, minddpg.experiments.run_study, minddpg.experiments.run_named\n"
        "assert not {'dask', 'distributed'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
def test_a_dask_cluster_is_one_line_and_outlives_a_killed_worker(tmp_path):
    """There are two worker processes; a job kills its own. pure=False and retries are for dask."""
    from dask.distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as c,
        Client(c) as client,
    ):
        executor = client.get_executor(pure=False, retries=2)
        assert quiet(noted(tmp_path), study_jobs.killed_once, executor=executor) == [0, 1, 2, 3]
        assert calls(tmp_path)[1] == 2
        configs = [Config(seed=seed, checkpoint_every=55, **SHORT) for seed in (0, 1)]
        folder = tmp_path / "study"
        found = quiet(configs, study_jobs.learn, executor=executor, study_dir=folder)
        for config, result in zip(configs, found, strict=True):
            theta = train(config, progress=False).agent.actor.theta
            np.testing.assert_array_equal(np.float32(result["theta"]), theta)


def test_a_study_error_crosses_processes():
    error = StudyError([{"seed": 0}, {"seed": 1}], {1: ValueError("no")}, retries=2)
    there = pickle.loads(pickle.dumps(error))
    assert str(there) == str(error)
    assert [str(each) for each in there.errors.values()] == ["no"]


def test_a_folder_with_a_run_of_other_settings_is_left_alone_and_they_are_named(tmp_path):
    settings = {"total_steps": 120, "eval_every": 120, "eval_episodes": 1, "warmup_steps": 100}
    train(Config(**settings), tmp_path, progress=False)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    wanted = r"holds a run with other settings: seed 0, not 3; tau 0\.02, not 0\.5$"
    with pytest.raises(ValueError, match=wanted):
        train_or_resume(Config(**settings, seed=3, tau=0.5), tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
