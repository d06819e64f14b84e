/* The film of the newest exam: the pendulum without noise, at one and a half times real time. */

const STEP = 0.05; // s between two states of the pendulum
const PACE = 1.5;
const HOLD = 0.7; // s for which the last picture remains
const UPRIGHT = 1.5; // s upright, after which the film ends
const PATIENCE = 3; // s, after which a newer film replaces this one if the policy has changed much
const MUCH = 100; // of return
const DULL = 1; // s of hanging, after which a newer film replaces this one

export class Film {
  constructor() {
    this.exam = null;
    this.waiting = null; // the newest exam, shown when this film is over
    this.time = 0; // s of simulated time
    this.isPlaying = true;
  }

  /** Offer a new exam: it follows a film that plays, and replaces a still picture. */
  offer(exam) {
    this.waiting = exam;
    if (!this.exam) this.#begin(exam);
    else if (!this.isPlaying) this.exam = exam;
  }

  /** Show only the last picture of each film, without motion. */
  stayAtEnd() {
    this.isPlaying = false;
    this.time = Infinity;
  }

  /** Forget everything: another run begins. */
  clear() {
    this.exam = null;
    this.waiting = null;
    if (this.isPlaying) this.time = 0;
  }

  /** Advance by this many seconds; return whether the picture has changed. */
  advance(seconds) {
    if (!this.exam || !this.isPlaying) return false;
    this.time += Math.min(seconds, 0.1) * PACE;
    if (this.#isOver()) this.#begin(this.waiting ?? this.exam);
    return true;
  }

  /** Return the state that is shown: angle, speed, torque, and time in seconds; null without a film. */
  now() {
    if (!this.exam) return null;
    const { angle, speed, torque } = this.exam;
    const last = angle.length - 1;
    const place = Math.min(last, this.time / STEP);
    const index = Math.min(last - 1, Math.floor(place));
    const part = place - index;
    const turn = wrapped(angle[index + 1] - angle[index]);
    return {
      angle: wrapped(angle[index] + part * turn),
      speed: speed[index] + part * (speed[index + 1] - speed[index]),
      torque: torque[Math.round(place)],
      time: place * STEP,
      index: Math.round(place),
      step: this.exam.step,
    };
  }

  #begin(exam) {
    this.exam = exam;
    this.waiting = null;
    if (this.isPlaying) this.time = 0;
  }

  #isOver() {
    if (this.time > this.exam.angle.length * STEP + HOLD * PACE) return true;
    if (this.#stays((angle) => Math.abs(angle) < 0.15, UPRIGHT)) return true;
    if (!this.waiting) return false;
    const hangs = (angle) => Math.abs(angle) > Math.PI - 0.35;
    if (this.time < 2 * DULL * PACE && this.#stays(hangs, DULL)) return true;
    const change = Math.abs(this.waiting.score - this.exam.score);
    return change > MUCH && this.time > PATIENCE * PACE;
  }

  /** Return whether `isThere` has held for the angle during the last `seconds` of watching. */
  #stays(isThere, seconds) {
    const end = Math.min(this.exam.angle.length, Math.floor(this.time / STEP));
    const begin = end - Math.ceil((seconds * PACE) / STEP);
    return begin >= 0 && this.exam.angle.slice(begin, end).every(isThere);
  }
}

/** Return the angle in [−π, π). */
export function wrapped(angle) {
  const turn = 2 * Math.PI;
  return ((((angle + Math.PI) % turn) + turn) % turn) - Math.PI;
}
