"""Reading the logs of a run checks every number, and names the file, line and column of errors."""

import io
import shutil
from contextlib import closing

import numpy as np
import pendulums
import pytest

from minddpg import CheckpointError, Config, resume, train
from minddpg.storage import load_arrays, save_arrays
from minddpg.training.csv_files import Table, read_numbers, write_csv
from minddpg.training.plots import learning_curve
from minddpg.training.read_logs import (
    Q_COLUMNS,
    read_episodes,
    read_evaluations,
    read_q_values,
    read_rows,
)
from minddpg.training.run_log import COLUMNS

SMALL = Config(
    env_id=pendulums.BRIEF,
    total_steps=60,
    warmup_steps=30,
    hidden_sizes=(4, 3),
    batch_size=8,
    eval_every=30,
    eval_episodes=2,
    log_every=20,
    checkpoint_every=20,
)


@pytest.fixture(scope="module")
def run_once(tmp_path_factory):
    return train(SMALL, tmp_path_factory.mktemp("runs") / "run", progress=False)


@pytest.fixture
def run_dir(run_once, tmp_path):
    return shutil.copytree(run_once.run_dir, tmp_path / "run")


def reason(read, path):
    """Return why a file is refused; the message must name the file."""
    with pytest.raises(CheckpointError) as caught:
        read(path)
    assert caught.value.path == path
    assert str(caught.value).startswith(str(path))
    assert len(str(caught.value).splitlines()) == 1
    assert len(caught.value.reason) < 500
    return caught.value.reason


def test_what_a_run_wrote_is_read(run_once, run_dir):
    history = run_once.history
    rows = read_rows(run_dir / "progress.csv")
    assert [row["time/total_timesteps"] for row in rows] == [20, 30, 40, 60]
    for i, row in enumerate(rows):
        for name, column in history.items():
            np.testing.assert_equal(row.get(name, np.nan), column[i], name)
    q_values = read_q_values(run_dir / "progress.csv")
    names = ("time/total_timesteps", "train/q_mean", "train/q_min", "train/q_max")
    np.testing.assert_array_equal(q_values, [history[name][2:] for name in names])

    lines = (run_dir / "monitor.csv").read_text().splitlines()[2:]
    returns, ends = read_episodes(run_dir / "monitor.csv")
    assert returns.tolist() == [float(line.split(",")[0]) for line in lines]
    assert ends.tolist() == [20, 40, 60]
    assert len(lines) == 3

    steps, results = read_evaluations(run_dir / "evaluations.npz")
    assert steps.tolist() == [30, 60]
    np.testing.assert_array_equal(results.mean(axis=1), history["eval/mean_reward"][[1, 3]])


CELLS = ["oops", "nan", "inf", "-inf", "1e999", "1,2", '"1', "1 2", "x" * 200_000, "\x1b[2J"]


def test_a_cell_that_is_no_number_is_named_with_its_line_and_column(run_dir):
    reads = {
        read_episodes: ("monitor.csv", ("r", "l", "step")),
        read_rows: ("progress.csv", COLUMNS),
        read_q_values: ("progress.csv", Q_COLUMNS),
    }
    for read, (name, columns) in reads.items():
        path = run_dir / name
        whole = path.read_text()
        *before, last = whole.splitlines()
        header = next(line for line in before if not line.startswith("#")).split(",")
        for column in columns:
            for wrong in CELLS:
                row = dict(zip(header, last.split(","), strict=True)) | {column: wrong}
                path.write_text("\n".join([*before, ",".join(row.values())]) + "\n")
                found = reason(read, path)
                number = len(before) + 1
                if "," in wrong:
                    count = len(header)
                    assert found == f"line {number} has {count + 1} cells, not {count}"
                else:
                    assert found.startswith(f"line {number}: {column} is {wrong[:9]!r}"[:-1])
        path.write_text(whole)


def test_a_table_with_other_columns_is_refused(run_dir):
    path = run_dir / "progress.csv"
    whole = path.read_text()
    for name in ("time/total_timesteps", "train/q_mean", "train/q_min", "train/q_max"):
        path.write_text(whole.replace(name, "other"))
        assert reason(read_rows, path) == f"0 of its columns are named {name}"
        assert reason(read_q_values, path) == f"0 of its columns are named {name}"
    path.write_text(whole.replace("train/q_min", "train/q_max"))
    assert "named train/q_m" in reason(read_q_values, path)
    for content in ("", "\n", "time/total_timesteps"):
        path.write_text(content)
        assert reason(read_rows, path) == "is empty, or cut off in its first line"
    for content in ("\0\0\n", "time/total_timestep\n"):
        path.write_text(content)
        assert "0 of its columns are named time/total_timesteps" in reason(read_rows, path)
    path.write_bytes(b"\xff\xfe\n")
    assert "0 of its columns" in reason(read_rows, path)
    path.unlink()
    assert "No such file" in reason(read_rows, path)


