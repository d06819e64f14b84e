/* The data that the panels show: one run, recorded or live, in arrays of limited length. */

const MOST_POINTS = 600; // of a curve; beyond that, every second point of its older half is removed

/** One run, as the panels show it. */
export class Scene {
  constructor(source, seed) {
    this.source = source; // "recorded" or "live"
    this.seed = seed;
    this.step = 0;
    this.episodes = []; // {step, value} of each training episode, with noise
    this.exams = []; // {step, value, promised, earned} without noise
    this.plants = []; // {step, bug}: a bug was planted, or removed if the name is empty
    this.view = null; // Q and μ over the angles
    this.map = null; // μ over all states
    this.exam = null; // the newest, with its film
    this.obs = null;
    this.torque = 0;
    this.stepsPerSecond = null;
    this.stopped = "";
  }

  /** Take in a message or a recorded frame; return the names of the panels that changed. */
  take(seen) {
    const panels = new Set();
    this.step = seen.step;
    this.obs = seen.obs ?? null;
    this.torque = seen.torque ?? 0;
    this.stepsPerSecond = seen.stepsPerSecond ?? null;
    this.stopped = seen.stopped ?? "";
    if (this.obs) panels.add("map");
    for (const [step, value] of seen.episodes ?? []) {
      append(this.episodes, { step, value });
      panels.add("returns");
    }
    if (seen.view) {
      const trueSlope = seen.view.trueSlope ?? seen.view.slope; // the recorded run has no bug
      this.view = { ...seen.view, trueSlope };
      this.map = seen.view.map ?? this.map;
      panels.add("critic").add("map");
    }
    if (seen.exam) {
      const { score, promised, earned } = seen.exam;
      this.exam = { ...seen.exam, step: seen.step };
      append(this.exams, { step: seen.step, value: score, promised, earned });
      panels.add("returns").add("promise").add("map").add("pendulum");
    }
    return panels;
  }

  /** Remember that a bug was planted now, or removed if the name is empty. */
  mark(bug) {
    this.plants.push({ step: this.step, bug });
    if (this.plants.length > 50) this.plants.shift();
  }

  /** Return the score of the newest exam, or null. */
  get score() {
    return this.exams.at(-1)?.value ?? null;
  }
}

/** Add a point; if there are too many, thin out the older half in place. */
export function append(points, point) {
  points.push(point);
  if (points.length <= MOST_POINTS) return;
  const middle = points.length >> 1;
  const thinned = points.filter((_, index) => index >= middle || index % 2 === 0);
  points.splice(0, points.length, ...thinned);
}
