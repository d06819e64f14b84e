"""A saved file is whole or refused: no bit of damage passes, nothing in it is executed."""

import os
import pickle
import struct
import tracemalloc
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from minddpg import DDPG, CheckpointError, Config
from minddpg.storage import (
    as_checkpoint_error,
    copy_into,
    load_arrays,
    printable,
    save_arrays,
    write_atomically,
)

ARRAYS = {
    "theta": np.arange(5, dtype=np.float32),
    "step": np.int64(7),
    "config": np.str_("τ = 0.5"),
    "empty": np.zeros((0, 3)),
}


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "small.npz"
    save_arrays(path, **ARRAYS)
    return path


def same(found, expected):
    return found.keys() == expected.keys() and all(
        found[k].dtype == expected[k].dtype
        and found[k].shape == expected[k].shape
        and found[k].tobytes() == expected[k].tobytes()
        for k in expected
    )


def refused(path, load=load_arrays):
    """Say whether loading ends in the one error that it may end in, with the path in it."""
    error = None
    try:
        load(path)
    except CheckpointError as caught:
        error = caught
    if error is None:
        return False
    assert error.path == path
    assert str(error) == f"{path}: {error.reason}"
    assert error.reason
    return True


def test_what_was_saved_comes_back(saved):
    assert same(load_arrays(saved), {k: np.asarray(v) for k, v in ARRAYS.items()})


def test_the_same_arrays_make_the_same_bytes_and_numpy_reads_them(saved, tmp_path):
    save_arrays(tmp_path / "again.npz", **ARRAYS)
    assert (tmp_path / "again.npz").read_bytes() == saved.read_bytes()
    with np.load(saved, allow_pickle=False) as found:
        assert same(dict(found), {k: np.asarray(v) for k, v in ARRAYS.items()})


def test_an_array_in_any_memory_order_comes_back(tmp_path):
    array = np.arange(12.0).reshape(3, 4)
    save_arrays(tmp_path / "a.npz", turned=array.T, strided=array[::2, ::-1])
    found = load_arrays(tmp_path / "a.npz")
    np.testing.assert_array_equal(found["turned"], array.T)
    np.testing.assert_array_equal(found["strided"], array[::2, ::-1])


def test_a_file_cut_at_any_byte_is_refused(saved):
    whole = saved.read_bytes()
    for size in range(len(whole)):
        saved.write_bytes(whole[:size])
        assert refused(saved), size


def test_one_flipped_bit_anywhere_is_refused_or_changes_no_array(saved):
    save_arrays(saved, theta=ARRAYS["theta"], step=ARRAYS["step"])
    whole, expected = saved.read_bytes(), load_arrays(saved)
    for position in range(len(whole)):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[position] ^= 1 << bit
            saved.write_bytes(damaged)
            try:
                found = load_arrays(saved)
            except CheckpointError:
                continue
            assert same(found, expected), (position, bit)


def test_one_flipped_bit_in_a_policy_is_refused_or_changes_nothing(tmp_path, rng):
    path = tmp_path / "policy.npz"
    agent = DDPG(3, np.array([-2.0]), np.array([2.0]), Config(hidden_sizes=(4, 3)), rng)
    agent.save(path)
    whole = path.read_bytes()
    obs = rng.standard_normal((20, 3))
    expected, _ = agent.predict(obs)
    for position in rng.integers(len(whole), size=400):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << rng.integers(8)
        path.write_bytes(damaged)
        if not refused(path, DDPG.load):
            again = DDPG.load(path)
            assert again.config == agent.config
            np.testing.assert_array_equal(again.predict(obs)[0], expected)
    for size in range(0, len(whole), 37):
        path.write_bytes(whole[:size])
        assert refused(path, DDPG.load), size


@pytest.mark.parametrize("content", [b"", b"no archive\n", b"PK\x03\x04", b"\0" * 99])
def test_what_is_not_an_archive_is_refused(content, tmp_path):
    path = tmp_path / "file.npz"
    path.write_bytes(content)
    assert refused(path)


def test_what_is_not_there_or_a_folder_is_refused(tmp_path):
    assert refused(tmp_path / "nowhere.npz")
    assert refused(tmp_path)


class Bomb:
    def __reduce__(self):
        return os.mkdir, ("executed",)


def test_an_object_array_is_refused_and_nothing_in_it_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bomb.npz"
    np.savez(path, theta=np.array([Bomb()], dtype=object))
    assert pickle.dumps(Bomb()) in path.read_bytes() or b"executed" in path.read_bytes()
    assert refused(path)
    assert not (tmp_path / "executed").exists()


def header(shape, dtype="<f4", order="False"):
    text = f"{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': {shape}, }}"
    text = text.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


