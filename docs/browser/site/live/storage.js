/* Values stored between visits, in localStorage. If it is full or forbidden, the page keeps them while it is open. */

const PREFIX = "minddpg:";

const unstored = new Map(); // values that localStorage has refused, in JSON

let complain = () => {};
let hasComplained = false;

/** Call `tell(text)` when something cannot be kept. */
export function onTrouble(tell) {
  complain = tell;
}

/** Return the key of a name in localStorage. */
export function keyInStorage(name) {
  return PREFIX + name;
}

/** Return the value that is stored under a name, or null. */
export function recall(name) {
  try {
    return JSON.parse(unstored.get(name) ?? localStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

/** Store a value under a name. */
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

/** Delete the value of a name. */
export function forget(name) {
  unstored.delete(name);
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // localStorage is forbidden, so nothing was stored there
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
