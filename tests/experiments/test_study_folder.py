"""The folder of a study: nothing is deleted without request, and no results are confused."""

import errno
import json
import os
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import study_jobs
from studies_in_process import QUICK, run_quietly

from minddpg import CheckpointError, Config, StudyError, resume, run_study, train
from minddpg.cli import main
from minddpg.experiments import jobs
from minddpg.experiments.named_studies import STUDIES
from minddpg.experiments.results_csv import read_rows
from minddpg.experiments.run_named import named_tasks, redraw, run_named_study
from minddpg.experiments.study_folder import StudyLock
from minddpg.training.csv_files import write_csv
from minddpg.training.run_dir import versions
from minddpg.verification.bugs import BUGS

RESULTS = Path(__file__).parents[2] / "docs" / "results"
FIXTURE = Path(__file__).parents[1] / "fixtures" / "first_edition_study"


@pytest.fixture(autouse=True)
def studies(monkeypatch):
    """Two quick studies whose variants have different names."""
    monkeypatch.setitem(STUDIES, "quick", QUICK)
    monkeypatch.setitem(STUDIES, "other", replace(QUICK, variants={"only": {"tau": 0.1}}))


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def about(folder):
    return json.loads((folder / "about.json").read_text())


def results_of(folder, study="quick", seeds=(4,)):
    """Return the result.json of each run of a study."""
    return [task.run_dir / "result.json" for task in named_tasks(STUDIES[study], folder, seeds, {})]


def edit(path, **fields):
    """Change fields of a JSON file; None removes one."""
    saved = {**json.loads(path.read_text()), **fields}
    path.write_text(json.dumps({k: v for k, v in saved.items() if v is not None}))


REPLACING = {  # a call after seeds 4, 5 and 6 of quick, and the message's words for its request
    "fewer seeds": ("quick", [4, 5], {}, "seeds 4–5"),
    "other seeds": ("quick", [7, 8, 9, 10], {}, "seeds 7–10"),
    "one seed left out": ("quick", [4, 6, 7, 8], {}, "seeds 4, 6–8"),
    "other steps": ("quick", [4, 5, 6], {"total_steps": 300}, "seeds 4–6, total_steps 300"),
    "more seeds, other steps": ("quick", range(9), {"total_steps": 3}, "seeds 0–8, total_steps 3"),
    "another study": ("other", [4, 5, 6], {}, "seeds 4–6"),
}


def test_results_are_not_replaced_by_others_or_fewer_unless_asked(tmp_path):
    run_quietly("quick", tmp_path / "kept", [4, 5, 6])
    before = contents(tmp_path / "kept")
    for name, (study, seeds, changes, asked) in REPLACING.items():
        with pytest.raises((ValueError, FileExistsError)) as caught:
            run_quietly(study, tmp_path / "kept", seeds, changes=changes)
        assert f"there seeds 4–6; requested {asked}. To continue," in str(caught.value), name
        assert "--overwrite" in str(caught.value)
        assert contents(tmp_path / "kept") == before, name
        old, new = tmp_path / f"old {name}", tmp_path / f"new {name}"
        shutil.copytree(tmp_path / "kept", old)
        run_quietly(study, old, seeds, changes=changes, overwrite=True)
        run_quietly(study, new, seeds, changes=changes)
        for file in ("results.csv", "table.md"):
            assert (old / file).read_text() == (new / file).read_text(), (name, file)
        assert about(old)["seeds"] == about(new)["seeds"] == [*seeds]


def test_a_refusal_names_the_changes_that_are_there_or_that_nothing_is_finished(tmp_path):
    (tmp_path / "about.json").write_text('{"study": "other", "changes": {"tau": 0.5}}')
    with pytest.raises(ValueError, match=r"^.* holds the study other, not quick: there no results"):
        run_quietly("quick", tmp_path, [4])
    with pytest.raises(ValueError, match=f"^{tmp_path} holds the study other, not quick$"):
        redraw("quick", tmp_path)
    (tmp_path / "about.json").unlink()
    changes = {"total_steps": 300, "hidden_sizes": [8, 4]}
    run_quietly("quick", tmp_path, [4], changes=changes)
    with pytest.raises(FileExistsError) as caught:
        run_quietly("quick", tmp_path, [4, 5])
    assert str(caught.value) == (
        f"{tmp_path} holds other results of quick: there seed 4, total_steps 300, hidden_sizes 8"
        " 4; requested seeds 4–5. To continue, choose another folder, or replace them with"
        " overwrite (--overwrite)"
    )


