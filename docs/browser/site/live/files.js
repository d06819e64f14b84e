/* The learner's code of one chapter: stored in this browser, reset, exported and imported. */

import { forgetEverything } from "./answers.js";
import { forgetEdit, keyOf, place, savedEdits, saveEdit, textOf } from "./edits.js";
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

  /** Restore the edits of earlier visits. */
  restore() {
    const { placed, outdated, lost } = place(savedEdits(this.about.chapter), this.cells);
    const found = [...placed, ...outdated];
    for (const { edit, cell } of found) {
      if (edit.id !== cell.id) forgetEdit(edit.id);
    }
    for (const { edit, cell } of found) {
      this.show(cell, edit.text);
      this.unsaved.add(cell);
    }
    for (const { cell } of outdated) {
      cell.warn("The page's text of this cell has changed since you wrote this. Reset shows the new text.");
    }
    if (lost.length) this.bar.element.append(this.lostTexts(lost));
    this.save();
  }

  /** Show a text that was written elsewhere. */
  show(cell, text) {
    cell.editor.restore(text);
    cell.isEdited = false;
    this.unsaved.delete(cell);
  }

  /** Show an edit of another tab, unless the cell was edited in this tab. */
  takeFromOtherTab({ key, newValue }) {
    const cell = this.cells.find(({ id }) => key === keyOf(id));
    if (!cell) return;
    const text = textOf(newValue) ?? cell.original;
    if (text === cell.text) cell.warn();
    else if (!cell.isEdited || !cell.isChanged) this.show(cell, text);
    else cell.warn(`Another tab has changed cell ${cell.number} too. This tab keeps its own text; the last change is stored.`);
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

  /** Save a changed cell, once no key has been pressed for a moment. */
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
    else if (confirm(`Restore the page's text of ${counted(changed.length, "changed cell")}?`)) this.resetAll();
  }

  resetAll() {
    this.fill(new Map(this.cells.map((cell) => [cell, cell.original])));
  }

  /** Replace the texts of cells, without scrolling the page. */
  fill(texts) {
    const top = scrollY;
    for (const [cell, text] of texts) cell.editor.replaceAll(text);
    document.activeElement?.blur();
    scrollTo({ top, behavior: "instant" });
    this.save();
  }

  /** Delete everything that this browser stores of the course; return whether the learner agreed. */
  forget() {
    const question =
      "Delete everything that this browser stores of the course:" +
      " your code, the answers that passed, and the ticks of all chapters?";
    if (!confirm(question)) return false;
    this.resetAll();
    forgetEverything();
    return true;
  }

  async exportNotebook() {
    const { notebook } = this.about;
    try {
      download(notebook, await exported(notebook, this.cells));
      this.bar.say(`${notebook} has your code without outputs. You can open it in Jupyter and hand it in.`);
      this.bar.settle();
    } catch (error) {
      this.bar.complain(`The notebook could not be exported: ${error.message}`);
    }
  }

  async importNotebook(file) {
    try {
      const { texts, added } = imported(await file.text(), this.about.chapter, this.cells);
      const changed = this.cells.filter((cell) => texts.has(cell.id) && texts.get(cell.id) !== cell.text);
      this.fill(new Map(changed.map((cell) => [cell, texts.get(cell.id)])));
      const joined = added ? ` The code of ${counted(added, "added cell")} is at the end of the cell above.` : "";
      this.bar.say(`${file.name} has changed ${counted(changed.length, "cell")} of this page.${joined} Run all to check what you have imported.`);
      this.bar.settle();
    } catch (error) {
      this.bar.complain(error.message);
    }
  }
}
