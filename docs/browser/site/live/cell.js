/* A live cell: its editor, its buttons, its output, and whether it must run. */

import { Editor } from "./editor.js";
import { Outputs } from "./outputs.js";
import { make, makeButton, spoken } from "./page.js";
import { expectedSeconds, noteSeconds, WORTH_A_WARNING } from "./timing.js";

const WORTH_SAYING = 2; // s: a cell that took longer shows its time

export class Cell {
  /** `chapter` handles keys and buttons; `number` counts the page's code cells from 1. */
  constructor(element, number, chapter) {
    this.element = element;
    this.number = number;
    this.id = element.id.replace(/^cell-/, "");
    this.section = element.closest("section")?.id ?? "";
    this.input = element.querySelector(".cell_input");
    this.editor = new Editor(this.input.querySelector("pre"), `Code of cell ${number}`);
    this.original = this.editor.original;
    this.outputs = new Outputs(element);
    this.binds = [];
    this.reads = [];
    this.analysed = ""; // the text that binds and reads describe
    this.names = null; // the names in a text that may not have run yet: { text, binds, reads, defines }
    this.isEdited = false; // whether it was edited in this tab
    element.classList.add("live-cell");
    this.addControls(chapter);
    this.forgetRun();
    this.editor.onChange = () => chapter.changed(this);
    this.editor.area.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      if (event.shiftKey || event.ctrlKey || event.metaKey) {
        event.preventDefault();
        chapter.ask(this);
        if (event.shiftKey) chapter.goTo(this.number + 1, this.isCheck);
      }
    });
  }

  addControls(chapter) {
    const name = `cell ${this.number}`;
    this.note = make("span", { class: "live-note" });
    this.resetButton = makeButton("Reset", `Restore the page's text of ${name}`, () => this.editor.replaceAll(this.original));
    this.runButton = makeButton("▶ Run", `Run ${name}, after the cells above that it needs (Shift+Enter)`, () => chapter.ask(this));
    this.resetButton.className = "live-reset";
    this.runButton.className = "live-run";
    for (const button of [this.resetButton, this.runButton]) {
      button.setAttribute("aria-label", `${button.textContent.replace("▶ ", "")} ${name}`);
    }
    this.resetButton.hidden = true;
    this.input.append(make("div", { class: "live-controls" }, this.note, this.resetButton, this.runButton));
    this.warning = make("div", { class: "live-warning", hidden: "" });
    this.input.after(this.warning);
  }

  get text() {
    return this.editor.text;
  }

  get isChanged() {
    return this.text !== this.original;
  }

  /** True if it is the answer to an exercise, or its check. */
  get isOfExercise() {
    if (!this.section.startsWith("exercise-")) return false;
    return this.isCheck || this.element === this.element.closest("section").querySelector("div.cell");
  }

  /** True if it calls a check, whose verdict the learner wants to see. */
  get isCheck() {
    return /\bcheck_\w+\(/.test(this.text);
  }

  /** True if its text, or a name that it reads, has changed since its last successful run. */
  get hasToRun() {
    return this.ran === null || this.ran !== this.text || this.isStale;
  }

  /** The names that its text may read; a guess if Python has not seen this text. */
  get mayRead() {
    if (this.text === this.analysed) return this.reads;
    if (this.text === this.names?.text) return this.names.reads;
    const known = new Set(words(this.analysed));
    return [...this.reads, ...words(this.text).filter((word) => !known.has(word))];
  }

  /** True if it has run since the page went live. */
  get hasBegun() {
    return this.running !== undefined;
  }

  /** True if its current text produced the output below it. */
  get isUnchangedSinceShown() {
    return this.text === (this.running ?? this.original);
  }

  /** Return to the state before the first run. */
  forgetRun() {
    this.ran = null; // the text of the last run, if it succeeded
    this.isStale = false;
    this.wasForgotten = this.hasBegun;
    this.setState("");
  }

  /** Wait for other cells; `text` says for which. */
  wait(text) {
    this.setState("waiting");
    this.noteDuration();
    if (text) this.note.textContent = text;
  }

  begin() {
    this.running = this.text;
    this.noteDuration();
    this.began = performance.now();
    this.editor.unmark();
    this.outputs.begin();
    this.setState("running");
    this.clock = setInterval(() => this.tellTime(), 500);
  }

  tellTime() {
    const seconds = Math.floor((performance.now() - this.began) / 1000);
    const expected = expectedSeconds(this.original);
    const about = expected >= WORTH_A_WARNING ? ` of about ${Math.round(expected)} s` : "";
    if (seconds >= 1) this.note.textContent = `${seconds} s${about}`;
  }

  /** Take the report of a run that was not stopped. */
  end({ failed, seconds, binds, reads }) {
    clearInterval(this.clock);
    this.outputs.end();
    this.ran = failed ? null : this.running;
    this.isStale = this.wasForgotten = false;
    if (!failed || binds.length || reads.length) {
      // after a syntax error, the names of the previous run remain
      this.binds = binds;
      this.reads = reads;
      this.analysed = this.running;
    }
    if (!failed && this.running === this.original) noteSeconds(this.original, seconds);
    this.setState(failed ? "failed" : "ran");
    this.note.textContent = seconds >= WORTH_SAYING ? spoken(seconds) : "";
  }

  /** Scroll as little as needed to see the outputs, unless the learner has left the cell. */
  showOutputs() {
    const { top, bottom } = this.input.getBoundingClientRect();
    if (bottom > 0 && top < innerHeight) this.outputs.element?.scrollIntoView({ block: "nearest" });
  }

  /** Show that the run was stopped. */
  stop() {
    clearInterval(this.clock);
    this.setState("stopped");
    this.note.textContent = "stopped";
  }

  setState(state) {
    this.state = state;
    this.element.dataset.live = state;
    const isBusy = state === "running" || state === "waiting";
    this.runButton.textContent = { running: "running …", waiting: "waiting …" }[state] ?? "▶ Run";
    this.runButton.setAttribute("aria-busy", String(isBusy));
    if (state === "") this.noteDuration();
  }

  /** Show the expected time before a long run. */
  noteDuration() {
    const expected = expectedSeconds(this.original);
    this.note.textContent = expected >= WORTH_A_WARNING ? `about ${Math.round(expected)} s` : "";
  }

  warn(...content) {
    this.warning.replaceChildren(...content);
    this.warning.hidden = content.length === 0;
  }
}

/** Return all names and keywords of a text. */
function words(text) {
  return text.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
}
