"""Run the check on every mutant of the solutions, and report which mutants pass."""

import ast
import difflib
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ...experiments.worker_pool import block_interrupts
from ...training.processors import processors, require_processes
from ...training.waiting import as_ended
from ...training.wording import counted, duration
from ..checks import EXERCISES, missing
from ..engine.check import RETIRED
from ..engine.mistakes import NAMELESS
from ..engine.mistakes import UNKNOWN as NO_NAME
from ..engine.verdict import ERROR, PASSED
from .mutants import Mutant, mutants, sample
from .worker import DIED, TIME_LIMIT, Answer, Worker

SURVIVED, NAMED, UNKNOWN, STOPPED, RAISED = "survived", "named", "unknown", "stopped", "raised"
TIME = 10.0  # s for one mutant
LONG, BUDGET = 1.0, 20.0  # s: if a check takes longer than LONG, a sample of about BUDGET is judged
EQUIVALENT_SHARE = 0.03  # the largest accepted share of all mutants
SECONDS_PER_EXERCISE = 3  # measured on one core, including the start of the process


@dataclass(frozen=True)
class Judged:
    """A mutant, and the outcome of its check."""

    mutant: Mutant
    outcome: str  #: SURVIVED; NAMED, UNKNOWN or STOPPED if it was rejected; or RAISED
    diagnosis: str = ""


@dataclass(frozen=True)
class Result:
    """The mutants of one exercise."""

    number: str
    title: str
    solution: str  #: without comments, in the form of the mutants
    judged: tuple[Judged, ...]
    generated: int  #: the number of all mutants; the judged ones may be a sample
    equivalents: Mapping[str, str]  #: ids of mutants that may survive, each with the reason
    stale: tuple[str, ...]  #: ids among these that no mutant has, or only a rejected one

    def of(self, *outcomes: str) -> list[Judged]:
        """Return the mutants with one of these outcomes."""
        return [each for each in self.judged if each.outcome in outcomes]

    @property
    def equivalent(self) -> list[Judged]:
        """The mutants that survive and are listed as equivalent."""
        return [each for each in self.of(SURVIVED) if each.mutant.id in self.equivalents]

    @property
    def survivors(self) -> list[Judged]:
        """The mutants that survive although they should not."""
        return [each for each in self.of(SURVIVED) if each.mutant.id not in self.equivalents]


def chosen(numbers: Sequence[str]) -> list[str]:
    """Return the numbers of exercises in the order of the course; all of them if none is given.

    Args:
        numbers: numbers of exercises, or of chapters for all their exercises.

    Raises:
        ValueError: a number has no exercise.
    """
    of_chapters: dict[str, list[str]] = {}
    for number in EXERCISES:
        of_chapters.setdefault(number.partition(".")[0], []).append(number)
    numbers = [each for n in numbers for each in of_chapters.get(n.zfill(2), [n])]
    unknown = [number for number in numbers if number not in EXERCISES]
    if retired := [number for number in unknown if number in RETIRED]:
        raise ValueError(missing(retired[0]))
    if unknown:
        near = difflib.get_close_matches(unknown[0], EXERCISES, n=5)
        first, *_, last = EXERCISES
        hint = (
            f"the nearest: {', '.join(sorted(near))}" if near else f"they go from {first} to {last}"
        )
        raise ValueError(f"no exercise {', '.join(unknown)}; {hint}")
    return [number for number in EXERCISES if number in numbers or not numbers]


def examine_exercises(
    numbers: Sequence[str], jobs: int | None = None, limit: float = TIME
) -> Iterator[Result]:
    """Judge the mutants of these exercises; yield the results in the same order.

    The results do not depend on the number of jobs, because each exercise has its own process.

    Args:
        jobs: processes at a time; None for one per processor.
        limit: seconds for each mutant; one that takes longer is rejected.

    Raises:
        ValueError: jobs is below 1, or a solution does not pass its own check.
        OSError: this Python cannot start processes.
    """
    require_processes("a check of mutants", "run it on a computer (pip install minddpg)")
    jobs = processors() if jobs is None else jobs
    if jobs < 1:
        raise ValueError(f"jobs = {jobs}: must be at least 1")
    return _results(numbers, jobs, limit)


def _results(numbers: Sequence[str], jobs: int, limit: float) -> Iterator[Result]:
    stop = threading.Event()
    with ThreadPoolExecutor(jobs, initializer=block_interrupts) as pool:
        futures = [pool.submit(examine, number, limit, stop) for number in numbers]
        try:
            for future in futures:
                yield next(as_ended([future])).result()
        finally:
            stop.set()  # ends every process that is still running
            pool.shutdown(cancel_futures=True)


def examine(number: str, limit: float, stop: threading.Event) -> Result:
    """Judge the mutants of one exercise, in a new process."""
    exercise = EXERCISES[number]
    found = mutants(exercise.solution, exercise.names)
    worker = Worker(stop)
    try:
        times = []
        for _ in range(2):  # the first check is slower: it also observes the known mistakes
            answer = worker.judge(number, exercise.solution, 10 * limit)
            if answer["status"] != PASSED:
                raise ValueError(f"exercise {number}: its own solution does not pass: {answer}")
            times.append(float(answer["seconds"]))
        judged = []
        for mutant in sample(found, most(min(times), len(found)), number):
            answer = worker.judge(number, mutant.source, limit)
            judged.append(Judged(mutant, *outcome(answer)))
    finally:
        worker.close()
    equivalents: Mapping[str, str] = getattr(exercise, "equivalents", {})
    survivors = {each.mutant.id for each in judged if each.outcome == SURVIVED}
    not_judged = {each.id for each in found} - {each.mutant.id for each in judged}
    return Result(
        number,
        exercise.title,
        ast.unparse(ast.parse(exercise.solution)),
        tuple(judged),
        len(found),
        equivalents,
        tuple(name for name in equivalents if name not in survivors | not_judged),
    )


