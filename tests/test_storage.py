"""A damaged file is always refused, and nothing in a saved file is ever executed."""

import os
import pickle
import re
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
    SMALL,
    as_checkpoint_error,
    check_format,
    checked,
    copy_into,
    load_arrays,
    open_to_read,
    printable,
    read_bytes,
    save_arrays,
    write_atomically,
    write_text,
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
    """Return True if loading raises the only permitted error, with the path in its message."""
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


@pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_a_file_cut_at_any_byte_is_refused(stride, saved):
    whole = saved.read_bytes()
    for size in range(0, len(whole), stride):
        saved.write_bytes(whole[:size])
        assert refused(saved), size


@pytest.mark.parametrize("bits", [1, pytest.param(8, marks=pytest.mark.slow)])
def test_one_flipped_bit_anywhere_is_refused_or_changes_no_array(bits, saved):
    """In every byte of the file, one bit is flipped (each time the next one), or all eight."""
    save_arrays(saved, theta=ARRAYS["theta"], step=ARRAYS["step"])
    whole, expected = saved.read_bytes(), load_arrays(saved)
    for position in range(len(whole)):
        for bit in range(position, position + bits):
            damaged = bytearray(whole)
            damaged[position] ^= 1 << bit % 8
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
    for position in rng.integers(len(whole), size=150):
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
    ("member", "reason"),
    [
        (header("(1000000000000,)"), "claims shape"),
        (header("(1000000, 1000000)") + bytes(64), "claims shape"),
        (header("(4294967296, 4294967296)"), "claims shape"),  # product 0 in 64 bits
        (header("(-1,)"), "claims shape"),
        (header("(3,)") + bytes(8), "claims shape"),
        (header("(3,)") + bytes(16), "claims shape"),
        (header("(3,)", "|O") + bytes(24), "dtype object is not accepted"),
        (header("(3,)", "|V8") + bytes(24), "is not accepted"),
        (header("(3,)", "<M8[s]") + bytes(24), "is not accepted"),
        (header("(3, 1)", order="True") + bytes(12), "is not accepted"),
        (header("(3,)").replace(b"\x01\x00", b"\x02\x00", 1) + bytes(12), "2, 0"),
        (b"no array", ""),
    ],
)
def test_a_header_is_checked_before_memory_is_taken(member, reason, tmp_path):
    path = tmp_path / "header.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("theta.npy", member)
    tracemalloc.start()
    try:
        with pytest.raises(CheckpointError, match=rf"header\.npz: not a .*\(theta: .*{reason}"):
            load_arrays(path)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_a_compressed_member_is_refused_whatever_it_unpacks_to(tmp_path, rng):
    path = tmp_path / "packed.npz"
    for theta in (np.zeros(10**6), rng.bytes(10_000)):
        np.savez_compressed(path, theta=np.frombuffer(theta, np.uint8))
        with pytest.raises(CheckpointError, match="theta is compressed"):
            load_arrays(path)


def test_a_name_that_an_archive_holds_twice_is_refused(tmp_path):
    """Different readers would read different ones."""
    path = tmp_path / "twice.npz"
    for second in ("theta.npy", "theta"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("theta.npy", header("(1,)") + bytes(4))
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("warnings.warn", lambda *_, **__: None)
                archive.writestr(second, header("(1,)") + b"\0\0\x80?")
        with pytest.raises(CheckpointError, match="theta is in it twice"):
            load_arrays(path)


def test_an_archive_of_very_many_members_is_refused_before_they_are_listed(tmp_path):
    """An entry of 47 bytes takes 400 in memory; a second record may contain the total size."""
    path = tmp_path / "many.npz"
    entry = b"PK\1\2" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"a"
    entries = entry * (SMALL // len(entry) + 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(entries), 0, 0)
    small_end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 47, 0, 0)
    second = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(entries), 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(entries), 1)
    for ending in (end, second + locator + small_end):
        path.write_bytes(entries + ending)
        tracemalloc.start()
        try:
            with pytest.raises(CheckpointError, match=f"its directory has {len(entries):,} bytes"):
                load_arrays(path)
            assert tracemalloc.get_traced_memory()[1] < SMALL / 2
        finally:
            tracemalloc.stop()


