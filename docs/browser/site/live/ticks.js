/* Ticks of passed exercises: in the page's contents, at their headings, and counted in the sidebar. */

import { make } from "./page.js";
import { keep, recall } from "./storage.js";

/**
 * Remember that an exercise has passed.
 *
 * Its tick remains as long as the answer that passed is stored for later cells, whatever the learner tries next.
 */
export function notePassed(number) {
  keep(`passed:${number}`, true);
}

/** Draw all ticks of the page again; `exercises` lists the exercises' numbers of each chapter. */
export function drawTicks(exercises) {
  for (const mark of document.querySelectorAll(".live-tick, .live-count")) mark.remove();
  const isPassed = (number) => recall(`passed:${number}`) === true;
  const places = "article[role=main] :is(h2, h3), .toc-tree a";
  for (const element of document.querySelectorAll(places)) {
    const number = /^Exercise (\d\d\.\d+)/.exec(element.textContent)?.[1];
    if (number && isPassed(number)) {
      const heading = element.querySelector(".headerlink");
      if (heading) heading.before(tick());
      else element.append(tick());
    }
  }
  for (const link of document.querySelectorAll(".sidebar-tree a, article[role=main] a.internal")) {
    const numbers = exercises[chapterOf(link)] ?? [];
    const passed = numbers.filter(isPassed).length;
    if (passed) link.append(count(passed, numbers.length));
  }
}

/** Return the number of the chapter that a link of the sidebar or the course's map leads to. */
function chapterOf(link) {
  const isMap = !link.closest(".sidebar-tree");
  if (isMap && !link.closest("td, th")) return "";
  const url = new URL(link.href);
  return url.hash && isMap ? "" : /\/course\/(\d\d)_\w+(?:\.html)?$/.exec(url.pathname)?.[1];
}

function tick() {
  const hidden = make("span", { class: "live-only-read" }, " passed");
  return make("span", { class: "live-tick", title: "passed" }, " ✓", hidden);
}

function count(passed, all) {
  const text = `${passed} of ${all}`;
  const rest = make("span", { class: "live-only-read" }, " exercises passed");
  return make("span", { class: "live-count", title: `${text} exercises passed` }, text, rest);
}
