/* An editor: a text area with transparent text is placed exactly over the highlighted code. */

import { highlighted } from "./highlight.js";
import { make } from "./page.js";

const INDENT = "    ";
const HELP = "Shift+Enter runs the cell. Tab indents; to leave the cell, press Escape and then Tab.";

export class Editor {
  /** Lay an editor over the code in `pre`; `label` names it for screen readers. */
  constructor(pre, label) {
    this.pre = pre;
    this.original = pre.textContent.replace(/\n$/, "");
    this.area = make("textarea", {
      "aria-label": label,
      title: HELP,
      class: "live-code",
      wrap: "off",
      rows: "1",
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      autocorrect: "off",
    });
    this.area.value = this.original;
    this.mark = make("div", { class: "live-mark", hidden: "" });
    this.onChange = () => {};
    this.mayLeave = false;
    this.isInserting = false; // a browser reports each line of an inserted text separately
    pre.setAttribute("aria-hidden", "true"); // screen readers read the text area instead
    pre.parentElement.classList.add("live-editor");
    pre.parentElement.append(this.mark, this.area);
    this.area.addEventListener("input", () => {
      if (!this.isInserting) this.draw();
    });
    this.area.addEventListener("keydown", (event) => this.press(event));
    this.area.addEventListener("blur", () => {
      this.mayLeave = false;
    });
  }

  get text() {
    return this.area.value;
  }

  /** Replace the whole text so that it can be undone. */
  replaceAll(text) {
    if (text === this.text) return;
    this.area.select();
    this.insert(text);
    this.area.setSelectionRange(0, 0);
  }

  /** Set a text without an undo step, such as that of an earlier visit. */
  restore(text) {
    this.area.value = text;
    this.draw();
  }

  draw() {
    this.pre.replaceChildren(highlighted(this.text), "\n");
    this.mark.hidden = true;
    this.onChange();
  }

  /** Mark a line, counted from 1, as the line of an error. */
  markLine(line) {
    const style = getComputedStyle(this.pre);
    const height = parseFloat(style.lineHeight);
    this.mark.style.top = `${parseFloat(style.paddingTop) + (line - 1) * height}px`;
    this.mark.style.height = `${height}px`;
    this.mark.hidden = false;
  }

  unmark() {
    this.mark.hidden = true;
  }

  press(event) {
    if (event.isComposing || event.keyCode === 229) return; // Safari says by 229 that an IME takes the key
    if (event.key === "Escape") {
      this.mayLeave = true;
      return;
    }
    if (event.key === "Tab" && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (this.mayLeave) return;
      event.preventDefault();
      if (event.shiftKey) this.changeLines((line) => line.replace(/^ {1,4}/, ""));
      else if (this.area.selectionStart === this.area.selectionEnd) this.insert(INDENT);
      else this.changeLines((line) => (line ? INDENT + line : line));
    } else if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.breakLine();
    }
    if (event.key !== "Shift") this.mayLeave = false;
  }

  /** Begin a new line with the indent of this one, one level deeper after a colon. */
  breakLine() {
    const line = this.text.slice(0, this.area.selectionStart).split("\n").at(-1);
    const [indent] = /^ */.exec(line);
    const isDeeper = /:\s*(?:#.*)?$/.test(line);
    this.insert("\n" + indent + (isDeeper ? INDENT : ""));
  }

  /** Change each line of the selection, and keep them selected. */
  changeLines(change) {
    const { selectionStart, selectionEnd } = this.area;
    const start = this.text.lastIndexOf("\n", selectionStart - 1) + 1;
    const next = this.text.indexOf("\n", selectionEnd);
    const end = next === -1 ? this.text.length : next;
    const lines = this.text.slice(start, end).split("\n");
    const changed = lines.map(change);
    if (changed.join("\n") === lines.join("\n")) return;
    const first = changed[0].length - lines[0].length;
    const all = changed.join("\n").length - (end - start);
    this.area.setSelectionRange(start, end);
    this.insert(changed.join("\n"));
    const from = Math.max(start, selectionStart + first);
    this.area.setSelectionRange(from, Math.max(from, selectionEnd + all));
  }

  /** Replace the selection by a text. */
  insert(text) {
    this.area.focus({ preventScroll: true });
    // only after this old command does the browser's own undo work
    const command = text ? "insertText" : "delete";
    this.isInserting = true;
    if (!document.execCommand(command, false, text)) {
      this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
    }
    this.isInserting = false;
    this.draw();
  }
}
