"""The solution of exercise 07.1, and mistakes in how the buffer stores transitions."""

from ..engine import Mistake, edited

SOLUTION = """
class ReplayBuffer:
    def __init__(self, capacity, obs_dim, action_dim):
        self.capacity, self.added = capacity, 0
        self.obs = np.zeros((capacity, obs_dim), np.float32)
        self.action = np.zeros((capacity, action_dim), np.float32)
        self.reward = np.zeros(capacity, np.float32)
        self.next_obs = np.zeros((capacity, obs_dim), np.float32)
        self.terminated = np.zeros(capacity, bool)

    def add(self, obs, action, reward, next_obs, terminated):
        row = self.added % self.capacity
        self.obs[row] = obs
        self.action[row] = action
        self.reward[row] = reward
        self.next_obs[row] = next_obs
        self.terminated[row] = terminated
        self.added += 1

    def sample(self, batch_size, rng):
        i = rng.integers(len(self), size=batch_size)
        parts = self.obs, self.action, self.reward, self.next_obs, self.terminated
        return tuple(part[i] for part in parts)

    def __len__(self):
        return min(self.added, self.capacity)
"""

LIST = """
class ReplayBuffer:
    def __init__(self, capacity, obs_dim, action_dim):
        self.capacity, self.memory = capacity, []

    def add(self, *transition):
        self.memory.append([np.copy(part) for part in transition])
        self.memory = self.memory[-self.capacity :]

    def sample(self, batch_size, rng):
        i = rng.integers(len(self), size=batch_size)
        chosen = [self.memory[k] for k in i]
        return tuple(np.array(part) for part in zip(*chosen))

    def __len__(self):
        return len(self.memory)
"""  # another correct answer, for the mistakes that a list invites

DRAW = "rng.integers(len(self), size=batch_size)"
DRAW_HELD = {"rng.integers(len(self)": "rng.integers(min(self.added, self.capacity)"}

FIELDS = ("obs", "action", "reward", "next_obs", "terminated")
NUMBERS = ("obs", "action", "reward", "next_obs")

