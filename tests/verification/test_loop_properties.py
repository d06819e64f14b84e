"""Correct code has every property of a training loop and of its noise, and mistakes violate them.

The package's bugs violate most of them (tests/course/test_kill_matrix.py); these are others.
"""

import numpy as np
import pytest
from helpers import for_each

from minddpg import DDPG
from minddpg.ddpg import agent as agent_module
from minddpg.ddpg.noise import GaussianNoise, OrnsteinUhlenbeckNoise, make_noise
from minddpg.training.checkpoint import State
from minddpg.verification.bugs import BUGS
from minddpg.verification.bugs.bug import patched
from minddpg.verification.loop_properties import behaviours
from minddpg.verification.noise_properties import BOUND, MEMORY, draw, errors

OBS = "an observation in the memory is the one acted on"
NEXT_OBS = "a next observation in the memory is where the action led"
TERMINATED = "`terminated` in the memory is the MDP's end, never a time limit"
UNITS = "the environment is given the action in its own units"
WITHIN = "an action in the memory is within [−1, 1]"
SEEDS = "every episode is reset with a different seed"
FROM_ZERO = "the noise starts each episode at zero"
EVALUATION = "an evaluation acts without noise"
UPDATES = "there is one update for every step after the warm-up"
NO_UPDATE = "no update comes before the end of the warm-up"
UNIFORM = "the warm-up's actions are uniform in the whole box"
POLICY = "the policy acts, with noise, at every step after the warm-up and at none before"
MEAN, WIDTH = "the noise's mean is zero", "the noise is as wide as the config says"
ENTRIES = "each action entry has its own noise"
NO_MEMORY = "Gaussian noise has no memory, Ornstein–Uhlenbeck noise as much as its θ and dt say"
NONE = "without noise, exploration changes no action"


def untrue():
    return [claim.sentence for claim in behaviours() if not claim.holds()]


def test_the_loop_has_every_property():
    assert untrue() == []


def test_the_properties_are_these():
    """`minddpg check --bugs` shows these sentences to users."""
    assert [claim.sentence for claim in behaviours()] == [
        *(OBS, NEXT_OBS, TERMINATED, UNITS, WITHIN, SEEDS, FROM_ZERO, EVALUATION, UNIFORM),
        *(POLICY, NO_UPDATE, UPDATES, MEAN, WIDTH, ENTRIES, NO_MEMORY, NONE),
    ]


def test_the_noise_is_the_same_at_each_call():
    np.testing.assert_array_equal(draw("ou"), draw("ou"))


def test_no_seed_of_the_noise_comes_near_the_bound():
    largest = [max(errors(draw(name, seed), c)) for name, c in MEMORY.items() for seed in range(9)]
    assert max(largest) < 0.8 * BOUND


def every_other_update():
    original, calls = DDPG.update, []

    def update(self, batch):
        calls.append(batch)
        zeros = dict.fromkeys(("q_mean", "q_min", "q_max", "critic_loss", "actor_loss"), 0.0)
        return original(self, batch) if len(calls) % 2 else zeros

    return ((DDPG, "update", update),)


def two_updates():
    original = DDPG.update

    def update(self, batch):
        original(self, batch)
        return original(self, batch)

    return ((DDPG, "update", update),)


def warm_up(change):
    def is_warming_up(self):
        return self.step <= change(self.agent.config.warmup_steps)

    return ((State, "is_warming_up", is_warming_up),)


def first_action(make):
    def random_action(self):
        return np.asarray(make(self.exploration_rng, self.action_dim), self.config.dtype)

    return ((DDPG, "random_action", random_action),)


def noise(kind, change):
    original = kind.sample
    return ((kind, "sample", lambda self: change(self, original(self))),)


def added(change, bound=1):
    """Replace how exploration uses the noise."""

    def act(self, obs, explore=False):
        action = self.actor.forward(np.asarray(obs, self.config.dtype))[0]
        if not explore:
            return action
        return np.clip(action + change(self.noise.sample()), -bound, bound)

    return ((DDPG, "act", act),)