def test_the_same_study_and_more_seeds_need_not_be_asked_for_twice(tmp_path):
    run_quietly("quick", tmp_path, [4, 5])
    for seeds in ([4, 5], [5, 4], range(3, 8)):
        run_quietly("quick", tmp_path, seeds)
        assert about(tmp_path)["seeds"] == [*seeds]
        assert {row["seed"] for row in read_rows(tmp_path / "results.csv")} == {*seeds}


def test_results_without_about_json_are_not_replaced_either(tmp_path):
    """For example, results may have been merged from several tables."""
    run_quietly("quick", tmp_path, [4, 5])
    (tmp_path / "about.json").unlink()
    before = contents(tmp_path)
    for study, seeds, lost in (("quick", [5, 6], "seed 4"), ("other", [4, 5], "variant slow")):
        with pytest.raises(FileExistsError, match=rf"results\.csv has results of .*{lost}"):
            run_quietly(study, tmp_path, seeds)
        assert contents(tmp_path) == before
    run_quietly("quick", tmp_path, [4, 5, 6])


def test_an_environment_with_fewer_seeds_loses_none_to_seeds_before_them(tmp_path, monkeypatch):
    """`at_most` counts from the first seed: seeds 3, 4 and 5 would leave out seed 5 here."""
    slow = replace(QUICK, environments={"Pendulum-v1": {}, "Slow-v0": {}}, at_most={"Slow-v0": 2})
    monkeypatch.setitem(STUDIES, "quick", slow)
    run_quietly("quick", tmp_path, [4, 5])
    with pytest.raises(FileExistsError, match="env_id Slow-v0, seed 5"):
        run_quietly("quick", tmp_path, [3, 4, 5])
    run_quietly("quick", tmp_path, [4, 5, 6])


def test_numbers_of_the_same_runs_do_not_change_unless_asked(tmp_path):
    """For example, a run's folder is removed, and other versions train it again."""
    run_quietly("quick", tmp_path, [4])
    rows = read_rows(tmp_path / "results.csv")
    write_csv(tmp_path / "results.csv", [*rows[:-1], {**rows[-1], "value": 0.5}])
    before = (tmp_path / "results.csv").read_bytes()
    with pytest.raises(FileExistsError) as caught:
        run_quietly("quick", tmp_path, [4, 5])
    assert str(caught.value) == (
        f"{tmp_path / 'results.csv'} has other numbers for the same runs (line 13), which were"
        " repeated, or are from another version: choose another folder, or replace them with"
        " overwrite (--overwrite); no run will be repeated"
    )
    assert (tmp_path / "results.csv").read_bytes() == before
    run_quietly("quick", tmp_path, [4, 5], overwrite=True)
    assert read_rows(tmp_path / "results.csv")[: len(rows)] == rows


def test_old_results_stay_until_the_new_ones_are_complete(tmp_path):
    run_quietly("quick", tmp_path, [4, 5])
    before = contents(tmp_path)
    (tmp_path / "fault").write_text("no luck")
    with pytest.raises(StudyError, match="no luck"):
        run_quietly("other", tmp_path, [6], overwrite=True)
    (tmp_path / "fault").unlink()
    assert before.items() <= contents(tmp_path).items()


def test_a_full_disk_leaves_the_old_results_and_no_temporary(tmp_path, monkeypatch):
    run_quietly("quick", tmp_path, [4])
    before = contents(tmp_path)

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    run_quietly("quick", tmp_path / "other", [4, 5])
    shutil.copytree(tmp_path / "other" / "runs", tmp_path / "runs", dirs_exist_ok=True)
    shutil.rmtree(tmp_path / "other")
    runs = contents(tmp_path / "runs")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"results\.csv"):
        run_quietly("quick", tmp_path, [4, 5])
    assert contents(tmp_path / "runs") == runs
    kept = {path: text for path, text in contents(tmp_path).items() if "runs" not in path.parts}
    assert kept == {path: text for path, text in before.items() if "runs" not in path.parts}


