/* The answers that passed their check, as files: later cells, chapters and pages use them. */

import { forget, keep, namesWith, recall } from "./storage.js";

const START = "answer:";

/** Return the name of the file of an exercise's answer. */
export function fileOf(exercise) {
  return `${exercise.replace(".", "_")}.py`;
}

/** Return all answers of this browser: the source text by the file's name. */
export function keptAnswers() {
  const names = namesWith(START);
  return Object.fromEntries(names.map((name) => [name.slice(START.length), recall(name)]));
}

/** Keep answers that passed. */
export function keepAnswers(files) {
  for (const [name, text] of Object.entries(files)) keep(START + name, text);
}

/** Return what a Python that knows `known` has to be told: null for an answer that is gone. */
export function answersSince(known) {
  const now = keptAnswers();
  const gone = Object.keys(known).filter((name) => !(name in now));
  const changed = Object.entries(now).filter(([name, text]) => known[name] !== text);
  return Object.fromEntries([...changed, ...gone.map((name) => [name, null])]);
}

/** Forget everything of the course: answers, ticks, changes and times, of all chapters. */
export function forgetEverything() {
  for (const start of [START, "passed:", "edit:", "seconds:"]) {
    for (const name of namesWith(start)) forget(name);
  }
}
