/* A live page: which cell runs when, and what follows from it for the others. */

import { forgetEverything } from "./answers.js";
import { Cell } from "./cell.js";
import { forgetEdit, place, savedEdits, saveEdit } from "./edits.js";
import { download, exported, imported } from "./notebook.js";
import { counted, make, makeButton } from "./page.js";
import { Runner } from "./runner.js";
import { onTrouble } from "./storage.js";
import { drawTicks, noteVerdict } from "./ticks.js";
import { addTools } from "./tools.js";

const READY = "Live. Shift+Enter runs a cell, and first what above it has not run. Your changes stay in this browser.";
const SAVE_AFTER = 300; // ms without a key

/** Make the page's cells live. */
export function goLive(about, bar) {
  return new Chapter(about, bar);
}

class Chapter {
  constructor(about, bar) {
    this.about = about;
    this.bar = bar;
    this.asked = new Set(); // cells whose run was asked for, and is not over
    this.served = new Set(); // cells that have run since there was nothing to do
    this.running = null;
    this.unsaved = new Set();
    this.welcome = READY;
    onTrouble((text) => bar.complain(text));
    const elements = [...document.querySelectorAll("div.cell[id^='cell-']")].filter((each) => each.querySelector(".cell_input pre"));
    this.cells = elements.map((element, i) => new Cell(element, i + 1, this));
    addTools(this);
    this.restoreEdits();
    this.runner = new Runner(this);
    addEventListener("pagehide", () => this.saveNow());
  }

  // what was changed

  restoreEdits() {
    const { placed, outdated, lost } = place(savedEdits(this.about.chapter), this.cells);
    for (const { edit } of [...placed, ...outdated]) forgetEdit(edit.id); // it may have moved
    for (const { edit, cell } of [...placed, ...outdated]) cell.editor.restore(edit.text);
    for (const { cell } of outdated) {
      cell.warn("The page's text of this cell has changed since you wrote this. Reset shows the new text.");
    }
    if (lost.length) {
      const texts = lost.map(({ text }) => make("pre", {}, text));
      const close = makeButton("Delete them", "Delete these texts", () => {
        for (const { id } of lost) forgetEdit(id);
        details.remove();
      });
      const summary = make("summary", {}, `${counted(lost.length, "cell")} that you changed left the chapter`);
      const details = make("details", { class: "live-lost" }, summary, ...texts, close);
      this.bar.element.append(details);
    }
    this.saveNow();
  }

