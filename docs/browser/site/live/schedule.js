/* The schedule: which cells must run, in which order, and which outputs are out of date. */

export class Schedule {
  constructor(cells) {
    this.cells = cells;
    this.asked = new Set(); // cells that the learner wants to run, and that have not finished
    this.served = new Set(); // cells that have run since Python was last idle
    this.boundBy = new Map(); // by name, the cell that bound it last
    this.running = null;
    this.runsAgain = false; // whether the running cell was changed, and must run again
  }

  /** Run a cell, after all cells above it that must run. */
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
    const last = this.cells.findLastIndex((cell) => this.asked.has(cell));
    if (last === -1) this.served.clear();
    const dirty = this.dirty();
    const isWanted = (cell, i) => this.asked.has(cell) || (i < last && dirty.has(cell) && !this.served.has(cell));
    const wanted = new Set(this.cells.filter(isWanted));
    for (const cell of [...this.cells].reverse()) {
      if (wanted.has(cell)) for (const source of this.replaced(cell)) wanted.add(source);
    }
    return this.cells.filter((cell) => cell !== this.running && wanted.has(cell));
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
