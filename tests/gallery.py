"""Odd environments, as people have used them according to public reports.

`now` makes the environment that gymnasium.make("Odd-v0") returns. Plain is the harmless one; most
of the others are Plain with one changed return value.
"""

import fractions
import types

import gymnasium as gym
import numpy as np
from gymnasium import spaces, wrappers

from minddpg import Config

ODD = "Odd-v0"
CONFIG = Config(
    ODD,
    total_steps=24,
    warmup_steps=9,
    batch_size=8,
    hidden_sizes=(4,),
    eval_every=12,
    eval_episodes=1,
    replay_capacity=50,
    log_every=8,
)
LENGTH = 6  # steps of an episode


def same(value):
    return value


def raising(error):
    """Return a function that raises this error for any arguments."""

    def function(*_, **__):
        raise error

    return function


class Plain(gym.Env):
    """A point in three dimensions that actions push; each given function changes one output."""

    observation_space = spaces.Box(-10, 10, (3,))
    metadata = {"render_modes": ["rgb_array"], "render_fps": 50}  # noqa: RUF012

    def __init__(
        self,
        obs=same,
        reward=same,
        terminated=same,
        truncated=same,
        info=same,
        outcome=same,
        first=same,
        box=None,
        draw=None,
        render_mode=None,
    ):
        self.obs, self.reward, self.info, self.draw = obs, reward, info, draw
        self.terminated, self.truncated = terminated, truncated
        self.outcome, self.first, self.render_mode = outcome, first, render_mode
        bounds = np.float32([-1, 0]), np.float32([3, 10])
        self.action_space = spaces.Box(*bounds) if box is None else box

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t, self.state = 0, self.np_random.uniform(-1, 1, 3).astype(np.float32)
        return self.first((self.obs(self.state.copy()), self.info({})))

    def step(self, action):
        self.t += 1
        action = np.asarray(action, np.float64).ravel()
        share = action.sum() / (1 + abs(action).sum())
        self.state = (0.9 * self.state + 0.2 * share).astype(np.float32)
        return self.outcome(
            (
                self.obs(self.state.copy()),
                self.reward(float(-abs(self.state[0]))),
                self.terminated(self.t >= LENGTH and self.state[1] > 0),
                self.truncated(self.t >= LENGTH),
                self.info({}),
            )
        )

    def render(self):
        if self.draw is not None:
            return self.draw(self)
        level = np.uint8(10 * self.t)
        return np.full((20, 40, 3), level)


now = Plain
gym.register(ODD, entry_point=lambda **options: now(**options), max_episode_steps=50)


# --- equal to Plain, to the bit -------------------------------------------------------------------


class OneMemory(Plain):
    """Write every observation into the same array, as some simulators do."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.memory = np.zeros(3, np.float32)

    def reset(self, **kwargs):
        obs, info = super().reset(**kwargs)
        self.memory[:] = obs
        return self.memory, info

    def step(self, action):
        obs, *rest = super().step(action)
        self.memory[:] = obs
        return self.memory, *rest


class EditsTheAction(Plain):
    def step(self, action):
        outcome = super().step(action)
        action *= 0
        return outcome


class Asserts(Plain):
    """Refuse every action outside the box, as environments with a checker do."""

    def step(self, action):
        assert self.action_space.contains(action), action
        return super().step(action)


class SpacesAreProperties(Plain):
    action_space = property(lambda self: self.__dict__["box"], lambda self, box: self.keep(box))

    def keep(self, box):
        self.__dict__["box"] = box


class SeedsTheGlobalState(Plain):
    def step(self, action):
        np.random.seed(0)  # noqa: NPY002
        return super().step(action)


class ArrayLike:
    """An array of another library."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)


class Table:
    """A table of data with methods mean, var and count, which are not running statistics."""

    def mean(self):
        return 0.0

    def var(self):
        return 1.0

    def count(self):
        return 0


class HoldsATable(Plain):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.prices, self.mean, self.rms = Table(), 3.0, 230.0
        self.obs_rms, self.running_mean = None, False


class Itself(Plain):
    """An environment whose `env` is itself, so that the chain of wrappers never ends."""

    @property
    def env(self):
        return self

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.__dict__["env"] = self


class ForeignWrapper(gym.Wrapper):
    """Delegate every attribute, as wrappers of Gymnasium before 1.0 did."""

    def __getattr__(self, name):
        return getattr(self.env, name)


