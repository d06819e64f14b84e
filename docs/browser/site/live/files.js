/* The learner's texts of one chapter: kept in this browser, reset, exported and imported. */

import { forgetEverything } from "./answers.js";
import { forgetEdit, place, savedEdits, saveEdit } from "./edits.js";
import { download, exported, imported } from "./notebook.js";
import { counted, make, makeButton } from "./page.js";

const SAVE_AFTER = 300; // ms without a key

export class Files {
  constructor(about, bar, cells) {
    this.about = about;
    this.bar = bar;
    this.cells = cells;
    this.unsaved = new Set();
    addEventListener("pagehide", () => this.save());
  }

  /** Bring back what was changed in earlier visits. */
  restore() {
    const { placed, outdated, lost } = place(savedEdits(this.about.chapter), this.cells);
    const found = [...placed, ...outdated];
    for (const { edit } of found) forgetEdit(edit.id); // its cell may have another id now
    for (const { edit, cell } of found) cell.editor.restore(edit.text);
    for (const { cell } of outdated) {
      cell.warn("The page's text of this cell has changed since you wrote this. Reset shows the new text.");
    }
    if (lost.length) this.bar.element.append(this.lostTexts(lost));
    this.save();
  }

  lostTexts(lost) {
    const details = make("details", { class: "live-lost" });
    const remove = makeButton("Delete them", "Delete these texts", () => {
      for (const { id } of lost) forgetEdit(id);
      details.remove();
    });
    const summary = make("summary", {}, `The chapter no longer has ${counted(lost.length, "cell")} that you changed`);
    details.append(summary, ...lost.map(({ text }) => make("pre", {}, text)), remove);
    return details;
  }

  /** A cell's text has changed: keep it, when the keys have come to rest. */
  note(cell) {
    this.unsaved.add(cell);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  save() {
    for (const cell of this.unsaved) {
      if (cell.isChanged) saveEdit(cell);
      else {
        forgetEdit(cell.id);
        cell.warn();
      }
    }
    this.unsaved.clear();
  }

  reset() {
    const changed = this.cells.filter((cell) => cell.isChanged);
    if (!changed.length) this.bar.say("No cell of this page is changed.");
    else if (confirm(`Bring back the page's text of ${counted(changed.length, "changed cell")}?`)) this.resetAll();
  }

  resetAll() {
    this.fill(new Map(this.cells.map((cell) => [cell, cell.original])));
  }

  /** Give cells other texts, without leaving the place where the learner reads. */
  fill(texts) {
    const top = scrollY;
    for (const [cell, text] of texts) cell.editor.replaceAll(text);
    document.activeElement?.blur();
    scrollTo({ top, behavior: "instant" });
    this.save();
  }

  /** Forget all that this browser keeps of the course; say whether the learner agreed. */
  forget() {
    const question =
      "Forget all that this browser keeps of the course:" +
      " your code, the answers that passed and the ticks, of all chapters?";
    if (!confirm(question)) return false;
    this.resetAll();
    forgetEverything();
    return true;
  }

  async exportNotebook() {
    const { notebook } = this.about;
    try {
      download(notebook, await exported(notebook, this.cells));
      this.bar.say(`${notebook} has your code, and no outputs. Jupyter opens it, and minddpg grade takes it.`);
    } catch (error) {
      this.bar.complain(`The notebook could not be exported: ${error.message}`);
    }
  }

  async importNotebook(file) {
    try {
      const { texts, added } = imported(await file.text(), this.about.chapter, this.cells);
      const changed = this.cells.filter((cell) => texts.has(cell.id) && texts.get(cell.id) !== cell.text);
      this.fill(new Map(changed.map((cell) => [cell, texts.get(cell.id)])));
      const joined = added ? ` ${counted(added, "cell")} that you had added went to the cell above.` : "";
      this.bar.say(`${file.name} has changed ${counted(changed.length, "cell")} of this page.${joined}`);
    } catch (error) {
      this.bar.complain(error.message);
    }
  }
}
