/* The playground's state in the address, such as #seed=3&bug=actor-sign&tau=1&open=code.
 *
 * #experiment=flip-the-sign opens an experiment; &go also presses its button. Without an
 * experiment, #go starts training. */

import { MOST_SEED, SETTINGS, SPEED, startsOf } from "./settings.js";

export const FOLDED = ["map", "promise", "code"]; // what `open` may name

/** Return the state that a hash describes; unknown names and values out of range give the default. */
export function readAddress(hash, { bugs, experiments }) {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const bug = bugs.find(({ name }) => name === said.get("bug"));
  const settings = startsOf(bug);
  for (const { name, key, low, high } of SETTINGS) {
    settings[name] = numberIn(said.get(key), low, high) ?? settings[name];
  }
  const seed = numberIn(said.get("seed"), 0, MOST_SEED) ?? 0;
  const open = (said.get("open") ?? "").split(",");
  return {
    seed: Math.floor(seed),
    settings,
    bug: bug?.name ?? "",
    speed: numberIn(said.get(SPEED.key), SPEED.low, SPEED.high) ?? SPEED.start,
    experiment: oneOf(experiments, said.get("experiment")),
    open: FOLDED.filter((name) => open.includes(name)),
    go: said.has("go") && said.get("go") !== "0",
  };
}

/** Return the hash of a state, without the defaults; `bug` is the chosen one, or null. */
export function writeAddress(state, bug) {
  const starts = startsOf(bug);
  const parts = [];
  if (state.experiment) parts.push(`experiment=${state.experiment}`);
  if (state.seed !== 0) parts.push(`seed=${state.seed}`);
  if (state.bug) parts.push(`bug=${state.bug}`);
  for (const { name, key } of SETTINGS) {
    if (state.settings[name] !== starts[name]) parts.push(`${key}=${state.settings[name]}`);
  }
  if (state.speed !== SPEED.start) parts.push(`${SPEED.key}=${state.speed}`);
  if (state.open.length > 0) parts.push(`open=${state.open.join(",")}`);
  return parts.length > 0 ? `#${parts.join("&")}` : "";
}

function numberIn(text, low, high) {
  if (text === null || text.trim() === "") return null;
  const value = Number(text);
  return value >= low && value <= high ? value : null; // null for NaN too
}

function oneOf(names, name) {
  return names.includes(name) ? name : "";
}