def sticky(self, sample):
    """Repeat each draw once."""
    self.kept, again = (None, self.kept) if getattr(self, "kept", None) is not None else (sample, 0)
    return sample if self.kept is not None else again


def always(config, action_dim, rng):
    if config.noise == "none":
        return GaussianNoise(action_dim, config.noise_scale, rng)
    return make_noise(config, action_dim, rng)


def without_dt(self):
    shock = self.scale * self.rng.standard_normal(self.state.shape)
    self.state = (1 - self.theta) * self.state + shock
    return self.state.copy()


MISTAKES = {
    "by reference": (OBS, BUGS["by-reference"].patches),
    "the next episode's start": (NEXT_OBS, BUGS["reset-stored"].patches),
    "a time limit": (TERMINATED, BUGS["truncated-as-terminated"].patches),
    "other units": (UNITS, BUGS["action-scale"].patches),
    "no clip": (WITHIN, BUGS["not-clipped"].patches),
    "a clip too wide": (WITHIN, added(lambda noise: 9 * noise, bound=1.01)),
    "one seed": (SEEDS, BUGS["one-start"].patches),
    "one walk": (FROM_ZERO, BUGS["noise-never-reset"].patches),
    "a noisy evaluation": (EVALUATION, BUGS["noisy-evaluation"].patches),
    "every other update is left out": (UPDATES, every_other_update()),
    "two updates a step": (UPDATES, two_updates()),
    "half a warm-up": (NO_UPDATE, warm_up(lambda steps: steps // 2)),
    "half of its actions": (POLICY, warm_up(lambda steps: steps // 2)),
    "a warm-up of one step more": (POLICY, warm_up(lambda steps: steps + 1)),
    "no end of the warm-up": (POLICY, warm_up(lambda steps: 10**6)),
    "upper half": (UNIFORM, first_action(lambda rng, size: rng.uniform(0, 1, size))),
    "bounds alone": (UNIFORM, first_action(lambda rng, size: rng.choice([-1, 1], size))),
    "one number": (UNIFORM, first_action(lambda rng, size: np.full(size, rng.uniform(-1, 1)))),
    "one side of OU": (MEAN, noise(OrnsteinUhlenbeckNoise, lambda self, x: np.abs(x))),
    "one side when added": (MEAN, added(np.abs)),
    "off its mean": (MEAN, noise(GaussianNoise, lambda self, x: x + 0.2 * self.scale)),
    "a variance for a deviation": (WIDTH, noise(GaussianNoise, lambda self, x: self.scale * x)),
    "a number that never changes": (WIDTH, noise(GaussianNoise, lambda self, x: 0 * x + 1e-3)),
    "a number, and its memory": (NO_MEMORY, noise(GaussianNoise, lambda self, x: 0 * x + 1e-3)),
    "a fifth too wide": (WIDTH, noise(GaussianNoise, lambda self, x: 1.2 * x)),
    "dt left out": (NO_MEMORY, ((OrnsteinUhlenbeckNoise, "sample", without_dt),)),
    "each draw twice": (NO_MEMORY, noise(GaussianNoise, sticky)),
    "one for all": (ENTRIES, noise(GaussianNoise, lambda self, x: np.full(x.shape, x[0]))),
    "one for all of OU": (
        ENTRIES,
        noise(OrnsteinUhlenbeckNoise, lambda self, x: np.full(x.shape, x[0])),
    ),
    "noise where none is asked for": (NONE, ((agent_module, "make_noise", always),)),
}


@pytest.mark.slow
@for_each(MISTAKES)
def test_a_mistake_breaks_its_property(name):
    sentence, patches = MISTAKES[name]
    with patched(patches):
        (claim,) = (each for each in behaviours() if each.sentence == sentence)
        assert not claim.holds()