  /** The text of a cell has changed. */
  changed(cell) {
    cell.resetButton.hidden = !cell.isChanged;
    this.unsaved.add(cell);
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.saveNow(), SAVE_AFTER);
    this.showStale();
  }

  saveNow() {
    for (const cell of this.unsaved) {
      if (cell.isChanged) saveEdit(cell);
      else {
        forgetEdit(cell.id);
        cell.warn();
      }
    }
    this.unsaved.clear();
  }

  // what runs

  /** Run a cell, after all cells above it that have to run. */
  ask(cell) {
    for (const above of this.cells.slice(0, cell.number)) this.served.delete(above);
    this.askFor(cell);
  }

  /** Run a cell, and what `waiting` finds above it. */
  askFor(cell) {
    if (cell !== this.running) this.asked.add(cell);
    else if (cell.text !== cell.running) this.runsAgain = true;
    this.next();
  }

  runAll() {
    this.served.clear();
    for (const cell of this.cells) this.asked.add(cell);
    this.next();
  }

  next() {
    const wanted = this.waiting();
    for (const cell of this.cells) {
      if (wanted.includes(cell) && cell !== this.running) cell.setState("waiting");
      else if (cell.state === "waiting") cell.setState("");
    }
    this.stopButton.disabled = !this.running && !wanted.length;
    if (this.running || !this.runner.isReady) return;
    const [cell] = wanted;
    if (!cell) {
      this.served.clear();
      return;
    }
    this.running = cell;
    this.runsAgain = false;
    this.bar.say(`Running cell ${cell.number} …`);
    cell.begin();
    this.runner.run(cell.text, cell.number);
  }

  /** Return the cells that have to run, in the order of the page. */
  waiting() {
    const last = this.cells.findLastIndex((cell) => this.asked.has(cell));
    const dirty = this.dirty();
    const isWanted = (cell, i) => this.asked.has(cell) || (i < last && dirty.has(cell) && !this.served.has(cell));
    return this.cells.filter((cell, i) => cell !== this.running && isWanted(cell, i));
  }

  /** Return the cells that have not run as the page stands now. */
  dirty() {
    const names = new Set();
    const found = new Set();
    for (const cell of this.cells) {
      if (cell.hasToRun || cell.reads.some((name) => names.has(name))) {
        found.add(cell);
        for (const name of cell.binds) names.add(name);
      }
    }
    return found;
  }

  /** Grey the outputs that belong to other code than the page has now. */
  showStale() {
    const dirty = this.dirty();
    for (const cell of this.cells) {
      const isBelowChange = dirty.has(cell) && cell.ran !== null;
      const isStale = !cell.isUnchangedSinceShown || cell.wasForgotten || isBelowChange;
      if (cell !== this.running) cell.outputs.setStale(isStale);
    }
  }

  /** Mark the cells below that build on what a run has bound. */
  spoilBelow(cell, names) {
    const changed = new Set(names);
    for (const below of this.cells.slice(cell.number)) {
      if (below.ran !== null && below.reads.some((name) => changed.has(name))) {
        below.isStale = true;
        for (const name of below.binds) changed.add(name);
      }
    }
  }

  stop() {
    this.asked.clear();
    this.served.clear();
    if (this.running) this.restart();
    this.next();
  }

  /** Start another Python, which knows nothing of what has run. */
  restart() {
    const stopped = this.running;
    this.running = null;
    for (const cell of this.cells) cell.forgetRun();
    stopped?.stop();
    this.welcome = "Python has started anew, and no cell has run yet.";
    this.runner.restart();
    this.showStale();
  }

  // what Python says

  loading({ text, part }) {
    this.bar.showLoading(text, part);
  }

  ready() {
    this.bar.hideLoading();
    this.bar.say(this.welcome);
    this.next();
  }

  failed({ text }) {
    this.bar.hideLoading();
    this.asked.clear();
    this.next();
    const again = makeButton("Try again", "Start Python again", () => this.runner.restart());
    this.bar.say(`Python did not start: ${text} `, again);
  }

  shown({ what, content }) {
    const { outputs } = this.running;
    if (what === "stream") outputs.addText(content);
    else if (what === "display") outputs.addValue(content);
    else this.showError(content);
  }

  showError(error) {
    this.running.outputs.addError(error, (number) => `#${this.cells[number - 1].element.id}`);
    const { cell: number, line } = error.places.at(-1) ?? {};
    const cell = this.cells[number - 1];
    const ran = cell === this.running ? cell.running : cell?.ran;
    if (cell && ran === cell.text) cell.editor.markLine(line);
  }

  over(report) {
    const cell = this.running;
    this.running = null;
    const before = cell.binds;
    cell.end(report);
    if (!this.runsAgain) {
      this.asked.delete(cell);
      this.served.add(cell);
    }
    this.takeVerdicts(report.verdicts);
    this.spoilBelow(cell, [...before, ...report.binds]);
    if (report.failed) this.giveUp(cell);
    this.next();
    this.showStale();
  }

  takeVerdicts(verdicts) {
    for (const { exercise, status } of verdicts) noteVerdict(exercise, status === "passed");
    if (verdicts.length) drawTicks(this.about.exercises);
    const texts = verdicts.map(({ exercise, status }) => `${exercise}: ${status === "failed" ? "not yet" : status}.`);
    this.bar.say(texts.join(" "));
  }

  /** After an error, run nothing that stands below. */
  giveUp(cell) {
    const left = [...this.asked].sort((a, b) => a.number - b.number);
    this.asked.clear();
    this.served.clear();
    const link = make("a", { href: `#${cell.element.id}` }, `Cell ${cell.number}`);
    if (!left.length) {
      this.bar.say(link, " stopped with an error.");
      return;
    }
    const target = left.at(-1);
    const rest = left.length > 1 ? `${left.length} cells below were not run. ` : `cell ${target.number} was not run. `;
    const anyway = makeButton(`Run cell ${target.number} anyway`, "Run it without what stands above", () => this.runAnyway(target));
    this.bar.say(link, ` stopped with an error, so ${rest}`, anyway);
    cell.element.scrollIntoView({ block: "center" });
  }

  runAnyway(cell) {
    for (const above of this.cells.slice(0, cell.number - 1)) this.served.add(above);
    this.askFor(cell);
  }

  crashed({ text }) {
    this.asked.clear();
    this.restart();
    this.bar.complain(`Python ended by itself (${text}) and starts anew.`);
  }

  // buttons

  goTo(number) {
    this.cells[number - 1]?.editor.area.focus();
  }

  resetAll() {
    const changed = this.cells.filter((cell) => cell.isChanged);
    if (!changed.length) this.bar.say("No cell of this page is changed.");
    else if (confirm(`Bring back the page's text of ${counted(changed.length, "changed cell")}?`)) {
      for (const cell of changed) cell.editor.replaceAll(cell.original);
      this.saveNow();
    }
  }

  async exportNotebook() {
    try {
      download(this.about.notebook, await exported(this.about.notebook, this.cells));
      this.bar.say(`${this.about.notebook} has your code, and no outputs. Jupyter opens it, and minddpg grade takes it.`);
    } catch (error) {
      this.bar.complain(`The notebook could not be exported: ${error.message}`);
    }
  }

  async importNotebook(file) {
    try {
      const { texts, added } = imported(await file.text(), this.about.chapter, this.cells);
      const changed = this.cells.filter((cell) => texts.has(cell.id) && texts.get(cell.id) !== cell.text);
      for (const cell of changed) cell.editor.replaceAll(texts.get(cell.id));
      this.saveNow();
      const joined = added ? ` ${counted(added, "cell")} that you had added went to the cell above.` : "";
      this.bar.say(`${file.name} has changed ${counted(changed.length, "cell")} of this page.${joined}`);
    } catch (error) {
      this.bar.complain(error.message);
    }
  }

  forget() {
    const question = "Forget all that this browser keeps of the course: your code, the answers that passed and the ticks, of all chapters?";
    if (!confirm(question)) return;
    for (const cell of this.cells) cell.editor.replaceAll(cell.original);
    this.saveNow();
    forgetEverything();
    drawTicks(this.about.exercises);
    this.asked.clear();
    this.restart();
  }
}
