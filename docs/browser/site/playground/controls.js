/* What the buttons and fields of the page do. */

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Bring into view what a click has changed. */
export function scrollTo(element, block) {
  element.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block });
}

/** Join the controls to what they do; `act` holds the session, the painter and functions. */
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
