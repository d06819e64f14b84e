"""Short named studies in this process, where fixtures reach them."""

from concurrent.futures import ThreadPoolExecutor

from minddpg.experiments.run_named import run_named_study

SHORT = {"total_steps": 300, "warmup_steps": 150, "eval_every": 150, "eval_episodes": 2}


def run_quietly(*arguments, threads=1, **options):
    """Run a named study on threads of this process, without showing progress."""
    with ThreadPoolExecutor(threads) as pool:
        return run_named_study(*arguments, executor=pool, progress=False, **options)