@pytest.mark.parametrize(
    "member",
    [
        header("(1000000000000,)"),
        header("(1000000, 1000000)") + bytes(64),
        header("(-1,)"),
        header("(3,)") + bytes(8),
        header("(3,)") + bytes(16),
        header("(3,)", "|O") + bytes(24),
        header("(3,)", "|V8") + bytes(24),
        header("(3, 1)", order="True") + bytes(12),
        header("(3,)").replace(b"\x01\x00", b"\x02\x00", 1) + bytes(12),
        b"no array",
    ],
)
def test_a_header_is_checked_before_memory_is_taken(member, tmp_path):
    path = tmp_path / "header.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("theta.npy", member)
    tracemalloc.start()
    try:
        assert refused(path)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_an_archive_that_unpacks_to_more_than_its_own_size_is_refused(tmp_path):
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, theta=np.zeros(10**6))
    assert refused(path)


def test_settings_that_would_need_more_memory_than_the_file_holds_are_refused(tmp_path):
    path = tmp_path / "policy.npz"
    settings = Config(hidden_sizes=(4, 3))
    rng = np.random.default_rng(0)
    DDPG(3, np.array([-2.0]), np.array([2.0]), settings, rng).save(path)
    huge = replace(settings, hidden_sizes=(400_000, 3_000_000)).to_json()
    save_arrays(path, **{**load_arrays(path), "config": huge})
    assert refused(path, DDPG.load)


def test_a_failed_write_leaves_the_file_as_it_was_and_names_it(saved):
    before = saved.read_bytes()

    def fail(file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left on device") as caught:
        write_atomically(saved, fail)
    assert caught.value.filename == str(saved)
    assert saved.read_bytes() == before
    assert os.listdir(saved.parent) == [saved.name]


def test_an_error_without_a_number_keeps_its_message_and_gets_the_path(saved):
    def fail(file):
        raise OSError("encoder error -2 when writing image file")

    with pytest.raises(OSError, match="encoder error -2") as caught:
        write_atomically(saved, fail)
    assert str(caught.value) == f"{saved}: encoder error -2 when writing image file"


def test_a_file_is_replaced_in_one_go(saved):
    """Whoever has the old file open reads all of it, and never a mixture."""
    before = saved.read_bytes()
    with open(saved, "rb") as old:
        save_arrays(saved, theta=np.zeros(3))
        assert old.read() == before
    assert load_arrays(saved).keys() == {"theta"}


def test_a_folder_that_takes_no_files_is_named(tmp_path):
    with pytest.raises(OSError, match=r"nowhere") as caught:
        save_arrays(tmp_path / "nowhere" / "file.npz", **ARRAYS)
    assert caught.value.filename == str(tmp_path / "nowhere" / "file.npz")


def test_a_saved_file_holds_no_pickle(saved):
    with zipfile.ZipFile(saved) as archive:
        for name in archive.namelist():
            np.load(BytesIO(archive.read(name)), allow_pickle=False)
    with pytest.raises(ValueError, match="allow_pickle"):
        save_arrays(saved, theta=np.array([{}]))


def test_copying_into_live_arrays_takes_the_same_shape_and_dtype_only():
    live = {"a": np.zeros(3, np.float32)}
    copy_into(live, {"a": np.arange(3, dtype=np.float32)})
    assert live["a"].tolist() == [0, 1, 2]
    for wrong in (np.zeros(3), np.zeros(4, np.float32), np.zeros((1, 3), np.float32)):
        with pytest.raises(ValueError, match=r"a is .* not float32 of shape \(3,\)"):
            copy_into(live, {"a": wrong})
    with pytest.raises(KeyError):
        copy_into(live, {})


def test_an_error_that_has_its_path_keeps_it(tmp_path):
    with pytest.raises(CheckpointError, match="inner: reason"), as_checkpoint_error(tmp_path):
        raise CheckpointError("inner", "reason")


def test_an_error_comes_back_whole_from_another_process():
    error = pickle.loads(pickle.dumps(CheckpointError("a.npz", "is damaged")))
    assert str(error) == "a.npz: is damaged"
    assert (error.path, error.reason) == (Path("a.npz"), "is damaged")


def test_an_error_shows_what_a_file_holds_and_moves_no_cursor():
    text = "\x1b[2Jcleared\r\n\x07\x9b\u202e\ud800 Ünïted ± 7 τ"
    shown = str(CheckpointError("a\x1b.npz", text))
    assert shown == (r"a\x1b.npz: \x1b[2Jcleared\r\n\x07\x9b\u202e\ud800 Ünïted ± 7 τ")
    assert printable(Path("runs") / "τ  = 1") == str(Path("runs") / "τ  = 1")