def test_rows_that_are_doubled_or_exchanged_are_refused(run_dir):
    path = run_dir / "progress.csv"
    head, *rows = path.read_text().splitlines(keepends=True)
    for wrong in ([*rows, *rows], rows[::-1], [rows[0], rows[0]]):
        path.write_text("".join([head, *wrong]))
        for read in (read_rows, read_q_values):
            assert "time/total_timesteps does not increase" in reason(read, path)


def test_an_episode_takes_at_least_one_whole_step(run_dir):
    path = run_dir / "monitor.csv"
    for length in ("0", "-20", "2.5"):
        path.write_text(f"#{{}}\nr,l,t\n-3.5,20,1\n-3,{length},2\n")
        assert reason(read_episodes, path) == f"an episode has the length l = {length}"
    path.write_text("#{}\nr,l,t\n-3.5,20,1\n-3,1,2\n")
    assert read_episodes(path)[1].tolist() == [20, 21]
    path.write_text("#{}\nr,l,t,step\n-3.5,20,1,20\n-3,20,2,20\n")
    assert reason(read_episodes, path) == "step does not increase from row to row"
    path.write_text("#{}\nr,l,t,step\n-3.5,20,1,25\n-3,20,2,45\n")  # five steps are in no row
    assert read_episodes(path)[1].tolist() == [25, 45]
    path.write_text("#{}\nr,l,t\n")
    assert [len(column) for column in read_episodes(path)] == [0, 0]


def test_a_row_that_was_not_finished_is_left_out(run_dir):
    """A full disk or a kill can cut the last row of a file; all other rows are still drawn."""
    path = run_dir / "monitor.csv"
    path.write_text("#{}\nr,l,t\n-3.5,20,1\n-123.45,2")
    assert [column.tolist() for column in read_episodes(path)] == [[-3.5], [20]]
    path.write_bytes(b"#{}\r\nr,l,t\r\n-3.5,20,1\r\n")  # edited on Windows
    assert [column.tolist() for column in read_episodes(path)] == [[-3.5], [20]]


