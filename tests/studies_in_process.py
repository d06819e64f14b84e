"""Run short named studies in this process, where fixtures affect them."""

from concurrent.futures import ThreadPoolExecutor

import study_jobs

from minddpg.experiments.run_named import run_named_study
from minddpg.experiments.study import Study

SHORT = {"total_steps": 200, "warmup_steps": 100, "eval_every": 100, "eval_episodes": 2}
SHORT |= {"hidden_sizes": [8, 6]}


def run_quietly(*arguments, threads=1, **options):
    """Run a named study on threads of this process, without a display of progress."""
    with ThreadPoolExecutor(threads) as pool:
        return run_named_study(*arguments, executor=pool, progress=False, **options)


class Quick(Study):
    """A study that takes milliseconds, because it trains and draws nothing."""

    def measure(self):
        return study_jobs.measured

    def draw(self, rows, path):
        path.write_bytes(b"a figure")
        return path


QUICK = Quick("?", {"Pendulum-v1": {}}, {"slow": {"tau": 0.001}, "fast": {"tau": 0.5}}, seeds=3)
