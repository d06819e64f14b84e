"""The Python code behind live cells, run without a browser."""

import json
import re
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from minddpg.course.engine.check import RECORD
from minddpg.course.engine.keep import FOLDER

PYTHON = Path(__file__).parents[2] / "docs/browser/python"
RELU = """import numpy as np

def relu_forward(z):
    return np.maximum(z, 0), z

def relu_backward(grad_y, cache):
    return grad_y * (cache > 0)
"""
CHECK = "from minddpg.course.checks import check_relu\n\ncheck_relu(relu_forward, relu_backward)"


class Page:
    """Replaces the page: it runs cells, and keeps what they show."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.messages: list[tuple[str, Any]] = []
        self.report: dict[str, Any] = {}

    def run(self, source: str, cell: int = 1, kept: dict[str, str | None] | None = None) -> Any:
        """Run a cell; return what it showed, in order."""
        self.messages = []
        self.report = json.loads(self.session.run(source, cell, 2.0, json.dumps(kept or {})))
        return self.messages

    def text(self) -> str:
        return "".join(content["text"] for kind, content in self.messages if kind == "stream")

    def error(self) -> Any:
        (error,) = [content for kind, content in self.messages if kind == "error"]
        return error


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Page]:
    monkeypatch.syspath_prepend(str(PYTHON))
    monkeypatch.setenv(FOLDER, str(tmp_path / "my_ddpg"))
    monkeypatch.setenv(RECORD, "")
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    import matplotlib.pyplot

    before = matplotlib.pyplot.get_backend()
    matplotlib.pyplot.switch_backend("module://live_figures")
    import live

    shown = Page(None)
    shown.session = live.Session(lambda kind, text: shown.messages.append((kind, json.loads(text))))
    yield shown
    matplotlib.pyplot.switch_backend(before)


def test_the_last_expression_is_shown_unless_a_semicolon_ends_it(page):
    assert page.run("a = 3\na + 1") == [("display", {"text/plain": "4"})]
    assert page.run("a + 1;") == []
    assert page.run("None") == []
    assert page.run("# nothing") == []
    assert page.run("display(a, 'b')") == [
        ("display", {"text/plain": "3"}),
        ("display", {"text/plain": "'b'"}),
    ]


def test_cells_share_names_and_print_in_order(page):
    page.run("import sys\nx = [1]")
    page.run("print(x)\nsys.stderr.write('warned\\n')\nprint('end')\nx")
    kinds = [(kind, content.get("stream")) for kind, content in page.messages]
    assert kinds.pop() == ("display", None)
    assert kinds[0] == ("stream", "stdout")
    assert kinds[-1] == ("stream", "stdout")
    assert page.text() == "[1]\nwarned\nend\n"


def test_figures_are_sharp_transparent_and_cut(page):
    page.run("from minddpg.course.style import use_style\nuse_style()")
    page.run(
        "import matplotlib.pyplot as plt\nfor i in 1, 2: plt.figure(); plt.plot([i])\nplt.show()"
    )
    pictures = [content for kind, content in page.messages if kind == "display"]
    assert len(pictures) == 2
    assert plt_figures() == []
    png = b64decode(pictures[0]["image/png"])
    pixels, color_type = int.from_bytes(png[16:20], "big"), png[25]
    assert abs(pixels - 2 * pictures[0]["width"]) <= 1  # two screen pixels in each pixel
    assert color_type == 6  # with transparency
    (shown,) = page.run("plt.plot([3]);")  # also without show
    assert "image/png" in shown[1]


def plt_figures() -> list[int]:
    import matplotlib.pyplot

    return list(matplotlib.pyplot.get_fignums())


def test_values_show_themselves(page):
    code = "class Film:\n    def _repr_mimebundle_(self, **_): return {'image/gif': 'R0lG'}\nFilm()"
    assert page.run(code) == [("display", {"image/gif": "R0lG"})]
    (shown,) = page.run("class Row:\n    def _repr_html_(self): return '<b>x</b>'\nRow()")
    assert shown[1]["text/html"] == "<b>x</b>"
    (shown,) = page.run("Row")  # the class itself
    assert "text/html" not in shown[1]


def test_an_error_names_the_lines_of_cells_and_no_others(page):
    page.run("def half(x):\n\n    raise ValueError('odd')", 4)
    page.run("import numpy as np\nnp.vectorize(half)(3)", 5)
    error = page.error()
    places = [(p["cell"], p["line"], p["function"], p["code"]) for p in error["places"]]
    assert places == [
        (5, 2, "", "np.vectorize(half)(3)"),
        (4, 3, "half", "raise ValueError('odd')"),
    ]
    assert error["message"] == "ValueError: odd"
    assert error["inside"] == ""
    assert page.report["failed"]
    page.run("from minddpg import Config\nConfig(tau=3)")
    assert page.error()["inside"].startswith("minddpg/ddpg/")


def test_an_error_of_syntax_names_its_line(page):
    page.run("a = 1\nb = (2,\n", 7)
    (place,) = page.error()["places"]
    assert (place["cell"], place["line"], place["column"]) == (7, 2, 4)
    page.run("%pip install x")
    assert "Jupyter" in page.error()["hint"]
    page.run("exec('a = (')")  # not the text of a cell
    assert page.error()["places"][0]["code"] == "exec('a = (')"


def test_what_stops_python_elsewhere_is_an_error_of_the_cell(page):
    for code in (
        "import sys\nsys.exit(3)",
        "input('?')",
        "raise KeyboardInterrupt",
        "def f(): f()\nf()",
    ):
        page.run(code)
        assert page.report["failed"], code
        assert len(page.error()["places"]) <= 6
    assert page.run("1") == [("display", {"text/plain": "1"})]


@pytest.mark.filterwarnings("always")
def test_a_warning_names_the_cell(page, monkeypatch):
    shown = []
    monkeypatch.setattr("warnings.showwarning", lambda *about, **_: shown.append(about))
    page.run("import warnings\nwarnings.warn('odd')", 3)
    _, _, file, line, *_ = shown[0]
    assert (file, line) == ("cell 3, run 1", 2)


def test_functions_know_their_source(page):
    page.run("import inspect\n" + RELU)
    page.run("print(inspect.getsource(relu_forward))")
    assert page.text().startswith("def relu_forward(z):\n    return np.maximum")
    page.run("def relu_forward(z):\n    return 1")
    page.run("print(inspect.getsource(relu_forward), inspect.getsource(relu_backward))")
    assert "return 1" in page.text()
    assert "grad_y * (cache > 0)" in page.text()


def test_an_answer_that_passes_is_reported_and_kept(page):
    page.run(RELU)
    page.run(CHECK)
    assert page.report["verdicts"][0]["status"] == "passed"
    assert list(page.report["kept"]) == ["04_2.py"]
    assert "grad_y * (cache > 0)" in page.report["kept"]["04_2.py"]
    assert "04_2.py" in page.report["binds"]
    page.run(CHECK)
    assert page.report["verdicts"]
    assert page.report["kept"] == {}
    page.run(RELU.replace("(cache > 0)", "1"))
    page.run(CHECK)
    assert page.report["verdicts"][0]["status"] == "failed"


def test_answers_are_kept_in_one_place_wherever_a_cell_goes(page, tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, "my_ddpg")
    monkeypatch.chdir(tmp_path)
    page.session.home = tmp_path
    (tmp_path / "elsewhere").mkdir()
    page.run("import os\nos.chdir('elsewhere')")
    page.run(RELU)
    page.run(CHECK)
    assert (tmp_path / "my_ddpg/04_2.py").is_file()


def test_an_error_that_cannot_be_described_costs_no_python(page):
    mute = "class Mute(Exception):\n    def __str__(self): {}\n    __repr__ = __str__\n"
    for body in ("raise BaseException", "return str(self)", "raise SystemExit", "return 3"):
        page.run(mute.format(body) + "raise Mute()", 2)
        assert "Mute" in page.error()["message"], body
        assert page.error()["places"][0]["line"] == 4
        page.run(mute.format(body) + "Mute()")
        assert page.report["failed"], body
    page.run("exit_now = SystemExit\nraise exit_now")
    assert "None" not in page.error()["message"]


def test_an_error_that_the_compiler_finds_shows_its_line(page):
    page.run("a = 1\nreturn 3")
    (place,) = page.error()["places"]
    assert (place["line"], place["code"]) == (2, "return 3")


def test_answers_of_other_pages_come_and_go(page):
    page.run(RELU)
    page.run(CHECK)
    kept = page.report["kept"]
    ask = "from minddpg.course.own_code import yours\n_ = yours('04.2')"
    page.run(ask, kept={"04_2.py": None})
    assert "the package's code" in page.text()
    page.run(ask, kept=kept)
    assert "your code" in page.text()
    assert page.report["kept"] == {}


def test_what_a_cell_binds_and_reads(page):
    import live_names

    cases = {
        "a = b": ({"a"}, {"b"}),
        "import numpy as np\nfrom x import y as z": ({"np", "z"}, set()),
        "def f(x):\n    return x + g(x)": ({"f"}, {"g"}),
        "class A:\n    def m(self): return helper": ({"A"}, {"helper"}),
        "a[0].b += c": ({"a"}, {"a", "c"}),
        "[i for i in rows]": (set(), {"rows"}),
        "yours('04.1'); whose('04.2', '04.3')": (
            set(),
            {"yours", "whose", "04_1.py", "04_2.py", "04_3.py"},
        ),
        "a = (": (set(), set()),
        "a = 1\nprint(a, b)": ({"a"}, {"print", "b"}),
        "print(a)\na = 1": ({"a"}, {"print", "a"}),
        "a += 1": ({"a"}, {"a"}),
        "a = a + 1\na": ({"a"}, {"a"}),
        "for i in rows:\n    k = i\n    k": ({"i", "k"}, {"rows"}),
        "with o as f:\n    f.x": ({"f"}, {"o"}),
        "if b:\n    a = 1\na": ({"a"}, {"a", "b"}),
    }
    for source, (binds, reads) in cases.items():
        found = live_names.of(source)
        assert (set(found["binds"]), set(found["reads"])) == (binds, reads), source
    defined = {
        "import numpy as np\ndef f(x): return x\nclass A: pass": ["A", "f", "np"],
        "def f(x): return x\nf = wrapped(f)\na = 3": [],
        "import x, y\nx.rate = 3": ["y"],
        "from numpy import *": [],
        "a = (": None,
    }
    for source, names in defined.items():
        assert live_names.of(source)["defines"] == names, source
    assert live_names.of("from numpy import *")["binds"] == ["*"]


def test_listed_seconds_belong_to_cells_of_the_course(monkeypatch):
    monkeypatch.syspath_prepend(str(PYTHON.parents[1] / "_generate"))
    import live_seconds

    cells = {
        live_seconds.fnv_1a(s) for b in live_seconds.notebooks() for s in live_seconds.sources(b)
    }
    listed = re.findall(r'"([0-9a-f]{8})": (\d+)', live_seconds.PAGE.read_text(encoding="utf-8"))
    assert listed
    changed = [name for name, _ in listed if name not in cells]
    assert changed == [], "run .venv/bin/python docs/_generate live_seconds"


def test_text_is_sent_at_once_and_then_ten_times_a_second(page):
    import live_output

    now, sent = [0.0], []
    output = live_output.Output(lambda _, piece: sent.append(piece), clock=lambda: now[0])
    out = output.writer("stdout")
    out.write("first\n")
    assert [piece["text"] for piece in sent] == ["first\n"]
    for i in range(1_000):
        out.write(f"{i}\n")
        now[0] += 0.001
    output.send()
    assert len(sent) <= 1 + live_output.BURST + live_output.RATE + 1
    assert "".join(piece["text"] for piece in sent[1:]) == "".join(f"{i}\n" for i in range(1_000))


def test_very_long_text_is_cut_and_counted(page):
    import live_output

    sent = []
    output = live_output.Output(lambda _, piece: sent.append(piece), clock=lambda: 0.0)
    out, length = output.writer("stdout"), 0
    for i in range(30_000):
        length += out.write(f"{i}\n")
    output.send()
    assert sum(len(piece["text"]) + piece["leftOut"] for piece in sent) == length
    assert len(sent[-1]["text"]) == live_output.LONGEST
    assert sent[-1]["text"].endswith("29999\n")
