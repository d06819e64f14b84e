/* A recorded run for another page: it plays automatically, without Python and without controls. */

import { forgetColors } from "./colors.js";
import { drawReturns } from "./draw_curves.js";
import { drawPendulum } from "./draw_pendulum.js";
import { Film } from "./film.js";
import { Painter } from "./painter.js";
import { Player, fetchRecording } from "./recording.js";
import { Scene } from "./scene.js";
import { number } from "./canvas.js";

const $ = (id) => document.getElementById(id);
const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;

const scene = new Scene("recorded", 0);
const film = new Film();
const painter = new Painter((seconds) => (film.advance(seconds) ? ["pendulum"] : []));
painter.add("pendulum", $("pendulum"), drawFilm);
painter.add("returns", $("returns"), (canvas) => drawReturns(canvas, scene, {}));

function drawFilm(canvas) {
  drawPendulum(canvas, film, !film.isPlaying);
  $("filmed").textContent = number(film.now()?.step ?? 0);
}

function show(frame) {
  const panels = scene.take(frame);
  if (frame.exam) film.offer(scene.exam);
  painter.mark(panels);
}

/** Play while the page is visible. */
function watch(player) {
  const play = (isSeen) => {
    painter.hide(!isSeen);
    if (isSeen) player.start();
    else player.stop();
  };
  let isInView = true;
  new IntersectionObserver(([entry]) => {
    isInView = entry.isIntersecting;
    play(isInView && !document.hidden);
  }).observe(document.body);
  document.addEventListener("visibilitychange", () => play(isInView && !document.hidden));
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  forgetColors();
  painter.markAll();
});
if (isCalm) film.stayAtEnd();
const player = new Player(await fetchRecording("recorded.json"), show);
if (isCalm) player.end();
else watch(player);
