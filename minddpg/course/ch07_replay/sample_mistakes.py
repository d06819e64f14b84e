"""Mistakes of exercise 07.1 in how the buffer draws, and correct mutants of its solution."""

from ..engine import Mistake, edited
from .replay_mistakes import DRAW, LIST

SAMPLING = (
    Mistake(
        "stored arrays returned without a copy",
        "The lists of your batch hold the stored arrays themselves, so a caller that writes into"
        " the batch writes into the memory. np.array(list_of_arrays) makes a new array.",
        edited(LIST, {"tuple(np.array(part)": "tuple(list(part)"}),
    ),
    Mistake(
        "every batch is the same array",
        "Your next sample overwrites the previous batch, which the caller may still use. Return"
        " new arrays each time.",
        {
            "self.capacity, self.added = capacity, 0": """self.capacity, self.added = capacity, 0
        self.batch = {}""",
            "return tuple(part[i] for part in parts)": """for k, part in enumerate(parts):
            out = self.batch.setdefault((k, batch_size), part[i])
            out[...] = part[i]
        return tuple(self.batch[k, batch_size] for k in range(5))""",
        },
    ),
    Mistake(
        "unwritten slots sampled",
        "You drew rows that had never been written. Draw from len(self) rows, not from capacity.",
        {DRAW: "rng.integers(self.capacity, size=batch_size)"},
    ),
    Mistake(
        "parts of different transitions mixed",
        "An observation came with the reward of another transition. Draw the indices once, and"
        " use them for all five parts.",
        {f"        i = {DRAW}\n": "", "part[i]": f"part[{DRAW}]"},
        *(
            {
                "return tuple(part[i]": f"""j = {DRAW}
        apart = {parts}
        return tuple(part[j if k in apart else i]""",
                "for part in parts": "for k, part in enumerate(parts)",
            }
            for parts in ({1}, {2}, {3}, {4})
        ),
    ),
    Mistake(
        "newest is never sampled",
        "rng.integers(n) draws from 0 to n − 1: the end n is excluded already.",
        edited(LIST, {DRAW: "rng.integers(len(self) - 1, size=batch_size)"}),
    ),
    Mistake(
        "row 0 is never sampled",
        "Rows are counted from 0: rng.integers(n) draws from 0 to n − 1.",
        {DRAW: "rng.integers(1, len(self), size=batch_size)"},
    ),
    Mistake(
        "last slot is never sampled",
        "rng.integers(n) draws from 0 to n − 1: the end n is excluded already.",
        {DRAW: "rng.integers(len(self) - 1, size=batch_size)"},
    ),
    Mistake(
        "always the newest",
        "You store transitions, but draw none: each batch holds the newest ones.",
        {DRAW: "np.arange(self.added - batch_size, self.added) % self.capacity"},
    ),
    Mistake(
        "neighbours drawn together",
        "A batch is a run of successive transitions, which are similar. A replay buffer exists to"
        " avoid exactly that: draw each row independently.",
        {DRAW: "(rng.integers(len(self)) + np.arange(batch_size)) % len(self)"},
        {DRAW: "rng.integers(len(self) - batch_size + 1) + np.arange(batch_size)"},
    ),
    Mistake(
        "memory shuffled",
        "sample changes the order of the memory, so the next add no longer finds the oldest"
        " transition. sample only reads.",
        edited(
            LIST,
            {
                f"i = {DRAW}": "rng.shuffle(self.memory)",
                "[self.memory[k] for k in i]": "self.memory[:batch_size]",
            },
        ),
    ),
    Mistake(
        "rows of a batch depend on each other",
        "One row of your batch determines others. Draw one number for each row of the batch,"
        " independently of the others.",
        {DRAW: "(rng.integers(len(self)) + 2 * np.arange(batch_size)) % len(self)"},
        {
            f"i = {DRAW}": """i = rng.integers(len(self), size=batch_size)
        i[1::2] = len(self) - 1 - i[: batch_size // 2]"""
        },
    ),
    Mistake(
        "always the last rows",
        "You store transitions, but draw none: each batch holds the last rows of the memory.",
        {DRAW: "np.arange(len(self) - batch_size, len(self))"},
    ),
    Mistake(
        "batch is a view of the memory",
        "A slice is a view: a caller that writes into the batch writes into the memory. Its rows"
        " are also neighbours, which are similar. Draw each row independently, by its index.",
        {
            f"i = {DRAW}": "start = rng.integers(len(self) - batch_size + 1)",
            "part[i]": "part[start : start + batch_size]",
        },
    ),
    Mistake(
        "not uniform",
        "Some transitions are drawn more often than others. All should be equally likely. An"
        " algorithm that prefers some, for example by reward, is not DDPG.",
        {DRAW: "(len(self) * rng.random(batch_size) ** 2).astype(int)"},
        {DRAW: "np.rint((len(self) - 1) * rng.random(batch_size)).astype(int)"},
    ),
    Mistake(
        "one row for the whole batch",
        "You drew one row number and repeated it: a batch of N holds one transition N times.",
        {DRAW: "np.full(batch_size, rng.integers(len(self)))"},
    ),
    Mistake(
        "always the oldest",
        "You store transitions, but draw none: each batch holds the first rows of the memory.",
        {DRAW: "np.arange(batch_size)"},
    ),
    Mistake(
        "drawn from the batch size",
        "These are row numbers below batch_size. Draw from all len(self) rows.",
        {DRAW: "rng.integers(batch_size, size=batch_size)"},
    ),
    Mistake(
        "a column (N, 1) instead of (N,)",
        "One number per transition makes an array (N,). A column (N, 1) minus an array (N,) is a"
        " table (N, N), and NumPy raises no error.",
        {
            "zeros(capacity, np.float32)": "zeros((capacity, 1), np.float32)",
            "zeros(capacity, bool)": "zeros((capacity, 1), bool)",
        },
    ),
    Mistake(
        "the same numbers at every call",
        "A generator that your code creates at each call starts again each time. Draw from the rng"
        " that is passed in.",
        {"rng.integers": "np.random.default_rng(0).integers"},
    ),
    Mistake(
        "another source of randomness", "", {"rng.integers": "np.random.default_rng().integers"}
    ),
)

UNWRITTEN = "a row that was never written is never drawn"
SAME_VALUES = "0 and 1 are the same numbers in this dtype"
TABLES = {"obs": "obs_dim", "action": "action_dim", "next_obs": "obs_dim"}
DRAWN = "i = rng.integers(len(self), size=batch_size)"
FLAGS = "np.zeros(capacity, bool)"

EQUIVALENTS = {
    **{
        f"self.{name} = np.zeros((capacity, {size}), np.float32)"
        f" → self.{name} = np.ones((capacity, {size}), np.float32)": UNWRITTEN
        for name, size in TABLES.items()
    },
    "self.reward = np.zeros(capacity, np.float32)"
    " → self.reward = np.ones(capacity, np.float32)": UNWRITTEN,
    f"self.terminated = {FLAGS} → self.terminated = np.ones(capacity, bool)": UNWRITTEN,
    f"self.terminated = {FLAGS} → self.terminated = np.float16({FLAGS})": SAME_VALUES,
    f"self.terminated = {FLAGS} → self.terminated = np.int64({FLAGS})": SAME_VALUES,
    f"{DRAWN} → i = rng.choice(len(self), size=batch_size, replace=False)": (
        "a draw without replacement is uniform, too"
    ),
    "return min(self.added, self.capacity) → return np.int64(min(self.added, self.capacity))": (
        "len() takes any integer"
    ),
}
