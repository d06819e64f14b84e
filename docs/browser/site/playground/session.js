/* The session: the recorded run, or a live one in the worker. */

import { Film } from "./film.js";
import { Player } from "./recording.js";
import { Scene } from "./scene.js";
import { Trainer } from "./trainer.js";

/** Holds the run that is shown and the visitor's choices. */
export class Session {
  /** `choice` is the visitor's {seed, settings, bug, speed}; `on` has a function for panels, status and ready. */
  constructor(choice, on) {
    this.choice = choice;
    this.on = on;
    this.scene = new Scene("recorded", 0);
    this.film = new Film();
    this.player = null;
    this.isRunning = false; // whether the visitor wants a live run, and has not paused it
    this.isHidden = false;
    this.loading = null; // {text, part} while Python starts
    this.failure = ""; // a sentence, once Python is lost
    this.trainer = new Trainer({
      loading: (message) => this.#progress(message),
      ready: () => this.#ready(),
      failed: ({ text }) => this.#lose(`Python did not start: ${text}.`),
      crashed: ({ text }) => this.#lose(`Python failed while it trained: ${text}.`),
      seen: (message) => this.#seen(message),
    });
  }

  get isLive() {
    return this.scene.source === "live";
  }

  /** Play the recorded run, unless a live one has begun; with `still`, show only its end. */
  play(recording, still) {
    if (this.isLive) return;
    this.scene.seed = recording.made?.seed ?? 0;
    this.player = new Player(recording, (frame) => this.#show(frame));
    if (still) this.player.end();
    else if (!this.isHidden) this.player.start();
  }

  /** Start Python in the background. */
  load() {
    this.loading ??= { text: "Loading Python …", part: 0 };
    this.trainer.load();
    this.on.status();
  }

  /** Train as soon as Python is ready; or pause. */
  setRunning(isRunning) {
    this.isRunning = isRunning && !this.failure;
    if (!this.isRunning) this.trainer.go(false);
    else if (!this.trainer.isReady) this.load();
    else if (this.isLive && !this.scene.stopped) this.trainer.go(!this.isHidden);
    else this.restart();
    this.on.status();
  }

  /** Begin a live run with the choices; it trains unless it is paused. */
  restart() {
    if (!this.trainer.isReady) return;
    const { seed, settings, bug, speed } = this.choice;
    this.player?.stop();
    this.scene = new Scene("live", seed);
    this.film.clear();
    this.trainer.restart(seed, settings, bug);
    this.trainer.set("speed", speed);
    if (bug) this.scene.mark(bug);
    this.trainer.go(this.isRunning && !this.isHidden);
    this.on.panels(["pendulum", "critic", "returns", "map", "promise"]);
    this.on.status();
  }

  /** Change a setting of the choice, and of the run in progress. */
  set(name, value) {
    if (name === "speed") this.choice.speed = value;
    else this.choice.settings[name] = value;
    if (this.isLive) this.trainer.set(name, value);
  }

  /** Plant a bug, or remove it with null; the run continues, unless the bug needs a new one. */
  plant(bug, before) {
    this.choice.bug = bug?.name ?? "";
    this.on.panels(["returns"]);
    if (!this.isLive) return;
    if (bug?.needsRestart || before?.needsRestart) {
      this.restart();
      return;
    }
    this.trainer.plant(this.choice.bug);
    this.scene.mark(this.choice.bug);
    this.scene.stopped = "";
    this.on.status();
  }

  /** Pause while the page is hidden. */
  hide(isHidden) {
    this.isHidden = isHidden;
    if (this.isLive) this.trainer.go(this.isRunning && !isHidden);
    else if (isHidden) this.player?.stop();
    else this.player?.start();
  }

  #show(frame) {
    const panels = this.scene.take(frame);
    if (frame.exam) this.film.offer(this.scene.exam);
    this.on.panels(panels);
    this.on.status();
  }

  #seen(message) {
    if (!this.isLive) return; // the worker sends its state before the first run
    this.#show(message);
    if (message.stopped) this.isRunning = false;
    if (message.stopped) this.on.status();
  }

  #progress(message) {
    this.loading = message;
    this.on.status();
  }

  #ready() {
    this.loading = null;
    this.on.ready();
    if (this.isRunning) this.restart();
    this.on.status();
  }

  #lose(failure) {
    this.loading = null;
    this.isRunning = false;
    this.failure = failure;
    this.trainer.end();
    this.on.status();
  }
}