def test_an_archive_with_the_end_of_a_very_large_one_comes_back(saved, monkeypatch):
    """Above two gigabytes, zipfile writes a second record of the directory."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)
    save_arrays(saved, **ARRAYS)
    assert b"PK\6\7" in saved.read_bytes()
    assert same(load_arrays(saved), {k: np.asarray(v) for k, v in ARRAYS.items()})


def test_a_text_of_impossible_characters_is_refused(tmp_path):
    path = tmp_path / "text.npz"
    for order in "<>":
        for code_point, is_text in ((0x10FFFF, True), (0x110000, False), (0xFFFFFFFF, False)):
            data = np.array([ord("a"), code_point], f"{order}u4").tobytes()
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("config.npy", header("()", f"{order}U2") + data)
            if is_text:
                assert str(load_arrays(path)["config"]) == "a" + chr(code_point)
            else:
                with pytest.raises(
                    CheckpointError, match="config: a text has characters that do not exist"
                ):
                    load_arrays(path)


def write_with_holes(path, content):
    """Write a file whose blocks of zeros take no space."""
    with open(path, "wb") as file:
        for start in range(0, len(content), 4096):
            block = content[start : start + 4096]
            if any(block):
                file.seek(start)
                file.write(block)
        file.truncate(len(content))


@pytest.mark.posix
def test_a_file_that_is_mostly_holes_takes_no_memory(saved):
    """A foreign file of a few kilobytes on disk may contain gigabytes of zeros."""
    if not hasattr(os, "SEEK_DATA"):  # a system that does not report holes has no such protection
        return
    save_arrays(saved, theta=np.zeros(2 * SMALL, np.uint8))
    write_with_holes(saved, saved.read_bytes())
    for path in (saved, saved.with_name("huge.npz")):
        if path is not saved:
            with open(path, "wb") as file:
                file.truncate(6 * 10**9)
        tracemalloc.start()
        try:
            with pytest.raises(CheckpointError, match=r"most of it is holes: [0-9,]+ bytes, of"):
                load_arrays(path)
            assert tracemalloc.get_traced_memory()[1] < SMALL / 2
        finally:
            tracemalloc.stop()


def test_a_file_with_some_holes_is_read(saved, rng):
    """Some disks do not store blocks of zeros, and a new optimiser's moments are zero."""
    full = np.frombuffer(rng.bytes(SMALL), np.uint8)
    arrays = {"a": full, "b": np.zeros(SMALL, np.uint8), "c": full}
    save_arrays(saved, **arrays)
    write_with_holes(saved, saved.read_bytes())
    assert same(load_arrays(saved), arrays)
    assert read_bytes(saved, 10**7) == saved.read_bytes()


def test_a_system_that_tells_no_holes_reads_every_file(saved, monkeypatch):
    save_arrays(saved, theta=np.zeros(2 * SMALL, np.uint8))
    write_with_holes(saved, saved.read_bytes())
    with monkeypatch.context() as patch:
        patch.delattr(os, "SEEK_DATA", raising=False)
        assert not load_arrays(saved)["theta"].any()

    with monkeypatch.context() as patch:
        patch.setattr(os, "SEEK_DATA", -1, raising=False)  # unknown to the disk
        assert not load_arrays(saved)["theta"].any()


def test_reading_takes_at_most_twice_the_size_of_the_file(saved, rng):
    save_arrays(saved, a=rng.standard_normal(10**6), b=rng.standard_normal(10**5))
    tracemalloc.start()
    try:
        load_arrays(saved)
        assert tracemalloc.get_traced_memory()[1] < 2.1 * saved.stat().st_size
    finally:
        tracemalloc.stop()


@pytest.mark.posix
def test_what_is_no_regular_file_is_refused_at_once(tmp_path):
    paths = {tmp_path: "directory|Permission denied"}  # Windows' error for a folder
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "endless").symlink_to("/dev/zero")
        paths |= dict.fromkeys((tmp_path / "pipe", tmp_path / "endless"), "a pipe or a device")
    for path, reason in paths.items():
        for read in (load_arrays, lambda path: read_bytes(path, 10), DDPG.load):
            with pytest.raises(CheckpointError, match=reason) as caught:
                read(path)
            assert caught.value.path == path