def most(seconds: float, count: int) -> int:
    """Return how many of an exercise's mutants are judged if one takes this many seconds.

    Up to LONG seconds, all are judged; above, a power of two, so that a slightly slower machine
    judges the same mutants.
    """
    if seconds <= LONG:
        return count
    return min(count, int(2 ** int(BUDGET / seconds).bit_length()) // 2)


def outcome(answer: Answer) -> tuple[str, str]:
    """Return the outcome of a mutant, and the name of its mistake or why it stopped."""
    status, diagnosis = str(answer["status"]), str(answer.get("diagnosis", ""))
    if status == PASSED:
        return SURVIVED, ""
    if status in (TIME_LIMIT, DIED):
        return STOPPED, status
    if status == RAISED:
        return RAISED, diagnosis
    if diagnosis not in NAMELESS:
        return NAMED, diagnosis
    return (STOPPED, "error") if status == ERROR else (UNKNOWN, NO_NAME)


def exit_code(results: Sequence[Result]) -> int:
    """Return 0 if all survivors are listed, the lists are not stale, and they are short enough."""
    wrong = any(each.survivors or each.stale or each.of(RAISED) for each in results)
    return 1 if wrong or has_too_many_equivalents(results) else 0


def has_too_many_equivalents(results: Sequence[Result]) -> bool:
    """Return True if more than EQUIVALENT_SHARE are equivalent; False for a part of the course."""
    judged = sum(len(each.judged) for each in results)
    equivalent = sum(len(each.equivalent) for each in results)
    return len(results) == len(EXERCISES) and equivalent > EQUIVALENT_SHARE * judged


COLUMNS = ("mutants", "rejected", NAMED, UNKNOWN, STOPPED, "equivalent", "survivors")
WIDTH = 46  # of number and title
HEADER = " " * WIDTH + "".join(f"{name:>11}" for name in COLUMNS)


def about(numbers: Sequence[str], jobs: int | None) -> str:
    """Describe what will run, and how long it takes."""
    jobs = processors() if jobs is None else jobs
    seconds = SECONDS_PER_EXERCISE * len(numbers) / max(1, min(jobs, len(numbers)))
    exercises, processes = counted(len(numbers), "exercise"), counted(jobs, "process", "processes")
    return f"{exercises}, {processes}: {duration(seconds)}"


def row(result: Result) -> str:
    """Format one exercise as a line."""
    rejected = result.of(NAMED, UNKNOWN, STOPPED)
    counts = [
        len(result.judged),
        len(rejected),
        *(len(result.of(outcome)) for outcome in (NAMED, UNKNOWN, STOPPED)),
        len(result.equivalent),
        len(result.survivors),
    ]
    title = f"{result.number} {result.title}"
    line = f"{title:{WIDTH}.{WIDTH}}" + "".join(f"{count:>11}" for count in counts)
    if len(result.judged) < result.generated:
        line += f"   a sample of {result.generated}"
    return line


def faults(result: Result) -> list[str]:
    """Describe each survivor by its diff, each check that raised, and each stale equivalent."""
    texts = [
        f"{result.number} survives, {each.mutant.kind}: {each.mutant.id}\n{diff(result, each)}"
        for each in result.survivors
    ]
    texts += [
        f"{result.number} its check raised {each.diagnosis}: {each.mutant.id}\n{diff(result, each)}"
        for each in result.of(RAISED)
    ]
    return texts + [
        f"{result.number} lists an equivalent that no longer exists, or is rejected: {name}"
        for name in result.stale
    ]


def diff(result: Result, judged: Judged) -> str:
    """Return the change of a mutant as a unified diff."""
    before, after = result.solution.splitlines(), judged.mutant.source.splitlines()
    lines = list(difflib.unified_diff(before, after, n=1, lineterm=""))[2:]
    return "\n".join(f"    {line}" for line in lines)


def details(result: Result) -> list[str]:
    """Return a line for each mutant: the exercise, the change, the diagnosis."""
    return [
        f"{result.number} | {each.mutant.id} | {each.diagnosis or each.outcome}"
        for each in result.judged
    ]


def summary(results: Sequence[Result]) -> str:
    """Count all mutants, and compute the shares of the outcomes."""
    total = sum(len(each.judged) for each in results)
    equivalent = sum(len(each.equivalent) for each in results)
    survivors = sum(len(each.survivors) for each in results)
    counts = {name: sum(len(r.of(name)) for r in results) for name in (NAMED, UNKNOWN, STOPPED)}
    rejected = sum(counts.values())
    shares = ", ".join(f"{name} {_share(count, rejected)}" for name, count in counts.items())
    text = (
        f"{total:,} mutants; {equivalent:,} equivalent ({_share(equivalent, total)});"
        f" {rejected:,} rejected ({shares}); {survivors:,} survive"
    )
    if has_too_many_equivalents(results):
        text += f"; more than {EQUIVALENT_SHARE:.0%} are equivalent"
    return text


def _share(count: int, total: int) -> str:
    return f"{count / total:.1%}" if total else "0%"
