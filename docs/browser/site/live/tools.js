/* The buttons of a live page's bar. */

import { make, makeButton } from "./page.js";

/** Put the buttons into the bar; they call methods of the chapter. */
export function addTools(chapter) {
  const run = makeButton("▶ Run all", "Run all cells from top to bottom", () => chapter.runAll());
  const stop = makeButton("■ Stop", "Stop the running cell; then all cells must run again", () => {
    chapter.stop();
    run.focus({ preventScroll: true });
  });
  stop.disabled = true;
  chapter.stopButton = stop;
  chapter.bar.showTools(run, stop, makeMenu(chapter));
}

function makeMenu(chapter) {
  const menu = make("details", { class: "live-menu" });
  const entry = (text, title, act) =>
    makeButton(text, title, () => {
      menu.open = false;
      menu.firstChild.focus();
      act();
    });
  const file = make("input", { type: "file", accept: ".ipynb", hidden: "", "aria-label": "Notebook to import" });
  file.addEventListener("change", () => {
    if (file.files.length) chapter.files.importNotebook(file.files[0]);
    file.value = ""; // so that the same file can be chosen again
  });
  const entries = make(
    "div",
    {},
    entry("Export notebook", "Save the chapter with your code, for Jupyter and for minddpg grade", () => chapter.files.exportNotebook()),
    entry("Import notebook …", "Fill the cells from a notebook of this chapter", () => file.click()),
    entry("Restart Python", "Start Python again; then all cells must run again", () => chapter.restartPython()),
    entry("Reset page …", "Restore the page's text of all cells", () => chapter.files.reset()),
    entry("Forget my answers …", "Delete everything that this browser stores of the course", () => chapter.forget()),
  );
  menu.append(make("summary", {}, "More"), entries, file);
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      menu.open = false;
      menu.firstChild.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  return menu;
}
