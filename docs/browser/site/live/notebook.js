/* Export the page as the chapter's notebook, and fill the page from a notebook. */

const FOLDER = new URL("notebooks/", import.meta.url);

/** Return the text of the chapter's notebook, with the code of these cells. */
export async function exported(file, cells) {
  const answer = await fetch(FOLDER + file);
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  const notebook = await answer.json();
  const texts = new Map(cells.map((cell) => [cell.id, cell.text]));
  for (const cell of notebook.cells) {
    if (texts.has(cell.id)) cell.source = lines(texts.get(cell.id));
  }
  return JSON.stringify(notebook, null, 1) + "\n";
}

/** Let the browser save a text as a file. */
export function download(file, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * Return the code of a notebook by the id of the page's cell, and how many cells the learner has `added`.
 *
 * The code of an added cell goes to the end of the cell above it, so it is not lost.
 * Throws an Error with a message of one line if the notebook is not one of this chapter.
 */
export function imported(text, chapter, cells) {
  const notebook = parsed(text);
  const its = notebook.metadata?.minddpg?.chapter;
  if (its === undefined) throw new Error("This notebook is not one of the course's chapters.");
  if (its !== chapter) throw new Error(`This is the notebook of chapter ${its}, and this page is chapter ${chapter}.`);
  const code = notebook.cells.filter((cell) => cell.cell_type === "code");
  const known = new Set(cells.map((cell) => cell.id));
  if (!code.some((cell) => known.has(cell.id))) {
    if (code.length !== cells.length) throw new Error("This notebook's cells have no ids, so they cannot be matched with the page's cells.");
    code.forEach((cell, i) => {
      cell.id = cells[i].id;
    });
  }
  const texts = new Map();
  let above = null;
  let before = "";
  let added = 0;
  for (const cell of code) {
    const source = [cell.source].flat().join("");
    if (known.has(cell.id) && !texts.has(cell.id)) {
      texts.set(cell.id, before + source);
      above = cell.id;
      before = "";
    } else if (source.trim() && !/^\s*[%!]/.test(source)) {
      added += 1;
      if (above) texts.set(above, `${texts.get(above)}\n\n${source}`);
      else before += `${source}\n\n`;
    }
  }
  return { texts, added };
}

function parsed(text) {
  const notebook = readJson(text);
  if (!Array.isArray(notebook?.cells)) throw new Error("This file is not a notebook.");
  const damaged = notebook.cells.findIndex((cell) => !isCell(cell));
  if (damaged !== -1) throw new Error(`This notebook is damaged: its cell ${damaged + 1} has no text. Nothing was changed.`);
  return notebook;
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Return whether a cell has a kind and a text: a string, or a list of strings. */
function isCell(cell) {
  if (typeof cell?.cell_type !== "string") return false;
  return [cell.source].flat().every((line) => typeof line === "string");
}

/** Split a text as notebook files do: each line keeps its line break. */
function lines(text) {
  return text === "" ? [] : text.match(/[^\n]*\n|[^\n]+$/g);
}
