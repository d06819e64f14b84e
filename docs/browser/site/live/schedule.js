/* The schedule: which cells must run, in which order, and which outputs are out of date. */

import { counted, spoken } from "./page.js";
import { expectedSeconds, WORTH_A_WARNING } from "./timing.js";

const UNLISTED = 1; // s: assumed for a cell of which no time is known

export class Schedule {
  constructor(cells) {
    this.cells = cells;
    this.asked = new Set(); // cells that the learner wants to run, and that have not finished
    this.served = new Set(); // cells that have run since Python was last idle
    this.boundBy = new Map(); // by name, the cell that bound it last
    this.running = null;
    this.runsAgain = false; // whether the running cell was changed, and must run again
  }

  /** Run a cell, after those cells above it that must run. */
  ask(cell) {
    for (const above of this.cells.slice(0, cell.number)) this.served.delete(above);
    if (cell !== this.running) this.asked.add(cell);
    else if (cell.text !== cell.running) this.runsAgain = true;
  }

  /** Run a cell without those above it. */
  askAlone(cell) {
    for (const above of this.cells.slice(0, cell.number - 1)) this.served.add(above);
    this.asked.add(cell);
  }

  askAll() {
    this.served.clear();
    for (const cell of this.cells) this.asked.add(cell);
  }

  /** Cancel all waiting runs; return the cells that the learner wanted to run, in the order of the page. */
  cancel() {
    const left = this.cells.filter((cell) => this.asked.has(cell));
    this.asked.clear();
    this.served.clear();
    return left;
  }

  get isIdle() {
    return !this.running && !this.asked.size;
  }

  begin(cell) {
    this.running = cell;
    this.runsAgain = false;
  }

  /** The running cell has ended; `names` are those that it binds now, or did before. */
  end(names) {
    const cell = this.running;
    this.running = null;
    if (!this.runsAgain) {
      this.asked.delete(cell);
      this.served.add(cell);
    }
    for (const name of cell.binds) this.boundBy.set(name, cell);
    this.spoil(cell.number, names);
  }

  /** Forget which names are bound, because Python has restarted. */
  forget() {
    this.running = null;
    this.boundBy.clear();
  }

  /** Return the cells that wait to run, in the order of the page. */
  waiting() {
    if (!this.asked.size) this.served.clear();
    const dirty = this.dirty();
    const needed = new Set([...this.asked].flatMap((cell) => this.above(cell)));
    const isWanted = (cell) => this.asked.has(cell) || (needed.has(cell) && dirty.has(cell) && !this.served.has(cell));
    const wanted = new Set(this.cells.filter(isWanted));
    for (const cell of [...this.cells].reverse()) {
      if (wanted.has(cell)) for (const source of this.replaced(cell)) wanted.add(source);
    }
    return this.cells.filter((cell) => cell !== this.running && wanted.has(cell));
  }

  /** Describe what runs before a cell that the learner wants to run; "" if nothing. */
  textBefore(cell, waiting) {
    const isBefore = (each) => each.number < cell.number && (each === this.running || waiting.includes(each));
    const before = this.cells.filter(isBefore);
    if (!this.asked.has(cell) || !before.length) return "";
    const seconds = before.reduce((sum, each) => sum + (expectedSeconds(each.original) ?? UNLISTED), 0);
    const about = seconds >= WORTH_A_WARNING ? ` (about ${spoken(seconds)})` : "";
    return `after ${counted(before.length, "cell")} above${about}`;
  }

  /**
   * Return the cells above that a cell may need.
   *
   * An exercise often uses only imports, functions and classes. Then it needs only their cells; other
   * values may also depend on cells that change them without naming them.
   */
  above(cell) {
    const all = this.cells.slice(0, cell.number - 1);
    const isUnknown = ({ names, text }) => names?.text !== text || names.binds.includes("*");
    if (!cell.isOfExercise || [...all, cell].some(isUnknown)) return all;
    const broken = all.filter(({ names }) => !names.defines);
    if (broken.length) return broken; // a syntax error stops the run, so it comes first
    const found = new Set([cell]);
    for (const reader of found) {
      for (const name of reader.names.reads) {
        if (name.endsWith(".py")) return all; // a stored answer
        for (const cells of [all.slice(0, reader.number - 1), all]) {
          const source = cells.findLast((each) => each.names.binds.includes(name));
          const isSafe = source?.section === cell.section || source?.names.defines.includes(name);
          if (source && !isSafe) return all;
          if (source) found.add(source);
        }
      }
    }
    found.delete(cell);
    return [...found];
  }

  /** Return the cells above whose names a cell reads, but which other cells have bound again since. */
  replaced(cell) {
    const above = this.cells.slice(0, cell.number - 1);
    const sources = cell.mayRead.map((name) => {
      const source = above.findLast((each) => each.binds.includes(name));
      return this.boundBy.get(name) === source ? undefined : source;
    });
    return sources.filter((source) => source && !this.served.has(source));
  }

  /** Return the cells that must run: changed or stale ones, and those that read their names. */
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

  /** Mark as stale the cells from the place `start` on that depend on changed names. */
  spoil(start, names) {
    const changed = new Set(names);
    for (const cell of this.cells.slice(start)) {
      if (cell.ran !== null && cell.reads.some((name) => changed.has(name))) {
        cell.isStale = true;
        for (const name of cell.binds) changed.add(name);
      }
    }
  }

  /** Grey the outputs of code that has changed since. */
  showStale() {
    const dirty = this.dirty();
    let isChangedAbove = false;
    for (const cell of this.cells) {
      const isBelowChange = cell.hasBegun ? dirty.has(cell) && cell.ran !== null : isChangedAbove;
      isChangedAbove ||= cell.isChanged;
      const isStale = !cell.isUnchangedSinceShown || cell.wasForgotten || isBelowChange;
      if (cell !== this.running) cell.outputs.setStale(isStale);
    }
  }
}
