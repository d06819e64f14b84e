/* The texts of the page that change during a run. */

import { CDN_HOST } from "../python/cdn.js";
import { number } from "./canvas.js";
import { hasOtherSlope } from "./draw_critic.js";
import { pictures, standing } from "./words.js";

const WARM_UP = 1_000; // steps of random torques before the first update
const LONG_ENOUGH = 4_000; // ms to read a line
const SELDOM = 8_000; // ms between two announcements to a screen reader

/** Keeps the bar, the captions and the pictures' labels up to date. */
export class StatusLine {
  constructor(session, $) {
    this.session = session;
    this.$ = $;
    this.saidAt = -Infinity;
  }

  /** Show the state of the run; `isOwnPython` says whether Python comes from this site. */
  show(isOwnPython) {
    const { $, session } = this;
    const { scene, film } = session;
    $("step").textContent = number(scene.step);
    $("score").textContent = scene.score === null ? "–" : number(scene.score);
    $("pace").textContent = pace(session);
    $("source").textContent = `${scene.source}: seed ${scene.seed}`;
    $("source").classList.toggle("live", session.isLive);
    $("restart").disabled = !session.isLive || Boolean(session.failure);
    $("speed").disabled = !session.isLive; // the recording has one slice
    $("train").textContent = buttonText(session, isOwnPython);
    $("train").classList.toggle("pause", session.isRunning);
    $("film").textContent = film.isPlaying ? "❚❚" : "▶";
    $("film").setAttribute("aria-label", film.isPlaying ? "Pause the film" : "Play the film");
    $("filmed").textContent = `step ${film.exam ? number(film.exam.step) : "–"}`;
    $("speed-value").textContent = `${number(session.choice.speed, 1)} rad/s`;
    $("ghosts").classList.toggle("absent", !scene.view || !hasOtherSlope(scene.view));
    this.#showProgress(isOwnPython);
    this.#tellSeldom();
  }

  /** Show a message for a few seconds, and announce it to screen readers. */
  say(text) {
    const message = this.$("message");
    message.textContent = text;
    this.$("status").textContent = text;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      message.textContent = this.text;
    }, LONG_ENOUGH);
  }

  #showProgress(isOwnPython) {
    const { $, session } = this;
    $("progress").hidden = !session.loading;
    if (session.loading) $("progress").value = session.loading.part;
    const text = message(session, isOwnPython);
    if (text !== this.text) $("message").textContent = text;
    this.text = text;
  }

  #tellSeldom() {
    const now = performance.now();
    if (now - this.saidAt < SELDOM) return;
    this.saidAt = now;
    const { $, session } = this;
    const run = session.isLive ? "" : "Recorded run: ";
    $("status").textContent = run + standing(session.scene);
    const labels = pictures(session.scene, session.film, session.scene.view?.speed ?? 0);
    for (const [name, label] of Object.entries(labels)) $(name).setAttribute("aria-label", label);
  }
}

function pace({ isRunning, isLive, scene, choice }) {
  const learnsAtOnce = isLive && choice.bug === "no-warm-up";
  if (scene.step < WARM_UP && !learnsAtOnce) return "random torques, no learning yet";
  return isRunning && scene.stepsPerSecond ? `${number(scene.stepsPerSecond)} steps/s` : "";
}

function buttonText({ isRunning, isLive, scene, loading, trainer, failure }, isOwnPython) {
  if (failure) return "Try again";
  if (isRunning && !trainer.isReady) return "Starting …";
  if (isRunning) return "❚❚ Pause";
  if (scene.stopped) return "▶ Train again";
  if (isLive) return "▶ Continue";
  return isOwnPython || loading || trainer.isReady ? "▶ Train it yourself" : "▶ Load Python and train";
}

function message({ failure, loading, scene, isLive, trainer }, isOwnPython) {
  if (failure) return `${failure} ${isLive ? "The run ends here." : "Only the recorded run can be shown."}`;
  if (scene.stopped) return `${scene.stopped} Restart begins a new run.`;
  if (loading) return `${loading.text} This run is recorded.`;
  const isRepaired = scene.plants.at(-1)?.bug === "";
  if (isLive) return isRepaired ? "Correct code again. An actor stuck at ±2 N m may not recover: then Restart." : "";
  if (trainer.isReady) return "This run is recorded. Python is ready: train one yourself.";
  if (isOwnPython) return "";
  return `This run is recorded. To train, Python is loaded: 10 MB, once, from ${CDN_HOST}.`;
}
