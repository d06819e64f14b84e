/* The outputs of a cell: printed text, values, figures and errors, in the style of the page. */

import { make } from "./page.js";
import { StreamText } from "./stream.js";

const MOST = 100; // outputs of a cell; an error is always shown
const ALT = "Figure drawn by this cell";

export class Outputs {
  constructor(cell) {
    this.cell = cell;
    this.element = cell.querySelector(".cell_output");
    this.isOld = true; // whether the outputs are those of an earlier run, or of the page
    this.stream = null;
  }

  get isEmpty() {
    return !this.element;
  }

  /** Begin a run, whose first output will replace the old ones. */
  begin() {
    this.isOld = true;
    this.stream = null;
  }

  /** End a run; if it had no output, remove the old ones. */
  end() {
    if (this.isOld) this.element?.remove();
    if (this.isOld) this.element = null;
    this.isOld = false;
    this.stream = null;
  }

  setStale(isStale) {
    if (!this.element) return;
    this.element.classList.toggle("live-stale", isStale);
    this.element.title = isStale ? "The code has changed since this output was made" : "";
  }

  addText({ stream, text, leftOut }) {
    if (this.stream?.name !== stream) {
      const pre = make("pre");
      const box = make("div", { class: "highlight" }, pre);
      this.add(make("div", { class: `output ${stream === "stderr" ? "stderr live-stderr" : "stream"}` }, box));
      this.stream = { name: stream, pre, text: new StreamText() };
    }
    this.stream.text.add(text, leftOut);
    this.stream.pre.textContent = this.stream.text.toString();
  }

  /** Show a value in the richest form that it offers. */
  addValue(bundle) {
    this.stream = null;
    const picture = ["image/png", "image/gif", "image/jpeg"].find((kind) => kind in bundle);
    if (bundle["text/html"]) {
      const box = make("div", { class: "output text_html", role: "status" });
      box.innerHTML = bundle["text/html"];
      this.add(box);
    } else if (picture) {
      const image = make("img", { src: `data:${picture};base64,${bundle[picture]}`, alt: bundle.alt ?? ALT });
      if (bundle.width) image.width = bundle.width;
      this.add(image);
    } else if (bundle["image/svg+xml"]) {
      const source = `data:image/svg+xml,${encodeURIComponent(bundle["image/svg+xml"])}`;
      this.add(make("img", { src: source, alt: ALT }));
    } else {
      const pre = make("pre", {}, bundle["text/plain"] ?? "");
      this.add(make("div", { class: "output text_plain" }, make("div", { class: "highlight" }, pre)));
    }
  }

  /** Show an error; `linkTo(number)` returns the address of a cell. */
  addError({ places, inside, message, hint }, linkTo) {
    this.stream = null;
    const box = make("div", { class: "output live-error", role: "group", "aria-label": "Error" });
    for (const { cell, line, function: name, code, column } of places) {
      const link = make("a", { href: linkTo(cell) }, `cell ${cell}, line ${line}`);
      box.append(make("div", {}, link, name ? ` in ${name}` : ""));
      const caret = column === undefined ? "" : `\n${" ".repeat(column)}^`;
      box.append(make("pre", {}, code + caret));
    }
    if (inside) box.append(make("div", { class: "live-inside" }, `raised inside ${inside}`));
    box.append(make("div", { class: "live-message" }, message));
    if (hint) box.append(make("div", { class: "live-hint" }, hint));
    this.add(box, true);
  }

  add(element, isAlways = false) {
    if (!this.element) {
      this.element = make("div", { class: "cell_output docutils container" });
      this.cell.append(this.element);
    }
    if (this.isOld) {
      this.element.replaceChildren();
      this.setStale(false);
      this.isOld = false;
    }
    const shown = this.element.childElementCount;
    if (shown < MOST || isAlways) this.element.append(element);
    else if (shown === MOST) this.element.append(make("p", { class: "live-inside" }, `The cell shows more than ${MOST} outputs: the rest is left out.`));
  }
}