def masked(gaps):
    return lambda obs: np.ma.array(obs, mask=gaps)


def frozen(wrapper):
    def make(**options):
        env = wrapper(Plain(**options))
        env.update_running_mean = False
        statistics = env.obs_rms if hasattr(env, "obs_rms") else env.return_rms
        statistics.var = statistics.var - env.epsilon  # then the wrapper divides by 1
        return env

    return make


EQUAL = {
    "obs is a list": lambda: Plain(obs=np.ndarray.tolist),
    "obs is a tuple": lambda: Plain(obs=tuple),
    "obs is float64": lambda: Plain(obs=np.float64),
    "obs is longdouble": lambda: Plain(obs=np.longdouble),
    "obs is big-endian": lambda: Plain(obs=lambda obs: obs.astype(">f4")),
    "obs is read-only": lambda: Plain(obs=lambda obs: obs.setflags(write=False) or obs),
    "obs has strides": lambda: Plain(obs=lambda obs: np.repeat(obs, 2)[::2]),
    "obs is masked without a gap": lambda: Plain(obs=masked(False)),
    "obs of another library": lambda: Plain(obs=ArrayLike),
    "obs in one memory": OneMemory,
    "obs of 0-d arrays": lambda: Plain(obs=lambda obs: [np.array(x) for x in obs]),
    "info is None": lambda: Plain(info=lambda _: None),
    "info holds NaN": lambda: Plain(info=lambda _: {"x": np.nan}),
    "reward is np.float64": lambda: Plain(reward=np.float64),
    "reward is longdouble": lambda: Plain(reward=np.longdouble),
    "reward is a fraction": lambda: Plain(reward=fractions.Fraction),
    "flags of NumPy": lambda: Plain(terminated=np.bool_, truncated=np.bool_),
    "flags are 0 and 1": lambda: Plain(terminated=int, truncated=np.int8),
    "flags are 0-d arrays": lambda: Plain(terminated=np.array, truncated=np.array),
    "action edited in place": EditsTheAction,
    "action asserted": Asserts,
    "spaces are properties": SpacesAreProperties,
    "seeds NumPy's global state": SeedsTheGlobalState,
    "holds a table": HoldsATable,
    "wraps itself": Itself,
    "a wrapper that delegates": lambda: ForeignWrapper(Plain()),
    "a time limit of its own": lambda: wrappers.TimeLimit(Plain(), 100),
    "Autoreset": lambda: wrappers.Autoreset(Plain()),
    "OrderEnforcing": lambda: wrappers.OrderEnforcing(Plain()),
    "PassiveEnvChecker": lambda: wrappers.PassiveEnvChecker(Plain()),
    "RecordEpisodeStatistics": lambda: wrappers.RecordEpisodeStatistics(Plain()),
    "FlattenObservation": lambda: wrappers.FlattenObservation(Plain()),
    "TransformObservation": lambda: wrappers.TransformObservation(Plain(), same, None),
    "TransformAction": lambda: wrappers.TransformAction(Plain(), same, None),
    "TransformReward": lambda: wrappers.TransformReward(Plain(), same),
    "ClipReward": lambda: wrappers.ClipReward(Plain(), -100, 100),
    "ClipAction, then bounds": lambda: wrappers.TransformAction(
        wrappers.ClipAction(Plain()), same, Plain().action_space
    ),
    "DtypeObservation": lambda: wrappers.DtypeObservation(Plain(), np.float64),
    "FilterObservation of a dictionary": lambda: wrappers.FlattenObservation(
        wrappers.FilterObservation(InADictionary(), ["point"])
    ),
    "a dictionary, flattened": lambda: wrappers.FlattenObservation(InADictionary()),
    "FrameStackObservation of one": lambda: wrappers.FlattenObservation(
        wrappers.FrameStackObservation(Plain(), 1)
    ),
    "ReshapeObservation": lambda: wrappers.ReshapeObservation(column(), (3,)),
    "DelayObservation of none": lambda: wrappers.DelayObservation(Plain(), 0),
    "StickyAction, never": lambda: wrappers.StickyAction(Plain(), 0.0),
    "RepeatAction of one": lambda: wrappers.RepeatAction(Plain(), 1),
    "NormalizeObservation, frozen": frozen(wrappers.NormalizeObservation),
    "NormalizeReward, frozen": frozen(wrappers.NormalizeReward),
    "others' statistics, frozen": lambda: RewardScaler(Plain(), training=False),
}


