/* Assigns to each canvas the function that draws it. */

import { drawCritic } from "./draw_critic.js";
import { drawPromise, drawReturns } from "./draw_curves.js";
import { drawMap } from "./draw_map.js";
import { drawPendulum } from "./draw_pendulum.js";
import { Painter } from "./painter.js";

/** Return the painter of all panels; `$` finds an element, `bands()` returns the recorded seeds. */
export function makePainter(session, $, bands) {
  const painter = new Painter((seconds) => (session.film.advance(seconds) ? ["pendulum", "map"] : []));
  painter.add("pendulum", $("pendulum"), (canvas) => {
    drawPendulum(canvas, session.film, !session.film.isPlaying);
  });
  painter.add("critic", $("critic"), (canvas) => drawCritic(canvas, session.scene.view));
  painter.add("returns", $("returns"), (canvas) => drawReturns(canvas, session.scene, bands()));
  painter.add("map", $("map"), (canvas) => {
    drawMap(canvas, session.scene, session.film, session.scene.view?.speed ?? 0);
  });
  painter.add("promise", $("promise"), (canvas) => drawPromise(canvas, session.scene));
  return painter;
}
