/* The learner's changes to a chapter's cells, stored in this browser. */
import { forget, keep, keyInStorage, namesWith, recall } from "./storage.js";

/** Store a changed cell; `original` is the page's text, `section` the cell's section of the page. */
export function saveEdit(cell) {
  const { id, text, original, section } = cell;
  keep(`edit:${id}`, { text, original, section });
}

/** Return the key of a cell's change in the browser's storage. */
export function keyOf(id) {
  return keyInStorage(`edit:${id}`);
}

/** Return the text of a change as the storage has it, or null if there is none. */
export function textOf(value) {
  const text = value === null ? null : JSON.parse(value)?.text;
  return typeof text === "string" ? text : null;
}

/** Delete the stored change of a cell. */
export function forgetEdit(id) {
  forget(`edit:${id}`);
}

/** Return the changes of a chapter ("04"), each with the id of its cell. */
export function savedEdits(chapter) {
  return namesWith(`edit:${chapter}-`)
    .map((name) => ({ id: name.slice("edit:".length), ...recall(name) }))
    .filter((edit) => typeof edit.text === "string");
}

/**
 * Find the cell of each saved change, even if the chapter has changed since.
 *
 * Returns pairs of edit and cell in `placed`, those whose cell now has another text in `outdated`,
 * and changes whose cell is gone in `lost`.
 */
export function place(edits, cells) {
  const placed = [];
  const outdated = [];
  const lost = [];
  const free = new Set(cells);
  const take = (list, edit, cell) => {
    free.delete(cell);
    list.push({ edit, cell });
  };
  const rest = edits.filter((edit) => {
    const cell = cells.find((each) => each.id === edit.id && each.original === edit.original);
    if (cell) take(placed, edit, cell);
    return !cell;
  });
  for (const edit of rest) {
    const moved = [...free].find((cell) => cell.original === edit.original);
    const same = [...free].find((cell) => cell.id === edit.id && cell.section === edit.section);
    if (moved) take(placed, edit, moved);
    else if (same) take(outdated, edit, same);
    else lost.push(edit);
  }
  return { placed, outdated, lost };
}