class InADictionary(Plain):
    """The observation is in a dictionary, as in environments with goals."""

    observation_space = spaces.Dict(point=Plain.observation_space)

    def __init__(self, **kwargs):
        super().__init__(obs=lambda obs: {"point": obs}, **kwargs)


def column():
    """Return Plain with observations of shape (3, 1), in space and in fact."""
    env = Plain(obs=lambda obs: obs[:, None])
    env.observation_space = spaces.Box(-10, 10, (3, 1))
    return env


def on_video(folder):
    return lambda: wrappers.RecordVideo(Plain(render_mode="rgb_array"), str(folder))


# --- trains, and is another environment -----------------------------------------------------------


def boxed(low, high, dtype=np.float32, shape=(1,)):
    """Return Plain with this action box, which it asserts at every step."""
    bounds = np.full(shape, low, dtype), np.full(shape, high, dtype)
    return lambda: Asserts(box=spaces.Box(*bounds, dtype=dtype))


class Bandit(Plain):
    """Every episode ends with its first step, by termination and time limit at once."""

    def __init__(self):
        super().__init__(terminated=lambda _: True, truncated=lambda _: 1)


class IgnoresSeeds(Plain):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.rng = np.random.default_rng()

    def reset(self, *, seed=None, options=None):
        outcome = super().reset(seed=seed)
        self.state += self.rng.uniform(-1, 1, 3).astype(np.float32)
        return outcome


class NeverSeeded(Plain):
    """Forget super().reset(seed=seed), so that np_random seeds itself."""

    def reset(self, **_):
        return super().reset()


FINFO = np.finfo(np.float32)
TRAINS = {
    "obs is float16": lambda: Plain(obs=np.float16),
    "obs of whole numbers": lambda: Plain(obs=lambda obs: (9 * obs).astype(np.int64)),
    "obs is uint8": lambda: Plain(obs=lambda obs: abs(9 * obs).astype(np.uint8)),
    "obs of truths": lambda: Plain(obs=lambda obs: obs > 0),
    "obs outside its own space": lambda: Plain(obs=lambda obs: obs + 1000),
    "obs at the end of float32": lambda: Plain(obs=lambda obs: 0 * obs + FINFO.tiny),
    "reward is float16": lambda: Plain(reward=np.float16),
    "reward is a truth": lambda: Plain(reward=lambda r: r > -0.5),
    "reward is a truth of NumPy": lambda: Plain(reward=lambda r: np.bool_(r > -0.5)),
    "reward of whole numbers": lambda: Plain(reward=round),
    "reward is np.uint8": lambda: Plain(reward=lambda _: np.uint8(3)),
    "a bandit": Bandit,
    "ignores seeds": IgnoresSeeds,
    "never seeded": NeverSeeded,
    "box -1e38 to 3e38": boxed(-1e38, 3e38),
    "box of all of float32": boxed(FINFO.min, FINFO.max),
    "box of float64": boxed(-2, 5, np.float64),
    "box of float16": boxed(-2, 5, np.float16),
    "box of all of float16": boxed(-65504, 65504, np.float16),
    "box of whole numbers": boxed(0, 9),
    "box between two neighbours": boxed(1, np.nextafter(np.float32(1), np.float32(2))),
    "box of few numbers": boxed(1e6, 1e6 + 1),
    "box of subnormal width": boxed(0, 1e-44),
    "box of subnormal width, shifted": boxed(FINFO.tiny, FINFO.tiny + np.float32(1e-43)),
    "box 0 to 1e-6": boxed(0, 1e-6),
    "a scalar action": boxed(-1, 3, shape=()),
    "a matrix of actions": boxed(-1, 3, shape=(2, 3)),
    "RescaleAction": lambda: wrappers.RescaleAction(Plain(), -1.0, 1.0),
    "RescaleObservation": lambda: wrappers.RescaleObservation(Plain(), -1.0, 1.0),
    "FrameStackObservation of three": lambda: wrappers.FlattenObservation(
        wrappers.FrameStackObservation(Plain(), 3)
    ),
    "DelayObservation": lambda: wrappers.DelayObservation(Plain(), 2),
    "StickyAction": lambda: wrappers.StickyAction(Plain(), 0.5),
    "RepeatAction": lambda: wrappers.RepeatAction(Plain(), 2),
    "MaxAndSkipObservation": lambda: wrappers.MaxAndSkipObservation(Plain(), 2),
    "TimeAwareObservation": lambda: wrappers.TimeAwareObservation(
        wrappers.TimeLimit(Plain(), 9), normalize_time=True
    ),
}


