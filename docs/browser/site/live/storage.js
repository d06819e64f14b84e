/* What this browser keeps between visits, in localStorage. It may be full, or forbidden. */

const PREFIX = "minddpg:";

let complain = () => {};
let hasComplained = false;

/** Call `tell(text)` when something cannot be kept. */
export function onTrouble(tell) {
  complain = tell;
}

/** Return the value that is kept under a name, or null. */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

/** Keep a value under a name. */
export function keep(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    if (!hasComplained) complain("This browser keeps nothing here: its storage is full or switched off. Export the notebook to keep your code.");
    hasComplained = true;
  }
}

/** Keep nothing under a name any more. */
export function forget(name) {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // nothing was kept
  }
}

/** Return the names that begin with `start`, sorted. */
export function namesWith(start) {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX + start))
      .map((key) => key.slice(PREFIX.length))
      .sort();
  } catch {
    return [];
  }
}
