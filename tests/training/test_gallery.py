"""A gallery of odd environments: each trains correctly, or is refused with a helpful message."""

import re
import sys
import warnings
from pathlib import Path

import gallery
import numpy as np
import pytest
from gallery import Plain

from minddpg import EnvError, train
from minddpg.training.environment import Environment

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "own-environment.md").read_text("utf-8")


def trained(make):
    gallery.now = make
    return train(gallery.CONFIG, progress=False)


def refusal(make, kind=ValueError):
    """Return the message of the refusal of this environment, or what happened instead."""
    try:
        trained(make)
    except kind as error:
        return str(error)
    except Exception as error:
        return repr(error)
    return "trains"


def step_refusal(plain):
    """Return the message of a first step without wrappers, which would raise their own errors."""
    env = Environment(plain)
    env.reset(0)
    with pytest.raises(ValueError, match="step 1") as caught:
        env.step(np.zeros(2))
    return str(caught.value)


def faults(found, wanted):
    return {name: (found[name], wanted[name]) for name in wanted if found[name] != wanted[name]}


def result(run):
    thetas = b"".join(array.tobytes() for array in run.agent.arrays().values())
    return thetas, run.history["eval/mean_reward"].tobytes()


FROM_GYMNASIUM = pytest.mark.filterwarnings(
    "ignore:.*precision lowered", "ignore:overflow.*in cast"
)


@FROM_GYMNASIUM
def test_what_only_looks_odd_trains_to_the_bits_of_the_plain_environment():
    wanted = result(trained(Plain))
    assert not [n for n, make in gallery.EQUAL.items() if result(trained(make)) != wanted]


@FROM_GYMNASIUM
@pytest.mark.filterwarnings("ignore:.*actions lie at a bound")  # correctly: observations are huge
def test_odd_environments_that_ddpg_can_use_train():
    for name, make in gallery.TRAINS.items():
        try:
            run = trained(make)
        except Exception as error:
            raise AssertionError(name) from error
        assert np.isfinite(run.agent.actor.theta).all(), name
        assert np.isfinite(run.history["eval/mean_reward"][-1]), name


def test_an_observation_that_is_none_is_refused_with_what_is_wanted():
    wanted = {n: f"step 0: Odd-v0 {words}" for n, (_, words) in gallery.OBSERVATIONS.items()}
    found = {
        name: refusal(lambda obs=obs: Plain(obs=lambda _: obs))
        for name, (obs, _) in gallery.OBSERVATIONS.items()
    }
    assert not faults(found, wanted)


def test_a_reward_or_a_flag_that_is_none_is_refused_with_what_is_wanted():
    wanted = {n: f"step 1: Odd-v0 {words}" for n, (_, words) in gallery.REWARDS.items()}
    found = {
        name: refusal(lambda reward=reward: Plain(reward=lambda _: reward))
        for name, (reward, _) in gallery.REWARDS.items()
    }
    assert not faults(found, wanted)
    for field in ("terminated", "truncated"):
        wanted = {
            name: f"step 1: Odd-v0 returned {field} = {words}"
            for name, (_, words) in gallery.FLAGS.items()
        }
        found = {
            name: refusal(lambda flag=flag, field=field: Plain(**{field: lambda _: flag}))
            for name, (flag, _) in gallery.FLAGS.items()
        }
        assert not faults(found, wanted)


def test_steps_and_resets_of_the_old_kind_are_refused_with_what_is_wanted():
    wanted = {n: f"step 1: Plain.step {words}" for n, (_, words) in gallery.STEPS.items()}
    found = {
        name: step_refusal(Plain(outcome=change)) for name, (change, _) in gallery.STEPS.items()
    }
    assert not faults(found, wanted)
    start = "step 0: Odd-v0.reset did not return an (observation, info) pair, "
    wanted = {name: start + words for name, (_, words) in gallery.RESETS.items()}
    found = {
        name: refusal(lambda change=change: Plain(first=change))
        for name, (change, _) in gallery.RESETS.items()
    }
    assert not faults(found, wanted)


def test_what_the_environment_raises_is_one_error_with_step_name_type_text_and_cause():
    for name, (error, words) in gallery.ERRORS.items():
        with pytest.raises(EnvError) as caught:
            trained(lambda error=error: gallery.Fails(error))
        assert str(caught.value) == f"step 3: Odd-v0 stopped with {words}", name
        assert caught.value.__cause__ is error, name


def test_an_old_interface_inside_a_wrapper_is_named_with_the_remedy():
    counted = ", got 3" if sys.version_info >= (3, 14) else ""  # Python's own words
    for name, (make, words) in gallery.REMEDIES.items():
        assert refusal(make, EnvError) == words.format(counted), name


def test_the_page_of_own_environments_quotes_these_messages():
    for env_id, makes in gallery.QUOTED.items():
        quotes = re.findall(rf"`step \d+[^:`]*: {env_id}(?: \(evaluation\))?([^`]+)`", PAGE)
        for quote, make in zip(quotes, makes, strict=True):
            env = Environment(make())
            with pytest.raises((ValueError, EnvError)) as caught:
                env.step(env.reset(0)[:2])
            said = re.sub(r"^step \d: \w+", "", str(caught.value))
            assert said.startswith(quote.rstrip("… ")), (quote, said)


def test_recording_videos_is_harmless_or_its_missing_package_is_named(tmp_path):
    words = refusal(gallery.on_video(tmp_path), ImportError)
    assert words == "trains" or words.lower().startswith("odd-v0: moviepy is not installed")


def test_what_cannot_be_made_is_refused_in_the_words_that_help():
    kinds = (TypeError, ValueError, ImportError, EnvError)
    wanted = {name: words for name, (_, words) in gallery.UNMADE.items()}
    found = {name: refusal(make, kinds) for name, (make, _) in gallery.UNMADE.items()}
    assert not faults(found, wanted)
    for name, (make, words) in gallery.NO_ENVIRONMENT.items():
        with pytest.raises(TypeError) as caught:
            Environment(make())
        assert str(caught.value) == words, name


def test_statistics_of_wrappers_are_warned_of_once_before_the_first_step():
    for name, (make, wanted) in gallery.STATISTICS.items():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            trained(make)
        assert [str(warning.message) for warning in caught] == wanted, name
        gallery.Counted.steps = 0
        words = refusal(lambda make=make: gallery.Counted(make()), UserWarning)
        assert (words, gallery.Counted.steps) == (wanted[0], 0), name
