/* The start of a page of the course: ticks of earlier visits, and the offer to make the page live. */

import { makeBar } from "./bar.js";
import { savedEdits } from "./edits.js";
import { drawTicks } from "./ticks.js";

const STYLE = new URL("live.css", import.meta.url);

/**
 * Draw the ticks, and offer to make the cells live.
 *
 * The build of the site writes `about` into the page: the chapter's number ("" on the map),
 * the notebook's file, the exercises of every chapter, and whether the site has its own Python.
 */
export async function offer(about) {
  await loadStyle();
  drawTicks(about.exercises);
  addEventListener("storage", () => drawTicks(about.exercises));
  const first = document.querySelector("div.cell[id]");
  if (!about.chapter || !first) return;
  const bar = makeBar(about, savedEdits(about.chapter).length);
  first.before(bar.element);
  bar.onStart(async () => {
    try {
      const { goLive } = await import("./chapter.js");
      goLive(about, bar);
    } catch (error) {
      bar.offerAgain(`The page could not be made live: ${error.message}`);
    }
  });
}

function loadStyle() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = STYLE;
  document.head.append(link);
  return new Promise((loaded) => {
    link.onload = link.onerror = loaded;
  });
}