def test_what_a_killed_process_left_half_written_is_removed(tmp_path):
    tmp_path.joinpath(".results.csv.123.tmp").write_text("half")
    tmp_path.joinpath(".figure.png.123.tmp").write_text("half")
    run_quietly("quick", tmp_path, [4])
    assert not list(tmp_path.glob(".*"))


@pytest.mark.posix
def test_two_studies_never_write_one_folder_at_a_time(tmp_path):
    run_quietly("quick", tmp_path, [4])
    before = contents(tmp_path)
    one = ThreadPoolExecutor(1)
    with closing(StudyLock(tmp_path)), one:
        for call in (
            lambda: run_quietly("quick", tmp_path, [4, 5]),
            lambda: run_quietly("other", tmp_path, [4], overwrite=True),
            lambda: redraw("quick", tmp_path),
            lambda: run_study([Config()], study_jobs.measured, one, study_dir=tmp_path),
        ):
            message = f"{tmp_path}: another process is running a study in this folder; wait until"
            with pytest.raises(FileExistsError, match=f"^{message} it ends, or stop it$"):
                call()
        assert contents(tmp_path) == before
    run_quietly("quick", tmp_path, [4, 5])


@pytest.mark.posix
def test_a_study_does_not_write_into_a_folder_that_took_the_place_of_its_own(tmp_path, monkeypatch):
    ours, moved = tmp_path / "ours", tmp_path / "moved"

    run_quietly("quick", ours, [4])
    for wrong in (KeyboardInterrupt, None):
        with monkeypatch.context() as patch:
            tasks = named_tasks(QUICK, ours, [4], {})

            def run_tasks(*_, wrong=wrong, tasks=tasks, **__):
                ours.rename(moved)
                ours.mkdir()
                if wrong is not None:
                    raise wrong
                return [study_jobs.measured(task.config) for task in tasks]

            patch.setattr("minddpg.experiments.run_named.run_tasks", run_tasks)
            with pytest.raises((KeyboardInterrupt, FileNotFoundError)) as caught:
                run_quietly("quick", ours, [4])
        if wrong is None:
            assert str(caught.value) == (
                f"{ours} was renamed or replaced while its study ran; the same command with --dir"
                " and its new name finishes the study"
            )
        assert contents(ours) == {}
        ours.rmdir()
        moved.rename(ours)


def test_swapped_folders_are_refused_and_both_runs_named(tmp_path):
    run_quietly("quick", tmp_path, [4, 5])
    first, _, second, _ = (path.parent for path in results_of(tmp_path, seeds=[4, 5]))
    first.rename(tmp_path / "aside")
    second.rename(first)
    (tmp_path / "aside").rename(second)
    before = (tmp_path / "results.csv").read_bytes()
    with pytest.raises(CheckpointError) as caught:
        run_quietly("quick", tmp_path, [4, 5])
    assert str(caught.value) == (
        f"{first / 'result.json'}: holds the result of another run: seed 5, not 4; put the folders"
        " back where they were, or remove this one"
    )
    assert (tmp_path / "results.csv").read_bytes() == before


def test_swapped_results_of_two_variants_are_refused(tmp_path):
    run_quietly("quick", tmp_path, [4])
    slow, fast = results_of(tmp_path)
    text = slow.read_text()
    slow.write_text(fast.read_text())
    fast.write_text(text)
    with pytest.raises(CheckpointError, match=r"result\.json.*another run: tau 0\.5, not 0\.001;"):
        run_quietly("quick", tmp_path, [4])


def test_the_result_of_another_bug_is_refused(tmp_path):
    config, job = Config(), partial(study_jobs.measured, bug="actor-sign")
    with ThreadPoolExecutor(1) as one:
        run_study([config], job, one, study_dir=tmp_path, progress=False)
        for bug in ("critic-sign", ""):
            job = partial(study_jobs.measured, bug=bug)
            with pytest.raises(CheckpointError, match=f"bug 'actor-sign', not '{bug}'"):
                run_study([config], job, one, study_dir=tmp_path, progress=False)
    assert "actor-sign" in BUGS


def test_a_run_that_was_lengthened_is_not_taken_for_the_studys(tmp_path):
    config = Config(total_steps=120, eval_every=60, eval_episodes=1, warmup_steps=60)
    with ThreadPoolExecutor(1) as one:
        (run,) = run_study([config], executor=one, study_dir=tmp_path, progress=False)
        resume(run.run_dir, 60, progress=False)
        with pytest.raises(CheckpointError, match="another run: total_steps 180, not 120"):
            run_study([config], executor=one, study_dir=tmp_path, progress=False)