# --- refused: the words after "step 0: Odd-v0 " ---------------------------------------------------

WANTED = (
    " as observation; it must be real numbers, such as numpy.asarray(observation, numpy.float32)"
    " of shape (3,)"
)
STRUCTURED = np.zeros(3, [("x", np.float32)])
SPACE = "but its space has (3,)"
OBSERVATIONS = {  # what replaces the observation
    "NaN": ([0, np.nan, 0], "returned observation[1] = nan"),
    "infinite": ([0, 0, np.inf], "returned observation[2] = inf"),
    "minus infinite": ([-np.inf, 0, 0], "returned observation[0] = -inf"),
    "beyond float32": ([0, 1e39, 0], "returned observation[1] = 1e+39"),
    "infinite float16": (np.float16([0, np.inf, 0]), "returned observation[1] = inf"),
    "NaN of float16": (np.float16([0, 0, np.nan]), "returned observation[2] = nan"),
    "complex": (np.zeros(3, complex), f"returned complex128 numbers{WANTED}"),
    "text": (["1", "2", "3"], f"returned <U1 numbers{WANTED}"),
    "bytes": ([b"1", b"2", b"3"], f"returned |S1 numbers{WANTED}"),
    "dates": (np.zeros(3, "M8[s]"), f"returned datetime64[s] numbers{WANTED}"),
    "fields": (STRUCTURED, f"returned [('x', '<f4')] numbers{WANTED}"),
    "objects": (
        np.array([1.0, 2.0, 3.0], object),
        f"returned array([1.0, 2.0, 3.0], dtype=object){WANTED}",
    ),
    "None": (None, f"returned None{WANTED}"),
    "many": ([None] * 99, f"returned [None, None, None, None, None, None, ...]{WANTED}"),
    "objects of many lines": (
        np.full((2, 99), None),
        "returned array([[None, None, None, None, None, None, None, None, None, None, None,"
        f" Non...{WANTED}",
    ),
    "None inside": ([1.0, None, 2.0], f"returned [1.0, None, 2.0]{WANTED}"),
    "a dictionary": ({"x": 1.0}, f"returned {{'x': 1.0}}{WANTED}"),
    "ragged": (
        [1.0, [2.0, 3.0]],
        "returned a ragged observation, [1.0, [2.0, 3.0]]; its parts have unequal lengths:"
        " numpy.concatenate joins them into one vector",
    ),
    "masked gaps": (
        np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]),
        "returned a masked observation, masked_array(data=[1.0, --, 3.0], mask=[False,"
        " True, False], fill_value=1e+20); fill the gaps: filled()",
    ),
    "a column": (np.zeros((3, 1)), f"returned an observation of shape (3, 1), {SPACE}"),
    "a row": ([[0, 0, 0]], f"returned an observation of shape (1, 3), {SPACE}"),
    "one number": (0.0, f"returned an observation of shape (), {SPACE}"),
    "one too many": ([0] * 4, f"returned an observation of shape (4,), {SPACE}"),
    "empty": ([], f"returned an observation of shape (0,), {SPACE}"),
}
REAL = "it must be a real number within float32's range"
REWARDS = {
    "NaN": (np.nan, f"returned reward nan; {REAL}"),
    "infinite": (np.float32(np.inf), f"returned reward np.float32(inf); {REAL}"),
    "infinite float16": (np.float16(np.inf), f"returned reward np.float16(inf); {REAL}"),
    "beyond float32": (-1e39, f"returned reward -1e+39; {REAL}"),
    "a whole number beyond every float": (
        10**400,
        f"returned reward 100000000000000000...0000000000000000000; {REAL}",
    ),
    "None": (None, f"returned reward None; {REAL}: return float(reward)"),
    "text": ("1.0", f"returned reward '1.0'; {REAL}: return float(reward)"),
    "complex": (1 + 0j, f"returned reward (1+0j); {REAL}: return float(reward)"),
    "a vector": (np.array([1.0]), f"returned reward array([1.]); {REAL}: return float(reward)"),
    "0-d": (np.array(1.0), f"returned reward array(1.); {REAL}: return float(reward)"),
    "a list": ([1.0], f"returned reward [1.0]; {REAL}: return float(reward)"),
    "masked": (np.ma.masked, f"returned reward masked; {REAL}: return float(reward)"),
}
TRUTH = "it must be True or False, or 1 or 0"
FLAGS = {
    "text": ("False", f"'False'; {TRUTH}"),
    "NaN": (np.nan, f"nan; {TRUTH}"),
    "None": (None, f"None; {TRUTH}"),
    "a float": (0.0, f"0.0; {TRUTH}"),
    "two": (2, f"2; {TRUTH}"),
    "minus one": (np.int64(-1), f"np.int64(-1); {TRUTH}"),
    "a vector": (np.array([False]), f"array([False]); {TRUTH}"),
    "a list": ([], f"[]; {TRUTH}"),
    "0-d float": (np.array(1.0), f"array(1.); {TRUTH}"),
}

