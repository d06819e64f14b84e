"""Compare the speed with other libraries: same sizes, one core, one BLAS thread, in turns.

    python3 -m venv .venv-peers && .venv-peers/bin/pip install stable-baselines3 sbx-rl
    .venv/bin/python tests/benchmarks/peers.py --peers .venv-peers/bin/python

Each run is a separate process on one fixed core; the libraries take turns, A B C A B C. One step is
one environment step on Pendulum-v1 and one update of both networks. A library that cannot be
imported is reported as missing. Prints Markdown tables.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

WORKER = Path(__file__).with_name("peer_worker.py")
SIZES = {"S": ((64, 64), 64), "P": ((400, 300), 64), "L": ((256, 256), 256)}
LIBRARIES = ("minddpg", "sb3", "sbx")
NAMES = {"minddpg": "minddpg", "sb3": "Stable-Baselines3", "sbx": "SBX (JAX)"}
STEPS = {"S": 1_500, "P": 400, "L": 300}  # timed steps, after equally many to warm up
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC")


def run(python: str, core: int, *arguments: str) -> dict[str, Any]:
    """Run the worker once on one core; return its measurement, or why it failed."""
    environment = {
        **os.environ,
        **dict.fromkeys(THREADS, "1"),
        "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
        "JAX_PLATFORMS": "cpu",
    }
    pin = (lambda: os.sched_setaffinity(0, {core})) if hasattr(os, "sched_setaffinity") else None
    result = subprocess.run(
        [python, str(WORKER), *arguments],
        capture_output=True,
        text=True,
        env=environment,
        preexec_fn=pin,
    )
    if result.returncode:
        return {"error": (result.stderr.strip().splitlines() or ["no output"])[-1]}
    return dict(json.loads(result.stdout.splitlines()[-1]))


def spread(values: list[float], digits: int = 0) -> str:
    low, middle, high = np.min(values), np.median(values), np.max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", default=sys.executable, help="a Python that has the peers")
    parser.add_argument("--repeats", type=int, default=3, help="processes of each; default 3")
    parser.add_argument("--seeds", type=int, default=5, help="for the time to solve; 0 skips it")
    parser.add_argument("--sizes", nargs="+", default=list(SIZES), choices=SIZES)
    parser.add_argument("--core", type=int, default=0, help="processor to run on; default 0")
    arguments = parser.parse_args()
    python = dict.fromkeys(LIBRARIES, arguments.peers) | {"minddpg": sys.executable}

    present: list[str] = []
    versions = {}
    for name in LIBRARIES:
        found = run(python[name], arguments.core, name, "versions")
        if "error" in found:
            print(f"{NAMES[name]} is missing: {found['error']}")
        else:
            present.append(name)
            versions[name] = found["versions"]
    print(f"{platform.machine()}, {processor()}; Python {platform.python_version()}")
    for name in present:
        print(f"- {NAMES[name]}: {versions[name]}")

    print("\n| hidden, batch | " + " | ".join(NAMES[n] for n in present), end=" |")
    print("".join(f" minddpg / {NAMES[n]} |" for n in present[1:]))
    print("| --- " * (2 * len(present)) + "|")
    overheads: dict[str, list[dict[str, float]]] = {name: [] for name in present}
    for size in arguments.sizes:
        hidden, batch = SIZES[size]
        speeds: dict[str, list[float]] = {name: [] for name in present}
        for _ in range(arguments.repeats):
            for name in present:
                options = map(str, (*hidden, batch, STEPS[size]))
                found = run(python[name], arguments.core, name, "speed", *options)
                if "error" in found:
                    raise SystemExit(f"{name}: {found['error']}")
                speeds[name].append(found["steps_per_second"])
                overheads[name].append(found)
        cells = [spread(speeds[name]) for name in present]
        for name in present[1:]:
            pairs = zip(speeds["minddpg"], speeds[name], strict=True)
            cells.append(spread([ours / theirs for ours, theirs in pairs], 1))
        print(f"| {size}: {hidden}, {batch} | " + " | ".join(cells) + " |", flush=True)

    print("\n| | " + " | ".join(NAMES[name] for name in present) + " |")
    print("| --- " * (len(present) + 1) + "|")
    rows = (("import, s", "import"), ("start to first update, s", "first_update"))
    for label, key in (*rows, ("peak memory, MB", "peak_megabytes")):
        cells = [spread([r[key] for r in overheads[name]], 1) for name in present]
        print(f"| {label} | " + " | ".join(cells) + " |")
    if arguments.seeds:
        solved: dict[str, list[float]] = {name: [] for name in present}
        for seed in range(arguments.seeds):
            for name in present:
                found = run(python[name], arguments.core, name, "solve", str(seed))
                if "error" in found:
                    raise SystemExit(f"{name}: {found['error']}")
                solved[name].append(found.get("seconds") or np.inf)
        cells = [spread(solved[name], 1) for name in present]
        print("| start to solved Pendulum, s | " + " | ".join(cells) + " |")


def processor() -> str:
    """Return the name of the processor, if the system provides it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


if __name__ == "__main__":
    main()
