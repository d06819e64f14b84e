"""Studies: a question, the runs that answer it, and the measurements of each run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from ..ddpg.config import Config

if TYPE_CHECKING:
    from .jobs import Job
    from .results_csv import Rows

Changes = dict[str, Any]  # settings that differ from the default; in a variant also "bug"


@dataclass(frozen=True)
class Study:
    """A question, answered by runs of every variant in every environment with every seed.

    This class measures how good the policies are; a subclass measures something else. Methods
    import what they need when they are called: the command line lists all studies and has to start
    quickly.

    Attributes:
        environments: the settings of each environment; a variant's settings replace them.
        variants: the settings of each variant. The entry "bug" names a bug to plant in its runs.
        seeds: the number of runs of each variant, unless the caller gives another.
        at_most: a smaller number of seeds for an environment that is slow.
        row_key: the columns that, with variant, environment and seed, tell one row from another.
        in_every_seed: the columns of row_key with the same values in every seed of a variant; a
            seed that lacks one of the values is incomplete.
        numbers: the columns of the numbers that were measured.
    """

    row_key: ClassVar[tuple[str, ...]] = ("when", "measure", "step")
    in_every_seed: ClassVar[tuple[str, ...]] = row_key
    numbers: ClassVar[tuple[str, ...]] = ("value",)

    question: str
    environments: dict[str, Changes]
    variants: dict[str, Changes] = field(default_factory=lambda: {"default": {}})
    seeds: int = 10
    at_most: dict[str, int] = field(default_factory=dict)

    def settings(self) -> dict[str, Changes]:
        """Return the settings of each variant."""
        return self.variants

    def jobs(self, seeds: Sequence[int]) -> list[tuple[Changes, Config]]:
        """Return the label and the config of each run, seed by seed.

        If any variant plants a bug, every label has the entry "bug", "" where there is none.
        """
        variants = self.settings()
        plants_bugs = any("bug" in changes for changes in variants.values())
        jobs = []
        for i, seed in enumerate(seeds):
            for env_id, of_environment in self.environments.items():
                if i >= self.at_most.get(env_id, len(seeds)):
                    continue
                for variant, of_variant in variants.items():
                    run = {"env_id": env_id, "seed": seed}
                    settings = {**of_environment, **of_variant, **run}
                    bug = settings.pop("bug", "")
                    label = {"variant": variant, **run, **({"bug": bug} if plants_bugs else {})}
                    jobs.append((label, Config.of(settings)))
        return jobs

    def measure(self) -> "Job":
        """Return the function that trains with a config and measures the run, as rows.

        If the study plants bugs, its argument `bug` is the name of the run's bug.
        """
        from .metrics import learning

        return learning

    def table(self, rows: "Rows") -> str:
        """Return a table of the rows, in Markdown."""
        from .tables import learning_table

        return learning_table(rows)

    def draw(self, rows: "Rows", path: Path) -> Path:
        """Draw the rows and save the figure."""
        from .plots import draw_learning

        return draw_learning(rows, self.question, path)


class EstimatesStudy(Study):
    """A study of how well Q(s, a) predicts the return that follows."""

    row_key = ("episode", "step")
    in_every_seed = ("episode",)  # an episode may end early in one seed
    numbers = ("estimated", "return")

    def measure(self) -> "Job":
        """Return the function that trains with a config and compares Q with returns."""
        from .metrics import value_estimates

        return value_estimates

    def table(self, rows: "Rows") -> str:
        """Return bias, correlation and error of the estimates, in Markdown."""
        from .tables import estimates_table

        return estimates_table(rows)

    def draw(self, rows: "Rows", path: Path) -> Path:
        """Draw estimates against what followed, and save the figure."""
        from .plots import draw_estimates

        return draw_estimates(rows, self.question, path)


class BugStudy(Study):
    """A study of what each planted bug does to return, Q and loss."""

    def settings(self) -> dict[str, Changes]:
        """Return one variant for each bug, after correct code at the same settings."""
        from .bug_study import variants

        return variants()

    def measure(self) -> "Job":
        """Return the function that trains with a bug planted and reads the run's curves."""
        from .bug_study import bug_run

        return bug_run

    def table(self, rows: "Rows") -> str:
        """Return a table of return, Q and loss, in Markdown."""
        from .bug_study import bug_table

        return bug_table(rows)

    def draw(self, rows: "Rows", path: Path) -> Path:
        """Draw each seed's last return and highest Q, and save the figure."""
        from .bug_study import draw_bugs

        return draw_bugs(rows, self.question, path)
