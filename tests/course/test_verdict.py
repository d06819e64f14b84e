"""In a terminal and in a notebook, a verdict says what is wrong, where, and by how much."""

import io
import sys

import numpy as np
import pytest

from minddpg.course.engine.verdict import ERROR, FAILED, PASSED, TO_DO, Comparison, Verdict


def row(name, observed, expected, error=0.0, tolerance=1e-6, **about):
    return Comparison(name, np.array(observed), np.array(expected), error, tolerance, **about)


MATRIX = row("grad_w", [[1.0, 2.0], [3.0, 4.5]], [[1.0, 2.0], [3.0, 4.0]], 0.0913, worst=(1, 1))
SHAPE = row("y", [1.0, 2.0], [[1.0], [2.0]], np.inf)
NUMBER = row("loss", 2.0000001, 2.0, 5e-6, worst=())
RIGHT = row("b", [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 1e-12, worst=(0,))
FLAG = row("kept", [True, False], [True, True], 0.5, worst=(1,), is_exact=True)
COUNT = row("length", 4.0, 5.0, 0.2, worst=(), is_exact=True)
SAID = row("order", False, True, 1.0, worst=(), message="not so: order", is_exact=True)

LONG = (
    "Twice too large, and that is a rather long sentence which has to be broken somewhere before"
    " its end.\n    code(x)"
)
FAILURE = Verdict(
    "98.1",
    "A judge",
    FAILED,
    "one with the other",
    (MATRIX, RIGHT, SHAPE, NUMBER, SAID),
    "factor 2",
    LONG,
    ("hi", "ho"),
)
TEXT = """98.1 A judge: not yet
  diagnosis: factor 2
  Twice too large, and that is a rather long sentence which has to be broken somewhere
  before its end.
      code(x)
  worst entry grad_w[1, 1]: yours 4.5, expected 4
  y has shape (2,); it should have (2, 1)
  loss: yours 2.0000001, expected 2
  ... and 1 more row
  Compared one with the other:
             shape   rel. error  tolerance
  >  grad_w  (2, 2)  9.1e-02     1e-06      WRONG
     b       (3,)    1.0e-12     1e-06      right
  >  y       (2,)    inf         1e-06      WRONG
  >  loss            5.0e-06     1e-06      WRONG
  >  order                                  WRONG
  Right already: b.
  Your code printed:
      hi
      ho"""
BOLD = ' style="font-weight: bold; color: #D55E00"'
HTML = f"""<div style="border-left: 4px solid #D55E00; padding: 0.2em 0 0.2em 1em">
<div><strong>98.1 A judge: not yet</strong></div>
<div><strong>diagnosis: factor 2</strong></div>
<div>{LONG.splitlines()[0]}</div>
<pre style="margin: 0.3em 1em">code(x)</pre>
<div>worst entry grad_w[1, 1]: yours 4.5, expected 4</div>
<div>y has shape (2,); it should have (2, 1)</div>
<div>loss: yours 2.0000001, expected 2</div>
<div>... and 1 more row</div>
<div style="margin-top: 0.4em">Compared one with the other:</div>\
<div style="overflow-x: auto"><table style="text-align: left">\
<tr><th>compared</th><th>shape</th><th>rel. error</th><th>tolerance</th><th></th></tr>\
<tr{BOLD}><td>grad_w</td><td>(2, 2)</td><td>9.1e-02</td><td>1e-06</td><td>WRONG</td></tr>\
<tr><td>b</td><td>(3,)</td><td>1.0e-12</td><td>1e-06</td><td>right</td></tr>\
<tr{BOLD}><td>y</td><td>(2,)</td><td>inf</td><td>1e-06</td><td>WRONG</td></tr>\
<tr{BOLD}><td>loss</td><td></td><td>5.0e-06</td><td>1e-06</td><td>WRONG</td></tr>\
<tr{BOLD}><td>order</td><td></td><td></td><td></td><td>WRONG</td></tr></table></div>
<div>Right already: b.</div>
<div>Your code printed:</div>
<pre style="margin: 0.3em 1em">hi
ho</pre>
</div>"""


def test_a_wrong_answer_gets_its_mistake_its_places_its_table_and_what_it_printed():
    assert str(FAILURE) == repr(FAILURE) == TEXT
    assert FAILURE._repr_html_() == HTML
    assert not FAILURE


def test_a_table_of_yes_and_no_has_no_errors_and_no_tolerances():
    verdict = Verdict("98.1", "A judge", FAILED, "them", (FLAG, COUNT, SAID))
    assert str(verdict).splitlines() == [
        "98.1 A judge: not yet",
        "  worst entry kept[1]: yours False, expected True",
        "  length: yours 4, expected 5",
        "  not so: order",
        "  Compared them:",
        "  >  kept    WRONG",
        "  >  length  WRONG",
        "  >  order   WRONG",
    ]
    assert "<tr><th>compared</th><th>shape</th>" in verdict._repr_html_()


def test_one_number_is_told_from_an_array_with_one_entry():
    place = "y has shape (1,); it should have () (one number)"
    assert row("y", [3.0], 3.0, np.inf).place() == place
    place = "y has shape () (one number); it should have (1,)"
    assert row("y", 3.0, [3.0], np.inf).place() == place


def test_two_numbers_are_shown_with_as_many_digits_as_tell_them_apart():
    for yours, expected, text in (
        (1 / 3, 0.5, "y: yours 0.333333, expected 0.5"),
        (1.00000004, 1.0, "y: yours 1.00000004, expected 1"),
        (1 / 3 + 1e-8, 1 / 3, "y: yours 0.333333343333, expected 0.333333333333"),
        (True, -1.3, "y: yours True, expected -1.3"),
        (True, 1.0, "y: yours True, expected 1"),
    ):
        assert row("y", yours, expected, 1.0, worst=()).place() == text
    for yours, expected, text in (
        (1234568, 1234567, "n: yours 1234568, expected 1234567"),
        (True, 3.0, "n: yours True, expected 3"),
        (False, 1.0, "n: yours False, expected True"),
    ):
        assert row("n", yours, expected, 1.0, worst=(), is_exact=True).place() == text


def test_more_than_four_right_rows_are_counted_and_more_than_three_wrong_ones_too():
    right = tuple(row(f"r{i}", 1.0, 1.0) for i in range(5))
    wrong = tuple(row(f"w{i}", 2.0, 1.0, 1.0, worst=()) for i in range(5))
    lines = str(Verdict("1.1", "T", FAILED, "them", right[:4] + wrong[:3])).splitlines()
    assert lines[-1] == "  Right already: r0; r1; r2; r3."
    assert not any("more" in line for line in lines)
    lines = str(Verdict("1.1", "T", FAILED, "them", right + wrong)).splitlines()
    assert lines[-1] == "  Right already: 5 of 10."
    assert lines[1:5] == [
        *(f"  w{i}: yours 2, expected 1" for i in range(3)),
        "  ... and 2 more rows",
    ]


def test_the_rows_are_those_of_the_first_case_that_is_wrong():
    rows = (row("a", 1.0, 1.0), row("a", 3.0, 1.0, 2.0, case=1, worst=()), row("b", 1.0, 1.0))
    rows += (row("a", 7.0, 1.0, 6.0, case=2, worst=()), row("c", 1.0, 1.0, case=1))
    verdict = Verdict("1.1", "T", FAILED, "them", rows)
    assert [(each.name, each.case) for each in verdict.shown] == [("a", 1), ("c", 1)]
    assert "  a: yours 3, expected 1" in str(verdict).splitlines()


def test_a_pass_says_whether_other_data_were_tried():
    one, other = row("b", [1.0], [1.0]), row("b", [1.0], [1.0], case=1)
    says = "  It is also right for other sizes and numbers."
    assert str(Verdict("1.1", "T", PASSED, "them", (one, other))).splitlines()[-1] == says
    assert says not in str(Verdict("1.1", "T", PASSED, "them", (one,)))
    assert "Right already" not in str(Verdict("1.1", "T", PASSED, "them", (one, other)))
    assert Verdict("1.1", "T", PASSED, "them", (one,))


def test_a_task_is_shown_without_places_and_its_code_in_one_block():
    task = "Write it.\n    def f(x):\n        return x < 1\nThen run."
    verdict = Verdict("98.1", "A <judge>", TO_DO, "them", (), "", task)
    assert str(verdict).splitlines() == [
        "98.1 A <judge>: still to do",
        "  Write it.",
        "      def f(x):",
        "          return x < 1",
        "  Then run.",
    ]
    assert verdict._repr_html_().splitlines() == [
        '<div style="border-left: 4px solid #0072B2; padding: 0.2em 0 0.2em 1em">',
        "<div><strong>98.1 A &lt;judge&gt;: still to do</strong></div>",
        "<div>Write it.</div>",
        '<pre style="margin: 0.3em 1em">def f(x):',
        "    return x &lt; 1</pre>",
        "<div>Then run.</div>",
        "</div>",
    ]
    compared = Verdict("98.1", "A judge", TO_DO, "them", (NUMBER,), "", "Write it.")
    assert "yours" not in str(compared)
    stopped = Verdict("98.1", "A judge", ERROR, explanation="line 3")
    assert str(stopped) == "98.1 A judge: your code stopped with an error\n  line 3"
    for status, color in ((PASSED, "#009E73"), (ERROR, "#D55E00")):
        shown = Verdict("98.1", "T", status, "them", (RIGHT,))._repr_html_()
        assert f"4px solid {color};" in shown


def test_a_word_is_not_broken_at_a_hyphen():
    full = "x" * 43 + " " + "y" * 42
    assert str(Verdict("1.1", "T", TO_DO, explanation=full)).splitlines()[1:] == [f"  {full}"]
    code = "    " + "x + " * 40 + "x"
    assert str(Verdict("1.1", "T", TO_DO, explanation=code)).splitlines()[1:] == [f"  {code}"]
    full += "y"
    assert len(str(Verdict("1.1", "T", TO_DO, explanation=full)).splitlines()) == 3
    text = "x" * 80 + " finite-differences"
    verdict = Verdict("1.1", "T", TO_DO, explanation=text)
    assert str(verdict).splitlines()[1:] == ["  " + "x" * 80, "  finite-differences"]


def test_in_a_terminal_heading_and_diagnosis_are_bold_unless_that_is_not_wanted(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert str(FAILURE).splitlines()[:2] == [
        "\033[1m98.1 A judge: not yet\033[0m",
        "  \033[1mdiagnosis: factor 2\033[0m",
    ]
    monkeypatch.setenv("NO_COLOR", "1")
    assert str(FAILURE) == TEXT


def test_nothing_compared_or_not_a_number_is_no_pass():
    assert not row("y", [np.nan], [1.0], np.nan).passed
    assert not row("y", [1.0], [1.0], np.nan).passed
    assert not row("y", [], [], 0.0).passed
    assert row("y", [1.0], [1.0], 1e-6).passed  # equal to the tolerance
    assert not row("y", [1.0], [1.0], 1.01e-6).passed
    for rows in ((), (RIGHT, NUMBER)):
        with pytest.raises(AssertionError, match=r"^a check must compare something before it may"):
            Verdict("1.1", "T", PASSED, "them", rows)
