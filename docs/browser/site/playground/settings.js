/* The settings that can be changed during a run: their names, ranges and defaults. */

/** Each setting has its name in the package, its key in the address, a label, a range and a default. */
export const SETTINGS = [
  {
    name: "noise_scale",
    key: "noise",
    label: "Exploration noise σ",
    hint: "standard deviation of the noise on every torque in training, in units of 2 N m",
    low: 0,
    high: 1,
    start: 0.3,
  },
  {
    name: "tau",
    key: "tau",
    label: "τ, the targets’ step",
    hint: "the part of the way to their networks that the targets move at each update",
    low: 0.001,
    high: 1,
    start: 0.02,
    logarithmic: true,
  },
  {
    name: "actor_learning_rate",
    key: "actor",
    label: "Actor’s learning rate",
    hint: "Adam’s step for the weights of μ",
    low: 1e-5,
    high: 0.1,
    start: 1e-3,
    logarithmic: true,
  },
  {
    name: "critic_learning_rate",
    key: "critic",
    label: "Critic’s learning rate",
    hint: "Adam’s step for the weights of Q",
    low: 1e-5,
    high: 0.1,
    start: 2e-3,
    logarithmic: true,
  },
];

export const SPEED = { key: "speed", low: -8, high: 8, start: 0, step: 0.5 }; // rad/s, of the slice
export const MOST_SEED = 999_999;

/** Return the start value of each setting by its name in the package: its default, or a bug's own. */
export function startsOf(bug) {
  return Object.fromEntries(SETTINGS.map(({ name, start }) => [name, bug?.settings[name] ?? start]));
}

/** Return a slider's position, from 0 to 1, for a value. */
export function positionOf({ low, high, logarithmic }, value) {
  if (logarithmic) return Math.log(value / low) / Math.log(high / low);
  return (value - low) / (high - low);
}

/** Return the value at a slider's position, rounded to two significant digits. */
export function valueAt({ low, high, logarithmic }, position) {
  const value = logarithmic ? low * (high / low) ** position : low + position * (high - low);
  const rounded = Number(value.toPrecision(2));
  return Math.min(high, Math.max(low, rounded));
}