def test_a_file_that_is_read_whole_has_a_limit(tmp_path):
    path = tmp_path / "config.json"
    write_text(path, "12345")
    assert read_bytes(path, 5) == b"12345"
    with pytest.raises(CheckpointError, match=r"config\.json: larger than 4 bytes"):
        read_bytes(path, 4)
    path.write_bytes(b"x" * 2 * SMALL)
    tracemalloc.start()
    try:
        with pytest.raises(CheckpointError, match="larger than 5 bytes"):
            read_bytes(path, 5)
        assert tracemalloc.get_traced_memory()[1] < SMALL
    finally:
        tracemalloc.stop()
    with pytest.raises(CheckpointError, match=r"nowhere: No such file"):
        read_bytes(tmp_path / "nowhere", 4)


def test_memory_that_runs_out_is_named_with_the_file(saved):
    for refuse in (open_to_read, as_checkpoint_error):
        with pytest.raises(CheckpointError, match=r"small\.npz: .*memory"), refuse(saved):
            raise MemoryError


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


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_ends_a_write_no_half_written_file_stays(error, saved):
    def fail(file):
        file.write(b"half")
        raise error

    before = saved.read_bytes()
    with pytest.raises(error):
        write_atomically(saved, fail)
    assert saved.read_bytes() == before
    assert os.listdir(saved.parent) == [saved.name]


def test_a_file_is_on_the_disk_before_it_gets_its_name(saved, monkeypatch):
    """Otherwise a power failure could leave an empty file instead of the earlier one."""
    calls, fsync, rename = [], os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda file: calls.append(os.fstat(file)) or fsync(file))
    monkeypatch.setattr(os, "replace", lambda *paths: calls.append("name") or rename(*paths))
    write_atomically(saved, lambda file: file.write(b"12345"))
    synced, name = calls
    assert (synced.st_size, synced.st_ino) == (5, saved.stat().st_ino)
    assert name == "name"


@pytest.mark.posix
def test_a_file_is_written_through_no_symbolic_link(saved, monkeypatch):
    victim = saved.with_name("victim")
    victim.write_text("mine")
    # a stranger's link at the file's path is replaced
    saved.unlink()
    saved.symlink_to(victim)
    write_text(saved, "new")
    assert (saved.read_text(), saved.is_symlink()) == ("new", False)
    # a link at a guessed temporary name is refused
    monkeypatch.setattr(os, "urandom", bytes)
    saved.with_name(f".{saved.name}.{bytes(8).hex()}.tmp").symlink_to(victim)
    with pytest.raises(FileExistsError):
        write_text(saved, "newer")
    assert (saved.read_text(), victim.read_text()) == ("new", "mine")


