"""The outputs of `python docs/_generate` were made from the present code."""

import re
from dataclasses import replace

import pytest
from _generate import __main__ as generate
from _generate.__main__ import BITS, ROOT


def test_no_picture_or_table_is_stale():
    stale = generate.stale()
    assert not stale, f"run .venv/bin/python docs/_generate {' '.join(stale)}"


def test_code_makes_a_thing_stale_and_words_do_not(tmp_path, monkeypatch):
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    made = replace(generate.MADE["hills"], inputs=("code.py", "*.npz"))
    code = '"""Words."""\n\n\ndef draw(n):\n    """Words."""\n    return n  # words\n'

    def fingerprint(text, data=b"1"):
        (tmp_path / "code.py").write_text(text)
        (tmp_path / "data.npz").write_bytes(data)
        return generate.fingerprint(made)

    first = fingerprint(code)
    assert fingerprint(code.replace("ords", "ise ords")) == first
    assert fingerprint(code.replace("return n ", "return -n ")) != first
    assert fingerprint(code, b"2") != first


def test_new_colours_and_new_intervals_make_the_charts_stale():
    used = re.compile(r"^from [\w.]*\b(style|statistics) import", re.MULTILINE)
    for name, made in generate.MADE.items():
        for path in (ROOT / part for part in made.inputs if part.endswith(".py") and part != BITS):
            for module in used.findall(path.read_text(encoding="utf-8")):
                assert any(part.endswith(f"/{module}.py") for part in made.inputs), (name, path)


def test_each_input_is_a_file():
    for name, made in generate.MADE.items():
        for pattern in made.inputs:
            assert list(generate.ROOT.glob(pattern)), (name, pattern)


def test_an_unknown_name_is_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["generate", "hils"])
    with pytest.raises(SystemExit):
        generate.main()
    assert "no target hils" in capsys.readouterr().err