FIVE = (
    "; Gymnasium expects a tuple of five: observation, reward, terminated, truncated, info (the"
    " old gym's four had one flag for both ends)"
)
STEPS = {  # what step returns instead, made from its normal result
    "the old gym's four": (lambda five: (*five[:3], five[4]), f"returned 4 values{FIVE}"),
    "three": (lambda five: five[:3], f"returned 3 values{FIVE}"),
    "six": (lambda five: (*five, {}), f"returned 6 values{FIVE}"),
    "nothing": (lambda _: None, f"returned None{FIVE}"),
    "a list": (list, f"returned a list{FIVE}"),
}
PAIR = "; if it returned the observation alone, as the old gym's does, add an empty dict"
RESETS = {
    "the observation alone": (lambda pair: pair[0], f"but a ndarray{PAIR}"),
    "a list": (list, f"but a list{PAIR}"),
    "nothing": (lambda _: None, f"but None{PAIR}"),
    "three": (lambda pair: (*pair, {}), f"but 3 values{PAIR}"),
    "a tuple that is an observation": (lambda pair: (0.5, 0.1), f"but 2 values{PAIR}"),
}


# --- raises ---------------------------------------------------------------------------------------


class Odd(Exception):
    """An exception class of the environment that cannot be printed."""

    def __str__(self):
        raise RuntimeError


class NoSeed(Plain):
    """An environment of the old gym, with a separate method for the seed."""

    def reset(self):
        return super().reset()


class Fails(Plain):
    """Raise at the third step of the object."""

    at = 0

    def __init__(self, error, **kwargs):
        super().__init__(**kwargs)
        self.error = error

    def step(self, action):
        self.at += 1
        if self.at == 3:
            raise self.error
        return super().step(action)


ERRORS = {  # what the third step raises
    "an empty ValueError": (ValueError(), "ValueError"),
    "a KeyError": (KeyError("sensor"), "KeyError: 'sensor'"),
    "of several lines": (RuntimeError("a\n  b\n"), "RuntimeError: a b"),
    "an assertion": (AssertionError("limits"), "AssertionError: limits"),
    "no more items": (StopIteration(), "StopIteration"),
    "a lost connection": (
        BrokenPipeError(32, "Broken pipe"),
        "BrokenPipeError: [Errno 32] Broken pipe",
    ),
    "a missing file": (
        FileNotFoundError(2, "No such file", "x"),
        "FileNotFoundError: [Errno 2] No such file: 'x'",
    ),
    "a missing module": (
        ModuleNotFoundError("No module named 'cv2'"),
        "ModuleNotFoundError: No module named 'cv2'",
    ),
    "no memory": (MemoryError(), "MemoryError"),
    "sys.exit": (SystemExit(3), "SystemExit: 3"),
    "Gymnasium's own": (gym.error.ResetNeeded("reset"), "gymnasium.error.ResetNeeded: reset"),
    "one that cannot be shown": (Odd(), "gallery.Odd: <exception str() failed>"),
}
SUBSCRIPT = "'NoneType' object is not subscriptable"
ERRORS["a TypeError"] = TypeError(SUBSCRIPT), f"TypeError: {SUBSCRIPT}"