def test_a_result_of_the_first_edition_is_compared_by_the_config_beside_it(tmp_path):
    """Such a result does not name its run."""
    shutil.copytree(FIXTURE / "pendulum", tmp_path, dirs_exist_ok=True)
    first, second = sorted((tmp_path / "runs").iterdir())
    first.rename(tmp_path / "aside")
    second.rename(first)
    (tmp_path / "aside").rename(second)
    with pytest.raises(CheckpointError, match="another run: seed 1001, not 1000"):
        run_quietly("pendulum", tmp_path, [1000, 1001], changes={"total_steps": 300})


def test_results_of_other_versions_are_warned_of_and_about_json_says_how_many(tmp_path):
    run_quietly("quick", tmp_path, [4, 5])
    today = about(tmp_path)
    paths = results_of(tmp_path, seeds=[4, 5])
    for path in paths[1:3]:
        edit(path, versions={**json.loads(path.read_text())["versions"], "numpy": "1.26.4"})
    wanted = (
        rf"^2 of 4 jobs were finished under numpy 1\.26\.4 \(now {today['numpy']}\):"
        r" variant fast, env_id Pendulum-v1, seed 4; variant slow, env_id Pendulum-v1, seed 5;"
    )
    with pytest.warns(UserWarning, match=wanted):
        run_quietly("quick", tmp_path, [4, 5])
    now = about(tmp_path)
    assert now["numpy"] == f"{today['numpy']} (2 of 4 runs), 1.26.4 (2 of 4 runs)"
    changing = {"numpy", "seconds", "date"}
    assert {k: v for k, v in now.items() if k not in changing} == {
        k: v for k, v in today.items() if k not in changing
    }


def test_a_run_that_was_begun_under_other_versions_than_it_was_measured_counts_for_both(tmp_path):
    run_quietly("quick", tmp_path, [4])
    first = results_of(tmp_path)[0]
    versions = {**json.loads(first.read_text())["versions"], "numpy": "1.26.4", "bug": "b"}
    config = json.loads(Config(seed=4, tau=0.001).to_json())
    first.with_name("config.json").write_text(json.dumps({"config": config, "versions": versions}))
    with pytest.warns(UserWarning, match=r"^1 of 2 jobs were finished under numpy 1\.26\.4 \(now"):
        run_quietly("quick", tmp_path, [4])
    now = json.loads(first.read_text())["versions"]["numpy"]
    found = dict(part.split(" ", 1) for part in about(tmp_path)["numpy"].split(", "))
    assert found == {"1.26.4": "(1 of 2 runs)", now: "(2 of 2 runs)"}
    assert "bug" not in about(tmp_path)


def test_a_warning_names_three_jobs_and_counts_the_others(tmp_path, monkeypatch):
    """BLAS threads are only compared if this process starts the workers and knows their number."""
    run_quietly("quick", tmp_path, [4, 5, 6])
    for path in results_of(tmp_path, seeds=[4, 5, 6])[:5]:
        saved = json.loads(path.read_text())["versions"]
        edit(path, versions={**saved, "blas_threads": "8", "gymnasium": "0.1"})
    now = about(tmp_path)
    runs = "variant slow, env_id Pendulum-v1, seed 4; variant fast, env_id Pendulum-v1, seed 4; "
    runs += "variant slow, env_id Pendulum-v1, seed 5; and 2 more; they may not be bit-identical to"
    gymnasium = f"gymnasium 0.1 (now {now['gymnasium']})"
    monkeypatch.setattr("minddpg.experiments.run_study.WorkerPool", ThreadPoolExecutor)
    for call, threads in (
        (run_quietly, ""),
        (run_named_study, f"blas_threads 8 (now {now['blas_threads']}), "),
    ):
        expected = f"5 of 6 jobs were finished under {threads}{gymnasium}: {runs} runs of today"
        with pytest.warns(UserWarning, match=f"^{re.escape(expected)}$") as caught:
            call("quick", tmp_path, [4, 5, 6])
        assert len(caught) == 1


