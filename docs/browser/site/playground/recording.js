/* The recorded run, which the page plays while Python loads. */

import { fetchWhole } from "../python/start.js";

const STEPS_PER_SECOND = 300; // the speed at which it is played
const LONGEST = 800; // ms between two frames at most

/** Fetch a recording and return it with its arrays unpacked. */
export async function fetchRecording(url) {
  const recording = await (await fetchWhole(url)).json();
  for (const frame of recording.frames) {
    unpackIn(frame.view);
    unpackIn(frame.exam);
  }
  return recording;
}

/** Passes the frames of a recording to `take`, each at its time, until `stop()`; `end()` passes all at once. */
export class Player {
  constructor(recording, take) {
    this.frames = recording.frames;
    this.take = take;
    this.next = 0;
    this.timer = null;
  }

  /** Play from the next frame on. */
  start() {
    if (this.timer !== null || this.next >= this.frames.length) return;
    const frame = this.frames[this.next];
    const before = this.frames[this.next - 1]?.step ?? frame.step;
    const wait = Math.min(LONGEST, (1000 * (frame.step - before)) / STEPS_PER_SECOND);
    this.timer = setTimeout(() => this.#show(), wait);
  }

  #show() {
    this.timer = null;
    this.take(this.frames[this.next]);
    this.next += 1;
    this.start();
  }

  /** Pause. */
  stop() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  /** Show all remaining frames at once. */
  end() {
    this.stop();
    for (; this.next < this.frames.length; this.next += 1) this.take(this.frames[this.next]);
  }
}

function unpackIn(part) {
  if (!part) return;
  for (const [name, value] of Object.entries(part)) part[name] = unpacked(value);
}

function unpacked(value) {
  if (Array.isArray(value)) return Float32Array.from(value);
  if (value === null || typeof value !== "object") return value;
  const packed = value.bytes ?? value.words;
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const items = value.words ? new Uint16Array(bytes.buffer) : bytes;
  const most = value.words ? 65_535 : 255;
  return Float32Array.from(items, (item) => value.low + (item / most) * (value.high - value.low));
}
