"""The style that the figures of the notebooks and of the package share."""

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image

from minddpg.training.style import BLUE, ORANGE, POSITIVE, save, tidy_axes, use_style


@pytest.fixture
def styled():
    """Return new axes in the style of the notebooks."""
    with rc_context():
        use_style()
        figure = Figure()
        yield figure.subplots()


def is_tidy(axes):
    grid, *_ = axes.get_xgridlines()
    assert grid.get_visible()
    assert to_hex(grid.get_color()) == to_hex("0.9")
    assert axes.get_axisbelow() is True
    visible = {side for side, spine in axes.spines.items() if spine.get_visible()}
    assert visible == {"left", "bottom"}


def test_a_figure_in_a_notebook_is_tidy_and_its_text_is_smaller_the_less_it_says(styled):
    is_tidy(styled)
    lines = [styled.plot([0, 1], label=name)[0] for name in "ab"]
    assert [to_hex(line.get_color()) for line in lines] == [BLUE.lower(), ORANGE.lower()]
    assert 1 < lines[0].get_linewidth() < 3
    legend = styled.legend()
    assert not legend.get_frame_on()
    styled.set(title="t", xlabel="x", ylabel="y")
    ticks = {axis.get_ticklabels()[0].get_fontsize() for axis in (styled.xaxis, styled.yaxis)}
    ticks |= {text.get_fontsize() for text in legend.get_texts()}
    (small,) = ticks
    assert small < styled.xaxis.label.get_fontsize() < styled.title.get_fontsize()
    assert styled.imshow(np.eye(2)).get_cmap().name == POSITIVE
    figure = styled.figure
    assert figure.get_layout_engine() is not None
    assert figure.suptitle("s").get_fontweight() == "bold"
    width, height = figure.get_size_inches() * figure.dpi
    assert (width, height) == (720, 340)  # as wide as the column of text


def test_a_figure_of_the_package_is_tidy_whatever_matplotlib_was_told():
    with rc_context({"axes.grid": False, "axes.axisbelow": False}):
        axes = Figure().subplots()
        tidy_axes(axes)
        is_tidy(axes)


def test_a_figure_is_written_in_the_format_of_its_name_and_as_a_png_if_that_has_none(tmp_path):
    figure = Figure()
    for name, start in (
        ("a.png", b"\x89PNG"),
        ("a.pdf", b"%PDF"),
        ("a.svg", b"<?xml"),
        ("a", b"\x89PNG"),
    ):
        path = tmp_path / name
        assert save(figure, path) == path
        assert path.read_bytes().startswith(start), name
    with Image.open(tmp_path / "a") as image:
        assert image.size == tuple(figure.get_size_inches() * figure.dpi)
