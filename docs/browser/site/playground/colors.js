/* The colours of the canvases, read from the style sheet, so that light and dark are said once. */

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

/** Read the colours anew: the scheme has changed. */
export function forgetColors() {
  known = new Map();
}

/** Return red, green, blue of Q's scale at a part between worst, 0, and best, 1. */
export const fromWorstToBest = gradient(WORST_TO_BEST);

/** Return red, green, blue of a torque from −1 to 1, in the colours of the scheme of now. */
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
