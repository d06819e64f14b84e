/* The time that a cell takes: measured earlier in this browser, or when the site was made. */

import { recall, keep } from "./storage.js";
import { SECONDS } from "./seconds.js";

const WORTH_KEEPING = 2; // s
export const WORTH_A_WARNING = 5; // s: what will take longer says so in advance

/** Return the seconds that a cell with this text will probably take, or null. */
export function expectedSeconds(text) {
  return recall(`seconds:${hash(text)}`) ?? SECONDS[hash(text)] ?? null;
}

/** Store the time that a cell took; of several times the longest, because a faster run is no problem. */
export function noteSeconds(text, seconds) {
  if (seconds < WORTH_KEEPING) return;
  const name = `seconds:${hash(text)}`;
  keep(name, Math.max(recall(name) ?? 0, Math.round(seconds)));
}

/** Return eight hexadecimal digits for a text (FNV-1a). */
export function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, "0");
}
