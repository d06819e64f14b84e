"""A run warns once if the actor stays at its bounds for a tenth of the run."""

import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from minddpg import Config, resume, train
from minddpg.training import loop
from minddpg.training.saturation import PAGE, SaturationWarning

ROOT = Path(__file__).parents[2]
CONFIG = Config(
    total_steps=100, warmup_steps=30, hidden_sizes=(8, 6), batch_size=16, log_every=2, eval_every=0
)


def row(step, saturation):
    """Return a row of progress.csv; the warm-up has no saturation."""
    known = {} if saturation is None else {"train/actor_saturation": saturation}
    return {"time/total_timesteps": step, **known}


def warned_at(saturations, before=0):
    """Pass a row every 50 steps of a run of 1,000; return the steps of the warnings."""
    rows, found = [row(50 * i, value) for i, value in enumerate(saturations, start=1)], []
    watch = SaturationWarning(1_000, "a run", rows[:before])
    for each in rows[before:]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            watch.see(each)
        found += [each["time/total_timesteps"] for _ in caught]
    return found


def test_it_warns_when_a_tenth_of_the_run_is_at_the_bounds_and_never_again():
    none, high, low = None, 0.96, 0.95
    for saturations, wanted in (
        ([none, high, high, high, high, high], [200]),
        ([high] * 20, [150]),
        ([high, high, low, high, high, low], []),
        ([high, high, none, high, high], []),
        ([low] * 20, []),
        ([none] * 20, []),
        ([high, high, high, low, high, high, high], [150]),
    ):
        assert warned_at(saturations) == wanted, saturations
        for before in range(len(saturations)):  # a run that is resumed at this step
            later = [step for step in wanted if step > 50 * before]
            assert warned_at(saturations, before) == later, (saturations, before)


@pytest.fixture
def stuck(monkeypatch):
    """Let every actor appear stuck at its bounds."""
    found = {"actor_saturation": 1.0, "td_error_std": 2.0}
    monkeypatch.setattr(loop, "measure", lambda agent, obs: found)


def caught_in(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    assert {each.filename for each in caught} <= {__file__}  # the file that called train or resume
    return [str(each.message) for each in caught]


def test_a_run_warns_once_resumed_or_not(stuck, tmp_path):
    (message,) = caught_in(lambda: train(CONFIG, progress=False))
    assert message.startswith("Pendulum-v1, seed 0: since step 32 more than 95% of the actor's")
    assert PAGE in message
    for stop, parts in ((36, (0, 1)), (60, (1, 0))):
        run_dir = tmp_path / str(stop)

        def ends(row, stop=stop):
            return row["time/total_timesteps"] == stop

        first = caught_in(lambda run_dir=run_dir: train(CONFIG, run_dir, False, on_row=ends))
        later = caught_in(lambda run_dir=run_dir: resume(run_dir, progress=False))
        assert (len(first), len(later)) == parts
        assert f"seed 0 ({run_dir}): since" in "".join([*first, *later])


def test_a_run_that_is_well_does_not_warn():
    runs = []
    assert caught_in(lambda: runs.append(train(CONFIG, progress=False))) == []
    saturation = runs[0].history["train/actor_saturation"]
    assert np.isnan(saturation[:15]).all()
    assert (saturation[15:] < 0.5).all()


def test_the_warning_names_a_page_of_the_site():
    address = re.search(r'^Documentation = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.M)[1]
    page, anchor = PAGE.removeprefix(f"{address}/").split(".html#")
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    assert anchor in [heading.lower().replace(" ", "-") for heading in headings]