SIGNATURE = "Gymnasium's is reset(self, *, seed=None, options=None)"
UNPACK = "ValueError: not enough values to unpack (expected 5, got 4)"
REMEDIES = {  # errors of Gymnasium's wrappers or of Python that show an old interface
    "reset without a seed": (
        NoSeed,
        "step 0, in reset: Odd-v0 stopped with TypeError: NoSeed.reset() got an unexpected"
        f" keyword argument 'seed'; {SIGNATURE}",
    ),
    "four values in a time limit": (
        lambda: four_values(),
        f"step 1: Odd-v0 stopped with {UNPACK}; Gymnasium's step returns observation,"
        " reward, terminated, truncated, info; the old gym's four values had one flag for"
        " both ends",
    ),
    "the observation alone in a wrapper": (
        lambda: wrappers.RescaleObservation(
            Plain(first=lambda pair: pair[0]), np.float32(-1), np.float32(1)
        ),
        "step 0, in reset: Odd-v0 stopped with ValueError: too many values to unpack"
        " (expected 2{}); Gymnasium's reset returns observation, info",
    ),
}

QUOTED = {  # by its id on the page docs/how-to/own-environment.md, each environment quoted there
    "nan-v0": [lambda: Plain(obs=lambda _: [0, 0, np.nan])],
    "oldstep-v0": [lambda: four_values()],
}


# --- cannot be made -------------------------------------------------------------------------------


class NoActionSpace(Plain):
    def __init__(self, **_):
        pass


class NoObservationSpace(gym.Env):
    action_space = spaces.Box(-1, 1, (2,))


class SpaceRaises(Plain):
    observation_space = property(raising(LookupError("no simulator")))


class NeedsAnArgument(Plain):
    def __init__(self, df):
        super().__init__()


def of_old_gym(name, **attributes):
    """Return an object of a class of the old package gym."""
    return type(name, (), {"__module__": "gym.core", **attributes})()


def with_spaces(**changed):
    """Return Plain with other spaces."""

    def make():
        env = Plain()
        vars(env).update(changed)
        return env

    return make


