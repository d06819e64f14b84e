"""Chapter 00: its film, and its episodes that start with the pendulum hanging."""

import io

import numpy as np
from PIL import Image

from minddpg.course.ch00_tour.acting import FullForce, play
from minddpg.course.ch00_tour.film import EVERY, film
from minddpg.course.checks import solution


class ByHand:
    def predict(self, obs):
        return np.array([solution("00.3")(*obs.tolist())], np.float32), None


def test_a_film_has_a_frame_for_every_second_step_and_the_frames_differ():
    episode = np.linspace(0, 3, 20), np.linspace(-2, 2, 20), -np.ones(20)
    made = film({"one": episode, "other": episode})
    assert set(made._repr_mimebundle_()) == {"image/gif", "text/plain"}
    frames = Image.open(io.BytesIO(made.gif))
    assert frames.n_frames == 20 / EVERY
    first = np.array(frames.convert("RGB"))
    frames.seek(5)
    assert (first != np.array(frames.convert("RGB"))).any()


def test_the_policy_by_hand_stands_the_rod_up_and_full_force_does_not():
    angle, _, reward, obs = play(ByHand())
    assert len(reward) == 200
    assert np.allclose(obs[0], [-1, 0, 0])
    assert np.abs(angle[-40:]).max() < 0.1
    assert reward.sum() > -500
    pushed, *_ = play(FullForce())
    assert np.abs(pushed).min() > 2