def test_runs_are_trained_and_read_without_a_word(tmp_path, capsys):
    """Only the study itself reports its progress."""
    config = Config(total_steps=120, eval_every=60, eval_episodes=1, warmup_steps=60)
    for _ in range(2):
        run = jobs.train_or_resume(config, tmp_path)
        assert run.run_dir == tmp_path
    out, err = capsys.readouterr()
    assert out + err == ""


def test_about_json_says_when_on_what_and_for_how_long(tmp_path):
    run_quietly("quick", tmp_path, [4])
    found = about(tmp_path)
    now = time.time()
    days = {time.strftime("%Y-%m-%d", time.localtime(t)) for t in (now, now - 60)}
    assert found["date"] in days
    assert 0 <= found["seconds"] < 60
    assert found["command"] == "minddpg study quick --seeds 1 --first-seed 4"
    assert list(found)[:6] == ["study", "command", "seeds", "changes", "date", "seconds"]
    assert found.items() > versions().items()
    assert (tmp_path / "about.json").read_text().count("\n") > 10  # people can read it, too
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists() and "model name" in cpuinfo.read_text():
        assert f": {found['processor']}\n" in cpuinfo.read_text()


def test_a_machine_that_does_not_describe_its_processor_has_another_name(tmp_path, monkeypatch):
    def unreadable(path, *_, **__):
        raise PermissionError

    monkeypatch.setattr(Path, "read_text", unreadable)
    for processor, found in (("one of theirs", "one of theirs"), ("", "a machine")):
        monkeypatch.setattr("platform.processor", lambda processor=processor: processor)
        monkeypatch.setattr("platform.machine", lambda: "a machine")
        assert jobs._processor() == found


def test_a_result_that_does_not_say_its_versions_is_not_given_todays(tmp_path):
    run_quietly("quick", tmp_path, [4])
    edit(results_of(tmp_path)[0], versions=None)
    edit(results_of(tmp_path)[1], config=None)
    run_quietly("quick", tmp_path, [4])
    assert about(tmp_path)["python"].startswith("not recorded (1 of 2 runs), 3.")


def test_a_result_carries_config_and_versions_of_its_run(tmp_path):
    run_quietly("quick", tmp_path, [4])
    saved = json.loads(results_of(tmp_path)[1].read_text())
    assert Config.of(saved["config"]) == Config(seed=4, tau=0.5)
    assert saved["versions"]["numpy"] == about(tmp_path)["numpy"]
    assert saved["versions"]["processor"] == about(tmp_path)["processor"]


def test_a_result_that_is_none_of_this_study_is_named_with_its_field(tmp_path):
    """The error comes before it is written into results.csv."""
    run_quietly("quick", tmp_path, [4])
    before = (tmp_path / "results.csv").read_bytes()
    path = results_of(tmp_path)[0]
    good = path.read_text()
    row = {"when": "last", "measure": "return", "step": 12_000, "value": 1.0}
    for fields, named in (
        ({"result": [{**row, "value": float("nan")}]}, "value is 'nan'"),
        ({"result": [{**row, "value": "abc"}]}, "value is 'abc'"),
        ({"result": [{**row, "value": True}]}, "value is 'True'"),
        ({"result": [{**row, "step": -1}]}, "step is -1"),
        ({"result": [{**row, "step": 1.5}]}, r"step is 1\.5"),
        ({"result": [{**row, "when": ""}]}, "when is missing"),
        ({"result": [{**row, "when": ["last"]}]}, r"when is .*: must be a text\)$"),
        ({"result": [{**row, "more": [1]}]}, r"more is '\[1\]': must be a finite number\)$"),
        ({"result": [{**row, "seed": 4}]}, "seed: in a job's result"),
        ({"result": 3}, "when is missing"),
        ({"job": 3}, "job is '3'"),
        ({"is_run": "no"}, "is_run is 'no'"),
        ({"is_run": None}, "'is_run'"),
        ({"config": [1]}, "list"),
        ({"config": {"tau": -1}}, "tau = -1"),
        ({"versions": [1]}, r"versions is '\[1\]'"),
    ):
        edit(path, **fields)
        with pytest.raises(CheckpointError, match=rf"result\.json: not a .*{named}"):
            run_quietly("quick", tmp_path, [4])
        assert (tmp_path / "results.csv").read_bytes() == before
        path.write_text(good)


