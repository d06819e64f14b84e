"""Fetching the browser's Python: only files with the right bytes are accepted from any source."""

import hashlib
import importlib.util
import json
import re
from pathlib import Path

import pytest

BROWSER = Path(__file__).parents[2] / "docs/browser"


@pytest.fixture
def fetch(monkeypatch):
    """Return the program with a lock of two small files, which only a folder can provide."""
    spec = importlib.util.spec_from_file_location("fetch", BROWSER / "fetch.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    right = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("core.js", "a.whl")}
    monkeypatch.setattr(module, "wanted", lambda: right)
    monkeypatch.setattr(module, "SOURCES", {})
    return module


def fill(folder: Path, **contents: str) -> Path:
    folder.mkdir()
    for name, content in contents.items():
        (folder / name.replace("_", ".")).write_text(content)
    return folder


def test_right_files_are_taken_and_wrong_bytes_are_refused_by_name(fetch, tmp_path, capsys):
    source = fill(tmp_path / "source", core_js="core.js", a_whl="a.whl, but changed")
    assert fetch.fetch(tmp_path / "out", source) == ["a.whl"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["core.js"]
    assert "a.whl has the wrong sha256" in capsys.readouterr().out


def test_the_next_source_is_asked_for_what_one_does_not_have_or_has_wrong(
    fetch, monkeypatch, tmp_path
):
    asked = []

    def first(names):
        asked.append(("first", *names))
        yield "core.js", b"changed on the way"
        raise OSError("the line is dead")

    def second(names):
        asked.append(("second", *names))
        yield from ((name, name.encode()) for name in names)

    def third(names):
        raise AssertionError("nothing is missing, and a third source is asked")

    sources = {"first": first, "second": second, "third": third}
    monkeypatch.setattr(fetch, "SOURCES", sources)
    assert fetch.fetch(tmp_path) == []
    assert asked == [("first", "core.js", "a.whl"), ("second", "core.js", "a.whl")]
    assert (tmp_path / "core.js").read_text() == "core.js"


def test_a_damaged_file_is_fetched_again_and_a_good_one_stays(fetch, tmp_path):
    out = fill(tmp_path / "out", core_js="core.js", a_whl="damaged")
    kept = (out / "core.js").stat().st_mtime_ns
    source = fill(tmp_path / "source", core_js="core.js", a_whl="a.whl")
    assert fetch.fetch(out, source) == []
    assert (out / "a.whl").read_text() == "a.whl"
    assert (out / "core.js").stat().st_mtime_ns == kept


def test_the_command_fails_and_names_what_no_source_has(fetch, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["fetch.py", str(tmp_path / "out")])
    assert fetch.main() == 1
    assert "core.js, a.whl" in capsys.readouterr().err


def test_the_lock_names_each_file_once_and_every_package_that_another_needs():
    lock = json.loads((BROWSER / "site/python/pyodide-lock.json").read_text(encoding="utf-8"))
    files = [*lock["core"], *(each["file_name"] for each in lock["packages"].values())]
    needed = {name for each in lock["packages"].values() for name in each["depends"]}
    hashes = [*lock["core"].values(), *(each["sha256"] for each in lock["packages"].values())]
    assert len(set(files)) == len(files)
    assert needed <= set(lock["packages"])
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in hashes)


def test_the_address_of_the_cdn_has_the_version_of_the_lock():
    lock = json.loads((BROWSER / "site/python/pyodide-lock.json").read_text(encoding="utf-8"))
    script = (BROWSER / "site/python/cdn.js").read_text(encoding="utf-8")
    assert re.findall(r"/v([\d.]+)/full/", script) == [lock["info"]["version"]]


def test_no_script_of_the_site_names_another_host_but_the_cdn_and_that_once():
    scripts = [*(BROWSER / "site").rglob("*.js"), *(BROWSER / "site").rglob("*.html")]
    named = re.findall(
        r"https?://([\w.-]+)", "\n".join(path.read_text(encoding="utf-8") for path in scripts)
    )
    assert set(named) <= {"cdn.jsdelivr.net", "localhost"}
    assert named.count("cdn.jsdelivr.net") == 1
