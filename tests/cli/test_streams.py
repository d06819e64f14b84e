"""The output of commands on a stream that lacks characters, such as a Windows file or a pipe."""

import io
import os
import re
import shlex
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

import minddpg
from minddpg.cli import main
from minddpg.cli.plain_text import PLAIN, keep_names, plain
from minddpg.training.display import Display
from minddpg.training.progress import ProgressBar
from minddpg.verification import lqr

PACKAGE = Path(minddpg.__file__).parent
COMMANDS = (  # quick commands with non-ASCII output
    "check --truth", "train --help", "train --polyak 1",
)  # fmt: skip


def run(monkeypatch, line, encoding):
    """Return both outputs and the exit code of a command whose streams have this encoding."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", streams[0])
        patch.setattr(sys, "stderr", streams[1])
        try:
            code = main(line.split())
        except SystemExit as end:
            code = end.code
    for stream in streams:
        stream.flush()
    return [stream.buffer.getvalue().decode(encoding) for stream in streams], code


def test_every_command_prints_in_every_encoding_and_in_words_where_it_lacks_characters(monkeypatch):
    rows = lqr.check_truth()
    monkeypatch.setattr(lqr, "check_truth", lambda: rows)
    for line in COMMANDS:
        whole, code = run(monkeypatch, line, "utf-8")
        assert not "".join(whole).isascii(), line
        assert run(monkeypatch, line, "utf-16") == (whole, code)
        for encoding in ("ascii", "cp1252"):
            texts, same = run(monkeypatch, line, encoding)
            assert same == code, (line, encoding)
            assert "\\" not in "".join(texts), (line, encoding)
            for text, original in zip(texts, whole, strict=True):
                assert text.isascii() or encoding != "ascii"
                assert text.count("\n") == original.count("\n")
    (out, _), code = run(monkeypatch, "check --truth", "cp1252")
    assert (code, "gap 2: grad_theta Q^mu dropped" in out) == (0, True)
    (_, err), code = run(monkeypatch, "train --polyak 1", "ascii")
    assert (code, err.endswith("use --tau, which is 1 - polyak\n")) == (2, True)


def test_what_was_typed_stays_exact_where_the_stream_lacks_its_characters(monkeypatch):
    for line, wanted in (
        ("evaluate runs/γ/θ̂", "runs/\\u03b3/\\u03b8\\u0302/config.json: not there"),
        ("train ∇-v0", "environment '\\u2207-v0'"),
        ("check --truth --γ=∇", "--\\u03b3: unknown option"),
    ):
        for encoding in ("ascii", "cp1252"):
            assert wanted in run(monkeypatch, line, encoding)[0][1], (line, encoding)
    keep_names([name := "runs/it's γ"])
    assert shlex.quote(name).encode("ascii", PLAIN).endswith(b"s \\u03b3'")
    (out, _), _ = run(monkeypatch, "check --truth", "ascii")
    assert "grad_theta" in out
    # so the columns are aligned on every stream
    for encoding in ("ascii", "utf-8"):
        (out, _), _ = run(monkeypatch, "check --truth", encoding)
        ends = {re.match(r".*?\d\.\d{5}  ", row).end() for row in out.splitlines()[1:]}
        assert len(ends) == 1, encoding


def test_every_character_of_the_package_has_a_plain_form():
    texts = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]
    characters = set(re.findall(r"[^\x00-\x7f]", "".join(texts)))
    names = set(re.findall(r"\\N\{([A-Z -]+)\}", "".join(texts)))
    characters |= set(map(unicodedata.lookup, names))
    assert {"θ", "∇", "−", "½", "\N{NO-BREAK SPACE}"} <= characters
    for character in characters:
        form = plain(character)
        assert form.isascii(), character
        assert form.isprintable(), character
        assert 0 < len(form.replace("\\", "")) < 9, character
        assert "\\" not in form, f"no plain form of {character}"


def test_plain_forms_are_words_and_signs_that_a_reader_knows():
    for text, wanted in (
        ("∇θ μ(s) ≤ ½ λ‖W‖²", "grad_theta mu(s) <= 1/2 lambda||W||^2"),
        ("x₀ → Ω, 3 × 10⁻⁶ …", "x_0 -> Omega, 3 x 10^-^6 ..."),
        ("y\u0302 − ã ± σ̂", "y^ - a~ +/- sigma^"),
        ("w · x", "w . x"),  # alone, it marks an empty cell
        ("Müller 日", "M\\xfcller \\u65e5"),  # names are not changed
        ("\udcff", "\\udcff"),
    ):
        assert text.encode("ascii", PLAIN).decode() == wanted
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", PLAIN)


def test_a_bar_on_a_terminal_without_blocks_is_drawn_in_ascii(monkeypatch):
    class Terminal(io.TextIOWrapper):
        def isatty(self):
            return True

    for encoding, sign in (("cp1252", "#"), ("utf-8", "█")):
        stream = Terminal(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stderr", stream)
        assert Display(stream).encoding == encoding
        ProgressBar(10, 5).close()
        assert sign in stream.buffer.getvalue().decode(encoding)


@pytest.mark.slow
def test_processes_whose_streams_have_an_old_encoding_end_as_others_do():
    def ended(line, **environment):
        return subprocess.run(
            [sys.executable, "-m", "minddpg", *line.split()],
            capture_output=True,
            env={**os.environ, **environment},
        )

    old = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for line in COMMANDS[:3]:
        code = ended(line, PYTHONIOENCODING="utf-8").returncode
        for extra in ({"PYTHONIOENCODING": "cp1252"}, {"PYTHONIOENCODING": "ascii:strict"}, old):
            process = ended(line, **extra)
            assert process.returncode == code, (line, extra, process)
            assert b"Traceback" not in process.stderr, (line, extra)
            assert b"\\u" not in process.stdout + process.stderr, (line, extra)