def test_a_damaged_about_json_is_named_with_its_field(tmp_path):
    shutil.copytree(RESULTS / "tau", tmp_path, dirs_exist_ok=True)
    before = contents(tmp_path)
    for text, named in (
        (b"[]", r"holds '\[\]', not an object with names$"),
        (b"{", "not JSON"),
        (b'{"study": "\x80"}', "not JSON"),
        (b"[" * 100_000, r"not JSON \(nested too deeply\)$"),
        (b'{"study": "tau", "study": "tau"}', r"not JSON \('study' is in it twice\)$"),
        (b"{}", "study is None: must be the name of a study$"),
        (b'{"study": 5}', "study is 5: must be"),
        (b'{"study": "tau", "seeds": "abc"}', "seeds is 'abc': must be whole numbers$"),
        (b'{"study": "tau", "seeds": [1, true]}', r"seeds is \[1, True\]"),
        (
            b'{"study": "tau", "changes": []}',
            r"changes is \[\]: must be settings and their values$",
        ),
        (b'{"study": "tau", "seconds": NaN}', "seconds is nan: must be a finite number of at"),
        (b'{"study": "tau", "seconds": "5"}', "seconds is '5'"),
        (b'{"study": "tau", "seconds": -5}', "seconds is -5"),
    ):
        (tmp_path / "about.json").write_bytes(text)
        for call in (partial(redraw, "tau"), partial(run_quietly, "tau", seeds=[1])):
            with pytest.raises(CheckpointError, match=rf"about\.json: {named}"):
                call(study_dir=tmp_path)
    (tmp_path / "about.json").write_bytes(before[Path("about.json")])
    assert contents(tmp_path) == before


def test_a_study_of_your_own_does_not_lose_the_runs_that_a_smaller_call_leaves_out(tmp_path):
    configs = [Config(seed=seed, tau=tau) for tau in (0.1, 0.2) for seed in (0, 1)]
    with ThreadPoolExecutor(1) as one:
        run = partial(run_study, executor=one, study_dir=tmp_path, progress=False)
        run(configs, study_jobs.measured)
        before = contents(tmp_path)
        for fewer, lost in ((configs[:3], r"seed 1, tau 0\.2"), (configs[2:], r"tau 0\.1")):
            with pytest.raises(FileExistsError, match=rf"results of a run .*{lost}.*overwrite"):
                run(fewer, study_jobs.measured)
            assert contents(tmp_path) == before
        run([*configs, Config(seed=2, tau=0.2, hidden_sizes=(8, 4))], study_jobs.measured)
        run(configs[:1], study_jobs.measured, overwrite=True)
        assert len(read_rows(tmp_path / "results.csv")) == 6


def test_labels_of_your_own_may_leave_out_a_column(tmp_path):
    configs = [Config(seed=seed) for seed in (0, 1)]
    labels = [{"run": "a", "note": "first"}, {"run": "b"}]
    with ThreadPoolExecutor(1) as one:
        run = partial(run_study, configs, study_jobs.square_of_seed, one, study_dir=tmp_path)
        for _ in range(2):
            run(labels=labels, progress=False)
        message = (
            r"results\.csv has results of a run that was not requested \(run b\): choose another"
        )
        with pytest.raises(FileExistsError, match=message):
            run(labels=[labels[0], {"run": "c"}], progress=False)


def test_a_named_study_and_one_of_your_own_do_not_replace_each_other(tmp_path):
    """They are separate even with the same seeds and environment."""
    run_quietly("quick", tmp_path / "named", [4, 5])
    with ThreadPoolExecutor(1) as one:
        run = partial(run_study, job=study_jobs.square_of_seed, executor=one, progress=False)
        configs = [Config(seed=seed) for seed in (4, 5)]
        run(configs, study_dir=tmp_path / "own")
        before = contents(tmp_path)
        with pytest.raises(FileExistsError, match="is of a named study, and this call is not"):
            run(configs, study_dir=tmp_path / "named")
    with pytest.raises(FileExistsError, match="is of a named study, and this call is not, or"):
        run_quietly("quick", tmp_path / "own", [4, 5])
    assert contents(tmp_path) == before