STORING = (
    Mistake(
        "no copy in the buffer",
        "The caller reused its arrays, and what you had stored changed with them. An environment"
        " may return the same array at every step: store a copy.",
        edited(LIST, {"[np.copy(part) for part in transition]": "transition"}),
        edited(
            LIST,
            {
                "[np.copy(part) for part in transition]": "transition",
                "tuple(np.array(part)": "tuple(list(part)",
            },
        ),
    ),
    Mistake(
        "no copy where the dtype fits",
        "np.asarray copies only if it has to convert. An array that already has the buffer's dtype"
        " is stored as it is, and changes when the caller reuses it. Environments return float32 as"
        " well as float64: always copy.",
        edited(LIST, {"np.copy(part)": "np.asarray(part, np.float32)"}),
        edited(LIST, {"np.copy(part)": "np.asarray(part, float)"}),
    ),
    Mistake(
        "state shared by all buffers",
        "Transitions that were added to a second buffer appeared in the first: the memory is kept"
        " in the class instead of the object. Create it in __init__, as self.memory.",
        {"self.reward = np": "ReplayBuffer.reward = np"},
        {f"self.{name} = np": f"ReplayBuffer.{name} = np" for name in FIELDS},
        edited(LIST, {"self.capacity, self.memory = capacity, []": "self.capacity = capacity"})
        .replace("class ReplayBuffer:", "class ReplayBuffer:\n    memory = []\n")
        .replace(
            "self.memory = self.memory[-self.capacity :]", "del self.memory[: -self.capacity]"
        ),
    ),
    Mistake(
        "write index moved before the write",
        "The row that you write is one row after those that you draw: after the first add, the row"
        " that is drawn is still empty. Write to the row first, then count.",
        {
            "row = self.added %": "self.added += 1\n        row = self.added %",
            "= terminated\n        self.added += 1\n": "= terminated\n",
        },
    ),
    Mistake(
        "count starts at 1",
        "A new buffer is empty: its length is 0, and the first transition goes to row 0.",
        {"= capacity, 0": "= capacity, 1"},
    ),
    Mistake(
        "count starts below 0",
        "A new buffer is empty: its length is 0, and the first transition goes to row 0.",
        {"= capacity, 0": "= capacity, -1"},
    ),
    Mistake(
        "adds are counted backwards",
        "The count falls by one at each add. It should grow.",
        {"self.added += 1": "self.added -= 1"},
    ),
    Mistake(
        "one part a row away from the others",
        "Four of the five parts are in one row, and one part is in the row before or after it."
        " Write all five to the same row, then count once. Read them from the same rows.",
        *({f"self.{name}[row] =": f"self.{name}[row - 1] ="} for name in FIELDS),
    ),
    Mistake(
        "one part written to all rows",
        "Each add overwrites one part of all transitions held: self.reward[:] is the whole array,"
        " self.reward[row] is one row of it.",
        *({f"self.{name}[row] =": f"self.{name}[:] ="} for name in ("action", "reward")),
    ),
    Mistake(
        "wraparound off by one",
        "The write index has to take all values from 0 to capacity − 1, then start at 0 again."
        " Sketch a buffer of three rows, and fill in where transitions 1 to 7 go.",
        {"% self.capacity": "% (self.capacity - 1)"},
        {
            "% self.capacity": "% (self.capacity - 1)",
            "added, self.capacity)": "added, self.capacity - 1)",
        },
        {
            "% self.capacity": "% (self.capacity - 1)",
            "return min(self.added, self.capacity)": """is_full = self.added >= self.capacity - 1
        return self.capacity if is_full else self.added""",
        },
        edited(LIST, {"[-self.capacity :]": "[-(self.capacity + 1) :]"}),
        {
            "row = self.added % self.capacity": """row = self.added
        if row >= self.capacity:
            row = 1 + (row - self.capacity) % (self.capacity - 1)"""
        },
    ),
    Mistake(
        "always written to the same row",
        "Every transition overwrites the previous one. The row has to advance by one at each add.",
        {"self.added % self.capacity": "0"},
        {"self.added % self.capacity": "self.added // self.capacity"},
    ),
    Mistake(
        "written and drawn at different ends",
        "While the buffer fills, you write to some rows and draw others, which are still empty."
        " Rows 0 to len(self) − 1 should be written first.",
        {"self.added % self.capacity": "-self.added % self.capacity"},
    ),
    Mistake(
        "oldest kept, newest dropped",
        "Once the buffer was full, nothing new was stored. The newest transition replaces the"
        " oldest.",
        {
            "row = self.added % self.capacity": """if self.added == self.capacity:
            return
        row = self.added"""
        },
    ),
    Mistake(
        "last slot overwritten again and again",
        "Once the buffer was full, every new transition went to the last slot, and the older ones"
        " were never replaced. The write index has to start at 0 again.",
        {"self.added % self.capacity": "min(self.added, self.capacity - 1)"},
    ),
    Mistake(
        "never forgets",
        "The buffer holds more than `capacity` transitions. When it is full, the newest transition"
        " replaces the oldest.",
        edited(LIST, {"        self.memory = self.memory[-self.capacity :]\n": ""}),
    ),
    Mistake(
        "length counts every add",
        "The length is the number of transitions held, never more than the capacity.",
        {"return min(self.added, self.capacity)": "return self.added", **DRAW_HELD},
    ),
    Mistake(
        "length is the capacity",
        "The length is the number of transitions held so far; an empty buffer holds none.",
        {"return min(self.added, self.capacity)": "return self.capacity", **DRAW_HELD},
        {"return min(self.added, self.capacity)": "return self.capacity"},
    ),
    Mistake(
        "length is the write index",
        "Once the buffer is full, its length stays at the capacity. The row of the next write does"
        " not matter.",
        {"return min(self.added, self.capacity)": "return self.added % self.capacity", **DRAW_HELD},
        {"return min(self.added, self.capacity)": "return self.added % self.capacity"},
    ),
    Mistake(
        "emptied when full",
        "Once the buffer is full, the next transition removes all others. It should replace only"
        " the oldest one.",
        {
            "row = self.added % self.capacity": """if self.added == self.capacity:
            self.added = 0
        row = self.added"""
        },
        edited(
            LIST,
            {
                "        self.memory = self.memory[-self.capacity :]\n": "",
                "        self.memory.append": """        if len(self) == self.capacity:
            self.memory = []
        self.memory.append""",
            },
        ),
    ),
    Mistake(
        "length one too few",
        "After the first add, one transition is held, so the length is 1.",
        {"return min(self.added, self.capacity)": "return min(self.added, self.capacity) - 1"},
    ),
    Mistake(
        "adds are counted twice",
        "The count, and with it the row, advances by two at each add.",
        {"self.added += 1": "self.added += 2"},
    ),
    Mistake(
        "sample empties the buffer",
        "After the first batch, the buffer no longer holds what was added. sample only reads.",
        {f"i = {DRAW}": f"i = {DRAW}\n        self.added = 0"},
    ),
    Mistake(
        "adds are not counted",
        "The length does not grow, however many transitions are added: count each of them in add.",
        {"        self.added += 1\n": ""},
        {"self.added += 1": "self.added = 1"},
    ),
    Mistake(
        "next_obs is obs",
        "next_obs holds the observation before the action. It should hold the one after it.",
        {"= next_obs": "= obs"},
    ),
    Mistake(
        "obs is next_obs",
        "obs holds the observation after the action. It should hold the one before it.",
        {"= obs\n": "= next_obs\n"},
    ),
    Mistake(
        "next_obs not stored",
        "The returned next_obs was never added as next_obs. The obs of the next row cannot replace"
        " it: they differ where an episode ends, and where the newest row meets the oldest.",
        {"self.reward, self.next_obs": "self.reward, np.roll(self.obs, -1, axis=0)"},
        {"self.next_obs[row] = next_obs\n": "self.next_obs[row - 1] = obs\n"},
        {"= next_obs\n": "= next_obs\n        self.next_obs[row - 1] = obs\n"},
        {
            "self.next_obs[row] = next_obs": "self.obs[(row + 1) % self.capacity] = next_obs",
            "self.reward, self.next_obs": "self.reward, np.roll(self.obs, -1, axis=0)",
        },
        {"        self.next_obs[row] = next_obs\n": ""},
    ),
    Mistake(
        "terminated transitions left out",
        "A transition that ends the episode was not stored. Only there is the target the reward"
        " alone: store this transition like any other.",
        {"row = self.added %": "if terminated:\n            return\n        row = self.added %"},
    ),
    Mistake(
        "next_obs erased where the episode ends",
        "The last next_obs comes back as zeros. Store what was added; the target already leaves out"
        " the value of a terminal state.",
        {"= next_obs\n": "= next_obs * (1 - terminated)\n"},
    ),
    Mistake(
        "reward changed before it was stored",
        "Store the reward as it was added, with its sign and size, at the last step as well.",
        {"= reward\n": "= np.sign(reward)\n"},
        {"= reward\n": "= np.clip(reward, -1, 1)\n"},
        {"= reward\n": "= -reward\n"},
        {"= reward\n": "= reward * (1 - terminated)\n"},
    ),
    Mistake(
        "reward added to an old one",
        "When an old row is overwritten, the new reward is added to the old one. Replace it: ="
        " writes a value, += adds to it.",
        {"self.reward[row] = reward": "self.reward[row] += reward"},
    ),
    Mistake(
        "first entry of the action only",
        "All entries of an action came back equal to its first one. Store the whole array (A,).",
        {"self.action[row] = action": "self.action[row] = action[0]"},
    ),
    Mistake(
        "action clipped before it was stored",
        "Store the action as it was added. The caller clips it where that is needed.",
        {"= action\n": "= np.clip(action, -1, 1)\n"},
    ),
    Mistake(
        "terminated not stored",
        "terminated comes back the same for all transitions. Return what was added.",
        {"        self.terminated[row] = terminated\n": ""},
    ),
    Mistake(
        "action not stored",
        "The returned action was never added as an action.",
        {"        self.action[row] = action\n": ""},
    ),
    Mistake(
        "obs not stored",
        "The returned obs was never added as obs.",
        {"        self.obs[row] = obs\n": ""},
    ),
    Mistake(
        "reward not stored",
        "The returned reward was never added as a reward.",
        {"        self.reward[row] = reward\n": ""},
    ),
    Mistake(
        "obs and next_obs swapped",
        "The action was taken in obs, and led to next_obs.",
        {"= obs\n": "= next_obs\n", "self.next_obs[row] = next_obs": "self.next_obs[row] = obs"},
    ),
    *(
        Mistake(
            f"{name} stored as whole numbers",
            f"An array of integers drops the digits after the point: {name} comes back rounded."
            " Make it an array of floats.",
            {f"self.{name}[row] = {name}\n": f"self.{name}[row] = np.array({name}).astype(int)\n"},
        )
        for name in NUMBERS
    ),
    Mistake(
        "all numbers stored as whole numbers",
        "An array of integers drops the digits after the point. Make them arrays of floats.",
        {
            f"self.{name}[row] = {name}\n": f"self.{name}[row] = np.array({name}).astype(int)\n"
            for name in NUMBERS
        },
    ),
    Mistake(
        "too few digits kept",
        "float16 keeps three digits of a number, too few to learn from. float32 keeps seven.",
        *(
            {f"self.{name}[row] = {name}\n": f"self.{name}[row] = np.float16({name})\n"}
            for name in NUMBERS
        ),
        {
            f"self.{name}[row] = {name}\n": f"self.{name}[row] = np.float16({name})\n"
            for name in NUMBERS
        },
    ),
    Mistake(
        "1 − terminated stored",
        "terminated comes back as its opposite. Return what was added.",
        {"= terminated": "= not terminated"},
    ),
)
