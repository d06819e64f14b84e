/* Small helpers that build elements of the page. */

/** Return an element with attributes and children; a child may be a text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Return a button that calls `act` when it is pressed. */
export function makeButton(text, title, act) {
  const button = make("button", { type: "button", title }, text);
  button.addEventListener("click", act);
  return button;
}

/** Return a count with its noun: "1 cell", "2 cells". */
export function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Return a time in seconds in readable units. */
export function spoken(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
