"""Settings are checked when they are created, and equal after saving and loading."""

import json
from dataclasses import FrozenInstanceError, asdict, fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minddpg import Config
from minddpg.ddpg.config import NOT_IN_ENV_KWARGS
from minddpg.ddpg.presets import PRESETS

FIRST_EDITION = Path(__file__).parents[1] / "fixtures" / "first_edition" / "run" / "config.json"


def test_config_is_the_pendulum_preset():
    assert Config() == Config.preset("pendulum")
    assert Config().env_id == "Pendulum-v1"


def test_the_paper_preset_is_the_papers_table():
    paper = Config.preset("paper")
    assert paper.hidden_sizes == (400, 300)
    assert paper.action_layer == 1
    assert (paper.actor_learning_rate, paper.critic_learning_rate) == (1e-4, 1e-3)
    assert paper.critic_weight_decay == 1e-2
    assert (paper.discount, paper.tau) == (0.99, 0.001)
    assert (paper.batch_size, paper.replay_capacity) == (64, 1_000_000)
    assert (paper.noise, paper.ou_theta, paper.noise_scale) == ("ou", 0.15, 0.2)
    assert paper.final_layer_scale == 3e-3
    assert paper.anneal_from == 1.0  # constant rates


def test_the_paper_preset_names_every_setting_of_the_algorithm_itself():
    """Otherwise a change of the defaults would change the paper's settings."""
    world = {"env_id", "seed", "dtype", "log_every", "eval_episodes", "eval_env", "env_kwargs"}
    missing = {item.name for item in fields(Config)} - world - set(PRESETS["paper"])
    assert not missing, "add to PRESETS['paper'], or to `world` if it does not change the algorithm"
    assert not world & set(PRESETS["paper"])


def test_new_fields_go_last():
    """Names of a study's run folders depend on the order of the fields of the first edition."""
    first = list(json.loads(FIRST_EDITION.read_text(encoding="utf-8"))["config"])
    names = [item.name for item in fields(Config)]
    assert names[: len(first)] == first, "in Config, a new field goes last"


def test_a_preset_takes_overrides():
    config = Config.preset("paper", tau=0.5, env_id="Other-v0")
    assert (config.tau, config.env_id, config.hidden_sizes) == (0.5, "Other-v0", (400, 300))


def test_a_config_cannot_be_changed_but_replaced():
    with pytest.raises(FrozenInstanceError):
        Config().tau = 0.5
    assert replace(Config(), tau=0.5).tau == 0.5
    assert len({Config(), Config(), Config(tau=0.5)}) == 2  # hashable


def test_every_field_has_help():
    assert all(item.metadata["help"] for item in fields(Config))


configs = st.builds(
    Config,
    env_id=st.text(min_size=1),
    total_steps=st.integers(1, 10**9),
    seed=st.integers(0, 2**63),
    hidden_sizes=st.lists(st.integers(1, 999), min_size=2, max_size=4),
    action_layer=st.integers(0, 1),
    batch_size=st.integers(1, 500),
    replay_capacity=st.integers(500, 10**6),
    discount=st.floats(0, 1, exclude_max=True),
    tau=st.floats(0, 1, exclude_min=True),
    actor_learning_rate=st.floats(0, 1e3, exclude_min=True),
    noise=st.sampled_from(["gaussian", "ou", "none"]),
    dtype=st.sampled_from(["float32", "float64", "complex128"]),
    env_kwargs=st.dictionaries(
        st.text().filter(lambda name: name not in NOT_IN_ENV_KWARGS),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers(-(2**64) + 1, 2**64 - 1)
            | st.text()
            | st.floats(allow_nan=False, allow_infinity=False),
            lambda inner: (
                st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2)
            ),
            max_leaves=4,
        ),
        max_size=2,
    ),
)


@settings(max_examples=20)
@given(configs)
def test_json_gives_back_the_same_config(config):
    assert Config.from_json(config.to_json()) == config
    assert Config.from_json(json.dumps(asdict(config))) == config


def test_fields_absent_from_json_take_their_defaults():
    assert Config.from_json('{"tau": 0.5}') == Config(tau=0.5)