HINT = "DDPG needs a Box of numbers (gymnasium.wrappers.FlattenObservation can make one)"
VECTOR = "DDPG's MLPs need a vector (gymnasium.wrappers.FlattenObservation can make one)"
TANH = (
    "; tanh needs finite bounds, low below high (gymnasium.wrappers.TransformAction can change"
    " them)"
)
BOX = spaces.Box(-1, 1, (2,))
UNMADE = {
    "no action space": (
        NoActionSpace,
        "Odd-v0 has no action_space: its __init__ must set self.action_space",
    ),
    "no observation space": (
        NoObservationSpace,
        "Odd-v0 has no observation_space: its __init__ must set self.observation_space",
    ),
    "a space that raises": (
        SpaceRaises,
        "the observation_space of Odd-v0 stopped with LookupError: no simulator",
    ),
    "needs an argument": (
        NeedsAnArgument,
        "making the environment Odd-v0 stopped with TypeError: NeedsAnArgument.__init__()"
        " missing 1 required positional argument: 'df' was raised from the environment"
        " creator for Odd-v0 with kwargs ({}); its arguments are given in env_kwargs"
        " (--env-kwargs)",
    ),
    "raises when made": (
        raising(OSError("port 5005 is in use")),
        "making the environment Odd-v0 stopped with OSError: port 5005 is in use",
    ),
    "exits when made": (
        raising(SystemExit(1)),
        "making the environment Odd-v0 stopped with SystemExit: 1",
    ),
    "a missing module": (
        raising(ModuleNotFoundError("No module named 'cv2'")),
        "Odd-v0: No module named 'cv2'",
    ),
    "a missing dependency": (
        raising(gym.error.DependencyNotInstalled("pip install odd")),
        "Odd-v0: pip install odd",
    ),
    "Gymnasium's refusal": (
        raising(gym.error.InvalidBound("odd bounds")),
        "environment 'Odd-v0': odd bounds",
    ),
    "dictionary": (InADictionary, f"Odd-v0 has Dict observations; {HINT}"),
    "a number for an observation": (
        with_spaces(observation_space=spaces.Discrete(3)),
        f"Odd-v0 has Discrete observations; {HINT}",
    ),
    "text": (
        with_spaces(observation_space=spaces.Text(3)),
        f"Odd-v0 has Text observations; {HINT}",
    ),
    "sequence": (
        with_spaces(observation_space=spaces.Sequence(BOX)),
        f"Odd-v0 has Sequence observations; {HINT}",
    ),
    "no space": (with_spaces(observation_space=None), f"Odd-v0 has NoneType observations; {HINT}"),
    "no entries": (
        with_spaces(observation_space=spaces.Box(-1, 1, (0,))),
        "Odd-v0 has observations without entries, of shape (0,)",
    ),
    "column": (column, f"Odd-v0 has observations of shape (3, 1), not a vector; {VECTOR}"),
    "FrameStackObservation": (
        lambda: wrappers.FrameStackObservation(Plain(), 4),
        f"Odd-v0 has observations of shape (4, 3), not a vector; {VECTOR}",
    ),
    "images": (
        lambda: wrappers.AddRenderObservation(Plain(render_mode="rgb_array")),
        "Odd-v0 has observations of shape (20, 40, 3), images; DDPG's MLPs need a vector"
        " of features",
    ),
    "old spaces": (
        with_spaces(action_space=of_old_gym("Box")),
        "Odd-v0 has an action_space of the old package gym; DDPG needs gymnasium.spaces.Box",
    ),
    "choices": (
        with_spaces(action_space=spaces.MultiDiscrete([2, 3])),
        "Odd-v0 has MultiDiscrete actions; DDPG needs a Box of real numbers; a continuous"
        " version may exist",
    ),
    "DiscretizeAction": (
        lambda: wrappers.DiscretizeAction(Plain(), 3),
        "Odd-v0 has Discrete actions; DDPG needs a Box of real numbers; a continuous"
        " version may exist",
    ),
    "two boxes": (
        with_spaces(action_space=spaces.Dict(a=BOX, b=BOX)),
        "Odd-v0 has Dict actions; DDPG needs a Box of real numbers",
    ),
    "whole numbers": (
        with_spaces(action_space=spaces.Box(0, 9, (2,), np.int64)),
        "Odd-v0 has int64 actions; DDPG's actions are real numbers",
    ),
    "ClipAction": (
        lambda: wrappers.ClipAction(Plain()),
        f"Odd-v0 has an action box that is unbounded in dimension 0: [-inf, inf]{TANH}",
    ),
    "half bounded": (
        with_spaces(action_space=spaces.Box(np.float32([0, 0]), np.float32([1, np.inf]))),
        f"Odd-v0 has an action box that is unbounded in dimension 1: [0.0, inf]{TANH}",
    ),
    "bounds that float32 cannot tell apart": (
        boxed(1, 1 + 1e-9),
        f"Odd-v0 has an action box with equal bounds in dimension 0: [1.0, 1.0]{TANH}",
    ),
    "bounds too close for float64": (
        boxed(1, 1 + 1e-13, np.float64),
        "Odd-v0: action bounds 1.0 and 1.0000000000001 (dimension 0) are too close for float64",
    ),
    "bounds at the ends of float64": (
        boxed(-1.5e308, 1.5e308, np.float64),
        "Odd-v0: action bounds -1.5e+308 and 1.5e+308 (dimension 0) are too far from 0 for float64",
    ),
    "no action": (
        with_spaces(action_space=spaces.Box(-1, 1, (0,))),
        "Odd-v0 has an empty action box, of shape (0,)",
    ),
}
NO_ENVIRONMENT = {
    "a vector environment": (
        lambda: gym.vector.SyncVectorEnv([Plain, Plain]),
        "this is a vector environment, DDPG needs a single one: use gymnasium.make",
    ),
    "the old gym's": (
        lambda: of_old_gym("Cart", action_space=BOX),
        "Cart is an environment of the old package gym; write  import gymnasium as gym  in it, and"
        " let reset and step return what Gymnasium expects",
    ),
    "only alike": (
        lambda: types.SimpleNamespace(action_space=1),
        "namespace(action_space=1) is not a Gymnasium environment: derive it from gymnasium.Env",
    ),
}


# --- normalises with its own statistics -----------------------------------------------------------


class Welford:
    """Statistics as properties of a sum, which fail before the first value."""

    def __init__(self):
        self.n, self.mean, self.M2 = 0, 0.0, 0.0

    @property
    def std(self):
        return (self.M2 / self.n) ** 0.5


