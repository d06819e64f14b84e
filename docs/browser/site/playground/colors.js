/* The colours of the canvases, read from the style sheet, where light and dark are defined. */

const WORST_TO_BEST = ["#00224e", "#35456c", "#666970", "#948e77", "#c8b866", "#fee838"]; // cividis
let known = new Map();

/** Return the colour of a custom property without its dashes: color("ink"). */
export function color(name) {
  if (!known.has(name)) {
    const style = getComputedStyle(document.documentElement);
    known.set(name, style.getPropertyValue(`--${name}`).trim());
  }
  return known.get(name);
}

/** Read the colours again, because the scheme has changed. */
export function forgetColors() {
  known = new Map();
}

/** Return the red, green and blue of Q's scale, from 0 (worst) to 1 (best). */
export const fromWorstToBest = gradient(WORST_TO_BEST);

/** Return a function from a torque in [−1, 1] to red, green and blue in the current scheme. */
export function torqueScale() {
  const scale = gradient(["torque-minus", "torque-zero", "torque-plus"].map(color));
  return (torque) => scale((torque + 1) / 2);
}

function gradient(stops) {
  const colors = stops.map(channels);
  return (part) => {
    const place = Math.max(0, Math.min(1, part)) * (colors.length - 1);
    const index = Math.min(colors.length - 2, Math.floor(place));
    const rest = place - index;
    return colors[index].map((from, i) => from + rest * (colors[index + 1][i] - from));
  };
}

function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}
