/* A live page: connects the cells, the schedule, the learner's files and Python. */

import { fileOf, keptAnswers } from "./answers.js";
import { Cell } from "./cell.js";
import { Files } from "./files.js";
import { make, makeButton } from "./page.js";
import { Runner } from "./runner.js";
import { Schedule } from "./schedule.js";
import { onTrouble } from "./storage.js";
import { drawTicks, notePassed } from "./ticks.js";
import { addTools } from "./tools.js";

const READY =
  "Live. Shift+Enter runs a cell, after the cells above that it needs. Your changes stay in this browser.";
const READY_AGAIN = "Python has restarted, and no cell has run yet.";
const VERDICTS = { failed: "not yet.", error: "your code stopped with an error." };

/** Make the page's cells live. */
export function goLive(about, bar) {
  return new Chapter(about, bar);
}

class Chapter {
  constructor(about, bar) {
    this.about = about;
    this.bar = bar;
    this.welcome = READY;
    this.asking = null; // the texts whose names Python is to tell
    onTrouble((text) => bar.complainPermanently(text));
    const elements = [...document.querySelectorAll("div.cell[id^='cell-']")];
    const withCode = elements.filter((each) => each.querySelector(".cell_input pre"));
    this.cells = withCode.map((element, i) => new Cell(element, i + 1, this));
    this.schedule = new Schedule(this.cells);
    this.files = new Files(about, bar, this.cells);
    addTools(this);
    this.files.restore();
    addEventListener("storage", (event) => this.files.takeFromOtherTab(event));
    this.runner = new Runner(this);
  }

  // actions of the learner

  /** Note that the text of a cell has changed. */
  changed(cell) {
    cell.isEdited = true;
    cell.resetButton.hidden = !cell.isChanged;
    this.files.note(cell);
    this.schedule.showStale();
  }

  ask(cell) {
    this.schedule.ask(cell);
    this.next();
  }

  runAnyway(cell) {
    this.schedule.askAlone(cell);
    this.next();
  }

  runAll() {
    this.isRunningAll = true;
    this.schedule.askAll();
    this.next();
  }

  stop() {
    this.isRunningAll = false;
    this.schedule.cancel();
    if (this.schedule.running) this.restart();
    this.next();
  }

  restartPython() {
    this.schedule.cancel();
    this.restart();
    this.next();
  }

  /** Move to a cell; `staysInPlace` if the page must not scroll there. */
  goTo(number, staysInPlace) {
    this.cells[number - 1]?.editor.area.focus({ preventScroll: staysInPlace });
  }

  forget() {
    const answers = Object.keys(keptAnswers());
    if (!this.files.forget()) return;
    drawTicks(this.about.exercises);
    this.schedule.spoil(0, answers);
    this.schedule.showStale();
    this.bar.say("This browser no longer stores anything of the course.");
  }

  // runs

  /** Begin with the next waiting cell, if Python is idle. */
  next() {
    const { schedule, runner } = this;
    const waiting = schedule.waiting();
    for (const cell of this.cells) {
      if (waiting.includes(cell)) cell.wait(this.isRunningAll ? "" : schedule.textBefore(cell, waiting));
      else if (cell.state === "waiting") cell.setState("");
    }
    this.stopButton.disabled = !schedule.running && !waiting.length;
    if (!waiting.length || schedule.running) return;
    if (runner.hasFailed) runner.restart();
    if (!runner.isReady || this.asksNames()) return;
    const [cell] = waiting;
    const target = waiting.findLast((each) => schedule.asked.has(each));
    const first = schedule.asked.has(cell) ? "" : `Cell ${target.number} runs ${schedule.textBefore(target, waiting)}. `;
    schedule.begin(cell);
    cell.begin();
    this.bar.say(`${first}Running cell ${cell.number} …`);
    runner.run(cell.text, cell.number);
  }

  /** Ask for the names in texts that are new; return whether an answer is still to come. */
  asksNames() {
    if (!this.asking) {
      const cells = this.cells.filter((cell) => cell.names?.text !== cell.text);
      if (!cells.length) return false;
      this.asking = cells.map((cell) => ({ cell, text: cell.text }));
      this.runner.askNames(cells.map((cell) => cell.text));
    }
    return true;
  }

