"""The playground's Python: minddpg's own training loop, in slices of time.

Between two slices a visitor can change settings, plant a bug, or look at the networks.
"""

import json
import math
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from playground_bugs import needs_restart
from playground_look import exam, view

from minddpg.ddpg.agent import DivergenceError
from minddpg.ddpg.config import Config
from minddpg.training.checkpoint import State
from minddpg.training.environment import make
from minddpg.training.loop import train_from
from minddpg.training.run_log import METRICS, Episode, Row, RunLog
from minddpg.verification.bugs import find, planted
from minddpg.verification.bugs.bug import patched
from minddpg.verification.exact_pendulum import PENDULUM

LIVE = ("noise_scale", "tau", "actor_learning_rate", "critic_learning_rate", "discount")
FIXED = {  # Pendulum without an end; the log may make a row at each step
    "env_id": PENDULUM,
    "total_steps": 10**9,
    "anneal_from": 1.0,
    "eval_every": 0,
    "log_every": 1,
}
VIEW_SECONDS = 0.3  # between two views, at least
VIEW_SHARE = 0.1  # of the time, at most, is for views: on a slow machine they are less frequent
EXAM_STEPS = 250  # between two exams; a slice ends at each exam, so a seed's exams do not vary


class SliceLog(RunLog):
    """The log of a run without an end: it makes a row only at the end of a slice, and stores none.

    Attributes:
        is_over: called at the end of each step; true if the slice is over.
        ended: the training episodes that have ended since the last message, as [step, return].
    """

    def __init__(self, config: Config):
        super().__init__(config)
        self.is_over: Callable[[], bool] = lambda: True
        self.ended: list[list[float]] = []

    def end_episode(self) -> Episode:
        episode = super().end_episode()
        self.ended.append([episode.step, episode.total])
        return episode

    def end_of_step(self) -> Row | None:
        if not self.is_over():
            return None
        row = super().end_of_step()
        self.rows.clear()
        return row


class Playground:
    """One run, which a visitor can change."""

    def __init__(self) -> None:
        self.bug, self.bug_planted = "", ExitStack()
        self.originals: tuple[tuple[Any, str, Any], ...] = ()  # the code that the bug replaces
        self.speed = 0.0  # rad/s, of the slice of Q
        self.panels: set[str] = set()  # the opened panels below the first three
        self.restart(0)

    def restart(self, seed: int, settings: dict[str, Any] | None = None, bug: str = "") -> None:
        """Begin a new run; a bug's own settings apply where `settings` does not name them.

        Raises:
            ValueError: a setting or the bug's name is invalid; the run in progress continues.
        """
        settings = settings or {}
        needed = find(bug).settings if bug else {}
        config = Config.of({**needed, **settings, **FIXED, "seed": seed})
        self._swap_bug(bug)  # first: some bugs act when the agent is made
        env = make(config.env_id)
        self.state, self.env, self.log = State(config, env), env, SliceLog(config)
        self.settings = settings
        self.losses: dict[str, float] = {}
        self.stopped = ""
        self._look_again()

    def plant(self, bug: str) -> None:
        """Plant another bug in the run in progress, "" for none; restart it where that is needed.

        Raises:
            ValueError: there is no bug of this name.
        """
        if needs_restart(bug) or needs_restart(self.bug):
            self.restart(self.state.agent.config.seed, self.settings, bug)
            return
        self._swap_bug(bug)
        self.stopped = ""
        self._look_again()

    def change(self, name: str, value: Any) -> None:
        """Change a setting of the run in progress, or the "speed" of the slice shown.

        Raises:
            ValueError: a run cannot change this setting, or the value is refused.
        """
        self.view_due = 0.0
        if name == "speed":
            self.speed = float(value)
            return
        if name not in LIVE:
            raise ValueError(f"{name} is fixed once a run has begun: restart with another one")
        agent, changed = self.state.agent, {name: value}
        agent.config = replace(agent.config, **changed)  # the loop reads it at each step
        if name == "noise_scale":
            agent.noise.scale = agent.config.noise_scale
        self.settings = {**self.settings, **changed}
        self.stopped = ""

    def obey(self, message: str) -> dict[str, Any]:
        """Carry out a message of the page, in JSON; return the news for the page.

        If the request is invalid, `refused` has the reason, and nothing changes.
        """
        asked, refused = json.loads(message), ""
        try:
            match asked.pop("do"):
                case "set":
                    self.change(**asked)
                case "plant":
                    self.plant(**asked)
                case "restart":
                    self.restart(**asked)
                case "watch":
                    self.panels, self.view_due = set(asked["panels"]), 0.0
        except ValueError as error:
            refused = str(error)
        return {**self.seen(), "refused": refused}

    def slice(self, seconds: float) -> dict[str, Any]:
        """Train for this many seconds; return the news for the page."""
        end = time.perf_counter() + seconds
        self.train_until(lambda: self._is_exam_due() or time.perf_counter() >= end)
        return self.seen()

    def train_until(self, is_over: Callable[[], bool]) -> None:
        """Continue the run until `is_over` returns true at the end of a step."""
        if self.stopped:
            return
        self.log.is_over = is_over
        try:
            train_from(self.state, self.env, self.env, self.log, on_row=self._note)
        except DivergenceError as error:
            self.stopped = f"The run diverged. {error}"
        except Exception as error:  # a bug or a setting may cause any error: show it
            self.stopped = f"The run stopped. {type(error).__name__}: {error}"

    def seen(self) -> dict[str, Any]:
        """Return the step, the episodes since the last call, and a view and an exam if due."""
        state, log = self.state, self.log
        ended, log.ended = log.ended, []
        seen: dict[str, Any] = {
            "step": log.steps,
            "seed": state.agent.config.seed,
            "bug": self.bug,
            "episodes": ended,
            "obs": [float(entry) for entry in state.obs],
            "torque": float(state.episode_actions[-1][0]) if state.episode_actions else 0.0,
            "losses": self.losses,
            "stopped": self.stopped,
        }
        began = time.perf_counter()
        if began >= self.view_due:
            seen["view"] = self.view("map" in self.panels)
            took = time.perf_counter() - began
            self.view_due = began + max(VIEW_SECONDS, took / VIEW_SHARE)
        if self._is_exam_due():
            seen["exam"] = exam(state.agent)
            self.examined = log.steps
        return seen

    def view(self, with_map: bool) -> dict[str, Any]:
        """Return the current outputs of the networks."""
        return view(self.state.agent, self.speed, with_map, lambda: patched(self.originals))

    def _look_again(self) -> None:
        """Make the next message include a view and an exam."""
        self.view_due, self.examined = 0.0, -1  # time of the next view; step of the last exam

    def _is_exam_due(self) -> bool:
        steps = self.log.steps
        return self.examined < 0 or (steps % EXAM_STEPS == 0 and self.examined < steps)

    def _note(self, row: Row) -> bool:
        """Keep the means of a slice's updates, and end the slice by returning True."""
        means = {name: row[f"train/{name}"] for name in METRICS}
        self.losses = {name: mean for name, mean in means.items() if not math.isnan(mean)}
        return True

    def _swap_bug(self, bug: str) -> None:
        patches = find(bug).patches if bug else ()
        self.bug_planted.close()
        self.bug = bug
        self.originals = tuple((owner, name, vars(owner)[name]) for owner, name, _ in patches)
        if bug:
            self.bug_planted.enter_context(planted(bug))