@pytest.mark.posix
def test_only_a_file_is_replaced(tmp_path):
    """A folder or a device is never replaced: writing a figure to /dev/null keeps the device."""
    (tmp_path / "folder").mkdir()
    paths = [tmp_path / "folder"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        paths += [tmp_path / "pipe"]
    for path in paths:
        with pytest.raises(FileExistsError, match=f"{path.name} is not a regular file"):
            write_text(path, "new")
    assert len(list(tmp_path.iterdir())) == len(paths)


def test_two_writers_of_one_file_do_not_meet(saved):
    """Each write uses a different temporary name."""

    def write(file):
        file.write(b"outer")
        write_text(saved, "inner")
        assert saved.read_text() == "inner"

    write_atomically(saved, write)
    assert saved.read_text() == "outer"
    assert os.listdir(saved.parent) == [saved.name]


def test_an_error_without_a_number_keeps_its_message_and_gets_the_path(saved):
    def fail(file):
        raise OSError("encoder error -2 when writing image file")

    with pytest.raises(OSError, match="encoder error -2") as caught:
        write_atomically(saved, fail)
    assert str(caught.value) == f"{saved}: encoder error -2 when writing image file"


@pytest.mark.posix
def test_a_file_is_replaced_in_one_go(saved):
    """A reader with the old file open reads all of it, and never a mixture."""
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
        found = re.escape(f"a is {wrong.dtype} of shape {wrong.shape}, not float32 of shape (3,)")
        with pytest.raises(ValueError, match=found):
            copy_into(live, {"a": wrong})
    with pytest.raises(ValueError, match="a holds a number that is not finite"):
        copy_into(live, {"a": np.float32([1, 2, np.inf])})
    assert live["a"].tolist() == [0, 1, 2]
    with pytest.raises(KeyError):
        copy_into(live, {})


def test_only_this_version_of_a_format_is_read():
    check_format({"format": np.array(7)}, 7)
    for format in (6, 8, -7):
        with pytest.raises(ValueError, match=f"its format is {format}, this version reads 7"):
            check_format({"format": np.array(format)}, 7)


def test_a_saved_array_is_what_it_must_be_or_is_named():
    arrays = {
        "count": np.array(3),
        "text": np.array("τ"),
        "flag": np.array(True),
        "table": np.arange(6.0).reshape(2, 3),
        "empty": np.zeros((0, 2)),
        "holes": np.array([1, np.nan]),
        "endless": np.array([1, -np.inf]),
    }
    fits = [
        *(("count", "iu", ()), ("count", "iuf", (), 3), ("text", "U", ()), ("table", "f", (2, 3))),
        *(("table", "f", (-1, 3)), ("table", "iuf", (2, -1), 0, 5), ("empty", "iu", (-1, 2), 1)),
    ]
    for name, *wanted in fits:
        assert checked(arrays, name, *wanted) is arrays[name]
    wrong = [
        *(("count", "f", ()), ("count", "iu", (1,)), ("count", "iu", (-1,)), ("text", "iu", ())),
        *(("count", "U", ()), ("flag", "iuf", ()), ("count", "iu", (), 4), ("table", "f", (3, -1))),
        *(("table", "f", (6,)), ("table", "iuf", (2, 3), 1), ("empty", "iu", (-1, 3))),
        *(("empty", "f", (1, 2)), ("holes", "f", (2,)), ("endless", "f", (2,))),
    ]
    for name, *wanted in wrong:
        with pytest.raises(ValueError, match=f"^{name} (is|holds) "):
            checked(arrays, name, *wanted)
    with pytest.raises(KeyError, match="nothing"):
        checked(arrays, "nothing", "f")
    messages = {
        ("table", "iu", (-1, 3)): (
            "table is float64 of shape (2, 3), not integers of shape (any, 3)"
        ),
        ("count", "U", ()): "count is int64 of shape (), not text of shape ()",
        ("text", "iuf", ()): "text is <U1 of shape (), not numbers of shape ()",
        ("count", "iu", (), 4): "count is 3: must be at least 4",
        ("count", "iu", (), 1, 2): "count is 3: must be at most 2",
        ("table", "f", (2, 3), -9, 3.5): "table holds 4.0: must be at most 3.5",
        ("table", "f", (2, 3), 1): "table holds 0.0: must be at least 1",
    }
    for (name, *wanted), message in messages.items():
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            checked(arrays, name, *wanted)


def replacements(array):
    """Yield arrays that a stranger or a mistake may have put in place of a saved one."""
    shape, is_text = array.shape, array.dtype.kind == "U"
    is_float = array.dtype.kind == "f"
    large = "x" * 10**5 if is_text else 1e3 if is_float else 2**62
    return {
        "a text": np.array("oops"),
        "two of it": np.array([array, array]),
        "nothing in it": np.zeros(0),
        "NaN": np.full(shape, np.nan, array.dtype if is_float else float),
        "infinity": np.full(shape, -np.inf, array.dtype if is_float else float),
        "negative": np.full(shape, "" if is_text else -3, array.dtype),
        "large": np.full(shape, large, None if is_text else array.dtype),
        "complex": np.full(shape, 1j),
        "flags": np.ones(shape, bool),
        "unsigned": np.full(shape, 2**64 - 1, np.uint64),
        "of the other byte order": array.astype(array.dtype.newbyteorder(">")),
    }


def test_a_policy_with_one_array_replaced_is_refused_by_name_or_acts(tmp_path, rng):
    path = tmp_path / "policy.npz"
    config = Config(hidden_sizes=(4, 3), batch_norm=True, action_layer=1)
    DDPG(3, np.array([-2.0]), np.array([2.0]), config, rng).save(path)
    saved, reasons = load_arrays(path), {}
    for name, array in saved.items():
        for what, wrong in {**replacements(array), "not there": None}.items():
            arrays = {k: v for k, v in {**saved, name: wrong}.items() if v is not None}
            save_arrays(path, **arrays)
            try:
                agent = DDPG.load(path)
            except CheckpointError as error:
                reasons[name, what] = error.reason
                continue
            action, _ = agent.predict(np.ones(3))
            assert action.shape == (1,), (name, what)
            assert np.isfinite(action).all(), (name, what)
            assert what in ("negative", "large") or np.array_equal(wrong, array), (name, what)
    assert len(reasons) > 100
    for (name, what), reason in reasons.items():
        assert name in reason or "action bounds" in reason, (name, what, reason)


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