  named({ names }) {
    this.asking.forEach(({ cell, text }, i) => (cell.names = { text, ...names[i] }));
    this.asking = null;
    this.next();
  }

  /** Start another Python, in which no cell has run. */
  restart() {
    const stopped = this.schedule.running;
    this.isRunningAll = false;
    this.asking = null;
    this.schedule.forget();
    for (const cell of this.cells) cell.forgetRun();
    stopped?.stop();
    this.welcome = READY_AGAIN;
    this.runner.restart();
    this.schedule.showStale();
  }

  // messages of Python

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
    this.schedule.cancel();
    this.next();
    const again = makeButton("Try again", "Start Python again", () => this.runner.restart());
    this.bar.say(`Python did not start: ${text} `, again);
  }

  crashed({ text }) {
    this.schedule.cancel();
    this.restart();
    this.next();
    this.bar.complain(`Python has crashed (${text}) and restarts.`);
  }

  shown({ what, content }) {
    const { outputs } = this.schedule.running;
    if (what === "stream") outputs.addText(content);
    else if (what === "display") outputs.addValue(content);
    else this.showError(content);
  }

  showError(error) {
    const { running } = this.schedule;
    running.outputs.addError(error, (number) => `#${this.cells[number - 1].element.id}`);
    const { cell: number, line } = error.places.at(-1) ?? {};
    const cell = this.cells[number - 1];
    const ran = cell === running ? cell.running : cell?.ran;
    if (cell && ran === cell.text) cell.editor.markLine(line);
  }

  over(report) {
    const cell = this.schedule.running;
    const names = [...cell.binds, ...report.binds];
    const isAsked = this.schedule.asked.has(cell) && !this.isRunningAll;
    cell.end(report);
    this.schedule.end(names);
    const verdicts = this.verdictText(report.verdicts);
    this.bar.say(verdicts || `Cell ${cell.number} has run.`);
    if (report.failed) this.giveUp(cell);
    else this.bar.settle();
    if (verdicts && isAsked) cell.showOutputs();
    this.next();
    if (this.schedule.isIdle) this.beIdle(verdicts, report.failed);
    this.schedule.showStale();
  }

  /** Report the end of all runs. */
  beIdle(verdicts, hasFailed) {
    if (this.isRunningAll && !verdicts && !hasFailed) this.bar.say("All cells have run.");
    this.isRunningAll = false;
  }

  /** Draw the ticks of new verdicts; return a summary of the verdicts. */
  verdictText(verdicts) {
    const { chapter, exercises } = this.about;
    // a chapter also runs other chapters' checks, on code that is not the learner's
    const own = verdicts.filter(({ exercise }) => exercises[chapter].includes(exercise));
    const passed = own.filter(({ status }) => status === "passed");
    for (const { exercise } of passed) notePassed(exercise);
    if (own.length) drawTicks(exercises);
    const kept = keptAnswers();
    const text = ({ exercise, status }) => {
      const isKept = status !== "passed" && fileOf(exercise) in kept;
      const tick = isKept ? " Your answer that passed before is still kept." : "";
      return `${exercise}: ${VERDICTS[status] ?? `${status}.`}${tick}`;
    };
    return own.map(text).join(" ");
  }

  /** After an error, cancel the cells below. */
  giveUp(cell) {
    const left = this.schedule.cancel().filter((each) => each !== cell);
    const link = make("a", { href: `#${cell.element.id}` }, `Cell ${cell.number}`);
    if (!left.length) {
      this.bar.say(link, " stopped with an error.");
      return;
    }
    const target = left.at(-1);
    const rest = left.length > 1 ? `${left.length} cells below were not run. ` : `cell ${target.number} was not run. `;
    const title = "Run it without the cells above";
    const anyway = makeButton(`Run cell ${target.number} anyway`, title, () => this.runAnyway(target));
    this.bar.say(link, ` stopped with an error, so ${rest}`, anyway);
    cell.element.scrollIntoView({ block: "center" });
  }
}
