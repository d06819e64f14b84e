/* What this browser keeps between visits, in localStorage. If that is full or forbidden, the page itself keeps it. */

const PREFIX = "minddpg:";

const unstored = new Map(); // values for which localStorage has no place, in JSON

let complain = () => {};
let hasComplained = false;

/** Call `tell(text)` when something cannot be kept. */
export function onTrouble(tell) {
  complain = tell;
}

/** Return the key under which localStorage has a name. */
export function keyInStorage(name) {
  return PREFIX + name;
}

/** Return the value that is kept under a name, or null. */
export function recall(name) {
  try {
    return JSON.parse(unstored.get(name) ?? localStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

/** Keep a value under a name. */
export function keep(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
    unstored.delete(name);
  } catch {
    unstored.set(name, JSON.stringify(value));
    if (!hasComplained) complain("This browser lets the page store nothing: export before you leave.");
    hasComplained = true;
  }
}

/** Keep nothing under a name any more. */
export function forget(name) {
  unstored.delete(name);
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // nothing was kept
  }
}

/** Return the names that begin with `start`, sorted. */
export function namesWith(start) {
  const names = new Set([...storedNames(), ...unstored.keys()]);
  return [...names].filter((name) => name.startsWith(start)).sort();
}

function storedNames() {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}