def test_columns_are_read_by_name_and_in_the_order_asked_for(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("comment\na,b,c\n1,2,3\n4,,6\n")
    np.testing.assert_array_equal(read_numbers(path, ("c", "a"), skip=1), [[3, 1], [6, 4]])
    np.testing.assert_array_equal(
        read_numbers(path, ("b",), skip=1, may_be_empty=True), [[2], [np.nan]]
    )
    assert reason(lambda path: read_numbers(path, ("a", "b"), skip=1), path) == (
        "line 4: b is '', not a finite number"
    )


def test_evaluations_that_do_not_belong_together_are_named(run_dir):
    path = run_dir / "evaluations.npz"
    saved = load_arrays(path)
    refused = {
        "timesteps": [
            *(saved["timesteps"][:1], saved["timesteps"][::-1], [30, 30], [0, 30], [-30, 30]),
            *(30, [[30, 60]], ["30", "60"], [30.0, 60.0], [True, False], []),
        ],
        "results": [
            *(saved["results"][0], saved["results"][:1], saved["results"][:, :1]),
            *(saved["results"][:, :0], saved["results"] * np.nan, saved["results"] * np.inf),
            *(saved["results"].astype(str), saved["results"] * 1j, 3.0, [], np.zeros((2, 2, 1))),
        ],
        "ep_lengths": [
            *(saved["ep_lengths"][:1], saved["ep_lengths"][:, :1], saved["ep_lengths"].ravel()),
            *(saved["ep_lengths"] - 20, saved["ep_lengths"] * 1.0, "long", np.zeros((2, 0))),
        ],
    }
    for name, wrongs in refused.items():
        for wrong in [*wrongs, None]:
            arrays = {k: v for k, v in {**saved, name: wrong}.items() if v is not None}
            save_arrays(path, **arrays)
            assert any(array in reason(read_evaluations, path) for array in refused), (name, wrong)
    save_arrays(
        path, **{**saved, **dict.fromkeys(("results", "ep_lengths"), np.zeros((2, 0), int))}
    )
    assert reason(read_evaluations, path) == "results has no episodes"


def test_a_run_without_an_evaluation_has_no_rows(tmp_path):
    path = tmp_path / "evaluations.npz"
    save_arrays(path, timesteps=[], results=np.zeros((0, 5)), ep_lengths=np.zeros((0, 5), int))
    steps, results = read_evaluations(path)
    assert (steps.shape, results.shape) == ((0,), (0, 5))


def test_a_resume_takes_the_logs_of_its_own_run_only(run_dir):
    """Otherwise another header or other numbers would be read as this run's history."""
    checks = {
        "monitor.csv": [
            ("r,l,t", "r,l,t,x", "its columns are"),
            ("r,l,t,step\n", "", "columns|lines"),
        ],
        "progress.csv": [
            ("train/q_min", "train/q_mim", "its columns are .*q_mim"),
            ("\n20,", "\n35,", "time/total_timesteps does not increase"),
            ("\n20,", "\n20,oops", "line 2: time/episodes is 'oops"),
        ],
    }
    for name, changes in checks.items():
        path = run_dir / name
        whole = path.read_bytes()
        for before, after, why in changes:
            path.write_bytes(whole.replace(before.encode(), after.encode(), 1))
            with pytest.raises(CheckpointError, match=rf"{name}: .*({why})"):
                resume(run_dir, more_steps=20, progress=False)
            path.write_bytes(whole)
    resume(run_dir, more_steps=20, progress=False)
    assert len(read_rows(run_dir / "progress.csv")) == 5


def test_a_name_with_a_dollar_or_an_escape_is_drawn_as_it_is(run_dir, monkeypatch):
    titles = []
    monkeypatch.setattr(
        "minddpg.training.plots.save", lambda figure, path: titles.append(figure) or path
    )
    path = run_dir / "config.json"
    whole = path.read_text()
    for name, shown in (("$x^$", "$x^$"), (r"\\frac$_$", r"\frac$_$"), (r"\u001b[2J", r"\x1b[2J")):
        path.write_text(whole.replace(pendulums.BRIEF, name))
        learning_curve(run_dir, run_dir / "a.png")
        if name == "$x^$":  # must not be read as mathematics
            titles[-1].draw_without_rendering()
        assert titles[-1].get_suptitle() == f"DDPG on {shown}, seed 0"


def test_a_table_that_is_written_whole_leaves_nan_empty(tmp_path):
    path = tmp_path / "new" / "folder" / "table.csv"
    for _ in range(2):
        write_csv(path, [{"a": 1.5, "b": float("nan")}, {"c": (1, 2), "a": np.float64("nan")}])
        assert path.read_bytes() == b"a,b,c\n1.5,,\n,,1 2\n"


def test_a_new_table_takes_no_files_place(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        Table(path, ["a"])
    assert path.read_text() == "mine"


@pytest.mark.posix
def test_a_table_goes_on_after_the_rows_that_it_keeps(tmp_path):
    path = tmp_path / "a.csv"
    whole = ["#mine", "a,b", "1,2", "3,4"]
    for kept in (0, 1, 2):
        for more in ("", "unfinished", "5,6\n7"):
            path.write_text("".join(f"{line}\n" for line in whole) + more)
            before = path.stat().st_ino
            with closing(Table(path, ["#other", "a,b"], kept)) as table:
                table.append((8, 9))
            rows = "".join(f"{line}\n" for line in [*whole[: 2 + kept], "8,9"])
            assert path.read_bytes() == rows.encode(), (kept, more)
            assert kept < 2 or more or path.stat().st_ino == before, "nothing was cut off"
    path.write_text("#mine\na,b\n1,2\n3,4")
    for rows, lines in (
        (2, "3 complete lines, but the checkpoint counts 4"),
        (-1, "the checkpoint counts 1"),
    ):
        assert lines in reason(lambda path, rows=rows: Table(path, ["#other", "a,b"], rows), path)
    assert "its columns are b'a,b\\n', not 'b,a'" in reason(
        lambda path: Table(path, ["#other", "b,a"], 0), path
    )
    path.write_bytes(b"#mine\na,\xff\n")
    assert "its columns are b'a,\\xff\\n', not 'a,b'" in reason(
        lambda path: Table(path, ["#other", "a,b"], 0), path
    )
    path.write_text("#mine\na,b\n1,2\n3,4")
    (tmp_path / "link.csv").symlink_to(path)
    assert reason(lambda path: Table(path, ["#", "a,b"], 1), tmp_path / "link.csv") == (
        "a symbolic link, which is not followed: put the file here"
    )
    assert path.read_text() == "#mine\na,b\n1,2\n3,4"


def test_a_full_disk_is_named_with_the_table(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"

    def fail(*_):
        raise OSError(28, "No space left on device")

    table = Table(path, ["a"])
    monkeypatch.setattr("os.fsync", fail)
    full = io.StringIO()
    full.write = full.writelines = full.close = fail
    full.fileno = lambda: 0
    table.file.close()
    table.file = full
    for write in (lambda: table.append((1,)), table.sync):
        with pytest.raises(OSError, match="No space left") as caught:
            write()
        assert caught.value.filename == str(path)
    table.close()  # prints nothing more

    path.unlink()
    monkeypatch.setattr("minddpg.training.csv_files.open", lambda *_, **__: full, raising=False)
    with pytest.raises(OSError, match="No space left") as caught:
        Table(path, ["a"])
    assert caught.value.filename == str(path)
    del full.close  # from Python 3.13 on, garbage collection reports that it fails