def test_values_are_brought_to_their_fields_type():
    config = Config(total_steps=np.int64(7), tau=1, hidden_sizes=[32, np.int32(16)])
    assert type(config.total_steps) is int
    assert type(config.tau) is float
    assert config.hidden_sizes == (32, 16)
    assert type(config.hidden_sizes[1]) is int


BAD = [
    ("total_steps", 0, r"\[1, inf\)"),
    ("total_steps", 1.5, "whole number"),
    ("total_steps", True, "whole number"),
    ("total_steps", "10", "whole number"),
    ("seed", -1, r"\[0, inf\)"),
    ("batch_size", 0, r"\[1, inf\)"),
    ("discount", 1.0, r"\[0, 1\)"),
    ("discount", -0.1, r"\[0, 1\)"),
    ("discount", float("nan"), "number in"),
    ("tau", 0.0, r"\(0, "),
    ("tau", 1.01, r"\(0, 1\]"),
    ("actor_learning_rate", 0.0, r"\(0, "),
    ("critic_learning_rate", float("inf"), "number in"),
    ("critic_learning_rate", None, r"number in \(0, inf\)"),
    ("critic_weight_decay", -1e-3, r"\[0, inf\)"),
    ("noise", "uniform", "gaussian, ou, none"),
    ("noise_scale", -0.1, r"\[0, inf\)"),
    ("dtype", "float16", "float32, float64, complex128"),
    ("dtype", 32, "float32"),
    ("env_id", 3, "text"),
    ("hidden_sizes", (), r"hidden_sizes = \(\): must name at least one"),
    ("hidden_sizes", (64, 0), r"\[1, inf\)"),
    ("hidden_sizes", 64, "list of whole numbers"),
    ("hidden_sizes", "64", "list of whole numbers"),
    ("hidden_sizes", (64, 1.5), "whole number"),
    ("action_layer", 2, r"below 2, the length of hidden_sizes = \(64, 64\)"),
    ("replay_capacity", 63, "at least batch_size = 64"),
    ("ou_theta", 2.5, "below 2"),
    ("eval_episodes", 0, r"\[1, inf\)"),
]


@pytest.mark.parametrize(("name", "value", "allowed"), BAD)
def test_a_bad_value_is_refused_with_field_value_and_what_is_allowed(name, value, allowed):
    with pytest.raises(ValueError, match=allowed) as caught:
        Config(**{name: value})
    message = str(caught.value)
    assert name in message
    culprit = value[-1] if isinstance(value, tuple) and value else value
    assert str(culprit) in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("[1]", "must be a JSON object, not list"),
        ('{"lerning_rate": 1}', "lerning_rate: unknown setting; did you mean"),
        ('{"xyzzy": 1}', "the fields are env_id"),
        ('{"tau": "fast"}', "tau = 'fast'"),
        ('{"discount": NaN}', "discount = nan"),
    ],
)
def test_json_that_is_not_a_config_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        Config.from_json(text)


def test_an_unknown_preset_or_override_is_refused():
    with pytest.raises(ValueError, match="preset = 'cartpole': must be one of pendulum, paper"):
        Config.preset("cartpole")
    with pytest.raises(ValueError, match="lr: unknown setting"):
        Config.preset("pendulum", lr=3)


def test_ou_noise_that_would_grow_is_refused_by_the_product_of_pull_and_time():
    with pytest.raises(ValueError, match=r"ou_theta × ou_dt = 2: must be below 2"):
        Config(ou_theta=4.0, ou_dt=0.5)
    assert Config(ou_theta=3.0, ou_dt=0.5).ou_theta == 3.0


def test_what_a_field_takes_is_said_in_whole_words():
    with pytest.raises(ValueError, match=r"must be text$"):
        Config(env_id=3)
    with pytest.raises(ValueError, match=r"must be a list of whole numbers$"):
        Config(hidden_sizes=64)
    with pytest.raises(ValueError, match="the fields are env_id, total_steps, seed, "):
        Config.preset("pendulum", xyzzy=1)


def test_json_has_a_line_per_field_for_people():
    lines = Config().to_json().splitlines()
    assert '  "seed": 0,' in lines
