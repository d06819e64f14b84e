"""The committed results are complete and dated, and the page shows the same numbers."""

import json
from functools import cache
from pathlib import Path

from helpers import for_each

from minddpg.ddpg.presets import PRESETS
from minddpg.experiments.named_studies import STUDIES
from minddpg.experiments.statistics import iqm
from minddpg.experiments.tables import distinct, pick, read_rows
from minddpg.verification.bugs import BUGS

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "docs" / "results"
PAGE = (ROOT / "docs" / "results.md").read_text()

NUMBER_OF_BUGS = {
    "README.md": ("[{} bugs]",),
    "docs/bug-zoo.md": ("each of {} bugs", "{} bugs. Caught"),
    "docs/results.md": ("Of {} bugs", "catches all {} ", "all {} bugs"),
    "docs/how-to/when-it-does-not-learn.md": ("of the {} [", "catches all {}.", "of the {} bugs"),
    "tutorials/source/11_bug_zoo.py": ("plant {} bugs", "of the {} end", "among the {}:"),
}


@cache
def rows_of(name):
    return read_rows(RESULTS / name / "results.csv")


@for_each(STUDIES)
def test_every_study_was_run_in_full_and_says_how(name):
    rows, study = rows_of(name), STUDIES[name]
    about = json.loads((RESULTS / name / "about.json").read_text())
    assert {"date", "processor", "numpy", "python", "blas"} <= set(about)
    assert about["command"].startswith(f"minddpg study {name} ")
    assert about["changes"] == {}
    assert distinct(rows, "env_id") == list(study.environments)
    for env_id in study.environments:
        for variant in study.settings():
            seeds = distinct(pick(rows, env_id=env_id, variant=variant), "seed")
            assert seeds, f"no row of {variant}: run minddpg study {name}, copy its files"
            assert len(seeds) >= (10 if (name, env_id) == ("figure2", "Pendulum-v1") else 1)
            assert len(seeds) >= min(study.seeds, 5)
            assert min(seeds) >= 1_000  # of the seeds on which no setting was chosen
    lengths = {(config.env_id, config.total_steps) for _, config in study.jobs([1_000])}
    for env_id, total_steps in lengths:
        steps = [row["step"] for row in pick(rows, env_id=env_id) if "when" in row]
        assert not steps or max(steps) == total_steps


@for_each(STUDIES)
def test_table_and_page_say_what_the_data_say(name):
    table = STUDIES[name].table(rows_of(name))
    assert (RESULTS / name / "table.md").read_text() == table
    for line in table.splitlines():
        assert line in PAGE, line
    assert f"results/{name}/figure.png" in PAGE
    assert f"minddpg study {name}" in PAGE
    assert (RESULTS / name / "figure.png").read_bytes().startswith(b"\x89PNG")


def test_as_many_bugs_leave_no_trace_in_the_return_as_both_pages_say():
    rows = pick(rows_of("zoo"), when="last", measure="return")
    means = [iqm([row["value"] for row in pick(rows, variant=bug)]) for bug in BUGS]
    assert sum(mean > -156 for mean in means) == 21
    assert "**twenty-one leave no trace in the return**: their IQM is above −156" in PAGE
    assert "Twenty-one of them leave the return" in (ROOT / "docs" / "bug-zoo.md").read_text()


@for_each(NUMBER_OF_BUGS)
def test_a_page_says_how_many_bugs_there_are(path):
    text = " ".join((ROOT / path).read_text().split())
    wanted = [words.format(len(BUGS)) for words in NUMBER_OF_BUGS[path]]
    missing = [words for words in wanted if words not in text]
    assert not missing, f"the page must say {missing}"


def test_results_are_small():
    assert sum(path.stat().st_size for path in RESULTS.rglob("*.csv")) < 2_000_000


def test_every_preset_but_the_papers_was_measured():
    """Its settings equal those of a study's runs, except for the length."""
    studied = [config for study in STUDIES.values() for _, config in study.jobs([0])]
    for name in set(PRESETS) - {"paper"}:
        wanted = {k: v for k, v in PRESETS[name].items() if k not in ("env_id", "total_steps")}
        assert any(
            all(getattr(config, field) == value for field, value in wanted.items())
            for config in studied
        ), name