class OwnNormalizer(gym.ObservationWrapper):
    def __init__(self, env):
        super().__init__(env)
        self.scaler = Welford()

    def observation(self, observation):
        return observation


class MadeInReset(Plain):
    """Make the statistics at the first reset."""

    _running_mean = None

    def reset(self, **kwargs):
        self._running_mean = np.zeros(3)
        return super().reset(**kwargs)


class RewardScaler(gym.Wrapper):
    def __init__(self, env, training=True):
        super().__init__(env)
        self.training = training
        self._reward_scale = types.SimpleNamespace(mean=0.0, var=1.0, count=1)


def normalises(name, what, attribute):
    """Return the warning that names this wrapper."""
    remedy = (
        "set normalize_obs = True (--normalize-obs) instead"
        if what == "observations"
        else "scale the rewards by a constant instead (gymnasium.wrappers.TransformReward)"
    )
    return (
        f"Odd-v0: {name} normalises {what} by running statistics ({attribute}), which every"
        f" instance has separately and no checkpoint saves: evaluations, watch and a resumed run"
        f" see other {what} than training did; {remedy}"
    )


STATISTICS = {
    "NormalizeObservation": (
        lambda **options: wrappers.NormalizeObservation(Plain(**options)),
        [normalises("NormalizeObservation", "observations", "obs_rms")],
    ),
    "NormalizeReward": (
        lambda: wrappers.NormalizeReward(Plain()),
        [normalises("NormalizeReward", "rewards", "return_rms")],
    ),
    "both, and others between": (
        lambda: wrappers.TimeLimit(
            wrappers.NormalizeReward(
                wrappers.RecordEpisodeStatistics(wrappers.NormalizeObservation(Plain()))
            ),
            50,
        ),
        [
            normalises("NormalizeReward", "rewards", "return_rms"),
            normalises("NormalizeObservation", "observations", "obs_rms"),
        ],
    ),
    "a wrapper of one's own": (
        lambda: OwnNormalizer(Plain()),
        [normalises("OwnNormalizer", "observations", "scaler")],
    ),
    "inside the environment, from its reset on": (
        MadeInReset,
        [normalises("MadeInReset", "observations", "_running_mean")],
    ),
    "of rewards": (
        lambda: RewardScaler(Plain()),
        [normalises("RewardScaler", "rewards", "_reward_scale")],
    ),
}


class Counted(gym.Wrapper):
    """Count the steps of all instances."""

    steps = 0

    def step(self, action):
        Counted.steps += 1
        return super().step(action)


# --- ten of them from the first command to the last -----------------------------------------------


class ClosesBadly(Plain):
    def close(self):
        raise OSError("the port is gone")


class Matrix(Plain):
    """Require a matrix of actions, and return the observation in a dictionary."""

    observation_space = InADictionary.observation_space

    def __init__(self, **options):
        box = spaces.Box(LOW_OF_MATRIX, LOW_OF_MATRIX + 2)
        super().__init__(obs=lambda obs: {"point": obs}, box=box, **options)

    def step(self, action):
        assert self.action_space.contains(action), action
        return super().step(action)


LOW_OF_MATRIX = 10 * np.arange(6, dtype=np.float32).reshape(2, 3)
WIDE = spaces.Box(np.float32([-1e38]), np.float32([3e38]))
USABLE = {
    "plain": Plain,
    "one memory": OneMemory,
    "flags of 0 and 1": lambda **options: Plain(terminated=int, truncated=np.int8, **options),
    "float16": lambda **options: Plain(obs=np.float16, reward=np.float16, **options),
    "a wide box": lambda **options: Plain(box=WIDE, **options),
    "a matrix, a dictionary": lambda **options: wrappers.FlattenObservation(Matrix(**options)),
    "a bandit": lambda **options: Plain(terminated=lambda _: True, **options),
}


def four_values(**options):
    return Plain(outcome=STEPS["the old gym's four"][0], **options)


# for processes where `now` cannot be set
gym.register("OddNormalized-v0", entry_point=STATISTICS["NormalizeObservation"][0])
gym.register("OddFailing-v0", entry_point=lambda **options: Fails(KeyError("sensor"), **options))


class Pushing:
    """A policy for Plain, without noise."""

    def predict(self, obs, deterministic):
        assert deterministic is True
        return np.float32([obs[0], 3]), None
