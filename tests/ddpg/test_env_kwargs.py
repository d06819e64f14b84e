"""The arguments of an environment are JSON values that nothing can change."""

import copy
import json
import pickle
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, replace

import numpy as np
import pytest

from minddpg import Config
from minddpg.ddpg.json_object import DEEPEST, LONGEST, JsonObject

VALUES = {
    "gain": 2,
    "parts": [1, {"mass": 0.5, "gear": {"b": 1, "a": 2}}],
    "arm": "x",
    "name": "ä",
    "on": True,
    "none": None,
}


def test_what_was_given_is_copied_and_neither_the_original_nor_the_copy_can_change_it():
    given = copy.deepcopy(VALUES)
    config = Config(env_kwargs=given)
    before = hash(config)
    given["gain"] = 3
    given["parts"][1]["mass"] = 7
    config.env_kwargs["parts"].append(4)
    config.env_kwargs["parts"][1]["mass"] = 7
    with pytest.raises(TypeError, match="does not support item assignment"):
        config.env_kwargs["gain"] = 3
    with pytest.raises(TypeError, match="does not support item deletion"):
        del config.env_kwargs["gain"]
    assert config.env_kwargs == VALUES
    assert hash(config) == before


def test_it_is_a_mapping_of_plain_values():
    kwargs = Config(env_kwargs=VALUES).env_kwargs
    assert isinstance(kwargs, Mapping)
    assert dict(**kwargs) == dict(kwargs) == VALUES
    assert (len(kwargs), "gain" in kwargs, kwargs.get("mass", 9)) == (6, True, 9)
    assert type(kwargs["parts"]) is list
    assert type(kwargs["parts"][1]) is dict
    assert eval(repr(kwargs)) == VALUES
    assert json.loads(str(kwargs)) == VALUES
    assert Config().env_kwargs == {}
    assert not Config().env_kwargs


def test_configs_are_equal_whose_arguments_are_equal_as_json_with_sorted_names():
    one, other = ({"env_kwargs": {"a": 1, "b": {"c": 1, "d": 2}}} for _ in range(2))
    other["env_kwargs"] = {"b": {"d": 2, "c": 1}, "a": 1}
    assert Config(**one) == Config(**other)
    assert len({Config(**one), Config(**other), Config()}) == 2
    different = [Config(env_kwargs={"a": each}) for each in (1, 1.0, True, "1", [1], -0.0, 0.0)]
    assert len(set(different)) == len(different)
    for config in different:  # dicts are compared by the same rule
        assert sum(config.env_kwargs == dict(each.env_kwargs) for each in different) == 1
        assert config.env_kwargs != {"a": object()}
        assert config.env_kwargs != 1


def in_order(mapping):
    """Return the JSON text, which shows the order of the names at every depth."""
    return json.dumps(dict(mapping))


def test_every_way_to_copy_a_config_keeps_the_arguments_and_their_order():
    config = Config.preset("mujoco", env_kwargs=VALUES)
    for copied in (
        config,
        pickle.loads(pickle.dumps(config)),
        copy.copy(config),
        copy.deepcopy(config),
        replace(replace(config, tau=0.5), tau=config.tau),
        Config(**asdict(config)),
        Config(**vars(config)),
        Config.from_json(config.to_json()),
        Config.from_json(json.dumps(asdict(config))),
    ):
        assert (copied, hash(copied)) == (config, hash(config))
        assert type(copied.env_kwargs) is JsonObject
        assert in_order(copied.env_kwargs) == str(copied.env_kwargs) == in_order(VALUES)
    assert type(asdict(config)["env_kwargs"]) is dict
    assert json.loads(config.to_json())["env_kwargs"] == VALUES


def test_numpys_numbers_tuples_and_other_mappings_become_json_values():
    given = {
        "a": np.int64(2),
        "b": np.float32(0.5),
        "c": np.True_,
        "d": (1, (2,)),
        "e": np.str_("x"),
    }
    kwargs = Config(env_kwargs=OrderedDict(given, f=JsonObject({"g": 1}))).env_kwargs
    assert str(kwargs) == ('{"a": 2, "b": 0.5, "c": true, "d": [1, [2]], "e": "x", "f": {"g": 1}}')


def nested(depth):
    return {"a": nested(depth - 1)} if depth else {}


CYCLE = {}
CYCLE["a"] = CYCLE
BAD = {
    r"env_kwargs = \[1\]: must map names to values": [1],
    r"env_kwargs = None: must map": None,
    r"env_kwargs = '\{\}': must map": "{}",
    r"env_kwargs has the name 1: names must be text": {1: 2},
    r"env_kwargs\['a'\]\[1\] has the name None": {"a": [0, {None: 2}]},
    r"env_kwargs\['a'\] = nan: a number must be finite": {"a": float("nan")},
    r"env_kwargs\['a'\]\['b'\]\[1\] = -inf: a number must be finite": {"a": {"b": [1, -np.inf]}},
    r"env_kwargs\['a'\] = array\(\[1, 2\]\): must be a number, text": {"a": np.array([1, 2])},
    r"env_kwargs\['a'\] = \{1\}: must be a number, text, true or false": {"a": {1}},
    r"env_kwargs\['a'\] = <object obj": {"a": object()},
    r"env_kwargs\['a'\] = 1j": {"a": 1j},
    r"env_kwargs\['a'\] = \d+\.*\d+: a number must be within 64 bits": {"a": 2**64},
    r"env_kwargs\['a'\] = a number of thousands of digits": {"a": 10**9_999},
    r"nested more than 10 deep": nested(DEEPEST),
    r"^env_kwargs(\['a'\]){10}: nested more than 10 deep": CYCLE,
    r"env_kwargs is too large: 10,001 characters": {"a": "x" * (LONGEST - 8)},
    r"env_kwargs\['render_mode'\]: leave it out, because minddpg watch sets it": {
        "render_mode": "human"
    },
    r"env_kwargs\['id'\]: leave it out, because it is env_id": {"id": "Other-v0"},
    r"env_kwargs\['disable_env_checker'\]: leave it out": {"disable_env_checker": False},
}


def test_what_is_not_a_small_json_object_is_refused_in_one_line_that_names_the_place():
    for message, values in BAD.items():
        with pytest.raises(ValueError, match="env_kwargs") as caught:
            Config(env_kwargs=values)
        assert re.search(message, str(caught.value)), message
        assert len(str(caught.value)) < 200
        assert "\n" not in str(caught.value)
    assert Config(env_kwargs=nested(DEEPEST - 1)).env_kwargs == nested(DEEPEST - 1)
    assert len(str(Config(env_kwargs={"a": "x" * (LONGEST - 9)}).env_kwargs)) == LONGEST


def test_the_environments_name_has_the_arguments_as_far_as_a_title_has_room_for_them():
    assert Config("A-v0").env_name == "A-v0"
    assert Config("A-v0", env_kwargs={"gain": 2}).env_name == 'A-v0 {"gain": 2}'
    long = Config("A-v0", env_kwargs={"gain": "x" * 99}).env_name
    assert (long[:20], long[-5:], len(long)) == ('A-v0 {"gain": "xxxxx', "x ...", 65)


def test_a_name_that_json_has_twice_is_refused_at_any_depth():
    for text in ('{"tau": 1, "tau": 0.5}', '{"env_kwargs": {"g": 1, "g": 2}}'):
        with pytest.raises(ValueError, match=r"config is not JSON: '(tau|g)' is in it twice"):
            Config.from_json(text)