def test_results_of_an_edition_without_the_column_bug_are_the_same_results(tmp_path, monkeypatch):
    variants = {"correct": {}, "sign": {"bug": "actor-sign"}}
    monkeypatch.setitem(STUDIES, "quick", replace(QUICK, variants=variants))
    run_quietly("quick", tmp_path, [4])
    rows = read_rows(tmp_path / "results.csv")
    assert [row.get("bug") for row in rows] == [None] * 6 + ["actor-sign"] * 6
    assert rows[-1]["value"] - rows[5]["value"] == 100  # study_jobs.measured knew of the bug
    for row in rows:
        row.pop("bug", None)
    write_csv(tmp_path / "results.csv", rows)
    run_quietly("quick", tmp_path, [4, 5])
    assert len(read_rows(tmp_path / "results.csv")) == 24


def test_settings_that_the_study_itself_gives_its_runs_are_no_changes(tmp_path):
    for name, value in (("seed", 3), ("env_id", "Reacher-v5")):
        with pytest.raises(ValueError, match=f"changes name {name}"):
            run_quietly("quick", tmp_path, [4], changes={name: value})
    assert not list(tmp_path.iterdir())


def test_the_command_refuses_in_one_line_and_overwrites_when_told(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("minddpg.experiments.run_study.WorkerPool", ThreadPoolExecutor)
    command = ["study", "quick", "--dir", str(tmp_path), "--first-seed", "4", "--quiet"]
    assert main([*command, "--seeds", "3"]) == 0
    before = contents(tmp_path)
    capsys.readouterr()
    assert main([*command, "--seeds", "2"]) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"minddpg: error: {tmp_path} holds other results of quick: there")
    assert err.count("\n") == 1
    assert contents(tmp_path) == before
    assert main([*command, "--seeds", "2", "--overwrite"]) == 0
    assert about(tmp_path)["seeds"] == [4, 5]
    assert main(["study", "quick", "--dir", str(tmp_path), "--redraw", "--overwrite"]) == 1
    assert "--redraw runs nothing: leave out --overwrite" in capsys.readouterr().err


def test_the_command_runs_the_seeds_and_steps_that_it_is_told(tmp_path, capsys, monkeypatch):
    """By default: the study's own number of seeds from 1000 on, and its own steps."""
    monkeypatch.setattr("minddpg.experiments.run_study.WorkerPool", ThreadPoolExecutor)
    monkeypatch.chdir(tmp_path)
    for i, (flags, seeds, steps) in enumerate(
        (
            ([], [1000, 1001, 1002], 12_000),
            (["--seeds", "2"], [1000, 1001], 12_000),
            (["--first-seed", "7", "--steps", "300"], [7, 8, 9], 300),
            (["--seeds", "1", "--total-steps", "400"], [1000], 400),
        )
    ):
        folder = Path(f"runs/{i}" if flags else "runs/study-quick")
        where = ["--dir", str(folder)] if flags else []
        assert main(["study", "quick", "--quiet", *flags, *where]) == 0
        rows = read_rows(folder / "results.csv")
        assert sorted({row["seed"] for row in rows}) == seeds
        assert max(row["step"] for row in rows) == steps
        assert about(folder)["seeds"] == seeds
        out = capsys.readouterr().out
        assert f"{folder / 'table.md'}\nfigure {folder / 'figure.png'}\n" in out
        assert f"{steps:,} steps" in out


def test_training_left_in_a_run_folder_under_other_settings_is_not_used(tmp_path):
    """It is not used even if its folder has the name of the requested run."""
    config = Config(total_steps=120, eval_every=60, eval_episodes=1, warmup_steps=60)
    (task,) = named_tasks(STUDIES["pendulum"], tmp_path, [0], vars(config) | {"seed": 0})[:1]
    train(replace(config, tau=0.5), task.run_dir, progress=False)
    changes = {k: v for k, v in vars(config).items() if k not in ("env_id", "seed")}
    with pytest.raises(StudyError, match=r"other settings: tau 0\.5, not 0\.02"):
        run_quietly("pendulum", tmp_path, [0], changes=changes)


def test_results_of_other_steps_than_about_json_says_are_not_drawn(tmp_path):
    run_quietly("quick", tmp_path, [4], changes={"total_steps": 90})
    redraw("quick", tmp_path)
    about = json.loads((tmp_path / "about.json").read_text())
    about["changes"]["total_steps"] = 9999
    (tmp_path / "about.json").write_text(json.dumps(about))
    with pytest.raises(CheckpointError, match=r"results\.csv: its policies had 90 steps; .* 9999"):
        redraw("quick", tmp_path)
