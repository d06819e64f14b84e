"""The descriptions that objects show at the prompt and in a notebook."""

from html.parser import HTMLParser

import numpy as np
import pytest

from minddpg import DDPG, Config, Evaluation, ReplayBuffer, nn, train
from minddpg.course.ch12_paper.td3 import TD3
from minddpg.training.loop import Run


def agent(config=None, kind=DDPG, low=(-2.0,), high=(2.0,)):
    config = config or Config()
    return kind(3, np.array(low), np.array(high), config, np.random.default_rng(0))


def history(steps, returns):
    return {"time/total_timesteps": np.array(steps), "eval/mean_reward": np.array(returns)}


class Table(HTMLParser):
    """The cells of a table, row by row; any other HTML fails."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.caption, self.inside = [], "", ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        assert tag in ("table", "caption", "tr", "th", "td"), tag
        assert all(name == "style" and "color" not in value for name, value in attrs), attrs
        self.inside = tag
        if tag == "tr":
            self.rows.append([])

    def handle_data(self, data):
        if self.inside == "caption":
            self.caption += data
        else:
            self.rows[-1].append(data)


def test_a_run_says_what_was_trained_how_far_how_well_and_where(tmp_path):
    nan = float("nan")
    for steps, returns, folder, text in (
        ([200, 12_000], [-9.0, -121.25], tmp_path, (
            "<Run: environment Pendulum-v1, seed 0, steps 12,000\n"
            f"  last return -121.2, best return -9.0, folder {tmp_path}>")),
        ([200, 400.0], [-9.0, nan], None, (
            "<Run: environment Pendulum-v1, seed 0, steps 400 of 12,000\n"
            "  last evaluation -9.0 at step 200, best return -9.0>")),
        ([200], [nan], None, (
            "<Run: environment Pendulum-v1, seed 0, steps 200 of 12,000\n"
            "  return not evaluated>")),
        ([], [], None, (
            "<Run: environment Pendulum-v1, seed 0, steps 0 of 12,000\n"
            "  return not evaluated>")),
    ):  # fmt: skip
        run = Run(agent(), agent(), history(steps, returns), 1, folder)
        assert repr(run) == str(run) == text


def test_an_agent_shows_its_two_networks():
    assert repr(agent()) == (
        "<DDPG: <Actor: S = 3, A = 1, hidden (64, 64), 4,481 parameters, float32>\n"
        "  <Critic: S = 3, A = 1, hidden (64, 64), 4,545 parameters, float32>>"
    )
    small = Config(hidden_sizes=(8, 5), action_layer=1, dtype="float64")
    assert repr(agent(small, TD3, (-1.0, -3.0), (1.0, 1.0))) == (
        "<TD3: <Actor: S = 3, A = 2, hidden (8, 5), 89 parameters, float64>\n"
        "  <Critic: S = 3, A = 2, hidden (8, 5), 93 parameters, float64>>"
    )


def test_an_agent_that_is_not_whole_can_be_shown():
    class Mine(DDPG):
        def __init__(self):
            self.shown = repr(self)
            self.critic = "mine"

    assert Mine().shown == "<Mine: None\n  None>"
    assert repr(Mine()) == "<Mine: None\n  'mine'>"


def test_an_evaluation_says_its_mean_spread_and_ends():
    result = Evaluation(np.array([-4.0, -2.0]), np.array([150, 200]))
    assert repr(result) == (
        "<Evaluation: episodes 2, return -3.0 ± 1.0 (standard deviation over episodes)\n"
        "  lowest -4.0, highest -2.0, steps per episode 175.0>"
    )


def test_a_network_and_a_replay_buffer_say_their_size_in_a_line():
    memory = ReplayBuffer(2_000, 3, 1)
    memory.add([0, 0, 0], [0], 1.0, [0, 0, 0], False)
    assert repr(memory) == "<ReplayBuffer: 1 of 2,000 transitions>"
    assert repr(nn.MLP((2, 3, 1))) == "<MLP 2-3-1: 13 parameters, float32>"


@pytest.mark.posix
def test_a_notebook_shows_the_same_facts_as_a_table_in_its_own_colours(tmp_path):
    run = train(
        Config(total_steps=30, warmup_steps=9, batch_size=8, hidden_sizes=(4,), eval_every=0),
        tmp_path / "<b>&x",
        progress=False,
    )
    result = Evaluation(np.array([-4.0, -2.0]), np.array([150, 200]))
    for described in (run, result):
        table = Table(described._repr_html_())
        assert table.caption == type(described).__name__
        text = repr(described)
        for name, value in table.rows:
            assert f"{name} {value}" in text
    table, trained = Table(run.agent._repr_html_()), run.agent
    assert (table.caption, table.rows) == ("DDPG", [[repr(trained.actor)], [repr(trained.critic)]])
    assert ["folder", str(run.run_dir)] in Table(run._repr_html_()).rows


def test_a_name_that_could_move_a_cursor_or_end_a_tag_is_shown_harmlessly():
    run = Run(agent(Config(env_id="\x1b[2J<b>")), agent(), history([], []), 1, None)
    assert r"environment \x1b[2J<b>," in repr(run)
    assert "<b>" not in run._repr_html_()
