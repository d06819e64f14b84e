/* The actions of the page's buttons and fields. */

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Scroll an element into view, smoothly unless the visitor wants no motion. */
export function scrollTo(element, block) {
  element.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block });
}

/** Connect the controls to their actions; `act` has the session, the painter and the functions to call. */
export function listen($, act) {
  const { session, painter } = act;
  $("train").addEventListener("click", () => {
    if (session.failure) location.reload();
    else session.setRunning(!session.isRunning);
  });
  $("restart").addEventListener("click", () => act.restart());
  $("seed").addEventListener("change", () => act.chooseSeed(Number($("seed").value)));
  $("bug").addEventListener("change", () => act.chooseBug($("bug").value));
  $("remove").addEventListener("click", () => act.chooseBug(""));
  $("speed").addEventListener("input", () => act.chooseSpeed(Number($("speed").value)));
  $("copy").addEventListener("click", () => act.copyLink());
  $("film").addEventListener("click", () => {
    session.film.isPlaying = !session.film.isPlaying;
    act.showStatus();
    painter.mark(["pendulum", "map"]);
  });
  $("see-code").addEventListener("click", () => act.seePanel("code"));
  document.addEventListener("visibilitychange", () => {
    session.hide(document.hidden);
    painter.hide(document.hidden);
  });
}
